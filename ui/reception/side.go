package reception

import (
	"reflect"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// side is the right of the screen: until when, what is missing, who has been here before, what can be done.
type side struct {
	p     *Presenter
	focus func(string)
	root  *fyne.Container
	scr   *kit.Scroll
	body  *fyne.Container
	shown func() *kit.Scroll // what body is in: scr, or all of the screen

	actions *fyne.Container

	slip   *kit.Form
	keep   *kit.Button
	all    *kit.Button
	refuse *kit.Button
	ask    *kit.Button
	fresh  *kit.Button
	yes    *kit.Button
	visits []*visit
}

func newSide(p *Presenter, focus func(string)) *side {
	s := &side{p: p, focus: focus, body: kit.Column(10), slip: kit.NewForm(true)}
	s.scr = kit.NewScroll(s.body)
	s.shown = func() *kit.Scroll { return s.scr }
	s.slip.OnGrow = func() { s.shown().Relayout() }
	s.slip.OnFocus = func(key string) { s.shown().Reveal(s.slip.Object(key)) }
	s.slip.OnText = p.Text
	s.slip.OnLeave = p.Left
	s.keep = kit.NewButton("Lưu và in giấy tiếp nhận", "F9", kit.Primary, p.Keep)
	s.all = kit.NewButton("Đủ giấy tờ", "F8", kit.Plain, p.AllPapers)
	s.fresh = kit.NewButton("Phiếu mới", "F6", kit.Plain, p.Clear)
	s.refuse = kit.NewButton("Từ chối", "F4", kit.Plain, p.Refuse)
	s.ask = kit.NewButton("Bổ sung", "Shift+F4", kit.Plain, p.AskPapers)
	two := func(a, b *kit.Button, least, rest float32) *fyne.Container {
		return kit.Row(8, kit.Cell{Object: a, Min: least, Weight: 1}, kit.Cell{Object: b, Min: rest, Weight: 1})
	}
	s.actions = kit.Column(8, s.keep, two(s.all, s.fresh, 1, 1), two(s.refuse, s.ask, 110, 150))
	for _, b := range []*kit.Button{s.keep, s.all, s.fresh, s.refuse, s.ask} {
		b.OnFocus = func() { s.shown().Reveal(b) }
	}
	s.root = kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, s.actions), s.scr, 10)
	return s
}

// goTo gives the focus to a question, or to the earlier dossiers.
func (s *side) goTo(what string) {
	var to fyne.Focusable
	var on fyne.CanvasObject
	switch {
	case what == "notice" && s.yes != nil:
		to, on = s.yes, s.yes
	case what == "earlier" && len(s.visits) > 0:
		to, on = s.visits[0], s.visits[0]
	default:
		return
	}
	if c := kit.CanvasOf(on); c != nil {
		c.Focus(to)
	}
}

func (s *side) show(state, was State) {
	keep := "Lưu và in giấy tiếp nhận"
	switch {
	case state.Busy:
		keep = "Đang lưu…"
	case state.Slip == slipRefuse:
		keep = "Lưu và in phiếu từ chối"
	case state.Slip == slipAsk:
		keep = "Lưu và in phiếu bổ sung"
	}
	s.keep.Set(keep)
	back := func(b *kit.Button, slip, usual string) {
		if b.Set(usual); state.Slip == slip {
			b.Set("Quay lại")
		}
	}
	back(s.refuse, slipRefuse, "Từ chối")
	back(s.ask, slipAsk, "Bổ sung")
	for _, b := range []*kit.Button{s.keep, s.all, s.refuse, s.ask, s.fresh} {
		b.SetEnabled(!state.Busy)
	}
	s.all.SetEnabled(!state.Busy && len(state.Papers) > 0 && state.Slip != slipRefuse)
	switch state.Slip {
	case slipRefuse:
		s.slip.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do từ chối tiếp nhận"}}}}})
	case slipAsk:
		s.slip.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "why", Kind: kit.Lines, Need: true, Label: "Giấy tờ cần bổ sung và lý do"}}}}})
	}
	if state.Slip != "" {
		s.slip.Fill(map[string]string{"why": state.Why}, map[string]kit.Said{"why": state.WhySaid})
	}
	if reflect.DeepEqual(part(state), part(was)) && len(s.body.Objects) > 0 {
		return
	}
	s.yes = nil
	var all []fyne.CanvasObject
	if n := state.Notice; n != nil {
		var below []fyne.CanvasObject
		if n.OnYes != nil {
			s.yes = kit.NewButton(n.Yes, "", kit.Primary, n.OnYes)
			below = append(below, kit.Column(8, s.yes, kit.NewButton(n.No, "Esc", kit.Plain, n.OnNo)))
		}
		all = append(all, kit.Notice(n.Tone, n.Text, below...))
	}
	switch state.Slip {
	case slipRefuse:
		all = append(all, kit.Panel("Từ chối tiếp nhận", kit.Caption("Ghi rõ quy định làm căn cứ và hướng dẫn người nộp nơi tiếp nhận, nếu có."), s.slip.Body()))
	case slipAsk:
		all = append(all, kit.Panel("Tiếp nhận và yêu cầu bổ sung", kit.Caption("Hồ sơ được cấp số, in giấy tiếp nhận và phiếu yêu cầu bổ sung. Hẹn trả tính lại khi nhận đủ giấy tờ."), s.slip.Body()))
	}
	if state.Kept != nil && !state.Kept.Old {
		all = append(all, s.kept(*state.Kept))
	}
	if state.Slip != slipRefuse {
		for _, w := range state.Warnings {
			all = append(all, kit.Notice(kit.Warn, w))
		}
		if state.Before != "" {
			all = append(all, kit.Pad(0, 0, 0, 4, newAside(state.Before, "Ctrl+E", func() { s.goTo("earlier") })))
		}
		if state.Due.At != "" && state.Slip == "" {
			all = append(all, appointment(state.Due))
		}
		if m := s.missing(state); m != nil {
			all = append(all, m)
		}
	}
	if state.Kept != nil && state.Kept.Old { // below what the form on the screen still wants
		all = append(all, s.kept(*state.Kept))
	}
	if state.Slip != slipRefuse {
		if m := s.earlier(state, was); m != nil {
			all = append(all, m)
		}
	}
	s.body.Objects = all
	s.shown().Relayout()
}

// part is what the right side shows, so that typing a letter does not build it again.
func part(s State) any {
	notice := Notice{}
	if s.Notice != nil {
		notice = Notice{Tone: s.Notice.Tone, Text: s.Notice.Text, Yes: s.Notice.Yes, No: s.Notice.No}
	}
	return []any{notice, s.Kept, s.Slip, s.Due, s.Warnings, s.Missing, s.Ready, s.Too, s.Earlier, s.More, s.Before}
}

func appointment(d Appointment) fyne.CanvasObject {
	at := kit.Strong(d.At)
	at.SizeName = theme.SizeNameSubHeadingText
	parts := []fyne.CanvasObject{at, kit.NewParagraph(d.Why)}
	warned := func(text string) {
		warn := kit.Caption(text)
		warn.Color = kit.Amber
		parts = append(parts, kit.Marked(kit.TriangleSign, warn))
	}
	if d.ByHand != "" {
		warned(d.ByHand)
	}
	if d.Projected {
		warned("Lịch nghỉ năm này là dự kiến, chưa có thông báo chính thức.")
	}
	if d.Own != "" {
		own := kit.Strong(d.Own)
		parts = append(parts, kit.Rule(), kit.Caption("Đơn vị chuyển cơ quan có thẩm quyền trước"), own, kit.Caption(d.OwnWhy))
	}
	return kit.Panel("Hẹn trả kết quả", parts...)
}

func (s *side) missing(state State) fyne.CanvasObject {
	var too []fyne.CanvasObject
	for _, text := range state.Too {
		too = append(too, kit.NewParagraph(text))
	}
	if state.Ready {
		words := "Đủ điều kiện tiếp nhận. Nhấn F9 để lưu và in."
		if state.Slip == slipAsk {
			words = "Nhấn F9 để lưu và in giấy tiếp nhận, phiếu yêu cầu bổ sung."
		}
		return kit.Notice(kit.Good, words, too...)
	}
	if len(state.Missing) == 0 {
		return nil
	}
	var lines []fyne.CanvasObject
	for _, m := range state.Missing {
		lines = append(lines, kit.NewLinkLine(m.Text, func() { s.focus(m.Field) }))
	}
	return kit.Panel("Còn phải làm", append([]fyne.CanvasObject{kit.Column(2, lines...)}, too...)...)
}

// earlier lists who has been here before. Its lines keep the focus while nothing about them changes.
func (s *side) earlier(state, was State) fyne.CanvasObject {
	if len(state.Earlier) == 0 {
		s.visits = nil
		return nil
	}
	if !reflect.DeepEqual(state.Earlier, was.Earlier) || len(s.visits) != len(state.Earlier) {
		s.visits = nil
		for _, line := range state.Earlier {
			s.visits = append(s.visits, newVisit(line, func() { s.p.Open(line.ID) }, func(o fyne.CanvasObject) { s.shown().Reveal(o) }))
		}
	}
	var lines []fyne.CanvasObject
	for _, v := range s.visits {
		lines = append(lines, v)
	}
	switch more := kit.Caption(""); {
	case state.More < 0:
		more.SetText("Còn nhiều hồ sơ khác: nhấn F3 rồi tìm theo số định danh.")
		lines = append(lines, more)
	case state.More > 0:
		more.SetText("Còn " + number(state.More) + " hồ sơ khác: nhấn F3 rồi tìm theo số định danh.")
		lines = append(lines, more)
	}
	return kit.Panel(state.BeforeOf, kit.Column(4, lines...))
}

// kept is the panel that says what was kept and how its paper fares; a few lines once the next form has been begun.
func (s *side) kept(k Kept) fyne.CanvasObject {
	if k.Old {
		var parts []fyne.CanvasObject
		if k.ToDo != "" {
			parts = append(parts, kit.Caption(k.ToDo))
		}
		return kit.Notice(kit.Good, "Vừa lưu: "+k.Number+" – "+k.Name, append(parts, s.printed(k)...)...)
	}
	head := "Đã lưu tại máy"
	switch {
	case k.Refused:
		head = "Đã lưu tại máy: từ chối tiếp nhận"
	case k.Asked:
		head = "Đã lưu tại máy: chờ bổ sung giấy tờ"
	}
	number := kit.Strong(k.Number)
	number.SizeName, number.Color = theme.SizeNameHeadingText, kit.Green
	parts := []fyne.CanvasObject{number, kit.Strong(k.Name), kit.Caption(k.Title)}
	if k.Due != "" && !k.Asked {
		parts = append(parts, kit.NewParagraph("Hẹn trả: "+k.Due))
	}
	if k.National != "" {
		parts = append(parts, kit.NewParagraph(k.National+"."))
	}
	if k.ToDo != "" {
		parts = append(parts, kit.Notice(kit.Warn, k.ToDo))
	}
	parts = append(parts, s.printed(k)...)
	parts = append(parts, kit.NewButton("Xem hồ sơ", "", kit.Plain, func() { s.p.Open(k.ID) }))
	return kit.Notice(kit.Good, head, parts...)
}

// printed says how the papers fare, and what can be done about it; in few words where all is well and the next form has been begun.
func (s *side) printed(k Kept) []fyne.CanvasObject {
	paper := "Giấy tiếp nhận"
	if k.Refused {
		paper = "Phiếu từ chối"
	}
	out := s.paper(paper, k.Print, k.Old, k.Asked)
	if k.Asked {
		out = append(out, s.paper("Phiếu bổ sung", k.Slip, k.Old, true)...)
	}
	if k.Print.Again || k.Slip.Again {
		out = append(out, kit.NewButton("In lại", "Ctrl+P", kit.Plain, s.p.Again))
	}
	if path := k.Print.Path; path != "" && (!k.Old || k.Print.Again) {
		out = append(out, kit.NewButton("Mở tệp PDF", "Ctrl+O", kit.Plain, func() { s.p.File(path) }))
	}
	return out
}

func (s *side) paper(title string, state kit.PrintState, brief, twice bool) []fyne.CanvasObject {
	text := title + " – " + lower(state.Text)
	if brief && (state.Going || !state.Again) {
		if !twice {
			text = state.Text
		}
		return []fyne.CanvasObject{kit.Caption(text)}
	}
	said := kit.NewParagraph(text)
	said.Color = state.Tone.Ink()
	switch state.Tone {
	case kit.Warn, kit.Bad:
		return []fyne.CanvasObject{kit.Notice(state.Tone, text)}
	case kit.Good:
		return []fyne.CanvasObject{kit.Marked(kit.TickSign, said)}
	}
	return []fyne.CanvasObject{said}
}

// lower makes a sentence go on behind a dash.
func lower(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}
