package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// DaySeries is the numbers one run of a series gave on a day of reception.
type DaySeries struct {
	Prefix   string  `json:"prefix"`
	Day      Date    `json:"day"`
	Refusals bool    `json:"refusals,omitempty"`
	First    int     `json:"first"`
	Last     int     `json:"last"`
	Count    int     `json:"count"`             // numbers given
	Missing  []Block `json:"missing,omitempty"` // none of them was given, though a later one was; at most MaxDayGaps
	Lost     int     `json:"lost,omitempty"`    // how many numbers are missing in all
	Twice    int     `json:"twice,omitempty"`   // given more than once
	Annulled []int   `json:"annulled,omitempty"`
}

// Number is the number of that series with that tail.
func (s DaySeries) Number(n int) string {
	if s.Refusals {
		return FormatRefusal(s.Prefix, s.Day, n)
	}
	return FormatNumber(s.Prefix, s.Day, n)
}

// Tail is the same without prefix and day.
func (s DaySeries) Tail(n int) string {
	if s.Refusals {
		return fmt.Sprintf("TC%02d", n)
	}
	return fmt.Sprintf("%04d", n)
}

// String is a run of numbers in words: from where to where, and whether they follow one another.
func (s DaySeries) String() string {
	out := s.Number(s.First)
	if s.Last != s.First {
		out += " đến " + s.Tail(s.Last)
	}
	out += fmt.Sprintf(" (%d số", s.Count)
	switch {
	case s.Whole() && s.Count > 1:
		out += ", liên tục"
	case s.Lost > 0:
		out += ", thiếu " + s.gaps()
	}
	if s.Twice > 0 {
		out += fmt.Sprintf(", cấp trùng %d", s.Twice)
	}
	if len(s.Annulled) > 0 {
		var tails []string
		for _, n := range s.Annulled {
			tails = append(tails, s.Tail(n))
		}
		if len(tails) == MaxDayAnnulled { // there may be more: they are among the rows
			tails = append(tails, "…")
		}
		out += "; đã hủy " + strings.Join(tails, ", ")
	}
	return out + ")"
}

func (s DaySeries) gaps() string {
	var parts []string
	shown := 0
	for _, b := range s.Missing {
		shown += b.Last - b.First + 1
		if b.First == b.Last {
			parts = append(parts, s.Tail(b.First))
		} else {
			parts = append(parts, s.Tail(b.First)+"–"+s.Tail(b.Last))
		}
	}
	out := strings.Join(parts, ", ")
	if more := s.Lost - shown; more > 0 {
		out += fmt.Sprintf(" và %d số khác", more)
	}
	return out
}

// Whole tells whether the numbers follow one another.
func (s DaySeries) Whole() bool { return s.Lost == 0 && s.Twice == 0 }

// dayRun is one run of a series on one day of reception.
type dayRun struct {
	prefix   string
	day      Date
	refusals bool
	first    int // of the run
}

// runOf is the run a number is of; false for what is no number of ours.
func runOf(number string) (run dayRun, n int, ok bool) {
	prefix, day, tail, err := ParseNumber(number)
	if err != nil {
		return run, 0, false
	}
	figures, refused := strings.CutPrefix(tail, "TC")
	if n, err = strconv.Atoi(figures); err != nil {
		return run, 0, false
	}
	width := 1000
	if refused {
		width = 100
	}
	return dayRun{prefix, day, refused, n/width*width + 1}, n, true
}

// seriesOf is the numbers given, run by run, each looked at for gaps from where the closings before left it.
func seriesOf(rows []DayRow, before []DayClose) (out []DaySeries, more int) {
	type given struct {
		numbers  []int
		annulled []int
	}
	runs := map[dayRun]*given{}
	var order []dayRun
	for _, row := range rows {
		if row.Kind != Received && row.Kind != Refused {
			continue
		}
		run, n, ok := runOf(row.Number)
		if !ok {
			continue
		}
		g := runs[run]
		if g == nil {
			g = &given{}
			runs[run] = g
			order = append(order, run)
		}
		g.numbers = append(g.numbers, n)
		if row.Annulled {
			g.annulled = append(g.annulled, n)
		}
	}
	slices.SortFunc(order, func(a, b dayRun) int {
		refusals := func(r dayRun) int {
			if r.refusals {
				return 1
			}
			return 0
		}
		return cmp.Or(a.day.Compare(b.day), cmp.Compare(refusals(a), refusals(b)), strings.Compare(a.prefix, b.prefix), cmp.Compare(a.first, b.first))
	})
	for _, run := range order {
		g := runs[run]
		slices.Sort(g.numbers)
		slices.Sort(g.annulled)
		s := DaySeries{Prefix: run.prefix, Day: run.day, Refusals: run.refusals, First: g.numbers[0], Last: g.numbers[len(g.numbers)-1], Count: len(g.numbers),
			Annulled: g.annulled[:min(len(g.annulled), MaxDayAnnulled)]}
		last, known := lastGiven(run, before)
		if !known {
			last = s.First - 1
		}
		for _, n := range g.numbers {
			switch {
			case n > last+1:
				s.Lost += n - last - 1
				if len(s.Missing) < MaxDayGaps {
					s.Missing = append(s.Missing, Block{last + 1, n - 1})
				}
			case n <= last:
				s.Twice++
			}
			last = max(last, n)
		}
		out = append(out, s)
	}
	// Of a report on very many days, those that are not whole go first into what little room an event has.
	if more = len(out) - MaxDaySeries; more > 0 {
		slices.SortStableFunc(out, func(a, b DaySeries) int {
			switch {
			case a.Whole() == b.Whole():
				return -a.Day.Compare(b.Day)
			case a.Whole():
				return 1
			}
			return -1
		})
		out = out[:MaxDaySeries]
		slices.SortStableFunc(out, func(a, b DaySeries) int { return a.Day.Compare(b.Day) })
	}
	return out, max(0, more)
}

// lastGiven is the last number of a run that closings before report, one before its first where none does. It is not known where one of
// them had no room for all its series.
func lastGiven(run dayRun, before []DayClose) (last int, known bool) {
	last, known = run.first-1, true
	cut := false
	for _, c := range before {
		cut = cut || c.Report.MoreSeries > 0
		for _, s := range c.Report.Series {
			if of, n, ok := runOf(s.Number(s.Last)); ok && of == run {
				last = max(last, n)
			}
		}
	}
	return last, !cut || last >= run.first
}
