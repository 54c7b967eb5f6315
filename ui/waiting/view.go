package waiting

import (
	"reflect"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: what waits on the left; what is done about it, and what the numbers mean, on the right.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	table  *kit.Table
	more   *kit.Paragraph
	left   *fyne.Container
	right  *fyne.Container
	scroll *kit.Scroll
	send   *kit.Button
	stop   *kit.Button
	open   *kit.Button
	mend   *kit.Button
	pair   *kit.Button
	form   *kit.Form
	usb    *kit.Form // where the stick is
	export *kit.Button
	take   *kit.Button
	find   *kit.Button
	halt   *kit.Button
	sheet  *kit.Button
	was    State
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, right: kit.Column(10), form: kit.NewForm(true), usb: kit.NewForm(true), more: kit.Caption("")}
	s.table = kit.NewTable(kit.TableColumn{Title: "Số hồ sơ", Min: 118, Weight: 0.4, Tail: true}, kit.TableColumn{Title: "Thao tác", Min: 108, Weight: 1},
		kit.TableColumn{Title: "Người đề nghị", Min: 98, Weight: 1, Drop: 2}, kit.TableColumn{Title: "Đã chờ", Min: 80, Drop: 1},
		kit.TableColumn{Title: "Vì sao chưa gửi", Min: 140, Weight: 0.2}, kit.TableColumn{Title: "Gửi tiếp", Min: 76, Drop: 3})
	s.table.Empty = "Không có gì chờ gửi."
	s.table.Row = s.row
	s.table.OnSelect = p.Choose
	s.table.OnOpen = p.OpenRow
	s.scroll = kit.NewScroll(s.right)
	s.form.OnText = func(_, text string) { p.Ticket(text) }
	s.form.OnGrow = s.scroll.Relayout
	s.usb.OnText = func(_, text string) { p.Folder(text) }
	s.usb.OnGrow = s.scroll.Relayout
	s.export = kit.NewButton("Xuất ra USB", "F6", kit.Plain, p.Export)
	s.take = kit.NewButton("Nhập từ USB", "Ctrl+N", kit.Plain, p.Import)
	s.find = kit.NewButton("Tìm USB đang cắm", "Insert", kit.Plain, p.FindStick)
	s.halt = kit.NewButton("Dừng", "Esc", kit.Plain, p.StopStick)
	s.sheet = kit.NewButton("In phiếu giao nhận", "Ctrl+G", kit.Primary, p.PrintSheet)
	s.send = kit.NewButton("Gửi ngay", "F5", kit.Primary, p.Send)
	s.stop = kit.NewButton("Dừng", "Esc", kit.Plain, p.Stop)
	s.open = kit.NewButton("Mở hồ sơ", "Enter", kit.Plain, func() { p.OpenRow(s.was.At) })
	s.mend = kit.NewButton("Sửa và gửi lại", "F4", kit.Primary, p.MendNow)
	s.pair = kit.NewButton("Ghép nối", "F9", kit.Primary, p.Pair)
	s.left = kit.Frame(nil, s.more, s.table, 6)
	s.root = kit.Pad(12, 2, 12, 14, kit.Split(kit.Pad(0, 8, 0, 0, s.left), s.scroll, 0.345, 320, 480))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

var (
	waits   = &kit.Chip{Sign: kit.RingSign, Color: kit.Muted, Soft: theme.ColorNameBackground}
	goes    = &kit.Chip{Sign: kit.DotSign, Color: kit.Accent, Soft: kit.Soft}
	delayed = &kit.Chip{Sign: kit.TriangleSign, Color: kit.Amber, Soft: kit.AmberSoft}
	wrong   = &kit.Chip{Sign: kit.CrossSign, Color: kit.Red, Soft: kit.RedSoft}
)

func (s *Screen) row(i int) ([]kit.TableCell, bool) {
	if i >= len(s.was.Rows) {
		return nil, false
	}
	r := s.was.Rows[i]
	cells := []kit.TableCell{{Text: r.Number, Bold: true}, {Text: r.Act}, {Text: r.Name}, {Text: r.Age, Color: kit.Muted}}
	c := s.was.Cause
	switch {
	case r.Why != "":
		return append(cells, kit.TableCell{Text: "Cần sửa", Chip: wrong}), true
	case s.was.Sending:
		return append(cells, kit.TableCell{Text: c.Short, Chip: goes}), true
	case c.Tone == kit.Warn:
		cells = append(cells, kit.TableCell{Text: c.Short, Chip: delayed})
	case c.Tone == kit.Bad:
		cells = append(cells, kit.TableCell{Text: c.Short, Chip: wrong})
	default:
		cells = append(cells, kit.TableCell{Text: c.Short, Chip: waits})
	}
	return append(cells, kit.TableCell{Text: c.Next, Color: kit.Muted}), true
}

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	if !state.Known {
		s.table.Empty = "Đang đọc…"
	} else {
		s.table.Empty = "Không có gì chờ gửi."
	}
	s.table.SetRows(len(state.Rows))
	if len(state.Rows) > 0 && s.table.Selected() != state.At {
		s.table.Select(state.At)
	}
	more := ""
	if state.More > 0 {
		more = "Bảng hiện " + strconv.Itoa(state.Waiting-state.More) + " thao tác chờ lâu nhất; còn " + strconv.Itoa(state.More) + " thao tác nữa."
	}
	if s.more.Text() != more {
		s.more.SetText(more)
		kit.Relayout(s.left)
	}
	s.buttons(state)
	s.form.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "ticket", Kind: kit.Lines, Need: true, Label: "Phiếu ghép nối"}}}}})
	s.form.Fill(map[string]string{"ticket": state.Ticket}, map[string]kit.Said{"ticket": state.Said})
	s.usb.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "folder", Kind: kit.Line, Label: "Thư mục của USB", Hint: "Nhấn Insert để tìm"}}}}})
	s.usb.Fill(map[string]string{"folder": state.USB.Folder}, map[string]kit.Said{"folder": state.USB.Said})
	now, before := state, was
	now.USB.Folder, before.USB.Folder, now.USB.Said, before.USB.Said = "", "", kit.Said{}, kit.Said{}
	now.Ticket, before.Ticket, now.Said, before.Said = "", "", kit.Said{}, kit.Said{}
	if s.built && reflect.DeepEqual(now, before) {
		return
	}
	s.built = true
	s.right.Objects = s.told(state)
	s.scroll.Relayout()
	if state.Alert != nil && !reflect.DeepEqual(state.Alert, was.Alert) || state.USB.First && (!was.USB.First || state.USB.Going != "" && was.USB.Going == "") {
		s.scroll.Top()
	}
}

func (s *Screen) buttons(state State) {
	send, stop, pair := "Gửi ngay", "Dừng", "Ghép nối"
	if state.Sending {
		send = "Đang gửi…"
	}
	if state.Stopping {
		stop = "Đang dừng…"
	}
	if state.Pairing {
		pair = "Đang ghép nối…"
	}
	s.send.Set(send)
	s.send.SetEnabled(!state.Sending)
	s.stop.Set(stop)
	s.stop.SetEnabled(state.CanStop)
	if c := kit.CanvasOf(s.stop); c != nil && c.Focused() == s.stop && !state.Sending { // it goes, the focus does not
		c.Focus(s.send)
	}
	s.pair.Set(pair)
	s.pair.SetEnabled(!state.Pairing)
}

// told is the right half, what is to be done first.
func (s *Screen) told(state State) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	if state.Alert != nil {
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if state.USB.Has && state.USB.First {
		all = append(all, s.stick(state))
	}
	if state.Known && !state.Enrolled {
		all = append(all, kit.Panel("Ghép nối với cấp trên", kit.NewParagraph("Máy này chưa ghép nối nên chưa gửi được. Dán phiếu ghép nối do cấp trên cấp (hiệu lực 72 giờ, dùng một lần)."),
			s.form.Body(), s.pair))
	}
	if state.Enrolled && state.ShutOut {
		all = append(all, kit.Panel("Ghép nối lại với cấp trên", kit.NewParagraph("Khi cấp trên đã cấp phiếu ghép nối lại của quầy này, dán phiếu vào đây (hiệu lực 72 giờ, dùng một lần)."),
			s.form.Body(), s.pair))
	}
	if state.USB.Has && !state.USB.First && !state.Enrolled {
		all = append(all, s.stick(state))
	}
	all = append(all, s.amount(state))
	if len(state.Sisters) > 0 {
		all = append(all, sisters(state))
	}
	if state.USB.Has && !state.USB.First && state.Enrolled {
		all = append(all, s.stick(state))
	}
	if len(state.Rows) > 0 {
		all = append(all, s.chosen(state))
	}
	if len(state.PCs) > 0 {
		all = append(all, numbers(state))
	}
	if state.Enrolled {
		all = append(all, receipt(state))
	}
	if len(state.History) > 0 {
		all = append(all, history(state.History))
	}
	return all
}

// amount is how much waits, why, and the button that sends it; or how far that is.
func (s *Screen) amount(state State) fyne.CanvasObject {
	words := kit.Strong(state.Words)
	words.SizeName = theme.SizeNameSubHeadingText
	parts := []fyne.CanvasObject{words}
	if state.Sending {
		parts = append(parts, kit.NewParagraph(state.Going), kit.Bar(state.Share))
	} else {
		if state.Oldest != "" {
			parts = append(parts, kit.Caption(state.Oldest))
		}
		if state.Enrolled && state.Cause.Text != "" {
			parts = append(parts, cause(state.Cause))
		}
	}
	parts = append(parts, kit.Caption("Mọi thao tác đã lưu tại máy; mất mạng không mất dữ liệu."))
	switch {
	case state.Sending:
		parts = append(parts, kit.Row(8, kit.Cell{Object: s.send, Weight: 1}, kit.Cell{Object: s.stop, Weight: 1}))
	case state.Enrolled:
		parts = append(parts, s.send)
	}
	return kit.Panel("Chờ gửi về cấp trên", parts...)
}

func cause(c Cause) fyne.CanvasObject {
	switch c.Tone {
	case kit.Warn:
		return kit.Marked(kit.TriangleSign, toned(c.Text, kit.Amber))
	case kit.Bad:
		return kit.Marked(kit.CrossSign, toned(c.Text, kit.Red))
	}
	return kit.Marked(kit.RingSign, toned(c.Text, kit.Muted))
}

// chosen is the chosen row in full.
func (s *Screen) chosen(state State) fyne.CanvasObject {
	r := state.Rows[min(state.At, len(state.Rows)-1)]
	parts := []fyne.CanvasObject{kit.Strong(r.Number + " – " + r.Act), kit.NewParagraph(r.Name), kit.Caption("Ghi tại máy lúc " + r.When + ".")}
	if r.Why == "" {
		return kit.Panel("Thao tác đang chọn", append(parts, cause(state.Cause), s.open)...)
	}
	parts = append(parts, kit.Marked(kit.CrossSign, coloured("Cấp trên yêu cầu sửa: "+r.Why, kit.Red)), s.mend)
	return kit.Panel("Cấp trên yêu cầu sửa", parts...)
}

// sisters are the station's other desks, and up to when each is known here.
func sisters(state State) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for _, one := range state.Sisters {
		if one.Tone == kit.Warn {
			parts = append(parts, kit.Marked(kit.TriangleSign, coloured(one.Text, kit.Amber)))
		} else {
			parts = append(parts, kit.Marked(kit.RingSign, kit.NewParagraph(one.Text)))
		}
	}
	for _, note := range state.Notes {
		parts = append(parts, kit.Caption(note))
	}
	return kit.Panel("Các quầy khác của trạm", parts...)
}

// numbers are the three of each PC, and what the words for them mean.
func numbers(state State) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for i, pc := range state.PCs {
		if i > 0 {
			parts = append(parts, kit.Rule())
		}
		parts = append(parts, kit.NewParagraph(pc.Name))
		if pc.Own || pc.Held > 0 {
			parts = append(parts, kit.Row(8, number(pc.Written, "đã ghi", 50), number(pc.Held, "cấp trên đã có", 100), number(pc.Waiting, "còn chờ gửi", 84)))
		}
		parts = append(parts, kit.Caption(pc.Text))
		if pc.Fault != "" {
			parts = append(parts, kit.Marked(kit.TriangleSign, toned(pc.Fault, kit.Amber)))
		}
	}
	return kit.Panel("Thao tác của từng máy", append(parts, kit.Rule(), kit.Caption(Legend))...)
}

func number(n int, what string, least float32) kit.Cell {
	figure := kit.Strong(strconv.Itoa(n))
	figure.SizeName = theme.SizeNameHeadingText
	return kit.Cell{Object: kit.Column(0, figure, kit.Caption(what)), Min: least, Weight: 1}
}

func receipt(state State) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.NewParagraph(ReceiptWords(state.Upstream, state.Receipt) + ".")}
	if state.Receipt != nil && state.Receipt.Station != "" {
		parts = append(parts, kit.Caption("Cấp trên ghi tên trạm: "+state.Receipt.Station+"."))
	}
	return kit.Panel("Biên nhận gần nhất", parts...)
}

func history(past []Past) fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for _, a := range past {
		sign, ink := kit.RingSign, kit.Muted
		switch a.Tone {
		case kit.Good:
			sign, ink = kit.TickSign, kit.Green
		case kit.Warn:
			sign, ink = kit.TriangleSign, kit.Amber
		}
		parts = append(parts, kit.Marked(sign, toned(a.When+" – "+a.Text+".", ink)))
	}
	return kit.Panel("Các lượt gửi từ khi mở chương trình", parts...)
}

func toned(text string, c fyne.ThemeColorName) *kit.Paragraph {
	p := kit.Caption(text)
	p.Color = c
	return p
}

func coloured(text string, c fyne.ThemeColorName) *kit.Paragraph {
	p := kit.NewParagraph(text)
	p.Color = c
	return p
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if field == "folder" {
		s.usb.Focus("folder")
		return
	}
	if field == "ticket" || field == "" && s.was.Known && !s.was.Enrolled {
		s.form.Focus("ticket")
		return
	}
	c := kit.CanvasOf(s.table)
	switch {
	case c == nil:
	case len(s.was.Rows) > 0:
		c.Focus(s.table)
	default:
		c.Focus(s.send)
	}
}

// Page is for the presenter.
func (s *Screen) Page(down bool) { s.scroll.Page(down) }
