package course

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// agency is an agency's request to lock an account, received so many days before the tests' day, at nine.
func (r *room) agency(days int) dossier.ID {
	r.t.Helper()
	in := r.desk.NewIntake()
	in.Procedure, in.ReceivedAt = "lock-account", dossier.DateOf(uitest.Now).AddDays(-days).At(9, 0)
	in.Requester = dossier.Requester{Kind: dossier.Agency, Agency: dossier.Office{Name: "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", Document: "45/CSĐT", DocumentDate: dossier.DateOf(uitest.Now).AddDays(-9),
		Address: "Số 1, Phường Thử", Phone: "0200 000 0001"}, Person: dossier.Person{Name: "Đặng Văn Thí Dụ", Number: "001085000123"}}
	in.Subject = dossier.Person{Name: "Bùi Văn Giả Tưởng", Number: "001080000456"}
	in.Reason, in.Papers = "Phục vụ xác minh theo quyết định phân công", []dossier.Paper{{Key: "tk03", Originals: 1}}
	d, err := r.desk.Receive(r.t.Context(), in)
	if err != nil {
		r.t.Fatal(err)
	}
	return d.ID
}

func (r *room) do(id dossier.ID, kind dossier.Kind, body any) {
	r.t.Helper()
	if _, err := r.desk.Do(r.t.Context(), kind, id, body); err != nil {
		r.t.Fatalf("%s: %v", kind, err)
	}
}

func (r *room) dossier(id dossier.ID) dossier.Dossier {
	r.t.Helper()
	d, err := r.store.Dossier(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

func (r *room) open(id dossier.ID) State {
	r.p.Show(id)
	r.threads.Run()
	return r.s.was
}

// came is an act written down elsewhere, on the acts named.
func (r *room) came(id dossier.ID, n byte, kind dossier.Kind, at time.Time, from dossier.Whence, body any, bases ...dossier.EventID) dossier.EventID {
	r.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	e := dossier.Event{ID: dossier.EventID{0xCC, n}, Dossier: id, Kind: kind, Bases: bases, By: "canbo2", At: at, Body: text}
	if err := r.store.Came(e, from); err != nil {
		r.t.Fatal(err)
	}
	return e.ID
}

// dispute withdraws a dossier here and stops it on another PC.
func (r *room) dispute() dossier.ID {
	id := r.agency(1)
	first := r.dossier(id).Heads[0]
	r.do(id, dossier.Withdrawn, &dossier.Reason{Why: "Cơ quan có văn bản rút đề nghị."})
	r.came(id, 1, dossier.Stopped, uitest.Now.Add(-time.Hour), dossier.Whence{Seq: 7}, dossier.Reason{Why: "Trùng với đề nghị đã giải quyết.", At: uitest.Now.Add(-time.Hour)}, first)
	return id
}

// states puts dossiers into every state the screen must show.
var states = []struct {
	name  string
	make  func(r *room) dossier.ID
	check func(s State) bool
}{
	{"received", func(r *room) dossier.ID { return r.agency(0) }, func(s State) bool {
		return s.Status == "Được tiếp nhận" && s.Due.Text != "" && strings.HasPrefix(s.Due.Left, "Còn ") && strings.HasPrefix(s.Own.Left, "Còn ") && s.Forwarded == "" &&
			slices.Equal(s.Next, []dossier.Kind{dossier.Forwarded, dossier.AskedPapers}) && len(s.Alerts) == 0
	}},
	{"processing", func(r *room) dossier.ID {
		id := r.agency(0)
		r.do(id, dossier.Forwarded, &dossier.Forward{Reference: "G01.899.000777"})
		return id
	}, func(s State) bool {
		return s.Status == "Đang xử lý" && strings.Contains(s.Forwarded, "mã G01.899.000777") && s.Own.Left == "Đã chuyển trước hạn" && s.Sent == "Chờ gửi" && s.Next[0] == dossier.Decided
	}},
	{"asked", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.AskedPapers, &dossier.AskPapers{Why: "Phiếu TK03 chưa đóng dấu.", Papers: []dossier.Paper{{Key: "tk03", Originals: 1}}})
		return id
	}, func(s State) bool {
		return strings.HasPrefix(s.Due.Left, "Chờ bổ sung") && s.Next[0] == dossier.AddedPapers && strings.Contains(s.Steps[0].Detail, "mẫu TK03")
	}},
	{"soon", func(r *room) dossier.ID { return r.agency(2) }, func(s State) bool {
		return len(s.Alerts) == 1 && s.Alerts[0].Tone == kit.Warn && s.Alerts[0].Act == dossier.Rescheduled && slices.Contains(s.Next, dossier.Rescheduled) && s.Own.Late && !s.Due.Late
	}},
	{"late", func(r *room) dossier.ID { return r.agency(6) }, func(s State) bool {
		return len(s.Alerts) == 1 && s.Alerts[0].Tone == kit.Bad && s.Alerts[0].Act == dossier.Rescheduled && strings.Contains(s.Alerts[0].Text, "BM.04") &&
			s.Next[0] == dossier.Rescheduled && s.Due.Late && s.Due.Left == "Quá hạn trả 16 giờ" && s.Own.Left == "Quá hạn chuyển 3 ngày"
	}},
	{"rescheduled", func(r *room) dossier.ID {
		id := r.agency(6)
		o, _ := r.desk.Look(r.t.Context(), id)
		r.do(id, dossier.Rescheduled, &dossier.Reschedule{Why: "Hệ thống quốc gia gián đoạn.", Due: dossier.Due{At: o.Again.At}})
		return id
	}, func(s State) bool {
		return s.Due.Late && strings.HasPrefix(s.Due.Left, "Quá hẹn đầu; còn ") && s.Due.Why == "Hẹn lại; hẹn đầu: 17:00 thứ Tư, 18/11/2026" && len(s.Alerts) == 0
	}},
	{"done", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Forwarded, &dossier.Forward{})
		r.do(id, dossier.Decided, &dossier.Decision{Approved: true, Document: "21/TB"})
		return id
	}, func(s State) bool {
		return s.Due.Left == "Xong trước hạn" && s.Own.Left == "Đã chuyển đúng hạn" && s.Next[0] == dossier.HandedBack
	}},
	{"returned", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Decided, &dossier.Decision{Document: "22/TB", Why: "Không xác định được chủ thể."})
		r.do(id, dossier.HandedBack, &dossier.HandBack{To: "Đặng Văn Thí Dụ", Paper: "Giấy giới thiệu số 12"})
		return id
	}, func(s State) bool {
		return s.Status == "Đã trả kết quả" && strings.Contains(s.Steps[0].Detail, "Giấy giới thiệu số 12") && strings.Contains(s.Steps[1].Detail, "Từ chối: Không xác định")
	}},
	{"refused", func(r *room) dossier.ID {
		in := r.desk.NewIntake()
		in.Procedure, in.Requester.Person = "lock-account", dossier.Person{Name: "Đỗ Thị Từ Chối", Number: "001190000040"}
		d, err := r.desk.Refuse(r.t.Context(), in, "Chỉ cơ quan có thẩm quyền được đề nghị khóa tài khoản.")
		if err != nil {
			r.t.Fatal(err)
		}
		return d.ID
	}, func(s State) bool {
		return s.Status == "Không được tiếp nhận" && s.Due.Text == "" && slices.Equal(s.Next, []dossier.Kind{dossier.Notified})
	}},
	{"withdrawn", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Withdrawn, &dossier.Reason{Why: "Không còn nhu cầu"})
		return id
	}, func(s State) bool { return has(s.Facts, "Lý do rút", "Không còn nhu cầu") }},
	{"stopped", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Stopped, &dossier.Reason{Why: "Chủ thể đã chết"})
		return id
	}, func(s State) bool { return has(s.Facts, "Lý do dừng", "Chủ thể đã chết") }},
	{"annulled", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Annulled, &dossier.Reason{Why: "Nhập hai lần"})
		return id
	}, func(s State) bool {
		return s.Status == "Đã hủy" && s.Due.Left == "" && len(s.Next) == 0 && !slices.ContainsFunc(s.Verbs, func(v VerbLine) bool { return v.Why == "" })
	}},
	{"disputed", func(r *room) dossier.ID { return r.dispute() }, func(s State) bool {
		marks := 0
		for _, step := range s.Steps {
			if step.Mark == "Trùng thao tác: chưa có hiệu lực" {
				marks++
			}
		}
		return marks == 2 && s.Next[0] == dossier.Resolved && s.Alerts[0].Act == dossier.Resolved && slices.ContainsFunc(s.Steps, func(x Step) bool { return x.Where == "Máy khác của trạm" && x.Sent == "" })
	}},
	{"held", func(r *room) dossier.ID {
		id := r.agency(1)
		first := r.dossier(id).Heads[0]
		away := dossier.Whence{Seq: 3}
		r.do(id, dossier.Forwarded, &dossier.Forward{})
		r.came(id, 2, dossier.AskedPapers, uitest.Now.Add(-time.Hour), away, dossier.AskPapers{Why: "Thiếu dấu"}, first)
		r.came(id, 3, dossier.Rescheduled, uitest.Now, away, dossier.Reschedule{Why: "x"}, dossier.EventID{0xCC, 2})
		return id
	}, func(s State) bool {
		return slices.ContainsFunc(s.Steps, func(x Step) bool {
			return strings.HasPrefix(x.Mark, "Tạm giữ") && x.Sign == kit.TriangleSign && x.MarkTone == kit.Warn
		})
	}},
	{"waiting", func(r *room) dossier.ID {
		id := r.agency(1)
		r.came(id, 4, dossier.Withdrawn, uitest.Now, dossier.Whence{Seq: 9}, dossier.Reason{Why: "Rút"}, dossier.EventID{0xEE})
		r.came(id, 5, "seal", uitest.Now, dossier.Whence{Upstream: true}, struct{}{}, r.dossier(id).Heads[0])
		return id
	}, func(s State) bool {
		strange := slices.ContainsFunc(s.Steps, func(x Step) bool {
			return x.Title == "Thao tác chưa đọc được" && x.Where == "Cấp trên" && x.Who == "Công an tỉnh Mẫu"
		})
		return strange && s.Steps[0].Mark == "Chờ dữ liệu từ máy khác" && len(s.Alerts) == 1
	}},
	{"void", func(r *room) dossier.ID {
		id := r.dispute()
		r.open(id)
		acts := r.p.disputed()
		r.do(id, dossier.Resolved, &dossier.Resolve{Names: []dossier.EventID{acts[0].ID, acts[1].ID}, Keep: acts[0].ID, Why: "Đã hỏi lại cơ quan đề nghị."})
		return id
	}, func(s State) bool {
		return len(s.Alerts) == 0 && slices.ContainsFunc(s.Steps, func(x Step) bool { return x.Mark == "Không có hiệu lực" })
	}},
	{"sent-back", func(r *room) dossier.ID {
		id := r.agency(1)
		head := r.dossier(id).Heads[0]
		r.store.Sent[head] = true
		r.store.SentBack = []dossier.SentBackRow{{QueueRow: dossier.QueueRow{Event: head, Dossier: id, Kind: dossier.Received}, Why: "Số văn bản đề nghị chưa đúng."}}
		return id
	}, func(s State) bool {
		return s.Sent == "Cấp trên yêu cầu sửa" && s.Alerts[0].Act == dossier.Corrected && s.Alerts[0].Label == "Sửa và gửi lại" && s.Steps[0].Wish == "Số văn bản đề nghị chưa đúng." && s.Next[0] == dossier.Corrected
	}},
	{"purged", func(r *room) dossier.ID {
		id := r.agency(1)
		r.do(id, dossier.Withdrawn, &dossier.Reason{Why: "bí mật"})
		r.store.Purge(id)
		return id
	}, func(s State) bool {
		for _, step := range s.Steps {
			if !strings.HasPrefix(step.Detail, "Nội dung đã xóa") {
				return false
			}
		}
		return len(s.Facts) < 5 && len(s.Steps) == 2
	}},
	{"corrected", func(r *room) dossier.ID {
		id := r.agency(1)
		subject := r.dossier(id).Intake.Subject
		subject.Name, subject.Born = "Bùi Văn Giả Định", dossier.Date{Year: 1980, Month: 2, Day: 1}
		r.do(id, dossier.Corrected, &dossier.Correct{Subject: &subject, Why: "Ghi nhầm tên đệm."})
		return id
	}, func(s State) bool {
		return slices.Equal(s.Steps[0].Changes, []Change{{Label: "Họ và tên (người bị đề nghị)", Before: "Bùi Văn Giả Tưởng", After: "Bùi Văn Giả Định"},
			{Label: "Ngày sinh (người bị đề nghị)", After: "01/02/1980"}})
	}},
	{"at-once", func(r *room) dossier.ID {
		in := r.desk.NewIntake()
		in.Procedure, in.Case, in.Papers = "lock-eid", "citizen", []dossier.Paper{{Key: "tk03", Originals: 1}}
		in.Requester.Person = dossier.Person{Name: "Lê Mẫu", Number: "001090054321", Born: dossier.Date{Year: 1990, Month: 3, Day: 15}, Address: "Thôn Mẫu"}
		d, err := r.desk.Receive(r.t.Context(), in)
		if err != nil {
			r.t.Fatal(err)
		}
		return d.ID
	}, func(s State) bool {
		return s.Next[0] == dossier.Performed && len(s.Alerts) == 0 && s.Own.Text == "" && has(s.Facts, "Căn cứ", "Khi người được cấp căn cước điện tử yêu cầu khóa (điểm a khoản 1 Điều 34 Luật Căn cước)")
	}},
}

func has(facts []Fact, label, text string) bool { return slices.Contains(facts, Fact{label, text}) }

func TestEveryStateIsShownAsItIs(t *testing.T) {
	for _, c := range states {
		t.Run(c.name, func(t *testing.T) {
			r := open(t)
			s := r.open(c.make(r))
			if !c.check(s) {
				steps := ""
				for _, x := range s.Steps {
					steps += fmt.Sprintf("\n  %+v", x)
				}
				t.Errorf("%s: due %+v, own %+v, next %v, alerts %+v, facts %v%s", s.Status, s.Due, s.Own, s.Next, s.Alerts, s.Facts, steps)
			}
			for _, v := range s.Verbs {
				if v.Why != "" && slices.Contains(s.Next, v.Kind) {
					t.Errorf("%s comes next and is not allowed", v.Title)
				}
			}
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("wants %v", m)
			}
			r.shoot("course-" + c.name)
		})
	}
}

func (r *room) shoot(name string) {
	r.t.Helper()
	if os.Getenv("TIEPNHAN_SHOTS") == "" { // drawing takes longer than all the rest
		return
	}
	if err := uitest.Shoot(name, r.w.Canvas().Capture()); err != nil {
		r.t.Fatal(err)
	}
}

func TestMomentsOfWritingDownAreShownWhereTheyDiffer(t *testing.T) {
	r := open(t)
	id := r.agency(3)
	r.do(id, dossier.Forwarded, &dossier.Forward{At: uitest.Now.Add(-24 * time.Hour)})
	s := r.open(id)
	if step := s.Steps[0]; step.When != "18/11/2026 09:12" || step.Kept != "Ghi vào máy lúc 19/11/2026 09:12" || step.Where != "Máy này" {
		t.Errorf("%+v", step)
	}
	ahead := r.came(id, 6, dossier.Decided, uitest.Now.AddDate(0, 0, -40), dossier.Whence{}, dossier.Decision{Approved: true, Document: "1", At: uitest.Now}, r.dossier(id).Heads...)
	s = r.open(id)
	if step := s.Steps[0]; r.dossier(id).Course[2].ID != ahead || step.When != "19/11/2026 09:12" || !strings.HasPrefix(step.Kept, "Đồng hồ máy khi ghi: 10/10/2026") {
		t.Errorf("%+v", step)
	}
}

// TestEveryFormCanBeWalkedByTab opens every act that a state allows and walks it: each field is reached, the button too, and the screen
// still fits.
func TestEveryFormCanBeWalkedByTab(t *testing.T) {
	seen := map[dossier.Kind]bool{}
	for _, c := range states {
		r := open(t)
		id := c.make(r)
		for _, v := range r.open(id).Verbs {
			if v.Why != "" || seen[v.Kind] {
				continue
			}
			seen[v.Kind] = true
			key, _ := strings.CutPrefix(v.Key, "Ctrl+")
			if key == "Del" {
				key = "Delete"
			}
			r.ctrl(fyne.KeyName(key))
			f := r.s.was.Form
			if f == nil || f.Kind != v.Kind {
				t.Fatalf("%s does not open by %s", v.Title, v.Key)
			}
			first := r.w.Canvas().Focused()
			reached := map[fyne.Focusable]bool{}
			for range 80 {
				reached[r.w.Canvas().Focused()] = true
				r.w.Canvas().FocusNext()
				if r.w.Canvas().Focused() == first {
					break
				}
			}
			if !reached[r.s.keep] || !reached[r.s.back] || first == nil {
				t.Errorf("%s: F9's button is not reached; the first is %T", v.Title, first)
			}
			fields := 0
			for range verbOf(v.Kind).fieldsOf(r.p) {
				fields++
			}
			if len(reached) < fields {
				t.Errorf("%s: %d fields, %d reached", v.Title, fields, len(reached))
			}
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s wants %v", v.Title, m)
			}
			r.shoot("course-form-" + string(v.Kind))
			r.press(fyne.KeyEscape)
			if r.s.was.Form != nil || line(r.s.was, v.Kind).Draft {
				t.Errorf("%s: a look at the form leaves something behind", v.Title)
			}
		}
	}
	for _, v := range verbs {
		if !seen[v.kind] {
			t.Errorf("%s was offered in no state", v.title)
		}
	}
}

func TestApologyIsWrittenByKeys(t *testing.T) {
	r := open(t)
	id := r.agency(6)
	r.open(id)
	r.ctrl("H")
	f := r.s.was.Form
	if f.Values["due-day"] != "25/11/2026" || f.Values["due-hour"] != "17:00" {
		t.Fatalf("proposes %v", f.Values)
	}
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // over day and hour, the first reason
	if got := r.s.was.Form.Values["why"]; got != "Hệ thống quốc gia gián đoạn từ … đến nay." {
		t.Fatalf("%q", got)
	}
	r.press("F9")
	if s := r.s.was; s.Form == nil || s.Form.Said["from-day"].Text == "" {
		t.Fatalf("an apology without the beginning is kept: %+v", s.Form)
	}
	r.p.Text("from-day", "17/11/2026")
	r.p.Text("from-hour", "8:00")
	r.p.Text("to-day", "18/11/2026")
	r.p.Text("to-hour", "16h30")
	if got := r.s.was.Form.Values["why"]; got != "Hệ thống quốc gia gián đoạn từ 08:00 ngày 17/11/2026 đến 16:30 ngày 18/11/2026." {
		t.Fatalf("%q", got)
	}
	r.shoot("course-apology")
	r.press("F9")
	d := r.dossier(id)
	if d.Reschedules != 1 || r.s.was.Form != nil || r.p.offer != "apology" {
		t.Fatalf("%+v, alerts %+v", d.Due, r.s.was.Alerts)
	}
	if s := r.s.was; s.Offer == "" || len(s.Alerts) != 1 || s.Alerts[0].Tone != kit.Good {
		t.Errorf("offers %q, %+v", s.Offer, s.Alerts)
	}
}

// A paper that two sign does not say that the authority has not answered what it was never asked.
func TestNoApologyBlamesWhoHasNotGotTheDossier(t *testing.T) {
	r := open(t)
	id := r.agency(6)
	offered := func() bool {
		r.open(id)
		r.ctrl("H")
		for _, row := range r.s.was.Form.Questions[0].Rows {
			if row[0].Key == "ready" {
				return slices.ContainsFunc(row[0].Options, func(o kit.Option) bool { return o.Value == "authority" })
			}
		}
		t.Fatal("no reasons to choose from")
		return false
	}
	if offered() {
		t.Error("offered before it was forwarded")
	}
	r.do(id, dossier.Forwarded, &dossier.Forward{})
	if !offered() {
		t.Error("not offered of a dossier that lies there")
	}
}

func TestWhatTheOfficerWroteInTheReasonStays(t *testing.T) {
	r := open(t)
	id := r.agency(6)
	r.do(id, dossier.Forwarded, &dossier.Forward{})
	r.open(id)
	r.ctrl("H")
	r.p.Text("ready", "authority")
	r.p.Text("why", r.s.was.Form.Values["why"]+" Đã đôn đốc ngày 18/11.")
	r.p.Text("ready", "many")
	if got := r.s.was.Form.Values["why"]; !strings.HasSuffix(got, "Đã đôn đốc ngày 18/11.") {
		t.Errorf("%q", got)
	}
	r.p.Text("why", "")
	r.p.Text("ready", "system")
	r.p.Text("why", "Máy chủ hỏng.") // words of one's own need no times
	r.press("F9")
	if s := r.s.was; s.Form != nil {
		t.Errorf("%+v", s.Form.Said)
	}
}

func TestASecondApologyNeedsTheChief(t *testing.T) {
	r := open(t)
	id := r.agency(6)
	o, _ := r.desk.Look(t.Context(), id)
	r.do(id, dossier.Rescheduled, &dossier.Reschedule{Why: "x", Due: dossier.Due{At: o.Again.At}})
	now := time.Date(2026, 11, 30, 8, 0, 0, 0, dossier.Hanoi)
	r.desk.Now = func() time.Time { return now }
	r.p.Now = r.desk.Now
	s := r.open(id)
	if len(s.Alerts) != 1 || !strings.Contains(s.Alerts[0].Text, "Trưởng Công an") {
		t.Fatalf("%+v", s.Alerts)
	}
	r.ctrl("H")
	r.p.Text("why", "Chờ xác minh")
	r.press("F9")
	if s := r.s.was; s.Form == nil || s.Form.Said["override"].Text == "" {
		t.Fatalf("%+v", s.Form)
	}
	r.write("Đồng ý hẹn lại") // the focus is there
	r.press("F9")
	if d := r.dossier(id); d.Reschedules != 2 {
		t.Errorf("%+v", r.s.was.Form)
	}
}

func TestAnApologyTooEarlyIsGreyedWithTheDay(t *testing.T) {
	r := open(t)
	s := r.open(r.agency(0)) // due Wednesday 25/11
	v := line(s, dossier.Rescheduled)
	if !strings.Contains(v.Why, "07:30 ngày 23/11/2026") || v.ByStatus {
		t.Errorf("%+v", v)
	}
	r.ctrl("H")
	if r.s.was.Form != nil {
		t.Error("it opens all the same")
	}
}

func TestACorrectionIsShownBeforeItIsKept(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("D")
	r.p.Text("why", "Ghi nhầm")
	r.press("F9")
	if s := r.s.was; s.Form == nil || s.Form.Review != nil || len(s.Alerts) == 0 || !strings.Contains(s.Alerts[0].Text, "Chưa có nội dung nào thay đổi") {
		t.Fatalf("a correction of nothing: %+v", s.Alerts)
	}
	r.p.Text("subject.name", "Bùi Văn Giả Định")
	r.p.Text("agency.document-date", "12/11/2026")
	r.p.Text(r.p.held()[0].key+".c", "2")
	r.p.Text("note", "Đã gọi lại")
	r.press("F9")
	f := r.s.was.Form
	if f == nil || len(f.Review) != 4 || f.Review[0].Before != "10/11/2026" || f.Review[0].After != "12/11/2026" || !strings.HasSuffix(f.Review[3].After, "(1 bản chính, 2 bản sao)") {
		t.Fatalf("%+v", f)
	}
	if len(r.dossier(id).Course) != 1 {
		t.Fatal("kept before it was looked at")
	}
	r.shoot("course-review")
	r.press(fyne.KeyEscape) // back to the form, nothing lost
	if f := r.s.was.Form; f == nil || f.Review != nil || f.Values["subject.name"] != "Bùi Văn Giả Định" {
		t.Fatalf("%+v", f)
	}
	r.press("F9")
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.keep) {
		t.Errorf("%T has the focus", r.w.Canvas().Focused())
	}
	r.press("F9")
	d := r.dossier(id)
	if d.Intake.Subject.Name != "Bùi Văn Giả Định" || d.Intake.Note != "Đã gọi lại" || d.Intake.Papers[0].Copies != 2 || d.Intake.Requester.Person.Name != "Đặng Văn Thí Dụ" {
		t.Errorf("%+v", d.Intake)
	}
	if body := string(d.Course[1].Body); strings.Contains(body, "subject-org") || strings.Contains(body, `"reason"`) {
		t.Errorf("what did not change is in the event: %s", body)
	}
	if s := r.s.was; s.Form != nil || !strings.Contains(s.Alerts[0].Text, "có đính chính") || !strings.Contains(s.Offer, "BM.01") {
		t.Errorf("%+v, offer %q", s.Alerts, s.Offer)
	}
}

// TestACorrectionLeavesAloneWhatAnotherPCMended: a form opened before the other PC's correction came takes nothing of it back.
func TestACorrectionLeavesAloneWhatAnotherPCMended(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("D")
	r.p.Text("subject.name", "Bùi Văn Giả Định")
	in := r.dossier(id).Intake
	in.Requester.Agency.Phone, in.Subject.Number = "0200 111 222", "001080000457"
	r.came(id, 8, dossier.Corrected, uitest.Now, dossier.Whence{Seq: 4}, dossier.Correct{Requester: &in.Requester, Subject: &in.Subject, Why: "x"}, r.dossier(id).Heads...)
	r.p.Refresh()
	r.threads.Run()
	r.p.Text("why", "Ghi nhầm")
	r.press("F9", "F9")
	got := r.dossier(id).Intake
	if got.Requester.Agency.Phone != "0200 111 222" || got.Subject.Number != "001080000457" || got.Subject.Name != "Bùi Văn Giả Định" {
		t.Errorf("%+v %+v", got.Requester.Agency, got.Subject)
	}
}

func TestWrongFieldsOfACorrectionAreSaidThere(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("D")
	r.p.Text("agency.document-date", "12/1")
	r.press("F9")
	if f := r.s.was.Form; f.Review != nil || f.Said["agency.document-date"].Text == "" || f.Said["why"].Text == "" {
		t.Fatalf("%+v", f.Said)
	}
	r.p.Text("agency.document-date", "12/11/2026")
	r.p.Text("subject.name", "")
	r.p.Text("why", "x")
	r.press("F9", "F9")
	if f := r.s.was.Form; f == nil || f.Review != nil || f.Said["subject.name"].Text == "" {
		t.Errorf("what the desk refuses is not said at its field: %+v, alerts %+v", f, r.s.was.Alerts)
	}
	if len(r.dossier(id).Course) != 1 {
		t.Error("kept")
	}
}

func TestSentBackIsMendedAndWaitsToBeSentAgain(t *testing.T) {
	r := open(t)
	id := states[16].make(r)
	s := r.open(id)
	test.Tap(r.s.answers[dossier.Corrected])
	if f := r.s.was.Form; f == nil || f.Kind != dossier.Corrected || !strings.Contains(f.Values["why"], s.Steps[0].Wish) {
		t.Fatalf("%+v", r.s.was.Form)
	}
	r.p.Text("agency.document", "46/CSĐT")
	r.press("F9")
	r.store.SentBack = nil // as the store does
	r.press("F9")
	if s := r.s.was; !strings.Contains(s.Alerts[0].Text, "Đang chờ gửi lại về Công an tỉnh Mẫu") || s.Sent != "Chờ gửi" {
		t.Errorf("%+v, %s", s.Alerts, s.Sent)
	}
	if r.dossier(id).Intake.Requester.Agency.Document != "46/CSĐT" {
		t.Error("not mended")
	}
}

func TestDisputeIsResolvedByKeys(t *testing.T) {
	for keys, want := range map[int]dossier.Status{0: dossier.StatusStopped, 1: dossier.StatusWithdrawn, 2: dossier.StatusReceived} {
		r := open(t)
		id := r.dispute()
		r.open(id)
		r.ctrl("T")
		f := r.s.was.Form
		if f == nil || len(f.Cards) != 2 || len(f.Questions[0].Rows[0][0].Options) != 3 {
			t.Fatalf("%+v", f)
		}
		r.press("F9")
		if f := r.s.was.Form; f == nil || f.Said["stands"].Text == "" {
			t.Fatal("resolved without a word which stands")
		}
		if keys == 0 {
			r.shoot("course-resolve")
		}
		order := []string{"", "", "none"}
		for _, s := range r.p.disputed() {
			if s.Kind == dossier.Stopped {
				order[0] = s.ID.String()
			} else {
				order[1] = s.ID.String()
			}
		}
		for r.s.was.Form.Values["stands"] != order[keys] {
			r.press(fyne.KeyDown)
		}
		r.press(fyne.KeyReturn)
		r.write("Đã hỏi lại")
		r.press("F9")
		d := r.dossier(id)
		if d.Status != want || len(d.Disputes) != 0 || r.s.was.Form != nil || len(r.s.was.Alerts) != 1 {
			t.Errorf("%s: %v, alerts %+v", order[keys], d.Status, r.s.was.Alerts)
		}
	}
}

func TestAReceiverWhoDidNotAskIsWarnedOf(t *testing.T) {
	r := open(t)
	r.show(3)
	r.ctrl("7")
	if said := r.s.was.Form.Said["to"]; said.Text != "" {
		t.Fatalf("the requester: %+v", said)
	}
	r.p.Text("to", "phạm  thị kiểm THỬ")
	if said := r.s.was.Form.Said["to"]; said.Text != "" {
		t.Errorf("the same name written otherwise: %+v", said)
	}
	r.p.Text("to", "Lê Văn Hộ")
	if said := r.s.was.Form.Said["to"]; !said.Warn || said.Text == "" {
		t.Errorf("%+v", said)
	}
	r.p.Text("paper", "Giấy ủy quyền")
	r.p.Text("number", "15/UQ")
	r.shoot("course-return-other")
	r.press("F9")
	if d := r.dossier(r.store.IDs()[3]); d.Returned == nil || d.Returned.Paper != "Giấy ủy quyền số 15/UQ" {
		t.Errorf("%+v", d.Returned)
	}
}

func TestNoticesChooseWhomAndHow(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("6")
	f := r.s.was.Form
	if f.Values["to"] != "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu" || f.Values["how"] != "điện thoại" || len(f.Questions[0].Rows[0][0].Options) != 3 {
		t.Fatalf("%+v", f)
	}
	r.p.Text("whom", "Bùi Văn Giả Tưởng")
	r.p.Text("how", "other")
	r.press("F9")
	if f := r.s.was.Form; f == nil || f.Said["how-other"].Text == "" {
		t.Fatalf("%+v", f)
	}
	r.p.Text("how-other", "fax")
	r.press("F9")
	d := r.dossier(id)
	if got := detail(d.Course[len(d.Course)-1]); got != "Báo Bùi Văn Giả Tưởng, fax" {
		t.Errorf("%q", got)
	}
}

func TestPapersAreAskedForAndComeInWithTheirCounts(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("1")
	r.write("Chưa đóng dấu")
	r.w.Canvas().FocusNext()
	r.press(fyne.KeySpace)
	r.p.Text("other", "Giấy giới thiệu")
	r.press("F9")
	d := r.dossier(id)
	if d.Asked == nil || len(d.Asked.Papers) != 2 || d.Asked.Papers[0].Key != "tk03" || d.Asked.Papers[1].Title != "Giấy giới thiệu" {
		t.Fatalf("%+v, %+v", d.Asked, r.s.was.Form)
	}
	r.ctrl("2")
	first, second := r.p.toCome()[0].key, r.p.toCome()[1].key
	if f := r.s.was.Form; f.Values[first+".o"] != "1" || f.Values[second+".o"] != "1" {
		t.Fatalf("what was asked for is not filled in: %v", f.Values)
	}
	r.p.Text(second+".o", "")
	r.p.Text(second+".c", "3")
	r.p.Text("other", "Quyết định")
	r.press("F9")
	if f := r.s.was.Form; f == nil || f.Said["other.o"].Text == "" {
		t.Fatalf("%+v", f)
	}
	r.p.Text("other.c", "1")
	r.press("F9")
	if got := papers(r.dossier(id)); len(got) != 3 || got[1] != "Giấy giới thiệu (3 bản sao)" || got[2] != "Quyết định (1 bản sao)" {
		t.Errorf("%q, %+v", got, r.s.was.Form)
	}
	r.ctrl("1")
	if f := r.s.was.Form; f == nil || f.Questions[0].Rows[0][0].Kind != kit.Note {
		t.Error("a second request for papers is not warned of")
	}
}

func TestAnnulmentNamesTheChief(t *testing.T) {
	r := open(t)
	r.show(0)
	r.ctrl(fyne.KeyDelete)
	r.press("F9")
	if f := r.s.was.Form; f.Said["why"].Text == "" || f.Said["chief"].Text == "" {
		t.Errorf("%+v", f.Said)
	}
	r.press(fyne.KeyEscape)
	set := *r.store.Set
	set.Units = slices.Clone(set.Units)
	set.Units[0].Head = "Hoàng Văn Mẫu"
	r.store.Set = &set
	r.show(1)
	r.ctrl(fyne.KeyDelete)
	if f := r.s.was.Form; f.Values["chief"] != "Hoàng Văn Mẫu" {
		t.Errorf("%v", f.Values)
	}
}

func TestTypedTextOfManyDossiersIsBounded(t *testing.T) {
	var s sheets
	for i := range 3 * mostSheets {
		id := dossier.ID{byte(i)}
		s.open(id, dossier.Stopped, 0, func() map[string]string { return map[string]string{} })
		s.typed(id, dossier.Stopped)["why"] = "x"
	}
	if len(s.all) != mostSheets || len(s.recent) != mostSheets || s.typed(dossier.ID{3*mostSheets - 1}, dossier.Stopped)["why"] != "x" {
		t.Errorf("%d kept", len(s.all))
	}
}

func TestPrintedFormsAreNamed(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	for range 2 {
		if _, err := r.desk.Print(t.Context(), desk.Order{Form: "receipt", Dossiers: []dossier.ID{id}}, desk.Where{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	s := r.open(id)
	if len(s.Printed) != 1 || s.Printed[0].Label != "BM.01 Giấy tiếp nhận hồ sơ và hẹn trả kết quả" || !strings.Contains(s.Printed[0].Text, "2 lần") {
		t.Errorf("%+v", s.Printed)
	}
}

func TestTheCourseScrollsByKeysWhileAFormIsOpen(t *testing.T) {
	r := open(t)
	r.open(states[12].make(r))
	r.ctrl("T")
	before := r.s.scroll
	at := kitOffset(before)
	r.press(fyne.KeyPageDown)
	if kitOffset(before) <= at || r.s.was.Form == nil {
		t.Error("PageDown does not move the course")
	}
	r.press(fyne.KeyPageUp)
	if kitOffset(before) != at {
		t.Error("PageUp does not lead back")
	}
}

// kitOffset is how far a column is scrolled: what lies at its upper edge.
func kitOffset(s *kit.Scroll) float32 {
	return -fyne.CurrentApp().Driver().AbsolutePositionForObject(test.WidgetRenderer(s).Objects()[0].(*container.Scroll).Content).Y
}

func TestLongAndLargeTextIsNotCut(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		r := open(t)
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(scale))
		if scale > 1 {
			r.w.Resize(fyne.NewSize(1366, 640))
		}
		id := r.agency(6)
		r.do(id, dossier.AskedPapers, &dossier.AskPapers{Why: strings.Repeat("Phiếu đề nghị chưa có chữ ký và đóng dấu của cơ quan. ", 8)})
		r.open(id)
		r.shoot(fmt.Sprintf("course-long-%.0f", scale*100))
		r.open(r.agency(6))
		r.ctrl("H")
		r.p.Text("ready", "system")
		r.shoot(fmt.Sprintf("course-apology-%.0f", scale*100))
		r.ctrl("D")
		r.shoot(fmt.Sprintf("course-correct-%.0f", scale*100))
		r.p.view.Focus("why")
		r.shoot(fmt.Sprintf("course-correct-end-%.0f", scale*100))
	}
}

func TestANationalCodeOfAnotherDossierIsSaidAtItsField(t *testing.T) {
	r := open(t)
	code, first := "G01.899.108-261119-0077", r.agency(1)
	r.do(first, dossier.Corrected, &dossier.Correct{NationalCode: &code, Why: "Bổ sung mã"})
	other, id := r.dossier(first).Number, r.agency(1)
	r.open(id)
	r.ctrl("D")
	r.p.Text("national-code", code)
	r.p.Text("why", "Bổ sung mã")
	r.press("F9", "F9")
	if f := r.s.was.Form; f == nil || !strings.Contains(f.Said["national-code"].Text, other) {
		t.Errorf("%+v, alerts %+v", f, r.s.was.Alerts)
	}
}

// TestActsOfYesterdayAreWrittenDownWithTheirMoment types the day and hour of what is entered later.
func TestActsOfYesterdayAreWrittenDownWithTheirMoment(t *testing.T) {
	r := open(t)
	id := r.agency(2)
	r.open(id)
	r.ctrl("9")
	r.write("Không còn nhu cầu")
	r.p.Text("at-day", "16/11/2026")
	r.p.Text("at", "8:00")
	r.press("F9")
	if f := r.s.was.Form; f == nil || f.Said["at"].Text == "" {
		t.Fatalf("before the reception: %+v", f)
	}
	r.p.Text("at-day", "18/11/2026")
	r.press("F9")
	if d := r.dossier(id); d.Status != dossier.StatusWithdrawn || !d.EndedAt.Equal(time.Date(2026, 11, 18, 8, 0, 0, 0, dossier.Hanoi)) {
		t.Errorf("%v, %v", d.Status, d.EndedAt)
	}
}

// TestNothingIsSaidSentThatNoReceiptCovers: of more acts than the queue names, those of this PC stay unsaid; another PC's are not ours to say.
func TestNothingIsSaidSentThatNoReceiptCovers(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.p.certain, r.p.waiting = false, nil
	r.p.render()
	if got := r.s.was.Steps[0].Sent; got != "" {
		t.Errorf("%q", got)
	}
	r.p.certain = true
	r.p.o.Whence = map[dossier.EventID]dossier.Whence{r.dossier(id).Heads[0]: {Seq: 2}}
	r.p.render()
	if step := r.s.was.Steps[0]; step.Sent != "" || step.Where != "Máy khác của trạm" {
		t.Errorf("%+v", step)
	}
}

// What this PC did before its data was put back is its own again, and is called sent by no receipt that does not speak of it (I3).
func TestActsOfAnEarlierLifeAreThisPCsAndSentOnlyByAReceipt(t *testing.T) {
	r := open(t)
	id := r.agency(0)
	first := r.dossier(id).Heads[0]
	r.store.Sent[first] = true
	left := r.came(id, 1, dossier.Forwarded, uitest.Now, dossier.Whence{Own: true, Left: true, Seq: 9}, dossier.Forward{To: "C06", Reference: "G01.1"}, first)
	taken := r.came(id, 2, dossier.Notified, uitest.Now, dossier.Whence{Own: true, Seq: 12}, dossier.Notify{To: "Cơ quan", How: "điện thoại"}, left)
	r.store.Sent[taken] = false // written again in the life that goes on, no receipt covers it yet
	steps := r.open(id).Steps
	if len(steps) != 3 {
		t.Fatalf("%+v", steps)
	}
	for i, want := range [][2]string{{"Máy này", "Chờ gửi"}, {"Máy này, trước khi khôi phục", ""}, {"Máy này", "Đã gửi về Công an tỉnh Mẫu"}} { // latest first
		if got := [2]string{steps[i].Where, steps[i].Sent}; got != want {
			t.Errorf("%s: %q, want %q", steps[i].Title, got, want)
		}
	}
}
