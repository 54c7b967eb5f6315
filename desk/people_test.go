package desk_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// ring is the ring of a station in clear.
type ring struct {
	passwords map[string]string
	checked   []string
	code      string
}

func (r *ring) Add(name, password string) error {
	if _, taken := r.passwords[name]; taken {
		return dossier.Invalid("name", "safe.name-taken")
	}
	return r.set(name, password)
}

func (r *ring) set(name, password string) error {
	if len(password) < 14 {
		return dossier.Invalid("password", "password.short")
	}
	r.passwords[name] = password
	return nil
}

func (r *ring) Remove(name string) error {
	if _, ok := r.passwords[name]; !ok {
		return dossier.Invalid("name", "safe.unknown")
	}
	delete(r.passwords, name)
	return nil
}

func (r *ring) SetPassword(name, password string) error {
	if _, ok := r.passwords[name]; !ok {
		return dossier.Invalid("name", "safe.unknown")
	}
	return r.set(name, password)
}

func (r *ring) Change(name, old, next string) error {
	if err := r.Check(name, old); err != nil {
		return err
	}
	return r.set(name, next)
}

func (r *ring) Check(name, password string) error {
	r.checked = append(r.checked, name)
	if r.passwords[name] != password {
		return dossier.Invalid("password", "safe.wrong", "left", "4")
	}
	return nil
}

func (r *ring) NewCode() (string, error) {
	r.code += "1"
	return r.code, nil
}

const secret = "một câu dài dễ nhớ"

// peopled is a station with a chief, who is signed in, and nobody else.
func peopled(t testing.TB) (*station, *ring) {
	t.Helper()
	s, r := openStation(t), &ring{passwords: map[string]string{"mau": secret}} // as the first start makes it
	s.People, s.Ring = s.store, r
	s.admit("mau", dossier.RoleChief, desk.Confirm{}, "")
	return s, r
}

func (s *station) admit(id dossier.OfficerID, role dossier.Role, c desk.Confirm, want string) dossier.User {
	s.t.Helper()
	u, err := s.Admit(s.t.Context(), dossier.UserAdmission{User: id, Name: "Nguyễn Văn Mẫu", Title: "Đại úy", Role: role}, secret, c)
	s.code(err, want)
	return u
}

func (s *station) code(err error, want string) {
	s.t.Helper()
	if dossier.Code(err) != want || (err == nil) != (want == "") {
		s.t.Errorf("want %q: %v", want, err)
	}
}

// as is another officer at the same desk.
func (s *station) as(id dossier.OfficerID) { s.Officer = id }

func (s *station) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// said are the kinds of this PC's journal from its second entry on, and the last body of each.
func (s *station) said() (kinds []dossier.Kind, last map[dossier.Kind]any) {
	s.t.Helper()
	last = map[dossier.Kind]any{}
	_, err := s.store.Since(s.t.Context(), 1, func(_ uint64, e dossier.Entry) error {
		body := dossier.NewBody(e.Kind)
		kinds, last[e.Kind] = append(kinds, e.Kind), body
		return json.Unmarshal(e.Body, body)
	})
	s.must(err)
	return kinds, last
}

func confirm(id dossier.OfficerID) desk.Confirm { return desk.Confirm{By: id, Password: secret} }

func TestTheFirstUserIsTheChiefAndTheRestAreAdmitted(t *testing.T) {
	s, r := openStation(t), &ring{passwords: map[string]string{}}
	s.admit("mau", dossier.RoleChief, desk.Confirm{}, "user.no-ring")
	s.People, s.Ring = s.store, r
	s.admit("mau", dossier.RoleReception, desk.Confirm{}, "user.first-chief")
	s.admit("mau", "king", desk.Confirm{}, "role.unknown")
	if len(r.passwords) != 0 {
		t.Error("somebody refused is in the ring")
	}
	s.admit("mau", dossier.RoleChief, desk.Confirm{}, "")
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.admit("mau", dossier.RoleReception, desk.Confirm{}, "user.taken")
	s.admit("Mậu", dossier.RoleReception, desk.Confirm{}, "user.taken")
	all, err := s.Users(t.Context())
	s.must(err)
	if len(all) != 2 || all[0].Role != dossier.RoleChief || all[1].Role != dossier.RoleReception || all[1].Since.IsZero() || !all[1].From.IsZero() {
		t.Errorf("%+v", all)
	}
	if set, _, err := s.Settings(t.Context()); err != nil || set.Officer("thu").Name != "Nguyễn Văn Mẫu" || len(set.Officers) != 2 {
		t.Errorf("papers name %+v, %v", set.Officers, err)
	}
	s.as("thu")
	s.admit("ba", dossier.RoleReception, desk.Confirm{}, "role.not-allowed")
	s.receive(time.Time{}, false)
	s.as("eve")
	if _, err := s.List(t.Context(), dossier.Query{}); dossier.Code(err) != "user.unknown" {
		t.Error(err)
	}
	if slices.Sorted(maps.Keys(r.passwords))[0] != "mau" || len(r.passwords) != 2 {
		t.Error(r.passwords)
	}
}

func TestAShortPasswordAdmitsNobody(t *testing.T) {
	s, r := peopled(t)
	before, _ := s.said()
	_, err := s.Admit(t.Context(), dossier.UserAdmission{User: "thu", Name: "Trần Thị Thử", Role: dossier.RoleReception}, "ngắn", desk.Confirm{})
	s.code(err, "password.short")
	if after, _ := s.said(); len(after) != len(before) || len(r.passwords) != 1 {
		t.Error("something was kept")
	}
}

// The power goes after the ring was changed and before the journal says so.
func TestWhatThePowerCutBetweenRingAndJournalIsMendedByDoingItAgain(t *testing.T) {
	s, r := peopled(t)
	r.passwords["thu"] = "mật khẩu của lần đầu"
	s.as("thu")
	if err := s.MayEnter(t.Context(), "thu"); dossier.Code(err) != "user.unknown" {
		t.Error(err)
	}
	if _, err := s.Find(t.Context(), "1"); dossier.Code(err) != "user.unknown" {
		t.Error(err)
	}
	s.as("mau")
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	if r.passwords["thu"] != secret {
		t.Error("the password of the first time holds")
	}
	s.must(s.MayEnter(t.Context(), "thu"))

	delete(r.passwords, "thu")
	s.must(s.RemoveUser(t.Context(), "thu", "chuyển công tác"))
	s.code(s.MayEnter(t.Context(), "thu"), "user.removed")

	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "") // came back
	delete(r.passwords, "thu")                                // and the ring was made anew
	s.must(s.ResetPassword(t.Context(), "thu", secret))
	if r.passwords["thu"] != secret {
		t.Error("not in the ring")
	}
}

// The journal cannot be written: the disk is full.
func TestAFullDiskLetsNobodyInUnwritten(t *testing.T) {
	s, r := peopled(t)
	s.Desk.Store = refusing{s.store}
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "store.full")
	s.Desk.Store = s.store
	s.code(s.MayEnter(t.Context(), "thu"), "user.unknown")
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.Desk.Store = refusing{s.store}
	code, err := s.NewRecoveryCode(t.Context())
	if code == "" || dossier.Code(err) != "store.full" {
		t.Errorf("the sheet before is worth nothing, and the code is %q: %v", code, err)
	}
	s.code(s.RemoveUser(t.Context(), "thu", "x"), "store.full")
	if _, in := r.passwords["thu"]; in {
		t.Error("still in")
	}
}

func TestWhoWasRemovedDoesNothingAndTheirNameIsNobodyElses(t *testing.T) {
	s, r := peopled(t)
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.code(s.RemoveUser(t.Context(), "thu", " "), "user.why")
	s.code(s.RemoveUser(t.Context(), "eve", "x"), "user.unknown")
	s.code(s.RemoveUser(t.Context(), "mau", "x"), "user.self")
	s.must(s.RemoveUser(t.Context(), "thu", "chuyển công tác"))
	s.code(s.RemoveUser(t.Context(), "thu", "x"), "user.removed")
	s.code(s.ResetPassword(t.Context(), "thu", secret), "user.removed")
	if _, in := r.passwords["thu"]; in {
		t.Error("still in the ring")
	}
	s.as("thu")
	_, err := s.List(t.Context(), dossier.Query{})
	s.code(err, "user.removed")
	s.as("mau")
	_, err = s.Admit(t.Context(), dossier.UserAdmission{User: "thu", Name: "Lê Văn Giả", Role: dossier.RoleReception}, secret, desk.Confirm{})
	s.code(err, "user.was-another")
	s.admit("thu", dossier.RoleInspector, desk.Confirm{}, "")
	s.as("thu")
	_, err = s.Users(t.Context())
	s.must(err)
	s.code(s.ConfirmDate(t.Context(), dossier.Date{Year: 2026, Month: 11, Day: 20}, 0), "role.not-allowed")
}

func TestWhoMayAdmitOthersIsConfirmedByASecondPerson(t *testing.T) {
	s, r := peopled(t)
	keeper := s.admit("giu", dossier.RoleKeeper, desk.Confirm{}, "") // nobody to ask: announced
	if want := s.clock.Add(dossier.RoleDelay); keeper.From.Sub(want).Abs() > time.Minute {
		t.Errorf("holds from %v", keeper.From)
	}
	s.code(s.MayEnter(t.Context(), "giu"), "user.not-yet")
	s.admit("hai", dossier.RoleChief, confirm("giu"), "") // who is to be a keeper tomorrow confirms nothing today
	s.later(25 * time.Hour)
	s.must(s.MayEnter(t.Context(), "giu"))
	s.must(s.MayEnter(t.Context(), "hai"))
	s.admit("tiep", dossier.RoleReception, desk.Confirm{}, "")

	s.admit("ba", dossier.RoleKeeper, desk.Confirm{}, "confirm.needed")
	s.admit("ba", dossier.RoleKeeper, confirm("mau"), "confirm.self")
	s.admit("ba", dossier.RoleKeeper, confirm("tiep"), "confirm.role")
	s.admit("ba", dossier.RoleKeeper, confirm("eve"), "confirm.role")
	s.admit("ba", dossier.RoleKeeper, desk.Confirm{By: "giu", Password: "sai"}, "safe.wrong")
	if _, in := r.passwords["ba"]; in || !slices.Equal(r.checked, []string{"giu"}) {
		t.Errorf("%v %v", in, r.checked)
	}
	if u := s.admit("ba", dossier.RoleKeeper, confirm("giu"), ""); !u.From.IsZero() {
		t.Errorf("confirmed, and still %v", u.From)
	}
	if _, last := s.said(); last[dossier.UserAdmitted].(*dossier.UserAdmission).Confirmed != "giu" {
		t.Errorf("%+v", last[dossier.UserAdmitted])
	}
	_, err := s.SetRole(t.Context(), "tiep", dossier.RoleKeeper, desk.Confirm{})
	s.code(err, "confirm.needed")
	change, err := s.SetRole(t.Context(), "tiep", dossier.RoleKeeper, confirm("hai"))
	if err != nil || !change.From.IsZero() || change.Confirmed != "hai" {
		t.Errorf("%+v %v", change, err)
	}
	s.later(dossier.MaxIdle + time.Hour) // nobody else has been here: there is nobody to ask
	u := s.admit("tu", dossier.RoleKeeper, desk.Confirm{}, "")
	if u.From.IsZero() {
		t.Error("at once")
	}
}

func TestARoleIsChangedAnnouncedAndCalledOff(t *testing.T) {
	s, _ := peopled(t)
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	set := func(role dossier.Role, want string) dossier.RoleChange {
		t.Helper()
		c, err := s.SetRole(t.Context(), "thu", role, desk.Confirm{})
		s.code(err, want)
		return c
	}
	set(dossier.RoleReception, "role.same")
	set("king", "role.unknown")
	_, err := s.SetRole(t.Context(), "mau", dossier.RoleReception, desk.Confirm{})
	s.code(err, "user.self")
	_, err = s.SetRole(t.Context(), "eve", dossier.RoleReception, desk.Confirm{})
	s.code(err, "user.unknown")
	is := func(want dossier.Role) {
		t.Helper()
		s.as("thu")
		defer s.as("mau")
		if _, err := s.TypedActs(t.Context()); (err == nil) != (want == dossier.RoleReception) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if c := set(dossier.RoleKeeper, ""); c.From.IsZero() || c.Was != dossier.RoleReception {
		t.Errorf("%+v", c)
	}
	is(dossier.RoleReception)
	if c := set(dossier.RoleReception, ""); !c.From.IsZero() || c.Was != dossier.RoleKeeper { // called off
		t.Errorf("%+v", c)
	}
	s.later(dossier.RoleDelay + time.Hour)
	is(dossier.RoleReception)
	set(dossier.RoleKeeper, "")
	s.later(dossier.RoleDelay + time.Hour)
	is(dossier.RoleKeeper)
	set(dossier.RoleInspector, "")
	is(dossier.RoleInspector)
}

func TestTheLastChiefStays(t *testing.T) {
	s, _ := peopled(t)
	s.admit("giu", dossier.RoleKeeper, desk.Confirm{}, "")
	s.later(25 * time.Hour)
	s.as("giu")
	s.code(s.RemoveUser(t.Context(), "mau", "x"), "user.last-chief")
	_, err := s.SetRole(t.Context(), "mau", dossier.RoleReception, confirm("mau"))
	s.code(err, "user.last-chief")
	s.code(s.ResetPassword(t.Context(), "mau", secret), "user.chief-only")
	s.code(s.ResetPassword(t.Context(), "giu", secret), "user.own-password")
	s.admit("hai", dossier.RoleChief, confirm("mau"), "")
	s.must(s.RemoveUser(t.Context(), "mau", "nghỉ hưu"))
	s.code(s.RemoveUser(t.Context(), "hai", "x"), "user.last-chief")
}

func TestPasswordsAreSetChangedAndRecoveredInSight(t *testing.T) {
	s, r := peopled(t)
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.code(s.ChangePassword(t.Context(), "sai", secret+"!"), "safe.wrong")
	s.must(s.ChangePassword(t.Context(), secret, secret+"!"))
	how := func(want dossier.PasswordSet) {
		t.Helper()
		if _, last := s.said(); *last[dossier.PasswordReset].(*dossier.PasswordSet) != want {
			t.Errorf("%+v", last[dossier.PasswordReset])
		}
	}
	how(dossier.PasswordSet{User: "mau", How: dossier.ByPassword})
	s.must(s.ResetPassword(t.Context(), "thu", secret+"?"))
	how(dossier.PasswordSet{User: "thu", How: dossier.ByOther})
	s.code(s.Recover(t.Context(), "mau", secret), "recover.signed-in")
	s.as("")
	s.code(s.ChangePassword(t.Context(), "", secret), "user.sign-in")
	s.code(s.Recover(t.Context(), "thu", secret), "role.not-allowed")
	s.must(s.Recover(t.Context(), "mau", secret))
	how(dossier.PasswordSet{User: "mau", How: dossier.ByRecovery})
	if r.passwords["mau"] != secret || r.passwords["thu"] != secret+"?" {
		t.Error(r.passwords)
	}
	s.as("mau")
	if code, err := s.NewRecoveryCode(t.Context()); code != "1" || err != nil {
		t.Error(code, err)
	}
	how(dossier.PasswordSet{How: dossier.ByOther})
}

func TestAnAccountNobodyUsesIsOffUntilItsPasswordIsReset(t *testing.T) {
	s, _ := peopled(t)
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.later(40 * 24 * time.Hour)
	s.as("thu")
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, nil))
	s.later(40 * 24 * time.Hour)
	s.must(s.MayEnter(t.Context(), "thu"))
	s.later(6 * 24 * time.Hour)
	s.code(s.SignedIn(t.Context(), dossier.ByPassword, nil), "user.idle")
	s.as("mau")
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, nil)) // the only chief, away for longer
	s.must(s.ResetPassword(t.Context(), "thu", secret))
	s.must(s.MayEnter(t.Context(), "thu"))

	s.admit("hai", dossier.RoleChief, desk.Confirm{}, "")
	s.later(44 * 24 * time.Hour)
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, nil))
	s.later(2 * 24 * time.Hour)
	s.code(s.MayEnter(t.Context(), "hai"), "user.idle") // another chief can switch them on
	s.later(100 * 24 * time.Hour)
	s.must(s.MayEnter(t.Context(), "hai")) // no other can
	s.must(s.MayEnter(t.Context(), "mau"))
	s.code(s.MayEnter(t.Context(), "eve"), "user.unknown")
}

// A clock of 2009 or of 2100 keeps nobody out.
func TestAWrongClockSwitchesOffNobody(t *testing.T) {
	s, _ := peopled(t)
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.later(80 * 365 * 24 * time.Hour)
	s.must(s.MayEnter(t.Context(), "thu"))
	s.later(-90 * 365 * 24 * time.Hour)
	s.must(s.MayEnter(t.Context(), "thu"))
}

func TestSigningInAndOutIsInTheJournal(t *testing.T) {
	s, _ := peopled(t)
	before, _ := s.said()
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, []dossier.SignInFailure{{User: "mau", Times: 2}, {Times: 1}}))
	s.must(s.Locked(t.Context(), dossier.LeftIdle))
	s.must(s.SignedOut(t.Context(), dossier.LeftShift))
	kinds, last := s.said()
	if got := kinds[len(before):]; !slices.Equal(got, []dossier.Kind{dossier.TraceSignInFailed, dossier.TraceSignInFailed, dossier.TraceSignedIn, dossier.TraceLocked, dossier.TraceSignedOut}) {
		t.Errorf("%v", got)
	}
	if *last[dossier.TraceLocked].(*dossier.Leaving) != (dossier.Leaving{Why: dossier.LeftIdle}) || *last[dossier.TraceSignInFailed].(*dossier.SignInFailure) != (dossier.SignInFailure{Times: 1}) {
		t.Errorf("%+v", last)
	}
	s.restart()
	s.People = s.store
	if u, ok, err := s.store.User(t.Context(), "mau"); err != nil || !ok || u.LastIn.IsZero() {
		t.Errorf("%+v %v", u, err)
	}
	if check, err := s.store.Verify(t.Context()); err != nil || len(check.Faults) > 0 {
		t.Errorf("%v %v", check.Faults, err)
	}
	s.as("eve")
	s.code(s.SignedIn(t.Context(), dossier.ByPassword, nil), "user.unknown")
}

// Of two who are put out at once by each other, one stays.
func TestTwoAtOnceLeaveAChief(t *testing.T) {
	s, _ := peopled(t)
	s.admit("hai", dossier.RoleChief, desk.Confirm{}, "")
	s.admit("giu", dossier.RoleKeeper, desk.Confirm{}, "")
	s.later(25 * time.Hour)
	s.as("giu")
	out := make(chan error)
	for _, id := range []dossier.OfficerID{"mau", "hai"} {
		go func() { out <- s.RemoveUser(t.Context(), id, "x") }()
	}
	err := errors.Join(<-out, <-out)
	if err == nil || !strings.Contains(err.Error(), "user.last-chief") {
		t.Error(err)
	}
}
