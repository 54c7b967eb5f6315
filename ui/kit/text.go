package kit

import (
	"strings"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text that wraps at its width. It is flat canvas text: Fyne's Label shapes everything again on each refresh.
type Paragraph struct {
	widget.BaseWidget
	Color    fyne.ThemeColorName
	SizeName fyne.ThemeSizeName
	Bold     bool
	Align    fyne.TextAlign
	Star     bool // a red star behind it: this must be filled in

	text  string
	lines []*canvas.Text
}

// NewParagraph is a paragraph of plain text.
func NewParagraph(text string) *Paragraph {
	p := &Paragraph{text: text, Color: Ink, SizeName: theme.SizeNameText}
	p.ExtendBaseWidget(p)
	return p
}

// Caption is a small muted paragraph.
func Caption(text string) *Paragraph {
	p := NewParagraph(text)
	p.Color, p.SizeName = Muted, theme.SizeNameCaptionText
	return p
}

// Strong is a bold paragraph.
func Strong(text string) *Paragraph {
	p := NewParagraph(text)
	p.Bold = true
	return p
}

// Text is what it says.
func (p *Paragraph) Text() string { return p.text }

// SetText changes what it says; whoever holds it lays out again if the number of lines changed.
func (p *Paragraph) SetText(text string) {
	if p.text == text {
		return
	}
	p.text = text
	p.Refresh()
}

// Set changes text and colour.
func (p *Paragraph) Set(text string, c fyne.ThemeColorName) {
	if p.text == text && p.Color == c {
		return
	}
	p.text, p.Color = text, c
	p.Refresh()
}

const starGap = 3

func (p *Paragraph) style() fyne.TextStyle { return fyne.TextStyle{Bold: p.Bold} }

func (p *Paragraph) lineHeight() float32 {
	return fyne.MeasureText("Ặg", sizeOf(p.SizeName), p.style()).Height
}

// HeightFor is for our layouts; no text takes no room.
func (p *Paragraph) HeightFor(width float32) float32 {
	if p.text == "" {
		return 0
	}
	return float32(len(p.wrap(width))) * p.lineHeight()
}

// MinSize is for Fyne.
func (p *Paragraph) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	if p.text == "" {
		return fyne.Size{}
	}
	natural := float32(1e4)
	if len(p.text) < 200 {
		natural = p.Width()
	}
	w := p.Size().Width
	if w == 0 {
		w = natural
	}
	return fyne.NewSize(min(natural, 120), p.HeightFor(w))
}

// Width is how wide it would be on one line.
func (p *Paragraph) Width() float32 {
	return fyne.MeasureText(p.text, sizeOf(p.SizeName), p.style()).Width
}

func (p *Paragraph) wrap(width float32) []string {
	if p.Star {
		width -= starGap + fyne.MeasureText("*", sizeOf(p.SizeName), fyne.TextStyle{Bold: true}).Width
	}
	return Wrap(p.text, width, sizeOf(p.SizeName), p.style())
}

// CreateRenderer is for Fyne.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	return &paragraphRenderer{p: p}
}

type paragraphRenderer struct {
	p       *Paragraph
	objects []fyne.CanvasObject
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	p := r.p
	var lines []string
	if p.text != "" {
		lines = p.wrap(size.Width)
	}
	for len(p.lines) < len(lines) {
		p.lines = append(p.lines, canvas.NewText("", nil))
	}
	p.lines = p.lines[:len(lines)]
	r.objects = r.objects[:0]
	h := p.lineHeight()
	for i, s := range lines {
		t := p.lines[i]
		t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = s, colorOf(p.Color), sizeOf(p.SizeName), p.style(), p.Align
		t.Move(fyne.NewPos(0, float32(i)*h))
		t.Resize(fyne.NewSize(size.Width, h))
		r.objects = append(r.objects, t)
	}
	if p.Star && len(lines) > 0 {
		star := canvas.NewText("*", colorOf(Red))
		star.TextSize, star.TextStyle.Bold = sizeOf(p.SizeName), true
		last := p.lines[len(lines)-1]
		star.Move(last.Position().AddXY(last.MinSize().Width+starGap, 0))
		star.Resize(star.MinSize())
		r.objects = append(r.objects, star)
	}
}

func (r *paragraphRenderer) MinSize() fyne.Size           { return r.p.MinSize() }
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

// Wrap breaks text into lines no wider than width: between words, and within a word only if it is wider than a line. The lines belong to all
// who ask for the same: they are not to be changed.
func Wrap(text string, width, size float32, style fyne.TextStyle) []string {
	asked := wrapped{text, width, size, style}
	if lines, ok := wraps.Load(asked); ok {
		return lines.([]string)
	}
	lines := wrap(text, width, size, style)
	if wrapCount.Add(1) > mostWraps {
		wraps.Clear()
		wrapCount.Store(0)
	}
	wraps.Store(asked, lines)
	return lines
}

// Fyne asks every object of the screen for its size before every frame, and each of our columns asks all below it: without what was
// answered before, the words of a form would be measured a dozen times for every letter typed.
type wrapped struct {
	text        string
	width, size float32
	style       fyne.TextStyle
}

var (
	wraps     sync.Map // wrapped to []string
	wrapCount atomic.Int32
)

const mostWraps = 4000

func wrap(text string, width, size float32, style fyne.TextStyle) []string {
	measure := func(s string) float32 { return fyne.MeasureText(s, size, style).Width }
	space := measure(" ")
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line, used := "", float32(0)
		for _, word := range strings.Fields(paragraph) {
			for letters := []rune(word); len(letters) > most(width, size) && width > size; letters = []rune(word) {
				if line != "" {
					lines, line, used = append(lines, line), "", 0
				}
				head := fit(letters[:most(width, size)], width, measure)
				lines, word = append(lines, string(letters[:head])), string(letters[head:])
			}
			w := measure(word)
			if line != "" && used+space+w > width {
				lines, line, used = append(lines, line), "", 0
			}
			for line == "" && w > width && width > size {
				head := fit([]rune(word), width, measure)
				lines = append(lines, string([]rune(word)[:head]))
				word = string([]rune(word)[head:])
				w = measure(word)
			}
			if line == "" {
				line, used = word, w
			} else {
				line, used = line+" "+word, used+space+w
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// most is how many letters can be in that width at all: shaping ten thousand to show thirty would hold the screen up.
func most(width, size float32) int { return max(8, int(width/(0.2*size))) }

// fit is how many letters fit, at least one.
func fit(letters []rune, width float32, measure func(string) float32) int {
	lo, hi := 1, len(letters)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if measure(string(letters[:mid])) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// Cut shortens text with … so that it fits the width.
func Cut(text string, width, size float32, style fyne.TextStyle) string {
	measure := func(s string) float32 { return fyne.MeasureText(s, size, style).Width }
	letters := []rune(text)
	if n := most(width, size); len(letters) > n {
		letters = letters[:n]
	}
	if len(letters) == 0 || len(letters) == len([]rune(text)) && measure(text) <= width {
		return text
	}
	n := fit(letters, width-measure("…"), measure)
	return strings.TrimRight(string(letters[:n]), " ,.;") + "…"
}

// CutHead is Cut that keeps the end: of a dossier's number the tail tells most.
func CutHead(text string, width, size float32, style fyne.TextStyle) string {
	measure := func(s string) float32 { return fyne.MeasureText(s, size, style).Width }
	letters := []rune(text)
	if n := most(width, size); len(letters) > n {
		letters = letters[len(letters)-n:]
	} else if measure(text) <= width {
		return text
	}
	for len(letters) > 1 && measure("…"+string(letters)) > width {
		letters = letters[1:]
	}
	return "…" + string(letters)
}
