package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Why entries wait in sight instead of standing in a chain.
const (
	parkedForked  = "forked"  // another continuation of the journal is held
	parkedRevoked = "revoked" // they come after the last accepted entry of a revoked PC
	parkedFrozen  = "frozen"  // two copies of the PC are alive
	parkedOutside = "outside" // upstream has forgotten the PC, and another has its desk
	parkedEarly   = "early"   // what comes before them has not come, or upstream has lost it
)

// maxParked is how many bytes may wait of one PC: some 100,000 entries, which is years of a desk. Beyond them a person is asked first.
var maxParked int64 = 64 << 20

// parking is a run that fits nowhere.
type parking struct {
	genesis   dossier.Genesis
	first     uint64
	before    dossier.Hash
	head      dossier.Head
	signature []byte
	entries   []dossier.Entry
}

func parkingOf(e wire.Envelope, entries []dossier.Entry) parking {
	return parking{e.Chain, e.First, e.Before, e.Head(), e.Owner, entries}
}

// park keeps a run that fits nowhere, and tells whether any of it is unknown: where all its events are held already, in whatever chain,
// there is nothing to keep, unless it came too early: what follows rests on it. The same run is kept once. Code: parked.full.
func (u *Upstream) park(ctx context.Context, tx *sql.Tx, d device, p parking, reason string) (bool, error) {
	forgotten, err := purgedOf(ctx, tx, d.station, p.entries)
	if err != nil {
		return false, err
	}
	settled := make([]bool, len(p.entries))
	unknown, size := 0, int64(0)
	for i, e := range p.entries {
		header := e.Header()
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM entry JOIN chain ON chain.id = entry.chain
			WHERE entry.event = ? AND entry.header = ? AND entry.refused = 0 AND chain.station = ?)`, e.ID[:], header, d.station).Scan(&settled[i])
		if err != nil {
			return false, err
		}
		settled[i] = settled[i] || e.Kind == dossier.Healed || e.Kind == dossier.KeySet // how another life began, and which keys follow it, is nobody's to say again
		if !settled[i] {
			unknown++
		}
		size += int64(len(header) + len(e.Body) + 64)
	}
	names := slices.ContainsFunc(p.entries, func(e dossier.Entry) bool { return e.Kind == dossier.KeySet })
	if unknown == 0 && reason != parkedEarly && !names {
		return false, nil
	}
	var had bool
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM parked WHERE device = ? AND incarnation = ? AND hash = ? AND first = ?)",
		p.genesis.Device[:], p.genesis.Incarnation[:], p.head.Hash[:], int64(p.first)).Scan(&had)
	if err != nil || had {
		return unknown > 0, err
	}
	var lie int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(sum(bytes), 0) FROM parked WHERE device = ?", d.id[:]).Scan(&lie); err != nil {
		return false, err
	}
	if lie+size > maxParked {
		return false, dossier.Invalid("", "parked.full")
	}
	g := p.genesis
	r, err := tx.ExecContext(ctx, `INSERT INTO parked (station, device, incarnation, previous, common_seq, common_hash, first, last, before, hash, signature, reason, at, bytes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, d.station, g.Device[:], g.Incarnation[:], g.Previous[:], int64(g.CommonSeq), g.CommonHash[:],
		int64(p.first), int64(p.head.Seq), p.before[:], p.head.Hash[:], p.signature, reason, u.Now().UnixMilli(), size)
	if err != nil {
		return false, err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return false, err
	}
	for i, e := range p.entries {
		about, salt, body := columns(e, forgotten)
		_, err := tx.ExecContext(ctx, `INSERT INTO parked_entry (parked, seq, event, dossier, header, salt, body, settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, int64(p.first)+int64(i), e.ID[:], about, e.Header(), salt, body, settled[i])
		if err != nil {
			return false, err
		}
	}
	if unknown > 0 && reason == parkedForked {
		return true, u.alarm(ctx, tx, d.station, p.head, alarmForked)
	}
	return unknown > 0, nil
}

// mostFormer is how many keys one PC may have left: one a month for its whole life.
const mostFormer = 64

// learn notes keys that another continuation of a PC's journal named for its next life: what they signed can be read, and waits in sight too.
func learn(ctx context.Context, tx *sql.Tx, d device, entries []dossier.Entry) error {
	for _, e := range entries {
		var n dossier.NewKey
		if e.Kind != dossier.KeySet || json.Unmarshal(e.Body, &n) != nil || len(n.Key) != ed25519.PublicKeySize {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO former_owner (owner, device) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM device WHERE ?1 IN (owner, next_owner))
			AND (SELECT count(*) FROM former_owner WHERE device = ?2) < ?3 ON CONFLICT DO NOTHING`, []byte(n.Key), d.id[:], mostFormer)
		if err != nil {
			return err
		}
	}
	return nil
}

// namedEarly are the keys that entries name which came too early. What they signed can be read; nobody has left them, for they come next once
// those entries stand in their place.
func namedEarly(ctx context.Context, db asker, id dossier.DeviceID) (out []ed25519.PublicKey, err error) {
	named, err := collect(ctx, db, scanEntry, `SELECT 0, p.seq, p.header, p.salt, p.body, 0, '' FROM parked_entry p JOIN parked ON parked.id = p.parked
		WHERE parked.device = ? AND parked.reason = ? AND p.dossier IS NULL AND instr(p.header, ?) > 0 LIMIT ?`, id[:], parkedEarly, []byte(dossier.KeySet), mostFormer)
	for _, e := range named {
		var n dossier.NewKey
		if e.Kind == dossier.KeySet && json.Unmarshal(e.Body, &n) == nil && len(n.Key) == ed25519.PublicKeySize {
			out = append(out, n.Key)
		}
	}
	return out, err
}

// parkTail takes what stands after the last accepted entry of a revoked PC out of its chain. It goes in runs that end where the owner
// signed.
func (u *Upstream) parkTail(ctx context.Context, tx *sql.Tx, d device, c *chain, at uint64) error {
	type head struct {
		seq       uint64
		signature []byte
	}
	heads, err := collect(ctx, tx, func(scan func(...any) error) (h head, err error) { return h, scan(&h.seq, &h.signature) },
		"SELECT seq, signature FROM head WHERE chain = ? AND seq > ? ORDER BY seq", c.id, int64(at))
	if err != nil {
		return err
	}
	before, err := hashAt(ctx, tx, *c, at)
	if err != nil {
		return err
	}
	taken, err := cut(ctx, tx, c, at)
	if err != nil {
		return err
	}
	for _, h := range heads {
		p := parking{genesis: c.Genesis, first: at + 1, before: before, head: dossier.Head{Chain: c.Chain, Seq: h.seq, Hash: before}, signature: h.signature}
		for len(taken) > 0 && taken[0].seq <= h.seq {
			p.entries, p.head.Hash, taken = append(p.entries, taken[0].Entry), dossier.NextHash(p.head.Hash, taken[0].Header()), taken[1:]
		}
		if _, err := u.park(ctx, tx, d, p, parkedRevoked); err != nil {
			return err
		}
		at, before = h.seq, p.head.Hash
	}
	return nil
}

// vouch says again in upstream's own journal for the station what the chain of a revoked PC holds after the last head its owner signed. Where
// it was cut in the middle of a run nobody else could be shown that it is the owner's, and would never get it.
func (u *Upstream) vouch(ctx context.Context, tx *sql.Tx, c chain) error {
	var signed uint64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM head WHERE chain = ? AND seq <= ?", c.id, int64(c.Seq)).Scan(&signed); err != nil {
		return err
	}
	unsigned, err := entriesAfter(ctx, tx, c.id, signed, c.Seq)
	if err != nil {
		return err
	}
	var entries []dossier.Entry
	for _, e := range unsigned {
		var said bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entry JOIN chain ON chain.id = entry.chain WHERE entry.event = ? AND chain.own)",
			e.ID[:]).Scan(&said); err != nil {
			return err
		}
		if !said && !e.refused && !speaksForUpstream(e.Kind) {
			entries = append(entries, e.Entry)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return u.repeat(ctx, tx, c.station, entries...)
}

// vouchAll does so for all that were revoked at a station: a revocation that is handed back takes effect again.
func (u *Upstream) vouchAll(ctx context.Context, tx *sql.Tx, station int64) error {
	ended, err := collect(ctx, tx, scanChain, "SELECT "+chainColumns+" FROM chain WHERE station = ? AND until IS NOT NULL ORDER BY id", station)
	for i := 0; i < len(ended) && err == nil; i++ {
		err = u.vouch(ctx, tx, ended[i])
	}
	return err
}

// speaksForUpstream tells of which kind an event would be obeyed as upstream's own word, or of the life it stands in: such a word of a PC's
// does not become upstream's.
func speaksForUpstream(k dossier.Kind) bool {
	switch k {
	case dossier.Admitted, dossier.Revoked, dossier.KeySet, dossier.SentBack, dossier.Released, dossier.PackIssued, dossier.Healed:
		return true
	}
	return false
}

// dropSettled forgets parked runs of which nothing waits any more; one that names keys is kept while anything of its PC waits, for nobody could read
// what they signed.
func dropSettled(ctx context.Context, tx *sql.Tx, station int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM parked WHERE station = ?1 AND reason <> ?2 AND NOT EXISTS (SELECT 1 FROM parked waits
		JOIN parked_entry ON parked_entry.parked = waits.id WHERE waits.device = parked.device AND NOT parked_entry.settled AND (waits.id = parked.id
			OR EXISTS (SELECT 1 FROM parked_entry WHERE parked = parked.id AND dossier IS NULL AND instr(header, ?3) > 0)))`,
		station, parkedEarly, []byte(dossier.KeySet))
	return err
}

// dropEarly forgets what came too early where nothing waits that rests on it. That is known only at the end of a stick: what rests on a run that
// holds nothing to wait for may be its next file.
func (u *Upstream) dropEarly(ctx context.Context) error {
	return u.change(ctx, "forget what nothing rests on", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM parked WHERE reason = ?1 AND NOT EXISTS (SELECT 1 FROM parked waits
			JOIN parked_entry ON parked_entry.parked = waits.id WHERE waits.device = parked.device AND waits.reason = ?1 AND NOT parked_entry.settled)`, parkedEarly)
		return err
	})
}

// follows tells whether an envelope goes on where a parked run ended that is for its owner or a person.
func follows(ctx context.Context, tx *sql.Tx, e wire.Envelope) (bool, error) {
	var there bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM parked WHERE device = ? AND incarnation = ? AND last = ? AND hash = ? AND reason <> ?)",
		e.Chain.Device[:], e.Chain.Incarnation[:], int64(e.First-1), e.Before[:], parkedEarly).Scan(&there)
	return there, err
}

// join takes in what came of a PC's journal too early, where what comes before it is here by now. Each run is a transaction of its own; what is
// left when one fails follows with what comes next of that PC, or at the next start.
func (u *Upstream) join(ctx context.Context, id dossier.DeviceID) error {
	var runs int
	err := u.read.QueryRowContext(ctx, "SELECT count(*) FROM parked WHERE device = ? AND reason = ?", id[:], parkedEarly).Scan(&runs)
	for more := true; err == nil && more && runs > 0; runs-- {
		err = u.change(ctx, "take in what came too early", func(tx *sql.Tx) (err error) {
			more, err = u.joinNext(ctx, tx, id)
			return err
		})
	}
	return told("take in what came too early", err)
}

// joinAll is join for every PC, at the start; it forgets what is left of which nothing waits.
func (u *Upstream) joinAll(ctx context.Context) error {
	ids, err := collect(ctx, u.read, func(scan func(...any) error) (id dossier.DeviceID, err error) {
		var b []byte
		err = scan(&b)
		copy(id[:], b)
		return id, err
	}, "SELECT DISTINCT device FROM parked WHERE reason = ?", parkedEarly)
	if err != nil {
		return told("take in what came too early", err)
	}
	for _, id := range ids {
		if err := u.join(ctx, id); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return u.dropEarly(ctx)
}

// joinNext takes the next of these runs in as if it came now; it tells whether there was one.
func (u *Upstream) joinNext(ctx context.Context, tx *sql.Tx, id dossier.DeviceID) (bool, error) {
	var which int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM parked p WHERE device = ?1 AND reason = ?2 AND EXISTS (SELECT 1 FROM chain WHERE device = ?1
			AND (incarnation = p.incarnation AND seq >= p.first - 1 OR incarnation = p.previous AND seq >= p.common_seq AND p.first = 1))
		ORDER BY first, id LIMIT 1`, id[:], parkedEarly).Scan(&which)
	if none(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	run, signature, err := parkedRun(ctx, tx, which)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM parked WHERE id = ?", which)
	}
	if err != nil {
		return false, err
	}
	t := &taking{u: u, entries: run.Entries, last: true, e: wire.Envelope{Header: wire.Header{Chain: run.Chain, First: run.After + 1,
		Last: run.After + uint64(len(run.Entries)), Before: run.Before, Hash: run.Before, Owner: signature}}}
	for _, e := range run.Entries {
		t.e.Hash = dossier.NextHash(t.e.Hash, e.Header())
	}
	k, err := u.keys(ctx, tx)
	if err == nil {
		t.sender, err = deviceByID(ctx, tx, id)
	}
	if err == nil {
		err = t.findOwner(ctx, tx, k)
	}
	switch {
	case err != nil:
	case t.e.Head().SignedBy(t.owner, signature):
		_, err = t.keep(ctx, tx)
	default: // by a key that is known no more
		_, err = t.wait(ctx, tx, t.sender, chain{}, parkedForked)
	}
	if err == nil && t.grown != 0 {
		err = u.judgeWithin(ctx, tx, t.grown)
	}
	return err == nil, err
}

// parkedHeads are the ends of a PC's parked runs, the oldest first: what follows an unknown entry can be judged only after it.
func parkedHeads(ctx context.Context, tx *sql.Tx, id dossier.DeviceID) ([]dossier.Head, error) {
	return collect(ctx, tx, func(scan func(...any) error) (dossier.Head, error) {
		h := dossier.Head{Chain: dossier.Chain{Device: id}}
		var life, hash []byte
		err := scan(&life, &h.Seq, &hash)
		copy(h.Incarnation[:], life)
		copy(h.Hash[:], hash)
		return h, err
	}, "SELECT incarnation, last, hash FROM parked WHERE device = ? ORDER BY id LIMIT ?", id[:], wire.MaxProbes)
}

// parkedRun is what waits, and its owner's signature on the head it ends with.
func parkedRun(ctx context.Context, tx *sql.Tx, which int64) (wire.Run, []byte, error) {
	var run wire.Run
	var first int64
	var device, life, previous, common, before, signature []byte
	err := tx.QueryRowContext(ctx, `SELECT device, incarnation, previous, common_seq, common_hash, first, before, signature FROM parked WHERE id = ?`, which).
		Scan(&device, &life, &previous, &run.Chain.CommonSeq, &common, &first, &before, &signature)
	if err != nil {
		return run, nil, err
	}
	copy(run.Chain.Device[:], device)
	copy(run.Chain.Incarnation[:], life)
	copy(run.Chain.Previous[:], previous)
	copy(run.Chain.CommonHash[:], common)
	copy(run.Before[:], before)
	run.After = uint64(first - 1)
	kept, err := collect(ctx, tx, scanEntry, "SELECT 0, seq, header, salt, body, 0, '' FROM parked_entry WHERE parked = ? ORDER BY seq", which)
	for _, k := range kept {
		run.Entries = append(run.Entries, k.Entry)
	}
	return run, signature, err
}

// Waiting is an entry that waits in sight for a person.
type Waiting struct {
	PC
	Event   dossier.EventID   `json:"event"`
	Dossier dossier.ID        `json:"dossier"`
	Kind    dossier.Kind      `json:"kind"`
	By      dossier.OfficerID `json:"by"`
	At      time.Time         `json:"at"`
	Number  string            `json:"number,omitempty"` // of its dossier, as far as it is known
	Reason  string            `json:"reason"`           // forked, revoked, frozen, outside, early
	Since   time.Time         `json:"since"`
}

// maxWaiting is how many entries are shown.
const maxWaiting = 1000

// Parked are the entries that wait in sight, the oldest first, each once.
func (u *Upstream) Parked(ctx context.Context) ([]Waiting, error) {
	out := []Waiting{}
	err := u.look(ctx, "read what waits", func(tx *sql.Tx) error {
		found, err := collect(ctx, tx, func(scan func(...any) error) (w Waiting, err error) {
			var device, header, salt, body []byte
			var since int64
			if err = scan(&w.Station, &w.Desk, &device, &header, &salt, &body, &w.Reason, &since, &w.Number); err != nil {
				return w, err
			}
			k, err := scanEntry(func(to ...any) error {
				*to[2].(*[]byte), *to[3].(*[]byte), *to[4].(*[]byte) = header, salt, body
				return nil
			})
			copy(w.Device[:], device)
			w.Event, w.Dossier, w.Kind, w.By, w.At, w.Since = k.ID, k.Dossier, k.Kind, k.By, k.At, time.UnixMilli(since).UTC()
			if w.Number == "" {
				w.Number = number(k)
			}
			return w, err
		}, `SELECT station.name, device.desk, parked.device, p.header, p.salt, p.body, parked.reason, parked.at,
				coalesce((SELECT number FROM dossier WHERE dossier.station = parked.station AND dossier.dossier = p.dossier), '')
			FROM parked_entry p JOIN parked ON parked.id = p.parked JOIN station ON station.id = parked.station JOIN device ON device.device = parked.device
			WHERE NOT p.settled GROUP BY p.event, p.header ORDER BY min(parked.id), min(p.seq) LIMIT ?`, maxWaiting)
		out = append(out, found...)
		return err
	})
	return out, err
}

// Release lets one entry through that waited in sight: it stands in upstream's journal for its station from now on, under its own id, and is
// judged as any. What a PC says of who is a PC, of keys or of packs cannot become upstream's word; its settings and closings there are those
// of another PC, which change nothing and let the rest be followed. Codes: release.why, release.none, release.kind, release.same-id.
func (u *Upstream) Release(ctx context.Context, event dossier.EventID, why string) error {
	if why = dossier.CleanMultiline(why); why == "" {
		return dossier.Invalid("why", "release.why")
	}
	return u.change(ctx, "let an entry through", func(tx *sql.Tx) error {
		type found struct {
			keptEntry
			station int64
			device  dossier.DeviceID
		}
		all, err := collect(ctx, tx, func(scan func(...any) error) (f found, err error) {
			var device []byte
			f.keptEntry, err = scanEntry(func(to ...any) error {
				return scan(append(to, &f.station, &device)...)
			})
			copy(f.device[:], device)
			return f, err
		}, `SELECT 0, p.seq, p.header, p.salt, p.body, 0, '', parked.station, parked.device FROM parked_entry p JOIN parked ON parked.id = p.parked
			WHERE p.event = ? AND NOT p.settled ORDER BY p.parked LIMIT 1`, event[:])
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return dossier.Invalid("event", "release.none", "event", event.String())
		}
		f := all[0]
		if speaksForUpstream(f.Kind) {
			return dossier.Invalid("event", "release.kind", "act", f.Kind.Title())
		}
		var other bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entry WHERE event = ? AND refused = 0)", event[:]).Scan(&other); err != nil {
			return err
		}
		if other { // not settled, so under another header
			return dossier.Invalid("event", "release.same-id")
		}
		if err := u.repeat(ctx, tx, f.station, f.Entry); err != nil {
			return err
		}
		body, err := json.Marshal(dossier.Release{Event: event, Device: f.device, Why: why})
		if err != nil {
			return err
		}
		if err := u.say(ctx, tx, f.station, u.event(dossier.Released, dossier.ID{}, body)); err != nil {
			return err
		}
		return u.sendBack(ctx, tx, f.station, f.keptEntry)
	})
}
