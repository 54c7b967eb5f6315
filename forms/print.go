// Package forms prints the forms of the desk. A sheet is a value; the same one gives the same bytes for ever, so a dossier is
// reprinted as it was. A form holds whatever was typed: its letters get smaller by rule, or it goes on to a next page (see each
// form), and nothing is left out or printed over something else.
package forms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// drawing is how the program draws a form.
type drawing struct {
	size  string // dossier.PaperA4 or dossier.PaperA5
	blank bool   // it may be handed out unfilled
	data  bool   // its text is data
	book  bool   // it is of many dossiers, see package book
	// needs tells why a dossier's course does not allow it; nil when it does. It is not asked of a blank.
	needs func(*sheet) error
	draw  func(*sheet) error
	// layouts are other ways to draw it, by the name a set gives.
	layouts map[string]func(*sheet) error
}

// drawings are the forms the program knows. A new one is one file, its line here, and a line in each set that has it.
var drawings = map[string]drawing{
	Receipt: {size: dossier.PaperA5, needs: needsReceived, draw: drawReceipt,
		layouts: map[string]func(*sheet) error{"receipt-2025": drawReceipt2025}},
	ControlSlip:      {size: dossier.PaperA5, needs: needsReceived, draw: drawControlSlip},
	Refusal:          {size: dossier.PaperA5, needs: needsRefused, draw: drawRefusal},
	Supplement:       {size: dossier.PaperA5, needs: needsAsked, draw: drawSupplement},
	Apology:          {size: dossier.PaperA5, needs: needsRescheduled, draw: drawApology},
	Stop:             {size: dossier.PaperA5, needs: needsStopped, draw: drawStop},
	ResultNotice:     {size: dossier.PaperA4, needs: needsResult, draw: drawResultNotice},
	SubjectNotice:    {size: dossier.PaperA4, needs: needsSubject, draw: drawSubjectNotice},
	RefusalAnswer:    {size: dossier.PaperA4, needs: needsDeclined, draw: drawRefusalAnswer},
	TK01:             {size: dossier.PaperA4, blank: true, data: true, needs: needsProcedure, draw: drawLayout},
	TK02:             {size: dossier.PaperA4, blank: true, data: true, needs: needsProcedure, draw: drawLayout},
	TK03:             {size: dossier.PaperA4, blank: true, data: true, needs: needsProcedure, draw: drawLayout},
	IntakeRegister:   {size: dossier.PaperA4, book: true},
	TrackingRegister: {size: dossier.PaperA4, book: true},
	ArchiveList:      {size: dossier.PaperA4, book: true},
	ArchiveCover:     {size: dossier.PaperA4, book: true},
	Figures:          {size: dossier.PaperA4, book: true},
}

// sheet is one form being drawn into a document.
type sheet struct {
	dossier.Sheet
	doc     *paper.Doc
	set     *Set
	form    Form
	how     drawing
	in      dossier.Receive
	checked bool   // the keeper has compared it with the official paper
	text    []byte // of a form whose text is data: the keeper's, nil for the program's own
}

// open finds the form of a sheet. Codes: form.unknown, form.unknown-set, form.impossible and its like.
func open(s dossier.Sheet) (*sheet, error) {
	if s.Set == "" {
		s.Set = s.Dossier.Intake.FormSet
	}
	set, err := SetOf(s.Set)
	if err != nil {
		return nil, err
	}
	out := &sheet{Sheet: s, set: set, in: s.Dossier.Intake}
	inSet := false
	out.form, inSet = set.Form(s.Form)
	out.how = drawings[s.Form]
	if out.form.Layout != "" {
		out.how.draw = out.how.layouts[out.form.Layout]
	}
	if !inSet || out.how.draw == nil {
		return nil, dossier.Invalid("form", "form.unknown", "form", s.Form)
	}
	at := out.in.ReceivedAt
	if out.isBlank() {
		at = endOfTime
	}
	out.text, out.checked = dossier.LayoutAt(s.Layouts, s.Form, set.Key, at)
	return out, nil
}

func (s *sheet) isBlank() bool { return s.Dossier.Number == "" && s.Dossier.ID.IsZero() }

// possible tells why the form cannot be had.
func (s *sheet) possible() error {
	if s.isBlank() {
		if !s.how.blank {
			return dossier.Invalid("form", "form.no-blank", "title", s.form.Title)
		}
		return nil
	}
	return s.how.needs(s)
}

// Possible tells why a form cannot be had of a dossier, or not at all: dossier.Problems, nil when it can.
func Possible(s dossier.Sheet) error {
	one, err := open(s)
	if err != nil {
		return err
	}
	return one.possible()
}

// Render draws sheets one after the other as one PDF; all are of one size. done, which may be nil, is told after each. It ends early
// with ctx. Codes: those of Possible, form.too-long.
func Render(ctx context.Context, sheets []dossier.Sheet, done func(n int)) ([]byte, error) {
	doc, err := draw(ctx, sheets, done)
	if err != nil {
		return nil, err
	}
	pdf, err := doc.PDF()
	if err != nil {
		return nil, fmt.Errorf("print %s: %w", sheets[0].Form, err)
	}
	return pdf, nil
}

// Golden is sheets as text: what stands where, in millimetres. Codes as of Render.
func Golden(sheets ...dossier.Sheet) (string, error) {
	doc, err := draw(context.Background(), sheets, nil)
	if err != nil {
		return "", err
	}
	return doc.Golden(), nil
}

func draw(ctx context.Context, sheets []dossier.Sheet, done func(n int)) (*paper.Doc, error) {
	if len(sheets) == 0 {
		return nil, errors.New("print no sheets")
	}
	var doc *paper.Doc
	var first drawing
	for i, one := range sheets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := open(one)
		if err != nil {
			return nil, err
		}
		if err := s.possible(); err != nil {
			return nil, err
		}
		if doc == nil {
			doc, first = s.document(), s.how
		}
		if s.how.size != first.size {
			return nil, fmt.Errorf("print %s with %s: one is %s, the other %s", sheets[0].Form, one.Form, first.size, s.how.size)
		}
		s.doc = doc
		if err := s.how.draw(s); err != nil {
			return nil, err
		}
		if done != nil {
			done(i + 1)
		}
	}
	if sheets[0].Paper == dossier.PaperA4 && first.size == dossier.PaperA5 {
		doc = doc.TwoUp()
	}
	return doc, nil
}

// document is an empty document for the form. Its title names no person.
func (s *sheet) document() *paper.Doc {
	size := paper.A5
	if s.how.size == dossier.PaperA4 {
		size = paper.A4
	}
	at := s.in.ReceivedAt
	if s.isBlank() && !s.Day.IsZero() {
		at = s.Day.At(0, 0)
	}
	title := s.form.Title
	if s.Dossier.Number != "" {
		title += " " + s.Dossier.Number
	}
	return paper.New(size, title, at)
}

// page begins a page of the form, with the mark that says what it is not.
func (s *sheet) page(d *paper.Doc) {
	d.Page()
	switch {
	case s.Dossier.Status == dossier.StatusAnnulled:
		d.Watermark("đã hủy")
	case s.form.Unseen && !s.checked:
		d.Watermark("chưa đối chiếu")
	}
}

// reprint is the mark of a reprint; where the dossier was corrected after it was received, it says so, for then the sheet is not the one
// that was handed out.
func (s *sheet) reprint() string {
	if s.Nth == 0 {
		return ""
	}
	mark := fmt.Sprintf("Bản in lại lần %d", s.Nth)
	var corrected time.Time
	for _, step := range s.Dossier.Course {
		if step.Kind == dossier.Corrected && step.Effect == dossier.Applied {
			corrected = step.When()
		}
	}
	if !corrected.IsZero() {
		mark += ", có đính chính ngày " + dossier.DateOf(corrected).String()
	}
	return mark
}

// needsReceived: the form is of a dossier that was received, and what was said is still known. Codes: form.not-received, form.content-purged.
func needsReceived(s *sheet) error {
	if slices.ContainsFunc(s.Dossier.Course, func(step dossier.Step) bool { return step.Purged && step.Kind == dossier.Received }) && s.in.ReceivedAt.IsZero() {
		return dossier.Invalid("form", "form.content-purged")
	}
	if s.Dossier.Number == "" || s.Dossier.Status == dossier.StatusRefused || s.in.Due.At.IsZero() {
		return dossier.Invalid("form", "form.not-received", "number", s.Dossier.Number)
	}
	return nil
}

// last is the latest act of that kind that took effect.
func (s *sheet) last(kind dossier.Kind) (dossier.Step, bool) {
	for i := len(s.Dossier.Course) - 1; i >= 0; i-- {
		if step := s.Dossier.Course[i]; step.Kind == kind && step.Effect == dossier.Applied {
			return step, true
		}
	}
	return dossier.Step{}, false
}

// officer is the name of who did a step; empty where nobody of this station has that sign-in name, as with what came down from upstream.
func (s *sheet) officer(step dossier.Step) string {
	all := s.Settings.Officers
	if step.Crew != nil { // another PC wrote it
		all = step.Crew
	}
	for _, o := range all {
		if o.ID == step.By {
			return o.Name
		}
	}
	return ""
}

// unitOn is the unit as it was named on that day; the receipt's, where the settings do not reach that far back.
func (s *sheet) unitOn(day dossier.Date) dossier.UnitTerm {
	if u, err := s.Settings.UnitOn(day); err == nil {
		return u
	}
	return dossier.UnitTerm{Unit: s.in.Unit}
}
