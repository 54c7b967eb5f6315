package gate

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// kept are three backups, the newest on a stick.
func kept() []dossier.BackupPlace {
	b := func(path string, ago time.Duration, dossiers int, proved bool) dossier.Backup {
		return dossier.Backup{Path: path, Made: uitest.Now.Add(-ago), Bytes: 48_300_000, Dossiers: dossiers, Proved: proved}
	}
	return []dossier.BackupPlace{
		{Kind: dossier.PlaceOwn, Path: "D:/du-lieu/sao-luu", Backups: []dossier.Backup{b("D:/du-lieu/sao-luu/2.bak", 20*time.Hour, 12340, true), b("D:/du-lieu/sao-luu/1.bak", 200*time.Hour, 11876, true)}},
		{Kind: dossier.PlaceStick, Path: "E:/TiepNhan-sao-luu", Backups: []dossier.Backup{b("E:/TiepNhan-sao-luu/3.bak", 2*time.Hour, 12345, false)}},
	}
}

func damagedAt() error {
	return fmt.Errorf("open: %w", dossier.Invalid("", "store.damaged-at", "what", "bảng event"))
}

// hurt is a room whose officer has signed in to a store that is damaged.
func hurt(t *testing.T, d *door) *room {
	t.Helper()
	d.kind, d.name, d.password, d.err, d.aside = SignIn, "canbo1", good, damagedAt(), "D:/du-lieu/hong-20261122-081500"
	r := open(t, d, World{Name: "canbo1"})
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	return r
}

func TestDamagedStoreOffersTheNewestBackupByKeysAlone(t *testing.T) {
	r := hurt(t, &door{places: kept()})
	if r.state.Page != PageBackups || r.state.Values["backup"] != "E:/TiepNhan-sao-luu/3.bak" || r.state.Alert == nil || !strings.Contains(r.state.Alert.Text, "bảng event") {
		t.Fatalf("%+v", r.state)
	}
	lead := strings.Join(r.state.Lead, " ")
	if !strings.Contains(lead, "hong-20261122-081500") || !strings.Contains(lead, kit.Moment(uitest.Now.Add(-2*time.Hour))) {
		t.Errorf("lead %q", lead)
	}
	options := r.state.Questions[0].Rows[0][0].Options
	if len(options) != 3 || !strings.Contains(options[0].Title, "12.345 hồ sơ") || !strings.Contains(options[0].Sub, "USB") || !strings.Contains(options[0].Sub, "chưa thử khôi phục") ||
		!strings.Contains(options[1].Sub, "đã thử khôi phục") {
		t.Errorf("%+v", options)
	}
	r.press(fyne.KeyDown)
	if r.state.Values["backup"] != "D:/du-lieu/sao-luu/2.bak" {
		t.Errorf("chosen %q", r.state.Values["backup"])
	}
	r.press(fyne.KeyF9)
	if !r.state.Busy {
		t.Error("not at work")
	}
	r.threads.Run()
	want := "restore {From:D:/du-lieu/sao-luu/2.bak Name:canbo1 Password:" + good + " Code: New:false}"
	if last := r.door.calls[len(r.door.calls)-1]; last != want || r.done != 1 || r.kept() {
		t.Errorf("%s, done %d, held %v", last, r.done, r.kept())
	}
}

func TestAnOldBackupAsksForItsSheet(t *testing.T) {
	r := hurt(t, &door{places: kept()})
	r.door.err = dossier.Invalid("", "backup.old-key", "file", "3.bak")
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.done != 0 || r.state.Busy || !strings.Contains(onScreen(r.w.Canvas().Content()), "Mã khôi phục") {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyF9)
	if r.state.Said["code"].Text == "" {
		t.Errorf("nothing said without the code: %+v", r.state.Said)
	}
	r.scan(sheet)
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.done != 1 || !strings.Contains(r.door.calls[len(r.door.calls)-1], "Code:"+sheet) {
		t.Errorf("%v", r.door.calls)
	}
}

func TestWithoutABackupThePCBeginsAnewAndSaysHow(t *testing.T) {
	r := hurt(t, &door{})
	if r.state.Page != PageBackups || !r.state.Anew || !strings.Contains(strings.Join(r.state.Lead, " "), "Cắm USB") {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.state.Said["other"].Text == "" || r.done != 0 {
		t.Errorf("%+v", r.state.Said)
	}
	r.press(fyne.KeyF4)
	if r.state.Page != PageAnew || !strings.Contains(strings.Join(r.state.Lead, " "), "phiếu ghép nối") {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyEscape)
	if r.state.Page != PageBackups {
		t.Fatal("Esc does not go back")
	}
	r.press(fyne.KeyF4)
	r.door.err = dossier.Invalid("", "store.aside-full", "dir", "D:/du-lieu")
	r.press(fyne.KeyF9)
	r.threads.Run()
	if r.state.Page != PageAnew || r.state.Alert == nil || r.state.Alert.Tone != kit.Bad {
		t.Errorf("a full disk: %+v", r.state)
	}
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.state.Page != PagePassword || r.state.Alert == nil || !strings.Contains(r.state.Alert.Text, "hong-") || r.kept() || r.state.Values["name"] != firstName {
		t.Errorf("%+v", r.state)
	}
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.state.Page != PageCode {
		t.Errorf("%+v", r.state)
	}
}

func TestANewPCIsSetUpFromABackup(t *testing.T) {
	r := open(t, &door{}, World{})
	if !r.state.From {
		t.Fatal("the first page has no way to a backup")
	}
	r.press(fyne.KeyF8)
	r.threads.Run()
	if r.state.Page != PageBackups || r.state.Anew || r.state.Title != "Khôi phục từ bản sao lưu" {
		t.Fatalf("%+v", r.state)
	}
	r.door.places = kept()[1:]
	r.write("E:/TiepNhan-sao-luu")
	r.press(fyne.KeyF5)
	r.threads.Run()
	if r.door.calls[len(r.door.calls)-1] != "search E:/TiepNhan-sao-luu" || r.state.Values["backup"] != "E:/TiepNhan-sao-luu/3.bak" {
		t.Fatalf("%v %+v", r.door.calls, r.state.Values)
	}
	r.press(fyne.KeyF9)
	for _, field := range []string{"code", "name", "password"} {
		if r.state.Said[field].Text == "" {
			t.Errorf("nothing said of %s: %+v", field, r.state.Said)
		}
	}
	for field, text := range map[string]string{"code": sheet, "name": "chi-huy", "password": good, "again": good} {
		r.p.Text(field, text)
	}
	r.press(fyne.KeyF9)
	r.threads.Run()
	want := "restore {From:E:/TiepNhan-sao-luu/3.bak Name:chi-huy Password:" + good + " Code:" + sheet + " New:true}"
	if last := r.door.calls[len(r.door.calls)-1]; last != want || r.done != 1 || r.kept() {
		t.Errorf("%s, done %d", last, r.done)
	}
	back := open(t, &door{places: kept()}, World{})
	back.press(fyne.KeyF8)
	back.threads.Run()
	back.p.Text("password", good)
	back.press(fyne.KeyEscape)
	if back.state.Page != PagePassword || back.kept() {
		t.Errorf("%+v", back.state)
	}
}

func TestAPlaceThatIsNotThereIsSaidAtItsField(t *testing.T) {
	r := hurt(t, &door{places: kept()})
	r.door.err, r.door.places = dossier.Invalid("other", "gate.no-file", "file", "Z:/x"), nil
	r.p.Text("other", "Z:/x")
	r.press(fyne.KeyF5)
	r.threads.Run()
	if !strings.Contains(r.state.Said["other"].Text, "Z:/x") || len(r.p.backups) != 0 {
		t.Errorf("%+v", r.state)
	}
	r.door.places = []dossier.BackupPlace{{Kind: dossier.PlaceSecond, Trouble: dossier.Invalid("", "gate.no-file", "file", "Y:/")}}
	r.press(fyne.KeyF5)
	r.threads.Run()
	if !strings.Contains(r.state.Said["other"].Text, "Y:/") {
		t.Errorf("%+v", r.state.Said)
	}
}

func TestWhatCannotBeWrittenIsLookedAt(t *testing.T) {
	for code, why := range map[string]Why{"store.newer": NewerProgram, "store.read-only": NoWriting, "station.folder": NoWriting, "store.upgrade-full": FullDisk} {
		d := &door{kind: SignIn, name: "canbo1", password: good, err: dossier.Invalid("", code, "dir", "D:/du-lieu", "folder", "D:/du-lieu", "need", "900 MB")}
		r := open(t, d, World{Name: "canbo1"})
		r.write(good)
		r.press(fyne.KeyReturn)
		r.threads.Run()
		if r.state.Page != PageLook || r.state.Alert == nil {
			t.Fatalf("%s: %+v", code, r.state)
		}
		d.err = dossier.Invalid("", "store.look-room", "folder", "C:/Temp")
		r.press(fyne.KeyReturn)
		r.threads.Run()
		if r.done != 0 || !strings.Contains(r.state.Alert.Text, "C:/Temp") {
			t.Errorf("%s: %+v", code, r.state.Alert)
		}
		r.press(fyne.KeyF9)
		r.threads.Run()
		if last := d.calls[len(d.calls)-1]; last != fmt.Sprintf("look canbo1 %s %d", good, why) || r.done != 1 || r.kept() {
			t.Errorf("%s: %s, done %d", code, last, r.done)
		}
	}
	r := open(t, &door{kind: SignIn, err: dossier.Invalid("", "store.newer")}, World{Name: "canbo1"})
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	r.press(fyne.KeyEscape)
	if r.state.Page != PageSignIn || r.kept() {
		t.Errorf("Esc: %+v", r.state)
	}
}

func TestProgressIsShownAndACheckCanBePutOff(t *testing.T) {
	d := &door{kind: SignIn, name: "canbo1", password: good}
	r := open(t, d, World{Name: "canbo1"})
	r.write(good)
	r.press(fyne.KeyReturn)
	work := r.threads.Take()
	d.told(Progress{Doing: "Đang nâng cấp dữ liệu", Done: 400, All: 1000})
	if text := onScreen(r.w.Canvas().Content()); !strings.Contains(text, "Đang nâng cấp dữ liệu… 40 %") {
		t.Errorf("shown\n%s", text)
	}
	r.press(fyne.KeyEscape)
	if len(d.calls) != 0 {
		t.Error("an upgrade was put off")
	}
	d.told(Progress{Doing: "Đang kiểm tra dữ liệu", Done: 1, All: 3, MayWait: true})
	if text := onScreen(r.w.Canvas().Content()); !strings.Contains(text, "Làm việc ngay") {
		t.Errorf("shown\n%s", text)
	}
	r.press(fyne.KeyEscape)
	if strings.Join(d.calls, ",") != "put off" {
		t.Errorf("%v", d.calls)
	}
	for _, f := range work {
		f()
	}
	if r.done != 1 {
		t.Error("nobody is in")
	}
	d.told(Progress{Doing: "spät"})
	if r.state.Progress != nil {
		t.Error("shown after the end")
	}
}

func TestAfterTheSheetOpenedADamagedStoreNothingIsAskedTwice(t *testing.T) {
	d := &door{kind: SignIn, code: sheet, places: kept(), err: damagedAt()}
	r := open(t, d, World{Name: "canbo1"})
	r.scan(sheet)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.state.Page != PageBackups || len(r.state.Questions) != 1 {
		t.Fatalf("%+v", r.state)
	}
	r.press(fyne.KeyF9)
	r.threads.Run()
	if last := d.calls[len(d.calls)-1]; r.done != 1 || !strings.Contains(last, "Code:"+sheet+" New:true") {
		t.Errorf("%v", d.calls)
	}
}

func TestADamagedRingAsksForTheSheet(t *testing.T) {
	r := open(t, &door{kind: SignIn, places: kept(), err: dossier.Invalid("", "safe.damaged")}, World{Name: "canbo1"})
	r.write(good)
	r.press(fyne.KeyReturn)
	r.threads.Run()
	if r.state.Page != PageBackups || len(r.state.Questions) != 2 || r.state.Values["password"] != "" {
		t.Errorf("%+v", r.state)
	}
}

func TestOtherErrorsOfARestoreStayOnThePage(t *testing.T) {
	r := hurt(t, &door{places: kept()})
	for _, err := range []error{errors.New("disk"), dossier.Invalid("user", "role.not-allowed", "deed", "x"), dossier.Invalid("", "backup.damaged", "file", "x"), damagedAt()} {
		r.door.err = err
		r.press(fyne.KeyF9)
		r.threads.Run()
		if r.state.Page != PageBackups || r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.done != 0 {
			t.Errorf("%v: %+v", err, r.state)
		}
	}
}
