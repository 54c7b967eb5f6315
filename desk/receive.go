package desk

import (
	"context"
	"encoding/json"
	"errors"

	"tiepnhan/dossier"
)

// Receive opens a dossier: number, appointment and all that was said are kept in one step. It refuses with every problem there is.
// Received again under the same ID it returns the dossier that is there.
func (d *Desk) Receive(ctx context.Context, in Intake) (dossier.Dossier, error) {
	p, err := d.Plan(ctx, in)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if err := p.Problems.Err(); err != nil {
		// A script run again next week: what was fine when it was received is not asked again.
		if have, found := d.Store.Dossier(ctx, in.ID); found == nil && have.Number != "" {
			return have, nil
		}
		return dossier.Dossier{}, err
	}
	kept, err := d.open(ctx, in, dossier.IntakeSeries, p.receive, func(r dossier.Receive) (dossier.Event, error) {
		return d.event(in.ID, dossier.Received, r)
	})
	if err == nil && d.Hurry != nil && p.Procedure.Form == "tk03" { // to lock or unlock
		d.Hurry()
	}
	return kept, err
}

// Refuse keeps that an intake was refused and why (BM.03). What must be there is who asked, for what, and the reason; the law
// being against it is exactly why one refuses.
func (d *Desk) Refuse(ctx context.Context, in Intake, why string) (dossier.Dossier, error) {
	p, err := d.Plan(ctx, in)
	if err != nil {
		return dossier.Dossier{}, err
	}
	var ps dossier.Problems
	if p.receive.Requester.Name() == "" {
		ps = append(ps, dossier.Invalid("person.name", "person.name-missing")...)
	}
	for _, one := range p.Problems { // what is not this unit's, or no more, has a title all the same: that is what is refused
		if one.Field == "procedure" && p.receive.Title == "" {
			p.receive.Title = one.Args["title"]
		}
	}
	if p.receive.Title == "" {
		ps = append(ps, dossier.Invalid("procedure", "procedure.missing")...)
	}
	why = dossier.CleanMultiline(why)
	if why == "" {
		ps = append(ps, dossier.Invalid("why", "refuse.reason-missing")...)
	}
	ps = append(ps, dossier.CheckText("why", why, dossier.MaxText)...)
	for _, one := range p.Problems {
		switch one.Code {
		case "text.too-long", "text.letters", "text.no-letter", "papers.count", "papers.too-many", "sets.range", "intake.future", "intake.too-old":
			ps = append(ps, one)
		}
	}
	if err := ps.Err(); err != nil {
		return dossier.Dossier{}, err
	}
	p.receive.Due, p.receive.OwnDue = dossier.Due{}, dossier.Due{}
	return d.open(ctx, in, dossier.RefusalSeries, p.receive, func(r dossier.Receive) (dossier.Event, error) {
		return d.event(in.ID, dossier.Refused, dossier.Refuse{Receive: r, Why: why})
	})
}

func (d *Desk) open(ctx context.Context, in Intake, series dossier.Series, r dossier.Receive,
	event func(dossier.Receive) (dossier.Event, error)) (dossier.Dossier, error) {
	if in.ID.IsZero() {
		return dossier.Dossier{}, errors.New("receive: the intake has no id")
	}
	return d.Store.Receive(ctx, in.ID, series, dossier.DateOf(r.ReceivedAt), IntakeDraft, func(number string) (dossier.Event, error) {
		r.Number = number
		return event(r)
	})
}

// IntakeDraft is the name of the draft of the reception form. It is gone in the very step that keeps the dossier.
const IntakeDraft = "intake"

// NewIntake is an empty form.
func (d *Desk) NewIntake() Intake {
	return Intake{ID: d.NewID(), Channel: dossier.AtDesk, Requester: dossier.Requester{Kind: dossier.Citizen}, Sets: 1}
}

// Draft is the form as it was left, or a new one.
func (d *Desk) Draft(ctx context.Context) (in Intake, found bool, err error) {
	b, err := d.Store.Draft(ctx, IntakeDraft)
	if err != nil || b == nil {
		return d.NewIntake(), false, err
	}
	if err := json.Unmarshal(b, &in); err != nil || in.ID.IsZero() {
		return d.NewIntake(), false, nil
	}
	return in, true, nil
}

// SaveDraft keeps the form as it stands.
func (d *Desk) SaveDraft(ctx context.Context, in Intake) error {
	b, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return d.Store.SaveDraft(ctx, IntakeDraft, b)
}

// DropDraft throws the form away.
func (d *Desk) DropDraft(ctx context.Context) error { return d.Store.DropDraft(ctx, IntakeDraft) }

func encode(body any) ([]byte, error) { return json.Marshal(body) }

func asProblems(err error, to *dossier.Problems) bool { return errors.As(err, to) }
