package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"sync"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

// clock is upstream's, and stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// open makes a new upstream on a real file.
func open(t testing.TB) (*Upstream, *clock, string) {
	t.Helper()
	dir := t.TempDir()
	c := &clock{at: time.Date(2026, 11, 20, 16, 30, 0, 0, dossier.Hanoi)}
	u, err := Create(context.Background(), dir, "Công an tỉnh Mẫu", "https://127.0.0.1:8443", World{Now: c.now, Word: assets.Word,
		Fault: func(err error) { t.Errorf("upstream: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	return u, c, dir
}

// pc is a station's PC, as seen from upstream.
type pc struct {
	*storetest.Sister
	identity wire.Identity
	entries  []dossier.Entry
	up       *Upstream
}

func newPC(t testing.TB, u *Upstream, name byte) *pc {
	t.Helper()
	i, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return &pc{Sister: storetest.NewSister(name), identity: i, up: u}
}

// enrolled is a PC that a ticket admitted to a desk of a station.
func enrolled(t testing.TB, u *Upstream, name byte, station string, desk int) *pc {
	t.Helper()
	p := newPC(t, u, name)
	ticket, err := u.Ticket(context.Background(), station, desk, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.enrol(ticket); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pc) enrol(ticket wire.Ticket) (wire.EnrolAnswer, error) {
	question := wire.Enrol{Ticket: ticket.Number, Nonce: wire.NewNonce(), Chain: p.Genesis, Key: p.Owner(), Recipient: p.identity.Recipient()}.
		Prove(ticket.Secret, ticket.Key)
	b, err := p.up.Enrol(context.Background(), p.Owner(), question)
	if err != nil {
		return wire.EnrolAnswer{}, err
	}
	return wire.OpenEnrolAnswer(b, ticket, question)
}

func (p *pc) happen(t testing.TB, events ...dossier.Event) {
	t.Helper()
	entries, err := p.Append(events...)
	if err != nil {
		t.Fatal(err)
	}
	p.entries = append(p.entries, entries...)
}

// envelope seals entries first to last for upstream.
func (p *pc) envelope(t testing.TB, first, last int) wire.Envelope {
	t.Helper()
	return p.sealTo(t, first, last, p.up.Recipient())
}

func (p *pc) sealTo(t testing.TB, first, last int, recipient string) wire.Envelope {
	t.Helper()
	to, err := wire.ParseRecipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	hash := p.Genesis.Hash()
	for _, e := range p.entries[:first-1] {
		hash = dossier.NextHash(hash, e.Header())
	}
	e, err := wire.Seal(wire.Run{Chain: p.Genesis, After: uint64(first - 1), Before: hash, Entries: p.entries[first-1 : last]},
		func(h dossier.Head) []byte { return h.Sign(p.Key) }, p.Key, to)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (p *pc) take(t testing.TB, first, last int) (dossier.Receipt, error) {
	t.Helper()
	return p.up.Take(context.Background(), p.envelope(t, first, last))
}

func (p *pc) mustTake(t testing.TB, first, last int) dossier.Receipt {
	t.Helper()
	r, err := p.take(t, first, last)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// hello asks and opens the answer.
func (p *pc) hello(t testing.TB) wire.HelloAnswer {
	t.Helper()
	question := wire.Hello{Nonce: wire.NewNonce(), Chains: []wire.Held{}}.Encode()
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

// pull takes in a whole chain.
func (p *pc) pull(t testing.TB, held wire.Held) []dossier.Entry {
	t.Helper()
	var out []dossier.Entry
	at := dossier.Head{Hash: held.Genesis.Hash()}
	for at.Seq < held.Seq {
		b, err := p.up.Pull(context.Background(), p.Owner(), wire.Pull{Chain: held.Chain, After: at.Seq}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		e, err := wire.Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := e.Open(p.identity, ed25519.PublicKey(held.Owner))
		if err != nil || e.First != at.Seq+1 || e.Before != at.Hash {
			t.Fatalf("envelope %d to %d after %d: %v", e.First, e.Last, at.Seq, err)
		}
		out, at = append(out, entries...), e.Head()
	}
	if at.Hash != held.Hash {
		t.Fatal("what was pulled does not lead to what hello said")
	}
	return out
}

// upstreamsWord is what upstream said to the PC's station in all lives of its journal, beside who its PCs are.
func (p *pc) upstreamsWord(t testing.TB) []dossier.Entry {
	t.Helper()
	var out []dossier.Entry
	for _, held := range p.hello(t).Chains {
		if !p.up.Key().Equal(ed25519.PublicKey(held.Owner)) {
			continue
		}
		for _, e := range p.pull(t, held) {
			if e.Kind != dossier.Admitted {
				out = append(out, e)
			}
		}
	}
	return out
}

func reception(i int) dossier.Event { return storetest.Reception(i, numberOf(i)) }

func numberOf(i int) string { return fmt.Sprintf("MAU-260105-%04d", i) }

func wantCode(t interface {
	Helper()
	Errorf(string, ...any)
}, err error, want string) {
	t.Helper()
	if got := dossier.Code(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// wantSound checks that upstream's file verifies and holds that many entries of stations and alarms.
func wantSound(t testing.TB, u *Upstream, entries, alarms int) {
	t.Helper()
	check, err := u.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range check.Faults {
		t.Error(f)
	}
	var got, rung int
	if err := u.read.QueryRow("SELECT count(*) FROM entry JOIN chain ON chain.id = entry.chain WHERE NOT own").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if err := u.read.QueryRow("SELECT count(*) FROM alarm").Scan(&rung); err != nil {
		t.Fatal(err)
	}
	if got != entries || rung != alarms {
		t.Errorf("%d entries and %d alarms, want %d and %d", got, rung, entries, alarms)
	}
}
