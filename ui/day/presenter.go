// Package day closes the day of this PC: what was done since the last closing, what is left to do before, two names, and the reports of
// the days before.
package day

import (
	"context"
	"slices"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Forms(ctx context.Context) ([]dossier.FormInfo, error)
	DayReport(ctx context.Context) (dossier.Day, error)
	CloseDay(ctx context.Context, o desk.CloseOrder) (dossier.ClosedDay, error)
	Days(ctx context.Context) ([]dossier.ClosedDay, error)
	ClosedDay(ctx context.Context, id dossier.EventID) (dossier.Day, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string) // "" is the rows
}

// World is what surrounds this screen.
type World struct {
	Desk         Desk
	Threads      kit.Threads
	Trouble      func(err error, again func()) bool
	PreviewBook  func(o desk.BookOrder)
	PreviewOrder func(o desk.Order, title string)
	PreviewDay   func(id dossier.EventID, title string) // the report of a closed day; zero for the day still open
	Send         func()                                 // F5
	List         func(v dossier.View)                   // the work list there
	Open         func(id dossier.ID)
	Now          func() time.Time
}

// Mode is what the screen is about.
type Mode int

const (
	Today  Mode = iota // the day still open
	Closed             // a day that was closed
	Past               // the list of them
	Papers             // the day still open; a form is chosen to be printed of all of it
)

// State is all that the screen shows.
type State struct {
	Mode    Mode
	Read    bool
	Alert   *Alert
	Busy    string // what is going on
	Title   string
	About   string
	Tiles   []Tile
	Section dossier.DaySection // the tile chosen; "" is all
	Rows    int
	Fresh   int // grows when rows must be drawn anew
	Empty   string
	Checks  []Check
	Books   []Book
	Forms   []kit.Option // of Papers
	Form    string
	Asked   []kit.Section // who closes and who checks
	Values  map[string]string
	Said    map[string]kit.Said
	Facts   []string // of a closed day
	Broken  bool     // its rows are not those that were signed, or not here: it cannot be printed
}

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Tile is one section with the number of its acts.
type Tile struct {
	Section dossier.DaySection
	Title   string
	N       int
}

// Check is one thing to look at before the day is closed.
type Check struct {
	Sign kit.Sign
	Tone kit.Tone
	Text string
	Key  string // what can be done about it, and how
	Does string
	Do   func() `json:"-"`
}

// Book is a register of the day.
type Book struct{ Form, Title, Key string }

// Presenter knows the day. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	turn     int    // of the reading asked for last
	then     func() // runs once the day is read, whoever asked for that
	looks    int    // the same of closed days
	looking  bool
	mode     Mode
	read     bool
	alert    *Alert
	busy     string
	station  desk.Station
	settings dossier.Settings
	forms    []dossier.FormInfo
	days     []dossier.ClosedDay
	today    dossier.Day
	shown    dossier.Day // the closed one
	broken   bool
	section  dossier.DaySection
	rows     []int // of the day shown, in the section chosen
	past     int   // chosen in the list
	fresh    int

	typed map[string]string
	said  map[string]kit.Said
	form  string
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, typed: map[string]string{}, said: map[string]kit.Said{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Enter is Refresh for whoever comes to the screen: he comes for today.
func (p *Presenter) Enter() {
	p.mode, p.alert = Today, nil
	p.forgetLook()
	p.filter()
	p.Refresh()
}

// forgetLook drops the closed day that is being read: the officer has gone somewhere else.
func (p *Presenter) forgetLook() {
	if p.looking {
		p.looks++
		p.looking, p.busy = false, ""
	}
}

// Refresh reads the day again: something was kept, sent or decided. What was typed stays.
func (p *Presenter) Refresh() {
	p.turn++
	turn := p.turn
	p.render()
	p.Threads.Go(func() {
		got, err := p.fetch()
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, p.Refresh)
				return
			}
			first := !p.read
			p.read, p.station, p.settings, p.forms, p.days, p.today = true, got.station, got.settings, got.forms, got.days, got.today
			p.offer()
			p.filter()
			if then := p.then; then != nil {
				p.then = nil
				then()
			}
			p.render()
			if first {
				p.focus("")
			}
		})
	})
}

type fetched struct {
	station  desk.Station
	settings dossier.Settings
	forms    []dossier.FormInfo
	days     []dossier.ClosedDay
	today    dossier.Day
}

func (p *Presenter) fetch() (out fetched, err error) {
	ctx := context.Background()
	if out.station, err = p.Desk.Station(ctx); err != nil {
		return out, err
	}
	if out.settings, _, err = p.Desk.Settings(ctx); err != nil {
		return out, err
	}
	if out.forms, err = p.Desk.Forms(ctx); err != nil {
		return out, err
	}
	if out.days, err = p.Desk.Days(ctx); err != nil {
		return out, err
	}
	out.today, err = p.Desk.DayReport(ctx)
	return out, err
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// day is the one whose acts are on the screen.
func (p *Presenter) day() dossier.Day {
	if p.mode == Closed {
		return p.shown
	}
	return p.today
}

func (p *Presenter) filter() {
	p.rows = p.rows[:0]
	for i, row := range p.day().Rows {
		if p.section == "" || row.Section() == p.section {
			p.rows = append(p.rows, i)
		}
	}
	p.fresh++
}

// Section chooses what is shown; "" is all.
func (p *Presenter) Section(s dossier.DaySection) {
	p.section = s
	p.filter()
	p.render()
}

// Row is act i of those shown.
func (p *Presenter) Row(i int) (dossier.DayRow, bool) {
	if i < 0 || i >= len(p.rows) {
		return dossier.DayRow{}, false
	}
	return p.day().Rows[p.rows[i]], true
}

// OpenRow opens the dossier of act i, or closing i of the list.
func (p *Presenter) OpenRow(i int) {
	if p.mode == Past {
		p.OpenDay(i)
		return
	}
	if row, ok := p.Row(i); ok {
		p.Open(row.Dossier)
	}
}

// ShowPast is Ctrl+L: the closings before.
func (p *Presenter) ShowPast() {
	if !p.read {
		return
	}
	p.forgetLook()
	p.mode, p.alert, p.past = Past, nil, 0
	p.filter()
	p.render()
	p.focus("")
}

// Choose chooses closing i of the list.
func (p *Presenter) Choose(i int) {
	if p.mode == Past && i != p.past {
		p.past = i
		p.render()
	}
}

// OpenDay shows closing i of the list as it was.
func (p *Presenter) OpenDay(i int) {
	if i >= 0 && i < len(p.days) && p.busy == "" {
		p.show(p.days[i].ID, nil)
	}
}

// show reads a closed day again from the journal.
func (p *Presenter) show(id dossier.EventID, alert *Alert) {
	p.looks++
	look := p.looks
	p.looking, p.busy = true, "Đang đọc báo cáo…"
	p.render()
	p.Threads.Go(func() {
		day, err := p.Desk.ClosedDay(context.Background(), id)
		p.Threads.OnUI(func() {
			if look != p.looks {
				return
			}
			p.looking, p.busy = false, ""
			if err != nil && day.Closing == nil {
				p.fail(err, func() { p.show(id, alert) })
				return
			}
			p.mode, p.shown, p.alert, p.broken, p.section = Closed, day, alert, err != nil, ""
			switch {
			case dossier.Code(err) == "day.elsewhere":
				p.alert = &Alert{kit.Info, kit.SayError(err)}
			case err != nil:
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.filter()
			p.render()
			p.focus("")
		})
	})
}

// Close is F9: the day is closed as it is on the screen.
func (p *Presenter) Close() {
	if p.mode != Today || !p.read || p.busy != "" {
		return
	}
	p.said = map[string]kit.Said{}
	p.alert, p.busy = nil, "Đang chốt ngày…"
	p.render()
	o := desk.CloseOrder{Seen: p.today.Hash, Closed: p.typed["closed"], Checked: p.checked(), Note: p.typed["note"]}
	p.Threads.Go(func() {
		c, err := p.Desk.CloseDay(context.Background(), o)
		p.Threads.OnUI(func() {
			p.busy = ""
			switch {
			case dossier.Code(err) == "day.moved":
				p.then = func() { p.alert = &Alert{kit.Warn, kit.SayError(err)} }
				p.Refresh()
			case err != nil:
				p.refused(err)
			default:
				delete(p.typed, "note")
				p.then = func() {
					p.show(c.ID, &Alert{kit.Good, "Đã chốt ngày " + c.Day.String() + ". Nhấn Ctrl+P để xem và in báo cáo cho hai người ký."})
				}
				p.Refresh()
			}
		})
	})
}

// refused says what the desk answered, at its field.
func (p *Presenter) refused(err error) {
	first := ""
	for _, one := range kit.Problems(err) {
		field := one.Field
		if field == "checked" && p.offered() && p.typed["checker"] != other {
			field = "checker"
		}
		if !slices.Contains([]string{"closed", "checked", "checker", "note"}, field) {
			continue
		}
		if first == "" {
			first = field
		}
		p.said[field] = kit.Said{Text: kit.Say(one)}
	}
	if first == "" {
		p.fail(err, p.Close)
		return
	}
	p.render()
	p.focus(first)
}

// Back is Esc.
func (p *Presenter) Back() {
	was := p.mode
	p.forgetLook()
	switch {
	case p.mode == Today:
		return
	case p.mode == Closed && len(p.days) > 0:
		p.mode = Past
		p.past = max(0, slices.IndexFunc(p.days, func(c dossier.ClosedDay) bool { return p.shown.Closing != nil && c.ID == p.shown.Closing.ID }))
	default:
		p.mode = Today
	}
	p.alert, p.section = nil, ""
	p.filter()
	p.render()
	if was == Papers {
		p.focus("closed")
		return
	}
	p.focus("")
}

// Report is Ctrl+P: the pages of the report, to be looked at and printed.
func (p *Presenter) Report() {
	switch {
	case !p.read || p.busy != "":
	case p.mode == Closed && !p.broken:
		p.PreviewDay(p.shown.Closing.ID, "Báo cáo chốt ngày "+p.shown.Date.String())
	case p.mode == Past && p.past < len(p.days):
		c := p.days[p.past]
		p.PreviewDay(c.ID, "Báo cáo chốt ngày "+c.Day.String())
	case p.mode == Today || p.mode == Papers:
		p.PreviewDay(dossier.EventID{}, "Báo cáo ngày "+p.today.Date.String()+" (chưa chốt)")
	}
}

// Register is F4 and F6: the pages of a register of the days of this report.
func (p *Presenter) Register(form string) {
	if p.read && p.mode != Past && slices.ContainsFunc(p.forms, func(f dossier.FormInfo) bool { return f.Key == form }) {
		_, from, to := desk.PapersOf(p.day())
		p.PreviewBook(desk.BookOrder{Form: form, From: from, To: to})
	}
}

// Print is F8: asks which form of all dossiers of the report; once asked, shows what will be printed.
func (p *Presenter) Print() {
	switch {
	case !p.read || p.mode == Past || p.mode == Closed:
		return
	case p.mode == Papers:
		p.papers()
		return
	}
	if ids, _, _ := desk.PapersOf(p.today); len(ids) == 0 {
		p.alert = &Alert{kit.Info, "Từ lần chốt trước chưa tiếp nhận hồ sơ nào nên không có giấy tờ để in."}
		p.render()
		return
	}
	p.mode, p.alert = Papers, nil
	if p.form == "" {
		for _, f := range p.printable() {
			if p.form == "" || f.Key == "control-slip" { // it follows the dossier and is complete at the end of the day
				p.form = f.Key
			}
		}
	}
	p.render()
	p.focus("form")
}

func (p *Presenter) papers() {
	i := slices.IndexFunc(p.forms, func(f dossier.FormInfo) bool { return f.Key == p.form })
	if i < 0 {
		return
	}
	ids, _, _ := desk.PapersOf(p.today)
	title := p.forms[i].Code
	if title == "" {
		title = p.forms[i].Title
	}
	p.mode = Today
	p.render()
	p.PreviewOrder(desk.Order{Form: p.form, Dossiers: ids}, title+", ngày "+p.today.Date.String())
}

func (p *Presenter) printable() []dossier.FormInfo {
	return slices.DeleteFunc(slices.Clone(p.forms), func(f dossier.FormInfo) bool { return f.Book })
}

// Pick takes a choice of the form.
func (p *Presenter) Pick(field, value string) {
	if field == "form" {
		p.form = value
	} else {
		p.typed[field] = value
		delete(p.said, field)
	}
	p.render()
}

// Text takes what is typed.
func (p *Presenter) Text(field, text string) {
	p.typed[field] = text
	delete(p.said, field)
	p.render()
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Ctrl:
		switch {
		case e.Key == "P":
			p.Report()
		case e.Key == "L":
			p.ShowPast()
		case e.Key == "T" && p.mode == Today:
			p.List(dossier.ViewToday)
		case e.Key == "Q" && p.mode == Today:
			p.List(dossier.ViewLate)
		case e.Key == "K" && p.mode == Today:
			p.List(dossier.ViewDisputed)
		default:
			for i, key := range tileKeys {
				if key == string(e.Key) && p.mode != Past {
					p.Section(sections[i])
					return true
				}
			}
			return false
		}
	case e.Key == "F4":
		p.Register(intakeRegister)
	case e.Key == "F6":
		p.Register(trackingRegister)
	case e.Key == "F8":
		p.Print()
	case e.Key == "F9":
		p.Close()
	case e.Key == "Escape" && p.mode != Today:
		p.Back()
	default:
		return false
	}
	return true
}

const (
	intakeRegister   = "intake-register"
	trackingRegister = "tracking-register"
)

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+0", Does: "Tất cả, từng phần của báo cáo"}, {Key: "Enter", Does: "Mở hồ sơ (hoặc lần chốt) đang chọn"},
		{Key: "F4 F6", Does: "Trang sổ tiếp nhận, sổ theo dõi của ngày"}, {Key: "F8", Does: "In giấy tờ của các hồ sơ trong ngày"}, {Key: "F5", Does: "Gửi ngay về cấp trên"},
		{Key: "Ctrl+T", Does: "Hồ sơ đến hạn hôm nay"}, {Key: "Ctrl+Q", Does: "Hồ sơ quá hạn"}, {Key: "Ctrl+K", Does: "Hồ sơ trùng thao tác"}, {Key: "Ctrl+P", Does: "Xem và in báo cáo"},
		{Key: "F9", Does: "Chốt ngày"}, {Key: "Ctrl+L", Does: "Các lần chốt trước"}, {Key: "Esc", Does: "Quay lại"}}
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}
