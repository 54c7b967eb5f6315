package store

import (
	"context"

	"tiepnhan/dossier"
)

// Void are the acts of this PC's chain after that sequence number that take no effect where they stand. Dossiers that have such acts are
// few, and known.
func (s *Store) Void(ctx context.Context, seq uint64) (map[dossier.EventID]bool, error) {
	out := map[dossier.EventID]bool{}
	err := s.read(ctx, "find acts without effect", func(l *link) error {
		var ids []dossier.ID
		err := l.each("SELECT id FROM dossier INDEXED BY dossier_void WHERE void", nil, func(scan func(...any) error) error {
			var id []byte
			err := scan(&id)
			if err == nil {
				ids = append(ids, dossier.ID(id))
			}
			return err
		})
		for i := 0; i < len(ids) && err == nil; i++ {
			err = voidIn(l, ids[i], seq, out)
		}
		return err
	})
	return out, err
}

func voidIn(l *link, id dossier.ID, seq uint64, out map[dossier.EventID]bool) error {
	as, err := acts(l, id)
	if err != nil {
		return err
	}
	later := map[dossier.EventID]bool{}
	for _, a := range as {
		later[a.ID] = a.own > 0 && uint64(a.own) > seq
	}
	for _, step := range replay(as).Course {
		if step.Effect == dossier.Void && later[step.ID] {
			out[step.ID] = true
		}
	}
	return nil
}
