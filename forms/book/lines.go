package book

import (
	"strings"
	"unicode"

	"tiepnhan/forms/paper"
)

// pt is a point in millimetres.
const pt = 25.4 / 72

// slack forgives the rounding of sums of widths.
const slack = 1e-6

// breakLines appends the lines of a text set no wider than w. It is the register's own: a paragraph of package paper changes faces within
// a line and would cost more than all the rest of ten thousand rows. A word wider than a line is cut behind a sign that parts it (the
// hyphen of a number, the stroke of an address), else where the line ends, never between a letter and its marks.
func breakLines(out []string, f paper.Font, w float64, s string) []string {
	for part := range strings.SplitSeq(s, "\n") {
		out = breakPart(out, f, w, paper.Clean(part))
	}
	return out
}

func breakPart(out []string, f paper.Font, w float64, s string) []string {
	blank := f.Width(" ")
	from, end, wide := 0, 0, 0.0 // of the line
	for at := 0; at < len(s); {
		n := strings.IndexByte(s[at:], ' ')
		if n < 0 {
			n = len(s) - at
		}
		word := s[at : at+n]
		long := f.Width(word)
		if end > from && wide+blank+long > w+slack {
			out = append(out, s[from:end])
			from, wide = at, 0
		}
		for long > w+slack {
			cut := fitting(f, w, word)
			out = append(out, word[:cut])
			word, at, n = word[cut:], at+cut, n-cut
			from, long = at, f.Width(word)
		}
		if wide > 0 {
			wide += blank
		}
		wide += long
		end = at + n
		at = end + 1
	}
	if end > from {
		out = append(out, s[from:end])
	}
	return out
}

// fitting is how many bytes of a word stand on a line; at least one letter with its marks.
func fitting(f paper.Font, w float64, word string) int {
	sign, wide := 0, 0.0
	for at, r := range word {
		wide += f.Width(word[at : at+len(string(r))])
		if wide > w+slack && at > 0 && !unicode.Is(unicode.M, r) {
			if sign > 0 {
				return sign
			}
			return at
		}
		switch r {
		case '-', '/', '.', ',', ';', '@', '_':
			sign = at + 1
		}
	}
	return len(word)
}
