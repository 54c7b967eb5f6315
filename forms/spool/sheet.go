package spool

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Where a spooler takes no PDF, a page is a picture on the printer's sheet: true to the millimetre, whatever the printer's dots.

// drawDPI is the finest picture of a page: more is not seen in letters of 9 points, and A4 would take four times the spool file.
const drawDPI = 300

// device is a printer's sheet, in its own dots. Its origin is the corner of what it can print on, offset into the sheet.
type device struct {
	dpiX, dpiY       int
	width, height    int // of the sheet
	offsetX, offsetY int
}

// dpi is how finely a page is to be drawn for the device.
func (d device) dpi() float64 { return float64(min(d.dpiX, d.dpiY, drawDPI)) }

// place is where a page of w × h millimetres stands, its corner in the sheet's corner, and whether it has to be turned because the driver
// did not turn the sheet. A page larger than the sheet hangs over; it is never made smaller.
func (d device) place(w, h float64) (at image.Rectangle, turn bool) {
	across, down := d.width*d.dpiY, d.height*d.dpiX // dots need not be square
	if w != h && across != down && (w > h) != (across > down) {
		w, h, turn = h, w, true
	}
	dots := func(mm float64, dpi int) int { return int(math.Round(mm / 25.4 * float64(dpi))) }
	corner := image.Pt(-d.offsetX, -d.offsetY)
	return image.Rectangle{corner, corner.Add(image.Pt(dots(w, d.dpiX), dots(h, d.dpiY)))}, turn
}

// turned is a picture a quarter to the left: its top is on the left.
func turned(p image.Image) image.Image {
	b := p.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dx() {
		for x := range b.Dy() {
			out.Set(x, y, p.At(b.Max.X-1-y, b.Min.Y+x))
		}
	}
	return out
}

// band is a strip of a page as a bitmap of Windows: rows from the bottom up, each filled to four bytes, grey or blue-green-red.
type band struct {
	at   image.Rectangle // where on the device
	w, h int
	bits int // of a dot: 8 or 24
	dots []byte
}

// bandRows keeps a strip small: a driver of an old PC copies each several times.
const bandRows = 64

// bands cuts a picture that fills at into strips without a seam. White ones are left out: paper is white, and most of a form is.
func bands(p image.Image, at image.Rectangle, each func(band) error) error {
	b := p.Bounds()
	edge := func(row int) int { // the device's row on which a row of the picture begins
		return at.Min.Y + int(math.Round(float64(row)/float64(b.Dy())*float64(at.Dy())))
	}
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(bandRows, b.Dy())))
	for row := 0; row < b.Dy(); row += bandRows {
		rows := min(bandRows, b.Dy()-row)
		on := image.Rect(at.Min.X, edge(row), at.Max.X, edge(row+rows))
		part := strip.SubImage(image.Rect(0, 0, b.Dx(), rows)).(*image.RGBA)
		draw.Draw(part, part.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(part, part.Rect, p, b.Min.Add(image.Pt(0, row)), draw.Over)
		white, grey := look(part)
		if white || on.Empty() {
			continue
		}
		if err := each(bitmap(part, on, grey)); err != nil {
			return err
		}
	}
	return nil
}

func look(p *image.RGBA) (white, grey bool) {
	white, grey = true, true
	for y := range p.Rect.Dy() {
		row := p.Pix[y*p.Stride:][:4*p.Rect.Dx()]
		for i := 0; i < len(row); i += 4 {
			r, g, b := row[i], row[i+1], row[i+2]
			white = white && r&g&b == 0xff
			grey = grey && r == g && g == b
		}
	}
	return white, grey
}

func bitmap(p *image.RGBA, at image.Rectangle, grey bool) band {
	w, h, size := p.Rect.Dx(), p.Rect.Dy(), 3
	if grey {
		size = 1
	}
	stride := (w*size + 3) &^ 3
	out := band{at: at, w: w, h: h, bits: 8 * size, dots: make([]byte, stride*h)}
	for y := range h {
		from, to := p.Pix[y*p.Stride:], out.dots[(h-1-y)*stride:]
		for x := range w {
			if grey {
				to[x] = from[4*x]
				continue
			}
			to[3*x], to[3*x+1], to[3*x+2] = from[4*x+2], from[4*x+1], from[4*x]
		}
	}
	return out
}
