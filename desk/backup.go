package desk

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Backups are made by themselves, whoever is signed in and while nobody is: of what was done since the one before, into the folder beside the
// store, into the second folder the settings name, and onto a stick that already carries one of this station's. No other stick is written to
// unasked: it may be a citizen's.

const (
	// BackupEvery is how old a backup is when the next one is due, if anything was done since.
	BackupEvery = 4 * time.Hour
	// ProveEvery is how old the last proved backup of a place is when the next one is proved too.
	ProveEvery = 7 * 24 * time.Hour
	// OutsideWithin is how old the last backup outside this PC may be before it is said.
	OutsideWithin = 7 * 24 * time.Hour
)

// elsewhere is, in the journal, a file that was chosen by its name.
const elsewhere = "file"

// BackupPlaces are where backups of this station lie and can be put. Code: keep.none.
func (d *Desk) BackupPlaces(ctx context.Context) ([]dossier.BackupPlace, error) {
	if err := d.may(ctx, dossier.DeedBackup, dossier.DeedVerify, dossier.DeedRestore); err != nil {
		return nil, err
	}
	return d.places(ctx)
}

func (d *Desk) places(ctx context.Context) ([]dossier.BackupPlace, error) {
	if d.Vault == nil {
		return nil, dossier.Invalid("", "keep.none")
	}
	s, _, err := d.Store.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return d.Vault.Places(ctx, s.Backup)
}

// BackUp makes a backup in a place, and proves it if that is wanted; told may be nil. What became of it is a trace, unless ctx ended it. There
// is one at a time. Codes: keep.none, keep.busy and those of the place.
func (d *Desk) BackUp(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	if err := d.may(ctx, dossier.DeedBackup); err != nil {
		return dossier.Backup{}, err
	}
	if d.Vault == nil {
		return dossier.Backup{}, dossier.Invalid("", "keep.none")
	}
	if !d.keeping.TryLock() {
		return dossier.Backup{}, dossier.Invalid("", "keep.busy")
	}
	defer d.keeping.Unlock()
	b, err := d.Vault.Make(ctx, place, prove, told)
	return b, errors.Join(err, d.backedUp(ctx, place, b, err))
}

// ProveBackup restores a backup into a scratch file and compares; told may be nil. The journal says what came of it. Codes: keep.none,
// keep.busy and those of the vault.
func (d *Desk) ProveBackup(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	if err := d.may(ctx, dossier.DeedVerify); err != nil {
		return dossier.Backup{}, err
	}
	places, err := d.places(ctx)
	if err != nil {
		return dossier.Backup{}, err
	}
	if !d.keeping.TryLock() {
		return dossier.Backup{}, dossier.Invalid("", "keep.busy")
	}
	defer d.keeping.Unlock()
	in := dossier.BackupPlace{Kind: elsewhere}
	for _, p := range places {
		if slices.ContainsFunc(p.Backups, func(b dossier.Backup) bool { return b.Path == path }) {
			in = p
		}
	}
	b, err := d.Vault.Prove(ctx, path, told)
	return b, errors.Join(err, d.backedUp(ctx, in, b, err))
}

// MissingFrom is what a backup does not hold of what there is now, to be shown before anybody restores it. Code: keep.none.
func (d *Desk) MissingFrom(ctx context.Context, path string) (dossier.Missing, error) {
	if err := d.may(ctx, dossier.DeedRestore); err != nil {
		return dossier.Missing{}, err
	}
	if d.Vault == nil {
		return dossier.Missing{}, dossier.Invalid("", "keep.none")
	}
	return d.Vault.Missing(ctx, path)
}

// MayRestore tells whether the officer may now put a backup in the place of the store, and who stands for it besides: see agreed. A store
// that cannot be opened waits for nobody; that way goes by the recovery sheet and not through the desk. Codes: those of agreed.
func (d *Desk) MayRestore(ctx context.Context, path string, c Confirm) (dossier.OfficerID, error) {
	if err := d.may(ctx, dossier.DeedRestore); err != nil {
		return "", err
	}
	return d.agreed(ctx, dossier.DeedRestore, filepath.Base(path), c)
}

// AutoBackup makes the backups that are due, by itself: it asks for no role. closing makes those of whatever was done since the last ones,
// and leaves proving to another time. told may be nil. One place that fails keeps no other from its backup; the error is all of theirs.
func (d *Desk) AutoBackup(ctx context.Context, closing bool, told func(dossier.BackupStep)) error {
	if d.Vault == nil || !d.keeping.TryLock() {
		return nil
	}
	defer d.keeping.Unlock()
	places, err := d.places(ctx)
	if err != nil {
		return err
	}
	if closing { // the least time is left for what helps the least when the PC is gone tomorrow
		own := func(p dossier.BackupPlace) bool { return p.Kind == dossier.PlaceOwn }
		if i := slices.IndexFunc(places, own); i >= 0 {
			places = append(slices.Delete(slices.Clone(places), i, i+1), places[i])
		}
	}
	var failed error
	for _, place := range places {
		due, err := d.due(ctx, place, closing)
		if err == nil && due && place.Trouble != nil {
			err = errors.Join(place.Trouble, d.backedUp(ctx, place, dossier.Backup{}, place.Trouble))
		} else if err == nil && due {
			prove := !closing && !slices.ContainsFunc(place.Backups, func(b dossier.Backup) bool { return b.Proved && d.since(b.Made) < ProveEvery })
			var b dossier.Backup
			b, err = d.Vault.Make(ctx, place, prove, told)
			err = errors.Join(err, d.backedUp(ctx, place, b, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// AutoDue tells whether AutoBackup would do anything. It asks for no role.
func (d *Desk) AutoDue(ctx context.Context, closing bool) (bool, error) {
	if d.Vault == nil {
		return false, nil
	}
	places, err := d.places(ctx)
	for _, place := range places {
		if due, err := d.due(ctx, place, closing); err != nil || due && place.Trouble == nil {
			return due, err
		}
	}
	return false, err
}

func (d *Desk) due(ctx context.Context, place dossier.BackupPlace, closing bool) (bool, error) {
	if len(place.Backups) == 0 {
		return place.Kind != dossier.PlaceStick, nil
	}
	made := place.Backups[0].Made
	switch ago := d.since(made); {
	case ago == longAgo:
		return true, nil
	case ago < BackupEvery && !closing:
		return false, nil
	}
	return d.workedSince(ctx, made)
}

// since is how long ago something was; longAgo for what a clock that was ahead has dated.
func (d *Desk) since(t time.Time) time.Duration {
	if ago := d.Now().Sub(t); ago > -dossier.ClockSlack {
		return ago
	}
	return longAgo
}

const longAgo time.Duration = 1 << 62

// workedSince tells whether anything came into the journals after t that a backup is for. The program's own word on backups is not, nor that
// the desk was locked, or an idle PC would back up its backups.
func (d *Desk) workedSince(ctx context.Context, t time.Time) (worked bool, err error) {
	if d.Trail == nil {
		return true, nil
	}
	err = d.trail(ctx, dossier.TrailFilter{}, dossier.EventID{}, func(row dossier.TrailRow) error {
		worked = row.At.After(t) && row.Kind != dossier.TraceBackedUp && row.Kind != dossier.TraceLocked
		if worked || !row.At.After(t) {
			return errFar
		}
		return ctx.Err()
	})
	return worked, err
}

// backedUp keeps what became of a backup. What was stopped is no failure; where only its proof was stopped, the backup stands. A place that goes
// on failing in the same way is said once.
func (d *Desk) backedUp(ctx context.Context, place dossier.BackupPlace, b dossier.Backup, failed error) error {
	if failed != nil && (ctx.Err() != nil || errors.Is(failed, context.Canceled)) {
		if b.Made.IsZero() {
			return nil
		}
		failed, b.Proved = nil, false
	}
	said := dossier.BackUp{To: place.Kind, Proved: b.Proved, Made: b.Made}
	if failed != nil {
		said.Proved, said.Made = false, time.Time{}
		if said.Code = dossier.Code(failed); said.Code == "" {
			said.Code = "keep.failed"
		}
	}
	if d.kept == nil {
		d.kept = map[string]string{}
	}
	if was := d.kept[place.Path]; was == said.Code && was != "" {
		return nil
	}
	err := d.BackedUp(context.WithoutCancel(ctx), said)
	if err == nil {
		d.kept[place.Path] = said.Code
	}
	return err
}

// BackupState is what is to be said of backups where nobody asked.
type BackupState struct {
	Lacking  bool   // none outside this PC is younger than OutsideWithin
	FailedAt string // the kind of place whose last one failed; empty where all stand
	Failed   string // and its code
}

// BackupState tells it, as this PC's journal has it: a stick that lies in a drawer is in no list of places. A station that began less than
// OutsideWithin ago lacks nothing yet.
func (d *Desk) BackupState(ctx context.Context) (BackupState, error) {
	var out BackupState
	if err := d.may(ctx, dossier.DeedBackup); err != nil {
		return out, err
	}
	if d.Vault == nil {
		return out, nil
	}
	s, _, err := d.Store.Settings(ctx)
	if err != nil {
		return out, err
	}
	all, err := d.users(ctx)
	if err != nil {
		return out, err
	}
	seen := map[string]bool{elsewhere: true, dossier.PlaceSecond: s.Backup == ""}
	out.Lacking = slices.ContainsFunc(all, func(u dossier.User) bool { return d.since(u.Since) > OutsideWithin })
	err = d.trail(ctx, dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceBackedUp}}, dossier.EventID{}, func(row dossier.TrailRow) error {
		if d.since(row.At) > OutsideWithin {
			return errFar
		}
		b, ok := row.Said().(*dossier.BackUp)
		if !ok || !row.Own {
			return ctx.Err()
		}
		if b.Code == "" && b.To != dossier.PlaceOwn && b.To != elsewhere && d.since(b.Made) < OutsideWithin {
			out.Lacking = false
		}
		if b.Code != "" && !seen[b.To] && out.FailedAt == "" {
			out.FailedAt, out.Failed = b.To, b.Code
		}
		seen[b.To] = true
		return ctx.Err()
	})
	return out, err
}
