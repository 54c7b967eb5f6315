package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"modernc.org/sqlite"

	"tiepnhan/dossier"
)

// anewName is the folder in which a file is made that is to take the place of one.
const anewName = "dung-lai"

// Mend makes the file anew from what cannot be made again: the journals and what stands beside them. It is for a store of which that is whole,
// and views, indexes or free pages are damaged. The damaged file is put aside first, the new one is found right with all its journals, and then
// takes the name. Nobody may have the store open. Ended anywhere, the one or the other is there, whole. It tells where the damaged one lies.
// Codes: store.damaged (the journals are too), store.aside-full, store.full, store.busy.
func Mend(ctx context.Context, dir string, opts Options) (aside string, err error) {
	if aside, err = PutAside(dir, opts); err != nil {
		return "", err
	}
	err = mend(ctx, dir, opts)
	if unlike(err) {
		err = fmt.Errorf("%w: %w", dossier.Invalid("", "store.damaged", "dir", dir), err)
	}
	return aside, told("make the store anew", dir, err)
}

// unlike tells whether rows contradict one another, or tables are not what they should be.
func unlike(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_CONSTRAINT || e.Code()&0xff == sqlite3.SQLITE_ERROR || e.Code()&0xff == sqlite3.SQLITE_MISMATCH)
}

func mend(ctx context.Context, dir string, opts Options) (err error) {
	path := filepath.Join(dir, FileName)
	if err := endLog(ctx, path, opts.VFS); err != nil {
		return err
	}
	fresh := filepath.Join(dir, anewName)
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := anew(ctx, path, fresh, opts); err != nil {
		return err
	}
	if err := journalsSound(ctx, fresh, opts); err != nil {
		return err
	}
	if err := endLog(ctx, filepath.Join(fresh, FileName), opts.VFS); err != nil {
		return err
	}
	if err := flushFile(filepath.Join(fresh, FileName)); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(fresh, FileName), path); err != nil {
		return err
	}
	return flushDir(dir)
}

// endLog brings what stands in the log into the file and removes the log: it must not lie beside another file. Code: store.busy.
func endLog(ctx context.Context, path, vfs string) (err error) {
	db, err := sql.Open("sqlite", address(path, vfs, forCopying))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := newLink(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	if err := l.script("PRAGMA locking_mode = exclusive"); err != nil {
		return err
	}
	var mode string
	if _, err := l.get("PRAGMA journal_mode = delete", nil, &mode); err != nil {
		return err
	}
	if mode != "delete" {
		return dossier.Invalid("", "store.busy")
	}
	return nil
}

func flushFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// anew writes the truth of one file into a new one in that folder, row for row, and makes the views from it. Tables and columns that this program
// does not know stay behind. A power cut leaves rubbish in the folder: nobody counts on it before it was found right and flushed.
func anew(ctx context.Context, from, folder string, opts Options) (err error) {
	path := filepath.Join(folder, FileName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", address(path, opts.VFS, forMaking))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := newLink(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	truth, _, _ := strings.Cut(schema, viewsBegin)
	if err := l.script(truth); err != nil {
		return err
	}
	if err := l.exec("ATTACH ? AS was", address(from, "", forAttaching)); err != nil {
		return err
	}
	if err := l.exec("BEGIN"); err != nil {
		return err
	}
	if err := takeTruth(ctx, l, func(done int64) { opts.tell(StepRescues, done, 1000) }); err != nil {
		return err
	}
	ln, err := ownLineage(l)
	if err != nil {
		return err
	}
	if err := (views{link: l, line: ln, told: func(done int64) { opts.tell(StepRescues, 300+done*7/10, 1000) }}).again(ctx); err != nil {
		return err
	}
	if err := l.exec(fmt.Sprintf("PRAGMA user_version = %d", fileVersion)); err != nil {
		return err
	}
	if err := l.exec("COMMIT"); err != nil {
		return err
	}
	return l.exec("DETACH was")
}

// takeTruth copies the tables of the truth by their rows and not by indexes, which may be what is damaged.
func takeTruth(ctx context.Context, l *link, told func(done int64)) error {
	var names []string
	if err := l.each("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY rowid", nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	}); err != nil {
		return err
	}
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		var columns []string
		if err := l.each("SELECT name FROM pragma_table_info(?, 'main')", []any{name}, func(scan func(...any) error) error {
			var column string
			err := scan(&column)
			columns = append(columns, column)
			return err
		}); err != nil {
			return err
		}
		list := strings.Join(columns, ", ")
		if err := l.exec(fmt.Sprintf("INSERT INTO main.%s (%s) SELECT %s FROM was.%s NOT INDEXED", name, list, list, name)); err != nil {
			return err
		}
		told(300 * int64(i+1) / int64(len(names)))
	}
	return nil
}

// journalsSound opens the new file and walks every journal in it.
func journalsSound(ctx context.Context, folder string, opts Options) error {
	s, err := Open(ctx, folder, Options{VFS: opts.VFS, Now: opts.Now, NoReserve: true, own: true})
	if err != nil {
		return err
	}
	check, err := s.VerifyJournals(ctx)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if len(check.Faults) > 0 {
		return fmt.Errorf("%w: %s", dossier.Invalid("", "store.damaged", "dir", folder), check.Faults[0])
	}
	return nil
}
