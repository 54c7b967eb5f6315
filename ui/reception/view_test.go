package reception

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// room is a screen in a window of the test driver, on a real desk.
type room struct {
	t       *testing.T
	store   *uitest.Store
	paper   *uitest.Paper
	threads *uitest.Threads
	desk    *desk.Desk
	p       *Presenter
	screen  *Screen
	window  fyne.Window
	asked   []func()
	opened  []dossier.ID
	files   []string
	spool   *uitest.Spool
	prints  *kit.Prints
	trouble func(error, func()) bool
}

func open(t *testing.T, size fyne.Size) *room { return openAt(t, size, 1) }

// openAt has texts of another size.
func openAt(t *testing.T, size fyne.Size, text float32) *room {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme(text))
	s := uitest.Station()
	r := &room{t: t, store: uitest.NewStore(&s), paper: &uitest.Paper{}, threads: &uitest.Threads{},
		spool: &uitest.Spool{Have: []dossier.Printer{{Name: "Quầy-1", Default: true}}}}
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store}, r.paper, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	r.desk.Spool = r.spool
	r.prints = &kit.Prints{Threads: r.threads.Kit(), Desk: r.desk}
	r.build(size)
	return r
}

func (r *room) build(size fyne.Size) {
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(),
		Trouble: func(err error, again func()) bool { return r.trouble != nil && r.trouble(err, again) },
		Ask:     func(_, _, _ string, do func()) { r.asked = append(r.asked, do) },
		Begin:   r.prints.Begin,
		Open:    func(id dossier.ID) { r.opened = append(r.opened, id) },
		File:    func(path string) { r.files = append(r.files, path) }})
	r.screen = NewScreen(r.p)
	r.window = test.NewTempWindow(r.t, r.screen.Content())
	r.window.SetPadded(false)
	r.window.Resize(size)
	r.p.Start()
	r.threads.Pass(0)
}

func (r *room) settle() { r.threads.Pass(2 * draftPause) }

func (r *room) key(name fyne.KeyName) { r.p.Key(kit.Event{Key: name, Down: true}) }

func (r *room) ctrl(name fyne.KeyName) { r.p.Key(kit.Event{Key: name, Ctrl: true, Down: true}) }

func (r *room) shoot(name string) {
	r.t.Helper()
	r.settle()
	if err := uitest.Shoot(name, r.window.Canvas().Capture()); err != nil {
		r.t.Fatal(err)
	}
}

func TestPictures(t *testing.T) {
	sizes := map[string]fyne.Size{"1024": fyne.NewSize(1024, 600)}
	if os.Getenv("TIEPNHAN_SHOTS") != "" {
		sizes["1280"] = fyne.NewSize(1280, 800)
	}
	for name, size := range sizes {
		r := open(t, size)
		r.shoot("reception-1-empty-" + name)
		r.ctrl("5")
		r.shoot("reception-2-procedure-" + name)
		r.p.Card(uitest.Person)
		r.shoot("reception-3-card-" + name)
		r.key("F9")
		r.shoot("reception-4-missing-" + name)
		r.p.Text("person.phone", "0900 000 001")
		r.key("F8")
		r.shoot("reception-5-ready-" + name)
		r.key("F9")
		r.shoot("reception-6-kept-" + name)
		r.ctrl("1")
		r.p.Card(uitest.Other)
		r.p.Text("agency.name", "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu")
		r.shoot("reception-7-agency-" + name)
		r.p.Card(uitest.Person)
		r.shoot("reception-8-other-card-" + name)
		r.p.KeepTyped()
		r.key("F4")
		r.shoot("reception-9-refuse-" + name)
	}
}

// TestPicturesOfEachBranch draws what only some requests have, with long values, at every size of text.
func TestPicturesOfEachBranch(t *testing.T) {
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		t.Skip("pictures are drawn where TIEPNHAN_SHOTS names a folder")
	}
	long := "Văn phòng Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu, Phòng Cảnh sát điều tra tội phạm về trật tự xã hội"
	for name, c := range map[string]struct {
		size fyne.Size
		text float32
	}{"1024": {fyne.NewSize(1024, 520), 1}, "150": {fyne.NewSize(1366, 690), 1.5}, "200": {fyne.NewSize(1366, 690), 2}} {
		begin := func() *room { return openAt(t, c.size, c.text) }
		r := begin()
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.key("F8")
		r.ctrl("D")
		r.screen.form.Focus("reference")
		r.shoot("branch-1-at-once-" + name)
		r.key("F9")
		r.shoot("branch-2-at-once-kept-" + name)
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.shoot("branch-3-earlier-" + name)
		r.shift("F4")
		r.shoot("branch-4-ask-" + name)
		r.key("F9")
		r.shoot("branch-5-asked-" + name)
		r = begin()
		r.ctrl("1")
		r.p.Text("agency.name", long)
		r.p.Text("agency.document", "123/CV-CSĐT(M)")
		r.p.Left("agency.document")
		r.p.Text("agency.address", "Số 123 Đường Mẫu kéo dài, Tổ dân phố số 45, Phường Thử Nghiệm, Thành phố Mẫu, Tỉnh Mẫu")
		r.p.Text("reason", "Theo công văn mật số 45 về việc xác minh")
		r.shoot("branch-6-agency-" + name)
		r.screen.form.Focus("subject.name")
		r.shoot("branch-7-subject-" + name)
		r.p.Pick("subject.kind", "office")
		r.screen.form.Focus("reason")
		r.ctrl("T")
		r.p.Day("received-day", "17/11/2026", dossier.Date{Year: 2026, Month: 11, Day: 17}, nil)
		r.p.Text("received-time", "9")
		r.key("F9")
		r.shoot("branch-8-by-hand-" + name)
		r = begin()
		r.ctrl("6")
		r.p.Text("agency.name", long)
		r.shoot("branch-9-organization-" + name)
		r.screen.form.Focus("agency.position")
		r.shoot("branch-10-director-" + name)
		r = begin()
		r.ctrl("5")
		r.p.Card(uitest.Person)
		r.p.Ward(true)
		r.p.Text("relation", "người giám hộ theo quyết định của Ủy ban nhân dân xã")
		r.shoot("branch-11-ward-" + name)
		r.ctrl("G")
		r.p.Other(0, "title", "Quyết định cử người giám hộ của Ủy ban nhân dân xã Bình Mẫu")
		r.ctrl("G")
		r.shoot("branch-12-papers-" + name)
		r.ctrl("T")
		r.p.Day("received-day", "17/11/2026", dossier.Date{Year: 2026, Month: 11, Day: 17}, nil)
		r.p.Text("received-time", "15:20")
		r.shoot("branch-13-when-" + name)
		r = begin()
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.p.Pick("channel", string(dossier.Online))
		r.p.Text("national-code", "G01.899-261119-0077")
		r.key("F8")
		r.settle()
		r.key("F9")
		r.settle()
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.p.Pick("channel", string(dossier.Online))
		r.p.Text("national-code", "G01.899-261119-0077")
		r.key("F8")
		r.settle()
		r.key("F9")
		r.shoot("branch-14-taken-" + name)
		r = begin()
		r.ctrl("3")
		r.p.Card("001099000001||Ksỏ Y Mẫu|01011999|Nam|Buôn Mẫu, Đắk Lắk|15042021")
		r.shoot("branch-15-unikey-" + name)
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t, fyne.NewSize(1024, 600))
	for _, n := range []fyne.KeyName{"1", "2", "3", "4", "5", "6"} {
		r.ctrl(n)
		r.settle()
		if m := r.screen.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
			t.Errorf("Ctrl+%s wants %v", n, m)
		}
	}
	r = openAt(t, fyne.NewSize(1366, 690), 1.5)
	for _, n := range []fyne.KeyName{"1", "3", "6"} {
		r.ctrl(n)
		r.settle()
		if m := r.screen.Content().MinSize(); m.Width > 1340 || m.Height > 640 {
			t.Errorf("Ctrl+%s at 150 %% wants %v", n, m)
		}
	}
}

// The window was made narrower, or texts larger, while nothing was pressed: two procedures beside one another no longer fit.
func TestFormIsFittedToAnotherWidthAtOnce(t *testing.T) {
	columns := func(r *room) int { return r.state().Questions[0].Rows[0][0].Columns }
	r := open(t, fyne.NewSize(1280, 800))
	if columns(r) != 2 {
		t.Fatalf("%d columns in a wide window", columns(r))
	}
	r.window.Resize(fyne.NewSize(760, 800))
	r.settle()
	if columns(r) != 1 {
		t.Error("still two columns in a narrow window")
	}
	r.window.Resize(fyne.NewSize(1280, 800))
	r.settle()
	if columns(r) != 2 {
		t.Error("not two columns again in a wide window")
	}
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(2))
	r.window.Resize(fyne.NewSize(1281, 800)) // the window places everything anew
	r.settle()
	if columns(r) != 1 {
		t.Error("still two columns with large texts")
	}
}

// TestReceptionByKeysAlone receives a citizen's request without card and mouse.
func TestReceptionByKeysAlone(t *testing.T) {
	r := open(t, big)
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			if k == fyne.KeyTab {
				r.window.Canvas().FocusNext()
			} else if !r.p.Key(kit.Event{Key: k, Down: true}) {
				r.focus().TypedKey(&fyne.KeyEvent{Name: k})
			}
			r.settle()
		}
	}
	write := func(s string) { test.Type(r.focus(), s) }
	press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown) // the third row of procedures, left
	if got := r.state().Values["procedure"]; got != "issue-level2" {
		t.Fatalf("arrows chose %q", got)
	}
	press(fyne.KeyReturn) // to the case
	press(fyne.KeyDown, fyne.KeyReturn)
	write("001307012345")
	press(fyne.KeyReturn)
	write("Nguyễn Thị Bình Mẫu")
	press(fyne.KeyReturn)
	write("07122007")
	press(fyne.KeyReturn, fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	write("0900000001")
	press(fyne.KeyReturn)
	write("Tổ 5, Phường Thử")
	press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // past the mail and the representative
	if c, ok := r.focus().(*kit.Check); !ok || c == r.screen.ward {
		t.Fatalf("after the person comes %T, not the papers", r.focus())
	}
	press(fyne.KeySpace, "F9")
	if r.store.Kept() != 1 {
		t.Errorf("not kept; missing: %v", r.state().Missing)
	}
	d, err := r.desk.Find(r.t.Context(), "MAU.01-261119-0001")
	if err != nil || d.Intake.Case != "no-card" || d.Intake.Requester.Person.Sex != dossier.Female || len(d.Intake.Papers) != 1 {
		t.Errorf("%+v %v", d.Intake, err)
	}
}

func TestFocusedFieldIsInSight(t *testing.T) {
	r := open(t, fyne.NewSize(1024, 600))
	r.ctrl("1")
	r.settle()
	for range 60 {
		r.window.Canvas().FocusNext()
		o, ok := r.focus().(fyne.CanvasObject)
		if !ok {
			continue
		}
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		if y < 0 || y+min(o.Size().Height, 30) > 600 {
			t.Fatalf("%T has the focus at %v, out of sight", o, y)
		}
	}
}

// The hour taken down by hand is lacking and has the focus already; a row that came in above it has pushed it below the edge.
func TestFieldThatIsLackingComesIntoSightAgain(t *testing.T) {
	r := open(t, fyne.NewSize(1280, 700))
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.ctrl("T")
	r.settle()
	r.p.Day("received-day", dossier.DateOf(uitest.Now).String(), dossier.DateOf(uitest.Now), nil)
	r.screen.Focus("received-time")
	r.key("F8")
	r.ctrl("D")
	r.settle()
	r.screen.scroll.Top()
	r.key("F9")
	r.settle()
	o := r.focus().(fyne.CanvasObject)
	if y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y; r.p.focus != "received-time" || y < 0 || y+o.Size().Height > 700 {
		t.Errorf("%s has the focus at %v", r.p.focus, y)
	}
}

// BenchmarkLetter is what one typed letter costs the screen, without drawing it.
func BenchmarkLetter(b *testing.B) {
	test.NewApp().Settings().SetTheme(kit.NewTheme(1))
	s := uitest.Station()
	store, threads := uitest.NewStore(&s), &uitest.Threads{}
	d, err := uitest.NewDesk(store, &uitest.Line{Store: store}, &uitest.Paper{}, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	p := New(World{Desk: d, Threads: threads.Kit()})
	w := test.NewWindow(NewScreen(p).Content())
	w.Resize(big)
	p.Start()
	p.Choose("lock-account")
	threads.Pass(2 * draftPause)
	text := []string{"Lê", "Lê V"}
	for i := 0; b.Loop(); i++ {
		p.Text("subject.name", text[i%2])
	}
}
