package store

import (
	"context"
	"encoding/json"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// waits is how many entries and acts wait to be sent.
func waits(t testing.TB, s *Store) [2]int {
	t.Helper()
	q, err := s.Queue(context.Background())
	must(t, err)
	if q.PCs[0].Waiting != q.Acts || len(q.Rows) != q.Acts {
		t.Errorf("%d acts, %d rows, %+v", q.Acts, len(q.Rows), q.PCs[0])
	}
	unsent := 0
	rows, err := s.List(context.Background(), dossier.Query{Limit: 1000})
	must(t, err)
	for _, row := range rows {
		unsent += row.Unsent
	}
	if unsent != q.Acts {
		t.Errorf("%d acts wait, the rows say %d", q.Acts, unsent)
	}
	return [2]int{q.Entries, q.Acts}
}

// I3: what counts as sent is a place in the lineage, whichever life its receipt is for.
func TestWhatWasSentIsSentInTheNextLifeToo(t *testing.T) {
	s, up := enrolled(t) // 2 entries
	ctx := context.Background()
	for i := range 6 { // to 8
		_, err := receive(s, i)
		must(t, err)
	}
	first := s.Own()
	must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, s, 5), "BN-1")))
	want := func(when string, entries, acts int) {
		t.Helper()
		if got := waits(t, s); got != [2]int{entries, acts} {
			t.Errorf("%s: %v, want %d and %d", when, got, entries, acts)
		}
	}
	want("first", 3, 3)
	fork(t, s, 6, dossier.HealedForked) // its receipt stands below
	want("cut above the receipt", 4, 3)
	if r := s.Own().Receipt; r != nil {
		t.Errorf("the new life has a receipt: %+v", r)
	}
	if q, _ := s.Queue(ctx); q.Receipt == nil || q.Receipt.Number != "BN-1" {
		t.Errorf("the latest receipt is not shown: %+v", q.Receipt)
	}
	must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, s, 1), "BN-2"))) // ordinal 7
	want("a receipt for the new life", 2, 1)
	if c, err := s.Clock(ctx); err != nil || !c.Upstream.Equal(s.Own().Receipt.At) {
		t.Errorf("%+v %v", c, err)
	}
	fork(t, s, 0, dossier.HealedForked) // all that the second life held is cut
	want("cut below it", 5, 3)          // the first life's receipt was for 5, and nobody is known to hold the sixth
	sound(t, s)
	if got, err := s.Lives(ctx); err != nil || len(got) != 3 || got[0].Receipt == nil || got[0].Head.Seq != 6 || got[1].Receipt != nil || got[1].Head.Seq != 0 {
		t.Errorf("%+v %v", got, err)
	}
	must(t, s.KeepReceipt(ctx, up.Receipt(dossier.Head{Chain: first.Chain, Seq: 6, Hash: func() dossier.Hash {
		h, _, _ := s.HashAt(ctx, first.Chain, 6)
		return h.Hash
	}()}, "BN-3")))
	want("an old life's receipt", 4, 2)
	s = reopen(t, s)
	want("opened again", 4, 2)
	sound(t, s)
}

func TestReceiptAboveWhereALifeWasLeftCoversNoMore(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	for i := range 4 { // to 6
		_, err := receive(s, i)
		must(t, err)
	}
	other := twin(t, s)
	for i := range 3 {
		_, err := receive(other, 10+i)
		must(t, err)
	}
	theirs := other.Own()
	fork(t, s, 4, dossier.HealedForked)
	must(t, s.Adopt(ctx, theirs.Genesis, theirs.Owner))
	hand(t, other, s, theirs.Chain)
	must(t, s.KeepReceipt(ctx, up.Receipt(theirs.Head, "BN-1"))) // upstream holds 9 of the first life
	if got := waits(t, s); got != [2]int{3, 2} {
		t.Errorf("%v", got)
	}
	sound(t, s)
}

func TestUpstreamThatWentBackIsSentEverythingAgain(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	extend(t, s, pc, storetest.Reception(40, "MAU-260105-3001"))
	for i := range 4 {
		_, err := receive(s, i)
		must(t, err)
	}
	own := s.Own()
	must(t, s.KeepReceipt(ctx, up.Receipt(own.Head, "BN-2")))
	must(t, s.KeepReceipt(ctx, up.Receipt(pc.Head, "BN-3")))
	lower := up.Receipt(pointOf(t, s, 4), "BN-1")
	forged := lower
	forged.Signature = storetest.NewSister(9).Receipt(lower.Head, "BN-1").Signature
	wantCode(t, s.Lower(ctx, own.Chain, &forged), "receipt.foreign")
	wantCode(t, s.Lower(ctx, pc.Genesis.Chain, &lower), "receipt.foreign")
	wantCode(t, s.Lower(ctx, dossier.Chain{}, nil), "chain.unknown")
	other := up.Receipt(dossier.Head{Chain: own.Chain, Seq: 4}, "BN-1")
	wantCode(t, s.Lower(ctx, own.Chain, &other), "receipt.differs")
	if s.Own().Head != own.Head || s.Own().Receipt.Number != "BN-2" {
		t.Errorf("%+v", s.Own())
	}
	for range 2 { // it is said once
		must(t, s.Lower(ctx, own.Chain, &lower))
		if r := s.Own().Receipt; r == nil || r.Number != "BN-1" || s.Own().Head.Seq != own.Head.Seq+1 {
			t.Errorf("%+v", s.Own())
		}
	}
	if got := waits(t, s); got != [2]int{3, 2} {
		t.Errorf("%v", got)
	}
	must(t, s.Lower(ctx, own.Chain, nil))
	if s.Own().Receipt != nil || s.Own().Head.Seq != own.Head.Seq+2 {
		t.Errorf("%+v", s.Own())
	}
	must(t, s.Lower(ctx, own.Chain, nil))
	must(t, s.Lower(ctx, pc.Genesis.Chain, nil)) // a sister's is no event of ours
	if s.Own().Head.Seq != own.Head.Seq+2 {
		t.Error("said again")
	}
	var said []dossier.Healing
	_, err := s.Since(ctx, own.Head.Seq, func(_ uint64, e dossier.Entry) error {
		var h dossier.Healing
		must(t, json.Unmarshal(e.Body, &h))
		said = append(said, h)
		return nil
	})
	must(t, err)
	if len(said) != 2 || said[0].What != dossier.HealedUpstream || said[0].At != lower.Head || said[0].Lost != own.Head.Seq-4 || said[1].Lost != 4 || said[1].At.Seq != 0 {
		t.Errorf("%+v", said)
	}
	if d, err := receive(s, 20); err != nil || d.Number != "MAU-260105-0005" {
		t.Errorf("it is no new life: %s %v", d.Number, err)
	}
	sound(t, reopen(t, s))
}

func TestUpstreamsNextKeyKeepsWhatTheFormerSigned(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-1")))
	next := storetest.NewSister(101)
	next.Genesis, next.Head = up.Genesis, up.Head
	keys := dossier.NewKey{Key: next.Owner(), Recipient: "age1next"}
	for range 2 {
		must(t, s.SetUpstreamKey(ctx, keys))
	}
	if s.Own().Head.Seq != 4 {
		t.Errorf("said %d times", s.Own().Head.Seq-3)
	}
	u, _, err := s.Upstream(ctx)
	if err != nil || !u.Key.Equal(next.Owner()) || u.Recipient != "age1next" || u.Chain != up.Genesis {
		t.Errorf("%+v %v", u, err)
	}
	if got := waits(t, s); got != [2]int{1, 0} || s.Own().Receipt == nil {
		t.Errorf("%v %+v", got, s.Own())
	}
	must(t, s.KeepReceipt(ctx, next.Receipt(s.Own().Head, "BN-2")))
	must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, s, 2), "BN-0"))) // late, under the former key
	if r := s.Own().Receipt; r.Number != "BN-2" {
		t.Errorf("%+v", r)
	}
	wantCode(t, s.KeepReceipt(ctx, storetest.NewSister(102).Receipt(s.Own().Head, "BN-9")), "receipt.foreign")
	must(t, s.Lower(ctx, s.Own().Chain, nil))
	if got := waits(t, s); got[1] != 1 {
		t.Errorf("lowered: %v", got)
	}
	wantCode(t, s.SetUpstreamKey(ctx, dossier.NewKey{Key: []byte("x")}), "chain.differs")
	sound(t, reopen(t, s))
	wantCode(t, newStore(t, 1).SetUpstreamKey(ctx, keys), "store.not-enrolled")
}

// Of a sister PC it is known, through upstream's receipts, what is up there, also across her lives.
func TestSistersReceiptsTellWhatIsUpThere(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	sister := newStore(t, 2)
	for i := range 5 {
		_, err := receive(sister, 100+i)
		must(t, err)
	}
	hand(t, sister, s, sister.Own().Chain)
	must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, sister, 4), "BN-1")))
	pc := func() dossier.PC {
		q, err := s.Queue(ctx)
		must(t, err)
		return q.PCs[1]
	}
	if got := pc(); got.Written != 5 || got.Held != 3 || got.Waiting != 2 {
		t.Errorf("%+v", got)
	}
	old := sister.Own().Chain
	fork(t, sister, 3, dossier.HealedForked)
	must(t, s.Recast(ctx, old, lifeHead(t, sister, old)))
	hand(t, sister, s, sister.Own().Chain)
	if got := pc(); got.Written != 5 || got.Held != 0 || got.Waiting != 5 { // the receipt was for what was cut
		t.Errorf("%+v", got)
	}
	must(t, s.KeepReceipt(ctx, up.Receipt(pointOf(t, sister, 1), "BN-2")))
	if got := pc(); got.Held != 3 {
		t.Errorf("%+v", got)
	}
	chains, err := s.Chains(ctx)
	must(t, err)
	receipts := 0
	for _, c := range chains {
		if c.Receipt != nil && c.Receipt.Number == "BN-2" {
			receipts++
		}
	}
	if receipts != 1 {
		t.Errorf("%+v", chains)
	}
	sound(t, s)
}

// lifeHead is how far one of a store's lives reaches.
func lifeHead(t testing.TB, s *Store, chain dossier.Chain) dossier.Head {
	t.Helper()
	lives, err := s.Lives(context.Background())
	must(t, err)
	for _, c := range lives {
		if c.Chain == chain {
			return c.Head
		}
	}
	t.Fatal("no such life")
	return dossier.Head{}
}
