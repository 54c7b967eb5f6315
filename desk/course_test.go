package desk

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

func TestACorrectionKeepsOnlyWhatItChanges(t *testing.T) {
	d, m, id, _ := kept(t)
	have, _ := d.Store.Dossier(t.Context(), id)
	in := have.Intake
	note, empty := "gọi lại buổi chiều", ""
	got := do(t, d, id, dossier.Corrected, &dossier.Correct{Why: "ghi nhầm", Requester: &in.Requester, Subject: &in.Subject, SubjectOrg: &in.SubjectOrg, Reason: &in.Reason, Term: &empty,
		Papers: in.Papers, Note: &note})
	if got.Intake.Note != note {
		t.Fatalf("%+v", got.Intake)
	}
	all := m.entries[id]
	if body := string(all[len(all)-1].Body); body != `{"note":"gọi lại buổi chiều","why":"ghi nhầm"}` {
		t.Errorf("what did not change is in the event: %s", body)
	}
}

func TestACorrectionOfNothingIsRefused(t *testing.T) {
	d, m, id, _ := kept(t)
	have, _ := d.Store.Dossier(t.Context(), id)
	in := have.Intake
	spaced := in.Subject
	spaced.Name = "  " + strings.ReplaceAll(in.Subject.Name, " ", "   ") + " "
	for name, c := range map[string]dossier.Correct{"nothing": {}, "the same": {Requester: &in.Requester, Papers: in.Papers, Note: &in.Note}, "spaces": {Subject: &spaced}} {
		c.Why = "x"
		if _, err := d.Do(t.Context(), dossier.Corrected, id, &c); dossier.Code(err) != "correct.nothing" {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.Catalogue = &dossier.Catalogue{} // without the rules of the case, which want papers of their own
	for name, none := range map[string][]dossier.Paper{"no papers": {}, "papers of no count": {{Key: "tk03", Title: "x"}}} {
		if _, err := d.Do(t.Context(), dossier.Corrected, id, &dossier.Correct{Papers: none, Why: "x"}); dossier.Code(err) != "correct.no-papers" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(m.entries[id]) != 1 {
		t.Error("something was kept")
	}
}

func TestANewAppointmentIsInOfficeHours(t *testing.T) {
	d, _, id, clock := kept(t) // due Thursday 26/11, 17:00
	*clock = time.Date(2026, 11, 25, 9, 0, 0, 0, dossier.Hanoi)
	for want, at := range map[string]time.Time{"reschedule.day-off": dossier.Date{Year: 2026, Month: 11, Day: 28}.At(9, 0), "reschedule.hour": dossier.Date{Year: 2026, Month: 11, Day: 27}.At(20, 0),
		"calendar.unknown-year": dossier.Date{Year: 2090, Month: 1, Day: 4}.At(9, 0), "reschedule.not-later": dossier.Date{Year: 2026, Month: 11, Day: 26}.At(9, 0)} {
		_, err := d.Do(t.Context(), dossier.Rescheduled, id, &dossier.Reschedule{Why: "x", Due: dossier.Due{At: at}})
		var ps dossier.Problems
		if !errors.As(err, &ps) || ps[0].Code != want || ps[0].Field != "due" {
			t.Errorf("%v: %v, want %s", at, err, want)
		}
	}
	o, err := d.Look(t.Context(), id)
	if err != nil || o.Apology.After(*clock) || !o.Again.At.After(o.Dossier.Due.At) {
		t.Fatalf("%v, from %v, again %v", err, o.Apology, o.Again.At)
	}
	got := do(t, d, id, dossier.Rescheduled, &dossier.Reschedule{Why: "x", Due: dossier.Due{At: o.Again.At}})
	if !got.Due.At.Equal(o.Again.At) || got.Reschedules != 1 {
		t.Errorf("%+v", got.Due)
	}
	if o, err = d.Look(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	*clock = o.Apology
	again := &dossier.Reschedule{Why: "x", Due: dossier.Due{At: o.Again.At}}
	if _, err := d.Do(t.Context(), dossier.Rescheduled, id, again); dossier.Code(err) != "reschedule.second" {
		t.Errorf("a second one without the chief: %v", err)
	}
	again.Override = "Đồng ý"
	do(t, d, id, dossier.Rescheduled, again)
}

func TestTheProposalKnowsWhoseTurnItIs(t *testing.T) {
	d, _, id, clock := kept(t)
	*clock = time.Date(2026, 11, 30, 9, 0, 0, 0, dossier.Hanoi) // Monday, late: 1, 2, 3
	o, err := d.Look(t.Context(), id)
	if err != nil || dossier.DateOf(o.Again.At) != (dossier.Date{Year: 2026, Month: 12, Day: 3}) || o.Case.Key != "agency" || o.Procedure.Key != "lock-account" {
		t.Fatalf("%v, %v", o.Again.At, err)
	}
	do(t, d, id, dossier.Forwarded, &dossier.Forward{})
	if o, err = d.Look(t.Context(), id); err != nil || dossier.DateOf(o.Again.At) != (dossier.Date{Year: 2026, Month: 12, Day: 2}) {
		t.Errorf("forwarded, only the authority's two days are left: %v", o.Again.At)
	}
}

func TestANoticeSaysHowItWasGiven(t *testing.T) {
	d, _, id, _ := kept(t)
	for want, b := range map[string]dossier.Notify{"notify.how-missing": {To: "Trần Thị Thử"}, "notify.to-missing": {How: "điện thoại"}} {
		if _, err := d.Do(t.Context(), dossier.Notified, id, &b); dossier.Code(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	do(t, d, id, dossier.Notified, &dossier.Notify{To: "Trần Thị Thử", How: "điện thoại"})
}

func TestWhatTheCatalogueForgotCanStillBeLookedAt(t *testing.T) {
	d, _, id, _ := kept(t)
	d.Catalogue = &dossier.Catalogue{}
	o, err := d.Look(t.Context(), id)
	if err != nil || o.Case == nil || o.Procedure == nil || o.Again.At.IsZero() {
		t.Errorf("%v, %+v", err, o)
	}
}
