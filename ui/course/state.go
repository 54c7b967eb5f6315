package course

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// State is all that the screen shows.
type State struct {
	Empty     bool
	Opening   bool
	Busy      bool
	Number    string
	Name      string
	Title     string
	Chip      *kit.Chip
	Status    string
	Due, Own  Clock
	Forwarded string // the legal step, with time and reference; never the copy upward
	Sent      string // the copy upward
	Tone      kit.Tone
	Facts     []Fact
	Numbers   bool // some are in it that can be shown whole
	Bare      bool // they are
	Papers    []string
	Printed   []Fact
	Alerts    []Alert
	Steps     []Step
	Verbs     []VerbLine     // all, in the order of their keys
	Next      []dossier.Kind // those that come next in this status
	Form      *Form
	Offer     string     // the form that follows the act just kept
	Forms     []FormLine // to choose one to print; nil while nobody asks
}

// Clock is an appointment and how much time it leaves.
type Clock struct {
	Text  string // "" where there is none
	Left  string
	Late  bool
	Today bool   // it is up today
	Why   string // how it was reckoned
}

// Fact is one line of what was asked.
type Fact struct{ Label, Text string }

// Alert is a word above everything, with what can be done about it.
type Alert struct {
	Tone       kit.Tone
	Text       string
	Act        dossier.Kind // "" where nothing is offered
	Drop       bool         // what is typed in the open form can be thrown away, or got back
	Label, Key string
}

// VerbLine is one act and whether it can be done.
type VerbLine struct {
	Kind       dossier.Kind
	Title, Key string
	Why        string // not allowed, because
	ByStatus   bool   // it is the status alone
	Danger     bool
	Draft      bool // something was typed for it and not kept
}

// FormLine is one form to print.
type FormLine struct {
	Title, Sub string
	Why        string // not allowed, because
}

// Form is what the chosen act asks.
type Form struct {
	Kind       dossier.Kind
	Title, Say string
	Danger     bool
	Wide       bool // it needs most of the screen
	Cards      []Card
	Questions  []kit.Section
	Values     map[string]string
	Said       map[string]kit.Said
	Review     []Change // shown in place of the questions, to be kept or taken back
	Note       string   // beside the review
}

// Card is one of several acts to choose from.
type Card struct{ Title, When, Who, Detail string }

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
		Busy: p.busy, Due: p.due(), Own: p.own(), Forwarded: forwarded(d.Forward), Alerts: p.alerts(), Next: p.next()}
	s.Sent, s.Tone = kit.SentWords(row, p.Upstream())
	if s.Number == "" {
		s.Number = "Hồ sơ không còn nội dung"
	}
	if i := p.offered(); i >= 0 {
		s.Offer = named(p.papers[i])
	}
	if p.listed {
		s.Forms = []FormLine{}
		for _, f := range p.papers {
			s.Forms = append(s.Forms, formLine(f))
		}
	}
	s.Facts, s.Papers = p.facts(), papers(d)
	s.Numbers, s.Bare = len(numbers(d.Intake)) > 0, p.bare
	for _, f := range p.papers {
		if f.Printed > 0 {
			s.Printed = append(s.Printed, Fact{named(f), printedWords(f.Printed)})
		}
	}
	for i := len(d.Course) - 1; i >= 0; i-- {
		s.Steps = append(s.Steps, p.step(d.Course[i]))
	}
	for i := range verbs {
		v := &verbs[i]
		line := VerbLine{Kind: v.kind, Title: v.title, Key: v.Cap(), Danger: v.look == kit.Danger, Draft: p.sheets.waits(p.id, v.kind)}
		line.Why, line.ByStatus = p.forbidden(v)
		s.Verbs = append(s.Verbs, line)
	}
	s.Form = p.form()
	return s
}

func (p *Presenter) form() *Form {
	v := verbOf(p.current)
	if v == nil {
		return nil
	}
	f := &Form{Kind: v.kind, Title: v.title, Say: v.say, Danger: v.look == kit.Danger, Wide: v.wide, Questions: v.fields(p), Values: p.typed(), Said: p.said, Review: p.review}
	if v.cards != nil {
		f.Cards = v.cards(p)
	}
	if v.warn != nil {
		if field, words := v.warn(p, p.typed()); words != "" && p.said[field].Text == "" {
			f.Said = map[string]kit.Said{field: {Text: words, Warn: true}}
			for k, said := range p.said {
				f.Said[k] = said
			}
		}
	}
	if p.review != nil {
		f.Title, f.Say = "Kiểm tra nội dung đính chính", "Lưu đính chính"
		f.Note = "Số hồ sơ và giấy đã in giữ nguyên. Giấy in lại sau khi lưu ghi “có đính chính”."
	}
	return f
}

// due is the appointment in force, and what is left of it while somebody still waits.
func (p *Presenter) due() Clock {
	d := p.o.Dossier
	if d.Due.At.IsZero() {
		return Clock{}
	}
	c := Clock{Text: kit.Moment(d.Due.At), Why: d.Due.Text}
	now := p.Now()
	switch {
	case d.Status == dossier.StatusAnnulled:
	case d.Asked != nil && d.Late(now):
		c.Left, c.Late = "Đã quá hạn trước khi yêu cầu bổ sung", true
	case d.Asked != nil:
		c.Left = "Chờ bổ sung, chưa tính tiếp thời hạn"
	case !d.EndedAt.IsZero() && d.Late(now):
		c.Left, c.Late = "Xong quá hạn", true
	case d.Early():
		c.Left = "Xong trước hạn"
	case !d.EndedAt.IsZero():
		c.Left = "Xong đúng hạn"
	default:
		c.left(d.Due.At, now, "Quá hạn trả ")
		if !c.Late && d.Late(now) { // an apology with a new date mends nothing, nor do papers asked for too late
			c.Left, c.Late = "Quá hẹn đầu; "+lower(c.Left)+" đến hẹn mới", true
		}
	}
	if d.Reschedules > 0 && !d.Intake.Due.At.IsZero() {
		c.Why = join("; ", c.Why, "hẹn đầu: "+kit.Moment(d.Intake.Due.At))
	}
	return c
}

// own is the station's own step, as long as it matters.
func (p *Presenter) own() Clock {
	d := p.o.Dossier
	if d.OwnDue.At.IsZero() || d.Status == dossier.StatusAnnulled || d.Status == dossier.StatusRefused {
		return Clock{}
	}
	c := Clock{Text: kit.Moment(d.OwnDue.At), Why: d.OwnDue.Text}
	switch {
	case d.Asked != nil && d.Forward == nil && d.OwnLate(p.Now()):
		c.Left, c.Late = "Đã quá hạn chuyển trước khi yêu cầu bổ sung", true
	case d.Asked != nil:
	case d.Forward != nil && d.OwnLate(p.Now()):
		c.Left, c.Late = "Đã chuyển quá hạn", true
	case d.OwnEarly():
		c.Left = "Đã chuyển trước hạn"
	case d.Forward != nil:
		c.Left = "Đã chuyển đúng hạn"
	case d.EndedAt.IsZero():
		c.left(d.OwnDue.At, p.Now(), "Quá hạn chuyển ")
		if !c.Late && d.OwnLate(p.Now()) { // papers that were asked for too late mend nothing
			c.Left, c.Late = "Quá hạn chuyển lần đầu; "+lower(c.Left), true
		}
	}
	return c
}

// left is how much time an appointment leaves, or in the words of late how long it has passed, as the list says it.
func (c *Clock) left(at, now time.Time, late string) {
	if c.Late = now.After(at); c.Late {
		c.Left = late + kit.Span(at, now)
		return
	}
	c.Left, c.Today = "Còn "+kit.Span(now, at), dossier.DateOf(at) == dossier.DateOf(now)
}

func lower(s string) string { return strings.Replace(s, "Còn", "còn", 1) }

func forwarded(f *dossier.Forward) string {
	if f == nil {
		return ""
	}
	words := "Đã chuyển " + f.To + " lúc " + kit.Moment(f.At)
	if f.Reference != "" {
		words += ", mã " + f.Reference
	}
	return words
}

func (p *Presenter) alerts() []Alert {
	d, row := p.o.Dossier, p.o.Summary
	var out []Alert
	if p.alert != nil {
		out = append(out, *p.alert)
	}
	offer := func(a Alert, kind dossier.Kind, label string) {
		if v := verbOf(kind); p.current != kind {
			if why, _ := p.forbidden(v); why == "" {
				a.Act, a.Label, a.Key = kind, label, v.Cap()
			}
		}
		out = append(out, a)
	}
	if row.SentBack != "" {
		offer(Alert{Tone: kit.Bad, Text: "Cấp trên yêu cầu sửa: " + row.SentBack}, dossier.Corrected, "Sửa và gửi lại")
	}
	if len(d.Disputes) > 0 {
		offer(Alert{Tone: kit.Bad, Text: assets.Word("act.disputed", map[string]string{"number": d.Number})}, dossier.Resolved, "Xử lý trùng thao tác")
	}
	if d.Waiting() {
		out = append(out, Alert{Tone: kit.Warn, Text: "Hồ sơ còn thao tác chưa đọc được: chờ dữ liệu từ máy khác, hoặc cần bản chương trình mới hơn."})
	}
	switch offered, late := p.apology(); {
	case late && d.Reschedules > 0:
		offer(Alert{Tone: kit.Bad, Text: "Đã quá ngày hẹn lại. Hẹn lại lần nữa cần ý kiến của Trưởng Công an."}, dossier.Rescheduled, "Xin lỗi và hẹn lại")
	case late:
		offer(Alert{Tone: kit.Bad, Text: "Đã quá hạn trả kết quả. Cần xin lỗi và hẹn lại ngày trả" + p.codeOf("apology") + "."}, dossier.Rescheduled, "Xin lỗi và hẹn lại")
	case offered && d.Reschedules == 0:
		offer(Alert{Tone: kit.Warn, Text: "Sắp đến hạn trả kết quả. Nếu không kịp, xin lỗi và hẹn lại trước khi quá hạn" + p.codeOf("apology") + "."}, dossier.Rescheduled, "Xin lỗi và hẹn lại")
	}
	return out
}

// codeOf is a form's number in brackets, as this dossier's form set has it.
func (p *Presenter) codeOf(form string) string {
	if i := slices.IndexFunc(p.papers, func(f desk.FormLine) bool { return f.Key == form }); i >= 0 && p.papers[i].Code != "" {
		return " (" + p.papers[i].Code + ")"
	}
	return ""
}

// next are the acts this status leads to, the likeliest first.
func (p *Presenter) next() []dossier.Kind {
	d := p.o.Dossier
	var out []dossier.Kind
	if len(d.Disputes) > 0 {
		out = append(out, dossier.Resolved)
	}
	if p.o.Summary.SentBack != "" {
		out = append(out, dossier.Corrected)
	}
	offered, late := p.apology()
	if late {
		out = append(out, dossier.Rescheduled)
	}
	switch d.Status {
	case dossier.StatusReceived, dossier.StatusProcessing:
		switch {
		case p.o.Case.AtOnce() && d.Forward == nil:
			out = append(out, dossier.Performed)
		case d.Forward == nil:
			out = append(out, dossier.Forwarded, dossier.AskedPapers)
		default:
			out = append(out, dossier.Decided)
		}
	case dossier.StatusAsked:
		out = append(out, dossier.AddedPapers)
	case dossier.StatusDone:
		out = append(out, dossier.HandedBack, dossier.Notified)
	case dossier.StatusRefused, dossier.StatusWithdrawn, dossier.StatusStopped:
		out = append(out, dossier.Notified)
	}
	if offered && !late {
		out = append(out, dossier.Rescheduled)
	}
	return slices.DeleteFunc(out, func(k dossier.Kind) bool { why, _ := p.forbidden(verbOf(k)); return why != "" })
}

func named(f desk.FormLine) string { return join(" ", f.Code, f.Title) }

func printedWords(n int) string { return fmt.Sprintf("Đã gửi in hoặc lưu tệp %d lần", n) }

func formLine(f desk.FormLine) FormLine {
	out := FormLine{Title: named(f)}
	if f.Why != nil {
		out.Why = kit.SayError(f.Why)
		return out
	}
	out.Sub = "Chưa in"
	if f.Printed > 0 {
		out.Sub = fmt.Sprintf("%s; bản tiếp theo là bản in lại lần %d", printedWords(f.Printed), f.Printed)
	}
	if f.Unseen {
		out.Sub += "; mẫu chưa đối chiếu"
	}
	return out
}

func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}
