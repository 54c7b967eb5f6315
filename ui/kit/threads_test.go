package kit

import (
	"strings"
	"testing"
	"time"
)

func TestLaneKeepsTheOrderAndRunsOneAtATime(t *testing.T) {
	var work []func()
	lane := NewLane(Threads{Go: func(f func()) { work = append(work, f) }, OnUI: func(f func()) { f() }})
	var did []string
	for _, name := range []string{"draft", "keep", "drop"} {
		lane.Do(func() func() {
			did = append(did, name)
			return func() { did = append(did, name+"ed") }
		})
	}
	for len(work) > 0 {
		if len(work) != 1 {
			t.Fatalf("%d jobs at once", len(work))
		}
		f := work[0]
		work = nil
		f()
	}
	if got := strings.Join(did, " "); got != "draft drafted keep keeped drop droped" {
		t.Error(got)
	}
}

func TestLaterRunsTheLastOnly(t *testing.T) {
	type timer struct {
		f    func()
		gone bool
	}
	var timers []*timer
	later := NewLater(Threads{After: func(_ time.Duration, f func()) func() bool {
		one := &timer{f: f}
		timers = append(timers, one)
		return func() bool { one.gone = true; return true }
	}}, time.Second)
	ran := 0
	later.Do(func() { ran = 1 })
	later.Do(func() { ran = 2 })
	if !timers[0].gone || timers[1].gone || !later.Waiting() {
		t.Fatal("the first should be forgotten, the second wait")
	}
	timers[1].f()
	if ran != 2 || later.Waiting() {
		t.Errorf("ran %d, waiting %v", ran, later.Waiting())
	}
}
