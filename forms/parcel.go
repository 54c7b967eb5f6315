package forms

import (
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// mostFiles is how many files of a parcel the sheet lists one by one; the sum of its index stands for all of them.
const mostFiles = 120

// ParcelPDF is the sheet that goes with a stick from hand to hand (phiếu giao nhận dữ liệu), to be signed on both sides. No authority has a
// form for it, so it carries no code of one. Code: form.too-long.
func ParcelPDF(p dossier.ParcelSheet) ([]byte, error) {
	doc, err := drawParcels(p)
	if err != nil {
		return nil, err
	}
	return doc.PDF()
}

// own is a sheet of ours, of no dossier and no form set.
func own(title string, unit dossier.Unit, at time.Time) *sheet {
	s := &sheet{form: Form{Title: title, Own: true}, how: drawing{size: dossier.PaperA4}, in: dossier.Receive{Unit: unit, ReceivedAt: at}}
	s.doc = s.document()
	return s
}

func drawParcels(p dossier.ParcelSheet) (*paper.Doc, error) {
	s := own("Phiếu giao nhận dữ liệu", p.Unit, p.At)
	l := s.newLetter(dossier.DateOf(p.At))
	l.frame.body, l.frame.least, l.frame.flow = 12, 11, 11.5
	l.subtitle = "Dữ liệu nghiệp vụ chép trên thiết bị nhớ (USB), đã niêm phong bằng mật mã"
	files, entries, size := 0, 0, 0
	for _, one := range p.Parcels {
		files += len(one.Files) + 1
		entries += one.Entries()
		size += one.Index.Size
		for _, f := range one.Files {
			size += f.Size
		}
	}
	l.add(row("Thời điểm chép: ", moment(p.At)),
		row("Tổng cộng: ", fmt.Sprintf("%d gói, %d tệp, %d diễn biến, %s. Đã đọc lại và đối chiếu từng tệp sau khi chép.",
			len(p.Parcels), files, entries, bytesInWords(size))))
	for i, one := range p.Parcels {
		l.parcel(i+1, one)
	}
	l.add(para(paper.Span{Face: paper.Italic, Text: "Dữ liệu trên USB mới là “đã xuất”. Chỉ khi có biên nhận do cấp trên ký thì mới là “đã gửi”; " +
		"biên nhận được mang về bằng USB hoặc nhận qua mạng. Tệp nào có mã SHA-256 khác với mã ghi trên phiếu thì không sử dụng."}),
		&signatures{who: []signer{{"NGƯỜI GIAO", signAndName, p.By}, {"NGƯỜI NHẬN", signAndName, ""}}})
	return l.drawn()
}

// drawn draws the letter and gives its document.
func (l *letter) drawn() (*paper.Doc, error) {
	err := l.draw()
	return l.sheet.doc, err
}

// parcel is what one parcel holds.
func (l *letter) parcel(n int, p dossier.Parcel) {
	l.add(&text{spans: []paper.Span{strong(fmt.Sprintf("Gói %d. ", n)), plain("Từ "), strong(p.From), plain(" đến "), strong(p.To)}, leads: true, after: 0.3},
		&text{spans: []paper.Span{plain("Thư mục: " + p.Folder)}, leads: true, after: 0.3})
	var parts []string
	for _, j := range p.Journals {
		parts = append(parts, fmt.Sprintf("nhật ký của %s: %d diễn biến (số %d–%d)", writer(j), j.Entries, j.First, j.Last))
	}
	if p.Receipts > 0 {
		parts = append(parts, fmt.Sprintf("%d biên nhận", p.Receipts))
	}
	if len(parts) == 0 {
		parts = []string{"không có diễn biến mới, chỉ có bản kê những gì nơi giao đang giữ"}
	}
	l.add(&text{spans: []paper.Span{plain("Gồm: " + strings.Join(parts, "; ") + ".")}, leads: true, after: 0.35})
	g := &grid{columns: []paper.Column{{Title: "TT", Width: 9, Align: paper.Center}, {Title: "Tệp", Width: 24}, {Title: "Byte", Width: 19, Align: paper.Right},
		{Title: "Mã SHA-256", Width: 108}}}
	for i, f := range append([]dossier.ParcelFile{p.Index}, p.Files[:min(len(p.Files), mostFiles)]...) {
		g.rows = append(g.rows, []string{fmt.Sprint(i + 1), f.Name, thousands(f.Size), inGroups(f.Sum)})
	}
	l.add(g)
	if more := len(p.Files) - mostFiles; more > 0 {
		l.add(para(plain(fmt.Sprintf("Còn %d tệp, từ %s đến %s; tệp %s ghi mã của từng tệp.", more, p.Files[mostFiles].Name,
			p.Files[len(p.Files)-1].Name, p.Index.Name))))
	}
}

// writer is whose journal it is.
func writer(j dossier.ParcelJournal) string {
	switch {
	case j.Writer == dossier.WriterSelf:
		return "máy này"
	case j.Writer == dossier.WriterUpstream:
		return "cấp trên"
	case j.Desk > 0:
		return fmt.Sprintf("quầy số %d", j.Desk)
	}
	return "máy mã " + j.Device.String()[:8]
}

// inGroups is a sum as people compare it: eight groups of eight, four on a line.
func inGroups(sum dossier.Hash) string {
	s := strings.ToUpper(sum.String())
	var groups []string
	for i := 0; i < len(s); i += 8 {
		groups = append(groups, s[i:i+8])
	}
	return strings.Join(groups, " ")
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

func bytesInWords(n int) string {
	switch {
	case n >= 1<<20:
		return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/(1<<20)), ".", ",", 1)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", (n+1<<9)>>10)
	}
	return fmt.Sprintf("%d byte", n)
}

// Ticket is a ticket as it is handed out: its text, and what people need to know of it.
type Ticket struct {
	Text, Station, Upstream, Address string
	Desk                             int
	Made, Until                      time.Time
}

// TicketPDF is a ticket with its QR code, to be handed over in person: whoever holds it can enrol a PC. Code: form.too-long.
func TicketPDF(t Ticket) ([]byte, error) {
	doc, err := drawTicket(t)
	if err != nil {
		return nil, err
	}
	return doc.PDF()
}

func drawTicket(t Ticket) (*paper.Doc, error) {
	code, err := paper.Encode(t.Text)
	if err != nil {
		return nil, dossier.Invalid("form", "form.too-long", "number", t.Station)
	}
	s := own("Phiếu ghép nối", dossier.Unit{Name: strings.ToUpper(t.Upstream)}, t.Made)
	l := s.newLetter(dossier.DateOf(t.Made))
	l.heading.date = ""
	l.add(bold("Cấp cho: ", t.Station), bold("Quầy số: ", fmt.Sprint(t.Desk)), row("Địa chỉ của cấp trên: ", t.Address),
		bold("Dùng một lần, hết hạn lúc: ", moment(t.Until)),
		leadIn("Tại máy cần ghép nối: mở màn hình “Chờ gửi” (F7), quét mã dưới đây hoặc nhập dòng chữ bên dưới mã, rồi nhấn F9."),
		&square{code: code, side: 72}, &text{spans: []paper.Span{strong(strings.ReplaceAll(t.Text, "-", " "))}, middle: true, after: 0.6},
		para(paper.Span{Face: paper.Italic, Text: "Ai giữ phiếu này đều ghép nối được một máy. Vui lòng trao tận tay, không chụp ảnh, " +
			"không gửi qua mạng; hủy phiếu sau khi đã ghép nối."}))
	return l.drawn()
}

// TicketPNG is the QR code of a ticket alone, as a picture.
func TicketPNG(text string) ([]byte, error) {
	code, err := paper.Encode(text)
	if err != nil {
		return nil, dossier.Invalid("form", "form.too-long", "number", text[:min(len(text), 4)])
	}
	return code.PNG(8)
}

// square is a QR code in the middle of the page.
type square struct {
	code   paper.Code
	side   float64
	middle float64
}

func (q *square) set(l *letter)   { q.middle = (l.frame.left + l.frame.right) / 2 }
func (q *square) height() float64 { return q.side + 2*q.code.Quiet(q.side) }
func (q *square) draw(d *paper.Doc, y float64) {
	d.QR(q.middle-q.side/2, y+q.code.Quiet(q.side), q.side, q.code)
}
func (q *square) cut(float64) (block, block, bool) { return nil, nil, false }
