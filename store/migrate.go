package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"tiepnhan/dossier"
)

// Step is how far something at the start is that takes its time. All is 0 while nobody can tell.
type Step struct {
	What      string
	Done, All int64
}

// What a Step is about.
const (
	StepCopies  = "copy"  // the file as it was, before it is brought up to date
	StepRenews  = "renew" // the views are made again
	StepChecks  = "check" // the file is looked at
	StepsAside  = "aside" // what is damaged is put aside
	StepRescues = "mend"  // the truth is taken out of a file that is damaged
)

func (o Options) tell(what string, done, all int64) {
	if o.Told != nil {
		o.Told(Step{what, done, all})
	}
}

// renewedPrefix begins the names of folders in which files stand as they were before they were brought up to date.
const renewedPrefix = "truoc-nang-cap-"

// bringUpToDate makes a file of an older program this one's. The file as it was lies beside first, page for page, and stays there until the new
// one was found sound by a whole check and has been opened once more after it. Codes: store.upgrade-full, store.damaged.
func (s *Store) bringUpToDate(ctx context.Context) error {
	if !s.opts.own {
		if err := s.copyBefore(ctx); err != nil {
			return s.noRoom(err)
		}
	}
	return s.noRoom(renew(ctx, s.writer, func(done int64) { s.opts.tell(StepRenews, done, 1000) }))
}

// noRoom says of a full disk what it means here: nothing was changed, and nothing was typed that a draft could hold.
func (s *Store) noRoom(err error) error {
	if codeOf(err) != "store.full" {
		return err
	}
	need := "?"
	if info, e := os.Stat(filepath.Join(s.dir, FileName)); e == nil {
		need = strconv.FormatInt(max(3*info.Size()>>20, 1), 10) + " MB" // the copy, and the log of all that is written anew
	}
	return fmt.Errorf("%w: %w", dossier.Invalid("", "store.upgrade-full", "dir", s.dir, "need", need), err)
}

// copyBefore writes the file, as it is and encrypted if it is, into a folder of its own, and reads it again to compare. One that lies there
// already, because the power went after it was made, does.
func (s *Store) copyBefore(ctx context.Context) (err error) {
	var version int64
	if _, err := s.writer.get("SELECT user_version FROM pragma_user_version", nil, &version); err != nil {
		return err
	}
	if err := s.writer.exec("BEGIN"); err != nil { // one moment's pages
		return err
	}
	defer func() { err = errors.Join(err, s.writer.exec("ROLLBACK")) }()
	sum, err := pagesOf(ctx, s.writer, func(done, all int64) { s.opts.tell(StepCopies, done, 3*all) })
	if err != nil {
		return err
	}
	prefix := fmt.Sprintf("%s%d.%d-", renewedPrefix, version&0xffff, version>>16)
	before, err := foldersOf(s.dir, prefix)
	if err != nil {
		return err
	}
	dir := ""
	for _, folder := range before {
		switch had, err := copyOf(ctx, filepath.Join(folder, FileName), s.opts.VFS); {
		case err != nil: // another key's, or what a bad disk left: it stays
		case had == nil:
			dir = folder // begun and not ended
		case bytes.Equal(had, sum):
			return nil
		}
	}
	if dir == "" {
		if dir, err = freshFolder(s.dir, prefix+s.opts.Now().Format("20060102-150405")); err != nil {
			return err
		}
	}
	path := filepath.Join(dir, FileName)
	if err := s.copyTo(ctx, path); err != nil {
		return errors.Join(err, removeDatabase(path), removeEmpty(dir))
	}
	if err := errors.Join(copyBeside(s.dir, dir, s.opts.Beside), flushDir(dir), flushDir(s.dir)); err != nil {
		return err
	}
	again, err := copyOf(ctx, path, s.opts.VFS)
	if err == nil && !bytes.Equal(again, sum) {
		err = fmt.Errorf("the copy is not what was copied: %w", dossier.Invalid("", "store.disk"))
	}
	return err
}

// copyTo gives SQLite's own backup the pages of the transaction that is open. It is one transaction over there: whole, or nothing.
func (s *Store) copyTo(ctx context.Context, path string) error {
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return err
	} else if err := f.Close(); err != nil {
		return err
	}
	return s.writer.conn.Raw(func(driver any) error {
		b, err := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup(address(path, s.opts.VFS, forCopying))
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(512)
				all := int64(b.PageCount())
				s.opts.tell(StepCopies, 2*all-int64(b.Remaining()), 3*all)
			}
		}
		return errors.Join(err, b.Finish())
	})
}

// copyOf is the sum of a copy's pages, nil where it holds nothing yet.
func copyOf(ctx context.Context, path, vfs string) (sum []byte, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	db, err := sql.Open("sqlite", address(path, vfs, forCopying))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := newLink(ctx, db)
	if err != nil {
		return nil, err
	}
	defer l.close()
	var pages int64
	if _, err := l.get("PRAGMA page_count", nil, &pages); err != nil || pages == 0 {
		return nil, err
	}
	return pagesOf(ctx, l, func(int64, int64) {})
}

// pagesOf is the sum of all pages, but for what SQLite counts on in the first one whenever it writes.
func pagesOf(ctx context.Context, l *link, told func(done, all int64)) ([]byte, error) {
	var all, done int64
	if _, err := l.get("PRAGMA page_count", nil, &all); err != nil {
		return nil, err
	}
	sum := sha256.New()
	err := l.each("SELECT data FROM sqlite_dbpage ORDER BY pgno", nil, func(scan func(...any) error) error {
		var page []byte
		if err := scan(&page); err != nil {
			return err
		}
		if done == 0 && len(page) >= 100 {
			clear(page[18:20])  // how it is written: with a log or without
			clear(page[24:28])  // how often
			clear(page[40:44])  // the schema's number
			clear(page[92:100]) // how often once more, and by which SQLite
		}
		sum.Write(page)
		if done++; done%512 == 0 {
			told(done, all)
		}
		return ctx.Err()
	})
	return sum.Sum(nil), err
}

// freshFolder makes a folder of that name, or with a number after it where there is one.
func freshFolder(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	for n := 2; ; n++ {
		err := os.Mkdir(path, 0o700)
		if err == nil || !errors.Is(err, os.ErrExist) {
			return path, err
		}
		path = filepath.Join(dir, fmt.Sprintf("%s-%d", name, n))
	}
}

// removeEmpty removes a folder nothing is in.
func removeEmpty(dir string) error {
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		return nil
	}
	return os.Remove(dir)
}

// foldersOf are the folders in dir whose names begin so, in order.
func foldersOf(dir, prefix string) ([]string, error) {
	all, err := os.ReadDir(dir)
	var out []string
	for _, e := range all {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, err
}
