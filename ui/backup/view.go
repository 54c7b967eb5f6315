package backup

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: the backups on the left, what can be done on the right.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	table  *kit.Table
	right  *fyne.Container
	scroll *kit.Scroll // the right half
	tall   *kit.Scroll // all of it, where letters are too large for two halves
	halves *fyne.Container
	form   *kit.Form

	make, prove, weigh, choose, on, leave, stop *kit.Button

	was   State
	built bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, right: kit.Column(10), form: kit.NewForm(false)}
	s.table = kit.NewTable(kit.TableColumn{Title: "Lúc sao lưu", Min: 140}, kit.TableColumn{Title: "Nơi", Min: 100, Weight: 1},
		kit.TableColumn{Title: "Tình trạng", Min: 150, Weight: 1}, kit.TableColumn{Title: "Hồ sơ", Min: 60, Drop: 1}, kit.TableColumn{Title: "Dung lượng", Min: 96, Drop: 2})
	s.table.Row = func(i int) ([]kit.TableCell, bool) {
		if i >= len(s.was.Rows) {
			return nil, false
		}
		return s.was.Rows[i], true
	}
	s.table.OnSelect = p.Select
	s.table.Least = 4
	s.scroll = kit.NewScroll(s.right)
	s.tall = kit.NewScroll(kit.Column(10, s.table, s.right))
	s.halves = kit.Fold(kit.Split(kit.Pad(0, 10, 0, 0, s.table), s.scroll, 0.46, 400, 640), s.tall, 900)
	s.root = kit.Pad(12, 2, 12, 14, s.halves)
	s.form.OnText, s.form.OnPick = p.Text, p.Text
	s.form.OnLast = func() {
		if s.was.Mode == Choosing {
			p.Go()
		} else if c := kit.CanvasOf(s.root); c != nil {
			c.FocusNext()
		}
	}
	s.form.OnGrow = func() { s.shown().Relayout() }
	s.form.OnFocus = func(key string) { s.shown().Reveal(s.form.Object(key)) }
	button := func(text, key string, look kit.Look, do func()) *kit.Button {
		b := kit.NewButton(text, key, look, do)
		b.OnFocus = func() { s.shown().Reveal(b) }
		return b
	}
	s.make = button("Sao lưu ngay", "F6", kit.Primary, p.Make)
	s.prove = button("Thử khôi phục", "F4", kit.Plain, p.Prove)
	s.weigh = button("Khôi phục…", "F8", kit.Plain, p.Weigh)
	s.choose = button("Khôi phục từ tệp khác…", "Ctrl+O", kit.Plain, p.Choose)
	s.on = button("Tiếp tục", "F9", kit.Primary, p.Go)
	s.leave = button("Quay lại", "Esc", kit.Plain, p.Leave)
	s.stop = button("Dừng", "Esc", kit.Plain, p.Stop)
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
	s.table.Empty = "Đang đọc…"
	if state.Read {
		s.table.Empty = "Chưa có bản sao lưu nào."
	}
	s.table.SetRows(len(state.Rows))
	if len(state.Rows) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	s.table.Refresh()
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	look := kit.Primary
	if state.Mode == Weighing {
		look = kit.Danger
	}
	if s.on.Look != look {
		s.on.Look = look
		s.on.Refresh()
	}
	s.make.SetEnabled(state.CanMake)
	s.prove.SetEnabled(state.CanProve)
	s.weigh.SetEnabled(state.CanBack && len(state.Rows) > 0)
	s.choose.SetEnabled(state.CanBack)
	s.on.SetEnabled(state.CanBack)
	s.stop.SetEnabled(!state.Stopping)
	plain, before := state, was // what is drawn anew when it changes
	plain.Rows, before.Rows, plain.Values, before.Values, plain.Said, before.Said = nil, nil, nil, nil, nil, nil
	if s.built && reflect.DeepEqual(plain, before) {
		return
	}
	turned := was.Mode != state.Mode || (was.Going == "") != (state.Going == "") || !reflect.DeepEqual(was.Alert, state.Alert)
	s.built = true
	s.right.Objects = s.draw(state)
	s.shown().Relayout()
	if turned {
		s.shown().Top()
	}
}

func (s *Screen) draw(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	space := kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}
	if state.Title != "" {
		title := kit.Strong(state.Title)
		title.SizeName = theme.SizeNameSubHeadingText
		all = append(all, title)
	}
	if state.Alert != nil {
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if state.Going != "" {
		going := []fyne.CanvasObject{kit.NewParagraph(state.Going), kit.Bar(state.Share)}
		if state.CanStop {
			going = append(going, kit.Middle(8, kit.Cell{Object: s.stop}, space))
		}
		return append(all, kit.Panel("", going...))
	}
	if state.Lead != "" {
		all = append(all, kit.NewParagraph(state.Lead))
	}
	if len(state.Lines) > 0 {
		var lines []fyne.CanvasObject
		for _, one := range state.Lines {
			lines = append(lines, marked(one))
		}
		all = append(all, kit.Panel("", lines...))
	}
	if len(state.Questions) > 0 {
		all = append(all, s.form.Body())
	}
	if state.Mode != Looking {
		all = append(all, kit.Middle(8, kit.Cell{Object: s.on}, kit.Cell{Object: s.leave}, space))
	} else if len(state.Questions) > 0 {
		all = append(all, kit.Middle(8, kit.Cell{Object: s.make}, space))
	}
	if state.Lost != "" {
		all = append(all, kit.Panel("Hồ sơ sẽ mất", kit.NewParagraph(state.Lost)))
	}
	if state.Which != "" {
		all = append(all, s.chosen(state))
	}
	if state.Mode == Looking && state.CanBack {
		all = append(all, kit.Middle(8, kit.Cell{Object: s.choose}, space))
	}
	return append(all, kit.Caption("Chỉ ai mở được dữ liệu của đơn vị (mật khẩu hoặc phiếu khôi phục) mới dùng được bản sao lưu."))
}

// chosen is the backup that is chosen, and what can be done with it.
func (s *Screen) chosen(state State) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.Caption(state.About)}
	if state.Mode == Looking {
		do := []kit.Cell{{Object: s.prove}}
		if state.CanBack {
			do = append(do, kit.Cell{Object: s.weigh})
		}
		parts = append(parts, kit.Middle(8, append(do, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1})...))
	}
	return kit.Panel("Bản lúc "+state.Which, parts...)
}

func marked(one Alert) fyne.CanvasObject {
	sign, ink := kit.RingSign, kit.Ink
	switch one.Tone {
	case kit.Good:
		sign, ink = kit.TickSign, kit.Green
	case kit.Warn:
		sign, ink = kit.TriangleSign, kit.Amber
	case kit.Bad:
		sign, ink = kit.CrossSign, kit.Red
	}
	words := kit.NewParagraph(one.Text)
	words.Color = ink
	return kit.Marked(sign, words)
}

// Focus is for the presenter; "" is the list, or where to put the first backup.
func (s *Screen) Focus(field string) {
	c := kit.CanvasOf(s.root)
	switch {
	case c == nil:
	case field == "go":
		c.Focus(s.leave) // reading comes first; F9 goes on
	case field == "" && len(s.was.Rows) > 0:
		c.Focus(s.table)
	case field == "":
		s.form.Focus("to")
	default:
		s.form.Focus(field)
	}
}
