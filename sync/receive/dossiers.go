package receive

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// Case is a dossier as upstream sees it.
type Case struct {
	dossier.Dossier
	Station  string
	SentBack []dossier.SendBack // what upstream wants mended
	Parked   int                // entries about it that wait in sight for a person
	Alarms   []Alarm            // about its entries

	station int64
}

// Row is a dossier as one line of the list.
type Row struct {
	Station string `json:"station"`
	dossier.Summary
	Waiting bool `json:"waiting,omitempty"` // some of its events cannot be understood yet
}

// Query asks for rows, the last heard of first.
type Query struct {
	Station string // "" is all
	Limit   int    // at most this many; 0 is 50
}

// List gives the rows of a query. Code: upstream.no-station.
func (u *Upstream) List(ctx context.Context, q Query) ([]Row, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	out := []Row{}
	err := u.look(ctx, "list dossiers", func(tx *sql.Tx) error {
		if q.Station != "" {
			var there bool
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM station WHERE name = ?)", q.Station).Scan(&there); err != nil {
				return err
			}
			if !there {
				return dossier.Invalid("station", "upstream.no-station", "name", q.Station)
			}
		}
		found, err := find(ctx, tx, "WHERE ?1 = '' OR station.name = ?1 ORDER BY dossier.id DESC LIMIT ?2", q.Station, q.Limit)
		if err != nil {
			return err
		}
		for _, f := range found {
			c, err := f.load(ctx, tx)
			if err != nil {
				return err
			}
			row := Row{Station: c.Station, Summary: c.Summarize(), Waiting: c.Waiting()}
			if n := len(c.SentBack); n > 0 {
				row.SentBack = c.SentBack[n-1].Why
			}
			out = append(out, row)
		}
		return nil
	})
	return out, err
}

// Find is the one dossier of that number, or of that id where stations have given the same number. Codes: upstream.no-dossier,
// upstream.two-dossiers.
func (u *Upstream) Find(ctx context.Context, which string) (Case, error) {
	var c Case
	err := u.look(ctx, "find dossier", func(tx *sql.Tx) (err error) {
		c, err = findOne(ctx, tx, which)
		return err
	})
	return c, err
}

func findOne(ctx context.Context, tx *sql.Tx, which string) (Case, error) {
	which = dossier.Clean(which)
	var found []foundDossier
	var id dossier.ID
	err := id.UnmarshalText([]byte(strings.ToLower(which)))
	if err == nil {
		found, err = find(ctx, tx, "WHERE dossier.dossier = ? ORDER BY dossier.id LIMIT 2", id[:])
	} else {
		found, err = find(ctx, tx, "WHERE dossier.number = ? AND dossier.number <> '' ORDER BY dossier.id LIMIT 10", which)
	}
	switch {
	case err != nil:
		return Case{}, err
	case len(found) == 0:
		return Case{}, dossier.Invalid("number", "upstream.no-dossier", "number", which)
	case len(found) > 1:
		var ids []string
		for _, f := range found {
			ids = append(ids, f.id.String()+" ("+f.station+")")
		}
		return Case{}, dossier.Invalid("number", "upstream.two-dossiers", "number", which, "ids", strings.Join(ids, ", "))
	}
	return found[0].load(ctx, tx)
}

// foundDossier is a row of the view of dossiers.
type foundDossier struct {
	id        dossier.ID
	number    string
	stationID int64
	station   string
}

func find(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]foundDossier, error) {
	return collect(ctx, tx, func(scan func(...any) error) (f foundDossier, err error) {
		var id []byte
		if err = scan(&id, &f.number, &f.stationID, &f.station); err == nil {
			copy(f.id[:], id)
		}
		return f, err
	}, "SELECT dossier.dossier, dossier.number, dossier.station, station.name FROM dossier JOIN station ON station.id = dossier.station "+where, args...)
}

// load replays the dossier from all entries of its station, upstream's own among them.
func (f foundDossier) load(ctx context.Context, tx *sql.Tx) (Case, error) {
	kept, err := collect(ctx, tx, scanEntry, "SELECT "+entryColumns+` FROM entry JOIN chain ON chain.id = entry.chain
		WHERE entry.dossier = ? AND chain.station = ? AND entry.refused = 0 ORDER BY entry.id`, f.id[:], f.stationID)
	if err != nil {
		return Case{}, err
	}
	c := Case{Station: f.station, station: f.stationID}
	entries := make([]dossier.Entry, 0, len(kept))
	for _, k := range kept {
		entries = append(entries, k.Entry)
		if k.reason != "" {
			c.SentBack = append(c.SentBack, dossier.SendBack{Event: k.ID, Why: k.reason})
		}
	}
	c.Dossier = dossier.Replay(entries)
	c.ID = f.id
	if c.Number == "" { // what was said was purged; the number is on paper
		c.Number = f.number
	}
	err = tx.QueryRowContext(ctx, `SELECT count(DISTINCT p.event) FROM parked_entry p JOIN parked ON parked.id = p.parked
		WHERE p.dossier = ? AND parked.station = ? AND NOT p.settled`, f.id[:], f.stationID).Scan(&c.Parked)
	if err != nil {
		return Case{}, err
	}
	c.Alarms, err = collect(ctx, tx, scanAlarm, alarmQuery+` JOIN chain ON chain.device = alarm.device AND chain.incarnation = alarm.incarnation
		JOIN entry ON entry.chain = chain.id AND entry.seq = alarm.seq AND entry.hash = alarm.hash
		WHERE entry.dossier = ? AND chain.station = ? ORDER BY alarm.id DESC`, f.id[:], f.stationID)
	return c, err
}

// Authority decides where no one else is named: the identity authority of the Ministry, for every procedure here (5709/QĐ-BCA-C06, "Cơ quan
// có thẩm quyền").
const Authority = "Cục Cảnh sát quản lý hành chính về trật tự xã hội, Bộ Công an"

// Decide records the authority's answer to a dossier of that number or id, for its station to take in. Upstream records it and makes no
// decision itself. The same decision recorded twice is one; the answer tells whether this was the first time. Codes: those of Find and of
// dossier.Allowed, decide.document-missing, decide.reason-missing, date.format, and those of the disk.
func (u *Upstream) Decide(ctx context.Context, which string, d dossier.Decision) (Case, bool, error) {
	d.Document, d.By, d.Why = dossier.Clean(d.Document), dossier.Clean(d.By), dossier.CleanMultiline(d.Why)
	if d.By == "" {
		d.By = Authority
	}
	if err := checkDecision(d); err != nil {
		return Case{}, false, err
	}
	var c Case
	first := false
	err := u.change(ctx, "record decision", func(tx *sql.Tx) (err error) {
		if c, err = findOne(ctx, tx, which); err != nil {
			return err
		}
		if recorded(c.Dossier, d) {
			return nil
		}
		if err := c.Allowed(dossier.Decided); err != nil {
			return err
		}
		body, err := json.Marshal(d)
		if err != nil {
			return err
		}
		first = true
		err = u.say(ctx, tx, c.station, dossier.Event{ID: newEventID(), Dossier: c.ID, Kind: dossier.Decided, Bases: c.Heads, By: Officer,
			At: u.Now(), Body: body})
		if err != nil {
			return err
		}
		c, err = findOne(ctx, tx, c.ID.String())
		return err
	})
	if err != nil {
		return Case{}, false, err
	}
	return c, first, nil
}

// recorded tells whether the decision is in the dossier's course, in whatever state: disputed or waiting, it is still the same one.
func recorded(c dossier.Dossier, d dossier.Decision) bool {
	return slices.ContainsFunc(c.Course, func(s dossier.Step) bool {
		var had dossier.Decision
		return s.Kind == dossier.Decided && s.Effect != dossier.Void && json.Unmarshal(s.Body, &had) == nil && had.Same(d)
	})
}

func checkDecision(d dossier.Decision) error {
	var ps dossier.Problems
	if d.Document == "" {
		ps = append(ps, dossier.Invalid("document", "decide.document-missing")...)
	}
	if !d.Date.Valid() {
		ps = append(ps, dossier.Invalid("date", "date.format")...)
	}
	if !d.Approved && d.Why == "" {
		ps = append(ps, dossier.Invalid("why", "decide.reason-missing")...)
	}
	return ps.Err()
}
