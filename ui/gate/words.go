package gate

import (
	"fmt"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// passwordHelp is the rule, said before anybody types. The ring holds it.
const passwordHelp = "Ít nhất 14 ký tự; nên là một câu dễ nhớ chỉ riêng đồng chí biết, gõ không dấu. Không dùng tên đơn vị, ngày sinh, số điện thoại."

// firstName is what the first sign-in name is proposed as.
const firstName = "chi-huy"

func (p *Presenter) title() string {
	switch p.page {
	case PagePassword:
		return "Đặt mật khẩu mở chương trình"
	case PageCode:
		if p.asking {
			return "Kiểm tra phiếu khôi phục"
		}
		return "Mã khôi phục"
	case PageRecover:
		return "Đặt lại mật khẩu bằng phiếu khôi phục"
	}
	switch p.Left {
	case "":
		return "Đăng nhập"
	case dossier.LeftShift:
		return "Đổi ca"
	}
	return "Máy đang khóa"
}

// lead is what the page is about, a paragraph a line.
func (p *Presenter) lead() []string {
	switch p.page {
	case PagePassword:
		if p.kind == Convert {
			return []string{"Máy này đang giữ dữ liệu do phiên bản trước lập, chưa mã hóa. Sau khi đồng chí đặt mật khẩu, chương trình mã hóa toàn bộ; hồ sơ, số hồ sơ và nhật ký giữ nguyên.",
				"Người đặt mật khẩu này có vai trò Chỉ huy đơn vị; các đồng chí khác được thêm sau, tại màn hình Người dùng."}
		}
		return []string{"Dữ liệu trên máy này được mã hóa: chỉ người có tên đăng nhập và mật khẩu mới mở được.",
			"Người đặt mật khẩu này có vai trò Chỉ huy đơn vị; các đồng chí khác được thêm sau, tại màn hình Người dùng."}
	case PageCode:
		if p.asking {
			return []string{"Mã đã được ẩn. Để chắc chắn mã đã nằm trên giấy, vui lòng nhìn phiếu và nhập nhóm số được hỏi."}
		}
		return []string{"Mã này mở dữ liệu khi quên mật khẩu, khi máy hỏng hoặc khi thay máy. Mã chỉ hiện lần này; chương trình không giữ lại.",
			"Vui lòng in phiếu, bỏ vào phong bì niêm phong và cất trong két của đơn vị; không để cùng máy, không chụp ảnh, không gửi qua mạng."}
	case PageRecover:
		return []string{"Lấy phiếu khôi phục trong phong bì niêm phong, quét mã QR hoặc nhập tám nhóm số theo thứ tự. Có thể gõ liền hoặc cách nhau.",
			"Sau khi vào được, vui lòng lập phiếu khôi phục mới tại màn hình Người dùng và niêm phong lại."}
	}
	who := ""
	if p.Who != "" {
		who = "Người đang làm việc: " + p.Who + ". "
	}
	switch p.Left {
	case "":
		return nil
	case dossier.LeftShift:
		if p.Who == "" {
			return nil
		}
		return []string{"Người vừa làm việc: " + p.Who + ". Mời người vào ca đăng nhập."}
	case dossier.LeftIdle:
		return []string{"Máy tự khóa vì một lúc không có ai thao tác. " + who + "Nội dung đang nhập vẫn được giữ."}
	}
	return []string{who + "Nội dung đang nhập vẫn được giữ."}
}

// submit is the word on the button that goes on.
func (p *Presenter) submit() (text, key string) {
	switch p.page {
	case PagePassword:
		return "Đặt mật khẩu", "F9"
	case PageCode:
		if p.asking {
			return "Tiếp tục", "F9"
		}
		return "Đã có mã trên giấy", "F9"
	case PageRecover:
		return "Đặt mật khẩu mới", "F9"
	}
	if p.Left != "" && p.Left != dossier.LeftShift {
		return "Mở khóa", "Enter"
	}
	return "Đăng nhập", "Enter"
}

// questions are the fields of the page; those of kind Custom are passwords.
func (p *Presenter) questions() []kit.Section {
	name := kit.Field{Key: "name", Label: "Tên đăng nhập", Need: true}
	again := kit.Field{Key: "again", Kind: kit.Custom, Label: "Nhập lại mật khẩu", Need: true}
	switch p.page {
	case PagePassword:
		name.Help = "Chữ thường không dấu, ví dụ: chi-huy. Có thể đổi thành tên riêng của đồng chí."
		return []kit.Section{{Rows: [][]kit.Field{{name}, {{Key: "password", Kind: kit.Custom, Label: "Mật khẩu", Need: true, Help: passwordHelp}}, {again}}}}
	case PageCode:
		if !p.asking {
			return nil
		}
		return []kit.Section{{Rows: [][]kit.Field{{{Key: "group", Kind: kit.Figure, Label: fmt.Sprintf("Nhóm số thứ %d trên phiếu", p.group+1), Need: true, Hint: "6 chữ số"}}}}}
	case PageRecover:
		again.Label = "Nhập lại mật khẩu mới"
		return []kit.Section{{Rows: [][]kit.Field{{{Key: "code", Label: "Mã khôi phục", Need: true, Hint: "8 nhóm, mỗi nhóm 6 chữ số"}}, {name},
			{{Key: "password", Kind: kit.Custom, Label: "Mật khẩu mới", Need: true, Help: passwordHelp}}, {again}}}}
	}
	return []kit.Section{{Rows: [][]kit.Field{{name}, {{Key: "password", Kind: kit.Custom, Label: "Mật khẩu", Need: true}}}}}
}

// working is what the button says meanwhile, and for how long it has been so: a window that only waits looks like one that hangs.
func working(text string, since time.Duration) string {
	if since < 3*time.Second {
		return text + "…"
	}
	return fmt.Sprintf("%s… (%d giây)", text, int(since/time.Second))
}
