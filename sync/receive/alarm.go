package receive

import (
	"context"
	"database/sql"
	"time"

	"tiepnhan/dossier"
)

// What alarms are about.
const (
	alarmForked    = "alarm.forked"     // a PC showed another hash at a sequence number than the one held
	alarmSameID    = "alarm.same-id"    // an event came under the id of another
	alarmTwoCopies = "alarm.two-copies" // two copies of one PC are alive
	alarmReturned  = "alarm.returned"   // a PC that was not known any more came back by its admission
	alarmTwoDesks  = "alarm.two-desks"  // two PCs in use were admitted to one desk
	alarmOutside   = "alarm.outside"    // a PC that was not known any more came back by its admission, and another has its desk
	alarmFormerKey = "alarm.former-key" // somebody speaks with a key that a PC has left
)

// Alarm is something that must not happen and was seen to. Its words are those of Code.
type Alarm struct {
	At   time.Time           `json:"at"`
	Code string              `json:"code"`
	PC                       // Desk is 0 where it is about upstream's own journal
	Life dossier.Incarnation `json:"life"`
	Seq  uint64              `json:"seq"`
}

// alarm is rung once for each thing.
func (u *Upstream) alarm(ctx context.Context, tx *sql.Tx, station int64, at dossier.Head, code string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarm (at, station, device, incarnation, seq, hash, code) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, u.Now().UnixMilli(), station, at.Device[:], at.Incarnation[:], int64(at.Seq), at.Hash[:], code)
	return err
}

const alarmQuery = `SELECT alarm.at, alarm.code, station.name, coalesce(device.desk, 0), alarm.device, alarm.incarnation, alarm.seq
	FROM alarm JOIN station ON station.id = alarm.station LEFT JOIN device ON device.device = alarm.device`

func scanAlarm(scan func(...any) error) (a Alarm, err error) {
	var at int64
	var device, life []byte
	err = scan(&at, &a.Code, &a.Station, &a.Desk, &device, &life, &a.Seq)
	copy(a.Device[:], device)
	copy(a.Life[:], life)
	a.At = time.UnixMilli(at).UTC()
	return a, err
}

const maxAlarms = 100

// Alarms are the latest ones of a station, or of all for "", the newest first. A fork is one only as long as something of it waits, and
// two copies, two PCs at one desk, or a PC outside, only until a person has decided.
func (u *Upstream) Alarms(ctx context.Context, station string) ([]Alarm, error) {
	out := []Alarm{}
	err := u.look(ctx, "read alarms", func(tx *sql.Tx) error {
		found, err := collect(ctx, tx, scanAlarm, alarmQuery+`
			WHERE (?1 = '' OR station.name = ?1)
				AND (alarm.code <> ?2 OR EXISTS (SELECT 1 FROM parked WHERE parked.device = alarm.device AND parked.incarnation = alarm.incarnation AND parked.hash = alarm.hash))
				AND (alarm.code <> ?3 OR device.frozen IS NOT NULL)
				AND (alarm.code <> ?4 OR device.current IS NULL)
				AND (alarm.code <> ?5 OR (SELECT count(*) FROM device d WHERE d.station = device.station AND d.desk = device.desk AND d.revoked IS NULL) > 1)
			ORDER BY alarm.id DESC LIMIT ?6`, station, alarmForked, alarmTwoCopies, alarmOutside, alarmTwoDesks, maxAlarms)
		out = append(out, found...)
		return err
	})
	return out, err
}
