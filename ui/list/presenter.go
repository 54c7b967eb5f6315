// Package list is the list of dossiers: what is to be done, in heaps, what burns first; and search as one types among any number of rows.
//
// A station's time is told as it is: each row says which clock runs out next and when, and what is called late here is late in the
// registers too. Rows, the number of them and the numbers on the heaps are read together and shown together.
package list

import (
	"context"
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
	Counts(ctx context.Context) (map[dossier.View]int, error)
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
	Erase()       // the search, as if by hand: Ctrl+Z brings it back
	Chosen() int  // the chosen row, -1 without any
	Open()        // what Enter does on the chosen row
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
	Text      string
	In        dossier.View
	Sort      dossier.Sort // never SortUsual
	Counts    map[dossier.View]int
	Count     int // of the rows
	Counted   bool
	Reading   bool // the rows are still those of before
	Elsewhere int  // found among all dossiers, where the view has none
	Wrong     string
	Fresh     int // grows when rows must be drawn anew
	Top       bool
	Chosen    int // the row the chosen dossier has become; -1 leaves the choice
	Marked    int
	Note      string // on the marks
	Batch     *Batch // asked for; nil while the rows are shown
}

const searchPause = 130 * time.Millisecond

// Presenter reads the rows in sight and forgets the others.
type Presenter struct {
	World
	view View

	text  string
	in    dossier.View
	sort  dossier.Sort
	wide  bool // all dossiers are shown for the sake of this search, and back is the view it began in
	back  dossier.View
	later *kit.Later
	open  bool // as soon as the search has come back, if it found one

	reading
	marks map[dossier.ID]dossier.Summary
	note  string
	batch *batch
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, in: dossier.ViewToDo, later: kit.NewLater(w.Threads, searchPause),
		reading: reading{rows: map[int][]dossier.Summary{}}, marks: map[dossier.ID]dossier.Summary{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) {
	p.view = v
	p.show(true)
}

// Choose shows another view, in its usual order; what is searched for stays.
func (p *Presenter) Choose(v dossier.View) {
	if p.batch != nil {
		p.Close()
	}
	p.wide = false
	if v == p.in {
		p.show(false)
		return
	}
	p.turnTo(v)
}

func (p *Presenter) turnTo(v dossier.View) {
	p.in, p.sort = v, dossier.SortUsual
	p.later.Drop()
	p.read(true)
	p.show(false)
}

// Widen looks for the same among all dossiers; when the search is emptied, the view is back.
func (p *Presenter) Widen() {
	if p.elsewhere == 0 {
		return
	}
	p.widen()
	p.later.Drop()
	p.read(true)
}

func (p *Presenter) widen() {
	if p.in != dossier.ViewAll {
		p.back, p.wide, p.in, p.sort = p.in, true, dossier.ViewAll, dossier.SortUsual
	}
}

// sorts are those F4 goes through.
var sorts = []dossier.Sort{dossier.SortBurns, dossier.SortLatest, dossier.SortOldest, dossier.SortName}

// order is the one the rows stand in.
func (p *Presenter) order() dossier.Sort {
	switch {
	case p.sort != dossier.SortUsual:
		return p.sort
	case p.in == dossier.ViewAll:
		return dossier.SortLatest
	}
	return dossier.SortBurns
}

// NextSort is F4.
func (p *Presenter) NextSort() {
	p.sortBy(sorts[(slices.Index(sorts, p.order())+1)%len(sorts)])
}

// SortBy is a click on a title; a second one turns the order of time round.
func (p *Presenter) SortBy(key string) {
	s := dossier.Sort(key)
	if s == dossier.SortLatest && p.order() == s {
		s = dossier.SortOldest
	}
	p.sortBy(s)
}

func (p *Presenter) sortBy(s dossier.Sort) {
	p.sort = s
	p.later.Drop()
	p.read(true)
}

// Search takes what is typed.
func (p *Presenter) Search(text string) {
	if text == p.text {
		return
	}
	p.text, p.open = text, false
	if text == "" && p.wide {
		p.wide, p.in, p.sort = false, p.back, dossier.SortUsual
	}
	p.later.Do(func() { p.read(true) })
}

// Find is Search at once and among all dossiers: of a number a reader typed.
func (p *Presenter) Find(text string) {
	p.text, p.open, p.batch = text, false, nil
	p.widen()
	p.later.Drop()
	p.read(true)
}

// Enter opens the chosen row.
func (p *Presenter) Enter() {
	if !p.pending() && p.view != nil {
		p.view.Open()
	}
}

// pending tells whether the rows on the screen are not yet those that were asked for. What was typed just before is looked for at once, and
// opened if it is the only one.
func (p *Presenter) pending() bool {
	if p.later.Waiting() {
		p.later.Drop()
		p.read(true)
	}
	p.open = p.top
	return p.top
}

// Clear empties the search and goes back to where it began.
func (p *Presenter) Clear() {
	p.view.Erase()
	p.later.Drop()
	p.read(true)
}

// OpenRow opens row i.
func (p *Presenter) OpenRow(i int) {
	if row, ok := p.Row(i); ok && !p.pending() {
		p.Open(row.ID)
	}
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.wrong = kit.SayError(err)
		if kit.Problems(err) == nil {
			p.wrong = assets.Word("list.failed", map[string]string{"detail": err.Error()})
		}
	}
	p.show(false)
}

func (p *Presenter) show(top bool) { p.tell(top, -1) }

func (p *Presenter) tell(top bool, chosen int) {
	p.fresh++
	if p.view != nil {
		p.view.Show(State{Text: p.text, In: p.in, Sort: p.order(), Counts: p.counts, Count: p.count, Counted: p.counted, Reading: p.top, Elsewhere: p.elsewhere,
			Wrong: p.wrong, Fresh: p.fresh, Top: top, Chosen: chosen, Marked: len(p.marks), Note: p.note, Batch: p.asking()})
	}
}
