package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite"
)

const (
	applicationID = 1414549077
	oldestVersion = 1 // of the truth, that can be brought up to date
	schemaVersion = 3 // of the truth
	viewsVersion  = 6 // of what is made again where a file has an older one
	busyTimeout   = 5 * time.Second
)

//go:embed schema.sql
var schema string

// viewsBegin is the line of schema.sql below which everything can be rebuilt.
const viewsBegin = "-- ------------------------------------------------------------------ views\n"

// fileVersion is what a file's user_version says of both: the views' in the upper half.
const fileVersion = viewsVersion<<16 | schemaVersion

type purpose int

const (
	forWriting   purpose = iota // the one writer
	forReading                  // beside our own writer
	forLooking                  // a store that somebody else may be writing
	forProbing                  // the main file alone, whatever it is, touching nothing
	forCopying                  // a copy of our own, with nobody else there
	forMaking                   // a new file nobody counts on yet
	forAttaching                // another file, through the layer of the connection
)

// address is the DSN. The pragmas stand in it because one that is run on a pool reaches one connection only.
func address(path, vfs string, p purpose) string {
	q := url.Values{}
	if p == forAttaching { // the pragmas are the connection's
		q.Set("mode", "ro")
		return asURI(path, q)
	}
	pragma := func(name, value string) { q.Add("_pragma", name+"("+value+")") }
	pragma("busy_timeout", strconv.FormatInt(busyTimeout.Milliseconds(), 10))
	pragma("temp_store", "memory") // nothing personal in temporary files
	pragma("mmap_size", "0")
	switch p {
	case forWriting:
		q.Set("mode", "rw")
		q.Set("_txlock", "immediate")
		pragma("foreign_keys", "on")
		pragma("journal_mode", "wal")
		pragma("synchronous", "full") // NORMAL loses commits at a power cut
		pragma("secure_delete", "on") // what was purged is nowhere in the file
		pragma("cache_size", "-4096")
		pragma("journal_size_limit", strconv.Itoa(16<<20))
	case forReading:
		q.Set("mode", "rw")
		pragma("query_only", "on")
		pragma("cache_size", "-8192")
	case forLooking:
		q.Set("mode", "ro")
		pragma("cache_size", "-8192")
	case forProbing:
		q.Set("mode", "ro")
		q.Set("immutable", "1")
	case forCopying:
		q.Set("mode", "rwc")
		pragma("foreign_keys", "on")
		pragma("synchronous", "extra") // that the journal is gone must last, too: with it the copy would be rolled back to nothing
	case forMaking:
		q.Set("mode", "rw")
		pragma("foreign_keys", "on")
		pragma("journal_mode", "off")
		pragma("synchronous", "off")
		pragma("cache_size", "-8192")
	}
	if vfs != "" {
		q.Set("vfs", vfs)
	}
	return asURI(path, q)
}

func asURI(path string, q url.Values) string {
	path = filepath.ToSlash(path)
	if filepath.IsAbs(path) && !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… is file:///C:/…
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// link is one connection and the statements prepared on it. It is for one goroutine at a time.
type link struct {
	ctx   context.Context
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	above *unitAbove // as read last; nil before
}

func newLink(ctx context.Context, db *sql.DB) (*link, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	// Statements are not torn in the middle by who called: a transaction of ours takes a moment, and half of one is of no use.
	return &link{ctx: context.WithoutCancel(ctx), conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (l *link) close() error {
	var errs []error
	for _, s := range l.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

func (l *link) stmt(query string) (*sql.Stmt, error) {
	if s, ok := l.stmts[query]; ok {
		return s, nil
	}
	s, err := l.conn.PrepareContext(l.ctx, query)
	if err != nil {
		return nil, err
	}
	l.stmts[query] = s
	return s, nil
}

// script runs several statements at once.
func (l *link) script(text string) error {
	_, err := l.conn.ExecContext(l.ctx, text)
	return err
}

func (l *link) exec(query string, args ...any) error {
	_, err := l.insert(query, args...)
	return err
}

// insert is exec that tells the row's number.
func (l *link) insert(query string, args ...any) (int64, error) {
	s, err := l.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(l.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// get scans the one row there is and tells whether there was one.
func (l *link) get(query string, args []any, into ...any) (bool, error) {
	s, err := l.stmt(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(l.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls visit on every row.
func (l *link) each(query string, args []any, visit func(scan func(...any) error) error) (err error) {
	s, err := l.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(l.ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
