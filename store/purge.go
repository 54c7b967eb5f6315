package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"tiepnhan/dossier"
)

// purgeOf reads what is to be forgotten.
func purgeOf(e dossier.Event) (p dossier.Purge, err error) {
	if err = json.Unmarshal(e.Body, &p); err == nil && (len(p.Events) == 0 || len(p.Events) > dossier.MaxPurge) {
		err = errors.New("of no event, or of too many")
	}
	if err != nil {
		err = fmt.Errorf("purge: %w", err)
	}
	return p, err
}

// purge forgets salt and body of the events that a Purged event names, those that may lose them, also of those that come later. Headers
// and hashes stay. What lists and search made of them goes with them. Whoever writes one wrongly has named nothing.
func (w *writing) purge(e dossier.Entry) error {
	p, err := purgeOf(e.Event)
	if err != nil {
		return nil
	}
	w.purging = true
	if _, _, _, err := dossier.ParseNumber(p.Number); err != nil {
		p.Number = ""
	}
	for _, id := range p.Events {
		var number string
		if _, err := w.get("SELECT number FROM purged WHERE event = ?", []any{id[:]}, &number); err != nil {
			return err
		}
		if err := w.exec(`INSERT INTO purged (event, decision, number) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE
			SET decision = min(excluded.decision, coalesce(decision, excluded.decision)), number = CASE number WHEN '' THEN excluded.number ELSE number END`,
			id[:], e.ID[:], p.Number); err != nil {
			return err
		}
		had, err := w.had(id)
		if err != nil {
			return err
		}
		if had == nil || !p.May(had.Kind) {
			continue
		}
		if had.Purged {
			if number == "" && p.Number != "" {
				if err := w.learnNumber(*had); err != nil {
					return err
				}
			}
			continue
		}
		if err := w.nameNumber(*had); err != nil {
			return err
		}
		if err := w.exec("UPDATE event SET salt = NULL, body = NULL WHERE id = ?", id[:]); err != nil {
			return err
		}
		if err := w.views.forget(*had); err != nil {
			return err
		}
		if isReplayed(*had) {
			w.touch(had.Dossier)
		}
	}
	return nil
}

// nameNumber keeps the number that a purged reception gave, which is on paper.
func (w *writing) nameNumber(e dossier.Entry) error {
	if e.Kind != dossier.Received && e.Kind != dossier.Refused {
		return nil
	}
	number := numberIn(e.Body)
	if number == "" {
		return nil // the decision's word on it stands
	}
	return w.exec("UPDATE purged SET number = ? WHERE event = ?", number, e.ID[:])
}

// learnNumber is for a reception that came without its body, before the decision that names its number. Another PC gave it, or this one in a
// life it forgot: what the present life wrote it wrote with its body.
func (w *writing) learnNumber(e dossier.Entry) error {
	if e.Kind != dossier.Received && e.Kind != dossier.Refused {
		return nil
	}
	w.touch(e.Dossier)
	return w.views.countNumber(e, false)
}

// withoutPurged is an entry that comes as it may be kept.
func (w *writing) withoutPurged(e dossier.Entry) (dossier.Entry, error) {
	if e.Purged { // nobody may say where it comes from; it is kept as it is
		return e, w.exec("INSERT INTO purged (event, decision, number) VALUES (?, NULL, '') ON CONFLICT DO NOTHING", e.ID[:])
	}
	if !(dossier.Purge{}).May(e.Kind) {
		return e, nil
	}
	var one int
	if is, err := w.get("SELECT 1 FROM purged WHERE event = ?", []any{e.ID[:]}, &one); err != nil || !is {
		return e, err
	}
	if err := w.nameNumber(e); err != nil {
		return e, err
	}
	e.Purged, e.Body, e.Salt = true, nil, [16]byte{}
	return e, nil
}

// forget takes out of the views what an event's body alone put there.
func (v views) forget(e dossier.Entry) error {
	switch e.Kind {
	case dossier.TracePrinted:
		return v.exec("DELETE FROM print WHERE event = ?", e.ID[:])
	case dossier.TracePrintEnd:
		var end dossier.PrintEnd
		if json.Unmarshal(e.Body, &end) != nil {
			return nil
		}
		if err := v.exec("DELETE FROM print_end WHERE said = ?", e.ID[:]); err != nil {
			return err
		}
		// Another word on the same printings, which came second, is the first now.
		return v.each("SELECT no, header, salt, body FROM event WHERE course = 0 AND salt IS NOT NULL ORDER BY no", nil, func(scan func(...any) error) error {
			_, other, err := scanEvent(scan)
			if err != nil || other.Kind != dossier.TracePrintEnd {
				return err
			}
			return v.endPrints(other)
		})
	}
	return nil
}
