package dossier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Vietnamese is written in syllables of few shapes. That tells what an input method made of a word from what a card says; it decides
// nothing about names, which may be of any people.

// rimes are the ends a syllable can have, with the marks of the vowels and without its tone.
var rimes = setOf(`a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên
	ênh êp êt êu i ia iêc iêm iên iêng iêp iêt iêu ich im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn
	oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh
	ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyn uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp
	ươt ươu ưt ưu y yêm yên yêng yêt yêu êng
	uac uach uai uan uang uanh uao uat uau uay uăc uăm uăn uăng uăp uăt ue uen ueo uet uên uêt uơi uơn uôn uit`)

// initials are the consonants a syllable can begin with.
var initials = setOf("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")

// bareRimes are rimes as they look without marks.
var bareRimes = func() map[string]bool {
	out := map[string]bool{}
	for r := range rimes {
		out[Fold(r)] = true
	}
	return out
}()

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

const (
	grave, acute, tilde, hook, dotBelow = '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'
)

// toneless takes the tone off a word in small letters; tone is 0 where there is none, and -1 where there is more than one.
func toneless(word string) (base string, tone rune) {
	base = norm.NFC.String(strings.Map(func(r rune) rune {
		switch r {
		case grave, acute, tilde, hook, dotBelow:
			if tone != 0 {
				tone = -1
			} else {
				tone = r
			}
			return -1
		}
		return r
	}, norm.NFD.String(word)))
	return base, tone
}

// isSyllable tells whether a word, whatever its case, can be a Vietnamese syllable as it stands: its shape, its tone (who ends in c, ch, p
// or t has sắc or nặng), and which of k and c, g and gh, ng and ngh it begins with.
func isSyllable(word string) bool {
	base, tone := toneless(strings.ToLower(word))
	first, rime := cutSyllable(base, rimes)
	if rime == "" {
		return false
	}
	stopped := strings.HasSuffix(rime, "c") || strings.HasSuffix(rime, "ch") || strings.HasSuffix(rime, "p") || strings.HasSuffix(rime, "t")
	if stopped && tone != acute && tone != dotBelow || tone < 0 {
		return false
	}
	front := strings.ContainsRune("eêiy", []rune(rime)[0])
	switch first {
	case "k", "gh", "ngh":
		return front
	case "c", "ng":
		return !front
	case "g":
		return !front || rime == "i" || strings.HasPrefix(rime, "i")
	}
	return true
}

// isBareSyllable tells whether a word of plain letters must have lost its marks: it has the shape of a Vietnamese syllable that cannot go
// without them (Phuong, Nguyen, Viet, Bac).
func isBareSyllable(word string) bool {
	word = strings.ToLower(word)
	if len(word) < 2 || !isASCII(word) || isSyllable(word) {
		return false
	}
	first, rime := cutSyllable(word, bareRimes)
	if rime == "" || len(rime) < 2 { // co, ky: too short to say anything
		return false
	}
	return first != "" || len(rime) > 2
}

// cutSyllable cuts a word where a consonant ends and a rime begins; rime is "" where it cannot be cut so.
func cutSyllable(word string, rimes map[string]bool) (first, rime string) {
	for n := 3; n >= 0; n-- {
		if n > len(word) || !isASCII(word[:min(n, len(word))]) && !strings.HasPrefix(word, "đ") {
			continue
		}
		head := word[:n]
		if head == "qu" || head == "gi" { // the u and the i belong to both
			if rest := word[n:]; rimes[rest] && rest != "" {
				return head, rest
			}
			continue
		}
		if head == "q" && rimes[word[n:]] && strings.HasPrefix(word[n:], "u") {
			return head, word[n:]
		}
		if (head == "" || initials[head]) && rimes[word[n:]] {
			return head, word[n:]
		}
	}
	return "", ""
}

// wordsOf are the words of a text: letters without anything between them.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}
