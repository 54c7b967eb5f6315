package sim

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"tiepnhan/dossier"
)

// looksRight holds what a PC shows against what is true at this moment; thoroughly is event by event.
func (p *pc) looksRight(thoroughly bool) {
	w := p.w
	own := p.store.Own()
	if thoroughly && p.heard == w.up.backs {
		p.allSent()
	}
	if own.Receipt == nil {
		return
	}
	w.checked["I3"]++
	r := own.Receipt
	if !r.SignedBy(w.up.unit.Key()) || r.Station != p.st.name {
		w.fail("I3", "%s keeps a receipt that proves nothing", p.name)
	}
	if r.Chain == own.Chain && r.Seq > own.Head.Seq {
		w.fail("I3", "%s: sent up to %d, written up to %d", p.name, r.Seq, own.Head.Seq)
	}
	if p.heard == w.up.backs { // else the next hello will say so
		if hash, ok := w.up.hashAt(r.Chain, r.Seq); !ok || hash != r.Hash {
			w.fail("I3", "%s shows %d as sent; upstream has not got it", p.name, r.Seq)
		}
	}
}

// allSent looks for each event that is shown as sent at upstream (I3).
func (p *pc) allSent() {
	w := p.w
	w.checked["I3 event by event"]++
	q, err := p.store.Queue(ctx)
	w.must(err)
	var all []dossier.EventID
	_, err = p.store.Since(ctx, 0, func(_ uint64, e dossier.Entry) error {
		all = append(all, e.ID)
		return nil
	})
	w.must(err)
	if q.Entries < 0 || q.Entries > len(all) {
		w.fail("I3", "%s: %d of %d entries wait", p.name, q.Entries, len(all))
	}
	if len(all) == q.Entries {
		return
	}
	above := w.up.ids(p.st)
	for i, id := range all[:len(all)-q.Entries] {
		if !above[id] {
			w.fail("I3", "%s shows entry %d, %s, as sent; upstream has not got it", p.name, i+1, id)
		}
	}
}

// hashAt is upstream's hash of a chain there.
func (u *upstream) hashAt(c dossier.Chain, seq uint64) (out dossier.Hash, ok bool) {
	var hash []byte
	u.look = lookInto(u.look, u.disk)
	err := u.look.QueryRow(`SELECT entry.hash FROM entry JOIN chain ON chain.id = entry.chain WHERE device = ? AND incarnation = ? AND entry.seq = ?`,
		c.Device[:], c.Incarnation[:], int64(seq)).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return out, false
	}
	u.w.must(err)
	return dossier.Hash(hash), true
}

// held is an event as a holder has it.
type held struct {
	header dossier.Hash
	kind   dossier.Kind
	gone   bool // salt and body
}

// has is all a PC holds.
func (p *pc) has() map[dossier.EventID]held {
	p.look = lookInto(p.look, p.disk)
	return p.w.read(p.look, "SELECT header, salt IS NULL FROM event")
}

// has is all upstream holds of a station, its own word included.
func (u *upstream) has(s *station) map[dossier.EventID]held {
	u.look = lookInto(u.look, u.disk)
	return u.w.read(u.look, `SELECT entry.header, entry.salt IS NULL FROM entry JOIN chain ON chain.id = entry.chain JOIN station ON station.id = chain.station
		WHERE station.name = ? AND entry.refused = 0`, s.name)
}

// ids are those of all a PC holds.
func (p *pc) ids() map[dossier.EventID]bool {
	p.look = lookInto(p.look, p.disk)
	return p.w.ids(p.look, "SELECT id FROM event")
}

// ids are those of all upstream holds of a station.
func (u *upstream) ids(s *station) map[dossier.EventID]bool {
	u.look = lookInto(u.look, u.disk)
	return u.w.ids(u.look, `SELECT entry.event FROM entry JOIN chain ON chain.id = entry.chain JOIN station ON station.id = chain.station
		WHERE station.name = ? AND entry.refused = 0`, s.name)
}

// waitingIDs are those of what waits in sight at upstream of a station.
func (u *upstream) waitingIDs(s *station) map[dossier.EventID]bool {
	u.look = lookInto(u.look, u.disk)
	return u.w.ids(u.look, `SELECT p.event FROM parked_entry p JOIN parked ON parked.id = p.parked JOIN station ON station.id = parked.station
		WHERE station.name = ? AND NOT p.settled`, s.name)
}

func (w *world) ids(db *sql.DB, query string, args ...any) map[dossier.EventID]bool {
	rows, err := db.Query(query, args...)
	w.must(err)
	defer rows.Close()
	out := map[dossier.EventID]bool{}
	var id sql.RawBytes
	for rows.Next() {
		w.must(rows.Scan(&id))
		out[dossier.EventID(id)] = true
	}
	w.must(rows.Err())
	return out
}

// waiting is what waits in sight at upstream of a station.
func (u *upstream) waiting(s *station) map[dossier.EventID]held {
	u.look = lookInto(u.look, u.disk)
	return u.w.read(u.look, `SELECT p.header, p.salt IS NULL FROM parked_entry p JOIN parked ON parked.id = p.parked JOIN station ON station.id = parked.station
		WHERE station.name = ? AND NOT p.settled`, s.name)
}

// where is everybody who has an event.
func (s *station) where(id dossier.EventID) (out []string) {
	if _, ok := s.w.up.has(s)[id]; ok {
		out = append(out, "upstream")
	}
	if _, ok := s.w.up.waiting(s)[id]; ok {
		out = append(out, "upstream, waiting")
	}
	for _, p := range s.pcs {
		if _, ok := p.has()[id]; ok {
			var chains int
			s.w.must(p.look.QueryRow("SELECT count(*) FROM entry JOIN event ON event.no = entry.event WHERE event.id = ?", id[:]).Scan(&chains))
			out = append(out, fmt.Sprintf("%s (in %d chains, out of use: %v)", p.name, chains, p.retired))
		}
	}
	return out
}

func (w *world) read(db *sql.DB, query string, args ...any) map[dossier.EventID]held {
	rows, err := db.Query(query, args...)
	w.must(err)
	defer rows.Close()
	out := map[dossier.EventID]held{}
	for rows.Next() {
		var header []byte
		var gone bool
		w.must(rows.Scan(&header, &gone))
		e, err := dossier.ParseEntry(header, [16]byte{}, nil, true)
		w.must(err)
		out[e.ID] = held{sha256.Sum256(header), e.Kind, gone}
	}
	w.must(rows.Err())
	return out
}

// losses marks what nobody has any more after a disk was put back.
func (s *station) losses() {
	have := s.w.up.ids(s)
	maps.Copy(have, s.w.up.waitingIDs(s))
	for _, p := range s.pcs {
		if !p.retired {
			maps.Copy(have, p.ids())
		}
	}
	for id, f := range s.facts {
		if !have[id] && !f.lost {
			f.lost = true
			s.w.happened["events lost with their only disk"]++
		}
	}
}

// rounds is how many exchanges per PC everything must be mended by, once the line is good.
const rounds = 8

// quiet is the weekend: everything late arrives, the line is good, and everybody exchanges until nobody has news. Where two copies of a PC are
// alive, a person leaves one in use.
func (w *world) quiet() {
	w.step("quiet")
	w.deliver()
	for _, s := range w.stations {
		for _, p := range s.pcs {
			p.bad, p.offline = false, 0
		}
		s.givenUp()
		for _, p := range s.pcs {
			if p.retired {
				continue
			}
			p.seat()
			if p.copies()[0] == p && len(p.copies()) > 1 {
				p.decide()
			}
		}
		for round := 0; ; round++ {
			calm := true
			for _, p := range s.pcs {
				if !p.retired && !p.calmly(round) {
					calm = false
				}
			}
			if calm && s.release(1000) == 0 {
				break
			}
			if round == rounds {
				w.fail("I7", "station %s does not come to rest", s.name)
			}
		}
	}
}

// calmly is an exchange on a good line; it tells whether there was no news.
func (p *pc) calmly(round int) bool {
	w := p.w
	sent, err := p.client.Send(ctx, nil)
	w.step("%s: quiet sync: %d up, %d down, healed %v: %v", p.name, sent.Pushed, sent.Pulled, sent.Healed, err)
	for _, h := range sent.Healed {
		w.happened["healed "+h.What]++
	}
	p.hears(err)
	if p.isForAPerson(err) {
		p.decide()
		return false
	}
	if err != nil {
		if dossier.Code(err) == "" || round > rounds/2 {
			w.fail("I7", "%s: a good line does not mend it: %v", p.name, err)
		}
		return false
	}
	p.caughtUp()
	calm := sent.Pushed == 0 && sent.Pulled == 0 && len(sent.Healed) == 0
	p.looksRight(calm)
	return calm
}

// check is what must hold when all is quiet.
func (w *world) check() {
	check, err := w.up.unit.Verify(ctx)
	w.must(err)
	for _, f := range check.Faults {
		w.fail("I6", "upstream: %s", f)
	}
	w.checked["I6"]++
	for _, s := range w.stations {
		s.check()
	}
}

func (s *station) check() {
	w := s.w
	above := w.up.has(s)
	w.checked["I1"] += len(s.facts)
	for id, f := range s.facts {
		if _, ok := above[id]; !ok && !f.lost && !ofItsLife(f.kind) {
			by := "upstream"
			if f.by != nil {
				by = f.by.name
			}
			w.fail("I1", "%s %s %s, which %s was told is kept, is not at upstream but at %q", f.kind, f.number, id, by, s.where(id))
		}
	}
	for _, p := range s.pcs {
		if p.retired {
			continue
		}
		w.checked["I2"]++
		check, err := p.store.Verify(ctx)
		w.must(err)
		for _, f := range check.Faults {
			w.fail("I2", "%s: %s", p.name, f)
		}
		w.checked["I7"]++
		here := p.has()
		for id, a := range above {
			b, ok := here[id]
			switch {
			case !ok && !ofItsLife(a.kind) && !s.ofARevokedPC(id, a.kind):
				w.fail("I7", "%s %s is not at %s but at %q", a.kind, id, p.name, s.where(id))
			case ok && a.header != b.header:
				w.fail("I5", "%s %s is another at %s than at upstream", a.kind, id, p.name)
			}
		}
		for id, b := range here {
			if _, ok := above[id]; !ok && !ofItsLife(b.kind) {
				w.fail("I7", "%s %s is not at upstream but at %q", b.kind, id, s.where(id))
			}
		}
		w.checked["I3"]++
		q, err := p.store.Queue(ctx)
		w.must(err)
		if q.Entries != 0 || q.Acts != 0 {
			w.fail("I3", "%s: %d entries wait though all were sent", p.name, q.Entries)
		}
	}
	s.sameEverywhere(above)
	s.samePacks()
	s.forgotten(above)
}

// ofItsLife tells whether an event speaks of the life it stands in, which other lives need not take over.
func ofItsLife(k dossier.Kind) bool { return k == dossier.Healed || k == dossier.KeySet }

// forgotten looks for bodies that were to be purged.
func (s *station) forgotten(above map[dossier.EventID]held) {
	for _, f := range s.facts {
		if _, ok := above[f.id]; len(f.purged) == 0 || f.lost || !ok { // a revoked PC's, or its copy's, waits for ever; that it is somewhere I4 asks
			continue
		}
		for _, p := range s.pcs {
			if p.retired {
				continue
			}
			here := p.has()
			for _, id := range f.purged {
				if h, ok := here[id]; ok && !h.gone {
					s.w.fail("purge", "%s still has the body of %s", p.name, id)
				}
			}
		}
		for _, id := range f.purged {
			if h, ok := above[id]; ok && !h.gone {
				s.w.fail("purge", "upstream still has the body of %s", id)
			}
		}
	}
}

// sameEverywhere folds some dossiers at each holder (I5, I7).
func (s *station) sameEverywhere(above map[dossier.EventID]held) {
	w := s.w
	for range min(len(s.dossiers), 12) {
		id := s.dossiers[w.r.IntN(len(s.dossiers))]
		there, err := w.up.unit.Find(ctx, id.String())
		if dossier.Code(err) == "upstream.no-dossier" {
			continue // lost with its only disk
		}
		w.must(err)
		for _, p := range s.pcs {
			if p.retired {
				continue
			}
			here, err := p.store.Dossier(ctx, id)
			w.must(err)
			w.checked["I5"]++
			if here.Status != there.Status || there.Number != "" && here.Number != there.Number || len(here.Course) != len(there.Course) || len(here.Disputes) != len(there.Disputes) {
				w.fail("I7", "dossier %s is %v, %q, %d steps, %d disputes at %s; and %v, %q, %d steps, %d disputes at upstream", id, here.Status, here.Number, len(here.Course),
					len(here.Disputes), p.name, there.Status, there.Number, len(there.Course), len(there.Disputes))
			}
			seen := map[dossier.EventID]bool{}
			var decided []dossier.Decision
			for i, step := range here.Course {
				if step.ID != there.Course[i].ID || step.Effect != there.Course[i].Effect {
					w.fail("I7", "dossier %s: step %d differs between %s and upstream", id, i, p.name)
				}
				if seen[step.ID] || step.Dossier != id {
					w.fail("I5", "dossier %s: event %s counts twice, or is another dossier's", id, step.ID)
				}
				seen[step.ID] = true
				var d dossier.Decision
				if step.Kind == dossier.Decided && step.Effect == dossier.Applied && json.Unmarshal(step.Body, &d) == nil {
					for _, had := range decided {
						if !had.Same(d) {
							w.fail("I5", "dossier %s: two decisions took effect", id)
						}
					}
					decided = append(decided, d)
				}
			}
		}
	}
}
