package store

import (
	"context"
	"encoding/json"
	"fmt"

	"tiepnhan/dossier"
)

// Receive opens a dossier: event, number, views and the end of the draft, or none of them. build is called inside the transaction
// with the next number of the series and makes the event; its Bases are filled in here. It must not write to this store. If that
// dossier's reception is already kept (a repeated key, an outcome nobody saw), nothing is added and the kept one is returned.
func (s *Store) Receive(ctx context.Context, id dossier.ID, series dossier.Series, day dossier.Date, draft string,
	build func(number string) (dossier.Event, error)) (dossier.Dossier, error) {
	var out dossier.Dossier
	err := s.write(ctx, "receive", func(w *writing) error {
		if id.IsZero() {
			return fmt.Errorf("a dossier without an id")
		}
		kept, err := acts(w.link, id)
		if err != nil {
			return err
		}
		if out = replay(kept); out.Number != "" {
			w.nothing = true
			return nil
		}
		number, err := w.nextNumber(series, day)
		if err != nil {
			return err
		}
		e, err := build(number)
		if err != nil {
			return err
		}
		if e.Kind != dossier.Received && e.Kind != dossier.Refused {
			return fmt.Errorf("a dossier cannot begin with %q", e.Kind)
		}
		e.Dossier, e.Bases = id, out.Heads
		if err := w.happen(e); err != nil {
			return err
		}
		if draft != "" {
			if err := w.exec("DELETE FROM draft WHERE name = ?", draft); err != nil {
				return err
			}
		}
		if out, err = w.now(id); err == nil && out.Number != number {
			err = fmt.Errorf("the reception says number %q, not %s", out.Number, number)
		}
		return err
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	return out, nil
}

// Act adds one act to a dossier. build sees the dossier inside the transaction and refuses or makes the event; its Bases are the
// dossier's heads, filled in here. It must not write to this store. An act whose id is already kept for this dossier is not added
// again. Code: dossier.unknown.
func (s *Store) Act(ctx context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error) {
	var out dossier.Dossier
	err := s.write(ctx, "act", func(w *writing) error {
		kept, err := acts(w.link, id)
		if err != nil {
			return err
		}
		if len(kept) == 0 {
			return dossier.Invalid("", "dossier.unknown", "number", id.String())
		}
		out = replay(kept)
		e, err := build(out)
		if err != nil {
			return err
		}
		if !e.Kind.IsAct() {
			return fmt.Errorf("%q is not an act", e.Kind)
		}
		e.Dossier, e.Bases = id, out.Heads
		if err := w.happen(e); err != nil || w.nothing {
			return err
		}
		out, err = w.now(id)
		return err
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	return out, nil
}

// Record keeps traces and station events, all or none of them. One that is already kept is not added again.
func (s *Store) Record(ctx context.Context, es ...dossier.Event) error {
	if len(es) == 0 {
		return nil
	}
	return s.write(ctx, "record", func(w *writing) error {
		for _, e := range es {
			switch {
			case e.Kind == dossier.StationSet:
				var settings dossier.Settings
				if err := json.Unmarshal(e.Body, &settings); err != nil {
					return fmt.Errorf("settings: %w", err)
				}
			case e.Kind == dossier.Enrolled || !e.Kind.IsTrace() && !e.Kind.IsOfStation():
				return fmt.Errorf("%q is neither a trace nor an event of the station", e.Kind)
			}
			if err := w.happen(e); err != nil {
				return err
			}
		}
		w.nothing = len(w.events) == 0 // those kept before may stand among new ones
		return nil
	})
}
