package receive

import (
	"context"
	"database/sql"
	"encoding/json"

	"tiepnhan/dossier"
)

// judgeAtOnce is how many entries are judged in one transaction.
const judgeAtOnce = 500

// judge looks at what a station's journal holds since the last time: it notes which dossiers there are, and says in upstream's own
// journal what cannot be used. What it said and how far it looked are one transaction, so nothing is said twice.
func (u *Upstream) judge(ctx context.Context, id int64) error {
	for more := true; more; {
		err := u.change(ctx, "judge entries", func(tx *sql.Tx) error {
			c, err := chainByID(ctx, tx, id)
			if err != nil {
				return err
			}
			entries, err := collect(ctx, tx, scanEntry, "SELECT "+entryColumns+" FROM entry WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?",
				id, int64(c.judged), judgeAtOnce)
			if err != nil {
				return err
			}
			if more = len(entries) == judgeAtOnce; len(entries) == 0 {
				return nil
			}
			var back []dossier.Event
			for _, k := range entries {
				if err := note(ctx, tx, c.station, k); err != nil {
					return err
				}
				why := u.verdict(k)
				if why == "" {
					continue
				}
				body, err := json.Marshal(dossier.SendBack{Event: k.ID, Why: why})
				if err != nil {
					return err
				}
				back = append(back, dossier.Event{ID: newEventID(), Kind: dossier.SentBack, By: Officer, At: u.Now(), Body: body})
				if _, err := tx.ExecContext(ctx, "UPDATE entry SET reason = ? WHERE chain = ? AND seq = ?", why, k.chain, int64(k.seq)); err != nil {
					return err
				}
			}
			if len(back) > 0 {
				if err := u.say(ctx, tx, c.station, back...); err != nil {
					return err
				}
			}
			_, err = tx.ExecContext(ctx, "UPDATE chain SET judged = ? WHERE id = ?", int64(entries[len(entries)-1].seq), id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Officer is who upstream's own events are by; upstream has no accounts of persons.
const Officer dossier.OfficerID = "cấp trên"

// verdict is why an entry cannot be used, in Vietnamese; "" when it can, or when it is of a kind this version does not know, which waits in
// sight.
func (u *Upstream) verdict(k keptEntry) string {
	switch {
	case k.refused:
		return u.Word("sent-back.same-id", nil)
	case k.Kind.IsAct() && k.Dossier.IsZero():
		return u.Word("sent-back.no-dossier", nil)
	case k.Purged:
		return ""
	}
	if body := dossier.NewBody(k.Kind); body != nil && json.Unmarshal(k.Body, body) != nil {
		return u.Word("sent-back.unreadable", map[string]string{"act": k.Kind.Title()})
	}
	if opens(k.Kind) && number(k) == "" {
		return u.Word("sent-back.no-number", nil)
	}
	return ""
}

func opens(k dossier.Kind) bool { return k == dossier.Received || k == dossier.Refused }

// number is the dossier's, if this entry says it.
func number(k keptEntry) string {
	var body dossier.Receive // a refusal holds the same
	if !opens(k.Kind) || json.Unmarshal(k.Body, &body) != nil {
		return ""
	}
	return body.Number
}

// note keeps the view of dossiers: that there is one, and its number once the reception says it.
func note(ctx context.Context, tx *sql.Tx, station int64, k keptEntry) error {
	if !k.Kind.IsAct() || k.Dossier.IsZero() || k.refused {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO dossier (station, dossier, number) VALUES (?, ?, ?)
		ON CONFLICT (station, dossier) DO UPDATE SET number = excluded.number WHERE number = ''`, station, k.Dossier[:], number(k))
	return err
}

// judgeAll looks at what was kept but not judged before a power cut.
func (u *Upstream) judgeAll(ctx context.Context) error {
	ids, err := collect(ctx, u.read, func(scan func(...any) error) (id int64, err error) { return id, scan(&id) },
		"SELECT id FROM chain WHERE judged < seq AND id NOT IN (SELECT journal FROM station)")
	if err != nil {
		return told("judge entries", err)
	}
	for _, id := range ids {
		if err := u.judge(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
