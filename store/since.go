package store

import (
	"context"
	"errors"

	"tiepnhan/dossier"
)

// Since visits the entries of this PC's chain after that sequence number, in order, and returns the chain's head. All is of one moment:
// what is written meanwhile is not seen, and nobody who writes waits. One entry is held at a time. visit's error ends it and comes back
// as it is. visit should not ask this store, whose readers may all be at this.
func (s *Store) Since(ctx context.Context, seq uint64, visit func(seq uint64, e dossier.Entry) error) (dossier.Head, error) {
	var head dossier.Head
	var ended error
	err := s.read(ctx, "go through the journal", func(l *link) error {
		own, err := ownChain(l)
		if err != nil {
			return err
		}
		if head = own.Head; seq >= head.Seq {
			return nil
		}
		return l.each(`SELECT e.no, e.header, e.salt, e.body, n.seq FROM entry n CROSS JOIN event e ON e.no = n.event
			WHERE n.chain = ? AND n.seq > ? ORDER BY n.seq`, []any{own.no, int64(seq)}, func(scan func(...any) error) error {
			var at int64
			_, e, err := scanEvent(scan, &at)
			if err != nil {
				return err
			}
			if ended = visit(uint64(at), e); ended != nil {
				return errEnough
			}
			return nil
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
