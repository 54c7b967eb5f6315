package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"tiepnhan/dossier"
)

// maxHanded is about how many bytes of entries are handed out at once; one envelope holds no more.
const maxHanded = 3 << 20

type chainRow struct {
	dossier.ChainState
	no      int64
	acts    int64 // up to its head
	changed bool
}

const chainColumns = `c.no, c.device, c.incarnation, c.previous, c.common_seq, c.common_hash, c.owner, c.seq, c.hash, c.signature,
	coalesce((SELECT acts FROM entry WHERE chain = c.no AND seq = c.seq), 0)`

func scanChain(scan func(...any) error, more ...any) (*chainRow, error) {
	var c chainRow
	var device, incarnation, previous, commonHash, hash sql.RawBytes // what is read of them is copied
	var owner []byte
	var commonSeq, seq int64
	err := scan(append([]any{&c.no, &device, &incarnation, &previous, &commonSeq, &commonHash, &owner, &seq, &hash, &c.Signature, &c.acts},
		more...)...)
	if err != nil {
		return nil, err
	}
	if len(device) != 16 || len(incarnation) != 16 || len(previous) != 16 || len(commonHash) != 32 || len(hash) != 32 {
		return nil, damaged(fmt.Sprintf("chain %d", c.no), errors.New("id or hash of a wrong length"))
	}
	c.Device, c.Incarnation, c.Previous = dossier.DeviceID(device), dossier.Incarnation(incarnation), dossier.Incarnation(previous)
	c.CommonSeq, c.CommonHash, c.Owner = uint64(commonSeq), dossier.Hash(commonHash), owner
	c.Head = dossier.Head{Chain: c.Chain, Seq: uint64(seq), Hash: dossier.Hash(hash)}
	return &c, nil
}

func insertChain(l *link, g dossier.Genesis, owner ed25519.PublicKey, signature []byte) error {
	hash := g.Hash()
	return l.exec(`INSERT INTO chain (device, incarnation, previous, common_seq, common_hash, owner, seq, hash, signature)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`, g.Device[:], g.Incarnation[:], g.Previous[:], int64(g.CommonSeq), g.CommonHash[:],
		[]byte(owner), hash[:], signature)
}

// ownChain is the chain this PC writes.
func ownChain(l *link) (*chainRow, error) {
	c, err := oneChain(l, "SELECT "+chainColumns+" FROM station s JOIN chain c ON c.no = s.chain")
	if err == nil && c == nil {
		err = damaged("station", errors.New("it names no chain"))
	}
	if c != nil {
		c.Own = true
	}
	return c, err
}

// heldChain is the chain of that name, nil if it is not held.
func heldChain(l *link, name dossier.Chain) (*chainRow, error) {
	return oneChain(l, "SELECT "+chainColumns+" FROM chain c WHERE c.device = ? AND c.incarnation = ?", name.Device[:],
		name.Incarnation[:])
}

func oneChain(l *link, query string, args ...any) (c *chainRow, err error) {
	err = l.each(query, args, func(scan func(...any) error) (err error) {
		c, err = scanChain(scan)
		return err
	})
	return c, err
}

// Chains are all that are held, in the order in which they came.
func (s *Store) Chains(ctx context.Context) ([]dossier.ChainState, error) {
	var out []dossier.ChainState
	err := s.read(ctx, "list the chains", func(l *link) error {
		upstream, _, err := upstreamOf(l)
		if err != nil {
			return err
		}
		latest, err := receiptsOf(l, upstream)
		if err != nil {
			return err
		}
		return l.each("SELECT "+chainColumns+", c.no IS (SELECT chain FROM station) FROM chain c ORDER BY c.no", nil,
			func(scan func(...any) error) error {
				var own bool
				c, err := scanChain(scan, &own)
				if err != nil {
					return err
				}
				if c.Own = own; latest[c.no] != nil {
					r := latest[c.no]
					r.Chain, c.Receipt = c.Chain, r
				}
				out = append(out, c.ChainState)
				return nil
			})
	})
	return out, err
}

// Entries are those of a chain after that sequence number, in order: at most limit, and fewer where they are large. Code:
// chain.unknown.
func (s *Store) Entries(ctx context.Context, chain dossier.Chain, after uint64, limit int) ([]dossier.Entry, error) {
	var out []dossier.Entry
	err := s.read(ctx, "hand out entries", func(l *link) error {
		c, err := heldChain(l, chain)
		if err != nil {
			return err
		}
		if c == nil {
			return dossier.Invalid("", "chain.unknown", "chain", chain.String())
		}
		size := 0
		err = l.each(`SELECT n.seq, e.header, e.salt, e.body FROM entry n JOIN event e ON e.no = n.event
			WHERE n.chain = ? AND n.seq > ? ORDER BY n.seq LIMIT ?`, []any{c.no, int64(after), limit},
			func(scan func(...any) error) error {
				var seq int64
				var header, salt sql.RawBytes // what is read of them is copied
				var body []byte
				if err := scan(&seq, &header, &salt, &body); err != nil {
					return err
				}
				if size += len(header) + len(body) + 16; size > maxHanded && len(out) > 0 {
					return errEnough
				}
				e, err := parse(header, salt, body)
				if err != nil {
					return damaged(fmt.Sprintf("entry %d of chain %s", seq, chain), err)
				}
				out = append(out, e)
				return nil
			})
		return enough(err)
	})
	return out, err
}

var errEnough = errors.New("enough")

// enough is a reading's error, but for that of one that was ended because it had enough.
func enough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// parse puts an entry together from its row; without salt it was purged.
func parse(header, salt, body []byte) (dossier.Entry, error) {
	if salt == nil {
		return dossier.ParseEntry(header, [16]byte{}, nil, true)
	}
	if len(salt) != 16 {
		return dossier.Entry{}, fmt.Errorf("%w: salt", dossier.ErrBadEntry)
	}
	return dossier.ParseEntry(header, [16]byte(salt), body, false)
}

// Adopt holds a further chain from its beginning: upstream's, a sister PC's, or another life of this PC's own. Adopting one that is held changes nothing. Code:
// chain.differs, for one that is held with another beginning or another owner.
func (s *Store) Adopt(ctx context.Context, g dossier.Genesis, owner ed25519.PublicKey) error {
	return s.write(ctx, "adopt a chain", func(w *writing) error { return w.adopt(g, owner) })
}

func (w *writing) adopt(g dossier.Genesis, owner ed25519.PublicKey) error {
	if g.Device.IsZero() || g.Incarnation.IsZero() || len(owner) != ed25519.PublicKeySize {
		return fmt.Errorf("chain %s: %w", g.Chain, dossier.Invalid("", "chain.differs", "chain", g.Chain.String()))
	}
	c, err := heldChain(w.link, g.Chain)
	if err != nil {
		return err
	}
	if c == nil {
		return insertChain(w.link, g, owner, nil)
	}
	if c.Genesis != g || !owner.Equal(c.Owner) {
		return dossier.Invalid("", "chain.differs", "chain", g.Chain.String())
	}
	w.nothing = len(w.events) == 0
	return nil
}

// Extend takes further entries of a chain that is held; the last of them stands at the head that is given, which its owner signed.
// Entries that are already here are passed over. Either all is kept or nothing. An old life of this PC's own is taken further like any
// chain: that is what another continuation wrote. Codes: chain.unknown, chain.gap (entries before these are missing), chain.differs
// (another hash or signature than the owner's, or other entries than those held), chain.own (the life that is written is written here
// only), event.differs.
func (s *Store) Extend(ctx context.Context, head dossier.Head, signature []byte, entries []dossier.Entry) error {
	return s.write(ctx, "take entries in", func(w *writing) error {
		name := head.Chain.String()
		c, err := heldChain(w.link, head.Chain)
		if err != nil {
			return err
		}
		if c == nil {
			return dossier.Invalid("", "chain.unknown", "chain", name)
		}
		differs := func(why string) error {
			return fmt.Errorf("chain %s: %s: %w", name, why, dossier.Invalid("", "chain.differs", "chain", name))
		}
		if !head.SignedBy(c.Owner, signature) {
			return differs("not signed by its owner")
		}
		if uint64(len(entries)) > head.Seq {
			return differs("more entries than its head says")
		}
		before := head.Seq - uint64(len(entries)) // the entry that the first of these follows
		if before > c.Head.Seq {
			return dossier.Invalid("", "chain.gap", "chain", name, "have", strconv.FormatUint(c.Head.Seq, 10))
		}
		hash, err := hashAt(w.link, c, before)
		if err != nil {
			return err
		}
		if c.no == w.own.no && head.Seq > c.Head.Seq {
			return dossier.Invalid("", "chain.own", "chain", name)
		}
		held := c.Head.Seq
		if c.no != w.own.no {
			w.chains[c.no] = c
		}
		for i, e := range entries {
			header := e.Header()
			if _, err := dossier.ParseEntry(header, e.Salt, e.Body, e.Purged); err != nil {
				return err
			}
			seq := before + uint64(i) + 1
			if hash = dossier.NextHash(hash, header); seq <= held {
				if had, err := hashAt(w.link, c, seq); err != nil {
					return err
				} else if had != hash {
					return differs("entry " + strconv.FormatUint(seq, 10) + " is not the one held")
				}
				continue
			}
			if err := w.keep(c, e); err != nil {
				return err
			}
		}
		if hash != head.Hash {
			return differs("its entries do not add up to its head")
		}
		if c.no == w.own.no {
			w.nothing = true // our own words coming home
			return nil
		}
		var one int
		had, err := w.get("SELECT 1 FROM head WHERE chain = ? AND seq = ?", []any{c.no, int64(head.Seq)}, &one)
		if err != nil || had || head.Seq == 0 {
			w.nothing = true
			return err
		}
		if head.Seq == c.Head.Seq {
			c.Signature, c.changed = signature, true
		}
		return w.keepHead(c, head, signature)
	})
}

// hashAt is the chain's hash at that sequence number, which must be held.
func hashAt(l *link, c *chainRow, seq uint64) (dossier.Hash, error) {
	switch seq {
	case 0:
		return c.Genesis.Hash(), nil
	case c.Head.Seq:
		return c.Head.Hash, nil
	}
	var hash []byte
	ok, err := l.get("SELECT hash FROM entry WHERE chain = ? AND seq = ?", []any{c.no, int64(seq)}, &hash)
	if err != nil {
		return dossier.Hash{}, err
	}
	if !ok || len(hash) != 32 {
		return dossier.Hash{}, damaged(fmt.Sprintf("entry %d of chain %s", seq, c.Chain), errors.New("no hash"))
	}
	return dossier.Hash(hash), nil
}
