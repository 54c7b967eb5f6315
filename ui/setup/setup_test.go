package setup

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

type room struct {
	store   *uitest.Store
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	state   State
	done    int
}

// Show keeps what the screen was told.
func (r *room) Show(s State)       { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string) { r.s.Focus(field) }

func open(t *testing.T, today dossier.Date) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{store: uitest.NewStore(nil), threads: &uitest.Threads{}}
	d, err := uitest.NewDesk(r.store, &uitest.Line{Store: r.store}, &uitest.Paper{}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Done: func() { r.done++ }, Officer: "canbo1", Today: func() dossier.Date { return today }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 540))
	r.p.Attach(r)
	return r
}

var today = dossier.DateOf(uitest.Now)

func TestStationIsSetUpByKeysAlone(t *testing.T) {
	r := open(t, today)
	r.p.Attach(r)
	r.s.Focus("unit.upper")
	for _, text := range []string{"Mẫu", "Bình Mẫu", "Bình Mẫu", "0200", "mau.01", "Công an tỉnh Mẫu"} {
		test.Type(r.w.Canvas().Focused(), text)
		r.w.Canvas().FocusNext()
	}
	r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight}) // desk 2
	r.w.Canvas().FocusNext()
	for _, text := range []string{"Trần Thử", "Cán bộ", "Lê Thủ Trưởng"} {
		test.Type(r.w.Canvas().Focused(), text)
		r.w.Canvas().FocusNext()
	}
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.threads.Run()
	s := r.store.Set
	if s == nil || r.done != 1 {
		t.Fatalf("done %d, said %v", r.done, r.state.Said)
	}
	u := s.Units[0]
	if u.Upper != "CÔNG AN TỈNH MẪU" || u.Name != "CÔNG AN XÃ BÌNH MẪU" || u.Prefix != "MAU.01" || u.Level != dossier.Commune || s.Desk != 2 ||
		s.Officers[0].ID != "canbo1" || s.Officers[0].Title != "Cán bộ" || u.Head != "Lê Thủ Trưởng" || s.Upstreams[0].Name != "Công an tỉnh Mẫu" || s.Sample {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsMissingIsSaidAtItsField(t *testing.T) {
	r := open(t, today)
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.threads.Run()
	for _, f := range []string{"unit.upper", "unit.name", "unit.place", "unit.prefix", "officer"} {
		if r.state.Said[f].Text == "" {
			t.Errorf("%s: nothing said", f)
		}
	}
	if r.done != 0 || r.state.Busy {
		t.Error("half a station was set up")
	}
	r.p.Text("unit.prefix", "Mẫu 1")
	r.p.Keep()
	r.threads.Run()
	if r.state.Said["unit.prefix"].Text == "" || r.state.Values["unit.prefix"] != "Mẫu 1" {
		t.Error("a prefix with marks is let through or lost")
	}
}

func TestDistrictIsOfferedOnlyBeforeItEnded(t *testing.T) {
	for day, want := range map[dossier.Date]int{today: 2, {Year: 2025, Month: 2, Day: 28}: 3} {
		r := open(t, day)
		if n := len(r.p.questions()[0].Rows[0][0].Options); n != want {
			t.Errorf("%v: %d levels", day, n)
		}
	}
}

func TestStoreErrorKeepsWhatIsTyped(t *testing.T) {
	r := open(t, today)
	for f, v := range map[string]string{"unit.upper": "CÔNG AN TỈNH MẪU", "unit.name": "CÔNG AN XÃ MẪU", "unit.place": "Mẫu", "unit.prefix": "M", "officer": "Lê"} {
		r.p.Text(f, v)
	}
	r.store.Before = func(string) error { return uitest.ErrDisk }
	r.p.Keep()
	r.threads.Run()
	if r.state.Wrong == "" || r.state.Values["officer"] != "Lê" || r.state.Busy || r.done != 0 {
		t.Errorf("%+v", r.state)
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	if m := open(t, today).s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
		t.Errorf("wants %v", m)
	}
}
