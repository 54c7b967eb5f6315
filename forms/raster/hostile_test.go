package raster

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const catalog = "<< /Type /Catalog /Pages 2 0 R >>"

func TestWhatIsNotAPDFIsAnError(t *testing.T) {
	r := raster(t)
	whole := sample(t, 1)
	hostile := map[string][]byte{
		"nothing":              nil,
		"empty":                {},
		"text":                 []byte("not a PDF at all"),
		"100 MB of zeros":      make([]byte, 100<<20),
		"a head and zeros":     append([]byte("%PDF-1.7\n"), make([]byte, 60<<20)...),
		"only a head":          []byte("%PDF-1.7\n"),
		"a tenth":              whole[:len(whole)/10],
		"no pages":             written(catalog, "<< /Type /Pages /Kids [] /Count 0 >>"),
		"more pages than real": written(catalog, "<< /Type /Pages /Kids [] /Count 1000000000 >>"),
		"pages of themselves":  written("<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 3 >>"),
	}
	for name, pdf := range hostile {
		t.Run(name, func(t *testing.T) {
			if d, err := r.Open(ctx, pdf); err == nil {
				// What opens must still be drawn or refused.
				for page := range d.Count() {
					if _, err := d.Draw(ctx, page, 60); err == nil {
						t.Errorf("page %d was drawn", page)
					}
				}
				check(t, d.Close())
			}
		})
	}
	drawn(t, opened(t, r, whole), 0, 60)
}

func TestDamageAnywhereEndsNothing(t *testing.T) {
	r := raster(t)
	whole := sample(t, 1)
	for i := range 60 {
		pdf := bytes.Clone(whole)
		for n := range 40 {
			pdf[(i*7919+n*104729)%len(pdf)] ^= byte(1 + i + n)
		}
		if d, err := r.Open(ctx, pdf); err == nil {
			_, _ = d.Draw(ctx, 0, 60)
			check(t, d.Close())
		}
		if d, err := r.Open(ctx, whole[:len(whole)*i/60]); err == nil {
			_, _ = d.Draw(ctx, 0, 60)
			check(t, d.Close())
		}
	}
	drawn(t, opened(t, r, whole), 0, 60)
}

func TestTenThousandPagesAreOpened(t *testing.T) {
	kids := strings.Repeat("3 0 R ", 10_000)
	pdf := written(catalog, "<< /Type /Pages /Kids ["+kids+"] /Count 10000 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] >>")
	d := opened(t, raster(t), pdf)
	if d.Count() != 10_000 {
		t.Errorf("%d pages", d.Count())
	}
	drawn(t, d, 9_999, 60)
	too := written(catalog, "<< /Type /Pages /Kids ["+strings.Repeat(kids, 3)+"] /Count 30000 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] >>")
	if _, err := raster(t).Open(ctx, too); err == nil {
		t.Error("30,000 pages were opened")
	}
}

func page(box, content string) []byte {
	return written(catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox ["+box+"] /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
}

func TestPictureIsBoundedHoweverLargeThePage(t *testing.T) {
	r := raster(t)
	for _, box := range []string{"0 0 28346 28346", "0 0 1 14400", "0 0 14400 0.5", "0 0 1e9 1e9"} { // the first is 10 m × 10 m
		for _, dpi := range []float64{1, 300, 1e6, 1e300} {
			d := opened(t, r, page(box, "0 0 100 100 re f"))
			p, err := d.Draw(ctx, 0, dpi)
			if err != nil {
				t.Logf("[%s] at %g dpi: %v", box, dpi, err)
				continue
			}
			if b := p.Bounds(); b.Empty() || b.Dx()*b.Dy()*4 > maxPicture {
				t.Errorf("[%s] at %g dpi is %v", box, dpi, b)
			}
		}
	}
	if d := opened(t, r, page("0 0 28346 28346", "")); drawn(t, d, 0, 300).Rect.Dx() < 3000 {
		t.Error("the large page was drawn small")
	}
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

// Without the bound, pdfium would take what the picture claims to be.
func TestPictureBombIsBounded(t *testing.T) {
	r := raster(t)
	pdf := written(catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
		"<< /Length 25 >>\nstream\n420 0 0 595 0 0 cm /I Do\nendstream",
		"<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Length 3 >>\nstream\nabc\nendstream")
	d := opened(t, r, pdf)
	_, err := d.Draw(ctx, 0, 96)
	t.Logf("the bomb: %v", err)
	if r.box != nil && r.box.memory() > keepMemory {
		t.Errorf("pdfium keeps %d bytes", r.box.memory())
	}
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

func TestEndlessNestingEnds(t *testing.T) {
	r := raster(t)
	for _, part := range []string{"q ", "[", "<<", "0 0 400 500 re f "} {
		d := opened(t, r, page("0 0 420 595", strings.Repeat(part, 20_000)))
		begun := time.Now()
		_, err := d.Draw(ctx, 0, 60)
		t.Logf("%q: %v after %v", part, err, time.Since(begun))
	}
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

func TestScriptIsNotRun(t *testing.T) {
	pdf := written("<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while\\(true\\){}) >> >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] >>")
	drawn(t, opened(t, raster(t), pdf), 0, 60)
}

func TestLockedPDFIsAnError(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed")
	}
	dir := t.TempDir()
	plain, locked := filepath.Join(dir, "plain.pdf"), filepath.Join(dir, "locked.pdf")
	check(t, os.WriteFile(plain, sample(t, 1), 0o600))
	check(t, exec.Command("qpdf", "--encrypt", "user", "owner", "256", "--", plain, locked).Run())
	pdf, err := os.ReadFile(locked)
	check(t, err)
	_, err = raster(t).Open(ctx, pdf)
	if err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("a locked PDF: %v", err)
	}
}
