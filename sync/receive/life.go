package receive

import (
	"bytes"
	"context"
	"database/sql"

	"tiepnhan/dossier"
)

// maxLives is how many lives of one PC are kept as chains: a restore every month for a PC's whole life. More come from a program that has
// gone wrong, and wait for a person.
const maxLives = 64

// begin is an envelope of a life of a PC that nobody has told of yet. Its beginning must fit what is held: only then do the entries up to
// its common point stand for its author's, and a receipt for it says no more than is true.
func (t *taking) begin(ctx context.Context, tx *sql.Tx) (dossier.Receipt, error) {
	no := func(code string) (dossier.Receipt, error) { return dossier.Receipt{}, dossier.Invalid("", code) }
	g := t.e.Chain
	d, err := deviceByID(ctx, tx, g.Device)
	switch {
	case none(err):
		return no("journal.unknown")
	case err != nil:
		return dossier.Receipt{}, err
	case d.station != t.sender.station:
		return no("envelope.sender")
	case d.outside():
		return t.wait(ctx, tx, d, chain{}, parkedOutside)
	case d.frozen && t.own():
		return no("line.frozen")
	case d.frozen:
		return t.wait(ctx, tx, d, chain{}, parkedFrozen)
	case d.revoked && !bytes.Equal(d.lastLife, g.Incarnation[:]):
		return t.wait(ctx, tx, d, chain{}, parkedRevoked)
	}
	if goesOn, err := follows(ctx, tx, t.e); err != nil {
		return dossier.Receipt{}, err
	} else if goesOn || t.e.First != 1 && t.beside() {
		return t.wait(ctx, tx, d, chain{}, parkedForked)
	}
	previous, err := findChain(ctx, tx, dossier.Chain{Device: g.Device, Incarnation: g.Previous})
	switch {
	case err != nil && !none(err):
		return dossier.Receipt{}, err
	case d.revoked && t.e.First == 1 && (none(err) || previous.until.Valid && g.CommonSeq > uint64(previous.until.Int64)):
		// This file was put back, and heard of the revocation before it had all that had been accepted: what this rests on waits too (ADR 11).
		return t.wait(ctx, tx, d, chain{}, parkedRevoked)
	case none(err):
		return t.early(ctx, tx, d, chain{}, "journal.unknown")
	case t.e.First != 1, g.CommonSeq > previous.Seq && previous.id == d.current:
		return t.early(ctx, tx, d, chain{}, "journal.gap")
	case g.CommonSeq > previous.Seq: // it rests on another continuation of a life that is closed, which need never come
		return t.wait(ctx, tx, d, chain{}, parkedForked)
	}
	common, err := hashAt(ctx, tx, previous, g.CommonSeq)
	if err != nil {
		return dossier.Receipt{}, err
	}
	var lives int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM chain WHERE device = ?", g.Device[:]).Scan(&lives); err != nil {
		return dossier.Receipt{}, err
	}
	// A key that was left begins no life, but those the PC itself hands in with the key it has now.
	next := d.next != nil && d.next.Equal(t.owner)
	if common != g.CommonHash || !t.own() && (lives >= maxLives || !next && !d.owner.Equal(t.owner)) {
		return t.wait(ctx, tx, d, chain{}, parkedForked)
	}
	copied, err := t.copied(ctx, tx, d, previous)
	if err != nil {
		return dossier.Receipt{}, err
	}
	if copied || lives >= maxLives && !d.thawed {
		if err := t.freeze(ctx, tx, d); err != nil {
			return dossier.Receipt{}, err
		}
		t.refused = dossier.Invalid("", "line.frozen")
		return dossier.Receipt{}, nil
	}
	c, err := addChain(ctx, tx, d.station, g, t.owner, false)
	if err != nil {
		return dossier.Receipt{}, err
	}
	if next {
		if err := promote(ctx, tx, d); err != nil {
			return dossier.Receipt{}, err
		}
	}
	// What goes on from the life that is continued is continued itself, and so is what a PC says of itself until the life it writes is here.
	// A life beside it, on a stick or from a sister, is the work of another copy: it is kept.
	written, err := findChain(ctx, tx, dossier.Chain{Device: d.id, Incarnation: d.writes})
	if err != nil && !none(err) {
		return dossier.Receipt{}, err
	}
	if t.own() && (none(err) || written.id != d.current) || previous.id == d.current {
		if _, err := tx.ExecContext(ctx, "UPDATE device SET current = ?, thawed = 0 WHERE device = ?", c.id, d.id[:]); err != nil {
			return dossier.Receipt{}, err
		}
	}
	if d.revoked {
		c.until = sql.NullInt64{Int64: int64(d.lastSeq), Valid: true}
		if _, err := tx.ExecContext(ctx, "UPDATE chain SET until = ? WHERE id = ?", c.until, c.id); err != nil {
			return dossier.Receipt{}, err
		}
	}
	return t.continued(ctx, tx, c)
}

// copied tells whether a life that a PC begins by itself shows that two copies of it are alive. Only a living copy has more of a life that is
// no longer continued than is held of it, and agrees with all that is held: it takes the rest along into the life it begins. And a disk
// image that was put back is older than what is continued, so that this goes on from it; a life that goes on from another one beside is
// the work of a copy that was left and speaks again.
func (t *taking) copied(ctx context.Context, tx *sql.Tx, d device, previous chain) (bool, error) {
	if !t.own() || d.thawed || previous.id == d.current {
		return false, nil
	}
	if t.e.Chain.CommonSeq == previous.Seq && t.entries[0].Kind != dossier.Healed {
		return true, nil
	}
	for id := d.current; id != previous.id; {
		c, err := chainByID(ctx, tx, id)
		if err != nil {
			return false, err
		}
		before, err := findChain(ctx, tx, dossier.Chain{Device: c.Device, Incarnation: c.Previous})
		if none(err) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		id = before.id
	}
	return false, nil
}

// freeze stops everything of a PC of which two copies are alive, until a person decides. What came waits in sight.
func (t *taking) freeze(ctx context.Context, tx *sql.Tx, d device) error {
	if _, err := tx.ExecContext(ctx, "UPDATE device SET frozen = ? WHERE device = ?", t.u.Now().UnixMilli(), d.id[:]); err != nil {
		return err
	}
	if _, err := t.u.park(ctx, tx, d, parkingOf(t.e, t.entries), parkedFrozen); err != nil {
		return err
	}
	return t.u.alarm(ctx, tx, d.station, t.e.Head(), alarmTwoCopies)
}

// promote makes the announced keys of a PC those in use.
func promote(ctx context.Context, tx *sql.Tx, d device) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO former_owner (owner, device) VALUES (?, ?)", []byte(d.owner), d.id[:]); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE device SET owner = next_owner, recipient = next_recipient, next_owner = NULL, next_recipient = NULL
		WHERE device = ?`, d.id[:])
	return err
}

// ofUpstream tells whether a journal is upstream's own.
func ofUpstream(ctx context.Context, db asker, id dossier.DeviceID) (own bool, err error) {
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM chain WHERE device = ? AND own)", id[:]).Scan(&own)
	return own, err
}
