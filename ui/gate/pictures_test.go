package gate

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// onScreen are all words that o shows, in sight or not.
func onScreen(o fyne.CanvasObject) string {
	if o == nil || !o.Visible() {
		return ""
	}
	var b strings.Builder
	switch x := o.(type) {
	case *canvas.Text:
		b.WriteString(x.Text + "\n")
	case *fyne.Container:
		for _, child := range x.Objects {
			b.WriteString(onScreen(child))
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(x).Objects() {
			b.WriteString(onScreen(child))
		}
	}
	return b.String()
}

var scenes = map[string]func(t *testing.T) *room{
	"1-first": func(t *testing.T) *room { return open(t, &door{}, World{}) },
	"1-first-marks": func(t *testing.T) *room {
		r := open(t, &door{}, World{})
		r.write("con mèo nhà")
		r.ctrl("H")
		return r
	},
	"1-first-wrong": func(t *testing.T) *room {
		r := open(t, &door{}, World{})
		r.p.Text("name", "")
		r.p.Text("password", "matkhau123456789")
		r.press(fyne.KeyF9)
		return r
	},
	"1-convert-busy": func(t *testing.T) *room {
		r := open(t, &door{kind: Convert}, World{})
		r.p.Text("password", good)
		r.p.Text("again", good)
		r.p.Submit()
		r.threads.Take()
		r.threads.Pass(8 * time.Second)
		return r
	},
	"2-code": func(t *testing.T) *room {
		r := open(t, &door{}, World{})
		r.p.Text("password", good)
		r.p.Text("again", good)
		r.p.Submit()
		r.threads.Run()
		r.p.Save()
		r.threads.Run()
		return r
	},
	"2-code-asked": func(t *testing.T) *room {
		r := open(t, &door{}, World{})
		r.p.Text("password", good)
		r.p.Text("again", good)
		r.p.Submit()
		r.threads.Run()
		r.p.group = 4
		r.p.Submit()
		r.write("11")
		r.press(fyne.KeyF9)
		return r
	},
	"3-sign-in": func(t *testing.T) *room { return open(t, &door{kind: SignIn}, World{}) },
	"3-sign-in-wrong": func(t *testing.T) *room {
		r := open(t, &door{kind: SignIn}, World{Name: "canbo1"})
		r.write("sai rồi")
		r.press(fyne.KeyF9)
		r.threads.Run()
		return r
	},
	"3-lock-waits": func(t *testing.T) *room {
		return open(t, &door{kind: SignIn, wait: 47 * time.Second}, World{Name: "canbo1", Who: uitest.LongName, Left: dossier.LeftIdle})
	},
	"4-recover": func(t *testing.T) *room {
		r := open(t, &door{kind: SignIn}, World{Name: "canbo1"})
		r.press(fyne.KeyF8)
		r.p.Text("code", "012342 678909 000011 720885 110001 220000 000000 345675")
		r.press(fyne.KeyF9)
		return r
	},
	"3-sign-in-checks": func(t *testing.T) *room {
		r := open(t, &door{kind: SignIn, name: "canbo1", password: good}, World{Name: "canbo1"})
		r.write(good)
		r.press(fyne.KeyReturn)
		r.threads.Take()
		r.door.told(Progress{Doing: "Đang kiểm tra dữ liệu", Done: 62, All: 100, MayWait: true})
		return r
	},
	"5-damaged": func(t *testing.T) *room { return hurt(t, &door{places: kept()}) },
	"5-damaged-old-key": func(t *testing.T) *room {
		r := hurt(t, &door{places: kept()})
		r.door.err = dossier.Invalid("", "backup.old-key", "file", "3.bak")
		r.press(fyne.KeyF9)
		r.threads.Run()
		return r
	},
	"5-damaged-nothing": func(t *testing.T) *room {
		r := hurt(t, &door{})
		r.press(fyne.KeyF9)
		return r
	},
	"5-restoring": func(t *testing.T) *room {
		r := hurt(t, &door{places: kept()})
		r.press(fyne.KeyF9)
		r.threads.Take()
		r.door.told(Progress{Doing: "Đang đọc bản sao lưu", Done: 30, All: 100})
		return r
	},
	"6-new-pc": func(t *testing.T) *room {
		r := open(t, &door{places: kept()[1:]}, World{})
		r.press(fyne.KeyF8)
		r.threads.Run()
		return r
	},
	"7-look": func(t *testing.T) *room {
		r := open(t, &door{kind: SignIn, err: dossier.Invalid("", "store.newer")}, World{Name: "canbo1"})
		r.write(good)
		r.press(fyne.KeyReturn)
		r.threads.Run()
		return r
	},
	"8-anew": func(t *testing.T) *room {
		r := hurt(t, &door{})
		r.press(fyne.KeyF4)
		return r
	},
}

// TestPictures draws every page with usual and large letters; none may want more than the smallest window has.
func TestPictures(t *testing.T) {
	for name, scene := range scenes {
		for what, x := range map[string]struct {
			size  fyne.Size
			scale float32
		}{"-1280": {fyne.NewSize(1280, 800), 1}, "-1024": {fyne.NewSize(1024, 600), 1}, "-200": {fyne.NewSize(1024, 600), 2}} {
			r := scene(t)
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(x.scale))
			r.w.Resize(x.size)
			r.s.Show(r.state)
			kit.Relayout(r.s.root)
			r.s.scroll.Relayout()
			r.s.form.OnFocus("password")
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 540 {
				t.Errorf("%s%s wants %v", name, what, m)
			}
			if os.Getenv("TIEPNHAN_SHOTS") == "" {
				continue
			}
			if err := uitest.Shoot("gate-"+name+what, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
