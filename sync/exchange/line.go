package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// line is HTTPS to the one holder of the pinned key.
type line struct {
	base  string
	whole time.Duration
	http  *http.Client
	idle  func()
}

// maxWait is the longest wait upstream may ask for.
const maxWait = time.Hour

// open prepares the way there. When ctx ends, its connection is cut there and then: a goodbye to someone who has gone would be waited for.
// Only the way to upstream may lead through a proxy.
func (c *Client) open(ctx context.Context, address string, proxied bool, pinned func(ed25519.PublicKey) bool) (*line, error) {
	config, err := wire.ClientTLS(c.Store.SigningKey(), pinned)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		DialContext: func(dialing context.Context, network, address string) (net.Conn, error) {
			dialing, stop := context.WithTimeout(dialing, c.Idle)
			defer stop()
			defer context.AfterFunc(ctx, stop)()
			conn, err := c.Dial(dialing, network, address)
			if err != nil {
				return nil, err
			}
			return watch(ctx, conn, c.Idle), nil
		},
		TLSClientConfig:        config,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 16 << 10,
		MaxConnsPerHost:        1,
	}
	if proxied {
		t.Proxy = http.ProxyFromEnvironment
		t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
			if res.StatusCode >= 300 && res.StatusCode < 500 { // it wants a person to sign in, or forbids; beyond that it cannot get through
				return wire.ErrNotOurs
			}
			return nil
		}
	} else {
		t.TLSHandshakeTimeout = c.Idle // a sister is near; a stranger at her address may make it as long as he likes
	}
	var trip http.RoundTripper = t
	if c.Wrap != nil {
		trip = c.Wrap(t)
	}
	return &line{base: "https://" + address, whole: c.Whole, idle: t.CloseIdleConnections, http: &http.Client{
		Transport:     trip,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // upstream never redirects
	}}, nil
}

func (l *line) close() { l.idle() }

// post does one call and gives the body of its 200, at most limit bytes. Any other outcome is a Problem, or ctx's own error.
func (l *line) post(ctx context.Context, path string, body []byte, limit int) ([]byte, error) {
	call, stop := context.WithTimeout(ctx, l.whole)
	defer stop()
	var handshake error
	call = httptrace.WithClientTrace(call, &httptrace.ClientTrace{TLSHandshakeDone: func(_ tls.ConnectionState, err error) { handshake = err }})
	req, err := http.NewRequestWithContext(call, http.MethodPost, l.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, dossier.Invalid("", "ticket.address")
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := l.http.Do(req)
	if err != nil {
		return nil, failure(ctx, err, handshake)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, int64(limit)+1))
	if err == nil {
		err = call.Err() // the other side may see us go, and end its answer properly, before we have gone
	}
	switch {
	case err != nil:
		return nil, failure(ctx, err, nil)
	case res.StatusCode == http.StatusOK && len(b) <= limit:
		return b, nil
	case res.StatusCode == http.StatusOK:
		return nil, dossier.Invalid("", "line.garbled")
	}
	return nil, refused(res, b)
}

// failure names what went wrong on the way.
func failure(ctx context.Context, err, handshake error) error {
	if ctx.Err() != nil {
		return ctx.Err() // whoever asked has stopped asking
	}
	var timeout net.Error
	switch {
	case errors.Is(err, wire.ErrOtherKey):
		return dossier.Invalid("", "line.wrong-key")
	case errors.Is(err, wire.ErrNotOurs), errors.Is(err, http.ErrSchemeMismatch):
		return dossier.Invalid("", "line.portal")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return dossier.Invalid("", "line.timeout")
	}
	var cut *net.OpError
	if handshake != nil && !errors.Is(handshake, io.EOF) && !errors.Is(handshake, io.ErrUnexpectedEOF) && !(errors.As(handshake, &cut) && cut.Op != "remote error") {
		return dossier.Invalid("", "line.portal") // something answers there that does not speak as we do
	}
	return dossier.Invalid("", "line.down")
}

// refused names upstream's "no", or what a stranger's page means.
func refused(res *http.Response, b []byte) error {
	if ps, err := wire.ParseRefusal(b, res.StatusCode); err == nil && ps[0].Code != "line.busy" {
		return ps
	}
	switch status := res.StatusCode; {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return dossier.Invalid("", "line.busy", "seconds", strconv.Itoa(int(retryAfter(res.Header).Seconds())))
	case status >= 300 && status < 400, page(b):
		return dossier.Invalid("", "line.portal")
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented:
		return dossier.Invalid("", "upstream.older")
	default:
		return dossier.Invalid("", "line.refused", "status", strconv.Itoa(status))
	}
}

// garbled is an answer of 200 that is not what we asked for.
func garbled(b []byte) error {
	if page(b) {
		return dossier.Invalid("", "line.portal")
	}
	return dossier.Invalid("", "line.garbled")
}

func page(b []byte) bool {
	return strings.HasPrefix(strings.TrimSpace(string(b[:min(len(b), 64)])), "<")
}

// retryAfter is what the other side asks us to wait (RFC 9110 10.2.3), a date taken against its own clock and not ours; at most an
// hour, and 0 when it does not say.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	var wait time.Duration
	if n, err := strconv.Atoi(value); err == nil || errors.Is(err, strconv.ErrRange) { // beyond all numbers, it is the greatest or the least
		wait = time.Duration(min(max(n, 0), int(maxWait/time.Second))) * time.Second
	} else if until, err := http.ParseTime(value); err == nil {
		if now, err := http.ParseTime(h.Get("Date")); err == nil {
			wait = until.Sub(now)
		}
	}
	return min(max(wait, 0), maxWait)
}

// watched ends a connection on which nothing moves: each byte read or written gives the other direction time too, because an answer
// cannot come while we are still asking.
type watched struct {
	net.Conn
	idle   time.Duration
	forget func() bool
}

func watch(ctx context.Context, c net.Conn, idle time.Duration) net.Conn {
	if t, ok := c.(*net.TCPConn); ok {
		// At 64 kbit/s this much drains in 8 s. With the system's megabytes of buffer a slow line would look idle.
		_ = t.SetWriteBuffer(64 << 10)
	}
	return watched{c, idle, context.AfterFunc(ctx, func() { _ = c.Close() })}
}

func (w watched) Close() error {
	w.forget()
	return w.Conn.Close()
}

func (w watched) Read(b []byte) (int, error) {
	if err := w.SetDeadline(time.Now().Add(w.idle)); err != nil {
		return 0, err
	}
	return w.Conn.Read(b)
}

func (w watched) Write(b []byte) (int, error) {
	if err := w.SetDeadline(time.Now().Add(w.idle)); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}
