package store

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// closeDay closes what a store's lineage holds since its last own closing.
func closeDay(t testing.TB, s *Store, i int) {
	t.Helper()
	_, head := line(t, s)
	must(t, s.Record(context.Background(), closedFrom(i, storetest.Day(0), closedUpTo(t, s), head)))
}

func closedUpTo(t testing.TB, s *Store) (last uint64) {
	t.Helper()
	closings, err := s.Closings(context.Background(), 0)
	must(t, err)
	for _, c := range closings {
		if c.Own {
			last = max(last, c.Until.Seq)
		}
	}
	return last
}

// owned are the closings that close the lineage, from where and up to where.
func owned(t testing.TB, s *Store) map[dossier.EventID][2]uint64 {
	t.Helper()
	closings, err := s.Closings(context.Background(), 0)
	must(t, err)
	out := map[dossier.EventID][2]uint64{}
	for _, c := range closings {
		if c.Own {
			out[c.ID] = [2]uint64{c.From, c.Until.Seq}
		}
	}
	return out
}

// ADR 10: what was signed stays signed, whatever life it is in; every act is in one closing.
func TestClosedDaysStayClosedThroughLives(t *testing.T) {
	s := newStore(t, 1)
	_, err := receive(s, 1)
	must(t, err)
	closeDay(t, s, 80) // at 3, closes 1 and 2
	_, err = receive(s, 2)
	must(t, err)
	closeDay(t, s, 81) // at 5, closes 3 and 4
	for _, seq := range []uint64{5, 3, 1, 0, 2} {
		if head := s.Own().Head.Seq; seq > head {
			seq = head
		}
		fork(t, s, seq, dossier.HealedForked)
		sound(t, s)
		got := owned(t, s)
		if len(got) < 2 || got[storetest.EventID(80)] != [2]uint64{0, 2} || got[storetest.EventID(81)] != [2]uint64{2, 4} {
			t.Errorf("at %d: %v", seq, got)
		}
	}
	_, err = receive(s, 3)
	must(t, err)
	closeDay(t, s, 82) // over the lives
	_, head := line(t, s)
	if got := owned(t, s)[storetest.EventID(82)]; got != [2]uint64{4, head.Seq - 1} {
		t.Errorf("%v of %d", got, head.Seq)
	}
	fork(t, s, 0, dossier.HealedForked)
	if got := owned(t, s); len(got) != 3 {
		t.Errorf("%v", got)
	}
	sound(t, reopen(t, s))
}

// A closing must close this lineage, from where the one before it ended.
func TestAClosingOfAnotherRangeClosesNothingHere(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	for i := range 3 {
		_, err := receive(s, i)
		must(t, err)
	}
	until := pointOf(t, s, 3)
	forged := until
	forged.Hash[0] ^= 1
	foreign := until
	foreign.Device[0] ^= 1
	far := until
	far.Seq = 1 << 63
	must(t, s.Record(ctx, closedFrom(70, storetest.Day(0), 1, until), closed(71, storetest.Day(0), forged), closed(72, storetest.Day(0), foreign),
		closed(73, storetest.Day(0), far), closed(74, storetest.Day(0), dossier.Head{}), closed(75, storetest.Day(0), until),
		closed(76, storetest.Day(0), until), closedFrom(77, storetest.Day(0), 4, until)))
	if got := owned(t, s); len(got) != 1 || got[storetest.EventID(75)] != [2]uint64{0, 3} {
		t.Errorf("%v", got)
	}
	sound(t, s)
}

// What another continuation closed is closed on its paper; what the lineage takes over of it is in the next closing.
func TestWhatIsReclaimedIsInTheNextClosing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	other := twin(t, s)
	common := s.Own().Head
	_, err = receive(s, 2)
	must(t, err)
	closeDay(t, s, 80)
	for i := range 2 {
		_, err = receive(other, 10+i)
		must(t, err)
	}
	closeDay(t, other, 81)
	theirs := other.Own()
	_, err = s.Fork(ctx, common, dossier.HealedForked)
	must(t, err)
	hand(t, other, s, theirs.Chain)
	entries, err := s.Unclaimed(ctx, 100)
	must(t, err)
	if n, err := s.Reclaim(ctx, entries); n != 3 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	from := closedUpTo(t, s)
	if from != 3 {
		t.Errorf("closed up to %d", from)
	}
	var open []dossier.EventID
	_, err = s.Since(ctx, from, func(_ uint64, e dossier.Entry) error {
		if e.Kind.IsAct() {
			open = append(open, e.ID)
		}
		return nil
	})
	must(t, err)
	if len(open) != 2 || open[0] != storetest.EventID(10) || open[1] != storetest.EventID(11) {
		t.Errorf("%v", open)
	}
	closeDay(t, s, 82)
	if got := owned(t, s); len(got) != 2 || got[storetest.EventID(82)][0] != 3 {
		t.Errorf("%v", got)
	}
	sound(t, reopen(t, s))
}

// What another continuation wrote tells how late it was, and not what the officer here said of the clock.
func TestReclaimedMomentsMoveTheClockOnAndSayNothingOfIt(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	other := twin(t, s)
	said := storetest.Act(30, dossier.ID{}, dossier.DateConfirmed, dossier.DateSaid{Date: storetest.Day(800)})
	said.At = storetest.Day(4000).At(8, 0)
	early := storetest.Act(31, dossier.ID{}, dossier.TraceSignedIn, nil)
	early.At = storetest.Day(0).At(6, 0)
	must(t, other.Record(ctx, said, early))
	_, err := receive(s, 1)
	must(t, err)
	entries, err := other.Entries(ctx, other.Own().Chain, 1, 10)
	must(t, err)
	n, err := s.Reclaim(ctx, entries)
	if n != 2 || err != nil {
		t.Fatal(n, err)
	}
	c, err := s.Clock(ctx)
	if err != nil || !c.Latest.Equal(said.At) || !c.Last.Equal(said.At) || !c.Said.Date.IsZero() {
		t.Errorf("%+v %v", c, err)
	}
	fork(t, s, 0, dossier.HealedForked)
	if c, err := s.Clock(ctx); err != nil || !c.Latest.Equal(said.At) || !c.Said.Date.IsZero() {
		t.Errorf("%+v %v", c, err)
	}
	sound(t, s)
}
