package desk_test

import (
	"fmt"
	"slices"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// asks is a citizen's request to lock the card.
func (s *station) asks(name, number string) desk.Intake {
	in := s.NewIntake()
	in.Procedure, in.Papers = "lock-eid", []dossier.Paper{{Key: "tk03", Originals: 1}}
	in.Requester.Person = dossier.Person{Name: name, Number: number, Born: dossier.Date{Year: 1999, Month: 1, Day: 1}, Sex: "Nam", Address: "Thôn Mẫu"}
	return in
}

func (s *station) about(number string) desk.Intake {
	in := s.NewIntake()
	in.Procedure, in.Papers = "lock-account", []dossier.Paper{{Key: "tk03", Originals: 1}}
	in.Requester = dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Trần Thị Thử"}, Agency: dossier.Office{Name: "Cơ quan điều tra Mẫu", Document: "12/CV",
		DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 19}, Address: "Số 1"}}
	in.Subject = dossier.Person{Name: "Lê Văn Giả", Number: number}
	return in
}

func (s *station) keep(in desk.Intake) dossier.Dossier {
	s.t.Helper()
	d, err := s.Receive(s.t.Context(), in)
	s.must(err)
	return d
}

func (s *station) before(in desk.Intake) desk.Earlier {
	s.t.Helper()
	e, err := s.Earlier(s.t.Context(), in)
	s.must(err)
	return e
}

func numbersOf(e desk.Earlier) []string {
	var out []string
	for _, v := range e.Visits {
		out = append(out, v.Number)
	}
	return out
}

func TestEarlierDossiersAreThoseOfThatNumberAndNoOther(t *testing.T) {
	s := openStation(t)
	mine := s.keep(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	other := s.asks("Trần Văn Thử", "001099000009")
	other.Requester.Person.Phone = "001099000001" // shares the figures
	s.keep(other)
	noted := s.asks("Lê Văn Giả", "001099000008")
	noted.NationalCode = "001099000001"
	s.keep(noted)
	about := s.keep(s.about("001099000001"))
	e := s.before(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	if got := numbersOf(e); len(got) != 2 || !slices.Contains(got, mine.Number) || !slices.Contains(got, about.Number) {
		t.Fatalf("%v", got)
	}
	for _, v := range e.Visits {
		if v.Subject != (v.Number == about.Number) || v.Same != (v.Number == mine.Number) || !v.Open {
			t.Errorf("%+v", v)
		}
	}
	if dossier.Code(e.Problems) != "intake.same-open" || e.Problems[0].Args["number"] != mine.Number || e.Problems.Err() != nil {
		t.Errorf("%v", e.Problems)
	}
	if e := s.before(s.about("001099000001")); len(e.Visits) != 2 || dossier.Code(e.Problems) != "intake.same-open" || e.Problems[0].Args["number"] != about.Number {
		t.Errorf("an agency asks about them: %+v", e)
	}
	typing := s.asks("Nguyễn Văn Mẫu", "0010")
	typing.Requester.Person.Born = dossier.Date{}
	if e := s.before(typing); len(e.Visits) != 0 {
		t.Errorf("while the number is typed: %v", numbersOf(e))
	}
}

func TestWhoHasNoNumberYetIsKnownByNameAndBirthDate(t *testing.T) {
	s := openStation(t)
	mine := s.keep(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	namesake := s.asks("Nguyễn Văn Mẫu", "001098000007")
	namesake.Requester.Person.Born = dossier.Date{Year: 1998, Month: 5, Day: 5}
	s.keep(namesake)
	s.keep(s.asks("Nguyễn Văn Mẫu Hai", "001099000005"))
	in := s.asks("NGUYỄN VĂN MẪU", "")
	if got := numbersOf(s.before(in)); !slices.Equal(got, []string{mine.Number}) {
		t.Errorf("%v", got)
	}
	in.Requester.Person.Born = dossier.Date{}
	if got := numbersOf(s.before(in)); got != nil {
		t.Errorf("by a name alone: %v", got)
	}
}

func TestCMNDLeadsToThePersonOfTheCard(t *testing.T) {
	s := openStation(t)
	with := s.asks("Nguyễn Văn Mẫu", "001099000001")
	with.Requester.Person.OldNumber = "012345678"
	mine := s.keep(with)
	in := s.asks("Nguyễn Văn Mẫu", "")
	in.Requester.Person.OldNumber = "012345678"
	if got := numbersOf(s.before(in)); !slices.Equal(got, []string{mine.Number}) {
		t.Errorf("%v", got)
	}
}

func TestWhatHasEndedIsNoWarningAndTheListHasAnEnd(t *testing.T) {
	s := openStation(t)
	first := s.keep(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	if _, err := s.Do(t.Context(), dossier.Withdrawn, first.ID, &dossier.Reason{Why: "người nộp rút"}); err != nil {
		t.Fatal(err)
	}
	e := s.before(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	if len(e.Visits) != 1 || e.Visits[0].Open || len(e.Problems) != 0 || e.More {
		t.Fatalf("%+v", e)
	}
	for range desk.MostEarlier + 3 {
		s.keep(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	}
	if e = s.before(s.asks("Nguyễn Văn Mẫu", "001099000001")); len(e.Visits) != desk.MostEarlier || !e.More || !e.Visits[0].Open {
		t.Errorf("%d, more %v", len(e.Visits), e.More)
	}
}

func TestTakenNationalCodeIsSaidBeforeF9(t *testing.T) {
	s := openStation(t)
	in := s.asks("Nguyễn Văn Mẫu", "001099000001")
	in.Channel, in.NationalCode = dossier.Online, "G01.899-261119-0077"
	first := s.keep(in)
	next := s.asks("Trần Văn Thử", "001099000009")
	next.Channel, next.NationalCode = dossier.Online, " G01.899-261119-0077 "
	e := s.before(next)
	if dossier.Code(e.Problems) != "national-code.taken" || e.Problems[0].Args["number"] != first.Number {
		t.Fatalf("%v", e.Problems)
	}
	if _, err := s.Receive(t.Context(), next); dossier.Code(err) != "national-code.taken" {
		t.Errorf("%v", err)
	}
	next.NationalCode = first.Number // ours, typed into the wrong field
	if e := s.before(next); len(e.Problems) != 0 {
		t.Errorf("%v", e.Problems)
	}
}

func TestReceivedAndPerformedSurviveTogether(t *testing.T) {
	s := openStation(t)
	in := s.asks("Nguyễn Văn Mẫu", "001099000001")
	got, err := s.ReceiveAnd(t.Context(), in, dossier.Performed, &dossier.Perform{Reference: "G01"})
	s.must(err)
	s.restart()
	have, err := s.Find(t.Context(), got.Number)
	s.must(err)
	if have.Status != dossier.StatusDone || len(have.Course) != 2 || have.Course[1].Effect != dossier.Applied {
		t.Errorf("%+v", have.Course)
	}
}

func TestLastApplicantIsThisPCsAndNotAnnulled(t *testing.T) {
	s := openStation(t)
	if _, found, err := s.LastIntake(t.Context()); found || err != nil {
		t.Fatalf("nobody came: %v, %v", found, err)
	}
	s.keep(s.asks("Nguyễn Văn Mẫu", "001099000001"))
	wrong := s.keep(s.asks("Trần Văn Thử", "001099000009"))
	if last, found, err := s.LastIntake(t.Context()); !found || err != nil || last.Number != wrong.Number {
		t.Fatalf("%+v, %v", last, err)
	}
	_, err := s.Do(t.Context(), dossier.Annulled, wrong.ID, &dossier.Reason{Why: "trùng"})
	s.must(err)
	s.restart()
	if last, found, err := s.LastIntake(t.Context()); !found || err != nil || last.Requester.Person.Name != "Nguyễn Văn Mẫu" {
		t.Errorf("%+v, %v", last, err)
	}
}

// BenchmarkEarlier is what a scan costs beside the plan, in a store with many of one name.
func BenchmarkEarlier(b *testing.B) {
	s := openStation(b)
	for i := range 300 {
		s.keep(s.asks("Nguyễn Văn Mẫu", fmt.Sprintf("001099%06d", i)))
	}
	in := s.asks("Nguyễn Văn Mẫu", "")
	for b.Loop() {
		if _, err := s.Earlier(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNationalCodeTakenIsSaidWhateverItsCase(t *testing.T) {
	s := openStation(t)
	first := s.asks("Nguyễn Văn Mẫu", "001099000001")
	first.NationalCode = "G01.899.108-261121-0077"
	kept := s.keep(first)
	again := s.asks("Trần Văn Thử", "001099000009")
	again.NationalCode = "g01.899.108-261121-0077"
	if e := s.before(again); dossier.Code(e.Problems) != "national-code.taken" || e.Problems[0].Args["number"] != kept.Number {
		t.Errorf("%v", e.Problems)
	}
}
