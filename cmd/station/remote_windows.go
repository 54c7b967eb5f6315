package main

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// onAnotherPC tells whether a folder lies on another PC's disk.
func onAnotherPC(dir string) bool {
	volume, err := windows.UTF16PtrFromString(filepath.VolumeName(dir) + `\`)
	return err == nil && windows.GetDriveType(volume) == windows.DRIVE_REMOTE
}
