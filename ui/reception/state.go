package reception

import (
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Papers    []PaperLine
	Others    []OtherLine // handed in and on no list
	PapersToo string      // shown and given back
	Ward      bool        // somebody speaks for a person of 14 and over
	ByHand    bool        // it was received earlier
	Due       Appointment
	Missing   []Missing
	Ready     bool     // nothing is missing
	Too       []string // what is kept with it
	Warnings  []string
	Earlier   []EarlierLine
	Before    string // how many there are, in a line
	BeforeOf  string // whose they are
	More      int    // earlier ones that are not shown; -1 is more than can be said
	Notice    *Notice
	Kept      *Kept
	Slip      string // slipRefuse, slipAsk or none
	Why       string
	WhySaid   kit.Said
	Busy      bool
}

// PaperLine is one paper to tick.
type PaperLine struct {
	Key, Title, Sub   string
	On, Bad           bool
	Originals, Copies string
}

// OtherLine is one paper that is on no list.
type OtherLine struct{ Title, Originals, Copies string }

// EarlierLine is an earlier dossier of the same person.
type EarlierLine struct {
	ID         dossier.ID
	Head, Text string
	Open       bool
}

// Appointment is the date and why it is that.
type Appointment struct {
	At, Why     string // At is "" while it cannot be said
	Own, OwnWhy string // the station's own step
	Projected   bool
	ByHand      string // it is reckoned from a moment taken down by hand
}

// Missing is one thing still to do before F9.
type Missing struct{ Field, Text string }

// Notice is a word on the whole form, with what can be done about it.
type Notice struct {
	Tone  kit.Tone
	Text  string
	Yes   string
	OnYes func()
	No    string
	OnNo  func()
}

// Kept is the dossier kept last.
type Kept struct {
	ID       dossier.ID
	Number   string
	Name     string
	Title    string
	Due      string
	Refused  bool
	Asked    bool           // papers were asked for
	National string         // what is kept of the national system
	ToDo     string         // what the law wants at once and is not done
	Print    kit.PrintState // of the citizen's paper
	Slip     kit.PrintState // of the one that asks for papers
	Old      bool           // the next form has been begun
}

func (p *Presenter) state() State {
	s := State{Questions: p.questions(), Values: p.values(), Said: p.said(), Papers: p.papers(), Missing: p.missing(), Notice: p.notice,
		Others: p.otherLines(), Ward: p.in.Represented, ByHand: p.byHand, Slip: p.slip, Why: p.why(), Busy: p.busy}
	if p.kept != nil {
		kept := *p.kept
		s.Kept = &kept
	}
	if len(p.whyWrong) > 0 {
		s.WhySaid = kit.Said{Text: kit.Say(p.whyWrong[0])}
	}
	s.Ready = p.planned && len(s.Missing) == 0
	at, told := p.receivedAt()
	if d := p.plan.Due; !d.At.IsZero() && told {
		s.Due = Appointment{At: kit.Moment(d.At), Why: d.Text, Projected: d.Projected}
		if own := p.plan.OwnDue; !own.At.IsZero() {
			s.Due.Own, s.Due.OwnWhy = kit.Moment(own.At), own.Text
		}
		if !at.IsZero() {
			s.Due.ByHand = assets.Word("reception.by-hand", map[string]string{"at": kit.Moment(at)})
		}
	}
	done, later := p.answers()
	switch {
	case p.slip == slipAsk:
		s.Too = append(s.Too, "Lưu kèm: yêu cầu bổ sung giấy tờ; thời gian chờ bổ sung không tính vào hạn.")
	case p.nationalVerb() == "" || p.slip != "":
	case p.answer == answerDone:
		words := "Lưu kèm: " + lower(done) + " trên hệ thống quốc gia"
		if at, ok := p.doneAt(); ok && !at.IsZero() {
			words += " lúc " + kit.Moment(at)
		}
		s.Too = append(s.Too, words+".")
	case p.answer == answerLater:
		s.Too = append(s.Too, "Lưu là: "+lower(later)+" trên hệ thống quốc gia.")
	case p.nationalVerb() == dossier.Performed:
		s.Too = append(s.Too, assets.Word("reception.answer-none", nil))
	}
	shown := p.shown()
	for _, one := range p.plan.Problems {
		if one.Warn && !shown[target(one.Field)] {
			s.Warnings = append(s.Warnings, kit.Say(one))
		}
	}
	for _, one := range p.earlier.Problems {
		if one.Warn {
			s.Warnings = append(s.Warnings, kit.Say(one))
		}
	}
	if p.earlierBad {
		s.Warnings = append(s.Warnings, assets.Word("reception.earlier-failed", nil))
	}
	s.Earlier, s.More = p.earlierLines()
	if len(s.Earlier) > 0 {
		s.BeforeOf = "Đã từng đến"
		switch p.in.Requester.Kind {
		case dossier.Agency:
			s.BeforeOf = "Hồ sơ trước của người, tổ chức bị đề nghị"
		case dossier.Organization:
			s.BeforeOf = "Hồ sơ trước của tổ chức"
		}
		s.Before = p.beforeWords(s.BeforeOf)
	}
	if c := p.theCase(); c != nil && len(c.Shown) > 0 {
		var titles []string
		for _, r := range c.Shown {
			titles = append(titles, r.Title)
		}
		s.PapersToo = "Đối chiếu rồi trả lại ngay: " + strings.Join(titles, "; ") + "."
	}
	return s
}

// said are the words under the fields. What is merely not filled in yet is said after F9, what is wrong once the field was left, and
// what is only odd at once.
func (p *Presenter) said() map[string]kit.Said {
	out := map[string]kit.Said{}
	for _, one := range p.plan.Problems {
		field := target(one.Field)
		have, taken := out[field]
		switch {
		case taken && !have.Warn:
		case one.Warn:
			if !taken {
				out[field] = kit.Said{Text: kit.Say(one), Warn: true}
			}
		case p.asked || p.left[field] && field != p.at && !missing(one) || field == "procedure" && one.Code != "procedure.missing",
			field == "requester.kind" || field == "channel":
			out[field] = kit.Said{Text: kit.Say(one)}
		}
	}
	for _, one := range p.unfinished() {
		_, begun := p.dayWrong[one.Field]
		if p.asked || (begun || one.Field == "received-time" || one.Field == "done-time") && p.left[one.Field] && one.Field != p.at {
			out[one.Field] = kit.Said{Text: one.Text}
		}
	}
	if p.doneWrong != "" {
		out["done-time"] = kit.Said{Text: p.doneWrong}
	}
	if p.taken != "" {
		out["national-code"] = kit.Said{Text: p.takenWord()}
	}
	return out
}

func missing(p dossier.Problem) bool { return strings.HasSuffix(p.Code, "missing") }

// missing is what keeps the dossier from being kept, in the order of the screen.
func (p *Presenter) missing() []Missing {
	var out []Missing
	for _, one := range p.plan.Problems.Blocking() {
		text := kit.Say(one)
		if one.Field == "why" || one.Code == "papers.missing" && p.slip == slipAsk {
			continue
		}
		if _, ok := p.dayWrong[target(one.Field)]; ok {
			continue // said below
		} else if label := p.label(target(one.Field)); strings.HasPrefix(one.Code, "text.") && label != "" {
			text = label + ": " + text // what is wrong with the letters does not say whose
		}
		out = append(out, Missing{target(one.Field), text})
	}
	out = append(out, p.unfinished()...)
	if p.doneWrong != "" {
		out = append(out, Missing{"done-time", p.doneWrong})
	}
	if p.taken != "" && !slices.ContainsFunc(out, func(m Missing) bool { return m.Field == "national-code" }) {
		out = append(out, Missing{"national-code", p.takenWord()})
	}
	if p.slip == slipAsk && strings.TrimSpace(p.why()) == "" {
		out = append(out, Missing{"why", kit.Say(dossier.Invalid("why", "ask-papers.reason-missing")[0])})
	}
	order := p.order()
	place := func(m Missing) int {
		if at, ok := order[m.Field]; ok {
			return at
		}
		return len(order)
	}
	slices.SortStableFunc(out, func(a, b Missing) int { return place(a) - place(b) })
	return out
}

func (p *Presenter) papers() []PaperLine {
	c := p.theCase()
	if c == nil {
		return nil
	}
	lacking := map[string]bool{}
	if p.asked {
		for _, r := range c.Lacking(p.in.Papers) {
			lacking[r.Key] = true
		}
	}
	var out []PaperLine
	for _, r := range c.Papers {
		line := PaperLine{Key: r.Key, Title: r.Title, Sub: wanted(r), Bad: lacking[r.Key]}
		for _, g := range p.in.Papers {
			if g.Key == r.Key {
				line.On, line.Originals, line.Copies = true, number(g.Originals), number(g.Copies)
			}
		}
		out = append(out, line)
	}
	return out
}

func (p *Presenter) otherLines() []OtherLine {
	var out []OtherLine
	for _, g := range p.others {
		out = append(out, OtherLine{g.Title, number(g.Originals), number(g.Copies)})
	}
	return out
}

// mostShown is how many earlier dossiers the side of the screen shows.
const mostShown = 5

func (p *Presenter) earlierLines() (out []EarlierLine, more int) {
	visits := p.earlier.Visits
	for _, v := range visits[:min(mostShown, len(visits))] {
		text := v.Title + ", nhận ngày " + dossier.DateOf(v.At).String()
		if v.Subject {
			text += " (là người bị đề nghị)"
		}
		out = append(out, EarlierLine{ID: v.ID, Head: v.Number + " – " + v.Status.String(), Text: text, Open: v.Open})
	}
	if more = max(0, len(visits)-mostShown); p.earlier.More {
		more = -1
	}
	return out, more
}

// beforeWords say in a line how many earlier dossiers there are and how many of them are still open.
func (p *Presenter) beforeWords(whose string) string {
	visits, open := p.earlier.Visits, 0
	for _, v := range visits {
		if v.Open {
			open++
		}
	}
	count := strconv.Itoa(len(visits))
	if p.earlier.More {
		count = "từ " + count
	}
	words := whose + ": " + count + " hồ sơ"
	if open > 0 {
		words += ", " + strconv.Itoa(open) + " chưa giải quyết xong"
	}
	return words
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// wanted says how many of a paper are asked for.
func wanted(r dossier.PaperRule) string {
	s := counted(r.Originals, r.Copies)
	switch {
	case r.AnyOf != "":
		s += "; chỉ cần một trong các giấy tờ này"
	case !r.Required:
		s += "; nếu có"
	}
	return s
}
