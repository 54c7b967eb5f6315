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

func TestTheNewAppointmentIsProposedOnAWorkingDayAndLater(t *testing.T) {
	cal := shippedCalendar(t)
	three := Limit{N: 3, Unit: WorkingDays}
	for _, c := range []struct {
		limit          Limit
		due, now, want string
	}{
		{three, "26/11/2026 17:00", "25/11/2026 09:00", "30/11/2026 17:00"},
		{three, "20/11/2026 17:00", "23/11/2026 09:00", "27/11/2026 17:00"},                            // late: anew from today, 24/11 is a holiday
		{Limit{N: 1, Unit: WorkingDays}, "27/11/2026 17:00", "26/11/2026 09:00", "30/11/2026 17:00"},   // the limit alone would give the same day
		{Limit{Unit: AtOnce}, "23/11/2026 11:30", "23/11/2026 12:00", "25/11/2026 17:00"},              // at once is no promise to make again
		{Limit{}, "23/11/2026 17:00", "23/11/2026 18:00", "25/11/2026 17:00"},                          // a procedure nobody knows any more
		{Limit{N: 15, Unit: CalendarDays}, "25/11/2026 17:00", "25/11/2026 09:00", "10/12/2026 17:00"}, //
	} {
		got, err := ProposeAgain(c.limit, cal, DefaultHours, Due{At: moment(t, c.due)}, moment(t, c.now))
		if err != nil || !got.At.Equal(moment(t, c.want)) {
			t.Errorf("due %s, %v from %s: %v, %v", c.due, c.limit, c.now, got.At, err)
		}
		if CheckAppointment(cal, DefaultHours, got.At) != nil {
			t.Errorf("%v is proposed and would be refused", got.At)
		}
	}
	if _, err := ProposeAgain(three, cal, DefaultHours, Due{}, moment(t, "02/01/2090 09:00")); Code(err) != "calendar.unknown-year" {
		t.Errorf("a year without a calendar: %v", err)
	}
}

func TestAppointmentsAreKeptInOfficeHours(t *testing.T) {
	cal := shippedCalendar(t)
	for at, code := range map[string]string{"25/11/2026 17:00": "", "25/11/2026 07:30": "", "25/11/2026 12:00": "", "25/11/2026 17:01": "reschedule.hour", "25/11/2026 07:29": "reschedule.hour",
		"24/11/2026 09:00": "reschedule.day-off", "22/11/2026 09:00": "reschedule.day-off", "02/01/2090 09:00": "calendar.unknown-year"} {
		ps := CheckAppointment(cal, DefaultHours, moment(t, at))
		if Code(ps.Err()) != code || len(ps) > 0 && ps[0].Field != "due" {
			t.Errorf("%s: %v, want %q", at, ps, code)
		}
	}
}

func TestReadyReasonsSayFromWhenToWhen(t *testing.T) {
	from, to, now := moment(t, "18/11/2026 08:00"), moment(t, "18/11/2026 16:30"), moment(t, "19/11/2026 09:00")
	system, ok := FindApologyReason("system")
	if !ok || system.Say(from.UTC(), to) != "Hệ thống quốc gia gián đoạn từ 08:00 ngày 18/11/2026 đến 16:30 ngày 18/11/2026." {
		t.Errorf("%q", system.Say(from, to))
	}
	if got := system.Say(time.Time{}, time.Time{}); got != "Hệ thống quốc gia gián đoạn từ … đến nay." {
		t.Errorf("%q", got)
	}
	for want, c := range map[string][2]time.Time{"": {from, to}, "apology.from-missing": {{}, to}, "apology.order": {to, from}, "apology.future": {now.Add(time.Minute), {}}} {
		if got := Code(system.Check(c[0], c[1], now).Err()); got != want {
			t.Errorf("%v: %q, want %q", c, got, want)
		}
	}
	if system.Check(from, time.Time{}, now) != nil {
		t.Error("a fault that goes on is refused")
	}
	if system.Check(from, now.Add(time.Hour), now) == nil || system.Check(from, from, now) == nil {
		t.Error("an end that is not yet, or no time at all, is taken")
	}
	for _, r := range ApologyReasons {
		if got, ok := FindApologyReason(r.Key); !ok || got != r || r.Say(from, to) == "" || !r.Times && r.Check(time.Time{}, time.Time{}, now) != nil {
			t.Errorf("%+v", r)
		}
		if got := CleanMultiline(r.Say(from, to)); got != r.Say(from, to) {
			t.Errorf("%q is not as it is kept", got)
		}
	}
	if _, ok := FindApologyReason("other"); ok {
		t.Error("the officer's own reason is none of ours")
	}
}
