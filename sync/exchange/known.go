package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Known is up to when this PC knows what each of its sisters did: everything she wrote until then is here.
//
// A sister who calls or is called on the station's network says where her journal ends; once that much is here, all is known until she said so,
// also where nothing was new. A stick of hers says the same of when it was made, not of when it was put in. What comes another way, through
// upstream or a third PC, is known until its last entry was written. A beacon says nothing. Moments are those of this PC's clock as far as it was
// there, else of hers.
//
// Nothing that is exchanged hangs on it: where it cannot be read or kept now, the next exchange does it. All methods may be called on nil and
// from anywhere.
type Known struct {
	Store Store
	Now   func() time.Time // nil is time.Now

	mu   sync.Mutex
	read bool
	of   map[dossier.DeviceID]known
	kept map[dossier.DeviceID]known // as the store has it
	said map[dossier.DeviceID]said  // what is not here yet
}

// known is what is known of one sister; there is none of one who was never heard.
type known struct {
	Until time.Time `json:"until,omitzero"` // zero where no clock tells
	Held  uint64    `json:"held"`           // entries of hers that were here when that was judged
}

// said is a sister's word on where her journal ends, and when that was.
type said struct {
	at    time.Time
	lives []wire.Held // of hers, those that no other follows
}

const (
	knownSecret = "sync/known"
	knownEvery  = 5 * time.Minute // sisters speak every minute: a write for each would wear the disk for nothing
)

func (k *Known) now() time.Time {
	if k == nil || k.Now == nil {
		return time.Now().Round(0)
	}
	return k.Now().Round(0) // what was kept knows no other clock than the one on the wall
}

// Sisters are the other PCs of the station as upstream has admitted them, by desk.
func (k *Known) Sisters(ctx context.Context) ([]dossier.Sister, error) {
	if k == nil {
		return nil, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	roster, err := k.settle(ctx)
	if err != nil {
		return nil, err
	}
	now := k.now()
	var out []dossier.Sister
	for _, a := range roster {
		one, heard := k.of[a.Device]
		out = append(out, dossier.Sister{Device: a.Device, Desk: a.Desk, Heard: heard, Until: asOf(one.Until, now)})
	}
	return out, nil
}

// asOf is a moment by the clock as it is now, which may have been set back since. Zero for one that is still to come.
func asOf(at, now time.Time) time.Time {
	switch {
	case at.After(now.Add(dossier.ClockSlack)):
		return time.Time{}
	case at.After(now):
		return now
	}
	return at
}

// heard takes a sister's word on what she held at that moment.
func (k *Known) heard(ctx context.Context, sister dossier.DeviceID, at time.Time, holds []wire.Held) {
	if k == nil {
		return
	}
	word := said{at: at}
	for _, h := range holds {
		goesOn := func(next wire.Held) bool { return next.Device == sister && next.Previous == h.Incarnation }
		if h.Device == sister && !slices.ContainsFunc(holds, goesOn) {
			word.lives = append(word.lives, h)
		}
	}
	if len(word.lives) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.said == nil {
		k.said = map[dossier.DeviceID]said{}
	}
	k.said[sister] = word
	_, _ = k.settle(ctx) // the next does it
}

// look judges what came by an exchange.
func (k *Known) look(ctx context.Context) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	_, _ = k.settle(ctx) // the next does it
}

// Keep writes down what was not yet, before the store is closed.
func (k *Known) Keep(ctx context.Context) error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for sister, one := range k.of {
		if was, ok := k.kept[sister]; !ok || was.Held != one.Held || !was.Until.Equal(kept(one).Until) {
			return k.keep(ctx)
		}
	}
	return nil
}

// kept is one as the store keeps it.
func kept(one known) known {
	one.Until = one.Until.UTC().Truncate(time.Second)
	return one
}

func (k *Known) keep(ctx context.Context) error {
	next := map[dossier.DeviceID]known{}
	for sister, one := range k.of {
		next[sister] = kept(one)
	}
	b, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("keep up to when sisters are known: %w", err)
	}
	if err := k.Store.KeepSecret(ctx, knownSecret, b); err != nil {
		return fmt.Errorf("keep up to when sisters are known: %w", err)
	}
	k.kept = next
	return nil
}

// load reads what was kept, once. What cannot be made out is as if nobody had been heard: her journal still tells.
func (k *Known) load(ctx context.Context) error {
	if k.read {
		return nil
	}
	b, err := k.Store.Secret(ctx, knownSecret)
	if err != nil {
		return fmt.Errorf("read up to when sisters are known: %w", err)
	}
	k.of, k.kept = map[dossier.DeviceID]known{}, map[dossier.DeviceID]known{}
	if b == nil || json.Unmarshal(b, &k.kept) != nil {
		k.kept = map[dossier.DeviceID]known{}
	}
	for sister, one := range k.kept {
		k.of[sister] = one
	}
	k.read = true
	return nil
}

// settle judges what is here now, and answers who is of the station.
func (k *Known) settle(ctx context.Context) ([]dossier.Admission, error) {
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	all, err := k.Store.Roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	chains, err := k.Store.Chains(ctx)
	if err != nil {
		return nil, fmt.Errorf("read chains: %w", err)
	}
	own, now := k.Store.Own().Device, k.now()
	var roster []dossier.Admission
	of, write := map[dossier.DeviceID]known{}, false
	for _, a := range all {
		if a.Device == own {
			continue
		}
		roster = append(roster, a)
		one, ok := k.of[a.Device]
		if one, ok, err = k.judge(ctx, a.Device, chains, one, ok, now); err != nil {
			return nil, err
		}
		if ok {
			of[a.Device] = one
			was, had := k.kept[a.Device]
			moved := kept(one).Until.Sub(was.Until)
			write = write || !had || moved < 0 || moved >= knownEvery
		}
	}
	k.of = of // who was revoked is forgotten
	if write {
		_ = k.keep(ctx) // what a full disk loses is some minutes after the next start
	}
	return roster, nil
}

// judge is what is known of one sister now; ok is false while there is nothing.
func (k *Known) judge(ctx context.Context, sister dossier.DeviceID, chains []dossier.ChainState, one known, ok bool, now time.Time) (known, bool, error) {
	var held uint64
	var last dossier.ChainState
	for _, c := range chains {
		if c.Device == sister && c.Head.Seq > 0 {
			held += c.Head.Seq
			last = c
		}
	}
	if word, spoke := k.said[sister]; spoke {
		here, err := k.holds(ctx, word.lives)
		if err != nil {
			return one, ok, err
		}
		if here {
			delete(k.said, sister)
			one.Until, ok = later(one.Until, word.at, now), true
		}
	}
	if held == one.Held {
		return one, ok, nil
	}
	entries, err := k.Store.Entries(ctx, last.Chain, last.Head.Seq-1, 1)
	if err != nil {
		return one, ok, fmt.Errorf("read chain %s: %w", last.Chain, err)
	}
	if len(entries) == 1 { // else it was cut meanwhile
		one.Until = later(one.Until, entries[0].At, now)
		one.Held, ok = held, true
	}
	return one, ok, nil
}

// holds tells whether all of that is here.
func (k *Known) holds(ctx context.Context, lives []wire.Held) (bool, error) {
	for _, h := range lives {
		if h.Seq == 0 {
			continue
		}
		at, ok, err := k.Store.HashAt(ctx, h.Chain, h.Seq)
		if err != nil {
			return false, fmt.Errorf("read chain %s: %w", h.Chain, err)
		}
		if !ok || at.Hash != h.Hash {
			return false, nil
		}
	}
	return true, nil
}

// later is the later of what was known and another moment. One that is still to come was told by a clock that is wrong, or was: it counts for nothing.
func later(until, at, now time.Time) time.Time {
	if at = asOf(at, now); at.After(until) || until.After(now) && !at.IsZero() {
		return at
	}
	return until
}
