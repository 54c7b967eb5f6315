package kit

import "time"

// Threads is where a presenter does its work. It starts no goroutine of its own: what is slow goes through Go, what touches the screen
// comes back through OnUI, what waits goes through After, so that a test can hold all three.
type Threads struct {
	Go    func(func())                                         // runs it away from the screen
	OnUI  func(func())                                         // runs it on the screen's goroutine
	After func(d time.Duration, f func()) (cancel func() bool) // runs it later, on the screen's goroutine
}

// Clock makes After out of a timer and OnUI, for the running program.
func Clock(onUI func(func())) func(time.Duration, func()) func() bool {
	return func(d time.Duration, f func()) func() bool {
		return time.AfterFunc(d, func() { onUI(f) }).Stop
	}
}

// Lane does slow things one after the other, so that a draft saved before a dossier is kept cannot arrive after it. All its methods
// are called on the screen's goroutine.
type Lane struct {
	threads Threads
	waiting []func() (after func())
	running bool
}

// NewLane is an empty lane.
func NewLane(t Threads) *Lane { return &Lane{threads: t} }

// Do runs work away from the screen when its turn comes, and what that returns on the screen.
func (l *Lane) Do(work func() (after func())) {
	l.waiting = append(l.waiting, work)
	l.next()
}

func (l *Lane) next() {
	if l.running || len(l.waiting) == 0 {
		return
	}
	l.running = true
	one := l.waiting[0]
	l.waiting = l.waiting[1:]
	l.threads.Go(func() {
		after := one()
		l.threads.OnUI(func() {
			l.running = false
			if after != nil {
				after()
			}
			l.next()
		})
	})
}

// Later puts off what would happen too often: of calls in a row only the last happens, once nothing was asked for so long.
type Later struct {
	threads Threads
	wait    time.Duration
	cancel  func() bool
}

// NewLater waits that long.
func NewLater(t Threads, wait time.Duration) *Later { return &Later{threads: t, wait: wait} }

// Do runs f after the pause, unless Do or Drop is called before.
func (l *Later) Do(f func()) {
	l.Drop()
	l.cancel = l.threads.After(l.wait, func() {
		l.cancel = nil
		f()
	})
}

// Drop forgets what was put off.
func (l *Later) Drop() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

// Waiting tells whether something was put off.
func (l *Later) Waiting() bool { return l.cancel != nil }
