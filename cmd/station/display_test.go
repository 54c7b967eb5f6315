//go:build e2e

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// display is a screen of our own with a keyboard on it: Xvfb, driven as a reader and a person would.
type display struct {
	t    testing.TB
	name string
	conn *xgb.Conn
	root xproto.Window
	keys map[rune]xproto.Keycode
	syms map[string]xproto.Keycode
}

const screenWidth, screenHeight = 1280, 800

func newDisplay(t testing.TB) *display {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatalf("start Xvfb: %v", err)
	}
	write.Close()
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not say its display: %v", err)
	}
	d := &display{t: t, name: ":" + strings.TrimSpace(line)}
	xgb.Logger.SetOutput(io.Discard)
	if d.conn, err = xgb.NewConnDisplay(d.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.conn.Close)
	if err := xtest.Init(d.conn); err != nil {
		t.Fatal(err)
	}
	d.root = xproto.Setup(d.conn).DefaultScreen(d.conn).Root
	d.mapKeys()
	// A key that is down for long because this machine is busy is not one held down.
	if err := xproto.ChangeKeyboardControlChecked(d.conn, xproto.KbAutoRepeatMode, []uint32{xproto.AutoRepeatModeOff}).Check(); err != nil {
		t.Fatal(err)
	}
	return d
}

// letters are all that the tests type beside plain ones. Each gets a key of its own before the program starts, so that none is lost to a
// change of the keyboard in mid-word.
const letters = card + "abcdefghijklmnopqrstuvwxyz"

var named = map[string]uint32{"F1": 0xffbe, "F2": 0xffbf, "F3": 0xffc0, "F4": 0xffc1, "F5": 0xffc2, "F6": 0xffc3, "F7": 0xffc4,
	"F8": 0xffc5, "F9": 0xffc6, "F10": 0xffc7, "F11": 0xffc8, "F12": 0xffc9, "Insert": 0xff63, "Return": 0xff0d, "Escape": 0xff1b, "Tab": 0xff09, "Down": 0xff54,
	"Up": 0xff52, "Alt": 0xffe9, "Control": 0xffe3, "Shift": 0xffe1, "BackSpace": 0xff08, "Home": 0xff50, "End": 0xff57, "Next": 0xff56, "space": 0x20}

// mapKeys learns which key gives which named symbol and puts every letter on a key that had none.
func (d *display) mapKeys() {
	setup := xproto.Setup(d.conn)
	first, count := setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)
	have, err := xproto.GetKeyboardMapping(d.conn, first, count).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	d.keys, d.syms = map[rune]xproto.Keycode{}, map[string]xproto.Keycode{}
	per := int(have.KeysymsPerKeycode)
	var spare []xproto.Keycode
	for i := range int(count) {
		code := first + xproto.Keycode(i)
		free := true
		for j := range per {
			sym := have.Keysyms[i*per+j]
			free = free && sym == 0
			for name, want := range named {
				if j == 0 && uint32(sym) == want && d.syms[name] == 0 {
					d.syms[name] = code
				}
			}
			// The digits keep their own keys: Alt with a digit chooses a procedure.
			if j == 0 && sym >= '0' && sym <= '9' && d.keys[rune(sym)] == 0 {
				d.keys[rune(sym)] = code
			}
			// Letters of the plain alphabet too: shortcuts are made with them.
			if j == 0 && (sym >= 'a' && sym <= 'z' || sym == '.' || sym == '-') && d.keys[rune(sym)] == 0 {
				d.keys[rune(sym)] = code
			}
		}
		if free {
			spare = append(spare, code)
		}
	}
	for _, r := range letters {
		if d.keys[r] != 0 {
			continue
		}
		if len(spare) == 0 {
			d.t.Fatalf("no key is left for %q", r)
		}
		code := spare[0]
		spare = spare[1:]
		sym := xproto.Keysym(r)
		if r > 0xff {
			sym |= 0x01000000
		}
		if err := xproto.ChangeKeyboardMappingChecked(d.conn, 1, code, 2, []xproto.Keysym{sym, sym}).Check(); err != nil {
			d.t.Fatal(err)
		}
		d.keys[r] = code
	}
}

func (d *display) press(code xproto.Keycode, down bool) {
	kind := byte(xproto.KeyPress)
	if !down {
		kind = xproto.KeyRelease
	}
	if err := xtest.FakeInputChecked(d.conn, kind, byte(code), 0, d.root, 0, 0, 0).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// key presses a named key or letter, with the modifiers named before it: "Alt", "3".
func (d *display) key(names ...string) {
	d.t.Helper()
	var codes []xproto.Keycode
	for _, n := range names {
		code := d.syms[n]
		if code == 0 && len([]rune(n)) == 1 {
			code = d.keys[[]rune(n)[0]]
		}
		if code == 0 {
			d.t.Fatalf("no key %q", n)
		}
		codes = append(codes, code)
		d.press(code, true)
	}
	for i := len(codes) - 1; i >= 0; i-- {
		d.press(codes[i], false)
	}
}

// scan types as a card reader does: a letter every gap, and Return at the end.
func (d *display) scan(text string, gap time.Duration) {
	d.t.Helper()
	tick := time.NewTicker(gap)
	defer tick.Stop()
	for _, r := range text {
		if r >= 'A' && r <= 'Z' && d.keys[r] == 0 {
			d.key("Shift", strings.ToLower(string(r)))
		} else {
			d.key(string(r))
		}
		<-tick.C
	}
	d.key("Return")
}

// write types as a quick person does.
func (d *display) write(text string) {
	d.t.Helper()
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	for _, r := range text {
		d.key(string(r))
		<-tick.C
	}
}

// picture is the screen as it is now.
func (d *display) picture() *image.RGBA {
	d.t.Helper()
	got, err := xproto.GetImage(d.conn, xproto.ImageFormatZPixmap, xproto.Drawable(d.root), 0, 0, screenWidth, screenHeight, 0xffffffff).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	for i := 0; i+3 < len(got.Data); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = got.Data[i+2], got.Data[i+1], got.Data[i], 0xff
	}
	return img
}

// save keeps the screen as a picture.
func (d *display) save(path string) {
	d.t.Helper()
	img := d.picture()
	d.noTileStandsOut(path, img)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// noTileStandsOut looks for what a painter without a graphics processor gets wrong: it paints squares of 64 dots, one in one way and its neighbour in
// another.
func (d *display) noTileStandsOut(path string, img *image.RGBA) {
	d.t.Helper()
	const side = 64
	for y := side; y+side < screenHeight; y += side {
		for x := side; x+side < screenWidth; x += side {
			around := img.RGBAAt(x-1, y+side/2)
			if around == img.RGBAAt(x, y) || around != img.RGBAAt(x+side, y+side/2) || around != img.RGBAAt(x+side/2, y-1) || around != img.RGBAAt(x+side/2, y+side) {
				continue
			}
			even := true
			for i := range side * side {
				even = even && img.RGBAAt(x+i%side, y+i/side) == img.RGBAAt(x, y)
			}
			if even {
				d.t.Errorf("%s: the square at %d,%d is %v, all around it %v", path, x, y, img.RGBAAt(x, y), around)
			}
		}
	}
}

// colours counts the colours of the screen, up to enough to know that a window was painted.
func (d *display) colours() int {
	seen := map[color.RGBA]bool{}
	img := d.picture()
	for y := 0; y < screenHeight; y += 4 {
		for x := 0; x < screenWidth; x += 4 {
			if seen[img.RGBAAt(x, y)] = true; len(seen) > 12 {
				return len(seen)
			}
		}
	}
	return len(seen)
}

// focus gives the keyboard to the program's window, as a window manager would, once it is painted.
func (d *display) focus() {
	d.t.Helper()
	d.until("the window is painted", func() bool { return d.colours() > 12 })
	tree, err := xproto.QueryTree(d.conn, d.root).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	for _, w := range tree.Children {
		if a, err := xproto.GetWindowAttributes(d.conn, w).Reply(); err == nil && a.MapState == xproto.MapStateViewable {
			if err := xproto.SetInputFocusChecked(d.conn, xproto.InputFocusPointerRoot, w, 0).Check(); err != nil {
				d.t.Fatal(err)
			}
			return
		}
	}
	d.t.Fatal("no window on the screen")
}

// focusTop gives the keyboard to the window on top and tells how many there are.
func (d *display) focusTop() int {
	d.t.Helper()
	tree, err := xproto.QueryTree(d.conn, d.root).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	n := 0
	for _, w := range tree.Children {
		if a, err := xproto.GetWindowAttributes(d.conn, w).Reply(); err == nil && a.MapState == xproto.MapStateViewable {
			if err := xproto.SetInputFocusChecked(d.conn, xproto.InputFocusPointerRoot, w, 0).Check(); err != nil {
				d.t.Fatal(err)
			}
			n++
		}
	}
	return n
}

// settled waits until the screen has stopped changing.
func (d *display) settled() {
	d.t.Helper()
	var last []byte
	same := 0
	d.until("the screen is still", func() bool {
		now := d.picture().Pix
		if bytes.Equal(now, last) {
			same++
		} else {
			same = 0
		}
		last = now
		return same >= 4
	})
}

// until asks again and again until what is waited for holds.
func (d *display) until(what string, holds func() bool) {
	d.t.Helper()
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); !holds(); <-tick.C {
		if time.Now().After(end) {
			d.t.Fatalf("waited 30 s in vain: %s", what)
		}
	}
}

// close asks the window on top to close, as the cross in its corner does that is pressed so many times at once.
func (d *display) close(times int) {
	d.t.Helper()
	atom := func(name string) xproto.Atom {
		a, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			d.t.Fatal(err)
		}
		return a.Atom
	}
	focus, err := xproto.GetInputFocus(d.conn).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	ask := xproto.ClientMessageEvent{Format: 32, Window: focus.Focus, Type: atom("WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(atom("WM_DELETE_WINDOW")), 0, 0, 0, 0})}
	first := xproto.SendEventChecked(d.conn, false, focus.Focus, 0, string(ask.Bytes()))
	for range times - 1 { // it may be gone by then
		xproto.SendEvent(d.conn, false, focus.Focus, 0, string(ask.Bytes()))
	}
	if err := first.Check(); err != nil {
		d.t.Fatal(err)
	}
}
