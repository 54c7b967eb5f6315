package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// Do adds one act to a dossier, after every rule of the verb was asked inside the transaction. body is the verb's own type (see
// dossier.NewBody); what it leaves open (times, appointment after papers came, the authority) is filled in.
func (d *Desk) Do(ctx context.Context, verb dossier.Kind, id dossier.ID, body any) (dossier.Dossier, error) {
	if verb == dossier.Received || verb == dossier.Refused || !verb.IsAct() {
		return dossier.Dossier{}, dossier.Invalid("", "act.unknown", "act", string(verb))
	}
	s, err := d.settings(ctx)
	if err != nil {
		return dossier.Dossier{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return dossier.Dossier{}, err
	}
	return d.Store.Act(ctx, id, func(have dossier.Dossier) (dossier.Event, error) {
		if err := have.Allowed(verb); err != nil {
			return dossier.Event{}, err
		}
		if err := d.complete(body, have, s, now); err != nil {
			return dossier.Event{}, err
		}
		return d.event(id, verb, body)
	})
}

// DoJSON is Do with the body as a script writes it. Unknown fields are refused: a misspelt reason must not be lost.
func (d *Desk) DoJSON(ctx context.Context, verb dossier.Kind, id dossier.ID, text []byte) (dossier.Dossier, error) {
	body := dossier.NewBody(verb)
	if body == nil || !verb.IsAct() {
		return dossier.Dossier{}, dossier.Invalid("", "act.unknown", "act", string(verb))
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		text = []byte("{}")
	}
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(body); err != nil {
		return dossier.Dossier{}, dossier.Invalid("", "input.not-json", "detail", err.Error())
	}
	return d.Do(ctx, verb, id, body)
}

// complete checks what a verb must carry and fills in what it may leave open.
func (d *Desk) complete(body any, have dossier.Dossier, s dossier.Settings, now time.Time) error {
	var ps dossier.Problems
	want := func(field, code string, text *string) {
		*text = dossier.CleanMultiline(*text)
		if *text == "" {
			ps = append(ps, dossier.Invalid(field, code)...)
		}
		ps = append(ps, dossier.CheckText(field, *text, dossier.MaxText)...)
	}
	moment := func(at *time.Time) {
		if at.IsZero() {
			*at = now
		}
		*at = at.In(dossier.Hanoi).Truncate(time.Minute)
		if at.After(now) || at.Before(have.Intake.ReceivedAt.Truncate(time.Minute)) {
			ps = append(ps, dossier.Invalid("at", "act.time", "received", have.Intake.ReceivedAt.In(dossier.Hanoi).Format("15:04 02/01/2006"))...)
		}
	}
	procedure, err := d.Catalogue.Find(have.Intake.Procedure, have.Intake.Level, dossier.DateOf(have.Intake.ReceivedAt))
	if err != nil {
		procedure = &dossier.Procedure{}
	}
	switch b := body.(type) {
	case *dossier.AskPapers:
		want("why", "ask-papers.reason-missing", &b.Why)
	case *dossier.AddPapers:
		if len(b.Papers) == 0 {
			ps = append(ps, dossier.Invalid("papers", "add-papers.none")...)
		}
		if err := d.reckonAgain(b, have, s, now); err != nil {
			return err
		}
	case *dossier.HandOver:
		want("from", "hand-over.from-missing", &b.From)
		want("to", "hand-over.to-missing", &b.To)
	case *dossier.Forward:
		if b.To == "" {
			b.To = procedure.Authority
		}
		want("to", "forward.to-missing", &b.To)
		moment(&b.At)
	case *dossier.Perform:
		if c, err := procedure.CaseFor(have.Intake.Requester.Kind, have.Intake.Channel, have.Intake.Case); err != nil || !c.AtOnce() {
			ps = append(ps, dossier.Invalid("", "perform.not-at-once")...)
		}
		moment(&b.At)
	case *dossier.Decision:
		if b.By == "" {
			b.By = procedure.Authority
		}
		want("by", "decide.by-missing", &b.By)
		want("document", "decide.document-missing", &b.Document)
		switch day := dossier.DateOf(now); {
		case b.Date.IsZero():
			b.Date = day
		case day.Before(b.Date):
			ps = append(ps, dossier.Invalid("date", "decide.date-future")...)
		}
		if !b.Approved {
			want("why", "decide.reason-missing", &b.Why)
		}
	case *dossier.Reschedule:
		want("why", "reschedule.reason-missing", &b.Why)
		if !b.Due.At.After(have.Due.At) {
			ps = append(ps, dossier.Invalid("due", "reschedule.not-later")...)
		}
		if have.Reschedules > 0 && strings.TrimSpace(b.Override) == "" {
			ps = append(ps, dossier.Invalid("override", "reschedule.second")...)
		}
		if b.Due.Text == "" {
			b.Due.Text = "Hẹn lại"
		}
	case *dossier.Notify:
		want("to", "notify.to-missing", &b.To)
	case *dossier.HandBack:
		want("to", "return.to-missing", &b.To)
	case *dossier.Reason:
		want("why", "reason.missing", &b.Why)
	case *dossier.Correct:
		want("why", "reason.missing", &b.Why)
		if empty, err := json.Marshal(dossier.Correct{Why: b.Why}); err != nil {
			return err
		} else if given, err := json.Marshal(b); err != nil || string(given) == string(empty) {
			ps = append(ps, dossier.Invalid("", "correct.nothing")...)
		}
	case *dossier.Resolve:
		want("why", "reason.missing", &b.Why)
		if len(b.Names) < 2 {
			ps = append(ps, dossier.Invalid("names", "resolve.names")...)
		}
	default:
		return fmt.Errorf("do: no rule for a body of type %T", body)
	}
	return ps.Err()
}

// reckonAgain gives the appointment after papers came. Time spent waiting for them does not count: the days that were left when they were
// asked for, at least one, begin anew.
func (d *Desk) reckonAgain(b *dossier.AddPapers, have dossier.Dossier, s dossier.Settings, now time.Time) error {
	procedure, err := d.Catalogue.Find(have.Intake.Procedure, have.Intake.Level, dossier.DateOf(have.Intake.ReceivedAt))
	if err != nil {
		return err
	}
	c, err := procedure.CaseFor(have.Intake.Requester.Kind, have.Intake.Channel, have.Intake.Case)
	if err != nil {
		return err
	}
	if b.Due, err = d.reckonLeft(c.Limit, have, s, now); err != nil {
		return err
	}
	if !c.Own.IsZero() && have.Forward == nil {
		b.OwnDue, err = d.reckonLeft(c.Own, have, s, now)
	} else {
		b.OwnDue = have.OwnDue
	}
	return err
}

func (d *Desk) reckonLeft(limit dossier.Limit, have dossier.Dossier, s dossier.Settings, now time.Time) (dossier.Due, error) {
	asked := have.Intake.ReceivedAt
	for _, step := range have.Course {
		if step.Kind == dossier.AskedPapers && step.Effect == dossier.Applied {
			asked = step.At
		}
	}
	left := limit
	for used := 1; used < limit.N; used++ {
		gone, err := dossier.Reckon(dossier.Limit{N: used, Unit: limit.Unit}, d.Calendar, s.Hours, have.Intake.ReceivedAt)
		if err != nil {
			return dossier.Due{}, err
		}
		if !dossier.DateOf(gone.At).Before(dossier.DateOf(asked)) {
			break
		}
		left.N--
	}
	return dossier.Reckon(left, d.Calendar, s.Hours, now)
}
