package rules_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/rules"
	"tiepnhan/ui/uitest"
)

func pack(kind dossier.PackKind, version int, title string) dossier.KeptPack {
	return dossier.KeptPack{At: uitest.Now.Add(-time.Hour), Pack: dossier.Pack{Kind: kind, Version: version, From: dossier.Date{Year: 2026, Month: 11, Day: 1}, Title: title}}
}

// issued are packs in each of their fates.
func issued() map[dossier.PackKind][]dossier.KeptPack {
	used, old, wrong, days := pack(dossier.PackCatalogue, 3, "Sửa thời hạn cấp tài khoản mức độ 2"), pack(dossier.PackCatalogue, 2, "Bổ sung giấy tờ của cơ quan"),
		pack(dossier.PackCatalogue, 4, "Thủ tục mới từ năm 2027"), pack(dossier.PackCalendar, 1, "Lịch nghỉ năm 2027 theo thông báo của Bộ Nội vụ")
	soon := pack(dossier.PackCatalogue, 5, "Bỏ bản sao giấy giới thiệu")
	soon.From = dossier.Date{Year: 2027, Month: 1, Day: 1}
	used.InForce, days.InForce = true, true
	wrong.Refused = "pack.bad"
	return map[dossier.PackKind][]dossier.KeptPack{dossier.PackCatalogue: {soon, wrong, used, old}, dossier.PackCalendar: {days}}
}

func TestPacksFromUpstreamAreShownWithTheirFate(t *testing.T) {
	p, g, threads, d, _ := open(t)
	d.Store.(*uitest.Store).Issued = issued()
	p.Refresh()
	threads.Run()
	p.Select(len(g.state.Pages) - 1)
	page := g.page(t, "Sắp thay đổi")
	part := page.Parts[len(page.Parts)-1]
	if part.Title != "Cấp trên đã ban hành" || len(part.Lines) != 5 {
		t.Fatalf("%+v", part)
	}
	for _, x := range []struct {
		label, small string
		mark         kit.Tone
		shown        bool
	}{
		{"Bộ thủ tục, bản 5", "Đã nhận. Áp dụng từ 01/01/2027", kit.Info, true},
		{"Bộ thủ tục, bản 4", "không dùng; vẫn áp dụng bản trước", kit.Warn, true},
		{"Bộ thủ tục, bản 3", "Đang áp dụng. Ngày hẹn đã in không thay đổi.", kit.Good, true},
		{"Bộ thủ tục, bản 2", "đã thay thế", 0, false},
		{"Lịch nghỉ, bản 1", "Áp dụng từ 01/11/2026. Đang áp dụng.", kit.Good, true},
	} {
		found := false
		for _, l := range part.Lines {
			if l.Label == x.label {
				if found = true; !strings.Contains(l.Small, x.small) || l.Shown != x.shown || l.Shown && l.Mark != x.mark || l.Text == "" {
					t.Errorf("%+v, want %+v", l, x)
				}
			}
		}
		if !found {
			t.Errorf("%s is missing in %+v", x.label, part.Lines)
		}
	}
}

func TestWithoutPacksNothingIsSaidOfThem(t *testing.T) {
	p, g, threads, _, _ := open(t)
	p.Refresh()
	threads.Run()
	p.Select(len(g.state.Pages) - 1)
	for _, part := range g.page(t, "Sắp thay đổi").Parts {
		if strings.Contains(part.Title, "ban hành") {
			t.Errorf("%+v", part)
		}
	}
}

func TestPicturesOfPacks(t *testing.T) {
	a := test.NewTempApp(t)
	for _, shot := range []struct {
		name       string
		w, h, text float32
	}{{"rules-packs-1024", 1024, 600, 1}, {"rules-packs-200", 1280, 800, 2}} {
		a.Settings().SetTheme(kit.NewTheme(shot.text))
		p, _, threads, d, _ := open(t)
		d.Store.(*uitest.Store).Issued = issued()
		s := rules.NewScreen(p)
		p.Refresh()
		threads.Run()
		w := test.NewTempWindow(t, s.Content())
		w.SetPadded(false)
		w.Resize(fyne.NewSize(shot.w, shot.h))
		s.Focus("")
		p.Select(9)
		if err := uitest.Shoot(shot.name, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			p.Key(kit.Event{Key: fyne.KeyPageDown})
		}
		if err := uitest.Shoot(shot.name+"-below", w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
}
