package exchange

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Export puts parcels onto the stick at dir: one for upstream, with what no receipt covers, and one for each other PC of the station, with
// what its last parcel shows that it lacks. now is for the parcels' names. told, which may be nil, hears how far it is. What is on a stick
// is not sent: nothing here changes by it. Codes: line.not-enrolled, and those of wire.WriteParcel.
func (c *Client) Export(ctx context.Context, disk wire.Disk, dir string, now time.Time, told func(dossier.SendStep)) (dossier.Exported, error) {
	out := dossier.Exported{Dir: dir}
	if told == nil {
		told = func(dossier.SendStep) {}
	}
	if err := c.take(ctx); err != nil {
		return out, err
	}
	defer c.give()
	s, err := c.stick(ctx)
	if err != nil {
		return out, err
	}
	to, err := s.addressees(ctx)
	if err != nil {
		return out, err
	}
	var written []wire.WrittenParcel
	for _, a := range to {
		w, err := s.export(ctx, disk, dir, now, a, told)
		if err != nil {
			return out, err
		}
		written = append(written, w)
		out.Parcels = append(out.Parcels, w.Told(w.Folder, w.Index, s.writer))
	}
	if err := wire.CheckParcels(ctx, disk, dir, written); err != nil {
		return out, err
	}
	wire.Tidy(dir, publicOf(s.store.SigningKey()), written, func(h wire.Held) bool {
		at, ok, err := s.store.HashAt(ctx, h.Chain, h.Seq)
		return err == nil && ok && at.Hash == h.Hash
	})
	return out, nil
}

// stick is this PC's side of an exchange by stick.
type stick struct {
	store      Store
	u          dossier.Upstream
	identities []wire.Identity
	roster     []dossier.Admission
	own        dossier.ChainState
	chains     []dossier.ChainState
	parted     map[dossier.Chain]bool // of which a parcel holds another continuation than we do
}

func (c *Client) stick(ctx context.Context) (*stick, error) {
	s := &stick{store: c.Store, parted: map[dossier.Chain]bool{}}
	var ok bool
	var err error
	if s.u, ok, err = c.Store.Upstream(ctx); err != nil {
		return nil, fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return nil, dossier.Invalid("", "line.not-enrolled")
	}
	if s.identities, err = c.identities(ctx); err != nil {
		return nil, err
	}
	return s, s.look(ctx)
}

// look reads anew what is held here, and who is of the station.
func (s *stick) look(ctx context.Context) (err error) {
	if s.roster, err = s.store.Roster(ctx); err != nil {
		return fmt.Errorf("read the station's PCs: %w", err)
	}
	if s.chains, err = s.store.Chains(ctx); err != nil {
		return fmt.Errorf("read chains: %w", err)
	}
	for _, one := range s.chains {
		if one.Own {
			s.own = one
		}
	}
	return nil
}

func (s *stick) held(c dossier.Chain) (dossier.ChainState, bool) {
	for _, one := range s.chains {
		if one.Chain == c {
			return one, true
		}
	}
	return dossier.ChainState{}, false
}

// writer tells whose journal a chain is.
func (s *stick) writer(c dossier.Chain) (dossier.Writer, int) {
	switch c.Device {
	case s.own.Device:
		return dossier.WriterSelf, s.u.Desk
	case s.u.Chain.Device:
		return dossier.WriterUpstream, 0
	}
	for _, a := range s.roster {
		if a.Device == c.Device {
			return dossier.WriterSister, a.Desk
		}
	}
	return dossier.WriterSister, 0
}

// addressee is one for whom a parcel is made.
type addressee struct {
	kind   wire.ParcelKind
	name   string
	device dossier.DeviceID
	key    ed25519.PublicKey
	to     wire.Recipient
}

func (s *stick) addressees(ctx context.Context) ([]addressee, error) {
	to, err := wire.ParseRecipient(s.u.Recipient)
	if err != nil {
		return nil, fmt.Errorf("read upstream: %w", err)
	}
	all := []addressee{{wire.ParcelUp, s.u.Name, s.u.Chain.Device, s.u.Key, to}}
	for _, a := range s.roster {
		if a.Device == s.own.Device {
			continue
		}
		if to, err = wire.ParseRecipient(a.Recipient); err != nil {
			return nil, fmt.Errorf("read the station's PCs: %w", err)
		}
		all = append(all, addressee{wire.ParcelSister, s.at(a.Desk), a.Device, a.Key, to})
	}
	return all, nil
}

func (s *stick) at(desk int) string { return fmt.Sprintf("%s, quầy số %d", s.u.Station, desk) }

func (s *stick) export(ctx context.Context, disk wire.Disk, dir string, now time.Time, a addressee, told func(dossier.SendStep)) (wire.WrittenParcel, error) {
	h, err := s.heardOf(ctx, a.device)
	if err != nil {
		return wire.WrittenParcel{}, err
	}
	p := wire.Parcel{Kind: a.kind, At: now, From: s.at(s.u.Desk), To: a.name, For: wire.Addressee{Recipient: a.to.ID, Key: wire.KeyHash(a.key)}, Own: &s.own.Chain}
	for _, one := range s.chains[:min(len(s.chains), wire.MaxChains)] {
		p.Chains = append(p.Chains, wire.Held{Genesis: one.Genesis, Owner: one.Owner, Seq: one.Head.Seq, Hash: one.Head.Hash})
		if one.Receipt != nil {
			p.Receipts = append(p.Receipts, *one.Receipt)
		}
	}
	if a.kind == wire.ParcelUp {
		if err := s.introduce(ctx, &p); err != nil {
			return wire.WrittenParcel{}, err
		}
	}
	from := map[dossier.Chain]dossier.Head{}
	step := dossier.SendStep{Phase: "export"}
	for _, one := range s.chains {
		at, lacks, err := s.lacks(ctx, a, h, one)
		if err != nil {
			return wire.WrittenParcel{}, err
		}
		if lacks {
			from[one.Chain] = at
			step.Of += int(one.Head.Seq - at.Seq)
		}
	}
	told(step)
	return wire.WriteParcel(ctx, disk, dir, p, s.store.SigningKey(), s.envelopes(ctx, a, from, func(n int) {
		step.Done += n
		told(step)
	}), func(phase string, done int) {
		if phase == "check" {
			told(dossier.SendStep{Phase: "check", Done: done})
		}
	})
}

// introduce says to an upstream that may have forgotten this PC who made the parcel.
func (s *stick) introduce(ctx context.Context, p *wire.Parcel) error {
	admission, err := s.store.Secret(ctx, AdmissionSecret)
	if err != nil {
		return fmt.Errorf("read the admission: %w", err)
	}
	a, err := wire.ReadAdmission(admission)
	if err != nil { // there is none, or none that proves anything: the rest is as good without
		return nil
	}
	p.Admission = admission
	maker := publicOf(s.store.SigningKey())
	if a.Key.Equal(maker) {
		return nil
	}
	keys, err := s.store.FormerKeys(ctx)
	if err != nil {
		return fmt.Errorf("read former keys: %w", err)
	}
	for _, key := range keys {
		if a.Key.Equal(publicOf(key)) {
			p.Vouched = wire.Vouch(key, maker)
		}
	}
	return nil
}

// lacks tells from where on a chain has to be given to somebody. What is not known is given whole, a stick has room; but a sister nobody has
// heard by stick has had from upstream what upstream holds, and years of it would take an hour to write. If she has not, her own parcel says so.
func (s *stick) lacks(ctx context.Context, a addressee, h heard, ours dossier.ChainState) (dossier.Head, bool, error) {
	at := dossier.Head{Chain: ours.Chain, Hash: ours.Genesis.Hash()}
	theirs, said := h.held(ours.Chain)
	if up := a.kind == wire.ParcelUp; up && ours.Device == s.u.Chain.Device || !up && ours.Device == a.device {
		// Its own word it gets back only when it shows that it has lost some of it.
		if len(h.Chains) == 0 || said && theirs.Seq >= ours.Head.Seq && theirs.Hash == ours.Head.Hash {
			return at, false, nil
		}
	} else if ours.Receipt != nil && (up || len(h.Chains) == 0) {
		if at = ours.Receipt.Head; ours.Receipt.Seq <= h.Marks[ours.Chain.String()] {
			at = dossier.Head{Chain: ours.Chain, Hash: ours.Genesis.Hash()} // its parcel is later than the receipt
			if !said {
				return at, ours.Head.Seq > 0, nil
			}
		}
	}
	if said && theirs.Seq > at.Seq {
		mine, ok, err := s.store.HashAt(ctx, ours.Chain, theirs.Seq)
		if err != nil {
			return at, false, fmt.Errorf("read chain %s: %w", ours.Chain, err)
		}
		switch {
		case ok && mine.Hash == theirs.Hash:
			at = mine
		case !ok && ours.Head.Seq < theirs.Seq:
			return at, false, nil // it holds more, or another continuation: what it gives shows which
		}
	}
	return at, ours.Head.Seq > at.Seq, nil
}

// envelopes are what follows those points of our chains, older lives first as they are held.
func (s *stick) envelopes(ctx context.Context, a addressee, from map[dossier.Chain]dossier.Head, took func(n int)) iter.Seq2[wire.Envelope, error] {
	return func(yield func(wire.Envelope, error) bool) {
		for _, one := range s.chains {
			at, lacks := from[one.Chain]
			for lacks && at.Seq < one.Head.Seq {
				e, err := seal(ctx, s.store, one, at, a.to)
				if errors.Is(err, errUnsigned) {
					break
				}
				if !yield(e, err) || err != nil {
					return
				}
				took(e.Count())
				at = e.Head()
			}
		}
	}
}

// heard is what somebody's last parcel said. Only how much is put onto the next stick hangs on it.
type heard struct {
	Chains []wire.Held       `json:"chains"`
	Marks  map[string]uint64 `json:"marks"` // the receipts that were known when it came: a later one is later news
}

func (h heard) held(c dossier.Chain) (wire.Held, bool) {
	return wire.HelloAnswer{Chains: h.Chains}.Chain(c)
}

func heardName(d dossier.DeviceID) string { return "sync/heard/" + d.String() }

func (s *stick) heardOf(ctx context.Context, d dossier.DeviceID) (heard, error) {
	b, err := s.store.Secret(ctx, heardName(d))
	if err != nil {
		return heard{}, fmt.Errorf("read what a parcel said: %w", err)
	}
	var h heard
	if b != nil && json.Unmarshal(b, &h) != nil {
		return heard{}, nil
	}
	return h, nil
}

// hear keeps what somebody's parcels on one stick said.
func (s *stick) hear(ctx context.Context, d dossier.DeviceID, of []wire.Parcel) error {
	h := heard{Chains: wire.Least(of), Marks: map[string]uint64{}}
	for _, one := range s.chains {
		if one.Receipt != nil {
			h.Marks[one.Chain.String()] = one.Receipt.Seq
		}
	}
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("keep what a parcel said: %w", err)
	}
	if err := s.store.KeepSecret(ctx, heardName(d), b); err != nil {
		return fmt.Errorf("keep what a parcel said: %w", err)
	}
	return nil
}

// Import takes in every parcel on the stick at dir that is for this PC: receipts, what upstream said, what the station's other PCs wrote,
// and what another continuation of this PC's own journal holds. It may be repeated, in any order, and a stick that is pulled out in the
// middle only means repeating it. A receipt on a stick may raise what is known as sent, never lower it. What came of each parcel is in the
// answer; an error is of this PC's own disk, or ctx's. Codes: line.not-enrolled, parcel.folder, and those of the store.
func (c *Client) Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error) {
	var out dossier.Imported
	if told == nil {
		told = func(dossier.SendStep) {}
	}
	if err := c.take(ctx); err != nil {
		return out, err
	}
	defer c.give()
	s, err := c.stick(ctx)
	if err != nil {
		return out, err
	}
	found, err := wire.FindParcels(ctx, dir)
	if err != nil && !errors.As(err, &out.Problem) || err != nil && len(found) == 0 {
		return out, err
	}
	var all []*intake
	for _, f := range found {
		i := &intake{stick: s, found: f, kept: make([]bool, len(f.Files)), out: &out}
		i.Parcel = f.Told(f.Folder, f.Index, s.writer)
		if i.Problem, err = i.isOurs(ctx); err != nil {
			return out, err
		}
		all = append(all, i)
	}
	// Who is of the station, and who is no longer, upstream's parcels say.
	slices.SortStableFunc(all, func(a, b *intake) int { return cmp.Compare(rank(a), rank(b)) })
	done := 0
	err = rounds(ctx, all, func() {
		of := 0
		for _, i := range all {
			if i.Problem == nil || i.run {
				of += len(i.found.Files)
			}
		}
		done++
		told(dossier.SendStep{Phase: "import", Done: done, Of: of})
	})
	slices.SortFunc(all, func(a, b *intake) int { return cmp.Compare(a.Folder, b.Folder) })
	for _, i := range all {
		out.Parcels = append(out.Parcels, i.ImportedParcel)
		out.Taken += i.Taken
	}
	if err != nil {
		return out, err
	}
	said := map[dossier.DeviceID][]wire.Parcel{}
	for _, i := range all {
		if i.run {
			if !i.above {
				c.Known.heard(ctx, i.from, i.found.At, i.found.Chains)
			}
			said[i.from] = append(said[i.from], i.found.Parcel)
		}
	}
	for _, i := range all {
		if of := said[i.from]; of != nil {
			delete(said, i.from)
			if err := s.hear(ctx, i.from, of); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// rank is 0 for upstream's parcels.
func rank(i *intake) int {
	if i.above {
		return 0
	}
	return 1
}

// rounds goes over the parcels until nothing moves: one made later may be found first, and its entries fit only after the other's.
func rounds(ctx context.Context, all []*intake, took func()) error {
	for moved := true; moved; {
		moved = false
		for _, i := range all {
			if i.Problem != nil && !slices.ContainsFunc(i.Problem, func(p dossier.Problem) bool { return p.Code == "parcel.gap" || p.Code == "parcel.stranger" }) {
				continue
			}
			var err error
			if i.Problem, err = i.isOurs(ctx); err != nil { // what was taken in meanwhile may have said so
				return err
			}
			if i.Problem != nil {
				continue
			}
			before := i.Done
			if err := i.take(ctx, took); err != nil {
				return err
			}
			moved = moved || i.Done > before
		}
	}
	return nil
}

// intake is one parcel being taken in.
type intake struct {
	*stick
	dossier.ImportedParcel
	found wire.FoundParcel
	above bool // upstream made it
	from  dossier.DeviceID
	kept  []bool // by file
	run   bool   // it was opened
	out   *dossier.Imported
}

func (i *intake) say(ps dossier.Problems) {
	if !slices.ContainsFunc(i.Problem, func(p dossier.Problem) bool { return p.Code == ps[0].Code }) {
		i.Problem = append(i.Problem, ps...)
	}
}

// isOurs tells why a parcel is not to be opened here.
func (i *intake) isOurs(ctx context.Context) (dossier.Problems, error) {
	f := i.found
	if f.Err != nil {
		return f.Err, nil
	}
	maker := ed25519.PublicKey(f.Maker)
	if maker.Equal(publicOf(i.store.SigningKey())) {
		return dossier.Invalid("", "parcel.outgoing", "to", f.To), nil
	}
	if !slices.ContainsFunc(i.identities, func(one wire.Identity) bool { return one.ID() == f.For.Recipient }) {
		return dossier.Invalid("", "parcel.foreign", "to", f.To), nil
	}
	if i.above = i.u.Key.Equal(maker); !i.above && f.Kind == wire.ParcelDown {
		next, err := nextKey(ctx, i.store, i.u.Chain.Device)
		if err == nil && (next == nil || !next.Key.Equal(maker)) {
			if err = i.missed(ctx); err == nil {
				next, err = nextKey(ctx, i.store, i.u.Chain.Device)
			}
		}
		if err != nil {
			return nil, err
		}
		if next != nil && next.Key.Equal(maker) { // it said so itself, under the key that was pinned
			if err := i.store.SetUpstreamKey(ctx, *next); err != nil {
				return nil, fmt.Errorf("keep upstream's new key: %w", err)
			}
			i.u.Key, i.u.Recipient, i.above = next.Key, next.Recipient, true
		}
	}
	i.from = i.u.Chain.Device
	for _, a := range i.roster {
		if !i.above && a.Key.Equal(maker) {
			i.from = a.Device
		}
	}
	if i.above != (f.Kind == wire.ParcelDown) || f.Kind == wire.ParcelUp || !i.above && i.from == i.u.Chain.Device {
		return dossier.Invalid("", "parcel.stranger", "from", f.From), nil
	}
	return nil, nil
}

// missed takes in what a parcel brings of upstream's own journals whoever made it: this PC may have missed a change of upstream's keys, and on the line
// nobody could tell it. They are signed with keys that upstream has or had by its own word, and the last they name may be the maker's.
func (i *intake) missed(ctx context.Context) error {
	for n, f := range i.found.Files {
		if f.Device != i.u.Chain.Device || i.kept[n] {
			continue
		}
		ps, err := i.file(ctx, n)
		if err != nil || ps != nil {
			return err
		}
		i.kept[n] = true
		i.Done++
	}
	return nil
}

// take takes in what can be taken now. What the parcel carries of our own journal comes first, as on the line.
func (i *intake) take(ctx context.Context, took func()) error {
	i.run = true
	stuck := map[dossier.Chain]bool{}
	for _, own := range []bool{true, false} {
		for n, f := range i.found.Files {
			if (f.Device == i.own.Device) != own || i.kept[n] || stuck[f.Chain] {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			ps, err := i.file(ctx, n)
			if err != nil {
				return err
			}
			if ps != nil {
				i.say(ps)
				stuck[f.Chain] = true // what follows it would not fit
				i.parted[f.Chain] = i.parted[f.Chain] || dossier.Code(ps) == "journal.forked"
				continue
			}
			i.kept[n] = true
			i.Done++
			took()
		}
		if own {
			if err := i.closed(ctx); err != nil {
				return err
			}
			if err := reclaimAll(ctx, i.store); err != nil {
				return err
			}
			if err := i.look(ctx); err != nil {
				return err
			}
		}
	}
	if err := i.receipts(ctx); err != nil {
		return err
	}
	if i.found.Frozen {
		i.say(dossier.Invalid("", "line.frozen"))
	}
	if theirs, said := i.found.Held(i.own.Chain); said && i.above && theirs.Seq > i.own.Head.Seq {
		i.say(dossier.Invalid("", "parcel.behind")) // the parcel has too little of it: its maker goes by what we said last
	}
	return nil
}

// file takes in one envelope. Problems are the file's, and hold up what follows it; an error is of our own disk.
func (i *intake) file(ctx context.Context, n int) (dossier.Problems, error) {
	f := i.found.Files[n]
	damaged := dossier.Invalid("", "parcel.file-damaged", "file", f.Name, "folder", i.Folder)
	e, err := i.found.Envelope(n)
	var ps dossier.Problems
	if errors.As(err, &ps) {
		return ps, nil
	}
	if err != nil {
		return nil, err
	}
	if !e.Sender.Equal(ed25519.PublicKey(i.found.Maker)) {
		return damaged, nil
	}
	ours, known := i.held(e.Chain.Chain)
	if !known {
		theirs, said := i.found.Held(e.Chain.Chain)
		owned, err := i.owned(ctx, theirs.Genesis, theirs.Owner)
		if err != nil {
			return nil, err
		}
		if !said || theirs.Genesis != e.Chain || !owned {
			return dossier.Invalid("", "parcel.gap", "from", i.From), nil // who owns it, upstream has not said yet
		}
		if !i.parted[dossier.Chain{Device: e.Chain.Device, Incarnation: e.Chain.Previous}] {
			if ok, err := rooted(ctx, i.store, e.Chain, i.found.Held); err != nil || !ok {
				return dossier.Invalid("", "parcel.gap", "from", i.From), err
			}
		}
		if ours, err = adopt(ctx, i.store, theirs.Genesis, theirs.Owner); err != nil {
			return nil, err
		}
		i.chains = append(i.chains, ours)
	}
	if ours.Genesis != e.Chain {
		return dossier.Invalid("", "journal.forked"), nil
	}
	entries, err := open(e, i.identities, ours.Owner)
	if err != nil {
		return damaged, nil
	}
	return i.place(ctx, e, ours, entries)
}

// place puts the entries of an envelope where they belong.
func (i *intake) place(ctx context.Context, e wire.Envelope, ours dossier.ChainState, entries []dossier.Entry) (dossier.Problems, error) {
	mine := ours.Device == i.own.Device
	at, ok, err := i.store.HashAt(ctx, ours.Chain, e.First-1)
	if err != nil {
		return nil, fmt.Errorf("read chain %s: %w", ours.Chain, err)
	}
	if !ok || at.Hash != e.Before {
		if mine && slices.Contains(i.found.Parked, e.Head()) || mine && ok {
			return nil, i.reclaim(ctx, entries) // it fits nowhere, and is ours: the life that is written takes it over
		}
		if ok {
			return dossier.Invalid("", "journal.forked"), nil
		}
		return dossier.Invalid("", "parcel.gap", "from", i.From), nil
	}
	// at is the last point both have; rest follows it.
	rest := entries
	for len(rest) > 0 && at.Seq < ours.Head.Seq {
		next := dossier.Head{Chain: ours.Chain, Seq: at.Seq + 1, Hash: dossier.NextHash(at.Hash, rest[0].Header())}
		have, ok, err := i.store.HashAt(ctx, ours.Chain, next.Seq)
		if err != nil {
			return nil, fmt.Errorf("read chain %s: %w", ours.Chain, err)
		}
		if !ok || have != next {
			break
		}
		at, rest = next, rest[1:]
	}
	if len(rest) == 0 {
		return nil, nil
	}
	differs := at.Seq < ours.Head.Seq
	switch {
	case differs && !mine:
		return dossier.Invalid("", "journal.forked"), nil // which of the two counts, the line tells
	case differs && (ours.Chain != i.own.Chain || !i.above || ours.Receipt != nil && at.Seq < ours.Receipt.Seq):
		had, written := i.Taken, ours.Chain == i.own.Chain
		if err := i.reclaim(ctx, rest); err != nil {
			return nil, err
		}
		if n := i.Taken - had; written && !i.above && n > 0 { // as on the station's network, see tookOver
			i.out.Healed = append(i.out.Healed, dossier.Healing{What: dossier.HealedForked, At: at, Taken: n})
		}
		return nil, nil
	case mine && ours.Chain == i.own.Chain:
		what := dossier.HealedBehind
		if differs {
			what = dossier.HealedForked
		}
		if err := i.fork(ctx, at, what); err != nil {
			return nil, err
		}
	}
	if err := i.store.Extend(ctx, e.Head(), e.Owner, entries); err != nil {
		var ps dossier.Problems
		if errors.As(err, &ps) && (strings.HasPrefix(ps[0].Code, "chain.") || strings.HasPrefix(ps[0].Code, "event.")) {
			return ps, nil
		}
		return nil, fmt.Errorf("keep entries of %s: %w", ours.Chain, err)
	}
	i.Taken += len(rest)
	return nil, i.look(ctx)
}

func (i *intake) fork(ctx context.Context, at dossier.Head, what string) error {
	healed, err := i.store.Fork(ctx, at, what)
	if err != nil {
		return fmt.Errorf("begin a new life: %w", err)
	}
	i.out.Healed = append(i.out.Healed, healed)
	return i.look(ctx)
}

func (i *intake) reclaim(ctx context.Context, entries []dossier.Entry) error {
	before := i.own.Head.Seq
	if _, err := reclaim(ctx, i.store, entries); err != nil {
		return err
	}
	if err := i.look(ctx); err != nil {
		return err
	}
	i.Taken += int(i.own.Head.Seq - before)
	return nil
}

// closed begins a new life where upstream continues another of ours than the one we write, and we know that one: an older copy of the file
// was put back here. It never goes below what a receipt covers.
func (i *intake) closed(ctx context.Context) error {
	current := i.found.Current
	if !i.above || current == nil || *current == i.own.Chain || current.Device != i.own.Device {
		return nil
	}
	theirs, said := i.found.Held(i.own.Chain)
	if _, known := i.held(*current); !known || !said {
		return nil
	}
	at, ok, err := i.store.HashAt(ctx, i.own.Chain, theirs.Seq)
	if err != nil {
		return fmt.Errorf("read chain %s: %w", i.own.Chain, err)
	}
	if !ok || at.Hash != theirs.Hash {
		return nil // more, or another continuation, of which the parcel has too little to tell where
	}
	if i.own.Receipt != nil && at.Seq < i.own.Receipt.Seq {
		at = i.own.Receipt.Head
	}
	what := dossier.HealedBehind
	if at.Seq < i.own.Head.Seq {
		what = dossier.HealedForked
	}
	return i.fork(ctx, at, what)
}

// receipts keeps those that are upstream's word on our own hashes, and news.
func (i *intake) receipts(ctx context.Context) error {
	for _, r := range i.found.Receipts {
		ours, held := i.held(r.Chain)
		if !held || !r.SignedBy(i.u.Key) || r.Station != i.u.Station || ours.Receipt != nil && r.Seq <= ours.Receipt.Seq {
			continue
		}
		have, ok, err := i.store.HashAt(ctx, r.Chain, r.Seq)
		if err != nil {
			return fmt.Errorf("read chain %s: %w", r.Chain, err)
		}
		if !ok || have != r.Head {
			continue
		}
		if err := i.store.KeepReceipt(context.WithoutCancel(ctx), r); err != nil {
			return fmt.Errorf("keep receipt %s: %w", r.Number, err)
		}
		i.out.Receipts++
	}
	return i.look(ctx)
}

// owned tells whether that key may own that chain, as on the line. A life of upstream's may be signed with any key that its journal named.
func (i *intake) owned(ctx context.Context, g dossier.Genesis, owner ed25519.PublicKey) (bool, error) {
	v := visit{above: i.above, u: i.u, roster: i.roster, chains: i.chains}
	if v.owned(g, owner) || !v.upstreams(g.Chain) {
		return v.owned(g, owner), nil
	}
	named, err := namedKeys(ctx, i.store, g.Device)
	return slices.ContainsFunc(named, func(k dossier.NewKey) bool { return k.Key.Equal(owner) }), err
}
