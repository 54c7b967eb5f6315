// Package reception is the desk's main screen: who asks for what, with which papers, until when. The officer picks, scans and ticks; F9
// keeps the dossier and prints its receipt.
package reception

import (
	"context"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Holiday(day dossier.Date) string
	Offered(ctx context.Context) ([]*dossier.Procedure, error)
	Plan(ctx context.Context, in desk.Intake) (desk.Plan, error)
	ReceiveAnd(ctx context.Context, in desk.Intake, verb dossier.Kind, body any) (dossier.Dossier, error)
	Refuse(ctx context.Context, in desk.Intake, why string) (dossier.Dossier, error)
	Print(ctx context.Context, o desk.Order, to desk.Where, done func(n, of int)) (desk.Printing, error)
	NewIntake() desk.Intake
	Draft(ctx context.Context) (desk.Form, bool, error)
	SaveDraft(ctx context.Context, f desk.Form) error
	DropDraft(ctx context.Context) error
	Earlier(ctx context.Context, in desk.Intake) (desk.Earlier, error)
	LastIntake(ctx context.Context) (dossier.Receive, bool, error)
	Find(ctx context.Context, number string) (dossier.Dossier, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool       // true if somebody else asks the officer: a clock, a missing setting
	Ask     func(title, text, yes string, do func()) // a question before something is lost
	Kept    func()                                   // something was kept: what else is on the screen may be old now
	Begin   func(kit.PrintJob) *kit.Running          // prints while the next citizen is received
	Open    func(id dossier.ID)                      // shows a dossier
	File    func(path string)                        // opens a printed file

	Second func(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) // a second person's word, for a request to lock
}

// Pauses: an appointment is reckoned when the typing rests, a draft is kept a little later.
const (
	planPause  = 120 * time.Millisecond
	draftPause = time.Second
)

// Presenter knows what is typed and what follows from it. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View
	lane *kit.Lane

	offered []*dossier.Procedure
	today   dossier.Date
	soon    []func() // what was pressed before it was known what is offered
	in      desk.Intake
	plan    desk.Plan
	planned bool // plan is of in as it stands

	kind          dossier.RequesterKind      // who asks, as the officer chose it
	days          map[string]string          // dates as far as they are typed
	dayWrong      map[string]dossier.Problem // and why they are none yet
	sets          string
	others        []dossier.Paper // handed in and on no list, as far as they are written
	subjectOffice bool
	byHand        bool // it was received earlier, by hand
	received      dossier.Date
	hour          string
	answer        string // on the national system: answerDone, answerLater or nothing
	reference     string // in it
	answered      string // what the answer is about
	doneDay       dossier.Date
	doneHour      string // when it was done, where that is not the moment of a reception taken down by hand
	doneWrong     string // what the desk says of it
	cardOld       string // the CMND a card gave

	slip      string // the slip being written: slipRefuse, slipAsk or none
	refuseWhy string
	askWhy    string // once it was changed by hand
	askOwn    bool   // it was
	whyWrong  dossier.Problems

	left  map[string]bool // fields the officer has been in
	asked bool            // F9 was pressed: everything missing is said
	focus string          // the field the officer was in last
	at    string          // the field the officer is in now, "" on a button

	earlier    desk.Earlier
	earlierOf  string // whom it is about
	earlierBad bool   // it could not be looked up
	taken      string // the dossier that has the national code already

	planLater, draftLater *kit.Later
	turn                  int // of the plan asked for last
	goOn                  bool
	allPapers             bool // F8 was pressed before it was known which they are
	busy                  bool
	tried                 bool // to keep it, in vain or without an answer
	notice                *Notice
	kept                  *Kept
	last                  string        // the number kept last
	card                  *dossier.Card // waits for the officer to say whether it replaces what is there
	cardTo                string
}

// The slips that are written instead of, or beside, a receipt.
const (
	slipRefuse = "refuse"
	slipAsk    = "ask"
)

// New is a presenter; Attach gives it a view, Start its first form.
func New(w World) *Presenter {
	p := &Presenter{World: w, lane: kit.NewLane(w.Threads), planLater: kit.NewLater(w.Threads, planPause), draftLater: kit.NewLater(w.Threads, draftPause)}
	p.fresh(desk.Form{Intake: w.Desk.NewIntake()})
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v }

// Start reads what is offered and the form as it was left.
func (p *Presenter) Start() {
	p.lane.Do(func() func() {
		ctx := context.Background()
		offered, err := p.Desk.Offered(ctx)
		var form desk.Form
		var found bool
		var station desk.Station
		if err == nil {
			station, err = p.Desk.Station(ctx)
		}
		if err == nil {
			form, found, err = p.Desk.Draft(ctx)
		}
		return func() {
			if err != nil {
				p.fail(err, p.Start)
				return
			}
			p.offered, p.today = offered, station.Today
			if found && !p.typed() {
				p.fresh(form)
				p.notice = &Notice{Tone: kit.Info, Text: assets.Word("ui.draft-restored", nil)}
			}
			p.fit()
			p.replan()
			p.render()
			p.view.Focus("procedure")
			soon := p.soon
			p.soon = nil
			for _, f := range soon {
				f()
			}
		}
	})
}

// fail says an error, unless somebody else asks the officer about it.
func (p *Presenter) fail(err error, again func()) {
	if p.Trouble != nil && p.Trouble(err, again) {
		p.render()
		return
	}
	p.notice = &Notice{Tone: kit.Bad, Text: kit.SayError(err)}
	p.render()
}

// replan reckons the appointment and what is missing, away from the screen. What comes back for an older form is dropped.
func (p *Presenter) replan() {
	p.planLater.Drop()
	p.turn++
	turn, in := p.turn, p.intake()
	p.lookUp(in)
	p.Threads.Go(func() {
		plan, err := p.Desk.Plan(context.Background(), in)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, p.replan)
				return
			}
			plan.Problems = p.ofOffice(plan.Problems)
			p.plan, p.planned = plan, true
			p.render()
			if p.goOn {
				p.goOn = false
				if missing := p.missing(); len(missing) > 0 {
					p.view.Focus(missing[0].Field)
				}
			}
		})
	})
}

// ofOffice asks for an organization where the officer has said that it is about one: while nothing of it is written, the desk cannot know.
func (p *Presenter) ofOffice(ps dossier.Problems) dossier.Problems {
	if !p.subjectOffice || p.in.SubjectOrg != (dossier.Office{}) {
		return ps
	}
	var out dossier.Problems
	for _, one := range ps {
		switch one.Code {
		case "subject.name-missing":
			out = append(out, dossier.Invalid("subject-org.name", "subject.org-name-missing")...)
		case "subject.number-missing":
			out = append(out, dossier.Invalid("subject-org.code", "subject.org-code-missing")...)
		default:
			out = append(out, one)
		}
	}
	return out
}

// Refresh looks again at what others may have changed: the earlier dossiers, and the room there is for the form.
func (p *Presenter) Refresh() {
	p.earlierOf = ""
	p.replan()
	p.render()
}

// target is the field of the screen that a field of the intake is asked in.
func target(field string) string {
	switch field {
	case "requester":
		return "requester.kind"
	case "received-at":
		return "received-day"
	case "at":
		return "done-time"
	}
	return field
}

// shown are the fields on the screen.
func (p *Presenter) shown() map[string]bool {
	out := map[string]bool{"why": p.slip != ""}
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				out[f.Key] = true
			}
		}
	}
	return out
}

// order is where each field stands on the screen; the reason on a slip is last.
func (p *Presenter) order() map[string]int {
	out := map[string]int{}
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				out[f.Key] = len(out)
			}
		}
	}
	out["why"] = len(out)
	return out
}

// label is what a field is called on the screen.
func (p *Presenter) label(field string) string {
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				if f.Key == field {
					return f.Label
				}
			}
		}
	}
	return ""
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

// LastNumber is the dossier kept last, "" before the first.
func (p *Presenter) LastNumber() string { return p.last }
