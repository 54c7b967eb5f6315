package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tiepnhan/dossier"
)

// Receive opens a dossier: events, number, views and the end of the draft, or none of them. build is called inside the transaction with
// the next number of the series and makes the event that opens it and the acts that follow at once; their Bases are filled in here, each
// resting on the one before, and each must take effect. build must not write to this store. If that dossier's reception is already kept
// (a repeated key, an outcome nobody saw), nothing is added and the kept one is returned. Code: national-code.taken (one online dossier
// is received once).
func (s *Store) Receive(ctx context.Context, o dossier.Opening, build func(number string) ([]dossier.Event, error)) (dossier.Dossier, error) {
	var out dossier.Dossier
	err := s.write(ctx, "receive", func(w *writing) error {
		if o.ID.IsZero() {
			return fmt.Errorf("a dossier without an id")
		}
		kept, err := acts(w.link, o.ID)
		if err != nil {
			return err
		}
		if out, err = folded(w.link, kept); err != nil {
			return err
		}
		if out.Number != "" {
			w.nothing = true
			return nil
		}
		if err := w.checkNational(o.ID, o.National); err != nil {
			return err
		}
		number, err := w.nextNumber(o.Series, o.Day)
		if err != nil {
			return err
		}
		es, err := build(number)
		if err != nil {
			return err
		}
		if err := w.begun(o.ID, out.Heads, es); err != nil {
			return err
		}
		if o.Draft != "" {
			if err := w.exec("DELETE FROM draft WHERE name = ?", o.Draft); err != nil {
				return err
			}
		}
		if out, err = w.now(o.ID); err != nil {
			return err
		}
		if out.Intake.Number != number { // nor may it be one that is to be forgotten
			return fmt.Errorf("the reception says number %q, not %s", out.Intake.Number, number)
		}
		return tookEffect(out, es)
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	return out, nil
}

// checkNational refuses a second dossier for one number of the national system. Code: national-code.taken.
func (w *writing) checkNational(id dossier.ID, national string) error {
	if national == "" {
		return nil
	}
	var number string
	taken, err := w.get("SELECT number FROM dossier WHERE national = ? AND national <> '' AND status <> ? AND id <> ? ORDER BY no LIMIT 1",
		[]any{dossier.CodeKey(national), int(dossier.StatusAnnulled), id[:]}, &number)
	if err == nil && taken {
		return dossier.Invalid("national-code", "national-code.taken", "number", number)
	}
	return err
}

// begun appends the events that open a dossier, each resting on the heads that the one before left.
func (w *writing) begun(id dossier.ID, heads []dossier.EventID, es []dossier.Event) error {
	if len(es) == 0 {
		return fmt.Errorf("a dossier cannot begin with nothing")
	}
	for i, e := range es {
		opens := e.Kind == dossier.Received || e.Kind == dossier.Refused
		switch {
		case opens != (i == 0) || !e.Kind.IsAct():
			return fmt.Errorf("%q cannot be event %d of a new dossier", e.Kind, i+1)
		case !e.Dossier.IsZero() && e.Dossier != id:
			return fmt.Errorf("event %d is of another dossier", i+1)
		case i > 0:
			now, err := acts(w.link, id)
			if err != nil {
				return err
			}
			heads = replay(now).Heads
		}
		e.Dossier, e.Bases = id, heads
		if err := w.happen(e); err != nil {
			return err
		}
	}
	return nil
}

// tookEffect refuses events that a dossier did not follow.
func tookEffect(d dossier.Dossier, es []dossier.Event) error {
	for _, e := range es {
		i := slices.IndexFunc(d.Course, func(s dossier.Step) bool { return s.ID == e.ID })
		if i < 0 || d.Course[i].Effect != dossier.Applied {
			return fmt.Errorf("%q takes no effect there", e.Kind)
		}
	}
	return nil
}

// Act adds one act to a dossier. build sees the dossier inside the transaction and refuses or makes the event; its Bases are the
// dossier's heads, filled in here. It must not write to this store. An act whose id is already kept for this dossier is not added
// again. Codes: dossier.unknown, national-code.taken (a correction to the number of another dossier).
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
		if out, err = folded(w.link, kept); err != nil {
			return err
		}
		e, err := build(out)
		if err != nil {
			return err
		}
		if !e.Kind.IsAct() {
			return fmt.Errorf("%q is not an act", e.Kind)
		}
		was := out.Intake.NationalCode
		e.Dossier, e.Bases = id, out.Heads
		if err := w.happen(e); err != nil || w.nothing {
			return err
		}
		if out, err = w.now(id); err == nil && out.Intake.NationalCode != was {
			err = w.checkNational(id, out.Intake.NationalCode)
		}
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
			case e.Kind == dossier.DayClosed:
				if _, err := closeOf(e); err != nil {
					return err
				}
			case e.Kind == dossier.Purged:
				if _, err := purgeOf(e); err != nil {
					return err
				}
			case e.Kind == dossier.Enrolled || e.Kind == dossier.Healed || !e.Kind.IsTrace() && !e.Kind.IsOfStation():
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
