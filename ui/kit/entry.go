package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"
)

// hooks are what our entries tell beyond Fyne's.
type hooks struct {
	OnFocus func()
	OnLeave func()
	OnEnter func()
	OnArrow func(fyne.KeyName) (done bool) // Up, Down, PageUp, PageDown, in an entry of one line

	bad     bool // drawn with a red edge
	focused bool
}

func (h *hooks) key(e *fyne.KeyEvent, multi bool) (done bool) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !multi {
			if h.OnEnter != nil {
				h.OnEnter()
			}
			return true
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		return !multi && h.OnArrow != nil && h.OnArrow(e.Name)
	}
	return false
}

// Entry is Fyne's entry with a ring of its own. Tab always leaves it, also where it has several lines.
type Entry struct {
	widget.Entry
	hooks
	Digits bool // takes figures only, also when pasted
	filled bool // by the program, and not been in since
}

// NewEntry is an entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// NewLines is an entry of several lines.
func NewLines(rows int) *Entry {
	e := &Entry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	return e
}

// Base is the entry inside, for the Router.
func (e *Entry) Base() *widget.Entry { return &e.Entry }

// AcceptsTab is never.
func (e *Entry) AcceptsTab() bool { return false }

// FocusGained is for Fyne.
func (e *Entry) FocusGained() {
	e.focused = true
	if e.filled && !e.MultiLine {
		e.filled, e.CursorColumn = false, len([]rune(e.Text)) // who comes by Tab goes on writing
	}
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus()
	}
}

// FocusLost is for Fyne.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	if e.OnLeave != nil {
		e.OnLeave()
	}
}

// TypedKey is for Fyne.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if !e.key(k, e.MultiLine) {
		e.Entry.TypedKey(k)
	}
}

// TypedRune is for Fyne.
func (e *Entry) TypedRune(c rune) {
	if !e.Digits || c >= '0' && c <= '9' {
		e.Entry.TypedRune(c)
	}
	if unicode.Is(unicode.Mn, c) { // some input methods send a letter and then its mark
		e.compose()
	}
}

// compose makes the text NFC, as all texts are: a letter and its marks are one.
func (e *Entry) compose() {
	whole := norm.NFC.String(e.Text)
	if whole == e.Text {
		return
	}
	column := max(0, e.CursorColumn-utf8.RuneCountInString(e.Text)+utf8.RuneCountInString(whole))
	if !e.MultiLine {
		text := []rune(e.Text)
		column = utf8.RuneCountInString(norm.NFC.String(string(text[:min(e.CursorColumn, len(text))])))
	}
	e.SetText(whole)
	e.CursorColumn = column
	e.Refresh()
}

// TypedShortcut is for Fyne.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	e.Entry.TypedShortcut(s)
	e.compose()
	if only := strings.Map(digit, e.Text); e.Digits && only != e.Text {
		e.SetText(only)
		e.CursorColumn = len(only)
		e.Refresh()
	}
}

func digit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// CreateRenderer is for Fyne.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return newRinged(e, e.Entry.CreateRenderer(), &e.hooks)
}

// ringed draws its own box under what Fyne's renderer of an entry draws: two pixels of ring when focused, a red edge when something is wrong with it.
type ringed struct {
	fyne.WidgetRenderer
	of      fyne.CanvasObject
	state   *hooks
	box     box
	size    fyne.Size
	objects []fyne.CanvasObject
}

func newRinged(of fyne.CanvasObject, inner fyne.WidgetRenderer, state *hooks) *ringed {
	return &ringed{WidgetRenderer: inner, of: of, state: state, box: newBox()}
}

func (r *ringed) draw() {
	look := shape{Surface, Edge, 1, 4}
	switch {
	case r.state.focused:
		look.edge, look.thick = Ring, 2
	case r.state.bad:
		look.edge, look.thick = Red, 1.5
	}
	r.box.show(r.of, look, r.size)
}

func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.size = size
	r.draw()
}

func (r *ringed) Refresh() {
	r.draw()
	r.WidgetRenderer.Refresh()
}

// Objects are Fyne's but its ground and its edge, two rounded rectangles, which come first.
func (r *ringed) Objects() []fyne.CanvasObject {
	r.objects = append(r.objects[:0], r.box.image)
	for i, o := range r.WidgetRenderer.Objects() {
		if _, drawn := o.(*canvas.Rectangle); !drawn || i > 1 {
			r.objects = append(r.objects, o)
		}
	}
	return r.objects
}
