package paper_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/book"
)

// A tracking register of 10,000 rows, and its peer: the same texts in the same cells drawn with plain gofpdf, which measures nothing, wraps
// by MultiCell, and has neither days nor totals. It stands here because only this package may know gofpdf.
func BenchmarkRegisterBesideGofpdf(b *testing.B) {
	const rows = 10_000
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, dossier.Hanoi)
	unit := dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ MẪU SƠN", Place: "Mẫu Sơn"}
	one := dossier.Dossier{Status: dossier.StatusReceived, Intake: dossier.Receive{Title: "Cấp tài khoản định danh điện tử mức độ 02, căn cước điện tử cho công dân Việt Nam",
		Unit: unit, Sets: 1, Due: dossier.Due{At: at.AddDate(0, 0, 3)}, Requester: dossier.Requester{Person: dossier.Person{Name: "Nguyễn Văn Mẫu",
			Address: "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu", Phone: "0900 000 001"}}}}
	all := func(yield func(dossier.Dossier) error) error {
		for i := range rows {
			d := one
			d.Intake.ReceivedAt = at.AddDate(0, 0, i/40)
			d.Number = dossier.FormatNumber("MS", dossier.DateOf(d.Intake.ReceivedAt), i%40+1)
			if err := yield(d); err != nil {
				return err
			}
		}
		return nil
	}
	b.Run("ours", func(b *testing.B) {
		pages := dossier.Book{Key: "tracking-register", From: dossier.DateOf(at), To: dossier.DateOf(at).AddDays(300), Now: at.AddDate(0, 0, 300), Rows: all,
			Settings: dossier.Settings{Units: []dossier.UnitTerm{{Unit: unit}}}}
		b.ReportAllocs()
		for b.Loop() {
			var out bytes.Buffer
			if n, err := book.Write(context.Background(), pages, dossier.FormInfo{Code: "BM.06", Title: "Sổ theo dõi hồ sơ"}, dossier.BookPDF, &out); err != nil || n != rows {
				b.Fatal(n, err)
			}
			b.ReportMetric(float64(out.Len())/1e3, "kB")
		}
	})
	b.Run("gofpdf", func(b *testing.B) {
		regular := assets.SerifRegular
		b.ReportAllocs()
		for b.Loop() {
			f := gofpdf.New("L", "mm", "A4", "")
			f.SetCatalogSort(true)
			f.SetCreationDate(at)
			f.SetMargins(20, 13, 12)
			f.SetAutoPageBreak(true, 12)
			f.AddUTF8FontFromBytes("serif", "", bytes.Clone(regular))
			f.AddPage()
			f.SetFont("serif", "", 7.5)
			widths := []float64{9, 23, 36, 10, 30, 33, 23, 16, 16, 16, 17, 17, 19}
			_ = all(func(d dossier.Dossier) error {
				in := d.Intake
				cells := []string{d.Number[strings.LastIndexByte(d.Number, '-')+1:], d.Number, in.Title, fmt.Sprint(in.Sets), in.Requester.Person.Name, in.Requester.Person.Address + "\n" + in.Requester.Person.Phone,
					unit.Name, dossier.DateOf(in.ReceivedAt).String(), dossier.DateOf(in.Due.At).String(), "", "Trực tiếp", "", "Quá hạn"}
				if f.GetY() > 180 {
					f.AddPage()
				}
				x, y, low := 20.0, f.GetY(), 0.0
				for i, cell := range cells {
					f.SetXY(x, y)
					f.MultiCell(widths[i], 3.2, cell, "", "L", false)
					low = max(low, f.GetY())
					x += widths[i]
				}
				x = 20
				for _, w := range widths {
					f.Rect(x, y, w, low-y, "D")
					x += w
				}
				f.SetY(low)
				return nil
			})
			var out bytes.Buffer
			if err := f.Output(&out); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(out.Len())/1e3, "kB")
		}
	})
}
