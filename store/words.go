package store

import (
	"slices"
	"strings"
	"unicode"

	"tiepnhan/dossier"
)

// words are what a dossier is found by: its numbers, and names, personal numbers and phones of whom it is about and who asked.
// Each stands once, folded, with a blank before it.
func words(d dossier.Dossier) string {
	var out strings.Builder
	seen := map[string]bool{}
	add := func(text string) {
		if text == "" { // as most of them are
			return
		}
		for _, w := range strings.FieldsFunc(dossier.Fold(text), isBetween) {
			if w = firstLetters(w, dossier.MaxTerm); !seen[w] {
				seen[w] = true
				out.WriteString(" " + w)
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
	return out.String()
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

// search is what a text looks for: any of these is enough.
type search []wanted

// wanted are groups of words that must all be there.
type wanted []group

// group is words, or the beginnings of words, that must all be there; or the one word that they are without the blanks between them.
type group struct {
	words []string
	whole bool // the first word is all of a word
}

// searchFor is what a text searches for, nothing where it has no word to look for.
func searchFor(l *link, text string) (out search, err error) {
	for _, part := range dossier.Either(text) {
		w, err := wantedBy(l, part)
		if err != nil {
			return nil, err
		}
		if len(w) > 0 {
			out = append(out, w)
		}
	}
	return out, nil
}

// wantedBy is one search. Every word must begin a word of the dossier. Figures
// typed with blanks or dots between them may also be one number. Four figures are the end of a dossier's number, as it is read out at
// the desk; where no number ends so, they begin whatever they begin.
func wantedBy(l *link, text string) (wanted, error) {
	if figures := dossier.Clean(text); len(figures) == 4 && strings.Trim(figures, "0123456789") == "" {
		whole, there := wanted{{words: []string{figures}, whole: true}}, 0
		if found, err := l.get("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", []any{whole.match()}, &there); err != nil || found {
			return whole, err
		}
	}
	var out wanted
	terms := dossier.Terms(text)
	for len(terms) > 0 {
		n := slices.IndexFunc(terms, func(t string) bool { return strings.ContainsFunc(t, func(r rune) bool { return !unicode.IsDigit(r) }) })
		switch {
		case n < 0:
			n = len(terms)
		case n == 0:
			n = 1
		}
		out, terms = append(out, group{words: terms[:n]}), terms[n:]
	}
	return out, nil
}

// match is the search in FTS5's own language. Words are letters and figures only, so what was typed can never be read as an operator.
func (s search) match() string {
	if len(s) == 1 {
		return s[0].match()
	}
	var any []string
	for _, w := range s {
		any = append(any, "("+w.match()+")")
	}
	return strings.Join(any, " OR ")
}

// where is the search as a condition on a dossier's words, for lists so short that they are best looked through.
func (s search) where() (where string, args []any) {
	var any []string
	for _, w := range s {
		one, of := w.where()
		any, args = append(any, one), append(args, of...)
	}
	return "(" + strings.Join(any, " OR ") + ")", args
}

func (w wanted) match() string {
	var all []string
	for _, g := range w {
		var run []string
		for _, word := range g.words {
			run = append(run, `"`+word+`" *`)
		}
		switch {
		case g.whole:
			all = append(all, `"`+g.words[0]+`"`)
		case len(run) == 1:
			all = append(all, run[0])
		default:
			all = append(all, "(("+strings.Join(run, " AND ")+`) OR "`+strings.Join(g.words, "")+`" *)`)
		}
	}
	return strings.Join(all, " AND ")
}

func (w wanted) where() (where string, args []any) {
	has := func(word string) string {
		args = append(args, " "+word)
		return "instr(d.words, ?)"
	}
	var all []string
	for _, g := range w {
		var run []string
		for _, word := range g.words {
			run = append(run, has(word))
		}
		switch {
		case g.whole:
			all = append(all, "instr(d.words || ' ', ? || ' ')")
		case len(run) == 1:
			all = append(all, run[0])
		default:
			all = append(all, "("+strings.Join(run, " AND ")+" OR "+has(strings.Join(g.words, ""))+")")
		}
	}
	return strings.Join(all, " AND "), args
}
