package main

import (
	"os"
	"path/filepath"
	"testing"

	"tiepnhan/dossier"
)

func TestASecondPlaceIsLookedAtBeforeItIsKept(t *testing.T) {
	data, other := t.TempDir(), t.TempDir()
	inside := filepath.Join(data, "sao-luu")
	beside := data + "-2"
	file := filepath.Join(other, "x")
	link := filepath.Join(other, "link")
	for _, err := range []error{os.MkdirAll(inside, 0o700), os.MkdirAll(beside, 0o700), os.WriteFile(file, nil, 0o600), os.Symlink(inside, link)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string]string{
		"sao-luu":                    "keep.folder-whole",
		filepath.Join(other, "none"): "keep.folder-gone",
		file:                         "keep.folder-gone",
		data:                         "keep.folder-inside",
		inside:                       "keep.folder-inside",
		link:                         "keep.folder-inside",
		filepath.Join(data, "..", filepath.Base(data), "sao-luu"): "keep.folder-inside",
		beside: "keep.folder-disk", // a name that only begins alike
		other:  "keep.folder-disk",
	} {
		err := checkBackupFolder(data, folder)
		if got := dossier.Code(err); got != want {
			t.Errorf("%s: %s, want %s", folder, got, want)
		}
	}
	left, err := os.ReadDir(beside)
	if err != nil || len(left) > 0 {
		t.Errorf("looking leaves %v, %v", left, err)
	}
	if err := os.Chmod(beside, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.WriteFile(filepath.Join(beside, "x"), nil, 0o600) == nil {
		t.Skip("this user may write everywhere")
	}
	if err := checkBackupFolder(data, beside); dossier.Code(err) != "keep.folder-read-only" {
		t.Error(err)
	}
}
