package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/backup"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/gate"
)

// Listen has the gate hear, ten times a second at most, how far what it asked for is.
func (d *door) Listen(told func(gate.Progress)) { d.told = throttle(told) }

// PutOff lets the officer in before the whole file was looked at; that goes on beside the work.
func (d *door) PutOff() {
	select {
	case d.later <- struct{}{}:
	default:
	}
}

// cared is an opening the gate is told about. It is ended by end.
func (d *door) cared() (c *care, end func()) {
	checks, stop := context.WithCancel(d.ctx)
	for len(d.later) > 0 {
		<-d.later
	}
	go func() {
		select {
		case <-d.later:
			stop()
		case <-checks.Done():
		}
	}()
	return &care{told: d.told, checks: checks}, stop
}

// openWorld opens the station for who has the key, nil for one in clear, and mends what can be mended.
func (d *door) openWorld(key *safe) (*world, error) {
	c, end := d.cared()
	defer end()
	w, err := openWorld(c.with(d.ctx), d.data, key, toSetUp, clock)
	if c.aside != "" {
		d.aside, d.mended = c.aside, c.mended
	}
	return w, err
}

// settle sees to it that a store in clear can be opened, and brings it up to date, before it is encrypted.
func (d *door) settle() error {
	w, err := d.openWorld(nil)
	if err != nil {
		return err
	}
	return w.close()
}

// Aside is where a damaged store was put; empty where none was.
func (d *door) Aside() string { return d.aside }

// Look opens the station only to be looked at.
func (d *door) Look(name, password string, why gate.Why) error {
	var key *safe
	if keyring.Exists(d.data) {
		var err error
		if key, err = unlock(d.data, name, password); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &care{told: d.told, look: lookWhy(why, d.data)}
	w, err := openWorld(c.with(d.ctx), d.data, key, toRead, clock)
	if err != nil {
		return err
	}
	if key != nil {
		if err := w.enter(d.ctx, dossier.ByPassword); err != nil {
			return errors.Join(err, w.close())
		}
	}
	d.opened = w
	return nil
}

// lookWhy is what everything says that would keep something.
func lookWhy(why gate.Why, dir string) error {
	switch why {
	case gate.NewerProgram:
		return dossier.Invalid("", "store.look-newer")
	case gate.FullDisk:
		return dossier.Invalid("", "store.look-full")
	}
	return dossier.Invalid("", "store.look-disk", "dir", dir)
}

// Backups looks for backups of this station: beside it, on sticks, and in another place, a folder or one file.
func (d *door) Backups(other string) ([]dossier.BackupPlace, error) {
	var folders []string
	if other != "" {
		info, err := os.Stat(other)
		if err != nil {
			return nil, dossier.Invalid("other", "gate.no-file", "file", other)
		}
		if !info.IsDir() {
			b, err := backup.Look(other)
			if err != nil {
				return nil, err
			}
			return []dossier.BackupPlace{{Kind: dossier.PlaceSecond, Path: filepath.Dir(other), Backups: []dossier.Backup{b}}}, nil
		}
		folders = append(folders, other)
		if inside := filepath.Join(other, backup.StickFolder); filepath.Base(other) != backup.StickFolder {
			if _, err := os.Stat(inside); err == nil {
				folders = append(folders, inside)
			}
		}
	}
	return newestBackups(d.data, folders), nil
}

// Restore puts a backup into the place of what is there, and lets in who asked for it. Codes: those of restore, of unlock, and of Recover.
func (d *door) Restore(r gate.Restoring) error {
	key, fresh, err := d.keyToRestore(r)
	if err != nil {
		return err
	}
	if fresh {
		if err := d.CheckPassword(r.Name, r.Password); err != nil {
			return errors.Join(err, closeSafe(key))
		}
	}
	told := func(s dossier.BackupStep) {
		doing := "Đang đọc bản sao lưu"
		if s.Step != dossier.BackupUnpacks {
			doing = "Đang kiểm tra và ghi lại dữ liệu"
		}
		d.told(gate.Progress{Doing: doing, Done: s.Done, All: s.All})
	}
	opened, err := restore(d.ctx, d.data, key, restoring{from: r.From, name: r.Name, password: r.Password, code: r.Code, by: dossier.OfficerID(r.Name), freely: true, told: told})
	if err != nil {
		return errors.Join(err, closeSafe(key))
	}
	if !fresh {
		return d.open(opened, dossier.ByPassword)
	}
	if err := opened.close(); err != nil {
		return err
	}
	return d.Recover(r.Code, r.Name, r.Password)
}

// keyToRestore opens the folder's ring by the password. fresh is where there is none that can be read, or it opens by the recovery code alone: then
// the password is one that is to be set.
func (d *door) keyToRestore(r gate.Restoring) (key *safe, fresh bool, err error) {
	if !keyring.Exists(d.data) {
		return nil, true, nil
	}
	if r.New {
		key, err = byCode(d.data, r.Code)
	} else {
		key, err = unlock(d.data, r.Name, r.Password)
	}
	switch dossier.Code(err) {
	case "safe.damaged", "safe.cannot-read":
		return nil, true, nil
	}
	return key, r.New, err
}

func closeSafe(key *safe) error {
	if key == nil {
		return nil
	}
	return key.close()
}

// StartAnew puts what is there aside, copied and compared, and makes room for a new station.
func (d *door) StartAnew() (err error) {
	w := world{dir: d.data}
	if err := w.alone(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.unlock()) }()
	folder, err := store.PutAside(d.data, store.Options{Now: clock, Beside: keyring.Files(), Told: (&care{told: d.told}).hear})
	if err != nil {
		return err
	}
	d.aside = folder
	names := slices.Concat([]string{store.FileName, store.FileName + "-wal", store.FileName + "-shm", store.FileName + "-journal"}, keyring.Files())
	for _, name := range names {
		if err := os.Remove(filepath.Join(d.data, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return dossier.Invalid("", "store.cannot-open", "dir", d.data)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kind, d.ring = gate.First, nil
	return nil
}
