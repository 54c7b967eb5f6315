package preview

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/ui/kit"
)

// sheet shows one page on its desk: all of it, or a part that arrows, wheel and mouse move. While there is no picture yet it shows an
// empty sheet of the same size, with bars where lines of a paper are.
type sheet struct {
	widget.BaseWidget
	onFit  func(density float64)
	onTurn func(by int)
	onZoom func(by int)

	w, h    float64 // millimetres; 0 before the document is there
	zoom    float32
	page    int
	image   image.Image
	words   string
	at      fyne.Position // of the part in sight
	focused bool
}

func newSheet() *sheet {
	s := &sheet{zoom: 1}
	s.ExtendBaseWidget(s)
	return s
}

// set shows a page. Another page begins at its top.
func (s *sheet) set(w, h float64, zoom float32, page int, img image.Image, words string) {
	if s.w == w && s.h == h && s.zoom == zoom && s.page == page && s.image == img && s.words == words {
		return
	}
	if s.page != page {
		s.at.Y = 0
	}
	if s.zoom != zoom && s.zoom > 0 { // what is in the middle stays there
		middle := s.Size()
		grow := zoom / s.zoom
		s.at = fyne.NewPos((s.at.X+middle.Width/2)*grow-middle.Width/2, (s.at.Y+middle.Height/2)*grow-middle.Height/2)
	}
	s.w, s.h, s.zoom, s.page, s.image, s.words = w, h, zoom, page, img, words
	s.Refresh()
}

const sheetRoom = 14

// place is where the page lies, and how large it is.
func (s *sheet) place() (fyne.Position, fyne.Size) {
	w, h := s.w, s.h
	if w == 0 || h == 0 {
		w, h = 148, 210
	}
	dot := s.scale()
	wide := s.room().Dots(w, h, s.zoom)
	size := fyne.NewSize(float32(wide/dot), float32(math.Round(h*wide/w)/dot))
	s.at = fyne.NewPos(max(0, min(s.at.X, s.reach(size).Width)), max(0, min(s.at.Y, s.reach(size).Height)))
	x, y := (s.Size().Width-size.Width)/2, (s.Size().Height-size.Height)/2
	if x < sheetRoom {
		x = sheetRoom - s.at.X
	}
	if y < sheetRoom {
		y = sheetRoom - s.at.Y
	}
	return fyne.NewPos(float32(math.Round(float64(x)*dot)/dot), float32(math.Round(float64(y)*dot)/dot)), size
}

// room is what a page that is not enlarged has.
func (s *sheet) room() Room {
	return Room{float64(s.Size().Width) - 2*sheetRoom, float64(s.Size().Height) - 2*sheetRoom, s.scale()}
}

// scale is how many dots of the screen a unit is.
func (s *sheet) scale() float64 {
	if c := kit.CanvasOf(s); c != nil && c.Scale() > 0 {
		return float64(c.Scale())
	}
	return 1
}

// reach is how far a page of that size can be moved.
func (s *sheet) reach(size fyne.Size) fyne.Size {
	over := func(page, room float32) float32 {
		if page += 2*sheetRoom - room; page < 1 { // a page that just fits may be a fraction over, of dots
			return 0
		}
		return page
	}
	return fyne.NewSize(over(size.Width, s.Size().Width), over(size.Height, s.Size().Height))
}

// move shows another part; false where there is none that way.
func (s *sheet) move(dx, dy float32) bool {
	_, size := s.place()
	reach, was := s.reach(size), s.at
	s.at = fyne.NewPos(max(0, min(s.at.X+dx, reach.Width)), max(0, min(s.at.Y+dy, reach.Height)))
	if s.at == was {
		return false
	}
	s.Refresh()
	return true
}

// Scrolled is for Fyne: the wheel moves the page, turns it at its end, and with Ctrl makes it larger.
func (s *sheet) Scrolled(e *fyne.ScrollEvent) {
	by := 1
	if e.Scrolled.DY > 0 {
		by = -1
	}
	if d, ok := fyne.CurrentApp().Driver().(mouse.Driver); ok && d.CurrentKeyModifiers()&fyne.KeyModifierControl != 0 {
		s.onZoom(-by)
		return
	}
	if !s.move(-e.Scrolled.DX*3, -e.Scrolled.DY*3) && e.Scrolled.DY != 0 {
		s.onTurn(by)
	}
}

// Dragged is for Fyne.
func (s *sheet) Dragged(e *fyne.DragEvent) { s.move(-e.Dragged.DX, -e.Dragged.DY) }

// DragEnd is for Fyne.
func (s *sheet) DragEnd() {}

// Tapped is for Fyne.
func (s *sheet) Tapped(*fyne.PointEvent) {
	if c := kit.CanvasOf(s); c != nil {
		c.Focus(s)
	}
}

// FocusGained is for Fyne.
func (s *sheet) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost is for Fyne.
func (s *sheet) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune is for Fyne.
func (s *sheet) TypedRune(rune) {}

const arrowStep = 60

// TypedKey is for Fyne.
func (s *sheet) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		if !s.move(0, arrowStep) {
			s.onTurn(+1)
		}
	case fyne.KeyUp:
		if !s.move(0, -arrowStep) {
			s.onTurn(-1)
		}
	case fyne.KeyLeft:
		s.move(-arrowStep, 0)
	case fyne.KeyRight:
		s.move(arrowStep, 0)
	}
}

// MinSize is small: the page fits any place. Where there is none, what is said instead has it.
func (s *sheet) MinSize() fyne.Size {
	if s.Hidden {
		return fyne.NewSize(220, 0)
	}
	return fyne.NewSize(220, 120)
}

// CreateRenderer is for Fyne.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &sheetRenderer{s: s, back: canvas.NewRectangle(color.Transparent), shade: canvas.NewRectangle(color.Transparent), white: canvas.NewRectangle(color.White),
		picture: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleSmooth}, words: canvas.NewText("", nil)}
	for i := range r.sides {
		r.sides[i] = canvas.NewRectangle(color.Transparent)
	}
	for range barLines {
		r.bars = append(r.bars, canvas.NewRectangle(color.Transparent))
	}
	r.desk = container.NewWithoutLayout()
	r.clip = container.NewClip(r.desk)
	return r
}

type sheetRenderer struct {
	s                  *sheet
	back, shade, white *canvas.Rectangle
	sides              [4]*canvas.Rectangle // plain bars: a stroke is cut off at the edge of what clips
	picture            *canvas.Image
	words              *canvas.Text
	bars               []*canvas.Rectangle
	desk               *fyne.Container
	clip               *container.Clip
}

// barLines are the lines of an empty sheet, as shares of its width and height: from, to, below its upper edge.
var barLines = [][3]float32{{.12, .42, .07}, {.55, .9, .07}, {.15, .38, .095}, {.6, .85, .095}, {.3, .7, .2}, {.36, .64, .225},
	{.12, .88, .31}, {.12, .82, .345}, {.12, .86, .38}, {.12, .6, .415}, {.12, .84, .47}, {.12, .88, .505}, {.12, .5, .54}, {.58, .86, .66}, {.62, .82, .69}}

func themed(name fyne.ThemeColorName) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

func (r *sheetRenderer) Layout(size fyne.Size) {
	s := r.s
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = themed(kit.Hairline), nil, 0
	r.back.Resize(size)
	edge := themed(kit.Hairline)
	if s.focused {
		edge = themed(kit.Ring)
	}
	const thick = 2
	for i, at := range [4][4]float32{{0, 0, size.Width, thick}, {0, size.Height - thick, size.Width, thick}, {0, 0, thick, size.Height}, {size.Width - thick, 0, thick, size.Height}} {
		r.sides[i].FillColor = edge
		r.sides[i].Move(fyne.NewPos(at[0], at[1]))
		r.sides[i].Resize(fyne.NewSize(at[2], at[3]))
	}
	at, page := s.place()
	r.shade.FillColor = themed(kit.Edge)
	put := func(o fyne.CanvasObject, pos fyne.Position, size fyne.Size) {
		o.Move(pos)
		o.Resize(size)
	}
	put(r.shade, at.AddXY(2, 2), page)
	put(r.white, at, page)
	put(r.picture, at, page)
	objects := []fyne.CanvasObject{r.shade, r.white}
	if s.image != nil {
		if r.picture.Image != s.image { // the same one would be sent to the graphics card again
			r.picture.Image = s.image
			r.picture.Refresh()
		}
		objects = append(objects, r.picture)
	} else {
		for i, b := range barLines {
			r.bars[i].FillColor, r.bars[i].CornerRadius = themed(kit.Soft), 2
			put(r.bars[i], at.AddXY(page.Width*b[0], page.Height*b[2]), fyne.NewSize(page.Width*(b[1]-b[0]), max(2, page.Height*.012)))
			objects = append(objects, r.bars[i])
		}
		r.words.Text, r.words.Color, r.words.Alignment = s.words, themed(kit.Muted), fyne.TextAlignCenter
		r.words.TextSize = fyne.CurrentApp().Settings().Theme().Size(theme.SizeNameText)
		put(r.words, fyne.NewPos(0, max(sheetRoom, min(at.Y+page.Height*.8, size.Height-40))), fyne.NewSize(size.Width, r.words.MinSize().Height))
		objects = append(objects, r.words)
	}
	r.desk.Objects = objects
	put(r.clip, fyne.NewPos(0, 0), size)
	if density := s.room().Density(s.w, s.h, s.zoom); s.w > 0 && density > 0 {
		s.onFit(density)
	}
}

func (r *sheetRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *sheetRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.clip, r.sides[0], r.sides[1], r.sides[2], r.sides[3]}
}
func (r *sheetRenderer) Destroy() {}
func (r *sheetRenderer) Refresh() {
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
