// Package users is where people are let in and put out: who may sign in here, in which role, with a new password where one was forgotten,
// and a new recovery sheet. One's own password is changed here by anybody.
package users

import (
	"context"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Users(ctx context.Context) ([]dossier.User, error)
	Admit(ctx context.Context, a dossier.UserAdmission, password string, c desk.Confirm) (dossier.User, error)
	RemoveUser(ctx context.Context, id dossier.OfficerID, why string) error
	SetRole(ctx context.Context, id dossier.OfficerID, role dossier.Role, c desk.Confirm) (dossier.RoleChange, error)
	ResetPassword(ctx context.Context, id dossier.OfficerID, password string) error
	ChangePassword(ctx context.Context, old, next string) error
	NewRecoveryCode(ctx context.Context) (string, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string) // "" is the list
	SelectAll(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Me      func() dossier.OfficerID // who is signed in
	Print   func(code string) error  // the recovery sheet
	Save    func(code string) (path string, err error)
	Back    func()
	Now     func() time.Time
}

// Mode is what is being done.
type Mode int

const (
	Looking Mode = iota
	Admitting
	Changing // a role
	Resetting
	Removing
	Own // password
	Renewing
	Coded // the new recovery code is shown
)

// Fact is one thing known of a person.
type Fact struct{ Label, Text string }

// Alert is a word over the page.
type Alert struct {
	Tone kit.Tone
	Text string
}

// State is all that the screen shows.
type State struct {
	Rows  [][]kit.TableCell
	Read  bool
	At    int
	Alone bool // who is signed in may change their own password and see nobody

	Mode      Mode
	Title     string
	Lead      string
	Facts     []Fact
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Shown     bool // passwords can be read
	Alert     *Alert
	Submit    string
	Busy      bool
	Code      string
	Others    bool // what is done to others can be done to who is chosen
}

// Presenter knows the people. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view   View
	all    []dossier.User
	read   bool
	alone  bool
	at     int
	turn   int
	mode   Mode
	second bool // a second person is asked for
	values map[string]string
	said   map[string]kit.Said
	shown  bool
	alert  *Alert
	busy   bool
	code   string
	round  int // goes up when the window locks: what was begun before has nobody to tell
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, values: map[string]string{}, said: map[string]kit.Said{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads who there is. What is being typed stays.
func (p *Presenter) Refresh() {
	p.turn++
	turn := p.turn
	p.Threads.Go(func() {
		all, err := p.Desk.Users(context.Background())
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			switch {
			case dossier.Code(err) == "role.not-allowed":
				p.alone, p.read = true, true
				if p.mode == Looking {
					p.begin(Own)
				}
			case err != nil:
				if p.Trouble == nil || !p.Trouble(err, p.Refresh) {
					p.alert = &Alert{kit.Bad, kit.SayError(err)}
				}
			default:
				who, had := p.chosen()
				p.all, p.read, p.alone, p.at = all, true, false, 0
				for i, u := range all {
					if had && u.ID == who.ID {
						p.at = i
					}
				}
			}
			p.render()
		})
	})
}

func (p *Presenter) chosen() (dossier.User, bool) {
	if p.at < len(p.all) {
		return p.all[p.at], true
	}
	return dossier.User{}, false
}

// Select shows person i.
func (p *Presenter) Select(i int) {
	if i < 0 || i >= len(p.all) || i == p.at || p.busy {
		return
	}
	if p.mode == Changing || p.mode == Resetting || p.mode == Removing { // it was about somebody else
		p.forget()
		p.mode = Looking
	}
	p.at, p.alert = i, nil
	p.render()
}

// others tells whether who is chosen is somebody else, and still here.
func (p *Presenter) others() bool {
	u, ok := p.chosen()
	return ok && u.Removed.IsZero() && u.ID != p.Me()
}

// Begin begins to do something.
func (p *Presenter) Begin(m Mode) {
	if p.busy || !p.read || p.alone && m != Own || (m == Changing || m == Resetting || m == Removing) && !p.others() || p.mode == Coded {
		return
	}
	p.begin(m)
	p.render()
	p.first()
}

func (p *Presenter) begin(m Mode) {
	p.forget()
	p.mode, p.alert = m, nil
	if m == Admitting {
		p.values["role"] = string(dossier.RoleReception)
		if u, ok := p.chosen(); ok && !u.Removed.IsZero() { // back at the station: what they did stands under the same name
			p.values["user"], p.values["full-name"], p.values["title"], p.values["role"] = string(u.ID), u.Name, u.Title, string(u.Role)
		}
	}
	if u, ok := p.chosen(); ok && m == Changing {
		p.values["role"] = string(u.Role)
	}
}

// first puts the cursor where something is to be typed.
func (p *Presenter) first() {
	for _, f := range p.fields() {
		if p.values[f] == "" || p.mode == Changing {
			p.focus(f)
			return
		}
	}
	p.focus("submit")
}

func (p *Presenter) fields() []string {
	var out []string
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				out = append(out, f.Key)
			}
		}
	}
	return out
}

// Leave ends what was begun, without a trace of it. From a code that is shown nowhere else only F9 leads away.
func (p *Presenter) Leave() {
	if p.busy || p.mode == Coded {
		return
	}
	if p.mode == Looking || p.alone {
		p.forget()
		p.mode = Looking
		p.render()
		p.Back()
		return
	}
	p.look()
}

func (p *Presenter) look() {
	p.forget()
	p.mode, p.alert = Looking, nil
	p.render()
	p.focus("")
}

// Locked lets go of everything typed, of the code, and of what is still going on: whoever comes back begins anew. lost tells that a code
// was made which is now shown nowhere.
func (p *Presenter) Locked() (lost bool) {
	lost = p.mode == Coded || p.mode == Renewing && p.busy
	p.round++
	p.forget()
	p.mode, p.busy, p.alert = Looking, false, nil
	p.render()
	return lost
}

// away does something away from the screen; what it comes back with is told to who began it, not to who signs in after them.
func (p *Presenter) away(work func() (tell func())) {
	p.busy = true
	round := p.round
	p.render()
	p.Threads.Go(func() {
		tell := work()
		p.Threads.OnUI(func() {
			if round == p.round {
				p.busy = false
				tell()
			}
		})
	})
}

// forget lets go of everything typed, and of the code.
func (p *Presenter) forget() {
	p.values, p.said, p.second, p.shown, p.code = map[string]string{}, map[string]kit.Said{}, false, false, ""
}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, typed string) {
	if p.busy {
		p.render()
		return
	}
	p.values[field] = typed
	delete(p.said, field)
	switch field {
	case "password", "again", "old", "confirm-password":
		if text := kit.SecretCaution(typed); text != "" {
			p.said[field] = kit.Said{Text: text, Warn: true}
		}
	}
	p.render()
}

// Reveal shows the passwords, or hides them.
func (p *Presenter) Reveal() {
	p.shown = !p.shown
	p.render()
}

// Submit is F9.
func (p *Presenter) Submit() {
	if p.busy || p.mode == Looking {
		return
	}
	if p.mode == Coded {
		p.look()
		return
	}
	if p.missing() {
		return
	}
	v := p.values
	u, _ := p.chosen()
	confirm := desk.Confirm{}
	if p.second {
		confirm = desk.Confirm{By: dossier.OfficerID(dossier.Clean(v["confirm-by"])), Password: v["confirm-password"]}
	}
	password := v["password"]
	switch p.mode {
	case Admitting:
		a := dossier.UserAdmission{User: dossier.OfficerID(dossier.Clean(v["user"])), Name: v["full-name"], Title: v["title"], Role: dossier.Role(v["role"])}
		p.do(func(ctx context.Context) (func() string, error) {
			got, err := p.Desk.Admit(ctx, a, password, confirm)
			return func() string { return admitted(got, p.Now()) }, err
		})
	case Changing:
		role := dossier.Role(v["role"])
		p.do(func(ctx context.Context) (func() string, error) {
			c, err := p.Desk.SetRole(ctx, u.ID, role, confirm)
			return func() string { return changed(u, c, p.Now()) }, err
		})
	case Resetting:
		p.do(func(ctx context.Context) (func() string, error) {
			return func() string { return assets.Word("users.reset-done", map[string]string{"person": person(u)}) }, p.Desk.ResetPassword(ctx, u.ID, password)
		})
	case Removing:
		why := v["why"]
		p.do(func(ctx context.Context) (func() string, error) {
			return func() string { return assets.Word("users.removed", map[string]string{"person": person(u)}) }, p.Desk.RemoveUser(ctx, u.ID, why)
		})
	case Own:
		old := v["old"]
		p.do(func(ctx context.Context) (func() string, error) {
			return func() string { return assets.Word("users.own-done", nil) }, p.Desk.ChangePassword(ctx, old, password)
		})
	case Renewing:
		p.renew()
	}
}

// missing says what the desk cannot see: two passwords that differ, or none.
func (p *Presenter) missing() bool {
	p.said, p.alert = map[string]kit.Said{}, nil
	for _, f := range p.fields() {
		text := ""
		switch {
		case f == "old" && p.values[f] == "":
			text = assets.Word("users.old-missing", nil)
		case (f == "password" || f == "confirm-password") && p.values[f] == "":
			text = assets.Word("gate.password-missing", nil)
		case f == "again" && p.values["password"] != "" && p.values[f] != p.values["password"]:
			text = assets.Word("gate.again", nil)
		case f == "confirm-by" && dossier.Clean(p.values[f]) == "":
			text = assets.Word("name.missing", nil)
		}
		if text != "" {
			p.said[f] = kit.Said{Text: text}
		}
	}
	if len(p.said) == 0 {
		return false
	}
	p.render()
	p.toFault()
	return true
}

// do does something away from the screen. done says what became of it, once it is certain.
func (p *Presenter) do(work func(context.Context) (done func() string, err error)) {
	p.away(func() func() {
		done, err := work(context.Background())
		return func() {
			if err != nil {
				p.say(err)
				return
			}
			p.forget()
			p.mode = Looking
			text := done()
			if p.alone {
				p.begin(Own)
			}
			p.alert = &Alert{kit.Good, text}
			p.render()
			p.Refresh()
			p.focus("")
		}
	})
}

// renew makes another recovery sheet. Its code is shown even where the journal could not be written: the sheet before opens nothing more.
func (p *Presenter) renew() {
	p.away(func() func() {
		code, err := p.Desk.NewRecoveryCode(context.Background())
		return func() {
			if code == "" {
				p.say(err)
				return
			}
			p.code, p.mode = code, Coded
			if err != nil {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.render()
			p.focus("submit")
		}
	})
}

// PrintSheet prints the recovery sheet.
func (p *Presenter) PrintSheet() {
	p.sheet(kit.Good, func(code string) (string, error) { return assets.Word("gate.sheet-printing", nil), p.Print(code) })
}

// SaveSheet keeps the recovery sheet as a file.
func (p *Presenter) SaveSheet() {
	p.sheet(kit.Warn, func(code string) (string, error) {
		path, err := p.Save(code)
		return assets.Word("gate.sheet-saved", map[string]string{"path": path}), err
	})
}

func (p *Presenter) sheet(done kit.Tone, work func(code string) (string, error)) {
	if p.mode != Coded || p.busy {
		return
	}
	p.alert = nil
	code := p.code
	p.away(func() func() {
		text, err := work(code)
		return func() {
			if p.alert = (&Alert{done, text}); err != nil {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.render()
		}
	})
}

// say puts an error at the fields it is about, or over the page. A second person who is needed is asked for.
func (p *Presenter) say(err error) {
	p.said, p.alert = map[string]kit.Said{}, nil
	if dossier.Code(err) == "confirm.needed" && !p.second {
		p.second = true
		p.alert = &Alert{kit.Info, kit.SayError(err)}
		p.render()
		p.focus("confirm-by")
		return
	}
	if p.Trouble != nil && len(kit.Problems(err)) == 0 && p.Trouble(err, p.Submit) {
		p.render()
		return
	}
	has := map[string]bool{}
	for _, f := range p.fields() {
		has[f] = true
	}
	var over []string
	for _, one := range kit.Problems(err) {
		if f := p.field(one); has[f] {
			p.said[f] = kit.Said{Text: kit.Say(one)}
		} else {
			over = append(over, kit.Say(one))
		}
	}
	if len(kit.Problems(err)) == 0 {
		over = []string{kit.SayError(err)}
	}
	if len(over) > 0 {
		p.alert = &Alert{kit.Bad, joined(over)}
	}
	p.render()
	p.toFault()
}

// field is where a problem is shown: the ring says "password" of the one that was checked as of the one that is set.
func (p *Presenter) field(one dossier.Problem) string {
	switch one.Code {
	case "safe.wrong", "safe.wrong-wait", "safe.wait":
		if p.mode == Own {
			return "old"
		}
		return "confirm-password"
	}
	switch one.Field {
	case "name":
		return "user"
	case "confirm":
		return "confirm-by"
	}
	return one.Field
}

func (p *Presenter) toFault() {
	for _, f := range p.fields() {
		if said, wrong := p.said[f]; wrong && !said.Warn {
			p.focus(f)
			if p.view != nil {
				p.view.SelectAll(f)
			}
			return
		}
	}
	p.first()
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	if e.Alt {
		return false
	}
	if !e.Ctrl {
		switch e.Key {
		case "F6":
			p.Begin(Admitting)
		case "F4":
			p.Begin(Changing)
		case "F9":
			p.Submit()
		case "F8":
			p.PrintSheet()
		case "Escape":
			p.Leave()
		default:
			return false
		}
		return true
	}
	switch {
	case e.Shift:
		return false
	case e.Key == "R":
		p.Begin(Resetting)
	case e.Key == "D":
		p.Begin(Removing)
	case e.Key == "M":
		p.Begin(Own)
	case e.Key == "U":
		p.Begin(Renewing)
	case e.Key == "H":
		p.Reveal()
	case e.Key == "S" && p.mode == Coded:
		p.SaveSheet()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "F6", Does: "Thêm người dùng"}, {Key: "F4", Does: "Đổi vai trò của người đang chọn"}, {Key: "Ctrl+R", Does: "Đặt lại mật khẩu của người đang chọn"},
		{Key: "Ctrl+D", Does: "Xóa người đang chọn"}, {Key: "Ctrl+M", Does: "Đổi mật khẩu của tôi"}, {Key: "Ctrl+U", Does: "Lập phiếu khôi phục mới"},
		{Key: "Ctrl+H", Does: "Hiện hoặc ẩn mật khẩu đang gõ"}, {Key: "F9", Does: "Thực hiện"}, {Key: "Esc", Does: "Thôi, quay lại"}}
}

func (p *Presenter) render() {
	if p.view == nil {
		return
	}
	s := State{Read: p.read, At: p.at, Alone: p.alone, Mode: p.mode, Title: p.title(), Lead: p.lead(), Questions: p.questions(), Values: map[string]string{},
		Said: map[string]kit.Said{}, Shown: p.shown, Alert: p.alert, Submit: p.submit(), Busy: p.busy, Code: p.code, Others: p.others()}
	for k, v := range p.values {
		s.Values[k] = v
	}
	for k, v := range p.said {
		s.Said[k] = v
	}
	now := p.Now()
	for _, u := range p.all {
		s.Rows = append(s.Rows, []kit.TableCell{{Text: u.Name}, {Text: string(u.ID)}, {Text: u.Role.Title()}, {Text: lastIn(u), Color: kit.Muted}, ink(u, now)})
	}
	if u, ok := p.chosen(); ok && p.mode == Looking {
		s.Facts = p.facts(u)
	}
	if p.busy {
		s.Submit = doing[p.mode]
	}
	p.view.Show(s)
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}
