//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"image"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// middle is where a dialog stands.
var middle = image.Rect(420, 330, 860, 470)

// While something long goes on the window is asked for its keys, and told to put them away again, over and over: both must show on the
// screen. A frame alone takes tens of milliseconds where it is painted by software, and other jobs may run on this machine; the figure said is
// what counts, the bound only catches a window that stands still.
func TestWindowNeverStandsStill(t *testing.T) {
	d := newDisplay(t)
	s := newStation(t)
	s.fill(10_000, 1500)
	s.turnOn()
	s.open(d)
	m := d.watch()
	m.quiet(500 * time.Millisecond)
	var usual time.Duration // while nothing goes on, on this machine as busy as it is
	probe := func(what string, times int) {
		t.Helper()
		var longest time.Duration
		for range times {
			longest = max(longest, m.soonest("help during "+what, middle, "F1"), m.soonest("back during "+what, middle, "Escape"))
		}
		t.Logf("%s: answers within %v", what, longest.Round(time.Millisecond))
		if usual == 0 {
			usual = longest
		}
		if longest > usual+400*time.Millisecond {
			t.Errorf("%s: the window stood still for %v", what, longest)
		}
	}
	probe("nothing", 8)

	d.key("Control", "3")
	d.scan(card, readAs)
	m.quiet(500 * time.Millisecond) // which papers there are is known
	d.key("F8")
	d.key("F9")
	probe("receiving and printing", 5)

	d.key("F5")
	probe("sending 1,500 dossiers", 15)

	d.key("F3")
	m.quiet(300 * time.Millisecond)
	d.key("Control", "9")
	d.write("ng")
	probe("searching", 4)
	d.write("uyen")
	probe("searching more", 4)
	d.key("Return")
	probe("opening a dossier", 4)

	d.key("F3")
	d.key("Escape") // the search
	m.quiet(500 * time.Millisecond)
	d.key("Control", "a")
	m.quiet(500 * time.Millisecond)
	d.key("F8")
	m.quiet(500 * time.Millisecond)
	d.key("F9")
	probe("drawing a batch", 12)

	d.key("F11")
	m.quiet(300 * time.Millisecond)
	d.key("Return")
	m.quiet(500 * time.Millisecond)
	d.key("Control", "4") // this year
	d.key("F9")
	probe("drawing a register of 10,000", 15)
	if left := s.unsent(); left != 0 {
		t.Errorf("%d acts are not sent", left)
	}
}

// unsent is how many acts wait, read beside the open window.
func (s *station) unsent() int {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, nil, toRead, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.close()
	q, err := w.store.Queue(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return q.Acts
}

// rest waits until a part of the window has stayed as it is for a while, whatever goes on in the rest.
func (m *meter) rest(part image.Rectangle) {
	m.d.t.Helper()
	const pause = 100 * time.Millisecond
	was, end, still := m.pixels(part), time.After(10*time.Second), time.NewTimer(pause)
	defer still.Stop()
	for {
		select {
		case <-m.painted:
			if now := m.pixels(part); !bytes.Equal(was, now) {
				was = now
				still.Reset(pause)
			}
		case <-still.C:
			return
		case <-end:
			m.d.t.Fatalf("%v changes for 10 s without a pause", part)
		}
	}
}

// soonest is how long it takes until a part of the window is another one after a key, whatever goes on in the rest.
func (m *meter) soonest(what string, part image.Rectangle, key string) time.Duration {
	m.d.t.Helper()
	m.rest(part)
	was := m.pixels(part)
	m.forget()
	begun, end := time.Now(), time.After(10*time.Second)
	m.d.key(key)
	for {
		select {
		case at := <-m.painted:
			if !bytes.Equal(was, m.pixels(part)) {
				return at.Sub(begun)
			}
		case <-end:
			m.d.save(failed(what))
			m.d.t.Fatalf("%s: %s was not answered in 10 s, see %s", what, key, failed(what))
		}
	}
}

// fill gives the station dossiers of today: so many from another PC of it, and so many of its own that are to be sent.
func (s *station) fill(others, own int) {
	s.t.Helper()
	ctx := s.t.Context()
	w, err := openWorld(ctx, s.data, nil, toWrite, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	now := time.Now().Add(-time.Hour)
	made := func(i int, number string) dossier.Event {
		in, e := storetest.Receive(i, number), storetest.Reception(i, number)
		in.ReceivedAt, e.At = now, now
		if e.Body, err = json.Marshal(in); err != nil {
			s.t.Fatal(err)
		}
		return e
	}
	pc := storetest.NewSister(2)
	if err := w.store.Adopt(ctx, pc.Genesis, pc.Owner()); err != nil {
		s.t.Fatal(err)
	}
	const atOnce = 2500
	for from := 0; from < others; from += atOnce {
		var events []dossier.Event
		for i := from; i < min(from+atOnce, others); i++ {
			events = append(events, made(i, dossier.FormatNumber("MAU", dossier.DateOf(now).AddDays(-i/5000), 3000+i%5000)))
		}
		entries, err := pc.Append(events...)
		if err != nil {
			s.t.Fatal(err)
		}
		if err := w.store.Extend(ctx, pc.Head, pc.Signature(), entries); err != nil {
			s.t.Fatal(err)
		}
	}
	for i := others; i < others+own; i++ {
		e := made(i, "")
		opening := dossier.Opening{ID: e.Dossier, Series: dossier.IntakeSeries, Day: dossier.DateOf(now), Draft: "receive"}
		if _, err := w.store.Receive(ctx, opening, func(number string) ([]dossier.Event, error) { return []dossier.Event{made(i, number)}, nil }); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		s.t.Fatal(err)
	}
}
