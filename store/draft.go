package store

import (
	"context"
	"strconv"

	"tiepnhan/dossier"
)

// maxDraft is the most that is kept of one draft, in bytes.
const maxDraft = 1 << 20

// SaveDraft keeps what was typed so far, also when the disk is full: the reserve is there for it. Code: draft.too-large.
func (s *Store) SaveDraft(ctx context.Context, name string, body []byte) error {
	if len(body) > maxDraft {
		return dossier.Invalid("", "draft.too-large", "max", strconv.Itoa(maxDraft>>20)+" MB")
	}
	return s.jot(ctx, "keep a draft", func(w *writing) error {
		return w.exec("INSERT OR REPLACE INTO draft (name, body) VALUES (?, ?)", name, append([]byte{}, body...))
	})
}

// Draft is what was kept under that name, nil if there is none.
func (s *Store) Draft(ctx context.Context, name string) ([]byte, error) {
	var body []byte
	err := s.read(ctx, "read a draft", func(l *link) error {
		ok, err := l.get("SELECT body FROM draft WHERE name = ?", []any{name}, &body)
		if ok && body == nil {
			body = []byte{}
		}
		return err
	})
	return body, err
}

// DropDraft forgets a draft; that there is none is no error.
func (s *Store) DropDraft(ctx context.Context, name string) error {
	return s.jot(ctx, "drop a draft", func(w *writing) error {
		return w.exec("DELETE FROM draft WHERE name = ?", name)
	})
}
