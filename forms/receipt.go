package forms

import (
	"fmt"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả), one A5 page for each of its two copies. The rows are those of
// Mẫu số 01 of Thông tư 01/2018/TT-VPCP; receipt_2025.go has those of the later layout. That form's line for a digital
// signature is for electronic copies and is not on paper.
//
// The body is set in 10.25 points. Where a page is too full for it, the whole body is set smaller, in steps of a quarter
// point down to 4, for which everything at its permitted longest fits; heading and title get smaller with it from 9 points
// down. Where there is room left, the lines move apart a little.
const (
	bodyMost  = 10.25
	bodyLeast = 4.0
	bodyStep  = 0.25
	headFrom  = 9.0
)

const (
	leftEdge, rightEdge = 14.0, 138.0
	bottomEdge          = 202.0
	textWidth           = rightEdge - leftEdge

	qrSide = 16.0
)

var copies = []string{"(Liên 1: Lưu)", "(Liên 2: Giao người nộp)"}

func drawReceipt(p *sheet) error { return drawSlip(p, (*slip).body) }

// drawSlip draws both copies with those rows.
func drawSlip(p *sheet, rows func(s *slip, d *paper.Doc, y float64) float64) error {
	code, err := paper.Encode(p.Dossier.Number)
	if err != nil {
		return fmt.Errorf("receipt %s: %w", p.Dossier.Number, err)
	}
	s := &slip{sheet: p, code: code, rows: rows}
	if err := s.fit(); err != nil {
		return err
	}
	for _, copy := range copies {
		s.page(p.doc, copy)
	}
	return nil
}

// slip is one receipt being laid out.
type slip struct {
	*sheet
	code paper.Code
	rows func(s *slip, d *paper.Doc, y float64) float64

	size float64 // of the body
	air  float64 // more between rows, where there is room
	sign float64 // room to sign
}

// fit finds the largest size at which a page holds everything, then shares out what room is left.
func (s *slip) fit() error {
	const steps = int((bodyMost - bodyLeast) / bodyStep)
	set := func(step int) {
		s.size = bodyMost - float64(step)*bodyStep
		s.air, s.sign = 0, max(8, 13*s.head())
	}
	fits, fails, room := steps+1, -1, 0.0
	for try := 0; fails+1 < fits; try = (fits + fails) / 2 {
		set(try)
		if left := bottomEdge - s.page(s.document(), copies[0]); left >= 0 {
			fits, room = try, left
		} else {
			fails = try
		}
	}
	if fits > steps {
		return dossier.Invalid("form", "form.too-long", "number", s.Dossier.Number)
	}
	// A page with many rows takes up more of the room than one with few: it gets as much as it can hold.
	const gaps, most = 20, 1.3 // about so many, and no more than looks well
	for _, share := range []float64{1, 0.5, 0.25, 0} {
		set(fits)
		s.air = min(most, share*room*0.6/gaps)
		s.sign += min(8, share*room*0.25)
		if s.page(s.document(), copies[0]) <= bottomEdge {
			break
		}
	}
	return nil
}

// head is by how much heading and title are smaller than usual.
func (s *slip) head() float64 { return min(1, s.size/headFrom) }

func (s *slip) style() paper.Style {
	return paper.Style{Size: s.size, Leading: 1.16, Justify: true}
}

// page draws one copy on a new page and tells where it ends.
func (s *slip) page(d *paper.Doc, copy string) float64 {
	s.sheet.page(d)
	date := dossier.Date{}
	if !s.in.ReceivedAt.IsZero() {
		date = dossier.DateOf(s.in.ReceivedAt)
	}
	top := heading{code: s.form.Code, mark: s.reprint(), unit: s.in.Unit, number: s.Dossier.Number, date: placeAndDate(s.in.Unit.Place, date)}
	y := top.draw(d, frameA5, s.head())
	y = s.title(d, y, copy)
	y = s.rows(s, d, y+s.air)
	y = s.signatures(d, y+(1.5+s.air)*s.head())
	return s.foot(d, y+3*s.head())
}

// title stands beside the QR code of the dossier number, centred on the page. y is where the heading ends.
func (s *slip) title(d *paper.Doc, y float64, copy string) float64 {
	h, quiet := s.head(), s.code.Quiet(qrSide)
	const beside = qrSide + 5
	c := column{d, leftEdge + beside, textWidth - 2*beside, y + 2.5*h + s.air}
	top := max(c.y+1, y+quiet)
	d.QR(leftEdge, top, qrSide, s.code)
	first, second, _ := strings.Cut(strings.ToUpper(s.form.Title), " VÀ ")
	c.centred(1, 13*h, 4, paper.Span{Face: paper.Bold, Text: first})
	c.centred(1, 13*h, 4, paper.Span{Face: paper.Bold, Text: "VÀ " + second})
	c.y += 0.5 * h
	c.centred(1, 10.5*h, 4, paper.Span{Face: paper.Italic, Text: copy})
	if s.in.NationalCode != "" {
		c.y += 0.3 * h
		c.centred(2, 10.5*h, 4, paper.Span{Text: "Mã hồ sơ: "}, paper.Span{Face: paper.Bold, Text: s.in.NationalCode})
	}
	return max(c.y+1.5*h, top+qrSide+quiet)
}

func (s *slip) body(d *paper.Doc, y float64) float64 {
	y = s.applicant(d, y)
	y = s.papers(d, y, "Thành phần hồ sơ nộp gồm:")
	y = s.sets(d, y, "")
	y = s.row(d, y, "Thời gian giải quyết hồ sơ theo quy định là: ", limit(s.in.Due.Limit))
	y = s.times(d, y, "", "")
	y = s.row(d, y, "Đăng ký nhận kết quả tại: ", s.in.ReturnPlace)
	return s.pair(d, y, 0.66, "Vào Sổ theo dõi hồ sơ, Quyển số: ", s.book(), "Số thứ tự: ", tail(s.Dossier.Number))
}

// applicant is who asks, and for what.
func (s *slip) applicant(d *paper.Doc, y float64) float64 {
	in, req := s.in, s.in.Requester
	y = s.row(d, y, "Bộ phận Tiếp nhận và Trả kết quả: ", or(in.Unit.Intake, in.Unit.Name))
	y = s.bold(d, y, "Tiếp nhận hồ sơ của: ", req.Name(), s.represented())
	if document := s.written(); document != "" {
		y = s.row(d, y, "Văn bản đề nghị: ", document)
	}
	address, phone := req.Person.Address, req.Person.Phone
	if req.Kind == dossier.Agency || req.Kind == dossier.Organization {
		address = req.Agency.Address
		if req.Agency.Phone != "" {
			phone = req.Agency.Phone
		}
	}
	y = s.row(d, y, "Địa chỉ: ", address)
	y = s.pair(d, y, 0.45, "Số điện thoại: ", or(phone, req.Representative.Phone), "Email: ", or(req.Person.Email, req.Representative.Email))
	return s.row(d, y, "Nội dung yêu cầu giải quyết: ", s.request())
}

func (s *slip) sets(d *paper.Doc, y float64, number string) float64 {
	return s.row(d, y, number+"Số lượng hồ sơ: ", or(twoDigits(s.in.Sets), ".....")+" (bộ)")
}

// times are when it came and when the result is due, which people look for: a little smaller where that keeps it on one line.
func (s *slip) times(d *paper.Doc, y float64, first, second string) float64 {
	y = s.row(d, y, first+"Thời gian nhận hồ sơ: ", moment(s.in.ReceivedAt))
	label, due := second+"Thời gian trả kết quả giải quyết hồ sơ: ", moment(s.in.Due.At)
	one := paper.Fit(textWidth, 1, max(bodyLeast, s.size-0.75), s.style(), paper.Span{Text: label}, paper.Span{Face: paper.Bold, Text: due})
	if one.Lines() > 1 {
		return s.bold(d, y, label, due, "")
	}
	return one.Draw(d, leftEdge, y) + s.gap()
}

// book is the register's Quyển số: the year of reception.
func (s *slip) book() string {
	if s.in.ReceivedAt.IsZero() {
		return ""
	}
	return fmt.Sprint(dossier.DateOf(s.in.ReceivedAt).Year)
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
			return s.Settings.Officer(step.By).Name
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

// gap is the space between rows.
func (s *slip) gap() float64 { return 0.4*s.head() + s.air }

// row is a label and its value, or dots to write on.
func (s *slip) row(d *paper.Doc, y float64, label, value string) float64 {
	p := paper.Set(textWidth, s.style(), paper.Span{Text: label}, paper.Span{Text: value})
	return s.dotted(d, leftEdge, y, p, value) + s.gap()
}

// bold is a row whose value is what people look for.
func (s *slip) bold(d *paper.Doc, y float64, label, value, after string) float64 {
	p := paper.Set(textWidth, s.style(), paper.Span{Text: label}, paper.Span{Face: paper.Bold, Text: value}, paper.Span{Text: after})
	return s.dotted(d, leftEdge, y, p, value+after) + s.gap()
}

// dotted draws a row, and where it has no value, dots to its end.
func (s *slip) dotted(d *paper.Doc, x, y float64, p paper.Paragraph, value string) float64 {
	if paper.Clean(value) == "" {
		d.Dots(x+p.LastWidth()+1, x+p.Width, y+p.LastBase())
	}
	return p.Draw(d, x, y)
}

// pair is two short rows side by side, the first in that part of the width; where one is too long for that, one above the
// other.
func (s *slip) pair(d *paper.Doc, y, part float64, label1, value1, label2, value2 string) float64 {
	first, between := textWidth*part-2, 2.0
	p1 := paper.Set(first, s.style(), paper.Span{Text: label1}, paper.Span{Text: value1})
	p2 := paper.Set(textWidth-first-between, s.style(), paper.Span{Text: label2}, paper.Span{Text: value2})
	if p1.Lines() > 1 || p2.Lines() > 1 {
		return s.row(d, s.row(d, y, label1, value1), label2, value2)
	}
	s.dotted(d, leftEdge, y, p1, value1)
	return s.dotted(d, leftEdge+first+between, y, p2, value2) + s.gap()
}

func (s *slip) papers(d *paper.Doc, y float64, title string) float64 {
	number, count := 11*s.head(), 20*s.head() // wide enough for their titles
	t := paper.Table{Columns: []paper.Column{
		{Title: "STT", Width: number, Align: paper.Center},
		{Title: "Loại giấy tờ", Width: textWidth - number - 2*count},
		{Title: "Bản chính", Width: count, Align: paper.Center},
		{Title: "Bản sao", Width: count, Align: paper.Center},
	}}
	for i, p := range s.in.Papers {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), p.Title, twoDigits(p.Originals), twoDigits(p.Copies)})
	}
	return s.table(d, y, title, t)
}

// table has a line above it, and an empty row to write in where it has none.
func (s *slip) table(d *paper.Doc, y float64, title string, t paper.Table) float64 {
	h := s.head()
	y = paper.Set(textWidth, s.style(), paper.Span{Text: title}).Draw(d, leftEdge, y)
	t.Style = paper.Style{Size: max(bodyLeast, s.size-0.5), Leading: 1.14}
	t.Pad = 1.1*h + s.air*0.3
	if len(t.Rows) == 0 {
		t.Rows = [][]string{make([]string, len(t.Columns))}
	}
	return t.Draw(d, leftEdge, y+0.8*h) + 0.6*h + s.gap()
}

// signatures are two, side by side, with the names under them.
func (s *slip) signatures(d *paper.Doc, y float64) float64 {
	const w = textWidth/2 - 3
	end := y
	for i, who := range []struct{ role, name string }{{"NGƯỜI NỘP HỒ SƠ", s.bearer()}, {"NGƯỜI TIẾP NHẬN HỒ SƠ", s.receiver()}} {
		st := paper.Style{Size: min(10.5, s.size), Leading: 1.15, Align: paper.Center}
		c := column{d, leftEdge + float64(i)*(w+6), w, y}
		for _, line := range []paper.Span{{Face: paper.Bold, Text: who.role}, {Face: paper.Italic, Text: "(Ký và ghi rõ họ tên)"}} {
			c.y = paper.Set(w, st, line).Draw(d, c.x, c.y)
		}
		c.y = paper.Set(w, st, paper.Span{Face: paper.Bold, Text: who.name}).Draw(d, c.x, c.y+s.sign)
		end = max(end, c.y)
	}
	return end
}

// foot stands at the bottom of the page. It tells where it would end if it stood at y.
func (s *slip) foot(d *paper.Doc, y float64) float64 {
	text := "Ghi chú: Giấy này lập thành 02 liên: 01 liên giao cho người nộp hồ sơ, 01 liên kèm theo hồ sơ và lưu."
	if s.in.Unit.Phone != "" {
		text += " Số điện thoại liên hệ: " + s.in.Unit.Phone + "."
	}
	note := paper.Set(textWidth, paper.Style{Size: 8 * s.head(), Leading: 1.15, Justify: true}, paper.Span{Face: paper.Italic, Text: text})
	at := max(y, bottomEdge-note.Height())
	d.Line(leftEdge, at-0.5, leftEdge+30, at-0.5, 0.2)
	note.Draw(d, leftEdge, at)
	return y + note.Height()
}
