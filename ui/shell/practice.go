package shell

import (
	"slices"

	"fyne.io/fyne/v2"

	"tiepnhan/assets"
	"tiepnhan/ui/kit"
)

// PracticeTitle is what a practice window says of itself all the time.
const PracticeTitle = "TẬP THỬ – dữ liệu thử, không gửi đi đâu"

// practise opens the practice window: a program of its own, on a made-up station whose data are thrown away. This one's journal never
// hears of it.
func (s *Shell) practise() {
	s.welcome.Hide()
	kit.Relayout(s.content)
	s.threads.Go(func() {
		err := s.cfg.Practice()
		s.threads.OnUI(func() {
			if err != nil {
				s.say(kit.Warn, "Chưa mở được tập thử", assets.Word("practice.failed", map[string]string{"detail": err.Error()}))
			}
		})
	})
}

// makeWelcome is the line that offers a first try to who has just set up the station.
func (s *Shell) makeWelcome() *fyne.Container {
	begin := kit.NewButton("Bắt đầu: tập thử một hồ sơ mẫu", "Ctrl+M", kit.Primary, s.practise)
	later := kit.NewButton("Để sau", "Ctrl+W", kit.Plain, s.notNow)
	return kit.Backed(kit.Soft, "", kit.Pad(6, 14, 7, 14, kit.Middle(12,
		kit.Cell{Object: kit.NewParagraph("Đã thiết lập xong. Nên tập thử một hồ sơ mẫu trước, khoảng hai phút; dữ liệu thử không vào sổ."), Min: 160, Weight: 1},
		kit.Cell{Object: begin}, kit.Cell{Object: later})))
}

func (s *Shell) notNow() {
	s.welcome.Hide()
	kit.Relayout(s.content)
}

// welcomed takes the keys of that line while it is shown.
func (s *Shell) welcomed(e kit.Event) bool {
	switch {
	case s.welcome.Hidden || !e.Ctrl || e.Alt || e.Shift:
		return false
	case e.Key == keyGuideAct:
		s.practise()
	case e.Key == keyGuideHide:
		s.notNow()
	default:
		return false
	}
	return true
}

// everywhere are the keys that mean the same on every screen of this window.
func (s *Shell) everywhere() []kit.Hint {
	keys := slices.Clone(everywhere)
	if s.cfg.Lock != nil {
		keys = append(keys, lockHint)
	}
	if s.cfg.Diagnose != nil {
		keys = append(keys, careHint)
	}
	switch {
	case s.guide != nil:
		keys = append(keys, guideKeys...)
	case s.cfg.Practice != nil:
		keys = append(keys, kit.Hint{Key: "F11, 6", Does: "Tập thử một hồ sơ mẫu"})
	}
	return keys
}
