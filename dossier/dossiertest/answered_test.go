package dossiertest

import (
	"testing"
	"time"
)

// tried is a test that notes that it failed.
type tried struct {
	testing.TB
	failed bool
}

func (t *tried) Helper()               {}
func (t *tried) Fatalf(string, ...any) { t.failed = true }

var kept []byte

func TestWhatCostsTooMuchIsTold(t *testing.T) {
	for _, x := range []struct {
		do     func()
		failed bool
	}{
		{func() {}, false},
		{func() { kept = make([]byte, Memory/2) }, false},
		{func() { kept = make([]byte, Memory+1) }, true},
		{func() {
			for begun := time.Now(); time.Since(begun) < Time+time.Millisecond; {
			}
		}, true},
	} {
		to := &tried{TB: t}
		if Answered(to, x.do); to.failed != x.failed {
			t.Errorf("failed: %v, want %v", to.failed, x.failed)
		}
	}
	kept = nil
}
