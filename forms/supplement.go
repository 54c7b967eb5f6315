package forms

import (
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The request to complete a dossier (Mẫu số 02 of Thông tư 01/2018/TT-VPCP; the set of the police gives it no number): the latest one. The
// official table counts certified copies and photocopies apart; the desk counts copies.
func drawSupplement(s *sheet) error {
	step, body, err := s.asked()
	if err != nil {
		return err
	}
	on := dossier.DateOf(step.When())
	l := s.newLetter(on)
	unit := l.heading.unit
	l.heading.number, l.qr, l.national = s.toWrite("HDHS"), s.Dossier.Number, s.dossierCode()
	whose := "Tiếp nhận hồ sơ/yêu cầu của: "
	if s.you() == "Ông/Bà" {
		whose = "Tiếp nhận hồ sơ/yêu cầu của Ông/Bà: "
	}
	l.add(row("Bộ phận Tiếp nhận và Trả kết quả: ", or(unit.Intake, inText(unit.Name))),
		bold(whose, s.in.Requester.Name()+s.represented()), row("Nội dung yêu cầu giải quyết: ", s.request()))
	l.contact()
	if len(body.Papers) > 0 {
		l.add(leadIn("Yêu cầu "+s.you()+" hoàn thiện hồ sơ gồm những nội dung như sau:"), missing(body.Papers))
	} else {
		l.add(leadIn("Yêu cầu " + s.you() + " hoàn thiện hồ sơ theo những nội dung nêu trong phần lý do sau đây."))
	}
	l.reason(para, "Lý do: ", body.Why)
	l.add(para(plain(fmt.Sprintf("Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, %s liên hệ với %s, số điện thoại %s để được hướng dẫn./.",
		s.you(), intake(unit), or(unit.Phone, "..............................")))),
		&signatures{who: []signer{{"NGƯỜI HƯỚNG DẪN", signAndName, s.officer(step)}}})
	return l.draw()
}

// missing is the table of papers to be brought.
func missing(papers []dossier.Paper) *grid {
	g := &grid{columns: []paper.Column{{Title: "TT", Width: 9, Align: paper.Center}, {Title: "Thành phần hồ sơ", Width: 75},
		{Title: "Số lượng bản chính", Width: 20, Align: paper.Center}, {Title: "Số lượng bản sao", Width: 20, Align: paper.Center}}}
	for i, p := range papers {
		g.rows = append(g.rows, []string{fmt.Sprint(i + 1), p.Title, twoDigits(p.Originals), twoDigits(p.Copies)})
	}
	return g
}

func needsAsked(s *sheet) error {
	_, _, err := s.asked()
	return err
}

// asked is the latest request for papers. Codes: form.not-asked, form.content-purged, form.no-reason.
func (s *sheet) asked() (dossier.Step, *dossier.AskPapers, error) {
	step, ok := s.last(dossier.AskedPapers)
	if !ok {
		return step, nil, dossier.Invalid("form", "form.not-asked", "number", s.Dossier.Number)
	}
	body, err := read[dossier.AskPapers](s, step)
	if err != nil {
		return step, nil, err
	}
	return step, body, s.reasoned(body.Why)
}
