// Package incident is for the worst day: a PC is lost, data leaked, an account was misused. It reckons at once what was on the PC, how many
// persons that is, what of it is safe elsewhere, whom the law wants told until when, and what to do first.
package incident

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Holiday(day dossier.Date) string
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	Incident(ctx context.Context, o desk.IncidentOrder, done func(n int)) (dossier.Incident, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string) // "" is the first question
	Page(down bool)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Preview func(i dossier.Incident) // shows the report as it will be printed
	Back    func()
	Now     func() time.Time
}

// Fact is one line of the report.
type Fact struct{ Label, Text string }

// Part is a part of the report under its title.
type Part struct {
	Title string
	Facts []Fact
	Past  []Past // who did what; nil where it is not about that
	None  string // said where there is nothing
	Note  string
}

// Past is what somebody did.
type Past struct{ Who, SignIns, Failures, Looks, Reveals, Prints, Exports string }

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Busy      string
	Alert     *Alert
	Deadline  *Alert // until when by law somebody is to be told; nil without a report
	Old       bool   // the report is of something else than what is asked now
	Parts     []Part // the report; nil before there is one
}

// Presenter knows what happened. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view     View
	values   map[string]string
	said     map[string]kit.Said
	pcs      []dossier.PC
	settings dossier.Settings
	report   *dossier.Incident
	of       map[string]string // what the report was asked with
	turn     int
	busy     string
	stop     context.CancelFunc
	alert    *Alert
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, values: map[string]string{}, said: map[string]kit.Said{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh learns which PCs there are. What is typed, and a report that was made, stay.
func (p *Presenter) Refresh() {
	if p.values["day"] == "" {
		now := p.Now().In(dossier.Hanoi)
		p.values["day"], p.values["hour"] = dossier.DateOf(now).String(), now.Format("15:04")
	}
	p.render()
	p.Threads.Go(func() {
		queue, err := p.Desk.Queue(context.Background())
		settings, _, unset := p.Desk.Settings(context.Background())
		p.Threads.OnUI(func() {
			if err = errors.Join(err, unset); err != nil {
				p.fail(err, p.Refresh)
				return
			}
			p.pcs, p.settings = queue.PCs, settings
			if p.values["device"] == "" && len(p.pcs) > 0 {
				p.values["device"] = p.pcs[0].Device.String()
			}
			p.render()
		})
	})
}

func (p *Presenter) fail(err error, again func()) {
	ps := kit.Problems(err)
	first := ""
	for _, one := range ps {
		field := map[string]string{"what": "what", "noticed": "hour", "device": "device"}[one.Field]
		if field == "" {
			continue
		}
		if p.said[field] = (kit.Said{Text: kit.Say(one)}); first == "" {
			first = field
		}
	}
	if first == "" && (len(ps) > 0 || p.Trouble == nil || !p.Trouble(err, again)) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
	if first != "" && p.view != nil {
		p.view.Focus(first)
	}
}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, value string) {
	if p.busy != "" {
		p.render()
		return
	}
	p.values[field] = value
	delete(p.said, field)
	p.alert = nil
	p.render()
}

// order is what is asked; what is wrong with it is said at its field.
func (p *Presenter) order() (o desk.IncidentOrder, ok bool) {
	p.said = map[string]kit.Said{}
	o.What = dossier.IncidentKind(p.values["what"])
	wrong := func(field string, err error) {
		p.said[field] = kit.Said{Text: kit.SayError(err)}
	}
	if o.What == "" {
		wrong("what", dossier.Invalid("what", "incident.what"))
	}
	day, err := dossier.ParseDate(p.values["day"])
	if err != nil || !day.Valid() {
		wrong("day", dossier.Invalid("day", "date.format"))
	}
	hour, bad := dossier.ParseClock(p.values["hour"])
	if bad != nil {
		wrong("hour", bad)
	}
	o.Noticed = day.At(int(hour)/60, int(hour)%60)
	for _, pc := range p.pcs {
		if !pc.Own && pc.Device.String() == p.values["device"] {
			o.Device = pc.Device
		}
	}
	return o, len(p.said) == 0
}

// Reckon is F9: makes the report.
func (p *Presenter) Reckon() {
	if p.busy != "" {
		return
	}
	o, ok := p.order()
	if !ok {
		p.render()
		for _, f := range []string{"what", "day", "hour"} {
			if p.said[f].Text != "" {
				p.view.Focus(f)
				return
			}
		}
	}
	p.turn++
	turn := p.turn
	of := map[string]string{}
	for k, v := range p.values {
		of[k] = v
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop, p.busy, p.alert = cancel, "Đang tính từ dữ liệu trên máy…", nil
	p.render()
	p.Threads.Go(func() {
		defer cancel()
		i, err := p.Desk.Incident(ctx, o, func(n int) {
			p.Threads.OnUI(func() {
				if turn == p.turn && p.busy != "" {
					p.busy = fmt.Sprintf("Đang tính: đã đọc %d hồ sơ…", n)
					p.render()
				}
			})
		})
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.stop, p.busy = nil, ""
			switch {
			case errors.Is(err, context.Canceled):
				p.alert = &Alert{kit.Info, "Đã dừng. Nhấn F9 để lập lại."}
			case err != nil:
				p.fail(err, p.Reckon)
				return
			default:
				p.report, p.of = &i, of
			}
			p.render()
		})
	})
}

// Stop ends the reckoning.
func (p *Presenter) Stop() {
	if p.stop != nil {
		p.stop()
	}
}

// Print shows the report as it will be printed.
func (p *Presenter) Print() {
	if p.report != nil && p.busy == "" {
		p.Preview(*p.report)
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt || e.Shift:
		return false
	case e.Ctrl && e.Key == "P":
		p.Print()
	case e.Ctrl:
		return false
	case e.Key == "F9":
		p.Reckon()
	case e.Key == "Escape" && p.stop != nil:
		p.Stop()
	case e.Key == "Escape":
		p.Back()
	case e.Key == "Next" || e.Key == "Prior": // Fyne's names for PageDown and PageUp
		p.view.Page(e.Key == "Next")
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "F9", Does: "Lập báo cáo từ dữ liệu trên máy"}, {Key: "Ctrl+P", Does: "Xem, in hoặc lưu PDF báo cáo"}, {Key: "PageUp, PageDown", Does: "Cuộn trang"},
		{Key: "Esc", Does: "Dừng; quay lại"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Questions: p.questions(), Values: map[string]string{}, Said: p.said, Busy: p.busy, Alert: p.alert}
	for k, v := range p.values {
		s.Values[k] = v
	}
	if p.report == nil {
		return s
	}
	for k, v := range p.of {
		s.Old = s.Old || p.values[k] != v
	}
	s.Parts, s.Deadline = p.parts(*p.report), deadline(*p.report, p.Now())
	return s
}

func (p *Presenter) questions() []kit.Section {
	var kinds []kit.Option
	for _, k := range dossier.IncidentKinds {
		kinds = append(kinds, kit.Option{Value: string(k), Title: k.Title()})
	}
	rows := [][]kit.Field{{{Key: "what", Kind: kit.Pick, Label: "Đã xảy ra việc gì", Need: true, Options: kinds, Columns: 3}},
		{{Key: "day", Kind: kit.Date, Label: "Phát hiện ngày", Need: true, Min: 150}, {Key: "hour", Label: "Lúc (giờ:phút)", Need: true, Min: 120},
			{Key: "help", Kind: kit.Note, Min: 10, Weight: 1, Hint: "Thời hạn thông báo tính từ lúc này."}}}
	if len(p.pcs) > 1 {
		var pcs []kit.Option
		for _, pc := range p.pcs {
			title := "Máy khác, mã " + pc.Device.String()[:8]
			if pc.Own {
				title = "Máy này"
			}
			pcs = append(pcs, kit.Option{Value: pc.Device.String(), Title: title})
		}
		rows = append(rows, []kit.Field{{Key: "device", Kind: kit.Pick, Label: "Máy nào", Need: true, Options: pcs, Columns: 3}})
	}
	return []kit.Section{{Rows: rows}}
}
