package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// effect is what an entry does here beside being kept. Upstream's own words do the same whether they are said now or handed back after
// its file was restored; those of another are taken for no more than a PC may say.
func (u *Upstream) effect(ctx context.Context, tx *sql.Tx, c chain, e dossier.Entry) error {
	if e.Kind == dossier.KeySet && !c.own {
		return nextOwner(ctx, tx, c, e)
	}
	if e.Kind == dossier.Purged {
		u.unswept.Store(true)
		return purge(ctx, tx, c.station, e)
	}
	if !c.own {
		return nil
	}
	switch e.Kind {
	case dossier.Admitted:
		var a dossier.Admission
		if json.Unmarshal(e.Body, &a) != nil {
			return nil
		}
		return u.admitted(ctx, tx, c.station, a)
	case dossier.Revoked:
		var r dossier.Revocation
		if json.Unmarshal(e.Body, &r) != nil {
			return nil
		}
		return u.revoke(ctx, tx, c.station, r)
	case dossier.SentBack:
		var b dossier.SendBack
		if json.Unmarshal(e.Body, &b) != nil {
			return nil
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO sent_back (station, event, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", c.station, b.Event[:], b.Why)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE entry SET reason = ? WHERE event = ? AND reason = '' AND chain IN (SELECT id FROM chain WHERE station = ? AND NOT own)
			AND NOT EXISTS (SELECT 1 FROM entry other WHERE other.event = entry.event AND other.refused)`, b.Why, b.Event[:], c.station)
		return err
	case dossier.KeySet:
		return u.keySet(ctx, tx, c, e)
	}
	return note(ctx, tx, c.station, keptEntry{Entry: e})
}

// admitted is what an Admitted event does: a PC that is not known any more is one again.
func (u *Upstream) admitted(ctx context.Context, tx *sql.Tx, station int64, a dossier.Admission) error {
	ok, err := usable(ctx, tx, a)
	if err != nil {
		return err
	}
	if ok {
		var taken bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM device WHERE station = ? AND desk = ? AND revoked IS NULL)", station, a.Desk).Scan(&taken)
		if err != nil {
			return err
		}
		if err := u.admit(ctx, tx, station, a); err != nil {
			return err
		}
		d, err := deviceByID(ctx, tx, a.Device)
		if err != nil {
			return err
		}
		if taken && !d.revoked {
			if err := u.alarm(ctx, tx, station, dossier.Head{Chain: a.Chain.Chain}, alarmTwoDesks); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, "UPDATE device SET announced = 1 WHERE device = ? AND station = ?", a.Device[:], station)
	return err
}

// keySet notes where upstream's next keys were announced to a station. A key that is not here was lost with a later file: what it signed
// is upstream's word all the same.
func (u *Upstream) keySet(ctx context.Context, tx *sql.Tx, c chain, e dossier.Entry) error {
	var n dossier.NewKey
	if json.Unmarshal(e.Body, &n) != nil || len(n.Key) != ed25519.PublicKeySize {
		return nil
	}
	k, err := u.keys(ctx, tx)
	if err != nil {
		return err
	}
	if k.next != nil && k.next.public.Equal(n.Key) {
		_, err := tx.ExecContext(ctx, "UPDATE station SET key_chain = ?, key_seq = ? WHERE id = ?", c.id, int64(c.Seq), c.station)
		return err
	}
	if k.find(n.Key) != nil {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO former (key) VALUES (?)", []byte(n.Key)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE upstream SET generation = generation + 1")
	return err
}

// nextOwner notes the keys of a PC's next life. Only the key in use may name the next; what a key that was left names, the PC has left too.
func nextOwner(ctx context.Context, tx *sql.Tx, c chain, e dossier.Entry) error {
	d, err := deviceByID(ctx, tx, c.Device)
	if err != nil {
		return err
	}
	if !d.owner.Equal(ed25519.PublicKey(c.Owner)) {
		return learn(ctx, tx, d, []dossier.Entry{e})
	}
	var n dossier.NewKey
	if json.Unmarshal(e.Body, &n) != nil || len(n.Key) != ed25519.PublicKeySize {
		return nil
	}
	if _, err := wire.ParseRecipient(n.Recipient); err != nil {
		return nil
	}
	// One that was learned from entries which waited, and under which nothing stands here, was not left: the entry has found its place.
	if _, err := tx.ExecContext(ctx, "DELETE FROM former_owner WHERE owner = ?1 AND device = ?2 AND NOT EXISTS (SELECT 1 FROM chain WHERE device = ?2 AND owner = ?1)",
		[]byte(n.Key), c.Device[:]); err != nil {
		return err
	}
	// Keys that were to come next, and do not, may have signed a life all the same, of a later state of this file.
	if _, err := tx.ExecContext(ctx, `INSERT INTO former_owner (owner, device) SELECT next_owner, device FROM device
		WHERE device = ?1 AND next_owner <> ?2 AND NOT EXISTS (SELECT 1 FROM former_owner WHERE owner = ?2) ON CONFLICT DO NOTHING`,
		c.Device[:], []byte(n.Key)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE device SET next_owner = ?1, next_recipient = ?2 WHERE device = ?3
		AND NOT EXISTS (SELECT 1 FROM device WHERE owner = ?1) AND NOT EXISTS (SELECT 1 FROM device WHERE next_owner = ?1 AND device <> ?3)
		AND NOT EXISTS (SELECT 1 FROM former_owner WHERE owner = ?1)`, []byte(n.Key), n.Recipient, c.Device[:])
	return err
}

// purge forgets salt and body of the events it names, here and whenever they come again. Headers and hashes stay.
func purge(ctx context.Context, tx *sql.Tx, station int64, e dossier.Entry) error {
	var p dossier.Purge
	if json.Unmarshal(e.Body, &p) != nil || len(p.Events) > dossier.MaxPurge {
		return nil
	}
	for _, id := range p.Events {
		_, err := tx.ExecContext(ctx, "INSERT INTO purged (station, event) VALUES (?, ?) ON CONFLICT DO NOTHING", station, id[:])
		if err != nil {
			return err
		}
		if p.Number != "" { // where this file was put back and got the headers only
			if _, err := tx.ExecContext(ctx, `UPDATE dossier SET number = ?1 WHERE station = ?2 AND number = '' AND dossier = (SELECT entry.dossier FROM entry
				JOIN chain ON chain.id = entry.chain WHERE entry.event = ?3 AND chain.station = ?2 AND entry.refused = 0)`, p.Number, station, id[:]); err != nil {
				return err
			}
		}
		for _, q := range []struct{ find, forget string }{
			{"SELECT entry.id, entry.header FROM entry JOIN chain ON chain.id = entry.chain WHERE entry.event = ? AND chain.station = ? AND entry.salt IS NOT NULL",
				"UPDATE entry SET salt = NULL, body = NULL WHERE id = ?"},
			{`SELECT parked_entry.rowid, parked_entry.header FROM parked_entry JOIN parked ON parked.id = parked_entry.parked
				WHERE parked_entry.event = ? AND parked.station = ? AND parked_entry.salt IS NOT NULL`,
				"UPDATE parked_entry SET salt = NULL, body = NULL WHERE rowid = ?"},
		} {
			rows, err := collect(ctx, tx, func(scan func(...any) error) (r struct {
				id     int64
				header []byte
			}, err error) {
				return r, scan(&r.id, &r.header)
			}, q.find, id[:], station)
			if err != nil {
				return err
			}
			for _, r := range rows {
				old, err := dossier.ParseEntry(r.header, [16]byte{}, nil, true)
				if err != nil {
					return err
				}
				if !p.May(old.Kind) {
					continue
				}
				if _, err := tx.ExecContext(ctx, q.forget, r.id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// purgedOf are those of the entries whose bodies are not to be kept.
func purgedOf(ctx context.Context, tx *sql.Tx, station int64, entries []dossier.Entry) (map[dossier.EventID]bool, error) {
	var any bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM purged WHERE station = ?)", station).Scan(&any); err != nil || !any {
		return nil, err
	}
	out := map[dossier.EventID]bool{}
	for _, e := range entries {
		var named bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM purged WHERE station = ? AND event = ?)", station, e.ID[:]).Scan(&named)
		if err != nil {
			return nil, err
		}
		if named && (dossier.Purge{}).May(e.Kind) {
			out[e.ID] = true
		}
	}
	return out, nil
}
