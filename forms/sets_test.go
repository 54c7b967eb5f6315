package forms

import (
	"strings"
	"testing"
	"testing/fstest"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// readSets refuses what is not well formed, so reading them is the test; what is left is whether the program can draw each form.
func TestEverySetIsWellFormed(t *testing.T) {
	all, err := readSets(assets.FormSets)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{Police, TT012018, TT032025} {
		if all[key] == nil {
			t.Errorf("there is no set %s", key)
		}
	}
	for key, set := range all {
		for _, f := range set.Forms {
			how, known := drawings[f.Key]
			if !known || how.draw == nil && !how.book {
				t.Errorf("%s: the program cannot draw %q", key, f.Key)
			}
			if known && how.size != dossier.PaperA4 && how.size != dossier.PaperA5 {
				t.Errorf("%s: %s is of no size of paper", key, f.Key)
			}
			if how.draw != nil && how.needs == nil {
				t.Errorf("%s: nothing says which dossiers %s is of", key, f.Key)
			}
			if f.Title != strings.TrimSpace(f.Title) || f.Code != strings.TrimSpace(f.Code) {
				t.Errorf("%s: blanks around %q %q", key, f.Code, f.Title)
			}
		}
	}
}

func TestEveryDrawingIsInASet(t *testing.T) {
	all, err := sets()
	if err != nil {
		t.Fatal(err)
	}
	for key := range drawings {
		found := false
		for _, set := range all {
			_, has := set.Form(key)
			found = found || has
		}
		if !found {
			t.Errorf("%s is in no set: nobody can print it", key)
		}
	}
}

func setFile(text string) fstest.MapFS {
	return fstest.MapFS{"forms/sets/x.json": {Data: []byte(text)}}
}

func TestSetThatIsNotWellFormedIsRefused(t *testing.T) {
	const head = `{"key": "x", "title": "X", "source": "S", `
	for want, text := range map[string]string{
		"":                           head + `"forms": [{"key": "receipt", "title": "T", "layout": "receipt-2025"}, {"key": "not-drawn", "title": "T"}]}`,
		`no layout "receipt-2099"`:   head + `"forms": [{"key": "receipt", "title": "T", "layout": "receipt-2099"}]}`,
		`no layout "receipt-2025"`:   head + `"forms": [{"key": "control-slip", "title": "T", "layout": "receipt-2025"}]}`,
		`unknown field "lay-out"`:    head + `"forms": [{"key": "receipt", "title": "T", "lay-out": "x"}]}`,
		`unknown field "name"`:       head + `"name": "x", "forms": [{"key": "receipt", "title": "T"}]}`,
		`key "title" stands twice`:   head + `"title": "Y", "forms": [{"key": "receipt", "title": "T"}]}`,
		`key "code" stands twice`:    head + `"forms": [{"key": "receipt", "title": "T", "code": "1", "code": "2"}]}`,
		"has it twice":               head + `"forms": [{"key": "receipt", "title": "T"}, {"key": "receipt", "title": "T"}]}`,
		"has no key":                 head + `"forms": [{"title": "T"}]}`,
		"has no title":               head + `"forms": [{"key": "receipt"}]}`,
		"something follows":          head + `"forms": [{"key": "receipt", "title": "T"}]} {}`,
		`calls itself "y"`:           `{"key": "y", "title": "X", "source": "S", "forms": [{"key": "receipt", "title": "T"}]}`,
		"its source or its forms":    `{"key": "x", "title": "X", "source": "S", "forms": []}`,
		"lacks its title":            `{"key": "x", "source": "S", "forms": [{"key": "receipt", "title": "T"}]}`,
		"unexpected EOF":             head,
		"cannot unmarshal array":     `[]`,
		"cannot unmarshal string":    head + `"forms": "receipt"}`,
		"cannot unmarshal number":    head + `"forms": [{"key": 1}]}`,
		"invalid character 'k'":      `{key: "x"}`,
		"EOF":                        ``,
		"cannot unmarshal bool into": head + `"forms": [{"key": "receipt", "title": "T", "code": true}]}`,
	} {
		_, err := readSets(setFile(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\nwant %q, got %v", text, want, err)
		}
	}
}

// Who adds a line to a set before the program can draw it loses that line, not the others.
func TestFormThatCannotBeDrawnIsNotOffered(t *testing.T) {
	all, err := readSets(setFile(`{"key": "x", "title": "X", "source": "S", "forms": [{"key": "not-drawn", "title": "T"}, {"key": "receipt", "title": "T"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := all["x"].infos(nil); len(got) != 1 || got[0].Key != Receipt || got[0].Size != dossier.PaperA5 {
		t.Errorf("offered are %+v", got)
	}
}

func TestFormsTellWhatTheKeeperHasCompared(t *testing.T) {
	kept := []dossier.KeptLayout{{Layout: dossier.Layout{Form: Receipt, Set: TT032025, Checked: true}, At: at(1, 8, 0)}}
	for _, c := range []struct {
		set    string
		kept   []dossier.KeptLayout
		unseen bool
	}{{TT032025, nil, true}, {TT032025, kept, false}, {Police, nil, false}} {
		got, err := Forms(c.set, c.kept)
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Key != Receipt || got[0].Unseen != c.unseen {
			t.Errorf("%s: %+v, want unseen %v", c.set, got[0], c.unseen)
		}
	}
	if _, err := Forms("nothing", nil); dossier.Code(err) != "form.unknown-set" {
		t.Errorf("a set that is not there: %v", err)
	}
	// And the paper says so too.
	p := typical()
	p.Set, p.Layouts = TT032025, kept
	if golden, err := Golden(p); err != nil || strings.Contains(golden, "watermark") {
		t.Errorf("a compared form has its mark still (%v)", err)
	}
}
