package dossier

import (
	"cmp"
	"errors"
	"strings"
)

// Settings are what the station has decided about itself. Each change is an event that carries them whole.
type Settings struct {
	Units     []UnitTerm     `json:"units"`     // names over time; the one in force heads the papers
	Upstreams []UpstreamTerm `json:"upstreams"` // whom the station reports to, over time
	Desk      int            `json:"desk"`      // 1 to 3; gives this PC its own numbers
	Officers  []Officer      `json:"officers"`
	Hours     Hours          `json:"hours"`
	FormSet   string         `json:"form-set"`
	Printer   string         `json:"printer,omitempty"` // of this PC; empty for the one its system names
	Paper     string         `json:"paper,omitempty"`   // PaperA4 where only that is in the printer: A5 forms two on a sheet

	TextSize int `json:"text-size,omitempty"` // of this PC's screen, in hundredths: 100 to 200; zero is 100

	Books  map[string][]BookColumn `json:"books,omitempty"`  // the columns of registers the keeper has chosen, by form
	LAN    []string                `json:"lan,omitempty"`    // sister PCs by address, host:port, where the network carries no beacons
	Backup string                  `json:"backup,omitempty"` // of this PC: the folder backups go to besides the one beside the store
	Sample bool                    `json:"sample,omitempty"` // a made-up station to try things on; the screen says so

	LockTwice bool `json:"lock-twice,omitempty"` // a request to lock is kept with a second person's word only
}

// UnitTerm is the unit's name, level and number prefix from a day on, until the next term begins.
type UnitTerm struct {
	From   Date   `json:"from,omitzero"`
	Level  Level  `json:"level"`
	Prefix string `json:"prefix"`         // of dossier numbers: the unit's own mark, not an agency code
	Head   string `json:"head,omitempty"` // who signs what the head must sign; a new head is a new term
	Unit
}

// UpstreamTerm is the upstream unit from a day on. It supervises; it decides nothing in a dossier.
type UpstreamTerm struct {
	From  Date   `json:"from,omitzero"`
	Level Level  `json:"level"`
	Name  string `json:"name"`
}

// Officer is a person at the desk.
type Officer struct {
	ID    OfficerID `json:"id"`
	Name  string    `json:"name"`
	Title string    `json:"title,omitempty"` // chức vụ
}

// DistrictPoliceEnded is the first day without police at district level (domain: mô hình công an không cấp huyện từ 1/3/2025).
var DistrictPoliceEnded = Date{2025, 3, 1}

// UnitOn is the unit as it is named on that day.
func (s Settings) UnitOn(day Date) (UnitTerm, error) {
	for i := len(s.Units) - 1; i >= 0; i-- {
		u := s.Units[i]
		if u.From.IsZero() || !day.Before(u.From) {
			if u.Level == District && !day.Before(DistrictPoliceEnded) {
				return UnitTerm{}, Invalid("unit", "settings.district-ended")
			}
			return u, nil
		}
	}
	return UnitTerm{}, Invalid("unit", "settings.no-unit", "day", day.String())
}

// UpstreamOn is the name of the upstream unit on that day, "cấp trên" where none is set.
func (s Settings) UpstreamOn(day Date) string {
	for i := len(s.Upstreams) - 1; i >= 0; i-- {
		if u := s.Upstreams[i]; u.From.IsZero() || !day.Before(u.From) {
			return cmp.Or(Clean(u.Name), noUpstream)
		}
	}
	return noUpstream
}

const noUpstream = "cấp trên"

// Officer is the officer of that sign-in name; an unknown one is named by it.
func (s Settings) Officer(id OfficerID) Officer {
	for _, o := range s.Officers {
		if o.ID == id {
			return o
		}
	}
	return Officer{ID: id, Name: string(id)}
}

// OfficerOf is Officer for what may be another PC's word: crew are that PC's officers, nil where it is this one's. On two PCs one sign-in
// name may be two people's.
func (s Settings) OfficerOf(crew []Officer, id OfficerID) Officer {
	if crew != nil {
		s.Officers = crew
	}
	return s.Officer(id)
}

// Check looks at everything a station must have decided.
func (s Settings) Check() error {
	var ps Problems
	if len(s.Units) == 0 {
		ps = append(ps, Invalid("unit.name", "settings.unit-missing")...)
	}
	for i, u := range s.Units {
		if Clean(u.Upper) == "" {
			ps = append(ps, Invalid("unit.upper", "settings.upper-missing")...)
		}
		if Clean(u.Name) == "" {
			ps = append(ps, Invalid("unit.name", "settings.unit-missing")...)
		}
		if Clean(u.Place) == "" {
			ps = append(ps, Invalid("unit.place", "settings.place-missing")...)
		}
		if err := CheckPrefix(u.Prefix); err != nil {
			ps = append(ps, Invalid("unit.prefix", "prefix.format")...)
		}
		switch u.Level {
		case Commune, Province:
		case District:
			if !u.From.Before(DistrictPoliceEnded) {
				ps = append(ps, Invalid("unit.level", "settings.district-ended")...)
			}
		default:
			ps = append(ps, Invalid("unit.level", "settings.level")...)
		}
		if i > 0 && !s.Units[i-1].From.Before(u.From) {
			ps = append(ps, Invalid("unit.from", "settings.order")...)
		}
	}
	for i, u := range s.Upstreams {
		if u.Level == District && !u.From.Before(DistrictPoliceEnded) {
			ps = append(ps, Invalid("upstream.level", "settings.district-ended")...)
		}
		if i > 0 && !s.Upstreams[i-1].From.Before(u.From) {
			ps = append(ps, Invalid("upstream.from", "settings.order")...)
		}
	}
	var hours Problems
	if errors.As(s.Hours.Check(), &hours) {
		ps = append(ps, hours...)
	}
	if _, err := Blocks(s.Desk); err != nil {
		ps = append(ps, Invalid("desk", "desk.range")...)
	}
	if s.TextSize != 0 && (s.TextSize < 100 || s.TextSize > 200) {
		ps = append(ps, Invalid("text-size", "settings.text-size")...)
	}
	if _, err := ParseLAN(strings.Join(s.LAN, " ")); err != nil {
		var wrong Problems
		errors.As(err, &wrong)
		ps = append(ps, wrong...)
	}
	if len(s.Officers) == 0 {
		ps = append(ps, Invalid("officer", "settings.officer-missing")...)
	}
	for _, o := range s.Officers {
		if o.ID == "" || len(o.ID) > MaxOfficerID || Clean(o.Name) == "" {
			ps = append(ps, Invalid("officer", "settings.officer-missing")...)
		}
	}
	return ps.Err()
}
