package list

import (
	"context"
	"maps"
	"slices"
	"time"

	"tiepnhan/dossier"
)

const (
	window  = 100              // rows read at once
	windows = 30               // kept at most
	rest    = 10 * time.Minute // the longest a list stands unread: a suspended PC wakes on another day
)

// reading is what is here of the rows. At most one call to the store is under way: what is wanted meanwhile is asked for when it has
// ended, and only the newest of it, so that a key held down leaves nothing to work off.
type reading struct {
	rows      map[int][]dossier.Summary // by window
	seen      int                       // the window the screen asked for last
	count     int
	counted   bool
	counts    map[dossier.View]int
	elsewhere int
	fresh     int
	wrong     string
	broken    bool // nothing is read again by itself until somebody asks

	turn int  // of what is wanted; what was read for an older one is dropped
	top  bool // what is wanted begins at the first row
	stop context.CancelFunc
	wake func() bool
}

// Refresh reads again what is shown: something was kept, sent or decided. Rows in sight stay until the new ones are there, and the chosen
// dossier stays chosen wherever its row has gone.
func (p *Presenter) Refresh() { p.read(false) }

func (p *Presenter) query() dossier.Query {
	return dossier.Query{Text: p.text, View: p.in, Sort: p.sort, Limit: window}
}

func (p *Presenter) read(top bool) {
	p.turn++
	p.top, p.broken = p.top || top, false
	if p.stop != nil {
		p.stop() // it comes back at once, and then this is read
		return
	}
	p.start()
}

// look runs work away from the screen, and take with what it found unless something newer is wanted by then.
func (p *Presenter) look(work func(context.Context) (take func(), err error), again func()) {
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	turn := p.turn
	p.Threads.Go(func() {
		take, err := work(ctx)
		p.Threads.OnUI(func() {
			cancel()
			p.stop = nil
			switch {
			case turn != p.turn:
				p.start()
			case err != nil:
				p.broken, p.top, p.open = true, false, false
				p.fail(err, again)
			default:
				take()
			}
		})
	})
}

func (p *Presenter) start() {
	q, top := p.query(), p.top
	q.Now = p.Now()
	near := []int{0}
	if !top {
		at := max(0, p.chosen()) / window
		near = []int{at - 1, at, at + 1, p.seen - 1, p.seen}
	}
	p.look(func(ctx context.Context) (func(), error) {
		f, err := p.fetch(ctx, q, near)
		return func() { p.take(f, top) }, err
	}, func() { p.read(top) })
}

// found is all that was read together.
type found struct {
	rows      map[int][]dossier.Summary
	count     int
	counts    map[dossier.View]int
	elsewhere int
}

func (p *Presenter) fetch(ctx context.Context, q dossier.Query, near []int) (f found, err error) {
	f.rows = map[int][]dossier.Summary{}
	slices.Sort(near)
	near = slices.DeleteFunc(slices.Compact(near), func(w int) bool { return w < 0 })
	for len(near) > 0 {
		n := 1
		for n < len(near) && near[n] == near[0]+n {
			n++
		}
		q.Offset, q.Limit = near[0]*window, n*window
		rows, err := p.Desk.List(ctx, q)
		if err != nil {
			return f, err
		}
		for i := range n {
			f.rows[near[i]] = rows[min(i*window, len(rows)):min((i+1)*window, len(rows))]
		}
		near = near[n:]
	}
	if f.counts, err = p.Desk.Counts(ctx); err != nil {
		return f, err
	}
	f.count = f.counts[q.View]
	if q.Text != "" {
		all := dossier.Query{Text: q.Text, View: q.View, Now: q.Now}
		if f.count, err = p.Desk.Count(ctx, all); err == nil && f.count == 0 && q.View != dossier.ViewAll {
			all.View = dossier.ViewAll
			f.elsewhere, err = p.Desk.Count(ctx, all)
		}
	}
	return f, err
}

func (p *Presenter) take(f found, top bool) {
	chosen := -1
	if was, ok := p.held(p.chosen()); ok && !top {
		chosen = f.place(was.ID)
	}
	p.rows, p.count, p.counted, p.counts, p.elsewhere, p.wrong, p.top = f.rows, f.count, true, f.counts, f.elsewhere, "", false
	if top {
		p.seen = 0
	}
	p.sleep()
	open := p.open && p.count == 1
	p.open = false
	p.tell(top, chosen)
	if open {
		p.OpenRow(0)
	}
}

// place is the row of a dossier, -1 if it is not among those read.
func (f found) place(id dossier.ID) int {
	for w, rows := range f.rows {
		if i := slices.IndexFunc(rows, func(s dossier.Summary) bool { return s.ID == id }); i >= 0 {
			return w*window + i
		}
	}
	return -1
}

func (p *Presenter) chosen() int {
	if p.view == nil {
		return -1
	}
	return p.view.Chosen()
}

// held is row i if it is here.
func (p *Presenter) held(i int) (dossier.Summary, bool) {
	rows, ok := p.rows[i/window]
	if !ok || i < 0 || i%window >= len(rows) {
		return dossier.Summary{}, false
	}
	return rows[i%window], true
}

// Row is row i, and whether it is here; if not, it is being read.
func (p *Presenter) Row(i int) (dossier.Summary, bool) {
	p.seen = i / window
	if _, ok := p.rows[p.seen]; !ok && i < p.count {
		p.load(p.seen)
	}
	return p.held(i)
}

func (p *Presenter) load(w int) {
	if p.stop != nil || p.broken {
		return // what has been read is shown, and then the screen asks again for what it still lacks
	}
	q := p.query()
	q.Offset, q.Now = w*window, p.Now()
	p.look(func(ctx context.Context) (func(), error) {
		rows, err := p.Desk.List(ctx, q)
		return func() {
			p.rows[w] = rows
			p.forget()
			p.show(false)
		}, err
	}, p.Refresh)
}

// forget drops the windows farthest from what is looked at.
func (p *Presenter) forget() {
	for len(p.rows) > windows {
		far := slices.MaxFunc(slices.Collect(maps.Keys(p.rows)), func(a, b int) int { return max(a-p.seen, p.seen-a) - max(b-p.seen, p.seen-b) })
		delete(p.rows, far)
	}
}

// sleep reads again when the next time of a row that is here runs out, at midnight, and now and then: a list left open over night says what
// is true in the morning.
func (p *Presenter) sleep() {
	if p.wake != nil {
		p.wake()
	}
	now := p.Now()
	wait := min(rest, dossier.DateOf(now).AddDays(1).At(0, 0).Sub(now)+time.Second)
	for _, rows := range p.rows {
		for _, row := range rows {
			if left := row.Burns.Sub(now); !row.Burns.IsZero() && left >= 0 {
				wait = min(wait, left+time.Second)
			}
		}
	}
	p.wake = p.Threads.After(wait, func() {
		p.wake = nil
		p.read(false)
	})
}
