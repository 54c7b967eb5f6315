package receive

import (
	"context"
	"iter"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

// puts a parcel of a PC with one envelope onto a stick.
func (p *pc) puts(t *testing.T, dir string, e wire.Envelope) {
	t.Helper()
	to := wire.Addressee{Recipient: e.Recipient, Key: wire.KeyHash(p.up.Key())}
	parcel := wire.Parcel{Kind: wire.ParcelUp, At: time.Unix(0, 0), From: "máy", To: p.up.Name, For: to, Own: &p.Genesis.Chain}
	one := iter.Seq2[wire.Envelope, error](func(yield func(wire.Envelope, error) bool) { yield(e, nil) })
	if _, err := wire.WriteParcel(t.Context(), wire.SystemDisk{}, dir, parcel, p.Key, one, func(string, int) {}); err != nil {
		t.Fatal(err)
	}
}

// One PC of which too much waits does not hold up what the same stick brings from others (I8).
func TestPCOfWhichTooMuchWaitsHoldsUpNoOtherParcel(t *testing.T) {
	u, _, _ := open(t)
	p, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	p.mustTake(t, 1, 1)
	q.happen(t, reception(3))
	copied := &pc{Sister: storetest.NewSister(1), identity: p.identity, up: u}
	copied.happen(t, reception(2))
	defer func(most int64) { maxParked = most }(maxParked)
	maxParked = 1
	dir := t.TempDir()
	copied.puts(t, dir, copied.envelope(t, 1, 1))
	q.puts(t, dir, q.envelope(t, 1, 1))
	in, err := u.Import(context.Background(), dir, nil)
	if err != nil || in.Taken != 1 {
		t.Fatalf("%+v, %v", in, err)
	}
	codes := map[string]int{}
	for _, one := range in.Parcels {
		codes[dossier.Code(one.Problem)]++
	}
	if codes["parked.full"] != 1 || codes[""] != 1 {
		t.Errorf("%v", codes)
	}
}
