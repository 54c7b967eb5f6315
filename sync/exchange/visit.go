package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// mostRounds is how often one visit asks anew after it mended something. Each mend is done once, and there are fewer kinds of them.
const mostRounds = 12

// mostMoved is how often what the other side holds may change between its word and our push.
const mostMoved = 2

// visit is one exchange with whoever is on the other side. Everything in it may be cut off and done again: it goes by what both sides say
// they hold, and not by what it remembers.
type visit struct {
	store      Store
	other      other
	above      bool // the other side is upstream, whose word on what a chain is counts
	u          dossier.Upstream
	identities []wire.Identity
	roster     []dossier.Admission // whose chains a sister may hand on
	settled    *settled
	told       func(dossier.SendStep)
	sent       *dossier.Sent

	answer wire.HelloAnswer
	own    dossier.ChainState     // the life that is written
	chains []dossier.ChainState   // all that are held
	handed map[dossier.Head]bool  // which ends of upstream's journals it was offered in this visit, and whether it took them
	parted map[dossier.Chain]bool // others' chains of which ours is another continuation, kept until it is safe elsewhere

	trouble error    // what holds up nothing else
	aside   []string // the codes in it
}

// settled remembers heads of other continuations that have been dealt with, so that the next visit does not fetch or offer them again. It
// may forget: nothing but time is lost then.
type settled struct {
	mu     sync.Mutex
	heads  map[dossier.Head]bool
	visits int
}

const (
	mostSettled = 4096
	// mostVisits is after how many visits all is offered once more: an upstream that was put back may have lost what waited there for a person and
	// nothing else, and then nothing it says tells so.
	mostVisits = 100
)

// visit counts one.
func (s *settled) visit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.visits++; s.visits >= mostVisits {
		s.heads, s.visits = nil, 0
	}
}

func (s *settled) has(h dossier.Head) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heads[h]
}

func (s *settled) add(h dossier.Head) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heads == nil || len(s.heads) >= mostSettled {
		s.heads = map[dossier.Head]bool{}
	}
	s.heads[h] = true
}

func (s *settled) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heads = nil
}

// run asks, mends and asks again until nothing is to be mended, then pushes and pulls.
func (v *visit) run(ctx context.Context) error {
	v.handed = map[dossier.Head]bool{}
	moved := 0
	for range mostRounds {
		if err := v.greet(ctx); err != nil {
			return err
		}
		if v.answer.Frozen {
			return v.andPull(ctx, dossier.Invalid("", "line.frozen"))
		}
		again, err := v.mend(ctx)
		if err != nil {
			return v.andPull(ctx, err)
		}
		if again {
			continue
		}
		if err = v.push(ctx); outdated(err) && moved < mostMoved {
			moved++
			continue
		}
		return v.andPull(ctx, err)
	}
	return v.andPull(ctx, dossier.Invalid("", "journal.restless"))
}

// outdated tells whether the other side holds something else than it said a moment ago.
func outdated(err error) bool {
	switch dossier.Code(err) {
	case "journal.superseded", "journal.gap", "journal.unknown", "journal.forked":
		return true
	}
	return false
}

// andPull takes in what others wrote even where our own cannot be handed over: who is full, or frozen us, may still have decisions for us.
func (v *visit) andPull(ctx context.Context, err error) error {
	if lost(err) {
		return err
	}
	return errors.Join(err, v.trouble, v.pull(ctx))
}

// look reads anew what is held here.
func (v *visit) look(ctx context.Context) (err error) {
	if v.chains, err = v.store.Chains(ctx); err != nil {
		return fmt.Errorf("read chains: %w", err)
	}
	for _, s := range v.chains {
		if s.Own {
			v.own = s
			return nil
		}
	}
	return errors.New("read chains: none is this PC's")
}

func (v *visit) held(c dossier.Chain) (dossier.ChainState, bool) {
	for _, s := range v.chains {
		if s.Chain == c {
			return s, true
		}
	}
	return dossier.ChainState{}, false
}

// greet asks what the other side holds, and for its hashes where our own chains end.
func (v *visit) greet(ctx context.Context) error {
	if err := v.look(ctx); err != nil {
		return err
	}
	var probes []wire.Probe
	for _, mine := range []bool{true, false} {
		for _, s := range v.chains {
			if (s.Device == v.own.Device) == mine && len(probes) < wire.MaxProbes && s.Head.Seq > 0 {
				probes = append(probes, wire.Probe{Chain: s.Chain, Seqs: []uint64{s.Head.Seq}})
			}
		}
	}
	answer, err := v.ask(ctx, probes)
	if err != nil {
		return err
	}
	v.answer = answer
	if up, ok := v.other.(*upward); ok {
		v.u = up.u // it may have a new key
	}
	return nil
}

func (v *visit) ask(ctx context.Context, probes []wire.Probe) (wire.HelloAnswer, error) {
	h := wire.Hello{Nonce: wire.NewNonce(), Own: v.own.Chain, Chains: make([]wire.Held, 0, len(v.chains)), Probes: probes}
	for _, s := range v.chains[:min(len(v.chains), wire.MaxChains)] {
		h.Chains = append(h.Chains, wire.Held{Genesis: s.Genesis, Owner: s.Owner, Seq: s.Head.Seq, Hash: s.Head.Hash})
	}
	return v.other.hello(ctx, h.Encode())
}

// relation is how two holders' copies of one chain stand to each other.
type relation int

const (
	same    relation = iota
	less             // theirs is the beginning of ours
	more             // ours is the beginning of theirs
	another          // they differ after some point
)

// compare tells how their copy of a chain stands to ours. Code: journal.forked, where not even the beginning is the same.
func (v *visit) compare(ctx context.Context, ours dossier.ChainState, theirs wire.Held) (relation, error) {
	if theirs.Genesis != ours.Genesis || !bytes.Equal(theirs.Owner, ours.Owner) {
		return another, dossier.Invalid("", "journal.forked")
	}
	if theirs.Seq > ours.Head.Seq {
		if ours.Head.Seq == 0 {
			return more, nil
		}
		for _, p := range v.answer.Probed {
			if p.Chain == ours.Chain && p.Seq == ours.Head.Seq {
				if p.Hash == ours.Head.Hash {
					return more, nil
				}
				return another, nil
			}
		}
		at, err := v.search(ctx, ours, 0, ours.Head.Seq+1)
		if err != nil {
			return another, err
		}
		if at == ours.Head {
			return more, nil
		}
		return another, nil
	}
	if theirs.Head() == ours.Head {
		return same, nil
	}
	at, ok, err := v.store.HashAt(ctx, ours.Chain, theirs.Seq)
	switch {
	case err != nil:
		return another, fmt.Errorf("compare chain %s: %w", ours.Chain, err)
	case !ok || at.Hash != theirs.Hash || theirs.Seq == ours.Head.Seq:
		return another, nil
	}
	return less, nil
}

// common is the last point that our copy of a chain and theirs share, where they are known to differ further on.
func (v *visit) common(ctx context.Context, ours dossier.ChainState, theirs wire.Held) (dossier.Head, error) {
	return v.search(ctx, ours, 0, min(ours.Head.Seq, theirs.Seq))
}

// search finds the last point that both have between one that is the same and one that is not, with some sixty questions at a time: four
// rounds for a million entries.
func (v *visit) search(ctx context.Context, ours dossier.ChainState, same, differs uint64) (dossier.Head, error) {
	for differs-same > 1 {
		n := min(differs-same-1, wire.MaxProbes)
		p := wire.Probe{Chain: ours.Chain}
		for i := range n {
			p.Seqs = append(p.Seqs, same+(differs-same)*(i+1)/(n+1))
		}
		answer, err := v.ask(ctx, []wire.Probe{p})
		if err != nil {
			return dossier.Head{}, err
		}
		theirs := map[uint64]dossier.Hash{}
		for _, h := range answer.Probed {
			if h.Chain == ours.Chain {
				theirs[h.Seq] = h.Hash
			}
		}
		for _, seq := range p.Seqs {
			hash, ok := theirs[seq]
			mine, have, err := v.store.HashAt(ctx, ours.Chain, seq)
			if err != nil {
				return dossier.Head{}, fmt.Errorf("compare chain %s: %w", ours.Chain, err)
			}
			if !ok {
				return dossier.Head{}, dossier.Invalid("", "line.garbled") // to guess would be to begin a new life for nothing
			}
			if !have || mine.Hash != hash {
				differs = seq
				break
			}
			same = seq
		}
	}
	at, ok, err := v.store.HashAt(ctx, ours.Chain, same)
	if err == nil && !ok {
		err = dossier.Invalid("", "journal.forked") // it was cut meanwhile
	}
	if err != nil {
		return dossier.Head{}, fmt.Errorf("compare chain %s: %w", ours.Chain, err)
	}
	return at, nil
}

// upstreams tells whether a chain is one of upstream's own journals for the station.
func (v *visit) upstreams(c dossier.Chain) bool { return c.Device == v.u.Chain.Device }

// owned tells whether that key may own that chain. Upstream's word on its station is believed; a sister's only as far as upstream has said
// who is a PC of the station, or the owner is known already.
func (v *visit) owned(g dossier.Genesis, owner ed25519.PublicKey) bool {
	if v.above {
		return true
	}
	if v.upstreams(g.Chain) && v.u.Key.Equal(owner) {
		return true
	}
	for _, a := range v.roster {
		if a.Device == g.Device && a.Key.Equal(owner) {
			return true
		}
	}
	for _, s := range v.chains {
		if s.Device == g.Device && owner.Equal(s.Owner) {
			return true
		}
	}
	return false
}

// fetch asks for one envelope of a chain after a sequence number and opens it.
func (v *visit) fetch(ctx context.Context, p wire.Pull, owners ...ed25519.PublicKey) (wire.Envelope, []dossier.Entry, error) {
	e, err := v.other.pull(ctx, p)
	if err != nil {
		return e, nil, err
	}
	bad := dossier.Invalid("", "upstream.bad-envelope")
	if e.Chain.Chain != p.Chain || p.Parked == nil && e.First != p.After+1 || p.Parked != nil && e.Hash != *p.Parked || !e.Sender.Equal(v.other.key()) {
		return e, nil, bad
	}
	for _, owner := range owners {
		if entries, err := open(e, v.identities, owner); err == nil {
			return e, entries, nil
		}
	}
	return e, nil, bad
}

// open opens an envelope with whichever of our keys it is sealed to.
func open(e wire.Envelope, with []wire.Identity, owner ed25519.PublicKey) ([]dossier.Entry, error) {
	for _, i := range with {
		if i.ID() == e.Recipient {
			return e.Open(i, owner)
		}
	}
	return nil, wire.ErrRecipient
}
