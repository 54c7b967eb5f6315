package list

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p       *Presenter
	root    *fyne.Container
	search  *kit.Entry
	count   *kit.Paragraph
	wrong   *fyne.Container
	table   *kit.Table
	filling bool
	was     State
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, search: kit.NewEntry(), count: kit.Caption(""), wrong: kit.Column(0)}
	s.table = kit.NewTable(
		kit.TableColumn{Title: "Số hồ sơ", Min: 174, Tail: true},
		kit.TableColumn{Title: "Người đề nghị", Min: 140, Weight: 1},
		kit.TableColumn{Title: "Thủ tục", Min: 190, Drop: 1},
		kit.TableColumn{Title: "Trạng thái", Min: 180},
		kit.TableColumn{Title: "Tiếp nhận lúc", Min: 136, Drop: 2},
		kit.TableColumn{Title: "Hẹn trả", Min: 152},
		kit.TableColumn{Title: "Gửi cấp trên", Min: 150, Weight: 3})
	s.table.Row = func(i int) ([]kit.TableCell, bool) {
		row, ok := p.Row(i)
		if !ok {
			return nil, false
		}
		return p.Cells(row), true
	}
	s.table.OnOpen = p.OpenRow
	s.search.SetPlaceHolder("Tên, số hồ sơ, số định danh, điện thoại …")
	s.search.OnChanged = func(text string) {
		if !s.filling {
			p.Search(text)
		}
	}
	s.search.OnArrow = s.table.Step
	s.search.OnEnter = s.table.Open
	label := kit.Strong("Tìm hồ sơ")
	head := kit.Middle(12, kit.Cell{Object: label, Min: 76}, kit.Cell{Object: s.search, Min: 200, Weight: 3}, kit.Cell{Object: s.count, Min: 220, Weight: 1})
	s.root = kit.Pad(12, 14, 12, 14, kit.Frame(kit.Column(10, head, s.wrong), nil, s.table, 10))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	if s.search.Text != state.Text {
		s.filling = true
		s.search.SetText(state.Text)
		s.search.CursorColumn = len([]rune(state.Text))
		s.search.Refresh()
		s.filling = false
	}
	count := ""
	switch {
	case !state.Counted:
		count = "Đang đọc…"
	case state.Text == "":
		count = Thousands(state.Count) + " hồ sơ, mới nhất trước"
	default:
		count = "Tìm thấy " + Thousands(state.Count) + " hồ sơ"
	}
	if s.count.Text() != count {
		s.count.SetText(count)
		kit.Relayout(s.root)
	}
	s.table.Empty = "Chưa có hồ sơ nào. Nhấn F2 để tiếp nhận."
	if state.Text != "" {
		s.table.Empty = "Không có hồ sơ nào khớp. Thử ít chữ hơn, hoặc số hồ sơ."
	}
	if state.Wrong != s.was.Wrong {
		s.wrong.Objects = nil
		if state.Wrong != "" {
			s.wrong.Objects = []fyne.CanvasObject{kit.Notice(kit.Bad, state.Wrong)}
		}
		kit.Relayout(s.root)
	}
	if state.Top {
		s.table.SetRows(state.Count)
		s.table.Top()
	} else {
		s.table.SetRows(state.Count)
	}
	s.was = state
}

// Focus goes to the search, with what is there selected.
func (s *Screen) Focus() {
	if c := kit.CanvasOf(s.search); c != nil {
		c.Focus(s.search)
		if s.search.Text != "" {
			s.search.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	}
}

// Thousands writes a count as one writes it in Vietnam: 100.000.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ".")
}
