package exchange_test

import (
	"context"
	"fmt"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// rotate changes the PC's keys.
func (p *pc) rotate() {
	p.t.Helper()
	if _, err := p.Rotate(context.Background()); err != nil {
		p.t.Fatalf("rotate: %v", err)
	}
}

// refused sends, and wants that code.
func (p *pc) refused(code string) {
	p.t.Helper()
	_, err := p.Send(context.Background(), nil)
	wantCode(p.t, err, code)
}

// again is a ticket for the PC in use at a desk.
func (h *house) again(p *pc, desk int) string {
	h.t.Helper()
	ticket, err := h.up.TicketAgain(context.Background(), p.name, desk, h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	return ticket.Text()
}

func (p *pc) enrol(ticket string) {
	p.t.Helper()
	if u, err := p.Enrol(context.Background(), ticket); err != nil || u.Desk != 1 {
		p.t.Fatalf("enrol: %+v, %v", u, err)
	}
}

// rung counts the alarms about former keys.
func (h *house) rung() (n int) {
	h.t.Helper()
	alarms, err := h.up.Alarms(context.Background(), "")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range alarms {
		if a.Code == "alarm.former-key" {
			n++
		}
	}
	return n
}

// A disk from before a change of keys was put back: the old key opens nothing, a ticket for the desk does, and the PC changes its keys once
// more, so that the old image is of no use again.
func TestDiskFromBeforeAChangeOfKeysComesBackWithATicket(t *testing.T) {
	ctx := context.Background()
	for name, after := range map[string]func(p *pc){
		"put back":    func(*pc) {},
		"worked on":   func(p *pc) { p.receive(4) },
		"by a backup": func(p *pc) { p.store.Fork(ctx, p.store.Own().Head, dossier.HealedRestored); p.receive(4) },
	} {
		for changes := 1; changes <= 2; changes++ {
			t.Run(fmt.Sprintf("%s after %d", name, changes), func(t *testing.T) {
				h := newHouse(t, aDay())
				one, two := pair(t, h)
				one.receive(1)
				one.send()
				image := one.image()
				old := one.store.SigningKey()
				one.receive(2)
				for range changes {
					one.rotate()
				}
				left := one.store.SigningKey()
				one.receive(3)
				one.send()
				h.decide(one, 1)
				two.send()
				one.putBack(image)
				after(one)
				want := 3
				if name != "put back" {
					want = 4
				}
				held := one.held()
				for range 2 {
					one.refused("line.former-key")
				}
				if one.held() != held {
					t.Error("a former key was given something")
				}
				if n := h.rung(); n != 1 {
					t.Errorf("%d alarms", n)
				}
				ticket := h.again(one, 1)
				one.enrol(ticket)
				_, err := one.Enrol(ctx, ticket)
				wantCode(t, err, "enrol.already")
				one.send()
				if now := one.store.SigningKey(); now.Equal(old) || now.Equal(left) {
					t.Error("it goes on with a key that others may have")
				}
				h.settle(want, one, two)
				one.receive(5)
				two.visit(one.serve()) // the sister pins the newest key, and seals to it
				one.visit(two.serve())
				two.knows(5)
				h.settle(want+1, one, two)
				one.putBack(image)
				one.refused("line.former-key")
			})
		}
	}
}

// held tells how many entries there are here.
func (p *pc) held() (n uint64) {
	p.t.Helper()
	chains, err := p.store.Chains(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range chains {
		if !c.Own {
			n += c.Head.Seq
		}
	}
	return n
}

// An old image in another's hands: it rings, gets nothing and disturbs nobody; and the PC's own ticket is of no use to it once it was used.
func TestThiefOfAnOldDiskGetsNothing(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	thief := one.another()
	one.rotate()
	one.receive(2)
	one.send()
	two.send()
	thief.receive(9)
	thief.refused("line.former-key")
	if _, err := (&exchange.Peers{Client: thief.Client}).Exchange(context.Background(), two.serve()); dossier.Code(err) != "lan.stranger" {
		t.Errorf("a sister answers: %v", err)
	}
	if h.rung() != 1 {
		t.Error("nobody is told")
	}
	one.receive(3)
	h.settle(3, one, two)
	image := one.image()
	one.rotate()
	one.putBack(image)
	ticket := h.again(one, 1)
	one.enrol(ticket)
	one.send()
	if _, err := thief.Enrol(context.Background(), ticket); dossier.Code(err) != "ticket.used" {
		t.Errorf("%v", err)
	}
	thief.refused("line.former-key")
	h.settle(3, one, two)
}

// A ticket for a desk in use lets in the PC in use there and no other.
func TestTicketForADeskInUseIsOnePCs(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	ticket := h.again(one, 1)
	_, err := newPC(t, one.name, 1).Enrol(ctx, ticket)
	wantCode(t, err, "ticket.desk-taken")
	_, err = two.Enrol(ctx, ticket)
	wantCode(t, err, "enrol.device-known")
	other := newHouse(t, aDay())
	foreign, err := other.up.Ticket(ctx, one.name, 1, other.addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = one.Enrol(ctx, foreign.Text())
	wantCode(t, err, "enrol.already")
	one.enrol(ticket) // nothing was amiss, and nothing is
	h.settle(0, one, two)
	_, err = h.up.TicketAgain(ctx, one.name, 3, h.addr)
	wantCode(t, err, "upstream.no-device")
	late := h.again(one, 1)
	if err := h.up.Revoke(ctx, receive.PC{Station: one.name, Desk: 1}, nil, "mất máy"); err != nil {
		t.Fatal(err)
	}
	_, err = one.Enrol(ctx, late) // who was revoked stays outside
	wantCode(t, err, "enrol.device-known")
}

// Where there is no line, the ticket goes on the stick as at the first time.
func TestDiskFromBeforeAChangeOfKeysComesBackByStick(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	image := one.image()
	one.rotate()
	one.receive(2)
	one.send()
	one.putBack(image)
	one.receive(3)
	dir := t.TempDir()
	if _, err := one.EnrolAsk(ctx, wire.SystemDisk{}, dir, h.again(one, 1)); err != nil {
		t.Fatal(err)
	}
	if out, err := h.up.EnrolStick(ctx, wire.SystemDisk{}, dir); err != nil || len(out) != 1 || out[0].Problem != nil {
		t.Fatalf("%+v, %v", out, err)
	}
	if _, err := one.EnrolTake(ctx, dir); err != nil {
		t.Fatal(err)
	}
	down := t.TempDir()
	if _, err := h.up.Export(ctx, wire.SystemDisk{}, down, one.name, nil); err != nil {
		t.Fatal(err)
	}
	if in, err := one.Import(ctx, down, nil); err != nil || in.Taken == 0 {
		t.Fatalf("%+v, %v", in, err)
	}
	if _, err := one.store.Dossier(ctx, storetest.DossierID(2)); err != nil {
		t.Errorf("what it had forgotten did not come home: %v", err)
	}
	h.settle(3, one, two)
}

// An image made while the keys were being changed has the next ones: it needs nobody.
func TestDiskFromWithinAChangeOfKeysGoesOnByItself(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	for at := 0; ; at++ {
		before := one.store.SigningKey()
		f := planned(at, "answer lost")
		one.Wrap = f.wrap
		if _, err := one.Rotate(context.Background()); err == nil {
			t.Fatalf("call %d was not cut", at)
		}
		one.Wrap = nil
		if !one.store.SigningKey().Equal(before) {
			break
		}
		image := one.image()
		one.rotate()
		one.receive(10 + at)
		one.send()
		now := one.store.SigningKey()
		one.putBack(image)
		one.send()
		if !one.store.SigningKey().Equal(now) {
			t.Errorf("cut at %d: another key", at)
		}
		h.settle(2+at, one, two)
		if at > 9 {
			t.Fatal("no end of calls")
		}
	}
}

// Upstream was put back to before a PC changed its keys: a key it knows names the next, and nobody is needed.
func TestUpstreamFromBeforeAPCsChangeOfKeysLearnsIt(t *testing.T) {
	for changes := 1; changes <= 3; changes++ {
		for _, enrolled := range []bool{true, false} {
			t.Run(fmt.Sprint(changes, enrolled), func(t *testing.T) {
				h := newHouse(t, aDay())
				empty := h.image()
				one := newPC(t, "Trạm Mẫu", 1)
				h.admitPC(one)
				one.receive(1)
				one.send()
				image := h.image()
				if !enrolled {
					image = empty
				}
				for i := range changes {
					one.rotate()
					one.receive(10 + i)
				}
				one.send()
				h.decide(one, 1)
				one.send()
				now := one.store.SigningKey()
				h.putBack(image)
				one.receive(20)
				h.settle(changes+2, one)
				if !one.store.SigningKey().Equal(now) {
					t.Error("the key was changed once more")
				}
				if h.rung() != 0 {
					t.Error("it rang")
				}
			})
		}
	}
}

// The same, where a ticket is used before the keys between could speak: what they signed is known by their names alone, whatever upstream knew of
// the first change.
func TestPCLetInWithATicketBringsLivesUnderKeysBetween(t *testing.T) {
	for at, cut := 0, true; cut; at++ {
		h := newHouse(t, aDay())
		one, two := pair(t, h)
		one.receive(1)
		one.send()
		one.Wrap = planned(at, "answer lost").wrap
		_, err := one.Rotate(context.Background())
		cut = err != nil
		one.Wrap = nil
		image := h.image()
		for i := range 3 {
			one.rotate()
			one.receive(10 + i)
		}
		one.send()
		two.send()
		h.putBack(image)
		one.enrol(h.again(one, 1))
		one.receive(20)
		h.settle(5, one, two)
		if at > 9 {
			t.Fatal("no end of calls")
		}
	}
}

// Upstream was put back to before a PC was there at all, and its admission names keys that are not those of its first journal.
func TestPCComesBackByAnAdmissionOfItsLaterKeys(t *testing.T) {
	for changes := 1; changes <= 3; changes++ {
		h := newHouse(t, aDay())
		empty := h.image()
		one, two := pair(t, h)
		one.receive(1)
		one.send()
		for i := range changes {
			one.rotate()
			one.receive(10 + i)
		}
		one.enrol(h.again(one, 1))
		one.send()
		h.putBack(empty)
		one.receive(20)
		one.send()
		h.settle(changes+2, one, two)
	}
}

// Both at once, one after the other: a person is needed for the first only.
func TestBothSidesFromBeforeAChangeOfKeys(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	pcs, up := one.image(), h.image()
	one.rotate()
	one.receive(2)
	one.send()
	later := h.image()
	one.putBack(pcs)
	one.enrol(h.again(one, 1))
	one.receive(3)
	one.send()
	h.putBack(up) // knows the first key only
	h.settle(3, one, two)
	h.putBack(later) // knows one that nobody has
	one.refused("line.former-key")
	one.enrol(h.again(one, 1))
	h.settle(3, one, two)
}

// Upstream was put back to before its own change of keys. A PC never goes back to a key by itself; with a ticket it does.
func TestUpstreamFromBeforeItsOwnChangeOfKeysIsTakenBackWithATicket(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	image := h.image()
	h.changeKeys(one, two)
	one.receive(2)
	one.send()
	h.decide(one, 2)
	h.settle(2, one, two)
	h.putBack(image)
	one.refused("line.wrong-key")
	one.receive(3)
	for desk, p := range map[int]*pc{1: one, 2: two} {
		if _, err := p.Enrol(ctx, h.again(p, desk)); err != nil {
			t.Fatal(err)
		}
	}
	h.settle(3, one, two)
	if d, err := one.store.Dossier(ctx, storetest.DossierID(2)); err != nil || d.Decision == nil {
		t.Errorf("the decision is lost: %v", err)
	}
	h.changeKeys(one, two) // and may change them once more
	h.settle(3, one, two)
}

// A copy of upstream's folder from between the announcement and its end has the new key.
func TestUpstreamFromWithinItsOwnChangeOfKeysEndsIt(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	if _, err := h.up.Rotate(ctx); err != nil {
		t.Fatal(err)
	}
	h.settle(1, one, two)
	image := h.image()
	h.finish()
	h.settle(1, one, two)
	h.putBack(image)
	one.refused("line.wrong-key")
	h.finish()
	one.receive(2)
	h.settle(2, one, two)
}

// finish uses upstream's announced key.
func (h *house) finish() {
	h.t.Helper()
	if err := h.up.FinishRotation(context.Background(), true); err != nil {
		h.t.Fatal(err)
	}
	h.stop()
	h.start()
}

// changeKeys changes upstream's keys, and every PC hears of it.
func (h *house) changeKeys(pcs ...*pc) {
	h.t.Helper()
	if _, err := h.up.Rotate(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	for _, p := range pcs {
		p.send()
		p.send()
	}
	h.finish()
	for _, p := range pcs {
		p.send()
	}
}

// A backup was restored before the PC ever spoke with upstream: its first life is not the one that enrols.
func TestLivesFromBeforeTheEnrolmentGoUp(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	p.receive(1)
	for i := 2; i < 4; i++ {
		if _, err := p.store.Fork(context.Background(), p.store.Own().Head, dossier.HealedRestored); err != nil {
			t.Fatal(err)
		}
		p.receive(i)
	}
	h.admitPC(p)
	h.settle(3, p)
}

// What waits of a frozen PC names its next keys. Once a person has let it send again, that is the same word as any, and the keys are not left ones.
func TestFrozenPCThatNamedItsNextKeysOnAStickChangesThem(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1)
	p.send()
	q := p.another()
	p.receive(2)
	p.send()
	q.receive(3)
	q.send()
	p.receive(4)
	p.refused("line.frozen")
	_, err := p.Rotate(ctx)
	wantCode(t, err, "line.frozen")
	h.reads(p.stick())
	if err := h.up.Thaw(ctx, receive.PC{Station: p.name, Desk: 1}); err != nil {
		t.Fatal(err)
	}
	p.rotate()
	h.settle(4, p)
	if h.rung() != 0 {
		t.Error("it rings")
	}
}

// Upstream was put back to before a station was there. The keeper misses it and makes a ticket; its PCs come back by themselves, or with the ticket. What
// upstream says from then on is its word to all of them, its next keys among it.
func TestStationThatIsMadeAnewHearsOneUpstream(t *testing.T) {
	ctx := context.Background()
	for _, used := range []bool{false, true} {
		h := newHouse(t, aDay())
		empty := h.image()
		one, two := pair(t, h)
		one.receive(1)
		one.send()
		h.putBack(empty)
		ticket, err := h.up.Ticket(ctx, one.name, 1, h.addr)
		if err != nil {
			t.Fatal(err)
		}
		if used {
			one.enrol(ticket.Text())
		}
		h.settle(1, one, two)
		two.visit(one.serve())
		h.changeKeys(one, two)
		two.receive(2)
		h.settle(2, one, two)
		two.visit(one.serve())
	}
}

// Upstream changed its keys, and did not wait for a PC that was away. The line cannot tell it, nor a ticket under a key it never heard of; a stick can.
func TestPCThatMissedUpstreamsChangeOfKeysHearsOfItByStick(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	for range 2 { // it may have missed several
		if _, err := h.up.Rotate(ctx); err != nil {
			t.Fatal(err)
		}
		two.send()
		two.send()
		h.finish() // the keeper does not wait
		two.send()
	}
	one.receive(2)
	one.refused("line.wrong-key")
	_, err := one.Enrol(ctx, h.again(one, 1))
	wantCode(t, err, "enrol.already")
	if ps := h.reads(one.stick()); len(ps) != 0 {
		t.Errorf("%v", ps)
	}
	h.home(one)
	h.settle(2, one, two)
}
