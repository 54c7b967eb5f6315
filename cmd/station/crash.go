package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"
)

// crashFile is where what brought the program down is written, for whoever mends it.
const crashFile = "su-co.txt"

// guard stands first, deferred, in each goroutine of the program. A panic ends the program as it would without: what was kept stands, and
// what was typed is in its draft. But the runtime's own report would print the value of the panic, which may hold what somebody typed;
// this one tells its kind and where it was.
func guard(dir string) {
	value := recover()
	if value == nil {
		return
	}
	report := crashReport(value, debug.Stack(), time.Now())
	folder := filepath.Join(dir, careFolder)
	if os.MkdirAll(folder, 0o700) == nil {
		_ = os.WriteFile(filepath.Join(folder, crashFile), []byte(report), 0o600) // the program is going down: there is nobody to tell
	}
	fmt.Fprint(os.Stderr, report)
	os.Exit(2)
}

// crashReport leaves out the text of a panic unless it is the runtime's, which knows types and numbers only. A stack holds no values.
func crashReport(value any, stack []byte, at time.Time) string {
	what := fmt.Sprintf("%T", value)
	if e, ok := value.(runtime.Error); ok {
		what = e.Error()
	}
	return fmt.Sprintf("%s\nstation %s, %s %s/%s\npanic: %s\n\n%s", at.Format(time.RFC3339), Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, what, stack)
}
