package sim

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/sync/receive"
)

// perDay is how many state events a station-day has at least.
const perDay = 60

// live is the run itself: some stations, some days.
func (w *world) live() {
	w.settle(w.r.Perm(len(sizes))[:1+w.r.IntN(3)]...)
	days := 3 + w.r.IntN(8)
	for range days {
		for _, s := range w.stations {
			w.days++
			s.day()
		}
		w.now = w.now.Add(24 * time.Hour)
	}
}

func (s *station) day() {
	w := s.w
	start := w.now
	for done := 0; done < perDay; {
		w.now = w.now.Add(time.Duration(w.r.IntN(300)) * time.Second)
		p := s.pcs[w.r.IntN(len(s.pcs))]
		if p.retired {
			continue
		}
		if p.revoked && w.chance(15) {
			s.givenUp()
			continue
		}
		switch n := w.r.IntN(1000); {
		case n < 310:
			p.receive()
			done++
		case n < 840:
			if p.act() {
				done++
			}
		case n < 855:
			p.record()
		case n < 880:
			s.decide()
		case n < 928:
			p.sync()
		case n < 950:
			p.visit()
		case n < 958:
			w.deliver()
		case n < 967:
			s.byStick(p)
		case n < 973:
			p.skew = jumps[w.r.IntN(len(jumps))]
			w.happened["clock jumped"]++
			w.step("%s: clock shows %s", p.name, p.now().Format(time.DateOnly))
		default:
			s.misfortune(p)
		}
	}
	w.now = start
}

// jumps are where a clock may find itself.
var jumps = []time.Duration{0, 0, 0, -17 * 365 * 24 * time.Hour, 73 * 365 * 24 * time.Hour, -3 * time.Hour, 26 * time.Hour, -40 * 24 * time.Hour}

// misfortune is what happens once a week, or once in ten years.
func (s *station) misfortune(p *pc) {
	w := s.w
	switch n := w.r.IntN(108); {
	case n < 25:
		w.step("%s: image taken", p.name)
		p.images = append(p.images, snapshot{p.disk.copy(), p.heard})
		if len(p.images) > 3 {
			p.images = p.images[1:]
		}
	case n < 35:
		w.step("upstream: image taken")
		w.up.images = append(w.up.images, w.up.disk.copy())
		if len(w.up.images) > 2 {
			w.up.images = w.up.images[1:]
		}
	case n < 40:
		w.step("upstream: power cut")
		w.up.start(w.up.disk.copy())
		w.happened["upstream restarted"]++
	case n < 50:
		p.offline = 5 + w.r.IntN(30)
	case n < 64:
		p.putBack()
	case n < 69:
		p.restore()
	case n < 77:
		w.putBackUpstream()
	case n < 83:
		s.copyPC(p)
	case n < 88:
		p.rotate()
	case n < 92:
		p.purge()
	default:
		s.office(p)
	}
}

// snapshot is an image of a PC's disk, and of how many times that upstream had been put back it had heard by then.
type snapshot struct {
	image
	heard int
}

// putBack puts an image of a PC's disk back, unseen, and the officer works on.
func (p *pc) putBack() {
	if len(p.images) == 0 {
		return
	}
	w := p.w
	from := p.images[w.r.IntN(len(p.images))]
	p.start(from.image)
	p.backTo(from)
	own := p.store.Own()
	w.step("%s: image put back: %s at %d", p.name, own.Incarnation.String()[:8], own.Head.Seq)
	w.happened["image put back"]++
}

func (p *pc) backTo(from snapshot) {
	p.blind = true
	p.heard = min(p.heard, from.heard)
	p.st.losses()
}

// caughtUp notes that an exchange with upstream went through. What upstream does not hold either, of all the PC gave before an image was put
// back, it could not say.
func (p *pc) caughtUp() {
	p.heard = p.w.up.backs
	if p.blind {
		p.blind, p.forgot = false, map[dossier.EventID]bool{}
		for id, f := range p.st.facts {
			if f.by == p && f.number != "" {
				p.forgot[id] = true
			}
		}
		p.learns(p.ids())
	}
	if len(p.forgot) > 0 {
		p.learns(p.w.up.ids(p.st))
		p.learns(p.w.up.waitingIDs(p.st))
	}
}

// learns notes what somebody holds who was asked.
func (p *pc) learns(has map[dossier.EventID]bool) {
	for id := range has {
		delete(p.forgot, id)
	}
}

// restore has the program restore a backup, which begins a new life at once.
func (p *pc) restore() {
	if len(p.images) == 0 {
		return
	}
	w := p.w
	from := p.images[w.r.IntN(len(p.images))]
	p.start(from.image)
	if _, err := p.store.Fork(ctx, p.store.Own().Head, dossier.HealedRestored); err != nil {
		w.fail("I4", "%s cannot restore: %v", p.name, err)
	}
	p.backTo(from)
	own := p.store.Own()
	w.step("%s: backup restored: %s after %d", p.name, own.Incarnation.String()[:8], own.CommonSeq)
	w.happened["backup restored"]++
}

// putBackUpstream puts an image of upstream's disk back; somebody may say so, or not.
func (w *world) putBackUpstream() {
	if len(w.up.images) == 0 {
		return
	}
	w.up.start(w.up.images[w.r.IntN(len(w.up.images))])
	w.up.backs++
	declared := w.chance(2)
	if declared {
		w.up.restored()
	}
	for _, s := range w.stations {
		s.losses()
	}
	w.step("upstream: image put back, declared: %v", declared)
	w.happened["upstream put back"]++
}

// copyPC copies a PC's folder to another PC, and both work on.
func (s *station) copyPC(p *pc) {
	w := s.w
	if len(p.copies()) > 1 || p.revoked || w.r.IntN(2) == 0 {
		return
	}
	n := len(s.pcs)
	other := &pc{w: w, st: s, desk: p.desk, name: p.name + "'" + fmt.Sprint(n), address: fmt.Sprintf("10.1.%d.1:47218", n), bad: true, heard: p.heard,
		disk: newDisk(filepath.Join(w.dir, fmt.Sprintf("copy-%s-%d", s.name, n)), store.FileName)}
	other.disk.put(p.disk.copy())
	other.open()
	other.blind = true
	s.pcs = append(s.pcs, other)
	w.step("%s: copied to %s", p.name, other.name)
	w.happened["two living copies"]++
}

// copies are all PCs in use that are this one.
func (p *pc) copies() (out []*pc) {
	for _, o := range p.st.pcs {
		if o.desk == p.desk && !o.retired && o.revoked == p.revoked {
			out = append(out, o)
		}
	}
	return out
}

// retire takes a copy out of use: what only it had is lost, unless somebody carried it away before.
func (p *pc) retire() {
	p.w.step("%s: out of use", p.name)
	p.retired = true
	p.st.losses()
}

// rotate changes a PC's keys, as far as the line lets it.
func (p *pc) rotate() {
	w := p.w
	if p.offline > 0 || len(p.copies()) > 1 {
		return
	}
	_, err := p.client.Rotate(ctx)
	w.step("%s: keys changed: %v", p.name, err)
	w.happened["keys changed"]++
	w.told(p, err)
}

// purge has a dossier's bodies forgotten, by the chief's decision.
func (p *pc) purge() {
	w := p.w
	n := len(p.st.dossiers)
	if n == 0 {
		return
	}
	of := p.st.dossiers[w.r.IntN(n)]
	d, err := p.store.Dossier(ctx, of)
	if dossier.Code(err) == "dossier.unknown" {
		return
	}
	w.must(err)
	b := dossier.Purge{Number: d.Number, Document: "7/QĐ", Date: dossier.DateOf(w.now), By: "Trưởng Mẫu", Why: "Theo quyết định"}
	for _, step := range d.Course {
		if (dossier.Purge{}).May(step.Kind) {
			b.Events = append(b.Events, step.ID)
		}
	}
	if len(b.Events) == 0 { // since an image was put back it knows of no more than upstream's word
		return
	}
	e := dossier.Event{ID: w.id(), Kind: dossier.Purged, By: "mau", At: p.now(), Body: body(b)}
	if err := p.patiently("purging", func() error { return p.store.Record(ctx, e) }); err != nil {
		w.fail("I1", "%s cannot purge: %v", p.name, err)
	}
	p.st.keep(&fact{id: e.ID, kind: e.Kind, by: p, purged: b.Events})
	w.step("%s: purges %s", p.name, of.String()[:8])
	w.happened["purged"]++
}

// deliver lets arrive what was held up, the latest first.
func (w *world) deliver() {
	late := w.late
	w.late = nil
	w.happened["question delivered late"] += len(late)
	for i := len(late) - 1; i >= 0; i-- {
		w.up.wake()
		late[i].arrive()
	}
}

// wake gives upstream its power back.
func (u *upstream) wake() {
	if u.disk.dead {
		u.start(u.disk.left)
		u.w.happened["upstream died"]++
	}
}

// trouble arms a disk now and then.
func (w *world) trouble(d *disk, of int) {
	switch {
	case w.chance(of):
		d.dies = 1 + w.r.IntN(4)
	case w.chance(of):
		d.fails = 1
	}
}

func (d *disk) calm() { d.fails, d.dies = 0, 0 }

// sync is one exchange with upstream, on whatever line there is.
func (p *pc) sync() {
	w := p.w
	if p.offline > 0 {
		p.offline--
		return
	}
	w.trouble(p.disk, 30)
	w.trouble(w.up.disk, 50)
	sent, err := p.client.Send(ctx, nil)
	w.step("%s: sync: %d up, %d down, healed %v: %v", p.name, sent.Pushed, sent.Pulled, sent.Healed, err)
	for _, h := range sent.Healed {
		w.happened["healed "+h.What]++
	}
	p.disk.calm()
	w.up.disk.calm()
	w.up.wake()
	if p.disk.dead {
		p.up()
		return
	}
	w.told(p, err)
	if err == nil {
		p.caughtUp()
	}
	p.looksRight(w.chance(6))
	if p.isForAPerson(err) && w.chance(3) {
		p.decide()
	}
}

// isForAPerson tells whether upstream has shut a PC out until somebody decides.
func (p *pc) isForAPerson(err error) bool {
	switch dossier.Code(err) {
	case "line.frozen", "line.former-key", "line.unknown-device":
		return true
	}
	return false
}

// decide is what a person does about a PC that is shut out: of several copies one stays in use, and gets a ticket where its keys are not
// those that upstream knows.
func (p *pc) decide() {
	w := p.w
	for _, other := range p.copies()[1:] {
		other.carry()
		other.retire()
	}
	p.seat()
	if stays := p.copies()[0]; !w.up.knows(stays) {
		ticket, err := w.up.unit.TicketAgain(ctx, p.st.name, p.desk, upstreamAddress)
		if dossier.Code(err) == "upstream.no-device" {
			return // it comes back by itself, by its admission
		}
		if err != nil {
			w.fail("upstream", "no ticket for %s: %v", stays.name, err)
		}
		_, err = stays.client.Enrol(ctx, ticket.Text())
		w.step("%s: let in again with a ticket: %v", stays.name, err)
		w.happened["let in again with a ticket"]++
		w.told(stays, err)
	}
	if err := w.up.unit.Thaw(ctx, receive.PC{Station: p.st.name, Desk: p.desk, Device: p.store.Own().Device}); err != nil && dossier.Code(err) == "" {
		w.fail("upstream", "cannot thaw: %v", err)
	}
	w.step("%s: thawed", p.name)
	w.happened["thawed"]++
}

// knows tells whether a PC's key is the one upstream knows it by, or knows to come next.
func (u *upstream) knows(p *pc) (known bool) {
	u.look = lookInto(u.look, u.disk)
	key := []byte(p.store.SigningKey().Public().(ed25519.PublicKey))
	u.w.must(u.look.QueryRow("SELECT EXISTS (SELECT 1 FROM device WHERE ? IN (owner, next_owner))", key).Scan(&known))
	return known
}

// visit is one exchange with a sister over the station's own network.
func (p *pc) visit() {
	w := p.w
	other := p.st.pcs[w.r.IntN(len(p.st.pcs))]
	if other == p || other.retired {
		return
	}
	w.trouble(p.disk, 30)
	w.trouble(other.disk, 30)
	sent, err := p.peers.Exchange(ctx, other.address)
	w.step("%s: visits %s: %d taken in, healed %v: %v", p.name, other.name, sent.Pulled, sent.Healed, err)
	w.happened["visit on the LAN"]++
	for _, h := range sent.Healed {
		w.happened["healed on the LAN "+h.What]++
	}
	p.disk.calm()
	other.disk.calm()
	other.up()
	if p.disk.dead {
		p.up()
		return
	}
	w.told(p, err)
	if err == nil && len(p.forgot) > 0 {
		p.learns(other.ids())
	}
	p.looksRight(false)
	other.looksRight(false)
}

// told counts what people are told; an error without words for them is a fault of ours.
func (w *world) told(p *pc, err error) {
	if err == nil {
		w.codes["-"]++
		return
	}
	if injected(err) {
		w.happened["disk refused a COMMIT of an exchange"]++
		return
	}
	p.hears(err)
	code := dossier.Code(err)
	w.codes[code]++
	if code == "" && !errors.Is(err, errLost) {
		w.fail("words", "%s: an error without a code: %v", p.name, err)
	}
}
