package course

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

// restart is the power cut: what was on the screen is gone, what is in the store is there.
func (r *room) restart() {
	r.t.Helper()
	r.threads = &uitest.Threads{}
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Kept: func() { r.kept++ }, Back: func() { r.backs++ }, Preview: func(desk.Order, string) {},
		Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: r.desk.Now})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(r.t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 540))
}

func alerts(s State) string {
	var out []string
	for _, a := range s.Alerts {
		out = append(out, a.Text)
	}
	return strings.Join(out, "\n")
}

func TestHalfTypedCorrectionSurvivesAPowerCut(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("D")
	r.p.Text("person.address", "Số 9 Phố Mẫu")
	r.threads.Pass(2 * draftPause)
	r.p.Text("why", "ghi nhầm")
	r.threads.Pass(2 * draftPause)
	r.restart()
	if s := r.show(1); s.Form != nil || strings.Contains(alerts(s), "dở") {
		t.Errorf("another dossier: %+v, %q", s.Form, alerts(s))
	}
	s := r.show(0)
	if s.Form == nil || s.Form.Kind != dossier.Corrected || s.Form.Values["person.address"] != "Số 9 Phố Mẫu" || s.Form.Values["why"] != "ghi nhầm" {
		t.Fatalf("%+v", s.Form)
	}
	if !strings.Contains(alerts(s), "Đính chính") || !strings.Contains(alerts(s), "đang nhập dở") {
		t.Errorf("nobody says where it comes from: %q", alerts(s))
	}
	r.shoot("course-draft")
	r.press(fyne.KeyEscape)
	if s := r.show(0); s.Form != nil || !line(s, dossier.Corrected).Draft {
		t.Error("it comes back by itself more than once")
	}
	r.ctrl("D")
	r.press("F9", "F9")
	d, _ := r.store.Dossier(t.Context(), r.store.IDs()[0])
	if d.Intake.Requester.Person.Address != "Số 9 Phố Mẫu" || len(d.Corrections()) != 1 {
		t.Fatalf("%+v", d.Intake.Requester.Person)
	}
	r.restart()
	if s := r.show(0); s.Form != nil || line(s, dossier.Corrected).Draft || strings.Contains(alerts(s), "dở") {
		t.Errorf("what was kept is offered again: %q", alerts(s))
	}
}

// The power goes between the commit and the end of the draft: what was kept is not typed anew.
func TestDraftOfWhatWasKeptIsForgotten(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("D")
	r.p.Text("note", "có hẹn")
	r.p.Text("why", "sót")
	r.threads.Pass(2 * draftPause)
	left, err := r.desk.TypedActs(t.Context())
	if err != nil || len(left) != 1 || left[0].Kind != dossier.Corrected {
		t.Fatalf("%+v, %v", left, err)
	}
	r.press("F9", "F9")
	if err := r.desk.SaveTypedActs(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	r.restart()
	if s := r.show(0); s.Form != nil || line(s, dossier.Corrected).Draft {
		t.Errorf("%+v", s.Form)
	}
	r.threads.Pass(2 * draftPause)
	if left, err := r.desk.TypedActs(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("it is still a draft: %+v, %v", left, err)
	}
}

// Another PC corrected the dossier while this one was off: its words stand where nothing was typed.
func TestDraftStandsOnTopOfWhatCameMeanwhile(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("D")
	r.p.Text("note", "của máy này")
	r.threads.Pass(2 * draftPause)
	theirs, who := "của máy kia", r.p.o.Dossier.Intake.Requester
	who.Person.Address = "Thôn Kia"
	if _, err := r.desk.Do(t.Context(), dossier.Forwarded, r.store.IDs()[0], &dossier.Forward{}); err != nil {
		t.Fatal(err)
	}
	d, _ := r.store.Dossier(t.Context(), r.store.IDs()[0])
	body := dossier.Correct{Requester: &who, Term: &theirs, Why: "x"}
	came(t, r, d, dossier.Corrected, body)
	r.restart()
	s := r.show(0)
	if s.Form == nil || s.Form.Values["note"] != "của máy này" || s.Form.Values["person.address"] != "Thôn Kia" {
		t.Fatalf("%+v", s.Form)
	}
}

func TestDraftOfWhatCanNoLongerBeDoneIsSaid(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("9")
	r.p.Text("why", "Không còn nhu cầu")
	r.threads.Pass(2 * draftPause)
	d, _ := r.store.Dossier(t.Context(), r.store.IDs()[0])
	came(t, r, d, dossier.Stopped, dossier.Reason{Why: "x"})
	r.restart()
	if s := r.show(0); s.Form != nil || !strings.Contains(alerts(s), "“Rút hồ sơ”") || !strings.Contains(alerts(s), "chưa thực hiện được") {
		t.Errorf("%q", alerts(s))
	}
}

func TestWhatIsTypedCanBeThrownAwayAndGotBack(t *testing.T) {
	r := open(t)
	was := r.show(0)
	r.ctrl("D")
	r.p.Text("why", "ghi nhầm")
	r.threads.Pass(2 * draftPause)
	r.press("F6")
	if s := r.s.was; s.Form.Values["why"] != "" || !strings.Contains(alerts(s), "F6") {
		t.Fatalf("%+v, %q", s.Form.Values, alerts(s))
	}
	if left, _ := r.desk.TypedActs(t.Context()); len(left) != 0 {
		t.Errorf("thrown away and kept: %+v", left)
	}
	r.press("F6")
	if s := r.s.was; s.Form.Values["why"] != "ghi nhầm" || len(s.Alerts) != len(was.Alerts) {
		t.Errorf("%+v, %q", s.Form.Values, alerts(s))
	}
	r.press("F6")
	r.p.Text("note", "khác")
	r.press("F6", "F6")
	if s := r.s.was; s.Form.Values["why"] != "" || s.Form.Values["note"] != "khác" {
		t.Errorf("after new letters: %+v", s.Form.Values)
	}
}

// The window is closed within the second: nothing is lost. A draft that cannot be kept is said, and what is typed stays.
func TestDraftAtTheEndAndOnABadDisk(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("D")
	r.p.Text("why", "ghi nhầm")
	if err := r.p.Flush(); err != nil {
		t.Fatal(err)
	}
	if left, _ := r.desk.TypedActs(t.Context()); len(left) != 1 {
		t.Errorf("%+v", left)
	}
	r.store.Before = func(call string) error {
		if call == "SaveDraft" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.p.Text("why", "ghi nhầm tên")
	r.threads.Pass(2 * draftPause)
	if s := r.s.was; !strings.Contains(alerts(s), "Chưa lưu được bản nháp") || s.Form.Values["why"] != "ghi nhầm tên" {
		t.Errorf("%q", alerts(s))
	}
}

// What another program left under that name does no harm.
func TestForeignDraftIsNone(t *testing.T) {
	for _, body := range []string{"", "null", "{}", "[]", `[{"dossier":"x"}]`, `[{"kind":"decide"}]`, `[{"kind":"no-such","text":{"a":"b"}}]`, "\x00"} {
		r := open(t)
		if err := r.store.SaveDraft(t.Context(), desk.CourseDraft, []byte(body)); err != nil {
			t.Fatal(err)
		}
		if s := r.show(0); s.Form != nil || s.Empty {
			t.Errorf("%q: %+v", body, s)
		}
	}
}

// came is an act of another PC on top of what the dossier is.
func came(t *testing.T, r *room, d dossier.Dossier, k dossier.Kind, body any) {
	t.Helper()
	e := dossier.Event{ID: dossier.EventID{0xCE, byte(len(d.Course))}, Dossier: d.ID, Kind: k, Bases: d.Heads, At: uitest.Now.Add(time.Minute), Body: encoded(t, body)}
	if err := r.store.Came(e, dossier.Whence{Seq: 1}); err != nil {
		t.Fatal(err)
	}
}

func encoded(t *testing.T, body any) []byte {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
