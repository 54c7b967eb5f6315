package desk

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
)

// BookOrder is which pages of which register.
type BookOrder struct {
	Form     string // key of the register
	Set      string // empty for the station's own
	From, To dossier.Date
	Confirm  Confirm // of a second person, for an export of many
}

// MaxAlone is how many persons an officer may export without a second one's word: more than a busy desk receives in a day, so that the day's
// register is nobody else's business, and far fewer than a month's.
const MaxAlone = 100

// MaxBookDays is how many days a register may span at once: a year and a day.
const MaxBookDays = 367

// DrawBook makes the pages of a register as a PDF to look at; nothing is kept of it.
func (d *Desk) DrawBook(ctx context.Context, o BookOrder) (Drawn, error) {
	if err := d.may(ctx, dossier.DeedPrintBook); err != nil {
		return Drawn{}, err
	}
	b, out, err := d.book(ctx, o)
	if err != nil {
		return Drawn{}, err
	}
	var pdf bytes.Buffer
	if out.Sheets, err = d.Paper.Book(ctx, b, out.Info, dossier.BookPDF, &pdf); err != nil {
		return Drawn{}, err
	}
	out.PDF, out.Paper, out.Wide = pdf.Bytes(), dossier.PaperA4, wide(o.Form)
	e, err := d.event(dossier.ID{}, dossier.TracePrinted, dossier.Print{Form: o.Form, Set: b.Set, From: o.From, Until: o.To})
	out.prints = []dossier.Event{e}
	return out, err
}

// wide tells whether the pages of a book lie on their side.
func wide(form string) bool { return form != "archive-cover" && form != "figures" }

// PrintBook prints the pages of a register.
func (d *Desk) PrintBook(ctx context.Context, o BookOrder, to Where) (Printing, error) {
	if err := d.may(ctx, dossier.DeedPrintBook); err != nil {
		return Printing{}, err
	}
	drawn, err := d.DrawBook(ctx, o)
	if err != nil {
		return Printing{}, err
	}
	title := drawn.Info.Title + " " + o.From.String() + "-" + o.To.String()
	return d.put(ctx, drawn, title, o.Form+"-"+o.From.ISO()+"-"+o.To.ISO()+".pdf", to)
}

// ExportBook writes a register as an Excel or CSV file, whole or not at all, and keeps a trace that it left. It tells how many rows it has.
// More than MaxAlone persons leave with a second person's word only, or announced: see agreed, whose codes come back.
func (d *Desk) ExportBook(ctx context.Context, o BookOrder, format, path string) (rows int, err error) {
	if err := d.may(ctx, dossier.DeedExport); err != nil {
		return 0, err
	}
	if err := replaceable(path); err != nil {
		return 0, err
	}
	b, out, err := d.book(ctx, o)
	if err != nil {
		return 0, err
	}
	draft, err := writeBeside(path, func(f *os.File) error {
		rows, err = d.Paper.Book(ctx, b, out.Info, format, f)
		return err
	})
	if err != nil {
		if dossier.Code(err) != "" || ctx.Err() != nil {
			return 0, err
		}
		return 0, dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
	}
	defer os.Remove(draft)
	left := dossier.Export{Form: o.Form, Format: format, From: o.From, Until: o.To, Rows: rows}
	if rows > MaxAlone && o.Form != "figures" { // figures count persons and name none
		if left.Confirmed, err = d.agreed(ctx, dossier.DeedExport, o.Form+" "+o.From.ISO()+" "+o.To.ISO(), o.Confirm); err != nil {
			return 0, err
		}
	}
	if err := d.record(ctx, dossier.ID{}, dossier.TraceExported, left); err != nil {
		return 0, err
	}
	if err := os.Rename(draft, path); err != nil {
		return 0, dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
	}
	return rows, nil
}

// checkPeriod refuses days out of order and more than a year of them.
func checkPeriod(from, to dossier.Date) error {
	switch {
	case from.IsZero() || to.IsZero() || to.Before(from):
		return dossier.Invalid("to", "book.range")
	case from.AddDays(MaxBookDays).Before(to):
		return dossier.Invalid("to", "book.too-long")
	}
	return nil
}

func (d *Desk) book(ctx context.Context, o BookOrder) (dossier.Book, Drawn, error) {
	known, err := d.known(ctx)
	if err != nil {
		return dossier.Book{}, Drawn{}, err
	}
	if err := checkPeriod(o.From, o.To); err != nil {
		return dossier.Book{}, Drawn{}, err
	}
	if o.Set == "" {
		o.Set = known.settings.FormSet
	}
	info, err := d.info(o.Form, o.Set, known)
	if err == nil && !info.Book {
		err = dossier.Invalid("form", "form.unknown", "form", o.Form)
	}
	if err != nil {
		return dossier.Book{}, Drawn{}, err
	}
	b := dossier.Book{Key: o.Form, Set: o.Set, From: o.From, To: o.To, Settings: known.settings, Layouts: known.layouts, Now: d.Now(), Calendar: d.calendar(known.today)}
	b.Rows = func(yield func(dossier.Dossier) error) error { return d.Store.Between(ctx, o.From, o.To, yield) }
	return b, Drawn{Info: info}, nil
}

// OfDay are the dossiers received on those days, refusals too, in the order of their numbers: for printing a whole day.
func (d *Desk) OfDay(ctx context.Context, from, to dossier.Date) ([]dossier.ID, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return nil, err
	}
	var out []dossier.ID
	err := d.Store.Between(ctx, from, to, func(have dossier.Dossier) error {
		out = append(out, have.ID)
		return nil
	})
	return out, err
}
