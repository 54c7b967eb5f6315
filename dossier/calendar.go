package dossier

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// Calendar is the State's days off (BLLĐ 2019 Điều 112 and the yearly notices) for the years we have. It is data: each year says whether
// it was announced or is our projection.
type Calendar struct {
	years  map[int]yearFile
	off    map[Date]string
	worked map[Date]string
}

type yearFile struct {
	Year   int      `json:"year"`
	State  string   `json:"state"` // "official" once the State has announced it, "projected" until then
	Source string   `json:"source"`
	Off    []dayOff `json:"off"`
	Worked []dayOff `json:"worked"`
}

// dayOff is a day or a run of days of one name. Of a swap Saturday the name says which day it makes up for.
type dayOff struct {
	From     Date     `json:"from"`
	To       Date     `json:"to,omitzero"` // zero is that one day
	Name     string   `json:"name"`
	Evidence Evidence `json:"evidence"`
}

// LoadCalendar reads every .json file of fsys, one year each, and refuses what cannot be a calendar.
func LoadCalendar(fsys fs.FS) (*Calendar, error) {
	c := &Calendar{years: map[int]yearFile{}, off: map[Date]string{}, worked: map[Date]string{}}
	err := eachJSON(fsys, func(d *json.Decoder) error {
		var y yearFile
		if err := d.Decode(&y); err != nil {
			return err
		}
		return c.add(y)
	})
	if err != nil {
		return nil, fmt.Errorf("load calendar: %w", err)
	}
	if len(c.years) == 0 {
		return nil, errors.New("load calendar: no year")
	}
	return c, nil
}

func (c *Calendar) add(y yearFile) error {
	if _, twice := c.years[y.Year]; twice {
		return fmt.Errorf("year %d: twice", y.Year)
	}
	if y.Year < 2000 || y.Year > 2999 || y.Source == "" || y.State != "official" && y.State != "projected" {
		return fmt.Errorf("year %d: want a year, a source, and official or projected", y.Year)
	}
	c.years[y.Year] = y
	if err := c.addDays(y, y.Off, c.off); err != nil {
		return err
	}
	if err := c.addDays(y, y.Worked, c.worked); err != nil {
		return err
	}
	for d := range c.worked {
		if c.off[d] != "" || d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			return fmt.Errorf("%s: only a day of the weekend that is not off can be worked instead", d.ISO())
		}
	}
	return nil
}

func (c *Calendar) addDays(y yearFile, days []dayOff, to map[Date]string) error {
	for _, o := range days {
		if o.To.IsZero() {
			o.To = o.From
		}
		if !o.From.Valid() || !o.To.Valid() || o.From.Year != y.Year || o.To.Year != y.Year || o.To.Before(o.From) ||
			o.Name == "" || o.Evidence != Confirmed && o.Evidence != FromMemory && o.Evidence != Inferred {
			return fmt.Errorf("year %d, %s to %s %q: want days of that year in order, a name and the evidence", y.Year, o.From.ISO(),
				o.To.ISO(), o.Name)
		}
		for d := o.From; !o.To.Before(d); d = d.AddDays(1) {
			if to[d] != "" {
				return fmt.Errorf("%s: twice", d.ISO())
			}
			to[d] = o.Name
		}
	}
	return nil
}

// Known tells whether that year's days off are here at all.
func (c *Calendar) Known(year int) bool { _, ok := c.years[year]; return ok }

// Official tells whether the State has announced that year.
func (c *Calendar) Official(year int) bool { return c.years[year].State == "official" }

// Years are those it knows, in order.
func (c *Calendar) Years() []int {
	var out []int
	for y := range c.years {
		out = append(out, y)
	}
	slices.Sort(out)
	return out
}

// YearDays is what a year's calendar says, for people to read.
type YearDays struct {
	Year     int
	Official bool // announced by the State, not our projection
	Source   string
	Off      []NamedDays
	Worked   []NamedDays // days of a weekend worked in place of another
}

// NamedDays is a day or a run of days of one name.
type NamedDays struct {
	From, To Date
	Name     string
	Evidence Evidence
}

// Year is that year's calendar; ok is false where there is none.
func (c *Calendar) Year(year int) (out YearDays, ok bool) {
	y, ok := c.years[year]
	named := func(days []dayOff) (out []NamedDays) {
		for _, d := range days {
			if d.To.IsZero() {
				d.To = d.From
			}
			out = append(out, NamedDays(d))
		}
		return out
	}
	return YearDays{Year: y.Year, Official: y.State == "official", Source: y.Source, Off: named(y.Off), Worked: named(y.Worked)}, ok
}

// Working tells whether the State's offices work that day, swap Saturdays included.
func (c *Calendar) Working(d Date) bool { _, off := c.DayOff(d); return !off }

// DayOff tells whether that day is off, and the holiday's name or the day of the week.
func (c *Calendar) DayOff(d Date) (name string, off bool) {
	if name, ok := c.off[d]; ok {
		return name, true
	}
	if c.SwapDay(d) {
		return "", false
	}
	switch d.Weekday() {
	case time.Saturday:
		return "Thứ Bảy", true
	case time.Sunday:
		return "Chủ nhật", true
	}
	return "", false
}

// Holiday is the name of the day off that date is, weekends apart; empty for every other day.
func (c *Calendar) Holiday(d Date) string { return c.off[d] }

// SwapDay tells whether that day of a weekend is worked in place of another.
func (c *Calendar) SwapDay(d Date) bool { _, ok := c.worked[d]; return ok }
