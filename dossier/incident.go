package dossier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// IncidentKind is what happened on the worst day.
type IncidentKind string

const (
	IncidentLost    IncidentKind = "lost"    // the PC, or its disk, is gone
	IncidentLeaked  IncidentKind = "leaked"  // data got to somebody who may not have them
	IncidentMisused IncidentKind = "misused" // somebody used another's account
)

// IncidentKinds are all of them, in the order they are offered.
var IncidentKinds = []IncidentKind{IncidentLost, IncidentLeaked, IncidentMisused}

// Title is what one calls it.
func (k IncidentKind) Title() string {
	switch k {
	case IncidentLost:
		return "Máy bị mất"
	case IncidentLeaked:
		return "Lộ dữ liệu"
	case IncidentMisused:
		return "Tài khoản bị dùng trái phép"
	}
	return string(k)
}

// Duty is one thing the law wants done after an incident. It is data with dates of validity: what nobody has compared with the law's own
// text has no source, and is never shown without saying so.
type Duty struct {
	From     Date   `json:"from,omitzero"` // incidents noticed from then on
	Until    Date   `json:"until,omitzero"`
	Hours    int    `json:"hours,omitempty"`    // after it was noticed; 0 where nobody has found a limit
	Personal bool   `json:"personal,omitempty"` // only where persons are concerned
	What     string `json:"what"`
	Whom     string `json:"whom,omitempty"`
	Source   string `json:"source,omitempty"` // which law; empty for what was not compared
}

// Due is until when, for an incident noticed then; zero where there is no limit.
func (d Duty) Due(noticed time.Time) time.Time {
	if d.Hours == 0 {
		return time.Time{}
	}
	return noticed.Add(time.Duration(d.Hours) * time.Hour)
}

// LoadDuties reads them, strictly: a misspelt field must not be lost.
func LoadDuties(text []byte) ([]Duty, error) {
	var all []Duty
	r := json.NewDecoder(bytes.NewReader(text))
	r.DisallowUnknownFields()
	if err := r.Decode(&all); err != nil {
		return nil, fmt.Errorf("read duties: %w", err)
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read duties: text after their end")
	}
	for _, d := range all {
		if d.What == "" || d.Hours < 0 || (d.Hours > 0) != (d.Source != "") {
			return nil, fmt.Errorf("read duties: %q: a limit has a source, and only a limit", d.What)
		}
	}
	return all, nil
}

// DutiesOn are those in force for an incident noticed on a day, of persons or of none.
func DutiesOn(all []Duty, day Date, persons bool) []Duty {
	var out []Duty
	for _, d := range all {
		if !day.Before(d.From) && (d.Until.IsZero() || !d.Until.Before(day)) && (persons || !d.Personal) {
			out = append(out, d)
		}
	}
	return out
}

// DataField is one kind of thing that is known of a person.
type DataField string

const (
	DataName     DataField = "name"
	DataNumber   DataField = "number"
	DataOld      DataField = "old-number"
	DataPassport DataField = "passport"
	DataBorn     DataField = "born"
	DataSex      DataField = "sex"
	DataAddress  DataField = "address"
	DataPhone    DataField = "phone"
	DataEmail    DataField = "email"
)

// DataFields are all of them, in the order of the form.
var DataFields = []DataField{DataName, DataNumber, DataOld, DataPassport, DataBorn, DataSex, DataAddress, DataPhone, DataEmail}

// Title is what it is called.
func (f DataField) Title() string {
	switch f {
	case DataName:
		return "Họ tên"
	case DataNumber:
		return "Số định danh cá nhân"
	case DataOld:
		return "Số CMND"
	case DataPassport:
		return "Số hộ chiếu"
	case DataBorn:
		return "Ngày sinh"
	case DataSex:
		return "Giới tính"
	case DataAddress:
		return "Nơi cư trú"
	case DataPhone:
		return "Số điện thoại"
	case DataEmail:
		return "Thư điện tử"
	}
	return string(f)
}

// In tells whether it is known of somebody.
func (f DataField) In(p Person) bool {
	switch f {
	case DataName:
		return p.Name != ""
	case DataNumber:
		return p.Number != ""
	case DataOld:
		return p.OldNumber != ""
	case DataPassport:
		return p.Passport != ""
	case DataBorn:
		return !p.Born.IsZero()
	case DataSex:
		return p.Sex != ""
	case DataAddress:
		return p.Address != ""
	case DataPhone:
		return p.Phone != ""
	case DataEmail:
		return p.Email != ""
	}
	return false
}

// DataCount is of how many persons a kind of thing is known.
type DataCount struct {
	Field   DataField `json:"field"`
	Persons int       `json:"persons"`
}

// Whether what lay on a PC can be read by who has it.
const (
	StoreEncrypted = "encrypted"
	StorePlain     = "plain"
	StoreUnknown   = "unknown" // another PC's
)

// IncidentPast is what somebody did in the days before an incident was noticed.
type IncidentPast struct {
	Who      OfficerID `json:"who"` // empty for names nobody has
	SignIns  int       `json:"sign-ins"`
	Failures int       `json:"failures"`
	Looks    int       `json:"looks"` // dossiers opened, persons looked up
	Reveals  int       `json:"reveals"`
	Prints   int       `json:"prints"`
	Exports  int       `json:"exports"`
	Rows     int       `json:"rows"` // in those exports
}

// Sum is how many of all kinds.
func (p IncidentPast) Sum() int {
	return p.SignIns + p.Failures + p.Looks + p.Reveals + p.Prints + p.Exports
}

// IncidentBackup is the last backup of a PC that its journal tells of.
type IncidentBackup struct {
	At     time.Time `json:"at"`
	To     string    `json:"to"`
	Proved bool      `json:"proved"`
}

// Incident is the report of the worst day, as reckoned from what this PC holds. It names officers and no citizen.
type Incident struct {
	What    IncidentKind `json:"what"`
	Noticed time.Time    `json:"noticed"`
	Made    time.Time    `json:"made"`
	Device  DeviceID     `json:"device"` // the PC it is about
	Own     bool         `json:"own"`    // this one

	Dossiers      int         `json:"dossiers"`      // at the station, refusals too
	Open          int         `json:"open"`          // being worked on
	Purged        int         `json:"purged"`        // whose content was forgotten before
	Agency        int         `json:"agency"`        // requests of investigating and other authorities
	Persons       int         `json:"persons"`       // different ones, by their numbers
	Unnumbered    int         `json:"unnumbered"`    // of those, known by name and birth date only
	Organizations int         `json:"organizations"` // different ones
	From          Date        `json:"from,omitzero"` // the first and the last reception
	To            Date        `json:"to,omitzero"`
	Data          []DataCount `json:"data"`

	Store  string          `json:"store"`            // StoreEncrypted, StorePlain, StoreUnknown
	Users  []OfficerID     `json:"users"`            // who could sign in there
	Backup *IncidentBackup `json:"backup,omitempty"` // nil where none is known

	Written int         `json:"written"`           // acts of that PC this one holds
	Held    int         `json:"held"`              // of those, receipted by upstream
	Oldest  time.Time   `json:"oldest,omitzero"`   // of this PC's own acts upstream has not receipted
	Receipt *DayReceipt `json:"receipt,omitempty"` // upstream's latest for this PC
	Sisters int         `json:"sisters"`           // other PCs of the station known here

	Since time.Time      `json:"since"` // what was done there from then on
	Past  []IncidentPast `json:"past"`
	Crew  []Officer      `json:"-"` // of that PC as it names them, where it is another; nil for this one

	Duties []Duty `json:"duties"`
}

// IncidentPastTime is how long before it was noticed one looks at what was done.
const IncidentPastTime = 72 * time.Hour

// Waiting is how many acts of that PC, known here, upstream has not receipted.
func (i Incident) Waiting() int { return i.Written - i.Held }

// Deadline is the first moment by which somebody must have been told by law; zero where no duty with a limit is known.
func (i Incident) Deadline() time.Time {
	var first time.Time
	for _, d := range i.Duties {
		if due := d.Due(i.Noticed); d.Personal && !due.IsZero() && (first.IsZero() || due.Before(first)) {
			first = due
		}
	}
	return first
}

// Total is what all did.
func (i Incident) Total() IncidentPast {
	var t IncidentPast
	for _, p := range i.Past {
		t.SignIns, t.Failures, t.Looks, t.Reveals = t.SignIns+p.SignIns, t.Failures+p.Failures, t.Looks+p.Looks, t.Reveals+p.Reveals
		t.Prints, t.Exports, t.Rows = t.Prints+p.Prints, t.Exports+p.Exports, t.Rows+p.Rows
	}
	return t
}

// Steps are what to do now, in order: the program's own advice and no law.
func (i Incident) Steps() Problems {
	var out Problems
	out = append(out, Warning("", "incident.step-chief"))
	if i.What == IncidentLost {
		out = append(out, Warning("", "incident.step-revoke"))
	}
	if i.Store == StorePlain {
		out = append(out, Warning("", "incident.step-plain"))
	}
	switch i.What {
	case IncidentLost:
		out = append(out, Warning("", "incident.step-sheet-lost"), Warning("", "incident.step-password-lost"))
	case IncidentLeaked:
		out = append(out, Warning("", "incident.step-stop"))
	case IncidentMisused:
		out = append(out, Warning("", "incident.step-account"))
	}
	if i.What != IncidentLost {
		out = append(out, Warning("", "incident.step-password"), Warning("", "incident.step-sheet"), Warning("", "incident.step-key"))
	}
	out = append(out, Warning("", "incident.step-audit"))
	if i.What == IncidentLost {
		out = append(out, Warning("", "incident.step-replace"))
	} else {
		out = append(out, Warning("", "incident.step-keep"))
	}
	if n := i.Waiting(); n > 0 && i.Own && i.What != IncidentLost {
		out = append(out, Warning("", "incident.step-send", "count", strconv.Itoa(n)))
	}
	return out
}

// IncidentSheet is an incident as it is printed.
type IncidentSheet struct {
	Incident
	Settings Settings
}
