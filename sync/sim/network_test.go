package sim

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"time"
)

// faults are what can become of a call. Half of the calls on a bad line go through.
var faults = []string{"", "", "", "", "", "", "", "", "", "", "question lost", "question cut", "question damaged", "question late", "answer lost", "answer cut",
	"answer damaged", "answer broken off", "asked twice", "late and twice", "portal", "busy", "other key"}

var errLost = errors.New("lost on the way")

// line is one PC's network: every call of its client goes through it, none to a socket. Keys are shown and looked at as TLS would do it.
type line struct {
	p    *pc
	w    *world
	bad  bool // things go wrong on it
	conf *tls.Config
}

// wrap puts the virtual network in the place of the real one.
func (p *pc) wrap(real http.RoundTripper) http.RoundTripper {
	return &line{p: p, w: p.w, bad: p.bad, conf: real.(*http.Transport).TLSClientConfig}
}

func shows(key ed25519.PublicKey) tls.ConnectionState {
	return tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, PeerCertificates: []*x509.Certificate{{PublicKey: key}}}
}

var stranger = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public().(ed25519.PublicKey)

// place is where a call goes: upstream, or a PC of the station by its address. to is nil where nobody is there.
type place struct {
	key func() ed25519.PublicKey
	to  func() http.Handler
}

func (n *line) place(host string) place {
	if host == upstreamAddress {
		return place{n.w.up.unit.Key, n.w.up.answering}
	}
	for _, p := range n.p.st.pcs {
		if p.address == host {
			return place{func() ed25519.PublicKey { return p.store.SigningKey().Public().(ed25519.PublicKey) }, func() http.Handler {
				if p.disk.dead || p.retired || p.peers == nil {
					return nil
				}
				return p.peers.Handler()
			}}
		}
	}
	return place{to: func() http.Handler { return nil }}
}

// letter is a question that arrives after later ones.
type letter struct {
	to   func() http.Handler
	from ed25519.PublicKey
	path string
	body []byte
}

func (n *line) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	at := n.place(r.URL.Host)
	if n.p.disk.dead || at.to() == nil || n.w.down == r.URL.Path {
		return nil, errLost
	}
	n.w.overheard(r.URL.Path, body)
	fault, spot := "", 0
	if n.bad {
		fault, spot = faults[n.w.r.IntN(len(faults))], n.w.r.IntN(1<<16)
	}
	n.w.calls++
	if fault != "" {
		n.w.faults[fault]++
	}
	other := at.key()
	if fault == "other key" {
		other = stranger
	}
	if err := n.conf.VerifyConnection(shows(other)); err != nil {
		return nil, err
	}
	if fault == "other key" {
		n.w.fail("I3", "another key was taken for the pinned one")
	}
	l := letter{at.to, n.conf.Certificates[0].PrivateKey.(ed25519.PrivateKey).Public().(ed25519.PublicKey), r.URL.Path, body}
	damage := func(b []byte) []byte {
		b = bytes.Clone(b)
		if len(b) > 0 {
			b[spot%len(b)] ^= 1 << (spot % 8)
		}
		return b
	}
	short := func(b []byte) []byte { return b[:spot%(len(b)+1)] }
	var res *http.Response
	switch fault {
	case "question lost":
		return nil, errLost
	case "question cut":
		l.body = short(body)
		res = l.arrive()
	case "question damaged":
		l.body = damage(body)
		res = l.arrive()
	case "question late":
		n.w.late = append(n.w.late, l)
		return nil, errLost
	case "late and twice":
		n.w.late = append(n.w.late, l, l)
		res = l.arrive()
	case "asked twice":
		l.arrive()
		res = l.arrive()
	case "portal":
		res = answer(http.StatusOK, nil, []byte("<html>Đăng nhập mạng</html>"))
	case "busy":
		res = answer(http.StatusServiceUnavailable, http.Header{"Retry-After": {"7"}}, nil)
	default:
		res = l.arrive()
	}
	if res == nil || n.p.disk.dead || fault == "answer lost" {
		return nil, errLost
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	n.w.overheard(r.URL.Path, b)
	switch fault {
	case "answer cut":
		b = short(b)
	case "answer damaged":
		b = damage(b)
	case "answer broken off":
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(short(b)), cut{}))
		return res, nil
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	return res, nil
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// arrive hands the question to whoever is there now; nil where the line breaks.
func (l letter) arrive() (res *http.Response) {
	h := l.to()
	if h == nil {
		return nil
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://upstream"+l.path, bytes.NewReader(l.body))
	if err != nil {
		panic(err)
	}
	state := shows(l.from)
	r.TLS = &state
	r.RemoteAddr = "192.0.2.1:1"
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				panic(p)
			}
			res = nil
		}
	}()
	h.ServeHTTP(w, r)
	return answer(w.status, w.header, w.body.Bytes())
}

func answer(status int, h http.Header, body []byte) *http.Response {
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body))}
}

// recorder is what a handler writes to.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header              { return w.header }
func (w *recorder) Write(b []byte) (int, error)      { return w.body.Write(b) }
func (w *recorder) WriteHeader(status int)           { w.status = status }
func (w *recorder) SetReadDeadline(time.Time) error  { return nil }
func (w *recorder) SetWriteDeadline(time.Time) error { return nil }
