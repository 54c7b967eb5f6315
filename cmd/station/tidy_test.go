package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestTheIndexIsMergedWhileNobodyWorksOnly(t *testing.T) {
	ticks, since, left, steps := make(chan time.Time), tidyAfter, 3, 0
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- tidy(ctx, ticks, func(context.Context) time.Duration { return since }, func(context.Context) (bool, error) {
			steps++
			if left--; left == 1 {
				since = 0 // somebody touches the window
			}
			return left > 0, nil
		})
	}()
	ticks <- time.Now()
	ticks <- time.Now() // taken once the first is over
	if steps != 2 {
		t.Errorf("%d steps before somebody came", steps)
	}
	since = tidyAfter
	ticks <- time.Now()
	stop()
	if err := <-done; err != nil || steps < 2 {
		t.Error(err, steps)
	}

	full, one := errors.New("full"), make(chan time.Time, 1)
	one <- time.Now()
	err := tidy(t.Context(), one, func(context.Context) time.Duration { return time.Hour }, func(context.Context) (bool, error) { return true, full })
	if !errors.Is(err, full) {
		t.Error(err)
	}
}
