package store

import (
	"context"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

// pageSize is how many rows a query without a limit gets.
const pageSize = 50

// Dossier is the fold of all its events. Code: dossier.unknown.
func (s *Store) Dossier(ctx context.Context, id dossier.ID) (dossier.Dossier, error) {
	var out dossier.Dossier
	err := s.read(ctx, "read a dossier", func(l *link) error {
		as, err := acts(l, id)
		if err != nil {
			return err
		}
		if len(as) == 0 {
			return dossier.Invalid("", "dossier.unknown", "number", id.String())
		}
		out = replay(as)
		return nil
	})
	return out, err
}

// Find is the dossier of that number, ours or the national system's. One that was annulled gives way to one that stands. Codes:
// dossier.unknown, dossier.ambiguous (find it in the list).
func (s *Store) Find(ctx context.Context, number string) (dossier.Dossier, error) {
	number = dossier.Clean(number)
	var standing, annulled []dossier.ID
	err := s.read(ctx, "find a dossier", func(l *link) error {
		return l.each(`SELECT id, status FROM dossier WHERE number = ? UNION SELECT id, status FROM dossier
			WHERE national = ? AND national <> '' LIMIT 9`, []any{strings.ToUpper(number), number},
			func(scan func(...any) error) error {
				var id []byte
				var status dossier.Status
				if err := scan(&id, &status); err != nil {
					return err
				}
				if status == dossier.StatusAnnulled {
					annulled = append(annulled, dossier.ID(id))
				} else {
					standing = append(standing, dossier.ID(id))
				}
				return nil
			})
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	if len(standing) == 0 {
		standing = annulled
	}
	switch len(standing) {
	case 0:
		return dossier.Dossier{}, dossier.Invalid("number", "dossier.unknown", "number", number)
	case 1:
		return s.Dossier(ctx, standing[0])
	}
	return dossier.Dossier{}, dossier.Invalid("number", "dossier.ambiguous", "number", number)
}

const summaryColumns = `d.id, d.number, d.status, d.disputed, d.procedure, d.title, d.name, d.subject, d.received_at, d.due, d.own_due,
	d.forwarded, d.own, coalesce((SELECT why FROM sent_back WHERE event = d.sent_back), '')`

// summaries runs a query for summaryColumns. What is sent is said by receipts alone (I3).
func summaries(l *link, query string, args ...any) ([]dossier.Summary, error) {
	sent, err := sentUpTo(l)
	if err != nil {
		return nil, err
	}
	var out []dossier.Summary
	err = l.each(query, args, func(scan func(...any) error) error {
		var d dossier.Summary
		var id []byte
		var received, due, ownDue *int64
		var own string
		if err := scan(&id, &d.Number, &d.Status, &d.Disputed, &d.Procedure, &d.Title, &d.Name, &d.Subject, &received, &due, &ownDue,
			&d.Forwarded, &own, &d.SentBack); err != nil {
			return err
		}
		d.ID, d.ReceivedAt, d.Due, d.OwnDue = dossier.ID(id), moment(received), moment(due), moment(ownDue)
		for seq := range strings.FieldsSeq(own) {
			if n, err := strconv.ParseUint(seq, 10, 64); err != nil {
				return damaged("dossier "+d.ID.String(), err)
			} else if n > sent {
				d.Unsent++
			}
		}
		out = append(out, d)
		return nil
	})
	return out, err
}

// Summary is the dossier as a row of the list. Code: dossier.unknown.
func (s *Store) Summary(ctx context.Context, id dossier.ID) (dossier.Summary, error) {
	var out dossier.Summary
	err := s.read(ctx, "read a dossier's row", func(l *link) error {
		rows, err := summaries(l, "SELECT "+summaryColumns+" FROM dossier d WHERE d.id = ?", id[:])
		if err == nil && len(rows) == 0 {
			err = dossier.Invalid("", "dossier.unknown", "number", id.String())
		}
		if err == nil {
			out = rows[0]
		}
		return err
	})
	return out, err
}

// List is a page of the list: those that came to this PC last first, by the order in which they were kept and not by any clock. A
// text without a letter or figure finds nothing; no text is all.
func (s *Store) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	limit, offset := q.Limit, max(q.Offset, 0)
	if limit <= 0 {
		limit = pageSize
	}
	var out []dossier.Summary
	err := s.read(ctx, "list", func(l *link) (err error) {
		if isAll(q) {
			out, err = summaries(l, "SELECT "+summaryColumns+` FROM dossier d
				WHERE d.no <= (SELECT max(no) FROM dossier) - ? ORDER BY d.no DESC LIMIT ?`, offset, limit)
			return err
		}
		query, ok, err := wanted(l, q.Text)
		if err != nil || !ok {
			return err
		}
		out, err = summaries(l, "SELECT "+summaryColumns+` FROM
			(SELECT rowid AS no FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?) f
			CROSS JOIN dossier d ON d.no = f.no ORDER BY d.no DESC`, query, limit, offset)
		return err
	})
	return out, err
}

// Count is how many rows the whole list has.
func (s *Store) Count(ctx context.Context, q dossier.Query) (int, error) {
	var n int
	err := s.read(ctx, "count", func(l *link) error {
		if isAll(q) {
			_, err := l.get("SELECT coalesce(max(no), 0) FROM dossier", nil, &n)
			return err
		}
		query, ok, err := wanted(l, q.Text)
		if err != nil || !ok {
			return err
		}
		_, err = l.get("SELECT count(*) FROM search WHERE search MATCH ?", []any{query}, &n)
		return err
	})
	return n, err
}

// wanted is what a text asks the search for. Four figures are the end of a dossier's number, as it is read out at the desk; where no
// number ends so, they begin whatever they begin.
func wanted(l *link, text string) (query string, ok bool, err error) {
	query, ok = match(text)
	figures := dossier.Clean(text)
	if len(figures) != 4 || strings.Trim(figures, "0123456789") != "" {
		return query, ok, nil
	}
	whole, there := `"`+figures+`"`, 0
	if found, err := l.get("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", []any{whole}, &there); err != nil || !found {
		return query, ok, err
	}
	return whole, true, nil
}

func isAll(q dossier.Query) bool { return strings.TrimSpace(q.Text) == "" }
