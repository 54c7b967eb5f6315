package dossier

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The day of a PC is what it wrote down from the end of its last closing to the head of its journal: a range of the chain, never a span of
// some clock. So every act is in exactly one report, whatever hour it speaks of, and what is written down after a closing is in the next.

// DaySection is one part of the report on a day.
type DaySection string

const (
	DayReceived  DaySection = "received"
	DayRefused   DaySection = "refused"
	DayPapers    DaySection = "papers" // asked for and brought
	DayForwarded DaySection = "forwarded"
	DayDecided   DaySection = "decided" // or performed
	DayReturned  DaySection = "returned"
	DayEnded     DaySection = "ended" // withdrawn, stopped, annulled
	DayCorrected DaySection = "corrected"
	DayOther     DaySection = "other"
)

// DaySections are all of them, in the order of the report.
var DaySections = []DaySection{DayReceived, DayRefused, DayPapers, DayForwarded, DayDecided, DayReturned, DayEnded, DayCorrected, DayOther}

// Title is its name in Vietnamese.
func (s DaySection) Title() string {
	switch s {
	case DayReceived:
		return "Tiếp nhận"
	case DayRefused:
		return "Từ chối tiếp nhận"
	case DayPapers:
		return "Yêu cầu, nhận bổ sung"
	case DayForwarded:
		return "Chuyển cơ quan có thẩm quyền"
	case DayDecided:
		return "Có kết quả, thực hiện ngay"
	case DayReturned:
		return "Trả kết quả"
	case DayEnded:
		return "Rút, dừng, hủy"
	case DayCorrected:
		return "Đính chính"
	}
	return "Bàn giao, hẹn lại, thông báo"
}

// DaySectionOf is where an act stands. What this version does not know stands with the rest: nothing is left out.
func DaySectionOf(k Kind) DaySection {
	switch k {
	case Received:
		return DayReceived
	case Refused:
		return DayRefused
	case AskedPapers, AddedPapers:
		return DayPapers
	case Forwarded:
		return DayForwarded
	case Performed, Decided:
		return DayDecided
	case HandedBack:
		return DayReturned
	case Withdrawn, Stopped, Annulled:
		return DayEnded
	case Corrected:
		return DayCorrected
	}
	return DayOther
}

// DayRow is one act as it was written down. It is made of events alone, so the same row comes again for ever; names are those of the
// reception, and a correction is a row of its own.
type DayRow struct {
	Seq       uint64    `json:"seq"`
	Event     EventID   `json:"event"`
	Dossier   ID        `json:"dossier"`
	Kind      Kind      `json:"kind"`
	Number    string    `json:"number"`
	Name      string    `json:"name"`
	Procedure string    `json:"procedure"`
	Title     string    `json:"title"`
	At        time.Time `json:"at"`      // when it took place
	Written   time.Time `json:"written"` // when it was written down
	By        OfficerID `json:"by"`
	Note      string    `json:"note,omitempty"`
	Annulled  bool      `json:"annulled,omitempty"` // a reception or refusal that was annulled within the same report
	Void      bool      `json:"void,omitempty"`     // it took no effect: of acts that exclude one another another one stands. It counts nowhere
	Purged    bool      `json:"purged,omitempty"`
}

// Section is where it stands.
func (r DayRow) Section() DaySection { return DaySectionOf(r.Kind) }

// Day is the work of one PC between two closings.
type Day struct {
	Date    Date       `json:"date"` // on which it is, or was, closed
	Nth     int        `json:"nth"`  // of this PC's closings, from 1
	From    uint64     `json:"from"` // the last seq of the closing before
	Until   Head       `json:"until"`
	Report  DayReport  `json:"report"`
	Rows    []DayRow   `json:"rows"`
	Hash    Hash       `json:"hash"` // of the rows; see DayClose.Rows
	Said    SaidDate   `json:"-"`    // the officer's word on the clock, as it stood at the end
	Closing *ClosedDay `json:"closing,omitempty"`
}

// DayReport is what one PC did since its last closing, counted, and how things stood at that moment. It is part of an event, so it is
// small whatever the day was like.
type DayReport struct {
	At         time.Time      `json:"at"`             // of what follows "as of now"
	First      time.Time      `json:"first,omitzero"` // when its first and its last act were written down
	Last       time.Time      `json:"last,omitzero"`
	Kinds      map[Kind]int   `json:"kinds,omitempty"`      // acts, but for void ones
	Procedures []DayProcedure `json:"procedures,omitempty"` // the same, by procedure
	Series     []DaySeries    `json:"series,omitempty"`     // the numbers that were given, by day
	MoreSeries int            `json:"more-series,omitempty"`
	Void       []uint64       `json:"void,omitempty"` // the seqs of acts that were void as the report was made, at most MaxDayVoid
	MoreVoid   int            `json:"more-void,omitempty"`
	Elsewhere  [][2]uint64    `json:"elsewhere,omitempty"` // first and last seq of what stands in the report of another continuation, at most MaxDayElsewhere
	Signed     int            `json:"signed,omitempty"`    // acts among them

	// As of now, of the whole station:
	Late     int         `json:"late"`      // the appointment has passed
	OwnLate  int         `json:"own-late"`  // the station's own step should have been done
	DueToday int         `json:"due-today"` // still open, and their time ends today
	Asked    int         `json:"asked"`     // papers are waited for
	Disputed int         `json:"disputed,omitempty"`
	Disputes []string    `json:"disputes,omitempty"` // their numbers, at most MaxDayDisputes
	Unsent   int         `json:"unsent"`             // acts of this PC that no receipt covers
	Receipt  *DayReceipt `json:"receipt,omitempty"`

	Printed   int `json:"printed"`   // papers made since the last closing
	Reprinted int `json:"reprinted"` // of them with the mark of a reprint
	Lost      int `json:"lost"`      // of them not known to have come out, and not printed again
}

// DayReceipt is upstream's latest receipt.
type DayReceipt struct {
	Number string    `json:"number"`
	At     time.Time `json:"at"`
}

// DayProcedure is the acts on dossiers of one procedure.
type DayProcedure struct {
	Key   string       `json:"key"`
	Title string       `json:"title"`
	Kinds map[Kind]int `json:"kinds"`
}

// What the event of a closing holds at most; the rows themselves are in the journal.
const (
	MaxDaySeries     = 40
	MaxDayGaps       = 12
	MaxDayAnnulled   = 24
	MaxDayProcedures = 20
	MaxDayVoid       = 500
	MaxDayDisputes   = 12
	MaxDayElsewhere  = 500
)

// Whole tells whether all numbers of all series follow one another.
func (r DayReport) Whole() bool {
	return !slices.ContainsFunc(r.Series, func(s DaySeries) bool { return !s.Whole() })
}

// Acts is how many there are, but for void ones.
func (r DayReport) Acts() int { return sum(r.Kinds) }

// Written is how many rows there are, void ones among them.
func (r DayReport) Written() int { return r.Acts() + len(r.Void) + r.MoreVoid }

// Of is how many stand in a section.
func (r DayReport) Of(s DaySection) (n int) {
	for k, one := range r.Kinds {
		if DaySectionOf(k) == s {
			n += one
		}
	}
	return n
}

func sum(kinds map[Kind]int) (n int) {
	for _, one := range kinds {
		n += one
	}
	return n
}

// DayClose is the body of a DayClosed event: what one PC wrote down from the end of its last closing up to Until, as it was reported and
// signed. Until and Rows freeze it; what is written down later belongs to the next closing, whatever day it speaks of.
type DayClose struct {
	Day     Date      `json:"day"`
	Nth     int       `json:"nth"`   // of this PC's closings, from 1: of the signed papers none can be missing unseen
	From    uint64    `json:"from"`  // the last place of the closing before; 0 for the first of a PC
	Until   Head      `json:"until"` // of this PC's journal: the life it wrote, the hash there, and as its number the place in the lineage
	Report  DayReport `json:"report"`
	Rows    Hash      `json:"rows"` // SHA-256 over seq and header hash of each row: it stays the same after a purge
	Closed  string    `json:"closed"`
	Checked string    `json:"checked"` // who looked it over and signs beside
	Note    string    `json:"note,omitempty"`
	Said    SaidDate  `json:"said,omitzero"` // the officer's word on the clock, which may hold for what follows
}

// ClosedDay is a closing as it is kept.
type ClosedDay struct {
	DayClose
	ID  EventID   `json:"id"`
	At  time.Time `json:"at"`
	By  OfficerID `json:"by"`
	Own bool      `json:"own"` // of this PC

	// Of a closing of another continuation of this PC (ADR 11): what it closed, and this PC took over and has not closed itself.
	Covers []EventID `json:"-"`
}

// DayWalk reads a PC's journal from the end of its last closing, entry by entry, once.
type DayWalk struct {
	rows  []DayRow
	hash  hash.Hash
	said  SaidDate
	known map[ID]dayName
	asked []ID // acted on, received before

	void    func(DayRow) bool
	other   func(uint64, EventID) bool
	prints  map[EventID]*dayPrint
	latest  map[dayPaper]*dayPrint
	report  DayReport
	strange int // printings of an earlier day that were lost
}

type dayName struct{ number, name, procedure, title string }

type dayPaper struct {
	id   ID
	form string
}

type dayPrint struct {
	paper dayPaper
	lost  bool
}

// NewDayWalk begins where the closing before ended; said is the officer's word on the clock as it stood there.
func NewDayWalk(said SaidDate) *DayWalk {
	w := &DayWalk{rows: []DayRow{}, hash: sha256.New(), said: said, known: map[ID]dayName{}, prints: map[EventID]*dayPrint{}, latest: map[dayPaper]*dayPrint{}}
	w.hash.Write([]byte("tiepnhan/day/1\x00"))
	return w
}

// Elsewhere says, before anything is added, what stands in the report of another continuation of this PC already: it is left out.
func (w *DayWalk) Elsewhere(is func(seq uint64, event EventID) bool) { w.other = is }

// leave leaves an entry out, and remembers that it did. Of more than a closing can name the rest stands in the report once more.
func (w *DayWalk) leave(seq uint64, e Entry) bool {
	if w.other == nil || !w.other(seq, e.ID) {
		return false
	}
	switch n := len(w.report.Elsewhere); {
	case n > 0 && w.report.Elsewhere[n-1][1]+1 == seq:
		w.report.Elsewhere[n-1][1] = seq
	case n < MaxDayElsewhere:
		w.report.Elsewhere = append(w.report.Elsewhere, [2]uint64{seq, seq})
	default:
		return false
	}
	if isDaysAct(e) {
		w.report.Signed++
	}
	return true
}

// isDaysAct tells whether an entry is a row of a day's report.
func isDaysAct(e Entry) bool {
	return !e.Kind.IsTrace() && !e.Kind.IsOfStation() && !e.Dossier.IsZero()
}

// Left tells whether a report left out what stands at that place.
func (r DayReport) Left(seq uint64) bool {
	i, _ := slices.BinarySearchFunc(r.Elsewhere, seq, func(span [2]uint64, seq uint64) int { return cmp.Compare(span[1], seq) })
	return i < len(r.Elsewhere) && r.Elsewhere[i][0] <= seq
}

// Add takes the next entry of the chain.
func (w *DayWalk) Add(seq uint64, e Entry) {
	if w.leave(seq, e) {
		return
	}
	switch {
	case e.Kind == DateConfirmed:
		if said, ok := decode(e).(*DateSaid); ok {
			w.said = SaidDate{DateSaid: *said, At: e.At}
		}
	case e.Kind == TracePrinted:
		w.printed(e)
	case e.Kind == TracePrintEnd:
		w.printEnded(e)
	case isDaysAct(e):
		w.act(seq, e)
	}
}

func (w *DayWalk) act(seq uint64, e Entry) {
	header := e.HeaderHash()
	w.hash.Write(binary.BigEndian.AppendUint64(nil, seq))
	w.hash.Write(header[:])
	body := decode(e)
	row := DayRow{Seq: seq, Event: e.ID, Dossier: e.Dossier, Kind: e.Kind, Written: w.reckoned(e.At), By: e.By, Note: capitalized(dayNote(body)), Purged: e.Purged}
	if row.At = When(e.Event, body); row.At.Equal(e.At) {
		row.At = row.Written
	}
	if name, ok := nameIn(body); ok {
		w.known[e.Dossier] = name
	} else if _, met := w.known[e.Dossier]; !met {
		w.known[e.Dossier] = dayName{}
		w.asked = append(w.asked, e.Dossier)
	}
	w.rows = append(w.rows, row)
}

// reckoned is the moment the clock of the PC meant: on a day on which the officer said that it was wrong, his word counts as it did for
// numbers and appointments.
func (w *DayWalk) reckoned(clock time.Time) time.Time {
	said := w.said
	if said.Date.IsZero() || DateOf(said.At) != DateOf(clock) || clock.Before(said.At) || said.Agrees(said.At, ClockSlack) {
		return clock
	}
	return said.Moment(said.At).Add(clock.Sub(said.At))
}

func nameIn(body any) (dayName, bool) {
	var in *Receive
	switch b := body.(type) {
	case *Receive:
		in = b
	case *Refuse:
		in = &b.Receive
	default:
		return dayName{}, false
	}
	return dayName{in.Number, in.Requester.Name(), in.Procedure, in.Title}, true
}

func (w *DayWalk) printed(e Entry) {
	p, ok := decode(e).(*Print)
	if !ok {
		return
	}
	w.report.Printed++
	if p.Nth > 0 {
		w.report.Reprinted++
	}
	one := &dayPrint{paper: dayPaper{e.Dossier, p.Form}}
	if e.Dossier.IsZero() {
		one.paper.form += " " + p.From.ISO() + " " + p.Until.ISO()
	}
	w.prints[e.ID], w.latest[one.paper] = one, one
}

func (w *DayWalk) printEnded(e Entry) {
	end, ok := decode(e).(*PrintEnd)
	if !ok || end.State.Phase == JobDone || !end.State.Phase.Ended() {
		return
	}
	for _, id := range end.Prints {
		if one := w.prints[id]; one != nil {
			one.lost = true
		} else {
			w.strange++
		}
	}
}

// Unmet are the dossiers that were acted on and whose reception is not in the range: Meet wants each.
func (w *DayWalk) Unmet() []ID { return w.asked }

// Meet says what such a dossier is called.
func (w *DayWalk) Meet(d Dossier) {
	for _, step := range d.Course {
		if name, ok := nameIn(decode(Entry{Event: step.Event, Purged: step.Purged})); ok {
			w.known[d.ID] = name
			return
		}
	}
	w.known[d.ID] = dayName{number: d.Number}
}

// Void says which acts took no effect. The journal of one PC does not know: what puts an act aside may stand in another's.
func (w *DayWalk) Void(is func(DayRow) bool) { w.void = is }

// End makes the day of what was read. before are the closings of the same chain, in any order: a series that goes on goes on from there.
func (w *DayWalk) End(before []DayClose) Day {
	day := Day{Rows: w.rows, Hash: Hash(w.hash.Sum(nil)), Said: w.said, Report: w.report}
	r := &day.Report
	annulled := map[ID]bool{}
	for i := range w.rows {
		row, name := &w.rows[i], w.known[w.rows[i].Dossier]
		row.Number, row.Name, row.Procedure, row.Title = name.number, name.name, name.procedure, name.title
		annulled[row.Dossier] = annulled[row.Dossier] || row.Kind == Annulled && (w.void == nil || !w.void(*row))
	}
	for i := range w.rows {
		row := &w.rows[i]
		row.Annulled = annulled[row.Dossier] && (row.Kind == Received || row.Kind == Refused)
		row.Void = w.void != nil && w.void(*row)
		switch {
		case !row.Void:
			if r.Kinds == nil {
				r.Kinds = map[Kind]int{}
			}
			r.Kinds[row.Kind]++
		case len(r.Void) < MaxDayVoid:
			r.Void = append(r.Void, row.Seq)
		default:
			r.MoreVoid++
		}
		if r.First.IsZero() || row.Written.Before(r.First) {
			r.First = row.Written
		}
		if row.Written.After(r.Last) {
			r.Last = row.Written
		}
	}
	r.Procedures = proceduresOf(w.rows)
	r.Lost = w.strange
	for _, one := range w.latest {
		if one.lost {
			r.Lost++
		}
	}
	r.Series, r.MoreSeries = seriesOf(w.rows, before)
	return day
}

// proceduresOf counts acts that are not void by procedure, in the order of their titles.
func proceduresOf(rows []DayRow) (out []DayProcedure) {
	at := map[string]int{}
	for _, row := range rows {
		if row.Void {
			continue
		}
		i, ok := at[row.Procedure]
		if !ok {
			i = len(out)
			at[row.Procedure] = i
			out = append(out, DayProcedure{Key: cut(row.Procedure, MaxKind), Title: cut(row.Title, MaxLine), Kinds: map[Kind]int{}})
		}
		out[i].Kinds[row.Kind]++
	}
	slices.SortFunc(out, func(a, b DayProcedure) int {
		return cmp.Or(strings.Compare(Fold(a.Title), Fold(b.Title)), strings.Compare(a.Key, b.Key))
	})
	if len(out) > MaxDayProcedures { // no catalogue has so many
		rest := DayProcedure{Title: "Thủ tục khác", Kinds: map[Kind]int{}}
		for _, p := range out[MaxDayProcedures-1:] {
			for k, n := range p.Kinds {
				rest.Kinds[k] += n
			}
		}
		out = append(out[:MaxDayProcedures-1], rest)
	}
	return out
}

// capitalized is a clean line that begins with a capital.
func capitalized(s string) string {
	s = Clean(s)
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// dayNote is what an act adds in a few words.
func dayNote(body any) string {
	words := func(by string, parts ...string) string {
		parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
		return strings.Join(parts, by)
	}
	moment := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(Hanoi).Format("15:04 02/01/2006")
	}
	after := func(word, text string) string {
		if text == "" {
			return ""
		}
		return word + text
	}
	switch b := body.(type) {
	case *Receive:
		return after("Hẹn trả ", moment(b.Due.At))
	case *Refuse:
		return b.Why
	case *AskPapers:
		return b.Why
	case *AddPapers:
		var titles []string
		for _, p := range b.Papers {
			titles = append(titles, p.Title)
		}
		return words("; ", words(", ", titles...), after("hẹn trả ", moment(b.Due.At)))
	case *HandOver:
		return words("; ", after("Giao: ", b.From), after("nhận: ", b.To), b.Note)
	case *Forward:
		return words("; ", b.To, after("mã tham chiếu ", b.Reference))
	case *Perform:
		return words("; ", b.Result, after("mã tham chiếu ", b.Reference))
	case *Decision:
		word := "Chấp thuận"
		if !b.Approved {
			word = "Không chấp thuận"
		}
		return words("; ", word, words(" ngày ", after("văn bản số ", b.Document), b.Date.String()), b.Why)
	case *Reschedule:
		return words("; ", after("Hẹn lại ", moment(b.Due.At)), b.Why)
	case *Notify:
		return words("; ", b.To, b.How, b.Note)
	case *HandBack:
		return words("; ", after("Người nhận: ", b.To), b.Paper, b.Note)
	case *Reason:
		return b.Why
	case *Correct:
		return b.Why
	case *Resolve:
		return b.Why
	}
	return ""
}

// Close is the body of the event that closes the day.
func (d Day) Close(closed, checked, note string) DayClose {
	return DayClose{Day: d.Date, Nth: d.Nth, From: d.From, Until: d.Until, Report: d.Report, Rows: d.Hash, Closed: closed, Checked: checked, Note: note, Said: d.Said}
}

// Mark is the hash of the rows as papers show it, for comparing by eye.
func (d Day) Mark() string { return markOf(d.Hash) }

// Mark is the same of a closing.
func (c DayClose) Mark() string { return markOf(c.Rows) }

func markOf(h Hash) string {
	s := strings.ToUpper(h.String()[:16])
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// DaySheet is a report to be drawn.
type DaySheet struct {
	Day
	Settings Settings
}
