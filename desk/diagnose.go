package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Diagnose is what whoever looks after the PCs has to know, and nothing of a person: versions, sizes, counts.
func (d *Desk) Diagnose(ctx context.Context) (out dossier.Diagnosis, err error) {
	if err := d.may(ctx, dossier.DeedDiagnose); err != nil {
		return out, err
	}
	if out.Sizes, err = d.Store.Sizes(ctx); err != nil {
		return out, err
	}
	queue, err := d.Store.Queue(ctx)
	if err != nil {
		return out, err
	}
	out.Acts, out.Entries = queue.Acts, queue.Entries
	if queue.Receipt != nil {
		out.Receipt = queue.Receipt.At
	}
	if out.Enrolled, err = d.Line.Enrolled(ctx); err != nil {
		return out, err
	}
	s, _, err := d.Store.Settings(ctx)
	if err != nil {
		return out, err
	}
	out.Desk, out.FormSet, out.Paper, out.TextSize = s.Desk, s.FormSet, s.Paper, s.TextSize
	out.Users, out.Packs = map[dossier.Role]int{}, map[dossier.PackKind]int{}
	if d.People != nil {
		all, err := d.users(ctx)
		if err != nil {
			return out, err
		}
		for _, u := range all {
			if u.Removed.IsZero() {
				out.Users[u.Role]++
			}
		}
	}
	today, err := d.today(ctx)
	if err != nil {
		return out, err
	}
	for _, kind := range []dossier.PackKind{dossier.PackCatalogue, dossier.PackCalendar} {
		packs, err := d.Store.Packs(ctx, kind, today)
		if err != nil {
			return out, err
		}
		for _, p := range packs {
			if p.Rules() {
				out.Packs[kind] = p.Version
			}
		}
	}
	if d.Vault != nil {
		out.Places, err = d.Vault.Places(ctx, s.Backup)
	}
	return out, err
}
