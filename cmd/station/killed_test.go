package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
)

var kills = flag.Int("crash.kills", 4, "how often the station is killed at work")

// A worker is told by these that it is one.
const (
	workerData  = "TIEPNHAN_TEST_WORKER"
	workerBegan = "TIEPNHAN_TEST_BEGAN" // when the first of them began, in nanoseconds
)

func TestMain(m *testing.M) {
	flag.Parse()
	if dir := os.Getenv(workerData); dir != "" {
		if err := workOn(dir); err != nil {
			fmt.Println("!", dossier.Code(err), err)
		}
		os.Exit(1) // it works until it is killed
	}
	os.Exit(m.Run())
}

// workClock is the clock of all workers: it goes on from one to the next.
func workClock(began int64) func() time.Time {
	return func() time.Time {
		return time.Date(2026, 11, 20, 8, 0, 0, 0, dossier.Hanoi).Add(time.Since(time.Unix(0, began)))
	}
}

// machineOf is where the secret of a test's PC is.
func machineOf(data string) func() (string, error) {
	return func() (string, error) { return filepath.Join(filepath.Dir(data), "machine"), nil }
}

// ringed gives a folder a ring whose passwords cost little, with the chief in it.
func ringed(t *testing.T, data string) {
	t.Helper()
	before := machineSecret
	t.Cleanup(func() { machineSecret = before })
	machineSecret = machineOf(data)
	machine, err := thisMachine()
	if err != nil {
		t.Fatal(err)
	}
	_, opened, _, err := keyring.Create(data, keyring.Options{Machine: machine, Cost: keyring.Floor}, chiefName, chiefPassword)
	if err != nil {
		t.Fatal(err)
	}
	opened.Keys.Wipe()
}

// signedIn is a station's world with its chief at the desk.
func signedIn(ctx context.Context, data string, began int64) (*world, error) {
	key, err := unlock(data, chiefName, chiefPassword)
	if err != nil {
		return nil, err
	}
	w, err := openWorld(ctx, data, key, toSetUp, workClock(began))
	if err != nil {
		return nil, err
	}
	w.desk.Built = time.Time{}
	return w, w.enter(ctx, dossier.ByPassword)
}

// workOn is a day at the desk, over and over: dossiers received, printed and brought to their end, a form begun, the day closed, all of it sent.
// What is kept is said once it was.
func workOn(data string) error {
	ctx := context.Background()
	began, err := strconv.ParseInt(os.Getenv(workerBegan), 10, 64)
	if err != nil {
		return err
	}
	machineSecret = machineOf(data)
	w, err := signedIn(ctx, data, began)
	if err != nil {
		return err
	}
	out := filepath.Join(filepath.Dir(data), "giay")
	for n := 0; ; n++ {
		in := citizen("lock-eid", n%5)
		in.ID = newID()
		d, err := w.desk.Receive(ctx, in)
		if err != nil {
			return err
		}
		fmt.Println("dossier", d.Number, int(d.Status))
		if _, err := w.desk.Print(ctx, desk.Order{Form: "receipt", Dossiers: []dossier.ID{d.ID}}, desk.Where{File: filepath.Join(out, d.Number+".pdf")}, nil); err != nil {
			return err
		}
		fmt.Println("paper", d.Number, 1)
		typed := in
		typed.ID = newID()
		typed.Requester.Person.Name = fmt.Sprint("Nguyễn Văn ", n)
		if err := w.desk.SaveDraft(ctx, desk.Form{Intake: typed}); err != nil {
			return err
		}
		fmt.Println("draft", typed.ID, 1)
		for _, act := range []struct {
			kind dossier.Kind
			body any
		}{{dossier.Performed, &dossier.Perform{Reference: "MAU-HT"}}, {dossier.HandedBack, &dossier.HandBack{To: "Người Mẫu"}}} {
			if d, err = w.desk.Do(ctx, act.kind, d.ID, act.body); err != nil {
				return err
			}
			fmt.Println("dossier", d.Number, int(d.Status))
		}
		if n%3 == 2 {
			seen, err := w.desk.DayReport(ctx)
			if err != nil {
				return err
			}
			closed, err := w.desk.CloseDay(ctx, desk.CloseOrder{Seen: seen.Hash, Checked: sampleSettings().Units[0].Head})
			if err != nil {
				return err
			}
			fmt.Println("closed", closed.ID, 1)
		}
		if n%2 == 1 {
			sent, err := w.desk.Send(ctx, nil)
			if err != nil {
				return err
			}
			if sent.Receipt != nil {
				fmt.Println("sent", sent.Receipt.Number, 1)
			}
		}
	}
}

// I1 and I3 of the whole program: killed at any moment of a day, with upstream on the other end, it has what it had said to have, no paper is
// half written, and upstream ends up with each dossier once.
func TestNothingIsLostWhenTheProgramIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	for done := 0; done < *kills; {
		began := time.Now().UnixNano()
		now := workClock(began)
		root := t.TempDir()
		data := filepath.Join(root, "tram")
		must(os.MkdirAll(data, 0o700))
		must(os.MkdirAll(filepath.Join(root, "giay"), 0o700))
		ringed(t, data)
		w, err := signedIn(ctx, data, began)
		must(err)
		must(w.desk.SetUp(ctx, sampleSettings()))
		up, err := startUpstream(ctx, filepath.Join(root, "cap-tren"), now)
		must(err)
		ticket, err := up.ticket(sampleSettings())
		must(err)
		_, err = w.desk.Enrol(ctx, ticket)
		must(err)
		must(w.close())

		said := map[string]string{}
		for range min(20, *kills-done) { // what has grown takes long to look at
			done++
			worker := exec.Command(self)
			worker.Env = append(os.Environ(), workerData+"="+data, fmt.Sprintf("%s=%d", workerBegan, began))
			out, err := worker.StdoutPipe()
			must(err)
			must(worker.Start())
			lines := bufio.NewScanner(out)
			first := time.AfterFunc(time.Minute, func() { worker.Process.Kill() })
			for n := 0; lines.Scan(); n++ {
				f := strings.Fields(lines.Text())
				if len(f) != 3 || f[0] == "!" {
					t.Fatalf("after %d kills: %s", done, lines.Text())
				}
				if f[0] == "dossier" && said[f[0]+" "+f[1]] == "" {
					delete(said, "draft") // it went with the reception
				}
				if f[0] == "draft" {
					said[f[0]] = f[1]
				} else {
					said[f[0]+" "+f[1]] = f[2]
				}
				if n == 0 {
					first.Reset(time.Duration(rand.IntN(250_000)) * time.Microsecond)
				}
			}
			worker.Wait()
			w, err := signedIn(ctx, data, began)
			must(err)
			holds(t, w, said, filepath.Join(root, "giay"))
			check, err := w.store.Verify(ctx)
			if err != nil || len(check.Faults) > 0 {
				t.Fatalf("after %d kills: %v %v", done, check.Faults, err)
			}
			must(w.close())
		}
		w, err = signedIn(ctx, data, began)
		must(err)
		_, err = w.desk.Send(ctx, nil)
		must(err)
		if q, err := w.desk.Queue(ctx); err != nil || q.Entries > 0 {
			t.Errorf("%d entries are not at upstream: %v", q.Entries, err)
		}
		if faults, err := up.verify(); err != nil || len(faults) > 0 {
			t.Errorf("upstream: %v %v", faults, err)
		}
		must(errors.Join(w.close(), up.close()))
	}
	fmt.Printf("KILLS %d of the station\n", *kills)
}

func dossiers(said map[string]string) (n int) {
	for what := range said {
		if strings.HasPrefix(what, "dossier ") {
			n++
		}
	}
	return n
}

// holds wants what was said to be kept: a dossier as far as was said or one act further, its papers whole, the day, the form that was being typed.
func holds(t *testing.T, w *world, said map[string]string, papers string) {
	t.Helper()
	ctx, ahead := t.Context(), 0
	days, err := w.desk.Days(ctx)
	if err != nil {
		t.Fatal(err)
	}
	closed := map[string]bool{}
	for _, day := range days {
		closed[day.ID.String()] = true
	}
	for what, value := range said {
		kind, name, _ := strings.Cut(what, " ")
		switch {
		case what == "draft":
			form, found, err := w.desk.Draft(ctx)
			all, wrong := w.desk.Count(ctx, dossier.Query{})
			if err = errors.Join(err, wrong); err != nil || form.Intake.ID.String() != value && all == dossiers(said) {
				t.Fatalf("the form begun is gone: %v, %v, %s", found, err, form.Intake.ID)
			}
		case kind == "dossier":
			d, err := w.desk.Find(ctx, name)
			if err != nil {
				t.Fatalf("%s was said to be kept: %v", name, err)
			}
			if now := strconv.Itoa(int(d.Status)); now != value {
				ahead++
				said[what] = now
			}
		case kind == "paper":
			b, err := os.ReadFile(filepath.Join(papers, name+".pdf"))
			if err != nil || !strings.HasPrefix(string(b), "%PDF") || !strings.HasSuffix(strings.TrimSpace(string(b)), "%%EOF") {
				t.Fatalf("the paper of %s: %v, %d bytes", name, err, len(b))
			}
		case kind == "closed" && !closed[name]:
			t.Fatalf("the day closed as %s is gone", name)
		}
	}
	if ahead > 1 {
		t.Fatalf("%d dossiers are not as was said", ahead)
	}
}
