package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"tiepnhan/assets"
)

// mostSecret is how many letters a Secret takes: more than any password may have, and few enough that nothing pasted by mistake stops the screen.
const mostSecret = 512

// Secret is an entry for a password. What is in it is drawn as dots until Reveal, goes to no clipboard either way it is shown, and cannot be
// brought back by an undo. It is left as it was typed: whoever checks it composes it, so nothing here moves under an input method.
type Secret struct {
	Entry
	filling bool
}

// NewSecret is empty. tell is called with what a person types, not with what Fill shows.
func NewSecret(tell func(text string)) *Secret {
	s := &Secret{}
	s.Password = true
	s.ExtendBaseWidget(s)
	s.OnChanged = func(text string) {
		if !s.filling {
			tell(text)
		}
	}
	return s
}

// Fill shows a text; one that is equal is not touched, so that the caret stays. An empty one leaves nothing behind.
func (s *Secret) Fill(text string, bad bool) {
	if s.Text != text || text == "" {
		s.filling = true
		s.SetText(text)                                           // forgets what undo would bring back
		s.Entry.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd}) // and what was marked: the next letter would take the place of the first
		s.filling = false
	}
	if s.bad != bad {
		s.bad = bad
		s.Refresh()
	}
}

// Reveal shows the letters, or hides them.
func (s *Secret) Reveal(on bool) {
	if s.Password == on {
		s.Password = !on
		s.Refresh()
	}
}

// SelectAll marks everything, so that what is typed next takes its place.
func (s *Secret) SelectAll() { s.Entry.Entry.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// TypedRune is for Fyne.
func (s *Secret) TypedRune(c rune) {
	if utf8.RuneCountInString(s.Text) < mostSecret {
		s.Entry.Entry.TypedRune(c)
	}
}

// TypedShortcut is for Fyne: paste and select all, and nothing that takes a password out or back.
func (s *Secret) TypedShortcut(shortcut fyne.Shortcut) {
	switch x := shortcut.(type) {
	case *fyne.ShortcutPaste:
		text := []rune(strings.Trim(x.Clipboard.Content(), "\r\n")) // a line copied whole brings its end
		if len(text)+utf8.RuneCountInString(s.Text) <= mostSecret {
			s.Entry.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasted(text)})
		}
	case *fyne.ShortcutSelectAll:
		s.SelectAll()
	}
}

// pasted is a clipboard to read from.
type pasted string

func (p pasted) Content() string   { return string(p) }
func (p pasted) SetContent(string) {}

// DoubleTapped is for Fyne: a word alone would tell where the blanks are.
func (s *Secret) DoubleTapped(*fyne.PointEvent) { s.SelectAll() }

// TappedSecondary is for Fyne: its menu has no way out for a password, shown or not.
func (s *Secret) TappedSecondary(e *fyne.PointEvent) {
	hidden := s.Password
	s.Password = true
	s.Entry.Entry.TappedSecondary(e)
	s.Password = hidden
}

// CreateRenderer is for Fyne, which would put an eye of its own into a password's entry: it has no key, and knows nothing of the other
// fields that are shown and hidden with this one.
func (s *Secret) CreateRenderer() fyne.WidgetRenderer {
	text, hidden := s.Text, s.Password
	s.Text, s.Password = "", false
	inner := s.Entry.Entry.CreateRenderer()
	s.Text, s.Password = text, hidden
	inner.Refresh()
	return newRinged(s, inner, &s.hooks)
}

// Secrets are the passwords among the fields of a form: those of kind Custom that bring no widget of their own.
type Secrets struct {
	form *Form
	tell func(key, text string)
	all  map[string]*Secret
	last string // the form's last field: Enter in it goes on
}

// NewSecrets are none yet. tell is called with what is typed; the rest a form is told of is told to its own functions.
func NewSecrets(form *Form, tell func(key, text string)) *Secrets {
	return &Secrets{form: form, tell: tell, all: map[string]*Secret{}}
}

// Place puts them into the questions, before the form is asked them.
func (s *Secrets) Place(sections []Section) []Section {
	for _, section := range sections {
		for _, row := range section.Rows {
			for i := range row {
				if row[i].Kind != Note {
					s.last = row[i].Key
				}
				if row[i].Kind == Custom && row[i].Object == nil {
					row[i].Object = s.of(row[i].Key)
				}
			}
		}
	}
	return sections
}

func (s *Secrets) of(key string) *Secret {
	if one := s.all[key]; one != nil {
		return one
	}
	one := NewSecret(func(text string) { s.tell(key, text) })
	one.OnFocus = func() {
		if s.form.OnFocus != nil {
			s.form.OnFocus(key)
		}
	}
	one.OnLeave = func() {
		if s.form.OnLeave != nil {
			s.form.OnLeave(key)
		}
	}
	one.OnEnter = func() {
		if key == s.last && s.form.OnLast != nil {
			s.form.OnLast()
		} else if c := CanvasOf(one); c != nil {
			c.FocusNext()
		}
	}
	s.all[key] = one
	return one
}

// Fill shows what they hold, or that they hold nothing more, in letters or in dots.
func (s *Secrets) Fill(values map[string]string, said map[string]Said, shown bool) {
	for key, one := range s.all {
		one.Fill(values[key], said[key].Text != "" && !said[key].Warn)
		one.Reveal(shown)
	}
}

// Of is one of them, nil if it was never asked.
func (s *Secrets) Of(key string) *Secret { return s.all[key] }

// Empty tells whether none holds anything.
func (s *Secrets) Empty() bool {
	for _, one := range s.all {
		if one.Text != "" {
			return false
		}
	}
	return true
}

// SelectAll marks all of one, so that what is typed next takes its place.
func (s *Secrets) SelectAll(key string) {
	if one := s.all[key]; one != nil {
		one.SelectAll()
	}
}

// SecretCaution is what somebody should know who types a password and does not see it; "" for nothing.
func SecretCaution(typed string) string {
	upper, lower := 0, 0
	for _, r := range typed {
		switch {
		case r >= 'A' && r <= 'Z':
			upper++
		case r >= 'a' && r <= 'z':
			lower++
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
			return assets.Word("secret.marks", nil)
		}
	}
	if upper >= 3 && lower == 0 {
		return assets.Word("secret.caps", nil)
	}
	return ""
}
