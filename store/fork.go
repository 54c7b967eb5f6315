package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"

	"tiepnhan/dossier"
)

// Fork begins a new life of this PC's journal after a point of the one it writes. What the old life holds beyond it is cut from it and
// stands in the new one, in its order, under its own ids and headers, so that the place of each in the lineage stays; then a Healed event
// says what happened. All of it, or nothing. Code: chain.differs, for a point that is not of the life being written.
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
	old := w.own
	none := dossier.Healing{}
	if at.Chain != old.Chain || at.Seq > old.Head.Seq {
		return none, dossier.Invalid("", "chain.differs", "chain", at.Chain.String())
	}
	if hash, err := hashAt(w.link, old, at.Seq); err != nil {
		return none, err
	} else if hash != at.Hash {
		return none, dossier.Invalid("", "chain.differs", "chain", at.Chain.String())
	}
	taken, err := w.cut(old, at, at.Sign(w.key))
	if err != nil {
		return none, err
	}
	next := dossier.Genesis{Chain: dossier.Chain{Device: old.Device}, Previous: old.Incarnation, CommonSeq: at.Seq, CommonHash: at.Hash}
	rand.Read(next.Incarnation[:])
	w.key = key
	if err := insertChain(w.link, next, key.Public().(ed25519.PublicKey), nil); err != nil {
		return none, err
	}
	if err := w.exec("UPDATE station SET chain = (SELECT no FROM chain WHERE device = ? AND incarnation = ?)", next.Device[:],
		next.Incarnation[:]); err != nil {
		return none, err
	}
	delete(w.chains, old.no)
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
	return healing, w.note(dossier.Healed, healing)
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
