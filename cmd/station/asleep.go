package main

import "time"

const (
	watchEvery = 5 * time.Second
	// sleptAfter is how far apart two looks at the clock may be of a PC that was awake and very busy.
	sleptAfter = time.Minute
)

// slept tells whether the PC slept between two looks at its clock. A clock somebody sets ahead looks alike: then one signs in again.
func slept(before, now time.Time) bool {
	return now.Round(0).Sub(before.Round(0)) > sleptAfter // without the monotonic part, which stands still on some systems
}
