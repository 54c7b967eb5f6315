package forms

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// The keys of the forms. A form set says what a form is called on paper; the program itself never does.
const (
	Receipt          = "receipt"
	IntakeRegister   = "intake-register"
	Supplement       = "supplement"
	Refusal          = "refusal"
	Apology          = "apology"
	Stop             = "stop"
	ControlSlip      = "control-slip"
	TrackingRegister = "tracking-register"
	TK01             = "tk01"
	TK02             = "tk02"
	TK03             = "tk03"
	ResultNotice     = "result-notice"  // to who asked
	SubjectNotice    = "subject-notice" // to whom it is about
	RefusalAnswer    = "refusal-answer" // what the authority answered when it did not agree
	ArchiveList      = "archive-list"
	ArchiveCover     = "archive-cover"
	Figures          = "figures"
)

// The form sets. A dossier stays with the one in force when it was received.
const (
	Police   = "police"    // the ISO set of the police, BM.01–BM.06: the default
	TT012018 = "tt01-2018" // Thông tư 01/2018/TT-VPCP
	TT032025 = "tt03-2025" // Thông tư 03/2025/TT-VPCP, which shifts the numbers from 05 on
)

// Form is what a set calls one form. Code is empty where the set gives none.
type Form struct {
	Key    string `json:"key"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Layout string `json:"layout"` // of several the program can draw; empty for the first
	// Unseen is true where nobody here has seen the official layout. Such a sheet carries a faint "chưa đối chiếu" until the
	// keeper has compared it.
	Unseen bool `json:"unseen"`
	// Own is true for what no authority has a form for: there is nothing to compare it with.
	Own bool `json:"own"`
}

// Set is a form set: its forms in the order of their numbers.
type Set struct {
	Key    string `json:"key"`
	Title  string `json:"title"`
	Source string `json:"source"`
	Forms  []Form `json:"forms"`
}

// Form is the form of that key.
func (s *Set) Form(key string) (Form, bool) {
	i := slices.IndexFunc(s.Forms, func(f Form) bool { return f.Key == key })
	if i < 0 {
		return Form{}, false
	}
	return s.Forms[i], true
}

// sets are those the program came with. One that is not well formed is a fault of the build, which a test finds.
var sets = sync.OnceValues(func() (map[string]*Set, error) { return readSets(assets.FormSets) })

func readSets(files fs.FS) (map[string]*Set, error) {
	names, err := fs.Glob(files, "forms/sets/*.json")
	if err != nil {
		return nil, err
	}
	out := map[string]*Set{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		set := new(Set)
		if err := readStrictly(text, set); err != nil {
			return nil, fmt.Errorf("read form set %s: %w", name, err)
		}
		if err := set.check(); err != nil {
			return nil, fmt.Errorf("form set %s: %w", name, err)
		}
		if name != "forms/sets/"+set.Key+".json" {
			return nil, fmt.Errorf("form set %s calls itself %q", name, set.Key)
		}
		out[set.Key] = set
	}
	return out, nil
}

// check tells what is wrong with a set. A form the program cannot draw is not: it is left out of what is offered.
func (s *Set) check() error {
	if s.Title == "" || s.Source == "" || len(s.Forms) == 0 {
		return errors.New("it lacks its title, its source or its forms")
	}
	seen := map[string]bool{}
	for _, f := range s.Forms {
		switch how := drawings[f.Key]; {
		case f.Key == "" || seen[f.Key]:
			return fmt.Errorf("form %q has no key, or has it twice", f.Key)
		case f.Title == "":
			return fmt.Errorf("form %q has no title", f.Key)
		case f.Layout != "" && how.layouts[f.Layout] == nil:
			return fmt.Errorf("form %q: the program has no layout %q", f.Key, f.Layout)
		}
		seen[f.Key] = true
	}
	return nil
}

// SetOf is the form set of that key; the empty key is that of Police. Code: form.unknown-set.
func SetOf(key string) (*Set, error) {
	if key == "" {
		key = Police
	}
	all, err := sets()
	if err != nil {
		return nil, err
	}
	set, ok := all[key]
	if !ok {
		return nil, dossier.Invalid("form-set", "form.unknown-set", "set", key)
	}
	return set, nil
}

// SetKeys are the keys of all form sets, in order.
func SetKeys() []string {
	all, _ := sets()
	var out []string
	for key := range all {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// Forms are those of a set that the program can draw, in the order of its numbers, with what the keeper has said of them. Code: form.unknown-set.
func Forms(set string, layouts []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	s, err := SetOf(set)
	if err != nil {
		return nil, err
	}
	return s.infos(layouts), nil
}

func (s *Set) infos(layouts []dossier.KeptLayout) []dossier.FormInfo {
	var out []dossier.FormInfo
	for _, f := range s.Forms {
		how, drawn := drawings[f.Key]
		if !drawn {
			continue
		}
		info := dossier.FormInfo{Key: f.Key, Code: f.Code, Title: f.Title, Size: how.size, Unseen: f.Unseen, Data: how.data, Blank: how.blank, Book: how.book, Own: f.Own}
		if _, checked := dossier.LayoutAt(layouts, f.Key, s.Key, endOfTime); checked {
			info.Unseen, info.Checked = false, true
		}
		out = append(out, info)
	}
	return out
}

// endOfTime asks for the latest there is.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
