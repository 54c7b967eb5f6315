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

// Enrol admits the PC that proves to hold a ticket, and lets one in again that is in use at the ticket's desk and was left outside by keys
// that one side has forgotten. The same PC may ask again with its ticket, because answers get lost. Codes: message.bad,
// ticket.wrong, ticket.used, ticket.expired, ticket.locked, ticket.desk-taken, enrol.device-known.
func (u *Upstream) Enrol(ctx context.Context, peer ed25519.PublicKey, question []byte) ([]byte, error) {
	e, err := wire.ParseEnrol(question)
	if err != nil || !peer.Equal(ed25519.PublicKey(e.Key)) {
		return nil, dossier.Invalid("", "message.bad")
	}
	answer := wire.EnrolAnswer{Name: u.Name, At: u.Now()}
	var key [32]byte
	var refused error // an attempt is kept even when it is refused
	err = u.change(ctx, "admit PC", func(tx *sql.Tx) error {
		refused = nil
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		answer.Key, answer.Recipient = k.public, k.opener.Recipient()
		var station, until int64
		var tries int
		var proofKey, user []byte
		err = tx.QueryRowContext(ctx, `SELECT ticket.proof_key, ticket.station, station.name, ticket.desk, ticket.until, ticket.tries, ticket.device
			FROM ticket JOIN station ON station.id = ticket.station WHERE ticket.number = ?`, int64(e.Ticket)).
			Scan(&proofKey, &station, &answer.Station, &answer.Desk, &until, &tries, &user)
		if none(err) {
			return dossier.Invalid("", "ticket.wrong")
		}
		if err != nil {
			return err
		}
		copy(key[:], proofKey)
		proved := wire.ProvedBy(question, key, wire.KeyHash(k.public))
		own, err := journal(ctx, tx, station)
		if err != nil {
			return err
		}
		answer.Chain = own.Genesis
		switch {
		case proved && user != nil:
			if err := again(ctx, tx, e, user); err != nil {
				return err
			}
			return u.welcome(ctx, tx, k, e.Chain.Device, &answer)
		case tries >= wire.TicketTries:
			return dossier.Invalid("", "ticket.locked")
		case !proved:
			refused = dossier.Invalid("", "ticket.wrong")
			_, err := tx.ExecContext(ctx, "UPDATE ticket SET tries = tries + 1 WHERE number = ?", int64(e.Ticket))
			return err
		case u.Now().After(time.UnixMilli(until)):
			return dossier.Invalid("", "ticket.expired")
		}
		if err := u.enrol(ctx, tx, e, station, answer.Desk); err != nil {
			return err
		}
		return u.welcome(ctx, tx, k, e.Chain.Device, &answer)
	})
	if err = errors.Join(err, refused); err != nil {
		return nil, err
	}
	return answer.Prove(question, key), nil
}

// welcome fills in what the answer says of the PC that was let in.
func (u *Upstream) welcome(ctx context.Context, tx *sql.Tx, k *keys, id dossier.DeviceID, answer *wire.EnrolAnswer) (err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM device gone JOIN device ON device.station = gone.station AND device.desk = gone.desk
		WHERE device.device = ? AND gone.device <> device.device AND gone.revoked IS NOT NULL`, id[:]).Scan(&answer.Before)
	if err != nil {
		return err
	}
	answer.Admission, err = u.signAdmission(ctx, tx, k, id)
	return err
}

// again lets through the PC that used the ticket, with the keys it had then.
func again(ctx context.Context, tx *sql.Tx, e wire.Enrol, user []byte) error {
	d, err := admitted(ctx, tx, e.Key)
	if code := dossier.Code(err); code == "line.unknown-device" || code == "line.former-key" || err == nil && (!bytes.Equal(d.id[:], user) || d.id != e.Chain.Device || d.recipient != e.Recipient) {
		return dossier.Invalid("", "ticket.used")
	}
	return err
}

// enrol admits a PC that proved its ticket, and says so in the station's journal.
func (u *Upstream) enrol(ctx context.Context, tx *sql.Tx, e wire.Enrol, station int64, desk int) error {
	use := func() error {
		_, err := tx.ExecContext(ctx, "UPDATE ticket SET device = ? WHERE number = ?", e.Chain.Device[:], int64(e.Ticket))
		return err
	}
	switch d, err := deviceByID(ctx, tx, e.Chain.Device); {
	case err == nil && !d.outside():
		if err := readmit(ctx, tx, d, e, station, desk); err != nil {
			return err
		}
		return use()
	case err != nil && !none(err):
		return err
	}
	a := dossier.Admission{Device: e.Chain.Device, Desk: desk, Key: e.Key, Recipient: e.Recipient, Chain: e.Chain, First: e.First}
	ok, err := usable(ctx, tx, a)
	if err != nil {
		return err
	}
	_, ended, err := revocation(ctx, tx, station, a.Device)
	if err != nil {
		return err
	}
	var taken bool
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM device WHERE station = ? AND desk = ? AND revoked IS NULL)", station, desk).Scan(&taken)
	switch {
	case err != nil:
		return err
	case !ok || ended:
		return dossier.Invalid("", "enrol.device-known")
	case taken:
		return dossier.Invalid("", "ticket.desk-taken")
	}
	if err := u.admit(ctx, tx, station, a); err != nil {
		return err
	}
	if err := use(); err != nil {
		return err
	}
	return u.announce(ctx, tx, station)
}

// signAdmission is upstream's signed word that a PC is one of its station's.
func (u *Upstream) signAdmission(ctx context.Context, tx *sql.Tx, k *keys, id dossier.DeviceID) ([]byte, error) {
	a, err := admission(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	d, err := deviceByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c, err := journal(ctx, tx, d.station)
	if err != nil {
		return nil, err
	}
	return wire.Admission{Admission: a, Station: d.name, Journal: c.Genesis}.Sign(k.secret), nil
}

// Return knows a PC again that upstream's file has forgotten, being older than its enrolment: the admission upstream signed then is proof
// enough. A person is told. The answer is the PC's admission as it is now; a PC that is known gets it too. Codes: message.bad,
// line.unknown-device, line.former-key, line.revoked, ticket.desk-taken.
func (u *Upstream) Return(ctx context.Context, peer ed25519.PublicKey, body []byte) ([]byte, error) {
	var out []byte
	err := u.change(ctx, "know a PC again", func(tx *sql.Tx) error {
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		a, signer, err := k.admission(body)
		if err != nil {
			return err
		}
		if !peer.Equal(a.Key) {
			return dossier.Invalid("", "line.unknown-device")
		}
		d, err := deviceByID(ctx, tx, a.Device)
		switch {
		case none(err) || err == nil && d.outside():
			taken, err := u.knowAgain(ctx, tx, a, signer)
			if err != nil {
				return err
			}
			if taken {
				return dossier.Invalid("", "ticket.desk-taken")
			}
			if _, err := admitted(ctx, tx, peer); err != nil {
				return err
			}
		case err != nil:
			return err
		case d.revoked:
			return dossier.Invalid("", "line.revoked")
		case !d.owner.Equal(peer): // who has another key now has left this one behind
			return dossier.Invalid("", "line.former-key")
		}
		out, err = u.signAdmission(ctx, tx, k, a.Device)
		return err
	})
	return out, err
}

// admission reads one that upstream signed with any of its keys. Code: message.bad.
func (k *keys) admission(b []byte) (wire.Admission, pair, error) {
	for _, signer := range k.all {
		a, err := wire.OpenAdmission(b, signer.public)
		if err == nil && a.Chain.Device == a.Device && !a.Chain.Incarnation.IsZero() {
			return a, signer, nil
		}
	}
	return wire.Admission{}, pair{}, dossier.Invalid("", "message.bad")
}

// knowAgain lets a PC in by its admission; taken is true where another has its desk: then it stays outside, unless the caller undoes that. Code:
// line.unknown-device.
func (u *Upstream) knowAgain(ctx context.Context, tx *sql.Tx, a wire.Admission, signer pair) (taken bool, err error) {
	ok, err := usable(ctx, tx, a.Admission)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, dossier.Invalid("", "line.unknown-device")
	}
	station, err := u.stationAgain(ctx, tx, a.Station, a.Journal, signer)
	if err != nil {
		return false, err
	}
	_, ended, err := revocation(ctx, tx, station, a.Device)
	if err != nil {
		return false, err
	}
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM device WHERE station = ? AND desk = ? AND revoked IS NULL)", station, a.Desk).Scan(&taken)
	switch {
	case err != nil:
		return false, err
	case ended:
		return false, u.admit(ctx, tx, station, a.Admission)
	case taken:
		return true, u.keepOutside(ctx, tx, station, a.Admission)
	}
	if err := u.admit(ctx, tx, station, a.Admission); err != nil {
		return false, err
	}
	return false, u.alarm(ctx, tx, station, dossier.Head{Chain: a.Chain.Chain}, alarmReturned)
}

// stationAgain finds a station, or makes it again with the journal upstream had for it. A journal it does not know is kept beside the one
// it has now, to be filled by whoever holds it.
func (u *Upstream) stationAgain(ctx context.Context, tx *sql.Tx, name string, g dossier.Genesis, signer pair) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM station WHERE name = ?", name).Scan(&id)
	there := err == nil
	if err != nil && !none(err) {
		return 0, err
	}
	if !there {
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) + 1 FROM station").Scan(&id); err != nil {
			return 0, err
		}
	}
	var known bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM chain WHERE device = ?)", g.Device[:]).Scan(&known); err != nil {
		return 0, err
	}
	if !known {
		c, err := addChain(ctx, tx, id, g, signer.public, true)
		if err != nil {
			return 0, err
		}
		if !there && signer.secret != nil {
			_, err = tx.ExecContext(ctx, "INSERT INTO station (id, name, journal) VALUES (?, ?, ?)", id, name, c.id)
			return id, err
		}
	}
	if there {
		return id, nil
	}
	return u.station(ctx, tx, name)
}
