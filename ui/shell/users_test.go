package shell

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
	"tiepnhan/ui/users"
)

// crew are those who may sign in.
type crew []dossier.User

func (c crew) Users(context.Context) ([]dossier.User, error) { return c, nil }

func (c crew) User(_ context.Context, id dossier.OfficerID) (dossier.User, bool, error) {
	for _, u := range c {
		if u.ID == id {
			return u, true, nil
		}
	}
	return dossier.User{}, false, nil
}

// newCode is what a new recovery sheet says.
const newCode = "012342-678909-000011-720885-110000-220000-000000-345675"

// keys are a ring that lets nobody wait.
type keys struct{ desk.Ring }

func (keys) NewCode() (string, error) { return newCode, nil }

// chief is who is signed in, and nobody else.
func chief() crew {
	return crew{{ID: "canbo1", Name: "Trần Thị Thử", Title: "Trưởng Công an xã", Role: dossier.RoleChief, Since: uitest.Now.AddDate(0, -6, 0), LastIn: uitest.Now}}
}

// usual is a station of a few people.
func usual() crew {
	ago := func(days int) dossier.User {
		return dossier.User{Since: uitest.Now.AddDate(0, 0, -days), LastIn: uitest.Now}
	}
	one, two, three, four := ago(180), ago(170), ago(0), ago(300)
	one.ID, one.Name, one.Title, one.Role = "nguyen.mau", "Nguyễn Văn Mẫu", "Cán bộ", dossier.RoleReception
	two.ID, two.Name, two.Role, two.LastIn = "le.thu", "Lê Văn Thử", dossier.RoleInspector, uitest.Now.AddDate(0, 0, -90)
	three.ID, three.Name, three.Role, three.From = "quan.tri", "Phạm Văn Mẫu", dossier.RoleKeeper, uitest.Now.AddDate(0, 0, 1)
	four.ID, four.Name, four.Role, four.Removed = "vo.mau", "Võ Thị Mẫu", dossier.RoleReception, uitest.Now.AddDate(0, 0, -80)
	return append(chief(), one, two, three, four)
}

// signedIn makes a house one where people sign in.
func (h *house) signedIn(all crew) {
	h.desk.People, h.desk.Ring, h.desk.Vault = all, keys{}, uitest.NewVault()
	h.more = func(cfg *Config) {
		cfg.Lock = func(string) {}
		cfg.Restore = func(string, desk.Confirm) error { return nil }
		cfg.Practice = func() error { return nil }
		cfg.PrintSheet = func(string) error { return nil }
		cfg.SaveSheet = func(string) (string, error) { return "D:/giay-to/phieu-khoi-phuc.pdf", nil }
	}
}

// reads tells whether any text of the window has that in it.
func (h *house) reads(text string) bool {
	all := &look{}
	size := h.window.Canvas().Size()
	whole := boxOf(fyne.Position{}, size)
	for _, o := range append([]fyne.CanvasObject{h.window.Content()}, h.window.Canvas().Overlays().List()...) {
		all.walk(o, fyne.Position{}, whole, whole, "", false)
	}
	return slices.ContainsFunc(all.texts, func(t shown) bool { return strings.Contains(t.Text.Text, text) })
}

func TestPeopleAreAmongOtherWorkOnlyWhereSomebodySignsIn(t *testing.T) {
	h := furnish(t, big, station())
	h.moveIn()
	if h.s.within(h.s.users) {
		t.Error("nobody signs in here")
	}
	h = furnish(t, big, station())
	h.signedIn(usual())
	h.moveIn()
	h.press("F11")
	h.write("7") // 6 stays what it is everywhere: practice
	h.settle()
	if h.s.now != h.s.users || !h.s.tabs[h.s.others].Current || !h.reads("Lê Văn Thử") {
		t.Fatal("not shown")
	}
	if h.press(fyne.KeyEscape); h.s.now != h.s.others {
		t.Error("Esc does not lead back")
	}
}

// A window that locks forgets a recovery code, whether it is shown or still being made, and tells who comes back.
func TestNewRecoveryCodeDoesNotSurviveALock(t *testing.T) {
	for _, made := range []bool{true, false} {
		h := furnish(t, big, station())
		h.signedIn(usual())
		h.moveIn()
		h.s.show(h.s.users)
		h.settle()
		h.ctrl("U")
		h.press("F9")
		if made {
			h.settle()
			if !h.reads("012342") {
				t.Fatal("the code is not shown")
			}
		}
		h.s.Locked()
		if !h.reads("Mã khôi phục đã được ẩn") || h.s.now != h.s.reception {
			t.Errorf("made %v: not told", made)
		}
		focus := h.s.focused()
		h.settle() // what was being made comes back
		if h.s.focused() != focus {
			t.Errorf("made %v: it takes the focus from who signs in", made)
		}
		h.press(fyne.KeyReturn)
		if h.s.now != h.s.reception || h.window.Canvas().Overlays().Top() != nil {
			t.Errorf("made %v: another screen is shown", made)
		}
		h.s.show(h.s.users)
		h.settle()
		if h.reads("012342") || !h.reads("Lê Văn Thử") {
			t.Errorf("made %v: the code came back", made)
		}
	}
}

func TestLockLeavesWhatIsTypedButPasswords(t *testing.T) {
	h := furnish(t, big, station())
	h.signedIn(usual())
	h.moveIn()
	h.ctrl("5")
	h.settle()
	h.s.intake.Text("person.name", "Nguyễn Văn Mẫu")
	h.s.show(h.s.users)
	h.settle()
	h.ctrl("M")
	h.write("mot mat khau rieng")
	if !h.reads("Mật khẩu đang dùng") {
		t.Fatal("no password is asked for")
	}
	h.s.show(h.s.course)
	h.s.Locked()
	h.settle()
	if h.s.now != h.s.course || h.window.Canvas().Overlays().Top() != nil {
		t.Error("the lock leads away from a screen with no secret on it")
	}
	h.s.show(h.s.users)
	h.settle()
	if h.reads("Mật khẩu đang dùng") {
		t.Error("who comes back is in the middle of changing a password")
	}
	h.s.show(h.s.reception)
	h.settle()
	if !h.reads("Nguyễn Văn Mẫu") {
		t.Error("the form was lost")
	}
}

func TestWindowOpensOnWhatARoleIsHereFor(t *testing.T) {
	for role, want := range map[dossier.Role]func(*Shell) *screen{
		dossier.RoleChief:     func(s *Shell) *screen { return s.reception },
		dossier.RoleReception: func(s *Shell) *screen { return s.reception },
		dossier.RoleInspector: listScreen,
		dossier.RoleKeeper:    func(s *Shell) *screen { return s.others },
	} {
		h := furnish(t, big, station())
		all := chief()
		all[0].Role = role
		h.signedIn(all)
		h.moveIn()
		if h.s.now != want(h.s) || h.window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: another screen, or a word over it", role)
		}
		h.press("F2")
		h.s.Refresh()
		h.settle()
		if h.s.now != h.s.reception {
			t.Errorf("%s: led away from where they went", role)
		}
		h.s.show(h.s.users)
		h.s.Locked()
		if h.s.now != want(h.s) {
			t.Errorf("%s: comes back elsewhere", role)
		}
	}
}

// typed begins something on the screen of the people, with who is second in the list, and fills it in.
func typed(mode users.Mode, values map[string]string, then ...fyne.KeyName) func(h *house) {
	return func(h *house) {
		h.s.show(h.s.users)
		h.settle()
		h.press(fyne.KeyDown)
		h.s.people.Begin(mode)
		for field, text := range values {
			h.s.people.Text(field, text)
		}
		for _, key := range then {
			h.press(key)
		}
		h.settle()
	}
}

// longPeople have names as long as any.
func longPeople() crew {
	all := usual()
	all[1].Name, all[1].Title, all[1].ID = uitest.LongName, "Phó đội trưởng Đội Cảnh sát quản lý hành chính về trật tự xã hội", "cong.tang.ton.nu.nguyen.phuc.hoang.thi.thu.nghiem"
	return all
}
