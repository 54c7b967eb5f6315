package kit_test

import (
	"testing"
	"time"

	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

func TestOneDigitChoosesAndANumberDoesNot(t *testing.T) {
	threads := &uitest.Threads{}
	d := kit.NewDigits(threads.Kit())
	var picked []int
	pick := func(i int) { picked = append(picked, i) }
	d.Typed(2, pick)
	threads.Pass(time.Second)
	for _, i := range []int{1, 2, -1, 0} { // a reader
		d.Typed(i, pick)
		threads.Pass(8 * time.Millisecond)
	}
	threads.Pass(time.Second)
	d.Typed(-1, pick)
	threads.Pass(time.Second)
	d.Typed(4, pick)
	d.Drop()
	threads.Pass(time.Second)
	d.Typed(5, pick)
	threads.Pass(time.Second)
	if len(picked) != 2 || picked[0] != 2 || picked[1] != 5 {
		t.Errorf("picked %v", picked)
	}
}
