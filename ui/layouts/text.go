package layouts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// text is what a form says, as data: a title and rows. What this program does not know of stays as it is and where it is, so that a form
// may learn new things before its editor does.
type text struct {
	doc  *object
	rows []*row
}

// row is one row of a form. count is as it is typed.
type row struct {
	doc     *object
	count   string
	boxes   bool // has a count
	options []*object
}

// errShape is a text that is JSON and yet no form.
var errShape = errors.New("no object with rows")

// readText reads a form's text.
func readText(data []byte) (*text, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // plain editors put it there
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("read form text: %w", errShape)
	}
	var doc object
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read form text: %w", err)
	}
	t := &text{doc: &doc}
	var rows []*object
	if err := json.Unmarshal(doc.values["rows"], &rows); doc.values["rows"] == nil || err != nil {
		return nil, fmt.Errorf("read form text: %w", errShape)
	}
	for _, o := range rows {
		if o == nil {
			return nil, fmt.Errorf("read form text: %w", errShape)
		}
		r := &row{doc: o}
		if _, err := strconv.Atoi(string(o.values["count"])); err == nil {
			r.count, r.boxes = string(o.values["count"]), true
		}
		if raw, ok := o.values["options"]; ok {
			if err := json.Unmarshal(raw, &r.options); err != nil || containsNil(r.options) {
				r.options = nil // of a kind this program does not know: left as it is
			}
		}
		t.rows = append(t.rows, r)
	}
	return t, nil
}

func containsNil(all []*object) bool {
	for _, o := range all {
		if o == nil {
			return true
		}
	}
	return false
}

// bytes is the text as it is kept and written to a file.
func (t *text) bytes() []byte {
	rows := []byte{'['}
	for i, r := range t.rows {
		if i > 0 {
			rows = append(rows, ',')
		}
		rows = r.append(rows)
	}
	t.doc.set("rows", append(rows, ']'))
	var out bytes.Buffer
	if err := json.Indent(&out, t.doc.append(nil), "", "  "); err != nil { // each part was read as JSON or made here
		return t.doc.append(nil)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func (r *row) append(to []byte) []byte {
	if r.boxes {
		if n, err := strconv.Atoi(r.count); err == nil {
			r.doc.set("count", []byte(strconv.Itoa(n)))
		} else {
			r.doc.set("count", []byte("0"))
		}
	}
	if len(r.options) > 0 {
		all := []byte{'['}
		for i, o := range r.options {
			if i > 0 {
				all = append(all, ',')
			}
			all = o.append(all)
		}
		r.doc.set("options", append(all, ']'))
	}
	return r.doc.append(to)
}

func (r *row) kind() string { return r.doc.text("kind") }

func (r *row) hidden() bool { return string(r.doc.values["hidden"]) == "true" }

func (r *row) hide(on bool) {
	if on {
		r.doc.set("hidden", []byte("true"))
	} else {
		r.doc.remove("hidden")
	}
}

// summary is what the row says, on one line.
func (r *row) summary() string {
	out := r.doc.text("label")
	var options []string
	for _, o := range r.options {
		options = append(options, o.text("label"))
	}
	if all := strings.Join(options, " / "); all != "" {
		out = strings.TrimLeft(strings.TrimRight(out, " :")+": "+all, " :")
	}
	return strings.Join(strings.Fields(out), " ")
}

// object is a JSON object that keeps the order of its keys, and all values as they were written.
type object struct {
	keys   []string
	values map[string]json.RawMessage
}

// UnmarshalJSON is for encoding/json. Of a key that is there twice the last counts.
func (o *object) UnmarshalJSON(data []byte) error {
	in := json.NewDecoder(bytes.NewReader(data))
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return errShape
	}
	o.keys, o.values = nil, map[string]json.RawMessage{}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return err
		}
		o.set(key.(string), value)
	}
	return nil
}

func (o *object) append(to []byte) []byte {
	to = append(to, '{')
	for i, key := range o.keys {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(append(append(to, quote(key)...), ':'), o.values[key]...)
	}
	return append(to, '}')
}

func (o *object) set(key string, value json.RawMessage) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

func (o *object) remove(key string) {
	if _, ok := o.values[key]; !ok {
		return
	}
	delete(o.values, key)
	for i, k := range o.keys {
		if k == key {
			o.keys = append(o.keys[:i:i], o.keys[i+1:]...)
			return
		}
	}
}

// has tells whether a key holds a text.
func (o *object) has(key string) bool {
	var s string
	return json.Unmarshal(o.values[key], &s) == nil && string(o.values[key]) != "null"
}

func (o *object) text(key string) string {
	var s string
	_ = json.Unmarshal(o.values[key], &s) // anything but a text reads as none
	return s
}

func (o *object) setText(key, s string) { o.set(key, quote(s)) }

// quote writes a text as JSON with its signs as they are: the file is for people too.
func quote(s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a text can always be encoded
		return []byte(`""`)
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
