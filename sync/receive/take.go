package receive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Take keeps what an envelope holds and gives the receipt for it, however it came. It may come again: nothing is kept twice, and the
// receipt is the one given before. Codes: line.unknown-device, line.revoked, envelope.sender, envelope.recipient, envelope.bad,
// journal.unknown, journal.gap, journal.forked, and those of the disk.
func (u *Upstream) Take(ctx context.Context, e wire.Envelope) (dossier.Receipt, error) {
	sender, err := admitted(ctx, u.read, e.Sender)
	if err != nil {
		return dossier.Receipt{}, told("take envelope", err)
	}
	c, err := findChain(ctx, u.read, e.Chain.Chain)
	switch {
	case none(err):
		return dossier.Receipt{}, dossier.Invalid("", "journal.unknown")
	case err != nil:
		return dossier.Receipt{}, told("take envelope", err)
	case c.station != sender.station, u.Key().Equal(e.Sender):
		return dossier.Receipt{}, dossier.Invalid("", "envelope.sender")
	case c.Genesis != e.Chain:
		return dossier.Receipt{}, dossier.Invalid("", "journal.forked")
	}
	entries, err := e.Open(u.identity, c.Owner)
	switch {
	case errors.Is(err, wire.ErrRecipient):
		return dossier.Receipt{}, dossier.Invalid("", "envelope.recipient")
	case err != nil:
		return dossier.Receipt{}, dossier.Invalid("", "envelope.bad")
	}
	var r dossier.Receipt
	forked := false
	err = u.change(ctx, "keep entries", func(tx *sql.Tx) error {
		if _, err := admitted(ctx, tx, e.Sender); err != nil { // it may have been revoked since
			return err
		}
		if c, err = chainByID(ctx, tx, c.id); err != nil {
			return err
		}
		if e.First > c.Seq+1 {
			return dossier.Invalid("", "journal.gap")
		}
		if forked, err = differs(ctx, tx, c, e, entries); err != nil {
			return err
		}
		if forked {
			return alarm(ctx, tx, u.Now().UnixMilli(), c.id, e.Last, e.Hash, alarmForked)
		}
		if e.Last > c.Seq {
			if err := extend(ctx, tx, &c, entries[c.Seq+1-e.First:], e.Owner, u.Now().UnixMilli()); err != nil {
				return err
			}
		}
		r, err = u.receipt(ctx, tx, c, sender.name)
		return err
	})
	if err != nil {
		return dossier.Receipt{}, err
	}
	if forked {
		return dossier.Receipt{}, dossier.Invalid("", "journal.forked")
	}
	// The receipt is true whatever becomes of the judging, which is done again with the next envelope if it fails now.
	if err := u.judge(ctx, c.id); err != nil {
		u.fault(err)
	}
	return r, nil
}

// differs tells whether an envelope, where it speaks of entries that are held, speaks of others. What is left of it follows the end of
// the chain then.
func differs(ctx context.Context, tx *sql.Tx, c chain, e wire.Envelope, entries []dossier.Entry) (bool, error) {
	held, err := hashAt(ctx, tx, c, e.First-1)
	if err != nil || held != e.Before {
		return true, err
	}
	at := e.Before
	for i, entry := range entries {
		if e.First+uint64(i) > c.Seq {
			break
		}
		at = dossier.NextHash(at, entry.Header())
	}
	held, err = hashAt(ctx, tx, c, min(e.Last, c.Seq))
	return held != at, err
}

// receipt is upstream's word that it holds a chain as far as it does: the one given before, or a new one, kept with what it is for.
func (u *Upstream) receipt(ctx context.Context, tx *sql.Tx, c chain, station string) (dossier.Receipt, error) {
	r, err := latestReceipt(ctx, tx, c, station)
	if err == nil && r.Seq == c.Seq || err != nil && !none(err) {
		return r, err
	}
	r = dossier.Receipt{Head: c.Head(), Station: station, At: u.Now()}
	day := dossier.DateOf(r.At)
	stamp := fmt.Sprintf("%02d%02d%02d", day.Year%100, day.Month, day.Day)
	var running int
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(running), 0) + 1 FROM receipt WHERE day = ?", stamp).Scan(&running); err != nil {
		return dossier.Receipt{}, err
	}
	r.Number = fmt.Sprintf("BN-%s-%04d", stamp, running)
	r.Sign(u.key)
	_, err = tx.ExecContext(ctx, "INSERT INTO receipt (number, day, running, chain, seq, at, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.Number, stamp, running, c.id, int64(r.Seq), r.At.UnixMilli(), r.Signature)
	return r, err
}

// latestReceipt gives sql.ErrNoRows where none was given.
func latestReceipt(ctx context.Context, db asker, c chain, station string) (dossier.Receipt, error) {
	r := dossier.Receipt{Station: station}
	var at int64
	err := db.QueryRowContext(ctx, "SELECT number, seq, at, signature FROM receipt WHERE chain = ? ORDER BY seq DESC LIMIT 1", c.id).
		Scan(&r.Number, &r.Seq, &at, &r.Signature)
	if err != nil {
		return dossier.Receipt{}, err
	}
	r.Chain, r.At = c.Chain, time.UnixMilli(at).UTC()
	r.Hash, err = hashAt(ctx, db, c, r.Seq)
	return r, err
}

func (u *Upstream) fault(err error) {
	if u.Fault != nil {
		u.Fault(err)
	}
}
