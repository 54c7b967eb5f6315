package store

import (
	"context"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// pageSize is how many rows a query without a limit gets.
const pageSize = 50

// List is a page of the list. No clock orders it but where it is asked for what burns: the latest is what came to this PC last. A text
// without a letter or figure finds nothing; no text is all.
func (s *Store) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	if q.Limit <= 0 {
		q.Limit = pageSize
	}
	q.Offset = max(q.Offset, 0)
	var out []dossier.Summary
	err := s.read(ctx, "list", func(l *link) error {
		runs, err := runsOf(l, q)
		offset := q.Offset
		for i := 0; i < len(runs) && len(out) < q.Limit && err == nil; i++ {
			var rows []dossier.Summary
			rows, err = runs[i].page(l, q.Limit-len(out), offset)
			switch out = append(out, rows...); {
			case len(rows) > 0:
				offset = 0
			case offset > 0 && i < len(runs)-1 && err == nil: // the page begins after this run
				var n int
				n, err = runs[i].count(l)
				offset -= n
			}
		}
		return err
	})
	return out, err
}

// Count is how many rows the whole list has.
func (s *Store) Count(ctx context.Context, q dossier.Query) (int, error) {
	n := 0
	err := s.read(ctx, "count", func(l *link) error {
		q.Sort = dossier.SortLatest // one run
		runs, err := runsOf(l, q)
		if err == nil && len(runs) > 0 {
			n, err = runs[0].count(l)
		}
		return err
	})
	return n, err
}

// Counts are how many rows each view has.
func (s *Store) Counts(ctx context.Context, now time.Time) (map[dossier.View]int, error) {
	out := map[dossier.View]int{}
	err := s.read(ctx, "count the views", func(l *link) error {
		var columns []string
		var args, into []any
		counts := make([]int, len(dossier.Views))
		for i, v := range dossier.Views {
			if v == dossier.ViewAll {
				continue
			}
			where, of := belongs(v, now)
			columns, args, into = append(columns, "count(CASE WHEN "+where+" THEN 1 END)"), append(args, of...), append(into, &counts[i])
		}
		if _, err := l.get("SELECT "+strings.Join(columns, ", ")+" FROM "+toDoRows, args, into...); err != nil {
			return err
		}
		for i, v := range dossier.Views {
			out[v] = counts[i]
		}
		n, err := whole.count(l)
		out[dossier.ViewAll] = n
		return err
	})
	return out, err
}
