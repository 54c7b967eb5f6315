package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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
	floorPage       = 10 * time.Millisecond // the first one of any view in any order
	floorCounts     = 15 * time.Millisecond
	floorBetween    = 500 * time.Millisecond // 10,000 dossiers
	floorCorrectP99 = 100 * time.Millisecond
	benchGeneration = "2" // of what storetest.Fill makes
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
		_, err := s.Receive(ctx, dossier.Opening{ID: e.Dossier, Series: dossier.IntakeSeries, Day: storetest.Day(i), Draft: "receive", National: in.NationalCode},
			func(number string) (_ []dossier.Event, err error) {
				in.Number = number
				e.Body, err = json.Marshal(in)
				return []dossier.Event{e}, err
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

// BenchmarkCorrect100k corrects the name in dossiers from everywhere among them: what stood in the search index before is overwritten.
func BenchmarkCorrect100k(b *testing.B) {
	s := copied(b)
	var all []time.Duration
	for i := 0; b.Loop(); i++ {
		id := storetest.DossierID((i*7919 + 13) % many)
		start := time.Now()
		_, err := s.Act(context.Background(), id, func(d dossier.Dossier) (dossier.Event, error) {
			requester := d.Intake.Requester
			requester.Person.Name = fmt.Sprintf("Nguyễn Văn Mẫu %d", i)
			e := storetest.Act(1<<28+i, id, dossier.Corrected, dossier.Correct{Requester: &requester, Why: "sai tên"})
			e.Bases = d.Heads
			return e, nil
		})
		all = append(all, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
	}
	p99 := quantile(all, 0.99)
	b.ReportMetric(ms(quantile(all, 0.5)), "median-ms")
	b.ReportMetric(ms(p99), "p99-ms")
	if len(all) >= 300 && p99 > floorCorrectP99 {
		b.Errorf("p99 %v, want at most %v", p99, floorCorrectP99)
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

// worked is a morning on which the last of the 100,000 are received.
var worked = storetest.Day(many-1).At(9, 30)

// BenchmarkViews100k reads pages of every view in every order: the first, and one from somewhere.
func BenchmarkViews100k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	counts, err := s.Counts(ctx, worked)
	if err != nil {
		b.Fatal(err)
	}
	var first, somewhere, counted timing
	i := 0
	once := func() {
		i++
		q := dossier.Query{View: dossier.Views[i%len(dossier.Views)], Sort: sorts[i/len(dossier.Views)%len(sorts)], Now: worked}
		what := fmt.Sprintf("%q by %q", q.View, q.Sort)
		first.of(what, func() error {
			_, err := s.List(ctx, q)
			return err
		})
		q.Offset = i * 7919 % max(counts[q.View], 1)
		somewhere.of(fmt.Sprintf("%s from %d", what, q.Offset), func() error {
			_, err := s.List(ctx, q)
			return err
		})
		counted.of("", func() error {
			_, err := s.Counts(ctx, worked)
			return err
		})
	}
	for range len(dossier.Views) * len(sorts) {
		once()
	}
	first, somewhere, counted = timing{}, timing{}, timing{}
	for b.Loop() {
		once()
	}
	b.ReportMetric(float64(counts[dossier.ViewToDo]), "to-do")
	first.report(b, "first", floorPage)
	somewhere.report(b, "page", 0)
	counted.report(b, "counts", floorCounts)
}

// BenchmarkSearchViews100k searches in every view, in the order it is usually in.
func BenchmarkSearchViews100k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	var found, counted timing
	i := 0
	once := func() {
		q := dossier.Query{Text: searches[i%len(searches)], View: dossier.Views[i/len(searches)%len(dossier.Views)], Now: worked}
		i++
		what := fmt.Sprintf("%q in %q", q.Text, q.View)
		found.of(what, func() error {
			_, err := s.List(ctx, q)
			return err
		})
		counted.of(what, func() error {
			_, err := s.Count(ctx, q)
			return err
		})
	}
	for range len(dossier.Views) * len(searches) {
		once()
	}
	found, counted = timing{}, timing{}
	for b.Loop() {
		once()
	}
	found.report(b, "search", floorSearchP99)
	counted.report(b, "count", 0)
}

// BenchmarkSearchSorted100k searches everything in the orders that no search streams in.
func BenchmarkSearchSorted100k(b *testing.B) {
	s, err := Open(context.Background(), hundredThousand(b), Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, sort := range []dossier.Sort{dossier.SortOldest, dossier.SortBurns, dossier.SortName} {
		b.Run(string(sort), func(b *testing.B) {
			var found timing
			i := 0
			for b.Loop() {
				q := dossier.Query{Text: searches[i%len(searches)], Sort: sort, Now: worked}
				i++
				found.of(q.Text, func() error {
					_, err := s.List(context.Background(), q)
					return err
				})
			}
			found.report(b, "search", 0)
		})
	}
}

// timing is how long each of many things took.
type timing struct {
	all     []time.Duration
	slowest map[string]time.Duration
}

func (t *timing) of(what string, do func() error) {
	start := time.Now()
	if err := do(); err != nil {
		panic(err)
	}
	took := time.Since(start)
	t.all = append(t.all, took)
	if t.slowest == nil {
		t.slowest = map[string]time.Duration{}
	}
	t.slowest[what] = max(t.slowest[what], took)
}

// report fails the measurement where its 99th percentile misses the floor; 0 is none.
func (t *timing) report(b *testing.B, name string, floor time.Duration) {
	p99 := quantile(t.all, 0.99)
	b.ReportMetric(ms(quantile(t.all, 0.5)), name+"-p50-ms")
	b.ReportMetric(ms(p99), name+"-p99-ms")
	names := slices.SortedFunc(maps.Keys(t.slowest), func(a, c string) int { return cmp.Compare(t.slowest[c], t.slowest[a]) })
	for _, what := range names[:min(4, len(names))] {
		b.Logf("%s: %v %s", name, t.slowest[what], what)
	}
	if floor > 0 && len(t.all) >= 300 && p99 > floor {
		b.Errorf("%s: p99 %v, want at most %v", name, p99, floor)
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
