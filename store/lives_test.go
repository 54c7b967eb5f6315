package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// place is one entry of a lineage.
type ordinalOf struct {
	ordinal uint64
	id      dossier.EventID
}

// line is the whole lineage of a store.
func line(t testing.TB, s *Store) (out []ordinalOf, head dossier.Head) {
	t.Helper()
	head, err := s.Since(context.Background(), 0, func(ordinal uint64, e dossier.Entry) error {
		out = append(out, ordinalOf{ordinal, e.ID})
		return nil
	})
	must(t, err)
	for i, p := range out {
		if p.ordinal != uint64(i)+1 {
			t.Fatalf("entry %d of the lineage has ordinal %d", i+1, p.ordinal)
		}
	}
	if head.Seq != uint64(len(out)) {
		t.Fatalf("the head is at %d of %d", head.Seq, len(out))
	}
	return out, head
}

// twin is a copy of the store's folder, opened: the image of its disk.
func twin(t testing.TB, s *Store) *Store {
	t.Helper()
	dir := t.TempDir()
	_, err := rawly(t, s).Exec("VACUUM INTO ?", filepath.Join(dir, FileName))
	must(t, err)
	other, err := Open(context.Background(), dir, noReserve)
	must(t, err)
	t.Cleanup(func() { other.Close() })
	return other
}

// pointOf is a point of the life a store writes.
func pointOf(t testing.TB, s *Store, seq uint64) dossier.Head {
	t.Helper()
	head, ok, err := s.HashAt(context.Background(), s.Own().Chain, seq)
	must(t, err)
	if !ok {
		t.Fatalf("no entry %d", seq)
	}
	return head
}

func fork(t testing.TB, s *Store, seq uint64, what string) dossier.Healing {
	t.Helper()
	h, err := s.Fork(context.Background(), pointOf(t, s, seq), what)
	must(t, err)
	return h
}

// hand gives to one store what another holds of a chain, as far as signed heads reach, a few entries at a time.
func hand(t testing.TB, from, to *Store, chain dossier.Chain) {
	t.Helper()
	ctx := context.Background()
	must(t, handErr(ctx, from, to, chain))
}

func handErr(ctx context.Context, from, to *Store, chain dossier.Chain) error {
	states, err := from.Chains(ctx)
	if err != nil {
		return err
	}
	for _, c := range states {
		if c.Chain != chain {
			continue
		}
		if err := to.Adopt(ctx, c.Genesis, c.Owner); err != nil {
			return err
		}
		have := uint64(0)
		theirs, err := to.Chains(ctx)
		if err != nil {
			return err
		}
		for _, x := range theirs {
			if x.Chain == chain {
				have = x.Head.Seq
			}
		}
		for {
			head, signature, err := from.SignedHead(ctx, chain, have, 7)
			if err != nil || signature == nil {
				return err
			}
			entries, err := from.Entries(ctx, chain, have, int(head.Seq-have))
			if err != nil {
				return err
			}
			if err := to.Extend(ctx, head, signature, entries); err != nil {
				return err
			}
			have = head.Seq
		}
	}
	return nil
}

// sound is a store's views before and after a rebuild, which must be one, and everything verified.
func sound(t testing.TB, s *Store) dossier.StoreCheck {
	t.Helper()
	check := verified(t, s)
	before := dump(t, s)
	must(t, s.Rebuild(context.Background()))
	if after := dump(t, s); after != before {
		t.Fatalf("before\n%s\nrebuilt\n%s", before, after)
	}
	return check
}

func TestANewLifeTakesAlongWhatIsCutInItsPlace(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	old := s.Own()
	for seq := range old.Head.Seq + 1 {
		s := twin(t, s)
		before, _ := line(t, s)
		rows, err := s.List(ctx, dossier.Query{})
		must(t, err)
		views := dump(t, s)
		closings, err := s.Closings(ctx, 0)
		must(t, err)
		h := fork(t, s, seq, dossier.HealedForked)
		if h.What != dossier.HealedForked || h.At.Seq != seq || h.Taken != int(old.Head.Seq-seq) {
			t.Errorf("at %d: %+v", seq, h)
		}
		own := s.Own()
		if own.Device != old.Device || own.Previous != old.Incarnation || own.CommonSeq != seq || own.CommonHash != h.At.Hash || own.Incarnation == old.Incarnation ||
			own.Head.Seq != old.Head.Seq-seq+1 || !own.Head.SignedBy(own.Owner, own.Signature) || !own.Own || own.Receipt != nil {
			t.Errorf("at %d: %+v", seq, own)
		}
		after, head := line(t, s)
		if len(after) != len(before)+1 || !slices.Equal(after[:len(before)], before) || head.Hash != own.Head.Hash || head.Chain != own.Chain {
			t.Errorf("at %d:\n%v, was\n%v", seq, after, before)
		}
		if again, err := s.List(ctx, dossier.Query{}); err != nil || len(again) != len(rows) {
			t.Errorf("at %d: %d rows: %v", seq, len(again), err)
		}
		if again, err := s.Closings(ctx, 0); err != nil || fmt.Sprint(again) != fmt.Sprint(closings) {
			t.Errorf("at %d: closings %v, were %v: %v", seq, again, closings, err)
		}
		lives, err := s.Lives(ctx)
		must(t, err)
		if len(lives) != 2 || lives[0].Head != h.At || lives[0].Own || !lives[0].Head.SignedBy(old.Owner, lives[0].Signature) || !lives[1].Own {
			t.Errorf("at %d: lives %+v", seq, lives)
		}
		if r := lives[0].Receipt; r != nil && r.Seq > seq {
			t.Errorf("at %d: a receipt for what was cut: %+v", seq, r)
		}
		sound(t, s)
		if d, err := receive(s, 900); err != nil || d.Number != "MAU-260107-0001" {
			t.Errorf("another day: %s %v", d.Number, err)
		}
		if d, err := receive(s, 50); err != nil || d.Number != "MAU-260105-1001" {
			t.Errorf("the same day: %s %v", d.Number, err)
		}
		if _, err := perform(s, 901, storetest.DossierID(2), dossier.Forwarded, dossier.Forward{}); err != nil {
			t.Error(err)
		}
		sound(t, reopen(t, s))
		_ = views
	}
}

func TestOnlyAPointOfTheLineageCanBeLeft(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	own := s.Own()
	wrong := own.Head
	wrong.Hash[3] ^= 1
	far := own.Head
	far.Seq++
	chains, err := s.Chains(ctx)
	must(t, err)
	for _, head := range []dossier.Head{wrong, far, chains[1].Head, {}} {
		_, err := s.Fork(ctx, head, dossier.HealedForked)
		wantCode(t, err, "chain.differs")
	}
	other := twin(t, s)
	before := pointOf(t, s, 2)
	fork(t, s, 3, dossier.HealedForked)
	_, err = s.Fork(ctx, pointOf(t, twin(t, s), 1), dossier.HealedForked)
	must(t, err)
	_, err = s.Fork(ctx, own.Head, dossier.HealedForked) // beyond where that life was left
	wantCode(t, err, "chain.differs")
	hand(t, other, s, own.Chain) // it is held, and not of the lineage
	_, err = s.Fork(ctx, own.Head, dossier.HealedForked)
	wantCode(t, err, "chain.differs")
	_, err = s.Fork(ctx, before, dossier.HealedForked)
	must(t, err)
	sound(t, s)
}

// manyLives is a store of four lives, each of which another continuation took further beside the lineage, with days closed in them.
func manyLives(t testing.TB) *Store {
	t.Helper()
	ctx := context.Background()
	s := allSorts(t)
	up := storetest.NewSister(100)
	for i := range 3 {
		other, theirs := twin(t, s), s.Own()
		_, err := receive(other, 800+i)
		must(t, err)
		closeDay(t, other, 810+i)
		must(t, other.Lower(ctx, other.Own().Chain, nil)) // speaks of its own life only
		for k := range 2 {
			_, err = receive(s, 820+2*i+k)
			must(t, err)
		}
		closeDay(t, s, 830+i)
		must(t, s.Record(ctx, printing(840+i, storetest.DossierID(2), "receipt"), storetest.Act(850+i, dossier.ID{}, dossier.StationSet, storetest.Settings(1))))
		must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, s, theirs.Head.Seq-1), fmt.Sprint("BN-", 10+i))))
		if i == 2 { // the last rests on all of this one
			fork(t, s, s.Own().Head.Seq, dossier.HealedBehind)
			break
		}
		fork(t, s, theirs.Head.Seq, dossier.HealedForked)
		hand(t, other, s, theirs.Chain)
		if i == 0 { // the rest is not taken over yet
			entries, err := s.Unclaimed(ctx, 100)
			must(t, err)
			_, err = s.Reclaim(ctx, entries)
			must(t, err)
		}
	}
	_, err := receive(s, 860)
	must(t, err)
	closeDay(t, s, 861)
	sound(t, s)
	return s
}

// lineageOfStore are the lives of a store's lineage, oldest first, and how far each is of it.
func lineageOfStore(t testing.TB, s *Store) (out []dossier.Head) {
	t.Helper()
	held := chainsOf(t, s)
	c := s.Own()
	for last := c.Head.Seq; ; {
		out = append([]dossier.Head{{Chain: c.Chain, Seq: last}}, out...)
		before, ok := held[dossier.Chain{Device: c.Device, Incarnation: c.Previous}]
		if !ok {
			return out
		}
		c, last = before, c.CommonSeq
	}
}

// The lives after one go back with it: upstream never got what they rest on.
func TestANewLifeGoesBackToAnyPointOfTheLineage(t *testing.T) {
	ctx := context.Background()
	s := manyLives(t)
	lives := lineageOfStore(t, s)
	beside, err := s.Unclaimed(ctx, 100)
	must(t, err)
	if len(lives) != 4 || len(beside) != 2 {
		t.Fatalf("%d lives, %d beside them", len(lives), len(beside))
	}
	before, _ := line(t, s)
	closed := owned(t, s)
	dossiers, err := s.Count(ctx, dossier.Query{})
	must(t, err)
	base := uint64(0)
	for i, life := range lives {
		if i > 0 {
			base += lives[i-1].Seq
		}
		for seq := range life.Seq + 1 {
			s := twin(t, s)
			at, _, err := s.HashAt(ctx, life.Chain, seq)
			must(t, err)
			h, err := s.Fork(ctx, at, dossier.HealedForked)
			must(t, err)
			if h.At != at || h.Taken != len(before)-int(base+seq) {
				t.Errorf("life %d at %d: %+v", i, seq, h)
			}
			after, _ := line(t, s)
			if !slices.Equal(after[:len(before)], before) {
				t.Errorf("life %d at %d:\n%v, was\n%v", i, seq, after, before)
			}
			if entries, err := s.Unclaimed(ctx, 100); err != nil || len(entries) > 0 && i < 2 {
				t.Errorf("life %d at %d: %d were cut and not taken over: %v", i, seq, len(entries), err)
			}
			own := s.Own()
			if own.Previous != life.Incarnation || own.CommonSeq != seq || own.Receipt != nil {
				t.Errorf("life %d at %d: %+v", i, seq, own)
			}
			held := chainsOf(t, s)
			if held[life.Chain].Head != at {
				t.Errorf("life %d at %d: cut to %+v", i, seq, held[life.Chain].Head)
			}
			for _, left := range lives[i+1:] {
				if held[left.Chain].Head.Seq != 0 || held[left.Chain].Receipt != nil {
					t.Errorf("life %d at %d: %s still holds %d", i, seq, left.Chain, held[left.Chain].Head.Seq)
				}
			}
			for _, kept := range lives[:i] {
				if held[kept.Chain].Head.Seq < kept.Seq {
					t.Errorf("life %d at %d: %s was cut", i, seq, kept.Chain)
				}
			}
			if got := owned(t, s); fmt.Sprint(got) != fmt.Sprint(closed) {
				t.Errorf("life %d at %d: closings %v, were %v", i, seq, got, closed)
			}
			if n, err := s.Count(ctx, dossier.Query{}); err != nil || n != dossiers {
				t.Errorf("life %d at %d: %d of %d dossiers: %v", i, seq, n, dossiers, err)
			}
			waits(t, s)
			sound(t, s)
			if seq%3 > 0 {
				continue
			}
			d, err := receive(s, 900)
			must(t, err)
			if n, err := s.Count(ctx, dossier.Query{Text: d.Number}); err != nil || n != 1 {
				t.Errorf("life %d at %d: %s is given %d times: %v", i, seq, d.Number, n, err)
			}
			closeDay(t, s, 901)
			if got := owned(t, s); len(got) != len(closed)+1 {
				t.Errorf("life %d at %d: closings %v", i, seq, got)
			}
			sound(t, reopen(t, s))
		}
	}
}

func TestManyLivesKeepEveryPlace(t *testing.T) {
	s := allSorts(t)
	for i := range 12 {
		before, _ := line(t, s)
		fork(t, s, s.Own().Head.Seq*uint64(i%4)/3, dossier.HealedForked)
		if i%3 == 0 {
			_, err := receive(s, 300+i)
			must(t, err)
		}
		after, _ := line(t, s)
		if !slices.Equal(after[:len(before)], before) {
			t.Fatalf("life %d:\n%v, was\n%v", i, after, before)
		}
		if closings, err := s.Closings(context.Background(), 0); err != nil || len(closings) != 3 || !closings[0].Own {
			t.Fatalf("life %d: %+v %v", i, closings, err)
		}
		sound(t, s)
	}
	sound(t, reopen(t, s))
}

func TestAKeyIsChangedWithANewLife(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	first, old := s.SigningKey(), s.Own()
	_, next, err := ed25519.GenerateKey(nil)
	must(t, err)
	_, err = s.Rotate(ctx, ed25519.PrivateKey("short"))
	wantCode(t, err, "chain.differs")
	h, err := s.Rotate(ctx, next)
	must(t, err)
	if h.What != dossier.HealedRotated || h.At != old.Head || h.Taken != 0 {
		t.Errorf("%+v", h)
	}
	for range 2 {
		own := s.Own()
		if !own.Owner.Equal(next.Public()) || !s.SigningKey().Equal(next) || !own.Head.SignedBy(own.Owner, own.Signature) {
			t.Errorf("%+v", own)
		}
		head, signature, err := s.SignedHead(ctx, old.Chain, 0, 5)
		must(t, err)
		if head.Seq != 5 || !head.SignedBy(first.Public().(ed25519.PublicKey), signature) {
			t.Errorf("old life: %+v", head)
		}
		head, signature, err = s.SignedHead(ctx, own.Chain, 0, 100)
		must(t, err)
		if head != own.Head || !head.SignedBy(own.Owner, signature) {
			t.Errorf("new life: %+v", head)
		}
		sound(t, s)
		s = reopen(t, s)
	}
	for _, name := range []string{signingKey, formerKey(old.Owner)} {
		if s.KeepSecret(ctx, name, []byte("x")) == nil {
			t.Errorf("%s was replaced", name)
		}
	}
	// a crash before the new life was whole leaves the old key
	s = twin(t, s)
	_, third, err := ed25519.GenerateKey(nil)
	must(t, err)
	commit := s.commit
	s.commit = func(*link) error { return os.ErrDeadlineExceeded }
	if _, err := s.Rotate(ctx, third); err == nil {
		t.Error("not kept, and no error")
	}
	s.commit = commit
	_, err = receive(s, 40)
	must(t, err)
	if !s.SigningKey().Equal(next) {
		t.Error("another key than its life's")
	}
	sound(t, reopen(t, s))
}

// An image of the disk was put back, and both copies went on: whatever each did is in both lineages in the end, once.
func TestAnotherContinuationIsReclaimed(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	other := twin(t, s)
	common := s.Own().Head
	mine, err := receive(s, 20)
	must(t, err)
	for i := range 9 {
		_, err := receive(other, 30+i)
		must(t, err)
	}
	_, err = perform(other, 60, storetest.DossierID(2), dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
	must(t, err)
	must(t, other.Record(ctx, storetest.Act(61, dossier.ID{}, dossier.StationSet, storetest.Settings(1)), printing(62, storetest.DossierID(30), "receipt"),
		closedFrom(63, storetest.Day(0), common.Seq, other.Own().Head)))
	theirs := other.Own()

	h, err := s.Fork(ctx, common, dossier.HealedForked)
	must(t, err)
	if h.Taken != 1 {
		t.Errorf("%+v", h)
	}
	hand(t, other, s, theirs.Chain)
	sound(t, s)
	before, _ := line(t, s)
	if d, err := s.Dossier(ctx, storetest.DossierID(30)); err != nil || d.Number != mine.Number {
		t.Errorf("what the other received is not seen: %s %v", d.Number, err)
	}
	left := func() bool {
		whence, err := s.Whence(ctx, storetest.DossierID(30))
		must(t, err)
		for _, w := range whence {
			if !w.Own {
				t.Errorf("%+v is this PC's", w)
			}
			if w.Left {
				return true
			}
		}
		return false
	}
	if !left() {
		t.Error("what is not taken over yet looks like what the receipts speak of")
	}
	claimed := 0
	for {
		entries, err := s.Unclaimed(ctx, 5)
		must(t, err)
		if len(entries) == 0 {
			break
		}
		if len(entries) > 5 {
			t.Fatalf("%d at once", len(entries))
		}
		n, err := s.Reclaim(ctx, entries)
		must(t, err)
		if n != len(entries) {
			t.Fatalf("%d of %d", n, len(entries))
		}
		if again, err := s.Reclaim(ctx, entries); again != 0 || err != nil {
			t.Errorf("again: %d %v", again, err)
		}
		claimed += n
	}
	if claimed != int(theirs.Head.Seq-common.Seq) || left() {
		t.Errorf("%d claimed", claimed)
	}
	after, _ := line(t, s)
	if !slices.Equal(after[:len(before)], before) || len(after) != len(before)+claimed {
		t.Errorf("%v\n%v", before, after)
	}
	q, err := s.Queue(ctx)
	must(t, err)
	if q.PCs[0].Written != 3+1+9+1 || q.Acts != 11 || len(q.Rows) != q.Acts { // BN-1 covers the first receipts
		t.Errorf("%+v", q)
	}
	closings, err := s.Closings(ctx, 0)
	must(t, err)
	if len(closings) != 4 || closings[0].ID != storetest.EventID(63) || closings[0].Own || !closings[1].Own {
		t.Errorf("%+v", closings)
	}
	sound(t, s)
	s = reopen(t, s)
	if d, err := receive(s, 51); err != nil || d.Number != "MAU-260105-1001" {
		t.Errorf("%s %v", d.Number, err)
	}
	sound(t, s)
}

func TestReclaimTakesNothingThatSpeaksOfAnotherLife(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	other := twin(t, s)
	must(t, other.Record(ctx, storetest.Act(70, dossier.ID{}, dossier.KeySet, dossier.NewKey{Key: other.Own().Owner})))
	fork(t, other, other.Own().Head.Seq, dossier.HealedRestored)
	_, err := receive(other, 71)
	must(t, err)
	lives, err := other.Lives(ctx)
	must(t, err)
	fork(t, s, s.Own().Head.Seq, dossier.HealedBehind)
	for _, life := range lives {
		hand(t, other, s, life.Chain)
	}
	entries, err := s.Unclaimed(ctx, 100)
	must(t, err)
	if len(entries) != 1 || entries[0].ID != storetest.EventID(71) {
		t.Errorf("%+v", entries)
	}
	for _, life := range lives {
		all, err := other.Entries(ctx, life.Chain, 0, 1000)
		must(t, err)
		_, err = s.Reclaim(ctx, all)
		must(t, err)
	}
	if entries, err := s.Unclaimed(ctx, 100); len(entries) != 0 || err != nil {
		t.Errorf("%v %v", entries, err)
	}
	forged, err := dossier.Seal(storetest.Act(71, storetest.DossierID(71), dossier.Withdrawn, dossier.Reason{}), [16]byte{1})
	must(t, err)
	_, err = s.Reclaim(ctx, []dossier.Entry{forged})
	wantCode(t, err, "event.differs")
	forged.Content[0] ^= 1
	if _, err = s.Reclaim(ctx, []dossier.Entry{forged}); err == nil {
		t.Error("a body that is not the one its header names was taken")
	}
	sound(t, s)
}

// A life that is written is never taken further from outside, nor cut.
func TestOldLivesMayGrowAndTheLifeThatIsWrittenMayNot(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	other := twin(t, s)
	_, err := receive(other, 20)
	must(t, err)
	own := other.Own()
	entries, err := other.Entries(ctx, own.Chain, own.Head.Seq-1, 10)
	must(t, err)
	wantCode(t, s.Extend(ctx, own.Head, own.Signature, entries), "chain.own")
	wantCode(t, s.Recast(ctx, own.Chain, dossier.Head{Chain: own.Chain, Hash: own.Genesis.Hash()}), "chain.own")
	fork(t, s, s.Own().Head.Seq, dossier.HealedBehind)
	must(t, s.Extend(ctx, own.Head, own.Signature, entries))
	must(t, s.Extend(ctx, own.Head, own.Signature, entries))
	wantCode(t, s.Recast(ctx, own.Chain, pointOf(t, other, 2)), "chain.own")
	sound(t, s)
}
