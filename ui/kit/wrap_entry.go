package kit

import (
	"strings"

	"fyne.io/fyne/v2"
)

// WrapEntry is an entry for one paragraph: all of it is seen, on as many lines as it takes, and Enter goes on instead of breaking it.
type WrapEntry struct {
	Entry
	Breaks  bool // lines may be broken after all
	filling bool
}

// NewWrapEntry shows that many lines at once. tell is called with what a person types, not with what Fill shows.
func NewWrapEntry(rows int, tell func(text string)) *WrapEntry {
	e := &WrapEntry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	e.OnChanged = func(text string) {
		if !e.filling {
			tell(text)
		}
	}
	return e
}

// Fill shows a text; one that is equal is not touched, so that the caret stays.
func (e *WrapEntry) Fill(text string, bad bool) {
	if e.Text != text {
		e.filling = true
		e.SetText(text)
		e.CursorRow, e.CursorColumn = 0, 0
		e.filling = false
		e.Refresh()
	}
	if e.bad != bad {
		e.bad = bad
		e.Refresh()
	}
}

// TypedKey is for Fyne.
func (e *WrapEntry) TypedKey(k *fyne.KeyEvent) {
	if enter := k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter; enter && !e.Breaks {
		if e.OnEnter != nil {
			e.OnEnter()
		}
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut is for Fyne: what is pasted becomes part of the paragraph.
func (e *WrapEntry) TypedShortcut(s fyne.Shortcut) {
	e.Entry.TypedShortcut(s)
	if !e.Breaks && strings.ContainsAny(e.Text, "\r\n") {
		e.SetText(strings.Join(strings.FieldsFunc(e.Text, func(r rune) bool { return r == '\r' || r == '\n' }), " "))
	}
}
