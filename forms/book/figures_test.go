package book

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

var figuresInfo = dossier.FormInfo{Key: figures, Title: "Bảng số liệu tiếp nhận, giải quyết hồ sơ", Size: dossier.PaperA4, Book: true, Own: true}

// aMonth is a made-up month: some dossiers on every working day.
func aMonth(t testing.TB) dossier.Book {
	t.Helper()
	cal, err := dossier.LoadCalendar(assets.Calendar)
	if err != nil {
		t.Fatal(err)
	}
	from, to := dossier.Date{Year: 2026, Month: 11, Day: 1}, dossier.Date{Year: 2026, Month: 11, Day: 30}
	return dossier.Book{Key: figures, Set: "police", From: from, To: to, Settings: madeUpSettings, Now: to.At(16, 30), Calendar: cal, Rows: func(yield func(dossier.Dossier) error) error {
		n := 0
		for day := from; !to.Before(day); day = day.AddDays(1) {
			if !cal.Working(day) {
				continue
			}
			for range 6 + n%7 {
				n++
				key := []string{"issue-level2", "lock-eid", "lock-account", "unlock-eid", "issue-level2"}[n%5]
				d := dossier.Dossier{Status: dossier.StatusReturned, EndedAt: day.AddDays(n%4).At(9, n%60)}
				d.Intake = dossier.Receive{Procedure: key, Title: "Thủ tục mẫu số " + key, ReceivedAt: day.At(8, n%60), Due: dossier.Due{At: day.AddDays(2).At(17, 0)}}
				switch {
				case n%13 == 0:
					d.Status = dossier.StatusRefused
				case n%17 == 0:
					d.Status, d.EndedAt = dossier.StatusProcessing, time.Time{}
				}
				if err := yield(d); err != nil {
					return err
				}
			}
		}
		return nil
	}}
}

func TestFiguresOnPaper(t *testing.T) {
	book := aMonth(t)
	l, err := open(book, figuresInfo)
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.drawFigures(f)
	if err != nil {
		t.Fatal(err)
	}
	page := paper.Box{W: paper.A4.W, H: paper.A4.H}
	if len(d.Pages()) != 1 {
		t.Fatalf("%d pages", len(d.Pages()))
	}
	said := ""
	for _, m := range d.Pages()[0] {
		if b := m.Bounds(); b.X < 10 || b.Y < 8 || b.Right() > page.W-8 || b.Bottom() > page.H-8 {
			t.Errorf("%+v leaves the page: %+v", m, b)
		}
		if text, is := m.(paper.Text); is {
			said += text.S + " "
		}
	}
	for _, must := range []string{"SỐ LIỆU TIẾP NHẬN", "Từ ngày 01/11/2026 đến ngày 30/11/2026", fmt.Sprint(f.Total.Received), "đúng hạn", "Tổng số", "NGƯỜI LẬP", "không phải biểu mẫu chính thức"} {
		if !strings.Contains(strings.ReplaceAll(said, "  ", " "), must) {
			t.Errorf("the page does not say %q", must)
		}
	}
	var one, again bytes.Buffer
	for _, to := range []*bytes.Buffer{&one, &again} {
		if rows, err := Write(t.Context(), book, figuresInfo, dossier.BookPDF, to); err != nil || rows < 100 {
			t.Fatal(rows, err)
		}
	}
	if !bytes.Equal(one.Bytes(), again.Bytes()) {
		t.Error("the same figures give other bytes")
	}
	if dir := os.Getenv("TIEPNHAN_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "figures.pdf"), one.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFiguresOfAYearAndOfNothing(t *testing.T) {
	year := aMonth(t)
	year.From = dossier.Date{Year: 2026, Month: 1, Day: 1}
	empty := aMonth(t)
	empty.Rows = func(func(dossier.Dossier) error) error { return nil }
	day := aMonth(t)
	day.To = day.From
	for name, b := range map[string]dossier.Book{"year": year, "empty": empty, "day": day} {
		for _, format := range []string{dossier.BookPDF, dossier.BookXLSX} {
			var out bytes.Buffer
			if _, err := Write(t.Context(), b, figuresInfo, format, &out); err != nil || out.Len() < 1000 {
				t.Errorf("%s as %s: %d bytes, %v", name, format, out.Len(), err)
			}
		}
	}
}

func TestFiguresInExcelAreNumbersWithTheirCharts(t *testing.T) {
	var one, again bytes.Buffer
	for _, to := range []*bytes.Buffer{&one, &again} {
		if _, err := Write(t.Context(), aMonth(t), figuresInfo, dossier.BookXLSX, to); err != nil {
			t.Fatal(err)
		}
	}
	// But for the order in which excelize lists the types of its parts, which it takes from a map.
	if a, b := parts(t, one.Bytes()), parts(t, again.Bytes()); !maps.Equal(a, b) {
		t.Error("the same figures give another workbook")
	}
	x, err := excelize.OpenReader(bytes.NewReader(one.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := strings.Join(x.GetSheetList(), "|"); got != "Theo thủ tục|Theo ngày|Thời gian chờ" {
		t.Error(got)
	}
	rows, err := x.GetRows("Theo thủ tục")
	if err != nil || rows[len(rows)-1][0] != "Tổng số" {
		t.Fatal(rows, err)
	}
	if kind, err := x.GetCellType("Theo thủ tục", "B2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a count is kept as %v: %v", kind, err)
	}
	if dir := os.Getenv("TIEPNHAN_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "figures.xlsx"), one.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// parts are what a workbook is made of, by name.
func parts(t *testing.T, xlsx []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name] = string(b); f.Name == "[Content_Types].xml" {
			out[f.Name] = fmt.Sprint(len(b))
		}
	}
	return out
}

func TestFiguresFailAsTheirReadingDoes(t *testing.T) {
	b, gone := aMonth(t), errors.New("gone")
	b.Rows = func(func(dossier.Dossier) error) error { return gone }
	for _, format := range []string{dossier.BookPDF, dossier.BookXLSX} {
		var out bytes.Buffer
		if _, err := Write(t.Context(), b, figuresInfo, format, &out); !errors.Is(err, gone) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", format, err, out.Len())
		}
	}
	if _, err := Write(t.Context(), aMonth(t), figuresInfo, dossier.BookCSV, &bytes.Buffer{}); dossier.Code(err) != "book.no-csv" {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(ended, aMonth(t), figuresInfo, dossier.BookPDF, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
