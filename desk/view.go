package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Opened is one dossier as its screen shows it.
type Opened struct {
	Dossier dossier.Dossier
	Summary dossier.Summary
	Prints  map[string]int // how often, by form
}

// Open shows a dossier and keeps a trace that it was seen.
func (d *Desk) Open(ctx context.Context, id dossier.ID) (Opened, error) {
	o, err := d.Look(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	return o, d.record(ctx, id, dossier.TraceOpened, struct{}{})
}

// Look is Open without the trace: for showing again what is on the screen already.
func (d *Desk) Look(ctx context.Context, id dossier.ID) (Opened, error) {
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	row, err := d.Store.Summary(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	prints, err := d.Store.Prints(ctx, id)
	return Opened{Dossier: have, Summary: row, Prints: prints}, err
}

// Find is the dossier of that number, ours or the national system's.
func (d *Desk) Find(ctx context.Context, number string) (dossier.Dossier, error) {
	return d.Store.Find(ctx, dossier.Clean(number))
}

// List are rows of the list, the latest first.
func (d *Desk) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	return d.Store.List(ctx, q)
}

// Count is how many rows the list has in all.
func (d *Desk) Count(ctx context.Context, q dossier.Query) (int, error) { return d.Store.Count(ctx, q) }

// Queue is what waits to be sent.
func (d *Desk) Queue(ctx context.Context) (dossier.Queue, error) { return d.Store.Queue(ctx) }
