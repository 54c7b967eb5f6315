package main

import (
	"context"
	"errors"
	"path/filepath"

	"tiepnhan/dossier"
	"tiepnhan/store/backup"
)

// withVault gives the desk its backups. A station of made-up people has none: nothing could open them but whoever opens the folder anyway.
func (w *world) withVault() error {
	v, err := backup.New(w.store, backup.Options{Dir: w.dir, Keys: w.safe.keys, Sticks: sticks, Now: w.desk.Now, Program: Version})
	if err != nil {
		return err
	}
	w.vault, w.desk.Vault = v, v
	return nil
}

// newestBackups looks for backups of a station's folder without opening its store and without a key: beside it, in those folders, and on the
// sticks that are plugged in. It is for a store that cannot be opened.
func newestBackups(dir string, folders []string) []dossier.BackupPlace {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	places := []dossier.BackupPlace{backup.Own(dir)}
	for _, folder := range folders {
		places = append(places, dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: folder})
	}
	for _, stick := range sticks() {
		places = append(places, backup.Stick(stick))
	}
	return backup.Find(dir, places)
}

// restoring is what a restore is asked with.
type restoring struct {
	from string // the backup

	// What opens a backup the folder's keys do not open: the password name has today, or the recovery code.
	name, password, code string

	by, confirmed dossier.OfficerID
	freely        bool // no desk was asked: by must be one who may admit others, in the backup
	told          func(dossier.BackupStep)
}

// restore puts a backup into the place of a folder's store, which nobody may have open, and gives what opens it from then on. key is the
// folder's, opened and not in use, or nil where the folder has no ring that can be read; it is used up, but where the restore fails: then it still opens
// what stands there. After a restore without one nobody has a password yet: door.Recover sets one. Codes: station.open, those of
// backup.Restore.
func restore(ctx context.Context, dir string, key *safe, r restoring) (opened *safe, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	w := world{dir: dir}
	if err := w.alone(); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.unlock()) }()
	machine, err := thisMachine()
	if err != nil {
		return nil, err
	}
	o := backup.Restoring{Dir: dir, From: r.from, Machine: machine, Name: r.name, Password: r.password, Code: r.code, By: r.by, Confirmed: r.confirmed, Now: clock, Told: r.told}
	if key != nil {
		o.Ring, o.Keys = key.ring, key.keys
	}
	if r.freely {
		o.Admits = func(users []dossier.User) (dossier.OfficerID, error) { return among(users, r.by) }
	}
	out, err := backup.Restore(ctx, o)
	if key != nil {
		key.keys = out.Keys
	}
	if err != nil {
		return nil, err
	}
	opened = &safe{ring: out.Ring, keys: out.Keys}
	if key != nil {
		opened.who, opened.failed = key.who, key.failed
	}
	return opened, nil
}

// among is how those users' journal writes a name, of one who may admit others there. Where it knows nobody, anybody is the first. Codes:
// user.unknown, role.not-allowed.
func among(users []dossier.User, typed dossier.OfficerID) (dossier.OfficerID, error) {
	for _, u := range users {
		if dossier.Fold(string(u.ID)) == dossier.Fold(string(typed)) {
			return u.ID, u.RoleAt(clock()).Allows(dossier.DeedUsers)
		}
	}
	if len(users) > 0 {
		return "", dossier.Invalid("user", "user.unknown", "user", string(typed))
	}
	return typed, nil
}
