package sim

import (
	"bytes"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// The stations of the province that tests name.
const (
	twoPCs   = 0
	threePCs = 1
	onePC    = 2
)

// holds runs a test in a world of its own with a good line.
func holds(t *testing.T, stations []int, do func(w *world)) {
	t.Helper()
	dir, err := os.MkdirTemp(fast(), "tiepnhan-rule-")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(7, dir)
	w.careful = true
	defer func() {
		p := recover()
		w.leave()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		if v, ok := p.(violation); ok {
			t.Fatalf("%v\n%s", v, strings.Join(w.steps, "\n"))
		} else if p != nil {
			panic(p)
		}
	}()
	w.settle(stations...)
	for _, s := range w.stations {
		for _, p := range s.pcs {
			p.bad = false
		}
	}
	do(w)
}

// work does so many receptions and acts at a PC.
func (p *pc) work(n int) {
	for done := 0; done < n; {
		if p.w.r.IntN(5) < 3 {
			p.receive()
			done++
		} else if p.act() {
			done++
		}
	}
}

// send is an exchange that must succeed.
func (p *pc) send() dossier.Sent {
	sent, err := p.client.Send(ctx, nil)
	p.w.step("%s: sends: %d up, %d down, healed %v: %v", p.name, sent.Pushed, sent.Pulled, sent.Healed, err)
	if err != nil {
		p.w.fail("harness", "%s cannot send: %v", p.name, err)
	}
	p.caughtUp()
	p.looksRight(true)
	return sent
}

// I1: what was shown as kept is there after the power went at any COMMIT, before it or after it.
func TestI1WhatWasKeptIsThereAfterAPowerCutAnywhere(t *testing.T) {
	holds(t, []int{onePC}, func(w *world) {
		p := w.stations[0].pcs[0]
		for at := range 40 {
			switch at % 4 {
			case 0:
				p.disk.dies = 1
			case 1:
				p.disk.fails = 1
			}
			p.work(1)
			if at%4 == 2 {
				p.start(p.disk.copy())
			}
			have := p.has()
			for id, f := range w.stations[0].facts {
				if _, ok := have[id]; !ok {
					w.fail("I1", "%s was shown as kept and is gone", f.kind)
				}
			}
		}
		p.send()
		for at := 1; at < 6; at++ { // while exchanging too
			p.work(5)
			p.disk.dies = at
			_, err := p.client.Send(ctx, nil)
			w.step("%v", err)
			p.up()
			p.disk.calm()
		}
		w.quiet()
		w.check()
	})
}

// I2: views equal a fresh replay of the journals, row for row; and one that does not is told.
func TestI2ViewsEqualAFreshReplay(t *testing.T) {
	holds(t, []int{threePCs}, func(w *world) {
		s := w.stations[0]
		for range 4 {
			for _, p := range s.pcs {
				p.work(8)
				p.send()
			}
		}
		w.quiet()
		for _, p := range s.pcs {
			w.must(p.store.Rebuild(ctx))
		}
		w.check()
		files := s.pcs[0].disk.copy()
		spoil(t, w, files, "UPDATE dossier SET status = status + 1 WHERE no = 2", true)
		spoil(t, w, files, "DELETE FROM number", true)
		spoil(t, w, files, "SELECT 1", false)
	})
}

// spoil changes a copy of a PC's file by hand and tells whether Verify sees what it should.
func spoil(t *testing.T, w *world, files image, change string, seen bool) {
	t.Helper()
	d := newDisk(filepath.Join(w.dir, fmt.Sprintf("spoilt%d", w.r.Uint64())), store.FileName)
	d.put(files)
	defer d.remove()
	db, err := sql.Open("sqlite", "file:"+d.paths()[0]+"?vfs="+ram.Name())
	w.must(err)
	if strings.HasPrefix(change, "SELECT") {
		_, err = db.Exec(change)
	} else {
		var r sql.Result
		if r, err = db.Exec(change); err == nil {
			if n, _ := r.RowsAffected(); n == 0 {
				t.Errorf("%s changes nothing", change)
			}
		}
	}
	w.must(err)
	w.must(db.Close())
	s, err := store.Open(ctx, d.folder(), store.Options{NoReserve: true, VFS: ram.Name()})
	if err != nil {
		if !seen {
			t.Errorf("%s: %v", change, err)
		}
		return
	}
	defer s.Close()
	check, err := s.Verify(ctx)
	w.must(err)
	if (len(check.Faults) > 0) != seen {
		t.Errorf("%s: seen is %v: %v", change, len(check.Faults) > 0, check.Faults)
	}
	w.must(os.RemoveAll(d.folder()))
}

// I3: whatever the line does, what is shown as sent is at upstream.
func TestI3NothingIsShownAsSentThatIsNotThere(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		p := w.stations[0].pcs[0]
		p.bad = true
		for range 150 {
			p.work(2)
			_, err := p.client.Send(ctx, nil)
			if err == nil {
				p.caughtUp()
			}
			p.looksRight(true)
			if w.chance(5) {
				w.deliver()
			}
		}
		if w.checked["I3"] < 50 {
			t.Errorf("only %d receipts were looked at", w.checked["I3"])
		}
		w.quiet()
		w.check()
	})
}

// I3: an upstream that was put back has said so with its next answer; what it lost is no longer shown as sent, even where the line breaks before
// it is sent again.
func TestI3WhatUpstreamLostIsNotShownAsSent(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		p := w.stations[0].pcs[0]
		p.work(10)
		p.send()
		early := w.up.disk.copy()
		p.work(10)
		p.send()
		w.up.start(early)
		w.up.backs++
		w.down = wire.PathPush
		if _, err := p.client.Send(ctx, nil); dossier.Code(err) != "line.down" {
			t.Fatalf("the line is down: %v", err)
		}
		p.heard = w.up.backs
		p.looksRight(true)
		if q, err := p.store.Queue(ctx); err != nil || q.Acts < 10 {
			t.Errorf("%d acts wait, %v", q.Acts, err)
		}
		w.down = ""
		p.send()
		w.quiet()
		w.check()
	})
}

// I4: after a restore on either side, one hello of each PC is enough for everything to be at upstream again that anybody has.
func TestI4OneHelloAfterARestoreBringsEverythingBack(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		for _, p := range s.pcs {
			p.work(30)
			p.send()
		}
		everything := func(what string) {
			above := w.up.has(s)
			for id, f := range s.facts {
				if _, ok := above[id]; !ok && !f.lost {
					w.fail("I4", "after %s %s of %s is not at upstream", what, f.kind, f.by.name)
				}
			}
		}
		early := w.up.disk.copy()
		mine := snapshot{image: s.pcs[0].disk.copy()}
		for range 3 {
			for _, p := range s.pcs {
				p.work(20)
				p.send()
			}
		}
		for _, declared := range []bool{false, true} {
			w.up.images = []image{early}
			w.up.start(early)
			w.up.backs++
			if declared {
				w.up.restored()
			}
			for _, p := range s.pcs {
				p.work(3)
				p.send()
			}
			everything("upstream was put back")
		}
		p := s.pcs[0]
		p.start(mine.image)
		p.backTo(mine)
		p.send()
		everything("a PC was put back")
		here := p.has()
		for id, f := range s.facts {
			if _, ok := here[id]; !ok && f.by == p {
				w.fail("I4", "%s of its own did not come back", f.kind)
			}
		}
		p.start(mine.image)
		p.backTo(mine)
		p.work(10)
		p.send()
		everything("a PC was put back and worked on")
		w.quiet()
		w.check()
	})
}

// I5: an event takes effect once, however often and by whatever way it comes.
func TestI5AnEventThatComesTwiceTakesEffectOnce(t *testing.T) {
	holds(t, []int{threePCs}, func(w *world) {
		s := w.stations[0]
		a, b := s.pcs[0], s.pcs[1]
		a.work(20)
		early := snapshot{image: a.disk.copy()}
		a.send()
		for _, p := range s.pcs[1:] {
			p.send()
			_, err := p.peers.Exchange(ctx, a.address)
			w.must(err)
		}
		b.work(10)
		b.send()
		a.start(early.image) // it writes a new life, and in it some events again
		a.backTo(early)
		a.work(6)
		for range 3 {
			a.send()
			_, err := a.peers.Exchange(ctx, b.address)
			w.must(err)
			b.send()
		}
		for range 3 {
			s.decide()
		}
		w.quiet()
		w.check()
		for _, of := range s.dossiers {
			d, err := b.store.Dossier(ctx, of)
			w.must(err)
			if n := strings.Count(fmt.Sprint(kinds(d)), string(dossier.Received)); n > 1 {
				t.Errorf("dossier %s was received %d times", d.Number, n)
			}
		}
	})
}

func kinds(d dossier.Dossier) (out []dossier.Kind) {
	for _, s := range d.Course {
		out = append(out, s.Kind)
	}
	return out
}

// I6: chains have no gaps, and upstream and all PCs agree on the hash at every place.
func TestI6NoPlaceInAChainHasTwoHashes(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		a, b := s.pcs[0], s.pcs[1]
		for range 3 {
			a.work(10)
			early := snapshot{image: a.disk.copy()}
			a.work(5)
			a.send()
			b.send()
			a.start(early.image)
			a.backTo(early)
			a.work(5)
			if _, err := b.peers.Exchange(ctx, a.address); err != nil {
				w.step("%v", err)
			}
			a.send()
		}
		w.quiet()
		w.check()
		chains, err := b.store.Chains(ctx)
		w.must(err)
		if len(chains) < 5 {
			t.Errorf("only %d chains: no life was begun", len(chains))
		}
		for _, c := range chains {
			for seq := uint64(1); seq <= c.Head.Seq; seq++ {
				here, ok, err := b.store.HashAt(ctx, c.Chain, seq)
				w.must(err)
				if !ok {
					w.fail("I6", "chain %s has a gap at %d", c.Chain, seq)
				}
				if there, ok := w.up.hashAt(c.Chain, seq); ok && there != here.Hash {
					w.fail("I6", "chain %s at %d is another at upstream", c.Chain, seq)
				}
			}
		}
	})
}

// I7: the same acts over the worst line end as over a good one.
func TestI7ABadLineEndsWhereAGoodOneDoes(t *testing.T) {
	ends := func(bad bool) (out map[dossier.ID]string) {
		holds(t, []int{twoPCs}, func(w *world) {
			s := w.stations[0]
			acts := w.r // what is done is of this; what the line does is of another
			for range 12 {
				for _, p := range s.pcs {
					w.r, p.bad = acts, bad
					p.receive()
					p.receive()
					p.act()
					w.r = chanceOf(uint64(len(w.steps)))
					_, _ = p.client.Send(ctx, nil)
					if w.chance(2) {
						_, _ = p.peers.Exchange(ctx, s.pcs[1-w.r.IntN(2)].address)
					}
					if w.chance(3) {
						w.deliver()
					}
				}
			}
			w.quiet()
			w.check()
			out = map[dossier.ID]string{}
			for _, id := range s.dossiers {
				d, err := w.up.unit.Find(ctx, id.String())
				w.must(err)
				out[id] = d.Number
			}
		})
		return out
	}
	good, worst := ends(false), ends(true)
	if len(good) != 48 || len(good) != len(worst) {
		t.Fatalf("%d and %d dossiers", len(good), len(worst))
	}
	for id, number := range good {
		if worst[id] != number {
			t.Errorf("dossier %s is %s over a good line and %q over a bad one", id, number, worst[id])
		}
	}
}

// I8: what nobody can read holds up nothing that follows it.
func TestI8PoisonHoldsUpNothing(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		a, b := s.pcs[0], s.pcs[1]
		a.receive()
		a.send()
		of := s.dossiers[0]
		for _, poison := range []dossier.Event{
			{Kind: dossier.Corrected, Body: []byte("không đọc được")},
			{Kind: dossier.Forwarded, Body: []byte(`{"to":7}`)},
			{Kind: dossier.HandedBack, Body: bytes.Repeat([]byte(" "), dossier.MaxBody)},
		} {
			_, err := a.store.Act(ctx, of, func(dossier.Dossier) (dossier.Event, error) {
				poison.ID, poison.At, poison.By = w.id(), a.now(), "mau"
				return poison, nil
			})
			w.must(err)
		}
		a.receive()
		sent := a.send()
		if sent.Pushed != 4 {
			t.Errorf("%d entries went up, want 4", sent.Pushed)
		}
		b.send()
		if _, err := b.store.Dossier(ctx, s.dossiers[1]); err != nil {
			t.Errorf("what followed the poison did not come: %v", err)
		}
		a.send() // what upstream thinks of it
		q, err := a.store.Queue(ctx)
		w.must(err)
		if len(q.SentBack) != 3 || q.Entries != 0 {
			t.Errorf("%d sent back, %d waiting", len(q.SentBack), q.Entries)
		}
		_, err = a.store.Act(ctx, of, func(dossier.Dossier) (dossier.Event, error) {
			return dossier.Event{ID: w.id(), Kind: dossier.Corrected, At: a.now(), Body: make([]byte, dossier.MaxBody+1)}, nil
		})
		if dossier.Code(err) != "event.too-large" {
			t.Errorf("an event over its limit: %v", err)
		}
	})
}

// I9: a decision reaches the dossier it was made for and no other; where that is unknown it waits in sight.
func TestI9ADecisionIsAppliedToItsDossierOnly(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		a, b := s.pcs[0], s.pcs[1]
		early := snapshot{image: a.disk.copy()}
		for range 6 {
			a.receive()
		}
		a.send()
		d := dossier.Decision{Approved: true, Document: "9/TB", Date: dossier.DateOf(w.now)}
		_, _, err := w.up.unit.Decide(ctx, s.dossiers[2].String(), d)
		w.must(err)
		for _, p := range []*pc{a, b} {
			p.send()
			for i, of := range s.dossiers {
				got, err := p.store.Dossier(ctx, of)
				w.must(err)
				if (got.Decision != nil) != (i == 2) {
					t.Errorf("%s: dossier %d has decision %v", p.name, i, got.Decision)
				}
			}
		}
		// The dossier goes with every disk that had it; the decision alone comes back.
		a.start(early.image)
		a.backTo(early)
		entries := []dossier.Entry{}
		chains, err := b.store.Chains(ctx)
		w.must(err)
		u, _, err := b.store.Upstream(ctx)
		w.must(err)
		for _, c := range chains {
			if !u.Key.Equal(c.Owner) {
				continue
			}
			all, err := b.store.Entries(ctx, c.Chain, 0, 1000)
			w.must(err)
			entries = append(entries, all...)
			have, ok, err := a.store.HashAt(ctx, c.Chain, 0)
			w.must(err)
			if !ok || have.Seq != 0 {
				t.Fatal("upstream's chain is not held")
			}
			w.must(a.store.Extend(ctx, c.Head, c.Signature, all))
		}
		found := false
		for _, e := range entries {
			var had dossier.Decision
			if e.Kind == dossier.Decided && json.Unmarshal(e.Body, &had) == nil && had.Same(d) {
				found = true
				got, err := a.store.Dossier(ctx, e.Dossier)
				w.must(err)
				if !got.Waiting() || got.Decision != nil || got.Number != "" {
					t.Errorf("a decision for an unknown dossier: %+v", got)
				}
			}
		}
		if !found {
			t.Error("the decision is not in upstream's journal")
		}
	})
}

// I10: who taps the line, or finds a stick, reads no name. (What lies on the PC's own disk is the store's to keep.)
func TestI10NoNameIsInClearOnTheLine(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		for _, p := range s.pcs {
			p.work(10)
			p.send()
		}
		_, err := s.pcs[0].peers.Exchange(ctx, s.pcs[1].address)
		w.must(err)
		if w.calls < 6 {
			t.Errorf("only %d calls were overheard", w.calls)
		}
		func() {
			defer func() {
				if _, ok := recover().(violation); !ok {
					t.Error("this test cannot fail")
				}
			}()
			w.overheard("/", []byte("x"+secretName))
		}()
	})
}

// I11: any edit, removal or change of order in what is kept is found.
func TestI11AnyEditIsFound(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		for _, p := range s.pcs {
			p.work(25)
			p.send()
		}
		w.quiet()
		files := s.pcs[0].disk.copy()
		spoil(t, w, files, "SELECT 1", false)
		for _, change := range []string{
			"UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'unlock-account', 'unlock-Account') AS BLOB) WHERE no = (SELECT max(no) FROM event WHERE CAST(body AS TEXT) LIKE '%unlock-account%')",
			"UPDATE event SET body = NULL, salt = NULL WHERE no = 5",
			"UPDATE event SET salt = zeroblob(16) WHERE no = 6",
			"UPDATE event SET header = CAST(substr(header, 1, 70) || x'ff' || substr(header, 72) AS BLOB) WHERE no = 7",
			"UPDATE event SET id = zeroblob(16) WHERE no = 8",
			"DELETE FROM entry WHERE seq = 4",
			"DELETE FROM entry WHERE (chain, seq) = (SELECT no, seq FROM chain WHERE seq > 20 ORDER BY no LIMIT 1)",
			"UPDATE entry SET event = event + 1 WHERE (chain, seq) = (1, 5)",
			"UPDATE entry SET hash = zeroblob(32) WHERE (chain, seq) = (1, 6)",
			"UPDATE chain SET seq = seq - 1 WHERE seq > 20",
			"UPDATE chain SET signature = zeroblob(64) WHERE seq > 20",
			"UPDATE receipt SET number = number || '0'",
			"UPDATE receipt SET at = at + 1",
			"UPDATE receipt SET seq = seq - 1",
		} {
			spoil(t, w, files, change, true)
		}
	})
}

// I12: no two PCs give the same number, nor one PC twice, with lives begun anew as often as a day allows.
func TestI12NoNumberIsGivenTwice(t *testing.T) {
	holds(t, []int{threePCs}, func(w *world) {
		s := w.stations[0]
		for round := range 3 {
			for _, p := range s.pcs {
				for range 8 {
					p.receive()
				}
				p.send()
				if round < 2 {
					now := snapshot{p.disk.copy(), w.up.backs}
					p.receive()
					p.receive()
					p.send() // upstream knows them; the disk will not
					p.start(now.image)
					p.backTo(now)
					p.send()
				}
			}
		}
		if s.excused > 0 {
			t.Errorf("%d numbers were given twice though the line was there all the time", s.excused)
		}
		if w.checked["I12"] < 80 {
			t.Errorf("%d numbers", w.checked["I12"])
		}
		w.quiet()
		w.check()
	})
}

// I12: what an image forgot and upstream never had can be given again until the sister who has it is asked, and not after.
func TestI12OnlyWhatNobodyCouldSayIsGivenTwice(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		p, sister := s.pcs[0], s.pcs[1]
		p.send()
		early := snapshot{p.disk.copy(), w.up.backs}
		for range 6 {
			p.receive()
		}
		if _, err := sister.peers.Exchange(ctx, p.address); err != nil {
			t.Fatal(err)
		}
		p.start(early.image)
		p.backTo(early)
		p.send()
		p.receive()
		if s.excused != 1 {
			t.Errorf("%d numbers were given twice; the first was, and nobody who was asked knew it", s.excused)
		}
		if _, err := p.peers.Exchange(ctx, sister.address); err != nil {
			t.Fatal(err)
		}
		p.learns(sister.ids())
		for range 6 {
			p.receive()
		}
		if s.excused != 1 {
			t.Errorf("%d numbers were given twice, some after the sister had said which were", s.excused)
		}
		w.quiet()
		w.check()
	})
}

// I13: clocks decide nothing: the same acts under clocks that jump by decades end in the same state, and nothing waits or is disputed more.
func TestI13ClocksDecideNothing(t *testing.T) {
	ends := func(wild bool) (out []string) {
		holds(t, []int{threePCs}, func(w *world) {
			s := w.stations[0]
			skews := chanceOf(3)
			for range 10 {
				for _, p := range s.pcs {
					if wild {
						p.skew = jumps[skews.IntN(len(jumps))]
					}
					p.receive()
					p.act()
					p.act()
					p.send()
				}
			}
			w.quiet()
			w.check()
			for _, id := range s.dossiers {
				d, err := s.pcs[2].store.Dossier(ctx, id)
				w.must(err)
				out = append(out, fmt.Sprintf("%s %v %d disputes", d.Number, d.Status, len(d.Disputes)))
			}
		})
		return out
	}
	right, wild := ends(false), ends(true)
	if len(right) != 30 || fmt.Sprint(right) != fmt.Sprint(wild) {
		t.Errorf("with clocks right:\n%s\nwith clocks wild:\n%s", strings.Join(right, "\n"), strings.Join(wild, "\n"))
	}
}

// I4: a backup whose end never went up is restored after another copy of the same time was worked on and sent: neither is lost.
func TestI4TwoCopiesPutBackOneAfterTheOtherLoseNothing(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		p := s.pcs[0]
		p.work(4)
		p.send()
		early := snapshot{image: p.disk.copy()}
		p.work(9)
		late := snapshot{image: p.disk.copy()}
		p.start(early.image)
		p.backTo(early)
		p.work(5)
		p.send()
		p.start(late.image)
		if _, err := p.store.Fork(ctx, p.store.Own().Head, dossier.HealedRestored); err != nil {
			t.Fatal(err)
		}
		p.backTo(late)
		for _, f := range s.facts { // the backup is a holder like any other
			f.lost = false
		}
		p.work(3)
		p.send()
		w.quiet()
		w.check()
	})
}

// I4: what only a sister held stays where it can be handed on until it is elsewhere for good: its owner took it over, and lost it again.
func TestI4WhatASisterHeldIsNotGivenUpForAWordThatIsLostAgain(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		p, sister := s.pcs[0], s.pcs[1]
		p.work(3)
		early := snapshot{image: p.disk.copy()}
		p.work(6)
		if _, err := sister.peers.Exchange(ctx, p.address); err != nil {
			t.Fatal(err)
		}
		p.start(early.image)
		p.backTo(early)
		p.work(2)
		w.down = wire.PathPull
		if _, err := sister.peers.Exchange(ctx, p.address); err == nil {
			t.Fatal("the line was not cut")
		}
		w.down = ""
		if len(p.has()) < len(s.facts) {
			t.Fatalf("the owner took over %d of %d", len(p.has()), len(s.facts))
		}
		p.start(early.image)
		p.backTo(early)
		w.quiet()
		w.check()
	})
}

// I4: all that a sister holds of a stolen PC's journal waits in sight above, however much it is, and is handed up again after upstream's disk
// was put back.
func TestI4AllThatASisterHoldsOfARevokedPCWaitsInSight(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		stolen, sister := s.pcs[0], s.pcs[1]
		stolen.work(2*wire.MaxEntries + 10)
		if _, err := sister.peers.Exchange(ctx, stolen.address); err != nil {
			t.Fatal(err)
		}
		if err := w.up.unit.Revoke(ctx, receive.PC{Station: s.name, Desk: stolen.desk}, nil, "mất cắp"); err != nil {
			t.Fatal(err)
		}
		before := w.up.disk.copy()
		for _, when := range []string{"", "after it was put back and said so"} {
			sister.send()
			sister.send()
			waiting := w.up.waiting(s)
			for id, f := range s.facts {
				if _, ok := waiting[id]; !ok {
					t.Fatalf("%s of the revoked PC does not wait %s; %d do", f.kind, when, len(waiting))
				}
			}
			w.up.start(before)
			w.up.backs++
			w.up.restored()
		}
	})
}

// I4: an image of upstream's disk is put back, which differs in nothing but in what waited there. Nothing it says tells so; the PC that handed it
// over stays on, and after a while offers it once more.
func TestI4WhatWaitedIsHandedOverAgainThoughNothingTellsThatItIsLost(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		s := w.stations[0]
		stolen, sister := s.pcs[0], s.pcs[1]
		stolen.work(5)
		if _, err := sister.peers.Exchange(ctx, stolen.address); err != nil {
			t.Fatal(err)
		}
		if err := w.up.unit.Revoke(ctx, receive.PC{Station: s.name, Desk: stolen.desk}, nil, "mất cắp"); err != nil {
			t.Fatal(err)
		}
		w.down = wire.PathPush
		_, _ = sister.client.Send(ctx, nil) // she hears of it, and can hand nothing over
		w.down = ""
		before := w.up.disk.copy()
		sister.send()
		if n := len(w.up.waiting(s)); n < 5 {
			t.Fatalf("%d wait", n)
		}
		w.up.start(before)
		w.up.backs++
		sends := 0
		for ; len(w.up.waiting(s)) < 5 && sends < 200; sends++ {
			sister.send()
		}
		if sends < 2 || sends > 110 {
			t.Errorf("it waits again after %d visits", sends)
		}
	})
}

// I14: whatever comes, up to its limit, is answered within a second and 64 MiB.
func TestI14AnyInputIsAnsweredInTimeAndMemory(t *testing.T) {
	holds(t, []int{twoPCs}, func(w *world) {
		p := w.stations[0].pcs[0]
		p.work(5)
		key := p.store.SigningKey().Public().(ed25519.PublicKey)
		limits := map[string]int{wire.PathHello: wire.MaxMessage, wire.PathPush: wire.MaxEnvelope, wire.PathPull: wire.MaxMessage, wire.PathEnrol: 8 << 10}
		for path, limit := range limits {
			for _, size := range []int{0, 1, limit - 1, limit, limit + 1} {
				for _, fill := range []string{"\x00", "[", "{\"a\":", "\xff", "TNCX\x01"} {
					b := bytes.Repeat([]byte(fill), size/len(fill)+1)[:size]
					for _, to := range []func() http.Handler{w.up.answering, w.stations[0].pcs[1].peers.Handler} {
						runtime.GC()
						var before, after runtime.MemStats
						runtime.ReadMemStats(&before)
						begun := time.Now()
						l := letter{to: to, from: key, path: path, body: b}
						if res := l.arrive(); res != nil && res.StatusCode == http.StatusOK {
							t.Errorf("%s took %d bytes of %q", path, size, fill)
						}
						took := time.Since(begun)
						runtime.ReadMemStats(&after)
						if used := after.TotalAlloc - before.TotalAlloc; took > time.Second || used > 64<<20 {
							t.Errorf("%s: %d bytes of %q took %v and %d bytes", path, size, fill, took, used)
						}
					}
				}
			}
		}
	})
}
