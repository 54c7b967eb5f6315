package forms

import "tiepnhan/dossier"

// The slip that an intake was refused (BM.03; Mẫu số 03 of Thông tư 01/2018/TT-VPCP). What the authority answers to a dossier that was taken
// in is another paper, see drawRefusalAnswer. Nothing says in how many copies, so it is printed once; the printer is asked for more.
func drawRefusal(s *sheet) error {
	body, err := s.refused()
	if err != nil {
		return err
	}
	unit, on := s.in.Unit, dossier.DateOf(s.in.ReceivedAt)
	l := s.newLetter(on)
	l.heading.unit, l.heading.date = unit, placeAndDate(unit.Place, on)
	l.heading.number, l.qr, l.national = s.Dossier.Number, s.Dossier.Number, s.in.NationalCode
	l.add(row("Bộ phận Tiếp nhận và Trả kết quả: ", or(unit.Intake, inText(unit.Name))),
		bold("Tiếp nhận hồ sơ của: ", s.in.Requester.Name()+s.represented()))
	l.contact()
	l.add(row("Nội dung yêu cầu giải quyết: ", s.request()),
		leadIn("Qua xem xét, "+intake(unit)+" thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:"))
	l.reason(para, "", upper(dossier.CleanMultiline(body.Why)))
	l.add(para(plain("Xin thông báo cho "+s.you()+" được biết và thực hiện.")),
		&signatures{who: []signer{{"NGƯỜI NỘP HỒ SƠ", signAndName, s.bearer()}, {"NGƯỜI TIẾP NHẬN HỒ SƠ", signAndName, s.receiver()}}})
	return l.draw()
}

func needsRefused(s *sheet) error {
	_, err := s.refused()
	return err
}

// refused is what was said of a refused intake. Codes: form.not-refused, form.content-purged, form.no-reason.
func (s *sheet) refused() (*dossier.Refuse, error) {
	step, ok := s.last(dossier.Refused)
	if !ok {
		return nil, dossier.Invalid("form", "form.not-refused", "number", s.Dossier.Number)
	}
	body, err := read[dossier.Refuse](s, step)
	if err != nil {
		return nil, err
	}
	return body, s.reasoned(body.Why)
}
