package paper

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jung-kurt/gofpdf"
)

// goldenText is a text of a golden.
type goldenText struct {
	x, y, size float64
	face, s    string
}

// goldenPages are the texts of each page of a form's golden.
func goldenPages(b *testing.B, name string) [][]goldenText {
	golden, err := os.ReadFile("../testdata/" + name + ".golden")
	if err != nil {
		b.Fatal(err)
	}
	var out [][]goldenText
	for line := range strings.Lines(string(golden)) {
		if strings.HasPrefix(line, "page ") {
			out = append(out, nil)
		}
		if !strings.HasPrefix(line, "text ") {
			continue
		}
		var t goldenText
		var size string // "8.5pt", in which Sscanf would take the p for an exponent
		if _, err := fmt.Sscanf(line, "text %f %f %s %s", &t.x, &t.y, &size, &t.face); err != nil {
			b.Fatal(line, err)
		}
		if t.size, err = strconv.ParseFloat(strings.TrimSuffix(size, "pt"), 64); err != nil {
			b.Fatal(line, err)
		}
		quoted, err := strconv.QuotedPrefix(line[strings.IndexByte(line, '"'):])
		if err != nil {
			b.Fatal(line, err)
		}
		if t.s, err = strconv.Unquote(quoted); err != nil {
			b.Fatal(line, err)
		}
		out[len(out)-1] = append(out[len(out)-1], t)
	}
	return out
}

// The peer of our forms: the same texts at the same places, with gofpdf as its manual says, laid out for it already and without lines
// and QR code.
func BenchmarkPlainGofpdf(b *testing.B) {
	for _, peer := range []struct {
		name, golden string
		times        int
	}{{"receipt", "receipt-typical", 1}, {"day-of-receipts", "receipt-typical", 60}, {"control-slip", "control-slip-done", 1}} {
		b.Run(peer.name, func(b *testing.B) {
			pages := goldenPages(b, peer.golden)
			n := 0
			for b.Loop() {
				f := gofpdf.New("P", "mm", "A5", "")
				f.SetAutoPageBreak(false, 0)
				for face := range faceCount {
					f.AddUTF8FontFromBytes(face.String(), "", bytes.Clone(face.bytes()))
				}
				for range peer.times {
					for _, page := range pages {
						f.AddPage()
						for _, t := range page {
							f.SetFont(t.face, "", t.size)
							f.Text(t.x, t.y, t.s)
						}
					}
				}
				var out bytes.Buffer
				if err := f.Output(&out); err != nil {
					b.Fatal(err)
				}
				n = out.Len()
			}
			b.ReportMetric(float64(n), "bytes")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
		})
	}
}
