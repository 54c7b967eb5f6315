package store

import (
	"context"
	"encoding/json"
	"time"

	"tiepnhan/dossier"
)

const officerColumns = "id, name, title, role, was, from_at, since, last_in, reset_at, removed"

// Users are those who may sign in on this PC, then those who were removed: what this PC's own journal says, in all its lives. A word on
// people in another PC's journal is about that PC.
func (s *Store) Users(ctx context.Context) ([]dossier.User, error) {
	var out []dossier.User
	err := s.read(ctx, "read who may sign in", func(l *link) error {
		return l.each("SELECT "+officerColumns+" FROM officer ORDER BY removed IS NOT NULL, id", nil, func(scan func(...any) error) error {
			u, err := scanUser(scan)
			out = append(out, u)
			return err
		})
	})
	return out, err
}

// User is one of them; ok is false for somebody who never was.
func (s *Store) User(ctx context.Context, id dossier.OfficerID) (u dossier.User, ok bool, err error) {
	err = s.read(ctx, "read who may sign in", func(l *link) error {
		return l.each("SELECT "+officerColumns+" FROM officer WHERE id = ?", []any{string(id)}, func(scan func(...any) error) (err error) {
			ok = true
			u, err = scanUser(scan)
			return err
		})
	})
	return u, ok, err
}

func scanUser(scan func(...any) error) (u dossier.User, err error) {
	var since int64
	var from, lastIn, reset, removed *int64
	err = scan(&u.ID, &u.Name, &u.Title, &u.Role, &u.Was, &from, &since, &lastIn, &reset, &removed)
	u.From, u.Since, u.LastIn, u.Reset, u.Removed = moment(from), moment(&since), moment(lastIn), moment(reset), moment(removed)
	return u, err
}

// people folds a word of this PC's lineage on who may sign in. A new life says again, in the same order, what it takes along: so whatever
// a word sets it sets whatever was there before. What is no word of ours says nothing.
func (v views) people(e dossier.Entry, reclaimed bool) error {
	if e.Kind == dossier.TraceSignedIn { // what its body says may be purged
		return v.seen("last_in", e.By, e.At, reclaimed)
	}
	if e.Purged {
		return nil
	}
	switch e.Kind {
	case dossier.UserAdmitted:
		var a dossier.UserAdmission
		if json.Unmarshal(e.Body, &a) != nil || a.User == "" {
			return nil
		}
		return v.exec(`INSERT INTO officer (id, name, title, role, was, from_at, since) VALUES (?, ?, ?, ?, '', ?, ?) ON CONFLICT (id) DO UPDATE SET
			name = excluded.name, title = excluded.title, role = excluded.role, was = '', from_at = excluded.from_at, since = excluded.since,
			last_in = NULL, reset_at = NULL, removed = NULL`, string(a.User), a.Name, a.Title, string(a.Role), millis(a.From), e.At.UnixMilli())
	case dossier.UserRemoved:
		var r dossier.UserRemoval
		if json.Unmarshal(e.Body, &r) != nil {
			return nil
		}
		return v.exec("UPDATE officer SET removed = ? WHERE id = ?", e.At.UnixMilli(), string(r.User))
	case dossier.UserRole:
		var c dossier.RoleChange
		if json.Unmarshal(e.Body, &c) != nil {
			return nil
		}
		return v.exec("UPDATE officer SET role = ?, was = ?, from_at = ? WHERE id = ?", string(c.Role), string(c.Was), millis(c.From), string(c.User))
	case dossier.PasswordReset:
		var p dossier.PasswordSet
		if json.Unmarshal(e.Body, &p) != nil {
			return nil
		}
		return v.seen("reset_at", p.User, e.At, reclaimed)
	}
	return nil
}

// seen keeps when somebody was last there. This PC's own word replaces the one before, for a clock that was wrong for a day must not count
// for ever; what another continuation wrote comes late and says only that it was not earlier.
func (v views) seen(column string, who dossier.OfficerID, at time.Time, reclaimed bool) error {
	set := "?1"
	if reclaimed {
		set = "max(coalesce(" + column + ", ?1), ?1)"
	}
	return v.exec("UPDATE officer SET "+column+" = "+set+" WHERE id = ?2", at.UnixMilli(), string(who))
}
