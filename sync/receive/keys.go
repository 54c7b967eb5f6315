package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// pair is what upstream signs with and what opens what is sealed to it. secret and opener are missing where only the public key is known.
type pair struct {
	public ed25519.PublicKey
	secret ed25519.PrivateKey
	opener *wire.Identity
	id     dossier.Hash // of the recipient
}

func newPair(seed []byte, identity string) (pair, error) {
	if len(seed) != ed25519.SeedSize {
		return pair{}, fmt.Errorf("signing key of %d bytes", len(seed))
	}
	i, err := wire.ParseIdentity(identity)
	if err != nil {
		return pair{}, err
	}
	secret := ed25519.NewKeyFromSeed(seed)
	return pair{public: secret.Public().(ed25519.PublicKey), secret: secret, opener: &i, id: i.ID()}, nil
}

// keys are upstream's: those in use, those announced for later, and those of before.
type keys struct {
	generation int64
	pair
	next *pair
	all  []pair // the others too
}

// keys reads them again only when they have changed. Only what was read outside of a writing transaction is remembered: the rest may
// never come true.
func (u *Upstream) keys(ctx context.Context, db asker) (*keys, error) {
	if had := u.known.Load(); had != nil {
		var generation int64
		if err := db.QueryRowContext(ctx, "SELECT generation FROM upstream").Scan(&generation); err != nil {
			return nil, err
		}
		if had.generation == generation {
			return had, nil
		}
	}
	k, err := loadKeys(ctx, db)
	if err == nil && db == asker(u.read) {
		u.known.Store(k)
	}
	return k, err
}

func loadKeys(ctx context.Context, db asker) (*keys, error) {
	k := &keys{}
	var seed, nextSeed []byte
	var identity string
	var nextIdentity sql.NullString
	err := db.QueryRowContext(ctx, "SELECT generation, signing_key, identity, next_key, next_identity FROM upstream").
		Scan(&k.generation, &seed, &identity, &nextSeed, &nextIdentity)
	if err != nil {
		return nil, err
	}
	if k.pair, err = newPair(seed, identity); err != nil {
		return nil, fmt.Errorf("read upstream's keys: %w", err)
	}
	k.all = []pair{k.pair}
	if nextSeed != nil {
		next, err := newPair(nextSeed, nextIdentity.String)
		if err != nil {
			return nil, fmt.Errorf("read upstream's keys: %w", err)
		}
		k.next, k.all = &next, append(k.all, next)
	}
	former, err := collect(ctx, db, func(scan func(...any) error) (p pair, err error) {
		var public, seed []byte
		var identity sql.NullString
		if err = scan(&public, &seed, &identity); err == nil && seed != nil {
			p, err = newPair(seed, identity.String)
		}
		p.public = public
		return p, err
	}, "SELECT key, seed, identity FROM former")
	if err != nil {
		return nil, fmt.Errorf("read upstream's keys: %w", err)
	}
	k.all = append(k.all, former...)
	return k, nil
}

// find is the pair of a public key, nil if it is not one of upstream's.
func (k *keys) find(public ed25519.PublicKey) *pair {
	for i := range k.all {
		if k.all[i].public.Equal(public) {
			return &k.all[i]
		}
	}
	return nil
}

// open opens an envelope that was sealed to upstream at any time. Codes: envelope.recipient, envelope.bad.
func (k *keys) open(e wire.Envelope, owner ed25519.PublicKey) ([]dossier.Entry, error) {
	for _, p := range k.all {
		if p.opener == nil || p.id != e.Recipient {
			continue
		}
		entries, err := e.Open(*p.opener, owner)
		if err != nil {
			return nil, dossier.Invalid("", "envelope.bad")
		}
		return entries, nil
	}
	return nil, dossier.Invalid("", "envelope.recipient")
}

// Key is what stations pin.
func (u *Upstream) Key() ed25519.PublicKey { return u.known.Load().public }

// Recipient is what stations seal to.
func (u *Upstream) Recipient() string { return u.known.Load().opener.Recipient() }

// PC names one PC for people.
type PC struct {
	Station string           `json:"station"`
	Desk    int              `json:"desk"`
	Device  dossier.DeviceID `json:"device"`
}

// Rotation is how far a change of upstream's keys has come.
type Rotation struct {
	Next    string `json:"next"`    // SHA-256 of the key that is announced
	Waiting []PC   `json:"waiting"` // have not pulled the announcement yet
}

// Rotate announces new keys in every station's journal, and tells who has not heard of them; asked again it announces nothing twice. They
// are used from FinishRotation on.
func (u *Upstream) Rotate(ctx context.Context) (Rotation, error) {
	var r Rotation
	err := u.change(ctx, "announce new keys", func(tx *sql.Tx) error {
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		if k.next == nil {
			_, key, err := ed25519.GenerateKey(nil)
			if err != nil {
				return err
			}
			identity, err := wire.NewIdentity()
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, "UPDATE upstream SET next_key = ?, next_identity = ?, generation = generation + 1", key.Seed(), identity.Secret())
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE device SET knows_next = 0"); err != nil {
				return err
			}
			if k, err = u.keys(ctx, tx); err != nil {
				return err
			}
			stations, err := stationIDs(ctx, tx)
			if err != nil {
				return err
			}
			for _, s := range stations {
				if err := u.announceKeys(ctx, tx, s, k); err != nil {
					return err
				}
			}
		}
		r.Next = wire.KeyHash(k.next.public).String()
		r.Waiting, err = unaware(ctx, tx)
		return err
	})
	return r, u.settle(ctx, err)
}

// settle reads the keys after a transaction that may have changed them.
func (u *Upstream) settle(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	_, err = u.keys(ctx, u.read)
	return told("read upstream's keys", err)
}

func stationIDs(ctx context.Context, db asker) ([]int64, error) {
	return collect(ctx, db, func(scan func(...any) error) (id int64, err error) { return id, scan(&id) }, "SELECT id FROM station ORDER BY id")
}

// announceKeys says the next keys in a station's journal.
func (u *Upstream) announceKeys(ctx context.Context, tx *sql.Tx, station int64, k *keys) error {
	body, err := json.Marshal(dossier.NewKey{Key: k.next.public, Recipient: k.next.opener.Recipient()})
	if err != nil {
		return err
	}
	if err := u.say(ctx, tx, station, u.event(dossier.KeySet, dossier.ID{}, body)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE station SET key_chain = journal, key_seq = (SELECT seq FROM chain WHERE id = journal) WHERE id = ?`, station)
	return err
}

// unaware are the PCs in use that have not pulled the announcement.
func unaware(ctx context.Context, db asker) ([]PC, error) {
	return collect(ctx, db, scanPC, `SELECT station.name, device.desk, device.device FROM device JOIN station ON station.id = device.station
		WHERE device.revoked IS NULL AND NOT device.knows_next ORDER BY station.name, device.desk`)
}

func scanPC(scan func(...any) error) (p PC, err error) {
	var id []byte
	err = scan(&p.Station, &p.Desk, &id)
	copy(p.Device[:], id)
	return p, err
}

// FinishRotation uses the announced keys from now on: a new life of every journal begins with them. It is refused while a PC in use has not
// pulled the announcement, for such a PC would take upstream for a stranger until it hears of it by stick; force goes on all the same. Codes:
// rotate.not-begun, rotate.waiting.
func (u *Upstream) FinishRotation(ctx context.Context, force bool) error {
	err := u.change(ctx, "use new keys", func(tx *sql.Tx) error {
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		if k.next == nil {
			return dossier.Invalid("", "rotate.not-begun")
		}
		waiting, err := unaware(ctx, tx)
		if err != nil {
			return err
		}
		if len(waiting) > 0 && !force {
			var names []string
			for _, p := range waiting {
				names = append(names, fmt.Sprintf("%s, quầy %d", p.Station, p.Desk))
			}
			return dossier.Invalid("", "rotate.waiting", "names", strings.Join(names, "; "))
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO former (key, seed, identity) SELECT ?, signing_key, identity FROM upstream", []byte(k.public))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE upstream SET signing_key = next_key, identity = next_identity, next_key = NULL, next_identity = NULL,
			generation = generation + 1`)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE station SET key_chain = NULL, key_seq = NULL"); err != nil {
			return err
		}
		return u.renewAll(ctx, tx, dossier.HealedRotated)
	})
	return u.settle(ctx, err)
}
