package receive

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"

	"tiepnhan/dossier"
)

// Upstream's own journals heal as a PC's do. After its file was put back, the stations hold more of them than it does: what they hand back
// is adopted before upstream goes on, and what it had said since then is said again in a new life of the journal.

// handedBack is an envelope of a life of upstream's own that is held.
func (t *taking) handedBack(ctx context.Context, tx *sql.Tx, c chain) (dossier.Receipt, error) {
	lies, at, err := t.compare(ctx, tx, c)
	if err != nil {
		return dossier.Receipt{}, err
	}
	current, err := journal(ctx, tx, c.station)
	if err != nil {
		return dossier.Receipt{}, err
	}
	switch {
	case t.e.Chain != c.Genesis:
		return dossier.Receipt{}, dossier.Invalid("", "journal.forked")
	case lies == fits && at == t.e.Last:
	case lies == fits && c.id != current.id:
		err = t.u.extend(ctx, tx, &c, t.entries[at+1-t.e.First:], t.e.Owner)
	case c.id != current.id: // of another continuation of a life that was left: what nobody else says is said again
		err = t.u.reclaim(ctx, tx, c.station, t.entries)
	case lies == gap:
		err = dossier.Invalid("", "journal.gap")
	case at+1 < t.e.First: // the common point is further back
		err = dossier.Invalid("", "journal.forked")
	default:
		var said []keptEntry
		if said, err = cut(ctx, tx, &c, at); err != nil {
			break
		}
		what := dossier.HealedBehind
		if len(said) > 0 {
			what = dossier.HealedForked
		}
		err = t.u.renew(ctx, tx, c, what, said, func() error { return t.u.extend(ctx, tx, &c, t.entries[at+1-t.e.First:], t.e.Owner) })
	}
	if err != nil {
		return dossier.Receipt{}, err
	}
	return t.u.said(ctx, tx, c, t.sender.name)
}

// adopt is an envelope of a life of upstream's own that a later state of its file had begun. What it rests on may be lost: nobody may have heard
// of it, or where that life has gone on in another way since, whoever held it has followed. It is kept all the same, for upstream has
// signed it.
func (t *taking) adopt(ctx context.Context, tx *sql.Tx) (dossier.Receipt, error) {
	g := t.e.Chain
	var station int64
	if err := tx.QueryRowContext(ctx, "SELECT station FROM chain WHERE device = ? AND own", g.Device[:]).Scan(&station); err != nil {
		return dossier.Receipt{}, err
	}
	switch {
	case station != t.sender.station:
		return dossier.Receipt{}, dossier.Invalid("", "envelope.sender")
	case t.e.First != 1:
		return dossier.Receipt{}, dossier.Invalid("", "journal.gap")
	}
	current, err := journal(ctx, tx, station)
	if err != nil {
		return dossier.Receipt{}, err
	}
	c, err := addChain(ctx, tx, station, g, t.owner, true)
	if err != nil {
		return dossier.Receipt{}, err
	}
	take := func() error { return t.u.extend(ctx, tx, &c, t.entries, t.e.Owner) }
	if g.Previous == current.Incarnation { // a chain is never continued by two
		err = t.u.renew(ctx, tx, current, dossier.HealedBehind, nil, take)
	} else {
		err = take()
	}
	if err != nil {
		return dossier.Receipt{}, err
	}
	return t.u.said(ctx, tx, c, t.sender.name)
}

// renew begins a new life of a station's journal where the one before ends. said is what was cut from that one and is said again; between is
// what happens to others meanwhile: what it makes upstream say comes after.
func (u *Upstream) renew(ctx context.Context, tx *sql.Tx, previous chain, what string, said []keptEntry, between func() error) error {
	k, err := u.keys(ctx, tx)
	if err != nil {
		return err
	}
	at := previous.Head()
	g := dossier.Genesis{Chain: dossier.Chain{Device: previous.Device}, Previous: previous.Incarnation, CommonSeq: at.Seq, CommonHash: at.Hash}
	rand.Read(g.Incarnation[:])
	c, err := addChain(ctx, tx, previous.station, g, k.public, true)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE station SET journal = ? WHERE id = ?", c.id, previous.station); err != nil {
		return err
	}
	if between != nil {
		if err := between(); err != nil {
			return err
		}
	}
	var entries []dossier.Entry
	for _, s := range said {
		entries = append(entries, s.Entry)
	}
	if err := u.reclaim(ctx, tx, previous.station, entries); err != nil {
		return err
	}
	body, err := json.Marshal(dossier.Healing{What: what, At: at, Taken: len(said)})
	if err != nil {
		return err
	}
	return u.say(ctx, tx, previous.station, u.event(dossier.Healed, dossier.ID{}, body))
}

// reclaim says again, under their old ids, those of upstream's own entries that no chain holds.
func (u *Upstream) reclaim(ctx context.Context, tx *sql.Tx, station int64, entries []dossier.Entry) error {
	var missing []dossier.Entry
	for _, e := range entries {
		var held bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entry WHERE event = ?)", e.ID[:]).Scan(&held); err != nil {
			return err
		}
		if !held && e.Kind != dossier.Healed {
			missing = append(missing, e)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return u.repeat(ctx, tx, station, missing...)
}

// renewAll begins a new life of every station's journal.
func (u *Upstream) renewAll(ctx context.Context, tx *sql.Tx, what string) error {
	stations, err := stationIDs(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range stations {
		c, err := journal(ctx, tx, s)
		if err != nil {
			return err
		}
		if err := u.renew(ctx, tx, c, what, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// Restored is to be said after this file was restored from a backup: a new life of every station's journal begins at once, so that nothing
// said from now on can stand where something else stood before. What was lost comes back with the next call of each station. It gives the
// number of stations.
func (u *Upstream) Restored(ctx context.Context) (n int, err error) {
	err = u.change(ctx, "begin new journals", func(tx *sql.Tx) error {
		stations, err := stationIDs(ctx, tx)
		if err != nil {
			return err
		}
		n = len(stations)
		return u.renewAll(ctx, tx, dossier.HealedRestored)
	})
	return n, err
}
