package backup

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/storetest"
)

// The floors of 100,000 dossiers on the desk's own PC.
const (
	many            = 100_000
	floorBackup     = 60 * time.Second // with proof
	floorRestore    = 60 * time.Second
	floorStall      = 100 * time.Millisecond // of somebody who receives meanwhile
	benchGeneration = "1"
)

// hundredThousand is a station's folder with 100,000 dossiers, encrypted, made once and kept beside other temporary files; the benchmark gets
// a copy.
func hundredThousand(b *testing.B) *station {
	b.Helper()
	kept := filepath.Join(os.TempDir(), "tiepnhan-bench-backup-"+benchGeneration)
	if !keyring.Exists(kept) {
		s := newStation(b, 0)
		must(b, storetest.Fill(context.Background(), s.store, many))
		s.close()
		if err := os.Rename(s.dir, kept); err != nil {
			must(b, os.CopyFS(kept, os.DirFS(s.dir)))
		}
	}
	s := &station{t: b, dir: b.TempDir(), clock: time.Date(2027, 1, 20, 9, 5, 0, 0, dossier.Hanoi), next: 1_000_000}
	for _, name := range append(keyring.Files(), store.FileName) {
		must(b, copyFile(filepath.Join(kept, name), filepath.Join(s.dir, name)))
	}
	s.unlock()
	s.open()
	b.Cleanup(s.close)
	return s
}

// wait is how long one reception took, and what the backup did when it began.
type wait struct {
	took time.Duration
	step string
}

// receiving receives one dossier after the other, quicker than any hand, until it is stopped.
func receiving(s *station, step *atomic.Value) (stop func() ([]wait, error)) {
	end, ended := make(chan struct{}), make(chan error, 1)
	var waits []wait
	go func() {
		for {
			select {
			case <-end:
				ended <- nil
				return
			case <-time.After(100 * time.Millisecond):
			}
			during, start := step.Load().(string), time.Now()
			if err := fill(s.store, s.next, 1); err != nil {
				ended <- err
				return
			}
			s.next++
			waits = append(waits, wait{time.Since(start), during})
		}
	}()
	return func() ([]wait, error) {
		close(end)
		err := <-ended
		slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(a.took, b.took) })
		return waits, err
	}
}

// BenchmarkBackupWithProof100k makes and proves a backup while somebody receives; before, for a while, they receive alone, for the weather.
func BenchmarkBackupWithProof100k(b *testing.B) {
	s := hundredThousand(b)
	var step atomic.Value
	step.Store("alone")
	stop := receiving(s, &step)
	time.Sleep(10 * time.Second)
	alone, err := stop()
	must(b, err)
	var took []time.Duration
	var waits []wait
	for b.Loop() {
		stop := receiving(s, &step)
		start := time.Now()
		var proving time.Time
		out, err := s.vault.Make(context.Background(), Own(s.dir), true, func(st dossier.BackupStep) {
			step.Store(st.Step)
			if st.Step == dossier.BackupProves && proving.IsZero() {
				proving = time.Now()
			}
		})
		took = append(took, time.Since(start))
		more, failed := stop()
		must(b, errors.Join(err, failed))
		waits = append(waits, more...)
		b.Logf("%d MB, made in %v, proved after %v", out.Bytes>>20, proving.Sub(start), took[len(took)-1])
	}
	slices.Sort(took)
	slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(a.took, b.took) })
	p99 := func(all []wait) time.Duration { return all[len(all)*99/100].took }
	b.Logf("alone they wait %v, at most %v; beside a backup %v, at most %+v", p99(alone), alone[len(alone)-1].took, p99(waits), waits[max(0, len(waits)-5):])
	b.ReportMetric(took[len(took)/2].Seconds(), "median-s")
	b.ReportMetric(float64(p99(alone).Microseconds())/1000, "alone-p99-ms")
	b.ReportMetric(float64(p99(waits).Microseconds())/1000, "beside-p99-ms")
	if took[len(took)/2] > floorBackup {
		b.Errorf("%v, want at most %v", took[len(took)/2], floorBackup)
	}
	if p99(waits) > floorStall {
		b.Errorf("somebody waited %v, want at most %v", p99(waits), floorStall)
	}
}

// BenchmarkRestore100k restores a backup, with everything a restore looks at.
func BenchmarkRestore100k(b *testing.B) {
	s := hundredThousand(b)
	out, err := s.vault.Make(context.Background(), Own(s.dir), false, nil)
	must(b, err)
	s.close()
	var took []time.Duration
	for b.Loop() {
		s.unlock()
		start := time.Now()
		_, err := Restore(context.Background(), s.restoring(out.Path))
		took = append(took, time.Since(start))
		must(b, err)
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds(), "median-s")
	if took[len(took)/2] > floorRestore {
		b.Errorf("%v, want at most %v", took[len(took)/2], floorRestore)
	}
	s.unlock()
	s.open()
}
