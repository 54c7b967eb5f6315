package store

import (
	"context"
	"errors"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func TestSinceVisitsTheOwnJournalInOrder(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	d, err := receive(s, 1)
	must(t, err)
	must(t, s.Record(ctx, printing(70, d.ID, "receipt")))
	extend(t, s, up, storetest.Act(90, d.ID, dossier.Notified, dossier.Notify{To: "x"}, d.Heads...))
	own := s.Own()
	for from := range own.Head.Seq + 3 {
		next, hash := from+1, own.Genesis.Hash()
		head, err := s.Since(ctx, from, func(seq uint64, e dossier.Entry) error {
			if seq != next {
				t.Errorf("after %d: entry %d in the place of %d", from, seq, next)
			}
			next++
			hash = dossier.NextHash(hash, e.Header())
			if e.Purged || e.ID.IsZero() {
				t.Errorf("entry %d: %+v", seq, e)
			}
			return nil
		})
		if err != nil || head != own.Head || from <= head.Seq && next != head.Seq+1 || from > head.Seq && next != from+1 || from == 0 && hash != head.Hash {
			t.Errorf("after %d: %+v, next %d: %v", from, head, next, err)
		}
	}
	if _, err := s.Since(ctx, ^uint64(0), func(uint64, dossier.Entry) error { t.Error("visited"); return nil }); err != nil {
		t.Error(err)
	}
}

func TestSinceSeesOneMomentAndHoldsUpNobody(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	for i := range 5 {
		_, err := receive(s, i)
		must(t, err)
	}
	before, n := s.Own().Head, 0
	head, err := s.Since(ctx, 0, func(seq uint64, e dossier.Entry) error {
		n++
		_, err := receive(s, 100+n)
		return err
	})
	if err != nil || head != before || n != int(before.Seq) || s.Own().Head.Seq != 2*before.Seq {
		t.Errorf("%d visited, head %d, now %d: %v", n, head.Seq, s.Own().Head.Seq, err)
	}
	enough := errors.New("enough of it")
	n = 0
	head, err = s.Since(ctx, 1, func(uint64, dossier.Entry) error {
		if n++; n == 2 {
			return enough
		}
		return nil
	})
	if err != enough || head != (dossier.Head{}) || n != 2 {
		t.Errorf("%v %v after %d", head, err, n)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Since(ctx, 0, func(uint64, dossier.Entry) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	verified(t, s)
}
