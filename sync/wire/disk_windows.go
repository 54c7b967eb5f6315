package wire

import (
	"errors"
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Free is what is free on the disk of a folder.
func (SystemDisk) Free(dir string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return free, nil
}

// Flush has nothing to do: a folder cannot be flushed by those who are no administrators, and sticks are written through by default
// ("quick removal").
func (SystemDisk) Flush(string) error { return nil }

// sector is at least that of any disk; without the system's memory, reads begin and end at its multiples, in memory too.
const sector = 4096

// ReadBack reads a file past the system's memory, and where the file system has no such way (a folder of the network), as it comes.
func (SystemDisk) ReadBack(name string, to io.Writer) error {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(path, windows.GENERIC_READ, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_NO_BUFFERING|windows.FILE_FLAG_SEQUENTIAL_SCAN, 0)
	if err != nil {
		return readAsItComes(name, to)
	}
	f := os.NewFile(uintptr(h), name)
	defer f.Close()
	room := make([]byte, 64<<10+sector)
	start := -int(uintptr(unsafe.Pointer(&room[0]))) & (sector - 1)
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{f}, room[start:start+64<<10:start+64<<10])
	return err
}

func readAsItComes(name string, to io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}

func diskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}
