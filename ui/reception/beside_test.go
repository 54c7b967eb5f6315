package reception

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

func (r *room) shift(name fyne.KeyName) { r.p.Key(kit.Event{Key: name, Shift: true, Down: true}) }

// only is the one dossier kept.
func (r *room) only() dossier.Dossier {
	r.t.Helper()
	ids := r.store.IDs()
	if len(ids) != 1 {
		r.t.Fatalf("%d dossiers; missing: %v, notice %+v", len(ids), r.state().Missing, r.state().Notice)
	}
	d, err := r.desk.Store.Dossier(r.t.Context(), ids[0])
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

// TestCitizenLocksAtOnceInFourKeys is the request that is done while the citizen stands there: procedure, card, papers, answer, F9.
func TestCitizenLocksAtOnceInFourKeys(t *testing.T) {
	r := open(t, big)
	keys := 0
	press := func(e kit.Event) {
		e.Down = true
		keys++
		if !r.p.Key(e) {
			t.Fatalf("%+v does nothing", e)
		}
	}
	press(kit.Event{Key: "3", Ctrl: true})
	r.p.Card(uitest.Person)
	press(kit.Event{Key: "F8"})
	r.settle()
	if s := r.state(); s.Values["answer"] != "" || !strings.Contains(strings.Join(s.Too, " "), "chưa thực hiện") {
		t.Errorf("before anything is said: %q, %q", s.Values["answer"], s.Too)
	}
	press(kit.Event{Key: "D", Ctrl: true})
	press(kit.Event{Key: "F9"})
	r.settle()
	t.Logf("a scanned citizen request done at once: %d keys beside the scan", keys)
	if keys > 12 {
		t.Errorf("%d keys", keys)
	}
	d := r.only()
	if d.Status != dossier.StatusDone || d.Done == nil || len(d.Course) != 2 {
		t.Fatalf("%v, %d acts", d.Status, len(d.Course))
	}
	if k := r.state().Kept; !strings.HasPrefix(k.National, "Đã thực hiện trên hệ thống quốc gia") || k.ToDo != "" {
		t.Errorf("%+v", k)
	}
}

func TestWhatTheOfficerHasNotSaidIsNotKept(t *testing.T) {
	for _, answer := range []fyne.KeyName{"", "U"} {
		r := open(t, big)
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.key("F8")
		if answer != "" {
			r.ctrl("D")
			r.ctrl(answer)
		}
		r.key("F9")
		r.settle()
		if d := r.only(); d.Status != dossier.StatusReceived || d.Done != nil {
			t.Errorf("answer %q: %v", answer, d.Status)
		}
		if k := r.state().Kept; k.National != "" || k.ToDo == "" {
			t.Errorf("answer %q: %+v", answer, k)
		}
	}
}

func TestAnswerAboutLockingIsNotOneAboutUnlocking(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.ctrl("D")
	r.ctrl("4")
	if got := r.state().Values["answer"]; got != "" {
		t.Errorf("after another procedure was chosen the answer is %q", got)
	}
	r.ctrl("D")
	r.p.Pick("requester.kind", "agency")
	if r.p.shown()["answer"] {
		t.Error("an agency's request can be done at once")
	}
}

func TestLevelTwoIsForwardedWithItsReference(t *testing.T) {
	r := filled(t)
	r.ctrl("D")
	r.p.Text("reference", "G01.899.000123")
	r.key("F9")
	r.settle()
	d := r.only()
	if d.Forward == nil || d.Forward.Reference != "G01.899.000123" || d.Forward.To == "" || d.Status != dossier.StatusProcessing {
		t.Fatalf("%+v %v", d.Forward, d.Status)
	}
	if k := r.state().Kept; !strings.HasPrefix(k.National, "Đã chuyển cơ quan có thẩm quyền lúc") {
		t.Errorf("%q", k.National)
	}
}

func TestPapersAreAskedForInTheSameStep(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.settle()
	r.shift("F4")
	r.settle()
	s := r.state()
	if s.Slip != slipAsk || !strings.Contains(s.Why, "còn thiếu") || !strings.Contains(s.Why, "1 bản chính") || !s.Ready || r.p.shown()["answer"] {
		t.Fatalf("slip %q, reason %q, ready %v, missing %v", s.Slip, s.Why, s.Ready, s.Missing)
	}
	r.key("F9")
	r.settle()
	d := r.only()
	if d.Status != dossier.StatusAsked || d.Asked == nil || len(d.Asked.Papers) != 1 || d.Asked.Why != s.Why {
		t.Fatalf("%v %+v", d.Status, d.Asked)
	}
	var printed []string
	for _, job := range r.spool.Jobs {
		printed = append(printed, string(job.PDF))
	}
	if all := strings.Join(printed, " "); len(printed) != 2 || !strings.Contains(all, "receipt") || !strings.Contains(all, "supplement") {
		t.Errorf("printed %q", printed)
	}
	if k := r.state().Kept; !k.Asked || k.Slip.Text == "" || k.Print.Text == "" {
		t.Errorf("%+v", k)
	}
}

func TestReasonForPapersFollowsThePapersUntilItIsWrittenByHand(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.shift("F4")
	r.key("F8")
	if why := r.state().Why; why != "" {
		t.Errorf("nothing lacks: %q", why)
	}
	r.key("F9")
	r.settle()
	if s := r.state(); r.store.Kept() != 0 || s.WhySaid.Text == "" {
		t.Errorf("asked for papers without saying which: %+v", s.WhySaid)
	}
	r.p.Text("why", "Phiếu TK03 chưa có chữ ký.")
	r.p.Tick("tk03", false)
	if why := r.state().Why; why != "Phiếu TK03 chưa có chữ ký." {
		t.Errorf("what was written is now %q", why)
	}
	r.key(fyne.KeyEscape)
	if s := r.state(); s.Slip != "" || s.Values["person.name"] == "" {
		t.Error("Esc does not lead back, or loses something")
	}
	r.shift("F4")
	if why := r.state().Why; why != "Phiếu TK03 chưa có chữ ký." {
		t.Errorf("Esc lost the reason: %q", why)
	}
}

func TestOneSlipThatFailedIsPrintedAgainAlone(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.shift("F4")
	r.settle()
	r.key("F9")
	r.threads.Run()
	r.settle()
	k := r.p.kept
	k.Slip = kit.PrintState{Text: "Chưa in được.", Again: true, Tone: kit.Bad}
	jobs := len(r.spool.Jobs)
	r.ctrl("P")
	r.settle()
	if got := r.spool.Jobs[jobs:]; len(got) != 1 || !strings.Contains(string(got[0].PDF), "supplement") {
		t.Errorf("printed again: %d jobs", len(got))
	}
}

func TestWhoHasBeenHereBeforeIsSaidAtOnce(t *testing.T) {
	r := filled(t)
	r.key("F9")
	r.settle()
	r.ctrl("5")
	r.p.Card(uitest.Person)
	r.threads.Run() // no pause: the scan is enough
	s := r.state()
	if len(s.Earlier) != 1 || !s.Earlier[0].Open || !strings.Contains(s.Earlier[0].Head, "MAU.01-261119-0001") || !strings.Contains(s.Earlier[0].Text, "19/11/2026") {
		t.Fatalf("%+v", s.Earlier)
	}
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "MAU.01-261119-0001") {
		t.Errorf("a second open request of the same kind: %q", s.Warnings)
	}
	r.ctrl("E")
	r.focus().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(r.opened) != 1 || r.opened[0] != r.store.IDs()[0] {
		t.Errorf("Enter opened %v", r.opened)
	}
	r.p.Text("person.phone", "0900 000 002")
	r.key("F8")
	r.key("F9")
	if r.settle(); r.store.Kept() != 2 {
		t.Errorf("the warning held it up: %v", r.state().Missing)
	}
	if s := r.state(); len(s.Earlier) != 0 || len(s.Warnings) != 0 {
		t.Errorf("the next citizen has the last one's dossiers: %+v", s.Earlier)
	}
}

func TestEarlierDossiersOfSomebodyElseAreDropped(t *testing.T) {
	r := filled(t)
	r.key("F9")
	r.settle()
	r.p.Card(uitest.Person)
	late := r.threads.Take()
	r.p.Card(uitest.Other)
	r.p.UseCard()
	r.threads.Run()
	for _, f := range late {
		f()
	}
	r.settle()
	if s := r.state(); len(s.Earlier) != 0 {
		t.Errorf("%s is shown what belongs to another: %+v", s.Values["person.name"], s.Earlier)
	}
}

func TestEarlierThatCannotBeReadIsSaidAndHoldsNothingUp(t *testing.T) {
	r := open(t, big)
	r.store.Before = func(call string) error {
		if strings.HasPrefix(call, "List") {
			return uitest.ErrDisk
		}
		return nil
	}
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.key("F8")
	r.settle()
	if s := r.state(); len(s.Warnings) != 1 || s.Notice != nil || !s.Ready {
		t.Errorf("%q, notice %+v, ready %v", s.Warnings, s.Notice, s.Ready)
	}
}

func agencyRequest(r *room) {
	r.ctrl("1")
	r.p.Text("agency.name", "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu")
	r.p.Text("agency.document", "123/CV-CSĐT")
	r.p.Day("agency.document-date", "12/11/2026", dossier.Date{Year: 2026, Month: 11, Day: 12}, nil)
	r.p.Text("agency.address", "Số 1, Phường Thử")
	r.p.Card(uitest.Other)
	r.p.Text("subject.name", "Bùi Văn Giả Tưởng")
	r.p.Text("subject.number", "001080000456")
	r.key("F8")
	r.settle()
}

func TestNextRequestOfTheSameAgencyNeedsOnlyItsSubject(t *testing.T) {
	r := open(t, big)
	agencyRequest(r)
	r.key("F9")
	r.settle()
	r.only()
	r.build(big) // after a restart too
	r.ctrl("L")
	r.settle()
	s := r.state()
	for field, want := range map[string]string{"procedure": "lock-account", "agency.name": "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", "agency.document": "123/CV-CSĐT",
		"agency.document-date": "12/11/2026", "agency.address": "Số 1, Phường Thử", "person.name": "Lê Văn Thử", "subject.name": "", "subject.number": ""} {
		if s.Values[field] != want {
			t.Errorf("%s: %q, want %q", field, s.Values[field], want)
		}
	}
	if s.Notice == nil || !strings.Contains(s.Notice.Text, "MAU.01-261119-0001") {
		t.Errorf("nothing says what was filled in: %+v", s.Notice)
	}
	if len(s.Missing) == 0 || s.Missing[0].Field != "subject.name" && s.Missing[0].Field != "subject.number" {
		t.Errorf("missing %v", s.Missing)
	}
}

func TestLikeACitizenCopiesWhereTheyLiveAndNeverWhoTheyAre(t *testing.T) {
	r := filled(t)
	r.key("F9")
	r.settle()
	r.ctrl("5")
	r.p.Text("person.name", "Nguyễn Văn Em")
	r.ctrl("L")
	r.settle()
	s := r.state()
	if s.Values["person.address"] != "Tổ 5, Phường Thử, Thành phố Hà Nội" || s.Values["person.name"] != "Nguyễn Văn Em" || s.Values["person.number"] != "" ||
		s.Values["person.phone"] != "" || s.Values["person.born"] != "" {
		t.Errorf("%v", s.Values)
	}
	r.p.Text("person.address", "Tổ 6")
	r.ctrl("L")
	r.settle()
	if s := r.state(); s.Values["person.address"] != "Tổ 6" || s.Notice == nil {
		t.Errorf("what was written is replaced: %q, %+v", s.Values["person.address"], s.Notice)
	}
}

func TestBrotherComesWithTheSameRepresentative(t *testing.T) {
	r := open(t, big)
	child := func() {
		r.ctrl("5")
		r.p.Text("person.number", "001216000001")
		r.p.Text("person.name", "Nguyễn Văn Bé")
		r.p.Day("person.born", "07/12/2016", dossier.Date{Year: 2016, Month: 12, Day: 7}, nil)
		r.p.Text("person.address", "Tổ 5")
		r.key("F8")
	}
	child()
	r.screen.form.Focus("representative.number")
	r.p.Card(uitest.Other)
	r.p.Text("representative.phone", "0900 000 003")
	r.p.Text("relation", "cha")
	r.settle()
	r.key("F9")
	r.settle()
	if d := r.only(); d.Intake.Requester.Representative.Name != "Lê Văn Thử" {
		t.Fatalf("%+v", d.Intake.Requester)
	}
	child()
	r.p.Text("person.number", "001216000002")
	r.ctrl("L")
	r.settle()
	if s := r.state(); s.Values["representative.name"] != "Lê Văn Thử" || s.Values["representative.phone"] != "0900 000 003" || s.Values["relation"] != "cha" || !s.Ready {
		t.Errorf("%v; missing %v", s.Values, s.Missing)
	}
}

func TestNobodyToBeLike(t *testing.T) {
	r := open(t, big)
	r.ctrl("L")
	if r.settle(); r.state().Notice == nil {
		t.Error("nothing is said")
	}
}

func TestWardComesWithAGuardian(t *testing.T) {
	r := filled(t)
	r.p.Text("person.phone", "")
	r.p.Ward(true)
	r.settle()
	s := r.state()
	if !r.p.shown()["representative.name"] || s.Ready {
		t.Fatal("no guardian is asked for")
	}
	if r.p.focus != "representative.number" {
		t.Errorf("the focus is on %s", r.p.focus)
	}
	r.p.Card(uitest.Other)
	r.p.Text("representative.phone", "0900 000 003")
	r.p.Text("relation", "người giám hộ")
	r.settle()
	if s := r.state(); s.Values["person.name"] != "Nguyễn Thị Bình Mẫu" || s.Values["representative.name"] != "Lê Văn Thử" || !s.Ready {
		t.Fatalf("%v; missing %v", s.Values, s.Missing)
	}
	r.key("F9")
	r.settle()
	if d := r.only(); d.Intake.Requester.Representative.Name != "Lê Văn Thử" || d.Intake.Requester.Relation != "người giám hộ" {
		t.Errorf("%+v", d.Intake.Requester)
	}
}

func TestGuardianNoLongerAskedForIsNotKept(t *testing.T) {
	r := filled(t)
	r.p.Ward(true)
	r.p.Text("representative.name", "Trần Thị Mẫu")
	r.p.Text("relation", "mẹ")
	r.p.Ward(false)
	r.settle()
	r.key("F9")
	r.settle()
	if d := r.only(); d.Intake.Requester.Representative != (dossier.Person{}) || d.Intake.Requester.Relation != "" {
		t.Errorf("kept %+v", d.Intake.Requester)
	}
}

// What was typed for another procedure stays on the screen's mind and never gets into a dossier.
func TestWhatIsNotAskedIsNotKept(t *testing.T) {
	r := open(t, big)
	agencyRequest(r)
	r.ctrl("3")
	r.p.Pick("requester.kind", string(dossier.Citizen))
	r.p.Card(uitest.Other)
	r.key("F8")
	r.settle()
	r.key("F9")
	r.settle()
	d := r.only()
	if in := d.Intake; in.Subject != (dossier.Person{}) || in.Requester.Agency != (dossier.Office{}) {
		t.Errorf("subject %+v, agency %+v", in.Subject, in.Requester.Agency)
	}
	r.ctrl("1")
	r.p.Card(uitest.Person)
	r.settle()
	if got := r.p.intake().Requester.Person; got.Address != "" || !got.Born.IsZero() || got.Sex != "" || got.Name == "" {
		t.Errorf("of whoever brings an agency's request is kept %+v", got)
	}
}

func TestOldNumberOfTheCardIsSeenAndCorrected(t *testing.T) {
	r := filled(t)
	if s := r.state(); s.Values["person.old-number"] != "012345678" || !r.p.shown()["person.old-number"] {
		t.Fatalf("%q", s.Values["person.old-number"])
	}
	r.p.Text("person.old-number", "01234567")
	r.p.Left("person.old-number")
	r.settle()
	if s := r.state(); s.Said["person.old-number"].Text == "" || s.Ready {
		t.Errorf("eight figures: %+v", s.Said["person.old-number"])
	}
	r.p.Text("person.old-number", "012345679")
	r.settle()
	r.key("F9")
	r.settle()
	if d := r.only(); d.Intake.Requester.Person.OldNumber != "012345679" {
		t.Errorf("%+v", d.Intake.Requester.Person)
	}
}

func TestSubjectIsNamedByCMNDOrPassport(t *testing.T) {
	for field, number := range map[string]string{"subject.old-number": "012345678", "subject.passport": "C1234567"} {
		r := open(t, big)
		agencyRequest(r)
		r.p.Text("subject.number", "")
		r.settle()
		if r.state().Ready {
			t.Fatal("nobody is named")
		}
		r.p.Text(field, number)
		r.settle()
		r.key("F9")
		r.settle()
		if s := r.only().Intake.Subject; s.OldNumber+s.Passport != number {
			t.Errorf("%s: %+v", field, s)
		}
	}
}

func TestPapersOnNoListAreKept(t *testing.T) {
	r := filled(t)
	r.ctrl("G")
	if r.p.focus != "papers" {
		t.Errorf("the focus is on %s", r.p.focus)
	}
	test.Type(r.focus(), "Giấy ủy quyền")
	r.p.Other(0, "copies", "2")
	r.ctrl("G")
	r.settle()
	if s := r.state(); len(s.Others) != 2 || s.Others[0] != (OtherLine{"Giấy ủy quyền", "1", "2"}) || !s.Ready {
		t.Fatalf("%+v, missing %v", s.Others, s.Missing)
	}
	r.key("F9")
	r.settle()
	d := r.only()
	if n := len(d.Intake.Papers); n != 2 || d.Intake.Papers[1].Title != "Giấy ủy quyền" || d.Intake.Papers[1].Originals != 1 || d.Intake.Papers[1].Copies != 2 {
		t.Errorf("%+v", d.Intake.Papers)
	}
}

// The officer saw "11 bản chính": a 1 was there, and the 1 that was typed came beside it.
func TestCountIsTypedOverWhatIsThere(t *testing.T) {
	r := filled(t)
	r.ctrl("G")
	test.Type(r.focus(), "Giấy ủy quyền")
	r.window.Canvas().FocusNext()
	test.Type(r.focus(), "3")
	r.screen.Focus("sets")
	test.Type(r.focus(), "2")
	r.settle()
	if s := r.state(); s.Others[0].Originals != "3" || s.Values["sets"] != "2" {
		t.Errorf("%q originals, %q sets", s.Others[0].Originals, s.Values["sets"])
	}
}

func TestPaperHalfWrittenHoldsItUp(t *testing.T) {
	r := filled(t)
	r.ctrl("G")
	r.p.Other(0, "title", "Giấy ủy quyền")
	r.p.Other(0, "originals", "")
	r.settle()
	if r.state().Ready {
		t.Error("a paper nobody counted is taken")
	}
	r.p.Other(0, "title", "")
	r.p.Other(0, "copies", "1")
	r.settle()
	if r.state().Ready {
		t.Error("a paper without a name is taken")
	}
	for i := range 20 {
		r.ctrl("G")
		r.p.Other(i, "title", fmt.Sprint("Giấy tờ ", i))
	}
	r.settle()
	if s := r.state(); len(s.Others) != mostOthers || s.Ready {
		t.Errorf("%d papers, ready %v", len(s.Others), s.Ready)
	}
}

func TestReceptionTakenDownByHandCountsFromThen(t *testing.T) {
	r := filled(t)
	now := r.state().Due
	r.ctrl("T")
	if r.p.focus != "received-day" {
		t.Errorf("the focus is on %s", r.p.focus)
	}
	r.settle()
	if s := r.state(); s.Ready || s.Due.At != "" {
		t.Errorf("half said: %+v, ready %v", s.Due, s.Ready)
	}
	r.key("F9")
	r.settle()
	if r.store.Kept() != 0 || r.state().Said["received-time"].Text == "" {
		t.Error("kept as of now though another moment was to be said")
	}
	test.Type(r.focus(), "17112026")
	r.p.Text("received-time", "15h20")
	r.settle()
	s := r.state()
	if !s.Ready || s.Due.At == now.At || !strings.Contains(s.Due.ByHand, "15:20 thứ Ba, 17/11/2026") {
		t.Fatalf("%+v; missing %v", s.Due, s.Missing)
	}
	r.key("F9")
	r.settle()
	d := r.only()
	if d.Number != "MAU.01-261117-0001" || !d.Intake.ReceivedAt.Equal(time.Date(2026, 11, 17, 15, 20, 0, 0, dossier.Hanoi)) {
		t.Errorf("%s, %v", d.Number, d.Intake.ReceivedAt)
	}
	if s := r.state(); s.ByHand {
		t.Error("the next one is by hand too")
	}
}

func TestMomentByHandOutOfBoundsIsSaidAtItsField(t *testing.T) {
	for _, day := range []dossier.Date{{Year: 2026, Month: 11, Day: 20}, {Year: 2026, Month: 11, Day: 11}} {
		r := filled(t)
		r.ctrl("T")
		r.p.Day("received-day", day.String(), day, nil)
		r.p.Text("received-time", "9:00")
		r.settle()
		r.key("F9")
		r.settle()
		if s := r.state(); r.store.Kept() != 0 || s.Said["received-day"].Text == "" {
			t.Errorf("%s: said %v", day, s.Said)
		}
		r.ctrl("T")
		r.settle()
		if s := r.state(); s.ByHand || !s.Ready {
			t.Errorf("%s: back to now: missing %v", day, s.Missing)
		}
	}
}

func TestOneOnlineDossierIsReceivedOnce(t *testing.T) {
	online := func(r *room) {
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.p.Pick("channel", string(dossier.Online))
		r.key("F8")
		r.settle()
	}
	r := open(t, big)
	online(r)
	if s := r.state(); s.Ready || s.Missing[0].Field != "national-code" {
		t.Fatalf("an online dossier without its number: %v", s.Missing)
	}
	r.p.Text("national-code", "G01.899-261119-0077")
	r.settle()
	r.key("F9")
	r.settle()
	first := r.only()
	online(r)
	r.p.Text("national-code", "G01.899-261119-0077")
	r.settle()
	if s := r.state(); s.Ready || !strings.Contains(s.Said["national-code"].Text, first.Number) {
		t.Fatalf("before F9: %+v", s.Said["national-code"])
	}
	r.key("F9")
	r.settle()
	s := r.state()
	if r.store.Kept() != 1 || s.Notice == nil || s.Notice.OnYes == nil || !strings.Contains(s.Said["national-code"].Text, first.Number) {
		t.Fatalf("notice %+v, said %v", s.Notice, s.Said)
	}
	s.Notice.OnYes()
	r.settle()
	if len(r.opened) != 1 || r.opened[0] != first.ID {
		t.Errorf("opened %v", r.opened)
	}
	r.p.Text("national-code", "G01.899-261119-0078")
	r.settle()
	if s := r.state(); !s.Ready || s.Notice != nil {
		t.Errorf("another number: missing %v, notice %+v", s.Missing, s.Notice)
	}
}

func TestStampedPaperIsNotEntered(t *testing.T) {
	r := open(t, big)
	agencyRequest(r)
	if !r.p.shown()["secret"] {
		t.Error("nothing warns of stamped papers")
	}
	r.p.Text("agency.document", "123/CV-CSĐT(M)")
	r.p.Left("agency.document")
	r.settle()
	if s := r.state(); s.Ready || s.Said["agency.document"].Text == "" || s.Said["agency.document"].Warn {
		t.Errorf("%+v", s.Said["agency.document"])
	}
	r.key("F4")
	r.p.Text("why", "Văn bản đóng dấu mật.")
	r.key("F9")
	if r.settle(); r.store.Kept() != 0 {
		t.Error("it is entered as a refusal")
	}
	r.key("F4")
	r.p.Text("agency.document", "123/CV-CSĐT")
	r.p.Text("reason", "Theo công văn mật số 45")
	r.settle()
	if s := r.state(); !s.Ready || !s.Said["reason"].Warn {
		t.Errorf("ready %v, %+v", s.Ready, s.Said["reason"])
	}
}

func TestEverythingBesideTheFormComesBackAfterACrash(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.ctrl("D")
	r.p.Text("reference", "G01.1")
	r.ctrl("G")
	r.p.Other(0, "title", "Đơn trình báo")
	r.ctrl("T")
	r.p.Day("received-day", "18/1", dossier.Date{}, dossier.Invalid("", "date.unfinished"))
	r.p.Text("received-time", "9:")
	r.shift("F4")
	r.p.Text("why", "Thiếu chữ ký.")
	r.p.Left("why")
	r.key("F4")
	r.p.Text("why", "Không thuộc thẩm quyền.")
	r.p.Left("why")
	r.threads.Run()
	r.build(big)
	s := r.state()
	if s.Slip != slipRefuse || s.Why != "Không thuộc thẩm quyền." || s.Values["answer"] != answerDone || s.Values["reference"] != "G01.1" ||
		len(s.Others) != 1 || s.Others[0].Title != "Đơn trình báo" || !s.ByHand || s.Values["received-day"] != "18/1" || s.Values["received-time"] != "9:" {
		t.Errorf("slip %q %q, %v, others %+v, by hand %v", s.Slip, s.Why, s.Values, s.Others, s.ByHand)
	}
	r.shift("F4")
	if why := r.state().Why; why != "Thiếu chữ ký." {
		t.Errorf("why papers are asked for: %q", why)
	}
	r.key(fyne.KeyEscape)
	r.settle()
	if s := r.state(); s.Ready {
		t.Error("half a date is taken for now")
	}
}

// After a power cut the screen said of a whole date that it was not finished: only the hour beside it was.
func TestWholeDateBesideAHalfHourComesBackWhole(t *testing.T) {
	r := filled(t)
	r.ctrl("T")
	day := dossier.DateOf(uitest.Now)
	r.p.Day("received-day", day.String(), day, nil)
	r.p.Text("received-time", "9:")
	r.p.Left("received-time")
	r.threads.Run()
	r.build(big)
	r.settle()
	if s := r.state(); len(s.Missing) != 1 || s.Missing[0].Field != "received-time" {
		t.Fatalf("missing after the power cut: %v", s.Missing)
	}
	r.p.Text("received-time", "7:05")
	r.settle()
	if s := r.state(); !s.Ready || s.Values["received-day"] != day.String() {
		t.Errorf("%v, missing %v", s.Values["received-day"], s.Missing)
	}
}

func TestKeysPressedBeforeAnythingIsKnownAreNotLost(t *testing.T) {
	r := open(t, big)
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Begin: r.prints.Begin, Ask: func(_, _, _ string, do func()) { do() }})
	r.screen = NewScreen(r.p)
	r.window.SetContent(r.screen.Content())
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.key("F8")
	r.ctrl("D")
	r.key("F9")
	if r.store.Kept() != 0 {
		t.Fatal("kept before it was known what is offered")
	}
	r.p.Start()
	r.settle()
	if d := r.only(); d.Status != dossier.StatusDone || len(d.Intake.Papers) != 1 {
		t.Errorf("%v %+v", d.Status, d.Intake.Papers)
	}
}

func TestAllPapersBeforeTheProcedureHoldsForIt(t *testing.T) {
	r := open(t, big)
	r.p.Card(uitest.Person)
	r.key("F8")
	r.ctrl("3")
	r.settle()
	if s := r.state(); !s.Papers[0].On {
		t.Error("F8 is forgotten")
	}
	r.ctrl("4")
	r.p.Tick("tk03", false)
	r.ctrl("3")
	if r.state().Papers[0].On {
		t.Error("F8 is remembered for ever")
	}
}

func TestUnicodeReaderWithUnikeyOnIsSaid(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card("001099000001||Ksỏ Y Mẫu|01011999|Nam|Buôn Mẫu, Đắk Lắk|15042021")
	r.settle()
	if s := r.state(); s.Notice == nil || s.Notice.Tone != kit.Warn || !strings.Contains(s.Notice.Text, "Ksỏ") || s.Values["person.name"] != "Ksỏ Y Mẫu" {
		t.Errorf("%+v, %q", s.Notice, s.Values["person.name"])
	}
	r = open(t, big)
	r.p.Card("001099000001||Nguyễn Văn Ksor\b\bỏ|01011999|Nam|Buôn Mẫu, Đắk Lắk|15042021")
	r.settle()
	if s := r.state(); s.Notice == nil || s.Values["person.name"] != "" || s.Values["person.number"] != "001099000001" {
		t.Errorf("%+v, %q", s.Notice, s.Values["person.name"])
	}
}

func TestAskingAfterAnUnknownOutcomeKeepsOneDossier(t *testing.T) {
	r := open(t, big)
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.key("F8")
	r.ctrl("D")
	r.settle()
	lost := true
	r.store.Before = func(call string) error {
		if call == "Prints" || !lost {
			return nil
		}
		if call == "Receive" {
			lost = false
			return errors.New("the answer was lost")
		}
		return nil
	}
	r.key("F9")
	r.settle()
	if s := r.state(); s.Kept != nil || s.Values["answer"] != answerDone {
		t.Fatalf("%+v", s.Kept)
	}
	r.key("F9")
	r.settle()
	if d := r.only(); len(d.Course) != 2 {
		t.Errorf("%d acts", len(d.Course))
	}
}

// The first F9 kept it and the answer was lost; the draft that was written since must not come back as a form to fill in.
func TestDraftOfADossierThatWasKeptAfterAllIsGone(t *testing.T) {
	r := filled(t)
	kept := 0
	r.p.Desk = lost{r.desk, &kept}
	r.key("F9")
	r.settle()
	if r.store.Kept() != 1 || r.state().Kept != nil || !r.store.HasDraft() {
		t.Fatal("the test shows nothing")
	}
	r.key("F9")
	r.settle()
	r.only()
	if r.state().Kept == nil || r.store.HasDraft() {
		t.Error("its draft is still there")
	}
}

// lost is a desk whose first answer never comes.
type lost struct {
	*desk.Desk
	times *int
}

func (l lost) ReceiveAnd(ctx context.Context, in desk.Intake, verb dossier.Kind, body any) (dossier.Dossier, error) {
	d, err := l.Desk.ReceiveAnd(ctx, in, verb, body)
	if *l.times++; *l.times == 1 {
		return dossier.Dossier{}, errors.New("the answer was lost")
	}
	return d, err
}

func TestRefusalTakenDownByHandSaysWhen(t *testing.T) {
	r := filled(t)
	r.ctrl("T")
	r.key("F4")
	r.p.Text("why", "Không thuộc thẩm quyền.")
	r.key("F9")
	r.settle()
	if r.store.Kept() != 0 || r.p.focus != "received-day" {
		t.Errorf("refused as of now; the focus is on %s", r.p.focus)
	}
	r.p.Day("received-day", "18/11/2026", dossier.Date{Year: 2026, Month: 11, Day: 18}, nil)
	r.p.Text("received-time", "9:00")
	r.key("F9")
	r.settle()
	if d := r.only(); d.Number != "MAU.01-261118-TC01" {
		t.Error(d.Number)
	}
}

// TestAgencyRequestByKeysAlone walks an agency's request: letters and keys only, no mouse, no card.
func TestAgencyRequestByKeysAlone(t *testing.T) {
	r := open(t, fyne.NewSize(1024, 600))
	keys := 0
	press := func(names ...fyne.KeyName) {
		for _, k := range names {
			keys++
			e := kit.Event{Key: k, Down: true}
			if c, ok := strings.CutPrefix(string(k), "Ctrl+"); ok {
				e.Key, e.Ctrl = fyne.KeyName(c), true
			}
			if !r.p.Key(e) {
				r.focus().TypedKey(&fyne.KeyEvent{Name: k})
			}
			r.settle()
		}
	}
	write := func(s string) { test.Type(r.focus(), s); r.settle() }
	press("Ctrl+1")
	for _, s := range []string{"Cơ quan CSĐT Công an tỉnh Mẫu", "45/CV-CSĐT", "12112026", "Số 1, Phường Thử", ""} {
		write(s)
		press(fyne.KeyReturn)
	}
	for _, s := range []string{"", "Lê Văn Thử", "Điều tra viên", ""} { // who brings it
		write(s)
		press(fyne.KeyReturn)
	}
	press(fyne.KeyReturn) // a person
	for _, s := range []string{"001080000456", "Bùi Văn Giả Tưởng"} {
		write(s)
		press(fyne.KeyReturn)
	}
	press("F8", "F9")
	d := r.only()
	if d.Intake.Subject.Name != "Bùi Văn Giả Tưởng" || d.Intake.Requester.Agency.Position != "Điều tra viên" || d.Intake.Requester.Person.Name != "Lê Văn Thử" {
		t.Errorf("%+v", d.Intake)
	}
	t.Logf("an agency's request by hand: %d keys beside the letters", keys)
}

// TestSideStaysCalm: whatever there is to say at once, the keys stay in sight.
func TestSideStaysCalm(t *testing.T) {
	r := open(t, fyne.NewSize(1024, 600))
	for range 7 {
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.key("F8")
		r.settle()
		r.key("F9")
		r.settle()
	}
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.settle()
	s := r.state()
	if len(s.Earlier) != mostShown || s.More != 2 || len(s.Warnings) != 1 {
		t.Errorf("%d shown, %d more, %q", len(s.Earlier), s.More, s.Warnings)
	}
	if m := r.screen.Content().MinSize(); m.Height > 440 {
		t.Errorf("wants %v", m)
	}
}

// The first F9 kept it and the answer was lost; what the officer says only now is not in the journal, and the screen does not let it be lost.
func TestWhatWasSaidAfterAnUnknownOutcomeIsNotLost(t *testing.T) {
	for name, said := range map[string]struct {
		then func(*room)
		want string
	}{
		"done":    {func(r *room) { r.ctrl("D") }, "Thực hiện ngay"},
		"asked":   {func(r *room) { r.shift("F4"); r.p.Text("why", "Thiếu bản sao.") }, "Yêu cầu bổ sung"},
		"refused": {func(r *room) { r.key("F4"); r.p.Text("why", "Không thuộc thẩm quyền.") }, "không ghi từ chối"},
	} {
		r := open(t, big)
		r.ctrl("3")
		r.p.Card(uitest.Person)
		r.key("F8")
		kept := 0
		r.p.Desk = lost{r.desk, &kept}
		r.key("F9")
		r.settle()
		said.then(r)
		r.key("F9")
		r.settle()
		r.only()
		k := r.state().Kept
		if k == nil || k.National != "" || k.Asked || k.Refused || !strings.Contains(k.ToDo, said.want) {
			t.Errorf("%s: %+v", name, k)
		}
	}
}
