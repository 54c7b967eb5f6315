package tiepnhan_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// said is one place in the program that says a code.
type said struct {
	at     string
	args   []string // names of the arguments given, where they can be seen
	direct bool     // args are known
}

// saying finds every code the program can say. A code is the argument of dossier.Invalid, dossier.Warning or assets.Word, the Code of
// a Problem literal, or the argument of one of our functions that passes it on; it must be a literal somewhere in sight.
type saying struct {
	fset     *token.FileSet
	takers   map[string]int             // function → which argument is a code
	consts   map[string]string          // package.name → value
	returns  map[string]map[string]bool // function → string literals it returns
	codes    map[string][]said
	literals map[string]bool // any string literal
	faults   []string
}

// scope is one function and where it stands.
type scope struct {
	key    string
	params []string
	body   ast.Node
	outer  *scope
}

func listen(fset *token.FileSet, files []source) *saying {
	s := &saying{fset: fset, takers: map[string]int{"dossier.Invalid": 1, "dossier.Warning": 1, "dossier.makeProblem": 1, "assets.Word": 0},
		consts: map[string]string{}, returns: map[string]map[string]bool{}, literals: map[string]bool{}}
	for _, f := range files {
		s.declare(f)
	}
	for known := -1; known != len(s.takers); { // until no more functions turn out to pass a code on
		known, s.codes, s.faults = len(s.takers), map[string][]said{}, nil
		for _, f := range files {
			s.hear(f)
		}
	}
	return s
}

func (s *saying) declare(f source) {
	for _, d := range f.ast.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, spec := range g.Specs {
				v, ok := spec.(*ast.ValueSpec)
				for i := 0; ok && i < len(v.Values); i++ {
					if text, ok := literal(v.Values[i]); ok {
						s.consts[f.folder+"."+v.Names[i].Name] = text
					}
				}
			}
		}
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			key := f.folder + "." + fn.Name.Name
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if r, ok := n.(*ast.ReturnStmt); ok {
					for _, x := range r.Results {
						if text, ok := literal(x); ok {
							if s.returns[key] == nil {
								s.returns[key] = map[string]bool{}
							}
							s.returns[key][text] = true
						}
					}
				}
				return true
			})
		}
	}
}

func (s *saying) hear(f source) {
	imports := map[string]string{}
	for _, spec := range f.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if ours, ok := strings.CutPrefix(p, module+"/"); ok {
			imports[name] = ours
		}
	}
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			if fn.Body != nil {
				s.function(f, imports, &scope{key: f.folder + "." + fn.Name.Name, params: params(fn.Type), body: fn.Body})
			}
			continue
		}
		s.function(f, imports, &scope{key: f.folder + ".", body: d})
	}
}

func (s *saying) function(f source, imports map[string]string, in *scope) {
	named := map[*ast.FuncLit]string{}
	ast.Inspect(in.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i := range n.Rhs {
				if lit, ok := n.Rhs[i].(*ast.FuncLit); ok && i < len(n.Lhs) {
					if id, ok := n.Lhs[i].(*ast.Ident); ok {
						named[lit] = id.Name
					}
				}
			}
		case *ast.FuncLit:
			s.function(f, imports, &scope{key: in.key + "." + named[n], params: params(n.Type), body: n.Body, outer: in})
			return false
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				s.literals[text] = true
			}
		case *ast.CallExpr:
			if key, which := s.taker(f, imports, in, n.Fun); key != "" && which < len(n.Args) {
				x := said{at: s.fset.Position(n.Pos()).String()}
				if strings.HasPrefix(key, "dossier.") && which == 1 && !n.Ellipsis.IsValid() {
					x.direct = key == "dossier.Invalid" || key == "dossier.Warning"
					for i := 2; i < len(n.Args); i += 2 {
						if name, ok := literal(n.Args[i]); ok {
							x.args = append(x.args, name)
						}
					}
				}
				s.code(f, in, n.Args[which], x)
			}
		case *ast.CompositeLit:
			if t := name(n.Type); t == "Problem" && f.folder == "dossier" || t == "dossier.Problem" {
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && name(kv.Key) == "Code" {
						s.code(f, in, kv.Value, said{at: s.fset.Position(n.Pos()).String()})
					}
				}
			}
		}
		return true
	})
}

// taker is the function called, if one of its arguments is a code.
func (s *saying) taker(f source, imports map[string]string, in *scope, fun ast.Expr) (string, int) {
	var keys []string
	switch fun := fun.(type) {
	case *ast.Ident:
		for sc := in; sc != nil; sc = sc.outer {
			keys = append(keys, sc.key+"."+fun.Name)
		}
		keys = append(keys, f.folder+"."+fun.Name)
	case *ast.SelectorExpr:
		if ours, ok := imports[name(fun.X)]; ok {
			keys = append(keys, ours+"."+fun.Sel.Name)
		} else {
			keys = append(keys, f.folder+"."+fun.Sel.Name)
		}
	}
	for _, k := range keys {
		if i, ok := s.takers[k]; ok {
			return k, i
		}
	}
	return "", 0
}

// code notes what an expression given as a code can be.
func (s *saying) code(f source, in *scope, x ast.Expr, at said) {
	if text, ok := literal(x); ok {
		s.codes[text] = append(s.codes[text], at)
		return
	}
	at.direct = false
	switch x := x.(type) {
	case *ast.Ident:
		if text, ok := s.consts[f.folder+"."+x.Name]; ok {
			s.codes[text] = append(s.codes[text], at)
			return
		}
		found := false
		for sc := in; sc != nil; sc = sc.outer {
			if i := slices.Index(sc.params, x.Name); i >= 0 {
				s.takers[sc.key] = i
				return
			}
			ast.Inspect(sc.body, func(n ast.Node) bool {
				if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
					for i := range a.Lhs {
						if name(a.Lhs[i]) != x.Name {
							continue
						}
						if call, ok := a.Rhs[i].(*ast.CallExpr); ok {
							for text := range s.returns[f.folder+"."+name(call.Fun)] {
								s.codes[text], found = append(s.codes[text], at), true
							}
						}
						if text, ok := literal(a.Rhs[i]); ok && text != "" {
							s.codes[text], found = append(s.codes[text], at), true
						}
					}
				}
				return true
			})
			if found {
				return
			}
		}
	case *ast.SelectorExpr:
		if x.Sel.Name == "Code" { // a problem said again
			return
		}
	case *ast.CallExpr:
		if texts := s.returns[f.folder+"."+name(x.Fun)]; texts != nil {
			for text := range texts {
				s.codes[text] = append(s.codes[text], at)
			}
			return
		}
		if strings.HasSuffix(name(x.Fun), ".Code") { // the code of an error said again
			return
		}
	}
	s.faults = append(s.faults, at.at+": the code must be a literal, so that its words can be asked for")
}

func params(t *ast.FuncType) []string {
	var out []string
	for _, field := range t.Params.List {
		for _, n := range field.Names {
			out = append(out, n.Name)
		}
	}
	return out
}

func literal(x ast.Expr) (string, bool) {
	b, ok := x.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(b.Value)
	return text, err == nil
}

func name(x ast.Node) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return name(x.X) + "." + x.Sel.Name
	}
	return ""
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func TestEveryCodeHasWordsAndEveryWordACode(t *testing.T) {
	fset, files := sources(t, parser.SkipObjectResolution)
	s := listen(fset, slices.DeleteFunc(files, func(f source) bool { return f.inTest }))
	for _, fault := range s.faults {
		t.Error(fault)
	}
	have := assets.Codes()
	for code, at := range s.codes {
		if code == "" {
			continue
		}
		if !slices.Contains(have, code) {
			t.Errorf("%s: %s has no words in assets/words", at[0].at, code)
			continue
		}
		sentence := assets.Word(code, nil)
		for _, x := range at {
			for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
				if x.direct && !slices.Contains(x.args, m[1]) {
					t.Errorf("%s: the words of %s need {%s}, which is not given here", x.at, code, m[1])
				}
			}
		}
	}
	for _, code := range have {
		if s.codes[code] == nil && !s.literals[code] {
			t.Errorf("the words of %s are never said", code)
		}
	}
}

func TestWordsAreOneCleanSentence(t *testing.T) {
	for _, code := range assets.Codes() {
		sentence := assets.Word(code, nil)
		if sentence == "" || dossier.CleanMultiline(sentence) != sentence {
			t.Errorf("%s: %q is empty, not NFC, or has stray blanks", code, sentence)
		}
		if strings.Count(sentence, "{") != len(placeholder.FindAllString(sentence, -1)) {
			t.Errorf("%s: %q has a broken {name}", code, sentence)
		}
	}
}

// The listener is shown a small program in every shape it knows, and must hear all of it.
func TestCodesAreHeardInEveryShape(t *testing.T) {
	const program = `package desk
import "tiepnhan/dossier"
const full = "x.const"
func a() error { return dossier.Invalid("f", "x.direct", "n", "1") }
func b(v any) error { return refuse(v, "x.passed") }
func refuse(v any, code string) error { return dossier.Invalid("", code) }
func c(n int) error {
	code := "x.one"
	if n > 1 { code = "x.two" }
	warn := func(field, c string) { _ = dossier.Warning(field, c) }
	warn("f", "x.closure")
	_ = dossier.Problem{Field: "f", Code: "x.composite"}
	_ = dossier.Problems{dossier.Warning("", full)}
	_ = dossier.Invalid("", which(n))
	if kept := another(n); kept != "" { _ = dossier.Invalid("", kept) }
	return dossier.Invalid("", code)
}
func which(n int) string { if n > 2 { return "x.returned" }; return "x.otherwise" }
func another(n int) string { if n > 3 { return "x.kept" }; return "" }
func d(m map[int]string) error { return dossier.Invalid("", m[1]) }
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "desk/program.go", program, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s := listen(fset, []source{{folder: "desk", ast: f}})
	var got []string
	for code := range s.codes {
		if code != "" {
			got = append(got, code)
		}
	}
	slices.Sort(got)
	want := []string{"x.closure", "x.composite", "x.const", "x.direct", "x.kept", "x.one", "x.otherwise", "x.passed", "x.returned", "x.two"}
	if !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
	if len(s.faults) != 1 || !strings.Contains(s.faults[0], "must be a literal") {
		t.Errorf("a code out of sight: %v", s.faults)
	}
	if x := s.codes["x.direct"][0]; !x.direct || fmt.Sprint(x.args) != "[n]" {
		t.Errorf("arguments: %+v", x)
	}
}
