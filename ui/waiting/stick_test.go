package waiting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// drive is a stick that does what a test says.
type drive struct {
	steps []dossier.SendStep
	dirs  []string
	out   dossier.Exported
	in    dossier.Imported
	up    dossier.Upstream
	asked string
	err   error
	hold  func(ctx context.Context) error
	print desk.Printing
}

func (d *drive) carry(ctx context.Context, dir string, told func(dossier.SendStep)) error {
	d.dirs = append(d.dirs, dir)
	for _, s := range d.steps {
		told(s)
	}
	if d.hold != nil {
		return d.hold(ctx)
	}
	return d.err
}

func (d *drive) Export(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error) {
	if err := d.carry(ctx, dir, told); err != nil {
		return dossier.Exported{}, err
	}
	return d.out, nil
}

func (d *drive) Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error) {
	return d.in, d.carry(ctx, dir, told)
}

func (d *drive) EnrolAsk(ctx context.Context, dir, ticket string) (string, error) {
	d.asked = ticket
	return "TIEPNHAN/ghep-noi-0a1b2c3d4e5f.ask", d.carry(ctx, dir, nil)
}

func (d *drive) EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error) {
	return d.up, d.carry(ctx, dir, nil)
}

func (d *drive) PrintParcels(context.Context, dossier.Exported, desk.Where) (desk.Printing, error) {
	return d.print, d.err
}

// plugged is the screen with a stick.
func plugged(t *testing.T, enrolled bool) (*room, *drive) {
	t.Helper()
	r, d := open(t, enrolled), &drive{}
	r.p.Stick, r.p.Sticks = d, func() []string { return []string{"/media/usb1", "/media/usb2"} }
	r.p.render()
	return r, d
}

func (r *room) press(t *testing.T, key fyne.KeyName, ctrl bool) {
	t.Helper()
	if !r.p.Key(kit.Event{Key: key, Ctrl: ctrl}) {
		t.Fatalf("%s does nothing", key)
	}
	r.threads.Run()
}

// picture is the screen as it is, and as high as all of it.
func (r *room) picture(t *testing.T, name string) {
	t.Helper()
	for _, high := range []float32{540, 1500} {
		r.w.Resize(fyne.NewSize(1024, high))
		if err := uitest.Shoot(fmt.Sprint(name, "-", high), r.w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
}

// said is what the screen says came of it.
func said(s State) string {
	var all []string
	if s.Alert != nil {
		all = append(all, s.Alert.Text)
	}
	u := s.USB
	for _, one := range u.Told {
		all = append(all, one.Text)
	}
	return strings.Join(all, "\n")
}

var exported = dossier.Exported{Dir: "/media/usb1", Parcels: []dossier.Parcel{
	{Folder: "TIEPNHAN/up-a1b2c3d4-20251124-164000-0a1b2c3d", To: "Công an tỉnh Mẫu", Files: make([]dossier.ParcelFile, 3), Journals: []dossier.ParcelJournal{{Entries: 240}}, Receipts: 2},
	{Folder: "TIEPNHAN/sister-a1b2c3d4-20251124-164000-0a1b2c3d", To: "Công an xã Mẫu Sơn, quầy số 2", Files: make([]dossier.ParcelFile, 1), Journals: []dossier.ParcelJournal{{Entries: 12}}}}}

func TestExportByKeysAloneSaysExportedAndNeverSent(t *testing.T) {
	r, d := plugged(t, true)
	d.out, d.steps = exported, []dossier.SendStep{{Phase: "export", Done: 100, Of: 252}, {Phase: "check", Done: 3}}
	r.press(t, fyne.KeyF6, false)
	if u := r.p.state().USB; u.Said.Text == "" || len(d.dirs) != 0 {
		t.Fatalf("without a folder: %+v", u)
	}
	r.press(t, fyne.KeyInsert, false)
	r.press(t, fyne.KeyInsert, false)
	r.press(t, fyne.KeyInsert, false)
	r.press(t, fyne.KeyF6, false)
	u := r.p.state().USB
	if len(d.dirs) != 1 || d.dirs[0] != "/media/usb1" || u.Going != "" || !u.Sheet {
		t.Fatalf("%v, %+v", d.dirs, u)
	}
	words := said(r.p.state())
	if s := r.p.state(); s.Alert.Tone == kit.Good || !s.USB.First {
		t.Errorf("exported looks like sent, or is out of sight: %+v, %+v", s.Alert, s.USB)
	}
	if !strings.Contains(words, "Đã xuất 2 gói") || !strings.Contains(words, "Chưa phải là đã gửi") || !strings.Contains(words, "Cho Công an tỉnh Mẫu: 240 diễn biến, 2 biên nhận, trong 4 tệp.") ||
		strings.Contains(words, "Đã gửi") {
		t.Errorf("it says %q", words)
	}
	r.picture(t, "waiting-usb-exported")
	d.print = desk.Printing{Printer: "HP LaserJet"}
	r.press(t, fyne.KeyG, true)
	if words := said(r.p.state()); !strings.Contains(words, "HP LaserJet") {
		t.Errorf("printed: %q", words)
	}
}

func TestProgressByStickCanBeStopped(t *testing.T) {
	r, d := plugged(t, true)
	r.p.Folder("E:\\")
	for _, x := range []struct {
		key  fyne.KeyName
		ctrl bool
		step dossier.SendStep
		want string
		end  string
	}{
		{fyne.KeyF6, false, dossier.SendStep{Phase: "export", Done: 1, Of: 4}, "1/4 diễn biến", "không được tính"},
		{fyne.KeyN, true, dossier.SendStep{Phase: "import", Done: 2, Of: 3}, "2/3 tệp", "được giữ lại"},
	} {
		d.steps = []dossier.SendStep{x.step}
		var going string
		d.hold = func(ctx context.Context) error {
			going = r.p.state().USB.Going
			r.p.Key(kit.Event{Key: fyne.KeyEscape})
			<-ctx.Done()
			return ctx.Err()
		}
		r.press(t, x.key, x.ctrl)
		if u := r.p.state().USB; !strings.Contains(said(r.p.state()), x.end) || u.Going != "" || u.Stopping {
			t.Errorf("%s: going %q, then %+v", x.key, going, u)
		}
	}
	d.hold = nil
}

func TestWhatCameFromAStickIsSaidParcelByParcel(t *testing.T) {
	r, d := plugged(t, true)
	r.p.Folder("/media/usb1")
	at := time.Date(2025, 11, 24, 9, 5, 0, 0, dossier.Hanoi)
	d.in = dossier.Imported{Taken: 42, Receipts: 1, Healed: []dossier.Healing{{What: dossier.HealedBehind}}, Parcels: []dossier.ImportedParcel{
		{Parcel: dossier.Parcel{From: "Công an tỉnh Mẫu", To: "Công an xã Mẫu Sơn, quầy số 1", At: at, Files: make([]dossier.ParcelFile, 2)}, Done: 2, Taken: 42},
		{Parcel: dossier.Parcel{From: "Công an xã Mẫu Sơn, quầy số 2", To: "Công an xã Mẫu Sơn, quầy số 1", At: at, Files: make([]dossier.ParcelFile, 3)}, Done: 1,
			Problem: dossier.Invalid("", "parcel.file-damaged", "file", "0002.cxe", "folder", "TIEPNHAN/sister-1")},
		{Parcel: dossier.Parcel{To: "Công an tỉnh Mẫu"}, Problem: dossier.Invalid("", "parcel.outgoing", "to", "Công an tỉnh Mẫu")},
		{Parcel: dossier.Parcel{Folder: "TIEPNHAN/x"}, Problem: dossier.Invalid("", "parcel.unfinished", "folder", "TIEPNHAN/x")}}}
	r.press(t, fyne.KeyN, true)
	words := said(r.p.state())
	for _, want := range []string{"42 diễn biến mới, 1 biên nhận mới", "lập lúc 24/11/2025 09:05: nhận 2/2 tệp", "Tệp 0002.cxe", "1 gói khác", "ghi chưa xong", "bản cũ"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is missing in\n%s", want, words)
		}
	}
	if tone := r.p.state().Alert.Tone; tone != kit.Warn {
		t.Errorf("a damaged file is told by tone %v", tone)
	}
	r.picture(t, "waiting-usb-imported")
	d.in = dossier.Imported{}
	r.press(t, fyne.KeyN, true)
	if words := said(r.p.state()); !strings.Contains(words, "không có gói nào dành cho máy này") {
		t.Errorf("an empty stick: %q", words)
	}
	d.err = dossier.Invalid("folder", "parcel.folder", "folder", "/media/usb1")
	r.press(t, fyne.KeyN, true)
	if u := r.p.state().USB; !strings.Contains(u.Said.Text, "/media/usb1") {
		t.Errorf("a folder that is not there: %+v", u)
	}
	d.err = errors.New("ổ cứng")
	r.press(t, fyne.KeyN, true)
	if s := r.p.state(); s.Alert == nil || s.Alert.Tone != kit.Bad || len(s.USB.Told) != 0 {
		t.Errorf("a fault of our own: %+v", s)
	}
}

func TestEnrolmentByStickByKeysAlone(t *testing.T) {
	r, d := plugged(t, false)
	r.press(t, fyne.KeyInsert, false)
	r.press(t, fyne.KeyF6, false)
	if len(d.dirs) != 0 || r.p.state().Said.Text == "" {
		t.Fatal("asked without a ticket")
	}
	r.p.Ticket(" TN1.ABC ")
	r.press(t, fyne.KeyF6, false)
	if u := r.p.state().USB; d.asked != "TN1.ABC" || !strings.Contains(said(r.p.state()), "ghep-noi-0a1b2c3d4e5f.ask") {
		t.Errorf("asked with %q: %+v", d.asked, u)
	}
	r.picture(t, "waiting-usb-enrol")
	d.err = dossier.Invalid("folder", "parcel.no-answer")
	r.press(t, fyne.KeyN, true)
	if s := r.p.state(); s.Alert == nil || s.Alert.Tone != kit.Bad {
		t.Errorf("no answer yet: %+v", s)
	}
	d.err, d.up = nil, dossier.Upstream{Name: "Công an tỉnh Mẫu", Desk: 2}
	r.line.Is = true
	r.press(t, fyne.KeyN, true)
	if s := r.p.state(); !s.Enrolled || s.Ticket != "" || !strings.Contains(said(s), "quầy số 2") {
		t.Errorf("enrolled: %+v", s.USB)
	}
}

func TestWithoutAStickNothingOfItIsShown(t *testing.T) {
	r := open(t, true)
	if r.p.state().USB.Has || r.p.Key(kit.Event{Key: fyne.KeyF6}) || r.p.Key(kit.Event{Key: fyne.KeyN, Ctrl: true}) {
		t.Error("there is a way by USB")
	}
	for _, h := range r.p.Keys() {
		if strings.Contains(h.Does, "USB") {
			t.Errorf("F1 says %q", h.Does)
		}
	}
	p, _ := plugged(t, true)
	p.p.Sticks = func() []string { return nil }
	p.press(t, fyne.KeyInsert, false)
	if u := p.p.state().USB; !strings.Contains(u.Said.Text, "Chưa thấy USB") {
		t.Errorf("no stick: %+v", u)
	}
}
