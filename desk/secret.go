package desk

import (
	"regexp"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// A paper with a secrecy stamp must not be entered here (Luật Bảo vệ bí mật nhà nước 117/2025/QH15): this program's file, its copies and its
// way upstream are not made for it. What is entered cannot be seen to be secret, only the mark it was given, as offices write it.

// checkSecret refuses a document's number that carries such a mark, and points at texts that speak of one: in a text, the words alone
// ("bí mật cá nhân", "đổi mật khẩu") prove nothing.
func (in Intake) checkSecret(p *Plan) {
	if secretNumber(in.Requester.Agency.Document) {
		p.add(dossier.Invalid("agency.document", "secret.document"))
	}
	for _, one := range []struct{ field, text string }{{"reason", in.Reason}, {"term", in.Term}, {"note", in.Note}, {"papers", in.otherTitles()}} {
		if secretText(one.text) {
			p.add(dossier.Problems{dossier.Warning(one.field, "secret.text")})
		}
	}
}

func (in Intake) otherTitles() string {
	var out []string
	for _, g := range in.Papers {
		if g.Key == "" {
			out = append(out, g.Title)
		}
	}
	return strings.Join(out, " ; ")
}

// secretMark is a mark in brackets: 123/CV-CSĐT(M). TM without brackets is a staff office (tham mưu) as often as a mark.
var secretMark = regexp.MustCompile(`\(\s*(M|TM|TuM|TUM|TyM|TYM)\s*\)`)

var numberParts = regexp.MustCompile(`[/\-–_.,;:()\[\]\s]+`)

// secretNumber tells whether a document's number carries a secrecy mark: (M), (TM), (TuM), an M that stands alone between strokes or
// hyphens (45/M-CSĐT), or the word itself.
func secretNumber(number string) bool {
	number = dossier.Clean(number)
	return secretMark.MatchString(number) || slices.Contains(numberParts.Split(number, -1), "M") || secretWord(number, true)
}

// secretText tells whether a text speaks of a paper with such a stamp, or names one by its number.
func secretText(text string) bool {
	if secretWord(text, false) {
		return true
	}
	for _, word := range strings.Fields(text) {
		if strings.Contains(word, "/") && strings.ContainsAny(word, "0123456789") && secretNumber(strings.Trim(word, ".,;:“”\"'")) {
			return true
		}
	}
	return false
}

// ordinary are the words that mật begins or ends without being a stamp: mật khẩu, bí mật, bảo mật, mật ong.
var (
	beforeMat = []string{"bí", "bảo", "cơ", "thân", "tuần", "rậm", "đường", "túi", "ống", "sỏi", "trăng"}
	afterMat  = []string{"khẩu", "mã", "thiết", "danh", "ong", "vụ", "thư", "thám", "báo", "đàm", "ngọt", "gấu", "ước", "hiệu"}
	stamped   = []string{"dấu", "độ", "tối", "tuyệt", "mức", "văn bản", "công văn", "tài liệu", "giấy tờ", "hồ sơ"}
)

// secretWord looks for the word of the stamp. In a number any mật that is no part of another word is one; in a text only the two higher
// grades, capitals among small letters, and what follows dấu, độ, văn bản, tài liệu, công văn and the like.
func secretWord(text string, number bool) bool {
	words := strings.FieldsFunc(dossier.Clean(text), func(r rune) bool { return strings.ContainsRune(" /-–_.,;:()[]“”\"'", r) })
	capitals := text == strings.ToUpper(text)
	for i, w := range words {
		small, before, after := strings.ToLower(w), "", ""
		if i > 0 {
			before = strings.ToLower(words[i-1])
		}
		if i+1 < len(words) {
			after = strings.ToLower(words[i+1])
		}
		if small != "mật" && !(small == "mat" && (before == "toi" || before == "tuyet")) {
			continue
		}
		if slices.Contains(beforeMat, before) || slices.Contains(afterMat, after) {
			continue
		}
		if number || small == "mat" || w == "MẬT" && !capitals || slices.Contains(stamped, before) || i > 1 && slices.Contains(stamped, strings.ToLower(words[i-2])+" "+before) {
			return true
		}
	}
	return false
}
