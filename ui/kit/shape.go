package kit

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// shape is a box with rounded corners.
type shape struct {
	fill, edge   fyne.ThemeColorName // fill "" is nothing
	thick, round float32
}

// shapes hands out pictures of boxes, for one layout after the other. Where a PC has no graphics processor, a rounded rectangle costs some fifty
// nanoseconds of the processor for each dot it covers, in every frame; a picture of it a third of that. They are drawn for the dots of
// the screen, by the reckoning of Fyne's own shader, so they look the same and stay as sharp.
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
	scale := float32(1)
	if c := CanvasOf(o); c != nil {
		scale = c.Scale()
	}
	key := shapeDots{of, int(max(1, roundDots(size.Width*scale))), int(max(1, roundDots(size.Height*scale))), scale}
	have, n := s.made[key], s.used[key]
	if n == len(have) {
		var picture image.Image
		if n > 0 {
			picture = have[0].Image
		} else {
			picture = key.draw()
		}
		one := canvas.NewImageFromImage(picture)
		one.FillMode, one.ScaleMode = canvas.ImageFillStretch, canvas.ImageScalePixels
		one.Resize(fyne.NewSize(float32(picture.Bounds().Dx())/scale, float32(picture.Bounds().Dy())/scale))
		have = append(have, one)
		s.made[key] = have
	}
	s.used[key] = n + 1
	margin := key.soft() / scale
	have[n].Move(fyne.NewPos(x-margin, y-margin))
	return have[n]
}

func roundDots(v float32) float32 { return float32(math.Round(float64(v))) }

// soft is over how many dots the edge fades on either side.
func (s shapeDots) soft() float32 { return roundDots(0.5 * s.scale) }

// draw reckons dot by dot as Fyne's round_rectangle.frag does; the edge fades into a margin around the box.
func (s shapeDots) draw() image.Image {
	soft := s.soft()
	half, round := roundDots(s.thick*s.scale)/2, roundDots(s.round*s.scale)
	bx, by, r := float32(s.width)/2-half, float32(s.height)/2-half, round-half
	var fill [4]float32
	if s.fill != "" {
		fill = parts(colorOf(s.fill))
	}
	edge := parts(colorOf(s.edge))
	out := image.NewRGBA(image.Rect(0, 0, s.width+2*int(soft), s.height+2*int(soft)))
	for y := range out.Rect.Max.Y {
		for x := range out.Rect.Max.X {
			dx := float32(math.Abs(float64(float32(x)+0.5-soft-float32(s.width)/2))) - bx + r
			dy := float32(math.Abs(float64(float32(y)+0.5-soft-float32(s.height)/2))) - by + r
			away := min(max(dx, dy), 0) + float32(math.Hypot(float64(max(dx, 0)), float64(max(dy, 0)))) - r
			c, mix := fill, smooth(-half-soft, -half+soft, away)
			for i := range c {
				c[i] += (edge[i] - c[i]) * mix
			}
			alpha := c[3] * (1 - smooth(half-soft, half+soft, away))
			for i, v := range []float32{c[0] * alpha, c[1] * alpha, c[2] * alpha, alpha} {
				out.Pix[out.PixOffset(x, y)+i] = uint8(roundDots(v * 255))
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
