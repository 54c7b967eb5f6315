package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
)

// serve lets sisters in, at the address it gives.
func (p *pc) serve() string {
	p.t.Helper()
	return p.serving(nil)
}

func (p *pc) serving(heard func(dossier.Sent)) string {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	peers := &exchange.Peers{Client: p.Client, Heard: heard, Fault: func(err error) { p.t.Errorf("serving sisters: %v", err) }}
	go func() { done <- peers.Serve(ctx, l) }()
	p.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			p.t.Errorf("serving sisters: %v", err)
		}
	})
	return l.Addr().String()
}

// visit makes one exchange with a sister.
func (p *pc) visit(address string) dossier.Sent {
	p.t.Helper()
	sent, err := (&exchange.Peers{Client: p.Client}).Exchange(context.Background(), address)
	if err != nil {
		p.t.Fatalf("visit: %v", err)
	}
	return sent
}

func (p *pc) knows(is ...int) {
	p.t.Helper()
	for _, i := range is {
		if d, err := p.store.Dossier(context.Background(), storetest.DossierID(i)); err != nil || len(d.Course) < 2 {
			p.t.Errorf("dossier %d: %v", i, err)
		}
	}
}

// pair are two PCs of one station that know of each other.
func pair(t testing.TB, h *house) (one, two *pc) {
	one, two = newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
	h.admitPC(one)
	h.admitPC(two)
	one.send()
	return one, two
}

func TestDesk2KnowsWhatDesk1ReceivedWithTheLineDownAllDay(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	h.stop()
	at := one.serve()
	one.receive(1, 2, 3)
	two.receive(11)
	if sent := two.visit(at); sent.Pulled == 0 || sent.Receipt != nil || sent.Pushed != 0 {
		t.Errorf("%+v", sent)
	}
	two.knows(1, 2, 3)
	one.knows(11)
	if q, err := two.store.Queue(context.Background()); err != nil || q.Acts != 2 {
		t.Errorf("what only a sister holds counts as sent: %d, %v", q.Acts, err)
	}
	if sent := two.visit(at); sent.Pulled != 0 {
		t.Errorf("again: %+v", sent)
	}
	h.start()
	h.settle(4, one, two)
}

func TestDecisionsReachDesk2ThroughDesk1(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	two.receive(1)
	two.send()
	h.decide(two, 1)
	one.send()
	h.stop()
	two.visit(one.serve())
	if d, err := two.store.Dossier(context.Background(), storetest.DossierID(1)); err != nil || d.Decision == nil {
		t.Errorf("%v", err)
	}
	h.start()
	h.settle(1, one, two)
}

func TestDeadPCsLastEventsComeUpFromTheSisterThatHoldsThem(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	h.stop()
	one.receive(1, 2)
	two.visit(one.serve())
	h.start()
	two.send()
	for i := 1; i <= 2; i++ {
		if _, err := h.up.Find(context.Background(), storetest.DossierID(i).String()); err != nil {
			t.Errorf("dossier %d: %v", i, err)
		}
	}
	h.sound()
}

func TestSistersCopyOfAJournalThatWasPutBackIsKeptAndFollows(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	image := one.image()
	h.stop()
	for i := range 70 { // more than one envelope holds
		one.receive(i)
	}
	two.visit(one.serve()) // only she knows
	one.putBack(image)
	one.receive(70)
	h.start()
	one.send()
	two.send() // she holds another continuation than upstream: hands it over and follows
	one.send() // it is one's own, and comes back
	h.settle(71, one, two)
	one.knows(0, 1, 69, 70)
}

// Her word on her own journal counts, but not against what she wrote herself, forgot, and nobody else holds.
func TestWhatItsOwnerForgotIsNotCutAwayOnHerWord(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	image, at := one.image(), one.store.Own().Head
	h.stop()
	one.receive(1)
	two.visit(one.serve()) // only she knows
	one.putBack(image)
	one.receive(2)
	ctx, own := context.Background(), one.store.Own()
	entries, err := one.store.Entries(ctx, own.Chain, at.Seq, 100)
	if err != nil {
		t.Fatal(err)
	}
	roster, err := one.store.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	to, err := wire.ParseRecipient(roster[slices.IndexFunc(roster, func(a dossier.Admission) bool { return a.Device == two.store.Own().Device })].Recipient)
	if err != nil {
		t.Fatal(err)
	}
	key := one.store.SigningKey()
	e, err := wire.Seal(wire.Run{Chain: own.Genesis, After: at.Seq, Before: at.Hash, Entries: entries}, func(h dossier.Head) []byte { return h.Sign(key) }, key, to)
	if err != nil {
		t.Fatal(err)
	}
	config, err := wire.ClientTLS(key, func(ed25519.PublicKey) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if status, body := post(t, config, two.serve(), wire.PathPush, bytes.NewReader(e.Bytes())); status == http.StatusOK || !strings.Contains(string(body), "journal.forked") {
		t.Errorf("%d %s", status, body)
	}
	if alone, err := two.store.Alone(ctx, at); err != nil || len(alone) != 2 {
		t.Errorf("%v %v", alone, err)
	}
	two.visit(one.serve())
	h.start()
	h.settle(2, one, two)
}

func TestPutBackPCHearsFromItsSisterWhatItForgot(t *testing.T) {
	for _, worked := range []bool{false, true} {
		for _, visits := range []string{"one", "two"} {
			t.Run(fmt.Sprintf("worked %v, %s visits", worked, visits), func(t *testing.T) {
				h := newHouse(t, aDay())
				one, two := pair(t, h)
				image := one.image()
				h.stop()
				one.receive(1, 2)
				two.visit(one.serve())
				one.putBack(image)
				dossiers := 2
				if worked {
					one.receive(3)
					dossiers = 3
				}
				var said []dossier.Healing
				if visits == "one" {
					said = one.visit(two.serve()).Healed
				} else {
					var mu sync.Mutex
					two.visit(one.serving(func(sent dossier.Sent) {
						mu.Lock()
						defer mu.Unlock()
						said = append(said, sent.Healed...)
					}))
					mu.Lock()
					defer mu.Unlock()
				}
				want := dossier.HealedBehind
				if worked {
					want = dossier.HealedForked
				}
				if len(said) != 1 || said[0].What != want {
					t.Errorf("the officer is told %+v, want one %s", said, want)
				}
				one.knows(1, 2)
				if again := one.visit(two.serve()).Healed; len(again) > 0 {
					t.Errorf("told again: %+v", again)
				}
				two.visit(one.serve())
				two.knows(1, 2)
				if worked {
					two.knows(3)
				}
				h.start()
				h.settle(dossiers, one, two)
			})
		}
	}
}

func TestStrangersOnTheStationsNetworkGetNothing(t *testing.T) {
	h := newHouse(t, aDay())
	one, _ := pair(t, h)
	other := newPC(t, "Trạm Khác", 1)
	h.admitPC(other)
	one.receive(1)
	peers := &exchange.Peers{Client: other.Client}
	_, err := peers.Exchange(context.Background(), one.serve())
	wantCode(t, err, "lan.stranger")
	// One who asks anybody is refused as well, whatever he asks.
	config, err := wire.ClientTLS(other.store.SigningKey(), func(ed25519.PublicKey) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	at := one.serve()
	for _, path := range []string{wire.PathHello, wire.PathPush, wire.PathPull, wire.PathEnrol} {
		status, body := post(t, config, at, path, strings.NewReader("{}"))
		if status == http.StatusOK || len(body) > 100 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if _, err := peers.Exchange(context.Background(), "không phải địa chỉ"); dossier.Code(err) != "lan.address" {
		t.Error(err)
	}
}

func post(t *testing.T, config *tls.Config, at, path string, body io.Reader) (int, []byte) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Post("https://"+at+path, "application/octet-stream", body)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestASisterThatSendsNonsenseHarmsNothing(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	two.receive(1)
	at := one.serve()
	before := one.store.Own().Head
	config, err := wire.ClientTLS(two.store.SigningKey(), func(ed25519.PublicKey) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{wire.PathHello, wire.PathPush, wire.PathPull} {
		for name, body := range map[string]io.Reader{"nothing": strings.NewReader(""), "JSON": strings.NewReader(`{"chains":[]}`),
			"noise": bytes.NewReader(bytes.Repeat([]byte{0xa5}, 4000)), "no end": io.LimitReader(endless{}, 64<<20)} {
			if status, _ := post(t, config, at, path, body); status == http.StatusOK {
				t.Errorf("%s took %s", path, name)
			}
		}
	}
	if one.store.Own().Head != before {
		t.Error("something changed")
	}
	two.visit(at)
	one.knows(1)
}

// Whoever lets a call hang has his connection ended, and holds up nobody.
func TestASisterThatHangsIsHungUpOn(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.Idle = 300 * time.Millisecond
	at := one.serve()
	config, err := wire.ClientTLS(two.store.SigningKey(), func(ed25519.PublicKey) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	conn, err := tls.Dial("tcp", at, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST "+wire.PathPush+" HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"); err != nil {
		t.Fatal(err)
	}
	two.receive(1)
	two.visit(at)
	one.knows(1)
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("it may hang for ever")
	}
}

// The line upward, visits and visitors all at once, on a PC that has to be healed: each may fail and say so, and nothing is lost.
func TestExchangesAtTheSameTimeDisturbNothing(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	image := one.image()
	one.receive(1, 2, 3)
	two.visit(one.serve())
	one.send()
	one.putBack(image)
	atOne, atTwo := one.serve(), two.serve()
	var all sync.WaitGroup
	try := func(what string, do func() error) {
		all.Go(func() {
			for range 5 {
				if err := do(); err != nil && dossier.Code(err) == "" {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
	ctx := context.Background()
	try("one sends", func() error { _, err := one.Send(ctx, nil); return err })
	try("two sends", func() error { _, err := two.Send(ctx, nil); return err })
	try("one visits", func() error { _, err := (&exchange.Peers{Client: one.Client}).Exchange(ctx, atTwo); return err })
	try("two visits", func() error { _, err := (&exchange.Peers{Client: two.Client}).Exchange(ctx, atOne); return err })
	for i := 10; i < 20; i++ {
		one.receive(i)
		two.receive(100 + i)
	}
	all.Wait()
	h.settle(23, one, two)
}

// loopback is two PCs' beacons without a network: each hears what the other shouts.
type loopback struct {
	mu    sync.Mutex
	conns []net.PacketConn
}

func (l *loopback) listen() (net.PacketConn, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err == nil {
		l.mu.Lock()
		l.conns = append(l.conns, c)
		l.mu.Unlock()
	}
	return c, err
}

func (l *loopback) shout(from net.PacketConn, packet []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		for _, b := range [][]byte{{}, []byte("xin chào"), make([]byte, 2000), packet} {
			if _, err := from.WriteTo(b, c.LocalAddr()); err != nil {
				return err
			}
		}
	}
	return nil
}

// ending is a context whose end everybody sees at the same moment, whoever asks first.
type ending struct {
	context.Context
	done chan struct{}
}

func (e ending) Done() <-chan struct{} { return e.done }

func (e ending) Err() error {
	select {
	case <-e.done:
		return context.Canceled
	default:
		return nil
	}
}

// The window waits for this when it closes.
func TestLookingForSistersEndsHoweverItIsTimed(t *testing.T) {
	h := newHouse(t, aDay())
	one, _ := pair(t, h)
	for range 200 {
		network := &loopback{}
		ctx, over := ending{context.Background(), make(chan struct{})}, make(chan struct{})
		heard := make(chan struct{})
		x := &exchange.Peers{Client: one.Client, Listen: func() (net.PacketConn, error) { defer close(heard); return network.listen() }, Shout: network.shout}
		go func() { x.Run(ctx); close(over) }()
		<-heard
		close(ctx.done)
		select {
		case <-over:
		case <-time.After(20 * time.Second):
			t.Fatal("it goes on")
		}
	}
}

func TestSistersFindOneAnotherAndHearOfEachActAtOnce(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	h.stop()
	goroutines := runtime.NumGoroutine()
	network := &loopback{}
	ctx, stop := context.WithCancel(context.Background())
	came := make(chan dossier.Sent, 100)
	var all sync.WaitGroup
	var peers []*exchange.Peers
	for _, p := range []*pc{one, two} {
		x := &exchange.Peers{Client: p.Client, Listen: network.listen, Shout: network.shout, Fault: func(err error) { t.Error(err) }}
		if p == two {
			x.Heard = func(s dossier.Sent) { came <- s }
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, x)
		all.Go(func() {
			if err := x.Serve(ctx, l); err != nil {
				t.Error(err)
			}
		})
	}
	// Both listen before either shouts, so that the first beacons are heard.
	for _, x := range slices.Backward(peers) {
		all.Go(func() { x.Run(ctx) })
	}
	one.receive(1)
	wait := time.After(30 * time.Second)
	for known := false; !known; {
		select {
		case <-came:
			d, err := two.store.Dossier(context.Background(), storetest.DossierID(1))
			known = err == nil && len(d.Course) == 2
		case <-wait:
			t.Fatal("desk 2 never heard of it")
		}
	}
	began := time.Now()
	one.receive(2)
	for known := false; !known; {
		select {
		case <-came:
			d, err := two.store.Dossier(context.Background(), storetest.DossierID(2))
			known = err == nil && len(d.Course) == 2
		case <-wait:
			t.Fatal("desk 2 never heard of the second")
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("heard after %v", took)
	}
	stop()
	all.Wait()
	for try := 0; runtime.NumGoroutine() > goroutines; try++ {
		if try == 200 {
			b := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), goroutines, b[:runtime.Stack(b, true)])
		}
		<-time.After(10 * time.Millisecond)
	}
}

// One stranger who opens as many connections as he can, and says nothing on any, keeps no sister out.
func TestOneStrangerAloneKeepsNoSisterOut(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	at := one.serve()
	for range 200 {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	two.receive(1)
	elsewhere := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	two.Dial = elsewhere.DialContext
	two.visit(at)
	one.knows(1)
}

// A stranger where a sister is thought to be answers a byte at a time, so that something always moves: he is given up.
func TestAHandshakeWithoutEndIsGivenUp(t *testing.T) {
	h := newHouse(t, aDay())
	one, _ := pair(t, h)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	over := make(chan struct{})
	defer close(over)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		b := []byte{22, 3, 3, 0x3f, 0xff} // a record of 16 KiB begins
		for {
			if _, err := conn.Write(b); err != nil {
				return
			}
			b = []byte{2}
			select {
			case <-over:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	one.Idle, one.Whole = 500*time.Millisecond, 20*time.Second
	began := time.Now()
	_, err = (&exchange.Peers{Client: one.Client}).Exchange(context.Background(), l.Addr().String())
	wantCode(t, err, "line.timeout")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("given up after %v", took)
	}
}

// Whoever sends beacons in a sister's name cannot make her be forgotten where she answers; nor is another sister taken for her.
func TestBeaconsInASistersNameDoNotHideHer(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	three := newPC(t, "Trạm Mẫu", 3)
	h.admitPC(three)
	one.send()
	two.send()
	h.stop()
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	network, beacons := &loopback{}, make(chan []byte, 1)
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hers := &exchange.Peers{Client: two.Client, Listen: network.listen, Shout: func(_ net.PacketConn, b []byte) error {
		select {
		case beacons <- slices.Clone(b):
		default:
		}
		return nil
	}}
	all.Go(func() { _ = hers.Serve(ctx, door) })
	all.Go(func() { hers.Run(ctx) })
	packet := <-beacons
	listens := make(chan net.Addr, 1)
	mine := &exchange.Peers{Client: one.Client, Shout: func(net.PacketConn, []byte) error { return nil }, Listen: func() (net.PacketConn, error) {
		c, err := network.listen()
		if err == nil {
			listens <- c.LocalAddr()
		}
		return c, err
	}}
	all.Go(func() { mine.Run(ctx) })
	to := <-listens
	from, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	say := func(port int) {
		t.Helper()
		if _, err := from.WriteTo(binary.BigEndian.AppendUint16(packet[:len(packet)-2:len(packet)-2], uint16(port)), to); err != nil {
			t.Fatal(err)
		}
	}
	knows := func(i int) {
		t.Helper()
		for patience := time.After(20 * time.Second); ; {
			if d, err := two.store.Dossier(context.Background(), storetest.DossierID(i)); err == nil && len(d.Course) == 2 {
				return
			}
			select {
			case <-patience:
				t.Fatalf("desk 2 never heard of dossier %d", i)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	at, err := net.ResolveTCPAddr("tcp", three.serve())
	if err != nil {
		t.Fatal(err)
	}
	say(door.Addr().(*net.TCPAddr).Port)
	one.receive(1)
	knows(1)
	for port := range 5 {
		say(port + 1)
	}
	say(at.Port)
	one.receive(2)
	knows(2)
}
