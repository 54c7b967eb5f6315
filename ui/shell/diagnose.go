package shell

import (
	"tiepnhan/assets"
	"tiepnhan/ui/kit"
)

// diagnose writes the report for whoever looks after the PC, and says where it is.
func (s *Shell) diagnose() {
	s.threads.Go(func() {
		path, err := s.cfg.Diagnose()
		s.threads.OnUI(func() {
			if err != nil {
				s.say(kit.Warn, "Chưa lập được báo cáo kỹ thuật", kit.SayError(err))
				return
			}
			s.say(kit.Good, "Đã lập báo cáo kỹ thuật", assets.Word("diagnose.written", map[string]string{"file": path}))
		})
	})
}
