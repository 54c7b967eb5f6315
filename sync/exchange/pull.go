package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// pull takes in what others wrote: upstream's journal for this station, and the journals of its other PCs as far as upstream holds
// them. A chain that does not fit holds up no other.
func (c *Client) pull(ctx context.Context, l *line, u dossier.Upstream, answer wire.HelloAnswer, told func(dossier.SendStep), sent *dossier.Sent) error {
	identity, err := c.identity(ctx)
	if err != nil {
		return err
	}
	chains, err := c.Store.Chains(ctx)
	if err != nil {
		return fmt.Errorf("read chains: %w", err)
	}
	held := make(map[dossier.Chain]dossier.ChainState, len(chains))
	for _, s := range chains {
		held[s.Chain] = s
		if _, there := answer.Chain(s.Chain); !there && u.Key.Equal(s.Owner) && s.Head.Seq > 0 {
			err = errors.Join(err, dossier.Invalid("", "upstream.went-back"))
		}
	}
	own := c.Store.Own()
	step := dossier.SendStep{Phase: "pull"}
	for _, theirs := range answer.Chains {
		if have := held[theirs.Chain].Head.Seq; theirs.Device != own.Device && theirs.Seq > have {
			step.Of += int(min(theirs.Seq-have, 1<<40)) // what a stranger claims need not be true
		}
	}
	took := func(n int) {
		step.Done += n
		told(step)
	}
	if step.Of > 0 {
		told(step)
	}
	for _, theirs := range answer.Chains {
		if theirs.Device == own.Device {
			continue
		}
		s, known := held[theirs.Chain]
		if !known {
			if err := c.Store.Adopt(ctx, theirs.Genesis, theirs.Owner); err != nil {
				return fmt.Errorf("adopt chain %s: %w", theirs.Chain, err)
			}
			s = dossier.ChainState{Genesis: theirs.Genesis, Owner: theirs.Owner,
				Head: dossier.Head{Chain: theirs.Chain, Hash: theirs.Genesis.Hash()}}
		}
		one := c.pullChain(ctx, l, u, identity, s, theirs, took, sent)
		err = errors.Join(err, one)
		if lost(one) {
			break
		}
	}
	return err
}

func (c *Client) pullChain(ctx context.Context, l *line, u dossier.Upstream, identity wire.Identity, s dossier.ChainState, theirs wire.Held,
	took func(n int), sent *dossier.Sent) error {
	switch {
	case theirs.Genesis != s.Genesis, !bytes.Equal(theirs.Owner, s.Owner), theirs.Seq == s.Head.Seq && theirs.Hash != s.Head.Hash:
		return dossier.Invalid("", "journal.forked")
	case theirs.Seq < s.Head.Seq && u.Key.Equal(s.Owner):
		return dossier.Invalid("", "upstream.went-back")
	}
	at := s.Head
	for at.Seq < theirs.Seq {
		b, err := l.post(ctx, wire.PathPull, wire.Pull{Chain: s.Chain, After: at.Seq}.Encode(), wire.MaxEnvelope)
		if err != nil {
			return err
		}
		e, err := wire.Read(bytes.NewReader(b))
		if err != nil {
			return garbled(b)
		}
		if e.Chain != s.Genesis || e.First != at.Seq+1 || !e.Sender.Equal(u.Key) {
			return dossier.Invalid("", "upstream.bad-envelope")
		}
		if e.Before != at.Hash {
			return dossier.Invalid("", "journal.forked")
		}
		entries, err := e.Open(identity, ed25519.PublicKey(s.Owner))
		if err != nil {
			return dossier.Invalid("", "upstream.bad-envelope")
		}
		if err := c.Store.Extend(ctx, e.Head(), e.Owner, entries); err != nil {
			return fmt.Errorf("keep entries of %s: %w", s.Chain, err)
		}
		sent.Pulled += len(entries)
		at = e.Head()
		took(len(entries))
	}
	return nil
}

func (c *Client) identity(ctx context.Context) (wire.Identity, error) {
	secret, err := c.Store.Secret(ctx, IdentitySecret)
	if err != nil {
		return wire.Identity{}, fmt.Errorf("read the key that opens envelopes: %w", err)
	}
	if secret == nil {
		return wire.Identity{}, dossier.Invalid("", "line.not-enrolled")
	}
	return wire.ParseIdentity(string(secret))
}
