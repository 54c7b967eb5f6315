// Package audit is the inspector's screen: who did what, the newest first. What many look-ups in a short time look like is said above
// everything; one row shows where it stands in its chain, so that nobody has to believe the screen.
package audit

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Holiday(day dossier.Date) string
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Users(ctx context.Context) ([]dossier.User, error)
	Forms(ctx context.Context) ([]dossier.FormInfo, error)
	Find(ctx context.Context, number string) (dossier.Dossier, error)
	Audit(ctx context.Context, f dossier.TrailFilter, before dossier.EventID) (rows []dossier.TrailRow, more bool, err error)
	Bursts(ctx context.Context, from, to dossier.Date) ([]desk.Burst, error)
	ExportAudit(ctx context.Context, f dossier.TrailFilter, path string) (n int, err error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string) // "" is the rows
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Open    func(id dossier.ID) // a dossier
	File    func(path string)
	Folder  func() string // where what is exported goes
	Back    func()
	Now     func() time.Time
}

// Fact is one thing known of a row.
type Fact struct{ Label, Text string }

// Alert is a word over the rows.
type Alert struct {
	Tone kit.Tone
	Text string
}

// State is all that the screen shows, beside the rows, which it asks for one by one.
type State struct {
	Count     int // of the rows that are here
	Reading   bool
	Broken    bool // they could not be read
	Fresh     int  // grows when rows must be drawn anew
	At        int  // the row that is chosen
	Filter    string
	Found     string // how many rows, and whether there are more
	Burst     string // the first of the bursts, "" for none
	Bursts    int
	Alert     *Alert
	Path      string // of the file just made
	Busy      string
	Facts     []Fact // of the row that is chosen
	Dossier   bool   // it is of one that can be opened
	Asking    bool   // what is to be shown is being asked
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
}

// The periods that can be chosen at once.
const (
	today = "today"
	week  = "week"
	month = "month"
	other = "other"
)

// Most is how many rows are shown of one filter: an inspector asks for less, or exports all of it.
const Most = 50 * desk.AuditPage

// ahead is how many rows before the end of those that are here the next page is read.
const ahead = 30

// wish is what is to be shown.
type wish struct {
	span, from, to string // days as they are typed
	who            dossier.OfficerID
	group          string
	number         string
}

// Presenter knows what is asked for and the rows that are here. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view   View
	wish   wish
	typed  wish // while it is being asked
	filter dossier.TrailFilter
	names  names
	people []kit.Option

	rows    []dossier.TrailRow
	more    bool
	reading bool
	broken  bool // no further page is read by itself
	turn    int
	stop    context.CancelFunc
	fresh   int
	at      int
	bursts  []desk.Burst
	burst   int // the one shown next

	asking bool
	said   map[string]kit.Said
	alert  *Alert
	path   string
	busy   string
	halt   context.CancelFunc
}

// New is a presenter of today; Attach gives it a view.
func New(w World) *Presenter {
	p := &Presenter{World: w, said: map[string]kit.Said{}}
	p.wish.span = today
	p.wish.fill(w.Now())
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// fill lays out the days of the period chosen.
func (w *wish) fill(now time.Time) {
	to := dossier.DateOf(now)
	from := to
	switch w.span {
	case week:
		from = to.AddDays(-6)
	case month:
		from = to.AddDays(-29)
	case other:
		return
	}
	w.from, w.to = from.String(), to.String()
}

// Refresh reads again what is asked for, from the newest.
func (p *Presenter) Refresh() {
	p.wish.fill(p.Now()) // another day may have begun
	p.end()
	ctx, turn := p.begin()
	w := p.wish
	p.Threads.Go(func() {
		f, n, people, err := p.ask(ctx, w)
		var rows []dossier.TrailRow
		more := false
		if err == nil {
			rows, more, err = p.Desk.Audit(ctx, f, dossier.EventID{})
		}
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.reading = false
			if err != nil {
				p.rows, p.more, p.bursts = nil, false, nil
				p.fail(err)
				return
			}
			p.filter, p.names, p.people = f, n, people
			p.rows, p.more, p.at = rows, more, 0
			p.fresh++
			p.render()
			p.look(ctx, turn)
		})
	})
}

// begin begins to read something else.
func (p *Presenter) begin() (context.Context, int) {
	ctx, stop := context.WithCancel(context.Background())
	p.stop, p.reading, p.broken = stop, true, false
	p.turn++
	p.bursts, p.burst, p.alert, p.path = nil, 0, nil, ""
	p.render()
	return ctx, p.turn
}

// end gives up what is being read.
func (p *Presenter) end() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	p.turn++
	p.reading = false
}

// Leave ends what is going on: nobody looks any more.
func (p *Presenter) Leave() {
	p.end()
	p.Stop()
	p.render()
}

// ask makes a filter of a wish, and learns what people and forms are called.
func (p *Presenter) ask(ctx context.Context, w wish) (f dossier.TrailFilter, n names, people []kit.Option, err error) {
	f = dossier.TrailFilter{Who: w.who, Kinds: groupOf(w.group).kinds}
	if f.From, err = dossier.ParseDate(w.from); err != nil {
		return f, n, nil, dossier.Invalid("from", "date.format")
	}
	if f.To, err = dossier.ParseDate(w.to); err != nil {
		return f, n, nil, dossier.Invalid("to", "date.format")
	}
	if f.To.Before(f.From) {
		return f, n, nil, dossier.Invalid("to", "book.range")
	}
	if number := dossier.Clean(w.number); number != "" {
		have, err := p.Desk.Find(ctx, number)
		if err != nil {
			return f, n, nil, at("number", err)
		}
		f.Dossier = have.ID
	}
	set, _, err := p.Desk.Settings(ctx)
	if err != nil {
		return f, n, nil, err
	}
	users, err := p.Desk.Users(ctx)
	if err != nil {
		return f, n, nil, err
	}
	forms, err := p.Desk.Forms(ctx)
	if err != nil {
		return f, n, nil, err
	}
	n = names{people: map[dossier.OfficerID]string{}, forms: map[string]dossier.FormInfo{}}
	for _, form := range forms {
		n.forms[form.Key] = form
	}
	people = []kit.Option{{Value: "", Title: "Mọi người"}}
	know := func(id dossier.OfficerID, name string) {
		if n.people[id] == "" {
			n.people[id] = name
			people = append(people, kit.Option{Value: string(id), Title: name, Sub: string(id)})
		}
	}
	for _, u := range users {
		know(u.ID, u.Name)
	}
	for _, o := range set.Officers {
		know(o.ID, o.Name)
	}
	return f, n, people, nil
}

// at puts problems at a field.
func at(field string, err error) error {
	ps := kit.Problems(err)
	if len(ps) == 0 {
		return err
	}
	for i := range ps {
		ps[i].Field = field
	}
	return ps
}

// look finds the bursts of the period, once the first rows are there.
func (p *Presenter) look(ctx context.Context, turn int) {
	f := p.filter
	p.Threads.Go(func() {
		found, err := p.Desk.Bursts(ctx, f.From, f.To)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			switch {
			case err == nil:
				p.bursts = found
			case dossier.Code(err) == "book.too-long":
				p.alert = &Alert{kit.Info, assets.Word("audit.long", nil)}
			default:
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.render()
		})
	})
}

// fail says what is wrong with what was asked at its field, everything else over the rows.
func (p *Presenter) fail(err error) {
	p.broken = true
	if errors.Is(err, context.Canceled) {
		p.render()
		return
	}
	field := ""
	for _, one := range kit.Problems(err) {
		if slices.Contains([]string{"from", "to", "number"}, one.Field) {
			field, p.said[one.Field] = one.Field, kit.Said{Text: kit.Say(one)}
		}
	}
	switch {
	case field != "":
		p.asking, p.typed = true, p.wish
		p.render()
		p.focus(field)
		return
	case p.Trouble == nil || len(kit.Problems(err)) > 0 && dossier.Code(err) != "clock.wrong" || !p.Trouble(err, p.Refresh):
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// Row is row i, and whether it is here. Near the end of those that are here the next page is read.
func (p *Presenter) Row(i int) ([]kit.TableCell, bool) {
	if i >= len(p.rows)-ahead {
		p.next()
	}
	if i >= len(p.rows) {
		return nil, false
	}
	r := p.rows[i]
	did := ink(r)
	did.Text, _ = p.names.did(r)
	did.Also = r.Number
	return []kit.TableCell{{Text: clock(r.At, p.Now())}, {Text: p.names.on(r.Crew).who(r.By)}, did}, true
}

// next reads the page behind those that are here.
func (p *Presenter) next() {
	if !p.more || p.reading || p.broken || len(p.rows) == 0 || len(p.rows) >= Most {
		return
	}
	p.reading = true
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	turn, f, before := p.turn, p.filter, p.rows[len(p.rows)-1].ID
	p.Threads.Go(func() {
		rows, more, err := p.Desk.Audit(ctx, f, before)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.reading = false
			if err != nil {
				p.broken = true
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			} else {
				p.rows, p.more = append(p.rows, rows...), more
				p.fresh++
			}
			p.render()
		})
	})
}

// Select shows where row i stands.
func (p *Presenter) Select(i int) {
	if i < 0 || i >= len(p.rows) || i == p.at {
		return
	}
	p.at = i
	p.render()
}

// OpenRow opens the dossier row i is of.
func (p *Presenter) OpenRow(i int) {
	if i >= 0 && i < len(p.rows) && p.rows[i].Number != "" {
		p.Open(p.rows[i].Dossier)
	}
}

// Choose shows one group, "" for all, at once.
func (p *Presenter) Choose(key string) {
	if p.busy != "" {
		return
	}
	p.asking, p.said = false, map[string]kit.Said{}
	p.wish.group = key
	p.Refresh()
	p.focus("")
}

// Filter is F4: what is to be shown is asked, or left as it was.
func (p *Presenter) Filter() {
	if p.busy != "" {
		return
	}
	if p.asking {
		p.Close()
		return
	}
	p.asking, p.typed, p.said = true, p.wish, map[string]kit.Said{}
	p.render()
	p.focus("span")
}

// Close goes back to the row.
func (p *Presenter) Close() {
	p.asking, p.said = false, map[string]kit.Said{}
	p.render()
	p.focus("")
}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, value string) {
	if p.busy != "" {
		p.render()
		return
	}
	delete(p.said, field)
	switch field {
	case "span":
		p.typed.span = value
		p.typed.fill(p.Now())
	case "from", "to":
		if was := map[string]string{"from": p.typed.from, "to": p.typed.to}[field]; was != value {
			p.typed.span = other
		}
		if field == "from" {
			p.typed.from = value
		} else {
			p.typed.to = value
		}
	case "who":
		p.typed.who = dossier.OfficerID(value)
	case "group":
		p.typed.group = value
	case "number":
		p.typed.number = value
	}
	p.render()
}

// Submit is F9: shows what was asked for, or reads again.
func (p *Presenter) Submit() {
	if p.busy != "" {
		return
	}
	if p.asking {
		p.wish, p.asking, p.said = p.typed, false, map[string]kit.Said{}
		p.focus("")
	}
	p.Refresh()
}

// Burst shows the look-ups of a burst, the next one each time.
func (p *Presenter) Burst() {
	if len(p.bursts) == 0 || p.busy != "" {
		return
	}
	all, n := p.bursts, p.burst
	b := all[n]
	p.asking = false
	p.wish = wish{span: other, from: dossier.DateOf(b.From).String(), to: dossier.DateOf(b.To).String(), who: b.By, group: "look"}
	p.Refresh()
	p.bursts, p.burst = all, (n+1)%len(all)
	p.render()
	p.focus("")
}

// Export is Ctrl+E: all that the filter admits leaves as a file with its hashes.
func (p *Presenter) Export() {
	if p.busy != "" || p.filter.From.IsZero() {
		return
	}
	f := p.filter
	path := filepath.Join(p.Folder(), "nhat-ky-"+f.From.ISO()+"-"+f.To.ISO()+".csv")
	ctx, cancel := context.WithCancel(context.Background())
	p.halt, p.busy, p.alert, p.path = cancel, "Đang xuất nhật ký…", nil, ""
	p.render()
	p.Threads.Go(func() {
		defer cancel()
		rows, err := p.Desk.ExportAudit(ctx, f, path)
		p.Threads.OnUI(func() {
			p.halt, p.busy = nil, ""
			switch {
			case err == nil:
				p.alert, p.path = &Alert{kit.Good, fmt.Sprintf("Đã xuất %d dòng nhật ký kèm mã băm.", rows)}, path
			case errors.Is(err, context.Canceled):
				p.alert = &Alert{kit.Info, "Đã dừng, chưa có tệp nào."}
			default:
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
			}
			p.render()
		})
	})
}

// Stop ends an export; what became of it is said when that is certain.
func (p *Presenter) Stop() {
	if p.halt != nil {
		p.halt()
	}
}

// OpenFile opens the file just made.
func (p *Presenter) OpenFile() {
	if p.path != "" {
		p.File(p.path)
	}
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	if e.Alt || e.Shift {
		return false
	}
	if e.Ctrl {
		switch {
		case len(e.Key) == 1 && e.Key >= "1" && int(e.Key[0]-'1') <= len(groups):
			key := ""
			if i := int(e.Key[0] - '2'); e.Key > "1" {
				key = groups[i].key
			}
			p.Choose(key)
		case e.Key == "E":
			p.Export()
		case e.Key == "O" && p.path != "":
			p.OpenFile()
		case e.Key == "D" && len(p.bursts) > 0:
			p.Burst()
		default:
			return false
		}
		return true
	}
	switch {
	case e.Key == "F4":
		p.Filter()
	case e.Key == "F6":
		p.Refresh()
	case e.Key == "F9":
		p.Submit()
	case e.Key == "Escape" && p.busy != "":
		p.Stop()
	case e.Key == "Escape" && p.asking:
		p.Close()
	case e.Key == "Escape":
		p.Back()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "F4", Does: "Lọc theo ngày, người, loại việc, số hồ sơ; F9 xem"}, {Key: "Ctrl+1 … Ctrl+7", Does: "Mọi việc; đăng nhập; tra cứu và xem; in và xuất; hồ sơ; thiết lập; an toàn"},
		{Key: "Mũi tên, PageUp, PageDown", Does: "Chọn dòng; đến cuối thì đọc tiếp"}, {Key: "Enter", Does: "Mở hồ sơ của dòng đang chọn"},
		{Key: "Ctrl+D", Does: "Xem đợt tra cứu dồn dập"}, {Key: "Ctrl+E", Does: "Xuất ra tệp CSV kèm mã băm"}, {Key: "Ctrl+O", Does: "Mở tệp vừa xuất"},
		{Key: "F6", Does: "Đọc lại"}, {Key: "Esc", Does: "Dừng xuất; thôi lọc; quay lại"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Count: len(p.rows), Reading: p.reading, Broken: p.broken, Fresh: p.fresh, At: p.at, Filter: p.filterWords(), Found: p.found(), Bursts: len(p.bursts), Alert: p.alert, Path: p.path,
		Busy: p.busy, Asking: p.asking, Said: p.said}
	if len(p.bursts) > 0 {
		s.Burst = p.burstWords(p.bursts[p.burst])
	}
	switch {
	case p.asking:
		s.Questions, s.Values = p.questions(), map[string]string{"span": p.typed.span, "from": p.typed.from, "to": p.typed.to, "who": string(p.typed.who),
			"group": p.typed.group, "number": p.typed.number}
	case p.at < len(p.rows):
		s.Facts, s.Dossier = p.names.facts(p.rows[p.at]), p.rows[p.at].Number != ""
	}
	return s
}

// filterWords are what is shown, in a line.
func (p *Presenter) filterWords() string {
	w := p.wish
	parts := []string{groupOf(w.group).title}
	switch {
	case w.span == today:
		parts = append(parts, "hôm nay")
	case w.from == w.to:
		parts = append(parts, "ngày "+w.from)
	default:
		parts = append(parts, w.from+" – "+w.to)
	}
	if w.who != "" {
		parts = append(parts, p.names.who(w.who))
	}
	if w.number != "" {
		parts = append(parts, "hồ sơ "+dossier.Clean(w.number))
	}
	return strings.Join(parts, " · ")
}

func (p *Presenter) found() string {
	n := len(p.rows)
	switch {
	case p.reading && n == 0:
		return "Đang đọc nhật ký…"
	case p.broken && n == 0:
		return "Chưa đọc được"
	case p.more && n >= Most:
		return assets.Word("audit.most", map[string]string{"most": fmt.Sprint(Most)})
	case p.more:
		return fmt.Sprintf("%d dòng mới nhất; còn nữa, xuống cuối để đọc tiếp", n)
	}
	return fmt.Sprintf("%d dòng", n)
}

func (p *Presenter) burstWords(b desk.Burst) string {
	text := assets.Word("audit.burst", map[string]string{"person": p.names.on(b.Crew).whom(b.By), "count": fmt.Sprint(b.Persons), "from": b.From.In(dossier.Hanoi).Format("15:04"),
		"to": kit.Moment(b.To)})
	if more := len(p.bursts) - 1; more > 0 {
		text += " " + assets.Word("audit.bursts", map[string]string{"count": fmt.Sprint(more)})
	}
	return text
}

func (p *Presenter) questions() []kit.Section {
	kinds := []kit.Option{{Value: "", Title: "Mọi việc"}}
	for _, g := range groups {
		kinds = append(kinds, kit.Option{Value: g.key, Title: g.title})
	}
	people := p.people
	if people == nil {
		people = []kit.Option{{Value: "", Title: "Mọi người"}}
	}
	return []kit.Section{{Rows: [][]kit.Field{
		{{Key: "span", Kind: kit.Pick, Label: "Thời gian", Options: spans, Columns: 2}},
		{{Key: "from", Kind: kit.Date, Label: "Từ ngày", Min: 140, Weight: 1}, {Key: "to", Kind: kit.Date, Label: "Đến ngày", Min: 140, Weight: 1}},
		{{Key: "group", Kind: kit.Pick, Label: "Loại việc", Options: kinds, Columns: 2}},
		{{Key: "number", Label: "Số hồ sơ", Hint: "để trống là mọi hồ sơ"}},
		{{Key: "who", Kind: kit.Pick, Label: "Người làm", Options: people, Columns: 1}}}}}
}
