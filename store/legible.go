package store

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
)

// legible fails where a file is none of ours: one that was encrypted and is opened without its layer, one that is empty or has no beginning any
// more. It is asked before anything else looks at it: SQLite, on leaving a file it could not read, removes its log, and with it what was kept
// last; and it would make a database of one that is empty. What is wrong further on it does not judge: a power cut leaves a file that is right
// only with its log. Code: store.damaged.
func legible(ctx context.Context, path, vfs string) (err error) {
	db, err := sql.Open("sqlite", address(path, vfs, forProbing))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var app int64
	err = db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app)
	var failed *sqlite.Error
	if errors.As(err, &failed) && failed.Code()&0xff == sqlite3.SQLITE_CORRUPT {
		return nil
	}
	if err != nil {
		return err
	}
	if app != applicationID {
		return dossier.Invalid("", "store.damaged")
	}
	return nil
}
