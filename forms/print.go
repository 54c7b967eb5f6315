// Package forms prints the forms of the desk. A printing is a value; the same one gives the same bytes for ever, so a
// dossier is reprinted as it was. A form fits on its sheet whatever was typed: its letters get smaller by rule (see each
// form), and nothing is left out or printed over something else.
package forms

import (
	"fmt"
	"maps"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// Print describes one printing.
type Print struct {
	Form    string // key of the form
	Dossier dossier.Dossier
	Officer string // name of who received, printed under the signature
	Reprint int    // 0 the first time, n for "Bản in lại lần n"
	Set     string // key of the form set; empty for the dossier's own
}

// drawn are the forms that can be printed.
var drawn = map[string]func(Print, Form) (*paper.Doc, error){
	Receipt: drawReceipt,
}

// Known are the keys of the forms that can be printed.
func Known() []string { return slices.Sorted(maps.Keys(drawn)) }

// Render is the form as a PDF. Codes: form.unknown, form.unknown-set, form.not-received, form.too-long.
func Render(p Print) ([]byte, error) {
	doc, err := draw(p)
	if err != nil {
		return nil, err
	}
	pdf, err := doc.PDF()
	if err != nil {
		return nil, fmt.Errorf("print %s of %s: %w", p.Form, p.Dossier.Number, err)
	}
	return pdf, nil
}

// Golden is the form as text: what stands where, in millimetres. Codes as of Render.
func Golden(p Print) (string, error) {
	doc, err := draw(p)
	if err != nil {
		return "", err
	}
	return doc.Golden(), nil
}

func draw(p Print) (*paper.Doc, error) {
	if p.Set == "" {
		p.Set = p.Dossier.Intake.FormSet
	}
	set, err := SetOf(p.Set)
	if err != nil {
		return nil, err
	}
	form, inSet := set[p.Form]
	do, known := drawn[p.Form]
	if !inSet || !known {
		return nil, dossier.Invalid("form", "form.unknown", "form", p.Form)
	}
	return do(p, form)
}
