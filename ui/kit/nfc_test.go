package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/text/unicode/norm"
)

// TestTextIsComposedHoweverItComes types and pastes the same words in the ways the input methods of the desks do.
func TestTextIsComposedHoweverItComes(t *testing.T) {
	const words = "Nguyễn Thị Bưởi, Đường Trường Chinh"
	for name, entry := range map[string]*Entry{"a line": NewEntry(), "lines": NewLines(3), "a paragraph": &NewWrapEntry(2, func(string) {}).Entry} {
		win := window(t, entry, 500, 200)
		win.Canvas().Focus(entry)
		said := ""
		entry.OnChanged = func(s string) { said = s }
		for way, do := range map[string]func(){
			"letters with their marks behind": func() {
				for _, c := range norm.NFD.String(words) {
					entry.TypedRune(c)
				}
			},
			"whole words, as ibus commits them": func() {
				for _, c := range words {
					entry.TypedRune(c)
				}
			},
			"pasted in pieces": func() {
				clip := test.NewClipboard()
				clip.SetContent(norm.NFD.String(words))
				entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
			},
		} {
			entry.SetText("")
			do()
			if entry.Text != words || said != words {
				t.Errorf("%s, %s: %q, told %q", name, way, entry.Text, said)
			}
			entry.TypedRune('!')
			if entry.Text != words+"!" {
				t.Errorf("%s, %s: the caret is not behind what was written: %q", name, way, entry.Text)
			}
		}
	}
}

// TestMarkInTheMiddleLeavesTheCaretThere changes a letter of a word that is already written.
func TestMarkInTheMiddleLeavesTheCaretThere(t *testing.T) {
	e := NewEntry()
	window(t, e, 300, 60)
	e.SetText("Le Thu")
	e.CursorColumn = 2
	e.TypedRune('\u0302') // a circumflex
	e.TypedRune('!')
	if e.Text != "Lê! Thu" {
		t.Error(e.Text)
	}
}
