package forms

import "tiepnhan/dossier"

// The notice that work on a dossier was stopped. Of Mẫu số 05 of Thông tư 03/2025/TT-VPCP only the title has been seen: the words are ours,
// and cite no law.
func drawStop(s *sheet) error {
	step, body, err := s.stopped()
	if err != nil {
		return err
	}
	on := dossier.DateOf(step.When())
	l, you := s.newLetter(on), s.you()
	name := inText(l.heading.unit.Name)
	l.heading.number, l.qr = s.toWrite(""), s.Dossier.Number
	l.dear(s.addressee())
	l.add(running(plain(upper(day(dossier.DateOf(s.in.ReceivedAt)))+", "+inText(s.in.Unit.Name)+" tiếp nhận hồ sơ đề nghị "+s.matter()+" của "+you+
		"; Mã hồ sơ: "), strong(s.dossierCode()), plain(".")),
		running(plain(name+" thông báo dừng giải quyết hồ sơ nêu trên kể từ "), strong(day(on)), plain(".")))
	l.reason(running, "Lý do: ", body.Why)
	l.add(running(plain(name + " thông báo để " + you + " được biết./.")))
	l.head(on)
	return l.draw()
}

func needsStopped(s *sheet) error {
	_, _, err := s.stopped()
	return err
}

// stopped is the act that stopped it. Codes: form.not-stopped, form.content-purged, form.no-reason.
func (s *sheet) stopped() (dossier.Step, *dossier.Reason, error) {
	step, ok := s.last(dossier.Stopped)
	if !ok {
		return step, nil, dossier.Invalid("form", "form.not-stopped", "number", s.Dossier.Number)
	}
	body, err := read[dossier.Reason](s, step)
	if err != nil {
		return step, nil, err
	}
	return step, body, s.reasoned(body.Why)
}
