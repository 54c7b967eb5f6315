package store

import (
	"context"
	"errors"
	"fmt"
	"math"

	"tiepnhan/dossier"
)

// life is one chain of a device's lineage, as far as it belongs to it.
type life struct {
	chain int64
	base  int64 // the ordinal of what comes before its first entry
	last  int64 // the seq at which the next life left it; math.MaxInt64 for the life that is written
}

// lineage is what one device wrote, life after life, the oldest first. An entry's place in it is its ordinal: it stays the same when a
// new life begins, because that life takes along what it cuts in the same order.
type lineage []life

// now is the life that is written.
func (ln lineage) now() life { return ln[len(ln)-1] }

// ordinal is the place of an entry, 0 if it is not of the lineage.
func (ln lineage) ordinal(chain, seq int64) int64 {
	for _, f := range ln {
		if f.chain == chain && seq <= f.last {
			return f.base + seq
		}
	}
	return 0
}

// after are the lives, cut to what stands after that ordinal: each with the seq after which it does.
func (ln lineage) after(ordinal int64, visit func(f life, seq int64) error) error {
	for _, f := range ln {
		if f.last != math.MaxInt64 && f.base+f.last <= ordinal {
			continue
		}
		if err := visit(f, max(ordinal-f.base, 0)); err != nil {
			return err
		}
	}
	return nil
}

// holding is the lineage as a condition on the columns chain and seq of that entry.
func (ln lineage) holding(entry string) (where string, args []any) {
	if len(ln) == 0 {
		return "FALSE", nil
	}
	for i, f := range ln {
		if i > 0 {
			where += " OR "
		}
		where += entry + ".chain = ? AND " + entry + ".seq <= ?"
		args = append(args, f.chain, f.last)
	}
	return "(" + where + ")", args
}

// beyond is what stands in the lineage after that ordinal, as a condition on the columns chain and seq of that entry.
func (ln lineage) beyond(entry string, ordinal int64) (where string, args []any) {
	for _, f := range ln {
		if f.last == math.MaxInt64 || f.base+f.last > ordinal {
			where += " OR " + entry + ".chain = ? AND " + entry + ".seq > ? AND " + entry + ".seq <= ?"
			args = append(args, f.chain, ordinal-f.base, f.last)
		}
	}
	return "(FALSE" + where + ")", args
}

// lineageOf is the lineage that ends in a chain. Where a life of another device before it is not here, it begins with the one after.
func lineageOf(l *link, chain int64) (lineage, error) {
	var out lineage
	var commons []int64
	// What is damaged may go round in a circle; no PC lives so often.
	err := l.each(`WITH RECURSIVE life (no, device, previous, common, last) AS (
		SELECT no, device, previous, common_seq, ?2 FROM chain WHERE no = ?1
		UNION ALL
		SELECT p.no, p.device, p.previous, p.common_seq, f.common FROM life f CROSS JOIN chain p
			ON p.device = f.device AND p.incarnation = f.previous)
		SELECT no, last, common FROM life LIMIT 100000`, []any{chain, int64(math.MaxInt64)}, func(scan func(...any) error) error {
		var f life
		var common int64
		err := scan(&f.chain, &f.last, &common)
		out, commons = append(lineage{f}, out...), append([]int64{common}, commons...)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].base = commons[i]; i > 0 {
			out[i].base += out[i-1].base
		}
	}
	return out, nil
}

// ownLineage is that of this PC.
func ownLineage(l *link) (lineage, error) {
	var chain int64
	if _, err := l.get("SELECT chain FROM station", nil, &chain); err != nil {
		return nil, err
	}
	return lineageOf(l, chain)
}

// chainOf is the chain of that number.
func chainOf(l *link, no int64) (*chainRow, error) {
	c, err := oneChain(l, "SELECT "+chainColumns+" FROM chain c WHERE c.no = ?", no)
	if err == nil && c == nil {
		err = damaged(fmt.Sprintf("chain %d", no), errors.New("it is not there"))
	}
	return c, err
}

// Lives are this PC's own chains, oldest first: those it wrote, and those of its other continuations that came to it.
func (s *Store) Lives(ctx context.Context) ([]dossier.ChainState, error) {
	all, err := s.Chains(ctx)
	if err != nil {
		return nil, err
	}
	var out []dossier.ChainState
	own := s.Own().Device
	for _, c := range all {
		if c.Device == own {
			out = append(out, c)
		}
	}
	return out, nil
}

// actsAt is how many acts a lineage has up to that ordinal.
func actsAt(l *link, ln lineage, ordinal int64) (sum int, err error) {
	for _, f := range ln {
		upTo := min(f.last, ordinal-f.base)
		if upTo <= 0 {
			continue
		}
		n, err := actsUpTo(l, f.chain, uint64(upTo))
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// sentOf is the last ordinal of a lineage that a receipt of that upstream covers. Who holds a life holds what it rests on.
func sentOf(l *link, ln lineage, upstream dossier.Upstream) (int64, error) {
	for i := len(ln) - 1; i >= 0; i-- {
		var seq int64
		ok, err := l.get("SELECT seq FROM receipt WHERE chain = ? AND EXISTS (SELECT 1 FROM upstream u WHERE u.device = ? AND u.key = receipt.key) ORDER BY seq DESC LIMIT 1",
			[]any{ln[i].chain, upstream.Chain.Device[:]}, &seq)
		if err != nil {
			return 0, err
		}
		if ok {
			return ln[i].base + min(seq, ln[i].last), nil
		}
	}
	return 0, nil
}
