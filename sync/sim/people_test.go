package sim

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"path/filepath"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/receive"
)

// What people decide above: rules that change, keys that change, PCs that were stolen, replaced or added.
func (s *station) office(p *pc) {
	w := s.w
	w.up.wake()
	switch w.r.IntN(9) {
	case 0, 1:
		w.issue()
	case 2, 3:
		w.changeKeysAbove()
	case 4, 5:
		p.stolen()
	case 6:
		s.oneMorePC()
	default:
		s.release(1 + w.r.IntN(3))
	}
}

var packFiles = map[dossier.PackKind][]byte{
	dossier.PackCatalogue: zipped(assets.Catalogue, "catalogue", "00-grounds.json", "31-province-2025.json"),
	dossier.PackCalendar:  zipped(assets.Calendar, "calendar", "2026.json", "2027.json"),
}

// zipped is some of the program's own data, as a pack's.
func zipped(of embed.FS, folder string, names ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		b, err := of.ReadFile(folder + "/" + name)
		if err != nil {
			panic(err)
		}
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(b)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// issue says a new pack in the journals of all stations.
func (w *world) issue() {
	kind := dossier.PackCalendar
	if w.chance(2) {
		kind = dossier.PackCatalogue
	}
	w.packs++
	_, err := w.up.unit.Issue(ctx, dossier.Pack{Kind: kind, Version: w.packs, From: dossier.DateOf(w.now), Title: "Bản thử", Files: packFiles[kind]})
	w.step("upstream: pack %d: %v", w.packs, err)
	w.must(err)
	w.happened["pack issued"]++
}

// changeKeysAbove goes one step further with a change of upstream's own keys.
func (w *world) changeKeysAbove() {
	for _, s := range w.stations {
		for _, p := range s.pcs {
			if len(p.copies()) > 1 { // one of them may not have heard of it: for a person
				return
			}
		}
	}
	err := w.up.unit.FinishRotation(ctx, false)
	switch dossier.Code(err) {
	case "rotate.not-begun":
		_, err := w.up.unit.Rotate(ctx)
		w.must(err)
		w.happened["upstream's next keys announced"]++
		w.step("upstream: next keys announced")
		return
	case "rotate.waiting":
		w.step("upstream: not everybody has heard of its next keys")
		return
	}
	w.must(err)
	w.step("upstream: keys changed")
	w.happened["upstream's keys changed"]++
	w.up.images = nil // who has forgotten the keys of the other is taken back by a person, with a ticket
	for _, s := range w.stations {
		for _, p := range s.pcs {
			p.images = nil
		}
	}
}

// sits is the device upstream knows at a desk.
func (u *upstream) sits(p *pc) (out dossier.DeviceID, there bool) {
	u.look = lookInto(u.look, u.disk)
	rows, err := u.look.Query(`SELECT device FROM device JOIN station ON station.id = device.station WHERE station.name = ? AND desk = ? AND revoked IS NULL
		ORDER BY enrolled DESC LIMIT 1`, p.st.name, p.desk)
	u.w.must(err)
	defer rows.Close()
	for rows.Next() {
		var id []byte
		u.w.must(rows.Scan(&id))
		out, there = dossier.DeviceID(id), true
	}
	u.w.must(rows.Err())
	return out, there
}

// stolen revokes a PC, naming the last entry that is accepted of it or not, and puts another in its place. Whoever has it may work on.
func (p *pc) stolen() {
	w := p.w
	own := p.store.Own()
	if id, there := w.up.sits(p); p.revoked || len(p.copies()) > 1 || !there || id != own.Device {
		return
	}
	var seq *uint64
	upTo := "all that is held"
	if w.chance(2) {
		at := own.Head.Seq - min(own.Head.Seq, uint64(w.r.IntN(8)))
		seq, upTo = &at, fmt.Sprint(at)
	}
	w.must(w.up.unit.Revoke(ctx, receive.PC{Station: p.st.name, Desk: p.desk, Device: own.Device}, seq, "Mất máy"))
	p.revoked, p.heard = true, -1 // what is shown there as sent is no longer upstream's concern
	w.step("%s: revoked, written %d, accepted %s", p.name, own.Head.Seq, upTo)
	w.happened["PC revoked"]++
	known := w.up.ids(p.st)
	for _, f := range p.st.facts { // nobody can know of these when the other PC gives its numbers
		if f.by == p && !known[f.id] {
			f.blind = true
		}
	}
	p.st.introduce(p.desk)
}

// oneMorePC is for a desk that had none.
func (s *station) oneMorePC() {
	for desk := 1; desk <= dossier.Desks; desk++ {
		taken := false
		for _, p := range s.pcs {
			taken = taken || p.desk == desk
		}
		if !taken {
			s.introduce(desk)
			return
		}
	}
}

// introduce sets up a new PC and has upstream admit it.
func (s *station) introduce(desk int) {
	w := s.w
	n := len(s.pcs)
	p := &pc{w: w, st: s, desk: desk, name: fmt.Sprintf("new %d/%d", desk, n), address: fmt.Sprintf("10.2.%d.1:47218", n), blind: true, heard: -1,
		disk: newDisk(filepath.Join(w.dir, fmt.Sprintf("new-%s-%d", s.name, n)), store.FileName)}
	w.must(p.disk.found(p.now))
	p.open()
	e := storetest.SettingsEvent(desk)
	e.ID = w.id()
	w.must(p.store.Record(ctx, e))
	ticket, err := w.up.unit.Ticket(ctx, s.name, desk, "")
	w.must(err)
	_, err = p.client.Enrol(ctx, ticket.Text())
	w.must(err)
	p.bad = true
	s.pcs = append(s.pcs, p)
	w.step("%s: enrolled", p.name)
	w.happened["PC enrolled"]++
}

// givenUp is the end of PCs that were revoked: what they still hold is brought to upstream, where it waits.
func (s *station) givenUp() {
	for _, p := range s.pcs {
		if p.revoked && !p.retired {
			p.carry()
			p.retire()
		}
	}
}

// seat has upstream know again who sits where, if it was put back to before a PC was replaced.
func (p *pc) seat() {
	w := p.w
	for {
		id, there := w.up.sits(p)
		if p.revoked || !there || id == p.store.Own().Device {
			return
		}
		w.step("%s: who sat there before is revoked again", p.name)
		w.must(w.up.unit.Revoke(ctx, receive.PC{Station: p.st.name, Desk: p.desk, Device: id}, nil, "Mất máy"))
	}
}

// hears notes that a PC could not read what came of its journal too early: a copy of it that is out of use had other keys, and what named them is lost.
func (p *pc) hears(err error) {
	p.unread = p.unread || err != nil && strings.Contains(err.Error(), "parked.unread") // beside whatever else it could not do
}

// release lets through what waits of PCs that are revoked, or cannot be read by the PC itself; it tells how much it was.
func (s *station) release(most int) (n int) {
	w := s.w
	all, err := w.up.unit.Parked(ctx)
	w.must(err)
	for _, e := range all {
		if n == most || e.Station != s.name || !s.gone(e) {
			continue
		}
		switch err := w.up.unit.Release(ctx, e.Event, "Đã hỏi cán bộ"); dossier.Code(err) {
		case "release.kind":
			continue
		default:
			w.must(err)
		}
		n++
		w.step("upstream: releases %s %s", e.Kind, e.Event)
		w.happened["released"]++
	}
	return n
}

// gone tells whether whoever wrote an entry that waits is revoked, or cannot read it: nobody else will say it again.
func (s *station) gone(e receive.Waiting) bool {
	for _, p := range s.pcs {
		if p.store.Own().Device == e.Device && !p.retired && !p.revoked && !p.unread {
			return false
		}
	}
	return true
}

// ofARevokedPC tells whether an event is what a PC that is revoked said of itself: where its owner signed no head after it, nobody hands it on.
func (s *station) ofARevokedPC(id dossier.EventID, k dossier.Kind) bool {
	if k.IsAct() || k.IsTrace() {
		return false
	}
	for _, p := range s.pcs {
		if p.revoked {
			if _, ok := p.has()[id]; ok {
				return true
			}
		}
	}
	return false
}

// samePacks holds the packs in force at each PC against each other.
func (s *station) samePacks() {
	w := s.w
	for kind := range packFiles {
		newest := map[*pc]int{}
		greatest := 0
		for _, p := range s.pcs {
			if p.retired {
				continue
			}
			all, err := p.store.Packs(ctx, kind, dossier.DateOf(w.now))
			w.must(err)
			for _, k := range all {
				if k.Refused != "" {
					w.fail("packs", "%s refuses version %d: %s", p.name, k.Version, k.Refused)
				}
				if k.InForce {
					newest[p] = k.Version
				}
				greatest = max(greatest, k.Version)
			}
			w.checked["packs"]++
		}
		for p, version := range newest {
			if version != greatest {
				w.fail("packs", "%s goes by %s %d, not %d", p.name, kind, version, greatest)
			}
		}
	}
}
