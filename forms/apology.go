package forms

import (
	"time"

	"tiepnhan/dossier"
)

// The apology with a new date (BM.04; Mẫu số 04 of Thông tư 01/2018/TT-VPCP), of the latest act of that kind. The form supposes that the
// appointment has passed. It may be sent before that, and then the words that would be untrue are ours: "chưa thể trả" for "đến nay … chưa
// trả", and no "đã" in "Sự chậm trễ này đã gây phiền hà". Ours too are the words in brackets after an appointment that papers moved, and the
// sentence that recalls an earlier apology.
func drawApology(s *sheet) error {
	a, err := s.apology()
	if err != nil {
		return err
	}
	on := dossier.DateOf(a.step.When())
	l, you := s.newLetter(on), s.you()
	name := inText(l.heading.unit.Name)
	l.heading.number, l.qr = s.toWrite("PXL"), s.Dossier.Number
	l.dear(s.addressee())
	l.add(running(plain(upper(day(dossier.DateOf(s.in.ReceivedAt)))+", "+inText(s.in.Unit.Name)+" tiếp nhận giải quyết hồ sơ đề nghị "+s.matter()+" của "+
		you+"; Mã hồ sơ: "), strong(s.dossierCode()), plain(".")))
	promised := "."
	if a.moved {
		promised = " (tính lại sau khi hồ sơ được bổ sung)."
	}
	l.add(running(plain("Thời gian hẹn trả kết quả: "), strong(moment(a.first)), plain(promised)))
	if !a.again.IsZero() {
		l.add(running(plain("Kết quả đã được hẹn lại lần trước vào " + day(dossier.DateOf(a.again)) + ".")))
	}
	late, harm := "Tuy nhiên đến nay "+name+" chưa trả", "Sự chậm trễ này đã gây"
	if !a.step.When().After(a.first) {
		late, harm = "Tuy nhiên, "+name+" chưa thể trả", "Sự chậm trễ này gây"
	}
	where := "quy định ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
	if a.moved {
		where = "nêu trên"
	}
	l.reason(running, late+" kết quả giải quyết hồ sơ của "+you+" đúng thời hạn "+where+". Lý do: ", a.body.Why)
	l.add(running(plain(harm+" phiền hà, tốn kém chi phí, công sức của "+you+".")),
		running(plain(name+" xin lỗi "+you+" và sẽ trả kết quả giải quyết hồ sơ vào "), strong(day(dossier.DateOf(a.body.Due.At))), plain(".")),
		running(plain("Mong nhận được sự thông cảm của "+you+" vì sự chậm trễ này.")))
	l.head(on)
	return l.draw()
}

func needsRescheduled(s *sheet) error {
	_, err := s.apology()
	return err
}

// apology is what a letter of apology speaks of.
type apology struct {
	step  dossier.Step
	body  *dossier.Reschedule
	first time.Time // the appointment that counts
	moved bool      // it is not the receipt's: time spent waiting for papers moved it
	again time.Time // of an earlier apology; zero where there was none
}

// apology finds the latest. Codes: form.not-rescheduled, form.second-apology, form.content-purged, form.no-reason.
func (s *sheet) apology() (apology, error) {
	var a apology
	now := apology{first: s.in.Due.At} // as the course goes on
	count := 0
	for _, step := range s.Dossier.Course {
		if step.Effect != dossier.Applied {
			continue
		}
		var err error
		switch step.Kind {
		case dossier.AddedPapers:
			var papers *dossier.AddPapers
			if papers, err = read[dossier.AddPapers](s, step); err == nil && !papers.Due.At.IsZero() {
				now.moved = now.moved || !papers.Due.At.Equal(now.first)
				now.first = papers.Due.At
			}
		case dossier.Rescheduled:
			count++
			now.step = step
			now.body, err = read[dossier.Reschedule](s, step)
			if a = now; err == nil {
				now.again = now.body.Due.At
			}
		}
		if err != nil {
			return a, err
		}
	}
	switch {
	case count == 0:
		return a, dossier.Invalid("form", "form.not-rescheduled", "number", s.Dossier.Number)
	case count > 1 && dossier.Clean(a.body.Override) == "":
		return a, dossier.Invalid("form", "form.second-apology", "number", s.Dossier.Number)
	}
	return a, s.reasoned(a.body.Why)
}
