package dossier

import (
	"encoding/json"
	"slices"
	"time"
)

// LookUp is the body of a TraceLookedUp event: somebody's earlier dossiers were shown. The number is masked: who may see it whole finds
// it in the dossiers.
type LookUp struct {
	Number   string `json:"number,omitempty"` // masked; empty where they were found by name and birth date
	Dossiers []ID   `json:"dossiers"`         // those shown
}

// Reveal is the body of a TraceRevealed event: a personal number was shown whole.
type Reveal struct {
	Field string `json:"field"`
}

// BackUp is the body of a TraceBackedUp event.
type BackUp struct {
	To     string `json:"to"`             // where it was put: a place's name, never a path
	Proved bool   `json:"proved"`         // it was restored into a scratch file and found the same
	Code   string `json:"code,omitempty"` // of what went wrong; empty for a backup that stands

	Made time.Time `json:"made,omitzero"` // when the backup was made; zero for one that never was
}

// Announcement is the body of a TraceAnnounced event: its author, with nobody there to confirm it, is going to do this alone, from From on.
type Announcement struct {
	Deed  Deed      `json:"deed"`
	About string    `json:"about"` // which backup, which register of which days
	From  time.Time `json:"from"`
}

const (
	// AloneDelay is how long what is done alone stands announced before. It is longer than any desk stays unlocked with nobody at it, so that
	// whoever finds one open gains nothing.
	AloneDelay = time.Hour
	// AloneHolds is how long it may be done then.
	AloneHolds = 24 * time.Hour
)

// ClockMove is the body of a TraceClockMoved event: this PC's clock was behind what it had said before.
type ClockMove struct {
	Was time.Time `json:"was"`
	Is  time.Time `json:"is"`
}

// TrailFilter is which entries of the journals somebody wants to see; what is left open does not matter.
type TrailFilter struct {
	From, To Date // days in Vietnam, both included
	Who      OfficerID
	Kinds    []Kind
	Dossier  ID
}

// Admits tells whether an entry is one of them. Its body is not looked at.
func (f TrailFilter) Admits(e Event) bool {
	day := DateOf(e.At)
	return (f.From.IsZero() || !day.Before(f.From)) && (f.To.IsZero() || !f.To.Before(day)) && (f.Who == "" || f.Who == e.By) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind)) && (f.Dossier.IsZero() || f.Dossier == e.Dossier)
}

// TrailRow is one entry of a journal as it stands in it.
type TrailRow struct {
	Entry
	Number string    // of its dossier; empty for what is of none or of one without a number
	Head             // the chain it stands in, its place there and the hash of the chain up to it; zeros for what stands in none any more
	Own    bool      // written by this PC
	Crew   []Officer `json:"-"` // where another PC wrote it, its officers as it names them; nil for this PC's own
}

// Said is the body of a trace or a station event; nil for acts, whose bodies are their dossier's, and for what was purged or is of a later
// version.
func (r TrailRow) Said() any {
	if r.Kind.IsAct() || r.Purged {
		return nil
	}
	body := NewBody(r.Kind)
	if body == nil || json.Unmarshal(r.Body, body) != nil {
		return nil
	}
	return body
}
