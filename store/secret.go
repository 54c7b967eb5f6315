package store

import (
	"context"
	"fmt"
	"strings"
)

// signingKey is the secret's name of the seed of this PC's Ed25519 key.
const signingKey = "signing-key"

// Secret is what was kept under that name, nil if there is none.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	var value []byte
	err := s.read(ctx, "read a secret", func(l *link) error {
		_, err := l.get("SELECT value FROM secret WHERE name = ?", []any{name}, &value)
		return err
	})
	return value, err
}

// KeepSecret keeps a key of this PC under a name. The keys that sign its lives cannot be replaced so.
func (s *Store) KeepSecret(ctx context.Context, name string, value []byte) error {
	if strings.HasPrefix(name, signingKey) || name == "" || len(value) == 0 {
		return fmt.Errorf("keep a secret: %q cannot be kept", name)
	}
	return s.write(ctx, "keep a secret", func(w *writing) error {
		return w.exec("INSERT OR REPLACE INTO secret (name, value) VALUES (?, ?)", name, value)
	})
}
