package forms

import (
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// Recovery is a recovery sheet: what opens the station's store when a password is forgotten or its PC is lost.
type Recovery struct {
	Unit dossier.Unit // without a name where the station is not set up yet: then there is a line to write it on
	Code string       // in groups parted by hyphens
	Made time.Time
}

// RecoveryPDF is a recovery sheet with its QR code, to be sealed and kept apart from the PC. It is for the station's own use: no authority
// has a form for it, so it carries no code of one. Code: form.too-long.
func RecoveryPDF(r Recovery) ([]byte, error) {
	doc, err := drawRecovery(r)
	if err != nil {
		return nil, err
	}
	return doc.PDF()
}

func drawRecovery(r Recovery) (*paper.Doc, error) {
	code, err := paper.Encode(r.Code)
	if err != nil {
		return nil, dossier.Invalid("form", "form.too-long", "number", "")
	}
	s := own("Phiếu khôi phục", r.Unit, r.Made)
	l := s.newLetter(dossier.DateOf(r.Made))
	l.frame.body, l.frame.least = 12.5, 11
	l.subtitle = "Mở dữ liệu của chương trình tiếp nhận hồ sơ khi quên mật khẩu hoặc thay máy"
	if r.Unit.Name == "" {
		l.heading.date = ""
		l.add(row("Đơn vị: ", ""))
	}
	made := bold("Lập lúc: ", moment(r.Made))
	made.spans = append(made.spans, plain(". Phiếu lập trước thời điểm này không còn giá trị."))
	l.add(made,
		&bigGroups{groups: strings.Split(r.Code, "-")},
		&square{code: code, side: 38},
		&text{spans: []paper.Span{strong("Cách dùng và cất giữ")}, leads: true, after: 0.2})
	for _, line := range []string{
		"1. Bỏ phiếu vào phong bì, niêm phong, ký giáp lai và cất trong két của đơn vị; không để cùng máy tính.",
		"2. Ai có phiếu này đều mở được toàn bộ dữ liệu: không sao chụp, không chụp ảnh, không gửi qua mạng.",
		"3. Khi cần: tại màn hình Đăng nhập nhấn F8, quét mã QR hoặc nhập tám nhóm số theo thứ tự, rồi đặt mật khẩu mới.",
		"4. Sau mỗi lần mở niêm phong: lập phiếu mới trong chương trình, niêm phong lại và hủy phiếu này.",
	} {
		l.add(&text{spans: []paper.Span{plain(line)}, after: 0.2})
	}
	l.add(&pair{part: 0.55, first: row("Niêm phong lúc: ", "..... giờ ....., ngày ..../..../........"), other: row("Nơi cất: ", "")},
		&signatures{who: []signer{{"NGƯỜI GIỮ PHIẾU", signAndName, ""}, {"CHỈ HUY ĐƠN VỊ", signAndName, ""}}})
	return l.drawn()
}

// bigGroups are the groups of a code as they are copied by hand: large, numbered, four in a row.
type bigGroups struct {
	groups            []string
	left, width, cell float64
}

// Points and millimetres of a group.
const (
	groupLetters = 21.0
	groupNumber  = 8.5
	groupHeight  = 15.0
	groupsInRow  = 4
	groupsBelow  = 4.0
)

func (g *bigGroups) set(l *letter) {
	g.left, g.width = l.frame.left, l.frame.width()
	g.cell = g.width / groupsInRow
}

func (g *bigGroups) rows() int { return (len(g.groups) + groupsInRow - 1) / groupsInRow }

func (g *bigGroups) height() float64 { return float64(g.rows())*groupHeight + groupsBelow }

func (g *bigGroups) draw(d *paper.Doc, y float64) {
	for i, group := range g.groups {
		b := paper.Box{X: g.left + float64(i%groupsInRow)*g.cell, Y: y + float64(i/groupsInRow)*groupHeight, W: g.cell, H: groupHeight}
		d.Rect(b, 0.25)
		d.Text(b.X+1.5, b.Y+4, paper.Font{Size: groupNumber}, paper.Left, strconv.Itoa(i+1))
		d.Text(b.X+b.W/2, b.Y+b.H-3.6, paper.Font{Face: paper.Bold, Size: groupLetters}, paper.Center, group)
	}
}

func (g *bigGroups) cut(float64) (block, block, bool) { return nil, nil, false }
