package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// pull takes in what others wrote: upstream's journal for this station, and the journals of its other PCs as far as the other side holds
// them. A chain that does not fit holds up no other.
func (v *visit) pull(ctx context.Context) error {
	if err := v.look(ctx); err != nil {
		return err
	}
	step := dossier.SendStep{Phase: "pull"}
	for _, theirs := range v.answer.Chains {
		have, _ := v.held(theirs.Chain)
		if theirs.Device != v.own.Device && theirs.Seq > have.Head.Seq {
			step.Of += int(min(theirs.Seq-have.Head.Seq, 1<<40)) // what a stranger claims need not be true
		}
	}
	took := func(n int) {
		step.Done += n
		v.told(step)
	}
	if step.Of > 0 {
		v.told(step)
	}
	var chains []wire.Held
	for _, upstreams := range []bool{true, false} { // who holds what a PC wrote is to hold upstream's word that it is a PC of the station
		for _, theirs := range v.answer.Chains {
			if (theirs.Device == v.u.Chain.Device) == upstreams {
				chains = append(chains, theirs)
			}
		}
	}
	var all error
	unheard := false // of what upstream said
	for _, theirs := range chains {
		if theirs.Device == v.own.Device || v.parted[theirs.Chain] {
			continue
		}
		ours, known, err := v.adopted(ctx, theirs)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		if ours.Head.Seq == 0 && unheard && !v.upstreams(theirs.Chain) {
			continue
		}
		if ours.Head.Seq == 0 && !v.parted[dossier.Chain{Device: theirs.Device, Incarnation: theirs.Previous}] {
			if ok, err := rooted(ctx, v.store, theirs.Genesis, v.answer.Chain); err != nil {
				return errors.Join(all, err)
			} else if !ok {
				continue
			}
		}
		how, err := v.compare(ctx, ours, theirs)
		switch {
		case err != nil:
		case how == more:
			err = v.pullChain(ctx, ours, theirs, took)
			unheard = unheard || err != nil && v.upstreams(theirs.Chain)
		case how == another:
			v.part(theirs.Chain)
			if v.above {
				err = dossier.Invalid("", "journal.forked")
			}
		}
		if lost(err) {
			return errors.Join(all, err)
		}
		all = errors.Join(all, err)
	}
	return all
}

// rooted tells whether a life may be begun here. It stays out until what it rests on is here, if that is to be had: who holds a life alone cannot hand
// it back to an upstream that has forgotten both, for the keys that signed it are named in the life before.
func rooted(ctx context.Context, s Store, g dossier.Genesis, theirs func(dossier.Chain) (wire.Held, bool)) (bool, error) {
	previous := dossier.Chain{Device: g.Device, Incarnation: g.Previous}
	if held, ok := theirs(previous); !ok || held.Seq < g.CommonSeq {
		return true, nil
	}
	at, ok, err := s.HashAt(ctx, previous, g.CommonSeq)
	if err != nil {
		return false, fmt.Errorf("read chain %s: %w", previous, err)
	}
	return ok && at.Hash == g.CommonHash, nil
}

// adopted is our copy of a chain, which is begun where none is held and its owner may have one; ok is false where he may not.
func (v *visit) adopted(ctx context.Context, theirs wire.Held) (ours dossier.ChainState, ok bool, err error) {
	if ours, ok = v.held(theirs.Chain); ok {
		return ours, true, nil
	}
	if !v.owned(theirs.Genesis, theirs.Owner) {
		return ours, false, nil
	}
	if ours, err = adopt(ctx, v.store, theirs.Genesis, theirs.Owner); err != nil {
		return ours, false, err
	}
	v.chains = append(v.chains, ours)
	return ours, true, nil
}

// adopt begins a chain of which nothing is held yet.
func adopt(ctx context.Context, s Store, g dossier.Genesis, owner ed25519.PublicKey) (dossier.ChainState, error) {
	if err := s.Adopt(ctx, g, owner); err != nil {
		return dossier.ChainState{}, fmt.Errorf("adopt chain %s: %w", g.Chain, err)
	}
	return dossier.ChainState{Genesis: g, Owner: owner, Head: dossier.Head{Chain: g.Chain, Hash: g.Hash()}}, nil
}

func (v *visit) pullChain(ctx context.Context, ours dossier.ChainState, theirs wire.Held, took func(n int)) error {
	at := ours.Head
	for at.Seq < theirs.Seq {
		e, entries, err := v.fetch(ctx, wire.Pull{Chain: ours.Chain, After: at.Seq}, ed25519.PublicKey(ours.Owner))
		if err != nil {
			return err
		}
		if e.Chain != ours.Genesis {
			return dossier.Invalid("", "upstream.bad-envelope")
		}
		if e.Before != at.Hash {
			return dossier.Invalid("", "journal.forked")
		}
		if err := v.store.Extend(ctx, e.Head(), e.Owner, entries); err != nil {
			return fmt.Errorf("keep entries of %s: %w", ours.Chain, err)
		}
		v.sent.Pulled += len(entries)
		at = e.Head()
		took(len(entries))
	}
	return nil
}
