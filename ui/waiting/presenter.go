// Package waiting shows what upstream does not have yet, sends it, and introduces this PC to upstream.
package waiting

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	Send(ctx context.Context) (dossier.Sent, error)
	Enrol(ctx context.Context, ticket string) (dossier.Upstream, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Sent    func() // an exchange is over: what else is on the screen may be old now
	Open    func(id dossier.ID)
	Now     func() time.Time
}

// Line is what the last attempt to reach upstream came to.
type Line int

const (
	Untried Line = iota
	Reached
	Broken
)

// Status is what the status line says of sending.
type Status struct {
	Known    bool // the queue was read
	Enrolled bool
	Upstream string
	Waiting  int
	Receipt  *dossier.Receipt
	Sending  bool
	Line     Line
	Tried    time.Time
}

// State is all that the screen shows.
type State struct {
	Status
	Words    string // how much waits, in words
	Oldest   string
	Rows     []Row
	More     int // rows that wait but are not shown
	SentBack []SentBack
	Alert    *Alert
	Ticket   string
	Said     kit.Said
	Pairing  bool
}

// Row is one act that waits.
type Row struct {
	ID                     dossier.ID
	Number, Act, Name, Age string
}

// SentBack is one act that upstream wants mended.
type SentBack struct {
	ID        dossier.ID
	Head, Why string
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
	queue   dossier.Queue
	turn    int
	alert   *Alert
	ticket  string
	said    kit.Said
	pairing bool
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
	p.Threads.Go(func() {
		ctx := context.Background()
		station, err := p.Desk.Station(ctx)
		var q dossier.Queue
		if err == nil {
			q, err = p.Desk.Queue(ctx)
		}
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				if p.Trouble == nil || !p.Trouble(err, func() { p.Refresh(then) }) {
					p.alert = &Alert{kit.Bad, kit.SayError(err)}
				}
				p.render()
				return
			}
			p.queue = q
			p.status.Known, p.status.Enrolled, p.status.Upstream = true, station.Enrolled, station.Upstream
			p.status.Waiting, p.status.Receipt = q.Acts, q.Receipt
			p.render()
			if then != nil {
				then()
			}
		})
	})
}

// Send is F5. While one exchange goes on, another is not begun.
func (p *Presenter) Send() {
	if p.status.Sending || p.pairing {
		return
	}
	if p.status.Known && !p.status.Enrolled {
		p.alert = &Alert{kit.Warn, assets.Word("ui.not-enrolled", nil)}
		p.render()
		return
	}
	p.status.Sending, p.alert = true, nil
	waited := p.status.Waiting
	p.render()
	p.told()
	p.Threads.Go(func() {
		_, err := p.Desk.Send(context.Background())
		p.Threads.OnUI(func() {
			p.status.Sending = false
			p.Tried(err)
			p.Refresh(func() {
				p.alert = p.outcome(waited, err)
				p.render()
				p.told()
			})
		})
	})
}

// Tried notes what an attempt to reach upstream came to, whoever made it.
func (p *Presenter) Tried(err error) {
	p.status.Tried, p.status.Line = p.Now(), Reached
	if err != nil {
		p.status.Line = Broken
	}
}

func (p *Presenter) told() {
	if p.Sent != nil {
		p.Sent()
	}
}

// outcome says what an exchange came to, and never more than receipts cover. It counts the acts that waited, as the screen does: what
// else went up, traces and settings, is nothing the officer waits for.
func (p *Presenter) outcome(waited int, err error) *Alert {
	args := map[string]string{"upstream": p.status.Upstream, "count": strconv.Itoa(waited)}
	switch {
	case err != nil:
		said := kit.SayError(err)
		if p.status.Waiting > 0 {
			said = "Chưa gửi được. " + said
		}
		return &Alert{kit.Bad, said}
	case p.status.Waiting > 0:
		args["count"] = strconv.Itoa(p.status.Waiting)
		return &Alert{kit.Warn, assets.Word("ui.still-waiting", args)}
	case waited == 0:
		return &Alert{kit.Good, assets.Word("ui.sent-nothing", args)}
	}
	return &Alert{kit.Good, assets.Word("ui.sent-some", args)}
}

// Ticket takes what is pasted.
func (p *Presenter) Ticket(text string) {
	p.ticket, p.said = text, kit.Said{}
	p.render()
}

// Pair introduces this PC to upstream with the ticket.
func (p *Presenter) Pair() {
	if p.pairing || p.status.Sending {
		return
	}
	ticket := strings.TrimSpace(p.ticket)
	if ticket == "" {
		p.said = kit.Said{Text: assets.Word("ui.ticket-missing", nil)}
		p.render()
		p.view.Focus("ticket")
		return
	}
	p.pairing, p.alert, p.said = true, nil, kit.Said{}
	p.render()
	p.Threads.Go(func() {
		up, err := p.Desk.Enrol(context.Background(), ticket)
		p.Threads.OnUI(func() {
			p.pairing = false
			if err != nil {
				p.said = kit.Said{Text: kit.SayError(err)}
				p.render()
				p.view.Focus("ticket")
				return
			}
			p.ticket = ""
			p.Refresh(func() {
				p.alert = &Alert{kit.Good, "Đã ghép nối với " + up.Name + "; máy này là quầy số " + strconv.Itoa(up.Desk) + ". Nhấn F5 để gửi."}
				p.render()
				p.told()
			})
		})
	})
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	if e.Key == "F9" && !e.Ctrl && p.status.Known && !p.status.Enrolled {
		p.Pair()
		return true
	}
	return false
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	if p.status.Known && !p.status.Enrolled {
		return []kit.Hint{{Key: "Ctrl+V", Does: "Dán phiếu ghép nối"}, {Key: "F9", Does: "Ghép nối với cấp trên"}}
	}
	return []kit.Hint{{Key: "F5", Does: "Gửi ngay"}, {Key: "Tab", Does: "Đến danh sách chờ gửi"}, {Key: "Enter", Does: "Mở hồ sơ đang chọn"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Status: p.status, Alert: p.alert, Ticket: p.ticket, Said: p.said, Pairing: p.pairing, More: p.queue.Acts - len(p.queue.Rows)}
	now := p.Now()
	switch {
	case !p.status.Known:
		s.Words = "Đang đọc…"
	case p.queue.Acts == 0:
		s.Words = "Không có gì chờ gửi."
	default:
		s.Words = strconv.Itoa(p.queue.Acts) + " thao tác chờ gửi"
		if !p.queue.Oldest.IsZero() {
			s.Oldest = "Chờ lâu nhất: " + kit.Ago(now.Sub(p.queue.Oldest)) + ", từ " + kit.Moment(p.queue.Oldest)
		}
	}
	for _, r := range p.queue.Rows {
		s.Rows = append(s.Rows, Row{r.Dossier, r.Number, r.Kind.Title(), r.Name, kit.Ago(now.Sub(r.At))})
	}
	for _, r := range p.queue.SentBack {
		s.SentBack = append(s.SentBack, SentBack{r.Dossier, r.Number + " – " + r.Kind.Title() + " – " + r.Name, r.Why})
	}
	return s
}

// ReceiptWords are the last receipt in a sentence.
func ReceiptWords(upstream string, r *dossier.Receipt) string {
	if r == nil {
		return "Chưa có biên nhận nào của cấp trên"
	}
	return "Đã gửi về " + upstream + " lúc " + kit.Short(r.At) + " (biên nhận " + r.Number + ")"
}
