package raster

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The floor is 300 ms for the first preview of a program that has just started, beside a compiled pdfium.
func BenchmarkFirstPreviewWarm(b *testing.B) {
	dir, pdf := compiled(b), sample(b, 4)
	for b.Loop() {
		r := New(dir)
		d, err := r.Open(context.Background(), pdf)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Draw(context.Background(), 0, 120); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		closed(b, r)
		b.StartTimer()
	}
	reportMemory(b)
}

// The floor is 40 ms. A page of A5 at 120 dpi is 992 dots high.
func BenchmarkNextPage(b *testing.B) {
	for _, dpi := range []float64{96, 120, 150, 300} {
		b.Run(strconv.Itoa(int(dpi))+"dpi", func(b *testing.B) {
			d := opened(b, raster(b), sample(b, 4))
			for i := 0; b.Loop(); i++ {
				if _, err := d.Draw(context.Background(), i%d.Count(), dpi); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(d.r.box.memory())/(1<<20), "box-MB")
		})
	}
}

// BenchmarkColdCompile is what the first start after an installation costs, in the background.
func BenchmarkColdCompile(b *testing.B) {
	for b.Loop() {
		r := New(b.TempDir())
		if err := r.Warm(context.Background()); err != nil {
			b.Fatal(err)
		}
		closed(b, r)
	}
	reportMemory(b)
}

// reportMemory says the most memory the process has had; it is that of one benchmark when run alone.
func reportMemory(b *testing.B) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return // not Linux
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(kb/1024, "peak-MB")
		}
	}
}
