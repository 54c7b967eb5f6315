package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// seat is a PC of a station, for people.
type seat struct {
	id      dossier.DeviceID
	outside bool
	key     []byte
	station string
	desk    int
}

func (p seat) name() string { return fmt.Sprintf("%s, quầy số %d", p.station, p.desk) }

func scanSeat(scan func(...any) error) (seat, error) {
	var p seat
	var id []byte
	err := scan(&id, &p.key, &p.station, &p.desk, &p.outside)
	if err == nil && len(id) != len(p.id) {
		err = fmt.Errorf("device %x: damaged row", id)
	}
	copy(p.id[:], id)
	return p, err
}

const seatQuery = "SELECT device.device, device.owner, station.name, device.desk, device.current IS NULL FROM device JOIN station ON station.id = device.station"

// Export puts one parcel onto the stick at dir for each PC of a station, or of all stations where station is "": receipts, what upstream
// said, and what the other PCs of the station wrote, as far as the PC's last parcel shows that it lacks them. step, which may be nil, hears
// how far it is. Codes: upstream.no-station, and those of wire.WriteParcel.
func (u *Upstream) Export(ctx context.Context, disk wire.Disk, dir, station string, step func(dossier.SendStep)) (dossier.Exported, error) {
	out := dossier.Exported{Dir: dir}
	pcs, err := collect(ctx, u.read, scanSeat, seatQuery+" WHERE device.revoked IS NULL AND (station.name = ?1 OR ?1 = '') ORDER BY station.name, device.desk", station)
	if err != nil {
		return out, told("export", err)
	}
	if len(pcs) == 0 {
		return out, dossier.Invalid("station", "upstream.no-station", "name", station)
	}
	who, err := u.writers(ctx)
	if err != nil {
		return out, err
	}
	var written []wire.WrittenParcel
	for i, p := range pcs {
		w, err := u.exportTo(ctx, disk, dir, p, func(phase string, done int) {
			if step != nil {
				step(dossier.SendStep{Phase: phase, Done: i, Of: len(pcs)})
			}
		})
		if err != nil {
			return out, err
		}
		written = append(written, w)
		out.Parcels = append(out.Parcels, w.Told(w.Folder, w.Index, who))
	}
	if err := wire.CheckParcels(ctx, disk, dir, written); err != nil {
		return out, err
	}
	wire.Tidy(dir, u.Key(), written, func(h wire.Held) bool {
		c, err := findChain(ctx, u.read, h.Chain)
		if err != nil || h.Seq > c.Seq {
			return false
		}
		hash, err := hashAt(ctx, u.read, c, h.Seq)
		return err == nil && hash == h.Hash
	})
	return out, nil
}

func (u *Upstream) exportTo(ctx context.Context, disk wire.Disk, dir string, p seat, step func(phase string, done int)) (wire.WrittenParcel, error) {
	var no wire.WrittenParcel
	_, to, err := u.recipient(ctx, p.id)
	if err != nil {
		return no, err
	}
	// A question without chains shows nothing, and so changes nothing: a stick cannot tell how its reader stands now.
	question := wire.Hello{Nonce: wire.NewNonce(), Chains: []wire.Held{}}.Encode()
	b, err := u.Hello(ctx, p.key, question)
	if err != nil {
		return no, err
	}
	a, err := wire.OpenHelloAnswer(b, u.Key(), question)
	if err != nil {
		return no, fmt.Errorf("export: %w", err)
	}
	held, err := heard(ctx, u.read, p.id)
	if err != nil {
		return no, told("export", err)
	}
	whole := wire.Parcel{Kind: wire.ParcelDown, At: u.Now(), From: u.Name, To: p.name(), For: wire.Addressee{Recipient: to.ID, Key: wire.KeyHash(p.key)},
		Chains: a.Chains, Current: a.Current, Frozen: a.Frozen, Parked: a.Parked, Receipts: a.Receipts}
	return wire.WriteParcel(ctx, disk, dir, whole, u.known.Load().secret, u.lacking(ctx, p, held, a.Parked), step)
}

var errEnough = errors.New("enough")

// lacking are the envelopes for a PC: what came of its own and fits nowhere here, then what it lacks.
func (u *Upstream) lacking(ctx context.Context, p seat, held []wire.Held, parked []dossier.Head) iter.Seq2[wire.Envelope, error] {
	return func(yield func(wire.Envelope, error) bool) {
		for _, head := range parked {
			b, err := u.Pull(ctx, p.key, wire.Pull{Chain: head.Chain, Parked: &head.Hash}.Encode())
			if dossier.Code(err) == "journal.nothing" {
				continue // somebody settled it meanwhile
			}
			var e wire.Envelope
			if err == nil {
				e, err = wire.Read(bytes.NewReader(b))
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		err := u.Lacking(ctx, p.id, held, func(e wire.Envelope) error {
			if !yield(e, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(wire.Envelope{}, err)
		}
	}
}

// Import takes in every parcel on the stick at dir that is for this upstream; it may be repeated, and a stick pulled out in the middle only
// means repeating it. What came of each parcel is in the answer, its problems too; an error is of this upstream's own disk, or ctx's. step,
// which may be nil, hears how far it is. Codes: parcel.folder, and those of the disk.
func (u *Upstream) Import(ctx context.Context, dir string, step func(dossier.SendStep)) (dossier.Imported, error) {
	var out dossier.Imported
	found, err := wire.FindParcels(ctx, dir)
	if err != nil && len(found) == 0 {
		return out, err
	}
	if ps := (dossier.Problems)(nil); errors.As(err, &ps) {
		out.Problem = ps
	} else if err != nil {
		return out, err
	}
	who, err := u.writers(ctx)
	if err != nil {
		return out, err
	}
	i := &intake{u: u, step: func(done, of int) {
		if step != nil {
			step(dossier.SendStep{Phase: "import", Done: done, Of: of})
		}
	}}
	for _, f := range found {
		one := &intakeParcel{found: f, kept: make([]bool, len(f.Files))}
		one.Parcel = f.Told(f.Folder, f.Index, who)
		if one.from, one.Problem, err = u.isOurs(ctx, f); err != nil {
			return out, err
		}
		i.parcels = append(i.parcels, one)
	}
	if err = i.run(ctx); err == nil {
		err = i.strangers(ctx)
	}
	if err == nil {
		i.last = true
		err = i.run(ctx)
	}
	for _, one := range i.parcels {
		out.Parcels = append(out.Parcels, one.ImportedParcel)
		out.Taken += one.Taken
	}
	if err != nil {
		return out, err
	}
	said := map[dossier.DeviceID][]wire.Parcel{}
	for _, one := range i.parcels {
		if one.from.id.IsZero() {
			continue
		}
		said[one.from.id] = append(said[one.from.id], one.found.Parcel)
	}
	for _, one := range i.parcels {
		of := said[one.from.id]
		if of == nil {
			continue
		}
		delete(said, one.from.id)
		if err := u.change(ctx, "note what a PC holds", func(tx *sql.Tx) error { return hear(ctx, tx, one.from.id, wire.Least(of)) }); err != nil {
			return out, err
		}
	}
	return out, u.dropEarly(ctx)
}

// isOurs tells which PC made a parcel, or why it is not to be opened here.
func (u *Upstream) isOurs(ctx context.Context, f wire.FoundParcel) (from seat, no dossier.Problems, err error) {
	k := u.known.Load()
	switch {
	case f.Err != nil:
		return from, f.Err, nil
	case k.find(f.Maker) != nil:
		return from, dossier.Invalid("", "parcel.outgoing", "to", f.To), nil
	case f.Kind != wire.ParcelUp || !slices.ContainsFunc(k.all, func(p pair) bool {
		return f.For == wire.Addressee{Recipient: p.id, Key: wire.KeyHash(p.public)}
	}):
		return from, dossier.Invalid("", "parcel.foreign", "to", f.To), nil
	}
	if from, err = u.maker(ctx, f.Maker); none(err) {
		return seat{}, dossier.Invalid("", "parcel.stranger", "from", f.From), nil
	}
	return from, nil, told("import", err)
}

// maker is the PC that holds a key, held it, or will: a parcel may have lain in a drawer. Also one whose right has ended: what it says then
// waits in sight.
func (u *Upstream) maker(ctx context.Context, key []byte) (seat, error) {
	return scanSeat(u.read.QueryRowContext(ctx, seatQuery+` WHERE device.current IS NOT NULL AND (device.owner = ?1 OR device.next_owner = ?1
		OR device.device = (SELECT device FROM former_owner WHERE owner = ?1))`, key).Scan)
}

// introduced is the PC that made a parcel by what it says of itself: this file is older than its enrolment, or than its last change of keys.
// Where the PC is not known it is known again as by Return, or stays outside, if outside says that it may. It gives sql.ErrNoRows for a stranger.
func (u *Upstream) introduced(ctx context.Context, p wire.Parcel, outside bool) (from seat, err error) {
	stranger := false
	err = u.change(ctx, "know a PC again", func(tx *sql.Tx) error {
		k, err := u.keys(ctx, tx)
		if err != nil {
			return err
		}
		a, signer, err := k.admission(p.Admission)
		if stranger = err != nil || !p.MadeBy(a.Key); stranger {
			return nil
		}
		d, err := deviceByID(ctx, tx, a.Device)
		if none(err) || err == nil && d.outside() {
			var taken bool
			if taken, err = u.knowAgain(ctx, tx, a, signer); taken && !outside {
				err = dossier.Invalid("", "line.unknown-device")
			}
		}
		if err != nil {
			return err
		}
		from, err = scanSeat(tx.QueryRowContext(ctx, seatQuery+" WHERE device.device = ?", a.Device[:]).Scan)
		return err
	})
	if stranger || dossier.Code(err) == "line.unknown-device" {
		err = sql.ErrNoRows
	}
	return from, err
}

// intake is one stick being taken in.
type intake struct {
	u       *Upstream
	step    func(done, of int)
	done    int  // files, of all parcels
	last    bool // nothing more is to be had of this stick
	parcels []*intakeParcel
}

type intakeParcel struct {
	dossier.ImportedParcel
	found wire.FoundParcel
	from  seat   // zero for one that is not for here
	kept  []bool // by file
}

// run goes over the parcels until nothing moves: one made later may be found first, and its entries fit only after the other's.
func (i *intake) run(ctx context.Context) error {
	of := 0
	for _, one := range i.parcels {
		if !one.from.id.IsZero() {
			of += len(one.found.Files)
		}
	}
	for moved := true; moved; {
		moved = false
		for _, one := range i.parcels {
			if len(one.Problem) > 0 && !waits(one.Problem) {
				continue
			}
			one.Problem = slices.DeleteFunc(one.Problem, func(p dossier.Problem) bool { return !p.Warn }) // a warning is about what was kept
			before := one.Done
			err := i.parcel(ctx, one, func() {
				i.done++
				i.step(i.done, of)
			})
			if err != nil {
				return err
			}
			moved = moved || one.Done > before
		}
	}
	return nil
}

// strangers looks once more at the parcels of which nobody knew the maker: the others may have said who it is, or it says so itself. Who is let
// in comes first, for it may bring upstream's word on who else is of the station.
func (i *intake) strangers(ctx context.Context) error {
	for _, outside := range []bool{false, true} {
		some := false
		for _, one := range i.parcels {
			if dossier.Code(one.Problem) != "parcel.stranger" {
				continue
			}
			from, problem, err := i.u.isOurs(ctx, one.found)
			if err == nil && dossier.Code(problem) == "parcel.stranger" {
				if from, err = i.u.introduced(ctx, one.found.Parcel, outside); none(err) {
					continue
				}
				problem = nil
			}
			if err != nil {
				return err
			}
			one.from, one.Problem, some = from, problem, true
		}
		if !some {
			continue
		}
		if err := i.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// waits tells whether what is wrong may be right once other parcels are taken in.
func waits(ps dossier.Problems) bool {
	return slices.ContainsFunc(ps, func(p dossier.Problem) bool { return p.Code == "parcel.gap" })
}

// parcel takes in what can be taken of one.
func (i *intake) parcel(ctx context.Context, one *intakeParcel, took func()) error {
	stuck := map[dossier.Chain]bool{}
	say := func(ps dossier.Problems) {
		if !slices.ContainsFunc(one.Problem, func(p dossier.Problem) bool { return p.Code == ps[0].Code }) {
			one.Problem = append(one.Problem, ps...)
		}
	}
	for n, f := range one.found.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if one.kept[n] || stuck[f.Chain] {
			continue
		}
		e, err := one.found.Envelope(n)
		if err == nil && !e.Sender.Equal(ed25519.PublicKey(one.found.Maker)) {
			err = dossier.Invalid("", "parcel.file-damaged", "file", f.Name, "folder", one.Folder)
		}
		if err != nil {
			stuck[f.Chain] = true // what follows it would not fit
			say(problemsOf(err))
			continue
		}
		fresh, why, err := i.take(ctx, e, one.from)
		switch code := dossier.Code(err); {
		case err == nil, code == "journal.forked": // kept, if aside: it waits until its owner has heard of it
			one.kept[n] = true
			one.Done, one.Taken = one.Done+1, one.Taken+fresh
			took()
			switch why {
			case "":
			case parkedOutside:
				say(dossier.Problems{dossier.Warning("", "parcel.outside", "from", one.From)})
			case parkedEarly:
				say(dossier.Problems{dossier.Warning("", "parcel.early", "from", one.From)})
			default:
				say(dossier.Problems{dossier.Warning("", "parcel.parked", "from", one.From)})
			}
		case code == "line.revoked" || code == "line.frozen":
			stuck[f.Chain] = true
			say(dossier.Invalid("", "parcel.revoked", "from", one.From))
		case code == "journal.gap" || code == "journal.unknown" || code == "journal.superseded":
			stuck[f.Chain] = true
			say(dossier.Invalid("", "parcel.gap", "from", one.From))
		case code == "envelope.bad" || code == "envelope.sender" || code == "envelope.recipient":
			stuck[f.Chain] = true
			say(dossier.Invalid("", "parcel.file-damaged", "file", f.Name, "folder", one.Folder))
		case code == "parked.full": // of that PC; what the others brought is taken in all the same (I8)
			stuck[f.Chain] = true
			say(problemsOf(err))
		default:
			return err
		}
	}
	return nil
}

// take is Take, with how many of the entries were new, or why they wait; with neither they are held already.
func (i *intake) take(ctx context.Context, e wire.Envelope, from seat) (fresh int, waits string, err error) {
	held, err := findChain(ctx, i.u.read, e.Chain.Chain)
	if err != nil && !none(err) {
		return 0, "", told("import", err)
	}
	t := &taking{e: e, maker: from.id, last: i.last}
	if _, err = i.u.take(ctx, t); err != nil {
		return 0, t.waits, err
	}
	return int(e.Last - min(e.Last, max(held.Seq, e.First-1))), "", nil
}

func problemsOf(err error) dossier.Problems {
	var ps dossier.Problems
	if errors.As(err, &ps) {
		return ps
	}
	return dossier.Invalid("", "parcel.file-missing", "file", err.Error(), "folder", "")
}

// hear notes what a PC says it holds.
func hear(ctx context.Context, tx *sql.Tx, from dossier.DeviceID, held []wire.Held) error {
	b, err := json.Marshal(held)
	if err != nil {
		return fmt.Errorf("note what a PC holds: %w", err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO heard (device, chains) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET chains = excluded.chains",
		from[:], b)
	return err
}

// heard is what a PC said last that it holds; nil for one that never did.
func heard(ctx context.Context, db asker, id dossier.DeviceID) (out []wire.Held, err error) {
	var b []byte
	if err = db.QueryRowContext(ctx, "SELECT chains FROM heard WHERE device = ?", id[:]).Scan(&b); none(err) {
		return nil, nil
	}
	if err == nil && json.Unmarshal(b, &out) != nil {
		out = nil // it is given whole
	}
	return out, err
}

// fewEntries more on a stick than a PC lacks are cheaper than a note at each hello.
const fewEntries = 500

// isNews tells whether what a PC says over the line is worth a note: much more than it is known to hold, or less, as after a restore.
func isNews(had, now []wire.Held) bool {
	more := uint64(0)
	for _, h := range now {
		known, _ := wire.HelloAnswer{Chains: had}.Chain(h.Chain)
		if h.Seq < known.Seq || known.Seq > 0 && h.Seq == known.Seq && h.Hash != known.Hash {
			return true
		}
		more += h.Seq - known.Seq
	}
	return more > fewEntries
}

// writers tells who writes each journal.
func (u *Upstream) writers(ctx context.Context) (func(dossier.Chain) (dossier.Writer, int), error) {
	pcs, err := collect(ctx, u.read, scanSeat, seatQuery)
	if err != nil {
		return nil, told("read PCs", err)
	}
	desks := make(map[dossier.DeviceID]int, len(pcs))
	for _, p := range pcs {
		desks[p.id] = p.desk
	}
	return func(c dossier.Chain) (dossier.Writer, int) {
		if desk, ok := desks[c.Device]; ok {
			return dossier.WriterPC, desk
		}
		return dossier.WriterUpstream, 0
	}, nil
}

// EnrolledPC is one that was admitted, or not, by what it left on a stick.
type EnrolledPC struct {
	Ask     string           `json:"ask"`    // the file
	Answer  string           `json:"answer"` // the file; empty when it was refused
	Problem dossier.Problems `json:"problem,omitempty"`
}

// EnrolStick answers every question of enrolment on the stick at dir, beside it. Codes: parcel.folder, parcel.no-ask, and those of the disk;
// why one was refused is in the answer.
func (u *Upstream) EnrolStick(ctx context.Context, disk wire.Disk, dir string) ([]EnrolledPC, error) {
	asks, err := wire.Asks(ctx, dir)
	if err != nil {
		return nil, err
	}
	if len(asks) == 0 {
		return nil, dossier.Invalid("folder", "parcel.no-ask", "folder", dir)
	}
	var out []EnrolledPC
	for _, a := range asks {
		one := EnrolledPC{Ask: a.File, Problem: a.Err}
		if a.Err == nil {
			answer, err := u.Enrol(ctx, a.Key, a.Question)
			if err == nil {
				one.Answer, err = wire.WriteEnrolAnswer(disk, dir, a.Question, answer)
			}
			if err != nil && !errors.As(err, &one.Problem) {
				return out, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}
