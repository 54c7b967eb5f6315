package main

import (
	"context"

	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
)

// passwords are those of the open safe, as the desk changes them.
type passwords struct{ safe *safe }

func (p passwords) Add(name, password string) error {
	_, err := p.safe.ring.Add(p.safe.keys, name, password)
	return err
}

// Remove puts somebody out. The store gets its next key when it is opened the next time: now it is in use.
func (p passwords) Remove(name string) error {
	id, here, err := p.safe.ring.Has(name)
	if err != nil {
		return err
	}
	if !here && id == (keyring.ID{}) {
		return dossier.Invalid("user", "safe.unknown")
	}
	keys, err := p.safe.ring.Remove(p.safe.keys, id)
	if err == nil {
		p.safe.keys = keys
	}
	return err
}

func (p passwords) SetPassword(name, password string) error {
	return p.safe.ring.SetPassword(p.safe.keys, name, password)
}

func (p passwords) Change(name, old, next string) error {
	return p.safe.ring.ChangePassword(name, old, next)
}

func (p passwords) Check(name, password string) error {
	opened, err := p.safe.ring.Unlock(name, password)
	if err != nil {
		return err
	}
	opened.Keys.Wipe()
	p.safe.failed = append(p.safe.failed, opened.Failed...)
	return nil
}

func (p passwords) NewCode() (string, error) {
	code, err := p.safe.ring.NewCode(p.safe.keys)
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// named is how the journal writes a name that somebody signed in with: the ring takes large and small letters alike.
func (w *world) named(ctx context.Context, typed dossier.OfficerID) (dossier.OfficerID, error) {
	users, err := w.store.Users(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range users {
		if dossier.Fold(string(u.ID)) == dossier.Fold(string(typed)) {
			return u.ID, nil
		}
	}
	return typed, nil
}

// failures are the wrong passwords since somebody last signed in, under the names of those who have one here.
func (w *world) failures(ctx context.Context) ([]dossier.SignInFailure, error) {
	if len(w.safe.failed) == 0 {
		return nil, nil
	}
	users, err := w.store.Users(ctx)
	if err != nil {
		return nil, err
	}
	var out []dossier.SignInFailure
	for _, f := range w.safe.failed {
		one := dossier.SignInFailure{Times: f.Times}
		for _, u := range users {
			if id, _, err := w.safe.ring.Has(string(u.ID)); err == nil && id == f.User && id != (keyring.ID{}) {
				one.User = u.ID
			}
		}
		out = append(out, one)
	}
	w.safe.failed = nil
	return out, nil
}

// enter signs the safe's officer in. Where nobody was admitted yet they are the first; where it is only looked at, nobody is told. Codes: those of
// desk.MayEnter.
func (w *world) enter(ctx context.Context, how string) error {
	if w.store.OnlyLooks() != nil {
		return w.desk.MayEnter(ctx, w.desk.Officer)
	}
	if err := w.desk.Found(ctx); err != nil {
		return err
	}
	failed, err := w.failures(ctx)
	if err != nil {
		return err
	}
	return w.desk.SignedIn(ctx, how, failed)
}

// readmit gives somebody a password after the recovery sheet has opened the safe: one who may admit others, or on a station of which nobody
// is the first yet, whoever has a password there. Codes: those of desk.Recover and of the ring.
func (w *world) readmit(ctx context.Context, name, password string) error {
	users, err := w.store.Users(ctx)
	if err != nil {
		return err
	}
	id, err := w.named(ctx, dossier.OfficerID(name))
	if err != nil {
		return err
	}
	if len(users) == 0 {
		err = w.safe.ring.SetPassword(w.safe.keys, name, password)
	} else {
		err = w.desk.Recover(ctx, id, password)
	}
	if err == nil {
		w.safe.who, w.desk.Officer = id, id
	}
	return err
}
