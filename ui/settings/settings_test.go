package settings_test

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/settings"
	"tiepnhan/ui/uitest"
)

type glass struct {
	state   settings.State
	focused string
}

func (g *glass) Show(s settings.State) { g.state = s }
func (g *glass) Focus(field string)    { g.focused = field }

type office struct {
	p       *settings.Presenter
	g       *glass
	store   *uitest.Store
	line    *uitest.Line
	desk    *desk.Desk
	threads *uitest.Threads
	changed []dossier.Settings
	gone    string
	folder  error // of the second place for backups
}

func open(t *testing.T) *office {
	t.Helper()
	set := uitest.Station()
	o := &office{g: &glass{}, store: uitest.NewStore(&set), line: &uitest.Line{}, threads: &uitest.Threads{}}
	o.line.Store = o.store
	var err error
	if o.desk, err = uitest.NewDesk(o.store, o.line, &uitest.Paper{}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	o.desk.Spool = &uitest.Spool{Have: []dossier.Printer{{Name: "Quầy-1", Default: true}, {Name: "Văn-phòng", Code: "printer.paper-out"}}}
	o.p = settings.New(settings.World{Desk: o.desk, Threads: o.threads.Kit(), Changed: func(s dossier.Settings) { o.changed = append(o.changed, s) },
		Folder: func(string) error { return o.folder }, Rules: func() { o.gone = "rules" }, Back: func() { o.gone = "back" }})
	o.p.Attach(o.g)
	o.p.Refresh()
	o.threads.Run()
	return o
}

func (o *office) keep() { o.p.Key(kit.Event{Key: "F9"}); o.threads.Run() }

func TestARenamedUnitBeginsATermAndTheOldOneStays(t *testing.T) {
	o := open(t)
	o.p.Text("unit.name", "Công an phường Bình Mẫu")
	o.p.Text("from", "01/12/2026")
	o.keep()
	if len(o.changed) != 1 || len(o.store.Set.Units) != 2 {
		t.Fatalf("%+v, alert %+v", o.store.Set.Units, o.g.state.Alert)
	}
	before, err := o.store.Set.UnitOn(dossier.Date{Year: 2026, Month: 11, Day: 30})
	if err != nil || before.Name != "CÔNG AN XÃ BÌNH MẪU" {
		t.Error(before.Name, err)
	}
	after, err := o.store.Set.UnitOn(dossier.Date{Year: 2026, Month: 12, Day: 1})
	if err != nil || after.Name != "CÔNG AN PHƯỜNG BÌNH MẪU" {
		t.Error(after.Name, err)
	}
	// The same day again mends that term; an earlier one is refused.
	o.p.Text("unit.head", "Lê Văn Giả")
	o.p.Text("from", "01/12/2026")
	o.keep()
	if len(o.store.Set.Units) != 2 || o.store.Set.Units[1].Head != "Lê Văn Giả" {
		t.Errorf("%+v", o.store.Set.Units)
	}
	o.p.Text("unit.place", "Nơi khác")
	o.p.Text("from", "01/01/2026")
	o.keep()
	if o.g.state.Said["from"].Text == "" || o.g.focused != "from" || len(o.store.Set.Units) != 2 {
		t.Errorf("a term before the last: %+v", o.g.state.Said)
	}
}

func TestNothingChangedKeepsNothing(t *testing.T) {
	o := open(t)
	calls := len(o.store.Calls)
	o.keep()
	if len(o.store.Calls) != calls || o.g.state.Alert == nil || o.g.state.Dirty {
		t.Errorf("%+v, %v", o.g.state.Alert, o.store.Calls[calls:])
	}
}

func TestHoursOfficersAndThisPC(t *testing.T) {
	o := open(t)
	for field, v := range map[string]string{"morning.from": "8h00", "cutoff": "16:30", "saturday": "counts", "swap": "no", "officer.0.title": "Đội trưởng",
		"officer.1.name": "Phạm Thị Thử", "text-size": "150", "printer": "Văn-phòng", "paper": dossier.PaperA4, "form-set": "tt03-2025", "desk": "2"} {
		o.p.Text(field, v)
	}
	o.keep()
	s := *o.store.Set
	if s.Hours.Morning[0] != 8*60 || s.Hours.Cutoff != 16*60+30 || !s.Hours.SaturdayCounts || !s.Hours.SaturdayMorning || s.Hours.SwapSaturdays {
		t.Errorf("hours %+v", s.Hours)
	}
	if len(s.Officers) != 2 || s.Officers[1].Name != "Phạm Thị Thử" || s.Officers[1].ID == s.Officers[0].ID || s.Officers[0].Title != "Đội trưởng" {
		t.Errorf("officers %+v", s.Officers)
	}
	if s.TextSize != 150 || s.Printer != "Văn-phòng" || s.Paper != dossier.PaperA4 || s.FormSet != "tt03-2025" || s.Desk != 2 || len(s.Units) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestTheOtherPCsOfTheStationAreKeptAsAddressesWithPorts(t *testing.T) {
	o := open(t)
	if v := o.g.state.Values["lan"]; v != "" || o.g.state.Dirty {
		t.Fatalf("before: %q", v)
	}
	o.p.Text("lan", "192.168.1.5; MAY-QUAY-3:5000")
	o.keep()
	if got := strings.Join(o.store.Set.LAN, " "); got != "192.168.1.5:47218 may-quay-3:5000" {
		t.Fatalf("kept %q, said %+v", got, o.g.state.Said)
	}
	if v := o.g.state.Values["lan"]; v != "192.168.1.5, may-quay-3:5000" || o.g.state.Dirty {
		t.Errorf("shown again: %q", v)
	}
	o.p.Text("lan", "192.168.1.500")
	o.keep()
	if said := o.g.state.Said["lan"].Text; !strings.Contains(said, "192.168.1.500") || o.g.focused != "lan" || len(o.store.Set.LAN) != 2 {
		t.Errorf("a wrong one: %q, focus %q, %q", said, o.g.focused, o.store.Set.LAN)
	}
	o.p.Text("lan", " ")
	o.keep()
	if o.store.Set.LAN != nil {
		t.Errorf("taken away: %q", o.store.Set.LAN)
	}
}

func TestASecondPlaceForBackupsIsLookedAtAndKept(t *testing.T) {
	o := open(t)
	o.folder = dossier.Invalid("backup", "keep.folder-gone")
	o.p.Text("backup", `"D:\sao-luu"`)
	o.keep()
	if o.g.state.Said["backup"].Text == "" || o.g.focused != "backup" || o.store.Set.Backup != "" || o.g.state.Busy {
		t.Fatalf("%+v", o.g.state.Said)
	}
	o.folder = dossier.Problems{dossier.Warning("backup", "keep.folder-disk")} // nothing forbids it
	o.keep()
	if s := o.g.state; o.store.Set.Backup != `D:\sao-luu` || !s.Said["backup"].Warn || s.Alert.Tone != kit.Warn || s.Dirty {
		t.Errorf("%q, %+v", o.store.Set.Backup, s)
	}
	o.folder = dossier.Invalid("backup", "keep.folder-gone") // a stick that is out today keeps nobody from changing something else
	o.p.Text("unit.phone", "0200 111 2222")
	o.keep()
	if o.g.state.Alert.Tone != kit.Good {
		t.Errorf("%+v", o.g.state.Alert)
	}
	o.p.Text("backup", "")
	o.keep()
	if o.store.Set.Backup != "" {
		t.Errorf("%q", o.store.Set.Backup)
	}
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	for field, typed := range map[string]string{"unit.name": "", "unit.prefix": "sai ký hiệu!", "morning.from": "sáng", "cutoff": "23:00", "officer.0.name": " ", "afternoon.to": "10:00"} {
		o := open(t)
		o.p.Text(field, typed)
		o.keep()
		if len(o.g.state.Said) == 0 || len(o.changed) > 0 || o.g.focused == "" {
			t.Errorf("%s = %q: %+v", field, typed, o.g.state.Said)
		}
		if v := o.g.state.Values[field]; v != typed {
			t.Errorf("%s: what was typed became %q", field, v)
		}
	}
}

func TestADeskNumberUpstreamGaveIsNotChangedHere(t *testing.T) {
	o := open(t)
	o.line.Is = true
	now := *o.store.Set
	now.Desk = 3
	if err := o.desk.Amend(t.Context(), *o.store.Set, now); dossier.Code(err) != "settings.desk-granted" {
		t.Error(err)
	}
}

func TestSettingsChangedElsewhereAreNotOverwritten(t *testing.T) {
	o := open(t)
	o.p.Text("unit.phone", "0200 111 2222")
	if err := o.desk.ChoosePrinter(t.Context(), "Văn-phòng", ""); err != nil {
		t.Fatal(err)
	}
	o.keep()
	if o.g.state.Alert == nil || o.g.state.Alert.Tone != kit.Bad || o.store.Set.Units[0].Phone == "0200 111 2222" {
		t.Errorf("%+v", o.g.state.Alert)
	}
	o.p.Key(kit.Event{Key: "R", Ctrl: true})
	o.threads.Run()
	if o.g.state.Dirty || o.g.state.Values["printer"] != "Văn-phòng" {
		t.Errorf("what is in force was not read again: %v", o.g.state.Values["printer"])
	}
}

func TestLeavingLosesNothingTyped(t *testing.T) {
	o := open(t)
	o.p.Text("unit.phone", "0200 111 2222")
	o.p.Key(kit.Event{Key: "Escape"})
	o.p.Refresh()
	o.threads.Run()
	if o.gone != "back" || o.g.state.Values["unit.phone"] != "0200 111 2222" || !o.g.state.Dirty {
		t.Errorf("%q %v", o.gone, o.g.state.Values["unit.phone"])
	}
	if o.p.Key(kit.Event{Key: "L", Ctrl: true}); o.gone != "rules" {
		t.Error("Ctrl+L shows the rules")
	}
}

func TestAFullDiskIsSaidAndWhatWasTypedStays(t *testing.T) {
	o := open(t)
	o.store.Before = func(call string) error {
		if strings.HasPrefix(call, "Record") {
			return errors.New("full")
		}
		return nil
	}
	o.p.Text("unit.phone", "0200 111 2222")
	o.keep()
	if o.g.state.Alert == nil || o.g.state.Alert.Tone != kit.Bad || !o.g.state.Dirty || o.g.state.Busy {
		t.Errorf("%+v", o.g.state)
	}
}

func TestPicturesOfSettings(t *testing.T) {
	a := test.NewTempApp(t)
	for _, shot := range []struct {
		name       string
		w, h, text float32
		do         func(o *office)
	}{{"settings", 1280, 800, 1, func(*office) {}}, {"settings-1024", 1024, 600, 1, func(*office) {}}, {"settings-200", 1366, 768, 2, func(*office) {}},
		{"settings-wrong", 1280, 800, 1, func(o *office) { o.p.Text("unit.name", ""); o.p.Text("unit.prefix", "sai!"); o.keep() }},
		{"settings-enrolled-150", 1366, 768, 1.5, func(o *office) {
			o.line.Is = true
			o.store.Set.Units = append(o.store.Set.Units, o.store.Set.Units[0])
			o.store.Set.Units[1].From, o.store.Set.Units[1].Head = dossier.Date{Year: 2026, Month: 10, Day: 1}, "Lê Văn Giả"
			o.p.Refresh()
			o.threads.Run()
		}}} {
		a.Settings().SetTheme(kit.NewTheme(shot.text))
		o := open(t)
		s := settings.NewScreen(o.p)
		w := test.NewTempWindow(t, s.Content())
		w.SetPadded(false)
		w.Resize(fyne.NewSize(shot.w, shot.h))
		s.Focus("")
		shot.do(o)
		if err := uitest.Shoot(shot.name, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"saturday", "form-set", "lan", "backup"} {
			s.Focus(field)
			if err := uitest.Shoot(shot.name+"-"+field, w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
		if m := s.Content().MinSize(); m.Width > shot.w || m.Height > shot.h-100 {
			t.Errorf("%s wants %v", shot.name, m)
		}
	}
}

// What was read just before something was kept comes back after it.
func TestSettingsReadBeforeTheyWereKeptAreNotShown(t *testing.T) {
	o := open(t)
	var back []func()
	o.p.Threads.OnUI = func(f func()) { back = append(back, f) }
	o.p.Refresh()
	o.threads.Run()
	late := back
	o.p.Threads.OnUI = func(f func()) { f() }
	o.p.Text("unit.phone", "0200 111 2222")
	o.keep()
	for _, f := range late {
		f()
	}
	if got := o.g.state.Values["unit.phone"]; got != "0200 111 2222" {
		t.Errorf("%q is shown though another is in force", got)
	}
}

func TestWhetherALockWantsASecondPersonIsOneTick(t *testing.T) {
	o := open(t)
	if o.g.state.Values["lock-twice"] != "no" || o.g.state.Dirty {
		t.Fatalf("before: %q", o.g.state.Values["lock-twice"])
	}
	o.p.LockTwice(true)
	o.keep()
	if !o.store.Set.LockTwice || o.g.state.Values["lock-twice"] != "yes" || o.g.state.Dirty {
		t.Errorf("kept %v, said %+v", o.store.Set.LockTwice, o.g.state.Said)
	}
	o.p.LockTwice(false)
	o.p.Undo()
	o.threads.Run()
	if o.g.state.Values["lock-twice"] != "yes" || !o.store.Set.LockTwice {
		t.Error("undone is not as it was")
	}
	o.p.LockTwice(false)
	o.keep()
	if o.store.Set.LockTwice {
		t.Error("it cannot be taken back")
	}
}
