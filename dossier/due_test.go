package dossier

import (
	"encoding/json"
	"os"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func shippedCalendar(t testing.TB) *Calendar {
	t.Helper()
	cal, err := LoadCalendar(os.DirFS("../assets/calendar"))
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("02/01/2006 15:04", s, Hanoi)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The table of the law as we read it: the day of reception is day 0, and only the station's working days count.
func TestReckonCountsTheDaysTheLawCounts(t *testing.T) {
	cal := shippedCalendar(t)
	for _, v := range []struct {
		received  string
		limit     Limit
		due       string
		projected bool
	}{
		{"23/11/2026", Limit{1, WorkingDays}, "25/11/2026", false},
		{"23/11/2026", Limit{3, WorkingDays}, "27/11/2026", false},
		{"20/11/2026", Limit{3, WorkingDays}, "26/11/2026", false},
		{"20/11/2026", Limit{7, WorkingDays}, "02/12/2026", false},
		{"21/08/2026", Limit{1, WorkingDays}, "22/08/2026", false},
		{"21/08/2026", Limit{3, WorkingDays}, "25/08/2026", false},
		{"28/08/2026", Limit{3, WorkingDays}, "07/09/2026", false},
		{"13/02/2026", Limit{3, WorkingDays}, "25/02/2026", false},
		{"13/02/2026", Limit{7, WorkingDays}, "03/03/2026", false},
		{"24/04/2026", Limit{3, WorkingDays}, "04/05/2026", false},
		{"29/04/2026", Limit{3, WorkingDays}, "06/05/2026", false},
		{"31/12/2026", Limit{3, WorkingDays}, "06/01/2027", true},
		{"09/11/2026", Limit{15, CalendarDays}, "25/11/2026", false},
		// The years before, and days whose neighbours are traps.
		{"24/11/2025", Limit{1, WorkingDays}, "25/11/2025", false}, // no holiday before 2026
		{"24/11/2026", Limit{1, WorkingDays}, "25/11/2026", false}, // received on a holiday: day 0 all the same
		{"21/11/2026", Limit{1, WorkingDays}, "23/11/2026", false}, // Saturday morning
		{"25/04/2025", Limit{1, WorkingDays}, "26/04/2025", false}, // swap Saturday
		{"28/02/2024", Limit{1, CalendarDays}, "29/02/2024", false},
		{"07/11/2026", Limit{15, CalendarDays}, "23/11/2026", false}, // ends on a Sunday
	} {
		due, err := Reckon(v.limit, cal, DefaultHours, moment(t, v.received+" 09:00"))
		if err != nil {
			t.Fatalf("%s, %s: %v", v.received, v.limit, err)
		}
		if want := moment(t, v.due+" 17:00"); !due.At.Equal(want) || due.Projected != v.projected {
			t.Errorf("%s, %s: due %s (projected %v), want %s (%v)", v.received, v.limit, due.At, due.Projected, want, v.projected)
		}
		if due.Limit != v.limit.String() {
			t.Errorf("limit %q", due.Limit)
		}
	}
}

func TestDueSaysWhyItIsThatDay(t *testing.T) {
	cal := shippedCalendar(t)
	saturdays, swapless, cutoff := DefaultHours, DefaultHours, DefaultHours
	saturdays.SaturdayMorning, saturdays.SaturdayCounts = true, true
	swapless.SwapSaturdays = false
	cutoff.Cutoff = 15 * 60
	wd3, wd1, wd7 := Limit{3, WorkingDays}, Limit{1, WorkingDays}, Limit{7, WorkingDays}
	for _, v := range []struct {
		received string
		limit    Limit
		hours    Hours
		at, text string
	}{
		{"23/11/2026 08:00", wd3, DefaultHours, "27/11/2026 17:00", "3 ngày làm việc: T4 25/11, T5 26/11, T6 27/11; nghỉ T3 24/11 Ngày Văn hóa Việt Nam"},
		{"20/11/2026 16:55", wd3, DefaultHours, "26/11/2026 17:00", "3 ngày làm việc: T2 23/11, T4 25/11, T5 26/11; nghỉ T7 21/11, CN 22/11, T3 24/11 Ngày Văn hóa Việt Nam"},
		{"01/12/2026 08:00", wd3, DefaultHours, "04/12/2026 17:00", "3 ngày làm việc: T4 02/12, T5 03/12, T6 04/12"},
		{"20/11/2026 08:00", wd7, DefaultHours, "02/12/2026 17:00", "7 ngày làm việc: T2 23/11, T4 25/11–T6 27/11, T2 30/11–T4 02/12; nghỉ T7 21/11, CN 22/11, T3 24/11 Ngày Văn hóa Việt Nam, T7 28/11, CN 29/11"},
		{"21/08/2026 08:00", wd3, DefaultHours, "25/08/2026 17:00", "3 ngày làm việc: T7 22/08 làm bù, T2 24/08, T3 25/08; nghỉ CN 23/08"},
		{"20/08/2026 08:00", wd7, DefaultHours, "28/08/2026 17:00", "7 ngày làm việc: T6 21/08, T7 22/08 làm bù, T2 24/08–T6 28/08; nghỉ CN 23/08"},
		{"21/08/2026 08:00", wd1, swapless, "24/08/2026 17:00", "1 ngày làm việc: T2 24/08; nghỉ T7 22/08, CN 23/08"},
		{"13/02/2026 08:00", wd3, DefaultHours, "25/02/2026 17:00", "3 ngày làm việc: T2 23/02, T3 24/02, T4 25/02; nghỉ T7 14/02, CN 15/02, T2 16/02–T6 20/02 Tết Nguyên đán, T7 21/02, CN 22/02"},
		{"09/11/2026 08:00", Limit{15, CalendarDays}, DefaultHours, "25/11/2026 17:00", "15 ngày, kể cả ngày nghỉ: từ T3 10/11 đến T3 24/11, gặp ngày nghỉ T3 24/11 Ngày Văn hóa Việt Nam; chuyển sang T4 25/11"},
		{"02/11/2026 08:00", Limit{15, CalendarDays}, DefaultHours, "17/11/2026 17:00", "15 ngày, kể cả ngày nghỉ: từ T3 03/11 đến T3 17/11"},
		// A Saturday that counts ends at noon.
		{"27/11/2026 08:00", wd1, saturdays, "28/11/2026 11:30", "1 ngày làm việc: T7 28/11"},
		{"25/04/2026 08:00", wd1, saturdays, "28/04/2026 17:00", "1 ngày làm việc: T3 28/04; nghỉ CN 26/04 Giỗ Tổ Hùng Vương, T2 27/04 nghỉ bù Giỗ Tổ Hùng Vương"},
		{"25/11/2026 14:59", wd1, cutoff, "26/11/2026 17:00", "1 ngày làm việc: T5 26/11"},
		{"25/11/2026 15:00", wd1, cutoff, "27/11/2026 17:00", "1 ngày làm việc (tính như nhận T5 26/11): T6 27/11"},
		{"27/11/2026 15:00", wd1, cutoff, "01/12/2026 17:00", "1 ngày làm việc (tính như nhận T2 30/11): T3 01/12"},
		// Nobody overtakes a Friday evening by coming on the Sunday.
		{"29/11/2026 09:00", wd1, cutoff, "01/12/2026 17:00", "1 ngày làm việc (tính như nhận T2 30/11): T3 01/12"},
		// At once: within the session, or when the desk opens.
		{"25/11/2026 08:00", Limit{Unit: AtOnce}, DefaultHours, "25/11/2026 11:30", "Ngay sau khi nhận được yêu cầu: trong buổi làm việc, trước 11:30"},
		{"25/11/2026 16:59", Limit{Unit: AtOnce}, DefaultHours, "25/11/2026 17:00", "Ngay sau khi nhận được yêu cầu: trong buổi làm việc, trước 17:00"},
		{"25/11/2026 12:00", Limit{Unit: AtOnce}, DefaultHours, "25/11/2026 13:30", "Ngay sau khi nhận được yêu cầu: nhận ngoài giờ làm việc, thực hiện khi mở cửa lúc 13:30 T4 25/11"},
		{"23/11/2026 17:00", Limit{Unit: AtOnce}, DefaultHours, "25/11/2026 07:30", "Ngay sau khi nhận được yêu cầu: nhận ngoài giờ làm việc, thực hiện khi mở cửa lúc 07:30 T4 25/11"},
		{"28/11/2026 09:00", Limit{Unit: AtOnce}, saturdays, "28/11/2026 11:30", "Ngay sau khi nhận được yêu cầu: trong buổi làm việc, trước 11:30"},
	} {
		due, err := Reckon(v.limit, cal, v.hours, moment(t, v.received))
		if err != nil {
			t.Fatalf("%s, %s: %v", v.received, v.limit, err)
		}
		if !due.At.Equal(moment(t, v.at)) || due.Text != v.text {
			t.Errorf("%s, %s: %s\n got %q\nwant %q", v.received, v.limit, due.At, due.Text, v.text)
		}
	}
}

func TestReckonUsesVietnamTimeWhateverThePCSays(t *testing.T) {
	cal := shippedCalendar(t)
	// 23:30 of 22/11 in London is 06:30 of 23/11 in Hanoi.
	due, err := Reckon(Limit{1, WorkingDays}, cal, DefaultHours, time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC))
	if err != nil || due.At.Format("02/01/2006 15:04 -0700") != "25/11/2026 17:00 +0700" {
		t.Fatal(due.At, err)
	}
}

func TestReckonSaysSoWhereItHasNoCalendar(t *testing.T) {
	cal := shippedCalendar(t)
	for _, v := range []struct {
		received string
		limit    Limit
	}{
		{"01/06/2009 09:00", Limit{1, WorkingDays}},
		{"01/06/2009 09:00", Limit{Unit: AtOnce}},
		{"30/12/2027 09:00", Limit{3, WorkingDays}},
		{"31/12/2027 18:00", Limit{Unit: AtOnce}},
		{"20/12/2027 09:00", Limit{15, CalendarDays}},
		{"17/12/2027 09:00", Limit{15, CalendarDays}}, // ends on Saturday 1/1/2028
		{"23/11/2026 09:00", Limit{1 << 40, WorkingDays}},
		{"23/11/2026 09:00", Limit{1 << 40, CalendarDays}},
	} {
		due, err := Reckon(v.limit, cal, DefaultHours, moment(t, v.received))
		if Code(err) != "calendar.unknown-year" || !due.At.IsZero() {
			t.Errorf("%s, %s: %v, %v", v.received, v.limit, due.At, err)
		}
	}
	// The last day of a known year needs no other.
	if _, err := Reckon(Limit{1, WorkingDays}, cal, DefaultHours, moment(t, "30/12/2027 09:00")); err != nil {
		t.Error(err)
	}
}

func TestReckonRefusesWhatIsNoLimitAndNoDay(t *testing.T) {
	cal := shippedCalendar(t)
	at := moment(t, "23/11/2026 09:00")
	for _, l := range []Limit{{}, {0, WorkingDays}, {-3, CalendarDays}, {1, AtOnce}, {3, "month"}} {
		if _, err := Reckon(l, cal, DefaultHours, at); err == nil {
			t.Errorf("%v was taken for a limit", l)
		}
	}
	if _, err := Reckon(Limit{1, WorkingDays}, cal, Hours{}, at); Code(err) != "hours.order" {
		t.Errorf("a station without office hours: %v", err)
	}
}

func TestDueIsKeptAndReadBack(t *testing.T) {
	due, err := Reckon(Limit{3, WorkingDays}, shippedCalendar(t), DefaultHours, moment(t, "31/12/2026 09:00"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(due)
	if err != nil {
		t.Fatal(err)
	}
	var back Due
	if err := json.Unmarshal(b, &back); err != nil || !back.At.Equal(due.At) || back.Text != due.Text || !back.Projected {
		t.Errorf("%s came back as %+v, %v", b, back, err)
	}
}

func anyHours(t *rapid.T) Hours {
	h := DefaultHours
	h.SaturdayMorning = rapid.Bool().Draw(t, "saturday morning")
	h.SaturdayCounts = rapid.Bool().Draw(t, "saturday counts")
	h.SwapSaturdays = rapid.Bool().Draw(t, "swap saturdays")
	if rapid.Bool().Draw(t, "cutoff") {
		h.Cutoff = Clock(rapid.IntRange(int(h.Morning[0])+1, int(h.Afternoon[1])).Draw(t, "at"))
	}
	return h
}

func anyLimit(t *rapid.T) Limit {
	switch rapid.IntRange(0, 2).Draw(t, "unit") {
	case 0:
		return Limit{Unit: AtOnce}
	case 1:
		return Limit{rapid.IntRange(1, 30).Draw(t, "n"), CalendarDays}
	}
	return Limit{rapid.IntRange(1, 20).Draw(t, "n"), WorkingDays}
}

func anyMoment(t *rapid.T, name string) time.Time {
	first := Date{2024, 1, 1}.At(0, 0)
	return first.Add(time.Duration(rapid.IntRange(0, 3*365*24*60+300*24*60).Draw(t, name)) * time.Minute)
}

func TestDueIsAlwaysAWorkingDayAfterTheReception(t *testing.T) {
	cal := shippedCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		limit, hours, received := anyLimit(t), anyHours(t), anyMoment(t, "received")
		due, err := Reckon(limit, cal, hours, received)
		if err != nil {
			t.Fatal(err)
		}
		day0, day := DateOf(received), DateOf(due.At)
		if !due.At.After(received) {
			t.Fatalf("due at %s, before it came in", due.At)
		}
		if len(hours.periods(cal, day)) == 0 {
			t.Fatalf("due on %s, when the desk is closed", day)
		}
		if n := utf8.RuneCountInString(due.Text); n > MaxDueText || !norm.NFC.IsNormalString(due.Text) {
			t.Fatalf("%d letters: %s", n, due.Text)
		}
		projected := false
		for d := day0; !day.Before(d); d = d.AddDays(1) {
			projected = projected || d.Year == 2027
		}
		if due.Projected != projected {
			t.Fatalf("projected %v from %s to %s", due.Projected, day0, day)
		}
		if limit.Unit == AtOnce {
			return
		}
		if !day0.Before(day) || !day0.Before(due.Days[0]) || len(due.Days) != limit.N {
			t.Fatalf("day 0 %s, counted %v", day0, due.Days)
		}
		if off, isOff := cal.DayOff(day); isOff && !(hours.SaturdayCounts && day.Weekday() == time.Saturday && cal.Holiday(day) == "") {
			t.Fatalf("due on %s, %s", day, off)
		}
		if limit.Unit == WorkingDays && hours.Cutoff == 0 {
			n := 0
			for d := day0.AddDays(1); !day.Before(d); d = d.AddDays(1) {
				if hours.counts(cal, d) {
					n++
				}
			}
			if n != limit.N {
				t.Fatalf("%d working days from %s to %s, the law gives %d", n, day0, day, limit.N)
			}
		}
	})
}

func TestWhoComesLaterIsNeverDueEarlier(t *testing.T) {
	cal := shippedCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		limit, hours, first := anyLimit(t), anyHours(t), anyMoment(t, "first")
		second := first.Add(time.Duration(rapid.IntRange(0, 6*24*60).Draw(t, "later")) * time.Minute)
		a, err := Reckon(limit, cal, hours, first)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Reckon(limit, cal, hours, second)
		if err != nil {
			t.Fatal(err)
		}
		if b.At.Before(a.At) {
			t.Fatalf("%s due %s, but %s due %s", first, a.At, second, b.At)
		}
	})
}

// A forwarded request may be decided early, never late because of it: the station's own day lies within the whole.
func TestOwnStepIsNeverDueAfterTheWhole(t *testing.T) {
	cal := shippedCalendar(t)
	c := shippedCatalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(c.Procedures()).Draw(t, "procedure")
		which := rapid.SampledFrom(p.Cases).Draw(t, "case")
		if which.Own.IsZero() {
			return
		}
		hours, received := anyHours(t), anyMoment(t, "received")
		own, err := Reckon(which.Own, cal, hours, received)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := Reckon(which.Limit, cal, hours, received)
		if err != nil || whole.At.Before(own.At) {
			t.Fatalf("own %s, whole %s, %v", own.At, whole.At, err)
		}
	})
}

func TestDueStaysProjectedWhenTheNextYearIsAnnounced(t *testing.T) {
	cal, err := LoadCalendar(fstest.MapFS{
		"2026.json": {Data: []byte(`{"year":2026,"state":"projected","source":"made up","off":[]}`)},
		"2027.json": {Data: []byte(`{"year":2027,"state":"official","source":"made up","off":[]}`)}})
	if err != nil {
		t.Fatal(err)
	}
	due, err := Reckon(Limit{3, WorkingDays}, cal, DefaultHours, moment(t, "30/12/2026 09:00"))
	if err != nil || !due.Projected {
		t.Error(due, err)
	}
}

// Days off without end must end in an answer.
func TestReckonEndsInAYearWithoutWork(t *testing.T) {
	cal, err := LoadCalendar(fstest.MapFS{"2026.json": {Data: []byte(`{"year":2026,"state":"official","source":"made up",
		"off":[{"from":"2026-01-01","to":"2026-12-31","name":"Nghỉ","evidence":"confirmed"}]}`)}})
	if err != nil {
		t.Fatal(err)
	}
	h := DefaultHours
	h.Cutoff = 15 * 60
	for _, l := range []Limit{{1, WorkingDays}, {1, CalendarDays}, {Unit: AtOnce}} {
		for _, hours := range []Hours{DefaultHours, h} {
			if _, err := Reckon(l, cal, hours, moment(t, "01/01/2026 16:00")); Code(err) != "calendar.unknown-year" {
				t.Errorf("%s: %v", l, err)
			}
		}
	}
}

func BenchmarkReckonSevenDaysOverTet(b *testing.B) {
	cal := shippedCalendar(b)
	at := moment(b, "13/02/2026 09:00")
	for b.Loop() {
		if _, err := Reckon(Limit{7, WorkingDays}, cal, DefaultHours, at); err != nil {
			b.Fatal(err)
		}
	}
}
