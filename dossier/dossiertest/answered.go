// Package dossiertest holds what tests of several packages ask.
package dossiertest

import (
	"runtime/metrics"
	"testing"
	"time"
)

// What any input may cost until it is answered (I14).
const (
	Time   = time.Second
	Memory = 64 << 20 // bytes
)

// tries are how often a slow answer is tried again: a PC that builds beside it is no fault of the decoder.
const tries = 3

// Answered holds that do, which reads one input and can read it again, ends in time and without much memory. What is handed back on the way
// counts too, so a decoder that passes here never holds more at a time.
func Answered(t testing.TB, do func()) {
	t.Helper()
	var took time.Duration
	var used uint64
	for range tries {
		before, begun := allocated(), time.Now()
		do()
		if took, used = time.Since(begun), allocated()-before; took <= Time && used <= Memory {
			return
		}
	}
	t.Fatalf("I14: it took %v and %d bytes", took, used)
}

func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
