package dossier

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var stationDeeds = []Deed{DeedStation, DeedLook, DeedReveal, DeedPrint, DeedPrintBook, DeedExport, DeedFigures, DeedDraft, DeedConfirmDate, DeedCloseDay, DeedSend,
	DeedPacks, DeedEnrol, DeedSettings, DeedPrinter, DeedForms, DeedPurge, DeedBackup, DeedVerify, DeedRestore, DeedUsers, DeedRecovery, DeedAudit,
	DeedIncident, DeedDiagnose, DeedOwnPassword}

func TestEveryDeedIsInTheTable(t *testing.T) {
	all := slices.Clone(stationDeeds)
	for _, verb := range Verbs {
		all = append(all, Deed(verb))
	}
	for _, deed := range all {
		if _, ok := may[deed]; !ok {
			t.Errorf("nobody said who may %s", deed)
		}
		if !May(RoleChief, deed) {
			t.Errorf("the chief may not %s", deed)
		}
		for _, stranger := range []Role{"", "chef", "admin"} {
			if May(stranger, deed) {
				t.Errorf("%q may %s", stranger, deed)
			}
		}
	}
	if len(may) != len(all) {
		t.Errorf("%d deeds in the table, %d known", len(may), len(all))
	}
	if May(RoleChief, "fly") {
		t.Error("what is in no table is allowed")
	}
	for deed, roles := range may {
		for _, r := range roles {
			if !r.Known() || r == RoleChief {
				t.Errorf("%s: role %s", deed, r)
			}
		}
	}
}

func TestRolesKeepApart(t *testing.T) {
	for _, verb := range Verbs {
		if May(RoleInspector, Deed(verb)) || May(RoleKeeper, Deed(verb)) {
			t.Errorf("%s is done by who only inspects or keeps the program", verb)
		}
		if reception := May(RoleReception, Deed(verb)); reception == (verb == Annulled || verb == Resolved) {
			t.Errorf("reception may %s: %v", verb, reception)
		}
	}
	for _, deed := range []Deed{DeedSettings, DeedUsers, DeedRestore, DeedPurge, DeedSend, DeedEnrol, DeedBackup, DeedCloseDay} {
		if May(RoleInspector, deed) {
			t.Errorf("the inspector may %s", deed)
		}
	}
	for _, deed := range []Deed{DeedLook, DeedReveal, DeedPrint, DeedExport, DeedAudit, DeedPurge} {
		if May(RoleKeeper, deed) {
			t.Errorf("the keeper may %s", deed)
		}
	}
	for _, deed := range []Deed{DeedExport, DeedUsers, DeedRestore, DeedSettings, DeedAudit, DeedPurge, DeedRecovery} {
		if May(RoleReception, deed) {
			t.Errorf("reception may %s", deed)
		}
	}
	if err := RoleKeeper.Allows(DeedLook); Code(err) != "role.not-allowed" || !strings.Contains(err.Error(), "Người quản trị") {
		t.Error(err)
	}
	if err := RoleReception.Allows(DeedLook); err != nil {
		t.Error(err)
	}
	for _, r := range Roles {
		if r.Title() == string(r) {
			t.Errorf("%s has no title", r)
		}
	}
}

func TestPeopleKindsAreDeclaredWhole(t *testing.T) {
	bodies := map[Kind]any{
		UserAdmitted: UserAdmission{User: "can-bo-1", Name: "Nguyễn Văn Mẫu", Role: RoleChief}, UserRemoved: UserRemoval{User: "can-bo-1", Why: "chuyển công tác"},
		UserRole: RoleChange{User: "can-bo-1", Was: RoleReception, Role: RoleChief}, PasswordReset: PasswordSet{User: "can-bo-1", How: ByOther},
		TraceSignedIn: SignIn{How: ByPassword}, TraceSignInFailed: SignInFailure{Times: 3}, TraceSignedOut: Leaving{Why: LeftShift}, TraceLocked: Leaving{Why: LeftIdle},
	}
	for k, body := range bodies {
		trace := strings.HasPrefix(string(k), "sign") || k == TraceLocked
		if k.IsAct() || k.IsTrace() != trace || k.IsOfStation() == trace || k.Title() == string(k) {
			t.Errorf("%s: act %v, trace %v, of the station %v, %q", k, k.IsAct(), k.IsTrace(), k.IsOfStation(), k.Title())
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		got := NewBody(k)
		if got == nil || json.Unmarshal(text, got) != nil || !reflect.DeepEqual(reflect.ValueOf(got).Elem().Interface(), body) {
			t.Errorf("%s: %s comes back as %+v", k, text, got)
		}
		if (Purge{}).May(k) != trace {
			t.Errorf("%s may be purged: %v", k, !trace)
		}
	}
}

func TestPeopleBodiesAreChecked(t *testing.T) {
	good := UserAdmission{User: "tran.thi.thu", Name: "Trần Thị Thử", Title: "Trung úy", Role: RoleReception}
	with := func(change func(*UserAdmission)) UserAdmission { a := good; change(&a); return a }
	for what, x := range map[string]struct {
		body interface{ Check() error }
		want string
	}{
		"whole":          {good, ""},
		"Vietnamese id":  {with(func(a *UserAdmission) { a.User = "trần thị thử" }), ""},
		"no id":          {with(func(a *UserAdmission) { a.User = "" }), "user.name"},
		"blank id":       {with(func(a *UserAdmission) { a.User = " x" }), "user.name"},
		"long id":        {with(func(a *UserAdmission) { a.User = OfficerID(strings.Repeat("x", MaxOfficerID+1)) }), "user.name"},
		"no name":        {with(func(a *UserAdmission) { a.Name = " " }), "user.full-name"},
		"strange name":   {with(func(a *UserAdmission) { a.Name = "Иван" }), "text.letters"},
		"long title":     {with(func(a *UserAdmission) { a.Title = strings.Repeat("x", MaxLine+1) }), "text.too-long"},
		"no role":        {with(func(a *UserAdmission) { a.Role = "" }), "role.unknown"},
		"removal":        {UserRemoval{"x", "chuyển công tác"}, ""},
		"removal, why":   {UserRemoval{"x", " "}, "user.why"},
		"removal of who": {UserRemoval{"", "y"}, "user.name"},
		"role":           {RoleChange{User: "x", Was: RoleReception, Role: RoleKeeper}, ""},
		"same role":      {RoleChange{User: "x", Was: RoleKeeper, Role: RoleKeeper}, "role.same"},
		"unknown role":   {RoleChange{User: "x", Was: RoleKeeper, Role: "king"}, "role.unknown"},
	} {
		if err := x.body.Check(); Code(err) != x.want {
			t.Errorf("%s: %v, want %q", what, err, x.want)
		}
	}
}
