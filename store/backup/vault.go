package backup

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

// Vault keeps the backups of one open store. It may be used by many goroutines at once; there is one backup at a time.
type Vault struct {
	store   *store.Store
	dir     string
	sticks  func() []string
	now     func() time.Time
	program string

	key keyring.KeyID // of the next backup

	mu      sync.Mutex
	secrets map[keyring.KeyID]secret // none once closed
	looking map[string]chan struct{} // places that are being looked at

	patience, lookFor time.Duration
	at                func(step string) error // tests put failures here
}

// Options say where a vault works.
type Options struct {
	Dir     string          // the station's folder
	Keys    keyring.Keys    // that opened it: the store stands under the current one, or under the next
	Sticks  func() []string // the folders of the sticks that are plugged in; nil where there is no way to know
	Now     func() time.Time
	Program string // its version, for the head
}

// New is the vault of an open store. The keys are not kept, but what opens its backups is, until Close.
func New(s *store.Store, o Options) (*Vault, error) {
	v := &Vault{store: s, dir: o.Dir, sticks: o.Sticks, now: o.Now, program: o.Program, key: o.Keys.Current.ID(), secrets: map[keyring.KeyID]secret{},
		looking: map[string]chan struct{}{}, patience: patience, lookFor: lookFor, at: func(string) error { return nil }}
	var err error
	v.secrets, err = secretsOf(o.Keys)
	return v, err
}

func secretsOf(keys keyring.Keys) (map[keyring.KeyID]secret, error) {
	out := map[keyring.KeyID]secret{}
	for _, k := range []*keyring.Key{keys.Current, keys.Next} {
		if k == nil {
			continue
		}
		s, err := secretOf(k)
		if err != nil {
			return nil, err
		}
		out[k.ID()] = s
	}
	return out, nil
}

// Close forgets what opens backups. What is being made ends as it can.
func (v *Vault) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.secrets)
}

// secret opens the backups that were made under a key; ok is false for a key that is not the store's.
func (v *Vault) secret(id keyring.KeyID) (s secret, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, ok = v.secrets[id]
	return s, ok
}

// ours tells this PC's backups.
func (v *Vault) ours(h Head) bool { return h.Census.Own.Device == v.store.Own().Device }

// Own is where backups lie beside the store.
func Own(data string) dossier.BackupPlace {
	return dossier.BackupPlace{Kind: dossier.PlaceOwn, Path: filepath.Join(data, OwnFolder)}
}

// Stick is where they lie on a stick.
func Stick(stick string) dossier.BackupPlace {
	return dossier.BackupPlace{Kind: dossier.PlaceStick, Path: filepath.Join(stick, StickFolder)}
}

// Places are those of this PC; second is the folder the settings name, empty for none. Codes of Trouble: backup.gone, backup.full,
// backup.read-only, backup.hangs, backup.own-folder, backup.place.
func (v *Vault) Places(ctx context.Context, second string) ([]dossier.BackupPlace, error) {
	places := []dossier.BackupPlace{Own(v.dir)}
	if second != "" {
		places = append(places, dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: second})
	}
	if v.sticks != nil {
		for _, stick := range v.sticks() {
			places = append(places, Stick(stick))
		}
	}
	var all sync.WaitGroup
	for i := range places {
		all.Go(func() { places[i] = v.look(ctx, places[i]) })
	}
	all.Wait()
	return places, ctx.Err()
}

// look looks at a place for a while. One that has not answered the last time is not asked again until it has.
func (v *Vault) look(ctx context.Context, p dossier.BackupPlace) dossier.BackupPlace {
	p.Free = -1
	if p.Kind == dossier.PlaceSecond && inside(v.dir, p.Path) {
		p.Trouble = dossier.Invalid("", "backup.own-folder", "folder", p.Path)
		return p
	}
	v.mu.Lock()
	before, asked := v.looking[p.Path]
	if asked {
		select {
		case <-before:
			asked = false
		default:
		}
	}
	answered := make(chan struct{})
	if !asked {
		v.looking[p.Path] = answered
	}
	v.mu.Unlock()
	hangs := p
	hangs.Trouble = dossier.Invalid("", "backup.hangs", "folder", p.Path)
	if asked {
		return v.wait(ctx, before, p, hangs)
	}
	var seen dossier.BackupPlace
	go func() {
		defer close(answered)
		if err := v.at("look"); err != nil {
			p.Trouble = err
			seen = p
			return
		}
		seen = look(p, v.ours)
	}()
	enough := time.NewTimer(v.lookFor)
	defer enough.Stop()
	select {
	case <-answered:
		return seen
	case <-ctx.Done():
	case <-enough.C:
	}
	return hangs
}

// wait waits for who looks at the same place, and looks then.
func (v *Vault) wait(ctx context.Context, before chan struct{}, p, hangs dossier.BackupPlace) dossier.BackupPlace {
	enough := time.NewTimer(v.lookFor)
	defer enough.Stop()
	select {
	case <-before:
		return look(p, v.ours)
	case <-ctx.Done():
	case <-enough.C:
	}
	return hangs
}

// Make puts a backup into a place, and removes there what the rotation no longer keeps. With prove it is restored into a scratch file and
// compared; where that fails or is stopped, the backup stands, unproved, and the error says so. Codes: backup.busy, backup.hangs, store.locked,
// those of a place (backup.full, backup.read-only, backup.gone, backup.place, backup.unreliable, backup.own-folder) and of Prove.
func (v *Vault) Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	if place.Kind != dossier.PlaceOwn && inside(v.dir, place.Path) {
		return dossier.Backup{}, dossier.Invalid("", "backup.own-folder", "folder", place.Path)
	}
	g := newGoing(told)
	return attend(ctx, g, v.patience, place.Path, func(ctx context.Context) (dossier.Backup, error) { return v.make(ctx, place, prove, g) })
}

func (v *Vault) make(ctx context.Context, place dossier.BackupPlace, prove bool, g *going) (b dossier.Backup, err error) {
	r, err := enter(v.dir)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, placed(r.leave(), v.dir)) }()
	g.moved()
	if err := errors.Join(v.at("ready"), ready(place)); err != nil {
		return b, placed(err, place.Path)
	}
	sweep(place.Path, v.store.Own().Device)
	before, err := list(place.Path, v.ours)
	if err != nil {
		return b, placed(err, place.Path)
	}
	g.left()
	p, err := v.pack(ctx, r, next(before), g)
	if err != nil {
		return b, err
	}
	g.moved()
	path, err := v.deliver(ctx, p, place, g)
	if err != nil {
		return b, err
	}
	g.left()
	b = p.backup(path, false)
	if prove {
		if b, err = v.prove(ctx, r, path, g); err != nil {
			return p.backup(path, false), err
		}
	}
	g.moved()
	rotate(place.Path, v.store.Own().Device)
	g.left()
	return b, nil
}

// Prove restores a backup into a scratch file, holds chains, counts and heads against what it says of itself, and has every chain walked and
// the file looked through. That it was so is noted beside it. Codes: backup.busy, backup.hangs, backup.key (it is under another key than the
// present one), backup.damaged, backup.differs, backup.faults, backup.full, those of Read.
func (v *Vault) Prove(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	g := newGoing(told)
	return attend(ctx, g, v.patience, filepath.Dir(path), func(ctx context.Context) (b dossier.Backup, err error) {
		r, err := enter(v.dir)
		if err != nil {
			return b, err
		}
		defer func() { err = errors.Join(err, placed(r.leave(), v.dir)) }()
		return v.prove(ctx, r, path, g)
	})
}

func (v *Vault) prove(ctx context.Context, r *room, path string, g *going) (dossier.Backup, error) {
	g.moved()
	f, o, err := open(path)
	if err != nil {
		return dossier.Backup{}, err
	}
	defer f.Close()
	key, ok := v.secret(o.Key)
	if !ok {
		return dossier.Backup{}, said("backup.key", path)
	}
	s, err := r.unpack(ctx, f, path, key, o, func(done, all int64) {
		g.moved()
		g.tell(dossier.BackupProves, done, all)
	})
	if err != nil {
		return dossier.Backup{}, err
	}
	g.left()
	g.tell(dossier.BackupProves, 0, 0)
	err = s.proved(ctx, o, path)
	if err = errors.Join(err, s.close()); err != nil {
		return dossier.Backup{}, err
	}
	g.moved()
	_ = keepProof(path, o) // a place that is read-only now: it was proved all the same
	g.left()
	return o.backup(path, true), nil
}

func (s *scratch) proved(ctx context.Context, o outside, path string) error {
	st, err := s.open(ctx, false, store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(same(ctx, st, o, path), st.Close())
}

// Missing is what a backup does not hold of the store as it is. Codes: those of Read, backup.hangs.
func (v *Vault) Missing(ctx context.Context, path string) (dossier.Missing, error) {
	g := newGoing(nil)
	g.moved()
	b, err := attend(ctx, g, v.lookFor, filepath.Dir(path), func(context.Context) (dossier.Backup, error) { return Look(path) })
	if err != nil {
		return dossier.Missing{}, err
	}
	m, err := v.store.Missing(ctx, b.Own)
	if err != nil && ctx.Err() == nil {
		m = dossier.Missing{}
	} else if err != nil {
		return m, err
	}
	m.Backup = b
	return m, nil
}

// Look is a backup as it lies there, without a key. Codes: those of Read.
func Look(path string) (dossier.Backup, error) {
	f, o, err := open(path)
	if err != nil {
		return dossier.Backup{}, err
	}
	return o.backup(path, isProved(path, o)), f.Close()
}

// Find looks for backups without a store and without a key: those of the ring that stands in the station's folder, or where none can be read,
// any. It is for a store that cannot be opened. A place takes the time it takes.
func Find(data string, places []dossier.BackupPlace) []dossier.BackupPlace {
	var all sync.WaitGroup
	ours := func(Head) bool { return true }
	if exported, err := keyring.Export(data); err == nil {
		if ring, _, err := keyring.Look(exported); err == nil {
			ours = func(h Head) bool {
				id, _, err := keyring.Look(h.Ring)
				return err == nil && id == ring
			}
		}
	}
	out := make([]dossier.BackupPlace, len(places))
	for i, p := range places {
		answered := make(chan dossier.BackupPlace, 1)
		go func() { answered <- look(p, ours) }()
		all.Go(func() {
			enough := time.NewTimer(lookFor)
			defer enough.Stop()
			select {
			case out[i] = <-answered:
			case <-enough.C:
				out[i] = p
				out[i].Free, out[i].Trouble = -1, dossier.Invalid("", "backup.hangs", "folder", p.Path)
			}
		})
	}
	all.Wait()
	return out
}
