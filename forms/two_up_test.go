package forms

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// Where only A4 is in the printer, the two copies lie on one sheet; cut apart, each is the A5 receipt.
func TestReceiptOnA4IsTwoCopiesToBeCutApart(t *testing.T) {
	own := typical()
	wide := typical()
	wide.Paper = dossier.PaperA4
	one, err := draw(t.Context(), []dossier.Sheet{own}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := Render(t.Context(), []dossier.Sheet{wide}, nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	// 297 mm at 72 dots an inch are 842 dots; each half is read by itself.
	for half, crop := range [][]string{{"-x", "0"}, {"-x", "421"}} {
		out, err := exec.Command("pdftotext", append(append([]string{"-raw"}, crop...), "-y", "0", "-W", "421", "-H", "596", file, "-")...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var meant []string
		for _, m := range one.Pages()[half] {
			if text, ok := m.(paper.Text); ok {
				meant = append(meant, strings.Fields(text.S)...)
			}
		}
		got := strings.Fields(norm.NFC.String(string(out)))
		slices.Sort(got)
		slices.Sort(meant)
		if !slices.Equal(got, meant) {
			t.Errorf("half %d\nread  %q\nmeant %q", half+1, got, meant)
		}
	}
	if info, err := exec.Command("pdfinfo", file).Output(); err != nil || !strings.Contains(string(info), "(A4)") || !strings.Contains(string(info), "Pages:           1") {
		t.Errorf("%v\n%s", err, info)
	}
}

// A form that is A4 by itself is not put two on a sheet.
func TestFormOnA4StaysOnePageASheet(t *testing.T) {
	s, ok := possibleSheet(ways(t), ResultNotice, Police, pens["names"])
	if !ok {
		t.Fatal("there is no form on A4")
	}
	own, err := Golden(s)
	if err != nil {
		t.Fatal(err)
	}
	s.Paper = dossier.PaperA4
	if again, err := Golden(s); err != nil || again != own {
		t.Errorf("it differs on A4 (%v)", err)
	}
}

func TestReceiptOnA4Golden(t *testing.T) {
	s := typical()
	s.Paper = dossier.PaperA4
	got, err := Golden(s)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "receipt-on-a4", got)
}
