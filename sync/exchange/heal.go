package exchange

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
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
	if v.above {
		if again, err = v.ground(ctx); err != nil || again {
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
// has said since stands in another continuation, which gives way to what others have seen first; where that cannot be, it says again what it is
// handed.
func (v *visit) handBack(ctx context.Context) (again bool, err error) {
	for _, theirs := range v.answer.Chains {
		if _, known := v.held(theirs.Chain); v.upstreams(theirs.Chain) && !theirs.Previous.IsZero() && !known {
			v.settled.forget() // its journal began a new life: its file is another one, and what waited there may be lost
		}
	}
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
		v.settled.forget() // what waited there may be lost too
		from := theirs.Head()
		if how == another {
			if from, err = v.common(ctx, ours, theirs); err != nil {
				return again, err
			}
		}
		switch took, tried := v.handed[ours.Head]; {
		case !tried:
			v.healing()
			if err = v.offer(ctx, ours, from, nil); lost(err) {
				return again, err
			} else if err == nil || outdated(err) {
				again = true
			} else {
				v.beside(err)
			}
			v.handed[ours.Head] = err == nil
		case how == another && took: // it says them in another life of that journal: see astray
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
	changed := false
	for _, theirs := range v.answer.Chains {
		if theirs.Device != v.own.Device || theirs.Chain == v.own.Chain {
			continue
		}
		ours, known, err := v.adopted(ctx, theirs)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		how, err := v.compare(ctx, ours, theirs)
		if err == nil && how == more && ours.Head.Seq == 0 {
			how, err = v.begins(ctx, theirs.Genesis)
		}
		switch {
		case err != nil:
		case how == more:
			v.healing()
			changed = true
			err = v.pullChain(ctx, ours, theirs, func(int) {})
		case how == another && !v.settled.has(theirs.Head()):
			v.healing()
			changed = true
			_, _, err = v.gather(ctx, ours, theirs)
		}
		if lost(err) {
			return err
		}
		if err != nil {
			v.beside(err)
		}
	}
	if !changed {
		return nil
	}
	return v.look(ctx)
}

// begins tells how a life of ours that is not here lies to what is: more if it may be begun, see rooted; same while it waits for what it rests on; another
// if that never comes, for another continuation of it is kept here.
func (v *visit) begins(ctx context.Context, g dossier.Genesis) (relation, error) {
	if ok, err := rooted(ctx, v.store, g, v.answer.Chain); ok || err != nil {
		return more, err
	}
	previous := dossier.Chain{Device: g.Device, Incarnation: g.Previous}
	ours, held := v.held(previous)
	theirs, _ := v.answer.Chain(previous)
	if !held || previous == v.own.Chain { // of which we follow theirs, see ownLife
		return same, nil
	}
	how, err := v.compare(ctx, ours, theirs)
	if how != another {
		how = same
	}
	return how, err
}

// gather takes over what another continuation of one of our own lives holds, without following it: its events are ours, and are written
// again in the life that is written. It gives the common point and how many were news, beside an error too.
func (v *visit) gather(ctx context.Context, ours dossier.ChainState, theirs wire.Held) (common dossier.Head, n int, err error) {
	common, err = v.common(ctx, ours, theirs)
	if err != nil {
		return common, 0, err
	}
	for at := common; at.Seq < theirs.Seq; {
		e, entries, err := v.fetch(ctx, wire.Pull{Chain: ours.Chain, After: at.Seq}, ours.Owner)
		if err != nil {
			return common, n, err
		}
		took, err := reclaim(ctx, v.store, entries)
		if err != nil {
			return common, n, err
		}
		n += took
		at = e.Head()
	}
	v.settled.add(theirs.Head())
	return common, n, nil
}

// reclaim writes events of ours again that the life which is written does not hold, and tells how many those were.
func reclaim(ctx context.Context, s Store, entries []dossier.Entry) (int, error) {
	n, err := s.Reclaim(ctx, entries)
	if err != nil {
		return 0, fmt.Errorf("take over entries of another life: %w", err)
	}
	return n, nil
}

// tookOver tells the officer that a sister gave back what this PC wrote and does not remember, though its life goes on: an older copy of the
// file was put back and worked on.
func (v *visit) tookOver(at dossier.Head, n int) {
	if n > 0 {
		v.sent.Healed = append(v.sent.Healed, dossier.Healing{What: dossier.HealedForked, At: at, Taken: n})
	}
}

// unclaimed is how many entries are taken over at once.
const unclaimed = 500

// reclaimAll writes again what our other lives hold and the one that is written does not.
func reclaimAll(ctx context.Context, s Store) error {
	var stuck *dossier.EventID
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
		switch first := entries[0].ID; {
		case n > 0:
			stuck = nil
		case stuck == nil || *stuck != first: // another exchange of this PC took them meanwhile
			stuck = &first
		default:
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
		at, n, err := v.gather(ctx, v.own, theirs)
		v.tookOver(at, n)
		return false, errors.Join(err, v.look(ctx))
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
	return true, v.fork(ctx, at, what)
}

// ground looks at what the life that is written rests on, where upstream does not know it yet. It may rest on a continuation of an earlier
// life that never went up, while upstream followed another one: a backup was restored of which only another copy's end was sent. Then no
// push can ever be taken. This PC goes back to the last point of that life which both hold, and says again in a new life all that its own
// holds after it. A sister takes the owner's word instead.
func (v *visit) ground(ctx context.Context) (again bool, err error) {
	life := v.own
	for _, known := v.answer.Chain(life.Chain); !known && !life.Previous.IsZero(); _, known = v.answer.Chain(life.Chain) {
		last := life.CommonSeq
		previous, held := v.held(dossier.Chain{Device: life.Device, Incarnation: life.Previous})
		if !held {
			return false, nil
		}
		life = previous
		theirs, known := v.answer.Chain(life.Chain)
		if !known {
			continue
		}
		how, err := v.compare(ctx, life, theirs)
		if err != nil || how != another {
			return false, err
		}
		at, err := v.common(ctx, life, theirs)
		if err != nil || at.Seq >= last {
			return false, err
		}
		return true, v.fork(ctx, at, dossier.HealedForked)
	}
	return false, nil
}

// fork begins a new life after that point.
func (v *visit) fork(ctx context.Context, at dossier.Head, what string) error {
	v.healing()
	was := v.own.Chain
	healed, err := v.store.Fork(ctx, at, what)
	if dossier.Code(err) == "chain.differs" {
		if err := v.look(ctx); err != nil || v.own.Chain != was { // another exchange of this PC began one meanwhile
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("begin a new life: %w", err)
	}
	v.sent.Healed = append(v.sent.Healed, healed)
	return nil
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
		if ours.Device != v.own.Device {
			continue
		}
		// However many lives it lost of this PC: one sentence.
		if i := slices.IndexFunc(v.sent.Healed, func(h dossier.Healing) bool { return h.What == dossier.HealedUpstream }); i >= 0 {
			v.sent.Healed[i].Lost += lost
		} else {
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
	named := false
	sent, _ := v.answer.Chain(v.own.Chain)
	for _, head := range v.answer.Parked {
		if head.Device != v.own.Device || v.settled.has(head) {
			continue
		}
		if at, ok, err := v.store.HashAt(ctx, head.Chain, head.Seq); err != nil {
			return fmt.Errorf("look for what waits: %w", err)
		} else if ok && at == head { // it came there too early, and goes up from here in its place
			continue
		}
		v.healing()
		if !named { // another copy may have changed its keys and begun a life that is not here
			keys, err := namedKeys(ctx, v.store, v.own.Device)
			if err != nil {
				return err
			}
			for _, k := range keys {
				owners = append(owners, k.Key)
			}
			named = true
		}
		_, entries, err := v.fetch(ctx, wire.Pull{Chain: head.Chain, Parked: &head.Hash}, owners...)
		if lost(err) {
			return err
		}
		if dossier.Code(err) == "upstream.bad-envelope" { // of a life whose key is not known here: it is for a person, and said once
			v.settled.add(head)
			err = dossier.Invalid("", "parked.unread")
		}
		if err != nil {
			v.beside(err)
			continue
		}
		n, err := reclaim(ctx, v.store, entries)
		if err != nil {
			return err
		}
		for _, e := range entries { // that life may have gone on under another key
			var n dossier.NewKey
			if e.Kind == dossier.KeySet && json.Unmarshal(e.Body, &n) == nil && len(n.Key) == ed25519.PublicKeySize {
				owners = append(owners, n.Key)
			}
		}
		if n == 0 && sent.Head() == v.own.Head { // what is left of it waits at upstream for a person; until then a longer run may come that ends alike
			v.settled.add(head)
		}
	}
	return nil
}

// astray deals with our copies of others' chains that are other continuations than those which count: upstream's, or on the station's network
// the owner's own. What they hold is handed over first, so that its owner can take it over; then our copy is cut to the common point and
// follows. All that is cut must stand in other chains that are here or came for it: who has heard of it may lose it again, and what stands
// in no chain cannot be handed to anybody.
func (v *visit) astray(ctx context.Context) error {
	var strays []stray
	came := map[dossier.EventID]bool{}
	for _, ours := range v.chains {
		if ours.Device == v.own.Device || !v.above && !v.speaksFor(ours.Chain) || v.upstreams(ours.Chain) && !v.handed[ours.Head] {
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
		signed, err := v.signedBefore(ctx, ours, at)
		if err != nil {
			return err
		}
		s := stray{at: signed, common: at}
		safe := true
		if !v.upstreams(ours.Chain) {
			safe, err = v.deposit(ctx, ours, at)
		}
		if err == nil && safe {
			s.runs, err = v.continuation(ctx, ours, signed)
		}
		if lost(err) {
			return err
		}
		if err != nil || !safe { // it is offered again, until its owner or a person has taken it over
			v.part(ours.Chain)
			continue
		}
		for _, run := range s.runs {
			for _, e := range run.entries {
				came[e.ID] = true
			}
		}
		strays = append(strays, s)
	}
	for _, s := range strays {
		alone, err := v.alone(ctx, s.at, s.common)
		if err != nil {
			return fmt.Errorf("follow the chain %s: %w", s.at.Chain, err)
		}
		if slices.ContainsFunc(alone, func(id dossier.EventID) bool { return !came[id] }) {
			v.part(s.at.Chain) // it comes with the life that took it over
			continue
		}
		if err := v.follow(ctx, s); err != nil {
			return fmt.Errorf("follow the chain %s: %w", s.at.Chain, err)
		}
	}
	return nil
}

// signedBefore is the last point up to that one which the owner of a chain signed. Cut there, it can be handed on: no two signed heads lie further apart
// than an envelope holds.
func (v *visit) signedBefore(ctx context.Context, ours dossier.ChainState, at dossier.Head) (dossier.Head, error) {
	signed, _, err := v.store.SignedHead(ctx, ours.Chain, 0, int(at.Seq))
	if err == nil && signed.Seq == 0 {
		signed = dossier.Head{Chain: ours.Chain, Hash: ours.Genesis.Hash()}
	}
	return signed, err
}

// alone are the events that nobody could be handed any more were a chain cut at a point, to follow another continuation that is the same up to
// another: those that stand in no other chain here, of its own and of the later lives that rest on ours. The key that signed those is named there.
func (v *visit) alone(ctx context.Context, at, common dossier.Head) ([]dossier.EventID, error) {
	out, err := v.store.Alone(ctx, at)
	if err != nil || v.upstreams(at.Chain) { // which says again what it named
		return out, err
	}
	rests := map[dossier.Chain]bool{}
	for _, c := range v.chains { // a life comes after what it rests on
		previous := dossier.Chain{Device: c.Device, Incarnation: c.Previous}
		if rests[c.Chain] = rests[previous]; previous == common.Chain && c.CommonSeq > common.Seq {
			ours, ok, err := v.store.HashAt(ctx, previous, c.CommonSeq)
			if err != nil {
				return nil, err
			}
			rests[c.Chain] = ok && ours.Hash == c.CommonHash
		}
		if rests[c.Chain] {
			more, err := v.store.Alone(ctx, dossier.Head{Chain: c.Chain, Hash: c.Genesis.Hash()})
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// stray is a chain of which another continuation than ours counts, from a point on.
type stray struct {
	at, common dossier.Head // where it is cut, and the last that both say
	runs       []run
}

// run is what an envelope held.
type run struct {
	head      dossier.Head
	signature []byte
	entries   []dossier.Entry
}

// part says that our continuation of a chain is kept for now.
func (v *visit) part(c dossier.Chain) {
	if v.parted == nil {
		v.parted = map[dossier.Chain]bool{}
	}
	v.parted[c] = true
}

// continuation is what the other side holds of a chain after a point.
func (v *visit) continuation(ctx context.Context, ours dossier.ChainState, at dossier.Head) (runs []run, err error) {
	for {
		e, entries, err := v.fetch(ctx, wire.Pull{Chain: at.Chain, After: at.Seq}, ours.Owner)
		switch {
		case dossier.Code(err) == "journal.nothing":
			return runs, nil
		case err != nil:
			return nil, err
		case e.Chain != ours.Genesis || e.Before != at.Hash:
			return nil, dossier.Invalid("", "journal.forked")
		}
		at = e.Head()
		runs = append(runs, run{at, e.Owner, entries})
	}
}

// follow gives our continuation of a chain up for the one that counts.
func (v *visit) follow(ctx context.Context, s stray) error {
	ctx = context.WithoutCancel(ctx)
	if err := v.store.Recast(ctx, s.at.Chain, s.at); err != nil {
		return err
	}
	for _, run := range s.runs {
		if err := v.store.Extend(ctx, run.head, run.signature, run.entries); err != nil {
			return err
		}
		v.sent.Pulled += len(run.entries)
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
