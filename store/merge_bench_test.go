package store

import (
	"context"
	"testing"
	"time"
)

// BenchmarkLongestReception100k receives a month's dossiers, 6,000, among a hundred thousand, with steps of the merge of the index between the
// days, as while nobody works, and tells of the longest reception and the longest step. Both hold up an officer.
func BenchmarkLongestReception100k(b *testing.B) {
	ctx := context.Background()
	for b.Loop() {
		b.StopTimer()
		s := copied(b)
		b.StartTimer()
		var received, stepped []time.Duration
		merge := func() {
			for more := true; more; {
				start := time.Now()
				var err error
				if more, err = s.MergeIndex(ctx); err != nil {
					b.Fatal(err)
				}
				stepped = append(stepped, time.Since(start))
			}
		}
		merge()
		for i := range 6000 {
			start := time.Now()
			if _, err := receive(s, 2_000_000+i); err != nil {
				b.Fatal(err)
			}
			received = append(received, time.Since(start))
			if i%300 == 299 {
				merge()
			}
		}
		b.ReportMetric(ms(quantile(received, 1)), "longest-ms")
		b.ReportMetric(ms(quantile(received, 0.99)), "p99-ms")
		b.ReportMetric(ms(quantile(stepped, 1)), "step-longest-ms")
		b.ReportMetric(float64(len(stepped)), "steps")
		if longest := max(quantile(received, 1), quantile(stepped, 1)); longest > 100*time.Millisecond {
			b.Errorf("somebody waited for %v; receptions at most %v, steps at most %v", longest, received[max(0, len(received)-5):], stepped[max(0, len(stepped)-5):])
		}
	}
}
