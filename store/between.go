package store

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"tiepnhan/dossier"
)

// place is where a dossier stands in the registers: the day of its reception, then its number; refusals, whose numbers are a series
// of their own, after the rest of the day. A reception that is disputed stands where its number says, for that is on paper. Empty for
// what has neither: acts whose reception has not come.
func place(d dossier.Dossier) string {
	prefix, day, tail, err := dossier.ParseNumber(d.Number)
	switch {
	case !d.Intake.ReceivedAt.IsZero():
		day = dossier.DateOf(d.Intake.ReceivedAt)
	case err != nil:
		return ""
	}
	if err != nil {
		tail = "A" // of another program's making: between the numbers and the refusals
	}
	if figures, refused := strings.CutPrefix(tail, "TC"); refused {
		tail = fmt.Sprintf("TC%s%s", strings.Repeat("0", 3-len(figures)), figures)
	}
	return day.ISO() + " " + tail + " " + prefix
}

// afterTheDay sorts after every place of a day that it is put behind.
const afterTheDay = " ~"

// foldedAhead is how many dossiers Between has ready before they are asked for.
const foldedAhead = 32

// folding is a course to be folded, and where the outcome goes.
type folding struct {
	course []dossier.Entry
	crews  map[dossier.EventID][]dossier.Officer // of what other PCs wrote
	number string                                // in the list; of a purged reception there is no other word
	into   chan dossier.Dossier
}

func (f folding) fold() dossier.Dossier {
	d := dossier.Replay(f.course)
	d.Number = f.number
	for i := range d.Course {
		d.Course[i].Crew = f.crews[d.Course[i].ID]
	}
	return d
}

// Between visits what was received or refused on those days, both of them included: day by day, in the order of the numbers, refusals
// after the rest of their day. Annulled ones are there too, for their numbers were given. All is of one moment, nobody who writes waits
// for it, and only a few dossiers are held at a time. visit is called from the caller's goroutine; its error ends it and comes back as
// it is. visit should not ask this store, whose readers may all be at this.
func (s *Store) Between(ctx context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error {
	const doing = "go through the registers"
	reading, stop := context.WithCancel(ctx)
	ahead := make(chan chan dossier.Dossier, foldedAhead)
	ended := make(chan error, 1)
	work := make(chan folding, foldedAhead)
	for range runtime.GOMAXPROCS(0) { // most of the time goes here
		go func() {
			for f := range work {
				f.into <- f.fold()
			}
		}()
	}
	go func() {
		defer close(ahead)
		defer close(work)
		ended <- s.read(reading, doing, func(l *link) error {
			return placed(l, from, to, func(f folding) error {
				f.into = make(chan dossier.Dossier, 1)
				select {
				case ahead <- f.into:
					work <- f // whoever folds waits for nobody
					return nil
				case <-reading.Done():
					return reading.Err()
				}
			})
		})
	}()
	defer func() {
		stop()
		for range ahead { // until nobody reads any more
		}
	}()
	for folded := range ahead {
		if ctx.Err() != nil {
			break
		}
		if err := visit(<-folded); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return <-ended
}

// placed gives the courses of the dossiers that stand on those days in the registers, one after the other.
func placed(l *link, from, to dossier.Date, each func(folding) error) error {
	all, err := crewOf(l)
	if err != nil {
		return err
	}
	var of int64
	var f folding
	var next string
	err = l.each(`SELECT e.no, e.header, e.salt, e.body, d.no, d.number, e.own IS NULL, CASE WHEN e.own IS NULL THEN (SELECT chain FROM whence WHERE event = e.no) END
		FROM dossier d CROSS JOIN event e ON e.dossier = d.id AND e.course = 1
		WHERE d.place >= ? AND d.place < ? ORDER BY d.place, d.no, e.no`, []any{from.ISO(), to.ISO() + afterTheDay},
		func(scan func(...any) error) error {
			var no int64
			var others bool
			var chain *int64
			_, e, err := scanEvent(scan, &no, &next, &others, &chain)
			if err != nil {
				return err
			}
			if no != of && len(f.course) > 0 {
				if err := each(f); err != nil {
					return err
				}
				f = folding{}
			}
			if of, f.number = no, next; !isReplayed(e) {
				return nil
			}
			f.course = append(f.course, e)
			if others {
				if f.crews == nil {
					f.crews = map[dossier.EventID][]dossier.Officer{}
				}
				f.crews[e.ID] = all.of(chain)
			}
			return nil
		})
	if err == nil && len(f.course) > 0 {
		err = each(f)
	}
	return err
}
