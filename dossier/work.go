package dossier

import (
	"strings"
	"time"
)

// View is one heap of the work list: what the same thing is to be done about.
type View string

const (
	ViewAll      View = ""         // everything, the latest first
	ViewToDo     View = "to-do"    // everything not ended, and what upstream or a dispute asks a word on
	ViewToday    View = "today"    // somebody's time ends today and has not ended yet
	ViewLate     View = "late"     // it has ended
	ViewPapers   View = "papers"   // papers were asked for
	ViewDecision View = "decision" // forwarded, and not decided
	ViewResult   View = "result"   // decided or done, the result not handed over
	ViewSentBack View = "sent-back"
	ViewDisputed View = "disputed"
)

// Views are all of them, in the order they are offered.
var Views = []View{ViewToDo, ViewToday, ViewLate, ViewPapers, ViewDecision, ViewResult, ViewSentBack, ViewDisputed, ViewAll}

// Sort is the order of a list.
type Sort string

const (
	SortUsual  Sort = ""       // ViewAll: the latest first; every other view: what burns first
	SortLatest Sort = "latest" // by the order in which they came to this PC, the last first
	SortOldest Sort = "oldest"
	SortBurns  Sort = "burns" // by Summary.Burns, what has none last; then the oldest first
	SortName   Sort = "name"  // by the folded name of who asked; then the oldest first
)

// Query asks for rows of the list.
type Query struct {
	Text   string // words of names, numbers, phones; marks and case do not matter; "" is all; see Either
	View   View
	Sort   Sort
	Now    time.Time // for ViewToday and ViewLate, which need it
	Limit  int       // at most this many; 0 is 50
	Offset int
}

// mostEither is how many searches one text holds; the rest is passed over.
const mostEither = 4

// Either are the searches that a text holds, any of which is enough: what stands between strokes ("001099000001 | 012345678", the two numbers
// on one card).
func Either(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, "|") {
		if part = strings.TrimSpace(part); part != "" && len(out) < mostEither {
			out = append(out, part)
		}
	}
	return out
}

// Numbers is the search for everything of the person on a card, whichever of its numbers it was received under.
func (c Card) Numbers() string {
	if c.OldNumber == "" {
		return c.Number
	}
	return c.Number + " | " + c.OldNumber
}

// In tells whether a row belongs to a view. The store answers the same by its indexes; a test holds that.
func (s Summary) In(v View, now time.Time) bool {
	switch v {
	case ViewToDo:
		return s.Open || s.SentBack != "" || s.Disputed
	case ViewToday:
		return !s.Burns.IsZero() && !now.After(s.Burns) && DateOf(s.Burns) == DateOf(now)
	case ViewLate:
		return !s.Burns.IsZero() && now.After(s.Burns)
	case ViewPapers:
		return s.Status == StatusAsked
	case ViewDecision:
		return s.Status == StatusProcessing && s.Forwarded
	case ViewResult:
		return s.Status == StatusDone
	case ViewSentBack:
		return s.SentBack != ""
	case ViewDisputed:
		return s.Disputed
	}
	return true
}

// Opening is what a store needs beside the events to open a dossier.
type Opening struct {
	ID       ID
	Series   Series
	Day      Date
	Draft    string // goes with it; "" for none
	National string // the national system's number; one that a standing dossier carries already is refused. "" for none
}

// Whence is where an act was written down.
type Whence struct {
	Own      bool // this PC
	Left     bool // a life of this PC that was left, and is not taken over yet: no receipt speaks of it
	Upstream bool
	Device   DeviceID // of the first chain it came in
	Seq      uint64   // in that chain
}

// PC is what is known of one PC of the station that keeps a journal: three numbers, each of its acts.
type PC struct {
	Own     bool     `json:"own"`
	Device  DeviceID `json:"device"`
	Written int      `json:"written"` // acts this PC holds of it
	Held    int      `json:"held"`    // of those, covered by a receipt of upstream
	Waiting int      `json:"waiting"` // the difference
}

// Sister is another PC of the station as upstream has admitted it, and up to when this PC knows what was done there.
type Sister struct {
	Device DeviceID
	Desk   int
	Heard  bool      // something of it is here
	Until  time.Time // everything that was done there until then is here; zero where no clock tells
}

// SendStep is how far an exchange with upstream has come.
type SendStep struct {
	Phase string // "connect", "push", "pull"
	Done  int    // entries
	Of    int    // 0 while it is not known
}
