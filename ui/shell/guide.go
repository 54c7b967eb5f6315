package shell

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// The steps of a first dossier, in the order of the desk.
const (
	stepProcedure = iota
	stepPerson
	stepPapers
	stepAnswer
	stepKeep
	stepFind
	stepOpen
	stepPaper
	stepClose
	steps
)

// stepWords say what to do next, keys first.
var stepWords = [steps]string{
	stepProcedure: "Chọn thủ tục: nhấn Ctrl+3 để chọn “Khóa căn cước điện tử”.",
	stepPerson:    "Quét một thẻ căn cước bằng đầu đọc, hoặc điền người mẫu.",
	stepPapers:    "Đã nhận đủ giấy tờ: nhấn F8.",
	stepAnswer:    "Trên hệ thống quốc gia: Ctrl+D là đã khóa xong, Ctrl+U là để sau.",
	stepKeep:      "Xem hẹn trả ở bên phải, rồi nhấn F9 để lưu và lập giấy tiếp nhận.",
	stepFind:      "Đã lưu tại máy. Nhấn F3, gõ vài chữ của tên, không cần dấu, để tìm lại.",
	stepOpen:      "Nhấn Enter trên dòng của hồ sơ để mở.",
	stepPaper:     "Xem giấy sẽ in: nhấn Ctrl+P rồi Enter.",
	stepClose:     "Xong một hồ sơ. Có thể tập tiếp; đóng cửa sổ này là xóa hết dữ liệu thử.",
}

// sampleCard is what a reader would type of a made-up citizen's card.
const sampleCard = "001099000001|012345678|Nguyễn Văn Mẫu|01/01/1999|Nam|Số 1 Phố Mẫu, Phường Mẫu, Thành phố Hà Nội|15/04/2021"

// guideLook is how often it is looked what was done: the bar follows the hands, and a look costs one small read.
const guideLook = 400 * time.Millisecond

const (
	keyGuideAct  = fyne.KeyM // fills in the made-up citizen, or closes at the end
	keyGuideSkip = fyne.KeyB
	keyGuideHide = fyne.KeyW
)

// guide leads a newcomer through the first dossier, in a practice window. A step is done by what really happened, in whatever order.
type guide struct {
	shell  *Shell
	passed [steps]bool // done, or skipped
	hidden bool
	bar    *guideBar
}

func newGuide(s *Shell) *guide {
	g := &guide{shell: s}
	g.bar = newGuideBar(g)
	return g
}

// at is the step to do next; the last one stays.
func (g *guide) at() int {
	for i, passed := range g.passed {
		if !passed {
			return i
		}
	}
	return stepClose
}

// watch looks again and again until the first dossier has been seen to its end.
func (g *guide) watch() {
	if g.at() == stepClose {
		return
	}
	g.look(func() { g.shell.cfg.After(guideLook, g.watch) })
}

// look takes note of what has been done.
func (g *guide) look(then func()) {
	s := g.shell
	s.threads.Go(func() {
		form, _, err := s.cfg.Desk.Draft(context.Background())
		offered, unread := s.cfg.Desk.Offered(context.Background())
		s.threads.OnUI(func() {
			if err == nil && unread == nil {
				g.draft(form, offered)
			}
			g.kept()
			then()
		})
	})
}

// draft takes note of what is on the form.
func (g *guide) draft(f desk.Form, offered []*dossier.Procedure) {
	who := f.Requester
	g.pass(stepProcedure, f.Procedure != "")
	g.pass(stepPerson, who.Person.Name != "" || who.Agency.Name != "")
	g.pass(stepPapers, len(f.Papers) > 0)
	g.pass(stepAnswer, f.Beside.Answer != "")
	for _, p := range offered {
		if p.Key == f.Procedure && len(p.Cases) > 0 && !p.Cases[0].AtOnce() {
			g.pass(stepAnswer, true) // it is not asked
		}
	}
}

// kept takes note of a dossier that is kept, and where the officer has been since.
func (g *guide) kept() {
	s := g.shell
	if s.intake.LastNumber() == "" {
		return
	}
	for i := range stepFind {
		g.pass(i, true)
	}
	switch s.now {
	case s.list:
		g.pass(stepFind, true)
	case s.course:
		g.pass(stepFind, true)
		g.pass(stepOpen, true)
	case s.preview:
		for i := range stepClose {
			g.pass(i, true)
		}
	}
}

func (g *guide) pass(step int, done bool) {
	if done && !g.passed[step] {
		g.passed[step] = true
		g.bar.draw()
	}
}

// act does what the step's own button says.
func (g *guide) act() bool {
	switch s := g.shell; g.at() {
	case stepPerson:
		s.card(sampleCard)
	case stepClose:
		s.Closing(s.cfg.End)
	default:
		return false
	}
	return true
}

// skip goes on without having done it.
func (g *guide) skip() {
	if at := g.at(); at != stepClose {
		g.pass(at, true)
	}
}

// hide takes the bar away, or brings it back.
func (g *guide) hide() {
	g.hidden = !g.hidden
	g.bar.draw()
}

// key takes the guide's own keys.
func (g *guide) key(e kit.Event) bool {
	switch {
	case !e.Ctrl || e.Alt || e.Shift:
		return false
	case e.Key == keyGuideHide:
		g.hide()
	case g.hidden:
		return false
	case e.Key == keyGuideAct:
		return g.act()
	case e.Key == keyGuideSkip:
		g.skip()
	default:
		return false
	}
	return true
}

var guideKeys = []kit.Hint{
	{Key: "Ctrl+M", Does: "Tập thử: điền người mẫu"},
	{Key: "Ctrl+B", Does: "Tập thử: bỏ qua một bước"},
	{Key: "Ctrl+W", Does: "Tập thử: ẩn, hiện các bước"},
}
