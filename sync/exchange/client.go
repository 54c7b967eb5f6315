// Package exchange carries this station's journal upstream and brings answers back. A line cut at any point only means asking again:
// every call may be repeated, in any order, at any time, and what was kept before stays.
//
// Nothing is believed because of an HTTP status or because bytes arrived. An entry counts as sent when upstream's signed receipt,
// verified with the pinned key, names our own hash at that sequence number; an entry from upstream counts when its owner's signature and
// our own head lead to it. Whatever else answers in upstream's place (a captive portal, a proxy, another key) ends in a dossier.Problem and
// changes nothing.
package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Store is the station's file, as the exchange needs it. Every method that keeps something is one durable transaction.
type Store interface {
	Own() dossier.ChainState
	SigningKey() ed25519.PrivateKey
	Secret(ctx context.Context, name string) ([]byte, error) // nil if there is none
	KeepSecret(ctx context.Context, name string, secret []byte) error

	Chains(ctx context.Context) ([]dossier.ChainState, error)
	Entries(ctx context.Context, chain dossier.Chain, after uint64, limit int) ([]dossier.Entry, error)
	Adopt(ctx context.Context, g dossier.Genesis, owner ed25519.PublicKey) error
	Extend(ctx context.Context, head dossier.Head, signature []byte, entries []dossier.Entry) error
	KeepReceipt(ctx context.Context, r dossier.Receipt) error

	Upstream(ctx context.Context) (dossier.Upstream, bool, error)
	Enrol(ctx context.Context, u dossier.Upstream) error
}

// IdentitySecret is the name under which the store keeps the key that opens what is sealed to this PC.
const IdentitySecret = "sync/identity"

// Client is one PC's way to upstream, made by New. Its methods may be called from anywhere; they take turns.
type Client struct {
	Store Store

	Idle  time.Duration // a call without any progress for this long is given up
	Whole time.Duration // and so is a call that lasts this long
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Wrap  func(http.RoundTripper) http.RoundTripper // nil, or what stands between the client and the line

	turn chan struct{} // holds one: whoever put it there has the line
}

// New is a client on the system's network. A proxy is taken from the environment (HTTPS_PROXY): keys are pinned end to end, so a
// proxy can carry or refuse, and no more.
func New(s Store) *Client {
	return &Client{Store: s, Idle: 20 * time.Second, Whole: 5 * time.Minute, Dial: new(net.Dialer).DialContext, turn: make(chan struct{}, 1)}
}

// take waits for the line, no longer than ctx.
func (c *Client) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) give() { <-c.turn }

// Send pushes what waits, keeps the receipts, and pulls what came. What it did before an error stays done and is in the answer beside the
// error. When ctx ends, so does it, at once wherever it is, with ctx's own error. told, which may be nil, hears how far it is. Codes: those of wire.Refusals, and line.not-enrolled, line.down, line.timeout, line.portal, line.wrong-key, line.garbled,
// line.refused, line.busy, upstream.older, upstream.went-back, upstream.bad-receipt, upstream.bad-envelope, journal.ahead, journal.forked.
func (c *Client) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	var sent dossier.Sent
	if told == nil {
		told = func(dossier.SendStep) {}
	}
	told(dossier.SendStep{Phase: "connect"})
	if err := c.take(ctx); err != nil {
		return sent, err
	}
	defer c.give()
	u, ok, err := c.Store.Upstream(ctx)
	if err != nil {
		return sent, fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return sent, dossier.Invalid("", "line.not-enrolled")
	}
	address, err := wire.CheckAddress(u.Address)
	if err != nil {
		return sent, err
	}
	l, err := c.open(ctx, address, func(key ed25519.PublicKey) bool { return u.Key.Equal(key) })
	if err != nil {
		return sent, err
	}
	defer l.close()
	answer, err := c.hello(ctx, l, u)
	if err != nil {
		return sent, err
	}
	pushed := c.push(ctx, l, u, answer, told, &sent)
	if lost(pushed) {
		return sent, pushed
	}
	// An upstream that is full, or that went back, may still have decisions for us.
	return sent, errors.Join(pushed, c.pull(ctx, l, u, answer, told, &sent))
}

// lost tells whether the line itself failed, so that asking for more is of no use.
func lost(err error) bool {
	if err == nil {
		return false
	}
	switch dossier.Code(err) {
	case "line.down", "line.timeout", "line.portal", "line.wrong-key", "line.busy", "":
		return true
	}
	return false
}

// hello asks upstream what it holds. The answer is signed over our question.
func (c *Client) hello(ctx context.Context, l *line, u dossier.Upstream) (wire.HelloAnswer, error) {
	chains, err := c.Store.Chains(ctx)
	if err != nil {
		return wire.HelloAnswer{}, fmt.Errorf("read chains: %w", err)
	}
	h := wire.Hello{Nonce: wire.NewNonce(), Chains: make([]wire.Held, 0, len(chains))}
	for _, s := range chains {
		h.Chains = append(h.Chains, wire.Held{Genesis: s.Genesis, Owner: s.Owner, Seq: s.Head.Seq, Hash: s.Head.Hash})
	}
	question := h.Encode()
	b, err := l.post(ctx, wire.PathHello, question, ed25519.SignatureSize+wire.MaxMessage)
	if err != nil {
		return wire.HelloAnswer{}, err
	}
	answer, err := wire.OpenHelloAnswer(b, u.Key, question)
	if err != nil {
		return wire.HelloAnswer{}, garbled(b)
	}
	return answer, nil
}
