package receive

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// asker is a transaction or a pool.
type asker interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// chain is a journal as upstream holds it.
type chain struct {
	id, station int64
	wire.Held
	judged uint64
	own    bool          // upstream writes it
	until  sql.NullInt64 // of a revoked PC: nothing after this is accepted
}

const chainColumns = "id, station, device, incarnation, previous, common_seq, common_hash, owner, seq, hash, judged, own, until"

func scanChain(scan func(...any) error) (chain, error) {
	var c chain
	var device, incarnation, previous, commonHash, hash []byte
	if err := scan(&c.id, &c.station, &device, &incarnation, &previous, &c.CommonSeq, &commonHash, &c.Owner, &c.Seq, &hash,
		&c.judged, &c.own, &c.until); err != nil {
		return chain{}, err
	}
	for _, f := range []struct{ to, from []byte }{{c.Device[:], device}, {c.Incarnation[:], incarnation}, {c.Previous[:], previous},
		{c.CommonHash[:], commonHash}, {c.Hash[:], hash}} {
		if copy(f.to, f.from) != len(f.to) || len(f.from) != len(f.to) {
			return chain{}, fmt.Errorf("chain %d: damaged row", c.id)
		}
	}
	return c, nil
}

// findChain gives sql.ErrNoRows where there is none.
func findChain(ctx context.Context, db asker, c dossier.Chain) (chain, error) {
	return scanChain(db.QueryRowContext(ctx, "SELECT "+chainColumns+" FROM chain WHERE device = ? AND incarnation = ?",
		c.Device[:], c.Incarnation[:]).Scan)
}

func chainByID(ctx context.Context, db asker, id int64) (chain, error) {
	return scanChain(db.QueryRowContext(ctx, "SELECT "+chainColumns+" FROM chain WHERE id = ?", id).Scan)
}

// journal is upstream's own for a station.
func journal(ctx context.Context, db asker, station int64) (chain, error) {
	return scanChain(db.QueryRowContext(ctx, "SELECT "+chainColumns+" FROM chain WHERE id = (SELECT journal FROM station WHERE id = ?)",
		station).Scan)
}

// chainsOf are all journals of a station, upstream's for it among them.
func chainsOf(ctx context.Context, db asker, station int64) ([]chain, error) {
	return collect(ctx, db, scanChain, "SELECT "+chainColumns+" FROM chain WHERE station = ? ORDER BY id", station)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, db asker, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// addChain keeps a journal without entries.
func addChain(ctx context.Context, tx *sql.Tx, station int64, g dossier.Genesis, owner ed25519.PublicKey, own bool) (chain, error) {
	c := chain{station: station, Held: wire.Held{Genesis: g, Owner: owner, Hash: g.Hash()}, own: own}
	r, err := tx.ExecContext(ctx, `INSERT INTO chain (station, device, incarnation, previous, common_seq, common_hash, owner, seq, hash, own)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
		station, g.Device[:], g.Incarnation[:], g.Previous[:], int64(g.CommonSeq), g.CommonHash[:], []byte(owner), c.Hash[:], own)
	if err != nil {
		return chain{}, err
	}
	c.id, err = r.LastInsertId()
	return c, err
}

// extend keeps entries at the end of a chain, with the owner's signature on its new head if there is one. An entry whose id is that of
// another event is kept for the chain's sake, without effect, and alarmed (same id, other header: refused); one that was to be forgotten is
// kept without its body; one that had been parked has found its place.
func (u *Upstream) extend(ctx context.Context, tx *sql.Tx, c *chain, entries []dossier.Entry, signature []byte) error {
	forgotten, err := purgedOf(ctx, tx, c.station, entries)
	if err != nil {
		return err
	}
	var waiting bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM parked WHERE station = ?)", c.station).Scan(&waiting); err != nil {
		return err
	}
	for _, e := range entries {
		header := e.Header()
		var refused bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entry WHERE event = ? AND refused = 0 AND header <> ?)", e.ID[:], header).Scan(&refused)
		if err != nil {
			return err
		}
		c.Seq, c.Hash = c.Seq+1, dossier.NextHash(c.Hash, header)
		about, salt, body := columns(e, forgotten)
		if _, err := tx.ExecContext(ctx, `INSERT INTO entry (chain, seq, hash, event, dossier, header, salt, body, refused)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.id, int64(c.Seq), c.Hash[:], e.ID[:], about, header, salt, body, refused); err != nil {
			return err
		}
		if refused {
			if err := u.alarm(ctx, tx, c.station, c.Head(), alarmSameID); err != nil {
				return err
			}
			continue
		}
		if waiting {
			_, err := tx.ExecContext(ctx, "UPDATE parked_entry SET settled = 1 WHERE event = ? AND header = ?", e.ID[:], header)
			if err != nil {
				return err
			}
		}
		if err := u.effect(ctx, tx, *c, e); err != nil {
			return err
		}
		if e.Kind == dossier.Purged {
			if forgotten, err = purgedOf(ctx, tx, c.station, entries); err != nil {
				return err
			}
		}
	}
	if waiting {
		if err := dropSettled(ctx, tx, c.station); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chain SET seq = ?, hash = ? WHERE id = ?", int64(c.Seq), c.Hash[:], c.id); err != nil {
		return err
	}
	if signature == nil {
		return nil
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO head (chain, seq, signature) VALUES (?, ?, ?)", c.id, int64(c.Seq), signature)
	return err
}

// columns are what a row says of an entry beside its header.
func columns(e dossier.Entry, forgotten map[dossier.EventID]bool) (about, salt, body []byte) {
	if !e.Dossier.IsZero() {
		about = e.Dossier[:]
	}
	if !e.Purged && !forgotten[e.ID] {
		salt, body = e.Salt[:], append([]byte{}, e.Body...)
	}
	return about, salt, body
}

// cut takes away what a chain holds after a sequence number, and gives it back. Receipts for it go too: what they spoke of is no longer
// in this chain.
func cut(ctx context.Context, tx *sql.Tx, c *chain, at uint64) ([]keptEntry, error) {
	taken, err := entriesAfter(ctx, tx, c.id, at, c.Seq)
	if err != nil {
		return nil, err
	}
	hash, err := hashAt(ctx, tx, *c, at)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"entry", "head", "receipt"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE chain = ? AND seq > ?", c.id, int64(at)); err != nil {
			return nil, err
		}
	}
	c.Seq, c.Hash, c.judged = at, hash, min(c.judged, at)
	_, err = tx.ExecContext(ctx, "UPDATE chain SET seq = ?, hash = ?, judged = ? WHERE id = ?", int64(at), hash[:], int64(c.judged), c.id)
	if err != nil {
		return nil, err
	}
	// A dossier that only those entries spoke of is not there any more.
	for _, k := range taken {
		_, err := tx.ExecContext(ctx, `DELETE FROM dossier WHERE station = ?1 AND dossier = ?2 AND NOT EXISTS (SELECT 1 FROM entry
			JOIN chain ON chain.id = entry.chain WHERE entry.dossier = ?2 AND chain.station = ?1)`, c.station, k.Dossier[:])
		if err != nil {
			return nil, err
		}
	}
	return taken, nil
}

func entriesAfter(ctx context.Context, db asker, chain int64, after, until uint64) ([]keptEntry, error) {
	return collect(ctx, db, scanEntry, "SELECT "+entryColumns+" FROM entry WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq",
		chain, int64(after), int64(until))
}

// event is one of upstream's own about a station.
func (u *Upstream) event(kind dossier.Kind, about dossier.ID, body []byte) dossier.Event {
	return dossier.Event{ID: newEventID(), Dossier: about, Kind: kind, By: Officer, At: u.Now(), Body: body}
}

// say appends events to upstream's own journal for a station.
func (u *Upstream) say(ctx context.Context, tx *sql.Tx, station int64, events ...dossier.Event) error {
	entries := make([]dossier.Entry, len(events))
	for i, e := range events {
		var salt [16]byte
		rand.Read(salt[:])
		var err error
		if entries[i], err = dossier.Seal(e, salt); err != nil {
			return err
		}
	}
	return u.repeat(ctx, tx, station, entries...)
}

// repeat appends entries to upstream's own journal for a station, as they are.
func (u *Upstream) repeat(ctx context.Context, tx *sql.Tx, station int64, entries ...dossier.Entry) error {
	c, err := journal(ctx, tx, station)
	if err != nil {
		return err
	}
	k, err := u.keys(ctx, tx)
	if err != nil {
		return err
	}
	own := k.find(ed25519.PublicKey(c.Owner))
	if own == nil || own.secret == nil {
		return fmt.Errorf("journal %s: its key is not here", c.Chain)
	}
	head := c.Head()
	for _, e := range entries {
		head.Seq, head.Hash = head.Seq+1, dossier.NextHash(head.Hash, e.Header())
	}
	return u.extend(ctx, tx, &c, entries, head.Sign(own.secret))
}

// hashAt is the hash a chain has at that sequence number; sql.ErrNoRows beyond its end.
func hashAt(ctx context.Context, db asker, c chain, seq uint64) (dossier.Hash, error) {
	switch seq {
	case 0:
		return c.Genesis.Hash(), nil
	case c.Seq:
		return c.Hash, nil
	}
	var hash []byte
	if err := db.QueryRowContext(ctx, "SELECT hash FROM entry WHERE chain = ? AND seq = ?", c.id, int64(seq)).Scan(&hash); err != nil {
		return dossier.Hash{}, err
	}
	if len(hash) != len(dossier.Hash{}) {
		return dossier.Hash{}, fmt.Errorf("chain %d: damaged hash at %d", c.id, seq)
	}
	return dossier.Hash(hash), nil
}

// keptEntry is an entry as it lies here.
type keptEntry struct {
	dossier.Entry
	seq     uint64
	chain   int64
	refused bool
	reason  string
}

const entryColumns = "entry.chain, entry.seq, entry.header, entry.salt, entry.body, entry.refused, entry.reason"

func scanEntry(scan func(...any) error) (keptEntry, error) {
	var k keptEntry
	var header, salt, body []byte
	if err := scan(&k.chain, &k.seq, &header, &salt, &body, &k.refused, &k.reason); err != nil {
		return keptEntry{}, err
	}
	var s [16]byte
	if salt != nil && copy(s[:], salt) != len(salt) {
		return keptEntry{}, fmt.Errorf("entry %d of chain %d: damaged salt", k.seq, k.chain)
	}
	var err error
	if k.Entry, err = dossier.ParseEntry(header, s, body, salt == nil); err != nil {
		return keptEntry{}, fmt.Errorf("entry %d of chain %d: %w", k.seq, k.chain, err)
	}
	return k, nil
}

// newEventID is a UUIDv7 (RFC 9562).
func newEventID() dossier.EventID { return dossier.EventID(uuid.Must(uuid.NewV7())) }

// none tells whether a query found nothing.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
