package store

import (
	"encoding/json"
	"fmt"

	"tiepnhan/dossier"
)

// notice remembers where a word on the station itself stands.
func (v views) notice(chain, seq, no int64, k dossier.Kind) error {
	return v.exec("INSERT INTO notice (chain, seq, event, kind) VALUES (?, ?, ?, ?)", chain, seq, no, string(k))
}

// notices visits the words of one kind, in the order of chains, with who wrote each. One that cannot be read is passed over.
func notices[B any](l *link, k dossier.Kind, visit func(e dossier.Entry, author dossier.DeviceID, upstream bool, body B) error) error {
	return l.each(`SELECT e.no, e.header, e.salt, e.body, c.device, EXISTS (SELECT 1 FROM upstream u WHERE u.device = c.device) FROM notice n
		CROSS JOIN chain c ON c.no = n.chain CROSS JOIN event e ON e.no = n.event WHERE n.kind = ? ORDER BY n.chain, n.seq`,
		[]any{string(k)}, func(scan func(...any) error) error {
			var device []byte
			var upstream bool
			no, e, err := scanEvent(scan, &device, &upstream)
			if err != nil {
				return err
			}
			if len(device) != len(dossier.DeviceID{}) {
				return damaged(fmt.Sprintf("event %d", no), fmt.Errorf("device of a wrong length"))
			}
			var body B
			if json.Unmarshal(e.Body, &body) != nil {
				return nil
			}
			return visit(e, dossier.DeviceID(device), upstream, body)
		})
}
