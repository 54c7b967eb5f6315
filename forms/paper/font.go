package paper

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"tiepnhan/assets"
)

// Face is one of the embedded faces.
type Face uint8

const (
	Regular Face = iota
	Bold
	Italic
	faceCount
)

// String is its name in the golden.
func (f Face) String() string { return [...]string{"regular", "bold", "italic"}[f] }

func (f Face) bytes() []byte {
	return [...][]byte{assets.SerifRegular, assets.SerifBold, assets.SerifItalic}[f]
}

// Font is a face in a size of points.
type Font struct {
	Face Face
	Size float64
}

// mm is a point in millimetres.
const mm = 25.4 / 72

// Width is that of a clean text, in millimetres.
func (f Font) Width(s string) float64 {
	all := metricsOf(f.Face)
	var sum int
	for _, r := range s {
		sum += int(all.of(r).width)
	}
	return float64(sum) / 1000 * f.Size * mm
}

// reach is how far the ink of a clean text goes above and below the baseline.
func (f Font) reach(s string) (up, down float64) {
	all := metricsOf(f.Face)
	var u, d int16
	for _, r := range s {
		m := all.of(r)
		u, d = max(u, m.up), max(d, m.down)
	}
	return float64(u) / 1000 * f.Size * mm, float64(d) / 1000 * f.Size * mm
}

// printable tells whether the faces have the letter; all of them have the same letters.
func printable(r rune) bool {
	return metricsOf(Regular).of(r).glyph != 0
}

// letter is what is known of one letter, in thousandths of its size. Tables of it are small, so that measuring stays in the cache.
type letter struct {
	glyph           uint16
	width, up, down int16
}

// metrics are the letters of a face by rune. Beyond its end there are none.
type metrics struct {
	letters            []letter
	ascent, descent    int
	capHeight, italics int
	bounds             [4]int
}

func (m *metrics) of(r rune) letter {
	if r < 0 || int(r) >= len(m.letters) {
		return letter{}
	}
	return m.letters[r]
}

// The last letter of the faces is U+25A1.
const lastRune = 0x25ff

var loaded [faceCount]struct {
	once sync.Once
	metrics
}

func metricsOf(f Face) *metrics {
	l := &loaded[f]
	l.once.Do(func() { l.metrics = readMetrics(f.bytes()) })
	return &l.metrics
}

// readMetrics panics on a face that cannot be read: it is part of the program.
func readMetrics(ttf []byte) metrics {
	face, err := sfnt.Parse(ttf)
	if err != nil {
		panic("embedded face: " + err.Error())
	}
	var buf sfnt.Buffer
	em := fixed.I(1000) // one em is 1000, as the PDF counts
	m := metrics{letters: make([]letter, lastRune+1)}
	for r := range rune(lastRune + 1) {
		g, err := face.GlyphIndex(&buf, r)
		if err != nil || g == 0 {
			continue
		}
		bounds, advance, err := face.GlyphBounds(&buf, g, em, font.HintingNone)
		if err != nil {
			panic("embedded face: " + err.Error())
		}
		m.letters[r] = letter{uint16(g), int16(advance.Round()), int16(-bounds.Min.Y.Floor()), int16(bounds.Max.Y.Ceil())}
	}
	all, err := face.Metrics(&buf, em, font.HintingNone)
	if err != nil {
		panic("embedded face: " + err.Error())
	}
	bounds, err := face.Bounds(&buf, em, font.HintingNone)
	if err != nil {
		panic("embedded face: " + err.Error())
	}
	m.ascent, m.descent, m.capHeight = all.Ascent.Round(), -all.Descent.Round(), all.CapHeight.Round()
	m.bounds = [4]int{bounds.Min.X.Floor(), -bounds.Max.Y.Ceil(), bounds.Max.X.Ceil(), -bounds.Min.Y.Floor()}
	if post := face.PostTable(); post != nil {
		m.italics = int(post.ItalicAngle)
	}
	return m
}
