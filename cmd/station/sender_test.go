package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// held is a line whose exchanges go on until the test says how they end.
type held struct {
	desk.Line
	began    chan *exchanging
	mu       sync.Mutex
	stranger bool // not enrolled
	asked    chan struct{}
}

type exchanging struct {
	ctx  context.Context
	told func(dossier.SendStep)
	end  chan error
}

func (h *held) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	x := &exchanging{ctx, told, make(chan error)}
	h.began <- x
	select {
	case err := <-x.end:
		return dossier.Sent{Pushed: 7}, err
	case <-ctx.Done():
		return dossier.Sent{Pushed: 3}, ctx.Err()
	}
}

func (h *held) Enrolled(context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case h.asked <- struct{}{}:
	default:
	}
	return !h.stranger, nil
}

type paced struct {
	failures int
	err      error
}

// sending is a sender that runs, with a pace of an hour unless told otherwise.
func sending(t *testing.T) (*sender, *held, chan paced, chan error) {
	t.Helper()
	h := &held{began: make(chan *exchanging), asked: make(chan struct{}, 1)}
	d := &desk.Desk{Line: h}
	s := newSender(d)
	if d.Line != desk.Line(s) {
		t.Fatal("the desk goes past it")
	}
	asked := make(chan paced, 100)
	s.pace = func(failures int, err error) time.Duration {
		asked <- paced{failures, err}
		return time.Hour
	}
	tried := make(chan error, 100)
	ctx, stop := context.WithCancel(t.Context())
	go s.run(ctx, nil, func(err error) { tried <- err })
	t.Cleanup(func() { stop(); s.wait() })
	<-asked // the first, at the start
	return s, h, asked, tried
}

type answer struct {
	sent dossier.Sent
	err  error
}

func (s *sender) asks(ctx context.Context, told func(dossier.SendStep)) chan answer {
	out := make(chan answer, 1)
	go func() {
		sent, err := s.Send(ctx, told)
		out <- answer{sent, err}
	}()
	return out
}

func TestWhoeverAsksWhileItSendsJoinsIn(t *testing.T) {
	s, h, _, tried := sending(t)
	s.hurry()
	x := <-h.began
	x.told(dossier.SendStep{Phase: "push", Done: 1, Of: 9})
	heard := make(chan dossier.SendStep, 10)
	officer := s.asks(t.Context(), func(step dossier.SendStep) { heard <- step })
	if step := <-heard; step.Done != 1 {
		t.Errorf("who joins hears %+v first", step)
	}
	x.told(dossier.SendStep{Phase: "push", Done: 5, Of: 9})
	if step := <-heard; step.Done != 5 {
		t.Errorf("then %+v", step)
	}
	x.end <- nil
	x = <-h.began // what was kept after the first one looked goes with the officer's own
	x.end <- nil
	if a := <-officer; a.err != nil || a.sent.Pushed != 14 {
		t.Errorf("%+v", a)
	}
	select {
	case err := <-tried: // before the officer's own answer
		if err != nil {
			t.Error(err)
		}
	default:
		t.Error("the officer's answer came before the program's word")
	}
	select {
	case <-h.began:
		t.Error("sent a third time")
	default:
	}
}

func TestOfficerMayStopWhatTheProgramBegan(t *testing.T) {
	s, h, asked, _ := sending(t)
	s.hurry()
	x := <-h.began
	ctx, stop := context.WithCancel(t.Context())
	heard := make(chan dossier.SendStep, 1)
	officer := s.asks(ctx, func(step dossier.SendStep) { heard <- step })
	<-heard
	stop()
	if a := <-officer; !errors.Is(a.err, context.Canceled) || a.sent.Pushed != 3 || x.ctx.Err() == nil {
		t.Errorf("%+v", a)
	}
	if p := <-asked; p.failures != 0 || p.err != nil {
		t.Errorf("a stop counts as a failure: %+v", p)
	}
	s.hurry()
	x = <-h.began
	s.halt()
	<-x.ctx.Done()
	<-asked
	s.halt() // nothing goes on
}

func TestPaceGrowsWithFailuresAndTheOfficerBeginsItAnew(t *testing.T) {
	s, h, asked, tried := sending(t)
	down := dossier.Invalid("", "line.down")
	for n := range 3 {
		s.hurry()
		(<-h.began).end <- down
		if p := <-asked; p.failures != n+1 || dossier.Code(p.err) != "line.down" {
			t.Errorf("after %d: %+v", n, p)
		}
		<-tried
	}
	officer := s.asks(t.Context(), nil)
	(<-h.began).end <- down
	if a, p := <-officer, <-asked; p.failures != 1 || a.err == nil {
		t.Errorf("%+v", p)
	}
	s.hurry()
	(<-h.began).end <- nil
	if p := <-asked; p.failures != 0 || p.err != nil {
		t.Errorf("%+v", p)
	}
	<-tried
	select {
	case err := <-tried:
		t.Errorf("the officer's own exchange was told as the program's: %v", err)
	default:
	}
}

func TestNextIsWhenItSendsByItself(t *testing.T) {
	h := &held{began: make(chan *exchanging)}
	s := newSender(&desk.Desk{Line: h})
	if !s.next().IsZero() {
		t.Error("it says when, and does not run")
	}
	waits := []time.Duration{time.Millisecond, 10 * time.Minute}
	s.pace = func(int, error) time.Duration { w := waits[0]; waits = waits[1:]; return w }
	ctx, stop := context.WithCancel(t.Context())
	tried := make(chan error)
	heard := make(chan dossier.SendStep, 1)
	go s.run(ctx, func(step dossier.SendStep) { heard <- step }, func(err error) { tried <- err })
	x := <-h.began // by itself, a millisecond later
	x.told(dossier.SendStep{Phase: "pull", Done: 1, Of: 1})
	if step := <-heard; step.Phase != "pull" {
		t.Errorf("%+v", step)
	}
	x.end <- nil
	<-tried
	if in := time.Until(s.next()); in < 9*time.Minute || in > 10*time.Minute {
		t.Errorf("next in %v", in)
	}
	stop()
	s.wait()
}

func TestWhatCannotWaitDuringAnExchangeGoesRightAfterIt(t *testing.T) {
	s, h, _, _ := sending(t)
	officer := s.asks(t.Context(), nil)
	x := <-h.began
	s.hurry()
	x.end <- nil
	<-officer
	(<-h.began).end <- nil
}

func TestStrangerIsNotSentFor(t *testing.T) {
	s, h, asked, _ := sending(t)
	h.mu.Lock()
	h.stranger = true
	h.mu.Unlock()
	s.hurry()
	<-h.asked
	if p := <-asked; p.failures != 0 {
		t.Errorf("%+v", p)
	}
	select {
	case <-h.began:
		t.Error("sent without an upstream")
	default:
	}
}

func TestClosingEndsWhatTheOfficerSends(t *testing.T) {
	h := &held{began: make(chan *exchanging)}
	s := newSender(&desk.Desk{Line: h})
	ctx, stop := context.WithCancel(t.Context())
	go s.run(ctx, nil, nil)
	officer := s.asks(context.Background(), nil)
	<-h.began
	stop()
	s.wait()
	select {
	case a := <-officer:
		if !errors.Is(a.err, context.Canceled) {
			t.Error(a.err)
		}
	case <-time.After(time.Second):
		t.Error("the program would close the store under an exchange")
	}
}
