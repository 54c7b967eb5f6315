package store

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// I12: paper may exist of numbers nobody remembers. A new life takes the next run; where all are used up, nobody is sent away.
func TestANewLifeTakesTheNextRunOfNumbers(t *testing.T) {
	s := newStore(t, 2)
	next := 0
	want := func(numbers ...string) {
		t.Helper()
		for _, number := range numbers {
			next++
			if d, err := receive(s, next); err != nil || d.Number != "MAU-260105-"+number {
				t.Errorf("%s %v, want %s", d.Number, err, number)
			}
		}
		sound(t, s)
	}
	head := func() uint64 { return s.Own().Head.Seq }
	want("3001", "3002")
	fork(t, s, head(), dossier.HealedRestored)
	want("4001", "4002", "4003")
	fork(t, s, head()-2, dossier.HealedForked) // some of them are in the new life, some in the old
	want("5001")
	fork(t, s, 1, dossier.HealedForked)
	want("5002", "5003") // all three runs are used: on after the greatest number known
	fork(t, s, head(), dossier.HealedBehind)
	want("5004")
	s = reopen(t, s)
	want("5005")
	if d, err := refuse(s, 90); err != nil || d.Number != "MAU-260105-TC501" { // nothing is known of its runs, but lives before may have used them
		t.Error(d.Number, err)
	}
	if d, err := receiveOn(s, 91, storetest.Day(0).AddDays(1)); err != nil || d.Number != "MAU-260106-3001" {
		t.Error(d.Number, err)
	}
	for _, number := range []string{"MAU-260105-5999", "MAU-260105-4999", "MAU-260105-3998"} {
		used(t, s, number) // the last runs are full
	}
	if d, err := receive(s, 92); err != nil || d.Number != "MAU-260105-3999" {
		t.Error(d.Number, err)
	}
	used(t, s, "MAU-260105-3999")
	_, err := receive(s, 93)
	wantCode(t, err, "number.full")
}

// What upstream had lost and gets again is no new life: numbers go on.
func TestUpstreamsLossMovesNoNumbers(t *testing.T) {
	s, up := enrolled(t)
	_, err := receive(s, 1)
	must(t, err)
	must(t, s.KeepReceipt(context.Background(), up.Receipt(s.Own().Head, "BN-1")))
	must(t, s.Lower(context.Background(), s.Own().Chain, nil))
	if d, err := receive(s, 2); err != nil || d.Number != "MAU-260105-0002" {
		t.Error(d.Number, err)
	}
	sound(t, s)
}

// A copy of this PC that is still at work gave numbers of the same run: from when that is known, the run is left to it.
func TestNumbersThatWereReclaimedWereGivenByAnother(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	other := twin(t, s)
	for i := range 3 {
		_, err := receive(other, 10+i)
		must(t, err)
	}
	_, err := receive(s, 1)
	must(t, err)
	entries, err := other.Entries(ctx, other.Own().Chain, 1, 10)
	must(t, err)
	n, err := s.Reclaim(ctx, entries) // as from a parcel that fits nowhere: no chain here holds them
	must(t, err)
	if n != 3 {
		t.Errorf("%d", n)
	}
	sound(t, s)
	if d, err := receive(s, 2); err != nil || d.Number != "MAU-260105-1001" {
		t.Error(d.Number, err)
	}
	fork(t, s, 1, dossier.HealedForked)
	sound(t, s)
	if d, err := receive(s, 3); err != nil || d.Number != "MAU-260105-2001" {
		t.Error(d.Number, err)
	}
	sound(t, reopen(t, s))
}
