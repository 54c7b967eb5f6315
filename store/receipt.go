package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"tiepnhan/dossier"
)

// KeepReceipt keeps upstream's signed word that it holds this PC's chain up to a number. Only this makes an act count as sent (I3),
// so it is believed only when it was signed with the pinned key, speaks of this station and of this PC's chain, and names our own
// hash at that number. It may raise what is known as sent, never lower it. Codes: store.not-enrolled, receipt.foreign,
// receipt.differs (upstream holds another history under our name).
func (s *Store) KeepReceipt(ctx context.Context, r dossier.Receipt) error {
	return s.write(ctx, "keep a receipt", func(w *writing) error {
		u, ok, err := upstreamOf(w.link)
		if err != nil {
			return err
		}
		if !ok {
			return dossier.Invalid("", "store.not-enrolled")
		}
		if !r.SignedBy(u.Key) || r.Station != u.Station || r.Chain != w.own.Chain {
			return dossier.Invalid("", "receipt.foreign", "number", r.Number)
		}
		if r.Seq > w.own.Head.Seq {
			return dossier.Invalid("", "receipt.differs", "number", r.Number)
		}
		hash, err := hashAt(w.link, w.own, r.Seq)
		if err != nil {
			return err
		}
		if hash != r.Hash {
			return dossier.Invalid("", "receipt.differs", "number", r.Number)
		}
		had, err := receiptOf(w.link, w.own.no, w.own.Chain, u.Key)
		if err != nil {
			return err
		}
		if had != nil && had.Seq >= r.Seq {
			w.nothing = true
			return nil
		}
		w.receipt = &r
		return w.exec(`INSERT OR REPLACE INTO receipt (chain, key, seq, hash, number, station, at, signature)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, w.own.no, []byte(u.Key), int64(r.Seq), r.Hash[:], r.Number, r.Station, r.At.Unix(),
			r.Signature)
	})
}

// receiptOf is the latest receipt for a chain that was verified with that key, nil if there is none.
func receiptOf(l *link, chain int64, name dossier.Chain, key ed25519.PublicKey) (*dossier.Receipt, error) {
	if len(key) == 0 {
		return nil, nil
	}
	r := dossier.Receipt{Head: dossier.Head{Chain: name}}
	var seq, at int64
	var hash []byte
	ok, err := l.get("SELECT seq, hash, number, station, at, signature FROM receipt WHERE chain = ? AND key = ?",
		[]any{chain, []byte(key)}, &seq, &hash, &r.Number, &r.Station, &at, &r.Signature)
	if err != nil || !ok {
		return nil, err
	}
	if len(hash) != 32 {
		return nil, damaged(fmt.Sprintf("receipt for chain %s", name), errors.New("hash of a wrong length"))
	}
	r.Seq, r.Hash, r.At = uint64(seq), dossier.Hash(hash), time.Unix(at, 0).UTC()
	return &r, nil
}

// sentUpTo is the last number of this PC's chain that a receipt covers.
func sentUpTo(l *link) (uint64, error) {
	u, ok, err := upstreamOf(l)
	if err != nil || !ok {
		return 0, err
	}
	var seq uint64
	_, err = l.get("SELECT seq FROM receipt WHERE chain = (SELECT chain FROM station) AND key = ?", []any{[]byte(u.Key)}, &seq)
	return seq, err
}
