package gate

import (
	"fmt"
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view.
type Screen struct {
	p      *Presenter
	root   *fyne.Container
	body   *fyne.Container
	foot   *fyne.Container
	scroll *kit.Scroll
	form   *kit.Form
	router *kit.Router

	secrets *kit.Secrets
	groups  *kit.Groups

	submit, show, back, again, forgot, other, print, save, search, anew, bring, later *kit.Button

	was   State
	built bool
}

// width is that of the page with usual letters: a line of it is read at a glance.
const width = 660

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, form: kit.NewForm(false), body: kit.Column(12), groups: kit.NewGroups()}
	s.scroll = kit.NewScroll(kit.Pad(14, 0, 8, 0, middle(s.body)))
	s.secrets = kit.NewSecrets(s.form, p.Text)
	s.form.OnText = p.Text
	s.form.OnPick = p.Pick
	s.form.OnLeave = p.Leave
	s.form.OnGrow = s.scroll.Relayout
	s.form.OnFocus = func(key string) { s.scroll.Reveal(s.form.Object(key)) }
	s.form.OnLast = p.Submit
	button := func(text, key string, look kit.Look, do func()) *kit.Button {
		b := kit.NewButton(text, key, look, do)
		b.OnFocus = func() { s.scroll.Reveal(b) }
		return b
	}
	s.submit = button("", "", kit.Primary, p.Submit)
	s.show = button("", "Ctrl+H", kit.Plain, p.Reveal)
	s.back = button("Quay lại", "Esc", kit.Plain, p.Back)
	s.again = button("Xem lại mã", "Esc", kit.Plain, p.Again)
	s.forgot = button("Quên mật khẩu: dùng phiếu khôi phục", "F8", kit.Plain, p.Forgot)
	s.other = button("Người khác vào ca", "F4", kit.Plain, p.Other)
	s.forgot.Left, s.other.Left = true, true
	s.print = button("In phiếu khôi phục", "F8", kit.Plain, p.Print)
	s.save = button("Lưu tệp PDF", "Ctrl+S", kit.Plain, p.Save)

	s.search = button("Tìm lại bản sao lưu", "F5", kit.Plain, p.Search)
	s.anew = button("Không có bản sao lưu: lập dữ liệu mới", "F4", kit.Plain, p.Anew)
	s.bring = button("Máy thay thế: khôi phục từ bản sao lưu", "F8", kit.Plain, p.BringBack)
	s.later = button("Làm việc ngay, kiểm tra sau", "Esc", kit.Plain, p.PutOff)
	s.anew.Left, s.bring.Left, s.search.Left, s.later.Left = true, true, true, true

	name := kit.Strong("Tiếp nhận hồ sơ định danh và xác thực điện tử")
	name.Color = kit.OnNavy
	head := kit.Backed(kit.Navy, "", kit.Pad(9, 16, 9, 16, middle(name)))
	s.foot = kit.Column(0)
	s.root = kit.Frame(head, kit.Backed(kit.Surface, "", kit.Pad(10, kit.ScrollRoom+4, 10, 4, middle(s.foot))), s.scroll, 0)
	s.root.Objects = []fyne.CanvasObject{s.scroll, s.root.Objects[2], s.root.Objects[0]} // the Tab key begins in the page
	s.router = &kit.Router{Now: p.Now, After: func(d time.Duration, f func()) { p.Threads.After(d, f) }, OnKey: s.key, OnCard: p.Scan,
		OnCode: p.Scan, Focus: func() fyne.Focusable {
			if c := kit.CanvasOf(s.root); c != nil {
				return c.Focused()
			}
			return nil
		}}
	p.Attach(s)
	return s
}

// middle is o as wide as a page, in the middle; narrower where there is not so much room. What is over goes to both sides of it, all but a hair
// that tells a row it may be narrow.
func middle(o fyne.CanvasObject) *fyne.Container {
	return kit.Row(0, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}, kit.Cell{Object: o, Min: width, Weight: 0.001}, kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1})
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Router takes every key and character of the window while the gate is shown.
func (s *Screen) Router() *kit.Router { return s.router }

// key takes a key of the page, and those that bring the rest of it into sight.
func (s *Screen) key(e kit.Event) bool {
	if s.p.Key(e) {
		return true
	}
	if page := e.Key == fyne.KeyPageDown || e.Key == fyne.KeyPageUp; !page || e.Ctrl || e.Alt {
		return false
	}
	s.scroll.Page(e.Key == fyne.KeyPageDown)
	return true
}

// Start begins once it is in the window.
func (s *Screen) Start() { s.p.Start() }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	turned := !s.built || (state.Progress == nil) != (s.was.Progress == nil) || state.Page != s.was.Page || state.Asking != s.was.Asking
	s.form.Ask(s.secrets.Place(state.Questions))
	s.form.Fill(state.Values, state.Said)
	s.secrets.Fill(state.Values, state.Said, state.Shown)
	s.groups.Set(state.Code, state.Asking)
	s.submit.Key = state.Key
	s.submit.Set(state.Submit)
	s.submit.SetEnabled(!state.Busy && !state.Waits)
	s.show.Set("Hiện mật khẩu")
	if state.Shown {
		s.show.Set("Ẩn mật khẩu")
	}
	for _, b := range []*kit.Button{s.back, s.again, s.forgot, s.other, s.print, s.save, s.search, s.anew, s.bring} {
		b.SetEnabled(!state.Busy)
	}
	was := s.was
	s.was, s.built = state, true
	if turned || state.Title != was.Title || !reflect.DeepEqual(state.Alert, was.Alert) || state.Submit != was.Submit ||
		!reflect.DeepEqual(state.Lead, was.Lead) || !reflect.DeepEqual(state.Progress, was.Progress) || state.Anew != was.Anew {
		s.draw(state)
		s.scroll.Relayout()
		kit.Relayout(s.root)
		if turned {
			s.scroll.Top()
		}
	}
}

func (s *Screen) draw(state State) {
	title := kit.Strong(state.Title)
	title.SizeName, title.Color = theme.SizeNameHeadingText, kit.Accent
	all := []fyne.CanvasObject{title}
	if state.Progress == nil {
		for _, line := range state.Lead {
			all = append(all, kit.NewParagraph(line))
		}
	}
	if state.Alert != nil {
		all = append(all, kit.Notice(state.Alert.Tone, state.Alert.Text))
	}
	if state.Progress != nil {
		all = append(all, progress(*state.Progress))
		if state.Progress.MayWait {
			all = append(all, s.later)
		}
	}
	space := kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1}
	foot := []kit.Cell{{Object: s.submit}}
	switch {
	case state.Progress != nil: // nothing else is of any use meanwhile
	case state.Page == PageCode:
		groups := kit.Panel("", s.groups)
		if state.Asking {
			all = append(all, s.form.Body(), groups)
			foot = append(foot, kit.Cell{Object: s.again})
		} else {
			all = append(all, groups, kit.Middle(8, kit.Cell{Object: s.print}, kit.Cell{Object: s.save}, space))
		}
	case state.Page == PageLook, state.Page == PageAnew:
	case state.Page == PageBackups:
		all = append(all, s.form.Body())
		if s.p.secrets() {
			foot = append(foot, kit.Cell{Object: s.show})
		}
		all = append(all, s.search)
	default:
		all = append(all, s.form.Body())
		foot = append(foot, kit.Cell{Object: s.show})
	}
	switch {
	case state.Progress != nil:
	case state.Page == PagePassword:
		if state.From {
			all = append(all, s.bring)
		}
	case state.Page == PageBackups:
		if state.Anew {
			all = append(all, s.anew)
		}
		foot = append(foot, kit.Cell{Object: s.back})
	case state.Page == PageLook, state.Page == PageAnew, state.Page == PageRecover:
		foot = append(foot, kit.Cell{Object: s.back})
	case state.Page == PageSignIn:
		if state.Other {
			all = append(all, s.other)
		}
		all = append(all, s.forgot)
	}
	s.body.Objects = all
	s.foot.Objects = []fyne.CanvasObject{kit.Middle(8, append(foot, space)...)}
}

// progress says how far something is, with a bar.
func progress(p Progress) fyne.CanvasObject {
	share, words := float32(-1), p.Doing+"…"
	if p.All > 0 {
		share = float32(p.Done) / float32(p.All)
		words = fmt.Sprintf("%s… %d %%", p.Doing, p.Done*100/p.All)
	}
	return kit.Panel("", kit.Column(8, kit.NewParagraph(words), kit.Bar(share)))
}

// Focus is for the presenter; "" is the button that goes on.
func (s *Screen) Focus(field string) {
	if field != "" && s.form.Focus(field) {
		return
	}
	if c := kit.CanvasOf(s.root); c != nil {
		c.Focus(s.submit)
	}
}

// SelectAll is for the presenter.
func (s *Screen) SelectAll(field string) { s.secrets.SelectAll(field) }
