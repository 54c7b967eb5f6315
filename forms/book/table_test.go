package book

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tiepnhan/dossier"
)

func read(t *testing.T, xlsx []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(xlsx))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// column is the letter of the column with that title.
func columnOf(t *testing.T, f *excelize.File, title string) string {
	t.Helper()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for i, have := range rows[0] {
		if have == title {
			name, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
	}
	t.Fatalf("no column %q in %q", title, rows[0])
	return ""
}

func TestExcelCellsHaveTheirTypes(t *testing.T) {
	f := read(t, write(t, november(trackingRegister, mixed()...), dossier.BookXLSX))
	sheet := f.GetSheetName(0)
	if sheet != "BM.06" {
		t.Errorf("the sheet is called %q", sheet)
	}
	for _, x := range []struct {
		title, raw, shown string
		kind              excelize.CellType
	}{
		{"Quyển số", "2026", "2026", excelize.CellTypeUnset},
		{"Số thứ tự", "0001", "0001", excelize.CellTypeInlineString},
		{"Ngày", "46349", "23/11/2026", excelize.CellTypeUnset},
		{"Mã hồ sơ", "MS-261123-0001", "MS-261123-0001", excelize.CellTypeInlineString},
		{"Số lượng hồ sơ (bộ)", "1", "1", excelize.CellTypeUnset},
		{"Ngày hẹn trả kết quả", "46352", "26/11/2026", excelize.CellTypeUnset},
		{"Địa chỉ, số điện thoại", "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu\n0900 000 001", "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu\n0900 000 001", excelize.CellTypeInlineString},
		{"Ký nhận", "", "", excelize.CellTypeUnset},
	} {
		at := columnOf(t, f, x.title) + "2"
		raw, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := f.GetCellValue(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		if raw != x.raw || shown != x.shown || kind != x.kind {
			t.Errorf("%s: %q shown as %q of type %d, want %q %q %d", x.title, raw, shown, kind, x.raw, x.shown, x.kind)
		}
	}
	intake := read(t, write(t, november(intakeRegister, mixed()...), dossier.BookXLSX))
	at := columnOf(t, intake, "Ngày, giờ tiếp nhận") + "2"
	if shown, err := intake.GetCellValue("BM.02", at); err != nil || shown != "23/11/2026 07:45" {
		t.Errorf("a moment is shown as %q, %v", shown, err)
	}
	if raw, err := intake.GetCellValue("BM.02", columnOf(t, intake, "Số định danh, giấy giới thiệu")+"2"); err != nil || raw != "001099000001" {
		t.Errorf("a citizen number is %q, %v", raw, err)
	}
}

func TestExcelIsReadyToPrintAndFilter(t *testing.T) {
	f := read(t, write(t, november(trackingRegister, mixed()...), dossier.BookXLSX))
	layout, err := f.GetPageLayout("BM.06")
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("page %+v, %v", layout, err)
	}
	panes, err := f.GetPanes("BM.06")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Name] = n.RefersTo
	}
	if names["_xlnm.Print_Titles"] != "'BM.06'!$1:$1" || names["_xlnm._FilterDatabase"] != "'BM.06'!$A$1:$O$13" {
		t.Errorf("names %v", names)
	}
	props, err := f.GetDocProps()
	if err != nil || props.Creator != "TiepNhan" || props.LastModifiedBy != "TiepNhan" || props.Created != "2026-11-30T10:00:00Z" || props.Modified != props.Created {
		t.Errorf("properties %+v, %v", props, err)
	}
}

// Excel calls a workbook damaged whose widths do not go from left to right.
func TestExcelWidthsGoFromLeftToRight(t *testing.T) {
	xlsx := write(t, november(trackingRegister, mixed()...), dossier.BookXLSX)
	z, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	var sheet struct {
		Cols []struct {
			Min   int     `xml:"min,attr"`
			Max   int     `xml:"max,attr"`
			Width float64 `xml:"width,attr"`
		} `xml:"cols>col"`
	}
	if err := xml.NewDecoder(r).Decode(&sheet); err != nil {
		t.Fatal(err)
	}
	if len(sheet.Cols) != 15 {
		t.Fatalf("%d widths", len(sheet.Cols))
	}
	for i, c := range sheet.Cols {
		if c.Min != i+1 || c.Max != i+1 || c.Width < 9 {
			t.Errorf("width %d is %+v", i+1, c)
		}
	}
}

// Every part of the workbook is XML, has no time of its own, and no cell has a formula.
func TestExcelHoldsHostileTextAsText(t *testing.T) {
	var all []dossier.Dossier
	for i, s := range append(hostile, strings.Repeat("đ😀", 20_000)) {
		d := citizen(at(11, 23, 8, 0), i+1)
		d.Intake.Requester.Person.Name = s
		all = append(all, d)
	}
	xlsx := write(t, november(trackingRegister, all...), dossier.BookXLSX)
	z, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range z.File {
		if !part.Modified.IsZero() && part.Modified.Year() > 1980 {
			t.Errorf("%s says when it was made: %v", part.Name, part.Modified)
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		in := xml.NewDecoder(r)
		for {
			token, err := in.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "f" {
				t.Errorf("%s has a formula", part.Name)
			}
		}
	}
	f := read(t, xlsx)
	names, err := f.GetCols("BM.06")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, column := range names {
		if column[0] == "Tên cá nhân, tổ chức" {
			got = column[1:]
		}
	}
	for i, d := range all {
		have := ""
		if i < len(got) {
			have = got[i]
		}
		want := short(tidy(d.Intake.Requester.Person.Name, "\n"))
		want = strings.Map(func(r rune) rune { // XML has no such letters
			if r == 0xfffe || r == 0xffff {
				return utf8.RuneError
			}
			return r
		}, want)
		if have != want || len(utf16.Encode([]rune(have))) > maxCell {
			t.Errorf("%.40q came back as %.40q", want, have)
		}
	}
}

func TestShortCutsOnlyWhatNoCellHolds(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("a", maxCell), strings.Repeat("đ", maxCell), strings.Repeat("😀", maxCell/2) + "a"} {
		if short(s) != s {
			t.Errorf("cut a text of %d letters", utf8.RuneCountInString(s))
		}
	}
	for _, s := range []string{strings.Repeat("a", maxCell+1), strings.Repeat("đ", maxCell+1), strings.Repeat("😀", maxCell/2+1), "a" + strings.Repeat("😀", maxCell)} {
		got := short(s)
		if n := len(utf16.Encode([]rune(got))); n > maxCell || n < maxCell-2 || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
			t.Errorf("a text of %d units became one of %d", len(utf16.Encode([]rune(s))), n)
		}
	}
}

func TestExcelLeavesNothingInFoldersOfThePC(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, folder)
	}
	d := long(at(11, 23, 8, 0), 1)
	b := november(intakeRegister)
	b.Rows = func(yield func(dossier.Dossier) error) error {
		for i := range 3_000 { // a sheet of twice the 16 MiB that excelize keeps in memory by itself
			if err := yield(d); err != nil {
				return err
			}
			if i%500 != 0 {
				continue
			}
			if found, err := os.ReadDir(folder); err != nil || len(found) > 0 {
				t.Errorf("after %d rows names of citizens lie in %v, %v", i, found, err)
			}
		}
		return nil
	}
	write(t, b, dossier.BookXLSX)
}

func TestSheetNamesAreThoseExcelAllows(t *testing.T) {
	for _, x := range []struct {
		code, title, want string
	}{{"BM.02", "Sổ", "BM.02"}, {"", "Mục lục hồ sơ nộp lưu", "Mục lục hồ sơ nộp lưu"}, {"Mẫu 06/TT:2018 [x]*?", "", "Mẫu 06 TT 2018 x"}, {"", "", "So"}, {"'", "", "So"},
		{"", strings.Repeat("Sổ ", 20), "Sổ Sổ Sổ Sổ Sổ Sổ Sổ Sổ Sổ Sổ S"}} {
		l := &ledger{info: dossier.FormInfo{Code: x.code, Title: x.title}}
		if got := l.sheetName(); got != x.want {
			t.Errorf("%q %q: %q, want %q", x.code, x.title, got, x.want)
		}
	}
}

func TestCSVIsWhatVietnameseExcelOpens(t *testing.T) {
	out := write(t, november(trackingRegister, mixed()...), dossier.BookCSV)
	text, marked := strings.CutPrefix(string(out), "\ufeff")
	if !marked || !strings.Contains(text, "\r\n") || strings.HasPrefix(text, "sep=") {
		t.Errorf("begins with %q", out[:20])
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != 13 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	want := "2026|\t0001|23/11/2026|MS-261123-0001|" + issue + "|1|Nguyễn Văn Mẫu|Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu; 0900 000 001|Cục Cảnh sát QLHC về TTXH|23/11/2026|26/11/2026|24/11/2026|Trực tiếp||"
	if got := strings.Join(rows[1], "|"); got != want {
		t.Errorf("row\n%s\nwant\n%s", got, want)
	}
}

func TestCSVIsNeverReckoned(t *testing.T) {
	var all []dossier.Dossier
	for i, s := range hostile {
		d := citizen(at(11, 23, 8, 0), i+1)
		d.Intake.Requester.Person.Name, d.Intake.NationalCode = s, s
		all = append(all, d)
	}
	in := csv.NewReader(bytes.NewReader(write(t, november(trackingRegister, all...), dossier.BookCSV)[3:]))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != len(all)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, field := range row {
			if field != "" && strings.ContainsRune("=+-@\r|%＝＋－＠", []rune(field)[0]) || strings.HasPrefix(field, "\t") && strings.Trim(field[1:], "0123456789") != "" {
				t.Errorf("%q would be reckoned", field)
			}
			if strings.Trim(field, "0123456789") == "" && len(field) > 1 && (field[0] == '0' || len(field) > 11) {
				t.Errorf("%q would lose digits", field)
			}
		}
	}
}

func TestTidyIsClean(t *testing.T) {
	for _, s := range append(hostile, vietnamese, "a  b", " a", "a ", "–", "\u1ea0") {
		if isTidy(s) && dossier.Clean(s) != s {
			t.Errorf("%q is not tidy: %q", s, dossier.Clean(s))
		}
	}
	if !isTidy("Nguyễn Văn Mẫu") {
		t.Error("the usual name takes the long way")
	}
	for r := rune(0xc0); r < 0x1f00; r++ { // every letter of the short way is in NFC
		if s := string(r); isTidy(s) && dossier.Clean(s) != s {
			t.Errorf("%U", r)
		}
	}
}

func TestMomentsAreWrittenAsDossierWritesThem(t *testing.T) {
	for _, when := range []time.Time{at(1, 2, 3, 4), at(12, 31, 23, 59), time.Date(1, 1, 1, 0, 0, 0, 0, dossier.Hanoi).AddDate(0, 0, 1), time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)} {
		if got, want := onDay(when), dossier.DateOf(when).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := atMoment(when), when.In(dossier.Hanoi).Format("15:04 02/01/2006"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if onDay(time.Time{})+atMoment(time.Time{}) != "" {
		t.Error("no moment is written")
	}
}
