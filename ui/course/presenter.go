// Package course is one dossier: what it is, what became of it, what can be done with it now.
package course

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Open(ctx context.Context, id dossier.ID) (desk.Opened, error)
	Look(ctx context.Context, id dossier.ID) (desk.Opened, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Station(ctx context.Context) (desk.Station, error)
	Plan(ctx context.Context, in desk.Intake) (desk.Plan, error)
	Do(ctx context.Context, verb dossier.Kind, id dossier.ID, body any) (dossier.Dossier, error)
	FormsOf(ctx context.Context, id dossier.ID) ([]desk.FormLine, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk     Desk
	Threads  kit.Threads
	Trouble  func(err error, again func()) bool
	Kept     func()                               // something was kept
	Preview  func(order desk.Order, title string) // shows a form as it will be printed
	Back     func()                               // to the list
	Upstream func() string
	Now      func() time.Time
}

// State is all that the screen shows.
type State struct {
	Empty   bool
	Number  string
	Name    string
	Title   string
	Chip    *kit.Chip
	Status  string
	Sent    string
	Tone    kit.Tone
	Due     string
	DueWhy  string
	Late    bool
	Facts   []Fact
	Papers  []string
	Alerts  []Alert
	Steps   []Step
	Verbs   []VerbLine
	Form    *Form
	Offer   string     // the form that follows the act just kept
	Forms   []FormLine // to choose one to print; nil while nobody asks
	Busy    bool
	Opening bool
}

// Fact is one line of what was asked.
type Fact struct{ Label, Text string }

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Step is one act of the course.
type Step struct {
	Title, When, Who, Detail string
	Sent                     string
	SentTone                 kit.Tone
	Mark                     string // disputed, void …
}

// VerbLine is one act and whether it can be done.
type VerbLine struct {
	Kind       dossier.Kind
	Title, Key string
	Why        string // not allowed, because
	ByStatus   bool   // it is the status alone
	Danger     bool
}

// FormLine is one form to print.
type FormLine struct {
	Title, Sub string
	Why        string // not allowed, because
}

// Form is what the chosen act asks.
type Form struct {
	Title, Say string
	Danger     bool
	Questions  []kit.Section
	Values     map[string]string
	Said       map[string]kit.Said
}

// Presenter knows the dossier shown. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	id        dossier.ID
	turn      int
	opening   bool
	shown     bool
	o         desk.Opened
	waiting   map[dossier.EventID]bool
	certain   bool // waiting names all that waits
	settings  dossier.Settings
	officer   string
	rules     []dossier.PaperRule
	authority string
	atOnce    bool
	known     bool
	current   dossier.Kind
	forms     map[dossier.Kind]map[string]string // what was typed, per act: Esc loses nothing
	said      map[string]kit.Said
	alert     *Alert
	papers    []desk.FormLine // what can be printed first, the receipt before the others
	noPapers  error
	listed    bool   // papers are shown to choose from
	offer     string // the form that follows the act just kept
	digit     *kit.Later
	busy      bool
	begin     bool // the focus goes to the first act once it is known
}

// digitPause tells a digit from the first of many: a reader types a whole number.
const digitPause = 150 * time.Millisecond

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter { return &Presenter{World: w, digit: kit.NewLater(w.Threads, digitPause)} }

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Show opens a dossier.
func (p *Presenter) Show(id dossier.ID) {
	if id != p.id {
		p.forms, p.current, p.alert, p.said, p.shown, p.offer = map[dossier.Kind]map[string]string{}, "", nil, nil, false, ""
	}
	p.id, p.listed = id, false
	p.digit.Drop()
	p.read(true)
}

// Refresh reads again what is shown: something was sent or came down.
func (p *Presenter) Refresh() {
	if !p.id.IsZero() {
		p.read(false)
	}
}

type read struct {
	o         desk.Opened
	queue     dossier.Queue
	settings  dossier.Settings
	officer   string
	rules     []dossier.PaperRule
	authority string
	atOnce    bool
	known     bool
	papers    []desk.FormLine
	noPapers  error
}

func (p *Presenter) read(trace bool) {
	p.turn++
	turn, id := p.turn, p.id
	p.opening = !p.shown
	p.render()
	p.Threads.Go(func() {
		r, err := p.fetch(id, trace)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.opening = false
			if err != nil {
				p.fail(err, func() { p.read(trace) })
				return
			}
			first := !p.shown || p.begin
			p.begin = false
			p.take(r)
			p.render()
			if first {
				p.view.Focus("")
			}
		})
	})
}

func (p *Presenter) fetch(id dossier.ID, trace bool) (r read, err error) {
	ctx := context.Background()
	get := p.Desk.Look
	if trace {
		get = p.Desk.Open
	}
	if r.o, err = get(ctx, id); err != nil {
		return r, err
	}
	if r.queue, err = p.Desk.Queue(ctx); err != nil {
		return r, err
	}
	if r.settings, _, err = p.Desk.Settings(ctx); err != nil {
		return r, err
	}
	if station, err := p.Desk.Station(ctx); err == nil {
		r.officer = station.Officer.Name
	}
	r.papers, r.noPapers = p.Desk.FormsOf(ctx, id) // said when somebody wants to print
	r.papers = slices.DeleteFunc(r.papers, func(f desk.FormLine) bool { return dossier.Code(f.Why) == "form.other-procedure" })
	slices.SortStableFunc(r.papers, func(a, b desk.FormLine) int { return place(a) - place(b) })
	in := r.o.Dossier.Intake
	plan, err := p.Desk.Plan(ctx, desk.Intake{ID: id, Procedure: in.Procedure, Case: in.Case, Requester: in.Requester, Channel: in.Channel})
	if err == nil && plan.Case != nil {
		r.rules, r.authority, r.atOnce, r.known = plan.Case.Papers, plan.Procedure.Authority, plan.Case.AtOnce(), true
	}
	return r, nil // a procedure no longer in force takes nothing from what there is to see
}

// place is where a form stands among those of a dossier.
func place(f desk.FormLine) int {
	switch {
	case f.Why != nil:
		return 2
	case f.Key == "receipt":
		return 0
	}
	return 1
}

func (p *Presenter) take(r read) {
	p.papers, p.noPapers = r.papers, r.noPapers
	p.o, p.settings, p.officer, p.rules, p.authority, p.atOnce, p.known = r.o, r.settings, r.officer, r.rules, r.authority, r.atOnce, r.known
	p.waiting = map[dossier.EventID]bool{}
	n := 0
	for _, row := range r.queue.Rows {
		p.waiting[row.Event] = true
		if row.Dossier == p.id {
			n++
		}
	}
	p.certain = n >= r.o.Summary.Unsent
	p.shown = true
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// Choose opens the form of an act, or says why it cannot be done.
func (p *Presenter) Choose(kind dossier.Kind) {
	v := verbOf(kind)
	if !p.shown || p.busy || v == nil {
		return
	}
	if why, _ := p.forbidden(v); why != "" {
		p.alert = &Alert{kit.Warn, why}
		p.render()
		return
	}
	p.alert, p.said, p.current, p.listed, p.offer = nil, nil, kind, false, ""
	if p.forms[kind] == nil {
		p.forms[kind] = map[string]string{}
		if v.begin != nil {
			p.forms[kind] = v.begin(p)
		}
	}
	p.render()
	p.view.Focus("form")
}

// Close goes back from the form; what was typed in it is there when it is opened again.
func (p *Presenter) Close() {
	p.current, p.said, p.listed = "", nil, false
	p.digit.Drop()
	p.render()
	p.view.Focus("")
}

// Text, Day and Pick take what is typed in the form.
func (p *Presenter) Text(field, typed string) {
	if p.current == "" || p.busy {
		p.render()
		return
	}
	p.forms[p.current][field] = typed
	delete(p.said, field)
	p.render()
}

// Keep is F9: the act is done.
func (p *Presenter) Keep() {
	v := verbOf(p.current)
	if v == nil || p.busy {
		return
	}
	body, ps := v.body(p, p.forms[p.current])
	if err := ps.Err(); err != nil {
		p.wrong(ps)
		return
	}
	p.busy = true
	p.render()
	id, kind := p.id, p.current
	p.Threads.Go(func() {
		_, err := p.Desk.Do(context.Background(), kind, id, body)
		p.Threads.OnUI(func() {
			p.busy = false
			if id != p.id {
				return
			}
			if err != nil {
				if p.Trouble != nil && p.Trouble(err, p.Keep) {
					p.render()
					return
				}
				if ps := kit.Problems(err); len(ps) > 0 {
					p.wrong(ps)
					return
				}
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
				p.render()
				return
			}
			delete(p.forms, kind)
			p.current, p.said, p.offer = "", nil, follows(kind, body)
			p.alert = &Alert{kit.Good, "Đã lưu tại máy: " + kind.Title() + "."}
			p.begin = true // what can be done now is another list
			p.read(false)
			if p.Kept != nil {
				p.Kept()
			}
		})
	})
}

// wrong says each problem at its field; what belongs to none is said above.
func (p *Presenter) wrong(ps dossier.Problems) {
	p.said = map[string]kit.Said{}
	first, loose := "", []string{}
	shown := map[string]bool{}
	for _, r := range verbOf(p.current).fields(p) {
		for _, f := range r {
			shown[f.Key] = true
		}
	}
	for _, one := range ps {
		field := one.Field
		if field == "papers" && !shown["papers"] {
			field = "other"
		}
		if !shown[field] {
			loose = append(loose, kit.Say(one))
			continue
		}
		if first == "" {
			first = field
		}
		p.said[field] = kit.Said{Text: kit.Say(one), Warn: one.Warn}
	}
	p.alert = nil
	if len(loose) > 0 {
		p.alert = &Alert{kit.Bad, strings.Join(loose, "\n")}
	}
	p.render()
	if first != "" {
		p.view.Focus(first)
	}
}

// follows is the form that goes with an act, "" where none does.
func follows(kind dossier.Kind, body any) string {
	if d, ok := body.(*dossier.Decision); ok && !d.Approved {
		return "refusal-answer"
	}
	return map[dossier.Kind]string{dossier.AskedPapers: "supplement", dossier.Rescheduled: "apology", dossier.Stopped: "stop",
		dossier.Refused: "refusal", dossier.Performed: "result-notice", dossier.Decided: "result-notice"}[kind]
}

// offered is the form that follows the act just kept, if its course allows it; -1 for none.
func (p *Presenter) offered() int {
	return slices.IndexFunc(p.papers, func(f desk.FormLine) bool { return f.Key == p.offer && f.Why == nil })
}

// Print is Ctrl+P: the form that follows the act just kept, else a choice of all.
func (p *Presenter) Print() {
	if i := p.offered(); p.current == "" && i >= 0 {
		p.PrintForm(i)
		return
	}
	p.List()
}

// List shows the forms of this dossier to choose from, or goes back.
func (p *Presenter) List() {
	if !p.shown || p.busy {
		return
	}
	if p.listed {
		p.Close()
		return
	}
	if p.noPapers != nil {
		p.alert = &Alert{kit.Bad, kit.SayError(p.noPapers)}
		p.render()
		return
	}
	p.listed, p.current, p.said = true, "", nil
	p.render()
	p.view.Focus("papers")
}

// PrintForm shows a form as it will be printed.
func (p *Presenter) PrintForm(i int) {
	if i < 0 || i >= len(p.papers) || p.papers[i].Why != nil {
		return
	}
	f := p.papers[i]
	p.listed, p.offer = false, ""
	p.digit.Drop()
	p.render()
	p.view.Focus("") // where Esc leads back to: the list is gone
	title := f.Code
	if title == "" {
		title = f.Title
	}
	p.Preview(desk.Order{Form: f.Key, Dossiers: []dossier.ID{p.id}}, title+" "+p.o.Dossier.Number)
}

// Rune takes a character typed while the forms are listed: i is the form of that digit, -1 for none.
func (p *Presenter) Rune(i int) {
	p.digit.Drop()
	if i >= 0 {
		p.digit.Do(func() {
			if p.listed {
				p.PrintForm(i)
			}
		})
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Key == "F9" && !e.Ctrl && p.current != "":
		p.Keep()
	case e.Key == "Escape" && (p.current != "" || p.listed):
		p.Close()
	case e.Key == "Escape":
		p.Back()
	case e.Ctrl && e.Key == "P":
		p.Print()
	case e.Ctrl && !e.Alt:
		for _, v := range verbs {
			if v.key == string(e.Key) {
				p.Choose(v.kind)
				return true
			}
		}
		return false
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	out := []kit.Hint{}
	for i := range verbs {
		out = append(out, kit.Hint{Key: verbs[i].Cap(), Does: verbs[i].title})
	}
	return append(out, kit.Hint{Key: "F9", Does: "Lưu bước đang nhập"}, kit.Hint{Key: "Ctrl+P", Does: "In giấy tờ: chọn bằng mũi tên và Enter, hoặc bằng số"},
		kit.Hint{Key: "Esc", Does: "Về danh sách bước, rồi về danh sách hồ sơ; chữ đã gõ vẫn giữ"})
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	if !p.shown {
		s := State{Empty: true, Opening: p.opening}
		if p.alert != nil {
			s.Alerts = []Alert{*p.alert}
		}
		return s
	}
	d, row := p.o.Dossier, p.o.Summary
	s := State{Number: d.Number, Name: d.Intake.Requester.Name(), Title: d.Intake.Title, Chip: kit.StatusChip(d.Status), Status: d.Status.String(),
		Busy: p.busy, Late: kit.Late(row, p.Now())}
	s.Sent, s.Tone = kit.SentWords(row, p.Upstream())
	if i := p.offered(); i >= 0 {
		s.Offer = named(p.papers[i])
	}
	if p.listed {
		s.Forms = []FormLine{}
		for _, f := range p.papers {
			s.Forms = append(s.Forms, formLine(f))
		}
	}
	if !d.Due.At.IsZero() {
		s.Due, s.DueWhy = kit.Moment(d.Due.At), d.Due.Text
	}
	if p.alert != nil {
		s.Alerts = append(s.Alerts, *p.alert)
	}
	if row.SentBack != "" {
		s.Alerts = append(s.Alerts, Alert{kit.Bad, "Cấp trên yêu cầu sửa: " + row.SentBack})
	}
	if len(d.Disputes) > 0 {
		s.Alerts = append(s.Alerts, Alert{kit.Bad, assets.Word("act.disputed", map[string]string{"number": d.Number})})
	}
	s.Facts, s.Papers = facts(d), papers(d)
	for i := len(d.Course) - 1; i >= 0; i-- {
		s.Steps = append(s.Steps, p.step(d.Course[i]))
	}
	for i := range verbs {
		v := &verbs[i]
		line := VerbLine{Kind: v.kind, Title: v.title, Key: v.Cap(), Danger: v.look == kit.Danger}
		line.Why, line.ByStatus = p.forbidden(v)
		s.Verbs = append(s.Verbs, line)
	}
	if v := verbOf(p.current); v != nil {
		s.Form = &Form{Title: v.title, Say: v.say, Danger: v.look == kit.Danger, Questions: []kit.Section{{Rows: v.fields(p)}},
			Values: p.forms[p.current], Said: p.said}
	}
	return s
}

func named(f desk.FormLine) string { return join(" ", f.Code, f.Title) }

func formLine(f desk.FormLine) FormLine {
	out := FormLine{Title: named(f)}
	if f.Why != nil {
		out.Why = kit.SayError(f.Why)
		return out
	}
	out.Sub = "Chưa in"
	if f.Printed > 0 {
		out.Sub = fmt.Sprintf("Đã gửi in hoặc lưu tệp %d lần; bản tiếp theo là bản in lại lần %d", f.Printed, f.Printed)
	}
	if f.Unseen {
		out.Sub += "; mẫu chưa đối chiếu"
	}
	return out
}

func facts(d dossier.Dossier) []Fact {
	in := d.Intake
	var out []Fact
	add := func(label, text string) {
		if text = strings.Trim(text, " ,"); text != "" {
			out = append(out, Fact{label, text})
		}
	}
	person := func(who dossier.Person) string {
		number := who.Number
		if number == "" {
			number = who.Passport
		}
		return join(", ", who.Name, number, who.Born.String(), who.Sex, who.Phone)
	}
	if in.Requester.Kind == dossier.Agency || in.Requester.Kind == dossier.Organization {
		add("Cơ quan, tổ chức", join(", ", in.Requester.Agency.Name, in.Requester.Agency.Code))
		add("Văn bản", join(" ngày ", in.Requester.Agency.Document, in.Requester.Agency.DocumentDate.String()))
		add("Địa chỉ", in.Requester.Agency.Address)
		add("Người đến nộp", join(", ", person(in.Requester.Person), in.Requester.Agency.Position))
		add("Người bị đề nghị", person(in.Subject))
		add("Tổ chức bị đề nghị", join(", ", in.SubjectOrg.Name, in.SubjectOrg.Code))
	} else {
		add("Người đề nghị", person(in.Requester.Person))
		add("Nơi cư trú", in.Requester.Person.Address)
		add("Người đại diện", join(", ", person(in.Requester.Representative), in.Requester.Relation))
	}
	add("Lý do đề nghị", in.Reason)
	add("Thời hạn khóa", in.Term)
	add("Tiếp nhận", kit.Moment(in.ReceivedAt)+", nộp "+in.Channel.Title())
	add("Mã hồ sơ quốc gia", in.NationalCode)
	add("Ghi chú", in.Note)
	return out
}

func join(sep string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

func papers(d dossier.Dossier) []string {
	var out []string
	for _, g := range d.Intake.Papers {
		var n []string
		if g.Originals > 0 {
			n = append(n, fmt.Sprintf("%d bản chính", g.Originals))
		}
		if g.Copies > 0 {
			n = append(n, fmt.Sprintf("%d bản sao", g.Copies))
		}
		out = append(out, g.Title+" ("+strings.Join(n, ", ")+")")
	}
	return out
}

func (p *Presenter) step(s dossier.Step) Step {
	out := Step{Title: s.Kind.Title(), When: kit.Short(s.At), Who: p.settings.Officer(s.By).Name, Detail: detail(s)}
	switch {
	case p.waiting[s.ID]:
		out.Sent, out.SentTone = "Chờ gửi", kit.Warn
	case p.certain:
		out.Sent, out.SentTone = "Đã gửi về "+p.Upstream(), kit.Good
	}
	switch s.Effect {
	case dossier.Disputed:
		out.Mark = "Trùng thao tác: chưa có hiệu lực"
	case dossier.Held:
		out.Mark = "Chờ xử lý trùng thao tác"
	case dossier.Waiting:
		out.Mark = "Chờ dữ liệu từ máy khác"
	case dossier.Void:
		out.Mark = "Không có hiệu lực"
	}
	return out
}

// detail is what an act says beyond its name.
func detail(s dossier.Step) string {
	if s.Purged {
		return "Nội dung đã xóa theo quyết định lưu trữ."
	}
	body := dossier.NewBody(s.Kind)
	if body == nil || json.Unmarshal(s.Body, body) != nil {
		return ""
	}
	label := func(l, text string) string {
		if text == "" {
			return ""
		}
		return l + text
	}
	switch b := body.(type) {
	case *dossier.Refuse:
		return b.Why
	case *dossier.AskPapers:
		return b.Why
	case *dossier.AddPapers:
		var titles []string
		for _, g := range b.Papers {
			titles = append(titles, g.Title)
		}
		return join("\n", strings.Join(titles, "; "), label("Hẹn trả lại: ", kit.Moment(b.Due.At)))
	case *dossier.HandOver:
		return join("; ", b.From+" giao "+b.To, b.Note)
	case *dossier.Forward:
		return join("\n", "Đã chuyển "+b.To+" lúc "+kit.Moment(b.At), label("Mã tham chiếu: ", b.Reference))
	case *dossier.Perform:
		return join("; ", b.Result, label("Mã tham chiếu: ", b.Reference), kit.Moment(b.At))
	case *dossier.Decision:
		answer := "Đồng ý"
		if !b.Approved {
			answer = "Từ chối: " + b.Why
		}
		return join("\n", answer, join(" ngày ", b.Document, b.Date.String()), b.By)
	case *dossier.Reschedule:
		return join("\n", "Hẹn lại: "+kit.Moment(b.Due.At), b.Why)
	case *dossier.Notify:
		return join("; ", b.To, b.How, b.Note)
	case *dossier.HandBack:
		return join("; ", "Người nhận: "+b.To, b.Paper, b.Note)
	case *dossier.Reason:
		return b.Why
	case *dossier.Correct:
		return b.Why
	case *dossier.Resolve:
		return b.Why
	}
	return ""
}
