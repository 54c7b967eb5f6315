package desk

import (
	"context"
	"time"

	"tiepnhan/dossier"
)

// agreed asks for a second person's word on something that harms many at once and cannot be taken back, and names them. Where the station has
// nobody to ask it is announced in the journal instead, and may be done by who announced it, from AloneDelay on and for AloneHolds. Where nobody
// signs in nobody is asked. about tells which: the same deed on something else is announced anew. Codes: confirm.announced (from) and
// those of confirmed.
func (d *Desk) agreed(ctx context.Context, deed dossier.Deed, about string, c Confirm) (dossier.OfficerID, error) {
	all, err := d.users(ctx)
	if err != nil || len(all) == 0 {
		return "", err
	}
	by, err := d.confirmed(all, c, dossier.DeedUsers)
	switch {
	case err != nil:
		return "", err
	case by == "":
		return "", d.announced(ctx, deed, about)
	}
	return by, nil
}

func (d *Desk) announced(ctx context.Context, deed dossier.Deed, about string) error {
	d.deciding.Lock()
	defer d.deciding.Unlock()
	now := d.Now()
	var from time.Time
	f := dossier.TrailFilter{Who: d.Officer, Kinds: []dossier.Kind{dossier.TraceAnnounced}}
	err := d.trail(ctx, f, dossier.EventID{}, func(row dossier.TrailRow) error {
		if a, ok := row.Said().(*dossier.Announcement); ok && row.Own && a.Deed == deed && a.About == about {
			from = a.From
			return errFar
		}
		return ctx.Err()
	})
	switch {
	case err != nil:
		return err
	case !now.Before(from) && now.Before(from.Add(dossier.AloneHolds)):
		return nil
	case !now.Before(from) || now.Add(dossier.AloneDelay).Before(from): // none, one that is over, or one by a clock that was ahead
		from = now.Add(dossier.AloneDelay).Truncate(time.Millisecond)
		if err := d.record(ctx, dossier.ID{}, dossier.TraceAnnounced, dossier.Announcement{Deed: deed, About: about, From: from}); err != nil {
			return err
		}
	}
	return dossier.Invalid("", "confirm.announced", "from", from.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006"))
}
