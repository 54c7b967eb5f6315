package reception

import (
	"context"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Answer is Ctrl+D and Ctrl+U: what the officer says of the national system.
func (p *Presenter) Answer(answer string) {
	if p.busy || p.early(func() { p.Answer(answer) }) || p.nationalVerb() == "" || p.slip != "" {
		return
	}
	p.answer = answer
	p.changed()
}

// Ward takes whether somebody speaks for a person of 14 and over.
func (p *Presenter) Ward(on bool) {
	if p.busy {
		p.render()
		return
	}
	p.in.Represented = on
	p.changed()
	if on {
		p.view.Focus("representative.number")
	}
}

// ByHand is Ctrl+T: the moment of a reception taken down by hand, or now after all.
func (p *Presenter) ByHand() {
	if p.busy {
		return
	}
	if p.byHand = !p.byHand; !p.byHand {
		p.received, p.hour, p.days["received-day"] = dossier.Date{}, "", ""
		p.doneDay, p.doneHour, p.days["done-day"] = dossier.Date{}, "", ""
		delete(p.dayWrong, "received-day")
		delete(p.dayWrong, "done-day")
	}
	p.changed()
	if p.byHand {
		p.view.Focus("received-day")
	} else {
		p.view.Focus("note")
	}
}

// receivedAt is the moment taken down by hand; the zero time is now.
func (p *Presenter) receivedAt() (at time.Time, ok bool) {
	if !p.byHand || p.received.IsZero() {
		return time.Time{}, !p.byHand
	}
	c, err := dossier.ParseClock(p.hour)
	if err != nil {
		return time.Time{}, false
	}
	return p.received.At(int(c)/60, int(c)%60), true
}

// doneAt is when it was done in the national system: of a reception taken down by hand at its moment, unless the officer says another. Zero
// is now; not ok is one half typed.
func (p *Presenter) doneAt() (at time.Time, ok bool) {
	received, told := p.receivedAt()
	if p.doneHour == "" {
		return received, p.doneDay.IsZero() || told && p.doneDay == p.received
	}
	c, err := dossier.ParseClock(p.doneHour)
	day := p.doneDay
	if day.IsZero() {
		day = p.received
	}
	if err != nil || day.IsZero() {
		return time.Time{}, err == nil
	}
	return day.At(int(c)/60, int(c)%60), true
}

// mostOthers is how many papers that are on no list fit on the screen's list; the desk says how many a receipt holds.
const mostOthers = 12

// AddOther is Ctrl+G: one more paper that is on no list.
func (p *Presenter) AddOther() {
	if p.busy || p.theCase() == nil {
		return
	}
	if n := len(p.others); n < mostOthers && (n == 0 || p.others[n-1] != dossier.Paper{}) {
		p.others = append(p.others, dossier.Paper{})
	}
	p.render()
	p.view.Focus("papers.other")
}

// Other takes what is written of such a paper: its title, originals or copies.
func (p *Presenter) Other(i int, what, typed string) {
	if p.busy || i >= len(p.others) {
		p.render()
		return
	}
	g := &p.others[i]
	switch what {
	case "title":
		if g.Title == "" && g.Originals+g.Copies == 0 {
			g.Originals = 1 // as it mostly is
		}
		if g.Title = typed; typed == "" && g.Originals == 1 && g.Copies == 0 {
			g.Originals = 0
		}
	case "originals":
		g.Originals = figure(typed)
	case "copies":
		g.Copies = figure(typed)
	}
	p.changed()
}

// written are those of which something is written.
func (p *Presenter) written() []dossier.Paper {
	var out []dossier.Paper
	for _, g := range p.others {
		if g != (dossier.Paper{}) {
			out = append(out, g)
		}
	}
	return out
}

// lookUp finds the earlier dossiers of whom the form is about, once for each who is named. What comes back about somebody else is dropped.
func (p *Presenter) lookUp(in desk.Intake) {
	who := strings.Join([]string{in.Procedure, string(in.Requester.Kind), in.NationalCode, in.SubjectOrg.Code}, "\n")
	if in.Requester.Kind == dossier.Organization {
		who += "\n" + in.Requester.Agency.Code
	}
	for _, one := range []dossier.Person{in.Requester.Person, in.Subject} {
		who += "\n" + strings.Join([]string{one.Number, one.OldNumber, one.Passport, one.Name, one.Born.String()}, "\n")
	}
	if who == p.earlierOf {
		return
	}
	p.earlierOf = who
	if strings.Trim(who, "\n") == strings.TrimSpace(in.Procedure+"\n"+string(in.Requester.Kind)) {
		p.earlier, p.earlierBad = desk.Earlier{}, false
		return
	}
	p.Threads.Go(func() {
		earlier, err := p.Desk.Earlier(context.Background(), in)
		p.Threads.OnUI(func() {
			if who != p.earlierOf {
				return
			}
			p.earlier, p.earlierBad = earlier, err != nil
			for _, one := range earlier.Problems {
				if one.Code == "national-code.taken" {
					p.taken = one.Args["number"]
				}
			}
			p.render()
		})
	})
}

// Like is Ctrl+L: what this form shares with the one kept last on this PC is filled in where nothing is written yet. Of a citizen that is the
// address and who speaks for them, never who they are and no phone: each account needs one of its own. Of an agency or organization it is all
// but what each request is about.
func (p *Presenter) Like() {
	if p.busy || p.early(p.Like) {
		return
	}
	p.lane.Do(func() func() {
		last, found, err := p.Desk.LastIntake(context.Background())
		return func() {
			switch {
			case err != nil:
				p.fail(err, nil)
			case !found:
				p.say(kit.Info, assets.Word("reception.like-none", nil))
			default:
				p.like(last)
			}
		}
	})
}

func (p *Presenter) say(tone kit.Tone, text string) {
	p.notice = &Notice{Tone: tone, Text: text}
	p.render()
}

func (p *Presenter) like(last dossier.Receive) {
	if p.in.Procedure == "" {
		p.kind = last.Requester.Kind
		p.in.Procedure, p.in.Case = last.Procedure, last.Case
		if p.procedure() == nil { // offered no more
			p.in.Procedure, p.in.Case = "", ""
		}
		p.fit()
	}
	var filled []string
	take := func(label string, to *string, from string) {
		if *to == "" && from != "" {
			*to = from
			filled = append(filled, label)
		}
	}
	r, was := &p.in.Requester, last.Requester
	office := was.Kind == dossier.Agency || was.Kind == dossier.Organization
	switch {
	case office && r.Kind == was.Kind:
		take("cơ quan, tổ chức", &r.Agency.Name, was.Agency.Name)
		if r.Agency.Name == was.Agency.Name {
			take("mã", &r.Agency.Code, was.Agency.Code)
			take("số văn bản", &r.Agency.Document, was.Agency.Document)
			if r.Agency.Document == was.Agency.Document && p.days["agency.document-date"] == "" {
				r.Agency.DocumentDate = was.Agency.DocumentDate
				p.days["agency.document-date"] = was.Agency.DocumentDate.String()
			}
			take("địa chỉ", &r.Agency.Address, was.Agency.Address)
			take("điện thoại", &r.Agency.Phone, was.Agency.Phone)
			if r.Person.Name == "" && r.Person.Number == "" {
				take("người đến nộp", &r.Person.Name, was.Person.Name)
				r.Person.Number, r.Person.Passport, r.Person.Phone = was.Person.Number, was.Person.Passport, was.Person.Phone
				r.Agency.Position = was.Agency.Position
			}
		}
	case !office && p.ofPerson():
		take("nơi cư trú", &r.Person.Address, was.Person.Address)
		if p.represented() && r.Representative == (dossier.Person{}) && was.Representative.Name != "" {
			r.Representative = was.Representative
			filled = append(filled, "người đại diện")
			if r.Relation == "" {
				r.Relation = was.Relation
			}
		}
	}
	p.changed()
	if len(filled) == 0 {
		p.say(kit.Info, assets.Word("reception.like-nothing", map[string]string{"number": last.Number}))
		return
	}
	p.say(kit.Info, assets.Word("reception.like-filled", map[string]string{"number": last.Number, "what": strings.Join(filled, ", ")}))
	p.goOn = true
	p.replan()
}
