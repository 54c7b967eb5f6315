package waiting

import (
	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// stick is the way by USB: how far it is and what came of it, where the stick is, and what can be done.
func (s *Screen) stick(state State) fyne.CanvasObject {
	u := state.USB
	export, take := "Xuất ra USB", "Nhập từ USB"
	about := "Khi không có mạng: xuất ra USB mang tới cấp trên hoặc máy khác của trạm, rồi nhập USB mang về. Trên USB chỉ là “đã xuất”, chưa phải “đã gửi”."
	if !state.Enrolled {
		export, take = "Ghi yêu cầu ra USB", "Nhận trả lời từ USB"
		about = "Không có mạng tới cấp trên: dán phiếu ghép nối, ghi yêu cầu ra USB, mang tới cấp trên, rồi nhận trả lời từ USB mang về."
	}
	s.export.Set(export)
	s.take.Set(take)
	busy := u.Going != ""
	for _, b := range []*kit.Button{s.export, s.take, s.find} {
		b.SetEnabled(!busy)
	}
	var parts []fyne.CanvasObject
	if busy {
		stop := "Dừng"
		if u.Stopping {
			stop = "Đang dừng…"
		}
		s.halt.Set(stop)
		s.halt.SetEnabled(!u.Stopping)
		parts = append(parts, kit.NewParagraph(u.Going), kit.Bar(u.Share), s.halt)
	}
	for _, one := range u.Told {
		sign, ink := kit.RingSign, kit.Muted
		switch one.Tone {
		case kit.Good:
			sign, ink = kit.TickSign, kit.Green
		case kit.Warn:
			sign, ink = kit.TriangleSign, kit.Amber
		case kit.Bad:
			sign, ink = kit.CrossSign, kit.Red
		}
		parts = append(parts, kit.Marked(sign, toned(one.Text, ink)))
	}
	if u.Sheet {
		parts = append(parts, s.sheet)
	}
	if len(parts) > 0 {
		parts = append(parts, kit.Rule())
	}
	parts = append(parts, s.usb.Body())
	if !busy {
		parts = append(parts, s.find, s.export, s.take)
	}
	return kit.Panel("Bằng USB", append(parts, kit.Caption(about))...)
}
