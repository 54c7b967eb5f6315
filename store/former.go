package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"slices"
)

// FormerKeys are the keys that signed this PC's earlier lives and are here, the oldest first, without the one it has now: an upstream that
// was restored to before a change of keys knows no other.
func (s *Store) FormerKeys(ctx context.Context) ([]ed25519.PrivateKey, error) {
	var out []ed25519.PrivateKey
	err := s.read(ctx, "read former keys", func(l *link) error {
		var owners [][]byte
		err := l.each(`SELECT c.owner FROM chain c WHERE c.device = (SELECT device FROM chain WHERE no = (SELECT chain FROM station)) ORDER BY c.no`, nil,
			func(scan func(...any) error) error {
				var owner []byte
				err := scan(&owner)
				if !slices.ContainsFunc(owners, func(had []byte) bool { return bytes.Equal(had, owner) }) {
					owners = append(owners, owner)
				}
				return err
			})
		if err != nil {
			return err
		}
		for _, owner := range owners {
			var seed []byte
			ok, err := l.get("SELECT value FROM secret WHERE name = ?", []any{formerKey(owner)}, &seed)
			if err != nil {
				return err
			}
			if !ok || len(seed) != ed25519.SeedSize {
				continue
			}
			if key := ed25519.NewKeyFromSeed(seed); !key.Equal(s.SigningKey()) {
				out = append(out, key)
			}
		}
		return nil
	})
	return out, err
}
