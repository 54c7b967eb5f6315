package desk

import (
	"context"

	"tiepnhan/dossier"
)

// role is what the officer at the desk may do. It is asked for each time: a role that is taken away is gone at once. Where nobody was ever
// admitted (the sample station, practice, a store of an earlier program) everybody may do everything. Codes: user.sign-in, user.unknown,
// user.removed, user.not-yet.
func (d *Desk) role(ctx context.Context) (dossier.Role, error) {
	if d.People == nil {
		return dossier.RoleChief, nil
	}
	u, ok, err := d.People.User(ctx, d.Officer)
	if err != nil {
		return "", err
	}
	if !ok {
		all, err := d.People.Users(ctx)
		if err == nil && len(all) > 0 {
			err = unknown(d.Officer)
		}
		return dossier.RoleChief, err
	}
	role := u.RoleAt(d.Now())
	if role == "" {
		return "", shutOut(u)
	}
	return role, nil
}

// unknown is what somebody is told who was never admitted.
func unknown(id dossier.OfficerID) error {
	if id == "" {
		return dossier.Invalid("user", "user.sign-in")
	}
	return dossier.Invalid("user", "user.unknown", "user", string(id))
}

// shutOut is what a user is told who may do nothing, for good or for the time being.
func shutOut(u dossier.User) error {
	if !u.Removed.IsZero() {
		return dossier.Invalid("user", "user.removed", "user", string(u.ID))
	}
	return dossier.Invalid("user", "user.not-yet", "user", string(u.ID), "from", u.From.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006"))
}

// may refuses what the officer at the desk may not do; of several deeds one is enough. It stands first in whatever does or shows something,
// so that no screen and no verb of the command line can forget it. Codes: role.not-allowed and those of role.
func (d *Desk) may(ctx context.Context, deed dossier.Deed, or ...dossier.Deed) error {
	role, err := d.role(ctx)
	if err != nil {
		return err
	}
	for _, other := range or {
		if dossier.May(role, other) {
			return nil
		}
	}
	return role.Allows(deed)
}
