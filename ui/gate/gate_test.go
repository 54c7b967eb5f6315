package gate

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// door is one whose ring is made up; its rules for passwords and codes are the ring's own.
type door struct {
	kind     Kind
	name     string
	password string
	code     string
	wait     time.Duration
	err      error // of the next call that may fail
	calls    []string

	told   func(Progress)
	places []dossier.BackupPlace
	aside  string
}

const (
	sheet = "012342-678909-000011-720885-110000-220000-000000-345675"
	good  = "con mèo nhà bà Sáu ngủ trưa"
)

func (d *door) Kind() Kind { return d.kind }
func (d *door) CheckPassword(name, password string) error {
	return keyring.CheckPassword(password, name)
}
func (d *door) CheckCode(typed string) error { _, err := keyring.ParseCode(typed); return err }
func (d *door) Wait(string) time.Duration    { return d.wait }

func (d *door) fail(call string) error {
	d.calls = append(d.calls, call)
	err := d.err
	d.err = nil
	return err
}

func (d *door) Create(name, password string) (string, error) {
	if err := d.fail("create " + name); err != nil {
		return "", err
	}
	d.name, d.password, d.code = name, password, sheet
	return sheet, nil
}

func (d *door) Enter(name, password string) error {
	if err := d.fail("enter " + name); err != nil {
		return err
	}
	if name != d.name || password != d.password {
		return dossier.Invalid("password", "safe.wrong", "left", "4")
	}
	return nil
}

func (d *door) Recover(code, name, password string) error {
	if err := d.fail("recover " + name); err != nil {
		return err
	}
	have, _ := keyring.ParseCode(code)
	if want, _ := keyring.ParseCode(d.code); have != want {
		return dossier.Invalid("code", "safe.code-wrong")
	}
	d.name, d.password = name, password
	return nil
}

func (d *door) Listen(told func(Progress)) { d.told = told }
func (d *door) PutOff()                    { d.calls = append(d.calls, "put off") }
func (d *door) Aside() string              { return d.aside }
func (d *door) Look(name, password string, why Why) error {
	return d.fail(fmt.Sprintf("look %s %s %d", name, password, why))
}
func (d *door) Backups(other string) ([]dossier.BackupPlace, error) {
	return d.places, d.fail(strings.TrimSpace("search " + other))
}
func (d *door) Restore(r Restoring) error {
	return d.fail(fmt.Sprintf("restore %+v", r))
}
func (d *door) StartAnew() error {
	err := d.fail("anew")
	if err == nil {
		d.kind, d.aside = First, "D:/du-lieu/hong-20261122-081500"
	}
	return err
}

func (d *door) PrintSheet(code string) error { return d.fail("print " + code) }
func (d *door) SaveSheet(code string) (string, error) {
	return "D:/giay-to/phieu-khoi-phuc.pdf", d.fail("save " + code)
}

type room struct {
	t       *testing.T
	door    *door
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	state   State
	done    int
}

// Show keeps what the screen was told.
func (r *room) Show(s State)           { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string)     { r.s.Focus(field) }
func (r *room) SelectAll(field string) { r.s.SelectAll(field) }

func open(t *testing.T, d *door, world World) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{t: t, door: d, threads: &uitest.Threads{}}
	start := uitest.Now
	world.Door, world.Threads, world.Done = d, r.threads.Kit(), func() { r.done++ }
	world.Now = func() time.Time { return start.Add(r.threads.Now) }
	r.p = New(world)
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 600))
	r.p.Attach(r)
	r.s.Start()
	r.threads.Run()
	return r
}

// press sends a key the way the window does: the router first, then whoever has the focus.
func (r *room) press(key fyne.KeyName) { r.t.Helper(); r.event(kit.Event{Key: key}) }
func (r *room) ctrl(key fyne.KeyName)  { r.t.Helper(); r.event(kit.Event{Key: key, Ctrl: true}) }

func (r *room) event(e kit.Event) {
	r.t.Helper()
	e.Down = true
	if !r.s.Router().Key(e) && !e.Ctrl {
		c := r.w.Canvas()
		switch {
		case e.Key == fyne.KeyTab:
			c.FocusNext()
		case c.Focused() != nil:
			c.Focused().TypedKey(&fyne.KeyEvent{Name: e.Key})
		}
	}
	e.Down = false
	r.s.Router().Key(e)
}

// write types letters where the focus is, no faster than a person.
func (r *room) write(text string) {
	r.t.Helper()
	for _, c := range text {
		r.threads.Pass(120 * time.Millisecond)
		if !r.s.Router().Char(c) {
			if r.w.Canvas().Focused() == nil {
				r.t.Fatal("nothing has the focus")
			}
			r.w.Canvas().Focused().TypedRune(c)
		}
	}
}

// scan types as a reader does.
func (r *room) scan(text string) {
	for _, c := range text {
		r.threads.Pass(5 * time.Millisecond)
		if !r.s.Router().Char(c) && r.w.Canvas().Focused() != nil {
			r.w.Canvas().Focused().TypedRune(c)
		}
	}
	r.press(fyne.KeyReturn)
	r.threads.Pass(time.Second)
}

// kept tells whether anything that opens is still held.
func (r *room) kept() bool {
	return !r.s.secrets.Empty() || r.p.values["password"]+r.p.values["again"]+r.p.values["code"]+r.p.values["group"]+r.p.code != ""
}

func TestFirstPasswordAndItsSheetByKeysAlone(t *testing.T) {
	r := open(t, &door{}, World{})
	if r.state.Values["name"] != "chi-huy" || r.state.Page != PagePassword || !strings.Contains(r.state.Questions[0].Rows[1][0].Help, "14 ký tự") {
		t.Fatalf("%+v", r.state)
	}
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.press(fyne.KeyF9) // once more does nothing
	if !r.state.Busy || strings.Join(r.door.calls, ",") != "" {
		t.Fatalf("busy %v, calls %v", r.state.Busy, r.door.calls)
	}
	r.threads.Run()
	if r.state.Page != PageCode || r.state.Code != sheet || r.door.password != good || strings.Join(r.door.calls, ",") != "create chi-huy" {
		t.Fatalf("%+v, calls %v", r.state, r.door.calls)
	}
	if r.s.secrets.Of("password").Text != "" || r.p.values["password"] != "" {
		t.Error("the password is still held")
	}
	r.press(fyne.KeyF8)
	r.threads.Run()
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Good {
		t.Errorf("printing: %+v", r.state.Alert)
	}
	r.ctrl("S")
	r.threads.Run()
	if !strings.Contains(r.state.Alert.Text, "phieu-khoi-phuc.pdf") {
		t.Errorf("saving: %+v", r.state.Alert)
	}
	r.press(fyne.KeyF9)
	if !r.state.Asking || r.done != 0 {
		t.Fatalf("no group is asked for: %+v", r.state)
	}
	r.write("111111")
	r.press(fyne.KeyReturn)
	if r.state.Said["group"].Text == "" || r.done != 0 {
		t.Fatalf("a wrong group: %+v, done %d", r.state.Said, r.done)
	}
	r.press(fyne.KeyEscape)
	if r.state.Asking || r.state.Values["group"] != "" {
		t.Fatal("the code is not shown again")
	}
	r.press(fyne.KeyReturn) // the focus is on the button that goes on
	r.write(strings.Split(sheet, "-")[r.p.group])
	r.press(fyne.KeyReturn)
	if r.done != 1 || r.kept() {
		t.Errorf("done %d, still held: %v", r.done, r.kept())
	}
}

func TestCodeCannotBeReadWhileAGroupOfItIsAskedFor(t *testing.T) {
	r := open(t, &door{}, World{})
	r.p.Text("password", good)
	r.p.Text("again", good)
	r.p.Submit()
	r.threads.Run()
	read := func() (n int) {
		for _, group := range strings.Split(sheet, "-") {
			if strings.Contains(onScreen(r.w.Canvas().Content()), group) {
				n++
			}
		}
		return n
	}
	if read() != 8 {
		t.Fatalf("%d groups are shown:\n%s", read(), onScreen(r.w.Canvas().Content()))
	}
	r.press(fyne.KeyF9)
	if read() != 0 {
		t.Errorf("%d groups are shown", read())
	}
}

func TestWhatIsWrongWithAFirstPasswordIsSaidBeforeAnythingIsMade(t *testing.T) {
	for what, x := range map[string]struct{ name, password, again, field string }{
		"no name":     {"  ", good, good, "name"},
		"nothing":     {"chi-huy", "", "", "password"},
		"short":       {"chi-huy", "mèo", "mèo", "password"},
		"easy":        {"chi-huy", "matkhau123456789", "matkhau123456789", "password"},
		"own name":    {"nguyenvanmau", "tôi là nguyenvanmau nhé", "tôi là nguyenvanmau nhé", "password"},
		"another one": {"chi-huy", good, good + ".", "again"},
	} {
		r := open(t, &door{}, World{})
		r.p.Text("name", x.name)
		r.p.Text("password", x.password)
		r.p.Text("again", x.again)
		r.p.Submit()
		r.threads.Run()
		if said := r.state.Said[x.field]; said.Text == "" || said.Warn || len(r.door.calls) != 0 {
			t.Errorf("%s: said %+v, calls %v", what, r.state.Said, r.door.calls)
		}
	}
	r := open(t, &door{}, World{}) // as soon as the field is left
	r.write("ngắn")
	r.press(fyne.KeyTab)
	if said := r.state.Said["password"]; said.Warn || !strings.Contains(said.Text, "14") {
		t.Errorf("left: %+v", r.state.Said)
	}
}

func TestKeyboardIsSpokenOfWhileTyping(t *testing.T) {
	for _, d := range []*door{{}, {kind: SignIn}} {
		r := open(t, d, World{Name: "chi-huy"})
		r.write("MATKHAU")
		if said := r.state.Said["password"]; !said.Warn || !strings.Contains(said.Text, "Caps Lock") {
			t.Errorf("capitals: %+v", said)
		}
		r.write(" mậ")
		if said := r.state.Said["password"]; !said.Warn || !strings.Contains(said.Text, "bộ gõ") {
			t.Errorf("marks: %+v", said)
		}
	}
}

func TestPasswordsAreShownAndHiddenByKey(t *testing.T) {
	r := open(t, &door{}, World{})
	r.write("mau xanh da troi")
	for _, want := range []bool{true, false, true} {
		r.ctrl("H")
		if got := strings.Contains(onScreen(r.w.Canvas().Content()), "mau xanh da troi"); got != want {
			t.Errorf("shown %v, want %v", got, want)
		}
	}
}

func TestLongWorkTellsItGoesOnAndTakesNoKeys(t *testing.T) {
	r := open(t, &door{kind: Convert}, World{})
	r.p.Text("password", good)
	r.p.Text("again", good)
	r.p.Submit()
	work := r.threads.Take() // it runs and has not come back
	r.threads.Pass(7 * time.Second)
	if !strings.Contains(r.state.Submit, "(7 giây)") || !r.state.Busy || r.state.Alert == nil {
		t.Errorf("%q, busy %v, %+v", r.state.Submit, r.state.Busy, r.state.Alert)
	}
	r.s.secrets.Of("password").TypedRune('x')
	r.p.Text("name", "ai")
	for _, key := range []fyne.KeyName{fyne.KeyF9, fyne.KeyF8, fyne.KeyF4, fyne.KeyEscape} {
		r.press(key)
	}
	if r.s.secrets.Of("password").Text != good || r.state.Values["name"] != "chi-huy" || len(r.threads.Take()) != 0 {
		t.Error("something was changed or begun meanwhile")
	}
	for _, f := range work {
		f()
	}
	if r.state.Page != PageCode || r.state.Alert != nil {
		t.Errorf("%+v", r.state)
	}
	r.threads.Pass(time.Minute)
}

func TestWhatCouldNotBeMadeKeepsWhatWasTyped(t *testing.T) {
	for _, err := range []error{dossier.Invalid("", "safe.not-kept", "folder", "D:/du-lieu"), errors.New("disk")} {
		r := open(t, &door{err: err}, World{})
		r.p.Text("password", good)
		r.p.Text("again", good)
		r.p.Submit()
		r.threads.Run()
		if r.state.Page != PagePassword || r.state.Busy || r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.s.secrets.Of("again").Text != good {
			t.Errorf("%v: %+v", err, r.state)
		}
		r.press(fyne.KeyF9)
		r.threads.Run()
		if r.state.Page != PageCode {
			t.Errorf("%v: a second try: %+v", err, r.state)
		}
	}
}

func TestSheetThatDoesNotComeOutIsSaid(t *testing.T) {
	r := open(t, &door{}, World{})
	r.p.Text("password", good)
	r.p.Text("again", good)
	r.p.Submit()
	r.threads.Run()
	for _, do := range []func(){r.p.Print, r.p.Save} {
		r.door.err = errors.New("out of paper")
		do()
		r.threads.Run()
		if r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.state.Code != sheet {
			t.Errorf("%+v", r.state)
		}
	}
}

func TestSigningInByKeysAlone(t *testing.T) {
	r := open(t, &door{kind: SignIn, name: "canbo1", password: good}, World{})
	r.write("canbo1")
	r.press(fyne.KeyReturn)
	r.write("sai mất rồi")
	r.press(fyne.KeyReturn)
	if r.state.Submit != "Đang kiểm tra…" || !r.state.Busy {
		t.Errorf("meanwhile: %+v", r.state)
	}
	r.threads.Run()
	if said := r.state.Said["password"]; r.done != 0 || said.Warn || !strings.Contains(said.Text, "còn 4 lần") {
		t.Fatalf("wrong: %+v", r.state)
	}
	r.write(good) // it takes the place of what was wrong
	if r.s.secrets.Of("password").Text != good {
		t.Errorf("typed over: %q", r.s.secrets.Of("password").Text)
	}
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.done != 1 || r.kept() || strings.Join(r.door.calls, ",") != "enter canbo1,enter canbo1" {
		t.Errorf("done %d, held %v, calls %v", r.done, r.kept(), r.door.calls)
	}
	r.press(fyne.KeyReturn)
	r.press(fyne.KeyF9)
	r.threads.Pass(time.Minute)
	if r.done != 1 || len(r.door.calls) != 2 {
		t.Error("somebody entered twice")
	}
}

func TestNothingTypedIsNotTried(t *testing.T) {
	r := open(t, &door{kind: SignIn}, World{})
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.state.Said["name"].Text == "" || r.state.Said["password"].Text == "" || len(r.door.calls) != 0 {
		t.Errorf("%+v, calls %v", r.state.Said, r.door.calls)
	}
}

func TestWaitCountsDownAndEnds(t *testing.T) {
	r := open(t, &door{kind: SignIn, name: "canbo1", password: good}, World{Name: "canbo1"})
	r.door.err, r.door.wait = dossier.Invalid("password", "safe.wrong-wait", "seconds", "30"), 30*time.Second
	r.write("sai")
	r.press(fyne.KeyReturn)
	r.threads.Run()
	at := func(want string) {
		t.Helper()
		if r.state.Alert == nil || !strings.Contains(r.state.Alert.Text, want) || !r.state.Waits || r.s.secrets.Of("password").Text != "" {
			t.Errorf("%+v, waits %v", r.state.Alert, r.state.Waits)
		}
	}
	at("chờ 30 giây")
	r.threads.Pass(11 * time.Second)
	at("chờ 19 giây")
	r.p.Text("password", good)
	r.press(fyne.KeyF9)
	if len(r.door.calls) != 1 {
		t.Error("it was tried while one has to wait")
	}
	r.door.wait = 2 * time.Second // another process counted meanwhile
	r.threads.Pass(19 * time.Second)
	if !r.state.Waits || !strings.Contains(r.state.Alert.Text, "chờ 2 giây") {
		t.Errorf("the ring was not asked again: %+v", r.state.Alert)
	}
	r.door.wait = 0
	r.threads.Pass(2 * time.Second)
	if r.state.Waits || r.state.Alert == nil || r.state.Alert.Tone != kit.Info {
		t.Errorf("at the end: %+v", r.state)
	}
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.done != 1 {
		t.Errorf("%+v", r.state)
	}
	r.threads.Pass(time.Minute)
}

func TestWaitIsOfTheNameThatFailed(t *testing.T) {
	r := open(t, &door{kind: SignIn, name: "canbo2", password: good, wait: 40 * time.Second}, World{Name: "canbo1"})
	if !r.state.Waits || !strings.Contains(r.state.Alert.Text, "40 giây") {
		t.Fatalf("after a restart: %+v", r.state.Alert)
	}
	r.p.Text("name", "canbo2")
	if r.state.Waits || r.state.Alert != nil {
		t.Errorf("another waits too: %+v", r.state.Alert)
	}
	r.p.Text("name", "canbo1")
	if !r.state.Waits {
		t.Error("changing the name to and fro ends the wait")
	}
	r.p.Text("name", "canbo2")
	r.p.Text("password", good)
	r.p.Submit()
	r.threads.Run()
	if r.done != 1 {
		t.Errorf("%+v", r.state)
	}
}

func TestLockNamesWhoLeftAndLetsAnotherIn(t *testing.T) {
	r := open(t, &door{kind: SignIn, name: "canbo2", password: good}, World{Name: "canbo1", Who: "Trần Thị Thử", Left: dossier.LeftIdle})
	if r.state.Title != "Máy đang khóa" || !strings.Contains(strings.Join(r.state.Lead, ""), "Trần Thị Thử") || r.state.Values["name"] != "canbo1" || r.state.Submit != "Mở khóa" {
		t.Fatalf("%+v", r.state)
	}
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.secrets.Of("password")) {
		t.Error("the password is not the first thing to type")
	}
	r.write("nửa chừng")
	r.press(fyne.KeyF4)
	if r.state.Values["name"] != "" || r.kept() {
		t.Errorf("%+v", r.state.Values)
	}
	r.write("canbo2")
	r.press(fyne.KeyTab)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.done != 1 {
		t.Errorf("%+v", r.state)
	}
	shift := open(t, &door{kind: SignIn}, World{Name: "canbo1", Who: "Trần Thị Thử", Left: dossier.LeftShift})
	if shift.state.Values["name"] != "" || shift.state.Other || shift.state.Title != "Đổi ca" {
		t.Errorf("%+v", shift.state)
	}
}

func TestRecoverySheetTypedByHandOpens(t *testing.T) {
	r := open(t, &door{kind: SignIn, name: "canbo1", password: "cũ", code: sheet}, World{Name: "canbo1"})
	r.write("quên rồi")
	r.press(fyne.KeyF8)
	if r.state.Page != PageRecover || r.kept() || r.state.Values["name"] != "canbo1" {
		t.Fatalf("%+v", r.state)
	}
	r.write("012342 678909 000011 720885 110001 220000 000000 345675")
	r.press(fyne.KeyReturn)
	if said := r.state.Said["code"].Text; !strings.Contains(said, "nhóm số thứ 5") {
		t.Errorf("said %q", said)
	}
	r.p.Text("code", strings.ReplaceAll(sheet, "-", "."))
	r.press(fyne.KeyTab)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.done != 1 || r.door.password != good || r.kept() {
		t.Errorf("done %d, %+v", r.done, r.state)
	}
}

func TestRecoverySheetIsScannedWhereverOneStands(t *testing.T) {
	r := open(t, &door{kind: SignIn, code: sheet}, World{Name: "canbo1"})
	r.scan(sheet)
	if r.state.Page != PageRecover || r.state.Values["code"] != sheet || len(r.door.calls) != 0 {
		t.Fatalf("%+v, calls %v", r.state, r.door.calls)
	}
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.secrets.Of("password")) {
		t.Errorf("focus on %T", r.w.Canvas().Focused())
	}
	r.scan(uitest.Person)
	if r.state.Alert == nil || r.state.Values["code"] != sheet || r.s.secrets.Of("password").Text != "" || r.state.Values["name"] != "canbo1" {
		t.Errorf("a card: %+v", r.state)
	}
	r.press(fyne.KeyEscape)
	if r.state.Page != PageSignIn || r.kept() {
		t.Error("Esc does not go back, or the code stays")
	}
	first := open(t, &door{}, World{})
	first.scan(sheet)
	first.scan(uitest.Person)
	if first.state.Page != PagePassword || first.kept() || first.state.Alert != nil {
		t.Errorf("before there is a ring: %+v", first.state)
	}
}

func TestWrongSheetOrNameIsSaidAtItsField(t *testing.T) {
	fill := func(r *room) {
		r.press(fyne.KeyF8)
		for field, text := range map[string]string{"code": sheet, "name": "canbo1", "password": good, "again": good} {
			r.p.Text(field, text)
		}
		r.press(fyne.KeyF9)
		r.threads.Run()
	}
	r := open(t, &door{kind: SignIn, code: "000000-000000-000000-000000-000000-000000-000000-000011"}, World{})
	fill(r)
	if r.state.Said["code"].Text == "" || r.done != 0 {
		t.Errorf("%+v", r.state.Said)
	}
	r = open(t, &door{kind: SignIn, code: sheet, err: dossier.Invalid("name", "safe.unknown")}, World{})
	fill(r)
	if r.state.Said["name"].Text == "" || r.done != 0 || r.state.Busy {
		t.Errorf("%+v", r.state.Said)
	}
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.done != 1 {
		t.Errorf("a second try: %+v", r.state)
	}
}

func TestOtherPCPointsToTheSheet(t *testing.T) {
	r := open(t, &door{kind: SignIn, err: dossier.Invalid("", "safe.other-pc")}, World{Name: "canbo1"})
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.state.Alert == nil || !strings.Contains(r.state.Alert.Text, "phiếu khôi phục") {
		t.Errorf("%+v", r.state)
	}
}
