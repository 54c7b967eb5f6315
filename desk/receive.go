package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Receive opens a dossier: number, appointment and all that was said are kept in one step. It refuses with every problem there is.
// Received again under the same ID it returns the dossier that is there.
func (d *Desk) Receive(ctx context.Context, in Intake) (dossier.Dossier, error) {
	return d.ReceiveAnd(ctx, in, "", nil)
}

// ReceiveAnd is Receive and, in the same step, the act that follows at once while the person still stands there: what was performed or
// forwarded in the national system, or papers asked for. Both are kept or neither; the act is held to every rule of Do. No verb is Receive.
//
// Where papers are asked for, those that lack hold nothing up: that they lack is what the slip says. It is received all the same, with a
// number: the slip (Mẫu số 02 of Thông tư 01/2018/TT-VPCP) is one of a dossier, "Yêu cầu bổ sung giấy tờ" a status of one (5 of the
// national list), and who comes back with the paper is found by the number instead of being asked everything anew. Its clock stands until
// then, and the appointment is reckoned anew.
//
// Where the station sets so, a request to lock needs a second person's word (Intake.Confirm): who may receive or admit others. Nobody is asked
// once it is there. Codes: confirm.needed, confirm.self, confirm.role and those of the ring for a wrong password.
//
// Of a reception taken down by hand the act took place when that did, unless it says its own moment: never before, and not in the future.
func (d *Desk) ReceiveAnd(ctx context.Context, in Intake, verb dossier.Kind, body any) (dossier.Dossier, error) {
	if verb == dossier.Received || verb == dossier.Refused || verb != "" && !verb.IsAct() {
		return dossier.Dossier{}, dossier.Invalid("", "act.unknown", "act", string(verb))
	}
	if err := d.may(ctx, dossier.Deed(dossier.Received)); err != nil {
		return dossier.Dossier{}, err
	}
	if verb != "" {
		if err := d.may(ctx, dossier.Deed(verb)); err != nil {
			return dossier.Dossier{}, err
		}
	}
	body = anew(body)
	s, err := d.settings(ctx)
	if err != nil {
		return dossier.Dossier{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return dossier.Dossier{}, err
	}
	p, err := d.plan(s, in, now)
	if err != nil {
		return dossier.Dossier{}, err
	}
	ps := p.Problems.Blocking()
	if verb == dossier.AskedPapers {
		ps = slices.DeleteFunc(ps, func(one dossier.Problem) bool { return one.Code == "papers.missing" })
	}
	if at := momentOf(body); at != nil && at.IsZero() && !in.ReceivedAt.IsZero() {
		*at = p.receive.ReceivedAt
	}
	if verb != "" {
		switch err := d.follows(in, p.receive, verb, body, s, now); {
		case err == nil:
		case !asProblems(err, new(dossier.Problems)):
			return dossier.Dossier{}, err
		default:
			var more dossier.Problems
			asProblems(err, &more)
			ps = append(ps, more.Blocking()...)
		}
	}
	if len(ps) > 0 {
		// A script run again next week: what was fine when it was received is not asked again.
		if have, found := d.Store.Dossier(ctx, in.ID); found == nil && have.Number != "" {
			return have, nil
		}
		return dossier.Dossier{}, ps
	}
	if s.LockTwice && p.Procedure.Locks() {
		if have, found := d.Store.Dossier(ctx, in.ID); found == nil && have.Number != "" {
			return have, nil
		}
		if p.receive.Confirmed, p.receive.Alone, err = d.lockAgreed(ctx, in.Confirm); err != nil {
			return dossier.Dossier{}, err
		}
	}
	kept, err := d.open(ctx, in, dossier.IntakeSeries, p.receive, func(r dossier.Receive) ([]dossier.Event, error) {
		e, err := d.event(in.ID, dossier.Received, r)
		if err != nil || verb == "" {
			return []dossier.Event{e}, err
		}
		then, err := d.event(in.ID, verb, body)
		return []dossier.Event{e, then}, err
	})
	if err == nil && d.Hurry != nil && p.Procedure.Form == "tk03" { // to lock or unlock
		d.Hurry()
	}
	return kept, err
}

// lockAgreed names the second person who stands for a request to lock. Where there is nobody else on this PC, alone says so and it goes on: a
// citizen's is to be locked at once, and announcing it to wait an hour would leave open what they came to have shut. Where nobody signs in nobody
// is asked.
func (d *Desk) lockAgreed(ctx context.Context, c Confirm) (by dossier.OfficerID, alone bool, err error) {
	all, err := d.users(ctx)
	if err != nil || len(all) == 0 || d.Ring == nil {
		return "", false, err
	}
	by, err = d.confirmed(all, c, dossier.Deed(dossier.Received), dossier.DeedUsers)
	return by, err == nil && by == "", err
}

// anew is a body of our own: what is filled in of one try, such as the moment, must not be held against the next, a minute later.
func anew(body any) any {
	v := reflect.ValueOf(body)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return body
	}
	own := reflect.New(v.Type().Elem())
	own.Elem().Set(v.Elem())
	return own.Interface()
}

// momentOf is where the body of an act says when it took place; nil for one that does not.
func momentOf(body any) *time.Time {
	switch b := body.(type) {
	case *dossier.AskPapers:
		return &b.At
	case *dossier.Forward:
		return &b.At
	case *dossier.Perform:
		return &b.At
	case *dossier.Decision:
		return &b.At
	case *dossier.Reason:
		return &b.At
	}
	return nil
}

// follows asks the rules whether the act may follow such a reception, and fills in what it leaves open.
func (d *Desk) follows(in Intake, r dossier.Receive, verb dossier.Kind, body any, s dossier.Settings, now time.Time) error {
	e, err := d.event(in.ID, dossier.Received, r)
	if err != nil {
		return err
	}
	opened, err := dossier.Seal(e, [16]byte{})
	if err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	have := dossier.Replay([]dossier.Entry{opened})
	if err := have.Allowed(verb); err != nil {
		return err
	}
	return d.complete(body, have, s, now)
}

// Refuse keeps that an intake was refused and why (BM.03). What must be there is who asked, for what, and the reason; the law
// being against it is exactly why one refuses.
func (d *Desk) Refuse(ctx context.Context, in Intake, why string) (dossier.Dossier, error) {
	if err := d.may(ctx, dossier.Deed(dossier.Refused)); err != nil {
		return dossier.Dossier{}, err
	}
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
		case "text.too-long", "text.letters", "text.no-letter", "papers.count", "papers.too-many", "sets.range", "intake.future", "intake.too-old", "secret.document":
			ps = append(ps, one)
		}
	}
	if err := ps.Err(); err != nil {
		return dossier.Dossier{}, err
	}
	p.receive.Due, p.receive.OwnDue = dossier.Due{}, dossier.Due{}
	return d.open(ctx, in, dossier.RefusalSeries, p.receive, func(r dossier.Receive) ([]dossier.Event, error) {
		e, err := d.event(in.ID, dossier.Refused, dossier.Refuse{Receive: r, Why: why})
		return []dossier.Event{e}, err
	})
}

func (d *Desk) open(ctx context.Context, in Intake, series dossier.Series, r dossier.Receive,
	events func(dossier.Receive) ([]dossier.Event, error)) (dossier.Dossier, error) {
	if in.ID.IsZero() {
		return dossier.Dossier{}, errors.New("receive: the intake has no id")
	}
	o := dossier.Opening{ID: in.ID, Series: series, Day: dossier.DateOf(r.ReceivedAt), Draft: IntakeDraft, National: r.NationalCode}
	return d.Store.Receive(ctx, o, func(number string) ([]dossier.Event, error) {
		r.Number = number
		return events(r)
	})
}

// NewIntake is an empty form.
func (d *Desk) NewIntake() Intake {
	return Intake{ID: d.NewID(), Channel: dossier.AtDesk, Requester: dossier.Requester{Kind: dossier.Citizen}, Sets: 1}
}

func encode(body any) ([]byte, error) { return json.Marshal(body) }

func asProblems(err error, to *dossier.Problems) bool { return errors.As(err, to) }
