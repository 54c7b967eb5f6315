package receive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// maxFaults is how many faults are named; more say nothing new.
const maxFaults = 100

// Verify walks every chain and holds every receipt against it.
func (u *Upstream) Verify(ctx context.Context) (dossier.StoreCheck, error) {
	v := verifying{check: dossier.StoreCheck{Faults: []string{}}}
	err := u.look(ctx, "verify", func(tx *sql.Tx) error {
		said, err := collect(ctx, tx, func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, "PRAGMA integrity_check")
		if err != nil {
			return err
		}
		for _, s := range said {
			if s != "ok" {
				v.fault("Tệp dữ liệu hỏng: %s.", s)
			}
		}
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		chains, err := collect(ctx, tx, scanChain, "SELECT "+chainColumns+" FROM chain ORDER BY id")
		if err != nil {
			return err
		}
		for _, c := range chains {
			if err := v.walk(ctx, tx, c); err != nil {
				return err
			}
			if err := v.receipts(ctx, tx, c, k); err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM dossier").Scan(&v.check.Dossiers)
	})
	return v.check, err
}

type verifying struct{ check dossier.StoreCheck }

func (v *verifying) fault(format string, args ...any) {
	if len(v.check.Faults) < maxFaults {
		v.check.Faults = append(v.check.Faults, fmt.Sprintf(format, args...))
	}
}

// walk goes along a chain from its genesis: no gap, each hash from the one before, each body the one its header names, each kept head
// signed by the owner.
func (v *verifying) walk(ctx context.Context, tx *sql.Tx, c chain) error {
	v.check.Chains++
	signed := map[uint64][]byte{}
	rows, err := collect(ctx, tx, func(scan func(...any) error) (h struct {
		seq       uint64
		signature []byte
	}, err error) {
		return h, scan(&h.seq, &h.signature)
	}, "SELECT seq, signature FROM head WHERE chain = ?", c.id)
	if err != nil {
		return err
	}
	for _, h := range rows {
		signed[h.seq] = h.signature
	}
	head := dossier.Head{Chain: c.Chain, Hash: c.Genesis.Hash()}
	entries, err := tx.QueryContext(ctx, "SELECT seq, hash, header, salt, body FROM entry WHERE chain = ? ORDER BY seq", c.id)
	if err != nil {
		return err
	}
	defer entries.Close()
	for entries.Next() {
		var seq uint64
		var hash, header, salt, body []byte
		if err := entries.Scan(&seq, &hash, &header, &salt, &body); err != nil {
			return err
		}
		v.check.Entries++
		if seq != head.Seq+1 {
			v.fault("Nhật ký %s: thiếu diễn biến số %d.", c.Chain, head.Seq+1)
		}
		head.Seq, head.Hash = seq, dossier.NextHash(head.Hash, header)
		if string(head.Hash[:]) != string(hash) {
			v.fault("Nhật ký %s: mã băm tại số %d không khớp.", c.Chain, seq)
			head.Hash = dossier.Hash(append(hash, make([]byte, 32)...)[:32]) // go on from what is written, so that one fault is said once
		}
		var s [16]byte
		if copy(s[:], salt); salt != nil && len(salt) != len(s) {
			v.fault("Nhật ký %s: diễn biến số %d hỏng.", c.Chain, seq)
		} else if _, err := dossier.ParseEntry(header, s, body, salt == nil); err != nil {
			v.fault("Nhật ký %s: diễn biến số %d không đúng nội dung đã ký.", c.Chain, seq)
		}
		if signature, ok := signed[seq]; ok && !head.SignedBy(c.Owner, signature) {
			v.fault("Nhật ký %s: chữ ký của chủ nhật ký tại số %d không đúng.", c.Chain, seq)
		}
		delete(signed, seq)
	}
	if err := entries.Err(); err != nil {
		return err
	}
	if head != c.Head() {
		v.fault("Nhật ký %s: kết thúc ở số %d, không phải số %d như đã ghi.", c.Chain, head.Seq, c.Seq)
	}
	for seq := range signed {
		v.fault("Nhật ký %s: có chữ ký cho số %d nhưng không có diễn biến.", c.Chain, seq)
	}
	return nil
}

// receipts holds every receipt given for a chain against the hash the chain has there.
func (v *verifying) receipts(ctx context.Context, tx *sql.Tx, c chain, k *keys) error {
	var station string
	if err := tx.QueryRowContext(ctx, "SELECT name FROM station WHERE id = ?", c.station).Scan(&station); err != nil {
		return err
	}
	given, err := collect(ctx, tx, func(scan func(...any) error) (dossier.Receipt, error) {
		r := dossier.Receipt{Head: dossier.Head{Chain: c.Chain}, Station: station}
		var at int64
		err := scan(&r.Number, &r.Seq, &at, &r.Signature)
		r.At = time.UnixMilli(at).UTC()
		return r, err
	}, "SELECT number, seq, at, signature FROM receipt WHERE chain = ? ORDER BY seq", c.id)
	if err != nil {
		return err
	}
	for _, r := range given {
		v.check.Receipts++
		hash, err := hashAt(ctx, tx, c, r.Seq)
		if err != nil && !none(err) {
			return err
		}
		r.Hash = hash
		by := func(p pair) bool { return r.SignedBy(p.public) }
		if err != nil || !slices.ContainsFunc(k.all, by) {
			v.fault("Biên nhận %s: không khớp với nhật ký %s tại số %d.", r.Number, c.Chain, r.Seq)
		}
	}
	return nil
}
