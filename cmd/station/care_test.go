package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// What a person typed gets into errors: numbers that are taken, files that cannot be read. None of it gets into the log.
func TestTheLogTellsKindsAndCodesOnly(t *testing.T) {
	const name, number = "Nguyễn Thị Chim Yến", "001099000009"
	path := &os.PathError{Op: "open", Path: "/home/" + name + "/x.pdf", Err: syscall.ENOSPC}
	for said, err := range map[string]error{
		"national-code.taken":                     fmt.Errorf("receive %s: %w", name, dossier.Invalid("national-code", "national-code.taken", "number", number)),
		"open, no space left on device (28)":      fmt.Errorf("write for %s: %w", number, path),
		"*errors.errorString":                     errors.New(name),
		"deadline exceeded":                       fmt.Errorf("%s: %w", name, context.DeadlineExceeded),
		"dial tcp, connection refused (111)":      &net.OpError{Op: "dial", Net: "tcp", Addr: &net.UnixAddr{Name: name}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"print.folder, open, *errors.errorString": errors.Join(dossier.Invalid("", "print.folder", "folder", name), &os.PathError{Op: "open", Path: name, Err: errors.New(number)}),
	} {
		if got := told(err); got != said {
			t.Errorf("%v: %q, want %q", err, got, said)
		}
	}
	dir := t.TempDir()
	l := openLog(dir)
	l.failed("exchange", path)
	l.failed("exchange", context.Canceled)
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if lines := tail(filepath.Join(dir, careFolder, logFile), 10); len(lines) != 1 || !strings.Contains(lines[0], "no space left") {
		t.Errorf("%q", lines)
	}
}

func TestTheLogStaysSmall(t *testing.T) {
	dir := t.TempDir()
	l := openLog(dir)
	for range 40_000 { // some 5 MB
		l.Info("exchange", "said", strings.Repeat("x", 80))
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	var all int64
	files, err := os.ReadDir(filepath.Join(dir, careFolder))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			continue // it was just being removed
		}
		all += info.Size()
	}
	if most := int64(logKept+2) * logMegabytes << 20; all > most || all < logMegabytes<<20 {
		t.Errorf("%d bytes in %d files", all, len(files))
	}
}

func TestWhatBroughtTheProgramDownIsToldWithoutWhatWasTyped(t *testing.T) {
	const name = "Nguyễn Thị Chim Yến"
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	report := func(do func()) (said string) {
		defer func() { said = crashReport(recover(), debug.Stack(), at) }()
		do()
		return ""
	}
	var none []string
	for want, do := range map[string]func(){
		"index out of range [3] with length 0": func() { _ = none[3] },
		"panic: string":                        func() { panic("cannot take " + name) },
		"panic: *errors.errorString":           func() { panic(errors.New(name)) },
	} {
		if said := report(do); !strings.Contains(said, want) || strings.Contains(said, name) || !strings.Contains(said, "care_test.go") {
			t.Errorf("want %q: %s", want, said)
		}
	}
}

func TestTheReportForTheKeeperNamesNobody(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	l := openLog(dir)
	l.failed("exchange", syscall.ECONNREFUSED)
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, careFolder, crashFile), []byte("panic: string\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var file struct{ File string }
	said := callWith(t, chiefPassword+"\n", "diagnose", "-user", chiefName, "-password-stdin", "-json", "-data", dir).ok(t)
	if err := json.Unmarshal([]byte(said.out), &file); err != nil {
		t.Fatalf("%v: %s", err, said.out)
	}
	b, err := os.ReadFile(file.File)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{"Phiên bản", "Hồ sơ, diễn biến             1, ", "connection refused", "panic: string", "Chờ gửi"} {
		if !strings.Contains(text, want) {
			t.Errorf("without %q:\n%s", want, text)
		}
	}
	for _, personal := range []string{"Nguyễn Văn Mẫu", "001099000001", "261120", chiefName, dir} {
		if strings.Contains(text, personal) {
			t.Errorf("with %q:\n%s", personal, text)
		}
	}
	callWith(t, chiefPassword+"\n", "diagnose", "-out", filepath.Join(dir, "none", "x.txt"), "-user", chiefName, "-password-stdin", "-data", dir).refused(t, "print.folder")
}

func TestASleepIsToldFromABusyPC(t *testing.T) {
	now := time.Now()
	for between, want := range map[time.Duration]bool{watchEvery: false, sleptAfter: false, 8 * time.Hour: true, -8 * time.Hour: false} {
		if slept(now, now.Add(between)) != want {
			t.Error(between)
		}
	}
}
