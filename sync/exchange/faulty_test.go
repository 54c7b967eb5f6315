package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// house is the real upstream over a real file and real TLS; it can be stopped and started.
type house struct {
	t    testing.TB
	dir  string
	now  func() time.Time
	addr string
	up   *receive.Upstream
	stop func()
}

func newHouse(t testing.TB, now func() time.Time) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: now}
	u, err := receive.Create(context.Background(), h.dir, "Công an tỉnh Mẫu", "127.0.0.1:1", h.world())
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	h.addr = "127.0.0.1:0"
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

func (h *house) world() receive.World {
	return receive.World{Now: h.now, Word: assets.Word, Fault: func(err error) { h.t.Errorf("upstream: %v", err) }}
}

func (h *house) start() {
	h.t.Helper()
	u, err := receive.Open(context.Background(), h.dir, h.world())
	if err != nil {
		h.t.Fatal(err)
	}
	l, err := net.Listen("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.up, h.addr = u, l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- u.Serve(ctx, l) }()
	h.stop = func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) { // it may be stopped before it has begun
			h.t.Errorf("serve: %v", err)
		}
		if err := u.Close(); err != nil {
			h.t.Error(err)
		}
		h.stop = func() {}
	}
}

// admit enrols a station over the line.
func (h *house) admit(s *station, name string) {
	h.t.Helper()
	ticket, err := h.up.Ticket(context.Background(), name, 0, h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	if u, err := s.client().Enrol(context.Background(), ticket.Text()); err != nil || u.Station != name || u.Address != "https://"+h.addr {
		h.t.Fatalf("%+v, %v", u, err)
	}
}

// agrees holds both sides against one another once all is quiet: upstream has exactly the station's journal and one receipt covers it,
// the station has exactly upstream's, and both see the same dossiers.
func (h *house) agrees(t interface {
	Helper()
	Fatalf(string, ...any)
}, s *station, name string, dossiers int) {
	t.Helper()
	own := s.Own()
	if own.Head.Seq > 0 && (own.Receipt == nil || own.Receipt.Head != own.Head) {
		t.Fatalf("sent up to %+v, written up to %+v", own.Receipt, own.Head)
	}
	rows, err := h.up.List(context.Background(), receive.Query{Station: name, Limit: 1000})
	if err != nil || len(rows) != dossiers {
		t.Fatalf("upstream has %d dossiers, want %d: %v", len(rows), dossiers, err)
	}
	var entries []dossier.Entry
	s.mu.Lock()
	for _, c := range s.order {
		entries = append(entries, s.chains[c].entries...)
	}
	s.mu.Unlock()
	for _, row := range rows {
		mine := slices.DeleteFunc(slices.Clone(entries), func(e dossier.Entry) bool { return e.Dossier != row.ID })
		here := dossier.Replay(mine)
		there, err := h.up.Find(context.Background(), row.ID.String())
		if err != nil || here.Status != there.Status || len(here.Course) != len(there.Course) || !slices.Equal(here.Heads, there.Heads) ||
			(here.Decision == nil) != (there.Decision == nil) {
			t.Fatalf("dossier %s is %v at the station and %v at upstream: %v", row.Number, here, there.Dossier, err)
		}
		decided := 0
		for _, step := range here.Course {
			if step.Kind == dossier.Decided && step.Effect == dossier.Applied {
				decided++
			}
		}
		if decided > 1 {
			t.Fatalf("dossier %s: a decision took effect %d times (I5)", row.Number, decided)
		}
	}
}

// sound verifies upstream's file.
func (h *house) sound() {
	h.t.Helper()
	check, err := h.up.Verify(context.Background())
	if err != nil || len(check.Faults) > 0 {
		h.t.Errorf("upstream: %v, %v", check.Faults, err)
	}
}

// faulty does to each call what a test drew for it, once.
type faulty struct {
	http.RoundTripper
	mu    sync.Mutex
	plan  []string
	where []int
	late  []func()
}

var errLost = errors.New("lost on the way")

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	fault, at := "", 0
	if len(f.plan) > 0 {
		fault, at, f.plan, f.where = f.plan[0], f.where[0], f.plan[1:], f.where[1:]
	}
	f.mu.Unlock()
	send := func(b []byte) (*http.Response, []byte, error) {
		again := r.Clone(context.WithoutCancel(r.Context()))
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
		res, err := f.RoundTripper.RoundTrip(again)
		if err != nil {
			return nil, nil, err
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		return res, answer, err
	}
	damage := func(b []byte) []byte {
		b = bytes.Clone(b)
		if len(b) > 0 {
			b[at%len(b)] ^= 1 << (at % 8)
		}
		return b
	}
	short := func(b []byte) []byte { return b[:at%(len(b)+1)] }
	var res *http.Response
	var answer []byte
	switch fault {
	case "question lost":
		return nil, errLost
	case "question cut":
		res, answer, err = send(short(body))
	case "question damaged":
		res, answer, err = send(damage(body))
	case "question late":
		f.mu.Lock()
		f.late = append(f.late, func() { _, _, _ = send(body) })
		f.mu.Unlock()
		return nil, errLost
	case "answer lost":
		if _, _, err = send(body); err == nil {
			err = errLost
		}
	case "asked twice":
		if _, _, err = send(body); err == nil {
			res, answer, err = send(body)
		}
	default:
		res, answer, err = send(body)
	}
	if err != nil {
		return nil, err
	}
	switch fault {
	case "answer cut":
		answer = short(answer)
	case "answer damaged":
		answer = damage(answer)
	case "answer broken off":
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(short(answer)), errReader{}))
		return res, nil
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	return res, nil
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

var faults = []string{"", "", "question lost", "question cut", "question damaged", "question late", "answer lost", "answer cut", "answer damaged",
	"answer broken off", "asked twice"}

// I5, I6, I7: loss, repetition, reordering, truncation, damage, late delivery and restarts of upstream, in any mix, end in the same state as a
// clean run.
func TestAnyLineEndsWhereACleanOneDoes(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 20, 16, 30, 0, 0, dossier.Hanoi) }
	h := newHouse(t, now)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		name := fmt.Sprintf("Trạm %d", run)
		s := newStation(t, run)
		h.admit(s, name)
		f := &faulty{}
		c := s.client()
		c.Wrap = func(rt http.RoundTripper) http.RoundTripper {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.RoundTripper = rt
			return f
		}
		received := 0
		for range rapid.IntRange(1, 6).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 3).Draw(rt, "receptions") {
				received++
				s.happen(ofRun(run, received))
			}
			f.plan = rapid.SliceOfN(rapid.SampledFrom(faults), 0, 6).Draw(rt, "faults")
			f.where = rapid.SliceOfN(rapid.IntRange(0, 1<<16), len(f.plan), len(f.plan)).Draw(rt, "places")
			if rapid.IntRange(0, 7).Draw(rt, "restart") == 0 {
				h.stop()
				h.start()
			}
			before := s.Own().Receipt
			if _, err := c.Send(context.Background(), nil); err != nil && dossier.Code(err) == "" {
				rt.Fatalf("an error without a code: %v", err)
			}
			if after := s.Own().Receipt; before != nil && after.Seq < before.Seq {
				rt.Fatal("the mark went back")
			}
			if received > 0 && rapid.Bool().Draw(rt, "decide") {
				which := ofRun(run, rapid.IntRange(1, received).Draw(rt, "which")).Dossier.String()
				_, _, err := h.up.Decide(context.Background(), which, dossier.Decision{Approved: true, Document: "1/TB", Date: dossier.DateOf(now())})
				if code := dossier.Code(err); err != nil && code != "upstream.no-dossier" {
					rt.Fatal(err)
				}
			}
			if rapid.Bool().Draw(rt, "deliver") {
				f.deliver()
			}
		}
		f.deliver()
		f.plan, f.where = nil, nil
		for try := 0; ; try++ {
			_, err := c.Send(context.Background(), nil)
			if err == nil {
				break
			}
			if try == 2 {
				rt.Fatalf("a clean line does not mend it: %v", err)
			}
		}
		h.agrees(rt, s, name, received)
	})
	h.sound()
}

// deliver lets arrive what was held up.
func (f *faulty) deliver() {
	f.mu.Lock()
	late := f.late
	f.late = nil
	f.mu.Unlock()
	slices.Reverse(late)
	for _, do := range late {
		do()
	}
}

// ofRun is a reception that no other run of the property has.
func ofRun(run, i int) dossier.Event { return reception(run*1000 + i) }

func TestLostAnswerDoublesNothingAndTheReceiptComesWithTheNextHello(t *testing.T) {
	h := newHouse(t, time.Now)
	s := newStation(t, 1)
	h.admit(s, "Trạm Mẫu")
	for i := range 250 {
		s.happen(reception(i))
	}
	f := &faulty{plan: []string{"", "", "answer lost"}, where: []int{0, 0, 0}}
	c := s.client()
	c.Wrap = func(rt http.RoundTripper) http.RoundTripper { f.RoundTripper = rt; return f }
	sent, err := c.Send(context.Background(), nil)
	wantCode(t, err, "line.down")
	if sent.Pushed != 100 || s.receipt.Seq != 100 {
		t.Errorf("%+v", sent)
	}
	h.stop()
	h.start()
	if sent, err = c.Send(context.Background(), nil); err != nil || sent.Pushed != 150 || s.kept != 3 {
		t.Errorf("%+v, %v, %d receipts", sent, err, s.kept)
	}
	h.agrees(t, s, "Trạm Mẫu", 250)
	if sent, err = c.Send(context.Background(), nil); err != nil || sent.Pushed != 0 || sent.Pulled != 0 || sent.Receipt == nil {
		t.Errorf("nothing to do: %+v, %v", sent, err)
	}
}

func TestDecisionComesBackOnce(t *testing.T) {
	h := newHouse(t, time.Now)
	s := newStation(t, 1)
	h.admit(s, "Trạm Mẫu")
	one := reception(1)
	s.happen(one, storetest.Act(500, one.Dossier, dossier.Forwarded, "not a forward", one.ID))
	if sent, err := s.client().Send(context.Background(), nil); err != nil || sent.Pushed != 2 {
		t.Fatalf("%+v, %v", sent, err)
	}
	for range 2 {
		if _, _, err := h.up.Decide(context.Background(), "MAU-260105-0001",
			dossier.Decision{Approved: true, Document: "1/TB", Date: dossier.Date{Year: 2026, Month: 1, Day: 7}}); err != nil {
			t.Fatal(err)
		}
	}
	f := &faulty{plan: []string{"", "answer lost"}, where: []int{0, 0}} // the first pull
	c := s.client()
	c.Wrap = func(rt http.RoundTripper) http.RoundTripper { f.RoundTripper = rt; return f }
	_, err := c.Send(context.Background(), nil)
	wantCode(t, err, "line.down")
	if sent, err := c.Send(context.Background(), nil); err != nil || sent.Pulled == 0 {
		t.Errorf("%+v, %v", sent, err)
	}
	if sent, err := c.Send(context.Background(), nil); err != nil || sent.Pulled != 0 {
		t.Errorf("%+v, %v", sent, err)
	}
	said := map[dossier.Kind]int{}
	for _, e := range s.chains[s.order[1]].entries {
		said[e.Kind]++
		var back dossier.SendBack
		if e.Kind == dossier.SentBack && (json.Unmarshal(e.Body, &back) != nil || back.Event != s.chains[s.order[0]].entries[1].ID) {
			t.Errorf("sent back %s", e.Body)
		}
	}
	if !maps.Equal(said, map[dossier.Kind]int{dossier.Admitted: 1, dossier.Decided: 1, dossier.SentBack: 1}) {
		t.Errorf("%v", said)
	}
	h.agrees(t, s, "Trạm Mẫu", 1)
}

func TestSisterPCsSeeOneAnotherThroughUpstream(t *testing.T) {
	h := newHouse(t, time.Now)
	one, two := newStation(t, 1), newStation(t, 2)
	h.admit(one, "Trạm Mẫu")
	h.admit(two, "Trạm Mẫu")
	for i := range 130 {
		one.happen(reception(i))
	}
	if _, err := one.client().Send(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if sent, err := two.client().Send(context.Background(), nil); err != nil || two.holds(one.Genesis.Chain) != 130 {
		t.Errorf("%+v, %v", sent, err)
	}
	if two.upstream.Desk != 2 {
		t.Errorf("desk %d", two.upstream.Desk)
	}
}

func TestEnrolmentSurvivesALostAnswerAndAFullDisk(t *testing.T) {
	h := newHouse(t, time.Now)
	s := newStation(t, 1)
	ticket, err := h.up.Ticket(context.Background(), "Trạm Mẫu", 1, h.addr)
	if err != nil {
		t.Fatal(err)
	}
	f := &faulty{plan: []string{"answer lost"}, where: []int{0}}
	c := s.client()
	c.Wrap = func(rt http.RoundTripper) http.RoundTripper { f.RoundTripper = rt; return f }
	_, err = c.Enrol(context.Background(), ticket.Text())
	wantCode(t, err, "line.down")
	if _, ok, _ := s.Upstream(context.Background()); ok {
		t.Error("enrolled without an answer")
	}
	if _, err = c.Enrol(context.Background(), ticket.Text()); err != nil {
		t.Error(err)
	}
	_, err = c.Enrol(context.Background(), ticket.Text())
	wantCode(t, err, "enrol.already")

	second := newStation(t, 2)
	second.full = dossier.Invalid("", "store.full")
	next, err := h.up.Ticket(context.Background(), "Trạm Mẫu", 2, h.addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = second.client().Enrol(context.Background(), next.Text())
	wantCode(t, err, "store.full")
	second.full = nil
	_, err = second.client().Enrol(context.Background(), ticket.Text())
	wantCode(t, err, "ticket.used")
	_, err = second.client().Enrol(context.Background(), "TN1.HELLO")
	wantCode(t, err, "ticket.format")
	if _, err := second.client().Enrol(context.Background(), next.Text()); err != nil {
		t.Error(err)
	}
}

func TestEnrolmentWithAnotherUpstreamsTicketStopsAtItsKey(t *testing.T) {
	h := newHouse(t, time.Now)
	other := newHouse(t, time.Now)
	ticket, err := other.up.Ticket(context.Background(), "Trạm Mẫu", 1, h.addr) // the address is h's, the key is not
	if err != nil {
		t.Fatal(err)
	}
	s := newStation(t, 1)
	_, err = s.client().Enrol(context.Background(), ticket.Text())
	wantCode(t, err, "ticket.other-key")
	hostile := newUp(t, nil)
	hostile.say(wire.PathEnrol, portal(200))
	forged := wire.Ticket{Address: hostile.address, Key: wire.KeyHash(hostile.Owner()), Until: time.Now(), Desk: 1, Station: "Trạm Mẫu"}
	_, err = s.client().Enrol(context.Background(), forged.Text())
	wantCode(t, err, "line.portal")
	if _, ok, _ := s.Upstream(context.Background()); ok {
		t.Error("enrolled")
	}
}

// I13: clocks decide nothing on the way.
func TestClocksAtOtherYearsChangeNothing(t *testing.T) {
	for _, year := range []int{1975, 2009, 2099} {
		at := time.Date(year, 1, 1, 0, 0, 0, 0, dossier.Hanoi)
		h := newHouse(t, func() time.Time { return at })
		s := newStation(t, 1)
		h.admit(s, "Trạm Mẫu")
		e := reception(1)
		e.At = at.AddDate(30, 0, 0)
		s.happen(e, reception(2))
		if sent, err := s.client().Send(context.Background(), nil); err != nil || sent.Pushed != 2 || sent.Receipt.At.Year() > year {
			t.Errorf("%d: %+v, %v", year, sent, err)
		}
		h.agrees(t, s, "Trạm Mẫu", 2)
	}
}

func TestRevokedPCIsToldSoAndKeepsWhatItHas(t *testing.T) {
	h := newHouse(t, time.Now)
	s := newStation(t, 1)
	h.admit(s, "Trạm Mẫu")
	s.happen(reception(1))
	if err := h.up.Revoke(context.Background(), receive.PC{Station: "Trạm Mẫu", Desk: 1}, nil, "mất máy"); err != nil {
		t.Fatal(err)
	}
	before := s.fresh()
	_, err := s.client().Send(context.Background(), nil)
	wantCode(t, err, "line.revoked")
	if s.fresh() != before {
		t.Error("something changed")
	}
}

func TestManyStationsAtHalfPastFour(t *testing.T) {
	h := newHouse(t, time.Now)
	var all []*station
	for i := range 24 {
		s := newStation(t, i+1)
		h.admit(s, fmt.Sprintf("Trạm %d", i))
		for k := range 20 {
			s.happen(reception(i*1000 + k))
		}
		all = append(all, s)
	}
	var wait sync.WaitGroup
	for _, s := range all {
		wait.Go(func() {
			c := s.client()
			c.Idle = 20 * time.Second
			for range 20 {
				_, err := c.Send(context.Background(), nil)
				if err == nil {
					return
				}
				if dossier.Code(err) != "line.busy" {
					t.Error(err)
					return
				}
			}
			t.Error("always busy")
		})
	}
	wait.Wait()
	for i, s := range all {
		h.agrees(t, s, fmt.Sprintf("Trạm %d", i), 20)
	}
	h.sound()
}
