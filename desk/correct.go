package desk

import (
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// checkCorrect cleans what a correction says and looks at it as a reception would have: a correction must not bring in what no
// reception could have said. Only what it changes is judged, and only that is left in it.
func checkCorrect(b *dossier.Correct, have dossier.Dossier, procedure *dossier.Procedure) dossier.Problems {
	r := have.Intake
	in := Intake{Procedure: r.Procedure, Case: r.Case, Requester: r.Requester, Subject: r.Subject, SubjectOrg: r.SubjectOrg, Ground: r.Ground,
		Reason: r.Reason, Term: r.Term, Channel: r.Channel, Papers: r.Papers, Sets: r.Sets, ReturnPlace: r.ReturnPlace,
		NationalCode: r.NationalCode, Note: r.Note}
	if b.Requester != nil && b.Requester.Kind == "" {
		b.Requester.Kind = r.Requester.Kind
	}
	overlay(&in.Requester, b.Requester)
	overlay(&in.Subject, b.Subject)
	overlay(&in.SubjectOrg, b.SubjectOrg)
	overlay(&in.Ground, b.Ground)
	overlay(&in.Reason, b.Reason)
	overlay(&in.Term, b.Term)
	overlay(&in.ReturnPlace, b.ReturnPlace)
	overlay(&in.NationalCode, b.NationalCode)
	overlay(&in.Note, b.Note)
	if b.Papers != nil {
		in.Papers = b.Papers
	}
	in = in.clean()
	overlay(b.Requester, &in.Requester)
	overlay(b.Subject, &in.Subject)
	overlay(b.SubjectOrg, &in.SubjectOrg)
	overlay(b.Ground, &in.Ground)
	overlay(b.Reason, &in.Reason)
	overlay(b.Term, &in.Term)
	overlay(b.ReturnPlace, &in.ReturnPlace)
	overlay(b.NationalCode, &in.NationalCode)
	overlay(b.Note, &in.Note)

	p := Plan{Procedure: procedure}
	kase, err := procedure.CaseFor(in.Requester.Kind, in.Channel, in.Case)
	switch {
	case have.Status == dossier.StatusRefused || len(procedure.Cases) == 0: // refused because it was not as it should be
		kase = &dossier.Case{}
		in.checkTexts(&p)
	case err != nil:
		asProblems(err, &p.Problems)
		return p.Problems
	default:
		p.Case = kase
		in.check(&p, dossier.DateOf(r.ReceivedAt))
	}
	if b.Papers != nil {
		b.Papers = slices.DeleteFunc(in.Papers, func(g dossier.Paper) bool { return g.Originals == 0 && g.Copies == 0 })
		p.add(namePapers(b.Papers, kase))
		said := slices.ContainsFunc(p.Problems, func(one dossier.Problem) bool { return one.Field == "papers" && !one.Warn })
		if len(b.Papers) == 0 && len(r.Papers) > 0 && !said { // an empty list would read as nothing changed
			p.add(dossier.Invalid("papers", "correct.no-papers"))
		}
		if slices.Equal(b.Papers, r.Papers) {
			b.Papers = nil
		}
	}
	b.Requester = changed(b.Requester, r.Requester)
	b.Subject, b.SubjectOrg = changed(b.Subject, r.Subject), changed(b.SubjectOrg, r.SubjectOrg)
	b.Ground, b.Reason, b.Term = changed(b.Ground, r.Ground), changed(b.Reason, r.Reason), changed(b.Term, r.Term)
	b.ReturnPlace, b.NationalCode = changed(b.ReturnPlace, r.ReturnPlace), changed(b.NationalCode, r.NationalCode)
	b.Note = changed(b.Note, r.Note)
	if b.Papers == nil && b.Requester == nil && b.Subject == nil && b.SubjectOrg == nil && b.Ground == nil && b.Reason == nil && b.Term == nil &&
		b.ReturnPlace == nil && b.NationalCode == nil && b.Note == nil {
		return dossier.Invalid("", "correct.nothing")
	}
	return slices.DeleteFunc(p.Problems, func(one dossier.Problem) bool { return !touches(b, one.Field) })
}

// changed is nil for what is as it was.
func changed[T comparable](to *T, was T) *T {
	if to == nil || *to == was {
		return nil
	}
	return to
}

func overlay[T any](to, from *T) {
	if to != nil && from != nil {
		*to = *from
	}
}

// touches tells whether the correction changes that field.
func touches(b *dossier.Correct, field string) bool {
	switch field {
	case "papers":
		return b.Papers != nil
	case "ground":
		return b.Ground != nil
	case "reason":
		return b.Reason != nil
	case "term":
		return b.Term != nil
	case "return-place":
		return b.ReturnPlace != nil
	case "national-code":
		return b.NationalCode != nil
	case "note":
		return b.Note != nil
	case "sets", "channel":
		return false
	}
	if strings.HasPrefix(field, "subject") {
		return b.Subject != nil || b.SubjectOrg != nil
	}
	return b.Requester != nil
}
