package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
	if err := d.may(ctx, dossier.Deed(verb)); err != nil {
		return dossier.Dossier{}, err
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
	err := dec.Decode(body)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the end")
		}
	}
	if err != nil {
		return dossier.Dossier{}, dossier.Invalid("", "input.not-json", "detail", err.Error())
	}
	return d.Do(ctx, verb, id, body)
}

// complete checks what a verb must carry and fills in what it may leave open.
func (d *Desk) complete(body any, have dossier.Dossier, s dossier.Settings, now time.Time) error {
	var ps dossier.Problems
	may := func(field string, text *string, max int) {
		*text = dossier.CleanMultiline(*text)
		ps = append(ps, dossier.CheckText(field, *text, max)...)
	}
	want := func(field, code string, text *string) {
		if may(field, text, dossier.MaxText); *text == "" {
			ps = append(ps, dossier.Invalid(field, code)...)
		}
	}
	// What stands in one line of a paper, such as whom it was handed to, is one line here too, and no longer than papers hold. code is
	// what is said where it is missing, "" where it may be.
	line := func(field, code string, text *string, max int) {
		*text = dossier.Clean(*text)
		ps = append(ps, dossier.CheckText(field, *text, max)...)
		if *text == "" && code != "" {
			ps = append(ps, dossier.Invalid(field, code)...)
		}
	}
	received := have.Intake.ReceivedAt.In(dossier.Hanoi).Truncate(time.Minute)
	moment := func(at *time.Time) {
		if at.IsZero() {
			// The clock of the PC that received it may be some minutes ahead of this one's.
			if *at = now.In(dossier.Hanoi).Truncate(time.Minute); at.Before(received) {
				*at = received
			}
			return
		}
		*at = at.In(dossier.Hanoi).Truncate(time.Minute)
		if at.After(now) || at.Before(received) {
			ps = append(ps, dossier.Invalid("at", "act.time", "received", have.Intake.ReceivedAt.In(dossier.Hanoi).Format("15:04 02/01/2006"))...)
		}
	}
	procedure, kase := d.caseOf(have)
	calendar := d.calendar(dossier.DateOf(now))
	switch b := body.(type) {
	case *dossier.AskPapers:
		want("why", "ask-papers.reason-missing", &b.Why)
		ps = append(ps, namePapers(b.Papers, kase)...)
		moment(&b.At)
	case *dossier.AddPapers:
		b.Papers = slices.DeleteFunc(b.Papers, func(p dossier.Paper) bool { return p.Originals == 0 && p.Copies == 0 })
		if len(b.Papers) == 0 {
			ps = append(ps, dossier.Invalid("papers", "add-papers.none")...)
		}
		ps = append(ps, namePapers(b.Papers, kase)...)
		moment(&b.At)
		if err := reckonAgain(b, have, s, kase, calendar); err != nil {
			return err
		}
	case *dossier.HandOver:
		line("from", "hand-over.from-missing", &b.From, dossier.MaxName)
		line("to", "hand-over.to-missing", &b.To, dossier.MaxName)
		may("note", &b.Note, dossier.MaxText)
	case *dossier.Forward:
		if b.To == "" {
			b.To = procedure.Authority
		}
		line("to", "forward.to-missing", &b.To, dossier.MaxName)
		line("reference", "", &b.Reference, dossier.MaxLine)
		moment(&b.At)
	case *dossier.Perform:
		if !kase.AtOnce() {
			ps = append(ps, dossier.Invalid("", "perform.not-at-once")...)
		}
		line("reference", "", &b.Reference, dossier.MaxLine)
		may("result", &b.Result, dossier.MaxText)
		moment(&b.At)
	case *dossier.Decision:
		if b.By == "" {
			b.By = procedure.Authority
		}
		line("by", "decide.by-missing", &b.By, dossier.MaxName)
		line("document", "decide.document-missing", &b.Document, dossier.MaxLine)
		switch day := dossier.DateOf(now); {
		case b.Date.IsZero():
			b.Date = day
		case day.Before(b.Date):
			ps = append(ps, dossier.Invalid("date", "decide.date-future")...)
		}
		if !b.Approved {
			want("why", "decide.reason-missing", &b.Why)
		}
		may("why", &b.Why, dossier.MaxText)
		moment(&b.At)
	case *dossier.Reschedule:
		want("why", "reschedule.reason-missing", &b.Why)
		if from := dossier.ApologyFrom(calendar, s.Hours, have.Due); now.Before(from) {
			ps = append(ps, dossier.Invalid("", "reschedule.early", "from", from.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006"))...)
		}
		if !b.Due.At.After(have.Due.At) {
			ps = append(ps, dossier.Invalid("due", "reschedule.not-later")...)
		} else if !b.Due.At.After(now) {
			ps = append(ps, dossier.Invalid("due", "reschedule.past")...)
		} else {
			ps = append(ps, dossier.CheckAppointment(calendar, s.Hours, b.Due.At)...)
		}
		b.Due.At = b.Due.At.In(dossier.Hanoi)
		b.Due.Projected = !calendar.Official(b.Due.At.Year())
		may("override", &b.Override, dossier.MaxText)
		if have.Reschedules > 0 && b.Override == "" {
			ps = append(ps, dossier.Invalid("override", "reschedule.second")...)
		}
		if b.Due.Text == "" {
			b.Due.Text = "Hẹn lại"
		}
	case *dossier.Notify:
		line("to", "notify.to-missing", &b.To, dossier.MaxName)
		line("how", "notify.how-missing", &b.How, dossier.MaxLine)
		may("note", &b.Note, dossier.MaxText)
	case *dossier.HandBack:
		line("to", "return.to-missing", &b.To, dossier.MaxName)
		line("paper", "", &b.Paper, dossier.MaxLine)
		may("note", &b.Note, dossier.MaxText)
	case *dossier.Reason:
		want("why", "reason.missing", &b.Why)
		moment(&b.At)
	case *dossier.Correct:
		want("why", "reason.missing", &b.Why)
		ps = append(ps, checkCorrect(b, have, procedure)...)
	case *dossier.Resolve:
		want("why", "reason.missing", &b.Why)
		ps = append(ps, checkResolve(b, have)...)
	default:
		return fmt.Errorf("do: no rule for a body of type %T", body)
	}
	return ps.Err()
}

// checkResolve: the acts named are in dispute with one another, and what is to stand is one of them.
func checkResolve(b *dossier.Resolve, have dossier.Dossier) dossier.Problems {
	slices.SortFunc(b.Names, func(a, b dossier.EventID) int { return bytes.Compare(a[:], b[:]) })
	b.Names = slices.Compact(b.Names)
	pair, strange := false, len(b.Names) == 0
	for _, p := range have.Disputes {
		pair = pair || slices.Contains(b.Names, p.A) && slices.Contains(b.Names, p.B)
	}
	for _, name := range b.Names {
		strange = strange || !slices.ContainsFunc(have.Disputes, func(p dossier.Dispute) bool { return p.A == name || p.B == name })
	}
	if !pair || strange {
		return dossier.Invalid("names", "resolve.names")
	}
	if !b.Keep.IsZero() && !slices.Contains(b.Names, b.Keep) {
		return dossier.Invalid("keep", "resolve.keep")
	}
	return nil
}

// reckonAgain gives the appointment after papers came. Time spent waiting for them does not count: the days that were left when they were
// asked for, at least one, begin anew.
func reckonAgain(b *dossier.AddPapers, have dossier.Dossier, s dossier.Settings, c *dossier.Case, calendar *dossier.Calendar) error {
	b.OwnDue = have.OwnDue
	if c.Limit.IsZero() { // the catalogue does not know the procedure any more: nothing can be said anew
		b.Due = have.Due
		return nil
	}
	var err error
	if b.Due, err = reckonLeft(c.Limit, have, s, b.At, calendar); err != nil {
		return err
	}
	if !c.Own.IsZero() && have.Forward == nil {
		b.OwnDue, err = reckonLeft(c.Own, have, s, b.At, calendar)
	}
	return err
}

// reckonLeft begins anew what was left of a limit, however often papers were asked for.
func reckonLeft(limit dossier.Limit, have dossier.Dossier, s dossier.Settings, now time.Time, calendar *dossier.Calendar) (dossier.Due, error) {
	begun := have.Intake.ReceivedAt
	for _, step := range have.Course {
		switch {
		case step.Effect != dossier.Applied:
		case step.Kind == dossier.AddedPapers:
			begun = step.When()
		case step.Kind == dossier.AskedPapers && limit.N > 1:
			counted, err := dossier.Reckon(limit, calendar, s.Hours, begun)
			if err != nil {
				return dossier.Due{}, err
			}
			asked := dossier.DateOf(step.When())
			for _, day := range counted.Days {
				if limit.N > 1 && day.Before(asked) {
					limit.N--
				}
			}
		}
	}
	return dossier.Reckon(limit, calendar, s.Hours, now)
}
