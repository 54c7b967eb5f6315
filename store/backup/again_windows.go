package backup

import (
	"os"

	"golang.org/x/sys/windows"
)

// openAgain opens what was written past the system's memory, and where the file system has no such way (a folder of the network), as it
// comes. It is read in whole pages into memory that begins at one.
func openAgain(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_NO_BUFFERING|windows.FILE_FLAG_SEQUENTIAL_SCAN, 0)
	if err != nil {
		return os.Open(path)
	}
	return os.NewFile(uintptr(h), path), nil
}
