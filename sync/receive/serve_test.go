package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// serving answers on loopback until the test ends or stop is called.
func serving(t *testing.T, u *Upstream) (address string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- u.Serve(ctx, l) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		done <- nil
	}
	t.Cleanup(stop)
	return l.Addr().String(), stop
}

func (p *pc) tls(t *testing.T) *tls.Config {
	t.Helper()
	c, err := wire.ClientTLS(p.Key, func(k ed25519.PublicKey) bool { return p.up.Key().Equal(k) })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// post is one call over a connection of its own.
func (p *pc) post(t *testing.T, method, address, path string, body io.Reader) (int, string, http.Header) {
	t.Helper()
	c := http.Client{Transport: &http.Transport{TLSClientConfig: p.tls(t), DisableKeepAlives: true}}
	req, err := http.NewRequest(method, "https://"+address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

func wantRefusal(t *testing.T, status int, body, code string) {
	t.Helper()
	ps, err := wire.ParseRefusal([]byte(body), status)
	if err != nil || ps[0].Code != code {
		t.Errorf("%d %.80q, want %s", status, body, code)
	}
}

func TestCallsOutOfPlaceAreRefused(t *testing.T) {
	u, _, _ := open(t)
	p, stranger := enrolled(t, u, 1, "Trạm Mẫu", 1), newPC(t, u, 2)
	p.happen(t, reception(1))
	address, _ := serving(t, u)
	good := p.envelope(t, 1, 1).Bytes()
	for _, x := range []struct {
		who  *pc
		path string
		body []byte
		code string
	}{
		{stranger, wire.PathHello, []byte("{}"), "line.unknown-device"},
		{stranger, wire.PathPush, good, "line.unknown-device"},
		{stranger, wire.PathEnrol, make([]byte, maxEnrol+1), "message.too-large"},
		{stranger, wire.PathEnrol, []byte("<html>"), "message.bad"},
		{p, wire.PathPush, nil, "envelope.bad"},
		{p, wire.PathPush, []byte(html), "envelope.bad"},
		{p, wire.PathPush, good[:len(good)-1], "envelope.bad"},
		{p, wire.PathPush, make([]byte, wire.MaxEnvelope+1), "message.too-large"},
		{p, wire.PathHello, make([]byte, wire.MaxMessage+1), "message.too-large"},
		{p, wire.PathHello, good, "message.bad"},
		{p, wire.PathPull, []byte("null"), "message.bad"},
	} {
		status, body, _ := x.who.post(t, http.MethodPost, address, x.path, bytes.NewReader(x.body))
		wantRefusal(t, status, body, x.code)
	}
	if status, _, _ := p.post(t, http.MethodGet, address, wire.PathHello, nil); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", status)
	}
	if status, _, _ := p.post(t, http.MethodPost, address, "/v2/hello", nil); status != http.StatusNotFound {
		t.Errorf("a later version: %d", status)
	}
	sister := enrolled(t, u, 3, "Trạm Mẫu", 2)
	status, body, _ := sister.post(t, http.MethodPost, address, wire.PathPush, bytes.NewReader(good))
	wantRefusal(t, status, body, "envelope.sender")
	wantSound(t, u, 0, 0)
	if status, body, _ := p.post(t, http.MethodPost, address, wire.PathPush, bytes.NewReader(good)); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	wantSound(t, u, 1, 0)
}

const html = "<!DOCTYPE html><html><body>Wi-Fi</body></html>"

// A body cut at any byte leaves nothing half kept.
func TestPushCutAtEveryByteKeepsNothing(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	good := p.envelope(t, 1, 1).Bytes()
	for n := range good {
		if _, err := u.Push(context.Background(), p.Owner(), good[:n]); dossier.Code(err) != "envelope.bad" {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		if _, err := u.Push(context.Background(), p.Owner(), bad); err == nil {
			t.Fatalf("byte %d changed, and taken", i)
		}
	}
	wantSound(t, u, 0, 0)
}

func TestSlowCallersAreHungUpOnAndHoldNobodyUp(t *testing.T) {
	u, _, _ := open(t)
	u.Idle = 200 * time.Millisecond
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	address, _ := serving(t, u)
	for name, first := range map[string]string{
		"nothing":         "",
		"half a header":   "POST /v1/push HTTP/1.1\r\nHost: x\r\n",
		"half a body":     "POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nTNCX",
		"an endless body": "POST /v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nT\r\n",
	} {
		c, err := tls.Dial("tcp", address, p.tls(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, first); err != nil {
			t.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if first == "" { // the header's time begins with its first byte; before that the connection is merely idle
			c.Close()
			continue
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("%s: still connected", name)
			}
		}
		c.Close()
	}
	quiet, err := net.Dial("tcp", address) // not even TLS
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	if status, body, _ := p.post(t, http.MethodPost, address, wire.PathPush, bytes.NewReader(p.envelope(t, 1, 1).Bytes())); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestOverloadIsAnsweredWithAWait(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	address, _ := serving(t, u)
	lock, err := u.write.BeginTx(context.Background(), nil) // whoever wants to write has to wait
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		status int
		body   string
		header http.Header
	}
	answers := make(chan answer)
	envelope := p.envelope(t, 1, 1).Bytes()
	for range atOnce + 1 {
		go func() {
			status, body, header := p.post(t, http.MethodPost, address, wire.PathPush, bytes.NewReader(envelope))
			answers <- answer{status, body, header}
		}()
	}
	a := <-answers
	wantRefusal(t, a.status, a.body, "line.busy")
	if wait := a.header.Get("Retry-After"); wait == "" || wait == "0" {
		t.Errorf("Retry-After %q", wait)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range atOnce {
		if a := <-answers; a.status != 200 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	wantSound(t, u, 1, 0)
}

func TestStoppingFinishesWhatWasBegun(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	address, stop := serving(t, u)
	lock, err := u.write.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := http.Client{Transport: &http.Transport{TLSClientConfig: p.tls(t), DisableKeepAlives: true}}
	status := make(chan string)
	go func() {
		res, err := c.Post("https://"+address+wire.PathPush, "", bytes.NewReader(p.envelope(t, 1, 1).Bytes()))
		if err != nil {
			status <- err.Error()
			return
		}
		res.Body.Close()
		status <- fmt.Sprint(res.StatusCode)
	}()
	for u.write.Stats().WaitCount == 0 { // until the call waits to write
		runtime.Gosched()
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := <-status; got != "200" {
		t.Errorf("got %s", got)
	}
	<-stopped
	wantSound(t, u, 1, 0)
}

func TestFullDiskIsSaidAndNothingHalfKept(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	for i := range 100 {
		p.happen(t, reception(i))
	}
	p.mustTake(t, 1, 5)
	var pages int
	if err := u.write.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := u.write.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+2)); err != nil {
		t.Fatal(err)
	}
	_, err := p.take(t, 6, 100)
	wantCode(t, err, "upstream.full")
	wantSound(t, u, 5, 0)
	if _, err := u.write.Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	p.mustTake(t, 6, 100)
	wantSound(t, u, 100, 0)
}
