package keyring

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

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

// flushDir has nothing to do: NTFS journals the names itself, and a folder cannot be flushed.
func flushDir(string) error { return nil }
