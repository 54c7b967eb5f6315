package raster

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/png"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// difference compares two pictures as a reader would: by how much ink there is in each small square (6 dots, half a
// millimetre), so that edges smoothed in another way weigh little and another letter does. worst is the largest difference of
// any square in parts of full black, and where it is; mean is that of all dots.
func difference(t *testing.T, a, b image.Image) (worst, mean float64, where image.Point) {
	t.Helper()
	w, h := min(a.Bounds().Dx(), b.Bounds().Dx()), min(a.Bounds().Dy(), b.Bounds().Dy())
	if max(a.Bounds().Dx(), b.Bounds().Dx()) > w+1 || max(a.Bounds().Dy(), b.Bounds().Dy()) > h+1 {
		t.Fatalf("pictures of %v and %v", a.Bounds(), b.Bounds())
	}
	x, y := inkOf(a, w, h), inkOf(b, w, h)
	const side = 6
	sum := make([]float64, (w+1)*(h+1)) // of the differences above and left of each dot
	for row := range h {
		for col := range w {
			d := x[row*w+col] - y[row*w+col]
			mean += math.Abs(d) / float64(w*h)
			at := (row+1)*(w+1) + col + 1
			sum[at] = d + sum[at-1] + sum[at-w-1] - sum[at-w-2]
		}
	}
	for row := side; row <= h; row++ {
		for col := side; col <= w; col++ {
			at := row*(w+1) + col
			square := sum[at] - sum[at-side] - sum[at-side*(w+1)] + sum[at-side*(w+1)-side]
			if here := math.Abs(square) / float64(side*side); here > worst {
				worst, where = here, image.Pt(col, row)
			}
		}
	}
	return worst, mean, where
}

func inkOf(p image.Image, w, h int) []float64 {
	ink := make([]float64, 0, w*h)
	for y := range h {
		for x := range w {
			r, g, b, _ := p.At(p.Bounds().Min.X+x, p.Bounds().Min.Y+y).RGBA()
			ink = append(ink, 1-float64(r+g+b)/(3*0xFFFF))
		}
	}
	return ink
}

func poppler(t *testing.T, pdf []byte) image.Image {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	c := exec.Command("pdftoppm", "-r", strconv.Itoa(dpi), "-png", "-singlefile", "-")
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	p, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// At 300 dpi a mark on a letter is more than the two renderers' smoothing. The bounds lie between the two.
const (
	dpi          = 300
	worstAllowed = 0.35
	meanAllowed  = 0.02
)

func TestPictureIsWhatAnotherRendererDraws(t *testing.T) {
	pdf := sample(t, 1)
	worst, mean, where := difference(t, drawn(t, opened(t, raster(t), pdf), 0, dpi), poppler(t, pdf))
	t.Logf("worst %.3f at %v, mean %.4f", worst, where, mean)
	if worst > worstAllowed || mean > meanAllowed {
		t.Errorf("pdfium and poppler differ by %.3f at %v and %.4f in the mean", worst, where, mean)
	}
}

func TestOneWrongLetterShowsInPicture(t *testing.T) {
	r := raster(t)
	want := poppler(t, sample(t, 1))
	for _, wrong := range []string{"ấ→ầ", "ệ→ê", "ặ→ă", "ử→ữ", "Ổ→Ô", "đ→d", "ị→i", ",→.", "8→6"} {
		from, to, _ := strings.Cut(wrong, "→")
		pdf := sheet(t, 1, func(s string) string {
			if strings.Contains(letters, s) { // in the alphabet only, once for each face
				return strings.Replace(s, from, to, 1)
			}
			return s
		})
		worst, _, _ := difference(t, drawn(t, opened(t, r, pdf), 0, dpi), want)
		t.Logf("%s: worst %.3f", wrong, worst)
		if worst <= worstAllowed {
			t.Errorf("%s goes unseen: %.3f", wrong, worst)
		}
	}
}

func TestPictureIsWhollyOpaque(t *testing.T) {
	p := drawn(t, opened(t, raster(t), sample(t, 1)), 0, 96)
	for i := 3; i < len(p.Pix); i += 4 {
		if p.Pix[i] != 0xFF {
			t.Fatalf("dot %d has opacity %d", i/4, p.Pix[i])
		}
	}
}

// pdfium was not among the readers our one-byte fonts (ADR 6) had been tried with.
func TestPdfiumReadsTheTextThatWasMeant(t *testing.T) {
	r := raster(t)
	d := opened(t, r, sample(t, 2))
	for page := range d.Count() {
		text := textOf(t, d, page)
		var want []string
		for range 3 {
			want = append(want, lines()...)
		}
		var got []string
		for _, line := range text {
			if slices.Contains(want, line) {
				got = append(got, line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("page %d: the three alphabets read as\n%s", page+1, strings.Join(text, "\n"))
		}
		if all := strings.Join(text, " "); !strings.Contains(all, story) {
			t.Errorf("page %d: the justified text reads as\n%s", page+1, all)
		}
	}
}

// textOf is a page's text by line.
func textOf(t *testing.T, d *Document, page int) []string {
	t.Helper()
	lines, err := use(context.Background(), d.r, func(ctx context.Context, b *box) ([]string, error) {
		call := func(name string, args ...uint64) uint64 {
			n, err := b.call(ctx, name, args...)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		l, err := d.in(ctx, b)
		if err != nil {
			return nil, err
		}
		p := call("FPDFText_LoadPage", call("FPDF_LoadPage", l.doc, uint64(page)))
		count := call("FPDFText_CountChars", p)
		at := call("malloc", 2*count+2)
		n := call("FPDFText_GetText", p, 0, count, at)
		raw, ok := b.mod.Memory().Read(uint32(at), uint32(2*(n-1)))
		if !ok {
			t.Fatal("no text")
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(raw[2*i:])
		}
		return strings.Split(string(utf16.Decode(units)), "\r\n"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}
