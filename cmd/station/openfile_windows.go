package main

import "os/exec"

// openFile opens a file with the program Windows has for it.
func openFile(path string) error {
	return exec.Command("rundll32", "url.dll,FileProtocolHandler", path).Start()
}
