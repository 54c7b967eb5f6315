package book

import (
	"bytes"
	"context"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// The figures of the issue: a register of 10,000 rows in 0.6 s and 80 MB as a PDF, in 1 s as a workbook. Its peer, the same table drawn with
// plain gofpdf, is in package paper, the only one that may know gofpdf.
func BenchmarkRegister10k(b *testing.B) { benchmark10k(b, trackingRegister, dossier.BookPDF) }

func BenchmarkIntakeRegister10k(b *testing.B) { benchmark10k(b, intakeRegister, dossier.BookPDF) }

func BenchmarkExcel10k(b *testing.B) { benchmark10k(b, intakeRegister, dossier.BookXLSX) }

func BenchmarkCSV10k(b *testing.B) { benchmark10k(b, intakeRegister, dossier.BookCSV) }

func benchmark10k(b *testing.B, key, format string) {
	// The store gives one dossier at a time: only a few are kept here, and come again.
	const rows = 10_000
	some := many(250)
	book := bookOf(key, on(2026, 1, 1), on(2026, 12, 31))
	book.Rows = func(yield func(dossier.Dossier) error) error {
		for i := range rows {
			d := some[i%len(some)]
			d.Intake.ReceivedAt = d.Intake.ReceivedAt.AddDate(0, 0, i/len(some)*10)
			if err := yield(d); err != nil {
				return err
			}
		}
		return nil
	}
	runtime.GC()
	before := inUse()
	size := 0
	peak := watch()
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if _, err := Write(context.Background(), book, infos[key], format, &out); err != nil {
			b.Fatal(err)
		}
		size = out.Len()
	}
	b.ReportMetric(float64(peak()-before)/1e6, "MB-peak")
	b.ReportMetric(float64(size)/1e3, "kB")
}

// watch looks at how much memory the program has from the system, without stopping it, until it is asked for the most it saw.
func watch() (peak func() uint64) {
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				most.Store(max(most.Load(), inUse()))
			}
		}
	}()
	return func() uint64 { close(stop); <-done; return most.Load() }
}

// inUse is all memory of the heap that is not given back: objects, and what the collector has not found to be free.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() + sample[1].Value.Uint64()
}
