package store

import (
	"context"

	"tiepnhan/dossier"
)

// Trail visits the entries of all journals that are here, each event once, the newest first: by id, which grows with time, so that a
// journal that came today stands where it happened. before is the id after which it goes on, zero from the newest. All is of one moment.
// visit's error ends it and comes back as it is; visit should not ask this store.
func (s *Store) Trail(ctx context.Context, f dossier.TrailFilter, before dossier.EventID, visit func(dossier.TrailRow) error) error {
	var ended error
	err := s.read(ctx, "go through the journals", func(l *link) error {
		after := any(before[:])
		if before.IsZero() {
			after = []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
		}
		own := s.Own().Device
		var all crew
		return enough(l.each("SELECT no, header FROM event WHERE id < ? ORDER BY id DESC", []any{after}, func(scan func(...any) error) error {
			var no int64
			var header []byte
			if err := scan(&no, &header); err != nil {
				return err
			}
			e, err := dossier.ParseEntry(header, [16]byte{}, nil, true)
			if err != nil {
				return damaged("an event", err)
			}
			if !f.Admits(e.Event) {
				return nil
			}
			row, chain, err := trailRow(l, no, own)
			if err != nil {
				return err
			}
			if !row.Own {
				if all == nil {
					if all, err = crewOf(l); err != nil {
						return err
					}
				}
				row.Crew = all.of(chain)
			}
			if ended = visit(row); ended != nil {
				return errEnough
			}
			return nil
		}))
	})
	if err == nil {
		err = ended
	}
	return err
}

// trailRow is an event where it stands: in the chain that came last of those that hold it, which for what was moved is the life it is in. chain
// is that one's number, nil for none.
func trailRow(l *link, no int64, own dossier.DeviceID) (row dossier.TrailRow, chain *int64, err error) {
	err = l.each(`SELECT e.header, e.salt, e.body, coalesce(d.number, '') FROM event e LEFT JOIN dossier d ON d.id = e.dossier WHERE e.no = ?`, []any{no},
		func(scan func(...any) error) error {
			var header, salt, body []byte
			if err := scan(&header, &salt, &body, &row.Number); err != nil {
				return err
			}
			row.Entry, err = parse(header, salt, body)
			return err
		})
	if err != nil {
		return row, nil, damaged("an event", err)
	}
	var device, incarnation, hash []byte
	var seq int64
	ok, err := l.get(`SELECT c.no, c.device, c.incarnation, n.seq, n.hash FROM entry n CROSS JOIN chain c ON c.no = n.chain WHERE n.event = ?
		ORDER BY n.chain DESC LIMIT 1`, []any{no}, &chain, &device, &incarnation, &seq, &hash)
	if err != nil || !ok {
		return row, nil, err
	}
	copy(row.Device[:], device)
	copy(row.Incarnation[:], incarnation)
	copy(row.Head.Hash[:], hash)
	row.Seq, row.Own = uint64(seq), row.Device == own
	return row, chain, nil
}
