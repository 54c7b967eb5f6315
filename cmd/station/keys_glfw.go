//go:build !ci

package main

import (
	"reflect"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"tiepnhan/ui/kit"
)

// listen lets the router that is in charge at the moment see every key of the window before Fyne does: Fyne gives function keys and Esc to nobody while a widget has the
// focus. It chains GLFW's own callbacks, which it reaches through a private field of the pinned Fyne; the window tests fail if that
// field is gone. touched is told whenever somebody uses the window. False leaves the program with Fyne's own keys.
func listen(w fyne.Window, now func() *kit.Router, touched func()) bool {
	v := reflect.ValueOf(w)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return false
	}
	f := v.Elem().FieldByName("viewport")
	if !f.IsValid() || f.Type() != reflect.TypeFor[*glfw.Window]() || f.IsNil() {
		return false
	}
	g := (*glfw.Window)(f.UnsafePointer())
	var nextKey glfw.KeyCallback
	nextKey = g.SetKeyCallback(func(g *glfw.Window, k glfw.Key, scancode int, a glfw.Action, m glfw.ModifierKey) {
		touched()
		e := kit.Event{Key: keyName(k), Ctrl: m&glfw.ModControl != 0, Shift: m&glfw.ModShift != 0, Alt: m&glfw.ModAlt != 0,
			Down: a != glfw.Release}
		if !now().Key(e) {
			nextKey(g, k, scancode, a, m)
		}
	})
	var nextChar glfw.CharCallback
	nextChar = g.SetCharCallback(func(g *glfw.Window, c rune) {
		if !now().Char(c) {
			nextChar(g, c)
		}
	})
	var nextButton glfw.MouseButtonCallback
	nextButton = g.SetMouseButtonCallback(func(g *glfw.Window, b glfw.MouseButton, a glfw.Action, m glfw.ModifierKey) {
		touched()
		nextButton(g, b, a, m)
	})
	var nextScroll glfw.ScrollCallback
	nextScroll = g.SetScrollCallback(func(g *glfw.Window, x, y float64) {
		touched()
		nextScroll(g, x, y)
	})
	return nextKey != nil && nextChar != nil && nextButton != nil && nextScroll != nil
}

// flat asks for windows without planes of depth and stencil, before the first one is made: nothing here lies behind anything, and where a PC has no
// graphics processor Fyne's clearing of the depth costs a tenth of each frame. Where GLFW does not start, Fyne says so.
func flat() {
	if glfw.Init() == nil {
		glfw.WindowHint(glfw.DepthBits, 0)
		glfw.WindowHint(glfw.StencilBits, 0)
	}
}

// screen is how large a window can be, in the units of the window; zero where that is not known.
func screen(w fyne.Window) fyne.Size {
	m := glfw.GetPrimaryMonitor()
	if m == nil {
		return fyne.Size{}
	}
	_, _, wide, high := m.GetWorkarea()
	if v := m.GetVideoMode(); v != nil && (wide <= 0 || high <= 0) {
		wide, high = v.Width, v.Height
	}
	scale := w.Canvas().Scale()
	return fyne.NewSize(float32(wide)/scale, float32(high)/scale)
}

var keyNames = map[glfw.Key]fyne.KeyName{
	glfw.KeyEscape: fyne.KeyEscape, glfw.KeyEnter: fyne.KeyReturn, glfw.KeyKPEnter: fyne.KeyEnter, glfw.KeyTab: fyne.KeyTab,
	glfw.KeyBackspace: fyne.KeyBackspace, glfw.KeyDelete: fyne.KeyDelete, glfw.KeyInsert: fyne.KeyInsert, glfw.KeySpace: fyne.KeySpace,
	glfw.KeyUp: fyne.KeyUp, glfw.KeyDown: fyne.KeyDown, glfw.KeyLeft: fyne.KeyLeft, glfw.KeyRight: fyne.KeyRight,
	glfw.KeyHome: fyne.KeyHome, glfw.KeyEnd: fyne.KeyEnd, glfw.KeyPageUp: fyne.KeyPageUp, glfw.KeyPageDown: fyne.KeyPageDown,
	glfw.KeyF1: fyne.KeyF1, glfw.KeyF2: fyne.KeyF2, glfw.KeyF3: fyne.KeyF3, glfw.KeyF4: fyne.KeyF4, glfw.KeyF5: fyne.KeyF5,
	glfw.KeyF6: fyne.KeyF6, glfw.KeyF7: fyne.KeyF7, glfw.KeyF8: fyne.KeyF8, glfw.KeyF9: fyne.KeyF9, glfw.KeyF10: fyne.KeyF10,
	glfw.KeyF11: fyne.KeyF11, glfw.KeyF12: fyne.KeyF12,
	glfw.KeyEqual: fyne.KeyEqual, glfw.KeyMinus: fyne.KeyMinus, glfw.KeyKPAdd: fyne.KeyPlus, glfw.KeyKPSubtract: fyne.KeyMinus,
	glfw.KeyLeftShift: "Shift", glfw.KeyRightShift: "Shift", glfw.KeyLeftControl: "Control", glfw.KeyRightControl: "Control",
	glfw.KeyLeftAlt: "Alt", glfw.KeyRightAlt: "Alt",
}

// keyName is Fyne's name of a key. Letters and digits go by their place on the keyboard, so that Alt+1 works whatever the layout makes
// of the row of digits.
func keyName(k glfw.Key) fyne.KeyName {
	switch {
	case k >= glfw.Key0 && k <= glfw.Key9:
		return fyne.KeyName(rune('0' + int(k-glfw.Key0)))
	case k >= glfw.KeyKP0 && k <= glfw.KeyKP9:
		return fyne.KeyName(rune('0' + int(k-glfw.KeyKP0)))
	case k >= glfw.KeyA && k <= glfw.KeyZ:
		return fyne.KeyName(rune('A' + int(k-glfw.KeyA)))
	}
	return keyNames[k]
}
