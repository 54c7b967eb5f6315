package forms

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// Text is the text of a form as the program came with it, for forms whose text is data (see dossier.Layout). Code: form.no-text.
func Text(form string) ([]byte, error) {
	if !drawings[form].data {
		return nil, dossier.Invalid("form", "form.no-text", "form", form)
	}
	return shippedText(form)
}

// CheckText looks at a text a keeper has written: every fault is a problem that says where it stands. A text without fault is drawn once for
// everybody it may be for, so that what is kept can also be printed. Codes: form.no-text, layout.…, text.too-long.
func CheckText(form string, text []byte) error {
	if !drawings[form].data {
		return dossier.Invalid("form", "form.no-text", "form", form)
	}
	if _, faults := readLayout(form, text); faults != nil {
		return faults
	}
	for _, s := range trials(form) {
		s.Layouts = []dossier.KeptLayout{{Layout: dossier.Layout{Form: form, Text: json.RawMessage(text)}}}
		doc, err := draw(context.Background(), []dossier.Sheet{s}, nil)
		if err != nil || len(doc.Pages()) > mostPages {
			return dossier.Invalid("rows", "layout.no-room")
		}
	}
	return nil
}

// mostPages is more than any form to be filled in has.
const mostPages = 6

// trials are a blank, and a made-up dossier of each kind of requester, with as high a foot as there may be.
func trials(form string) []dossier.Sheet {
	unit := dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ MẪU SƠN", Place: "Mẫu Sơn"}
	settings := dossier.Settings{Units: []dossier.UnitTerm{{Level: dossier.Commune, Unit: unit}}}
	someone := dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001", Passport: "X0000001", Born: dossier.Date{Year: 1999, Month: 1, Day: 2}, Sex: "Nam",
		Address: "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu", Phone: "0900 000 001", Email: "mau@vidu.vn"}
	office := dossier.Office{Name: "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", Code: "0100000001", Document: "12/YC-CSĐT",
		DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 20}, Position: "Điều tra viên", Address: someone.Address, Phone: "0200 111 1111"}
	out := []dossier.Sheet{{Form: form, Settings: settings}}
	in := dossier.Receive{Number: "MS-261123-0001", NationalCode: strings.Repeat("W", 50), Unit: unit, Channel: dossier.AtDesk, Subject: someone, SubjectOrg: office,
		Requester:  dossier.Requester{Person: someone, Agency: office, Representative: someone, Relation: "cha"},
		ReceivedAt: time.Date(2026, 11, 23, 8, 5, 0, 0, dossier.Hanoi), Reason: "Mất điện thoại", Term: "Cho đến khi có đề nghị mở khóa"}
	for procedure, asked := range formOf {
		if asked == form {
			in.Procedure = max(in.Procedure, procedure) // one of them: the others only tick other boxes
		}
	}
	for _, in.Requester.Kind = range dossier.RequesterKinds {
		out = append(out, dossier.Sheet{Form: form, Settings: settings, Nth: 99, Dossier: dossier.Dossier{Number: in.Number, Intake: in}})
	}
	return out
}
