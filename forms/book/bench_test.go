package book

import (
	"bytes"
	"context"
	"fmt"
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
	// The store gives one dossier at a time: only a few are kept here, and come again, each time of another person.
	const rows = 10_000
	some := many(250)
	type person struct{ number, name, citizen, address, phone string }
	people := make([]person, rows)
	for i := range people {
		surname, middle, given := vary(i, "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Võ"), vary(i/7, "Văn", "Thị", "Đức", "Hữu Quỳnh", "Ngọc Bảo"), vary(i/35, "Mẫu", "Thử", "Ví Dụ", "Giả Định")
		people[i] = person{fmt.Sprintf("MS-%06d-%04d", i/25, i%25+1), fmt.Sprintf("%s %s %s %c", surname, middle, given, 'A'+rune(i%26)), fmt.Sprintf("0010%08d", i*7919),
			fmt.Sprintf("Số %d Phố Mẫu, thôn %s %d, xã Mẫu Sơn, tỉnh Mẫu", i%300+1, vary(i/3, "Thượng", "Hạ", "Đông", "Trung"), i%17+1), fmt.Sprintf("09%02d %03d %03d", i%100, i/100%1000, i*37%1000)}
	}
	book := bookOf(key, on(2026, 1, 1), on(2026, 12, 31))
	book.Rows = func(yield func(dossier.Dossier) error) error {
		for i := range rows {
			d := some[i%len(some)]
			d.Intake.ReceivedAt = d.Intake.ReceivedAt.AddDate(0, 0, i/len(some)*10)
			p, r := people[i], &d.Intake.Requester
			d.Number, r.Person.Name, r.Person.Number, r.Person.Phone = p.number, p.name, p.citizen, p.phone
			if r.Person.Address != "" {
				r.Person.Address = p.address
			} else {
				r.Agency.Address, r.Agency.Phone = p.address, p.phone
			}
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

func vary(i int, among ...string) string { return among[i%len(among)] }

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
