package course

import (
	"fmt"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// facts are what was asked and promised, with corrections.
func (p *Presenter) facts() []Fact {
	d := p.o.Dossier
	in := d.Intake
	var out []Fact
	add := func(label string, parts ...string) {
		if text := join(", ", parts...); text != "" {
			out = append(out, Fact{label, text})
		}
	}
	person := func(who dossier.Person) []string {
		number := ""
		if n := numberOf("", who); n.number != "" {
			number = n.label + p.masked(n.number)
		}
		return []string{who.Name, number, who.Born.String(), who.Sex, phone(who.Phone), who.Email}
	}
	r := in.Requester
	bearer := "Người đến nộp"
	switch r.Kind {
	case dossier.Agency, dossier.Organization:
		if r.Kind == dossier.Organization {
			bearer = "Người đại diện"
		}
		add("Cơ quan, tổ chức", r.Agency.Name, r.Agency.Code)
		add("Văn bản đề nghị", join(" ngày ", r.Agency.Document, r.Agency.DocumentDate.String()))
		add("Địa chỉ", r.Agency.Address, phone(r.Agency.Phone))
		add(bearer, append(person(r.Person), r.Agency.Position)...)
	default:
		add("Người đề nghị", person(r.Person)...)
		add("Nơi cư trú", r.Person.Address)
	}
	add("Người đại diện", append(person(r.Representative), r.Relation)...)
	add("Người bị đề nghị", append(person(in.Subject), in.Subject.Address)...)
	add("Tổ chức bị đề nghị", in.SubjectOrg.Name, in.SubjectOrg.Code)
	add("Trường hợp", p.o.Case.Title)
	add("Căn cứ", groundWords(in.Ground, p.o.Procedure))
	add("Lý do đề nghị", in.Reason)
	add("Thời hạn khóa", in.Term)
	if in.Channel != "" { // nothing is known of what was purged
		add("Tiếp nhận", kit.Moment(in.ReceivedAt), "nộp "+in.Channel.Title())
	}
	switch {
	case in.Confirmed != "":
		add("Người xác nhận yêu cầu khóa", p.settings.OfficerOf(p.receivedBy(), in.Confirmed).Name)
	case in.Alone:
		add("Người xác nhận yêu cầu khóa", "không có; khi tiếp nhận, máy này chưa có người thứ hai")
	}
	add("Thời hạn giải quyết", in.Due.Limit)
	if in.Sets > 0 {
		add("Số lượng hồ sơ", fmt.Sprintf("%d bộ", in.Sets))
	}
	add("Nơi trả kết quả", in.ReturnPlace)
	add("Mã hồ sơ quốc gia", in.NationalCode)
	add("Ghi chú", in.Note)
	if d.Why != "" {
		add(map[dossier.Status]string{dossier.StatusAsked: "Nội dung cần bổ sung", dossier.StatusRefused: "Lý do không tiếp nhận", dossier.StatusWithdrawn: "Lý do rút",
			dossier.StatusStopped: "Lý do dừng", dossier.StatusAnnulled: "Lý do hủy"}[d.Status], d.Why)
	}
	return out
}

func phone(number string) string {
	if number == "" {
		return ""
	}
	return "điện thoại " + number
}

// groundWords are a ground's wording with its citation; a key the catalogue does not know stands for itself.
func groundWords(key string, procedure *dossier.Procedure) string {
	for _, g := range procedure.Grounds {
		if g.Key == key {
			return g.Wording + " (" + g.Citation + ")"
		}
	}
	return key
}

func papers(d dossier.Dossier) []string {
	var out []string
	for _, g := range d.Intake.Papers {
		out = append(out, paperWords(g))
	}
	return out
}

func paperWords(g dossier.Paper) string {
	var n []string
	if g.Originals > 0 {
		n = append(n, fmt.Sprintf("%d bản chính", g.Originals))
	}
	if g.Copies > 0 {
		n = append(n, fmt.Sprintf("%d bản sao", g.Copies))
	}
	if n == nil {
		return g.Title
	}
	return g.Title + " (" + strings.Join(n, ", ") + ")"
}

// receivedBy are the officers of the PC that received the dossier, where that is another one.
func (p *Presenter) receivedBy() []dossier.Officer {
	for _, s := range p.o.Dossier.Course {
		if s.Kind == dossier.Received {
			return s.Crew
		}
	}
	return nil
}
