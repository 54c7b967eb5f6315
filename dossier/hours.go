package dossier

import (
	"fmt"
	"strings"
	"time"
)

// Clock is a time of day in minutes after midnight, written hh:mm. Zero means "not given" and is written as nothing.
type Clock int

// String is hh:mm; empty when not given.
func (c Clock) String() string {
	if c == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60)
}

// MarshalText writes hh:mm.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads hh:mm or nothing.
func (c *Clock) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = 0
		return nil
	}
	t, err := time.Parse("15:04", string(b))
	if err != nil {
		return fmt.Errorf("time of day %q: want hh:mm", b)
	}
	*c = Clock(t.Hour()*60 + t.Minute())
	return nil
}

// ParseClock reads an hour as people type it: 15:30, 15h30, 15g30, 15.30, 1530 as dates are typed, or 15h. Code: clock.format.
func ParseClock(s string) (Clock, error) {
	s = strings.ToLower(Clean(s))
	if strings.HasSuffix(s, "h") || strings.HasSuffix(s, "g") {
		s += "00"
	}
	s = strings.NewReplacer("h", ":", "g", ":", ".", ":").Replace(s)
	if n := len(s); (n == 3 || n == 4) && !strings.Contains(s, ":") {
		s = s[:n-2] + ":" + s[n-2:]
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, Invalid("", "clock.format")
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

func (c Clock) on(d Date) time.Time { return d.At(int(c)/60, int(c)%60) }

// Hours are the office hours of a station and what it has decided about Saturdays and late comers. They are not the calendar: a
// desk may take dossiers in on a day that no deadline counts.
type Hours struct {
	Morning         [2]Clock `json:"morning"`
	Afternoon       [2]Clock `json:"afternoon"`
	SaturdayMorning bool     `json:"saturday-morning"` // the desk is open on Saturday mornings
	SaturdayCounts  bool     `json:"saturday-counts"`  // and they count as working days
	SwapSaturdays   bool     `json:"swap-saturdays"`   // Saturdays worked in place of another day count as working days
	Cutoff          Clock    `json:"cutoff,omitzero"`  // what comes at or after it counts as received on the next day of the desk
}

// DefaultHours are office hours, Monday to Friday, without a cut-off.
var DefaultHours = Hours{Morning: [2]Clock{7*60 + 30, 11*60 + 30}, Afternoon: [2]Clock{13*60 + 30, 17 * 60}, SwapSaturdays: true}

// Check tells whether these can be the hours of a day. Code: hours.order.
func (h Hours) Check() error {
	last := Clock(0)
	for _, c := range []Clock{h.Morning[0], h.Morning[1], h.Afternoon[0], h.Afternoon[1]} {
		if c <= last || c >= 24*60 {
			return Invalid("hours", "hours.order")
		}
		last = c
	}
	if h.Cutoff != 0 && (h.Cutoff <= h.Morning[0] || h.Cutoff > h.Afternoon[1]) {
		return Invalid("hours", "hours.cutoff", "from", h.Morning[0].String(), "to", h.Afternoon[1].String())
	}
	return nil
}

// counts tells whether that day is a working day for deadlines at this station.
func (h Hours) counts(cal *Calendar, d Date) bool {
	if cal.Working(d) && (h.SwapSaturdays || !cal.SwapDay(d)) {
		return true
	}
	return d.Weekday() == time.Saturday && h.SaturdayCounts && cal.Holiday(d) == ""
}

// periods are the hours of the desk on that day, in order.
func (h Hours) periods(cal *Calendar, d Date) [][2]Clock {
	switch {
	case cal.Working(d) && (h.SwapSaturdays || !cal.SwapDay(d)):
		return [][2]Clock{h.Morning, h.Afternoon}
	case d.Weekday() == time.Saturday && (h.SaturdayMorning || h.SaturdayCounts) && cal.Holiday(d) == "":
		return [][2]Clock{h.Morning}
	}
	return nil
}

// Open tells whether the desk is open at that moment. Each period has its first minute and not its last.
func (h Hours) Open(cal *Calendar, t time.Time) bool {
	_, open := h.period(cal, t)
	return open
}

func (h Hours) period(cal *Calendar, t time.Time) (end time.Time, open bool) {
	d := DateOf(t)
	for _, p := range h.periods(cal, d) {
		if !t.Before(p[0].on(d)) && t.Before(p[1].on(d)) {
			return p[1].on(d), true
		}
	}
	return time.Time{}, false
}
