package forms

import (
	"tiepnhan/dossier"
)

// What a layout may name as a value. Each comes from the dossier; of a blank all are empty but the unit it is handed in to.

// lineValues are texts.
var lineValues = map[string]func(*sheet) string{
	"unit": func(s *sheet) string { return inText(s.handedTo().Name) },

	"person.name":        func(s *sheet) string { return s.in.Requester.Person.Name },
	"person.number":      func(s *sheet) string { return s.in.Requester.Person.Number },
	"person.old-number":  func(s *sheet) string { return s.in.Requester.Person.OldNumber },
	"person.passport":    func(s *sheet) string { return s.in.Requester.Person.Passport },
	"person.born":        func(s *sheet) string { return s.in.Requester.Person.Born.String() },
	"person.sex":         func(s *sheet) string { return s.in.Requester.Person.Sex },
	"person.nationality": (*sheet).nationality,
	"person.address":     func(s *sheet) string { return s.in.Requester.Person.Address },
	"person.phone":       func(s *sheet) string { return s.in.Requester.Person.Phone },
	"person.email":       func(s *sheet) string { return s.in.Requester.Person.Email },

	"representative.name":     func(s *sheet) string { return s.in.Requester.Representative.Name },
	"representative.number":   func(s *sheet) string { return s.in.Requester.Representative.Number },
	"representative.passport": func(s *sheet) string { return s.in.Requester.Representative.Passport },
	"representative.born":     func(s *sheet) string { return s.in.Requester.Representative.Born.String() },
	"representative.address":  func(s *sheet) string { return s.in.Requester.Representative.Address },
	"representative.phone":    func(s *sheet) string { return s.in.Requester.Representative.Phone },
	"representative.email":    func(s *sheet) string { return s.in.Requester.Representative.Email },
	"representative.relation": func(s *sheet) string { return s.in.Requester.Relation },

	"office.name":          func(s *sheet) string { return s.in.Requester.Agency.Name },
	"office.code":          func(s *sheet) string { return s.in.Requester.Agency.Code },
	"office.document":      func(s *sheet) string { return s.in.Requester.Agency.Document },
	"office.document-date": func(s *sheet) string { return s.in.Requester.Agency.DocumentDate.String() },
	"office.position":      func(s *sheet) string { return s.in.Requester.Agency.Position },
	"office.address":       func(s *sheet) string { return s.in.Requester.Agency.Address },
	"office.phone":         func(s *sheet) string { return s.in.Requester.Agency.Phone },

	"subject.name":     (*sheet).subjectName,
	"subject.number":   func(s *sheet) string { return s.subject().Number },
	"subject.passport": func(s *sheet) string { return s.subject().Passport },
	"subject.born":     func(s *sheet) string { return s.subject().Born.String() },
	"subject.address":  func(s *sheet) string { return or(s.subject().Address, s.in.SubjectOrg.Address) },
	"subject.phone":    func(s *sheet) string { return or(s.subject().Phone, s.in.SubjectOrg.Phone) },
	"subject.code":     func(s *sheet) string { return s.in.SubjectOrg.Code },

	"request.title":  func(s *sheet) string { return s.in.Title },
	"request.reason": func(s *sheet) string { return s.in.Reason },
	"request.term":   func(s *sheet) string { return s.in.Term },
	"signer":         func(s *sheet) string { return or(s.in.Requester.Representative.Name, s.in.Requester.Person.Name) },
}

// dateValues are days.
var dateValues = map[string]func(*sheet) dossier.Date{
	"person.born":          func(s *sheet) dossier.Date { return s.in.Requester.Person.Born },
	"representative.born":  func(s *sheet) dossier.Date { return s.in.Requester.Representative.Born },
	"subject.born":         func(s *sheet) dossier.Date { return s.subject().Born },
	"office.document-date": func(s *sheet) dossier.Date { return s.in.Requester.Agency.DocumentDate },
}

// tickValues tell whether a box is ticked.
var tickValues = map[string]func(*sheet) bool{
	"person.male":   func(s *sheet) bool { return s.in.Requester.Person.Sex == "Nam" },
	"person.female": func(s *sheet) bool { return s.in.Requester.Person.Sex == "Nữ" },

	"act.lock":       of("lock-account", "lock-eid"),
	"act.unlock":     of("unlock-account", "unlock-eid"),
	"object.account": of("lock-account", "unlock-account"),
	"object.eid":     of("lock-eid", "unlock-eid"),

	"issue.level1": of(), // no procedure of the police gives it: it is had in the application itself
	"issue.level2": of("issue-level2", "issue-level2-foreigner"),
	"issue.eid":    of("issue-level2"),

	"channel.desk":   func(s *sheet) bool { return s.in.Channel == dossier.AtDesk },
	"channel.online": func(s *sheet) bool { return s.in.Channel == dossier.Online },
	"channel.post":   func(s *sheet) bool { return s.in.Channel == dossier.ByPost },
}

// of is ticked for a dossier of one of these procedures.
func of(procedures ...string) func(*sheet) bool {
	return func(s *sheet) bool {
		for _, p := range procedures {
			if s.in.Procedure == p {
				return true
			}
		}
		return false
	}
}

// handedTo is the unit a form is handed in to.
func (s *sheet) handedTo() dossier.Unit {
	if s.isBlank() {
		return s.unitOn(s.Day).Unit
	}
	return s.in.Unit
}

func (s *sheet) nationality() string {
	if s.in.Requester.Kind == dossier.Citizen {
		return "Việt Nam"
	}
	return ""
}

// subject is the person it is about: who asks, where nobody else is named.
func (s *sheet) subject() dossier.Person {
	if s.in.Subject.Name == "" && s.in.SubjectOrg.Name == "" && s.in.Requester.Agency.Name == "" {
		return s.in.Requester.Person
	}
	return s.in.Subject
}

func (s *sheet) subjectName() string { return or(s.subject().Name, s.in.SubjectOrg.Name) }
