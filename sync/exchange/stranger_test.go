package exchange_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// stick is a new one with what the PC has for others.
func (p *pc) stick() string {
	p.t.Helper()
	dir := p.t.TempDir()
	p.onto(dir)
	return dir
}

func (p *pc) onto(dir string) {
	p.t.Helper()
	if _, err := p.Export(context.Background(), wire.SystemDisk{}, dir, day, nil); err != nil {
		p.t.Fatal(err)
	}
}

// home takes in what upstream has for a PC, by stick.
func (h *house) home(p *pc) {
	h.t.Helper()
	dir := h.t.TempDir()
	if _, err := h.up.Export(context.Background(), wire.SystemDisk{}, dir, p.name, nil); err != nil {
		h.t.Fatal(err)
	}
	if _, err := p.Import(context.Background(), dir, nil); err != nil {
		h.t.Fatal(err)
	}
}

// reads has upstream take in a stick, and gives what it says of the parcels that are for it.
func (h *house) reads(dir string) (out dossier.Problems) {
	h.t.Helper()
	in, err := h.up.Import(context.Background(), dir, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, one := range in.Parcels {
		if one.To == h.up.Name {
			out = append(out, one.Problem...)
		}
	}
	return out
}

// rings tells whether upstream rings for something.
func (h *house) rings(code string) bool {
	h.t.Helper()
	alarms, err := h.up.Alarms(context.Background(), "")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range alarms {
		if a.Code == code {
			return true
		}
	}
	return false
}

func (h *house) waiting() []receive.Waiting {
	h.t.Helper()
	out, err := h.up.Parked(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *house) revoke(p *pc, desk int) {
	h.t.Helper()
	if err := h.up.Revoke(context.Background(), receive.PC{Station: p.name, Desk: desk}, nil, "Thay máy"); err != nil {
		h.t.Fatal(err)
	}
}

// Upstream was put back to before a PC was there at all, and the station has no line: its stick says who it is, whatever keys it has by now.
func TestForgottenPCIsKnownAgainByItsStick(t *testing.T) {
	for changes := range 3 {
		for _, knows := range []bool{false, true} { // upstream knows the PC, and not its later keys
			t.Run(fmt.Sprint(changes, knows), func(t *testing.T) {
				ctx := context.Background()
				h := newHouse(t, aDay())
				image := h.image()
				one := newPC(t, "Trạm Mẫu", 1)
				h.admitPC(one)
				one.receive(1)
				if knows {
					one.send()
					image = h.image()
				}
				for i := range changes {
					one.rotate()
					one.receive(10 + i)
				}
				one.send()
				h.putBack(image)
				one.receive(20)
				for range 2 { // the first shows upstream who it is, and what comes home shows the PC what upstream lacks
					for _, p := range h.reads(one.stick()) {
						if p.Code != "parcel.early" {
							t.Errorf("%+v", p)
						}
					}
					h.home(one)
				}
				if ps := h.reads(one.stick()); len(ps) != 0 {
					t.Errorf("%v", ps)
				}
				if q, err := one.store.Queue(ctx); err != nil || q.Acts != 0 {
					t.Errorf("%d acts wait, %v", q.Acts, err)
				}
				if got := h.rings("alarm.returned"); got == knows {
					t.Errorf("rings: %v", got)
				}
				h.settle(changes+2, one)
			})
		}
	}
}

// What a sister hands back of upstream's word is heard first, whatever lies first on the stick: then nobody has to come back.
func TestUpstreamsWordOnAStickComesBeforeTheAdmission(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
	h.admitPC(one)
	image := h.image()
	h.admitPC(two)
	two.receive(1)
	two.send()
	one.send()
	h.putBack(image)
	h.home(one)
	two.receive(2)
	for _, order := range [][]*pc{{one, two}, {two, one}} {
		dir := t.TempDir()
		for _, p := range order {
			p.onto(dir)
		}
		if ps := h.reads(dir); len(ps) != 0 {
			t.Errorf("%v", ps)
		}
	}
	if h.rings("alarm.returned") || h.rings("alarm.outside") {
		t.Error("it rings")
	}
	h.settle(2, one, two)
}

// replaced is a station whose PC was replaced, and upstream was put back to before that: it knows the old one alone.
func replaced(t *testing.T) (h *house, one *pc) {
	h = newHouse(t, aDay())
	old := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(old)
	image := h.image()
	h.revoke(old, 1)
	one = newPC(t, "Trạm Mẫu", 2)
	h.admitPC(one)
	one.receive(1)
	one.send()
	h.putBack(image)
	one.receive(2)
	return h, one
}

// Who has the desk is for a person: what the stick of a PC brings that upstream has forgotten waits in sight, and the PC gets no right by it.
func TestForgottenPCWhoseDeskIsTakenWaitsInSight(t *testing.T) {
	ctx := context.Background()
	h, one := replaced(t)
	dir := one.stick()
	for range 2 {
		if ps := h.reads(dir); dossier.Code(ps) != "parcel.outside" {
			t.Errorf("%v", ps)
		}
	}
	for _, w := range h.waiting() {
		if w.Reason != "outside" || w.Desk != 1 {
			t.Errorf("%+v", w)
		}
	}
	if len(h.waiting()) == 0 || !h.rings("alarm.outside") {
		t.Errorf("%d wait", len(h.waiting()))
	}
	one.refused("line.unknown-device")
	out, err := h.up.Export(ctx, wire.SystemDisk{}, t.TempDir(), one.name, nil)
	if err != nil || len(out.Parcels) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	h.revoke(one, 1) // the old one
	one.receive(3)
	if ps := h.reads(one.stick()); dossier.Code(ps) != "parcel.early" { // of what upstream had received for
		t.Errorf("%v", ps)
	}
	if h.rings("alarm.outside") || !h.rings("alarm.returned") {
		t.Error("it is known again")
	}
	one.send()
	h.settle(3, one)
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

// The PC is gone for good: a person lets through what its stick brought, one by one.
func TestWhatAForgottenPCBroughtIsReleased(t *testing.T) {
	ctx := context.Background()
	h, one := replaced(t)
	h.reads(one.stick())
	for _, w := range h.waiting() {
		if err := h.up.Release(ctx, w.Event, "Đã hỏi cán bộ"); err != nil && dossier.Code(err) != "release.kind" {
			t.Fatal(err)
		}
	}
	if d, err := h.up.Find(ctx, storetest.DossierID(2).String()); err != nil || len(d.Course) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	h.sound()
}

// Upstream was put back, and the PC broke before it heard of that: its last stick goes on from what upstream has lost. It waits in sight, and
// stands in its place once another hands in the rest: nobody comes with the stick again.
func TestLastStickOfADeadPCWaitsForWhatComesBeforeIt(t *testing.T) {
	for changes := range 3 { // of keys, each with a new life
		for _, behind := range []bool{false, true} { // the PC was put back too, and goes on in a life of which only the stick tells
			t.Run(fmt.Sprint(changes, behind), func(t *testing.T) {
				h := newHouse(t, aDay())
				one, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
				h.admitPC(one)
				h.admitPC(two)
				at := h.image()
				one.receive(1)
				for range changes {
					one.rotate()
				}
				image := one.image()
				one.receive(2)
				one.send()
				two.send()
				if behind {
					one.putBack(image)
					h.home(one)
				}
				h.putBack(at)
				one.receive(3)
				dir := one.stick()
				for range 2 {
					if ps := h.reads(dir); dossier.Code(ps) != "parcel.early" {
						t.Errorf("%v", ps)
					}
				}
				acts := 0
				for _, w := range h.waiting() {
					if w.Dossier == storetest.DossierID(3) && w.Reason == "early" {
						acts++
					}
				}
				if acts != 2 {
					t.Errorf("%d acts wait", acts)
				}
				h.settle(3, two)
				if w := h.waiting(); len(w) != 0 {
					t.Errorf("%+v", w)
				}
			})
		}
	}
}

// Nobody has the rest: a person lets through what the stick brought. So it is where the PC is revoked first.
func TestLastStickOfADeadPCIsReleased(t *testing.T) {
	for _, first := range []bool{false, true} {
		ctx := context.Background()
		h := newHouse(t, aDay())
		one := newPC(t, "Trạm Mẫu", 1)
		h.admitPC(one)
		image := h.image()
		one.receive(1)
		one.send()
		h.putBack(image)
		one.receive(2)
		dir, want := one.stick(), "parcel.early"
		if first {
			h.revoke(one, 1)
			want = "parcel.parked"
		}
		if ps := h.reads(dir); dossier.Code(ps) != want {
			t.Errorf("%v", ps)
		}
		if !first {
			h.revoke(one, 1)
		}
		for _, w := range h.waiting() {
			if err := h.up.Release(ctx, w.Event, "Đã hỏi cán bộ"); err != nil && dossier.Code(err) != "release.kind" {
				t.Fatal(err)
			}
		}
		if d, err := h.up.Find(ctx, storetest.DossierID(2).String()); err != nil || len(d.Course) != 2 {
			t.Errorf("%+v, %v", d, err)
		}
		h.sound()
	}
}

// reclaims counts how often a PC is handed entries to say them again.
type reclaims struct {
	exchange.Store
	n int
}

func (r *reclaims) Reclaim(ctx context.Context, entries []dossier.Entry) (int, error) {
	r.n++
	return r.Store.Reclaim(ctx, entries)
}

// The PC itself comes by the line after its stick: what waits takes its place. It is not pulled over a slow line, nor said again.
func TestPCThatComesAfterItsStickFillsTheGap(t *testing.T) {
	h := newHouse(t, aDay())
	one := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(one)
	image := h.image()
	one.receive(1)
	one.send()
	h.putBack(image)
	one.receive(2)
	h.reads(one.stick())
	if len(h.waiting()) == 0 {
		t.Error("nothing waits")
	}
	counts := &reclaims{Store: one.store}
	one.Client = exchange.New(counts)
	one.send()
	if counts.n != 0 || len(h.waiting()) != 0 {
		t.Errorf("pulled %d times; %+v waits", counts.n, h.waiting())
	}
	h.settle(2, one)
}

// A disk image was put back after that stick: who writes on in the same life takes over what waits.
func TestWhatCameTooEarlyIsTakenOverByAnOlderCopy(t *testing.T) {
	h := newHouse(t, aDay())
	one := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(one)
	at, image := h.image(), one.image()
	one.receive(1)
	one.send()
	h.putBack(at)
	one.receive(2)
	h.reads(one.stick())
	one.putBack(image)
	one.receive(3, 4)
	one.send()
	h.settle(3, one) // the first is lost with upstream's file and with the PC's
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

// A sister hands in the same continuation from further back, after its end was taken over: it is no news by its end.
func TestWhatWaitsFromFurtherBackIsTakenOverToo(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	at, image := h.image(), one.image()
	one.receive(1)
	one.send()
	two.send()
	two.send() // she hears how far it is above
	one.receive(2)
	one.visit(two.serve())
	dir := two.stick()
	h.putBack(at)
	one.putBack(image)
	one.receive(3)
	if ps := h.reads(dir); dossier.Code(ps) != "parcel.early" {
		t.Errorf("%v", ps)
	}
	one.send()
	two.send()
	if len(h.waiting()) == 0 {
		t.Error("nothing waits")
	}
	one.send()
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
	h.settle(3, one, two)
}

// Nor can the older copy read what waits where that was written with keys it never had. It is told so once, and a person lets it through.
func TestWhatCameTooEarlyUnderUnknownKeysIsReleased(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(one)
	at, image := h.image(), one.image()
	one.rotate()
	one.receive(1)
	one.send()
	one.receive(2)
	dir := one.stick()
	h.putBack(at)
	one.putBack(image)
	if ps := h.reads(dir); dossier.Code(ps) != "parcel.early" {
		t.Errorf("%v", ps)
	}
	for _, code := range []string{"parked.unread", ""} {
		_, err := one.Send(ctx, nil)
		wantCode(t, err, code)
	}
	w := h.waiting()
	if len(w) == 0 {
		t.Error("nothing waits")
	}
	for _, e := range w {
		if err := h.up.Release(ctx, e.Event, "Đã hỏi cán bộ"); err != nil && dossier.Code(err) != "release.kind" {
			t.Error(err)
		}
	}
	h.settle(1, one) // the first is lost with upstream's file and with the PC's
}

// What waits names the next keys of a PC in use: nobody has left them, and it comes by the line as it would have without the stick.
func TestKeysThatCameTooEarlyAreNotLeftOnes(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	image := h.image()
	one.receive(2)
	one.send()
	two.send()
	two.send()
	one.rotate()
	one.receive(3)
	one.send()
	two.send() // she has it, and no receipt for it
	h.putBack(image)
	if ps := h.reads(two.stick()); dossier.Code(ps) != "parcel.early" || len(h.waiting()) == 0 {
		t.Errorf("%v", ps)
	}
	one.send()
	if h.rung() != 0 {
		t.Error("it rings")
	}
	h.settle(3, one, two)
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

// A life of which nothing is ever said again is what the next one rests on, and comes with no other stick.
func TestLifeWithoutActsThatCameTooEarlyCarriesTheNext(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	image := h.image()
	one.receive(1)
	one.send()
	two.send()
	for range 2 { // by a backup
		if _, err := one.store.Fork(context.Background(), one.store.Own().Head, dossier.HealedRestored); err != nil {
			t.Fatal(err)
		}
	}
	one.receive(2)
	h.putBack(image)
	if ps := h.reads(one.stick()); dossier.Code(ps) != "parcel.early" {
		t.Errorf("%v", ps)
	}
	h.settle(2, two)
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

// So it does where a sister comes by the line between two files of that stick, with the rest or with something else.
func TestLifeWithoutActsIsKeptWhileItsStickIsRead(t *testing.T) {
	for _, rest := range []bool{false, true} {
		ctx := context.Background()
		h := newHouse(t, aDay())
		one, two := pair(t, h)
		three := newPC(t, "Trạm Mẫu", 3)
		h.admitPC(three)
		image := h.image()
		one.receive(1)
		one.send()
		two.send()
		for range 2 { // by a backup
			if _, err := one.store.Fork(ctx, one.store.Own().Head, dossier.HealedRestored); err != nil {
				t.Fatal(err)
			}
		}
		one.receive(2)
		h.putBack(image)
		files := 0
		if _, err := h.up.Import(ctx, one.stick(), func(dossier.SendStep) {
			if rest {
				two.send()
				return
			}
			files++
			three.receive(10 + files)
			three.send()
		}); err != nil {
			t.Fatal(err)
		}
		h.settle(2+files, two, three)
		if w := h.waiting(); len(w) != 0 {
			t.Errorf("%+v", w)
		}
	}
}

// Another had the desk when the stick was read. Once the PC is known, by its stick or by what a sister hands back, it waits for what comes before it.
func TestWhatCameFromOutsideTakesItsPlaceOnceThePCIsKnown(t *testing.T) {
	for _, again := range []bool{true, false} {
		h := newHouse(t, aDay())
		old, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
		h.admitPC(old)
		h.admitPC(two)
		image := h.image()
		h.revoke(old, 1)
		one := newPC(t, "Trạm Mẫu", 3)
		h.admitPC(one)
		one.receive(1)
		one.send()
		two.send()
		h.putBack(image)
		one.receive(2)
		dir := one.stick()
		if ps := h.reads(dir); dossier.Code(ps) != "parcel.outside" {
			t.Errorf("%v", ps)
		}
		h.revoke(old, 1)
		if again {
			if ps := h.reads(dir); dossier.Code(ps) != "parcel.early" {
				t.Errorf("%v", ps)
			}
		}
		h.settle(2, two)
		if w := h.waiting(); len(w) != 0 {
			t.Errorf("%+v", w)
		}
	}
}

// A new ticket lets it in as at the first time.
func TestForgottenPCOutsideIsLetInWithATicket(t *testing.T) {
	ctx := context.Background()
	h, one := replaced(t)
	h.reads(one.stick())
	ticket, err := h.up.Ticket(ctx, one.name, 2, h.addr)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := one.Enrol(ctx, ticket.Text()); err != nil || u.Desk != 2 {
		t.Fatalf("%+v, %v", u, err)
	}
	h.settle(2, one)
	if w := h.waiting(); len(w) != 0 {
		t.Errorf("%+v", w)
	}
}

// After restores two PCs may have been admitted to one desk. Nobody else can tell which of them goes.
func TestKeeperChoosesBetweenTwoPCsAtOneDesk(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two, three := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2), newPC(t, "Trạm Mẫu", 3)
	h.admitPC(one)
	image := h.image()
	h.admitPC(two)
	two.receive(1)
	two.send()
	one.send()
	h.putBack(image)
	h.admitPC(three) // to the desk that is free, as far as upstream knows
	one.send()
	if !h.rings("alarm.two-desks") {
		t.Fatal("two have one desk, and nobody is told")
	}
	desk := receive.PC{Station: one.name, Desk: 2}
	for _, do := range []func() error{
		func() error { return h.up.Revoke(ctx, desk, nil, "x") },
		func() error { return h.up.Thaw(ctx, desk) },
		func() error { _, err := h.up.Written(ctx, desk, 10); return err },
	} {
		err := do()
		wantCode(t, err, "upstream.two-devices")
		for _, p := range []*pc{two, three} {
			if id := p.store.Own().Device.String(); !strings.Contains(fmt.Sprint(err), id) {
				t.Errorf("%v does not name %s", err, id)
			}
		}
	}
	desk.Device = one.store.Own().Device
	wantCode(t, h.up.Revoke(ctx, desk, nil, "x"), "upstream.no-device") // it sits elsewhere
	desk.Device = two.store.Own().Device
	if w, err := h.up.Written(ctx, desk, 1); err != nil || len(w) != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	desk.Device = three.store.Own().Device
	if err := h.up.Revoke(ctx, desk, nil, "Đã thay bằng máy khác"); err != nil {
		t.Fatal(err)
	}
	if h.rings("alarm.two-desks") {
		t.Error("it rings on")
	}
	three.refused("line.revoked")
	h.settle(1, one, two)
}

// The line breaks, or spoils an answer, anywhere: who holds anything of a PC holds upstream's word that it is one of the station, and can hand that back with it.
func TestWhoHoldsWhatAPCWroteKnowsWhoItIs(t *testing.T) {
	ctx := context.Background()
	for _, fault := range []string{"answer lost", "answer damaged"} {
		for at, cut := 0, true; cut; at++ {
			h := newHouse(t, aDay())
			one, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
			h.admitPC(one)
			image := h.image()
			ticket, err := h.up.Ticket(ctx, two.name, 2, h.addr)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := two.Enrol(ctx, ticket.Text()); err != nil {
				t.Fatal(err)
			}
			two.receive(1)
			h.putBack(image)
			two.Wrap = planned(2, "answer lost").wrap // hello, return, and the next hello is lost
			if _, err := two.Send(ctx, nil); err == nil {
				t.Fatal("nothing was cut")
			}
			two.Wrap = nil
			if _, err := h.up.Restored(ctx); err != nil { // its journal goes on in a life that is younger than the PC's
				t.Fatal(err)
			}
			two.send()
			one.Wrap = planned(at, fault).wrap
			_, err = one.Send(ctx, nil)
			cut = err != nil
			chains, err := one.store.Chains(ctx)
			if err != nil {
				t.Fatal(err)
			}
			roster, err := one.store.Roster(ctx)
			if err != nil {
				t.Fatal(err)
			}
			held := false
			for _, c := range chains {
				held = held || c.Device == two.store.Own().Device && c.Head.Seq > 0
			}
			if held && len(roster) < 2 {
				t.Errorf("call %d was cut: its journal is here, and it is not known", at)
			}
			if at > 20 {
				t.Fatal("no end of calls")
			}
		}
	}
}

// It changed its keys, and its stick brought the whole of its journal: that names the keys it has, which nobody takes for left ones.
func TestForgottenPCThatChangedItsKeysIsLetInFromOutside(t *testing.T) {
	for _, how := range []string{"line", "stick", "ticket"} {
		t.Run(how, func(t *testing.T) {
			h := newHouse(t, aDay())
			old := newPC(t, "Trạm Mẫu", 1)
			h.admitPC(old)
			image := h.image()
			h.revoke(old, 1)
			one, two := newPC(t, "Trạm Mẫu", 2), newPC(t, "Trạm Mẫu", 3)
			h.admitPC(one)
			h.admitPC(two)
			one.receive(1)
			one.rotate()
			one.receive(2)
			one.send()
			two.send()
			h.putBack(image)
			one.receive(3)
			if ps := h.reads(one.stick()); dossier.Code(ps) != "parcel.outside" {
				t.Errorf("%v", ps)
			}
			h.reads(two.stick()) // she is let in, and has all of it
			h.revoke(old, 1)
			switch how {
			case "stick":
				h.reads(one.stick())
			case "ticket":
				ticket, err := h.up.Ticket(context.Background(), one.name, 1, h.addr)
				if err != nil {
					t.Fatal(err)
				}
				one.enrol(ticket.Text())
			}
			one.send()
			h.settle(3, one, two)
			if w := h.waiting(); len(w) != 0 || h.rung() != 0 {
				t.Errorf("%+v", w)
			}
		})
	}
}

// Of several strangers on one stick, the one that is let in holds upstream's word on the other: nobody is told to revoke who is in use.
func TestStrangerThatIsLetInBringsUpstreamsWordOnAnother(t *testing.T) {
	h := newHouse(t, aDay())
	old := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(old)
	image := h.image()
	two := newPC(t, "Trạm Mẫu", 2)
	h.admitPC(two)
	h.home(two)
	if _, err := h.up.Restored(context.Background()); err != nil { // what she holds beyond what she last had by stick is a life of its own
		t.Fatal(err)
	}
	h.revoke(old, 1)
	one := newPC(t, "Trạm Mẫu", 3)
	h.admitPC(one)
	one.receive(1)
	one.send()
	two.send()
	one.receive(2)
	dir := t.TempDir()
	for i, p := range []*pc{one, two} { // the one outside lies first
		if err := os.Rename(filepath.Join(p.stick(), wire.ParcelFolder), filepath.Join(dir, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	h.putBack(image)
	for _, p := range h.reads(dir) {
		if p.Code == "parcel.outside" {
			t.Errorf("%+v", p)
		}
	}
	if h.rings("alarm.outside") {
		t.Error("it rings")
	}
	h.settle(2, one, two)
}

// revokedTwiceForgotten is an upstream that was put back to the same copy twice, with a new life of its journal between. A sister hands back the
// word that a PC is revoked before the word that it was admitted.
func revokedTwiceForgotten(t *testing.T) (h *house, thief *pc, again func()) {
	ctx := context.Background()
	h = newHouse(t, aDay())
	other, sister := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
	thief = newPC(t, "Trạm Mẫu", 3)
	h.admitPC(other)
	h.admitPC(sister)
	other.receive(1)
	other.send()
	image := h.image()
	h.admitPC(thief)
	sister.send()
	restored := func() {
		if _, err := h.up.Restored(ctx); err != nil {
			t.Fatal(err)
		}
	}
	restored()
	h.revoke(thief, 3)
	sister.send()
	h.putBack(image)
	h.decide(other, 1)
	other.send()
	restored()
	sister.send()
	sister.send()
	h.putBack(image)
	thief.receive(2)
	return h, thief, func() {
		sister.send()
		sister.send()
		h.settle(1, other, sister)
	}
}

// A revocation ends a PC for good, in whatever order upstream's words come back, and whatever the PC shows.
func TestRevokedPCStaysOutInWhateverOrderUpstreamsWordsComeBack(t *testing.T) {
	ctx := context.Background()
	h, thief, handedBack := revokedTwiceForgotten(t)
	handedBack()
	thief.refused("line.revoked")
	for _, p := range h.reads(thief.stick()) {
		if p.Code != "parcel.parked" && p.Code != "parcel.gap" {
			t.Errorf("%+v", p)
		}
	}
	ticket, err := h.up.Ticket(ctx, thief.name, 3, h.addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = thief.Enrol(ctx, ticket.Text())
	wantCode(t, err, "enrol.device-known")
	if h.rings("alarm.two-desks") {
		t.Error("it rings")
	}
	h.sound()
}
