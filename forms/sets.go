package forms

import "tiepnhan/dossier"

// The keys of the forms. A form set says what a form is called on paper; the program itself never does.
const (
	Receipt          = "receipt"
	IntakeRegister   = "intake-register"
	Supplement       = "supplement"
	Refusal          = "refusal"
	Apology          = "apology"
	Stop             = "stop"
	ControlSlip      = "control-slip"
	TrackingRegister = "tracking-register"
	TK01             = "tk01"
	TK02             = "tk02"
	TK03             = "tk03"
)

// The form sets. A dossier stays with the one in force when it was received.
const (
	Police   = "police"    // the ISO set of the police, BM.01–BM.06: the default
	TT012018 = "tt01-2018" // Thông tư 01/2018/TT-VPCP
	TT032025 = "tt03-2025" // Thông tư 03/2025/TT-VPCP, which shifts the numbers from 05 on
)

// Form is what a set calls one form. Code is empty where the set gives none.
type Form struct {
	Code, Title string
	// Unseen is true where nobody here has seen the official layout. Such a sheet carries a faint "chưa đối chiếu".
	Unseen bool
}

// Set gives a form key its printed code and title.
type Set map[string]Form

// The supplement slip has no BM code: the police set does not list it, but the law's sets do.
var sets = map[string]Set{
	Police: {
		Receipt:          {Code: "BM.01", Title: titleReceipt},
		IntakeRegister:   {Code: "BM.02", Title: "Sổ tiếp nhận và theo dõi giải quyết hồ sơ", Unseen: true},
		Supplement:       {Title: titleSupplement},
		Refusal:          {Code: "BM.03", Title: titleRefusal},
		Apology:          {Code: "BM.04", Title: titleApology},
		ControlSlip:      {Code: "BM.05", Title: titleControl},
		TrackingRegister: {Code: "BM.06", Title: titleTracking},
		TK01:             tk01, TK02: tk02, TK03: tk03,
	},
	TT012018: {
		Receipt:          {Code: "Mẫu số 01", Title: titleReceipt},
		Supplement:       {Code: "Mẫu số 02", Title: titleSupplement},
		Refusal:          {Code: "Mẫu số 03", Title: titleRefusal},
		Apology:          {Code: "Mẫu số 04", Title: titleApology},
		ControlSlip:      {Code: "Mẫu số 05", Title: titleControl},
		TrackingRegister: {Code: "Mẫu số 06", Title: titleTracking},
		TK01:             tk01, TK02: tk02, TK03: tk03,
	},
	// Its numbers and titles are known, its annex has not been seen.
	TT032025: {
		Receipt:          {Code: "Mẫu số 01", Title: titleReceipt, Unseen: true},
		Supplement:       {Code: "Mẫu số 02", Title: titleSupplement, Unseen: true},
		Refusal:          {Code: "Mẫu số 03", Title: titleRefusal, Unseen: true},
		Apology:          {Code: "Mẫu số 04", Title: "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", Unseen: true},
		Stop:             {Code: "Mẫu số 05", Title: "Thông báo dừng giải quyết hồ sơ", Unseen: true},
		ControlSlip:      {Code: "Mẫu số 06", Title: titleControl, Unseen: true},
		TrackingRegister: {Code: "Mẫu số 07", Title: titleTracking, Unseen: true},
		TK01:             tk01, TK02: tk02, TK03: tk03,
	},
}

const (
	titleReceipt    = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
	titleSupplement = "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
	titleRefusal    = "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
	titleApology    = "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
	titleControl    = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
	titleTracking   = "Sổ theo dõi hồ sơ"
)

// The three forms of Nghị định 69/2024/NĐ-CP are the same in every set.
var (
	tk01 = Form{Code: "Mẫu TK01", Title: "Phiếu đề nghị cấp tài khoản định danh điện tử", Unseen: true}
	tk02 = Form{Code: "Mẫu TK02", Title: "Phiếu đề nghị cấp tài khoản định danh điện tử dùng cho cơ quan, tổ chức", Unseen: true}
	tk03 = Form{Code: "Mẫu TK03", Title: "Phiếu đề nghị khóa, mở khóa tài khoản định danh điện tử, căn cước điện tử", Unseen: true}
)

// SetOf is the form set of that key; the empty key is that of Police. Code: form.unknown-set.
func SetOf(key string) (Set, error) {
	if key == "" {
		key = Police
	}
	set, ok := sets[key]
	if !ok {
		return nil, dossier.Invalid("form-set", "form.unknown-set", "set", key)
	}
	return set, nil
}
