package main

import (
	"fmt"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// scene is one thing of the made-up day.
type scene struct {
	at   string
	play func(*play) error
}

// scenes are 25 dossiers over all six procedures: one came on Monday and is late on Friday, the others come on Friday, 20/11/2026; the
// Tuesday after is a holiday. All people are invented.
func scenes() []scene {
	var out []scene
	add := func(at string, play func(*play) error) { out = append(out, scene{at, play}) }
	receive := func(at, name string, in desk.Intake) { add(at, func(p *play) error { return p.receive(name, in) }) }
	do := func(at string, verb dossier.Kind, name string, body any) {
		add(at, func(p *play) error { return p.do(verb, name, body) })
	}

	receive("2026-11-16 09:10", "trễ", agency("lock-account", 1, "khóa"))
	do("2026-11-17 10:00", dossier.HandedOver, "trễ", &dossier.HandOver{From: "Bộ phận tiếp nhận", To: "Tổ nghiệp vụ"})

	do("2026-11-20 07:35", dossier.Rescheduled, "trễ", &dossier.Reschedule{Why: "Hệ thống quốc gia gián đoạn từ 17/11 đến 19/11.",
		Due: dossier.Due{At: mustTime("2026-11-25 17:00"), Limit: "hẹn lại", Text: "Hẹn lại đến T4 25/11"}})
	receive("2026-11-20 07:40", "khóa-1", agency("lock-account", 2, "khóa"))
	receive("2026-11-20 07:55", "khóa-2", agency("lock-account", 3, "khóa"))
	receive("2026-11-20 08:05", "thẻ-1", citizen("lock-eid", 1))
	do("2026-11-20 08:08", dossier.Performed, "thẻ-1", &dossier.Perform{Reference: "MAU-HT-1"})
	do("2026-11-20 08:09", dossier.HandedBack, "thẻ-1", &dossier.HandBack{To: people[1].Name})
	add("2026-11-20 08:15", func(p *play) error {
		in := citizen("lock-account", 2)
		return p.refuse(in, "Chỉ cơ quan tiến hành tố tụng, cơ quan khác có thẩm quyền được đề nghị khóa tài khoản định danh điện tử.")
	})
	receive("2026-11-20 08:20", "mức2-1", citizen("issue-level2", 3))
	receive("2026-11-20 08:32", "mức2-2", citizen("issue-level2", 4))
	do("2026-11-20 08:35", dossier.AskedPapers, "mức2-2", &dossier.AskPapers{Why: "Phiếu TK01 chưa ghi số thuê bao chính chủ.",
		Papers: []dossier.Paper{{Key: "tk01", Title: "Phiếu đề nghị (TK01)", Originals: 1}}})
	receive("2026-11-20 08:50", "tổ-chức-1", organization(1))
	receive("2026-11-20 09:05", "mở-thẻ-1", citizen("unlock-eid", 5))
	do("2026-11-20 09:07", dossier.Performed, "mở-thẻ-1", &dossier.Perform{Reference: "MAU-HT-2"})
	do("2026-11-20 09:10", dossier.Forwarded, "khóa-1", &dossier.Forward{Reference: "MAU-CHUYEN-1"})
	do("2026-11-20 09:12", dossier.Forwarded, "khóa-2", &dossier.Forward{Reference: "MAU-CHUYEN-2"})
	receive("2026-11-20 09:30", "mở-1", agency("unlock-account", 4, "mở khóa"))
	do("2026-11-20 09:41", dossier.Forwarded, "mở-1", &dossier.Forward{Reference: "MAU-CHUYEN-3"})
	for i := range 6 {
		receive(fmt.Sprintf("2026-11-20 %02d:%02d", 9+(45+i*8)/60, (45+i*8)%60), fmt.Sprintf("mức2-%d", 3+i), citizen("issue-level2", 6+i))
	}
	receive("2026-11-20 10:40", "thẻ-2", agency("lock-eid", 5, "khóa"))
	do("2026-11-20 10:50", dossier.Forwarded, "thẻ-2", &dossier.Forward{Reference: "MAU-CHUYEN-4"})
	receive("2026-11-20 11:05", "rút", citizen("lock-eid", 12))
	do("2026-11-20 11:15", dossier.Withdrawn, "rút", &dossier.Reason{Why: "Công dân đã tìm thấy điện thoại, xin rút hồ sơ."})
	do("2026-11-20 13:40", dossier.AddedPapers, "mức2-2", &dossier.AddPapers{Papers: []dossier.Paper{{Key: "tk01", Title: "Phiếu đề nghị (TK01)", Originals: 1}}})
	add("2026-11-20 13:50", func(p *play) error {
		in := citizen("issue-level2", 13)
		in.Papers = nil
		return p.refuse(in, "Không xuất trình thẻ căn cước và không kê khai phiếu TK01.")
	})
	receive("2026-11-20 14:00", "tổ-chức-2", organization(2))
	do("2026-11-20 14:05", dossier.AskedPapers, "tổ-chức-2", &dossier.AskPapers{Why: "Thiếu ý kiến đồng ý của người đại diện theo pháp luật khác."})
	for i := range 5 {
		receive(fmt.Sprintf("2026-11-20 14:%02d", 15+i*7), fmt.Sprintf("thẻ-%d", 3+i), citizen("lock-eid", 14+i))
		do(fmt.Sprintf("2026-11-20 14:%02d", 17+i*7), dossier.Performed, fmt.Sprintf("thẻ-%d", 3+i), &dossier.Perform{})
	}
	receive("2026-11-20 15:20", "mở-thẻ-2", agency("unlock-eid", 6, "mở khóa"))
	noCard := citizen("issue-level2", 19)
	noCard.Case = "no-card"
	receive("2026-11-20 15:50", "chưa-thẻ", noCard)
	return out
}

// people are plainly invented.
var people = invent()

func invent() []dossier.Person {
	families := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi"}
	given := []string{"An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khánh"}
	var out []dossier.Person
	for i := range 24 {
		sex, mark, middle := "Nam", 0, "Thử"
		if i%2 == 1 {
			sex, mark, middle = "Nữ", 1, "Mẫu"
		}
		year := 60 + i
		out = append(out, dossier.Person{Name: families[i%7] + " " + middle + " " + given[(i*3)%7], Sex: sex,
			Number: fmt.Sprintf("001%d%02d%06d", mark, year, 900000+i), Born: dossier.Date{Year: 1900 + year, Month: 5, Day: 1 + i},
			Address: fmt.Sprintf("Thôn Mẫu %d, xã Thử Nghiệm, tỉnh Mẫu", 1+i%5), Phone: fmt.Sprintf("09000000%02d", i)})
	}
	return out
}

func citizen(procedure string, i int) desk.Intake {
	paper := "tk03"
	if procedure == "issue-level2" {
		paper = "tk01"
	}
	return desk.Intake{Procedure: procedure, Requester: dossier.Requester{Kind: dossier.Citizen, Person: people[i]},
		Papers: []dossier.Paper{{Key: paper, Originals: 1}}}
}

func agency(procedure string, i int, what string) desk.Intake {
	return desk.Intake{Procedure: procedure, Papers: []dossier.Paper{{Key: "tk03", Originals: 1}},
		Requester: dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Phạm Thử Nam"}, Agency: dossier.Office{
			Name: "Cơ quan điều tra Mẫu", Document: fmt.Sprintf("%02d/CV-MAU", i), DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 13},
			Address: "Số 1 phố Mẫu, tỉnh Mẫu", Position: "Điều tra viên"}},
		Subject: people[len(people)-i], Reason: "Phục vụ công tác xác minh, đề nghị " + what + "."}
}

func organization(i int) desk.Intake {
	return desk.Intake{Procedure: "issue-organization", Papers: []dossier.Paper{{Key: "tk02", Originals: 1}},
		Requester: dossier.Requester{Kind: dossier.Organization, Person: people[20+i], Agency: dossier.Office{
			Name: fmt.Sprintf("Hợp tác xã Mẫu số %d", i), Code: fmt.Sprintf("000000000%d", i), Address: "Thôn Mẫu 1, xã Thử Nghiệm, tỉnh Mẫu", Position: "Giám đốc"}}}
}
