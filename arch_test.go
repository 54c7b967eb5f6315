// Package tiepnhan_test holds what no single package can: who may import whom, and that every error has its Vietnamese.
package tiepnhan_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "tiepnhan"

// mayImport is the map: for each folder with Go code, which of ours its programs may import. Tests may import what they need of
// ours, because a test is not shipped.
var mayImport = map[string]struct {
	ours []string
	why  string
}{
	"dossier":          {nil, "dossier holds the rules and rests on nothing of ours"},
	"assets":           {nil, "assets are data and rest on nothing of ours"},
	"desk":             {[]string{"dossier"}, "desk says in what order things happen and is given store, paper and line through its own interfaces"},
	"store":            {[]string{"dossier"}, "store keeps and knows no screen, no paper and no line"},
	"store/vfs":        {[]string{"dossier"}, "the layer below SQLite knows files and no rows; upstream's store stands on it too"},
	"store/keyring":    {[]string{"dossier"}, "the ring opens the store's key and knows no store, so that either can be restored without the other"},
	"store/backup":     {[]string{"dossier", "store", "store/vfs", "store/keyring"}, "a backup is of a store, its layer and its ring together, and knows no desk and no screen"},
	"forms":            {[]string{"dossier", "assets", "forms/paper"}, "forms print what they are given"},
	"forms/paper":      {[]string{"dossier", "assets"}, "paper is a canvas"},
	"forms/book":       {[]string{"dossier", "assets", "forms", "forms/paper"}, "books are made of dossiers on the same canvas"},
	"forms/raster":     {[]string{"dossier"}, "raster shows any PDF and knows no form"},
	"forms/spool":      {[]string{"dossier", "forms/raster"}, "spool hands over any PDF and knows no form"},
	"sync/wire":        {[]string{"dossier"}, "wire is what both sides say and knows neither"},
	"sync/exchange":    {[]string{"dossier", "sync/wire"}, "the station's side is given its store through an interface"},
	"sync/receive":     {[]string{"dossier", "sync/wire"}, "upstream's side shares nothing with the station's but the wire"},
	"sync/sim":         {[]string{"dossier", "assets", "desk", "store", "store/storetest", "sync/wire", "sync/exchange", "sync/receive"}, "the simulator is a test of station, line and upstream together, and knows no screen and no paper"},
	"ui/shell":         {[]string{"dossier", "desk", "assets", "ui/kit", "ui/*"}, "the window joins the screens; like them it asks the desk and nothing below it"},
	"ui/kit":           {[]string{"dossier", "desk", "assets"}, "kit is shared by all screens and knows none of them"},
	"ui/*":             {[]string{"dossier", "desk", "assets", "ui/kit"}, "a screen asks the desk and knows no other screen"},
	"cmd/internal/cli": {[]string{"dossier", "assets"}, "it is what the verbs of both programs share, and joins nothing"},
	"cmd/*":            {[]string{"*"}, "cmd joins everything, and nothing imports cmd"},
}

// onlyIn is where a module from outside may be used.
var onlyIn = []struct {
	path string
	in   []string
	why  string
}{
	{"github.com/jung-kurt/gofpdf", []string{"forms/paper"}, "one place knows how a PDF is made, so that it can be exchanged"},
	{"github.com/xuri/excelize", []string{"forms/book"}, "one place knows how a spreadsheet is made"},
	{"github.com/OpenPrinting/goipp", []string{"forms/spool"}, "one place speaks to the printers"},
	{"github.com/klippa-app/go-pdfium", []string{"forms/raster"}, "one place turns a PDF into a picture"},
	{"github.com/tetratelabs/wazero", []string{"forms/raster"}, "one place turns a PDF into a picture"},
	{"fyne.io/fyne/v2/app", []string{"cmd/station"}, "it needs cgo and OpenGL, which tests of screens must do without"},
	{"fyne.io/fyne/v2/internal", nil, "it is not ours to use"},
	{"fyne.io/fyne/v2", []string{"ui", "cmd/station"}, "only screens know the screen"},
	{"github.com/go-gl", []string{"cmd/station"}, "it needs cgo and OpenGL, which tests of screens must do without"},
	{"golang.org/x/crypto/argon2", []string{"store/keyring"}, "one place turns passwords into keys"},
	{"modernc.org/sqlite", []string{"store", "sync/receive", "sync/sim"}, "each side has one place that knows how it is kept, and one test breaks their disks"},
}

// onlyInTests are modules no program of ours ships.
var onlyInTests = []string{"testing", "pgregory.net/rapid", "fyne.io/fyne/v2/test"}

// folders are the first level of the tree. bin and out are made by the Makefile.
var folders = []string{".ci", "assets", "cmd", "desk", "docs", "dossier", "forms", "scripts", "store", "sync", "ui", "bin", "out", ".git"}

// notAllowed says why a package (its folder) may not import a path; "" when it may.
func notAllowed(from, to string, inTest bool) string {
	if forTests(from) {
		inTest = true
		if _, known := mayImport[path.Dir(from)]; known {
			from = path.Dir(from)
		}
	}
	rule, known := mayImport[on(from)]
	if !known && from != "." {
		return "the folder is not on the map; add it to mayImport with its reason"
	}
	if ours, ok := strings.CutPrefix(to, module+"/"); ok {
		switch {
		case strings.HasPrefix(ours, "cmd/") && !(strings.HasPrefix(from, "cmd/") && ours == "cmd/internal/cli"):
			return "cmd joins everything, and nothing imports cmd"
		case forTests(ours) && !inTest:
			return "it is for tests"
		case inTest, slices.Contains(rule.ours, ours), slices.Contains(rule.ours, on(ours)), slices.Contains(rule.ours, "*"):
			return ""
		}
		return rule.why
	}
	for _, m := range onlyIn {
		if under(to, m.path) {
			if !slices.ContainsFunc(m.in, func(in string) bool { return under(from, in) }) {
				return m.why
			}
			break
		}
	}
	for _, p := range onlyInTests {
		if under(to, p) && !inTest {
			return "it is for tests"
		}
	}
	first, _, _ := strings.Cut(to, "/")
	if standard := !strings.Contains(first, "."); !standard && !inTest {
		switch {
		case from == "dossier" && !under(to, "golang.org/x/text"):
			return "the rules rest on the standard library and golang.org/x/text alone, so that they outlive the rest"
		case from == "assets":
			return "assets are data and need the standard library alone"
		}
	}
	return ""
}

// forTests tells whether a folder helps tests and ships in no program, as store/storetest does.
func forTests(folder string) bool {
	return strings.Contains(folder, "/") && strings.HasSuffix(folder, "test")
}

// on is where a folder is on the map: itself, or its parent's "*".
func on(folder string) string {
	if _, ok := mayImport[folder]; ok {
		return folder
	}
	return path.Dir(folder) + "/*"
}

func under(p, root string) bool { return p == root || strings.HasPrefix(p, root+"/") }

type source struct {
	folder string // "." for the root
	name   string
	inTest bool
	ast    *ast.File
}

// sources are all Go files of the tree, those for other systems and under build tags too.
func sources(t *testing.T, mode parser.Mode) (*token.FileSet, []source) {
	t.Helper()
	fset := token.NewFileSet()
	var out []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || p == "bin" || p == "out"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, mode)
		if err != nil {
			return err
		}
		out = append(out, source{filepath.ToSlash(filepath.Dir(p)), p, strings.HasSuffix(p, "_test.go"), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("only %d Go files found: this test looks at the wrong place", len(out))
	}
	return fset, out
}

func TestImportsFollowTheMap(t *testing.T) {
	fset, files := sources(t, parser.ImportsOnly)
	for _, f := range files {
		for _, spec := range f.ast.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := notAllowed(f.folder, to, f.inTest); why != "" {
				t.Errorf("%s: %s may not import %s: %s", fset.Position(spec.Pos()), f.folder, to, why)
			}
		}
		if f.folder == "sync" {
			t.Errorf("%s: sync has no Go files of its own, so that nobody takes it for the standard sync", f.name)
		}
		if f.folder == "." && !f.inTest {
			t.Errorf("%s: the root has tests only", f.name)
		}
	}
}

func TestTheMapRefusesWhatItShould(t *testing.T) {
	for _, x := range []struct {
		from, to string
		inTest   bool
		allowed  bool
	}{
		{"dossier", "time", false, true},
		{"dossier", "golang.org/x/text/unicode/norm", false, true},
		{"dossier", "github.com/google/uuid", false, false},
		{"dossier", "tiepnhan/assets", false, false},
		{"dossier", "tiepnhan/assets", true, true},
		{"dossier", "pgregory.net/rapid", true, true},
		{"dossier", "pgregory.net/rapid", false, false},
		{"assets", "tiepnhan/dossier", false, false},
		{"desk", "tiepnhan/dossier", false, true},
		{"desk", "tiepnhan/store", false, false},
		{"store", "tiepnhan/forms", false, false},
		{"store", "modernc.org/sqlite", false, true},
		{"desk", "modernc.org/sqlite", true, false},
		{"forms", "tiepnhan/forms/paper", false, true},
		{"forms", "github.com/jung-kurt/gofpdf", false, false},
		{"forms/paper", "github.com/jung-kurt/gofpdf", false, true},
		{"sync/exchange", "tiepnhan/sync/wire", false, true},
		{"sync/exchange", "tiepnhan/sync/receive", false, false},
		{"sync/exchange", "tiepnhan/store", false, false},
		{"sync/receive", "modernc.org/sqlite", false, true},
		{"ui/shell", "tiepnhan/ui/reception", false, true},
		{"ui/shell", "tiepnhan/store", false, false},
		{"ui/reception", "tiepnhan/ui/shell", false, false},
		{"ui/shell", "fyne.io/fyne/v2/widget", false, true},
		{"ui/reception", "tiepnhan/ui/kit", false, true},
		{"ui/reception", "tiepnhan/ui/list", false, false},
		{"ui/reception", "tiepnhan/store", false, false},
		{"ui/reception", "fyne.io/fyne/v2/widget", false, true},
		{"ui/kit", "fyne.io/fyne/v2/app", true, false},
		{"ui/kit", "fyne.io/fyne/v2/test", true, true},
		{"ui/kit", "fyne.io/fyne/v2/test", false, false},
		{"ui/kit", "tiepnhan/ui/list", false, false},
		{"ui/kit", "github.com/go-gl/glfw/v3.4/glfw", false, false},
		{"cmd/station", "github.com/go-gl/glfw/v3.4/glfw", false, true},
		{"cmd/station", "fyne.io/fyne/v2/app", false, true},
		{"cmd/station", "tiepnhan/sync/exchange", false, true},
		{"cmd/station", "tiepnhan/cmd/internal/cli", false, true},
		{"cmd/internal/cli", "tiepnhan/store", false, false},
		{"ui/list", "tiepnhan/cmd/internal/cli", false, false},
		{"cmd/upstream", "fyne.io/fyne/v2", false, false},
		{"cmd/upstream", "tiepnhan/cmd/station", false, false},
		{"helpers", "strings", false, false},
		{"store/sql", "strings", false, false},
		{"store/storetest", "tiepnhan/desk", false, true},
		{"helpers/storetest", "strings", false, false},
		{"store", "tiepnhan/store/storetest", false, false},
		{"store", "tiepnhan/store/storetest", true, true},
		{"ui/uitest", "fyne.io/fyne/v2/test", false, true},
	} {
		if got := notAllowed(x.from, x.to, x.inTest) == ""; got != x.allowed {
			t.Errorf("%s → %s (test: %v): allowed is %v", x.from, x.to, x.inTest, got)
		}
	}
}

func TestTheTreeIsTheOneInTheMap(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if why := strayFolder(e.Name()); e.IsDir() && why != "" {
			t.Error(why)
		}
	}
	if strayFolder("utils") == "" || strayFolder("dossier") != "" {
		t.Error("this test cannot fail")
	}
}

func strayFolder(name string) string {
	if slices.Contains(folders, name) {
		return ""
	}
	return fmt.Sprintf("folder %s is not on the map of README.md: %s", name, strings.Join(folders, " "))
}
