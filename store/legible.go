package store

import (
	"context"
	"database/sql"
	"errors"
)

// legible fails where a file is none of SQLite's, as one is that was encrypted and is opened without its layer. It is asked before anything
// else looks at it: SQLite, on leaving a file it could not read, removes its log, and with it what was kept last.
func legible(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", address(path, "", forProbing))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var version int64
	return db.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version)
}
