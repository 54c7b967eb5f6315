package sim

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	mutantsRun  = flag.Bool("mutants", false, "break each rule on purpose and see who notices; make mutants")
	mutantsOnly = flag.String("mutants.only", "", "the mutants whose name holds this")
	mutantsTags = flag.String("mutants.tags", "ci,no_animations,migrated_fynedo", "build tags")
)

// mutant is one rule broken on purpose: in one file, one text becomes another. tests are those that are to notice, by package.
type mutant struct {
	name     string
	file     string
	old, new string
	tests    map[string]string // package → the tests' names, as go test -run takes them
}

const (
	mutantTime = 4 * time.Minute // for the tests of one
	root       = "../.."
)

// Each rule that keeps the exchange true is broken once, alone, in a copy of the tree; a test must fail. A rule whose breaking nobody notices
// is a rule that nobody holds.
func TestMutants(t *testing.T) {
	for i, m := range mutants {
		if slices.ContainsFunc(mutants[:i], func(o mutant) bool { return o.name == m.name }) {
			t.Errorf("two mutants are called %q", m.name)
		}
		b, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			t.Error(err)
		} else if n := strings.Count(string(b), m.old); n != 1 {
			t.Errorf("%s: the text to be broken is in %s %d times: %q", m.name, m.file, n, m.old)
		}
	}
	if len(mutants) < 20 {
		t.Errorf("only %d rules are broken", len(mutants))
	}
	if !*mutantsRun || t.Failed() {
		return
	}
	tree := t.TempDir()
	copyTree(t, root, tree)
	var chosen []mutant
	whole := map[string][]string{}
	for _, m := range mutants {
		if strings.Contains(m.name, *mutantsOnly) {
			chosen = append(chosen, m)
			for pkg, run := range m.tests {
				if !slices.Contains(whole[pkg], run) {
					whole[pkg] = append(whole[pkg], run)
				}
			}
		}
	}
	for pkg, runs := range whole {
		if out, err := tryTests(tree, pkg, strings.Join(runs, "|")); err != nil {
			t.Fatalf("the tests of %s fail with every rule in place: %v\n%s", pkg, err, out)
		}
	}
	survived := 0
	for _, m := range chosen {
		by := tryMutant(t, tree, m)
		if by == "" {
			survived++
			by = "SURVIVED"
		}
		fmt.Printf("MUTANT %-62s %s\n", m.name, by)
	}
	fmt.Printf("MUTANTS %d, caught %d\n", len(chosen), len(chosen)-survived)
	if survived > 0 {
		t.Errorf("%d mutants survived", survived)
	}
}

// tryMutant tells which check noticed, "" if none did.
func tryMutant(t *testing.T, tree string, m mutant) string {
	path := filepath.Join(tree, m.file)
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(was), m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.WriteFile(path, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}()
	for _, pkg := range slices.Sorted(maps.Keys(m.tests)) {
		out, err := tryTests(tree, pkg, m.tests[pkg])
		if err == nil {
			continue
		}
		if strings.Contains(out, "build failed") || strings.Contains(out, "setup failed") {
			t.Errorf("%s: the mutant does not compile:\n%s", m.name, out)
			return "does not compile"
		}
		return noticed(pkg, out)
	}
	return ""
}

var (
	failedTest = regexp.MustCompile(`--- FAIL: (\S+)`)
	brokenRule = regexp.MustCompile(`seed \d+: (\w+):`)
)

func noticed(pkg, out string) string {
	by := "panic or time-out"
	if f := failedTest.FindAllStringSubmatch(out, -1); f != nil {
		by = f[len(f)-1][1]
	}
	if r := brokenRule.FindStringSubmatch(out); r != nil {
		by += " (" + r[1] + ")"
	}
	return pkg + " " + by
}

func tryTests(tree, pkg, run string) (string, error) {
	ctx, stop := context.WithTimeout(context.Background(), mutantTime)
	defer stop()
	c := exec.CommandContext(ctx, "go", "test", "-tags", *mutantsTags, "-count=1", "-timeout", mutantTime.String(), "-run", "^("+run+")$", "./"+pkg)
	c.Dir = tree
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := c.CombinedOutput()
	return string(out), err
}

// copyTree copies what go test needs of the tree.
func copyTree(t *testing.T, from, to string) {
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && (rel == "bin" || rel == "out" || rel == "docs" || strings.HasPrefix(d.Name(), ".") && rel != "."):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		case !d.Type().IsRegular():
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
