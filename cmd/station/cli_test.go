package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// said is what one call printed and how it ended.
type said struct {
	code     int
	out, err string
}

func call1(t *testing.T, args ...string) said {
	t.Helper()
	return callWith(t, "", args...)
}

func callWith(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return said{code, out.String(), errs.String()}
}

func (s said) ok(t *testing.T) said {
	t.Helper()
	if s.code != cli.OK || s.err != "" {
		t.Fatalf("exit %d: %s", s.code, s.err)
	}
	return s
}

// refused wants a clear no: exit 1, a Vietnamese sentence with this code, nothing on stdout.
func (s said) refused(t *testing.T, code string) {
	t.Helper()
	if s.code != cli.No || !strings.Contains(s.err, code+"]") || s.out != "" || strings.Contains(s.err, "{") {
		t.Errorf("want exit 1 and %s, got exit %d, %q, %q", code, s.code, s.err, s.out)
	}
}

func sampleDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Trạm mẫu") // with a space and marks, as on real PCs
	call1(t, "setup", "-sample", "-data", dir).ok(t)
	return dir
}

func at(t *testing.T, s string) {
	t.Helper()
	old := clock
	clock = func() time.Time { return mustTime(s) }
	t.Cleanup(func() { clock = old })
}

const cardRequest = `{"procedure":"lock-eid","requester":{"kind":"citizen","person":{"name":"Nguyễn Văn Mẫu","number":"001099000001",
"born":"1999-01-01","sex":"Nam","address":"Thôn Mẫu"}},"papers":[{"key":"tk03","originals":1}]}`

func TestADossierFromScriptToPaper(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	got := callWith(t, cardRequest, "receive", "-in", "-", "-data", dir, "-json").ok(t)
	var row dossier.Summary
	if err := json.Unmarshal([]byte(got.out), &row); err != nil || row.Number != "MAU.01-261120-0001" {
		t.Fatalf("%v: %s", err, got.out)
	}
	if list := call1(t, "list", "-q", "nguyen mau", "-data", dir).ok(t); !strings.Contains(list.out, row.Number) || !strings.Contains(list.out, "Chờ gửi") {
		t.Errorf("list: %s", list.out)
	}
	call1(t, "do", "perform", row.Number, "-data", dir).ok(t)
	if show := call1(t, "show", row.Number, "-data", dir).ok(t); !strings.Contains(show.out, "Đã xử lý xong") || !strings.Contains(show.out, "Thực hiện ngay") {
		t.Errorf("show: %s", show.out)
	}
	pdf := filepath.Join(t.TempDir(), "giấy hẹn.pdf")
	call1(t, "print", "-form", "receipt", "-dossier", row.Number, "-out", pdf, "-data", dir).ok(t)
	text, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
	if err != nil || !strings.Contains(string(text), "Nguyễn Văn Mẫu") || !strings.Contains(string(text), row.Number) || strings.Contains(string(text), "in lại") {
		t.Errorf("%v: %s", err, text)
	}
	call1(t, "print", "-form", "receipt", "-dossier", row.Number, "-out", pdf, "-data", dir).ok(t)
	if text, _ := exec.Command("pdftotext", pdf, "-").Output(); !strings.Contains(string(text), "lại lần 1") {
		t.Errorf("a reprint does not say so: %s", text)
	}
	if status := call1(t, "status", "-data", dir).ok(t); !strings.Contains(status.out, "Hồ sơ: 1") {
		t.Errorf("status: %s", status.out)
	}
	call1(t, "verify", "-data", dir).ok(t)
}

func TestAScriptRunTwiceMakesOneDossier(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	withID := strings.Replace(cardRequest, "{", `{"id":"01900000-0000-7000-8000-000000000001",`, 1)
	first := callWith(t, withID, "receive", "-in", "-", "-data", dir).ok(t)
	again := callWith(t, withID, "receive", "-in", "-", "-data", dir).ok(t)
	if first.out != again.out {
		t.Errorf("%s\n%s", first.out, again.out)
	}
}

func TestBadInputIsAnsweredInWords(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	receive := func(text string) said { return callWith(t, text, "receive", "-in", "-", "-data", dir) }
	change := func(from, to string) string { return strings.Replace(cardRequest, from, to, 1) }

	receive("not json").refused(t, "input.not-json")
	receive("").refused(t, "input.not-json")
	receive(cardRequest+cardRequest).refused(t, "input.not-json")
	receive(change(`"procedure"`, `"procedur"`)).refused(t, "input.not-json")
	receive(strings.Repeat(" ", 2<<20)).refused(t, "input.too-large")
	receive(change("lock-eid", "lock-account")).refused(t, "requester.not-allowed")
	receive(change("lock-eid", "issue-level2-foreigner")).refused(t, "procedure.other-level")
	receive(change("001099000001", "00109900000")).refused(t, "citizen-number.length")
	receive(change("1999-01-01", "2999-01-01")).refused(t, "born.future")
	receive(change("Nguyễn Văn Mẫu", strings.Repeat("ễ", 10_000))).refused(t, "text.too-long")
	receive(change("Nguyễn Văn Mẫu", "Mẫu 😀")).refused(t, "text.letters")
	receive(change("Nguyễn Văn Mẫu", `\u0000\u200b`)).refused(t, "person.name-missing")
	receive(change(`"originals":1`, `"originals":0`)).refused(t, "papers.missing")
	receive(change("tk03", "tk77")).refused(t, "papers.missing")

	call1(t, "receive", "-in", filepath.Join(dir, "none.json"), "-data", dir).refused(t, "input.unreadable")
	call1(t, "show", "MAU.01-261120-0001", "-data", dir).refused(t, "dossier.unknown")
	call1(t, "do", "withdraw", "MAU.01-261120-0001", "-data", dir).refused(t, "dossier.unknown")
	call1(t, "print", "-form", "receipt", "-dossier", "X", "-out", "x.pdf", "-data", dir).refused(t, "dossier.unknown")
	call1(t, "scan", "https://example.invalid/thẻ").refused(t, "card.foreign")
	call1(t, "scan", "").refused(t, "card.foreign")
	call1(t, "scan", "MAU.01-261120-0001").refused(t, "card.receipt")
	call1(t, "due", "-procedure", "lock-account", "-requester", "citizen", "-received", "2026-11-23").refused(t, "requester.not-allowed")
	call1(t, "due", "-procedure", "lock-account", "-requester", "agency", "-received", "2023-11-23").refused(t, "procedure.not-in-force")
	call1(t, "due", "-procedure", "lock-account", "-requester", "agency", "-received", "tomorrow").refused(t, "input.time")
	call1(t, "due", "-procedure", "lock-account", "-requester", "agency", "-received", "2031-01-02").refused(t, "calendar.unknown-year")
	call1(t, "sync", "-data", dir).refused(t, "line.not-enrolled")
	call1(t, "enrol", "TN1.nonsense", "-data", dir).refused(t, "ticket.format")
	call1(t, "list", "-data", filepath.Join(dir, "nowhere")).refused(t, "store.missing")

	got := callWith(t, cardRequest, "receive", "-in", "-", "-json", "-data", dir).ok(t)
	var row dossier.Summary
	if err := json.Unmarshal([]byte(got.out), &row); err != nil || row.Number != "MAU.01-261120-0001" {
		t.Fatalf("after all those refusals the first number is %s, %v", row.Number, err)
	}
	call1(t, "do", "return", row.Number, "-data", dir).refused(t, "act.not-allowed")
	call1(t, "print", "-form", "bm.99", "-dossier", row.Number, "-out", filepath.Join(dir, "x.pdf"), "-data", dir).refused(t, "form.unknown")
	call1(t, "print", "-form", "receipt", "-dossier", row.Number, "-out", filepath.Join(dir, "station.db", "x.pdf"), "-data", dir).refused(t, "print.folder")
}

func TestACallThatIsNotUnderstoodSaysHowToCall(t *testing.T) {
	for _, args := range [][]string{{"fly"}, {"due"}, {"do", "fly", "X"}, {"show"}, {"list", "-n", "0"}, {"list", "-x"}, {"setup"}, {"receive"}, {"demo"}} {
		if s := call1(t, args...); s.code != cli.Usage || !strings.Contains(s.err, "Cách dùng") {
			t.Errorf("%v: exit %d, %s", args, s.code, s.err)
		}
	}
	if s := call1(t, "help"); s.code != cli.OK || !strings.Contains(s.out, "station demo") {
		t.Errorf("help: %+v", s)
	}
}

func TestAFolderThatCannotBeWrittenIsSaid(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	call1(t, "setup", "-sample", "-data", filepath.Join(file, "under")).refused(t, "station.folder")
}

func TestASecondProgramIsToldThatOneIsOpen(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	w, err := openWorld(t.Context(), dir, nil, toWrite, clock)
	if err != nil {
		t.Fatal(err)
	}
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).refused(t, "station.open")
	call1(t, "list", "-data", dir).ok(t)
	call1(t, "status", "-data", dir).ok(t)
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
}

func TestAClockSetTo2009AsksForTheDate(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	at(t, "2009-01-01 08:00")
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).refused(t, "clock.wrong")
	w, err := openWorld(t.Context(), dir, nil, toWrite, clock)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.desk.ConfirmDate(t.Context(), dossier.Date{Year: 2026, Month: 11, Day: 21}, 0); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if got := callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t); !strings.Contains(got.out, "-261121-0001") {
		t.Errorf("number: %s", got.out)
	}
	at(t, "2026-11-22 08:00")
	if got := callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t); !strings.Contains(got.out, "-261122-0001") {
		t.Errorf("when the clock is right again: %s", got.out)
	}
	call1(t, "verify", "-data", dir).ok(t)
}

// The vectors of the seed through the command line, with the sentence that explains them.
func TestDueExplainsItself(t *testing.T) {
	for received, want := range map[string]string{
		"2026-11-23 09:00": "17:00 ngày 27/11/2026",
		"2026-08-21":       "17:00 ngày 25/08/2026",
		"24/04/2026 08:00": "17:00 ngày 04/05/2026",
	} {
		got := call1(t, "due", "-procedure", "lock-account", "-requester", "agency", "-received", received, "-data", t.TempDir()).ok(t)
		if !strings.Contains(got.out, want) || !strings.Contains(got.out, "3 ngày làm việc") {
			t.Errorf("%s: %s", received, got.out)
		}
	}
	// The same program, set up as a province unit, or as a district unit on a day before 1/3/2025.
	call1(t, "due", "-level", "province", "-procedure", "issue-level2-foreigner", "-requester", "foreigner", "-received", "2026-11-23", "-data", t.TempDir()).ok(t)
	call1(t, "due", "-level", "district", "-procedure", "lock-account", "-requester", "agency", "-received", "2025-02-27", "-data", t.TempDir()).ok(t)
	call1(t, "due", "-level", "district", "-procedure", "lock-account", "-requester", "agency", "-received", "2025-03-03", "-data", t.TempDir()).refused(t, "procedure.not-in-force")
}

func TestADayOfAMadeUpStation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	got := call1(t, "demo", "-out", dir, "-json").ok(t)
	var o outcome
	if err := json.Unmarshal([]byte(got.out), &o); err != nil {
		t.Fatal(err)
	}
	if o.Dossiers != 25 || o.Refusals != 2 || o.Late != 1 || o.Papers != 41 || o.Unsent != 0 || o.Faults != 0 {
		t.Errorf("%+v", o)
	}
	papers, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(papers) != 41 {
		t.Errorf("%d papers, %v", len(papers), err)
	}
	call1(t, "demo", "-out", dir).refused(t, "demo.not-empty")
	call1(t, "verify", "-data", filepath.Join(dir, "tram")).ok(t)
	rows := call1(t, "list", "-data", filepath.Join(dir, "tram")).ok(t)
	for _, want := range []string{"Đã gửi về Công an tỉnh Mẫu", "Đã trả kết quả", "Yêu cầu bổ sung giấy tờ", "Công dân yêu cầu rút hồ sơ", "Không được tiếp nhận"} {
		if !strings.Contains(rows.out, want) {
			t.Errorf("the list has no %q:\n%s", want, rows.out)
		}
	}
}

// What the program writes for itself is for its user alone.
func TestFilesAreForTheirUserAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps the profile's own access list")
	}
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEmptyFolderCanBeSetUpByWhoeverSitsThere(t *testing.T) {
	w, err := openWorld(t.Context(), filepath.Join(t.TempDir(), "tram"), nil, toSetUp, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	s := sampleSettings()
	s.Officers[0].ID = w.desk.Officer
	if err := w.desk.SetUp(t.Context(), s); err != nil {
		t.Error(err)
	}
}
