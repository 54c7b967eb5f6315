package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestTickTable_SpaceAndTheBoxTickEnterOpens(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	ticked, opened := map[int]bool{}, -1
	table := NewTickTable(TableColumn{Title: "Cột", Min: 100, Weight: 1})
	table.Row = func(i int) ([]TableCell, bool) { return []TableCell{{}, {Text: fmt.Sprint(i)}}, true }
	table.Ticked = func(i int) bool { return ticked[i] }
	table.OnTick = func(i int) { ticked[i] = !ticked[i]; table.Refresh() }
	table.OnOpen = func(i int) { opened = i }
	w := test.NewTempWindow(t, table)
	w.Resize(fyne.NewSize(300, 300))
	w.Canvas().Focus(table)
	table.Tick()
	if len(ticked) != 0 {
		t.Error("a table without rows is ticked")
	}
	table.SetRows(100)
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeySpace, fyne.KeyEnd, fyne.KeySpace, fyne.KeyReturn} {
		table.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if !ticked[1] || !ticked[99] || len(ticked) != 2 || opened != 99 {
		t.Errorf("%v, opened %d", ticked, opened)
	}
	table.Select(0)
	w.Canvas().Unfocus()
	at := func(x float32, row int) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos(x, table.headHeight()+(float32(row)+0.5)*table.rowHeight())}
	}
	table.MouseDown(&mouse.MouseEvent{PointEvent: at(18, 2)})
	if !ticked[2] || table.Selected() != 2 || w.Canvas().Focused() != fyne.Focusable(table) {
		t.Errorf("%v, %d, focus %T", ticked, table.Selected(), w.Canvas().Focused())
	}
	table.MouseDown(&mouse.MouseEvent{PointEvent: at(120, 3)})
	box, beside := at(18, 3), at(120, 3)
	if table.DoubleTapped(&box); opened != 99 {
		t.Error("two clicks on a box open the row")
	}
	if table.DoubleTapped(&beside); ticked[3] || opened != 3 {
		t.Errorf("%v, opened %d", ticked, opened)
	}
}

func TestWrapEntry_EnterGoesOnAndNoLineIsBroken(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(1))
	told, on := "", 0
	e := NewWrapEntry(2, func(text string) { told = text })
	e.OnEnter = func() { on++ }
	w := test.NewTempWindow(t, e)
	w.Canvas().Focus(e)
	e.Fill("Kính gửi: ", false)
	if told != "" {
		t.Error("what the program shows is told as typed")
	}
	test.Type(e, "A")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if told != "AKính gửi: " || on != 1 {
		t.Errorf("%q, %d", told, on)
	}
	app.Clipboard().SetContent("một\r\nhai\nba ")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
	if told != "Amột hai ba Kính gửi: " {
		t.Errorf("%q", told)
	}
	e.Breaks = true
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if on != 1 || e.Text == told && len(told) == 0 {
		t.Errorf("%q, %d", e.Text, on)
	}
	if e.Text == "Amột hai ba Kính gửi: " {
		t.Error("a line that may be broken is not")
	}
}
