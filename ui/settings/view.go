package settings

import (
	"reflect"

	"fyne.io/fyne/v2"

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
	undo   *kit.Button
	lock   *kit.Check
	alert  *Alert
	built  bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{form: kit.NewForm(false), body: kit.Column(10)}
	s.scroll = kit.NewScroll(s.body)
	s.form.OnText, s.form.OnPick = p.Text, p.Text
	s.form.OnDay = func(key, text string, _ dossier.Date, _ error) { p.Text(key, text) }
	s.form.OnGrow = s.scroll.Relayout
	s.form.OnFocus = func(key string) { s.scroll.Reveal(s.form.Object(key)) }
	s.form.OnLast = p.Keep
	s.lock = kit.NewCheck("Yêu cầu khóa phải có người thứ hai xác nhận",
		"Khi lưu, cán bộ tiếp nhận khác, chỉ huy hoặc người quản trị gõ mật khẩu của mình. Máy chưa có ai khác thì vẫn lưu và nhật ký ghi rõ. Cần đặt ở từng máy.")
	s.lock.OnTick = p.LockTwice
	s.lock.OnFocus = func() { s.scroll.Reveal(s.lock) }
	s.lock.OnEnter = func() { kit.CanvasOf(s.lock).FocusNext() }
	s.keep = kit.NewButton("Lưu thiết lập", "F9", kit.Primary, p.Keep)
	s.undo = kit.NewButton("Bỏ sửa", "Ctrl+R", kit.Plain, p.Undo)
	rules := kit.NewButton("Thủ tục và lịch", "Ctrl+L", kit.Plain, p.Rules)
	foot := kit.Middle(8, kit.Cell{Object: s.keep}, kit.Cell{Object: s.undo}, kit.Cell{Object: rules}, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1})
	s.root = kit.Pad(8, 2, 10, 14, kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, foot), s.scroll, 10))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	for _, section := range state.Questions {
		for _, row := range section.Rows {
			for i := range row {
				if row[i].Key == "lock-twice" {
					row[i].Object = s.lock
				}
			}
		}
	}
	s.lock.Set(state.Values["lock-twice"] == "yes", false)
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	say := "Lưu thiết lập"
	if state.Busy {
		say = "Đang lưu…"
	}
	s.keep.Set(say)
	s.keep.SetEnabled(!state.Busy && state.Read)
	s.undo.SetEnabled(!state.Busy && state.Dirty)
	if s.built && reflect.DeepEqual(s.alert, state.Alert) {
		return
	}
	s.built, s.alert = true, state.Alert
	s.body.Objects = []fyne.CanvasObject{s.form.Body()}
	if a := state.Alert; a != nil {
		s.body.Objects = []fyne.CanvasObject{kit.Notice(a.Tone, a.Text), s.form.Body()}
	}
	s.scroll.Relayout()
	if state.Alert != nil {
		s.scroll.Top()
	}
}

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if field == "" {
		field = "unit.upper"
	}
	s.form.Focus(field)
}
