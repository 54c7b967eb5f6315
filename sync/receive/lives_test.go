package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

// copied is the PC's folder copied: the same journal, going its own way from here on.
func (p *pc) copied() *pc {
	s := *p.Sister
	return &pc{Sister: &s, identity: p.identity, entries: append([]dossier.Entry{}, p.entries...), up: p.up}
}

func (p *pc) hashAt(seq int) dossier.Hash {
	hash := p.Genesis.Hash()
	for _, e := range p.entries[:seq] {
		hash = dossier.NextHash(hash, e.Header())
	}
	return hash
}

// begins opens a new life of the PC at a common point of this one, named name; what stood after it is taken along.
func (p *pc) begins(t testing.TB, name byte, at int) *pc {
	t.Helper()
	n := p.copied()
	n.Genesis.Incarnation = dossier.Incarnation{name}
	n.Genesis.Previous, n.Genesis.CommonSeq, n.Genesis.CommonHash = p.Genesis.Incarnation, uint64(at), p.hashAt(at)
	n.Head, n.entries = dossier.Head{Chain: n.Genesis.Chain, Hash: n.Genesis.Hash()}, nil
	n.carry(p.entries[at:]...)
	n.happen(t, healedEvent(int(name)))
	return n
}

func (p *pc) carry(entries ...dossier.Entry) {
	p.Carry(entries...)
	p.entries = append(p.entries, entries...)
}

func healedEvent(i int) dossier.Event {
	return dossier.Event{ID: storetest.EventID(5_000_000 + i), Kind: dossier.Healed, By: "mau", Body: []byte(`{}`)}
}

// hand is an envelope of another's journal as this PC hands it on.
func (p *pc) hand(t testing.TB, of *pc, first, last int) wire.Envelope {
	t.Helper()
	lent := of.copied()
	owner := lent.Key
	to, err := wire.ParseRecipient(p.up.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	e, err := wire.Seal(wire.Run{Chain: of.Genesis, After: uint64(first - 1), Before: of.hashAt(first - 1), Entries: of.entries[first-1 : last]},
		func(h dossier.Head) []byte { return h.Sign(owner) }, p.Key, to)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (p *pc) push(t testing.TB, first, last int) (dossier.Receipt, error) {
	t.Helper()
	return p.up.TakeFrom(context.Background(), p.envelope(t, first, last), true)
}

func (p *pc) mustPush(t testing.TB, first, last int) dossier.Receipt {
	t.Helper()
	r, err := p.push(t, first, last)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// asks says hello as the PC that writes this life, with probes.
func (p *pc) asks(t testing.TB, probes ...wire.Probe) wire.HelloAnswer {
	t.Helper()
	question := wire.Hello{Nonce: wire.NewNonce(), Own: p.Genesis.Chain, Probes: probes,
		Chains: []wire.Held{{Genesis: p.Genesis, Owner: p.Owner(), Seq: p.Head.Seq, Hash: p.Head.Hash}}}.Encode()
	b, err := p.up.Hello(context.Background(), p.Owner(), question)
	if err != nil {
		t.Fatal(err)
	}
	a, err := wire.OpenHelloAnswer(b, p.up.Key(), question)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// kept is what somebody holds of a journal of another, in the envelopes it came in.
type kept struct {
	wire.Header
	entries []dossier.Entry
}

// word is upstream's journals as the PC holds them.
func (p *pc) word(t testing.TB) []kept {
	t.Helper()
	var out []kept
	for _, held := range p.hello(t).Chains {
		if !p.up.Key().Equal(ed25519.PublicKey(held.Owner)) {
			continue
		}
		for at := uint64(0); at < held.Seq; {
			b, err := p.up.Pull(context.Background(), p.Owner(), wire.Pull{Chain: held.Chain, After: at}.Encode())
			if err != nil {
				t.Fatal(err)
			}
			e, err := wire.Read(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			entries, err := e.Open(p.identity, held.Owner)
			if err != nil {
				t.Fatal(err)
			}
			out, at = append(out, kept{e.Header, entries}), e.Last
		}
	}
	return out
}

// handBack gives upstream its own words again.
func (p *pc) handBack(t testing.TB, words ...kept) error {
	t.Helper()
	to, err := wire.ParseRecipient(p.up.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		e, err := wire.Seal(wire.Run{Chain: w.Chain, After: w.First - 1, Before: w.Before, Entries: w.entries}, func(dossier.Head) []byte { return w.Owner }, p.Key, to)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.up.TakeFrom(context.Background(), e, true); err != nil {
			return err
		}
	}
	return nil
}

// backup is a copy of upstream's file as it is now.
func backup(t testing.TB, u *Upstream) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := u.write.Exec("VACUUM INTO ?", filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// putBack is upstream after its file was replaced by that copy.
func putBack(t testing.TB, c *clock, dir string, pcs ...*pc) *Upstream {
	t.Helper()
	u, err := Open(context.Background(), dir, World{Now: c.now, Word: assets.Word, Fault: func(err error) { t.Errorf("upstream: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	for _, p := range pcs {
		p.up = u
	}
	return u
}

func sound(t testing.TB, u *Upstream) {
	t.Helper()
	check, err := u.Verify(context.Background())
	if err != nil || len(check.Faults) > 0 {
		t.Errorf("%v, %v", check.Faults, err)
	}
}

func wantCourse(t testing.TB, u *Upstream, which string, steps int) Case {
	t.Helper()
	c, err := u.Find(context.Background(), which)
	if err != nil || len(c.Course) != steps {
		t.Errorf("%s: %d steps, want %d: %v", which, len(c.Course), steps, err)
	}
	return c
}

func act(i int, of dossier.Event, kind dossier.Kind, body any) dossier.Event {
	return storetest.Act(i, of.Dossier, kind, body, of.ID)
}

func parkedCount(t testing.TB, u *Upstream) int {
	t.Helper()
	w, err := u.Parked(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return len(w)
}

// Fork: a disk image was put back and worked on. The new life is continued, the old stays, nothing is counted twice.
func TestNewLifeIsContinuedFromTheCommonPoint(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2))
	image := p.copied()
	p.happen(t, reception(3))
	p.mustPush(t, 1, 3)
	image.happen(t, reception(4))
	if a := image.asks(t, wire.Probe{Chain: p.Genesis.Chain, Seqs: []uint64{0, 1, 2, 3, 4}}); *a.Current != p.Genesis.Chain || a.Frozen || len(a.Probed) != 4 ||
		a.Probed[2].Hash != p.hashAt(2) || a.Probed[3].Hash == image.hashAt(3) {
		t.Fatalf("%+v", a)
	}
	n := image.begins(t, 9, 2)
	r := n.mustPush(t, 1, 2)
	if r.Chain != n.Genesis.Chain || r.Seq != 2 {
		t.Errorf("%+v", r)
	}
	if a := n.asks(t); *a.Current != n.Genesis.Chain || a.Frozen || len(a.Receipts) != 2 {
		t.Errorf("%+v", a)
	}
	if r, err := image.push(t, 3, 3); err != nil || r.Head != p.Head { // the old life as the PC that has left it knows it: all is held elsewhere
		t.Errorf("%+v, %v", r, err)
	}
	rows, err := u.List(context.Background(), Query{})
	if err != nil || len(rows) != 4 || parkedCount(t, u) != 0 {
		t.Errorf("%d rows, %d parked, %v", len(rows), parkedCount(t, u), err)
	}
	sound(t, u)
}

func TestLifeMustBeginWhereItSays(t *testing.T) {
	u, _, _ := open(t)
	p, other := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Khác", 1)
	for i := range 5 {
		p.happen(t, reception(i))
	}
	p.mustPush(t, 1, 3)
	ahead := p.begins(t, 9, 5)
	_, err := ahead.push(t, 1, 1)
	wantCode(t, err, "journal.gap") // its beginning is not held yet
	wrong := p.begins(t, 10, 2)
	wrong.Genesis.CommonHash[7]++
	wrong.Head, wrong.entries = dossier.Head{Chain: wrong.Genesis.Chain, Hash: wrong.Genesis.Hash()}, nil
	wrong.happen(t, reception(20))
	_, err = wrong.push(t, 1, 1)
	wantCode(t, err, "journal.forked")
	if parkedCount(t, u) != 1 {
		t.Error("what does not fit is not kept")
	}
	orphan := p.begins(t, 11, 2)
	orphan.Genesis.Previous = dossier.Incarnation{77}
	orphan.Head, orphan.entries = dossier.Head{Chain: orphan.Genesis.Chain, Hash: orphan.Genesis.Hash()}, nil
	orphan.happen(t, reception(21))
	_, err = orphan.push(t, 1, 1)
	wantCode(t, err, "journal.unknown")
	foreign := p.begins(t, 12, 2) // a life of another station's PC
	_, err = u.TakeFrom(context.Background(), other.hand(t, foreign, 1, 1), true)
	wantCode(t, err, "envelope.sender")
	forged := p.begins(t, 13, 2) // a sister that signs for another
	sister := enrolled(t, u, 3, "Trạm Mẫu", 2)
	forged.Key = sister.Key
	_, err = u.TakeFrom(context.Background(), sister.hand(t, forged, 1, 1), true)
	wantCode(t, err, "envelope.bad")
	p.mustPush(t, 4, 5)
	ahead.mustPush(t, 1, 1)
	if a := ahead.asks(t); *a.Current != ahead.Genesis.Chain {
		t.Errorf("%+v", a.Current)
	}
	sound(t, u)
}

func TestSisterCannotForgeAnotherPCsJournal(t *testing.T) {
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2))
	p.mustPush(t, 1, 1)
	forged := p.copied()
	forged.Key = sister.Key
	_, err := u.TakeFrom(context.Background(), sister.hand(t, forged, 2, 2), true)
	wantCode(t, err, "envelope.bad")
	wantSound(t, u, 1, 0)
	if r, err := u.TakeFrom(context.Background(), sister.hand(t, p, 1, 2), true); err != nil || r.Head != p.Head { // as it is, she hands it on
		t.Errorf("%+v, %v", r, err)
	}
	if a := p.hello(t); len(a.Receipts) != 1 || a.Receipts[0].Head != p.Head {
		t.Errorf("the owner is told too: %+v", a.Receipts)
	}
	wantSound(t, u, 2, 0)
}

func TestOldEnvelopesAfterANewLifeChangeNothing(t *testing.T) {
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2))
	p.mustPush(t, 1, 2)
	beside := p.begins(t, 8, 1) // another copy's life, on a stick nobody has brought yet
	beside.happen(t, reception(7))
	n := p.begins(t, 9, 1)
	n.asks(t)
	n.mustPush(t, 1, 2)
	for range 2 {
		if r := p.mustTake(t, 1, 2); r.Seq != 2 || r.Chain != p.Genesis.Chain {
			t.Errorf("%+v", r)
		}
		if _, err := u.Take(context.Background(), sister.hand(t, beside, 1, 3)); err != nil { // kept, and not continued
			t.Error(err)
		}
	}
	if a := n.asks(t); *a.Current != n.Genesis.Chain || a.Frozen {
		t.Errorf("%+v", a)
	}
	wantCourse(t, u, numberOf(7), 1)
	n.happen(t, reception(10))
	n.mustPush(t, 3, 3)
	sound(t, u)
}

func TestClosedLifeIsNotContinuedOverTheLine(t *testing.T) {
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	p.mustPush(t, 1, 1)
	p.begins(t, 9, 1).mustPush(t, 1, 1)
	p.happen(t, reception(2))
	p.asks(t)
	_, err := p.push(t, 2, 2)
	wantCode(t, err, "journal.superseded")
	_, err = p.push(t, 1, 1)
	wantCode(t, err, "journal.superseded")
	if _, err := u.TakeFrom(context.Background(), sister.hand(t, p, 2, 2), true); err != nil { // late growth
		t.Error(err)
	}
	wantCourse(t, u, numberOf(2), 1)
	sound(t, u)
}

// What fits nowhere is kept, shown to its owner, given back, and settled once its events stand somewhere.
func TestDivergingEntriesWaitUntilTheirOwnerSaysThemAgain(t *testing.T) {
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	lost := p.copied()
	lost.happen(t, reception(2), reception(3))
	p.happen(t, reception(4))
	p.mustPush(t, 1, 2)
	for range 2 { // kept once
		_, err := u.TakeFrom(context.Background(), sister.hand(t, lost, 2, 2), true)
		wantCode(t, err, "journal.forked")
	}
	_, err := u.TakeFrom(context.Background(), sister.hand(t, lost, 3, 3), true) // goes on from what waits
	wantCode(t, err, "journal.forked")
	if n := parkedCount(t, u); n != 2 {
		t.Fatalf("%d wait", n)
	}
	if _, err := u.Find(context.Background(), numberOf(2)); dossier.Code(err) != "upstream.no-dossier" {
		t.Error("what waits took effect")
	}
	if a := sister.hello(t); len(a.Parked) != 0 {
		t.Error("told to another PC")
	}
	a := p.asks(t)
	if len(a.Parked) != 2 || a.Parked[1] != lost.Head {
		t.Fatalf("%+v", a.Parked)
	}
	for i, head := range a.Parked {
		b, err := u.Pull(context.Background(), p.Owner(), wire.Pull{Chain: head.Chain, Parked: &head.Hash}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		e, err := wire.Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := e.Open(p.identity, p.Owner())
		if err != nil || len(entries) != 1 || entries[0].ID != lost.entries[1+i].ID {
			t.Fatalf("%+v, %v", entries, err)
		}
		p.carry(entries...)
		_, err = u.Pull(context.Background(), sister.Owner(), wire.Pull{Chain: head.Chain, Parked: &head.Hash}.Encode())
		wantCode(t, err, "journal.unknown")
	}
	p.mustPush(t, 3, 4)
	if n := parkedCount(t, u); n != 0 {
		t.Errorf("%d still wait", n)
	}
	if a := p.asks(t); len(a.Parked) != 0 {
		t.Errorf("%+v", a.Parked)
	}
	if alarms, err := u.Alarms(context.Background(), ""); err != nil || len(alarms) != 0 {
		t.Errorf("%+v, %v", alarms, err)
	}
	// Now that all is known, the same envelope is acknowledged, with what is held of the chain.
	if r, err := u.TakeFrom(context.Background(), sister.hand(t, lost, 2, 3), true); err != nil || r.Head != p.Head {
		t.Errorf("%+v, %v", r, err)
	}
	wantCourse(t, u, numberOf(2), 1)
	sound(t, u)
}

func TestWhatWaitsOfOnePCHasALimit(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	p.mustPush(t, 1, 1)
	const each = 60
	flood := &pc{Sister: storetest.NewSister(1), identity: p.identity, up: u}
	body := []byte(`"` + strings.Repeat("a", dossier.MaxBody-2) + `"`)
	n := 0
	var err error
	for ; err == nil || dossier.Code(err) == "journal.forked"; n++ {
		if n > 30 {
			t.Fatal("no limit")
		}
		for i := range each {
			flood.happen(t, dossier.Event{ID: storetest.EventID(9000 + n*each + i), Kind: dossier.TraceOpened, Body: body})
		}
		_, err = flood.take(t, n*each+1, n*each+each)
	}
	wantCode(t, err, "parked.full")
	if n < 16 {
		t.Errorf("full after %d envelopes", n)
	}
	p.happen(t, reception(2)) // the PC itself is served all the same
	p.mustPush(t, 2, 2)
	sound(t, u)
}

// A PC's folder was copied to another PC and both go on: a person decides.
func TestTwoLivingCopiesAreFrozenUntilAPersonDecides(t *testing.T) {
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	second := p.copied()
	p.happen(t, reception(2))
	p.mustPush(t, 1, 2)
	second.happen(t, reception(3))
	second.asks(t)
	b := second.begins(t, 9, 1)
	b.mustPush(t, 1, 2) // the copy forks and is continued
	p.happen(t, reception(4))
	if a := p.asks(t); *a.Current != b.Genesis.Chain {
		t.Fatalf("%+v", a)
	}
	a := p.begins(t, 10, 2) // more of a closed life than is held, and the same before: it lives
	a.asks(t)
	_, err := a.push(t, 1, 2)
	wantCode(t, err, "line.frozen")
	for _, x := range []*pc{a, b} {
		if answer := x.asks(t); !answer.Frozen {
			t.Error("not told")
		}
	}
	b.happen(t, reception(5))
	_, err = b.push(t, 3, 3)
	wantCode(t, err, "line.frozen")
	_, err = u.TakeFrom(context.Background(), sister.hand(t, b, 3, 3), true)
	wantCode(t, err, "journal.forked")
	_, err = u.Take(context.Background(), a.envelope(t, 1, 2)) // a stick
	wantCode(t, err, "journal.forked")
	if n := parkedCount(t, u); n != 2 {
		t.Errorf("%d wait", n)
	}
	alarms, err := u.Alarms(context.Background(), "Trạm Mẫu")
	if err != nil || len(alarms) != 1 || alarms[0].Code != alarmTwoCopies || alarms[0].Desk != 1 {
		t.Errorf("%+v, %v", alarms, err)
	}
	sister.happen(t, reception(6))
	sister.mustPush(t, 1, 1) // nobody else is held up
	if err := u.Thaw(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, u.Thaw(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}), "thaw.not-frozen")
	if answer := a.asks(t); answer.Frozen {
		t.Error("still frozen")
	}
	a.mustPush(t, 1, 2)
	if answer := a.asks(t); *answer.Current != a.Genesis.Chain {
		t.Errorf("%+v", answer.Current)
	}
	if n := parkedCount(t, u); n != 1 { // what only the other copy holds
		t.Errorf("%d wait", n)
	}
	wantCourse(t, u, numberOf(4), 1)
	if alarms, err := u.Alarms(context.Background(), ""); err != nil || len(alarms) != 0 {
		t.Errorf("%+v, %v", alarms, err)
	}
	sound(t, u)
}

func TestCopyThatWasPutBackIsNotFrozen(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	image := p.copied()
	p.happen(t, reception(2))
	p.mustPush(t, 1, 2)
	now := image
	for i := range 3 { // the same image again and again, with more work each time than was held
		worked := now.copied()
		for k := range 4 {
			worked.happen(t, reception(10+10*i+k))
		}
		worked.asks(t)
		n := worked.begins(t, byte(20+i), 1)
		n.asks(t)
		n.mustPush(t, 1, 5)
		if a := n.asks(t); a.Frozen || *a.Current != n.Genesis.Chain {
			t.Fatalf("%+v", a)
		}
	}
	rows, err := u.List(context.Background(), Query{})
	if err != nil || len(rows) != 14 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	sound(t, u)
}

// The first run of another continuation was taken over already and is not kept; what goes on from it is.
func TestTheEndOfAnotherContinuationWaitsThoughItsBeginningIsKnown(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	lost := p.copied()
	lost.happen(t, reception(2), reception(3), reception(4), reception(5))
	p.carry(lost.entries[3])
	p.carry(lost.entries[1])
	p.mustPush(t, 1, 3)
	if r, err := u.TakeFrom(ctx, sister.hand(t, lost, 2, 2), true); err != nil || r.Seq != 3 { // known
		t.Fatalf("%+v, %v", r, err)
	}
	_, err := u.TakeFrom(ctx, sister.hand(t, lost, 5, 5), false) // on a stick, whose first part may come yet
	wantCode(t, err, "journal.gap")
	_, err = p.push(t, 3, 3)
	if err != nil {
		t.Fatal(err)
	}
	_, err = u.TakeFrom(ctx, sister.hand(t, lost, 5, 5), true)
	wantCode(t, err, "journal.forked")
	if w, err := u.Parked(ctx); err != nil || len(w) != 1 || w[0].Event != lost.entries[4].ID {
		t.Errorf("%+v, %v", w, err)
	}
	// The same of a life upstream has not heard of.
	beside := p.copied().begins(t, 9, 1)
	beside.happen(t, reception(6))
	_, err = u.TakeFrom(ctx, sister.hand(t, beside, 4, 4), true)
	wantCode(t, err, "journal.forked")
	if n := parkedCount(t, u); n != 2 {
		t.Errorf("%d wait", n)
	}
	sound(t, u)
}

// A PC's disk and upstream's were put back before its keys were changed. What a sister holds of the life after the change is not lost.
func TestALifeUnderKeysThatBothSidesForgotWaitsInSight(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	lost := p.copied()
	p.happen(t, reception(2))
	p.mustPush(t, 1, 2)
	identity, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	next := storetest.NewSister(99)
	body, err := json.Marshal(dossier.NewKey{Key: next.Owner(), Recipient: identity.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	lost.happen(t, dossier.Event{ID: storetest.EventID(800), Kind: dossier.KeySet, By: "mau", Body: body})
	later := lost.begins(t, 9, 2)
	later.Key = next.Key
	later.happen(t, reception(3))
	_, err = u.TakeFrom(ctx, sister.hand(t, later, 1, 2), true)
	wantCode(t, err, "envelope.bad")
	if r, err := u.TakeFrom(ctx, sister.hand(t, lost, 2, 2), true); err != nil || r.Seq != 2 { // a key is nobody's to say again
		t.Fatalf("%+v, %v", r, err)
	}
	_, err = u.TakeFrom(ctx, sister.hand(t, later, 1, 2), true)
	wantCode(t, err, "journal.forked")
	if w, err := u.Parked(ctx); err != nil || len(w) != 1 || w[0].Event != later.entries[1].ID {
		t.Errorf("%+v, %v", w, err)
	}
	wantCode(t, u.Release(ctx, storetest.EventID(800), "x"), "release.none")
	_, err = u.Hello(ctx, next.Owner(), wire.Hello{Nonce: wire.NewNonce()}.Encode())
	wantCode(t, err, "line.former-key") // it opens nothing
	p.happen(t, reception(4))
	p.mustPush(t, 3, 3)
	sound(t, u)
}

func TestRevokedPCsLaterEntriesAreReleasedOneByOne(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), reception(3))
	p.mustPush(t, 1, 3)
	last := uint64(2)
	if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 1}, &last, "mất cắp"); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Find(ctx, numberOf(3)); dossier.Code(err) != "upstream.no-dossier" {
		t.Error("what came after the last accepted entry counts")
	}
	p.happen(t, reception(4), dossier.Event{ID: storetest.EventID(700), Kind: dossier.Admitted, Body: []byte("{}")}, act(701, reception(1), dossier.HandedOver, "no body"))
	_, err := u.TakeFrom(ctx, sister.hand(t, p, 1, 6), true)
	wantCode(t, err, "journal.forked")
	_, err = p.push(t, 4, 4)
	wantCode(t, err, "line.revoked")
	_, err = u.Take(ctx, p.envelope(t, 4, 6)) // its own stick
	wantCode(t, err, "journal.forked")
	later := p.begins(t, 9, 2)
	_, err = u.Take(ctx, later.envelope(t, 1, 2))
	wantCode(t, err, "journal.forked")
	if r, err := u.TakeFrom(ctx, sister.hand(t, p, 1, 2), true); err != nil || r.Seq != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	waiting, err := u.Parked(ctx)
	if err != nil || len(waiting) != 4 || waiting[0].Event != p.entries[2].ID || waiting[0].Reason != "revoked" || waiting[0].Number != numberOf(3) || waiting[0].Desk != 1 {
		t.Fatalf("%+v, %v", waiting, err)
	}
	wantCode(t, u.Release(ctx, p.entries[2].ID, " "), "release.why")
	if err := u.Release(ctx, p.entries[2].ID, "đã đối chiếu sổ"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, u.Release(ctx, p.entries[2].ID, "lần nữa"), "release.none")
	wantCode(t, u.Release(ctx, storetest.EventID(12345), "x"), "release.none")
	wantCode(t, u.Release(ctx, p.entries[4].ID, "x"), "release.kind") // a thief's word does not become upstream's
	wantCourse(t, u, numberOf(3), 1)
	if err := u.Release(ctx, p.entries[5].ID, "x"); err != nil { // judged as any
		t.Fatal(err)
	}
	var kinds []dossier.Kind
	for _, e := range sister.upstreamsWord(t) {
		kinds = append(kinds, e.Kind)
	}
	if fmt.Sprint(kinds) != "[revoked receive receive receive released hand-over released sent-back]" {
		t.Errorf("%v", kinds)
	}
	if parkedCount(t, u) != 2 {
		t.Errorf("%d wait", parkedCount(t, u))
	}
	held, ok := sister.hello(t).Chain(p.Genesis.Chain)
	if !ok || held.Seq != 0 { // what its owner did not sign there cannot be handed on: upstream says it again, see above
		t.Errorf("%+v", held)
	}
	sound(t, u)
}

func TestRevokedAheadOfWhatIsHeldStillTakesWhatSistersBring(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), dossier.Event{ID: storetest.EventID(700), Kind: dossier.Admitted, By: "mau", Body: []byte("{}")}, reception(3),
		dossier.Event{ID: storetest.EventID(701), Kind: dossier.LayoutKept, By: "mau", Body: []byte("{}")}, reception(4))
	p.mustPush(t, 1, 1)
	last := uint64(5)
	if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 1}, &last, "hỏng máy"); err != nil {
		t.Fatal(err)
	}
	if _, err := u.TakeFrom(ctx, sister.hand(t, p, 2, 2), true); err != nil {
		t.Fatal(err)
	}
	_, err := u.TakeFrom(ctx, sister.hand(t, p, 3, 6), true)
	wantCode(t, err, "journal.forked")
	wantCourse(t, u, numberOf(3), 1)
	word := sister.upstreamsWord(t) // nobody could be shown its owner's signature; a PC's word on who is a PC does not become upstream's
	if len(word) != 3 || word[1].ID != p.entries[3].ID || word[2].ID != p.entries[4].ID {
		t.Errorf("%+v", word)
	}
	if w, err := u.Parked(ctx); err != nil || len(w) != 1 || w[0].Event != p.entries[5].ID {
		t.Errorf("%+v, %v", w, err)
	}
	replacement := enrolled(t, u, 5, "Trạm Mẫu", 1)
	replacement.happen(t, reception(5))
	replacement.mustPush(t, 1, 1)
	sound(t, u)
}

func TestKeysOfThePCsNextLife(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	identity, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	next := storetest.NewSister(99)
	body, err := json.Marshal(dossier.NewKey{Key: next.Owner(), Recipient: identity.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(1), dossier.Event{ID: storetest.EventID(800), Kind: dossier.KeySet, By: "mau", Body: body})
	n := p.begins(t, 9, 2)
	n.Key, n.identity = next.Key, identity
	_, err = n.push(t, 1, 1)
	wantCode(t, err, "line.unknown-device")
	p.mustPush(t, 1, 2)
	n.asks(t)
	n.mustPush(t, 1, 1)
	if a := n.asks(t); *a.Current != n.Genesis.Chain {
		t.Errorf("%+v", a)
	}
	held, _ := n.asks(t).Chain(p.Genesis.Chain)
	if len(n.pull(t, held)) != 2 {
		t.Error("nothing sealed to the new key")
	}
	_, err = p.push(t, 1, 2)
	wantCode(t, err, "line.former-key") // the old key is left behind on the line
	if _, err := u.Take(ctx, p.envelope(t, 1, 2)); err != nil {
		t.Errorf("a parcel of that time: %v", err)
	}
	late := p.begins(t, 12, 1) // and begins no life any more
	late.happen(t, reception(8))
	_, err = u.Take(ctx, late.envelope(t, 1, 3))
	wantCode(t, err, "journal.forked")
	sound(t, u)
}
