package incident

import (
	"reflect"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view: what happened above, the report below.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	form   *kit.Form
	head   *fyne.Container
	body   *fyne.Container
	scroll *kit.Scroll
	reckon *kit.Button
	print  *kit.Button
	stop   *kit.Button
	was    State
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, form: kit.NewForm(true), body: kit.Column(10)}
	s.form.Holiday = p.Desk.Holiday
	s.form.Today = func() dossier.Date { return dossier.DateOf(p.Now()) }
	s.scroll = kit.NewScroll(s.body)
	s.form.OnText, s.form.OnPick, s.form.OnLast = p.Text, p.Text, p.Reckon
	s.form.OnDay = func(key, typed string, _ dossier.Date, _ error) { p.Text(key, typed) }
	s.reckon = kit.NewButton("Lập báo cáo", "F9", kit.Primary, p.Reckon)
	s.print = kit.NewButton("Xem và in", "Ctrl+P", kit.Plain, p.Print)
	s.stop = kit.NewButton("Dừng", "Esc", kit.Plain, p.Stop)
	buttons := kit.Middle(8, kit.Cell{Object: s.reckon}, kit.Cell{Object: s.print}, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1})
	s.head = kit.Backed(kit.Surface, kit.Hairline, kit.Pad(10, 14, 12, 14, kit.Column(10, s.form.Body(), buttons)))
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
	s.reckon.SetEnabled(state.Busy == "")
	s.print.SetEnabled(state.Busy == "" && state.Parts != nil)
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
		all = append(all, kit.Notice(kit.Info, state.Busy, kit.Row(0, kit.Cell{Object: s.stop})))
	case state.Alert != nil:
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	case state.Parts == nil:
		all = append(all, kit.Notice(kit.Info, "Chọn việc đã xảy ra và lúc phát hiện, rồi nhấn F9. Báo cáo tính ngay từ dữ liệu trên máy này, không nêu tên công dân nào."))
	}
	if state.Parts == nil {
		return all
	}
	if state.Old && state.Busy == "" {
		all = append(all, kit.Notice(kit.Info, "Báo cáo dưới đây là của lần lập trước. Nhấn F9 để lập lại."))
	}
	all = append(all, kit.Notice(state.Deadline.Tone, state.Deadline.Text))
	for _, part := range state.Parts {
		all = append(all, s.part(part))
	}
	return all
}

func (s *Screen) part(part Part) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, f := range part.Facts {
		lines = append(lines, fact(f))
	}
	if part.None != "" {
		lines = append(lines, past(part)...)
	}
	if part.Note != "" {
		lines = append(lines, kit.Caption(part.Note))
	}
	return kit.Panel(part.Title, lines...)
}

// largeText is the size of letters from which on a label stands above what it is of.
const largeText = 24

func fact(f Fact) fyne.CanvasObject {
	if theme.TextSize() > largeText {
		return kit.Column(1, kit.Caption(f.Label), kit.NewParagraph(f.Text))
	}
	return kit.Row(12, kit.Cell{Object: kit.Caption(f.Label), Min: 215}, kit.Cell{Object: kit.NewParagraph(f.Text), Min: 160, Weight: 1})
}

// past is a table of who did what; in large letters each is a few lines.
func past(part Part) []fyne.CanvasObject {
	if len(part.Past) == 0 {
		return []fyne.CanvasObject{kit.NewParagraph(part.None)}
	}
	titles := Past{"Người", "Đăng nhập", "Không thành công", "Xem, tra cứu", "Xem đủ số", "In", "Xuất"}
	var out []fyne.CanvasObject
	if theme.TextSize() > largeText {
		for _, one := range part.Past {
			out = append(out, kit.Strong(one.Who), kit.NewParagraph(titles.SignIns+" "+one.SignIns+"; "+lower(titles.Failures)+" "+one.Failures+"; "+lower(titles.Looks)+" "+one.Looks+"; "+
				lower(titles.Reveals)+" "+one.Reveals+"; "+lower(titles.Prints)+" "+one.Prints+"; "+lower(titles.Exports)+" "+one.Exports))
		}
		return out
	}
	line := func(p Past, cell func(string) *kit.Paragraph) fyne.CanvasObject {
		return kit.Row(10, kit.Cell{Object: cell(p.Who), Min: 150, Weight: 3}, kit.Cell{Object: cell(p.SignIns), Min: 80, Weight: 1}, kit.Cell{Object: cell(p.Failures), Min: 95, Weight: 1},
			kit.Cell{Object: cell(p.Looks), Min: 90, Weight: 1}, kit.Cell{Object: cell(p.Reveals), Min: 80, Weight: 1}, kit.Cell{Object: cell(p.Prints), Min: 50, Weight: 1},
			kit.Cell{Object: cell(p.Exports), Min: 120, Weight: 1})
	}
	out = append(out, line(titles, kit.Caption))
	for _, one := range part.Past {
		out = append(out, kit.Rule(), line(one, kit.NewParagraph))
	}
	return out
}

func lower(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[n:]
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if field == "" {
		field = "what"
	}
	s.form.Focus(field)
}

// Page is for the presenter.
func (s *Screen) Page(down bool) { s.scroll.Page(down) }
