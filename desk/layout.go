package desk

import (
	"context"
	"encoding/json"
	"time"

	"tiepnhan/dossier"
)

// Forms are all the station's form set has, as the keeper sees them.
func (d *Desk) Forms(ctx context.Context) ([]dossier.FormInfo, error) {
	if err := d.may(ctx, dossier.DeedStation); err != nil {
		return nil, err
	}
	known, err := d.known(ctx)
	if err != nil {
		return nil, err
	}
	return d.Paper.Forms(known.settings.FormSet, known.layouts)
}

// endOfTime is when the keeper's last word holds, whatever the clock was when he said it.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// FormText is the text of a form as the keeper last left it, for forms whose text is data.
func (d *Desk) FormText(ctx context.Context, form string) ([]byte, error) {
	if err := d.may(ctx, dossier.DeedStation); err != nil {
		return nil, err
	}
	known, err := d.known(ctx)
	if err != nil {
		return nil, err
	}
	shipped, err := d.Paper.Text(form)
	if err != nil {
		return nil, err
	}
	if text, _ := dossier.LayoutAt(known.layouts, form, known.settings.FormSet, endOfTime); text != nil {
		return text, nil
	}
	return shipped, nil
}

// KeepFormText keeps a corrected text of a form from now on; dossiers received before keep theirs. checked says that it was compared with
// the official paper. What is new paper from when on is a matter of the clock, so one that cannot be right is asked about first.
func (d *Desk) KeepFormText(ctx context.Context, form string, text []byte, checked bool) error {
	if err := d.may(ctx, dossier.DeedForms); err != nil {
		return err
	}
	if err := d.Paper.CheckText(form, text); err != nil {
		return err
	}
	now, err := d.now(ctx)
	if err != nil {
		return err
	}
	return d.record(ctx, dossier.ID{}, dossier.LayoutKept, dossier.Layout{Form: form, From: now, Text: json.RawMessage(text), Checked: checked})
}

// MarkChecked keeps the keeper's word that a form of the station's set was compared with the official paper, or takes it back.
func (d *Desk) MarkChecked(ctx context.Context, form string, checked bool) error {
	if err := d.may(ctx, dossier.DeedForms); err != nil {
		return err
	}
	known, err := d.known(ctx)
	if err != nil {
		return err
	}
	if _, err := d.info(form, known.settings.FormSet, known); err != nil {
		return err
	}
	return d.record(ctx, dossier.ID{}, dossier.LayoutKept, dossier.Layout{Form: form, Set: known.settings.FormSet, Checked: checked})
}

// Columns are the columns of a register: those the keeper has chosen, and all there are.
func (d *Desk) Columns(ctx context.Context, form string) (chosen, all []dossier.BookColumn, err error) {
	if err := d.may(ctx, dossier.DeedStation); err != nil {
		return nil, nil, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	all = d.Paper.Columns(form)
	if chosen = s.Books[form]; len(chosen) == 0 {
		chosen = all
	}
	return chosen, all, nil
}

// ChooseColumns keeps which columns a register has, in that order; none brings back its own.
func (d *Desk) ChooseColumns(ctx context.Context, form string, columns []dossier.BookColumn) error {
	if err := d.may(ctx, dossier.DeedForms); err != nil {
		return err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	s, err := d.settings(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, c := range d.Paper.Columns(form) {
		known[c.Key] = true
	}
	for i := range columns {
		columns[i].Title = dossier.Clean(columns[i].Title)
		if !known[columns[i].Key] {
			return dossier.Invalid("columns", "book.column", "column", columns[i].Key)
		}
		if ps := dossier.CheckText("columns", columns[i].Title, 60); len(ps) > 0 {
			return ps.Err()
		}
		known[columns[i].Key] = false // each once
	}
	books := map[string][]dossier.BookColumn{}
	for k, v := range s.Books {
		books[k] = v
	}
	if books[form] = columns; len(columns) == 0 {
		delete(books, form)
	}
	s.Books = books
	return d.record(ctx, dossier.ID{}, dossier.StationSet, s)
}

// ChoosePrinter keeps which printer this PC uses and what paper is in it.
func (d *Desk) ChoosePrinter(ctx context.Context, printer, paper string) error {
	if err := d.may(ctx, dossier.DeedPrinter); err != nil {
		return err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	s, err := d.settings(ctx)
	if err != nil {
		return err
	}
	if s.Printer == printer && s.Paper == paper {
		return nil
	}
	s.Printer, s.Paper = dossier.Clean(printer), paper
	return d.record(ctx, dossier.ID{}, dossier.StationSet, s)
}
