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
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// chain is a journal as upstream holds it.
type chain struct {
	id, station int64
	wire.Held
	judged uint64
}

const chainColumns = "id, station, device, incarnation, previous, common_seq, common_hash, owner, seq, hash, judged"

func scanChain(scan func(...any) error) (chain, error) {
	var c chain
	var device, incarnation, previous, commonHash, hash []byte
	if err := scan(&c.id, &c.station, &device, &incarnation, &previous, &c.CommonSeq, &commonHash, &c.Owner, &c.Seq, &hash, &c.judged); err != nil {
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
func addChain(ctx context.Context, tx *sql.Tx, station int64, g dossier.Genesis, owner ed25519.PublicKey) (int64, error) {
	hash := g.Hash()
	r, err := tx.ExecContext(ctx, `INSERT INTO chain (station, device, incarnation, previous, common_seq, common_hash, owner, seq, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		station, g.Device[:], g.Incarnation[:], g.Previous[:], int64(g.CommonSeq), g.CommonHash[:], []byte(owner), hash[:])
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// extend keeps entries at the end of a chain, with the owner's signature on its new head. An entry whose id is that of another event
// is kept for the chain's sake, without effect, and alarmed (same id, other header: refused). now is for the alarm.
func extend(ctx context.Context, tx *sql.Tx, c *chain, entries []dossier.Entry, signature []byte, now int64) error {
	other, err := tx.PrepareContext(ctx, "SELECT EXISTS (SELECT 1 FROM entry WHERE event = ? AND refused = 0 AND header <> ?)")
	if err != nil {
		return err
	}
	defer other.Close()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO entry (chain, seq, hash, event, dossier, header, salt, body, refused)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, e := range entries {
		header := e.Header()
		var refused bool
		if err := other.QueryRowContext(ctx, e.ID[:], header).Scan(&refused); err != nil {
			return err
		}
		c.Seq, c.Hash = c.Seq+1, dossier.NextHash(c.Hash, header)
		var about, salt, body []byte
		if !e.Dossier.IsZero() {
			about = e.Dossier[:]
		}
		if !e.Purged {
			salt, body = e.Salt[:], append([]byte{}, e.Body...)
		}
		if _, err := insert.ExecContext(ctx, c.id, int64(c.Seq), c.Hash[:], e.ID[:], about, header, salt, body, refused); err != nil {
			return err
		}
		if refused {
			if err := alarm(ctx, tx, now, c.id, c.Seq, c.Hash, alarmSameID); err != nil {
				return err
			}
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chain SET seq = ?, hash = ? WHERE id = ?", int64(c.Seq), c.Hash[:], c.id); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO head (chain, seq, signature) VALUES (?, ?, ?)", c.id, int64(c.Seq), signature)
	return err
}

// What alarms are about.
const (
	alarmForked = "journal.forked" // a PC showed another hash at a sequence number than the one held
	alarmSameID = "event.same-id"  // an event came under the id of another
)

func alarm(ctx context.Context, tx *sql.Tx, now, chain int64, seq uint64, hash dossier.Hash, code string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO alarm (at, chain, seq, hash, code) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		now, chain, int64(seq), hash[:], code)
	return err
}

// say appends events to upstream's own journal for a station.
func (u *Upstream) say(ctx context.Context, tx *sql.Tx, station int64, events ...dossier.Event) error {
	c, err := journal(ctx, tx, station)
	if err != nil {
		return err
	}
	entries := make([]dossier.Entry, len(events))
	head := c.Head()
	for i, e := range events {
		var salt [16]byte
		rand.Read(salt[:])
		if entries[i], err = dossier.Seal(e, salt); err != nil {
			return err
		}
		head.Seq, head.Hash = head.Seq+1, dossier.NextHash(head.Hash, entries[i].Header())
	}
	return extend(ctx, tx, &c, entries, head.Sign(u.key), u.Now().UnixMilli())
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
