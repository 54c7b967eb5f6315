package dossier

import (
	"encoding/json"
	"slices"
	"time"
)

// Sheet is one form to be printed, with all that it says. The same sheet gives the same paper for ever and on every PC: what changes over
// the years (names of the unit and its head, what the keeper made of a form) comes with it together with its days.
type Sheet struct {
	Form     string       // key of the form
	Set      string       // key of the form set; empty for the dossier's own
	Dossier  Dossier      // without a number for a blank to hand out
	Stages   []Stage      // the published steps of its case, for the control slip
	Settings Settings     // the unit, its head and its officers over time
	Layouts  []KeptLayout // the keeper's word on forms, oldest first
	Nth      int          // 0 the first time, n for "bản in lại lần n"
	Day      Date         // of a blank: the day it is handed out
	Paper    string       // "" is the form's own; PaperA4 puts the pages of an A5 form side by side on A4, to be cut
}

// The sizes of paper a form may be printed on.
const (
	PaperA4 = "A4"
	PaperA5 = "A5"
)

// FormInfo is what a form set says of one form.
type FormInfo struct {
	Key     string `json:"key"`
	Code    string `json:"code,omitempty"`
	Title   string `json:"title"`
	Size    string `json:"size"`              // PaperA4 or PaperA5
	Unseen  bool   `json:"unseen,omitempty"`  // nobody of ours has seen the official paper, and the keeper has not said that he has
	Checked bool   `json:"checked,omitempty"` // the keeper has compared it with the official paper
	Data    bool   `json:"data,omitempty"`    // its text is data the keeper can correct
	Blank   bool   `json:"blank,omitempty"`   // may be handed out unfilled
	Book    bool   `json:"book,omitempty"`    // a register or a list of many dossiers
	Own     bool   `json:"own,omitempty"`     // no authority has a form for it: there is nothing to compare it with
}

// Layout is the body of the keeper's word on one form: that it was compared with the official paper, and for forms whose text is data,
// how it reads from now on.
type Layout struct {
	Form    string          `json:"form"`
	Set     string          `json:"set,omitempty"`  // the form set it is said of; empty for all of them
	From    time.Time       `json:"from,omitzero"`  // from when on dossiers have the text, as the day was known at the desk
	Text    json.RawMessage `json:"text,omitempty"` // nothing leaves the text as it is
	Checked bool            `json:"checked"`
}

// KeptLayout is a Layout and when it was said.
type KeptLayout struct {
	Layout
	At time.Time
	By OfficerID
}

// begins is from when on dossiers have the text. The clock of the PC that said it may have been wrong; the desk's word is before it.
func (k KeptLayout) begins() time.Time {
	if k.From.IsZero() {
		return k.At
	}
	return k.From
}

// LayoutAt is the text of a form that was in force at that moment (nil for the one the program came with) and whether the keeper has
// compared that text with the official paper. A dossier keeps the text of its day; that it was compared may be said later, for it
// changes nothing on the paper but the mark that says "chưa đối chiếu". Of two texts in force at that moment the one said later stands,
// though its moment be the earlier: where a clock ran ahead and was put right, the text said meanwhile must not come back one day.
func LayoutAt(kept []KeptLayout, form, set string, at time.Time) (text json.RawMessage, checked bool) {
	begun := false // the text in force at that moment has been replaced by a later one
	for _, k := range kept {
		if k.Form != form || k.Set != "" && k.Set != set {
			continue
		}
		if k.Text != nil {
			if k.begins().After(at) {
				begun = true
				continue
			}
			text, checked, begun = k.Text, false, false
		}
		if !begun {
			checked = k.Checked
		}
	}
	return slices.Clone(text), checked
}

// Book is a register or a list, or some pages of one: the dossiers of the days From to To in the order of their numbers.
type Book struct {
	Key      string // key of the form
	Set      string // key of the form set
	From, To Date
	Settings Settings
	Layouts  []KeptLayout
	Now      time.Time // by when what is not done is late
	Calendar *Calendar // for what counts working days
	Rows     func(yield func(Dossier) error) error
}

// BookColumn is a column of a register as the keeper wants it.
type BookColumn struct {
	Key   string `json:"key"`
	Title string `json:"title,omitempty"` // empty for its own
}

// The ways a book comes out.
const (
	BookPDF  = "pdf"
	BookXLSX = "xlsx"
	BookCSV  = "csv"
)
