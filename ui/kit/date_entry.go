package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
)

// DateEntry is an entry for dd/mm/yyyy. Figures are typed one after the other and the slashes come by themselves; "7/9/1985" and
// pasted dates of any usual shape work too. Whatever is typed, pasted, cut or taken back, the text is always the beginning of a
// date; letters never get in.
type DateEntry struct {
	widget.Entry

	// OnDate is called when the text has changed: with the date, zero while the entry is empty, or why it is none yet.
	OnDate func(dossier.Date, error)

	told string
}

// NewDateEntry is an empty one.
func NewDateEntry() *DateEntry {
	d := &DateEntry{}
	d.ExtendBaseWidget(d)
	d.SetPlaceHolder("ngày/tháng/năm")
	d.OnChanged = func(string) { d.tell() }
	return d
}

// Base is the entry inside, for the Router.
func (d *DateEntry) Base() *widget.Entry { return &d.Entry }

// Date is the date typed, zero while the entry is empty. Codes: date.unfinished, date.short-year (two figures, which are never
// guessed at), date.impossible.
func (d *DateEntry) Date() (dossier.Date, error) {
	f := figures(d.Text)
	switch {
	case f == "":
		return dossier.Date{}, nil
	case len(f) == 6:
		return dossier.Date{}, dossier.Invalid("", "date.short-year")
	case len(f) < 8:
		return dossier.Date{}, dossier.Invalid("", "date.unfinished")
	}
	date, err := dossier.ParseDate(f)
	if err != nil || !date.Valid() {
		return dossier.Date{}, dossier.Invalid("", "date.impossible", "typed", d.Text)
	}
	return date, nil
}

// SetDate shows a date; the zero date empties the entry.
func (d *DateEntry) SetDate(date dossier.Date) { d.SetText(date.String()) }

// SetText shows what is of a date in the text.
func (d *DateEntry) SetText(text string) {
	if date, err := dossier.ParseDate(dossier.Clean(text)); err == nil {
		text = date.String()
	}
	d.Entry.SetText(mask(figures(text)))
	d.caret(len(figures(d.Text)))
	d.tell()
}

// TypedRune takes figures, and a separator after a single figure of day or month.
func (d *DateEntry) TypedRune(c rune) {
	switch {
	case d.Disabled():
	case c >= '0' && c <= '9':
		if d.SelectedText() == "" && len(figures(d.Text)) == 8 {
			d.passSlash()
			d.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete}) // a whole date is typed over
		}
		d.Entry.TypedRune(c)
		d.settle()
	case strings.ContainsRune("/-. ", c):
		d.separate()
	}
}

// separate completes the day or month before the caret, or steps over a slash that is there already.
func (d *DateEntry) separate() {
	before := d.before()
	group := before[strings.LastIndex(before, "/")+1:]
	switch {
	case len(group) == 1 && d.CursorColumn == len(d.Text) && strings.Count(before, "/") < 2 && group != "0":
		f := figures(before)
		d.put(f[:len(f)-1]+"0"+group, len(f)+1)
	case group != "":
		if i := strings.Index(d.Text[len(before):], "/"); i >= 0 {
			d.caret(len(figures(d.Text[:len(before)+i])))
		}
	}
}

// TypedKey leaves the caret keys to the entry and never lets Backspace or Delete stop at a slash.
func (d *DateEntry) TypedKey(e *fyne.KeyEvent) {
	if d.SelectedText() == "" {
		switch e.Name {
		case fyne.KeyBackspace:
			if at := d.CursorColumn; at > 0 && at <= len(d.Text) && d.Text[at-1] == '/' {
				d.CursorColumn--
			}
		case fyne.KeyDelete:
			d.passSlash()
		}
	}
	was := d.Text
	d.Entry.TypedKey(e)
	if d.Text != was || e.Name == fyne.KeyBackspace || e.Name == fyne.KeyDelete {
		d.settle()
	}
}

// TypedShortcut pastes a date of any usual shape whole, anything else as the figures in it.
func (d *DateEntry) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok {
		if d.Disabled() { // the entry itself would paste
			return
		}
		if date, err := dossier.ParseDate(dossier.Clean(p.Clipboard.Content())); err == nil {
			d.SetDate(date)
			return
		}
	}
	d.Entry.TypedShortcut(s)
	if mask(figures(d.Text)) != d.Text {
		d.settle()
	}
}

// before is the text in front of the caret.
func (d *DateEntry) before() string {
	text := []rune(d.Text)
	return string(text[:min(d.CursorColumn, len(text))])
}

func (d *DateEntry) passSlash() {
	if at := d.CursorColumn; at < len(d.Text) && d.Text[at] == '/' {
		d.CursorColumn++
	}
}

// settle puts the slashes where they belong after the entry did its own work; the caret stays behind the same figure.
func (d *DateEntry) settle() {
	f, caret := figures(d.Text), len(figures(d.before()))
	if text := mask(f); text != d.Text {
		d.Entry.SetText(text)
	}
	d.caret(min(caret, len(f)))
	d.tell()
}

func (d *DateEntry) put(f string, caret int) {
	d.Entry.SetText(mask(f))
	d.caret(caret)
}

// caret stands behind that many figures, and behind the slash that follows them.
func (d *DateEntry) caret(n int) {
	d.CursorRow, d.CursorColumn = 0, len(mask(strings.Repeat("0", n)))
	d.Refresh()
}

// tell says each text once, and none that is not masked yet.
func (d *DateEntry) tell() {
	if d.OnDate == nil || d.Text == d.told || mask(figures(d.Text)) != d.Text {
		return
	}
	d.told = d.Text
	d.OnDate(d.Date())
}

// figures are the first eight figures of a text.
func figures(s string) string {
	f := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	return f[:min(8, len(f))]
}

// mask writes figures as the beginning of dd/mm/yyyy.
func mask(f string) string {
	switch {
	case len(f) < 2:
		return f
	case len(f) < 4:
		return f[:2] + "/" + f[2:]
	}
	return f[:2] + "/" + f[2:4] + "/" + f[4:]
}
