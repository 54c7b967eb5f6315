package store

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"

	"tiepnhan/dossier"
)

// HashAt is a chain's head as it was at that sequence number. ok is false beyond what is held.
func (s *Store) HashAt(ctx context.Context, chain dossier.Chain, seq uint64) (at dossier.Head, ok bool, err error) {
	err = s.read(ctx, "look up a hash", func(l *link) error {
		c, err := heldChain(l, chain)
		if err != nil || c == nil || seq > c.Head.Seq {
			return err
		}
		at = dossier.Head{Chain: chain, Seq: seq}
		at.Hash, err = hashAt(l, c, seq)
		ok = err == nil
		return err
	})
	return at, ok, err
}

// SignedHead is the furthest head of a chain that has its owner's signature, among the next most after that sequence number: up to it the
// chain may be handed on. The zero Head where there is none. This PC's own lives are signed here, with the key of each. Code:
// chain.unknown.
func (s *Store) SignedHead(ctx context.Context, chain dossier.Chain, after uint64, most int) (at dossier.Head, signature []byte, err error) {
	err = s.read(ctx, "look up a signed head", func(l *link) error {
		c, err := heldChain(l, chain)
		if err != nil {
			return err
		}
		if c == nil {
			return dossier.Invalid("", "chain.unknown", "chain", chain.String())
		}
		if after >= c.Head.Seq || most <= 0 {
			return nil
		}
		last := min(c.Head.Seq, after+uint64(most))
		key, ok, err := keyOf(l, c)
		if err != nil {
			return err
		}
		if ok {
			at = dossier.Head{Chain: chain, Seq: last}
			if at.Hash, err = hashAt(l, c, last); err == nil {
				signature = at.Sign(key)
			}
			return err
		}
		var seq int64
		var hash []byte
		if ok, err := l.get("SELECT seq, hash, signature FROM head WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
			[]any{c.no, int64(after), int64(last)}, &seq, &hash, &signature); err != nil || !ok {
			return err
		}
		if len(hash) != 32 {
			return damaged(fmt.Sprintf("head %d of chain %s", seq, chain), errors.New("hash of a wrong length"))
		}
		at = dossier.Head{Chain: chain, Seq: uint64(seq), Hash: dossier.Hash(hash)}
		return nil
	})
	if err != nil {
		return dossier.Head{}, nil, err
	}
	return at, signature, nil
}

// keepHead remembers a head that came with its owner's signature.
func (w *writing) keepHead(c *chainRow, head dossier.Head, signature []byte) error {
	return w.exec("INSERT INTO head (chain, seq, hash, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", c.no, int64(head.Seq),
		head.Hash[:], signature)
}

// signatureAt is the owner's signature on a head of a chain as it was at that sequence number, nil where none came.
func signatureAt(l *link, c *chainRow, seq uint64) (signature []byte, err error) {
	_, err = l.get("SELECT signature FROM head WHERE chain = ? AND seq = ?", []any{c.no, int64(seq)}, &signature)
	return signature, err
}

// formerKey is the secret's name of the seed of a key that signed an earlier life.
func formerKey(public ed25519.PublicKey) string { return signingKey + "/" + hex.EncodeToString(public) }

// keyOf is the key that signs a chain of this PC; ok is false where it is not here.
func keyOf(l *link, c *chainRow) (key ed25519.PrivateKey, ok bool, err error) {
	for _, name := range []string{formerKey(c.Owner), signingKey} {
		var seed []byte
		if _, err := l.get("SELECT value FROM secret WHERE name = ?", []any{name}, &seed); err != nil {
			return nil, false, err
		}
		if len(seed) != ed25519.SeedSize {
			continue
		}
		if key = ed25519.NewKeyFromSeed(seed); c.Owner.Equal(key.Public()) {
			return key, true, nil
		}
	}
	return nil, false, nil
}
