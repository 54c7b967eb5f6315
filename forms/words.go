package forms

import (
	"fmt"
	"strings"
	"time"

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
