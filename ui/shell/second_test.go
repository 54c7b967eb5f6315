package shell

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

// asking asks a second person, whose word is held against what try answers.
func asking(t *testing.T, try func(desk.Confirm) error) (h *house, told *[]error) {
	h = furnish(t, big, station())
	h.signedIn(usual())
	h.moveIn()
	told = &[]error{}
	h.s.second("Việc này cần người thứ hai.", try, func(_ desk.Confirm, err error) { *told = append(*told, err) })
	return h, told
}

func TestSecondPersonsWordIsAskedUntilItIsRight(t *testing.T) {
	var heard []desk.Confirm
	h, told := asking(t, func(c desk.Confirm) error {
		heard = append(heard, c)
		switch {
		case c.By != "hai":
			return dossier.Invalid("confirm", "confirm.role", "user", string(c.By))
		case c.Password != "mo cua":
			return dossier.Invalid("password", "safe.wrong", "left", "4")
		}
		return nil
	})
	h.press("Return") // nothing typed: the first field goes on to the second
	h.press("Return")
	h.settle()
	if len(heard) != 0 || !h.reads("Nhập") {
		t.Fatalf("%v", heard)
	}
	h.write("ba")
	h.press("Return")
	h.write("sai")
	h.press("Return")
	h.settle()
	if len(heard) != 1 || !h.reads("“ba” không có quyền xác nhận") {
		t.Fatalf("%v", heard)
	}
	for range 2 {
		h.press(fyne.KeyBackspace)
	}
	h.write("hai")
	h.press("Return")
	h.press("Return")
	h.settle()
	if len(heard) != 2 || len(*told) != 0 {
		t.Fatalf("%v, %v", heard, *told)
	}
	h.write("mo cua") // in the place of what was wrong
	h.press("Return")
	h.press("Return") // pressed twice
	h.settle()
	if len(heard) != 3 || len(*told) != 1 || (*told)[0] != nil || h.window.Canvas().Overlays().Top() != nil {
		t.Errorf("%v, %v", heard, *told)
	}
}

func TestSecondPersonMaySayNoAndALockForgetsThem(t *testing.T) {
	h, told := asking(t, func(desk.Confirm) error { t.Error("tried"); return nil })
	h.write("hai")
	h.press(fyne.KeyEscape)
	h.settle()
	if len(*told) != 0 || h.window.Canvas().Overlays().Top() != nil {
		t.Error(*told)
	}
	h, told = asking(t, func(desk.Confirm) error { return dossier.Invalid("password", "safe.wrong", "left", "4") })
	h.write("hai")
	h.press("Return")
	h.write("mat khau cua ho")
	h.s.Locked()
	if h.window.Canvas().Overlays().Top() != nil || h.reads("hai") || len(*told) != 0 {
		t.Errorf("%v", *told)
	}
	h, told = asking(t, func(desk.Confirm) error { return dossier.Invalid("password", "safe.wrong", "left", "4") })
	h.write("hai")
	h.press("Return")
	h.write("mat khau cua ho")
	h.press("Return")
	h.s.Locked() // while it is looked at
	h.settle()
	if h.window.Canvas().Overlays().Top() != nil || len(*told) != 1 {
		t.Errorf("%v", *told)
	}
}

func TestOtherErrorsEndTheAsking(t *testing.T) {
	h, told := asking(t, func(desk.Confirm) error { return dossier.Invalid("", "keep.failed") })
	h.write("hai")
	h.press("Return")
	h.write("x")
	h.press("Return")
	h.settle()
	if len(*told) != 1 || dossier.Code((*told)[0]) != "keep.failed" || h.window.Canvas().Overlays().Top() != nil {
		t.Errorf("%v", *told)
	}
}

// The whole way by keys: F8, what would be missing, F9, a second person, the last question; and a lock on the way ends it.
func TestRestoreFromTheScreenByKeys(t *testing.T) {
	h := furnish(t, big, station())
	all := usual()
	all = append(all, dossier.User{ID: "hai", Name: "Phó Thử", Role: dossier.RoleChief, Since: uitest.Now.AddDate(0, -1, 0), LastIn: uitest.Now})
	h.signedIn(all)
	h.desk.Ring = open{}
	restored := []string{}
	more := h.more
	h.more = func(cfg *Config) {
		more(cfg)
		cfg.Restore = func(path string, c desk.Confirm) error {
			restored = append(restored, string(c.By)+" "+path)
			return nil
		}
	}
	h.moveIn()
	way := func() {
		h.press("F11")
		h.write("8")
		h.settle()
		if h.s.now != h.s.backup {
			t.Fatal("another screen")
		}
		h.press("F8")
		h.settle()
		h.press("F9")
		h.settle()
		h.write("hai")
		h.press("Return")
		h.write("mot cau dai")
		h.press("Return")
		h.settle()
		if !h.reads("Dữ liệu sẽ trở về như lúc") {
			t.Fatal("the last question is not asked")
		}
	}
	way()
	h.press("Return") // on what changes nothing
	h.settle()
	if len(restored) != 0 {
		t.Fatal("Enter alone restores")
	}
	h.press(fyne.KeyEscape)
	way()
	h.s.Locked()
	if h.window.Canvas().Overlays().Top() != nil {
		t.Error("the question waits for whoever comes back")
	}
	h.press(fyne.KeyEscape)
	way()
	h.press(fyne.KeyTab)
	h.press("Return")
	h.settle()
	if len(restored) != 1 || !strings.HasPrefix(restored[0], "hai C:") {
		t.Errorf("%q", restored)
	}
}

// F9 on a request to lock: Esc leads back to the form, where the officer was; the second person's word keeps it; a lock of the screen ends the asking.
func TestALockIsConfirmedAtTheDesk(t *testing.T) {
	set := station()
	set.LockTwice = true
	h := furnish(t, big, set)
	h.signedIn(append(usual(), dossier.User{ID: "hai", Name: "Phó Thử", Role: dossier.RoleReception, Since: uitest.Now.AddDate(0, -1, 0), LastIn: uitest.Now}))
	h.desk.Ring = open{}
	h.moveIn()
	h.ctrl("3")
	h.write(uitest.Person)
	h.press("Return")
	h.press("F8")
	h.settle()
	before := h.window.Canvas().Focused()
	f9 := func() {
		t.Helper()
		h.press("F9")
		h.settle()
		if h.window.Canvas().Overlays().Top() == nil || !h.reads("Yêu cầu khóa phải có người thứ hai") {
			t.Fatal("nobody is asked")
		}
	}
	f9()
	h.write("hai")
	h.shoot("shell-lock-confirmed")
	h.press(fyne.KeyEscape)
	h.settle()
	if h.window.Canvas().Overlays().Top() != nil || h.window.Canvas().Focused() != before || before == nil || h.store.Kept() != 0 || !h.reads("Nguyễn Thị Bình Mẫu") {
		t.Errorf("after Esc the focus is on %T, was on %T; %d kept", h.window.Canvas().Focused(), before, h.store.Kept())
	}
	f9()
	h.s.Locked()
	if h.window.Canvas().Overlays().Top() != nil {
		t.Error("the question waits for whoever comes back")
	}
	f9()
	h.write("hai")
	h.press("Return")
	h.write("mot cau dai")
	h.press("Return")
	h.settle()
	if h.window.Canvas().Overlays().Top() != nil || h.store.Kept() != 1 {
		t.Fatalf("%d kept", h.store.Kept())
	}
	d, err := h.desk.Store.Dossier(t.Context(), h.store.IDs()[0])
	if err != nil || d.Intake.Confirmed != "hai" {
		t.Errorf("%+v %v", d.Intake.Confirmed, err)
	}
}

// open is a ring to which every password is right.
type open struct{ keys }

func (open) Check(string, string) error { return nil }

func TestFootSaysWhenNoBackupIsOutside(t *testing.T) {
	h := furnish(t, big, station())
	h.signedIn(usual())
	h.moveIn()
	if !strings.Contains(h.says(), "Quá 7 ngày chưa sao lưu ra ngoài") {
		t.Error(h.says())
	}
	for _, x := range []struct {
		state desk.BackupState
		want  string
	}{{desk.BackupState{FailedAt: dossier.PlaceSecond, Failed: "keep.failed"}, "Lần sao lưu trước chưa được"}, {desk.BackupState{}, ""}} {
		got := ""
		if s := savedWords(x.state); s != nil {
			got = s.text
		}
		if got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
	h = furnish(t, big, station()) // nobody signs in: there are no backups
	h.moveIn()
	if strings.Contains(h.says(), "sao lưu") || h.s.within(h.s.backup) {
		t.Error(h.says())
	}
}
