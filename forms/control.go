package forms

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// The control slip (phiếu kiểm soát quá trình giải quyết hồ sơ) travels with the dossier: a block for every step done, then blank
// blocks, to be filled in and signed by hand, for the published steps still to come (quy trình QT11.ĐDĐT, mục 5.8, Lưu ý: the slip
// is kept at each of its steps). Its parts are those of Mẫu số 05 of Thông tư 01/2018/TT-VPCP. A step that is disputed, or was put
// aside, is no fact and has no block.
func drawControlSlip(p *sheet) error {
	// It begins with the reception and bears its day and the unit's name of that day.
	l := &letter{sheet: p, frame: p.frame(), title: p.form.Title, heading: heading{code: p.form.Code, mark: p.reprint(), unit: p.in.Unit,
		date: placeAndDate(p.in.Unit.Place, dossier.DateOf(p.in.ReceivedAt))}}
	code := bold("Mã hồ sơ: ", or(p.in.NationalCode, p.Dossier.Number))
	if p.in.NationalCode != "" {
		code.spans = append(code.spans, plain(" (số của đơn vị: "+p.Dossier.Number+")"))
	}
	others := row("Cơ quan phối hợp giải quyết hồ sơ: ", "")
	others.after = 0.7
	all := p.passages()
	if len(all) > 5 { // they do not fit on one page in any size, so none is tried
		l.frame.least = l.frame.body
	}
	l.add(code, row("Cơ quan (bộ phận) giải quyết hồ sơ: ", inText(p.in.Unit.Name)), others, &passages{all: all})
	return l.draw()
}

// passage is one hand-over of the dossier: who gives it, who takes it, when, and how that kept the time limit. What is not known is
// empty, to be written by hand.
type passage struct {
	from, to     string // the agency or part of it
	giver, taker string // who signs for it
	at           time.Time
	result       string
	limit        string // by which the result was judged
	note         string
}

// judged is the result of a step against its own limit, in the three words of the form: "Trước hạn" on a day before the last one,
// "Đúng hạn" on the last day and not after its hour, "Quá hạn" after that. Nothing is said of a step without a limit.
func judged(at time.Time, due dossier.Due) (result, limit string) {
	switch {
	case due.At.IsZero() || at.IsZero():
		return "", ""
	case at.After(due.At):
		result = "Quá hạn"
	case dossier.DateOf(at).Before(dossier.DateOf(due.At)):
		result = "Trước hạn"
	default:
		result = "Đúng hạn"
	}
	return result, "hạn " + hourAndDate(due.At)
}

func hourAndDate(t time.Time) string { return t.In(dossier.Hanoi).Format("15:04, 02/01/2006") }

// walk goes through a course and knows which limits are in force.
type walk struct {
	*sheet
	all      []passage
	own      dossier.Due // of the station's step; zero once it is done
	whole    dossier.Due // an apology does not move it: it mends no lateness
	asked    time.Time   // since when papers are waited for: that time does not count
	forwards int         // the station's steps that are done
	ended    bool
	decided  []dossier.Decision
}

func (s *sheet) passages() []passage {
	w := &walk{sheet: s, own: s.in.OwnDue, whole: s.in.Due}
	for _, step := range s.Dossier.Course {
		if step.Effect == dossier.Applied {
			w.step(step)
		}
	}
	w.toCome()
	return w.all
}

func (w *walk) step(step dossier.Step) {
	unit := inText(w.in.Unit.Name)
	desk, requester := or(w.in.Unit.Intake, unit), w.in.Requester.Name()
	p := passage{at: step.When(), note: step.Kind.Title()}
	officer := w.officer(step)
	var body any
	if !step.Purged {
		if body = dossier.NewBody(step.Kind); body == nil || json.Unmarshal(step.Body, body) != nil {
			body = nil
		}
	}
	switch step.Kind {
	case dossier.Received:
		p.from, p.giver, p.to, p.taker = requester, w.bearer(), desk, officer
		p.note = join(p.note, w.in.Channel.Title())
	case dossier.AskedPapers:
		p.from, p.giver, p.to = desk, officer, requester
		w.asked = p.at
	case dossier.AddedPapers:
		p.from, p.to, p.taker = requester, desk, officer
	case dossier.HandedOver:
		p.note = "" // that it is one is seen
	case dossier.Forwarded:
		p.from, p.giver, p.to = unit, officer, w.authority()
		p.result, p.limit = judged(p.at, w.own)
		w.own = dossier.Due{}
		w.forwards++
	case dossier.Performed:
		p.from, p.giver, p.to = unit, officer, desk
		w.end(&p)
	case dossier.Decided:
		p.from, p.to, p.taker = w.authority(), unit, officer
		w.end(&p)
	case dossier.Rescheduled, dossier.Notified:
		p.from, p.giver, p.to = desk, officer, requester
	case dossier.HandedBack:
		// The work was over before, and was judged then: that somebody came later for the result is no delay of ours.
		p.from, p.giver, p.to = desk, officer, requester
	case dossier.Withdrawn, dossier.Stopped:
		p.from, p.giver, p.to = desk, officer, requester
		w.end(&p)
	default: // a correction and what settles a dispute move no dossier
		return
	}
	switch b := body.(type) {
	case *dossier.AskPapers:
		p.note = join(p.note, b.Why)
	case *dossier.AddPapers:
		if !b.Due.At.IsZero() {
			w.move(&w.own, b.OwnDue)
			w.move(&w.whole, b.Due)
			p.note = join(p.note, "hẹn trả kết quả "+hourAndDate(b.Due.At))
		}
		w.asked = time.Time{}
	case *dossier.HandOver:
		p.from, p.to, p.note = b.From, b.To, b.Note
	case *dossier.Forward:
		p.to, p.note = or(b.To, p.to), join(p.note, numbered(b.Reference))
	case *dossier.Perform:
		p.note = join(p.note, numbered(b.Reference), b.Result)
	case *dossier.Decision:
		for _, before := range w.decided {
			if before.Same(*b) {
				return // recorded here and upstream: one decision
			}
		}
		w.decided = append(w.decided, *b)
		p.from, p.note = or(b.By, p.from), "Không chấp thuận"
		if b.Approved {
			p.note = "Chấp thuận"
		}
		p.note = join(p.note, numbered(b.Document)+" ngày "+b.Date.String(), b.Why)
	case *dossier.Reschedule:
		p.note = join(p.note, hourAndDate(b.Due.At), b.Why)
	case *dossier.Notify:
		p.to, p.note = or(b.To, p.to), join(p.note, b.How, b.Note)
	case *dossier.HandBack:
		p.to, p.note = or(b.To, p.to), join(p.note, b.Paper, b.Note)
		if utf8.RuneCountInString(b.To) <= dossier.MaxName {
			p.taker = b.To
		}
	case *dossier.Reason:
		p.note = join(p.note, b.Why)
	}
	w.all = append(w.all, p)
}

// move gives a limit its new moment after papers came. One that had run out before they were asked for stays where it is, as dossier.Late
// has it.
func (w *walk) move(limit *dossier.Due, to dossier.Due) {
	if limit.At.IsZero() || !w.asked.After(limit.At) {
		*limit = to
	}
}

// end judges the whole: by when the work ended, or since when papers were waited for in vain.
func (w *walk) end(p *passage) {
	at := p.at
	if !w.asked.IsZero() {
		at = w.asked
	}
	p.result, p.limit = judged(at, w.whole)
	w.ended = true
}

// join is what happened, and after a colon what is known of it.
func join(what string, more ...string) string {
	mark := ": "
	for _, s := range more {
		if s != "" {
			what += mark + s
			mark = "; "
		}
	}
	return what
}

// numbered is a reference with the word before it; nothing for none.
func numbered(reference string) string {
	if reference == "" {
		return ""
	}
	return "số " + reference
}

// authority is who decides, as the published steps name it.
func (s *sheet) authority() string {
	for _, stage := range s.Stages {
		if stage.By == dossier.ByAuthority {
			return stage.Who
		}
	}
	return ""
}

// toCome adds blank passages for the published steps that are still to come. What the requester does is over with the reception;
// each forwarding ends the next step of the station and whatever was published before it; a result ends them all.
func (w *walk) toCome() {
	if w.ended || w.Dossier.Status.Ended() {
		return
	}
	done := 0
	for i, forwards := 0, w.forwards; i < len(w.Stages); i++ {
		switch by := w.Stages[i].By; {
		case by == dossier.ByRequester && done == i:
			done = i + 1
		case by == dossier.ByStation && forwards > 0:
			done = i + 1
			forwards--
		}
	}
	for i, stage := range w.Stages[done:] {
		p := passage{from: w.doer(stage), to: or(w.in.Unit.Intake, inText(w.in.Unit.Name)), note: stage.Mark}
		if rest := w.Stages[done+i+1:]; len(rest) > 0 {
			p.to = w.doer(rest[0])
		} else if stage.By == dossier.ByStation {
			p.to = w.in.Requester.Name()
		}
		if l := stage.Limit.String(); l != "" {
			p.note = join(p.note, "thời hạn "+limit(l))
		} else {
			p.note = join(p.note, stage.Time)
		}
		w.all = append(w.all, p)
	}
}

// doer is whose step it is: the station by its own name, others as they are published.
func (s *sheet) doer(stage dossier.Stage) string {
	switch stage.By {
	case dossier.ByStation:
		return inText(s.in.Unit.Name)
	case dossier.ByRequester:
		return s.in.Requester.Name()
	}
	return stage.Who
}
