package receive

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"slices"
	"strconv"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Ticket makes a ticket for one more PC of a station, which is introduced with its first. desk 0 is the lowest that nobody has and no
// ticket promises; address "" is upstream's own. Codes: ticket.station, ticket.address, desk.range, ticket.desk-taken, ticket.no-desk.
func (u *Upstream) Ticket(ctx context.Context, station string, desk int, address string) (wire.Ticket, error) {
	return u.ticket(ctx, station, desk, address, false)
}

// TicketAgain makes a ticket that lets the PC in again which is in use at a desk, and no other, with whatever keys it has: its disk was put
// back to before a change of keys, or upstream's own was. Codes: ticket.station, ticket.address, desk.range, upstream.no-device.
func (u *Upstream) TicketAgain(ctx context.Context, station string, desk int, address string) (wire.Ticket, error) {
	return u.ticket(ctx, station, desk, address, true)
}

func (u *Upstream) ticket(ctx context.Context, station string, desk int, address string, again bool) (wire.Ticket, error) {
	now := u.Now()
	t := wire.Ticket{Address: u.Address, Until: now.Add(wire.TicketLife).Truncate(1e9).UTC(), Desk: max(desk, 1),
		Station: dossier.Clean(station)}
	t.Number, t.Secret = wire.NewSecret()
	if address != "" {
		var err error
		if t.Address, err = wire.CheckAddress(address); err != nil {
			return wire.Ticket{}, err
		}
	}
	if desk != 0 {
		t.Desk = desk
	}
	k, err := u.keys(ctx, u.read)
	if err != nil {
		return wire.Ticket{}, told("make ticket", err)
	}
	t.Key = wire.KeyHash(k.public)
	if err := t.Check(); err != nil {
		return wire.Ticket{}, err
	}
	err = u.change(ctx, "make ticket", func(tx *sql.Tx) error {
		if again {
			if there, err := inUse(ctx, tx, t.Station, desk); err != nil {
				return err
			} else if len(there) == 0 {
				return dossier.Invalid("desk", "upstream.no-device", "name", t.Station, "desk", strconv.Itoa(desk))
			}
		}
		id, err := u.station(ctx, tx, t.Station)
		if err != nil {
			return err
		}
		taken, err := desks(ctx, tx, "SELECT desk FROM device WHERE station = ? AND revoked IS NULL", id)
		if err != nil {
			return err
		}
		promised, err := desks(ctx, tx, "SELECT desk FROM ticket WHERE station = ? AND device IS NULL AND until >= ? AND tries < ?",
			id, now.UnixMilli(), wire.TicketTries)
		if err != nil {
			return err
		}
		for desk == 0 && slices.Contains(append(promised, taken...), t.Desk) {
			if t.Desk++; t.Desk > dossier.Desks {
				return dossier.Invalid("desk", "ticket.no-desk", "station", t.Station)
			}
		}
		if !again && slices.Contains(taken, t.Desk) {
			return dossier.Invalid("desk", "ticket.desk-taken")
		}
		key := wire.ProofKey(t.Secret)
		_, err = tx.ExecContext(ctx, "INSERT INTO ticket (number, proof_key, station, desk, until) VALUES (?, ?, ?, ?, ?)",
			int64(t.Number), key[:], id, t.Desk, t.Until.UnixMilli())
		return err
	})
	if err != nil {
		return wire.Ticket{}, err
	}
	return t, nil
}

func desks(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]int, error) {
	return collect(ctx, tx, func(scan func(...any) error) (n int, err error) { return n, scan(&n) }, query, args...)
}

// station finds a station, or makes it with upstream's journal for it: a device of its own, so that no other station's decisions pass
// through it. The device follows from upstream's key and the station's name. Where this file was put back to before the station was there, and a
// person makes a ticket for it once more, what is said from then on is another life of the journal that its PCs already hold for upstream's word.
func (u *Upstream) station(ctx context.Context, tx *sql.Tx, name string) (int64, error) {
	var id int64
	if err := tx.QueryRowContext(ctx, "SELECT id FROM station WHERE name = ?", name).Scan(&id); !none(err) {
		return id, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) + 1 FROM station").Scan(&id); err != nil {
		return 0, err
	}
	k, err := u.keys(ctx, tx)
	if err != nil {
		return 0, err
	}
	device, err := hkdf.Key(sha256.New, k.secret.Seed(), nil, "tiepnhan/journal/1\x00"+name, len(dossier.DeviceID{}))
	if err != nil {
		return 0, err
	}
	g := dossier.Genesis{Chain: dossier.Chain{Device: dossier.DeviceID(device)}}
	rand.Read(g.Incarnation[:])
	c, err := addChain(ctx, tx, id, g, k.public, true)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO station (id, name, journal) VALUES (?, ?, ?)", id, name, c.id)
	return id, err
}
