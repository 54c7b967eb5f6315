package receive

import (
	"context"
	"database/sql"
	"time"

	"tiepnhan/dossier"
)

// Written is an entry of a PC's journal, with what tells a person whether it was still the officer's.
type Written struct {
	Seq    uint64            `json:"seq"`
	Event  dossier.EventID   `json:"event"`
	Kind   dossier.Kind      `json:"kind"`
	By     dossier.OfficerID `json:"by"`
	At     time.Time         `json:"at"`   // the PC's clock, which whoever has the PC can set
	Came   time.Time         `json:"came"` // upstream's, when it signed for it
	Number string            `json:"number,omitempty"`
}

// Written are the last entries of the journal that the PC in use at a desk writes, the latest first, at most so many: Revoke wants the number
// of the last that is accepted. Codes: upstream.no-device, upstream.two-devices.
func (u *Upstream) Written(ctx context.Context, pc PC, most int) ([]Written, error) {
	out := []Written{}
	err := u.look(ctx, "read what a PC wrote", func(tx *sql.Tx) error {
		d, err := deviceAt(ctx, tx, pc)
		if err != nil {
			return err
		}
		found, err := collect(ctx, tx, func(scan func(...any) error) (w Written, err error) {
			var came sql.NullInt64
			k, err := scanEntry(func(to ...any) error { return scan(append(to, &came, &w.Number)...) })
			if err != nil {
				return w, err
			}
			w.Seq, w.Event, w.Kind, w.By, w.At = k.seq, k.ID, k.Kind, k.By, k.At
			if came.Valid {
				w.Came = time.UnixMilli(came.Int64).UTC()
			}
			return w, nil
		}, "SELECT "+entryColumns+`,
				(SELECT receipt.at FROM receipt WHERE receipt.chain = entry.chain AND receipt.seq >= entry.seq ORDER BY receipt.seq LIMIT 1),
				coalesce((SELECT number FROM dossier WHERE dossier.station = ?1 AND dossier.dossier = entry.dossier), '')
			FROM entry WHERE chain = ?2 ORDER BY seq DESC LIMIT ?3`, d.station, d.current, most)
		out = append(out, found...)
		return err
	})
	return out, err
}
