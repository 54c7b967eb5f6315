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
	if p.Parked != nil {
		return u.pullParked(ctx, d, p, to)
	}
	e, err := u.seal(ctx, d.station, p.Chain, p.After, to)
	if err != nil {
		return nil, err
	}
	return e.Bytes(), nil
}

// pullParked gives a PC back what came of its own journal and fits nowhere, so that it may say it again.
func (u *Upstream) pullParked(ctx context.Context, d device, p wire.Pull, to wire.Recipient) ([]byte, error) {
	if p.Device != d.id {
		return nil, dossier.Invalid("", "journal.unknown")
	}
	var run wire.Run
	var signature []byte
	var k *keys
	err := u.look(ctx, "answer pull", func(tx *sql.Tx) (err error) {
		if k, err = u.keys(ctx, tx); err != nil {
			return err
		}
		var which int64
		err = tx.QueryRowContext(ctx, "SELECT id FROM parked WHERE device = ? AND incarnation = ? AND hash = ? ORDER BY first LIMIT 1",
			d.id[:], p.Incarnation[:], p.Parked[:]).Scan(&which)
		if none(err) {
			return dossier.Invalid("", "journal.nothing") // also where it was settled meanwhile
		}
		if err == nil {
			run, signature, err = parkedRun(ctx, tx, which)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	e, err := wire.Seal(run, func(dossier.Head) []byte { return signature }, k.secret, to)
	if err != nil {
		return nil, fmt.Errorf("answer pull: %w", err)
	}
	return e.Bytes(), nil
}

// Lacking gives each, in order, the envelopes that the PC lacks of all chains of its station, its own among them, sealed to it. held is
// what it says it holds; of a chain it holds another continuation of, it is given the whole. Codes: line.unknown-device, line.revoked.
func (u *Upstream) Lacking(ctx context.Context, id dossier.DeviceID, held []wire.Held, each func(wire.Envelope) error) error {
	d, to, err := u.recipient(ctx, id)
	if err != nil {
		return err
	}
	has := make(map[dossier.Chain]wire.Held, len(held))
	for _, h := range held {
		has[h.Chain] = h
	}
	var chains []chain
	from := map[int64]uint64{}
	err = u.look(ctx, "gather what a PC lacks", func(tx *sql.Tx) error {
		var err error
		if chains, err = chainsOf(ctx, tx, d.station); err != nil {
			return err
		}
		for _, c := range chains {
			h, ok := has[c.Chain]
			if !ok {
				continue
			}
			switch hash, err := hashAt(ctx, tx, c, min(h.Seq, c.Seq)); {
			case err != nil:
				return err
			case h.Seq > c.Seq:
				from[c.id] = c.Seq // it holds more, or another continuation, which it must hand in first
			case h.Hash == hash:
				from[c.id] = h.Seq
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range chains {
		for at := from[c.id]; at < c.Seq; {
			e, err := u.seal(ctx, d.station, c.Chain, at, to)
			if dossier.Code(err) == "journal.nothing" {
				break
			}
			if err != nil {
				return err
			}
			if err := each(e); err != nil {
				return err
			}
			at = e.Last
		}
	}
	return nil
}

// Receipts are the latest ones given for each chain of the PC's station but upstream's own.
func (u *Upstream) Receipts(ctx context.Context, id dossier.DeviceID) ([]dossier.Receipt, error) {
	d, _, err := u.recipient(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []dossier.Receipt
	err = u.look(ctx, "read receipts", func(tx *sql.Tx) (err error) {
		out, err = u.receipts(ctx, tx, d.station, d.name)
		return err
	})
	return out, err
}

// recipient finds a PC by its name. Codes: line.unknown-device, line.revoked.
func (u *Upstream) recipient(ctx context.Context, id dossier.DeviceID) (device, wire.Recipient, error) {
	var key []byte
	err := u.read.QueryRowContext(ctx, "SELECT owner FROM device WHERE device = ?", id[:]).Scan(&key)
	if none(err) {
		return device{}, wire.Recipient{}, dossier.Invalid("", "line.unknown-device")
	}
	if err != nil {
		return device{}, wire.Recipient{}, told("find PC", err)
	}
	d, err := admitted(ctx, u.read, key)
	if err != nil {
		return device{}, wire.Recipient{}, told("find PC", err)
	}
	to, err := wire.ParseRecipient(d.recipient)
	if err != nil {
		return device{}, wire.Recipient{}, fmt.Errorf("find PC: %w", err)
	}
	return d, to, nil
}

// seal puts as many entries of a chain after a sequence number into an envelope as may go in. Codes: journal.unknown, journal.nothing.
func (u *Upstream) seal(ctx context.Context, station int64, which dossier.Chain, after uint64, to wire.Recipient) (wire.Envelope, error) {
	var run wire.Run
	var heads []signedHead
	var k *keys
	err := u.look(ctx, "answer pull", func(tx *sql.Tx) error {
		c, err := findChain(ctx, tx, which)
		if none(err) || err == nil && c.station != station {
			return dossier.Invalid("", "journal.unknown")
		}
		if err != nil {
			return err
		}
		if k, err = u.keys(ctx, tx); err != nil {
			return err
		}
		until := min(c.Seq, after+wire.MaxEntries)
		if own := k.find(ed25519.PublicKey(c.Owner)); !c.own || own == nil || own.secret == nil {
			// A chain of somebody else's can only be handed on up to a head its owner signed; no two lie further apart than an envelope holds.
			if heads, err = headsBetween(ctx, tx, c.id, after, until); err != nil {
				return err
			}
			if len(heads) == 0 {
				return dossier.Invalid("", "journal.nothing")
			}
			until = heads[0].seq
		} else {
			heads = []signedHead{{by: own.secret}}
		}
		if after >= until {
			return dossier.Invalid("", "journal.nothing")
		}
		run = wire.Run{Chain: c.Genesis, After: after}
		if run.Before, err = hashAt(ctx, tx, c, after); err != nil {
			return err
		}
		kept, err := entriesAfter(ctx, tx, c.id, after, until)
		for _, e := range kept {
			run.Entries = append(run.Entries, e.Entry)
		}
		return err
	})
	if err != nil {
		return wire.Envelope{}, err
	}
	for _, h := range heads { // entries that are too many for one envelope end at an earlier head
		if h.by == nil {
			run.Entries = run.Entries[:h.seq-after]
		}
		e, err := wire.Seal(run, h.sign, k.secret, to)
		if err != nil {
			return wire.Envelope{}, fmt.Errorf("answer pull: %w", err)
		}
		if h.by != nil || e.Last == h.seq {
			return e, nil
		}
	}
	return wire.Envelope{}, fmt.Errorf("answer pull: no head of %s after %d can be handed on", which, after)
}

// signedHead is a head somebody else signed, or the key with which upstream signs any of its own.
type signedHead struct {
	seq       uint64
	signature []byte
	by        ed25519.PrivateKey
}

func (h signedHead) sign(at dossier.Head) []byte {
	if h.by != nil {
		return at.Sign(h.by)
	}
	return h.signature
}

// headsBetween are the signed heads of a chain, the furthest first.
func headsBetween(ctx context.Context, db asker, chain int64, after, until uint64) ([]signedHead, error) {
	return collect(ctx, db, func(scan func(...any) error) (h signedHead, err error) { return h, scan(&h.seq, &h.signature) },
		"SELECT seq, signature FROM head WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq DESC", chain, int64(after), int64(until))
}
