//go:build e2e

package main

import (
	"bytes"
	"image"
	"slices"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// rowsOfList is where the list has its rows, without those the window's foot may cover.
var rowsOfList = image.Rect(40, 230, 1240, 680)

// The window over 100,000 dossiers, under software GL on a screen of 1280×800. Everything is seen from outside: from a key on the display's
// own keyboard to the dots that have changed on its screen.
func BenchmarkWindowOver100000(b *testing.B) {
	data := b.TempDir()
	filled := createStore(b, data)
	if err := filled.Record(b.Context(), storetest.SettingsEvent(1)); err != nil {
		b.Fatal(err)
	}
	if err := storetest.Fill(b.Context(), filled, 100_000); err != nil {
		b.Fatal(err)
	}
	if err := filled.Close(); err != nil {
		b.Fatal(err)
	}
	overFilled(b, data)
}

func overFilled(b *testing.B, data string) {
	for _, one := range []struct {
		name    string
		measure func(*testing.B, *desktop)
	}{
		{"start", measureStart}, {"letter in the form", measureForm}, {"letter in the search", measureSearch}, {"letter in an act", measureAct},
		{"screens", measureScreens}, {"dossier", measureDossier}, {"list", measureList}, {"idle", measureIdle},
		{"memory", measureMemory},
	} {
		b.Run(one.name, func(b *testing.B) {
			w := &desktop{d: newDisplay(b), s: &station{t: b, data: data}}
			b.Cleanup(w.s.close)
			one.measure(b, w)
		})
	}
}

// desktop is a window on a display of its own.
type desktop struct {
	d *display
	s *station
	m *meter
}

// open starts the window and waits until all it does at first is done: pdfium too is then ready.
func (w *desktop) open(b *testing.B) {
	b.Helper()
	w.s.open(w.d)
	w.m = w.d.watch()
	last := processor(b, w.s.window.Process.Pid)
	calm := time.NewTicker(time.Second)
	defer calm.Stop()
	for begun := time.Now(); ; {
		<-calm.C
		now := processor(b, w.s.window.Process.Pid)
		if time.Since(begun) > 5*time.Second && now-last < 100*time.Millisecond {
			break
		}
		last = now
	}
	w.m.quiet(500 * time.Millisecond)
}

// From the start of the process to a painted window, and to the first key it has answered: the list of 100,000 with its rows.
func measureStart(b *testing.B, w *desktop) {
	var painted, usable []time.Duration
	for b.Loop() {
		begun := time.Now()
		w.s.open(w.d)
		painted = append(painted, time.Since(begun))
		m := w.d.watch()
		before := m.pixels(rowsOfList)
		w.d.key("F3")
		w.d.soon("the key is answered", func() bool { return !bytes.Equal(before, m.pixels(rowsOfList)) })
		usable = append(usable, time.Since(begun))
		w.s.kill()
		w.d.until("the window is gone", func() bool { return w.d.colours() <= 12 })
	}
	report(b, "painted", painted, 0, 0)
	report(b, "usable", usable, 0, 1500*time.Millisecond)
}

const lettersAtOnce = 18

// A letter of the applicant's name: what is still to be done and the appointment are reckoned behind it.
func measureForm(b *testing.B, w *desktop) {
	w.open(b)
	w.d.key("Control", "3")
	w.m.quiet(600 * time.Millisecond) // the number has the focus
	w.m.first("tab", whole, "Tab")
	measureLetters(b, w)
}

// A letter of a search among 100,000, and the rows that are found.
func measureSearch(b *testing.B, w *desktop) {
	w.open(b)
	openList(w)
	field := w.m.field()
	var letters, rows []time.Duration
	for b.Loop() {
		got := w.m.letters(lettersAtOnce, 500*time.Millisecond, field, rowsOfList)
		letters, rows = append(letters, got[0]...), append(rows, got[1]...)
	}
	report(b, "letter", letters, 60*time.Millisecond, 100*time.Millisecond)
	report(b, "rows", rows, 0, 0)
}

// A letter of the reason in an act on a dossier, asked for beside it.
func measureAct(b *testing.B, w *desktop) {
	w.open(b)
	openFirst(w)
	w.m.first("ask for papers", whole, "Control", "1")
	w.m.quiet(600 * time.Millisecond)
	measureLetters(b, w)
}

// openList shows the list of all.
func openList(w *desktop) {
	w.m.first("list", whole, "F3")
	w.m.quiet(600 * time.Millisecond)
	w.m.first("all", whole, "Control", "9")
	w.m.quiet(600 * time.Millisecond)
}

// openFirst opens the first dossier in which something is to be done.
func openFirst(w *desktop) {
	w.m.first("list", whole, "F3")
	w.m.quiet(600 * time.Millisecond)
	w.m.first("open", whole, "Return")
	w.m.quiet(600 * time.Millisecond)
}

func measureLetters(b *testing.B, w *desktop) {
	b.Helper()
	field := w.m.field()
	var all []time.Duration
	for b.Loop() {
		all = append(all, w.m.letters(lettersAtOnce, 200*time.Millisecond, field)[0]...)
	}
	report(b, "letter", all, 60*time.Millisecond, 100*time.Millisecond)
}

// From the key of a screen to its first picture, and to the last when what is read for it is there too.
func measureScreens(b *testing.B, w *desktop) {
	w.open(b)
	keys := []string{"F3", "F7", "F10", "F11", "F2"}
	for _, key := range keys { // each is built once
		w.m.first(key, whole, key)
		w.m.quiet(600 * time.Millisecond)
	}
	first, last := map[string][]time.Duration{}, []time.Duration{}
	var all []time.Duration
	for b.Loop() {
		for _, key := range keys {
			got := w.m.ask(func() { w.d.key(key) }, 400*time.Millisecond, whole)[0]
			if got.first == 0 {
				b.Fatalf("%s changed nothing", key)
			}
			first[key], all, last = append(first[key], got.first), append(all, got.first), append(last, got.last)
		}
	}
	for _, key := range keys {
		slices.Sort(first[key])
		b.ReportMetric(float64(first[key][len(first[key])/2].Milliseconds()), "ms-"+key+"-p50")
	}
	report(b, "first", all, 70*time.Millisecond, 120*time.Millisecond)
	report(b, "whole", last, 0, 0)
}

// From Enter on a row to its dossier.
func measureDossier(b *testing.B, w *desktop) {
	w.open(b)
	openFirst(w)
	w.m.first("back", whole, "F3")
	var first, last []time.Duration
	for b.Loop() {
		w.m.quiet(500 * time.Millisecond)
		w.m.first("another row", whole, "Down")
		w.m.quiet(300 * time.Millisecond)
		got := w.m.ask(func() { w.d.key("Return") }, 400*time.Millisecond, whole)[0]
		first, last = append(first, got.first), append(last, got.last)
		w.m.first("back", whole, "F3")
	}
	report(b, "first", first, 70*time.Millisecond, 120*time.Millisecond)
	report(b, "whole", last, 0, 0)
}

// mostTaken of the processors' time other machines on the same host may take while frames are counted; a count with more says nothing of us, and
// is made again.
const mostTaken = 0.03

// Keys at forty a second, more than any keyboard repeats, and the wheel at fifty notches a second. When they end nothing must be left to do.
func measureList(b *testing.B, w *desktop) {
	w.open(b)
	openList(w)
	w.m.point(600, 450)
	strip := image.Rect(60, 420, 260, 520) // the numbers of three dossiers: what is read back takes its part of the same processor
	least, longest := map[string]float64{}, map[string]time.Duration{}
	try := func(name string, every time.Duration, send func(i int)) {
		perSecond, after, taken := 0.0, time.Duration(0), 1.0
		for again := 0; taken > mostTaken && again < 5; again++ {
			all, others := processors(b)
			perSecond, after = w.m.flood(strip, every, 3*time.Second, send)
			all2, others2 := processors(b)
			taken = float64(others2-others) / float64(all2-all)
		}
		if taken > mostTaken {
			b.Logf("%s: not counted, others take %.0f %% of the processors", name, 100*taken)
			return
		}
		if was, ok := least[name]; !ok || perSecond < was {
			least[name] = perSecond
		}
		longest[name] = max(longest[name], after)
	}
	for b.Loop() {
		w.m.first("down to the end of the page", whole, "Next")
		try("key", 25*time.Millisecond, func(int) { w.d.key("Down") })
		try("page", 25*time.Millisecond, func(int) { w.d.key("Next") })
		try("wheel", 20*time.Millisecond, func(i int) { w.m.wheel(i < 75) })
	}
	if len(least) < 3 {
		b.Error("others leave no moment to count in")
	}
	for name, perSecond := range least {
		b.ReportMetric(perSecond, "frames/s-"+name+"-least")
		b.ReportMetric(float64(longest[name].Milliseconds()), "ms-after-"+name+"-max")
		if perSecond < 30.0/generous || longest[name] > generous*150*time.Millisecond {
			b.Errorf("%s: %.1f frames a second, still moving %v after the last; the floors are 30 and 150 ms", name, perSecond, longest[name])
		}
	}
}

// The form with an entry that has the focus, left alone for ten seconds.
func measureIdle(b *testing.B, w *desktop) {
	w.open(b)
	w.d.key("Control", "3")
	w.m.quiet(time.Second)
	frames, spent := 0, time.Duration(0)
	const alone = 10 * time.Second
	n := 0
	for b.Loop() {
		before := processor(b, w.s.window.Process.Pid)
		frames += w.m.frames(alone)
		spent += processor(b, w.s.window.Process.Pid) - before
		n++
	}
	part := 100 * spent.Seconds() / (float64(n) * alone.Seconds())
	b.ReportMetric(part, "%-of-a-core")
	b.ReportMetric(float64(frames), "frames")
	if frames > 0 || part > 4*generous {
		b.Errorf("left alone it paints %d frames and takes %.1f %% of a core; the floors are none and 4 %%", frames, part)
	}
}

// The list of all, scrolled through; before pdfium is warmed for the first look at a page, and after it.
func measureMemory(b *testing.B, w *desktop) {
	var before, after float64
	for b.Loop() {
		w.s.open(w.d)
		w.m = w.d.watch()
		w.d.key("F3")
		w.d.key("Control", "9")
		for range 12 {
			w.m.first("page", whole, "Next")
		}
		before = max(before, share(b, w.s.window.Process.Pid))
		w.s.kill()
		w.d.until("the window is gone", func() bool { return w.d.colours() <= 12 })
		w.open(b)
		w.d.key("F3")
		w.m.quiet(600 * time.Millisecond)
		after = max(after, share(b, w.s.window.Process.Pid))
		w.s.kill()
		w.d.until("the window is gone", func() bool { return w.d.colours() <= 12 })
	}
	b.ReportMetric(before, "MB-PSS")
	if before > 230 { // what it shares with others depends on how many of them there are
		b.Errorf("%.0f MB, the floor is 180", before)
	}
	b.ReportMetric(after, "MB-PSS-with-pdfium")
}

// A dialog over everything, with an entry: the clock stands before what has already happened, and the officer is asked for the day.
func BenchmarkWindowLetterInADialog(b *testing.B) {
	w := &desktop{d: newDisplay(b), s: &station{t: b, data: b.TempDir()}}
	b.Cleanup(w.s.close)
	ahead := createStore(b, w.s.data)
	set := storetest.SettingsEvent(1)
	set.At = dossier.DateOf(time.Now()).AddDays(3).At(8, 0)
	if err := ahead.Record(b.Context(), set); err != nil {
		b.Fatal(err)
	}
	if err := ahead.Close(); err != nil {
		b.Fatal(err)
	}
	w.open(b)
	w.m.first("to the hour", whole, "Tab")
	measureLetters(b, w)
}
