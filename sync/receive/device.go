package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"strconv"

	"tiepnhan/dossier"
)

// device is a PC that was admitted.
type device struct {
	id        dossier.DeviceID
	station   int64
	name      string // of the station
	desk      int
	recipient string
}

// admitted finds the PC that holds a key. Codes: line.unknown-device, line.revoked.
func admitted(ctx context.Context, db asker, key ed25519.PublicKey) (device, error) {
	var d device
	var id []byte
	var revoked sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT device.device, device.station, station.name, device.desk, device.recipient, device.revoked
		FROM device JOIN station ON station.id = device.station WHERE device.owner = ?`, []byte(key)).
		Scan(&id, &d.station, &d.name, &d.desk, &d.recipient, &revoked)
	switch {
	case none(err):
		return device{}, dossier.Invalid("", "line.unknown-device")
	case err != nil:
		return device{}, err
	case revoked.Valid:
		return device{}, dossier.Invalid("", "line.revoked")
	}
	copy(d.id[:], id)
	return d, nil
}

// Revoke ends the right of the PC at a station's desk to send and to ask: a stolen or replaced one. What it sent before stays, and the desk
// number is free again. Code: upstream.no-device.
func (u *Upstream) Revoke(ctx context.Context, station string, desk int) error {
	return u.change(ctx, "revoke PC", func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE device SET revoked = ? WHERE revoked IS NULL AND desk = ?
			AND station = (SELECT id FROM station WHERE name = ?)`, u.Now().UnixMilli(), desk, station)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return dossier.Invalid("desk", "upstream.no-device", "name", station, "desk", strconv.Itoa(desk))
	})
}
