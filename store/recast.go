package store

import (
	"context"

	"tiepnhan/dossier"
)

// Recast cuts somebody else's chain back to a point of it, because its owner, or upstream, goes on from there in another way. The events
// stay, and count for their dossiers as before. Codes: chain.unknown, chain.own, chain.differs (not a point of it).
func (s *Store) Recast(ctx context.Context, chain dossier.Chain, at dossier.Head) error {
	return s.write(ctx, "recast a chain", func(w *writing) error {
		c, err := heldChain(w.link, chain)
		if err != nil {
			return err
		}
		switch {
		case c == nil:
			return dossier.Invalid("", "chain.unknown", "chain", chain.String())
		case c.Device == w.own.Device:
			return dossier.Invalid("", "chain.own", "chain", chain.String())
		case at.Chain != chain || at.Seq > c.Head.Seq:
			return dossier.Invalid("", "chain.differs", "chain", chain.String())
		}
		hash, err := hashAt(w.link, c, at.Seq)
		if err != nil {
			return err
		}
		if hash != at.Hash {
			return dossier.Invalid("", "chain.differs", "chain", chain.String())
		}
		if at.Seq == c.Head.Seq {
			w.nothing = true
			return nil
		}
		signature, err := signatureAt(w.link, c, at.Seq)
		if err != nil {
			return err
		}
		events, err := w.cut(c, at, signature)
		if err != nil {
			return err
		}
		for _, no := range events {
			if err := w.loosen(no); err != nil {
				return err
			}
			if err := w.views.stray(no); err != nil {
				return err
			}
		}
		return nil
	})
}

// Alone are the events that a chain holds after a point of it and no other chain here does, in order, but for what speaks of that life
// only: were it cut there, nobody could be handed them any more. Code: chain.unknown.
func (s *Store) Alone(ctx context.Context, at dossier.Head) ([]dossier.EventID, error) {
	var out []dossier.EventID
	err := s.read(ctx, "see what stands in one chain only", func(l *link) error {
		c, err := heldChain(l, at.Chain)
		if err != nil {
			return err
		}
		if c == nil {
			return dossier.Invalid("", "chain.unknown", "chain", at.Chain.String())
		}
		return l.each(`SELECT e.no, e.header, e.salt, e.body FROM entry n CROSS JOIN event e ON e.no = n.event WHERE n.chain = ?1 AND n.seq > ?2
			AND NOT EXISTS (SELECT 1 FROM entry m WHERE m.event = n.event AND (m.chain <> ?1 OR m.seq <= ?2)) ORDER BY n.seq`, []any{c.no, int64(at.Seq)},
			func(scan func(...any) error) error {
				_, e, err := scanEvent(scan)
				if err == nil && !isOfItsChain(e.Kind) {
					out = append(out, e.ID)
				}
				return err
			})
	})
	return out, err
}

// stray finds again where an act stands that was cut from a chain.
func (v views) stray(no int64) error {
	var one int
	if was, err := v.get("SELECT 1 FROM whence WHERE event = ?", []any{no}, &one); err != nil || !was {
		return err
	}
	if err := v.exec("DELETE FROM whence WHERE event = ?", no); err != nil {
		return err
	}
	where, args := v.line.holding("n")
	return v.exec(`INSERT INTO whence (event, chain, seq) SELECT n.event, n.chain, n.seq FROM entry n CROSS JOIN event e ON e.no = n.event
		WHERE n.event = ? AND (e.own IS NULL OR NOT `+where+") ORDER BY n.chain, n.seq LIMIT 1", append([]any{no}, args...)...)
}
