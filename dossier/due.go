package dossier

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// LimitUnit is what a time limit is counted in.
type LimitUnit string

const (
	WorkingDays  LimitUnit = "working-day" // ngày làm việc
	CalendarDays LimitUnit = "day"         // ngày
	AtOnce       LimitUnit = "at-once"     // ngay sau khi nhận được yêu cầu
)

// Limit is how long the law gives. The zero Limit means that it gives none.
type Limit struct {
	N    int       `json:"n,omitempty"`
	Unit LimitUnit `json:"unit"`
}

// IsZero tells whether there is no limit.
func (l Limit) IsZero() bool { return l == Limit{} }

// Valid tells whether it is a limit: at once without a number, or a number of days.
func (l Limit) Valid() bool {
	switch l.Unit {
	case AtOnce:
		return l.N == 0
	case WorkingDays, CalendarDays:
		return l.N > 0
	}
	return false
}

// String is the limit in the words of the law; empty when there is none.
func (l Limit) String() string {
	switch l.Unit {
	case AtOnce:
		return "ngay sau khi nhận được yêu cầu"
	case WorkingDays:
		return fmt.Sprintf("%d ngày làm việc", l.N)
	case CalendarDays:
		return fmt.Sprintf("%d ngày", l.N)
	}
	return ""
}

// Due is an appointment and the sentence that explains it.
type Due struct {
	At        time.Time `json:"at"`
	Limit     string    `json:"limit"`
	Text      string    `json:"text"`                // at most MaxDueText letters
	Projected bool      `json:"projected,omitempty"` // it rests on a year the State has not announced yet
	Days      []Date    `json:"-"`                   // the days counted, in order
}

// MaxDueText is how long the explanation may get, in letters: two lines of the screen.
const MaxDueText = 160

// Reckon is the appointment for what was received at that moment. The day of reception is not counted (BLDS 2015 Điều 147): who comes at
// 16:55 is owed whole days. A period in days that ends on a day off ends on the next working day (Điều 148 khoản 5). The law gives a
// day; the hour is the end of that day's office hours. Codes: calendar.unknown-year, hours.order, hours.cutoff.
func Reckon(limit Limit, cal *Calendar, hours Hours, received time.Time) (Due, error) {
	if !limit.Valid() {
		return Due{}, fmt.Errorf("reckon: %d %q is no time limit", limit.N, limit.Unit)
	}
	if err := hours.Check(); err != nil {
		return Due{}, err
	}
	r := reckoning{cal: cal, hours: hours, limit: limit, received: received.In(Hanoi), day: DateOf(received)}
	if err := r.look(r.day); err != nil {
		return Due{}, err
	}
	if limit.Unit == AtOnce {
		return r.atOnce()
	}
	return r.count()
}

// reckoning is one count of days on its way.
type reckoning struct {
	cal       *Calendar
	hours     Hours
	limit     Limit
	received  time.Time
	day       Date // day 0
	counted   []Date
	passed    []Date // days off between day 0 and the due day
	projected bool
}

// look notes that the count rests on that day's year.
func (r *reckoning) look(d Date) error {
	if !r.cal.Known(d.Year) {
		return Invalid("received-at", "calendar.unknown-year", "year", fmt.Sprint(d.Year))
	}
	r.projected = r.projected || !r.cal.Official(d.Year)
	return nil
}

func (r *reckoning) atOnce() (Due, error) {
	due := Due{Limit: r.limit.String()}
	if end, open := r.hours.period(r.cal, r.received); open {
		due.At, due.Days = end, []Date{r.day}
		due.Text = sentence(due.Limit) + ": trong buổi làm việc, trước " + clockOf(end)
	} else {
		for d := r.day; due.At.IsZero(); d = d.AddDays(1) {
			if err := r.look(d); err != nil {
				return Due{}, err
			}
			for _, p := range r.hours.periods(r.cal, d) {
				if start := p[0].on(d); start.After(r.received) {
					due.At, due.Days = start, []Date{d}
					due.Text = sentence(due.Limit) + ": nhận ngoài giờ làm việc, thực hiện khi mở cửa lúc " + clockOf(start) + " " + weekDate(d)
					break
				}
			}
		}
	}
	due.Projected = r.projected
	return due, nil
}

func (r *reckoning) count() (Due, error) {
	late := r.hours.Cutoff != 0 && !r.received.Before(r.hours.Cutoff.on(r.day))
	// A cut-off holds back the dossiers of days without a desk as well: else one of Saturday would overtake one of Friday evening.
	if r.hours.Cutoff != 0 && (late || r.hours.periods(r.cal, r.day) == nil) {
		late = true
		for {
			r.day = r.day.AddDays(1)
			if err := r.look(r.day); err != nil {
				return Due{}, err
			}
			if r.hours.periods(r.cal, r.day) != nil {
				break
			}
		}
	}
	d := r.day
	for len(r.counted) < r.limit.N {
		d = d.AddDays(1)
		if err := r.look(d); err != nil {
			return Due{}, err
		}
		if r.limit.Unit == CalendarDays || r.hours.counts(r.cal, d) {
			r.counted = append(r.counted, d)
		} else {
			r.passed = append(r.passed, d)
		}
	}
	for !r.hours.counts(r.cal, d) {
		r.passed = append(r.passed, d)
		d = d.AddDays(1)
		if err := r.look(d); err != nil {
			return Due{}, err
		}
	}
	periods := r.hours.periods(r.cal, d)
	return Due{At: periods[len(periods)-1][1].on(d), Limit: r.limit.String(), Text: r.explain(d, late), Projected: r.projected,
		Days: r.counted}, nil
}

// explain is the longest of ever shorter sentences that fits.
func (r *reckoning) explain(due Date, late bool) string {
	head := r.limit.String()
	if late {
		head += " (tính như nhận " + weekDate(r.day) + ")"
	}
	first, last := r.counted[0], r.counted[len(r.counted)-1]
	if r.limit.Unit == CalendarDays {
		s := head + ", kể cả ngày nghỉ: từ " + weekDate(first) + " đến " + weekDate(last)
		if due == last {
			return s
		}
		end := "; chuyển sang " + weekDate(due)
		if full := s + ", gặp ngày nghỉ " + r.daysOff(true) + end; utf8.RuneCountInString(full) <= MaxDueText {
			return full
		}
		return s + ", gặp ngày nghỉ" + end
	}
	days := r.days()
	if len(r.passed) == 0 {
		return head + ": " + days
	}
	for _, s := range []string{
		head + ": " + days + "; nghỉ " + r.daysOff(true),
		head + ": " + days + "; nghỉ " + r.daysOff(false),
		head + ": từ " + weekDate(first) + " đến " + weekDate(last) + "; nghỉ " + r.daysOff(false),
	} {
		if utf8.RuneCountInString(s) <= MaxDueText {
			return s
		}
	}
	return head + ": từ " + weekDate(first) + " đến " + weekDate(last) + ", không tính ngày nghỉ"
}

// days names the days counted: each of them up to three, in runs beyond; a swap Saturday is always named.
func (r *reckoning) days() string {
	var out []string
	for i := 0; i < len(r.counted); {
		j := i + 1
		for len(r.counted) > 3 && j < len(r.counted) && r.counted[j] == r.counted[j-1].AddDays(1) && !r.swap(r.counted[i]) && !r.swap(r.counted[j]) {
			j++
		}
		s := run(r.counted[i:j])
		if r.swap(r.counted[i]) {
			s += " làm bù"
		}
		out = append(out, s)
		i = j
	}
	return strings.Join(out, ", ")
}

func (r *reckoning) swap(d Date) bool { return r.cal.SwapDay(d) }

// daysOff names the days passed over, holidays by their name; weekends one by one, or all in two words.
func (r *reckoning) daysOff(weekends bool) string {
	var out []string
	plain := false
	for i := 0; i < len(r.passed); {
		name := r.cal.Holiday(r.passed[i])
		j := i + 1
		for name != "" && j < len(r.passed) && r.passed[j] == r.passed[j-1].AddDays(1) && r.cal.Holiday(r.passed[j]) == name {
			j++
		}
		switch {
		case name != "":
			out = append(out, run(r.passed[i:j])+" "+name)
		case weekends:
			out = append(out, run(r.passed[i:j]))
		default:
			plain = true
		}
		i = j
	}
	if plain {
		out = append(out, "T7, CN")
	}
	return strings.Join(out, ", ")
}

// run writes one day, two days, or the first and the last of a run.
func run(days []Date) string {
	switch len(days) {
	case 1:
		return weekDate(days[0])
	case 2:
		return weekDate(days[0]) + ", " + weekDate(days[1])
	}
	return weekDate(days[0]) + "–" + weekDate(days[len(days)-1])
}

// weekDate is a day as a wall calendar has it: T4 25/11.
func weekDate(d Date) string {
	return [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}[d.Weekday()] + fmt.Sprintf(" %02d/%02d", d.Day, d.Month)
}

func clockOf(t time.Time) string { return t.In(Hanoi).Format("15:04") }

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
