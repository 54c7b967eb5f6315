package store

import (
	"context"
	"errors"

	"tiepnhan/dossier"
)

// readers is how many may read at once.
const readers = 4

// read runs queries that all see one moment. They never wait for the writer.
func (s *Store) read(ctx context.Context, doing string, do func(*link) error) (err error) {
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	var l *link // kept from reader to reader, so that its statements are prepared once
	select {
	case l = <-s.idle:
	case <-s.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() {
		if l != nil && err != nil && !errors.As(err, new(dossier.Problems)) {
			l.close() // whatever it met, the next reader starts afresh
			l = nil
		}
		s.idle <- l
		err = told(doing, s.dir, err)
	}()
	if l == nil {
		if l, err = newLink(ctx, s.reads); err != nil {
			return err
		}
	}
	l.ctx = ctx
	if err := l.exec("BEGIN"); err != nil {
		return err
	}
	err = do(l)
	l.ctx = context.WithoutCancel(ctx)
	if end := l.exec("ROLLBACK"); err == nil {
		err = end
	}
	return err
}
