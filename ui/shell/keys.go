package shell

import (
	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Keys that mean the same on every screen. They are shown on the buttons and by F1; a screen's own keys are its own table.
const (
	keyHelp      = fyne.KeyF1
	keyReception = fyne.KeyF2
	keyList      = fyne.KeyF3
	keySend      = fyne.KeyF5
	keyWaiting   = fyne.KeyF7
	keyDay       = fyne.KeyF10
	keyMore      = fyne.KeyF11
	keyPrinting  = fyne.KeyF12
)

var everywhere = []kit.Hint{
	{Key: "F1 hoặc ?", Does: "Các phím của màn hình này"},
	{Key: "F2", Does: "Tiếp nhận hồ sơ"},
	{Key: "F3 hoặc Ctrl+F", Does: "Tìm hồ sơ"},
	{Key: "F5", Does: "Gửi ngay về cấp trên"},
	{Key: "F7", Does: "Chờ gửi"},
	{Key: "F10", Does: "Chốt ngày"},
	{Key: "F11", Does: "Việc khác: sổ, số liệu, biểu mẫu, thiết lập"},
	{Key: "F11, 4", Does: "Thủ tục và lịch: giấy tờ, thời hạn, căn cứ"},
	{Key: "F12", Does: "Việc in gần nhất: xem, dừng, in lại"},
}

// careHint is shown where there is such a report.
var careHint = kit.Hint{Key: "Ctrl+F1", Does: "Báo cáo kỹ thuật cho người quản trị máy: một tệp, không có thông tin của ai"}

// lockHint is shown where there is somebody to sign in.
var lockHint = kit.Hint{Key: "Ctrl+Shift+K", Does: "Khóa máy, đổi ca; chữ đang nhập vẫn giữ nguyên"}

// key takes every key that is no letter, before any widget does.
func (s *Shell) key(e kit.Event) bool {
	if !s.ready {
		return false
	}
	if s.welcomed(e) || s.guide != nil && s.guide.key(e) {
		return true
	}
	if e.Ctrl && !e.Alt && !e.Shift && e.Key == keyHelp && s.cfg.Diagnose != nil {
		s.diagnose()
		return true
	}
	if s.now != s.setup {
		switch {
		case e.Alt:
		case e.Ctrl && e.Shift && e.Key == fyne.KeyK && s.cfg.Lock != nil:
			s.cfg.Lock(dossier.LeftByHand)
			return true
		case e.Ctrl && e.Key == fyne.KeyF, !e.Ctrl && e.Key == keyList:
			s.show(s.list)
			return true
		case e.Ctrl:
		case e.Key == keyReception:
			s.show(s.reception)
			return true
		case e.Key == keyWaiting:
			s.show(s.waiting)
			return true
		case e.Key == keySend:
			s.Send()
			return true
		case e.Key == keyDay:
			s.show(s.day)
			return true
		case e.Key == keyMore:
			s.show(s.others)
			return true
		case e.Key == keyPrinting:
			s.openPrinting()
			return true
		}
	}
	if e.Key == keyHelp && !e.Ctrl && !e.Alt {
		s.help()
		return true
	}
	return s.now.key(e)
}

// char takes a character where nobody writes: "?" is F1.
func (s *Shell) char(c rune) bool {
	if !s.ready || c != '?' {
		return false
	}
	s.help()
	return true
}
