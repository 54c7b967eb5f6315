package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

const (
	asciiCard = "001099000001|012345678|Nguyen Van Mau|01011999|Nam|So 1 Pho Mau, Phuong Mau, Ha Noi|15042021"
	fullCard  = "001199000002||Trần Thị Thử|02021999|Nữ|Thôn Mẫu, Xã Mẫu, Hà Nội|01072024"
	extraCard = fullCard + "|Nguyễn Văn Mẫu|Lê Thị Ví Dụ||001199000009"
	number    = "CAX.MAU-261121-0001"
)

// desktop is a window with a router before it and a clock of its own. Keys reach the widgets as the real driver sends them.
type desktop struct {
	*Router
	canvas fyne.Canvas
	clock  time.Time
	later  []alarm

	entry   *widget.Entry
	many    *widget.Entry
	date    *DateEntry
	check   *widget.Check
	button  *widget.Button
	choice  *widget.Select
	list    *widget.List
	form    *widget.Entry // with OnSubmitted
	pressed []string      // what widgets did
	keys    []fyne.KeyName
	cards   []string
	codes   []string
}

type alarm struct {
	at time.Time
	f  func()
}

func newDesktop(t *testing.T) *desktop {
	app := test.NewTempApp(t)
	w := app.NewWindow("")
	d := &desktop{canvas: w.Canvas(), clock: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)}
	did := func(what string) { d.pressed = append(d.pressed, what) }
	d.entry, d.many, d.date, d.form = widget.NewEntry(), widget.NewMultiLineEntry(), NewDateEntry(), widget.NewEntry()
	d.form.OnSubmitted = func(string) { did("submitted") }
	d.check = widget.NewCheck("c", func(bool) { did("checked") })
	d.button = widget.NewButton("b", func() { did("tapped") })
	d.choice = widget.NewSelect([]string{"0", "1"}, func(s string) { did("chose " + s) })
	d.list = widget.NewList(func() int { return 5 }, func() fyne.CanvasObject { return widget.NewLabel("") },
		func(widget.ListItemID, fyne.CanvasObject) {})
	d.list.OnSelected = func(widget.ListItemID) { did("selected") }
	w.SetContent(container.NewVBox(d.entry, d.many, d.date, d.form, d.check, d.button, d.choice, d.list))
	w.Resize(fyne.NewSize(800, 600))
	d.Router = &Router{Now: func() time.Time { return d.clock }, Focus: w.Canvas().Focused,
		After:  func(in time.Duration, f func()) { d.later = append(d.later, alarm{d.clock.Add(in), f}) },
		OnKey:  func(e Event) bool { d.keys = append(d.keys, e.Key); return e.Key == fyne.KeyF9 },
		OnCard: func(s string) { d.cards = append(d.cards, s) },
		OnCode: func(s string) { d.codes = append(d.codes, s) }}
	return d
}

// wait lets time pass; looks that were due run on the way.
func (d *desktop) wait(t time.Duration) {
	until := d.clock.Add(t)
	for {
		i := slices.IndexFunc(d.later, func(a alarm) bool { return !a.at.After(until) })
		if i < 0 {
			break
		}
		a := d.later[i]
		d.later = slices.Delete(d.later, i, i+1)
		if a.at.After(d.clock) {
			d.clock = a.at
		}
		a.f()
	}
	d.clock = until
}

// stall lets time pass while the window is busy: nothing runs, and afterwards what was due runs before the keys that waited.
func (d *desktop) stall(t time.Duration) {
	d.clock = d.clock.Add(t)
	due := d.later
	d.later = nil
	for _, a := range due {
		a.f()
	}
}

func (d *desktop) key(k fyne.KeyName, mods ...string) {
	e := Event{Key: k, Down: true, Ctrl: slices.Contains(mods, "ctrl")}
	focus := d.canvas.Focused()
	if !d.Key(e) && focus != nil {
		if k == fyne.KeyTab {
			d.pressed = append(d.pressed, "focus moved")
		} else {
			focus.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	e.Down = false
	d.Key(e)
}

func (d *desktop) char(c rune) {
	name := fyne.KeyName(strings.ToUpper(string(c)))
	if c == ' ' {
		name = fyne.KeySpace
	}
	focus := d.canvas.Focused()
	if !d.Key(Event{Key: name, Down: true}) && focus != nil {
		focus.TypedKey(&fyne.KeyEvent{Name: name})
	}
	if !d.Char(c) && focus != nil {
		focus.TypedRune(c)
	}
	d.Key(Event{Key: name})
}

func (d *desktop) typed(text string, gap time.Duration) {
	for i, c := range []rune(text) {
		if i > 0 {
			d.wait(gap)
		}
		d.char(c)
	}
}

var suffixes = map[string]func(*desktop){
	"Enter":   func(d *desktop) { d.key(fyne.KeyReturn) },
	"keypad":  func(d *desktop) { d.key(fyne.KeyEnter) },
	"Tab":     func(d *desktop) { d.key(fyne.KeyTab) },
	"CR LF":   func(d *desktop) { d.key(fyne.KeyReturn); d.key(fyne.KeyJ, "ctrl") },
	"CR TAB":  func(d *desktop) { d.key(fyne.KeyReturn); d.key(fyne.KeyTab) },
	"nothing": func(d *desktop) {},
}

func (d *desktop) focuses() map[string]fyne.Focusable {
	return map[string]fyne.Focusable{"nothing": nil, "entry": d.entry, "text": d.many, "date": d.date, "form": d.form,
		"check": d.check, "button": d.button, "choice": d.choice, "list": d.list}
}

func (d *desktop) focus(f fyne.Focusable) {
	if f == nil {
		d.canvas.Unfocus()
		return
	}
	d.canvas.Focus(f)
}

func TestCardIsReadWhereverTheFocusIs(t *testing.T) {
	for suffix, end := range suffixes {
		for _, gap := range []time.Duration{0, 5, 20, 70} {
			for _, card := range []string{asciiCard, fullCard, extraCard} {
				d := newDesktop(t)
				for where, focus := range d.focuses() {
					d.entry.SetText("Lê Văn Cũ")
					d.entry.CursorColumn = 3
					d.many.SetText("dòng một\ndòng hai")
					d.many.CursorRow, d.many.CursorColumn = 1, 2
					d.date.SetText("07/12")
					d.form.SetText("")
					d.focus(focus)
					d.pressed, d.keys, d.cards = nil, nil, nil
					d.typed(card, gap*time.Millisecond)
					d.wait(gap * time.Millisecond)
					end(d)
					d.wait(3 * time.Second)
					at := fmt.Sprintf("%s, %dms, focus on %s: ", suffix, gap, where)
					if !slices.Equal(d.cards, []string{card}) {
						t.Errorf("%scards %q", at, d.cards)
					}
					if d.entry.Text != "Lê Văn Cũ" || d.entry.CursorColumn != 3 || d.many.Text != "dòng một\ndòng hai" ||
						d.many.CursorRow != 1 || d.many.CursorColumn != 2 || d.date.Text != "07/12/" || d.form.Text != "" {
						t.Errorf("%stexts %q@%d %q %q %q", at, d.entry.Text, d.entry.CursorColumn, d.many.Text, d.date.Text, d.form.Text)
					}
					if len(d.pressed) > 0 || len(d.keys) > 0 || len(d.eaten) > 0 || d.reading || d.tail {
						t.Errorf("%swidgets did %v, screen was told %v, left over %v", at, d.pressed, d.keys, d.eaten)
					}
				}
			}
		}
	}
}

func TestPersonAtTheKeyboardIsLeftAlone(t *testing.T) {
	d := newDesktop(t)
	for _, gap := range []time.Duration{90, 100, 150, 300} {
		for _, text := range []string{asciiCard, number, "https://example.invalid/a/long/address/without/blanks"} {
			d.form.SetText("")
			d.focus(d.form)
			d.pressed = nil
			d.typed(text, gap*time.Millisecond)
			d.wait(gap * time.Millisecond)
			d.key(fyne.KeyReturn)
			if d.form.Text != text || !slices.Equal(d.pressed, []string{"submitted"}) || len(d.cards)+len(d.codes) > 0 {
				t.Errorf("%dms: %q, %v, %v, %v", gap, d.form.Text, d.pressed, d.cards, d.codes)
			}
		}
	}
}

func TestQuickNumbersAndNamesAreNoCard(t *testing.T) {
	d := newDesktop(t)
	for _, text := range []string{"001099000001", "0010990000012", "1|2|3|4|5|6|7", "Nguyễn Văn Mẫu", "00000000000000000000000000000000000000",
		"0912345678", "CAX-261121", strings.Repeat("abc ", 20)} {
		d.form.SetText("")
		d.focus(d.form)
		d.pressed = nil
		d.typed(text, 5*time.Millisecond)
		d.key(fyne.KeyReturn)
		if d.form.Text != text || !slices.Equal(d.pressed, []string{"submitted"}) || len(d.cards)+len(d.codes) > 0 {
			t.Errorf("%q: %q, %v, %v, %v", text, d.form.Text, d.pressed, d.cards, d.codes)
		}
		d.wait(time.Second)
	}
}

func TestFiguresTypedJustBeforeACardStay(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.entry)
	d.typed("12", 120*time.Millisecond)
	d.wait(120 * time.Millisecond)
	d.typed(asciiCard, 5*time.Millisecond)
	d.key(fyne.KeyReturn)
	if d.entry.Text != "12" || !slices.Equal(d.cards, []string{asciiCard}) {
		t.Errorf("%q, %v", d.entry.Text, d.cards)
	}
}

func TestReceiptCodeIsTold(t *testing.T) {
	for suffix, end := range suffixes {
		if suffix == "nothing" { // then only a person can say that it is whole
			continue
		}
		for _, gap := range []time.Duration{0, 2, 20, 50, 70} {
			d := newDesktop(t)
			for where, focus := range d.focuses() {
				d.entry.SetText("cũ")
				d.focus(focus)
				d.pressed, d.codes = nil, nil
				d.typed(number, gap*time.Millisecond)
				end(d)
				d.wait(time.Second)
				if !slices.Equal(d.codes, []string{number}) || len(d.cards) > 0 || len(d.pressed) > 0 || d.entry.Text != "cũ" {
					t.Errorf("%s, %dms, focus on %s: %q %q %v %q", suffix, gap, where, d.codes, d.cards, d.pressed, d.entry.Text)
				}
			}
		}
	}
	d := newDesktop(t)
	d.typed(strings.ToLower(number), 5*time.Millisecond) // Caps Lock was on
	d.key(fyne.KeyReturn)
	if !slices.Equal(d.codes, []string{number}) {
		t.Errorf("with Caps Lock: %q", d.codes)
	}
}

func TestForeignCodeIsToldAndLeavesNothingBehind(t *testing.T) {
	const url = "https://example.invalid/vneid?token=AbCdEf0123456789"
	d := newDesktop(t)
	d.entry.SetText("cũ")
	d.focus(d.entry)
	d.typed(url, 5*time.Millisecond)
	d.key(fyne.KeyReturn)
	d.key(fyne.KeyJ, "ctrl")
	if !slices.Equal(d.cards, []string{url}) || d.entry.Text != "cũ" || len(d.keys) > 0 {
		t.Errorf("%q %q %v", d.cards, d.entry.Text, d.keys)
	}
}

// Under a dialog with a blurred background a frame takes 48 to 107 ms, and keys come in heaps between frames.
func TestHeapsOfKeysBetweenSlowFramesAreStillACard(t *testing.T) {
	for _, frame := range []time.Duration{48, 107, 300} {
		d := newDesktop(t)
		d.focus(d.entry)
		for i, c := range []rune(fullCard) {
			if i%int(frame/20+1) == 0 {
				d.stall(frame * time.Millisecond)
			}
			d.char(c)
		}
		d.stall(frame * time.Millisecond)
		d.key(fyne.KeyReturn)
		if !slices.Equal(d.cards, []string{fullCard}) || d.entry.Text != "" {
			t.Errorf("%dms frames: %q, %q", frame, d.cards, d.entry.Text)
		}
	}
}

func TestStallInsideACardLeaksNothing(t *testing.T) {
	for after := 14; after < len([]rune(extraCard)); after += 7 {
		for _, long := range []time.Duration{500 * time.Millisecond, 5 * time.Second} {
			for _, gap := range []time.Duration{5 * time.Millisecond, 70 * time.Millisecond} {
				d := newDesktop(t)
				d.focus(d.button)
				d.typed(string([]rune(extraCard)[:after]), gap)
				d.stall(long)
				d.typed(string([]rune(extraCard)[after:]), gap)
				d.key(fyne.KeyReturn)
				if !slices.Equal(d.cards, []string{extraCard}) || len(d.pressed) > 0 {
					t.Errorf("after %d characters %v apart: %q, %v", after, gap, d.cards, d.pressed)
				}
			}
		}
	}
}

func TestReaderThatPausesBeforeTheEndIsWaitedFor(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.button)
	d.typed(asciiCard[:60], 5*time.Millisecond)
	d.wait(time.Second)
	d.typed(asciiCard[60:], 5*time.Millisecond)
	d.key(fyne.KeyReturn)
	if !slices.Equal(d.cards, []string{asciiCard}) || len(d.pressed) > 0 {
		t.Errorf("%q, %v", d.cards, d.pressed)
	}
}

func TestEnterLongAfterANumberIsThePersonsOwn(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.form)
	d.typed(number, 5*time.Millisecond)
	d.wait(600 * time.Millisecond)
	d.key(fyne.KeyReturn)
	if len(d.codes) > 0 || d.form.Text != number || !slices.Equal(d.pressed, []string{"submitted"}) {
		t.Errorf("%q %q %v", d.codes, d.form.Text, d.pressed)
	}
}

// ibus hands on the line end at once, and the letters it is still composing afterwards.
func TestLettersLaterThanTheirLineEndAreStillTheCard(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.date)
	d.typed("001199000002||Tr", 5*time.Millisecond)
	d.key(fyne.KeyReturn)
	d.wait(150 * time.Millisecond)
	d.typed("ần Thị Thử|02021999|Nữ|Thôn Mẫu, Xã Mẫu, Hà Nội|", 5*time.Millisecond)
	d.wait(125 * time.Millisecond)
	d.typed("01072024", 5*time.Millisecond)
	d.wait(3 * endLate)
	if !slices.Equal(d.cards, []string{fullCard}) || d.date.Text != "" {
		t.Errorf("%q, and %q in the field", d.cards, d.date.Text)
	}
	d.key(fyne.KeyF9)
	d.key(fyne.KeyReturn)
	if !slices.Equal(d.keys, []fyne.KeyName{fyne.KeyF9, fyne.KeyReturn}) {
		t.Errorf("%v", d.keys)
	}
}

func TestCardCutShortIsGivenUpAndTheKeyboardWorksAgain(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.entry)
	d.typed("001099000001|0123", 5*time.Millisecond)
	d.wait(3 * time.Second)
	if !slices.Equal(d.cards, []string{"001099000001|0123"}) {
		t.Errorf("%q", d.cards)
	}
	d.typed("An", 100*time.Millisecond)
	d.key(fyne.KeyF9)
	if d.entry.Text != "An" || !slices.Equal(d.keys, []fyne.KeyName{fyne.KeyF9}) || len(d.later) > 0 {
		t.Errorf("%q, %v, %d looks left", d.entry.Text, d.keys, len(d.later))
	}
}

func TestKeyHeldDownInACardIsNotSwallowedForEver(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.entry)
	d.typed("001099000001|", 5*time.Millisecond)
	d.typed(strings.Repeat("9", 1200), 33*time.Millisecond)
	if len(d.cards) != 1 || d.entry.Text == "" {
		t.Errorf("%d cards, %q", len(d.cards), d.entry.Text)
	}
}

func TestTwoCardsInARowAreTwo(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.entry)
	for range 2 {
		d.typed(asciiCard, 2*time.Millisecond)
		d.key(fyne.KeyReturn)
		d.key(fyne.KeyJ, "ctrl")
	}
	if len(d.cards) != 2 || d.cards[1] != asciiCard || d.entry.Text != "" {
		t.Errorf("%q %q", d.cards, d.entry.Text)
	}
}

func TestEnterOfThePersonWorksSoonAfterACard(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.form)
	d.typed(asciiCard, 2*time.Millisecond)
	d.key(fyne.KeyReturn)
	d.wait(700 * time.Millisecond)
	d.key(fyne.KeyReturn)
	if !slices.Equal(d.pressed, []string{"submitted"}) {
		t.Errorf("%v", d.pressed)
	}
	for how, works := range map[string]func(){
		"typing":                    func() { d.char('A') },
		"what an input method says": func() { d.Char('Ữ') },
		"another key":               func() { d.key(fyne.KeyLeft) },
	} {
		d.pressed = nil
		d.typed(asciiCard, 2*time.Millisecond)
		d.key(fyne.KeyReturn)
		works()
		d.key(fyne.KeyReturn)
		if !slices.Equal(d.pressed, []string{"submitted"}) {
			t.Errorf("%s ends the wait for the line end: %v", how, d.pressed)
		}
	}
}

// Unikey takes letters back with Backspace and types others; the text is followed, and ReadCard warns of the change.
func TestInputMethodInsideACardIsFollowed(t *testing.T) {
	d := newDesktop(t)
	d.focus(d.entry)
	d.typed("001099000001||Tha", 2*time.Millisecond)
	d.key(fyne.KeyBackspace)
	d.typed("ả Mẫu|01011999|Nam|x|15042021", 2*time.Millisecond)
	d.key(fyne.KeyReturn)
	if !slices.Equal(d.cards, []string{"001099000001||Tha\bả Mẫu|01011999|Nam|x|15042021"}) || d.entry.Text != "" {
		t.Errorf("%q, %q", d.cards, d.entry.Text)
	}
}

func TestKeysOfTheScreenComeFirst(t *testing.T) {
	d := newDesktop(t)
	for where, focus := range d.focuses() {
		d.focus(focus)
		d.keys, d.eaten = nil, nil
		if !d.Key(Event{Key: fyne.KeyF9, Down: true}) || d.Key(Event{Key: fyne.KeyF5, Down: true}) {
			t.Errorf("focus on %s: F9 passed or F5 kept", where)
		}
		d.Key(Event{Key: fyne.KeyS, Ctrl: true, Down: true})
		d.Key(Event{Key: fyne.KeyS, Down: true})
		d.Key(Event{Key: fyne.KeySpace, Down: true})
		if !slices.Equal(d.keys, []fyne.KeyName{fyne.KeyF9, fyne.KeyF5, fyne.KeyS}) {
			t.Errorf("focus on %s: %v", where, d.keys)
		}
		if !d.Key(Event{Key: fyne.KeyF9}) || d.Key(Event{Key: fyne.KeyF9}) || d.Key(Event{Key: fyne.KeyF5}) {
			t.Errorf("focus on %s: releases do not follow their keys", where)
		}
	}
}

func TestReleaseLostToAnotherWindowIsForgotten(t *testing.T) {
	d := newDesktop(t)
	d.Key(Event{Key: fyne.KeyF9, Down: true}) // its release goes elsewhere
	d.OnKey = nil
	if d.Key(Event{Key: fyne.KeyF9, Down: true}) || d.Key(Event{Key: fyne.KeyF9}) {
		t.Error("a release of a key the widgets saw was swallowed")
	}
}

type answers []string

func (a *answers) Confirm() { *a = append(*a, "yes") }
func (a *answers) Cancel()  { *a = append(*a, "no") }

func TestDialogIsAnsweredFromTheKeyboard(t *testing.T) {
	d := newDesktop(t)
	var below, top answers
	closeBelow := d.Open(&below)
	closeTop := d.Open(&top)
	d.key(fyne.KeyReturn)
	d.key(fyne.KeyEscape)
	d.focus(d.entry)
	d.key(fyne.KeyEnter)
	d.key(fyne.KeyF9)
	if fmt.Sprint(top) != "[yes no yes]" || below != nil || len(d.keys) > 0 {
		t.Errorf("top %v, below %v, screen %v", top, below, d.keys)
	}
	d.focus(d.button)
	d.key(fyne.KeyReturn)
	if fmt.Sprint(top) != "[yes no yes]" {
		t.Errorf("Enter on a button that is not its own confirms: %v", top)
	}
	var pressed int
	own := NewButton("Không", "Esc", Plain, func() { pressed++ })
	d.Focus = func() fyne.Focusable { return own }
	if e := (Event{Key: fyne.KeyReturn, Down: true}); !d.Key(e) {
		own.TypedKey(&fyne.KeyEvent{Name: e.Key})
	}
	d.Focus = d.canvas.Focused
	if fmt.Sprint(top) != "[yes no yes]" || pressed != 1 {
		t.Errorf("Enter on “Không”: %v, pressed %d times", top, pressed)
	}
	d.focus(d.many)
	d.key(fyne.KeyReturn)
	if fmt.Sprint(top) != "[yes no yes]" || d.many.Text != "\n" {
		t.Errorf("Enter in a text: %v %q", top, d.many.Text)
	}
	closeBelow()
	d.key(fyne.KeyEscape)
	closeTop()
	closeTop()
	d.key(fyne.KeyF9)
	if fmt.Sprint(top) != "[yes no yes no]" || below != nil || !slices.Equal(d.keys, []fyne.KeyName{fyne.KeyF9}) {
		t.Errorf("top %v, below %v, screen %v", top, below, d.keys)
	}
}

func TestEnterOfACardConfirmsNoDialog(t *testing.T) {
	d := newDesktop(t)
	var a answers
	defer d.Open(&a)()
	for suffix, end := range suffixes {
		d.cards = nil
		d.typed(fullCard, 5*time.Millisecond)
		end(d)
		d.wait(3 * time.Second)
		if len(d.cards) != 1 || a != nil {
			t.Errorf("%s: %d cards, dialog %v", suffix, len(d.cards), a)
		}
	}
}

func TestLockedRouterTellsNobody(t *testing.T) {
	d := newDesktop(t)
	var a answers
	d.Open(&a)
	d.Lock()
	d.focus(d.form)
	d.key(fyne.KeyF9)
	d.typed(fullCard, 5*time.Millisecond)
	d.key(fyne.KeyReturn)
	d.wait(3 * time.Second)
	d.typed("mật-khẩu-rất-dài-không-có-dấu-cách-nào", 5*time.Millisecond)
	if len(d.burst.text) > 0 {
		t.Error("a password is kept")
	}
	d.key(fyne.KeyReturn)
	if len(d.keys)+len(d.cards)+len(d.codes)+len(a) > 0 || !slices.Equal(d.pressed, []string{"submitted"}) ||
		d.form.Text != "mật-khẩu-rất-dài-không-có-dấu-cách-nào" {
		t.Errorf("keys %v, cards %v, codes %v, dialog %v, %v, %q", d.keys, d.cards, d.codes, a, d.pressed, d.form.Text)
	}
	d.Unlock()
	d.key(fyne.KeyF9)
	if len(d.keys) != 1 {
		t.Error("still locked")
	}
}

type chooser struct {
	widget.Check
	value int
}

func (c *chooser) Snapshot() func() {
	v := c.value
	return func() { c.value = v }
}

func (c *chooser) TypedRune(r rune) {
	if r >= '1' && r <= '6' {
		c.value = int(r - '0')
	}
}

func TestWidgetOfOursIsPutBack(t *testing.T) {
	d := newDesktop(t)
	c := &chooser{value: 4}
	c.ExtendBaseWidget(c)
	d.Focus = func() fyne.Focusable { return c }
	for _, text := range asciiCard {
		if !d.Char(text) {
			c.TypedRune(text)
		}
	}
	if c.value != 4 {
		t.Errorf("value is %d", c.value)
	}
}

func TestRouterHoldsNoMoreThanItNeeds(t *testing.T) {
	d := newDesktop(t)
	d.typed(strings.Repeat("78", 2*burstMost), time.Millisecond)
	if len(d.head) > headLength || len(d.burst.text) > burstMost {
		t.Errorf("%d strokes, %d characters", len(d.head), len(d.burst.text))
	}
	d.key(fyne.KeyReturn)
	if len(d.cards) > 0 {
		t.Error("what was not kept whole is told")
	}
}

func BenchmarkCharOfAPerson(b *testing.B) {
	app := test.NewTempApp(b)
	w := app.NewWindow("")
	e := widget.NewEntry()
	w.SetContent(e)
	w.Canvas().Focus(e)
	now := time.Now()
	r := &Router{Now: func() time.Time { now = now.Add(100 * time.Millisecond); return now }, Focus: w.Canvas().Focused}
	for i := 0; b.Loop(); i++ {
		r.Key(Event{Key: fyne.KeyA, Down: true})
		r.Char(rune('0' + i%75))
		r.Key(Event{Key: fyne.KeyA})
	}
}
