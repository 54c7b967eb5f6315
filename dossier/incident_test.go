package dossier_test

import (
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

func TestDutiesThatComeWithTheProgram(t *testing.T) {
	all, err := dossier.LoadDuties(assets.Duties)
	if err != nil {
		t.Fatal(err)
	}
	day := func(year, month, d int) dossier.Date {
		return dossier.Date{Year: year, Month: time.Month(month), Day: d}
	}
	for _, x := range []struct {
		day     dossier.Date
		persons bool
		limits  int // those with a limit
		hours   int // until the law on personal data wants to be told; 0 for none
	}{{day(2025, 12, 31), true, 0, 0}, {day(2026, 1, 1), true, 1, 72}, {day(2026, 6, 30), true, 1, 72}, {day(2026, 7, 1), true, 3, 72}, {day(2026, 11, 20), false, 2, 0}} {
		i := dossier.Incident{Noticed: x.day.At(22, 30), Duties: dossier.DutiesOn(all, x.day, x.persons)}
		n := 0
		for _, d := range i.Duties {
			if d.Hours > 0 {
				n++
			}
		}
		want := time.Time{}
		if x.hours > 0 {
			want = i.Noticed.Add(time.Duration(x.hours) * time.Hour)
		}
		if n != x.limits || !i.Deadline().Equal(want) {
			t.Errorf("%s: %d limits, until %v; want %d, %v", x.day, n, i.Deadline(), x.limits, want)
		}
	}
}

// A limit without a source would be printed as law nobody has read.
func TestDutyWithALimitHasASource(t *testing.T) {
	for _, text := range []string{``, `{}`, `[{"what":"a","hours":72}]`, `[{"what":"a","source":"Luật"}]`, `[{"hours":72,"source":"Luật"}]`, `[{"what":"a","hours":-1}]`, `[{"what":"a","hour":72}]`, `[] []`} {
		if _, err := dossier.LoadDuties([]byte(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	if all, err := dossier.LoadDuties([]byte(`[{"what":"a"},{"what":"b","hours":24,"source":"Luật"}]`)); err != nil || len(all) != 2 {
		t.Errorf("%v %v", all, err)
	}
}

func TestWhatToDoDependsOnWhatHappened(t *testing.T) {
	steps := func(i dossier.Incident) map[string]bool {
		out := map[string]bool{}
		for _, p := range i.Steps() {
			if out[p.Code] {
				t.Errorf("%s twice", p.Code)
			}
			out[p.Code] = true
		}
		return out
	}
	lost := steps(dossier.Incident{What: dossier.IncidentLost, Own: true, Written: 3, Store: dossier.StorePlain})
	if !lost["incident.step-revoke"] || !lost["incident.step-plain"] || lost["incident.step-send"] || lost["incident.step-password"] || !lost["incident.step-replace"] {
		t.Errorf("lost: %v", lost)
	}
	leaked := steps(dossier.Incident{What: dossier.IncidentLeaked, Own: true, Written: 3, Held: 1, Store: dossier.StoreEncrypted})
	if leaked["incident.step-revoke"] || leaked["incident.step-plain"] || !leaked["incident.step-send"] || !leaked["incident.step-stop"] || !leaked["incident.step-key"] {
		t.Errorf("leaked: %v", leaked)
	}
	if misused := steps(dossier.Incident{What: dossier.IncidentMisused}); !misused["incident.step-account"] || !misused["incident.step-sheet"] {
		t.Errorf("misused: %v", misused)
	}
	for _, k := range dossier.IncidentKinds {
		if k.Title() == string(k) {
			t.Errorf("%s has no title", k)
		}
	}
	for _, f := range dossier.DataFields {
		if f.Title() == string(f) || f.In(dossier.Person{}) {
			t.Errorf("%s has no title, or is known of nobody", f)
		}
	}
}
