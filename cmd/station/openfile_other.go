//go:build !windows

package main

import "os/exec"

// openFile opens a file with the program the desktop has for it.
func openFile(path string) error { return exec.Command("xdg-open", path).Start() }
