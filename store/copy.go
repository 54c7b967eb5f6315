package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"path/filepath"

	"tiepnhan/dossier"
)

// Census is what a store holds, counted: what a copy of it must hold too.
type Census struct {
	Version  int64            `json:"version"` // of the file and of its views
	Own      dossier.Head     `json:"own"`     // of the life that is written
	Chains   int              `json:"chains"`
	Heads    dossier.Hash     `json:"heads"` // over the heads of all chains
	Events   int              `json:"events"`
	Dossiers int              `json:"dossiers"`
	Rows     map[string]int64 `json:"rows"` // of every table that cannot be made again
}

// truth are the tables that cannot be made again.
var truth = []string{"chain", "head", "station", "event", "entry", "reclaimed", "loose", "purged", "receipt", "secret", "draft"}

// Agrees tells whether a copy holds the same. One that an older program's file was made into has other tables; its journals are the same.
func (c Census) Agrees(of Census) bool {
	if c.Version == of.Version {
		for _, table := range truth {
			if c.Rows[table] != of.Rows[table] {
				return false
			}
		}
	}
	return c.Own == of.Own && c.Chains == of.Chains && c.Heads == of.Heads && c.Events == of.Events && c.Dossiers == of.Dossiers
}

// Census counts.
func (s *Store) Census(ctx context.Context) (c Census, err error) {
	err = s.read(ctx, "count what is kept", func(l *link) (err error) {
		c, err = census(l)
		return err
	})
	return c, err
}

func census(l *link) (Census, error) {
	c := Census{Rows: map[string]int64{}}
	own, err := ownChain(l)
	if err != nil {
		return c, err
	}
	c.Own = own.Head
	if _, err := l.get("PRAGMA user_version", nil, &c.Version); err != nil {
		return c, err
	}
	for _, table := range truth {
		var n int64
		if _, err := l.get("SELECT count(*) FROM "+table, nil, &n); err != nil {
			return c, err
		}
		c.Rows[table] = n
	}
	c.Events = int(c.Rows["event"])
	if _, err := l.get("SELECT count(*) FROM dossier", nil, &c.Dossiers); err != nil {
		return c, err
	}
	sum := sha256.New()
	err = l.each("SELECT "+chainColumns+" FROM chain c ORDER BY c.device, c.incarnation", nil, func(scan func(...any) error) error {
		one, err := scanChain(scan)
		if err != nil {
			return err
		}
		c.Chains++
		sum.Write(one.Device[:])
		sum.Write(one.Incarnation[:])
		sum.Write(binary.BigEndian.AppendUint64(nil, one.Head.Seq))
		sum.Write(one.Head.Hash[:])
		return nil
	})
	c.Heads = dossier.Hash(sum.Sum(nil))
	return c, err
}

// Copy gives the whole file as it is at one moment, in clear: first what it holds and how many pages of which size it has, then every page in
// order; a page is visit's to use until it returns. Nobody who writes waits, and what is written meanwhile is not seen; the log grows by it. The
// error of begin or visit ends it and comes back as it is.
func (s *Store) Copy(ctx context.Context, begin func(c Census, size int, pages int64) error, visit func(page []byte) error) (err error) {
	var ended error
	defer func() {
		if err = told("copy the store", s.dir, err); ended != nil {
			err = ended
		}
	}()
	db, err := sql.Open("sqlite", address(filepath.Join(s.dir, FileName), s.opts.VFS, forLooking))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := newLink(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	l.ctx = ctx
	if err := l.exec("BEGIN"); err != nil {
		return err
	}
	c, err := census(l)
	if err != nil {
		return err
	}
	var size int
	var pages int64
	if _, err := l.get("SELECT page_size, page_count FROM pragma_page_size, pragma_page_count", nil, &size, &pages); err != nil {
		return err
	}
	if ended = begin(c, size, pages); ended != nil {
		return ended
	}
	n := int64(0)
	err = l.each("SELECT data FROM sqlite_dbpage ORDER BY pgno", nil, func(scan func(...any) error) error {
		var page sql.RawBytes
		if err := scan(&page); err != nil {
			return err
		}
		n++
		if ended = visit(page); ended == nil {
			ended = ctx.Err()
		}
		return ended
	})
	if err == nil && n != pages {
		err = damaged("file", errors.New("it has another number of pages than it says"))
	}
	return err
}
