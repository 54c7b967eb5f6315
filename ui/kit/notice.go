package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Tone is what kind of word a notice is. Each has a colour and a shape.
type Tone int

const (
	Info Tone = iota
	Good
	Warn
	Bad
)

func (t Tone) colors() (ink, soft fyne.ThemeColorName, icon fyne.Resource) {
	switch t {
	case Good:
		return Green, GreenSoft, theme.ConfirmIcon()
	case Warn:
		return Amber, AmberSoft, theme.WarningIcon()
	case Bad:
		return Red, RedSoft, theme.ErrorIcon()
	}
	return Accent, Soft, theme.InfoIcon()
}

func iconOf(t Tone, size float32) *icon {
	ink, _, drawing := t.colors()
	return newIcon(drawing, ink, size)
}

// Said is a word on one field.
type Said struct {
	Text string
	Warn bool
}

// saidLine is the word under a field: nothing, amber or red, with its sign.
type saidLine struct {
	*fyne.Container
	warn, bad *icon
	text      *Paragraph
	said      Said
}

func newSaidLine() *saidLine {
	l := &saidLine{warn: iconOf(Warn, 16), bad: iconOf(Bad, 16), text: Caption("")}
	l.Container = Row(5, Cell{Object: Column(0, Pad(2, 0, 0, 0, container.NewStack(l.warn, l.bad))), Min: 16}, Cell{Object: l.text, Weight: 1})
	l.Hide()
	return l
}

// set tells whether anything changed.
func (l *saidLine) set(s Said) bool {
	if s == l.said {
		return false
	}
	l.said = s
	c := Red
	if s.Warn {
		c = Amber
	}
	l.text.Set(s.Text, c)
	l.warn.Hidden, l.bad.Hidden = !s.Warn, s.Warn
	if s.Text == "" {
		l.Hide()
	} else {
		l.Show()
	}
	return true
}

// Notice is a block of words that cannot be overlooked, with what can be done about it below.
func Notice(tone Tone, text string, below ...fyne.CanvasObject) *fyne.Container {
	ink, soft, _ := tone.colors()
	p := NewParagraph(text)
	p.Color = ink
	words := Row(9, Cell{Object: Column(0, container.New(&pad{top: 1}, iconOf(tone, 20))), Min: 20}, Cell{Object: p, Weight: 1})
	return Backed(soft, ink, Pad(9, 12, 10, 11, Column(9, append([]fyne.CanvasObject{words}, below...)...)))
}
