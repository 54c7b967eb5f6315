package shell

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

func lived(t *testing.T, size fyne.Size) *house {
	t.Helper()
	h := furnish(t, size, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	return h
}

func (h *house) says() string {
	out := ""
	for _, p := range h.s.status.parts {
		out += p.text + "|"
	}
	return out
}

// looks runs f at each look the desk takes at a job.
func (h *house) looks(f func(i int)) {
	i := 0
	h.desk.Pause = func(ctx context.Context, _ time.Duration) error {
		f(i)
		i++
		for _, do := range h.threads.Take() {
			do()
		}
		return ctx.Err()
	}
}

// TestLostReceiptIsFoundByItsNumberAndPrintedAgain scans the number from every screen; Ctrl+P and Enter show the receipt as a reprint.
func TestLostReceiptIsFoundByItsNumberAndPrintedAgain(t *testing.T) {
	h := lived(t, big)
	if _, err := h.desk.Print(t.Context(), desk.Order{Form: "receipt", Dossiers: h.store.IDs()[1:2]}, desk.Where{}, nil); err != nil {
		t.Fatal(err)
	}
	h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "khác")
	h.settle()
	for _, x := range []*screen{h.s.preview, h.s.reception, h.s.list, h.s.waiting, h.s.course} {
		h.s.show(x)
		h.settle()
		h.write("MAU.01-261118-0002")
		h.press(fyne.KeyReturn)
		h.settle()
		if h.s.now != h.s.course {
			t.Fatal("the dossier is not shown")
		}
		h.ctrl("P")
		h.settle()
		h.press(fyne.KeyReturn)
		h.settle()
		if h.s.now != h.s.preview || len(h.store.Traces) != 1 {
			t.Fatalf("Ctrl+P and Enter do not show the receipt; %d traces", len(h.store.Traces))
		}
		h.press("F1") // what the officer sees is in the notes at the side
		h.press(fyne.KeyEscape)
		h.press(fyne.KeyEscape)
		if h.s.now != h.s.course {
			t.Fatal("Esc does not lead back to the dossier")
		}
	}
	h.ctrl("P")
	h.press(fyne.KeyReturn)
	h.settle()
	h.press("F9")
	h.settle()
	last := h.spool.Jobs[len(h.spool.Jobs)-1]
	if !strings.Contains(string(last.PDF), "receipt MAU.01-261118-0002") {
		t.Errorf("%s", last.PDF)
	}
	prints, err := h.store.Prints(t.Context(), h.store.IDs()[1])
	if err != nil || prints["receipt"] != 2 {
		t.Errorf("%v %v", prints, err)
	}
	if got := h.says(); !strings.Contains(got, "|Đã in xong: BM.01 MAU.01-261118-0002|") {
		t.Error(got)
	}
}

// TestLostReceiptIsFoundByTheCard scans the citizen's card on the list.
func TestLostReceiptIsFoundByTheCard(t *testing.T) {
	h := lived(t, big)
	h.press("F3")
	h.settle()
	h.write("001090000000||Nguyễn Văn Thử|01/03/1990|Nam|Thôn Mẫu, Xã Bình Mẫu|02/01/2022")
	h.press(fyne.KeyReturn)
	h.settle()
	if !slices.Contains(h.store.Calls, `List "001090000000" 0`) || h.s.now != h.s.list {
		t.Error("the card's number was not looked up")
	}
}

// TestDayIsPrintedInOneJob marks two dossiers by keys, and prints them; then a whole day.
func TestDayIsPrintedInOneJob(t *testing.T) {
	h := lived(t, big)
	h.press("F3")
	h.settle()
	h.press(fyne.KeyInsert)
	h.press(fyne.KeyInsert)
	h.press("F8")
	h.settle()
	h.press(fyne.KeyEscape)
	h.press("F8")
	h.settle()
	h.press("F9")
	h.settle()
	if h.s.now != h.s.preview {
		t.Fatal("no preview")
	}
	h.press("F9")
	h.settle()
	h.press(fyne.KeyEscape)
	if h.s.now != h.s.list || len(h.spool.Jobs) != 1 {
		t.Fatalf("%d jobs", len(h.spool.Jobs))
	}
	h.press(fyne.KeyEscape) // the marks
	h.press("F8")
	h.settle()
	h.press(fyne.KeyReturn)
	h.press(fyne.KeyReturn)
	h.settle()
	h.ctrl("S")
	h.settle()
	files, err := filepath.Glob(filepath.Join(h.papers, "261119-*-receipt.pdf"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	if b, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(b), "receipt MAU.01-261119-0001") {
		t.Errorf("%s %v", b, err)
	}
}

// TestPrintingThatFailsElsewhereIsSaidWithoutTakingTheKeyboard leaves the preview while it prints and types on.
func TestPrintingThatFailsElsewhereIsSaidWithoutTakingTheKeyboard(t *testing.T) {
	h := lived(t, big)
	h.s.open(h.store.IDs()[0])
	h.settle()
	h.ctrl("P")
	h.press(fyne.KeyReturn)
	h.settle()
	h.spool.States = []dossier.JobState{{Phase: dossier.JobQueued}, {Phase: dossier.JobPrinting, Code: "printer.paper-out"}, {Phase: dossier.JobFailed, Code: "printer.jam"}}
	var focus fyne.Focusable
	h.looks(func(i int) {
		switch i {
		case 0:
			h.press("F2")
			h.ctrl("5")
			h.press(fyne.KeyTab)
			focus = h.window.Canvas().Focused()
		case 1:
			if got := h.says(); !strings.Contains(got, "Máy in hết giấy: BM.01 MAU.01-261119-0001|") {
				t.Error(got)
			}
		}
	})
	h.press("F9")
	h.settle()
	if h.s.now != h.s.reception || h.window.Canvas().Focused() != focus || h.window.Canvas().Overlays().Top() != nil {
		t.Errorf("the officer is disturbed: %T", h.window.Canvas().Focused())
	}
	if len(h.s.word.Objects) == 0 || !strings.Contains(h.says(), "Chưa in xong: BM.01 MAU.01-261119-0001|") {
		t.Fatalf("nothing is said: %s", h.says())
	}
	h.shoot("shell-30-missed")
	h.press("F12")
	h.settle()
	if h.s.now != h.s.preview || len(h.s.word.Objects) != 0 {
		t.Fatal("F12 does not lead to what failed")
	}
	h.press(fyne.KeyEscape)
	if h.s.now != h.s.reception {
		t.Error("Esc does not lead back")
	}
}

// TestTwoPrintingsThatFailAreBothSaid keeps two dossiers while the officer is on the list when they fail.
func TestTwoPrintingsThatFailAreBothSaid(t *testing.T) {
	h := lived(t, big)
	ids := h.store.IDs()
	h.spool.States = []dossier.JobState{{Phase: dossier.JobUnknown}}
	h.s.show(h.s.list)
	var opened []dossier.ID
	for _, id := range ids[:2] {
		order := desk.Order{Form: "receipt", Dossiers: []dossier.ID{id}}
		h.s.prints.Begin(kit.PrintJob{Title: "x", Seen: func() bool { return false }, Open: func() { opened = append(opened, id) },
			Print: func(ctx context.Context, done func(n, of int)) (desk.Printing, error) {
				return h.desk.Print(ctx, order, desk.Where{}, done)
			}})
	}
	h.settle()
	for range 2 {
		if len(h.s.word.Objects) == 0 {
			t.Fatal("one is forgotten")
		}
		h.press("F12")
		h.settle()
	}
	if !slices.Equal(opened, ids[:2]) {
		t.Errorf("F12 opened %v", opened)
	}
	if len(h.s.word.Objects) != 0 {
		t.Error("what was looked at is said again")
	}
}

func TestReceiptIsPrintedWhileTheNextCitizenIsReceived(t *testing.T) {
	h := furnish(t, big, station())
	h.moveIn()
	h.ctrl("5")
	h.write(uitest.Person)
	h.press(fyne.KeyReturn)
	h.settle()
	h.write("0900000001")
	h.press("F8")
	h.settle()
	h.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: dossier.JobDone}}
	h.looks(func(int) {
		if got := h.says(); !strings.Contains(got, "Đang in: Giấy tiếp nhận MAU.01-261119-0001|") || !strings.Contains(got, "Đã lưu tại máy MAU.01-261119-0001") {
			t.Error(got)
		}
		h.shoot("shell-31-printing")
	})
	h.press("F9")
	h.settle()
	if got := h.says(); !strings.Contains(got, "Đã in xong: Giấy tiếp nhận MAU.01-261119-0001|") || len(h.spool.Jobs) != 1 {
		t.Error(got)
	}
	h.press("F12")
	h.settle()
	if h.s.now != h.s.course {
		t.Error("F12 does not lead to the dossier")
	}
}

func TestRegisterIsPreviewedAndPrinted(t *testing.T) {
	h := lived(t, big)
	day := dossier.DateOf(uitest.Now)
	h.viewer.W, h.viewer.H = 297, 210
	h.s.previewBook(desk.BookOrder{Form: "intake-register", From: day.AddDays(-7), To: day}, "Sổ")
	h.shoot("shell-32-book")
	h.press("F9")
	h.settle()
	if len(h.spool.Jobs) != 1 || !h.spool.Jobs[0].Wide || h.spool.Jobs[0].Paper != dossier.PaperA4 {
		t.Fatalf("%+v", h.spool.Jobs)
	}
	h.ctrl("S")
	h.settle()
	if _, err := os.Stat(filepath.Join(h.papers, "intake-register-2026-11-12-2026-11-19.pdf")); err != nil {
		t.Error(err)
	}
}

func TestFileOfAStrangeNumberStaysInTheFolder(t *testing.T) {
	h := lived(t, big)
	for _, name := range []string{"../../x.pdf", "a/b.pdf", "", "..", "/etc/x.pdf"} {
		if path, err := h.s.inPapers(name); dossier.Code(err) != "print.folder" {
			t.Errorf("%q: %q %v", name, path, err)
		}
	}
}

func TestPicturesOfPrinting(t *testing.T) {
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		t.Skip("nobody looks")
	}
	for name, c := range map[string]struct {
		size  fyne.Size
		scale float32
	}{"1024": {fyne.NewSize(1024, 600), 1}, "1280": {big, 1}, "200": {big, 2}} {
		h := lived(t, c.size)
		h.s.sizeTexts(dossier.Settings{TextSize: int(c.scale * 100)})
		ids := h.store.IDs()
		h.s.open(ids[0])
		h.settle()
		h.ctrl("P")
		h.shoot("paper-1-choice-" + name)
		h.press(fyne.KeyReturn)
		h.shoot("paper-2-preview-" + name)
		h.press(fyne.KeyEscape)
		h.ctrl("1")
		h.write("Thieu chu ky cua nguoi de nghi.")
		h.press("F9")
		h.shoot("paper-3-offer-" + name)
		h.press("F3")
		h.settle()
		h.press(fyne.KeyInsert)
		h.press(fyne.KeyInsert)
		h.press(fyne.KeyDown)
		h.press(fyne.KeyInsert)
		h.shoot("paper-4-marks-" + name)
		h.press("F8")
		h.shoot("paper-5-batch-" + name)
		h.press(fyne.KeyEscape)
		h.press(fyne.KeyEscape)
		h.press("F8")
		h.shoot("paper-6-day-" + name)
		h.press(fyne.KeyEscape)
		h.press("F2")
		h.desk.Spool = nil
		h.ctrl("5")
		h.write(uitest.Person)
		h.press(fyne.KeyReturn)
		h.settle()
		h.write("0900000001")
		h.press("F8")
		h.press("F9")
		h.shoot("paper-7-no-printer-" + name)
		h.ctrl("5")
		h.shoot("paper-8-next-" + name)
		h.press("F1")
		h.shoot("paper-9-help-" + name)
	}
}
