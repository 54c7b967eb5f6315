package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"tiepnhan/dossier"
)

// close remembers a closed day; place is where it stands in the lineage, 0 outside. One that cannot be read closes none.
func (v views) close(place, no int64, e dossier.Entry) error {
	c, err := closeOf(e.Event)
	if e.Purged || err != nil {
		return nil
	}
	closes, err := v.closes(place, c)
	if err != nil {
		return err
	}
	if !closes {
		place = 0
	}
	return v.exec("INSERT INTO closing (event, own, until) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE SET own = max(own, excluded.own)",
		no, place, int64(min(c.Until.Seq, math.MaxInt64)))
}

// closes tells whether a closing at that place of the lineage closes what follows the one before it there. What another continuation of
// this journal closed is another range, even where it bears the same ordinals: its papers stand, and what they list and the lineage took
// over is closed here once more, in its new place.
func (v views) closes(place int64, c dossier.DayClose) (bool, error) {
	until := int64(min(c.Until.Seq, math.MaxInt64))
	if place <= until || c.Until.Seq < c.From {
		return false, nil
	}
	var last uint64
	if _, err := v.get("SELECT coalesce(max(until), 0) FROM closing WHERE own > 0 AND own < ?", []any{place}, &last); err != nil || last != c.From {
		return false, err
	}
	x, err := heldChain(v.link, c.Until.Chain)
	if err != nil || x == nil {
		return false, err
	}
	i := slices.IndexFunc(v.line, func(f life) bool { return f.chain == x.no })
	if i < 0 || until < v.line[i].base {
		return false, nil
	}
	// Where that life was cut since, its entries stand further on in the lineage, and lead to the same hash.
	f := v.line[i]
	common := min(f.base+f.last, until)
	if f.last == math.MaxInt64 {
		common = until
	}
	if x.Head.Seq < uint64(common-f.base) {
		return false, nil
	}
	hash, err := hashAt(v.link, x, uint64(common-f.base))
	if err != nil {
		return false, err
	}
	if common < until {
		err = v.line.after(common, func(f life, seq int64) error {
			return v.each("SELECT e.header FROM entry n CROSS JOIN event e ON e.no = n.event WHERE n.chain = ? AND n.seq > ? AND n.seq <= ? ORDER BY n.seq",
				[]any{f.chain, seq, min(f.last, until-f.base)}, func(scan func(...any) error) error {
					var header []byte
					err := scan(&header)
					hash = dossier.NextHash(hash, header)
					return err
				})
		})
	}
	return hash == c.Until.Hash, err
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
		return l.each(`SELECT e.no, e.header, e.salt, e.body, c.own > 0 FROM (SELECT event, own FROM closing ORDER BY event DESC LIMIT ?) c
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
