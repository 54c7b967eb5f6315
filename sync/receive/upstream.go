// Package receive is upstream's side of the exchange: it keeps the journals of all its stations, gives receipts, and carries its own word
// back to them. One rule holds for the line and for a USB stick: Take.
//
// Store first, judge after. Whatever is well-formed and signed by a PC of ours is kept in one durable transaction together with the
// receipt for it; only then is it looked at, and what upstream thinks of an entry is an event in upstream's own journal for that station.
// So one poisoned event never holds up the next, and the same bytes may come any number of times.
package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// FileName is the database in upstream's folder.
const FileName = "upstream.db"

const schemaVersion = 2

//go:embed schema.sql
var schema string

//go:embed from1.sql
var from1 string

// World is what upstream is given from outside.
type World struct {
	Now   func() time.Time
	Word  func(code string, args map[string]string) string // the Vietnamese of a code
	Fault func(error)                                      // told of what went wrong within, while serving
	Idle  time.Duration                                    // a call without any progress for this long is given up; 20 s if zero
	VFS   string                                           // SQLite's file layer; "" is the system's own
}

// Upstream is the receiving unit. Its methods may be called from anywhere, and from several programs over one folder at a time.
type Upstream struct {
	World
	Name    string
	Address string // host:port

	write   *sql.DB // one connection: one writer
	read    *sql.DB
	known   atomic.Pointer[keys]
	unswept atomic.Bool // what was to be forgotten may stand in the write-ahead log
}

// Create makes a new upstream of that name in a folder, which is made if there is none. Codes: upstream.exists, upstream.name,
// ticket.address, upstream.folder, and those of the disk.
func Create(ctx context.Context, dir, name, address string, w World) (*Upstream, error) {
	name = dossier.Clean(name)
	if name == "" || len(name) > 255 {
		return nil, dossier.Invalid("name", "upstream.name")
	}
	address, err := wire.CheckAddress(address)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, dossier.Invalid("data", "upstream.folder", "folder", dir)
	}
	file, err := os.OpenFile(filepath.Join(dir, FileName), os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
	if err != nil {
		return nil, dossier.Invalid("data", "upstream.folder", "folder", dir)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("make %s: %w", FileName, err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	identity, err := wire.NewIdentity()
	if err != nil {
		return nil, err
	}
	u := connect(dir, w)
	err = u.change(ctx, "create upstream", func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		if version != 0 {
			return dossier.Invalid("data", "upstream.exists", "folder", dir)
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", schema, schemaVersion)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO upstream (one, name, address, signing_key, identity) VALUES (1, ?, ?, ?, ?)",
			name, address, key.Seed(), identity.Secret())
		return err
	})
	if err != nil {
		return nil, errors.Join(err, u.Close())
	}
	if err := u.introduce(ctx, dir); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// Open opens the upstream of a folder. Codes: upstream.no-store, upstream.newer, upstream.wrong-key, and those of the disk.
func Open(ctx context.Context, dir string, w World) (*Upstream, error) {
	if _, err := os.Stat(filepath.Join(dir, FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil, dossier.Invalid("data", "upstream.no-store", "folder", dir)
	}
	u := connect(dir, w)
	if err := u.introduce(ctx, dir); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// connect sets the pragmas in the address: one that is run once on a pool reaches one connection only.
func connect(dir string, w World) *Upstream {
	if w.Idle == 0 {
		w.Idle = 20 * time.Second
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		path = filepath.Join(dir, FileName)
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	at := func(more ...string) string {
		q := url.Values{"_pragma": append([]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(memory)", "secure_delete(1)"}, more...)}
		if w.VFS != "" {
			q.Set("vfs", w.VFS)
		}
		return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	u := &Upstream{World: w}
	u.write = pool(at("journal_mode(wal)", "synchronous(full)") + "&_txlock=immediate") // the file itself is opened by the first query
	u.write.SetMaxOpenConns(1)
	u.read = pool(at("query_only(1)"))
	u.read.SetMaxOpenConns(4)
	u.read.SetMaxIdleConns(4)
	return u
}

// introduce reads who this upstream is.
func (u *Upstream) introduce(ctx context.Context, dir string) error {
	var version int
	if err := u.write.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return told("open upstream", err)
	}
	switch {
	case version == 0:
		return dossier.Invalid("data", "upstream.no-store", "folder", dir)
	case version > schemaVersion:
		return dossier.Invalid("data", "upstream.newer")
	case version < schemaVersion:
		if err := u.migrate(ctx); err != nil {
			return err
		}
	}
	if err := u.read.QueryRowContext(ctx, "SELECT name, address FROM upstream").Scan(&u.Name, &u.Address); err != nil {
		return told("open upstream", err)
	}
	var forgets bool
	if err := u.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM purged)").Scan(&forgets); err != nil {
		return told("open upstream", err)
	}
	u.unswept.Store(forgets) // the power may have gone before the log was emptied
	_, err := u.keys(ctx, u.read)
	return told("open upstream", err)
}

// migrate brings the file of an earlier version up to this one, whole or not at all; two programs may try at a time.
func (u *Upstream) migrate(ctx context.Context) error {
	return u.change(ctx, "bring the file up to this version", func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version >= schemaVersion {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", from1, schemaVersion))
		return err
	})
}

// Close closes the file.
func (u *Upstream) Close() error { return errors.Join(u.write.Close(), u.read.Close()) }

// change does one thing in one durable transaction.
func (u *Upstream) change(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	tx, err := u.write.BeginTx(ctx, nil)
	if err != nil {
		return told(doing, err)
	}
	if err := do(tx); err != nil {
		return told(doing, errors.Join(err, undo(tx)))
	}
	if err := tx.Commit(); err != nil {
		return told(doing, err)
	}
	u.sweep(ctx)
	return nil
}

// sweep empties the write-ahead log, where what was to be forgotten would lie on. Where a reader holds it up, the next change does it.
func (u *Upstream) sweep(ctx context.Context) {
	if !u.unswept.Swap(false) {
		return
	}
	var busy, log, moved int64
	err := u.write.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	if err != nil || busy != 0 {
		u.unswept.Store(true)
	}
	if err != nil {
		u.fault(told("empty the write-ahead log", err))
	}
}

// undo rolls back; SQLite may have done so by itself.
func undo(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// told says what was being done, and gives what the disk did wrong its code.
func told(doing string, err error) error {
	if err == nil {
		return nil
	}
	var fault *sqlite.Error
	if errors.As(err, &fault) {
		switch fault.Code() & 0xff {
		case 23, 24: // SQLITE_AUTH, SQLITE_FORMAT: what the encrypting layer says of a key that does not fit, and of a file in clear
			return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("key", "upstream.wrong-key"), err)
		case 13: // SQLITE_FULL
			return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", "upstream.full"), err)
		case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
			return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", "upstream.busy"), err)
		case 8, 14: // SQLITE_READONLY, SQLITE_CANTOPEN
			return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", "upstream.not-writable"), err)
		case 10, 11, 26: // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
			return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", "upstream.damaged"), err)
		}
	}
	if dossier.Code(err) != "" {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
