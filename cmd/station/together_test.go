package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// verbMachine makes this program of tests the station's: it runs the verb in its arguments on the PC whose secret is there. A second program is
// wanted, because locks on files are a program's and not a goroutine's.
const verbMachine = "TIEPNHAN_TEST_VERB"

func init() {
	if path := os.Getenv(verbMachine); path != "" {
		machineSecret = func() (string, error) { return path, nil }
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
}

// atMost is how long whoever is at the desk may wait for anything while other windows of time are open.
const atMost = 100 * time.Millisecond

// weather is what this PC's processors did until now, in hundredths of a second: for others, and for other systems on the same hardware.
func weather() (others, stolen int64, ok bool) {
	fields := func(path string) []int64 {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		line, _, _ := strings.Cut(string(text), "\n")
		var out []int64
		for _, f := range strings.Fields(line[strings.LastIndex(line, ")")+1:]) { // a program's name may hold blanks
			n, _ := strconv.ParseInt(f, 10, 64)
			out = append(out, n)
		}
		return out
	}
	all, own := fields("/proc/stat"), fields("/proc/self/stat")
	if len(all) < 9 || len(own) < 15 {
		return 0, 0, false
	}
	return all[1] + all[2] + all[3] - own[11] - own[12] - own[13] - own[14], all[8], true // user, nice, system but ours and our verbs'; steal
}

// crowded tells, when it is called, whether this PC had other things to do since: then nothing is proved against us.
func crowded() func() bool {
	others, stolen, ok := weather()
	return func() bool {
		o, s, _ := weather()
		return !ok || o-others > 50 || s-stolen > 2
	}
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(text))
}

// emptyStation is the station of a chief with a password, who is at the desk, before its first dossier.
func emptyStation(t *testing.T) *world {
	t.Helper()
	onPC(t)
	at(t, "2026-11-20 09:05")
	dir := t.TempDir()
	key, _, err := makeSafe(dir, chiefName, chiefPassword)
	if err != nil {
		t.Fatal(err)
	}
	w, err := openWorld(t.Context(), dir, key, toSetUp, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.close() }) // a test may have closed it
	s := sampleSettings()
	s.Sample = false
	for _, err := range []error{w.desk.SetUp(t.Context(), s), w.enter(t.Context(), dossier.ByPassword)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// What is done at the desk waits for nothing that runs beside it: a backup with its proof, an exchange with upstream, and a reading verb of the
// command line, all at once and again and again. The best of a few rounds counts, because the PC has other things to do as well.
func TestTheDeskWaitsForNothingThatRunsBesideIt(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes its time")
	}
	w := emptyStation(t)
	err := storetest.Fill(t.Context(), w.store, 5000)
	if err != nil {
		t.Fatal(err)
	}
	for more := true; more; { // as the program does while nobody works
		if more, err = w.store.MergeIndex(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	up, err := startUpstream(t.Context(), t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer up.close()
	ticket, err := up.ticket(sampleSettings())
	if err == nil {
		_, err = w.desk.Enrol(t.Context(), ticket)
	}
	if err != nil {
		t.Fatal(err)
	}
	k := newKeeper(w.desk)
	defer k.wait()
	judged := false
	for round := range 6 {
		others := crowded()
		receiving, listing := aRound(t, w)
		busy := others()
		judged = judged || !busy
		t.Logf("round %d: reception %v, list %v at most; load %s; other things to do: %v", round, receiving.Round(time.Millisecond), listing.Round(time.Millisecond), load(), busy)
		if max(receiving, listing) <= atMost {
			return
		}
	}
	if !judged {
		t.Skip("this PC has too much else to do to be judged by")
	}
	t.Errorf("somebody waited longer than %v in every round", atMost)
}

// aRound receives thirty dossiers and looks at the list after each, while everything else goes on, and tells the longest of each.
func aRound(t *testing.T, w *world) (receiving, listing time.Duration) {
	ctx, stop := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	done := map[string]int{}
	var mu sync.Mutex
	over := func(what string, do func(context.Context) error) {
		beside.Go(func() {
			for ctx.Err() == nil {
				if err := do(ctx); err != nil && ctx.Err() == nil {
					t.Errorf("%s: %v", what, err)
					return
				}
				mu.Lock()
				done[what]++
				mu.Unlock()
			}
		})
	}
	machine, err := machineSecret()
	if err != nil {
		t.Fatal(err)
	}
	places, err := w.desk.BackupPlaces(ctx)
	if err != nil {
		t.Fatal(err)
	}
	own := places[slices.IndexFunc(places, func(p dossier.BackupPlace) bool { return p.Kind == dossier.PlaceOwn })]
	over("backup", func(ctx context.Context) error {
		_, err := w.desk.BackUp(ctx, own, true, nil)
		return err
	})
	over("exchange", func(ctx context.Context) error {
		_, err := w.desk.Send(ctx, nil)
		return err
	})
	over("reading verb", func(context.Context) error { // it is never cut off: a password that was not looked at counts as a wrong one
		verb := exec.Command(os.Args[0], "list", "-n", "500", "-user", chiefName, "-password-stdin", "-data", w.dir)
		verb.Env = append(os.Environ(), verbMachine+"="+machine)
		verb.Stdin = strings.NewReader(chiefPassword + "\n")
		if out, err := verb.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %.400s", err, out)
		}
		return nil
	})
	timed := func(longest *time.Duration, do func() error) {
		start := time.Now()
		if err := do(); err != nil {
			t.Error(err)
		}
		*longest = max(*longest, time.Since(start))
	}
	hand := time.NewTicker(30 * time.Millisecond) // quicker than any
	defer hand.Stop()
	for i := range 30 {
		in := citizen("lock-eid", i%5)
		in.ID = newID()
		timed(&receiving, func() error { _, err := w.desk.Receive(ctx, in); return err })
		timed(&listing, func() error { _, err := w.desk.List(ctx, dossier.Query{Limit: 100}); return err })
		timed(&listing, func() error { _, err := w.desk.List(ctx, dossier.Query{Text: "nguyen mau", Limit: 100}); return err })
		timed(&listing, func() error { _, err := w.desk.Counts(ctx); return err })
		<-hand.C
	}
	stop()
	beside.Wait()
	t.Logf("beside it: %v", done)
	return receiving, listing
}
