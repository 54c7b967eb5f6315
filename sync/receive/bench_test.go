package receive

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

// sealed are n full envelopes of a PC's journal: receptions, and at each three acts or traces, as a day has them.
func sealed(b *testing.B, p *pc, n int) []wire.Envelope {
	b.Helper()
	for i := 0; len(p.entries) < n*wire.MaxEntries; i++ {
		one := reception(i)
		p.happen(b, one, storetest.Act(1_000_000+3*i, one.Dossier, dossier.HandedOver, dossier.HandOver{}, one.ID),
			dossier.Event{ID: storetest.EventID(1_000_001 + 3*i), Dossier: one.Dossier, Kind: dossier.TracePrinted, By: "mau", At: one.At, Body: []byte("{}")},
			dossier.Event{ID: storetest.EventID(1_000_002 + 3*i), Dossier: one.Dossier, Kind: dossier.TraceOpened, By: "mau", At: one.At, Body: []byte("{}")})
	}
	var out []wire.Envelope
	to, err := wire.ParseRecipient(p.up.Recipient())
	if err != nil {
		b.Fatal(err)
	}
	at := dossier.Head{Chain: p.Genesis.Chain, Hash: p.Genesis.Hash()}
	for len(out) < n {
		e, err := wire.Seal(wire.Run{Chain: p.Genesis, After: at.Seq, Before: at.Hash, Entries: p.entries[at.Seq : at.Seq+wire.MaxEntries]},
			func(h dossier.Head) []byte { return h.Sign(p.Key) }, p.Key, to)
		if err != nil {
			b.Fatal(err)
		}
		out, at = append(out, e), e.Head()
	}
	return out
}

// Floor: 3,000 entries a second into SQLite, each envelope durable before its receipt.
func BenchmarkPush(b *testing.B) {
	u, _, _ := open(b)
	p := enrolled(b, u, 1, "Trạm Mẫu", 1)
	envelopes := sealed(b, p, b.N)
	b.ResetTimer()
	for _, e := range envelopes {
		if _, err := u.TakeFrom(context.Background(), e, true); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*wire.MaxEntries)/b.Elapsed().Seconds(), "entries/s")
}

// Floor: 10,000 entries a second, when all of it is held.
func BenchmarkFullRepeat(b *testing.B) {
	u, _, _ := open(b)
	p := enrolled(b, u, 1, "Trạm Mẫu", 1)
	envelopes := sealed(b, p, 30)
	for _, e := range envelopes {
		if _, err := u.TakeFrom(context.Background(), e, true); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for i := range b.N {
		if _, err := u.TakeFrom(context.Background(), envelopes[i%len(envelopes)], true); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*wire.MaxEntries)/b.Elapsed().Seconds(), "entries/s")
}
