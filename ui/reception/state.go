package reception

import (
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Papers    []PaperLine
	PapersToo string // shown and given back
	Due       Appointment
	Missing   []Missing
	Ready     bool // nothing is missing
	Warnings  []string
	Notice    *Notice
	Kept      *Kept
	Refusing  bool
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

// Appointment is the date and why it is that.
type Appointment struct {
	At, Why     string // At is "" while it cannot be said
	Own, OwnWhy string // the station's own step
	Projected   bool
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
	ID      dossier.ID
	Number  string
	Name    string
	Title   string
	Due     string
	Refused bool
	Print   kit.PrintState // of the citizen's paper
	Old     bool           // the next form has been begun
}

func (p *Presenter) state() State {
	s := State{Questions: p.questions(), Values: p.values(), Said: p.said(), Papers: p.papers(), Missing: p.missing(), Notice: p.notice,
		Refusing: p.refusing, Why: p.why, Busy: p.busy}
	if p.kept != nil {
		kept := *p.kept
		s.Kept = &kept
	}
	if len(p.whyWrong) > 0 {
		s.WhySaid = kit.Said{Text: kit.Say(p.whyWrong[0])}
	}
	s.Ready = p.planned && len(s.Missing) == 0 && len(p.dayWrong) == 0
	if d := p.plan.Due; !d.At.IsZero() {
		s.Due = Appointment{At: kit.Moment(d.At), Why: d.Text, Projected: d.Projected}
		if own := p.plan.OwnDue; !own.At.IsZero() {
			s.Due.Own, s.Due.OwnWhy = kit.Moment(own.At), own.Text
		}
	}
	shown := p.shown()
	for _, one := range p.plan.Problems {
		if one.Warn && !shown[target(one.Field)] {
			s.Warnings = append(s.Warnings, kit.Say(one))
		}
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
	for field, one := range p.dayWrong {
		if p.asked || p.left[field] && field != p.at {
			out[field] = kit.Said{Text: kit.Say(one)}
		}
	}
	return out
}

func missing(p dossier.Problem) bool { return strings.HasSuffix(p.Code, "missing") }

// missing is what keeps the dossier from being kept, in the order of the screen.
func (p *Presenter) missing() []Missing {
	var out []Missing
	for _, one := range p.plan.Problems.Blocking() {
		text := kit.Say(one)
		if wrong, ok := p.dayWrong[target(one.Field)]; ok {
			text = kit.Say(wrong)
		} else if label := p.label(target(one.Field)); strings.HasPrefix(one.Code, "text.") && label != "" {
			text = label + ": " + text // what is wrong with the letters does not say whose
		}
		out = append(out, Missing{target(one.Field), text})
	}
	for _, f := range dayFields {
		if wrong, ok := p.dayWrong[f]; ok && p.shown()[f] && !slices.ContainsFunc(out, func(m Missing) bool { return m.Field == f }) {
			out = append(out, Missing{f, kit.Say(wrong)})
		}
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

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// wanted says how many of a paper are asked for.
func wanted(r dossier.PaperRule) string {
	var parts []string
	if r.Originals > 0 {
		parts = append(parts, strconv.Itoa(r.Originals)+" bản chính")
	}
	if r.Copies > 0 {
		parts = append(parts, strconv.Itoa(r.Copies)+" bản sao")
	}
	s := strings.Join(parts, ", ")
	switch {
	case r.AnyOf != "":
		s += "; chỉ cần một trong các giấy tờ này"
	case !r.Required:
		s += "; nếu có"
	}
	return s
}
