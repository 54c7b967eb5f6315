package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// device is a PC that was admitted.
type device struct {
	id        dossier.DeviceID
	station   int64
	name      string // of the station
	desk      int
	owner     ed25519.PublicKey
	recipient string // of the key it was found by
	next      ed25519.PublicKey
	revoked   bool
	frozen    bool
	thawed    bool
	current   int64               // the chain that is continued
	writes    dossier.Incarnation // the life it said it writes
	lastLife  []byte
	lastSeq   uint64
	lastHash  []byte
	announced bool
	knowsNext bool

	nextRecipient string
}

const deviceColumns = `device.device, device.station, station.name, device.desk, device.owner, device.recipient, device.next_owner,
	coalesce(device.next_recipient, ''), device.revoked IS NOT NULL, device.frozen IS NOT NULL, device.thawed, coalesce(device.current, 0),
	device.writes, device.last_life, coalesce(device.last_seq, 0), device.last_hash, device.announced, device.knows_next`

func findDevice(ctx context.Context, db asker, where string, arg []byte) (device, error) {
	var d device
	var id, writes []byte
	err := db.QueryRowContext(ctx, "SELECT "+deviceColumns+" FROM device JOIN station ON station.id = device.station WHERE "+where, arg).
		Scan(&id, &d.station, &d.name, &d.desk, (*[]byte)(&d.owner), &d.recipient, (*[]byte)(&d.next), &d.nextRecipient, &d.revoked, &d.frozen, &d.thawed, &d.current,
			&writes, &d.lastLife, &d.lastSeq, &d.lastHash, &d.announced, &d.knowsNext)
	copy(d.id[:], id)
	copy(d.writes[:], writes)
	return d, err
}

// outside tells whether a PC is no more than heard of: upstream's file has forgotten it, and another has its desk. What comes of it waits in
// sight; it has no right until it is let in.
func (d device) outside() bool { return d.current == 0 }

// deviceByID gives sql.ErrNoRows where there is none.
func deviceByID(ctx context.Context, db asker, id dossier.DeviceID) (device, error) {
	return findDevice(ctx, db, "device.device = ?", id[:])
}

// admitted finds the PC that holds a key, be it that of its next life. A key that a PC has left opens nothing, not even for reading: who
// holds an old copy of a disk holds such a key. Codes: line.unknown-device, line.former-key, line.revoked.
func admitted(ctx context.Context, db asker, key ed25519.PublicKey) (device, error) {
	d, err := findDevice(ctx, db, "device.owner = ?", key)
	if none(err) {
		if d, err = findDevice(ctx, db, "device.next_owner = ?", key); err == nil {
			d.recipient = d.nextRecipient
		}
	}
	if none(err) {
		switch d, err = formerly(ctx, db, key); {
		case none(err):
			return device{}, dossier.Invalid("", "line.unknown-device")
		case err == nil && !d.revoked:
			return device{}, dossier.Invalid("", "line.former-key")
		}
	}
	switch {
	case err != nil:
		return device{}, err
	case d.outside():
		return device{}, dossier.Invalid("", "line.unknown-device")
	case d.revoked:
		return device{}, dossier.Invalid("", "line.revoked")
	}
	return d, nil
}

// formerly finds the PC that held a key in an earlier life; sql.ErrNoRows where there is none.
func formerly(ctx context.Context, db asker, key ed25519.PublicKey) (device, error) {
	return findDevice(ctx, db, "device.device = (SELECT device FROM former_owner WHERE owner = ?)", key)
}

// ringFormer rings because somebody speaks on the line with a key that a PC has left: once for each key and life of the PC.
func (u *Upstream) ringFormer(ctx context.Context, key ed25519.PublicKey) error {
	var d device
	var at dossier.Head
	rung := false
	err := u.look(ctx, "notice a former key", func(tx *sql.Tx) (err error) {
		if d, err = formerly(ctx, tx, key); err != nil {
			return err
		}
		c, err := chainByID(ctx, tx, d.current)
		if err != nil {
			return err
		}
		at = dossier.Head{Chain: c.Chain, Hash: wire.KeyHash(key)}
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM alarm WHERE code = ? AND device = ? AND incarnation = ? AND seq = 0 AND hash = ?)",
			alarmFormerKey, at.Device[:], at.Incarnation[:], at.Hash[:]).Scan(&rung)
	})
	if err != nil || rung {
		return err
	}
	return u.change(ctx, "ring for a former key", func(tx *sql.Tx) error { return u.alarm(ctx, tx, d.station, at, alarmFormerKey) })
}

// readmit lets a PC in again with the keys it has, which are others than those it was known by: its disk is an older one, or upstream's was.
// A person decided so, with a ticket for the desk at which the PC is in use; whoever holds the keys it was known by until now is outside
// from here on, and the next life that comes is continued. Codes: enrol.device-known, and those of keys that are somebody else's.
func readmit(ctx context.Context, tx *sql.Tx, d device, e wire.Enrol, station int64, desk int) error {
	var others bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM device WHERE ?2 IN (owner, next_owner) AND device <> ?1)
		OR EXISTS (SELECT 1 FROM former_owner WHERE owner = ?2 AND device <> ?1)`, d.id[:], e.Key).Scan(&others)
	if err != nil {
		return err
	}
	if others || d.revoked || d.station != station || d.desk != desk {
		return dossier.Invalid("", "enrol.device-known")
	}
	if !d.owner.Equal(ed25519.PublicKey(e.Key)) {
		if _, err := tx.ExecContext(ctx, "DELETE FROM former_owner WHERE owner = ?", e.Key); err != nil {
			return err
		}
		for _, left := range []ed25519.PublicKey{d.owner, d.next} {
			if left == nil || left.Equal(ed25519.PublicKey(e.Key)) {
				continue
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO former_owner (owner, device) VALUES (?, ?)", []byte(left), d.id[:]); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE device SET owner = ?, frozen = NULL, thawed = 1 WHERE device = ?", e.Key, d.id[:]); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "UPDATE device SET recipient = ?, next_owner = NULL, next_recipient = NULL, knows_next = 0 WHERE device = ?", e.Recipient, d.id[:])
	return err
}

// sentBy finds the PC that sent an envelope. What came on a stick may have been written before the PC got another key, or was revoked: it
// proves no right, and is not asked for one. Codes: line.unknown-device, line.former-key, line.revoked.
func sentBy(ctx context.Context, db asker, key ed25519.PublicKey, live bool) (device, error) {
	d, err := admitted(ctx, db, key)
	if live || err == nil {
		return d, err
	}
	if dossier.Code(err) == "line.revoked" {
		if d, err := findDevice(ctx, db, "?1 IN (device.owner, device.next_owner)", key); !none(err) {
			return d, err
		}
	}
	d, former := formerly(ctx, db, key)
	if none(former) {
		return device{}, err
	}
	return d, former
}

// Revoke ends the right of the PC at a station's desk to send and to ask: a stolen or replaced one. What its journal holds up to seq stays
// (nil: all that is held; more than is held: what others still bring of it, up to there); what came or comes after that waits for a person.
// The desk number is free again. Codes: upstream.no-device, upstream.two-devices.
func (u *Upstream) Revoke(ctx context.Context, pc PC, seq *uint64, why string) error {
	return u.change(ctx, "revoke PC", func(tx *sql.Tx) error {
		d, err := deviceAt(ctx, tx, pc)
		if err != nil {
			return err
		}
		c, err := chainByID(ctx, tx, d.current)
		if err != nil {
			return err
		}
		last := c.Head()
		if seq != nil {
			last.Seq, last.Hash = *seq, dossier.Hash{}
			if *seq <= c.Seq {
				if last.Hash, err = hashAt(ctx, tx, c, *seq); err != nil {
					return err
				}
			}
		}
		body, err := json.Marshal(dossier.Revocation{Device: d.id, Last: last, Why: dossier.CleanMultiline(why)})
		if err != nil {
			return err
		}
		if err := u.say(ctx, tx, d.station, u.event(dossier.Revoked, dossier.ID{}, body)); err != nil { // its effect does the rest
			return err
		}
		return u.vouchAll(ctx, tx, d.station)
	})
}

// inUse are the PCs in use at a desk: one, but after restores two may have been admitted to it.
func inUse(ctx context.Context, tx *sql.Tx, station string, desk int) ([]PC, error) {
	return collect(ctx, tx, scanPC, `SELECT station.name, device.desk, device.device FROM device JOIN station ON station.id = device.station
		WHERE device.revoked IS NULL AND device.desk = ? AND station.name = ? ORDER BY device.enrolled`, desk, station)
}

// deviceAt finds the PC in use at a desk. Its Device may be zero where there is but one. Codes: upstream.no-device, upstream.two-devices.
func deviceAt(ctx context.Context, tx *sql.Tx, pc PC) (device, error) {
	all, err := inUse(ctx, tx, pc.Station, pc.Desk)
	if err != nil {
		return device{}, err
	}
	var ids []string
	for _, one := range all {
		if one == pc || len(all) == 1 && pc.Device.IsZero() {
			return deviceByID(ctx, tx, one.Device)
		}
		ids = append(ids, one.Device.String())
	}
	if len(all) > 1 && pc.Device.IsZero() {
		return device{}, dossier.Invalid("device", "upstream.two-devices", "name", pc.Station, "desk", strconv.Itoa(pc.Desk), "ids", strings.Join(ids, ", "))
	}
	return device{}, dossier.Invalid("desk", "upstream.no-device", "name", pc.Station, "desk", strconv.Itoa(pc.Desk))
}

// revoke is what a Revoked event does, said now or handed back after upstream had lost it.
func (u *Upstream) revoke(ctx context.Context, tx *sql.Tx, station int64, r dossier.Revocation) error {
	d, err := deviceByID(ctx, tx, r.Device)
	if none(err) || err == nil && (d.revoked || d.station != station) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE device SET revoked = ?, frozen = NULL, last_life = ?, last_seq = ?, last_hash = ? WHERE device = ?",
		u.Now().UnixMilli(), r.Last.Incarnation[:], int64(r.Last.Seq), r.Last.Hash[:], d.id[:])
	if err != nil {
		return err
	}
	lives, err := livesOf(ctx, tx, d.id)
	if err != nil {
		return err
	}
	for _, c := range lives {
		until := c.Seq
		if c.Incarnation == r.Last.Incarnation {
			until = r.Last.Seq
		}
		if _, err := tx.ExecContext(ctx, "UPDATE chain SET until = ? WHERE id = ?", int64(until), c.id); err != nil {
			return err
		}
		if until >= c.Seq {
			continue
		}
		if err := u.parkTail(ctx, tx, d, &c, until); err != nil {
			return err
		}
	}
	return nil
}

func livesOf(ctx context.Context, db asker, id dossier.DeviceID) ([]chain, error) {
	return collect(ctx, db, scanChain, "SELECT "+chainColumns+" FROM chain WHERE device = ? ORDER BY id", id[:])
}

// Thaw ends the freeze of a PC of which two copies were alive: the person has seen to it that one is left. Whichever copy comes first now
// is continued. Codes: upstream.no-device, upstream.two-devices, thaw.not-frozen.
func (u *Upstream) Thaw(ctx context.Context, pc PC) error {
	return u.change(ctx, "let a PC send again", func(tx *sql.Tx) error {
		d, err := deviceAt(ctx, tx, pc)
		if err != nil {
			return err
		}
		if !d.frozen {
			return dossier.Invalid("desk", "thaw.not-frozen", "name", pc.Station, "desk", strconv.Itoa(pc.Desk))
		}
		_, err = tx.ExecContext(ctx, "UPDATE device SET frozen = NULL, thawed = 1 WHERE device = ?", d.id[:])
		return err
	})
}

// announce says in a station's journal which PCs it has, and upstream's next keys, as far as that was not said: a PC that came back by its
// admission is announced only after its station has handed back what it holds of the journal.
func (u *Upstream) announce(ctx context.Context, tx *sql.Tx, station int64) error {
	missing, err := collect(ctx, tx, func(scan func(...any) error) (id dossier.DeviceID, err error) {
		var b []byte
		err = scan(&b)
		copy(id[:], b)
		return id, err
	}, "SELECT device FROM device WHERE station = ? AND NOT announced AND revoked IS NULL ORDER BY enrolled", station)
	if err != nil {
		return err
	}
	for _, id := range missing {
		a, err := admission(ctx, tx, id)
		if err != nil {
			return err
		}
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if err := u.say(ctx, tx, station, u.event(dossier.Admitted, dossier.ID{}, body)); err != nil {
			return err
		}
	}
	k, err := u.keys(ctx, tx)
	if err != nil || k.next == nil {
		return err
	}
	var told bool
	if err := tx.QueryRowContext(ctx, "SELECT key_chain IS NOT NULL FROM station WHERE id = ?", station).Scan(&told); err != nil || told {
		return err
	}
	return u.announceKeys(ctx, tx, station, k)
}

// admission is who a PC is, as its station's journal and its own admission say it.
func admission(ctx context.Context, tx *sql.Tx, id dossier.DeviceID) (dossier.Admission, error) {
	d, err := deviceByID(ctx, tx, id)
	if err != nil {
		return dossier.Admission{}, err
	}
	lives, err := livesOf(ctx, tx, id)
	if err != nil {
		return dossier.Admission{}, err
	}
	a := dossier.Admission{Device: id, Desk: d.desk, Key: d.owner, Recipient: d.recipient}
	if len(lives) > 0 {
		a.Chain = lives[0].Genesis
		if first := ed25519.PublicKey(lives[0].Owner); !first.Equal(d.owner) {
			a.First = first
		}
	}
	return a, nil
}

// revocation is what upstream's journals for a station say of a PC whose right has ended. After several restores that may come back before the
// word that the PC had one. ok is false where they say nothing.
func revocation(ctx context.Context, db asker, station int64, id dossier.DeviceID) (r dossier.Revocation, ok bool, err error) {
	said, err := collect(ctx, db, scanEntry, "SELECT "+entryColumns+` FROM entry JOIN chain ON chain.id = entry.chain
		WHERE chain.station = ? AND chain.own AND entry.dossier IS NULL AND entry.refused = 0 AND instr(entry.header, ?) > 0 ORDER BY entry.id`,
		station, []byte(dossier.Revoked))
	for _, e := range said {
		var one dossier.Revocation
		if e.Kind == dossier.Revoked && json.Unmarshal(e.Body, &one) == nil && one.Device == id {
			return one, true, nil
		}
	}
	return r, false, err
}

// admit keeps a PC and its first journal. One whose right has ended has none by that, and what it wrote can be read.
func (u *Upstream) admit(ctx context.Context, tx *sql.Tx, station int64, a dossier.Admission) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO device (device, station, desk, owner, recipient, enrolled) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET station = excluded.station, desk = excluded.desk, owner = excluded.owner, recipient = excluded.recipient,
			enrolled = excluded.enrolled, revoked = NULL`, a.Device[:], station, a.Desk, []byte(a.Key), a.Recipient, u.Now().UnixMilli())
	if err != nil {
		return err
	}
	// While it was outside, keys were learned that its journal names: which of them it has left, and which it has now, is known only with that journal.
	if _, err := tx.ExecContext(ctx, "DELETE FROM former_owner WHERE device = ? OR owner = ?", a.Device[:], []byte(a.Key)); err != nil {
		return err
	}
	if err := knownFirst(ctx, tx, a); err != nil {
		return err
	}
	c, err := addChain(ctx, tx, station, a.Chain, a.Owner(), false)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE device SET current = ? WHERE device = ?", c.id, a.Device[:]); err != nil {
		return err
	}
	r, ended, err := revocation(ctx, tx, station, a.Device)
	if err != nil {
		return err
	}
	if ended {
		return u.revoke(ctx, tx, station, r)
	}
	_, err = tx.ExecContext(ctx, "UPDATE parked SET reason = ? WHERE device = ? AND reason = ?", parkedEarly, a.Device[:], parkedOutside)
	return err
}

// keepOutside keeps of a PC what is needed to read what it wrote. A person is told.
func (u *Upstream) keepOutside(ctx context.Context, tx *sql.Tx, station int64, a dossier.Admission) error {
	now := u.Now().UnixMilli()
	_, err := tx.ExecContext(ctx, `INSERT INTO device (device, station, desk, owner, recipient, enrolled, revoked) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, a.Device[:], station, a.Desk, []byte(a.Key), a.Recipient, now, now)
	if err != nil {
		return err
	}
	if err := knownFirst(ctx, tx, a); err != nil {
		return err
	}
	return u.alarm(ctx, tx, station, dossier.Head{Chain: a.Chain.Chain}, alarmOutside)
}

// knownFirst keeps the key that an admitted PC had for its first journal, if it was another.
func knownFirst(ctx context.Context, tx *sql.Tx, a dossier.Admission) error {
	if len(a.First) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO former_owner (owner, device) VALUES (?, ?) ON CONFLICT DO NOTHING", []byte(a.First), a.Device[:])
	return err
}

// usable tells whether an admission can be kept: sound keys, and names that nobody else has.
func usable(ctx context.Context, tx *sql.Tx, a dossier.Admission) (bool, error) {
	if _, err := wire.ParseRecipient(a.Recipient); err != nil || len(a.Key) != ed25519.PublicKeySize || len(a.Owner()) != ed25519.PublicKeySize ||
		a.Key.Equal(a.First) || a.Device.IsZero() || a.Chain.Device != a.Device {
		return false, nil
	}
	var known bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM device WHERE device = ?1 AND current IS NOT NULL OR device <> ?1 AND (owner IN (?2, ?3) OR next_owner IN (?2, ?3)))
		OR EXISTS (SELECT 1 FROM chain WHERE device = ?1) OR EXISTS (SELECT 1 FROM former_owner WHERE owner IN (?2, ?3) AND device <> ?1)`,
		a.Device[:], []byte(a.Key), []byte(a.Owner())).Scan(&known)
	return !known, err
}
