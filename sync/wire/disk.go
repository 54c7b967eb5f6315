package wire

import (
	"errors"
	"os"
)

// SystemDisk is the system's.
type SystemDisk struct{}

// Write writes a new file through to the disk.
func (SystemDisk) Write(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close()) // FlushFileBuffers on Windows
}

// Rename gives a file its name, over one that has it.
func (SystemDisk) Rename(from, to string) error { return os.Rename(from, to) }
