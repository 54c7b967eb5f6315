package course

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	left   *fyne.Container
	right  *fyne.Container
	scroll *kit.Scroll
	acts   *kit.Scroll
	form   *kit.Form
	keep   *kit.Button
	print  *kit.Button
	menu   *kit.Menu
	verbs  map[dossier.Kind]*kit.Button // one each, kept: what has the focus keeps it when the course is read again
	offer  *kit.Button
	first  fyne.Focusable
	was    State
	fresh  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, left: kit.Column(10), right: kit.Column(10), form: kit.NewForm(true), verbs: map[dossier.Kind]*kit.Button{}, fresh: true}
	s.scroll, s.acts = kit.NewScroll(s.left), kit.NewScroll(s.right)
	s.form.OnGrow = s.acts.Relayout
	s.form.OnText = p.Text
	s.form.OnDay = func(key, typed string, _ dossier.Date, _ error) { p.Text(key, typed) }
	s.form.OnPick = p.Text
	s.form.OnFocus = func(key string) { s.acts.Reveal(s.form.Object(key)) }
	s.keep = kit.NewButton("", "F9", kit.Primary, p.Keep)
	s.menu = kit.NewMenu()
	s.menu.OnPick = p.PrintForm
	s.menu.OnRune = func(r rune) { p.Rune(s.menu.Digit(r)) }
	s.offer = kit.NewButton("In giấy này", "Ctrl+P", kit.Primary, p.Print)
	s.print = kit.NewButton("In giấy tờ", "Ctrl+P", kit.Plain, p.List)
	bottom := kit.Pad(0, kit.ScrollRoom, 0, 4, kit.Column(8, s.print))
	s.root = kit.Pad(8, 2, 12, 10, kit.Split(s.scroll, kit.Frame(nil, bottom, s.acts, 10), 0.34, 350, 430))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.print.SetEnabled(!state.Busy)
	s.print.Hidden = state.Empty || state.Forms != nil
	if key := map[bool]string{true: "Ctrl+P"}[state.Offer == "" || state.Form != nil]; s.print.Key != key { // it is the offer's meanwhile
		s.print.Key = key
		s.print.Refresh()
	}
	if f := state.Form; f != nil {
		s.form.Ask(f.Questions)
		s.form.Fill(f.Values, f.Said)
		say := f.Say
		if state.Busy {
			say = "Đang lưu…"
		}
		s.keep.Look = kit.Primary
		if f.Danger {
			s.keep.Look = kit.Danger
		}
		s.keep.Set(say)
		s.keep.SetEnabled(!state.Busy)
	}
	if s.fresh || !reflect.DeepEqual(facts2(state), facts2(was)) {
		s.drawLeft(state)
		s.scroll.Relayout()
		if state.Number != was.Number {
			s.scroll.Top()
		}
	}
	if s.fresh || !reflect.DeepEqual(acts2(state), acts2(was)) {
		s.drawRight(state)
		s.acts.Relayout()
		kit.Relayout(s.root)
	}
	s.fresh = false
}

// facts2 and acts2 are what each half shows, so that typing a letter does not build it again.
func facts2(s State) any {
	s.Form, s.Verbs, s.Busy, s.Offer, s.Forms = nil, nil, false, "", nil
	return s
}

func acts2(s State) any {
	form := ""
	if s.Form != nil {
		form = s.Form.Title
	}
	return []any{form, s.Status, s.Verbs, s.Empty, s.Offer, s.Forms}
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	switch field {
	case "form":
		s.form.Focus("")
	case "papers":
		if c := kit.CanvasOf(s.menu); c != nil {
			c.Focus(s.menu)
		}
		s.acts.Top()
	case "":
		if o, ok := s.first.(fyne.CanvasObject); ok && s.first != nil {
			if c := kit.CanvasOf(o); c != nil {
				c.Focus(s.first)
			}
		}
	default:
		s.form.Focus(field)
	}
}

func (s *Screen) drawLeft(state State) {
	var all []fyne.CanvasObject
	for _, a := range state.Alerts {
		all = append(all, kit.Notice(a.Tone, a.Text))
	}
	if state.Empty {
		words := "Chưa chọn hồ sơ. Nhấn F3 để tìm."
		if state.Opening {
			words = "Đang mở hồ sơ…"
		}
		s.left.Objects = append(all, kit.Panel("", kit.NewParagraph(words)))
		return
	}
	number := kit.Strong(state.Number)
	number.SizeName, number.Color = theme.SizeNameHeadingText, kit.Accent
	sent := kit.Caption(state.Sent)
	sent.Color = state.Tone.Ink()
	name := kit.Strong(state.Name)
	name.SizeName = theme.SizeNameSubHeadingText
	head := []fyne.CanvasObject{
		kit.Middle(14, kit.Cell{Object: number, Min: 160, Weight: 1}, kit.Cell{Object: kit.NewChipLabel(state.Chip, state.Status)}),
		name, kit.NewParagraph(state.Title)}
	if state.Due != "" {
		due := kit.Strong("Hẹn trả: " + state.Due)
		line := fyne.CanvasObject(due)
		if state.Late {
			due.Set("Quá hạn. Hẹn trả: "+state.Due, kit.Red)
			line = kit.Marked(kit.TriangleSign, due)
		}
		head = append(head, kit.Rule(), line, kit.Caption(state.DueWhy))
	}
	head = append(head, sent)
	all = append(all, kit.Panel("", head...))

	var steps []fyne.CanvasObject
	for i, step := range state.Steps {
		if i > 0 {
			steps = append(steps, kit.Rule())
		}
		steps = append(steps, stepLine(step))
	}
	all = append(all, kit.Panel("Diễn biến", steps...))

	var rows []fyne.CanvasObject
	for _, f := range state.Facts {
		rows = append(rows, kit.Row(12, kit.Cell{Object: kit.Caption(f.Label), Min: 150}, kit.Cell{Object: kit.NewParagraph(f.Text), Min: 100, Weight: 1}))
	}
	for i, g := range state.Papers {
		label := ""
		if i == 0 {
			label = "Giấy tờ đã nhận"
		}
		rows = append(rows, kit.Row(12, kit.Cell{Object: kit.Caption(label), Min: 150}, kit.Cell{Object: kit.NewParagraph(g), Min: 100, Weight: 1}))
	}
	all = append(all, kit.Panel("Nội dung hồ sơ", rows...))
	s.left.Objects = all
}

func stepLine(step Step) fyne.CanvasObject {
	title := kit.Strong(step.Title)
	parts := []fyne.CanvasObject{title}
	if step.Mark != "" {
		mark := kit.Caption(step.Mark)
		mark.Color = kit.Red
		parts = append(parts, kit.Marked(kit.CrossSign, mark))
	}
	if step.Detail != "" {
		parts = append(parts, kit.NewParagraph(step.Detail))
	}
	sent := kit.Caption(step.Sent)
	sent.Color = step.SentTone.Ink()
	who := kit.Column(2, kit.Caption(step.When), kit.Caption(step.Who), sent)
	return kit.Row(14, kit.Cell{Object: who, Min: 168}, kit.Cell{Object: kit.Column(3, parts...), Min: 100, Weight: 1})
}

func (s *Screen) drawRight(state State) {
	s.first = nil
	if state.Empty {
		s.right.Objects = nil
		return
	}
	if f := state.Form; f != nil {
		s.right.Objects = []fyne.CanvasObject{kit.Panel(f.Title, s.form.Body(),
			kit.Row(8, kit.Cell{Object: s.keep, Weight: 1}, kit.Cell{Object: kit.NewButton("Quay lại", "Esc", kit.Plain, s.p.Close)}))}
		return
	}
	if state.Forms != nil {
		var items []kit.MenuItem
		for _, f := range state.Forms {
			items = append(items, kit.MenuItem{Title: f.Title, Sub: f.Sub, Why: f.Why})
		}
		s.menu.SetItems(items)
		s.right.Objects = []fyne.CanvasObject{kit.Panel("In giấy tờ", s.menu, kit.NewButton("Quay lại", "Esc", kit.Plain, s.p.Close))}
		return
	}
	var can, cannot []fyne.CanvasObject
	var byStatus []string
	for _, v := range state.Verbs {
		if v.Why == "" {
			b := s.verb(v)
			if s.first == nil {
				s.first = b
			}
			can = append(can, b)
			continue
		}
		if v.ByStatus {
			byStatus = append(byStatus, v.Title)
			continue
		}
		title := kit.NewParagraph(v.Title)
		title.Color = kit.Muted
		cannot = append(cannot, kit.Column(0, title, kit.Caption(v.Why)))
	}
	var all []fyne.CanvasObject
	if state.Offer != "" {
		s.first = s.offer
		all = append(all, kit.Panel("Giấy đi kèm bước vừa lưu", kit.NewParagraph(state.Offer), s.offer))
	}
	if len(can) > 0 {
		all = append(all, kit.Panel("Làm tiếp", kit.Column(7, can...)))
	}
	if len(byStatus) > 0 {
		lines := []fyne.CanvasObject{kit.Caption("Hồ sơ ở trạng thái “" + state.Status + "” nên không có các bước:")}
		for _, title := range byStatus {
			line := kit.NewParagraph(title)
			line.Color = kit.Muted
			lines = append(lines, kit.Pad(0, 0, 0, 12, line))
		}
		cannot = append(cannot, kit.Column(3, lines...))
	}
	if len(cannot) > 0 {
		all = append(all, kit.Panel("Chưa làm được", cannot...))
	}
	s.right.Objects = all
}

// verb is the button of an act.
func (s *Screen) verb(v VerbLine) *kit.Button {
	b := s.verbs[v.Kind]
	if b == nil {
		b = kit.NewButton("", v.Key, kit.Plain, func() { s.p.Choose(v.Kind) })
		b.Left = true
		s.verbs[v.Kind] = b
	}
	b.Look = kit.Plain
	if v.Danger {
		b.Look = kit.Danger
	}
	b.Set(v.Title)
	return b
}
