package desk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

// FormLine is a form as it is offered for one dossier.
type FormLine struct {
	dossier.FormInfo
	Printed int   // how often
	Why     error // why the dossier's course does not allow it; nil when it does
}

// FormsOf are the forms of a dossier's set, books left out.
func (d *Desk) FormsOf(ctx context.Context, id dossier.ID) ([]FormLine, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return nil, err
	}
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return nil, err
	}
	known, err := d.known(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.Paper.Forms(have.Intake.FormSet, known.layouts)
	if err != nil {
		return nil, err
	}
	prints, err := d.Store.Prints(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []FormLine
	for _, f := range all {
		if f.Book {
			continue
		}
		out = append(out, FormLine{FormInfo: f, Printed: prints[f.Key], Why: d.Paper.Possible(d.sheet(f.Key, "", have, known, prints))})
	}
	return out, nil
}

// Order is what is to be on paper: one form of some dossiers in that order, or a blank of it when none is named.
type Order struct {
	Form     string
	Set      string // empty for each dossier's own; the station's for a blank
	Dossiers []dossier.ID
	Paper    string // dossier.PaperA4 puts A5 forms two on a sheet; empty for what the station has chosen
}

// Drawn is an order as a PDF.
type Drawn struct {
	PDF      []byte
	Info     dossier.FormInfo
	Wide     bool   // its pages lie on their side
	Paper    string // what its pages are
	Sheets   int    // dossiers in it
	Nth      int    // of the first one
	Reprints int    // how many of them were printed before
	Skipped  []Skipped
	prints   []dossier.Event
}

// MaxBatch is the most dossiers of one printing: their pages are held in memory, a hundred kilobytes of each dossier. It is some months' work.
const MaxBatch = 2000

// errPrintedMeanwhile is said where a dossier was printed elsewhere after it was drawn: it has to be drawn again, with another mark.
var errPrintedMeanwhile = errors.New("printed meanwhile")

// Skipped is a dossier whose course does not allow the form.
type Skipped struct {
	Number string
	Why    error
}

// Draw makes the PDF and keeps no trace of it: it is looked at, not printed. Of several dossiers those whose course does not allow the
// form are left out and named; where none is left, the first one's reason is the error. One named twice is drawn once. done, which may be
// nil, is told after each.
func (d *Desk) Draw(ctx context.Context, o Order, done func(n, of int)) (Drawn, error) {
	if err := d.may(ctx, dossier.DeedPrint); err != nil {
		return Drawn{}, err
	}
	known, err := d.known(ctx)
	if err != nil {
		return Drawn{}, err
	}
	out := Drawn{Paper: o.Paper}
	if out.Paper == "" {
		out.Paper = known.settings.Paper
	}
	set := o.Set
	var sheets []dossier.Sheet
	if len(o.Dossiers) == 0 {
		if set == "" {
			set = known.settings.FormSet
		}
		sheets = []dossier.Sheet{{Form: o.Form, Set: set, Settings: known.settings, Layouts: known.layouts, Day: known.today, Paper: out.Paper}}
		if err := d.Paper.Possible(sheets[0]); err != nil {
			return Drawn{}, err
		}
	}
	seen := map[dossier.ID]bool{}
	for _, id := range o.Dossiers {
		if seen[id] {
			continue
		}
		if seen[id] = true; len(seen) > MaxBatch {
			return Drawn{}, dossier.Invalid("", "print.too-many", "max", strconv.Itoa(MaxBatch))
		}
		have, err := d.Store.Dossier(ctx, id)
		if err != nil {
			return Drawn{}, err
		}
		prints, err := d.Store.Prints(ctx, id)
		if err != nil {
			return Drawn{}, err
		}
		sheet := d.sheet(o.Form, o.Set, have, known, prints)
		sheet.Paper = out.Paper
		if err := d.Paper.Possible(sheet); err != nil {
			var ps dossier.Problems
			if !errors.As(err, &ps) {
				return Drawn{}, err
			}
			out.Skipped = append(out.Skipped, Skipped{have.Number, err})
			continue
		}
		sheets = append(sheets, sheet)
	}
	if len(sheets) == 0 {
		return Drawn{}, out.Skipped[0].Why
	}
	out.Sheets, out.Nth = len(sheets), sheets[0].Nth
	if set == "" {
		set = sheets[0].Dossier.Intake.FormSet
	}
	if out.Info, err = d.info(o.Form, set, known); err != nil {
		return Drawn{}, err
	}
	if out.Wide = out.Info.Size == dossier.PaperA5 && out.Paper == dossier.PaperA4; !out.Wide {
		out.Paper = out.Info.Size
	}
	told := func(n int) {
		if done != nil {
			done(n, len(sheets))
		}
	}
	if out.PDF, err = d.Paper.Render(ctx, sheets, told); err != nil {
		return Drawn{}, err
	}
	for _, s := range sheets {
		if s.Nth > 0 {
			out.Reprints++
		}
		set := s.Set
		if set == "" {
			set = s.Dossier.Intake.FormSet
		}
		e, err := d.event(s.Dossier.ID, dossier.TracePrinted, dossier.Print{Form: s.Form, Set: set, Nth: s.Nth})
		if err != nil {
			return Drawn{}, err
		}
		out.prints = append(out.prints, e)
	}
	return out, nil
}

func (d *Desk) info(form, set string, known known) (dossier.FormInfo, error) {
	all, err := d.Paper.Forms(set, known.layouts)
	if err != nil {
		return dossier.FormInfo{}, err
	}
	i := slices.IndexFunc(all, func(f dossier.FormInfo) bool { return f.Key == form })
	if i < 0 {
		return dossier.FormInfo{}, dossier.Invalid("form", "form.unknown", "form", form)
	}
	return all[i], nil
}

// known is what every sheet is drawn with.
type known struct {
	settings dossier.Settings
	layouts  []dossier.KeptLayout
	today    dossier.Date
}

func (d *Desk) known(ctx context.Context) (k known, err error) {
	if k.settings, err = d.settings(ctx); err != nil {
		return k, err
	}
	if k.layouts, err = d.Store.Layouts(ctx); err != nil {
		return k, err
	}
	// A clock that cannot be right is asked about where a dossier is received, not where one is printed again.
	k.today = dossier.DateOf(d.Now())
	return k, nil
}

func (d *Desk) sheet(form, set string, have dossier.Dossier, k known, prints map[string]int) dossier.Sheet {
	s := dossier.Sheet{Form: form, Set: set, Dossier: have, Settings: k.settings, Layouts: k.layouts, Nth: prints[form], Day: k.today}
	in := have.Intake
	if procedure, err := d.ruling(in); err == nil {
		if c, err := procedure.CaseFor(in.Requester.Kind, in.Channel, in.Case); err == nil {
			s.Stages = c.Steps
		}
	}
	return s
}

// halfway begins the name of a file that is being written.
const halfway = ".dang-in-"

// Tidy takes away what a power cut left half-written in the folder of papers: names stand in it, and nobody will look for it there. It is
// called before anybody prints.
func (d *Desk) Tidy() error {
	all, err := os.ReadDir(d.Papers)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, f := range all {
		if strings.HasPrefix(f.Name(), halfway) {
			err = errors.Join(err, os.Remove(filepath.Join(d.Papers, f.Name())))
		}
	}
	return err
}

// writeBeside writes a file durably under a temporary name in the folder of path.
func writeBeside(path string, content func(*os.File) error) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), halfway+"*")
	if err != nil {
		return "", err
	}
	err = content(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// replaceable refuses a path on which no file can be put: a folder, or a file that another program holds open or that is not to be written.
func replaceable(path string) error {
	is, err := os.Stat(path)
	if err != nil {
		return nil // there is none yet
	}
	if is.Mode().IsRegular() {
		var f *os.File
		if f, err = os.OpenFile(path, os.O_RDWR, 0); err == nil {
			return f.Close()
		}
	}
	return dossier.Invalid("out", "print.file", "file", path)
}

// unused is path, or the same with a number behind its name where there is such a file: a PDF that was kept is not lost to a later one.
func unused(path string) string {
	ext := filepath.Ext(path)
	for n, candidate := 2, path; ; n++ {
		if _, err := os.Lstat(candidate); errors.Is(err, os.ErrNotExist) || n > mostUnused {
			return candidate
		}
		candidate = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), n, ext)
	}
}

// mostUnused ends the search in a folder that cannot be looked at; whoever writes there is told.
const mostUnused = 1000
