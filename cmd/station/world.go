package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/forms/raster"
	"tiepnhan/forms/spool"
	"tiepnhan/store"
	"tiepnhan/store/backup"
	"tiepnhan/store/keyring"
	"tiepnhan/sync/exchange"
)

// openMode is how a verb opens the station.
type openMode int

const (
	toRead     openMode = iota // beside the window, if that is open
	toWrite                    // alone
	toSetUp                    // alone, and the store is made if there is none
	toPractise                 // toSetUp, in a folder whose content is thrown away before and after
)

// world is everything joined: one station's file, its desk and its line.
type world struct {
	store *store.Store
	desk  *desk.Desk
	pages *raster.Raster
	lock  *flock.Flock
	safe  *safe         // nil where the store is in clear
	vault *backup.Vault // nil where there is no safe
	known *exchange.Known
	dir   string

	practice bool
}

// firstOfficer is the sign-in name of who sets the station up.
const firstOfficer dossier.OfficerID = "can-bo-1"

// lockFile is what the one program that writes to a folder holds.
const lockFile = "station.lock"

// clock is the PC's clock.
var clock = time.Now

// openWorld joins the parts over one data folder, of which the safe was opened, nil where it has none. A folder another program writes to is
// refused, unless only to read. The safe is closed with the world, or when there is none.
func openWorld(ctx context.Context, dir string, key *safe, mode openMode, now func() time.Time) (*world, error) {
	if whole, err := filepath.Abs(dir); err == nil { // the screen names files: "giay-to/x.pdf" alone leads nowhere
		dir = whole
	}
	w := &world{dir: dir, pages: raster.New(pageCache(dir)), safe: key}
	if key == nil && keyring.Exists(dir) {
		return nil, dossier.Invalid("password-stdin", "safe.locked")
	}
	c := careOf(ctx)
	looks := c != nil && c.look != nil
	if looks {
		mode = toRead
	}
	if mode != toRead || looks {
		if err := w.alone(); err != nil && !(looks && dossier.Code(err) == "station.folder") { // where nothing can be written, there is no lock to take
			return nil, errors.Join(err, w.lockUp())
		}
	}
	if w.practice = mode == toPractise; w.practice {
		if err := layPractice(dir); err != nil {
			return nil, errors.Join(err, w.unlock())
		}
	}
	under := ""
	if key != nil {
		if mode != toRead {
			_ = backup.Tidy(dir) // what a crash left of a backup; where it cannot be now, the next backup says why
		}
		if err := key.open(ctx, dir, mode != toRead); err != nil {
			return nil, errors.Join(err, w.unlock())
		}
		under = key.layer.Name()
	}
	var err error
	if w.store, err = openStore(ctx, dir, mode, key != nil, store.Options{Now: now, VFS: under}); err != nil {
		return nil, errors.Join(err, w.lockUp(), w.unlock())
	}
	catalogue, calendar, err := loadRules()
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.known = &exchange.Known{Store: w.store, Now: now}
	up := exchange.New(w.store)
	up.Known = w.known
	w.desk = &desk.Desk{Store: w.store, Catalogue: catalogue, Calendar: calendar, Paper: paper{}, Spool: spool.New(pictures{w.pages}),
		Viewer: viewer{w.pages}, Papers: filepath.Join(dir, "giay-to"),
		Line: &line{client: up, after: w.takePacks}, Now: now, NewID: newID, Built: built()}
	w.desk.Trail = w.store
	if w.desk.Duties, err = dossier.LoadDuties(assets.Duties); err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.withStick(now)
	if _, err := w.desk.TakePacks(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	if mode != toRead {
		_ = w.desk.Tidy() // where it cannot be had, printing says so when its turn comes
	}
	switch s, ok, err := w.store.Settings(ctx); {
	case err != nil:
		return nil, errors.Join(err, w.close())
	case key != nil:
		if key.who, err = w.named(ctx, key.who); err != nil {
			return nil, errors.Join(err, w.close())
		}
		w.desk.Officer, w.desk.People, w.desk.Ring = key.who, w.store, passwords{key}
		if !looks {
			if err := w.withVault(); err != nil {
				return nil, errors.Join(err, w.close())
			}
		}
	case ok:
		w.desk.Officer = s.Officers[0].ID
	default:
		w.desk.Officer = firstOfficer
	}
	if looks {
		w.onlyLook()
	}
	return w, nil
}

// takePacks goes by the rules that came down.
func (w *world) takePacks(ctx context.Context) error {
	_, err := w.desk.TakePacks(ctx)
	return err
}

// alone makes the folder and takes its lock: one program writes to a station's file. Codes: station.folder, station.remote, station.open.
func (w *world) alone() error {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return dossier.Invalid("data", "station.folder", "folder", w.dir)
	}
	if onAnotherPC(w.dir) { // SQLite's log is shared through memory, and two PCs share none
		return dossier.Invalid("data", "station.remote", "folder", w.dir)
	}
	w.lock = flock.New(filepath.Join(w.dir, lockFile))
	got, err := w.lock.TryLock()
	if err != nil {
		w.lock = nil
		return dossier.Invalid("data", "station.folder", "folder", w.dir)
	}
	if !got {
		w.lock = nil
		return dossier.Invalid("data", "station.open", "folder", w.dir)
	}
	return nil
}

func (w *world) unlock() error {
	if w.lock == nil {
		return nil
	}
	return w.lock.Unlock()
}

// lockUp forgets the keys.
func (w *world) lockUp() error {
	if w.safe == nil {
		return nil
	}
	if w.vault != nil {
		w.vault.Close()
	}
	return w.safe.close()
}

func (w *world) close() error {
	_ = w.known.Keep(context.Background()) // where it cannot be kept, it is some minutes old when the station is opened
	err := errors.Join(w.store.Close(), w.pages.Close(), w.lockUp())
	if w.practice {
		err = errors.Join(err, emptyPractice(w.dir))
	}
	return errors.Join(err, w.unlock())
}

// loadRules reads the procedures and calendars that came with the program.
func loadRules() (*dossier.Catalogue, *dossier.Calendar, error) {
	catalogue, err := dossier.LoadCatalogue(assets.Catalogue)
	if err != nil {
		return nil, nil, fmt.Errorf("read the catalogue of procedures: %w", err)
	}
	calendar, err := dossier.LoadCalendar(assets.Calendar)
	if err != nil {
		return nil, nil, fmt.Errorf("read the calendar: %w", err)
	}
	return catalogue, calendar, nil
}

// pageCache is where what pdfium was compiled to is kept: with this user's other caches, for it is program code and belongs to no station.
func pageCache(dir string) string {
	if cache, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(cache, "tiepnhan")
	}
	return filepath.Join(dir, "pdfium")
}

// newID is a UUIDv7 (RFC 9562).
func newID() [16]byte { return uuid.Must(uuid.NewV7()) }

// line is the way to upstream.
type line struct {
	client *exchange.Client
	after  func(ctx context.Context) error // what came down is gone by from here on
	healed func([]dossier.Healing)         // told of what was put right on the way; may be nil
}

func (l *line) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	sent, err := l.client.Send(ctx, told)
	if len(sent.Healed) > 0 && l.healed != nil {
		l.healed(sent.Healed)
	}
	if sent.Pulled > 0 {
		err = errors.Join(err, l.after(context.WithoutCancel(ctx)))
	}
	return sent, err
}

func (l *line) Enrol(ctx context.Context, ticket string) (dossier.Upstream, error) {
	return l.client.Enrol(ctx, ticket)
}

func (l *line) Enrolled(ctx context.Context) (bool, error) {
	_, ok, err := l.client.Store.Upstream(ctx)
	return ok, err
}
