package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// end closes what is open and then ends the program, from within Fyne's loop: Fyne's own way out panics or hangs once in a while
// (docs/adr/0016), and what was still to be done after it would be lost.
func (f *front) end() {
	f.win.Hide()
	f.gone(f.close())
}

// heed has Ctrl+C and SIGTERM do what ends this program, and nothing else. Fyne too listens for them, from a goroutine that begins with the
// window, and would tear its driver down: what it asked for is taken back, and once more when that goroutine has surely begun. A signal that comes
// between Reset and Notify is a kill, which the station stands; so the second time is soon, while nobody is at work yet.
func heed(do func()) {
	came := make(chan os.Signal, 1)
	claim := func() {
		signal.Reset(os.Interrupt, syscall.SIGTERM)
		signal.Notify(came, os.Interrupt, syscall.SIGTERM)
	}
	claim()
	time.AfterFunc(200*time.Millisecond, claim)
	go func() {
		<-came
		do()
	}()
}
