package dossier

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestTextComesInClean(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", "  Nguyễn \t Văn\r\n\u00a0Mẫu\u3000": "Nguyễn Văn Mẫu",
		norm.NFD.String("Nguyễn Văn Mẫu"):    "Nguyễn Văn Mẫu",
		"Ngu\u200byễn\u202e Văn\u2066\ufeff": "Nguyễn Văn",
		"M\x00ẫ\x07u\x7f\u009f":              "Mẫu",
		"Ma\u200b\u0302\u0303u":              "Mẫu", // a hidden letter kept the marks apart
		"\xffA\xc3":                          "A",
		"so\u00adft \U000e0041":              "soft",
		"👨\u200d👩 ❤\ufe0f":                   "👨👩 ❤",
		"a  b":                               "a b", " a": "a", "a ": "a",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLongTextKeepsItsLines(t *testing.T) {
	in := "\n\n  Lý do:\r\n\r\n\r\n\u200b\nthiếu  giấy\u2028tờ\r\t\n \n"
	if got, want := CleanMultiline(in), "Lý do:\n\nthiếu giấy\ntờ"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := CleanMultiline("\n \n"); got != "" {
		t.Errorf("%q", got)
	}
}

func TestSearchKeysForgetMarks(t *testing.T) {
	for in, want := range map[string]string{
		"Đặng Thị Quỳnh Như":                    "dang thi quynh nhu",
		norm.NFD.String(" ĐẶNG  THỊ QUỲNH NHƯ"): "dang thi quynh nhu",
		"Ưu Ơn Ăn Ân Ên Ôn Y Ỵ":                 "uu on an an en on y y",
		"H'Bía Êban":                            "h'bia eban",
		"":                                      "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	// Every Vietnamese letter folds to plain ASCII, in both cases and both forms.
	for _, r := range "ạảãàáâậầấẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ" {
		for _, s := range []string{string(r), string(unicode.ToUpper(r)), norm.NFD.String(string(r))} {
			if got := Fold(s); len(got) != 1 || got[0] < 'a' || got[0] > 'z' {
				t.Errorf("%q: %q", s, got)
			}
		}
	}
}

func TestSearchWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                       nil,
		" - ' \" * ":             nil,
		"An":                     {"an"},
		"Nguyễn Văn nguyen":      {"nguyen", "van"},
		"CAX.MAU-261121-0001":    {"cax", "mau", "261121", "0001"},
		"đất*\" OR 1=1; NEAR(x)": {"dat", "or", "1", "near", "x"},
		"a b c d e f g h i j":    {"a", "b", "c", "d", "e", "f", "g", "h"},
	} {
		if got := Terms(in); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Terms(strings.Repeat("ữ", 1<<20)); len(got) != 1 || len(got[0]) != MaxTerm {
		t.Errorf("a megabyte gives %d words", len(got))
	}
}

func TestNames(t *testing.T) {
	for _, x := range []struct{ name, person, office string }{
		{"", "", ""},
		{"Nguyễn Văn Mẫu", "", ""},
		{"Y Bhăm Êban", "", ""}, {"K'Bríp", "", ""}, {"H’Mẫu", "", ""}, {"Anna-Maria St. O'Test", "", ""}, {"Ñandú Çelik Łoś", "", ""},
		{strings.Repeat("Ữ", 200), "", ""},
		{strings.Repeat("Ữ", 10_000), "text.too-long", "text.too-long"},
		{"Nguyễn Văn 😀", "text.letters", "text.letters"},
		{"王小明", "text.letters", "text.letters"},
		{"Nguyễn <b>", "text.letters", "text.letters"},
		{"Z\u0300\u0301\u0302\u0303a\u0300", "text.letters", "text.letters"},
		{"'-.", "text.no-letter", "text.no-letter"},
		{"12", "text.no-letter text.figures?", "text.no-letter"},
		{"Nguyễn Văn Mẫu 2", "text.figures?", ""},
		{"Công ty TNHH \"Mẫu & Thử\" 30/4 (Chi nhánh 1)", "text.letters text.figures?", ""},
	} {
		if got := codes(CheckPersonName("name", x.name)); got != x.person {
			t.Errorf("person %.30q: %q, want %q", x.name, got, x.person)
		}
		if got := codes(CheckOfficeName("name", x.name)); got != x.office {
			t.Errorf("office %.30q: %q, want %q", x.name, got, x.office)
		}
	}
	ps := CheckText("note", strings.Repeat("a", 11), 10)
	if codes(ps) != "text.too-long" || ps[0].Args["max"] != "10" || ps[0].Args["have"] != "11" || ps[0].Field != "note" {
		t.Errorf("%v", ps)
	}
	if ps := CheckText("note", norm.NFD.String("Ữ"), 1); ps != nil {
		t.Errorf("letters are counted, not marks: %v", ps)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "Đặng", "\u200b\u0301a", "a\u034f\u0301", strings.Repeat("a\u0301", 40), "İ\u0130ſK", "\xff\xfe", "ǅ Ω ﬀ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, m, k := Clean(s), CleanMultiline(s), Fold(s)
		if Clean(c) != c || CleanMultiline(m) != m || Fold(k) != k {
			t.Fatalf("%q: not the same twice: %q %q, %q %q, %q %q", s, c, Clean(c), m, CleanMultiline(m), k, Fold(k))
		}
		if Fold(c) != k || Fold(norm.NFD.String(s)) != k {
			t.Fatalf("%q: another key when clean or decomposed", s)
		}
		for _, out := range []string{c, k} {
			if !utf8.ValidString(out) || strings.ContainsFunc(out, unicode.IsControl) {
				t.Fatalf("%q", out)
			}
		}
		if !norm.NFC.IsNormalString(c) {
			t.Fatalf("%q is not NFC", c)
		}
		for _, term := range Terms(s) {
			if again := Terms(term); len(again) != 1 || again[0] != term {
				t.Fatalf("term %q is taken apart: %q", term, again)
			}
		}
	})
}
