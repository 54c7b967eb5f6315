package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func trailOf(t testing.TB, s *Store, f dossier.TrailFilter, before dossier.EventID) (out []dossier.TrailRow) {
	t.Helper()
	must(t, s.Trail(context.Background(), f, before, func(row dossier.TrailRow) error {
		out = append(out, row)
		return nil
	}))
	return out
}

// Each event of every journal, once, the newest first, with the place at which its chain can be reckoned.
func TestTrailShowsEachEventWhereItStands(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	fork(t, s, 2, dossier.HealedForked)
	rows := trailOf(t, s, dossier.TrailFilter{}, dossier.EventID{})
	var events, numbered, others int
	must(t, rawly(t, s).QueryRow("SELECT count(*) FROM event").Scan(&events))
	seen := map[dossier.EventID]bool{}
	for i, row := range rows {
		if seen[row.ID] || i > 0 && string(rows[i-1].ID[:]) <= string(row.ID[:]) {
			t.Errorf("row %d is out of order", i)
		}
		seen[row.ID] = true
		head, ok, err := s.HashAt(ctx, row.Chain, row.Seq)
		if err != nil || !ok || head != row.Head || row.Own != (row.Device == s.Own().Device) {
			t.Errorf("%s: %+v %v, the chain has %+v", row.Kind, row.Head, err, head)
		}
		at := row.Seq - 1
		before, ok, err := s.HashAt(ctx, row.Chain, at)
		if err != nil || !ok || dossier.NextHash(before.Hash, row.Header()) != row.Head.Hash {
			t.Errorf("%s: its hash cannot be reckoned: %v", row.Kind, err)
		}
		if row.Own && s.Own().Chain != row.Chain {
			if at, _ := ownLineageOf(t, s, row.Chain); row.Seq > at {
				t.Errorf("%s stands where its life was left", row.Kind)
			}
		}
		if row.Number != "" {
			numbered++
		}
		if !row.Own {
			others++
		}
	}
	if len(rows) != events || numbered == 0 || others == 0 {
		t.Errorf("%d rows of %d events, %d numbered, %d of others", len(rows), events, numbered, others)
	}
	if rest := trailOf(t, s, dossier.TrailFilter{}, rows[4].ID); len(rest) != len(rows)-5 || rest[0].ID != rows[5].ID {
		t.Errorf("after the fifth %d", len(rest))
	}
}

// ownLineageOf is how far a life of this PC belongs to its lineage.
func ownLineageOf(t testing.TB, s *Store, chain dossier.Chain) (last uint64, ok bool) {
	for _, h := range lineageOfStore(t, s) {
		if h.Chain == chain {
			return h.Seq, true
		}
	}
	return 0, false
}

func TestTrailIsFilteredAndEndsWhereItIsTold(t *testing.T) {
	s := allSorts(t)
	day := storetest.Day(1)
	for name, x := range map[string]struct {
		f    dossier.TrailFilter
		want int
	}{
		"kind":      {dossier.TrailFilter{Kinds: []dossier.Kind{dossier.UserAdmitted, dossier.UserRemoved}}, 4},
		"who":       {dossier.TrailFilter{Who: "nobody"}, 0},
		"from":      {dossier.TrailFilter{From: day, To: day, Kinds: []dossier.Kind{dossier.UserAdmitted}}, 3},
		"before":    {dossier.TrailFilter{To: day.AddDays(-1), Kinds: []dossier.Kind{dossier.UserAdmitted}}, 0},
		"after":     {dossier.TrailFilter{From: day.AddDays(1), Kinds: []dossier.Kind{dossier.UserAdmitted}}, 0},
		"a dossier": {dossier.TrailFilter{Dossier: storetest.DossierID(5)}, 2},
		"a trace":   {dossier.TrailFilter{Dossier: storetest.DossierID(1), Kinds: []dossier.Kind{dossier.TracePrinted}}, 1},
	} {
		if rows := trailOf(t, s, x.f, dossier.EventID{}); len(rows) != x.want {
			t.Errorf("%s: %d rows, want %d", name, len(rows), x.want)
		}
	}
	stop := errors.New("enough")
	n := 0
	err := s.Trail(context.Background(), dossier.TrailFilter{}, dossier.EventID{}, func(dossier.TrailRow) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if err != stop || n != 3 {
		t.Errorf("%d %v", n, err)
	}
	row := trailOf(t, s, dossier.TrailFilter{Kinds: []dossier.Kind{dossier.UserRemoved}}, dossier.EventID{})[0]
	if r, ok := row.Said().(*dossier.UserRemoval); !ok || r.User != "gia" {
		t.Errorf("%+v", row.Said())
	}
	if act := trailOf(t, s, dossier.TrailFilter{Dossier: storetest.DossierID(5)}, dossier.EventID{})[0]; act.Said() != nil {
		t.Errorf("%+v", act.Said())
	}
}

// A filter that admits nothing reads everything there is.
func BenchmarkTrail(b *testing.B) {
	s := newStore(b, 1)
	ctx := context.Background()
	const traces = 20_000
	for i := 0; i < traces; i += 500 {
		var es []dossier.Event
		for j := range 500 {
			es = append(es, storetest.Act(1000+i+j, storetest.DossierID(1), dossier.TraceOpened, struct{}{}))
		}
		must(b, s.Record(ctx, es...))
	}
	for b.Loop() {
		if rows := trailOf(b, s, dossier.TrailFilter{Who: "nobody"}, dossier.EventID{}); len(rows) != 0 {
			b.Fatal(fmt.Sprint(len(rows)))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/traces, "ns/entry")
}
