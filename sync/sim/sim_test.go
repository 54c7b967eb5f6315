package sim

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"
)

var (
	simSeed    = flag.Uint64("sim.seed", 0, "run this seed alone and print its steps")
	simFrom    = flag.Uint64("sim.from", 1, "the first seed")
	simStep    = flag.Uint64("sim.step", 1, "from one seed to the next: how many processes share the work")
	simSeeds   = flag.Int("sim.seeds", 8, "how many seeds")
	simMinutes = flag.Float64("sim.minutes", 0, "as many seeds as fit into so many minutes instead")
)

// Everything that must always hold, from seeds of chance and from all that ever failed.
func TestSimulator(t *testing.T) {
	template()
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	runtime.MemProfileRate = 0
	begun := time.Now()
	var seeds []uint64
	if *simSeed != 0 {
		seeds = []uint64{*simSeed}
	} else if *simMinutes == 0 {
		seeds = append(known(t), chances(*simSeeds)...)
	}
	total := newWorld(0, "")
	stations := 0
	n := 0
	for i := uint64(0); ; i++ {
		seed := *simFrom + i**simStep
		if *simMinutes == 0 {
			if i == uint64(len(seeds)) {
				break
			}
			seed = seeds[i]
		} else if time.Since(begun).Minutes() > *simMinutes {
			break
		}
		n++
		cryptotest.SetGlobalRandom(t, seed)
		w, err := run(t, seed)
		if err != nil {
			steps := w.steps
			if *simSeed == 0 {
				steps = steps[max(0, len(steps)-40):]
			}
			t.Errorf("seed %d: %v\nits last steps:\n%s\nmake sim SIM=%d runs it alone", seed, err, strings.Join(steps, "\n"), seed)
			continue
		}
		total.add(w)
		stations += len(w.stations)
	}
	took := time.Since(begun).Seconds()
	fmt.Printf("SIM seeds %d station-days %d state-events %d calls %d seconds %.1f per-second %.0f\n", n, total.days, total.events, total.calls, took, float64(total.events)/took)
	for _, m := range []struct {
		name string
		of   map[string]int
	}{{"checked", total.checked}, {"network", total.faults}, {"happened", total.happened}, {"told", total.codes}} {
		var out []string
		for _, k := range slices.Sorted(maps.Keys(m.of)) {
			out = append(out, fmt.Sprintf("%s %d", k, m.of[k]))
		}
		fmt.Printf("SIM %s: %s\n", m.name, strings.Join(out, ", "))
	}
	if n >= 20 && !t.Failed() {
		for _, kind := range append(slices.Clone(faults), troubles...) {
			if kind != "" && total.faults[kind]+total.happened[kind] == 0 {
				t.Errorf("%q never happened in %d seeds: nothing is shown by its doing no harm", kind, n)
			}
		}
	}
}

// troubles are what must have happened in any run of more than a few seeds, beside what becomes of calls: a kind that has stopped happening would
// be missed by nobody else.
var troubles = []string{"backup restored", "clock jumped", "disk refused a COMMIT", "disk refused a COMMIT of an exchange", "healed forked", "healed upstream",
	"image put back", "keys changed", "pack issued", "PC enrolled", "PC revoked", "power back", "purged", "question delivered late", "released", "stick lost",
	"stick read by a PC", "stick read by upstream", "stick spoilt", "stick written", "thawed", "two living copies", "upstream died", "upstream put back",
	"upstream restarted", "visit on the LAN"}

func (w *world) add(o *world) {
	w.days, w.events, w.calls = w.days+o.days, w.events+o.events, w.calls+o.calls
	for _, m := range [][2]map[string]int{{w.checked, o.checked}, {w.faults, o.faults}, {w.codes, o.codes}, {w.happened, o.happened}} {
		for k, n := range m[1] {
			m[0][k] += n
		}
	}
}

// known are the seeds that ever failed.
func known(t *testing.T) []uint64 {
	b, err := os.ReadFile("testdata/seeds")
	if err != nil {
		t.Fatal(err)
	}
	var out []uint64
	for line := range strings.Lines(string(b)) {
		var seed uint64
		if _, err := fmt.Sscanf(line, "%d", &seed); err == nil {
			out = append(out, seed)
		}
	}
	return out
}

func chances(n int) []uint64 {
	var out []uint64
	for i := range n {
		out = append(out, *simFrom+uint64(i)**simStep)
	}
	return out
}
