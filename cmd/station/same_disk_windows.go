package main

import (
	"path/filepath"
	"strings"
)

// sameDisk tells whether two folders are under one letter, as far as their names say.
func sameDisk(a, b string) bool {
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && strings.EqualFold(filepath.VolumeName(x), filepath.VolumeName(y))
}
