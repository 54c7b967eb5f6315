package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
)

// What encryption may cost.
const (
	floorReceiveSealed = 2.0 // times the same in clear
	floorSearchSealed  = 1.2
)

// sealed is an encrypted store of 100,000 dossiers.
func sealed(b *testing.B) *Store {
	b.Helper()
	s := copied(b)
	must(b, s.Close())
	key := [32]byte{}
	rand.Read(key[:])
	l, err := vfs.Register("bench-"+filepath.Base(filepath.Dir(s.dir))+filepath.Base(s.dir), &key)
	must(b, err)
	b.Cleanup(func() { must(b, l.Close()) })
	start := time.Now()
	must(b, vfs.Convert(context.Background(), filepath.Join(s.dir, FileName), nil, l))
	b.Logf("%d MB encrypted in %v", size(b, filepath.Join(s.dir, FileName))>>20, time.Since(start).Round(time.Millisecond))
	again, err := Open(context.Background(), s.dir, Options{NoReserve: true, VFS: l.Name()})
	must(b, err)
	b.Cleanup(func() { must(b, again.Close()) })
	return again
}

// BenchmarkEncryptedReceive100k receives in a store in clear and in an encrypted one, in turn.
func BenchmarkEncryptedReceive100k(b *testing.B) {
	stores := []*Store{copied(b), sealed(b)}
	took := make([][]time.Duration, len(stores))
	next := 1_000_000
	once := func() {
		i := next
		next++
		for n, s := range stores {
			in, e := storetest.Receive(i, ""), storetest.Reception(i, "")
			start := time.Now()
			_, err := s.Receive(context.Background(), dossier.Opening{ID: e.Dossier, Series: dossier.IntakeSeries, Day: storetest.Day(i), Draft: "receive", National: in.NationalCode},
				func(number string) (_ []dossier.Event, err error) {
					in.Number = number
					e.Body, err = json.Marshal(in)
					return []dossier.Event{e}, err
				})
			took[n] = append(took[n], time.Since(start))
			must(b, err)
		}
	}
	for range 50 {
		once()
	}
	took[0], took[1] = took[0][:0], took[1][:0]
	for b.Loop() {
		once()
	}
	plain, encrypted := quantile(took[0], 0.5), quantile(took[1], 0.5)
	by := float64(encrypted) / float64(plain)
	b.ReportMetric(ms(plain), "plain-ms")
	b.ReportMetric(ms(encrypted), "median-ms")
	b.ReportMetric(ms(quantile(took[1], 0.99)), "p99-ms")
	b.ReportMetric(by, "x-plain")
	if len(took[0]) >= 100 && by > floorReceiveSealed {
		b.Errorf("%.2f × the plain one, want at most %.1f", by, floorReceiveSealed)
	}
}

// BenchmarkEncryptedSearch100k makes every search in a store in clear and in an encrypted one, in turn. What it costs is the sum over all.
func BenchmarkEncryptedSearch100k(b *testing.B) {
	plain, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	must(b, err)
	b.Cleanup(func() { plain.Close() })
	stores := []*Store{plain, sealed(b)}
	sums := make([]time.Duration, len(stores))
	var all []time.Duration
	rounds, i := 0, 0
	once := func() {
		for n, s := range stores {
			start := time.Now()
			_, err := s.List(context.Background(), dossier.Query{Text: searches[i%len(searches)], Limit: 50})
			took := time.Since(start)
			must(b, err)
			sums[n] += took
			if n == 1 {
				all = append(all, took)
			}
		}
		i++
		if i%len(searches) == 0 {
			rounds++
		}
	}
	for range searches {
		once()
	}
	sums, all = make([]time.Duration, len(stores)), all[:0]
	for b.Loop() {
		once()
	}
	by := float64(sums[1]) / float64(sums[0])
	b.ReportMetric(ms(quantile(all, 0.5)), "p50-ms")
	b.ReportMetric(ms(quantile(all, 0.99)), "p99-ms")
	b.ReportMetric(by, "x-plain")
	if rounds > 3 && by > floorSearchSealed {
		b.Errorf("%.2f × the plain one, want at most %.1f", by, floorSearchSealed)
	}
}
