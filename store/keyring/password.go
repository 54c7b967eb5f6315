package keyring

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
)

// What a password must have, in letters as they are counted by people. At least 14 where there is no second factor (TCVN, level 2).
const (
	MinPassword = 14
	MaxPassword = 128
)

// maxTyped is the most of what is typed that is looked at, in bytes: MaxPassword letters with all their marks, and more.
const maxTyped = 4 << 10

// common are words that passwords are made of, folded, one a line: the world's favourites, Vietnamese ones, and those of a police station.
//
//go:embed common.txt
var commonText string

var common = func() []string {
	words := strings.Fields(commonText)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longest goes first
	return words
}()

// rows are keys beside each other, and figures and letters in order. A run of them, either way, is as good as one key.
var rows = func() []string {
	out := []string{"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
		"1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp"}
	for _, row := range slices.Clone(out) {
		r := []byte(row)
		slices.Reverse(r)
		out = append(out, string(r))
	}
	return out
}()

// What must be left of a password when common words, runs, years and repetitions are taken out.
const (
	minLeft     = 8
	minDistinct = 5
	figuresLeft = 4 // figures count no further: dates, telephone and personal numbers are known to others
)

// CheckPassword looks at a password that is to be set. avoid are names it may not contain: the user's, the station's. Codes on the field
// password: password.short (min, have), password.long (max), password.signs, password.name, password.easy.
func CheckPassword(password string, avoid ...string) error {
	if !utf8.ValidString(password) || strings.IndexFunc(password, unseen) >= 0 {
		return dossier.Invalid("password", "password.signs")
	}
	if len(password) > maxTyped {
		return dossier.Invalid("password", "password.long", "max", strconv.Itoa(MaxPassword))
	}
	switch have := utf8.RuneCountInString(norm.NFC.String(password)); {
	case have < MinPassword:
		return dossier.Invalid("password", "password.short", "min", strconv.Itoa(MinPassword), "have", strconv.Itoa(have))
	case have > MaxPassword:
		return dossier.Invalid("password", "password.long", "max", strconv.Itoa(MaxPassword))
	}
	plain, meant := squeeze(password), squeeze(unleet.Replace(strings.ToLower(password)))
	words := common
	for _, name := range avoid {
		whole := squeeze(name)
		if len(whole) >= 4 && (strings.Contains(plain, whole) || strings.Contains(meant, whole)) {
			return dossier.Invalid("password", "password.name")
		}
		for _, w := range strings.Fields(dossier.Fold(name)) {
			if w = squeeze(w); len(w) >= 4 {
				words = append(words[:len(words):len(words)], w)
			}
		}
	}
	if !enough(plain, words) || !enough(meant, words) {
		return dossier.Invalid("password", "password.easy")
	}
	return nil
}

// prepare is a password as it is derived from: NFC, so that it opens however the keyboard composes its marks.
func prepare(password string) []byte {
	return norm.NFC.Bytes([]byte(password[:min(len(password), maxTyped)]))
}

// unseen are signs nobody knows to have typed.
func unseen(r rune) bool {
	return r == utf8.RuneError || r != ' ' && (unicode.IsSpace(r) || unicode.Is(unicode.C, r)) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// unleet reads the signs people put in the place of letters.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// squeeze is a text as it is compared: folded, letters and figures alone.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, dossier.Fold(s))
}

// enough tells whether a password holds something of its own.
func enough(s string, words []string) bool {
	for _, w := range words {
		s = strings.ReplaceAll(s, w, " ")
	}
	left, figures := 0, 0
	distinct := map[rune]bool{}
	var before [2]rune
	for _, r := range withoutRepeats(withoutRuns(withoutYears(s))) {
		switch {
		case r == ' ', r == before[0] && r == before[1]: // the third and every further of one kind
		case unicode.IsDigit(r):
			figures++
			distinct[r] = true
		default:
			left++
			distinct[r] = true
		}
		before = [2]rune{before[1], r}
	}
	return left+min(figures, figuresLeft) >= minLeft && len(distinct) >= minDistinct
}

// withoutYears takes the years people were born in out.
func withoutYears(s string) string {
	for i := 0; i+4 <= len(s); i++ {
		if y, err := strconv.Atoi(s[i : i+4]); err == nil && y >= 1930 && y <= 2049 {
			s = s[:i] + " " + s[i+4:]
		}
	}
	return s
}

// withoutRuns takes runs of four keys or more out, and of three figures.
func withoutRuns(s string) string {
	for i := 0; i < len(s); i++ {
		longest := 0
		for _, row := range rows {
			n := longest
			for i+n < len(s) && strings.Contains(row, s[i:i+n+1]) {
				n++
			}
			longest = n
		}
		if longest >= 4 || longest == 3 && strings.Trim(s[i:i+3], "0123456789") == "" {
			s = s[:i] + " " + s[i+longest:]
		}
	}
	return s
}

// withoutRepeats keeps of a piece that stands twice or more in a row, or again anywhere, the first. Pieces have four letters or more, so that
// the syllables of a sentence may come again.
func withoutRepeats(s string) string {
	letters := []rune(s)
	for n := len(letters) / 2; n >= 4; n-- {
		for i := 0; i+2*n <= len(letters); i++ {
			piece := string(letters[i : i+n])
			if strings.Contains(piece, " ") {
				continue
			}
			if at := strings.Index(string(letters[i+n:]), piece); at >= 0 {
				rest := string(letters[i+n:])
				letters = []rune(string(letters[:i+n]) + rest[:at] + " " + rest[at+len(piece):])
			}
		}
	}
	return string(letters)
}
