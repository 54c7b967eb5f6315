package store

import (
	"context"
	"fmt"
	"strings"

	"tiepnhan/dossier"
)

// place is where a dossier stands in the registers: the day of its reception, then its number; refusals, whose numbers are a series
// of their own, after the rest of the day. A reception that is disputed stands where its number says, for that is on paper. Empty for
// what has neither: acts whose reception has not come, and what was purged.
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

// Between visits what was received or refused on those days, both of them included: day by day, in the order of the numbers, refusals
// after the rest of their day. Annulled ones are there too, for their numbers were given. All is of one moment, nobody who writes waits
// for it, and only a few dossiers are held at a time. visit is called from the caller's goroutine; its error ends it and comes back as
// it is. visit should not ask this store, whose readers may all be at this.
func (s *Store) Between(ctx context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error {
	const doing = "go through the registers"
	reading, stop := context.WithCancel(ctx)
	ahead := make(chan chan dossier.Dossier, foldedAhead)
	ended := make(chan error, 1)
	go func() {
		defer close(ahead)
		ended <- s.read(reading, doing, func(l *link) error {
			return placed(l, from, to, func(entries []dossier.Entry) error {
				folded := make(chan dossier.Dossier, 1)
				go func() { folded <- dossier.Replay(entries) }() // most of the time goes here
				select {
				case ahead <- folded:
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
func placed(l *link, from, to dossier.Date, each func([]dossier.Entry) error) error {
	var of int64
	var course []dossier.Entry
	err := l.each(`SELECT e.no, e.header, e.salt, e.body, d.no FROM dossier d CROSS JOIN event e ON e.dossier = d.id AND e.course = 1
		WHERE d.place >= ? AND d.place < ? ORDER BY d.place, d.no, e.no`, []any{from.ISO(), to.ISO() + afterTheDay},
		func(scan func(...any) error) error {
			var no int64
			_, e, err := scanEvent(scan, &no)
			if err != nil {
				return err
			}
			if no != of && len(course) > 0 {
				if err := each(course); err != nil {
					return err
				}
				course = nil
			}
			if of = no; isReplayed(e) {
				course = append(course, e)
			}
			return nil
		})
	if err == nil && len(course) > 0 {
		err = each(course)
	}
	return err
}
