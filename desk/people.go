package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"tiepnhan/dossier"
)

// Who may sign in is said twice: in the ring, which opens the store to a password, and in the journal, which says who that is and what
// they may do. The ring is changed first, then the event is kept. Where the power goes between the two:
//
//   - admitted: the ring has somebody the journal does not know, who may do nothing. Admitted again they are in.
//   - removed: they cannot sign in any more, and the journal does not say so yet. Removed again it does.
//   - password set, recovery sheet made: it is so, and the journal does not say it. Done again it does; whose password it was notices, for
//     the old one opens no more.

// Confirm is a second person's word on what must not be done alone, with their own password.
type Confirm struct {
	By       dossier.OfficerID
	Password string
}

// Users are those who may sign in here, then those who were removed.
func (d *Desk) Users(ctx context.Context) ([]dossier.User, error) {
	if err := d.may(ctx, dossier.DeedUsers, dossier.DeedAudit); err != nil {
		return nil, err
	}
	return d.users(ctx)
}

func (d *Desk) users(ctx context.Context) ([]dossier.User, error) {
	if d.People == nil {
		return nil, nil
	}
	return d.People.Users(ctx)
}

// Admit lets somebody sign in on this PC; their name stands on papers from then on. The first is the chief. Who is to admit others in turn
// needs the word of a second person who may; where there is none their role holds only after dossier.RoleDelay, announced in the journal.
// The user comes back as admitted. Codes: user.first-chief, user.taken, user.was-another, user.no-ring, those of UserAdmission.Check, of a
// Confirm (confirm.needed, confirm.self, confirm.role) and of the ring.
func (d *Desk) Admit(ctx context.Context, a dossier.UserAdmission, password string, c Confirm) (dossier.User, error) {
	none := dossier.User{}
	if err := d.may(ctx, dossier.DeedUsers); err != nil {
		return none, err
	}
	a.Name, a.Title, a.From, a.Confirmed = dossier.Clean(a.Name), dossier.Clean(a.Title), time.Time{}, ""
	if err := a.Check(); err != nil {
		return none, err
	}
	if d.Ring == nil || d.People == nil {
		return none, dossier.Invalid("", "user.no-ring")
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	all, err := d.users(ctx)
	if err != nil {
		return none, err
	}
	for _, u := range all {
		switch {
		case dossier.Fold(string(u.ID)) != dossier.Fold(string(a.User)):
		case u.ID != a.User || u.Removed.IsZero():
			return none, dossier.Invalid("user", "user.taken", "user", string(u.ID))
		case dossier.Fold(u.Name) != dossier.Fold(a.Name): // what they did stands in the journal under that id
			return none, dossier.Invalid("user", "user.was-another", "user", string(u.ID), "name", u.Name)
		}
	}
	if len(all) == 0 && a.Role != dossier.RoleChief {
		return none, dossier.Invalid("role", "user.first-chief")
	}
	if len(all) > 0 {
		if a.From, a.Confirmed, err = d.holdsFrom(all, a.Role, c); err != nil {
			return none, err
		}
	}
	err = d.Ring.Add(string(a.User), password)
	if dossier.Code(err) == "safe.name-taken" { // the power went before it was in the journal
		err = d.Ring.SetPassword(string(a.User), password)
	}
	if err != nil {
		return none, err
	}
	admitted, err := d.event(dossier.ID{}, dossier.UserAdmitted, a)
	if err != nil {
		return none, err
	}
	events := []dossier.Event{admitted}
	if s, ok, err := d.Store.Settings(ctx); err != nil {
		return none, err
	} else if o := (dossier.Officer{ID: a.User, Name: a.Name, Title: a.Title}); ok && s.Officer(a.User) != o {
		named, err := d.event(dossier.ID{}, dossier.StationSet, withOfficer(s, o))
		if err != nil {
			return none, err
		}
		events = append(events, named)
	}
	if err := d.Store.Record(ctx, events...); err != nil {
		return none, err
	}
	return dossier.User{ID: a.User, Name: a.Name, Title: a.Title, Role: a.Role, From: a.From, Since: admitted.At}, nil
}

// withOfficer is the settings with an officer in them under their name of today.
func withOfficer(s dossier.Settings, o dossier.Officer) dossier.Settings {
	officers := []dossier.Officer{}
	for _, had := range s.Officers {
		if had.ID != o.ID {
			officers = append(officers, had)
		}
	}
	s.Officers = append(officers, o)
	return s
}

// RemoveUser puts somebody out: from then on they cannot sign in, and the store has another key. What they did stands. Nobody removes
// themselves, nor the last chief. Codes: user.unknown, user.removed, user.self, user.last-chief, user.no-ring, those of UserRemoval.Check
// and of the ring.
func (d *Desk) RemoveUser(ctx context.Context, id dossier.OfficerID, why string) error {
	if err := d.may(ctx, dossier.DeedUsers); err != nil {
		return err
	}
	r := dossier.UserRemoval{User: id, Why: dossier.Clean(why)}
	if err := r.Check(); err != nil {
		return err
	}
	if d.Ring == nil {
		return dossier.Invalid("", "user.no-ring")
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	all, err := d.users(ctx)
	if err != nil {
		return err
	}
	if _, err := d.other(all, id); err != nil {
		return err
	}
	if err := d.notLastChief(all, id); err != nil {
		return err
	}
	if err := d.Ring.Remove(string(id)); err != nil && dossier.Code(err) != "safe.unknown" {
		return err
	}
	return d.record(ctx, dossier.ID{}, dossier.UserRemoved, r)
}

// SetRole changes what somebody may do; the role they had holds until From of the change that comes back. As in Admit, a second person
// confirms who is to admit others. Nobody changes their own role, and the last chief stays one. Codes: user.unknown, user.removed,
// user.self, user.last-chief, those of RoleChange.Check and of a Confirm.
func (d *Desk) SetRole(ctx context.Context, id dossier.OfficerID, role dossier.Role, c Confirm) (dossier.RoleChange, error) {
	none := dossier.RoleChange{}
	if err := d.may(ctx, dossier.DeedUsers); err != nil {
		return none, err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	all, err := d.users(ctx)
	if err != nil {
		return none, err
	}
	u, err := d.other(all, id)
	if err != nil {
		return none, err
	}
	change := dossier.RoleChange{User: id, Was: u.RoleAt(d.Now()), Role: role}
	if u.Role != change.Was && role == change.Was {
		change.Was = u.Role // what was announced is called off
	}
	if err := change.Check(); err != nil {
		return none, err
	}
	if role != dossier.RoleChief {
		if err := d.notLastChief(all, id); err != nil {
			return none, err
		}
	}
	if u.RoleAt(d.Now()) != role {
		if change.From, change.Confirmed, err = d.holdsFrom(all, role, c); err != nil {
			return none, err
		}
	}
	return change, d.record(ctx, dossier.ID{}, dossier.UserRole, change)
}

// ResetPassword gives somebody a new password without the old one, and switches an account on again that was off. The chief's own is
// reset by a chief or with the recovery sheet: who sets a password can sign in with it. Codes: user.unknown, user.removed,
// user.own-password, user.chief-only, user.no-ring and those of the ring.
func (d *Desk) ResetPassword(ctx context.Context, id dossier.OfficerID, password string) error {
	if err := d.may(ctx, dossier.DeedUsers); err != nil {
		return err
	}
	if id == d.Officer { // whoever finds the desk unlocked must not have it for ever
		return dossier.Invalid("user", "user.own-password")
	}
	return d.setPassword(ctx, id, password, dossier.ByOther, func(u dossier.User) error {
		role, err := d.role(ctx)
		if err == nil && role != dossier.RoleChief && (u.Role == dossier.RoleChief || u.RoleAt(d.Now()) == dossier.RoleChief) {
			err = dossier.Invalid("user", "user.chief-only")
		}
		return err
	})
}

// Recover sets a password where the recovery sheet has opened the store and nobody is signed in yet; they sign in with it next. It is for
// those who may admit others. Codes: recover.signed-in, role.not-allowed and those of ResetPassword.
func (d *Desk) Recover(ctx context.Context, id dossier.OfficerID, password string) error {
	if d.Officer != "" {
		return dossier.Invalid("", "recover.signed-in")
	}
	return d.setPassword(ctx, id, password, dossier.ByRecovery, func(u dossier.User) error { return u.RoleAt(d.Now()).Allows(dossier.DeedUsers) })
}

func (d *Desk) setPassword(ctx context.Context, id dossier.OfficerID, password, how string, allowed func(dossier.User) error) error {
	if d.Ring == nil {
		return dossier.Invalid("", "user.no-ring")
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	all, err := d.users(ctx)
	if err != nil {
		return err
	}
	u, err := named(all, id)
	if err != nil {
		return err
	}
	if err := allowed(u); err != nil {
		return err
	}
	err = d.Ring.SetPassword(string(id), password)
	if dossier.Code(err) == "safe.unknown" { // a ring made anew after the journal
		err = d.Ring.Add(string(id), password)
	}
	if err != nil {
		return err
	}
	return d.record(ctx, dossier.ID{}, dossier.PasswordReset, dossier.PasswordSet{User: id, How: how})
}

// ChangePassword is the officer's own. Codes: user.no-ring and those of the ring.
func (d *Desk) ChangePassword(ctx context.Context, old, next string) error {
	if err := d.may(ctx, dossier.DeedOwnPassword); err != nil {
		return err
	}
	if d.Ring == nil {
		return dossier.Invalid("", "user.no-ring")
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	if err := d.Ring.Change(string(d.Officer), old, next); err != nil {
		return err
	}
	return d.record(ctx, dossier.ID{}, dossier.PasswordReset, dossier.PasswordSet{User: d.Officer, How: dossier.ByPassword})
}

// NewRecoveryCode makes another recovery sheet; the one before opens nothing any more. Where the journal could not be written the code is
// given with the error: nothing else opens the store for who forgot a password. Codes: user.no-ring and those of the ring.
func (d *Desk) NewRecoveryCode(ctx context.Context) (string, error) {
	if err := d.may(ctx, dossier.DeedRecovery); err != nil {
		return "", err
	}
	if d.Ring == nil {
		return "", dossier.Invalid("", "user.no-ring")
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	code, err := d.Ring.NewCode()
	if err != nil {
		return "", err
	}
	return code, d.record(ctx, dossier.ID{}, dossier.PasswordReset, dossier.PasswordSet{How: dossier.ByOther})
}

// named is somebody who may sign in.
func named(all []dossier.User, id dossier.OfficerID) (dossier.User, error) {
	for _, u := range all {
		if u.ID == id {
			if !u.Removed.IsZero() {
				return u, shutOut(u)
			}
			return u, nil
		}
	}
	return dossier.User{}, unknown(id)
}

// other is named, and not who is signed in.
func (d *Desk) other(all []dossier.User, id dossier.OfficerID) (dossier.User, error) {
	if id == d.Officer {
		return dossier.User{}, dossier.Invalid("user", "user.self")
	}
	return named(all, id)
}

// notLastChief refuses what would leave the PC without one. Who is to be a chief tomorrow is none yet.
func (d *Desk) notLastChief(all []dossier.User, id dossier.OfficerID) error {
	chief, others := false, false
	for _, u := range all {
		switch is := u.RoleAt(d.Now()) == dossier.RoleChief; {
		case is && u.ID == id:
			chief = true
		case is && u.Role == dossier.RoleChief:
			others = true
		}
	}
	if chief && !others {
		return dossier.Invalid("user", "user.last-chief", "user", string(id))
	}
	return nil
}

// holdsFrom is when a role may begin to hold: at once, for one that may not admit others or that a second person has confirmed, who is named.
func (d *Desk) holdsFrom(all []dossier.User, role dossier.Role, c Confirm) (from time.Time, by dossier.OfficerID, err error) {
	if !dossier.May(role, dossier.DeedUsers) {
		return from, "", nil
	}
	if by, err = d.confirmed(all, c, dossier.DeedUsers); err == nil && by == "" {
		from = d.Now().Add(dossier.RoleDelay).Truncate(time.Millisecond)
	}
	return from, by, err
}

// seconds are those besides the officer at the desk who may confirm what must not be done alone: who may do one of these deeds and can sign in
// today.
func (d *Desk) seconds(all []dossier.User, deeds []dossier.Deed) []dossier.OfficerID {
	var out []dossier.OfficerID
	for _, u := range all {
		now := d.Now()
		may := func(deed dossier.Deed) bool { return dossier.May(u.RoleAt(now), deed) }
		if u.ID != d.Officer && !u.Idle(now) && slices.ContainsFunc(deeds, may) {
			out = append(out, u.ID)
		}
	}
	return out
}

// confirmed asks for the word of a second person who may do one of these deeds, and names them; nobody where there is no second person. Codes:
// confirm.needed, confirm.self, confirm.role, user.no-ring and those of the ring for a wrong password.
func (d *Desk) confirmed(all []dossier.User, c Confirm, deeds ...dossier.Deed) (dossier.OfficerID, error) {
	seconds := d.seconds(all, deeds)
	switch {
	case len(seconds) == 0:
		return "", nil
	case c == Confirm{}:
		return "", dossier.Invalid("confirm", "confirm.needed")
	case c.By == d.Officer:
		return "", dossier.Invalid("confirm", "confirm.self")
	case !slices.Contains(seconds, c.By):
		return "", dossier.Invalid("confirm", "confirm.role", "user", string(c.By))
	case d.Ring == nil:
		return "", dossier.Invalid("", "user.no-ring")
	}
	return c.By, d.Ring.Check(string(c.By), c.Password)
}

// MayEnter is asked when the ring has opened and before anybody is signed in. An account that nobody used for dossier.MaxIdle is off, but
// for a chief's where no other chief's is on: somebody must be left to switch accounts on. A clock that cannot be right switches off
// nobody's. Codes: user.unknown, user.removed, user.not-yet, user.idle (days).
func (d *Desk) MayEnter(ctx context.Context, id dossier.OfficerID) error {
	all, err := d.users(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	u, err := named(all, id)
	if err != nil {
		return err
	}
	role := u.RoleAt(d.Now())
	if role == "" {
		return shutOut(u)
	}
	now, err := d.now(ctx)
	if dossier.Code(err) == "clock.wrong" {
		return nil
	}
	if err != nil || !u.Idle(now) {
		return err
	}
	if role == dossier.RoleChief {
		others := false
		for _, o := range all {
			others = others || o.ID != id && o.RoleAt(now) == dossier.RoleChief && !o.Idle(now)
		}
		if !others {
			return nil
		}
	}
	return dossier.Invalid("user", "user.idle", "user", string(id), "days", strconv.Itoa(int(dossier.MaxIdle/(24*time.Hour))))
}

// SignedIn keeps that the officer at the desk has signed in, and the failures before that nobody could write down. Codes: those of MayEnter.
func (d *Desk) SignedIn(ctx context.Context, how string, failed []dossier.SignInFailure) error {
	if err := d.MayEnter(ctx, d.Officer); err != nil {
		return err
	}
	if err := d.ClockMoved(ctx); err != nil {
		return err
	}
	var events []dossier.Event
	for _, f := range failed {
		e, err := d.event(dossier.ID{}, dossier.TraceSignInFailed, f)
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	e, err := d.event(dossier.ID{}, dossier.TraceSignedIn, dossier.SignIn{How: how})
	if err != nil {
		return err
	}
	return d.Store.Record(ctx, append(events, e)...)
}

// SignedOut keeps that the officer at the desk has left it, and why.
func (d *Desk) SignedOut(ctx context.Context, why string) error {
	return d.record(ctx, dossier.ID{}, dossier.TraceSignedOut, dossier.Leaving{Why: why})
}

// Locked keeps that the desk was locked, and why.
func (d *Desk) Locked(ctx context.Context, why string) error {
	return d.record(ctx, dossier.ID{}, dossier.TraceLocked, dossier.Leaving{Why: why})
}
