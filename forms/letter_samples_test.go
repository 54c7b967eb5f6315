package forms

import (
	"strings"
	"time"

	"tiepnhan/dossier"
)

// The made-up letters of the tests, by the name of their golden.
var letterSamples = map[string]func() dossier.Sheet{
	"refusal-citizen": func() dossier.Sheet {
		return letterRefusal(letterIntake(), "Người nộp chưa xuất trình được thẻ căn cước còn hiệu lực.")
	},
	"refusal-long":         letterSampleRefusalLong,
	"supplement-agency":    letterSampleSupplement,
	"supplement-no-papers": letterSampleSupplementNoPapers,
	"supplement-long":      letterSampleSupplementLong,
	"apology-before": func() dossier.Sheet {
		return letterApology(at(26, 9, 0), "hệ thống định danh và xác thực điện tử gián đoạn từ ngày 24/11/2026")
	},
	"apology-late": func() dossier.Sheet {
		return letterApology(at(27, 17, 1), "hệ thống định danh và xác thực điện tử gián đoạn.")
	},
	"apology-long":          func() dossier.Sheet { return letterApology(at(30, 8, 0), letterLongest) },
	"apology-second":        letterSampleSecondApology,
	"stop-child":            letterSampleStop,
	"stop-long":             letterSampleStopLong,
	"result-notice-agency":  func() dossier.Sheet { return letterDecided(ResultNotice, letterApproved()) },
	"result-notice-at-once": letterSampleAtOnce,
	"result-notice-long":    letterSampleResultLong,
	"subject-notice-person": func() dossier.Sheet { return letterDecided(SubjectNotice, letterApproved()) },
	"subject-notice-long":   letterSampleSubjectLong,
	"refusal-answer-agency": func() dossier.Sheet {
		return letterDecided(RefusalAnswer, letterDeclined("Văn bản đề nghị chưa nêu căn cứ khóa theo quy định"))
	},
	"refusal-answer-long":     func() dossier.Sheet { return letterDecided(RefusalAnswer, letterDeclined(letterLongest)) },
	"refusal-answer-hostile":  func() dossier.Sheet { return letterDecided(RefusalAnswer, letterDeclined(letterHostile)) },
	"refusal-hostile":         func() dossier.Sheet { return letterRefusal(letterIntake(), letterHostile) },
	"stop-annulled-reprinted": letterSampleAnnulled,
}

// letterLongest is a reason as long as may be typed, in lines.
var letterLongest = func() string {
	text := []rune(strings.Repeat("Thông tin do người nộp cung cấp chưa thống nhất với Cơ sở dữ liệu căn cước, cần xác minh thêm tại nơi cư trú.\n", 30))
	return string(text[:dossier.MaxText])
}()

// letterHostile is what somebody may paste into a reason.
const letterHostile = "“<b>&amp;\\n%s{{.}}” (\\) \u202eđảo\u202c\u200b 😀 \x00\x07 Nguye\u0302\u0303n = 1+1;\tDROP TABLE\r\n\r\n\u2028=HYPERLINK(\"x\")"

const letterAuthority = "Cục Cảnh sát quản lý hành chính về trật tự xã hội, Bộ Công an"

func letterIntake() dossier.Receive {
	in := typicalIntake()
	in.Requester.Person.Sex = "Nam"
	return in
}

func letterRefusal(in dossier.Receive, why string) dossier.Sheet {
	in.Number, in.Due = "MS-261123-TC01", dossier.Due{}
	return dossier.Sheet{Form: Refusal, Settings: madeUpSettings(),
		Dossier: courseOf(doing{kind: dossier.Refused, body: dossier.Refuse{Receive: in, Why: why}, at: in.ReceivedAt})}
}

// letterWide is the longest that may be typed in most places, a receipt's long intake with it.
func letterWide(most int) string {
	return string([]rune(strings.Repeat("NGUYỄN ĐẶNG THƯỢNG ỨNG ẴM ", 20))[:most])
}

func letterLongIntake() dossier.Receive {
	in := longIntake()
	in.Unit.Phone = "+84 (0) 900-000-001"
	in.Requester.Person = dossier.Person{Name: letterWide(dossier.MaxName), Address: letterWide(dossier.MaxAddress), Phone: "0900 000 001", Email: strings.Repeat("w", 100)}
	in.Subject = dossier.Person{Name: letterWide(dossier.MaxName), Number: "001099000001"}
	return in
}

func letterSampleRefusalLong() dossier.Sheet { return letterRefusal(letterLongIntake(), letterLongest) }

func letterSampleSupplement() dossier.Sheet {
	return sheetOf(Supplement, agencyIntake(), doing{kind: dossier.AskedPapers, at: at(23, 15, 0), by: "doi", body: dossier.AskPapers{Why: "Giấy giới thiệu đã hết hạn; văn bản đề nghị thiếu dấu",
		At: at(23, 15, 0), Papers: []dossier.Paper{{Title: "Văn bản đề nghị của cơ quan tiến hành tố tụng", Originals: 1}, {Title: "Giấy giới thiệu", Originals: 1, Copies: 2}}}})
}

func letterSampleSupplementNoPapers() dossier.Sheet {
	in := childIntake()
	in.Unit.Phone = ""
	s := sheetOf(Supplement, in, doing{kind: dossier.AskedPapers, at: at(24, 9, 0), body: dossier.AskPapers{Why: "Phiếu đề nghị thiếu chữ ký của người đại diện.\nThiếu số thuê bao chính chủ."}})
	s.Settings.Units[0].Phone = ""
	return s
}

func letterSampleSupplementLong() dossier.Sheet {
	in := letterLongIntake()
	s := sheetOf(Supplement, in, doing{kind: dossier.AskedPapers, at: at(24, 9, 0), body: dossier.AskPapers{Why: letterLongest, Papers: in.Papers}})
	s.Settings.Units[0].Unit = in.Unit
	return s
}

func letterApology(when time.Time, why string) dossier.Sheet {
	return sheetOf(Apology, letterIntake(), doing{kind: dossier.Rescheduled, at: when, body: dossier.Reschedule{Due: dossier.Due{At: time.Date(2026, 12, 3, 17, 0, 0, 0, dossier.Hanoi)}, Why: why}})
}

// letterSampleSecondApology is one for a dossier whose papers came in late, and whose unit has a new name and a new head since.
func letterSampleSecondApology() dossier.Sheet {
	s := sheetOf(Apology, agencyIntake(),
		doing{kind: dossier.AskedPapers, at: at(24, 9, 0), body: dossier.AskPapers{Why: "thiếu dấu"}},
		doing{kind: dossier.AddedPapers, at: at(25, 9, 0), body: dossier.AddPapers{Papers: []dossier.Paper{{Title: "Giấy giới thiệu", Originals: 1}}, Due: dossier.Due{At: at(30, 17, 0)}}},
		doing{kind: dossier.Rescheduled, at: at(30, 9, 0), body: dossier.Reschedule{Due: dossier.Due{At: time.Date(2026, 12, 2, 17, 0, 0, 0, dossier.Hanoi)}, Why: "x"}},
		doing{kind: dossier.Rescheduled, at: at(32, 9, 0), body: dossier.Reschedule{Due: dossier.Due{At: time.Date(2026, 12, 7, 17, 0, 0, 0, dossier.Hanoi)}, Why: "chờ kết quả xác minh", Override: "Đồng ý"}})
	s.Settings.Units = append(s.Settings.Units, letterNewName())
	return s
}

// letterNewName is the unit from the last day of November on.
func letterNewName() dossier.UnitTerm {
	return dossier.UnitTerm{From: dossier.Date{Year: 2026, Month: 11, Day: 30}, Level: dossier.Commune, Prefix: "MM", Head: "Bùi Thị Đứng Đầu",
		Unit: dossier.Unit{Upper: "CÔNG AN THÀNH PHỐ MẪU", Name: "CÔNG AN PHƯỜNG MẪU MỚI", Place: "Mẫu Mới", Phone: "0200 000 0001"}}
}

func letterSampleStop() dossier.Sheet {
	s := sheetOf(Stop, childIntake(), doing{kind: dossier.Stopped, at: at(30, 9, 0), body: dossier.Reason{Why: "Người đại diện không bổ sung giấy tờ trong thời hạn đã yêu cầu"}})
	s.Settings.Units = append(s.Settings.Units, letterNewName())
	return s
}

func letterSampleStopLong() dossier.Sheet {
	s := sheetOf(Stop, letterLongIntake(), doing{kind: dossier.Stopped, at: at(30, 9, 0), body: dossier.Reason{Why: letterLongest}})
	s.Settings.Units[0].Head = letterWide(dossier.MaxName)
	return s
}

func letterSampleAnnulled() dossier.Sheet {
	s := sheetOf(Stop, letterIntake(), doing{kind: dossier.Stopped, at: at(30, 9, 0), body: dossier.Reason{Why: letterLongest}},
		doing{kind: dossier.Annulled, at: at(30, 10, 0), body: dossier.Reason{Why: "nhập trùng"}})
	s.Nth = 2
	return s
}

func letterDecision(approved bool, why string) dossier.Decision {
	return dossier.Decision{Approved: approved, Document: "345/C06-P5", Date: dossier.Date{Year: 2026, Month: 11, Day: 26}, By: letterAuthority, Why: why, At: at(26, 15, 0)}
}

func letterApproved() dossier.Decision           { return letterDecision(true, "") }
func letterDeclined(why string) dossier.Decision { return letterDecision(false, why) }

// letterDecided is an agency's dossier that was forwarded and decided.
func letterDecided(form string, d dossier.Decision) dossier.Sheet {
	in := agencyIntake()
	in.Reason, in.Ground = "phục vụ điều tra vụ án bí mật", "ACC_AGENCY"
	in.Subject.Number = "001088000002"
	return sheetOf(form, in, doing{kind: dossier.Forwarded, at: at(23, 16, 0), body: dossier.Forward{To: letterAuthority, At: at(23, 16, 0)}},
		doing{kind: dossier.Decided, at: at(26, 15, 0), body: d})
}

func letterSampleAtOnce() dossier.Sheet {
	return sheetOf(ResultNotice, shortIntake(), doing{kind: dossier.Performed, at: at(23, 8, 20), body: dossier.Perform{At: at(23, 8, 20), Reference: "VNEID-000123", Result: "Căn cước điện tử đã khóa"}})
}

func letterSampleResultLong() dossier.Sheet {
	d := letterApproved()
	d.Document, d.By = letterWide(dossier.MaxLine), letterWide(dossier.MaxLine)
	return sheetOf(ResultNotice, letterLongIntake(), doing{kind: dossier.Forwarded, at: at(23, 16, 0), body: dossier.Forward{To: letterLongest, At: at(23, 16, 0)}},
		doing{kind: dossier.Decided, at: at(26, 15, 0), body: d})
}

func letterSampleSubjectLong() dossier.Sheet {
	in := letterLongIntake()
	in.Subject, in.SubjectOrg = dossier.Person{}, dossier.Office{Name: letterWide(dossier.MaxName), Code: "0100000001"}
	d := letterApproved()
	d.Document = letterLongest
	return sheetOf(SubjectNotice, in, doing{kind: dossier.Decided, at: at(26, 15, 0), body: d})
}
