// Package list is the list of dossiers: search as one types, any number of rows.
package list

import (
	"context"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error)
	Count(ctx context.Context, q dossier.Query) (int, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus()
}

// World is what surrounds this screen.
type World struct {
	Desk     Desk
	Threads  kit.Threads
	Trouble  func(err error, again func()) bool
	Open     func(id dossier.ID)
	Upstream func() string
	Now      func() time.Time
}

// State is what the screen shows beside the rows, which it asks for one by one.
type State struct {
	Text    string
	Count   int
	Counted bool
	Wrong   string
	Fresh   int // grows when rows must be drawn anew
	Top     bool
}

const (
	searchPause = 130 * time.Millisecond
	window      = 100 // rows read at once
	windows     = 30  // kept at most
)

// Presenter reads the rows in sight and forgets the others.
type Presenter struct {
	World
	view View

	text    string
	turn    int // of the search; what comes back for an older one is dropped
	later   *kit.Later
	count   int
	counted bool
	rows    map[int][]dossier.Summary // by window
	asked   map[int]bool
	used    []int
	fresh   int
	wrong   string
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, later: kit.NewLater(w.Threads, searchPause), rows: map[int][]dossier.Summary{}, asked: map[int]bool{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v }

// Search takes what is typed.
func (p *Presenter) Search(text string) {
	if text == p.text {
		return
	}
	p.text = text
	p.later.Do(func() { p.read(true) })
}

// Find is Search at once: of a number a reader typed.
func (p *Presenter) Find(text string) {
	p.text = text
	p.later.Drop()
	p.read(true)
}

// Refresh reads again what is shown: something was kept, sent or decided. Rows in sight stay until the new ones are there.
func (p *Presenter) Refresh() { p.read(false) }

func (p *Presenter) read(top bool) {
	p.turn++
	turn, q := p.turn, dossier.Query{Text: p.text, Limit: window}
	seen := 0
	if !top && len(p.used) > 0 {
		seen = p.used[len(p.used)-1]
	}
	q.Offset = seen * window
	p.Threads.Go(func() {
		rows, err := p.Desk.List(context.Background(), q)
		count := 0
		if err == nil {
			count, err = p.Desk.Count(context.Background(), dossier.Query{Text: q.Text})
		}
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, func() { p.read(top) })
				return
			}
			p.rows, p.asked, p.used = map[int][]dossier.Summary{seen: rows}, map[int]bool{seen: true}, []int{seen}
			p.count, p.counted, p.wrong = count, true, ""
			p.show(top)
		})
	})
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble != nil && p.Trouble(err, again) {
		return
	}
	p.wrong = kit.SayError(err)
	p.show(false)
}

// Row is row i, and whether it is here; if not, it is being read.
func (p *Presenter) Row(i int) (dossier.Summary, bool) {
	w := i / window
	if rows, ok := p.rows[w]; ok {
		if i%window < len(rows) {
			return rows[i%window], true
		}
		return dossier.Summary{}, false
	}
	p.load(w)
	return dossier.Summary{}, false
}

func (p *Presenter) load(w int) {
	if p.asked[w] || !p.counted {
		return
	}
	p.asked[w] = true
	turn, q := p.turn, dossier.Query{Text: p.text, Limit: window, Offset: w * window}
	p.Threads.Go(func() {
		rows, err := p.Desk.List(context.Background(), q)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				delete(p.asked, w)
				p.fail(err, func() { p.load(w) })
				return
			}
			p.rows[w] = rows
			p.used = append(p.used, w)
			if len(p.used) > windows {
				delete(p.rows, p.used[0])
				delete(p.asked, p.used[0])
				p.used = p.used[1:]
			}
			p.show(false)
		})
	})
}

// OpenRow opens row i.
func (p *Presenter) OpenRow(i int) {
	if row, ok := p.Row(i); ok {
		p.Open(row.ID)
	}
}

func (p *Presenter) show(top bool) {
	p.fresh++
	if p.view != nil {
		p.view.Show(State{Text: p.text, Count: p.count, Counted: p.counted, Wrong: p.wrong, Fresh: p.fresh, Top: top})
	}
}

// Cells are the texts of a row.
func (p *Presenter) Cells(s dossier.Summary) []kit.TableCell {
	now := p.Now()
	status := kit.TableCell{Text: kit.StatusWords(s.Status), Chip: kit.StatusChip(s.Status)}
	if s.Disputed {
		status = kit.TableCell{Text: "Trùng thao tác", Chip: &kit.Chip{Sign: kit.CrossSign, Color: kit.Red, Soft: kit.RedSoft}}
	}
	due := kit.TableCell{}
	if !s.Due.IsZero() {
		due.Text = s.Due.In(dossier.Hanoi).Format("02/01/2006")
		if s.Status.Ended() {
			due.Color = kit.Muted
		}
		if kit.Late(s, now) {
			due.Text, due.Color, due.Bold = due.Text+" Quá hạn", kit.Red, true
		}
	}
	sent, tone := kit.SentWords(s, p.Upstream())
	return []kit.TableCell{{Text: s.Number, Bold: true}, {Text: s.Name}, {Text: kit.ShortTitle(s.Procedure, s.Title)}, status,
		{Text: kit.Short(s.ReceivedAt), Color: kit.Muted}, due, {Text: sent, Color: tone.Ink()}}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool { return false }

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Gõ chữ", Does: "Tìm ngay khi gõ; không cần dấu, không phân biệt hoa thường"}, {Key: "Mũi tên, PageUp, PageDown", Does: "Chọn hồ sơ"},
		{Key: "Home End", Does: "Hồ sơ mới nhất, cũ nhất (khi con trỏ ở bảng)"}, {Key: "Enter", Does: "Mở hồ sơ đang chọn"},
		{Key: "Quét thẻ", Does: "Tìm hồ sơ của người có thẻ"}, {Key: "Quét giấy tiếp nhận", Does: "Mở hồ sơ đó"}}
}
