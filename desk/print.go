package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
)

// Printed is a form that came out.
type Printed struct {
	Path string // the PDF
	Nth  int    // 0 the first time, n for "bản in lại lần n"
}

// Print draws a form of a dossier into the folder of papers and keeps a trace of it. The dossier stands whether or not this succeeds.
func (d *Desk) Print(ctx context.Context, form string, id dossier.ID) (Printed, error) {
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return Printed{}, err
	}
	name := have.Number + "-" + form + ".pdf"
	if !filepath.IsLocal(name) {
		return Printed{}, dossier.Invalid("", "print.folder", "folder", d.Papers)
	}
	return d.PrintTo(ctx, form, have, filepath.Join(d.Papers, name))
}

// PrintTo is Print into a file of that name, which is whole or not there at all.
func (d *Desk) PrintTo(ctx context.Context, form string, have dossier.Dossier, path string) (Printed, error) {
	s, err := d.settings(ctx)
	if err != nil {
		return Printed{}, err
	}
	nth, err := d.Store.Prints(ctx, have.ID, form)
	if err != nil {
		return Printed{}, err
	}
	pdf, err := d.Paper.Render(form, have, s.Officer(receiver(have)), nth)
	if err != nil {
		return Printed{}, err
	}
	draft, err := writeBeside(path, pdf)
	if err != nil {
		return Printed{}, dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
	}
	defer os.Remove(draft)
	// The trace goes first: what is on paper must be in the journal, and a rename has nothing left to fail on.
	if err := d.record(ctx, have.ID, dossier.TracePrinted, dossier.Print{Form: form, Set: have.Intake.FormSet, Nth: nth, To: "pdf"}); err != nil {
		return Printed{}, err
	}
	if err := os.Rename(draft, path); err != nil {
		return Printed{}, dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
	}
	return Printed{Path: path, Nth: nth}, nil
}

// receiver is the officer whose name the receipt carries: who received it, not who prints it again.
func receiver(have dossier.Dossier) dossier.OfficerID {
	for _, step := range have.Course {
		if step.Kind == dossier.Received || step.Kind == dossier.Refused {
			return step.By
		}
	}
	return ""
}

// writeBeside writes a file durably under a temporary name in the folder of path.
func writeBeside(path string, content []byte) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".dang-in-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	return f.Name(), nil
}
