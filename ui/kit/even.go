package kit

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	native "fyne.io/fyne/v2/driver/desktop"
)

// even is one colour without corners or edges. Fyne's rectangle asks of every dot whether it is edge, corner or shadow, and of those just outside
// it too: where a PC has no graphics processor, four times as dear as one dot drawn out to that size, and that three times as dear as the shader
// here, which asks nothing.
type even struct {
	dots [3]*canvas.Image // all of it; or its right and lower edges, beside the shader
	fill *canvas.Shader   // nil where no shader is drawn: in pictures of tests
}

func newEven(name fyne.ThemeColorName) *even {
	c := colorOf(name)
	dot := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	dot.Set(0, 0, c)
	e := &even{}
	for i := range e.dots {
		e.dots[i] = canvas.NewImageFromImage(dot)
		e.dots[i].FillMode, e.dots[i].ScaleMode = canvas.ImageFillStretch, canvas.ImageScalePixels
	}
	if _, ok := fyne.CurrentApp().Driver().(native.Driver); ok {
		// The colour is no uniform: Mesa's painter without a graphics processor takes the first of three for all where nothing else lies in a square.
		p := parts(c)
		source := fmt.Sprintf("void main() { gl_FragColor = vec4(%f, %f, %f, 1.0); }\n", p[0], p[1], p[2])
		e.fill = canvas.NewShader(source, []byte("#version 110\n"+source), []byte("#version 100\nprecision mediump float;\n"+source))
	}
	return e
}

// place puts it somewhere in o and is what to show there.
func (e *even) place(o fyne.CanvasObject, x, y, w, h float32) (shown []fyne.CanvasObject) {
	put := func(one fyne.CanvasObject, x, y, w, h float32) {
		one.Move(fyne.NewPos(x, y))
		one.Resize(fyne.NewSize(w, h))
		shown = append(shown, one)
	}
	// The painter draws a shader one unit beyond its edges, which are whole dots only at these scales; and it rounds its size, where of a picture
	// it rounds the far edge: so a seam of pictures is the edge.
	const beyond, seam = 1, 3
	c := CanvasOf(o)
	switch {
	case w <= 0 || h <= 0: // a picture of no size cannot be painted
	case e.fill != nil && min(w, h) > 3*seam && c != nil && (c.Scale() == 1 || c.Scale() == 2):
		put(e.fill, x+beyond, y+beyond, w-2*beyond-seam/2, h-2*beyond-seam/2)
		put(e.dots[1], x+w-seam, y, seam, h)
		put(e.dots[2], x, y+h-seam, w, seam)
	default:
		put(e.dots[0], x, y, w, h)
	}
	return shown
}
