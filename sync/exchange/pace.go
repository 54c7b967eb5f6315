package exchange

import (
	"errors"
	"strconv"
	"time"

	"tiepnhan/dossier"
)

// Every is how often what waits goes up by itself while there is a line.
const Every = 5 * time.Minute

// firstRetry is the longest first wait after a failure.
const firstRetry = 15 * time.Second

// Pace is how long to wait before the next exchange by itself: after this many failures in a row, the last of which was err. random is in
// [0, 1) and new each time: two hundred stations that lost the line together must not come back together (full jitter). What upstream
// asks for in Retry-After is kept to, and spread behind, the wider the longer it goes on: who is overloaded asks for the same few seconds again and
// again. The officer's button does not wait.
func Pace(failures int, err error, random float64) time.Duration {
	spread := func(d time.Duration) time.Duration { return time.Duration(random * float64(d)) }
	asked := asksToWait(err)
	if failures <= 0 && asked == 0 {
		return Every/2 + spread(Every)
	}
	most := Every
	if failures < 6 {
		most = min(most, firstRetry<<max(failures-1, 0))
	}
	if asked > 0 {
		return asked + spread(max(asked, most))
	}
	return time.Second + spread(most)
}

// asksToWait is what upstream asked for, at most an hour; the longest where it said several things.
func asksToWait(err error) time.Duration {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var longest time.Duration
		for _, one := range many.Unwrap() {
			longest = max(longest, asksToWait(one))
		}
		return longest
	}
	var ps dossier.Problems
	if !errors.As(err, &ps) || ps[0].Code != "line.busy" {
		return 0
	}
	n, err := strconv.Atoi(ps[0].Args["seconds"])
	if err != nil {
		return 0
	}
	return time.Duration(min(max(n, 0), int(maxWait/time.Second))) * time.Second
}
