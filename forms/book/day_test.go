package book

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// walked is the day of those acts, each n-th of the chain.
func walked(t testing.TB, events ...dossier.Event) dossier.DaySheet {
	t.Helper()
	return walkedBut(t, 0, events...)
}

// walkedBut is the same where the act of that seq took no effect.
func walkedBut(t testing.TB, void uint64, events ...dossier.Event) dossier.DaySheet {
	t.Helper()
	w := dossier.NewDayWalk(dossier.SaidDate{})
	w.Void(func(r dossier.DayRow) bool { return r.Seq == void })
	for i, e := range events {
		sealed, err := dossier.Seal(e, [16]byte{byte(i)})
		if err != nil {
			t.Fatal(err)
		}
		w.Add(uint64(i+1), sealed)
	}
	if n := len(w.Unmet()); n > 0 {
		t.Fatalf("%d dossiers are not received in the sample", n)
	}
	day := w.End(nil)
	day.Date, day.Nth, day.Until = on(2026, 11, 20), 3, dossier.Head{Seq: uint64(len(events) + 12)}
	day.Report.At = at(11, 20, 16, 42)
	day.Report.Late, day.Report.OwnLate, day.Report.DueToday, day.Report.Asked, day.Report.Unsent = 1, 2, 3, 4, 57
	day.Report.Printed, day.Report.Reprinted, day.Report.Lost = 31, 2, 1
	day.Report.Receipt = &dossier.DayReceipt{Number: "000127", At: at(11, 19, 16, 31)}
	settings := madeUpSettings
	settings.Desk = 1
	settings.Upstreams = []dossier.UpstreamTerm{{Level: dossier.Province, Name: "Công an tỉnh Mẫu"}}
	return dossier.DaySheet{Day: day, Settings: settings}
}

func closedDay(s dossier.DaySheet, note string) dossier.DaySheet {
	c := dossier.ClosedDay{DayClose: s.Close("Lê Thị Tiếp Nhận", "Trung tá Hoàng Văn Trưởng", note), At: at(11, 20, 16, 45), Own: true}
	s.Closing = &c
	return s
}

// acts makes events from the samples of the registers.
type acts struct {
	all []dossier.Event
	id  byte
}

func (a *acts) add(d dossier.Dossier, steps ...dossier.Step) {
	for i, s := range append(d.Course[:1:1], steps...) {
		e := s.Event
		e.ID, e.Dossier = dossier.EventID{1, byte(len(a.all) >> 8), byte(len(a.all))}, d.ID
		if i > 0 {
			e.Bases = []dossier.EventID{a.all[len(a.all)-1].ID}
		}
		a.all = append(a.all, e)
	}
}

// number gives each dossier an id of its own.
func (a *acts) number(d dossier.Dossier) dossier.Dossier {
	a.id++
	d.ID = dossier.ID{9, a.id}
	return d
}

func sampleDay() []dossier.Event {
	a := new(acts)
	a.add(a.number(citizen(at(11, 20, 7, 45), 1)), step(dossier.Performed, at(11, 20, 7, 50), dossier.Perform{Reference: "MAU-HT-1", At: at(11, 20, 7, 50)}),
		step(dossier.HandedBack, at(11, 20, 7, 51), dossier.HandBack{To: "Nguyễn Văn Mẫu", Paper: "Thẻ căn cước"}))
	a.add(a.number(agency(at(11, 20, 8, 5), 2)), step(dossier.HandedOver, at(11, 20, 8, 20), dossier.HandOver{From: "Lê Thị Tiếp Nhận", To: "Trần Văn Xử Lý"}),
		step(dossier.Forwarded, at(11, 20, 9, 12), dossier.Forward{To: "Cơ quan quản lý căn cước Bộ Công an", Reference: "G01.899.000123", At: at(11, 20, 9, 12)}),
		step(dossier.Decided, at(11, 20, 15, 0), dossier.Decision{Document: "345/QLHC", Date: on(2026, 11, 20), Why: "Không xác định được chủ thể.", At: at(11, 20, 15, 0)}))
	a.add(a.number(citizen(at(11, 16, 9, 10), 4))) // written down only now
	a.all[len(a.all)-1].At = at(11, 20, 8, 25)
	a.add(a.number(refused(at(11, 20, 8, 30), 1)))
	a.add(a.number(citizen(at(11, 20, 10, 0), 3)), step(dossier.AskedPapers, at(11, 20, 10, 2), dossier.AskPapers{Why: "Phiếu TK01 chưa ghi số thuê bao chính chủ.", At: at(11, 20, 10, 2)}),
		step(dossier.AddedPapers, at(11, 20, 13, 40), dossier.AddPapers{Papers: []dossier.Paper{{Title: "Phiếu đề nghị (TK01)", Originals: 1}}, Due: dossier.Due{At: at(11, 27, 17, 0)}, At: at(11, 20, 13, 40)}))
	a.add(a.number(citizen(at(11, 20, 11, 5), 4)), step(dossier.Annulled, at(11, 20, 11, 15), dossier.Reason{Why: "Tiếp nhận hai lần.", At: at(11, 20, 11, 15)}))
	a.add(a.number(citizen(at(11, 20, 14, 0), 6)), step(dossier.Corrected, at(11, 20, 14, 30), dossier.Correct{Why: "Sai địa chỉ"}),
		step(dossier.Notified, at(11, 20, 14, 40), dossier.Notify{To: "Nguyễn Văn Mẫu", How: "điện thoại"}))
	return a.all
}

func busyDay(n int, why string) []dossier.Event {
	a := new(acts)
	for i := range n {
		d := citizen(at(11, 20, 7, 30).Add(time.Duration(i)*time.Minute), i+1)
		if i%3 == 0 {
			d = agency(at(11, 20, 7, 30).Add(time.Duration(i)*time.Minute), i+1)
		}
		d.ID = dossier.ID{7, byte(i >> 8), byte(i)}
		d.Intake.NationalCode = ""
		d.Course[0] = step(dossier.Received, d.Intake.ReceivedAt, d.Intake)
		a.add(d, step(dossier.AskedPapers, d.Intake.ReceivedAt, dossier.AskPapers{Why: why, At: d.Intake.ReceivedAt}))
	}
	return a.all
}

func drawnDay(t testing.TB, s dossier.DaySheet) (*paper.Doc, *dayPages) {
	t.Helper()
	p, err := setDay(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	d := paper.New(wide, p.name(), p.at())
	for i := range p.pages {
		d.Page()
		p.page(d, i)
	}
	return d, p
}

func TestDayGoldens(t *testing.T) {
	for name, s := range map[string]dossier.DaySheet{
		"closed": closedDay(walked(t, sampleDay()...), "Máy in hết mực từ 14 giờ, đã in bù."),
		"open":   walked(t, sampleDay()...),
		"empty":  closedDay(walked(t), ""),
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := drawnDay(t, s)
			file := filepath.Join("testdata", "day-"+name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(d.Golden()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d.Golden() != string(want) {
				t.Error("the report has changed; look at it, then run with -update")
			}
			keepPDF(t, "day-"+name, s)
		})
	}
}

// keepPDF writes it where TIEPNHAN_SHOTS says, to be looked at.
func keepPDF(t *testing.T, name string, s dossier.DaySheet) {
	folder := os.Getenv("TIEPNHAN_SHOTS")
	if folder == "" {
		return
	}
	var out bytes.Buffer
	if err := WriteDay(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".pdf"), out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// texts are all texts of a page, one after the other.
func texts(page []paper.Mark) string {
	var b strings.Builder
	for _, m := range page {
		if text, ok := m.(paper.Text); ok {
			b.WriteString(text.S + "\n")
		}
	}
	return b.String()
}

// An act that took no effect is on the page, says so, and is in no figure; dossiers in dispute have a line of their own.
func TestReportTellsWhatIsVoidAndWhatIsDisputed(t *testing.T) {
	s := walkedBut(t, 2, sampleDay()...)
	s.Report.Disputed, s.Report.Disputes = 13, []string{"MAU.01-261120-0001", "MAU.01-261120-0004"}
	d, _ := drawnDay(t, s)
	var all string
	for _, page := range d.Pages() {
		all += texts(page)
	}
	whole := strings.Join(strings.Fields(all), " ")
	for _, want := range []string{"Có kết quả, thực hiện ngay (1)", "không có hiệu lực", "Trùng thao tác, chờ xử lý:", "13 hồ sơ (MAU.01-261120-0001, MAU.01-261120-0004, …)."} {
		if !strings.Contains(whole, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if got := strings.Count(whole, "Thực hiện ngay"); got != 2 { // a column of the figures, and the row
		t.Errorf("%d times", got)
	}
	keepPDF(t, "day-void", closedDay(s, ""))
}

func TestEveryActOfADayIsOnItsReportOnce(t *testing.T) {
	for _, n := range []int{1, 7, 8, 9, 11, 25, 600} {
		s := closedDay(walked(t, busyDay(n, "Thiếu chữ ký.")...), "")
		d, p := drawnDay(t, s)
		seen := map[int]int{}
		for _, page := range p.pages {
			for _, it := range page {
				if p.rows[it.row].section == "" {
					seen[it.row] += it.to - it.from
				}
			}
		}
		for i, r := range p.rows {
			if r.section == "" && seen[i] != r.lines {
				t.Errorf("%d dossiers: act %d has %d of its %d lines", n, i, seen[i], r.lines)
			}
		}
		for i, page := range d.Pages() {
			for _, m := range page {
				if b := m.Bounds(); b.Y < 0 || b.Bottom() > 210-4 || b.X < left-0.3 || b.Right() > right+0.3 {
					t.Fatalf("%d dossiers, page %d: %+v leaves the page", n, i+1, m)
				}
			}
			if all := texts(page); !strings.Contains(all, fmt.Sprintf("Trang %d/%d", i+1, len(p.pages))) || !strings.Contains(all, p.Mark()) ||
				!strings.Contains(all, "không phải biểu mẫu") {
				t.Errorf("%d dossiers: page %d does not say which it is and of what", n, i+1)
			}
			if last := p.pages[i]; len(last) > 0 && p.rows[last[len(last)-1].row].section != "" {
				t.Errorf("%d dossiers: a section's line is the last of page %d", n, i+1)
			}
		}
		final := texts(d.Pages()[len(d.Pages())-1])
		if !strings.Contains(final, "NGƯỜI CHỐT") || !strings.Contains(final, "Trung tá Hoàng Văn Trưởng") {
			t.Errorf("%d dossiers: nobody signs", n)
		}
		if n == 600 {
			keepPDF(t, "day-600", s)
		}
	}
}

func TestWhatPagesHoldIsParted(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("Phiếu TK01 thiếu chữ ký của người đề nghị. ", 46)) // near the most a reason may have
	s := closedDay(walked(t, busyDay(3, long)...), long)
	d, _ := drawnDay(t, s)
	words := 0
	for i, page := range d.Pages() {
		words += strings.Count(texts(page), "TK01")
		for _, m := range page {
			if m.Bounds().Bottom() > 206 {
				t.Fatalf("page %d: %+v", i+1, m)
			}
		}
	}
	if want := 4 * 46; words < want {
		t.Errorf("%d reasons of %d are there", words, want)
	}
	keepPDF(t, "day-long", s)
}

func TestOpenDaySaysSoAndClosedOneDoesNot(t *testing.T) {
	open, _ := drawnDay(t, walked(t, sampleDay()...))
	if got := open.Golden(); !strings.Contains(got, "chưa chốt") || strings.Contains(got, "Hoàng Văn Trưởng") {
		t.Error("a day that is not closed looks like one that is")
	}
	closed, _ := drawnDay(t, closedDay(walked(t, sampleDay()...), ""))
	if strings.Contains(closed.Golden(), "chưa chốt") {
		t.Error("a closed day is called open")
	}
}

func TestGapsAnnulledAndOtherDaysAreInTheReport(t *testing.T) {
	d, _ := drawnDay(t, closedDay(walked(t, sampleDay()...), ""))
	all := texts(d.Pages()[0])
	for _, page := range d.Pages()[1:] {
		all += texts(page)
	}
	all = strings.Join(strings.Fields(all), " ")
	for _, want := range []string{"MS-261120-0001 đến 0006 (5 số, thiếu 0005; đã hủy 0004)", "MS-261116-0004 (1 số, thiếu 0001–0003)", "MS-261120-TC01 (1 số)",
		"09:10 16/11/2026", "biên nhận gần nhất số 000127", "Hoàng Văn Trưởng"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not there in\n%s", want, all)
		}
	}
}

func TestHostileDayIsDrawn(t *testing.T) {
	a := new(acts)
	d := citizen(at(11, 20, 8, 0), 1)
	d.ID = dossier.ID{5}
	d.Intake.Requester.Person.Name = strings.Repeat("Ặ", 4000) + "\x00\u202e"
	d.Intake.Title = strings.Repeat("không-có-khoảng-trắng", 300)
	d.Intake.Number = strings.Repeat("9", 3000)
	d.Course[0] = step(dossier.Received, at(11, 20, 8, 0), d.Intake)
	a.add(d)
	s := closedDay(walked(t, a.all...), "")
	s.Closing.Closed, s.Closing.Checked = strings.Repeat("Nguyễn ", 40), strings.Repeat("Ặ", 200)
	var out bytes.Buffer
	if err := WriteDay(t.Context(), s, &out); err != nil || out.Len() == 0 {
		t.Fatal(err)
	}
	s.Settings.Units = nil
	if err := WriteDay(t.Context(), s, new(bytes.Buffer)); dossier.Code(err) != "settings.no-unit" {
		t.Errorf("%v", err)
	}
}

func TestDayEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out bytes.Buffer
	if err := WriteDay(ctx, walked(t, sampleDay()...), &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

func TestSameDayGivesTheSameBytes(t *testing.T) {
	write := func() []byte {
		var out bytes.Buffer
		if err := WriteDay(t.Context(), closedDay(walked(t, busyDay(60, "Thiếu chữ ký.")...), ""), &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if !bytes.Equal(write(), write()) {
		t.Error("two printings differ")
	}
}

func BenchmarkDayOf600(b *testing.B) {
	s := closedDay(walked(b, busyDay(600, "Thiếu chữ ký.")...), "")
	for b.Loop() {
		if err := WriteDay(context.Background(), s, new(bytes.Buffer)); err != nil {
			b.Fatal(err)
		}
	}
}
