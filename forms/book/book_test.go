package book

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

var update = flag.Bool("update", false, "write the goldens anew")

// set reads and sets a book as it would be printed.
func set(t testing.TB, b dossier.Book) *setter {
	t.Helper()
	l, err := open(b, infos[b.Key])
	if err != nil {
		t.Fatal(err)
	}
	s := newSetter(l)
	if err := s.readAll(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// drawn is a book as a record.
func drawn(t testing.TB, s *setter) *paper.Doc {
	t.Helper()
	d := paper.New(wide, s.name(), s.Now)
	draw := s.draw(context.Background())
	for i := range s.pageCount() {
		d.Page()
		if err := draw(d, i); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func write(t testing.TB, b dossier.Book, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := Write(context.Background(), b, infos[b.Key], format, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func november(key string, all ...dossier.Dossier) dossier.Book {
	return bookOf(key, on(2026, 11, 1), on(2026, 11, 30), all...)
}

func TestBookGoldens(t *testing.T) {
	for _, key := range allBooks {
		for name, all := range map[string][]dossier.Dossier{"mixed": mixed(), "empty": nil} {
			t.Run(key+"-"+name, func(t *testing.T) {
				var got string
				if key == archiveCover {
					l, err := open(november(key, all...), infos[key])
					if err != nil {
						t.Fatal(err)
					}
					d, err := l.drawCover(context.Background())
					if err != nil {
						t.Fatal(err)
					}
					got = d.Golden()
				} else {
					got = drawn(t, set(t, november(key, all...))).Golden()
				}
				file := filepath.Join("testdata", key+"-"+name+".golden")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Error("the book has changed; look at it, then run with -update")
				}
			})
		}
	}
}

// rowsOf are the texts of each row, by the key of its column.
func rowsOf(s *setter) []map[string]string {
	var out []map[string]string
	for _, in := range s.sections {
		for _, r := range in.rows {
			row := map[string]string{}
			for i, c := range s.columns {
				row[c.key] = r.cells[i].text
			}
			out = append(out, row)
		}
	}
	return out
}

func TestBM06HoldsOnlyWhatWasReceived(t *testing.T) {
	rows := rowsOf(set(t, november(trackingRegister, mixed()...)))
	if len(rows) != 12 {
		t.Errorf("%d rows, want the 12 numbers that are on receipts", len(rows))
	}
	for _, r := range rows {
		if strings.HasPrefix(r["ordinal"], "TC") {
			t.Errorf("a refused intake stands in BM.06: %v", r)
		}
	}
}

func TestBM02HoldsRefusedIntakesWithTheirReason(t *testing.T) {
	for _, r := range rowsOf(set(t, november(intakeRegister, mixed()...))) {
		if r["ordinal"] == "TC01" && r["result"] == "Từ chối tiếp nhận: Không thuộc thẩm quyền giải quyết của đơn vị" {
			return
		}
	}
	t.Error("the refused intake and its reason are not there")
}

func TestEveryCourseIsTold(t *testing.T) {
	intake, tracking := rowsOf(set(t, november(intakeRegister, mixed()...))), rowsOf(set(t, november(trackingRegister, mixed()...)))
	find := func(rows []map[string]string, day, ordinal string) map[string]string {
		for _, r := range rows {
			if r["ordinal"] == ordinal && strings.Contains(r["received"], day) {
				return r
			}
		}
		t.Fatalf("no row %s of %s", ordinal, day)
		return nil
	}
	for _, x := range []struct{ book, day, ordinal, column, want string }{
		{"BM.02", "23/11", "0001", "result", "Chấp thuận, văn bản số 345/QLHC ngày 24/11/2026\nTrước hạn"},
		{"BM.02", "23/11", "0001", "officer", "Lê Thị Tiếp Nhận"},
		{"BM.02", "23/11", "0001", "received", "07:45 23/11/2026"},
		{"BM.02", "23/11", "0001", "papers", "1. Phiếu đề nghị cấp tài khoản định danh điện tử (mẫu TK01) (01 bản chính)\n2. Thẻ căn cước (xuất trình) (01 bản chính)\n01 bộ"},
		{"BM.02", "23/11", "0001", "forwarded", "Cơ quan quản lý căn cước Bộ Công an\n08:45 23/11/2026"},
		{"BM.02", "23/11", "0002", "result", "Chấp thuận, văn bản số 345/QLHC ngày 26/11/2026\nĐúng hạn"},
		{"BM.02", "23/11", "0002", "number", "G01.999.000-261123-0002"},
		{"BM.02", "23/11", "0002", "identity", "Văn bản số 12/YC-CSĐT ngày 20/11/2026\n001085000002"},
		{"BM.02", "23/11", "0002", "name", "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu\n(Phạm Văn Điều Tra)"},
		{"BM.02", "23/11", "0003", "note", "Có đính chính"},
		{"BM.02", "23/11", "0003", "forwarded", "Trần Văn Xử Lý\n09:30 23/11/2026"},
		{"BM.02", "23/11", "0005", "note", "Đã xin lỗi, hẹn lại 17:00 01/12/2026"},
		{"BM.02", "23/11", "0005", "due", "17:00 26/11/2026"},
		{"BM.02", "24/11", "0001", "name", "Nguyễn Thị Bé\n(cha: Nguyễn Văn Mẫu)"},
		{"BM.02", "24/11", "0002", "note", "Có thao tác trùng trên hai máy, chưa xử lý"},
		{"BM.02", "24/11", "0003", "result", "Chấp thuận, văn bản số 345/QLHC ngày 29/11/2026\nQuá hạn"},
		{"BM.02", "24/11", "0003", "channel", "Trực tuyến"},
		{"BM.02", "24/11", "0007", "result", "Đã hủy: Tiếp nhận hai lần"},
		{"BM.02", "24/11", "TC01", "result", "Đã hủy: Từ chối nhầm"},
		{"BM.06", "24/11", "0003", "note", "Quá hạn"},
		{"BM.06", "24/11", "0003", "delivery", "Cổng dịch vụ công"},
		{"BM.06", "24/11", "0003", "returned", "29/11/2026"},
		{"BM.06", "24/11", "0004", "note", "Không chấp thuận: Tài khoản đã bị khóa trước đó"},
		{"BM.06", "24/11", "0005", "note", "Rút hồ sơ: Công dân đổi ý"},
		{"BM.06", "24/11", "0006", "note", "Dừng giải quyết: Không bổ sung giấy tờ đúng hạn"},
		{"BM.06", "24/11", "0007", "note", "Đã hủy: Tiếp nhận hai lần"},
		{"BM.06", "23/11", "0004", "note", "Quá hạn\nYêu cầu bổ sung: Thiếu bản sao giấy khai sinh"},
		{"BM.06", "23/11", "0001", "signature", ""},
		{"BM.06", "23/11", "0001", "sets", "1"},
		{"BM.06", "23/11", "0001", "authority", "Cục Cảnh sát QLHC về TTXH"},
		{"BM.06", "23/11", "0001", "delivery", "Trực tiếp"},
	} {
		rows := intake
		if x.book == "BM.06" {
			rows = tracking
		}
		if got := find(rows, x.day, x.ordinal)[x.column]; got != x.want {
			t.Errorf("%s %s %s %s: %q, want %q", x.book, x.day, x.ordinal, x.column, got, x.want)
		}
	}
}

func TestTotalsCountEveryIntakeOnce(t *testing.T) {
	sum := set(t, november(intakeRegister, mixed()...)).sections[0].sum
	want := totals{received: 11, refused: 1, annulled: 2, early: 2, onTime: 1, late: 1, broken: 2, open: 5, openLate: 5, listed: 14}
	if sum != want {
		t.Errorf("%+v\nwant %+v", sum, want)
	}
	if sum.received != sum.done()+sum.broken+sum.open || sum.listed != sum.received+sum.refused+sum.annulled {
		t.Errorf("the figures do not add up: %+v", sum)
	}
	if sum := set(t, november(trackingRegister, mixed()...)).sections[0].sum; sum.annulled != 1 || sum.refused != 0 || sum.listed != 12 {
		t.Errorf("BM.06: %+v", sum)
	}
}

func TestArchiveListsOnlyWhatHasEndedAndSaysWhatIsNotThere(t *testing.T) {
	s := set(t, november(archiveList, mixed()...))
	rows := rowsOf(s)
	if len(rows) != 6 || rows[5]["ordinal"] != "6" {
		t.Fatalf("%d rows: %v", len(rows), rows)
	}
	if got, want := rows[1]["title"], lock+" – Hoàng Văn Thí Dụ"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	for _, r := range rows {
		if r["retention"] != "" || r["sheets"] != "" {
			t.Errorf("filled in what nobody has told us: %v", r)
		}
	}
	want := []string{"Mục lục này gồm 6 hồ sơ.", "Không ghi vào mục lục: 5 hồ sơ chưa kết thúc, 1 lượt từ chối tiếp nhận, 2 hồ sơ đã hủy."}
	if got := s.sections[0].sum.lines(s.ledger); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestReceiptLeadsToItsRow(t *testing.T) {
	s := set(t, november(trackingRegister, mixed()...))
	var under string
	found := false
	for _, m := range drawn(t, s).Pages()[0] {
		if text, ok := m.(paper.Text); ok {
			if strings.HasPrefix(text.S, "Ngày 2") {
				under = text.S
			}
			found = found || under == "Ngày 24 tháng 11 năm 2026" && text.S == "0003"
		}
	}
	if !found {
		t.Error("no row 0003 under the line of 24/11/2026")
	}
}

func TestPartOfALongRowSaysOfWhichRowItIs(t *testing.T) {
	d := drawn(t, set(t, november(intakeRegister, citizen(at(11, 23, 7, 0), 1), long(at(11, 23, 8, 0), 2))))
	for i, page := range d.Pages()[1:] {
		said := ""
		for _, m := range page {
			if text, ok := m.(paper.Text); ok && text.X < left+12 && (said == "0002" || text.S == "0002") {
				said += text.S
			}
		}
		if i > 0 && !strings.HasPrefix(said, "0002(tiếp)") {
			t.Errorf("page %d begins with %q", i+2, said)
		}
	}
}

func TestNewYearBeginsTheNextBook(t *testing.T) {
	late, early := citizen(time.Date(2025, 12, 31, 16, 0, 0, 0, dossier.Hanoi), 1), citizen(time.Date(2026, 1, 5, 8, 0, 0, 0, dossier.Hanoi), 1)
	b := bookOf(intakeRegister, on(2025, 12, 1), on(2026, 1, 31), late, refused(time.Date(2025, 12, 31, 16, 30, 0, 0, dossier.Hanoi), 1), early)
	b.Settings.Units = []dossier.UnitTerm{b.Settings.Units[0], {From: on(2026, 1, 1), Level: dossier.Commune, Prefix: "MS", Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN PHƯỜNG MẪU MỚI", Place: "Mẫu Mới"}}}
	s := set(t, b)
	golden := drawn(t, s).Golden()
	pages := strings.SplitAfter(golden, "page ")[1:]
	if len(pages) != 2 {
		t.Fatalf("%d pages, want one for each book", len(pages))
	}
	for i, want := range [][]string{
		{"Quyển số: 2025", "Từ ngày 01/12/2025 đến ngày 31/12/2025", "CÔNG AN XÃ MẪU SƠN", "tiếp nhận 1 hồ sơ; từ chối tiếp nhận 1", "Trang 1/1"},
		{"Quyển số: 2026", "Từ ngày 01/01/2026 đến ngày 31/01/2026", "CÔNG AN PHƯỜNG MẪU MỚI", "tiếp nhận 1 hồ sơ; từ chối tiếp nhận 0", "Trang 1/1"},
	} {
		for _, text := range want {
			if !strings.Contains(pages[i], text) {
				t.Errorf("page %d does not say %q", i+1, text)
			}
		}
	}
}

func TestEmptyBookSaysSo(t *testing.T) {
	for _, key := range allBooks[:3] {
		s := set(t, november(key))
		if golden := drawn(t, s).Golden(); s.pageCount() != 1 || !strings.Contains(golden, "Không có hồ sơ trong thời gian này.") || !strings.Contains(golden, "(Ký, ghi rõ họ tên") {
			t.Errorf("%s: %d pages\n%s", key, s.pageCount(), golden)
		}
	}
}

func TestSignaturesNeverStandAlone(t *testing.T) {
	all := many(120)
	for _, key := range allBooks[:3] {
		for n := 1; n <= len(all); n++ {
			s := set(t, bookOf(key, on(2026, 1, 1), on(2026, 1, 31), all[:n]...))
			if s.rows == 0 {
				continue
			}
			in := s.sections[0]
			if last := in.pages[len(in.pages)-1]; len(last) < min(2, s.rows) {
				t.Fatalf("%s of %d: the signatures stand under %d rows", key, n, len(last))
			}
			checkPages(t, s)
		}
	}
}

// checkPages looks at where the rows of each page end, and that each row stands once.
func checkPages(t errorer, s *setter) {
	t.Helper()
	for _, in := range s.sections {
		next, line := int32(0), int32(0)
		for i, page := range in.pages {
			used := 0.0
			for k, it := range page {
				used += it.high
				if it.day != sameDay {
					used += s.dayHigh()
				}
				if k == 0 && s.isRegister() && it.day == sameDay {
					t.Errorf("page %d begins without its day", i+1)
				}
				if it.row != next || it.from != line {
					t.Fatalf("page %d has row %d from line %d, want row %d from %d", i+1, it.row, it.from, next, line)
				}
				if line = it.to; int(it.to) == in.rows[it.row].count() {
					next, line = next+1, 0
				}
			}
			if i == len(in.pages)-1 {
				used += in.blockH
			}
			if room := s.room(in, i == 0); used > room+slack && len(page) > 0 {
				t.Errorf("page %d of %d uses %.1f mm of %.1f", i+1, len(in.pages), used, room)
			}
			if i > 0 && len(page) == 0 || i < len(in.pages)-1 && len(page) == 0 {
				t.Errorf("page %d has no rows", i+1)
			}
		}
		if int(next) != len(in.rows) {
			t.Errorf("%d of %d rows are on paper", next, len(in.rows))
		}
	}
}

type errorer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

func TestKeeperChoosesColumns(t *testing.T) {
	b := november(trackingRegister, mixed()...)
	b.Settings.Books = map[string][]dossier.BookColumn{trackingRegister: {{Key: "note"}, {Key: "received"}, {Key: "name", Title: "Người nộp"}, {Key: "gone"}, {Key: "note"}, {Key: "due"}, {Key: "returned"}}}
	s := set(t, b)
	var titles []string
	for _, c := range s.columns {
		titles = append(titles, c.full())
	}
	if want := []string{"Ghi chú", "Ngày nhận hồ sơ", "Người nộp", "Ngày hẹn trả kết quả", "Ngày trả kết quả"}; !slices.Equal(titles, want) {
		t.Errorf("%q", titles)
	}
	golden := drawn(t, s).Golden()
	if strings.Count(golden, `"Ngày, tháng, năm"`) != s.pageCount() || !strings.Contains(golden, `"Ngày nhận hồ sơ"`) || !strings.Contains(golden, `"Hẹn trả kết quả"`) {
		t.Error("the group's name stands over neighbours only")
	}
	b.Settings.Books[trackingRegister] = []dossier.BookColumn{{Key: "gone"}}
	if s := set(t, b); len(s.columns) != len(catalogue[trackingRegister]) {
		t.Errorf("with no column known, %d stand", len(s.columns))
	}
}

func TestColumnsAreOfferedWithTheirTitles(t *testing.T) {
	for _, key := range allBooks {
		seen := map[string]bool{}
		for _, c := range Columns(key) {
			if c.Key == "" || c.Title == "" || seen[c.Key] {
				t.Errorf("%s: %+v", key, c)
			}
			seen[c.Key] = true
		}
		if (len(seen) == 0) != (key == archiveCover) {
			t.Errorf("%s has %d columns", key, len(seen))
		}
	}
	if Columns("receipt") != nil {
		t.Error("a receipt has columns")
	}
}

func TestUnseenBookIsMarked(t *testing.T) {
	for _, unseen := range []bool{true, false} {
		for _, key := range allBooks {
			info := infos[key]
			info.Unseen = unseen
			var out bytes.Buffer
			if _, err := Write(context.Background(), november(key, mixed()...), info, dossier.BookPDF, &out); err != nil {
				t.Fatal(err)
			}
			for i, page := range pdfText(t, out.Bytes()) {
				if got := strings.Contains(bare(page), "chưađốichiếu"); got != unseen {
					t.Errorf("%s page %d: marked %v, unseen %v", key, i+1, got, unseen)
				}
			}
		}
	}
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
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		if out, err := exec.Command(qpdf, "--check", name).CombinedOutput(); err != nil {
			t.Errorf("qpdf --check: %v\n%s", err, out)
		}
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func TestBytesAreTheSameInEveryRun(t *testing.T) {
	for _, key := range allBooks {
		for _, format := range []string{dossier.BookPDF, dossier.BookXLSX, dossier.BookCSV} {
			if key == archiveCover && format != dossier.BookPDF {
				continue
			}
			first := write(t, november(key, mixed()...), format)
			for range 3 {
				if !bytes.Equal(first, write(t, november(key, mixed()...), format)) {
					t.Errorf("%s as %s differs from run to run", key, format)
				}
			}
		}
	}
}

func TestTheStreamIsTheRecord(t *testing.T) {
	s := set(t, bookOf(intakeRegister, on(2026, 1, 1), on(2026, 1, 31), many(300)...)) // enough for more than one core
	want, err := drawn(t, s).PDF()
	if err != nil {
		t.Fatal(err)
	}
	if got := write(t, s.Book, dossier.BookPDF); !bytes.Equal(got, want) {
		t.Error("what is printed is not what the golden says")
	}
}

var errDisk = errors.New("the disk is gone")

func TestFailingBookWritesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, key := range allBooks {
		for _, format := range []string{dossier.BookPDF, dossier.BookXLSX, dossier.BookCSV} {
			if key == archiveCover && format != dossier.BookPDF {
				continue
			}
			var out bytes.Buffer
			b := november(key, mixed()...)
			if _, err := Write(ctx, b, infos[key], format, &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
				t.Errorf("%s %s, stopped: %v, %d bytes", key, format, err, out.Len())
			}
			b.Rows = func(yield func(dossier.Dossier) error) error {
				if err := yield(mixed()[0]); err != nil {
					return err
				}
				return errDisk
			}
			if n, err := Write(context.Background(), b, infos[key], format, &out); !errors.Is(err, errDisk) || out.Len() > 0 || n != 0 {
				t.Errorf("%s %s, store failed: %v, %d bytes, %d rows", key, format, err, out.Len(), n)
			}
			if _, err := Write(context.Background(), november(key, mixed()...), infos[key], format, full{}); !errors.Is(err, errDisk) {
				t.Errorf("%s %s, disk full: %v", key, format, err)
			}
		}
	}
}

// Stopped between two rows, no further row is asked for.
func TestStopIsHeardBetweenRows(t *testing.T) {
	for _, format := range []string{dossier.BookPDF, dossier.BookXLSX, dossier.BookCSV} {
		ctx, cancel := context.WithCancel(context.Background())
		asked := 0
		b := november(intakeRegister)
		b.Rows = func(yield func(dossier.Dossier) error) error {
			for _, d := range many(10) {
				if asked++; asked == 3 {
					cancel()
				}
				if err := yield(d); err != nil {
					return err
				}
			}
			return nil
		}
		if _, err := Write(ctx, b, infos[intakeRegister], format, &bytes.Buffer{}); !errors.Is(err, context.Canceled) || asked != 3 {
			t.Errorf("%s: %v after %d rows", format, err, asked)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errDisk }

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	for _, x := range []struct{ key, format, code string }{
		{"receipt", dossier.BookPDF, "form.unknown"},
		{"", dossier.BookPDF, "form.unknown"},
		{trackingRegister, "docx", "book.format"},
		{archiveCover, dossier.BookXLSX, "book.only-pdf"},
		{archiveCover, dossier.BookCSV, "book.only-pdf"},
		{archiveCover, "", "book.format"},
	} {
		var out bytes.Buffer
		if _, err := Write(context.Background(), november(x.key), infos[x.key], x.format, &out); dossier.Code(err) != x.code || out.Len() > 0 {
			t.Errorf("%s as %s: %v, want %s", x.key, x.format, err, x.code)
		}
	}
	b := november(trackingRegister)
	b.Settings.Units = nil
	if _, err := Write(context.Background(), b, infos[trackingRegister], dossier.BookPDF, &bytes.Buffer{}); dossier.Code(err) != "settings.no-unit" {
		t.Errorf("without a unit: %v", err)
	}
}

func TestCountIsThatOfTheRows(t *testing.T) {
	for key, want := range map[string]int{intakeRegister: 14, trackingRegister: 12, archiveList: 6, archiveCover: 6} {
		if n, err := Write(context.Background(), november(key, mixed()...), infos[key], dossier.BookPDF, &bytes.Buffer{}); err != nil || n != want {
			t.Errorf("%s: %d rows, %v, want %d", key, n, err, want)
		}
	}
}

// The head signs who was head on the day of signing; the heading names the unit as it was at the end of the book.
func TestNamesAreThoseOfTheirDay(t *testing.T) {
	b := november(trackingRegister, mixed()...)
	b.Now = time.Date(2027, 2, 5, 9, 0, 0, 0, dossier.Hanoi)
	b.Settings.Units = append(slices.Clone(b.Settings.Units), dossier.UnitTerm{From: on(2027, 1, 1), Level: dossier.Commune, Prefix: "MS", Head: "Thiếu tá Đỗ Thị Mới",
		Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN PHƯỜNG MẪU MỚI", Place: "Mẫu Mới"}})
	golden := drawn(t, set(t, b)).Golden()
	for _, want := range []string{"CÔNG AN XÃ MẪU SƠN", "Thiếu tá Đỗ Thị Mới", "Mẫu Mới, ngày 05 tháng 02 năm 2027"} {
		if !strings.Contains(golden, want) {
			t.Errorf("does not say %q", want)
		}
	}
}

// A dossier whose very reception is disputed has nothing but its number; it stands under the day of that.
func TestDisputedReceptionKeepsItsPlace(t *testing.T) {
	d := dossier.Dossier{Number: "MS-261123-0009", Disputes: []dossier.Dispute{{}}}
	s := set(t, november(trackingRegister, d, dossier.Dossier{}))
	if got := s.sections[0].rows[0].day; got != on(2026, 11, 23) {
		t.Errorf("day %v", got)
	}
	drawn(t, s)
	for _, format := range []string{dossier.BookXLSX, dossier.BookCSV} {
		write(t, s.Book, format)
	}
}

// A number is read, and typed in again, as one word: with a prefix of six letters it stands on one line, and a longer one is cut behind a hyphen.
func TestNumberOfADossierStandsOnOneLine(t *testing.T) {
	lines := func(key string, d dossier.Dossier) []string {
		s := set(t, november(key, d))
		i := slices.IndexFunc(s.columns, func(c column) bool { return c.key == "number" })
		return s.sections[0].rows[0].cells[i].lines
	}
	received, turnedAway := citizen(at(11, 23, 9, 0), 1), refused(at(11, 23, 9, 0), 1)
	received.Number, turnedAway.Number = "MAU.01-261123-8999", "MAU.01-261123-TC899"
	for _, key := range []string{intakeRegister, trackingRegister, archiveList} {
		if got := lines(key, returned(received, 24, true)); !slices.Equal(got, []string{received.Number}) {
			t.Errorf("%s: %q", key, got)
		}
	}
	if got := lines(intakeRegister, turnedAway); !slices.Equal(got, []string{turnedAway.Number}) {
		t.Errorf("%q", got)
	}
	for _, key := range []string{intakeRegister, trackingRegister} {
		received.Number = "MAU.001.02-261123-0001"
		if got := lines(key, received); !slices.Equal(got, []string{"MAU.001.02-261123-", "0001"}) {
			t.Errorf("%s: %q", key, got)
		}
	}
}
