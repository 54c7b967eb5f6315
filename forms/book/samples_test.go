package book

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
)

func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, dossier.Hanoi)
}

func on(year int, month time.Month, day int) dossier.Date {
	return dossier.Date{Year: year, Month: month, Day: day}
}

var madeUpUnit = dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ MẪU SƠN", Place: "Mẫu Sơn", Phone: "0200 000 0000"}

var madeUpSettings = dossier.Settings{
	Units:    []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MS", Head: "Trung tá Hoàng Văn Trưởng", Unit: madeUpUnit}},
	Officers: []dossier.Officer{{ID: "tiep", Name: "Lê Thị Tiếp Nhận", Title: "Cán bộ"}},
}

var infos = map[string]dossier.FormInfo{
	intakeRegister:   {Key: intakeRegister, Code: "BM.02", Title: "Sổ tiếp nhận và theo dõi giải quyết hồ sơ", Unseen: true, Book: true},
	trackingRegister: {Key: trackingRegister, Code: "BM.06", Title: "Sổ theo dõi hồ sơ", Book: true},
	archiveList:      {Key: archiveList, Title: "Mục lục hồ sơ nộp lưu", Unseen: true, Book: true},
	archiveCover:     {Key: archiveCover, Title: "Bìa hồ sơ nộp lưu", Unseen: true, Book: true},
}

var allBooks = []string{intakeRegister, trackingRegister, archiveList, archiveCover}

// bookOf is a book of those dossiers.
func bookOf(key string, from, to dossier.Date, all ...dossier.Dossier) dossier.Book {
	return dossier.Book{Key: key, Set: "police", From: from, To: to, Settings: madeUpSettings, Now: at(11, 30, 17, 0),
		Rows: func(yield func(dossier.Dossier) error) error {
			for _, d := range all {
				if err := yield(d); err != nil {
					return err
				}
			}
			return nil
		}}
}

func step(kind dossier.Kind, when time.Time, body any) dossier.Step {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return dossier.Step{Event: dossier.Event{Kind: kind, By: "tiep", At: when, Body: b}, Effect: dossier.Applied}
}

const (
	issue = "Cấp tài khoản định danh điện tử mức độ 02, căn cước điện tử cho công dân Việt Nam"
	lock  = "Khóa tài khoản định danh điện tử"
)

// citizen is received at the desk at that moment and due three days later.
func citizen(when time.Time, n int) dossier.Dossier {
	in := dossier.Receive{
		Number: dossier.FormatNumber("MS", dossier.DateOf(when), n), Procedure: "issue-level2", FormSet: "police", Unit: madeUpUnit, Title: issue,
		Requester: dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001",
			Address: "Số 1 Phố Mẫu, thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu", Phone: "0900 000 001"}},
		Channel: dossier.AtDesk, Sets: 1, ReceivedAt: when,
		Papers: []dossier.Paper{{Title: "Phiếu đề nghị cấp tài khoản định danh điện tử (mẫu TK01)", Originals: 1}, {Title: "Thẻ căn cước (xuất trình)", Originals: 1}},
		Due:    dossier.Due{At: when.Truncate(24 * time.Hour).Add(3*24*time.Hour + 10*time.Hour), Limit: "3 ngày làm việc"}, ReturnPlace: madeUpUnit.Name,
	}
	return dossier.Dossier{ID: dossier.ID{byte(n), byte(when.Day())}, Number: in.Number, Status: dossier.StatusReceived, Intake: in, Due: in.Due,
		Course: []dossier.Step{step(dossier.Received, when, in)}}
}

// agency is a body's request to lock an account.
func agency(when time.Time, n int) dossier.Dossier {
	d := citizen(when, n)
	d.Intake.Title = lock
	d.Intake.NationalCode = fmt.Sprintf("G01.999.000-%02d%02d%02d-%04d", when.Year()%100, when.Month(), when.Day(), n)
	d.Intake.Requester = dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Phạm Văn Điều Tra", Number: "001085000002", Phone: "0900 000 002"},
		Agency: dossier.Office{Name: "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", Document: "12/YC-CSĐT", DocumentDate: on(2026, 11, 20), Position: "Điều tra viên",
			Address: "Số 2 đường Mẫu, phường Mẫu, tỉnh Mẫu", Phone: "0200 111 1111"}}
	d.Intake.Subject = dossier.Person{Name: "Hoàng Văn Thí Dụ", Number: "001090000003"}
	d.Intake.Papers = []dossier.Paper{{Title: "Phiếu đề nghị khóa tài khoản định danh điện tử (mẫu TK03)", Originals: 1}, {Title: "Giấy giới thiệu", Originals: 1, Copies: 1}}
	return d
}

// returned is handed back that many hours after it was received.
func returned(d dossier.Dossier, hours int, approved bool) dossier.Dossier {
	end := d.Intake.ReceivedAt.Add(time.Duration(hours) * time.Hour)
	d.Forward = &dossier.Forward{To: "Cơ quan quản lý căn cước Bộ Công an", At: d.Intake.ReceivedAt.Add(time.Hour)}
	d.Decision = &dossier.Decision{Approved: approved, Document: "345/QLHC", Date: dossier.DateOf(end), By: "Cục Cảnh sát QLHC về TTXH", At: end}
	if !approved {
		d.Decision.Why = "Tài khoản đã bị khóa trước đó"
	}
	d.EndedAt, d.Status = end, dossier.StatusReturned
	d.Returned = &dossier.HandBack{To: d.Intake.Requester.Name()}
	d.Course = append(d.Course, step(dossier.HandedBack, end.Add(time.Hour), *d.Returned))
	return d
}

func ended(d dossier.Dossier, status dossier.Status, why string) dossier.Dossier {
	d.Status, d.Why, d.EndedAt = status, why, d.Intake.ReceivedAt.Add(2*time.Hour)
	return d
}

func refused(when time.Time, n int) dossier.Dossier {
	d := citizen(when, n)
	d.Number = dossier.FormatRefusal("MS", dossier.DateOf(when), n)
	d.Intake.Number, d.Intake.Due, d.Due = d.Number, dossier.Due{}, dossier.Due{}
	d.Course = []dossier.Step{step(dossier.Refused, when, dossier.Refuse{Receive: d.Intake})}
	return ended(d, dossier.StatusRefused, "Không thuộc thẩm quyền giải quyết của đơn vị")
}

// mixed is a dossier of every course, over two days.
func mixed() []dossier.Dossier {
	corrected := citizen(at(11, 23, 9, 0), 3)
	corrected.Course = append(corrected.Course, step(dossier.Corrected, at(11, 23, 10, 0), dossier.Correct{Why: "Sai địa chỉ"}))
	handed := step(dossier.HandedOver, at(11, 23, 9, 30), dossier.HandOver{From: "Lê Thị Tiếp Nhận", To: "Trần Văn Xử Lý"})
	corrected.Course = append(corrected.Course, handed)
	asked := ended(citizen(at(11, 23, 9, 30), 4), dossier.StatusAsked, "Thiếu bản sao giấy khai sinh")
	asked.EndedAt = time.Time{}
	apology := citizen(at(11, 23, 10, 0), 5)
	apology.Status, apology.Reschedules, apology.Due.At = dossier.StatusProcessing, 1, at(12, 1, 17, 0)
	child := citizen(at(11, 24, 8, 0), 1)
	child.Intake.Requester.Person = dossier.Person{Name: "Nguyễn Thị Bé", Address: "Số 1 Phố Mẫu, xã Mẫu Sơn, tỉnh Mẫu"}
	child.Intake.Requester.Representative = dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001", Phone: "0900 000 001"}
	child.Intake.Requester.Relation = "cha"
	disputed := agency(at(11, 24, 9, 0), 2)
	disputed.Disputes = []dossier.Dispute{{}}
	online := citizen(at(11, 24, 9, 30), 3)
	online.Intake.Channel, online.Intake.ReturnPlace = dossier.Online, "Cổng dịch vụ công"
	return []dossier.Dossier{
		returned(citizen(at(11, 23, 7, 45), 1), 24, true),
		returned(agency(at(11, 23, 8, 15), 2), 3*24+1, true),
		corrected, asked, apology, refused(at(11, 23, 8, 30), 1),
		child, disputed,
		returned(online, 5*24, true),
		returned(agency(at(11, 24, 10, 0), 4), 48, false),
		ended(citizen(at(11, 24, 10, 30), 5), dossier.StatusWithdrawn, "Công dân đổi ý"),
		ended(citizen(at(11, 24, 11, 0), 6), dossier.StatusStopped, "Không bổ sung giấy tờ đúng hạn"),
		ended(citizen(at(11, 24, 13, 30), 7), dossier.StatusAnnulled, "Tiếp nhận hai lần"),
		ended(refused(at(11, 24, 14, 0), 1), dossier.StatusAnnulled, "Từ chối nhầm"),
	}
}

// many are n plain dossiers, 25 a day.
func many(n int) []dossier.Dossier {
	var out []dossier.Dossier
	for i := range n {
		when := at(1, 5, 7, 30).AddDate(0, 0, i/25).Add(time.Duration(i%25) * 15 * time.Minute)
		d := citizen(when, i%25+1)
		if i%3 == 0 {
			d = agency(when, i%25+1)
		}
		if i%4 != 0 {
			d = returned(d, 20+i%60, true)
		}
		out = append(out, d)
	}
	return out
}

// long is a dossier with everything at its permitted longest, written with every Vietnamese letter.
func long(when time.Time, n int) dossier.Dossier {
	text := func(letters int) string {
		r := []rune(strings.Repeat(vietnamese+" ", letters/len([]rune(vietnamese))+1))
		return strings.TrimSpace(string(r[:letters]))
	}
	d := agency(when, n)
	in := &d.Intake
	in.NationalCode = text(dossier.MaxLine)
	in.Requester.Person = dossier.Person{Name: text(dossier.MaxName), Number: "001099000001", Phone: text(dossier.MaxLine)}
	in.Requester.Agency = dossier.Office{Name: text(dossier.MaxName), Document: text(dossier.MaxLine), DocumentDate: on(2026, 11, 20), Address: text(dossier.MaxAddress), Phone: text(dossier.MaxLine)}
	in.Subject.Name, in.Title, in.ReturnPlace = text(dossier.MaxName), text(dossier.MaxLine), text(dossier.MaxName)
	in.Papers = nil
	for range 12 {
		in.Papers = append(in.Papers, dossier.Paper{Title: text(dossier.MaxLine), Originals: 99, Copies: 99})
	}
	d.Forward = &dossier.Forward{To: text(dossier.MaxLine), At: when}
	return ended(d, dossier.StatusWithdrawn, text(dossier.MaxText))
}

const vietnamese = "aàảãáạăằẳẵắặâầẩẫấậ bcdđeèẻẽéẹêềểễếệ fghiìỉĩíị klmnoòỏõóọôồổỗốộơờởỡớợ pqrstuùủũúụưừửữứựv xyỳỷỹýỵwjz " +
	"AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ BCDĐEÈẺẼÉẸÊỀỂỄẾỆ FGHIÌỈĨÍỊ KLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ PQRSTUÙỦŨÚỤƯỪỬỮỨỰV XYỲỶỸÝỴWJZ 0123456789"
