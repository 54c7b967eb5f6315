// Package waiting shows what upstream does not have yet and why, sends it, and introduces this PC to upstream. It calls "đã gửi" only what
// a receipt covers, and never mixes that with "đã chuyển", the legal step.
package waiting

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	// Send is told how far it is, from anywhere. While an exchange goes on already it joins that one; the end of ctx ends it.
	Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error)
	Enrol(ctx context.Context, ticket string) (dossier.Upstream, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
	Page(down bool) // of what stands beside the table
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Sent    func() // an exchange began, went on, or is over: then what else is on the screen may be old
	Open    func(id dossier.ID)
	Mend    func(id dossier.ID) // opens the correction of a dossier that was sent back; nil is Open
	Next    func() time.Time    // when the program sends by itself; nil, or zero, where it does not
	Stick   Stick               // the way by USB; nil where there is none
	Sticks  func() []string     // folders of the sticks that are plugged in; nil where nobody can tell
	Halt    func()              // ends the exchange the program began by itself; nil where there is none
	Shut    func() bool         // the station's other PCs cannot come in to this one over its network; nil where they need not
	Now     func() time.Time
	// Sisters are the station's other PCs, and up to when each is known here; nil where there can be none.
	Sisters func(context.Context) ([]dossier.Sister, error)
}

// Line is what the last attempt to reach upstream came to.
type Line int

const (
	Untried Line = iota
	Reached
	Broken
	Refused // upstream was reached and took nothing, or not all
)

// Status is what the status line says of sending.
type Status struct {
	Known    bool // the queue was read
	Enrolled bool
	Upstream string
	Waiting  int
	Receipt  *dossier.Receipt
	Sending  bool
	Progress dossier.SendStep // while Sending
	Line     Line
	Tried    time.Time
}

// State is all that the screen shows.
type State struct {
	Status
	Words    string // how much waits, in words
	Oldest   string
	Cause    Cause
	Rows     []Row // what was sent back, then what waits
	At       int   // the chosen one
	More     int   // rows that wait but are not shown
	PCs      []PC
	Going    string  // how far the exchange is, in words
	Share    float32 // of the whole, from 0 to 1; below 0 while it is not known
	Stopping bool
	CanStop  bool
	History  []Past
	Alert    *Alert
	Ticket   string
	Said     kit.Said
	Pairing  bool
	ShutOut  bool // paired, but it takes another ticket before anything goes
	USB      USB
	Sisters  []Sister // by desk
	Notes    []string // on them
}

// Row is one act that waits, or that upstream sent back.
type Row struct {
	Event                  dossier.EventID
	ID                     dossier.ID
	Number, Act, Name, Age string
	When                   string
	Why                    string // the reason it was sent back for; "" for one that waits
}

// Alert is what the last attempt came to.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Presenter knows the queue. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view    View
	status  Status
	desk    int
	queue   dossier.Queue
	sisters []dossier.Sister
	turn    int
	reading bool
	chosen  dossier.EventID
	at      int
	alert   *Alert

	round    int                // the officer's exchanges, counted
	cancel   context.CancelFunc // of the officer's exchange that goes on
	more     bool               // F5 was pressed again meanwhile
	stopping bool
	before   int // acts under a receipt when the exchange began; -1 while nobody knows
	past     []attempt
	unread   bool // what the last attempt changed was not read yet
	failure  error
	since    time.Time // the line is broken

	ticket  string
	said    kit.Said
	pairing bool
	usb     usb
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter { return &Presenter{World: w} }

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Status is what is known of sending, for the status line.
func (p *Presenter) Status() Status { return p.status }

// Refresh reads what waits. then runs when it is known.
func (p *Presenter) Refresh(then func()) {
	p.turn++
	turn := p.turn
	p.reading = true
	p.Threads.Go(func() {
		ctx := context.Background()
		station, err := p.Desk.Station(ctx)
		var q dossier.Queue
		if err == nil {
			q, err = p.Desk.Queue(ctx)
		}
		var sisters []dossier.Sister
		if err == nil && p.Sisters != nil {
			sisters, err = p.Sisters(ctx)
		}
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.reading = false
			if err != nil {
				if p.Trouble == nil || !p.Trouble(err, func() { p.Refresh(then) }) {
					p.alert = &Alert{kit.Bad, kit.SayError(err)}
				}
				p.render()
				return
			}
			p.sisters = sisters
			p.take(station, q)
			p.render()
			if then != nil {
				then()
			}
		})
	})
}

// take knows what was read.
func (p *Presenter) take(station desk.Station, q dossier.Queue) {
	p.queue, p.desk = q, station.Desk
	p.status.Known, p.status.Enrolled, p.status.Upstream = true, station.Enrolled, station.Upstream
	p.status.Waiting, p.status.Receipt = q.Acts, q.Receipt
	if p.status.Sending && p.before < 0 {
		p.before = p.held()
	}
	p.find()
	if p.unread {
		p.unread = false
		p.settle()
	}
}

// find keeps the chosen row chosen while rows come and go; one that has gone gives its place to the next.
func (p *Presenter) find() {
	n := len(p.queue.SentBack) + len(p.queue.Rows)
	for i := range n {
		if p.row(i).Event == p.chosen {
			p.at = i
			return
		}
	}
	p.at = max(0, min(p.at, n-1))
	if n > 0 {
		p.chosen = p.row(p.at).Event
	}
}

func (p *Presenter) row(i int) dossier.QueueRow {
	if i < len(p.queue.SentBack) {
		return p.queue.SentBack[i].QueueRow
	}
	return p.queue.Rows[i-len(p.queue.SentBack)]
}

// Choose takes the row that is looked at.
func (p *Presenter) Choose(i int) {
	if i < 0 || i >= len(p.queue.SentBack)+len(p.queue.Rows) || i == p.at && p.chosen == p.row(i).Event {
		return
	}
	p.at, p.chosen = i, p.row(i).Event
	p.render()
}

// OpenRow leads to what can be done about a row: the correction of what was sent back, else the dossier.
func (p *Presenter) OpenRow(i int) {
	switch {
	case i < 0 || i >= len(p.queue.SentBack)+len(p.queue.Rows):
	case i < len(p.queue.SentBack) && p.Mend != nil:
		p.Mend(p.row(i).Dossier)
	default:
		p.Open(p.row(i).Dossier)
	}
}

// MendNow is F4: the chosen one if upstream sent it back, else the first that it did.
func (p *Presenter) MendNow() {
	if len(p.queue.SentBack) == 0 {
		return
	}
	at := p.at
	if at >= len(p.queue.SentBack) {
		at = 0
	}
	p.OpenRow(at)
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Ctrl && (e.Key == fyne.KeyPageDown || e.Key == fyne.KeyPageUp):
		if p.view != nil {
			p.view.Page(e.Key == fyne.KeyPageDown)
		}
	case e.Ctrl && p.Stick != nil && e.Key == fyne.KeyN:
		p.Import()
	case e.Ctrl && e.Key == fyne.KeyG && p.usb.out != nil:
		p.PrintSheet()
	case e.Ctrl:
		return false
	case e.Key == fyne.KeyF6 && p.Stick != nil:
		p.Export()
	case e.Key == fyne.KeyInsert && p.Stick != nil && p.Sticks != nil:
		p.FindStick()
	case e.Key == fyne.KeyEscape && p.usb.cancel != nil:
		p.StopStick()
	case e.Key == fyne.KeyF9 && p.status.Known && (!p.status.Enrolled || p.shutOut()):
		p.Pair()
	case e.Key == fyne.KeyF4 && len(p.queue.SentBack) > 0:
		p.MendNow()
	case e.Key == fyne.KeyEscape && p.canStop():
		p.Stop()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	more := kit.Hint{Key: "Ctrl+PageDown, Ctrl+PageUp", Does: "Cuộn phần bên phải"}
	usb := func(export, take string, then ...kit.Hint) []kit.Hint {
		if p.Stick == nil {
			return []kit.Hint{more}
		}
		return append(append([]kit.Hint{{Key: "Insert", Does: "Tìm USB đang cắm"}, {Key: "F6", Does: export}, {Key: "Ctrl+N", Does: take}}, then...), more)
	}
	if p.status.Known && !p.status.Enrolled {
		return append([]kit.Hint{{Key: "Ctrl+V", Does: "Dán phiếu ghép nối"}, {Key: "F9", Does: "Ghép nối với cấp trên"}},
			usb("Ghi yêu cầu ghép nối ra USB", "Nhận trả lời ghép nối từ USB")...)
	}
	var again []kit.Hint
	if p.shutOut() {
		again = []kit.Hint{{Key: "F9", Does: "Ghép nối lại bằng phiếu đã dán"}}
	}
	return append(append(again, []kit.Hint{{Key: "F5", Does: "Gửi ngay"}, {Key: "Esc", Does: "Dừng (khi đang gửi, đang xuất, đang nhập)"}, {Key: "Mũi tên lên, xuống", Does: "Chọn thao tác"},
		{Key: "Enter", Does: "Mở hồ sơ đang chọn; hồ sơ cấp trên yêu cầu sửa thì mở phần đính chính"},
		{Key: "F4", Does: "Sửa và gửi lại hồ sơ cấp trên yêu cầu sửa"}}...), usb("Xuất ra USB", "Nhập từ USB", kit.Hint{Key: "Ctrl+G", Does: "In phiếu giao nhận của lần xuất vừa xong"})...)
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Status: p.status, Alert: p.alert, Ticket: p.ticket, Said: p.said, Pairing: p.pairing, At: p.at,
		More: p.queue.Acts - len(p.queue.Rows), Stopping: p.stopping, CanStop: p.canStop(), ShutOut: p.shutOut(), USB: p.usbState()}
	now := p.Now()
	s.Words, s.Oldest = p.amount(now)
	s.Cause = p.cause(now)
	if s.Sending {
		s.Going, s.Share = stepWords(s.Status)
	}
	for _, r := range p.queue.SentBack {
		s.Rows = append(s.Rows, rowOf(r.QueueRow, r.Why, now))
	}
	for _, r := range p.queue.Rows {
		s.Rows = append(s.Rows, rowOf(r, "", now))
	}
	s.PCs = p.pcs()
	s.Sisters, s.Notes = p.others(now)
	for _, a := range p.past {
		s.History = append(s.History, a.words(now))
	}
	return s
}

func rowOf(r dossier.QueueRow, why string, now time.Time) Row {
	return Row{Event: r.Event, ID: r.Dossier, Number: r.Number, Act: r.Kind.Title(), Name: r.Name, Age: kit.Ago(now.Sub(r.At)), When: kit.Moment(r.At), Why: why}
}
