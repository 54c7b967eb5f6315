package day

import (
	"strings"
	"testing"

	"tiepnhan/ui/kit"
)

// Something is kept or sent just as the day is closed, and the screen reads it all again: that the day is closed is said all the same.
func TestThatTheDayIsClosedIsSaidWhateverIsReadMeanwhile(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.p.Close()
	for _, f := range r.threads.Take() { // it is closed, and read anew
		f()
	}
	r.p.Refresh()
	r.threads.Run()
	if s := r.s.was; s.Mode != Closed || s.Alert == nil || s.Alert.Tone != kit.Good || !strings.Contains(s.Alert.Text, "Đã chốt ngày") {
		t.Errorf("mode %d, %+v", s.Mode, s.Alert)
	}
}

// The day is closed, its report on the screen, and the officer looks for the ones before: there are fewer rows of today than of that report.
func TestEarlierClosingsAreShownFromAClosedDay(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.press("F9", "Ctrl+L")
	if s := r.s.was; s.Mode != Past || s.Rows != 1 {
		t.Errorf("mode %d, %d rows", s.Mode, s.Rows)
	}
}

// Who has gone back to the day still open is not led to the report that was being read.
func TestReportReadTooLateIsNotShown(t *testing.T) {
	for name, leave := range map[string]func(*room){"Esc": func(r *room) { r.p.Back() }, "come again": func(r *room) { r.p.Enter() }} {
		r := open(t)
		r.p.Pick("checker", "Lê Thị Kiểm Tra")
		r.press("F9", "Ctrl+L")
		r.p.OpenDay(0)
		late := r.threads.Take()
		leave(r)
		for _, f := range late {
			f()
		}
		r.threads.Run()
		if s := r.s.was; s.Mode != Today || s.Busy != "" {
			t.Errorf("%s: mode %d, busy %q", name, s.Mode, s.Busy)
		}
	}
}
