package audit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// group is one sort of what people do, as an inspector asks for it.
type group struct {
	key, title string
	kinds      []dossier.Kind
}

// groups are all of them, in the order of their keys. Every kind is in one.
var groups = []group{
	{"enter", "Đăng nhập", []dossier.Kind{dossier.TraceSignedIn, dossier.TraceSignInFailed, dossier.TraceSignedOut, dossier.TraceLocked}},
	{"look", "Tra cứu và xem", []dossier.Kind{dossier.TraceOpened, dossier.TraceLookedUp, dossier.TraceRevealed}},
	{"paper", "In và xuất", []dossier.Kind{dossier.TracePrinted, dossier.TracePrintEnd, dossier.TraceExported}},
	{"dossier", "Hồ sơ", append([]dossier.Kind{dossier.SentBack, dossier.DayClosed}, dossier.Verbs...)},
	{"set", "Thiết lập", []dossier.Kind{dossier.StationSet, dossier.DateConfirmed, dossier.LayoutKept, dossier.PackIssued, dossier.UserAdmitted, dossier.UserRemoved,
		dossier.UserRole, dossier.PasswordReset}},
	{"safe", "An toàn", []dossier.Kind{dossier.TraceBackedUp, dossier.TraceRestored, dossier.TraceClockMoved, dossier.TraceAnnounced, dossier.Healed, dossier.Enrolled, dossier.Admitted,
		dossier.Revoked, dossier.KeySet, dossier.Released, dossier.Purged}},
}

func groupOf(key string) group {
	for _, g := range groups {
		if g.key == key {
			return g
		}
	}
	return group{title: "Mọi việc"}
}

// names are what ids and keys are called.
type names struct {
	people map[dossier.OfficerID]string
	forms  map[string]dossier.FormInfo
}

// on are the names as the PC that wrote a row knows its people; crew is nil for this PC.
func (n names) on(crew []dossier.Officer) names {
	if crew == nil {
		return n
	}
	n.people = map[dossier.OfficerID]string{}
	for _, o := range crew {
		n.people[o.ID] = o.Name
	}
	return n
}

// who is somebody's name; whoever has none is called as they sign in.
func (n names) who(id dossier.OfficerID) string {
	switch name := n.people[id]; {
	case id == "":
		return "(chưa đăng nhập)"
	case name != "":
		return name
	}
	return string(id)
}

// whom is who with how they sign in: two may have one name.
func (n names) whom(id dossier.OfficerID) string {
	if name := n.people[id]; name != "" && name != string(id) {
		return name + " (" + string(id) + ")"
	}
	return string(id)
}

// ownPapers are those in no form set.
var ownPapers = map[string]string{desk.AuditForm: "nhật ký", desk.DayForm: "báo cáo chốt ngày", desk.IncidentForm: "báo cáo sự cố", "figures": "số liệu"}

// paper is what a form is called: its code, which is short, else its title.
func (n names) paper(key string) string {
	f, known := n.forms[key]
	switch {
	case ownPapers[key] != "":
		return ownPapers[key]
	case !known:
		return key
	case f.Code != "":
		return f.Code
	}
	first, size := utf8.DecodeRuneInString(f.Title)
	return string(unicode.ToLower(first)) + f.Title[size:]
}

func span(from, until dossier.Date) string {
	if from.IsZero() && until.IsZero() {
		return ""
	}
	if from == until {
		return " ngày " + from.String()
	}
	return " từ " + from.String() + " đến " + until.String()
}

// but is a word between what leads to it and what follows; nothing where there is none.
func but(before, word string, after ...string) string {
	if word == "" {
		return ""
	}
	return before + word + strings.Join(after, "")
}

var left = map[string]string{dossier.LeftByHand: "tự thao tác", dossier.LeftShift: "đổi ca", dossier.LeftIdle: "để máy không dùng", dossier.LeftSuspend: "máy ngủ",
	dossier.LeftClosed: "đóng chương trình"}

var fields = map[string]string{"number": "số định danh", "old-number": "số CMND", "passport": "số hộ chiếu"}
var persons = map[string]string{"person": "người đề nghị", "representative": "người đại diện", "subject": "người bị đề nghị"}

var places = map[string]string{dossier.PlaceOwn: "máy này", dossier.PlaceSecond: "nơi lưu thứ hai", dossier.PlaceStick: "USB"}

var healed = map[string]string{dossier.HealedForked: "máy từng bị đưa về bản cũ", dossier.HealedBehind: "máy từng bị đưa về bản cũ", dossier.HealedRestored: "sau khi khôi phục",
	dossier.HealedRotated: "sau khi đổi khóa", dossier.HealedUpstream: "cấp trên từng thiếu dữ liệu"}

var printed = map[dossier.JobPhase]string{dossier.JobDone: "đã in xong", dossier.JobFailed: "in dở dang", dossier.JobRefused: "không in được", dossier.JobUnknown: "không rõ kết quả"}

// did is what happened in one plain sentence, without the dossier's number: what a row has room for, and what it goes on with.
func (n names) did(r dossier.TrailRow) (text, more string) {
	n = n.on(r.Crew)
	title := r.Kind.Title()
	switch r.Kind {
	case dossier.Received:
		title = "Tiếp nhận hồ sơ"
	case dossier.Refused:
		title = "Từ chối hồ sơ"
	case dossier.TraceOpened:
		title = "Mở hồ sơ"
	}
	if title == string(r.Kind) {
		return "Việc của phiên bản mới hơn", " (" + title + ")"
	}
	if r.Purged {
		return title, " (nội dung đã xóa)"
	}
	switch b := r.Said().(type) {
	case *dossier.LookUp:
		how := "theo họ tên"
		if b.Number != "" {
			how = "số " + dossier.MaskNumber(b.Number)
		}
		return "Tra cứu " + how, fmt.Sprintf(": hiện %d hồ sơ", len(b.Dossiers))
	case *dossier.Reveal:
		whose, what, _ := strings.Cut(b.Field, ".")
		if fields[what] == "" || persons[whose] == "" {
			return "Xem đủ số định danh", ""
		}
		return "Xem đủ " + fields[what], " của " + persons[whose]
	case *dossier.Print:
		text, more = "In "+n.paper(b.Form), span(b.From, b.Until)
		switch {
		case b.Nth > 0:
			text = fmt.Sprintf("In lại %s, lần %d", n.paper(b.Form), b.Nth)
		case b.To == "pdf":
			text = "Lưu PDF " + n.paper(b.Form)
		}
		if b.To == "pdf" && b.Nth > 0 {
			more += ", lưu PDF"
		}
		if b.Copies > 1 {
			more += fmt.Sprintf(", %d bản", b.Copies)
		}
		return text, more
	case *dossier.PrintEnd:
		how := printed[b.State.Phase]
		if how == "" {
			how = "không rõ kết quả"
		}
		if len(b.Prints) > 1 {
			more = fmt.Sprintf(" (%d giấy tờ)", len(b.Prints))
		}
		return "Máy in: " + how, more
	case *dossier.SignIn:
		if b.How == dossier.ByRecovery {
			return "Đăng nhập bằng phiếu khôi phục", ""
		}
		return "Đăng nhập", ""
	case *dossier.SignInFailure:
		of := ", tên không có ở máy này"
		if b.User != "" {
			of = ", tài khoản " + n.whom(b.User)
		}
		return fmt.Sprintf("Đăng nhập không thành công %d lần", b.Times), of
	case *dossier.Leaving:
		return title + but(": ", left[b.Why]), ""
	case *dossier.Export:
		format := "CSV"
		if b.Format == dossier.BookXLSX {
			format = "Excel"
		}
		return "Xuất " + n.paper(b.Form) + " ra " + format, fmt.Sprintf(", %d dòng%s%s", b.Rows, span(b.From, b.Until), n.beside(b.Confirmed))
	case *dossier.BackUp:
		to := places[b.To]
		if to == "" {
			to = b.To
		}
		switch {
		case b.Code != "":
			return "Sao lưu vào " + to + ": không được", ". " + kit.Say(dossier.Problem{Code: b.Code})
		case b.Proved:
			return "Sao lưu vào " + to + ": đã thử khôi phục", ""
		}
		return "Sao lưu vào " + to, ""
	case *dossier.Restore:
		return "Khôi phục từ bản sao lưu", " lập lúc " + kit.Short(b.Made) + n.beside(b.Confirmed)
	case *dossier.ClockMove:
		return "Đồng hồ máy bị lùi", " từ " + kit.Short(b.Was) + " về " + kit.Short(b.Is)
	case *dossier.Announcement:
		return title, ", làm được từ " + kit.Short(b.From)
	case *dossier.DateSaid:
		return "Xác nhận hôm nay là " + b.Date.String(), ""
	case *dossier.Layout:
		switch {
		case b.Text != nil:
			return "Sửa biểu mẫu " + n.paper(b.Form), ""
		case b.Checked:
			return "Đã đối chiếu biểu mẫu " + n.paper(b.Form), ""
		}
		return "Bỏ đối chiếu biểu mẫu " + n.paper(b.Form), ""
	case *dossier.DayClose:
		return "Chốt ngày " + b.Day.String(), fmt.Sprintf(", lần %d: %d thao tác", b.Nth, b.Report.Acts())
	case *dossier.Healing:
		return title, but(": ", healed[b.What])
	case *dossier.Admission:
		return fmt.Sprintf("Cấp trên nhận máy quầy số %d", b.Desk), " vào trạm"
	case *dossier.Revocation:
		return "Cấp trên thu hồi một máy", but(": ", b.Why)
	case *dossier.Purge:
		return "Xóa nội dung hồ sơ", " theo quyết định " + b.Document + " ngày " + b.Date.String()
	case *dossier.Pack:
		return "Cấp trên ban hành thủ tục, lịch", but(": ", b.Title)
	case *dossier.UserAdmission:
		return "Thêm người dùng " + string(b.User), " (" + b.Name + "), vai trò " + b.Role.Title() + n.beside(b.Confirmed) + later(b.From)
	case *dossier.UserRemoval:
		return "Xóa người dùng " + string(b.User), but(" (", n.people[b.User], ")") + but(": ", b.Why)
	case *dossier.RoleChange:
		return "Đổi vai trò của " + string(b.User), but(" (", n.people[b.User], ")") + ": từ " + b.Was.Title() + " thành " + b.Role.Title() + n.beside(b.Confirmed) + later(b.From)
	case *dossier.PasswordSet:
		switch {
		case b.User == "":
			return "Lập phiếu khôi phục mới", ""
		case b.How == dossier.ByRecovery:
			return "Đặt lại mật khẩu của " + string(b.User), " bằng phiếu khôi phục"
		case b.User == r.By:
			return "Đổi mật khẩu của mình", ""
		}
		return "Đặt lại mật khẩu của " + string(b.User), but(" (", n.people[b.User], ")")
	}
	return title, ""
}

// beside is who else stands for it.
func (n names) beside(id dossier.OfficerID) string {
	return but("; người xác nhận: ", n.whom(id))
}

// later is when an announced role begins to hold: nobody confirmed it.
func later(from time.Time) string {
	if from.IsZero() {
		return ""
	}
	return "; có hiệu lực từ " + kit.Short(from) + " vì chưa có người thứ hai xác nhận"
}

// ink marks what an inspector looks at first.
func ink(r dossier.TrailRow) kit.TableCell {
	switch r.Kind {
	case dossier.TraceSignInFailed, dossier.TraceClockMoved, dossier.Revoked:
		return kit.TableCell{Color: kit.Red, Bold: true}
	case dossier.TraceRevealed, dossier.TraceExported, dossier.TraceRestored, dossier.UserAdmitted, dossier.UserRemoved, dossier.UserRole, dossier.PasswordReset,
		dossier.Purged, dossier.Annulled, dossier.KeySet, dossier.Healed:
		return kit.TableCell{Bold: true}
	}
	return kit.TableCell{}
}

// clock is the moment of a row: of today the time alone, to the second.
func clock(t, now time.Time) string {
	switch day, today := dossier.DateOf(t), dossier.DateOf(now); {
	case day == today:
		return t.In(dossier.Hanoi).Format("15:04:05")
	case day.Year == today.Year:
		return t.In(dossier.Hanoi).Format("02/01 15:04")
	}
	return t.In(dossier.Hanoi).Format("02/01/06 15:04")
}

// inGroups is a hash or an id as people compare it.
func inGroups(id fmt.Stringer) string {
	s := strings.ReplaceAll(id.String(), "-", "")
	var parts []string
	for i := 0; i < len(s); i += 8 {
		parts = append(parts, s[i:i+8])
	}
	return strings.Join(parts, " ")
}

// facts are all that is known of one row: an inspector may reckon its chain again.
func (n names) facts(r dossier.TrailRow) []Fact {
	n = n.on(r.Crew)
	text, more := n.did(r)
	out := []Fact{{"Việc", text + more}}
	if r.Number != "" {
		out = append(out, Fact{"Hồ sơ", r.Number})
	}
	out = append(out, Fact{"Người làm", n.whom(r.By)}, Fact{"Lúc", kit.Moment(r.At) + r.At.In(dossier.Hanoi).Format(" (15:04:05.000)")})
	if r.By == "" {
		out[len(out)-2].Text = n.who("")
	}
	switch b := r.Said().(type) {
	case *dossier.Print:
		if b.To != "pdf" {
			out = append(out, Fact{"Máy in", b.To})
		}
	case *dossier.Export:
		if b.Confirmed != "" {
			out = append(out, Fact{"Người xác nhận", n.whom(b.Confirmed)})
		}
	}
	if r.Chain == (dossier.Chain{}) {
		return append(out, Fact{"Nhật ký", "Không còn đứng trong nhật ký nào: nhật ký cũ đã được nối lại theo cách khác"}, Fact{"Mã diễn biến", inGroups(r.ID)})
	}
	whose := "Máy khác, mã " + r.Device.String()[:8]
	if r.Own {
		whose = "Máy này, mã " + r.Device.String()[:8]
	}
	return append(out, Fact{"Nhật ký", whose}, Fact{"Đời nhật ký", inGroups(r.Incarnation)}, Fact{"Thứ tự", strconv.FormatUint(r.Seq, 10)}, Fact{"Mã băm đến đây", inGroups(r.Head.Hash)},
		Fact{"Mã băm phần đầu", inGroups(r.HeaderHash())}, Fact{"Mã băm nội dung", inGroups(r.Content)}, Fact{"Mã diễn biến", inGroups(r.ID)})
}

// titles of the periods.
var spans = []kit.Option{{Value: today, Title: "Hôm nay"}, {Value: week, Title: "7 ngày qua"}, {Value: month, Title: "30 ngày qua"}, {Value: other, Title: "Kỳ khác"}}
