package raster

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math"
	"sync"
	"testing"
	"time"
)

var ctx = context.Background()

func TestDocumentTellsItsPages(t *testing.T) {
	d := opened(t, raster(t), sample(t, 3))
	if d.Count() != 3 {
		t.Errorf("%d pages", d.Count())
	}
	for page := range 3 {
		if w, h := d.Size(page); math.Abs(w-148) > 0.01 || math.Abs(h-210) > 0.01 {
			t.Errorf("page %d is %g × %g mm", page, w, h)
		}
	}
	for _, page := range []int{-1, 3, math.MaxInt} {
		if w, h := d.Size(page); w != 0 || h != 0 {
			t.Errorf("page %d is %g × %g mm", page, w, h)
		}
		if _, err := d.Draw(ctx, page, 96); err == nil {
			t.Errorf("page %d was drawn", page)
		}
	}
	for _, dpi := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := d.Draw(ctx, 0, dpi); err == nil {
			t.Errorf("drawn at %g dpi", dpi)
		}
	}
	if p := drawn(t, d, 0, 120); p.Rect.Dx() != 699 || p.Rect.Dy() != 992 {
		t.Errorf("the picture is %v", p.Rect)
	}
	if bytes.Equal(drawn(t, d, 0, 96).Pix, drawn(t, d, 1, 96).Pix) {
		t.Error("two pages look the same")
	}
}

func TestAnyNumberMayDrawAtOnce(t *testing.T) {
	r, pdf := raster(t), sample(t, 2)
	want := [][]byte{drawn(t, opened(t, r, pdf), 0, 60).Pix, drawn(t, opened(t, r, pdf), 1, 60).Pix}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := r.Warm(ctx); err != nil {
				t.Error(err)
			}
			d, err := r.Open(ctx, pdf)
			if err != nil {
				t.Error(err)
				return
			}
			for page := range 2 {
				p, err := d.Draw(ctx, page, 60)
				if err != nil {
					t.Error(err)
				} else if !bytes.Equal(p.(*image.RGBA).Pix, want[page]) {
					t.Errorf("page %d looks otherwise", page)
				}
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestClosedDocumentsGiveTheirMemoryBack(t *testing.T) {
	r, pdf := raster(t), sample(t, 2)
	after := func(times int) int {
		for range times {
			d, err := r.Open(ctx, pdf)
			if err != nil {
				t.Fatal(err)
			}
			drawn(t, d, 0, 96)
			if err := errors.Join(d.Close(), d.Close()); err != nil {
				t.Fatal(err)
			}
		}
		return r.box.memory()
	}
	before := after(3)
	if now := after(30); now != before {
		t.Errorf("30 documents later pdfium has %d bytes, not %d", now, before)
	}
}

func TestClosedDocumentIsNotDrawn(t *testing.T) {
	d := opened(t, raster(t), sample(t, 1))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Draw(ctx, 0, 96); err == nil {
		t.Error("a closed document was drawn")
	}
}

func TestNothingIsDrawnAfterClose(t *testing.T) {
	r := New(compiled(t))
	d := opened(t, r, sample(t, 1))
	closed(t, r)
	closed(t, r)
	if _, err := d.Draw(ctx, 0, 96); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	if _, err := r.Open(ctx, sample(t, 1)); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// clock calls what it was asked to call when the test says so.
type clock struct {
	mu    sync.Mutex
	calls map[int]call
	n     int
	asked chan time.Duration
}

type call struct {
	after time.Duration
	f     func()
}

func (c *clock) After(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[int]call{}
	}
	c.n++
	id := c.n
	c.calls[id] = call{d, f}
	if c.asked != nil {
		c.asked <- d
	}
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, there := c.calls[id]
		delete(c.calls, id)
		return there
	}
}

// ring calls all that was asked for, and says for when.
func (c *clock) ring() (after []time.Duration) {
	c.mu.Lock()
	calls := c.calls
	c.calls = nil
	c.mu.Unlock()
	for _, call := range calls {
		after = append(after, call.after)
		call.f()
	}
	return after
}

func TestIdleGivesMemoryBackAndOpenDocumentsLiveOn(t *testing.T) {
	var c clock
	r := raster(t)
	r.After = c.After
	d := opened(t, r, sample(t, 2))
	want := drawn(t, d, 1, 60)
	for range 3 {
		if after := c.ring(); len(after) != 1 || after[0] != r.Idle {
			t.Fatalf("asked to be called after %v", after)
		}
		if r.machine != nil || r.box != nil {
			t.Fatal("pdfium still runs")
		}
		if got := drawn(t, d, 1, 60); !bytes.Equal(got.Pix, want.Pix) {
			t.Error("the page looks otherwise after the rest")
		}
	}
}

func TestBrokenPdfiumIsReplaced(t *testing.T) {
	r := raster(t)
	d := opened(t, r, sample(t, 1))
	want := drawn(t, d, 0, 60)
	// An address outside of the box's memory is what a fault in pdfium comes to.
	_, err := use(ctx, r, func(ctx context.Context, b *box) (uint64, error) {
		return b.call(ctx, "FPDF_GetPageCount", 0xFFFFFFF0)
	})
	if err == nil {
		t.Fatal("pdfium read beyond its memory")
	}
	if r.box != nil {
		t.Error("the broken one is still used")
	}
	if got := drawn(t, d, 0, 60); !bytes.Equal(got.Pix, want.Pix) {
		t.Error("the page looks otherwise")
	}
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

func TestEndOfContextEndsDrawing(t *testing.T) {
	r := raster(t)
	d := opened(t, r, sample(t, 1))
	drawn(t, d, 0, 60)
	had := r.box
	_, err := use(ctx, r, func(ctx context.Context, b *box) (any, error) {
		l, err := d.in(ctx, b)
		if err != nil {
			return nil, err
		}
		over, cancel := context.WithCancel(ctx)
		cancel()
		return b.draw(over, l, 0, 700, 1000)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the drawing ended with %v", err)
	}
	if r.box != had {
		t.Error("pdfium was thrown away for it")
	}
	drawn(t, d, 0, 60)
}

func TestWorkThatDoesNotEndIsLeftBehind(t *testing.T) {
	c := clock{asked: make(chan time.Duration, 10)}
	r := raster(t)
	r.After, r.Limit = c.After, time.Hour
	d := opened(t, r, sample(t, 1))
	hang, ended := make(chan struct{}), make(chan struct{})
	over, cancel := context.WithCancel(ctx)
	result := make(chan error)
	go func() {
		_, err := use(over, r, func(context.Context, *box) (any, error) {
			cancel()
			<-hang
			close(ended)
			return nil, nil
		})
		result <- err
	}()
	for after := range c.asked {
		if after == grace {
			break
		}
	}
	c.ring()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	drawn(t, d, 0, 60)
	close(hang)
	<-ended
	drawn(t, d, 0, 60)
}

func TestLimitEndsWork(t *testing.T) {
	r := raster(t)
	d := opened(t, r, sample(t, 1))
	r.Limit = time.Nanosecond
	if _, err := d.Draw(ctx, 0, 96); !errors.Is(err, errSlow) {
		t.Error(err)
	}
	r.Limit = time.Hour
	drawn(t, d, 0, 60)
}

func TestEndOfContextEndsTheWaitForPdfium(t *testing.T) {
	r := New(t.TempDir())
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := r.Warm(over); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	soon, cancel := context.WithTimeout(ctx, 10*time.Millisecond) // compiling takes seconds
	defer cancel()
	if _, err := r.Open(soon, sample(t, 1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	begun := time.Now()
	closed(t, r)
	if took := time.Since(begun); took > 1500*time.Millisecond {
		t.Errorf("Close waited %v for the compiler", took)
	}
}
