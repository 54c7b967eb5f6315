package store

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
)

const workerDir = "TIEPNHAN_TEST_WORKER"

var kills = flag.Int("crash.kills", 6, "how often the program is killed at work")

// beWorker works at the desk over an encrypted store until it is killed, and says what is kept after it was.
func beWorker(dir string) int {
	ctx := context.Background()
	l, err := vfs.Register("worker", &crashKey)
	if err != nil {
		panic(err)
	}
	s, err := Open(ctx, dir, under(l))
	if err != nil {
		fmt.Println("!", err)
		return 1
	}
	for n := 0; ; n++ {
		i := 1000 + int(s.Own().Head.Seq)*8
		d, err := receive(s, i)
		if err == nil {
			fmt.Println("dossier", d.Number, int(d.Status))
			typed := strings.Repeat("đã nhập ", n%50)
			if err = s.SaveDraft(ctx, "receive", []byte(fmt.Sprint(n, typed))); err == nil {
				fmt.Println("draft", n)
			}
		}
		for k, act := range []struct {
			kind dossier.Kind
			body any
		}{{dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"}}, {dossier.Decided, dossier.Decision{Approved: true, Document: "1/QĐ", Date: storetest.Day(0), By: "Công an tỉnh Mẫu"}},
			{dossier.HandedBack, dossier.HandBack{To: "Người Mẫu"}}} {
			if err == nil {
				if d, err = perform(s, 1<<24+i+k, d.ID, act.kind, act.body); err == nil {
					fmt.Println("dossier", d.Number, int(d.Status))
				}
			}
		}
		switch {
		case err == nil && n%5 == 4:
			err = s.Record(ctx, closedFrom(1<<25+i, storetest.Day(0), s.Own().Head.Seq-1, s.Own().Head))
		case err == nil && n%7 == 6:
			err = s.writer.script("PRAGMA wal_checkpoint(TRUNCATE)")
		case err == nil && n%11 == 10:
			err = s.Rebuild(ctx)
		}
		if err != nil {
			fmt.Println("!", err)
			return 1
		}
	}
}

// I1 over the encrypted store: the program is killed at any moment of its work, and what it had said is there.
func TestNothingIsLostToKillWhenEncrypted(t *testing.T) {
	ctx := context.Background()
	self, err := os.Executable()
	must(t, err)
	l, err := vfs.Register("killed", &crashKey)
	must(t, err)
	defer l.Close()
	var dir string
	said := map[string]string{}
	for round := range *kills {
		if round%20 == 0 { // what has grown takes long to look at
			dir, said = filepath.Join(t.TempDir(), "data"), map[string]string{}
			s, err := Create(ctx, dir, under(l))
			must(t, err)
			must(t, s.Record(ctx, storetest.SettingsEvent(1)))
			must(t, s.Close())
		}
		worker := exec.Command(self)
		worker.Env = append(os.Environ(), workerDir+"="+dir)
		out, err := worker.StdoutPipe()
		must(t, err)
		must(t, worker.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			f := strings.Fields(lines.Text())
			switch f[0] {
			case "dossier":
				said[f[1]] = f[2]
			case "draft":
				said["draft"] = f[1]
			default:
				t.Fatalf("round %d: %s", round, lines.Text())
			}
			if n == 0 {
				time.AfterFunc(time.Duration(rand.IntN(60_000))*time.Microsecond, func() { worker.Process.Kill() })
			}
		}
		worker.Wait()
		s, err := Open(ctx, dir, under(l))
		must(t, err)
		ahead := 0 // what was kept and not said
		for what, value := range said {
			if what == "draft" {
				body, err := s.Draft(ctx, "receive")
				got, _, _ := strings.Cut(string(body), "đ")
				if err != nil || got == "" {
					t.Fatalf("round %d: draft %s was kept, there is %q, %v", round, value, body, err)
				}
				continue
			}
			d, err := s.Find(ctx, what)
			if err != nil {
				t.Fatalf("round %d: %s was said to be kept: %v", round, what, err)
			}
			if now := fmt.Sprint(int(d.Status)); now != value {
				ahead++
				said[what] = now
			}
		}
		if ahead > 1 {
			t.Fatalf("round %d: %d dossiers are not as was said", round, ahead)
		}
		verified(t, s)
		must(t, s.Close())
	}
	fmt.Printf("KILLS %d\n", *kills)
}
