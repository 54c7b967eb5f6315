package list

import (
	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Key takes the keys of this screen. Esc goes back one thing at a time: what is asked before printing, then the search, then the marks.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Ctrl && len(e.Key) == 1 && e.Key >= "1" && e.Key <= "9":
		p.Choose(dossier.Views[e.Key[0]-'1'])
	case e.Key == fyne.KeyF8 && !e.Ctrl:
		p.Print()
	case p.batch != nil:
		switch {
		case e.Key == fyne.KeyF9 && !e.Ctrl:
			p.PreviewAll()
		case e.Key == fyne.KeyEscape:
			p.Close()
		default:
			return false
		}
	case e.Key == fyne.KeyF4 && !e.Ctrl:
		p.NextSort()
	case e.Key == fyne.KeyF6 && !e.Ctrl:
		p.Refresh()
	case e.Key == fyne.KeyInsert && !e.Ctrl && !e.Shift:
		p.view.Mark()
	case e.Ctrl && e.Key == fyne.KeyA && !p.view.Typing():
		p.MarkAll()
	case e.Key == fyne.KeyEscape && p.text != "":
		p.Clear()
	case e.Key == fyne.KeyEscape && len(p.marks) > 0:
		p.Unmark()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+9", Does: "Chọn danh sách: việc cần làm, đến hạn hôm nay, quá hạn …, tất cả (ở dãy danh sách: mũi tên trái, phải)"},
		{Key: "Gõ chữ", Does: "Tìm ngay trong danh sách đang chọn: tên, số hồ sơ, số định danh, điện thoại; không cần dấu, không phân biệt hoa thường"},
		{Key: "Mũi tên, PageUp, PageDown", Does: "Chọn hồ sơ"}, {Key: "Home End", Does: "Hồ sơ đầu, cuối danh sách (khi con trỏ ở bảng)"},
		{Key: "Enter", Does: "Mở hồ sơ đang chọn; khi danh sách này không có mà “Tất cả” có: tìm trong “Tất cả”"},
		{Key: "F4", Does: "Đổi cách xếp: gấp nhất, mới nhất, cũ nhất, theo họ tên (hoặc nhấn vào đầu cột)"},
		{Key: "Insert", Does: "Đánh dấu hồ sơ để in, hoặc bỏ dấu (ở bảng: cả dấu cách)"},
		{Key: "Ctrl+A", Does: "Đánh dấu cả danh sách đang xem (khi ô tìm trống hoặc con trỏ ở bảng)"},
		{Key: "F8", Does: "In hàng loạt: hồ sơ đã đánh dấu, hoặc cả ngày"}, {Key: "F6", Does: "Đọc lại danh sách"},
		{Key: "Esc", Does: "Bỏ chữ đang tìm (Ctrl+Z lấy lại), sau đó bỏ dấu"},
		{Key: "Quét thẻ", Does: "Tìm trong “Tất cả” hồ sơ của người có thẻ"}, {Key: "Quét giấy tiếp nhận", Does: "Mở hồ sơ đó"}}
}
