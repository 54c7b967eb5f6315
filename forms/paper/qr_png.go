package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// PNG is the code as a picture, each module so many dots wide, with the empty margin a reader needs.
func (c Code) PNG(module int) ([]byte, error) {
	const quiet = 4
	side := (len(c.dots) + 2*quiet) * module
	m := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			row, col := y/module-quiet, x/module-quiet
			if row >= 0 && row < len(c.dots) && col >= 0 && col < len(c.dots) && c.dots[row][col] {
				m.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	return b.Bytes(), nil
}
