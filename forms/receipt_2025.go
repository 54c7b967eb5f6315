package forms

import (
	"fmt"
	"strings"

	"tiepnhan/forms/paper"
)

// drawReceipt2025 is the receipt with the rows a province's system prints since Thông tư 03/2025/TT-VPCP (its template TNTKQ-V5.1).
// Whether the annex of that circular reads the same has not been seen.
func drawReceipt2025(p *sheet) error { return drawSlip(p, (*slip).body2025) }

func (s *slip) body2025(d *paper.Doc, y float64) float64 {
	y = s.applicant(d, y)
	y = s.kinds(d, y, "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:")
	y = s.sets(d, y, "2. ")
	y = s.times(d, y, "3. ", "4. ")
	y = s.row(d, y, "5. Đăng ký trả kết quả tại: ", s.in.ReturnPlace)
	y = s.row(d, y, "6. Phí, lệ phí (nếu có): ", "Không") // no procedure of the catalogue has one
	return s.pair(d, y, 0.6, "Vào sổ theo dõi hồ sơ, Quyển số: ", s.book(), "Số thứ tự: ", tail(s.Dossier.Number)+" (nếu có)")
}

// kinds are the papers; where both originals and copies of one were handed in, both kinds stand in its row, in one order.
func (s *slip) kinds(d *paper.Doc, y float64, title string) float64 {
	number, kind, count := 11*s.head(), 33*s.head(), 18*s.head()
	t := paper.Table{Columns: []paper.Column{
		{Title: "STT", Width: number, Align: paper.Center},
		{Title: "Tên giấy tờ", Width: textWidth - number - kind - count},
		{Title: "Loại giấy tờ", Width: kind, Align: paper.Center},
		{Title: "Số lượng", Width: count, Align: paper.Center},
	}}
	for i, p := range s.in.Papers {
		var kinds, counts []string
		if p.Originals > 0 {
			kinds, counts = append(kinds, "Bản chính"), append(counts, twoDigits(p.Originals))
		}
		if p.Copies > 0 {
			kinds, counts = append(kinds, "Bản sao"), append(counts, twoDigits(p.Copies))
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), p.Title, strings.Join(kinds, ", "), strings.Join(counts, ", ")})
	}
	return s.table(d, y, title, t)
}
