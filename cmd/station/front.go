package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/gate"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/shell"
)

// idleBefore is how long nobody may touch the window before it locks. TCVN asks for at most 15 minutes.
const idleBefore = 5 * time.Minute

// front is the window: the gate, or the desk of who has entered. All its methods run on the screen's goroutine, unless they say otherwise.
type front struct {
	ctx        context.Context
	stop       context.CancelFunc // has the program end
	after      func(time.Duration, func()) (cancel func() bool)
	gone       func(error) // ends the process: it does not come back
	a          fyne.App
	win        fyne.Window
	data       string
	practising bool
	log        *logbook
	try        func() error // opens the practice window

	router   *kit.Router // of what is shown
	touched  time.Time
	running  bool // the window is there
	world    *world
	shell    *shell.Shell
	work     *work
	overlays []fyne.CanvasObject // what lay over the desk when it was locked
	locked   bool
	door     *door    // behind the gate that was shown last
	waiting  []func() // what is to be said over the desk once it is seen again

	parting   *parting       // the window is being closed; nil while it is not
	restoring bool           // a backup takes the place of the store
	leaving   sync.WaitGroup // a store that is closed beside the screen
}

// work is what goes on beside the screen while a station is open.
type work struct {
	ctx     context.Context
	stop    context.CancelFunc
	sender  *sender
	keeper  *keeper // nil where there are no backups
	sisters *lan
	network sync.WaitGroup
}

// newFront readies the window. gone comes last: it is told what went wrong on closing, and ends the process.
func newFront(ctx context.Context, a fyne.App, win fyne.Window, data string, practising bool, gone func(error)) *front {
	ctx, stop := context.WithCancel(ctx)
	f := &front{ctx: ctx, stop: stop, gone: gone, after: kit.Clock(fyne.Do), a: a, win: win, data: data, practising: practising, router: &kit.Router{}, touched: time.Now(), log: openLog(data)}
	win.SetPadded(false)
	win.Resize(usualSize)
	win.SetMaster()
	win.SetCloseIntercept(func() {
		switch {
		case f.parting != nil || f.restoring: // it closes by itself, or nothing is there to be closed now
		case f.shell == nil:
			f.end()
		case f.locked:
			f.depart()
		default:
			f.shell.Closing(f.depart)
		}
	})
	a.Lifecycle().SetOnStarted(f.started)
	go func() { // Ctrl+C, sign-out, shutdown
		<-ctx.Done()
		fyne.Do(f.end)
	}()
	kit.Noticed = func(err error) { f.log.failed("shown on the screen", err) }
	f.log.Info("begun", "version", Version, "practice", practising)
	return f
}

// needsPassword tells whether a folder is behind a password, or is to be from now on: every station's but the made-up one. One that another
// window has open is refused before anybody types a password. Code: station.open.
func needsPassword(ctx context.Context, data string) (bool, error) {
	first := world{dir: data}
	err := errors.Join(first.alone(), first.unlock())
	if keyring.Exists(data) && (err == nil || dossier.Code(err) == "station.folder") {
		return true, nil // where nothing can be written, it is looked at
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(filepath.Join(data, store.FileName)); err != nil {
		return true, nil
	}
	w, err := openWorld(ctx, data, nil, toRead, clock)
	if dossier.Code(err) == "store.older" {
		w, err = openWorld((&care{look: err}).with(ctx), data, nil, toRead, clock)
	}
	if _, said := gate.Way(err); said {
		return true, nil // the gate says it, and what to do
	}
	if err != nil {
		return false, err
	}
	s, ok, err := w.store.Settings(ctx)
	return !ok || !s.Sample, errors.Join(err, w.close())
}

func (f *front) started() {
	f.running = true
	heed(f.stop)
	listen(f.win, func() *kit.Router { return f.router }, func() { f.touched = time.Now() })
	if most := screen(f.win); !most.IsZero() && (most.Width < usualSize.Width || most.Height < usualSize.Height) {
		f.win.Resize(fyne.NewSize(min(most.Width, usualSize.Width), min(most.Height, usualSize.Height)))
	}
	time.AfterFunc(time.Second, debug.FreeOSMemory) // what only the start needed is given back: these PCs have 4 GB for everything
	if f.shell != nil {
		f.begin()
	}
	if !f.practising {
		f.beside(func() { forgetPractice(f.data) })
		f.beside(f.watch)
		beforeSleep(f.suspend)
	}
}

// enter shows the desk of a station that was opened.
func (f *front) enter(w *world) {
	ctx, stop := context.WithCancel(f.ctx)
	upward, upwards := w.desk.Line.(*line) // practice has no way up
	sending := newSender(w.desk)
	w.desk.Hurry = sending.hurry
	config := shell.Config{Desk: w.desk, Viewer: w.desk.Viewer, Papers: w.desk.Papers, Officer: w.desk.Officer, Go: f.beside, OnUI: fyne.Do,
		OpenFile: openFile, Now: clock, Next: sending.next, Halt: sending.halt, Practice: f.try, Practising: f.practising, End: f.depart}
	if !f.practising {
		config.Sticks = sticks
	}
	if w.safe != nil {
		config.Lock = f.lock
		config.PrintSheet = func(code string) error { return printSheet(ctx, w, code) }
		config.SaveSheet = func(code string) (string, error) { return saveSheet(ctx, w, code) }
	}
	var keeping *keeper
	if w.desk.Vault != nil {
		keeping = newKeeper(w.desk)
		config.Folder = func(path string) error { return checkBackupFolder(w.dir, path) }
		config.Restore = func(path string, c desk.Confirm) error { return f.restore(w, path, c) }
	}
	config.Looks = w.lookWords()
	config.Diagnose = func() (string, error) { return careReport(ctx, w, "") }
	var sisters *lan
	config.Shut = func() bool { return sisters.shut() }
	if !f.practising {
		config.Sisters = w.known.Sisters
	}
	s := shell.New(config)
	if upwards {
		upward.healed = func(all []dossier.Healing) { fyne.Do(func() { f.seen(func() { f.shell.Healed(all) }) }) }
	}
	w.desk.Issued = func(came []dossier.KeptPack) { fyne.Do(func() { f.seen(func() { f.shell.Issued(came) }) }) }
	f.world, f.shell = w, s
	sisters = newLAN(w, func(sent dossier.Sent) { fyne.Do(func() { f.heard(s, sent) }) }, func(err error) { f.log.failed("serving sister PCs", err) })
	f.work = &work{ctx: ctx, stop: stop, sender: sending, keeper: keeping, sisters: sisters}
	f.win.SetContent(s.Content())
	f.router = s.Router()
	if f.running {
		f.begin()
	}
}

// begin lets the desk begin, once the window is there.
func (f *front) begin() {
	s, w := f.shell, f.work
	s.Started(f.win)
	pages := f.world.pages
	f.beside(func() { warm(w.ctx, pages) })
	kept := f.world
	if !f.practising && kept.store.OnlyLooks() == nil {
		w.network.Go(func() { w.sisters.run(w.ctx) })
		w.network.Go(func() { f.prove(w.ctx, kept) })
		w.network.Go(func() { f.tidy(w.ctx, kept) })
	}
	tried := func(err error) {
		f.log.failed("exchange", err)
		fyne.Do(func() { s.Exchanged(err) })
	}
	f.beside(func() {
		w.sender.run(w.ctx, func(step dossier.SendStep) { fyne.Do(func() { s.Sending(step) }) }, tried)
	})
	if w.keeper != nil {
		f.beside(func() { f.keep(s, w.keeper) })
	}
}

// heard lets the desk know that a sister brought something, and says what was put right once somebody is there to read it.
func (f *front) heard(s *shell.Shell, sent dossier.Sent) {
	if healed := sent.Healed; len(healed) > 0 {
		f.seen(func() { f.shell.Healed(healed) })
	}
	s.Refresh()
}

// seen does something over the desk, at once or when it is unlocked: nothing of it lies over the gate.
func (f *front) seen(do func()) {
	if f.locked {
		f.waiting = append(f.waiting, do)
		return
	}
	do()
}

// beside runs something away from the screen.
func (f *front) beside(do func()) {
	go func() {
		defer guard(f.data)
		do()
	}()
}

// watch locks the window nobody touches, and closes the station when the PC has slept. It runs beside the screen.
func (f *front) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for last := time.Now(); ; last = time.Now() {
		select {
		case <-f.ctx.Done():
			return
		case now := <-tick.C:
			if slept(last, now) {
				f.suspend()
			}
			fyne.Do(func() {
				if f.shell != nil && f.world.safe != nil && !f.locked && time.Since(f.touched) > idleBefore {
					f.lock(dossier.LeftIdle)
				}
			})
		}
	}
}

// lock hides the desk until somebody signs in. What is typed stays where it is, but for secrets, and sending goes on.
func (f *front) lock(why string) {
	if f.locked || f.world == nil || f.world.safe == nil {
		return
	}
	f.locked = true
	f.shell.Locked() // before what lies over the desk is put aside: it may add a word
	w := f.world
	f.beside(func() { _ = w.desk.Locked(f.ctx, why) }) // a full disk keeps nobody from locking
	f.overlays = append(f.overlays, f.win.Canvas().Overlays().List()...)
	for _, o := range f.overlays {
		f.win.Canvas().Overlays().Remove(o)
	}
	f.shut(string(w.desk.Officer), why)
}

// suspend closes the station before the PC sleeps: a sleeping PC's memory asks for no password. What is typed is in its draft. It runs beside
// the screen.
func (f *front) suspend() {
	var d *door
	fyne.DoAndWait(func() {
		f.lock(dossier.LeftSuspend)
		if f.locked {
			d = f.door
		}
	})
	if d != nil {
		f.log.failed("close before sleeping", d.release(dossier.LeftSuspend))
	}
}

// shut shows the gate. left is why the officer went, empty at the start.
func (f *front) shut(officer, left string) {
	door := newDoor(f.ctx, f.data, f.world, f.leaveFor)
	f.door = door
	who := ""
	if f.shell != nil {
		who = f.shell.Officer()
	}
	if f.world == nil && door.kind == gate.Convert {
		officer = string(firstOfficer)
	}
	threads := kit.Threads{Go: f.beside, OnUI: fyne.Do, After: f.after}
	p := gate.New(gate.World{Door: door, Threads: threads, Now: time.Now, Done: func() { f.let(door) }, Name: officer, Who: who, Left: left})
	s := gate.NewScreen(p)
	f.win.SetContent(s.Content())
	f.router = s.Router()
	s.Start()
}

// let shows the desk of who has entered.
func (f *front) let(d *door) {
	f.locked, f.touched = false, time.Now()
	defer func() {
		said := f.waiting
		f.waiting = nil
		for _, say := range said {
			say()
		}
	}()
	if d.opened != f.world {
		f.overlays = nil
		f.enter(d.opened)
		if d.mended {
			f.alarm(kit.Warn, "Đã dựng lại dữ liệu", assets.Word("gate.mended", map[string]string{"folder": d.aside}))
		}
		return
	}
	f.win.SetContent(f.shell.Content())
	f.router = f.shell.Router()
	for _, o := range f.overlays {
		f.win.Canvas().Overlays().Add(o)
	}
	f.overlays = nil
	f.shell.Refresh()
}

// leaveFor closes the station behind the gate; why is kept in the journal. It runs beside the screen.
func (f *front) leaveFor(why string) (err error) {
	var w *world
	var going *work
	fyne.DoAndWait(func() {
		err = f.shell.Close()
		w, going = f.world, f.work
		f.world, f.shell, f.work, f.overlays = nil, nil, nil, nil
		f.leaving.Add(1)
	})
	defer f.leaving.Done()
	return errors.Join(err, w.leave(f.ctx, going, why))
}

// close closes what is open.
func (f *front) close() error {
	f.leaving.Wait()
	if f.world == nil {
		return nil
	}
	return errors.Join(f.shell.Close(), f.world.leave(f.ctx, f.work, dossier.LeftClosed))
}

// leave ends what goes on and closes the store; why is kept in the journal.
func (w *world) leave(ctx context.Context, going *work, why string) error {
	return errors.Join(w.end(ctx, going, why), w.close())
}

// end ends what goes on; why is kept in the journal.
func (w *world) end(ctx context.Context, going *work, why string) error {
	going.stop()
	going.sender.wait()
	going.network.Wait()
	if going.keeper != nil {
		going.keeper.wait()
	}
	if w.safe == nil || w.store.OnlyLooks() != nil {
		return nil
	}
	return w.desk.SignedOut(context.WithoutCancel(ctx), why)
}
