package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// fresh lays out a form, empty or as it was left.
func (p *Presenter) fresh(f desk.Form) {
	p.in, p.plan, p.planned, p.kind = f.Intake, desk.Plan{}, false, f.Requester.Kind
	p.others = nil
	p.in.Papers = slices.DeleteFunc(slices.Clone(p.in.Papers), func(g dossier.Paper) bool {
		if g.Key == "" {
			p.others = append(p.others, g)
		}
		return g.Key == ""
	})
	p.days, p.dayWrong, p.left = map[string]string{}, map[string]dossier.Problem{}, map[string]bool{}
	p.byHand, p.received, p.hour = false, dossier.Date{}, ""
	p.doneDay, p.doneHour, p.doneWrong = dossier.Date{}, f.Beside.Begun["done-time"], ""
	if at := f.ReceivedAt; !at.IsZero() {
		p.byHand, p.received, p.hour = true, dossier.DateOf(at), at.In(dossier.Hanoi).Format("15:04")
	}
	for _, field := range dayFields {
		p.days[field] = p.day(field).String()
		if begun := f.Beside.Begun[field]; begun != "" {
			p.days[field] = begun
			if whole, err := dossier.ParseDate(begun); err == nil {
				*p.day(field) = whole // only the hour beside it was lacking
			} else {
				p.dayWrong[field] = dossier.Invalid("", "date.unfinished")[0]
			}
		}
	}
	if hour, ok := f.Beside.Begun["received-time"]; ok {
		p.byHand, p.hour = true, hour
	}
	p.sets = strconv.Itoa(max(1, p.in.Sets))
	b := f.Beside
	p.slip, p.refuseWhy, p.askWhy, p.askOwn, p.whyWrong = b.Slip, b.Refuse, b.Ask, b.Ask != "", nil
	p.answer, p.reference, p.answered = b.Answer, b.Reference, string(p.nationalVerb())+p.in.Procedure
	p.subjectOffice, p.asked, p.cardOld = false, false, ""
	p.card, p.cardTo, p.goOn, p.allPapers, p.tried = nil, "", false, false, false
	p.earlier, p.earlierOf, p.earlierBad, p.taken = desk.Earlier{}, "", false, ""
	p.planLater.Drop()
	p.draftLater.Drop()
	p.turn++
}

// intake is what would be received: what is asked on the screen and nothing of what was typed before it changed.
func (p *Presenter) intake() desk.Intake {
	in := p.in
	shown := p.shown()
	for _, f := range textFields {
		switch f {
		case "procedure", "case", "ground":
		default:
			if !shown[f] {
				*text(&in, f) = ""
			}
		}
	}
	r := &in.Requester
	if !shown["person.born"] {
		r.Person.Born = dossier.Date{}
	}
	if !shown["subject.born"] {
		in.Subject = dossier.Person{}
	}
	if !shown["agency.document-date"] {
		r.Agency.DocumentDate = dossier.Date{}
	}
	in.Represented = in.Represented && p.ofPerson() && !p.minor()
	if !p.represented() {
		r.Representative = dossier.Person{}
	}
	in.Papers = append(slices.Clone(in.Papers), p.written()...)
	in.ReceivedAt, _ = p.receivedAt()
	return in
}

// form is everything that is typed, for the draft.
func (p *Presenter) form() desk.Form {
	f := desk.Form{Intake: p.in, Beside: desk.Beside{Slip: p.slip, Refuse: p.refuseWhy, Answer: p.answer, Reference: p.reference}}
	f.Papers = append(slices.Clone(p.in.Papers), p.written()...)
	f.ReceivedAt, _ = p.receivedAt()
	if p.askOwn {
		f.Beside.Ask = p.askWhy
	}
	begun := map[string]string{}
	for field := range p.dayWrong {
		begun[field] = p.days[field]
	}
	if p.byHand && f.ReceivedAt.IsZero() {
		begun["received-time"] = p.hour
		if p.days["received-day"] != "" {
			begun["received-day"] = p.days["received-day"]
		}
	}
	if p.byHand {
		for field, typed := range map[string]string{"done-day": p.days["done-day"], "done-time": p.doneHour} {
			if typed != "" {
				begun[field] = typed
			}
		}
	}
	if len(begun) > 0 {
		f.Beside.Begun = begun
	}
	return f
}

func (p *Presenter) saveDraft() {
	form := p.form()
	p.lane.Do(func() func() {
		err := p.Desk.SaveDraft(context.Background(), form)
		return func() {
			if err != nil && p.notice == nil {
				p.notice = &Notice{Tone: kit.Warn, Text: assets.Word("ui.draft-failed", nil)}
				p.render()
			}
		}
	})
}

// Close keeps what was typed since the last draft, when the window is gone. What is being kept as a dossier is no draft any more.
func (p *Presenter) Close() error {
	if !p.draftLater.Waiting() || p.busy {
		return nil
	}
	p.draftLater.Drop()
	return p.Desk.SaveDraft(context.Background(), p.form())
}

// Clear is F6: a new form, after a question if something was typed.
func (p *Presenter) Clear() {
	if p.busy {
		return
	}
	if !p.typed() {
		p.clear()
		return
	}
	p.Ask("Bắt đầu phiếu mới?", "Phiếu đang nhập chưa lưu sẽ bị xóa và không lấy lại được.", "Xóa, nhập phiếu mới", p.clear)
}

func (p *Presenter) clear() {
	p.fresh(desk.Form{Intake: p.Desk.NewIntake()})
	p.notice, p.kept = nil, nil
	p.dropDraft()
	p.replan()
	p.render()
	p.view.Focus("procedure")
}

func (p *Presenter) dropDraft() {
	p.lane.Do(func() func() {
		err := p.Desk.DropDraft(context.Background())
		return func() {
			if err != nil {
				p.fail(err, nil)
			}
		}
	})
}

// typed tells whether something would be lost: what is merely chosen would not.
func (p *Presenter) typed() bool {
	in := p.in
	for _, f := range textFields {
		switch f {
		case "procedure", "case", "ground":
		default:
			if strings.TrimSpace(*text(&in, f)) != "" {
				return true
			}
		}
	}
	for _, f := range dayFields {
		if p.days[f] != "" {
			return true
		}
	}
	return len(in.Papers) > 0 || len(p.written()) > 0 || p.byHand || p.answer != "" || p.askOwn || strings.TrimSpace(p.refuseWhy) != ""
}
