//go:build !windows

package main

import (
	"os"
	"path/filepath"
	"slices"
)

// sticks are the folders under which desktops put the disks that are plugged in.
func sticks() []string {
	var out []string
	for _, where := range []string{"/media/*/*", "/run/media/*/*"} {
		found, err := filepath.Glob(where)
		if err != nil {
			continue
		}
		out = append(out, slices.DeleteFunc(found, func(dir string) bool {
			info, err := os.Stat(dir)
			return err != nil || !info.IsDir()
		})...)
	}
	return out
}
