package forms

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// The made-up receipts of the tests.
var samples = map[string]func() dossier.Sheet{"short": short, "typical": typical, "agency": agency, "child": ofAChild, "long": long}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, dossier.Hanoi)
}

var madeUpUnit = dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ MẪU SƠN", Place: "Mẫu Sơn", Phone: "0200 000 0000"}

// madeUpSettings are those of the made-up station; its officers sign in as tiepnhan and doi.
func madeUpSettings() dossier.Settings {
	return dossier.Settings{
		Units:    []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MS", Head: "Vũ Đình Trưởng", Unit: madeUpUnit}},
		Desk:     1,
		Officers: []dossier.Officer{{ID: "tiepnhan", Name: "Lê Thị Tiếp Nhận", Title: "Cán bộ tiếp nhận"}, {ID: "doi", Name: "Đỗ Văn Đội", Title: "Đội trưởng"}},
		Hours:    dossier.DefaultHours, FormSet: Police,
	}
}

// doing is one act of a made-up course: what, by whom, and when the clock said so.
type doing struct {
	kind dossier.Kind
	body any
	at   time.Time
	by   dossier.OfficerID // empty for tiepnhan
}

// courseOf is the dossier those acts, one after the other, amount to.
func courseOf(acts ...doing) dossier.Dossier {
	var entries []dossier.Entry
	id := dossier.ID{1}
	for i, act := range acts {
		text, err := json.Marshal(act.body)
		if err != nil {
			panic(err) // our own values marshal
		}
		e := dossier.Event{ID: dossier.EventID{byte(i >> 8), byte(i), 1}, Dossier: id, Kind: act.kind, By: act.by, At: act.at, Body: text}
		if e.By == "" {
			e.By = "tiepnhan"
		}
		if i > 0 {
			e.Bases = []dossier.EventID{entries[i-1].ID}
		}
		entry, err := dossier.Seal(e, [16]byte{byte(i)})
		if err != nil {
			panic(err)
		}
		entries = append(entries, entry)
	}
	return dossier.Replay(entries)
}

// sheetOf is a form of a dossier that was received so, and of what happened to it since.
func sheetOf(form string, in dossier.Receive, acts ...doing) dossier.Sheet {
	first := doing{kind: dossier.Received, body: in, at: in.ReceivedAt}
	return dossier.Sheet{Form: form, Dossier: courseOf(append([]doing{first}, acts...)...), Settings: madeUpSettings()}
}

// typical is a citizen at the desk.
func typical() dossier.Sheet { return sheetOf(Receipt, typicalIntake()) }

func typicalIntake() dossier.Receive {
	return dossier.Receive{
		Number: "MS-261123-0001", Procedure: "issue-level2", FormSet: Police, Unit: madeUpUnit,
		Title: "Cấp tài khoản định danh điện tử mức độ 02, căn cước điện tử cho công dân Việt Nam",
		Requester: dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{
			Name: "Nguyễn Văn Mẫu", Number: "001099000001", Address: "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu",
			Phone: "0900 000 001", Email: "mau@vidu.vn"}},
		Channel: dossier.AtDesk, Sets: 1, ReceivedAt: at(23, 8, 5),
		Papers: []dossier.Paper{{Title: "Phiếu đề nghị cấp tài khoản định danh điện tử (mẫu TK01)", Originals: 1},
			{Title: "Thẻ căn cước (xuất trình, không nộp)", Originals: 1}},
		Due:         dossier.Due{At: at(27, 17, 0), Limit: "3 ngày làm việc"},
		ReturnPlace: "Bộ phận Tiếp nhận và Trả kết quả, Công an xã Mẫu Sơn",
	}
}

func short() dossier.Sheet { return sheetOf(Receipt, shortIntake()) }

// agency is a body that brings a written request; printed again.
func agency() dossier.Sheet {
	p := sheetOf(Receipt, agencyIntake())
	p.Nth = 1
	return p
}

func ofAChild() dossier.Sheet { return sheetOf(Receipt, childIntake()) }

func long() dossier.Sheet {
	p := sheetOf(Receipt, longIntake())
	p.Nth = 1
	return p
}

// shortIntake is the least a receipt can hold.
func shortIntake() dossier.Receive {
	in := typicalIntake()
	in.Title = "Khóa căn cước điện tử"
	in.Requester.Person = dossier.Person{Name: "Trần Thị Thử"}
	in.Papers = in.Papers[:1]
	in.Papers[0].Title = "Phiếu đề nghị khóa, mở khóa tài khoản định danh điện tử, căn cước điện tử (mẫu TK03)"
	in.ReturnPlace, in.Unit.Phone = "", ""
	in.Due = dossier.Due{At: at(23, 11, 30), Limit: "ngay sau khi nhận được yêu cầu"}
	return in
}

func agencyIntake() dossier.Receive {
	in := typicalIntake()
	in.NationalCode = "G01.999.000-261123-0001"
	in.Title = "Khóa tài khoản định danh điện tử"
	in.Requester = dossier.Requester{Kind: dossier.Agency,
		Person: dossier.Person{Name: "Phạm Văn Điều Tra", Phone: "0900 000 002"},
		Agency: dossier.Office{Name: "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", Document: "12/YC-CSĐT", DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 20},
			Position: "Điều tra viên", Address: "Số 2 đường Mẫu, phường Mẫu, tỉnh Mẫu", Phone: "0200 111 1111"}}
	in.Subject = dossier.Person{Name: "Hoàng Văn Thí Dụ"}
	in.Papers = []dossier.Paper{{Title: "Phiếu đề nghị khóa, mở khóa tài khoản định danh điện tử, căn cước điện tử (mẫu TK03)", Originals: 1}, {Title: "Văn bản đề nghị của cơ quan tiến hành tố tụng", Originals: 1}, {Title: "Giấy giới thiệu", Originals: 1, Copies: 1}}
	return in
}

// childIntake is of one under 14 who comes with a parent.
func childIntake() dossier.Receive {
	in := typicalIntake()
	in.Requester.Person = dossier.Person{Name: "Nguyễn Thị Bé", Address: "Số 1 Phố Mẫu, xã Mẫu Sơn, tỉnh Mẫu"}
	in.Requester.Representative = dossier.Person{Name: "Nguyễn Văn Mẫu", Phone: "0900 000 001"}
	in.Requester.Relation = "cha"
	return in
}

// longIntake is as long as papers really get.
func longIntake() dossier.Receive {
	in := agencyIntake()
	in.Unit = dossier.Unit{Upper: "CÔNG AN THÀNH PHỐ HỒ CHÍ MINH", Name: "CÔNG AN ĐẶC KHU MẪU ĐẢO PHÚ QUÝ VÀ CÁC XÃ LÂN CẬN", Place: "Thành phố Hồ Chí Minh", Phone: "028 0000 0000", Intake: "Trung tâm Phục vụ hành chính công đặc khu Mẫu Đảo"}
	in.Number = "H56.22.17.00000000000000000000000000-261123-0001"
	in.Requester.Agency.Name = strings.Repeat("Cơ quan Cảnh sát điều tra ", 7)
	in.Requester.Agency.Address = strings.Repeat("Thôn Thượng, xã Mẫu Sơn, ", 12)
	in.Title = "Cấp tài khoản định danh điện tử cho cơ quan, tổ chức"
	in.Papers = nil
	for i := range 12 {
		in.Papers = append(in.Papers, dossier.Paper{Title: "Văn bản số " + fmt.Sprint(i+1) + " của người đại diện theo pháp luật, người đứng đầu hoặc người được ủy quyền, kèm theo ý kiến đồng ý của toàn bộ người đại diện khác (nếu có)", Originals: 1, Copies: i % 3})
	}
	return in
}
