package main

import (
	"context"
	"io"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/forms"
	"tiepnhan/forms/book"
	"tiepnhan/forms/raster"
	"tiepnhan/forms/spool"
)

// paper draws forms and books.
type paper struct{}

func (paper) Forms(set string, layouts []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	return forms.Forms(set, layouts)
}

func (paper) Possible(s dossier.Sheet) error { return forms.Possible(s) }

func (paper) Render(ctx context.Context, sheets []dossier.Sheet, done func(n int)) ([]byte, error) {
	return forms.Render(ctx, sheets, done)
}

func (paper) Book(ctx context.Context, b dossier.Book, info dossier.FormInfo, format string, to io.Writer) (int, error) {
	return book.Write(ctx, b, info, format, to)
}

func (paper) Day(ctx context.Context, s dossier.DaySheet, to io.Writer) error {
	return book.WriteDay(ctx, s, to)
}

func (paper) Incident(_ context.Context, s dossier.IncidentSheet, to io.Writer) error {
	return forms.WriteIncident(s, to)
}

func (paper) Columns(form string) []dossier.BookColumn { return book.Columns(form) }

func (paper) Text(form string) ([]byte, error) { return forms.Text(form) }

func (paper) CheckText(form string, text []byte) error { return forms.CheckText(form, text) }

// viewer opens a PDF to be looked at.
type viewer struct{ pages *raster.Raster }

func (v viewer) Open(ctx context.Context, pdf []byte) (desk.Pages, error) {
	d, err := v.pages.Open(ctx, pdf)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// pictures are the same pages for a printer that takes pictures.
type pictures struct{ pages *raster.Raster }

func (p pictures) Open(ctx context.Context, pdf []byte) (spool.Pages, error) {
	d, err := p.pages.Open(ctx, pdf)
	if err != nil {
		return nil, err
	}
	return d, nil
}
