package course

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p       *Presenter
	root    *fyne.Container
	narrow  *fyne.Container // the acts beside the course
	broad   *fyne.Container // a large form, and the course beside it
	left    *fyne.Container
	right   *fyne.Container
	scroll  *kit.Scroll
	acts    *kit.Scroll
	form    *kit.Form
	large   *kit.Form
	longs   map[string]*kit.WrapEntry
	keep    *kit.Button
	back    *kit.Button
	print   *kit.Button
	bare    *kit.Button
	menu    *kit.Menu
	verbs   map[dossier.Kind]*kit.Button // one each, kept: what has the focus keeps it when the course is read again
	answers map[dossier.Kind]*kit.Button // those of the words above, kept likewise
	offer   *kit.Button
	first   fyne.Focusable
	was     State
	fresh   bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, left: kit.Column(10), right: kit.Column(10), verbs: map[dossier.Kind]*kit.Button{}, answers: map[dossier.Kind]*kit.Button{},
		longs: map[string]*kit.WrapEntry{}, fresh: true}
	s.scroll, s.acts = kit.NewScroll(s.left), kit.NewScroll(s.right)
	s.form, s.large = s.newForm(true), s.newForm(false)
	s.keep = kit.NewButton("", "F9", kit.Primary, p.Keep)
	s.back = kit.NewButton("Quay lại", "Esc", kit.Plain, p.Close)
	s.menu = kit.NewMenu()
	s.menu.OnPick = p.PrintForm
	s.menu.OnRune = func(r rune) { p.Rune(s.menu.Digit(r)) }
	s.offer = kit.NewButton("In giấy này", "Ctrl+P", kit.Primary, p.Print)
	s.print = kit.NewButton("In giấy tờ", "Ctrl+P", kit.Plain, p.List)
	s.bare = kit.NewButton("", "Ctrl+I", kit.Plain, p.Reveal)
	s.bare.OnFocus = func() { s.scroll.Reveal(s.bare) }
	for _, b := range []*kit.Button{s.keep, s.back, s.offer} {
		b.OnFocus = func() { s.acts.Reveal(b) }
	}
	bottom := kit.Pad(0, kit.ScrollRoom, 0, 4, kit.Column(8, s.print))
	right := kit.Frame(nil, bottom, s.acts, 10)
	s.narrow, s.broad = kit.Split(s.scroll, right, 0.34, 372, 430), kit.Split(s.scroll, right, 0.62, 350, 900)
	s.root = kit.Pad(8, 2, 12, 10, s.narrow)
	p.Attach(s)
	return s
}

func (s *Screen) newForm(bare bool) *kit.Form {
	f := kit.NewForm(bare)
	f.Holiday = s.p.Desk.Holiday
	f.OnGrow = s.acts.Relayout
	f.OnText = s.p.Text
	f.OnLeave = s.p.Left
	f.OnDay = func(key, typed string, _ dossier.Date, _ error) { s.p.Text(key, typed) }
	f.OnPick = s.p.Text
	f.OnFocus = func(key string) { s.acts.Reveal(f.Object(key)) }
	return f
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.print.SetEnabled(!state.Busy)
	s.print.Hidden = state.Empty || state.Forms != nil || state.Form != nil
	if key := map[bool]string{true: "Ctrl+P"}[state.Offer == ""]; s.print.Key != key { // it is the offer's meanwhile
		s.print.Key = key
		s.print.Refresh()
	}
	if f := state.Form; f != nil {
		if f.Review == nil {
			s.fill(f)
		}
		say := f.Say
		if state.Busy {
			say = "Đang lưu…"
		}
		if look := map[bool]kit.Look{true: kit.Danger, false: kit.Primary}[f.Danger]; s.keep.Look != look {
			s.keep.Look = look
			s.keep.Refresh()
		}
		s.keep.Set(say)
		s.keep.SetEnabled(!state.Busy)
	}
	if s.fresh || !reflect.DeepEqual(facts2(state), facts2(was)) {
		s.drawLeft(state)
		s.scroll.Relayout()
		if state.Number != was.Number || s.fresh || len(state.Alerts) > 0 && !reflect.DeepEqual(state.Alerts, was.Alerts) {
			s.scroll.Top()
		}
	}
	if s.fresh || !reflect.DeepEqual(acts2(state), acts2(was)) {
		s.drawRight(state)
		s.acts.Relayout()
		kit.Relayout(s.root)
		if !reflect.DeepEqual(place2(state), place2(was)) {
			s.acts.Top()
		}
	}
	s.fresh = false
}

// fill asks and fills the open form. The entries of long paragraphs are ours, the others the form's own.
func (s *Screen) fill(f *Form) {
	for _, section := range f.Questions {
		for _, row := range section.Rows {
			for i := range row {
				if row[i].Kind == kit.Custom {
					row[i].Object = s.long(row[i].Key)
				}
			}
		}
	}
	form := s.formOf(f)
	form.Ask(f.Questions)
	form.Fill(f.Values, f.Said)
	for _, section := range f.Questions {
		for _, row := range section.Rows {
			for _, q := range row {
				if q.Kind == kit.Custom {
					said := f.Said[q.Key]
					s.longs[q.Key].Fill(f.Values[q.Key], said.Text != "" && !said.Warn)
				}
			}
		}
	}
}

func (s *Screen) formOf(f *Form) *kit.Form {
	if f.Wide {
		return s.large
	}
	return s.form
}

func (s *Screen) long(key string) *kit.WrapEntry {
	e := s.longs[key]
	if e == nil {
		e = kit.NewWrapEntry(2, func(text string) { s.p.Text(key, text) })
		e.OnFocus = func() {
			for _, k := range []fyne.KeyName{fyne.KeyPageDown, fyne.KeyEnd} { // who comes goes on writing
				e.Entry.Entry.TypedKey(&fyne.KeyEvent{Name: k})
			}
			if f := s.was.Form; f != nil {
				s.acts.Reveal(s.formOf(f).Object(key))
			}
		}
		e.OnEnter = func() {
			if c := kit.CanvasOf(e); c != nil {
				c.FocusNext()
			}
		}
		s.longs[key] = e
	}
	return e
}

// facts2, acts2 and place2 are what each half shows and which part of it, so that typing a letter does not build it again.
func facts2(s State) any {
	tight := s.tight()
	s.Form, s.Verbs, s.Next, s.Busy, s.Offer, s.Forms = nil, nil, nil, false, "", nil
	return []any{s, tight}
}

// wide tells whether a large form takes most of the screen.
func (s State) wide() bool { return s.Form != nil && s.Form.Wide }

// tight tells whether the course has little room: beside a large form, or in large letters.
func (s State) tight() bool { return s.wide() || theme.TextSize() > largeText }

// largeText is the size of letters from which on things stand below one another.
const largeText = 20

func acts2(s State) any {
	out := []any{place2(s), s.Status, s.Empty, s.Offer, s.Forms}
	if f := s.Form; f != nil {
		return append(out, f.Review, f.Cards)
	}
	return append(out, s.Verbs, s.Next)
}

func place2(s State) any {
	if f := s.Form; f != nil {
		return []any{s.Number, f.Kind, f.Review != nil}
	}
	return []any{s.Number, dossier.Kind(""), s.Forms != nil}
}

// Page is for the presenter.
func (s *Screen) Page(down bool) { s.scroll.Page(down) }

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	focus := func(f fyne.Focusable) {
		if o, ok := f.(fyne.CanvasObject); ok && f != nil {
			if c := kit.CanvasOf(o); c != nil {
				c.Focus(f)
			}
		}
	}
	form := s.form
	if f := s.was.Form; f != nil {
		form = s.formOf(f)
	}
	switch field {
	case "form":
		form.Focus("")
	case "keep":
		focus(s.keep)
	case "papers":
		focus(s.menu)
		s.acts.Top()
	case "":
		focus(s.first)
	default:
		form.Focus(field)
	}
}

func (s *Screen) drawLeft(state State) {
	var all []fyne.CanvasObject
	for _, a := range state.Alerts {
		if a.Act == "" && !a.Drop {
			all = append(all, kit.Notice(a.Tone, a.Text))
			continue
		}
		all = append(all, kit.Notice(a.Tone, a.Text, kit.Row(0, kit.Cell{Object: s.answer(a)})))
	}
	if state.Empty {
		words := "Chưa chọn hồ sơ. Nhấn F3 để tìm."
		if state.Opening {
			words = "Đang mở hồ sơ…"
		}
		s.left.Objects = append(all, kit.Panel("", kit.NewParagraph(words)))
		return
	}
	all = append(all, header(state))

	var steps []fyne.CanvasObject
	for i, step := range state.Steps {
		if i > 0 {
			steps = append(steps, kit.Rule())
		}
		steps = append(steps, stepLine(step, state.tight()))
	}
	all = append(all, kit.Panel("Diễn biến", steps...))

	rows := facts(state.Facts)
	for i, g := range state.Papers {
		label := ""
		if i == 0 {
			label = "Giấy tờ đã nhận"
		}
		rows = append(rows, fact(Fact{label, g}))
	}
	if state.Numbers {
		s.bare.Set("Hiện số")
		if state.Bare {
			s.bare.Set("Ẩn số")
		}
		rows = append(rows, kit.Row(0, kit.Cell{Object: s.bare}))
	}
	all = append(all, kit.Panel("Nội dung hồ sơ", rows...))
	if len(state.Printed) > 0 {
		all = append(all, kit.Panel("Giấy tờ đã in", facts(state.Printed)...))
	}
	s.left.Objects = all
}

func header(state State) fyne.CanvasObject {
	number := kit.Strong(state.Number)
	number.SizeName, number.Color = theme.SizeNameHeadingText, kit.Accent
	name := kit.Strong(state.Name)
	name.SizeName = theme.SizeNameSubHeadingText
	chip := kit.NewChipLabel(state.Chip, state.Status)
	head := []fyne.CanvasObject{kit.Middle(14, kit.Cell{Object: number, Min: 160, Weight: 1}, kit.Cell{Object: chip}), name, kit.NewParagraph(state.Title)}
	if state.tight() {
		head = append([]fyne.CanvasObject{number, kit.Row(0, kit.Cell{Object: chip})}, head[1:]...)
	}
	if state.Due.Text+state.Own.Text != "" {
		head = append(head, kit.Rule())
		head = append(head, clock("Hẹn trả", state.Due, state.tight())...)
		head = append(head, clock("Bước của đơn vị", state.Own, state.tight())...)
	}
	head = append(head, kit.Rule())
	if state.Forwarded != "" {
		p := kit.NewParagraph(state.Forwarded)
		p.Color = kit.Accent
		head = append(head, kit.Marked(kit.DiamondSign, p))
	}
	sent := kit.NewParagraph(state.Sent)
	sent.Color = state.Tone.Ink()
	head = append(head, kit.Marked(signOf(state.Tone), sent))
	return kit.Panel("", head...)
}

func signOf(t kit.Tone) kit.Sign {
	switch t {
	case kit.Good:
		return kit.TickSign
	case kit.Bad:
		return kit.BackSign
	}
	return kit.RingSign
}

// clock is an appointment with what is left of it beside it, or below where there is little room, and how it was reckoned.
func clock(label string, c Clock, above bool) []fyne.CanvasObject {
	if c.Text == "" {
		return nil
	}
	left := kit.Strong(c.Left)
	var mark fyne.CanvasObject = left
	switch {
	case c.Late:
		left.Color = kit.Red
		mark = kit.Marked(kit.BangSign, left)
	case c.Today:
		left.Color = kit.Amber
		mark = kit.Marked(kit.ClockSign, left)
	}
	text := kit.NewParagraph(c.Text)
	line := kit.Row(12, kit.Cell{Object: text, Min: 205}, kit.Cell{Object: mark, Min: 100, Weight: 1})
	if above {
		line = kit.Column(2, text, mark)
	}
	return []fyne.CanvasObject{kit.Row(12, kit.Cell{Object: kit.Caption(label), Min: 110}, kit.Cell{Object: kit.Column(2, line, kit.Caption(c.Why)), Min: 100, Weight: 1})}
}

func facts(all []Fact) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, f := range all {
		out = append(out, fact(f))
	}
	return out
}

func fact(f Fact) fyne.CanvasObject {
	return kit.Row(12, kit.Cell{Object: kit.Caption(f.Label), Min: 150}, kit.Cell{Object: kit.NewParagraph(f.Text), Min: 100, Weight: 1})
}

// stepLine is one act, with when, who and where beside it, or above it where there is little room.
func stepLine(step Step, above bool) fyne.CanvasObject {
	parts := []fyne.CanvasObject{kit.Strong(step.Title)}
	if step.Mark != "" {
		mark := kit.Caption(step.Mark)
		mark.Color = step.MarkTone.Ink()
		parts = append(parts, kit.Marked(step.Sign, mark))
	}
	if step.Wish != "" {
		wish := kit.NewParagraph("Cấp trên yêu cầu sửa: " + step.Wish)
		wish.Color = kit.Bad.Ink()
		parts = append(parts, kit.Marked(kit.BackSign, wish))
	}
	if step.Detail != "" {
		parts = append(parts, kit.NewParagraph(step.Detail))
	}
	for _, c := range step.Changes {
		parts = append(parts, changeLine(c))
	}
	sent := kit.Caption(step.Sent)
	sent.Color = step.SentTone.Ink()
	var mark fyne.CanvasObject = sent
	if step.Sent != "" {
		mark = kit.Marked(signOf(step.SentTone), sent)
	}
	if above {
		return kit.Column(3, append([]fyne.CanvasObject{kit.NewParagraph(step.When), kit.Caption(join(", ", step.Kept, step.Who, step.Where)), mark}, parts...)...)
	}
	who := kit.Column(2, kit.NewParagraph(step.When), kit.Caption(step.Kept), kit.Caption(step.Who), kit.Caption(step.Where), mark)
	return kit.Row(14, kit.Cell{Object: who, Min: 168}, kit.Cell{Object: kit.Column(3, parts...), Min: 100, Weight: 1})
}

// changeLine is a field before and after, in words: "từ … thành …".
func changeLine(c Change) fyne.CanvasObject {
	say := func(s string) string {
		if s == "" {
			return "(trống)"
		}
		return "“" + s + "”"
	}
	before := kit.NewParagraph("Từ " + say(c.Before))
	before.Color = kit.Muted
	return kit.Column(1, kit.Caption(c.Label), before, kit.NewParagraph("thành "+say(c.After)))
}

func (s *Screen) drawRight(state State) {
	s.first = nil
	layout := s.narrow
	if state.wide() {
		layout = s.broad
	}
	s.root.Objects[0] = layout
	if state.Empty {
		s.right.Objects = nil
		return
	}
	if f := state.Form; f != nil {
		s.right.Objects = s.drawForm(f)
		return
	}
	if state.Forms != nil {
		var items []kit.MenuItem
		for _, f := range state.Forms {
			items = append(items, kit.MenuItem{Title: f.Title, Sub: f.Sub, Why: f.Why})
		}
		s.menu.SetItems(items)
		s.right.Objects = []fyne.CanvasObject{kit.Panel("In giấy tờ", s.menu, s.back)}
		return
	}
	s.right.Objects = s.drawVerbs(state)
}

func (s *Screen) drawForm(f *Form) []fyne.CanvasObject {
	s.back.Set("Quay lại")
	buttons := kit.Row(8, kit.Cell{Object: s.keep, Weight: 1}, kit.Cell{Object: s.back})
	var head []fyne.CanvasObject
	if len(f.Cards) > 0 {
		head = append(head, cards(f.Cards)...)
	}
	switch {
	case f.Review != nil:
		s.back.Set("Sửa tiếp")
		var lines []fyne.CanvasObject
		for i, c := range f.Review {
			if i > 0 {
				lines = append(lines, kit.Rule())
			}
			lines = append(lines, changeLine(c))
		}
		lines = append(lines, kit.Rule(), kit.Row(12, kit.Cell{Object: kit.Caption("Lý do"), Min: 60}, kit.Cell{Object: kit.NewParagraph(f.Values["why"]), Weight: 1}),
			kit.Caption(f.Note), buttons)
		return []fyne.CanvasObject{kit.Panel(f.Title, lines...)}
	case f.Wide:
		title := kit.Strong(f.Title)
		title.SizeName, title.Color = theme.SizeNameSubHeadingText, kit.Accent
		out := append([]fyne.CanvasObject{kit.Pad(2, 0, 0, 2, title)}, head...)
		return append(out, s.large.Body(), buttons)
	}
	return []fyne.CanvasObject{kit.Panel(f.Title, s.form.Body(), buttons)}
}

// cards stand side by side, two in a row.
func cards(all []Card) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for pair := range slices.Chunk(all, 2) {
		var cells []kit.Cell
		for _, c := range pair {
			cells = append(cells, kit.Cell{Object: kit.Panel(c.Title, kit.NewParagraph(c.When), kit.Caption(c.Who), kit.NewParagraph(c.Detail)), Min: 120, Weight: 1})
		}
		if len(pair) == 1 && len(all) > 1 {
			cells = append(cells, kit.Cell{Object: kit.Gap(0), Min: 120, Weight: 1})
		}
		out = append(out, kit.Row(10, cells...))
	}
	return out
}

// drawVerbs shows what comes next first, then the rest that can be done, then what cannot be and why.
func (s *Screen) drawVerbs(state State) []fyne.CanvasObject {
	var next, rest, cannot, byStatus []fyne.CanvasObject
	var whys []string
	because := map[string][]fyne.CanvasObject{} // each reason is said once
	line := func(v VerbLine) fyne.CanvasObject {
		title := kit.NewParagraph(v.Title)
		title.Color = kit.Muted
		return kit.Row(8, kit.Cell{Object: title, Min: 60, Weight: 1}, kit.Cell{Object: kit.Caption(v.Key)})
	}
	ofKind := map[dossier.Kind]VerbLine{}
	for _, v := range state.Verbs {
		ofKind[v.Kind] = v
	}
	for i, kind := range state.Next {
		b := s.verb(ofKind[kind], i == 0 && state.Offer == "")
		if s.first == nil {
			s.first = b
		}
		next = append(next, b)
	}
	for _, v := range state.Verbs {
		switch {
		case slices.Contains(state.Next, v.Kind):
		case v.Why == "":
			b := s.verb(v, false)
			if s.first == nil {
				s.first = b
			}
			rest = append(rest, b)
		case v.ByStatus:
			byStatus = append(byStatus, line(v))
		default:
			if because[v.Why] == nil {
				whys = append(whys, v.Why)
			}
			because[v.Why] = append(because[v.Why], line(v))
		}
	}
	for _, why := range whys {
		cannot = append(cannot, kit.Column(1, append(because[why], kit.Caption(why))...))
	}
	var all []fyne.CanvasObject
	if state.Offer != "" {
		s.first = s.offer
		all = append(all, kit.Panel("Giấy đi kèm bước vừa lưu", kit.NewParagraph(state.Offer), s.offer))
	}
	if len(next) > 0 {
		all = append(all, kit.Panel("Làm tiếp", kit.Column(7, next...)))
	}
	if len(rest) > 0 {
		title := "Việc khác"
		if len(next) == 0 {
			title = "Làm được"
		}
		all = append(all, kit.Panel(title, kit.Column(7, rest...)))
	}
	if len(byStatus) > 0 {
		lines := append([]fyne.CanvasObject{kit.Caption("Hồ sơ ở trạng thái “" + state.Status + "” nên không có các bước:")}, byStatus...)
		cannot = append(cannot, kit.Column(3, lines...))
	}
	if len(cannot) > 0 {
		all = append(all, kit.Panel("Chưa làm được", cannot...))
	}
	return all
}

// verb is the button of an act.
func (s *Screen) verb(v VerbLine, primary bool) *kit.Button {
	b := s.verbs[v.Kind]
	if b == nil {
		b = kit.NewButton("", v.Key, kit.Plain, func() { s.p.Choose(v.Kind) })
		b.Left = true
		b.OnFocus = func() { s.acts.Reveal(b) }
		s.verbs[v.Kind] = b
	}
	look := kit.Plain
	switch {
	case v.Danger:
		look = kit.Danger
	case primary:
		look = kit.Primary
	}
	title := v.Title
	if v.Draft {
		title += " (đang nhập dở)"
	}
	if b.Look != look {
		b.Look = look
		b.Refresh()
	}
	b.Set(title)
	return b
}

// answer is the button of a word above.
func (s *Screen) answer(a Alert) *kit.Button {
	b := s.answers[a.Act]
	if b == nil {
		b = kit.NewButton("", a.Key, kit.Plain, func() {
			if a.Drop {
				s.p.Discard()
				return
			}
			s.p.Choose(a.Act)
		})
		b.OnFocus = func() { s.scroll.Reveal(b) }
		s.answers[a.Act] = b
	}
	b.Set(a.Label)
	return b
}
