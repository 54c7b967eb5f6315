package books

import (
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// spans are the days an officer asks for most.
var spans = []struct {
	value, title, key string
	from              func(today dossier.Date) dossier.Date
}{
	{"day", "Hôm nay", "1", func(d dossier.Date) dossier.Date { return d }},
	{"week", "Tuần này", "2", func(d dossier.Date) dossier.Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }},
	{"month", "Tháng này", "3", func(d dossier.Date) dossier.Date { return dossier.Date{Year: d.Year, Month: d.Month, Day: 1} }},
	{"year", "Năm nay", "4", func(d dossier.Date) dossier.Date { return dossier.Date{Year: d.Year, Month: 1, Day: 1} }},
}

// Spans are those days as they are offered.
func Spans() []kit.Option {
	var out []kit.Option
	for _, s := range spans {
		out = append(out, kit.Option{Value: s.value, Title: s.title, Key: "Ctrl+" + s.key})
	}
	return out
}

type day struct {
	text string
	date dossier.Date
	err  error
}

// Span takes one of the quick choices.
func (p *Presenter) Span(value string) {
	p.setSpan(value)
	p.settle()
}

func (p *Presenter) setSpan(value string) {
	today := dossier.DateOf(p.Now())
	for _, s := range spans {
		if s.value == value {
			p.span = value
			from := s.from(today)
			p.from, p.to = day{text: from.String(), date: from}, day{text: today.String(), date: today}
			delete(p.said, "from")
			delete(p.said, "to")
		}
	}
}

// Day takes what is typed as the first or the last day; err is why it is none yet.
func (p *Presenter) Day(field, text string, date dossier.Date, err error) {
	one := day{text, date, err}
	if field == "from" {
		p.from = one
	} else {
		p.to = one
	}
	delete(p.said, "from")
	delete(p.said, "to")
	p.span = p.spanOf()
	p.settle()
}

func (p *Presenter) spanOf() string {
	today := dossier.DateOf(p.Now())
	if p.from.err != nil || p.to.err != nil || p.to.date != today {
		return ""
	}
	for _, s := range spans {
		if p.from.date == s.from(today) {
			return s.value
		}
	}
	return ""
}

// wrongDays are the desk's own rules, said before the preview is opened.
func wrongDays(from, to dossier.Date) dossier.Problems {
	switch {
	case to.Before(from):
		return dossier.Invalid("to", "book.range")
	case from.AddDays(desk.MaxBookDays).Before(to):
		return dossier.Invalid("to", "book.too-long")
	}
	return nil
}
