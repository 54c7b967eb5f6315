package reception

import (
	"strconv"

	"tiepnhan/ui/kit"
)

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Key == "Escape" && !e.Ctrl:
		return p.back()
	case e.Ctrl && len(e.Key) == 1 && e.Key >= "1" && e.Key <= "9":
		p.chooseAt(int(e.Key[0] - '1'))
	case e.Ctrl:
		return p.letter(string(e.Key))
	case e.Key == "F9":
		p.Keep()
	case e.Key == "F8":
		p.AllPapers()
	case e.Key == "F4" && e.Shift:
		p.AskPapers()
	case e.Key == "F4":
		p.Refuse()
	case e.Key == "F6":
		p.Clear()
	default:
		return false
	}
	return true
}

// letter takes the keys with Ctrl.
func (p *Presenter) letter(key string) bool {
	switch {
	case key == "N":
		p.Clear()
	case key == "D":
		p.Answer(answerDone)
	case key == "U":
		p.Answer(answerLater)
	case key == "L":
		p.Like()
	case key == "G":
		p.AddOther()
	case key == "T":
		p.ByHand()
	case key == "E" && len(p.earlier.Visits) > 0:
		p.view.Focus("earlier")
	case key == "P" && p.kept != nil && (p.kept.Print.Again || p.kept.Slip.Again):
		p.Again()
	case key == "O" && p.kept != nil && p.kept.Print.Path != "":
		p.File(p.kept.Print.Path)
	default:
		return false
	}
	return true
}

// back is Esc: out of a question or a slip, losing nothing.
func (p *Presenter) back() bool {
	switch {
	case p.notice != nil && p.notice.OnNo != nil:
		p.notice.OnNo()
	case p.slip != "":
		p.turnTo("")
	default:
		return false
	}
	return true
}

func (p *Presenter) chooseAt(n int) {
	if p.early(func() { p.chooseAt(n) }) || n >= len(p.offered) {
		return
	}
	p.Choose(p.offered[n].Key)
	p.view.Focus(p.firstAfterProcedure())
}

// firstAfterProcedure is where writing begins: who asks and in which case is chosen already, as it mostly is.
func (p *Presenter) firstAfterProcedure() string {
	values := p.values()
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				if (f.Kind == kit.Line || f.Kind == kit.Figure || f.Kind == kit.Date) && values[f.Key] == "" {
					return f.Key
				}
			}
		}
	}
	return "note"
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+" + strconv.Itoa(max(1, len(p.offered))), Does: "Chọn thủ tục"}, {Key: "Quét thẻ", Does: "Điền người đề nghị, dù con trỏ ở đâu"},
		{Key: "Tab, Enter", Does: "Sang ô tiếp theo"}, {Key: "Phím mũi tên, dấu cách", Does: "Chọn, đánh dấu"},
		{Key: "F8", Does: "Đủ giấy tờ: đánh dấu các giấy tờ phải có"}, {Key: "Ctrl+G", Does: "Thêm giấy tờ không có trong danh sách"},
		{Key: "Ctrl+D", Does: "Đã khóa, mở khóa, chuyển xong trên hệ thống quốc gia"}, {Key: "Ctrl+U", Does: "Chưa làm trên hệ thống quốc gia"},
		{Key: "Ctrl+L", Does: "Như người trước: điền địa chỉ, cơ quan, người đại diện"}, {Key: "Ctrl+E", Does: "Đến các hồ sơ trước của người này"},
		{Key: "Ctrl+T", Does: "Hồ sơ đã nhận bằng tay: nhập thời điểm tiếp nhận"},
		{Key: "F9", Does: "Lưu hồ sơ và in giấy tiếp nhận"}, {Key: "F4", Does: "Từ chối tiếp nhận"}, {Key: "Shift+F4", Does: "Tiếp nhận và yêu cầu bổ sung giấy tờ"},
		{Key: "F6 hoặc Ctrl+N", Does: "Phiếu mới"}, {Key: "Esc", Does: "Quay lại phiếu, không mất nội dung đã nhập"},
		{Key: "Ctrl+P", Does: "In lại giấy vừa rồi, nếu chưa in được"}, {Key: "Ctrl+O", Does: "Mở tệp PDF vừa lưu, khi không có máy in"}}
}
