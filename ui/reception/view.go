package reception

import (
	"reflect"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view: it shows what it is told and tells what was done, nothing more.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	form   *kit.Form
	scroll *kit.Scroll
	papers *papers
	side   *side
	was    State
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, form: kit.NewForm(false)}
	s.papers = newPapers(p, func(o fyne.CanvasObject) { s.scroll.Reveal(o) })
	s.scroll = kit.NewScroll(s.form.Body())
	s.form.OnGrow = s.scroll.Relayout
	s.form.OnText = p.Text
	s.form.OnDay = func(key, typed string, d dossier.Date, err error) { p.Day(key, typed, d, err) }
	s.form.OnPick = p.Pick
	s.form.OnLeave = p.Left
	s.form.OnFocus = func(key string) {
		p.Entered(key)
		s.scroll.Reveal(s.form.Object(key))
	}
	s.side = newSide(p, s.Focus)
	s.root = kit.Pad(8, 2, 12, 10, kit.Split(s.scroll, s.side.root, 0.33, 330, 420))
	p.Attach(s)
	p.render()
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	for _, section := range state.Questions {
		for _, row := range section.Rows {
			for i := range row {
				if row[i].Key == "papers" {
					row[i].Object = s.papers.body
				}
			}
		}
	}
	grew := s.papers.show(state.Papers, state.PapersToo)
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	if grew {
		s.scroll.Relayout()
	}
	if state.Kept != nil && (s.was.Kept == nil || s.was.Kept.ID != state.Kept.ID) {
		s.scroll.Top()
	}
	s.side.show(state, s.was)
	s.was = state
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch field {
	case "why":
		s.side.refusal.Focus("why")
	case "notice":
		s.side.focusNotice()
	case "papers":
		s.papers.focus()
	default:
		s.form.Focus(field)
	}
}

// papers are the lines to tick.
type papers struct {
	p      *Presenter
	reveal func(fyne.CanvasObject)
	body   *fyne.Container
	lines  []*paperLine
	too    *kit.Paragraph
}

type paperLine struct {
	key               string
	check             *kit.Check
	originals, copies *kit.Entry
	row               *fyne.Container
	filling           bool
}

func newPapers(p *Presenter, reveal func(fyne.CanvasObject)) *papers {
	return &papers{p: p, reveal: reveal, body: kit.Column(4), too: kit.Caption("")}
}

// show tells whether the height may have changed.
func (s *papers) show(lines []PaperLine, too string) bool {
	same := len(lines) == len(s.lines)
	for i := range lines {
		same = same && s.lines[i].key == lines[i].Key
	}
	if !same {
		s.lines = nil
		head := kit.Row(10, kit.Cell{Object: kit.Gap(1), Weight: 1}, kit.Cell{Object: kit.Caption("Bản chính"), Min: 68}, kit.Cell{Object: kit.Caption("Bản sao"), Min: 62})
		s.body.Objects = []fyne.CanvasObject{head}
		for _, l := range lines {
			one := s.line(l)
			s.lines = append(s.lines, one)
			s.body.Objects = append(s.body.Objects, one.row)
		}
		s.body.Objects = append(s.body.Objects, s.too)
	}
	for i, l := range lines {
		one := s.lines[i]
		one.filling = true
		one.check.Title, one.check.Sub = l.Title, l.Sub
		one.check.Set(l.On, l.Bad)
		if one.originals.Text != l.Originals {
			one.originals.SetText(l.Originals)
		}
		if one.copies.Text != l.Copies {
			one.copies.SetText(l.Copies)
		}
		one.filling = false
	}
	changed := !same || s.too.Text() != too
	s.too.SetText(too)
	return changed
}

func (s *papers) line(l PaperLine) *paperLine {
	one := &paperLine{key: l.Key, check: kit.NewCheck(l.Title, l.Sub), originals: kit.NewEntry(), copies: kit.NewEntry()}
	one.check.OnTick = func(on bool) { s.p.Tick(l.Key, on) }
	one.check.OnFocus = func() { s.p.Entered("papers"); s.reveal(one.row) }
	for _, e := range []*kit.Entry{one.originals, one.copies} {
		e.Digits = true
		e.OnFocus = func() { s.p.Entered("papers"); s.reveal(one.row) }
		e.OnChanged = func(typed string) {
			if !one.filling {
				s.p.Count(l.Key, e == one.originals, typed)
			}
		}
		e.OnEnter = func() { next(e) }
		e.OnLeave = func() { s.p.Left("papers") }
	}
	one.check.OnEnter = func() { next(one.check) }
	one.row = kit.Row(10, kit.Cell{Object: one.check, Weight: 1, Min: 120}, kit.Cell{Object: kit.Column(0, one.originals), Min: 68}, kit.Cell{Object: kit.Column(0, one.copies), Min: 62})
	return one
}

func next(o fyne.CanvasObject) {
	if c := kit.CanvasOf(o); c != nil {
		c.FocusNext()
	}
}

// focus goes to the first line that is lacking, else to the first.
func (s *papers) focus() {
	if len(s.lines) == 0 {
		return
	}
	to := s.lines[0].check
	for _, l := range s.lines {
		if !l.check.On() {
			to = l.check
			break
		}
	}
	if c := kit.CanvasOf(to); c != nil {
		c.Focus(to)
	}
}

// side is the right of the screen: until when, what is missing, what can be done.
type side struct {
	p     *Presenter
	focus func(string)
	root  *fyne.Container
	scr   *kit.Scroll
	body  *fyne.Container

	refusal *kit.Form
	keep    *kit.Button
	all     *kit.Button
	refuse  *kit.Button
	fresh   *kit.Button
	yes     *kit.Button
}

func newSide(p *Presenter, focus func(string)) *side {
	s := &side{p: p, focus: focus, body: kit.Column(10), refusal: kit.NewForm(true)}
	s.scr = kit.NewScroll(s.body)
	s.refusal.OnGrow = s.scr.Relayout
	s.refusal.OnText = p.Text
	s.keep = kit.NewButton("Lưu và in giấy tiếp nhận", "F9", kit.Primary, p.Keep)
	s.all = kit.NewButton("Đủ giấy tờ", "F8", kit.Plain, p.AllPapers)
	s.refuse = kit.NewButton("Từ chối", "F4", kit.Plain, p.Refuse)
	s.fresh = kit.NewButton("Phiếu mới", "F6", kit.Plain, p.Clear)
	actions := kit.Column(8, s.keep, s.all,
		kit.Row(8, kit.Cell{Object: s.refuse, Min: 1, Weight: 1}, kit.Cell{Object: s.fresh, Min: 1, Weight: 1}))
	s.root = kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, actions), s.scr, 10)
	return s
}

func (s *side) focusNotice() {
	if s.yes != nil {
		if c := kit.CanvasOf(s.yes); c != nil {
			c.Focus(s.yes)
		}
	}
}

func (s *side) show(state, was State) {
	keep := "Lưu và in giấy tiếp nhận"
	switch {
	case state.Busy:
		keep = "Đang lưu…"
	case state.Refusing:
		keep = "Lưu và in phiếu từ chối"
	}
	s.keep.Set(keep)
	back := "Từ chối"
	if state.Refusing {
		back = "Quay lại"
	}
	s.refuse.Set(back)
	for _, b := range []*kit.Button{s.keep, s.all, s.refuse, s.fresh} {
		b.SetEnabled(!state.Busy)
	}
	s.all.SetEnabled(!state.Busy && len(state.Papers) > 0 && !state.Refusing)
	if state.Refusing {
		s.refusal.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do từ chối tiếp nhận"}}}}})
		s.refusal.Fill(map[string]string{"why": state.Why}, map[string]kit.Said{"why": state.WhySaid})
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
	if state.Kept != nil {
		all = append(all, s.kept(*state.Kept))
	}
	if state.Refusing {
		all = append(all, kit.Panel("Từ chối tiếp nhận", kit.Caption("Ghi rõ quy định làm căn cứ và hướng dẫn người nộp nơi tiếp nhận, nếu có."), s.refusal.Body()))
	} else {
		if state.Due.At != "" {
			all = append(all, appointment(state.Due))
		}
		for _, w := range state.Warnings {
			all = append(all, kit.Notice(kit.Warn, w))
		}
		if m := s.missing(state); m != nil {
			all = append(all, m)
		}
	}
	s.body.Objects = all
	s.scr.Relayout()
}

// part is what the right side shows, so that typing a letter does not build it again.
func part(s State) any {
	notice := Notice{}
	if s.Notice != nil {
		notice = Notice{Tone: s.Notice.Tone, Text: s.Notice.Text, Yes: s.Notice.Yes, No: s.Notice.No}
	}
	return []any{notice, s.Kept, s.Refusing, s.Due, s.Warnings, s.Missing, s.Ready}
}

func appointment(d Appointment) fyne.CanvasObject {
	at := kit.Strong(d.At)
	at.SizeName = theme.SizeNameSubHeadingText
	parts := []fyne.CanvasObject{at, kit.NewParagraph(d.Why)}
	if d.Projected {
		warn := kit.Caption("Lịch nghỉ năm này là dự kiến, chưa có thông báo chính thức.")
		warn.Color = kit.Amber
		parts = append(parts, kit.Marked(kit.TriangleSign, warn))
	}
	if d.Own != "" {
		own := kit.Strong(d.Own)
		parts = append(parts, kit.Rule(), kit.Caption("Đơn vị chuyển cơ quan có thẩm quyền trước"), own, kit.Caption(d.OwnWhy))
	}
	return kit.Panel("Hẹn trả kết quả", parts...)
}

func (s *side) missing(state State) fyne.CanvasObject {
	if state.Ready {
		return kit.Notice(kit.Good, "Đủ điều kiện tiếp nhận. Nhấn F9 để lưu và in.")
	}
	if len(state.Missing) == 0 {
		return nil
	}
	var lines []fyne.CanvasObject
	for _, m := range state.Missing {
		lines = append(lines, kit.NewLinkLine(m.Text, func() { s.focus(m.Field) }))
	}
	return kit.Panel("Còn phải làm", kit.Column(2, lines...))
}

// kept is the panel that says what was kept and how its paper fares; a few lines once the next form has been begun.
func (s *side) kept(k Kept) fyne.CanvasObject {
	if k.Old {
		parts := s.printed(k)
		if k.Print.Going || !k.Print.Again {
			parts = []fyne.CanvasObject{kit.Caption(k.Print.Text)}
		}
		return kit.Notice(kit.Good, "Vừa lưu: "+k.Number+" – "+k.Name, parts...)
	}
	head := "Đã lưu tại máy"
	if k.Refused {
		head = "Đã lưu tại máy: từ chối tiếp nhận"
	}
	number := kit.Strong(k.Number)
	number.SizeName, number.Color = theme.SizeNameHeadingText, kit.Green
	parts := []fyne.CanvasObject{number, kit.Strong(k.Name), kit.Caption(k.Title)}
	if k.Due != "" {
		parts = append(parts, kit.NewParagraph("Hẹn trả: "+k.Due))
	}
	parts = append(parts, s.printed(k)...)
	parts = append(parts, kit.NewButton("Xem hồ sơ", "", kit.Plain, func() { s.p.Open(k.ID) }))
	return kit.Notice(kit.Good, head, parts...)
}

// printed says how the paper fares, and what can be done about it.
func (s *side) printed(k Kept) []fyne.CanvasObject {
	paper := "Giấy tiếp nhận"
	if k.Refused {
		paper = "Phiếu từ chối"
	}
	said := kit.NewParagraph(paper + " – " + lower(k.Print.Text))
	said.Color = k.Print.Tone.Ink()
	out := []fyne.CanvasObject{said}
	switch k.Print.Tone {
	case kit.Warn, kit.Bad:
		out = []fyne.CanvasObject{kit.Notice(k.Print.Tone, said.Text())}
	case kit.Good:
		out = []fyne.CanvasObject{kit.Marked(kit.TickSign, said)}
	}
	if k.Print.Again {
		out = append(out, kit.NewButton("In lại", "Ctrl+P", kit.Plain, s.p.Again))
	}
	if path := k.Print.Path; path != "" {
		out = append(out, kit.NewButton("Mở tệp PDF", "Ctrl+O", kit.Plain, func() { s.p.File(path) }))
	}
	return out
}

// lower makes a sentence go on behind a dash.
func lower(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}
