package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// A stick is a folder that is carried: written early, brought late, brought twice, lost, or spoilt on the way.

const mostSticks = 3

// newStick is an empty one for a station.
func (s *station) newStick() string {
	w := s.w
	w.sticks++
	dir := filepath.Join(w.dir, fmt.Sprintf("stick%d", w.sticks))
	w.must(os.MkdirAll(dir, 0o700))
	s.sticks = append(s.sticks, dir)
	if len(s.sticks) > mostSticks {
		w.must(os.RemoveAll(s.sticks[0]))
		s.sticks = s.sticks[1:]
		w.happened["stick lost"]++
	}
	return dir
}

// someStick is one that is in use already, or a new one.
func (s *station) someStick() string {
	if n := len(s.sticks); n > 0 && !s.w.chance(3) {
		return s.sticks[s.w.r.IntN(n)]
	}
	return s.newStick()
}

// byStick does one thing with a stick: something is put on it, taken from it, or happens to it.
func (s *station) byStick(p *pc) {
	w := s.w
	switch w.r.IntN(10) {
	case 0, 1, 2:
		p.export(s.someStick())
	case 3, 4:
		dir := s.someStick()
		w.trouble(w.up.disk, 30)
		_, err := w.up.unit.Export(ctx, wire.SystemDisk{}, dir, s.name, nil)
		w.step("upstream: writes %s: %v", filepath.Base(dir), err)
		w.stickErr(err)
		w.up.disk.calm()
		w.up.wake()
	case 5, 6, 7:
		s.toUpstream(s.someStick(), 20)
	case 8:
		p.read(s.someStick())
	default:
		s.spoilStick(s.someStick())
	}
}

func (w *world) stickErr(err error) {
	if err != nil && !injected(err) && dossier.Code(err) == "" && !errors.Is(err, errLost) {
		w.fail("words", "stick: an error without a code: %v", err)
	}
}

func (p *pc) export(dir string) {
	w := p.w
	w.trouble(p.disk, 30)
	_, err := p.client.Export(ctx, wire.SystemDisk{}, dir, w.now, nil)
	w.step("%s: writes %s: %v", p.name, filepath.Base(dir), err)
	w.stickErr(err)
	p.disk.calm()
	p.up()
	w.happened["stick written"]++
}

// toUpstream brings a stick to upstream.
func (s *station) toUpstream(dir string, trouble int) {
	w := s.w
	if trouble > 0 {
		w.trouble(w.up.disk, trouble)
	}
	in, err := w.up.unit.Import(ctx, dir, nil)
	w.step("upstream: reads %s: %d taken: %v%s", filepath.Base(dir), in.Taken, err, problems(in))
	w.stickErr(err)
	w.up.disk.calm()
	w.up.wake()
	w.happened["stick read by upstream"]++
	for _, p := range in.Parcels {
		for _, problem := range p.Problem {
			w.codes[problem.Code]++
		}
	}
}

// problems are the parcels of a stick that were not taken whole.
func problems(in dossier.Imported) (out string) {
	for _, p := range in.Parcels {
		if p.Problem != nil {
			out += fmt.Sprintf("; %s for %s: %d of %d files: %v", p.From, p.To, p.Done, len(p.Files), p.Problem)
			for _, j := range p.Journals {
				out += fmt.Sprintf(" %s %d-%d", j.Chain.Incarnation.String()[:8], j.First, j.Last)
			}
		}
	}
	return out
}

// read takes in what a stick has for a PC.
func (p *pc) read(dir string) {
	w := p.w
	before := p.store.Own().Receipt
	w.trouble(p.disk, 30)
	in, err := p.client.Import(ctx, dir, nil)
	w.step("%s: reads %s: %d taken, healed %v: %v%s", p.name, filepath.Base(dir), in.Taken, in.Healed, err, problems(in))
	for _, h := range in.Healed {
		w.happened["healed by stick "+h.What]++
	}
	w.stickErr(err)
	p.disk.calm()
	if p.disk.dead {
		p.up()
		return
	}
	w.happened["stick read by a PC"]++
	w.checked["I3 stick lowers no mark"]++
	if after := p.store.Own().Receipt; before != nil && after != nil && before.Chain == after.Chain && after.Seq < before.Seq {
		w.fail("I3", "%s: a stick lowered what was sent from %d to %d", p.name, before.Seq, after.Seq)
	}
	p.looksRight(false)
}

// spoilStick is what pockets do to sticks.
func (s *station) spoilStick(dir string) {
	w := s.w
	var files []string
	w.must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	if len(files) == 0 {
		return
	}
	name := files[w.r.IntN(len(files))]
	b, err := os.ReadFile(name)
	w.must(err)
	switch {
	case w.chance(3):
		w.must(os.Remove(name))
	case w.chance(2) && len(b) > 0:
		w.must(os.WriteFile(name, b[:w.r.IntN(len(b))], 0o600))
	case len(b) > 0:
		b[w.r.IntN(len(b))] ^= 1 << w.r.IntN(8)
		w.must(os.WriteFile(name, b, 0o600))
	}
	w.happened["stick spoilt"]++
}

// carry brings by stick to upstream what a copy that goes out of use holds.
func (p *pc) carry() {
	w := p.w
	dir := p.st.newStick()
	_, err := p.client.Export(ctx, wire.SystemDisk{}, dir, w.now, nil)
	w.step("%s: everything onto %s: %v", p.name, filepath.Base(dir), err)
	w.must(err)
	p.st.toUpstream(dir, 0)
}
