package shell

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/ui/kit"
)

// stops are what the Tab key must come to: everything of that kind that can be seen and is not grey.
func stops(o fyne.CanvasObject) []fyne.Focusable {
	if o == nil || !o.Visible() {
		return nil
	}
	switch x := o.(type) {
	case *fyne.Container:
		var out []fyne.Focusable
		for _, child := range x.Objects {
			out = append(out, stops(child)...)
		}
		return out
	case fyne.Widget:
		if f, ok := x.(fyne.Focusable); ok {
			if d, ok := x.(fyne.Disableable); ok && d.Disabled() {
				return nil
			}
			return []fyne.Focusable{f}
		}
		var out []fyne.Focusable
		for _, child := range test.WidgetRenderer(x).Objects() {
			out = append(out, stops(child)...)
		}
		return out
	}
	return nil
}

// rooms are the screens as an officer meets them, each with how to come there.
var rooms = []struct {
	name string
	go_  func(h *house)
}{
	{"reception", func(h *house) { h.ctrl("5") }},
	{"reception of an agency", func(h *house) { h.ctrl("1") }},
	{"reception, refused", func(h *house) { h.ctrl("3"); h.settle(); h.press("F4") }},
	{"list", func(h *house) { h.press("F3") }},
	{"course", func(h *house) { h.s.open(h.store.IDs()[0]) }},
	{"course, forwarding", func(h *house) { h.s.open(h.store.IDs()[0]); h.settle(); h.ctrl("3") }},
	{"waiting", func(h *house) { h.press("F7") }},
	{"day", func(h *house) { h.press("F10") }},
	{"preview", func(h *house) {
		h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "BM.01")
	}},
	{"books", func(h *house) { h.s.show(h.s.books) }},
	{"figures", func(h *house) { h.s.show(h.s.figures) }},
	{"layouts", func(h *house) { h.s.show(h.s.layouts) }},
	{"rules", func(h *house) { h.s.show(h.s.rules) }},
	{"settings", func(h *house) { h.s.show(h.s.settings) }},
	{"others", func(h *house) { h.press("F11") }},
}

// enter is a lived-in house in one of its rooms.
func enter(t *testing.T, go_ func(*house)) *house {
	t.Helper()
	h := lived(t, big)
	go_(h)
	h.settle()
	return h
}

func TestTabComesToEverythingThatCanBeUsed(t *testing.T) {
	for _, room := range rooms {
		h := enter(t, room.go_)
		want := stops(h.s.content)
		if len(want) < 6 {
			t.Errorf("%s: only %d stops", room.name, len(want))
		}
		met := map[fyne.Focusable]bool{}
		for range 2*len(want) + 5 {
			h.press(fyne.KeyTab)
			h.threads.Run()
			met[h.window.Canvas().Focused()] = true
		}
		for _, f := range stops(h.s.content) {
			if !met[f] {
				t.Errorf("%s: Tab never comes to %s", room.name, named(f))
			}
		}
	}
}

func named(f fyne.Focusable) string {
	if b, ok := f.(*kit.Button); ok {
		return "the button " + b.Text
	}
	return fmt.Sprintf("%T", f)
}

// caps are the keys as buttons show them.
var caps = map[string]fyne.KeyName{"Esc": fyne.KeyEscape, "Enter": fyne.KeyReturn, "Del": fyne.KeyDelete, "Insert": fyne.KeyInsert, "↑": fyne.KeyUp, "↓": fyne.KeyDown,
	"PageUp": fyne.KeyPageUp, "PageDown": fyne.KeyPageDown, "+": fyne.KeyPlus, "-": fyne.KeyMinus, "−": fyne.KeyMinus}

func eventOf(shown string) kit.Event {
	e := kit.Event{}
	parts := strings.Split(shown, "+")
	for _, p := range parts[:len(parts)-1] {
		switch p {
		case "Ctrl":
			e.Ctrl = true
		case "Shift":
			e.Shift = true
		case "Alt":
			e.Alt = true
		}
	}
	last := parts[len(parts)-1]
	if e.Key = caps[last]; e.Key == "" {
		e.Key = fyne.KeyName(last)
	}
	return e
}

// keyed are the buttons with a key on them that can be pressed now.
func keyed(h *house) []*kit.Button {
	var out []*kit.Button
	for _, f := range stops(h.s.content) {
		if b, ok := f.(*kit.Button); ok && b.Key != "" {
			out = append(out, b)
		}
	}
	return out
}

// mark is what can be told of the window and the store: two ways that leave the same mark did the same.
func (h *house) mark() string {
	h.settle()
	var said []string
	for _, x := range looked(h).texts {
		said = append(said, x.Text.Text)
	}
	whole := fmt.Sprintf("%d dialogs, %d dossiers, %d jobs, %d sendings, %v\n%s", len(h.window.Canvas().Overlays().List()), h.store.Kept(), len(h.spool.Jobs), h.line.Sends, h.opened,
		strings.Join(said, "|"))
	return strings.ReplaceAll(whole, h.papers, "giay-to")
}

// TestButtonsDoWhatTheirKeysDo presses every button that shows a key, and, in a second house just like it, the key.
func TestButtonsDoWhatTheirKeysDo(t *testing.T) {
	tried := 0
	for _, room := range rooms {
		var names []string
		for _, b := range keyed(enter(t, room.go_)) {
			names = append(names, b.Key)
		}
		for i, key := range names {
			if strings.HasPrefix(key, "F") && room.name != "reception" && slices.Contains([]string{"F1", "F2", "F3", "F5", "F7", "F10", "F11"}, key) && i >= len(names)-7 {
				continue // the tabs, tried once
			}
			by := enter(t, room.go_)
			before := by.mark()
			e := eventOf(key)
			if e.Down = true; !by.s.Router().Key(e) && e.Key != fyne.KeyReturn {
				t.Errorf("%s: %s of “%s” does nothing", room.name, key, keyed(by)[i].Text)
				continue
			}
			if e.Key == fyne.KeyReturn {
				continue // it is the focused widget's
			}
			a := by.mark() // as long as its window is the program's: the focus goes to no other
			with := enter(t, room.go_)
			if with.mark() != before {
				t.Fatalf("%s: two houses are not alike", room.name)
			}
			button := keyed(with)[i]
			button.Press()
			if b := with.mark(); a != b {
				t.Errorf("%s: %s and the button “%s” differ\n key: %s\n button: %s", room.name, key, button.Text, a, b)
			}
			tried++
		}
	}
	if tried < 40 {
		t.Errorf("only %d buttons were tried", tried)
	}
}

// TestFunctionKeysWorkInEveryStopOfEveryScreen tries the keys that mean the same everywhere, wherever the focus is.
func TestFunctionKeysWorkInEveryStopOfEveryScreen(t *testing.T) {
	h := lived(t, big)
	for _, room := range rooms {
		room.go_(h)
		h.settle()
		x, from := h.s.now, h.s.from
		for _, f := range stops(h.s.content) {
			for key, want := range map[fyne.KeyName]*screen{"F2": h.s.reception, "F3": h.s.list, "F7": h.s.waiting, "F10": h.s.day, "F11": h.s.others} {
				h.s.now.focus = nil
				h.window.Canvas().Focus(f)
				if h.press(key); h.s.now != want {
					t.Fatalf("%s: %s on %s does nothing", room.name, key, named(f))
				}
				h.s.from = from
				h.s.show(x)
			}
			h.window.Canvas().Focus(f)
			if h.press("F1"); h.window.Canvas().Overlays().Top() == nil {
				t.Fatalf("%s: F1 on %s does nothing", room.name, named(f))
			}
			h.press(fyne.KeyEscape)
			if h.window.Canvas().Overlays().Top() != nil {
				t.Fatalf("%s: Esc on %s does not close the help", room.name, named(f))
			}
		}
		h.settle()
	}
}

// TestEscapeLosesNothingTyped writes into every field of every screen and presses Esc, twice; the text is there when the officer comes back.
// What is looked for on the list is no work of anybody's: there Esc begins anew.
func TestEscapeLosesNothingTyped(t *testing.T) {
	tried := 0
	for _, room := range rooms {
		if room.name == "list" {
			continue
		}
		for i := range fields(enter(t, room.go_)) {
			h := enter(t, room.go_)
			all := fields(h)
			if i >= len(all) || all[i].Digits {
				continue
			}
			was := all[i].Text
			h.window.Canvas().Focus(all[i])
			h.write("Chữ vừa gõ")
			h.settle()
			typed := all[i].Text
			if typed == was {
				continue
			}
			tried++
			for range 2 {
				h.press(fyne.KeyEscape)
				h.settle()
			}
			if h.window.Canvas().Overlays().Top() != nil { // it asks before anything is lost
				continue
			}
			room.go_(h)
			h.settle()
			if !slices.ContainsFunc(fields(h), func(e *kit.Entry) bool { return e.Text == typed }) {
				t.Errorf("%s: what was typed into field %d is gone", room.name, i)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d fields were tried", tried)
	}
}

func fields(h *house) []*kit.Entry {
	var out []*kit.Entry
	for _, f := range stops(h.s.content) {
		switch e := f.(type) {
		case *kit.Entry:
			out = append(out, e)
		case *kit.WrapEntry:
			out = append(out, &e.Entry)
		}
	}
	return out
}
