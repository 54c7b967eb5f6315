// Package list is the list of dossiers: search as one types, any number of rows.
package list

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error)
	Count(ctx context.Context, q dossier.Query) (int, error)
	Forms(ctx context.Context) ([]dossier.FormInfo, error)
	OfDay(ctx context.Context, from, to dossier.Date) ([]dossier.ID, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus()
	FocusPrint(field string)
	Mark()        // what Space does on the chosen row
	Typing() bool // the search has the focus and something in it
}

// World is what surrounds this screen.
type World struct {
	Desk     Desk
	Threads  kit.Threads
	Trouble  func(err error, again func()) bool
	Open     func(id dossier.ID)
	Preview  func(order desk.Order, title string) // shows what will be printed
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
	Marked  int
	Note    string // on the marks
	Batch   *Batch // asked for; nil while the rows are shown
}

// Batch is what is asked before many are printed at once.
type Batch struct {
	Marked    int
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Wrong     string
	Busy      bool
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

	marks map[dossier.ID]dossier.Summary
	note  string
	batch *batch
}

// batch is what is chosen before many are printed.
type batch struct {
	forms     []dossier.FormInfo
	form, day string
	said      map[string]kit.Said
	wrong     string
	busy      bool
}

// MostMarked is how many dossiers are printed at once.
const MostMarked = 500

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, later: kit.NewLater(w.Threads, searchPause), rows: map[int][]dossier.Summary{}, asked: map[int]bool{},
		marks: map[dossier.ID]dossier.Summary{}}
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
		p.view.Show(State{Text: p.text, Count: p.count, Counted: p.counted, Wrong: p.wrong, Fresh: p.fresh, Top: top,
			Marked: len(p.marks), Note: p.note, Batch: p.asking()})
	}
}

// Marked tells whether row i is.
func (p *Presenter) Marked(i int) bool {
	row, ok := p.Row(i)
	_, marked := p.marks[row.ID]
	return ok && marked
}

// Mark marks row i for printing, or takes the mark back.
func (p *Presenter) Mark(i int) {
	row, ok := p.Row(i)
	if !ok {
		return
	}
	p.note = ""
	if _, marked := p.marks[row.ID]; marked {
		delete(p.marks, row.ID)
	} else if len(p.marks) < MostMarked {
		p.marks[row.ID] = row
	} else {
		p.note = mostMarked()
	}
	p.show(false)
}

func mostMarked() string {
	return assets.Word("ui.mark-most", map[string]string{"most": fmt.Sprint(MostMarked)})
}

// MarkAll marks everything found, the latest first.
func (p *Presenter) MarkAll() {
	p.turn++
	turn, q := p.turn, dossier.Query{Text: p.text, Limit: MostMarked}
	p.Threads.Go(func() {
		rows, err := p.Desk.List(context.Background(), q)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, p.MarkAll)
				return
			}
			p.marks, p.note = map[dossier.ID]dossier.Summary{}, ""
			for _, row := range rows {
				p.marks[row.ID] = row
			}
			if len(rows) == MostMarked && p.count > len(rows) {
				p.note = mostMarked()
			}
			p.show(false)
		})
	})
}

// Unmark takes all marks back.
func (p *Presenter) Unmark() {
	p.marks, p.note = map[dossier.ID]dossier.Summary{}, ""
	p.show(false)
}

// Print is F8: asks which form of the dossiers marked, or of a whole day where none is.
func (p *Presenter) Print() {
	if p.batch != nil {
		p.Close()
		return
	}
	p.Threads.Go(func() {
		all, err := p.Desk.Forms(context.Background())
		p.Threads.OnUI(func() {
			if err != nil {
				p.fail(err, p.Print)
				return
			}
			b := &batch{day: dossier.DateOf(p.Now()).String(), said: map[string]kit.Said{}}
			for _, f := range all {
				if !f.Book {
					b.forms = append(b.forms, f)
				}
			}
			slices.SortStableFunc(b.forms, func(a, c dossier.FormInfo) int { return cmp.Compare(first(a), first(c)) })
			if len(b.forms) > 0 {
				b.form = b.forms[0].Key
			}
			p.batch = b
			p.show(false)
			if p.view != nil {
				p.view.FocusPrint("form")
			}
		})
	})
}

func first(f dossier.FormInfo) int {
	if f.Key == "receipt" {
		return 0
	}
	return 1
}

// Close goes back to the rows; the marks stay.
func (p *Presenter) Close() {
	p.batch = nil
	p.show(false)
	if p.view != nil {
		p.view.Focus()
	}
}

// Pick and Day take what is asked before printing.
func (p *Presenter) Pick(_, value string) {
	if p.batch != nil {
		p.batch.form, p.batch.wrong = value, ""
		p.show(false)
	}
}

// Day takes the day as far as it is typed.
func (p *Presenter) Day(typed string) {
	if p.batch != nil {
		p.batch.day, p.batch.wrong = typed, ""
		delete(p.batch.said, "day")
		p.show(false)
	}
}

// PreviewAll shows what will be printed: the dossiers marked, in the order they were received, or all of the day.
func (p *Presenter) PreviewAll() {
	b := p.batch
	if b == nil || b.busy || b.form == "" {
		return
	}
	if len(p.marks) > 0 {
		var rows []dossier.Summary
		for _, row := range p.marks {
			rows = append(rows, row)
		}
		slices.SortFunc(rows, func(a, c dossier.Summary) int {
			return cmp.Or(dossier.DateOf(a.ReceivedAt).At(0, 0).Compare(dossier.DateOf(c.ReceivedAt).At(0, 0)), cmp.Compare(a.Number, c.Number))
		})
		var ids []dossier.ID
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		p.preview(b, ids, fmt.Sprintf("%d hồ sơ", len(ids)))
		return
	}
	day, err := dossier.ParseDate(b.day)
	if err != nil {
		b.said["day"] = kit.Said{Text: kit.SayError(dossier.Invalid("day", "date.format"))}
		p.show(false)
		p.view.FocusPrint("day")
		return
	}
	b.busy = true
	p.show(false)
	p.Threads.Go(func() {
		ids, err := p.Desk.OfDay(context.Background(), day, day)
		p.Threads.OnUI(func() {
			b.busy = false
			switch {
			case p.batch != b:
			case err != nil:
				b.wrong = kit.SayError(err)
				p.show(false)
			case len(ids) == 0:
				b.said["day"] = kit.Said{Text: assets.Word("ui.day-empty", map[string]string{"day": day.String()})}
				p.show(false)
				p.view.FocusPrint("day")
			default:
				p.preview(b, ids, "ngày "+day.String())
			}
		})
	})
}

func (p *Presenter) preview(b *batch, ids []dossier.ID, of string) {
	title := ""
	for _, f := range b.forms {
		if f.Key == b.form {
			if title = f.Code; title == "" {
				title = f.Title
			}
		}
	}
	p.batch = nil
	p.show(false)
	p.Preview(desk.Order{Form: b.form, Dossiers: ids}, title+", "+of)
}

func (p *Presenter) asking() *Batch {
	b := p.batch
	if b == nil {
		return nil
	}
	out := &Batch{Marked: len(p.marks), Values: map[string]string{"form": b.form, "day": b.day}, Said: b.said, Wrong: b.wrong, Busy: b.busy}
	var options []kit.Option
	for _, f := range b.forms {
		options = append(options, kit.Option{Value: f.Key, Title: f.Title, Sub: f.Code})
	}
	var rows [][]kit.Field
	if out.Marked == 0 {
		rows = append(rows, []kit.Field{{Key: "day", Kind: kit.Date, Label: "Cả ngày tiếp nhận", Need: true, Min: 150}, {Key: "help", Kind: kit.Note, Weight: 1,
			Hint: "Muốn chọn từng hồ sơ: nhấn Esc, rồi đánh dấu bằng phím Insert."}})
	}
	rows = append(rows, []kit.Field{{Key: "form", Kind: kit.Pick, Label: "Giấy cần in", Need: true, Columns: 2, Options: options}})
	out.Questions = []kit.Section{{Rows: rows}}
	return out
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
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Key == "F8" && !e.Ctrl:
		p.Print()
	case p.batch != nil:
		switch {
		case e.Key == "F9" && !e.Ctrl:
			p.PreviewAll()
		case e.Key == "Escape":
			p.Close()
		default:
			return false
		}
	case e.Key == "Insert" && !e.Ctrl && !e.Shift:
		p.view.Mark()
	case e.Ctrl && e.Key == "A" && !p.view.Typing():
		p.MarkAll()
	case e.Key == "Escape" && len(p.marks) > 0:
		p.Unmark()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Gõ chữ", Does: "Tìm ngay khi gõ; không cần dấu, không phân biệt hoa thường"}, {Key: "Mũi tên, PageUp, PageDown", Does: "Chọn hồ sơ"},
		{Key: "Home End", Does: "Hồ sơ mới nhất, cũ nhất (khi con trỏ ở bảng)"}, {Key: "Enter", Does: "Mở hồ sơ đang chọn"},
		{Key: "Insert", Does: "Đánh dấu hồ sơ để in, hoặc bỏ dấu (ở bảng: cả dấu cách)"}, {Key: "Ctrl+A", Does: "Đánh dấu mọi hồ sơ tìm thấy (khi ô tìm trống hoặc con trỏ ở bảng)"},
		{Key: "Esc", Does: "Bỏ mọi dấu"}, {Key: "F8", Does: "In hàng loạt: hồ sơ đã đánh dấu, hoặc cả ngày"},
		{Key: "Quét thẻ", Does: "Tìm hồ sơ của người có thẻ"}, {Key: "Quét giấy tiếp nhận", Does: "Mở hồ sơ đó"}}
}
