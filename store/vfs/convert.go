package vfs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
)

// Convert puts a database under another layer: one in clear, from an earlier version (from is nil), or one whose key is changed. Nobody may
// have it open. Until the last moment the old file is as it was; then the new one, page for page the same and found sound, takes its
// name, and the old one is overwritten and removed. Where it ends half way, there is one good database under that name, and Convert
// is to be called again. One that is under the new layer already stays. Codes: store.missing, store.busy, store.full, store.damaged,
// store.wrong-key, store.plain (from is a layer, and it is in clear).
//
// What a disk kept of earlier versions in places that are free now is not reached: not by this program nor by any.
func Convert(ctx context.Context, path string, from, to *Layer) error {
	return told("encrypt the database", path, convert(ctx, path, from, to, func(string) {}))
}

// convert calls after each step, so that tests can end it there.
func convert(ctx context.Context, path string, from, to *Layer, after func(step string)) error {
	if encrypted, err := Encrypted(path); err != nil {
		return err
	} else if encrypted && to.Check(path) == nil {
		return tidy(path)
	}
	if err := tidy(path); err != nil {
		return err
	}
	fresh := path + ".new-key"
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	was := path + ".was"
	_ = os.Link(path+"-wal", was+"-wal") // to overwrite it when SQLite has removed it. Not every disk can
	after("log linked")
	sum, err := copied(ctx, path, fresh, from, to, after)
	if err != nil {
		return errors.Join(err, remove(fresh), tidy(path))
	}
	if err := tidy(path); err != nil {
		return err
	}
	after("copied")
	if err := sound(ctx, fresh, to, sum); err != nil {
		return errors.Join(err, remove(fresh))
	}
	if err := quiet(path, from); err != nil {
		return errors.Join(err, remove(fresh))
	}
	if err := flushDir(filepath.Dir(path)); err != nil {
		return err
	}
	after("found sound")
	if err := os.Link(path, was); err == nil {
		if err := flushDir(filepath.Dir(path)); err != nil {
			return err
		}
	}
	after("linked")
	if err := os.Rename(fresh, path); err != nil {
		return errors.Join(err, remove(fresh), tidy(path))
	}
	if err := flushDir(filepath.Dir(path)); err != nil {
		return err
	}
	after("swapped")
	return tidy(path)
}

// quiet fails where somebody writes to the database again, and removes a journal that is none any more: one whose beginning is zeros.
func quiet(path string, layer *Layer) error {
	if _, err := os.Lstat(path + "-wal"); err == nil {
		return dossier.Invalid("", "store.busy")
	}
	journal, err := firstUnit(path + "-journal")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if layer != nil && len(journal) == unitSize {
		layer.mu.RLock()
		defer layer.mu.RUnlock()
		if layer.erased {
			return errors.New("the key of the old layer is erased")
		}
		layer.roles[journalFile].decrypt(journal, journal, 0)
	}
	if !isZero(journal[:min(len(journal), 8)]) {
		return dossier.Invalid("", "store.busy")
	}
	info, err := os.Stat(path + "-journal")
	if err != nil {
		return err
	}
	if err := overwrite(path+"-journal", info.Size()); err != nil {
		return err
	}
	return os.Remove(path + "-journal")
}

// copied writes the file anew under the other layer and tells the sum of its pages.
func copied(ctx context.Context, path, fresh string, from, to *Layer, after func(string)) (sum []byte, err error) {
	db, err := sql.Open("sqlite", address(path, from, "rw"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "PRAGMA locking_mode = exclusive"); err != nil {
		return nil, err
	}
	var mode string // with the log gone everything is in the one file, and nobody else has it open
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = delete").Scan(&mode); err != nil {
		return nil, err
	}
	if mode != "delete" {
		return nil, dossier.Invalid("", "store.busy")
	}
	if _, err := conn.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return nil, err
	}
	after("old one whole")
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	sum, err = pages(ctx, conn, func(no int64, page []byte) error {
		if no == 2 {
			after("half copied")
		}
		at := (no - 1) * int64(len(page))
		to.mu.RLock()
		defer to.mu.RUnlock()
		if to.erased {
			return errors.New("the key of the new layer is erased")
		}
		to.roles[mainFile].encrypt(page, page, uint64(at/unitSize))
		_, err := f.WriteAt(page, at)
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	_, err = conn.ExecContext(ctx, "ROLLBACK")
	return sum, err
}

// pages gives every page in order to visit, which may spoil it, and their sum.
func pages(ctx context.Context, conn *sql.Conn, visit func(no int64, page []byte) error) (sum []byte, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT pgno, data FROM sqlite_dbpage ORDER BY pgno")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := sha256.New()
	for rows.Next() {
		var no int64
		var page []byte
		if err := rows.Scan(&no, &page); err != nil {
			return nil, err
		}
		all.Write(page)
		if err := visit(no, page); err != nil {
			return nil, err
		}
	}
	return all.Sum(nil), rows.Err()
}

// sound reads the new file through its layer.
func sound(ctx context.Context, path string, layer *Layer, sum []byte) (err error) {
	db, err := sql.Open("sqlite", address(path, layer, "ro"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	again, err := pages(ctx, conn, func(int64, []byte) error { return nil })
	if err != nil {
		return err
	}
	if !bytes.Equal(again, sum) {
		return fmt.Errorf("the copy is not what was copied: %w", dossier.Invalid("", "store.disk"))
	}
	var verdict string
	if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", dossier.Invalid("", "store.damaged"), verdict)
	}
	return nil
}

func address(path string, layer *Layer, mode string) string {
	q := url.Values{"mode": {mode}, "_pragma": {"busy_timeout(2000)", "temp_store(memory)", "synchronous(full)"}}
	if layer != nil {
		q.Set("vfs", layer.name)
	}
	path = filepath.ToSlash(path)
	if filepath.IsAbs(path) && !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… is file:///C:/…
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// tidy removes what a conversion leaves. A second name of the database that is in use is only taken away; the old one that it was is
// overwritten first.
func tidy(path string) error {
	for _, suffix := range []string{"", "-wal"} {
		was, err := os.Lstat(path + ".was" + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		used, err := os.Lstat(path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if used == nil || !os.SameFile(was, used) {
			if err := overwrite(path+".was"+suffix, was.Size()); err != nil {
				return err
			}
		}
		if err := os.Remove(path + ".was" + suffix); err != nil {
			return err
		}
		if err := flushDir(filepath.Dir(path)); err != nil {
			return err
		}
	}
	return nil
}

func overwrite(path string, size int64) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.CopyN(f, zeros{}, size); err != nil {
		return err
	}
	return f.Sync()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// told gives an error the code a person can be told about.
func told(doing, path string, err error) error {
	if err == nil {
		return nil
	}
	var ps dossier.Problems
	if errors.As(err, &ps) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	code := ""
	var e *sqlite.Error
	switch {
	case errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL, isDiskFull(err):
		code = "store.full"
	case e != nil && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED):
		code = "store.busy"
	case e != nil && e.Code()&0xff == sqlite3.SQLITE_AUTH:
		code = "store.wrong-key"
	case e != nil && e.Code()&0xff == sqlite3.SQLITE_FORMAT:
		code = "store.plain"
	case e != nil && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB):
		code = "store.damaged"
	case errors.Is(err, os.ErrNotExist):
		code = "store.missing"
	}
	if code == "" {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", code, "dir", filepath.Dir(path)), err)
}
