package shell

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

// texts are all that is in sight, in order.
func (h *house) texts() string {
	var all []string
	for _, one := range looked(h).texts {
		all = append(all, one.Text.Text)
	}
	return strings.Join(all, " ")
}

// One dialog comes over whatever is shown, says each thing that was put right once, and goes with Enter; what was typed below it stays.
func TestHealedIsSaidOnceOverAnyScreenAndEnterClosesIt(t *testing.T) {
	all := []dossier.Healing{{What: dossier.HealedBehind, Taken: 12}, {What: dossier.HealedForked, Taken: 3}, {What: dossier.HealedBehind, Taken: 1}, {What: dossier.HealedUpstream, Lost: 41},
		{What: dossier.HealedRestored}, {What: dossier.HealedRotated}}
	sentences := []string{"Dữ liệu của máy này vừa bị đưa về bản cũ. Chương trình tự lấy lại", "tự nối hai phần", "thiếu 41 diễn biến", "khôi phục từ bản sao lưu", "Khóa của máy này đã được đổi"}
	h := furnish(t, fyne.NewSize(1024, 600), station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	for i, key := range []fyne.KeyName{"F2", "F3", "F7", "F10", "F11"} {
		h.press(key)
		h.settle()
		at := h.s.now
		h.s.Heard(dossier.Sent{Pulled: 16, Healed: all})
		h.settle()
		if n := len(h.window.Canvas().Overlays().List()); n != 1 || h.s.now != at {
			t.Fatalf("%s: %d dialogs, another screen: %v", key, n, h.s.now != at)
		}
		said := h.texts()
		for _, one := range sentences {
			if strings.Count(said, one) != 1 {
				t.Errorf("%s: %q stands %d times in %q", key, one, strings.Count(said, one), said)
			}
		}
		for _, fault := range looked(h).faults {
			t.Errorf("%s: %s", key, fault)
		}
		if i == 0 {
			h.shoot("healed-1024")
		}
		h.press(fyne.KeyReturn)
		if n := len(h.window.Canvas().Overlays().List()); n != 0 || h.s.now != at {
			t.Fatalf("%s: Enter leaves %d dialogs", key, n)
		}
	}
	h.s.Heard(dossier.Sent{Pulled: 3}) // news, and nothing was put right
	if n := len(h.window.Canvas().Overlays().List()); n != 0 {
		t.Errorf("%d dialogs over plain news", n)
	}
}

// What stops sending until somebody decides is said on the screen that one looks at, in whole sentences.
func TestFrozenRevokedSupersededAreSaidWhereWhatWaitsIsSeen(t *testing.T) {
	for code, want := range map[string][]string{
		"line.frozen":        {"chỉ dùng một máy", "Tạm dừng"},
		"line.revoked":       {"thu hồi quyền gửi", "Bị thu hồi"},
		"journal.superseded": {"tự đối chiếu", "Đối chiếu"},
	} {
		set := station()
		set.TextSize = 200
		h := furnish(t, fyne.NewSize(1280, 800), set)
		if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
			t.Fatal(err)
		}
		h.line.Fail = dossier.Invalid("", code)
		h.moveIn()
		h.press("F7")
		h.settle()
		h.press("F5")
		h.settle()
		said := h.texts()
		for _, one := range want {
			if !strings.Contains(said, one) {
				t.Errorf("%s: %q is missing in %q", code, one, said)
			}
		}
		for _, fault := range looked(h).faults {
			t.Errorf("%s: %s", code, fault)
		}
		h.shoot("large-waiting-" + strings.ReplaceAll(code, ".", "-"))
	}
}

// What upstream issues is said in whole sentences over the screen that is shown, and goes with Enter.
func TestIssuedIsSaidOnceAndEnterClosesIt(t *testing.T) {
	set := station()
	set.TextSize = 200
	h := furnish(t, fyne.NewSize(1280, 800), set)
	h.moveIn()
	at := h.s.now
	h.s.Issued([]dossier.KeptPack{
		{Pack: dossier.Pack{Kind: dossier.PackCatalogue, Version: 4, From: dossier.Date{Year: 2027, Month: 1, Day: 1}, Title: "Thủ tục mới từ năm 2027"}},
		{Pack: dossier.Pack{Kind: dossier.PackCalendar, Version: 3, From: dossier.Date{Year: 2026, Month: 12, Day: 1}, Title: "Lịch nghỉ năm 2027"}, Refused: "pack.calendar"},
	})
	h.settle()
	said := h.texts()
	for _, one := range []string{"Bộ thủ tục bản 4", "áp dụng từ 01/01/2027", "Thủ tục mới từ năm 2027", "Lịch nghỉ bản 3 của cấp trên không dùng được", "Ngày hẹn đã in không thay đổi."} {
		if strings.Count(said, one) != 1 {
			t.Errorf("%q stands %d times in %q", one, strings.Count(said, one), said)
		}
	}
	for _, fault := range looked(h).faults {
		t.Error(fault)
	}
	h.shoot("issued-200")
	h.press(fyne.KeyReturn)
	if n := len(h.window.Canvas().Overlays().List()); n != 0 || h.s.now != at {
		t.Errorf("Enter leaves %d dialogs", n)
	}
}
