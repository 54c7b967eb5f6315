package store

import (
	"context"
	"slices"
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

// openDay reads what a store's next closing is to close, as desk does.
func openDay(t testing.TB, s *Store) dossier.Day {
	t.Helper()
	ctx := context.Background()
	closings, err := s.Closings(ctx, 0)
	must(t, err)
	elsewhere := map[dossier.EventID]bool{}
	for _, c := range closings {
		for _, id := range c.Covers {
			elsewhere[id] = true
		}
	}
	walk := dossier.NewDayWalk(dossier.SaidDate{})
	walk.Elsewhere(func(_ uint64, id dossier.EventID) bool { return elsewhere[id] })
	from := closedUpTo(t, s)
	head, err := s.Since(ctx, from, func(seq uint64, e dossier.Entry) error {
		walk.Add(seq, e)
		return nil
	})
	must(t, err)
	day := walk.End(nil)
	day.Date, day.From, day.Until = storetest.Day(0), from, head
	return day
}

// signDay closes it, with the rows that are signed.
func signDay(t testing.TB, s *Store, i int) dossier.DayClose {
	t.Helper()
	c := openDay(t, s).Close("Cán Bộ Mẫu", "Trần Thị Thử", "")
	must(t, s.Record(context.Background(), storetest.Act(i, dossier.ID{}, dossier.DayClosed, c)))
	return c
}

// rows are the acts of a day.
func rows(day dossier.Day) (out []dossier.EventID) {
	for _, row := range day.Rows {
		out = append(out, row.Event)
	}
	return out
}

// signed reads again what a closing of the lineage closed, and holds it against what was signed.
func signed(t testing.TB, s *Store) (n int) {
	t.Helper()
	ctx := context.Background()
	closings, err := s.Closings(ctx, 0)
	must(t, err)
	for _, c := range closings {
		if !c.Own || c.DayClose.Rows == (dossier.Hash{}) {
			continue
		}
		walk := dossier.NewDayWalk(dossier.SaidDate{})
		walk.Elsewhere(func(seq uint64, _ dossier.EventID) bool { return c.Report.Left(seq) })
		_, err := s.Since(ctx, c.From, func(seq uint64, e dossier.Entry) error {
			if seq <= c.Until.Seq {
				walk.Add(seq, e)
			}
			return nil
		})
		must(t, err)
		if day := walk.End(nil); day.Hash != c.DayClose.Rows || len(day.Rows) != c.Report.Written() {
			t.Errorf("closing %s: %v is not what was signed", c.ID, rows(day))
		}
		n++
	}
	return n
}

func claim(t testing.TB, s *Store, most int) {
	t.Helper()
	for {
		entries, err := s.Unclaimed(context.Background(), most)
		must(t, err)
		if len(entries) == 0 {
			return
		}
		_, err = s.Reclaim(context.Background(), entries)
		must(t, err)
	}
}

// ADR 10: what another continuation closed was signed for on its paper. What it had not closed is in the next closing here.
func TestWhatAnotherContinuationClosedIsNotClosedOnceMore(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	signDay(t, s, 79)
	_, err = receive(s, 2) // still open when the image is taken: the other closes it
	must(t, err)
	other := twin(t, s)
	common := s.Own().Head
	_, err = receive(s, 3)
	must(t, err)
	for i := range 3 {
		_, err = receive(other, 10+i)
		must(t, err)
		must(t, other.Record(ctx, printing(20+i, storetest.DossierID(10+i), "receipt")))
	}
	signDay(t, other, 81)
	_, err = receive(other, 13)
	must(t, err)
	signDay(t, other, 82)
	_, err = receive(other, 14)
	must(t, err)
	theirs := other.Own()
	_, err = s.Fork(ctx, common, dossier.HealedForked)
	must(t, err)
	hand(t, other, s, theirs.Chain)
	claim(t, s, 2) // a closing comes later than what it closed

	wantRows := func(s *Store, when string, want ...int) {
		t.Helper()
		var ids []dossier.EventID
		for _, i := range want {
			ids = append(ids, storetest.EventID(i))
		}
		if got := openDay(t, s); !slices.Equal(rows(got), ids) {
			t.Errorf("%s: %v stand in the next report, want %v", when, rows(got), ids)
		}
	}
	wantRows(s, "taken over", 3, 14)
	if day := openDay(t, s); day.Report.Printed != 0 {
		t.Errorf("%d printings are counted again", day.Report.Printed)
	}
	sound(t, s)
	wantRows(s, "rebuilt", 3, 14)
	back := twin(t, s)

	c := signDay(t, s, 83)
	if len(c.Report.Elsewhere) == 0 || c.Report.Written() != 2 {
		t.Errorf("%+v", c.Report)
	}
	wantRows(s, "closed")
	if n := signed(t, s); n != 2 {
		t.Errorf("%d closings", n)
	}
	_, err = receive(s, 4)
	must(t, err)
	wantRows(s, "later", 4)
	signDay(t, s, 84)
	// What was signed stays so, whatever becomes of the life the other continuation was held in.
	for _, at := range []dossier.Head{pointOf(t, s, 1), common, {Chain: common.Chain}} {
		if at.Seq == 0 {
			at.Hash = theirs.Genesis.Hash()
		}
		_, err = s.Fork(ctx, at, dossier.HealedForked)
		must(t, err)
		if n := signed(t, s); n != 3 {
			t.Errorf("%d closings", n)
		}
		wantRows(s, "in another life")
		sound(t, s)
	}
	sound(t, reopen(t, s))

	// And a new life before it was closed here takes along what is closed elsewhere.
	fork(t, back, 2, dossier.HealedForked)
	wantRows(back, "in a new life", 3, 14)
	sound(t, back)
}

// A closing is believed only as far as the life it closed is here and says what was signed.
func TestAClosingOfAnotherContinuationThatCannotBeReadCoversNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	other, third := twin(t, s), twin(t, s)
	common := s.Own().Head
	for i, o := range []*Store{other, third} {
		_, err = receive(o, 10+i)
		must(t, err)
		c := openDay(t, o).Close("Cán Bộ Mẫu", "Trần Thị Thử", "")
		if o == other {
			c.Rows[0] ^= 1
		}
		must(t, o.Record(ctx, storetest.Act(80+i, dossier.ID{}, dossier.DayClosed, c)))
	}
	_, err = s.Fork(ctx, common, dossier.HealedBehind)
	must(t, err)
	hand(t, other, s, other.Own().Chain)
	claim(t, s, 100)
	late, err := third.Entries(ctx, common.Chain, common.Seq, 100) // in a parcel
	must(t, err)
	_, err = s.Reclaim(ctx, late)
	must(t, err)
	if got := rows(openDay(t, s)); len(got) != 3 {
		t.Errorf("%v", got)
	}
	sound(t, s)
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
