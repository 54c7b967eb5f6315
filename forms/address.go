package forms

import (
	"encoding/json"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// you is how a letter speaks to who asked.
func (s *sheet) you() string {
	switch s.in.Requester.Kind {
	case dossier.Agency:
		return "Quý cơ quan"
	case dossier.Organization:
		return "Quý cơ quan, tổ chức"
	}
	return "Ông/Bà"
}

// addressee is who asked as a letter is addressed: for a child or a ward, who stands for them.
func (s *sheet) addressee() string {
	req := s.in.Requester
	name := req.Name()
	switch {
	case req.Kind == dossier.Agency, req.Kind == dossier.Organization:
		return name
	case req.Representative.Name != "":
		stands := req.Representative.Name
		if req.Relation != "" {
			stands += " (" + req.Relation + ")"
		}
		return "Ông/Bà " + stands + ", người đại diện của " + name
	}
	return "Ông/Bà " + name
}

// matter is what was asked for, within a sentence, and for whom where that is not who is written to.
func (s *sheet) matter() string {
	out := lower(s.in.Title)
	if about := s.Dossier.Subject(); about != s.in.Requester.Name() || s.in.Requester.Representative.Name != "" {
		out += " (đối với " + about + ")"
	}
	return out
}

// dossierCode is the one people are asked for: that of the national system where the dossier has one.
func (s *sheet) dossierCode() string { return or(s.in.NationalCode, s.Dossier.Number) }

// intake is where a unit receives dossiers.
func intake(u dossier.Unit) string {
	return or(u.Intake, "Bộ phận Tiếp nhận và Trả kết quả, "+inText(u.Name))
}

// toWrite is a document number that the clerk writes in when the paper is issued, with the sign of its kind where that has been seen on the
// official form.
func (s *sheet) toWrite(sign string) string {
	if s.form.Unseen || sign == "" {
		return ".................."
	}
	return "............/" + sign
}

// read is the body of an act, complete enough to be printed. Code: form.content-purged.
func read[T any](s *sheet, step dossier.Step) (*T, error) {
	body := new(T)
	if step.Purged || s.in.ReceivedAt.IsZero() || json.Unmarshal(step.Body, body) != nil {
		return nil, dossier.Invalid("form", "form.content-purged")
	}
	return body, nil
}

// reasoned refuses a paper that would give no reason for what was done (many a citizen has had such a one back). Code: form.no-reason.
func (s *sheet) reasoned(why string) error {
	if dossier.Clean(why) == "" {
		return dossier.Invalid("form", "form.no-reason", "number", s.Dossier.Number, "title", s.form.Title)
	}
	return nil
}

// reason is a label and the reason, each of its lines a paragraph of that make.
func (l *letter) reason(paragraph func(...paper.Span) *text, label, why string) {
	for i, line := range strings.Split(ended(dossier.CleanMultiline(why)), "\n") {
		spans := []paper.Span{plain(line)}
		if i == 0 {
			spans = []paper.Span{plain(label), plain(line)}
		}
		l.add(paragraph(spans...))
	}
}

// dear is to whom a letter goes.
func (l *letter) dear(who string) {
	l.add(&text{spans: []paper.Span{plain("Kính gửi: "), strong(who)}, middle: true, after: 0.6})
}

// contact is where who asked can be reached.
func (l *letter) contact() {
	req := l.in.Requester
	address, phone, email := req.Person.Address, or(req.Person.Phone, req.Representative.Phone), or(req.Person.Email, req.Representative.Email)
	if req.Kind == dossier.Agency || req.Kind == dossier.Organization {
		address, phone = req.Agency.Address, or(req.Agency.Phone, phone)
	}
	l.add(row("Địa chỉ: ", address), &pair{part: 0.45, first: row("Số điện thoại: ", phone), other: row("Email: ", email)})
}

// head ends a letter that the head of the unit signs and seals, not the officer at the desk: who was the head on that day.
func (l *letter) head(on dossier.Date) {
	l.add(&signatures{who: []signer{{"THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", signAndSeal, l.unitOn(on).Head}}, to: []string{"- Như trên;", "- Lưu: VT, hồ sơ."}})
}
