package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Tally is how many dossiers came to what. Each dossier received counts in Received and in exactly one of OnTime, Late, Dropped and Open;
// one that was refused counts in Refused alone, one that was annulled nowhere.
type Tally struct {
	Received int // and given a number
	Refused  int // BM.03
	OnTime   int // the work ended not after the appointment (see Dossier.Late)
	Late     int // it ended after it
	Dropped  int // withdrawn or stopped
	Open     int // being worked on
	OpenLate int // of those, the appointment is over
}

// Ended is how many were worked to an end.
func (t Tally) Ended() int { return t.OnTime + t.Late }

func (t *Tally) add(o Tally) {
	t.Received += o.Received
	t.Refused += o.Refused
	t.OnTime += o.OnTime
	t.Late += o.Late
	t.Dropped += o.Dropped
	t.Open += o.Open
	t.OpenLate += o.OpenLate
}

// DayTally is what came on one day.
type DayTally struct {
	Day Date
	Tally
}

// ProcedureTally is what came of one procedure; Title is the one of the latest dossier.
type ProcedureTally struct {
	Key, Title string
	Tally
}

// Figures are a period's work: of the dossiers received or refused from From to To, as they stand at Now.
type Figures struct {
	From, To   Date
	Now        time.Time
	Days       []DayTally // every day of the period, those without a dossier too
	Procedures []ProcedureTally
	Total      Tally
	Waits      []int // of those whose work ended: how many after that many working days, the day of reception not counted; the last is that or more
	Median     int   // working days until half of them had ended; -1 where none has
	Slowest    int   // working days of the slowest; -1 where none has ended
}

// MaxWait is the last of Figures.Waits: so many working days or more.
const MaxWait = 15

// Count makes the figures of a period. visit is given a function to call with each dossier of it, in the order of their days.
func Count(from, to Date, now time.Time, cal *Calendar, visit func(func(Dossier) error) error) (Figures, error) {
	f := Figures{From: from, To: to, Now: now, Median: -1, Slowest: -1, Waits: make([]int, MaxWait+1)}
	at := map[Date]int{}
	for d := from; !to.Before(d); d = d.AddDays(1) {
		at[d] = len(f.Days)
		f.Days = append(f.Days, DayTally{Day: d})
	}
	procedures := map[string]int{}
	var waits []int
	err := visit(func(d Dossier) error {
		one, counts := tally(d, now)
		if !counts {
			return nil
		}
		f.Total.add(one)
		if i, ok := at[DateOf(d.Intake.ReceivedAt)]; ok {
			f.Days[i].add(one)
		}
		i, ok := procedures[d.Intake.Procedure]
		if !ok {
			i = len(f.Procedures)
			procedures[d.Intake.Procedure] = i
			f.Procedures = append(f.Procedures, ProcedureTally{Key: d.Intake.Procedure})
		}
		f.Procedures[i].Title = d.Intake.Title
		f.Procedures[i].add(one)
		if one.Ended() > 0 {
			wait := workingDays(DateOf(d.Intake.ReceivedAt), DateOf(d.EndedAt), cal)
			f.Waits[min(wait, MaxWait)]++
			waits = append(waits, wait)
		}
		return nil
	})
	if len(waits) > 0 {
		slices.Sort(waits)
		f.Median, f.Slowest = waits[(len(waits)-1)/2], waits[len(waits)-1]
	}
	slices.SortStableFunc(f.Procedures, func(a, b ProcedureTally) int {
		return cmp.Compare(b.Received+b.Refused, a.Received+a.Refused)
	})
	return f, err
}

// tally is what one dossier counts for.
func tally(d Dossier, now time.Time) (t Tally, counts bool) {
	switch d.Status {
	case StatusNone, StatusRegistered, StatusAnnulled:
		return t, false
	case StatusRefused:
		return Tally{Refused: 1}, true
	}
	t.Received = 1
	late := d.Late(now)
	switch {
	case d.Status == StatusWithdrawn || d.Status == StatusStopped:
		t.Dropped = 1
	case d.Status == StatusDone || d.Status == StatusReturned:
		if late {
			t.Late = 1
		} else {
			t.OnTime = 1
		}
	default:
		t.Open = 1
		if late {
			t.OpenLate = 1
		}
	}
	return t, true
}

// mostDays ends the counting of days where a clock was years ahead.
const mostDays = 366

// workingDays counts the working days after one day up to another, at most a year of days; 0 on the same day and before.
func workingDays(from, to Date, cal *Calendar) int {
	if end := from.AddDays(mostDays); end.Before(to) {
		to = end
	}
	n := 0
	for d := from.AddDays(1); !to.Before(d); d = d.AddDays(1) {
		if cal.Working(d) {
			n++
		}
	}
	return n
}

// Grain is how much one column of a chart of days holds.
type Grain int

const (
	ByDay Grain = iota
	ByWeek
	ByMonth
)

func (s Grain) String() string {
	return [...]string{"ngày", "tuần (ghi ngày đầu tuần)", "tháng"}[s]
}

// mostBuckets is how many columns stand side by side with their days below them.
const mostBuckets = 35

// Grain is days for a month's figures, weeks for a quarter's, months for a year's.
func (f Figures) Grain() Grain {
	switch n := len(f.Days); {
	case n > 7*mostBuckets:
		return ByMonth
	case n > mostBuckets:
		return ByWeek
	}
	return ByDay
}

// Bucket is one column of a chart: Upper stands on top of Lower.
type Bucket struct {
	Label        string
	Lower, Upper int
}

// Buckets are what was received, and on top of it what was refused, by Grain.
func (f Figures) Buckets() []Bucket {
	step := f.Grain()
	var out []Bucket
	var begun Date
	for _, d := range f.Days {
		first := d.Day
		switch step {
		case ByWeek:
			first = d.Day.AddDays(-((int(d.Day.Weekday()) + 6) % 7))
		case ByMonth:
			first = Date{d.Day.Year, d.Day.Month, 1}
		}
		if len(out) == 0 || first != begun {
			begun = first
			label := fmt.Sprintf("%d/%d", d.Day.Day, d.Day.Month)
			if step == ByMonth {
				label = fmt.Sprintf("%d/%02d", d.Day.Month, d.Day.Year%100)
			}
			out = append(out, Bucket{Label: label})
		}
		out[len(out)-1].Lower += d.Received
		out[len(out)-1].Upper += d.Refused
	}
	return out
}

// WaitBuckets are Waits as far as they reach, at least up to three days.
func (f Figures) WaitBuckets() []Bucket {
	last := 3
	for i, n := range f.Waits {
		if n > 0 {
			last = max(last, i)
		}
	}
	var out []Bucket
	for i, n := range f.Waits[:last+1] {
		label := strconv.Itoa(i)
		if i == MaxWait {
			label = "từ " + label
		}
		out = append(out, Bucket{Label: label, Lower: n})
	}
	return out
}

// Percent is a part in hundredths with one decimal, as Vietnamese writes it; never rounded up to all of it.
func Percent(part, of int) string {
	p := 1000 * part / of
	if p%10 == 0 {
		return fmt.Sprintf("%d%%", p/10)
	}
	return fmt.Sprintf("%d,%d%%", p/10, p%10)
}
