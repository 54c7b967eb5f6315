//go:build !windows

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/forms/spool/spooltest"
)

// until is a stderr that breaks the call off once it has said something.
type until struct {
	bytes.Buffer
	word string
	stop func()
}

func (u *until) Write(b []byte) (int, error) {
	n, err := u.Buffer.Write(b)
	if strings.Contains(u.String(), u.word) {
		u.stop()
	}
	return n, err
}

func TestThePrintVerbSaysNoMoreThanTheSpooler(t *testing.T) {
	dir := received(t)
	service := spooltest.Start(t)
	t.Setenv("CUPS_SERVER", service.Sock)
	service.Printer("Het-giay", "media-empty-error")
	args := []string{"print", "-form", "receipt", "-dossier", "MAU.01-261120-0001", "-printer", "Het-giay", "-data", dir}

	ctx, stop := context.WithCancel(t.Context())
	var out bytes.Buffer
	said := &until{word: "Máy in hết giấy", stop: stop}
	code := run(ctx, args, strings.NewReader(""), &out, said)
	if code != cli.No || !strings.Contains(said.String(), "[printer: print.unknown]") || out.Len() != 0 {
		t.Errorf("broken off while the printer waits for paper: exit %d, %q, %q", code, said.String(), out.String())
	}
	service.Refill()
	service.Until("the paper came out all the same", func() bool { pdf, _ := service.Came("1"); return pdf != nil })
	service.Printer("Tot", "takes")
	args[6] = "Tot"
	again := call1(t, append(args, "-json", "-copies", "2")...).ok(t)
	if !strings.Contains(again.out, `"phase": "done"`) || !strings.Contains(again.out, `"nth": 1`) {
		t.Errorf("%s", again.out)
	}
}
