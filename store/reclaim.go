package store

import (
	"context"
	"fmt"

	"tiepnhan/dossier"
)

// isOfItsChain tells whether an event speaks of the very chain it stands in: how that life began, and which keys follow it. Another life
// does not take it over.
func isOfItsChain(k dossier.Kind) bool { return k == dossier.Healed || k == dossier.KeySet }

// Reclaim writes events of this PC's other continuations again, at the end of the life being written, under their own ids and headers: so
// they are in the lineage, in the next closing of a day, and go up again. Those of the lineage are passed over, and so is what speaks of
// another life only. It tells how many were taken over; all are, or none. Code: event.differs.
func (s *Store) Reclaim(ctx context.Context, entries []dossier.Entry) (n int, err error) {
	err = s.write(ctx, "take over events of another life", func(w *writing) error {
		n = 0
		for _, e := range entries {
			took, err := w.reclaim(e)
			if err != nil {
				return err
			}
			if took {
				n++
			}
		}
		w.nothing = n == 0
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (w *writing) reclaim(e dossier.Entry) (bool, error) {
	header := e.Header()
	if _, err := dossier.ParseEntry(header, e.Salt, e.Body, e.Purged); err != nil {
		return false, err
	}
	e, no, err := w.meet(e, header)
	if err != nil || isOfItsChain(e.Kind) {
		return false, err
	}
	if no != 0 {
		where, args := w.views.line.holding("n")
		var one int
		if held, err := w.get("SELECT 1 FROM entry n WHERE n.event = ? AND "+where, append([]any{no}, args...), &one); err != nil || held {
			return false, err
		}
	}
	return true, w.add(w.own, e, header, no, reclaimed)
}

// Unclaimed are events of this PC's other lives, as far as they are here, that its lineage does not hold: in the order of those lives, at
// most limit, and fewer where they are large.
func (s *Store) Unclaimed(ctx context.Context, limit int) ([]dossier.Entry, error) {
	var out []dossier.Entry
	err := s.read(ctx, "look for what another life wrote", func(l *link) error {
		ln, err := ownLineage(l)
		if err != nil {
			return err
		}
		beyond, args := ln.holding("n")
		held, more := ln.holding("m")
		size, seen := 0, map[dossier.EventID]bool{}
		return enough(l.each(`SELECT e.no, e.header, e.salt, e.body FROM chain c CROSS JOIN entry n ON n.chain = c.no CROSS JOIN event e ON e.no = n.event
			WHERE c.device = (SELECT device FROM chain WHERE no = (SELECT chain FROM station)) AND NOT `+beyond+`
			AND NOT EXISTS (SELECT 1 FROM entry m WHERE m.event = n.event AND `+held+`) ORDER BY n.chain, n.seq`, append(args, more...),
			func(scan func(...any) error) error {
				no, e, err := scanEvent(scan)
				if err != nil {
					return fmt.Errorf("event %d: %w", no, err)
				}
				if isOfItsChain(e.Kind) || seen[e.ID] {
					return nil
				}
				if size += len(e.Body) + 512; len(out) > 0 && (len(out) >= limit || size > maxHanded) {
					return errEnough
				}
				seen[e.ID] = true
				out = append(out, e)
				return nil
			}))
	})
	return out, err
}
