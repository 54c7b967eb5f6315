package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"tiepnhan/dossier"
)

// Settings are those in force: the latest that this PC's lineage sets. ok is false on a store nobody has set up.
func (s *Store) Settings(ctx context.Context) (out dossier.Settings, ok bool, err error) {
	err = s.read(ctx, "read the settings", func(l *link) (err error) {
		out, ok, err = settingsOf(l)
		return err
	})
	return out, ok, err
}

func settingsOf(l *link) (out dossier.Settings, ok bool, err error) {
	no, body, ok, err := standing(l, standingSettings)
	if err != nil || !ok {
		return out, false, err
	}
	return out, true, readStanding(no, body, &out)
}

type settingsRow struct {
	event int64
	dossier.Settings
}

// settings are those in force in this transaction. Code: store.not-set-up.
func (w *writing) settings() (dossier.Settings, error) {
	var event int64
	ok, err := w.get("SELECT event FROM standing WHERE name = ?", []any{standingSettings}, &event)
	switch {
	case err != nil:
		return dossier.Settings{}, err
	case !ok:
		return dossier.Settings{}, dossier.Invalid("", "store.not-set-up")
	case w.s.decided != nil && w.s.decided.event == event:
		return w.s.decided.Settings, nil
	}
	settings, _, err := settingsOf(w.link)
	if err != nil {
		return settings, err
	}
	w.s.decided = &settingsRow{event, settings}
	return settings, nil
}

// Upstream is the unit above as enrolled; ok is false before.
func (s *Store) Upstream(ctx context.Context) (out dossier.Upstream, ok bool, err error) {
	err = s.read(ctx, "read the upstream unit", func(l *link) (err error) {
		out, ok, err = upstreamOf(l)
		return err
	})
	return out, ok, err
}

// unitAbove is the unit above and the text that says so: it is asked for in nearly everything that is sent, and hardly ever another.
type unitAbove struct {
	text []byte
	dossier.Upstream
}

func upstreamOf(l *link) (out dossier.Upstream, ok bool, err error) {
	no, body, ok, err := standing(l, standingUpstream)
	if err != nil || !ok {
		return out, false, err
	}
	if l.above == nil || !bytes.Equal(l.above.text, body) {
		if err := readStanding(no, body, &out); err != nil {
			return out, false, err
		}
		l.above = &unitAbove{body, out}
	}
	return l.above.Upstream, true, nil
}

// enrol remembers whom this PC was introduced to, with every key it had.
func (v views) enrol(no int64, e dossier.Entry) error {
	var u dossier.Upstream
	if json.Unmarshal(e.Body, &u) == nil && len(u.Key) > 0 {
		if err := v.exec("INSERT INTO upstream (device, key) VALUES (?, ?) ON CONFLICT DO NOTHING", u.Chain.Device[:], []byte(u.Key)); err != nil {
			return err
		}
	}
	return v.stand(no, standingUpstream)
}

// standing is the event that sets something for the station: its number and its body.
func standing(l *link, name string) (no int64, body []byte, ok bool, err error) {
	ok, err = l.get("SELECT e.no, e.body FROM standing s JOIN event e ON e.no = s.event WHERE s.name = ?", []any{name}, &no, &body)
	return no, body, ok, err
}

func readStanding(no int64, body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return damaged(fmt.Sprintf("event %d", no), err)
	}
	return nil
}

// Enrol keeps whom upstream is: an event, its chain, and the desk number it granted, at once. The station must have been set up.
// Another upstream's receipts no longer count. Codes: store.not-set-up, desk.range, chain.differs.
func (s *Store) Enrol(ctx context.Context, u dossier.Upstream) error {
	return s.write(ctx, "enrol", func(w *writing) error {
		settings, err := w.settings()
		if err != nil {
			return err
		}
		if _, err := dossier.Blocks(u.Desk); err != nil {
			return err
		}
		if err := w.note(dossier.Enrolled, u); err != nil {
			return err
		}
		if settings.Desk != u.Desk {
			settings.Desk = u.Desk
			if err := w.note(dossier.StationSet, settings); err != nil {
				return err
			}
		}
		w.receipted = true
		return w.adopt(u.Chain, u.Key)
	})
}

// SetUpstreamKey keeps the keys that upstream goes on with, which it said in its own journal. Receipts under those before stay what they
// are. Code: store.not-enrolled.
func (s *Store) SetUpstreamKey(ctx context.Context, next dossier.NewKey) error {
	return s.write(ctx, "keep upstream's next key", func(w *writing) error {
		u, ok, err := upstreamOf(w.link)
		switch {
		case err != nil:
			return err
		case !ok:
			return dossier.Invalid("", "store.not-enrolled")
		case len(next.Key) != ed25519.PublicKeySize:
			return dossier.Invalid("", "chain.differs", "chain", u.Chain.Chain.String())
		case u.Key.Equal(next.Key) && u.Recipient == next.Recipient:
			w.nothing = true
			return nil
		}
		u.Key, u.Recipient = next.Key, next.Recipient
		w.receipted = true
		return w.note(dossier.Enrolled, u)
	})
}

// note appends a station event that the program itself makes.
func (w *writing) note(kind dossier.Kind, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return w.happen(dossier.Event{ID: dossier.EventID(id), Kind: kind, At: w.s.opts.Now(), Body: text})
}
