package main

import (
	"context"
	"time"
)

const (
	tidyLooks = 20 * time.Second
	tidyAfter = 5 * time.Second // nobody has touched the window for so long: a step takes some milliseconds
)

// tidy merges the search index while nobody works, a step at a time, until ctx ends or there is nothing to write on. quiet tells how long nobody
// has touched the window.
func tidy(ctx context.Context, ticks <-chan time.Time, quiet func(context.Context) time.Duration, step func(context.Context) (more bool, err error)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks:
		}
		for more := true; more && quiet(ctx) >= tidyAfter; {
			var err error
			if more, err = step(ctx); err != nil {
				return err
			}
		}
	}
}
