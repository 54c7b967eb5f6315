package shell

import (
	"context"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/audit"
	"tiepnhan/ui/backup"
	"tiepnhan/ui/books"
	"tiepnhan/ui/course"
	"tiepnhan/ui/day"
	"tiepnhan/ui/figures"
	"tiepnhan/ui/incident"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/layouts"
	"tiepnhan/ui/list"
	"tiepnhan/ui/preview"
	"tiepnhan/ui/reception"
	"tiepnhan/ui/rules"
	"tiepnhan/ui/settings"
	"tiepnhan/ui/setup"
	"tiepnhan/ui/users"
	"tiepnhan/ui/waiting"
)

// screen is one of them; content is built when it is first shown or the window has nothing better to do.
type screen struct {
	build   func() fyne.CanvasObject
	content fyne.CanvasObject
	key     func(kit.Event) bool
	keys    func() []kit.Hint
	enter   func(back bool) // back: from the preview
	leave   func()
	focus   fyne.Focusable
}

func (x *screen) make() {
	if x.content == nil {
		x.content = x.build()
	}
}

// presenter is what every screen has.
type presenter interface {
	Key(kit.Event) bool
	Keys() []kit.Hint
}

// newScreen is the screen of a presenter. enter, which may be nil, runs whenever it is shown.
func newScreen[V interface{ Content() fyne.CanvasObject }](p presenter, build func() V, enter func(v V, back bool)) *screen {
	var v V
	x := &screen{key: p.Key, keys: p.Keys, build: func() fyne.CanvasObject {
		v = build()
		return v.Content()
	}}
	if enter != nil {
		x.enter = func(back bool) { enter(v, back) }
	}
	return x
}

// upstream is the name of the unit above, as one says it.
func (s *Shell) upstream() string {
	if !s.known {
		return "cấp trên"
	}
	return s.station.Upstream
}

// presenters makes those of all screens and joins them.
func (s *Shell) presenters() {
	d, now := s.cfg.Desk, s.cfg.Now
	papers := func() string { return s.cfg.Papers }
	toOthers := func() { s.show(s.others) }
	s.prints = &kit.Prints{Threads: s.threads, Desk: d, OnChange: s.printed}
	s.intake = reception.New(reception.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Ask: s.ask, Kept: s.kept, Begin: s.beginReceipt, Open: s.open, File: s.file,
		Second: s.second})
	s.rows = list.New(list.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Open: s.open, Preview: s.previewOrder, Upstream: s.upstream, Now: now})
	s.one = course.New(course.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Kept: s.kept, Preview: s.previewOrder, Back: func() { s.show(s.list) },
		Upstream: s.upstream, Now: now})
	var stick waiting.Stick // nil where there is no such way
	if s.cfg.Sticks != nil {
		stick = d
	}
	s.queue = waiting.New(waiting.World{Desk: d, Stick: stick, Sticks: s.cfg.Sticks, Threads: s.threads, Trouble: s.trouble, Sent: s.sent, Open: s.open, Mend: s.mend, Next: s.cfg.Next, Halt: s.cfg.Halt, Shut: s.cfg.Shut, Sisters: s.cfg.Sisters, Now: now})
	s.first = setup.New(setup.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Officer: s.cfg.Officer, Done: s.settled,
		Today: func() dossier.Date { return dossier.DateOf(now()) }})
	s.paper = preview.New(preview.World{Desk: d, Viewer: s.cfg.Viewer, Threads: s.threads, Trouble: s.trouble, Begin: s.prints.Begin,
		Shown: func() bool { return s.now == s.preview }, Again: s.showPreview, File: s.file, Back: func() { s.show(s.from) }})
	s.book = books.New(books.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Preview: s.previewRegister, File: s.file, Folder: papers,
		Second: s.second, Now: now})
	s.forms = layouts.New(layouts.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Folder: papers,
		PreviewBlank: func(form string) { s.previewOrder(desk.Order{Form: form}, "Mẫu trắng") }})
	s.law = rules.New(rules.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Begin: s.begin, Back: toOthers})
	s.sums = figures.New(figures.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Preview: s.previewBook, File: s.file, Folder: papers, Back: toOthers, Now: now})
	s.chosen = settings.New(settings.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Folder: s.cfg.Folder, Rules: func() { s.show(s.rules) }, Back: toOthers, Changed: s.changed})
	s.people = users.New(users.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Me: func() dossier.OfficerID { return s.cfg.Officer },
		Print: s.cfg.PrintSheet, Save: s.cfg.SaveSheet, Back: toOthers, Now: now})
	s.vault = backup.New(backup.World{Desk: d, Threads: s.threads, Trouble: s.trouble, May: func(deed dossier.Deed) bool { return dossier.May(s.station.Role, deed) },
		Upstream: s.upstream, Ask: s.askUnlocked, Second: s.second, Restore: s.cfg.Restore, Changed: s.BackedUp, Back: toOthers})
	s.trail = audit.New(audit.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Open: s.open, File: s.file, Folder: papers, Back: toOthers, Now: now})
	s.worst = incident.New(incident.World{Desk: d, Threads: s.threads, Trouble: s.trouble, Preview: s.previewIncident, Back: toOthers, Now: now})
	s.end = day.New(day.World{Desk: d, Threads: s.threads, Trouble: s.trouble, PreviewBook: s.previewRegister, PreviewOrder: s.previewOrder, PreviewDay: s.previewDay,
		Send: s.Send, List: s.listOf, Open: s.open, Now: now})
}

// makeScreens makes all screens; their widgets come later.
func (s *Shell) makeScreens() {
	s.presenters()
	s.reception = newScreen(s.intake, func() *reception.Screen { return reception.NewScreen(s.intake) }, nil)
	s.list = newScreen(s.rows, func() *list.Screen { return list.NewScreen(s.rows) }, func(v *list.Screen, _ bool) { s.rows.Refresh(); v.Focus() })
	s.course = newScreen(s.one, func() *course.Screen { return course.NewScreen(s.one) }, nil)
	s.course.leave = s.one.Hide
	s.preview = newScreen(s.paper, func() *preview.Screen { return preview.NewScreen(s.paper) }, nil)
	s.preview.leave = s.paper.Leave
	s.waiting = newScreen(s.queue, func() *waiting.Screen { return waiting.NewScreen(s.queue) }, func(v *waiting.Screen, _ bool) { s.queue.Refresh(s.tell); v.Focus("") })
	s.books = newScreen(s.book, func() *books.Screen { return books.NewScreen(s.book) }, func(v *books.Screen, _ bool) { s.book.Refresh(); v.Focus("") })
	s.layouts = newScreen(s.forms, func() *layouts.Screen { return layouts.NewScreen(s.forms) }, func(v *layouts.Screen, _ bool) { s.forms.Refresh(); v.Focus("") })
	s.rules = newScreen(s.law, func() *rules.Screen { return rules.NewScreen(s.law) }, func(v *rules.Screen, _ bool) { s.law.Refresh(); v.Focus("") })
	s.figures = newScreen(s.sums, func() *figures.Screen { return figures.NewScreen(s.sums) }, func(v *figures.Screen, back bool) {
		if !back {
			s.sums.Refresh()
		}
		v.Focus("")
	})
	s.figures.leave = s.sums.Stop
	s.settings = newScreen(s.chosen, func() *settings.Screen { return settings.NewScreen(s.chosen) }, func(v *settings.Screen, _ bool) { s.chosen.Refresh(); v.Focus("") })
	s.users = newScreen(s.people, func() *users.Screen { return users.NewScreen(s.people) }, func(v *users.Screen, _ bool) { s.people.Refresh(); v.Focus("") })
	s.backup = newScreen(s.vault, func() *backup.Screen { return backup.NewScreen(s.vault) }, func(v *backup.Screen, _ bool) { s.vault.Refresh(); v.Focus("") })
	s.audit = newScreen(s.trail, func() *audit.Screen { return audit.NewScreen(s.trail) }, func(v *audit.Screen, _ bool) { s.trail.Refresh(); v.Focus("") })
	s.audit.leave = s.trail.Leave
	s.incident = newScreen(s.worst, func() *incident.Screen { return incident.NewScreen(s.worst) }, func(v *incident.Screen, _ bool) { s.worst.Refresh(); v.Focus("") })
	s.incident.leave = s.worst.Stop
	s.day = newScreen(s.end, func() *day.Screen { return day.NewScreen(s.end) }, func(v *day.Screen, back bool) {
		if back {
			s.end.Refresh() // where the officer was
		} else {
			s.end.Enter()
		}
		v.Focus("")
	})
	s.setup = newScreen(s.first, func() *setup.Screen { return setup.NewScreen(s.first) }, func(v *setup.Screen, _ bool) { v.Focus("unit.upper") })
	s.makeOthers()
	s.all = []*screen{s.reception, s.list, s.course, s.waiting, s.day, s.preview, s.books, s.figures, s.layouts, s.rules, s.settings, s.users, s.backup, s.audit, s.incident, s.others, s.setup}
}

// makeOthers is the menu of what is not needed every hour.
func (s *Shell) makeOthers() {
	s.ways = []way{
		{title: "Sổ và mục lục", sub: "Sổ tiếp nhận BM.02, sổ theo dõi BM.06, mục lục và bìa hồ sơ lưu: xem, in, xuất Excel", to: s.books},
		{title: "Số liệu", sub: "Tiếp nhận, đúng hạn, quá hạn, thời gian chờ theo kỳ: xem, in, xuất Excel", to: s.figures},
		{title: "Biểu mẫu", sub: "Đối chiếu với bản chính thức, sửa nội dung tờ khai, in mẫu trắng", to: s.layouts},
		{title: "Thủ tục và lịch", sub: "Giấy tờ, thời hạn, căn cứ pháp lý của từng thủ tục; ngày nghỉ; những gì sắp thay đổi", to: s.rules},
		{title: "Thiết lập", sub: "Đơn vị, cấp trên, cán bộ, giờ làm việc, máy in, cỡ chữ, bộ biểu mẫu", to: s.settings},
	}
	switch {
	case s.cfg.Practising:
		s.ways = append(s.ways, way{title: "Các bước tập thử", sub: "Hiện lại các bước của hồ sơ đầu tiên", do: func() {
			s.guide.hidden = true
			s.guide.hide()
			s.show(s.reception)
		}})
	case s.cfg.Practice != nil:
		s.ways = append(s.ways, way{title: "Tập thử", sub: "Cửa sổ riêng với một trạm mẫu: làm thử hồ sơ đầu tiên theo từng bước; đóng cửa sổ là xóa hết", do: s.practise})
	}
	if s.cfg.Lock != nil { // where nobody signs in there is nobody to admit
		s.ways = append(s.ways, way{title: "Người dùng", sub: "Ai được đăng nhập máy này: thêm, xóa, đổi vai trò, đặt lại mật khẩu; lập phiếu khôi phục mới", to: s.users})
	}
	if s.cfg.Restore != nil {
		s.ways = append(s.ways, way{title: "Sao lưu và khôi phục", sub: "Các bản sao lưu đã có, sao lưu ngay, thử khôi phục; khôi phục khi hỏng máy", to: s.backup})
	}
	s.ways = append(s.ways, way{title: "Nhật ký", sub: "Ai đã đăng nhập, tra cứu, in, xuất, sửa gì: xem theo ngày, người, hồ sơ; xuất kèm mã băm", to: s.audit, deed: dossier.DeedAudit},
		way{title: "Sự cố", sub: "Mất máy, lộ dữ liệu, tài khoản bị dùng trái phép: có gì trên máy, báo ai trong 72 giờ, làm gì ngay", to: s.incident, deed: dossier.DeedIncident})
	menu := newMore(s.threads, s.ways, s.may, func(w way) {
		if w.do != nil {
			w.do()
			return
		}
		s.show(w.to)
	})
	s.others = &screen{key: menu.key, keys: menu.keys, build: menu.content, enter: func(bool) { menu.focus() }}
}

// may tells whether who is signed in may do something; nothing is for everybody.
func (s *Shell) may(deed dossier.Deed) bool {
	return deed == "" || s.known && dossier.May(s.station.Role, deed)
}

// within tells whether a screen is reached by the menu of others.
func (s *Shell) within(x *screen) bool {
	for _, w := range s.ways {
		if w.to == x && x != nil {
			return true
		}
	}
	return false
}

// open shows a dossier.
func (s *Shell) open(id dossier.ID) {
	s.course.focus = nil
	s.show(s.course)
	s.one.Show(id)
}

// mend shows a dossier with its correction open.
func (s *Shell) mend(id dossier.ID) {
	s.course.focus = nil
	s.show(s.course)
	s.one.Mend(id)
}

// begin begins a dossier of a procedure.
func (s *Shell) begin(procedure string) {
	s.show(s.reception)
	s.intake.Choose(procedure)
}

// listOf shows one heap of the work list.
func (s *Shell) listOf(v dossier.View) {
	s.show(s.list)
	s.rows.Choose(v)
}

// changed follows new settings.
func (s *Shell) changed(now dossier.Settings) {
	s.sizeTexts(now)
	s.readStation()
}

// BackedUp reads what is to be said of backups, after one was made or failed.
func (s *Shell) BackedUp() {
	if s.cfg.Restore == nil {
		return
	}
	s.threads.Go(func() {
		state, err := s.cfg.Desk.BackupState(context.Background())
		s.threads.OnUI(func() {
			if err != nil { // it is said to nobody who may make none, and where the store cannot be read the screen says that
				state = desk.BackupState{}
			}
			if state != s.saved {
				s.saved = state
				s.tell()
			}
		})
	})
}

// settled follows the first set-up.
func (s *Shell) settled() {
	s.show(s.reception)
	s.intake.Start()
	s.readStation()
	s.queue.Refresh(s.tell)
	if s.cfg.Practice != nil {
		s.welcome.Show()
		kit.Relayout(s.content)
	}
}
