package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// mend looks for what no repeated push can mend, and mends it. It is true when the other side has to be asked again. The order matters: what
// upstream lost of its own word it gets back before it says anything new; what another continuation of our journal holds is here before
// the life that is written is compared; and only what is in its place is pushed.
func (v *visit) mend(ctx context.Context) (again bool, err error) {
	if v.above {
		if again, err = v.handBack(ctx); err != nil || again {
			return again, err
		}
	}
	if err := v.olderLives(ctx); err != nil {
		return false, err
	}
	if again, err = v.ownLife(ctx); err != nil || again {
		return again, err
	}
	if v.above {
		if err := v.receipts(ctx); err != nil {
			return false, err
		}
		if err := v.parked(ctx); err != nil {
			return false, err
		}
	}
	if err := reclaimAll(ctx, v.store); err != nil {
		return false, err
	}
	if err := v.astray(ctx); err != nil {
		return false, err
	}
	return false, v.look(ctx)
}

func (v *visit) healing() { v.told(dossier.SendStep{Phase: "heal"}) }

// handBack gives upstream what it does not hold any more of its own journals for this station: what it said before it was restored. What it
// has said since stands in another continuation, which gives way to what others have seen first.
func (v *visit) handBack(ctx context.Context) (again bool, err error) {
	for _, ours := range v.chains {
		if !v.upstreams(ours.Chain) || ours.Head.Seq == 0 {
			continue
		}
		theirs, known := v.answer.Chain(ours.Chain)
		if !known {
			theirs = wire.Held{Genesis: ours.Genesis, Owner: ours.Owner, Hash: ours.Genesis.Hash()}
		}
		how, err := v.compare(ctx, ours, theirs)
		if err != nil {
			return again, err
		}
		if how == same || how == more {
			continue
		}
		from := theirs.Head()
		if how == another {
			if from, err = v.common(ctx, ours, theirs); err != nil {
				return again, err
			}
		}
		switch {
		case !v.handed[ours.Head]:
			v.handed[ours.Head] = true
			v.healing()
			if err = v.offer(ctx, ours, from, nil); lost(err) {
				return again, err
			} else if err == nil || outdated(err) {
				again = true
			} else {
				v.beside(err)
			}
		case how == another: // it knows them, in another life of that journal
			if err := v.store.Recast(ctx, ours.Chain, from); err != nil {
				return again, fmt.Errorf("follow upstream in %s: %w", ours.Chain, err)
			}
			again = true
		default:
			v.beside(dossier.Invalid("", "upstream.went-back"))
		}
	}
	return again, nil
}

// beside keeps an error that holds up nothing else, to be told at the end.
func (v *visit) beside(err error) {
	if !slices.Contains(v.aside, dossier.Code(err)) {
		v.aside, v.trouble = append(v.aside, dossier.Code(err)), errors.Join(v.trouble, err)
	}
}

// olderLives takes in what the other side holds of our own journal's other lives: after an older copy of the file was put back, or a backup
// restored, there are some that this PC does not remember.
func (v *visit) olderLives(ctx context.Context) error {
	for _, theirs := range v.answer.Chains {
		if theirs.Device != v.own.Device || theirs.Chain == v.own.Chain {
			continue
		}
		ours, known := v.held(theirs.Chain)
		if !known {
			if !v.owned(theirs.Genesis, theirs.Owner) {
				continue
			}
			if err := v.store.Adopt(ctx, theirs.Genesis, theirs.Owner); err != nil {
				return fmt.Errorf("take in the life %s: %w", theirs.Chain, err)
			}
			ours = begun(theirs)
		}
		how, err := v.compare(ctx, ours, theirs)
		switch {
		case err != nil:
		case how == more:
			v.healing()
			err = v.pullChain(ctx, ours, theirs, func(int) {})
		case how == another && !v.settled.has(theirs.Head()):
			v.healing()
			err = v.gather(ctx, ours, theirs)
		}
		if lost(err) {
			return err
		}
		if err != nil {
			v.beside(err)
		}
	}
	return v.look(ctx)
}

// begun is a chain of which nothing is held yet.
func begun(h wire.Held) dossier.ChainState {
	return dossier.ChainState{Genesis: h.Genesis, Owner: h.Owner, Head: dossier.Head{Chain: h.Chain, Hash: h.Genesis.Hash()}}
}

// gather takes over what another continuation of one of our own lives holds, without following it: its events are ours, and are written
// again in the life that is written.
func (v *visit) gather(ctx context.Context, ours dossier.ChainState, theirs wire.Held) error {
	at, err := v.common(ctx, ours, theirs)
	if err != nil {
		return err
	}
	for at.Seq < theirs.Seq {
		e, entries, err := v.fetch(ctx, wire.Pull{Chain: ours.Chain, After: at.Seq}, ours.Owner)
		if err != nil {
			return err
		}
		if err := v.take(ctx, entries); err != nil {
			return err
		}
		at = e.Head()
	}
	v.settled.add(theirs.Head())
	return nil
}

// take writes events of ours again that the life which is written does not hold.
func (v *visit) take(ctx context.Context, entries []dossier.Entry) error {
	return reclaim(ctx, v.store, entries)
}

func reclaim(ctx context.Context, s Store, entries []dossier.Entry) error {
	if _, err := s.Reclaim(ctx, entries); err != nil {
		return fmt.Errorf("take over entries of another life: %w", err)
	}
	return nil
}

// unclaimed is how many entries are taken over at once.
const unclaimed = 500

// reclaimAll writes again what our other lives hold and the one that is written does not.
func reclaimAll(ctx context.Context, s Store) error {
	for {
		entries, err := s.Unclaimed(ctx, unclaimed)
		if err != nil {
			return fmt.Errorf("look through other lives: %w", err)
		}
		if len(entries) == 0 {
			return nil
		}
		n, err := s.Reclaim(ctx, entries)
		if err != nil {
			return fmt.Errorf("take over entries of another life: %w", err)
		}
		if n == 0 {
			return errors.New("take over entries of another life: none was taken")
		}
	}
}

// ownLife compares the life that is written with what the other side holds of it. Where that is more, or another continuation, or where
// another life is continued there, this PC begins a new life after the common point and takes along what it wrote since.
func (v *visit) ownLife(ctx context.Context) (again bool, err error) {
	theirs, known := v.answer.Chain(v.own.Chain)
	if !known {
		return false, nil
	}
	how, err := v.compare(ctx, v.own, theirs)
	if err != nil {
		return false, err
	}
	closed := v.answer.Current != nil && *v.answer.Current != v.own.Chain
	at, what := v.own.Head, dossier.HealedBehind
	switch {
	case how == another && !v.above && !closed:
		// The owner's word on its own chain counts for a sister: what she holds is taken over, and she follows.
		if v.settled.has(theirs.Head()) {
			return false, nil
		}
		v.healing()
		return false, errors.Join(v.gather(ctx, v.own, theirs), v.look(ctx))
	case how == another:
		if at, err = v.common(ctx, v.own, theirs); err != nil {
			return false, err
		}
	case how == less && closed:
		at = theirs.Head()
	case how == more, closed:
	default:
		return false, nil
	}
	if !v.above && v.own.Receipt != nil && at.Seq < v.own.Receipt.Seq {
		at = v.own.Receipt.Head // upstream's word counts for more than a sister's
	}
	if at.Seq < v.own.Head.Seq {
		what = dossier.HealedForked
	}
	v.healing()
	healed, err := v.store.Fork(ctx, at, what)
	if err != nil {
		return false, fmt.Errorf("begin a new life: %w", err)
	}
	v.sent.Healed = append(v.sent.Healed, healed)
	return true, nil
}

// receipts holds upstream's receipts against what it says it holds, which its signature over our own question makes true now. An upstream
// that holds less than it signed for was restored: what it lost is sent again. One that signed for more than we remember told us so
// before the answer was lost.
func (v *visit) receipts(ctx context.Context) error {
	v.sent.Receipt = v.own.Receipt
	for _, ours := range v.chains {
		if v.upstreams(ours.Chain) || ours.Receipt == nil {
			continue
		}
		theirs, known := v.answer.Chain(ours.Chain)
		if !known {
			theirs = wire.Held{Genesis: ours.Genesis, Owner: ours.Owner, Hash: ours.Genesis.Hash()}
		}
		if theirs.Seq >= ours.Receipt.Seq {
			continue
		}
		how, err := v.compare(ctx, ours, theirs)
		if err != nil || how != less {
			continue // it is another continuation, and cut elsewhere
		}
		v.healing()
		lost := ours.Receipt.Seq - theirs.Seq
		if err := v.store.Lower(ctx, ours.Chain, v.best(ours.Chain, theirs.Seq)); err != nil {
			return fmt.Errorf("upstream holds less than its receipts: %w", err)
		}
		v.settled.forget() // what waited there may be lost too
		if ours.Device == v.own.Device {
			v.sent.Healed = append(v.sent.Healed, dossier.Healing{What: dossier.HealedUpstream, At: theirs.Head(), Lost: lost})
		}
	}
	if err := v.look(ctx); err != nil {
		return err
	}
	v.sent.Receipt = v.own.Receipt
	for _, r := range v.answer.Receipts {
		if err := v.keep(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// best is upstream's latest receipt for a chain up to a sequence number.
func (v *visit) best(c dossier.Chain, upTo uint64) (best *dossier.Receipt) {
	for _, r := range v.answer.Receipts {
		if r.Chain == c && r.Seq > 0 && r.Seq <= upTo && r.SignedBy(v.u.Key) && (best == nil || r.Seq > best.Seq) {
			best = &r
		}
	}
	return best
}

// parked takes over what came to upstream of our own journal and fits nowhere there: a parcel of a life that is closed, what a sister held
// of a continuation that was cut.
func (v *visit) parked(ctx context.Context) error {
	lives, err := v.store.Lives(ctx)
	if err != nil {
		return fmt.Errorf("read own lives: %w", err)
	}
	owners := []ed25519.PublicKey{publicOf(v.store.SigningKey())}
	for _, l := range lives {
		owners = append(owners, l.Owner)
	}
	for _, head := range v.answer.Parked {
		if head.Device != v.own.Device || v.settled.has(head) {
			continue
		}
		v.healing()
		_, entries, err := v.fetch(ctx, wire.Pull{Chain: head.Chain, Parked: &head.Hash}, owners...)
		if lost(err) {
			return err
		}
		if err != nil {
			v.beside(err)
			continue
		}
		if err := v.take(ctx, entries); err != nil {
			return err
		}
		v.settled.add(head) // what is left of it waits at upstream for a person
	}
	return nil
}

// astray deals with our copies of sisters' chains that are other continuations than those which count: upstream's, or on the station's
// network the owner's own. What they hold is handed over first, so that its owner can take it over; then our copy is cut to the common
// point and follows.
func (v *visit) astray(ctx context.Context) error {
	for _, ours := range v.chains {
		if ours.Device == v.own.Device || v.upstreams(ours.Chain) || !v.above && !v.speaksFor(ours.Chain) {
			continue
		}
		theirs, known := v.answer.Chain(ours.Chain)
		if !known {
			continue
		}
		how, err := v.compare(ctx, ours, theirs)
		if err != nil {
			if lost(err) {
				return err
			}
			continue
		}
		if how != another {
			continue
		}
		at, err := v.common(ctx, ours, theirs)
		if err != nil {
			return err
		}
		if !v.above && ours.Receipt != nil && ours.Receipt.Seq > at.Seq {
			continue // upstream's word counts for more than the owner's; he hears of it from there
		}
		v.healing()
		safe, err := v.deposit(ctx, ours, at)
		if lost(err) {
			return err
		}
		if err != nil || !safe { // it is offered again, until its owner or a person has taken it over
			if v.parted == nil {
				v.parted = map[dossier.Chain]bool{}
			}
			v.parted[ours.Chain] = true
			continue
		}
		if err := v.store.Recast(ctx, ours.Chain, at); err != nil {
			return fmt.Errorf("follow the chain %s: %w", ours.Chain, err)
		}
	}
	return nil
}

// speaksFor tells whether the other side is the PC that writes that chain.
func (v *visit) speaksFor(c dossier.Chain) bool {
	for _, a := range v.roster {
		if a.Device == c.Device {
			return a.Key.Equal(v.other.key())
		}
	}
	return false
}
