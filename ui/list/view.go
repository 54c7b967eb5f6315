package list

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p       *Presenter
	root    *fyne.Container
	top     *fyne.Container // views and search
	foot    *fyne.Container // marks and printing
	strip   *kit.Tiles      // the views
	search  *kit.Entry
	count   *kit.Paragraph
	sort    *kit.Button
	wrong   *fyne.Container
	table   *kit.TickTable
	marked  *kit.Paragraph
	print   *kit.Button
	rows    *fyne.Container // the table, or what is asked before printing
	form    *kit.Form
	asked   *kit.Scroll
	ask     *fyne.Container
	head    *kit.Paragraph
	failed  *fyne.Container
	view    *kit.Button
	filling bool
	was     State
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, strip: kit.NewTiles(), search: kit.NewEntry(), count: kit.Caption(""), wrong: kit.Column(0), marked: kit.Caption(""),
		form: kit.NewForm(true), head: kit.NewParagraph(""), failed: kit.Column(0)}
	s.strip.OnPick = func(i int) { p.Choose(heaps[i].view) }
	s.strip.OnLeave = func() { s.focus(s.table) }
	s.table = kit.NewTickTable(columns...)
	s.table.Row = func(i int) ([]kit.TableCell, bool) {
		row, ok := p.Row(i)
		if !ok {
			return nil, false
		}
		return append([]kit.TableCell{{}}, p.Cells(row)...), true
	}
	s.table.Least = 1
	s.table.OnOpen = p.OpenRow
	s.table.OnNone = p.Widen
	s.table.OnSort = p.SortBy
	s.table.Ticked = p.Marked
	s.table.OnTick = p.Mark
	s.search.SetPlaceHolder("Tìm tên, số hồ sơ, số định danh, điện thoại")
	s.search.OnChanged = func(text string) {
		if !s.filling {
			p.Search(text)
		}
	}
	s.search.OnArrow = s.table.Step
	s.search.OnEnter = p.Enter
	s.sort = kit.NewButton("Xếp: "+sortWords(dossier.SortBurns), "F4", kit.Plain, p.NextSort)
	line := kit.Middle(12, kit.Cell{Object: s.search, Min: 160, Weight: 4}, kit.Cell{Object: s.count, Min: 150, Weight: 1}, kit.Cell{Object: s.sort})
	s.print = kit.NewButton("In hàng loạt", "F8", kit.Plain, p.Print)
	s.foot = kit.Middle(12, kit.Cell{Object: s.marked, Min: 160, Weight: 1}, kit.Cell{Object: s.print})
	s.makeAsk()
	s.rows = container.NewStack(s.table)
	s.top = kit.Column(9, s.strip, line, s.wrong)
	s.root = kit.Pad(10, 14, 8, 14, kit.Frame(s.top, s.foot, s.rows, 8))
	p.Attach(s)
	return s
}

func (s *Screen) makeAsk() {
	s.view = kit.NewButton("Xem bản in", "F9", kit.Primary, s.p.PreviewAll)
	s.form.OnPick = s.p.Pick
	s.form.OnDay = func(_, typed string, _ dossier.Date, _ error) { s.p.Day(typed) }
	s.form.OnLast = s.p.PreviewAll
	title := kit.Strong("In hàng loạt")
	title.SizeName = theme.SizeNameSubHeadingText
	buttons := kit.Row(8, kit.Cell{Object: kit.Gap(1), Weight: 1}, kit.Cell{Object: kit.NewButton("Quay lại", "Esc", kit.Plain, s.p.Close)}, kit.Cell{Object: s.view})
	s.asked = kit.NewScroll(kit.Column(10, title, s.head, s.failed, s.form.Body()))
	s.form.OnGrow = s.asked.Relayout
	s.form.OnFocus = func(key string) { s.asked.Reveal(s.form.Object(key)) }
	s.ask = kit.Backed(kit.Surface, kit.Hairline, kit.Pad(10, 10, 12, 14, kit.Frame(nil, buttons, s.asked, 10)))
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
	s.strip.Set(tilesOf(state))
	if h := s.strip.Size().Height; h > 0 && h != s.strip.HeightFor(s.strip.Size().Width) {
		kit.Relayout(s.root)
	}
	title := heapOf(state.In).title
	count, inside := "Đang đọc …", title+": "
	switch {
	case !state.Counted:
	case state.Reading:
		count = s.count.Text()
	case state.Text == "":
		count = inside + Thousands(state.Count) + " hồ sơ"
	default:
		count = inside + "tìm thấy " + Thousands(state.Count) + " hồ sơ"
	}
	if s.count.Text() != count {
		s.count.SetText(count)
		kit.Relayout(s.root)
	}
	if words := "Xếp: " + sortWords(state.Sort); s.sort.Text != words {
		s.sort.Set(words)
		kit.Relayout(s.root)
	}
	s.table.Sorted, s.table.Falling = string(state.Sort), state.Sort == dossier.SortLatest
	if state.Sort == dossier.SortOldest {
		s.table.Sorted = string(dossier.SortLatest)
	}
	if !state.Reading {
		s.table.Empty = nothing(state)
	}
	if state.Wrong != s.was.Wrong {
		s.wrong.Objects = nil
		if state.Wrong != "" {
			again := kit.NewButton("Đọc lại", "F6", kit.Plain, s.p.Refresh)
			s.wrong.Objects = []fyne.CanvasObject{kit.Notice(kit.Bad, state.Wrong, kit.Row(0, kit.Cell{Object: again}))}
		}
		kit.Relayout(s.root)
	}
	if state.Top {
		s.table.Top()
	}
	s.table.SetRows(state.Count)
	s.table.Shift(state.Chosen)
	marked := "Insert: đánh dấu hồ sơ để in cùng lúc; Ctrl+A: đánh dấu cả danh sách này"
	switch {
	case state.Note != "":
		marked = state.Note
	case state.Marked > 0:
		marked = "Đã đánh dấu " + Thousands(state.Marked) + " hồ sơ. Nhấn Esc để bỏ dấu."
	}
	if s.marked.Text() != marked {
		s.marked.SetText(marked)
		kit.Relayout(s.root)
	}
	print := "In hàng loạt"
	if state.Marked > 0 {
		print = "In " + Thousands(state.Marked) + " hồ sơ"
	}
	if s.print.Text != print {
		s.print.Set(print)
		kit.Relayout(s.root)
	}
	s.showBatch(state.Batch)
	s.was = state
}

func (s *Screen) showBatch(b *Batch) {
	if b != nil {
		words := "Chưa đánh dấu hồ sơ nào: in mọi hồ sơ tiếp nhận trong ngày, theo thứ tự số, trong một lần in."
		if b.Marked > 0 {
			words = "Đã đánh dấu " + Thousands(b.Marked) + " hồ sơ; in theo thứ tự số, trong một lần in."
		}
		s.head.SetText(words)
		s.failed.Objects = nil
		if b.Wrong != "" {
			s.failed.Objects = []fyne.CanvasObject{kit.Notice(kit.Bad, b.Wrong)}
		}
		s.form.Ask(b.Questions)
		s.form.Fill(b.Values, b.Said)
		s.view.SetEnabled(!b.Busy)
		s.asked.Relayout()
	}
	show := fyne.CanvasObject(s.table)
	if b != nil {
		show = s.ask
	}
	if s.rows.Objects[0] != show {
		s.rows.Objects = []fyne.CanvasObject{show}
		s.rows.Refresh()
		s.top.Hidden, s.foot.Hidden = b != nil, b != nil // what is asked needs the room
		kit.Relayout(s.root)
	}
}

// FocusPrint is for the presenter.
func (s *Screen) FocusPrint(field string) { s.form.Focus(field) }

// Mark is for the presenter.
func (s *Screen) Mark() {
	s.table.Tick()
	s.table.Step(fyne.KeyDown) // as one marks one after the other
}

// Typing is for the presenter.
func (s *Screen) Typing() bool {
	c := kit.CanvasOf(s.search)
	return c != nil && c.Focused() == s.search && s.search.Text != ""
}

// Erase is for the presenter.
func (s *Screen) Erase() {
	s.focus(s.search)
	s.search.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
}

// Chosen is for the presenter.
func (s *Screen) Chosen() int { return s.table.Selected() }

// Open is for the presenter.
func (s *Screen) Open() { s.table.Open() }

func (s *Screen) focus(o fyne.Focusable) {
	if c := kit.CanvasOf(s.search); c != nil {
		c.Focus(o)
	}
}

// Focus goes to the search, with what is there selected.
func (s *Screen) Focus() {
	if s.was.Batch != nil {
		s.form.Focus("")
		return
	}
	s.focus(s.search)
	if s.search.Text != "" {
		s.search.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// nothing is said where there are no rows.
func nothing(state State) string {
	title := heapOf(state.In).title
	switch {
	case !state.Counted:
		return ""
	case state.Text == "":
		return heapOf(state.In).none
	case state.Elsewhere > 0:
		return "“" + title + "” không có hồ sơ nào khớp.\nTrong “Tất cả” tìm thấy " + Thousands(state.Elsewhere) + " hồ sơ. Nhấn Enter để xem."
	}
	return "Không có hồ sơ nào khớp. Thử gõ ít chữ hơn, hoặc gõ số hồ sơ."
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
