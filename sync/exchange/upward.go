package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"sync"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// other is whoever answers on the other side: upstream, or a sister PC over the station's own network. Its errors are Problems, or ctx's
// own.
type other interface {
	hello(ctx context.Context, question []byte) (wire.HelloAnswer, error)
	// push hands an envelope over and tells how far the other side holds that chain now. The receipt is upstream's; a sister gives none.
	push(ctx context.Context, e wire.Envelope) (dossier.Head, *dossier.Receipt, error)
	pull(ctx context.Context, p wire.Pull) (wire.Envelope, error)
	key() ed25519.PublicKey             // it speaks with
	recipient() (wire.Recipient, error) // what is sealed to it is sealed to this
}

// upward is upstream over HTTPS.
type upward struct {
	line *line
	u    dossier.Upstream
	s    Store

	mu    sync.Mutex
	shown *dossier.NewKey // upstream speaks with the key it said would come next
}

// upward prepares the way to upstream. Upstream may speak with the pinned key, or with the one that its own journal says comes next.
func (c *Client) upward(ctx context.Context, u dossier.Upstream) (*upward, error) {
	address, err := wire.CheckAddress(u.Address)
	if err != nil {
		return nil, err
	}
	up := &upward{u: u, s: c.Store}
	up.line, err = c.open(ctx, address, true, func(key ed25519.PublicKey) bool {
		if u.Key.Equal(key) {
			return true
		}
		next, err := nextKey(ctx, c.Store, u.Chain.Device)
		if err != nil || next == nil || !next.Key.Equal(key) {
			return false
		}
		up.mu.Lock()
		up.shown = next
		up.mu.Unlock()
		return true
	})
	return up, err
}

// nextKey is the last that a device said of its next keys in the chains that are held of it; nil if it never did. It is looked for only
// when a key was shown that is not the pinned one.
func nextKey(ctx context.Context, s Store, device dossier.DeviceID) (*dossier.NewKey, error) {
	named, err := namedKeys(ctx, s, device)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	return &named[len(named)-1], nil
}

// namedKeys are all that a device said of its next keys.
func namedKeys(ctx context.Context, s Store, device dossier.DeviceID) (named []dossier.NewKey, err error) {
	chains, err := s.Chains(ctx)
	if err != nil {
		return nil, fmt.Errorf("read chains: %w", err)
	}
	for _, c := range chains {
		if c.Device != device {
			continue
		}
		err := each(ctx, s, c, func(e dossier.Entry) {
			var n dossier.NewKey
			if e.Kind == dossier.KeySet && json.Unmarshal(e.Body, &n) == nil && len(n.Key) == ed25519.PublicKeySize {
				named = append(named, n)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return named, nil
}

// each reads a chain from its beginning.
func each(ctx context.Context, s Store, c dossier.ChainState, do func(dossier.Entry)) error {
	for at := uint64(0); at < c.Head.Seq; {
		entries, err := s.Entries(ctx, c.Chain, at, 1000)
		if err != nil {
			return fmt.Errorf("read chain %s: %w", c.Chain, err)
		}
		if len(entries) == 0 {
			return nil // it was cut meanwhile
		}
		for _, e := range entries {
			do(e)
		}
		at += uint64(len(entries))
	}
	return nil
}

func (up *upward) key() ed25519.PublicKey { return up.u.Key }

func (up *upward) recipient() (wire.Recipient, error) { return wire.ParseRecipient(up.u.Recipient) }

// hello asks upstream what it holds. The answer is signed over our question. An answer under upstream's next key makes that the pinned one.
func (up *upward) hello(ctx context.Context, question []byte) (wire.HelloAnswer, error) {
	b, err := up.line.post(ctx, wire.PathHello, question, ed25519.SignatureSize+wire.MaxMessage)
	if err != nil {
		return wire.HelloAnswer{}, err
	}
	up.mu.Lock()
	next := up.shown
	up.mu.Unlock()
	key := up.u.Key
	if next != nil {
		key = next.Key
	}
	answer, err := wire.OpenHelloAnswer(b, key, question)
	if err != nil {
		return wire.HelloAnswer{}, garbled(b)
	}
	if next != nil && !up.u.Key.Equal(next.Key) {
		if err := up.s.SetUpstreamKey(ctx, *next); err != nil {
			return wire.HelloAnswer{}, fmt.Errorf("keep upstream's new key: %w", err)
		}
		up.u.Key, up.u.Recipient = next.Key, next.Recipient
	}
	return answer, nil
}

func (up *upward) push(ctx context.Context, e wire.Envelope) (dossier.Head, *dossier.Receipt, error) {
	b, err := up.line.post(ctx, wire.PathPush, e.Bytes(), wire.MaxMessage)
	if err != nil {
		return dossier.Head{}, nil, err
	}
	r, err := wire.ParseReceipt(b)
	if err != nil {
		return dossier.Head{}, nil, garbled(b)
	}
	return r.Head, &r, nil
}

func (up *upward) pull(ctx context.Context, p wire.Pull) (wire.Envelope, error) {
	return up.line.pull(ctx, p)
}

func (l *line) pull(ctx context.Context, p wire.Pull) (wire.Envelope, error) {
	b, err := l.post(ctx, wire.PathPull, p.Encode(), wire.MaxEnvelope)
	if err != nil {
		return wire.Envelope{}, err
	}
	e, err := wire.Read(bytes.NewReader(b))
	if err != nil {
		return wire.Envelope{}, garbled(b)
	}
	return e, nil
}

// comeBack shows an upstream that does not know this PC any more, because it was restored, the admission it once gave. It is false where there
// is none to show.
func (up *upward) comeBack(ctx context.Context) (bool, error) {
	admission, err := up.s.Secret(ctx, AdmissionSecret)
	if err != nil {
		return false, fmt.Errorf("read the admission: %w", err)
	}
	if admission == nil {
		return false, nil
	}
	_, err = up.line.post(ctx, wire.PathReturn, admission, wire.MaxMessage)
	return err == nil, err
}
