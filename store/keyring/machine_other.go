//go:build !windows

package keyring

import (
	"os"
	"path/filepath"
)

const machineDirMode = 0o700

// machineDir follows the XDG base directories. What a folder of settings holds is left behind when a station's data is copied.
func machineDir() (string, error) {
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "tiepnhan"), err
}

func protect(secret []byte) ([]byte, error) { return secret, nil }

func unprotect(data []byte) ([]byte, error) { return data, nil }
