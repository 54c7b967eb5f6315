package exchange

import (
	"context"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// push hands over our own entries after the last that upstream holds, until a receipt covers them all. told hears of what is receipted.
func (c *Client) push(ctx context.Context, l *line, u dossier.Upstream, answer wire.HelloAnswer, told func(dossier.SendStep), sent *dossier.Sent) error {
	own := c.Store.Own()
	sent.Receipt = own.Receipt
	to, err := wire.ParseRecipient(u.Recipient)
	if err != nil {
		return fmt.Errorf("read upstream: %w", err)
	}
	theirs, known := answer.Chain(own.Chain)
	if !known {
		theirs = wire.Held{Genesis: own.Genesis, Hash: own.Genesis.Hash()}
	}
	if err := c.compare(ctx, own, theirs); err != nil {
		return err
	}
	if answer.Receipt != nil { // the answer to an earlier push was lost, not the push
		if err := c.keep(ctx, u, own, *answer.Receipt, sent); err != nil {
			return err
		}
	}
	key := c.Store.SigningKey()
	at := theirs.Head()
	step := dossier.SendStep{Phase: "push", Of: int(own.Head.Seq - at.Seq)}
	if step.Of > 0 {
		told(step)
	}
	for at.Seq < own.Head.Seq {
		entries, err := c.Store.Entries(ctx, own.Chain, at.Seq, int(min(wire.MaxEntries, own.Head.Seq-at.Seq)))
		if err != nil {
			return fmt.Errorf("read own entries: %w", err)
		}
		run := wire.Run{Chain: own.Genesis, After: at.Seq, Before: at.Hash, Entries: entries}
		e, err := wire.Seal(run, func(h dossier.Head) []byte { return h.Sign(key) }, key, to)
		if err != nil {
			return fmt.Errorf("seal own entries: %w", err)
		}
		b, err := l.post(ctx, wire.PathPush, e.Bytes(), wire.MaxMessage)
		if err != nil {
			return err
		}
		r, err := wire.ParseReceipt(b)
		if err != nil {
			return garbled(b)
		}
		if r.Seq < e.Last || r.Seq == e.Last && r.Hash != e.Hash {
			return dossier.Invalid("", "upstream.bad-receipt")
		}
		if err := c.keep(ctx, u, own, r, sent); err != nil {
			return err
		}
		at = r.Head
		step.Done = int(at.Seq - theirs.Seq)
		told(step)
	}
	return nil
}

// compare looks for what no repeated push can mend. Which side went back, and what to do about it, is a person's question for now.
func (c *Client) compare(ctx context.Context, own dossier.ChainState, theirs wire.Held) error {
	if theirs.Genesis != own.Genesis {
		return dossier.Invalid("", "journal.forked")
	}
	if theirs.Seq > own.Head.Seq || own.Receipt != nil && own.Receipt.Seq > own.Head.Seq {
		return dossier.Invalid("", "journal.ahead")
	}
	hash, err := c.hashAt(ctx, own, theirs.Seq)
	if err != nil {
		return err
	}
	if hash != theirs.Hash {
		return dossier.Invalid("", "journal.forked")
	}
	if own.Receipt != nil && theirs.Seq < own.Receipt.Seq {
		return dossier.Invalid("", "upstream.went-back")
	}
	return nil
}

// keep stores a receipt that is upstream's word on our own hash, and is news.
func (c *Client) keep(ctx context.Context, u dossier.Upstream, own dossier.ChainState, r dossier.Receipt, sent *dossier.Sent) error {
	bad := dossier.Invalid("", "upstream.bad-receipt")
	if !r.SignedBy(u.Key) || r.Chain != own.Chain || r.Station != u.Station || r.Seq > own.Head.Seq {
		return bad
	}
	hash, err := c.hashAt(ctx, own, r.Seq)
	if err != nil {
		return err
	}
	if hash != r.Hash {
		return bad
	}
	var before uint64
	if sent.Receipt != nil {
		before = sent.Receipt.Seq
	}
	if r.Seq <= before {
		return nil
	}
	// Upstream has signed for it: who stops now may stop after that much is known.
	if err := c.Store.KeepReceipt(context.WithoutCancel(ctx), r); err != nil {
		return fmt.Errorf("keep receipt %s: %w", r.Number, err)
	}
	sent.Receipt, sent.Pushed = &r, sent.Pushed+int(r.Seq-before)
	return nil
}

// hashAt is our own hash of the chain at that sequence number, at most the head's.
func (c *Client) hashAt(ctx context.Context, s dossier.ChainState, seq uint64) (dossier.Hash, error) {
	at := dossier.Head{Chain: s.Chain, Hash: s.Genesis.Hash()}
	if s.Receipt != nil && s.Receipt.Seq <= seq {
		at = s.Receipt.Head // compared with our own entries when it was kept
	}
	if s.Head.Seq <= seq {
		at = s.Head
	}
	for at.Seq < seq {
		entries, err := c.Store.Entries(ctx, s.Chain, at.Seq, int(min(1000, seq-at.Seq)))
		if err != nil {
			return dossier.Hash{}, fmt.Errorf("read own entries: %w", err)
		}
		if len(entries) == 0 {
			return dossier.Hash{}, fmt.Errorf("chain %s has no entry %d", s.Chain, at.Seq+1)
		}
		for _, e := range entries {
			at.Seq, at.Hash = at.Seq+1, dossier.NextHash(at.Hash, e.Header())
		}
	}
	return at.Hash, nil
}
