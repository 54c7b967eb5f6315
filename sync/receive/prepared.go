package receive

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"modernc.org/sqlite"
)

// pool is a database whose connections prepare each query once: for small rows, and upstream's are small, preparing is as much work as
// running.
func pool(dsn string) *sql.DB {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		panic(err) // ours, put together by url.Values
	}
	return sql.OpenDB(preparing{c})
}

type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &prepared{sqliteConn: c.(sqliteConn), kept: map[string]*keptStmt{}}, nil
}

// sqliteConn is what the driver's connections can do and database/sql asks for.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// prepared is a connection that keeps the statements it has prepared. Like any driver's, it is used by one goroutine at a time.
type prepared struct {
	sqliteConn
	kept map[string]*keptStmt
}

// mostKept is more than there are queries in this package; a query that is put together ever differently fills no memory.
const mostKept = 300

type keptStmt struct {
	driver.Stmt
	busy bool // rows of it are being read
}

// stmt is the kept statement for a query; nil where it is to be run without: a script, or a query that is running already.
func (c *prepared) stmt(ctx context.Context, query string) (*keptStmt, error) {
	if s := c.kept[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if strings.Contains(query, ";") {
		return nil, nil
	}
	if len(c.kept) == mostKept {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	made, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &keptStmt{Stmt: made}
	c.kept[query] = s
	return s, nil
}

// forget closes what is kept and not running.
func (c *prepared) forget() error {
	var errs []error
	for query, s := range c.kept {
		if !s.busy {
			errs = append(errs, s.Close())
			delete(c.kept, query)
		}
	}
	return errors.Join(errs...)
}

func (c *prepared) Close() error { return errors.Join(c.forget(), c.sqliteConn.Close()) }

func (c *prepared) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (c *prepared) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows, s}, nil
}

// keptRows are the rows of a kept statement, which is free again once they are closed.
type keptRows struct {
	driver.Rows
	of *keptStmt
}

func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
