package crashtest

import (
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"slices"
)

const sectorSize = 512

// State is what a power cut can leave.
type State struct {
	Files map[string][]byte
	After int // how many things had been done to the disk by then
	How   string
}

// pending is a file after its last flush: what was flushed, and what came since, each sector of which is on the disk or not.
type pending struct {
	flushed []byte
	ops     []op
	touched map[int][]int // sector → which of ops wrote to it
	order   []int         // sectors, in the order in which they were first written
	sizes   []int64       // after each of ops, from flushed on
	now     int64
}

func (p *pending) add(o op) {
	from, to := o.off, o.off+int64(len(o.data))
	size := max(p.now, to)
	if o.kind == Truncate {
		from, to, size = min(o.off, p.now), max(o.off, p.now), o.off
	}
	i := len(p.ops)
	p.ops = append(p.ops, o)
	for s := int(from / sectorSize); int64(s)*sectorSize < to; s++ {
		if p.touched[s] == nil {
			p.order = append(p.order, s)
		}
		p.touched[s] = append(p.touched[s], i)
	}
	p.now = size
	p.sizes = append(p.sizes, size)
}

func begun(flushed []byte) *pending {
	n := int64(len(flushed))
	return &pending{flushed: flushed, touched: map[int][]int{}, sizes: []int64{n}, now: n}
}

// all is what a program reads that has not lost power.
func (p *pending) all() []byte {
	return p.build(func(_ int, versions []int) int { return len(versions) }, p.now, nil)
}

// build is the file when of each sector so many of its versions have come, and with that length. What of it never came is zeros, or what
// noise says.
func (p *pending) build(version func(sector int, versions []int) int, size int64, noise *rand.Rand) []byte {
	out := make([]byte, max(size, int64(len(p.flushed)), slices.Max(p.sizes)))
	copy(out, p.flushed)
	if noise != nil {
		for i := len(p.flushed); i < len(out); i++ {
			out[i] = byte(noise.Uint32())
		}
	}
	for _, s := range p.order {
		from := int64(s) * sectorSize
		to := min(from+sectorSize, int64(len(out)))
		versions := p.touched[s]
		chosen := versions[:version(s, versions)]
		if len(chosen) > 0 && noise != nil && from >= int64(len(p.flushed)) {
			clear(out[from:to])
		}
		for _, i := range chosen {
			o := p.ops[i]
			if o.kind == Truncate {
				if o.off < to {
					clear(out[max(o.off, from):to])
				}
				continue
			}
			a, b := max(o.off, from), min(o.off+int64(len(o.data)), to)
			copy(out[a:b], o.data[a-o.off:b-o.off])
		}
	}
	return out[:size]
}

// entry is a name: the file it stands for on the disk, and those it stood for since; nil is none.
type entry struct {
	sure  *node
	since []*node
}

// States visits states in which a power cut can leave the disk, none twice, until visit says no: after each thing that was done every prefix
// of what was not flushed yet, each with its last write torn, each with one write missing or alone, and as many by chance. Chance begins with the
// seed. Of what was done only every so-manieth thing is looked at. It tells how many there were.
func (d *Disk) States(seed uint64, every, byChance int, visit func(State) bool) int {
	r := rand.New(rand.NewPCG(seed, 1))
	hash := maphash.MakeSeed()
	seen := map[uint64]bool{}
	names := map[string]*entry{}
	nodes := map[*node]*pending{}
	for path, n := range d.base {
		names[path], nodes[n] = &entry{sure: n}, begun(d.loaded[path])
	}
	for done := 0; ; done++ {
		more := true
		try := func(how string, content func(*pending) []byte, name func(*entry) *node) {
			if !more {
				return
			}
			var h maphash.Hash
			h.SetSeed(hash)
			files := map[string][]byte{}
			for _, path := range slices.Sorted(maps.Keys(names)) {
				if n := name(names[path]); n != nil {
					files[path] = content(nodes[n])
					h.WriteString(path)
					h.Write(files[path])
				}
			}
			if sum := h.Sum64(); !seen[sum] {
				seen[sum] = true
				more = visit(State{Files: files, After: done, How: how})
			}
		}
		looked := (done+int(seed))%every == 0 || done == len(d.log)
		latest := func(e *entry) *node {
			if len(e.since) > 0 {
				return e.since[len(e.since)-1]
			}
			return e.sure
		}
		sure := func(e *entry) *node { return e.sure }
		anyName := func(e *entry) *node {
			if i := r.IntN(len(e.since) + 1); i > 0 {
				return e.since[i-1]
			}
			return e.sure
		}
		none := func(p *pending) []byte { return p.flushed }
		if looked {
			try("all", (*pending).all, latest)
			try("none", none, sure)
			try("none, names came", none, latest)
		}
		var open []*pending // with something pending, in the order of names
		for _, path := range slices.Sorted(maps.Keys(names)) {
			if n := latest(names[path]); looked && n != nil && len(nodes[n].ops) > 0 {
				open = append(open, nodes[n])
			}
		}
		for _, one := range open {
			of := func(f func(p *pending) []byte) func(*pending) []byte { // the others came, or not
				others := r.IntN(2) == 0
				return func(p *pending) []byte {
					if p == one {
						return f(p)
					}
					if others {
						return p.all()
					}
					return p.flushed
				}
			}
			// Only what is new since the last thing done: what came before has been visited with one thing done less.
			last := len(one.ops) - 1
			for _, i := range []int{last, last - 1, r.IntN(last + 1), r.IntN(last + 1)} {
				if i < 0 {
					continue
				}
				o := one.ops[i]
				first := int(o.off / sectorSize)
				sectors := int((o.off+int64(len(o.data))+sectorSize-1)/sectorSize) - first
				count := func(limit func(sector, i int) bool) func(int, []int) int {
					return func(s int, versions []int) int {
						n := 0
						for n < len(versions) && limit(s, versions[n]) {
							n++
						}
						return n
					}
				}
				for range 2 {
					torn := r.IntN(max(sectors, 1))
					try("torn", of(func(p *pending) []byte {
						return p.build(count(func(s, j int) bool { return j < i || j == i && s < first+torn }), p.sizes[i+1], nil)
					}), latest)
					try("torn, its end came", of(func(p *pending) []byte {
						return p.build(count(func(s, j int) bool { return j < i || j == i && s >= first+torn }), p.sizes[i+1], nil)
					}), latest)
				}
				try("prefix", of(func(p *pending) []byte {
					return p.build(count(func(_, j int) bool { return j <= i }), p.sizes[i+1], nil)
				}), latest)
				try("missing", of(func(p *pending) []byte {
					return p.build(func(_ int, versions []int) int {
						if n := len(versions); versions[n-1] != i {
							return n
						}
						return len(versions) - 1
					}, p.now, nil)
				}), latest)
				try("alone", of(func(p *pending) []byte {
					return p.build(func(_ int, versions []int) int { return slices.Index(versions, i) + 1 }, p.sizes[i+1], nil)
				}), latest)
				try("cut off", of(func(p *pending) []byte {
					return p.build(func(_ int, versions []int) int { return len(versions) }, p.sizes[i]+int64(r.IntN(int(max(p.sizes[i+1]-p.sizes[i], 0))+1)), nil)
				}), latest)
			}
		}
		if looked && (len(open) > 0 || slices.ContainsFunc(slices.Collect(maps.Values(names)), func(e *entry) bool { return len(e.since) > 0 })) {
			for range byChance {
				chance := []float64{0.05, 0.3, 0.5, 0.7, 0.95}[r.IntN(5)]
				var noise *rand.Rand
				if r.IntN(8) == 0 {
					noise = r
				}
				whole := r.IntN(2) == 0 // writes come whole, in any order
				try("chance", func(p *pending) []byte {
					if len(p.ops) == 0 {
						return p.flushed
					}
					came := make([]bool, len(p.ops))
					for i := range came {
						came[i] = r.Float64() < chance
					}
					size := p.sizes[r.IntN(len(p.sizes))]
					if r.IntN(2) == 0 {
						size = p.now
					}
					return p.build(func(_ int, versions []int) int {
						n := len(versions)
						for n > 0 && (whole && !came[versions[n-1]] || !whole && r.Float64() > chance) {
							n--
						}
						return n
					}, size, noise)
				}, anyName)
			}
		}
		if !more || done == len(d.log) {
			return len(seen)
		}
		o := d.log[done]
		if nodes[o.node] == nil {
			nodes[o.node] = begun(nil)
		}
		p, e := nodes[o.node], names[o.path]
		if e == nil {
			e = &entry{}
			names[o.path] = e
		}
		switch o.kind {
		case Open:
			e.since = append(e.since, o.node)
		case Delete:
			e.since = append(e.since, nil)
			if o.sure {
				*e = entry{}
			}
		case Sync:
			nodes[o.node] = begun(p.all())
			if latest(e) == o.node && e.sure != o.node { // with the first flush of a new file SQLite flushes the folder
				for _, e := range names {
					*e = entry{sure: latest(e)}
				}
			}
		default:
			p.add(o)
		}
	}
}
