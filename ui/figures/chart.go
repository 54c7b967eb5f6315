package figures

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// chart is a picture that draws itself for any width.
type chart struct {
	widget.BaseWidget
	high func(width float32) float32
	draw func(size fyne.Size) []fyne.CanvasObject
}

func newChart(high func(float32) float32, draw func(fyne.Size) []fyne.CanvasObject) *chart {
	c := &chart{high: high, draw: draw}
	c.ExtendBaseWidget(c)
	return c
}

// HeightFor is how high it is at that width.
func (c *chart) HeightFor(width float32) float32 { return c.high(width) }

// MinSize is for Fyne.
func (c *chart) MinSize() fyne.Size { return fyne.NewSize(160, c.high(c.Size().Width)) }

// CreateRenderer is for Fyne.
func (c *chart) CreateRenderer() fyne.WidgetRenderer { return &chartRenderer{c: c} }

type chartRenderer struct {
	c       *chart
	objects []fyne.CanvasObject
}

func (r *chartRenderer) Layout(size fyne.Size)        { r.objects = r.c.draw(size) }
func (r *chartRenderer) MinSize() fyne.Size           { return r.c.MinSize() }
func (r *chartRenderer) Refresh()                     { r.Layout(r.c.Size()); canvas.Refresh(r.c) }
func (r *chartRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *chartRenderer) Destroy()                     {}

// pen collects what a chart is made of.
type pen struct{ objects []fyne.CanvasObject }

func color(name fyne.ThemeColorName) (c interface{ RGBA() (r, g, b, a uint32) }) {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

func textSize(name fyne.ThemeSizeName) float32 {
	return fyne.CurrentApp().Settings().Theme().Size(name)
}

// box draws an area, with an edge where one is named.
func (p *pen) box(x, y, w, h float32, fill, edge fyne.ThemeColorName) {
	r := canvas.NewRectangle(color(fill))
	if edge != "" {
		r.StrokeColor, r.StrokeWidth = color(edge), 1
	}
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
	p.objects = append(p.objects, r)
}

// stripes draws upright stripes over an area, so that it differs by more than its colour.
func (p *pen) stripes(x, y, w, h float32, name fyne.ThemeColorName) {
	for at := x + 3; at < x+w-1; at += 5 {
		p.box(at, y, 1.5, h, name, "")
	}
}

// text draws a text whose middle, beginning (0) or end (1) is at x.
func (p *pen) text(s string, x, y, size float32, at float32, name fyne.ThemeColorName, bold bool) fyne.Size {
	t := canvas.NewText(s, color(name))
	t.TextSize, t.TextStyle.Bold = size, bold
	m := t.MinSize()
	t.Move(fyne.NewPos(x-m.Width*at, y))
	t.Resize(m)
	p.objects = append(p.objects, t)
	return m
}

// columns is a chart of columns.
func columns(all []dossier.Bucket) *chart {
	return newChart(func(float32) float32 { return 190 * textSize(theme.SizeNameText) / 15 }, func(size fyne.Size) []fyne.CanvasObject {
		p := &pen{}
		small := textSize(kit.Small)
		line := fyne.MeasureText("0", small, fyne.TextStyle{})
		most := 1
		for _, b := range all {
			most = max(most, b.Lower+b.Upper)
		}
		step := (most + 3) / 4
		for _, nice := range []int{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000} {
			if nice >= step {
				step = nice
				break
			}
		}
		most = (most + step - 1) / step * step
		gutter := fyne.MeasureText(strconv.Itoa(most), small, fyne.TextStyle{}).Width + 8
		top, bottom := line.Height+2, size.Height-line.Height-4
		unit := (bottom - top) / float32(most)
		for n := 0; n <= most; n += step {
			y := bottom - float32(n)*unit
			name := kit.Hairline
			if n == 0 {
				name = kit.Edge
			}
			p.box(gutter, y, size.Width-gutter, 1, name, "")
			p.text(strconv.Itoa(n), gutter-6, y-line.Height/2, small, 1, kit.Muted, false)
		}
		w := (size.Width - gutter) / float32(max(1, len(all)))
		bar := min(w*0.68, 46)
		widest := float32(0)
		for _, b := range all {
			widest = max(widest, fyne.MeasureText(b.Label, small, fyne.TextStyle{}).Width)
		}
		every := max(1, int(math.Ceil(float64((widest+6)/w))))
		for i, b := range all {
			x := gutter + float32(i)*w + (w-bar)/2
			y := bottom
			if b.Lower > 0 {
				h := float32(b.Lower) * unit
				y -= h
				p.box(x, y, bar, h, kit.Accent, "")
			}
			if b.Upper > 0 {
				h := float32(b.Upper) * unit
				y -= h
				p.box(x, y, bar, h, kit.AmberSoft, kit.Amber)
				p.stripes(x, y, bar, h, kit.Amber)
			}
			if n := strconv.Itoa(b.Lower + b.Upper); n != "0" && fyne.MeasureText(n, small, fyne.TextStyle{}).Width <= w {
				p.text(n, x+bar/2, y-line.Height-1, small, 0.5, kit.Ink, false)
			}
			if i%every == 0 {
				p.text(b.Label, x+bar/2, bottom+3, small, 0.5, kit.Muted, false)
			}
		}
		return p.objects
	})
}

// The kinds of what came of a dossier, with the look of each.
var kinds = []struct {
	words      string
	of         func(dossier.Tally) int
	fill, edge fyne.ThemeColorName
	ink        fyne.ThemeColorName
	stripes    fyne.ThemeColorName
}{
	{"đúng hạn", func(t dossier.Tally) int { return t.OnTime }, kit.Green, "", kit.OnNavy, ""},
	{"quá hạn", func(t dossier.Tally) int { return t.Late }, kit.RedSoft, kit.Red, kit.Red, kit.Red},
	{"đang giải quyết", func(t dossier.Tally) int { return t.Open - t.OpenLate }, kit.Soft, kit.Accent, kit.Accent, ""},
	{"đang giải quyết, quá hạn", func(t dossier.Tally) int { return t.OpenLate }, kit.AmberSoft, kit.Amber, kit.Amber, kit.Amber},
	{"rút, dừng", func(t dossier.Tally) int { return t.Dropped }, kit.Surface, kit.Edge, kit.Muted, ""},
}

// works are bars lying one below the other, one for each procedure.
func works(all []Work) *chart {
	row := func() float32 { return 58 * textSize(theme.SizeNameText) / 15 }
	return newChart(func(float32) float32 { return row() * float32(len(all)) }, func(size fyne.Size) []fyne.CanvasObject {
		p := &pen{}
		text, small := textSize(theme.SizeNameCaptionText), textSize(kit.Small)
		most := 1
		for _, w := range all {
			most = max(most, w.Received)
		}
		for i, w := range all {
			y := row() * float32(i)
			right := strconv.Itoa(w.Received) + " hồ sơ"
			if w.Refused > 0 {
				right += ", từ chối " + strconv.Itoa(w.Refused)
			}
			room := size.Width - fyne.MeasureText(right, text, fyne.TextStyle{Bold: true}).Width - 14
			high := p.text(kit.Cut(w.Title, room, text, fyne.TextStyle{}), 0, y, text, 0, kit.Ink, false).Height
			p.text(right, size.Width, y, text, 1, kit.Ink, true)
			x, top, h := float32(0), y+high+2, row()-high-12
			for _, k := range kinds {
				n := k.of(w.Tally)
				if n == 0 {
					continue
				}
				width := size.Width * float32(n) / float32(most)
				p.box(x, top, width, h, k.fill, k.edge)
				label := strconv.Itoa(n)
				m := fyne.MeasureText(label, small, fyne.TextStyle{Bold: true})
				fits := m.Width+8 <= width
				if k.stripes != "" {
					p.stripes(x, top, width, h, k.stripes)
					if fits {
						p.box(x+width/2-m.Width/2-4, top+2, m.Width+8, h-4, k.fill, "")
					}
				}
				if fits {
					p.text(label, x+width/2, top+(h-m.Height)/2, small, 0.5, k.ink, true)
				}
				x += width
			}
		}
		return p.objects
	})
}

// legend says what each look means.
func legend(used func(i int) bool) *chart {
	lay := func(width float32, p *pen) float32 {
		small := textSize(theme.SizeNameCaptionText)
		x, y, line := float32(0), float32(0), fyne.MeasureText("Ặg", small, fyne.TextStyle{}).Height+4
		for i, k := range kinds {
			if !used(i) {
				continue
			}
			w := fyne.MeasureText(k.words, small, fyne.TextStyle{}).Width + 40
			if x > 0 && x+w > width {
				x, y = 0, y+line
			}
			if p != nil {
				p.box(x, y+3, 15, line-8, k.fill, k.edge)
				if k.stripes != "" {
					p.stripes(x, y+3, 15, line-8, k.stripes)
				}
				p.text(k.words, x+21, y, small, 0, kit.Ink, false)
			}
			x += w
		}
		return y + line
	}
	return newChart(func(width float32) float32 { return lay(width, nil) }, func(size fyne.Size) []fyne.CanvasObject {
		p := &pen{}
		lay(size.Width, p)
		return p.objects
	})
}
