package store

import (
	"context"

	"tiepnhan/dossier"
)

// queueRows is how many of the acts that wait are named.
const queueRows = 500

// Queue is what waits to be sent: what this PC's lineage holds beyond upstream's receipts.
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
		ln, err := lineageOf(l, own.no)
		if err != nil {
			return err
		}
		if q.Receipt, err = latestReceipt(l, own, ln, upstream); err != nil {
			return err
		}
		sent, err := sentOf(l, ln, upstream)
		if err != nil {
			return err
		}
		q.Entries = int(ln.now().base + int64(own.Head.Seq) - sent)
		if q.PCs, err = pcs(l, own, upstream); err != nil {
			return err
		}
		if q.Acts = q.PCs[0].Waiting; q.Acts == 0 {
			return sentBackRows(l, &q)
		}
		err = ln.after(sent, func(f life, seq int64) error {
			return l.each(`SELECT e.header, e.salt, e.body, coalesce(d.number, ''), coalesce(d.name, '')
				FROM entry n CROSS JOIN event e ON e.no = n.event LEFT JOIN dossier d ON d.id = e.dossier
				WHERE n.chain = ? AND n.seq > ? AND n.seq <= ? AND e.own IS NOT NULL ORDER BY n.seq LIMIT ?`,
				[]any{f.chain, seq, f.last, queueRows - len(q.Rows)}, func(scan func(...any) error) error {
					row, err := queueRow(scan)
					q.Rows = append(q.Rows, row)
					return err
				})
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

// latestReceipt is upstream's for the latest life of a lineage for which it gave one.
func latestReceipt(l *link, own *chainRow, ln lineage, upstream dossier.Upstream) (*dossier.Receipt, error) {
	for i := len(ln) - 1; i >= 0; i-- {
		c, err := oneChain(l, "SELECT "+chainColumns+" FROM chain c WHERE c.no = ?", ln[i].chain)
		if err != nil || c == nil {
			return nil, err
		}
		if r, err := receiptOf(l, c.no, c.Chain, upstream); err != nil || r != nil {
			return r, err
		}
	}
	return nil, nil
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
		ln, err := lineageOf(l, c.no)
		if err != nil {
			return nil, err
		}
		pc := dossier.PC{Own: c.no == own.no, Device: c.Device}
		if pc.Written, err = actsAt(l, ln, ln.now().base+int64(c.Head.Seq)); err != nil {
			return nil, err
		}
		sent, err := sentOf(l, ln, upstream)
		if err != nil {
			return nil, err
		}
		if pc.Held, err = actsAt(l, ln, sent); err != nil {
			return nil, err
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

// actsUpTo is how many acts a chain has up to that sequence number.
func actsUpTo(l *link, chain int64, seq uint64) (n int, err error) {
	_, err = l.get("SELECT coalesce((SELECT acts FROM entry WHERE chain = ? AND seq <= ? ORDER BY seq DESC LIMIT 1), 0)", []any{chain, int64(seq)}, &n)
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
