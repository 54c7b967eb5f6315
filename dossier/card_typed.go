package dossier

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A card comes as keys. An input method that is on (Unikey, EVKey) takes some of them for marks: Ksor becomes Ksỏ, khu A1 becomes khu Á.
// What it made is often a word that could stand on a card, so what it left behind is looked at first: on Windows it takes letters back with
// the Backspace key before it writes others, and the Router hands that on as \b. Where it leaves no trace, words tell that no card spells
// so. What cannot be told apart even then (Phar that became Phả) is said nowhere else either: the reader and the guide ask that it be off.

// typing is what the keys of one card tell beside its letters.
type typing struct {
	rewritten int  // words an input method has rewritten
	sends     bool // the reader sends letters with marks by itself
}

// settle gives the text as it stood in the end, and how it came about.
func settle(text string) (string, typing) {
	if !strings.Contains(text, "\b") {
		return text, typing{}
	}
	var out []rune
	var how typing
	rewritten := false // this word
	for _, r := range text {
		switch {
		case r == '\b':
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if !rewritten {
				rewritten = true
				how.rewritten++
			}
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			rewritten = false
		case r > unicode.MaxASCII && !rewritten:
			how.sends = true
		}
		out = append(out, r)
	}
	return string(out), how
}

// mostOdd is how many odd words are named to the officer.
const mostOdd = 3

// typed is what is to be said of how a card's words came about: altered, where it is certain that they are not what the card says, else the
// words that look as if.
func (c Card) typed(how typing, sex string) (altered bool, odd []string) {
	words := wordsOf(c.Name + " " + c.Address)
	marked := !isASCII(c.Name) || !isASCII(c.Address)
	bare := map[string]bool{}
	for _, w := range words {
		if marked && isBareSyllable(w) {
			bare[w] = true
			odd = append(odd, w)
		}
	}
	if typedOver(c, sex) || len(bare) >= 2 {
		return true, nil
	}
	if how.rewritten > 0 {
		// A reader may type Telex or VNI keys on purpose, for the input method to make words of: then every mark comes from it, and every word
		// is a word. Else it worked on what was right already.
		keys := !how.sends && how.rewritten >= 3 && len(bare) == 0 && !slices.ContainsFunc(words, strange)
		return !keys, nil
	}
	for _, w := range words {
		if strange(w) {
			odd = append(odd, w)
		}
	}
	for _, m := range letterAlone.FindAllStringSubmatch(c.Address+",", -1) {
		if !isASCII(m[1]) {
			odd = append(odd, m[1])
		}
	}
	for _, m := range letterFigure.FindAllString(c.Address, -1) {
		if !isASCII(m) {
			odd = append(odd, m)
		}
	}
	slices.Sort(odd)
	odd = slices.Compact(odd)
	return false, odd[:min(mostOdd, len(odd))]
}

var (
	letterAlone  = regexp.MustCompile(`(?:^|[\s,./-])(\p{L})[,./-]`)
	letterFigure = regexp.MustCompile(`\p{L}+[0-9]+`)
)

// strange tells whether a word has a tone and is yet no Vietnamese syllable. Words of the highlands have marks without tones (Krông, Niê),
// and some end in k (Đắk, Ngọk).
func strange(word string) bool {
	small := strings.ToLower(word)
	_, tone := toneless(small)
	if tone == 0 || isSyllable(small) {
		return false
	}
	return !(strings.HasSuffix(small, "k") && (tone == acute || tone == dotBelow))
}

// typedOver tells by a single sign whether an input method worked on what the reader typed, or whether the reader typed Telex or VNI keys
// for one that was off: a sex that is neither word; marks elsewhere though "Nữ" lost its own, or though the address has words without
// marks that never go without; figures in the name; two words spelt in Telex.
func typedOver(c Card, sex string) bool {
	if c.Sex != "" && sex != Male && sex != Female && Fold(sex) != "nam" && Fold(sex) != "nu" {
		return true
	}
	marked := !isASCII(c.Name) || !isASCII(c.Address)
	if marked && c.Sex == Female && isASCII(sex) || strings.ContainsFunc(c.Name, unicode.IsDigit) {
		return true
	}
	telex := 0
	for _, w := range wordsOf(c.Name + " " + c.Address) {
		w = strings.ToLower(w)
		switch w {
		case "phuong", "huyen", "tinh", "duong", "thon", "pho":
			if marked {
				return true
			}
		}
		if !marked && telexWord.MatchString(w) {
			telex++
		}
	}
	return telex >= 2
}

// telexWord is a syllable as Telex keys spell it: a doubled or hooked vowel, đ as dd, or a tone letter after the vowels.
var telexWord = regexp.MustCompile(`aa|ee|aw|ow|uw|dd|[aeiouy](c|ch|m|n|ng|nh|p|t)?[sfrxj]$`)
