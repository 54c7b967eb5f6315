package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	root   *fyne.Container
	body   *fyne.Container
	scroll *kit.Scroll
	form   *kit.Form
	keep   *kit.Button
	wrong  string
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{form: kit.NewForm(false), body: kit.Column(10)}
	s.scroll = kit.NewScroll(s.body)
	s.form.OnText = p.Text
	s.form.OnPick = p.Text
	s.form.OnDay = func(string, string, dossier.Date, error) {}
	s.form.OnGrow = s.scroll.Relayout
	s.form.OnFocus = func(key string) { s.scroll.Reveal(s.form.Object(key)) }
	s.form.OnLast = p.Keep
	s.keep = kit.NewButton("Lưu thiết lập", "F9", kit.Primary, p.Keep)
	s.draw("")
	s.root = kit.Pad(8, 60, 12, 60, kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, s.keep), s.scroll, 10))
	p.Attach(s)
	return s
}

func (s *Screen) draw(wrong string) {
	title := kit.Strong("Thiết lập lần đầu")
	title.SizeName, title.Color = theme.SizeNameHeadingText, kit.Accent
	all := []fyne.CanvasObject{title, kit.NewParagraph("Thông tin này in trên đầu mọi giấy tờ và trong số hồ sơ. Vui lòng nhập đúng như trên con dấu và biển hiệu của đơn vị.")}
	if wrong != "" {
		all = append(all, kit.Notice(kit.Bad, wrong))
	}
	s.body.Objects = append(all, s.form.Body())
	s.wrong = wrong
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	say := "Lưu thiết lập"
	if state.Busy {
		say = "Đang lưu…"
	}
	s.keep.Set(say)
	s.keep.SetEnabled(!state.Busy)
	if state.Wrong != s.wrong {
		s.draw(state.Wrong)
		s.scroll.Relayout()
	}
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) { s.form.Focus(field) }
