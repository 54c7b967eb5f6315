package reception

import (
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Card takes what a reader typed. It fills the person it is about, wherever the focus is, and never replaces another's name unasked.
func (p *Presenter) Card(read string) {
	if p.busy {
		p.notice = &Notice{Tone: kit.Warn, Text: assets.Word("ui.card-while-kept", nil)}
		p.render()
		return
	}
	card, err := dossier.ReadCard(read)
	if card.Number == "" {
		p.notice = &Notice{Tone: kit.Bad, Text: kit.SayError(err)}
		p.render()
		return
	}
	to := p.cardTarget()
	if to == "person" && p.in.Requester.Kind == dossier.Foreigner {
		p.notice = &Notice{Tone: kit.Warn, Text: assets.Word("ui.card-foreigner", nil)}
		p.render()
		return
	}
	who := p.who(to)
	if name := dossier.Fold(who.Name); name != "" && name != dossier.Fold(card.Name) && !(card.Plain && who.Number == card.Number) {
		p.card, p.cardTo = &card, to
		p.notice = &Notice{Tone: kit.Warn, Text: strings.Join(append(cardWords(card), assets.Word("ui.card-other", map[string]string{"typed": who.Name, "card": card.Name})), "\n"),
			Yes: "Dùng thẻ vừa quét", OnYes: p.UseCard, No: "Giữ như đang nhập", OnNo: p.KeepTyped}
		p.render()
		p.view.Focus("notice")
		return
	}
	p.fill(card, to, false)
}

// UseCard replaces the person by the card that was held back.
func (p *Presenter) UseCard() {
	if p.card == nil {
		return
	}
	card, to := *p.card, p.cardTo
	p.card = nil
	p.fill(card, to, true)
}

// KeepTyped forgets the card that was held back.
func (p *Presenter) KeepTyped() {
	p.card, p.notice = nil, nil
	p.render()
	p.view.Focus(p.focus)
}

// cardTarget is whose card it is: of a citizen's request the citizen's, of an agency's whoever's fields the officer is in.
func (p *Presenter) cardTarget() string {
	switch {
	case p.in.Requester.Kind == dossier.Agency && strings.HasPrefix(p.focus, "subject.") && !p.aboutOffice():
		return "subject"
	case p.represented() && (strings.HasPrefix(p.focus, "representative.") || p.focus == "relation"):
		return "representative"
	}
	return "person"
}

func (p *Presenter) who(to string) *dossier.Person {
	switch to {
	case "subject":
		return &p.in.Subject
	case "representative":
		return &p.in.Requester.Representative
	}
	return &p.in.Requester.Person
}

// fill takes over what the card says. Letters a reader lost are left to be typed; what stays of a phone stays.
func (p *Presenter) fill(card dossier.Card, to string, replace bool) {
	who := p.who(to)
	if replace {
		*who = dossier.Person{}
	}
	who.Number, who.OldNumber = card.Number, card.OldNumber
	if to == "person" {
		p.cardOld = card.OldNumber
	}
	if !card.Born.IsZero() {
		who.Born = card.Born
	}
	if card.Sex != "" {
		who.Sex = card.Sex
	}
	if !card.Plain {
		who.Name = card.Name
		if card.Address != "" {
			who.Address = card.Address
		}
	}
	for _, f := range dayFields {
		if strings.HasPrefix(f, to+".") {
			p.days[f] = p.day(f).String()
			delete(p.dayWrong, f)
		}
	}
	for _, f := range []string{".number", ".old-number", ".name", ".born", ".sex", ".address"} {
		p.left[to+f] = true // a wrong date on the card is said at once
	}
	p.fit()
	p.changed()
	if say := cardWords(card); len(say) > 0 {
		p.notice = &Notice{Tone: kit.Warn, Text: strings.Join(say, "\n")}
	}
	p.goOn = true // to what is still missing, as soon as that is known
	p.replan()
	p.render()
}

// cardWords are what is odd about a scan: an input method may have rewritten it.
func cardWords(card dossier.Card) (say []string) {
	for _, w := range card.Warnings {
		if strings.HasPrefix(w.Code, "card.") {
			say = append(say, kit.Say(w))
		}
	}
	return say
}
