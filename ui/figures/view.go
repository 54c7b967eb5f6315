package figures

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: the period above, the figures below.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	form   *kit.Form
	head   *fyne.Container
	body   *fyne.Container
	scroll *kit.Scroll
	count  *kit.Button
	print  *kit.Button
	excel  *kit.Button
	stop   *kit.Button
	was    State
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, form: kit.NewForm(true), head: kit.Column(10), body: kit.Column(10)}
	s.form.Holiday = p.Desk.Holiday
	s.scroll = kit.NewScroll(s.body)
	s.form.OnPick, s.form.OnDay, s.form.OnLast = p.Pick, p.Day, p.Refresh
	s.count = kit.NewButton("Tính số liệu", "F9", kit.Primary, p.Refresh)
	s.print = kit.NewButton("Xem và in", "Ctrl+P", kit.Plain, p.Print)
	s.excel = kit.NewButton("Xuất Excel", "Ctrl+E", kit.Plain, p.Export)
	s.stop = kit.NewButton("Dừng", "Esc", kit.Plain, p.Stop)
	buttons := kit.Middle(8, kit.Cell{Object: s.count}, kit.Cell{Object: s.print}, kit.Cell{Object: s.excel}, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1})
	s.head.Objects = []fyne.CanvasObject{kit.Backed(kit.Surface, kit.Hairline, kit.Pad(10, 14, 12, 14, kit.Column(10, s.form.Body(), buttons)))}
	s.form.OnGrow = s.scroll.Relayout
	s.form.OnFocus = func(string) { s.scroll.Top() }
	s.root = kit.Pad(8, 2, 8, 14, s.scroll)
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	for _, b := range []*kit.Button{s.count, s.print, s.excel} {
		b.SetEnabled(state.Busy == "")
	}
	state.Values, was.Values, state.Said, was.Said, state.Questions, was.Questions = nil, nil, nil, nil, nil, nil
	if s.built && reflect.DeepEqual(was, state) {
		return
	}
	s.built = true
	s.body.Objects = append([]fyne.CanvasObject{s.head}, s.draw(state)...)
	s.scroll.Relayout()
}

func (s *Screen) draw(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	switch {
	case state.Busy != "":
		all = append(all, kit.Notice(kit.Info, state.Busy, s.stop))
	case state.Alert != nil && state.Path != "":
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text,
			kit.Middle(10, kit.Cell{Object: kit.NewParagraph(state.Path), Min: 100, Weight: 1}, kit.Cell{Object: kit.NewButton("Mở tệp", "Ctrl+O", kit.Plain, s.p.Open)})))
	case state.Alert != nil:
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if !state.Shown {
		return all
	}
	if state.Old && state.Busy == "" {
		all = append(all, kit.Notice(kit.Info, "Số liệu dưới đây là của kỳ trước đó. Nhấn F9 để tính kỳ đang chọn."))
	}
	title := kit.Strong(state.Title)
	title.SizeName = theme.SizeNameSubHeadingText
	all = append(all, title)
	var cells []kit.Cell
	for _, t := range state.Tiles {
		cells = append(cells, kit.Cell{Object: tile(t), Min: 150, Weight: 1})
	}
	all = append(all, kit.Row(10, cells...))
	if state.Tiles[0].Number == "0" && len(state.Works) == 0 {
		return append(all, kit.Notice(kit.Info, "Trong kỳ này chưa có hồ sơ nào."))
	}
	all = append(all, kit.Panel(state.Days.Title, columns(state.Days.Of), kit.Caption("Phần có vạch trên đầu cột: hồ sơ bị từ chối tiếp nhận.")))
	used := func(i int) bool {
		for _, w := range state.Works {
			if kinds[i].of(w.Tally) > 0 {
				return true
			}
		}
		return false
	}
	all = append(all, kit.Row(10, kit.Cell{Object: kit.Panel("Kết quả theo thủ tục", works(state.Works), legend(used)), Min: 420, Weight: 3},
		kit.Cell{Object: kit.Panel(state.Waits.Title, columns(state.Waits.Of), kit.Caption(state.Waits.Words)), Min: 320, Weight: 2}))
	return all
}

func tile(t Tile) fyne.CanvasObject {
	number := kit.Strong(t.Number)
	number.SizeName = theme.SizeNameHeadingText
	if t.Sign {
		number.Set(t.Number, t.Tone.Ink())
	}
	return kit.Backed(kit.Surface, kit.Hairline, kit.Pad(10, 12, 11, 14, kit.Column(2, number, kit.NewParagraph(t.Words), kit.Caption(t.Small))))
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch field {
	case "PageDown", "PageUp":
		s.scroll.Page(field == "PageDown")
	case "":
		s.form.Focus("span")
	default:
		s.form.Focus(field)
	}
}
