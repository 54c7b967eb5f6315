package store

import (
	"context"
	"maps"
	"slices"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// later is another life of a sister PC, which took over its journal up to its head.
func later(pc *storetest.Sister, name byte) *storetest.Sister {
	next := *pc
	next.Genesis = dossier.Genesis{Chain: pc.Genesis.Chain, Previous: pc.Genesis.Incarnation, CommonSeq: pc.Head.Seq, CommonHash: pc.Head.Hash}
	next.Genesis.Incarnation[0] = name
	next.Head = dossier.Head{Chain: next.Genesis.Chain, Hash: next.Genesis.Hash()}
	return &next
}

func adopt(t testing.TB, s *Store, pc *storetest.Sister) {
	t.Helper()
	must(t, s.Adopt(context.Background(), pc.Genesis, pc.Owner()))
}

func extend(t testing.TB, s *Store, pc *storetest.Sister, events ...dossier.Event) []dossier.Entry {
	t.Helper()
	entries, err := pc.Append(events...)
	must(t, err)
	must(t, s.Extend(context.Background(), pc.Head, pc.Signature(), entries))
	return entries
}

func TestEveryActTellsWhereItWasWrittenDown(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	d, err := receive(s, 1)
	must(t, err)
	must(t, s.Record(ctx, printing(70, d.ID, "receipt")))
	forwarded, err := perform(s, 71, d.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
	must(t, err)
	extend(t, s, pc, storetest.Act(80, d.ID, dossier.TraceOpened, struct{}{}), storetest.Act(81, d.ID, dossier.Notified, dossier.Notify{To: "x"}, forwarded.Heads...))
	carried := extend(t, s, up, storetest.Act(90, d.ID, dossier.Decided, dossier.Decision{Document: "1"}, forwarded.Heads...), storetest.Act(91, d.ID, "unheard-of", 1))
	// the sister PC lives on, and upstream too; both carry what they said before
	pc2, up2 := later(pc, 3), later(up, 101)
	for _, l := range []*storetest.Sister{pc2, up2} {
		adopt(t, s, l)
	}
	extend(t, s, up2, storetest.Act(92, dossier.ID{}, dossier.TraceSignedIn, struct{}{}))
	up2.Carry(carried...)
	must(t, s.Extend(ctx, up2.Head, up2.Signature(), carried))
	extend(t, s, pc2, storetest.Act(82, d.ID, dossier.Notified, dossier.Notify{To: "y"}))

	own := s.Own().Device
	want := map[dossier.EventID]dossier.Whence{
		d.Course[0].ID:        {Own: true, Device: own, Seq: 3},
		storetest.EventID(71): {Own: true, Device: own, Seq: 5},
		storetest.EventID(81): {Device: pc.Genesis.Device, Seq: 2},
		storetest.EventID(82): {Device: pc.Genesis.Device, Seq: 1},
		storetest.EventID(90): {Upstream: true, Device: up.Genesis.Device, Seq: 1},
		storetest.EventID(91): {Upstream: true, Device: up.Genesis.Device, Seq: 2},
	}
	for range 2 {
		got, err := s.Whence(ctx, d.ID)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
		}
		verified(t, s)
		must(t, s.Rebuild(ctx))
	}
	if got, err := s.Whence(ctx, storetest.DossierID(99)); len(got) != 0 || err != nil {
		t.Errorf("of no dossier: %v %v", got, err)
	}
	// a unit above of earlier days stays one
	must(t, s.Enrol(ctx, storetest.NewSister(110).Upstream(1)))
	if got, _ := s.Whence(ctx, d.ID); !got[storetest.EventID(90)].Upstream {
		t.Error("the unit above of before has become a PC of the station")
	}
}

func TestQueueKnowsThePCsOfTheStation(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pcs := func() []dossier.PC {
		q, err := s.Queue(ctx)
		must(t, err)
		return q.PCs
	}
	own := s.Own().Device
	if got := pcs(); !slices.Equal(got, []dossier.PC{{Own: true, Device: own}}) {
		t.Errorf("alone: %+v", got)
	}
	d, err := receive(s, 1)
	must(t, err)
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-1")))
	_, err = receive(s, 2)
	must(t, err)
	must(t, s.Record(ctx, printing(70, d.ID, "receipt")))
	extend(t, s, up, storetest.Act(90, d.ID, dossier.Notified, dossier.Notify{To: "x"}, d.Heads...))
	two, three := storetest.NewSister(2), storetest.NewSister(3)
	adopt(t, s, three)
	adopt(t, s, two)
	extend(t, s, two, storetest.Act(80, d.ID, dossier.Notified, dossier.Notify{To: "x"}), printing(81, d.ID, "receipt"), storetest.Act(82, d.ID, dossier.Notified, dossier.Notify{To: "x"}))
	want := []dossier.PC{{Own: true, Device: own, Written: 2, Held: 1, Waiting: 1}, {Device: three.Genesis.Device}, {Device: two.Genesis.Device, Written: 2, Waiting: 2}}
	if got := pcs(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	// PC 2 lives on: what it took over counts once
	next := later(two, 22)
	adopt(t, s, next)
	if got := pcs(); !slices.Equal(got, want) {
		t.Errorf("a life that has written nothing: %+v", got)
	}
	extend(t, s, next, storetest.Act(83, d.ID, dossier.Notified, dossier.Notify{To: "x"}))
	want[2].Written, want[2].Waiting = 3, 3
	if got := pcs(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	verified(t, s)
}
