package dossier

import (
	"crypto/ed25519"
	"time"
)

// ChainState is what a holder knows of one chain.
type ChainState struct {
	Genesis
	Owner     ed25519.PublicKey `json:"owner"`
	Own       bool              `json:"own"`               // written by this PC
	Head      Head              `json:"head"`              // the last entry held
	Signature []byte            `json:"-"`                 // the owner's, on Head
	Receipt   *Receipt          `json:"receipt,omitempty"` // upstream's latest for it
}

// Upstream is the unit above as this PC was introduced to it at enrolment.
type Upstream struct {
	Name      string            `json:"name"`
	Address   string            `json:"address"`   // https://host:port
	Key       ed25519.PublicKey `json:"key"`       // pinned: TLS, receipts, its journal
	Recipient string            `json:"recipient"` // age recipient that envelopes for it are sealed to
	Chain     Genesis           `json:"chain"`     // its journal for this station
	Station   string            `json:"station"`   // this station as upstream knows it
	Desk      int               `json:"desk"`      // the desk number it granted

	// Before is how many PCs sat at that desk before, and Since the day upstream gave it to this one: that day, by whichever of the two clocks, it
	// leaves theirs as many runs of numbers.
	Before int  `json:"before,omitempty"`
	Since  Date `json:"since,omitzero"`
}

// Series is a run of dossier numbers.
type Series string

const (
	IntakeSeries  Series = "intake"  // <prefix>-YYMMDD-NNNN
	RefusalSeries Series = "refusal" // <prefix>-YYMMDD-TCnn
)

// Queue is what waits to be sent: differences of numbers per chain, never a state per row.
type Queue struct {
	Acts     int           `json:"acts"`    // acts of this PC that no receipt covers
	Entries  int           `json:"entries"` // all entries of this PC that no receipt covers, traces included
	Oldest   time.Time     `json:"oldest,omitzero"`
	Rows     []QueueRow    `json:"rows,omitempty"` // the acts, oldest first, at most 500
	Receipt  *Receipt      `json:"receipt,omitempty"`
	SentBack []SentBackRow `json:"sent-back,omitempty"`
	PCs      []PC          `json:"pcs"` // this one first
}

// QueueRow is one act that waits.
type QueueRow struct {
	Event   EventID   `json:"event"`
	Dossier ID        `json:"dossier"`
	Number  string    `json:"number"`
	Kind    Kind      `json:"kind"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
}

// SentBackRow is one act that upstream wants mended.
type SentBackRow struct {
	QueueRow
	Why string `json:"why"`
}

// StoreCheck is the outcome of verifying a store: every chain walked, every view compared with a fresh replay.
type StoreCheck struct {
	Chains   int      `json:"chains"`
	Entries  int      `json:"entries"`
	Dossiers int      `json:"dossiers"`
	Receipts int      `json:"receipts"`
	Loose    int      `json:"loose,omitempty"` // events in no chain any more, since what they stood in goes on in another way
	Faults   []string `json:"faults"`          // one sentence each; none when all is well
}

// Sent is what one exchange with upstream did.
type Sent struct {
	Pushed  int       `json:"pushed"`            // entries a receipt now covers that none covered before
	Pulled  int       `json:"pulled"`            // entries of upstream taken in
	Receipt *Receipt  `json:"receipt,omitempty"` // the latest for this PC's own journal
	Healed  []Healing `json:"healed,omitempty"`  // what had to be mended on the way
}

// ClockHistory is what this PC's clock and upstream's have said so far.
type ClockHistory struct {
	Latest   time.Time // the latest moment in this PC's journal, since the officer last said that the clock is right
	Last     time.Time // the moment of the last entry of this PC's journal; the clock cannot be before it unless it was set back
	Upstream time.Time // the latest moment in upstream's receipts
	Said     SaidDate  // the officer's latest word
}

// DateSaid is the body of a DateConfirmed event: which day the officer says it is, and which hour if the clock's own is wrong too.
type DateSaid struct {
	Date Date  `json:"date"`
	Time Clock `json:"time,omitzero"`
}

// Moment is what the officer said it was while the clock showed that.
func (s DateSaid) Moment(clock time.Time) time.Time {
	clock = clock.In(Hanoi)
	if s.Time == 0 {
		return s.Date.At(clock.Hour(), clock.Minute())
	}
	return s.Time.on(s.Date)
}

// Agrees tells whether the officer's word and the clock are the same to within slack.
func (s DateSaid) Agrees(clock time.Time, slack time.Duration) bool {
	return s.Date == DateOf(clock) && s.Moment(clock).Sub(clock).Abs() <= slack
}

// ClockSlack is how far a clock may be set back by a time service, or be from the officer's watch, without being thought wrong.
const ClockSlack = 10 * time.Minute

// SaidDate is a DateSaid and what the clock showed then.
type SaidDate struct {
	DateSaid
	At time.Time
}
