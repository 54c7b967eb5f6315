package receive

import (
	"context"
	"crypto/tls"
	"encoding/json"
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

// Who holds a key that a PC has left may vouch for a maker of parcels. What that one signed takes no place in the PC's journal, whenever it comes.
func TestLifeUnderAVouchedKeyThatCameTooEarlyIsNotContinued(t *testing.T) {
	u, _, _ := open(t)
	p := newPC(t, u, 1)
	ticket, err := u.Ticket(t.Context(), "Trạm Mẫu", 1, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.enrol(ticket)
	if err != nil {
		t.Fatal(err)
	}
	next := newPC(t, u, 99)
	body, err := json.Marshal(dossier.NewKey{Key: next.Owner(), Recipient: next.identity.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(1), dossier.Event{ID: storetest.EventID(800), Kind: dossier.KeySet, By: "mau", Body: body})
	p.mustPush(t, 1, 2)
	n := p.begins(t, 9, 2)
	n.Key, n.identity = next.Key, next.identity
	n.mustPush(t, 1, 1)
	n.happen(t, reception(2))
	forged := n.begins(t, 10, 2)
	forged.happen(t, reception(3))
	forged.Key = newPC(t, u, 77).Key
	dir := t.TempDir()
	forged.putsAs(t, dir, forged.envelope(t, 1, 2), answer.Admission, wire.Vouch(p.Key, forged.Owner()))
	if in, err := u.Import(t.Context(), dir, nil); err != nil || dossier.Code(in.Parcels[0].Problem) != "parcel.early" {
		t.Fatalf("%+v, %v", in, err)
	}
	n.mustPush(t, 2, 2)
	if a := n.asks(t); *a.Current != n.Genesis.Chain || parkedCount(t, u) != 1 {
		t.Errorf("%+v, %d wait", a, parkedCount(t, u))
	}
	sound(t, u)
}

// What fills the gap is kept and receipted whatever becomes of that which waited for it, and this follows.
func TestWhatCameTooEarlyIsTakenInAtTheNextStart(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2), reception(3))
	dir := t.TempDir()
	p.puts(t, dir, p.envelope(t, 2, 3))
	if in, err := u.Import(t.Context(), dir, nil); err != nil || parkedCount(t, u) != 2 {
		t.Fatalf("%+v, %v", in, err)
	}
	if _, err := u.write.Exec("CREATE TRIGGER full BEFORE DELETE ON parked BEGIN SELECT raise(ABORT, 'full'); END"); err != nil {
		t.Fatal(err)
	}
	faults := 0
	u.Fault = func(error) { faults++ }
	if r := p.mustPush(t, 1, 1); r.Seq != 1 || faults != 1 || parkedCount(t, u) != 2 {
		t.Errorf("%+v, %d faults, %d wait", r, faults, parkedCount(t, u))
	}
	if _, err := u.write.Exec("DROP TRIGGER full"); err != nil {
		t.Fatal(err)
	}
	address, _ := serving(t, u)
	line, err := tls.Dial("tcp", address, p.tls(t)) // it answers once that is done
	if err != nil {
		t.Fatal(err)
	}
	line.Close()
	if r := p.mustPush(t, 1, 1); r.Seq != 3 || faults != 1 {
		t.Errorf("%+v, %d faults", r, faults)
	}
	sound(t, u)
}

// A person let through what others rest on: those take their place all the same.
func TestReleasedEntryThatCameTooEarlyCarriesTheNext(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2), reception(3))
	dir := t.TempDir()
	p.puts(t, dir, p.envelope(t, 2, 2))
	p.puts(t, dir, p.envelope(t, 3, 3))
	if in, err := u.Import(t.Context(), dir, nil); err != nil || parkedCount(t, u) != 2 {
		t.Fatalf("%+v, %v", in, err)
	}
	if err := u.Release(t.Context(), p.entries[1].ID, "x"); err != nil {
		t.Fatal(err)
	}
	p.mustPush(t, 1, 1)
	if r := p.mustPush(t, 1, 1); r.Seq != 3 || parkedCount(t, u) != 0 {
		t.Errorf("%+v, %d wait", r, parkedCount(t, u))
	}
	sound(t, u)
}
