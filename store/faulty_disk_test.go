package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
	"tiepnhan/store/vfs/crashtest"
)

// misfortune is a way in which a disk fails.
type misfortune struct {
	name   string
	kinds  []crashtest.Kind
	rc     int32
	sealed bool // only below the encrypting layer: what SQLite makes of it in the clear is its own affair
}

var misfortunes = []misfortune{
	{"full", []crashtest.Kind{crashtest.Write}, sqlite3.SQLITE_FULL, false},
	{"cannot be written", []crashtest.Kind{crashtest.Write, crashtest.Truncate}, sqlite3.SQLITE_IOERR_WRITE, false},
	{"cannot be flushed", []crashtest.Kind{crashtest.Sync}, sqlite3.SQLITE_IOERR_FSYNC, false},
	{"cannot be read", []crashtest.Kind{crashtest.Read}, sqlite3.SQLITE_IOERR_READ, false},
	{"reads too little", []crashtest.Kind{crashtest.Read}, sqlite3.SQLITE_IOERR_SHORT_READ, true},
	{"busy", []crashtest.Kind{crashtest.Lock}, sqlite3.SQLITE_BUSY, false},
	{"cannot open", []crashtest.Kind{crashtest.Open, crashtest.Delete}, sqlite3.SQLITE_CANTOPEN, false},
}

// A disk fails at any moment of anything, once or from then on: what is said to be kept is kept, what is said not to be is not there, every
// failure has its code, and when the disk is well again work goes on.
func TestAFailingDiskIsSaidAndHarmsNothing(t *testing.T) {
	short := *crashMinutes == 0
	tried, failed, began := 0, 0, time.Now()
	over := func() bool { return !short && time.Since(began).Minutes() > *crashMinutes }
	for i := range useCases {
		no := i
		if !short { // another seed begins elsewhere
			no = (i + int(*crashSeed)) % len(useCases)
		}
		c := useCases[no]
		for _, encrypted := range []bool{true, false} {
			if short && encrypted != (no%2 == 0) {
				continue
			}
			image := c.image(t, encrypted)
			m := simulate(t, encrypted).on(folder(t))
			m.disk.Quiet = true
			for i, f := range misfortunes {
				if f.sealed && !encrypted || short && i != no%len(misfortunes) && i != (no+3)%len(misfortunes) {
					continue
				}
				total := m.suffer(t, c, f, image, -1, false)
				stride := max(total/16, 1)
				if short {
					stride = max(total/2, 1)
				}
				for n := int(*crashSeed) % stride; n < total && !over(); n += stride {
					for _, forever := range []bool{false, true} {
						if short && forever != ((no+n/stride)%2 == 0) {
							continue
						}
						failed += m.suffer(t, c, f, image, n, forever)
						tried++
						if t.Failed() {
							t.Fatalf("%s, encrypted %v, %s from %d of %d, forever %v", c.name, encrypted, f.name, n, total, forever)
						}
					}
				}
			}
		}
	}
	fmt.Printf("FAULTS %d tried, %d of them were said\n", tried, failed)
}

// suffer does a use case while the disk fails at the nth of those things, and looks at what is left. It tells how many errors were said; where
// n is -1, how many such things there were.
func (m *simulated) suffer(t *testing.T, c useCase, f misfortune, image []byte, n int, forever bool) int {
	t.Helper()
	ctx := context.Background()
	m.disk.Fault = nil
	m.disk.Load(map[string][]byte{m.path: image})
	s, err := m.open()
	must(t, err)
	var kept []uint64
	var paused atomic.Bool // while the test itself looks
	look := func() {
		paused.Store(true)
		defer paused.Store(false)
		sum, err := m.digest("ro")
		must(t, err)
		kept = append(kept, sum)
	}
	look()
	whole, unknown := s.commit, false
	s.commit = func(l *link) error {
		err := whole(l)
		if err == nil {
			look()
		}
		unknown = err != nil
		return err
	}
	steps := c.steps(t, s, look)
	var done atomic.Int64
	m.disk.Fault = func(kind crashtest.Kind, _ string) int32 {
		if paused.Load() {
			return 0
		}
		for _, k := range f.kinds {
			if k == kind {
				if i := int(done.Add(1)) - 1; n >= 0 && (i == n || forever && i > n) {
					return f.rc
				}
			}
		}
		return 0
	}
	if f.rc == sqlite3.SQLITE_BUSY { // nobody waits here
		must(t, s.writer.script("PRAGMA busy_timeout = 0"))
	}
	said := 0
	for i, step := range steps {
		unknown = false
		if err := step(); err != nil {
			said++
			if code := dossier.Code(err); !strings.HasPrefix(code, "store.") && !errors.Is(err, errClosed) {
				if said > 1 { // it asks for what an earlier step did not do
					continue
				}
				t.Errorf("step %d: %v has no code", i, err)
			}
			paused.Store(true)
			sum, err := m.digest("ro")
			paused.Store(false)
			if err != nil {
				t.Errorf("step %d: cannot be read: %v", i, err)
			} else if sum != kept[len(kept)-1] && !unknown && c.name != "copy" {
				t.Errorf("step %d: something was kept of what failed", i)
			} else {
				kept = append(kept, sum)
			}
		}
	}
	m.disk.Fault = nil
	if n < 0 {
		must(t, s.Close())
		return int(done.Load())
	}
	sound := func(when string) {
		check, err := s.Verify(ctx)
		if err != nil || len(check.Faults) > 0 {
			t.Errorf("%s: %v %s", when, err, strings.Join(check.Faults, "; "))
		}
	}
	if sum, err := m.digest("ro"); err != nil || sum != kept[len(kept)-1] {
		t.Errorf("when the disk was well again: not what was kept, %v", err)
	}
	sound("the disk well again")
	if _, err := receive(s, 95); err != nil {
		t.Errorf("work does not go on: %v", err)
	}
	must(t, s.Close())
	s, err = m.open()
	must(t, err)
	sound("opened again")
	must(t, s.Close())
	return said
}
