package users

import (
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// does is what each role may do, as one would say it. The table itself is dossier's.
var does = map[dossier.Role]string{
	dossier.RoleReception: "tiếp nhận, xử lý, trả kết quả, chốt ngày, gửi về cấp trên",
	dossier.RoleChief:     "làm được mọi việc, duyệt hủy hồ sơ, quản lý người dùng",
	dossier.RoleKeeper:    "quản lý máy, người dùng, sao lưu; không xem hồ sơ",
	dossier.RoleInspector: "xem hồ sơ và nhật ký, xuất số liệu; không sửa",
}

func roles() []kit.Option {
	var out []kit.Option
	for _, r := range dossier.Roles {
		out = append(out, kit.Option{Value: string(r), Title: r.Title(), Sub: does[r]})
	}
	return out
}

// condition is whether somebody can sign in now.
func condition(u dossier.User, now time.Time) string {
	switch {
	case !u.Removed.IsZero():
		return "Đã xóa"
	case u.RoleAt(now) == "":
		return "Chờ hiệu lực"
	case u.Idle(now):
		return "Đã tắt"
	}
	return "Đang dùng"
}

func ink(u dossier.User, now time.Time) kit.TableCell {
	c := kit.TableCell{Text: condition(u, now)}
	switch {
	case !u.Removed.IsZero():
		c.Color = kit.Muted
	case u.RoleAt(now) == "", u.Idle(now):
		c.Color = kit.Amber
	default:
		c.Color = kit.Green
	}
	return c
}

func lastIn(u dossier.User) string {
	if u.LastIn.IsZero() {
		return "Chưa lần nào"
	}
	return kit.Short(u.LastIn)
}

// person is somebody in full names, with how they sign in.
func person(u dossier.User) string { return u.Name + " (" + string(u.ID) + ")" }

// facts are what is known of somebody.
func (p *Presenter) facts(u dossier.User) []Fact {
	now := p.Now()
	role := u.Role.Title()
	if u.Removed.IsZero() && now.Before(u.From) {
		role += ", từ " + kit.Moment(u.From)
		if u.Was != "" {
			role = u.Was.Title() + "; " + role
		}
	}
	out := []Fact{{"Tên đăng nhập", string(u.ID)}, {"Chức vụ", u.Title}, {"Vai trò", role}, {"Thêm lúc", kit.Moment(u.Since)}, {"Đăng nhập lần cuối", lastIn(u)}}
	switch {
	case !u.Removed.IsZero():
		out = append(out, Fact{"Tình trạng", "Đã xóa lúc " + kit.Moment(u.Removed)})
	case u.Idle(now):
		out = append(out, Fact{"Tình trạng", "Đã tắt vì quá 45 ngày không đăng nhập. Đặt lại mật khẩu để bật lại."})
	default:
		out = append(out, Fact{"Tình trạng", condition(u, now)})
	}
	return out
}

const passwordHelp = "Ít nhất 14 ký tự; nên là một câu dễ nhớ, gõ không dấu. Không dùng tên đơn vị, ngày sinh, số điện thoại."

func (p *Presenter) title() string {
	switch p.mode {
	case Admitting:
		return "Thêm người dùng"
	case Changing:
		return "Đổi vai trò"
	case Resetting:
		return "Đặt lại mật khẩu"
	case Removing:
		return "Xóa người dùng"
	case Own:
		return "Đổi mật khẩu của tôi"
	case Renewing, Coded:
		return "Phiếu khôi phục mới"
	}
	if u, ok := p.chosen(); ok {
		return u.Name
	}
	return "Người dùng"
}

func (p *Presenter) lead() string {
	u, _ := p.chosen()
	switch p.mode {
	case Admitting:
		return "Người được thêm tự gõ mật khẩu đầu tiên của mình tại máy này."
	case Changing:
		return person(u) + " đang là " + u.Role.Title() + "."
	case Resetting:
		return "Mời " + person(u) + " tự gõ mật khẩu mới của mình. Việc này được ghi vào nhật ký."
	case Removing:
		return person(u) + " sẽ không đăng nhập được nữa; khóa dữ liệu được đổi khi mở lại chương trình. Những việc người này đã làm vẫn giữ nguyên trong nhật ký."
	case Renewing:
		return "Phiếu khôi phục đang cất trong két sẽ mất giá trị ngay khi lập phiếu mới. Vui lòng chuẩn bị máy in và phong bì niêm phong."
	case Coded:
		return "Mã chỉ hiện lần này. Vui lòng in phiếu, niêm phong và cất trong két; hủy phiếu cũ. Không để cùng máy, không chụp ảnh, không gửi qua mạng."
	}
	return ""
}

func (p *Presenter) submit() string {
	switch p.mode {
	case Admitting:
		return "Thêm người dùng"
	case Changing:
		return "Đổi vai trò"
	case Resetting, Own:
		return "Đặt mật khẩu"
	case Removing:
		return "Xóa người dùng"
	case Renewing:
		return "Lập phiếu mới"
	case Coded:
		return "Đã có mã trên giấy"
	}
	return ""
}

var doing = map[Mode]string{Admitting: "Đang thêm…", Changing: "Đang đổi…", Resetting: "Đang đặt…", Own: "Đang đặt…", Removing: "Đang xóa…", Renewing: "Đang lập…", Coded: "Đang gửi…"}

func secret(key, label, help string) []kit.Field {
	return []kit.Field{{Key: key, Kind: kit.Custom, Label: label, Need: true, Help: help}}
}

// questions are the fields of what is being done; those of kind Custom are passwords.
func (p *Presenter) questions() []kit.Section {
	var out []kit.Section
	switch p.mode {
	case Admitting:
		out = []kit.Section{{Rows: [][]kit.Field{
			{{Key: "full-name", Label: "Họ tên", Need: true, Min: 150, Weight: 3}, {Key: "title", Label: "Chức vụ", Min: 100, Weight: 2}},
			{{Key: "user", Label: "Tên đăng nhập", Need: true, Help: "Chữ thường không dấu, ví dụ: nguyen.van.mau"}},
			{{Key: "role", Kind: kit.Pick, Label: "Vai trò", Need: true, Options: roles(), Columns: 1}},
			secret("password", "Mật khẩu đầu tiên", passwordHelp), secret("again", "Nhập lại mật khẩu", "")}}}
	case Changing:
		out = []kit.Section{{Rows: [][]kit.Field{{{Key: "role", Kind: kit.Pick, Label: "Vai trò mới", Need: true, Options: roles(), Columns: 1}}}}}
	case Resetting:
		out = []kit.Section{{Rows: [][]kit.Field{secret("password", "Mật khẩu mới", passwordHelp), secret("again", "Nhập lại mật khẩu mới", "")}}}
	case Removing:
		out = []kit.Section{{Rows: [][]kit.Field{{{Key: "why", Label: "Lý do", Need: true, Hint: "ví dụ: chuyển công tác"}}}}}
	case Own:
		out = []kit.Section{{Rows: [][]kit.Field{secret("old", "Mật khẩu đang dùng", ""), secret("password", "Mật khẩu mới", passwordHelp),
			secret("again", "Nhập lại mật khẩu mới", "")}}}
	}
	if p.second {
		out = append(out, kit.Section{Title: "Người thứ hai xác nhận", Rows: [][]kit.Field{
			{{Key: "confirm-by", Label: "Tên đăng nhập của người xác nhận", Need: true, Help: "Chỉ huy hoặc người quản trị khác, tự gõ mật khẩu của mình."}},
			secret("confirm-password", "Mật khẩu của người xác nhận", "")}})
	}
	return out
}

// done says what became of it.
func admitted(u dossier.User, now time.Time) string {
	text := "Đã thêm " + person(u) + "."
	if now.Before(u.From) {
		return text + " " + assets.Word("users.from", map[string]string{"from": kit.Moment(u.From)})
	}
	return text
}

func changed(u dossier.User, c dossier.RoleChange, now time.Time) string {
	if now.Before(c.From) {
		return person(u) + " sẽ là " + c.Role.Title() + ". " + assets.Word("users.from", map[string]string{"from": kit.Moment(c.From)})
	}
	return person(u) + " nay là " + c.Role.Title() + "."
}

func joined(all []string) string { return strings.Join(all, "\n") }
