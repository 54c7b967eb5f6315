package exchange_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
)

// BenchmarkPush300Loopback sends a busy morning, 60 dossiers of five events, from a real store over loopback TLS to a real upstream, and
// keeps the receipts. Making the events is not counted.
func BenchmarkPush300Loopback(b *testing.B) {
	ctx := context.Background()
	h := newHouse(b, time.Now)
	s, err := store.Create(ctx, b.TempDir(), store.Options{NoReserve: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Record(ctx, storetest.SettingsEvent(1)); err != nil {
		b.Fatal(err)
	}
	ticket, err := h.up.Ticket(ctx, "Trạm Mẫu", 1, h.addr)
	if err != nil {
		b.Fatal(err)
	}
	c := exchange.New(s)
	if _, err := c.Enrol(ctx, ticket.Text()); err != nil {
		b.Fatal(err)
	}
	if _, err := c.Send(ctx, nil); err != nil {
		b.Fatal(err)
	}
	next := 0
	for b.Loop() {
		b.StopTimer()
		for range 60 {
			next++
			morning(b, s, next)
		}
		b.StartTimer()
		if sent, err := c.Send(ctx, nil); err != nil || sent.Pushed != 300 {
			b.Fatalf("%+v, %v", sent, err)
		}
	}
}

// morning is what happens to dossier i before noon.
func morning(b *testing.B, s *store.Store, i int) {
	ctx := context.Background()
	id := storetest.DossierID(i)
	opening := dossier.Opening{ID: id, Series: dossier.IntakeSeries, Day: storetest.Day(i)}
	_, err := s.Receive(ctx, opening, func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(i, number)}, nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for k, kind := range []dossier.Kind{dossier.TracePrinted, dossier.HandedOver, dossier.Forwarded, dossier.TraceOpened} {
		e := storetest.Act(1<<24+10*i+k, id, kind, dossier.HandOver{From: "Cán Bộ Mẫu", To: fmt.Sprintf("Chỉ Huy Mẫu %d", i%7)})
		if kind.IsTrace() {
			err = s.Record(ctx, e)
		} else {
			_, err = s.Act(ctx, id, func(dossier.Dossier) (dossier.Event, error) { return e, nil })
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeal300 is one exchange after upstream was restored to before 300 dossiers that it had signed for: finding out, lowering the
// receipts, and sending again. It fails beyond five seconds.
func BenchmarkHeal300(b *testing.B) {
	h := newHouse(b, aDay())
	p := newPC(b, "Trạm Mẫu", 1)
	h.admitPC(p)
	image := h.image()
	for i := range 300 {
		p.receive(i)
	}
	p.send()
	for b.Loop() {
		b.StopTimer()
		h.putBack(image)
		began := time.Now()
		b.StartTimer()
		sent := p.send()
		if took := time.Since(began); took > 5*time.Second {
			b.Fatalf("took %v", took)
		}
		if len(sent.Healed) == 0 || sent.Pushed < 600 {
			b.Fatalf("%+v", sent)
		}
	}
}
