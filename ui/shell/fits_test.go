package shell

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// sizes are what every screen must fit, with how large texts are.
var sizes = []struct {
	name  string
	size  fyne.Size
	scale float32
}{{"1024-100", fyne.NewSize(1024, 600), 1}, {"1366-150", fyne.NewSize(1366, 768), 1.5}, {"1280-200", fyne.NewSize(1280, 800), 2}}

// shown is one text on the screen: where it is, what of that is in sight, and what holds it.
type shown struct {
	*canvas.Text
	at     box
	sight  box
	inside string
}

type box struct{ x1, y1, x2, y2 float32 }

func (b box) and(o box) box {
	return box{max(b.x1, o.x1), max(b.y1, o.y1), min(b.x2, o.x2), min(b.y2, o.y2)}
}
func (b box) empty() bool { return b.x2-b.x1 < 1 || b.y2-b.y1 < 1 }
func (b box) within(o box) bool {
	return b.x1 >= o.x1-2 && b.x2 <= o.x2+2 && b.y1 >= o.y1-2 && b.y2 <= o.y2+2
}
func boxOf(p fyne.Position, s fyne.Size) box {
	return box{p.X, p.Y, p.X + s.Width, p.Y + s.Height}
}

// look walks over all that is drawn and tells each text, and what is wrong with its place.
type look struct {
	texts  []shown
	faults []string
}

// walk goes through o. clip is what can be seen of it, place the nearest thing of a size that is ours to keep to, scrolls tells that the
// rest of the place can be brought into sight.
func (l *look) walk(o fyne.CanvasObject, at fyne.Position, clip, place box, inside string, field bool) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	here := boxOf(at, o.Size())
	switch x := o.(type) {
	case *canvas.Text:
		l.text(x, at, clip, place, inside, field)
	case *fyne.Container:
		for _, child := range x.Objects {
			l.walk(child, at, clip, place, inside, field)
		}
	case fyne.Widget:
		name := fmt.Sprintf("%T", x)
		if strings.Contains(name, "Scroll") && !strings.HasPrefix(name, "*kit.") {
			clip = clip.and(here)
			place = box{here.x1, -math.MaxFloat32, here.x2, math.MaxFloat32}
		} else if strings.HasPrefix(name, "*kit.") || strings.HasPrefix(name, "*shell.") {
			inside = name
			place = here
			if place.x2 > clip.x2 && !field {
				place.x2 = clip.x2 // what the window or a scroll cuts off at its side is lost
			}
		}
		if b, ok := x.(*kit.Button); ok && !strings.HasSuffix(b.Text, "…") {
			for _, one := range test.WidgetRenderer(b).Objects() {
				if t, ok := one.(*canvas.Text); ok && strings.HasSuffix(t.Text, "…") {
					l.faults = append(l.faults, fmt.Sprintf("the button %q only says %q", b.Text, t.Text))
				}
			}
		}
		switch name {
		case "*kit.Entry", "*kit.Day", "*kit.WrapEntry":
			field = true
		case "*kit.Table":
			clip = clip.and(here)
		}
		for _, child := range test.WidgetRenderer(x).Objects() {
			l.walk(child, at, clip, place, inside, field)
		}
	}
}

func (l *look) text(t *canvas.Text, at fyne.Position, clip, place box, inside string, field bool) {
	if strings.TrimSpace(t.Text) == "" {
		return
	}
	natural := fyne.MeasureText(t.Text, t.TextSize, t.TextStyle)
	switch t.Alignment {
	case fyne.TextAlignCenter:
		at.X += (t.Size().Width - natural.Width) / 2
	case fyne.TextAlignTrailing:
		at.X += t.Size().Width - natural.Width
	}
	at.Y += (t.Size().Height - natural.Height) / 2
	where := boxOf(at, natural)
	sight := where.and(clip)
	switch {
	case field && sight.empty(): // text longer than its field goes on inside it
	case field:
		if natural.Height > place.y2-place.y1 {
			l.faults = append(l.faults, fmt.Sprintf("%q is %.0f high in a field of %.0f", t.Text, natural.Height, place.y2-place.y1))
		}
	case inside == "*kit.Table" && sight.empty(): // a row behind the edge
	case !where.within(place):
		l.faults = append(l.faults, fmt.Sprintf("%q in %s: %.0f..%.0f × %.0f..%.0f does not fit %.0f..%.0f × %.0f..%.0f", t.Text, inside, where.x1, where.x2, where.y1, where.y2,
			place.x1, place.x2, place.y1, place.y2))
	}
	if !sight.empty() {
		l.texts = append(l.texts, shown{t, where, sight, inside})
	}
}

// looked is what can be seen in the window now: of the dialog on top, or of the screen.
func looked(h *house) *look {
	c := h.window.Canvas()
	all := boxOf(fyne.Position{}, c.Size())
	l := &look{}
	if top := c.Overlays().Top(); top != nil {
		l.walk(top, fyne.Position{}, all, all, "overlay", false)
	} else {
		l.walk(c.Content(), fyne.Position{}, all, all, "window", false)
	}
	for i, a := range l.texts {
		for _, b := range l.texts[:i] {
			if both := a.sight.and(b.sight); both.x2-both.x1 > 3 && both.y2-both.y1 > 5*a.TextSize/15 {
				l.faults = append(l.faults, fmt.Sprintf("%q (%s) and %q (%s) lie over one another", a.Text.Text, a.inside, b.Text.Text, b.inside))
			}
		}
	}
	return l
}

// states brings every screen into its main states, one after the other.
func states(t *testing.T, size fyne.Size, scale float32, each func(name string, h *house)) {
	t.Helper()
	sized := func() *dossier.Settings {
		s := station()
		s.TextSize = int(scale * 100)
		return s
	}
	h := furnish(t, size, sized())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.store.SentBack = []dossier.SentBackRow{{QueueRow: dossier.QueueRow{Dossier: h.store.IDs()[4], Number: "MAU.01-261115-0005", Kind: dossier.Received, Name: "Hoàng Văn Giả Định"},
		Why: "Thiếu nơi cư trú của người đề nghị; đề nghị bổ sung theo đúng thông tin trên thẻ căn cước rồi gửi lại."}}
	h.more = func(cfg *Config) { cfg.Practice = func() error { return nil } }
	h.moveIn()
	state := func(name string) {
		t.Helper()
		h.settle()
		each(name, h)
	}
	show := func(x *screen) {
		h.s.show(x)
		h.settle()
	}
	state("reception-empty")
	h.ctrl("5")
	h.settle()
	h.press("F9")
	state("reception-missing")
	h.write(uitest.Person)
	h.press(fyne.KeyReturn)
	h.press("F8")
	state("reception-ready")
	h.press("F4")
	state("reception-refuse")
	h.press("F4")
	h.ctrl("1")
	state("reception-agency")
	h.ctrl("3")
	state("reception-once")
	h.press("F6")
	state("reception-ask")
	h.press(fyne.KeyEscape)

	show(h.s.list)
	state("list")
	h.write("không có ai")
	state("list-none")
	show(h.s.list)

	for i, id := range h.store.IDs() {
		h.s.open(id)
		state(fmt.Sprintf("course-%d", i))
		if i == 0 || i == 2 {
			for _, key := range []fyne.KeyName{"1", "2", "3", "4", "5", "6", "7", "8"} {
				h.ctrl(key)
				state(fmt.Sprintf("course-%d-verb-%s", i, key))
				h.press("F9")
				h.settle()
				if d := h.window.Canvas().Overlays().Top(); d != nil {
					state(fmt.Sprintf("course-%d-verb-%s-asked", i, key))
				}
				h.press(fyne.KeyEscape)
				h.press(fyne.KeyEscape)
				h.s.open(id)
				h.settle()
			}
		}
	}
	h.ctrl("P")
	state("course-print")
	h.press(fyne.KeyEscape)

	show(h.s.waiting)
	state("waiting")
	h.press("F5")
	state("waiting-sent")
	h.line.Is = false
	show(h.s.waiting)
	state("waiting-ticket")
	h.line.Is = true

	show(h.s.day)
	state("day")
	h.press("F9")
	state("day-close")
	h.press(fyne.KeyEscape)
	h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "BM.01")
	state("preview")
	show(h.s.books)
	state("books")
	show(h.s.layouts)
	state("layouts")
	h.press("F4")
	state("layouts-edit")
	h.press(fyne.KeyEscape)
	h.press(fyne.KeyEscape)
	for len(h.window.Canvas().Overlays().List()) > 0 {
		h.window.Canvas().Overlays().Remove(h.window.Canvas().Overlays().Top())
	}
	show(h.s.rules)
	state("rules")
	show(h.s.figures)
	h.press("F9")
	state("figures")
	show(h.s.settings)
	state("settings")
	show(h.s.others)
	state("others")
	show(h.s.reception)
	h.press("F1")
	state("help")
	h.press(fyne.KeyEscape)

	h = furnish(t, size, sized())
	h.store.Latest = uitest.Now.AddDate(0, 1, 0)
	h.moveIn()
	state("clock")

	h = furnish(t, size, nil)
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(scale))
	h.moveIn()
	h.press("F9")
	state("setup-missing")

	h = furnish(t, size, sized())
	h.more = func(cfg *Config) { cfg.Practising = true }
	h.moveIn()
	h.ctrl("3")
	state("practice")
}

// TestNothingIsCutOff looks at every text of every screen in its main states: it has the room it needs and no other text lies over it.
func TestNothingIsCutOff(t *testing.T) {
	for _, x := range sizes {
		states(t, x.size, x.scale, func(name string, h *house) {
			name += "-" + x.name
			if os.Getenv("TIEPNHAN_SHOTS") != "" { // to paint takes four times as long as to look
				if err := uitest.Shoot("fits-"+name, h.window.Canvas().Capture()); err != nil {
					t.Fatal(err)
				}
			}
			if m := h.s.Content().MinSize(); m.Width > x.size.Width || m.Height > x.size.Height {
				t.Errorf("%s: wants %v", name, m)
			}
			l := looked(h)
			if len(l.texts) < 5 {
				t.Errorf("%s: only %d texts", name, len(l.texts))
			}
			for _, fault := range l.faults {
				t.Errorf("%s: %s", name, fault)
			}
		})
	}
}

// TestEveryTextStandsOutFromWhatIsBehindIt takes the colour behind each text out of the picture: the one there is most of.
func TestEveryTextStandsOutFromWhatIsBehindIt(t *testing.T) {
	states(t, fyne.NewSize(1280, 800), 1, func(name string, h *house) {
		picture := h.window.Canvas().Capture()
		for _, x := range looked(h).texts {
			behind, ok := most(picture, x.sight)
			if !ok {
				continue
			}
			if got := contrast(x.Color, behind); got < 4.5 {
				t.Errorf("%s: %q (%s) %.1f:1 on %v", name, x.Text.Text, x.inside, got, behind)
			}
		}
	})
}

// most is the colour there is most of in a part of a picture.
func most(picture image.Image, part box) (color.Color, bool) {
	count, best := map[color.Color]int{}, color.Color(nil)
	for y := int(part.y1) + 1; y < int(part.y2); y++ {
		for x := int(part.x1); x < int(part.x2); x += 2 {
			c := picture.At(x, y)
			if count[c]++; best == nil || count[c] > count[best] {
				best = c
			}
		}
	}
	return best, best != nil
}

// contrast is that of WCAG 2.
func contrast(a, b color.Color) float64 {
	light := func(c color.Color) float64 {
		r, g, bl, _ := c.RGBA()
		part := func(v uint32) float64 {
			s := float64(v) / 0xffff
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(bl)
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
