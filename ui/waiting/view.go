package waiting

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	table  *kit.Table
	right  *fyne.Container
	scroll *kit.Scroll
	send   *kit.Button
	pair   *kit.Button
	form   *kit.Form
	was    State
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, right: kit.Column(10), form: kit.NewForm(true)}
	s.table = kit.NewTable(kit.TableColumn{Title: "Số hồ sơ", Min: 178, Tail: true}, kit.TableColumn{Title: "Thao tác", Min: 150, Weight: 1},
		kit.TableColumn{Title: "Người đề nghị", Min: 140, Weight: 1}, kit.TableColumn{Title: "Đã chờ", Min: 90})
	s.table.Empty = "Không có gì chờ gửi."
	s.table.Row = func(i int) ([]kit.TableCell, bool) {
		if i >= len(s.was.Rows) {
			return nil, false
		}
		r := s.was.Rows[i]
		return []kit.TableCell{{Text: r.Number, Bold: true}, {Text: r.Act}, {Text: r.Name}, {Text: r.Age, Color: kit.Muted}}, true
	}
	s.table.OnOpen = func(i int) { p.Open(s.was.Rows[i].ID) }
	s.scroll = kit.NewScroll(s.right)
	s.form.OnText = func(_, text string) { p.Ticket(text) }
	s.form.OnGrow = s.scroll.Relayout
	s.send = kit.NewButton("Gửi ngay", "F5", kit.Primary, p.Send)
	s.pair = kit.NewButton("Ghép nối", "F9", kit.Primary, p.Pair)
	s.root = kit.Pad(12, 2, 12, 14, kit.Split(s.table, s.scroll, 0.36, 340, 460))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.table.SetRows(len(state.Rows))
	send, pair := "Gửi ngay", "Ghép nối"
	if state.Sending {
		send = "Đang gửi…"
	}
	if state.Pairing {
		pair = "Đang ghép nối…"
	}
	s.send.Set(send)
	s.send.SetEnabled(!state.Sending)
	s.pair.Set(pair)
	s.pair.SetEnabled(!state.Pairing)
	s.form.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "ticket", Kind: kit.Lines, Need: true, Label: "Phiếu ghép nối"}}}}})
	s.form.Fill(map[string]string{"ticket": state.Ticket}, map[string]kit.Said{"ticket": state.Said})
	now, before := state, was
	now.Ticket, before.Ticket, now.Said, before.Said = "", "", kit.Said{}, kit.Said{}
	if s.built && reflect.DeepEqual(now, before) {
		return
	}
	s.built = true
	s.draw(state)
	s.scroll.Relayout()
}

func (s *Screen) draw(state State) {
	var all []fyne.CanvasObject
	if state.Alert != nil {
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	words := kit.Strong(state.Words)
	words.SizeName = theme.SizeNameSubHeadingText
	parts := []fyne.CanvasObject{words, kit.Caption(state.Oldest)}
	if state.More > 0 {
		parts = append(parts, kit.Caption("Bảng bên trái chỉ hiện các thao tác chờ lâu nhất."))
	}
	parts = append(parts, kit.Caption("Mọi thao tác đã lưu tại máy; mất mạng không mất dữ liệu."))
	if state.Enrolled {
		parts = append(parts, s.send)
	}
	all = append(all, kit.Panel("Chờ gửi về cấp trên", parts...))
	if state.Known && !state.Enrolled {
		all = append(all, kit.Panel("Ghép nối với cấp trên", kit.NewParagraph("Máy này chưa ghép nối nên chưa gửi được. Dán phiếu ghép nối do cấp trên cấp (hiệu lực 72 giờ, dùng một lần)."),
			s.form.Body(), s.pair))
	}
	if state.Enrolled {
		receipt := []fyne.CanvasObject{kit.NewParagraph(ReceiptWords(state.Upstream, state.Receipt))}
		switch state.Line {
		case Reached:
			receipt = append(receipt, kit.Marked(kit.TickSign, toned("Lần kết nối gần nhất: được, lúc "+kit.Short(state.Tried), kit.Green)))
		case Broken:
			receipt = append(receipt, kit.Marked(kit.TriangleSign, toned("Lần kết nối gần nhất: không được, lúc "+kit.Short(state.Tried), kit.Amber)))
		}
		all = append(all, kit.Panel("Biên nhận gần nhất", receipt...))
	}
	if len(state.SentBack) > 0 {
		var rows []fyne.CanvasObject
		for _, b := range state.SentBack {
			rows = append(rows, kit.NewLinkLine(b.Head, func() { s.p.Open(b.ID) }), toned(b.Why, kit.Red))
		}
		all = append(all, kit.Panel("Cấp trên yêu cầu sửa", rows...))
	}
	s.right.Objects = all
}

func toned(text string, c fyne.ThemeColorName) *kit.Paragraph {
	p := kit.Caption(text)
	p.Color = c
	return p
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if field == "ticket" || field == "" && s.was.Known && !s.was.Enrolled {
		s.form.Focus("ticket")
		return
	}
	if c := kit.CanvasOf(s.send); c != nil {
		c.Focus(s.send)
	}
}
