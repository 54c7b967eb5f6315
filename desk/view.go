package desk

import (
	"context"
	"time"

	"tiepnhan/dossier"
)

// Opened is one dossier as its screen shows it.
type Opened struct {
	Dossier   dossier.Dossier
	Summary   dossier.Summary
	Prints    map[string]int                     // how often, by form
	Whence    map[dossier.EventID]dossier.Whence // where each act was written down
	Procedure *dossier.Procedure                 // the edition it was received under; empty where the catalogue does not know it any more
	Case      *dossier.Case
	Apology   time.Time   // from when on an apology may be offered; zero where nothing was promised
	Again     dossier.Due // what an apology would propose; zero where nothing can be reckoned
}

// Open shows a dossier and keeps a trace that it was seen.
func (d *Desk) Open(ctx context.Context, id dossier.ID) (Opened, error) {
	o, err := d.Look(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	return o, d.saw(ctx, id, dossier.TraceOpened, struct{}{})
}

// Look is Open without the trace: for showing again what is on the screen already.
func (d *Desk) Look(ctx context.Context, id dossier.ID) (Opened, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return Opened{}, err
	}
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	row, err := d.Store.Summary(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	o := Opened{Dossier: have, Summary: row}
	if o.Prints, err = d.Store.Prints(ctx, id); err != nil {
		return Opened{}, err
	}
	if o.Whence, err = d.Store.Whence(ctx, id); err != nil {
		return Opened{}, err
	}
	o.Procedure, o.Case = d.caseOf(have)
	s, ok, err := d.Store.Settings(ctx)
	if err != nil || !ok || have.Due.At.IsZero() {
		return o, err
	}
	today, err := d.today(ctx)
	if err != nil {
		return o, err
	}
	o.Apology = dossier.ApologyFrom(d.calendar(today), s.Hours, have.Due)
	if now, err := d.now(ctx); err == nil { // without a clock or a calendar to go by the officer says the day
		if again, err := dossier.ProposeAgain(left(have, o.Case), d.calendar(today), s.Hours, have.Due, now); err == nil {
			o.Again = again
		}
	}
	return o, nil
}

// caseOf is the procedure and the case a dossier was received under, both empty where the catalogue does not know them any more.
func (d *Desk) caseOf(have dossier.Dossier) (*dossier.Procedure, *dossier.Case) {
	in := have.Intake
	procedure, err := d.ruling(in)
	if err != nil {
		return &dossier.Procedure{}, &dossier.Case{}
	}
	kase, err := procedure.CaseFor(in.Requester.Kind, in.Channel, in.Case)
	if err != nil {
		return procedure, &dossier.Case{}
	}
	return procedure, kase
}

// left is the limit of what is still to be done: the station's own step is over once it has forwarded.
func left(have dossier.Dossier, c *dossier.Case) dossier.Limit {
	limit := c.Limit
	if have.Forward != nil && c.Own.Unit == limit.Unit && c.Own.N < limit.N {
		limit.N -= c.Own.N
	}
	return limit
}

// Find is the dossier of that number, ours or the national system's.
func (d *Desk) Find(ctx context.Context, number string) (dossier.Dossier, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return dossier.Dossier{}, err
	}
	return d.Store.Find(ctx, dossier.Clean(number))
}

// List are rows of the list. Whoever types a personal number whole looks up a person, and that is a trace.
func (d *Desk) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return nil, err
	}
	rows, err := d.Store.List(ctx, d.timed(q))
	if err != nil {
		return nil, err
	}
	return rows, d.searched(ctx, q.Text, rows)
}

// Count is how many rows the list has in all. Who sees no names is told of all of them only, not of those a name has.
func (d *Desk) Count(ctx context.Context, q dossier.Query) (int, error) {
	deed := dossier.DeedFigures
	if q.Text != "" {
		deed = dossier.DeedLook
	}
	if err := d.may(ctx, deed); err != nil {
		return 0, err
	}
	return d.Store.Count(ctx, d.timed(q))
}

func (d *Desk) timed(q dossier.Query) dossier.Query {
	if q.Now.IsZero() {
		q.Now = d.Now()
	}
	return q
}

// Queue is what waits to be sent. Who sees no dossiers is shown whose they are no more than the rest of them.
func (d *Desk) Queue(ctx context.Context) (dossier.Queue, error) {
	if err := d.may(ctx, dossier.DeedStation); err != nil {
		return dossier.Queue{}, err
	}
	q, err := d.Store.Queue(ctx)
	if err != nil {
		return dossier.Queue{}, err
	}
	if err := d.may(ctx, dossier.DeedLook); dossier.Code(err) == "role.not-allowed" {
		for i := range q.Rows {
			q.Rows[i].Name = ""
		}
		for i := range q.SentBack {
			q.SentBack[i].Name, q.SentBack[i].Why = "", ""
		}
	} else if err != nil {
		return dossier.Queue{}, err
	}
	return q, nil
}

// Counts are how many rows each view of the list has now.
func (d *Desk) Counts(ctx context.Context) (map[dossier.View]int, error) {
	if err := d.may(ctx, dossier.DeedFigures); err != nil {
		return nil, err
	}
	return d.Store.Counts(ctx, d.Now())
}
