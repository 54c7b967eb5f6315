package forms

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// The made-up TK forms of the tests, by the name of their golden.
var tkSamples = map[string]func() dossier.Sheet{
	"tk01-citizen":      func() dossier.Sheet { return tkSheet(TK01, tkAdult("issue-level2")) },
	"tk01-child":        func() dossier.Sheet { return tkSheet(TK01, tkChild("issue-level2")) },
	"tk01-foreigner":    func() dossier.Sheet { return tkSheet(TK01, tkForeigner()) },
	"tk01-blank":        func() dossier.Sheet { return tkBlank(TK01) },
	"tk02-organization": func() dossier.Sheet { return tkSheet(TK02, tkOrganization()) },
	"tk02-blank":        func() dossier.Sheet { return tkBlank(TK02) },
	"tk03-citizen":      func() dossier.Sheet { return tkSheet(TK03, tkAdult("lock-eid")) },
	"tk03-child":        func() dossier.Sheet { return tkSheet(TK03, tkChild("unlock-eid")) },
	"tk03-agency":       func() dossier.Sheet { return tkSheet(TK03, tkAgency()) },
	"tk03-by-post":      tkByPost,
	"tk03-blank":        func() dossier.Sheet { return tkBlank(TK03) },
	"tk03-long":         func() dossier.Sheet { return tkSheet(TK03, tkLong("unlock-account", dossier.Agency)) },
	"tk01-long":         func() dossier.Sheet { return tkSheet(TK01, tkLong("issue-level2", dossier.Citizen)) },
	"tk03-refused":      tkRefused,
}

func tkSheet(form string, in dossier.Receive) dossier.Sheet { return sheetOf(form, in) }

func tkBlank(form string) dossier.Sheet {
	return dossier.Sheet{Form: form, Set: Police, Settings: madeUpSettings(), Day: dossier.Date{Year: 2026, Month: 11, Day: 23}}
}

func tkIntake(procedure string) dossier.Receive {
	in := typicalIntake()
	in.Procedure = procedure
	return in
}

func tkAdult(procedure string) dossier.Receive {
	in := tkIntake(procedure)
	in.Requester.Person.Born, in.Requester.Person.Sex = dossier.Date{Year: 1999, Month: 1, Day: 2}, "Nam"
	if strings.HasSuffix(procedure, "lock-eid") {
		in.Reason, in.Term = "Bị mất điện thoại cài ứng dụng VNeID.", "Cho đến khi có đề nghị mở khóa"
	}
	return in
}

func tkChild(procedure string) dossier.Receive {
	in := tkAdult(procedure)
	in.Requester.Representative = in.Requester.Person
	in.Requester.Relation = "cha"
	in.Requester.Person = dossier.Person{Name: "Nguyễn Thị Bé", Number: "001315000003", Born: dossier.Date{Year: 2015, Month: 12, Day: 31}, Sex: "Nữ", Address: in.Requester.Person.Address}
	return in
}

func tkForeigner() dossier.Receive {
	in := tkIntake("issue-level2-foreigner")
	in.Requester = dossier.Requester{Kind: dossier.Foreigner, Person: dossier.Person{Name: "SAMPLE MARIE-LOUISE", Passport: "X0000001", Born: dossier.Date{Year: 1980, Month: 5, Day: 17},
		Sex: "Nữ", Address: "Số 3 Phố Mẫu, xã Mẫu Sơn, tỉnh Mẫu", Phone: "0900 000 003"}}
	return in
}

func tkAgency() dossier.Receive {
	in := agencyIntake()
	in.Procedure = "lock-account"
	in.Subject = dossier.Person{Name: "Hoàng Văn Thí Dụ", Number: "001088000002"}
	in.Reason = "Phục vụ công tác điều tra theo quy định của pháp luật."
	return in
}

func tkOrganization() dossier.Receive {
	in := tkIntake("issue-organization")
	in.Requester = dossier.Requester{Kind: dossier.Organization, Person: tkAdult("lock-eid").Requester.Person,
		Agency: dossier.Office{Name: "Công ty TNHH Mẫu và Thử", Code: "0100000001", Address: "Số 5 đường Mẫu, xã Mẫu Sơn, tỉnh Mẫu", Phone: "0200 222 2222", Position: "Giám đốc"}}
	return in
}

// tkByPost is of an organization as subject, printed again after a correction.
func tkByPost() dossier.Sheet {
	in := tkAgency()
	in.Procedure, in.Channel, in.NationalCode = "unlock-account", dossier.ByPost, ""
	in.Subject, in.SubjectOrg = dossier.Person{}, dossier.Office{Name: "Công ty cổ phần Thử", Code: "0100000002"}
	note := "sửa ghi chú"
	s := sheetOf(TK03, in, doing{kind: dossier.Corrected, at: at(24, 9, 0), body: dossier.Correct{Note: &note, Why: "ghi nhầm"}})
	s.Nth = 1
	return s
}

func tkRefused() dossier.Sheet {
	in := tkAdult("lock-eid")
	in.Number, in.Due = "MS-261123-TC01", dossier.Due{}
	return dossier.Sheet{Form: TK03, Settings: madeUpSettings(),
		Dossier: courseOf(doing{kind: dossier.Refused, body: dossier.Refuse{Receive: in, Why: "thiếu thẻ"}, at: in.ReceivedAt})}
}

// tkLong is as long as may be typed.
func tkLong(procedure string, kind dossier.RequesterKind) dossier.Receive {
	in := letterLongIntake()
	in.Procedure, in.Requester.Kind = procedure, kind
	wide := dossier.Person{Name: letterWide(dossier.MaxName), Number: "0010990000012", Passport: letterWide(20), Born: dossier.Date{Year: 1999, Month: 1, Day: 2},
		Address: letterWide(dossier.MaxAddress), Phone: "0900 000 001", Email: strings.Repeat("w", 100)}
	in.Requester.Person, in.Requester.Representative, in.Subject = wide, wide, wide
	in.Requester.Relation = letterWide(40)
	in.Reason, in.Term = letterLongest, letterWide(dossier.MaxLine)
	in.ReceivedAt = time.Date(2026, 11, 23, 8, 5, 0, 0, dossier.Hanoi)
	return in
}

// asksFor makes a dossier be of a procedure that asks for that form, if there is one.
func asksFor(s *dossier.Sheet) {
	for _, procedure := range slices.Sorted(maps.Keys(formOf)) {
		if formOf[procedure] == s.Form {
			s.Dossier.Intake.Procedure = procedure
		}
	}
}
