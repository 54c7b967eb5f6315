package shell

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

func TestAuditAndIncidentAreOfferedToWhoMaySeeThem(t *testing.T) {
	for role, want := range map[dossier.Role]bool{dossier.RoleChief: true, dossier.RoleInspector: true, dossier.RoleReception: false, dossier.RoleKeeper: false} {
		h := furnish(t, big, station())
		all := chief()
		all[0].Role = role
		h.signedIn(all)
		h.moveIn()
		h.press("F11")
		h.settle()
		if got := h.reads("Nhật ký") && h.reads("Sự cố"); got != want || h.reads("Nhật ký") != h.reads("Sự cố") {
			t.Errorf("%s: offered %v, want %v", role, got, want)
		}
	}
}

func TestAuditIsReachedFromTheMenuAndLeadsBack(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.signedIn(usual())
	h.moveIn()
	h.press("F11")
	h.write("9")
	h.settle()
	if h.s.now != h.s.audit || !h.s.tabs[h.s.others].Current || !h.reads("Tiếp nhận hồ sơ") {
		t.Fatal("not shown", h.s.now == h.s.audit, h.s.tabs[h.s.others].Current)
	}
	h.press(fyne.KeyReturn)
	h.settle()
	if h.s.now != h.s.course {
		t.Error("Enter does not open the row's dossier")
	}
	h.s.show(h.s.audit)
	h.settle()
	if !h.reads("Mở hồ sơ") {
		t.Error("that it was opened is not in the audit")
	}
	if h.press(fyne.KeyEscape); h.s.now != h.s.others {
		t.Error("Esc does not lead back")
	}
}

func TestIncidentIsReckonedAndPreviewed(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	reckoned(h)
	h.settle()
	if !h.reads("Hạn thông báo theo luật") {
		t.Fatal("no report")
	}
	h.ctrl("P")
	h.settle()
	if h.s.now != h.s.preview || !h.reads("Báo cáo sự cố") {
		t.Fatal("not previewed")
	}
	if h.press(fyne.KeyEscape); h.s.now != h.s.incident || !h.reads("Hạn thông báo theo luật") {
		t.Error("Esc does not lead back to the report")
	}
}

// Personal numbers that were shown are hidden again by leaving the dossier, and by the lock.
func TestNumbersAreHiddenAgainByLeavingAndByTheLock(t *testing.T) {
	for name, leave := range map[string]func(h *house){
		"another screen": func(h *house) { h.press("F7") },
		"the lock":       func(h *house) { h.s.Locked() },
	} {
		h := furnish(t, big, station())
		if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
			t.Fatal(err)
		}
		h.signedIn(usual())
		h.moveIn()
		opened(1)(h)
		whole := "001090000001"
		if h.reads(whole) || !h.reads("001•••••0001") {
			t.Fatalf("%s: shown whole unasked", name)
		}
		h.ctrl("I")
		h.settle()
		if !h.reads(whole) {
			t.Fatalf("%s: not shown", name)
		}
		leave(h)
		h.settle()
		opened(1)(h)
		if h.reads(whole) {
			t.Errorf("%s: still shown", name)
		}
	}
}

// No screen but the form that is being typed shows a personal number whole; papers do, for that is what they are for.
func TestNoListShowsANumberWhole(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.signedIn(usual())
	h.moveIn()
	look := func(where string) {
		t.Helper()
		h.settle()
		for _, whole := range []string{"00109000000", "001085000123", "001080000456"} {
			if h.reads(whole) {
				t.Errorf("%s shows %s…", where, whole)
			}
		}
		if title := h.window.Title(); strings.Contains(title, "00109") {
			t.Errorf("%s: the window is called %q", where, title)
		}
	}
	for i := range h.store.IDs() {
		opened(i)(h)
		look("a dossier")
	}
	for _, x := range []func(s *Shell) *screen{listScreen, waitingScreen, dayScreen, booksScreen, figuresScreen, auditScreen} {
		h.s.show(x(h.s))
		look("a screen")
	}
	reckoned(h)
	look("the report of the worst day")
}
