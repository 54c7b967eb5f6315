package course

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

type room struct {
	t       *testing.T
	store   *uitest.Store
	paper   *uitest.Paper
	threads *uitest.Threads
	desk    *desk.Desk
	p       *Presenter
	s       *Screen
	w       fyne.Window
	backs   int
	kept    int
	orders  []desk.Order
	titles  []string
}

func open(t *testing.T) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	set := uitest.Station()
	set.Officers = append(set.Officers, dossier.Officer{ID: "canbo2", Name: "Lê Thị Mẫu", Title: "Cán bộ"})
	r := &room{t: t, store: uitest.NewStore(&set), paper: &uitest.Paper{}, threads: &uitest.Threads{}}
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store, Is: true}, r.paper, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if err := uitest.Fill(t.Context(), r.desk, r.store); err != nil {
		t.Fatal(err)
	}
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Kept: func() { r.kept++ }, Back: func() { r.backs++ },
		Preview: func(o desk.Order, title string) { r.orders, r.titles = append(r.orders, o), append(r.titles, title) }, Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: r.desk.Now})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 540))
	return r
}

// show opens the dossier that was kept as number i.
func (r *room) show(i int) State {
	r.p.Show(r.store.IDs()[i])
	r.threads.Run()
	return r.s.was
}

func (r *room) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		if !r.p.Key(kit.Event{Key: k, Down: true}) {
			if f := r.w.Canvas().Focused(); f != nil {
				f.TypedKey(&fyne.KeyEvent{Name: k})
			}
		}
		r.threads.Run()
	}
}

func (r *room) ctrl(k fyne.KeyName) {
	r.p.Key(kit.Event{Key: k, Ctrl: true, Down: true})
	r.threads.Run()
}

// line is what the screen says of an act.
func line(s State, kind dossier.Kind) VerbLine {
	for _, v := range s.Verbs {
		if v.Kind == kind {
			return v
		}
	}
	return VerbLine{}
}

func (r *room) write(s string) { test.Type(r.w.Canvas().Focused(), s) }

func TestCourseIsToldFromTheLatest(t *testing.T) {
	r := open(t)
	s := r.show(1)
	if s.Number != "MAU.01-261118-0002" || s.Status != "Đang xử lý" || len(s.Steps) != 2 {
		t.Fatalf("%+v", s)
	}
	if s.Steps[0].Title != "Chuyển cơ quan có thẩm quyền" || s.Steps[0].Who != "Trần Thử Nghiệm" || !strings.Contains(s.Steps[0].Detail, "G01.899.000123") {
		t.Errorf("%+v", s.Steps[0])
	}
	opened := 0
	for _, c := range r.store.Calls {
		if c == "Record opened" {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("%d traces of one look", opened)
	}
}

func TestForwardedAndSentAreNeverMixedUp(t *testing.T) {
	r := open(t)
	s := r.show(1) // forwarded, not sent
	if s.Sent != "Chờ gửi" || s.Steps[0].Sent != "Chờ gửi" || !strings.HasPrefix(s.Steps[0].Detail, "Đã chuyển ") {
		t.Errorf("%q, %+v", s.Sent, s.Steps[0])
	}
	s = r.show(4) // sent, never forwarded
	if s.Sent != "Đã gửi về Công an tỉnh Mẫu" {
		t.Error(s.Sent)
	}
	for _, step := range s.Steps {
		if strings.Contains(step.Detail, "Đã chuyển") || step.Sent != "Đã gửi về Công an tỉnh Mẫu" {
			t.Errorf("%+v", step)
		}
	}
}

func TestVerbsNotAllowedSayWhy(t *testing.T) {
	r := open(t)
	for i := range r.store.IDs() {
		s := r.show(i)
		can := 0
		for _, v := range s.Verbs {
			err := r.p.o.Dossier.Allowed(v.Kind)
			if err != nil && v.Why == "" {
				t.Errorf("%s: %s is offered and not allowed", s.Number, v.Title)
			}
			if v.Why == "" {
				can++
			}
		}
		if s.Status == "Đã hủy" && can != 0 {
			t.Errorf("an annulled dossier offers %d acts", can)
		}
	}
	r.show(4)
	r.ctrl("7") // returned already
	if s := r.s.was; len(s.Alerts) != 1 || s.Alerts[0].Tone != kit.Warn || s.Form != nil {
		t.Errorf("a key that does not work says nothing: %+v", s.Alerts)
	}
}

// TestEachVerbByKeysAlone does every act of the screen without the mouse.
func TestEachVerbByKeysAlone(t *testing.T) {
	for _, c := range []struct {
		kind  dossier.Kind
		at    int
		do    func(r *room)
		check func(d dossier.Dossier) bool
	}{
		{dossier.AskedPapers, 0, func(r *room) { r.ctrl("1"); r.write("Thiếu chữ ký"); r.press("F9") },
			func(d dossier.Dossier) bool { return d.Status == dossier.StatusAsked && d.Why == "Thiếu chữ ký" }},
		{dossier.AddedPapers, 2, func(r *room) { r.ctrl("2"); r.write("1"); r.press("F9") },
			func(d dossier.Dossier) bool { return d.Status == dossier.StatusProcessing }},
		{dossier.Forwarded, 0, func(r *room) { r.ctrl("3"); r.press(fyne.KeyReturn); r.write("G01"); r.press("F9") },
			func(d dossier.Dossier) bool {
				return d.Forward != nil && d.Forward.Reference == "G01" && strings.HasPrefix(d.Forward.To, "Cục Cảnh sát")
			}},
		{dossier.Decided, 0, func(r *room) {
			r.ctrl("5")
			r.press(fyne.KeyRight) // refused
			r.w.Canvas().FocusNext()
			r.write("12/TB")
			r.w.Canvas().FocusNext()
			r.w.Canvas().FocusNext()
			r.w.Canvas().FocusNext()
			r.write("Không đủ căn cứ")
			r.press("F9")
		}, func(d dossier.Dossier) bool {
			return d.Decision != nil && !d.Decision.Approved && d.Decision.Why == "Không đủ căn cứ" && d.Decision.Document == "12/TB"
		}},
		{dossier.Notified, 3, func(r *room) { r.ctrl("6"); r.press("F9") }, func(d dossier.Dossier) bool { return d.Status == dossier.StatusDone }},
		{dossier.HandedBack, 3, func(r *room) { r.ctrl("7"); r.press("F9") },
			func(d dossier.Dossier) bool { return d.Returned != nil && d.Returned.To == "Phạm Thị Kiểm Thử" }},
		{dossier.HandedOver, 0, func(r *room) { r.ctrl("8"); r.press(fyne.KeyReturn, fyne.KeyReturn, "F9") },
			func(d dossier.Dossier) bool {
				return d.Status == dossier.StatusProcessing && strings.Contains(string(d.Course[1].Body), `"to":"Lê Thị Mẫu"`)
			}},
		{dossier.Withdrawn, 0, func(r *room) { r.ctrl("9"); r.write("Không còn nhu cầu"); r.press("F9") },
			func(d dossier.Dossier) bool { return d.Status == dossier.StatusWithdrawn }},
		{dossier.Stopped, 0, func(r *room) { r.ctrl("0"); r.write("Trùng"); r.press("F9") },
			func(d dossier.Dossier) bool { return d.Status == dossier.StatusStopped }},
		{dossier.Annulled, 0, func(r *room) {
			r.ctrl(fyne.KeyDelete)
			r.write("Nhầm")
			r.w.Canvas().FocusNext()
			r.write("Hoàng Văn Mẫu")
			r.press("F9")
		},
			func(d dossier.Dossier) bool {
				return d.Status == dossier.StatusAnnulled && d.Why == "Nhầm\nTheo ý kiến của Trưởng Công an: Hoàng Văn Mẫu."
			}},
	} {
		r := open(t)
		r.show(c.at)
		c.do(r)
		d, err := r.store.Dossier(t.Context(), r.store.IDs()[c.at])
		last := d.Course[len(d.Course)-1]
		if err != nil || last.Kind != c.kind || !c.check(d) {
			t.Errorf("%s: last is %s; alerts %+v, said %v", c.kind, last.Kind, r.s.was.Alerts, r.p.said)
		}
		if r.s.was.Form != nil || r.kept != 1 {
			t.Errorf("%s: the form stays, or nobody was told", c.kind)
		}
		if f, ok := r.w.Canvas().Focused().(*kit.Button); r.s.first != nil && (!ok || f != r.s.first) {
			t.Errorf("%s: afterwards the focus is on %T", c.kind, r.w.Canvas().Focused())
		}
	}
}

func TestAtOnceIsPerformed(t *testing.T) {
	r := open(t)
	in := r.desk.NewIntake()
	in.Procedure, in.Case = "lock-eid", "citizen"
	in.Requester.Person = dossier.Person{Name: "Lê Mẫu", Number: "001090054321", Born: dossier.Date{Year: 1990, Month: 3, Day: 15}, Address: "Thôn Mẫu"}
	in.Papers = []dossier.Paper{{Key: "tk03", Originals: 1}}
	d, err := r.desk.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	r.p.Show(d.ID)
	r.threads.Run()
	r.ctrl("4")
	r.press("F9")
	if d, _ = r.store.Dossier(t.Context(), d.ID); d.Done == nil || d.Done.Result != "Đã khóa căn cước điện tử" || d.Status != dossier.StatusDone {
		t.Errorf("%+v; said %v, alerts %+v", d.Status, r.p.said, r.s.was.Alerts)
	}
	for _, v := range r.show(0).Verbs { // this one is not at once
		if v.Kind == dossier.Performed && v.Why == "" {
			t.Error("what takes seven days is offered as done at once")
		}
	}
}

func TestWrongFieldIsSaidAndNothingIsLost(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("5")
	r.press("F9")
	s := r.s.was
	if s.Form == nil || s.Form.Said["document"].Text == "" {
		t.Fatalf("%+v", s.Form)
	}
	r.write("15/QĐ")
	r.press(fyne.KeyEscape)
	if r.s.was.Form != nil || r.backs != 0 {
		t.Fatal("Esc leaves the dossier instead of the form")
	}
	r.ctrl("5")
	if got := r.s.was.Form.Values["document"]; got != "15/QĐ" {
		t.Errorf("Esc lost what was typed: %q", got)
	}
	r.p.Text("at", "xx")
	r.press(fyne.KeyEscape, fyne.KeyEscape)
	if r.backs != 1 {
		t.Error("Esc does not lead back to the list")
	}
	r.show(1)
	r.ctrl("5")
	if got := r.s.was.Form.Values["document"]; got != "" {
		t.Errorf("what was typed for one dossier is offered for another: %q", got)
	}
	r.show(0)
	if !line(r.s.was, dossier.Decided).Draft || r.s.was.Form != nil {
		t.Error("nobody says that something waits in a form")
	}
	r.ctrl("5")
	if got := r.s.was.Form.Values["document"]; got != "15/QĐ" {
		t.Errorf("another dossier lost what was typed: %q", got)
	}
}

func TestStoreErrorKeepsTheForm(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("9")
	r.write("Không còn nhu cầu")
	r.store.Before = func(call string) error {
		if call == "Act" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.press("F9")
	s := r.s.was
	if s.Form == nil || s.Form.Values["why"] != "Không còn nhu cầu" || len(s.Alerts) == 0 || s.Busy {
		t.Errorf("%+v", s)
	}
}

func TestFormsAreChosenByArrowOrDigitAndTheReceiptIsFirst(t *testing.T) {
	r := open(t)
	r.show(0)
	if _, err := r.desk.Print(t.Context(), desk.Order{Form: "receipt", Dossiers: r.store.IDs()[:1]}, desk.Where{}, nil); err != nil {
		t.Fatal(err)
	}
	r.show(0)
	r.ctrl("P")
	forms := r.s.was.Forms
	if len(forms) != len(uitest.Infos)-2 || forms[0].Title != "BM.01 Giấy tiếp nhận hồ sơ và hẹn trả kết quả" || forms[0].Sub != "Đã gửi in hoặc lưu tệp 1 lần; bản tiếp theo là bản in lại lần 1" {
		t.Fatalf("%+v", forms)
	}
	greyed := false
	for _, f := range forms {
		if greyed && f.Why == "" {
			t.Errorf("%s stands behind what cannot be printed", f.Title)
		}
		greyed = greyed || f.Why != ""
	}
	if !greyed {
		t.Error("a refusal slip is offered of a received dossier")
	}
	r.press(fyne.KeyUp, fyne.KeyReturn)
	r.ctrl("P")
	r.press(fyne.KeyDown, fyne.KeyReturn)
	r.ctrl("P")
	r.write("2")
	r.threads.Pass(2 * kit.DigitPause)
	r.ctrl("P")
	r.write("9") // there is none
	r.threads.Pass(2 * kit.DigitPause)
	r.press(fyne.KeyEscape)
	var got []string
	for _, o := range r.orders {
		if len(o.Dossiers) != 1 || o.Dossiers[0] != r.store.IDs()[0] || o.Set != "" || o.Paper != "" {
			t.Errorf("%+v", o)
		}
		got = append(got, o.Form)
	}
	if strings.Join(got, " ") != "receipt control-slip control-slip" || r.titles[0] != "BM.01 MAU.01-261119-0001" {
		t.Errorf("%q %q", got, r.titles)
	}
	if r.backs != 0 || r.s.was.Forms != nil {
		t.Error("Esc leaves the dossier instead of the choice")
	}
}

// TestNumberTypedByAReaderChoosesNoForm types digits at the pace of a machine into the choice.
func TestNumberTypedByAReaderChoosesNoForm(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("P")
	for _, c := range "001307012345" {
		r.write(string(c))
		r.threads.Pass(kit.DigitPause / 10)
	}
	r.show(1)
	r.threads.Pass(2 * kit.DigitPause)
	if len(r.orders) != 0 {
		t.Errorf("%+v", r.orders)
	}
}

func TestFormThatFollowsAnActIsOffered(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl("1")
	r.write("Thiếu chữ ký")
	r.press("F9")
	if s := r.s.was; s.Offer != "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ" {
		t.Fatalf("offered %q", s.Offer)
	}
	r.ctrl("P")
	if len(r.orders) != 1 || r.orders[0].Form != "supplement" {
		t.Fatalf("%+v", r.orders)
	}
	r.ctrl("P") // the offer is taken: now all are there
	if len(r.orders) != 1 || r.s.was.Forms == nil || r.s.was.Offer != "" {
		t.Errorf("%+v", r.s.was.Forms)
	}
	r.press(fyne.KeyEscape)
	r.show(1)
	r.ctrl("8")
	r.press(fyne.KeyReturn, fyne.KeyReturn, "F9")
	if r.s.was.Offer != "" {
		t.Errorf("a hand-over offers %q", r.s.was.Offer)
	}
}

func TestFollowingForms(t *testing.T) {
	for _, c := range []struct {
		kind dossier.Kind
		body any
		form string
	}{{dossier.AskedPapers, &dossier.AskPapers{}, "supplement"}, {dossier.Rescheduled, &dossier.Reschedule{}, "apology"}, {dossier.Stopped, &dossier.Reason{}, "stop"},
		{dossier.Decided, &dossier.Decision{}, "refusal-answer"}, {dossier.Decided, &dossier.Decision{Approved: true}, "result-notice"},
		{dossier.Performed, &dossier.Perform{}, "result-notice"}, {dossier.Refused, &dossier.Refuse{}, "refusal"}, {dossier.Corrected, &dossier.Correct{}, "receipt"}, {dossier.Notified, &dossier.Notify{}, ""}} {
		if got := follows(c.kind, c.body); got != c.form {
			t.Errorf("%s: %q", c.kind, got)
		}
	}
}

func TestFormsThatCannotBeReadAreSaidWhenAskedFor(t *testing.T) {
	r := open(t)
	s := r.show(0)
	if len(s.Alerts) != 0 {
		t.Fatal(s.Alerts)
	}
	r.p.noPapers = dossier.Invalid("form-set", "form.unknown-set", "set", "x")
	r.ctrl("P")
	if s := r.s.was; s.Forms != nil || len(s.Alerts) != 1 || s.Alerts[0].Tone != kit.Bad {
		t.Errorf("%+v", s.Alerts)
	}
}

func TestOlderDossierIsNotShownLate(t *testing.T) {
	r := open(t)
	r.p.Show(r.store.IDs()[0])
	old := r.threads.Take()
	s := r.show(1)
	for _, f := range old {
		f()
	}
	if r.s.was.Number != s.Number {
		t.Error("a slow answer replaced the dossier on the screen")
	}
}

func TestUnknownDossierIsSaid(t *testing.T) {
	r := open(t)
	r.p.Show(dossier.ID{99})
	r.threads.Run()
	if s := r.s.was; !s.Empty || len(s.Alerts) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestTimesMustBeWritten(t *testing.T) {
	r := open(t)
	r.show(0)
	for typed, good := range map[string]bool{"": true, "8:05": true, "15h30": true, "15.30": true, "25:00": false, "chiều": false} {
		_, ps := when(r.p, map[string]string{"at": typed})
		if (ps == nil) != good {
			t.Errorf("%q: %v", typed, ps)
		}
	}
	if _, ps := when(r.p, map[string]string{"at-day": "01/11/2026"}); ps == nil {
		t.Error("another day without an hour is taken for now")
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t)
	for i := range r.store.IDs() {
		r.show(i)
		if i%2 == 1 {
			r.ctrl("P")
		}
		if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
			t.Errorf("%d wants %v", i, m)
		}
	}
}

var _ Desk = (*desk.Desk)(nil)

// TestFocusStaysWhenTheCourseIsReadAgain reads it again while a verb has the focus, and after a form was chosen from the list: Esc on the
// preview gives the focus back to what had it.
func TestFocusStaysWhenTheCourseIsReadAgain(t *testing.T) {
	r := open(t)
	r.show(0)
	had := r.w.Canvas().Focused()
	if _, ok := had.(*kit.Button); !ok {
		t.Fatalf("%T has the focus", had)
	}
	if _, err := r.desk.Do(t.Context(), dossier.HandedOver, r.store.IDs()[0], &dossier.HandOver{From: "Quầy", To: "Đội"}); err != nil {
		t.Fatal(err)
	}
	r.p.Refresh()
	r.threads.Run()
	reached := func() bool {
		at := r.w.Canvas().Focused()
		for range 40 {
			r.w.Canvas().FocusNext()
			if r.w.Canvas().Focused() == at {
				return true
			}
		}
		return false
	}
	if r.w.Canvas().Focused() != had || !reached() {
		t.Error("the focus is on something that is no longer shown")
	}
	r.ctrl("P")
	r.press(fyne.KeyReturn)
	if len(r.orders) != 1 || r.w.Canvas().Focused() == fyne.Focusable(r.s.menu) || !reached() {
		t.Errorf("the list is gone, and %T has the focus", r.w.Canvas().Focused())
	}
}

func TestFormsOfOtherProceduresAreNotListed(t *testing.T) {
	r := open(t)
	r.paper.Other = "tk01"
	r.show(0)
	r.ctrl("P")
	for _, f := range r.s.was.Forms {
		if strings.Contains(f.Title, "TK01") {
			t.Errorf("%+v", f)
		}
	}
	if len(r.s.was.Forms) != len(uitest.Infos)-3 {
		t.Errorf("%d forms", len(r.s.was.Forms))
	}
}
