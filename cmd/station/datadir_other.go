//go:build !windows

package main

import (
	"os"
	"path/filepath"
)

// defaultData follows the XDG base directories.
func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "tiepnhan")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, ".local", "share", "tiepnhan")
}
