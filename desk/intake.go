package desk

import (
	"context"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Intake is what has been typed, scanned and ticked so far; also what a draft keeps. Its ID is made when the form is opened and makes
// a repeated F9, a retry after an unknown outcome and a script run twice one and the same reception.
type Intake struct {
	ID           dossier.ID        `json:"id,omitzero"`
	Procedure    string            `json:"procedure"`
	Case         string            `json:"case,omitempty"`
	Requester    dossier.Requester `json:"requester"`
	Subject      dossier.Person    `json:"subject,omitzero"`
	SubjectOrg   dossier.Office    `json:"subject-org,omitzero"`
	Represented  bool              `json:"represented,omitempty"` // a ward: somebody speaks for them though they are not under 14
	Ground       string            `json:"ground,omitempty"`
	Reason       string            `json:"reason,omitempty"`
	Term         string            `json:"term,omitempty"`
	Channel      dossier.Channel   `json:"channel,omitempty"`
	Papers       []dossier.Paper   `json:"papers,omitempty"` // by Key; Title is filled in from the catalogue
	Sets         int               `json:"sets,omitempty"`
	ReceivedAt   time.Time         `json:"received-at,omitzero"` // now, unless taken down by hand earlier
	ReturnPlace  string            `json:"return-place,omitempty"`
	NationalCode string            `json:"national-code,omitempty"`
	Note         string            `json:"note,omitempty"`
	Confirm      Confirm           `json:"-"` // of a second person, for a request to lock; no draft and no file has it
}

// MaxBackdated is how long after the day a reception taken down by hand may still be entered.
const MaxBackdated = 7 * 24 * time.Hour

// Plan is what would happen if the intake were received now. It is made for every keystroke, so it keeps nothing.
type Plan struct {
	Procedure *dossier.Procedure // nil while none is chosen or it is not offered
	Case      *dossier.Case
	Due       dossier.Due // zero while it cannot be said
	OwnDue    dossier.Due
	Problems  dossier.Problems // everything that is missing or wrong, in the order of the form; warnings among them
	receive   dossier.Receive
}

// Plan checks an intake and reckons its appointment. The error is for a store that cannot be read; what is wrong with the
// intake is in the plan.
func (d *Desk) Plan(ctx context.Context, in Intake) (Plan, error) {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return Plan{}, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return Plan{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return Plan{}, err
	}
	return d.plan(s, in, now)
}

func (d *Desk) plan(s dossier.Settings, in Intake, now time.Time) (Plan, error) {
	in = in.clean()
	var p Plan
	p.add(in.setTime(now))
	unit, err := s.UnitOn(dossier.DateOf(in.ReceivedAt))
	if err != nil {
		return Plan{}, err
	}
	day, calendar := dossier.DateOf(in.ReceivedAt), d.calendar(dossier.DateOf(now))
	if in.Procedure == "" {
		p.add(dossier.Invalid("procedure", "procedure.missing"))
	} else if p.Procedure, err = d.catalogue(day).Find(in.Procedure, unit.Level, day); err != nil {
		if err := p.addErr("procedure", err); err != nil {
			return Plan{}, err
		}
	}
	if p.Procedure != nil {
		if p.Case, err = p.Procedure.CaseFor(in.Requester.Kind, in.Channel, in.Case); err != nil {
			if err := p.addErr("requester.kind", err); err != nil {
				return Plan{}, err
			}
		}
	}
	if p.Case != nil {
		if in.Case == "" {
			in.Case = p.Case.Key
		}
		if p.Due, err = dossier.Reckon(p.Case.Limit, calendar, s.Hours, in.ReceivedAt); err != nil {
			if err := p.addErr("received-at", err); err != nil {
				return Plan{}, err
			}
		}
		if p.Case.Own != (dossier.Limit{}) {
			if p.OwnDue, err = dossier.Reckon(p.Case.Own, calendar, s.Hours, in.ReceivedAt); err != nil {
				if err := p.addErr("received-at", err); err != nil {
					return Plan{}, err
				}
			}
		}
		in.check(&p, day)
	} else {
		in.checkTexts(&p)
	}
	p.receive = in.receive(p, s, unit.Unit)
	p.receive.Level = unit.Level
	return p, nil
}

// add says each thing once.
func (p *Plan) add(ps dossier.Problems) {
	for _, one := range ps {
		if !slices.ContainsFunc(p.Problems, func(had dossier.Problem) bool { return had.Field == one.Field && had.Code == one.Code }) {
			p.Problems = append(p.Problems, one)
		}
	}
}

// addErr takes in what is wrong with the intake and hands back what is wrong with the world. A problem without a field gets this one.
func (p *Plan) addErr(field string, err error) error {
	var ps dossier.Problems
	if !asProblems(err, &ps) {
		return err
	}
	for _, one := range ps {
		if one.Field == "" {
			one.Field = field
		}
		p.add(dossier.Problems{one})
	}
	return nil
}

// setTime fills in the moment of reception and judges one that was taken down by hand.
func (in *Intake) setTime(now time.Time) dossier.Problems {
	switch {
	case in.ReceivedAt.IsZero():
		in.ReceivedAt = now
	case in.ReceivedAt.After(now):
		return dossier.Invalid("received-at", "intake.future")
	case now.Sub(in.ReceivedAt) > MaxBackdated:
		return dossier.Invalid("received-at", "intake.too-old", "days", "7")
	}
	in.ReceivedAt = in.ReceivedAt.In(dossier.Hanoi).Truncate(time.Minute)
	return nil
}

// clean is the intake with every text in NFC and without control characters, and with what is left open set to the usual.
func (in Intake) clean() Intake {
	eachText(&in, func(_ string, s *string, _ int) { *s = dossier.Clean(*s) })
	in.Papers = slices.Clone(in.Papers)
	for i := range in.Papers {
		in.Papers[i].Title = dossier.Clean(in.Papers[i].Title)
	}
	if in.Channel == "" {
		in.Channel = dossier.AtDesk
	}
	if in.Requester.Kind == "" {
		in.Requester.Kind = dossier.Citizen
	}
	if in.Sets == 0 {
		in.Sets = 1
	}
	return in
}

// eachText visits every text of the form under the name of its field, with the most letters it may have.
func eachText(in *Intake, visit func(field string, s *string, max int)) {
	person := func(prefix string, p *dossier.Person) {
		visit(prefix+".name", &p.Name, dossier.MaxName)
		visit(prefix+".number", &p.Number, 20)
		visit(prefix+".old-number", &p.OldNumber, 20)
		visit(prefix+".passport", &p.Passport, 20)
		visit(prefix+".sex", &p.Sex, 10)
		visit(prefix+".address", &p.Address, dossier.MaxAddress)
		visit(prefix+".phone", &p.Phone, 20)
		visit(prefix+".email", &p.Email, 100)
	}
	office := func(prefix string, o *dossier.Office) {
		visit(prefix+".name", &o.Name, dossier.MaxName)
		visit(prefix+".code", &o.Code, 40)
		visit(prefix+".document", &o.Document, 60)
		visit(prefix+".position", &o.Position, 100)
		visit(prefix+".address", &o.Address, dossier.MaxAddress)
		visit(prefix+".phone", &o.Phone, 20)
	}
	office("agency", &in.Requester.Agency)
	person("person", &in.Requester.Person)
	person("representative", &in.Requester.Representative)
	visit("relation", &in.Requester.Relation, 60)
	person("subject", &in.Subject)
	office("subject-org", &in.SubjectOrg)
	visit("reason", &in.Reason, dossier.MaxText)
	visit("term", &in.Term, 100)
	visit("national-code", &in.NationalCode, 60)
	visit("return-place", &in.ReturnPlace, dossier.MaxName)
	visit("note", &in.Note, dossier.MaxText)
}

// receive is the body the intake would become. Its number is given when it is kept.
func (in Intake) receive(p Plan, s dossier.Settings, unit dossier.Unit) dossier.Receive {
	r := dossier.Receive{Procedure: in.Procedure, Case: in.Case, FormSet: s.FormSet, Unit: unit, Requester: in.Requester,
		Subject: in.Subject, SubjectOrg: in.SubjectOrg, Ground: in.Ground, Reason: in.Reason, Term: in.Term, Channel: in.Channel,
		Sets: in.Sets, ReceivedAt: in.ReceivedAt, Due: p.Due, OwnDue: p.OwnDue, ReturnPlace: in.ReturnPlace,
		NationalCode: in.NationalCode, Note: in.Note}
	if p.Procedure != nil {
		r.Title = p.Procedure.Title
	}
	if r.ReturnPlace == "" {
		r.ReturnPlace = unit.Name
	}
	if p.Case != nil {
		for _, g := range p.Case.Grounds {
			if r.Ground == "" && len(p.Case.Grounds) == 1 {
				r.Ground = g.Key
			}
		}
		for _, rule := range p.Case.Papers {
			for _, given := range in.Papers {
				if given.Key == rule.Key && given.Originals+given.Copies > 0 {
					given.Title = rule.Title
					r.Papers = append(r.Papers, given)
				}
			}
		}
	}
	for _, given := range in.Papers {
		if given.Key == "" && given.Title != "" && given.Originals+given.Copies > 0 {
			r.Papers = append(r.Papers, given)
		}
	}
	return r
}
