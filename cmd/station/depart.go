package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/shell"
)

// parting is the window on its way to be closed.
type parting struct {
	skip   context.CancelFunc
	dialog *kit.Dialog
	body   *fyne.Container
}

// keep makes backups while nobody is at the desk. It runs beside the screen.
func (f *front) keep(s *shell.Shell, k *keeper) {
	tick := time.NewTicker(keepLooks)
	defer tick.Stop()
	k.run(tick.C, f.quiet, func(err error) {
		f.log.failed("backup", err)
		fyne.Do(s.BackedUp)
	})
}

// quiet is how long nobody has touched the window, and whether it is locked; nothing once ctx has ended, for then there may be no window to ask.
func (f *front) quiet(ctx context.Context) (since time.Duration, locked bool) {
	type answer struct {
		since  time.Duration
		locked bool
	}
	heard := make(chan answer, 1)
	fyne.Do(func() { heard <- answer{time.Since(f.touched), f.locked} })
	select {
	case a := <-heard:
		return a.since, a.locked
	case <-ctx.Done():
		return 0, false
	}
}

// tidy keeps the search index of a station in few parts.
func (f *front) tidy(ctx context.Context, w *world) {
	tick := time.NewTicker(tidyLooks)
	defer tick.Stop()
	since := func(ctx context.Context) time.Duration {
		since, _ := f.quiet(ctx)
		return since
	}
	f.log.failed("merging the index", tidy(ctx, tick.C, since, w.store.MergeIndex))
}

// closesSoon is how long a window that has next to nothing to do may take before it says what it waits for.
const closesSoon = 300 * time.Millisecond

// depart ends the program once printing has ended, where it is locked and nobody was asked, and what was done since the last backup is in one
// more. Esc or Enter closes it at once.
func (f *front) depart() {
	w, going, s := f.world, f.work, f.shell
	if w == nil || f.parting != nil {
		f.end()
		return
	}
	if going.keeper == nil && s.Printings() == 0 {
		f.end()
		return
	}
	ctx, skip := context.WithCancel(f.ctx)
	f.parting = &parting{skip: skip}
	stop := f.after(closesSoon, f.partingWords)
	f.beside(func() {
		f.awaitPrints(ctx, s)
		if going.keeper != nil && ctx.Err() == nil {
			f.log.failed("last backup", f.lastBackup(ctx, w.desk, going.keeper))
		}
		stop()
		fyne.Do(func() {
			skip()
			f.end()
		})
	})
}

// awaitPrints waits until the last printing has ended. It runs beside the screen.
func (f *front) awaitPrints(ctx context.Context, s *shell.Shell) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		left := make(chan int, 1)
		fyne.Do(func() { left <- s.Printings() })
		select {
		case <-ctx.Done():
			return
		case n := <-left:
			if n == 0 {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lastBackup makes it where one is due. It runs beside the screen.
func (f *front) lastBackup(ctx context.Context, d *desk.Desk, k *keeper) error {
	due, err := d.AutoDue(ctx, true)
	if err != nil || !due {
		return err
	}
	return k.last(ctx, func(step dossier.BackupStep) { fyne.Do(func() { f.partingStep(step) }) })
}

// partingWords says what the window waits for.
func (f *front) partingWords() {
	p := f.parting
	if p == nil || p.dialog != nil {
		return
	}
	p.body = kit.Column(10)
	p.dialog = kit.NewDialog("Đang đóng chương trình", 480, p.body, "Đóng ngay", "", kit.Plain)
	p.dialog.OnYes, p.dialog.OnNo = p.skip, p.skip
	f.partingStep(dossier.BackupStep{})
	p.dialog.Show(f.win.Canvas(), f.router, nil)
}

func (f *front) partingStep(step dossier.BackupStep) {
	p := f.parting
	if p == nil || p.dialog == nil {
		return
	}
	share, words := float32(-1), "Đang sao lưu những gì làm từ lần trước…"
	if step.All > 0 {
		share = float32(step.Done) / float32(step.All)
	}
	if f.shell != nil && f.shell.Printings() > 0 {
		words = "Đang chờ máy in nhận xong…"
	}
	p.body.Objects = []fyne.CanvasObject{kit.NewParagraph(words), kit.Bar(share)}
	p.dialog.Grow()
}
