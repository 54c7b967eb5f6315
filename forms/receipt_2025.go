package forms

import (
	"fmt"
	"strings"

	"tiepnhan/forms/paper"
)

// drawReceipt2025 is the receipt with the rows a province's system prints since Thông tư 03/2025/TT-VPCP (its template TNTKQ-V5.1).
// Whether the annex of that circular reads the same has not been seen.
func drawReceipt2025(s *sheet) error {
	l := s.newReceipt()
	l.receivedFrom()
	l.add(leadIn("1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:"), s.kinds(), s.howMany("2. "))
	l.times("3. ", "4. ")
	l.add(row("5. Đăng ký trả kết quả tại: ", inText(s.in.ReturnPlace)),
		row("6. Phí, lệ phí (nếu có): ", "Không"), // no procedure of the catalogue has one
		s.entered("Vào sổ theo dõi hồ sơ, Quyển số: ", " (nếu có)"))
	return l.inCopies()
}

// kinds are the papers; where both originals and copies of one were handed in, both kinds stand in its row, in one order.
func (s *sheet) kinds() *grid {
	g := &grid{columns: []paper.Column{{Title: "STT", Width: 11, Align: paper.Center}, {Title: "Tên giấy tờ", Width: 62},
		{Title: "Loại giấy tờ", Width: 33, Align: paper.Center}, {Title: "Số lượng", Width: 18, Align: paper.Center}}}
	for i, p := range s.in.Papers {
		var kinds, counts []string
		if p.Originals > 0 {
			kinds, counts = append(kinds, "Bản chính"), append(counts, twoDigits(p.Originals))
		}
		if p.Copies > 0 {
			kinds, counts = append(kinds, "Bản sao"), append(counts, twoDigits(p.Copies))
		}
		g.rows = append(g.rows, []string{fmt.Sprint(i + 1), p.Title, strings.Join(kinds, ", "), strings.Join(counts, ", ")})
	}
	return g
}
