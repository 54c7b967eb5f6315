// Package reception is the desk's main screen: who asks for what, with which papers, until when. The officer picks, scans and ticks; F9
// keeps the dossier and prints its receipt.
package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Offered(ctx context.Context) ([]*dossier.Procedure, error)
	Plan(ctx context.Context, in desk.Intake) (desk.Plan, error)
	Receive(ctx context.Context, in desk.Intake) (dossier.Dossier, error)
	Refuse(ctx context.Context, in desk.Intake, why string) (dossier.Dossier, error)
	Print(ctx context.Context, o desk.Order, to desk.Where, done func(n, of int)) (desk.Printing, error)
	NewIntake() desk.Intake
	Draft(ctx context.Context) (desk.Intake, bool, error)
	SaveDraft(ctx context.Context, in desk.Intake) error
	DropDraft(ctx context.Context) error
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
	in      desk.Intake
	plan    desk.Plan
	planned bool // plan is of in as it stands

	days          map[string]string          // dates as far as they are typed
	dayWrong      map[string]dossier.Problem // and why they are none yet
	sets          string
	subjectOffice bool
	why           string // of a refusal
	whyWrong      dossier.Problems
	left          map[string]bool // fields the officer has been in
	asked         bool            // F9 was pressed: everything missing is said
	focus         string          // the field the officer was in last
	at            string          // the field the officer is in now, "" on a button

	planLater, draftLater *kit.Later
	turn                  int // of the plan asked for last
	goOn                  bool
	busy                  bool
	refusing              bool
	notice                *Notice
	kept                  *Kept
	last                  string        // the number kept last
	card                  *dossier.Card // waits for the officer to say whether it replaces what is there
	cardTo                string
}

// New is a presenter; Attach gives it a view, Start its first form.
func New(w World) *Presenter {
	p := &Presenter{World: w, lane: kit.NewLane(w.Threads), planLater: kit.NewLater(w.Threads, planPause), draftLater: kit.NewLater(w.Threads, draftPause)}
	p.fresh(w.Desk.NewIntake())
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v }

func (p *Presenter) fresh(in desk.Intake) {
	p.in, p.plan, p.planned = in, desk.Plan{}, false
	p.days, p.dayWrong, p.left = map[string]string{}, map[string]dossier.Problem{}, map[string]bool{}
	for _, f := range dayFields {
		p.days[f] = day(&p.in, f).String()
	}
	p.sets = strconv.Itoa(max(1, in.Sets))
	p.subjectOffice, p.asked, p.refusing, p.why, p.whyWrong = false, false, false, "", nil
	p.card, p.cardTo, p.goOn = nil, "", false
	p.planLater.Drop()
	p.draftLater.Drop()
	p.turn++
}

// Start reads what is offered and the form as it was left.
func (p *Presenter) Start() {
	p.lane.Do(func() func() {
		ctx := context.Background()
		offered, err := p.Desk.Offered(ctx)
		var in desk.Intake
		var found bool
		var station desk.Station
		if err == nil {
			station, err = p.Desk.Station(ctx)
		}
		if err == nil {
			in, found, err = p.Desk.Draft(ctx)
		}
		return func() {
			if err != nil {
				p.fail(err, p.Start)
				return
			}
			p.offered, p.today = offered, station.Today
			if found && !p.typed() {
				p.fresh(in)
				p.notice = &Notice{Tone: kit.Info, Text: assets.Word("ui.draft-restored", nil)}
			}
			p.fit()
			p.replan()
			p.render()
			p.view.Focus("procedure")
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

// Text takes what is typed in a field.
func (p *Presenter) Text(field, typed string) {
	if p.busy {
		p.render()
		return
	}
	switch field {
	case "why":
		p.why, p.whyWrong = typed, nil
		p.render()
		return
	case "sets":
		p.sets = typed
		p.in.Sets, _ = strconv.Atoi(typed)
		if p.in.Sets == 0 {
			p.in.Sets = -1 // an empty field is not the usual one
		}
	default:
		slot := text(&p.in, field)
		if slot == nil || *slot == typed {
			return
		}
		*slot = typed
		if field == "person.number" {
			p.in.Requester.Person.OldNumber = "" // it belonged to the number of the card
		}
	}
	p.changed()
}

// Day takes what is typed in a field for a date.
func (p *Presenter) Day(field, typed string, d dossier.Date, err error) {
	slot := day(&p.in, field)
	if slot == nil || p.busy {
		p.render()
		return
	}
	p.days[field], *slot = typed, d
	delete(p.dayWrong, field)
	if ps := kit.Problems(err); len(ps) > 0 {
		p.dayWrong[field] = ps[0]
	}
	p.changed()
}

// Pick takes a choice.
func (p *Presenter) Pick(field, value string) {
	if p.busy {
		p.render()
		return
	}
	switch field {
	case "procedure":
		p.Choose(value)
		return
	case "requester.kind":
		p.in.Requester.Kind = dossier.RequesterKind(value)
		p.fit()
	case "channel":
		p.in.Channel = dossier.Channel(value)
	case "subject.kind":
		p.subjectOffice = value == "office"
		if p.subjectOffice {
			p.in.Subject = dossier.Person{}
			p.days["subject.born"] = ""
		} else {
			p.in.SubjectOrg = dossier.Office{}
		}
	default:
		if slot := text(&p.in, field); slot != nil {
			*slot = value
		}
		p.fit()
	}
	p.changed()
}

// Choose is Pick of a procedure.
func (p *Presenter) Choose(key string) {
	if p.busy || key == p.in.Procedure {
		return
	}
	p.in.Procedure = key
	p.fit()
	p.changed()
}

// Tick takes a paper handed in, with the numbers the catalogue asks for, or takes it back.
func (p *Presenter) Tick(key string, on bool) {
	rule := p.paperRule(key)
	if p.busy || rule == nil {
		p.render()
		return
	}
	p.drop(key)
	if on {
		p.in.Papers = append(p.in.Papers, dossier.Paper{Key: key, Title: rule.Title, Originals: rule.Originals, Copies: rule.Copies})
	}
	p.changed()
}

// Count takes how many of a paper were handed in.
func (p *Presenter) Count(key string, originals bool, typed string) {
	rule := p.paperRule(key)
	if p.busy || rule == nil {
		p.render()
		return
	}
	n, _ := strconv.Atoi(typed)
	n = min(n, 999)
	i := slices.IndexFunc(p.in.Papers, func(g dossier.Paper) bool { return g.Key == key })
	if i < 0 {
		if n == 0 {
			return
		}
		p.in.Papers = append(slices.Clone(p.in.Papers), dossier.Paper{Key: key, Title: rule.Title})
		i = len(p.in.Papers) - 1
	} else {
		p.in.Papers = slices.Clone(p.in.Papers)
	}
	if originals {
		p.in.Papers[i].Originals = n
	} else {
		p.in.Papers[i].Copies = n
	}
	if p.in.Papers[i].Originals+p.in.Papers[i].Copies == 0 {
		p.drop(key)
	}
	p.changed()
}

// AllPapers ticks every required paper not ticked yet; of those that stand for one another, the first.
func (p *Presenter) AllPapers() {
	c := p.theCase()
	if p.busy || c == nil {
		return
	}
	for _, rule := range c.Lacking(p.in.Papers) {
		p.drop(rule.Key)
		p.in.Papers = append(p.in.Papers, dossier.Paper{Key: rule.Key, Title: rule.Title, Originals: rule.Originals, Copies: rule.Copies})
	}
	p.changed()
}

func (p *Presenter) drop(key string) {
	p.in.Papers = slices.DeleteFunc(slices.Clone(p.in.Papers), func(g dossier.Paper) bool { return g.Key == key })
}

func (p *Presenter) paperRule(key string) *dossier.PaperRule {
	if c := p.theCase(); c != nil {
		for i := range c.Papers {
			if c.Papers[i].Key == key {
				return &c.Papers[i]
			}
		}
	}
	return nil
}

// Entered and Left follow the focus.
func (p *Presenter) Entered(field string) { p.focus, p.at = field, field }

// Left says the words a field has earned and keeps the draft.
func (p *Presenter) Left(field string) {
	p.left[field] = true
	if p.at == field {
		p.at = ""
	}
	p.render()
	if p.draftLater.Waiting() {
		p.draftLater.Drop()
		p.saveDraft()
	}
}

// changed follows every change of the form.
func (p *Presenter) changed() {
	p.planned = false
	p.turn++
	if p.kept != nil {
		p.kept.Old = true
	}
	if p.notice != nil && p.card == nil {
		p.notice = nil
	}
	p.planLater.Do(p.replan)
	p.draftLater.Do(p.saveDraft)
	p.render()
}

func (p *Presenter) snapshot() desk.Intake {
	in := p.in
	in.Papers = slices.Clone(in.Papers)
	return in
}

func (p *Presenter) saveDraft() {
	in := p.snapshot()
	p.lane.Do(func() func() {
		err := p.Desk.SaveDraft(context.Background(), in)
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
	return p.Desk.SaveDraft(context.Background(), p.snapshot())
}

// replan reckons the appointment and what is missing, away from the screen. What comes back for an older form is dropped.
func (p *Presenter) replan() {
	p.planLater.Drop()
	p.turn++
	turn, in := p.turn, p.snapshot()
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

// Keep is F9: the dossier is kept, then its paper printed, while the next form is ready. Pressed again while it is being kept, it does
// nothing.
func (p *Presenter) Keep() {
	if p.busy {
		return
	}
	if p.refusing {
		p.refuse()
		return
	}
	if f, bad := p.unreadableDay(); bad {
		p.asked = true
		p.render()
		p.view.Focus(f)
		return
	}
	p.busy, p.asked, p.notice = true, true, nil
	p.draftLater.Drop()
	p.render()
	in := p.snapshot()
	p.lane.Do(func() func() {
		d, err := p.Desk.Receive(context.Background(), in)
		return func() {
			p.busy = false
			if err != nil {
				p.notKept(err, p.Keep)
				return
			}
			p.done(d, false)
		}
	})
}

// unreadableDay is a date that was begun and is none: the plan would take it for not given.
func (p *Presenter) unreadableDay() (string, bool) {
	shown := p.shown()
	for _, f := range dayFields {
		if _, bad := p.dayWrong[f]; bad && shown[f] {
			return f, true
		}
	}
	return "", false
}

func (p *Presenter) refuse() {
	p.busy, p.asked, p.notice = true, true, nil
	p.draftLater.Drop()
	p.render()
	in, why := p.snapshot(), p.why
	p.lane.Do(func() func() {
		d, err := p.Desk.Refuse(context.Background(), in, why)
		return func() {
			p.busy = false
			if err != nil {
				p.whyWrong = nil
				for _, one := range kit.Problems(err) {
					if one.Field == "why" {
						p.whyWrong = append(p.whyWrong, one)
					}
				}
				p.notKept(err, p.Keep)
				return
			}
			p.done(d, true)
		}
	})
}

// notKept says why nothing was kept, at the first field that is to blame. Everything typed is where it was.
func (p *Presenter) notKept(err error, again func()) {
	if p.Trouble != nil && p.Trouble(err, again) {
		p.render()
		return
	}
	ps := kit.Problems(err).Blocking()
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
		case !shown[field]:
			loose = append(loose, kit.Say(one))
		case first == "" || order[field] < order[first]:
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
	if !p.refusing {
		p.replan()
	}
}

// target is the field of the screen that a field of the intake is asked in.
func target(field string) string {
	if field == "requester" {
		return "requester.kind"
	}
	return field
}

// shown are the fields on the screen.
func (p *Presenter) shown() map[string]bool {
	out := map[string]bool{"why": p.refusing}
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				out[f.Key] = true
			}
		}
	}
	return out
}

// order is where each field stands on the screen; the reason of a refusal is last.
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

// done tells that it is kept and lays out the next form.
func (p *Presenter) done(d dossier.Dossier, refused bool) {
	p.kept = &Kept{ID: d.ID, Number: d.Number, Name: d.Intake.Requester.Name(), Title: d.Intake.Title, Refused: refused}
	p.last = d.Number
	if !d.Due.At.IsZero() {
		p.kept.Due = kit.Moment(d.Due.At)
	}
	p.fresh(p.Desk.NewIntake())
	p.replan()
	p.print()
	p.view.Focus("procedure")
	if p.Kept != nil {
		p.Kept()
	}
}

// print hands the citizen's paper to the station's printer: the receipt, or the slip that says why it was refused. Whatever becomes of
// it, the dossier stands.
func (p *Presenter) print() {
	k := p.kept
	form, title := "receipt", "Giấy tiếp nhận "
	if k.Refused {
		form, title = "refusal", "Phiếu từ chối "
	}
	order := desk.Order{Form: form, Dossiers: []dossier.ID{k.ID}}
	p.Begin(kit.PrintJob{Title: title + k.Number,
		Print: func(ctx context.Context, done func(n, of int)) (desk.Printing, error) {
			return p.Desk.Print(ctx, order, desk.Where{}, done)
		},
		Each: func(s kit.PrintState) {
			k.Print = s
			if p.kept == k {
				p.render()
			}
		},
		Seen: func() bool { return p.kept == k },
		Open: func() { p.Open(k.ID) }})
}

// Again is Ctrl+P: the paper that did not come out is printed once more.
func (p *Presenter) Again() {
	if p.kept != nil && p.kept.Print.Again {
		p.print()
	}
}

// Refuse is F4: asks for the reason, or goes back without losing it.
func (p *Presenter) Refuse() {
	if p.busy {
		return
	}
	p.refusing = !p.refusing
	if !p.refusing && p.asked {
		p.asked = false
		p.replan()
	}
	p.render()
	if p.refusing {
		p.view.Focus("why")
	} else {
		p.view.Focus(p.focus)
	}
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
	p.fresh(p.Desk.NewIntake())
	p.notice, p.kept = nil, nil
	p.lane.Do(func() func() {
		err := p.Desk.DropDraft(context.Background())
		return func() {
			if err != nil {
				p.fail(err, nil)
			}
		}
	})
	p.replan()
	p.render()
	p.view.Focus("procedure")
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
	return len(in.Papers) > 0 || strings.TrimSpace(p.why) != ""
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Key == "F9" && !e.Ctrl:
		p.Keep()
	case e.Key == "F8" && !e.Ctrl:
		p.AllPapers()
	case e.Key == "F4" && !e.Ctrl && !e.Alt:
		p.Refuse()
	case e.Key == "F6" && !e.Ctrl, e.Ctrl && e.Key == "N":
		p.Clear()
	case e.Ctrl && !e.Alt && len(e.Key) == 1 && e.Key >= "1" && e.Key <= "9":
		n := int(e.Key[0] - '1')
		if n < len(p.offered) {
			p.Choose(p.offered[n].Key)
			p.view.Focus(p.firstAfterProcedure())
		}
	case e.Key == "Escape" && p.refusing:
		p.Refuse()
	case e.Key == "Escape" && p.card != nil:
		p.KeepTyped()
	case e.Ctrl && e.Key == "P" && p.kept != nil && p.kept.Print.Again:
		p.Again()
	case e.Ctrl && e.Key == "O" && p.kept != nil && p.kept.Print.Path != "":
		p.File(p.kept.Print.Path)
	default:
		return false
	}
	return true
}

// firstAfterProcedure is where writing begins: who asks and in which case is chosen already, as it mostly is.
func (p *Presenter) firstAfterProcedure() string {
	values := p.values()
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				if (f.Kind == kit.Line || f.Kind == kit.Figure || f.Kind == kit.Date) && values[f.Key] == "" {
					return f.Key
				}
			}
		}
	}
	return "note"
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+9", Does: "Chọn thủ tục"}, {Key: "Quét thẻ", Does: "Điền người đề nghị, dù con trỏ ở đâu"},
		{Key: "Tab, Enter", Does: "Sang ô tiếp theo"}, {Key: "Phím mũi tên, dấu cách", Does: "Chọn, đánh dấu"},
		{Key: "F8", Does: "Đủ giấy tờ: đánh dấu các giấy tờ phải có"}, {Key: "F9", Does: "Lưu hồ sơ và in giấy tiếp nhận"},
		{Key: "F4", Does: "Từ chối tiếp nhận"}, {Key: "F6 hoặc Ctrl+N", Does: "Phiếu mới"}, {Key: "Ctrl+P", Does: "In lại giấy vừa rồi, nếu chưa in được"}, {Key: "Ctrl+O", Does: "Mở tệp PDF vừa lưu, khi không có máy in"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

// LastNumber is the dossier kept last, "" before the first.
func (p *Presenter) LastNumber() string { return p.last }
