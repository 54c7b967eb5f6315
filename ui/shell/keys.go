package shell

import (
	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// Keys that mean the same on every screen. They are shown on the buttons and by F1; a screen's own keys are its own table.
const (
	keyHelp      = fyne.KeyF1
	keyReception = fyne.KeyF2
	keyList      = fyne.KeyF3
	keySend      = fyne.KeyF5
	keyWaiting   = fyne.KeyF7
	keyBooks     = fyne.KeyF10
	keyLayouts   = fyne.KeyF11
	keyPrinting  = fyne.KeyF12
)

var everywhere = []kit.Hint{
	{Key: "F1", Does: "Các phím của màn hình này"},
	{Key: "F2", Does: "Tiếp nhận hồ sơ"},
	{Key: "F3 hoặc Ctrl+F", Does: "Tìm hồ sơ"},
	{Key: "F5", Does: "Gửi ngay về cấp trên"},
	{Key: "F7", Does: "Chờ gửi"},
	{Key: "F10", Does: "Sổ và mục lục: xem, in, xuất Excel"},
	{Key: "F11", Does: "Biểu mẫu: đối chiếu, sửa nội dung"},
	{Key: "F12", Does: "Việc in gần nhất: xem, dừng, in lại"},
}

// key takes every key that is no letter, before any widget does.
func (s *Shell) key(e kit.Event) bool {
	if !s.ready {
		return false
	}
	if s.now != s.setup {
		switch {
		case e.Alt:
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
		case e.Key == keyBooks:
			s.show(s.books)
			return true
		case e.Key == keyLayouts:
			s.show(s.layouts)
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
