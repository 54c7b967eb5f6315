package store

import (
	"context"
	"errors"

	"tiepnhan/dossier"
)

// Since visits the entries of this PC's lineage after that ordinal, in order, and returns its head: the life that is written, its hash,
// and the ordinal of its last entry. In a PC's first life ordinals are sequence numbers, and no new life changes them. All is of one moment:
// what is written meanwhile is not seen, and nobody who writes waits. One entry is held at a time. visit's error ends it and comes back
// as it is. visit should not ask this store, whose readers may all be at this.
func (s *Store) Since(ctx context.Context, ordinal uint64, visit func(ordinal uint64, e dossier.Entry) error) (dossier.Head, error) {
	var head dossier.Head
	var ended error
	err := s.read(ctx, "go through the journal", func(l *link) error {
		own, err := ownChain(l)
		if err != nil {
			return err
		}
		ln, err := lineageOf(l, own.no)
		if err != nil {
			return err
		}
		head = own.Head
		if head.Seq += uint64(ln.now().base); ordinal >= head.Seq {
			return nil
		}
		return ln.after(int64(ordinal), func(f life, seq int64) error {
			return l.each(`SELECT e.no, e.header, e.salt, e.body, n.seq FROM entry n CROSS JOIN event e ON e.no = n.event
				WHERE n.chain = ? AND n.seq > ? AND n.seq <= ? ORDER BY n.seq`, []any{f.chain, seq, f.last}, func(scan func(...any) error) error {
				var at int64
				_, e, err := scanEvent(scan, &at)
				if err != nil {
					return err
				}
				if ended = visit(uint64(f.base+at), e); ended != nil {
					return errEnough
				}
				return nil
			})
		})
	})
	if errors.Is(err, errEnough) {
		err = ended
	}
	if err != nil {
		return dossier.Head{}, err
	}
	return head, nil
}
