//go:build !windows

package main

import (
	"os"
	"syscall"
)

// sameDisk tells whether two folders are on one disk, as far as the system says.
func sameDisk(a, b string) bool {
	device := func(path string) (uint64, bool) {
		info, err := os.Stat(path)
		if err != nil {
			return 0, false
		}
		s, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return 0, false
		}
		return uint64(s.Dev), true
	}
	x, okX := device(a)
	y, okY := device(b)
	return okX && okY && x == y
}
