package exchange

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
)

func TestPaceSpreadsStationsAndKeepsToWhatIsAsked(t *testing.T) {
	down := dossier.Invalid("", "line.down")
	busy := func(seconds string) error { return dossier.Invalid("", "line.busy", "seconds", seconds) }
	for _, x := range []struct {
		name        string
		failures    int
		err         error
		least, most time.Duration
	}{
		{"all is well", 0, nil, Every / 2, Every * 3 / 2},
		{"once", 1, down, time.Second, 16 * time.Second},
		{"twice", 2, down, time.Second, 31 * time.Second},
		{"five times", 5, down, time.Second, 241 * time.Second},
		{"ever so often", 1000, down, time.Second, Every + time.Second},
		{"asked to wait", 1, busy("10"), 10 * time.Second, 25 * time.Second},
		{"asked to wait a little, again and again", 6, busy("1"), time.Second, Every + time.Second},
		{"asked to wait long", 1, busy("99999"), time.Hour, 2 * time.Hour},
		{"asked beside another", 1, errors.Join(down, busy("60")), time.Minute, 2 * time.Minute},
		{"asked for nothing", 1, busy("0"), time.Second, 16 * time.Second},
		{"asked for nonsense", 1, busy("-7"), time.Second, 16 * time.Second},
	} {
		if got := Pace(x.failures, x.err, 0); got != x.least {
			t.Errorf("%s: at least %v, want %v", x.name, got, x.least)
		}
		if got := Pace(x.failures, x.err, 0.999999999); got < x.most-time.Millisecond || got > x.most {
			t.Errorf("%s: at most %v, want %v", x.name, got, x.most)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := Pace(rapid.Int().Draw(rt, "failures"), busy(rapid.String().Draw(rt, "seconds")), rapid.Float64Range(0, 0.99).Draw(rt, "random"))
		if d < time.Second || d > 2*time.Hour {
			rt.Fatalf("wait %v", d)
		}
	})
}
