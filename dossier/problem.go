package dossier

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Problem is one thing that is not right with what was typed, scanned or asked. Code is a key of the words in
// assets, which say in Vietnamese what to do next; Field is where the person looks ("" when it is not one field).
type Problem struct {
	Field string            `json:"field,omitempty"`
	Code  string            `json:"code"`
	Args  map[string]string `json:"args,omitempty"`
	Warn  bool              `json:"warn,omitempty"` // it is said, and nothing is held up
}

// Problems is the error of a check that looked at everything; the first is the first on the screen.
type Problems []Problem

// Invalid is one refusal. args are key and value in turn.
func Invalid(field, code string, args ...string) Problems {
	return Problems{makeProblem(field, code, args)}
}

// Warning is one thing to look at that stops nothing. args are key and value in turn.
func Warning(field, code string, args ...string) Problem {
	p := makeProblem(field, code, args)
	p.Warn = true
	return p
}

func makeProblem(field, code string, args []string) Problem {
	p := Problem{Field: field, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// Error is for developers; people are shown the words of each code.
func (ps Problems) Error() string {
	var all []string
	for _, p := range ps {
		s := p.Code
		if p.Field != "" {
			s = p.Field + ": " + s
		}
		for _, k := range slices.Sorted(maps.Keys(p.Args)) {
			s += " " + k + "=" + p.Args[k]
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

// Blocking are the problems that are not mere warnings.
func (ps Problems) Blocking() Problems {
	var out Problems
	for _, p := range ps {
		if !p.Warn {
			out = append(out, p)
		}
	}
	return out
}

// On are the same problems said of another field.
func (ps Problems) On(field string) Problems {
	out := slices.Clone(ps)
	for i := range out {
		out[i].Field = field
	}
	return out
}

// Err is the blocking problems as an error, or nil.
func (ps Problems) Err() error {
	if b := ps.Blocking(); len(b) > 0 {
		return b
	}
	return nil
}

// Code is the code of the first problem an error carries, or "".
func Code(err error) string {
	var ps Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return ps[0].Code
	}
	return ""
}
