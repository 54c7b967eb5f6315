package layouts

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view: the list of forms, or the editor in its place.
type Screen struct {
	p     *Presenter
	root  *fyne.Container
	list  *fyne.Container
	edit  *editView
	table *kit.Table
	top   *fyne.Container // above the list
	right *fyne.Container
	side  *kit.Scroll
	tall  *kit.Scroll // all of it, where letters are too large for two halves
	fold  *fyne.Container
	work  *kit.Button // edit the text
	blank *kit.Button
	mark  *kit.Button
	yes   *kit.Button
	no    *kit.Button
	was   State
	built bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, top: kit.Column(0), right: kit.Column(10)}
	s.table = kit.NewTable(kit.TableColumn{Title: "Mã", Min: 106}, kit.TableColumn{Title: "Tên biểu mẫu", Min: 190, Weight: 1},
		kit.TableColumn{Title: "Khổ giấy", Min: 84, Drop: 1}, kit.TableColumn{Title: "Trạng thái", Min: 212})
	s.table.Row = s.row
	s.table.OnSelect = p.Select
	s.table.OnOpen = func(int) { p.Edit() }
	s.table.Empty, s.table.Least = "Đang đọc…", 5
	s.side = kit.NewScroll(s.right)
	s.work = kit.NewButton("Sửa nội dung", "F4", kit.Plain, p.Edit)
	s.blank = kit.NewButton("Xem mẫu trắng", "Ctrl+P", kit.Plain, p.Blank)
	s.mark = kit.NewButton("", "Ctrl+K", kit.Plain, p.Mark)
	s.yes = kit.NewButton("", "F9", kit.Primary, p.Confirm)
	s.no = kit.NewButton("Không", "Esc", kit.Plain, p.Withdraw)
	left := kit.Frame(s.top, nil, s.table, 10)
	s.tall = kit.NewScroll(kit.Column(10, left, s.right))
	s.fold = kit.Fold(kit.Split(kit.Pad(4, 8, 0, 0, left), s.side, 0.3, 290, 430), s.tall, 620)
	for _, b := range []*kit.Button{s.work, s.blank, s.mark, s.yes, s.no} {
		b.OnFocus = func() { s.shown().Reveal(b) }
	}
	s.list = kit.Pad(12, 2, 12, 14, s.fold)
	s.edit = newEditView(p)
	s.root = container.NewStack(s.list)
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

func (s *Screen) shown() *kit.Scroll { return kit.Shown(s.fold, s.tall, s.side) }

func (s *Screen) row(i int) ([]kit.TableCell, bool) {
	if i >= len(s.was.Forms) {
		return nil, false
	}
	f := s.was.Forms[i]
	words, chip := standing(f)
	return []kit.TableCell{{Text: f.Code, Bold: true}, {Text: f.Title}, {Text: f.Size, Color: kit.Muted}, {Text: words, Chip: chip}}, true
}

// standing is how far the keeper is with a form.
func standing(f FormLine) (string, *kit.Chip) {
	switch {
	case f.Editing:
		return "Đang sửa, chưa lưu", &kit.Chip{Sign: kit.DiamondSign, Color: kit.Accent, Soft: kit.Soft}
	case f.Checked:
		return "Đã đối chiếu", &kit.Chip{Sign: kit.TickSign, Color: kit.Green, Soft: kit.GreenSoft}
	case f.Unseen:
		return "Chưa đối chiếu", &kit.Chip{Sign: kit.TriangleSign, Color: kit.Amber, Soft: kit.AmberSoft}
	}
	return "Theo mẫu đang dùng", &kit.Chip{Sign: kit.DotSign, Color: kit.Muted, Soft: kit.Surface}
}

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	if state.Read {
		s.table.Empty = "Bộ biểu mẫu của đơn vị chưa có mẫu nào."
	}
	s.table.SetRows(len(state.Forms))
	if len(state.Forms) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	if state.Edit != nil {
		s.edit.show(*state.Edit, state.Busy)
	}
	shown := fyne.CanvasObject(s.list)
	if state.Edit != nil {
		shown = s.edit.root
	}
	if s.root.Objects[0] != shown {
		s.root.Objects = []fyne.CanvasObject{shown}
		s.root.Refresh()
		kit.Relayout(s.root)
	}
	now, before := state, was
	now.Edit, before.Edit = nil, nil
	if s.built && reflect.DeepEqual(now, before) {
		return
	}
	s.built = true
	s.draw(state)
	kit.Relayout(s.list)
	s.shown().Relayout()
}

func (s *Screen) draw(state State) {
	s.top.Objects = nil
	if state.Alert != nil {
		s.top.Objects = []fyne.CanvasObject{kit.Notice(state.Alert.Tone, state.Alert.Text)}
	}
	s.right.Objects = nil
	if state.At >= len(state.Forms) {
		return
	}
	for _, b := range []*kit.Button{s.work, s.blank, s.mark, s.yes, s.no} {
		b.SetEnabled(!state.Busy)
	}
	if c := state.Confirm; c != nil {
		s.yes.Set(c.Say)
		s.right.Objects = []fyne.CanvasObject{kit.Panel(c.Title, kit.Strong(c.Name), kit.NewParagraph(c.Text), s.no, s.yes)}
		return
	}
	f := state.Forms[state.At]
	s.mark.Set("Đánh dấu đã đối chiếu")
	if f.Checked {
		s.mark.Set("Bỏ đánh dấu")
	}
	words, chip := standing(f)
	all := []fyne.CanvasObject{kit.Strong(f.Title), kit.Row(0, kit.Cell{Object: kit.NewChipLabel(chip, words)}, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}),
		kit.Caption(trust(f.FormInfo))}
	if f.Editing {
		all = append(all, kit.Caption("Có nội dung đã sửa chưa lưu. Nhấn F4 để sửa tiếp."))
	}
	all = append(all, kit.Caption(use(f.FormInfo)), kit.Rule())
	if f.Data {
		all = append(all, s.work)
	}
	if f.Blank {
		all = append(all, s.blank)
	}
	s.right.Objects = []fyne.CanvasObject{kit.Panel(f.Code, append(all, s.mark)...)}
}

// trust is what is known of a form and the official paper.
func trust(f dossier.FormInfo) string {
	switch {
	case f.Checked:
		return "Mẫu này đã được đối chiếu với bản chính thức, in không có dấu mờ."
	case f.Unseen:
		return "Mẫu này in dấu mờ “chưa đối chiếu” cho đến khi được so với bản chính thức và đánh dấu ở đây."
	}
	return "Mẫu này dựng theo mẫu các đơn vị đang dùng, in không có dấu mờ. Đề nghị so với bản giấy của đơn vị rồi đánh dấu."
}

// use is what a form is for.
func use(f dossier.FormInfo) string {
	out := "Khổ " + f.Size + ". "
	switch {
	case f.Book:
		return out + "Lập từ nhiều hồ sơ, ở màn hình Sổ."
	case f.Blank:
		return out + "In từ hồ sơ, hoặc in mẫu trắng để phát cho công dân."
	}
	return out + "In từ hồ sơ."
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch {
	case s.was.Edit != nil:
		s.edit.focus(field)
	case field == "confirm":
		focus(s.no)
	default:
		focus(s.table)
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
