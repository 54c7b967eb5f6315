package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"tiepnhan/dossier"
)

// keptPacks is how many packs that can be used are listed: the one in force and those before it.
const keptPacks = 3

// Packs are upstream's packs of one kind: the one in force on that day, which is the latest version that can be used and has begun, and the
// two before it; before them those that begin later, and those that are later and cannot be used, so that somebody asks. Where none is in
// force the program's own hold.
func (s *Store) Packs(ctx context.Context, kind dossier.PackKind, day dossier.Date) ([]dossier.KeptPack, error) {
	var out []dossier.KeptPack
	err := s.read(ctx, "read the packs", func(l *link) error {
		refused := map[dossier.EventID]string{}
		err := l.each("SELECT e.id, p.refused FROM pack p CROSS JOIN event e ON e.no = p.event WHERE p.kind = ?", []any{string(kind)},
			func(scan func(...any) error) error {
				var id []byte
				var why string
				err := scan(&id, &why)
				if err == nil && len(id) == len(dossier.EventID{}) {
					refused[dossier.EventID(id)] = why
				}
				return err
			})
		if err != nil {
			return err
		}
		var all []dossier.KeptPack
		err = notices(l, dossier.PackIssued, func(e dossier.Entry, _ dossier.DeviceID, upstream bool, p dossier.Pack) error {
			why, ok := refused[e.ID]
			if upstream && ok && !slices.ContainsFunc(all, func(k dossier.KeptPack) bool { return k.Event == e.ID }) {
				all = append(all, dossier.KeptPack{Event: e.ID, At: e.At, Pack: p, Refused: why})
			}
			return nil
		})
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b dossier.KeptPack) int {
			return cmp.Or(cmp.Compare(b.Version, a.Version), bytes.Compare(a.Event[:], b.Event[:]))
		})
		usable := 0
		for _, p := range all {
			switch {
			case p.Refused == "" && usable == 0 && day.Before(p.From): // to come
			case p.Refused == "" && usable < keptPacks:
				p.InForce = usable == 0
				usable++
			case p.Refused == "" || usable > 0:
				continue
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// pack looks a pack over, once, as it comes.
func (v views) pack(no int64, e dossier.Entry) error {
	var p dossier.Pack
	if json.Unmarshal(e.Body, &p) != nil {
		return nil
	}
	return v.exec("INSERT INTO pack (event, kind, version, refused) VALUES (?, ?, ?, ?)", no, string(p.Kind), p.Version, dossier.Code(p.Check()))
}
