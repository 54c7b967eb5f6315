package books

import (
	"fmt"
	"reflect"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p       *Presenter
	root    *fyne.Container
	left    *fyne.Container
	bottom  *fyne.Container
	right   *fyne.Container
	scroll  *kit.Scroll // what is asked
	tall    *kit.Scroll // all of it, where letters are too large for two halves
	halves  *fyne.Container
	form    *kit.Form
	table   *kit.TickTable
	title   *kit.Form
	heading *kit.Paragraph
	buttons []*kit.Button // not while something is made
	xlsx    *kit.Button
	csv     *kit.Button
	own     *kit.Button
	keep    *kit.Button
	up      *kit.Button
	down    *kit.Button
	stop    *kit.Button
	was     State
	built   bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, left: kit.Column(10), bottom: kit.Column(8), form: kit.NewForm(false), title: kit.NewForm(true), heading: kit.Strong("")}
	s.form.Holiday = p.Desk.Holiday
	s.scroll = kit.NewScroll(s.left)
	s.form.OnGrow = func() { s.shown().Relayout() }
	s.form.OnPick = func(key, value string) {
		if key == "form" {
			p.Choose(value)
		} else {
			p.Span(value)
		}
	}
	s.form.OnDay = p.Day
	s.form.OnFocus = func(key string) { s.shown().Reveal(s.form.Object(key)) }
	s.title.OnFocus = func(key string) { s.shown().Reveal(s.title.Object(key)) }

	s.table = kit.NewTickTable(kit.TableColumn{Title: "Cột trên sổ", Min: 160, Weight: 3}, kit.TableColumn{Title: "Tên mặc định", Min: 120, Weight: 2, Drop: 1})
	s.table.Row = s.row
	s.table.Ticked = func(i int) bool { return i < len(s.was.Columns) && s.was.Columns[i].On }
	s.table.OnTick, s.table.OnSelect = p.Tick, p.Select
	s.table.OnOpen = func(int) { s.title.Focus("title") }
	s.table.Empty = "Đang đọc…"
	s.title.OnText = func(_, text string) { p.Title(text) }
	s.title.OnLast = func() { focus(s.table) }

	look := kit.NewButton("Xem và in", "F9", kit.Primary, p.Look)
	s.xlsx = kit.NewButton("Xuất Excel", "Ctrl+E", kit.Plain, func() { p.Export(dossier.BookXLSX) })
	s.csv = kit.NewButton("Xuất CSV", "Ctrl+D", kit.Plain, func() { p.Export(dossier.BookCSV) })
	s.buttons = []*kit.Button{look, s.xlsx, s.csv}
	s.stop = kit.NewButton("Dừng", "Esc", kit.Plain, p.Stop)
	s.up = kit.NewButton("Lên trước", "Alt+↑", kit.Plain, func() { p.Move(-1) })
	s.down = kit.NewButton("Xuống sau", "Alt+↓", kit.Plain, func() { p.Move(+1) })
	s.own = kit.NewButton("Về mặc định", "", kit.Plain, p.Default)
	s.keep = kit.NewButton("Lưu các cột", "Ctrl+S", kit.Plain, p.KeepColumns)

	wide := func(b *kit.Button) kit.Cell { return kit.Cell{Object: b, Weight: 1} }
	s.bottom.Objects = []fyne.CanvasObject{look, kit.Row(8, wide(s.xlsx), wide(s.csv))}
	head := kit.Column(3, s.heading, kit.Caption("Dấu cách: chọn, bỏ cột. Enter: sửa tên cột. Thứ tự từ trên xuống là từ trái sang phải."))
	foot := kit.Column(8, kit.Row(8, wide(s.up), wide(s.down)), s.title.Body(), kit.Row(8, wide(s.own), wide(s.keep)))
	s.right = kit.Backed(kit.Surface, kit.Hairline, kit.Pad(11, 14, 13, 14, kit.Frame(head, foot, s.table, 9)))
	for _, b := range []*kit.Button{look, s.xlsx, s.csv, s.up, s.down, s.own, s.keep} {
		b.OnFocus = func() { s.shown().Reveal(b) }
	}
	s.tall = kit.NewScroll(kit.Column(10, s.left, s.bottom, s.right))
	s.halves = kit.Fold(kit.Split(kit.Pad(0, 8, 0, 0, kit.Frame(nil, kit.Pad(0, kit.ScrollRoom+4, 0, 4, s.bottom), s.scroll, 10)),
		kit.Pad(4, 0, 0, 0, s.right), 0.46, 310, 620), s.tall, 560)
	s.root = kit.Pad(12, 12, 12, 10, s.halves)
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

func (s *Screen) shown() *kit.Scroll { return kit.Shown(s.halves, s.tall, s.scroll) }

func (s *Screen) row(i int) ([]kit.TableCell, bool) {
	if i >= len(s.was.Columns) {
		return nil, false
	}
	c := s.was.Columns[i]
	name, own := kit.TableCell{Text: c.Name(), Bold: c.Title != ""}, kit.TableCell{Color: kit.Muted}
	if c.Title != "" {
		own.Text = c.Own
	}
	if !c.On {
		name.Color = kit.Muted
	}
	return []kit.TableCell{{}, name, own}, true
}

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.ask(state)
	s.columns(state)
	busy := state.Busy != ""
	for _, b := range s.buttons {
		b.SetEnabled(!busy && state.Form != "")
	}
	if len(state.Columns) == 0 { // a cover is no table
		s.xlsx.SetEnabled(false)
		s.csv.SetEnabled(false)
	}
	now, before := []any{state.Read, state.Alert, state.Busy, state.CanStop, state.Path}, []any{was.Read, was.Alert, was.Busy, was.CanStop, was.Path}
	if s.built && reflect.DeepEqual(now, before) {
		return
	}
	s.built = true
	s.left.Objects = s.told(state)
	s.shown().Relayout()
	if state.Alert != nil && !reflect.DeepEqual(state.Alert, was.Alert) {
		s.shown().Top()
	}
	kit.Relayout(s.root)
}

// told is the left half: what is going on above what is asked.
func (s *Screen) told(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	switch {
	case state.Busy != "" && state.CanStop:
		all = append(all, kit.Notice(kit.Info, state.Busy, s.stop))
	case state.Busy != "":
		all = append(all, kit.Notice(kit.Info, state.Busy))
	case state.Alert != nil && state.Path != "":
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text,
			kit.Middle(10, kit.Cell{Object: kit.NewParagraph(state.Path), Min: 100, Weight: 1}, kit.Cell{Object: kit.NewButton("Mở tệp", "Ctrl+O", kit.Plain, s.p.Open)})))
	case state.Alert != nil:
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if !state.Read {
		if state.Alert == nil {
			all = append(all, kit.Panel("", kit.NewParagraph("Đang đọc…")))
		}
		return all
	}
	return append(all, s.form.Body())
}

func (s *Screen) ask(state State) {
	s.form.Ask([]kit.Section{
		{Title: "Sổ, danh mục", Rows: [][]kit.Field{{{Key: "form", Kind: kit.Pick, Options: state.Books, Columns: 1}}}},
		{Title: "Hồ sơ tiếp nhận trong những ngày", Rows: [][]kit.Field{
			{{Key: "span", Kind: kit.Pick, Options: Spans(), Columns: 2}},
			{{Key: "from", Kind: kit.Date, Need: true, Label: "Từ ngày", Min: 120, Weight: 1}, {Key: "to", Kind: kit.Date, Need: true, Label: "Đến hết ngày", Min: 120, Weight: 1}}}}})
	s.form.Fill(map[string]string{"form": state.Form, "span": state.Span, "from": state.From, "to": state.To}, state.Said)
}

func (s *Screen) columns(state State) {
	on := 0
	for _, c := range state.Columns {
		if c.On {
			on++
		}
	}
	heading := fmt.Sprintf("Các cột: %d trong %d", on, len(state.Columns))
	if len(state.Columns) == 0 {
		heading = "Các cột"
	}
	if state.Changed {
		heading += " – chưa lưu"
	}
	s.heading.Set(heading, kit.Accent)
	if state.Read {
		s.table.Empty = "Mẫu này không có cột để chọn."
	}
	s.table.SetRows(len(state.Columns))
	if len(state.Columns) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	title := ""
	field := kit.Field{Key: "title", Kind: kit.Line, Label: "Tên cột đang chọn"}
	if state.At < len(state.Columns) {
		title, field.Hint = state.Columns[state.At].Title, state.Columns[state.At].Own
	}
	s.title.Ask([]kit.Section{{Rows: [][]kit.Field{{field}}}})
	s.title.Fill(map[string]string{"title": title}, map[string]kit.Said{"title": state.Said["columns"]})
	some := len(state.Columns) > 0
	s.title.Body().Hidden = !some
	s.up.SetEnabled(some && state.At > 0)
	s.down.SetEnabled(some && state.At < len(state.Columns)-1)
	s.own.SetEnabled(some && !state.Own)
	s.keep.SetEnabled(state.Changed && state.Busy == "")
	kit.Relayout(s.right)
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if !s.was.Read { // nothing is asked yet
		return
	}
	switch field {
	case "":
		s.form.Focus("form")
	case "columns":
		s.title.Focus("title")
	default:
		s.form.Focus(field)
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
