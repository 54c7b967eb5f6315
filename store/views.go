package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// views keeps everything that can be rebuilt in step with the journals. Keeping, rebuilding and verifying all go through it, so that
// they cannot disagree about what a view is.
type views struct {
	*link
	line lineage          // of this PC
	told func(done int64) // how many of a thousand parts have been made again; may be nil
	anew bool             // they were empty, and nothing is put in twice
}

// isReplayed tells whether an entry belongs to the course of a dossier: acts, and kinds this version does not know, which wait
// there in sight.
func isReplayed(e dossier.Entry) bool {
	return !e.Dossier.IsZero() && !e.Kind.IsTrace() && !e.Kind.IsOfStation()
}

// addEvent is for what counts once, however many chains an event stands in.
func (v views) addEvent(no int64, e dossier.Entry) error {
	if e.Purged {
		return nil
	}
	switch e.Kind {
	case dossier.TracePrinted:
		return v.print(e)
	case dossier.TracePrintEnd:
		return v.endPrints(e)
	case dossier.SentBack:
		var b dossier.SendBack
		if json.Unmarshal(e.Body, &b) != nil || b.Event.IsZero() {
			return nil
		}
		if b.Why == "" {
			b.Why = noReason // an empty one would not be seen
		}
		return v.exec("INSERT INTO sent_back (event, about, why) VALUES (?, ?, ?)", no, b.Event[:], b.Why)
	case dossier.PackIssued:
		return v.pack(no, e)
	}
	return nil
}

// noReason stands where upstream wants something mended and says nothing about it.
const noReason = "Cấp trên không nêu lý do."

// addEntry is for what depends on the chain an event stands in. reclaimed says that this PC's lineage took it over from another.
func (v views) addEntry(chain, seq, no int64, e dossier.Entry, reclaimed bool) error {
	place := v.line.ordinal(chain, seq)
	written := chain == v.line.now().chain && !reclaimed // by the present life, or taken along as it began
	if place > 0 {
		if err := v.tick(e, reclaimed); err != nil {
			return err
		}
	}
	if isReplayed(e) && !(place > 0 && e.Kind.IsAct()) {
		if err := v.exec(`INSERT INTO whence (event, chain, seq) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE
			SET chain = excluded.chain, seq = excluded.seq WHERE (excluded.chain, excluded.seq) < (whence.chain, whence.seq)`,
			no, chain, seq); err != nil {
			return err
		}
	}
	switch e.Kind {
	case dossier.Received, dossier.Refused:
		return v.countNumber(e, written)
	case dossier.DayClosed:
		return v.close(place, no, e)
	case dossier.Admitted, dossier.Revoked, dossier.KeySet, dossier.PackIssued:
		return v.notice(chain, seq, no, e.Kind)
	case dossier.Healed:
		if err := v.notice(chain, seq, no, e.Kind); err != nil {
			return err
		}
	case dossier.StationSet:
		if place == 0 { // another PC's: who its officers are
			return v.notice(chain, seq, no, e.Kind)
		}
	}
	if place == 0 {
		return nil
	}
	if err := v.people(e, reclaimed); err != nil || e.Purged {
		return err
	}
	switch e.Kind {
	case dossier.StationSet:
		return v.stand(no, standingSettings)
	case dossier.Enrolled:
		return v.enrol(no, e)
	case dossier.LayoutKept:
		return v.exec("INSERT INTO layout (event) VALUES (?) ON CONFLICT DO NOTHING", no)
	case dossier.Healed:
		var h dossier.Healing
		if written && json.Unmarshal(e.Body, &h) == nil && h.What != dossier.HealedUpstream {
			return v.leaveNumbers()
		}
	}
	return nil
}

// addLoose is addEntry for an event that stands in no chain any more.
func (v views) addLoose(no int64, e dossier.Entry) error {
	switch e.Kind {
	case dossier.Received, dossier.Refused:
		return v.countNumber(e, false)
	case dossier.DayClosed:
		return v.close(0, no, e)
	}
	return nil
}

const (
	standingSettings = "settings"
	standingUpstream = "upstream"
)

func (v views) stand(no int64, name string) error {
	return v.exec("INSERT INTO standing (name, event) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET event = excluded.event", name, no)
}

// act is one event of a dossier's course with its place here.
type act struct {
	dossier.Entry
	no       int64
	own      int64 // its ordinal; 0 if not of this PC's lineage
	sentBack int64 // the event of upstream's latest wish about it, 0 if there is none
}

// acts are the events of a dossier's course, in the order in which they came.
func acts(l *link, id dossier.ID) ([]act, error) {
	var out []act
	err := l.each(`SELECT no, header, salt, body, coalesce(own, 0),
		coalesce((SELECT max(event) FROM sent_back WHERE about = event.id), 0) FROM event
		WHERE dossier = ? AND course = 1 ORDER BY no`, []any{id[:]},
		func(scan func(...any) error) error {
			var a act
			var header, salt sql.RawBytes // what is read of them is copied
			var body []byte
			if err := scan(&a.no, &header, &salt, &body, &a.own, &a.sentBack); err != nil {
				return err
			}
			var err error
			if a.Entry, err = parse(header, salt, body); err != nil {
				return damaged(fmt.Sprintf("event %d", a.no), err)
			}
			if isReplayed(a.Entry) {
				out = append(out, a)
			}
			return nil
		})
	return out, err
}

func replay(as []act) dossier.Dossier {
	entries := make([]dossier.Entry, len(as))
	for i := range as {
		entries[i] = as[i].Entry
	}
	return dossier.Replay(entries)
}

// folded is replay with the number of a reception that was purged: the number is on paper, so it outlives what was said.
func folded(l *link, as []act) (dossier.Dossier, error) {
	d := replay(as)
	for _, a := range as {
		if d.Number != "" {
			break
		}
		if !a.Purged || a.Kind != dossier.Received && a.Kind != dossier.Refused {
			continue
		}
		if _, err := l.get("SELECT number FROM purged WHERE event = ?", []any{a.ID[:]}, &d.Number); err != nil {
			return d, err
		}
	}
	return d, nil
}

// refresh folds a dossier again and puts the outcome in the list and the search index.
func (v views) refresh(id dossier.ID) (dossier.Dossier, error) {
	as, err := acts(v.link, id)
	if err != nil || len(as) == 0 { // a look at a dossier that is not here makes none
		return dossier.Dossier{}, err
	}
	d, err := folded(v.link, as)
	if err != nil {
		return d, err
	}
	var own []string
	var mended, wish int64
	for _, a := range as {
		if a.own == 0 {
			continue
		}
		own = append(own, strconv.FormatInt(a.own, 10))
		wish = max(wish, a.sentBack)
		if a.Kind == dossier.Corrected || a.Kind == dossier.Annulled {
			mended = a.no
		}
	}
	// Upstream's wish stands until this PC has corrected or annulled the dossier after it came. Of one that was annulled before, wherever, nothing
	// can be mended any more.
	var sentBack any
	if wish > mended && d.Status != dossier.StatusAnnulled {
		sentBack = wish
	}
	s, found := d.Summarize(), words(d)
	// What its reception said stays, but for a correction, and most indexes are of it.
	said := []any{s.Number, dossier.CodeKey(d.Intake.NationalCode), s.Procedure, s.Title, s.Name, s.Subject, millis(s.ReceivedAt), dossier.Fold(s.Name),
		place(d), found}
	stands := []any{int(s.Status), s.Disputed, millis(s.Due), millis(s.OwnDue), millis(s.Burns), millis(s.LateAfter), s.Open, s.Forwarded,
		strings.Join(own, " "), mended, sentBack, hasVoid(d)}

	var no int64
	var had string
	var known, same bool
	if !v.anew {
		known, err = v.get(`SELECT no, words, (number, national, procedure, title, name, subject, received_at, name_key, place, words)
			IS (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) FROM dossier WHERE id = ?`, append(slices.Clip(said), id[:]), &no, &had, &same)
	}
	if err != nil {
		return d, err
	}
	if !known {
		no, err = v.insert(`INSERT INTO dossier (id, number, national, procedure, title, name, subject, received_at, name_key, place, words,
			status, disputed, due, own_due, burns, late_after, open, forwarded, own, mended, sent_back, void)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, slices.Concat([]any{id[:]}, said, stands)...)
		if err != nil {
			return d, err
		}
		return d, v.exec("INSERT INTO search (rowid, words) VALUES (?, ?)", no, found)
	}
	if err := v.exec(`UPDATE dossier SET status = ?, disputed = ?, due = ?, own_due = ?, burns = ?, late_after = ?, open = ?, forwarded = ?, own = ?,
		mended = ?, sent_back = ?, void = ? WHERE no = ?`, append(stands, no)...); err != nil || same {
		return d, err
	}
	if err := v.exec(`UPDATE dossier SET number = ?, national = ?, procedure = ?, title = ?, name = ?, subject = ?, received_at = ?, name_key = ?,
		place = ?, words = ? WHERE no = ?`, append(said, no)...); err != nil || had == found {
		return d, err
	}
	return d, v.exec("UPDATE search SET words = ? WHERE rowid = ?", found, no)
}

func hasVoid(d dossier.Dossier) bool {
	return slices.ContainsFunc(d.Course, func(s dossier.Step) bool { return s.Effect == dossier.Void })
}

func millis(t time.Time) any {
	if t = t.Truncate(time.Millisecond); t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func moment(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).In(dossier.Hanoi)
}
