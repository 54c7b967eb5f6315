package main

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store/backup"
	"tiepnhan/ui/kit"
)

// restore closes the desk, puts a backup in the place of its store, and shows the gate with a word on what came of it. Nobody else gets at the folder
// meanwhile. An error comes back only where the desk stands as it stood. It runs beside the screen. Codes: those of desk.MayRestore.
func (f *front) restore(w *world, path string, c desk.Confirm) error {
	confirmed, err := w.desk.MayRestore(f.ctx, path, c)
	if err != nil {
		return err
	}
	var going *work
	var page *restorePage
	fyne.DoAndWait(func() {
		page = newRestorePage()
		f.log.failed("keep what is typed", f.shell.Close())
		going = f.work
		f.world, f.shell, f.work, f.overlays, f.restoring = nil, nil, nil, nil, true
		f.win.SetContent(page.root)
		f.router = &kit.Router{}
	})
	f.log.failed("leave to restore", errors.Join(w.end(f.ctx, going, dossier.LeftByHand), w.empty()))
	made, err := w.putBack(f.ctx, path, confirmed, func(step dossier.BackupStep) { fyne.Do(func() { page.tell(step) }) })
	f.log.failed("restore", err)
	fyne.Do(func() {
		f.restoring = false
		f.shut(string(w.desk.Officer), "")
		title, tone, text := "Đã khôi phục", kit.Good, assets.Word("keep.restored", map[string]string{"made": kit.Moment(made)})
		if err != nil {
			title, tone, text = "Chưa khôi phục được", kit.Bad, kit.SayError(err)
		}
		d := kit.NewDialog(title, 520, kit.Notice(tone, text), "Đã hiểu", "", kit.Primary)
		d.OnYes, d.OnNo = d.Close, d.Close
		d.Show(f.win.Canvas(), f.router, nil)
	})
	return nil
}

// putBack puts a backup in the place of a store that was closed, and lets go of the keys. made is when the backup was made. Codes: those of
// restore, keep.stranger (user).
func (w *world) putBack(ctx context.Context, path string, confirmed dossier.OfficerID, told func(dossier.BackupStep)) (made time.Time, err error) {
	b, err := backup.Look(path)
	if err == nil {
		var opened *safe
		opened, err = restore(ctx, w.dir, w.safe, restoring{from: path, by: w.desk.Officer, confirmed: confirmed, freely: true, told: told})
		if opened != nil {
			err = errors.Join(err, opened.close())
		}
	}
	switch dossier.Code(err) {
	case "user.unknown", "role.not-allowed": // they could not sign in afterwards
		err = dossier.Invalid("", "keep.stranger", "user", string(w.desk.Officer))
	}
	return b.Made, errors.Join(err, w.lockUp())
}

// empty closes the store and gives the folder free, and keeps the keys.
func (w *world) empty() error {
	err := errors.Join(w.store.Close(), w.pages.Close())
	if layer := w.safe.layer; layer != nil {
		w.safe.layer = nil
		err = errors.Join(err, layer.Close())
	}
	return errors.Join(err, w.unlock())
}

// restorePage is what the window shows meanwhile.
type restorePage struct {
	root fyne.CanvasObject
	body *fyne.Container
}

func newRestorePage() *restorePage {
	title := kit.Strong("Đang khôi phục dữ liệu")
	title.SizeName = theme.SizeNameSubHeadingText
	r := &restorePage{body: kit.Column(10)}
	r.root = container.NewCenter(kit.Panel("", title, r.body))
	r.tell(dossier.BackupStep{})
	return r
}

func (r *restorePage) tell(step dossier.BackupStep) {
	words, share := "Đang đóng dữ liệu hiện có…", float32(-1)
	switch step.Step {
	case dossier.BackupUnpacks:
		words = "Đang đọc bản sao lưu…"
	case dossier.BackupProves, dossier.BackupWrites:
		words = "Đang kiểm tra và ghi lại…"
	}
	if step.All > 0 {
		share = float32(step.Done) / float32(step.All)
	}
	r.body.Objects = []fyne.CanvasObject{kit.NewParagraph(words), kit.Bar(share), kit.Caption("Vui lòng không tắt máy. Mất điện giữa chừng thì dữ liệu hiện có hoặc dữ liệu khôi phục vẫn nguyên vẹn.")}
	kit.Relayout(r.root)
}
