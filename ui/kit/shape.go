package kit

import (
	"image"
	"image/color"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// shape is a box with rounded corners.
type shape struct {
	fill, edge   fyne.ThemeColorName // fill "" is nothing
	thick, round float32
}

// Where a PC has no graphics processor, a rounded rectangle costs some fifty nanoseconds of the processor for each dot it covers, in every
// frame; a picture of it a third of that. They are drawn for the dots of the screen, by the reckoning of Fyne's own shader, so they look the
// same and stay as sharp.

// box is one such picture under a widget, which may change its look.
type box struct {
	image *canvas.Image
	shown shapeDots
}

func newBox() box {
	b := box{image: canvas.NewImageFromImage(nil)}
	b.image.FillMode, b.image.ScaleMode = canvas.ImageFillStretch, canvas.ImageScalePixels
	return b
}

// show draws it as large as the widget o.
func (b *box) show(o fyne.CanvasObject, of shape, size fyne.Size) {
	key := dots(o, of, size)
	if key == b.shown || size.IsZero() {
		return
	}
	b.shown, b.image.Image = key, pictures.of(key)
	margin := key.soft() / key.scale
	b.image.Move(fyne.NewPos(-margin, -margin))
	b.image.Resize(key.size(b.image.Image))
	b.image.Refresh()
}

// shapes hands out such pictures for one layout after the other.
type shapes struct {
	made map[shapeDots][]*canvas.Image
	used map[shapeDots]int // in this layout
}

type shapeDots struct {
	shape
	width, height int
	scale         float32
}

// mostShapes are kept: more than there are widths of chips in a table.
const mostShapes = 300

// begin takes all back.
func (s *shapes) begin() {
	if s.made == nil || len(s.made) > mostShapes {
		s.made = map[shapeDots][]*canvas.Image{}
	}
	s.used = map[shapeDots]int{}
}

// take gives one that nothing else has in this layout, at a place in o.
func (s *shapes) take(o fyne.CanvasObject, of shape, x, y float32, size fyne.Size) *canvas.Image {
	key := dots(o, of, size)
	have, n := s.made[key], s.used[key]
	if n == len(have) {
		one := newBox().image
		one.Image = pictures.of(key)
		one.Resize(key.size(one.Image))
		have = append(have, one)
		s.made[key] = have
	}
	s.used[key] = n + 1
	margin := key.soft() / key.scale
	have[n].Move(fyne.NewPos(x-margin, y-margin))
	return have[n]
}

// dots is a shape at the scale of the window that o is in.
func dots(o fyne.CanvasObject, of shape, size fyne.Size) shapeDots {
	scale := float32(1)
	if c := CanvasOf(o); c != nil {
		scale = c.Scale()
	}
	return shapeDots{of, int(max(1, roundDots(size.Width*scale))), int(max(1, roundDots(size.Height*scale))), scale}
}

// size is that of its picture, the margin it fades into included.
func (s shapeDots) size(picture image.Image) fyne.Size {
	return fyne.NewSize(float32(picture.Bounds().Dx())/s.scale, float32(picture.Bounds().Dy())/s.scale)
}

// pictures are those drawn, for all who show the same.
var pictures drawn

type drawn struct {
	sync.Mutex
	made  map[shapeDots]image.Image
	bytes int
}

// mostDrawn bytes are kept for who shows the same later.
const mostDrawn = 4 << 20

func (d *drawn) of(key shapeDots) image.Image {
	d.Lock()
	defer d.Unlock()
	if d.made[key] == nil {
		if d.made == nil || d.bytes > mostDrawn {
			d.made, d.bytes = map[shapeDots]image.Image{}, 0
		}
		one := key.draw()
		d.made[key] = one
		d.bytes += len(one.Pix)
	}
	return d.made[key]
}

func roundDots(v float32) float32 { return float32(math.Round(float64(v))) }

// soft is over how many dots the edge fades on either side.
func (s shapeDots) soft() float32 { return roundDots(0.5 * s.scale) }

// draw reckons dot by dot as Fyne's round_rectangle.frag does; the edge fades into a margin around the box. Only the corners differ from one
// line to the next.
func (s shapeDots) draw() *image.RGBA {
	soft := s.soft()
	half, round := roundDots(s.thick*s.scale)/2, roundDots(s.round*s.scale)
	bx, by, r := float32(s.width)/2-half, float32(s.height)/2-half, round-half
	var fill [4]float32
	if s.fill != "" {
		fill = parts(colorOf(s.fill))
	}
	edge := parts(colorOf(s.edge))
	out := image.NewRGBA(image.Rect(0, 0, s.width+2*int(soft), s.height+2*int(soft)))
	corner := int(max(round, 2*half)+2*soft) + 1
	for y := range out.Rect.Max.Y {
		if y > corner && y < out.Rect.Max.Y-corner {
			copy(out.Pix[y*out.Stride:(y+1)*out.Stride], out.Pix[(y-1)*out.Stride:])
			continue
		}
		for x := range out.Rect.Max.X {
			at := out.PixOffset(x, y)
			if x > corner && x < out.Rect.Max.X-corner {
				copy(out.Pix[at:at+4], out.Pix[at-4:])
				continue
			}
			dx := float32(math.Abs(float64(float32(x)+0.5-soft-float32(s.width)/2))) - bx + r
			dy := float32(math.Abs(float64(float32(y)+0.5-soft-float32(s.height)/2))) - by + r
			away := min(max(dx, dy), 0) + float32(math.Hypot(float64(max(dx, 0)), float64(max(dy, 0)))) - r
			c, mix := fill, smooth(-half-soft, -half+soft, away)
			for i := range c {
				c[i] += (edge[i] - c[i]) * mix
			}
			alpha := c[3] * (1 - smooth(half-soft, half+soft, away))
			for i, v := range []float32{c[0] * alpha, c[1] * alpha, c[2] * alpha, alpha} {
				out.Pix[at+i] = uint8(roundDots(v * 255))
			}
		}
	}
	return out
}

func parts(c color.Color) [4]float32 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [4]float32{float32(n.R) / 255, float32(n.G) / 255, float32(n.B) / 255, float32(n.A) / 255}
}

func smooth(from, to, v float32) float32 {
	t := min(max((v-from)/(to-from), 0), 1)
	return t * t * (3 - 2*t)
}
