package dossier

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The longest texts that are kept, in letters. The forms fit them all.
const (
	MaxName    = 200
	MaxAddress = 300
	MaxLine    = 300  // any other text of one line
	MaxText    = 2000 // reasons and notes
)

// Clean is the only way a line of text comes in: NFC, on one line, without what cannot be seen (control, zero-width and
// text-direction characters), with single spaces and none at the ends. Cleaning twice changes nothing.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	return strings.Join(strings.Fields(norm.NFC.String(strings.Map(visible, s))), " ")
}

// CleanMultiline is Clean for each line of a longer text; empty lines at the ends go, and no more than one stays in between.
func CleanMultiline(s string) string {
	var out []string
	for line := range strings.SplitSeq(newlines.Replace(s), "\n") {
		line = Clean(line)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return strings.Join(out, "\n")
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// isClean knows the plain ASCII that needs nothing done to it.
func isClean(s string) bool {
	space := true // so that a leading one counts as doubled
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// visible drops what nobody can see and turns every kind of space into one.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError, unicode.Is(unicode.C, r), unicode.Is(unicode.Variation_Selector, r),
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return -1
	}
	return r
}

// Fold is the search key of a text: NFD without the marks U+0300–U+036F, đ as d, lower case. What differs only in marks or case
// folds to the same key. Folding twice changes nothing.
func Fold(s string) string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= 0x0300 && r <= 0x036F:
			return -1
		case r == 'đ' || r == 'Đ':
			return 'd'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(Clean(s)))
	return strings.Join(strings.Fields(folded), " ")
}

// The most a search looks for. What is typed beyond them adds nothing to a person's search.
const (
	MaxTerms = 8
	MaxTerm  = 64 // letters
)

// Terms are the words of a search, folded, each once, in the order typed.
func Terms(q string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(Fold(cut(q, 4*MaxTerms*MaxTerm)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}) {
		word = cut(word, MaxTerm)
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
		if len(out) == MaxTerms {
			break
		}
	}
	return out
}

// cut is the first max letters of s.
func cut(s string, max int) string {
	for i := range s {
		if max == 0 {
			return s[:i]
		}
		max--
	}
	return s
}

// CheckText refuses a text of more than max letters. Code: text.too-long (max, have).
func CheckText(field, s string, max int) Problems {
	if have := utf8.RuneCountInString(norm.NFC.String(s)); have > max {
		return Invalid(field, "text.too-long", "max", strconv.Itoa(max), "have", strconv.Itoa(have))
	}
	return nil
}

// CheckPersonName looks at a cleaned name: at most MaxName letters of the Latin script, with space, hyphen, period, apostrophe and what
// passports print in names (K'Bríp, O'Neill, Mau s/o Thu, Mau @ Thu). A figure is only pointed out. Codes: text.too-long, text.letters (found), text.no-letter, text.figures.
func CheckPersonName(field, s string) Problems {
	ps := checkName(field, s, " -.'’ʼ,/@()")
	if strings.ContainsFunc(s, unicode.IsDigit) {
		ps = append(ps, Warning(field, "text.figures"))
	}
	return ps
}

// CheckOfficeName looks at a cleaned name of an agency or organization: as CheckPersonName, with figures and the signs such names
// carry (Công ty TNHH "Mẫu & Thử" 30/4).
func CheckOfficeName(field, s string) Problems {
	return checkName(field, s, " -–—.'’ʼ,&/()+:;\"“”№@%#!*_")
}

func checkName(field, s, signs string) Problems {
	ps := CheckText(field, s, MaxName)
	if s == "" || ps != nil {
		return ps
	}
	if strange := strangers(s, signs); strange != "" {
		return append(ps, Invalid(field, "text.letters", "found", strange)...)
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return append(ps, Invalid(field, "text.no-letter")...)
	}
	return ps
}

// strangers are the first few characters that no name on a card has and the receipt's typeface cannot print: other scripts, emoji,
// signs, and marks piled one on the other.
func strangers(s, signs string) string {
	var out []string
	marks := 0
	for _, r := range norm.NFC.String(s) {
		if unicode.Is(unicode.Mn, r) {
			if marks++; marks <= 2 {
				continue
			}
		} else {
			marks = 0
			if unicode.Is(unicode.Latin, r) || r >= '0' && r <= '9' || strings.ContainsRune(signs, r) {
				continue
			}
		}
		if found := string(r); !slices.Contains(out, found) && len(out) < 3 {
			out = append(out, found)
		}
	}
	return strings.Join(out, " ")
}
