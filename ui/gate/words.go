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
	case PageBackups:
		if p.kind == First {
			return "Khôi phục từ bản sao lưu"
		}
		return "Cần khôi phục dữ liệu"
	case PageLook:
		return "Chỉ xem được dữ liệu"
	case PageAnew:
		return "Lập dữ liệu mới trên máy này"
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
	case PageBackups:
		return p.backupLead()
	case PageLook:
		return []string{"Đồng chí xem, tìm và in được hồ sơ đã có. Tiếp nhận, xử lý, nhập nháp và gửi về cấp trên đều tạm dừng; việc xem và in lúc này không ghi vào nhật ký.",
			"Dữ liệu trên máy giữ nguyên, không bị thay đổi."}
	case PageAnew:
		return []string{"Chỉ làm khi không còn bản sao lưu nào. Dữ liệu bị hỏng được cất nguyên vào một thư mục riêng trên máy, không bị xóa.",
			"Sau đó: đặt mật khẩu, in phiếu khôi phục, thiết lập đơn vị như ban đầu; báo cấp trên thu hồi máy cũ và cấp phiếu ghép nối mới cho cùng số quầy; vào Chờ gửi (F7) dán phiếu. Phần đã gửi về cấp trên được lấy lại ở lần gửi nhận đầu tiên.",
			"Hồ sơ chưa kịp gửi chỉ còn trên giấy: đối chiếu với sổ và giấy tiếp nhận đã in để nhập lại."}
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
	case PageBackups:
		return "Khôi phục bản đã chọn", "F9"
	case PageLook:
		return "Mở để xem", "F9"
	case PageAnew:
		return "Cất dữ liệu cũ, lập mới", "F9"
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
	case PageBackups:
		return p.backupQuestions(name, again)
	case PageLook, PageAnew:
		return nil
	}
	return []kit.Section{{Rows: [][]kit.Field{{name}, {{Key: "password", Kind: kit.Custom, Label: "Mật khẩu", Need: true}}}}}
}

// backupLead says what is lost and what comes back.
func (p *Presenter) backupLead() (out []string) {
	if p.kind == First {
		out = append(out, "Dùng khi thay máy hoặc cài lại máy: chọn bản sao lưu, nhập mã trên phiếu khôi phục và đặt mật khẩu cho máy này. Máy cũ, nếu còn, không được dùng tiếp.")
	} else if aside := p.Door.Aside(); aside != "" {
		out = append(out, "Nhật ký không đọc lại được đầy đủ nên cần khôi phục. Dữ liệu hỏng đã được cất nguyên tại "+aside+", không bị xóa.")
	} else {
		out = append(out, "Cần khôi phục từ bản sao lưu. Dữ liệu đang có được cất nguyên vào một thư mục riêng, không bị xóa.")
	}
	if b := p.chosen(); b != nil {
		out = append(out, "Bản đã chọn có dữ liệu đến "+kit.Moment(b.Made)+". Việc làm sau đó: phần đã gửi về cấp trên được lấy lại ở lần gửi nhận đầu tiên; phần chưa gửi phải nhập lại theo giấy đã in.")
	} else if p.searched {
		out = append(out, "Chưa tìm thấy bản sao lưu nào. Cắm USB sao lưu rồi nhấn F5, hoặc nhập nơi giữ bản sao lưu.")
	}
	return out
}

func (p *Presenter) backupQuestions(name, again kit.Field) []kit.Section {
	var rows [][]kit.Field
	if len(p.backups) > 0 {
		rows = append(rows, []kit.Field{{Key: "backup", Kind: kit.Pick, Label: "Bản sao lưu, mới nhất trước", Need: true, Options: p.options(), Columns: 1}})
	}
	rows = append(rows, []kit.Field{{Key: "other", Label: "Nơi khác", Hint: "thư mục hoặc tệp sao lưu, ví dụ E:\\TiepNhan-sao-luu", Help: "Nhập xong nhấn F5 để tìm."}})
	out := []kit.Section{{Rows: rows}}
	code := kit.Field{Key: "code", Label: "Mã khôi phục", Need: true, Hint: "8 nhóm, mỗi nhóm 6 chữ số"}
	switch {
	case p.asksNew():
		name.Help = "Của người được thêm, bớt người dùng theo bản sao lưu, ví dụ chỉ huy."
		again.Label = "Nhập lại mật khẩu mới"
		out = append(out, kit.Section{Rows: [][]kit.Field{{code}, {name}, {{Key: "password", Kind: kit.Custom, Label: "Mật khẩu mới trên máy này", Need: true, Help: passwordHelp}}, {again}}})
	case p.askCode:
		code.Help = "Bản này lập trước lần đổi khóa gần nhất: dùng phiếu khôi phục của thời gian đó."
		out = append(out, kit.Section{Rows: [][]kit.Field{{code}}})
	}
	return out
}

// working is what the button says meanwhile, and for how long it has been so: a window that only waits looks like one that hangs.
func working(text string, since time.Duration) string {
	if since < 3*time.Second {
		return text + "…"
	}
	return fmt.Sprintf("%s… (%d giây)", text, int(since/time.Second))
}
