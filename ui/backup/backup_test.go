package backup

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// shelf is a desk that keeps backups and what it was asked.
type shelf struct {
	*uitest.Vault
	calls []string
	may   error // of MayRestore without a word
	role  dossier.Role
	told  func(dossier.BackupStep)
}

func (d *shelf) BackupPlaces(ctx context.Context) ([]dossier.BackupPlace, error) {
	return d.Places(ctx, "")
}

func (d *shelf) BackUp(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	d.calls, d.told = append(d.calls, "make "+place.Kind), told
	if !prove {
		d.calls = append(d.calls, "not proved")
	}
	return d.Make(ctx, place, prove, told)
}

func (d *shelf) ProveBackup(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	d.calls = append(d.calls, "prove "+path)
	return d.Prove(ctx, path, told)
}

func (d *shelf) MissingFrom(ctx context.Context, path string) (dossier.Missing, error) {
	d.calls = append(d.calls, "missing "+path)
	return d.Missing(ctx, path)
}

func (d *shelf) MayRestore(_ context.Context, path string, c desk.Confirm) (dossier.OfficerID, error) {
	d.calls = append(d.calls, "may "+string(c.By)+c.Password)
	if c != (desk.Confirm{}) {
		return c.By, nil
	}
	return "", d.may
}

type room struct {
	t        *testing.T
	desk     *shelf
	threads  *uitest.Threads
	p        *Presenter
	s        *Screen
	w        fyne.Window
	state    State
	back     int
	changed  int
	asked    string
	answer   func() // of the last question
	second   desk.Confirm
	restored []string
	fail     error // of restoring
}

func (r *room) Show(s State)       { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string) { r.s.Focus(field) }

// most is what a bad day would leave out.
var most = dossier.Missing{Readable: true, Events: 412, Dossiers: 57, Sent: 380, LostAll: 23, Drafts: 1,
	Lost: []string{"MAU.01-261119-0001", "MAU.01-261119-0002", "MAU.01-261119-0003", "MAU.01-261119-0004"}}

func open(t *testing.T) *room {
	t.Helper()
	if err := kit.SpeakVietnamese(); err != nil {
		t.Fatal(err)
	}
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{t: t, desk: &shelf{Vault: uitest.NewVault(), role: dossier.RoleChief}, threads: &uitest.Threads{}}
	r.desk.Lack = most
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), May: func(d dossier.Deed) bool { return dossier.May(r.desk.role, d) }, Upstream: func() string { return "Công an tỉnh Mẫu" },
		Ask: func(_, text, _ string, do func()) { r.asked, r.answer = text, do },
		Second: func(_ string, try func(desk.Confirm) error, done func(desk.Confirm, error)) {
			done(r.second, try(r.second))
		},
		Restore: func(path string, c desk.Confirm) error {
			r.restored = append(r.restored, path+" "+string(c.By)+c.Password)
			return r.fail
		}, Changed: func() { r.changed++ }, Back: func() { r.back++ }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 520))
	r.p.Attach(r)
	r.again()
	r.s.Focus("")
	return r
}

func (r *room) again() {
	r.p.Refresh()
	r.threads.Run()
}

// press is one key, and what it begins is not done yet.
func (r *room) press(key fyne.KeyName) {
	r.t.Helper()
	if !r.p.Key(kit.Event{Key: key, Down: true}) {
		if f := r.w.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: key})
		}
	}
}

// does is press, and it is done.
func (r *room) does(key fyne.KeyName) {
	r.t.Helper()
	r.press(key)
	r.threads.Run()
}

func (r *room) said(tone kit.Tone, text string) {
	r.t.Helper()
	if a := r.state.Alert; a == nil || a.Tone != tone || !strings.Contains(a.Text, text) {
		r.t.Errorf("%+v, want %q", a, text)
	}
}

func TestBackupsAreListedTheNewestFirst(t *testing.T) {
	r := open(t)
	var places []string
	for _, row := range r.state.Rows {
		places = append(places, row[0].Text+" "+row[1].Text+" "+row[2].Text)
	}
	want := []string{"19/11/2026 08:02 Máy này Chưa thử khôi phục", "18/11/2026 07:12 Máy này Đã thử khôi phục", "18/11/2026 06:12 Nơi thứ hai Đã thử khôi phục"}
	if !slices.Equal(places, want) {
		t.Errorf("%q", places)
	}
	options := r.state.Questions[0].Rows[0][0].Options
	if len(options) != 3 || !strings.Contains(options[1].Sub, `\\may-chu\sao-luu`) || !strings.Contains(options[1].Sub, "còn trống 1,4 TB") || !strings.Contains(options[2].Sub, "chưa có bản nào") {
		t.Errorf("%+v", options)
	}
}

func TestBackupGoesOutOfThePCUnlessSomebodySaysOtherwise(t *testing.T) {
	r := open(t)
	if r.state.Values["to"] != `\\may-chu\sao-luu` {
		t.Fatalf("%v", r.state.Values)
	}
	r.does(fyne.KeyF6)
	if r.said(kit.Good, "Đã sao lưu"); r.desk.calls[0] != "make second" || len(r.state.Rows) != 4 || r.state.At != 0 || r.changed != 1 {
		t.Errorf("%v, %d rows, at %d", r.desk.calls, len(r.state.Rows), r.state.At)
	}
	r.p.Text("to", r.desk.All[0].Path)
	r.does(fyne.KeyF6)
	if r.desk.calls[1] != "make own" {
		t.Errorf("%v", r.desk.calls)
	}
	r.again()
	if r.state.Values["to"] != r.desk.All[0].Path {
		t.Error("what was chosen is chosen no more")
	}
	r.desk.All = r.desk.All[:2]
	r.p.Text("to", `E:\TiepNhan-sao-luu`)
	r.again() // the stick is gone
	if r.state.Values["to"] != `\\may-chu\sao-luu` {
		t.Errorf("%v", r.state.Values)
	}
}

func TestAPlaceInTroubleSaysSoAndTakesNoBackup(t *testing.T) {
	r := open(t)
	r.desk.All[1].Trouble = dossier.Invalid("", "print.folder", "folder", `\\may-chu\sao-luu`)
	r.p.Text("to", `\\may-chu\sao-luu`)
	r.again()
	if r.state.CanMake || !strings.Contains(r.state.Questions[0].Rows[0][0].Options[1].Sub, "Chưa ghi được") {
		t.Errorf("%+v", r.state.Questions)
	}
	r.does(fyne.KeyF6)
	if len(r.desk.calls) != 0 {
		t.Errorf("%v", r.desk.calls)
	}
	r.said(kit.Bad, "")
}

func TestProgressIsShownAndCanBeStopped(t *testing.T) {
	r := open(t)
	r.press(fyne.KeyF6)
	if r.state.Going == "" || !r.state.CanStop || r.state.Share >= 0 {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyF6) // pressed again
	r.press(fyne.KeyF8)
	r.press(fyne.KeyEscape)
	if !r.state.Stopping || r.back != 0 {
		t.Errorf("%+v", r.state)
	}
	r.threads.Run()
	if r.said(kit.Info, "Đã dừng"); len(r.desk.calls) != 1 || r.state.Going != "" {
		t.Errorf("%v, %q", r.desk.calls, r.state.Going)
	}
	r.desk.Step = dossier.BackupStep{Step: dossier.BackupProves, Done: 1, All: 4}
	shares := []float32{}
	r.p.Attach(watch{r, func(s State) { shares = append(shares, s.Share) }})
	if r.does(fyne.KeyF6); !slices.Contains(shares, 0.25) {
		t.Errorf("%v", shares)
	}
}

type watch struct {
	*room
	see func(State)
}

func (w watch) Show(s State) { w.see(s); w.room.Show(s) }

func TestAFailureIsSaidAndTheListIsReadAgain(t *testing.T) {
	r := open(t)
	r.desk.Fail = dossier.Invalid("", "print.folder", "folder", "E:")
	r.does(fyne.KeyF6)
	r.said(kit.Bad, "E:")
	if r.changed != 1 {
		t.Error("the foot of the window is not told")
	}
	r.does(fyne.KeyF4)
	r.said(kit.Bad, "E:")
	r.desk.Fail = nil
	if r.does(fyne.KeyF4); r.state.Rows[0][2].Text != "Đã thử khôi phục" {
		t.Errorf("%v", r.state.Rows[0])
	}
	r.said(kit.Good, "19/11/2026 08:02")
}

func TestRestoreSaysFirstWhatWouldBeMissing(t *testing.T) {
	r := open(t)
	r.p.Select(1)
	r.does(fyne.KeyF8)
	if r.state.Mode != Weighing || len(r.restored) != 0 || r.asked != "" {
		t.Fatalf("%+v", r.state)
	}
	var lines []string
	for _, l := range r.state.Lines {
		lines = append(lines, l.Text)
	}
	all := strings.Join(append(lines, r.state.Lost), "\n")
	for _, want := range []string{"23 hồ sơ chỉ máy này có", "MAU.01-261119-0004 và 19 hồ sơ khác", "1 biểu mẫu đang nhập dở", "412 diễn biến của 57 hồ sơ", "380 diễn biến trong số đó Công an tỉnh Mẫu đã nhận"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said: %s", want, all)
		}
	}
	if r.state.Lines[0].Tone != kit.Bad || strings.Contains(all, "Không hồ sơ nào") {
		t.Error(all)
	}
	if r.w.Canvas().Focused() != r.s.leave {
		t.Error("Enter goes on before anybody has read")
	}
	r.press(fyne.KeyEscape)
	r.desk.Lack = dossier.Missing{Readable: true}
	r.does(fyne.KeyF8)
	if len(r.state.Lines) != 1 || r.state.Lines[0].Tone != kit.Good {
		t.Errorf("%+v", r.state.Lines)
	}
	r.press(fyne.KeyEscape)
	r.desk.Lack = dossier.Missing{}
	if r.does(fyne.KeyF8); len(r.state.Lines) != 1 || r.state.Lines[0].Tone != kit.Warn {
		t.Errorf("%+v", r.state.Lines)
	}
	r.press(fyne.KeyEscape)
	r.desk.Lack = dossier.Missing{Readable: true, Apart: true}
	if r.does(fyne.KeyF8); len(r.state.Lines) != 1 || r.state.Lines[0].Tone != kit.Bad {
		t.Errorf("%+v", r.state.Lines)
	}
}

func TestRestoreAsksASecondPersonThenOnceMore(t *testing.T) {
	r := open(t)
	path := r.desk.All[0].Backups[0].Path
	r.desk.may, r.second = dossier.Invalid("confirm", "confirm.needed"), desk.Confirm{By: "hai", Password: "mở"}
	r.does(fyne.KeyF8)
	r.does(fyne.KeyF9)
	if want := []string{"missing " + path, "may ", "may haimở"}; !slices.Equal(r.desk.calls, want) {
		t.Errorf("%q", r.desk.calls)
	}
	if len(r.restored) != 0 || !strings.Contains(r.asked, "08:02 thứ Năm, 19/11/2026") || !strings.Contains(r.asked, "23 hồ sơ") {
		t.Fatalf("%q, %q", r.asked, r.restored)
	}
	r.answer()
	if r.state.Going == "" || r.state.CanStop {
		t.Errorf("%+v", r.state)
	}
	r.press(fyne.KeyEscape) // nobody stops it half-way
	r.threads.Run()
	if !slices.Equal(r.restored, []string{path + " haimở"}) {
		t.Errorf("%q", r.restored)
	}
}

func TestRestoreAloneIsAnnouncedAndNothingElse(t *testing.T) {
	r := open(t)
	r.desk.may = dossier.Invalid("", "confirm.announced", "from", "10:12 ngày 19/11/2026")
	r.does(fyne.KeyF8)
	r.does(fyne.KeyF9)
	if r.said(kit.Info, "10:12 ngày 19/11/2026"); r.asked != "" || len(r.restored) != 0 {
		t.Errorf("%q", r.asked)
	}
	r.desk.may = nil
	r.does(fyne.KeyF9)
	r.answer()
	r.fail = errors.New("disk")
	r.threads.Run()
	if r.said(kit.Bad, ""); r.state.Going != "" {
		t.Errorf("%+v", r.state)
	}
}

func TestALockEndsWhatLeadsToARestoreAndLetsABackupGoOn(t *testing.T) {
	r := open(t)
	r.does(fyne.KeyF8)
	r.press(fyne.KeyF9)
	r.p.Locked()
	if r.threads.Run(); r.asked != "" || r.state.Mode != Looking {
		t.Errorf("asked %q over the gate; mode %d", r.asked, r.state.Mode)
	}
	r.press(fyne.KeyF6)
	r.p.Locked()
	if r.threads.Run(); len(r.state.Rows) != 4 || r.state.Going != "" {
		t.Errorf("%d rows, %q", len(r.state.Rows), r.state.Going)
	}
}

func TestAnotherFileIsChosenByItsName(t *testing.T) {
	r := open(t)
	r.p.Key(kit.Event{Key: "O", Ctrl: true})
	r.does(fyne.KeyF9)
	if r.state.Said["file"].Text == "" || len(r.desk.calls) != 0 {
		t.Fatalf("%+v", r.state)
	}
	test.Type(r.w.Canvas().Focused(), `"F:\cat giu\a.saoluu"`)
	r.desk.Fail = dossier.Invalid("", "print.file", "file", "a.saoluu")
	r.does(fyne.KeyReturn)
	if r.state.Said["file"].Text == "" || r.state.Mode != Choosing {
		t.Errorf("%+v", r.state)
	}
	r.desk.Fail = nil
	r.does(fyne.KeyReturn)
	if r.state.Mode != Weighing || r.desk.calls[1] != `missing F:\cat giu\a.saoluu` {
		t.Errorf("%q", r.desk.calls)
	}
	r.press(fyne.KeyEscape)
	if r.press(fyne.KeyEscape); r.back != 1 {
		t.Error("Esc does not lead back")
	}
}

func TestWhatIsNotForARoleIsNotOffered(t *testing.T) {
	for role, want := range map[dossier.Role]string{dossier.RoleChief: "make prove restore", dossier.RoleReception: "make prove", dossier.RoleInspector: "prove",
		dossier.RoleKeeper: "make prove restore"} {
		r := open(t)
		r.desk.role = role
		r.again()
		var got []string
		for name, can := range map[string]bool{"make": r.state.CanMake, "prove": r.state.CanProve, "restore": r.state.CanBack} {
			if can {
				got = append(got, name)
			}
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%s: %q", role, got)
		}
		r.does(fyne.KeyF8)
		r.p.Key(kit.Event{Key: "O", Ctrl: true})
		r.threads.Run()
		if (r.state.Mode != Looking) != strings.Contains(want, "restore") {
			t.Errorf("%s: mode %d", role, r.state.Mode)
		}
	}
}

func TestSizesAndCountsAsOneSaysThem(t *testing.T) {
	for n, want := range map[int64]string{0: "0 byte", 999: "999 byte", 1 << 20: "1 MB", 1536 << 20: "1,5 GB", 120 << 30: "120 GB"} {
		if got := sizeWords(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// TestPictures draws the screen in each of its states.
func TestPictures(t *testing.T) {
	for name, bring := range map[string]func(r *room){
		"1-looking": func(r *room) { r.p.Select(1) },
		"2-making": func(r *room) {
			r.press(fyne.KeyF6)
			r.p.step = dossier.BackupStep{Step: dossier.BackupProves, Done: 3, All: 5}
			r.p.render()
		},
		"3-made": func(r *room) { r.does(fyne.KeyF6) },
		"4-trouble": func(r *room) {
			r.desk.All[1].Trouble = dossier.Invalid("", "keep.folder-gone")
			r.desk.Fail = dossier.Invalid("", "keep.failed")
			r.again()
			r.does(fyne.KeyF6)
		},
		"5-weighing": func(r *room) { r.does(fyne.KeyF8) },
		"6-announced": func(r *room) {
			r.desk.may = dossier.Invalid("", "confirm.announced", "from", "10:12 ngày 19/11/2026")
			r.does(fyne.KeyF8)
			r.does(fyne.KeyF9)
		},
		"7-file": func(r *room) { r.p.Key(kit.Event{Key: "O", Ctrl: true}); r.press(fyne.KeyF9) },
		"8-none": func(r *room) {
			for i := range r.desk.All {
				r.desk.All[i].Backups = nil
			}
			r.p.rows = nil
			r.again()
		},
	} {
		for what, x := range map[string]struct {
			size  fyne.Size
			scale float32
		}{"-1280": {fyne.NewSize(1280, 720), 1}, "-1024": {fyne.NewSize(1024, 520), 1}, "-150": {fyne.NewSize(1366, 690), 1.5}, "-200": {fyne.NewSize(1024, 520), 2}} {
			r := open(t)
			bring(r)
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(x.scale))
			r.w.Resize(x.size)
			r.s.Content().Refresh()
			kit.Relayout(r.s.Content())
			r.s.shown().Relayout()
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s%s wants %v", name, what, m)
			}
			if os.Getenv("TIEPNHAN_SHOTS") == "" {
				continue
			}
			if err := uitest.Shoot("backup-"+name+what, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
