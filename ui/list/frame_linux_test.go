package list

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/sys/unix"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// frames is a list of 100,000 of which twenty rows are in sight, and what one frame of it costs the program itself: reading what is missing,
// texts, layout, sizes; not what the painter and the driver do. It counts the time of the processor, so that whoever else works on this
// machine does not count.
type frames struct {
	s       *Screen
	threads *uitest.Threads
	took    []time.Duration
}

func newFrames(t testing.TB) *frames {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	f := &frames{threads: &uitest.Threads{}}
	p := New(World{Desk: &rows{n: 100_000, row: busy}, Threads: f.threads.Kit(), Open: func(dossier.ID) {},
		Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: func() time.Time { return uitest.Now }})
	f.s = NewScreen(p)
	w := test.NewTempWindow(t, f.s.Content())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1280, 960))
	p.Refresh()
	f.threads.Run()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	return f
}

func processor(t testing.TB) time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		t.Fatal(err)
	}
	return time.Duration(now.Nano())
}

func (f *frames) step(t testing.TB, do func()) {
	began := processor(t)
	do()
	f.threads.Run()
	f.s.Content().MinSize()
	f.took = append(f.took, processor(t)-began)
}

func (f *frames) share(percent int) time.Duration {
	slices.Sort(f.took)
	return f.took[(len(f.took)-1)*percent/100]
}

func (f *frames) page(i int) {
	if i%4000 == 3999 {
		f.s.table.Step(fyne.KeyHome)
	}
	f.s.table.Step(fyne.KeyPageDown)
}

func TestOwnPartOfAFrameIsUnder8Milliseconds(t *testing.T) {
	f := newFrames(t)
	for i := range 150 {
		f.step(t, func() { f.page(i) })
		f.step(t, func() { f.s.table.Step(fyne.KeyUp) })
		f.step(t, func() { f.s.table.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -75)}) })
	}
	if p95 := f.share(95); p95 > 8*time.Millisecond {
		t.Errorf("of a frame the program takes %v (p95), %v (half)", p95, f.share(50))
	}
}

func benchmarkFrame(b *testing.B, step func(f *frames, i int)) {
	f := newFrames(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.step(b, func() { step(f, i) })
	}
	b.ReportMetric(float64(f.share(50).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(f.share(95).Microseconds())/1000, "p95-ms")
}

func BenchmarkFrameOfDownKeyAmong100000(b *testing.B) {
	benchmarkFrame(b, func(f *frames, _ int) { f.s.table.Step(fyne.KeyDown) })
}

func BenchmarkFrameOfPageKeyAmong100000(b *testing.B) {
	benchmarkFrame(b, func(f *frames, i int) { f.page(i) })
}

func BenchmarkFrameOfWheelAmong100000(b *testing.B) {
	benchmarkFrame(b, func(f *frames, _ int) { f.s.table.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -75)}) })
}

func BenchmarkFrameOfAnotherView(b *testing.B) {
	benchmarkFrame(b, func(f *frames, i int) { f.s.p.Choose(dossier.Views[i%len(dossier.Views)]) })
}
