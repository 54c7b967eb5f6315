package shell

import (
	"fmt"
	"strings"

	"tiepnhan/ui/kit"
)

// Closing is asked when the officer closes the window, and closes it at once where nothing is lost by that. A printing is waited for: what
// is not at the printer yet would never come out, and nobody would write down how the rest ended. What the keeper has typed into a form and
// not kept is asked about.
func (s *Shell) Closing(shut func()) {
	switch {
	case s.parting != nil: // asked already
	case s.canvas == nil:
		shut()
	case s.prints.Going() > 0:
		s.awaitPrints(shut)
	default:
		s.askForms(shut)
	}
}

// parting is the wait for printings before the window closes.
type parting struct {
	dialog *kit.Dialog
	shut   func()
}

func (s *Shell) awaitPrints(shut func()) {
	what := s.prints.Last().Title
	if n := s.prints.Going(); n > 1 {
		what = fmt.Sprintf("%d việc in", n)
	}
	d := kit.NewDialog("Đang in", 480, kit.NewParagraph("Còn "+what+" chưa in xong. Cửa sổ sẽ tự đóng khi in xong.\n"+
		"Nếu đóng ngay, máy in vẫn in phần đã nhận, nhưng chương trình không ghi lại được đã in xong hay chưa."), "Đóng ngay", "Ở lại", kit.Danger)
	s.parting = &parting{d, shut}
	stay := func() {
		s.parting = nil
		d.Close()
	}
	d.OnNo = stay
	d.OnYes = func() {
		stay()
		s.askForms(shut)
	}
	d.Show(s.canvas, s.router, nil)
}

// parted goes on with closing once the last printing has ended. One that did not come out is there to be seen first.
func (s *Shell) parted(r *kit.Running) {
	if s.parting == nil || s.prints.Going() > 0 {
		return
	}
	shut := s.parting.shut
	s.parting.dialog.Close()
	s.parting = nil
	if !r.State().Again {
		s.askForms(shut)
	}
}

// askForms asks before what the keeper has typed into forms is lost.
func (s *Shell) askForms(shut func()) {
	names := s.forms.Editing()
	if len(names) == 0 {
		shut()
		return
	}
	s.ask("Biểu mẫu chưa lưu", "Nội dung đã sửa của "+strings.Join(names, ", ")+" chưa được lưu và sẽ mất khi đóng chương trình. Nhấn Esc, rồi F11 và chọn Biểu mẫu để xem và lưu.",
		"Đóng, bỏ phần đã sửa", shut)
}
