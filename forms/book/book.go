// Package book writes what is of many dossiers: the registers (BM.02, BM.06), the list of what is handed to the archive and its cover.
// The same book gives the same bytes in every run. Nothing reaches the writer before every row has been read and set, so a failing
// store leaves no half book behind.
//
// Book and running number are those on the receipt: quyển số is the year of reception, số thứ tự the tail of the dossier's number,
// which begins anew each day. So each day's rows stand under a line with the day, and each year is a book of its own.
package book

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"tiepnhan/dossier"
)

// The books.
const (
	intakeRegister   = "intake-register"
	trackingRegister = "tracking-register"
	archiveList      = "archive-list"
	archiveCover     = "archive-cover"
)

// Write writes a book as dossier.BookPDF, BookXLSX or BookCSV and tells how many dossiers are in it. info is what the form set says of the
// form. The dossiers come in the order they are to stand in. Codes: form.unknown, book.format, book.only-pdf, book.no-csv, settings.no-unit,
// settings.district-ended. The error of b.Rows and that of ctx come back as they are.
func Write(ctx context.Context, b dossier.Book, info dossier.FormInfo, format string, to io.Writer) (rows int, err error) {
	l, err := open(b, info)
	if err != nil {
		return 0, err
	}
	switch {
	case format == dossier.BookPDF && b.Key == archiveCover:
		err = l.writeCover(ctx, to)
	case format == dossier.BookPDF && b.Key == figures:
		err = l.writeFigures(ctx, to)
	case format == dossier.BookPDF:
		err = l.writePDF(ctx, to)
	case format != dossier.BookXLSX && format != dossier.BookCSV:
		return 0, dossier.Invalid("format", "book.format", "format", format)
	case b.Key == figures && format == dossier.BookXLSX:
		err = l.writeFiguresXLSX(ctx, to)
	case b.Key == figures:
		return 0, dossier.Invalid("format", "book.no-csv", "title", info.Title)
	case b.Key == archiveCover:
		return 0, dossier.Invalid("format", "book.only-pdf", "title", info.Title)
	case format == dossier.BookXLSX:
		err = l.writeBuffered(to, func(buf *bytes.Buffer) error { return l.writeXLSX(ctx, buf) })
	default:
		err = l.writeBuffered(to, func(buf *bytes.Buffer) error { return l.writeCSV(ctx, buf) })
	}
	if err != nil {
		return 0, err
	}
	return l.rows, nil
}

// ledger is a book being written.
type ledger struct {
	dossier.Book
	info    dossier.FormInfo
	columns []column
	rows    int
}

func open(b dossier.Book, info dossier.FormInfo) (*ledger, error) {
	columns, known := catalogue[b.Key]
	if !known {
		return nil, dossier.Invalid("form", "form.unknown", "form", b.Key)
	}
	l := &ledger{Book: b, info: info, columns: chosen(columns, b.Settings.Books[b.Key])}
	_, err := l.unit(b.To)
	return l, err
}

// unit is the unit as it was named on that day.
func (l *ledger) unit(day dossier.Date) (dossier.UnitTerm, error) {
	u, err := l.Settings.UnitOn(day)
	if err != nil {
		return u, fmt.Errorf("unit of book on %s: %w", day.ISO(), err)
	}
	return u, nil
}

// isRegister tells whether the rows are numbered as on the receipts and stand under their days.
func (l *ledger) isRegister() bool { return l.Key == intakeRegister || l.Key == trackingRegister }

// stands tells whether a dossier is a row of the book. BM.02 holds every intake; BM.06 what was received, with what was annulled since,
// for its number is on a receipt; the archive's list what was received and has ended: the papers of a refused intake went home with the
// person, and those of an annulled one are with the dossier it was received as.
func (l *ledger) stands(e *entry) bool {
	switch l.Key {
	case intakeRegister, figures:
		return true
	case trackingRegister:
		return !e.refused
	}
	return !e.refused && (e.Status == dossier.StatusReturned || e.broken())
}

// read visits every dossier the book is given, and tells whether it stands in it.
func (l *ledger) read(ctx context.Context, visit func(e *entry, stands bool) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var one dossier.Dossier // in one place for all: visit keeps none
	return l.Rows(func(d dossier.Dossier) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		one = d
		e := newEntry(&one, l)
		stands := l.stands(e)
		if stands {
			l.rows++
			e.nth = l.rows
		}
		return visit(e, stands)
	})
}

func (l *ledger) writeBuffered(to io.Writer, write func(*bytes.Buffer) error) error {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	if _, err := to.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

// Columns are the columns of a book in the order they stand in when the keeper has chosen none; nil for one without.
func Columns(form string) []dossier.BookColumn {
	var out []dossier.BookColumn
	for _, c := range catalogue[form] {
		out = append(out, dossier.BookColumn{Key: c.key, Title: c.full()})
	}
	return out
}

// chosen are the columns the keeper wants, under the titles he gave. A key this version does not know is passed over; where nothing is
// left, all columns stand.
func chosen(all []column, want []dossier.BookColumn) []column {
	var out []column
	for _, w := range want {
		i := slices.IndexFunc(all, func(c column) bool { return c.key == w.Key })
		if i < 0 || slices.ContainsFunc(out, func(c column) bool { return c.key == w.Key }) {
			continue
		}
		c := all[i]
		if w.Title != "" && w.Title != c.full() {
			c.title, c.alone, c.group = w.Title, "", ""
		}
		out = append(out, c)
	}
	if out == nil {
		return all
	}
	return out
}
