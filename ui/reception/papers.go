package reception

import (
	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// papers are the lines to tick, and below them what was handed in and is on no list.
type papers struct {
	p      *Presenter
	reveal func(fyne.CanvasObject)
	body   *fyne.Container
	lines  []*paperLine
	others []*otherLine
	too    *kit.Paragraph
	more   *aside
}

type paperLine struct {
	key               string
	check             *kit.Check
	originals, copies *kit.Entry
	row               *fyne.Container
	filling           bool
}

type otherLine struct {
	title, originals, copies *kit.Entry
	row                      *fyne.Container
	filling                  bool
}

func newPapers(p *Presenter, reveal func(fyne.CanvasObject)) *papers {
	return &papers{p: p, reveal: reveal, body: kit.Column(4), too: kit.Caption(""), more: newAside("Giấy tờ khác", "Ctrl+G", p.AddOther)}
}

// show tells whether the height may have changed.
func (s *papers) show(state State) bool {
	same := len(state.Papers) == len(s.lines) && len(state.Others) == len(s.others) && len(s.body.Objects) > 0
	for i := range state.Papers {
		same = same && s.lines[i].key == state.Papers[i].Key
	}
	if !same {
		s.build(state)
	}
	for i, l := range state.Papers {
		one := s.lines[i]
		one.filling = true
		one.check.Title, one.check.Sub = l.Title, l.Sub
		one.check.Set(l.On, l.Bad)
		fill(one.originals, l.Originals)
		fill(one.copies, l.Copies)
		one.filling = false
	}
	for i, l := range state.Others {
		one := s.others[i]
		one.filling = true
		fill(one.title, l.Title)
		fill(one.originals, l.Originals)
		fill(one.copies, l.Copies)
		one.filling = false
	}
	changed := !same || s.too.Text() != state.PapersToo
	s.too.SetText(state.PapersToo)
	return changed
}

func fill(e *kit.Entry, text string) {
	if e.Text != text {
		e.SetText(text)
	}
}

// build lays the lines out anew. Those that stay keep their widgets: one of them may have the focus.
func (s *papers) build(state State) {
	had := map[string]*paperLine{}
	for _, l := range s.lines {
		had[l.key] = l
	}
	s.lines = nil
	s.body.Objects = []fyne.CanvasObject{kit.Row(10, kit.Cell{Object: kit.Gap(1), Weight: 1}, kit.Cell{Object: kit.Caption("Bản chính"), Min: 68},
		kit.Cell{Object: kit.Caption("Bản sao"), Min: 62})}
	for _, l := range state.Papers {
		one := had[l.Key]
		if one == nil {
			one = s.line(l)
		}
		s.lines = append(s.lines, one)
		s.body.Objects = append(s.body.Objects, one.row)
	}
	for len(s.others) < len(state.Others) {
		s.others = append(s.others, s.other(len(s.others)))
	}
	s.others = s.others[:len(state.Others)]
	for _, one := range s.others {
		s.body.Objects = append(s.body.Objects, one.row)
	}
	s.body.Objects = append(s.body.Objects, s.too, s.more)
}

func (s *papers) entry(row func() fyne.CanvasObject, digits bool, changed func(e *kit.Entry, typed string)) *kit.Entry {
	e := kit.NewEntry()
	e.Digits = digits
	e.OnFocus = func() {
		s.p.Entered("papers")
		s.reveal(row())
		if digits {
			choose(e)
		}
	}
	e.OnChanged = func(typed string) { changed(e, typed) }
	e.OnEnter = func() { next(e) }
	e.OnLeave = func() { s.p.Left("papers") }
	return e
}

// choose marks all of a number that may be there already: 2 is typed over the 1, not beside it.
func choose(e *kit.Entry) { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// entryIn is the entry within o.
func entryIn(o fyne.CanvasObject) *kit.Entry {
	if e, ok := o.(*kit.Entry); ok {
		return e
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			if e := entryIn(child); e != nil {
				return e
			}
		}
	}
	return nil
}

func (s *papers) line(l PaperLine) *paperLine {
	one := &paperLine{key: l.Key, check: kit.NewCheck(l.Title, l.Sub)}
	row := func() fyne.CanvasObject { return one.row }
	one.check.OnTick = func(on bool) { s.p.Tick(l.Key, on) }
	one.check.OnFocus = func() { s.p.Entered("papers"); s.reveal(one.row) }
	one.check.OnEnter = func() { next(one.check) }
	count := func(e *kit.Entry, typed string) {
		if !one.filling {
			s.p.Count(l.Key, e == one.originals, typed)
		}
	}
	one.originals, one.copies = s.entry(row, true, count), s.entry(row, true, count)
	one.row = kit.Row(10, kit.Cell{Object: one.check, Weight: 1, Min: 120}, kit.Cell{Object: kit.Column(0, one.originals), Min: 68}, kit.Cell{Object: kit.Column(0, one.copies), Min: 62})
	return one
}

func (s *papers) other(i int) *otherLine {
	one := &otherLine{}
	row := func() fyne.CanvasObject { return one.row }
	tell := func(what string) func(*kit.Entry, string) {
		return func(_ *kit.Entry, typed string) {
			if !one.filling {
				s.p.Other(i, what, typed)
			}
		}
	}
	one.title, one.originals, one.copies = s.entry(row, false, tell("title")), s.entry(row, true, tell("originals")), s.entry(row, true, tell("copies"))
	one.title.SetPlaceHolder("Tên giấy tờ khác")
	one.row = kit.Row(10, kit.Cell{Object: kit.Column(0, one.title), Weight: 1, Min: 120}, kit.Cell{Object: kit.Column(0, one.originals), Min: 68}, kit.Cell{Object: kit.Column(0, one.copies), Min: 62})
	return one
}

func next(o fyne.CanvasObject) {
	if c := kit.CanvasOf(o); c != nil {
		c.FocusNext()
	}
}

// focus goes to the first line that is lacking, else to the first.
func (s *papers) focus() {
	if len(s.lines) == 0 {
		return
	}
	to := s.lines[0].check
	for _, l := range s.lines {
		if !l.check.On() {
			to = l.check
			break
		}
	}
	if c := kit.CanvasOf(to); c != nil {
		c.Focus(to)
	}
}

// focusOther goes to the title of the last line written by hand.
func (s *papers) focusOther() {
	if n := len(s.others); n > 0 {
		if c := kit.CanvasOf(s.others[n-1].title); c != nil {
			c.Focus(s.others[n-1].title)
		}
	}
}
