package store

import (
	"context"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
)

// Sizes is how large the store is, and of what.
func (s *Store) Sizes(ctx context.Context) (out dossier.StoreSizes, err error) {
	err = s.read(ctx, "measure the store", func(l *link) error {
		var version int
		rows := []struct {
			query string
			into  any
		}{
			{"PRAGMA user_version", &version},
			{"PRAGMA page_count", &out.Pages},
			{"PRAGMA freelist_count", &out.Free},
			{"SELECT count(*) FROM event", &out.Events},
			{"SELECT count(*) FROM dossier", &out.Dossiers},
			{"SELECT count(*) FROM chain", &out.Chains},
			{"SELECT count(*) FROM draft", &out.Drafts},
			{"SELECT count(*) FROM receipt", &out.Receipts},
		}
		for _, row := range rows {
			if _, err := l.get(row.query, nil, row.into); err != nil {
				return err
			}
		}
		out.Truth, out.Views = version&0xffff, version>>16
		return nil
	})
	for suffix, into := range map[string]*int64{"": &out.File, "-wal": &out.Log} {
		if info, err := os.Stat(filepath.Join(s.dir, FileName+suffix)); err == nil {
			*into = info.Size()
		}
	}
	return out, err
}
