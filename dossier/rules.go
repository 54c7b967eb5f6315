package dossier

import "slices"

// after is the status an act leads to from each status it is allowed in; an act missing here is not allowed there. "same" keeps it.
// Which papers each step leaves behind is domain knowledge of the forms; which step may follow which is here and nowhere else.
const same = Status(-1)

var after = map[Kind]map[Status]Status{
	Received:    {StatusNone: StatusReceived, StatusRegistered: StatusReceived},
	Refused:     {StatusNone: StatusRefused, StatusRegistered: StatusRefused},
	AskedPapers: {StatusReceived: StatusAsked, StatusProcessing: StatusAsked},
	AddedPapers: {StatusAsked: StatusProcessing},
	HandedOver: {StatusReceived: StatusProcessing, StatusProcessing: same, StatusAsked: same, StatusDone: same,
		StatusWithdrawn: same, StatusStopped: same},
	// A decision that came first says that it was forwarded; the desk still notes when.
	Forwarded: {StatusReceived: StatusProcessing, StatusProcessing: StatusProcessing, StatusDone: same},
	Performed: {StatusReceived: StatusDone, StatusProcessing: StatusDone},
	// The authority may decide before the desk has noted the forwarding: its word is taken as it comes.
	Decided:     {StatusReceived: StatusDone, StatusProcessing: StatusDone},
	Rescheduled: {StatusReceived: same, StatusProcessing: same},
	Notified: {StatusReceived: same, StatusRefused: same, StatusProcessing: same, StatusAsked: same, StatusWithdrawn: same,
		StatusStopped: same, StatusDone: same, StatusReturned: same},
	HandedBack: {StatusDone: StatusReturned},
	Withdrawn:  {StatusReceived: StatusWithdrawn, StatusProcessing: StatusWithdrawn, StatusAsked: StatusWithdrawn},
	Stopped:    {StatusReceived: StatusStopped, StatusProcessing: StatusStopped, StatusAsked: StatusStopped},
	Corrected: {StatusReceived: same, StatusProcessing: same, StatusAsked: same, StatusDone: same, StatusReturned: same,
		StatusRefused: same},
	Annulled: {StatusReceived: StatusAnnulled, StatusRefused: StatusAnnulled, StatusProcessing: StatusAnnulled,
		StatusAsked: StatusAnnulled, StatusWithdrawn: StatusAnnulled, StatusStopped: StatusAnnulled,
		StatusDone: StatusAnnulled, StatusReturned: StatusAnnulled},
}

// After is the status an act of that kind leads to, and whether it is allowed at all. A Resolved act leaves the status to what it
// lets stand and is allowed only on a disputed dossier, which Allowed knows and After does not.
func After(from Status, k Kind) (Status, bool) {
	to, ok := after[k][from]
	if to == same {
		to = from
	}
	return to, ok
}

// Allowed tells whether the desk may do that to this dossier now. While a dossier is disputed, only what commutes with the
// disputed acts may be done, and a Resolved act.
func (d Dossier) Allowed(k Kind) error {
	if k == Resolved {
		if len(d.Disputes) == 0 {
			return Invalid("", "act.nothing-disputed", "number", d.Number)
		}
		return nil
	}
	if _, ok := After(d.Status, k); !ok {
		if d.Status == StatusNone {
			return Invalid("", "act.not-received")
		}
		return Invalid("", "act.not-allowed", "act", k.Title(), "status", d.Status.String())
	}
	for _, s := range d.Course {
		if s.Effect == Disputed && !kindsCommute(s.Event.Kind, k) {
			return Invalid("", "act.disputed", "number", d.Number)
		}
	}
	if k == Forwarded && (d.Done != nil || d.Status == StatusDone && d.Forward != nil) {
		return Invalid("", "act.not-allowed", "act", k.Title(), "status", d.Status.String())
	}
	if k == Performed && d.Forward != nil {
		return Invalid("", "act.already-forwarded", "number", d.Number)
	}
	return nil
}

// clashing lists, for each kind, the kinds it does not commute with: done on two PCs without knowledge of one another, both are
// disputed. Every pair stands on both sides; a test holds that.
var clashing = map[Kind][]Kind{
	Received:    {Received, Refused},
	Refused:     {Received, Refused},
	AskedPapers: {AskedPapers, AddedPapers, Forwarded, Performed, Decided, Rescheduled, HandedBack, Withdrawn, Stopped, Annulled},
	AddedPapers: {AskedPapers, AddedPapers, Forwarded, Performed, Decided, Rescheduled, HandedBack, Withdrawn, Stopped, Annulled},
	HandedOver:  {HandedOver},
	Forwarded:   {AskedPapers, AddedPapers, Forwarded, Performed, HandedBack, Withdrawn, Stopped, Annulled},
	Performed:   {AskedPapers, AddedPapers, Forwarded, Performed, Decided, HandedBack, Withdrawn, Stopped, Annulled},
	Decided:     {AskedPapers, AddedPapers, Performed, Decided, HandedBack, Withdrawn, Stopped, Annulled},
	Rescheduled: {AskedPapers, AddedPapers, Rescheduled, Withdrawn, Stopped, Annulled},
	HandedBack:  {AskedPapers, AddedPapers, Forwarded, Performed, Decided, HandedBack, Withdrawn, Stopped, Annulled},
	Withdrawn:   {AskedPapers, AddedPapers, Forwarded, Performed, Decided, Rescheduled, HandedBack, Withdrawn, Stopped, Annulled},
	Stopped:     {AskedPapers, AddedPapers, Forwarded, Performed, Decided, Rescheduled, HandedBack, Withdrawn, Stopped, Annulled},
	Annulled:    {AskedPapers, AddedPapers, Forwarded, Performed, Decided, Rescheduled, HandedBack, Withdrawn, Stopped, Annulled},
	Corrected:   {Corrected},
	Resolved:    {Resolved},
}

func kindsCommute(a, b Kind) bool { return !slices.Contains(clashing[a], b) }

// Title is the Vietnamese name of an act, as a control slip would say it.
func (k Kind) Title() string {
	switch k {
	case Received:
		return "Tiếp nhận"
	case Refused:
		return "Từ chối tiếp nhận"
	case AskedPapers:
		return "Yêu cầu bổ sung"
	case AddedPapers:
		return "Nhận bổ sung"
	case HandedOver:
		return "Bàn giao hồ sơ"
	case Forwarded:
		return "Chuyển cơ quan có thẩm quyền"
	case Performed:
		return "Thực hiện ngay"
	case Decided:
		return "Ghi kết quả phê duyệt"
	case Rescheduled:
		return "Xin lỗi và hẹn lại"
	case Notified:
		return "Thông báo"
	case HandedBack:
		return "Trả kết quả"
	case Withdrawn:
		return "Rút hồ sơ"
	case Stopped:
		return "Dừng giải quyết"
	case Corrected:
		return "Đính chính"
	case Annulled:
		return "Hủy hồ sơ"
	case Resolved:
		return "Xử lý trùng thao tác"
	case TraceOpened:
		return "Xem hồ sơ"
	case TraceLookedUp:
		return "Tra cứu"
	case TracePrinted:
		return "In giấy tờ"
	case TracePrintEnd:
		return "Kết quả in"
	case TraceSignedIn:
		return "Đăng nhập"
	case TraceExported:
		return "Xuất dữ liệu"
	case StationSet:
		return "Thiết lập đơn vị"
	case DateConfirmed:
		return "Xác nhận ngày"
	case Enrolled:
		return "Ghép nối với cấp trên"
	case LayoutKept:
		return "Sửa biểu mẫu"
	case DayClosed:
		return "Chốt ngày"
	case SentBack:
		return "Cấp trên yêu cầu sửa"
	case Healed:
		return "Nhật ký được nối lại"
	case Admitted:
		return "Máy được ghép nối"
	case Revoked:
		return "Máy bị thu hồi"
	case KeySet:
		return "Đổi khóa"
	case Released:
		return "Cho nhận mục đang giữ lại"
	case Purged:
		return "Xóa nội dung theo quyết định"
	case PackIssued:
		return "Ban hành thủ tục, lịch"
	case UserAdmitted:
		return "Thêm người dùng"
	case UserRemoved:
		return "Xóa người dùng"
	case UserRole:
		return "Đổi vai trò người dùng"
	case PasswordReset:
		return "Đặt lại mật khẩu"
	case TraceSignInFailed:
		return "Đăng nhập không thành công"
	case TraceSignedOut:
		return "Đăng xuất"
	case TraceRevealed:
		return "Xem đủ số định danh"
	case TraceBackedUp:
		return "Sao lưu"
	case TraceRestored:
		return "Khôi phục từ bản sao lưu"
	case TraceClockMoved:
		return "Đồng hồ máy bị lùi"
	case TraceAnnounced:
		return "Báo trước việc làm một mình"
	case TraceLocked:
		return "Khóa màn hình"
	}
	return string(k)
}
