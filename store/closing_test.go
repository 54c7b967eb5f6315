package store

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func closed(i int, day dossier.Date, until dossier.Head) dossier.Event {
	return closedFrom(i, day, 0, until)
}

func closedFrom(i int, day dossier.Date, from uint64, until dossier.Head) dossier.Event {
	return storetest.Act(i, dossier.ID{}, dossier.DayClosed, dossier.DayClose{Day: day, From: from, Until: until, Closed: "Cán Bộ Mẫu"})
}

func TestClosedDaysOfAllPCsAreKeptTheLatestFirst(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	if got, err := s.Closings(ctx, 0); got != nil || err != nil {
		t.Errorf("of a new station: %v %v", got, err)
	}
	_, err := receive(s, 1)
	must(t, err)
	first := s.Own().Head
	must(t, s.Record(ctx, closed(80, storetest.Day(800), first))) // the day it speaks of orders nothing
	for range 2 {
		must(t, s.Record(ctx, closed(80, storetest.Day(800), first))) // again, after an outcome nobody saw
	}
	theirs := extend(t, s, pc, closed(81, storetest.Day(400), pc.Head), storetest.Act(82, dossier.ID{}, dossier.DayClosed, "garbage"), storetest.Act(83, dossier.ID{}, dossier.DayClosed, dossier.DayClose{}))
	must(t, s.Record(ctx, closedFrom(84, storetest.Day(0), first.Seq, s.Own().Head)))
	up.Carry(theirs[0]) // handed back by upstream
	must(t, s.Extend(ctx, up.Head, up.Signature(), theirs[:1]))
	for range 2 {
		got, err := s.Closings(ctx, 0)
		must(t, err)
		if len(got) != 3 || got[0].ID != storetest.EventID(84) || !got[0].Own || got[1].ID != storetest.EventID(81) || got[1].Own ||
			got[2].Day != storetest.Day(800) || !got[2].Own || got[2].Until != first || got[2].By != "mau" || got[2].Closed != "Cán Bộ Mẫu" || got[2].At.IsZero() {
			t.Errorf("%+v", got)
		}
		for limit, want := range map[int]int{1: 1, 2: 2, 3: 3, 9: 3, -1: 3} {
			if got, err := s.Closings(ctx, limit); len(got) != want || err != nil || got[0].ID != storetest.EventID(84) {
				t.Errorf("%d: %d, %v", limit, len(got), err)
			}
		}
		verified(t, s)
		must(t, s.Rebuild(ctx))
	}
	for _, body := range []any{"garbage", dossier.DayClose{}} {
		if s.Record(ctx, storetest.Act(85, dossier.ID{}, dossier.DayClosed, body)) == nil {
			t.Errorf("%v was recorded as a closing", body)
		}
	}
	if n, _ := s.Count(ctx, dossier.Query{}); n != 1 {
		t.Error("a closing made a dossier")
	}
}
