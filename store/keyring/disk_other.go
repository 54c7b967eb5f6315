//go:build !windows

package keyring

import (
	"errors"
	"os"
)

// replace gives a file the name of another, which goes.
func replace(from, to string) error { return os.Rename(from, to) }

// flushDir makes a rename in the folder last.
func flushDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
