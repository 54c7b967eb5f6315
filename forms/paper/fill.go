package paper

import "fmt"

// Fill is a grey area; 0 is black, 1 white.
type Fill struct {
	Box
	Grey float64
}

// Fill draws a grey area. What stands on it is drawn after it.
func (d *Doc) Fill(b Box, grey float64) { d.add(Fill{b, grey}) }

func (f Fill) Bounds() Box { return f.Box }

func (f Fill) golden() string {
	return fmt.Sprintf("fill %.1f %.1f %.1f %.1f grey %.2f", f.X, f.Y, f.W, f.H, f.Grey)
}

func (f Fill) pdf(p *pdfPen) {
	p.graphics()
	p.ops = fmt.Appendf(p.ops, "q %.2f g ", f.Grey)
	p.point(f.X, f.Bottom())
	p.number(f.W)
	p.number(f.H)
	p.write("re f Q\n")
}

func (f Fill) moved(dx float64) Mark {
	f.X += dx
	return f
}
