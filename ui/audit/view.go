package audit

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view: the rows on the left, where the chosen one stands or what is asked on the right.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	top    *fyne.Container // what is shown, and what must not be overlooked
	table  *kit.Table
	left   *fyne.Container
	right  *fyne.Container
	scroll *kit.Scroll // the right half
	tall   *kit.Scroll // all of it, where letters are too large for two halves
	halves *fyne.Container
	form   *kit.Form
	filter *kit.Paragraph
	found  *kit.Paragraph

	ask, export, open, submit, leave, stop, burst, file *kit.Button

	was   State
	built bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, top: kit.Column(8), right: kit.Column(10), form: kit.NewForm(true), filter: kit.Strong(""), found: kit.Caption("")}
	s.table = kit.NewTable(kit.TableColumn{Title: "Lúc", Min: 114}, kit.TableColumn{Title: "Người", Min: 114, Weight: 1}, kit.TableColumn{Title: "Việc", Min: 260, Weight: 8})
	s.table.Row = p.Row
	s.table.OnSelect = p.Select
	s.table.OnOpen = p.OpenRow
	s.table.Least = 3
	s.scroll = kit.NewScroll(s.right)
	s.left = kit.Frame(s.top, nil, s.table, 8)
	s.tall = kit.NewScroll(kit.Column(10, s.top, s.table, s.right))
	s.halves = kit.Fold(kit.Split(kit.Pad(0, 10, 0, 0, s.left), s.scroll, 0.34, 330, 520), s.tall, 900)
	s.root = kit.Pad(12, 2, 12, 14, s.halves)
	s.form.Holiday = p.Desk.Holiday
	s.form.Today = func() dossier.Date { return dossier.DateOf(p.Now()) }
	s.form.OnText, s.form.OnPick, s.form.OnLast = p.Text, p.Text, p.Submit
	s.form.OnDay = func(key, typed string, _ dossier.Date, _ error) { p.Text(key, typed) }
	s.form.OnGrow = func() { s.shown().Relayout() }
	s.form.OnFocus = func(key string) { s.shown().Reveal(s.form.Object(key)) }
	button := func(text, key string, look kit.Look, do func()) *kit.Button {
		b := kit.NewButton(text, key, look, do)
		b.OnFocus = func() { s.shown().Reveal(b) }
		return b
	}
	s.ask = button("Lọc", "F4", kit.Plain, p.Filter)
	s.export = button("Xuất CSV", "Ctrl+E", kit.Plain, p.Export)
	s.open = button("Mở hồ sơ", "Enter", kit.Plain, func() { p.OpenRow(s.was.At) })
	s.submit = button("Xem", "F9", kit.Primary, p.Submit)
	s.leave = button("Quay lại", "Esc", kit.Plain, p.Close)
	s.stop = button("Dừng", "Esc", kit.Plain, p.Stop)
	s.burst = button("Xem đợt này", "Ctrl+D", kit.Plain, p.Burst)
	s.file = button("Mở tệp", "Ctrl+O", kit.Plain, p.OpenFile)
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

func (s *Screen) shown() *kit.Scroll { return kit.Shown(s.halves, s.tall, s.scroll) }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.table.Empty = "Không có việc nào như vậy trong nhật ký."
	switch {
	case state.Reading:
		s.table.Empty = "Đang đọc nhật ký…"
	case state.Broken:
		s.table.Empty = "Chưa đọc được nhật ký. Nhấn F6 để đọc lại."
	}
	if s.table.Selected() != state.At { // before the rows, or those at the end of what was shown would ask for more of what is
		s.table.Select(state.At)
	}
	s.table.SetRows(state.Count)
	if state.Asking {
		s.form.Ask(state.Questions)
		s.form.Fill(state.Values, state.Said)
	}
	for _, b := range []*kit.Button{s.ask, s.export, s.submit, s.leave, s.burst} {
		b.SetEnabled(state.Busy == "")
	}
	if !s.built || was.Filter != state.Filter || was.Found != state.Found || was.Burst != state.Burst {
		s.top.Objects = s.drawTop(state)
		kit.Relayout(s.root)
		s.shown().Relayout()
	}
	if s.built && was.Asking == state.Asking && was.Path == state.Path && was.Busy == state.Busy && reflect.DeepEqual(was.Alert, state.Alert) &&
		reflect.DeepEqual(was.Facts, state.Facts) {
		return
	}
	turned := was.Asking != state.Asking || !reflect.DeepEqual(was.Alert, state.Alert)
	s.built = true
	s.right.Objects = s.drawRight(state)
	s.shown().Relayout()
	if turned {
		s.shown().Top()
	}
}

func (s *Screen) drawTop(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	if state.Burst != "" {
		all = append(all, kit.Notice(kit.Warn, state.Burst, kit.Row(0, kit.Cell{Object: s.burst})))
	}
	s.filter.SetText(state.Filter)
	s.found.SetText(state.Found)
	return append(all, kit.Middle(10, kit.Cell{Object: kit.Column(1, s.filter, s.found), Min: 160, Weight: 1}, kit.Cell{Object: s.ask}, kit.Cell{Object: s.export}))
}

func (s *Screen) drawRight(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	switch {
	case state.Busy != "":
		all = append(all, kit.Notice(kit.Info, state.Busy, kit.Row(0, kit.Cell{Object: s.stop})))
	case state.Alert != nil && state.Path != "":
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text,
			kit.NewParagraph(state.Path), kit.Row(0, kit.Cell{Object: s.file})))
	case state.Alert != nil:
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	title := kit.Strong("Lọc nhật ký")
	title.SizeName = theme.SizeNameSubHeadingText
	space := kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}
	if state.Asking {
		return append(all, title, kit.Middle(8, kit.Cell{Object: s.submit}, kit.Cell{Object: s.leave}, space), kit.Panel("", s.form.Body()))
	}
	if len(state.Facts) == 0 {
		return all
	}
	var lines []fyne.CanvasObject
	for _, f := range state.Facts {
		lines = append(lines, kit.Row(12, kit.Cell{Object: kit.Caption(f.Label), Min: 108}, kit.Cell{Object: kit.NewParagraph(f.Text), Min: 140, Weight: 1}))
	}
	all = append(all, kit.Panel("", lines...))
	if state.Dossier {
		all = append(all, kit.Middle(8, kit.Cell{Object: s.open}, space))
	}
	return all
}

// Focus is for the presenter; "" is the rows.
func (s *Screen) Focus(field string) {
	if field != "" && s.form.Focus(field) {
		return
	}
	if c := kit.CanvasOf(s.root); c != nil {
		c.Focus(s.table)
	}
}
