package desk

import (
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

// check looks at every field in the order of the form. The case is known.
func (in Intake) check(p *Plan, day dossier.Date) {
	switch in.Requester.Kind {
	case dossier.Agency:
		in.checkAgency(p, day)
	case dossier.Organization:
		in.checkOrganization(p)
	default:
		in.checkPerson(p, "person", in.Requester.Person, day)
		if in.represented(day) {
			in.checkRepresentative(p)
		}
	}
	in.checkTexts(p)
	in.checkGround(p)
	in.checkLacking(p)
	if in.Channel == dossier.Online { // it has one, and only that shows whether it was received before
		need(p, "national-code", in.NationalCode, "national-code.missing")
	}
}

// represented tells whether somebody speaks for the person: who is under 14 or a ward (người được giám hộ, người được đại diện) asks through
// a representative (5709/QĐ-BCA-C06).
func (in Intake) represented(day dossier.Date) bool {
	r := in.Requester
	return in.Represented || minor(r.Person.Born, day) || r.Representative != dossier.Person{} || r.Relation != ""
}

// checkTexts looks at what holds for every form, whatever is asked: what is kept fits the papers and can be printed.
func (in Intake) checkTexts(p *Plan) {
	p.add(dossier.CheckPersonName("person.name", in.Requester.Person.Name))
	p.add(dossier.CheckPersonName("representative.name", in.Requester.Representative.Name))
	p.add(dossier.CheckPersonName("subject.name", in.Subject.Name))
	p.add(dossier.CheckOfficeName("agency.name", in.Requester.Agency.Name))
	p.add(dossier.CheckOfficeName("subject-org.name", in.SubjectOrg.Name))
	eachText(&in, func(field string, s *string, max int) {
		p.add(dossier.CheckText(field, *s, max))
	})
	p.add(checkCounts(in.Papers))
	p.add(checkOthers(in.Papers))
	in.checkSecret(p)
	if in.Sets < 1 || in.Sets > 99 {
		p.add(dossier.Invalid("sets", "sets.range"))
	}
}

func (in Intake) checkPerson(p *Plan, prefix string, who dossier.Person, day dossier.Date) {
	need(p, prefix+".name", who.Name, "person.name-missing")
	p.add(dossier.CheckPersonName(prefix+".name", who.Name))
	switch foreign := in.Requester.Kind == dossier.Foreigner && prefix == "person"; {
	case foreign:
		need(p, prefix+".passport", who.Passport, "person.passport-missing")
	case who.Number == "" && who.OldNumber == "":
		need(p, prefix+".number", "", "person.number-missing")
	default:
		checkNumbers(p, prefix, who)
	}
	p.add(dossier.CheckBorn(prefix+".born", who.Born, day))
	if prefix == "person" {
		if who.Born.IsZero() {
			p.add(dossier.Invalid(prefix+".born", "person.born-missing"))
		}
		need(p, prefix+".address", who.Address, "person.address-missing")
		if p.Procedure.Form == "tk01" && !in.represented(day) {
			need(p, prefix+".phone", who.Phone, "person.phone-missing") // TK01: số thuê bao di động chính chủ
		}
	}
	checkPhone(p, prefix+".phone", who.Phone)
	checkEmail(p, prefix+".email", who.Email)
}

// checkNumbers looks at a personal number, and at that of an old identity card (CMND). An old one alone is taken from who was never given
// another, with a word: the cards themselves are no longer in force.
func checkNumbers(p *Plan, prefix string, who dossier.Person) {
	switch {
	case who.Number != "":
		p.add(dossier.CheckCitizenNumber(who.Number, who.Born, who.Sex).On(prefix + ".number"))
	case len(dossier.CheckOldNumber(who.OldNumber)) == 0:
		p.add(dossier.Problems{dossier.Warning(prefix+".old-number", "citizen-number.old")})
	}
	if who.OldNumber != "" {
		p.add(dossier.CheckOldNumber(who.OldNumber).On(prefix + ".old-number"))
	}
}

// checkRepresentative: the representative gives their own number and their own phone (5709/QĐ-BCA-C06).
func (in Intake) checkRepresentative(p *Plan) {
	r := in.Requester.Representative
	need(p, "representative.name", r.Name, "representative.name-missing")
	if r.Passport == "" { // of a foreign child's parent
		need(p, "representative.number", r.Number, "representative.number-missing")
	}
	need(p, "representative.phone", r.Phone, "representative.phone-missing")
	need(p, "relation", in.Requester.Relation, "representative.relation-missing")
	if r.Number != "" {
		p.add(dossier.CheckCitizenNumber(r.Number, r.Born, r.Sex).On("representative.number"))
	}
	checkPhone(p, "representative.phone", r.Phone)
}

func (in Intake) checkAgency(p *Plan, day dossier.Date) {
	a := in.Requester.Agency
	need(p, "agency.name", a.Name, "agency.name-missing")
	p.add(dossier.CheckOfficeName("agency.name", a.Name))
	need(p, "agency.document", a.Document, "agency.document-missing")
	switch {
	case a.DocumentDate.IsZero():
		p.add(dossier.Invalid("agency.document-date", "agency.document-date-missing"))
	case day.Before(a.DocumentDate):
		p.add(dossier.Invalid("agency.document-date", "agency.document-date-future"))
	}
	need(p, "agency.address", a.Address, "agency.address-missing")
	checkPhone(p, "agency.phone", a.Phone)
	if in.Channel == dossier.AtDesk {
		need(p, "person.name", in.Requester.Person.Name, "agency.person-missing")
	}
	p.add(dossier.CheckPersonName("person.name", in.Requester.Person.Name))
	in.checkSubject(p, day)
}

// checkSubject: an agency's request names somebody else's account or card.
func (in Intake) checkSubject(p *Plan, day dossier.Date) {
	s, org := in.Subject, in.SubjectOrg
	if org.Name != "" || org.Code != "" {
		need(p, "subject-org.name", org.Name, "subject.org-name-missing")
		need(p, "subject-org.code", org.Code, "subject.org-code-missing")
		return
	}
	need(p, "subject.name", s.Name, "subject.name-missing")
	p.add(dossier.CheckPersonName("subject.name", s.Name))
	switch {
	case s.Number == "" && s.OldNumber == "" && s.Passport == "":
		p.add(dossier.Invalid("subject.number", "subject.number-missing"))
	default:
		checkNumbers(p, "subject", s)
	}
	p.add(dossier.CheckBorn("subject.born", s.Born, day))
}

func (in Intake) checkOrganization(p *Plan) {
	a := in.Requester.Agency
	need(p, "agency.name", a.Name, "organization.name-missing")
	p.add(dossier.CheckOfficeName("agency.name", a.Name))
	need(p, "agency.code", a.Code, "organization.code-missing")
	need(p, "agency.address", a.Address, "organization.address-missing")
	checkPhone(p, "agency.phone", a.Phone)
	need(p, "person.name", in.Requester.Person.Name, "organization.person-missing")
	p.add(dossier.CheckPersonName("person.name", in.Requester.Person.Name))
	if n := in.Requester.Person.Number; n == "" && in.Requester.Person.Passport == "" { // a foreign director has only the passport
		p.add(dossier.Invalid("person.number", "person.number-missing"))
	} else if n != "" {
		p.add(dossier.CheckCitizenNumber(n, in.Requester.Person.Born, in.Requester.Person.Sex).On("person.number"))
	}
}

func (in Intake) checkGround(p *Plan) {
	grounds := p.Case.Grounds
	switch {
	case in.Ground == "" && len(grounds) > 1:
		p.add(dossier.Invalid("ground", "ground.missing"))
	case in.Ground != "" && !slices.ContainsFunc(grounds, func(g dossier.Ground) bool { return g.Key == in.Ground }):
		p.add(dossier.Invalid("ground", "ground.unknown"))
	}
}

// maxPapers is how many kinds of paper one dossier may list; the receipt has room for them on its one page.
const maxPapers = 12

// checkCounts: so few papers that the receipt has room for them, each of them counted.
func checkCounts(papers []dossier.Paper) (ps dossier.Problems) {
	if len(papers) > maxPapers {
		return dossier.Invalid("papers", "papers.too-many", "max", strconv.Itoa(maxPapers))
	}
	for _, g := range papers {
		if g.Originals < 0 || g.Copies < 0 || g.Originals > 99 || g.Copies > 99 {
			ps = append(ps, dossier.Invalid("papers", "papers.count")...)
		}
		ps = append(ps, dossier.CheckText("papers", g.Title, dossier.MaxLine)...)
	}
	return ps
}

// checkOthers: papers that are not on the case's list are named and counted; one left half written would be missing on the receipt.
func checkOthers(papers []dossier.Paper) (ps dossier.Problems) {
	for _, g := range papers {
		switch counted := g.Originals+g.Copies > 0; {
		case g.Key != "":
		case g.Title == "" && counted:
			ps = append(ps, dossier.Invalid("papers", "papers.unnamed")...)
		case g.Title != "" && !counted:
			ps = append(ps, dossier.Invalid("papers", "papers.uncounted", "title", g.Title)...)
		}
	}
	return ps
}

// namePapers gives papers the names the case has for them and checks them; one without any name could not be told from another.
func namePapers(papers []dossier.Paper, c *dossier.Case) dossier.Problems {
	ps := checkCounts(papers)
	for i := range papers {
		papers[i].Title = dossier.Clean(papers[i].Title)
		for _, rule := range c.Papers {
			if papers[i].Key == rule.Key {
				papers[i].Title = rule.Title
			}
		}
		if papers[i].Title == "" {
			ps = append(ps, dossier.Invalid("papers", "papers.unnamed")...)
		}
	}
	return ps
}

// checkLacking: each required paper is there, and of those that stand for one another at least one.
func (in Intake) checkLacking(p *Plan) {
	var missing []string
	for _, rule := range p.Case.Lacking(in.Papers) {
		missing = append(missing, rule.Title)
	}
	if len(missing) > 0 {
		p.add(dossier.Invalid("papers", "papers.missing", "papers", strings.Join(missing, "; ")))
	}
}

func need(p *Plan, field, value, code string) {
	if value == "" {
		p.add(dossier.Invalid(field, code))
	}
}

func checkPhone(p *Plan, field, phone string) {
	digits := 0
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +.-()", r):
			digits = -99
		}
	}
	if phone != "" && (digits < 8 || digits > 15) {
		p.add(dossier.Invalid(field, "phone.wrong"))
	}
}

func checkEmail(p *Plan, field, email string) {
	at := strings.LastIndexByte(email, '@')
	if email != "" && (at < 1 || !strings.Contains(email[at:], ".") || strings.ContainsAny(email, " ,;")) {
		p.add(dossier.Invalid(field, "email.wrong"))
	}
}

// minor tells whether somebody is under 14 on that day.
func minor(born, day dossier.Date) bool {
	return !born.IsZero() && day.Before(dossier.Date{Year: born.Year + 14, Month: born.Month, Day: born.Day})
}
