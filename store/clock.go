package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tiepnhan/dossier"
)

// tick keeps what this PC's clock said in an entry of its own. The officer's word that the clock is right ends what it said before. What
// another continuation wrote tells only that it was so late already.
func (v views) tick(e dossier.Entry, reclaimed bool) error {
	if reclaimed {
		return v.exec(`INSERT INTO clock (one, latest, last, said_day, said_time, said_at) VALUES (1, ?1, ?1, '', '', 0)
			ON CONFLICT (one) DO UPDATE SET latest = max(latest, ?1), last = max(last, ?1)`, e.At.UnixMilli())
	}
	var said dossier.DateSaid
	if e.Kind == dossier.DateConfirmed && !e.Purged && json.Unmarshal(e.Body, &said) != nil {
		return nil // nothing of ours: desk writes these
	}
	at := e.At.UnixMilli()
	if said.Date.IsZero() {
		return v.exec(`INSERT INTO clock (one, latest, last, said_day, said_time, said_at) VALUES (1, ?1, ?1, '', '', 0)
			ON CONFLICT (one) DO UPDATE SET latest = max(latest, ?1), last = ?1`, at)
	}
	return v.exec(`INSERT INTO clock (one, latest, last, said_day, said_time, said_at) VALUES (1, ?1, ?1, ?2, ?4, ?1) ON CONFLICT (one) DO UPDATE
		SET last = ?1, latest = CASE WHEN ?3 THEN ?1 ELSE max(latest, ?1) END, said_day = ?2, said_time = ?4, said_at = ?1`,
		at, said.Date.ISO(), said.Agrees(e.At, dossier.ClockSlack), said.Time.String())
}

// Clock is what this PC's clock has said so far, and upstream's in its receipts.
func (s *Store) Clock(ctx context.Context) (out dossier.ClockHistory, err error) {
	err = s.read(ctx, "read what the clock said", func(l *link) error {
		upstream, _, err := upstreamOf(l)
		if err != nil {
			return err
		}
		var at *int64
		if _, err := l.get("SELECT max(at) FROM receipt WHERE key IN (SELECT key FROM upstream WHERE device = ?)",
			[]any{upstream.Chain.Device[:]}, &at); err != nil {
			return err
		}
		if at != nil {
			out.Upstream = time.Unix(*at, 0).UTC()
		}
		var latest, last, saidAt int64
		var day, hour string
		ok, err := l.get("SELECT latest, last, said_day, said_time, said_at FROM clock", nil, &latest, &last, &day, &hour, &saidAt)
		if err != nil || !ok {
			return err
		}
		out.Latest, out.Last = moment(&latest), moment(&last)
		if day == "" {
			return nil
		}
		out.Said.At = moment(&saidAt)
		return errors.Join(out.Said.Date.UnmarshalText([]byte(day)), out.Said.Time.UnmarshalText([]byte(hour)))
	})
	return out, err
}
