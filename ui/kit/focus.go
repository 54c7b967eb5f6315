package kit

import "fyne.io/fyne/v2"

// CanvasOf is the canvas an object is on. A real window knows that only of what it has painted once, and a screen is given its focus
// before; the program has one window, so it is that one's. Nil while there is none.
func CanvasOf(o fyne.CanvasObject) fyne.Canvas {
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(o); c != nil {
		return c
	}
	if all := driver.AllWindows(); len(all) > 0 {
		return all[0].Canvas()
	}
	return nil
}
