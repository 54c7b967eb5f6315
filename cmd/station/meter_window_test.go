//go:build e2e

package main

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// meter sees when the window is painted: the display tells of every picture put on the screen, so nothing is asked of the program and a
// moment is known to the millisecond. It has a line of its own to the display.
type meter struct {
	d       *display
	conn    *xgb.Conn
	painted chan time.Time
}

// whole is the window without the status line, whose clock may turn at any time.
var whole = image.Rect(0, 0, screenWidth, 760)

// watch begins to watch the window that is open. It ends with the display.
func (d *display) watch() *meter {
	d.t.Helper()
	conn, err := xgb.NewConnDisplay(d.name)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(conn.Close)
	for _, begin := range []func(*xgb.Conn) error{xtest.Init, xfixes.Init, damage.Init} {
		if err := begin(conn); err != nil {
			d.t.Fatal(err)
		}
	}
	if _, err := xfixes.QueryVersion(conn, 2, 0).Reply(); err != nil {
		d.t.Fatal(err)
	}
	if _, err := damage.QueryVersion(conn, 1, 1).Reply(); err != nil {
		d.t.Fatal(err)
	}
	focus, err := xproto.GetInputFocus(d.conn).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	id, err := damage.NewDamageId(conn)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := damage.CreateChecked(conn, id, xproto.Drawable(focus.Focus), damage.ReportLevelRawRectangles).Check(); err != nil {
		d.t.Fatal(err)
	}
	m := &meter{d: d, conn: conn, painted: make(chan time.Time, 1<<16)}
	go func() {
		for {
			event, err := conn.WaitForEvent()
			if event == nil && err == nil {
				return
			}
			if _, ok := event.(damage.NotifyEvent); ok {
				m.painted <- time.Now()
			}
		}
	}()
	return m
}

// pixels are those of a part of the screen.
func (m *meter) pixels(r image.Rectangle) []byte {
	m.d.t.Helper()
	got, err := xproto.GetImage(m.d.conn, xproto.ImageFormatZPixmap, xproto.Drawable(m.d.root), int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0xffffffff).Reply()
	if err != nil {
		m.d.t.Fatal(err)
	}
	return got.Data
}

// forget leaves out of account what was painted until now.
func (m *meter) forget() {
	for {
		select {
		case <-m.painted:
		default:
			return
		}
	}
}

// quiet waits until nothing was painted for so long.
func (m *meter) quiet(pause time.Duration) {
	m.d.t.Helper()
	m.forget()
	end, still := time.After(30*time.Second), time.NewTimer(pause)
	defer still.Stop()
	for {
		select {
		case <-m.painted:
			still.Reset(pause)
		case <-still.C:
			return
		case <-end:
			m.d.t.Fatal("the window is painted for 30 s without a pause")
		}
	}
}

// change is when a part of the window began to change after a key and when it had changed for good; 0 for one that did not.
type change struct{ first, last time.Duration }

// ask does something and sees how parts of the window change, until nothing was painted for so long.
func (m *meter) ask(do func(), pause time.Duration, parts ...image.Rectangle) []change {
	m.d.t.Helper()
	was := make([][]byte, len(parts))
	for i, r := range parts {
		was[i] = m.pixels(r)
	}
	out := make([]change, len(parts))
	m.forget()
	begun := time.Now()
	do()
	end, still := time.After(30*time.Second), time.NewTimer(max(pause, 5*time.Second))
	defer still.Stop()
	for {
		select {
		case at := <-m.painted:
			for i, r := range parts {
				if now := m.pixels(r); !bytes.Equal(now, was[i]) {
					was[i], out[i].last = now, at.Sub(begun)
					if out[i].first == 0 {
						out[i].first = out[i].last
					}
				}
			}
			still.Reset(pause)
		case <-still.C:
			return out
		case <-end:
			m.d.t.Fatal("the window is painted for 30 s without a pause")
		}
	}
}

// first is how long it takes until a part of the window changes after a key.
func (m *meter) first(what string, part image.Rectangle, keys ...string) time.Duration {
	m.d.t.Helper()
	got := m.ask(func() { m.d.key(keys...) }, 120*time.Millisecond, part)[0]
	if got.first == 0 {
		m.d.save(failed(what))
		m.d.t.Fatalf("%s: %v changed nothing in %v, see %s", what, keys, part, failed(what))
	}
	return got.first
}

// failed is where the screen is left when what was to be seen on it was not.
func failed(what string) string {
	return fmt.Sprintf("%s/%s.png", os.TempDir(), strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, strings.ToLower(what)))
}

// field finds the entry that has the focus: what a letter behind another one changes, and the room behind it. The entry is left as it was.
func (m *meter) field() image.Rectangle {
	m.d.t.Helper()
	m.d.key("x")
	m.quiet(600 * time.Millisecond)
	before := m.d.picture()
	m.d.key("x")
	m.quiet(600 * time.Millisecond)
	after := m.d.picture()
	m.back(2)
	var found image.Rectangle
	for y := range whole.Max.Y {
		if found.Dy() > 0 && y > found.Max.Y+3 {
			break // what changed below is not the entry
		}
		for x := range whole.Max.X {
			if before.RGBAAt(x, y) != after.RGBAAt(x, y) {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if found.Empty() {
		m.d.save(failed("field"))
		m.d.t.Fatalf("no entry takes letters, see %s", failed("field"))
	}
	found.Max.X = min(found.Max.X+250, whole.Max.X)
	return found
}

// letters types a word again and again, each letter once the window is still and in another phase of its clock, and emptying the entry
// between; every part is one in which something must change.
func (m *meter) letters(n int, pause time.Duration, parts ...image.Rectangle) [][]time.Duration {
	m.d.t.Helper()
	const word = "nguyenvan"
	out := make([][]time.Duration, len(parts))
	for i := range n {
		if i > 0 && i%len(word) == 0 {
			m.back(len(word))
		}
		m.quiet(time.Duration(30+i*7%17) * time.Millisecond)
		letter := string(word[i%len(word)])
		for j, got := range m.ask(func() { m.d.key(letter) }, pause, parts...) {
			took := got.first
			if j > 0 {
				took = got.last
			}
			if took == 0 {
				if j > 0 {
					continue // the same rows as before
				}
				m.d.save(failed("letters"))
				m.d.t.Fatalf("letter %d of %q changed nothing in %v, see %s", i%len(word), word, parts[j], failed("letters"))
			}
			out[j] = append(out[j], took)
		}
	}
	m.back((n-1)%len(word) + 1)
	return out
}

// back takes letters away at the pace of a key held down.
func (m *meter) back(n int) {
	m.d.t.Helper()
	for range n {
		m.first("back", whole, "BackSpace")
	}
	m.quiet(600 * time.Millisecond)
}

// flood sends an input event every so often for some time and tells how many different pictures a part of the window went through per
// second, and how long after the last event it still changed.
func (m *meter) flood(part image.Rectangle, every, long time.Duration, send func(i int)) (perSecond float64, after time.Duration) {
	m.d.t.Helper()
	m.quiet(300 * time.Millisecond)
	done := make(chan time.Time, 1)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		begun := time.Now()
		for i := 0; time.Since(begun) < long; i++ {
			send(i)
			<-tick.C
		}
		done <- time.Now()
	}()
	was, frames := m.pixels(part), 0
	var begun, last, released time.Time
	still := time.NewTimer(time.Hour)
	defer still.Stop()
	for {
		select {
		case at := <-m.painted:
			if now := m.pixels(part); !bytes.Equal(now, was) {
				was, last = now, at
				if begun.IsZero() {
					begun = at
				}
				if released.IsZero() {
					frames++
				}
			}
		case released = <-done:
			still.Reset(600 * time.Millisecond)
		case <-still.C:
			if frames < 2 {
				m.d.t.Fatal("nothing moves")
			}
			return float64(frames-1) / released.Sub(begun).Seconds(), max(0, last.Sub(released))
		}
	}
}

// wheel turns the wheel by one notch over the middle of the window.
func (m *meter) wheel(down bool) {
	button := byte(4)
	if down {
		button = 5
	}
	for _, kind := range []byte{xproto.ButtonPress, xproto.ButtonRelease} {
		if err := xtest.FakeInputChecked(m.conn, kind, button, 0, m.d.root, 0, 0, 0).Check(); err != nil {
			m.d.t.Error(err)
		}
	}
}

// point puts the mouse somewhere.
func (m *meter) point(x, y int16) {
	m.d.t.Helper()
	if err := xtest.FakeInputChecked(m.d.conn, xproto.MotionNotify, 0, 0, m.d.root, x, y, 0).Check(); err != nil {
		m.d.t.Fatal(err)
	}
}

// frames counts what is painted while time goes by.
func (m *meter) frames(long time.Duration) (n int) {
	for end := time.After(long); ; {
		select {
		case <-m.painted:
			n++
		case <-end:
			return n
		}
	}
}

// processors are the ticks of all processors since the machine started, and those that its host gave to others ("steal", proc(5)).
func processors(t testing.TB) (all, others uint64) {
	t.Helper()
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, f := range strings.Fields(line)[1:9] {
		ticks, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		all += ticks
		if i == 7 {
			others = ticks
		}
	}
	return all, others
}

// processor is the time that a process has spent on a processor, to ten milliseconds.
func processor(t testing.TB, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	var ticks int
	for _, f := range fields[11:13] { // of itself, and of the system for it
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// share is how much memory a process has, what it shares with others counted in part: PSS in megabytes.
func share(t testing.TB, pid int) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "Pss: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	t.Fatal("no PSS")
	return 0
}

// generous is how often a floor may be missed before a measurement fails: other work may load this machine, and who reads the figure beside the
// floor sees more than a test can.
const generous = 4

// report gives the median, the 95th percentile and the longest, in milliseconds, and fails far beyond the floors of the first two; 0 is none.
func report(b *testing.B, name string, all []time.Duration, half, most time.Duration) {
	b.Helper()
	if len(all) == 0 {
		b.Fatalf("%s was never measured", name)
	}
	slices.Sort(all)
	p50, p95 := all[len(all)/2], all[(len(all)-1)*95/100]
	for what, d := range map[string]time.Duration{"p50": p50, "p95": p95, "max": all[len(all)-1]} {
		b.ReportMetric(float64(d.Microseconds())/1000, "ms-"+name+"-"+what)
	}
	if half > 0 && p50 > generous*half || most > 0 && p95 > generous*most {
		b.Errorf("%s: %v, and %v at the 95th percentile; the floors are %v and %v", name, p50, p95, half, most)
	}
}
