package store

import "context"

// mergePages is how much of the search index one step merges: a few milliseconds, for somebody at the desk may be waiting behind it.
const mergePages = 32

// MergeIndex does one step of what keeps the search index in few parts, and tells whether there is another one to do. Every reception adds a
// part. SQLite merges sixteen of a size when the sixteenth comes, inside the reception that brings it, and among a hundred thousand
// dossiers the largest of these merges takes over a second; done a little at a time while nobody works, they do not come to sixteen. Two of a size
// are merged here, so that a large part is soon above the small ones of a day. Nothing that is shown or found changes.
func (s *Store) MergeIndex(ctx context.Context) (more bool, err error) {
	err = s.write(ctx, "merge the index", func(w *writing) error {
		var before, after, two int64
		if _, err := w.get("SELECT v FROM search_config WHERE k = 'usermerge'", nil, &two); err != nil {
			return err
		}
		if two != 2 {
			if err := w.exec("INSERT INTO search (search, rank) VALUES ('usermerge', 2)"); err != nil {
				return err
			}
		}
		if _, err := w.get("SELECT total_changes()", nil, &before); err != nil {
			return err
		}
		if err := w.exec("INSERT INTO search (search, rank) VALUES ('merge', ?)", mergePages); err != nil {
			return err
		}
		if _, err := w.get("SELECT total_changes()", nil, &after); err != nil {
			return err
		}
		more = after-before >= 2 // one is the statement's own
		return nil
	})
	return more && err == nil, err
}
