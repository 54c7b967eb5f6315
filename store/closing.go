package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"tiepnhan/dossier"
)

// close remembers a closed day; place is where it stands in the lineage, 0 outside. One that cannot be read closes none.
func (v views) close(place, no int64, e dossier.Entry) error {
	c, err := closeOf(e.Event)
	if e.Purged || err != nil {
		return nil
	}
	closes, err := v.closes(place, c)
	if err != nil {
		return err
	}
	if !closes {
		place = 0
	}
	return v.exec("INSERT INTO closing (event, own, until) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE SET own = max(own, excluded.own)",
		no, place, int64(min(c.Until.Seq, math.MaxInt64)))
}

// closes tells whether a closing at that place of the lineage closes what follows the one before it there. What another continuation of
// this journal closed is another range, even where it bears the same ordinals: its papers stand, and what they list and the lineage took
// over is closed here once more, in its new place.
func (v views) closes(place int64, c dossier.DayClose) (bool, error) {
	until := int64(min(c.Until.Seq, math.MaxInt64))
	if place <= until || c.Until.Seq < c.From {
		return false, nil
	}
	var last uint64
	if _, err := v.get("SELECT coalesce(max(until), 0) FROM closing WHERE own > 0 AND own < ?", []any{place}, &last); err != nil || last != c.From {
		return false, err
	}
	x, err := heldChain(v.link, c.Until.Chain)
	if err != nil || x == nil {
		return false, err
	}
	hash, ok, err := v.hashAlong(x.no, until)
	return ok && hash == c.Until.Hash, err
}

// hashAlong is the hash that a life would have at a place of this PC's lineage if it had gone on as that does; ok is false where the lineage
// shares no life with it, or went another way below it. What was signed in a life that was cut or left since stands further on in the
// lineage and leads to the same hash.
func (v views) hashAlong(chain, place int64) (hash dossier.Hash, ok bool, err error) {
	way := v.line
	if i := slices.IndexFunc(way, func(f life) bool { return f.chain == chain }); i >= 0 {
		way = slices.Clone(way[:i+1])
		way[i].last = math.MaxInt64
	} else if way, err = lineageOf(v.link, chain); err != nil {
		return hash, false, err
	}
	i := -1 // the last life both went through
	for i+1 < min(len(way), len(v.line)) && way[i+1].chain == v.line[i+1].chain {
		i++
	}
	if i < 0 || place < way[len(way)-1].base {
		return hash, false, nil
	}
	f := way[i]
	at := min(f.last, v.line[i].last) // where one of them left it
	if at = min(at, place-f.base); at < 0 {
		return hash, false, nil
	}
	c, err := chainOf(v.link, f.chain)
	if err != nil || c.Head.Seq < uint64(at) {
		return hash, false, err
	}
	if hash, err = hashAt(v.link, c, uint64(at)); err != nil {
		return hash, false, err
	}
	for at += f.base; ; i++ {
		end := place
		if i+1 < len(way) {
			end = way[i+1].base
		}
		if hash, err = v.hashOn(hash, at, end); err != nil || i+1 == len(way) {
			return hash, err == nil, err
		}
		next, err := chainOf(v.link, way[i+1].chain)
		if err != nil || next.CommonHash != hash {
			return hash, false, err
		}
		hash, at = next.Genesis.Hash(), end
	}
}

// hashOn is a hash taken on over what the lineage holds after one place up to another.
func (v views) hashOn(hash dossier.Hash, after, until int64) (dossier.Hash, error) {
	if after >= until {
		return hash, nil
	}
	err := v.line.after(after, func(f life, seq int64) error {
		return v.each("SELECT e.header FROM entry n CROSS JOIN event e ON e.no = n.event WHERE n.chain = ? AND n.seq > ? AND n.seq <= ? ORDER BY n.seq",
			[]any{f.chain, seq, min(f.last, until-f.base)}, func(scan func(...any) error) error {
				var header []byte
				err := scan(&header)
				hash = dossier.NextHash(hash, header)
				return err
			})
	})
	return hash, err
}

func closeOf(e dossier.Event) (c dossier.DayClose, err error) {
	if err = json.Unmarshal(e.Body, &c); err == nil && c.Day.IsZero() {
		err = errors.New("of no day")
	}
	if err != nil {
		err = fmt.Errorf("closing of a day: %w", err)
	}
	return c, err
}

// Closings are the closed days of all PCs whose journals are here, the last that came to this PC first, at most limit; 0 is all.
func (s *Store) Closings(ctx context.Context, limit int) ([]dossier.ClosedDay, error) {
	if limit <= 0 {
		limit = -1
	}
	var out []dossier.ClosedDay
	err := s.read(ctx, "read the closed days", func(l *link) error {
		var taken []int // those of other continuations that this PC took over
		err := l.each(`SELECT e.no, e.header, e.salt, e.body, c.own > 0, r.event IS NOT NULL FROM (SELECT event, own FROM closing ORDER BY event DESC LIMIT ?) c
			CROSS JOIN event e ON e.no = c.event LEFT JOIN reclaimed r ON r.event = c.event ORDER BY e.no DESC`, []any{limit}, func(scan func(...any) error) error {
			var own, reclaimed bool
			_, e, err := scanEvent(scan, &own, &reclaimed)
			if err != nil {
				return err
			}
			if reclaimed && !own {
				taken = append(taken, len(out))
			}
			c, err := closeOf(e.Event)
			out = append(out, dossier.ClosedDay{DayClose: c, ID: e.ID, At: e.At, By: e.By, Own: own})
			return err
		})
		if err != nil || len(taken) == 0 {
			return err
		}
		ln, err := ownLineage(l)
		if err != nil {
			return err
		}
		for _, i := range taken {
			if out[i].Covers, err = covers(l, ln, out[i].DayClose); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// covers is what a closing of another continuation of this PC closed, as far as this PC's lineage took it over and has not closed it
// itself: it was signed for on that paper. The life it closed must be here and say what was signed; where it is not, as of what only came
// in a late parcel, nothing is covered and all of it is closed here.
func covers(l *link, ln lineage, c dossier.DayClose) ([]dossier.EventID, error) {
	x, err := heldChain(l, c.Until.Chain)
	if err != nil || x == nil {
		return nil, err
	}
	theirs, err := lineageOf(l, x.no)
	if err != nil {
		return nil, err
	}
	base := uint64(theirs.now().base)
	if theirs[0].chain != ln[0].chain || c.Until.Seq < base || c.Until.Seq-base > x.Head.Seq || c.From > c.Until.Seq {
		return nil, nil
	}
	if hash, err := hashAt(l, x, c.Until.Seq-base); err != nil || hash != c.Until.Hash {
		return nil, err
	}
	var closed int64
	if _, err := l.get("SELECT coalesce(max(until), 0) FROM closing WHERE own > 0", nil, &closed); err != nil {
		return nil, err
	}
	walk := dossier.NewDayWalk(dossier.SaidDate{})
	walk.Elsewhere(func(seq uint64, _ dossier.EventID) bool { return c.Report.Left(seq) })
	open, args := ln.beyond("m", closed)
	var out []dossier.EventID
	err = theirs.after(int64(c.From), func(f life, seq int64) error {
		return l.each(`SELECT e.no, e.header, e.salt, e.body, n.seq, EXISTS (SELECT 1 FROM entry m WHERE m.event = n.event AND `+open+`)
			FROM entry n CROSS JOIN event e ON e.no = n.event WHERE n.chain = ? AND n.seq > ? AND n.seq <= ? ORDER BY n.seq`,
			append(args[:len(args):len(args)], f.chain, seq, min(f.last, int64(c.Until.Seq)-f.base)), func(scan func(...any) error) error {
				var at int64
				var here bool
				_, e, err := scanEvent(scan, &at, &here)
				if err != nil {
					return err
				}
				seq := uint64(f.base + at)
				if walk.Add(seq, e); here && !c.Report.Left(seq) {
					out = append(out, e.ID)
				}
				return nil
			})
	})
	if err != nil || walk.End(nil).Hash != c.Rows {
		return nil, err
	}
	return out, nil
}
