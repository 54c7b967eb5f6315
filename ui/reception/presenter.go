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

// early keeps what was pressed before it was known what is offered, and does it then: nobody looks whether the program is ready.
func (p *Presenter) early(f func()) bool {
	if p.offered == nil {
		p.soon = append(p.soon, f)
	}
	return p.offered == nil
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
		if p.whyWrong = nil; p.slip == slipAsk {
			p.askWhy, p.askOwn = typed, true
		} else {
			p.refuseWhy = typed
		}
		p.draftLater.Do(p.saveDraft)
		p.render()
		return
	case "sets":
		p.sets = typed
		p.in.Sets, _ = strconv.Atoi(typed)
		if p.in.Sets == 0 {
			p.in.Sets = -1 // an empty field is not the usual one
		}
	default:
		slot := p.slot(field)
		if slot == nil || *slot == typed {
			return
		}
		*slot = typed
		switch who := &p.in.Requester.Person; {
		case field == "person.number" && who.OldNumber == p.cardOld:
			who.OldNumber = "" // it belonged to the number of the card
		case field == "national-code":
			p.taken = ""
		}
	}
	p.changed()
}

// Day takes what is typed in a field for a date.
func (p *Presenter) Day(field, typed string, d dossier.Date, err error) {
	slot := p.day(field)
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
		p.kind = dossier.RequesterKind(value)
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
		if slot := p.slot(field); slot != nil {
			*slot = value
		}
		p.fit()
	}
	p.changed()
}

// Choose is Pick of a procedure.
func (p *Presenter) Choose(key string) {
	if p.busy || p.early(func() { p.Choose(key) }) || key == p.in.Procedure {
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
	n := figure(typed)
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

// figure is what a field for a number of papers says; what is too much stays too much.
func figure(typed string) int {
	n, _ := strconv.Atoi(typed)
	return min(n, 999)
}

// AllPapers is F8: every required paper not ticked yet is; of those that stand for one another, the first. Pressed before a procedure is
// chosen, it holds for the one that will be.
func (p *Presenter) AllPapers() {
	if p.busy {
		return
	}
	c := p.theCase()
	if c == nil {
		p.allPapers = true
		return
	}
	p.tickAll(c)
	p.changed()
}

func (p *Presenter) tickAll(c *dossier.Case) {
	for _, rule := range c.Lacking(p.in.Papers) {
		p.drop(rule.Key)
		p.in.Papers = append(p.in.Papers, dossier.Paper{Key: rule.Key, Title: rule.Title, Originals: rule.Originals, Copies: rule.Copies})
	}
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

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Key == "Escape" && !e.Ctrl:
		return p.back()
	case e.Ctrl && len(e.Key) == 1 && e.Key >= "1" && e.Key <= "9":
		p.chooseAt(int(e.Key[0] - '1'))
	case e.Ctrl:
		return p.letter(string(e.Key))
	case e.Key == "F9":
		p.Keep()
	case e.Key == "F8":
		p.AllPapers()
	case e.Key == "F4" && e.Shift:
		p.AskPapers()
	case e.Key == "F4":
		p.Refuse()
	case e.Key == "F6":
		p.Clear()
	default:
		return false
	}
	return true
}

// letter takes the keys with Ctrl.
func (p *Presenter) letter(key string) bool {
	switch {
	case key == "N":
		p.Clear()
	case key == "D":
		p.Answer(answerDone)
	case key == "U":
		p.Answer(answerLater)
	case key == "L":
		p.Like()
	case key == "G":
		p.AddOther()
	case key == "T":
		p.ByHand()
	case key == "E" && len(p.earlier.Visits) > 0:
		p.view.Focus("earlier")
	case key == "P" && p.kept != nil && (p.kept.Print.Again || p.kept.Slip.Again):
		p.Again()
	case key == "O" && p.kept != nil && p.kept.Print.Path != "":
		p.File(p.kept.Print.Path)
	default:
		return false
	}
	return true
}

// back is Esc: out of a question or a slip, losing nothing.
func (p *Presenter) back() bool {
	switch {
	case p.notice != nil && p.notice.OnNo != nil:
		p.notice.OnNo()
	case p.slip != "":
		p.turnTo("")
	default:
		return false
	}
	return true
}

func (p *Presenter) chooseAt(n int) {
	if p.early(func() { p.chooseAt(n) }) || n >= len(p.offered) {
		return
	}
	p.Choose(p.offered[n].Key)
	p.view.Focus(p.firstAfterProcedure())
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
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+" + strconv.Itoa(max(1, len(p.offered))), Does: "Chọn thủ tục"}, {Key: "Quét thẻ", Does: "Điền người đề nghị, dù con trỏ ở đâu"},
		{Key: "Tab, Enter", Does: "Sang ô tiếp theo"}, {Key: "Phím mũi tên, dấu cách", Does: "Chọn, đánh dấu"},
		{Key: "F8", Does: "Đủ giấy tờ: đánh dấu các giấy tờ phải có"}, {Key: "Ctrl+G", Does: "Thêm giấy tờ không có trong danh sách"},
		{Key: "Ctrl+D", Does: "Đã khóa, mở khóa, chuyển xong trên hệ thống quốc gia"}, {Key: "Ctrl+U", Does: "Chưa làm trên hệ thống quốc gia"},
		{Key: "Ctrl+L", Does: "Như người trước: điền địa chỉ, cơ quan, người đại diện"}, {Key: "Ctrl+E", Does: "Đến các hồ sơ trước của người này"},
		{Key: "Ctrl+T", Does: "Hồ sơ đã nhận bằng tay: nhập thời điểm tiếp nhận"},
		{Key: "F9", Does: "Lưu hồ sơ và in giấy tiếp nhận"}, {Key: "F4", Does: "Từ chối tiếp nhận"}, {Key: "Shift+F4", Does: "Tiếp nhận và yêu cầu bổ sung giấy tờ"},
		{Key: "F6 hoặc Ctrl+N", Does: "Phiếu mới"}, {Key: "Esc", Does: "Quay lại phiếu, không mất nội dung đã nhập"},
		{Key: "Ctrl+P", Does: "In lại giấy vừa rồi, nếu chưa in được"}, {Key: "Ctrl+O", Does: "Mở tệp PDF vừa lưu, khi không có máy in"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

// LastNumber is the dossier kept last, "" before the first.
func (p *Presenter) LastNumber() string { return p.last }
