package store

import (
	"context"
	"errors"
	"sync"

	"tiepnhan/dossier"
)

// readers is how many may read at once.
const readers = 4

// stack keeps links from reader to reader, so that their statements are prepared once. The last to come is the first to go: where one
// reads at a time, which is nearly always, there is one link with one cache of pages.
type stack struct {
	mu    sync.Mutex
	links []*link
}

// take gives nil where there is none.
func (s *stack) take() *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.links)
	if n == 0 {
		return nil
	}
	l := s.links[n-1]
	s.links = s.links[:n-1]
	return l
}

func (s *stack) put(l *link) {
	if l == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, l)
}

// read runs queries that all see one moment. They never wait for the writer.
func (s *Store) read(ctx context.Context, doing string, do func(*link) error) (err error) {
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	select {
	case <-s.free:
	case <-s.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	l := s.idle.take()
	defer func() {
		if l != nil && err != nil && !errors.As(err, new(dossier.Problems)) {
			l.close() // whatever it met, the next reader starts afresh
			l = nil
		}
		s.idle.put(l)
		s.free <- struct{}{}
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
