package shell

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/ui/kit"
)

// guideBar is the guide's line under the tabs: how far it is, what is next, and the keys for it.
type guideBar struct {
	g     *guide
	root  *fyne.Container
	trail *trail
	count *kit.Paragraph
	words *kit.Paragraph
	act   *kit.Button
	skip  *kit.Button
	hide  *kit.Button
	inner *fyne.Container
}

func newGuideBar(g *guide) *guideBar {
	b := &guideBar{g: g, trail: newTrail(), count: kit.Strong(""), words: kit.NewParagraph("")}
	b.count.Color = kit.Accent
	b.act = kit.NewButton("Điền người mẫu", "Ctrl+M", kit.Primary, func() { g.act() })
	b.skip = kit.NewButton("Bỏ qua bước", "Ctrl+B", kit.Plain, g.skip)
	b.hide = kit.NewButton("Ẩn", "Ctrl+W", kit.Plain, g.hide)
	b.inner = kit.Pad(4, 14, 5, 14, b.words)
	b.root = kit.Backed(kit.Soft, "", b.inner)
	return b
}

// lay puts the buttons beside the words, or below them where large texts leave no room.
func (b *guideBar) lay() {
	words := kit.Middle(12, kit.Cell{Object: kit.Column(5, b.count, b.trail)}, kit.Cell{Object: b.words, Min: 160, Weight: 1})
	buttons := []kit.Cell{{Object: b.act}, {Object: b.skip}, {Object: b.hide}}
	if size := b.g.shell.content.Size().Width; size > 0 && size < 1000*theme.TextSize()/15 {
		b.inner.Objects = []fyne.CanvasObject{kit.Column(5, words, kit.Middle(12, buttons...))}
		return
	}
	b.inner.Objects = []fyne.CanvasObject{kit.Middle(12, append([]kit.Cell{{Object: words, Min: 300, Weight: 1}}, buttons...)...)}
}

// draw shows where the guide is.
func (b *guideBar) draw() {
	at := b.g.at()
	b.count.SetText(fmt.Sprintf("Bước %d/%d", at+1, steps))
	b.words.SetText(stepWords[at])
	b.act.Hidden = at != stepPerson && at != stepClose
	b.act.Set("Điền người mẫu")
	if at == stepClose {
		b.act.Set("Đóng tập thử")
	}
	b.skip.Hidden = at == stepClose
	b.trail.set(b.g.passed, at)
	b.root.Hidden = b.g.hidden
	b.lay()
	kit.Relayout(b.g.shell.content)
}

// trail is a sign for each step: a tick for what is done, a dot where one is, a ring for what comes.
type trail struct {
	widget.BaseWidget
	passed [steps]bool
	at     int
}

func newTrail() *trail {
	t := &trail{}
	t.ExtendBaseWidget(t)
	return t
}

func (t *trail) set(passed [steps]bool, at int) {
	t.passed, t.at = passed, at
	t.Refresh()
}

const trailGap = 3

func (t *trail) CreateRenderer() fyne.WidgetRenderer {
	r := &trailRenderer{t: t}
	r.draw()
	return r
}

type trailRenderer struct {
	t       *trail
	objects []fyne.CanvasObject
}

func (r *trailRenderer) draw() {
	r.objects = r.objects[:0]
	side := kit.SignSize()
	for i, passed := range r.t.passed {
		sign, color := kit.RingSign, kit.Edge
		switch {
		case i == r.t.at:
			sign, color = kit.DotSign, kit.Accent
		case passed:
			sign, color = kit.TickSign, kit.Green
		}
		r.objects = append(r.objects, sign.Draw(float32(i)*(side+trailGap), 0, side, color)...)
	}
}

func (r *trailRenderer) Layout(fyne.Size) {}
func (r *trailRenderer) MinSize() fyne.Size {
	return fyne.NewSize(steps*(kit.SignSize()+trailGap), kit.SignSize())
}
func (r *trailRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *trailRenderer) Destroy()                     {}
func (r *trailRenderer) Refresh()                     { r.draw() }
