//go:build !windows

package backup

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// isGone tells whether the disk is not there any more: a stick that was pulled out, a folder of the network whose server is away.
func isGone(err error) bool {
	for _, no := range []syscall.Errno{syscall.EIO, syscall.ENODEV, syscall.ENXIO, syscall.ENOTDIR, syscall.ESTALE, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ETIMEDOUT, syscall.ENOTCONN} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// free is what is free on the disk of a folder, negative where nobody can tell.
func free(dir string) int64 {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize)
}

// writable fails where nothing can be put into a folder, as far as that can be seen without doing it.
func writable(dir string) error {
	if err := unix.Access(dir, unix.W_OK); err != nil {
		return os.NewSyscallError("access", err)
	}
	return nil
}

// flushDir makes names last.
func flushDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) { // some folders of the network have no such thing
		err = nil
	}
	return errors.Join(err, d.Close())
}

// replace gives a file the name of another, which goes.
func replace(from, to string) error { return os.Rename(from, to) }
