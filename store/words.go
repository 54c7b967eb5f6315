package store

import (
	"slices"
	"strings"
	"unicode"

	"tiepnhan/dossier"
)

// words are what a dossier is found by: its numbers, and names, personal numbers and phones of whom it is about and who asked.
// Each stands once, folded.
func words(d dossier.Dossier) string {
	var out []string
	seen := map[string]bool{}
	add := func(text string) {
		for _, w := range strings.FieldsFunc(dossier.Fold(text), isBetween) {
			if w = firstLetters(w, dossier.MaxTerm); !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	addNumber := func(text string) { // also as one word, however it was written: 0912.345.678
		add(text)
		add(strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text))
	}
	r := d.Intake.Requester
	add(d.Number)
	add(d.Intake.NationalCode)
	for _, p := range []dossier.Person{r.Person, r.Representative, d.Intake.Subject} {
		add(p.Name)
		addNumber(p.Number)
		addNumber(p.OldNumber)
		add(p.Passport)
		addNumber(p.Phone)
	}
	for _, o := range []dossier.Office{r.Agency, d.Intake.SubjectOrg} {
		add(o.Name)
		add(o.Code)
		addNumber(o.Phone)
	}
	return strings.Join(out, " ")
}

// isBetween tells what stands between words, as dossier.Terms sees it.
func isBetween(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

func firstLetters(s string, max int) string {
	for i := range s {
		if max == 0 {
			return s[:i]
		}
		max--
	}
	return s
}

// match is the search in FTS5's own language; ok is false where the text has no word to look for. Every word must begin a word of
// the dossier. Figures typed with blanks or dots between them may also be one number. Terms are letters and figures only, so what
// was typed can never be read as an operator.
func match(text string) (query string, ok bool) {
	terms := dossier.Terms(text)
	var all []string
	for len(terms) > 0 {
		n := slices.IndexFunc(terms, func(t string) bool { return strings.ContainsFunc(t, func(r rune) bool { return !unicode.IsDigit(r) }) })
		switch {
		case n < 0:
			n = len(terms)
		case n == 0:
			n = 1
		}
		var run []string
		for _, t := range terms[:n] {
			run = append(run, `"`+t+`" *`)
		}
		if n == 1 {
			all = append(all, run[0])
		} else {
			all = append(all, "(("+strings.Join(run, " AND ")+`) OR "`+strings.Join(terms[:n], "")+`" *)`)
		}
		terms = terms[n:]
	}
	return strings.Join(all, " AND "), len(all) > 0
}
