package incident

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

var here, there = dossier.DeviceID{0xab, 0xcd, 0xef, 0x12}, dossier.DeviceID{0x12, 0x34}

// worst is a desk on its worst day.
type worst struct {
	pcs    []dossier.PC
	report dossier.Incident
	err    error
	orders []desk.IncidentOrder
	told   int
}

func (d *worst) Holiday(dossier.Date) string { return "" }

func (d *worst) Settings(context.Context) (dossier.Settings, bool, error) {
	return uitest.Station(), true, nil
}

func (d *worst) Queue(context.Context) (dossier.Queue, error) { return dossier.Queue{PCs: d.pcs}, nil }

func (d *worst) Incident(_ context.Context, o desk.IncidentOrder, done func(n int)) (dossier.Incident, error) {
	d.orders = append(d.orders, o)
	if d.told > 0 {
		done(d.told)
	}
	out := d.report
	out.What, out.Noticed, out.Since = o.What, o.Noticed, o.Noticed.Add(-dossier.IncidentPastTime)
	out.Own = o.Device == dossier.DeviceID{}
	duties, err := dossier.LoadDuties(assets.Duties)
	if err != nil {
		return out, err
	}
	out.Duties = dossier.DutiesOn(duties, dossier.DateOf(o.Noticed), true)
	return out, d.err
}

func bad() *worst {
	return &worst{pcs: []dossier.PC{{Own: true, Device: here}, {Device: there}}, report: dossier.Incident{Made: uitest.Now, Device: here, Own: true, Dossiers: 12_481, Open: 37, Purged: 4, Agency: 118, Persons: 9_730,
		Unnumbered: 3, Organizations: 52, From: dossier.Date{Year: 2025, Month: 7, Day: 1}, To: dossier.DateOf(uitest.Now), Data: []dossier.DataCount{{Field: dossier.DataName, Persons: 9_730},
			{Field: dossier.DataNumber, Persons: 9_701}, {Field: dossier.DataPhone, Persons: 7_214}}, Store: dossier.StoreEncrypted, Users: []dossier.OfficerID{"chi-huy", "canbo1"},
		Backup: &dossier.IncidentBackup{At: uitest.Now.Add(-16 * time.Hour), To: dossier.PlaceStick, Proved: true}, Written: 48_211, Held: 48_190, Oldest: uitest.Now.Add(-time.Hour),
		Receipt: &dossier.DayReceipt{Number: "000812", At: uitest.Now.Add(-2 * time.Hour)}, Sisters: 1,
		Past: []dossier.IncidentPast{{Who: "canbo1", SignIns: 6, Looks: 214, Reveals: 3, Prints: 96}, {Who: "chi-huy", SignIns: 2, Looks: 12, Exports: 1, Rows: 412}, {Failures: 7}}}}
}

type room struct {
	t       *testing.T
	desk    *worst
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	state   State
	back    int
	shown   []dossier.Incident
}

// Show keeps what the screen was told.
func (r *room) Show(s State)       { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string) { r.s.Focus(field) }
func (r *room) Page(down bool)     { r.s.Page(down) }

func open(t *testing.T, d *worst) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{t: t, desk: d, threads: &uitest.Threads{}}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Preview: func(i dossier.Incident) { r.shown = append(r.shown, i) }, Back: func() { r.back++ }, Now: func() time.Time { return uitest.Now }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 480))
	r.p.Attach(r)
	r.p.Refresh()
	r.threads.Run()
	r.s.Focus("")
	return r
}

func (r *room) press(key fyne.KeyName) {
	r.t.Helper()
	if !r.p.Key(kit.Event{Key: key, Down: true}) {
		r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	r.threads.Run()
}

func (r *room) said() string { return fmt.Sprint(r.state.Parts, r.state.Deadline) }

func TestReportIsMadeByKeysAlone(t *testing.T) {
	r := open(t, bad())
	r.press(fyne.KeySpace) // the first of what can have happened
	r.p.Text("day", "18/11/2026")
	r.p.Text("hour", "22:30")
	r.press("F9")
	noticed := time.Date(2026, 11, 18, 22, 30, 0, 0, dossier.Hanoi)
	if len(r.desk.orders) != 1 || r.desk.orders[0].What != dossier.IncidentLost || !r.desk.orders[0].Noticed.Equal(noticed) || r.desk.orders[0].Device != (dossier.DeviceID{}) {
		t.Fatalf("%+v, said %v", r.desk.orders, r.state.Said)
	}
	for _, want := range []string{"9.730 người", "12.481 hồ sơ", "Trước 22:30 21/11/2026 (72 giờ)", "khoản 1 Điều 23", "chưa đối chiếu", "21 thao tác", "thu hồi", "Trần Thử Nghiệm", "412 dòng", "tên không có",
		"22:30 thứ Bảy, 21/11/2026", "còn 61 giờ", "đã thử khôi phục"} {
		if !strings.Contains(r.said(), want) {
			t.Errorf("%q is missing in %s", want, r.said())
		}
	}
	r.p.Key(kit.Event{Key: "P", Ctrl: true, Down: true})
	if len(r.shown) != 1 || r.shown[0].Persons != 9_730 {
		t.Errorf("%+v", r.shown)
	}
	r.p.Text("hour", "21:00")
	if !r.state.Old || len(r.state.Parts) == 0 {
		t.Error("a report of another time is not called so")
	}
	r.press("F9")
	if r.state.Old {
		t.Error("the new one is")
	}
	if r.press(fyne.KeyEscape); r.back != 1 {
		t.Error("Esc does not lead back")
	}
}

func TestWhatIsMissingIsSaidAtItsField(t *testing.T) {
	r := open(t, bad())
	r.p.Text("day", "31/02/2026")
	r.p.Text("hour", "25:00")
	r.press("F9")
	for _, f := range []string{"what", "day", "hour"} {
		if r.state.Said[f].Text == "" {
			t.Errorf("%s: %v", f, r.state.Said)
		}
	}
	if len(r.desk.orders) != 0 {
		t.Error("it was reckoned all the same")
	}
	r.p.Key(kit.Event{Key: "P", Ctrl: true, Down: true})
	if len(r.shown) != 0 {
		t.Error("nothing was printed")
	}
	r.p.Text("what", string(dossier.IncidentLeaked))
	r.p.Text("day", "19/11/2026")
	r.p.Text("hour", "8h")
	r.desk.err = dossier.Invalid("noticed", "incident.future")
	r.press("F9")
	if r.state.Said["hour"].Text == "" || r.state.Busy != "" || len(r.state.Parts) != 0 {
		t.Errorf("%+v", r.state)
	}
	r.desk.err = uitest.ErrDisk
	r.press("F9")
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.state.Busy != "" {
		t.Errorf("%+v", r.state)
	}
}

func TestAnotherPCCanBeChosenWhereThereIsOne(t *testing.T) {
	r := open(t, bad())
	r.p.Text("what", string(dossier.IncidentLost))
	r.p.Text("device", there.String())
	r.press("F9")
	if r.desk.orders[0].Device != there || !strings.Contains(r.said(), "máy này không biết") {
		t.Errorf("%+v", r.desk.orders)
	}
	alone := bad()
	alone.pcs = alone.pcs[:1]
	r = open(t, alone)
	for _, row := range r.state.Questions[0].Rows {
		if row[0].Key == "device" {
			t.Error("a choice of one")
		}
	}
}

func TestDeadlineThatPassedIsSaidSo(t *testing.T) {
	r := open(t, bad())
	r.p.Text("what", string(dossier.IncidentLeaked))
	r.p.Text("day", "10/11/2026")
	r.press("F9")
	if r.state.Deadline == nil || r.state.Deadline.Tone != kit.Bad {
		t.Errorf("%+v", r.state.Deadline)
	}
	r.p.Text("day", "10/11/2025") // before the law
	r.press("F9")
	if r.state.Deadline == nil || !strings.Contains(r.state.Deadline.Text, "chưa đối chiếu") || strings.Contains(r.said(), "91/2025") {
		t.Errorf("%s", r.said())
	}
}

func TestReckoningIsStoppedByEsc(t *testing.T) {
	r := open(t, bad())
	r.p.Text("what", string(dossier.IncidentLeaked))
	r.desk.err = fmt.Errorf("read: %w", context.Canceled)
	r.p.Reckon()
	if r.state.Busy == "" {
		t.Fatal("nothing is going on")
	}
	r.p.Text("hour", "1") // waits
	if r.press(fyne.KeyEscape); r.back != 0 || r.state.Busy != "" || r.state.Alert == nil || r.state.Values["hour"] == "1" {
		t.Errorf("%+v", r.state)
	}
}

// TestPictures draws the screen in each of its states.
func TestPictures(t *testing.T) {
	made := func(what dossier.IncidentKind) func() *room {
		return func() *room {
			r := open(t, bad())
			r.p.Text("what", string(what))
			r.press("F9")
			return r
		}
	}
	for name, bring := range map[string]func() *room{
		"1-asked":   func() *room { return open(t, bad()) },
		"2-wrong":   func() *room { r := open(t, bad()); r.press("F9"); return r },
		"3-lost":    made(dossier.IncidentLost),
		"4-below":   func() *room { r := made(dossier.IncidentMisused)(); return r },
		"5-reading": func() *room { r := open(t, bad()); r.p.Text("what", "lost"); r.p.Reckon(); return r },
	} {
		for what, x := range map[string]struct {
			size  fyne.Size
			scale float32
		}{"-1280": {fyne.NewSize(1280, 700), 1}, "-1024": {fyne.NewSize(1024, 490), 1}, "-1366-150": {fyne.NewSize(1366, 640), 1.5}, "-200": {fyne.NewSize(1024, 490), 2}} {
			r := bring()
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(x.scale))
			r.w.Resize(x.size)
			r.s.built = false
			r.s.Show(r.p.state())
			r.s.Content().Refresh()
			kit.Relayout(r.s.Content())
			r.s.scroll.Relayout()
			if name == "4-below" {
				r.s.Page(true)
				r.s.Page(true)
			}
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s%s wants %v", name, what, m)
			}
			if os.Getenv("TIEPNHAN_SHOTS") == "" {
				continue
			}
			if err := uitest.Shoot("incident-"+name+what, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
