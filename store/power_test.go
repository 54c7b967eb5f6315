package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"errors"
	"flag"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/sqlite"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
	"tiepnhan/store/vfs/crashtest"
)

var (
	crashMinutes = flag.Float64("crash.minutes", 0, "how long to cut the power; 0 is a short while")
	crashSeed    = flag.Uint64("crash.seed", 1, "where chance begins")
)

// useCase is something a station does, in steps, from a store in which things have happened.
type useCase struct {
	name  string
	from  func(testing.TB) string                                  // the folder of a closed store
	steps func(t testing.TB, s *Store, mark func()) []func() error // mark after what is kept other than by the store's own transactions
}

// settled is the folder of a store, closed.
func settled(t testing.TB, s *Store) string {
	t.Helper()
	must(t, s.Close())
	return s.dir
}

func fromSome(t testing.TB) string {
	s := newStore(t, 1)
	for i := range 3 {
		_, err := receive(s, i)
		must(t, err)
	}
	return settled(t, s)
}

func fromAllSorts(t testing.TB) string { return settled(t, allSorts(t)) }

func fromOlder(t testing.TB) string { return aged(t, allSorts(t), 2) }

// receiving are receptions of those dossiers.
func receiving(s *Store, dossiers ...int) []func() error {
	var out []func() error
	for _, i := range dossiers {
		out = append(out, func() error {
			_, err := receive(s, i)
			return err
		})
	}
	return out
}

func running(s *Store, script string) func() error {
	return func() error { return told("run a script", s.dir, s.writer.script(script)) }
}

// healingBy does those healings one after the other, and goes on working.
func healingBy(names ...string) func(testing.TB, *Store, func()) []func() error {
	return func(t testing.TB, s *Store, _ func()) []func() error {
		all := healings(t, s)
		var out []func() error
		for _, name := range names {
			out = append(out, func() error { return all[name](s) })
		}
		return append(out, receiving(s, 80)...)
	}
}

var useCases = []useCase{
	{"receive", fromSome, func(t testing.TB, s *Store, _ func()) []func() error { return receiving(s, 10, 11, 12, 13) }},
	{"act", fromSome, func(t testing.TB, s *Store, _ func()) []func() error {
		var out []func() error
		for i, act := range []struct {
			dossier int
			kind    dossier.Kind
			body    any
		}{{1, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"}},
			{1, dossier.Decided, dossier.Decision{Approved: true, Document: "1/QĐ", Date: storetest.Day(0), By: "Công an tỉnh Mẫu"}},
			{1, dossier.HandedBack, dossier.HandBack{To: "Người Mẫu"}}, {2, dossier.Withdrawn, dossier.Reason{Why: "Công dân đề nghị"}}} {
			out = append(out, func() error {
				_, err := perform(s, 100+i, storetest.DossierID(act.dossier), act.kind, act.body)
				return err
			})
		}
		return out
	}},
	{"draft", fromSome, func(t testing.TB, s *Store, _ func()) []func() error {
		var out []func() error
		for i := range 4 {
			out = append(out, func() error {
				return s.SaveDraft(context.Background(), "receive", []byte(strings.Repeat("đã nhập ", 300*i)))
			})
		}
		return append(out, func() error { return s.DropDraft(context.Background(), "receive") })
	}},
	{"close the day", fromAllSorts, func(t testing.TB, s *Store, _ func()) []func() error {
		return append(receiving(s, 30), func() error {
			return s.Record(context.Background(), closedFrom(300, storetest.Day(1), 9, s.Own().Head))
		})
	}},
	{"take in a parcel", fromSome, func(t testing.TB, s *Store, _ func()) []func() error {
		pc := storetest.NewSister(2)
		out := []func() error{func() error { return s.Adopt(context.Background(), pc.Genesis, pc.Owner()) }}
		for i := range 3 {
			entries, err := pc.Append(storetest.Reception(50+2*i, fmt.Sprintf("MAU-260105-30%02d", 2*i)), storetest.Reception(51+2*i, fmt.Sprintf("MAU-260105-30%02d", 2*i+1)))
			must(t, err)
			head, signature := pc.Head, pc.Signature()
			out = append(out, func() error { return s.Extend(context.Background(), head, signature, entries) })
		}
		return out
	}},
	{"receipts", fromAllSorts, healingBy("raise", "lower", "key")},
	{"another life", fromAllSorts, healingBy("fork")},
	{"a new key", fromAllSorts, healingBy("rotate")},
	{"take back", fromAllSorts, healingBy("reclaim", "recast")},
	{"purge", fromAllSorts, healingBy("purge")},
	{"copy", fromSome, func(t testing.TB, s *Store, mark func()) []func() error {
		copy := filepath.Join(s.dir, "copy.db")
		return slices.Concat(receiving(s, 10), []func() error{running(s, "VACUUM INTO '"+strings.ReplaceAll(copy, "'", "''")+"'"),
			func() error {
				err := running(s, "VACUUM")()
				if err == nil {
					mark()
				}
				return err
			}}, receiving(s, 11))
	}},
	{"checkpoint", fromSome, func(t testing.TB, s *Store, _ func()) []func() error {
		return slices.Concat([]func() error{running(s, "PRAGMA wal_autocheckpoint = 20")}, receiving(s, 10, 11, 12), []func() error{running(s, "PRAGMA wal_checkpoint(RESTART)")},
			receiving(s, 13), []func() error{running(s, "PRAGMA wal_checkpoint(TRUNCATE)")})
	}},
	{"rebuild", fromAllSorts, func(t testing.TB, s *Store, _ func()) []func() error {
		return append([]func() error{func() error { return s.Rebuild(context.Background()) }}, receiving(s, 80)...)
	}},
	{"merge the index", fromAllSorts, func(t testing.TB, s *Store, mark func()) []func() error {
		step := func() error {
			_, err := s.MergeIndex(context.Background())
			return err
		}
		return slices.Concat([]func() error{step}, receiving(s, 80, 81, 82), []func() error{step, step})
	}},
	{"bring up to date", fromOlder, func(t testing.TB, s *Store, _ func()) []func() error { return receiving(s, 80) }},
}

var diskNo atomic.Int64

// simulated is a disk in memory with a file layer for the store on it, encrypting or not.
type simulated struct {
	disk *crashtest.Disk
	name string
	dir  string
	path string
}

var crashKey = sha256.Sum256([]byte("a key for tests"))

func simulate(t testing.TB, encrypted bool) *simulated {
	t.Helper()
	n := diskNo.Add(1)
	m := &simulated{disk: crashtest.New(fmt.Sprintf("disk-%d", n))}
	m.name = m.disk.Name()
	if encrypted {
		m.name = fmt.Sprintf("sealed-%d", n)
		l, err := vfs.RegisterOver(m.name, m.disk.Name(), &crashKey)
		must(t, err)
		t.Cleanup(func() { must(t, l.Close()) })
	}
	return m
}

// on makes the simulated disk stand where that folder is.
func (m *simulated) on(dir string) *simulated {
	m.dir, m.path = dir, filepath.Join(dir, FileName)
	return m
}

func (m *simulated) open() (*Store, error) {
	return Open(context.Background(), m.dir, Options{VFS: m.name, NoReserve: true, Now: noReserve.Now})
}

var digestSeed = maphash.MakeSeed()

// digest is of everything that is in the database, page by page.
func (m *simulated) digest(mode string) (sum uint64, err error) {
	c, err := (&sqlite.Driver{}).Open("file:" + (&url.URL{Path: m.path}).EscapedPath() + "?mode=" + mode + "&vfs=" + m.name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	rows, err := c.(driver.QueryerContext).QueryContext(context.Background(), "SELECT data FROM sqlite_dbpage", nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var h maphash.Hash
	h.SetSeed(digestSeed)
	row := make([]driver.Value, 1)
	for err = rows.Next(row); err == nil; err = rows.Next(row) {
		h.Write(row[0].([]byte))
	}
	if err != io.EOF {
		return 0, err
	}
	return h.Sum64(), nil
}

// kept is what was in the database when something had been said to be kept.
type kept struct {
	done   int // to the disk
	digest uint64
}

// played is a use case after it went well, with all that was done to the disk.
type played struct {
	useCase
	encrypted bool
	live      *simulated
	kept      []kept
	opened    int // what had been done to the disk when the store was open
}

// image is the file of a store a use case begins with, encrypted or not.
func (c useCase) image(t testing.TB, encrypted bool) []byte {
	t.Helper()
	from := filepath.Join(c.from(t), FileName)
	if encrypted {
		l, err := vfs.Register(fmt.Sprintf("seal-%d", diskNo.Add(1)), &crashKey)
		must(t, err)
		must(t, vfs.Convert(context.Background(), from, nil, l))
		must(t, l.Close())
	}
	file, err := os.ReadFile(from)
	must(t, err)
	return file
}

// folder is where a simulated disk stands.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, FileName), nil, 0o600)) // the store looks whether there is one
	return dir
}

// play does a use case on a disk in memory.
func play(t testing.TB, c useCase, encrypted bool) *played {
	t.Helper()
	p := &played{useCase: c, encrypted: encrypted, live: simulate(t, encrypted).on(folder(t))}
	p.live.disk.Load(map[string][]byte{p.live.path: c.image(t, encrypted)})
	mark := func() {
		sum, err := p.live.digest("ro")
		must(t, err)
		p.kept = append(p.kept, kept{p.live.disk.Done(), sum})
	}
	mark()
	s, err := p.live.open()
	must(t, err)
	mark()
	p.opened = p.live.disk.Done()
	p.kept[1].done = math.MaxInt // nothing was said: what opening changes it changes again
	whole := s.commit
	s.commit = func(l *link) error {
		err := whole(l)
		if err == nil {
			mark()
		}
		return err
	}
	for _, step := range c.steps(t, s, mark) {
		must(t, step())
	}
	must(t, s.Close())
	mark()
	if encrypted {
		p.live.disk.EverWritten(func(path string, data []byte) {
			for _, word := range []string{"SQLite format", "Nguy", "MAU-26", "CREATE", "Công an"} {
				if bytes.Contains(data, []byte(word)) {
					t.Fatalf("%s: %q was written in clear to %s", c.name, word, filepath.Base(path))
				}
			}
		})
	}
	return p
}

// judge opens what a power cut left.
type judge struct {
	*simulated
	proved *sync.Map     // digests
	proofs *atomic.Int64 // more of them, because some are done again by chance
}

// wrong says what is wrong with a state; "" is nothing. It must hold what had been said to be kept (I1), and nothing that was never kept, page for
// page; each of what was kept is proved by the store's own means (I2, I11).
func (p *played) wrong(j *judge, state crashtest.State, fully bool) string {
	j.disk.Load(state.Files)
	mode := "rw"
	if state.Files[j.path+"-journal"] == nil { // nothing to roll back; and to tidy up takes longer than to look
		mode, j.disk.NoExclusive = "ro", true
	}
	sum, err := j.digest(mode)
	j.disk.NoExclusive = false
	if err != nil {
		return err.Error()
	}
	have, owed := -1, 0
	for i, k := range p.kept {
		if k.digest == sum {
			have = i
		}
		if k.done <= state.After {
			owed = i
		}
	}
	switch {
	case have < 0 && state.After <= p.opened: // while it was opened, which is more than one transaction; that it is as good is proved
	case have < 0:
		return "holds what was never kept"
	case have >= 0 && have < owed:
		return fmt.Sprintf("holds what was kept %d times, and it was said of %d", have, owed)
	}
	if _, known := j.proved.LoadOrStore(sum, true); fully || !known {
		j.proofs.Add(1)
		j.disk.Load(state.Files)
		if err := p.prove(j.simulated); err != nil {
			return err.Error()
		}
	}
	return ""
}

// prove opens the store, looks at everything in it, goes on working and looks again.
func (p *played) prove(m *simulated) (err error) {
	ctx := context.Background()
	s, err := m.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	before := s.Own().Head
	for i := range 2 {
		check, err := s.Verify(ctx)
		if err != nil {
			return err
		}
		if len(check.Faults) > 0 {
			return fmt.Errorf("%s", strings.Join(check.Faults, "; "))
		}
		if i == 0 {
			if _, err := receive(s, 90); err != nil {
				return fmt.Errorf("go on: %w", err)
			}
		}
	}
	if s.Own().Head.Seq <= before.Seq {
		return errors.New("nothing was added")
	}
	return nil
}

// cutPower judges states on all cores until it is over and tells how many.
func (p *played) cutPower(t testing.TB, seed uint64, every, byChance int, over func() bool) (states, proofs int) {
	t.Helper()
	queue := make(chan crashtest.State, 64)
	var all sync.WaitGroup
	var judged, proofsDone atomic.Int64
	var proved sync.Map
	var failed atomic.Bool
	for range runtime.GOMAXPROCS(0) {
		j := &judge{simulate(t, p.encrypted).on(p.live.dir), &proved, &proofsDone}
		j.disk.Quiet = true
		all.Go(func() {
			n := 0
			for state := range queue {
				if failed.Load() {
					continue
				}
				n++
				if what := p.wrong(j, state, n%256 == 0); what != "" {
					failed.Store(true)
					t.Errorf("%s (encrypted: %v), seed %d, after %d of %d, %s: %s", p.name, p.encrypted, seed, state.After, p.live.disk.Done(), state.How, what)
				}
				judged.Add(1)
			}
		})
	}
	p.live.disk.States(seed, every, byChance, func(s crashtest.State) bool {
		queue <- s
		return !failed.Load() && !over()
	})
	close(queue)
	all.Wait()
	return int(judged.Load()), int(proofsDone.Load())
}

// I1, I2 and I11 in every state that a power cut can leave, in the clear and encrypted.
func TestPowerCutLosesNothing(t *testing.T) {
	total, proofs, began := 0, 0, time.Now()
	short := *crashMinutes == 0
	over := func() bool { return !short && time.Since(began).Minutes() > *crashMinutes }
	for round := uint64(0); round == 0 || !short && !over(); round++ {
		for _, c := range useCases {
			for _, encrypted := range []bool{true, false} {
				p := play(t, c, encrypted)
				start, every, byChance := time.Now(), 1, 32
				if short {
					every, byChance = 29, 2
				} else if over() {
					break
				}
				n, m := p.cutPower(t, *crashSeed+round, every, byChance, over)
				t.Logf("%s, encrypted %v: %d done to the disk, %d kept, %d states, %.0f a second", c.name, encrypted, p.live.disk.Done(), len(p.kept), n, float64(n)/time.Since(start).Seconds())
				total, proofs = total+n, proofs+m
				if t.Failed() {
					return
				}
			}
		}
	}
	fmt.Printf("POWER %d states, %d of them proved and worked on, %.0f a second\n", total, proofs, float64(total)/time.Since(began).Seconds())
}

// This test can fail: a disk that says it flushed and did not loses what was said to be kept, and that is noticed.
func TestALyingDiskIsNoticed(t *testing.T) {
	for _, encrypted := range []bool{true, false} {
		p := play(t, useCases[0], encrypted)
		p.live.disk.ForgetFlushes()
		j := &judge{simulate(t, encrypted).on(p.live.dir), &sync.Map{}, &atomic.Int64{}}
		noticed := 0
		p.live.disk.States(1, 1, 2, func(s crashtest.State) bool {
			if s.After > p.opened && p.wrong(j, s, false) != "" {
				noticed++
			}
			return noticed < 3
		})
		if noticed < 3 {
			t.Errorf("encrypted %v: noticed %d times", encrypted, noticed)
		}
	}
}
