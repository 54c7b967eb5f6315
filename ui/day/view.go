package day

import (
	"reflect"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	head   *fyne.Container
	title  *kit.Paragraph
	about  *kit.Paragraph
	tiles  *kit.Tiles
	acts   *kit.Table
	past   *kit.Table
	stage  *fyne.Container // one of the tables
	note   *kit.Paragraph
	right  *fyne.Container
	foot   *fyne.Container // below right, always in sight
	scroll *kit.Scroll     // the right half
	tall   *kit.Scroll     // all of it, where letters are too large for two halves
	halves *fyne.Container
	form   *kit.Form
	papers *kit.Form
	close  *kit.Button
	print  *kit.Button

	buttons map[string]*kit.Button
	was     State
	built   bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, title: kit.Strong(""), about: kit.Caption(""), tiles: kit.NewTiles(), note: kit.Caption(""), right: kit.Column(10), foot: kit.Column(8), form: kit.NewForm(true),
		papers: kit.NewForm(true), buttons: map[string]*kit.Button{}}
	s.title.SizeName = theme.SizeNameSubHeadingText
	s.tiles.CountSize = theme.SizeNameSubHeadingText
	s.tiles.OnPick = func(i int) { p.Section(s.was.Tiles[i].Section) }
	s.tiles.OnLeave = func() { focus(s.acts) }
	s.acts = kit.NewTable(kit.TableColumn{Title: "Giờ", Min: 104}, kit.TableColumn{Title: "Số hồ sơ", Min: 174, Tail: true},
		kit.TableColumn{Title: "Người đề nghị", Min: 130, Weight: 2}, kit.TableColumn{Title: "Việc", Min: 138, Weight: 1},
		kit.TableColumn{Title: "Thủ tục", Min: 150, Weight: 1, Drop: 1}, kit.TableColumn{Title: "Cán bộ", Min: 120, Weight: 1, Drop: 2})
	s.acts.OnSelect = func(i int) { s.tell(i) }
	s.acts.Least = 4
	s.past = kit.NewTable(kit.TableColumn{Title: "Ngày", Min: 104}, kit.TableColumn{Title: "Lần", Min: 48}, kit.TableColumn{Title: "Tiếp nhận", Min: 88, Drop: 2},
		kit.TableColumn{Title: "Thao tác", Min: 84, Drop: 3}, kit.TableColumn{Title: "Người chốt", Min: 130, Weight: 1}, kit.TableColumn{Title: "Người kiểm tra", Min: 130, Weight: 1},
		kit.TableColumn{Title: "Máy", Min: 92, Drop: 1})
	s.past.OnSelect = p.Choose
	for _, t := range []*kit.Table{s.acts, s.past} {
		t.Row, t.OnOpen = p.Cells, p.OpenRow
	}
	s.scroll = kit.NewScroll(s.right)
	for _, f := range []*kit.Form{s.form, s.papers} {
		f.OnText, f.OnPick, f.OnGrow = p.Text, p.Pick, s.relayout
		f.OnFocus = func(key string) {
			if o := f.Object(key); o != nil {
				s.reveal(o)
			}
		}
	}
	s.close = s.seen(kit.NewButton("Chốt ngày", "F9", kit.Primary, p.Close))
	s.print = s.seen(kit.NewButton("Xem bản in", "F8", kit.Primary, p.Print))
	s.form.OnLast = func() { focus(s.close) }
	s.papers.OnLast = func() { focus(s.print) }
	s.stage = container.NewStack(s.acts)
	s.head = kit.Column(7, kit.Column(1, s.title, s.about), s.tiles)
	left := kit.Pad(0, 10, 0, 4, kit.Frame(s.head, s.note, s.stage, 8))
	s.tall = kit.NewScroll(kit.Column(10, left, s.right, s.foot))
	s.halves = kit.Fold(kit.Split(left, kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, s.foot), s.scroll, 10), 0.36, 310, 470), s.tall, 680)
	s.root = kit.Pad(10, 12, 10, 10, s.halves)
	p.Attach(s)
	return s
}

func (s *Screen) shown() *kit.Scroll { return kit.Shown(s.halves, s.tall, s.scroll) }

func (s *Screen) relayout() { s.shown().Relayout() }

// reveal brings what has come into focus into sight.
func (s *Screen) reveal(o fyne.CanvasObject) { s.shown().Reveal(o) }

func (s *Screen) seen(b *kit.Button) *kit.Button {
	b.OnFocus = func() { s.reveal(b) }
	return b
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.title.Set(state.Title, kit.Ink)
	s.about.Set(state.About, kit.Muted)
	s.tiles.Hidden = state.Mode == Past || !state.Read
	s.tiles.Set(tilesOf(state))
	table := s.acts
	if state.Mode == Past {
		table = s.past
	}
	if s.stage.Objects[0] != table || state.Fresh != was.Fresh || !s.built || state.Empty != table.Empty {
		s.stage.Objects = []fyne.CanvasObject{table}
		table.Empty = state.Empty
		table.SetRows(state.Rows)
		if state.Section != was.Section || state.Mode != was.Mode {
			table.Top()
		}
		s.stage.Refresh()
	}
	s.note.Set(s.p.Note(s.acts.Selected()), kit.Muted)
	s.form.Ask(state.Asked)
	s.form.Fill(state.Values, state.Said)
	s.papers.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "form", Kind: kit.Pick, Label: "Giấy cần in", Options: state.Forms, Columns: 1}}}}})
	s.papers.Fill(state.Values, nil)
	s.close.SetEnabled(state.Read && state.Busy == "")
	now, before := quiet(state), quiet(was)
	redraw := !s.built || !reflect.DeepEqual(now, before)
	left := func(x State) []any { return []any{x.Mode, x.Read, x.Title, x.About, x.Tiles, x.Section, x.Fresh} }
	relay := redraw || !reflect.DeepEqual(left(state), left(was))
	if redraw {
		s.built = true
		s.draw(state)
		s.relayout()
		switch said := state.Alert != nil && !reflect.DeepEqual(state.Alert, was.Alert); {
		case said && state.Mode == was.Mode && s.shown() == s.tall:
			s.tall.Reveal(s.right.Objects[0]) // below the rows: it would not be seen
		case said, state.Mode != was.Mode:
			s.shown().Top()
		}
	}
	if relay { // not with every letter typed
		kit.Relayout(s.root)
		s.relayout()
	}
}

// quiet is what the right half is drawn from; the rest has widgets of its own.
func quiet(s State) State {
	s.Rows, s.Fresh, s.Values, s.Said, s.Form, s.Tiles, s.Section, s.Title, s.About, s.Empty, s.Asked, s.Forms = 0, 0, nil, nil, "", nil, "", "", "", "", nil, nil
	checks := make([]Check, len(s.Checks))
	for i, c := range s.Checks {
		c.Do = nil
		checks[i] = c
	}
	s.Checks = checks
	return s
}

// tell says what the chosen row has beside its cells.
func (s *Screen) tell(i int) {
	before := s.note.HeightFor(s.note.Size().Width)
	s.note.Set(s.p.Note(i), kit.Muted)
	if s.note.HeightFor(s.note.Size().Width) != before {
		kit.Relayout(s.root)
		s.relayout()
	}
	if c := kit.CanvasOf(s.acts); c != nil && c.Focused() == fyne.Focusable(s.acts) {
		s.reveal(s.acts)
	}
}

func (s *Screen) draw(state State) {
	var all, foot []fyne.CanvasObject
	switch {
	case state.Busy != "":
		all = append(all, kit.Notice(kit.Info, state.Busy))
	case state.Alert != nil:
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if !state.Read {
		s.right.Objects, s.foot.Objects = all, nil
		return
	}
	report := s.button("Xem, in báo cáo", "Ctrl+P", s.p.Report)
	before := s.button("Các lần chốt trước", "Ctrl+L", s.p.ShowPast)
	back := s.button("Quay lại", "Esc", s.p.Back)
	switch state.Mode {
	case Past:
		if len(state.Facts) > 0 {
			all = append(all, kit.Panel("Lần chốt đang chọn", append(lines(state.Facts), report)...))
		}
		foot = append(foot, back)
	case Closed:
		facts := lines(state.Facts)
		if !state.Broken {
			facts = append(facts, report)
		}
		all = append(all, kit.Panel("Báo cáo đã chốt", facts...), kit.Panel("Khi chốt", s.checks(state)...))
		foot = append(foot, back)
	case Papers:
		all = append(all, kit.Panel("In giấy tờ của các hồ sơ trong ngày", s.print, s.papers.Body()))
		foot = append(foot, back)
	default:
		papers := []fyne.CanvasObject{}
		for _, b := range state.Books {
			papers = append(papers, s.button(b.Title, b.Key, func() { s.p.Register(b.Form) }))
		}
		papers = append(papers, s.button("In giấy tờ trong ngày", "F8", s.p.Print), report)
		all = append(all, kit.Panel("Xem trước khi chốt", s.checks(state)...), kit.Panel("Chốt ngày", s.form.Body()), kit.Panel("Sổ và giấy tờ trong ngày", papers...), before)
		foot = append(foot, kit.Caption("Chốt xong, báo cáo không đổi nữa; việc ghi sau đó vào báo cáo lần sau."), s.close)
	}
	s.right.Objects, s.foot.Objects = all, foot
}

func (s *Screen) checks(state State) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, c := range state.Checks {
		p := kit.NewParagraph(c.Text)
		p.Color = c.Tone.Ink()
		line := kit.Marked(c.Sign, p)
		if c.Do == nil {
			out = append(out, line)
			continue
		}
		out = append(out, kit.Middle(8, kit.Cell{Object: line, Min: 60, Weight: 1}, kit.Cell{Object: s.button(c.Does, c.Key, c.Do)}))
	}
	return out
}

// button is the one of that key: drawn anew, it keeps its focus.
func (s *Screen) button(text, key string, do func()) *kit.Button {
	if s.buttons[key] == nil {
		s.buttons[key] = s.seen(kit.NewButton(text, key, kit.Plain, do))
	}
	return s.buttons[key]
}

func lines(facts []string) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, f := range facts {
		out = append(out, kit.NewParagraph(f))
	}
	return out
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch {
	case field == "form":
		s.papers.Focus(field)
	case field != "":
		s.form.Focus(field)
	case s.was.Mode == Past:
		focus(s.past)
	default:
		focus(s.acts)
	}
}

func focus(o interface {
	fyne.CanvasObject
	fyne.Focusable
}) {
	if c := kit.CanvasOf(o); c != nil {
		c.Focus(o)
	}
}

// tilesOf are the sections of the report with the number of acts in each, and which is chosen.
func tilesOf(state State) (all []kit.Tile, at int) {
	for i, one := range state.Tiles {
		if one.Section == state.Section {
			at = i
		}
		all = append(all, kit.Tile{Title: one.Title, Count: strconv.Itoa(one.N), Empty: one.N == 0, Key: tileKeys[i]})
	}
	return all, at
}
