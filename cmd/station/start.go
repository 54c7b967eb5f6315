package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/backup"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/gate"
	"tiepnhan/ui/kit"
)

// checkFirst is how long an officer waits at most for a file to be looked at that may be damaged. What is left is done beside the work: what
// the work rests on was looked at before.
const checkFirst = 3 * time.Second

// care is how the gate wants a station opened: it hears how far that is, and what can be mended is. The command line goes without: it says what
// is wrong.
type care struct {
	told   func(gate.Progress)
	checks context.Context // ends when the rest of the look at the file is to wait; nil for no such look
	look   error           // why the station is only looked at; nil where it is worked in
	aside  string          // where a damaged file was put
	mended bool            // and a new one made of it
}

type careKey struct{}

// with makes an opening one of the gate's.
func (c *care) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, careKey{}, c)
}

// careOf is what the gate wants, nothing on the command line.
func careOf(ctx context.Context) *care {
	if c, ok := ctx.Value(careKey{}).(*care); ok {
		return c
	}
	return nil
}

// startWords are the gate's words for what a store does at its start.
var startWords = map[string]string{store.StepCopies: "Đang sao lưu dữ liệu trước khi mở", store.StepRenews: "Đang nâng cấp dữ liệu", store.StepChecks: "Đang kiểm tra dữ liệu",
	store.StepsAside: "Đang cất riêng dữ liệu bị hỏng", store.StepRescues: "Đang dựng lại dữ liệu từ nhật ký"}

// hear tells the gate what a store does.
func (c *care) hear(s store.Step) {
	if c != nil && c.told != nil {
		c.told(gate.Progress{Doing: startWords[s.What], Done: s.Done, All: s.All, MayWait: s.What == store.StepChecks})
	}
}

// openStore opens a world's store the way it is wanted. A store that was damaged and whose journals are whole is made anew for the gate; where it
// cannot be, what is there has been put aside. Codes: those of store.Open, store.Create, store.OpenToLook, Glance and Check, and store.gone.
func openStore(ctx context.Context, dir string, mode openMode, locked bool, opts store.Options) (*store.Store, error) {
	c := careOf(ctx)
	opts.Beside, opts.Told = keyring.Files(), c.hear
	if c != nil && c.look != nil {
		return store.OpenToLook(ctx, dir, scratch(), opts, c.look)
	}
	if mode == toRead {
		opts.ReadOnly = true
		return store.Open(ctx, dir, opts)
	}
	s, err := soundStore(ctx, dir, opts)
	if dossier.Code(err) == "store.missing" && (mode == toSetUp || mode == toPractise) {
		if locked && heldBefore(dir) {
			return nil, dossier.Invalid("", "store.gone", "dir", dir)
		}
		return store.Create(ctx, dir, opts)
	}
	if c == nil || !isDamaged(err) {
		return s, err
	}
	aside, failed := store.Mend(ctx, dir, opts)
	c.aside = aside
	if isDamaged(failed) {
		return nil, errors.Join(err, failed) // where it was found says more
	}
	if failed != nil {
		return nil, errors.Join(failed, err)
	}
	c.mended = true
	return soundStore(ctx, dir, opts)
}

// soundStore opens a store to write in which what the work rests on is right, and if the gate has the time, the rest too.
func soundStore(ctx context.Context, dir string, opts store.Options) (*store.Store, error) {
	s, err := store.Open(ctx, dir, opts)
	if err != nil {
		return nil, err
	}
	if err := s.Glance(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	c := careOf(ctx)
	if c == nil || c.checks == nil || !s.Suspect() {
		return s, nil
	}
	within, stop := context.WithTimeout(c.checks, checkFirst)
	defer stop()
	err = s.Check(within, func(done, all int64) { c.hear(store.Step{What: store.StepChecks, Done: done, All: all}) })
	if isDamaged(err) {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil // put off, or nobody can tell: it is looked at again while the officer works
}

// heldBefore tells whether a folder has held a station before: then one without a store has lost it, and an empty one in its place would hide that.
func heldBefore(dir string) bool {
	for _, left := range []string{filepath.Join(dir, "giay-to"), filepath.Join(dir, store.FileName+"-wal"), backup.Own(dir).Path} {
		if _, err := os.Stat(left); err == nil {
			return true
		}
	}
	return false
}

// isDamaged tells whether a store is not what was written to it.
func isDamaged(err error) bool {
	return slices.Contains([]string{"store.damaged", "store.damaged-at", "store.views-damaged"}, dossier.Code(err))
}

// scratch is where copies lie that are only looked at: not in the station's folder, which may be the one that cannot be written.
func scratch() string {
	if cache, err := os.UserCacheDir(); err == nil {
		return filepath.Join(cache, "tiepnhan", "chi-xem")
	}
	return filepath.Join(os.TempDir(), "tiepnhan-chi-xem")
}

// looker is the store of a station that is only looked at. What would only say who looked and printed is not kept and keeps nobody from it; the
// banner says so. Everything else says why it cannot be.
type looker struct{ *store.Store }

// Record is for more than traces the store's own, which says why not.
func (l looker) Record(ctx context.Context, events ...dossier.Event) error {
	for _, e := range events {
		if !e.Kind.IsTrace() {
			return l.Store.Record(ctx, events...)
		}
	}
	return nil
}

// stillLine is the way up of a station that is only looked at: nothing goes and nothing comes.
type stillLine struct {
	desk.Line
	why error
}

func (l stillLine) Send(context.Context, func(dossier.SendStep)) (dossier.Sent, error) {
	return dossier.Sent{}, l.why
}

func (l stillLine) Enrol(context.Context, string) (dossier.Upstream, error) {
	return dossier.Upstream{}, l.why
}

// onlyLook turns a desk into one that shows and prints and keeps nothing.
func (w *world) onlyLook() {
	w.desk.Store, w.desk.Line = looker{w.store}, stillLine{w.desk.Line, w.store.OnlyLooks()}
	w.desk.Vault, w.desk.Stick, w.desk.Ring = nil, nil, nil
}

// lookWords is the banner over a station that is only looked at; empty where work goes on.
func (w *world) lookWords() string {
	if w.store.OnlyLooks() == nil {
		return ""
	}
	return assets.Word("gate.look-banner", nil)
}

// proveAfter is how long a store goes without everything in it being looked at.
const proveAfter = 7 * 24 * time.Hour

// proveQuiet is for how long nobody must have touched the window before that begins: it takes a while of the PC.
const proveQuiet = 5 * time.Minute

// prove ends the look at a file that was put off, and looks at everything once a week while nobody works. It runs beside the screen.
func (f *front) prove(ctx context.Context, w *world) {
	if w.store.Suspect() {
		err := w.store.Check(ctx, func(int64, int64) {})
		if isDamaged(err) {
			f.alarm(kit.Bad, "Dữ liệu có chỗ bị hỏng", kit.SayError(err)+"\n"+assets.Word("gate.damaged-later", nil))
			return
		}
		f.log.failed("check the store", err)
	}
	tick := time.NewTicker(keepLooks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if since := clock().Sub(w.store.Proved()); since >= 0 && since < proveAfter {
			continue
		}
		if since, _ := f.quiet(ctx); since < proveQuiet {
			continue
		}
		check, err := w.store.Prove(ctx)
		f.log.failed("verify the store", err)
		if err == nil && len(check.Faults) > 0 {
			f.log.Error("the store has faults", "count", len(check.Faults))
			f.alarm(kit.Bad, "Dữ liệu có chỗ sai lệch", check.Faults[0]+"\n"+assets.Word("gate.damaged-later", nil))
			return
		}
		if err != nil && ctx.Err() == nil { // not every half minute
			select {
			case <-ctx.Done():
			case <-time.After(time.Hour):
			}
		}
	}
}

// alarm says something over the desk, at once or when it is seen again.
func (f *front) alarm(tone kit.Tone, title, text string) {
	fyne.Do(func() {
		f.seen(func() {
			d := kit.NewDialog(title, 560, kit.Notice(tone, text), "Đã hiểu", "", kit.Primary)
			d.OnYes, d.OnNo = d.Close, d.Close
			d.Show(f.win.Canvas(), f.router, nil)
		})
	})
}

// throttle lets a step through ten times a second, and each new thing that is done: a screen cannot show more.
func throttle(told func(gate.Progress)) func(gate.Progress) {
	var last atomic.Pointer[gate.Progress]
	var at atomic.Int64
	return func(p gate.Progress) {
		now := time.Now().UnixNano()
		if was := last.Load(); was != nil && was.Doing == p.Doing && p.Done < p.All && now-at.Load() < int64(100*time.Millisecond) {
			return
		}
		last.Store(&p)
		at.Store(now)
		told(p)
	}
}
