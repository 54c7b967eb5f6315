package kit

import "time"

// DigitPause tells a digit from one of many: a reader types a whole number.
const DigitPause = 150 * time.Millisecond

// Digits chooses by a single digit, when nothing is typed right before or after it.
type Digits struct {
	later *Later
	typed int
	last  int
}

// NewDigits waits on those threads.
func NewDigits(t Threads) *Digits { return &Digits{later: NewLater(t, DigitPause)} }

// Typed takes a character: i is what its digit stands for, -1 for none. pick runs once it has stayed alone.
func (d *Digits) Typed(i int, pick func(i int)) {
	d.typed++
	d.last = i
	d.later.Do(func() {
		alone := d.typed == 1
		d.typed = 0
		if alone && d.last >= 0 {
			pick(d.last)
		}
	})
}

// Drop forgets what was typed.
func (d *Digits) Drop() {
	d.typed = 0
	d.later.Drop()
}
