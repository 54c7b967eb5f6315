package store

import (
	"context"

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
		if _, err := l.get("SELECT coalesce((SELECT acts FROM entry WHERE chain = ? AND seq = ?), 0)", []any{own.no, int64(sent)}, &q.Acts); err != nil {
			return err
		}
		q.Acts = int(own.acts) - q.Acts
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
