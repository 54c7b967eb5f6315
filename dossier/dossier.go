// Package dossier knows the nouns and rules of the desk: procedures, deadlines, the calendar, citizen numbers, and the events a
// dossier's life is made of. It does nothing by itself: no clock, no disk, no network.
package dossier

import "time"

// Effect is what became of an event when its dossier was replayed.
type Effect string

const (
	Applied  Effect = "applied"
	Disputed Effect = "disputed" // another act excludes it, and nobody has said which stands
	Held     Effect = "held"     // rests on a disputed act
	Waiting  Effect = "waiting"  // an event it rests on has not come, or this version does not know its kind
	Void     Effect = "void"     // not allowed where it stood, or put aside by a Resolved act
)

// Step is one act of a dossier's course, in the order every machine agrees on.
type Step struct {
	Event
	Effect Effect
	Status Status // of the dossier after it
	Purged bool
	Crew   []Officer `json:"-"` // where another PC wrote it, its officers as it names them; nil for this PC's own. Replay knows none
}

// When is the moment it took place as the desk reckoned it; see the function of that name.
func (s Step) When() time.Time { return When(s.Event, decode(Entry{Event: s.Event, Purged: s.Purged})) }

// Dispute is two acts, neither known to the author of the other, that cannot both stand.
type Dispute struct{ A, B EventID }

// Dossier is what its acts amount to. It is made by Replay and never edited.
type Dossier struct {
	ID       ID
	Number   string
	Status   Status
	Intake   Receive // with corrections; Due and OwnDue stay those of the printed receipt
	Why      string  // why it was refused, asked for papers, withdrawn, stopped or annulled: the latest
	Due      Due     // the appointment in force
	OwnDue   Due     // for the station's own step; zero where there is none
	Forward  *Forward
	Done     *Perform
	Decision *Decision
	Asked    *AskPapers
	Returned *HandBack
	EndedAt  time.Time // when work ended: decided, performed, refused, withdrawn or stopped

	Supplements int // requests for papers
	Reschedules int
	Course      []Step
	Disputes    []Dispute
	Heads       []EventID // the bases of whatever happens next

	counts    time.Time // after it is late: the receipt's appointment, moved by time spent waiting for papers, never by an apology
	ownCounts time.Time // the same of the station's own step
	asked     time.Time // since when papers are waited for
	forwarded time.Time // the first time
}

// Waiting tells whether some of its events cannot be understood yet.
func (d Dossier) Waiting() bool {
	for _, s := range d.Course {
		if s.Effect == Waiting {
			return true
		}
	}
	return false
}

// Subject is the name of the person or organization it is about.
func (d Dossier) Subject() string {
	switch {
	case d.Intake.Subject.Name != "":
		return d.Intake.Subject.Name
	case d.Intake.SubjectOrg.Name != "":
		return d.Intake.SubjectOrg.Name
	}
	return d.Intake.Requester.Name()
}

// Summary is a dossier as one row of a list.
type Summary struct {
	ID         ID        `json:"id"`
	Number     string    `json:"number"`
	Status     Status    `json:"status"`
	Disputed   bool      `json:"disputed,omitempty"`
	Procedure  string    `json:"procedure"`
	Title      string    `json:"title"`
	Name       string    `json:"name"`    // who asked
	Subject    string    `json:"subject"` // whom it is about
	ReceivedAt time.Time `json:"received-at"`
	Due        time.Time `json:"due,omitzero"`
	OwnDue     time.Time `json:"own-due,omitzero"`    // after it the station's own step is missed; zero once it cannot be any more
	Burns      time.Time `json:"burns,omitzero"`      // see Dossier.Burns
	LateAfter  time.Time `json:"late-after,omitzero"` // after it the appointment is missed; zero once it cannot be any more
	Open       bool      `json:"open,omitempty"`      // the station still has something to do about it
	Forwarded  bool      `json:"forwarded,omitempty"`
	Unsent     int       `json:"unsent"`              // acts of this PC that no receipt covers yet
	Elsewhere  bool      `json:"elsewhere,omitempty"` // no act of it is this PC's, or another's is under no receipt that is here: that PC sends it
	SentBack   string    `json:"sent-back,omitempty"`
}

// Summarize makes the row; what is sent is for the store to say.
func (d Dossier) Summarize() Summary {
	own, whole := d.clocks()
	return Summary{ID: d.ID, Number: d.Number, Status: d.Status, Disputed: len(d.Disputes) > 0, Procedure: d.Intake.Procedure,
		Title: d.Intake.Title, Name: d.Intake.Requester.Name(), Subject: d.Subject(), ReceivedAt: d.Intake.ReceivedAt,
		Due: d.Due.At, OwnDue: own, Burns: d.Burns(), LateAfter: whole, Open: !d.Status.Ended() && d.Status != StatusNone, Forwarded: !d.forwarded.IsZero()}
}
