package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

var (
	firstDay = dossier.Date{Year: 2000, Month: 1, Day: 1}
	lastDay  = dossier.Date{Year: 2099, Month: 12, Day: 31}
)

// between are the dossiers of those days as Between visits them.
func between(t testing.TB, s *Store, from, to dossier.Date) []dossier.Dossier {
	t.Helper()
	var out []dossier.Dossier
	must(t, s.Between(context.Background(), from, to, func(d dossier.Dossier) error {
		out = append(out, d)
		return nil
	}))
	return out
}

func numbers(ds []dossier.Dossier) string {
	var out []string
	for _, d := range ds {
		out = append(out, strings.TrimPrefix(d.Number, "MAU-"))
	}
	return strings.Join(out, " ")
}

// at is the reception of dossier i, or its refusal, at a moment, under a number.
func at(i int, kind dossier.Kind, moment time.Time, number string) dossier.Event {
	in := dossier.Receive{Number: number, Procedure: "unlock-account", ReceivedAt: moment}
	if kind == dossier.Refused {
		return storetest.Act(i, storetest.DossierID(i), kind, dossier.Refuse{Receive: in, Why: "thiếu giấy tờ"})
	}
	return storetest.Act(i, storetest.DossierID(i), kind, in)
}

// came takes events in as the journal of a sister PC.
func came(t testing.TB, s *Store, pc byte, events ...dossier.Event) {
	t.Helper()
	sister := storetest.NewSister(pc)
	must(t, s.Adopt(context.Background(), sister.Genesis, sister.Owner()))
	entries, err := sister.Append(events...)
	must(t, err)
	must(t, s.Extend(context.Background(), sister.Head, sister.Signature(), entries))
}

func TestRegistersAreInTheOrderOfTheirNumbers(t *testing.T) {
	s := newStore(t, 1)
	monday, tuesday := dossier.Date{Year: 2026, Month: 1, Day: 5}, dossier.Date{Year: 2026, Month: 1, Day: 6}
	received, refused := dossier.Received, dossier.Refused
	came(t, s, 2, // in another order than the registers', and with clocks that disagree with the numbers
		at(1, refused, tuesday.At(8, 0), "MAU-260106-TC02"),
		at(2, received, tuesday.At(9, 0), "MAU-260106-3002"),
		at(3, received, tuesday.At(10, 0), "MAU-260106-3001"),
		at(4, refused, monday.At(8, 0), "MAU-260105-TC101"),
		at(5, refused, monday.At(8, 0), "MAU-260105-TC11"),
		at(6, refused, monday.At(8, 0), "MAU-260105-TC02"),
		at(7, received, monday.At(16, 59), "MAU-260105-0002"),
		at(8, received, monday.At(16, 59), "MAU-260105-1001"),
		at(9, received, monday.At(17, 0), "MAU-260105-0001"),
		at(10, received, monday.At(17, 0), "số lạ"), // of a program that numbers otherwise
		at(11, refused, monday.At(8, 0), "mau-260105-tc01"))
	if got, want := numbers(between(t, s, monday, tuesday)), "260105-0001 260105-0002 260105-1001 số lạ mau-260105-tc01 260105-TC02 260105-TC11 260105-TC101 "+
		"260106-3001 260106-3002 260106-TC02"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := numbers(between(t, s, tuesday, tuesday)); got != "260106-3001 260106-3002 260106-TC02" {
		t.Error(got)
	}
	verified(t, s)
}

// The day of a register is Hanoi's, from midnight to midnight.
func TestADayOfTheRegistersEndsAtMidnightInHanoi(t *testing.T) {
	s := newStore(t, 1)
	day := dossier.Date{Year: 2026, Month: 12, Day: 31}
	came(t, s, 2,
		at(1, dossier.Received, day.At(0, 0).Add(-time.Millisecond), "MAU-261230-3009"),
		at(2, dossier.Received, day.At(0, 0), "MAU-261231-3001"),
		at(3, dossier.Received, day.At(23, 59).Add(59*time.Second+999*time.Millisecond).UTC(), "MAU-261231-3002"),
		at(4, dossier.Received, day.At(24, 0), "MAU-270101-3001"))
	for _, c := range []struct {
		from, to int
		want     string
	}{
		{-1, -1, "261230-3009"}, {0, 0, "261231-3001 261231-3002"}, {1, 1, "270101-3001"}, {0, 1, "261231-3001 261231-3002 270101-3001"},
		{-300, 300, "261230-3009 261231-3001 261231-3002 270101-3001"}, {2, 300, ""}, {-300, -2, ""}, {1, 0, ""}, {300, -300, ""},
	} {
		if got := numbers(between(t, s, day.AddDays(c.from), day.AddDays(c.to))); got != c.want {
			t.Errorf("%d to %d: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	for _, strange := range []dossier.Date{{}, {Year: -5, Month: 99, Day: 99}} {
		if got := numbers(between(t, s, day, strange)); got != "" {
			t.Errorf("up to %v: %q", strange, got)
		}
	}
	if got := numbers(between(t, s, dossier.Date{Year: 1, Month: 1, Day: 1}, dossier.Date{Year: 9999, Month: 12, Day: 31})); strings.Count(got, " ") != 3 {
		t.Error(got)
	}
	if got := between(t, newStore(t, 1), firstDay, lastDay); got != nil {
		t.Errorf("in a new store: %+v", got)
	}
}

// A number that was given stays in the register, whatever became of its dossier.
func TestRegistersLeaveNoNumberOut(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	for i := range 3 {
		_, err := receive(s, i)
		must(t, err)
	}
	_, err := begin(s, ctx, storetest.DossierID(50), dossier.RefusalSeries, storetest.Day(0), "", func(number string) (dossier.Event, error) {
		return at(50, dossier.Refused, storetest.Day(0).At(8, 0), number), nil
	})
	must(t, err)
	_, err = perform(s, 100, storetest.DossierID(1), dossier.Annulled, dossier.Reason{Why: "nhập nhầm"})
	must(t, err)
	note := "đã sửa"
	_, err = perform(s, 101, storetest.DossierID(2), dossier.Corrected, dossier.Correct{Note: &note, Why: "sót"})
	must(t, err)
	must(t, s.Record(ctx, printing(102, storetest.DossierID(2), "receipt"), storetest.Act(103, storetest.DossierID(999), dossier.TraceOpened, struct{}{})))
	day := storetest.Day(0)
	// received twice under two numbers, neither PC knowing of the other: both are on paper, and nobody has said yet which stands
	once, again := at(200, dossier.Received, day.At(9, 0), "MAU-260105-3001"), at(201, dossier.Received, day.At(9, 5), "MAU-260105-6001")
	again.Dossier = once.Dossier
	came(t, s, 2, once, storetest.Act(202, storetest.DossierID(998), dossier.Notified, dossier.Notify{})) // 998 has not come
	came(t, s, 3, again)
	got := between(t, s, day, day)
	if len(got) != 5 || numbers(got[:3]) != "260105-0001 260105-0002 260105-0003" || numbers(got[4:]) != "260105-TC01" {
		t.Fatal(numbers(got))
	}
	if got[1].Status != dossier.StatusAnnulled || got[2].Intake.Note != note {
		t.Errorf("%v %q", got[1].Status, got[2].Intake.Note)
	}
	if d := got[3]; d.ID != once.Dossier || len(d.Disputes) == 0 || d.Number == "" || !d.Intake.ReceivedAt.IsZero() {
		t.Errorf("%+v", d)
	}
	for _, d := range got {
		if want, err := s.Dossier(ctx, d.ID); err != nil || !reflect.DeepEqual(d, want) {
			t.Errorf("%+v is not %+v: %v", d, want, err)
		}
	}
	// once it is said which reception stands, the dossier is on that one's day
	_, err = perform(s, 300, once.Dossier, dossier.Resolved, dossier.Resolve{Keep: again.ID, Names: []dossier.EventID{once.ID, again.ID}, Why: "nhận hai lần"})
	must(t, err)
	if got := numbers(between(t, s, day, day)); got != "260105-0001 260105-0002 260105-0003 260105-6001 260105-TC01" {
		t.Error(got)
	}
	verified(t, s)
}

func TestVisitsErrorEndsItAndComesBackAsItIs(t *testing.T) {
	s := newStore(t, 1)
	for i := range 3 * foldedAhead {
		_, err := receive(s, i)
		must(t, err)
	}
	for _, stop := range []error{errors.New("enough seen"), dossier.Invalid("", "book.range"), context.Canceled, errEnough, fmt.Errorf("wrapped: %w", errEnough)} {
		for _, after := range []int{1, foldedAhead + 2, 3 * foldedAhead} {
			n := 0
			err := s.Between(context.Background(), firstDay, lastDay, func(dossier.Dossier) error {
				if n++; n == after {
					return stop
				}
				return nil
			})
			if !same(err, stop) || n != after {
				t.Errorf("after %d: %v after %d visits, want %v", after, err, n, stop)
			}
		}
	}
	for range 2 * readers { // a visit that panics leaves no reader behind either
		func() {
			defer func() { recover() }()
			s.Between(context.Background(), firstDay, lastDay, func(dossier.Dossier) error { panic("x") })
		}()
	}
	if got := between(t, s, firstDay, lastDay); len(got) != 3*foldedAhead {
		t.Errorf("%d afterwards", len(got))
	}
}

// same tells whether it is the very error; Problems cannot be compared with ==.
func same(a, b error) bool { return reflect.DeepEqual(a, b) }

func TestACancelledLookAtTheRegistersEnds(t *testing.T) {
	s := newStore(t, 1)
	for i := range 3 * foldedAhead {
		_, err := receive(s, i)
		must(t, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := s.Between(ctx, firstDay, lastDay, func(dossier.Dossier) error {
		if n++; n == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n != 2 {
		t.Errorf("%v after %d", err, n)
	}
	if err := s.Between(ctx, firstDay, lastDay, func(dossier.Dossier) error { n++; return nil }); !errors.Is(err, context.Canceled) || n != 2 {
		t.Errorf("%v after %d", err, n)
	}
	must(t, s.Close())
	if err := s.Between(context.Background(), firstDay, lastDay, func(dossier.Dossier) error { return nil }); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// Who draws a register of ten thousand rows neither waits for the desk nor holds it up, and sees one moment.
func TestTheDeskGoesOnWhileARegisterIsDrawn(t *testing.T) {
	s := newStore(t, 1)
	const before = 2*foldedAhead + 10
	for i := range before {
		_, err := receive(s, i)
		must(t, err)
	}
	n := 0
	must(t, s.Between(context.Background(), firstDay, lastDay, func(d dossier.Dossier) error {
		if n++; n%10 == 0 {
			_, err := receive(s, before+n)
			must(t, err)
			_, err = perform(s, 5000+n, storetest.DossierID(before-1), dossier.Notified, dossier.Notify{})
			must(t, err)
			must(t, s.Record(context.Background(), printing(9000+n, d.ID, "receipt")))
		}
		if d.ID == storetest.DossierID(before-1) && len(d.Course) != 1 {
			t.Error("what happened meanwhile is seen")
		}
		return nil
	}))
	if n != before {
		t.Errorf("%d visited of the %d there were", n, before)
	}
	if got := between(t, s, firstDay, lastDay); len(got) != before+before/10 {
		t.Errorf("%d afterwards", len(got))
	}
	verified(t, s)
}

func TestADamagedDossierEndsTheRegistersAndIsSaid(t *testing.T) {
	s := newStore(t, 1)
	const many, bad = 10 * foldedAhead, 5 * foldedAhead
	must(t, storetest.Fill(context.Background(), s, many))
	all := between(t, s, firstDay, lastDay)
	if len(all) != many || !slices.IsSortedFunc(all, func(a, b dossier.Dossier) int { return strings.Compare(a.Number, b.Number) }) {
		t.Fatalf("%d, or not in order", len(all))
	}
	_, err := rawly(t, s).Exec("UPDATE event SET body = x'00' WHERE dossier = ?", all[bad].ID[:])
	must(t, err)
	n := 0
	err = s.Between(context.Background(), firstDay, lastDay, func(d dossier.Dossier) error {
		if d.ID != all[n].ID {
			t.Errorf("%s in the place of %s", d.Number, all[n].Number)
		}
		n++
		return nil
	})
	wantCode(t, err, "store.damaged")
	if n > bad {
		t.Errorf("%d visited, the damaged one among them", n)
	}
}
