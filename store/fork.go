package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"slices"

	"tiepnhan/dossier"
)

// Fork begins a new life of this PC's journal after a point of its lineage: of the life it writes, or of one before, where upstream holds
// that one in another continuation than the lives after it rest on. What the lineage holds beyond the point is cut from those lives and
// stands in the new one, in its order, under its own ids and headers, so that the place of each in the lineage stays; then a Healed event
// says what happened, and what the lives that were cut held beside the lineage is taken over. All of it, or nothing. Code:
// chain.differs, for a point that is not of the lineage.
func (s *Store) Fork(ctx context.Context, at dossier.Head, what string) (dossier.Healing, error) {
	var out dossier.Healing
	err := s.write(ctx, "begin a new life", func(w *writing) (err error) {
		out, err = w.fork(at, what, w.key)
		return err
	})
	return out, err
}

// Rotate begins a new life at the head, under the next key. The key before is kept: what the lives before hold may have to be handed on.
func (s *Store) Rotate(ctx context.Context, next ed25519.PrivateKey) (dossier.Healing, error) {
	var out dossier.Healing
	err := s.write(ctx, "change the key", func(w *writing) (err error) {
		if len(next) != ed25519.PrivateKeySize {
			return dossier.Invalid("", "chain.differs", "chain", w.own.Chain.String())
		}
		for name, key := range map[string]ed25519.PrivateKey{formerKey(w.own.Owner): w.key, signingKey: next} {
			if err := w.exec("INSERT OR REPLACE INTO secret (name, value) VALUES (?, ?)", name, key.Seed()); err != nil {
				return err
			}
		}
		out, err = w.fork(w.own.Head, dossier.HealedRotated, next)
		return err
	})
	return out, err
}

func (w *writing) fork(at dossier.Head, what string, key ed25519.PrivateKey) (dossier.Healing, error) {
	none := dossier.Healing{}
	taken, beside, err := w.leave(at)
	if err != nil {
		return none, err
	}
	next := dossier.Genesis{Chain: dossier.Chain{Device: at.Device}, Previous: at.Incarnation, CommonSeq: at.Seq, CommonHash: at.Hash}
	rand.Read(next.Incarnation[:])
	w.key = key
	if err := insertChain(w.link, next, key.Public().(ed25519.PublicKey), nil); err != nil {
		return none, err
	}
	if err := w.exec("UPDATE station SET chain = (SELECT no FROM chain WHERE device = ? AND incarnation = ?)", next.Device[:],
		next.Incarnation[:]); err != nil {
		return none, err
	}
	if err := w.takeUp(); err != nil {
		return none, err
	}
	for _, no := range taken {
		e, err := w.event(no)
		if err != nil {
			return none, err
		}
		if err := w.views.stray(no); err != nil {
			return none, err
		}
		if err := w.add(w.own, e, e.Header(), no, moved); err != nil {
			return none, err
		}
	}
	healing := dossier.Healing{What: what, At: at, Taken: len(taken)}
	if err := w.note(dossier.Healed, healing); err != nil {
		return none, err
	}
	for _, no := range beside {
		if err := w.save(no); err != nil {
			return none, err
		}
	}
	return healing, nil
}

// leave cuts the life that a point of the lineage is of to that point, and the lives after it to their beginnings. It gives the numbers of
// what was cut of the lineage, in its order, and of what stood in those lives beside it.
func (w *writing) leave(at dossier.Head) (taken, beside []int64, err error) {
	differs := dossier.Invalid("", "chain.differs", "chain", at.Chain.String())
	c, err := heldChain(w.link, at.Chain)
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, differs
	}
	ln := w.views.line
	i := slices.IndexFunc(ln, func(f life) bool { return f.chain == c.no })
	if i < 0 || at.Seq > min(c.Head.Seq, uint64(ln[i].last)) {
		return nil, nil, differs
	}
	if hash, err := hashAt(w.link, c, at.Seq); err != nil {
		return nil, nil, err
	} else if hash != at.Hash {
		return nil, nil, differs
	}
	for _, f := range ln[i:] {
		if f.chain != c.no {
			if c, err = chainOf(w.link, f.chain); err != nil {
				return nil, nil, err
			}
			at = dossier.Head{Chain: c.Chain, Hash: c.Genesis.Hash()}
		}
		key, ours, err := keyOf(w.link, c)
		if err != nil {
			return nil, nil, err
		}
		var signature []byte
		if ours {
			signature = at.Sign(key)
		} else if signature, err = signatureAt(w.link, c, at.Seq); err != nil {
			return nil, nil, err
		}
		cut, err := w.cut(c, at, signature)
		if err != nil {
			return nil, nil, err
		}
		n := min(uint64(len(cut)), uint64(f.last)-at.Seq)
		taken, beside = append(taken, cut[:n]...), append(beside, cut[n:]...)
		delete(w.chains, c.no)
	}
	return taken, beside, nil
}

// save finds a place for what was cut from a life beside the lineage: another continuation wrote it.
func (w *writing) save(no int64) error {
	if err := w.views.stray(no); err != nil {
		return err
	}
	e, err := w.event(no)
	if err != nil {
		return err
	}
	if _, err := w.reclaim(e); err != nil {
		return err
	}
	return w.loosen(no)
}

// loosen remembers an event that stands in no chain any more.
func (w *writing) loosen(no int64) error {
	return w.exec(`INSERT INTO loose (event) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM entry WHERE event = ?1)
		ON CONFLICT DO NOTHING`, no)
}

// cut takes off a chain what stands after a point of it, and gives the numbers of those events, in order. They stay.
func (w *writing) cut(c *chainRow, at dossier.Head, signature []byte) (events []int64, err error) {
	err = w.each("SELECT event FROM entry WHERE chain = ? AND seq > ? ORDER BY seq", []any{c.no, int64(at.Seq)}, func(scan func(...any) error) error {
		var no int64
		err := scan(&no)
		events = append(events, no)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"entry", "head", "receipt", "notice"} {
		if err := w.exec("DELETE FROM "+table+" WHERE chain = ? AND seq > ?", c.no, int64(at.Seq)); err != nil {
			return nil, err
		}
	}
	return events, w.exec("UPDATE chain SET seq = ?, hash = ?, signature = ? WHERE no = ?", int64(at.Seq), at.Hash[:], signature, c.no)
}

// event is an event as it is kept.
func (w *writing) event(no int64) (dossier.Entry, error) {
	var e dossier.Entry
	err := w.each("SELECT no, header, salt, body FROM event WHERE no = ?", []any{no}, func(scan func(...any) error) (err error) {
		_, e, err = scanEvent(scan)
		return err
	})
	return e, err
}
