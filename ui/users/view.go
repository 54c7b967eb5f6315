package users

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: the people on the left, what is known of one or is being done on the right.
type Screen struct {
	p       *Presenter
	root    *fyne.Container
	table   *kit.Table
	right   *fyne.Container
	scroll  *kit.Scroll // the right half
	tall    *kit.Scroll // all of it, where letters are too large for two halves
	halves  *fyne.Container
	form    *kit.Form
	secrets *kit.Secrets
	groups  *kit.Groups

	admit, change, reset, remove, own, renew, submit, leave, show, print, save *kit.Button

	was   State
	built bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, right: kit.Column(10), form: kit.NewForm(false), groups: kit.NewGroups()}
	s.table = kit.NewTable(kit.TableColumn{Title: "Họ tên", Min: 150, Weight: 3}, kit.TableColumn{Title: "Tên đăng nhập", Min: 110, Weight: 1},
		kit.TableColumn{Title: "Vai trò", Min: 130, Weight: 1}, kit.TableColumn{Title: "Đăng nhập", Min: 140, Drop: 2}, kit.TableColumn{Title: "Tình trạng", Min: 120, Drop: 1})
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
	s.halves = kit.Fold(kit.Split(kit.Pad(0, 10, 0, 0, s.table), s.scroll, 0.44, 380, 620), s.tall, 900)
	s.root = kit.Pad(12, 2, 12, 14, s.halves)
	s.secrets = kit.NewSecrets(s.form, p.Text)
	s.form.OnText, s.form.OnPick, s.form.OnLast = p.Text, p.Text, p.Submit
	s.form.OnGrow = func() { s.shown().Relayout() }
	s.form.OnFocus = func(key string) { s.shown().Reveal(s.form.Object(key)) }
	button := func(text, key string, look kit.Look, do func()) *kit.Button {
		b := kit.NewButton(text, key, look, do)
		b.OnFocus = func() { s.shown().Reveal(b) }
		return b
	}
	begin := func(text, key string, look kit.Look, m Mode) *kit.Button {
		b := button(text, key, look, func() { p.Begin(m) })
		b.Left = true
		return b
	}
	s.admit = begin("Thêm người dùng", "F6", kit.Plain, Admitting)
	s.change = begin("Đổi vai trò", "F4", kit.Plain, Changing)
	s.reset = begin("Đặt lại mật khẩu", "Ctrl+R", kit.Plain, Resetting)
	s.remove = begin("Xóa người dùng", "Ctrl+D", kit.Danger, Removing)
	s.own = begin("Đổi mật khẩu của tôi", "Ctrl+M", kit.Plain, Own)
	s.renew = begin("Lập phiếu khôi phục mới", "Ctrl+U", kit.Plain, Renewing)
	s.submit = button("", "F9", kit.Primary, p.Submit)
	s.leave = button("Quay lại", "Esc", kit.Plain, p.Leave)
	s.show = button("", "Ctrl+H", kit.Plain, p.Reveal)
	s.print = button("In phiếu khôi phục", "F8", kit.Plain, p.PrintSheet)
	s.save = button("Lưu tệp PDF", "Ctrl+S", kit.Plain, p.SaveSheet)
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
	switch {
	case state.Alone:
		s.table.Empty = "Danh sách người dùng do chỉ huy và người quản trị xem."
	case state.Read:
		s.table.Empty = "Chưa có người dùng."
	}
	s.table.SetRows(len(state.Rows))
	if len(state.Rows) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	s.form.Ask(s.secrets.Place(state.Questions))
	s.form.Fill(state.Values, state.Said)
	s.secrets.Fill(state.Values, state.Said, state.Shown)
	s.groups.Set(state.Code, false)
	look := kit.Primary
	if state.Mode == Removing {
		look = kit.Danger
	}
	if s.submit.Look != look {
		s.submit.Look = look
		s.submit.Refresh()
	}
	s.submit.Set(state.Submit)
	s.show.Set("Hiện mật khẩu")
	if state.Shown {
		s.show.Set("Ẩn mật khẩu")
	}
	for _, b := range []*kit.Button{s.submit, s.leave, s.admit, s.own, s.renew, s.print, s.save} {
		b.SetEnabled(!state.Busy)
	}
	if s.built && was.Mode == state.Mode && was.Alone == state.Alone && was.Title == state.Title && was.Others == state.Others && was.Submit == state.Submit &&
		was.Shown == state.Shown && reflect.DeepEqual(was.Alert, state.Alert) && reflect.DeepEqual(was.Facts, state.Facts) && len(was.Questions) == len(state.Questions) {
		return
	}
	turned := was.Mode != state.Mode || was.At != state.At
	s.built = true
	s.right.Objects = s.draw(state)
	s.shown().Relayout()
	if turned {
		s.shown().Top()
	}
}

func (s *Screen) draw(state State) []fyne.CanvasObject {
	title := kit.Strong(state.Title)
	title.SizeName = theme.SizeNameSubHeadingText
	all := []fyne.CanvasObject{title}
	if state.Lead != "" {
		all = append(all, kit.NewParagraph(state.Lead))
	}
	if state.Alert != nil {
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	space := kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}
	if state.Mode == Looking {
		return append(all, s.person(state)...)
	}
	if len(state.Questions) > 0 {
		all = append(all, s.form.Body())
	}
	if state.Mode == Coded {
		return append(all, kit.Panel("", s.groups), kit.Middle(8, kit.Cell{Object: s.print}, kit.Cell{Object: s.save}, space), kit.Middle(8, kit.Cell{Object: s.submit}, space))
	}
	all = append(all, kit.Middle(8, kit.Cell{Object: s.submit}, kit.Cell{Object: s.leave}, space))
	for _, section := range state.Questions {
		for _, row := range section.Rows {
			if row[0].Kind == kit.Custom {
				return append(all, kit.Middle(8, kit.Cell{Object: s.show}, space))
			}
		}
	}
	return all
}

// person is what is known of who is chosen, and what can be done.
func (s *Screen) person(state State) []fyne.CanvasObject {
	var all, lines []fyne.CanvasObject
	for _, f := range state.Facts {
		if f.Text != "" {
			lines = append(lines, kit.Row(12, kit.Cell{Object: kit.Caption(f.Label), Min: 145}, kit.Cell{Object: kit.NewParagraph(f.Text), Min: 140, Weight: 1}))
		}
	}
	if len(lines) > 0 {
		all = append(all, kit.Panel("", lines...))
	}
	if state.Others {
		all = append(all, kit.Column(6, s.change, s.reset, s.remove))
	}
	return append(all, kit.Rule(), kit.Column(6, s.admit, s.own, s.renew))
}

// Focus is for the presenter; "" is the list.
func (s *Screen) Focus(field string) {
	if field != "" && field != "submit" && s.form.Focus(field) {
		return
	}
	c := kit.CanvasOf(s.root)
	switch {
	case c == nil:
	case field == "submit":
		c.Focus(s.submit)
	case s.was.Alone:
		s.form.Focus("old")
	default:
		c.Focus(s.table)
	}
}

// SelectAll is for the presenter.
func (s *Screen) SelectAll(field string) { s.secrets.SelectAll(field) }
