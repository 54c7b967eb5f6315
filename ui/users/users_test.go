package users

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// people is a desk that knows people and keeps what it was asked.
type people struct {
	all   []dossier.User
	calls []string
	err   error // of the next call that may fail
	from  time.Time
	code  string

	closed bool // to who only receives
}

func (d *people) fail(call string) error {
	d.calls = append(d.calls, call)
	err := d.err
	d.err = nil
	return err
}

func (d *people) Users(context.Context) ([]dossier.User, error) {
	if d.closed {
		return nil, dossier.Invalid("", "role.not-allowed", "role", "Cán bộ tiếp nhận")
	}
	return d.all, nil
}

func (d *people) Admit(_ context.Context, a dossier.UserAdmission, password string, c desk.Confirm) (dossier.User, error) {
	if err := d.fail("admit " + string(a.User) + " " + a.Name + " " + string(a.Role) + " " + password + " " + string(c.By) + c.Password); err != nil {
		return dossier.User{}, err
	}
	u := dossier.User{ID: a.User, Name: a.Name, Title: a.Title, Role: a.Role, From: d.from, Since: uitest.Now}
	d.all = append(d.all, u)
	return u, nil
}

func (d *people) RemoveUser(_ context.Context, id dossier.OfficerID, why string) error {
	return d.fail("remove " + string(id) + " " + why)
}

func (d *people) SetRole(_ context.Context, id dossier.OfficerID, role dossier.Role, c desk.Confirm) (dossier.RoleChange, error) {
	return dossier.RoleChange{User: id, Role: role, From: d.from}, d.fail("role " + string(id) + " " + string(role) + " " + string(c.By) + c.Password)
}

func (d *people) ResetPassword(_ context.Context, id dossier.OfficerID, password string) error {
	return d.fail("reset " + string(id) + " " + password)
}

func (d *people) ChangePassword(_ context.Context, old, next string) error {
	return d.fail("change " + old + " " + next)
}

func (d *people) NewRecoveryCode(context.Context) (string, error) { return d.code, d.fail("renew") }

const (
	sheet = "012342-678909-000011-720885-110000-220000-000000-345675"
	good  = "con mèo nhà bà Sáu ngủ trưa"
)

func somebody() []dossier.User {
	ago := func(days int) time.Time { return uitest.Now.AddDate(0, 0, -days) }
	return []dossier.User{
		{ID: "chi-huy", Name: "Lê Thử Trưởng", Title: "Trưởng Công an xã", Role: dossier.RoleChief, Since: ago(200), LastIn: ago(0)},
		{ID: "canbo1", Name: "Trần Thị Thử", Title: "Cán bộ", Role: dossier.RoleReception, Since: ago(190), LastIn: ago(1)},
		{ID: "canbo2", Name: uitest.LongName, Title: "Phó đội trưởng Đội Cảnh sát quản lý hành chính", Role: dossier.RoleReception, Since: ago(180), LastIn: ago(90)},
		{ID: "quantri", Name: "Phạm Văn Mẫu", Role: dossier.RoleKeeper, Since: ago(0), From: uitest.Now.Add(20 * time.Hour)},
		{ID: "canbo0", Name: "Nguyễn Văn Mẫu", Role: dossier.RoleReception, Since: ago(300), LastIn: ago(100), Removed: ago(80)},
	}
}

type room struct {
	t       *testing.T
	desk    *people
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	state   State
	back    int
	printed []string
}

// Show keeps what the screen was told.
func (r *room) Show(s State)           { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string)     { r.s.Focus(field) }
func (r *room) SelectAll(field string) { r.s.SelectAll(field) }

func open(t *testing.T, d *people) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{t: t, desk: d, threads: &uitest.Threads{}}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Me: func() dossier.OfficerID { return "chi-huy" }, Back: func() { r.back++ }, Now: func() time.Time { return uitest.Now },
		Print: func(code string) error { r.printed = append(r.printed, code); return d.fail("print") },
		Save:  func(code string) (string, error) { return "D:/giay-to/phieu.pdf", d.fail("save") }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 520))
	r.p.Attach(r)
	r.p.Refresh()
	r.threads.Run()
	r.s.Focus("")
	return r
}

func (r *room) press(key fyne.KeyName) {
	r.t.Helper()
	if !r.p.Key(kit.Event{Key: key, Down: true}) {
		if key == fyne.KeyTab {
			r.w.Canvas().FocusNext()
			return
		}
		r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	r.threads.Run()
}

func (r *room) ctrl(key fyne.KeyName) {
	r.p.Key(kit.Event{Key: key, Ctrl: true, Down: true})
	r.threads.Run()
}

func (r *room) write(text string) { r.t.Helper(); test.Type(r.w.Canvas().Focused(), text) }

func (r *room) last() string {
	if len(r.desk.calls) == 0 {
		return ""
	}
	return r.desk.calls[len(r.desk.calls)-1]
}

func TestSomebodyIsAdmittedByKeysAlone(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.press(fyne.KeyF6)
	for field, text := range map[string]string{"full-name": "Võ Thị Mẫu", "title": "Cán bộ", "user": "vo.mau", "role": string(dossier.RoleReception)} {
		r.p.Text(field, text)
	}
	r.s.Focus("password")
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	if want := "admit vo.mau Võ Thị Mẫu reception " + good + " "; r.last() != want {
		t.Fatalf("asked %q, want %q; said %v", r.last(), want, r.state.Said)
	}
	if r.state.Mode != Looking || r.state.Alert == nil || r.state.Alert.Tone != kit.Good || len(r.state.Rows) != 6 || !r.s.secrets.Empty() || len(r.p.values) != 0 {
		t.Errorf("%+v", r.state)
	}
}

func TestNewUserIsABlankPageUnlessSomebodyComesBack(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.press(fyne.KeyF6)
	if r.state.Values["user"] != "" || r.state.Values["full-name"] != "" || r.state.Values["role"] != string(dossier.RoleReception) {
		t.Errorf("%v", r.state.Values)
	}
	r.press(fyne.KeyEscape)
	r.p.Select(4)
	r.press(fyne.KeyF6)
	if r.state.Values["user"] != "canbo0" || r.state.Values["full-name"] != "Nguyễn Văn Mẫu" {
		t.Errorf("who comes back: %v", r.state.Values)
	}
}

func TestWhatWasTypedWrongIsSaidAtItsField(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.press(fyne.KeyF6)
	r.press(fyne.KeyF9)
	if r.state.Said["password"].Text == "" || len(r.desk.calls) != 0 {
		t.Errorf("no password: %v", r.state.Said)
	}
	r.p.Text("password", good)
	r.p.Text("again", good+"!")
	r.press(fyne.KeyF9)
	if r.state.Said["again"].Text == "" || len(r.desk.calls) != 0 {
		t.Errorf("they differ: %v", r.state.Said)
	}
	r.p.Text("again", good)
	r.desk.err = append(dossier.Invalid("user", "user.name"), dossier.Invalid("full-name", "user.full-name")...)
	r.press(fyne.KeyF9)
	if r.state.Said["user"].Text == "" || r.state.Said["full-name"].Text == "" || r.state.Values["password"] != good || r.state.Mode != Admitting {
		t.Errorf("%+v", r.state)
	}
	r.desk.err = dossier.Invalid("name", "safe.name-taken") // as the ring calls it
	r.press(fyne.KeyF9)
	if r.state.Said["user"].Text == "" {
		t.Errorf("%v", r.state.Said)
	}
	r.desk.err = errors.New("disk")
	r.press(fyne.KeyF9)
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Bad {
		t.Errorf("%+v", r.state)
	}
}

func TestSecondPersonIsAskedForWhereOneMustConfirm(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.p.Select(1)
	r.press(fyne.KeyF4)
	r.p.Text("role", string(dossier.RoleKeeper))
	r.desk.err = dossier.Invalid("confirm", "confirm.needed")
	r.press(fyne.KeyF9)
	if len(r.state.Questions) != 2 || r.state.Alert == nil {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyF9)
	if r.state.Said["confirm-by"].Text == "" || r.state.Said["confirm-password"].Text == "" || len(r.desk.calls) != 1 {
		t.Errorf("%v, calls %v", r.state.Said, r.desk.calls)
	}
	r.write("quantri2")
	r.press(fyne.KeyReturn)
	r.write("sai")
	r.desk.err = dossier.Invalid("password", "safe.wrong", "left", "4")
	r.press(fyne.KeyReturn)
	if r.state.Said["confirm-password"].Text == "" || r.last() != "role canbo1 keeper quantri2sai" {
		t.Errorf("%v, %q", r.state.Said, r.last())
	}
	r.write("đúng rồi") // in the place of what was wrong
	r.desk.from = uitest.Now.Add(24 * time.Hour)
	r.press(fyne.KeyReturn)
	if r.last() != "role canbo1 keeper quantri2đúng rồi" || r.state.Mode != Looking || !strings.Contains(r.state.Alert.Text, "09:12 thứ Sáu, 20/11/2026") {
		t.Errorf("%q, %+v", r.last(), r.state.Alert)
	}
}

func TestNobodyDoesToThemselvesOrThoseWhoLeftWhatIsForOthers(t *testing.T) {
	r := open(t, &people{all: somebody()})
	for _, at := range []int{0, 4} {
		r.p.Select(at)
		if r.state.Others {
			t.Errorf("%d: offered", at)
		}
		for _, do := range []func(){func() { r.press(fyne.KeyF4) }, func() { r.ctrl("R") }, func() { r.ctrl("D") }} {
			if do(); r.state.Mode != Looking {
				t.Errorf("%d: mode %d", at, r.state.Mode)
			}
		}
	}
}

func TestRemovalIsOfWhoWasChosenAndHasAReason(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.p.Select(1)
	r.ctrl("D")
	r.p.Select(2) // then it is about nobody any more
	if r.state.Mode != Looking {
		t.Fatalf("mode %d", r.state.Mode)
	}
	r.ctrl("D")
	r.desk.err = dossier.Invalid("why", "user.why")
	r.press(fyne.KeyF9)
	if r.state.Said["why"].Text == "" {
		t.Errorf("%v", r.state.Said)
	}
	r.write("chuyển công tác")
	r.press(fyne.KeyReturn)
	if r.last() != "remove canbo2 chuyển công tác" || r.state.Alert == nil || r.state.Alert.Tone != kit.Good {
		t.Errorf("%q, %+v", r.last(), r.state.Alert)
	}
}

func TestPasswordsOfOthersAndOnesOwn(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.p.Select(1)
	r.ctrl("R")
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	if r.last() != "reset canbo1 "+good {
		t.Errorf("%q", r.last())
	}
	r.ctrl("M")
	r.press(fyne.KeyF9)
	if r.state.Said["old"].Text == "" {
		t.Errorf("%v", r.state.Said)
	}
	r.write("mật khẩu cũ")
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.desk.err = dossier.Invalid("password", "safe.wrong", "left", "4")
	r.press(fyne.KeyReturn)
	if r.state.Said["old"].Text == "" || r.state.Said["password"].Text != "" {
		t.Errorf("the old one is wrong: %v", r.state.Said)
	}
	r.press(fyne.KeyF9)
	if r.last() != "change mật khẩu cũ "+good || !r.s.secrets.Empty() {
		t.Errorf("%q", r.last())
	}
}

func TestWhoMaySeeNobodyChangesTheirOwnPassword(t *testing.T) {
	r := open(t, &people{closed: true})
	if r.state.Mode != Own || !r.state.Alone || r.state.Alert != nil {
		t.Fatalf("%+v", r.state)
	}
	for _, key := range []fyne.KeyName{fyne.KeyF6, fyne.KeyF4} {
		if r.press(key); r.state.Mode != Own {
			t.Errorf("mode %d", r.state.Mode)
		}
	}
	r.p.Text("old", "x")
	r.p.Text("password", good)
	r.p.Text("again", good)
	r.press(fyne.KeyF9)
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Good || r.state.Mode != Own {
		t.Errorf("%+v", r.state)
	}
	if r.press(fyne.KeyEscape); r.back != 1 {
		t.Error("Esc does not lead back")
	}
}

func TestNewSheetStaysUntilItIsOnPaper(t *testing.T) {
	r := open(t, &people{all: somebody(), code: sheet})
	r.ctrl("U")
	if len(r.desk.calls) != 0 {
		t.Fatal("a new sheet was made unasked")
	}
	r.desk.err = errors.New("journal") // it is made all the same
	r.press(fyne.KeyF9)
	if r.state.Mode != Coded || r.state.Code != sheet || r.state.Alert.Tone != kit.Bad {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyEscape)
	r.press(fyne.KeyF6)
	r.p.Select(2)
	r.press(fyne.KeyF8)
	if r.state.Mode != Coded || len(r.printed) != 1 || r.printed[0] != sheet || r.state.Alert.Tone != kit.Good {
		t.Errorf("%+v", r.state)
	}
	r.ctrl("S")
	if !strings.Contains(r.state.Alert.Text, "phieu.pdf") {
		t.Errorf("%+v", r.state.Alert)
	}
	r.press(fyne.KeyF9)
	if r.state.Mode != Looking || r.state.Code != "" || r.p.code != "" {
		t.Errorf("%+v", r.state)
	}
}

func TestRefreshKeepsWhatIsBeingTypedAndWhoIsChosen(t *testing.T) {
	r := open(t, &people{all: somebody()})
	r.p.Select(1)
	r.ctrl("R")
	r.write("nửa chừng")
	r.desk.all = append([]dossier.User{{ID: "a", Name: "An"}}, somebody()...)
	r.p.Refresh()
	r.threads.Run()
	if r.state.At != 2 || r.state.Mode != Resetting || r.state.Values["password"] != "nửa chừng" || !strings.Contains(r.state.Lead, "canbo1") {
		t.Errorf("%+v", r.state)
	}
}

// TestPictures draws the screen in each of its states.
func TestPictures(t *testing.T) {
	for name, bring := range map[string]func(r *room){
		"1-looking": func(r *room) { r.p.Select(1) },
		"2-admit":   func(r *room) { r.press(fyne.KeyF6); r.press(fyne.KeyF9) },
		"3-role": func(r *room) {
			r.p.Select(1)
			r.press(fyne.KeyF4)
			r.p.Text("role", string(dossier.RoleKeeper))
			r.desk.err = dossier.Invalid("confirm", "confirm.needed")
			r.press(fyne.KeyF9)
		},
		"4-remove": func(r *room) { r.p.Select(2); r.ctrl("D") },
		"5-coded":  func(r *room) { r.desk.code = sheet; r.ctrl("U"); r.press(fyne.KeyF9) },
		"6-own":    func(r *room) { r.ctrl("M") },
		"7-idle":   func(r *room) { r.p.Select(2) },
	} {
		for what, x := range map[string]struct {
			size  fyne.Size
			scale float32
		}{"-1280": {fyne.NewSize(1280, 720), 1}, "-1024": {fyne.NewSize(1024, 520), 1}, "-200": {fyne.NewSize(1024, 520), 2}} {
			r := open(t, &people{all: somebody()})
			bring(r)
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(x.scale))
			r.w.Resize(x.size)
			r.s.Content().Refresh()
			kit.Relayout(r.s.Content())
			r.s.shown().Relayout()
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s%s wants %v", name, what, m)
			}
			if os.Getenv("TIEPNHAN_SHOTS") == "" {
				continue
			}
			if err := uitest.Shoot("users-"+name+what, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
