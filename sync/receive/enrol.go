package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Enrol admits the PC that proves to hold a ticket. The same PC may ask again with its ticket, because answers get lost. Codes: message.bad,
// ticket.wrong, ticket.used, ticket.expired, ticket.locked, ticket.desk-taken, enrol.device-known.
func (u *Upstream) Enrol(ctx context.Context, peer ed25519.PublicKey, question []byte) ([]byte, error) {
	e, err := wire.ParseEnrol(question)
	if err != nil || !peer.Equal(ed25519.PublicKey(e.Key)) {
		return nil, dossier.Invalid("", "message.bad")
	}
	answer := wire.EnrolAnswer{Name: u.Name, Key: u.Key(), Recipient: u.identity.Recipient(), At: u.Now()}
	var key [32]byte
	var refused error // an attempt is kept even when it is refused
	err = u.change(ctx, "admit PC", func(tx *sql.Tx) error {
		var station, until int64
		var tries int
		var proofKey, user []byte
		err := tx.QueryRowContext(ctx, `SELECT ticket.proof_key, ticket.station, station.name, ticket.desk, ticket.until, ticket.tries, ticket.device
			FROM ticket JOIN station ON station.id = ticket.station WHERE ticket.number = ?`, int64(e.Ticket)).
			Scan(&proofKey, &station, &answer.Station, &answer.Desk, &until, &tries, &user)
		if none(err) {
			return dossier.Invalid("", "ticket.wrong")
		}
		if err != nil {
			return err
		}
		copy(key[:], proofKey)
		proved := wire.ProvedBy(question, key, wire.KeyHash(u.Key()))
		own, err := journal(ctx, tx, station)
		if err != nil {
			return err
		}
		answer.Chain = own.Genesis
		switch {
		case proved && user != nil:
			return again(ctx, tx, e, user)
		case tries >= wire.TicketTries:
			return dossier.Invalid("", "ticket.locked")
		case !proved:
			refused = dossier.Invalid("", "ticket.wrong")
			_, err := tx.ExecContext(ctx, "UPDATE ticket SET tries = tries + 1 WHERE number = ?", int64(e.Ticket))
			return err
		case u.Now().After(time.UnixMilli(until)):
			return dossier.Invalid("", "ticket.expired")
		}
		return admit(ctx, tx, e, station, answer.Desk, u.Now().UnixMilli())
	})
	if err = errors.Join(err, refused); err != nil {
		return nil, err
	}
	return answer.Prove(question, key), nil
}

// again lets through the PC that used the ticket, with the keys it had then.
func again(ctx context.Context, tx *sql.Tx, e wire.Enrol, user []byte) error {
	d, err := admitted(ctx, tx, e.Key)
	if dossier.Code(err) == "line.unknown-device" || err == nil && (!bytes.Equal(d.id[:], user) || d.id != e.Chain.Device || d.recipient != e.Recipient) {
		return dossier.Invalid("", "ticket.used")
	}
	return err
}

func admit(ctx context.Context, tx *sql.Tx, e wire.Enrol, station int64, desk int, now int64) error {
	var known, taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM device WHERE device = ?1 OR owner = ?2) OR EXISTS (SELECT 1 FROM chain WHERE device = ?1),
		EXISTS (SELECT 1 FROM device WHERE station = ?3 AND desk = ?4 AND revoked IS NULL)`, e.Chain.Device[:], e.Key, station, desk).
		Scan(&known, &taken)
	switch {
	case err != nil:
		return err
	case known:
		return dossier.Invalid("", "enrol.device-known")
	case taken:
		return dossier.Invalid("", "ticket.desk-taken")
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO device (device, station, desk, owner, recipient, enrolled) VALUES (?, ?, ?, ?, ?, ?)",
		e.Chain.Device[:], station, desk, e.Key, e.Recipient, now)
	if err != nil {
		return err
	}
	if _, err := addChain(ctx, tx, station, e.Chain, e.Key); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE ticket SET device = ? WHERE number = ?", e.Chain.Device[:], int64(e.Ticket))
	return err
}
