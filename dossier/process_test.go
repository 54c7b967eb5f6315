package dossier

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Slips of the scan of QT11.ĐDĐT, and what stands on the paper.
var scanSlips = strings.NewReplacer("tổ tụng", "tố tụng", "tài khóa định danh", "tài khoản định danh")

// QT11.ĐDĐT (Công an tỉnh Khánh Hòa) against the data, row by row.
func TestProcessQT11IsCarriedWhole(t *testing.T) {
	p, err := shippedCatalogue(t).Find("lock-account", District, Date{2025, 2, 28})
	if err != nil {
		t.Fatal(err)
	}
	q, c := p.Process, p.Cases[0]
	seed := readQT11(t)
	want := map[string]string{
		"5.1": "Cơ sở pháp lý | - " + strings.Join(q.Legal, " - "),
		"5.2": "Đối tượng thực hiện TTHC | " + q.Requesters + " | Cơ quan giải quyết TTHC | - Cơ quan thực hiện: " + q.Executor +
			" - Cơ quan có thẩm quyền: " + q.Authority,
		"5.3": "Thành phần, số lượng hồ sơ | Bản chính | Bản sao (chứng thực hoặc kèm bản chính để đối chiếu) | " + q.Papers[0].Title + " | X",
		"5.4": "Thời gian xử lý | " + q.Total,
		"5.5": "Thời gian và địa điểm tiếp nhận hồ sơ, trả kết quả | - Thời gian tiếp nhận hồ sơ: " + q.Intake + " - Nộp hồ sơ: + " +
			q.Filing[0] + " + " + q.Filing[1],
		"5.6":   "Lệ phí | " + p.Fee,
		"5.7":   "Kết quả thực hiện thủ tục | " + c.Result,
		"5.8":   "Quy trình xử lý công việc",
		"TT":    "Trình tự | Trách nhiệm | Thời gian | Biểu mẫu/ Kết quả",
		"Lưu ý": "- " + strings.Join(q.Notes, " - "),
	}
	for _, s := range c.Steps {
		gives := s.Gives
		if gives != "" {
			gives = " | - " + gives
		}
		row := s.Text + " | " + s.Who
		if s.Time != "" {
			row += " | " + s.Time
		}
		want[s.Mark] = row + gives
	}
	for section, text := range want {
		if seed[section] != text {
			t.Errorf("%s:\nseed %q\ndata %q", section, seed[section], text)
		}
	}
	for section := range seed {
		if _, ok := want[section]; !ok {
			t.Errorf("%s is not carried: %q", section, seed[section])
		}
	}
	if len(q.Papers) != 1 || q.Papers[0].Originals != 1 || q.Papers[0].Copies != 0 || q.Papers[0].Key != c.Papers[0].Key {
		t.Errorf("papers %+v", q.Papers)
	}
	if c.Limit != (Limit{3, WorkingDays}) || c.Steps[1].Limit != (Limit{1, WorkingDays}) || c.Steps[2].Limit != (Limit{2, WorkingDays}) ||
		!slices.Equal(c.Channels, []Channel{AtDesk, ByPost}) || !slices.Equal(c.Requesters, []RequesterKind{Agency}) {
		t.Errorf("the case does not say what the text says: %+v", c)
	}
	if p.Intake != strings.TrimSuffix(q.Intake, ".") || p.Evidence != Confirmed {
		t.Errorf("intake %q, evidence %s", p.Intake, p.Evidence)
	}
}

func TestProcessQT11FormsAndLists(t *testing.T) {
	p, err := shippedCatalogue(t).Find("lock-account", District, Date{2025, 2, 28})
	if err != nil {
		t.Fatal(err)
	}
	q := p.Process
	text := qt11Text(t)
	var rows []string
	for _, f := range q.Forms {
		rows = append(rows, f.Code+"\t"+f.Title)
		if !slices.Contains(p.Forms, f.Form) {
			t.Errorf("%s is listed but never printed", f.Form)
		}
	}
	var published []string
	for _, m := range regexp.MustCompile(`(?m)^[1-7]\t((?:BM|TK)[^\n]+)$`).FindAllStringSubmatch(text, -1) {
		published = append(published, strings.TrimSpace(m[1]))
	}
	if !slices.Equal(rows, published) || len(rows) != 7 {
		t.Errorf("forms:\n got %q\nwant %q", rows, published)
	}
	for heading, got := range map[string][]string{
		"I. MỤC ĐÍCH": q.Purpose, "II. PHẠM VI": q.Scope, "III. TÀI LIỆU VIỆN DẪN": q.References, "IV. ĐỊNH NGHĨA/VIẾT TẮT": q.Terms,
	} {
		if want := bullets(text, heading); !slices.Equal(got, want) || len(want) < 2 {
			t.Errorf("%s:\n got %q\nwant %q", heading, got, want)
		}
	}
	if !strings.HasSuffix(strings.TrimSpace(text), q.Kept) {
		t.Errorf("VII: %q", q.Kept)
	}
	if !strings.Contains(text, "Mã hiệu: QT11.") || !strings.Contains(text, "Lần ban hành: "+q.Edition) || !strings.Contains(text, strings.ToUpper(q.Title)) ||
		!strings.Contains(text, strings.ToUpper(q.Issuer)) {
		t.Errorf("head: %s, %s, %s, %s", q.Code, q.Title, q.Issuer, q.Edition)
	}
}

func qt11Text(t *testing.T) string {
	b, err := os.ReadFile("testdata/qt11-dddt-khoa-tai-khoan.txt")
	if err != nil {
		t.Fatal(err)
	}
	return norm.NFC.String(string(b))
}

// bullets are the "- " lines under a heading's last occurrence, up to the next heading.
func bullets(text, heading string) []string {
	_, after, _ := strings.Cut(text[strings.LastIndex(text, "\n"+heading+"\n"):], heading)
	var out []string
	for _, line := range strings.Split(after, "\n") {
		if regexp.MustCompile(`^[IV]+\. `).MatchString(line) {
			break
		}
		if s, ok := strings.CutPrefix(line, "- "); ok {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return out
}

// readQT11 reads part V: section or step, and its cells. Heads of pages stand in the middle of cells and are left out.
func readQT11(t *testing.T) map[string]string {
	text := qt11Text(t)
	from, to := strings.LastIndex(text, "V. NỘI DUNG QUY TRÌNH\n"), strings.LastIndex(text, "VI. BIỂU MẪU\n")
	pageHead := regexp.MustCompile(`^( CÔNG AN TỈNH KHÁNH HÒA\t|\tKHÓA TÀI KHOẢN ĐỊNH DANH|\t\tNgày ban hành:|\*\*|TỈNH KHÁNH HÒA|KHÓA TÀI KHOẢN ĐỊNH$|DANH ĐIỆN TỬ|CẤP HUYỆN|Mã hiệu:|Lần ban hành:|Ngày )`)
	tags := regexp.MustCompile(`<[^>]*>`)
	out := map[string][]string{}
	section, carried := "", "" // carried is a heading that stands before its number
	for _, line := range strings.Split(text[from:to], "\n")[1:] {
		if pageHead.MatchString(line) || strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(tags.ReplaceAllString(line, ""), "\t")
		for i := range cells {
			cells[i] = strings.Join(strings.Fields(cells[i]), " ")
		}
		switch {
		case cells[0] == "Cơ sở pháp lý":
			carried = cells[0]
			continue
		case len(cells) == 1: // the rest of a cell of several lines
			last := out[section]
			last[len(last)-1] += " " + cells[0]
			continue
		case cells[0] != "":
			section = cells[0]
			if carried != "" {
				out[section], carried = []string{carried}, ""
			}
		case section == "5.1":
			out[section][1] += " " + cells[1]
			continue
		case section == "B3":
			out[section][0] += " " + cells[1]
			continue
		}
		for _, cell := range cells[1:] {
			if cell != "" {
				out[section] = append(out[section], cell)
			}
		}
	}
	joined := map[string]string{}
	for section, cells := range out {
		joined[section] = scanSlips.Replace(strings.Join(cells, " | "))
	}
	return joined
}
