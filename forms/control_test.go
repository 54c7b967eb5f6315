package forms

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// lockStages are the published steps of locking an account (quy trình QT11.ĐDĐT, mục 5.8), shortened.
var lockStages = []dossier.Stage{
	{Mark: "B1", By: dossier.ByRequester, Who: "Cơ quan tiến hành tố tụng, cơ quan khác", Time: "Giờ hành chính", Gives: "TK03"},
	{Mark: "B2", By: dossier.ByStation, Who: "Công an cấp xã", Limit: dossier.Limit{N: 1, Unit: dossier.WorkingDays}},
	{Mark: "B3", By: dossier.ByAuthority, Who: "Cục CSQLHC về TTXH", Limit: dossier.Limit{N: 2, Unit: dossier.WorkingDays}},
}

func lockIntake() dossier.Receive {
	in := agencyIntake()
	in.Procedure = "lock-account"
	in.OwnDue = dossier.Due{At: at(24, 17, 0), Limit: "1 ngày làm việc"}
	in.Due = dossier.Due{At: at(26, 17, 0), Limit: "3 ngày làm việc"}
	return in
}

func controlSample(acts ...doing) dossier.Sheet {
	s := sheetOf(ControlSlip, lockIntake(), acts...)
	s.Stages = lockStages
	return s
}

// controlForwarded, controlDecided and so on are what may happen to it.
func forwarding(at time.Time) doing {
	return doing{kind: dossier.Forwarded, body: dossier.Forward{To: "Cục Cảnh sát quản lý hành chính về trật tự xã hội", At: at, Reference: "MAU-0001"}, at: at}
}

func deciding(at time.Time, approved bool) doing {
	d := dossier.Decision{Approved: approved, Document: "215/QĐ-C06", Date: dossier.DateOf(at), By: "Cục Cảnh sát quản lý hành chính về trật tự xã hội", At: at}
	if !approved {
		d.Why = "Văn bản đề nghị chưa nêu căn cứ khóa"
	}
	return doing{kind: dossier.Decided, body: d, at: at}
}

func handingOver(at time.Time, from, to, note string) doing {
	return doing{kind: dossier.HandedOver, body: dossier.HandOver{From: from, To: to, Note: note}, at: at}
}

var controlSamples = map[string]func() dossier.Sheet{
	"received": func() dossier.Sheet { return controlSample() },
	"done": func() dossier.Sheet {
		return controlSample(
			handingOver(at(23, 9, 10), "Bộ phận tiếp nhận", "Tổ nghiệp vụ", "Đủ thành phần"),
			forwarding(at(24, 15, 30)),
			deciding(at(25, 10, 0), true),
			doing{kind: dossier.Notified, body: dossier.Notify{To: "Hoàng Văn Thí Dụ", How: "điện thoại"}, at: at(25, 10, 20)},
			doing{kind: dossier.HandedBack, body: dossier.HandBack{To: "Phạm Văn Điều Tra", Paper: "Thông báo kết quả"}, at: at(25, 16, 0)})
	},
	"late": func() dossier.Sheet {
		return controlSample(
			doing{kind: dossier.AskedPapers, body: dossier.AskPapers{Why: "Thiếu giấy giới thiệu", At: at(23, 9, 0)}, at: at(23, 9, 0)},
			doing{kind: dossier.AddedPapers, body: dossier.AddPapers{Due: dossier.Due{At: at(27, 17, 0), Limit: "3 ngày làm việc"},
				OwnDue: dossier.Due{At: at(25, 17, 0)}, At: at(24, 9, 0), Papers: []dossier.Paper{{Title: "Giấy giới thiệu", Originals: 1}}}, at: at(24, 9, 0)},
			forwarding(at(25, 17, 1)),
			doing{kind: dossier.Rescheduled, body: dossier.Reschedule{Due: dossier.Due{At: at(30, 17, 0)}, Why: "Cơ quan có thẩm quyền chưa trả lời"}, at: at(27, 17, 5)},
			deciding(at(30, 9, 0), false))
	},
	"forty": func() dossier.Sheet {
		var acts []doing
		for i := range 40 {
			acts = append(acts, handingOver(at(23, 8, 10).Add(time.Duration(i)*7*time.Minute), fmt.Sprintf("Cán bộ %d", i+1), fmt.Sprintf("Cán bộ %d", i+2), ""))
		}
		return controlSample(acts...)
	},
}

func TestControlSlipGoldens(t *testing.T) {
	for name, sample := range controlSamples {
		got, err := Golden(sample())
		if err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "control-slip-"+name, got)
	}
}

// passagesOf is what the blocks of a slip say, a line for each.
func passagesOf(t *testing.T, s dossier.Sheet) []string {
	t.Helper()
	one, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range one.passages() {
		when := "....."
		if !p.at.IsZero() {
			when = hourAndDate(p.at)
		}
		out = append(out, fmt.Sprintf("%s → %s | %s → %s | %s | %s | %s", p.from, p.to, p.giver, p.taker, when, p.result, p.note))
	}
	return out
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestControlSlipHasABlockForEveryStepAndBlanksForThoseToCome(t *testing.T) {
	same(t, passagesOf(t, controlSamples["received"]()), []string{
		"Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu → Công an xã Mẫu Sơn | Phạm Văn Điều Tra → Lê Thị Tiếp Nhận | 08:05, 23/11/2026 |  | Tiếp nhận: trực tiếp",
		"Công an xã Mẫu Sơn → Cục CSQLHC về TTXH |  →  | ..... |  | B2: thời hạn 01 ngày làm việc",
		"Cục CSQLHC về TTXH → Công an xã Mẫu Sơn |  →  | ..... |  | B3: thời hạn 02 ngày làm việc",
	})
	same(t, passagesOf(t, controlSamples["done"]()), []string{
		"Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu → Công an xã Mẫu Sơn | Phạm Văn Điều Tra → Lê Thị Tiếp Nhận | 08:05, 23/11/2026 |  | Tiếp nhận: trực tiếp",
		"Bộ phận tiếp nhận → Tổ nghiệp vụ |  →  | 09:10, 23/11/2026 |  | Đủ thành phần",
		"Công an xã Mẫu Sơn → Cục Cảnh sát quản lý hành chính về trật tự xã hội | Lê Thị Tiếp Nhận →  | 15:30, 24/11/2026 | Đúng hạn | Chuyển cơ quan có thẩm quyền: số MAU-0001",
		"Cục Cảnh sát quản lý hành chính về trật tự xã hội → Công an xã Mẫu Sơn |  → Lê Thị Tiếp Nhận | 10:00, 25/11/2026 | Trước hạn | Chấp thuận: số 215/QĐ-C06 ngày 25/11/2026",
		"Công an xã Mẫu Sơn → Hoàng Văn Thí Dụ | Lê Thị Tiếp Nhận →  | 10:20, 25/11/2026 |  | Thông báo: điện thoại",
		"Công an xã Mẫu Sơn → Phạm Văn Điều Tra | Lê Thị Tiếp Nhận → Phạm Văn Điều Tra | 16:00, 25/11/2026 |  | Trả kết quả: Thông báo kết quả",
	})
	same(t, passagesOf(t, controlSamples["late"]())[1:], []string{
		"Công an xã Mẫu Sơn → Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu | Lê Thị Tiếp Nhận →  | 09:00, 23/11/2026 |  | Yêu cầu bổ sung: Thiếu giấy giới thiệu",
		"Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu → Công an xã Mẫu Sơn |  → Lê Thị Tiếp Nhận | 09:00, 24/11/2026 |  | Nhận bổ sung: hẹn trả kết quả 17:00, 27/11/2026",
		"Công an xã Mẫu Sơn → Cục Cảnh sát quản lý hành chính về trật tự xã hội | Lê Thị Tiếp Nhận →  | 17:01, 25/11/2026 | Quá hạn | Chuyển cơ quan có thẩm quyền: số MAU-0001",
		"Công an xã Mẫu Sơn → Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu | Lê Thị Tiếp Nhận →  | 17:05, 27/11/2026 |  | Xin lỗi và hẹn lại: 17:00, 30/11/2026; Cơ quan có thẩm quyền chưa trả lời",
		"Cục Cảnh sát quản lý hành chính về trật tự xã hội → Công an xã Mẫu Sơn |  → Lê Thị Tiếp Nhận | 09:00, 30/11/2026 | Quá hạn | Không chấp thuận: số 215/QĐ-C06 ngày 30/11/2026; Văn bản đề nghị chưa nêu căn cứ khóa",
	})
}

func TestControlSlipJudgesByDayAndHour(t *testing.T) {
	due := dossier.Due{At: at(24, 17, 0)}
	for _, c := range []struct {
		at   time.Time
		due  dossier.Due
		want string
	}{
		{at(23, 23, 59), due, "Trước hạn"},
		{at(24, 0, 0), due, "Đúng hạn"},
		{at(24, 17, 0), due, "Đúng hạn"},
		{at(24, 17, 0).Add(time.Second), due, "Quá hạn"},
		{at(25, 8, 0), due, "Quá hạn"},
		{at(23, 20, 0).UTC(), due, "Trước hạn"}, // in Vietnam still the day before
		{at(24, 8, 0), dossier.Due{}, ""},
		{time.Time{}, due, ""},
	} {
		if got, _ := judged(c.at, c.due); got != c.want {
			t.Errorf("%v is %q, want %q", c.at, got, c.want)
		}
	}
}

// A receipt without a limit for the station's own step must not be judged by the limit of the whole.
func TestControlSlipSaysNothingOfAStepWithoutALimit(t *testing.T) {
	in := lockIntake()
	in.OwnDue = dossier.Due{}
	s := sheetOf(ControlSlip, in, forwarding(at(30, 8, 0)))
	if got := passagesOf(t, s); !strings.Contains(got[1], "|  | Chuyển") {
		t.Error(got[1])
	}
}

// The station's clock stops at the first forwarding; noting it again later makes nobody late. Papers that came in start a new one.
func TestControlSlipJudgesTheStationsStepOnce(t *testing.T) {
	s := controlSample(forwarding(at(24, 9, 0)), forwarding(at(27, 9, 0)),
		doing{kind: dossier.AskedPapers, body: dossier.AskPapers{Why: "Thiếu", At: at(27, 10, 0)}, at: at(27, 10, 0)},
		doing{kind: dossier.AddedPapers, body: dossier.AddPapers{Due: dossier.Due{At: at(30, 17, 0)}, OwnDue: dossier.Due{At: at(28, 17, 0)}, At: at(27, 11, 0)}, at: at(27, 11, 0)},
		forwarding(at(30, 9, 0)))
	got := passagesOf(t, s)
	for i, want := range map[int]string{1: "| Đúng hạn | Chuyển", 2: "|  | Chuyển", 5: "| Quá hạn | Chuyển"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("%q, want %q", got[i], want)
		}
	}
}

// What is done at once has the limit of the whole, and leaves nothing to come.
func TestControlSlipOfWhatWasDoneAtOnce(t *testing.T) {
	in := shortIntake()
	s := sheetOf(ControlSlip, in, doing{kind: dossier.Performed, body: dossier.Perform{At: at(23, 8, 20), Reference: "MAU-9", Result: "Đã khóa"}, at: at(23, 8, 20)})
	s.Stages = lockStages[:2]
	same(t, passagesOf(t, s)[1:], []string{"Công an xã Mẫu Sơn → Công an xã Mẫu Sơn | Lê Thị Tiếp Nhận →  | 08:20, 23/11/2026 | Đúng hạn | Thực hiện ngay: số MAU-9; Đã khóa"})
}

// A step whose content was purged still happened.
func TestControlSlipOfAPurgedStepSaysThatItHappened(t *testing.T) {
	s := controlSample(handingOver(at(23, 9, 0), "A", "B", "C"), forwarding(at(24, 9, 0)))
	for i := range s.Dossier.Course[1:] {
		s.Dossier.Course[i+1].Purged, s.Dossier.Course[i+1].Body = true, nil
	}
	got := passagesOf(t, s)
	if len(got) != 4 || !strings.HasPrefix(got[1], " →  |") || !strings.Contains(got[2], "Cục CSQLHC về TTXH") || !strings.Contains(got[2], "| Đúng hạn | Chuyển cơ quan có thẩm quyền") {
		t.Errorf("%q", got)
	}
	if fault, _ := faultsOf(s); fault != "" {
		t.Error(fault)
	}
}

// The time spent waiting for papers does not count: who withdraws while they are waited for is judged by the day they were asked for.
func TestControlSlipStopsTheClockWhilePapersAreWaitedFor(t *testing.T) {
	s := controlSample(
		doing{kind: dossier.AskedPapers, body: dossier.AskPapers{Why: "Thiếu", At: at(24, 9, 0)}, at: at(24, 9, 0)},
		doing{kind: dossier.Withdrawn, body: dossier.Reason{Why: "Không còn nhu cầu", At: at(30, 9, 0)}, at: at(30, 9, 0)})
	got := passagesOf(t, s)
	if len(got) != 3 || !strings.Contains(got[2], "| Trước hạn | Rút hồ sơ: Không còn nhu cầu") {
		t.Error(got)
	}
	if s.Dossier.Late(at(30, 9, 0)) {
		t.Error("the dossier itself says otherwise")
	}
}

func TestControlSlipTellsNoDisputedStepAsAFact(t *testing.T) {
	s := controlSample(forwarding(at(24, 9, 0)), deciding(at(25, 9, 0), true), deciding(at(25, 9, 0), true), forwarding(at(24, 10, 0)))
	if got := passagesOf(t, s); len(got) != 4 {
		t.Errorf("one decision recorded twice: %q", got)
	}
	for i := range s.Dossier.Course[1:] {
		s.Dossier.Course[i+1].Effect = []dossier.Effect{dossier.Disputed, dossier.Void, dossier.Held, dossier.Waiting}[i]
	}
	if got := passagesOf(t, s); len(got) != 3 || !strings.HasPrefix(got[1], "Công an xã Mẫu Sơn → Cục CSQLHC về TTXH |  →  | .....") {
		t.Errorf("%q", got)
	}
}

// Cấp tài khoản cho tổ chức: the station verifies in between (B4), so its first forwarding ends B2 only.
func TestControlSlipKnowsWhichPublishedStepsAreToCome(t *testing.T) {
	stages := []dossier.Stage{{Mark: "B1", By: dossier.ByRequester}, {Mark: "B2", By: dossier.ByStation}, {Mark: "B3", By: dossier.ByAuthority},
		{Mark: "B4", By: dossier.ByStation}, {Mark: "B5", By: dossier.ByAuthority}}
	once, twice := forwarding(at(24, 9, 0)), forwarding(at(25, 9, 0))
	for _, c := range []struct {
		acts []doing
		want string
	}{
		{nil, "B2 B3 B4 B5"},
		{[]doing{once}, "B3 B4 B5"},
		{[]doing{once, twice}, "B5"},
		{[]doing{once, twice, deciding(at(26, 9, 0), true)}, ""},
		{[]doing{{kind: dossier.Performed, body: dossier.Perform{At: at(24, 9, 0)}, at: at(24, 9, 0)}}, ""},
		{[]doing{{kind: dossier.Stopped, body: dossier.Reason{Why: "x"}, at: at(24, 9, 0)}}, ""},
		{[]doing{{kind: dossier.Annulled, body: dossier.Reason{Why: "x"}, at: at(24, 9, 0)}}, ""},
	} {
		s := controlSample(c.acts...)
		s.Stages = stages
		one, err := open(s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range one.passages() {
			if p.at.IsZero() {
				got = append(got, p.note)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("after %d acts %q, want %s", len(c.acts), got, c.want)
		}
	}
}

func TestControlSlipOfManyHandOversRepeatsItsHeadAndPartsNoBlock(t *testing.T) {
	doc, err := draw(t.Context(), []dossier.Sheet{controlSamples["forty"]()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages := doc.Pages()
	if len(pages) < 6 {
		t.Fatalf("43 blocks on %d pages", len(pages))
	}
	givers := 0
	for i, marks := range pages {
		var all []string
		counts := map[string]int{}
		for _, m := range marks {
			if text, ok := m.(paper.Text); ok {
				all = append(all, text.S)
				counts[text.S]++
			}
		}
		if !slices.Contains(all, "GHI CHÚ") {
			t.Errorf("page %d has no head", i+1)
		}
		if i > 0 && all[0] != fmt.Sprint(i+1) {
			t.Errorf("page %d begins with %q", i+1, all[0])
		}
		from, when := 0, 0
		for text, n := range counts {
			if strings.HasPrefix(text, "1. Giao:") {
				from += n
			}
			if regexp.MustCompile(`^(\d\d|\.{5}) giờ`).MatchString(text) {
				when += n
			}
		}
		if n := counts["Người giao"]; n != counts["Người nhận"] || n != from || n != when {
			t.Errorf("page %d: %d times, %d givers, %d and %d to sign", i+1, when, from, n, counts["Người nhận"])
		}
		givers += from
	}
	if givers != 43 {
		t.Errorf("%d blocks, want 40 hand-overs, the reception and two to come", givers)
	}
}

// Whoever typed 2,000 letters finds each of them again: across the table, not cut off.
func TestControlSlipHoldsTheLongestNotes(t *testing.T) {
	text := string([]rune(strings.Repeat("NGUYỄN ĐẶNG THƯỢNG ỨNG ẴM ", 100))[:dossier.MaxText])
	solid := strings.Repeat("W", dossier.MaxText)
	for _, long := range []string{text, solid} {
		s := controlSample(handingOver(at(23, 9, 0), long, long, long))
		s.Settings.Officers[0].Name = long[:100]
		doc, err := draw(t.Context(), []dossier.Sheet{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var drawn strings.Builder
		for _, marks := range doc.Pages() {
			if fault := faultOn(marks); fault != "" {
				t.Error(fault)
			}
			for _, m := range marks {
				if text, ok := m.(paper.Text); ok {
					drawn.WriteString(text.S)
				}
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if n := strings.Count(squeeze(drawn.String()), squeeze(long)); n != 3 {
			t.Errorf("it stands there %d times, want from, to and note", n)
		}
	}
}

func TestControlSlipIsReadBackFromThePDF(t *testing.T) {
	s := controlSamples["done"]()
	pdf, err := Render(t.Context(), []dossier.Sheet{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(strings.Fields(norm.NFC.String(strings.Join(pdfText(t, pdf), " "))), " ")
	for _, want := range []string{"BM.05", "PHIẾU KIỂM SOÁT QUÁ TRÌNH", "GIẢI QUYẾT HỒ SƠ", "Mã hồ sơ: G01.999.000-261123-0001",
		"Cơ quan (bộ phận) giải quyết hồ sơ: Công an xã Mẫu Sơn", "Cơ quan phối hợp giải quyết hồ sơ:", "TÊN CƠ QUAN",
		"Người giao", "Người nhận", "Đúng hạn", "Trước hạn", "215/QĐ-C06", "Hoàng Văn Thí Dụ"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}
