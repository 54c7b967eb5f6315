//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
)

// badLine carries TCP between the real programs as a poor rural line would. The model, each way by itself: 64 kbit/s; 400 ms until the
// first bit arrives; segments of at most 1,460 bytes, of which each is held back with probability 0.1, and all behind it with it, for one
// retransmission time-out of a second (RFC 6298 2.4: no less); a connection costs one round trip before its first byte. At most 64 KiB are
// under way, as a receive window would have it.
type badLine struct {
	net.Listener
	to    string
	rate  float64 // bytes a second; 0 is no limit, no delay and no stalls
	cutAt int64   // bytes after which the line is cut, once; 0 is never

	mu      sync.Mutex
	chance  *rand.Rand
	moved   atomic.Int64 // bytes, both ways
	cuts    atomic.Int64
	conns   sync.WaitGroup
	nextCut atomic.Int64
}

const (
	lineDelay   = 400 * time.Millisecond
	lineSegment = 1460
	lineStall   = time.Second
	lineWindow  = 64 << 10
)

// newBadLine listens on loopback and carries everything to that address until the test ends.
func newBadLine(t testing.TB, at, to string, rate float64, cutAt int64) *badLine {
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	b := &badLine{Listener: l, to: to, rate: rate, cutAt: cutAt, chance: rand.New(rand.NewPCG(1, 2))}
	b.nextCut.Store(cutAt)
	ctx, stop := context.WithCancel(context.Background())
	b.conns.Add(1)
	go func() {
		defer b.conns.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.conns.Add(1)
			go func() {
				defer b.conns.Done()
				b.carry(ctx, c)
			}()
		}
	}()
	t.Cleanup(func() {
		stop()
		l.Close()
		b.conns.Wait()
	})
	return b
}

func (b *badLine) carry(ctx context.Context, from net.Conn) {
	defer from.Close()
	if b.rate > 0 {
		time.Sleep(2 * lineDelay)
	}
	to, err := net.Dial("tcp", b.to)
	if err != nil {
		return
	}
	defer to.Close()
	cut := func() { from.Close(); to.Close() }
	defer context.AfterFunc(ctx, cut)()
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); b.pump(to, from, cut) }()
	go func() { defer both.Done(); b.pump(from, to, cut) }()
	both.Wait()
}

type segment struct {
	bytes []byte
	at    time.Time
}

// pump is one direction.
func (b *badLine) pump(to, from net.Conn, cut func()) {
	window := make(chan segment, lineWindow/lineSegment)
	go func() {
		defer close(window)
		free := time.Now()
		for {
			buf := make([]byte, lineSegment)
			n, err := from.Read(buf)
			if n > 0 {
				s := segment{bytes: buf[:n], at: time.Now()}
				if b.rate > 0 {
					if free.Before(s.at) {
						free = s.at
					}
					free = free.Add(time.Duration(float64(n) / b.rate * float64(time.Second)))
					if b.stalls() {
						free = free.Add(lineStall)
					}
					s.at = free.Add(lineDelay)
				}
				window <- s
			}
			if err != nil {
				return
			}
		}
	}()
	for s := range window {
		time.Sleep(time.Until(s.at))
		moved := b.moved.Add(int64(len(s.bytes)))
		if at := b.nextCut.Load(); at > 0 && moved >= at && b.nextCut.CompareAndSwap(at, at+b.cutAt) {
			b.cuts.Add(1)
			cut()
		}
		if _, err := to.Write(s.bytes); err != nil {
			break
		}
	}
	if c, ok := to.(*net.TCPConn); ok {
		_ = c.CloseWrite()
	}
	for range window { // let the reader end
	}
}

func (b *badLine) stalls() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.chance.Float64() < 0.1
}

// ruralStation is a station whose way to upstream leads over the line: it is enrolled, and holds that many dossiers of ten entries.
func ruralStation(b *testing.B, dossiers int, rate float64, cutAt int64) (*station, *badLine) {
	b.Helper()
	s := &station{t: b, data: filepath.Join(b.TempDir(), "tram"), upstream: filepath.Join(b.TempDir(), "tinh")}
	var free [2]string
	for i := range free {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		free[i] = l.Addr().String()
		defer l.Close()
		l.Close()
	}
	s.address = free[1]
	s.run("station", "setup", "-sample", "-data", s.data)
	s.run("upstream", "init", "-data", s.upstream, "-name", "Công an tỉnh Mẫu", "-address", "https://"+free[0])
	var ticket struct{ Ticket string }
	if err := json.Unmarshal(s.run("upstream", "ticket", "-data", s.upstream, "-station", "Công an xã Thử Nghiệm", "-json"), &ticket); err != nil {
		b.Fatal(err)
	}
	s.turnOn()
	b.Cleanup(s.close)
	line := newBadLine(b, free[0], free[1], 0, 0)
	s.run("station", "enrol", ticket.Ticket, "-data", s.data)
	fillDay(b, s.data, dossiers)
	line.Close()
	return s, newBadLine(b, free[0], free[1], rate, cutAt)
}

// fillDay keeps dossiers as desk 1 would: each is received, looked at, printed, handed over, forwarded, looked at again, printed again.
func fillDay(b *testing.B, data string, dossiers int) {
	ctx := b.Context()
	st, err := store.Open(ctx, data, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	for i := range dossiers {
		id := storetest.DossierID(i)
		_, err := st.Receive(ctx, dossier.Opening{ID: id, Series: dossier.IntakeSeries, Day: storetest.Day(i)}, func(number string) ([]dossier.Event, error) {
			return []dossier.Event{storetest.Reception(i, number)}, nil
		})
		if err != nil {
			b.Fatal(err)
		}
		at := storetest.Day(i).At(8, 0).Add(time.Duration(i%300) * time.Minute)
		n := 1<<24 + 16*i
		event := func(kind dossier.Kind, body any) dossier.Event {
			n++
			e := storetest.Act(n, id, kind, body)
			e.At = at.Add(time.Duration(n%16) * 7 * time.Second)
			return e
		}
		act := func(kind dossier.Kind, body any) {
			if _, err := st.Act(ctx, id, func(dossier.Dossier) (dossier.Event, error) { return event(kind, body), nil }); err != nil {
				b.Fatal(err)
			}
		}
		printed := event(dossier.TracePrinted, dossier.Print{Form: "receipt", Set: "police", To: "HP LaserJet 1020", Copies: 1})
		if err := st.Record(ctx, event(dossier.TraceOpened, struct{}{}), printed,
			event(dossier.TracePrintEnd, dossier.PrintEnd{Prints: []dossier.EventID{printed.ID}, State: dossier.JobState{Phase: dossier.JobDone}})); err != nil {
			b.Fatal(err)
		}
		act(dossier.HandedOver, dossier.HandOver{From: "Cán Bộ Mẫu", To: fmt.Sprintf("Chỉ Huy Mẫu %d", i%7)})
		act(dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu", At: at.Add(time.Hour), Reference: fmt.Sprintf("G01.899.%06d", i)})
		printed = event(dossier.TracePrinted, dossier.Print{Form: "control-slip", Set: "police", To: "HP LaserJet 1020", Copies: 1})
		if err := st.Record(ctx, event(dossier.TraceOpened, struct{}{}), printed,
			event(dossier.TracePrintEnd, dossier.PrintEnd{Prints: []dossier.EventID{printed.ID}, State: dossier.JobState{Phase: dossier.JobDone}}), event(dossier.TraceOpened, struct{}{})); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBadLineDay sends a day of 300 dossiers, 3,000 entries, from the real station to the real upstream over a line of 64 kbit/s.
func BenchmarkBadLineDay(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s, line := ruralStation(b, 300, 8000, 0)
		b.StartTimer()
		begun := time.Now()
		s.run("station", "sync", "-data", s.data)
		took := time.Since(begun)
		b.StopTimer()
		b.ReportMetric(float64(line.moved.Load())/1000, "KB/day")
		b.ReportMetric(took.Seconds(), "s/day")
		drained(b, s, 300)
		if took > 2*time.Minute || line.moved.Load() > 300_000 {
			b.Errorf("%s and %d bytes on the wire: more than two minutes or 300 KB", took, line.moved.Load())
		}
		s.close()
		b.StartTimer()
	}
}

// BenchmarkMonthAfterCuts drains 30 days offline, 9,000 dossiers, over a line that is cut twenty times.
func BenchmarkMonthAfterCuts(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s, line := ruralStation(b, 9000, 0, 330_000)
		b.StartTimer()
		begun, calls := time.Now(), 0
		for {
			calls++
			err := exec.Command(binary(b, "station"), "sync", "-data", s.data).Run()
			if err == nil {
				break
			}
			if calls > 60 {
				b.Fatal("not through after sixty calls")
			}
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s/month")
		b.StopTimer()
		if line.cuts.Load() < 20 {
			b.Errorf("the line was cut %d times, want twenty", line.cuts.Load())
		}
		b.ReportMetric(float64(line.cuts.Load()), "cuts")
		drained(b, s, 9000)
		s.close()
		b.StartTimer()
	}
}

// drained fails unless nothing waits here and each dossier is there once.
func drained(b *testing.B, s *station, dossiers int) {
	b.Helper()
	var status struct{ Queue dossier.Queue }
	if err := json.Unmarshal(s.run("station", "status", "-json", "-data", s.data), &status); err != nil {
		b.Fatal(err)
	}
	if status.Queue.Entries != 0 {
		b.Errorf("%d entries still wait", status.Queue.Entries)
	}
	var rows []struct{ Number string }
	if err := json.Unmarshal(s.run("upstream", "list", "-json", "-n", fmt.Sprint(2*dossiers), "-data", s.upstream), &rows); err != nil {
		b.Fatal(err)
	}
	numbers := map[string]bool{}
	for _, r := range rows {
		numbers[r.Number] = true
	}
	if len(rows) != dossiers || len(numbers) != dossiers {
		b.Errorf("upstream has %d dossiers of %d numbers, want %d", len(rows), len(numbers), dossiers)
	}
	s.run("upstream", "verify", "-data", s.upstream)
}
