package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

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
		if out, err = folded(l, as); err != nil {
			return err
		}
		return manned(l, as, &out)
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
			WHERE national = ? AND national <> '' LIMIT 9`, []any{strings.ToUpper(number), dossier.CodeKey(number)},
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
	d.burns, d.late_after, d.open, d.forwarded, d.own, coalesce((SELECT why FROM sent_back WHERE event = d.sent_back), '')`

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
		var received, due, ownDue, burns, late *int64
		var own string
		if err := scan(&id, &d.Number, &d.Status, &d.Disputed, &d.Procedure, &d.Title, &d.Name, &d.Subject, &received, &due, &ownDue,
			&burns, &late, &d.Open, &d.Forwarded, &own, &d.SentBack); err != nil {
			return err
		}
		d.ID, d.ReceivedAt, d.Due, d.OwnDue, d.Burns = dossier.ID(id), moment(received), moment(due), moment(ownDue), moment(burns)
		d.LateAfter, d.Elsewhere = moment(late), own == ""
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
	if err != nil || !slices.ContainsFunc(out, seemsSent) {
		return out, err
	}
	return out, waitElsewhere(l, out)
}

// seemsSent tells whether receipts cover all that this PC did of a dossier.
func seemsSent(d dossier.Summary) bool { return !d.Elsewhere && d.Unsent == 0 }

// waitElsewhere finds those rows among what seems sent of which another PC has written what no receipt that is here covers.
func waitElsewhere(l *link, rows []dossier.Summary) error {
	own, err := ownChain(l)
	if err != nil {
		return err
	}
	u, _, err := upstreamOf(l)
	if err != nil {
		return err
	}
	var one int
	if sisters, err := l.get("SELECT 1 FROM chain WHERE device NOT IN (?, ?) LIMIT 1", []any{own.Device[:], u.Chain.Device[:]}, &one); err != nil || !sisters {
		return err
	}
	for i := range rows {
		if !seemsSent(rows[i]) {
			continue
		}
		rows[i].Elsewhere, err = l.get(`SELECT 1 FROM event e WHERE e.dossier = ?1 AND e.course = 1 AND e.own IS NULL AND NOT EXISTS (
			SELECT 1 FROM entry n CROSS JOIN chain c ON c.no = n.chain WHERE n.event = e.no
			AND (c.device = ?2 OR n.seq <= (SELECT max(seq) FROM receipt r WHERE r.chain = n.chain))) LIMIT 1`,
			[]any{rows[i].ID[:], u.Chain.Device[:]}, &one)
		if err != nil {
			return err
		}
	}
	return nil
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
