package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Take is TakeFrom for what came on a stick.
func (u *Upstream) Take(ctx context.Context, e wire.Envelope) (dossier.Receipt, error) {
	return u.take(ctx, &taking{e: e})
}

// TakeFrom keeps what an envelope holds and gives the receipt for it, however it came; live is over the line, from its sender. It may come
// again: nothing is kept twice, and the receipt is the one given before. What is sound but fits nowhere waits in sight, and the answer is
// journal.forked all the same: it is kept, and no receipt speaks of it. Codes: line.unknown-device, line.revoked, line.frozen,
// envelope.sender, envelope.recipient, envelope.bad, journal.unknown, journal.gap, journal.forked, journal.superseded, parked.full, and
// those of the disk.
func (u *Upstream) TakeFrom(ctx context.Context, e wire.Envelope, live bool) (dossier.Receipt, error) {
	return u.take(ctx, &taking{e: e, live: live})
}

func (u *Upstream) take(ctx context.Context, t *taking) (dossier.Receipt, error) {
	t.u = u
	again, r, err := t.repeated(ctx)
	if err != nil || again {
		return r, told("take envelope", err)
	}
	if err := t.open(ctx); err != nil {
		return dossier.Receipt{}, told("take envelope", err)
	}
	err = u.change(ctx, "keep entries", func(tx *sql.Tx) error {
		r, t.refused, t.waits, t.grown = dossier.Receipt{}, nil, "", 0
		if err = t.findSender(ctx, tx); err != nil { // it may have been revoked since
			return err
		}
		if r, err = t.keep(ctx, tx); err != nil || t.grown == 0 {
			return err
		}
		return u.judgeWithin(ctx, tx, t.grown)
	})
	if err != nil {
		return dossier.Receipt{}, err
	}
	if t.grown != 0 {
		if err := u.join(ctx, t.e.Chain.Device); err != nil && ctx.Err() == nil {
			u.fault(err) // what came now is kept all the same
		}
	}
	return r, u.settle(ctx, t.refused)
}

// taking is one envelope on its way in.
type taking struct {
	u       *Upstream
	e       wire.Envelope
	live    bool
	last    bool             // nothing else on the stick fills a gap before it: it waits for that
	maker   dossier.DeviceID // of the parcel it came in, which may have been made with a key that is not known here; zero for none
	sender  device
	owner   ed25519.PublicKey // who signed its head
	entries []dossier.Entry
	refused error  // the answer, although what was done stays done
	waits   string // why it waits in sight, or ""
	grown   int64  // the chain to judge
}

func (t *taking) findSender(ctx context.Context, db asker) (err error) {
	t.sender, err = sentBy(ctx, db, t.e.Sender, t.live)
	if dossier.Code(err) == "line.unknown-device" && !t.maker.IsZero() {
		t.sender, err = deviceByID(ctx, db, t.maker)
	}
	return err
}

// own tells whether a PC hands in its own journal over the line.
func (t *taking) own() bool { return t.live && t.sender.id == t.e.Chain.Device }

// beside tells whether a sister hands a journal in over the line. She goes by what upstream holds of it: what leaves a gap there goes on from
// another continuation, of which what came before was known already and did not have to wait.
func (t *taking) beside() bool { return t.live && t.sender.id != t.e.Chain.Device }

// repeated answers an envelope without opening it, if the chain has its hash at its last entry: the hash speaks for all before it.
func (t *taking) repeated(ctx context.Context) (done bool, r dossier.Receipt, err error) {
	err = t.u.look(ctx, "take envelope", func(tx *sql.Tx) error {
		if err = t.findSender(ctx, tx); err != nil {
			return err
		}
		c, err := findChain(ctx, tx, t.e.Chain.Chain)
		if none(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.station != t.sender.station {
			return dossier.Invalid("", "envelope.sender")
		}
		if t.e.Last > c.Seq || c.Genesis != t.e.Chain || c.judged < c.Seq && !c.own {
			return nil
		}
		hash, err := hashAt(ctx, tx, c, t.e.Last)
		if err != nil || hash != t.e.Hash {
			return err
		}
		if t.own() {
			if err := t.speaksForItself(ctx, tx, c); err != nil {
				return err
			}
		}
		if c.own {
			r, err = t.u.said(ctx, tx, c, t.sender.name)
		} else {
			r, err = t.u.latestReceipt(ctx, tx, c, t.sender.name)
		}
		if none(err) || err == nil && r.Seq != c.Seq {
			return nil
		}
		done = err == nil
		return err
	})
	return done, r, err
}

// speaksForItself tells whether a PC that hands in its own journal may: two copies of it must not be alive, and the life must be the one
// that is continued, or be handed in for completeness by the PC that has left it. Codes: line.frozen, journal.superseded.
func (t *taking) speaksForItself(ctx context.Context, tx *sql.Tx, c chain) error {
	d, err := deviceByID(ctx, tx, c.Device)
	switch {
	case err != nil:
		return err
	case d.frozen:
		return dossier.Invalid("", "line.frozen")
	case c.id != d.current && (d.writes.IsZero() || d.writes == c.Incarnation):
		return dossier.Invalid("", "journal.superseded")
	}
	return nil
}

// open finds whose journal it is and reads the entries; it is slow, and is done before the writer is held up. Codes: envelope.sender,
// envelope.recipient, envelope.bad, journal.unknown.
func (t *taking) open(ctx context.Context) error {
	k, err := t.u.keys(ctx, t.u.read)
	if err != nil {
		return err
	}
	if err := t.findOwner(ctx, t.u.read, k); err != nil {
		return err
	}
	t.entries, err = k.open(t.e, t.owner)
	return err
}

// findOwner finds who signed it. Codes: envelope.sender, journal.unknown.
func (t *taking) findOwner(ctx context.Context, db asker, k *keys) error {
	var owners []ed25519.PublicKey
	c, err := findChain(ctx, db, t.e.Chain.Chain)
	switch {
	case err == nil:
		owners = append(owners, c.Owner)
	case !none(err):
		return err
	default:
		if owners, err = t.owners(ctx, db, k); err != nil {
			return err
		}
		if t.maker == t.e.Chain.Device && !t.maker.IsZero() { // it may have changed its keys since upstream's file was made
			owners = append(owners, t.e.Sender)
		}
	}
	t.owner = owners[0]
	for _, key := range owners {
		if t.e.Head().SignedBy(key, t.e.Owner) {
			t.owner = key
		}
	}
	return nil
}

// owners are the keys that may have signed a life nobody has told of yet.
func (t *taking) owners(ctx context.Context, db asker, k *keys) (out []ed25519.PublicKey, err error) {
	d, err := deviceByID(ctx, db, t.e.Chain.Device)
	if none(err) {
		var station int64
		err := db.QueryRowContext(ctx, "SELECT station FROM chain WHERE device = ? AND own", t.e.Chain.Device[:]).Scan(&station)
		switch {
		case none(err):
			return nil, dossier.Invalid("", "journal.unknown")
		case err != nil:
			return nil, err
		case station != t.sender.station:
			return nil, dossier.Invalid("", "envelope.sender")
		}
		for _, p := range k.all {
			out = append(out, p.public)
		}
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	if d.station != t.sender.station {
		return nil, dossier.Invalid("", "envelope.sender")
	}
	out = append(out, d.owner)
	if d.next != nil {
		out = append(out, d.next)
	}
	former, err := collect(ctx, db, func(scan func(...any) error) (k ed25519.PublicKey, err error) { return k, scan((*[]byte)(&k)) },
		"SELECT owner FROM former_owner WHERE device = ?", d.id[:])
	if err != nil {
		return nil, err
	}
	early, err := namedEarly(ctx, db, d.id)
	return slices.Concat(out, former, early), err
}

// keep puts the entries where they belong.
func (t *taking) keep(ctx context.Context, tx *sql.Tx) (dossier.Receipt, error) {
	c, err := findChain(ctx, tx, t.e.Chain.Chain)
	switch {
	case none(err):
		if own, err := ofUpstream(ctx, tx, t.e.Chain.Device); err != nil {
			return dossier.Receipt{}, err
		} else if own {
			r, err := t.adopt(ctx, tx)
			if err == nil {
				err = t.u.vouchAll(ctx, tx, t.sender.station)
			}
			return r, err
		}
		return t.begin(ctx, tx)
	case err != nil:
		return dossier.Receipt{}, err
	case c.station != t.sender.station:
		return dossier.Receipt{}, dossier.Invalid("", "envelope.sender")
	case c.own:
		r, err := t.handedBack(ctx, tx, c)
		if err == nil {
			err = t.u.vouchAll(ctx, tx, c.station)
		}
		return r, err
	}
	return t.continued(ctx, tx, c)
}

// How an envelope lies to what is held of its chain.
type fit int

const (
	gap     fit = iota // it begins after the end
	fits               // it says the same where both speak, and may go on after the end
	differs            // it says something else
)

// compare tells how the envelope lies to a chain, and after which sequence number it says something else.
func (t *taking) compare(ctx context.Context, tx *sql.Tx, c chain) (fit, uint64, error) {
	if t.e.Chain != c.Genesis {
		return differs, 0, nil
	}
	if t.e.First > c.Seq+1 {
		return gap, 0, nil
	}
	at := t.e.First - 1
	held, err := hashAt(ctx, tx, c, at)
	if err != nil {
		return gap, 0, err
	}
	if held != t.e.Before {
		return differs, 0, nil
	}
	hash := t.e.Before
	for _, entry := range t.entries {
		if at == c.Seq {
			break
		}
		hash = dossier.NextHash(hash, entry.Header())
		if held, err = hashAt(ctx, tx, c, at+1); err != nil {
			return gap, 0, err
		}
		if held != hash {
			return differs, at, nil
		}
		at++
	}
	return fits, at, nil
}

// continued is an envelope of a life of a PC that is held.
func (t *taking) continued(ctx context.Context, tx *sql.Tx, c chain) (dossier.Receipt, error) {
	d, err := deviceByID(ctx, tx, c.Device)
	if err != nil {
		return dossier.Receipt{}, err
	}
	if t.own() {
		if err := t.speaksForItself(ctx, tx, c); err != nil {
			return dossier.Receipt{}, err
		}
	}
	lies, at, err := t.compare(ctx, tx, c)
	if err != nil {
		return dossier.Receipt{}, err
	}
	switch {
	case lies == gap:
		goesOn, err := follows(ctx, tx, t.e)
		if err != nil {
			return dossier.Receipt{}, err
		}
		switch {
		case d.frozen:
			return t.wait(ctx, tx, d, c, parkedFrozen)
		case d.revoked && t.e.First > uint64(c.until.Int64):
			return t.wait(ctx, tx, d, c, parkedRevoked)
		case goesOn || t.beside():
			return t.wait(ctx, tx, d, c, parkedForked)
		}
		return t.early(ctx, tx, d, c, "journal.gap")
	case lies == differs && d.revoked:
		return t.wait(ctx, tx, d, c, parkedRevoked)
	case lies == differs:
		return t.wait(ctx, tx, d, c, parkedForked)
	case at == t.e.Last: // nothing is new
	case d.frozen:
		return t.wait(ctx, tx, d, c, parkedFrozen)
	case c.until.Valid && t.e.Last > uint64(c.until.Int64):
		return t.beyond(ctx, tx, d, c, at)
	default:
		if c.until.Valid && t.e.Last == uint64(c.until.Int64) && !lastAccepted(d, c, t.e.Hash) {
			return t.wait(ctx, tx, d, c, parkedRevoked)
		}
		if err := t.u.extend(ctx, tx, &c, t.entries[at+1-t.e.First:], t.e.Owner); err != nil {
			return dossier.Receipt{}, err
		}
	}
	t.grown = c.id
	return t.u.receipt(ctx, tx, c, t.sender.name)
}

// lastAccepted tells whether that hash may stand where a revoked PC's journal ends. It is not known where upstream was told of more than it
// held.
func lastAccepted(d device, c chain, hash dossier.Hash) bool {
	return string(d.lastLife) != string(c.Incarnation[:]) || string(d.lastHash) == string(make([]byte, len(hash))) || string(d.lastHash) == string(hash[:])
}

// beyond keeps what a revoked PC's journal may still hold, and lets the rest wait.
func (t *taking) beyond(ctx context.Context, tx *sql.Tx, d device, c chain, at uint64) (dossier.Receipt, error) {
	until := uint64(c.until.Int64)
	if until > at {
		hash := t.e.Before
		for _, e := range t.entries[:until+1-t.e.First] {
			hash = dossier.NextHash(hash, e.Header())
		}
		if lastAccepted(d, c, hash) {
			if err := t.u.extend(ctx, tx, &c, t.entries[at+1-t.e.First:until+1-t.e.First], nil); err != nil {
				return dossier.Receipt{}, err
			}
			if err := t.u.vouch(ctx, tx, c); err != nil {
				return dossier.Receipt{}, err
			}
			t.grown = c.id
		}
	}
	return t.wait(ctx, tx, d, c, parkedRevoked)
}

// wait lets the entries wait in sight. If all their events are held already, wherever, the receipt is for what is held of the chain.
func (t *taking) wait(ctx context.Context, tx *sql.Tx, d device, c chain, reason string) (dossier.Receipt, error) {
	waits, err := t.u.park(ctx, tx, d, parkingOf(t.e, t.entries), reason)
	if err == nil && reason != parkedEarly {
		err = learn(ctx, tx, d, t.entries)
	}
	if err != nil {
		return dossier.Receipt{}, err
	}
	if waits {
		t.waits = reason
	}
	if waits || c.id == 0 {
		t.refused = dossier.Invalid("", "journal.forked")
		return dossier.Receipt{}, nil
	}
	return t.u.receipt(ctx, tx, c, t.sender.name)
}

// early is an envelope of which what comes before it is not here. Over the line its sender is told so and begins further back. What is left at
// the end of a stick waits, for nobody may come with it again.
func (t *taking) early(ctx context.Context, tx *sql.Tx, d device, c chain, code string) (dossier.Receipt, error) {
	if !t.last {
		return dossier.Receipt{}, dossier.Invalid("", code)
	}
	return t.wait(ctx, tx, d, c, parkedEarly)
}

// receipt is upstream's word that it holds a chain as far as it does: the one given before, or a new one, kept with what it is for.
func (u *Upstream) receipt(ctx context.Context, tx *sql.Tx, c chain, station string) (dossier.Receipt, error) {
	r, err := u.latestReceipt(ctx, tx, c, station)
	if err == nil && r.Seq == c.Seq || err != nil && !none(err) {
		return r, err
	}
	k, err := u.keys(ctx, tx)
	if err != nil {
		return dossier.Receipt{}, err
	}
	r = dossier.Receipt{Head: c.Head(), Station: station, At: u.Now()}
	day := dossier.DateOf(r.At)
	stamp := fmt.Sprintf("%02d%02d%02d", day.Year%100, day.Month, day.Day)
	var running int
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(running), 0) + 1 FROM receipt WHERE day = ?", stamp).Scan(&running); err != nil {
		return dossier.Receipt{}, err
	}
	r.Number = fmt.Sprintf("BN-%s-%04d", stamp, running)
	r.Sign(k.secret)
	_, err = tx.ExecContext(ctx, "INSERT INTO receipt (number, day, running, chain, seq, at, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.Number, stamp, running, c.id, int64(r.Seq), r.At.UnixMilli(), r.Signature)
	return r, err
}

// said is the answer to upstream's own words handed back: that it holds them. It has no number, for nobody sent anything.
func (u *Upstream) said(ctx context.Context, db asker, c chain, station string) (dossier.Receipt, error) {
	k, err := u.keys(ctx, db)
	if err != nil {
		return dossier.Receipt{}, err
	}
	r := dossier.Receipt{Head: c.Head(), Station: station, At: u.Now()}
	r.Sign(k.secret)
	return r, nil
}

// latestReceipt gives sql.ErrNoRows where none was given. One that was signed with a former key is signed anew.
func (u *Upstream) latestReceipt(ctx context.Context, db asker, c chain, station string) (dossier.Receipt, error) {
	r := dossier.Receipt{Station: station}
	var at int64
	err := db.QueryRowContext(ctx, "SELECT number, seq, at, signature FROM receipt WHERE chain = ? ORDER BY seq DESC LIMIT 1", c.id).
		Scan(&r.Number, &r.Seq, &at, &r.Signature)
	if err != nil {
		return dossier.Receipt{}, err
	}
	r.Chain, r.At = c.Chain, time.UnixMilli(at).UTC()
	if r.Hash, err = hashAt(ctx, db, c, r.Seq); err != nil {
		return dossier.Receipt{}, err
	}
	k, err := u.keys(ctx, db)
	if err != nil {
		return dossier.Receipt{}, err
	}
	if len(k.all) > 1 && !r.SignedBy(k.public) {
		r.Sign(k.secret)
	}
	return r, nil
}

func (u *Upstream) fault(err error) {
	if u.Fault != nil {
		u.Fault(err)
	}
}
