package desk_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

func ruined(t testing.TB) *station {
	t.Helper()
	s := audited(t)
	var err error
	s.Duties, err = dossier.LoadDuties(assets.Duties)
	s.must(err)
	return s
}

func (s *station) incident(what dossier.IncidentKind) dossier.Incident {
	s.t.Helper()
	i, err := s.Incident(s.t.Context(), desk.IncidentOrder{What: what, Noticed: s.clock}, nil)
	s.must(err)
	return i
}

func count(i dossier.Incident, f dossier.DataField) int {
	for _, d := range i.Data {
		if d.Field == f {
			return d.Persons
		}
	}
	return 0
}

func TestIncidentCountsEachPersonOnce(t *testing.T) {
	s := ruined(t)
	if i := s.incident(dossier.IncidentLost); i.Dossiers != 0 || i.Persons != 0 || len(i.Data) != 0 || !i.From.IsZero() {
		t.Errorf("an empty station: %+v", i)
	}
	s.receive(time.Time{}, false)
	s.receive(time.Time{}, false) // the same person again
	s.receive(time.Time{}, true)  // and refused
	s.keep(s.asks("Trần Thị Thử", "001199000002"))
	s.keep(s.about("001080000456")) // an agency about somebody else; its bearer has a name only
	gone := s.keep(s.asks("Lê Minh Ví Dụ", "001099000009"))
	_, err := s.Do(t.Context(), dossier.Annulled, gone.ID, &dossier.Reason{Why: "nhầm"})
	s.must(err)
	s.purges(gone.ID, dossier.Purge{Document: "1/QĐ", Date: dossier.DateOf(s.clock), By: "Trưởng", Why: "hết hạn"}, "")
	i := s.incident(dossier.IncidentLost)
	if i.Dossiers != 6 || i.Purged != 1 || i.Agency != 1 || i.Persons != 4 || i.Unnumbered != 1 || count(i, dossier.DataName) < 3 || count(i, dossier.DataNumber) != 3 {
		t.Errorf("%+v", i)
	}
	if i.From.IsZero() || i.To.Before(i.From) || i.Store != dossier.StoreEncrypted || !slices.Contains(i.Users, "kiem") || len(i.Users) != 2 || !i.Own || i.Device == (dossier.DeviceID{}) {
		t.Errorf("%+v", i)
	}
	if i.Waiting() != i.Written || i.Written == 0 || i.Receipt != nil || i.Backup != nil {
		t.Errorf("nothing was sent: %+v", i)
	}
	for _, secret := range []string{"001099000001", "Nguyễn", "001080000456"} {
		if strings.Contains(fmt.Sprintf("%+v", i), secret) {
			t.Errorf("%s stands in the report", secret)
		}
	}
}

func TestIncidentTellsWhoDidWhatInTheLastDays(t *testing.T) {
	s := ruined(t)
	d := s.receive(time.Time{}, false)
	s.as("kiem")
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, nil)) // too long ago
	s.later(73 * time.Hour)
	s.as("mau")
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, []dossier.SignInFailure{{User: "kiem", Times: 3}, {Times: 4}}))
	for range 5 {
		_, err := s.Open(t.Context(), d.ID)
		s.must(err)
	}
	_, err := s.Reveal(t.Context(), d.ID, "person.number")
	s.must(err)
	noticed := s.clock
	s.later(time.Minute)
	_, err = s.ExportAudit(t.Context(), dossier.TrailFilter{}, filepath.Join(s.dir, "x.csv")) // after it was noticed
	s.must(err)
	s.must(s.BackedUp(t.Context(), dossier.BackUp{To: dossier.PlaceSecond, Proved: true}))
	s.must(s.BackedUp(t.Context(), dossier.BackUp{To: dossier.PlaceStick, Code: "print.folder"})) // it did not stand
	i, err := s.Incident(t.Context(), desk.IncidentOrder{What: dossier.IncidentMisused, Noticed: noticed}, nil)
	s.must(err)
	if len(i.Past) != 3 || i.Past[0].Who != "mau" {
		t.Fatalf("%+v", i.Past)
	}
	mau := i.Past[0]
	if mau.SignIns != 1 || mau.Failures != 0 || mau.Looks != 5 || mau.Reveals != 1 || mau.Exports != 1 || mau.Rows == 0 {
		t.Errorf("%+v", mau)
	}
	if all := i.Total(); all.Failures != 7 || all.SignIns != 1 {
		t.Errorf("%+v", all)
	}
	if i.Backup == nil || i.Backup.To != dossier.PlaceSecond || !i.Backup.Proved {
		t.Errorf("%+v", i.Backup)
	}
	if want := noticed.Add(72 * time.Hour); !i.Deadline().Equal(want) {
		t.Errorf("to be told until %v, want %v", i.Deadline(), want)
	}
}

func TestIncidentOfAnotherPC(t *testing.T) {
	s := ruined(t)
	s.receive(time.Time{}, false)
	pc := s.sister()
	other := pc.Genesis.Device
	pc.did(dossier.ID{}, dossier.UserAdmitted, dossier.UserAdmission{User: "di", Name: "Lê An", Role: dossier.RoleReception})
	pc.did(dossier.ID{}, dossier.UserRemoved, dossier.UserRemoval{User: "di", Why: "chuyển"})
	pc.did(dossier.ID{}, dossier.UserAdmitted, dossier.UserAdmission{User: "khac", Name: "Lê Bình", Role: dossier.RoleChief})
	pc.did(dossier.ID{}, dossier.TraceExported, dossier.Export{Form: "intake-register", Format: dossier.BookCSV, Rows: 90})
	pc.did(dossier.ID{}, dossier.TraceBackedUp, dossier.BackUp{To: dossier.PlaceOwn})
	s.later(time.Second)
	i, err := s.Incident(t.Context(), desk.IncidentOrder{What: dossier.IncidentLost, Noticed: s.clock, Device: other}, nil)
	s.must(err)
	if i.Own || i.Store != dossier.StoreUnknown || i.Dossiers != 1 || i.Receipt != nil || i.Device != other || i.Sisters != 1 || i.Backup == nil || i.Backup.To != dossier.PlaceOwn {
		t.Errorf("%+v", i)
	}
	if !slices.Equal(i.Users, []dossier.OfficerID{"khac"}) || len(i.Past) != 1 || i.Past[0].Who != "khac" || i.Past[0].Rows != 90 {
		t.Errorf("%v %+v", i.Users, i.Past)
	}
}

func TestIncidentRefusesWhatCannotBe(t *testing.T) {
	s := ruined(t)
	for name, x := range map[string]struct {
		o    desk.IncidentOrder
		want string
	}{
		"nothing":  {desk.IncidentOrder{Noticed: s.clock}, "incident.what"},
		"unknown":  {desk.IncidentOrder{What: "fire", Noticed: s.clock}, "incident.what"},
		"no time":  {desk.IncidentOrder{What: dossier.IncidentLost}, "incident.noticed"},
		"tomorrow": {desk.IncidentOrder{What: dossier.IncidentLost, Noticed: s.clock.Add(24 * time.Hour)}, "incident.future"},
		"no PC":    {desk.IncidentOrder{What: dossier.IncidentLost, Noticed: s.clock, Device: dossier.DeviceID{9}}, "incident.pc"},
	} {
		if _, err := s.Incident(t.Context(), x.o, nil); dossier.Code(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIncidentLeavesATraceOnPaperOnly(t *testing.T) {
	s := ruined(t)
	s.Paper = quill{}
	s.as("kiem")
	before := len(s.audit(dossier.TrailFilter{}))
	i := s.incident(dossier.IncidentLeaked)
	if _, err := s.DrawIncident(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if n := len(s.audit(dossier.TrailFilter{})); n != before {
		t.Errorf("looking at it left %d traces", n-before)
	}
	path := filepath.Join(s.dir, desk.IncidentFile(i))
	p, err := s.PrintIncident(t.Context(), i, desk.Where{File: path})
	if err != nil || p.Path != path {
		t.Fatalf("%+v %v", p, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	left := s.audit(dossier.TrailFilter{})[0]
	if left.Kind != dossier.TracePrinted || left.By != "kiem" || left.Said().(*dossier.Print).Form != desk.IncidentForm {
		t.Errorf("%+v", left)
	}
}

// quill draws a report as a line.
type quill struct{ desk.Paper }

func (quill) Incident(_ context.Context, i dossier.IncidentSheet, to io.Writer) error {
	_, err := fmt.Fprintln(to, i.What, i.Persons)
	return err
}
