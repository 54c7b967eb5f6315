package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/sync/exchange"
)

// sender is the window's only way to upstream. It sends by itself: every few minutes while there is a line, less often while there is none,
// and at once what cannot wait. There is one exchange at a time: whoever asks while one goes on joins it and hears how far it is. Its methods may be called from anywhere.
type sender struct {
	desk.Line
	pace func(failures int, err error) time.Duration

	mu       sync.Mutex
	now      *round // nil while none goes on
	failures int    // in a row
	due      time.Time
	pressing bool          // something cannot wait
	wake     chan struct{} // due or pressing changed
	done     chan struct{}
}

// round is one exchange.
type round struct {
	ctx    context.Context
	cancel context.CancelFunc
	told   []func(dossier.SendStep)
	step   dossier.SendStep

	done chan struct{} // closed when these are there
	sent dossier.Sent
	err  error
}

// newSender puts itself between the desk and its line.
func newSender(d *desk.Desk) *sender {
	s := &sender{Line: d.Line, wake: make(chan struct{}, 1), done: make(chan struct{}),
		pace: func(failures int, err error) time.Duration { return exchange.Pace(failures, err, rand.Float64()) }}
	d.Line = s
	return s
}

// Send is the officer's "Gửi ngay": it waits for no turn, and the pace begins anew. An exchange that goes on already may have looked at
// what waits before the officer pressed, so it is joined and one more follows it. When ctx ends, so does the exchange, whoever began it.
func (s *sender) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	before, joined, err := s.exchange(ctx, told)
	if !joined || err != nil || ctx.Err() != nil {
		return before, err
	}
	sent, _, err := s.exchange(ctx, told) // joined or not, this one began after the officer pressed
	sent.Pushed += before.Pushed
	sent.Pulled += before.Pulled
	sent.Healed = append(before.Healed, sent.Healed...)
	return sent, err
}

// exchange makes an exchange, or joins the one that goes on.
func (s *sender) exchange(ctx context.Context, told func(dossier.SendStep)) (sent dossier.Sent, joined bool, err error) {
	s.mu.Lock()
	s.failures = 0
	r := s.now
	if r == nil {
		r = s.begin(ctx, told)
		s.mu.Unlock()
		s.carry(r, nil)
		return r.sent, false, r.err
	}
	step := r.step
	if told != nil {
		r.told = append(r.told, told)
	}
	s.mu.Unlock()
	if told != nil {
		told(step)
	}
	defer context.AfterFunc(ctx, r.cancel)()
	<-r.done
	return r.sent, true, r.err
}

func (s *sender) begin(ctx context.Context, told func(dossier.SendStep)) *round {
	r := &round{step: dossier.SendStep{Phase: "connect"}, done: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(ctx)
	if told != nil {
		r.told = append(r.told, told)
	}
	s.now, s.pressing = r, false
	return r
}

// carry does it. tried hears of the outcome before whoever joined, so that of the two the program's own word comes first.
func (s *sender) carry(r *round, tried func(error)) {
	r.sent, r.err = s.Line.Send(r.ctx, func(step dossier.SendStep) {
		s.mu.Lock()
		r.step = step
		all := slices.Clone(r.told)
		s.mu.Unlock()
		for _, told := range all {
			told(step)
		}
	})
	r.cancel()
	s.mu.Lock()
	s.now = nil
	if r.err == nil || errors.Is(r.err, context.Canceled) { // to be stopped is no failure of the line
		s.failures = 0
		s.rest(nil)
	} else {
		s.failures++
		s.rest(r.err)
	}
	s.mu.Unlock()
	if tried != nil {
		tried(r.err)
	}
	close(r.done)
}

// rest sets when it sends by itself again.
func (s *sender) rest(err error) {
	s.due = time.Now().Add(s.pace(s.failures, err))
	s.poke()
}

func (s *sender) poke() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// hurry sends at once what cannot wait.
func (s *sender) hurry() {
	s.mu.Lock()
	s.pressing = true
	s.mu.Unlock()
	s.poke()
}

// halt ends the exchange that goes on.
func (s *sender) halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		s.now.cancel()
	}
}

// next is when it sends by itself, by the clock of now; zero before it runs.
func (s *sender) next() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.due.IsZero() {
		return time.Time{}
	}
	return clock().Add(time.Until(s.due)) // a clock that is set meanwhile delays nothing
}

// run sends by itself until ctx ends. heard and tried, which may be nil, are told of what it does of its own accord.
func (s *sender) run(ctx context.Context, heard func(dossier.SendStep), tried func(error)) {
	defer close(s.done)
	s.mu.Lock()
	s.rest(nil)
	s.mu.Unlock()
	for ctx.Err() == nil {
		s.mu.Lock()
		r, wait := s.now, time.Until(s.due)
		if s.pressing {
			wait = 0
		}
		s.mu.Unlock()
		if r != nil { // the officer's: what is due or presses is looked at when it is over
			select {
			case <-ctx.Done():
			case <-r.done:
			}
			continue
		}
		if wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
			case <-s.wake:
			case <-timer.C:
			}
			timer.Stop()
			continue
		}
		enrolled, err := s.Enrolled(ctx)
		s.mu.Lock()
		switch {
		case s.now != nil:
			s.mu.Unlock()
		case err != nil || !enrolled:
			s.pressing = false
			s.rest(nil)
			s.mu.Unlock()
		default:
			r = s.begin(ctx, heard)
			s.mu.Unlock()
			s.carry(r, tried)
		}
	}
}

// wait ends what goes on and lets it come to its end, once run's context has.
func (s *sender) wait() {
	s.mu.Lock()
	r := s.now
	s.mu.Unlock()
	s.halt()
	patience := time.After(5 * time.Second)
	if r != nil {
		select {
		case <-r.done:
		case <-patience:
			return
		}
	}
	select {
	case <-s.done:
	case <-patience:
	}
}
