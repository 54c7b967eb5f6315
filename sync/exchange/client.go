// Package exchange carries this station's journal upstream and brings answers back. A line cut at any point only means asking again:
// every call may be repeated, in any order, at any time, and what was kept before stays.
//
// Nothing is believed because of an HTTP status or because bytes arrived. An entry counts as sent when upstream's signed receipt,
// verified with the pinned key, names our own hash at that sequence number; an entry from upstream counts when its owner's signature and
// our own head lead to it. Whatever else answers in upstream's place (a captive portal, a proxy, another key) ends in a dossier.Problem and
// changes nothing.
//
// What was put back, restored, copied or cut on either side is healed on the way, by the same steps with upstream and with a sister PC over the
// station's own network: see visit, heal.go and docs/adr/0011.
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
)

// Store is the station's file, as the exchange needs it. Every method that keeps something is one durable transaction.
type Store interface {
	Own() dossier.ChainState // the life that is written
	SigningKey() ed25519.PrivateKey
	FormerKeys(ctx context.Context) ([]ed25519.PrivateKey, error) // of this PC's earlier lives, oldest first
	Secret(ctx context.Context, name string) ([]byte, error)      // nil if there is none
	KeepSecret(ctx context.Context, name string, secret []byte) error
	Record(ctx context.Context, events ...dossier.Event) error

	Chains(ctx context.Context) ([]dossier.ChainState, error)
	Lives(ctx context.Context) ([]dossier.ChainState, error) // of this PC, oldest first
	Entries(ctx context.Context, chain dossier.Chain, after uint64, limit int) ([]dossier.Entry, error)
	HashAt(ctx context.Context, chain dossier.Chain, seq uint64) (dossier.Head, bool, error)
	SignedHead(ctx context.Context, chain dossier.Chain, after uint64, most int) (dossier.Head, []byte, error)
	Adopt(ctx context.Context, g dossier.Genesis, owner ed25519.PublicKey) error
	Extend(ctx context.Context, head dossier.Head, signature []byte, entries []dossier.Entry) error
	Recast(ctx context.Context, chain dossier.Chain, at dossier.Head) error
	Alone(ctx context.Context, at dossier.Head) ([]dossier.EventID, error)

	Fork(ctx context.Context, at dossier.Head, what string) (dossier.Healing, error)
	Rotate(ctx context.Context, next ed25519.PrivateKey) (dossier.Healing, error)
	Reclaim(ctx context.Context, entries []dossier.Entry) (int, error)
	Unclaimed(ctx context.Context, limit int) ([]dossier.Entry, error)

	KeepReceipt(ctx context.Context, r dossier.Receipt) error
	Lower(ctx context.Context, chain dossier.Chain, r *dossier.Receipt) error

	Upstream(ctx context.Context) (dossier.Upstream, bool, error)
	Enrol(ctx context.Context, u dossier.Upstream) error
	SetUpstreamKey(ctx context.Context, next dossier.NewKey) error
	Roster(ctx context.Context) ([]dossier.Admission, error)
}

// The names under which the store keeps what the exchange must not forget.
const (
	IdentitySecret  = "sync/identity"        // the key that opens what is sealed to this PC
	AdmissionSecret = "sync/admission"       // upstream's signed word that this PC is one of the station's
	formerSecret    = "sync/identity/former" // those of earlier, a line each, the latest first
	nextSecret      = "sync/next"            // the keys that come next, while they are being changed
	ticketSecret    = "sync/ticket"          // the number of the ticket that was used last
)

// Client is one PC's way to upstream, made by New. Its methods may be called from anywhere; they take turns.
type Client struct {
	Store Store

	Idle  time.Duration // a call without any progress for this long is given up
	Whole time.Duration // and so is a call that lasts this long
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Wrap  func(http.RoundTripper) http.RoundTripper // nil, or what stands between the client and the line
	Known *Known                                    // nil, or what is to be told of sisters; clients of one store share it

	turn    chan struct{} // holds one: whoever put it there has the line
	settled *settled
	opened  *opened
}

// New is a client on the system's network. A proxy is taken from the environment (HTTPS_PROXY): keys are pinned end to end, so a
// proxy can carry or refuse, and no more.
func New(s Store) *Client {
	return &Client{Store: s, Idle: 20 * time.Second, Whole: 5 * time.Minute, Dial: new(net.Dialer).DialContext, turn: make(chan struct{}, 1), settled: new(settled), opened: new(opened)}
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

// Send mends what is at odds between the two sides, pushes what waits, keeps the receipts, and pulls what came. What it did before an error
// stays done and is in the answer beside the error. When ctx ends, so does it, at once wherever it is, with ctx's own error. told, which may
// be nil, hears how far it is. Codes: those of wire.Refusals, and line.not-enrolled, line.down, line.timeout, line.portal, line.wrong-key,
// line.garbled, line.refused, line.busy, upstream.older, upstream.went-back, upstream.bad-receipt, upstream.bad-envelope, parked.unread,
// journal.forked, journal.restless.
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
	defer c.Known.look(ctx)
	if err := c.send(ctx, told, &sent); err != nil {
		return sent, err
	}
	return sent, c.agree(ctx, told, &sent)
}

// send is one visit, and another where the first found that the two sides know different keys of this PC and that could be mended.
func (c *Client) send(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) error {
	err := c.above(ctx, told, sent, func(v *visit, up *upward) error {
		err := v.run(ctx)
		if dossier.Code(err) != "line.unknown-device" {
			return err
		}
		if back, failed := up.comeBack(ctx); !back {
			return errors.Join(err, failed)
		}
		return v.run(ctx)
	})
	var mended bool
	var failed error
	switch dossier.Code(err) {
	case "line.unknown-device":
		mended, failed = c.introduce(ctx, told, sent)
	case "line.former-key":
		mended, failed = c.catchUp(ctx, told, sent)
	}
	switch {
	case dossier.Code(failed) == "line.former-key":
		return failed // it says more
	case !mended:
		return errors.Join(err, failed)
	}
	return c.above(ctx, told, sent, func(v *visit, _ *upward) error { return v.run(ctx) })
}

// above opens the way to upstream, does one thing there and closes it.
func (c *Client) above(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent, do func(*visit, *upward) error) error {
	u, ok, err := c.Store.Upstream(ctx)
	if err != nil {
		return fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return dossier.Invalid("", "line.not-enrolled")
	}
	identities, err := c.identities(ctx)
	if err != nil {
		return err
	}
	up, err := c.upward(ctx, u)
	if err != nil {
		return err
	}
	defer up.line.close()
	c.settled.visit()
	return do(&visit{store: c.Store, other: up, above: true, u: u, identities: identities, settled: c.settled, told: told, sent: sent}, up)
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
