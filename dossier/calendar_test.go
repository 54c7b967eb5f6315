package dossier

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestShippedCalendarsAreTheYearsWeHave(t *testing.T) {
	cal := shippedCalendar(t)
	if got := cal.Years(); !slices.Equal(got, []int{2024, 2025, 2026, 2027}) {
		t.Fatal(got)
	}
	for year, official := range map[int]bool{2023: false, 2024: true, 2025: true, 2026: true, 2027: false, 2028: false} {
		if cal.Official(year) != official || cal.Known(year) != (year >= 2024 && year <= 2027) {
			t.Errorf("%d: official %v, known %v", year, cal.Official(year), cal.Known(year))
		}
	}
}

// Every weekday off and every Saturday worked, as counted by hand from the yearly notices.
func TestShippedCalendarsHoldEveryDayOff(t *testing.T) {
	cal := shippedCalendar(t)
	for year, want := range map[int]struct{ off, worked string }{
		2024: {"01/01 08/02 09/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09", "04/05"},
		2025: {"01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09", "26/04"},
		2026: {"01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11", "10/01 22/08"},
		2027: {"01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09 24/11", ""},
	} {
		var off, worked []string
		for d := (Date{year, 1, 1}); d.Year == year; d = d.AddDays(1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			short := d.String()[:5]
			switch {
			case !weekend && !cal.Working(d):
				off = append(off, short)
			case weekend && cal.Working(d):
				worked = append(worked, short)
			}
			if name, isOff := cal.DayOff(d); isOff == cal.Working(d) || isOff != (name != "") {
				t.Errorf("%s: working %v, off %v %q", d, cal.Working(d), isOff, name)
			}
		}
		if got := strings.Join(off, " "); got != want.off {
			t.Errorf("%d off: %s, want %s", year, got, want.off)
		}
		if got := strings.Join(worked, " "); got != want.worked {
			t.Errorf("%d worked: %s, want %s", year, got, want.worked)
		}
	}
}

func TestDaysOffAreNamed(t *testing.T) {
	cal := shippedCalendar(t)
	for day, want := range map[Date]string{
		{2026, 11, 24}: "Ngày Văn hóa Việt Nam",
		{2026, 4, 26}:  "Giỗ Tổ Hùng Vương", // on a Sunday
		{2026, 4, 27}:  "nghỉ bù Giỗ Tổ Hùng Vương",
		{2026, 2, 17}:  "Tết Nguyên đán",
		{2026, 11, 21}: "Thứ Bảy",
		{2026, 11, 22}: "Chủ nhật",
		{2026, 8, 22}:  "", // worked
		{2026, 11, 23}: "",
	} {
		if name, _ := cal.DayOff(day); name != want {
			t.Errorf("%s: %q, want %q", day, name, want)
		}
	}
}

// A day that falls on a weekend is owed back (BLLĐ 2019 Điều 111 khoản 3), so the days off of a year must be as many as the law gives
// and no working day may be lost in a swap.
func TestSwapsGiveBackEveryDayTheyTake(t *testing.T) {
	for _, name := range []string{"2024", "2025", "2026", "2027"} {
		b, err := os.ReadFile("../assets/calendar/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var y yearFile
		if err := json.Unmarshal(b, &y); err != nil {
			t.Fatal(err)
		}
		swaps, weekdays := 0, 0
		for _, o := range y.Off {
			for d := o.From; d == o.From || !o.To.Before(d) && !o.To.IsZero(); d = d.AddDays(1) {
				if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
					continue
				}
				weekdays++
				if o.Name == "nghỉ hoán đổi" {
					swaps++
				}
			}
		}
		law := 11 // 1 + 5 + 1 + 1 + 2 + 1
		if y.Year >= 2026 {
			law = 12 // and 24/11, Nghị quyết 28/2026/QH16
		}
		if swaps != len(y.Worked) || weekdays-swaps != law {
			t.Errorf("%d: %d weekdays off of which %d swapped against %d worked; the law gives %d", y.Year, weekdays, swaps, len(y.Worked), law)
		}
	}
}

func TestCalendarRefusesWhatCannotBe(t *testing.T) {
	day := func(s string) string {
		return `{"year":2026,"state":"official","source":"s","off":[{` + s + `"name":"n","evidence":"confirmed"}]}`
	}
	for name, file := range map[string]string{
		"no object":            `[]`,
		"cut off":              `{"year":2026,"state":"official","source":"s","off":[`,
		"something after":      `{"year":2026,"state":"official","source":"s","off":[]} {}`,
		"unknown name":         `{"year":2026,"state":"official","source":"s","holidays":[]}`,
		"no state":             `{"year":2026,"source":"s","off":[]}`,
		"unknown state":        `{"year":2026,"state":"maybe","source":"s","off":[]}`,
		"no source":            `{"year":2026,"state":"official","off":[]}`,
		"no year":              `{"state":"official","source":"s","off":[]}`,
		"day of another year":  day(`"from":"2025-12-31",`),
		"run into next year":   day(`"from":"2026-12-31","to":"2027-01-01",`),
		"backwards":            day(`"from":"2026-05-02","to":"2026-05-01",`),
		"no such day":          day(`"from":"2026-02-30",`),
		"no day":               day(``),
		"day twice":            `{"year":2026,"state":"official","source":"s","off":[{"from":"2026-01-01","name":"a","evidence":"confirmed"},{"from":"2026-01-01","name":"b","evidence":"confirmed"}]}`,
		"no evidence":          `{"year":2026,"state":"official","source":"s","off":[{"from":"2026-01-01","name":"a"}]}`,
		"Monday worked extra":  `{"year":2026,"state":"official","source":"s","worked":[{"from":"2026-11-23","name":"a","evidence":"confirmed"}]}`,
		"off and worked":       `{"year":2026,"state":"official","source":"s","off":[{"from":"2026-11-21","name":"a","evidence":"confirmed"}],"worked":[{"from":"2026-11-21","name":"a","evidence":"confirmed"}]}`,
		"run over ten million": day(`"from":"2026-01-01","to":"9999-12-31",`),
	} {
		if _, err := LoadCalendar(fstest.MapFS{"a.json": {Data: []byte(file)}}); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
	one := []byte(`{"year":2026,"state":"official","source":"s","off":[]}`)
	if _, err := LoadCalendar(fstest.MapFS{"a.json": {Data: one}, "b.json": {Data: one}}); err == nil {
		t.Error("a year in two files was read")
	}
	if _, err := LoadCalendar(fstest.MapFS{}); err == nil {
		t.Error("nothing was read as a calendar")
	}
	if _, err := LoadCalendar(fstest.MapFS{"calendar/2026.json": {Data: one}, "calendar/README.md": {Data: []byte("#")}}); err != nil {
		t.Error("a folder as it is embedded:", err)
	}
}
