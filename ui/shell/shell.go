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
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/books"
	"tiepnhan/ui/course"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/layouts"
	"tiepnhan/ui/list"
	"tiepnhan/ui/preview"
	"tiepnhan/ui/reception"
	"tiepnhan/ui/setup"
	"tiepnhan/ui/waiting"
)

// Desk is all that the screens ask of the desk; *desk.Desk is one.
type Desk interface {
	reception.Desk
	list.Desk
	course.Desk
	waiting.Desk
	setup.Desk
	preview.Desk
	books.Desk
	layouts.Desk
	printing
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
	status  *statusLine
	tabs    map[*screen]*kit.Button
	ways    []*kit.Button // to the screens: none while the station is being set up

	reception, list, course, waiting, setup, preview, books, layouts *screen

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
	prints  *kit.Prints
	missed  []*kit.Running // did not come out, and nobody has looked
	parting *parting       // the window is to be closed, nil while it is not

	station desk.Station
	known   bool
	clock   bool     // the officer is being asked which day it is
	again   []func() // what waits for the answer
}

// screen is one of them; content is built when it is first shown or the window has nothing better to do.
type screen struct {
	build   func() fyne.CanvasObject
	content fyne.CanvasObject
	key     func(kit.Event) bool
	keys    func() []kit.Hint
	enter   func()
	leave   func()
	focus   fyne.Focusable
}

// New builds what the first frame shows.
func New(cfg Config) *Shell {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = kit.Clock(cfg.OnUI)
	}
	s := &Shell{cfg: cfg, threads: kit.Threads{Go: cfg.Go, OnUI: cfg.OnUI, After: cfg.After}, tabs: map[*screen]*kit.Button{}}
	s.router = &kit.Router{Now: cfg.Now, After: func(d time.Duration, f func()) { cfg.After(d, f) }, Focus: s.focused,
		OnKey: s.key, OnCard: s.card, OnCode: s.code}
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
	s.readStation()
	s.cfg.After(50*time.Millisecond, func() {
		s.queue.Refresh(s.tell)
		s.rows.Refresh()
		for i, next := range []*screen{s.list, s.course, s.waiting, s.preview} { // one at a time: a key pressed meanwhile must not wait
			s.cfg.After(time.Duration(i+1)*60*time.Millisecond, func() { next.make() })
		}
	})
}

// Close keeps what is typed and not kept yet, when the window is gone.
func (s *Shell) Close() error { return s.intake.Close() }

// Refresh reads again what is on the screen, after something changed elsewhere: a decision came down, another PC's dossier.
func (s *Shell) Refresh() {
	s.readStation()
	s.queue.Refresh(s.tell)
	s.rows.Refresh()
	s.one.Refresh()
}

// Send is F5.
func (s *Shell) Send() {
	s.queue.Send()
	if !s.queue.Status().Sending && s.now != s.waiting {
		s.show(s.waiting) // it says there why it cannot be
	}
}

// SetTextSize makes all texts larger or smaller; 1 is usual. The caller keeps what the officer chose.
func (s *Shell) SetTextSize(size float32) {
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(size))
	for _, x := range []*screen{s.reception, s.list, s.course, s.waiting, s.setup, s.preview, s.books, s.layouts} {
		if x.content != nil {
			x.content.Refresh()
			kit.Relayout(x.content)
		}
	}
	kit.Relayout(s.content)
}

// Exchanged tells what an exchange in the background came to; err is nil if upstream was reached. The screen stays where it is.
func (s *Shell) Exchanged(err error) {
	s.queue.Tried(err)
	s.Refresh()
}

func (s *Shell) focused() fyne.Focusable {
	if s.canvas == nil {
		return nil
	}
	return s.canvas.Focused()
}

func (s *Shell) makeScreens() {
	upstream := func() string {
		if !s.known {
			return "cấp trên"
		}
		return s.station.Upstream
	}
	s.prints = &kit.Prints{Threads: s.threads, Desk: s.cfg.Desk, OnChange: s.printed}
	s.intake = reception.New(reception.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Ask: s.ask, Kept: s.kept, Begin: s.beginReceipt,
		Open: s.open, File: s.file})
	s.rows = list.New(list.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Open: s.open, Preview: s.previewOrder, Upstream: upstream,
		Now: s.cfg.Now})
	s.one = course.New(course.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Kept: s.kept, Preview: s.previewOrder,
		Back: func() { s.show(s.list) }, Upstream: upstream, Now: s.cfg.Now})
	s.queue = waiting.New(waiting.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Sent: s.sent, Open: s.open, Now: s.cfg.Now})
	s.first = setup.New(setup.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Officer: s.cfg.Officer,
		Today: func() dossier.Date { return dossier.DateOf(s.cfg.Now()) }, Done: func() {
			s.show(s.reception)
			s.intake.Start()
			s.readStation()
			s.queue.Refresh(s.tell)
		}})

	s.paper = preview.New(preview.World{Desk: s.cfg.Desk, Viewer: s.cfg.Viewer, Threads: s.threads, Trouble: s.trouble, Begin: s.prints.Begin,
		Shown: func() bool { return s.now == s.preview }, Again: s.showPreview, File: s.file, Back: func() { s.show(s.from) }})

	papers := func() string { return s.cfg.Papers }
	s.book = books.New(books.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Preview: s.previewBook, File: s.file, Folder: papers, Now: s.cfg.Now})
	s.forms = layouts.New(layouts.World{Desk: s.cfg.Desk, Threads: s.threads, Trouble: s.trouble, Folder: papers,
		PreviewBlank: func(form string) { s.previewOrder(desk.Order{Form: form}, "Mẫu trắng") }})

	s.reception = &screen{key: s.intake.Key, keys: s.intake.Keys, build: func() fyne.CanvasObject { return reception.NewScreen(s.intake).Content() }}
	var rows *list.Screen
	s.list = &screen{key: s.rows.Key, keys: s.rows.Keys, build: func() fyne.CanvasObject {
		rows = list.NewScreen(s.rows)
		return rows.Content()
	}, enter: func() { s.rows.Refresh(); rows.Focus() }}
	s.course = &screen{key: s.one.Key, keys: s.one.Keys, build: func() fyne.CanvasObject { return course.NewScreen(s.one).Content() }}
	s.preview = &screen{key: s.paper.Key, keys: s.paper.Keys, build: func() fyne.CanvasObject { return preview.NewScreen(s.paper).Content() }, leave: s.paper.Leave}
	var queue *waiting.Screen
	s.waiting = &screen{key: s.queue.Key, keys: s.queue.Keys, build: func() fyne.CanvasObject {
		queue = waiting.NewScreen(s.queue)
		return queue.Content()
	}, enter: func() { s.queue.Refresh(s.tell); queue.Focus("") }}
	var book *books.Screen
	s.books = &screen{key: s.book.Key, keys: s.book.Keys, build: func() fyne.CanvasObject {
		book = books.NewScreen(s.book)
		return book.Content()
	}, enter: func() { s.book.Refresh(); book.Focus("") }}
	var forms *layouts.Screen
	s.layouts = &screen{key: s.forms.Key, keys: s.forms.Keys, build: func() fyne.CanvasObject {
		forms = layouts.NewScreen(s.forms)
		return forms.Content()
	}, enter: func() { s.forms.Refresh(); forms.Focus("") }}
	var first *setup.Screen
	s.setup = &screen{key: s.first.Key, keys: s.first.Keys, build: func() fyne.CanvasObject {
		first = setup.NewScreen(s.first)
		return first.Content()
	}, enter: func() { first.Focus("unit.upper") }}
}

func (x *screen) make() {
	if x.content == nil {
		x.content = x.build()
	}
}

func (s *Shell) makeFrame() {
	tab := func(x *screen, text, key string) kit.Cell {
		b := kit.NewButton(text, key, kit.Tab, func() { s.show(x) })
		s.tabs[x] = b
		s.ways = append(s.ways, b)
		return kit.Cell{Object: b}
	}
	send := kit.NewButton("Gửi ngay", "F5", kit.Tab, s.Send)
	head := kit.Middle(4, tab(s.reception, "Tiếp nhận", "F2"), tab(s.list, "Hồ sơ", "F3"),
		tab(s.waiting, "Chờ gửi", "F7"), tab(s.books, "Sổ", "F10"), tab(s.layouts, "Biểu mẫu", "F11"), kit.Cell{Object: kit.Gap(1), Min: 1, Weight: 1},
		kit.Cell{Object: send}, kit.Cell{Object: kit.NewButton("Trợ giúp", "F1", kit.Tab, s.help)})
	s.ways = append(s.ways, send)
	sample := kit.Strong("TRẠM MẪU – dữ liệu thử")
	sample.Color, sample.Align = kit.Amber, fyne.TextAlignCenter
	s.banner = kit.Backed(kit.AmberSoft, "", kit.Pad(3, 8, 3, 8, sample))
	s.banner.Hide()
	s.word = kit.Column(0)
	s.status = newStatusLine()
	s.stage = container.NewStack()
	top := kit.Column(0, kit.Backed(kit.Navy, "", kit.Pad(2, 14, 2, 16, head)), s.banner, s.word)
	frame := kit.Frame(top, s.status, s.stage, 0)
	frame.Objects = []fyne.CanvasObject{s.stage, s.status, top} // the Tab key begins in the screen
	s.content = frame
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
	s.stage.Objects = []fyne.CanvasObject{x.content}
	s.stage.Refresh()
	for one, b := range s.tabs {
		at := x
		if at == s.preview {
			at = s.from
		}
		if current := one == at || one == s.list && at == s.course; b.Current != current {
			b.Current = current
			b.Refresh()
		}
	}
	if hide := x == s.setup; s.ways[0].Hidden != hide {
		for _, b := range s.ways {
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
		x.enter()
	case x.focus != nil:
		s.canvas.Focus(x.focus)
	}
}

func (s *Shell) open(id dossier.ID) {
	s.course.focus = nil
	s.show(s.course)
	s.one.Show(id)
}

func (s *Shell) file(path string) {
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
	}
}

func (s *Shell) readStation() {
	s.threads.Go(func() {
		station, err := s.cfg.Desk.Station(context.Background())
		s.threads.OnUI(func() {
			if err != nil {
				if !s.trouble(err, s.readStation) {
					s.say(kit.Bad, "Không đọc được dữ liệu", kit.SayError(err))
				}
				return
			}
			s.station, s.known = station, true
			if s.banner.Visible() != station.Sample {
				s.banner.Hidden = !station.Sample
				kit.Relayout(s.content)
			}
			s.tell()
		})
	})
}

func (s *Shell) tell() {
	s.status.set(segments(s.station, s.known, s.intake.LastNumber(), s.clock, s.queue.Status(), s.printWords()))
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

// card takes what a reader typed: on the list it looks that person up, everywhere else it fills the reception form.
func (s *Shell) card(text string) {
	switch s.now {
	case s.setup:
		return
	case s.list:
		if card, _ := dossier.ReadCard(text); card.Number != "" {
			s.rows.Find(card.Number)
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
	if s.now == s.setup {
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
