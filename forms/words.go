package forms

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// day is a date as documents write it: a zero before days below 10 and before January and February only
// (Nghị định 30/2020/NĐ-CP, Phụ lục I).
func day(d dossier.Date) string {
	if d.IsZero() {
		return "ngày ..... tháng ..... năm ........."
	}
	month := fmt.Sprint(int(d.Month))
	if d.Month <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %04d", d.Day, month, d.Year)
}

// moment is an hour and a date, Vietnam time.
func moment(t time.Time) string {
	if t.IsZero() {
		return "..... giờ ..... phút, " + day(dossier.Date{})
	}
	t = t.In(dossier.Hanoi)
	return fmt.Sprintf("%02d giờ %02d phút, %s", t.Hour(), t.Minute(), day(dossier.DateOf(t)))
}

// twoDigits writes a count as forms do, 01; nothing for none.
func twoDigits(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%02d", n)
}

// limit is a time limit as the procedures write it: "03 ngày làm việc".
func limit(s string) string {
	if len(s) > 1 && s[0] >= '0' && s[0] <= '9' && s[1] == ' ' {
		return "0" + s
	}
	return s
}

// tail is what stands after the last hyphen of a dossier number: its số thứ tự.
func tail(number string) string { return number[strings.LastIndexByte(number, '-')+1:] }

// levels are what may stand between Công an and the name of the place.
var levels = []string{"xã ", "phường ", "thị trấn ", "đặc khu ", "quận ", "huyện ", "thị xã ", "thành phố ", "tỉnh "}

// inText is the name of a unit as running text writes it: the head of a paper has CÔNG AN XÃ MẪU SƠN, its text Công an xã Mẫu Sơn. A name
// that is not of that kind stays as it was typed.
func inText(name string) string {
	rest, police := strings.CutPrefix(name, "CÔNG AN ")
	if !police || name != strings.ToUpper(name) {
		return name
	}
	out, rest := "Công an ", strings.ToLower(rest)
	for _, level := range levels {
		if after, ok := strings.CutPrefix(rest, level); ok {
			out, rest = out+level, after
			break
		}
	}
	begins := true
	return out + strings.Map(func(r rune) rune {
		if begins {
			r = unicode.ToUpper(r)
		}
		begins = !unicode.IsLetter(r) && !unicode.IsMark(r)
		return r
	}, rest)
}

// lower is a title within a sentence: "khóa căn cước điện tử". upper begins a sentence.
func lower(s string) string { return initial(s, unicode.ToLower) }
func upper(s string) string { return initial(s, unicode.ToUpper) }

func initial(s string, as func(rune) rune) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(as(r)) + s[n:]
}

// ended is a sentence with a full stop, whether or not one was typed.
func ended(s string) string {
	if r, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(")”\"", r) {
		return s + "."
	}
	return s
}
