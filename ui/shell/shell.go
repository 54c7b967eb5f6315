// Package shell is what the window shows: the screens, one at a time, below the unit's name and above the status line.
//
// The program that has the window does, in this order:
//
//	kit.SpeakVietnamese()                        // before the first widget
//	a.Settings().SetTheme(kit.NewTheme(1))
//	s := shell.New(shell.Config{Desk: d, Viewer: …, Papers: …, Go: …, OnUI: fyne.Do, OpenFile: …, Now: time.Now})
//	w.SetPadded(false); w.SetContent(s.Content()); w.Resize(fyne.NewSize(1280, 800))
//	a.Lifecycle().SetOnStarted(func() { install(w, s.Router()); s.Started(w) })
//
// install chains GLFW's callbacks into Router.Key and Router.Char. Everything here runs on the screen's goroutine; what the program
// sends by itself it tells by fyne.Do to Exchanged. Only the reception screen is built before the first frame; the others follow it.
package shell

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiepnhan/assets"
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

// Desk is all that the screens ask of the desk; *desk.Desk is one.
type Desk interface {
	reception.Desk
	list.Desk
	course.Desk
	waiting.Desk
	waiting.Stick
	setup.Desk
	preview.Desk
	books.Desk
	layouts.Desk
	rules.Desk
	figures.Desk
	settings.Desk
	day.Desk
	users.Desk
	backup.Desk
	audit.Desk
	incident.Desk
	printing
	BackupState(ctx context.Context) (desk.BackupState, error)
	Find(ctx context.Context, number string) (dossier.Dossier, error)
	ConfirmDate(ctx context.Context, today dossier.Date, hour dossier.Clock) error
}

// Config is the world around the window.
type Config struct {
	Desk     Desk
	Viewer   desk.Viewer                                    // shows what will be printed
	Papers   string                                         // the folder PDFs are put in
	Officer  dossier.OfficerID                              // who is signed in: the first officer of a station being set up
	Go       func(func())                                   // runs it away from the screen
	OnUI     func(func())                                   // runs it on the screen's goroutine: fyne.Do
	After    func(time.Duration, func()) (stop func() bool) // nil is a timer and OnUI
	Now      func() time.Time                               // nil is time.Now
	OpenFile func(path string) error                        // opens a printed form for the officer
	Next     func() time.Time                               // when the program sends by itself; nil where it does not
	Halt     func()                                         // ends the exchange the program began by itself
	Shut     func() bool                                    // the station's other PCs cannot come in to this one; nil where they need not
	Sticks   func() []string                                // folders of the USB sticks that are plugged in; nil where there is no such way
	// Sisters are the station's other PCs, and up to when each is known here; nil where there can be none.
	Sisters func(context.Context) ([]dossier.Sister, error)

	Lock       func(why string)                           // hides the desk until somebody signs in; nil where nobody does
	PrintSheet func(code string) error                    // puts the recovery sheet on paper; asked for only where there is Lock
	SaveSheet  func(code string) (path string, err error) // keeps it as a file
	Diagnose   func() (path string, err error)            // writes the report for whoever looks after the PC
	Restore    func(path string, c desk.Confirm) error    // closes the desk and puts a backup in the place of what there is; nil where there are no backups
	Folder     func(path string) error                    // what is wrong with a second place for backups; nil where there are none
	Practice   func() error                               // opens the practice window; nil where that cannot be
	Practising bool                                       // this is that window: a guide leads through the first dossier
	End        func()                                     // ends the program; of that window alone
	Looks      string                                     // why the station is only looked at; empty where it is worked in
}

// Shell is the content of the window.
type Shell struct {
	cfg     Config
	threads kit.Threads
	router  *kit.Router
	canvas  fyne.Canvas

	content *fyne.Container
	stage   *fyne.Container
	banner  *fyne.Container
	word    *fyne.Container // on a printing that did not come out while the officer was elsewhere
	welcome *fyne.Container // offers a first try to who has just set up the station
	guide   *guide          // nil but in a practice window
	status  *statusLine
	tabs    map[*screen]*kit.Button
	doors   []*kit.Button // to the screens: none while the station is being set up

	reception, list, course, waiting, day, setup, preview, books, layouts, rules, figures, settings, users, backup, audit, incident, others *screen

	all  []*screen
	ways []way // of the menu of others

	now, from *screen // from is where the preview leads back to
	ready     bool

	intake  *reception.Presenter
	rows    *list.Presenter
	one     *course.Presenter
	queue   *waiting.Presenter
	first   *setup.Presenter
	paper   *preview.Presenter
	book    *books.Presenter
	forms   *layouts.Presenter
	law     *rules.Presenter
	sums    *figures.Presenter
	chosen  *settings.Presenter
	people  *users.Presenter
	trail   *audit.Presenter
	worst   *incident.Presenter
	end     *day.Presenter
	prints  *kit.Prints
	missed  []*kit.Running // did not come out, and nobody has looked
	parting *parting       // the window is to be closed, nil while it is not
	vault   *backup.Presenter
	saved   desk.BackupState // what is to be said of backups
	asked   func()           // closes what must not be over the desk when somebody comes back to it; nil for nothing

	station  desk.Station
	known    bool
	textSize float32
	clock    bool     // the officer is being asked which day it is
	again    []func() // what waits for the answer
}

// New builds what the first frame shows.
func New(cfg Config) *Shell {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = kit.Clock(cfg.OnUI)
	}
	s := &Shell{cfg: cfg, threads: kit.Threads{Go: cfg.Go, OnUI: cfg.OnUI, After: cfg.After}, tabs: map[*screen]*kit.Button{}, textSize: 1}
	s.router = &kit.Router{Now: cfg.Now, After: func(d time.Duration, f func()) { cfg.After(d, f) }, Focus: s.focused,
		OnKey: s.key, OnCard: s.card, OnCode: s.code, OnChar: s.char}
	s.makeScreens()
	s.makeFrame()
	s.show(s.reception)
	return s
}

// Content is what goes in the window.
func (s *Shell) Content() fyne.CanvasObject { return s.content }

// Router gets every key and character of the window.
func (s *Shell) Router() *kit.Router { return s.router }

// Started begins the work once the window is there.
func (s *Shell) Started(w fyne.Window) {
	s.canvas = w.Canvas()
	s.ready = true
	s.intake.Start()
	if s.guide != nil {
		s.guide.watch()
	}
	s.readStation()
	s.cfg.After(50*time.Millisecond, func() {
		s.queue.Refresh(s.tell)
		s.rows.Refresh()
		s.BackedUp()
		for i, next := range []*screen{s.list, s.course, s.waiting, s.preview, s.day} { // one at a time: a key pressed meanwhile must not wait
			s.cfg.After(time.Duration(i+1)*60*time.Millisecond, func() { next.make() })
		}
	})
}

// Officer is the name of who is signed in, "" until it was read.
func (s *Shell) Officer() string { return s.station.Officer.Name }

// Printings is how many printings have not ended yet.
func (s *Shell) Printings() int { return s.prints.Going() }

// Close keeps what is typed and not kept yet, when the window is gone.
func (s *Shell) Close() error { return errors.Join(s.intake.Close(), s.one.Flush()) }

// Refresh reads again what is on the screen, after something changed elsewhere: a decision came down, another PC's dossier.
func (s *Shell) Refresh() {
	s.readStation()
	s.queue.Refresh(s.tell)
	s.rows.Refresh()
	s.one.Refresh()
	s.refreshDay()
}

// Locked is told when the desk is hidden. What is typed stays where it is, but for passwords and a recovery code: whoever comes back is
// not led to them.
func (s *Shell) Locked() {
	if s.asked != nil {
		s.asked()
		s.asked = nil
	}
	s.vault.Locked()
	lost := s.people.Locked()
	s.one.Hide()
	if s.now == s.users {
		s.show(s.home())
	}
	if lost {
		s.say(kit.Warn, "Mã khôi phục đã được ẩn", "Máy đã khóa khi mã khôi phục mới còn trên màn hình, nên mã không hiện lại nữa. Phiếu cũ không còn giá trị.\n"+
			"Nếu phiếu mới chưa in xong, vui lòng vào F11, Người dùng, để lập phiếu khác.")
	}
}

// home is where the window opens: reception, or what somebody who receives nothing is here for.
func (s *Shell) home() *screen {
	switch {
	case !s.known || dossier.May(s.station.Role, dossier.Deed(dossier.Received)):
		return s.reception
	case dossier.May(s.station.Role, dossier.DeedLook):
		return s.list
	}
	return s.others
}

// Send is F5.
func (s *Shell) Send() {
	s.queue.Send()
	if !s.queue.Status().Sending && s.now != s.waiting {
		s.show(s.waiting) // it says there why it cannot be
	}
}

// sizeTexts makes all texts as large as the settings say.
func (s *Shell) sizeTexts(now dossier.Settings) {
	size := float32(max(now.TextSize, 100)) / 100
	if size == s.textSize {
		return
	}
	s.textSize = size
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(size))
	for _, x := range s.all {
		if x.content != nil {
			x.content.Refresh()
			kit.Relayout(x.content)
		}
	}
	kit.Relayout(s.content)
	if s.guide != nil {
		s.guide.bar.draw()
	}
}

// Sending tells how far an exchange in the background is.
func (s *Shell) Sending(step dossier.SendStep) { s.queue.Hear(step) }

// Exchanged tells what an exchange in the background came to; err is nil if upstream was reached. The screen stays where it is.
func (s *Shell) Exchanged(err error) {
	s.queue.Tried(err)
	s.Refresh()
}

// Healed tells once, over whatever screen is shown, that the journal was put back or upstream was, and was put right.
func (s *Shell) Healed(all []dossier.Healing) {
	var sentences []string
	for _, h := range all {
		if text := kit.SayHealed(h); !slices.Contains(sentences, text) {
			sentences = append(sentences, text)
		}
	}
	s.say(kit.Info, "Nối lại dữ liệu", strings.Join(sentences, "\n\n"))
}

// Issued says which rules of upstream's have come.
func (s *Shell) Issued(came []dossier.KeptPack) {
	var sentences []string
	for _, k := range came {
		sentences = append(sentences, kit.SayIssued(k))
	}
	s.say(kit.Info, "Cấp trên vừa ban hành", strings.Join(append(sentences, assets.Word("pack.printed-stays", nil)), "\n\n"))
	s.Refresh()
}

// Heard tells that another PC of the station had news.
func (s *Shell) Heard(sent dossier.Sent) {
	if len(sent.Healed) > 0 {
		s.Healed(sent.Healed)
	}
	s.Refresh()
}

func (s *Shell) focused() fyne.Focusable {
	if s.canvas == nil {
		return nil
	}
	return s.canvas.Focused()
}

func (s *Shell) makeFrame() {
	tab := func(x *screen, text, key string) kit.Cell {
		b := kit.NewButton(text, key, kit.Tab, func() { s.show(x) })
		s.tabs[x] = b
		s.doors = append(s.doors, b)
		return kit.Cell{Object: b}
	}
	send, help := kit.NewButton(sendWords, "F5", kit.Tab, s.Send), kit.NewButton(helpWords, "F1", kit.Tab, s.help)
	head := newHead(kit.Middle(4, tab(s.reception, "Tiếp nhận", "F2"), tab(s.list, "Hồ sơ", "F3"),
		tab(s.waiting, "Chờ gửi", "F7"), tab(s.day, "Chốt ngày", "F10"), tab(s.others, "Khác", "F11"), kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1},
		kit.Cell{Object: send}, kit.Cell{Object: help}), send, help)
	s.doors = append(s.doors, send)
	sample := kit.Strong("TRẠM MẪU – dữ liệu thử")
	if s.cfg.Practising {
		sample.SetText(PracticeTitle)
	}
	if s.cfg.Looks != "" {
		sample.SetText(s.cfg.Looks)
	}
	sample.Color, sample.Align = kit.Amber, fyne.TextAlignCenter
	s.banner = kit.Backed(kit.AmberSoft, "", kit.Pad(3, 8, 3, 8, sample))
	s.banner.Hidden = !s.cfg.Practising && s.cfg.Looks == ""
	s.word = kit.Column(0)
	s.welcome = s.makeWelcome()
	s.welcome.Hide()
	s.status = newStatusLine()
	s.stage = container.NewStack()
	top := kit.Column(0, kit.Backed(kit.Navy, "", kit.Pad(2, 14, 2, 16, head)), s.banner, s.welcome, s.word)
	if s.cfg.Practising {
		s.guide = newGuide(s)
		top.Objects = append(top.Objects, s.guide.bar.root)
	}
	foot := kit.Backed(kit.Surface, "", s.status)
	frame := kit.Frame(top, foot, s.stage, 0)
	frame.Objects = []fyne.CanvasObject{s.stage, foot, top} // the Tab key begins in the screen
	s.content = frame
	if s.guide != nil {
		s.guide.bar.draw()
	}
}

// show changes the screen. Each keeps what was typed in it and where its focus was.
func (s *Shell) show(x *screen) {
	was := s.now
	if was != nil && was != x {
		was.focus = s.focused()
		if was.leave != nil {
			was.leave()
		}
	}
	x.make()
	s.now = x
	if s.guide != nil {
		s.guide.kept()
	}
	s.stage.Objects = []fyne.CanvasObject{x.content}
	s.stage.Refresh()
	for one, b := range s.tabs {
		at := x
		if at == s.preview {
			at = s.from
		}
		if current := one == at || one == s.list && at == s.course || one == s.others && s.within(at); b.Current != current {
			b.Current = current
			b.Refresh()
		}
	}
	if hide := x == s.setup; s.doors[0].Hidden != hide {
		for _, b := range s.doors {
			b.Hidden = hide
		}
		kit.Relayout(s.content)
	}
	if s.canvas == nil {
		return
	}
	s.canvas.Unfocus()
	switch {
	case x.enter != nil:
		x.enter(was == s.preview)
	case x.focus != nil:
		s.canvas.Focus(x.focus)
	}
}

func (s *Shell) file(path string) {
	if s.guide != nil {
		s.guide.pass(stepPaper, true)
	}
	s.threads.Go(func() {
		if err := s.cfg.OpenFile(path); err != nil {
			s.threads.OnUI(func() {
				s.say(kit.Warn, "Chưa mở được tệp", assets.Word("ui.open-failed", map[string]string{"path": path}))
			})
		}
	})
}

// kept follows every act: the queue is longer, the list is old.
func (s *Shell) kept() {
	s.queue.Refresh(s.tell)
	s.rows.Refresh()
	if s.now != s.course {
		s.one.Refresh()
	}
	s.tell()
}

// sent follows the beginning and the end of an exchange.
func (s *Shell) sent() {
	s.tell()
	if !s.queue.Status().Sending {
		s.readStation()
		s.rows.Refresh()
		s.one.Refresh()
		s.refreshDay()
	}
}

// refreshDay reads the day's report anew where it is looked at.
func (s *Shell) refreshDay() {
	if s.now == s.day {
		s.end.Refresh()
	}
}

func (s *Shell) readStation() {
	s.threads.Go(func() {
		station, err := s.cfg.Desk.Station(context.Background())
		now, set, unread := s.cfg.Desk.Settings(context.Background())
		s.threads.OnUI(func() {
			if set && unread == nil {
				s.sizeTexts(now)
			}
			if err != nil {
				if !s.trouble(err, s.readStation) {
					s.say(kit.Bad, "Không đọc được dữ liệu", kit.SayError(err))
				}
				return
			}
			first := !s.known
			s.station, s.known = station, true
			if home := s.home(); first && s.now == s.reception && home != s.now {
				s.show(home)
			}
			if over := station.Sample || s.cfg.Looks != ""; s.banner.Visible() != over {
				s.banner.Hidden = !over
				kit.Relayout(s.content)
			}
			s.tell()
		})
	})
}

func (s *Shell) tell() {
	s.status.set(segments(s.station, s.known, s.intake.LastNumber(), s.clock, s.queue.Status(), s.printWords(), savedWords(s.saved)))
}

// trouble takes the errors that no single screen can mend.
func (s *Shell) trouble(err error, again func()) bool {
	switch dossier.Code(err) {
	case "clock.wrong":
		s.askDate(err, again)
		return true
	case "settings.missing":
		if s.now != s.setup {
			s.show(s.setup)
		}
		return true
	}
	return false
}

// free tells whether a scan may act: what only says something is closed for it, a question waits for its answer.
func (s *Shell) free() bool {
	for {
		switch m := s.router.Front().(type) {
		case nil:
			return true
		case *kit.Dialog:
			if m.Asks() {
				return false
			}
			m.Close()
		default:
			return false
		}
	}
}

// card takes what a reader typed: on the list it looks that person up, everywhere else it fills the reception form.
func (s *Shell) card(text string) {
	if !s.free() {
		return
	}
	switch s.now {
	case s.setup:
		return
	case s.list:
		if card, _ := dossier.ReadCard(text); card.Number != "" {
			s.rows.Find(card.Numbers())
			return
		}
	case s.reception:
	default:
		s.show(s.reception)
	}
	if s.now == s.list {
		s.show(s.reception)
	}
	s.intake.Card(text)
}

// code takes a dossier's number off a receipt.
func (s *Shell) code(number string) {
	if s.now == s.setup || !s.free() {
		return
	}
	s.threads.Go(func() {
		d, err := s.cfg.Desk.Find(context.Background(), number)
		s.threads.OnUI(func() {
			if err != nil {
				var ps dossier.Problems
				if errors.As(err, &ps) || !s.trouble(err, nil) {
					s.say(kit.Warn, "Không tìm thấy hồ sơ", kit.SayError(err))
				}
				return
			}
			s.open(d.ID)
		})
	})
}
