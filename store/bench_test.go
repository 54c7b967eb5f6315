package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// The floors of the desk on its own PC, with 100,000 dossiers kept.
const (
	many            = 100_000
	floorReceive    = 2 * time.Millisecond
	floorReceiveBy  = 3.0 // times a bare durable commit on the same disk
	floorSearchP99  = 10 * time.Millisecond
	floorBetween    = 500 * time.Millisecond // 10,000 dossiers
	benchGeneration = "1"                    // of what storetest.Fill makes
)

// hundredThousand is a folder with a store of 100,000 dossiers, made once and kept beside other temporary files.
func hundredThousand(b *testing.B) string {
	b.Helper()
	key := sha256.Sum256([]byte(schema + benchGeneration))
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("tiepnhan-bench-%x", key[:6]))
	if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
		return dir
	}
	fresh, err := os.MkdirTemp(os.TempDir(), "tiepnhan-bench-new-")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	ctx := context.Background()
	s, err := Create(ctx, fresh, Options{NoReserve: true})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Record(ctx, storetest.SettingsEvent(1)); err != nil {
		b.Fatal(err)
	}
	if err := storetest.Fill(ctx, s, many); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	// What was just written must be on the disk before anything is measured on it.
	file, err := os.OpenFile(filepath.Join(fresh, FileName), os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		b.Fatal(err)
	}
	if err := os.Rename(fresh, dir); err != nil && !os.IsExist(err) {
		b.Fatal(err)
	}
	return dir
}

// copied is a store of 100,000 dossiers to write to.
func copied(b *testing.B) *Store {
	b.Helper()
	dir := b.TempDir()
	from, err := os.Open(filepath.Join(hundredThousand(b), FileName))
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(dir, FileName))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		b.Fatal(err)
	}
	if err := to.Sync(); err != nil {
		b.Fatal(err)
	}
	if err := to.Close(); err != nil {
		b.Fatal(err)
	}
	s, err := Open(context.Background(), dir, Options{NoReserve: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkReceive100k receives one dossier durably, in turn with a bare durable commit of one row on the same disk, so that both
// see the same weather.
func BenchmarkReceive100k(b *testing.B) {
	s := copied(b)
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "bare.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		b.Fatal(err)
	}
	bare, err := sql.Open("sqlite", address(path, "", forWriting))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	bare.SetMaxOpenConns(1)
	if _, err := bare.Exec("CREATE TABLE row (no INTEGER PRIMARY KEY, body BLOB)"); err != nil {
		b.Fatal(err)
	}
	insert, err := bare.Prepare("INSERT INTO row (body) VALUES (?)")
	if err != nil {
		b.Fatal(err)
	}
	row := make([]byte, 370)
	var received, bared []time.Duration
	next := 1_000_000
	once := func() {
		i := next
		next++
		in, e := storetest.Receive(i, ""), storetest.Reception(i, "")
		start := time.Now()
		_, err := s.Receive(ctx, e.Dossier, dossier.IntakeSeries, storetest.Day(i), "receive",
			func(number string) (_ dossier.Event, err error) {
				in.Number = number
				e.Body, err = json.Marshal(in)
				return e, err
			})
		received = append(received, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		start = time.Now()
		if _, err := insert.Exec(row); err != nil {
			b.Fatal(err)
		}
		bared = append(bared, time.Since(start))
	}
	for range 50 {
		once()
	}
	received, bared = received[:0], bared[:0]
	for b.Loop() {
		once()
	}
	median, bareMedian := quantile(received, 0.5), quantile(bared, 0.5)
	by := float64(median) / float64(bareMedian)
	b.ReportMetric(ms(median), "median-ms")
	b.ReportMetric(ms(quantile(received, 0.99)), "p99-ms")
	b.ReportMetric(ms(bareMedian), "bare-ms")
	b.ReportMetric(by, "x-bare")
	if len(received) >= 100 && (median > floorReceive || by > floorReceiveBy) {
		b.Errorf("median %v, %.1f × a bare commit; want at most %v and %.0f ×", median, by, floorReceive, floorReceiveBy)
	}
}

// searches is what officers type, and what is hard: beginnings of two letters, the commonest names, two common words that hardly ever
// stand together, tails of numbers.
var searches = []string{"ng", "nguyen", "Nguyễn Văn", "tr", "tran", "thi", "ha", "le", "vy", "an", "ba", "mai anh", "trần phạm",
	"nguyễn thị phương", "phương nguyễn lê", "cong an", "viện kiểm sát", "0007", "0399", "MAU-260301-3123", "260301", "3123", "099",
	"0971", "0999", "g01", "89", "le quach", "nghieng", "kbrip", "đạt", "dat", "a b", "k n", "12", "hoàng hồng", "mau 0007 nguyen"}

func BenchmarkSearch100k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	slowest := map[string]time.Duration{}
	var all []time.Duration
	i := 0
	once := func() {
		q := searches[i%len(searches)]
		i++
		start := time.Now()
		if _, err := s.List(ctx, dossier.Query{Text: q, Limit: 50}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		all = append(all, took)
		slowest[q] = max(slowest[q], took)
	}
	for range searches {
		once()
	}
	all, slowest = all[:0], map[string]time.Duration{}
	for b.Loop() {
		once()
	}
	p99 := quantile(all, 0.99)
	b.ReportMetric(ms(quantile(all, 0.5)), "p50-ms")
	b.ReportMetric(ms(p99), "p99-ms")
	if len(all) >= 1000 && p99 > floorSearchP99 {
		b.Errorf("p99 %v, want at most %v; slowest: %v", p99, floorSearchP99, slowest)
	}
}

// BenchmarkOpen100k opens the store and reads what the first screen shows.
func BenchmarkOpen100k(b *testing.B) {
	s := copied(b)
	dir := s.dir
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	for b.Loop() {
		s, err := Open(ctx, dir, Options{NoReserve: true})
		if err != nil {
			b.Fatal(err)
		}
		if rows, err := s.List(ctx, dossier.Query{}); err != nil || len(rows) != pageSize {
			b.Fatal(len(rows), err)
		}
		if n, err := s.Count(ctx, dossier.Query{}); err != nil || n != many {
			b.Fatal(n, err)
		}
		if _, err := s.Queue(ctx); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPage100k reads pages from everywhere in the whole list.
func BenchmarkPage100k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	i := 0
	for b.Loop() {
		i = (i + 7919) % (many - pageSize)
		if rows, err := s.List(context.Background(), dossier.Query{Offset: i}); err != nil || len(rows) != pageSize {
			b.Fatal(len(rows), err)
		}
	}
}

// BenchmarkBetween10k goes through the 10,000 dossiers of 25 days in the middle of the registers.
func BenchmarkBetween10k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	var all []time.Duration
	for b.Loop() {
		n, start := 0, time.Now()
		if err := s.Between(ctx, storetest.Day(50_000), storetest.Day(59_999), func(d dossier.Dossier) error {
			n++
			return nil
		}); err != nil || n != 10_000 {
			b.Fatal(n, err)
		}
		all = append(all, time.Since(start))
	}
	median := quantile(all, 0.5)
	b.ReportMetric(ms(median), "median-ms")
	if len(all) >= 5 && median > floorBetween {
		b.Errorf("median %v, want at most %v", median, floorBetween)
	}
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(q*float64(len(all))), len(all)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
