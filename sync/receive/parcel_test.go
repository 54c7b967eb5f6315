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
	p.putsAs(t, dir, e, nil, nil)
}

// putsAs does so with an admission, and what vouches for the maker.
func (p *pc) putsAs(t *testing.T, dir string, e wire.Envelope, admission, vouched []byte) {
	t.Helper()
	to := wire.Addressee{Recipient: e.Recipient, Key: wire.KeyHash(p.up.Key())}
	parcel := wire.Parcel{Kind: wire.ParcelUp, At: time.Unix(0, 0), From: "máy", To: p.up.Name, For: to, Own: &p.Genesis.Chain, Admission: admission, Vouched: vouched}
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

// An admission is no secret: only who holds its key, or a key that one vouches for, is the PC it names.
func TestAdmissionOnAStickIsItsHoldersAlone(t *testing.T) {
	u, c, _ := open(t)
	empty := backup(t, u)
	p, thief := newPC(t, u, 1), newPC(t, u, 2)
	ticket, err := u.Ticket(context.Background(), "Trạm Mẫu", 1, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.enrol(ticket)
	if err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(1))
	thief.happen(t, reception(2))
	for _, at := range []string{"known", "forgotten"} {
		if at == "forgotten" {
			u = putBack(t, c, empty, p, thief)
		}
		forged := answer.Admission[:len(answer.Admission)-1]
		for name, put := range map[string]func(dir string){
			"another's": func(dir string) { thief.putsAs(t, dir, thief.envelope(t, 1, 1), answer.Admission, nil) },
			"vouched by her": func(dir string) {
				thief.putsAs(t, dir, thief.envelope(t, 1, 1), answer.Admission, wire.Vouch(thief.Key, thief.Owner()))
			},
			"for another": func(dir string) {
				thief.putsAs(t, dir, thief.envelope(t, 1, 1), answer.Admission, wire.Vouch(p.Key, p.Owner()))
			},
			"cut": func(dir string) {
				thief.putsAs(t, dir, thief.envelope(t, 1, 1), forged, wire.Vouch(p.Key, thief.Owner()))
			},
			"none": func(dir string) { thief.puts(t, dir, thief.envelope(t, 1, 1)) },
		} {
			dir := t.TempDir()
			put(dir)
			in, err := u.Import(t.Context(), dir, nil)
			if err != nil || in.Taken != 0 || dossier.Code(in.Parcels[0].Problem) != "parcel.stranger" {
				t.Errorf("%s, %s: %+v, %v", at, name, in.Parcels, err)
			}
		}
	}
	if pcs, err := collect(t.Context(), u.read, scanSeat, seatQuery); err != nil || len(pcs) != 0 {
		t.Errorf("%+v, %v", pcs, err)
	}
	dir := t.TempDir()
	p.putsAs(t, dir, p.envelope(t, 1, 1), answer.Admission, nil)
	if in, err := u.Import(t.Context(), dir, nil); err != nil || in.Taken != 1 || in.Parcels[0].Problem != nil {
		t.Errorf("%+v, %v", in, err)
	}
}
