package vfs

import (
	"errors"

	"golang.org/x/sys/windows"
)

func isDiskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// flushDir has nothing to do: NTFS journals the names itself, and a folder cannot be flushed.
func flushDir(string) error { return nil }
