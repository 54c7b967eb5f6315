package desk

import (
	"context"
	"time"

	"tiepnhan/dossier"
)

// now is the moment that numbers, deadlines and papers use: the PC's clock, or the day the officer said it is while the clock cannot be
// right. Nothing but this decides on time, and a wrong clock never blocks service: the officer is asked once.
func (d *Desk) now(ctx context.Context) (time.Time, error) {
	clock := d.Now().In(dossier.Hanoi)
	history, err := d.Store.Clock(ctx)
	if err != nil {
		return time.Time{}, err
	}
	// The officer's word goes before the clock's own looks: one that is a month ahead looks right. It ends when the clock has gone back
	// since: a PC whose battery is empty begins the same day of 2009 anew each morning.
	said, today := history.Said, dossier.DateOf(clock)
	if !said.Date.IsZero() && dossier.DateOf(said.At) == today && !clock.Before(said.At) && clock.Add(dossier.ClockSlack).After(history.Last) {
		if said.Agrees(said.At, dossier.ClockSlack) {
			return clock, nil
		}
		return said.Moment(said.At).Add(clock.Sub(said.At)), nil
	}
	if clock.After(d.Built) && clock.Add(dossier.ClockSlack).After(history.Latest) && clock.Add(24*time.Hour).After(history.Upstream) &&
		!d.beyondCalendar(today) {
		return clock, nil
	}
	return time.Time{}, dossier.Invalid("", "clock.wrong", "now", clock.Format("15:04 02/01/2006"))
}

// beyondCalendar tells whether the clock shows a year so far ahead that no calendar could have come for it yet.
func (d *Desk) beyondCalendar(day dossier.Date) bool {
	years := d.latestCalendar().Years()
	return len(years) > 0 && day.Year > years[len(years)-1]+1
}

// ConfirmDate keeps the officer's word on which day it is, and which hour (zero: the clock's own is right). It holds for the rest of the day
// the clock shows; when the clock shows the same, the clock is right and what it said before no longer counts against it.
func (d *Desk) ConfirmDate(ctx context.Context, today dossier.Date, hour dossier.Clock) error {
	if err := d.may(ctx, dossier.DeedConfirmDate); err != nil {
		return err
	}
	if !today.Valid() {
		return dossier.Invalid("date", "date.format")
	}
	if !d.Built.IsZero() && today.Before(dossier.DateOf(d.Built)) {
		return dossier.Invalid("date", "clock.before-build", "built", dossier.DateOf(d.Built).String())
	}
	return d.record(ctx, dossier.ID{}, dossier.DateConfirmed, dossier.DateSaid{Date: today, Time: hour})
}
