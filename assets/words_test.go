package assets

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryWordFileIsWellFormed(t *testing.T) {
	if _, err := readWords(wordFiles); err != nil {
		t.Error(err)
	}
}

func TestWordPutsArgumentsInPlace(t *testing.T) {
	got := Word("citizen-number.sex", map[string]string{"says": "{typed}", "typed": "Nữ", "more": "x"})
	if want := "Theo số định danh, giới tính là {typed}; thông tin đã nhập là Nữ."; !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
}

func TestCodeWithoutWordsIsStillSaid(t *testing.T) {
	for _, code := range []string{"", "no.such-code", "{code}"} {
		got := Word(code, map[string]string{"code": "another"})
		if !strings.HasPrefix(got, "Có lỗi") || !strings.Contains(got, "“"+code+"”") {
			t.Errorf("%q: %q", code, got)
		}
	}
}

func TestBadWordFilesAreRefused(t *testing.T) {
	for name, x := range map[string][2]string{
		"twice in one file":  {`{"a.b": "x", "a.b": "y"}`, `{}`},
		"twice in two files": {`{"a.b": "x"}`, `{"a.b": "y"}`},
		"nested":             {`{"a": {"b": "x"}}`, `{}`},
		"a list":             {`["a.b"]`, `{}`},
		"a number":           {`{"a.b": 1}`, `{}`},
		"cut off":            {`{"a.b": "x"`, `{}`},
		"empty":              {``, `{}`},
	} {
		words, err := readWords(fstest.MapFS{"words/a.json": {Data: []byte(x[0])}, "words/b.json": {Data: []byte(x[1])},
			"words/c.json": {Data: []byte(`{"c.d": "z"}`)}})
		if err == nil || words["c.d"] != "z" {
			t.Errorf("%s: %v, %v", name, words, err)
		}
	}
}
