package receive

import (
	"context"
	"database/sql"
	"encoding/json"

	"tiepnhan/dossier"
)

// judgeAtOnce is how many entries are judged in one transaction.
const judgeAtOnce = 500

// judge looks at what a PC's journal holds since the last time: it notes which dossiers there are, and says in upstream's own journal
// what cannot be used. What it said and how far it looked are one transaction, so nothing is said twice.
func (u *Upstream) judge(ctx context.Context, id int64) error {
	for more := true; more; {
		err := u.change(ctx, "judge entries", func(tx *sql.Tx) (err error) {
			more, err = u.judgeSome(ctx, tx, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// judgeSome is judge for the next entries of a chain; it tells whether there are more.
func (u *Upstream) judgeSome(ctx context.Context, tx *sql.Tx, id int64) (more bool, err error) {
	c, err := chainByID(ctx, tx, id)
	if err != nil {
		return false, err
	}
	entries, err := entriesAfter(ctx, tx, id, c.judged, c.judged+judgeAtOnce)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	noted := map[dossier.ID]bool{} // a dossier is noted once, unless the entry says its number
	for _, k := range entries {
		if opens(k.Kind) || !noted[k.Dossier] {
			if err := note(ctx, tx, c.station, k); err != nil {
				return false, err
			}
			noted[k.Dossier] = k.Kind.IsAct() && !k.refused
		}
		if err := u.sendBack(ctx, tx, c.station, k); err != nil {
			return false, err
		}
	}
	if err := u.announce(ctx, tx, c.station); err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, "UPDATE chain SET judged = ? WHERE id = ?", int64(entries[len(entries)-1].seq), id)
	return len(entries) == judgeAtOnce, err
}

// judgeWithin judges in the transaction that keeps the entries, which spares the disk one. If it fails, only the judging is undone, and is
// done again with the next envelope: what is kept is kept, and the receipt for it is true.
func (u *Upstream) judgeWithin(ctx context.Context, tx *sql.Tx, id int64) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT judging"); err != nil {
		return err
	}
	more, err := u.judgeSome(ctx, tx, id)
	for err == nil && more {
		more, err = u.judgeSome(ctx, tx, id)
	}
	if err != nil {
		u.fault(told("judge entries", err))
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO judging"); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "RELEASE judging")
	return err
}

// sendBack says in upstream's own journal that an entry cannot be used, once for each event however often it comes.
func (u *Upstream) sendBack(ctx context.Context, tx *sql.Tx, station int64, k keptEntry) error {
	why, err := u.verdict(ctx, tx, station, k)
	if err != nil || why == "" {
		return err
	}
	if k.chain != 0 {
		if _, err := tx.ExecContext(ctx, "UPDATE entry SET reason = ? WHERE chain = ? AND seq = ?", why, k.chain, int64(k.seq)); err != nil {
			return err
		}
	}
	var said bool
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sent_back WHERE station = ? AND event = ?)", station, k.ID[:]).Scan(&said)
	if err != nil || said {
		return err
	}
	body, err := json.Marshal(dossier.SendBack{Event: k.ID, Why: why})
	if err != nil {
		return err
	}
	return u.say(ctx, tx, station, u.event(dossier.SentBack, dossier.ID{}, body))
}

// Officer is who upstream's own events are by; upstream has no accounts of persons.
const Officer dossier.OfficerID = "cấp trên"

// verdict is why an entry cannot be used, in Vietnamese; "" when it can, or when it is of a kind this version does not know, which waits in
// sight.
func (u *Upstream) verdict(ctx context.Context, tx *sql.Tx, station int64, k keptEntry) (string, error) {
	switch {
	case k.refused:
		return u.Word("sent-back.same-id", nil), nil
	case k.Kind.IsAct() && k.Dossier.IsZero():
		return u.Word("sent-back.no-dossier", nil), nil
	case k.Purged:
		return "", nil
	}
	body := dossier.NewBody(k.Kind)
	if body != nil && json.Unmarshal(k.Body, body) != nil {
		return u.Word("sent-back.unreadable", map[string]string{"act": k.Kind.Title()}), nil
	}
	var n string
	switch b := body.(type) {
	case *dossier.Receive:
		n = b.Number
	case *dossier.Refuse:
		n = b.Number
	default:
		return "", nil
	}
	if n == "" {
		return u.Word("sent-back.no-number", nil), nil
	}
	// After a disk image was put back a PC may have given a number it had forgotten. Both dossiers stay; the officer is told.
	var twice bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM dossier WHERE number = ? AND station = ? AND dossier <> ?)", n, station, k.Dossier[:]).Scan(&twice)
	if err != nil || !twice {
		return "", err
	}
	return u.Word("sent-back.same-number", map[string]string{"number": n}), nil
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
		"SELECT id FROM chain WHERE judged < seq AND NOT own")
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
