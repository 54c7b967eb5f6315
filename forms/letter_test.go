package forms

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

func TestLetterGoldens(t *testing.T) {
	for name, sample := range letterSamples {
		t.Run(name, func(t *testing.T) {
			got, err := Golden(sample())
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name, got)
		})
	}
}

// letterPages are the marks of a sheet's pages.
func letterPages(t testing.TB, s dossier.Sheet) [][]paper.Mark {
	t.Helper()
	doc, err := draw(context.Background(), []dossier.Sheet{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Pages()
}

// letterText is all that stands on a sheet, with single blanks.
func letterText(t testing.TB, s dossier.Sheet) string {
	t.Helper()
	var all []string
	for _, marks := range letterPages(t, s) {
		for _, m := range marks {
			if text, ok := m.(paper.Text); ok {
				all = append(all, strings.Fields(text.S)...)
			}
		}
	}
	return strings.Join(all, " ")
}

func TestLetterIsReadBackFromThePDF(t *testing.T) {
	for name, sample := range letterSamples {
		pdf, err := Render(context.Background(), []dossier.Sheet{sample()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		read, pages := pdfText(t, pdf), letterPages(t, sample())
		if len(read) != len(pages) {
			t.Fatalf("%s: %d pages are read, %d were drawn", name, len(read), len(pages))
		}
		for i, marks := range pages {
			var meant []rune
			for _, m := range marks {
				switch m := m.(type) {
				case paper.Text:
					meant = append(meant, []rune(m.S)...)
				case paper.Watermark:
					meant = append(meant, []rune(m.S)...)
				}
			}
			if got, want := letterRunes([]rune(norm.NFC.String(read[i]))), letterRunes(meant); got != want {
				t.Errorf("%s page %d\nread  %q\nmeant %q", name, i+1, got, want)
			}
		}
	}
}

// letterRunes are the letters of a text in order, without blanks.
func letterRunes(all []rune) string {
	all = slices.DeleteFunc(all, unicode.IsSpace)
	slices.Sort(all)
	return string(all)
}

func TestLettersLieWell(t *testing.T) {
	for name, sample := range letterSamples {
		if fault, _ := faultsOf(sample()); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// Whatever the length of the reason: pages are numbered from the second on, the signatures have text above them on their page, no page
// begins with the last line of the reason or ends with its first, and not a word is lost.
func TestLetterOfAnyLengthFlowsWell(t *testing.T) {
	words := make([]string, 700)
	for i := range words {
		words[i] = fmt.Sprintf("chữ%03d", i)
	}
	most := map[string]int{}
	for n := 1; n <= len(words); n += 7 {
		why := strings.Join(words[:n], " ")
		for _, s := range []dossier.Sheet{letterRefusal(letterIntake(), why), letterApology(at(27, 18, 0), why),
			letterDecided(RefusalAnswer, letterDeclined(why)), letterOneLine(why), letterParagraph(why)} {
			pages := letterPages(t, s)
			most[s.Form] = max(most[s.Form], len(pages))
			found := 0
			for i, marks := range pages {
				lines, above, signed := map[float64]bool{}, map[float64]bool{}, false
				for _, m := range marks {
					text, ok := m.(paper.Text)
					if !ok {
						continue
					}
					if n := strings.Count(strings.ToLower(text.S), "chữ"); n > 0 {
						found += n
						lines[text.Y] = true
					}
					signed = signed || strings.Contains(text.S, "(Ký")
					if !signed {
						above[text.Y] = true
					}
				}
				if len(lines) == 1 && len(pages) > 1 && n > 40 {
					t.Fatalf("%s of %d words: page %d of %d has one line of the reason", s.Form, n, i+1, len(pages))
				}
				if signed && i != len(pages)-1 || !signed && i == len(pages)-1 {
					t.Fatalf("%s of %d words: signed on page %d of %d", s.Form, n, i+1, len(pages))
				}
				if signed && i > 0 && len(above) < 4 { // number of the page, two lines, and what the signer is
					t.Fatalf("%s of %d words: the signatures stand alone on page %d", s.Form, n, i+1)
				}
				if number := letterPageNumber(marks, s); i == 0 && number != "" || i > 0 && number != fmt.Sprint(i+1) {
					t.Fatalf("%s of %d words: page %d is numbered %q", s.Form, n, i+1, number)
				}
			}
			if found != n {
				t.Fatalf("%s: %d words of %d are on paper", s.Form, found, n)
			}
		}
	}
	for form, pages := range most {
		if pages < 2 {
			t.Errorf("%s never went on to a second page: nothing was tried", form)
		}
	}
}

// Wherever on a page a paragraph begins, two of its lines at least stand on each side of the turn.
func TestLetterLeavesNoLineAlone(t *testing.T) {
	turned := 0
	for n := range 60 {
		in := letterIntake()
		in.Title = "Khóa " + strings.Repeat("căn cước điện tử ", 5*n)
		pages := letterPages(t, sheetOf(Stop, in, doing{kind: dossier.Stopped, at: at(24, 9, 0), body: dossier.Reason{Why: strings.Repeat("chữ ", 150)}}))
		parts := 0
		for i, marks := range pages {
			lines := map[float64]bool{}
			for _, m := range marks {
				if text, ok := m.(paper.Text); ok && strings.Contains(text.S, "chữ") {
					lines[text.Y] = true
				}
			}
			if len(lines) == 1 {
				t.Errorf("title of %d words: page %d of %d has one line of the reason", 4*5*n, i+1, len(pages))
			}
			if len(lines) > 0 {
				parts++
			}
		}
		if parts > 1 {
			turned++
		}
	}
	if turned < 3 {
		t.Errorf("the reason was parted %d times: nothing was tried", turned)
	}
}

// Many short lines before the signatures do not all cling to them.
func TestLetterOfManyShortLinesFillsItsPages(t *testing.T) {
	for n := 20; n < 90; n++ {
		pages := letterPages(t, letterRefusal(letterIntake(), strings.TrimSpace(strings.Repeat("thiếu\n", n))))
		for i, marks := range pages {
			low, last := 0.0, i == len(pages)-1
			for _, m := range marks {
				if text, ok := m.(paper.Text); ok {
					low = max(low, text.Y)
				}
			}
			if !last && low < frameA5.bottom-60 {
				t.Errorf("%d lines: page %d of %d ends at %.0f", n, i+1, len(pages), low)
			}
		}
	}
}

// letterOneLine is a letter whose reason is followed by one line and the signatures.
func letterOneLine(why string) dossier.Sheet {
	return sheetOf(Stop, shortIntake(), doing{kind: dossier.Stopped, at: at(23, 9, 0), body: dossier.Reason{Why: why}})
}

// letterParagraph is one whose reason is followed by a paragraph of some lines and the signature.
func letterParagraph(why string) dossier.Sheet {
	return sheetOf(Supplement, letterIntake(), doing{kind: dossier.AskedPapers, at: at(23, 9, 0), body: dossier.AskPapers{Why: why}})
}

func letterPageNumber(marks []paper.Mark, s dossier.Sheet) string {
	f := frameA5
	if drawings[s.Form].size == dossier.PaperA4 {
		f = frameA4
	}
	for _, m := range marks {
		if text, ok := m.(paper.Text); ok && text.Font.Size == f.name && text.Y == f.top+f.name*mm && !strings.Contains(text.S, " ") {
			return text.S
		}
	}
	return ""
}

// The body is set smaller, down to the least that is read well, before a letter takes a second page; then it is in its own size again.
func TestLetterIsSetSmallerBeforeItTakesAnotherPage(t *testing.T) {
	seen := map[float64]bool{}
	for n := 1; n < 260; n += 3 {
		pages := letterPages(t, letterRefusal(letterIntake(), strings.Repeat("chờ xác minh ", n)))
		size := 0.0
		for _, m := range pages[0] {
			if text, ok := m.(paper.Text); ok && strings.HasPrefix(text.S, "Xin thông báo") || ok && strings.HasPrefix(text.S, "Qua xem xét") {
				size = text.Font.Size
			}
		}
		seen[size] = true
		if size < frameA5.least || size > frameA5.body || len(pages) > 1 && size != frameA5.body {
			t.Fatalf("%d times: %d pages in %g points", n, len(pages), size)
		}
	}
	if len(seen) < 6 || !seen[frameA5.least] {
		t.Errorf("only sizes %v were used of 9 to 10.75", seen)
	}
}

// A line that leads to a table is on the page on which the table begins.
func TestLineThatLeadsStandsWithWhatItLeadsTo(t *testing.T) {
	for n := range 60 {
		s := sheetOf(Supplement, typicalIntake(), doing{kind: dossier.AskedPapers, at: at(23, 9, 0), body: dossier.AskPapers{Why: "x",
			Papers: []dossier.Paper{{Title: strings.Repeat("Giấy ", 60), Originals: 1}, {Title: "Giấy", Originals: 1}, {Title: strings.Repeat("Bản ", 75), Copies: 1}}}})
		s.Dossier.Intake.Requester.Person.Address = strings.Repeat("thôn Thượng ", 8*n)
		for i, marks := range letterPages(t, s) {
			led, table := false, false
			for _, m := range marks {
				if text, ok := m.(paper.Text); ok {
					led = led || strings.HasPrefix(text.S, "Yêu cầu Ông/Bà")
					table = table || strings.HasPrefix(text.S, "TT")
				}
			}
			if led && !table {
				t.Fatalf("address of %d lines: page %d ends with the line that leads to the table", n, i+1)
			}
		}
	}
}

func TestBlockHigherThanAPageIsRefusedAndTextIsParted(t *testing.T) {
	one, err := open(letterRefusal(letterIntake(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	one.doc = one.document()
	l := one.newLetter(dossier.DateOf(at(23, 8, 0)))
	l.add(&grid{columns: []paper.Column{{Title: "TT", Width: 1}}, rows: [][]string{{strings.Repeat("cao ", 5000)}}})
	if err := l.draw(); dossier.Code(err) != "form.too-long" {
		t.Errorf("a row higher than a page: %v", err)
	}
	one.doc = one.document()
	l = one.newLetter(dossier.DateOf(at(23, 8, 0)))
	l.add(para(plain(strings.Repeat("dài ", 9000))), &signatures{who: []signer{{"NGƯỜI KÝ", signAndName, "Nguyễn Văn Mẫu"}}})
	if err := l.draw(); err != nil || len(one.doc.Pages()) < 8 {
		t.Errorf("a paragraph of many pages: %d pages, %v", len(one.doc.Pages()), err)
	}
	// Signatures as high as the page, which can be bound to nothing.
	one.doc = one.document()
	l = one.newLetter(dossier.DateOf(at(23, 8, 0)))
	l.add(para(plain(strings.Repeat("ba dòng ", 25))), &signatures{to: slices.Repeat([]string{"- Nơi nhận;"}, 49)})
	if err := l.draw(); err != nil || len(one.doc.Pages()) != 3 {
		t.Errorf("signatures as high as a page: %d pages, %v", len(one.doc.Pages()), err)
	}
}

func TestLettersCarryTheirMarksOnEveryPage(t *testing.T) {
	for i, marks := range letterPages(t, letterSampleAnnulled()) {
		annulled, again := false, false
		for _, m := range marks {
			switch m := m.(type) {
			case paper.Watermark:
				annulled = m.S == "đã hủy"
			case paper.Text:
				again = again || m.S == "Bản in lại lần 2"
			}
		}
		if !annulled || !again {
			t.Errorf("page %d: annulled %v, printed again %v", i+1, annulled, again)
		}
	}
	for form, sample := range map[string]func() dossier.Sheet{Refusal: letterSamples["refusal-citizen"], Supplement: letterSampleSupplement, Apology: letterSampleSecondApology,
		Stop: letterSampleStop, ResultNotice: letterSampleAtOnce, SubjectNotice: letterSamples["subject-notice-person"], RefusalAnswer: letterSamples["refusal-answer-agency"]} {
		s := sample()
		golden, err := Golden(s)
		if err != nil {
			t.Fatal(err)
		}
		seen := form == Refusal || form == Supplement || form == Apology
		if unseen := strings.Contains(golden, `watermark "chưa đối chiếu"`); unseen == seen {
			t.Errorf("%s: marked as not compared: %v", form, unseen)
		}
		s.Layouts = []dossier.KeptLayout{{Layout: dossier.Layout{Form: form, Checked: true}, At: time.Now()}}
		if golden, err := Golden(s); err != nil || strings.Contains(golden, "watermark") {
			t.Errorf("%s that the keeper has compared is marked (%v)", form, err)
		}
		s.Layouts, s.Set = nil, TT032025
		if golden, err := Golden(s); err != nil || !strings.Contains(golden, `watermark "chưa đối chiếu"`) {
			t.Errorf("%s of 2025 is not marked (%v)", form, err)
		}
		if strings.Contains(golden, "in lại") {
			t.Errorf("%s says of the first printing that it is a reprint", form)
		}
	}
}

// The dossier's number is scanned from the slips; the code stands in its own margin beside the title.
func TestSlipsCarryTheNumberAsACode(t *testing.T) {
	for name, want := range map[string]string{"refusal-citizen": "MS-261123-TC01", "supplement-agency": "MS-261123-0001", "apology-second": "MS-261123-0001", "stop-child": "MS-261123-0001"} {
		golden, err := Golden(letterSamples[name]())
		if err != nil || strings.Count(golden, "\nqr ") != 1 || !strings.Contains(golden, fmt.Sprintf("15.0 %q", want)) {
			t.Errorf("%s: no code of %s (%v)", name, want, err)
		}
	}
}

func TestLettersAreTheSameInEveryRun(t *testing.T) {
	for name, sample := range letterSamples {
		first, err := Render(context.Background(), []dossier.Sheet{sample()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Render(context.Background(), []dossier.Sheet{sample()}, nil)
		if err != nil || string(first) != string(again) {
			t.Errorf("%s differs (%v)", name, err)
		}
	}
}

func TestUnitsAreNamedInTextAsInText(t *testing.T) {
	for name, want := range map[string]string{
		"CÔNG AN XÃ MẪU SƠN":                      "Công an xã Mẫu Sơn",
		"CÔNG AN PHƯỜNG 5":                        "Công an phường 5",
		"CÔNG AN THỊ TRẤN EA H'LEO":               "Công an thị trấn Ea H'Leo",
		"CÔNG AN ĐẶC KHU PHÚ QUÝ":                 "Công an đặc khu Phú Quý",
		"CÔNG AN THÀNH PHỐ BÀ RỊA - VŨNG TÀU":     "Công an thành phố Bà Rịa - Vũng Tàu",
		"Công an xã Mẫu Sơn":                      "Công an xã Mẫu Sơn",
		"TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ BÉ": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ BÉ",
		"CÔNG AN ": "Công an ",
		"":         "",
	} {
		if got := inText(name); got != want {
			t.Errorf("%q is %q in a text", name, got)
		}
	}
	for s, want := range map[string]string{"": "", "Thiếu dấu": "Thiếu dấu.", "Thiếu dấu.": "Thiếu dấu.", "(bản sao)": "(bản sao).", "vì sao?": "vì sao?", "năm 2026": "năm 2026.", "…": "…"} {
		if got := ended(s); got != want {
			t.Errorf("%q ends as %q", s, got)
		}
	}
	if lower("Đóng") != "đóng" || upper("đóng") != "Đóng" || lower("") != "" || upper("") != "" {
		t.Error("the first letter is not changed")
	}
}

// A national code that just fits beside the QR code stood within a hair of what must stay empty around it (seed 9659367171170417559).
func TestLetterKeepsClearOfItsCode(t *testing.T) {
	for _, number := range []string{"1-1", "H56.22.17-261123-0001", strings.Repeat("W", 60)} {
		for _, write := range []string{"names", "solid", "letters"} {
			for most := 1; most <= 60; most++ {
				s := someDossier(courses["stopped"], choice{procedure: "lock-account", requester: dossier.Citizen}, pens[write].short())
				s.Form, s.Set, s.Dossier.Number, s.Settings = Supplement, Police, number, dossier.Settings{}
				s.Dossier.Intake.NationalCode = strings.ReplaceAll(pens[write](most), " ", ".")
				if fault, _ := faultsOf(s); fault != "" {
					t.Fatalf("%q, %q: %s", number, s.Dossier.Intake.NationalCode, fault)
				}
			}
		}
	}
}

// The mark of a reprint that says much ran into the number of the page.
func TestPageNumberStandsClearOfTheMark(t *testing.T) {
	for form, course := range map[string]string{Receipt: "received", Supplement: "asked", ResultNotice: "whole"} {
		for _, nth := range []int{9, 99, 1 << 40} {
			c := ways(t)[form][course][0]
			c.nth, c.papers = nth, 12
			s := someDossier(slices.Concat(courses[course], []dossier.Kind{dossier.Corrected}), c, pens["names"])
			s.Form, s.Set = form, Police
			fault, doc := faultsOf(s)
			if fault != "" {
				t.Errorf("%s, %d: %s", form, nth, fault)
			} else if golden := doc.Golden(); len(doc.Pages()) < 2 || !strings.Contains(golden, fmt.Sprintf("Bản in lại lần %d, có đính chính ngày", nth)) {
				t.Errorf("%s of %d pages: \n%s", form, len(doc.Pages()), golden)
			}
		}
	}
}
