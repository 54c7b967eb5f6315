package dossier

import (
	"encoding/json"
	"testing"
)

func TestDeskIsOpenInItsHoursOnly(t *testing.T) {
	cal := shippedCalendar(t)
	saturday, swapless := DefaultHours, DefaultHours
	saturday.SaturdayMorning = true
	swapless.SwapSaturdays = false
	for _, v := range []struct {
		at    string
		hours Hours
		open  bool
	}{
		{"25/11/2026 07:29", DefaultHours, false},
		{"25/11/2026 07:30", DefaultHours, true},
		{"25/11/2026 11:30", DefaultHours, false},
		{"25/11/2026 13:30", DefaultHours, true},
		{"25/11/2026 17:00", DefaultHours, false},
		{"24/11/2026 09:00", DefaultHours, false}, // holiday
		{"28/11/2026 09:00", DefaultHours, false},
		{"28/11/2026 09:00", saturday, true},
		{"28/11/2026 14:00", saturday, false},
		{"29/11/2026 09:00", saturday, false},
		{"02/05/2026 09:00", saturday, true},
		{"01/05/2027 09:00", saturday, false}, // a holiday on a Saturday
		{"22/08/2026 14:00", DefaultHours, true},
		{"22/08/2026 09:00", swapless, false},
	} {
		if got := v.hours.Open(cal, moment(t, v.at)); got != v.open {
			t.Errorf("%s: open %v", v.at, got)
		}
	}
}

func TestHoursAreKeptAsPeopleWriteThem(t *testing.T) {
	h := DefaultHours
	h.Cutoff = 15*60 + 5
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"morning":["07:30","11:30"],"afternoon":["13:30","17:00"],"saturday-morning":false,"saturday-counts":false,"swap-saturdays":true,"cutoff":"15:05"}`
	if string(b) != want {
		t.Errorf("got %s", b)
	}
	var back Hours
	if err := json.Unmarshal(b, &back); err != nil || back != h {
		t.Errorf("came back as %+v, %v", back, err)
	}
	for _, s := range []string{"25:00", "7h30", "07:60", "-1:00", "07:30:00", " "} {
		var c Clock
		if err := c.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q was read as %s", s, c)
		}
	}
}

func TestHoursThatAreNoDayAreRefused(t *testing.T) {
	if err := DefaultHours.Check(); err != nil {
		t.Fatal(err)
	}
	for code, changes := range map[string][]func(*Hours){
		"hours.order": {
			func(h *Hours) { *h = Hours{} },
			func(h *Hours) { h.Morning[1] = h.Morning[0] },
			func(h *Hours) { h.Afternoon[0] = h.Morning[0] },
			func(h *Hours) { h.Afternoon[1] = 24 * 60 },
			func(h *Hours) { h.Morning[0] = -5 },
		},
		"hours.cutoff": {
			func(h *Hours) { h.Cutoff = h.Morning[0] },
			func(h *Hours) { h.Cutoff = h.Afternoon[1] + 1 },
			func(h *Hours) { h.Cutoff = -1 },
		},
	} {
		for i, change := range changes {
			h := DefaultHours
			change(&h)
			if got := Code(h.Check()); got != code {
				t.Errorf("%s %d: %q", code, i, got)
			}
		}
	}
}

// A station that works every Saturday morning works that of a swap too, even where it does not follow the State's swaps.
func TestSaturdayThatCountsCountsOnASwapDayToo(t *testing.T) {
	h := DefaultHours
	h.SaturdayCounts, h.SwapSaturdays = true, false
	due, err := Reckon(Limit{1, WorkingDays}, shippedCalendar(t), h, moment(t, "21/08/2026 09:00"))
	if err != nil || !due.At.Equal(moment(t, "22/08/2026 11:30")) {
		t.Error(due.At, err)
	}
}

func TestHourIsReadAsItIsTyped(t *testing.T) {
	for typed, want := range map[string]string{"16:05": "16:05", "16h05": "16:05", "16H05": "16:05", "16g05": "16:05", "16.05": "16:05", "1605": "16:05", "805": "08:05",
		" 8:05 ": "08:05", "16h": "16:00", "8g": "08:00"} {
		if c, err := ParseClock(typed); err != nil || c.String() != want {
			t.Errorf("%q is %v, %v", typed, c, err)
		}
	}
	for _, typed := range []string{"", "8", "8:", "16", "2500", "24:00", "16605", "1665", "h", "-805", "chiều"} {
		if c, err := ParseClock(typed); Code(err) != "clock.format" {
			t.Errorf("%q was taken for %v, %v", typed, c, err)
		}
	}
}
