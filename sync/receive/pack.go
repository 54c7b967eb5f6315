package receive

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"

	"tiepnhan/dossier"
)

// Issue says a pack in the journals of these stations, or of all when none is named; each PC that pulls it checks it again and uses it. A
// station is never told an older version than it was told before, or another one under the same number; the same pack said again is said once.
// It gives the stations it was said to. Codes: those of Pack.Check, pack.old, upstream.no-station, event.too-large.
func (u *Upstream) Issue(ctx context.Context, p dossier.Pack, stations ...string) ([]string, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var told []string
	err = u.change(ctx, "issue a pack", func(tx *sql.Tx) error {
		told = []string{}
		type row struct {
			id   int64
			name string
		}
		all, err := collect(ctx, tx, func(scan func(...any) error) (r row, err error) { return r, scan(&r.id, &r.name) },
			"SELECT id, name FROM station ORDER BY name")
		if err != nil {
			return err
		}
		for _, s := range stations {
			if !slices.ContainsFunc(all, func(r row) bool { return r.name == s }) {
				return dossier.Invalid("station", "upstream.no-station", "name", s)
			}
		}
		for _, r := range all {
			if len(stations) > 0 && !slices.Contains(stations, r.name) {
				continue
			}
			issued, err := packs(ctx, tx, r.id, p.Kind)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(issued, func(had dossier.KeptPack) bool { return same(had.Pack, p) }) {
				continue
			}
			for _, had := range issued {
				if had.Version >= p.Version {
					return dossier.Invalid("version", "pack.old", "station", r.name, "version", strconv.Itoa(had.Version))
				}
			}
			if err := u.say(ctx, tx, r.id, u.event(dossier.PackIssued, dossier.ID{}, body)); err != nil {
				return err
			}
			told = append(told, r.name)
		}
		return nil
	})
	return told, err
}

func same(a, b dossier.Pack) bool {
	return a.Version == b.Version && a.From == b.From && a.Title == b.Title && string(a.Files) == string(b.Files)
}

// packs are those of a kind that were said to a station, the greatest version first.
func packs(ctx context.Context, tx *sql.Tx, station int64, kind dossier.PackKind) ([]dossier.KeptPack, error) {
	kept, err := collect(ctx, tx, scanEntry, "SELECT "+entryColumns+` FROM entry JOIN chain ON chain.id = entry.chain
		WHERE chain.station = ? AND chain.own AND entry.refused = 0 AND entry.dossier IS NULL ORDER BY entry.id`, station)
	if err != nil {
		return nil, err
	}
	var out []dossier.KeptPack
	for _, k := range kept {
		p := dossier.KeptPack{Event: k.ID, At: k.At}
		if k.Kind != dossier.PackIssued || json.Unmarshal(k.Body, &p.Pack) != nil || p.Kind != kind {
			continue
		}
		if !slices.ContainsFunc(out, func(had dossier.KeptPack) bool { return had.Event == p.Event }) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b dossier.KeptPack) int { return b.Version - a.Version })
	return out, nil
}
