// Package gate is what the window shows before the desk: the first password and the recovery sheet, signing in, the lock, and the way back in
// with the recovery sheet. It knows no store: whoever opens one stands behind Door.
//
// The program that has the window does this for a start, and again for every lock:
//
//	p := gate.New(gate.World{Door: …, Threads: …, Now: time.Now, Done: …})
//	s := gate.NewScreen(p)
//	w.SetContent(s.Content())     // and all keys go to s.Router(), none to the shell's
//	s.Start()
//
// Passwords and the code are forgotten here as soon as they were used, before Done is called.
package gate

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Kind is what stands behind the door.
type Kind int

const (
	First   Kind = iota // nothing yet: neither a ring of keys nor a store
	Convert             // a store of an earlier version, in clear
	SignIn              // a ring and its store
)

// Door is what this screen asks. Kind, CheckPassword and CheckCode answer at once; all others are called away from the screen.
type Door interface {
	Kind() Kind
	CheckPassword(name, password string) error             // whether it may be set
	Create(name, password string) (code string, err error) // First and Convert: makes the ring, and converts; may take half a minute
	Enter(name, password string) error
	Wait(name string) time.Duration            // how long somebody of that name cannot try yet
	CheckCode(typed string) error              // whether it can be a recovery code at all
	Recover(code, name, password string) error // sets the password by the recovery sheet, and enters
	PrintSheet(code string) error
	SaveSheet(code string) (path string, err error)

	Listen(told func(Progress)) // from anywhere; before anything else is asked
	PutOff()                    // lets in who waits for a look at the file; that goes on beside the work
	Aside() string              // the folder a damaged store was put into; "" where none was
	Look(name, password string, why Why) error
	Backups(other string) ([]dossier.BackupPlace, error) // beside the store, on sticks, and in that folder or file; may take seconds
	Restore(Restoring) error                             // puts a backup in the place of what is there, and enters
	StartAnew() error                                    // puts what is there aside; the door's kind is First then
}

// Progress is how far something is; All is 0 while nobody can tell.
type Progress struct {
	Doing     string
	Done, All int64
	MayWait   bool // PutOff ends it
}

// Restoring is what a restore is asked with. New says that the password is to be set, and that the recovery code opens.
type Restoring struct {
	From, Name, Password, Code string
	New                        bool
}

// World is what surrounds this screen.
type World struct {
	Door    Door
	Threads kit.Threads
	Now     func() time.Time // nobody sets it: time.Now has a clock for that
	Done    func()           // somebody has entered

	Name string // the sign-in name to begin with; "" for none
	Who  string // who was at work when the window was locked, as one calls them
	Left string // why they left (dossier.LeftIdle and its like); "" where the program has just begun
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
	SelectAll(field string) // of a password: what is typed next takes its place
}

// Page is one of the screens before the desk.
type Page int

const (
	PagePassword Page = iota // the first one is set
	PageCode                 // the recovery sheet
	PageSignIn
	PageRecover
	PageBackups // one of them is to take the place of what is there
	PageLook    // the station can only be looked at
	PageAnew    // what is there is put aside for a new station
)

// Alert is a word over the page.
type Alert struct {
	Tone kit.Tone
	Text string
}

// State is all that the screen shows.
type State struct {
	Page      Page
	Title     string
	Lead      []string
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Shown     bool // passwords can be read
	Alert     *Alert
	Submit    string
	Key       string // of Submit
	Busy      bool
	Waits     bool   // nobody can try yet
	Code      string // of PageCode
	Asking    bool   // the code is hidden, and one group of it is asked for
	Other     bool   // somebody else may take over
	Anew      bool   // a new station may be begun
	From      bool   // a backup may be put on this PC
	Progress  *Progress
}

// Presenter takes what is typed. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view   View
	kind   Kind
	page   Page
	values map[string]string
	said   map[string]kit.Said
	shown  bool
	alert  *Alert
	code   string
	asking bool
	group  int
	over   bool

	doing    string // what is being done away from the screen
	since    time.Time
	progress *Progress

	from     Page // what Back leads to
	fresh    bool // the password is to be set, and the recovery code opens
	askCode  bool // the backup is from before the key was changed
	why      Why  // it is only looked at
	backups  []found
	searched bool

	until time.Time // nobody can try before
	tried string    // the name that is so for
	wait  dossier.Problem
	tick  *kit.Later
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	p := &Presenter{World: w, kind: w.Door.Kind(), values: map[string]string{"name": w.Name}, said: map[string]kit.Said{}, tick: kit.NewLater(w.Threads, time.Second)}
	if p.kind == SignIn {
		p.page = PageSignIn
	} else if w.Name == "" {
		p.values["name"] = firstName
	}
	if w.Left == dossier.LeftShift {
		p.values["name"] = ""
	}
	w.Door.Listen(func(step Progress) { w.Threads.OnUI(func() { p.hear(step) }) })
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Start begins once the window is there.
func (p *Presenter) Start() {
	p.first()
	if p.page == PageSignIn && p.values["name"] != "" {
		p.askWait(p.values["name"])
	}
}

// first puts the cursor where something is to be typed.
func (p *Presenter) first() {
	for _, field := range p.fields() {
		if p.values[field] == "" {
			p.focus(field)
			return
		}
	}
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

// Text takes what is typed.
func (p *Presenter) Text(field, typed string) {
	if p.busy() || p.over {
		p.render()
		return
	}
	p.values[field] = typed
	delete(p.said, field)
	if field == "password" || field == "again" {
		if text := kit.SecretCaution(typed); text != "" {
			p.said[field] = kit.Said{Text: text, Warn: true}
		}
	}
	if field == "name" && p.waits() == 0 && p.alert != nil && p.page == PageSignIn {
		p.alert = nil
	}
	p.render()
}

// Leave looks at what was typed once its field is left, so that nobody types a password twice for nothing.
func (p *Presenter) Leave(field string) {
	if p.busy() || p.over || p.values[field] == "" || p.page == PageSignIn {
		return
	}
	var text string
	switch field {
	case "code":
		text = said(p.Door.CheckCode(p.values["code"]))
	case "password":
		text = said(p.Door.CheckPassword(p.values["name"], p.values["password"]))
	case "again":
		text = p.differ()
	}
	if text != "" {
		p.said[field] = kit.Said{Text: text}
		p.render()
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return kit.SayError(err)
}

func (p *Presenter) differ() string {
	if p.values["again"] == p.values["password"] {
		return ""
	}
	return assets.Word("gate.again", nil)
}

// Submit is F9, and Enter in the last field.
func (p *Presenter) Submit() {
	if p.busy() || p.over {
		return
	}
	switch p.page {
	case PagePassword:
		p.create()
	case PageCode:
		p.onPaper()
	case PageSignIn:
		p.enter()
	case PageRecover:
		p.recover()
	case PageBackups:
		p.restore()
	case PageLook:
		p.look()
	case PageAnew:
		p.anew()
	}
}

// missing says what must be there and is not, and tells whether anything is so.
func (p *Presenter) missing() bool {
	p.said, p.alert = map[string]kit.Said{}, nil
	name, password := strings.TrimSpace(p.values["name"]), p.values["password"]
	say := func(field, text string) {
		if text != "" {
			p.said[field] = kit.Said{Text: text}
		}
	}
	if p.page == PageRecover || p.asksCode() {
		if strings.TrimSpace(p.values["code"]) == "" {
			say("code", assets.Word("gate.code-missing", nil))
		} else {
			say("code", said(p.Door.CheckCode(p.values["code"])))
		}
	}
	if name == "" {
		say("name", assets.Word("name.missing", nil))
	}
	switch {
	case password == "":
		say("password", assets.Word("gate.password-missing", nil))
	case p.page != PageSignIn:
		say("password", said(p.Door.CheckPassword(name, password)))
	}
	if _, wrong := p.said["password"]; !wrong && p.page != PageSignIn {
		say("again", p.differ())
	}
	if len(p.said) == 0 {
		return false
	}
	p.render()
	for _, field := range p.fields() {
		if _, wrong := p.said[field]; wrong {
			p.focus(field)
			p.selectAll(field)
			break
		}
	}
	return true
}

func (p *Presenter) create() {
	if p.missing() {
		return
	}
	doing := "Đang tạo khóa dữ liệu"
	if p.kind == Convert {
		doing = "Đang mã hóa dữ liệu"
		p.alert = &Alert{kit.Info, "Việc này có thể mất đến nửa phút. Vui lòng không tắt máy; nếu mất điện giữa chừng, dữ liệu cũ vẫn còn nguyên."}
	}
	name, password := strings.TrimSpace(p.values["name"]), p.values["password"]
	p.do(doing, func() func() {
		code, err := p.Door.Create(name, password)
		return func() {
			p.alert = nil
			if err != nil {
				p.failed(err)
				return
			}
			p.forget()
			p.code, p.page, p.group = code, PageCode, rand.IntN(max(1, len(strings.Split(code, "-"))))
			p.render()
			p.focus("")
		}
	})
}

// onPaper hides the code and asks for one group of it: who cannot say it has no paper.
func (p *Presenter) onPaper() {
	if !p.asking {
		p.asking, p.alert = true, nil
		p.render()
		p.focus("group")
		return
	}
	if p.values["group"] != strings.Split(p.code, "-")[p.group] {
		p.said["group"] = kit.Said{Text: assets.Word("gate.group", map[string]string{"group": strconv.Itoa(p.group + 1)})}
		p.render()
		p.focus("group")
		return
	}
	p.leave()
}

// Again shows the code once more.
func (p *Presenter) Again() {
	if !p.asking || p.busy() {
		return
	}
	p.asking = false
	p.values["group"], p.said = "", map[string]kit.Said{}
	p.render()
	p.focus("")
}

// Print prints the recovery sheet.
func (p *Presenter) Print() {
	p.sheet("Đang gửi tới máy in", kit.Good, func(code string) (string, error) {
		return assets.Word("gate.sheet-printing", nil), p.Door.PrintSheet(code)
	})
}

// Save keeps the recovery sheet as a file.
func (p *Presenter) Save() {
	p.sheet("Đang lưu tệp", kit.Warn, func(code string) (string, error) {
		path, err := p.Door.SaveSheet(code)
		return assets.Word("gate.sheet-saved", map[string]string{"path": path}), err
	})
}

func (p *Presenter) sheet(doing string, done kit.Tone, work func(code string) (string, error)) {
	if p.page != PageCode || p.busy() || p.over {
		return
	}
	p.alert = nil
	code := p.code
	p.do(doing, func() func() {
		text, err := work(code)
		return func() {
			if p.alert = (&Alert{done, text}); err != nil {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.render()
		}
	})
}

func (p *Presenter) enter() {
	if p.waits() > 0 {
		return
	}
	if p.missing() {
		return
	}
	name, password := strings.TrimSpace(p.values["name"]), p.values["password"]
	p.do("Đang kiểm tra", func() func() {
		err := p.Door.Enter(name, password)
		wait := time.Duration(0)
		if err != nil {
			wait = p.Door.Wait(name)
		}
		return func() {
			if err == nil {
				p.leave()
				return
			}
			p.refused(name, err, wait)
		}
	})
}

// refused says why nobody could enter. While one has to wait, the sentence counts down.
func (p *Presenter) refused(name string, err error, wait time.Duration) {
	if ps := kit.Problems(err); wait > 0 && len(ps) == 1 && ps[0].Args["seconds"] != "" {
		p.values["password"] = ""
		p.waitFor(name, ps[0], wait)
		return
	}
	p.failed(err)
}

// askWait asks how long a name has to wait, as after a restart.
func (p *Presenter) askWait(name string) {
	p.Threads.Go(func() {
		wait := p.Door.Wait(name)
		p.Threads.OnUI(func() {
			if wait > 0 && !p.over && !p.busy() && p.waits() == 0 && p.page == PageSignIn && strings.TrimSpace(p.values["name"]) == name {
				p.waitFor(name, dossier.Problem{Code: "safe.wait"}, wait)
			}
		})
	})
}

func (p *Presenter) waitFor(name string, why dossier.Problem, wait time.Duration) {
	p.tried, p.wait, p.until = name, why, p.Now().Add(wait)
	p.count()
}

// waits is how long the name that stands there has to wait; another one is asked for when it tries.
func (p *Presenter) waits() time.Duration {
	if p.page != PageSignIn || p.tried != strings.TrimSpace(p.values["name"]) {
		return 0
	}
	return max(0, p.until.Sub(p.Now()))
}

// count says the seconds that are left, until none are.
func (p *Presenter) count() {
	if p.until.IsZero() || p.over {
		return
	}
	if p.until.After(p.Now()) {
		p.render()
		p.tick.Do(p.count)
		return
	}
	p.until = time.Time{}
	if strings.TrimSpace(p.values["name"]) == p.tried && p.page == PageSignIn {
		p.alert = &Alert{kit.Info, assets.Word("gate.try-again", nil)}
		p.focus("password")
		p.askWait(p.tried) // the ring has the last word
	}
	p.render()
}

func (p *Presenter) recover() {
	if p.missing() {
		return
	}
	code, name, password := p.values["code"], strings.TrimSpace(p.values["name"]), p.values["password"]
	p.do("Đang đặt mật khẩu", func() func() {
		err := p.Door.Recover(code, name, password)
		return func() {
			if err != nil {
				p.failed(err)
				return
			}
			p.leave()
		}
	})
}

// Forgot goes to the recovery sheet.
func (p *Presenter) Forgot() {
	if p.page != PageSignIn || p.busy() || p.over {
		return
	}
	p.turn(PageRecover)
}

// Back leaves the page for the one before.
func (p *Presenter) Back() {
	if p.busy() || p.over {
		return
	}
	switch p.page {
	case PageRecover:
	case PageAnew:
		p.page, p.said, p.alert = PageBackups, map[string]kit.Said{}, nil
		p.render()
		p.first()
		return
	case PageBackups, PageLook:
		p.values["code"], p.askCode = "", false
		p.turn(p.from)
		p.count()
		return
	default:
		return
	}
	p.values["code"] = ""
	p.turn(PageSignIn)
	p.count()
}

func (p *Presenter) turn(to Page) {
	p.values["password"], p.values["again"] = "", ""
	p.page, p.said, p.alert, p.shown = to, map[string]kit.Said{}, nil, false
	p.render()
	p.first()
}

// Other is for somebody else to take over.
func (p *Presenter) Other() {
	if !p.other() || p.busy() || p.over {
		return
	}
	p.values["name"] = ""
	p.turn(PageSignIn)
}

func (p *Presenter) other() bool {
	return p.page == PageSignIn && p.Left != "" && p.Left != dossier.LeftShift
}

// Reveal shows the passwords of the page, or hides them.
func (p *Presenter) Reveal() {
	if p.secrets() && !p.over {
		p.shown = !p.shown
		p.render()
	}
}

// Scan takes what a reader typed: the recovery sheet, wherever one stands before the desk.
func (p *Presenter) Scan(text string) {
	if p.busy() || p.over || p.page != PageSignIn && p.page != PageRecover && !p.asksCode() {
		return
	}
	if p.Door.CheckCode(text) != nil {
		p.alert = &Alert{kit.Warn, assets.Word("gate.not-a-code", nil)}
		p.render()
		return
	}
	if p.page == PageSignIn {
		p.turn(PageRecover)
	}
	p.alert = nil
	p.values["code"] = strings.TrimSpace(text)
	delete(p.said, "code")
	p.render()
	p.first()
}

// Key takes the keys of the page.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Ctrl && e.Key == "H":
		p.Reveal()
	case e.Ctrl && e.Key == "S" && p.page == PageCode:
		p.Save()
	case e.Ctrl:
		return false
	case p.busy():
		if e.Key != "Escape" || p.progress == nil || !p.progress.MayWait {
			return false
		}
		p.PutOff()
	case e.Key == "F9":
		p.Submit()
	case e.Key == "F8" && p.page == PageCode:
		p.Print()
	case e.Key == "F8" && p.page == PageSignIn:
		p.Forgot()
	case e.Key == "F4" && p.other():
		p.Other()
	case e.Key == "F8" && p.canBringBack():
		p.BringBack()
	case e.Key == "F5" && p.page == PageBackups:
		p.Search()
	case e.Key == "F4" && p.mayAnew():
		p.Anew()
	case e.Key == "Escape" && p.page != PageCode && p.page != PagePassword && p.page != PageSignIn:
		p.Back()
	case e.Key == "Escape" && p.asking:
		p.Again()
	default:
		return false
	}
	return true
}

func (p *Presenter) busy() bool { return p.doing != "" }

// do does something away from the screen, and after it what it returns.
func (p *Presenter) do(doing string, work func() func()) {
	p.doing, p.since = doing, p.Now()
	p.tick.Drop()
	p.render()
	p.elapse()
	p.Threads.Go(func() {
		after := work()
		p.Threads.OnUI(func() {
			p.doing, p.progress = "", nil
			p.tick.Drop()
			after()
			if p.waits() > 0 {
				p.count()
			}
		})
	})
}

func (p *Presenter) elapse() {
	p.tick.Do(func() {
		if p.busy() {
			p.render()
			p.elapse()
		}
	})
}

// say puts an error at the fields it is about, or over the page.
func (p *Presenter) say(err error) {
	fields := p.fields()
	has := map[string]bool{}
	for _, f := range fields {
		has[f] = true
	}
	p.said, p.alert = map[string]kit.Said{}, nil
	var over []string
	for _, one := range kit.Problems(err) {
		if one.Field == "user" { // as the desk calls who signs in
			one.Field = "name"
		}
		if has[one.Field] {
			p.said[one.Field] = kit.Said{Text: kit.Say(one)}
		} else {
			over = append(over, kit.Say(one))
		}
	}
	if len(kit.Problems(err)) == 0 {
		over = []string{kit.SayError(err)}
	}
	if len(over) > 0 {
		p.alert = &Alert{kit.Bad, strings.Join(over, "\n")}
	}
	p.render()
	to := fields[len(fields)-1]
	for _, f := range fields {
		if _, wrong := p.said[f]; wrong {
			to = f
			break
		}
	}
	p.focus(to)
	p.selectAll(to)
}

// forget lets go of everything that opens.
func (p *Presenter) forget() {
	p.values["password"], p.values["again"], p.values["code"], p.values["group"] = "", "", "", ""
	p.code, p.shown = "", false
}

func (p *Presenter) leave() {
	p.forget()
	p.over, p.said, p.alert = true, map[string]kit.Said{}, nil
	p.tick.Drop()
	p.render()
	p.Done()
}

func (p *Presenter) render() {
	if p.view == nil {
		return
	}
	values, words := map[string]string{}, map[string]kit.Said{}
	for k, v := range p.values {
		values[k] = v
	}
	for k, v := range p.said {
		words[k] = v
	}
	s := State{Page: p.page, Title: p.title(), Lead: p.lead(), Questions: p.questions(), Values: values, Said: words, Shown: p.shown, Alert: p.alert,
		Busy: p.busy() || p.over, Code: p.code, Asking: p.asking, Other: p.other(), Anew: p.mayAnew(), From: p.canBringBack(), Progress: p.progress}
	s.Submit, s.Key = p.submit()
	if left := p.waits(); left > 0 {
		s.Waits = true
		seconds := strconv.Itoa(int((left + time.Second - 1) / time.Second))
		s.Alert = &Alert{kit.Warn, kit.Say(dossier.Problem{Code: p.wait.Code, Args: map[string]string{"seconds": seconds}})}
	}
	if p.busy() {
		s.Submit, s.Key = working(p.doing, p.Now().Sub(p.since)), ""
		if p.progress != nil {
			s.Submit = p.doing + "…"
		}
	}
	p.view.Show(s)
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

func (p *Presenter) selectAll(field string) {
	if p.view != nil {
		p.view.SelectAll(field)
	}
}
