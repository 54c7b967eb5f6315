package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"golang.org/x/text/unicode/norm"
)

// lettersOf are all letters that a widget puts on the screen.
func lettersOf(o fyne.CanvasObject) string {
	var b strings.Builder
	switch x := o.(type) {
	case *canvas.Text:
		b.WriteString(x.Text)
	case *fyne.Container:
		for _, child := range x.Objects {
			b.WriteString(lettersOf(child))
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(x).Objects() {
			b.WriteString(lettersOf(child))
		}
	}
	return b.String()
}

func TestSecretShowsNothingUntilItIsRevealed(t *testing.T) {
	said := ""
	s := NewSecret(func(text string) { said = text })
	s.SetText("truoc khi ve") // before anything was drawn
	w := window(t, s, 400, 60)
	w.Canvas().Focus(s)
	if got := lettersOf(s); strings.ContainsAny(got, "truockhive") || got == "" {
		t.Fatalf("drawn %q", got)
	}
	s.Fill("", false)
	test.Type(s, "con ga gay")
	if got := lettersOf(s); said != "con ga gay" || strings.ContainsAny(got, "congay ") || len([]rune(got)) != 10 {
		t.Errorf("said %q, drawn %q", said, got)
	}
	s.Reveal(true)
	if got := lettersOf(s); got != "con ga gay" {
		t.Errorf("revealed: %q", got)
	}
	s.Reveal(false)
	if got := lettersOf(s); strings.Contains(got, "o") {
		t.Errorf("hidden again: %q", got)
	}
}

func TestSecretGoesToNoClipboardAndIsNotUndone(t *testing.T) {
	s := NewSecret(func(string) {})
	w := window(t, s, 400, 60)
	w.Canvas().Focus(s)
	for _, shown := range []bool{false, true} {
		s.Reveal(shown)
		s.Fill("", false)
		test.Type(s, "con ga gay")
		clip := test.NewClipboard()
		clip.SetContent("truoc")
		s.SelectAll()
		for _, shortcut := range []fyne.Shortcut{&fyne.ShortcutCopy{Clipboard: clip}, &fyne.ShortcutCut{Clipboard: clip},
			&mouse.CustomShortcut{KeyName: fyne.KeyC, Modifier: fyne.KeyModifierControl}} {
			s.TypedShortcut(shortcut)
		}
		if clip.Content() != "truoc" || s.Text != "con ga gay" {
			t.Errorf("shown %v: clipboard %q, text %q", shown, clip.Content(), s.Text)
		}
		s.TappedSecondary(&fyne.PointEvent{})
		if menu := lettersOf(w.Canvas().Overlays().Top()); strings.Contains(menu, "Cop") || strings.Contains(menu, "Cut") {
			t.Errorf("shown %v: the menu offers %q", shown, menu)
		}
		w.Canvas().Overlays().Remove(w.Canvas().Overlays().Top())
		s.Fill("", false)
		s.TypedShortcut(&fyne.ShortcutUndo{})
		s.Undo()
		if s.Text != "" {
			t.Errorf("shown %v: undo brought %q back", shown, s.Text)
		}
	}
}

func TestSecretIsPastedWithoutTheEndOfItsLine(t *testing.T) {
	s := NewSecret(func(string) {})
	w := window(t, s, 400, 60)
	w.Canvas().Focus(s)
	clip := test.NewClipboard()
	paste := func(text string) { clip.SetContent(text); s.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip}) }
	paste("con ga\r\n")
	if s.Text != "con ga" || clip.Content() != "con ga\r\n" {
		t.Errorf("%q, clipboard %q", s.Text, clip.Content())
	}
	paste(strings.Repeat("x", 1<<20))
	if s.Text != "con ga" {
		t.Errorf("a file was pasted: %d", len(s.Text))
	}
	for range 2 * mostSecret {
		s.TypedRune('x')
	}
	if len(s.Text) != mostSecret {
		t.Errorf("%d letters", len(s.Text))
	}
	s.SelectAll()
	s.TypedRune('y') // it is full, so nothing more goes in until something went out
	typed(s, fyne.KeyBackspace)
	s.TypedRune('y')
	if s.Text != "y" {
		t.Errorf("%d letters after all were replaced", len(s.Text))
	}
}

func TestSecretIsLeftAsTheInputMethodTypedIt(t *testing.T) {
	s := NewSecret(func(string) {})
	w := window(t, s, 400, 60)
	w.Canvas().Focus(s)
	words := norm.NFD.String("một con gà")
	test.Type(s, words)
	if s.Text != words {
		t.Errorf("%q", s.Text)
	}
}

func TestSecretCautions(t *testing.T) {
	for typed, want := range map[string]bool{"": false, "mat khau moi": false, "AB": false, "MATKHAU 12": true, "MATkHAU": false, "mật": true, norm.NFD.String("mật"): true,
		"12345!": false, "Mau Xanh": false} {
		if got := SecretCaution(typed); (got != "") != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if SecretCaution("MATKHAU") == SecretCaution("mật") {
		t.Error("both say the same")
	}
}

func TestSecretTakesTabAndEnterLikeAnyEntry(t *testing.T) {
	entered := 0
	s := NewSecret(func(string) {})
	s.OnEnter = func() { entered++ }
	next := NewEntry()
	w := window(t, Column(4, s, next), 400, 120)
	w.Canvas().Focus(s)
	if !ring(s) {
		t.Error("no ring")
	}
	typed(s, fyne.KeyReturn)
	if entered != 1 || s.AcceptsTab() {
		t.Errorf("entered %d, takes Tab: %v", entered, s.AcceptsTab())
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != next {
		t.Errorf("focus is on %T", w.Canvas().Focused())
	}
}
