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

// Keep is F9: the dossier is kept, with what was done or asked for at once, then its paper printed, while the next form is ready. Pressed
// again while it is being kept, it does nothing.
func (p *Presenter) Keep() {
	if p.busy || p.early(p.Keep) {
		return
	}
	missing := p.unfinished()
	if p.slip == slipRefuse { // only when it was decides its number
		missing = slices.DeleteFunc(missing, func(m Missing) bool { return !strings.HasPrefix(m.Field, "received-") })
	}
	if len(missing) > 0 {
		p.asked = true
		p.render()
		p.view.Focus(missing[0].Field)
		return
	}
	p.busy, p.asked, p.notice, p.whyWrong = true, true, nil, nil
	p.draftLater.Drop()
	p.render()
	in := p.intake()
	var keep func(ctx context.Context, in desk.Intake) (dossier.Dossier, error)
	if why := p.refuseWhy; p.slip == slipRefuse {
		keep = func(ctx context.Context, in desk.Intake) (dossier.Dossier, error) { return p.Desk.Refuse(ctx, in, why) }
	} else {
		verb, body := p.follows()
		keep = func(ctx context.Context, in desk.Intake) (dossier.Dossier, error) {
			return p.Desk.ReceiveAnd(ctx, in, verb, body)
		}
	}
	p.lane.Do(func() func() {
		d, err := keep(context.Background(), in)
		return func() {
			p.busy = false
			if dossier.Code(err) == "confirm.needed" {
				p.askSecond(in, keep)
				return
			}
			p.ended(d, err)
		}
	})
}

func (p *Presenter) ended(d dossier.Dossier, err error) {
	if err != nil {
		p.notKept(err, p.Keep)
		return
	}
	p.done(d)
}

// askSecond keeps the form as a second person has seen it, with their word. Until then it is a draft as before: they may say no, or the power go.
func (p *Presenter) askSecond(in desk.Intake, keep func(context.Context, desk.Intake) (dossier.Dossier, error)) {
	p.draftLater.Do(p.saveDraft)
	p.tried = true
	p.render()
	var d dossier.Dossier
	p.Second(assets.Word("reception.lock-twice", nil), func(c desk.Confirm) (err error) {
		in.Confirm = c
		d, err = keep(context.Background(), in)
		return err
	}, func(_ desk.Confirm, err error) { p.ended(d, err) })
}

// follows is the act kept with the reception: papers asked for, or what the officer said was done in the national system.
func (p *Presenter) follows() (dossier.Kind, any) {
	if p.slip == slipAsk {
		return dossier.AskedPapers, &dossier.AskPapers{Papers: p.lacking(), Why: p.why()}
	}
	if p.answer != answerDone {
		return "", nil
	}
	at, _ := p.doneAt()
	switch verb := p.nationalVerb(); verb {
	case dossier.Performed:
		return verb, &dossier.Perform{At: at, Reference: p.reference}
	case dossier.Forwarded:
		return verb, &dossier.Forward{At: at, Reference: p.reference}
	}
	return "", nil
}

// unfinished is what was begun on the screen and says nothing yet: the plan would take it for not given.
func (p *Presenter) unfinished() []Missing {
	var out []Missing
	shown := p.shown()
	for _, f := range dayFields {
		if wrong, bad := p.dayWrong[f]; bad && shown[f] {
			out = append(out, Missing{f, kit.Say(wrong)})
		}
	}
	if p.byHand {
		if p.days["received-day"] == "" {
			out = append(out, Missing{"received-day", assets.Word("reception.day-missing", nil)})
		}
		if _, err := dossier.ParseClock(p.hour); err != nil {
			out = append(out, Missing{"received-time", assets.Word("ui.at-missing", nil)})
		}
		if _, ok := p.doneAt(); !ok && shown["done-time"] {
			out = append(out, Missing{"done-time", assets.Word("ui.at-missing", nil)})
		}
	}
	return out
}

// notKept says why nothing was kept, at the first field that is to blame. Everything typed is where it was.
func (p *Presenter) notKept(err error, again func()) {
	p.draftLater.Do(p.saveDraft)
	p.tried = true
	if p.Trouble != nil && p.Trouble(err, again) {
		p.render()
		return
	}
	ps := p.ofOffice(kit.Problems(err).Blocking())
	if len(ps) == 0 {
		p.notice = &Notice{Tone: kit.Bad, Text: assets.Word("ui.not-kept", nil) + "\n" + kit.SayError(err)}
		p.render()
		return
	}
	p.plan.Problems = slices.Clone(ps)
	var loose []string
	first := ""
	shown, order := p.shown(), p.order()
	for _, one := range ps {
		field := target(one.Field)
		switch {
		case one.Code == "national-code.taken":
			p.setTaken(one.Args["number"])
		case field == "done-time" && shown[field]:
			p.doneWrong = kit.Say(one)
		case field == "why":
			p.whyWrong = append(p.whyWrong, one)
		case !shown[field]:
			loose = append(loose, kit.Say(one))
		}
		if shown[field] && (first == "" || order[field] < order[first]) {
			first = field
		}
	}
	if len(loose) > 0 {
		p.notice = &Notice{Tone: kit.Bad, Text: assets.Word("ui.not-kept", nil) + "\n" + strings.Join(loose, "\n")}
	}
	p.render()
	if first != "" {
		p.view.Focus(first)
	}
	if p.slip != slipRefuse {
		p.replan()
	}
}

// setTaken says at the field that the national system's number is that of another dossier, and leads there.
func (p *Presenter) setTaken(number string) {
	p.taken = number
	p.notice = &Notice{Tone: kit.Bad, Text: p.takenWord(), Yes: "Mở hồ sơ " + number, OnYes: func() { p.openNumber(number) },
		No: "Sửa mã", OnNo: func() {
			p.notice = nil
			p.render()
			p.view.Focus("national-code")
		}}
}

func (p *Presenter) takenWord() string {
	return assets.Word("national-code.taken", map[string]string{"number": p.taken})
}

func (p *Presenter) openNumber(number string) {
	p.lane.Do(func() func() {
		d, err := p.Desk.Find(context.Background(), number)
		return func() {
			if err != nil {
				p.fail(err, nil)
				return
			}
			p.Open(d.ID)
		}
	})
}

// done tells that it is kept and lays out the next form. What it says was done is what the journal has, not what was meant.
func (p *Presenter) done(d dossier.Dossier) {
	k := &Kept{ID: d.ID, Number: d.Number, Name: d.Intake.Requester.Name(), Title: d.Intake.Title, Refused: d.Status == dossier.StatusRefused,
		Asked: d.Asked != nil}
	if !d.Due.At.IsZero() {
		k.Due = kit.Moment(d.Due.At)
	}
	switch {
	case d.Done != nil:
		k.National = "Đã thực hiện trên hệ thống quốc gia lúc " + kit.Moment(d.Done.At)
	case d.Forward != nil:
		k.National = "Đã chuyển cơ quan có thẩm quyền lúc " + kit.Moment(d.Forward.At)
	case p.nationalVerb() == dossier.Performed && d.Status == dossier.StatusReceived:
		k.ToDo = "Còn phải thực hiện trên hệ thống quốc gia, rồi ghi “Thực hiện ngay” trong hồ sơ."
	}
	if left := p.leftOut(d); left != "" {
		k.ToDo = left
	}
	p.kept, p.last = k, d.Number
	if p.tried { // it may have been kept the first time, and its draft since
		p.dropDraft()
	}
	p.fresh(desk.Form{Intake: p.Desk.NewIntake()})
	p.replan()
	p.print(k, false)
	if k.Asked {
		p.print(k, true)
	}
	p.view.Focus("procedure")
	if p.Kept != nil {
		p.Kept()
	}
}

// leftOut is what this F9 was to keep and the journal has not: an earlier one, whose outcome nobody saw, had kept the dossier without it.
func (p *Presenter) leftOut(d dossier.Dossier) string {
	if p.slip == slipRefuse {
		if d.Status == dossier.StatusRefused {
			return ""
		}
		return assets.Word("reception.received-before", nil)
	}
	verb, _ := p.follows()
	switch {
	case verb == "", verb == dossier.Performed && d.Done != nil, verb == dossier.Forwarded && d.Forward != nil, verb == dossier.AskedPapers && d.Asked != nil,
		d.Status == dossier.StatusRefused:
		return ""
	}
	return assets.Word("reception.kept-without", map[string]string{"act": verb.Title()})
}

// print hands the citizen's paper to the station's printer: the receipt, or the slip that says why it was refused; slip is the one that asks
// for papers, beside the receipt. Whatever becomes of it, the dossier stands.
func (p *Presenter) print(k *Kept, slip bool) {
	form, title, state := "receipt", "Giấy tiếp nhận ", &k.Print
	switch {
	case slip:
		form, title, state = "supplement", "Phiếu yêu cầu bổ sung ", &k.Slip
	case k.Refused:
		form, title = "refusal", "Phiếu từ chối "
	}
	order := desk.Order{Form: form, Dossiers: []dossier.ID{k.ID}}
	p.Begin(kit.PrintJob{Title: title + k.Number,
		Print: func(ctx context.Context, done func(n, of int)) (desk.Printing, error) {
			return p.Desk.Print(ctx, order, desk.Where{}, done)
		},
		Each: func(s kit.PrintState) {
			*state = s
			if p.kept == k {
				p.render()
			}
		},
		Seen: func() bool { return p.kept == k },
		Open: func() { p.Open(k.ID) }})
}

// Again is Ctrl+P: the papers that did not come out are printed once more.
func (p *Presenter) Again() {
	if k := p.kept; k != nil {
		if k.Print.Again {
			p.print(k, false)
		}
		if k.Slip.Again {
			p.print(k, true)
		}
	}
}

// Refuse is F4: asks for the reason, or goes back without losing it.
func (p *Presenter) Refuse() { p.toggle(slipRefuse) }

// AskPapers is Shift+F4: it is received although papers lack, and they are asked for in the same step.
func (p *Presenter) AskPapers() { p.toggle(slipAsk) }

func (p *Presenter) toggle(slip string) {
	if p.slip == slip {
		slip = ""
	}
	p.turnTo(slip)
}

func (p *Presenter) turnTo(slip string) {
	if p.busy {
		return
	}
	p.slip, p.whyWrong = slip, nil
	if p.asked {
		p.asked = false
		p.replan()
	}
	p.draftLater.Do(p.saveDraft)
	p.render()
	if slip != "" {
		p.view.Focus("why")
	} else {
		p.view.Focus(p.focus)
	}
}

// why is the reason on the slip being written. That papers are asked for says which, until somebody writes it anew.
func (p *Presenter) why() string {
	switch {
	case p.slip != slipAsk:
		return p.refuseWhy
	case p.askOwn:
		return p.askWhy
	}
	var all []string
	for _, g := range p.lacking() {
		all = append(all, g.Title+" ("+counted(g.Originals, g.Copies)+")")
	}
	if len(all) == 0 {
		return ""
	}
	return "Hồ sơ còn thiếu: " + strings.Join(all, "; ") + "."
}

// lacking are the required papers that were not handed in, with how many.
func (p *Presenter) lacking() []dossier.Paper {
	c := p.theCase()
	if c == nil {
		return nil
	}
	var out []dossier.Paper
	for _, r := range c.Lacking(p.in.Papers) {
		out = append(out, dossier.Paper{Key: r.Key, Title: r.Title, Originals: r.Originals, Copies: r.Copies})
	}
	return out
}

func counted(originals, copies int) string {
	var parts []string
	if originals > 0 {
		parts = append(parts, strconv.Itoa(originals)+" bản chính")
	}
	if copies > 0 {
		parts = append(parts, strconv.Itoa(copies)+" bản sao")
	}
	return strings.Join(parts, ", ")
}
