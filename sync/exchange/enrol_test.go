package exchange_test

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// number receives dossier i today, and gives its number.
func (p *pc) number(i int) string {
	p.t.Helper()
	o := dossier.Opening{ID: storetest.DossierID(i), Series: dossier.IntakeSeries, Day: dossier.DateOf(day)}
	d, err := p.store.Receive(context.Background(), o, func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(i, number)}, nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return d.Number
}

// I12: the PC at a desk is gone, with receipts in people's hands of which nobody else has heard. Whoever takes its place does not hand out their
// numbers again, neither before its first exchange nor after it, whether it was paired over the line or by stick.
func TestReplacementPCHandsOutNoNumberOfThePCThatIsGone(t *testing.T) {
	ctx := context.Background()
	for _, stick := range []bool{false, true} {
		h := newHouse(t, aDay())
		one := newPC(t, "Trạm Mẫu", 1)
		h.admitPC(one)
		given := map[string]bool{}
		gives := func(p *pc, i int) {
			t.Helper()
			if n := p.number(i); given[n] {
				t.Errorf("by stick %v: %s was given already", stick, n)
			} else {
				given[n] = true
			}
		}
		for at := range 2 { // replaced twice in one day
			gives(one, 10*at+1)
			gives(one, 10*at+2) // and the line is down
			if err := h.up.Revoke(ctx, receive.PC{Station: one.name, Desk: 1}, nil, "máy hỏng"); err != nil {
				t.Fatal(err)
			}
			one = newPC(t, "Trạm Mẫu", 2+at) // as it was set up; the ticket says otherwise
			ticket, err := h.up.Ticket(ctx, one.name, 1, h.addr)
			if err != nil {
				t.Fatal(err)
			}
			if stick {
				dir := t.TempDir()
				if _, err := one.EnrolAsk(ctx, wire.SystemDisk{}, dir, ticket.Text()); err != nil {
					t.Fatal(err)
				}
				if _, err := h.up.EnrolStick(ctx, wire.SystemDisk{}, dir); err != nil {
					t.Fatal(err)
				}
				_, err = one.EnrolTake(ctx, dir)
			} else {
				_, err = one.Enrol(ctx, ticket.Text())
			}
			if err != nil {
				t.Fatal(err)
			}
			gives(one, 10*at+3)
			one.send()
			gives(one, 10*at+4)
		}
	}
}

// A station works without an upstream, restores a backup or two, and is paired only then: what it wrote before each of them goes up too, and is not
// called sent before.
func TestWhatWasWrittenInEarlierLivesGoesUpFromAPCThatIsPairedLater(t *testing.T) {
	ctx := context.Background()
	for _, stick := range []bool{false, true} {
		h := newHouse(t, aDay())
		one := newPC(t, "Trạm Mẫu", 1)
		for life := range 3 {
			one.receive(10*life+1, 10*life+2)
			if _, err := one.store.Fork(ctx, one.store.Own().Head, dossier.HealedRestored); err != nil {
				t.Fatal(err)
			}
		}
		image := one.image()
		one.receive(91)
		one.putBack(image) // forgotten, and in nobody's hands
		one.receive(31)
		ticket, err := h.up.Ticket(ctx, one.name, 1, h.addr)
		if err != nil {
			t.Fatal(err)
		}
		if stick {
			dir, up := t.TempDir(), t.TempDir()
			if _, err := one.EnrolAsk(ctx, wire.SystemDisk{}, dir, ticket.Text()); err != nil {
				t.Fatal(err)
			}
			if _, err := h.up.EnrolStick(ctx, wire.SystemDisk{}, dir); err != nil {
				t.Fatal(err)
			}
			if _, err := one.EnrolTake(ctx, dir); err != nil {
				t.Fatal(err)
			}
			if _, err := one.Export(ctx, wire.SystemDisk{}, up, day, nil); err != nil {
				t.Fatal(err)
			}
			if in, err := h.up.Import(ctx, up, nil); err != nil || in.Taken == 0 {
				t.Fatalf("%+v, %v", in, err)
			}
			if rows, err := h.up.List(ctx, receive.Query{Limit: 100}); err != nil || len(rows) != 7 {
				t.Errorf("upstream has %d dossiers of 7 by stick: %v", len(rows), err)
			}
		} else if _, err := one.Enrol(ctx, ticket.Text()); err != nil {
			t.Fatal(err)
		}
		two := newPC(t, "Trạm Mẫu", 2)
		h.admitPC(two)
		h.settle(7, one, two)
	}
}
