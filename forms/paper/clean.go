package paper

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unprintable stands where a letter was that the faces do not have.
const unprintable = '□'

// Clean is a text as it is drawn: in NFC, because the marks of NFD would stand beside their letters; every run of blanks,
// tabs and line ends one blank, none at the ends. What has no shape of its own (zero-width, bidirectional and soft-hyphen
// characters) is left out, so that the paper reads in the order of the letters. Control characters, emoji and any other
// letter our faces do not have become □, one for a run of them: the officer sees that something could not be printed.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	var last rune = ' '
	for _, r := range norm.NFC.String(strings.Map(visible, s)) {
		if !printable(r) {
			r = unprintable
		}
		if r == last && (r == ' ' || r == unprintable) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimRight(b.String(), " ")
}

// visible drops what has no shape before NFC joins letters and marks, so that nothing hides between them.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == '\u2010' || r == '\u2011': // hyphens that our faces have as a plain one
		return '-'
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return -1
	}
	return r
}

// plain tells, fast, that nothing has to be done: letters of ours without marks of their own, with single blanks inside.
// Such a text is in NFC, for the faces have no letter that NFC replaces by another.
func plain(s string) bool {
	ours := plainLetters()
	last := ' '
	for _, r := range s {
		if r > lastRune || !ours[r] || r == ' ' && last == ' ' {
			return false
		}
		last = r
	}
	return s == "" || last != ' '
}

var plainLetters = sync.OnceValue(func() *[lastRune + 1]bool {
	var ours [lastRune + 1]bool
	for r := range ours {
		r := rune(r)
		ours[r] = printable(r) && r >= ' ' && (r < 0x300 || r >= 0x370) && (r == ' ' || !unicode.IsSpace(r))
	}
	return &ours
})
