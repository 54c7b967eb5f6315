package wire

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Free is what is free on the disk of a folder.
func (SystemDisk) Free(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// Flush makes names last.
func (SystemDisk) Flush(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ReadBack reads a file after the system was told to forget it. It is an advice: a page that is still being written, or that a file system
// in user space keeps by itself, stays.
func (SystemDisk) ReadBack(name string, to io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return err
	}
	_, err = io.Copy(to, f)
	return err
}

func diskFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }
