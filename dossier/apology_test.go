package dossier

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The working day before the appointment, over weekends, holidays, swap Saturdays and the turn of a year.
func TestApologyIsOfferedFromTheWorkingDayBefore(t *testing.T) {
	cal := shippedCalendar(t)
	saturdays := DefaultHours
	saturdays.SaturdayCounts = true
	desk := DefaultHours
	desk.SaturdayMorning = true
	noSwap := DefaultHours
	noSwap.SwapSaturdays = false
	for _, c := range []struct {
		due   string
		hours Hours
		from  string
	}{
		{"27/11/2026 17:00", DefaultHours, "26/11/2026 07:30"},
		{"27/11/2026 07:30", DefaultHours, "26/11/2026 07:30"}, // whatever the hour
		{"25/11/2026 17:00", DefaultHours, "23/11/2026 07:30"}, // 24/11 is Ngày Văn hóa Việt Nam
		{"23/11/2026 17:00", DefaultHours, "20/11/2026 07:30"}, // a Monday
		{"23/11/2026 17:00", saturdays, "21/11/2026 07:30"},    // Saturday mornings count here
		{"23/11/2026 17:00", desk, "20/11/2026 07:30"},         // the desk is open, but they do not count
		{"23/02/2026 17:00", DefaultHours, "13/02/2026 07:30"}, // Tết
		{"24/08/2026 17:00", DefaultHours, "22/08/2026 07:30"}, // a Saturday worked in place of another day
		{"24/08/2026 17:00", noSwap, "21/08/2026 07:30"},
		{"04/01/2027 17:00", DefaultHours, "31/12/2026 07:30"},
		{"22/11/2026 10:00", DefaultHours, "20/11/2026 07:30"}, // an appointment on a Sunday
		{"03/01/2031 17:00", DefaultHours, "02/01/2031 07:30"}, // a year nobody has announced
	} {
		if got := ApologyFrom(cal, c.hours, Due{At: moment(t, c.due)}); !got.Equal(moment(t, c.from)) {
			t.Errorf("due %s: from %s, want %s", c.due, got.In(Hanoi).Format("02/01/2006 15:04"), c.from)
		}
	}
	if got := ApologyFrom(cal, DefaultHours, Due{}); !got.IsZero() {
		t.Errorf("without an appointment: %v", got)
	}
	// The zone of the moment does not matter: 18:00 UTC is the next day in Vietnam.
	if got := ApologyFrom(cal, DefaultHours, Due{At: time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC)}); !got.Equal(moment(t, "26/11/2026 07:30")) {
		t.Errorf("in UTC: %v", got)
	}
}

func TestApologyIsOfferedBeforeTheDayAndOnAWorkingDay(t *testing.T) {
	cal := shippedCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		hours := DefaultHours
		hours.SaturdayCounts, hours.SwapSaturdays = rapid.Bool().Draw(t, "saturdays"), rapid.Bool().Draw(t, "swaps")
		due := Date{2024, 1, 2}.AddDays(rapid.IntRange(0, 4*365).Draw(t, "day")).At(rapid.IntRange(0, 23).Draw(t, "hour"), 0)
		from := ApologyFrom(cal, hours, Due{At: due})
		if !DateOf(from).Before(DateOf(due)) || !hours.counts(cal, DateOf(from)) || !hours.Open(cal, from) {
			t.Fatalf("due %v: from %v", due, from)
		}
		for d := DateOf(from).AddDays(1); d.Before(DateOf(due)); d = d.AddDays(1) {
			if hours.counts(cal, d) {
				t.Fatalf("due %v: from %v although %v is worked too", due, from, d)
			}
		}
	})
}
