package store

import (
	"context"
	"encoding/json"

	"tiepnhan/dossier"
)

// Layouts are the keeper's words on forms, in the order in which he said them. What cannot be read is passed over: the form then is
// as the program came with it.
func (s *Store) Layouts(ctx context.Context) ([]dossier.KeptLayout, error) {
	var out []dossier.KeptLayout
	err := s.read(ctx, "read the keeper's forms", func(l *link) error {
		return l.each("SELECT e.no, e.header, e.salt, e.body FROM layout l CROSS JOIN event e ON e.no = l.event ORDER BY l.event", nil,
			func(scan func(...any) error) error {
				_, e, err := scanEvent(scan)
				if err != nil {
					return err
				}
				kept := dossier.KeptLayout{At: e.At, By: e.By}
				if json.Unmarshal(e.Body, &kept.Layout) == nil && kept.Form != "" {
					out = append(out, kept)
				}
				return nil
			})
	})
	return out, err
}
