package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"tiepnhan/dossier"
)

// opened is a pack of upstream's, read.
type opened[T any] struct {
	event dossier.EventID
	from  dossier.Date
	rules T
}

// packs are upstream's that can be used, the latest version first, those that begin later among them. Whoever reckons takes what holds once
// and keeps it: a pack that comes meanwhile is for the next.
type packs struct {
	catalogues []opened[*dossier.Catalogue]
	calendars  []opened[*dossier.Calendar]
	seen       []dossier.EventID // with those that cannot be used
}

// taken is what TakePacks has read last, all of it at once.
type taken = atomic.Pointer[packs]

// holding is what holds on a day: the latest version that has begun, or what came with the program.
func holding[T any](all []opened[T], day dossier.Date, own T) T {
	for _, p := range all {
		if !day.Before(p.from) {
			return p.rules
		}
	}
	return own
}

// catalogue is what procedures are offered and looked up by on that day.
func (d *Desk) catalogue(day dossier.Date) *dossier.Catalogue {
	if p := d.packs.Load(); p != nil {
		return holding(p.catalogues, day, d.Catalogue)
	}
	return d.Catalogue
}

// calendar is what is reckoned by on that day.
func (d *Desk) calendar(day dossier.Date) *dossier.Calendar {
	if p := d.packs.Load(); p != nil {
		return holding(p.calendars, day, d.Calendar)
	}
	return d.Calendar
}

// InForce is what is offered and reckoned by on that day.
func (d *Desk) InForce(day dossier.Date) (*dossier.Catalogue, *dossier.Calendar) {
	return d.catalogue(day), d.calendar(day)
}

// ruling is the procedure a dossier was received under: by what held on its day, or where that is not kept any more by what holds now.
func (d *Desk) ruling(in dossier.Receive) (*dossier.Procedure, error) {
	day := dossier.DateOf(in.ReceivedAt)
	p, err := d.catalogue(day).Find(in.Procedure, in.Level, day)
	if err != nil {
		p, err = d.catalogue(dossier.DateOf(d.Now())).Find(in.Procedure, in.Level, day)
	}
	return p, err
}

// latestCalendar is the one that knows most years, whether or not it has begun.
func (d *Desk) latestCalendar() *dossier.Calendar {
	if p := d.packs.Load(); p != nil && len(p.calendars) > 0 {
		return p.calendars[0].rules
	}
	return d.Calendar
}

// today is the day it is here, also while the clock is to be asked about.
func (d *Desk) today(ctx context.Context) (dossier.Date, error) {
	now, err := d.now(ctx)
	if errors.As(err, new(dossier.Problems)) {
		now, err = d.Now(), nil
	}
	return dossier.DateOf(now), err
}

// TakePacks goes by the packs that upstream has issued, each from its day on, and tells whether that changed anything. What was received,
// promised or printed stays as it is: a dossier carries its own appointment.
func (d *Desk) TakePacks(ctx context.Context) (changed bool, err error) {
	day, err := d.today(ctx)
	if err != nil {
		return false, err
	}
	procedures, err := d.Store.Packs(ctx, dossier.PackCatalogue, day)
	if err != nil {
		return false, err
	}
	days, err := d.Store.Packs(ctx, dossier.PackCalendar, day)
	if err != nil {
		return false, err
	}
	d.taking.Lock()
	defer d.taking.Unlock()
	had := d.packs.Load()
	if had == nil {
		had = &packs{}
	}
	var next packs
	one, err := read(procedures, had.catalogues, &next.catalogues, dossier.Pack.Catalogue)
	if err != nil {
		return false, err
	}
	other, err := read(days, had.calendars, &next.calendars, dossier.Pack.Calendar)
	if err != nil {
		return false, err
	}
	var came []dossier.KeptPack
	for _, k := range slices.Concat(procedures, days) {
		next.seen = append(next.seen, k.Event)
		if !slices.Contains(had.seen, k.Event) {
			came = append(came, k)
		}
	}
	first := d.packs.Swap(&next) == nil
	if !first && len(came) > 0 && d.Issued != nil {
		d.Issued(came)
	}
	return one || other, nil
}

// read opens those of the packs of one kind that can be used, and tells whether they are others than before.
func read[T any](all []dossier.KeptPack, had []opened[T], to *[]opened[T], open func(dossier.Pack) (T, error)) (bool, error) {
next:
	for _, k := range all {
		if k.Refused != "" {
			continue
		}
		for _, p := range had {
			if p.event == k.Event {
				*to = append(*to, p)
				continue next
			}
		}
		rules, err := open(k.Pack)
		if err != nil {
			return false, fmt.Errorf("take %s of version %d: %w", k.Kind, k.Version, err)
		}
		*to = append(*to, opened[T]{k.Event, k.From, rules})
	}
	return !slices.EqualFunc(had, *to, func(a, b opened[T]) bool { return a.event == b.event }), nil
}

// Packs are upstream's packs of a kind: the one in force today, the two before it, and before them what begins later or cannot be used.
func (d *Desk) Packs(ctx context.Context, kind dossier.PackKind) ([]dossier.KeptPack, error) {
	if err := d.may(ctx, dossier.DeedPacks); err != nil {
		return nil, err
	}
	day, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	return d.Store.Packs(ctx, kind, day)
}
