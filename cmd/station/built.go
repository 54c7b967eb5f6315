package main

import (
	"runtime/debug"
	"time"
)

// builtAt is the day a release was built, yyyy-mm-dd, set by the linker.
var builtAt string

// built is the earliest moment a PC's clock can truly show: the build, else the commit it was built from, else nothing.
func built() time.Time {
	if t, err := time.Parse(time.DateOnly, builtAt); err == nil {
		return t
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return t
			}
		}
	}
	return time.Time{}
}
