package reception

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// atOnce is a citizen's request to lock their own card.
func atOnce(t *testing.T) *room {
	t.Helper()
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.key("F8")
	r.settle()
	return r
}

// byHand is a citizen's request taken down by hand two days ago, and done then.
func byHand(t *testing.T) *room {
	t.Helper()
	r := atOnce(t)
	r.ctrl("D")
	r.ctrl("T")
	r.p.Day("received-day", "17/11/2026", dossier.Date{Year: 2026, Month: 11, Day: 17}, nil)
	r.p.Text("received-time", "15:20")
	r.settle()
	return r
}

func TestWhatWasDoneByHandIsKeptAtItsOwnMoment(t *testing.T) {
	then := time.Date(2026, 11, 17, 15, 20, 0, 0, dossier.Hanoi)
	for name, c := range map[string]struct {
		day, hour string
		at        time.Time
	}{
		"with the reception": {"", "", then},
		"a little later":     {"", "15:45", then.Add(25 * time.Minute)},
		"the day after":      {"18/11/2026", "8:05", time.Date(2026, 11, 18, 8, 5, 0, 0, dossier.Hanoi)},
		"the same day said":  {"17/11/2026", "", then},
	} {
		r := byHand(t)
		if c.day != "" {
			d, err := dossier.ParseDate(c.day)
			r.p.Day("done-day", c.day, d, err)
		}
		r.p.Text("done-time", c.hour)
		r.settle()
		s := r.state()
		if too := strings.Join(s.Too, " "); !s.Ready || !strings.Contains(too, "lúc "+kit.Moment(c.at)) {
			t.Fatalf("%s: %q, missing %v", name, too, s.Missing)
		}
		r.key("F9")
		r.settle()
		d := r.only()
		if d.Done == nil || !d.Done.At.Equal(c.at) {
			t.Errorf("%s: done %+v", name, d.Done)
		}
		if k := r.state().Kept; !strings.Contains(k.National, kit.Moment(c.at)) {
			t.Errorf("%s: %q", name, k.National)
		}
		if s := r.state(); s.Values["done-time"] != "" || s.Values["done-day"] != "" {
			t.Errorf("%s: the next form begins with %q %q", name, s.Values["done-day"], s.Values["done-time"])
		}
	}
}

func TestMomentItWasDoneIsAskedOnlyWhereItIsInDoubt(t *testing.T) {
	r := atOnce(t)
	asked := func() bool { return r.p.shown()["done-time"] }
	r.ctrl("D")
	if asked() {
		t.Error("while the citizen stands there it is done now")
	}
	r.ctrl("T")
	if !asked() {
		t.Error("taken down by hand, when was it done?")
	}
	r.ctrl("U")
	if asked() {
		t.Error("it was not done")
	}
	r.ctrl("D")
	r.p.Text("done-time", "9:00")
	r.ctrl("T")
	r.settle()
	if asked() || r.state().Values["done-time"] != "" {
		t.Error("now after all")
	}
	r.key("F9")
	r.settle()
	if d := r.only(); d.Done == nil || d.Done.At.Before(d.Intake.ReceivedAt) {
		t.Errorf("%+v, received %v", d.Done, d.Intake.ReceivedAt)
	}
}

func TestImpossibleMomentIsSaidAtItsField(t *testing.T) {
	for name, hour := range map[string]string{"before": "15:19", "nonsense": "25:00", "half typed": "9:"} {
		r := byHand(t)
		r.p.Text("done-time", hour)
		r.settle()
		r.key("F9")
		r.settle()
		if s := r.state(); r.store.Kept() != 0 || s.Said["done-time"].Text == "" || s.Ready {
			t.Errorf("%s: kept %d, said %v", name, r.store.Kept(), s.Said)
		}
		r.p.Text("done-time", "15:30")
		r.settle()
		if s := r.state(); s.Said["done-time"].Text != "" || !s.Ready {
			t.Errorf("%s: mended: %v, %v", name, s.Said["done-time"], s.Missing)
		}
		r.key("F9")
		r.settle()
		if r.store.Kept() != 1 {
			t.Errorf("%s: mended and not kept", name)
		}
	}
	r := byHand(t)
	d := dossier.Date{Year: 2026, Month: 11, Day: 25}
	r.p.Day("done-day", d.String(), d, nil)
	r.settle()
	if s := r.state(); s.Ready {
		t.Error("another day without an hour")
	}
	r.p.Text("done-time", "8:00")
	r.key("F9")
	r.settle()
	if s := r.state(); r.store.Kept() != 0 || s.Said["done-time"].Text == "" {
		t.Error("in the future")
	}
}

func TestMomentItWasDoneIsInTheDraft(t *testing.T) {
	r := byHand(t)
	r.p.Day("done-day", "18/1", dossier.Date{}, dossier.Invalid("", "date.unfinished"))
	r.p.Text("done-time", "8:")
	r.p.Left("done-time")
	r.threads.Run()
	r.build(big)
	if s := r.state(); s.Values["answer"] != answerDone || s.Values["done-day"] != "18/1" || s.Values["done-time"] != "8:" || s.Values["received-time"] != "15:20" {
		t.Errorf("%v", s.Values)
	}
}

// It is answered by keys alone, in the order of the form.
func TestMomentItWasDoneByKeysAlone(t *testing.T) {
	r := byHand(t)
	r.screen.form.Focus("done-day")
	test.Type(r.focus(), "18112026")
	r.window.Canvas().FocusNext()
	if r.p.focus != "done-time" {
		t.Fatalf("after the day comes %s", r.p.focus)
	}
	test.Type(r.focus(), "08:10")
	r.settle()
	r.shoot("done-at-" + r.t.Name())
	r.key("F9")
	r.settle()
	if d := r.only(); d.Done == nil || !d.Done.At.Equal(time.Date(2026, 11, 18, 8, 10, 0, 0, dossier.Hanoi)) {
		t.Errorf("%+v", d.Done)
	}
}
