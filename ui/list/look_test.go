package list

import (
	"fmt"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// busy are rows of a busy station, with every state and long names among them.
func busy(i int) dossier.Summary {
	day := func(n, hour int) time.Time { return dossier.DateOf(uitest.Now).AddDays(n).At(hour, 0) }
	names := []string{"Nguyễn Thị Bình Mẫu", "Trần Văn Thử", "Lê An", "Công Tằng Tôn Nữ Thị Mẫu Đơn Thử Nghiệm", "Phạm Thị Kiểm Thử"}
	procedures := []string{"issue-level2", "lock-eid", "unlock-eid", "lock-account", "issue-organization"}
	s := dossier.Summary{ID: id(i), Number: fmt.Sprintf("MAU.01-2611%02d-%04d", 19-i%9, i+1), Name: names[i%5], Subject: names[i%5], Procedure: procedures[i%5],
		ReceivedAt: day(-i%9, 9), Due: day(6-i, 17), OwnDue: day(1-i/3, 17), Open: true, Status: dossier.StatusReceived}
	s.Burns = s.OwnDue
	switch i % 9 {
	case 0:
		s.Name, s.Subject = "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", "Bùi Văn Giả Tưởng"
		s.Unsent = 1
	case 1, 2:
		s.Status, s.Forwarded, s.Due = dossier.StatusProcessing, true, day(i%9-1, 17)
		s.Burns = s.Due
	case 3:
		s.Status, s.Burns = dossier.StatusAsked, time.Time{}
	case 4:
		s.Status, s.Burns = dossier.StatusDone, time.Time{}
	case 5:
		s.SentBack = "Thiếu số văn bản của cơ quan đề nghị"
	case 6:
		s.Disputed = true
	case 7:
		s.Status, s.Burns, s.Open = dossier.StatusReturned, time.Time{}, false
		s.SentBack = "Sai ngày cấp"
	}
	s.LateAfter = s.Due
	return s
}

func (r *room) shoot(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		return
	}
	if err := uitest.Shoot("list-"+name, r.w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

func TestPicturesOfEveryState(t *testing.T) {
	r := open(t, 100_000)
	r.desk.row = busy
	r.desk.views = map[dossier.View]int{dossier.ViewToDo: 128, dossier.ViewToday: 9, dossier.ViewLate: 3, dossier.ViewPapers: 14, dossier.ViewDecision: 31, dossier.ViewResult: 6,
		dossier.ViewSentBack: 2, dossier.ViewDisputed: 0}
	r.desk.hits = map[dossier.View]int{dossier.ViewToDo: 0, dossier.ViewAll: 3}
	read := func() { r.p.Refresh(); r.threads.Run() }
	read()
	for _, size := range []struct {
		name        string
		w, h, scale float32
	}{{"1280", 1280, 700, 1}, {"1024", 1024, 490, 1}, {"1366-150", 1366, 640, 1.5}, {"1280-200", 1280, 680, 2}, {"1024-200", 1024, 490, 2}} {
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(size.scale))
		r.w.Resize(fyne.NewSize(size.w, size.h))
		r.s.Content().Refresh()
		kit.Relayout(r.s.Content())
		if m := r.s.Content().MinSize(); m.Width > size.w || m.Height > size.h {
			t.Errorf("%s wants %v", size.name, m)
		}
		if size.scale < 2 && r.s.table.Size().Height < 5*38*size.scale {
			t.Errorf("%s leaves the rows %v", size.name, r.s.table.Size())
		}
		r.ctrl(fyne.Key1)
		r.press(fyne.KeyInsert, fyne.KeyInsert)
		r.shoot(t, size.name+"-todo")
		r.ctrl(fyne.Key9)
		r.press(fyne.KeyEscape)
		r.shoot(t, size.name+"-all")
		r.ctrl(fyne.Key8)
		r.s.focus(r.s.strip)
		r.shoot(t, size.name+"-none")
		r.ctrl(fyne.Key1)
		r.s.Focus()
		r.typed("?nguyen")
		r.threads.Pass(time.Second)
		r.shoot(t, size.name+"-elsewhere")
		r.press(fyne.KeyEscape)
		r.desk.fail = uitest.ErrDisk
		read()
		r.shoot(t, size.name+"-error")
		r.desk.fail = nil
		r.press(fyne.KeyF6, fyne.KeyF8)
		r.shoot(t, size.name+"-batch")
		r.press(fyne.KeyEscape)
	}
}

func TestPictureOfANewStation(t *testing.T) {
	r := open(t, 0)
	r.shoot(t, "new")
	if r.s.table.Empty != "Không có việc đang chờ. Nhấn F2 để tiếp nhận hồ sơ mới." {
		t.Error(r.s.table.Empty)
	}
}

// What a row says of time is what it is there for: in the narrowest window at the usual size it stands there whole.
func TestTimeIsNeverCut(t *testing.T) {
	open(t, 1) // for the theme
	now := uitest.Now
	for _, at := range []time.Time{dossier.DateOf(now).At(17, 0), dossier.DateOf(now).AddDays(1).At(17, 0), dossier.DateOf(now).AddDays(26).At(17, 0),
		now.Add(-time.Minute), now.Add(-23 * time.Hour), now.AddDate(0, 0, -28)} {
		for _, own := range []bool{true, false} {
			s := dossier.Summary{Status: dossier.StatusProcessing, Forwarded: !own, Due: at.AddDate(0, 1, 0), Burns: at, Open: true}
			if own {
				s.OwnDue = at
			} else {
				s.Due = at
			}
			cell := next(s, now)
			room := columns[4].Min - 12
			width := fyne.MeasureText(cell.Text, 15, fyne.TextStyle{}).Width
			if cell.Chip != nil {
				width, room = fyne.MeasureText(cell.Text, 13.5, fyne.TextStyle{}).Width, room-kit.SignSize()-26
			}
			if width > room {
				t.Errorf("%q is %v wide, and has %v", cell.Text, width, room)
			}
		}
	}
}
