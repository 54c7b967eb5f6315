package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Limits of serving the station's own network.
const (
	peersAtOnce = 4               // calls worked on at a time
	peersQueue  = time.Second     // for a call to wait for its turn
	peersCall   = 2 * time.Minute // for one call
	peersStop   = 5 * time.Second
	peersGuests = 64 // connections at a time
	peersOfOne  = 8  // of those, from one address: a sister has one or two
)

// Peers are the PCs of one station among each other, over the station's own network: the same three calls as with upstream, keys pinned
// from the roster that upstream's journal gives. With the line upward down all day, each desk knows what the others received. No PC
// gives receipts: what only sisters hold is not sent.
type Peers struct {
	Client *Client                                     // this PC's store, keys and limits
	Typed  func(ctx context.Context) []string          // addresses the keeper typed in, host:port; may be nil
	Heard  func(sent dossier.Sent)                     // told of an exchange that brought something; may be nil
	Fault  func(err error)                             // told of what went wrong within while serving; may be nil
	Listen func() (net.PacketConn, error)              // for beacons; nil for the fixed port on all of this PC's networks
	Shout  func(c net.PacketConn, packet []byte) error // nil for a broadcast on each of them

	once  sync.Once
	woken chan struct{}
	seen  neighbours
	port  portNumber
}

// roster are the other PCs of the station, and every key under which one of them may speak now: the one upstream's journal and her own
// name, and until her next life is here the one of her last.
func (c *Client) roster(ctx context.Context) ([]dossier.Admission, error) {
	all, err := c.Store.Roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	chains, err := c.Store.Chains(ctx)
	if err != nil {
		return nil, fmt.Errorf("read chains: %w", err)
	}
	own := c.Store.Own().Device
	var out []dossier.Admission
	for _, a := range all {
		if a.Device == own {
			continue
		}
		out = append(out, a)
		var last ed25519.PublicKey
		for _, s := range chains {
			if s.Device == a.Device {
				last = s.Owner
			}
		}
		if last != nil && !last.Equal(a.Key) {
			a.Key = last
			out = append(out, a)
		}
	}
	return out, nil
}

// known finds who speaks with a key. Code: line.unknown-device.
func (c *Client) known(ctx context.Context, key ed25519.PublicKey) (dossier.Admission, []dossier.Admission, error) {
	roster, err := c.roster(ctx)
	if err != nil {
		return dossier.Admission{}, nil, err
	}
	for _, a := range roster {
		if a.Key.Equal(key) {
			return a, roster, nil
		}
	}
	return dossier.Admission{}, nil, dossier.Invalid("", "line.unknown-device")
}

// Serve answers sister PCs on a listener until ctx ends, then finishes the calls it has begun. It closes the listener.
func (p *Peers) Serve(ctx context.Context, l net.Listener) error {
	defer l.Close()
	if at, ok := l.Addr().(*net.TCPAddr); ok {
		p.port.set(at.Port)
		defer p.port.set(0)
	}
	config, err := p.tls()
	if err != nil {
		return err
	}
	idle := p.Client.Idle
	s := &http.Server{
		Handler:           p.Handler(),
		TLSConfig:         config,
		ReadHeaderTimeout: idle,
		ReadTimeout:       peersCall,
		WriteTimeout:      peersCall,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // strangers at the door are no news, and a log of them has no end
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ctx, stop := context.WithTimeout(context.Background(), peersStop)
		defer stop()
		done <- errors.Join(s.Shutdown(ctx), s.Close())
	}()
	if err := s.ServeTLS(&few{Listener: l, from: map[string]int{}}, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-done
}

// tls shows the key this PC has now: it may be changed while sisters are served.
func (p *Peers) tls() (*tls.Config, error) {
	key := p.Client.Store.SigningKey()
	config, err := wire.ServerTLS(key)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	return &tls.Config{MinVersion: tls.VersionTLS13, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		mu.Lock()
		defer mu.Unlock()
		if now := p.Client.Store.SigningKey(); !now.Equal(key) {
			next, err := wire.ServerTLS(now)
			if err != nil {
				return nil, err
			}
			key, config = now, next
		}
		return config, nil
	}}, nil
}

// few lets in so many connections at a time, and so many from one address, and turns away the next: nobody on the station's network can use
// up this PC's memory, nor one alone keep the sisters out.
type few struct {
	net.Listener
	mu     sync.Mutex
	guests int
	from   map[string]int
}

func (f *few) Accept() (net.Conn, error) {
	for {
		c, err := f.Listener.Accept()
		if err != nil {
			return nil, err
		}
		at := c.RemoteAddr().String()
		if host, _, err := net.SplitHostPort(at); err == nil {
			at = host
		}
		if f.enter(at) {
			return &guest{Conn: c, leave: func() { f.leave(at) }}, nil
		}
		_ = c.Close() // it may come again
	}
}

func (f *few) enter(at string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.guests >= peersGuests || f.from[at] >= peersOfOne {
		return false
	}
	f.guests++
	f.from[at]++
	return true
}

func (f *few) leave(at string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guests--
	if f.from[at]--; f.from[at] == 0 {
		delete(f.from, at)
	}
}

type guest struct {
	net.Conn
	leave func()
	once  sync.Once
}

func (g *guest) Close() error {
	g.once.Do(g.leave)
	return g.Conn.Close()
}

// Handler answers hello, push and pull.
func (p *Peers) Handler() http.Handler {
	door := wire.Door{Turns: make(chan struct{}, peersAtOnce), Queue: peersQueue, Idle: p.Client.Idle, Refuse: p.refuse}
	mux := http.NewServeMux()
	for path, c := range map[string]struct {
		limit int64
		do    func(h host, ctx context.Context, body []byte) ([]byte, error)
	}{
		wire.PathHello: {wire.MaxMessage, host.hello},
		wire.PathPush:  {wire.MaxEnvelope, host.push},
		wire.PathPull:  {wire.MaxMessage, host.pull},
	} {
		mux.HandleFunc("POST "+path, door.Answer(c.limit, func(ctx context.Context, key ed25519.PublicKey) (func(context.Context, []byte) ([]byte, error), error) {
			guest, roster, err := p.Client.known(ctx, key)
			return func(ctx context.Context, body []byte) ([]byte, error) {
				return c.do(host{p.Client, guest, roster, p.heard}, ctx, body)
			}, err
		}))
	}
	return mux
}

func (p *Peers) heard(sent dossier.Sent) {
	if p.Heard != nil && (sent.Pulled > 0 || len(sent.Healed) > 0) {
		p.Heard(sent)
	}
}

// refuse says no with a code of wire.Refusals. What went wrong within stays within.
func (p *Peers) refuse(w http.ResponseWriter, err error) {
	code := dossier.Code(err)
	if wire.Refusals[code] == 0 {
		if p.Fault != nil {
			p.Fault(err)
		}
		code = "upstream.fault"
	}
	wire.Refuse(w, code, 1, 6)
}

// host is this PC answering one call of a sister.
type host struct {
	*Client
	guest  dossier.Admission
	roster []dossier.Admission
	heard  func(dossier.Sent)
}

// hello tells what is held here. Which life of the asking PC goes on is told only where it is plain: one follows on all others.
func (h host) hello(ctx context.Context, question []byte) ([]byte, error) {
	asked, err := wire.ParseHello(question)
	if err != nil {
		return nil, dossier.Invalid("", "message.bad")
	}
	h.Known.heard(ctx, h.guest.Device, h.Known.now(), asked.Chains)
	chains, err := h.Store.Chains(ctx)
	if err != nil {
		return nil, fmt.Errorf("read chains: %w", err)
	}
	answer := wire.HelloAnswer{At: time.Now(), Chains: []wire.Held{}}
	held := map[dossier.Chain]bool{}
	var last []dossier.Chain
	for _, s := range chains[:min(len(chains), wire.MaxChains)] {
		held[s.Chain] = true
		answer.Chains = append(answer.Chains, wire.Held{Genesis: s.Genesis, Owner: s.Owner, Seq: s.Head.Seq, Hash: s.Head.Hash})
		if s.Device == h.guest.Device && !followed(s, chains) {
			last = append(last, s.Chain)
		}
	}
	if len(last) == 1 {
		answer.Current = &last[0]
	}
	for _, p := range asked.Probes {
		for _, seq := range p.Seqs {
			if !held[p.Chain] {
				break
			}
			at, ok, err := h.Store.HashAt(ctx, p.Chain, seq)
			if err != nil {
				return nil, fmt.Errorf("read chain %s: %w", p.Chain, err)
			}
			if !ok {
				break
			}
			answer.Probed = append(answer.Probed, at)
		}
	}
	return answer.Sign(question, h.Store.SigningKey()), nil
}

// followed tells whether another life goes on from that one.
func followed(s dossier.ChainState, chains []dossier.ChainState) bool {
	for _, c := range chains {
		if c.Device == s.Device && c.Previous == s.Incarnation {
			return true
		}
	}
	return false
}

// pull gives entries of any chain of the station that is held here.
func (h host) pull(ctx context.Context, question []byte) ([]byte, error) {
	p, err := wire.ParsePull(question)
	if err != nil {
		return nil, dossier.Invalid("", "message.bad")
	}
	chains, err := h.Store.Chains(ctx)
	if err != nil {
		return nil, fmt.Errorf("read chains: %w", err)
	}
	for _, s := range chains {
		if s.Chain != p.Chain {
			continue
		}
		at, ok, err := h.Store.HashAt(ctx, p.Chain, p.After)
		if err != nil {
			return nil, fmt.Errorf("read chain %s: %w", p.Chain, err)
		}
		if !ok || p.Parked != nil || p.After >= s.Head.Seq {
			return nil, dossier.Invalid("", "journal.nothing")
		}
		to, err := wire.ParseRecipient(h.guest.Recipient)
		if err != nil {
			return nil, fmt.Errorf("answer pull: %w", err)
		}
		e, err := seal(ctx, h.Store, s, at, to)
		if errors.Is(err, errUnsigned) {
			return nil, dossier.Invalid("", "journal.nothing")
		}
		if err != nil {
			return nil, err
		}
		return e.Bytes(), nil
	}
	return nil, dossier.Invalid("", "journal.unknown")
}

// push takes in what a sister hands over, of her own chain or of anybody's of the station. The answer is how far that chain is held here.
// Codes: envelope.bad, envelope.sender, envelope.recipient, journal.unknown, journal.gap, journal.forked.
func (h host) push(ctx context.Context, body []byte) ([]byte, error) {
	e, err := wire.Read(bytes.NewReader(body))
	if err != nil {
		return nil, dossier.Invalid("", "envelope.bad")
	}
	if !e.Sender.Equal(h.guest.Key) {
		return nil, dossier.Invalid("", "envelope.sender")
	}
	identities, err := h.identities(ctx)
	if err != nil {
		return nil, err
	}
	u, ok, err := h.Store.Upstream(ctx)
	if err != nil {
		return nil, fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return nil, dossier.Invalid("", "line.unknown-device")
	}
	var sent dossier.Sent
	v := visit{store: h.Store, u: u, roster: h.roster, identities: identities, settled: h.settled, sent: &sent, told: func(dossier.SendStep) {}}
	if err := v.look(ctx); err != nil {
		return nil, err
	}
	ours, known := v.held(e.Chain.Chain)
	owner := ed25519.PublicKey(ours.Owner)
	if !known {
		if owner, ok = v.ownerOf(e); !ok {
			return nil, dossier.Invalid("", "journal.unknown")
		}
	}
	entries, err := open(e, identities, owner)
	switch {
	case errors.Is(err, wire.ErrRecipient):
		return nil, dossier.Invalid("", "envelope.recipient")
	case err != nil:
		return nil, dossier.Invalid("", "envelope.bad")
	case known && ours.Genesis != e.Chain:
		return nil, dossier.Invalid("", "journal.forked")
	}
	if !known {
		if ours, err = adopt(ctx, h.Store, e.Chain, owner); err != nil {
			return nil, err
		}
	}
	if err := v.takeIn(ctx, h.guest, ours, e, entries); err != nil {
		return nil, err
	}
	h.heard(sent)
	h.Known.look(ctx)
	at, _, err := v.reach(ctx, e.Chain.Chain)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(at)
	if err != nil {
		return nil, fmt.Errorf("answer push: %w", err)
	}
	return answer, nil
}

// ownerOf finds who of the station signed the head of an envelope of a chain that is not held.
func (v *visit) ownerOf(e wire.Envelope) (ed25519.PublicKey, bool) {
	keys := []ed25519.PublicKey{v.u.Key, publicOf(v.store.SigningKey())}
	for _, a := range v.roster {
		keys = append(keys, a.Key)
	}
	for _, s := range v.chains {
		keys = append(keys, s.Owner)
	}
	for _, key := range keys {
		if e.Head().SignedBy(key, e.Owner) && (v.owned(e.Chain, key) || e.Chain.Device == v.own.Device && key.Equal(publicOf(v.store.SigningKey()))) {
			return key, true
		}
	}
	return nil, false
}

func (v *visit) reach(ctx context.Context, c dossier.Chain) (dossier.Head, bool, error) {
	if err := v.look(ctx); err != nil {
		return dossier.Head{}, false, err
	}
	s, ok := v.held(c)
	return s.Head, ok, nil
}

// takeIn keeps the entries of an envelope that was opened. Of our own journal it takes over what this PC does not remember; of the guest's own
// her word counts, unless upstream has signed for another or she does not know what she would have cut; of others' only what follows on.
func (v *visit) takeIn(ctx context.Context, guest dossier.Admission, ours dossier.ChainState, e wire.Envelope, entries []dossier.Entry) error {
	before, ok, err := v.store.HashAt(ctx, ours.Chain, e.First-1)
	if err != nil {
		return fmt.Errorf("read chain %s: %w", ours.Chain, err)
	}
	mine := ours.Device == v.own.Device
	switch {
	case !ok:
		return dossier.Invalid("", "journal.gap")
	case before.Hash != e.Before && !mine:
		return dossier.Invalid("", "journal.forked")
	}
	// Where both have entries, they are the same ones or those of another continuation.
	differs := before.Hash != e.Before
	common := before
	for _, entry := range entries {
		if differs || common.Seq >= ours.Head.Seq {
			break
		}
		next := dossier.Head{Chain: ours.Chain, Seq: common.Seq + 1, Hash: dossier.NextHash(common.Hash, entry.Header())}
		have, ok, err := v.store.HashAt(ctx, ours.Chain, next.Seq)
		if err != nil {
			return fmt.Errorf("read chain %s: %w", ours.Chain, err)
		}
		if differs = !ok || have != next; !differs {
			common = next
		}
	}
	extend := func() error {
		if err := v.store.Extend(ctx, e.Head(), e.Owner, entries); err != nil {
			return fmt.Errorf("keep entries of %s: %w", ours.Chain, err)
		}
		if e.Last > ours.Head.Seq {
			v.sent.Pulled += int(e.Last - ours.Head.Seq)
		}
		return nil
	}
	switch {
	case mine && differs:
		n, err := reclaim(ctx, v.store, entries)
		if ours.Own && before.Hash == e.Before { // said once: further envelopes of that continuation follow on none of ours
			v.tookOver(before, n)
		}
		return err
	case mine && e.Last <= ours.Head.Seq:
		return nil
	case mine && ours.Own: // an older copy of the file was put back here
		healed, err := v.store.Fork(ctx, ours.Head, dossier.HealedBehind)
		if err != nil {
			return fmt.Errorf("begin a new life: %w", err)
		}
		v.sent.Healed = append(v.sent.Healed, healed)
		fallthrough
	case mine:
		if err := extend(); err != nil {
			return err
		}
		return reclaimAll(ctx, v.store)
	case differs && guest.Device == ours.Device && (ours.Receipt == nil || ours.Receipt.Seq < e.First):
		// What she forgot, and has not taken over from here, must not be lost with our copy: we follow once she has, see astray.
		alone, err := v.alone(ctx, before, common)
		if err != nil {
			return fmt.Errorf("follow the chain %s: %w", ours.Chain, err)
		}
		for _, id := range alone {
			if !slices.ContainsFunc(entries, func(e dossier.Entry) bool { return e.ID == id }) {
				return dossier.Invalid("", "journal.forked")
			}
		}
		if err := v.store.Recast(ctx, ours.Chain, before); err != nil {
			return fmt.Errorf("follow the chain %s: %w", ours.Chain, err)
		}
		ours.Head = before
	case differs:
		return dossier.Invalid("", "journal.forked")
	}
	return extend()
}
