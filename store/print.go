package store

import (
	"context"
	"encoding/json"

	"tiepnhan/dossier"
)

// print remembers a printing of a dossier's form; pages of a book and blanks are of no dossier.
func (v views) print(e dossier.Entry) error {
	var p dossier.Print
	if e.Dossier.IsZero() || json.Unmarshal(e.Body, &p) != nil || p.Form == "" {
		return nil
	}
	return v.exec("INSERT INTO print (dossier, form, event) VALUES (?, ?, ?)", e.Dossier[:], p.Form, e.ID[:])
}

// endPrints remembers what became of printings where nothing was said of them before.
func (v views) endPrints(e dossier.Entry) error {
	var end dossier.PrintEnd
	if json.Unmarshal(e.Body, &end) != nil || !end.State.Phase.Ended() {
		return nil
	}
	for _, id := range end.Prints {
		if err := v.exec(`INSERT INTO print_end (print, said, refused) VALUES (?, ?, ?) ON CONFLICT (print) DO UPDATE
			SET said = excluded.said, refused = excluded.refused WHERE excluded.said < said`,
			id[:], e.ID[:], end.State.Phase == dossier.JobRefused); err != nil {
			return err
		}
	}
	return nil
}

// Prints is how often each form of a dossier was printed, on any PC of the station whose journal is here. A printing that ended before
// the printer had any of it is none; where several events say what became of a printing, the first made counts.
func (s *Store) Prints(ctx context.Context, id dossier.ID) (map[string]int, error) {
	out := map[string]int{}
	err := s.read(ctx, "count printings", func(l *link) error {
		return l.each(`SELECT form, count(*) FROM print p WHERE dossier = ? AND NOT EXISTS
			(SELECT 1 FROM print_end WHERE print = p.event AND refused) GROUP BY form`, []any{id[:]}, func(scan func(...any) error) error {
			var form string
			var times int
			err := scan(&form, &times)
			out[form] = times
			return err
		})
	})
	return out, err
}
