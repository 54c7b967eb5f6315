package rules

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: what there is to read on the left, the page on the right.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	table  *kit.Table
	right  *fyne.Container
	scroll *kit.Scroll // the page
	tall   *kit.Scroll // all of it, where letters are too large for two halves
	halves *fyne.Container
	begin  *kit.Button
	was    State
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, right: kit.Column(10)}
	s.table = kit.NewTable(kit.TableColumn{Title: "Thủ tục và lịch", Min: 200, Weight: 3}, kit.TableColumn{Title: "Thời hạn, tình trạng", Min: 170, Weight: 2, Drop: 1})
	s.table.Row = func(i int) ([]kit.TableCell, bool) {
		if i >= len(s.was.Pages) {
			return nil, false
		}
		return []kit.TableCell{{Text: s.was.Pages[i].Title}, {Text: s.was.Pages[i].Sub, Color: kit.Muted}}, true
	}
	s.table.OnSelect = p.Select
	s.table.OnOpen = func(int) { p.Start() }
	s.table.Least = 5
	s.scroll = kit.NewScroll(s.right)
	s.begin = kit.NewButton("Tiếp nhận hồ sơ này", "F9", kit.Primary, p.Start)
	s.tall = kit.NewScroll(kit.Column(10, s.table, s.right))
	s.halves = kit.Fold(kit.Split(kit.Pad(0, 10, 0, 0, s.table), s.scroll, 0.62, 420, 900), s.tall, 560)
	s.root = kit.Pad(12, 2, 12, 14, s.halves)
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
	if state.Wrong != "" {
		s.table.Empty = "Chưa đọc được."
	}
	s.table.SetRows(len(state.Pages))
	if len(state.Pages) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	if s.built && reflect.DeepEqual(was.Page, state.Page) && was.Wrong == state.Wrong {
		return
	}
	s.built = true
	s.right.Objects = nil
	if state.Wrong != "" {
		s.right.Objects = []fyne.CanvasObject{kit.Notice(kit.Bad, state.Wrong)}
	}
	if state.Page.Title != "" {
		s.right.Objects = append(s.right.Objects, s.page(state.Page)...)
	}
	s.shown().Relayout()
	s.shown().Top()
}

func (s *Screen) page(page Page) []fyne.CanvasObject {
	title := kit.Strong(page.Title)
	title.SizeName = theme.SizeNameSubHeadingText
	below := kit.Middle(12, kit.Cell{Object: kit.Caption(page.Sub), Min: 120, Weight: 1})
	if page.Procedure != "" {
		below = kit.Middle(12, kit.Cell{Object: kit.Caption(page.Sub), Min: 120, Weight: 1}, kit.Cell{Object: s.begin})
	}
	out := []fyne.CanvasObject{kit.Pad(2, 2, 2, 2, kit.Column(4, title, below))}
	for _, part := range page.Parts {
		var lines []fyne.CanvasObject
		labelled := slices.ContainsFunc(part.Lines, func(l Line) bool { return l.Label != "" })
		for _, l := range part.Lines {
			lines = append(lines, line(l, labelled))
		}
		out = append(out, kit.Panel(part.Title, lines...))
	}
	return out
}

// line has its label before it where the part has any.
func line(l Line, labelled bool) fyne.CanvasObject {
	text := kit.NewParagraph(l.Text)
	if l.Shown {
		text.Set(l.Text, l.Mark.Ink())
	}
	body := kit.Column(1, text)
	if l.Small != "" {
		body.Objects = append(body.Objects, kit.Caption(l.Small))
	}
	if !labelled {
		return body
	}
	return kit.Row(12, kit.Cell{Object: kit.Caption(l.Label), Min: 150}, kit.Cell{Object: body, Min: 160, Weight: 1})
}

// Focus is for the presenter: the list, or a page of what is read.
func (s *Screen) Focus(field string) {
	switch field {
	case "PageDown", "PageUp":
		s.shown().Page(field == "PageDown")
	default:
		if c := kit.CanvasOf(s.table); c != nil {
			c.Focus(s.table)
		}
	}
}
