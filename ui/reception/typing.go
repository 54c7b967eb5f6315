package reception

import (
	"slices"
	"strconv"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// early keeps what was pressed before it was known what is offered, and does it then: nobody looks whether the program is ready.
func (p *Presenter) early(f func()) bool {
	if p.offered == nil {
		p.soon = append(p.soon, f)
	}
	return p.offered == nil
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
	p.doneWrong = ""
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
