package forms

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// rendering measures one printing: milliseconds, and bytes of the PDF.
func rendering(b *testing.B, sheets []dossier.Sheet) {
	b.Helper()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		pdf, err := Render(b.Context(), sheets, nil)
		if err != nil {
			b.Fatal(err)
		}
		n = len(pdf)
	}
	b.ReportMetric(float64(n), "bytes")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
}

// Both copies; beside it the same lines of text by others.
func BenchmarkReceipt(b *testing.B) {
	b.Run("typical", func(b *testing.B) { rendering(b, []dossier.Sheet{typical()}) })
	b.Run("long", func(b *testing.B) { rendering(b, []dossier.Sheet{long()}) })
	b.Run("2025", func(b *testing.B) { rendering(b, []dossier.Sheet{in2025(agency())}) })
	peers(b, []dossier.Sheet{typical()})
}

// dayOf is a day's receipts: as different as those of a day.
func dayOf(receipts int) []dossier.Sheet {
	var out []dossier.Sheet
	for i := range receipts {
		in := []func() dossier.Receive{typicalIntake, shortIntake, agencyIntake, childIntake}[i%4]()
		in.Number = fmt.Sprintf("MS-261123-%04d", i+1)
		in.Requester.Person.Name = fmt.Sprintf("%s %c", in.Requester.Person.Name, 'A'+rune(i%26))
		in.ReceivedAt = at(23, 7, 30+i*8)
		out = append(out, sheetOf(Receipt, in))
	}
	return out
}

// The receipts of a busy day, 120 pages, in one job.
func BenchmarkDayOfReceipts(b *testing.B) {
	day := dayOf(60)
	b.Run("60", func(b *testing.B) { rendering(b, day) })
	peers(b, day)
}

func BenchmarkForm(b *testing.B) {
	keys, in := drawable(b)
	known := ways(b)
	for _, key := range keys {
		if key == Receipt {
			continue
		}
		b.Run(key, func(b *testing.B) {
			s, ok := possibleSheet(known, key, in[key][0], pens["names"].short())
			if !ok {
				b.Fatal("no course makes it possible")
			}
			rendering(b, []dossier.Sheet{s})
		})
	}
	s, ok := possibleSheet(known, ControlSlip, Police, pens["names"].short())
	if !ok {
		b.Fatal("there is no control slip")
	}
	b.Run("peers", func(b *testing.B) { peers(b, []dossier.Sheet{s}) })
}

// peers turn the same lines of text into a PDF: the two programs offices have for it. The third, plain gofpdf, is in package paper,
// which alone knows it. They lay nothing out; we have done it for them.
func peers(b *testing.B, sheets []dossier.Sheet) {
	doc, err := draw(b.Context(), sheets, nil)
	if err != nil {
		b.Fatal(err)
	}
	web := filepath.Join(b.TempDir(), "x.html")
	if err := os.WriteFile(web, []byte(asWebPage(doc)), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("libreoffice", func(b *testing.B) {
		byProgram(b, "soffice", "x.pdf", func(to string) []string {
			return []string{"-env:UserInstallation=file://" + filepath.Join(to, "profile"), "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", to, web}
		})
	})
	b.Run("chromium", func(b *testing.B) {
		byProgram(b, "chromium", "x.pdf", func(to string) []string {
			return []string{"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + filepath.Join(to, "profile"), "--print-to-pdf=" + filepath.Join(to, "x.pdf"), "file://" + web}
		})
	})
}

func byProgram(b *testing.B, program, result string, args func(to string) []string) {
	path, err := exec.LookPath(program)
	if err != nil {
		b.Skip(program, " is not installed")
	}
	to := b.TempDir()
	for b.Loop() {
		if out, err := exec.Command(path, args(to)...).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	info, err := os.Stat(filepath.Join(to, result))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size()), "bytes")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
}

// asWebPage is the same texts, a line each.
func asWebPage(doc *paper.Doc) string {
	var out strings.Builder
	out.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><style>@page{size:A5;margin:10mm}div{page-break-after:always;font:10pt serif}p{margin:0}</style></head><body>`)
	for _, marks := range doc.Pages() {
		out.WriteString("<div>")
		for _, m := range marks {
			if text, ok := m.(paper.Text); ok {
				line := html.EscapeString(text.S)
				switch text.Font.Face {
				case paper.Bold:
					line = "<b>" + line + "</b>"
				case paper.Italic:
					line = "<i>" + line + "</i>"
				}
				fmt.Fprintf(&out, "<p>%s</p>", line)
			}
		}
		out.WriteString("</div>")
	}
	out.WriteString("</body></html>")
	return out.String()
}
