package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"time"

	"tiepnhan/dossier"
)

// KeepReceipt keeps upstream's signed word that it holds a chain up to a number: one of this PC's lives, or a sister's. Only this makes an
// act count as sent (I3), so it is believed only when it was signed with a key upstream is or was known by, speaks of this station and of a
// chain that is held, and names our own hash at that number. It may raise what is known as sent, never lower it. Codes:
// store.not-enrolled, receipt.foreign, receipt.differs (upstream holds another history under that name).
func (s *Store) KeepReceipt(ctx context.Context, r dossier.Receipt) error {
	return s.write(ctx, "keep a receipt", func(w *writing) error {
		c, u, key, err := w.believe(r)
		if err != nil {
			return err
		}
		had, err := receiptOf(w.link, c.no, c.Chain, u)
		if err != nil {
			return err
		}
		if had != nil && had.Seq >= r.Seq {
			w.nothing = true
			return nil
		}
		return w.keepReceipt(c, key, r)
	})
}

// Lower takes back what is known as sent of a chain, because upstream lost it and says so now: what counts is that receipt, or none. That
// this PC's own went back is an event. Where no more than that is known as sent, nothing changes. Codes: those of KeepReceipt, and
// chain.unknown.
func (s *Store) Lower(ctx context.Context, chain dossier.Chain, r *dossier.Receipt) error {
	return s.write(ctx, "take back what was sent", func(w *writing) error {
		c, err := heldChain(w.link, chain)
		if err != nil {
			return err
		}
		if c == nil {
			return dossier.Invalid("", "chain.unknown", "chain", chain.String())
		}
		u, ok, err := upstreamOf(w.link)
		if err != nil {
			return err
		}
		if !ok {
			return dossier.Invalid("", "store.not-enrolled")
		}
		at, key := dossier.Head{Chain: chain, Hash: c.Genesis.Hash()}, ed25519.PublicKey(nil)
		if r != nil {
			if r.Chain != chain {
				return dossier.Invalid("", "receipt.foreign", "number", r.Number)
			}
			if _, _, key, err = w.believe(*r); err != nil {
				return err
			}
			at = r.Head
		}
		had, err := receiptOf(w.link, c.no, c.Chain, u)
		if err != nil {
			return err
		}
		if had == nil || had.Seq <= at.Seq {
			w.nothing = true
			return nil
		}
		if err := w.exec("DELETE FROM receipt WHERE chain = ? AND key IN (SELECT key FROM upstream WHERE device = ?)", c.no, u.Chain.Device[:]); err != nil {
			return err
		}
		w.receipted = true
		if r != nil {
			if err := w.keepReceipt(c, key, *r); err != nil {
				return err
			}
		}
		if c.Device != w.own.Device {
			return nil
		}
		return w.note(dossier.Healed, dossier.Healing{What: dossier.HealedUpstream, At: at, Lost: had.Seq - at.Seq})
	})
}

// believe finds the chain a receipt speaks of, and upstream's key that signed it.
func (w *writing) believe(r dossier.Receipt) (*chainRow, dossier.Upstream, ed25519.PublicKey, error) {
	u, ok, err := upstreamOf(w.link)
	if err != nil {
		return nil, u, nil, err
	}
	if !ok {
		return nil, u, nil, dossier.Invalid("", "store.not-enrolled")
	}
	c, err := heldChain(w.link, r.Chain)
	if err != nil {
		return nil, u, nil, err
	}
	key, err := signerOf(w.link, u, r)
	if err != nil {
		return nil, u, nil, err
	}
	if key == nil || r.Station != u.Station || c == nil || c.Device == u.Chain.Device {
		return nil, u, nil, dossier.Invalid("", "receipt.foreign", "number", r.Number)
	}
	if r.Seq > c.Head.Seq {
		return nil, u, nil, dossier.Invalid("", "receipt.differs", "number", r.Number)
	}
	hash, err := hashAt(w.link, c, r.Seq)
	if err != nil {
		return nil, u, nil, err
	}
	if hash != r.Hash {
		return nil, u, nil, dossier.Invalid("", "receipt.differs", "number", r.Number)
	}
	return c, u, key, nil
}

// signerOf is the key of that upstream, of all it had, that signed a receipt; nil if none did.
func signerOf(l *link, u dossier.Upstream, r dossier.Receipt) (signer ed25519.PublicKey, err error) {
	if r.SignedBy(u.Key) {
		return u.Key, nil
	}
	err = l.each("SELECT key FROM upstream WHERE device = ?", []any{u.Chain.Device[:]}, func(scan func(...any) error) error {
		var key []byte
		err := scan(&key)
		if r.SignedBy(key) {
			signer = key
		}
		return err
	})
	return signer, err
}

func (w *writing) keepReceipt(c *chainRow, key ed25519.PublicKey, r dossier.Receipt) error {
	w.receipted = true
	return w.exec(`INSERT OR REPLACE INTO receipt (chain, key, seq, hash, number, station, at, signature)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, c.no, []byte(key), int64(r.Seq), r.Hash[:], r.Number, r.Station, r.At.Unix(), r.Signature)
}

// receiptsOf are that upstream's latest receipts by the number of their chain, whose name they lack.
func receiptsOf(l *link, upstream dossier.Upstream) (map[int64]*dossier.Receipt, error) {
	out := map[int64]*dossier.Receipt{}
	err := l.each(`SELECT chain, seq, hash, number, station, at, signature FROM receipt
		WHERE EXISTS (SELECT 1 FROM upstream u WHERE u.device = ? AND u.key = receipt.key)`, []any{upstream.Chain.Device[:]},
		func(scan func(...any) error) error {
			var chain int64
			r, err := scanReceipt(scan, &chain)
			if had := out[chain]; err == nil && (had == nil || had.Seq <= r.Seq) {
				out[chain] = r
			}
			return err
		})
	return out, err
}

func scanReceipt(scan func(...any) error, first ...any) (*dossier.Receipt, error) {
	var r dossier.Receipt
	var seq, at int64
	var hash []byte
	if err := scan(append(first, &seq, &hash, &r.Number, &r.Station, &at, &r.Signature)...); err != nil {
		return nil, err
	}
	if len(hash) != 32 {
		return nil, damaged("receipt "+r.Number, errors.New("hash of a wrong length"))
	}
	r.Seq, r.Hash, r.At = uint64(seq), dossier.Hash(hash), time.Unix(at, 0).UTC()
	return &r, nil
}

// receiptOf is that upstream's latest receipt for a chain, under whichever of its keys, nil if there is none.
func receiptOf(l *link, chain int64, name dossier.Chain, upstream dossier.Upstream) (r *dossier.Receipt, err error) {
	err = l.each(`SELECT seq, hash, number, station, at, signature FROM receipt
		WHERE chain = ? AND EXISTS (SELECT 1 FROM upstream u WHERE u.device = ? AND u.key = receipt.key) ORDER BY seq DESC LIMIT 1`,
		[]any{chain, upstream.Chain.Device[:]}, func(scan func(...any) error) (err error) {
			if r, err = scanReceipt(scan); err == nil {
				r.Chain = name
			}
			return err
		})
	return r, err
}

// sentUpTo is the last ordinal of this PC's lineage that a receipt covers.
func sentUpTo(l *link) (uint64, error) {
	u, ok, err := upstreamOf(l)
	if err != nil || !ok {
		return 0, err
	}
	ln, err := ownLineage(l)
	if err != nil {
		return 0, err
	}
	sent, err := sentOf(l, ln, u)
	return uint64(sent), err
}
