// Package sim tries to break the exchange. It runs the real store, the real exchange and the real upstream against a clock, a network
// and disks that a seed drives: lines drop, repeat, hold back, cut and flip; programs die at any COMMIT; images of disks are put back on
// either side and worked on; clocks jump by decades. Then all goes quiet, and what design.md says must always hold (I1–I14) is checked.
//
// One seed is one run and nearly the same run each time: only keys and hashes are of chance. A seed that ever failed stays in
// testdata/seeds and runs with every make test.
package sim

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
)

var ctx = context.Background()

// violation is a rule that did not hold.
type violation struct{ rule, what string }

func (v violation) Error() string { return v.rule + ": " + v.what }

// world is one run.
type world struct {
	r        *rand.Rand
	dir      string
	now      time.Time // the right one; nobody in the run need know it
	up       *upstream
	stations []*station
	late     []letter
	steps    []string
	sticks   int
	down     string // a path on which no call goes through
	careful  bool   // disks fail only where a test says so
	packs    int    // the version issued last

	events, calls, days int
	checked             map[string]int // invariants, how often
	faults              map[string]int // of the network
	codes               map[string]int // what people were told
	happened            map[string]int // of the chaos
}

func (w *world) fail(rule, format string, args ...any) {
	panic(violation{rule, fmt.Sprintf(format, args...)})
}

func (w *world) must(err error) {
	if err != nil {
		panic(violation{"harness", err.Error()})
	}
}

func (w *world) step(format string, args ...any) {
	w.steps = append(w.steps, fmt.Sprintf(format, args...))
}

// chance is true once in so many.
func (w *world) chance(of int) bool { return w.r.IntN(of) == 0 }

func (w *world) id() (out [16]byte) {
	binary.BigEndian.PutUint64(out[:8], w.r.Uint64())
	binary.BigEndian.PutUint64(out[8:], w.r.Uint64())
	return out
}

const upstreamAddress = "127.0.0.1:8443"

// secretName is in every reception; on the line nobody may read it.
const secretName = "Nguyễn Văn Mẫu"

// overheard is what whoever taps the line sees (I10).
func (w *world) overheard(path string, b []byte) {
	if strings.Contains(string(b), secretName) {
		w.fail("I10", "a name in clear on %s", path)
	}
}

// upstream is the receiving unit.
type upstream struct {
	w       *world
	disk    *disk
	unit    *receive.Upstream
	handler http.Handler
	look    *sql.DB // its file, from outside; nil until somebody looks
	images  []image
	backs   int // how often an image was put back
}

func (u *upstream) open() {
	unit, err := receive.Open(ctx, u.disk.folder(), receive.World{Now: func() time.Time { return u.w.now }, Word: assets.Word, Fault: u.fault, VFS: ram.Name()})
	u.w.must(err)
	u.unit, u.handler = unit, unit.Handler()
}

// fault is what upstream says went wrong within: never without a fault of the disk.
func (u *upstream) fault(err error) {
	if !injected(err) {
		u.w.fail("upstream", "a fault within: %v", err)
	}
}

// injected tells whether an error is one of the disk's, which refused a COMMIT.
func injected(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "constraint failed") || errors.Is(err, sql.ErrTxDone))
}

// start begins again with what the disk has after a power cut, or with an image.
func (u *upstream) start(from image) {
	u.close()
	u.disk.put(from)
	u.open()
}

func (u *upstream) close() {
	if u.unit != nil {
		u.unit.Close()
	}
	u.look = shut(u.look)
}

func shut(db *sql.DB) *sql.DB {
	if db != nil {
		db.Close()
	}
	return nil
}

// restored is what the person says who put an image of upstream's disk back.
func (u *upstream) restored() {
	_, err := u.unit.Restored(ctx)
	u.w.must(err)
}

func (u *upstream) answering() http.Handler {
	if u.disk.dead {
		return nil
	}
	return u.handler
}

// station is one station with its PCs.
type station struct {
	w        *world
	name     string
	pcs      []*pc
	facts    map[dossier.EventID]*fact
	numbers  map[string][]*fact
	dossiers []dossier.ID
	sticks   []string
	excused  int // numbers given twice where nobody could know
}

// pc is one PC of a station.
type pc struct {
	w       *world
	st      *station
	name    string
	desk    int
	disk    *disk
	address string // on the station's network
	store   *store.Store
	client  *exchange.Client
	peers   *exchange.Peers
	look    *sql.DB
	skew    time.Duration
	images  []snapshot
	offline int                      // steps without a line
	blind   bool                     // an image was put back, and upstream has not said since which numbers were given
	forgot  map[dossier.EventID]bool // what an image that was put back has forgotten, and nobody held whom it has asked since
	heard   int                      // how often upstream had been put back when it last heard of it
	bad     bool                     // its line
	retired bool                     // a copy that was taken out of use
	revoked bool                     // upstream takes no more of it
	unread  bool                     // what waits of it is of a copy whose keys it does not know
}

func (p *pc) now() time.Time { return p.w.now.Add(p.skew) }

func (p *pc) open() {
	s, err := store.Open(ctx, p.disk.folder(), store.Options{Now: p.now, NoReserve: true, VFS: ram.Name()})
	if err != nil {
		p.w.fail("I1", "%s does not open any more: %v", p.name, err)
	}
	p.store = s
	p.client = exchange.New(s)
	p.client.Wrap = p.wrap
	p.peers = &exchange.Peers{Client: p.client, Fault: func(err error) {
		if !injected(err) {
			p.w.fail("LAN", "%s: a fault within: %v", p.name, err)
		}
	}}
}

// start begins again with what is on the disk, as after a power cut.
func (p *pc) start(from image) {
	p.close()
	p.disk.put(from)
	p.open()
}

func (p *pc) close() {
	if p.store != nil {
		p.store.Close()
	}
	p.look = shut(p.look)
}

// up tells whether it has power, and gives it back where it has not.
func (p *pc) up() {
	if p.disk.dead {
		p.start(p.disk.left)
		p.w.happened["power back"]++
	}
}

// lookInto opens a disk's database from outside, if that has not been done.
func lookInto(had *sql.DB, d *disk) *sql.DB {
	if had != nil {
		return had
	}
	db, err := sql.Open("sqlite", d.address())
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

// sizes are the stations of the province from which every run takes some: how many PCs each has.
var sizes = []int{2, 3, 1, 2, 3}

// province is set up once, and copied for every run.
type province struct {
	unit image
	pcs  [][]image
}

var template = sync.OnceValue(func() province {
	dir, err := os.MkdirTemp(fast(), "tiepnhan-province-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	w := newWorld(1<<63, dir) // no run has this seed: ids must differ
	at := newDisk(filepath.Join(dir, "upstream"), receive.FileName)
	unit, err := receive.Create(ctx, at.folder(), "Công an tỉnh Mẫu", upstreamAddress, receive.World{Now: func() time.Time { return w.now }, Word: assets.Word, VFS: ram.Name()})
	w.must(err)
	w.must(unit.Close())
	w.up = &upstream{w: w, disk: at}
	w.up.open()
	var out province
	var all []*pc
	for i, n := range sizes {
		s := &station{w: w, name: fmt.Sprintf("Công an xã Mẫu %d", i+1)}
		for desk := 1; desk <= n; desk++ {
			p := &pc{w: w, st: s, desk: desk, name: "?", disk: newDisk(filepath.Join(dir, fmt.Sprintf("pc%d-%d", i, desk)), store.FileName)}
			w.must(p.disk.found(p.now))
			p.open()
			e := storetest.SettingsEvent(desk)
			e.ID = w.id()
			w.must(p.store.Record(ctx, e))
			ticket, err := w.up.unit.Ticket(ctx, s.name, desk, "")
			w.must(err)
			_, err = p.client.Enrol(ctx, ticket.Text())
			w.must(err)
			all = append(all, p)
		}
	}
	for range 2 { // everybody knows everybody
		for _, p := range all {
			_, err := p.client.Send(ctx, nil)
			w.must(err)
		}
	}
	i := 0
	for _, n := range sizes {
		var pcs []image
		for range n {
			p := all[i]
			i++
			p.close()
			pcs = append(pcs, p.disk.copy())
			p.disk.remove()
		}
		out.pcs = append(out.pcs, pcs)
	}
	w.up.close()
	out.unit = at.copy()
	at.remove()
	return out
})

func newWorld(seed uint64, dir string) *world {
	return &world{r: chanceOf(seed), dir: dir, now: time.Date(2026, 1, 5, 8, 0, 0, 0, dossier.Hanoi),
		checked: map[string]int{}, faults: map[string]int{}, codes: map[string]int{}, happened: map[string]int{}}
}

func chanceOf(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x7469_6570_6e68_616e)) }

// settle copies stations of the province into a world.
func (w *world) settle(stations ...int) {
	from := template()
	at := newDisk(filepath.Join(w.dir, "upstream"), receive.FileName)
	at.put(from.unit)
	w.up = &upstream{w: w, disk: at}
	w.up.open()
	for _, i := range stations {
		s := &station{w: w, name: fmt.Sprintf("Công an xã Mẫu %d", i+1), facts: map[dossier.EventID]*fact{}, numbers: map[string][]*fact{}}
		for k, files := range from.pcs[i] {
			p := &pc{w: w, st: s, desk: k + 1, name: fmt.Sprintf("%d/%d", i+1, k+1), bad: true, address: fmt.Sprintf("10.0.%d.%d:47218", i+1, k+1),
				disk: newDisk(filepath.Join(w.dir, fmt.Sprintf("pc%d-%d", i, k)), store.FileName)}
			p.disk.put(files)
			p.open()
			s.pcs = append(s.pcs, p)
		}
		w.stations = append(w.stations, s)
	}
}

// leave closes everything, whatever state it is in.
func (w *world) leave() {
	if w.up != nil {
		w.up.close()
		w.up.disk.remove()
	}
	for _, s := range w.stations {
		for _, p := range s.pcs {
			p.close()
			p.disk.remove()
		}
	}
}

// run is one seed from the first step to the last check; nil when everything held.
func run(t testing.TB, seed uint64) (w *world, broken error) {
	dir, err := os.MkdirTemp(fast(), "tiepnhan-sim-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	w = newWorld(seed, dir)
	defer func() {
		if p := recover(); p != nil {
			v, ok := p.(violation)
			if !ok {
				panic(p)
			}
			broken = v
		}
		w.leave()
	}()
	w.live()
	w.quiet()
	w.check()
	return w, nil
}
