package reception

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

var big = fyne.NewSize(1280, 800)

// filled is a form with nothing missing.
func filled(t *testing.T) *room {
	t.Helper()
	r := open(t, big)
	r.ctrl("5")
	r.p.Card(uitest.Person)
	r.p.Text("person.phone", "0900 000 001")
	r.key("F8")
	r.settle()
	return r
}

func (r *room) state() State { return r.screen.was }

func (r *room) focus() fyne.Focusable { return r.window.Canvas().Focused() }

func TestEmptyFormAsksForTheProcedure(t *testing.T) {
	r := open(t, big)
	s := r.state()
	if len(s.Missing) != 1 || s.Missing[0].Field != "procedure" || s.Ready || s.Due.At != "" || s.Kept != nil {
		t.Errorf("%+v", s)
	}
	if _, ok := r.focus().(*kit.Choice); !ok {
		t.Errorf("the focus is on %T, not on the procedures", r.focus())
	}
	if len(s.Said) != 0 {
		t.Errorf("an empty form scolds: %v", s.Said)
	}
}

func TestCardFillsTheFormAndTheAppointmentIsExplained(t *testing.T) {
	r := filled(t)
	s := r.state()
	for field, want := range map[string]string{"person.number": "001307012345", "person.name": "Nguyễn Thị Bình Mẫu", "person.born": "07/12/2007",
		"person.sex": "Nữ", "person.address": "Tổ 5, Phường Thử, Thành phố Hà Nội"} {
		if s.Values[field] != want {
			t.Errorf("%s: %q, want %q", field, s.Values[field], want)
		}
	}
	if !s.Ready || len(s.Missing) != 0 {
		t.Errorf("missing: %v", s.Missing)
	}
	if s.Due.At != "17:00 thứ Tư, 25/11/2026" || !strings.Contains(s.Due.Why, "Ngày Văn hóa Việt Nam") {
		t.Errorf("appointment: %+v", s.Due)
	}
}

func TestKeptDossierIsShownAndTheFormIsClear(t *testing.T) {
	r := filled(t)
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Kept == nil || s.Kept.Number != "MAU.01-261119-0001" || s.Kept.Name != "Nguyễn Thị Bình Mẫu" || s.Kept.Due == "" {
		t.Fatalf("%+v", s.Kept)
	}
	if jobs := r.spool.Jobs; len(jobs) != 1 || !strings.Contains(string(jobs[0].PDF), "receipt "+s.Kept.Number) || jobs[0].Printer != "Quầy-1" {
		t.Errorf("printed %+v", jobs)
	}
	if s.Kept.Print.Text != "Đã in xong tại máy in Quầy-1." {
		t.Error(s.Kept.Print.Text)
	}
	if s.Values["person.name"] != "" || s.Values["person.born"] != "" || s.Values["procedure"] != "" || len(s.Papers) != 0 {
		t.Errorf("the form of the next citizen holds the last one's: %v", s.Values)
	}
	if r.store.HasDraft() {
		t.Error("the draft of a dossier that is kept is still there")
	}
	r.ctrl("P")
	r.settle()
	if len(r.spool.Jobs) != 1 {
		t.Error("Ctrl+P prints again what came out")
	}
	r.ctrl("3")
	if r.settle(); !r.state().Kept.Old {
		t.Error("the panel of the last dossier does not give way to the next")
	}
}

func TestF9TwiceKeepsOneDossier(t *testing.T) {
	r := filled(t)
	r.key("F9")
	r.key("F9")
	if !r.state().Busy {
		t.Error("nothing says that it is being kept")
	}
	r.settle()
	if n := r.store.Kept(); n != 1 {
		t.Errorf("%d dossiers", n)
	}
}

func TestF9AfterAnUnknownOutcomeKeepsOneDossier(t *testing.T) {
	r := filled(t)
	fail := true
	r.store.Before = func(call string) error {
		if call == "Receive" && fail {
			return uitest.ErrDisk
		}
		return nil
	}
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Kept != nil || s.Notice == nil || s.Notice.Tone != kit.Bad || !strings.Contains(s.Notice.Text, "CHƯA LƯU") {
		t.Fatalf("kept %+v, notice %+v", s.Kept, s.Notice)
	}
	if s.Values["person.name"] == "" || s.Busy {
		t.Error("what was typed is gone, or the screen is stuck")
	}
	id := r.p.in.ID
	fail = false
	r.key("F9")
	r.settle()
	if got := r.store.IDs(); len(got) != 1 || got[0] != id {
		t.Errorf("kept %v, want %v once", got, id)
	}
}

func TestReceptionStandsWhenPrinterFails(t *testing.T) {
	for _, c := range []struct {
		what   string
		before func(r *room)
		says   string
		file   bool
	}{
		{"it cannot be drawn", func(r *room) { r.paper.Fail = uitest.ErrDisk }, "Chưa in được: ", false},
		{"no printer", func(r *room) { r.spool.Have = nil }, "Không có máy in: đã lưu tệp PDF MAU.01-261119-0001-receipt.pdf.", true},
		{"no spooler", func(r *room) { r.desk.Spool = nil }, "Không có máy in: đã lưu tệp PDF MAU.01-261119-0001-receipt.pdf.", true},
		{"the printer does not take it", func(r *room) { r.spool.Fail = dossier.Invalid("printer", "printer.refused") }, "Chưa in ra giấy: Máy in không nhận bản in.", true},
		{"it is given up", func(r *room) { r.spool.States = []dossier.JobState{{Phase: dossier.JobFailed, Code: "printer.jam"}} }, "Chưa in xong: Máy in bị kẹt giấy.", false},
		{"nobody knows", func(r *room) {
			r.spool.States = []dossier.JobState{{Phase: dossier.JobUnknown, Code: "printer.vanished"}}
		}, "Không rõ đã in xong chưa: ", false},
		{"no reason given", func(r *room) { r.spool.States = []dossier.JobState{{Phase: dossier.JobFailed}} }, "Chưa in xong: Máy tính không cho biết lý do.", false},
	} {
		r := filled(t)
		c.before(r)
		r.key("F9")
		r.settle()
		k := r.state().Kept
		if r.store.Kept() != 1 || k == nil || !strings.HasPrefix(k.Print.Text, c.says) || !k.Print.Again || k.Print.Going {
			t.Errorf("%s: %+v", c.what, k)
			continue
		}
		if strings.Contains(k.Print.Text, "Đã in") {
			t.Errorf("%s: says that it is printed", c.what)
		}
		if r.ctrl("O"); c.file != (len(r.files) == 1) {
			t.Errorf("%s: Ctrl+O opened %v", c.what, r.files)
		}
		before := r.store.IDs()
		r.paper.Fail, r.spool.Fail, r.spool.States, r.desk.Spool = nil, nil, nil, r.spool
		r.spool.Have = []dossier.Printer{{Name: "Quầy-1"}}
		r.ctrl("1") // the next citizen is there already
		r.ctrl("P")
		r.settle()
		if k := r.state().Kept; !k.Old || k.Print.Text != "Đã in xong tại máy in Quầy-1." || r.store.Kept() != len(before) {
			t.Errorf("%s: printed again: %+v", c.what, k.Print)
		}
	}
}

// The paper of the last dossier had not come out, and what is missing in the form on the screen was pushed out of sight by that.
func TestWhatTheFormWantsStandsAboveTheLastDossier(t *testing.T) {
	r := filled(t)
	r.desk.Spool = nil
	r.key("F9")
	r.settle()
	r.ctrl("5")
	r.settle()
	var wants, last float32
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		switch x := o.(type) {
		case *kit.LinkLine:
			wants = max(wants, at)
		case *kit.Button: // to print again
			last = at
		case *fyne.Container:
			for _, child := range x.Objects {
				look(child)
			}
		}
	}
	look(r.screen.side.body)
	if k := r.state().Kept; !k.Old || !k.Print.Again || wants <= 0 || last <= wants {
		t.Errorf("what is missing ends at %v, the last dossier's button is at %v: %+v", wants, last, k)
	}
	r.shoot("reception-old")
}

func TestRefusalPrintsItsSlip(t *testing.T) {
	r := filled(t)
	r.key("F4")
	r.p.Text("why", "Không thuộc thẩm quyền.")
	r.key("F9")
	r.settle()
	if jobs := r.spool.Jobs; len(jobs) != 1 || !strings.Contains(string(jobs[0].PDF), "refusal ") || r.state().Kept.Print.Text != "Đã in xong tại máy in Quầy-1." {
		t.Errorf("%+v %+v", jobs, r.state().Kept)
	}
}

// TestNextCitizenIsReceivedWhileThePrinterWorks keeps a second dossier at each look at the first one's job.
func TestNextCitizenIsReceivedWhileThePrinterWorks(t *testing.T) {
	r := filled(t)
	r.spool.States = []dossier.JobState{{Phase: dossier.JobQueued}, {Phase: dossier.JobPrinting}, {Phase: dossier.JobPrinting, Code: "printer.paper-out"}, {Phase: dossier.JobDone}}
	var said []string
	r.desk.Pause = func(context.Context, time.Duration) error {
		k := r.state().Kept
		said = append(said, k.Print.Text)
		if !k.Print.Going || k.Print.Again || r.state().Busy {
			t.Errorf("%+v", k.Print)
		}
		r.p.Choose("lock-account")
		r.p.Text("subject.name", fmt.Sprint(len(said)))
		if got := r.state().Values["subject.name"]; got != fmt.Sprint(len(said)) {
			t.Errorf("while it prints %q is typed", got)
		}
		return nil
	}
	r.key("F9")
	r.settle()
	want := []string{"Đã chuyển tới máy in Quầy-1, đang chờ.", "Đang in tại máy in Quầy-1…", "Hết giấy: nạp thêm giấy vào máy in Quầy-1, máy sẽ in tiếp."}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
	if k := r.state().Kept; k.Print.Text != "Đã in xong tại máy in Quầy-1." || !k.Old {
		t.Errorf("%+v", k)
	}
}

func TestMissingIsSaidAtItsFieldAndTheFirstGetsTheFocus(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.settle()
	if n := len(r.state().Said); n != 0 {
		t.Errorf("%d fields are scolded before F9", n)
	}
	r.p.Text("person.name", "Lê Mẫu")
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Said["person.number"].Text == "" || s.Said["person.phone"].Text == "" || s.Said["person.name"].Text != "" {
		t.Errorf("said: %v", s.Said)
	}
	if e, ok := r.focus().(*kit.Entry); !ok || !e.Digits {
		t.Errorf("the focus is on %T", r.focus())
	}
	if r.store.Kept() != 0 || s.Values["person.name"] != "Lê Mẫu" {
		t.Error("half a dossier was kept, or what was typed is gone")
	}
	s.Missing[len(s.Missing)-1].Field = "papers"
	r.screen.Focus("papers")
	if _, ok := r.focus().(*kit.Check); !ok {
		t.Errorf("the list of what is missing leads to %T, not to the papers", r.focus())
	}
}

func TestWrongIsSaidOnceTheFieldIsLeft(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.p.Entered("person.number")
	r.p.Text("person.number", "0013070123")
	r.settle()
	if r.state().Said["person.number"].Text != "" {
		t.Error("scolded in the middle of typing")
	}
	r.p.Entered("person.name")
	r.p.Left("person.number")
	if s := r.state().Said["person.number"]; s.Text == "" || s.Warn {
		t.Errorf("ten figures of twelve: %+v", s)
	}
}

func TestWhatIsOddWarnsAndStopsNothing(t *testing.T) {
	r := filled(t)
	r.p.Pick("person.sex", "Nam")
	r.settle()
	s := r.state()
	if said := s.Said["person.number"]; !said.Warn || !strings.Contains(said.Text, "Nữ") {
		t.Errorf("%+v", said)
	}
	r.key("F9")
	if r.settle(); r.store.Kept() != 1 {
		t.Error("a warning held the dossier up")
	}
}

func TestHalfADateIsNotTakenForNone(t *testing.T) {
	r := open(t, big)
	r.ctrl("1")
	r.screen.form.Focus("subject.born")
	test.Type(r.focus(), "0712")
	r.settle()
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Values["subject.born"] != "07/12/" || s.Said["subject.born"].Text == "" || s.Kept != nil {
		t.Errorf("%q, said %+v", s.Values["subject.born"], s.Said["subject.born"])
	}
}

func TestOtherCardNeverReplacesANameUnasked(t *testing.T) {
	r := filled(t)
	r.p.Card(uitest.Other)
	r.settle()
	s := r.state()
	if s.Values["person.name"] != "Nguyễn Thị Bình Mẫu" || s.Notice == nil || s.Notice.OnYes == nil {
		t.Fatalf("%q, notice %+v", s.Values["person.name"], s.Notice)
	}
	r.key(fyne.KeyEscape)
	if s := r.state(); s.Notice != nil || s.Values["person.number"] != "001307012345" {
		t.Error("Esc does not keep what was there")
	}
	r.p.Card(uitest.Other)
	r.p.UseCard()
	r.settle()
	s = r.state()
	if s.Values["person.name"] != "Lê Văn Thử" || s.Values["person.born"] != "15/03/1990" || s.Values["person.phone"] != "" {
		t.Errorf("the new person has something of the old one: %v", s.Values)
	}
}

func TestSameCardTwiceChangesNothing(t *testing.T) {
	r := filled(t)
	r.p.Card(uitest.Person)
	r.settle()
	if s := r.state(); s.Notice != nil || s.Values["person.phone"] != "0900 000 001" {
		t.Errorf("notice %+v, phone %q", s.Notice, s.Values["person.phone"])
	}
}

func TestCardGoesToTheSubjectWhenTheOfficerIsThere(t *testing.T) {
	r := open(t, big)
	r.ctrl("1")
	r.p.Card(uitest.Other)
	r.screen.form.Focus("subject.name")
	r.p.Card(uitest.Person)
	r.settle()
	s := r.state()
	if s.Values["person.name"] != "Lê Văn Thử" || s.Values["subject.name"] != "Nguyễn Thị Bình Mẫu" || s.Values["subject.born"] != "07/12/2007" {
		t.Errorf("%v", s.Values)
	}
}

func TestPlainCardLeavesTheNameToBeTyped(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.p.Card("001307012345||Nguyen Thi Binh Mau|07122007|Nu|To 5, Phuong Thu, Thanh pho Ha Noi|02012022")
	r.settle()
	s := r.state()
	if s.Values["person.name"] != "" || s.Values["person.number"] != "001307012345" || s.Values["person.sex"] != "Nữ" {
		t.Errorf("%v", s.Values)
	}
	if s.Notice == nil || s.Notice.Tone != kit.Warn {
		t.Errorf("nothing says why: %+v", s.Notice)
	}
}

func TestUnreadableCardsSayWhatTheyAre(t *testing.T) {
	for _, read := range []string{"https://mau.invalid/ma-khac-han", "001307012345|x", "MAU.01-261119-0001", "", strings.Repeat("9", 100_000)} {
		r := open(t, big)
		r.p.Card(read)
		if s := r.state(); s.Notice == nil || s.Values["person.number"] != "" {
			t.Errorf("%.30q: notice %+v, number %q", read, s.Notice, s.Values["person.number"])
		}
	}
}

func TestCitizenCannotAskToLockAnAccount(t *testing.T) {
	r := open(t, big)
	r.p.Card(uitest.Person)
	r.ctrl("1")
	r.settle()
	s := r.state()
	if s.Values["requester.kind"] != string(dossier.Agency) {
		t.Fatalf("requester %q", s.Values["requester.kind"])
	}
	for _, row := range s.Questions[1].Rows {
		for _, f := range row {
			if f.Key == "refer" && strings.Contains(f.Help, "Công dân") {
				return
			}
		}
	}
	t.Error("nothing says where the citizen should turn")
}

func TestChildComesWithARepresentative(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.p.Day("person.born", "07/12/2016", dossier.Date{Year: 2016, Month: 12, Day: 7}, nil)
	r.settle()
	if !r.p.shown()["representative.name"] {
		t.Error("no representative is asked for")
	}
	r.p.Day("person.born", "07/12/2006", dossier.Date{Year: 2006, Month: 12, Day: 7}, nil)
	if r.p.shown()["representative.name"] {
		t.Error("a grown-up is asked for a representative")
	}
}

func TestDraftComesBackAfterACrash(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.p.Card(uitest.Person)
	r.p.Text("person.phone", "0900")
	r.p.Left("person.phone") // kept with the field left, not a second later
	r.threads.Run()
	id := r.p.in.ID
	r.build(big)
	s := r.state()
	if r.p.in.ID != id || s.Values["person.phone"] != "0900" || s.Values["person.born"] != "07/12/2007" || s.Values["procedure"] != "issue-level2" {
		t.Errorf("%v", s.Values)
	}
	if s.Notice == nil || s.Notice.Tone != kit.Info {
		t.Errorf("nothing says so: %+v", s.Notice)
	}
}

func TestDraftIsSavedWithinASecondOfTyping(t *testing.T) {
	r := open(t, big)
	r.p.Text("person.name", "L")
	r.threads.Pass(500 * time.Millisecond)
	r.p.Text("person.name", "Lê")
	r.threads.Pass(500 * time.Millisecond)
	if r.store.HasDraft() {
		t.Error("every letter goes to the disk")
	}
	r.threads.Pass(600 * time.Millisecond)
	if in, found, err := r.desk.Draft(context.Background()); !found || err != nil || in.Requester.Person.Name != "Lê" {
		t.Errorf("%v %v %v", in.Requester.Person.Name, found, err)
	}
}

func TestDraftThatCannotBeKeptIsSaid(t *testing.T) {
	r := open(t, big)
	r.store.Before = func(call string) error {
		if call == "SaveDraft" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.p.Text("person.name", "Lê")
	r.settle()
	if s := r.state(); s.Notice == nil || s.Notice.Tone != kit.Warn {
		t.Errorf("%+v", s.Notice)
	}
}

func TestOldPlanIsDropped(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.threads.Pass(0)
	r.p.replan()
	old := r.threads.Take()
	r.ctrl("1")
	r.p.replan()
	r.threads.Run()
	due := r.state().Due
	for _, f := range old {
		f()
	}
	if r.state().Due != due || r.p.plan.Procedure.Key != "lock-account" {
		t.Error("an answer about an older form was shown")
	}
}

func TestWrongClockAsksAndGoesOn(t *testing.T) {
	r := filled(t)
	var again func()
	r.trouble = func(err error, f func()) bool {
		if dossier.Code(err) != "clock.wrong" {
			return false
		}
		again = f
		return true
	}
	r.store.Latest = uitest.Now.AddDate(0, 1, 0)
	r.key("F9")
	r.settle()
	if again == nil || r.store.Kept() != 0 || r.state().Busy || r.state().Values["person.name"] == "" {
		t.Fatal("the officer is not asked, or something is lost or stuck")
	}
	if err := r.desk.ConfirmDate(context.Background(), dossier.DateOf(uitest.Now), 0); err != nil {
		t.Fatal(err)
	}
	again()
	if r.settle(); r.store.Kept() != 1 {
		t.Error("what waited for the date did not go on")
	}
}

func TestStoreThatCannotBeReadIsSaid(t *testing.T) {
	r := open(t, big)
	r.store.Before = func(string) error { return uitest.ErrDisk }
	r.p.Text("person.name", "Lê")
	r.settle()
	if s := r.state(); s.Notice == nil || s.Values["person.name"] != "Lê" {
		t.Errorf("%+v", s)
	}
}

func TestRefusalAsksForTheReasonAndEscLosesNothing(t *testing.T) {
	r := filled(t)
	r.key("F4")
	if e, ok := r.focus().(*kit.Entry); !ok || !e.MultiLine {
		t.Fatalf("the focus is on %T", r.focus())
	}
	r.key("F9")
	r.settle()
	if s := r.state(); s.WhySaid.Text == "" || r.store.Kept() != 0 {
		t.Errorf("refused without a reason: %+v", s.WhySaid)
	}
	test.Type(r.focus(), "Không thuộc thẩm quyền")
	r.key(fyne.KeyEscape)
	if s := r.state(); (s.Slip == slipRefuse) || s.Values["person.name"] == "" {
		t.Error("Esc does not lead back to the form")
	}
	r.key("F4")
	if r.state().Why != "Không thuộc thẩm quyền" {
		t.Error("Esc lost the reason")
	}
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Kept == nil || !s.Kept.Refused || s.Kept.Number != "MAU.01-261119-TC01" || (s.Slip == slipRefuse) {
		t.Errorf("%+v", s.Kept)
	}
}

func TestNewFormAsksBeforeSomethingTypedIsLost(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.key("F6")
	if len(r.asked) != 0 || r.state().Values["procedure"] != "" {
		t.Error("a form with nothing typed is not simply cleared")
	}
	r.p.Text("person.name", "Lê")
	r.settle()
	r.ctrl("N")
	if len(r.asked) != 1 || r.state().Values["person.name"] != "Lê" {
		t.Fatal("cleared without a question")
	}
	r.asked[0]()
	r.settle()
	if r.state().Values["person.name"] != "" || r.store.HasDraft() {
		t.Error("not cleared after the answer")
	}
}

func TestPapersAreTickedWithWhatTheCatalogueAsks(t *testing.T) {
	r := open(t, big)
	r.ctrl("5")
	r.settle()
	if lines := r.state().Papers; len(lines) != 1 || lines[0].On {
		t.Fatalf("%+v", lines)
	}
	r.p.Tick("tk01", true)
	if l := r.state().Papers[0]; !l.On || l.Originals != "1" || l.Copies != "" {
		t.Errorf("%+v", l)
	}
	r.p.Count("tk01", false, "2")
	r.p.Count("tk01", true, "")
	if l := r.state().Papers[0]; !l.On || l.Originals != "" || l.Copies != "2" {
		t.Errorf("%+v", l)
	}
	r.p.Count("tk01", false, "0")
	if r.state().Papers[0].On {
		t.Error("a paper of which none is there is ticked")
	}
	r.key("F8")
	r.ctrl("1")
	for _, g := range r.p.in.Papers {
		if g.Key == "tk01" {
			t.Error("a paper of another procedure stayed")
		}
	}
}

func TestFieldsFollowProcedureAndRequesterAlone(t *testing.T) {
	r := open(t, big)
	for n, want := range map[fyne.KeyName][2]string{"1": {"agency.document", "person.address"}, "3": {"person.address", "agency.document"},
		"5": {"person.email", "agency.name"}, "6": {"agency.code", "subject.name"}} {
		r.ctrl(n)
		shown := r.p.shown()
		if !shown[want[0]] || shown[want[1]] {
			t.Errorf("Ctrl+%s: %s %v, %s %v", n, want[0], shown[want[0]], want[1], shown[want[1]])
		}
		r.ctrl("5")
	}
}

func TestHostileTextIsRefusedAtItsField(t *testing.T) {
	for _, name := range []string{strings.Repeat("Nguyễn ", 1500), "😀😀", "Lê\x00\u202eMẫu Шерлок", "Lê\u0323 Va\u0306n"} {
		r := filled(t)
		r.p.Text("person.name", name)
		r.key("F9")
		r.settle()
		s := r.state()
		if ok := r.store.Kept() == 1; !ok && s.Said["person.name"].Text == "" {
			t.Errorf("%.20q: neither kept nor said", name)
		} else if !ok && s.Values["person.name"] != name {
			t.Errorf("%.20q: what was typed is gone", name)
		}
	}
}

func TestRefusalSaysWhoIsMissing(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.settle()
	r.key("F4")
	test.Type(r.focus(), "Không thuộc thẩm quyền")
	r.key("F9")
	r.settle()
	s := r.state()
	if s.Kept != nil || s.Said["person.name"].Text == "" || s.Said["person.address"].Text != "" {
		t.Errorf("said %v", s.Said)
	}
	r.key("F4")
	r.settle()
	if s := r.state(); len(s.Said) != 0 || len(s.Missing) == 0 {
		t.Errorf("back in the form: said %v, missing %v", s.Said, s.Missing)
	}
}

func TestWritingBeginsWhereTheProcedureLeaves(t *testing.T) {
	r := open(t, big)
	for n, want := range map[fyne.KeyName]string{"1": "agency.name", "3": "person.number", "5": "person.number"} {
		r.ctrl("6")
		r.ctrl(n)
		if r.p.focus != want {
			t.Errorf("Ctrl+%s leads to %s, want %s", n, r.p.focus, want)
		}
	}
}

func TestWhatIsWrongIsSaidWhenTheFieldIsLeft(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Entered("person.name")
	r.p.Text("person.name", strings.Repeat("Nguyễn ", 1500))
	r.settle()
	if said := r.state().Said["person.name"]; said.Text != "" {
		t.Errorf("while it is being typed: %q", said.Text)
	}
	r.p.Left("person.name")
	r.p.Entered("person.born")
	if said := r.state().Said["person.name"]; !strings.Contains(said.Text, "200") {
		t.Errorf("in the next field: %q", said.Text)
	}
	if m := r.state().Missing[1]; m.Field != "person.name" || !strings.HasPrefix(m.Text, "Họ và tên: ") {
		t.Errorf("the list does not say whose letters: %+v", m)
	}
}

func TestWhatIsMissingStandsInTheOrderOfTheScreen(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.settle()
	var fields []string
	for _, m := range r.state().Missing {
		fields = append(fields, m.Field)
	}
	if got := strings.Join(fields, " "); got != "person.number person.name person.born person.address papers" {
		t.Errorf("missing: %s", got)
	}
}

func TestWhoIsNotBornYetIsNoChild(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card("001099000002||Trần Thị Mẫu|02022030|Nữ|Số 2|15042021")
	r.settle()
	s := r.state()
	if _, asked := s.Values["representative.name"]; asked && r.p.shown()["representative.name"] {
		t.Error("a representative is asked for")
	}
	if said := s.Said["person.born"]; said.Text == "" || said.Warn {
		t.Errorf("the date of birth: %+v", said)
	}
}

func TestWhatWasTypedInTheLastSecondIsInTheDraftWhenTheWindowCloses(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Text("person.name", "Người Mẫu")
	if r.store.HasDraft() {
		t.Fatal("the draft is kept before its time: the test shows nothing")
	}
	if err := r.p.Close(); err != nil {
		t.Fatal(err)
	}
	if !r.store.HasDraft() {
		t.Error("it is lost")
	}
}

func TestClosingWhileADossierIsKeptLeavesNoDraftOfIt(t *testing.T) {
	r := filled(t)
	r.key("F9")
	if err := r.p.Close(); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if r.store.HasDraft() {
		t.Error("the dossier is kept and its draft too")
	}
}
