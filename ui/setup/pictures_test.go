package setup

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// TestPictures keeps the screen empty, filled in, refused, and with names longer than any, with usual and large texts.
func TestPictures(t *testing.T) {
	long := strings.Repeat("CÔNG AN XÃ BÌNH MẪU ĐÔNG ", 6)
	for name, scale := range map[string]float32{"": 1, "-200": 2} {
		r := open(t, today)
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(scale))
		shoot := func(what string) {
			t.Helper()
			if err := uitest.Shoot("setup-"+what+name, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s%s wants %v", what, name, m)
			}
		}
		shoot("1-empty")
		r.p.Keep()
		r.threads.Run()
		shoot("2-wrong")
		for f, v := range map[string]string{"unit.upper": "CÔNG AN TỈNH MẪU", "unit.name": "CÔNG AN XÃ BÌNH MẪU", "unit.place": "Bình Mẫu", "unit.prefix": "MAU.01", "officer": "Trần Thử Nghiệm",
			"title": "Cán bộ tiếp nhận", "upstream": "Công an tỉnh Mẫu", "unit.phone": "0200 000 000"} {
			r.p.Text(f, v)
		}
		shoot("3-full")
		r.p.Text("unit.name", long)
		r.p.Text("officer", long)
		shoot("4-long")
	}
}
