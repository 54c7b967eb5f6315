package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Figures are the work of a period of at most MaxBookDays. done, which may be nil, hears every now and then how many dossiers were read;
// ctx ends it. Codes: book.range, book.too-long.
func (d *Desk) Figures(ctx context.Context, from, to dossier.Date, done func(n int)) (dossier.Figures, error) {
	if err := d.may(ctx, dossier.DeedFigures); err != nil {
		return dossier.Figures{}, err
	}
	if err := checkPeriod(from, to); err != nil {
		return dossier.Figures{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return dossier.Figures{}, err
	}
	n := 0
	return dossier.Count(from, to, now, d.calendar(dossier.DateOf(now)), func(add func(dossier.Dossier) error) error {
		return d.Store.Between(ctx, from, to, func(one dossier.Dossier) error {
			if n++; done != nil && n%500 == 0 {
				done(n)
			}
			return add(one)
		})
	})
}
