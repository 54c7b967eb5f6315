package desk

import (
	"context"
	"fmt"

	"tiepnhan/dossier"
)

// Purge forgets what was said of a dossier, by the chief's recorded decision: no PC of the station and no unit above keeps the bodies of its
// acts. That they happened, when and by whom, stays in every chain, and so do the numbers. Only what has ended may be forgotten, and what
// waits for upstream to have it mended may not. Codes: dossier.unknown, purge.open, purge.again, purge.document, purge.date, purge.by,
// purge.why.
func (d *Desk) Purge(ctx context.Context, id dossier.ID, p dossier.Purge) error {
	if err := d.may(ctx, dossier.DeedPurge); err != nil {
		return err
	}
	now, err := d.now(ctx)
	if err != nil {
		return err
	}
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return err
	}
	row, err := d.Store.Summary(ctx, id)
	if err != nil {
		return err
	}
	p.Document, p.By, p.Why = dossier.Clean(p.Document), dossier.Clean(p.By), dossier.Clean(p.Why)
	var ps dossier.Problems
	if p.Document == "" {
		ps = append(ps, dossier.Invalid("document", "purge.document")...)
	}
	if !p.Date.Valid() || dossier.DateOf(now).Before(p.Date) {
		ps = append(ps, dossier.Invalid("date", "purge.date")...)
	}
	if p.By == "" {
		ps = append(ps, dossier.Invalid("by", "purge.by")...)
	}
	if p.Why == "" {
		ps = append(ps, dossier.Invalid("why", "purge.why")...)
	}
	if row.Open || row.Disputed || row.SentBack != "" {
		ps = append(ps, dossier.Invalid("", "purge.open", "number", have.Number)...)
	}
	if err := ps.Err(); err != nil {
		return err
	}
	p.Events, p.Number = nil, have.Number
	for _, step := range have.Course {
		if !step.Purged && p.May(step.Kind) {
			p.Events = append(p.Events, step.ID)
		}
	}
	if len(p.Events) > dossier.MaxPurge {
		return fmt.Errorf("purge %s: %d events, more than %d", have.Number, len(p.Events), dossier.MaxPurge)
	}
	if len(p.Events) == 0 {
		return dossier.Invalid("", "purge.again", "number", have.Number)
	}
	return d.record(ctx, dossier.ID{}, dossier.Purged, p)
}
