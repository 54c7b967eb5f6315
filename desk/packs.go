package desk

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"tiepnhan/dossier"
)

// inForce is what the desk works by where upstream's packs have replaced what came with the program. Whoever reckons takes it once and
// keeps it: a pack that comes meanwhile is for the next.
type inForce struct {
	catalogue atomic.Pointer[dossier.Catalogue]
	calendar  atomic.Pointer[dossier.Calendar]
	events    atomic.Pointer[[2]dossier.EventID] // whose packs these are
}

func (d *Desk) catalogue() *dossier.Catalogue {
	if c := d.packs.catalogue.Load(); c != nil {
		return c
	}
	return d.Catalogue
}

func (d *Desk) calendar() *dossier.Calendar {
	if c := d.packs.calendar.Load(); c != nil {
		return c
	}
	return d.Calendar
}

// InForce is what is offered and reckoned by from now on.
func (d *Desk) InForce() (*dossier.Catalogue, *dossier.Calendar) { return d.catalogue(), d.calendar() }

// TakePacks goes by the packs that upstream has issued from here on, and tells whether that changed anything. What was received, promised
// or printed stays as it is: a dossier carries its own appointment.
func (d *Desk) TakePacks(ctx context.Context) (changed bool, err error) {
	procedures, err := d.Store.Packs(ctx, dossier.PackCatalogue)
	if err != nil {
		return false, err
	}
	days, err := d.Store.Packs(ctx, dossier.PackCalendar)
	if err != nil {
		return false, err
	}
	var events [2]dossier.EventID
	var catalogue *dossier.Catalogue
	var calendar *dossier.Calendar
	known := d.packs.events.Load()
	if i := slices.IndexFunc(procedures, dossier.KeptPack.Rules); i >= 0 {
		events[0] = procedures[i].Event
		if known == nil || known[0] != events[0] {
			if catalogue, err = procedures[i].Catalogue(); err != nil {
				return false, fmt.Errorf("take the procedures of version %d: %w", procedures[i].Version, err)
			}
		}
	}
	if i := slices.IndexFunc(days, dossier.KeptPack.Rules); i >= 0 {
		events[1] = days[i].Event
		if known == nil || known[1] != events[1] {
			if calendar, err = days[i].Calendar(); err != nil {
				return false, fmt.Errorf("take the calendar of version %d: %w", days[i].Version, err)
			}
		}
	}
	if catalogue != nil {
		d.packs.catalogue.Store(catalogue)
	}
	if calendar != nil {
		d.packs.calendar.Store(calendar)
	}
	d.packs.events.Store(&events)
	return catalogue != nil || calendar != nil, nil
}

// Packs are upstream's packs of a kind: the one in force, the two before it, and before them what cannot be used.
func (d *Desk) Packs(ctx context.Context, kind dossier.PackKind) ([]dossier.KeptPack, error) {
	if err := d.may(ctx, dossier.DeedPacks); err != nil {
		return nil, err
	}
	return d.Store.Packs(ctx, kind)
}
