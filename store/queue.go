package store

import (
	"context"
	"slices"

	"tiepnhan/dossier"
)

// queueRows is how many of the acts that wait are named.
const queueRows = 500

// Queue is what waits to be sent: what this PC's chain holds beyond upstream's receipt.
func (s *Store) Queue(ctx context.Context) (dossier.Queue, error) {
	var q dossier.Queue
	err := s.read(ctx, "see what waits", func(l *link) error {
		own, err := ownChain(l)
		if err != nil {
			return err
		}
		upstream, _, err := upstreamOf(l)
		if err != nil {
			return err
		}
		if q.Receipt, err = receiptOf(l, own.no, own.Chain, upstream.Key); err != nil {
			return err
		}
		var sent uint64
		if q.Receipt != nil {
			sent = q.Receipt.Seq
		}
		q.Entries = int(own.Head.Seq - sent)
		held, err := actsUpTo(l, own.no, sent)
		if err != nil {
			return err
		}
		q.Acts = int(own.acts) - held
		if q.PCs, err = pcs(l, own, upstream); err != nil {
			return err
		}
		if q.Acts == 0 {
			return sentBackRows(l, &q)
		}
		err = l.each(`SELECT e.header, e.salt, e.body, coalesce(d.number, ''), coalesce(d.name, '')
			FROM entry n CROSS JOIN event e ON e.no = n.event LEFT JOIN dossier d ON d.id = e.dossier
			WHERE n.chain = ? AND n.seq > ? AND e.own IS NOT NULL ORDER BY n.seq LIMIT ?`, []any{own.no, int64(sent), queueRows}, func(scan func(...any) error) error {
			row, err := queueRow(scan)
			q.Rows = append(q.Rows, row)
			return err
		})
		if err != nil {
			return err
		}
		if len(q.Rows) > 0 {
			q.Oldest = q.Rows[0].At
		}
		return sentBackRows(l, &q)
	})
	return q, err
}

// pcs are the PCs of the station whose journals are here, this one first: whoever writes one and is no unit above. Of a PC of several
// lives the latest counts, and what it took over from those before.
func pcs(l *link, own *chainRow, upstream dossier.Upstream) ([]dossier.PC, error) {
	var lives []*chainRow
	err := l.each("SELECT "+chainColumns+" FROM chain c WHERE c.device NOT IN (SELECT device FROM upstream) ORDER BY c.no", nil,
		func(scan func(...any) error) error {
			c, err := scanChain(scan)
			lives = append(lives, c)
			return err
		})
	if err != nil {
		return nil, err
	}
	out, at := []dossier.PC{{Own: true, Device: own.Device}}, map[dossier.DeviceID]int{own.Device: 0}
	for _, c := range lives {
		if c.Device == own.Device && c.no != own.no {
			continue
		}
		shared, err := sharedActs(l, c, lives)
		if err != nil {
			return nil, err
		}
		pc := dossier.PC{Own: c.no == own.no, Device: c.Device, Written: int(c.acts) + shared}
		receipt, err := receiptOf(l, c.no, c.Chain, upstream.Key)
		if err != nil {
			return nil, err
		}
		if receipt != nil {
			if pc.Held, err = actsUpTo(l, c.no, receipt.Seq); err != nil {
				return nil, err
			}
			pc.Held += shared
		}
		pc.Waiting = pc.Written - pc.Held
		i, ok := at[c.Device]
		if !ok {
			i = len(out)
			at[c.Device], out = i, append(out, pc)
		}
		out[i] = pc
	}
	return out, nil
}

// sharedActs is how many acts a chain took over from the lives of its PC before.
func sharedActs(l *link, c *chainRow, lives []*chainRow) (sum int, err error) {
	for range lives {
		i := slices.IndexFunc(lives, func(old *chainRow) bool { return old.Device == c.Device && old.Incarnation == c.Previous })
		if c.Previous.IsZero() || i < 0 {
			break
		}
		n, err := actsUpTo(l, lives[i].no, c.CommonSeq)
		if err != nil {
			return 0, err
		}
		sum, c = sum+n, lives[i]
	}
	return sum, nil
}

// actsUpTo is how many acts a chain has up to that sequence number.
func actsUpTo(l *link, chain int64, seq uint64) (n int, err error) {
	_, err = l.get("SELECT coalesce((SELECT acts FROM entry WHERE chain = ? AND seq = ?), 0)", []any{chain, int64(seq)}, &n)
	return n, err
}

func sentBackRows(l *link, q *dossier.Queue) error {
	return l.each(`SELECT e.header, e.salt, e.body, d.number, d.name, s.why FROM dossier d INDEXED BY dossier_sent_back
		CROSS JOIN event e ON e.dossier = d.id AND e.course = 1 AND e.own IS NOT NULL
		CROSS JOIN sent_back s ON s.about = e.id AND s.event > d.mended
		WHERE d.sent_back IS NOT NULL ORDER BY s.event LIMIT ?`, []any{queueRows}, func(scan func(...any) error) error {
		var row dossier.SentBackRow
		var err error
		row.QueueRow, err = queueRow(scan, &row.Why)
		q.SentBack = append(q.SentBack, row)
		return err
	})
}

func queueRow(scan func(...any) error, more ...any) (dossier.QueueRow, error) {
	var row dossier.QueueRow
	var header, salt, body []byte
	if err := scan(append([]any{&header, &salt, &body, &row.Number, &row.Name}, more...)...); err != nil {
		return row, err
	}
	e, err := parse(header, salt, body)
	row.Event, row.Dossier, row.Kind, row.At = e.ID, e.Dossier, e.Kind, e.At
	return row, err
}
