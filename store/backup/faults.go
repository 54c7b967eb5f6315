package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"tiepnhan/dossier"
)

// settled tells whether an error says already what people are told.
func settled(err error) bool {
	return err == nil || dossier.Code(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// placed gives an error of a place's disk its code. Codes: backup.full, backup.read-only, backup.gone, backup.place.
func placed(err error, folder string) error {
	if settled(err) {
		return err
	}
	code := "backup.place"
	switch {
	case isFull(err):
		code = "backup.full"
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		code = "backup.read-only"
	case errors.Is(err, fs.ErrNotExist), isGone(err):
		code = "backup.gone"
	}
	return fmt.Errorf("%w: %w", said(code, folder), err)
}

// reading gives an error on the way out of a backup its code. Codes: backup.none, backup.read.
func reading(err error, path string) error {
	if settled(err) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", said("backup.none", path), err)
	}
	return fmt.Errorf("%w: %w", said("backup.read", path), err)
}
