package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Rules are what this unit works by today, and what is known to change.
type Rules struct {
	Today   dossier.Date
	Hours   dossier.Hours
	Offered []*dossier.Procedure
	Coming  []*dossier.Procedure // editions for this level that begin later
	Years   []dossier.YearDays   // from last year on
	Unknown int                  // the first year without a calendar
	Packs   []dossier.KeptPack   // what upstream has issued: procedures, then calendars, the latest first
}

// Rules gives the catalogue and the calendar with their dates of validity.
func (d *Desk) Rules(ctx context.Context) (Rules, error) {
	if err := d.may(ctx, dossier.DeedPacks); err != nil {
		return Rules{}, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return Rules{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return Rules{}, err
	}
	out := Rules{Today: dossier.DateOf(now), Hours: s.Hours}
	unit, err := s.UnitOn(out.Today)
	if err != nil {
		return Rules{}, err
	}
	for _, kind := range []dossier.PackKind{dossier.PackCatalogue, dossier.PackCalendar} {
		packs, err := d.Packs(ctx, kind)
		if err != nil {
			return Rules{}, err
		}
		out.Packs = append(out.Packs, packs...)
	}
	out.Offered = d.catalogue(out.Today).Offered(unit.Level, out.Today)
	for _, p := range d.catalogue(out.Today).Procedures() {
		if p.Level == unit.Level && out.Today.Before(p.From) {
			out.Coming = append(out.Coming, p)
		}
	}
	for year := out.Today.Year - 1; ; year++ {
		y, ok := d.calendar(out.Today).Year(year)
		if !ok && year >= out.Today.Year {
			out.Unknown = year
			return out, nil
		}
		if ok {
			out.Years = append(out.Years, y)
		}
	}
}

// Holiday is the name of the day off that date is, weekends apart; empty for every other day.
func (d *Desk) Holiday(day dossier.Date) string {
	return d.calendar(dossier.DateOf(d.Now())).Holiday(day)
}
