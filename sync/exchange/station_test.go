package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
)

// station is a station's store in memory. It trusts nobody: what the exchange hands it is checked as if the exchange checked nothing, and a
// test fails where that finds something.
type station struct {
	t  testing.TB
	mu sync.Mutex

	*storetest.Sister
	chains   map[dossier.Chain]*journal
	order    []dossier.Chain
	secrets  map[string][]byte
	upstream *dossier.Upstream
	receipt  *dossier.Receipt
	kept     int   // receipts, counting each time
	full     error // what every change answers
}

type journal struct {
	state   dossier.ChainState
	entries []dossier.Entry
}

func newStation(t testing.TB, name int) *station {
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, uint64(name))
	pc := &storetest.Sister{Key: ed25519.NewKeyFromSeed(seed)}
	copy(pc.Genesis.Device[:], seed[:8])
	copy(pc.Genesis.Incarnation[:], seed[:8])
	pc.Head = dossier.Head{Chain: pc.Genesis.Chain, Hash: pc.Genesis.Hash()}
	s := &station{t: t, Sister: pc, chains: map[dossier.Chain]*journal{}, secrets: map[string][]byte{}}
	s.chains[s.Genesis.Chain] = &journal{state: dossier.ChainState{Genesis: s.Genesis, Owner: s.Sister.Owner(), Own: true, Head: s.Head}}
	s.order = append(s.order, s.Genesis.Chain)
	return s
}

// happen appends events to the station's own journal.
func (s *station) happen(events ...dossier.Event) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := s.Append(events...)
	if err != nil {
		s.t.Fatal(err)
	}
	j := s.chains[s.Genesis.Chain]
	j.entries = append(j.entries, entries...)
	j.state.Head, j.state.Signature = s.Head, s.Signature()
}

func (s *station) Own() dossier.ChainState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.chains[s.Genesis.Chain].state
	state.Receipt = s.receipt
	return state
}

func (s *station) FormerKeys(context.Context) ([]ed25519.PrivateKey, error) { return nil, nil }

func (s *station) SigningKey() ed25519.PrivateKey { return s.Key }

func (s *station) Secret(_ context.Context, name string) ([]byte, error) { return s.secrets[name], nil }

func (s *station) KeepSecret(_ context.Context, name string, secret []byte) error {
	if s.full != nil {
		return s.full
	}
	s.secrets[name] = bytes.Clone(secret)
	return nil
}

// The store in memory heals nothing: what is healed is tested on the real one.
func (s *station) unexpected(what string) error {
	s.t.Errorf("%s was asked for", what)
	return errors.New("unexpected")
}

func (s *station) Record(context.Context, ...dossier.Event) error { return s.unexpected("record") }

func (s *station) Lives(context.Context) ([]dossier.ChainState, error) {
	return []dossier.ChainState{s.Own()}, nil
}

func (s *station) HashAt(_ context.Context, c dossier.Chain, seq uint64) (dossier.Head, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.chains[c]
	if j == nil {
		return dossier.Head{}, false, nil
	}
	at := dossier.Head{Chain: c, Hash: j.state.Genesis.Hash()}
	for _, e := range j.entries[:min(seq, uint64(len(j.entries)))] {
		at.Seq, at.Hash = at.Seq+1, dossier.NextHash(at.Hash, e.Header())
	}
	return at, at.Seq == seq, nil
}

func (s *station) SignedHead(ctx context.Context, c dossier.Chain, after uint64, most int) (dossier.Head, []byte, error) {
	if c != s.Genesis.Chain {
		return dossier.Head{}, nil, nil
	}
	at, _, err := s.HashAt(ctx, c, min(after+uint64(most), s.Own().Head.Seq))
	return at, at.Sign(s.Key), err
}

func (s *station) Recast(context.Context, dossier.Chain, dossier.Head) error {
	return s.unexpected("recast")
}

func (s *station) Alone(context.Context, dossier.Head) ([]dossier.EventID, error) {
	return nil, s.unexpected("look at what stands alone")
}

func (s *station) Fork(context.Context, dossier.Head, string) (dossier.Healing, error) {
	return dossier.Healing{}, s.unexpected("fork")
}

func (s *station) Rotate(context.Context, ed25519.PrivateKey) (dossier.Healing, error) {
	return dossier.Healing{}, s.unexpected("rotate")
}

func (s *station) Reclaim(context.Context, []dossier.Entry) (int, error) {
	return 0, s.unexpected("reclaim")
}

func (s *station) Unclaimed(context.Context, int) ([]dossier.Entry, error) { return nil, nil }

func (s *station) Lower(_ context.Context, c dossier.Chain, r *dossier.Receipt) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c != s.Genesis.Chain || s.receipt == nil || r != nil && r.Seq >= s.receipt.Seq {
		s.t.Errorf("a receipt was lowered to %+v", r)
	}
	s.receipt = r
	return nil
}

func (s *station) SetUpstreamKey(context.Context, dossier.NewKey) error {
	return s.unexpected("another key of upstream")
}

func (s *station) Roster(context.Context) ([]dossier.Admission, error) { return nil, nil }

func (s *station) Chains(context.Context) ([]dossier.ChainState, error) {
	own := s.Own()
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []dossier.ChainState{own}
	for _, c := range s.order[1:] {
		out = append(out, s.chains[c].state)
	}
	return out, nil
}

func (s *station) Entries(_ context.Context, c dossier.Chain, after uint64, limit int) ([]dossier.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.chains[c]
	if j == nil || after > uint64(len(j.entries)) {
		return nil, fmt.Errorf("chain %s has no entry after %d", c, after)
	}
	all := j.entries[after:]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

func (s *station) Adopt(_ context.Context, g dossier.Genesis, owner ed25519.PublicKey) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full != nil {
		return s.full
	}
	if j := s.chains[g.Chain]; j != nil {
		if j.state.Genesis != g || !owner.Equal(j.state.Owner) {
			s.t.Errorf("another beginning of %s was handed over", g.Chain)
		}
		return nil
	}
	s.chains[g.Chain] = &journal{state: dossier.ChainState{Genesis: g, Owner: owner, Head: dossier.Head{Chain: g.Chain, Hash: g.Hash()}}}
	s.order = append(s.order, g.Chain)
	return nil
}

func (s *station) Extend(_ context.Context, head dossier.Head, signature []byte, entries []dossier.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full != nil {
		return s.full
	}
	j := s.chains[head.Chain]
	if j == nil || j.state.Own || !head.SignedBy(j.state.Owner, signature) {
		s.t.Errorf("entries of %s were handed over that its owner did not sign", head.Chain)
		return errors.New("bad entries")
	}
	at := j.state.Head
	for _, e := range entries {
		at.Seq, at.Hash = at.Seq+1, dossier.NextHash(at.Hash, e.Header())
	}
	if at != head {
		s.t.Errorf("entries of %s were handed over that do not follow on", head.Chain)
		return errors.New("bad entries")
	}
	j.entries, j.state.Head, j.state.Signature = append(j.entries, entries...), head, signature
	return nil
}

func (s *station) KeepReceipt(_ context.Context, r dossier.Receipt) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full != nil {
		return s.full
	}
	hash := s.Genesis.Hash()
	own := s.chains[s.Genesis.Chain].entries
	for _, e := range own[:min(int(r.Seq), len(own))] {
		hash = dossier.NextHash(hash, e.Header())
	}
	if !r.SignedBy(s.upstream.Key) || r.Chain != s.Genesis.Chain || r.Hash != hash || s.receipt != nil && r.Seq <= s.receipt.Seq {
		s.t.Errorf("a receipt was handed over that proves nothing (I3): %+v", r)
	}
	s.receipt, s.kept = &r, s.kept+1
	return nil
}

func (s *station) Upstream(context.Context) (dossier.Upstream, bool, error) {
	if s.upstream == nil {
		return dossier.Upstream{}, false, nil
	}
	return *s.upstream, true, nil
}

func (s *station) Enrol(ctx context.Context, u dossier.Upstream) error {
	if s.full != nil {
		return s.full
	}
	s.upstream = &u
	return s.Adopt(ctx, u.Chain, u.Key)
}

// holds tells how many entries of a chain there are.
func (s *station) holds(c dossier.Chain) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.chains[c]; j != nil {
		return len(j.entries)
	}
	return 0
}

// fresh is a copy of what it holds, to compare later.
func (s *station) fresh() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := fmt.Sprint(s.receipt, s.kept, len(s.secrets), s.upstream != nil)
	for _, c := range s.order {
		out += fmt.Sprint(c, s.chains[c].state.Head)
	}
	return out
}

// client is the station's way up, with patience for a test.
func (s *station) client() *exchange.Client {
	c := exchange.New(s)
	c.Idle, c.Whole = 2*time.Second, 20*time.Second
	return c
}

func reception(i int) dossier.Event {
	return storetest.Reception(i, fmt.Sprintf("MAU-260105-%04d", i))
}

func wantCode(t interface {
	Helper()
	Errorf(string, ...any)
}, err error, want string) {
	t.Helper()
	if got := dossier.Code(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// enrolledAt pins a key by hand, as if it had been enrolled there.
func (s *station) enrolledAt(address string, up *storetest.Sister, recipient string) {
	s.t.Helper()
	i, err := wire.NewIdentity()
	if err != nil {
		s.t.Fatal(err)
	}
	s.secrets[exchange.IdentitySecret] = []byte(i.Secret())
	u := up.Upstream(1)
	u.Address, u.Recipient = "https://"+address, recipient
	if err := s.Enrol(context.Background(), u); err != nil {
		s.t.Fatal(err)
	}
}
