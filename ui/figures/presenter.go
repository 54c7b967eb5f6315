// Package figures shows what a period's work amounts to: how much came, what was on time, how long people waited.
package figures

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Holiday(day dossier.Date) string
	Figures(ctx context.Context, from, to dossier.Date, done func(n int)) (dossier.Figures, error)
	ExportBook(ctx context.Context, o desk.BookOrder, format, path string) (rows int, err error)
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
	Preview func(order desk.BookOrder, title string) // shows them as they will be printed
	File    func(path string)
	Folder  func() string // where what is exported goes
	Back    func()
	Now     func() time.Time
}

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Busy      string // what is going on, "" for nothing
	Alert     *Alert
	Path      string // of the file just made
	Shown     bool   // there are figures
	Old       bool   // of another period than the one asked for
	Title     string
	Tiles     []Tile
	Days      Columns
	Works     []Work
	Waits     Columns
}

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Tile is one number and what it means.
type Tile struct {
	Number, Words, Small string
	Tone                 kit.Tone
	Sign                 bool // Tone is shown
}

// Columns are a chart of columns.
type Columns struct {
	Title string
	Words string // below the title
	Of    []dossier.Bucket
}

// Work is what came of one procedure.
type Work struct {
	Title string
	dossier.Tally
}

// The periods that can be chosen at once.
const (
	thisWeek  = "week"
	thisMonth = "month"
	lastMonth = "last-month"
	quarter   = "quarter"
	thisYear  = "year"
	other     = "other"
)

// Presenter knows the period asked for. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view    View
	span    string
	days    map[string]string
	said    map[string]kit.Said
	figures dossier.Figures
	shown   bool
	turn    int
	busy    string
	stop    context.CancelFunc
	alert   *Alert
	path    string
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	p := &Presenter{World: w, span: thisMonth, said: map[string]kit.Said{}}
	p.fill()
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// fill lays out the days of the period chosen.
func (p *Presenter) fill() {
	today := dossier.DateOf(p.Now())
	from, to := today, today
	first := func(d dossier.Date, month time.Month) dossier.Date {
		return dossier.Date{Year: d.Year, Month: month, Day: 1}
	}
	switch p.span {
	case thisWeek:
		from = today.AddDays(-(int(today.Weekday()) + 6) % 7)
	case thisMonth:
		from = first(today, today.Month)
	case lastMonth:
		to = first(today, today.Month).AddDays(-1)
		from = first(to, to.Month)
	case quarter:
		from = first(today, (today.Month-1)/3*3+1)
	case thisYear:
		from = first(today, 1)
	case other:
		return
	}
	p.days = map[string]string{"from": from.String(), "to": to.String()}
}

// Refresh reads the figures of the period anew.
func (p *Presenter) Refresh() {
	p.fill() // another day may have begun
	from, to, ok := p.period()
	if !ok {
		p.render()
		return
	}
	p.Stop()
	p.turn++
	turn := p.turn
	ctx, cancel := context.WithCancel(context.Background())
	p.stop, p.busy, p.alert, p.path = cancel, "Đang tính số liệu…", nil, ""
	p.render()
	p.Threads.Go(func() {
		defer cancel()
		f, err := p.Desk.Figures(ctx, from, to, func(n int) {
			p.Threads.OnUI(func() {
				if turn == p.turn && p.busy != "" {
					p.busy = fmt.Sprintf("Đang tính số liệu: đã đọc %d hồ sơ…", n)
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
				p.alert = &Alert{kit.Info, "Đã dừng. Nhấn F9 để tính lại."}
			case err != nil:
				p.fail(err)
			default:
				p.figures, p.shown = f, true
			}
			p.render()
		})
	})
}

func (p *Presenter) fail(err error) {
	for _, one := range kit.Problems(err) {
		if one.Field == "to" {
			p.said["to"] = kit.Said{Text: kit.Say(one)}
			return
		}
	}
	if p.Trouble == nil || !p.Trouble(err, p.Refresh) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
}

// period is what is asked for; what is wrong with it is said at its field.
func (p *Presenter) period() (from, to dossier.Date, ok bool) {
	p.said = map[string]kit.Said{}
	var ends [2]dossier.Date
	for i, f := range []string{"from", "to"} {
		d, err := dossier.ParseDate(p.days[f])
		if err != nil {
			p.said[f] = kit.Said{Text: kit.SayError(dossier.Invalid(f, "date.format"))}
		}
		ends[i] = d
	}
	return ends[0], ends[1], len(p.said) == 0
}

// Stop ends the reckoning.
func (p *Presenter) Stop() {
	if p.stop != nil {
		p.stop()
	}
}

// Pick takes a period.
func (p *Presenter) Pick(_, value string) {
	p.span = value
	p.fill()
	if value == other {
		p.render()
		p.view.Focus("from")
		return
	}
	p.Refresh()
}

// Day takes a date as far as it is typed; F9 reckons.
func (p *Presenter) Day(field, typed string, _ dossier.Date, _ error) {
	if p.days[field] == typed {
		return
	}
	p.days[field], p.span = typed, other
	delete(p.said, field)
	p.alert, p.path = nil, ""
	p.render()
}

func order(from, to dossier.Date) desk.BookOrder {
	return desk.BookOrder{Form: "figures", From: from, To: to}
}

// Print shows the figures as they will be printed.
func (p *Presenter) Print() {
	if from, to, ok := p.period(); ok {
		p.Preview(order(from, to), "Số liệu "+from.String()+" – "+to.String())
	} else {
		p.render()
	}
}

// Export makes an Excel file of them.
func (p *Presenter) Export() {
	from, to, ok := p.period()
	if !ok || p.busy != "" {
		p.render()
		return
	}
	path := filepath.Join(p.Folder(), "so-lieu-"+from.ISO()+"-"+to.ISO()+".xlsx")
	p.busy, p.alert, p.path = "Đang xuất Excel…", nil, ""
	p.render()
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	p.turn++
	turn := p.turn
	p.Threads.Go(func() {
		defer cancel()
		_, err := p.Desk.ExportBook(ctx, order(from, to), dossier.BookXLSX, path)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return // stopped by a new reckoning
			}
			p.stop, p.busy = nil, ""
			switch {
			case errors.Is(err, context.Canceled):
				p.alert = &Alert{kit.Info, "Đã dừng, chưa có tệp nào."}
			case err != nil:
				p.fail(err)
			default:
				p.alert, p.path = &Alert{kit.Good, "Đã xuất Excel."}, path
			}
			p.render()
		})
	})
}

// Open opens the file just made.
func (p *Presenter) Open() {
	if p.path != "" {
		p.File(p.path)
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Key == "F9" && !e.Ctrl:
		p.Refresh()
	case e.Ctrl && e.Key == "P":
		p.Print()
	case e.Ctrl && e.Key == "E":
		p.Export()
	case e.Ctrl && e.Key == "O" && p.path != "":
		p.Open()
	case e.Key == "Escape" && p.stop != nil:
		p.Stop()
	case e.Key == "Escape":
		p.Back()
	case e.Key == "Next" && !e.Ctrl: // Fyne's name for PageDown
		p.view.Focus("PageDown")
	case e.Key == "Prior" && !e.Ctrl:
		p.view.Focus("PageUp")
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Phím mũi tên", Does: "Chọn kỳ"}, {Key: "F9", Does: "Tính số liệu của kỳ đang chọn"}, {Key: "Ctrl+P", Does: "Xem và in số liệu"},
		{Key: "Ctrl+E", Does: "Xuất Excel"}, {Key: "Ctrl+O", Does: "Mở tệp vừa xuất"}, {Key: "PageUp, PageDown", Does: "Cuộn trang"}, {Key: "Esc", Does: "Dừng tính; quay lại"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	spans := []kit.Option{{Value: thisWeek, Title: "Tuần này"}, {Value: thisMonth, Title: "Tháng này"}, {Value: lastMonth, Title: "Tháng trước"},
		{Value: quarter, Title: "Quý này"}, {Value: thisYear, Title: "Năm nay"}, {Value: other, Title: "Kỳ khác"}}
	s := State{Values: map[string]string{"span": p.span, "from": p.days["from"], "to": p.days["to"]}, Said: p.said, Busy: p.busy, Alert: p.alert, Path: p.path, Shown: p.shown}
	s.Questions = []kit.Section{{Rows: [][]kit.Field{{{Key: "span", Kind: kit.Pick, Label: "Kỳ", Options: spans, Columns: 6}},
		{{Key: "from", Kind: kit.Date, Label: "Từ ngày", Min: 150}, {Key: "to", Kind: kit.Date, Label: "Đến ngày", Min: 150}, {Key: "help", Kind: kit.Note, Min: 10, Weight: 1,
			Hint: "Số liệu tính theo ngày tiếp nhận hồ sơ."}}}}}
	if !p.shown {
		return s
	}
	f := p.figures
	s.Old = f.From.String() != p.days["from"] || f.To.String() != p.days["to"]
	s.Title = "Hồ sơ tiếp nhận từ " + f.From.String() + " đến " + f.To.String()
	s.Tiles = tiles(f)
	s.Days = Columns{"Hồ sơ theo " + f.Grain().String(), "", f.Buckets()}
	for _, one := range f.Procedures {
		s.Works = append(s.Works, Work{kit.ShortTitle(one.Key, one.Title), one.Tally})
	}
	s.Waits = Columns{"Thời gian chờ kết quả", assets.Word("figures.waits", nil), f.WaitBuckets()}
	return s
}

func tiles(f dossier.Figures) []Tile {
	t := f.Total
	percent := "–"
	tone, sign := kit.Good, false
	if n := t.Ended(); n > 0 {
		percent, sign = dossier.Percent(t.OnTime, n), true
		if t.Late > 0 {
			tone = kit.Warn
		}
	}
	out := []Tile{{Number: strconv.Itoa(t.Received), Words: "hồ sơ tiếp nhận", Small: fmt.Sprintf("từ chối %d", t.Refused)},
		{Number: percent, Words: "giải quyết đúng hạn", Small: fmt.Sprintf("%d đúng hạn, %d quá hạn", t.OnTime, t.Late), Tone: tone, Sign: sign},
		{Number: strconv.Itoa(t.Open), Words: "đang giải quyết", Small: fmt.Sprintf("%d đã quá hạn", t.OpenLate), Tone: kit.Bad, Sign: t.OpenLate > 0},
		{Number: waited(f.Median), Words: "ngày làm việc chờ kết quả", Small: "trung vị; lâu nhất " + waited(f.Slowest)}}
	if t.Dropped > 0 {
		out[2].Small += fmt.Sprintf("; rút, dừng %d", t.Dropped)
	}
	return out
}

func waited(days int) string {
	if days < 0 {
		return "–"
	}
	return strconv.Itoa(days)
}
