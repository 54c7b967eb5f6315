package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// used puts a PC's counter where it would be after many receptions, by the reception of another number of the same run.
func used(t testing.TB, s *Store, number string) {
	t.Helper()
	db := rawly(t, s)
	prefix, day, tail, err := dossier.ParseNumber(number)
	must(t, err)
	series, n := dossier.IntakeSeries, 0
	if _, err := fmt.Sscanf(strings.TrimPrefix(tail, "TC"), "%d", &n); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(tail, "TC") {
		series = dossier.RefusalSeries
	}
	first, err := firstOfRun(series, n)
	must(t, err)
	_, err = db.Exec("INSERT OR REPLACE INTO number VALUES (?, ?, ?, ?, 1, ?)", prefix, day.ISO(), string(series), first, n)
	must(t, err)
}

func refuse(s *Store, i int) (dossier.Dossier, error) {
	return begin(s, context.Background(), storetest.DossierID(i), dossier.RefusalSeries, storetest.Day(i), "",
		func(number string) (dossier.Event, error) {
			e := storetest.Reception(i, number)
			e.Kind = dossier.Refused
			return e, nil
		})
}

func TestNumbersRunThroughTheBlocksOfTheDesk(t *testing.T) {
	s := newStore(t, 2)
	for i, c := range []struct{ used, next string }{
		{"", "MAU-260105-3001"},
		{"MAU-260105-3998", "MAU-260105-3999"},
		{"", "MAU-260105-4001"},
		{"MAU-260105-4999", "MAU-260105-5001"},
		{"MAU-260105-5998", "MAU-260105-5999"},
	} {
		if c.used != "" {
			used(t, s, c.used)
		}
		if d, err := receive(s, i); err != nil || d.Number != c.next {
			t.Errorf("after %s: %s %v, want %s", c.used, d.Number, err, c.next)
		}
	}
	_, err := receive(s, 50)
	wantCode(t, err, "number.full")
	if d, err := refuse(s, 51); err != nil || d.Number != "MAU-260105-TC301" || d.Status != dossier.StatusRefused {
		t.Error(d.Number, d.Status, err) // a series of its own
	}
	used(t, s, "MAU-260105-TC399")
	if d, err := refuse(s, 52); err != nil || d.Number != "MAU-260105-TC401" {
		t.Error(d.Number, err)
	}
	next, err := receiveOn(s, 53, storetest.Day(0).AddDays(1))
	if err != nil || next.Number != "MAU-260106-3001" {
		t.Error(next.Number, err)
	}
	old, err := receiveOn(s, 54, dossier.Date{Year: 2009, Month: 1, Day: 1}) // a clock that jumped
	if err != nil || old.Number != "MAU-090101-3001" {
		t.Error(old.Number, err)
	}
	for _, year := range []int{1999, 2100} {
		_, err := receiveOn(s, 55, dossier.Date{Year: year, Month: 1, Day: 1})
		wantCode(t, err, "number.day")
	}
}

// A replaced PC has its predecessor's desk; it leaves the runs that it knows to be used to it.
func TestReplacementPCTakesTheNextRun(t *testing.T) {
	ctx := context.Background()
	old := newStore(t, 1)
	fresh, err := Create(ctx, t.TempDir(), noReserve)
	must(t, err)
	defer fresh.Close()
	must(t, fresh.Record(ctx, storetest.Act(900, dossier.ID{}, dossier.StationSet, storetest.Settings(1))))
	for i := range 3 {
		_, err := receive(old, i)
		must(t, err)
	}
	own := old.Own()
	entries, err := old.Entries(ctx, own.Chain, 0, 100)
	must(t, err)
	must(t, fresh.Adopt(ctx, own.Genesis, own.Owner))
	must(t, fresh.Extend(ctx, own.Head, own.Signature, entries))
	d, err := receive(fresh, 10)
	if err != nil || d.Number != "MAU-260105-1001" {
		t.Error(d.Number, err)
	}
	verified(t, fresh)
}

// What a PC that is gone gave on its last day may be on no machine: whoever sits at its desk from that day on leaves it the run, without having
// heard of it.
func TestReplacementPCGivesNoNumberThatNobodyCanKnowToBeGiven(t *testing.T) {
	ctx := context.Background()
	at := storetest.Day(0).At(10, 0)
	opts := noReserve
	opts.Now = func() time.Time { return at }
	for before, want := range []string{"0001", "1001", "2001", "2001", "2001"} {
		s, err := Create(ctx, t.TempDir(), opts)
		must(t, err)
		defer s.Close()
		must(t, s.Record(ctx, storetest.Act(900, dossier.ID{}, dossier.StationSet, storetest.Settings(1))))
		u := storetest.NewSister(101).Upstream(1)
		u.Before, u.Since = before, storetest.Day(0)
		if before == 1 {
			at = storetest.Day(0).At(10, 0).AddDate(-17, 0, 0) // the spare PC's clock
		}
		if before == 2 {
			at, u.Since = storetest.Day(0).At(10, 0), storetest.Day(0).AddDays(-1) // answered the day before, and carried by stick
		}
		must(t, s.Enrol(ctx, u))
		for i, tail := range []string{want, want[:3] + "2"} {
			d, err := receive(s, i)
			if err != nil || d.Number != "MAU-260105-"+tail {
				t.Errorf("after %d: %s, %v", before, d.Number, err)
			}
		}
		next, err := receiveOn(s, 10, storetest.Day(0).AddDays(1))
		if err != nil || next.Number != "MAU-260106-0001" {
			t.Errorf("the day after: %s, %v", next.Number, err)
		}
		verified(t, s)
	}
}

// I12: whatever is received, refused, abandoned or reopened on three desks and a replaced PC, no number is given twice and none within
// a run is left out.
func TestNoNumberTwiceAndNoneLeftOut(t *testing.T) {
	pcs := []*Store{newStore(t, 1), newStore(t, 2), newStore(t, 3)}
	given := map[string]bool{}
	count := map[string]int{}
	next, today := 0, storetest.Day(0)
	rapid.Check(t, func(rt *rapid.T) {
		today = today.AddDays(2)
		steps := rapid.IntRange(5, 30).Draw(rt, "steps")
		for range steps {
			at := rapid.IntRange(0, 2).Draw(rt, "desk")
			pc := pcs[at]
			day := today.AddDays(rapid.IntRange(0, 1).Draw(rt, "day"))
			next++
			series, kind := dossier.IntakeSeries, dossier.Received
			if rapid.IntRange(0, 3).Draw(rt, "refuse") == 0 {
				series, kind = dossier.RefusalSeries, dossier.Refused
			}
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				_, err := begin(pc, context.Background(), storetest.DossierID(next), series, day, "",
					func(string) (dossier.Event, error) { return dossier.Event{}, dossier.Invalid("", "changed-my-mind") })
				wantCode(rt, err, "changed-my-mind")
			case 1:
				pcs[at] = reopen(t, pc)
			case 2:
				if err := pc.Rebuild(context.Background()); err != nil {
					rt.Fatal(err)
				}
			default:
				d, err := begin(pc, context.Background(), storetest.DossierID(next), series, day, "",
					func(number string) (dossier.Event, error) {
						e := storetest.Reception(next, number)
						e.Kind = kind
						return e, nil
					})
				if err != nil {
					rt.Fatal(err)
				}
				if given[d.Number] {
					rt.Fatalf("%s given twice", d.Number)
				}
				given[d.Number] = true
				run := fmt.Sprint(at, day, series)
				count[run]++
				want := dossier.FormatNumber("MAU", day, at*3000+count[run])
				if series == dossier.RefusalSeries {
					want = dossier.FormatRefusal("MAU", day, at*300+count[run])
				}
				if d.Number != want {
					rt.Fatalf("got %s, want %s", d.Number, want)
				}
			}
		}
	})
	for _, pc := range pcs {
		verified(t, pc)
	}
}
