package shell

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/preview"
)

// printing is what the window asks of the desk about paper.
type printing interface {
	kit.PrintDesk
	Draw(ctx context.Context, o desk.Order, done func(n, of int)) (desk.Drawn, error)
	Print(ctx context.Context, o desk.Order, to desk.Where, done func(n, of int)) (desk.Printing, error)
	DrawBook(ctx context.Context, o desk.BookOrder) (desk.Drawn, error)
	PrintBook(ctx context.Context, o desk.BookOrder, to desk.Where) (desk.Printing, error)
	DrawDay(ctx context.Context, id dossier.EventID) (desk.Drawn, error)
	PrintDay(ctx context.Context, id dossier.EventID, to desk.Where) (desk.Printing, error)
	DrawIncident(ctx context.Context, i dossier.Incident) (desk.Drawn, error)
	PrintIncident(ctx context.Context, i dossier.Incident, to desk.Where) (desk.Printing, error)
}

// previewOrder shows forms of dossiers, or a blank, as they will be printed. title names no person.
func (s *Shell) previewOrder(o desk.Order, title string) {
	d := s.cfg.Desk
	with := func(paper string) desk.Order {
		o := o
		if paper != "" {
			o.Paper = paper
		}
		return o
	}
	s.showPreview(preview.Source{Title: title, File: func(ctx context.Context) (string, error) { return s.fileOf(ctx, o) },
		Draw: func(ctx context.Context, paper string, done func(n, of int)) (desk.Drawn, error) {
			return d.Draw(ctx, with(paper), done)
		},
		Print: func(ctx context.Context, paper string, to desk.Where, done func(n, of int)) (desk.Printing, error) {
			return d.Print(ctx, with(paper), to, done)
		}}, nil)
}

// fileOf is where the PDF of an order is kept, under the names the desk gives as well.
func (s *Shell) fileOf(ctx context.Context, o desk.Order) (string, error) {
	switch len(o.Dossiers) {
	case 0:
		return s.inPapers("phieu-trang-" + o.Form + ".pdf")
	case 1:
		have, err := s.cfg.Desk.Look(ctx, o.Dossiers[0])
		if err != nil {
			return "", err
		}
		return s.inPapers(have.Dossier.Number + "-" + o.Form + ".pdf")
	}
	return s.inPapers(s.cfg.Now().In(dossier.Hanoi).Format("060102-150405") + "-" + o.Form + ".pdf")
}

func (s *Shell) inPapers(name string) (string, error) {
	if filepath.Base(name) != name || !filepath.IsLocal(name) { // a number may have come from elsewhere
		return "", dossier.Invalid("", "print.folder", "folder", s.cfg.Papers)
	}
	return filepath.Join(s.cfg.Papers, name), nil
}

// previewBook shows a register, or the figures, as they will be printed.
func (s *Shell) previewBook(o desk.BookOrder, title string) {
	d := s.cfg.Desk
	s.showPreview(preview.Source{Title: title,
		File: func(context.Context) (string, error) {
			return s.inPapers(o.Form + "-" + o.From.ISO() + "-" + o.To.ISO() + ".pdf")
		},
		Draw: func(ctx context.Context, _ string, _ func(n, of int)) (desk.Drawn, error) { return d.DrawBook(ctx, o) },
		Print: func(ctx context.Context, _ string, to desk.Where, _ func(n, of int)) (desk.Printing, error) {
			return d.PrintBook(ctx, o, to)
		}}, nil)
}

// previewDay shows the report of a closed day, or of the one still open, as it will be printed.
func (s *Shell) previewDay(id dossier.EventID, title string) {
	d := s.cfg.Desk
	s.showPreview(preview.Source{Title: title, File: func(ctx context.Context) (string, error) { return s.dayFile(ctx, id) },
		Draw: func(ctx context.Context, _ string, _ func(n, of int)) (desk.Drawn, error) { return d.DrawDay(ctx, id) },
		Print: func(ctx context.Context, _ string, to desk.Where, _ func(n, of int)) (desk.Printing, error) {
			return d.PrintDay(ctx, id, to)
		}}, nil)
}

func (s *Shell) dayFile(ctx context.Context, id dossier.EventID) (string, error) {
	report, err := s.cfg.Desk.DayReport(ctx)
	if !id.IsZero() {
		report, err = s.cfg.Desk.ClosedDay(ctx, id)
	}
	if err != nil {
		return "", err
	}
	return s.inPapers(desk.DayFile(report))
}

// previewIncident shows the report of the worst day as it will be printed.
func (s *Shell) previewIncident(i dossier.Incident) {
	d := s.cfg.Desk
	s.showPreview(preview.Source{Title: "Báo cáo sự cố", File: func(context.Context) (string, error) { return s.inPapers(desk.IncidentFile(i)) },
		Draw: func(ctx context.Context, _ string, _ func(n, of int)) (desk.Drawn, error) {
			return d.DrawIncident(ctx, i)
		},
		Print: func(ctx context.Context, _ string, to desk.Where, _ func(n, of int)) (desk.Printing, error) {
			return d.PrintIncident(ctx, i, to)
		}}, nil)
}

// previewRegister is previewBook of a register.
func (s *Shell) previewRegister(o desk.BookOrder) {
	s.previewBook(o, "Sổ "+o.From.String()+" – "+o.To.String())
}

// showPreview leads to the preview; Esc there leads back to where the officer was.
func (s *Shell) showPreview(src preview.Source, run *kit.Running) {
	if s.now != s.preview {
		s.from = s.now
	}
	s.show(s.preview)
	s.paper.Show(src, run)
}

// beginReceipt prints what a citizen waits for; reception says how it goes while it is shown.
func (s *Shell) beginReceipt(job kit.PrintJob) *kit.Running {
	seen := job.Seen
	job.Seen = func() bool { return s.now == s.reception && seen() }
	return s.prints.Begin(job)
}

// printed follows every change of every printing: the foot of the window always says it, and one that did not come out is said where
// the officer is. No dialog: somebody may be typing.
func (s *Shell) printed(r *kit.Running) {
	state := r.State()
	if !state.Going {
		s.one.Refresh() // how often its papers were printed
		if state.Again && !r.Seen() {
			s.missed = append(s.missed, r)
			s.tellMissed()
		}
		s.parted(r)
	}
	s.tell()
}

// tellMissed says the first of those nobody has looked at yet.
func (s *Shell) tellMissed() {
	s.word.Objects = nil
	if len(s.missed) > 0 {
		state, more := s.missed[0].State(), ""
		if n := len(s.missed) - 1; n > 0 {
			more = fmt.Sprintf("\nCòn %d bản in khác chưa in được.", n)
		}
		open := kit.NewButton("Xem, in lại", "F12", kit.Plain, s.openPrinting)
		known := kit.NewButton("Đã biết", "", kit.Plain, func() {
			s.missed = s.missed[1:]
			s.tellMissed()
		})
		words := kit.Notice(state.Tone, s.missed[0].Title+": "+state.Text+more, kit.Row(8, kit.Cell{Object: open}, kit.Cell{Object: known}))
		s.word.Objects = []fyne.CanvasObject{kit.Pad(6, 14, 0, 14, words)}
	}
	kit.Relayout(s.content)
}

// openPrinting is F12: where the printing that did not come out, else the one begun last, can be watched, stopped and printed again.
func (s *Shell) openPrinting() {
	r := s.prints.Last()
	if len(s.missed) > 0 {
		r, s.missed = s.missed[0], s.missed[1:]
		s.tellMissed()
	}
	if r != nil {
		r.Open()
	}
}

// printWords are what the foot of the window says of printing.
func (s *Shell) printWords() *segment {
	r := s.prints.Last()
	if r == nil {
		return nil
	}
	state := r.State()
	out := &segment{text: state.Short + ": " + r.Title, color: state.Tone.Ink(), give: true}
	switch state.Tone {
	case kit.Good:
		out.sign = &tick
	case kit.Warn, kit.Bad:
		out.sign = &triangle
	}
	if n := s.prints.Going(); n > 1 {
		out.text = fmt.Sprintf("Đang in %d việc. %s", n, out.text)
	}
	return out
}
