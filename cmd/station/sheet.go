package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
	"tiepnhan/forms"
)

// recoverySheet is the sheet as it is printed. The station may have no name yet, and w is nil where its store could not be opened: the code
// must come on paper all the same.
func recoverySheet(ctx context.Context, w *world, code string) ([]byte, error) {
	r := forms.Recovery{Code: code, Made: clock()}
	if w != nil {
		if s, ok, err := w.store.Settings(ctx); err != nil {
			return nil, err
		} else if ok {
			unit, err := s.UnitOn(dossier.DateOf(r.Made))
			if err != nil {
				return nil, err
			}
			r.Unit = unit.Unit
		}
	}
	return forms.RecoveryPDF(r)
}

// printSheet prints the sheet at once: its code is kept nowhere, so there is no job to come back to. Code: printer.none.
func printSheet(ctx context.Context, w *world, code string) error {
	pdf, err := recoverySheet(ctx, w, code)
	if err != nil {
		return err
	}
	printer, err := usualPrinter(ctx, w)
	if err != nil {
		return err
	}
	_, err = w.desk.Spool.Print(ctx, dossier.PrintJob{Printer: printer, Title: "Phiếu khôi phục", PDF: pdf, Paper: dossier.PaperA4, Copies: 1})
	return err
}

// usualPrinter is the one the PC prints on when nobody chose. Code: printer.none.
func usualPrinter(ctx context.Context, w *world) (string, error) {
	if w == nil || w.desk.Spool == nil {
		return "", dossier.Invalid("printer", "printer.none")
	}
	all, err := w.desk.Spool.Printers(ctx)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", dossier.Invalid("printer", "printer.none")
	}
	for _, p := range all {
		if p.Default {
			return p.Name, nil
		}
	}
	return all[0].Name, nil
}

// saveSheet puts the sheet where this user keeps files, and never beside the data: who takes the one must not have the other.
func saveSheet(ctx context.Context, w *world, code string) (string, error) {
	pdf, err := recoverySheet(ctx, w, code)
	if err != nil {
		return "", err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", dossier.Invalid("", "station.folder", "folder", "~")
	}
	for _, folder := range []string{"Desktop", "Documents"} {
		if at, err := os.Stat(filepath.Join(home, folder)); err == nil && at.IsDir() {
			home = filepath.Join(home, folder)
			break
		}
	}
	path := filepath.Join(home, fmt.Sprintf("phieu-khoi-phuc-%s.pdf", clock().In(dossier.Hanoi).Format("060102-1504")))
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		return "", dossier.Invalid("", "station.folder", "folder", home)
	}
	return path, nil
}
