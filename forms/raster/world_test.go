package raster

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"sync"
	"testing"
	"time"

	"tiepnhan/forms/paper"
)

var (
	compileOnce sync.Once
	compiledDir string
)

func TestMain(m *testing.M) {
	code := m.Run()
	if compiledDir != "" {
		if err := os.RemoveAll(compiledDir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// compiled is a folder with the compiled pdfium, made once for all tests, who must not change it.
func compiled(t testing.TB) string {
	t.Helper()
	compileOnce.Do(func() {
		dir, err := os.MkdirTemp("", "raster")
		if err != nil {
			t.Fatal(err)
		}
		compiledDir = dir
		r := New(dir)
		if err := r.Warm(context.Background()); err != nil {
			t.Fatal(err)
		}
		closed(t, r)
	})
	return compiledDir
}

// copied is a folder with the compiled pdfium that a test may spoil.
func copied(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(compiled(t))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func raster(t testing.TB) *Raster {
	r := New(compiled(t))
	t.Cleanup(func() { closed(t, r) })
	return r
}

func closed(t testing.TB, r *Raster) {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func opened(t testing.TB, r *Raster, pdf []byte) *Document {
	t.Helper()
	d, err := r.Open(context.Background(), pdf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func drawn(t testing.TB, d *Document, page int, dpi float64) *image.RGBA {
	t.Helper()
	picture, err := d.Draw(context.Background(), page, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return picture.(*image.RGBA)
}

// letters are all of Vietnamese in both cases, digits and what stands between words.
const letters = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz" +
	"AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆFGHIÌÍỈĨỊJKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVWXYỲÝỶỸỴZ" +
	"0123456789.,;:/()-–%\"“”"

// lines are the letters of all three faces as they stand on the sample's first page.
func lines() (all []string) {
	runes := []rune(letters)
	for len(runes) > 0 {
		n := min(len(runes), 34)
		all = append(all, string(runes[:n]))
		runes = runes[n:]
	}
	return all
}

// sheet is a page as our forms have them: every letter in three faces, justified text, lines, a QR code, the watermark.
// swap changes the text before it is drawn.
func sheet(t testing.TB, pages int, swap func(string) string) []byte {
	t.Helper()
	code, err := paper.Encode("TN-2026-000123|Nguyễn Văn Mẫu")
	if err != nil {
		t.Fatal(err)
	}
	d := paper.New(paper.A5, "Bản thử", time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
	for page := range pages {
		d.Page()
		d.Watermark("chưa đối chiếu")
		d.Text(74, 12, paper.Font{Face: paper.Bold, Size: 12}, paper.Center, swap("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
		d.Line(50, 14, 98, 14, 0.2)
		y := 22.0
		for _, face := range []paper.Face{paper.Regular, paper.Bold, paper.Italic} {
			for _, s := range lines() {
				d.Text(10, y, paper.Font{Face: face, Size: 11}, paper.Left, swap(s))
				y += 5.6
			}
			y += 2
		}
		text := paper.Span{Face: paper.Regular, Text: swap(fmt.Sprintf("Trang %d. ", page+1) + story)}
		paper.Set(128, paper.Style{Size: 11, Leading: 1.2, Justify: true}, text).Draw(d, 10, y)
		d.QR(112, 180, 20, code)
		d.Rect(paper.Box{X: 10, Y: 180, W: 90, H: 20}, 0.3)
		d.Dots(12, 98, 190)
	}
	pdf, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

const story = "Ông Nguyễn Văn Mẫu, sinh ngày 02 tháng 3 năm 1980, thường trú tại thôn Thử Nghiệm, nộp một bộ hồ sơ đề nghị giải quyết " +
	"thủ tục theo quy định; bộ phận tiếp nhận đã nhận đủ giấy tờ và hẹn trả kết quả."

func sample(t testing.TB, pages int) []byte {
	return sheet(t, pages, func(s string) string { return s })
}

// written is a PDF of the objects given, for what our own maker would never make. The first is the catalog.
func written(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}
