package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

// seriesRule says how the numbers of a series look and which are a desk's own.
type seriesRule struct {
	blocks func(desk int) ([]dossier.Block, error)
	format func(prefix string, day dossier.Date, n int) string
}

var seriesRules = map[dossier.Series]seriesRule{
	dossier.IntakeSeries:  {dossier.Blocks, dossier.FormatNumber},
	dossier.RefusalSeries: {dossier.RefusalBlocks, dossier.FormatRefusal},
}

// nextNumber is the number that the next dossier of the series gets on that day. It is taken when the transaction is kept: a
// reception that fails takes none. A run in which another PC, or this one in an earlier life, is known to have given numbers is
// left to it (I12), as long as there is another; and so is one that a PC before it at this desk may have given that day. Codes: store.not-set-up, desk.range, prefix.format, number.day, number.full.
func (w *writing) nextNumber(series dossier.Series, day dossier.Date) (string, error) {
	settings, err := w.settings()
	if err != nil {
		return "", err
	}
	unit, err := settings.UnitOn(day)
	if err != nil {
		return "", err
	}
	if err := dossier.CheckPrefix(unit.Prefix); err != nil {
		return "", err
	}
	if day.Year < 2000 || day.Year > 2099 { // the number has two figures for the year
		return "", dossier.Invalid("", "number.day", "day", day.String())
	}
	rule, ok := seriesRules[series]
	if !ok {
		return "", fmt.Errorf("numbers of series %q: there is none", series)
	}
	blocks, err := rule.blocks(settings.Desk)
	if err != nil {
		return "", err
	}
	begun, err := w.livesBegun(day)
	if err != nil {
		return "", err
	}
	before, err := w.satBefore(day)
	if err != nil {
		return "", err
	}
	begun += before
	known := make([]int, len(blocks)) // the greatest number of each that anybody gave
	for i, b := range blocks {
		var last, others int
		if _, err := w.get(`SELECT coalesce(max(CASE own WHEN 1 THEN last END), 0), count(CASE own WHEN 0 THEN 1 END), coalesce(max(last), 0)
			FROM number WHERE prefix = ? AND day = ? AND series = ? AND first = ?`, []any{unit.Prefix, day.ISO(), string(series), b.First},
			&last, &others, &known[i]); err != nil {
			return "", err
		}
		if others > 0 || i < begun {
			continue // also where nothing is known of a life or a PC before: paper may exist of what it gave
		}
		n, err := b.Next(last)
		if err == nil {
			return rule.format(unit.Prefix, day, n), nil
		}
		if dossier.Code(err) != "number.full" {
			return "", err
		}
	}
	// All are used by lives before, or full. Nobody is sent away for it: it goes on after the greatest number known.
	var full error
	for i := len(blocks) - 1; i >= 0; i-- {
		n, err := blocks[i].Next(known[i])
		if err == nil {
			return rule.format(unit.Prefix, day, n), nil
		}
		if full == nil {
			full = err
		}
	}
	return "", full
}

// countNumber remembers that a number was given, by the present life of this PC or not. The number itself says where it belongs.
func (v views) countNumber(e dossier.Entry, own bool) error {
	text := numberIn(e.Body)
	if e.Purged {
		if _, err := v.get("SELECT number FROM purged WHERE event = ?", []any{e.ID[:]}, &text); err != nil {
			return err
		}
	}
	prefix, day, tail, err := dossier.ParseNumber(text)
	if err != nil {
		return nil // another PC's body that this version cannot read takes none of ours
	}
	series := dossier.IntakeSeries
	figures, refused := strings.CutPrefix(tail, "TC")
	if refused {
		series = dossier.RefusalSeries
	}
	n, err := strconv.Atoi(figures)
	if err != nil {
		return nil
	}
	first, err := firstOfRun(series, n)
	if err != nil || first == 0 {
		return err
	}
	return v.exec(`INSERT INTO number (prefix, day, series, first, own, last) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (prefix, day, series, first, own) DO UPDATE SET last = max(last, excluded.last)`,
		prefix, day.ISO(), string(series), first, own, n)
}

// leaveNumbers says that what the present life has given so far a life before has given: it took that along.
func (v views) leaveNumbers() error {
	if err := v.exec(`INSERT INTO number (prefix, day, series, first, own, last) SELECT prefix, day, series, first, 0, last FROM number WHERE own = 1
		ON CONFLICT (prefix, day, series, first, own) DO UPDATE SET last = max(last, excluded.last)`); err != nil {
		return err
	}
	return v.exec("DELETE FROM number WHERE own = 1")
}

// numberIn is the number in the body of a reception or refusal, "" if there is none. It reads no further than that.
func numberIn(body []byte) string {
	in := json.NewDecoder(bytes.NewReader(body))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return ""
		}
		if key == "number" {
			var number string
			if in.Decode(&number) != nil {
				return ""
			}
			return number
		}
		var other json.RawMessage
		if in.Decode(&other) != nil {
			return ""
		}
	}
	return ""
}

// firstOfRun is the first number of the run that n is of, 0 if it is of none.
func firstOfRun(series dossier.Series, n int) (int, error) {
	for desk := 1; desk <= dossier.Desks; desk++ {
		blocks, err := seriesRules[series].blocks(desk)
		if err != nil {
			return 0, err
		}
		for _, b := range blocks {
			if b.Has(n) {
				return b.First, nil
			}
		}
	}
	return 0, nil
}

// satBefore is how many PCs sat at this PC's desk before it, on the day it was given that desk: what the last of them gave that day may be on no
// machine but the one that is gone.
func (w *writing) satBefore(day dossier.Date) (int, error) {
	u, ok, err := upstreamOf(w.link)
	if err != nil || !ok || u.Before == 0 {
		return 0, err
	}
	n := 0
	err = w.each("SELECT e.no, e.header, e.salt, e.body FROM standing s JOIN event e ON e.no = s.event WHERE s.name = ?", []any{standingUpstream},
		func(scan func(...any) error) error {
			_, e, err := scanEvent(scan)
			if err == nil && (u.Since == day || dossier.DateOf(e.At) == day) {
				n = u.Before
			}
			return err
		})
	return n, err
}

// livesBegun is how many new lives this PC's journal began on that day after it had been put back: each takes the next run.
func (w *writing) livesBegun(day dossier.Date) (n int, err error) {
	from, own := day.At(0, 0), w.own.Device
	seen := map[dossier.EventID]bool{} // it may stand in a life that was left, too
	err = notices(w.link, dossier.Healed, func(e dossier.Entry, author dossier.DeviceID, _ bool, h dossier.Healing) error {
		if author == own && !seen[e.ID] && h.What != dossier.HealedUpstream && h.What != dossier.HealedRotated && !e.At.Before(from) && e.At.Before(from.AddDate(0, 0, 1)) {
			n++
			seen[e.ID] = true
		}
		return nil
	})
	return n, err
}
