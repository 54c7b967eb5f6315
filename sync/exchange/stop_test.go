package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
)

// within is how long whoever presses stop may be kept waiting.
const within = time.Second

// stalling is a line on which nothing moves any more after so many bytes, either way, as when the other side's power went: nobody hangs up.
type stalling struct {
	mu      sync.Mutex
	left    int
	stalled chan struct{} // closed when the bytes are used up
	once    sync.Once
}

func (s *stalling) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	return &stalledConn{Conn: conn, line: s, closed: make(chan struct{})}, err
}

// take is how many of n bytes still move.
func (s *stalling) take(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n = min(n, s.left)
	s.left -= n
	if s.left == 0 {
		s.once.Do(func() { close(s.stalled) })
	}
	return n
}

type stalledConn struct {
	net.Conn
	line   *stalling
	closed chan struct{}
	once   sync.Once
}

func (c *stalledConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func (c *stalledConn) Write(b []byte) (int, error) {
	n := c.line.take(len(b))
	if n > 0 {
		if n, err := c.Conn.Write(b[:n]); err != nil {
			return n, err
		}
	}
	if n == len(b) {
		return n, nil
	}
	<-c.closed
	return n, net.ErrClosed
}

func (c *stalledConn) Read(b []byte) (int, error) {
	c.line.mu.Lock()
	left := c.line.left
	c.line.mu.Unlock()
	if left == 0 {
		<-c.closed
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(b[:min(len(b), left)])
	c.line.take(n)
	return n, err
}

// I7: wherever 300 entries are on a line that stalls when the officer presses stop, he has his screen back within a second, what upstream
// signed for is kept, and a clean run ends where it would have ended anyway.
func TestStoppedAnywhereKeepsWhatWasReceiptedAndDoublesNothing(t *testing.T) {
	h := newHouse(t, time.Now)
	stops := map[uint64]bool{}
	for run, bytes := range []int{1, 900, 3000, 6000, 12000, 19000, 26000, 31000, 38000} {
		name := fmt.Sprintf("Trạm %d", run)
		s := newStation(t, run+1)
		h.admit(s, name)
		for i := range 300 {
			s.happen(ofRun(run, i))
		}
		line := &stalling{left: bytes, stalled: make(chan struct{})}
		c := s.client()
		c.Idle, c.Whole, c.Dial = time.Minute, time.Minute, line.dial
		ctx, stop := context.WithCancel(t.Context())
		var pressed time.Time
		go func() {
			<-line.stalled
			pressed = time.Now()
			stop()
		}()
		var steps []dossier.SendStep
		sent, err := c.Send(ctx, func(s dossier.SendStep) { steps = append(steps, s) })
		if took := time.Since(pressed); !errors.Is(err, context.Canceled) || took > within {
			t.Fatalf("%d bytes: %v after %v", bytes, err, took)
		}
		var kept uint64
		if s.receipt != nil {
			kept = s.receipt.Seq
		}
		last := steps[len(steps)-1]
		if kept != uint64(sent.Pushed) || kept > 0 && (sent.Receipt.Seq != kept || last != (dossier.SendStep{Phase: "push", Done: int(kept), Of: 300})) {
			t.Errorf("%d bytes: %d receipted, %+v, last heard %+v", bytes, kept, sent, last)
		}
		stops[kept] = true
		if again, err := s.client().Send(t.Context(), nil); err != nil || again.Pushed+sent.Pushed != 300 {
			t.Errorf("%d bytes: then %+v, %v", bytes, again, err)
		}
		h.agrees(t, s, name, 300)
	}
	if !stops[0] || len(stops) < 3 {
		t.Errorf("stopped after %v entries only: the places say nothing", stops)
	}
	h.sound()
}

func TestStopDoesNotWaitForWhoeverHasTheLine(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	asked, release := make(chan struct{}), make(chan struct{})
	u.say(wire.PathHello, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	c := s.client()
	first := make(chan error)
	go func() {
		_, err := c.Send(context.Background(), nil)
		first <- err
	}()
	<-asked
	ctx, stop := context.WithCancel(t.Context())
	second := make(chan error)
	go func() {
		_, err := c.Send(ctx, func(dossier.SendStep) { stop() })
		second <- err
	}()
	select {
	case err := <-second:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(within):
		t.Error("stop waited for another exchange")
	}
	if _, err := c.Enrol(ctx, "TN1.HELLO"); !errors.Is(err, context.Canceled) {
		t.Errorf("enrolled on a line another has: %v", err)
	}
	close(release)
	<-first
}

// A peer that has not read for long leaves the system's buffers full: no goodbye fits into them, and none is waited for.
func TestStopWhileThePeerReadsNothing(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	asked := make(chan struct{})
	u.say(wire.PathPush, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	c := s.client()
	c.Idle, c.Whole = time.Minute, time.Minute
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &deaf{Conn: conn, closed: make(chan struct{}), after: asked}, err
	}
	ctx, stop := context.WithCancel(t.Context())
	var pressed time.Time
	go func() {
		<-asked
		pressed = time.Now()
		stop()
	}()
	_, err := c.Send(ctx, nil)
	if took := time.Since(pressed); !errors.Is(err, context.Canceled) || took > within {
		t.Errorf("%v after %v", err, took)
	}
}

// deaf takes no byte more once after is closed.
type deaf struct {
	net.Conn
	closed chan struct{}
	after  chan struct{}
	once   sync.Once
}

func (d *deaf) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.Conn.Close()
}

func (d *deaf) Write(b []byte) (int, error) {
	select {
	case <-d.after:
		<-d.closed
		return 0, net.ErrClosed
	default:
		return d.Conn.Write(b)
	}
}

func TestProgressCountsWhatIsReceiptedAndTakenIn(t *testing.T) {
	h := newHouse(t, time.Now)
	one, two := newStation(t, 1), newStation(t, 2)
	h.admit(one, "Trạm Mẫu")
	h.admit(two, "Trạm Mẫu")
	for _, s := range []*station{one, two, one} { // what upstream says of who is of the station
		if _, err := s.client().Send(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 130 {
		one.happen(reception(i))
	}
	hear := func(s *station) (steps []dossier.SendStep) {
		t.Helper()
		if _, err := s.client().Send(t.Context(), func(s dossier.SendStep) { steps = append(steps, s) }); err != nil {
			t.Fatal(err)
		}
		return steps
	}
	if got := hear(one); !slices.Equal(got, []dossier.SendStep{{Phase: "connect"}, {Phase: "push", Of: 130}, {Phase: "push", Done: 100, Of: 130},
		{Phase: "push", Done: 130, Of: 130}}) {
		t.Errorf("pushing: %+v", got)
	}
	if got := hear(two); !slices.Equal(got, []dossier.SendStep{{Phase: "connect"}, {Phase: "pull", Of: 130}, {Phase: "pull", Done: 100, Of: 130},
		{Phase: "pull", Done: 130, Of: 130}}) {
		t.Errorf("pulling: %+v", got)
	}
	if got := hear(one); !slices.Equal(got, []dossier.SendStep{{Phase: "connect"}}) {
		t.Errorf("nothing to do: %+v", got)
	}
}

// The receipt is kept although the officer stopped while it was on its way: upstream has signed, and the screen may say so.
func TestReceiptThatCameIsKeptByWhoeverStops(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	ctx, stop := context.WithCancel(t.Context())
	keeping := exchange.New(stoppedWhileKeeping{s, stop})
	sent, err := keeping.Send(ctx, nil)
	if s.receipt == nil || s.receipt.Seq != 2 || sent.Pushed != 2 {
		t.Errorf("%+v, %v", sent, err)
	}
}

// stoppedWhileKeeping is a store that does as database/sql does: nothing is kept under a context that has ended.
type stoppedWhileKeeping struct {
	*station
	stop context.CancelFunc
}

func (s stoppedWhileKeeping) KeepReceipt(ctx context.Context, r dossier.Receipt) error {
	s.stop()
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.station.KeepReceipt(ctx, r)
}
