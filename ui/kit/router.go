package kit

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
)

// Event is one key going down (or repeating) or up, before any widget has seen it.
type Event struct {
	Key              fyne.KeyName // Fyne's name
	Ctrl, Shift, Alt bool
	Down             bool
}

// Modal is a dialog the keyboard answers: Enter confirms where nothing or an entry of one line has the focus, Esc cancels. A widget that is
// one, a calendar for instance, is answered first while it has the focus.
type Modal interface {
	Confirm()
	Cancel()
}

// Restorer is a widget, other than an entry, that types change: it gives back how it was before a card was read into it.
type Restorer interface {
	Snapshot() (restore func())
}

// Router sees every key and character of one window before any widget does: function keys reach the screen whatever has the focus,
// dialogs are answered from the keyboard, and what a card reader types is told from what a person types.
//
// Characters go through untouched until the beginning of a card is certain: 12 digits and a bar within headTime. Then what they had
// changed is put back and all that follows is swallowed, with the Enter, Tab or CR LF at its end and their releases. A dossier's
// number (the QR of a receipt) and any other code are only certain at their end; they are told by their pace. Single gaps between
// characters decide nothing: keys are seen once per frame, and a frame may take 100 ms.
//
// All methods run on the UI goroutine. The zero Router with Focus set is ready.
type Router struct {
	Now    func() time.Time            // nil is time.Now
	After  func(time.Duration, func()) // runs it later on the UI goroutine; nil is time.AfterFunc and fyne.Do
	Focus  func() fyne.Focusable       // what has the focus, nil if nothing has
	OnKey  func(Event) (done bool)     // keys that are no character, and those with Ctrl; true keeps them from the widgets
	OnCard func(text string)           // what a reader typed that is a card or a code nobody knows
	OnCode func(number string)         // a reader typed a dossier's number
	OnChar func(rune) (done bool)      // a character typed by itself where nobody writes; true keeps it from the widgets

	locked bool
	modals []*Modal

	head  []stroke // the last digits and bars, at most headLength
	burst burst    // all characters since the last pause or other key

	reading bool // inside a card
	ended   bool // its line end has been seen, not yet all its fields
	tail    bool // just after one: its line end may still come
	card    strings.Builder
	began   time.Time
	last    time.Time // of whatever was typed last
	quiet   int       // looks in a row that saw nothing new
	seen    time.Time // last, as the latest look saw it
	watched bool

	eaten map[fyne.KeyName]bool // went down unseen by the widgets, so goes up unseen too
}

type stroke struct {
	char    rune
	at      time.Time
	restore func()
}

type burst struct {
	text    []rune
	began   time.Time
	restore func()
}

const (
	headLength = 13          // 12 digits and the bar
	headTime   = time.Second // the slowest reader known needs half of it, the fastest person twice
	pace       = headTime / headLength

	pause     = 400 * time.Millisecond // ends a burst, and the wait for a card's line end
	codePace  = 40 * time.Millisecond  // per character, of a code nobody knows
	codeLeast = 32                     // shortest such code; no word of a person is as long
	burstMost = 4096                   // beyond, it is no code

	look         = 60 * time.Millisecond   // between looks at a card that may be over
	endComplete  = 120 * time.Millisecond  // silence that ends a card with its seven fields
	endLate      = 500 * time.Millisecond  // silence after the line end of one that is not whole: ibus was seen 150 ms late
	endCut       = 1500 * time.Millisecond // silence that ends one that is not whole
	cardLongest  = 30 * time.Second        // a key held down must not be swallowed for ever
	cardMostText = dossier.MaxCardText
)

// Char takes one character; true keeps it from the widgets.
func (r *Router) Char(c rune) bool {
	now := r.now()
	if r.reading {
		if c == '\r' || c == '\n' || c == '\t' {
			r.end(now)
			return true
		}
		r.last = now
		if r.card.Len() < cardMostText {
			r.card.WriteRune(c)
		}
		if now.Sub(r.began) > cardLongest {
			r.finish(now)
		}
		return true
	}
	if r.tail {
		if c == '\r' || c == '\n' || c == '\t' {
			return true
		}
		r.tail = false
	}
	restore := r.snapshot()
	r.follow(c, now, restore)
	if len(r.head) == 0 || now.Sub(r.head[len(r.head)-1].at) > headTime || !(c >= '0' && c <= '9' || c == '|') {
		r.head = r.head[:0]
	}
	if c >= '0' && c <= '9' || c == '|' {
		r.head = append(r.head, stroke{c, now, restore})
	}
	if n := len(r.head) - headLength; n > 0 {
		r.head = append(r.head[:0], r.head[n:]...)
	}
	if !r.isHead(now) {
		return r.alone(c)
	}
	for _, s := range r.head {
		r.card.WriteRune(s.char)
	}
	r.head[0].restore()
	r.began = r.head[0].at
	r.head, r.burst = nil, burst{}
	r.reading, r.tail, r.last = true, false, now
	r.watch()
	return true
}

// alone gives a single character to the window where no field has the focus: there it can be a key like any other.
func (r *Router) alone(c rune) bool {
	focus := r.focus()
	return len(r.burst.text) == 1 && !r.locked && r.top() == nil && entryOf(focus) == nil && r.OnChar != nil && r.OnChar(c)
}

// isHead tells whether what was typed last begins a card.
func (r *Router) isHead(now time.Time) bool {
	if len(r.head) != headLength || now.Sub(r.head[0].at) > headTime {
		return false
	}
	for i, s := range r.head {
		if (s.char == '|') != (i == headLength-1) {
			return false
		}
	}
	return true
}

// follow keeps what is typed without a pause.
func (r *Router) follow(c rune, now time.Time, restore func()) {
	if len(r.burst.text) == 0 || now.Sub(r.last) > pause {
		r.burst = burst{began: now, restore: restore, text: r.burst.text[:0]}
	}
	r.last = now
	if len(r.burst.text) < burstMost && !r.locked { // no password stays here
		r.burst.text = append(r.burst.text, c)
	}
}

// Key takes one key event; true keeps it from the widgets.
func (r *Router) Key(e Event) bool {
	if !e.Down {
		was := r.eaten[e.Key]
		delete(r.eaten, e.Key)
		return was
	}
	if !r.down(e) {
		delete(r.eaten, e.Key) // its release may have gone to another window
		return false
	}
	if r.eaten == nil {
		r.eaten = map[fyne.KeyName]bool{}
	}
	r.eaten[e.Key] = true
	return true
}

func (r *Router) down(e Event) bool {
	if isModifier(e.Key) { // a reader's capitals; Alt alone would open the menu
		return r.reading && strings.Contains(string(e.Key), "Alt")
	}
	now := r.now()
	end := e.Key == fyne.KeyReturn || e.Key == fyne.KeyEnter || e.Key == fyne.KeyTab ||
		e.Ctrl && (e.Key == fyne.KeyJ || e.Key == fyne.KeyM)
	switch {
	case r.reading:
		switch {
		case end:
			r.end(now)
		case e.Key == fyne.KeyBackspace: // an input method takes back what it is about to rewrite
			r.last = now
			r.takeBack()
		default:
			r.last = now
		}
		return true
	case r.tail && end:
		return true
	case end && r.code(now):
		return true
	}
	r.tail = false
	if e.Ctrl || e.Alt || len(e.Key) > 1 && e.Key != fyne.KeySpace {
		r.head, r.burst = nil, burst{}
	}
	switch {
	case r.locked:
		return false
	case r.top() != nil:
		return r.answer(r.top(), e)
	case r.OnKey != nil && (e.Ctrl || len(e.Key) > 1 && e.Key != fyne.KeySpace):
		return r.OnKey(e)
	}
	return false
}

// takeBack leaves the mark of it in the card: what an input method has rewritten is told from what the reader typed by it.
func (r *Router) takeBack() {
	if r.card.Len() > 0 {
		r.card.WriteByte('\b')
	}
}

// code tells whether the line end just typed closes a dossier's number or some other code, and acts on it.
func (r *Router) code(now time.Time) bool {
	b := r.burst
	n := time.Duration(len(b.text))
	if n == 0 || n == burstMost || now.Sub(r.last) > pause {
		return false
	}
	text, took := string(b.text), now.Sub(b.began)
	switch {
	case took <= n*pace && dossier.IsDossierNumber(text):
	case took <= n*codePace && n >= codeLeast && !strings.Contains(text, " ") && strings.Trim(text, string(b.text[0])) != "":
	default:
		return false
	}
	b.restore()
	r.head, r.burst = nil, burst{}
	r.tail, r.last = true, now
	r.watch()
	r.deliver(text)
	return true
}

// end is the line end of a card. An input method hands keys on before the characters it is still composing: while fields are
// missing, what is late is waited for.
func (r *Router) end(now time.Time) {
	if wholeCard(r.card.String()) {
		r.finish(now)
		return
	}
	r.ended, r.last = true, now
}

// finish ends a card.
func (r *Router) finish(now time.Time) {
	text := r.card.String()
	r.card.Reset()
	r.reading, r.ended, r.tail, r.last = false, false, !r.ended, now
	r.watch()
	if !r.locked {
		r.deliver(text)
	}
}

func (r *Router) deliver(text string) {
	if dossier.IsDossierNumber(text) {
		if r.OnCode != nil {
			r.OnCode(strings.ToUpper(dossier.Clean(text)))
		}
	} else if r.OnCard != nil {
		r.OnCard(text)
	}
}

// watch looks again and again while a card is read or its line end may come. Silence counts only when two looks in a row saw
// nothing new: after a stall of the screen the first look runs before the keys that were waiting.
func (r *Router) watch() {
	r.quiet, r.seen = 0, r.last
	if r.watched {
		return
	}
	r.watched = true
	r.after(look, r.look)
}

func (r *Router) look() {
	if r.last.Equal(r.seen) {
		r.quiet++
	} else {
		r.quiet, r.seen = 0, r.last
	}
	silent := r.now().Sub(r.last)
	if r.quiet >= 2 {
		switch {
		case r.reading && (silent >= endCut || r.ended && silent >= endLate || silent >= endComplete && wholeCard(r.card.String())):
			r.finish(r.now())
		case r.tail && silent >= pause:
			r.tail = false
		}
	}
	r.watched = r.reading || r.tail
	if r.watched {
		r.after(look, r.look)
	}
}

// wholeCard tells whether the text has all a card must have: six bars and a date of issue.
func wholeCard(text string) bool {
	field := strings.Split(text, "|")
	if len(field) < 7 {
		return false
	}
	_, err := dossier.ParseDate(field[6])
	return err == nil
}

// Lock takes function keys, cards and dialogs from everybody until Unlock: what a reader types into the lock screen is swallowed
// and told to nobody.
func (r *Router) Lock() {
	r.locked, r.modals = true, nil
	r.head, r.burst = nil, burst{}
}

// Unlock ends Lock.
func (r *Router) Unlock() { r.locked, r.burst = false, burst{} }

// Open puts a dialog on top; it answers the keyboard until close.
func (r *Router) Open(m Modal) (close func()) {
	mine := &m
	r.modals = append(r.modals, mine)
	return func() { r.modals = slices.DeleteFunc(r.modals, func(x *Modal) bool { return x == mine }) }
}

// top is what the keyboard answers now, nil for the screen itself.
// Front is what must be answered before anything else, nil where nothing must.
func (r *Router) Front() Modal {
	if len(r.modals) > 0 {
		return *r.modals[len(r.modals)-1]
	}
	return nil
}

func (r *Router) top() Modal {
	if m, ok := r.focus().(Modal); ok {
		return m
	}
	return r.Front()
}

// Scroller is a Modal with more to say than there is room for: these keys go through it where the widget with the focus has no use for them.
type Scroller interface {
	Scroll(fyne.KeyName) (done bool)
}

// answer gives a key to the dialog on top. Function keys of the screen below are not for it.
func (r *Router) answer(top Modal, e Event) bool {
	if e.Ctrl || e.Alt {
		return false
	}
	focus := r.focus()
	if _, menu := focus.(*widget.PopUpMenu); menu { // an open choice inside the dialog has its own Enter and Esc
		return false
	}
	switch e.Key {
	case fyne.KeyEscape:
		top.Cancel()
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		if en := entryOf(focus); focus == nil || en != nil && !en.MultiLine {
			top.Confirm()
			return true
		}
		return false // whatever else has the focus has its own Enter: on "Không" it must not confirm
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		s, ok := top.(Scroller)
		if _, button := focus.(*Button); ok && (button || focus == nil) {
			return s.Scroll(e.Key)
		}
	}
	return false
}

// snapshot is how to put the focused widget back as it is now. What an entry had selected cannot be put back.
func (r *Router) snapshot() func() {
	focus := r.focus()
	if s, ok := focus.(Restorer); ok {
		return s.Snapshot()
	}
	en := entryOf(focus)
	if en == nil {
		return func() {}
	}
	text, row, column := en.Text, en.CursorRow, en.CursorColumn
	return func() {
		en.SetText(text)
		en.CursorRow, en.CursorColumn = row, column
		en.Refresh()
	}
}

// entryOf is the entry inside a focused widget; entries of our own tell it by Base.
func entryOf(f fyne.Focusable) *widget.Entry {
	switch f := f.(type) {
	case *widget.Entry:
		return f
	case interface{ Base() *widget.Entry }:
		return f.Base()
	}
	return nil
}

func isModifier(k fyne.KeyName) bool {
	s := string(k)
	return strings.HasSuffix(s, "Shift") || strings.HasSuffix(s, "Control") || strings.HasSuffix(s, "Alt") ||
		strings.HasSuffix(s, "Super") || s == "CapsLock"
}

func (r *Router) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Router) focus() fyne.Focusable {
	if r.Focus == nil {
		return nil
	}
	return r.Focus()
}

func (r *Router) after(d time.Duration, f func()) {
	if r.After == nil {
		time.AfterFunc(d, func() { fyne.Do(f) })
		return
	}
	r.After(d, f)
}
