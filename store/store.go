// Package store keeps one station's file: the journals of events, and the views over them.
//
// Count on this: a method that keeps something and returns nil has kept it through any crash or power cut; one that returns an error
// has kept nothing of it (code store.unknown alone says that nobody can tell yet). What is read is always one moment's truth, and
// readers never wait for the writer. A full disk, a disk that cannot be written and the like are dossier.Problems whose codes
// begin with "store.".
package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tiepnhan/dossier"
)

// FileName is the name of the file in the station's folder.
const FileName = "station.db"

// Options say how a store is opened.
type Options struct {
	ReadOnly  bool             // look, and let another program write; there must be a store
	Now       func() time.Time // nil is time.Now
	VFS       string           // SQLite's file layer; "" is the system's own
	NoReserve bool             // do without the 32 MiB kept free for drafts
	Told      func(Step)       // hears how far opening is where it takes its time, on the caller's goroutine; may be nil
	Beside    []string         // files of the folder without which the store is of no use, as those that open it: a copy of it has them too

	own bool // the folder is a copy of ours, and no copy is made of it
}

// Store is an open file. It may be used by many goroutines at once.
type Store struct {
	dir     string
	opts    Options
	reads   *sql.DB
	free    chan struct{} // a token for each that may read beside those who do
	idle    stack         // links of reads that nobody reads with
	writes  *sql.DB       // of one connection; nil when ReadOnly
	writer  *link         // that connection
	turn    chan struct{} // holds one token: whose turn it is to write
	closing sync.Once
	closed  chan struct{}
	reserve *reserve
	key     atomic.Pointer[ed25519.PrivateKey] // of the life that is written
	own     atomic.Pointer[dossier.ChainState]
	last    *chainRow         // this PC's chain after the last transaction; nil when it must be read again. For whose turn it is
	line    lineage           // that ends in it
	decided *settingsRow      // the settings last used. For whose turn it is
	suspect atomic.Bool       // the file is to be looked at
	why     error             // nothing can be kept; nil where it is only for looking
	scratch string            // the folder of a copy that is looked at instead, and goes with it
	shaken  bool              // SQLite failed in the last transaction. For whose turn it is
	unswept bool              // what was purged may stand in the log. For whose turn it is
	commit  func(*link) error // COMMIT; tests put failures here
}

// Create makes a new store in the folder and opens it. The file gets its name only when it is whole. Codes: store.exists,
// store.cannot-open, store.full.
func Create(ctx context.Context, dir string, opts Options) (*Store, error) {
	path := filepath.Join(dir, FileName)
	if _, err := os.Stat(path); err == nil {
		return nil, dossier.Invalid("", "store.exists", "dir", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, told("make the station's folder", dir, err)
	}
	fresh := path + ".new"
	if err := removeDatabase(fresh); err != nil {
		return nil, told("remove a store begun before", dir, err)
	}
	if err := found(ctx, fresh, opts); err != nil {
		return nil, errors.Join(told("make a new store", dir, err), removeDatabase(fresh))
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, told("name the new store", dir, err)
	}
	if err := flushDir(dir); err != nil {
		return nil, told("flush the station's folder", dir, err)
	}
	return Open(ctx, dir, opts)
}

func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// found writes the schema and this PC's identity: a device and its first life, both random, and the key that signs its chain.
func found(ctx context.Context, path string, opts Options) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", address(path, opts.VFS, forWriting))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	l, err := newLink(ctx, db)
	if err != nil {
		return err
	}
	defer l.close()

	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	var g dossier.Genesis
	rand.Read(g.Device[:])
	rand.Read(g.Incarnation[:])
	head := dossier.Head{Chain: g.Chain, Hash: g.Hash()}

	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.script(schema); err != nil {
		return err
	}
	if err := insertChain(l, g, public, head.Sign(key)); err != nil {
		return err
	}
	if err := l.exec("INSERT INTO station (one, chain) VALUES (1, 1)"); err != nil {
		return err
	}
	if err := l.exec("INSERT INTO secret (name, value) VALUES (?, ?)", signingKey, key.Seed()); err != nil {
		return err
	}
	if err := l.exec(fmt.Sprintf("PRAGMA user_version = %d", fileVersion)); err != nil {
		return err
	}
	return l.exec("COMMIT")
}

// Open opens the store of that folder. Where an older program made it, it is brought up to date first, or stays as it was. Codes:
// store.missing, store.newer, store.older (ReadOnly, and it would have to be brought up to date), store.damaged, store.read-only,
// store.cannot-open, store.full.
//
// On a disk without any room left it is opened by the room that was held for drafts: then only they can be kept.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	s, err := openOnce(ctx, dir, opts)
	if err != nil && !opts.ReadOnly && !opts.NoReserve && gaveRoom(dir, err) {
		return openOnce(ctx, dir, opts)
	}
	return s, err
}

func openOnce(ctx context.Context, dir string, opts Options) (*Store, error) {
	s := &Store{dir: dir, opts: opts, turn: make(chan struct{}, 1), closed: make(chan struct{}), free: make(chan struct{}, readers), commit: func(l *link) error { return l.exec("COMMIT") }}
	s.turn <- struct{}{}
	for range readers {
		s.free <- struct{}{}
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(told("open the store", dir, err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	path := filepath.Join(s.dir, FileName)
	if info, err := os.Stat(path); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return dossier.Invalid("", "store.missing", "dir", s.dir)
		}
		return err
	} else if !info.Mode().IsRegular() {
		return dossier.Invalid("", "store.damaged", "dir", s.dir)
	}
	if err := legible(ctx, path, s.opts.VFS); err != nil {
		return err
	}
	purpose := forReading
	if s.opts.ReadOnly {
		purpose = forLooking
	} else {
		s.unswept = endedUncleanly(path)
		s.suspect.Store(s.unswept || s.known().Owed)
		var err error
		if s.writes, err = sql.Open("sqlite", address(path, s.opts.VFS, forWriting)); err != nil {
			return err
		}
		s.writes.SetMaxOpenConns(1)
		if s.writer, err = newLink(ctx, s.writes); err != nil {
			return err
		}
	}
	var err error
	if s.reads, err = sql.Open("sqlite", address(path, s.opts.VFS, purpose)); err != nil {
		return err
	}
	older, err := checkVersion(ctx, s.reads)
	if err != nil {
		return err
	}
	if older && s.opts.ReadOnly {
		return dossier.Invalid("", "store.older")
	}
	if older {
		if err := s.bringUpToDate(ctx); err != nil {
			return err
		}
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	if s.opts.ReadOnly {
		return nil
	}
	// A disk that cannot be written is found out now and not with a citizen at the desk.
	if err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := s.writer.exec("ROLLBACK"); err != nil {
		return err
	}
	if !older {
		s.dropProved()
	}
	if !s.opts.NoReserve {
		s.reserve = &reserve{path: filepath.Join(s.dir, reserveName)}
		s.reserve.fill()
	}
	return nil
}

// checkVersion tells whether the file, or its views, are an older program's. Codes: store.damaged, store.newer.
func checkVersion(ctx context.Context, db *sql.DB) (older bool, err error) {
	var app, version int64
	if err := db.QueryRowContext(ctx, "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version").
		Scan(&app, &version); err != nil {
		return false, err
	}
	truth, views := version&0xffff, version>>16
	switch {
	case app != applicationID || truth < oldestVersion || views < 0:
		return false, dossier.Invalid("", "store.damaged")
	case truth > schemaVersion || views > viewsVersion:
		return false, dossier.Invalid("", "store.newer")
	}
	return truth < schemaVersion || views < viewsVersion, nil
}

// identify reads who this PC is.
func (s *Store) identify(ctx context.Context) error {
	var seed []byte
	err := s.reads.QueryRowContext(ctx, "SELECT value FROM secret WHERE name = ?", signingKey).Scan(&seed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if len(seed) != ed25519.SeedSize {
		return dossier.Invalid("", "store.damaged", "dir", s.dir)
	}
	key := ed25519.NewKeyFromSeed(seed)
	s.key.Store(&key)
	return s.refreshOwn(ctx)
}

// refreshOwn reads again how far this PC's chain reaches.
func (s *Store) refreshOwn(ctx context.Context) error {
	states, err := s.Chains(ctx)
	if err != nil {
		return err
	}
	for _, c := range states {
		if c.Own {
			s.own.Store(&c)
			return nil
		}
	}
	return dossier.Invalid("", "store.damaged", "dir", s.dir)
}

// Own is this PC's chain as last kept.
func (s *Store) Own() dossier.ChainState { return *s.own.Load() }

// SigningKey signs the life that is written. Who holds it can speak for this PC.
func (s *Store) SigningKey() ed25519.PrivateKey { return *s.key.Load() }

// Close ends what is open; closing again does nothing. A store left without it loses nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Store) close() error {
	var errs []error
	close(s.closed)
	enough := time.After(busyTimeout) // for what is under way to end
	select {
	case <-s.turn:
	case <-enough:
	}
	for range readers {
		select {
		case <-s.free:
			if l := s.idle.take(); l != nil {
				errs = append(errs, l.close())
			}
			continue
		case <-enough:
		}
		break
	}
	if s.reads != nil {
		errs = append(errs, s.reads.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.Suspect() && s.own.Load() != nil {
		_ = s.remember(func(k *known) { k.Owed = true }) // the log, which said so, goes now
	}
	if s.writes != nil {
		errs = append(errs, s.writes.Close())
	}
	if s.scratch != "" {
		errs = append(errs, os.RemoveAll(s.scratch))
	}
	return errors.Join(errs...)
}
