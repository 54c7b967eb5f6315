package uitest

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"tiepnhan/desk"
)

// Viewer opens what Paper draws: a page for each form, with as many grey lines as tell the pages apart.
type Viewer struct {
	Fail  error // of Open
	Torn  error // of drawing a page
	Pages int   // 0 for a page each
	W, H  float64
	Drawn []string // page and dots per inch, in order
	Held  int      // documents open now
}

// Open is for desk.Viewer.
func (v *Viewer) Open(ctx context.Context, pdf []byte) (desk.Pages, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if v.Fail != nil {
		return nil, v.Fail
	}
	p := &pages{v: v, count: v.Pages, w: v.W, h: v.H}
	if p.count == 0 {
		p.count = max(1, len(strings.Fields(string(pdf)))/2)
	}
	if p.w == 0 {
		p.w, p.h = 148, 210
	}
	v.Held++
	return p, nil
}

type pages struct {
	v     *Viewer
	count int
	w, h  float64
	gone  bool
}

func (p *pages) Count() int                  { return p.count }
func (p *pages) Size(int) (float64, float64) { return p.w, p.h }

func (p *pages) Close() error {
	if p.gone {
		panic("closed twice")
	}
	p.gone = true
	p.v.Held--
	return nil
}

func (p *pages) Draw(_ context.Context, page int, dpi float64) (image.Image, error) {
	if p.v.Torn != nil {
		return nil, p.v.Torn
	}
	p.v.Drawn = append(p.v.Drawn, fmt.Sprintf("%d@%.0f", page, dpi))
	dot := dpi / 25.4
	out := image.NewRGBA(image.Rect(0, 0, int(p.w*dot), int(p.h*dot)))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	bar := func(x, y, w, h float64, c color.Color) {
		draw.Draw(out, image.Rect(int(x*dot), int(y*dot), int((x+w)*dot), int((y+h)*dot)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	bar(p.w*.3, 14, p.w*.4, 3, color.Black)
	for i := range 8 + page {
		bar(14, 30+8*float64(i), p.w-28-float64(i%3)*12, 2, color.Gray{0x70})
	}
	return out, nil
}
