package keyring

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
)

// MachineSize is the length of a PC's secret.
const MachineSize = 32

// This PC's secret is 32 random bytes beside, not in, the station's folder. It is mixed into every password, so that a copy of the folder (a
// stick, a backup of the PC's files, a disk that is read elsewhere by hand) cannot even be tried.
//
// On Windows DPAPI keeps it, for the machine and not for one Windows account: several people sign in to Windows at a desk, and a Windows
// password that is reset, as happens where it was forgotten, would take a secret of that account along. Against somebody who has the whole
// disk with Windows on it and knows how to read it, neither helps much; there the password's own strength counts. Elsewhere it is a file
// only its owner reads.

// DefaultMachine is where this PC's secret is kept. It is one for all stations of the PC.
func DefaultMachine() (string, error) {
	dir, err := machineDir()
	if err != nil {
		return "", fmt.Errorf("find the folder of this PC's secret: %w", err)
	}
	return filepath.Join(dir, "may.khoa"), nil
}

// ReadMachine is this PC's secret, nil where there is none. One that cannot be opened, because it was made on another PC or is damaged, is
// none too: the recovery code is the way in then.
func ReadMachine(path string) ([]byte, error) {
	data, err := readLimited(path, maxMachine)
	switch {
	case isMissing(err):
		return nil, nil
	case err != nil:
		return nil, errors.Join(dossier.Invalid("", "safe.machine", "file", path), fmt.Errorf("read this PC's secret: %w", err))
	}
	secret, err := openMachine(data)
	if err != nil {
		return nil, nil
	}
	return secret, nil
}

// MakeMachine is this PC's secret, made if there is none: for who creates a ring, and for who sets a password after Recover. One that
// cannot be opened is put aside, not thrown away. Code: safe.machine.
func MakeMachine(path string) ([]byte, error) {
	secret, err := makeMachine(path)
	if err != nil {
		return nil, errors.Join(dossier.Invalid("", "safe.machine", "file", path), fmt.Errorf("make this PC's secret: %w", err))
	}
	return secret, nil
}

const maxMachine = 16 << 10

func makeMachine(path string) ([]byte, error) {
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, machineDirMode); err != nil {
		return nil, err
	}
	unlock, err := newRing(dir, Options{}).lock() // two that start at once make one
	if err != nil {
		return nil, err
	}
	defer unlock()
	if secret, err := ReadMachine(path); err != nil || secret != nil {
		return secret, err
	}
	secret := random(MachineSize)
	data, err := protect(secret)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(path, path+".old"); err != nil && !isMissing(err) {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if err := (disk{}).save(dir, name, append(sum[:], data...)); err != nil {
		return nil, err
	}
	return secret, nil
}

func openMachine(data []byte) ([]byte, error) {
	if len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data) {
		return nil, fmt.Errorf("this PC's secret is damaged")
	}
	secret, err := unprotect(data[sha256.Size:])
	if err == nil && len(secret) != MachineSize {
		err = fmt.Errorf("this PC's secret has %d bytes", len(secret))
	}
	return secret, err
}
