package desk

import (
	"errors"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

func TestWhatIsDoneAtOnceIsReceivedAndPerformedInOneStep(t *testing.T) {
	d, m := newDesk(t)
	hurried := 0
	d.Hurry = func() { hurried++ }
	in := citizenLocksCard()
	got, err := d.ReceiveAnd(t.Context(), in, dossier.Performed, &dossier.Perform{Reference: " G01.1 "})
	if err != nil || got.Status != dossier.StatusDone || got.Done == nil || got.Done.Reference != "G01.1" || got.Done.At.IsZero() || got.EndedAt.IsZero() {
		t.Fatalf("%+v, %v", got.Done, err)
	}
	if n := len(m.entries[in.ID]); n != 2 || hurried != 1 {
		t.Errorf("%d acts, hurried %d times", n, hurried)
	}
	again, err := d.ReceiveAnd(t.Context(), in, dossier.Performed, &dossier.Perform{})
	if err != nil || len(again.Course) != 2 || again.Number != got.Number {
		t.Errorf("kept twice: %d acts, %v", len(again.Course), err)
	}
}

func TestAnActThatMayNotFollowKeepsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		in   Intake
		verb dossier.Kind
		body any
		want string
	}{
		"an agency's request is weighed": {agencyLocksAccount(), dossier.Performed, &dossier.Perform{}, "perform.not-at-once"},
		"nothing to hand back":           {citizenLocksCard(), dossier.HandedBack, &dossier.HandBack{To: "Mẫu"}, "act.not-allowed"},
		"no reason":                      {citizenLocksCard(), dossier.AskedPapers, &dossier.AskPapers{}, "ask-papers.reason-missing"},
		"a second reception":             {citizenLocksCard(), dossier.Received, nil, "act.unknown"},
		"a trace":                        {citizenLocksCard(), dossier.TraceOpened, nil, "act.unknown"},
		"a long reference":               {citizenLocksCard(), dossier.Performed, &dossier.Perform{Reference: strings.Repeat("x", 301)}, "text.too-long"},
	} {
		d, m := newDesk(t)
		_, err := d.ReceiveAnd(t.Context(), c.in, c.verb, c.body)
		var ps dossier.Problems
		if !errors.As(err, &ps) || !strings.Contains(codes(ps), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if len(m.entries) != 0 || m.number != 0 {
			t.Errorf("%s: something was kept", name)
		}
	}
}

func TestProblemsOfTheFormAndOfTheActAreSaidTogether(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Requester.Person.Name = ""
	_, err := d.ReceiveAnd(t.Context(), in, dossier.AskedPapers, &dossier.AskPapers{})
	var ps dossier.Problems
	if !errors.As(err, &ps) || codes(ps) != "person.name:person.name-missing why:ask-papers.reason-missing" {
		t.Errorf("%v", err)
	}
}

func TestForwardingAtOnceNamesTheAuthority(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Procedure, in.Papers, in.Requester.Person.Phone = "issue-level2", []dossier.Paper{{Key: "tk01", Originals: 1}}, "0900000001"
	got, err := d.ReceiveAnd(t.Context(), in, dossier.Forwarded, &dossier.Forward{})
	if err != nil || got.Forward == nil || got.Forward.To != "Cục Cảnh sát quản lý hành chính về trật tự xã hội, Bộ Công an" && got.Forward.To == "" {
		t.Errorf("%+v, %v", got.Forward, err)
	}
}

func TestPapersThatLackAreAskedForAndHoldNothingUp(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Papers = nil
	if _, err := d.Receive(t.Context(), in); dossier.Code(err) != "papers.missing" {
		t.Fatalf("received without its papers: %v", err)
	}
	got, err := d.ReceiveAnd(t.Context(), in, dossier.AskedPapers, &dossier.AskPapers{Why: "Thiếu phiếu TK03.", Papers: []dossier.Paper{{Key: "tk03", Originals: 1}}})
	if err != nil || got.Status != dossier.StatusAsked || got.Asked == nil || got.Asked.Papers[0].Title == "" || got.Number == "" {
		t.Errorf("%+v, %v", got.Asked, err)
	}
	if !got.Burns().IsZero() {
		t.Error("its clock runs while papers are waited for")
	}
}

func TestWardComesWithARepresentative(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Represented = true
	p, err := d.Plan(t.Context(), in)
	if err != nil || !strings.Contains(codes(p.Problems), "representative.name:representative.name-missing") ||
		!strings.Contains(codes(p.Problems), "relation:representative.relation-missing") {
		t.Errorf("%s, %v", codes(p.Problems), err)
	}
	in.Requester.Representative, in.Requester.Relation = dossier.Person{Name: "Trần Thị Thử", Number: "001199000002", Phone: "0900000001"}, "mẹ"
	in.Procedure, in.Papers = "issue-level2", []dossier.Paper{{Key: "tk01", Originals: 1}}
	if got, err := d.Receive(t.Context(), in); err != nil || got.Intake.Requester.Representative.Name == "" {
		t.Errorf("with a guardian's phone a ward needs none: %v", err)
	}
	in.ID, in.Represented, in.Requester.Relation = dossier.ID{9}, false, ""
	if _, err := d.Receive(t.Context(), in); dossier.Code(err) != "representative.relation-missing" {
		t.Errorf("a representative nobody looked at: %v", err)
	}
}

func TestOldNumberOrPassportWhereThereIsNoOther(t *testing.T) {
	d, _ := newDesk(t)
	for name, c := range map[string]struct {
		change func(*Intake)
		agency bool
		want   string
	}{
		"CMND of a citizen":        {func(in *Intake) { in.Requester.Person.Number, in.Requester.Person.OldNumber = "", "012345678" }, false, "person.old-number:citizen-number.old"},
		"eight figures":            {func(in *Intake) { in.Requester.Person.Number, in.Requester.Person.OldNumber = "", "01234567" }, false, "person.old-number:old-number.format"},
		"both":                     {func(in *Intake) { in.Requester.Person.OldNumber = "012345678" }, false, ""},
		"nothing":                  {func(in *Intake) { in.Requester.Person.Number = "" }, false, "person.number:person.number-missing"},
		"CMND of a subject":        {func(in *Intake) { in.Subject.Number, in.Subject.OldNumber = "", "012345678" }, true, "subject.old-number:citizen-number.old"},
		"a subject's wrong CMND":   {func(in *Intake) { in.Subject.Number, in.Subject.OldNumber = "", "x" }, true, "subject.old-number:old-number.format"},
		"passport of a subject":    {func(in *Intake) { in.Subject.Number, in.Subject.Passport = "", "C1234567" }, true, ""},
		"a subject without number": {func(in *Intake) { in.Subject.Number = "" }, true, "subject.number:subject.number-missing"},
	} {
		in := citizenLocksCard()
		if c.agency {
			in = agencyLocksAccount()
		}
		c.change(&in)
		p, err := d.Plan(t.Context(), in)
		if got := codes(p.Problems); err != nil || got != c.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, c.want, err)
		}
	}
}

func TestPaperOnNoListIsNamedAndCounted(t *testing.T) {
	d, _ := newDesk(t)
	for _, c := range []struct {
		paper dossier.Paper
		want  string
	}{
		{dossier.Paper{Title: "Đơn trình báo", Copies: 1}, ""},
		{dossier.Paper{Title: "Đơn trình báo"}, "papers:papers.uncounted"},
		{dossier.Paper{Originals: 1}, "papers:papers.unnamed"},
		{dossier.Paper{Title: strings.Repeat("x", 301), Copies: 1}, "papers:text.too-long"},
	} {
		in := citizenLocksCard()
		in.Papers = append(in.Papers, c.paper)
		p, err := d.Plan(t.Context(), in)
		if got := codes(p.Problems); err != nil || got != c.want {
			t.Errorf("%.40v: %q, want %q", c.paper, got, c.want)
		}
	}
}

func TestOnlineDossierNeedsItsNumber(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Channel = dossier.Online
	if _, err := d.Receive(t.Context(), in); dossier.Code(err) != "national-code.missing" {
		t.Errorf("%v", err)
	}
}

func TestMarksOfSecrecyInANumber(t *testing.T) {
	for _, number := range []string{"123/CV-CSĐT(M)", "123/CV-CSĐT (M)", "12/BC-PC06 (TM)", "7/KH(TuM)", "45/M-CSĐT", "45/CV-CSĐT-M", "M-45/CV", "45/CV-CSĐT MẬT",
		"45/CV (mật)", "Tối mật 45/CV", "45/CV TUYỆT MẬT", "45/CV-TOI MAT", "4\u0301 M/x"} {
		if !secretNumber(number) {
			t.Errorf("%q is entered", number)
		}
	}
	for _, number := range []string{"", "123/CV-CSĐT", "12/CV-PV01-TM", "45/QĐ-TM", "45/CV-CATM", "9/KH-CAM", "45/CV-KON TUM", "MH-12/CV", "12M/CV", "45/CV-CSĐT(PC01)", "21/CV-BHXH",
		"33/CY-Mật mã", "34/m-x"} {
		if secretNumber(number) {
			t.Errorf("%q is held up", number)
		}
	}
}

func TestTextsThatSpeakOfStampedPapers(t *testing.T) {
	for _, text := range []string{"Theo công văn mật số 45", "văn bản Mật của cơ quan điều tra", "tài liệu tối mật", "đóng dấu MẬT", "độ mật: Mật", "Theo 123/CV-CSĐT(M), đề nghị khóa",
		"Theo văn bản 45/M-CSĐT", "hồ sơ tuyệt mật", "theo quyet dinh toi mat"} {
		if !secretText(text) {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"", "Lộ bí mật cá nhân", "quên mật khẩu", "Mật khẩu bị lộ", "bảo mật tài khoản", "kinh doanh mật ong", "QUÊN MẬT KHẨU TÀI KHOẢN", "mật độ dân cư", "nhân viên mật vụ giả danh",
		"thẻ bị mất", "giấy tờ mất", "ông Trần Văn Mật trình báo", "theo 123/CV-CSĐT", "vi phạm Luật Bảo vệ bí mật nhà nước"} {
		if secretText(text) {
			t.Errorf("%q is pointed at", text)
		}
	}
}

func TestStampedPaperIsNeitherReceivedNorRefusedHere(t *testing.T) {
	d, m := newDesk(t)
	in := agencyLocksAccount()
	in.Requester.Agency.Document = "123/CV-CSĐT(M)"
	_, received := d.Receive(t.Context(), in)
	_, refused := d.Refuse(t.Context(), in, "Văn bản mật.")
	if dossier.Code(received) != "secret.document" || dossier.Code(refused) != "secret.document" || len(m.entries) != 0 {
		t.Errorf("%v, %v", received, refused)
	}
	in.Requester.Agency.Document, in.Reason = "123/CV-CSĐT", "theo công văn mật"
	p, err := d.Plan(t.Context(), in)
	if got := codes(p.Problems); err != nil || got != "reason:secret.text" || p.Problems.Err() != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDraftKeepsWhatIsBesideTheForm(t *testing.T) {
	d, m := newDesk(t)
	f := Form{Intake: citizenLocksCard(), Beside: Beside{Slip: "ask", Refuse: "a", Ask: "b", Answer: "done", Reference: "c", Begun: map[string]string{"person.born": "07/1"}}}
	if err := d.SaveDraft(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	back, found, err := d.Draft(t.Context())
	if err != nil || !found || back.Beside.Ask != "b" || back.Beside.Begun["person.born"] != "07/1" || back.Requester.Person.Name != f.Requester.Person.Name {
		t.Errorf("%+v, %v", back, err)
	}
	m.draft = []byte(`{"id":"` + f.ID.String() + `","procedure":"lock-eid","note":"của phiên bản trước"}`)
	if back, found, err = d.Draft(t.Context()); err != nil || !found || back.Note == "" {
		t.Errorf("a draft of an earlier version: %+v, %v, %v", back, found, err)
	}
}
