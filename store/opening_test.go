package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func opening(i int, national string) dossier.Opening {
	return dossier.Opening{ID: storetest.DossierID(i), Series: dossier.IntakeSeries, Day: storetest.Day(i), Draft: "receive", National: national}
}

// What is done at once in the national system is received and performed in one go: all of it, or none.
func TestActsThatFollowAtOnceAreKeptWithTheReception(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	must(t, s.SaveDraft(ctx, "receive", []byte("typed")))
	build := func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(1, number), storetest.Act(101, storetest.DossierID(1), dossier.Performed, dossier.Perform{Result: "Đã khóa"}),
			storetest.Act(102, dossier.ID{}, dossier.HandedBack, dossier.HandBack{To: "Người Mẫu"})}, nil
	}
	before := s.Own().Head.Seq
	d, err := s.Receive(ctx, opening(1, ""), build)
	must(t, err)
	if d.Number != "MAU-260105-0001" || d.Status != dossier.StatusReturned || len(d.Course) != 3 || s.Own().Head.Seq != before+3 {
		t.Errorf("%s %v, %d acts, seq %d", d.Number, d.Status, len(d.Course), s.Own().Head.Seq)
	}
	for i, step := range d.Course[1:] {
		if !slices.Equal(step.Bases, []dossier.EventID{d.Course[i].ID}) || step.Dossier != d.ID {
			t.Errorf("%s rests on %v", step.Kind, step.Bases)
		}
	}
	if draft, err := s.Draft(ctx, "receive"); draft != nil || err != nil {
		t.Errorf("the draft is still there: %q %v", draft, err)
	}
	again, err := s.Receive(ctx, opening(1, ""), func(string) ([]dossier.Event, error) { return nil, errors.New("built again") })
	must(t, err)
	if again.Status != dossier.StatusReturned || s.Own().Head.Seq != before+3 {
		t.Errorf("again: %v, seq %d", again.Status, s.Own().Head.Seq)
	}
	row, err := s.Summary(ctx, d.ID)
	must(t, err)
	if row.Open || row.Unsent != 3 || !row.Burns.IsZero() {
		t.Errorf("%+v", row)
	}
	verified(t, s)
}

func TestAnOpeningWithAnActThatCannotBeKeepsNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	must(t, s.SaveDraft(ctx, "receive", []byte("typed")))
	before := s.Own().Head
	id := storetest.DossierID(1)
	act := func(kind dossier.Kind, body any) dossier.Event { return storetest.Act(101, id, kind, body) }
	for name, then := range map[string][]dossier.Event{
		"not allowed there":      {act(dossier.HandedBack, dossier.HandBack{})},
		"received again":         {storetest.Act(101, id, dossier.Received, storetest.Receive(1, "MAU-260105-0001"))},
		"a trace":                {act(dossier.TracePrinted, dossier.Print{Form: "receipt"})},
		"of the station":         {storetest.SettingsEvent(1)},
		"unheard-of":             {act("unheard-of", 1)},
		"of another dossier":     {storetest.Act(101, storetest.DossierID(2), dossier.Performed, dossier.Perform{})},
		"the reception's own id": {storetest.Act(1, id, dossier.Performed, dossier.Perform{})},
		"the second not allowed": {act(dossier.Performed, dossier.Perform{}), storetest.Act(102, id, dossier.Withdrawn, dossier.Reason{})},
		"too large":              {act(dossier.Notified, dossier.Notify{To: strings.Repeat("x", dossier.MaxBody)})},
		"after it was annulled":  {act(dossier.Annulled, dossier.Reason{}), storetest.Act(102, id, dossier.Notified, dossier.Notify{})},
	} {
		d, err := s.Receive(ctx, opening(1, ""), func(number string) ([]dossier.Event, error) {
			return append([]dossier.Event{storetest.Reception(1, number)}, then...), nil
		})
		if err == nil {
			t.Errorf("%s: kept as %s", name, d.Number)
		}
	}
	if _, err := s.Receive(ctx, opening(1, ""), func(string) ([]dossier.Event, error) { return nil, nil }); err == nil {
		t.Error("opened with nothing")
	}
	if _, err := s.Receive(ctx, dossier.Opening{Series: dossier.IntakeSeries, Day: storetest.Day(1)}, nil); err == nil {
		t.Error("opened without an id")
	}
	if s.Own().Head != before {
		t.Errorf("the journal grew to %d", s.Own().Head.Seq)
	}
	if draft, err := s.Draft(ctx, "receive"); string(draft) != "typed" || err != nil {
		t.Errorf("draft %q %v", draft, err)
	}
	if d, err := receive(s, 1); err != nil || d.Number != "MAU-260105-0001" {
		t.Error(d.Number, err)
	}
	verified(t, s)
}

// What upstream said before the reception came to be kept (it was restored) is what the next act rests on.
func TestAnOpeningRestsOnWhatCameBefore(t *testing.T) {
	s, up := enrolled(t)
	id := storetest.DossierID(1)
	early := storetest.Act(90, id, dossier.Notified, dossier.Notify{To: "x"}, storetest.EventID(1))
	entries, err := up.Append(early)
	must(t, err)
	must(t, s.Extend(context.Background(), up.Head, up.Signature(), entries))
	d, err := s.Receive(context.Background(), opening(1, ""), func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(1, number), storetest.Act(101, id, dossier.Performed, dossier.Perform{})}, nil
	})
	must(t, err)
	if last := d.Course[len(d.Course)-1]; last.Kind != dossier.Performed || !slices.Equal(last.Bases, []dossier.EventID{early.ID}) || d.Status != dossier.StatusDone {
		t.Errorf("%v rests on %v, status %v", last.Kind, last.Bases, d.Status)
	}
	verified(t, s)
}

// An online dossier is received once (its national code is one dossier of the national system).
func TestOneOnlineDossierIsReceivedOnce(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	online := func(i int, code string) (dossier.Dossier, error) {
		return s.Receive(ctx, opening(i, code), func(number string) ([]dossier.Event, error) {
			in := storetest.Receive(i, number)
			in.NationalCode = code
			return []dossier.Event{storetest.Act(i, storetest.DossierID(i), dossier.Received, in)}, nil
		})
	}
	first, err := online(1, "G01.899.108-261121-0077")
	must(t, err)
	must(t, s.SaveDraft(ctx, "receive", []byte("typed")))
	_, err = online(2, "G01.899.108-261121-0077")
	var ps dossier.Problems
	if !errors.As(err, &ps) || ps[0].Field != "national-code" || ps[0].Code != "national-code.taken" || ps[0].Args["number"] != first.Number {
		t.Errorf("%v", err)
	}
	if draft, _ := s.Draft(ctx, "receive"); string(draft) != "typed" {
		t.Error("what was typed is gone")
	}
	if again, err := online(1, "G01.899.108-261121-0077"); err != nil || again.Number != first.Number { // the same, repeated
		t.Error(again.Number, err)
	}
	for i, code := range map[int]string{3: "", 4: "", 5: "G01.899.108-261121-0078"} {
		_, err := online(i, code)
		must(t, err)
	}
	_, err = perform(s, 100, first.ID, dossier.Annulled, dossier.Reason{Why: "nhập nhầm"})
	must(t, err)
	if d, err := online(2, "G01.899.108-261121-0077"); err != nil {
		t.Errorf("after the first was annulled: %s %v", d.Number, err)
	}
	verified(t, s)
}

// Nor by way of a correction, whoever was first: two windows of one moment cannot give both the number.
func TestACorrectionCannotTakeTheNumberOfAnotherOnlineDossier(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	const code = "G01.899.108-261121-0077"
	first, err := s.Receive(ctx, opening(1, code), func(number string) ([]dossier.Event, error) {
		in := storetest.Receive(1, number)
		in.NationalCode = code
		return []dossier.Event{storetest.Act(1, storetest.DossierID(1), dossier.Received, in)}, nil
	})
	must(t, err)
	second, err := s.Receive(ctx, opening(2, ""), func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(2, number)}, nil
	})
	must(t, err)
	taken := code
	_, err = perform(s, 100, second.ID, dossier.Corrected, dossier.Correct{NationalCode: &taken, Why: "x"})
	var ps dossier.Problems
	if !errors.As(err, &ps) || ps[0].Code != "national-code.taken" || ps[0].Args["number"] != first.Number {
		t.Errorf("%v", err)
	}
	if d, err := s.Dossier(ctx, second.ID); err != nil || len(d.Course) != 1 {
		t.Errorf("%d acts, %v", len(d.Course), err)
	}
	_, err = perform(s, 101, first.ID, dossier.Corrected, dossier.Correct{NationalCode: &taken, Why: "x"}) // its own
	must(t, err)
	verified(t, s)
}

// Who copies the national system's number off a screen writes small letters for capitals: it is the same dossier, kept as it was typed.
func TestNationalCodeIsComparedWithoutCase(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	receive := func(i int, code string) (dossier.Dossier, error) {
		return s.Receive(ctx, opening(i, code), func(number string) ([]dossier.Event, error) {
			in := storetest.Receive(i, number)
			in.NationalCode = code
			return []dossier.Event{storetest.Act(i, storetest.DossierID(i), dossier.Received, in)}, nil
		})
	}
	first, err := receive(1, "g01.899.108-261121-0077")
	must(t, err)
	if first.Intake.NationalCode != "g01.899.108-261121-0077" {
		t.Errorf("kept as %q", first.Intake.NationalCode)
	}
	var ps dossier.Problems
	if _, err := receive(2, "G01.899.108-261121-0077"); !errors.As(err, &ps) || ps[0].Code != "national-code.taken" || ps[0].Args["number"] != first.Number {
		t.Errorf("received twice: %v", err)
	}
	second, err := receive(3, "")
	must(t, err)
	_, err = s.Act(ctx, second.ID, func(dossier.Dossier) (dossier.Event, error) {
		return storetest.Act(9, second.ID, dossier.Corrected, dossier.Correct{NationalCode: new("G01.899.108-261121-0077"), Why: "x"}), nil
	})
	if !errors.As(err, &ps) || ps[0].Code != "national-code.taken" {
		t.Errorf("corrected to another's: %v", err)
	}
	if found, err := s.Find(ctx, "G01.899.108-261121-0077"); err != nil || found.ID != first.ID {
		t.Errorf("found %v, %v", found.Number, err)
	}
}
