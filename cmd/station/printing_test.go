package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// received is a station with one citizen's request and one refused.
func received(t *testing.T) (dir string) {
	t.Helper()
	at(t, "2026-11-20 09:05")
	t.Setenv("CUPS_SERVER", filepath.Join(t.TempDir(), "no-spooler.sock"))
	dir = sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	callWith(t, cardRequest, "refuse", "-in", "-", "-why", "Không thuộc thẩm quyền.", "-data", dir).ok(t)
	return dir
}

func TestPaperWithoutAWindow(t *testing.T) {
	dir := received(t)
	out := func(name string) string { return filepath.Join(t.TempDir(), name) }
	call1(t, "print", "-form", "receipt", "-dossier", "MAU.01-261120-0001", "-out", out("a.pdf"), "-data", dir).ok(t)
	call1(t, "print", "-form", "receipt", "-set", "tt03-2025", "-dossier", "MAU.01-261120-0001", "-paper", "A4", "-out", out("b.pdf"), "-data", dir).ok(t)
	call1(t, "print", "-form", "refusal", "-dossier", "MAU.01-261120-TC01", "-out", out("c.pdf"), "-data", dir).ok(t)
	call1(t, "print", "-form", "tk03", "-blank", "-out", out("d.pdf"), "-data", dir).ok(t)
	day := call1(t, "print", "-form", "control-slip", "-from", "20/11/2026", "-to", "2026-11-20", "-out", out("e.pdf"), "-data", dir)
	if day.code != cli.OK || !strings.Contains(day.err, "MAU.01-261120-TC01") || !strings.Contains(day.err, "form.not-received") {
		t.Errorf("what was left out of the batch is not named: %s", day.err)
	}
	var infos []dossier.FormInfo
	text := call1(t, "forms", "-json", "-data", dir).ok(t).out
	if err := json.Unmarshal([]byte(text), &infos); err != nil || len(infos) < 10 || !strings.Contains(text, `"key": "receipt"`) {
		t.Errorf("%v: %s", err, text)
	}
	list := call1(t, "forms", "-data", dir).ok(t)
	for _, want := range []string{"BM.01", "BM.06", "tk03", "chưa đối chiếu"} {
		if !strings.Contains(list.out, want) {
			t.Errorf("no %s in\n%s", want, list.out)
		}
	}
}

func TestAFormThatCannotBeSaysWhy(t *testing.T) {
	dir := received(t)
	for code, args := range map[string][]string{
		"form.unknown":         {"-form", "giấy-mời", "-dossier", "MAU.01-261120-0001"},
		"form.unknown-set":     {"-form", "receipt", "-set", "tt99", "-dossier", "MAU.01-261120-0001"},
		"form.not-refused":     {"-form", "refusal", "-dossier", "MAU.01-261120-0001"},
		"form.not-rescheduled": {"-form", "apology", "-dossier", "MAU.01-261120-0001"},
		"form.not-received":    {"-form", "receipt", "-dossier", "MAU.01-261120-TC01"},
		"form.no-blank":        {"-form", "receipt", "-blank"},
		"form.other-procedure": {"-form", "tk02", "-dossier", "MAU.01-261120-0001"},
		"print.none":           {"-form", "receipt", "-from", "2026-11-01", "-to", "2026-11-02"},
		"dossier.unknown":      {"-form", "receipt", "-dossier", "MAU.01-261120-9999"},
	} {
		file := filepath.Join(t.TempDir(), "x.pdf")
		call1(t, append([]string{"print", "-data", dir, "-out", file}, args...)...).refused(t, code)
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("%s left a file", code)
		}
	}
}

func TestWithoutASpoolerThePDFIsKeptAndTheCallFails(t *testing.T) {
	dir := received(t)
	got := call1(t, "print", "-form", "receipt", "-dossier", "MAU.01-261120-0001", "-printer", "HP", "-data", dir)
	if got.code != cli.No || strings.Count(got.err, "printer.spooler]") != 1 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if _, err := os.Stat(filepath.Join(dir, "giay-to", "MAU.01-261120-0001-receipt.pdf")); err != nil || !strings.Contains(got.out, "giay-to") {
		t.Errorf("%v: %s", err, got.out)
	}
	call1(t, "printers", "-data", dir).refused(t, "printer.spooler")
}

func TestRegistersComeOutAsPDFExcelAndCSV(t *testing.T) {
	dir := received(t)
	for _, format := range []string{"pdf", "xlsx", "csv"} {
		file := filepath.Join(t.TempDir(), "so."+format)
		call1(t, "register", "-book", "BM.02", "-from", "2026-11-20", "-to", "2026-11-20", "-format", format, "-out", file, "-data", dir).ok(t)
		if b, err := os.ReadFile(file); err != nil || len(b) < 100 {
			t.Errorf("%s: %d bytes, %v", format, len(b), err)
		}
	}
	call1(t, "register", "-book", "bm.06", "-from", "2026-10-01", "-to", "2026-10-02", "-out", filepath.Join(t.TempDir(), "x.pdf"), "-data", dir).ok(t)
	call1(t, "register", "-book", "BM.99", "-from", "2026-10-01", "-to", "2026-10-02", "-out", filepath.Join(t.TempDir(), "x.pdf"), "-data", dir).refused(t, "form.unknown")
	call1(t, "register", "-book", "BM.06", "-from", "2026-10-03", "-to", "2026-10-02", "-out", filepath.Join(t.TempDir(), "x.pdf"), "-data", dir).refused(t, "book.range")
	call1(t, "register", "-book", "BM.06", "-from", "hôm qua", "-to", "2026-10-02", "-out", filepath.Join(t.TempDir(), "x.pdf"), "-data", dir).refused(t, "date.format")
}

func TestTheKeeperCorrectsAFormWithoutARelease(t *testing.T) {
	dir := received(t)
	text := call1(t, "forms", "-text", "tk03", "-data", dir).ok(t).out
	callWith(t, strings.Replace(text, "PHIẾU", "phiếu", 1), "forms", "-keep", "tk03", "-in", "-", "-data", dir)
	callWith(t, `{"title":"x","rows":[{"kind":"giá vàng"}]}`, "forms", "-keep", "tk03", "-in", "-", "-data", dir).refused(t, "layout.kind")
	call1(t, "forms", "-check", "tk03", "-data", dir).ok(t)
	for _, line := range strings.Split(call1(t, "forms", "-data", dir).ok(t).out, "\n") {
		if strings.HasPrefix(line, "tk03") && strings.Contains(line, "chưa đối chiếu") {
			t.Errorf("still %s", line)
		}
	}
	call1(t, "forms", "-check", dossier.BookCSV, "-data", dir).refused(t, "form.unknown")
}

func TestACallThatSaysTwoThingsIsNotGuessedAt(t *testing.T) {
	dir := received(t)
	one := []string{"print", "-form", "receipt", "-dossier", "MAU.01-261120-0001"}
	file := filepath.Join(t.TempDir(), "x.pdf")
	for _, args := range [][]string{
		one,
		append(one, "-out", file, "-printer", "HP"),
		append(one, "-out", file, "-copies", "2"),
		append(one, "-out", "-"),
		append(one, "-out", file, "-blank"),
		append(one, "-out", file, "-from", "2026-11-20", "-to", "2026-11-20"),
		append(one, "-out", file, "-paper", "A3"),
		append(one, "-out", file, "thừa"),
		{"print", "-dossier", "MAU.01-261120-0001", "-out", file},
		{"register", "-from", "2026-11-20", "-to", "2026-11-20", "-out", file},
		{"register", "-book", "BM.02", "-out", file},
		{"register", "-book", "BM.02", "-from", "2026-11-20", "-to", "2026-11-20", "-format", "docx", "-out", file},
		{"register", "-book", "BM.02", "-from", "2026-11-20", "-to", "2026-11-20", "-format", "xlsx", "-printer", "HP"},
		{"forms", "-check", "tk01", "-uncheck", "tk02"},
		{"forms", "-text", "tk01", "-check", "tk01"},
		{"forms", "-keep", "tk01"},
		{"forms", "-checked"},
	} {
		got := call1(t, append(args, "-data", dir)...)
		if got.code != cli.Usage || !strings.Contains(got.err, "Cách dùng: station "+args[0]) || got.out != "" {
			t.Errorf("%v: exit %d, %q, %q", args, got.code, got.err, got.out)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Fatalf("%v left a file", args)
		}
	}
	call1(t, append(one, "-printer", "HP", "-copies", "0", "-data", dir)...).refused(t, "print.copies")
	call1(t, append(one, "-out", t.TempDir(), "-data", dir)...).refused(t, "print.file")
	call1(t, "register", "-book", "BM.02", "-from", "2026-11-20", "-to", "2026-11-20", "-format", "csv", "-out", t.TempDir(), "-data", dir).refused(t, "print.file")
	call1(t, "register", "-book", "BM.02", "-from", "1900-01-01", "-to", "9999-12-31", "-out", file, "-data", dir).refused(t, "book.too-long")
	for range 20 { // always the first of two
		got := call1(t, "print", "-form", "receipt", "-from", "hôm qua", "-to", "hôm nay", "-out", file, "-data", dir)
		if !strings.Contains(got.err, "[from: date.format]") {
			t.Fatalf("%q", got.err)
		}
	}
}

func TestAFileInTheWayIsReplacedWhole(t *testing.T) {
	dir := received(t)
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.WriteFile("cũ.pdf", []byte("cũ"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := call1(t, "print", "-json", "-form", "receipt", "-dossier", "MAU.01-261120-0001", "-out", "cũ.pdf", "-data", dir).ok(t)
	var answer struct {
		Path   string
		Sheets int
		State  dossier.JobState
	}
	if err := json.Unmarshal([]byte(got.out), &answer); err != nil || answer.Path != filepath.Join(folder, "cũ.pdf") || answer.Sheets != 1 {
		t.Fatalf("%s: %v", got.out, err)
	}
	if b, err := os.ReadFile(answer.Path); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

func TestPrintingIsForOneProgramAndLookingForAll(t *testing.T) {
	dir := received(t)
	w, err := openWorld(t.Context(), dir, nil, toWrite, clock) // the window
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	file := filepath.Join(t.TempDir(), "x.pdf")
	call1(t, "print", "-form", "receipt", "-dossier", "MAU.01-261120-0001", "-out", file, "-data", dir).refused(t, "station.open")
	call1(t, "register", "-book", "BM.02", "-from", "2026-11-20", "-to", "2026-11-20", "-out", file, "-data", dir).refused(t, "station.open")
	call1(t, "forms", "-check", "tk01", "-data", dir).refused(t, "station.open")
	call1(t, "forms", "-data", dir).ok(t)
	call1(t, "forms", "-text", "tk01", "-data", dir).ok(t)
}
