package desk

import (
	"context"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// staff are those of a PC, the first of whom is signed in.
type staff []dossier.User

func (s staff) Users(context.Context) ([]dossier.User, error) { return s, nil }
func (s staff) User(_ context.Context, id dossier.OfficerID) (dossier.User, bool, error) {
	for _, u := range s {
		if u.ID == id {
			return u, true, nil
		}
	}
	return dossier.User{}, false, nil
}

// counted is a door that counts the passwords it was shown.
type counted struct {
	door
	shown *int
}

func (c counted) Check(name, password string) error {
	*c.shown++
	return c.door.Check(name, password)
}

// lockedTwice is a station that wants a second person's word, with an officer signed in and these beside.
func lockedTwice(t *testing.T, beside ...dossier.User) (d *Desk, m *memory, shown *int) {
	d, m = newDesk(t)
	m.settings.LockTwice, shown = true, new(int)
	d.Ring, d.People = counted{shown: shown}, append(staff{{ID: "mau", Role: dossier.RoleReception, Since: aFriday}}, beside...)
	return d, m, shown
}

var hai = dossier.User{ID: "hai", Role: dossier.RoleReception, Since: aFriday}

func locks(t *testing.T, d *Desk, c Confirm, want string) dossier.Dossier {
	t.Helper()
	in := citizenLocksCard()
	in.Confirm = c
	kept, err := d.Receive(t.Context(), in)
	if dossier.Code(err) != want || (err == nil) != (want == "") {
		t.Errorf("want %q: %v", want, err)
	}
	return kept
}

func TestARequestToLockIsKeptWithASecondPersonsWord(t *testing.T) {
	d, m, shown := lockedTwice(t, hai, dossier.User{ID: "xem", Role: dossier.RoleInspector, Since: aFriday}, dossier.User{ID: "cu", Role: dossier.RoleChief, Since: aFriday.Add(-46 * 24 * time.Hour)})
	locks(t, d, Confirm{}, "confirm.needed")
	locks(t, d, Confirm{By: "mau", Password: "mở"}, "confirm.self")
	locks(t, d, Confirm{By: "xem", Password: "mở"}, "confirm.role") // sees everything and changes nothing
	locks(t, d, Confirm{By: "cu", Password: "mở"}, "confirm.role")  // could not sign in today
	locks(t, d, Confirm{By: "eve", Password: "mở"}, "confirm.role")
	if *shown != 0 {
		t.Errorf("%d passwords were looked at of those who may not confirm", *shown)
	}
	locks(t, d, Confirm{By: "hai", Password: "sai"}, "safe.wrong")
	if len(m.entries) != 0 {
		t.Fatal("kept without a second person's word")
	}
	first := locks(t, d, Confirm{By: "hai", Password: "mở"}, "")
	if first.Intake.Confirmed != "hai" || first.Intake.Alone {
		t.Errorf("%+v", first.Intake)
	}
	for _, c := range []Confirm{{}, {By: "hai", Password: "sai"}} { // pressed again, a script run twice
		if again := locks(t, d, c, ""); again.Number != first.Number || again.Intake.Confirmed != "hai" || len(m.entries[first.ID]) != 1 {
			t.Errorf("%+v", again)
		}
	}
	if *shown != 2 {
		t.Errorf("%d passwords looked at", *shown)
	}
}

func TestWhoMayReceiveOrAdmitConfirmsALock(t *testing.T) {
	for _, role := range []dossier.Role{dossier.RoleReception, dossier.RoleChief, dossier.RoleKeeper} {
		d, _, _ := lockedTwice(t, dossier.User{ID: "hai", Role: role, Since: aFriday})
		if kept := locks(t, d, Confirm{By: "hai", Password: "mở"}, ""); kept.Intake.Confirmed != "hai" {
			t.Errorf("%s: %+v", role, kept.Intake)
		}
	}
}

// What lacks is said first: nobody is called to the desk for a form that cannot be kept.
func TestASecondPersonIsAskedForAWholeFormOnly(t *testing.T) {
	d, _, shown := lockedTwice(t, hai)
	in := citizenLocksCard()
	in.Papers, in.Confirm = nil, Confirm{By: "hai", Password: "mở"}
	if _, err := d.Receive(t.Context(), in); dossier.Code(err) != "papers.missing" || *shown != 0 {
		t.Errorf("%v, %d", err, *shown)
	}
}

// A citizen is not sent away because one officer is there; the journal says that nobody could confirm.
func TestWithNobodyElseALockGoesThroughAndTheJournalSaysSo(t *testing.T) {
	for name, beside := range map[string][]dossier.User{"alone": nil, "an inspector": {{ID: "hai", Role: dossier.RoleInspector, Since: aFriday}},
		"removed":  {{ID: "hai", Role: dossier.RoleChief, Since: aFriday, Removed: aFriday}},
		"tomorrow": {{ID: "hai", Role: dossier.RoleChief, Since: aFriday, From: aFriday.Add(time.Hour)}}} {
		d, m, shown := lockedTwice(t, beside...)
		kept := locks(t, d, Confirm{By: "hai", Password: "mở"}, "")
		if !kept.Intake.Alone || kept.Intake.Confirmed != "" || *shown != 0 || !strings.Contains(string(m.entries[kept.ID][0].Body), `"alone":true`) {
			t.Errorf("%s: %+v", name, kept.Intake)
		}
	}
}

func TestNobodyIsAskedWhereNothingIsLockedOrTheStationDoesNotWantIt(t *testing.T) {
	plain := func(d *Desk, m *memory, in Intake) {
		t.Helper()
		kept, err := d.Receive(t.Context(), in)
		if err != nil {
			t.Error(err)
			return
		}
		if body := string(m.entries[kept.ID][0].Body); strings.Contains(body, "confirmed") || strings.Contains(body, "alone") || strings.Contains(body, "Confirm") {
			t.Errorf("the entry grew: %s", body)
		}
	}
	d, m, _ := lockedTwice(t, hai)
	m.settings.LockTwice = false
	in := citizenLocksCard()
	in.Confirm = Confirm{By: "hai", Password: "mở"}
	plain(d, m, in)
	d, m, _ = lockedTwice(t, hai)
	in = citizenLocksCard()
	in.Procedure, in.Reason = "unlock-eid", "tìm thấy thẻ"
	plain(d, m, in)
	d, m, _ = lockedTwice(t, hai)
	d.Ring = nil // a station in practice
	plain(d, m, citizenLocksCard())
	d, m, _ = lockedTwice(t)
	d.People = nobody{} // a sample
	plain(d, m, citizenLocksCard())
	d, _, shown := lockedTwice(t, hai)
	if _, err := d.Refuse(t.Context(), citizenLocksCard(), "không đúng thẩm quyền"); err != nil || *shown != 0 {
		t.Errorf("refusing locks nothing: %v", err)
	}
}

// The second person takes a while to come: what the first try filled in is of the first try.
func TestWhatFollowsALockIsOfTheMomentItWasConfirmed(t *testing.T) {
	d, m, _ := lockedTwice(t, hai)
	in, done := citizenLocksCard(), &dossier.Perform{}
	try := func(c Confirm, want string) dossier.Dossier {
		t.Helper()
		in.Confirm = c
		kept, err := d.ReceiveAnd(t.Context(), in, dossier.Performed, done)
		if dossier.Code(err) != want || (err == nil) != (want == "") {
			t.Errorf("want %q: %v", want, err)
		}
		return kept
	}
	try(Confirm{}, "confirm.needed")
	d.Now = func() time.Time { return aFriday.Add(5 * time.Minute) }
	try(Confirm{By: "hai", Password: "sai"}, "safe.wrong")
	d.Now = func() time.Time { return aFriday.Add(7 * time.Minute) }
	kept := try(Confirm{By: "hai", Password: "mở"}, "")
	if kept.Done == nil || kept.Done.At.Before(kept.Intake.ReceivedAt) || !done.At.IsZero() || len(m.entries[kept.ID]) != 2 {
		t.Errorf("%+v", kept.Done)
	}
}

// A password is in no draft.
func TestNoDraftHasASecondPersonsPassword(t *testing.T) {
	b, err := encode(Form{Intake: Intake{Confirm: Confirm{By: "hai", Password: "mot cau dai"}}})
	if err != nil || strings.Contains(string(b), "mot cau dai") {
		t.Errorf("%s %v", b, err)
	}
}
