package storetest

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"tiepnhan/dossier"
)

// Sister is another writer of a journal: a PC of the same station, or upstream. Everything about it follows from its name.
type Sister struct {
	Genesis dossier.Genesis
	Head    dossier.Head
	Key     ed25519.PrivateKey
}

// NewSister begins a journal.
func NewSister(name byte) *Sister {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = name
	s := &Sister{Key: ed25519.NewKeyFromSeed(seed)}
	s.Genesis.Device[0], s.Genesis.Incarnation[0] = name, name
	s.Head = dossier.Head{Chain: s.Genesis.Chain, Hash: s.Genesis.Hash()}
	return s
}

// Owner is the key others know it by.
func (s *Sister) Owner() ed25519.PublicKey { return s.Key.Public().(ed25519.PublicKey) }

// Append puts events at the end of its journal; what it gives back is what it would send, with Head and Signature.
func (s *Sister) Append(events ...dossier.Event) ([]dossier.Entry, error) {
	var out []dossier.Entry
	for _, e := range events {
		var salt [16]byte
		copy(salt[:], e.ID[:])
		entry, err := dossier.Seal(e, salt)
		if err != nil {
			return nil, err
		}
		out = append(out, entry)
	}
	s.Carry(out...)
	return out, nil
}

// Carry puts entries that others wrote at the end of its journal.
func (s *Sister) Carry(entries ...dossier.Entry) {
	for _, e := range entries {
		s.Head.Seq++
		s.Head.Hash = dossier.NextHash(s.Head.Hash, e.Header())
	}
}

// Signature is its own on its Head.
func (s *Sister) Signature() []byte { return s.Head.Sign(s.Key) }

// Upstream is the enrolment with it as the unit above.
func (s *Sister) Upstream(desk int) dossier.Upstream {
	return dossier.Upstream{Name: "Công an tỉnh Mẫu", Address: "https://127.0.0.1:1", Key: s.Owner(), Chain: s.Genesis, Station: "mau", Desk: desk}
}

// Receipt is its word, as the unit above, that it holds a chain up to there.
func (s *Sister) Receipt(head dossier.Head, number string) dossier.Receipt {
	r := dossier.Receipt{Head: head, Number: number, Station: "mau", At: day0.At(16, 30)}
	r.Sign(s.Key)
	return r
}

// Holder holds chains of others.
type Holder interface {
	Adopt(ctx context.Context, g dossier.Genesis, owner ed25519.PublicKey) error
	Extend(ctx context.Context, head dossier.Head, signature []byte, entries []dossier.Entry) error
}

// Fill gives a store n dossiers as the journal of a sister PC: through the same door as any journal, thousands at a time, each followed
// by its course when a twenty-fifth of all have come after it. So that many are still open, and one in a hundred of the others, which
// nobody has looked at again; the rest has ended.
func Fill(ctx context.Context, to Holder, n int) error {
	pc := NewSister(2)
	if err := to.Adopt(ctx, pc.Genesis, pc.Owner()); err != nil {
		return err
	}
	const atOnce = 5000
	open := max(n/25, 1)
	for from := 0; from < n+open; from += atOnce {
		var events []dossier.Event
		for i := from; i < min(from+atOnce, n+open); i++ {
			if i < n {
				events = append(events, Reception(i, dossier.FormatNumber("MAU", Day(i), 3001+i%perDay)))
			}
			if past := i - open; past >= 0 {
				events = append(events, course(past, past < n-open && past%100 != 37)...)
			}
		}
		entries, err := pc.Append(events...)
		if err != nil {
			return err
		}
		if err := to.Extend(ctx, pc.Head, pc.Signature(), entries); err != nil {
			return err
		}
	}
	return nil
}

// course is what happens to dossier i of Fill after its reception.
func course(i int, ended bool) []dossier.Event {
	received := Reception(i, "")
	at, last := received.At.AddDate(0, 0, 1), received.ID
	var out []dossier.Event
	then := func(kind dossier.Kind, value any) {
		e := dossier.Event{ID: EventID((len(out)+1)<<32 + i), Dossier: received.Dossier, Kind: kind, Bases: []dossier.EventID{last}, By: "mau", At: at, Body: body(value)}
		out, last = append(out, e), e.ID
	}
	forward := dossier.Forward{To: "Công an tỉnh Mẫu", At: at}
	switch way := i / 2 % 10; {
	case !ended && way < 3:
	case !ended && way == 3:
		then(dossier.AskedPapers, dossier.AskPapers{Why: "Thiếu bản sao", At: at})
	case !ended && way < 8:
		then(dossier.Forwarded, forward)
	case !ended:
		then(dossier.Performed, dossier.Perform{At: at})
	case way == 0:
		then(dossier.Withdrawn, dossier.Reason{Why: "Công dân đề nghị", At: at})
	case way < 6:
		then(dossier.Performed, dossier.Perform{At: at})
		then(dossier.HandedBack, dossier.HandBack{To: "Người Mẫu"})
	default:
		then(dossier.Forwarded, forward)
		then(dossier.Decided, dossier.Decision{Approved: true, Document: fmt.Sprintf("%d/QĐ", i), Date: Day(i), By: "Công an tỉnh Mẫu"})
		then(dossier.HandedBack, dossier.HandBack{To: "Người Mẫu"})
	}
	return out
}

// Act is an act on a dossier with that body.
func Act(i int, id dossier.ID, kind dossier.Kind, value any, bases ...dossier.EventID) dossier.Event {
	return dossier.Event{ID: EventID(i), Dossier: id, Kind: kind, Bases: bases, By: "mau", At: day0.At(9, 0), Body: body(value)}
}
