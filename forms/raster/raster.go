// Package raster turns our own PDFs into pictures of their pages, exactly as they will be printed, with pdfium.
//
// Any goroutine may call anything at any time; pages are drawn one after the other, because a station's PC has few cores
// and little memory. Nothing a PDF says can end the program or hold it: pdfium runs in a box of WebAssembly that sees no
// file, no clock and no network, has 256 MB of its own, and is thrown away when it fails or takes too long. An open Document
// survives that, and the idle close too, because it is read again where needed.
//
// What pdfium is compiled to is kept in a folder, which makes a start of 4 s one of 0.1 s. What lies there is run: the
// folder has to be the user's own and writable for no one else (0700, below os.UserCacheDir). It may be missing, full,
// read-only, damaged, taken away at any time, or shared by several processes: then starting takes longer, and no more.
package raster

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

const (
	maxBytes   = 64 << 20 // of a PDF
	maxPages   = 20_000   // of a PDF; our largest, a register of 10,000 rows, has a few hundred
	maxPicture = 60 << 20 // bytes of a picture: an A4 page at 390 dpi
	keepMemory = 96 << 20 // of the box, which can only grow; a larger one is thrown away after use

	grace = time.Second // for pdfium to stop when told to
)

var (
	errClosed = errors.New("the viewer is closed")
	errSlow   = errors.New("it took too long")
)

// Raster draws pages. Its fields may be changed before the first use.
type Raster struct {
	Limit time.Duration                                  // how long reading a document or drawing a page may take
	Idle  time.Duration                                  // memory is given back after that long without use
	After func(time.Duration, func()) (stop func() bool) // calls later, as time.AfterFunc does
	dir   string
	life  context.Context // ends with Close
	end   context.CancelCauseFunc

	turn     chan struct{} // whoever holds it may use what follows
	machine  *machine
	box      *box
	boxes    int // there were so far
	stopIdle func() bool

	mu    sync.Mutex
	freed []*loaded // of closed documents, to be let go at the next use
}

// New starts nothing. dir is where the compiled pdfium is kept (see the package's comment); "" keeps it nowhere.
func New(dir string) *Raster {
	life, end := context.WithCancelCause(context.Background())
	return &Raster{
		Limit: 20 * time.Second,
		Idle:  5 * time.Minute,
		After: func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		dir:   dir, life: life, end: end,
		turn: make(chan struct{}, 1),
	}
}

// Warm compiles pdfium into the folder, where that has not been done yet, and starts it, so that the first Open need not
// wait. It is meant for the background after the program's start. When ctx ends the wait, the work goes on.
func (r *Raster) Warm(ctx context.Context) error {
	nothing := func(context.Context, *box) (struct{}, error) { return struct{}{}, nil }
	if _, err := use(ctx, r, nothing); err != nil {
		return fmt.Errorf("start pdfium: %w", err)
	}
	return nil
}

// Close ends what runs and gives everything back. Documents cannot be drawn any more.
func (r *Raster) Close() error {
	r.end(errClosed)
	r.turn <- struct{}{} // soon: its holder has been told
	defer func() { <-r.turn }()
	return r.shut()
}

// use waits for the turn and for pdfium, and lets work call it. Time counts from when work begins. Work that goes on although
// its time is over is left behind with the pdfium it holds, and the next begins with a new one.
func use[T any](ctx context.Context, r *Raster, work func(context.Context, *box) (T, error)) (result T, err error) {
	if err := r.take(ctx); err != nil {
		return result, err
	}
	defer r.release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(r.life, func() { cancel(errClosed) })()
	ctx, stop := context.WithTimeoutCause(ctx, r.Limit, errSlow)
	defer stop()

	if r.box == nil {
		r.boxes++
		if r.box, err = r.machine.start(ctx, r.boxes); err != nil {
			return result, because(ctx, err)
		}
	}
	m, b := r.machine, r.box
	freed := r.takeFreed()
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome)
	left := make(chan struct{})
	go func() {
		var o outcome
		b.free(ctx, freed)
		o.result, o.err = work(ctx, b)
		select {
		case done <- o:
		case <-left:
			_, _ = b.close(), m.close()
		}
	}()
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		late := make(chan struct{})
		defer r.After(grace, func() { close(late) })()
		select {
		case o = <-done:
		case <-late:
			close(left)
			r.machine, r.box = nil, nil
			return result, context.Cause(ctx)
		}
	}
	if b.broken || b.memory() > keepMemory {
		o.err = errors.Join(o.err, b.close())
		r.box = nil
	}
	return o.result, because(ctx, o.err)
}

// because says why work ended where that was not pdfium's doing.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// take waits for the turn with a machine that stands. Building one goes on in the background when ctx ends the wait.
func (r *Raster) take(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case r.turn <- struct{}{}:
		}
		if r.stopIdle != nil {
			r.stopIdle()
			r.stopIdle = nil
		}
		if r.life.Err() != nil {
			<-r.turn
			return errClosed
		}
		if r.machine != nil {
			return nil
		}
		built := make(chan error, 1)
		go func() {
			defer r.release()
			m, err := build(r.life, r.dir)
			r.machine = m
			built <- err
		}()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-built:
			if err != nil {
				return because(r.life, err)
			}
		}
	}
}

func (r *Raster) release() {
	if r.life.Err() == nil {
		r.stopIdle = r.After(r.Idle, r.rest)
	}
	<-r.turn
}

// rest gives memory back, unless someone is at work, who will ask for it again.
func (r *Raster) rest() {
	select {
	case r.turn <- struct{}{}:
	default:
		return
	}
	defer func() { <-r.turn }()
	if r.shut() == nil {
		debug.FreeOSMemory()
	}
}

// shut gives back all that runs.
func (r *Raster) shut() error {
	if r.stopIdle != nil {
		r.stopIdle()
		r.stopIdle = nil
	}
	r.takeFreed()
	var err error
	if r.box != nil {
		err = r.box.close()
		r.box = nil
	}
	if r.machine != nil {
		err = errors.Join(err, r.machine.close())
		r.machine = nil
	}
	return err
}

// takeFreed is what closed documents left.
func (r *Raster) takeFreed() []*loaded {
	r.mu.Lock()
	defer r.mu.Unlock()
	freed := r.freed
	r.freed = nil
	return freed
}
