package desk

import (
	"bytes"
	"context"

	"tiepnhan/dossier"
)

// Amend keeps changed settings, if those in force are still the ones they were made from. Where nothing has changed, nothing is kept.
// How this PC shows and prints is for everybody to choose; the rest is the keeper's. Codes: settings.changed, settings.desk-granted, and
// those of Settings.Check.
func (d *Desk) Amend(ctx context.Context, was, now dossier.Settings) error {
	deed, same := dossier.DeedSettings, now
	same.Printer, same.Paper, same.TextSize = was.Printer, was.Paper, was.TextSize
	if sameSettings(was, same) {
		deed = dossier.DeedPrinter
	}
	if err := d.may(ctx, deed); err != nil {
		return err
	}
	if err := now.Check(); err != nil {
		return err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	have, err := d.settings(ctx)
	if err != nil {
		return err
	}
	switch {
	case !sameSettings(have, was):
		return dossier.Invalid("", "settings.changed")
	case sameSettings(have, now):
		return nil
	}
	if now.Desk != have.Desk {
		enrolled, err := d.Line.Enrolled(ctx)
		if err == nil && enrolled {
			err = dossier.Invalid("desk", "settings.desk-granted")
		}
		if err != nil {
			return err
		}
	}
	return d.record(ctx, dossier.ID{}, dossier.StationSet, now)
}

func sameSettings(a, b dossier.Settings) bool {
	x, errX := encode(a)
	y, errY := encode(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
