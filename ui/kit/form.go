package kit

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
)

// FieldKind is how something is asked.
type FieldKind int

const (
	Line   FieldKind = iota // a line of text
	Figure                  // figures only
	Date                    // dd/mm/yyyy
	Lines                   // several lines
	Pick                    // one of several
	Note                    // nothing asked: words
	Ticks                   // any of several; the value is their values with commas between
	Custom                  // the screen's own
)

// Field is one thing a form asks.
type Field struct {
	Key     string
	Label   string
	Kind    FieldKind
	Need    bool
	Hint    string // inside, while empty
	Help    string // small, below
	Options []Option
	Columns int     // of a Pick
	Min     float32 // width
	Weight  float32 // share of what is left
	Object  fyne.CanvasObject
}

// Section is a part of a form under a title.
type Section struct {
	Title string
	Rows  [][]Field
}

// Form shows fields in the order of the paper, keeps their widgets while the questions change around them, and puts a word under each.
type Form struct {
	OnText  func(key, text string)
	OnDay   func(key, text string, day dossier.Date, err error)
	OnPick  func(key, value string)
	OnFocus func(key string)
	OnLeave func(key string)
	OnLast  func() // Enter in the last field
	OnGrow  func() // the height it wants has changed

	Today   func() dossier.Date       // marked in the calendars of its dates; nil is by this PC's clock
	Holiday func(dossier.Date) string // days off in them; nil knows none

	body     *fyne.Container
	sections []Section
	fields   map[string]*formField
	filling  bool
	bare     bool
}

type formField struct {
	Field
	entry  *Entry
	day    *Day
	choice *Choice
	ticks  []*Check
	object fyne.CanvasObject
	label  *Paragraph
	said   *saidLine // under the field
	wide   *saidLine // under its whole row: for what is too long for a narrow field
	cell   *fyne.Container
}

// NewForm is an empty form. A bare one draws no panels around its sections.
func NewForm(bare bool) *Form {
	return &Form{body: Column(10), fields: map[string]*formField{}, bare: bare}
}

// Body is what goes on the screen.
func (f *Form) Body() *fyne.Container { return f.body }

// Ask shows these questions. What was typed in those that stay is left alone.
func (f *Form) Ask(sections []Section) {
	if reflect.DeepEqual(sections, f.sections) {
		return
	}
	f.sections = sections
	var all []fyne.CanvasObject
	for _, s := range sections {
		var rows []fyne.CanvasObject
		for _, r := range s.Rows {
			var cells []Cell
			var below []fyne.CanvasObject
			for _, q := range r {
				w := f.field(q)
				cells = append(cells, Cell{Object: w.cell, Min: q.Min, Weight: q.Weight})
				below = append(below, w.wide.Container)
			}
			if len(cells) == 1 {
				cells[0].Weight = max(cells[0].Weight, 1)
			}
			rows = append(rows, Column(3, append([]fyne.CanvasObject{Row(14, cells...)}, below...)...))
		}
		if f.bare {
			all = append(all, Column(9, rows...))
		} else {
			all = append(all, Panel(s.Title, rows...))
		}
	}
	f.body.Objects = all
	f.grow()
}

func (f *Form) grow() {
	if f.OnGrow != nil {
		f.OnGrow()
	}
}

func (f *Form) field(q Field) *formField {
	w := f.fields[q.Key]
	if w == nil || w.Kind != q.Kind {
		w = &formField{label: Caption(""), said: newSaidLine(), wide: newSaidLine()}
		f.make(w, q)
		f.fields[q.Key] = w
	}
	w.Field = q
	w.label.Star = q.Need
	w.label.SetText(q.Label)
	switch q.Kind {
	case Pick:
		if w.choice.columns != q.Columns {
			w.choice.columns = q.Columns
			w.choice.Refresh()
		}
		w.choice.SetOptions(q.Options)
	case Line, Figure, Lines:
		if w.entry.PlaceHolder != q.Hint {
			w.entry.SetPlaceHolder(q.Hint)
		}
	case Note:
		w.object.(*Paragraph).SetText(q.Hint)
	case Ticks:
		f.makeTicks(w, q)
	case Custom:
		w.object = q.Object
	}
	w.cell = Column(3, w.label, w.object, Caption(q.Help), w.said.Container)
	return w
}

func (f *Form) make(w *formField, q Field) {
	key := q.Key
	focus := func() {
		if f.OnFocus != nil {
			f.OnFocus(key)
		}
	}
	leave := func() {
		if f.OnLeave != nil {
			f.OnLeave(key)
		}
	}
	enter := func() { f.next(key) }
	switch q.Kind {
	case Line, Figure, Lines:
		w.entry = NewEntry()
		if q.Kind == Lines {
			w.entry = NewLines(3)
		}
		w.entry.Digits = q.Kind == Figure
		w.entry.OnFocus, w.entry.OnLeave, w.entry.OnEnter = focus, leave, enter
		w.entry.OnChanged = func(s string) {
			if !f.filling && f.OnText != nil {
				f.OnText(key, s)
			}
		}
		w.object = w.entry
	case Date:
		w.day = NewDay()
		w.day.Today, w.day.Holiday = f.today, func(d dossier.Date) string {
			if f.Holiday == nil {
				return ""
			}
			return f.Holiday(d)
		}
		w.day.hooks.OnFocus, w.day.hooks.OnLeave, w.day.hooks.OnEnter = focus, leave, enter
		w.day.OnDate = func(d dossier.Date, err error) {
			if !f.filling && f.OnDay != nil {
				f.OnDay(key, w.day.Text, d, err)
			}
		}
		w.object = w.day
	case Pick:
		w.choice = NewChoice(q.Columns)
		w.choice.OnFocus, w.choice.OnLeave, w.choice.OnEnter = focus, leave, enter
		w.choice.OnPick = func(v string) {
			if !f.filling && f.OnPick != nil {
				f.OnPick(key, v)
			}
		}
		w.object = w.choice
	case Note:
		w.object = NewParagraph("")
	}
}

func (f *Form) today() dossier.Date {
	if f.Today == nil {
		return dossier.DateOf(time.Now())
	}
	return f.Today()
}

func (f *Form) makeTicks(w *formField, q Field) {
	if w.object != nil && reflect.DeepEqual(q.Options, w.Options) && len(w.ticks) > 0 {
		return
	}
	w.ticks = nil
	var all []fyne.CanvasObject
	for _, o := range q.Options {
		c := NewCheck(o.Title, o.Sub)
		c.OnTick = func(bool) {
			var on []string
			for i, t := range w.ticks {
				if t.On() {
					on = append(on, q.Options[i].Value)
				}
			}
			if f.OnPick != nil {
				f.OnPick(q.Key, strings.Join(on, ","))
			}
		}
		c.OnEnter = func() {
			if cv := CanvasOf(c); cv != nil {
				cv.FocusNext()
			}
		}
		w.ticks = append(w.ticks, c)
		all = append(all, c)
	}
	w.object = Column(2, all...)
}

// next follows Enter: to the field behind, or out at the end.
func (f *Form) next(key string) {
	if f.OnLast != nil && key == f.last() {
		f.OnLast()
		return
	}
	if c := CanvasOf(f.fields[key].object); c != nil {
		c.FocusNext()
	}
}

func (f *Form) last() string {
	last := ""
	for _, s := range f.sections {
		for _, r := range s.Rows {
			for _, q := range r {
				if q.Kind != Note {
					last = q.Key
				}
			}
		}
	}
	return last
}

// Fill shows values and words. What is equal is not touched: the caret stays where it is.
func (f *Form) Fill(values map[string]string, said map[string]Said) {
	f.filling = true
	grew := false
	for _, s := range f.sections {
		for _, r := range s.Rows {
			for _, q := range r {
				w := f.fields[q.Key]
				one := said[q.Key]
				here, wide := one, Said{}
				if len(r) > 1 && q.Weight == 0 && len([]rune(one.Text)) > 36 {
					here, wide = Said{}, one
				}
				grew = w.said.set(here) || grew
				grew = w.wide.set(wide) || grew
				w.fill(values[q.Key], one.Text != "" && !one.Warn)
			}
		}
	}
	f.filling = false
	if grew {
		f.grow()
	}
}

func (w *formField) fill(value string, bad bool) {
	switch {
	case w.entry != nil:
		if w.entry.Text != value {
			w.entry.SetText(value)
			w.entry.CursorRow, w.entry.CursorColumn, w.entry.filled = 0, 0, true // its beginning is what is to be seen
			w.entry.Refresh()
		}
		if w.entry.bad != bad {
			w.entry.bad = bad
			w.entry.Refresh()
		}
	case w.day != nil:
		if w.day.Text != value {
			w.day.SetText(value)
		}
		if w.day.bad != bad {
			w.day.bad = bad
			w.day.Refresh()
		}
	case w.Kind == Ticks:
		for i, t := range w.ticks {
			t.Set(slices.Contains(strings.Split(value, ","), w.Options[i].Value), bad)
		}
	case w.choice != nil:
		w.choice.SetValue(value)
		if w.choice.bad != bad {
			w.choice.bad = bad
			w.choice.Refresh()
		}
	}
}

// Focus goes to a field; false if it is not asked now.
func (f *Form) Focus(key string) bool {
	for _, s := range f.sections {
		for _, r := range s.Rows {
			for _, q := range r {
				if q.Key == key || key == "" && q.Kind != Note {
					return f.focus(f.fields[q.Key])
				}
			}
		}
	}
	return false
}

func (f *Form) focus(w *formField) bool {
	target, ok := w.object.(fyne.Focusable)
	if w.Kind == Ticks && len(w.ticks) > 0 {
		target, ok = w.ticks[0], true
	}
	if !ok {
		return false
	}
	object, _ := target.(fyne.CanvasObject)
	if c := CanvasOf(object); c != nil {
		c.Focus(target)
		return true
	}
	return false
}

// Object is the widget of a field, nil if it was never asked: to bring it into sight.
func (f *Form) Object(key string) fyne.CanvasObject {
	if w := f.fields[key]; w != nil {
		return w.cell
	}
	return nil
}
