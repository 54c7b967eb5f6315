package forms

import (
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The letters that pass on what came of a dossier. The station decides nothing (Nghị định 69/2024/NĐ-CP: the head of the Ministry's agency
// for identity cards does), so each names who decided, by what document, and when; of what was done at once, when and under which mark in
// the national system. No official text of them has been seen: they are laid out as Nghị định 30/2020/NĐ-CP has it, in our words.

// drawResultNotice is the notice to who asked.
func drawResultNotice(s *sheet) error {
	out, err := s.outcome()
	if err != nil {
		return err
	}
	l := s.notice(out, "kết quả giải quyết đề nghị "+lower(s.in.Title))
	unit, you := inText(l.heading.unit.Name), s.you()
	l.dear(s.addressee())
	l.received()
	if f := s.Dossier.Forward; f != nil && out.decision != nil {
		l.add(running(plain(upper(day(dossier.DateOf(f.At))) + ", " + unit + " đã chuyển đề nghị nêu trên đến " + f.To + " để xem xét, phê duyệt.")))
	}
	l.add(running(plain(out.says("việc " + lower(s.in.Title) + " nêu trên"))))
	if out.done != nil && dossier.Clean(out.done.Result) != "" {
		l.reason(running, "Kết quả: ", out.done.Result)
	}
	l.add(running(plain(unit + " thông báo để " + you + " được biết./.")))
	l.head(out.day())
	return l.draw()
}

func needsResult(s *sheet) error {
	_, err := s.outcome()
	return err
}

// drawSubjectNotice is the notice to whose account or card it is. What the agency said of its reasons, and which agency it was, is not for
// this paper: an investigation may hang on it, and the decree only wants the subject to know what has changed.
func drawSubjectNotice(s *sheet) error {
	out, err := s.ofSubject()
	if err != nil {
		return err
	}
	l := s.notice(out, "việc "+lower(s.in.Title))
	you, whose := "Ông/Bà", "Ông/Bà "+s.in.Subject.Name
	number := s.in.Subject.Number
	label := "Số định danh cá nhân: "
	switch {
	case s.in.Subject.Name == "":
		you, whose = "Quý cơ quan, tổ chức", s.in.SubjectOrg.Name
		label, number = "Mã định danh, mã số doanh nghiệp hoặc mã số thuế: ", s.in.SubjectOrg.Code
	case number == "":
		label, number = "Số hộ chiếu: ", s.in.Subject.Passport
	}
	l.dear(whose)
	if number != "" {
		l.add(&text{spans: []paper.Span{plain(label + number)}, middle: true, after: 0.6})
	}
	unit := l.heading.unit
	l.add(running(plain(out.says("việc " + lower(s.in.Title) + " của " + you))))
	contact := inText(unit.Name)
	if unit.Phone != "" {
		contact += ", số điện thoại " + unit.Phone
	}
	l.add(running(plain("Nếu có vướng mắc, "+you+" liên hệ với "+contact+" (nêu mã hồ sơ "), strong(s.dossierCode()), plain(") để được hướng dẫn.")),
		running(plain(inText(unit.Name)+" thông báo để "+you+" được biết./.")))
	l.head(out.day())
	return l.draw()
}

func needsSubject(s *sheet) error {
	_, err := s.ofSubject()
	return err
}

// drawRefusalAnswer is the letter that passes on why the authority did not agree.
func drawRefusalAnswer(s *sheet) error {
	out, err := s.declined()
	if err != nil {
		return err
	}
	l := s.issued(out)
	l.title, l.heading.about = "", "trả lời đề nghị "+lower(s.in.Title)
	unit, d := inText(l.heading.unit.Name), out.decision
	l.dear(s.addressee())
	l.received()
	l.reason(running, upper(day(d.Date))+", "+d.By+" có văn bản số "+d.Document+" trả lời không chấp thuận việc "+lower(s.in.Title)+" nêu trên, lý do: ", d.Why)
	l.add(running(plain(unit + " thông báo để " + s.you() + " được biết./.")))
	l.head(out.day())
	return l.draw()
}

func needsDeclined(s *sheet) error {
	_, err := s.declined()
	return err
}

// notice is a THÔNG BÁO about that.
func (s *sheet) notice(out outcome, about string) *letter {
	l := s.issued(out)
	l.title, l.subtitle = "Thông báo", "Về "+about
	return l
}

// issued is a letter of the day on which the desk learnt of the outcome.
func (s *sheet) issued(out outcome) *letter {
	l := s.newLetter(out.day())
	l.heading.number = s.toWrite("")
	return l
}

// received recalls what was asked for.
func (l *letter) received() {
	document := ""
	if a := l.in.Requester.Agency; a.Document != "" {
		document = " tại văn bản số " + a.Document
		if !a.DocumentDate.IsZero() {
			document += " ngày " + a.DocumentDate.String()
		}
	}
	l.add(running(plain(upper(day(dossier.DateOf(l.in.ReceivedAt)))+", "+inText(l.in.Unit.Name)+" tiếp nhận đề nghị của "+l.you()+document+" về việc "+
		l.matter()+"; Mã hồ sơ: "), strong(l.dossierCode()), plain(".")))
}

// outcome is what came of a dossier: what the authority decided, or what was done at once.
type outcome struct {
	step     dossier.Step
	decision *dossier.Decision
	done     *dossier.Perform
}

// day is when the desk noted it.
func (o outcome) day() dossier.Date { return dossier.DateOf(o.step.When()) }

// says is who did what, and when.
func (o outcome) says(what string) string {
	if d := o.decision; d != nil {
		return upper(day(d.Date)) + ", " + d.By + " đã phê duyệt " + what + ". Số văn bản hoặc mã xử lý trên hệ thống định danh và xác thực điện tử: " +
			d.Document + "."
	}
	mark := ""
	if o.done.Reference != "" {
		mark = " (mã xử lý: " + o.done.Reference + ")"
	}
	return "Hồi " + moment(o.done.At) + ", " + what + " đã được thực hiện trên hệ thống định danh và xác thực điện tử" + mark + "."
}

// came finds it; of a decision that was noted twice, the first note. Codes: form.not-decided, form.content-purged.
func (s *sheet) came() (outcome, error) {
	var lost error
	for _, step := range s.Dossier.Course {
		if step.Effect != dossier.Applied {
			continue
		}
		out := outcome{step: step}
		switch step.Kind {
		case dossier.Decided:
			out.decision, lost = read[dossier.Decision](s, step)
		case dossier.Performed:
			out.done, lost = read[dossier.Perform](s, step)
		default:
			continue
		}
		if lost == nil {
			return out, nil
		}
	}
	if lost != nil {
		return outcome{}, lost
	}
	return outcome{}, dossier.Invalid("form", "form.not-decided", "number", s.Dossier.Number)
}

// outcome is one that gave what was asked for. Codes: those of came, form.declined.
func (s *sheet) outcome() (outcome, error) {
	out, err := s.came()
	if err == nil && out.decision != nil && !out.decision.Approved {
		answer, _ := s.set.Form(RefusalAnswer)
		err = dossier.Invalid("form", "form.declined", "number", s.Dossier.Number, "title", answer.Title)
	}
	return out, err
}

// ofSubject is an outcome that concerns somebody else than who asked. Codes: those of outcome, form.same-person.
func (s *sheet) ofSubject() (outcome, error) {
	if s.forOneself() {
		return outcome{}, dossier.Invalid("form", "form.same-person", "number", s.Dossier.Number)
	}
	return s.outcome()
}

// forOneself tells whether who asked is whom it is about.
func (s *sheet) forOneself() bool {
	who, org, req := s.in.Subject, s.in.SubjectOrg, s.in.Requester
	office := req.Kind == dossier.Agency || req.Kind == dossier.Organization
	switch {
	case who.Name != "":
		return !office && who.Name == req.Person.Name && who.Number == req.Person.Number && who.Passport == req.Person.Passport
	case org.Name != "":
		return office && org.Name == req.Agency.Name && org.Code == req.Agency.Code
	}
	return true
}

// declined is what the authority did not agree to. Codes: those of came, form.approved, form.no-reason.
func (s *sheet) declined() (outcome, error) {
	out, err := s.came()
	switch {
	case err != nil:
		return out, err
	case out.decision == nil || out.decision.Approved:
		return out, dossier.Invalid("form", "form.approved", "number", s.Dossier.Number)
	}
	return out, s.reasoned(out.decision.Why)
}
