package dossier

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// The sexes as cards and papers write them.
const (
	Male   = "Nam"
	Female = "Nữ"
)

// NumberMeaning is what a personal number says about the person at the time it was given (NĐ 137/2015/NĐ-CP Điều 13): the place
// where the birth was registered, the sex, the year of birth. The last six figures say nothing, and there is no check digit.
type NumberMeaning struct {
	Place     string // one of the 63 provinces of before 1/7/2025, or a country; "" when the code is not in our lists
	Abroad    bool   // the place is a country
	Sex       string // Male or Female
	BirthYear int
}

//go:embed places.tsv
var placesTSV string

// places are the names by the first three figures. The provinces are those of before the mergers of 1/7/2025: numbers given earlier
// did not change. The countries are of a list not compared with the official annex, so all of it serves as a hint only.
var places = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(placesTSV) {
		if code, name, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			out[code] = name
		}
	}
	return out
})

// DescribeCitizenNumber tells what a number of 12 digits says; ok is false for anything else.
func DescribeCitizenNumber(number string) (m NumberMeaning, ok bool) {
	if len(number) != 12 || !allDigits(number) {
		return NumberMeaning{}, false
	}
	mark := int(number[3] - '0') // century and sex in one
	year, _ := strconv.Atoi(number[4:6])
	m = NumberMeaning{Place: places()[number[:3]], Abroad: number[0] != '0', Sex: Male, BirthYear: 1900 + mark/2*100 + year}
	if mark%2 == 1 {
		m.Sex = Female
	}
	return m, true
}

// CheckCitizenNumber looks at a personal number (số định danh cá nhân) beside the birth date and sex, either of which may be
// missing. Only what is not 12 digits is refused; a number of an old identity card (CMND, 9 digits) is let through with a word.
// What does not agree is pointed out and holds nothing up: wrong registrations and changes of sex or birth date exist.
// Codes: citizen-number.length (have), citizen-number.digits; warnings citizen-number.old, citizen-number.place (place),
// citizen-number.sex and citizen-number.birth-year (says, typed).
func CheckCitizenNumber(number string, born Date, sex string) Problems {
	switch {
	case !allDigits(number):
		return Invalid("number", "citizen-number.digits")
	case len(number) == 9:
		return Problems{Warning("number", "citizen-number.old")}
	case len(number) != 12:
		return Invalid("number", "citizen-number.length", "have", strconv.Itoa(len(number)))
	}
	says, _ := DescribeCitizenNumber(number)
	var ps Problems
	if says.Place == "" {
		ps = append(ps, Warning("number", "citizen-number.place", "place", number[:3]))
	}
	if (sex == Male || sex == Female) && sex != says.Sex {
		ps = append(ps, Warning("number", "citizen-number.sex", "says", says.Sex, "typed", sex))
	}
	if !born.IsZero() && born.Year != says.BirthYear {
		ps = append(ps, Warning("number", "citizen-number.birth-year", "says", strconv.Itoa(says.BirthYear),
			"typed", strconv.Itoa(born.Year)))
	}
	return ps
}

// CheckOldNumber looks at the number of an old identity card (CMND): 9 digits with no structure. Code: old-number.format.
func CheckOldNumber(number string) Problems {
	if len(number) != 9 || !allDigits(number) {
		return Invalid("old-number", "old-number.format")
	}
	return nil
}

// oldest is how many years ago a living person may have been born before we ask whether the date is right.
const oldest = 120

// CheckBorn looks at a birth date on the day of reception. Codes: born.future; warning born.old (years).
func CheckBorn(field string, born, today Date) Problems {
	switch {
	case born.IsZero():
		return nil
	case today.Before(born):
		return Invalid(field, "born.future", "born", born.String(), "today", today.String())
	case born.Year < today.Year-oldest:
		return Problems{Warning(field, "born.old", "years", strconv.Itoa(today.Year-born.Year))}
	}
	return nil
}

// MaskNumber hides the middle of a number of any kind, for screens and reports that must not show it whole.
func MaskNumber(number string) string {
	letters := []rune(number)
	head, tail := 0, len(letters)/3
	if len(letters) >= 12 {
		head, tail = 3, 4
	}
	for i := head; i < len(letters)-tail; i++ {
		letters[i] = '•'
	}
	return string(letters)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
