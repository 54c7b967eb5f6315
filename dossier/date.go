package dossier

import (
	"fmt"
	"time"
)

// Hanoi is the time of every date this program shows or prints, whatever the PC is set to. Vietnam has no
// daylight saving.
var Hanoi = time.FixedZone("ICT", 7*60*60)

// Date is a civil date in Vietnam. The zero Date means "not given".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the civil date of a moment, in Vietnam.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Hanoi).Date()
	return Date{y, m, d}
}

// IsZero tells whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// Valid tells whether the date is in the calendar, years 1 to 9999.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && DateOf(d.At(12, 0)) == d
}

// At is the moment of that hour and minute, Vietnam time.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, Hanoi)
}

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return DateOf(d.At(12, 0).AddDate(0, 0, n)) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.At(12, 0).Weekday() }

// Compare is -1, 0 or +1 as d lies before, on or after other.
func (d Date) Compare(other Date) int { return d.At(12, 0).Compare(other.At(12, 0)) }

// Before tells whether d lies before other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// String is the way dates are written in Vietnam: dd/mm/yyyy; empty when not given.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)
}

// ISO is yyyy-mm-dd; empty when not given.
func (d Date) ISO() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes ISO 8601.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.ISO()), nil }

// UnmarshalText reads ISO 8601 (yyyy-mm-dd) or nothing.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse("2006-01-02", string(b))
	if err != nil {
		return fmt.Errorf("date %q: want yyyy-mm-dd", b)
	}
	*d = DateOf(t.Add(5 * time.Hour))
	return nil
}

// ParseDate reads dd/mm/yyyy, d/m/yyyy, ddmmyyyy or yyyy-mm-dd.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"02/01/2006", "2/1/2006", "02012006", "2006-01-02", "02-01-2006", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Date{t.Year(), t.Month(), t.Day()}, nil
		}
	}
	return Date{}, Invalid("", "date.format")
}
