package forms

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// WriteIncident writes the report of the worst day as a PDF: what was on a PC, what of it is elsewhere, what was done there, whom to tell until
// when, what to do now. It is the station's own page and no authority's form; what nobody has compared with the law's own text says so where it
// stands. The same report gives the same bytes. Codes: settings.no-unit and its like, form.too-long.
func WriteIncident(s dossier.IncidentSheet, to io.Writer) error {
	doc, err := drawIncident(s)
	if err != nil {
		return err
	}
	pdf, err := doc.PDF()
	if err != nil {
		return fmt.Errorf("print the report of an incident: %w", err)
	}
	_, err = to.Write(pdf)
	return err
}

// unchecked marks what nobody has compared with the law's own text.
const unchecked = "chưa đối chiếu"

func drawIncident(i dossier.IncidentSheet) (*paper.Doc, error) {
	unit, err := i.Settings.UnitOn(dossier.DateOf(i.Made))
	if err != nil {
		return nil, fmt.Errorf("unit of an incident's report: %w", err)
	}
	s := own("Báo cáo sự cố dữ liệu", unit.Unit, i.Made)
	l := s.newLetter(dossier.DateOf(i.Made))
	l.frame.body, l.frame.least, l.frame.flow, l.frame.sign = 12, 11, 12, 22
	l.subtitle = i.What.Title()
	l.incidentFacts(i)
	l.incidentData(i)
	l.incidentElsewhere(i)
	l.incidentPast(i)
	l.incidentDuties(i)
	l.incidentSteps(i)
	l.add(&signatures{who: []signer{{"NGƯỜI LẬP BÁO CÁO", signAndName, ""}, {"CHỈ HUY ĐƠN VỊ", signAndSeal, unit.Head}}})
	l.foot = "Trang của đơn vị, không phải biểu mẫu của cơ quan nào. Số liệu do chương trình tính từ dữ liệu trên máy lập báo cáo lúc " + shortMoment(i.Made) + "."
	return l.drawn()
}

func shortMoment(t time.Time) string { return t.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006") }

// part is the title of a part.
func (l *letter) part(title string) {
	l.add(&text{spans: []paper.Span{strong(title)}, leads: true, after: 0.25})
}

// count is a number and what it is of.
func count(n int, of string) string { return thousands(n) + " " + of }

// told is a row that ends with a full stop.
func told(label string, parts ...string) *text {
	var have []string
	for _, p := range parts {
		if p != "" {
			have = append(have, p)
		}
	}
	return row(label, strings.Join(have, "; ")+".")
}

func (l *letter) incidentFacts(i dossier.IncidentSheet) {
	l.part("1. Sự cố")
	pc := fmt.Sprintf("máy lập báo cáo này, quầy số %d", i.Settings.Desk)
	switch {
	case !i.Own:
		pc = "máy khác của trạm"
	case i.What == dossier.IncidentLost: // it was restored from a backup, or found again
		pc = fmt.Sprintf("máy quầy số %d, có dữ liệu nay ở máy lập báo cáo này", i.Settings.Desk)
	}
	l.add(bold("Phát hiện lúc: ", moment(i.Noticed)), row("Máy: ", pc+", mã "+i.Device.String()[:8]))
	if due := i.Deadline(); !due.IsZero() {
		l.add(bold("Hạn thông báo theo luật: ", "trước "+moment(due)))
	}
	l.add(row("Nơi xảy ra, người phát hiện: ", ""), row("Diễn biến: ", ""))
}

// safeWords are whether what lay there can be read.
func safeWords(store string) string {
	switch store {
	case dossier.StoreEncrypted:
		return "đã mã hóa toàn bộ; chỉ mở được bằng mật khẩu trên chính máy này, hoặc bằng phiếu khôi phục"
	case dossier.StorePlain:
		return "chưa mã hóa: ai có máy đều đọc được"
	}
	return "chưa rõ: xem trên máy đó"
}

func (l *letter) incidentData(i dossier.IncidentSheet) {
	l.part("2. Dữ liệu trên máy")
	dossiers := count(i.Dossiers, "hồ sơ")
	if !i.From.IsZero() {
		dossiers += ", tiếp nhận từ " + i.From.String() + " đến " + i.To.String()
	}
	purged, agency, unnumbered, organizations := "", "", "", ""
	if i.Purged > 0 {
		purged = count(i.Purged, "hồ sơ đã xóa nội dung từ trước")
	}
	if i.Agency > 0 {
		agency = count(i.Agency, "đề nghị của cơ quan tiến hành tố tụng, cơ quan khác có thẩm quyền")
	}
	if i.Unnumbered > 0 {
		unnumbered = "trong đó " + count(i.Unnumbered, "người chỉ có họ tên, ngày sinh")
	}
	if i.Organizations > 0 {
		organizations = count(i.Organizations, "tổ chức")
	}
	if !i.Own {
		dossiers = "máy đó có thể giữ mọi hồ sơ của trạm đến lần trao đổi dữ liệu cuối, nhiều nhất là " + dossiers
	}
	l.add(told("Hồ sơ: ", dossiers, count(i.Open, "đang giải quyết"), agency, purged),
		told("Người (khác nhau theo số giấy tờ): ", count(i.Persons, "người"), unnumbered, organizations))
	var parts []string
	for _, d := range i.Data {
		parts = append(parts, strings.ToLower(d.Field.Title()[:1])+d.Field.Title()[1:]+" "+thousands(d.Persons))
	}
	if len(parts) > 0 {
		l.add(told("Loại dữ liệu, của bao nhiêu người: ", strings.Join(parts, "; ")))
	}
	l.add(told("Dữ liệu nhạy cảm: ", "chương trình không lưu ảnh khuôn mặt, vân tay, dữ liệu sinh trắc học, vị trí; thông tin tài khoản định danh điện tử có là dữ liệu nhạy cảm hay không: "+unchecked),
		told("Mã hóa: ", safeWords(i.Store)), told("Tài khoản đăng nhập được trên máy: ", l.accounts(i)))
	backup := "nhật ký chưa ghi lần sao lưu nào"
	if b := i.Backup; b != nil {
		backup = shortMoment(b.At) + ", ở " + placeWords(b.To)
		if b.Proved {
			backup += ", đã thử khôi phục"
		}
	}
	l.add(told("Bản sao lưu gần nhất: ", backup))
}

// mostAccounts is how many accounts are named; the users' own screen has all of them.
const mostAccounts = 20

func (l *letter) accounts(i dossier.IncidentSheet) string {
	switch {
	case len(i.Users) > 0:
		var names []string
		for _, u := range i.Users[:min(len(i.Users), mostAccounts)] {
			names = append(names, string(u))
		}
		if len(i.Users) > mostAccounts {
			names = append(names, "…")
		}
		return fmt.Sprintf("%d (%s)", len(i.Users), strings.Join(names, ", "))
	case i.Own:
		return "không có, máy mở được không cần mật khẩu"
	}
	return "chưa rõ: xem trên máy đó"
}

func placeWords(to string) string {
	switch to {
	case dossier.PlaceOwn:
		return "chính máy đó"
	case dossier.PlaceSecond:
		return "nơi lưu thứ hai"
	case dossier.PlaceStick:
		return "USB"
	}
	return to
}

func (l *letter) incidentElsewhere(i dossier.IncidentSheet) {
	l.part("3. Phần còn ở nơi khác, phần có thể mất")
	held := fmt.Sprintf("đã có biên nhận %s trên %s thao tác của máy", thousands(i.Held), thousands(i.Written))
	if i.Receipt != nil {
		held += fmt.Sprintf(", biên nhận gần nhất số %s lúc %s", i.Receipt.Number, shortMoment(i.Receipt.At))
	}
	l.add(told("Cấp trên: ", held))
	switch waiting := i.Waiting(); {
	case !i.Own:
		l.add(told("Chưa có ở đâu khác: ", "những gì máy đó ghi sau lần trao đổi dữ liệu cuối; máy này không biết"))
	case waiting == 0:
		l.add(told("Chưa có ở cấp trên: ", "không có thao tác nào"))
	default:
		text := count(waiting, "thao tác")
		if !i.Oldest.IsZero() {
			text += ", cũ nhất lúc " + shortMoment(i.Oldest)
		}
		l.add(told("Chưa có ở cấp trên: ", text))
	}
	if i.Sisters > 0 {
		l.add(told("Máy khác của trạm: ", fmt.Sprintf("%d máy, có thể đang giữ những gì đã trao đổi qua mạng nội bộ hoặc USB", i.Sisters)))
	}
}

func (l *letter) incidentPast(i dossier.IncidentSheet) {
	l.part("4. Đã làm trên máy từ " + shortMoment(i.Since) + " (72 giờ trước khi phát hiện) đến lúc lập")
	if len(i.Past) == 0 {
		l.add(para(plain("Nhật ký không ghi việc đăng nhập, tra cứu, in, xuất nào.")))
		return
	}
	g := &grid{columns: []paper.Column{{Title: "Người", Width: 46}, {Title: "Đăng nhập", Width: 18, Align: paper.Center}, {Title: "Không thành công", Width: 20, Align: paper.Center},
		{Title: "Xem, tra cứu", Width: 19, Align: paper.Center}, {Title: "Xem đủ số", Width: 17, Align: paper.Center}, {Title: "In", Width: 13, Align: paper.Center},
		{Title: "Xuất (số dòng)", Width: 27, Align: paper.Center}}}
	line := func(who string, p dossier.IncidentPast) {
		exports := stroke(p.Exports)
		if p.Exports > 0 {
			exports += " (" + thousands(p.Rows) + ")"
		}
		g.rows = append(g.rows, []string{who, stroke(p.SignIns), stroke(p.Failures), stroke(p.Looks), stroke(p.Reveals), stroke(p.Prints), exports})
	}
	for _, p := range i.Past {
		who := i.Settings.OfficerOf(i.Crew, p.Who).Name
		if p.Who == "" {
			who = "(tên không có ở máy)"
		}
		line(who, p)
	}
	if len(i.Past) > 1 {
		line("Cộng", i.Total())
	}
	l.add(g)
}

// stroke is a count in a table: nothing is a stroke, so that nobody adds a figure by hand.
func stroke(n int) string {
	if n == 0 {
		return "–"
	}
	return thousands(n)
}

func (l *letter) incidentDuties(i dossier.IncidentSheet) {
	l.part("5. Phải báo cho ai, trước khi nào")
	g := &grid{columns: []paper.Column{{Title: "Việc", Width: 47}, {Title: "Nơi nhận", Width: 37}, {Title: "Trước", Width: 25, Align: paper.Center}, {Title: "Căn cứ", Width: 34},
		{Title: "Đã báo lúc, người báo", Width: 27}}}
	for _, d := range i.Duties {
		whom, due, source := d.Whom, unchecked, d.Source
		if whom == "" {
			whom = "(" + unchecked + ")"
		}
		if at := d.Due(i.Noticed); !at.IsZero() {
			due = at.In(dossier.Hanoi).Format("15:04\n02/01/2006") + fmt.Sprintf(" (%d giờ)", d.Hours)
		}
		if source == "" {
			source = unchecked
		}
		g.rows = append(g.rows, []string{d.What, whom, due, source, ""})
	}
	l.add(g)
	l.add(para(paper.Span{Face: paper.Italic, Text: "Nội dung, mẫu thông báo và đơn vị nhận cụ thể: " + unchecked + ". Chỉ chỗ có ghi căn cứ là theo quy định; chỗ ghi “" + unchecked + "” đơn vị tự đối chiếu."}))
}

func (l *letter) incidentSteps(i dossier.IncidentSheet) {
	l.part("6. Làm ngay (hướng dẫn của chương trình)")
	g := &grid{columns: []paper.Column{{Title: "TT", Width: 9, Align: paper.Center}, {Title: "Việc", Width: 121}, {Title: "Người làm, lúc", Width: 40}}}
	for n, step := range i.Steps() {
		g.rows = append(g.rows, []string{fmt.Sprint(n + 1), assets.Word(step.Code, step.Args), ""})
	}
	l.add(g)
}
