// Package layouts is the keeper's: which forms there are, which of them were compared with the official paper, and the text of those whose
// text is data.
package layouts

import (
	"cmp"
	"context"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Forms(ctx context.Context) ([]dossier.FormInfo, error)
	FormText(ctx context.Context, form string) ([]byte, error)
	KeepFormText(ctx context.Context, form string, text []byte, checked bool) error
	MarkChecked(ctx context.Context, form string, checked bool) error
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk         Desk
	Threads      kit.Threads
	Trouble      func(err error, again func()) bool
	PreviewBlank func(form string) // a blank of it as it is kept, to be looked at
	Folder       func() string     // where files go
}

// State is all that the screen shows.
type State struct {
	Read    bool
	Forms   []FormLine
	At      int
	Alert   *Alert
	Confirm *Confirm
	Busy    bool
	Edit    *Edit // the editor, in place of the list
}

// FormLine is one form of the station's set.
type FormLine struct {
	dossier.FormInfo
	Editing bool // changed in the editor and not kept yet
}

// Name is code and title.
func (f FormLine) Name() string {
	if f.Code == "" {
		return f.Title
	}
	return f.Code + " – " + f.Title
}

// Confirm asks before the keeper's word on a form is kept.
type Confirm struct{ Title, Name, Text, Say string }

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Presenter knows the forms. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	turn   int
	read   bool
	forms  []dossier.FormInfo
	at     int
	asking string // the form of which the keeper is asked for his word
	alert  *Alert
	busy   bool
	edit   string             // the form in the editor
	drafts map[string]*editor // what was typed and not kept: Esc loses nothing
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter { return &Presenter{World: w, drafts: map[string]*editor{}} }

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads which forms there are.
func (p *Presenter) Refresh() { p.reread(nil) }

func (p *Presenter) reread(then func()) {
	p.turn++
	turn, first := p.turn, !p.read
	p.Threads.Go(func() {
		forms, err := p.Desk.Forms(context.Background())
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, func() { p.reread(then) })
				return
			}
			p.forms = slices.DeleteFunc(forms, func(f dossier.FormInfo) bool { return f.Own })
			p.read = true
			p.at = max(0, min(p.at, len(forms)-1))
			if then != nil {
				then()
			}
			p.render()
			if first {
				p.focus("")
			}
		})
	})
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// current is the form the list stands at.
func (p *Presenter) current() (dossier.FormInfo, bool) {
	if p.at < 0 || p.at >= len(p.forms) {
		return dossier.FormInfo{}, false
	}
	return p.forms[p.at], true
}

func (p *Presenter) info(form string) dossier.FormInfo {
	for _, f := range p.forms {
		if f.Key == form {
			return f
		}
	}
	return dossier.FormInfo{Key: form}
}

// Select takes which form the keeper looks at.
func (p *Presenter) Select(i int) {
	if i != p.at && i >= 0 && i < len(p.forms) {
		p.at, p.alert, p.asking = i, nil, ""
		p.render()
	}
}

// Blank is Ctrl+P: an unfilled one, to be looked at.
func (p *Presenter) Blank() {
	switch f, ok := p.current(); {
	case !ok || p.busy:
	case f.Book:
		p.say(kit.Info, "Sổ, danh mục lập từ nhiều hồ sơ, ở màn hình Sổ và mục lục (F11, 1).")
	case !f.Blank:
		p.say(kit.Info, "Mẫu này chỉ in từ hồ sơ, không có mẫu trắng.")
	default:
		p.PreviewBlank(f.Key)
	}
}

func (p *Presenter) say(tone kit.Tone, text string) {
	p.alert = &Alert{tone, text}
	p.render()
}

// Mark is Ctrl+K: it asks for the keeper's word that the form was compared with the official paper, or to take it back.
func (p *Presenter) Mark() {
	if f, ok := p.current(); ok && !p.busy {
		p.asking, p.alert = f.Key, nil
		p.render()
		p.focus("confirm")
	}
}

// Withdraw is Esc: no word was given.
func (p *Presenter) Withdraw() {
	p.asking = ""
	p.render()
	p.focus("")
}

// Confirm keeps the word.
func (p *Presenter) Confirm() {
	if p.asking == "" || p.busy {
		return
	}
	form, checked := p.asking, !p.info(p.asking).Checked
	p.busy = true
	p.render()
	p.Threads.Go(func() {
		err := p.Desk.MarkChecked(context.Background(), form, checked)
		p.Threads.OnUI(func() {
			p.busy = false
			if err != nil {
				p.fail(err, p.Confirm)
				return
			}
			p.asking = ""
			p.reread(func() {
				p.alert = &Alert{kit.Good, "Đã ghi nhận: mẫu này đã đối chiếu với bản chính thức."}
				switch now := p.info(form); {
				case !checked && now.Unseen:
					p.alert = &Alert{kit.Good, "Đã bỏ đánh dấu. Mẫu này lại in dấu mờ “chưa đối chiếu”."}
				case !checked:
					p.alert = &Alert{kit.Good, "Đã bỏ đánh dấu. Mẫu này theo mẫu đang dùng, in không có dấu mờ."}
				}
				if e := p.drafts[form]; e != nil {
					e.known(checked)
				}
			})
			p.focus("")
		})
	})
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	if p.edit != "" {
		return p.editKey(e)
	}
	switch {
	case e.Alt:
		return false
	case p.asking != "" && e.Key == "F9" && !e.Ctrl:
		p.Confirm()
	case p.asking != "" && e.Key == "Escape":
		p.Withdraw()
	case e.Ctrl && e.Key == "K":
		p.Mark()
	case e.Ctrl && e.Key == "P":
		p.Blank()
	case e.Key == "F4" && !e.Ctrl:
		p.Edit()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	if p.edit != "" {
		return editKeys
	}
	return []kit.Hint{{Key: "Mũi tên, PageUp, PageDown", Does: "Chọn biểu mẫu"}, {Key: "F4 hoặc Enter", Does: "Sửa nội dung (mẫu tờ khai)"},
		{Key: "Ctrl+P", Does: "Xem mẫu trắng"}, {Key: "Ctrl+K", Does: "Đánh dấu, bỏ đánh dấu đã đối chiếu với bản chính thức"},
		{Key: "F9", Does: "Xác nhận đánh dấu"}, {Key: "Esc", Does: "Không đánh dấu"}}
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Read: p.read, At: p.at, Alert: p.alert, Busy: p.busy}
	for _, f := range p.forms {
		e := p.drafts[f.Key]
		s.Forms = append(s.Forms, FormLine{f, e != nil && e.changed()})
	}
	if p.asking != "" {
		s.Confirm = confirm(FormLine{FormInfo: p.info(p.asking)})
	}
	if e := p.drafts[p.edit]; e != nil {
		s.Edit = e.state(FormLine{FormInfo: p.info(p.edit)})
	}
	return s
}

func confirm(f FormLine) *Confirm {
	if f.Checked { // whether it was built from a paper somebody had seen is known again once the word is taken back
		return &Confirm{Title: "Bỏ đánh dấu đã đối chiếu", Name: f.Name(), Say: "Bỏ đánh dấu",
			Text: "Mẫu này không còn được ghi là đã đối chiếu. Mẫu dựng khi chưa có bản chính thức sẽ lại in dấu mờ “chưa đối chiếu”."}
	}
	text := "Chỉ xác nhận sau khi đã so từng dòng của mẫu này với bản do cơ quan có thẩm quyền ban hành. "
	if f.Unseen {
		text += "Từ đó mẫu này không in dấu mờ “chưa đối chiếu” nữa. "
	}
	return &Confirm{Title: "Đã đối chiếu với bản chính thức", Name: f.Name(), Say: "Đã đối chiếu", Text: text + "Người xác nhận và thời điểm xác nhận được ghi lại."}
}

// Editing names the forms that are changed and not kept, for whoever closes the window.
func (p *Presenter) Editing() []string {
	var out []string
	for form, e := range p.drafts {
		if f := p.info(form); e.changed() {
			out = append(out, cmp.Or(f.Code, f.Title))
		}
	}
	slices.Sort(out)
	return out
}
