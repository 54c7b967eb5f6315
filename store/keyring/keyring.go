// Package keyring keeps the key of a station's store, wrapped once for each user and once for the printed recovery code.
//
// Count on this: what Unlock and Recover return is the right key or an error, never a wrong key, whatever was done to the files. The
// recovery code opens on any PC; a password opens only on the PC it was set on. A change that returned nil is durable, and one that was
// cut off by a crash or a power cut has happened whole or not at all. The files hold no name, number or telephone in clear: a user stands
// in them as a random id and a salted hash of the sign-in name. Several processes may use a ring at once.
//
// How it holds together:
//
//   - Each user has a key pair (ML-KEM-768 with X25519). The database key is sealed to the public key, so it can be changed, and sealed anew
//     for everyone who stays, without anybody's password. The private key is wrapped under argon2id(password) mixed with this PC's secret.
//     The recovery code has a key pair of its own, wrapped under the code alone: its 128 bits need no slow derivation and no PC.
//   - All wrapping names the ring and the whole entry, so an entry of another ring, or one put together from two, opens nothing. The
//     identity of a database key is derived from it, so a key that was unsealed is known to be the one that is meant.
//   - Each database key proves the whole file (HMAC). Who can write to the file but holds no key can put nobody into it.
//   - Changing the database key has two phases, because the store is written anew meanwhile: Remove and Rekey put the next key beside the
//     current one, Finish lets the current one go. Whichever store stands after a crash, both keys are at hand, and each says which it is.
//
// What it does not do: whoever has signed in has held the database key, and whoever keeps an old copy of the files and the password or
// recovery code of that time opens the store as long as its key is the same. After a password or a recovery sheet was stolen: Rekey.
package keyring

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"tiepnhan/dossier"
)

// MaxUsers is how many users a ring takes.
const MaxUsers = 64

// Options say where and for whom a ring is used.
type Options struct {
	Machine []byte               // this PC's secret, see ReadMachine; nil where there is none: then the recovery code alone opens
	Avoid   []string             // names no password may contain, as those of the station
	Uptime  func() time.Duration // of this process, by a clock nobody can set; nil is Go's monotonic clock
	Cost    Cost                 // of passwords that are set; zero is as Calibrate measures on this PC, once

	light   bool   // tests: a cost below the floor
	disk    disk   // tests put failures here
	counted func() // tests: an attempt was counted, and nothing else was done yet
}

// Ring is the ring of one station's folder. It may be used by many goroutines at once.
type Ring struct {
	dir  string
	opts Options

	alone    sync.Mutex         // with the lock of the folder
	waits    map[string]waiting // by whose attempts
	unkept   *tally             // attempts that could not be written
	measured sync.Once
	cost     Cost
}

// Unlocked is what a password or the recovery code opened.
type Unlocked struct {
	User   ID // zero for the recovery code
	Keys   Keys
	Failed []Failed // wrong passwords since somebody last signed in with one; told once
}

// Exists tells whether there is a ring in a folder.
func Exists(dir string) bool {
	for _, name := range copies {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Create makes a ring with one user and a fresh database key. The recovery code is nowhere else: it must be printed before anything is
// trusted to the key. Codes: safe.exists, safe.no-machine, safe.not-kept, safe.busy, name.missing, those of CheckPassword.
func Create(dir string, o Options, name, password string) (*Ring, Unlocked, Code, error) {
	r := newRing(dir, o)
	fail := func(err error) (*Ring, Unlocked, Code, error) { return nil, Unlocked{}, Code{}, err }
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(r.notKept(err))
	}
	unlock, err := r.lock()
	if err != nil {
		return fail(err)
	}
	defer unlock()
	if Exists(dir) {
		return fail(dossier.Invalid("", "safe.exists", "folder", dir))
	}
	f := &file{Format: format, Ring: newID(), Salt: random(saltSize)}
	keys := Keys{Current: newKey(f.Ring)}
	f.Keys = []KeyID{keys.Current.id}
	e, err := r.entry(f, keys, newID(), name, password)
	if err != nil {
		return fail(err)
	}
	f.Users = []entry{e}
	code, err := f.renewRecovery(keys)
	if err != nil {
		return fail(err)
	}
	if err := r.keep(f, keys); err != nil {
		return fail(err)
	}
	return r, Unlocked{User: e.ID, Keys: keys}, code, nil
}

// Open reads the ring of a folder. Codes: safe.missing, safe.damaged, safe.newer, safe.cannot-read, safe.busy.
func Open(dir string, o Options) (*Ring, error) {
	r := newRing(dir, o)
	unlock, err := r.lockToRead()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, err := r.load(); err != nil {
		return nil, err
	}
	return r, nil
}

func newRing(dir string, o Options) *Ring {
	if o.Uptime == nil {
		start := time.Now()
		o.Uptime = func() time.Duration { return time.Since(start) }
	}
	return &Ring{dir: dir, opts: o, waits: map[string]waiting{}}
}

// Unlock opens the ring with a password. The attempt is counted, durably, before the password is looked at. A name nobody has costs the
// same time as a wrong password and says the same. Codes: safe.wrong (left: tries before one has to wait), safe.wrong-wait (seconds),
// safe.wait (seconds), safe.other-pc (no password opens here, or not this user's: the recovery sheet does), safe.damaged, and those of Open.
func (r *Ring) Unlock(name, password string) (Unlocked, error) {
	f, who, after, err := r.attempt(name)
	if err != nil {
		return Unlocked{}, err
	}
	u, ok, err := f.unlock(who, password, r.opts.Machine)
	switch {
	case err != nil:
		return Unlocked{}, err
	case !ok:
		return Unlocked{}, after
	}
	u.Failed = r.succeeded(who)
	r.mend(u.Keys)
	return u, nil
}

// Recover opens the ring with the recovery code, as it was typed or scanned, on any PC. Nothing is counted: nobody guesses 128 bits. Codes:
// those of ParseCode, safe.code-wrong, and those of Open.
func (r *Ring) Recover(typed string) (Unlocked, error) {
	code, err := ParseCode(typed)
	if err != nil {
		return Unlocked{}, err
	}
	defer clear(code[:])
	unlock, err := r.lockToRead()
	if err != nil {
		return Unlocked{}, err
	}
	f, err := r.load()
	unlock()
	if err != nil {
		return Unlocked{}, err
	}
	u, err := f.recover(code)
	if err != nil {
		return Unlocked{}, err
	}
	r.mend(u.Keys)
	return u, nil
}

// Has tells whether a user of that sign-in name can sign in on this PC, and under which id.
func (r *Ring) Has(name string) (ID, bool, error) {
	unlock, err := r.lockToRead()
	if err != nil {
		return ID{}, false, err
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return ID{}, false, err
	}
	e, ok := f.user(f.hash(name))
	return e.ID, ok && r.here(f, e), nil
}

// Add lets one more person in. Codes: safe.name-taken, safe.many (max), name.missing, those of CheckPassword and of every change:
// safe.changed (the keys are no longer those of the ring: sign in anew), safe.no-machine, safe.not-kept, safe.busy, safe.damaged.
func (r *Ring) Add(keys Keys, name, password string) (ID, error) {
	id := newID()
	_, err := r.change(keys, func(f *file, all Keys) (Keys, error) {
		if _, taken := f.user(f.hash(name)); taken {
			return Keys{}, dossier.Invalid("name", "safe.name-taken")
		}
		if len(f.Users) >= MaxUsers {
			return Keys{}, dossier.Invalid("", "safe.many", "max", strconv.Itoa(MaxUsers))
		}
		e, err := r.entry(f, all, id, name, password)
		f.Users = append(f.Users, e)
		return all, err
	})
	return id, err
}

// SetPassword gives a user a new password without the old one, and binds it to this PC: so a forgotten password, and after Recover a new PC.
// Codes: safe.unknown, those of CheckPassword and of Add for every change.
func (r *Ring) SetPassword(keys Keys, name, password string) error {
	var who []byte
	_, err := r.change(keys, func(f *file, all Keys) (Keys, error) {
		who = f.hash(name)
		old, ok := f.user(who)
		if !ok {
			return Keys{}, dossier.Invalid("name", "safe.unknown")
		}
		e, err := r.entry(f, all, old.ID, name, password)
		f.Users[slices.IndexFunc(f.Users, func(e entry) bool { return e.ID == old.ID })] = e
		return all, err
	})
	if err == nil {
		r.forgive(who)
	}
	return err
}

// ChangePassword is a user's own change. Codes: those of Unlock and SetPassword.
func (r *Ring) ChangePassword(name, old, password string) error {
	u, err := r.Unlock(name, old)
	if err != nil {
		return err
	}
	defer u.Keys.Wipe()
	if string(prepare(old)) == string(prepare(password)) {
		return dossier.Invalid("password", "password.same")
	}
	return r.SetPassword(u.Keys, name, password)
}

// NewCode makes the recovery sheet that was printed so far worthless and returns the code of the next one. Who may have read the old sheet
// and copied the files before needs a Rekey too.
func (r *Ring) NewCode(keys Keys) (Code, error) {
	var code Code
	_, err := r.change(keys, func(f *file, all Keys) (_ Keys, err error) {
		code, err = f.renewRecovery(all)
		return all, err
	})
	return code, err
}

// Remove puts a user out and begins to change the database key: the returned keys are the current one and the next, which that user never
// held. When the store stands under the next one, Finish ends it. Codes: safe.unknown, safe.last-user, safe.changing (a change that was
// begun must be finished first), those of Add for every change.
func (r *Ring) Remove(keys Keys, user ID) (Keys, error) {
	return r.rekey(keys, func(f *file) error {
		i := slices.IndexFunc(f.Users, func(e entry) bool { return e.ID == user })
		switch {
		case i < 0:
			return dossier.Invalid("name", "safe.unknown")
		case len(f.Users) == 1:
			return dossier.Invalid("name", "safe.last-user")
		}
		f.Users = slices.Delete(f.Users, i, i+1)
		return nil
	})
}

// Rekey begins to change the database key and keeps everyone. Codes as of Remove.
func (r *Ring) Rekey(keys Keys) (Keys, error) {
	return r.rekey(keys, func(*file) error { return nil })
}

func (r *Ring) rekey(keys Keys, first func(*file) error) (Keys, error) {
	return r.change(keys, func(f *file, all Keys) (Keys, error) {
		if all.Next != nil {
			return Keys{}, dossier.Invalid("", "safe.changing")
		}
		if err := first(f); err != nil {
			return Keys{}, err
		}
		all.Next = newKey(f.Ring)
		f.Keys = append(f.Keys, all.Next.id)
		return all, f.eachHolder(func(h *holder) error {
			sealed, err := h.seal(f.Ring, all.Next)
			h.Keys = append(h.Keys, sealed)
			return err
		})
	})
}

// Finish lets the current database key go: the store stands under the next one, which is the current one of the returned keys. Finishing
// again changes nothing. Codes: those of Add for every change.
func (r *Ring) Finish(keys Keys) (Keys, error) {
	return r.change(keys, func(f *file, all Keys) (Keys, error) {
		if all.Next == nil {
			return all, nil
		}
		f.Keys = f.Keys[1:]
		return Keys{Current: all.Next}, f.eachHolder(func(h *holder) error {
			h.Keys = h.Keys[1:]
			return nil
		})
	})
}

// change reads the ring, sees that it is whole and that the keys are its keys, changes it and keeps it. do is given the keys in the order
// the ring has them, and returns those that prove it from then on.
func (r *Ring) change(keys Keys, do func(f *file, all Keys) (Keys, error)) (Keys, error) {
	unlock, err := r.lock()
	if err != nil {
		return Keys{}, err
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return Keys{}, err
	}
	all, err := f.pick(keys)
	if err != nil {
		return Keys{}, err
	}
	if err := f.prove(all); err != nil {
		return Keys{}, err
	}
	if all, err = do(f, all); err != nil {
		return Keys{}, err
	}
	return all, r.keep(f, all)
}

// entry is a user's, with a fresh key pair and everything sealed to it.
func (r *Ring) entry(f *file, keys Keys, id ID, name, password string) (entry, error) {
	if len(r.opts.Machine) != MachineSize {
		return entry{}, dossier.Invalid("", "safe.no-machine")
	}
	if foldName(name) == "" {
		return entry{}, dossier.Invalid("name", "name.missing")
	}
	if err := CheckPassword(password, append([]string{name}, r.opts.Avoid...)...); err != nil {
		return entry{}, err
	}
	e := entry{holder: holder{ID: id}, Name: f.hash(name), Machine: machineTag(f.Ring, r.opts.Machine), Cost: r.price(), Salt: random(saltSize)}
	seed, err := e.renew(f.Ring, keys)
	if err != nil {
		return entry{}, err
	}
	defer clear(seed)
	typed := prepare(password)
	defer clear(typed)
	wrap := e.wrapKey(f.Ring, typed, r.opts.Machine)
	defer clear(wrap)
	e.Private, err = wrapSeed(wrap, seed, e.bound(f.Ring))
	return e, err
}

// price is what a password costs that is set now.
func (r *Ring) price() Cost {
	r.measured.Do(func() {
		switch {
		case r.opts.light:
			r.cost = lightCost
		case r.opts.Cost != Cost{}:
			r.cost = r.opts.Cost.atLeast(Floor)
		default:
			r.cost = Calibrate()
		}
	})
	return r.cost
}

// here tells whether a user's password was set on this PC.
func (r *Ring) here(f *file, e entry) bool {
	return len(r.opts.Machine) == MachineSize && slices.Equal(e.Machine, machineTag(f.Ring, r.opts.Machine))
}

// load reads the ring: the first copy that is whole. For whoever holds the lock.
func (r *Ring) load() (*file, error) {
	var worst error
	missing := true
	for _, name := range copies {
		data, err := readLimited(filepath.Join(r.dir, name), maxFile)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		missing = false
		if err != nil {
			worst = errors.Join(fmt.Errorf("read the ring: %w", err), dossier.Invalid("", "safe.cannot-read", "folder", r.dir))
			continue
		}
		f, err := decode(data, r.opts.light)
		if err == nil {
			return f, nil
		}
		if worst == nil || dossier.Code(err) == "safe.newer" {
			worst = err
		}
	}
	if missing {
		return nil, dossier.Invalid("", "safe.missing", "folder", r.dir)
	}
	return nil, worst
}

// keep writes the ring and its second copy. For whoever holds the lock.
func (r *Ring) keep(f *file, keys Keys) error {
	data, err := f.encode(keys)
	if err != nil {
		return err
	}
	for _, name := range copies {
		if err := r.opts.disk.save(r.dir, name, data); err != nil {
			return r.notKept(err)
		}
	}
	return nil
}

// mend makes both copies alike again after damage or a crash between them. It is for later and may fail now.
func (r *Ring) mend(keys Keys) {
	unlock, err := r.lock()
	if err != nil {
		return
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return
	}
	if all, err := f.pick(keys); err != nil || f.prove(all) != nil {
		return
	}
	data := f.bytes()
	for _, name := range copies {
		if have, err := readLimited(filepath.Join(r.dir, name), maxFile); err != nil || !bytes.Equal(have, data) {
			_ = r.opts.disk.save(r.dir, name, data)
		}
	}
}

func (r *Ring) notKept(err error) error {
	return fmt.Errorf("keep the ring: %w", errors.Join(err, dossier.Invalid("", "safe.not-kept", "folder", r.dir)))
}

// random are bytes nobody can guess. crypto/rand never fails.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
