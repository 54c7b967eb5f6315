package backup

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

func isReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// isGone tells whether the disk is not there any more: a stick that was pulled out, a folder of the network whose server is away.
func isGone(err error) bool {
	for _, no := range []error{windows.ERROR_NOT_READY, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_NO_SUCH_DEVICE, windows.ERROR_DEVICE_NOT_CONNECTED,
		windows.ERROR_BAD_NETPATH, windows.ERROR_BAD_NET_NAME, windows.ERROR_NETNAME_DELETED, windows.ERROR_UNEXP_NET_ERR, windows.ERROR_IO_DEVICE,
		windows.ERROR_DEVICE_REMOVED, windows.ERROR_NO_MEDIA_IN_DRIVE} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// free is what is free on the disk of a folder, negative where nobody can tell.
func free(dir string) int64 {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return -1
	}
	var n uint64
	if windows.GetDiskFreeSpaceEx(name, &n, nil, nil) != nil {
		return -1
	}
	return int64(n)
}

// writable cannot be told here without trying.
func writable(string) error { return nil }

// flushDir has nothing to do: NTFS journals the names itself, and a folder cannot be flushed.
func flushDir(string) error { return nil }

// replace gives a file the name of another, which goes. A virus scanner may hold either for a moment after it was written.
func replace(from, to string) error {
	var err error
	for wait := 10 * time.Millisecond; wait <= 640*time.Millisecond; wait *= 2 {
		if err = os.Rename(from, to); !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(wait)
	}
	return err
}
