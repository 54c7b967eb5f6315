package forms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// layout is the text of a form that is data: a title, and rows of a closed set of kinds. A keeper writes it, so everything about it is
// checked: a word that we would not understand is refused, never left out.
type layout struct {
	Form   string
	Title  string
	Note   string // after the form's code in the corner: with what it was issued
	Source string // where it is from, and how sure that is; not printed
	Rows   []layoutRow
}

// layoutRow is one row. What it may have besides kind, for and hidden is said by its kind.
type layoutRow struct {
	Kind    string         `json:"kind"`
	Label   string         `json:"label"`
	Value   string         `json:"value"` // key of what the dossier fills in; empty for what is always written by hand
	Lines   int            `json:"lines"` // how many lines to write on
	Count   int            `json:"count"` // how many boxes for letters
	Options []layoutOption `json:"options"`
	For     []string       `json:"for"`    // for whom it stands there; empty for everybody
	Hidden  bool           `json:"hidden"` // the keeper has taken it off the paper
}

// layoutOption is a part of a row: something to tick, half of a pair, a signer.
type layoutOption struct {
	Label string `json:"label"`
	Value string `json:"value"`
	How   string `json:"how"` // of a signer: how to sign
}

// rowKind is what a kind of row may have and how it is drawn.
type rowKind struct {
	fields []string // besides kind, for and hidden
	needs  bool     // it is nothing without its label
	knows  func(value string) bool
	// options: how many, what they have, and what they know.
	least, most int
	option      []string
	optionKnows func(value string) bool

	blocks func(s *sheet, r layoutRow) []block
}

var rowKinds = map[string]rowKind{
	"to":         {fields: []string{"label", "value"}, needs: true, knows: known(lineValues), blocks: toBlocks},
	"heading":    {fields: []string{"label"}, needs: true, blocks: headingBlocks},
	"line":       {fields: []string{"label", "value", "lines"}, knows: known(lineValues), blocks: lineBlocks},
	"pair":       {fields: []string{"options"}, least: 2, most: 2, option: []string{"label", "value"}, optionKnows: known(lineValues), blocks: pairBlocks},
	"boxes":      {fields: []string{"label", "value", "count"}, knows: known(lineValues), blocks: boxesBlocks},
	"date":       {fields: []string{"label", "value"}, knows: known(dateValues), blocks: dateBlocks},
	"choice":     {fields: []string{"label", "options"}, least: 1, most: mostOptions, option: []string{"label", "value"}, optionKnows: known(tickValues), blocks: choiceBlocks},
	"items":      {fields: []string{"label", "options"}, least: 1, most: mostOptions, option: []string{"label", "value"}, optionKnows: known(tickValues), blocks: itemsBlocks},
	"text":       {fields: []string{"label"}, needs: true, blocks: textBlocks},
	"place-date": {blocks: placeDateBlocks},
	"signatures": {fields: []string{"options"}, least: 1, most: 2, option: []string{"label", "how", "value"}, optionKnows: known(lineValues), blocks: signatureBlocks},
}

func known[T any](values map[string]T) func(string) bool {
	return func(key string) bool {
		_, ok := values[key]
		return ok || key == ""
	}
}

// Whom a row may be for: the kinds of requester, and a person for whom another stands.
var audiences = []string{string(dossier.Agency), string(dossier.Citizen), string(dossier.Organization), string(dossier.Foreigner), forChild}

const forChild = "child"

// The limits of a layout. Its event must fit into the journal, and its form onto a few pages.
const (
	mostText    = 48 << 10 // bytes
	mostRows    = 80
	mostLabel   = 300 // letters
	mostOption  = 150
	mostHow     = 60
	mostNote    = 80
	mostSource  = 1000
	mostRunning = 1000 // a text of several lines
	mostBoxes   = 24
	mostLines   = 10
	mostOptions = 12
)

// readLayout reads and checks the text of a form. Every fault is a problem of its own; its field is where it stands: "rows.3.label",
// counted from 0. Codes: layout.…, text.too-long.
func readLayout(form string, text []byte) (*layout, dossier.Problems) {
	if kept(text) > mostText {
		return nil, dossier.Invalid("", "layout.too-large", "max", fmt.Sprint(mostText>>10))
	}
	var r layoutReader
	out := new(layout)
	top, ok := r.object("", text, []string{"form", "title", "note", "source", "rows"})
	if !ok {
		return nil, r.faults
	}
	var rows []json.RawMessage
	r.value("form", top["form"], &out.Form)
	r.value("title", top["title"], &out.Title)
	r.value("note", top["note"], &out.Note)
	r.value("source", top["source"], &out.Source)
	r.value("rows", top["rows"], &rows)
	if out.Form != form {
		r.fault("form", "layout.other-form", "form", brief(out.Form))
	}
	r.text("title", out.Title, dossier.MaxLine, true)
	r.text("note", out.Note, mostNote, false)
	r.text("source", out.Source, mostSource, false)
	if len(rows) > mostRows || len(rows) == 0 {
		r.fault("rows", "layout.rows", "max", fmt.Sprint(mostRows))
		return nil, r.faults
	}
	for i, one := range rows {
		out.Rows = append(out.Rows, r.row(fmt.Sprintf("rows.%d", i), one))
	}
	if !slices.ContainsFunc(out.Rows, func(r layoutRow) bool { return !r.Hidden }) {
		r.fault("rows", "layout.all-hidden")
	}
	if r.faults != nil {
		return nil, r.faults
	}
	return out, nil
}

// kept is how long a text is in the journal, where JSON escapes some signs.
func kept(text []byte) int {
	if out, err := json.Marshal(json.RawMessage(text)); err == nil {
		return max(len(out), len(text))
	}
	return len(text)
}

// layoutReader gathers what is wrong.
type layoutReader struct{ faults dossier.Problems }

func (r *layoutReader) fault(field, code string, args ...string) {
	r.faults = append(r.faults, dossier.Invalid(field, code, args...)...)
}

// object reads one object that has no other fields than these, and each once.
func (r *layoutReader) object(field string, raw []byte, fields []string) (map[string]json.RawMessage, bool) {
	var out map[string]json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(raw, &out); {
	case !utf8.Valid(raw):
		r.fault(field, "layout.not-utf8")
		return nil, false
	case errors.As(err, &syntax):
		r.fault(field, "layout.broken", "line", fmt.Sprint(1+bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))))
		return nil, false
	case err != nil, out == nil:
		r.fault(field, "layout.no-object")
		return nil, false
	}
	seen := map[string]bool{}
	for _, name := range keysOf(raw) {
		switch {
		case seen[name]:
			r.fault(within(field, name), "layout.twice", "name", brief(name))
		case !slices.Contains(fields, name):
			r.fault(within(field, name), "layout.unknown-field", "name", brief(name))
		}
		seen[name] = true
	}
	return out, true
}

// keysOf are the keys of a well-formed object in its order, each as often as it stands there.
func keysOf(raw []byte) []string {
	in := json.NewDecoder(bytes.NewReader(raw))
	var keys []string
	if _, err := in.Token(); err != nil {
		return nil
	}
	for in.More() {
		key, err := in.Token()
		var value json.RawMessage
		if err != nil || in.Decode(&value) != nil {
			return keys
		}
		name, _ := key.(string)
		keys = append(keys, name)
	}
	return keys
}

// value reads one field that may be missing.
func (r *layoutReader) value(field string, raw json.RawMessage, into any) {
	if raw != nil && (string(raw) == "null" || json.Unmarshal(raw, into) != nil) {
		r.fault(field, "layout.wrong-type")
	}
}

func (r *layoutReader) row(field string, raw json.RawMessage) layoutRow {
	var out layoutRow
	var head struct{ Kind string }
	_ = json.Unmarshal(raw, &head) // what is wrong with it is said below
	kind, ok := rowKinds[head.Kind]
	if !ok {
		if _, object := r.object(field, raw, []string{"kind", "label", "value", "lines", "count", "options", "for", "hidden"}); object {
			r.fault(within(field, "kind"), "layout.kind", "kind", brief(head.Kind))
		}
		return out
	}
	fields, ok := r.object(field, raw, append([]string{"kind", "for", "hidden"}, kind.fields...))
	if !ok {
		return out
	}
	var options []json.RawMessage
	r.value(within(field, "kind"), fields["kind"], &out.Kind)
	r.value(within(field, "label"), fields["label"], &out.Label)
	r.value(within(field, "value"), fields["value"], &out.Value)
	r.value(within(field, "lines"), fields["lines"], &out.Lines)
	r.value(within(field, "count"), fields["count"], &out.Count)
	r.value(within(field, "options"), fields["options"], &options)
	r.value(within(field, "for"), fields["for"], &out.For)
	r.value(within(field, "hidden"), fields["hidden"], &out.Hidden)

	if out.Kind == "text" {
		r.running(within(field, "label"), out.Label)
	} else {
		r.text(within(field, "label"), out.Label, mostLabel, kind.needs)
	}
	if kind.knows != nil && !kind.knows(out.Value) {
		r.fault(within(field, "value"), "layout.value", "value", brief(out.Value))
	}
	if slices.Contains(kind.fields, "count") && (out.Count < 1 || out.Count > mostBoxes) {
		r.fault(within(field, "count"), "layout.count", "max", fmt.Sprint(mostBoxes))
	}
	if out.Lines < 0 || out.Lines > mostLines {
		r.fault(within(field, "lines"), "layout.lines", "max", fmt.Sprint(mostLines))
	}
	for i, who := range out.For {
		if !slices.Contains(audiences, who) {
			r.fault(fmt.Sprintf("%s.for.%d", field, i), "layout.for", "who", brief(who))
		}
	}
	if kind.most == 0 {
		return out
	}
	if len(options) < kind.least || len(options) > kind.most {
		r.fault(within(field, "options"), "layout.options", "min", fmt.Sprint(kind.least), "max", fmt.Sprint(kind.most))
		return out
	}
	for i, one := range options {
		out.Options = append(out.Options, r.option(fmt.Sprintf("%s.options.%d", field, i), one, kind))
	}
	return out
}

func (r *layoutReader) option(field string, raw json.RawMessage, kind rowKind) layoutOption {
	var out layoutOption
	fields, ok := r.object(field, raw, kind.option)
	if !ok {
		return out
	}
	r.value(within(field, "label"), fields["label"], &out.Label)
	r.value(within(field, "value"), fields["value"], &out.Value)
	r.value(within(field, "how"), fields["how"], &out.How)
	r.text(within(field, "label"), out.Label, mostOption, true)
	r.text(within(field, "how"), out.How, mostHow, false)
	if !kind.optionKnows(out.Value) {
		r.fault(within(field, "value"), "layout.value", "value", brief(out.Value))
	}
	return out
}

// text looks at one line. A blank at its end does no harm: what is filled in follows it.
func (r *layoutReader) text(field, s string, most int, needed bool) {
	trimmed := strings.TrimSuffix(s, " ")
	switch long := dossier.CheckText(field, s, most); {
	case trimmed == "":
		if needed {
			r.fault(field, "layout.no-label")
		}
	case long != nil:
		r.faults = append(r.faults, long...)
	case dossier.Clean(s) != trimmed:
		r.fault(field, "layout.unclean")
	default:
		r.letters(field, trimmed)
	}
}

// running looks at a text that may have several lines.
func (r *layoutReader) running(field, s string) {
	trimmed := strings.TrimSuffix(s, " ")
	switch long := dossier.CheckText(field, s, mostRunning); {
	case trimmed == "":
		r.fault(field, "layout.no-label")
	case long != nil:
		r.faults = append(r.faults, long...)
	case dossier.CleanMultiline(s) != trimmed:
		r.fault(field, "layout.unclean")
	default:
		r.letters(field, strings.ReplaceAll(trimmed, "\n", " "))
	}
}

// letters refuses what our faces cannot print.
func (r *layoutReader) letters(field, s string) {
	for _, c := range s {
		if c != ' ' && paper.Clean("a"+string(c)) == "a□" && c != '□' {
			r.fault(field, "layout.letter", "found", string(c))
			return
		}
	}
}

func within(field, name string) string {
	if field == "" {
		return brief(name)
	}
	return field + "." + brief(name)
}

// brief is the beginning of what may be anything.
func brief(s string) string {
	out := []rune(dossier.Clean(s))
	return string(out[:min(len(out), 40)])
}
