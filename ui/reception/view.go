package reception

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view: it shows what it is told and tells what was done, nothing more.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	form   *kit.Form
	scroll *kit.Scroll // the form
	tall   *kit.Scroll // all of it, where letters are too large for two halves
	halves *fyne.Container
	papers *papers
	like   *aside
	when   *aside
	secret fyne.CanvasObject
	ward   *kit.Check
	side   *side
	was    State
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, form: kit.NewForm(false)}
	s.form.Holiday = p.Desk.Holiday
	s.papers = newPapers(p, func(o fyne.CanvasObject) { s.shown().Reveal(o) })
	s.like = newAside("Như người trước", "Ctrl+L", p.Like)
	s.when = newAside("", "Ctrl+T", p.ByHand)
	warn := kit.Caption("Không nhập văn bản đóng dấu MẬT, TỐI MẬT, TUYỆT MẬT: tiếp nhận theo quy định bảo vệ bí mật nhà nước, ngoài chương trình này.")
	warn.Color = kit.Amber
	s.secret = kit.Marked(kit.TriangleSign, warn)
	s.ward = kit.NewCheck("Có người đại diện, giám hộ", "")
	s.ward.OnTick = p.Ward
	s.ward.OnFocus = func() { p.Entered("ward"); s.shown().Reveal(s.ward) }
	s.ward.OnEnter = func() { next(s.ward) }
	s.scroll = kit.NewScroll(s.form.Body())
	s.form.OnGrow = func() { s.shown().Relayout() }
	s.form.OnText = p.Text
	s.form.OnDay = func(key, typed string, d dossier.Date, err error) { p.Day(key, typed, d, err) }
	s.form.OnPick = p.Pick
	s.form.OnLeave = p.Left
	s.form.OnFocus = func(key string) {
		p.Entered(key)
		s.shown().Reveal(s.form.Object(key))
		if e := entryIn(s.form.Object(key)); e != nil && key == "sets" {
			choose(e)
		}
	}
	s.side = newSide(p, s.Focus)
	s.side.shown = func() *kit.Scroll { return kit.Shown(s.halves, s.tall, s.side.scr) }
	s.tall = kit.NewScroll(kit.Column(10, s.form.Body(), s.side.body, s.side.actions))
	s.halves = kit.Fold(kit.Split(s.scroll, s.side.root, 0.33, 330, 420), s.tall, 600)
	s.root = kit.Pad(8, 2, 12, 10, container.New(&broad{changed: func() { p.Threads.OnUI(p.render) }}, s.halves))
	p.Attach(s)
	p.render()
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

func (s *Screen) shown() *kit.Scroll { return kit.Shown(s.halves, s.tall, s.scroll) }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	own := map[string]fyne.CanvasObject{"papers": s.papers.body, "like": s.like, "when": s.when, "secret": s.secret, "ward": s.ward}
	for _, section := range state.Questions {
		for _, row := range section.Rows {
			for i := range row {
				if row[i].Kind == kit.Custom {
					row[i].Object = own[row[i].Key]
				}
			}
		}
	}
	s.ward.Set(state.Ward, false)
	s.when.Set("Hồ sơ đã nhận bằng tay lúc mất điện: nhập thời điểm")
	if state.ByHand {
		s.when.Set("Bỏ, tính từ lúc lưu")
	}
	grew := s.papers.show(state)
	s.form.Ask(s.fit(state.Questions))
	s.form.Fill(state.Values, state.Said)
	if grew {
		s.shown().Relayout()
	}
	kept := state.Kept != nil && (s.was.Kept == nil || s.was.Kept.ID != state.Kept.ID)
	if kept {
		s.shown().Top()
	}
	s.side.show(state, s.was)
	if said := state.Notice != nil && s.was.Notice == nil; s.shown() == s.tall && (kept || said) {
		s.tall.Reveal(s.side.body) // below the form: it would not be seen
	}
	s.was = state
}

// fit puts the fields of a row below one another where the window is too narrow, or the text too large, for all of them to be read.
func (s *Screen) fit(sections []kit.Section) []kit.Section {
	width := s.shown().Size().Width - formEdges
	if width <= 0 {
		return sections
	}
	large := sizeOf(theme.SizeNameText) / kit.NewTheme(1).Size(theme.SizeNameText)
	for i := range sections {
		var rows [][]kit.Field
		for _, row := range sections[i].Rows {
			var line []kit.Field
			used := float32(0)
			for _, f := range row {
				if f.Kind == kit.Pick && f.Columns == 2 && width < 2*leastColumn*large {
					f.Columns = 1
				}
				need := leastWidth(f, large)
				if len(line) > 0 && used+fieldGap+need > width {
					rows, line, used = append(rows, line), nil, 0
				}
				line, used = append(line, f), used+fieldGap+need
			}
			rows = append(rows, line)
		}
		sections[i].Rows = rows
	}
	return sections
}

// broad gives its one object all the room and tells when that got wider or narrower: another window, another size of text. What is asked
// has to be fitted anew then, also where no key is pressed.
type broad struct {
	width   float32
	changed func()
}

func (b *broad) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (b *broad) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
	if size.Width != b.width {
		b.width = size.Width
		b.changed()
	}
}

const (
	formEdges   = 44 // of the panel, and room for the scroll bar
	fieldGap    = 14
	leastColumn = 260 // of two choices beside one another
)

// leastWidth is what a field needs to be read.
func leastWidth(f kit.Field, large float32) float32 {
	switch {
	case f.Min > 0:
		return f.Min * large
	case f.Kind == kit.Pick:
		var w float32
		for _, o := range f.Options {
			w += fyne.MeasureText(o.Title, sizeOf(theme.SizeNameText), fyne.TextStyle{}).Width + 50
		}
		return w
	}
	return 200 * large
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch field {
	case "why":
		s.side.slip.Focus("why")
	case "notice", "earlier":
		s.side.goTo(field)
	case "papers":
		s.papers.focus()
	case "papers.other":
		s.papers.focusOther()
	case "ward":
		kit.CanvasOf(s.ward).Focus(s.ward)
	default:
		s.form.Focus(field)
		if o := s.form.Object(field); o != nil {
			s.shown().Reveal(o) // it may have the focus already and be out of sight, with what is wrong said below it
		}
	}
}
