package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tiepnhan/dossier"
)

// close remembers a closed day. One that cannot be read closes none.
func (v views) close(chain, no int64, e dossier.Entry) error {
	if _, err := closeOf(e.Event); err != nil {
		return nil
	}
	return v.exec("INSERT INTO closing (event, own) VALUES (?, ?) ON CONFLICT (event) DO UPDATE SET own = max(own, excluded.own)",
		no, chain == v.own)
}

func closeOf(e dossier.Event) (c dossier.DayClose, err error) {
	if err = json.Unmarshal(e.Body, &c); err == nil && c.Day.IsZero() {
		err = errors.New("of no day")
	}
	if err != nil {
		err = fmt.Errorf("closing of a day: %w", err)
	}
	return c, err
}

// Closings are the closed days of all PCs whose journals are here, the last that came to this PC first, at most limit; 0 is all.
func (s *Store) Closings(ctx context.Context, limit int) ([]dossier.ClosedDay, error) {
	if limit <= 0 {
		limit = -1
	}
	var out []dossier.ClosedDay
	err := s.read(ctx, "read the closed days", func(l *link) error {
		return l.each(`SELECT e.no, e.header, e.salt, e.body, c.own FROM (SELECT event, own FROM closing ORDER BY event DESC LIMIT ?) c
			CROSS JOIN event e ON e.no = c.event ORDER BY e.no DESC`, []any{limit}, func(scan func(...any) error) error {
			var own bool
			_, e, err := scanEvent(scan, &own)
			if err != nil {
				return err
			}
			c, err := closeOf(e.Event)
			out = append(out, dossier.ClosedDay{DayClose: c, ID: e.ID, At: e.At, By: e.By, Own: own})
			return err
		})
	})
	return out, err
}
