package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// push hands over what the other side lacks: the lives of our own journal that the one which is written rests on, that one, those beside
// them, and what is held of the station's other PCs. told hears of what of our own is receipted.
func (v *visit) push(ctx context.Context) error {
	lives, err := v.store.Lives(ctx)
	if err != nil {
		return fmt.Errorf("read own lives: %w", err)
	}
	restsOn := map[dossier.Incarnation]bool{}
	for i, last := len(lives)-1, v.own.Genesis; i >= 0; i-- { // a life is younger than what it rests on
		if lives[i].Incarnation == last.Previous {
			last = lives[i].Genesis
			restsOn[last.Incarnation] = true
		}
	}
	older := func(beside bool) error {
		for _, life := range lives {
			if life.Chain == v.own.Chain || restsOn[life.Incarnation] == beside {
				continue
			}
			// What a closed life has beyond what is held there stands in the life that is written too.
			if err := v.pushChain(ctx, life, nil); err != nil && !outdated(err) {
				return err
			}
		}
		return nil
	}
	if err := older(false); err != nil {
		return err
	}
	if err := v.pushChain(ctx, v.own, v.told); err != nil {
		return err
	}
	if err := older(true); err != nil {
		return err
	}
	if err := v.lead(ctx); err != nil {
		return err
	}
	missing := map[dossier.Chain]bool{}
	for _, ours := range v.chains {
		if ours.Device == v.own.Device || v.above && v.upstreams(ours.Chain) || v.settled.has(ours.Head) {
			continue
		}
		if missing[dossier.Chain{Device: ours.Device, Incarnation: ours.Previous}] {
			missing[ours.Chain] = true // see rooted; upstream sees to it itself
			continue
		}
		err := v.pushChain(ctx, ours, nil)
		if v.above && (dossier.Code(err) == "journal.forked" || errors.Is(err, errApart)) {
			theirs, _ := v.answer.Chain(ours.Chain)
			if err = v.leaveThere(ctx, ours, theirs); err == nil {
				v.settled.add(ours.Head) // it is known, or waits there now, for its owner or a person; whatever else went wrong may go right the next time
			}
		}
		if lost(err) || dossier.Code(err) == "upstream.full" {
			return err
		}
		missing[ours.Chain] = !v.above && err != nil && dossier.Code(err) != "journal.forked"
	}
	return nil
}

// leaveThere hands all of a sister's chain over that upstream does not follow: the end of a revoked PC's journal, or of one that goes on in
// another way. Each run of it is known there already, or waits in sight.
func (v *visit) leaveThere(ctx context.Context, ours dossier.ChainState, theirs wire.Held) error {
	at := dossier.Head{Chain: ours.Chain, Hash: ours.Genesis.Hash()}
	if theirs.Chain == ours.Chain && theirs.Genesis == ours.Genesis {
		at = theirs.Head()
	}
	_, err := v.deposit(ctx, ours, at)
	return err
}

func (v *visit) pushChain(ctx context.Context, ours dossier.ChainState, told func(dossier.SendStep)) error {
	theirs, known := v.answer.Chain(ours.Chain)
	if !known {
		theirs = wire.Held{Genesis: ours.Genesis, Owner: ours.Owner, Hash: ours.Genesis.Hash()}
	}
	how, err := v.compare(ctx, ours, theirs)
	if err != nil || how != less {
		return err
	}
	return v.offer(ctx, ours, theirs.Head(), told)
}

// lead hands a sister whose copy of the life we write is another continuation what she is to follow. Where upstream has signed for hers she
// does not.
func (v *visit) lead(ctx context.Context) error {
	theirs, known := v.answer.Chain(v.own.Chain)
	if v.above || !known || v.settled.has(v.own.Head) {
		return nil
	}
	how, err := v.compare(ctx, v.own, theirs)
	if err != nil || how != another {
		return err
	}
	at, err := v.common(ctx, v.own, theirs)
	if err != nil {
		return err
	}
	// Where she cuts hers she needs our signature, or could not hand on what comes before the next.
	from, _, err := v.store.HashAt(ctx, at.Chain, at.Seq-min(at.Seq, wire.MaxEntries))
	if err != nil {
		return fmt.Errorf("read chain %s: %w", at.Chain, err)
	}
	common := v.own
	common.Head = at
	if err := v.offer(ctx, common, from, nil); err != nil {
		return err
	}
	if err := v.offer(ctx, v.own, at, nil); dossier.Code(err) != "journal.forked" {
		return err
	}
	v.settled.add(v.own.Head)
	return nil
}

// deposit hands over another continuation of a chain than the other side holds, so that it is kept: upstream refuses it with journal.forked
// and parks it, and the owner takes it over. It is safe there once all of it was acknowledged: what is only parked can be lost with
// upstream's disk before its owner has heard of it.
func (v *visit) deposit(ctx context.Context, ours dossier.ChainState, at dossier.Head) (safe bool, err error) {
	to, err := v.other.recipient()
	if err != nil {
		return false, fmt.Errorf("read who is on the other side: %w", err)
	}
	safe = true
	for at.Seq < ours.Head.Seq {
		e, err := seal(ctx, v.store, ours, at, to)
		if errors.Is(err, errUnsigned) {
			return safe, nil // nobody could be convinced of it
		}
		if err != nil {
			return false, err
		}
		if _, _, err := v.other.push(ctx, e); dossier.Code(err) == "journal.forked" {
			safe = false
		} else if err != nil {
			return false, err
		}
		at = e.Head()
	}
	return safe, nil
}

// offer hands over a chain after a point of it, as far as its owner's signatures reach.
func (v *visit) offer(ctx context.Context, ours dossier.ChainState, at dossier.Head, told func(dossier.SendStep)) error {
	to, err := v.other.recipient()
	if err != nil {
		return fmt.Errorf("read who is on the other side: %w", err)
	}
	step := dossier.SendStep{Phase: "push", Of: int(ours.Head.Seq - at.Seq)}
	if told == nil {
		told = func(dossier.SendStep) {}
	}
	if step.Of > 0 {
		told(step)
	}
	from := at.Seq
	for at.Seq < ours.Head.Seq {
		e, err := seal(ctx, v.store, ours, at, to)
		if errors.Is(err, errUnsigned) {
			return nil
		}
		if err != nil {
			return err
		}
		held, r, err := v.other.push(ctx, e)
		if err != nil {
			return err
		}
		if held.Chain != ours.Chain || held.Seq < e.Last || held.Seq == e.Last && held.Hash != e.Hash {
			if v.above && ours.Chain == v.own.Chain {
				return dossier.Invalid("", "upstream.bad-receipt")
			}
			if !v.above || ours.Device == v.own.Device {
				return nil // it knows these events, and holds another continuation
			}
			if !v.upstreams(ours.Chain) {
				return errApart
			}
		}
		if r != nil && !v.upstreams(ours.Chain) {
			if err := v.keepPushed(ctx, *r); err != nil {
				return err
			}
		}
		at = e.Head()
		if held.Seq > at.Seq && held.Seq <= ours.Head.Seq {
			if have, ok, err := v.store.HashAt(ctx, ours.Chain, held.Seq); err != nil {
				return fmt.Errorf("read chain %s: %w", ours.Chain, err)
			} else if ok && have == held {
				at = held
			}
		}
		step.Done = int(at.Seq - from)
		told(step)
	}
	return nil
}

// errApart is for events of a sister's that upstream knows, and not from that chain.
var errApart = errors.New("they are known from elsewhere")

// errUnsigned is for entries that no signature of their owner's covers yet.
var errUnsigned = errors.New("no signature of its owner's covers them")

// seal makes an envelope of what of a chain follows a point, up to a head that its owner signed.
func seal(ctx context.Context, s Store, ours dossier.ChainState, at dossier.Head, to wire.Recipient) (wire.Envelope, error) {
	g := ours.Genesis
	for most := int(min(wire.MaxEntries, ours.Head.Seq-at.Seq)); most > 0; {
		head, signature, err := s.SignedHead(ctx, g.Chain, at.Seq, most)
		if err != nil {
			return wire.Envelope{}, fmt.Errorf("read chain %s: %w", g.Chain, err)
		}
		if head.Seq <= at.Seq {
			return wire.Envelope{}, fmt.Errorf("chain %s after %d: %w", g.Chain, at.Seq, errUnsigned)
		}
		n := int(head.Seq - at.Seq)
		entries, err := s.Entries(ctx, g.Chain, at.Seq, n)
		if err != nil {
			return wire.Envelope{}, fmt.Errorf("read chain %s: %w", g.Chain, err)
		}
		if len(entries) < n {
			most = len(entries) // large ones: fewer fit
			continue
		}
		fewer := 0
		e, err := wire.Seal(wire.Run{Chain: g, After: at.Seq, Before: at.Hash, Entries: entries}, func(h dossier.Head) []byte {
			if h == head {
				return signature
			}
			fewer = int(h.Seq - at.Seq)
			return nil
		}, s.SigningKey(), to)
		if err == nil {
			return e, nil
		}
		if fewer == 0 {
			return wire.Envelope{}, fmt.Errorf("seal entries: %w", err)
		}
		most = fewer
	}
	return wire.Envelope{}, fmt.Errorf("chain %s after %d: %w", g.Chain, at.Seq, errUnsigned)
}

// keepPushed keeps the receipt that answers a push.
func (v *visit) keepPushed(ctx context.Context, r dossier.Receipt) error {
	bad := dossier.Invalid("", "upstream.bad-receipt")
	if !r.SignedBy(v.u.Key) || r.Station != v.u.Station {
		return bad
	}
	have, ok, err := v.store.HashAt(ctx, r.Chain, r.Seq)
	if err != nil {
		return fmt.Errorf("read chain %s: %w", r.Chain, err)
	}
	if r.Chain.Device != v.own.Device && !ok {
		return nil // upstream holds more of a sister's chain than we do
	}
	if !ok || have != r.Head {
		return bad
	}
	return v.keep(ctx, r)
}

// keep stores a receipt that is upstream's word on our own hash, and is news.
func (v *visit) keep(ctx context.Context, r dossier.Receipt) error {
	s, held := v.held(r.Chain)
	own, before := r.Chain == v.own.Chain, s.Receipt
	if before != nil && r.Seq <= before.Seq {
		return nil
	}
	if !held || v.upstreams(r.Chain) || !r.SignedBy(v.u.Key) || r.Station != v.u.Station {
		return nil // it proves nothing, and nothing becomes of it
	}
	have, ok, err := v.store.HashAt(ctx, r.Chain, r.Seq)
	if err != nil {
		return fmt.Errorf("read chain %s: %w", r.Chain, err)
	}
	if !ok || have != r.Head {
		if own && ok {
			return dossier.Invalid("", "upstream.bad-receipt")
		}
		return nil
	}
	// Upstream has signed for it: who stops now may stop after that much is known.
	if err := v.store.KeepReceipt(context.WithoutCancel(ctx), r); err != nil {
		return fmt.Errorf("keep receipt %s: %w", r.Number, err)
	}
	var sent uint64
	if before != nil {
		sent = before.Seq
	}
	for i := range v.chains {
		if v.chains[i].Chain == r.Chain {
			v.chains[i].Receipt = &r
		}
	}
	if r.Chain.Device == v.own.Device {
		v.sent.Pushed += int(r.Seq - sent)
	}
	if own {
		v.sent.Receipt = &r
	}
	return nil
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
