package store

import (
	"context"
	"slices"

	"tiepnhan/dossier"
)

// Missing is what this PC's lineage holds after a point of it, which a copy of that point does not hold. Backup is left empty.
func (s *Store) Missing(ctx context.Context, at dossier.Head) (dossier.Missing, error) {
	m := dossier.Missing{Readable: true}
	err := s.read(ctx, "see what a backup does not hold", func(l *link) error {
		if _, err := l.get("SELECT count(*) FROM draft", nil, &m.Drafts); err != nil {
			return err
		}
		own, err := ownChain(l)
		if err != nil {
			return err
		}
		ln, err := lineageOf(l, own.no)
		if err != nil {
			return err
		}
		from, ok, err := pointIn(l, ln, at)
		if err != nil {
			return err
		}
		if m.Apart = !ok; !ok {
			return nil
		}
		upstream, _, err := upstreamOf(l)
		if err != nil {
			return err
		}
		sent, err := sentOf(l, ln, upstream)
		if err != nil {
			return err
		}
		m.Events = int(ln.now().base + int64(own.Head.Seq) - from)
		m.Sent = min(max(int(sent-from), 0), m.Events)
		where, args := ln.beyond("n", from)
		if _, err := l.get("SELECT count(DISTINCT e.dossier) FROM entry n CROSS JOIN event e ON e.no = n.event WHERE "+where, args, &m.Dossiers); err != nil {
			return err
		}
		where, args = ln.beyond("n", max(from, sent))
		return l.each(`SELECT d.number FROM dossier d WHERE d.id IN (SELECT e.dossier FROM entry n CROSS JOIN event e ON e.no = n.event
			WHERE e.own IS NOT NULL AND e.no NOT IN (SELECT event FROM reclaimed) AND `+where+`) ORDER BY d.no`, args, func(scan func(...any) error) error {
			var number string
			if err := scan(&number); err != nil {
				return err
			}
			if m.LostAll++; m.LostAll <= dossier.MissingNamed {
				m.Lost = append(m.Lost, number)
			}
			return nil
		})
	})
	return m, err
}

// pointIn is the ordinal of a point of a lineage; ok is false for one that is not of it.
func pointIn(l *link, ln lineage, at dossier.Head) (ordinal int64, ok bool, err error) {
	c, err := heldChain(l, at.Chain)
	if err != nil || c == nil {
		return 0, false, err
	}
	i := slices.IndexFunc(ln, func(f life) bool { return f.chain == c.no })
	if i < 0 || at.Seq > min(c.Head.Seq, uint64(ln[i].last)) {
		return 0, false, nil
	}
	hash, err := hashAt(l, c, at.Seq)
	return ln[i].base + int64(at.Seq), err == nil && hash == at.Hash, err
}
