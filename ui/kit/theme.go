// Package kit holds what the screens are made of: the theme, the widgets that show their own focus, flowing layouts, forms, a table,
// dialogs, and the router of keys. It knows nothing of dossiers beyond the shape of a card and a number.
package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours of our own beside Fyne's. Each text colour keeps 4.5:1 on what it stands on, each border and ring 3:1; a test holds it.
const (
	Surface   fyne.ThemeColorName = "surface"   // panels and fields
	Navy      fyne.ThemeColorName = "navy"      // the head of the window
	OnNavy    fyne.ThemeColorName = "onNavy"    //
	OnNavyDim fyne.ThemeColorName = "onNavyDim" //
	Ink       fyne.ThemeColorName = "ink"       // text
	Muted     fyne.ThemeColorName = "muted"     // labels and what matters less
	Accent    fyne.ThemeColorName = "accent"    // what is chosen, what is to be pressed
	Soft      fyne.ThemeColorName = "soft"      // behind what is chosen
	Hairline  fyne.ThemeColorName = "hairline"  // decoration only
	Edge      fyne.ThemeColorName = "edge"      // borders of what can be used
	Ring      fyne.ThemeColorName = "ring"      // the focus
	Amber     fyne.ThemeColorName = "amber"
	AmberSoft fyne.ThemeColorName = "amberSoft"
	Red       fyne.ThemeColorName = "red"
	RedSoft   fyne.ThemeColorName = "redSoft"
	Green     fyne.ThemeColorName = "green"
	GreenSoft fyne.ThemeColorName = "greenSoft"
)

// Small is a size of text of our own beside Fyne's: of key caps.
const Small fyne.ThemeSizeName = "small"

var palette = map[fyne.ThemeColorName]color.NRGBA{
	Surface: rgb(0xFFFFFF), Navy: rgb(0x10294F), OnNavy: rgb(0xFFFFFF), OnNavyDim: rgb(0xC3D0E4),
	Ink: rgb(0x18202B), Muted: rgb(0x4C5867), Accent: rgb(0x1A4C92), Soft: rgb(0xE9F0FA), Hairline: rgb(0xD8DEE7),
	Edge: rgb(0x7A8593), Ring: rgb(0x0B63CE), Amber: rgb(0x7A4A00), AmberSoft: rgb(0xFFF4DC), Red: rgb(0xAE1F1A),
	RedSoft: rgb(0xFDECEA), Green: rgb(0x17633A), GreenSoft: rgb(0xE6F4EB),

	theme.ColorNameBackground:          rgb(0xF2F4F8),
	theme.ColorNameForeground:          rgb(0x18202B),
	theme.ColorNamePlaceHolder:         rgb(0x5B6674),
	theme.ColorNamePrimary:             rgb(0x0B63CE),
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameFocus:               {R: 0x0B, G: 0x57, B: 0xD0, A: 0xA6}, // a fill for Fyne's own buttons and menus
	theme.ColorNameInputBackground:     rgb(0xFFFFFF),
	theme.ColorNameInputBorder:         rgb(0x7A8593),
	theme.ColorNameSelection:           {R: 0x0B, G: 0x63, B: 0xCE, A: 0x40},
	theme.ColorNameSeparator:           rgb(0xD8DEE7),
	theme.ColorNameScrollBar:           rgb(0x7A8593),
	theme.ColorNameOverlayBackground:   rgb(0xFFFFFF),
	theme.ColorNameMenuBackground:      rgb(0xFFFFFF),
	theme.ColorNameError:               rgb(0xAE1F1A),
	theme.ColorNameWarning:             rgb(0x7A4A00),
	theme.ColorNameSuccess:             rgb(0x17633A),
	theme.ColorNameDisabled:            rgb(0x5B6674),
	theme.ColorNameShadow:              {A: 0x38},
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

// Theme is the one light look, whatever the system's.
type Theme struct{ scale float32 }

// NewTheme is the look with texts of that size; 1 is made for reading at arm's length.
func NewTheme(scale float32) *Theme { return &Theme{scale: min(max(scale, 0.8), 2)} }

func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := palette[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, theme.VariantLight)
}

func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }

func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 15 * t.scale
	case theme.SizeNameCaptionText:
		return 13.5 * t.scale
	case Small:
		return 12.5 * t.scale
	case theme.SizeNameSubHeadingText:
		return 17 * t.scale
	case theme.SizeNameHeadingText:
		return 21 * t.scale
	case theme.SizeNameInlineIcon:
		return 18 * t.scale
	case theme.SizeNameInnerPadding:
		return 7
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius, theme.SizeNamePopupRadius:
		return 4
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 3
	case theme.SizeNameModalBlurRadius:
		return 0 // a frame under a dialog costs 26 ms instead of 75
	}
	return theme.DefaultTheme().Size(name)
}

func colorOf(name fyne.ThemeColorName) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

// scale is how much larger texts are than usual.
func scale() float32 { return sizeOf(theme.SizeNameText) / 15 }

func sizeOf(name fyne.ThemeSizeName) float32 {
	return fyne.CurrentApp().Settings().Theme().Size(name)
}
