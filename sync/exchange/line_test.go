package exchange_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
)

// up is an upstream that says what a test tells it to.
type up struct {
	*storetest.Sister
	identity wire.Identity
	address  string
	calls    atomic.Int32
	mu       sync.Mutex
	hello    func(question []byte) wire.HelloAnswer
	answer   map[string]http.HandlerFunc // instead of the right thing
	server   *http.Server
}

// say sets what a path answers instead of the right thing; nil is the right thing again.
func (u *up) say(path string, do http.HandlerFunc) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.answer[path] = do
}

// greet sets what hello answers.
func (u *up) greet(hello func([]byte) wire.HelloAnswer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.hello = hello
}

func newUp(t *testing.T, config *tls.Config) *up {
	t.Helper()
	i, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	u := &up{Sister: storetest.NewSister(200), identity: i, answer: map[string]http.HandlerFunc{}}
	u.greet(func([]byte) wire.HelloAnswer { return wire.HelloAnswer{Name: "Mẫu", Chains: []wire.Held{}} })
	if config == nil {
		if config, err = wire.ServerTLS(u.Key); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u.address = l.Addr().String()
	u.server = &http.Server{TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(u.serve)}
	go func() { _ = u.server.ServeTLS(l, "", "") }()
	t.Cleanup(func() { u.server.Close() })
	return u
}

func (u *up) serve(w http.ResponseWriter, r *http.Request) {
	u.calls.Add(1)
	u.mu.Lock()
	do, hello := u.answer[r.URL.Path], u.hello
	u.mu.Unlock()
	if do != nil {
		do(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case wire.PathHello:
		_, _ = w.Write(hello(body).Sign(body, u.Key))
	case wire.PathPush:
		e, err := wire.Read(bytes.NewReader(body))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = w.Write(wire.EncodeReceipt(u.Receipt(e.Head(), "BN-1")))
	}
}

// meets is a station enrolled there, with two events to send.
func (u *up) meets(t *testing.T) *station {
	t.Helper()
	s := newStation(t, 1)
	s.enrolledAt(u.address, u.Sister, u.identity.Recipient())
	s.happen(reception(1), reception(2))
	return s
}

const html = "<!DOCTYPE html>\n<html><title>Wi-Fi</title><body>Đăng nhập</body></html>"

func portal(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, html)
	}
}

func TestOnlyTheRightAnswersAreBelieved(t *testing.T) {
	say := func(b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	}
	refuse := func(code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(wire.Refusals[code])
			_, _ = w.Write(wire.Refusal{Code: code}.Encode())
		}
	}
	for name, x := range map[string]struct {
		path string
		do   http.HandlerFunc
		code string
	}{
		"a page for hello":        {wire.PathHello, portal(200), "line.portal"},
		"a page for push":         {wire.PathPush, portal(200), "line.portal"},
		"a page with 403":         {wire.PathHello, portal(403), "line.portal"},
		"a redirect":              {wire.PathHello, http.RedirectHandler("https://127.0.0.1:1/login", http.StatusFound).ServeHTTP, "line.portal"},
		"a redirect that repeats": {wire.PathPush, http.RedirectHandler("/v1/push", http.StatusTemporaryRedirect).ServeHTTP, "line.portal"},
		"nothing":                 {wire.PathHello, say(nil), "line.garbled"},
		"OK":                      {wire.PathPush, say([]byte("OK")), "line.garbled"},
		"no content":              {wire.PathPush, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "line.refused"},
		"created":                 {wire.PathPush, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }, "line.refused"},
		"not found":               {wire.PathHello, http.NotFound, "upstream.older"},
		"internal error":          {wire.PathHello, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "line.refused"},
		"revoked":                 {wire.PathHello, refuse("line.revoked"), "line.revoked"},
		"full":                    {wire.PathPush, refuse("upstream.full"), "upstream.full"},
		"too much waits":          {wire.PathPush, refuse("parked.full"), "parked.full"},
		"a code nobody knows": {wire.PathHello, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			_, _ = io.WriteString(w, `{"code":"made.up"}`)
		}, "line.refused"},
		"busy":  {wire.PathHello, refuse("line.busy"), "line.busy"},
		"storm": {wire.PathPush, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "line.busy"},
		"endless": {wire.PathHello, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, "line.garbled"},
		"cut": {wire.PathHello, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write(make([]byte, 10))
		}, "line.down"},
		"hung up": {wire.PathPush, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "line.down"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, nil)
			u.say(x.path, x.do)
			s := u.meets(t)
			before := s.fresh()
			sent, err := s.client().Send(context.Background(), nil)
			wantCode(t, err, x.code)
			if sent.Pushed != 0 || sent.Pulled != 0 || sent.Receipt != nil || s.fresh() != before {
				t.Errorf("something changed: %+v", sent)
			}
			if n := u.calls.Load(); n > 3 {
				t.Errorf("called %d times", n)
			}
			u.say(x.path, nil)
			if sent, err = s.client().Send(context.Background(), nil); err != nil || sent.Pushed != 2 || s.receipt == nil {
				t.Errorf("afterwards: %+v, %v", sent, err)
			}
		})
	}
}

func TestBusyUpstreamSaysWhenToComeAgain(t *testing.T) {
	for value, want := range map[string]string{"17": "17", "": "0", "-5": "0", "99999999999": "3600", "999999999999999999999999": "3600",
		"-9223372037": "0", "-999999999999999999999999": "0", "soon": "0",
		"Fri, 20 Nov 2026 09:32:00 GMT": "120"} {
		u := newUp(t, nil)
		u.say(wire.PathHello, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.Header().Set("Date", "Fri, 20 Nov 2026 09:30:00 GMT") // upstream's clock, far from ours
			w.WriteHeader(503)
		})
		_, err := u.meets(t).client().Send(context.Background(), nil)
		var ps dossier.Problems
		if !errors.As(err, &ps) || ps[0].Args["seconds"] != want {
			t.Errorf("%q: %v, want %s", value, err, want)
		}
	}
}

func TestReceiptsThatProveNothingAreRefused(t *testing.T) {
	for name, change := range map[string]func(r *dossier.Receipt, u *up){
		"another key":      func(r *dossier.Receipt, _ *up) { r.Sign(storetest.NewSister(9).Key) },
		"no signature":     func(r *dossier.Receipt, _ *up) { r.Signature = nil },
		"another chain":    func(r *dossier.Receipt, u *up) { r.Device[0]++; r.Sign(u.Key) },
		"another life":     func(r *dossier.Receipt, u *up) { r.Incarnation[0]++; r.Sign(u.Key) },
		"another hash":     func(r *dossier.Receipt, u *up) { r.Hash[0]++; r.Sign(u.Key) },
		"less than pushed": func(r *dossier.Receipt, u *up) { r.Seq--; r.Sign(u.Key) },
		"more than we are": func(r *dossier.Receipt, u *up) { r.Seq++; r.Sign(u.Key) },
		"the first of two": func(r *dossier.Receipt, u *up) { r.Head = firstOf(); r.Sign(u.Key) },
		"another station":  func(r *dossier.Receipt, u *up) { r.Station = "khác"; r.Sign(u.Key) },
		"changed after":    func(r *dossier.Receipt, u *up) { r.Sign(u.Key); r.Number = "BN-2" },
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, nil)
			s := u.meets(t)
			u.say(wire.PathPush, func(w http.ResponseWriter, r *http.Request) {
				e, err := wire.Read(r.Body)
				if err != nil {
					t.Error(err)
					return
				}
				receipt := u.Receipt(e.Head(), "BN-1")
				change(&receipt, u)
				_, _ = w.Write(wire.EncodeReceipt(receipt))
			})
			before := s.fresh()
			ctx, stop := context.WithTimeout(context.Background(), 10*time.Second) // whoever believes half of it asks for ever
			defer stop()
			sent, err := s.client().Send(ctx, nil)
			wantCode(t, err, "upstream.bad-receipt")
			if sent.Pushed != 0 || s.fresh() != before {
				t.Errorf("something changed: %+v", sent)
			}
		})
	}
}

func TestReceiptInHelloIsCheckedLikeAnyOther(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	own := s.Own()
	held := wire.Held{Genesis: s.Genesis, Owner: s.Owner(), Seq: own.Head.Seq, Hash: own.Head.Hash}
	bad := u.Receipt(own.Head, "BN-1")
	bad.Hash[0]++
	bad.Sign(u.Key)
	before := s.fresh()
	u.greet(func([]byte) wire.HelloAnswer {
		return wire.HelloAnswer{Chains: []wire.Held{held}, Receipts: []dossier.Receipt{bad}}
	})
	_, err := s.client().Send(context.Background(), nil)
	wantCode(t, err, "upstream.bad-receipt")
	if s.fresh() != before {
		t.Error("something changed")
	}
	good := u.Receipt(own.Head, "BN-1")
	u.greet(func([]byte) wire.HelloAnswer {
		return wire.HelloAnswer{Chains: []wire.Held{held}, Receipts: []dossier.Receipt{good}}
	})
	u.calls.Store(0)
	if sent, err := s.client().Send(context.Background(), nil); err != nil || sent.Pushed != 2 || u.calls.Load() != 1 {
		t.Errorf("%+v, %v", sent, err)
	}
}

// firstOf is the true head of the station that meets gives, after its first event.
func firstOf() dossier.Head {
	pc := newStation(nil, 1)
	first, err := pc.Append(reception(1))
	if err != nil {
		panic(err)
	}
	return dossier.Head{Chain: pc.Genesis.Chain, Seq: 1, Hash: dossier.NextHash(pc.Genesis.Hash(), first[0].Header())}
}

// What upstream claims in a signed hello and does not show when asked for its hashes leads to no new life: it is said, and nothing is tried
// over and over.
func TestUpstreamThatClaimsAndShowsNothingIsSaidAndNotFought(t *testing.T) {
	for name, x := range map[string]struct {
		claim func(own wire.Held, s *station) []wire.Held
		code  string
	}{
		"another hash":       {func(h wire.Held, s *station) []wire.Held { h.Hash[0]++; return []wire.Held{h} }, "line.garbled"},
		"more than there is": {func(h wire.Held, s *station) []wire.Held { h.Seq = 9; return []wire.Held{h} }, "line.garbled"},
		"another beginning":  {func(h wire.Held, s *station) []wire.Held { h.CommonSeq = 1; return []wire.Held{h} }, "journal.forked"},
		"another owner":      {func(h wire.Held, s *station) []wire.Held { h.Owner = make([]byte, 32); return []wire.Held{h} }, "journal.forked"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, nil)
			s := u.meets(t)
			if _, err := s.client().Send(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
			s.happen(reception(3))
			own := wire.Held{Genesis: s.Genesis, Owner: s.Owner(), Seq: s.receipt.Seq, Hash: s.receipt.Hash}
			u.greet(func([]byte) wire.HelloAnswer { return wire.HelloAnswer{Chains: x.claim(own, s)} })
			before := s.fresh()
			u.calls.Store(0)
			_, err := s.client().Send(context.Background(), nil)
			wantCode(t, err, x.code)
			if n := u.calls.Load(); s.fresh() != before || n > 2 {
				t.Errorf("something changed, or %d calls", n)
			}
		})
	}
}

func TestUpstreamThatHoldsLessThanItsReceiptsIsSentItAgain(t *testing.T) {
	for name, claim := range map[string]func(own wire.Held) []wire.Held{
		"less than its receipts": func(h wire.Held) []wire.Held { h.Seq, h.Hash = 0, h.Genesis.Hash(); return []wire.Held{h} },
		"nothing at all":         func(wire.Held) []wire.Held { return []wire.Held{} },
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, nil)
			s := u.meets(t)
			if _, err := s.client().Send(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
			own := wire.Held{Genesis: s.Genesis, Owner: s.Owner(), Seq: s.receipt.Seq, Hash: s.receipt.Hash}
			u.greet(func([]byte) wire.HelloAnswer { return wire.HelloAnswer{Chains: claim(own)} })
			var healing bool
			sent, err := s.client().Send(context.Background(), func(step dossier.SendStep) { healing = healing || step.Phase == "heal" })
			if err != nil || sent.Pushed != 2 || s.receipt == nil || s.receipt.Seq != 2 || !healing {
				t.Errorf("%+v, %v", sent, err)
			}
			if len(sent.Healed) != 1 || sent.Healed[0].What != dossier.HealedUpstream || sent.Healed[0].Lost != 2 {
				t.Errorf("%+v", sent.Healed)
			}
		})
	}
}

func TestPulledEnvelopesMustLeadOnFromWhatIsHeld(t *testing.T) {
	u := newUp(t, nil)
	thief := storetest.NewSister(201)
	entries, err := u.Append(storetest.Act(1, storetest.DossierID(1), dossier.Decided, dossier.Decision{Approved: true}),
		storetest.Act(2, storetest.DossierID(2), dossier.Decided, dossier.Decision{Approved: true}))
	if err != nil {
		t.Fatal(err)
	}
	held := wire.Held{Genesis: u.Genesis, Owner: u.Owner(), Seq: u.Head.Seq, Hash: u.Head.Hash}
	u.greet(func([]byte) wire.HelloAnswer { return wire.HelloAnswer{Chains: []wire.Held{held}} })
	start := dossier.Head{Hash: u.Genesis.Hash()}
	for name, x := range map[string]struct {
		make func(s *station) (wire.Run, *storetest.Sister, *storetest.Sister, string)
		code string
	}{
		"sealed to another": {func(*station) (wire.Run, *storetest.Sister, *storetest.Sister, string) {
			return wire.Run{Chain: u.Genesis, Before: start.Hash, Entries: entries}, u.Sister, u.Sister, u.identity.Recipient()
		}, "upstream.bad-envelope"},
		"signed by another": {func(*station) (wire.Run, *storetest.Sister, *storetest.Sister, string) {
			return wire.Run{Chain: u.Genesis, Before: start.Hash, Entries: entries}, thief, u.Sister, ""
		}, "upstream.bad-envelope"},
		"sent by another": {func(*station) (wire.Run, *storetest.Sister, *storetest.Sister, string) {
			return wire.Run{Chain: u.Genesis, Before: start.Hash, Entries: entries}, u.Sister, thief, ""
		}, "upstream.bad-envelope"},
		"of another chain": {func(*station) (wire.Run, *storetest.Sister, *storetest.Sister, string) {
			return wire.Run{Chain: thief.Genesis, Before: thief.Genesis.Hash(), Entries: entries}, u.Sister, u.Sister, ""
		}, "upstream.bad-envelope"},
		"from the middle": {func(*station) (wire.Run, *storetest.Sister, *storetest.Sister, string) {
			return wire.Run{Chain: u.Genesis, After: 1, Before: dossier.NextHash(start.Hash, entries[0].Header()), Entries: entries[1:]}, u.Sister, u.Sister, ""
		}, "upstream.bad-envelope"},
	} {
		t.Run(name, func(t *testing.T) {
			s := u.meets(t)
			run, owner, sender, recipient := x.make(s)
			if recipient == "" {
				i, err := wire.ParseIdentity(string(s.secrets["sync/identity"]))
				if err != nil {
					t.Fatal(err)
				}
				recipient = i.Recipient()
			}
			to, err := wire.ParseRecipient(recipient)
			if err != nil {
				t.Fatal(err)
			}
			e, err := wire.Seal(run, func(h dossier.Head) []byte { return h.Sign(owner.Key) }, sender.Key, to)
			if err != nil {
				t.Fatal(err)
			}
			u.say(wire.PathPull, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(e.Bytes()) })
			sent, err := s.client().Send(context.Background(), nil)
			wantCode(t, err, x.code)
			if sent.Pulled != 0 || s.holds(u.Genesis.Chain) != 0 || sent.Pushed != 2 {
				t.Errorf("%+v", sent)
			}
		})
	}
}

func TestAnotherMachineAtTheAddressGetsNothing(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"wifi.example"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	web := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	twin, err := wire.ServerTLS(storetest.NewSister(77).Key)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		config *tls.Config
		code   string
	}{
		"a portal of the web":  {&tls.Config{Certificates: []tls.Certificate{web}}, "line.portal"},
		"a portal of TLS 1.2":  {&tls.Config{Certificates: []tls.Certificate{web}, MaxVersion: tls.VersionTLS12}, "line.portal"},
		"an upstream not ours": {twin, "line.wrong-key"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, x.config)
			s := u.meets(t)
			before := s.fresh()
			_, err := s.client().Send(context.Background(), nil)
			wantCode(t, err, x.code)
			if u.calls.Load() != 0 || s.fresh() != before {
				t.Error("it was told something")
			}
		})
	}
}

// raw listens without TLS and lets do speak to whoever comes.
func raw(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				do(c)
			}()
		}
	}()
	return l.Addr().String()
}

func TestLinesThatAreNoneAreNamed(t *testing.T) {
	for name, x := range map[string]struct {
		do   func(net.Conn)
		code string
	}{
		"plain HTTP": {func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1000))
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(html), html)
		}, "line.portal"},
		"something else":  {func(c net.Conn) { _, _ = io.WriteString(c, strings.Repeat("SSH-2.0-OpenSSH\r\n", 10)) }, "line.portal"},
		"hung up at once": {func(net.Conn) {}, "line.down"},
		"half open":       {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "line.timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUp(t, nil)
			s := u.meets(t)
			s.upstream.Address = "https://" + raw(t, x.do)
			c := s.client()
			c.Idle = 300 * time.Millisecond
			_, err := c.Send(context.Background(), nil)
			wantCode(t, err, x.code)
		})
	}
	u := newUp(t, nil)
	s := u.meets(t)
	u.server.Close()
	_, err := s.client().Send(context.Background(), nil)
	wantCode(t, err, "line.down")
}

// A proxy that will not carry us is no line that is down: it is said, for a person has to sign in there or let us through. One that cannot reach
// upstream is.
func TestProxyThatRefusesIsNamed(t *testing.T) {
	for answer, code := range map[string]string{
		"407 Proxy Authentication Required\r\nProxy-Authenticate: Basic": "line.portal",
		"302 Found\r\nLocation: http://wifi.example/":                    "line.portal",
		"403 Forbidden":           "line.portal",
		"502 Bad Gateway":         "line.down",
		"503 Service Unavailable": "line.down",
	} {
		t.Run(answer[:3], func(t *testing.T) {
			proxy := raw(t, func(c net.Conn) {
				_, _ = c.Read(make([]byte, 1000))
				_, _ = fmt.Fprintf(c, "HTTP/1.1 %s\r\nContent-Type: text/html\r\n\r\n%s", answer, html)
				_, _ = io.Copy(io.Discard, c)
			})
			u := newUp(t, nil)
			s := u.meets(t)
			c := s.client()
			c.Idle = time.Second
			c.Wrap = func(rt http.RoundTripper) http.RoundTripper {
				rt.(*http.Transport).Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
				return rt
			}
			_, err := c.Send(context.Background(), nil)
			wantCode(t, err, code)
			if u.calls.Load() != 0 {
				t.Error("it was reached")
			}
		})
	}
}

func TestOneByteASecondIsGivenUp(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	release := make(chan struct{})
	drip := func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case <-release:
				return
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
				_, _ = w.Write([]byte("x"))
				_ = http.NewResponseController(w).Flush()
			}
		}
	}
	defer close(release)
	u.say(wire.PathHello, drip)
	c := s.client()
	c.Idle, c.Whole = 200*time.Millisecond, 400*time.Millisecond // progress all the time, and no end of it
	_, err := c.Send(context.Background(), nil)
	wantCode(t, err, "line.timeout")
	u.say(wire.PathHello, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	c.Whole = time.Minute // and no progress at all
	_, err = c.Send(context.Background(), nil)
	wantCode(t, err, "line.timeout")
}

func TestSlowLineThatMovesIsWaitedFor(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	u.say(wire.PathHello, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := wire.HelloAnswer{Name: "Mẫu", Chains: []wire.Held{}}.Sign(body, u.Key)
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		for i, b := range answer {
			_, _ = w.Write([]byte{b})
			if i%(len(answer)/6) == 0 {
				_ = http.NewResponseController(w).Flush()
				<-time.After(100 * time.Millisecond)
			}
		}
	})
	c := s.client()
	c.Idle = 400 * time.Millisecond // the whole takes 600
	if sent, err := c.Send(context.Background(), nil); err != nil || sent.Pushed != 2 {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestWhoeverStopsAskingIsToldSo(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	ctx, stop := context.WithCancel(context.Background())
	u.say(wire.PathPush, func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
	})
	if _, err := s.client().Send(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFullDiskAtTheStationIsPassedOn(t *testing.T) {
	u := newUp(t, nil)
	s := u.meets(t)
	s.full = dossier.Invalid("", "store.full")
	_, err := s.client().Send(context.Background(), nil)
	wantCode(t, err, "store.full")
	s.full = nil
	if sent, err := s.client().Send(context.Background(), nil); err != nil || sent.Pushed != 2 {
		t.Errorf("%+v, %v", sent, err)
	}
}

func TestStationThatIsNotEnrolledSaysSo(t *testing.T) {
	_, err := newStation(t, 1).client().Send(context.Background(), nil)
	wantCode(t, err, "line.not-enrolled")
}

// A storm of 429 and 503 is met with patience: nobody comes back before the time he was told, and in an hour nobody comes often.
func TestStormsAreObeyed(t *testing.T) {
	for _, x := range []struct {
		status int
		after  string
		least  time.Duration
		most   int
	}{{429, "", time.Second, 60}, {503, "", time.Second, 60}, {429, "120", 2 * time.Minute, 30}, {503, "3600", time.Hour, 1}, {503, "1", time.Second, 60}} {
		u := newUp(t, nil)
		u.say(wire.PathHello, func(w http.ResponseWriter, _ *http.Request) {
			if x.after != "" {
				w.Header().Set("Retry-After", x.after)
			}
			w.WriteHeader(x.status)
		})
		s := u.meets(t)
		calls := 0
		for clock := time.Duration(0); clock < time.Hour; calls++ {
			_, err := s.client().Send(context.Background(), nil)
			wantCode(t, err, "line.busy")
			wait := exchange.Pace(calls+1, err, float64(calls*7%10)/10)
			if wait < x.least {
				t.Fatalf("%d, %q: again after %v", x.status, x.after, wait)
			}
			clock += wait
		}
		if calls > x.most {
			t.Errorf("%d, %q: %d calls in an hour", x.status, x.after, calls)
		}
	}
}
