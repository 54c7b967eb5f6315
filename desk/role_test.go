package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// one is a PC on which somebody of that role was admitted.
type one dossier.User

func (o one) Users(context.Context) ([]dossier.User, error) {
	return []dossier.User{dossier.User(o)}, nil
}

func (o one) User(_ context.Context, id dossier.OfficerID) (dossier.User, bool, error) {
	return dossier.User(o), id == o.ID, nil
}

// free are what asks for no role, and why.
var free = map[string]string{
	"Send":       "it runs by itself, also while nobody is signed in; it shows counts",
	"TakePacks":  "it runs by itself after an exchange",
	"Tidy":       "it runs by itself before anybody prints, and shows nothing",
	"NewIntake":  "an empty form",
	"InForce":    "what the law says and what upstream has issued; nothing of anybody",
	"Holiday":    "a day in the calendar",
	"Found":      "it does nothing once somebody was admitted",
	"MayEnter":   "it is asked before anybody is signed in",
	"SignedIn":   "it asks MayEnter",
	"SignedOut":  "leaving is always possible",
	"Locked":     "locking is always possible",
	"Recover":    "it is refused to whoever is signed in; the recovery sheet has opened the store",
	"BackedUp":   "backups run by themselves, also while nobody is signed in",
	"AutoBackup": "it runs by itself, also while the desk is locked, and shows nothing",
	"AutoDue":    "it says whether AutoBackup has anything to do",
	"ClockMoved": "the clock is watched whoever is signed in, and while nobody is",
}

// call calls a method of a desk that has nothing behind it, and tells the code of its error; "through" where it got past asking.
func call(t *testing.T, role dossier.Role, method string) (code string) {
	t.Helper()
	d := &Desk{People: one{ID: "mau", Role: role}, Officer: "mau", Now: func() time.Time { return aFriday }, NewID: func() [16]byte { return [16]byte{1} }}
	defer func() {
		if recover() != nil {
			code = "through"
		}
	}()
	m := reflect.ValueOf(d).MethodByName(method)
	var args []reflect.Value
	for i := range m.Type().NumIn() {
		switch in := m.Type().In(i); {
		case in == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(t.Context()))
		case in == reflect.TypeFor[dossier.Kind]():
			args = append(args, reflect.ValueOf(dossier.Notified))
		case method == "Amend" && i == 2:
			args = append(args, reflect.ValueOf(dossier.Settings{Desk: 2}))
		case in == reflect.TypeFor[dossier.Query]():
			args = append(args, reflect.ValueOf(dossier.Query{Text: "mau"}))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	var outs []reflect.Value
	if m.Type().IsVariadic() {
		outs = m.CallSlice(args)
	} else {
		outs = m.Call(args)
	}
	if len(outs) == 0 {
		return "through"
	}
	err, _ := outs[len(outs)-1].Interface().(error)
	if dossier.Code(err) != "role.not-allowed" {
		return "through"
	}
	return "refused"
}

func methods() []string {
	var out []string
	for i := range reflect.TypeFor[*Desk]().NumMethod() {
		out = append(out, reflect.TypeFor[*Desk]().Method(i).Name)
	}
	return out
}

// Whatever the desk does or shows asks first who wants it: before it looks at anything.
func TestEveryMethodAsksForTheRoleFirst(t *testing.T) {
	all := methods()
	for _, name := range all {
		if got := call(t, "nobody", name); (got == "refused") != (free[name] == "") {
			t.Errorf("%s for somebody who may do nothing: %s; free: %q", name, got, free[name])
		}
	}
	for name, why := range free {
		if !slices.Contains(all, name) || why == "" {
			t.Errorf("%s is no method, or free for no reason", name)
		}
	}
	if len(all) < 50 {
		t.Errorf("only %d methods", len(all))
	}
}

// What each role cannot do, method by method; the chief can do everything.
func TestWhatEachRoleIsRefused(t *testing.T) {
	for role, want := range map[dossier.Role]string{
		dossier.RoleChief: "",
		dossier.RoleReception: `Admit Amend Audit Bursts ChooseColumns DrawIncident Enrol EnrolAsk EnrolTake ExportAudit ExportBook Incident KeepFormText MarkChecked MayRestore MissingFrom NewRecoveryCode PrintIncident Purge
			RemoveUser ResetPassword SetRole SetUp Users`,
		dossier.RoleKeeper: `Audit Bursts CloseDay ClosedDay Count DayReport Days Do DoJSON Draft Draw DrawBook DrawDay DrawIncident DropDraft Earlier ExportAudit ExportBook Find FormsOf Incident
			LastIntake List Look OfDay Open Plan Print PrintBook PrintDay PrintIncident Purge Receive ReceiveAnd Refuse Reveal SaveDraft SaveTypedActs TypedActs`,
		dossier.RoleInspector: `Admit Amend BackUp BackupState ChooseColumns CloseDay ConfirmDate Do DoJSON Draft DropDraft Enrol EnrolAsk EnrolTake Export Import KeepFormText
			MarkChecked MayRestore MissingFrom NewRecoveryCode Plan PrintParcels Purge Receive ReceiveAnd Refuse RemoveUser ResetPassword SaveDraft SaveTypedActs SetRole SetUp TypedActs`,
	} {
		var got []string
		for _, name := range methods() {
			if call(t, role, name) == "refused" {
				got = append(got, name)
			}
		}
		if words := strings.Fields(want); !slices.Equal(got, words) {
			t.Errorf("%s is refused\n%s, want\n%s", role, strings.Join(got, " "), strings.Join(words, " "))
		}
	}
}

func TestActsAreAllowedOneByOne(t *testing.T) {
	d, m := newDesk(t)
	kept, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	d.People = one{ID: "mau", Role: dossier.RoleReception}
	for _, verb := range []dossier.Kind{dossier.Annulled, dossier.Resolved} {
		if _, err := d.DoJSON(t.Context(), verb, kept.ID, []byte(`{"why":"nhầm"}`)); dossier.Code(err) != "role.not-allowed" {
			t.Errorf("%s: %v", verb, err)
		}
	}
	in := agencyLocksAccount()
	if _, err := d.ReceiveAnd(t.Context(), in, dossier.Annulled, &dossier.Reason{Why: "nhầm"}); dossier.Code(err) != "role.not-allowed" || len(m.entries) != 1 {
		t.Errorf("received and annulled: %v", err)
	}
	if err := d.Purge(t.Context(), kept.ID, dossier.Purge{}); dossier.Code(err) != "role.not-allowed" {
		t.Errorf("purged: %v", err)
	}
	d.People = one{ID: "mau", Role: dossier.RoleChief}
	if _, err := d.Do(t.Context(), dossier.Annulled, kept.ID, &dossier.Reason{Why: "nhầm"}); err != nil {
		t.Error(err)
	}
}

func TestHowThisPCShowsAndPrintsIsForEverybody(t *testing.T) {
	d, m := newDesk(t)
	m.settings.Upstreams = []dossier.UpstreamTerm{{Level: dossier.Province, Name: "Công an tỉnh Mẫu"}}
	was := *m.settings
	d.People = one{ID: "mau", Role: dossier.RoleInspector}
	larger := was
	larger.TextSize, larger.Printer = 150, "Máy in Mẫu"
	if err := d.Amend(t.Context(), was, larger); err != nil {
		t.Error(err)
	}
	more := larger
	more.LAN = []string{"192.168.1.2:4711"}
	if err := d.Amend(t.Context(), larger, more); dossier.Code(err) != "role.not-allowed" {
		t.Errorf("%v", err)
	}
	alone := larger
	alone.LockTwice = true
	if err := d.Amend(t.Context(), larger, alone); dossier.Code(err) != "role.not-allowed" {
		t.Errorf("%v", err)
	}
}

func TestTheKeeperSeesNoNamesInWhatWaits(t *testing.T) {
	d, m := newDesk(t)
	d.Store = waiting{m}
	for role, want := range map[dossier.Role]string{dossier.RoleKeeper: "MAU-1|MAU-1", dossier.RoleReception: "MAU-1Nguyễn Văn Mẫu|MAU-1Nguyễn Văn Mẫuthiếu tên mẹ"} {
		d.People = one{ID: "mau", Role: role}
		q, err := d.Queue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Rows[0].Number + q.Rows[0].Name + "|" + q.SentBack[0].Number + q.SentBack[0].Name + q.SentBack[0].Why; got != want {
			t.Errorf("%s: %s", role, got)
		}
	}
}

type waiting struct{ *memory }

func (waiting) Queue(context.Context) (dossier.Queue, error) {
	row := dossier.QueueRow{Number: "MAU-1", Name: "Nguyễn Văn Mẫu"}
	return dossier.Queue{Rows: []dossier.QueueRow{row}, SentBack: []dossier.SentBackRow{{QueueRow: row, Why: "thiếu tên mẹ"}}}, nil
}

func TestRoleIsThatOfTheMoment(t *testing.T) {
	d, _ := newDesk(t)
	from := aFriday.Add(time.Hour)
	for name, x := range map[string]struct {
		people People
		id     dossier.OfficerID
		want   string
	}{
		"no people at all":        {nil, "mau", "chief"},
		"nobody was admitted":     {nobody{}, "mau", "chief"},
		"the store is unreadable": {nobody{errors.New("disk")}, "mau", "disk"},
		"their role":              {one{ID: "mau", Role: dossier.RoleKeeper}, "mau", "keeper"},
		"another signed in":       {one{ID: "mau", Role: dossier.RoleKeeper}, "thu", "user.unknown"},
		"nobody signed in":        {one{ID: "mau", Role: dossier.RoleKeeper}, "", "user.sign-in"},
		"removed":                 {one{ID: "mau", Role: dossier.RoleChief, Removed: aFriday}, "mau", "user.removed"},
		"announced":               {one{ID: "mau", Role: dossier.RoleKeeper, From: from}, "mau", "user.not-yet"},
		"announced change":        {one{ID: "mau", Was: dossier.RoleReception, Role: dossier.RoleKeeper, From: from}, "mau", "reception"},
		"announced, and now":      {one{ID: "mau", Was: dossier.RoleReception, Role: dossier.RoleKeeper, From: aFriday}, "mau", "keeper"},
	} {
		d.People, d.Officer = x.people, x.id
		role, err := d.role(t.Context())
		got := string(role)
		if err != nil {
			got = dossier.Code(err)
			if got == "" {
				got = err.Error()
			}
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
	}
}

type nobody struct{ err error }

func (n nobody) Users(context.Context) ([]dossier.User, error) { return nil, n.err }
func (n nobody) User(context.Context, dossier.OfficerID) (dossier.User, bool, error) {
	return dossier.User{}, false, n.err
}

// two are a chief, who is signed in, and another.
type two struct{ one }

func (o two) Users(context.Context) ([]dossier.User, error) {
	return []dossier.User{dossier.User(o.one), {ID: "hai", Role: dossier.RoleChief, Since: aFriday}}, nil
}

// door is a ring in which everybody has one password.
type door struct{ Ring }

func (door) Check(_, password string) error {
	if password != "mở" {
		return dossier.Invalid("password", "safe.wrong", "left", "4")
	}
	return nil
}

// journal is what memory keeps of the station, the newest first.
type journal struct{ *memory }

func (j journal) Trail(_ context.Context, f dossier.TrailFilter, _ dossier.EventID, visit func(dossier.TrailRow) error) error {
	for _, e := range slices.Backward(j.station) {
		if f.Admits(e) {
			if err := visit(dossier.TrailRow{Entry: dossier.Entry{Event: e}, Own: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestManyPersonsLeaveWithASecondPersonsWordOnly(t *testing.T) {
	d, m := newDesk(t)
	d.Ring = door{}
	receive := func(n int) {
		for range n {
			in := citizenLocksCard()
			in.ID = dossier.ID{9, byte(len(m.entries))}
			if _, err := d.Receive(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
	}
	day := dossier.DateOf(aFriday)
	path := filepath.Join(t.TempDir(), "so.csv")
	export := func(c Confirm, want string) {
		t.Helper()
		os.Remove(path)
		rows, err := d.ExportBook(t.Context(), BookOrder{Form: "intake-register", From: day, To: day, Confirm: c}, dossier.BookCSV, path)
		_, missing := os.Stat(path)
		if dossier.Code(err) != want || (err == nil) != (want == "") || (missing == nil) != (want == "") || want == "" && rows != len(m.entries) {
			t.Errorf("want %q: %d rows, %v, %v", want, rows, err, missing)
		}
	}
	receive(MaxAlone)
	d.People = two{one{ID: "mau", Role: dossier.RoleChief}}
	export(Confirm{}, "")
	receive(1)
	export(Confirm{}, "confirm.needed")
	export(Confirm{By: "mau", Password: "mở"}, "confirm.self")
	export(Confirm{By: "hai", Password: "sai"}, "safe.wrong")
	export(Confirm{By: "hai", Password: "mở"}, "")
	left := m.station[len(m.station)-1]
	if left.Kind != dossier.TraceExported || !strings.Contains(string(left.Body), `"confirmed":"hai"`) {
		t.Errorf("%s %s", left.Kind, left.Body)
	}
	d.People = one{ID: "mau", Role: dossier.RoleChief} // nobody to ask
	d.Trail = journal{m}
	export(Confirm{}, "confirm.announced")
	export(Confirm{}, "confirm.announced")
	now := d.Now
	d.Now = func() time.Time { return now().Add(dossier.AloneDelay) }
	export(Confirm{}, "")
	export(Confirm{}, "") // once more, onto another stick
	d.Now = func() time.Time { return now().Add(dossier.AloneDelay + dossier.AloneHolds) }
	export(Confirm{}, "confirm.announced")
	d.People = nil
	export(Confirm{}, "")
}
