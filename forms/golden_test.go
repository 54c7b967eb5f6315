package forms

import (
	"os"
	"path/filepath"
	"testing"
)

// compareGolden compares with testdata/<name>.golden, or writes it with -update.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at it, then run with -update\n%s", name, firstDifference(string(want), got))
	}
}
