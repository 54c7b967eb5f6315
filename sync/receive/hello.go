package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// maxAnswered is how many chains and receipts an answer names: what is continued first, then the latest. It keeps the answer of a station
// whose PCs have been restored hundreds of times within a message.
const maxAnswered = 800

// Hello answers what upstream holds of the asking PC's station, signed over the question: the chains, which life of the PC is continued,
// whether two copies of it are alive, what waits of it, the hashes it asks for, and the latest receipts. Codes: message.bad,
// line.unknown-device, line.revoked.
func (u *Upstream) Hello(ctx context.Context, peer ed25519.PublicKey, question []byte) ([]byte, error) {
	d, err := admitted(ctx, u.read, peer)
	if err != nil {
		return nil, told("answer hello", err)
	}
	h, err := wire.ParseHello(question)
	if err != nil || !h.Own.Device.IsZero() && h.Own.Device != d.id {
		return nil, dossier.Invalid("", "message.bad")
	}
	if err := u.notice(ctx, d, h); err != nil {
		return nil, err
	}
	answer := wire.HelloAnswer{Name: u.Name, At: u.Now(), Chains: []wire.Held{}}
	var k *keys
	err = u.look(ctx, "answer hello", func(tx *sql.Tx) error {
		if d, err = admitted(ctx, tx, peer); err != nil {
			return err
		}
		if k, err = u.keys(ctx, tx); err != nil {
			return err
		}
		chains, err := u.answered(ctx, tx, d.station)
		if err != nil {
			return err
		}
		for _, c := range chains {
			if c.id == d.current {
				answer.Current = &dossier.Chain{Device: c.Device, Incarnation: c.Incarnation}
			}
			held, err := u.handable(ctx, tx, c)
			if err != nil {
				return err
			}
			answer.Chains = append(answer.Chains, held)
		}
		if answer.Receipts, err = u.receipts(ctx, tx, d.station, d.name); err != nil {
			return err
		}
		answer.Frozen = d.frozen
		if answer.Parked, err = parkedHeads(ctx, tx, d.id); err != nil {
			return err
		}
		answer.Probed, err = probed(ctx, tx, d.station, h.Probes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer.Sign(question, k.secret), nil
}

// answered are the chains of a station an answer names.
func (u *Upstream) answered(ctx context.Context, tx *sql.Tx, station int64) ([]chain, error) {
	chains, err := chainsOf(ctx, tx, station)
	if err != nil || len(chains) <= maxAnswered {
		return chains, err
	}
	first, err := collect(ctx, tx, func(scan func(...any) error) (id int64, err error) { return id, scan(&id) },
		"SELECT journal FROM station WHERE id = ?1 UNION SELECT current FROM device WHERE station = ?1 AND current IS NOT NULL", station)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(chains, func(a, b chain) int {
		ca, cb := slices.Contains(first, a.id), slices.Contains(first, b.id)
		switch {
		case ca != cb && ca:
			return -1
		case ca != cb:
			return 1
		}
		return int(b.id - a.id)
	})
	chains = chains[:maxAnswered]
	slices.SortFunc(chains, func(a, b chain) int { return int(a.id - b.id) })
	return chains, nil
}

// handable is a chain as far as it can be handed on: one that was cut where its owner had not signed ends, for others, at the signed head
// before.
func (u *Upstream) handable(ctx context.Context, tx *sql.Tx, c chain) (wire.Held, error) {
	if !c.until.Valid || c.Seq == 0 {
		return c.Held, nil
	}
	held := c.Held
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM head WHERE chain = ?", c.id).Scan(&held.Seq); err != nil {
		return wire.Held{}, err
	}
	var err error
	held.Hash, err = hashAt(ctx, tx, c, held.Seq)
	return held, err
}

// probed are the hashes a PC asks for, as far as they are held.
func probed(ctx context.Context, tx *sql.Tx, station int64, probes []wire.Probe) ([]dossier.Head, error) {
	var out []dossier.Head
	for _, p := range probes {
		c, err := findChain(ctx, tx, p.Chain)
		if none(err) || err == nil && c.station != station {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, seq := range p.Seqs {
			if seq > c.Seq {
				break
			}
			hash, err := hashAt(ctx, tx, c, seq)
			if err != nil {
				return nil, err
			}
			out = append(out, dossier.Head{Chain: p.Chain, Seq: seq, Hash: hash})
		}
	}
	return out, nil
}

// notice notes what a PC's hello shows: the life it writes, that it has pulled the announcement of new keys, and now and then how much it
// holds, for the day its line is down. Nothing is written where nothing has changed.
func (u *Upstream) notice(ctx context.Context, d device, h wire.Hello) error {
	knows := false
	if !d.knowsNext {
		err := u.look(ctx, "answer hello", func(tx *sql.Tx) (err error) {
			knows, err = u.knowsNext(ctx, tx, d, h)
			return err
		})
		if err != nil {
			return err
		}
	}
	writes := !h.Own.Incarnation.IsZero() && h.Own.Incarnation != d.writes
	had, err := heard(ctx, u.read, d.id)
	if err != nil {
		return told("answer hello", err)
	}
	news := len(h.Chains) > 0 && isNews(had, h.Chains)
	if !writes && !knows && !news {
		return nil
	}
	return u.change(ctx, "answer hello", func(tx *sql.Tx) error {
		if news {
			if err := hear(ctx, tx, d.id, h.Chains); err != nil {
				return err
			}
		}
		if writes {
			if _, err := tx.ExecContext(ctx, "UPDATE device SET writes = ? WHERE device = ?", h.Own.Incarnation[:], d.id[:]); err != nil {
				return err
			}
		}
		if !knows {
			return nil
		}
		_, err := tx.ExecContext(ctx, "UPDATE device SET knows_next = 1 WHERE device = ?", d.id[:])
		return err
	})
}

func (u *Upstream) knowsNext(ctx context.Context, tx *sql.Tx, d device, h wire.Hello) (bool, error) {
	c, err := scanChain(tx.QueryRowContext(ctx, "SELECT "+chainColumns+" FROM chain WHERE id = (SELECT key_chain FROM station WHERE id = ?)", d.station).Scan)
	if none(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var seq uint64
	if err := tx.QueryRowContext(ctx, "SELECT key_seq FROM station WHERE id = ?", d.station).Scan(&seq); err != nil {
		return false, err
	}
	for _, held := range h.Chains {
		if held.Chain != c.Chain || held.Seq < seq || held.Seq > c.Seq {
			continue
		}
		hash, err := hashAt(ctx, tx, c, held.Seq)
		return err == nil && hash == held.Hash, err
	}
	return false, nil
}

// receipts are the latest for each chain of a station but upstream's own.
func (u *Upstream) receipts(ctx context.Context, tx *sql.Tx, station int64, name string) ([]dossier.Receipt, error) {
	chains, err := u.answered(ctx, tx, station)
	if err != nil {
		return nil, err
	}
	var out []dossier.Receipt
	for _, c := range chains {
		if c.own {
			continue
		}
		r, err := u.latestReceipt(ctx, tx, c, name)
		if err == nil {
			out = append(out, r)
		} else if !none(err) {
			return nil, err
		}
	}
	return out, nil
}

// look reads at one moment: what it sees belongs together.
func (u *Upstream) look(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	tx, err := u.read.BeginTx(ctx, nil)
	if err != nil {
		return told(doing, err)
	}
	return told(doing, errors.Join(do(tx), undo(tx)))
}
