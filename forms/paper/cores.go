package paper

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A further core is worth its while for perCore pages; beyond mostCores its packer of a megabyte would cost more than it brings.
const perCore, mostCores = 8, 8

// onAllCores does all pages, several at once, each with what one begin made: that is never used for two pages at the same time. It returns
// when nothing of it runs any more. Pages are begun in order and none after one that failed; the error is that of the first that did.
func onAllCores[T any](pages int, begin func() T, do func(with T, page int) error) ([]T, error) {
	all := make([]T, max(1, min(runtime.GOMAXPROCS(0), mostCores, pages/perCore)))
	var (
		next, failed = atomic.Int64{}, pages
		first        error
		lock         sync.Mutex
		running      sync.WaitGroup
	)
	work := func(with T) {
		for {
			page := int(next.Add(1)) - 1
			if page >= pages {
				return
			}
			if err := do(with, page); err != nil {
				next.Store(int64(pages))
				lock.Lock()
				if page < failed {
					failed, first = page, err
				}
				lock.Unlock()
				return
			}
		}
	}
	for i := range all {
		all[i] = begin()
		if i > 0 {
			running.Go(func() { work(all[i]) })
		}
	}
	work(all[0])
	running.Wait()
	return all, first
}
