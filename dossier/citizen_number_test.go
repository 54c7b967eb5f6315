package dossier

import (
	"strings"
	"testing"
)

func codes(ps Problems) string {
	var out []string
	for _, p := range ps {
		s := p.Code
		if p.Warn {
			s += "?"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestCitizenNumberIsCheckedButOnlyItsShapeIsRefused(t *testing.T) {
	born := Date{1999, 1, 1}
	for _, x := range []struct {
		number string
		born   Date
		sex    string
		want   string
	}{
		{"001099000001", born, Male, ""},
		{"001099000001", Date{}, "", ""},
		{"001199000002", born, Female, ""},
		{"001205000003", Date{2005, 6, 7}, Male, ""},
		{"001305000003", Date{2005, 6, 7}, Female, ""},
		{"001100000003", Date{1900, 1, 1}, Female, ""},
		{"175099000001", born, Male, ""}, // born in the United States
		{"001099000001", born, Female, "citizen-number.sex?"},
		{"001099000001", Date{1998, 12, 31}, Male, "citizen-number.birth-year?"},
		{"001299000001", born, Male, "citizen-number.birth-year?"}, // 2099
		{"001199000001", Date{2005, 1, 1}, Male, "citizen-number.sex? citizen-number.birth-year?"},
		{"003099000001", born, Male, "citizen-number.place?"},
		{"999099000001", born, Male, "citizen-number.place?"},
		{"000000000000", Date{}, "", "citizen-number.place?"},
		{"012345678", born, Male, "citizen-number.old?"},
		{"", born, Male, "citizen-number.digits"},
		{"00109900000", born, Male, "citizen-number.length"},
		{"0010990000012", born, Male, "citizen-number.length"},
		{strings.Repeat("1", 10_000), born, Male, "citizen-number.length"},
		{"00109900000a", born, Male, "citizen-number.digits"},
		{"００１０９９００００", born, Male, "citizen-number.digits"},
		{"001 09900000", born, Male, "citizen-number.digits"},
		{"-01099000001", born, Male, "citizen-number.digits"},
	} {
		if got := codes(CheckCitizenNumber(x.number, x.born, x.sex)); got != x.want {
			t.Errorf("%.20q %v %s: %q, want %q", x.number, x.born, x.sex, got, x.want)
		}
	}
}

func TestMismatchTellsBothSides(t *testing.T) {
	ps := CheckCitizenNumber("001099000001", Date{1989, 1, 1}, Female)
	if ps[0].Args["says"] != Male || ps[0].Args["typed"] != Female || ps[1].Args["says"] != "1999" || ps[1].Args["typed"] != "1989" {
		t.Errorf("%v", ps)
	}
}

func TestCitizenNumberTellsPlaceSexAndYear(t *testing.T) {
	for number, want := range map[string]NumberMeaning{
		"001099000001": {"Hà Nội", false, Male, 1999},
		"079301000001": {"Thành phố Hồ Chí Minh", false, Female, 2001},
		"046099000001": {"Thừa Thiên Huế", false, Male, 1999},
		"193199000001": {"Lào", true, Female, 1999},
		"001999000001": {"Hà Nội", false, Female, 2399},
	} {
		if got, ok := DescribeCitizenNumber(number); !ok || got != want {
			t.Errorf("%s: %+v", number, got)
		}
	}
	for _, number := range []string{"", "012345678", "00109900000x"} {
		if _, ok := DescribeCitizenNumber(number); ok {
			t.Errorf("%q is described", number)
		}
	}
}

// The official list of 34 provinces since 1/7/2025 keeps codes of the 63: no newborn's number is strange to us, whichever list it
// was taken from.
func TestPlacesHoldTheOldAndTheNewProvinces(t *testing.T) {
	provinces, countries := 0, 0
	for code, name := range places() {
		if len(code) != 3 || !allDigits(code) || Clean(name) != name || name == "" {
			t.Errorf("%q %q", code, name)
		}
		if code[0] == '0' {
			provinces++
		} else {
			countries++
		}
	}
	if provinces != 63 || countries != 195 || strings.Count(placesTSV, "\n") != 63+195 {
		t.Errorf("%d provinces, %d countries", provinces, countries)
	}
	for _, code := range strings.Fields("01 04 08 11 12 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92 96") {
		if places()["0"+code] == "" {
			t.Errorf("province %s is missing", code)
		}
	}
}

func TestBirthDateInTheFutureIsRefused(t *testing.T) {
	today := Date{2026, 11, 21}
	for _, x := range []struct {
		born Date
		want string
	}{
		{Date{}, ""}, {today, ""}, {Date{1906, 1, 1}, ""},
		{Date{2026, 11, 22}, "born.future"}, {Date{9999, 1, 1}, "born.future"},
		{Date{1905, 12, 31}, "born.old?"}, {Date{1, 1, 1}, "born.old?"},
	} {
		if got := codes(CheckBorn("born", x.born, today)); got != x.want {
			t.Errorf("%v: %q, want %q", x.born, got, x.want)
		}
	}
}

func TestNumberIsMasked(t *testing.T) {
	for number, want := range map[string]string{
		"001099000001": "001•••••0001", "012345678": "••••••678", "B1234567": "••••••67", "12": "••", "": "",
	} {
		if got := MaskNumber(number); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
}
