package kit

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
)

// asTyped sends characters the way the real driver does, a key before every character, or the way test.Type does.
func asTyped(d *DateEntry, text string, withKeys bool) {
	for _, c := range text {
		switch c {
		case '⌫':
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		case '⌦':
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		case '←':
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
		case '→':
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		case '⇤':
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
		case '∀':
			d.TypedShortcut(&fyne.ShortcutSelectAll{})
		default:
			if withKeys {
				d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyName(string(c))})
			}
			d.TypedRune(c)
		}
	}
}

func dateEntryIn(app fyne.App) *DateEntry {
	d := NewDateEntry()
	w := app.NewWindow("")
	w.SetContent(d)
	w.Canvas().Focus(d)
	return d
}

func TestDateEntryIsTypedAsADate(t *testing.T) {
	app := test.NewTempApp(t)
	for _, x := range []struct{ typed, text, date, code string }{
		{"", "", "", ""},
		{"07121985", "07/12/1985", "07/12/1985", ""},
		{"07/12/1985", "07/12/1985", "07/12/1985", ""},
		{"7/9/1985", "07/09/1985", "07/09/1985", ""},
		{"7-9-1985", "07/09/1985", "07/09/1985", ""},
		{"7.9.1985", "07/09/1985", "07/09/1985", ""},
		{"7 9 1985", "07/09/1985", "07/09/1985", ""},
		{"7//9//1985", "07/09/1985", "07/09/1985", ""},
		{"071219859", "07/12/1985", "07/12/1985", ""},
		{"a0b7c1d2é1985", "07/12/1985", "07/12/1985", ""},
		{"29022024", "29/02/2024", "29/02/2024", ""},
		{"0/0/1985", "00/19/85", "", "date.short-year"},
		{"31022024", "31/02/2024", "", "date.impossible"},
		{"29022023", "29/02/2023", "", "date.impossible"},
		{"01010000", "01/01/0000", "", "date.impossible"},
		{"071285", "07/12/85", "", "date.short-year"},
		{"07", "07/", "", "date.unfinished"},
		{"0712", "07/12/", "", "date.unfinished"},
		{"0712198", "07/12/198", "", "date.unfinished"},
		// taken back, over the slashes too
		{"0712⌫", "07/1", "", "date.unfinished"},
		{"0712⌫⌫⌫", "0", "", "date.unfinished"},
		{"07121985⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫", "", "", ""},
		{"07121985⌫6", "07/12/1986", "07/12/1986", ""},
		// in the middle
		{"07121985⇤15", "15/12/1985", "15/12/1985", ""},
		{"07121985⇤1511", "15/11/1985", "15/11/1985", ""},
		{"07121985⇤15112001", "15/11/2001", "15/11/2001", ""},
		{"07121985⇤15112001999", "15/11/2001", "15/11/2001", ""},
		{"07121985⇤→→→⌫⌫15", "15/12/1985", "15/12/1985", ""},
		{"07121985⇤→→→→→→⌫1", "07/11/1985", "07/11/1985", ""},
		{"07121985⇤→→⌦", "07/21/985", "", "date.unfinished"},
		{"07121985⇤⌦⌦15", "15/12/1985", "15/12/1985", ""},
		{"07121985⇤→→⌦⌦11", "07/11/1985", "07/11/1985", ""},
		{"07121985⇤⌦⌦⌦⌦⌦⌦⌦⌦⌦", "", "", ""},
		{"07121985⇤/09", "09/12/1985", "09/12/1985", ""},
		{"07121985⇤→/09", "07/09/1985", "07/09/1985", ""},
		{"0712195←8", "07/12/1985", "07/12/1985", ""},
		{"07121985∀1", "1", "", "date.unfinished"},
		{"07121985∀⌫", "", "", ""},
		{"07121985∀/⌫", "", "", ""},
		{"07121985∀01022003", "01/02/2003", "01/02/2003", ""},
	} {
		for _, withKeys := range []bool{false, true} {
			d := dateEntryIn(app)
			asTyped(d, x.typed, withKeys)
			date, err := d.Date()
			if d.Text != x.text || date.String() != x.date || dossier.Code(err) != x.code {
				t.Errorf("%s (keys: %v): %q, %v, %v; want %q, %s %s", x.typed, withKeys, d.Text, date, err, x.text, x.date, x.code)
			}
		}
	}
}

func TestDateEntryTakesWhatIsPasted(t *testing.T) {
	app := test.NewTempApp(t)
	for _, x := range []struct{ before, pasted, text string }{
		{"", "07/12/1985", "07/12/1985"},
		{"", " 7/9/1985\r\n", "07/09/1985"},
		{"", "1985-12-07", "07/12/1985"},
		{"", "07121985", "07/12/1985"},
		{"", "sinh ngày 07 tháng 12 năm 1985", "07/12/1985"},
		{"01", "021985", "01/02/1985"},
		{"", "😀ữ", ""},
		{"", "0123456789012345678901234567890", "01/23/4567"},
		{"01022003", "07/12/1985", "07/12/1985"},
		{"01022003", "x", "01/02/2003"},
	} {
		d := dateEntryIn(app)
		asTyped(d, x.before, true)
		app.Clipboard().SetContent(x.pasted)
		d.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
		if d.Text != x.text || d.CursorColumn > len(d.Text) {
			t.Errorf("%q + %q: %q, caret %d; want %q", x.before, x.pasted, d.Text, d.CursorColumn, x.text)
		}
	}
}

func TestDateEntryTellsEachTextOnceAndOnlyWhole(t *testing.T) {
	app := test.NewTempApp(t)
	d := dateEntryIn(app)
	var told []string
	d.OnDate = func(date dossier.Date, err error) { told = append(told, d.Text+" "+date.ISO()+dossier.Code(err)) }
	asTyped(d, "7/91985⌫", true)
	d.SetDate(dossier.Date{Year: 1985, Month: 9, Day: 7})
	d.SetDate(dossier.Date{Year: 1985, Month: 9, Day: 7})
	d.SetDate(dossier.Date{})
	want := "[7 date.unfinished 07/ date.unfinished 07/9 date.unfinished 07/91/ date.unfinished 07/91/9 date.unfinished " +
		"07/91/98 date.short-year 07/91/985 date.unfinished 07/91/98 date.short-year 07/09/1985 1985-09-07  ]"
	if fmt.Sprint(told) != want {
		t.Errorf("told %v\nwant %v", told, want)
	}
}

func TestDateEntryCannotBeTypedOutOfShape(t *testing.T) {
	app := test.NewTempApp(t)
	keys := []rune("0123456789/-. aữ⌫⌦←→⇤∀")
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		d, typed := dateEntryIn(app), ""
		for range 40 {
			k := string(keys[rnd.IntN(len(keys))])
			typed += k
			asTyped(d, k, seed%2 == 0)
			if mask(figures(d.Text)) != d.Text || d.CursorColumn < 0 || d.CursorColumn > len(d.Text) {
				t.Fatalf("%s: %q, caret %d", typed, d.Text, d.CursorColumn)
			}
		}
	}
}

func TestDisabledDateEntryStaysAsItIs(t *testing.T) {
	app := test.NewTempApp(t)
	d := dateEntryIn(app)
	d.SetText("7")
	d.Disable()
	asTyped(d, "/⌫1/⇤∀2", true)
	app.Clipboard().SetContent("01/01/2001")
	d.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
	if d.Text != "7" {
		t.Errorf("%q", d.Text)
	}
}
