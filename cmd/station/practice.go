package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// Practising is a program of its own on a made-up station: journals are only ever added to, so what is tried out must not come near the
// station's. Its folder lies below the station's; whatever is in it is thrown away before and after, and what a crash leaves there with the
// next start of either.
const (
	practiceFolder = "tap-thu"
	practiceMark   = "DU-LIEU-THU.txt" // in a folder that may be emptied; it goes last, so that a folder half emptied still has it
)

// openPractice opens the made-up station for a practice window: on no line, and with its papers kept as files unless a printer is chosen.
func openPractice(ctx context.Context, data string) (*world, error) {
	w, err := openWorld(ctx, filepath.Join(data, practiceFolder), nil, toPractise, clock)
	if err != nil {
		return nil, err
	}
	w.desk.Line = noLine{}
	w.desk.Spool = fileFirst{w.desk.Spool}
	settings := sampleSettings()
	w.desk.Officer = settings.Officers[0].ID
	if err := w.desk.SetUp(ctx, settings); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// emptyPractice throws away what is in the folder, once its lock is held. A folder that practising did not make is left alone. The lock's own
// file stays: to take it away would let two programs in.
func emptyPractice(dir string) error {
	strange := dossier.Invalid("data", "practice.folder", "folder", dir)
	if at, err := os.Lstat(dir); err != nil || !at.IsDir() {
		return strange
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return dossier.Invalid("data", "station.folder", "folder", dir)
	}
	marked := false
	for _, e := range entries {
		marked = marked || e.Name() == practiceMark
	}
	for _, e := range entries {
		if e.Name() == lockFile || e.Name() == practiceMark {
			continue
		}
		if !marked {
			return strange
		}
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	if err != nil { // a paper may be open in another program
		return dossier.Invalid("data", "practice.busy", "folder", dir)
	}
	return nil
}

// layPractice empties the folder and says in it that everything here may be thrown away.
func layPractice(dir string) error {
	if err := emptyPractice(dir); err != nil {
		return err
	}
	text := "Thư mục này chỉ chứa dữ liệu tập thử và được xóa mỗi khi mở hoặc đóng cửa sổ tập thử.\r\n"
	if os.WriteFile(filepath.Join(dir, practiceMark), []byte(text), 0o600) != nil {
		return dossier.Invalid("data", "station.folder", "folder", dir)
	}
	return nil
}

// forgetPractice throws away what a practice window that was cut off has left; where one is open it is left alone.
func forgetPractice(data string) {
	w := &world{dir: filepath.Join(data, practiceFolder)}
	if _, err := os.Stat(filepath.Join(w.dir, practiceMark)); err != nil || w.alone() != nil {
		return
	}
	_ = errors.Join(emptyPractice(w.dir), w.unlock()) // the practice window says so when its turn comes
}

// practice starts a practice window beside this one; nil where that cannot be.
func practice(data string) func() error {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	return func() error {
		window := exec.Command(program, "-practice", "-data", data)
		if err := window.Start(); err != nil {
			return err
		}
		return window.Process.Release() // it lives on by itself
	}
}

// noLine leads nowhere: nothing made up goes to upstream, and no ticket is used up for it.
type noLine struct{}

func (noLine) Send(context.Context, func(dossier.SendStep)) (dossier.Sent, error) {
	return dossier.Sent{}, dossier.Invalid("", "practice.no-line")
}

func (noLine) Enrol(context.Context, string) (dossier.Upstream, error) {
	return dossier.Upstream{}, dossier.Invalid("ticket", "practice.no-line")
}

func (noLine) Enrolled(context.Context) (bool, error) { return false, nil }

// fileFirst puts a printer that is none before the PC's: who chooses no printer gets a file.
type fileFirst struct{ desk.Spool }

const noPrinter = "Không in, chỉ giữ tệp PDF"

func (s fileFirst) Printers(ctx context.Context) ([]dossier.Printer, error) {
	all, err := s.Spool.Printers(ctx)
	if err != nil { // the PC has no printing at all
		all = nil
	}
	for i := range all {
		all[i].Default = false
	}
	return append([]dossier.Printer{{Name: noPrinter, Default: true}}, all...), nil
}

func (s fileFirst) Print(ctx context.Context, job dossier.PrintJob) (string, error) {
	if job.Printer == noPrinter {
		return "", dossier.Invalid("printer", "practice.no-paper")
	}
	return s.Spool.Print(ctx, job)
}
