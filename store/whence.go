package store

import (
	"context"
	"fmt"

	"tiepnhan/dossier"
)

// Whence tells of every act of a dossier where it was written down: in this PC's lineage if it stands there, by its ordinal, else in the first of the
// chains that came to this PC.
func (s *Store) Whence(ctx context.Context, id dossier.ID) (map[dossier.EventID]dossier.Whence, error) {
	out := map[dossier.EventID]dossier.Whence{}
	err := s.read(ctx, "see where acts were written down", func(l *link) error {
		return l.each(`SELECT e.id, c.device, coalesce(e.own, w.seq), c.device = o.device, c.device = o.device AND e.own IS NULL, c.device IN (SELECT device FROM upstream)
			FROM event e CROSS JOIN (SELECT no, device FROM chain WHERE no = (SELECT chain FROM station)) o
			LEFT JOIN whence w ON w.event = e.no
			CROSS JOIN chain c ON c.no = CASE WHEN e.own IS NULL THEN w.chain ELSE o.no END
			WHERE e.dossier = ? AND e.course = 1`, []any{id[:]}, func(scan func(...any) error) error {
			var event, device []byte
			var seq int64
			var w dossier.Whence
			if err := scan(&event, &device, &seq, &w.Own, &w.Left, &w.Upstream); err != nil {
				return err
			}
			if len(event) != len(dossier.EventID{}) || len(device) != len(w.Device) {
				return damaged("whence of "+id.String(), fmt.Errorf("id of a wrong length"))
			}
			w.Device, w.Seq = dossier.DeviceID(device), uint64(seq)
			out[dossier.EventID(event)] = w
			return nil
		})
	})
	return out, err
}
