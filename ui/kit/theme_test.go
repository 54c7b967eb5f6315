package kit

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// contrast is that of WCAG 2: 1 to 21.
func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		part := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.03928 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestEveryTextCanBeRead(t *testing.T) {
	th := NewTheme(1)
	at := func(name fyne.ThemeColorName) color.Color { return th.Color(name, theme.VariantDark) } // light whatever the system asks for
	texts := []struct{ ink, on fyne.ThemeColorName }{
		{Ink, Surface}, {Ink, theme.ColorNameBackground}, {Ink, Soft}, {Ink, GreenSoft}, {Ink, AmberSoft}, {Muted, Surface},
		{Muted, theme.ColorNameBackground}, {Muted, Soft}, {Muted, GreenSoft}, {Accent, Surface}, {Accent, Soft},
		{OnNavy, Navy}, {OnNavyDim, Navy}, {OnNavy, Accent}, {OnNavy, Ring}, {Amber, Surface}, {Amber, AmberSoft}, {Amber, Soft},
		{Red, Surface}, {Red, RedSoft}, {Red, Soft}, {Green, Surface}, {Green, GreenSoft}, {Green, Soft},
		{theme.ColorNameForeground, theme.ColorNameInputBackground}, {theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground}, {theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
	}
	for _, p := range texts {
		if c := contrast(at(p.ink), at(p.on)); c < 4.5 {
			t.Errorf("%s on %s: %.2f:1, want 4.5", p.ink, p.on, c)
		}
	}
	edges := []struct{ line, on fyne.ThemeColorName }{{Edge, Surface}, {Edge, theme.ColorNameBackground}, {Ring, Surface},
		{Ring, theme.ColorNameBackground}, {Ring, Soft}, {OnNavy, Navy}, {Red, Surface}, {theme.ColorNameInputBorder, Surface}}
	for _, p := range edges {
		if c := contrast(at(p.line), at(p.on)); c < 3 {
			t.Errorf("%s on %s: %.2f:1, want 3", p.line, p.on, c)
		}
	}
}

func TestThemeSizesFollowTheScale(t *testing.T) {
	for _, name := range []fyne.ThemeSizeName{theme.SizeNameText, theme.SizeNameHeadingText, theme.SizeNameCaptionText, Small} {
		if one, two := NewTheme(1).Size(name), NewTheme(2).Size(name); two != 2*one {
			t.Errorf("%s: %v at 1, %v at 2", name, one, two)
		}
	}
	if NewTheme(9).Size(theme.SizeNameText) > 30 {
		t.Error("a senseless scale is not held back")
	}
	if NewTheme(1).Size(theme.SizeNameModalBlurRadius) != 0 {
		t.Error("dialogs blur what is behind them: three times the cost of a frame")
	}
}

// TestOneLightLookWhateverTheSystems asks for every colour in both variants.
func TestOneLightLookWhateverTheSystems(t *testing.T) {
	look := NewTheme(1)
	names := []fyne.ThemeColorName{theme.ColorNameButton, theme.ColorNameDisabledButton, theme.ColorNameHeaderBackground, theme.ColorNameHover, theme.ColorNameHyperlink,
		theme.ColorNameInputBackground, theme.ColorNamePressed, theme.ColorNameScrollBarBackground, theme.ColorNameForegroundOnError}
	for name := range palette {
		names = append(names, name)
	}
	for _, name := range names {
		if dark, light := look.Color(name, theme.VariantDark), look.Color(name, theme.VariantLight); dark != light {
			t.Errorf("%s is %v on a dark system and %v on a light one", name, dark, light)
		}
	}
}
