package store

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
)

// told gives an error of SQLite or of the disk the code a person can be told about, once, where it enters our house.
func told(doing, dir string, err error) error {
	if err == nil {
		return nil
	}
	var ps dossier.Problems
	if errors.As(err, &ps) {
		return err
	}
	if code := codeOf(err); code != "" {
		return fmt.Errorf("%s: %w: %w", doing, dossier.Invalid("", code, "dir", dir), err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isRefusal tells whether an error says that something may not be, and nothing of the file or its disk.
func isRefusal(err error) bool {
	code := dossier.Code(err)
	return code != "" && !strings.HasPrefix(code, "store.")
}

func codeOf(err error) string {
	var e *sqlite.Error
	if errors.As(err, &e) {
		if e.Code() == sqlite3.SQLITE_IOERR_AUTH { // said by store/vfs, as are AUTH and FORMAT: SQLite itself says none of them here
			return "store.locked"
		}
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_AUTH:
			return "store.wrong-key"
		case sqlite3.SQLITE_FORMAT:
			return "store.plain"
		case sqlite3.SQLITE_FULL:
			return "store.full"
		case sqlite3.SQLITE_READONLY:
			return "store.read-only"
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return "store.cannot-open"
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return "store.damaged"
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
			return "store.busy"
		case sqlite3.SQLITE_IOERR:
			return "store.disk"
		}
		return ""
	}
	switch {
	case isDiskFull(err):
		return "store.full"
	case errors.Is(err, os.ErrPermission):
		return "store.cannot-open"
	}
	var path *os.PathError
	var link *os.LinkError
	if errors.As(err, &path) || errors.As(err, &link) {
		return "store.cannot-open"
	}
	return ""
}

// damaged is an error about a row that cannot be what we wrote.
func damaged(row string, err error) error {
	return fmt.Errorf("%s: %w: %w", row, dossier.Invalid("", "store.damaged"), err)
}
