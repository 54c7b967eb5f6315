package forms

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

var update = flag.Bool("update", false, "write the goldens anew")

func TestReceiptGoldens(t *testing.T) {
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			got, err := Golden(sample())
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, "receipt-"+name, got)
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwas %s\nis  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines were %d", len(g), len(w))
}

// pdfText is the text of each page that another program reads from a PDF.
func pdfText(t testing.TB, pdf []byte) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func TestTextOfThePDFIsWhatWasMeant(t *testing.T) {
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			pdf, err := Render(t.Context(), []dossier.Sheet{sample()}, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := draw(t.Context(), []dossier.Sheet{sample()}, nil)
			if err != nil {
				t.Fatal(err)
			}
			read := pdfText(t, pdf)
			want := 2
			if name == "long" {
				want = 4
			}
			if len(read) != want || len(doc.Pages()) != want {
				t.Fatalf("%d pages are read, %d were drawn, want %d", len(read), len(doc.Pages()), want)
			}
			for i, marks := range doc.Pages() {
				var meant []string
				for _, m := range marks {
					if text, ok := m.(paper.Text); ok {
						meant = append(meant, strings.Fields(text.S)...)
					}
				}
				got := strings.Fields(norm.NFC.String(read[i]))
				slices.Sort(meant)
				slices.Sort(got)
				if !slices.Equal(got, meant) {
					t.Errorf("page %d\nread  %q\nmeant %q", i+1, got, meant)
				}
			}
		})
	}
}

// The rows of Mẫu số 01 (TT 01/2018/TT-VPCP), each with what stands in it.
func TestReceiptHasEveryRow(t *testing.T) {
	pdf, err := Render(t.Context(), []dossier.Sheet{agency()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pages := pdfText(t, pdf)
	for i, copy := range []string{"(Liên 1: Lưu)", "(Liên 2: Giao người nộp)"} {
		page := strings.Join(strings.Fields(pages[i]), " ")
		for _, want := range []string{
			"BM.01", "Bản in lại lần 1", "CÔNG AN TỈNH MẪU", "CÔNG AN XÃ MẪU SƠN", "Số: MS-261123-0001",
			"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Mẫu Sơn, ngày 23 tháng 11 năm 2026",
			"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", copy, "Mã hồ sơ: G01.999.000-261123-0001",
			"Bộ phận Tiếp nhận và Trả kết quả: Công an xã Mẫu Sơn",
			"Tiếp nhận hồ sơ của: Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu",
			"Văn bản đề nghị: số 12/YC-CSĐT ngày 20/11/2026; người nộp: Phạm Văn Điều Tra (Điều tra viên)",
			"Địa chỉ: Số 2 đường Mẫu, phường Mẫu, tỉnh Mẫu", "Số điện thoại: 0200 111 1111", "Email:",
			"Nội dung yêu cầu giải quyết: Khóa tài khoản định danh điện tử, đối với: Hoàng Văn Thí Dụ",
			"Thành phần hồ sơ nộp gồm:", "STT Loại giấy tờ Bản chính Bản sao", "3 Giấy giới thiệu 01 01",
			"Số lượng hồ sơ: 01 (bộ)", "Thời gian giải quyết hồ sơ theo quy định là: 03 ngày làm việc",
			"Thời gian nhận hồ sơ: 08 giờ 05 phút, ngày 23 tháng 11 năm 2026",
			"Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
			"Đăng ký nhận kết quả tại: Bộ phận Tiếp nhận và Trả kết quả, Công an xã Mẫu Sơn",
			"Vào Sổ theo dõi hồ sơ, Quyển số: 2026 Số thứ tự: 0001",
			"NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "(Ký và ghi rõ họ tên)", "Phạm Văn Điều Tra", "Lê Thị Tiếp Nhận",
			"Ghi chú: Giấy này lập thành 02 liên", "Số điện thoại liên hệ: 0200 000 0000.",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("copy %d lacks %q:\n%s", i+1, want, page)
			}
		}
	}
}

func TestReceiptOfAChildNamesWhoCameWithIt(t *testing.T) {
	golden, err := Golden(ofAChild())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Nguyễn Thị Bé", "– người đại diện: Nguyễn Văn Mẫu (cha)", "Số điện thoại: 0900 000 001", "bold \"Nguyễn Văn Mẫu\""} {
		if !strings.Contains(golden, want) {
			t.Errorf("no %q in\n%s", want, golden)
		}
	}
}

func TestReceiptWithoutANationalCodeClaimsNone(t *testing.T) {
	if golden, err := Golden(typical()); err != nil || strings.Contains(golden, "Mã hồ sơ") {
		t.Errorf("a national code is claimed (%v)", err)
	}
}

func TestFirstPrintingIsNoReprint(t *testing.T) {
	if golden, err := Golden(typical()); err != nil || strings.Contains(golden, "in lại") {
		t.Errorf("it says that it is a reprint (%v)", err)
	}
}

// The mark is of a reprint that differs from what was handed out: a form that is printed for the first time after a correction has none.
func TestFirstPrintingAfterACorrectionIsNoReprint(t *testing.T) {
	note := "sửa ghi chú"
	for _, form := range []string{Receipt, ControlSlip, TK01} {
		s := sheetOf(form, tkAdult("issue-level2"), doing{kind: dossier.Corrected, at: at(24, 9, 0), body: dossier.Correct{Note: &note, Why: "ghi nhầm"}})
		for nth, want := range []bool{false, true} {
			s.Nth = nth
			if golden, err := Golden(s); err != nil || strings.Contains(golden, "Bản in lại lần 1, có đính chính ngày 24/11/2026") != want || strings.Contains(golden, "đính chính") != want {
				t.Errorf("%s printed %d times before: %v\n%s", form, nth, err, golden)
			}
		}
	}
}

func TestWatermarks(t *testing.T) {
	annulled := typical()
	annulled.Dossier.Status = dossier.StatusAnnulled
	unseen := typical()
	unseen.Set = TT032025
	for want, p := range map[string]dossier.Sheet{"": typical(), "đã hủy": annulled, "chưa đối chiếu": unseen} {
		golden, err := Golden(p)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(golden, "watermark"); want == "" && n != 0 || want != "" && strings.Count(golden, fmt.Sprintf("watermark %q", want)) != 2 {
			t.Errorf("want watermark %q on both copies:\n%s", want, golden)
		}
	}
}

func TestSetGivesTheCode(t *testing.T) {
	for set, code := range map[string]string{"": "BM.01", Police: "BM.01", TT012018: "Mẫu số 01", TT032025: "Mẫu số 01"} {
		p := typical()
		p.Dossier.Intake.FormSet = ""
		p.Set = set
		if golden, err := Golden(p); err != nil || !strings.Contains(golden, fmt.Sprintf("%q", code)) {
			t.Errorf("set %q: no %s (%v)", set, code, err)
		}
	}
	own := typical()
	own.Dossier.Intake.FormSet = TT012018
	if golden, err := Golden(own); err != nil || !strings.Contains(golden, "Mẫu số 01") {
		t.Errorf("the dossier's own set is not used (%v)", err)
	}
}

// The three numbering systems (domain §1.1).
func TestSetsNumberTheFormsDifferently(t *testing.T) {
	for _, c := range []struct{ set, form, code, title string }{
		{Police, IntakeRegister, "BM.02", "Sổ tiếp nhận và theo dõi giải quyết hồ sơ"},
		{Police, Supplement, "", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"},
		{Police, ControlSlip, "BM.05", "Phiếu kiểm soát quá trình giải quyết hồ sơ"},
		{Police, TrackingRegister, "BM.06", "Sổ theo dõi hồ sơ"},
		{TT012018, ControlSlip, "Mẫu số 05", "Phiếu kiểm soát quá trình giải quyết hồ sơ"},
		{TT032025, Apology, "Mẫu số 04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"},
		{TT032025, Stop, "Mẫu số 05", "Thông báo dừng giải quyết hồ sơ"},
		{TT032025, ControlSlip, "Mẫu số 06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"},
		{TT032025, TrackingRegister, "Mẫu số 07", "Sổ theo dõi hồ sơ"},
	} {
		set, err := SetOf(c.set)
		if err != nil {
			t.Fatal(err)
		}
		if f, _ := set.Form(c.form); f.Code != c.code || f.Title != c.title {
			t.Errorf("%s %s is %q %q", c.set, c.form, f.Code, f.Title)
		}
	}
	for _, c := range [][2]string{{TT012018, Stop}, {TT012018, IntakeRegister}, {TT032025, IntakeRegister}} {
		set, err := SetOf(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, has := set.Form(c[1]); has {
			t.Errorf("%s has a %s", c[0], c[1])
		}
	}
}

func TestWhatCannotBePrintedIsSaid(t *testing.T) {
	with := func(change func(*dossier.Sheet)) dossier.Sheet {
		p := typical()
		change(&p)
		return p
	}
	for code, p := range map[string]dossier.Sheet{
		"form.unknown":      with(func(p *dossier.Sheet) { p.Form = "nothing" }),
		"form.unknown-set":  with(func(p *dossier.Sheet) { p.Set = "nothing" }),
		"form.not-received": with(func(p *dossier.Sheet) { p.Dossier.Status = dossier.StatusRefused }),
		"form.too-long":     with(func(p *dossier.Sheet) { p.Settings.Officers[0].Name = strings.Repeat("Ữ", 20_000) }),
	} {
		pdf, err := Render(t.Context(), []dossier.Sheet{p}, nil)
		if dossier.Code(err) != code || pdf != nil {
			t.Errorf("want %s, got %v", code, err)
		}
		if _, err := Golden(p); dossier.Code(err) != code {
			t.Errorf("golden: want %s, got %v", code, err)
		}
	}
	if err := Possible(dossier.Sheet{Form: Receipt}); dossier.Code(err) != "form.no-blank" {
		t.Errorf("a blank receipt: %v", err)
	}
	if err := Possible(with(func(p *dossier.Sheet) { p.Form = IntakeRegister })); dossier.Code(err) != "form.unknown" {
		t.Errorf("a register of one dossier: %v", err)
	}
}

func TestDatesAreWrittenAsDocumentsDo(t *testing.T) {
	for _, c := range []struct {
		d    dossier.Date
		want string
	}{
		{dossier.Date{Year: 2026, Month: 3, Day: 5}, "ngày 05 tháng 3 năm 2026"},
		{dossier.Date{Year: 2026, Month: 1, Day: 9}, "ngày 09 tháng 01 năm 2026"},
		{dossier.Date{Year: 2027, Month: 2, Day: 10}, "ngày 10 tháng 02 năm 2027"},
		{dossier.Date{Year: 2026, Month: 12, Day: 31}, "ngày 31 tháng 12 năm 2026"},
		{dossier.Date{}, "ngày ..... tháng ..... năm ........."},
	} {
		if got := day(c.d); got != c.want {
			t.Errorf("%v is %q", c.d, got)
		}
	}
	// 17:30 UTC is half past midnight of the next day in Vietnam.
	if got := moment(time.Date(2026, 12, 31, 17, 30, 0, 0, time.UTC)); got != "00 giờ 30 phút, ngày 01 tháng 01 năm 2027" {
		t.Errorf("moment is %q", got)
	}
}

func TestSamePrintingSameBytesInAnyNumberOfThreads(t *testing.T) {
	want := map[string][]byte{}
	for name, sample := range samples {
		pdf, err := Render(t.Context(), []dossier.Sheet{sample()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want[name] = pdf
	}
	var wait sync.WaitGroup
	for name, sample := range samples {
		wait.Go(func() {
			for range 5 {
				if got, err := Render(t.Context(), []dossier.Sheet{sample()}, nil); err != nil || !bytes.Equal(got, want[name]) {
					t.Errorf("%s differs (%v)", name, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestReceiptIsSmall(t *testing.T) {
	for name, sample := range samples {
		if pdf, err := Render(t.Context(), []dossier.Sheet{sample()}, nil); err != nil || len(pdf) > 30<<10 {
			t.Errorf("%s has %d bytes (%v)", name, len(pdf), err)
		}
	}
}

// letters are all Vietnamese letters in both cases and what else may stand in a name or an address.
var letters = func() []rune {
	var all []rune
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []string{"", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"} {
			all = append(all, []rune(norm.NFC.String(string(vowel)+tone))...)
		}
	}
	all = append(all, []rune("bcdđghklmnpqrstvx")...)
	return append(all, []rune(strings.ToUpper(string(all))+"0123456789.,-/()’")...)
}()

// filled is a receipt with any of its texts empty, short, or as long as they may be.
func filled(t *rapid.T) dossier.Sheet {
	text := func(name string, most int) string {
		length := rapid.SampledFrom([]int{0, 1, 20, most / 2, most}).Draw(t, name)
		word := rapid.SampledFrom([]int{4, 1, 7, 30, 1000}).Draw(t, "word")
		from := rapid.IntRange(0, len(letters)-1).Draw(t, "letter")
		var out []rune
		for i := range length {
			if i%(word+1) == word {
				out = append(out, ' ')
			} else {
				out = append(out, letters[(from+7*i)%len(letters)])
			}
		}
		return string(out)
	}
	person := func(name string) dossier.Person {
		return dossier.Person{Name: text(name+" name", dossier.MaxName), Address: text(name+" address", dossier.MaxAddress),
			Phone: text(name+" phone", 30), Email: text(name+" email", 100)}
	}
	in := dossier.Receive{
		Title: text("title", dossier.MaxName), FormSet: rapid.SampledFrom([]string{Police, TT012018, TT032025}).Draw(t, "set"),
		Unit: dossier.Unit{Upper: text("upper", 100), Name: text("unit", 100), Place: text("place", 60), Phone: text("unit phone", 30), Intake: text("intake", 200)},
		Requester: dossier.Requester{
			Kind: rapid.SampledFrom(dossier.RequesterKinds).Draw(t, "kind"), Person: person("person"),
			Agency: dossier.Office{Name: text("agency", dossier.MaxName), Document: text("document", 60), DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 20},
				Position: text("position", 100), Address: text("agency address", dossier.MaxAddress), Phone: text("agency phone", 30)}},
		Subject:     person("subject"),
		Sets:        rapid.IntRange(0, 99).Draw(t, "sets"),
		ReceivedAt:  at(rapid.IntRange(1, 30).Draw(t, "day"), 8, 5),
		Due:         dossier.Due{At: at(30, 17, 0), Limit: "15 ngày"},
		ReturnPlace: text("return place", dossier.MaxLine), NationalCode: strings.ReplaceAll(text("national code", 50), " ", "."),
	}
	if rapid.Bool().Draw(t, "child") {
		in.Requester.Representative, in.Requester.Relation = person("representative"), text("relation", 40)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "papers") {
		in.Papers = append(in.Papers, dossier.Paper{Title: text(fmt.Sprint("paper ", i), dossier.MaxLine), Originals: i, Copies: 99})
	}
	number := strings.Repeat("W", rapid.IntRange(1, dossier.MaxPrefix).Draw(t, "prefix")) + "-261123-0001"
	in.Number = number
	p := sheetOf(Receipt, in)
	p.Nth = rapid.IntRange(0, 99).Draw(t, "reprint")
	p.Settings.Officers[0].Name = text("officer", dossier.MaxName)
	return p
}

func TestWhateverWasTypedFitsAndNothingLiesOverAnotherThing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc, err := draw(t.Context(), []dossier.Sheet{filled(t)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, marks := range doc.Pages() {
			if fault := faultOn(marks); fault != "" {
				t.Fatalf("copy %d: %s", i+1, fault)
			}
		}
	})
}

// Everything at its longest at once, in capitals with two marks; no such dossier will ever be.
func TestLongestOfEverythingFits(t *testing.T) {
	text := func(most int) string {
		return string([]rune(strings.Repeat("NGUYỄN ĐẶNG THƯỢNG ỨNG ẴM ", 20))[:most])
	}
	in := longIntake()
	person := dossier.Person{Name: text(dossier.MaxName), Address: text(dossier.MaxAddress), Phone: "+84 (0) 900-000-001", Email: strings.Repeat("w", 100)}
	in.Unit = dossier.Unit{Upper: text(200), Name: text(200), Place: text(60), Phone: person.Phone, Intake: text(dossier.MaxLine)}
	in.Requester = dossier.Requester{Kind: dossier.Agency, Person: person, Agency: dossier.Office{Name: text(dossier.MaxName), Document: text(100),
		DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 20}, Position: text(dossier.MaxLine), Address: text(dossier.MaxAddress)}}
	in.Subject, in.Title, in.ReturnPlace, in.NationalCode = person, text(dossier.MaxLine), text(dossier.MaxLine), strings.Repeat("W", 50)
	for i := range in.Papers {
		in.Papers[i].Title = text(dossier.MaxLine)
	}
	p := sheetOf(Receipt, in)
	p.Nth, p.Settings.Officers[0].Name = 1, text(dossier.MaxName)
	doc, err := draw(t.Context(), []dossier.Sheet{p}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if fault := faultOn(doc.Pages()[0]); fault != "" {
		t.Error(fault)
	}
}

func TestSamplesLieWell(t *testing.T) {
	for name, sample := range samples {
		doc, err := draw(t.Context(), []dossier.Sheet{sample()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if fault := faultOn(doc.Pages()[0]); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// faultOn tells what is wrong with a page of an A5 form.
func faultOn(marks []paper.Mark) string {
	return faultsOn(marks, printedParts(dossier.Sheet{Form: Receipt}))
}

func TestTypicalReceiptIsInFullSize(t *testing.T) {
	for name, sample := range samples {
		golden, err := Golden(sample())
		if err != nil {
			t.Fatal(err)
		}
		if full := strings.Contains(golden, fmt.Sprintf("%gpt regular", receiptBody)); full != (name != "long") {
			t.Errorf("%s is in full size: %v", name, full)
		}
	}
}

// What is really typed is legible: a page more is better than letters nobody can read.
func TestNothingRealIsSmallerThanSevenPoints(t *testing.T) {
	all := map[string]func() dossier.Sheet{}
	for _, some := range []map[string]func() dossier.Sheet{samples, letterSamples, tkSamples, controlSamples} {
		maps.Copy(all, some)
	}
	all["2025"] = func() dossier.Sheet { return in2025(long()) }
	for name, sample := range all {
		doc, err := draw(t.Context(), []dossier.Sheet{sample()}, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, marks := range doc.Pages() {
			for _, m := range marks {
				if text, ok := m.(paper.Text); ok && text.Font.Size < smallest {
					t.Errorf("%s: %q is in %g points", name, text.S, text.Font.Size)
				}
			}
		}
	}
}

// Each copy of a receipt that takes two pages is whole, and its second page says which copy it is of.
func TestReceiptOfManyPapersGoesOverTwoPages(t *testing.T) {
	doc, err := draw(t.Context(), []dossier.Sheet{long()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Pages()) != 4 {
		t.Fatalf("%d pages", len(doc.Pages()))
	}
	for i, marks := range doc.Pages() {
		seen := map[string]bool{}
		for _, m := range marks {
			if text, ok := m.(paper.Text); ok {
				seen[text.S] = true
			}
		}
		last := i%2 == 1
		if !seen[copies[i/2]] || seen["NGƯỜI NỘP HỒ SƠ"] != last || !seen["Loại giấy tờ"] {
			t.Errorf("page %d: %v", i+1, seen)
		}
		if fault := faultOn(marks); fault != "" {
			t.Error(fault)
		}
	}
}

// A name on a signature line is of somebody of this station. What upstream sent came from no hand at the desk.
func TestNobodyUnknownStandsAsSigner(t *testing.T) {
	decided := deciding(at(25, 10, 0), true)
	decided.by = "cấp trên"
	slip := passagesOf(t, controlSample(forwarding(at(24, 9, 0)), decided))
	if got := slip[2]; !strings.Contains(got, "|  →  | 10:00, 25/11/2026") {
		t.Error(got)
	}
	strange := typical()
	strange.Settings.Officers = nil
	if golden, err := Golden(strange); err != nil || strings.Contains(golden, "\"tiepnhan\"") {
		t.Errorf("a sign-in name is printed (%v)", err)
	}
}

// A letter that is short is not left in the upper half of its page; one that fills it is as close as ever.
func TestShortLettersMoveApart(t *testing.T) {
	ends := func(s dossier.Sheet) (pages int, y float64) {
		doc, err := draw(t.Context(), []dossier.Sheet{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range doc.Pages()[0] {
			if text, ok := m.(paper.Text); ok {
				y = max(y, text.Y)
			}
		}
		return len(doc.Pages()), y
	}
	if pages, y := ends(letterSamples["apology-late"]()); pages != 1 || y < 155 {
		t.Errorf("%d pages, the name at %.0f mm", pages, y)
	}
	most := 0.0
	for n := range 60 {
		pages, y := ends(letterRefusal(letterIntake(), strings.Repeat("Thông tin chưa thống nhất, cần xác minh thêm. ", n+1)))
		if most = max(most, y); pages == 1 && y > frameA5.bottom {
			t.Errorf("%d sentences end at %.1f mm", n+1, y)
		}
	}
	if most < frameA5.bottom-12 {
		t.Errorf("no letter fills its page: %.1f mm", most)
	}
}
