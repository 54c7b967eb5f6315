package forms

import (
	"fmt"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả), in its two copies. The rows are those of Mẫu số 01 of Thông tư 01/2018/TT-VPCP;
// receipt_2025.go has those of the later layout. That form's line for a digital signature is for electronic copies and is not on paper.
func drawReceipt(s *sheet) error {
	l := s.newReceipt()
	l.receivedFrom()
	l.add(leadIn("Thành phần hồ sơ nộp gồm:"), s.papers(), s.howMany(""),
		row("Thời gian giải quyết hồ sơ theo quy định là: ", limit(s.in.Due.Limit)))
	l.times("", "")
	l.add(row("Đăng ký nhận kết quả tại: ", inText(s.in.ReturnPlace)), s.entered("Vào Sổ theo dõi hồ sơ, Quyển số: ", ""))
	return l.inCopies()
}

var copies = []string{"(Liên 1: Lưu)", "(Liên 2: Giao người nộp)"}

// The body of a receipt is small, for it has many rows and is to be one page if it can.
const (
	receiptBody  = 10.25
	receiptLeast = 8.0
	receiptFlow  = 9.0
)

// newReceipt is a receipt without its rows, headed as it was on the day of reception.
func (s *sheet) newReceipt() *letter {
	unit, on := s.in.Unit, dossier.DateOf(s.in.ReceivedAt)
	l := &letter{sheet: s, frame: s.frame(), title: s.form.Title, qr: s.Dossier.Number, national: s.in.NationalCode, copy: copies[0],
		heading: heading{code: s.form.Code, mark: s.reprint(), unit: unit, number: s.Dossier.Number, date: placeAndDate(unit.Place, on)},
		foot:    "Ghi chú: Giấy này lập thành 02 liên: 01 liên giao cho người nộp hồ sơ, 01 liên kèm theo hồ sơ và lưu."}
	if unit.Phone != "" {
		l.foot += " Số điện thoại liên hệ: " + unit.Phone + "."
	}
	l.frame.body, l.frame.least, l.frame.flow = receiptBody, receiptLeast, receiptFlow
	return l
}

// inCopies ends a receipt with who signs, and draws its copies.
func (l *letter) inCopies() error {
	l.add(&signatures{who: []signer{{"NGƯỜI NỘP HỒ SƠ", signAndName, l.bearer()}, {"NGƯỜI TIẾP NHẬN HỒ SƠ", signAndName, l.receiver()}}})
	l.fit()
	for _, l.copy = range copies {
		if err := l.pages(); err != nil {
			return err
		}
	}
	return nil
}

// receivedFrom is who asks, and for what.
func (l *letter) receivedFrom() {
	whose := bold("Tiếp nhận hồ sơ của: ", l.in.Requester.Name())
	whose.spans = append(whose.spans, plain(l.represented()))
	l.add(row("Bộ phận Tiếp nhận và Trả kết quả: ", or(l.in.Unit.Intake, inText(l.in.Unit.Name))), whose)
	if document := l.written(); document != "" {
		l.add(row("Văn bản đề nghị: ", document))
	}
	l.contact()
	l.add(row("Nội dung yêu cầu giải quyết: ", l.request()))
}

// papers are those handed in.
func (s *sheet) papers() *grid {
	g := &grid{columns: []paper.Column{{Title: "STT", Width: 11, Align: paper.Center}, {Title: "Loại giấy tờ", Width: 73},
		{Title: "Bản chính", Width: 20, Align: paper.Center}, {Title: "Bản sao", Width: 20, Align: paper.Center}}}
	for i, p := range s.in.Papers {
		g.rows = append(g.rows, []string{fmt.Sprint(i + 1), p.Title, twoDigits(p.Originals), twoDigits(p.Copies)})
	}
	return g
}

func (s *sheet) howMany(number string) *text {
	return row(number+"Số lượng hồ sơ: ", or(twoDigits(s.in.Sets), ".....")+" (bộ)")
}

// times are when it came and when the result is due, which people look for.
func (l *letter) times(first, second string) {
	due := bold(second+"Thời gian trả kết quả giải quyết hồ sơ: ", moment(l.in.Due.At))
	due.whole = true
	l.add(row(first+"Thời gian nhận hồ sơ: ", moment(l.in.ReceivedAt)), due)
}

// entered is where in the register it stands: the book of a year, and the number's own part.
func (s *sheet) entered(label, after string) *pair {
	year := ""
	if !s.in.ReceivedAt.IsZero() {
		year = fmt.Sprint(dossier.DateOf(s.in.ReceivedAt).Year)
	}
	return &pair{part: 0.62, first: row(label, year), other: row("Số thứ tự: ", tail(s.Dossier.Number)+after)}
}

// represented is who stands for a child or a ward.
func (s *sheet) represented() string {
	req := s.in.Requester
	if req.Representative.Name == "" {
		return ""
	}
	who := " – người đại diện: " + req.Representative.Name
	if req.Relation != "" {
		who += " (" + req.Relation + ")"
	}
	return who
}

// written is the written request of an agency, and who brought it.
func (s *sheet) written() string {
	req := s.in.Requester
	var parts []string
	if a := req.Agency; a.Document != "" {
		number := "số " + a.Document
		if !a.DocumentDate.IsZero() {
			number += " ngày " + a.DocumentDate.String()
		}
		parts = append(parts, number)
	}
	if who := req.Person.Name; who != "" && who != req.Name() {
		if req.Agency.Position != "" {
			who += " (" + req.Agency.Position + ")"
		}
		parts = append(parts, "người nộp: "+who)
	}
	return strings.Join(parts, "; ")
}

// bearer is who hands the dossier in, and signs.
func (s *sheet) bearer() string {
	return or(s.in.Requester.Representative.Name, s.in.Requester.Person.Name)
}

// receiver is the officer whose name the slip carries: who received it, not who prints it again.
func (s *sheet) receiver() string {
	for _, step := range s.Dossier.Course {
		if step.Kind == dossier.Received || step.Kind == dossier.Refused {
			return s.officer(step)
		}
	}
	return ""
}

// request is the procedure, and whom it is about if that is somebody else.
func (s *sheet) request() string {
	if about := s.Dossier.Subject(); about != "" && about != s.in.Requester.Name() {
		return s.in.Title + ", đối với: " + about
	}
	return s.in.Title
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
