package forms

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// Why each letter cannot be had.
func TestLetterThatTheCourseDoesNotAllowIsRefused(t *testing.T) {
	in := letterIntake()
	ask := func(why string) doing {
		return doing{kind: dossier.AskedPapers, at: at(23, 9, 0), body: dossier.AskPapers{Why: why}}
	}
	add := doing{kind: dossier.AddedPapers, at: at(24, 9, 0), body: dossier.AddPapers{}}
	again := func(why, override string) doing {
		return doing{kind: dossier.Rescheduled, at: at(26, 9, 0), body: dossier.Reschedule{Why: why, Override: override, Due: dossier.Due{At: at(30, 17, 0)}}}
	}
	stop := func(why string) doing {
		return doing{kind: dossier.Stopped, at: at(26, 9, 0), body: dossier.Reason{Why: why}}
	}
	decide := func(approved bool, why string) doing {
		return doing{kind: dossier.Decided, at: at(26, 9, 0), body: letterDecision(approved, why)}
	}
	perform := doing{kind: dossier.Performed, at: at(23, 9, 0), body: dossier.Perform{At: at(23, 9, 0)}}
	own := agencyIntake()
	own.Subject, own.SubjectOrg = dossier.Person{}, dossier.Office{}
	same := letterIntake()
	same.Subject = same.Requester.Person
	itself := agencyIntake()
	itself.Subject, itself.SubjectOrg = dossier.Person{}, dossier.Office{Name: itself.Requester.Agency.Name}
	const blank = " \n\u200b\t"
	for _, c := range []struct {
		what string
		s    dossier.Sheet
		code string
	}{
		{"refusal of one received", sheetOf(Refusal, in), "form.not-refused"},
		{"refusal without a reason", letterRefusal(in, ""), "form.no-reason"},
		{"refusal with nothing one can see", letterRefusal(in, blank), "form.no-reason"},
		{"supplement never asked", sheetOf(Supplement, in), "form.not-asked"},
		{"supplement of a refused intake", letterOf(Supplement, letterRefusal(in, "x")), "form.not-asked"},
		{"supplement without a reason", sheetOf(Supplement, in, ask(blank)), "form.no-reason"},
		{"supplement, the latest without one", sheetOf(Supplement, in, ask("x"), add, ask("")), "form.no-reason"},
		{"apology for nothing", sheetOf(Apology, in), "form.not-rescheduled"},
		{"apology for a refused intake", letterOf(Apology, letterRefusal(in, "x")), "form.not-rescheduled"},
		{"apology without a reason", sheetOf(Apology, in, again("", "")), "form.no-reason"},
		{"second apology nobody allowed", sheetOf(Apology, in, again("x", ""), again("y", "")), "form.second-apology"},
		{"second apology allowed without a word", sheetOf(Apology, in, again("x", ""), again("y", blank)), "form.second-apology"},
		{"third apology nobody allowed", sheetOf(Apology, in, again("x", ""), again("y", "được"), again("z", "")), "form.second-apology"},
		{"stop of one not stopped", sheetOf(Stop, in), "form.not-stopped"},
		{"stop of one withdrawn", sheetOf(Stop, in, doing{kind: dossier.Withdrawn, at: at(24, 9, 0), body: dossier.Reason{Why: "x"}}), "form.not-stopped"},
		{"stop without a reason", sheetOf(Stop, in, stop("")), "form.no-reason"},
		{"stop in a set without it", letterIn(TT012018, sheetOf(Stop, in, stop("x"))), "form.unknown"},
		{"result of one in work", sheetOf(ResultNotice, agencyIntake()), "form.not-decided"},
		{"result of one refused", letterOf(ResultNotice, letterRefusal(in, "x")), "form.not-decided"},
		{"result not approved", letterDecided(ResultNotice, letterDeclined("x")), "form.declined"},
		{"subject of one in work", sheetOf(SubjectNotice, agencyIntake()), "form.not-decided"},
		{"subject not approved", letterDecided(SubjectNotice, letterDeclined("x")), "form.declined"},
		{"subject who asked himself", sheetOf(SubjectNotice, in, perform), "form.same-person"},
		{"subject typed anew", sheetOf(SubjectNotice, same, perform), "form.same-person"},
		{"subject that is the organization itself", sheetOf(SubjectNotice, itself, decide(true, "")), "form.same-person"},
		{"subject of an agency's own account", sheetOf(SubjectNotice, own, decide(true, "")), "form.same-person"},
		{"answer to one in work", sheetOf(RefusalAnswer, agencyIntake()), "form.not-decided"},
		{"answer to one approved", letterDecided(RefusalAnswer, letterApproved()), "form.approved"},
		{"answer to one done at once", sheetOf(RefusalAnswer, in, perform), "form.approved"},
		{"answer without a reason", letterDecided(RefusalAnswer, letterDeclined(blank)), "form.no-reason"},
		{"refusal purged", letterPurged(letterRefusal(in, "x"), dossier.Refused), "form.content-purged"},
		{"supplement purged", letterPurged(sheetOf(Supplement, in, ask("x")), dossier.AskedPapers), "form.content-purged"},
		{"apology purged", letterPurged(sheetOf(Apology, in, again("x", "")), dossier.Rescheduled), "form.content-purged"},
		{"apology after papers purged", letterPurged(sheetOf(Apology, in, ask("x"), add, again("x", "")), dossier.AddedPapers), "form.content-purged"},
		{"stop purged", letterPurged(sheetOf(Stop, in, stop("x")), dossier.Stopped), "form.content-purged"},
		{"reception purged", letterPurged(sheetOf(Stop, in, stop("x")), dossier.Received), "form.content-purged"},
		{"decision purged", letterPurged(letterDecided(ResultNotice, letterApproved()), dossier.Decided), "form.content-purged"},
		{"answer purged", letterPurged(letterDecided(RefusalAnswer, letterDeclined("x")), dossier.Decided), "form.content-purged"},
		{"subject purged", letterPurged(letterDecided(SubjectNotice, letterApproved()), dossier.Decided), "form.content-purged"},
		{"unreadable", letterUnreadable(sheetOf(Stop, in, stop("x"))), "form.content-purged"},
	} {
		err := Possible(c.s)
		if dossier.Code(err) != c.code {
			t.Errorf("%s: %v, want %s", c.what, err, c.code)
			continue
		}
		if pdf, again := Render(context.Background(), []dossier.Sheet{c.s}, nil); dossier.Code(again) != c.code || pdf != nil {
			t.Errorf("%s is drawn all the same (%v)", c.what, again)
		}
		var ps dossier.Problems
		errors.As(err, &ps)
		if words := assets.Word(ps[0].Code, ps[0].Args); strings.ContainsAny(words, "{}") || strings.Contains(words, "form.") {
			t.Errorf("%s is said as %q", c.what, words)
		}
	}
	for name, sample := range letterSamples {
		if err := Possible(sample()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func letterOf(form string, s dossier.Sheet) dossier.Sheet { s.Form = form; return s }
func letterIn(set string, s dossier.Sheet) dossier.Sheet  { s.Set = set; return s }

// letterPurged is the sheet after what was said in the acts of that kind was purged, as a replay has it.
func letterPurged(s dossier.Sheet, kind dossier.Kind) dossier.Sheet {
	var entries []dossier.Entry
	for i, step := range s.Dossier.Course {
		entry, err := dossier.Seal(step.Event, [16]byte{byte(i)})
		if err != nil {
			panic(err) // they were sealed before
		}
		if step.Kind == kind {
			entry.Purged, entry.Body, entry.Salt = true, nil, [16]byte{}
		}
		entries = append(entries, entry)
	}
	s.Dossier = dossier.Replay(entries)
	return s
}

// letterUnreadable has an act whose body is of no version of ours.
func letterUnreadable(s dossier.Sheet) dossier.Sheet {
	last := &s.Dossier.Course[len(s.Dossier.Course)-1]
	last.Body = []byte(`{"why": 7}`)
	return s
}

func letterSays(t *testing.T, s dossier.Sheet, all ...string) {
	t.Helper()
	text := letterText(t, s)
	for _, want := range all {
		if without, not := strings.CutPrefix(want, "!"); not && strings.Contains(text, without) {
			t.Errorf("%s says %q:\n%s", s.Form, without, text)
		} else if !not && !strings.Contains(text, want) {
			t.Errorf("%s does not say %q:\n%s", s.Form, want, text)
		}
	}
}

// The rows of Mẫu số 03, 02 and 04 as domain.md has them.
func TestSlipsHaveTheRowsOfTheOfficialForms(t *testing.T) {
	letterSays(t, letterSamples["refusal-citizen"](), "BM.03", "Số: MS-261123-TC01", "Mẫu Sơn, ngày 23 tháng 11 năm 2026",
		"PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "Bộ phận Tiếp nhận và Trả kết quả: Công an xã Mẫu Sơn", "Tiếp nhận hồ sơ của: Nguyễn Văn Mẫu",
		"Địa chỉ: Số 1 Phố Mẫu", "Số điện thoại: 0900 000 001", "Email: mau@vidu.vn", "Nội dung yêu cầu giải quyết: Cấp tài khoản",
		"Qua xem xét, Bộ phận Tiếp nhận và Trả kết quả, Công an xã Mẫu Sơn thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau: "+
			"Người nộp chưa xuất trình được thẻ căn cước còn hiệu lực. Xin thông báo cho Ông/Bà được biết và thực hiện.",
		"NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Nguyễn Văn Mẫu", "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Tiếp Nhận", "!Mã hồ sơ", "!lại lần")
	letterSays(t, letterSampleSupplement(), "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Số: ............/HDHS", "Mã hồ sơ: G01.999.000-261123-0001",
		"Tiếp nhận hồ sơ/yêu cầu của: Cơ quan Cảnh sát điều tra", "Yêu cầu Quý cơ quan hoàn thiện hồ sơ gồm những nội dung như sau: TT Thành phần hồ sơ",
		"2 Giấy giới thiệu 01 02", "Lý do: Giấy giới thiệu đã hết hạn; văn bản đề nghị thiếu dấu. Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Quý cơ quan liên hệ với",
		"số điện thoại 0200 000 0000 để được hướng dẫn./.", "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Đỗ Văn Đội", "!NGƯỜI NỘP")
	letterSays(t, letterSampleSupplementNoPapers(), "Mã hồ sơ: MS-261123-0001", "Ông/Bà: Nguyễn Thị Bé – người đại diện: Nguyễn Văn Mẫu (cha)",
		"Lý do: Phiếu đề nghị thiếu chữ ký của người đại diện. Thiếu số thuê bao chính chủ. Trong", "số điện thoại .............................. để", "!Thành phần hồ sơ")
	letterSays(t, letterSamples["apology-late"](), "BM.04", "Số: ............/PXL", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "Kính gửi: Ông/Bà Nguyễn Văn Mẫu",
		"Ngày 23 tháng 11 năm 2026, Công an xã Mẫu Sơn tiếp nhận giải quyết hồ sơ đề nghị cấp tài khoản định danh điện tử mức độ 02, căn cước điện tử cho công dân Việt Nam của Ông/Bà; Mã hồ sơ: MS-261123-0001 .",
		"Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
		"Tuy nhiên đến nay Công an xã Mẫu Sơn chưa trả kết quả giải quyết hồ sơ của Ông/Bà đúng thời hạn quy định ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả. Lý do: hệ thống",
		"Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà.", "Công an xã Mẫu Sơn xin lỗi Ông/Bà và sẽ trả kết quả giải quyết hồ sơ vào ngày 03 tháng 12 năm 2026",
		"Mong nhận được sự thông cảm của Ông/Bà vì sự chậm trễ này.", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký tên và đóng dấu) Vũ Đình Trưởng", "Nơi nhận: - Như trên;")
	letterSays(t, letterIn(TT032025, letterSamples["apology-late"]()), "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "Mẫu số 04", "!/PXL")
}

// An apology may be sent while the appointment has not passed: what it says is true then too.
func TestApologySaysOnlyWhatIsTrueOnItsDay(t *testing.T) {
	for _, before := range []dossier.Sheet{letterSamples["apology-before"](), letterApology(at(27, 17, 0), "x")} {
		letterSays(t, before, "Tuy nhiên, Công an xã Mẫu Sơn chưa thể trả kết quả giải quyết hồ sơ của Ông/Bà đúng thời hạn", "Sự chậm trễ này gây phiền hà", "!đến nay", "!đã gây")
	}
	letterSays(t, letterApology(at(27, 17, 1), "x"), "Tuy nhiên đến nay", "đã gây", "!chưa thể")
	letterSays(t, letterSampleSecondApology(), "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 30 tháng 11 năm 2026 (tính lại sau khi hồ sơ được bổ sung).",
		"Kết quả đã được hẹn lại lần trước vào ngày 02 tháng 12 năm 2026.", "đúng thời hạn nêu trên.", "!Giấy tiếp nhận hồ sơ và hẹn", "ngày 07 tháng 12 năm 2026", "!Đồng ý")
	letterSays(t, letterApology(at(27, 18, 0), "x"), "!hẹn lại lần trước", "!tính lại")
	// What came after the act does not change its letter.
	first := sheetOf(Apology, letterIntake(), doing{kind: dossier.Rescheduled, at: at(26, 9, 0), body: dossier.Reschedule{Why: "x", Due: dossier.Due{At: at(30, 17, 0)}}})
	later := sheetOf(Apology, letterIntake(), doing{kind: dossier.Rescheduled, at: at(26, 9, 0), body: dossier.Reschedule{Why: "x", Due: dossier.Due{At: at(30, 17, 0)}}},
		doing{kind: dossier.AskedPapers, at: at(27, 9, 0), body: dossier.AskPapers{Why: "x"}},
		doing{kind: dossier.AddedPapers, at: at(27, 10, 0), body: dossier.AddPapers{Due: dossier.Due{At: at(32, 17, 0)}}})
	if letterText(t, first) != letterText(t, later) {
		t.Error("papers that came after the apology change it")
	}
}

// Paper is headed and signed as on the day of the act; what was then done under another name is told under that name.
func TestLetterOfARenamedUnitNamesBoth(t *testing.T) {
	letterSays(t, letterSampleStop(), "CÔNG AN THÀNH PHỐ MẪU CÔNG AN PHƯỜNG MẪU MỚI", "Mẫu Mới, ngày 30 tháng 11 năm 2026",
		"Ngày 23 tháng 11 năm 2026, Công an xã Mẫu Sơn tiếp nhận hồ sơ", "Công an phường Mẫu Mới thông báo dừng giải quyết hồ sơ nêu trên kể từ ngày 30 tháng 11 năm 2026", "Bùi Thị Đứng Đầu", "!Vũ Đình Trưởng")
	before := letterApology(at(27, 9, 0), "x")
	before.Settings.Units = append(before.Settings.Units, letterNewName())
	letterSays(t, before, "CÔNG AN XÃ MẪU SƠN", "Vũ Đình Trưởng", "!Mẫu Mới")
	nobody := letterApology(at(27, 9, 0), "x")
	nobody.Settings = dossier.Settings{}
	letterSays(t, nobody, "CÔNG AN XÃ MẪU SƠN", "hồ sơ. THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký tên và đóng dấu)", "!Vũ Đình Trưởng")
}

func TestLettersSpeakToWhoAsked(t *testing.T) {
	organization := letterIntake()
	organization.Requester = dossier.Requester{Kind: dossier.Organization, Agency: dossier.Office{Name: "Công ty TNHH Mẫu & Thử"}, Person: organization.Requester.Person}
	foreigner := letterIntake()
	foreigner.Requester.Kind, foreigner.Requester.Person.Name = dossier.Foreigner, "Mau s/o Thu"
	for want, in := range map[string]dossier.Receive{
		"Kính gửi: Công ty TNHH Mẫu & Thử|của Quý cơ quan, tổ chức; Mã hồ sơ":                                                           organization,
		"Kính gửi: Ông/Bà Mau s/o Thu|của Ông/Bà; Mã hồ sơ":                                                                             foreigner,
		"Kính gửi: Ông/Bà Nguyễn Văn Mẫu (cha), người đại diện của Nguyễn Thị Bé|Việt Nam (đối với Nguyễn Thị Bé) của Ông/Bà; Mã hồ sơ": childIntake(),
		"Kính gửi: Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu|tử (đối với Hoàng Văn Thí Dụ) của Quý cơ quan; Mã hồ sơ":                  agencyIntake(),
	} {
		letterSays(t, sheetOf(Stop, in, doing{kind: dossier.Stopped, at: at(24, 9, 0), body: dossier.Reason{Why: "x"}}), strings.Split(want, "|")...)
	}
}

// The station passes on what others decided, and says whose word it is.
func TestNoticesSayWhoDecided(t *testing.T) {
	letterSays(t, letterDecided(ResultNotice, letterApproved()), "THÔNG BÁO Về kết quả giải quyết đề nghị khóa tài khoản định danh điện tử", "Kính gửi: Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu",
		"tiếp nhận đề nghị của Quý cơ quan tại văn bản số 12/YC-CSĐT ngày 20/11/2026 về việc khóa tài khoản định danh điện tử (đối với Hoàng Văn Thí Dụ); Mã hồ sơ: G01.999.000-261123-0001",
		"Công an xã Mẫu Sơn đã chuyển đề nghị nêu trên đến "+letterAuthority+" để xem xét, phê duyệt.",
		"Ngày 26 tháng 11 năm 2026, "+letterAuthority+" đã phê duyệt việc khóa tài khoản định danh điện tử nêu trên.", "định danh và xác thực điện tử: 345/C06-P5.", "!Mẫu Sơn đã phê duyệt")
	letterSays(t, letterSampleAtOnce(), "Hồi 08 giờ 20 phút, ngày 23 tháng 11 năm 2026, việc khóa căn cước điện tử nêu trên đã được thực hiện trên hệ thống định danh và xác thực điện tử (mã xử lý: VNEID-000123).",
		"Kết quả: Căn cước điện tử đã khóa.", "!phê duyệt", "!đã chuyển")
	letterSays(t, letterDecided(RefusalAnswer, letterDeclined("Thiếu căn cứ")), "V/v trả lời đề nghị khóa tài khoản định danh điện tử", "!THÔNG BÁO",
		"Ngày 26 tháng 11 năm 2026, "+letterAuthority+" có văn bản số 345/C06-P5 trả lời không chấp thuận việc khóa tài khoản định danh điện tử nêu trên, lý do: Thiếu căn cứ. Công an xã Mẫu Sơn thông báo để Quý cơ quan được biết./.")
}

// An investigation may hang on what the agency wrote: none of it is on the subject's paper, nor who the agency is.
func TestSubjectIsToldWhatChangedAndNothingOfTheInvestigation(t *testing.T) {
	s := letterDecided(SubjectNotice, letterApproved())
	in := s.Dossier.Intake
	letterSays(t, s, "THÔNG BÁO Về việc khóa tài khoản định danh điện tử", "Kính gửi: Ông/Bà Hoàng Văn Thí Dụ", "Số định danh cá nhân: 001088000002",
		letterAuthority+" đã phê duyệt việc khóa tài khoản định danh điện tử của Ông/Bà.", "!"+in.Reason, "!"+in.Ground, "!"+in.Requester.Agency.Name, "!"+in.Requester.Agency.Document,
		"!"+in.Requester.Person.Name, "!điều tra", "!tố tụng")
	letterSays(t, letterSampleSubjectLong(), "mã số thuế: 0100000001", "của Quý cơ quan, tổ chức.")
	other := agencyIntake()
	other.Subject = dossier.Person{Name: "Mau s/o Thu", Passport: "X0000001"}
	letterSays(t, sheetOf(SubjectNotice, other, doing{kind: dossier.Decided, at: at(26, 9, 0), body: letterApproved()}), "Số hộ chiếu: X0000001")
	other.Subject.Passport = ""
	letterSays(t, sheetOf(SubjectNotice, other, doing{kind: dossier.Decided, at: at(26, 9, 0), body: letterApproved()}), "!Số hộ chiếu", "!Số định danh")
	officer := agencyIntake()
	officer.Subject = officer.Requester.Person
	letterSays(t, sheetOf(SubjectNotice, officer, doing{kind: dossier.Decided, at: at(26, 9, 0), body: letterApproved()}), "Kính gửi: Ông/Bà Phạm Văn Điều Tra")
	// Of two people of one name, one of whom asked for the other, the other is told.
	namesake := letterIntake()
	namesake.Subject = dossier.Person{Name: namesake.Requester.Person.Name, Number: "001088000002"}
	letterSays(t, sheetOf(SubjectNotice, namesake, doing{kind: dossier.Decided, at: at(26, 9, 0), body: letterApproved()}), "Kính gửi: Ông/Bà Nguyễn Văn Mẫu", "001088000002")
}

// A decision noted twice, by the desk and by upstream, is passed on as it was noted first.
func TestDecisionNotedTwiceIsOneLetter(t *testing.T) {
	once := letterDecided(ResultNotice, letterApproved())
	twice := letterApproved()
	twice.At, twice.By = at(30, 9, 0), "C06"
	again := sheetOf(ResultNotice, once.Dossier.Intake, doing{kind: dossier.Forwarded, at: at(23, 16, 0), body: dossier.Forward{To: letterAuthority, At: at(23, 16, 0)}},
		doing{kind: dossier.Decided, at: at(26, 15, 0), body: letterApproved()}, doing{kind: dossier.Decided, at: at(30, 9, 0), body: twice})
	if a, b := letterText(t, once), letterText(t, again); a != b {
		t.Errorf("was %s\nis  %s", a, b)
	}
}
