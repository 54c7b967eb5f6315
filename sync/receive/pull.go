package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Pull gives the entries of a chain of the asking PC's station after a sequence number, sealed to that PC. Codes: message.bad,
// line.unknown-device, line.revoked, journal.unknown, journal.nothing.
func (u *Upstream) Pull(ctx context.Context, peer ed25519.PublicKey, question []byte) ([]byte, error) {
	d, err := admitted(ctx, u.read, peer)
	if err != nil {
		return nil, told("answer pull", err)
	}
	p, err := wire.ParsePull(question)
	if err != nil {
		return nil, dossier.Invalid("", "message.bad")
	}
	to, err := wire.ParseRecipient(d.recipient)
	if err != nil {
		return nil, fmt.Errorf("answer pull: %w", err)
	}
	var run wire.Run
	var owner func(dossier.Head) []byte
	err = u.look(ctx, "answer pull", func(tx *sql.Tx) error {
		c, err := findChain(ctx, tx, p.Chain)
		if none(err) || err == nil && c.station != d.station {
			return dossier.Invalid("", "journal.unknown")
		}
		if err != nil {
			return err
		}
		if p.After >= c.Seq {
			return dossier.Invalid("", "journal.nothing")
		}
		until, signature := min(c.Seq, p.After+wire.MaxEntries), []byte(nil)
		if owner = func(h dossier.Head) []byte { return h.Sign(u.key) }; !u.Key().Equal(ed25519.PublicKey(c.Owner)) {
			// A chain of somebody else's can only be handed on up to a head its owner signed; no two lie further apart than an envelope holds.
			err := tx.QueryRowContext(ctx, "SELECT seq, signature FROM head WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
				c.id, int64(p.After), int64(until)).Scan(&until, &signature)
			if err != nil {
				return err
			}
			owner = func(h dossier.Head) []byte {
				if h.Seq != until {
					return nil
				}
				return signature
			}
		}
		run = wire.Run{Chain: c.Genesis, After: p.After}
		if run.Before, err = hashAt(ctx, tx, c, p.After); err != nil {
			return err
		}
		kept, err := collect(ctx, tx, scanEntry, "SELECT "+entryColumns+" FROM entry WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq",
			c.id, int64(p.After), int64(until))
		if err != nil {
			return err
		}
		for _, k := range kept {
			run.Entries = append(run.Entries, k.Entry)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e, err := wire.Seal(run, owner, u.key, to)
	if err != nil {
		return nil, fmt.Errorf("answer pull: %w", err)
	}
	return e.Bytes(), nil
}
