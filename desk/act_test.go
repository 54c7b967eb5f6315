package desk

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// kept is a dossier of an agency's request, and the clock that moves it on.
func kept(t *testing.T) (d *Desk, m *memory, id dossier.ID, clock *time.Time) {
	t.Helper()
	d, m = newDesk(t)
	now := aFriday
	d.Now = func() time.Time { return now }
	got, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	return d, m, got.ID, &now
}

func do(t *testing.T, d *Desk, id dossier.ID, verb dossier.Kind, body any) dossier.Dossier {
	t.Helper()
	got, err := d.Do(t.Context(), verb, id, body)
	if err != nil {
		t.Fatalf("%s: %v", verb, err)
	}
	return got
}

func tk03() []dossier.Paper { return []dossier.Paper{{Key: "tk03", Originals: 1}} }

func TestAskingForPapersTwiceDoesNotCountTheFirstWait(t *testing.T) {
	d, _, id, clock := kept(t) // Friday 20/11; three days: 23, 25, 26
	*clock = time.Date(2026, 11, 23, 10, 0, 0, 0, dossier.Hanoi)
	do(t, d, id, dossier.AskedPapers, &dossier.AskPapers{Why: "thiếu dấu"})
	*clock = time.Date(2026, 12, 1, 10, 0, 0, 0, dossier.Hanoi) // three days again: 2, 3, 4
	do(t, d, id, dossier.AddedPapers, &dossier.AddPapers{Papers: tk03()})
	*clock = time.Date(2026, 12, 3, 10, 0, 0, 0, dossier.Hanoi) // 2/12 is gone
	do(t, d, id, dossier.AskedPapers, &dossier.AskPapers{Why: "thiếu chữ ký"})
	*clock = time.Date(2026, 12, 10, 10, 0, 0, 0, dossier.Hanoi) // Thursday
	got := do(t, d, id, dossier.AddedPapers, &dossier.AddPapers{Papers: tk03()})
	if day := dossier.DateOf(got.Due.At); day != (dossier.Date{Year: 2026, Month: 12, Day: 14}) {
		t.Errorf("two days were left on Thursday 10/12, due %v", day)
	}
	if got.Late(*clock) {
		t.Error("late though nothing but the waiting took time")
	}
}

func TestFifteenDaysGoOnThroughTheWeekend(t *testing.T) {
	d, _ := newDesk(t)
	now := aFriday
	d.Now = func() time.Time { return now }
	in := agencyLocksAccount()
	in.Procedure, in.Case, in.Papers = "issue-organization", "needs-verification", []dossier.Paper{{Key: "tk02", Originals: 1}}
	in.Requester.Kind, in.Requester.Agency.Code, in.Requester.Person.Number = dossier.Organization, "0100000000", "001099000003"
	in.Subject = dossier.Person{}
	got, err := d.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	now = time.Date(2026, 11, 23, 10, 0, 0, 0, dossier.Hanoi) // Saturday and Sunday are gone: 13 days are left
	do(t, d, got.ID, dossier.AskedPapers, &dossier.AskPapers{Why: "thiếu"})
	got = do(t, d, got.ID, dossier.AddedPapers, &dossier.AddPapers{Papers: []dossier.Paper{{Title: "Giấy ủy quyền", Originals: 1}}})
	if day := dossier.DateOf(got.Due.At); day != (dossier.Date{Year: 2026, Month: 12, Day: 7}) { // 6/12 is a Sunday
		t.Errorf("due %v", day)
	}
}

func TestPapersThatCameLaterHaveTheirNames(t *testing.T) {
	d, _, id, _ := kept(t)
	do(t, d, id, dossier.AskedPapers, &dossier.AskPapers{Why: "thiếu"})
	for _, bad := range [][]dossier.Paper{{{Originals: 1}}, {{Key: "tk03", Originals: -1}}, {{Key: "tk03"}}, make([]dossier.Paper, 13)} {
		if _, err := d.Do(t.Context(), dossier.AddedPapers, id, &dossier.AddPapers{Papers: bad}); dossier.Code(err) == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	got := do(t, d, id, dossier.AddedPapers, &dossier.AddPapers{Papers: tk03()})
	if len(got.Intake.Papers) != 1 || got.Intake.Papers[0].Title == "" {
		t.Errorf("%+v", got.Intake.Papers)
	}
}

func TestACorrectionBringsInNothingAReceptionWouldRefuse(t *testing.T) {
	d, _, id, _ := kept(t)
	in := agencyLocksAccount()
	for name, c := range map[string]struct {
		change dossier.Correct
		want   string
	}{
		"no name":      {dossier.Correct{Subject: &dossier.Person{Number: "001099000002"}}, "subject.name-missing"},
		"emoji":        {dossier.Correct{Subject: &dossier.Person{Name: "Lê 😀", Number: "001099000002"}}, "text.letters"},
		"a long note":  {dossier.Correct{Note: new(strings.Repeat("a", 2001))}, "text.too-long"},
		"a citizen":    {dossier.Correct{Requester: &dossier.Requester{Kind: dossier.Citizen, Person: in.Subject}}, "requester.not-allowed"},
		"minus papers": {dossier.Correct{Papers: []dossier.Paper{{Key: "tk03", Originals: -1}}}, "papers.count"},
	} {
		c.change.Why = "ghi nhầm"
		_, err := d.Do(t.Context(), dossier.Corrected, id, &c.change)
		var ps dossier.Problems
		if !errors.As(err, &ps) || !strings.Contains(codes(ps), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	got := do(t, d, id, dossier.Corrected, &dossier.Correct{Why: "ghi nhầm", Subject: &dossier.Person{Name: " Le\u0302  Va\u0306n  Giả  Mới ", Number: "001099000002"}})
	if got.Intake.Subject.Name != "Lê Văn Giả Mới" || got.Intake.Requester.Agency.Name == "" {
		t.Errorf("kept %q", got.Intake.Subject.Name)
	}
}

func TestAnAppointmentInThePastIsNoApology(t *testing.T) {
	d, _, id, clock := kept(t)
	*clock = time.Date(2026, 12, 10, 10, 0, 0, 0, dossier.Hanoi)
	again := &dossier.Reschedule{Why: "chờ xác minh", Due: dossier.Due{At: time.Date(2026, 12, 1, 17, 0, 0, 0, dossier.Hanoi)}}
	if _, err := d.Do(t.Context(), dossier.Rescheduled, id, again); dossier.Code(err) != "reschedule.past" {
		t.Errorf("%v", err)
	}
}

func TestAResolveNamesWhatIsInDispute(t *testing.T) {
	d, m, id, _ := kept(t)
	for i, kind := range []dossier.Kind{dossier.Withdrawn, dossier.Stopped} { // on two PCs
		e, err := dossier.Seal(dossier.Event{ID: dossier.EventID{200 + byte(i)}, Dossier: id, Kind: kind, At: aFriday,
			Bases: []dossier.EventID{m.entries[id][0].ID}, Body: []byte(`{"why":"x"}`)}, [16]byte{})
		if err != nil {
			t.Fatal(err)
		}
		m.entries[id] = append(m.entries[id], e)
	}
	received, a, b := m.entries[id][0].ID, dossier.EventID{200}, dossier.EventID{201}
	for name, c := range map[string]struct {
		resolve dossier.Resolve
		want    string
	}{
		"one of them twice":       {dossier.Resolve{Names: []dossier.EventID{a, a}}, "resolve.names"},
		"what nobody disputes":    {dossier.Resolve{Names: []dossier.EventID{a, b, received}}, "resolve.names"},
		"keeps what it names not": {dossier.Resolve{Names: []dossier.EventID{a, b}, Keep: received}, "resolve.keep"},
	} {
		c.resolve.Why = "đã hỏi lại"
		if _, err := d.Do(t.Context(), dossier.Resolved, id, &c.resolve); dossier.Code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := do(t, d, id, dossier.Resolved, &dossier.Resolve{Names: []dossier.EventID{b, a}, Keep: a, Why: "đã hỏi lại"}); got.Status != dossier.StatusWithdrawn {
		t.Errorf("status %v", got.Status)
	}
}

func TestAScriptsSecondObjectIsNotLost(t *testing.T) {
	d, _, id, _ := kept(t)
	if _, err := d.DoJSON(t.Context(), dossier.Withdrawn, id, []byte(`{"why":"a"} {"why":"b"}`)); dossier.Code(err) != "input.not-json" {
		t.Errorf("%v", err)
	}
}

func TestARefusalOfTenThousandLettersIsNotKept(t *testing.T) {
	d, m := newDesk(t)
	in := citizenLocksCard()
	in.Procedure = "lock-account" // what a citizen may not ask
	in.Requester.Person.Name = strings.Repeat("Ễ", 10_000)
	if _, err := d.Refuse(t.Context(), in, "không đúng đối tượng"); dossier.Code(err) != "text.too-long" || len(m.entries) != 0 {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNotOursCanBeRefused(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Procedure = "issue-level2-foreigner" // the province's
	got, err := d.Refuse(t.Context(), in, "không thuộc thẩm quyền công an xã")
	if err != nil || got.Intake.Title == "" {
		t.Fatalf("%v, %q", err, got.Intake.Title)
	}
}

func TestAScriptRunAgainNextWeekFindsItsDossier(t *testing.T) {
	d, m := newDesk(t)
	in := citizenLocksCard()
	in.ReceivedAt = aFriday
	first, err := d.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	d.Now = func() time.Time { return aFriday.AddDate(0, 0, 9) }
	again, err := d.Receive(t.Context(), in)
	if err != nil || again.Number != first.Number || len(m.entries) != 1 {
		t.Errorf("%v, %s and %s", err, first.Number, again.Number)
	}
}

func TestAForeignDirectorAsksForTheCompany(t *testing.T) {
	d, _ := newDesk(t)
	in := agencyLocksAccount()
	in.Procedure, in.Papers, in.Subject = "issue-organization", []dossier.Paper{{Key: "tk02", Originals: 1}}, dossier.Person{}
	in.Requester.Kind, in.Requester.Agency.Name, in.Requester.Agency.Code = dossier.Organization, "Công ty TNHH M@u 100% Thử", "0100000000"
	in.Requester.Person = dossier.Person{Name: "MAU S/O THU", Passport: "X0000000"}
	p, err := d.Plan(t.Context(), in)
	if err != nil || p.Problems.Err() != nil {
		t.Errorf("%v, %v", codes(p.Problems), err)
	}
}

func TestARepresentativesNameCanBePrinted(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Requester.Representative = dossier.Person{Name: "Cha 😀"}
	p, err := d.Plan(t.Context(), in)
	if err != nil || !strings.Contains(codes(p.Problems), "representative.name:text.letters") {
		t.Errorf("%v, %v", codes(p.Problems), err)
	}
}

func TestOfficeHoursThatCannotBeAreNotKept(t *testing.T) {
	d, m := newDesk(t)
	s := *m.settings
	s.Hours = dossier.Hours{}
	if err := d.SetUp(t.Context(), s); dossier.Code(err) != "hours.order" || len(m.station) != 0 {
		t.Errorf("%v", err)
	}
}

// Every keystroke makes a plan; it says each thing once, however long what was pasted.
func TestAPlanSaysEachThingOnceAndAtOnce(t *testing.T) {
	d, _ := newDesk(t)
	in := agencyLocksAccount()
	in.Requester.Agency.Name, in.Note = strings.Repeat("Ễ", 10_000), strings.Repeat("Ễ ", 100_000)
	p, err := d.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, one := range p.Problems {
		if seen[one.Field+one.Code] {
			t.Errorf("%s twice", one.Field+" "+one.Code)
		}
		seen[one.Field+one.Code] = true
	}
}

func TestAnEventsBodyIsTheSameBytesWhenReadAndWrittenAgain(t *testing.T) {
	d, m, id, _ := kept(t)
	do(t, d, id, dossier.AskedPapers, &dossier.AskPapers{Why: "thiếu <dấu> & chữ ký"})
	do(t, d, id, dossier.AddedPapers, &dossier.AddPapers{Papers: tk03()})
	d.Now = func() time.Time { return aFriday.AddDate(0, 0, 7) } // late
	do(t, d, id, dossier.Rescheduled, &dossier.Reschedule{Why: "x", Due: dossier.Due{At: aFriday.AddDate(0, 0, 20).UTC()}})
	do(t, d, id, dossier.Corrected, &dossier.Correct{Why: "x", Note: new("y")})
	do(t, d, id, dossier.Forwarded, &dossier.Forward{})
	do(t, d, id, dossier.Decided, &dossier.Decision{Approved: true, Document: "1"})
	do(t, d, id, dossier.HandedBack, &dossier.HandBack{To: "Mẫu"})
	for _, e := range m.entries[id] {
		body := dossier.NewBody(e.Kind)
		if err := json.Unmarshal(e.Body, body); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(body); err != nil || string(again) != string(e.Body) {
			t.Errorf("%s:\n%s\n%s", e.Kind, e.Body, again)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	d, _ := newDesk(b)
	in := agencyLocksAccount()
	for b.Loop() {
		if _, err := d.Plan(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// The control slip and the registers hold a name of 200 letters and a line of 300, not a page of them in one box.
func TestWhomItWasHandedToIsOneLineThatPapersHold(t *testing.T) {
	long := strings.Repeat("Ễ", dossier.MaxName+1)
	longer := strings.Repeat("Ễ", dossier.MaxLine+1)
	for want, act := range map[string]struct {
		verb dossier.Kind
		body any
	}{
		"from:text.too-long to:text.too-long":      {dossier.HandedOver, &dossier.HandOver{From: long, To: long}},
		"to:text.too-long reference:text.too-long": {dossier.Forwarded, &dossier.Forward{To: long, Reference: longer}},
		"by:text.too-long document:text.too-long":  {dossier.Decided, &dossier.Decision{Approved: true, By: long, Document: longer}},
		"to:text.too-long how:text.too-long":       {dossier.Notified, &dossier.Notify{To: long, How: longer}},
		"to:text.too-long paper:text.too-long":     {dossier.HandedBack, &dossier.HandBack{To: long, Paper: longer}},
	} {
		d, _ := newDesk(t)
		var ps dossier.Problems
		if err := d.complete(act.body, dossier.Dossier{}, dossier.Settings{}, aFriday); !errors.As(err, &ps) || codes(ps) != want {
			t.Errorf("%s: %v", act.verb, err)
		}
	}
	d, _, id, _ := kept(t)
	do(t, d, id, dossier.HandedOver, &dossier.HandOver{From: "Nguyễn Văn\n Mẫu", To: strings.Repeat("Ễ", dossier.MaxName)})
	have, err := d.Store.Dossier(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var b dossier.HandOver
	if err := json.Unmarshal(have.Course[len(have.Course)-1].Body, &b); err != nil || b.From != "Nguyễn Văn Mẫu" {
		t.Errorf("%q, %v", b.From, err)
	}
}
