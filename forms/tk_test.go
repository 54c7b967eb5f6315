package forms

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

func TestTKGoldens(t *testing.T) {
	for name, sample := range tkSamples {
		t.Run(name, func(t *testing.T) {
			got, err := Golden(sample())
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name, got)
			if fault, doc := faultsOf(sample()); fault != "" {
				t.Error(fault)
			} else if pages := len(doc.Pages()); pages != 1 && !strings.Contains(name, "long") {
				t.Errorf("an ordinary form takes %d pages", pages)
			}
		})
	}
}

// tkRead is what another program reads from the sheet, all pages on one line.
func tkRead(t *testing.T, s dossier.Sheet) string {
	t.Helper()
	pdf, err := Render(t.Context(), []dossier.Sheet{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return norm.NFC.String(strings.Join(strings.Fields(strings.Join(pdfText(t, pdf), " ")), " "))
}

func TestTKSaysWhatTheDossierSays(t *testing.T) {
	for name, want := range map[string][]string{
		"tk01-citizen": {"Mẫu TK01 ban hành kèm theo Nghị định số 69/2024/NĐ-CP ngày 25/6/2024", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi: Công an xã Mẫu Sơn",
			"Họ, chữ đệm và tên: Nguyễn Văn Mẫu", "0 0 1 0 9 9 0 0 0 0 0 1", "0 2 / 0 1 / 1 9 9 9", "Quốc tịch: Việt Nam", "Số thuê bao di động chính chủ: 0900 000 001",
			"(nếu có): mau@vidu.vn", "Thông tin khác đề nghị tích hợp vào căn cước điện tử (nếu có nhu cầu):", "Mẫu Sơn, ngày 23 tháng 11 năm 2026", "NGƯỜI ĐỀ NGHỊ",
			"Mã hồ sơ: MS-261123-0001"},
		"tk01-child":     {"Họ, chữ đệm và tên: Nguyễn Thị Bé", "Họ, chữ đệm và tên: Nguyễn Văn Mẫu", "Quan hệ với người được đề nghị cấp: cha", "Số thuê bao di động chính chủ: 0900 000 001"},
		"tk01-foreigner": {"giấy tờ có giá trị đi lại quốc tế: X0000001", "1 7 / 0 5 / 1 9 8 0"},
		"tk02-organization": {"Tên cơ quan, tổ chức: Công ty TNHH Mẫu và Thử", "mã số thuế: 0100000001", "Chức vụ: Giám đốc", "Toàn bộ người đại diện theo pháp luật khác",
			"(Ký, ghi rõ họ tên, đóng dấu)"},
		"tk03-citizen": {"Lý do: Bị mất điện thoại cài ứng dụng VNeID.", "Thời hạn khóa (nếu có): Cho đến khi có đề nghị mở khóa"},
		"tk03-agency": {"CƠ QUAN CẢNH SÁT ĐIỀU TRA CÔNG AN TỈNH MẪU", "Số: 12/YC-CSĐT", "ngày 20 tháng 11 năm 2026", "Hoàng Văn Thí Dụ", "0 0 1 0 8 8 0 0 0 0 0 2",
			"THỦ TRƯỞNG CƠ QUAN (Ký, đóng dấu)", "Mã hồ sơ: G01.999.000-261123-0001"},
		"tk03-by-post": {"Công ty cổ phần Thử", "0100000002", "Bản in lại lần 1, có đính chính ngày 24/11/2026"},
		"tk03-refused": {"Họ, chữ đệm và tên: Nguyễn Văn Mẫu"},
		"tk03-blank":   {"Kính gửi: Công an xã Mẫu Sơn", "Mẫu Sơn, ngày ..... tháng ..... năm .........", "Lý do:"},
	} {
		read := tkRead(t, tkSamples[name]())
		for _, words := range want {
			if !tkHas(read, words) {
				t.Errorf("%s lacks %q:\n%s", name, words, read)
			}
		}
	}
	for name, not := range map[string][]string{
		"tk01-citizen": {"đại diện", "hộ chiếu"}, "tk01-foreigner": {"Số định danh", "Việt Nam:  ", "tích hợp"}, "tk03-citizen": {"CƠ QUAN", "THỦ TRƯỞNG"},
		"tk03-agency": {"NGƯỜI ĐỀ NGHỊ", "cam đoan"}, "tk03-blank": {"CƠ QUAN", "Mã hồ sơ", "Nguyễn"}, "tk02-blank": {"Mẫu và Thử", "Mã hồ sơ"},
	} {
		read := tkRead(t, tkSamples[name]())
		for _, words := range not {
			if strings.Contains(read, words) {
				t.Errorf("%s has %q:\n%s", name, words, read)
			}
		}
	}
}

// tkHas looks for words that may stand in two columns: each of them must be there in its order.
func tkHas(read, words string) bool {
	if strings.Contains(read, words) {
		return true
	}
	if words != strings.ToUpper(words) {
		return false
	}
	for _, word := range strings.Fields(words) {
		_, rest, found := strings.Cut(read, word)
		if !found {
			return false
		}
		read = rest
	}
	return true
}

// tkTicked are the labels of what is ticked.
func tkTicked(t *testing.T, s dossier.Sheet) []string {
	t.Helper()
	doc, err := draw(t.Context(), []dossier.Sheet{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, marks := range doc.Pages() {
		for i, m := range marks {
			box, square := m.(paper.Rect)
			if !square || i+3 >= len(marks) {
				continue
			}
			if line, ok := marks[i+1].(paper.Line); ok && line.X1 > box.X && line.X2 < box.Right() && line.Y1 > box.Y && line.Y2 < box.Bottom() {
				out = append(out, marks[i+3].(paper.Text).S)
			}
		}
	}
	return out
}

func TestTKTicksWhatWasAskedFor(t *testing.T) {
	account, eid := "Tài khoản định danh điện tử", "Căn cước điện tử"
	for procedure, want := range map[string][]string{
		"lock-account": {"Khóa", account}, "unlock-account": {"Mở khóa", account}, "lock-eid": {"Khóa", eid}, "unlock-eid": {"Mở khóa", eid},
	} {
		if got := tkTicked(t, tkSheet(TK03, tkAdult(procedure))); !slices.Equal(got, want) {
			t.Errorf("%s ticks %q", procedure, got)
		}
	}
	if got := tkTicked(t, tkSheet(TK01, tkChild("issue-level2"))); !slices.Equal(got, []string{"Nữ", account + " mức độ 02", eid}) {
		t.Errorf("TK01 ticks %q", got)
	}
	if got := tkTicked(t, tkSheet(TK01, tkForeigner())); !slices.Equal(got, []string{"Nữ", account + " mức độ 02"}) {
		t.Errorf("TK01 of a foreigner ticks %q", got)
	}
	for _, form := range []string{TK01, TK02, TK03} {
		if got := tkTicked(t, tkBlank(form)); got != nil {
			t.Errorf("a blank %s ticks %q", form, got)
		}
	}
}

func TestTKIsOfItsProcedureOnly(t *testing.T) {
	for procedure, form := range formOf {
		for _, key := range []string{TK01, TK02, TK03} {
			err := Possible(tkSheet(key, tkIntake(procedure)))
			if want := map[bool]string{true: "", false: "form.other-procedure"}[key == form]; dossier.Code(err) != want {
				t.Errorf("%s of %s: %v", key, procedure, err)
			}
		}
	}
	if err := Possible(tkSheet(TK01, tkIntake("of tomorrow"))); dossier.Code(err) != "form.other-procedure" {
		t.Error(err)
	}
	purged := tkSheet(TK01, tkIntake("issue-level2"))
	purged.Dossier.Intake = dossier.Receive{}
	if err := Possible(purged); dossier.Code(err) != "form.content-purged" {
		t.Error(err)
	}
}

// The catalogue names the form of each procedure, at each level and in each edition.
func TestTKFormsAreThoseOfTheCatalogue(t *testing.T) {
	names, err := fs.Glob(assets.Catalogue, "catalogue/*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range names {
		text, err := fs.ReadFile(assets.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Procedures []struct{ Key, Form string }
		}
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		for _, p := range file.Procedures {
			if p.Form != "" && p.Form != formOf[p.Key] {
				t.Errorf("%s: %s is asked for with %q, not %q", name, p.Key, p.Form, formOf[p.Key])
			}
			seen[p.Key] = true
		}
	}
	for key := range formOf {
		if !seen[key] {
			t.Errorf("no catalogue has %s", key)
		}
	}
}

func TestTKDateIsNotPartedWithin(t *testing.T) {
	s := tkBlank(TK03)
	s.Settings.Units[0].Place = "Thành phố Hồ Chí Minh"
	golden, err := Golden(s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(golden, `"Thành phố Hồ Chí Minh,"`) || !strings.Contains(golden, `"ngày ..... tháng ..... năm ........."`) {
		t.Errorf("place and date are not two lines:\n%s", golden)
	}
}

func TestTKBlankIsForTheUnitOfItsDay(t *testing.T) {
	s := tkBlank(TK01)
	s.Settings.Units = append(s.Settings.Units, letterNewName())
	if read := tkRead(t, s); !strings.Contains(read, "Kính gửi: Công an xã Mẫu Sơn") {
		t.Error(read)
	}
	s.Day = letterNewName().From
	if read := tkRead(t, s); !strings.Contains(read, "Kính gửi: Công an phường Mẫu Mới") || !strings.Contains(read, "Mẫu Mới, ngày") {
		t.Error(read)
	}
	s.Settings = dossier.Settings{}
	if read := tkRead(t, s); !strings.Contains(read, "Kính gửi:") || strings.Contains(read, "MẪU MỚI") {
		t.Errorf("a station without a name: %s", read)
	}
}

// A number that has no box for each of its letters is written out: nothing of it is lost, and nothing stands outside its box.
func TestTKNumberThatDoesNotFitItsBoxesIsWrittenOut(t *testing.T) {
	for number, boxed := range map[string]bool{"001099000001": true, "00109900000": true, "0010990000012": false, "AB12 W": true, "00109900000a\u0323\u0307": false, "q\u0323\u0301": false} {
		in := tkAdult("issue-level2")
		in.Requester.Person.Number = number
		s := tkSheet(TK01, in)
		fault, doc := faultsOf(s)
		if fault != "" {
			t.Errorf("%q: %s", number, fault)
			continue
		}
		squares, written := 0, ""
		for _, m := range doc.Pages()[0] {
			switch m := m.(type) {
			case paper.Rect:
				if m.W == boxSide {
					squares++
				}
			case paper.Text:
				written += m.S
			}
		}
		if (squares == 12+8) != boxed || !strings.Contains(strings.ReplaceAll(written, " ", ""), strings.ReplaceAll(paper.Clean(number), " ", "")) {
			t.Errorf("%q: %d boxes, written %q", number, squares, written)
		}
	}
}

// tkKept is the keeper's word on a form, said on that day of November at 12 o'clock.
func tkKept(form string, text []byte, checked bool, day int) dossier.KeptLayout {
	return dossier.KeptLayout{Layout: dossier.Layout{Form: form, Text: text, Checked: checked}, At: at(day, 12, 0)}
}

// tkEdited is the shipped text with one thing replaced.
func tkEdited(t testing.TB, form, old, replacement string) []byte {
	t.Helper()
	text, err := Text(form)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s has no %q", form, old)
	}
	return bytes.Replace(text, []byte(old), []byte(replacement), 1)
}

func TestTKOfBeforeACorrectionKeepsItsText(t *testing.T) {
	corrected := tkEdited(t, TK03, "Lý do:", "Lý do đề nghị:")
	if err := CheckText(TK03, corrected); err != nil {
		t.Fatal(err)
	}
	before := tkSheet(TK03, tkAdult("lock-eid")) // received on the 23rd, 8 o'clock
	in := tkAdult("lock-eid")
	in.ReceivedAt = at(25, 8, 0)
	after, blank := tkSheet(TK03, in), tkBlank(TK03)
	has := func(s dossier.Sheet, words string, layouts ...dossier.KeptLayout) bool {
		s.Layouts = layouts
		golden, err := Golden(s)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(golden, words)
	}
	kept := tkKept(TK03, corrected, false, 24)
	old, young, faint := "Lý do: Bị mất", "Lý do đề nghị: Bị mất", `watermark "chưa đối chiếu"`
	if !has(before, old, kept) || !has(after, young, kept) || !has(blank, "Lý do đề nghị:", kept) {
		t.Error("the text is not that of the day")
	}
	if !has(before, faint, kept) || !has(after, faint, kept) {
		t.Error("a text nobody has compared lacks its mark")
	}
	marked := tkKept(TK03, nil, true, 26)
	if has(after, faint, kept, marked) || has(blank, faint, kept, marked) || !has(before, faint, kept, marked) {
		t.Error("the mark goes from the text that was compared, and from no other")
	}
	if has(before, faint, tkKept(TK03, nil, true, 22)) {
		t.Error("the program's own text was compared and keeps the mark")
	}
	if has(after, faint, tkKept(TK03, corrected, true, 24)) {
		t.Error("compared with the correction, and marked")
	}
	if !has(after, old, tkKept(TK01, corrected, true, 24)) {
		t.Error("a text of another form is used")
	}
}

// A text of another version of the program is never taken for what it is not.
func TestTKWithABadTextIsNotPrinted(t *testing.T) {
	s := tkSheet(TK03, tkAdult("lock-eid"))
	s.Layouts = []dossier.KeptLayout{tkKept(TK03, tkEdited(t, TK03, `"kind": "date"`, `"kind": "signet"`), true, 1)}
	pdf, err := Render(t.Context(), []dossier.Sheet{s}, nil)
	if dossier.Code(err) != "form.layout-bad" || pdf != nil {
		t.Fatal(err)
	}
	words := assets.Word("form.layout-bad", err.(dossier.Problems)[0].Args)
	if !strings.Contains(words, "rows.5.kind") || !strings.Contains(words, "“signet”") || strings.Contains(words, "{") {
		t.Error(words)
	}
}

func TestTKTextsAreThoseOfFormsThatAreData(t *testing.T) {
	for _, form := range []string{Receipt, "", "../tk01", "tk04"} {
		if text, err := Text(form); dossier.Code(err) != "form.no-text" || text != nil {
			t.Errorf("%q: %v", form, err)
		}
		if err := CheckText(form, []byte("{}")); dossier.Code(err) != "form.no-text" {
			t.Errorf("%q: %v", form, err)
		}
	}
	for form, how := range drawings {
		if how.data {
			text, err := Text(form)
			if err == nil {
				err = CheckText(form, text)
			}
			if err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	}
}

// What the published procedures say must be on the forms, and what they do not ask for on paper (domain: face and fingerprints are taken at
// the desk, by the national system).
func TestTKHasWhatIsConfirmed(t *testing.T) {
	for form, want := range map[string][]string{
		TK01: {"Số thuê bao di động chính chủ", "Địa chỉ thư điện tử (nếu có)", "hông tin khác đề nghị tích hợp vào căn cước điện tử (nếu có nhu cầu)", "representative.phone"},
		TK02: {"người đại diện theo pháp luật khác"},
		TK03: {"Lý do", "Thời hạn khóa (nếu có)", "THỦ TRƯỞNG CƠ QUAN"},
	} {
		text, err := Text(form)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range append(want, "ban hành kèm theo Nghị định số 69/2024/NĐ-CP ngày 25/6/2024", "chưa đối chiếu") {
			if !bytes.Contains(text, []byte(words)) {
				t.Errorf("%s lacks %q", form, words)
			}
		}
		for _, words := range []string{"khuôn mặt", "vân tay"} {
			if bytes.Contains(text, []byte(words)) {
				t.Errorf("%s asks for %s", form, words)
			}
		}
	}
}
