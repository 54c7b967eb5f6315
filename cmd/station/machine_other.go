//go:build !windows

package main

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// machine is the system's name and its memory in bytes, negative where it does not tell.
func machine() (name string, memory int64) {
	name = "Linux"
	if b, err := os.ReadFile("/etc/os-release"); err == nil {
		for line := range strings.Lines(string(b)) {
			if said, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
				name = strings.Trim(strings.TrimSpace(said), `"`)
			}
		}
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return name, -1
	}
	return name, int64(info.Totalram) * int64(info.Unit)
}
