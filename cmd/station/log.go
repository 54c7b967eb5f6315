package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"gopkg.in/natefinch/lumberjack.v2"

	"tiepnhan/dossier"
)

// careFolder is where the log and the reports for whoever looks after the PC are, in a station's folder.
const careFolder = "chan-doan"

const logFile = "station.log"

// A log takes at most some 3 MB of an old disk.
const (
	logMegabytes = 1
	logKept      = 2
)

// logbook is the program's own log. Nothing of a person stands in it, nor what somebody typed, nor a path, which may name one: an error is
// told by its codes and kinds, never by its text. Where it cannot be written, nobody is troubled.
type logbook struct {
	*slog.Logger
	file *lumberjack.Logger
}

func openLog(dir string) *logbook {
	file := &lumberjack.Logger{Filename: filepath.Join(dir, careFolder, logFile), MaxSize: logMegabytes, MaxBackups: logKept, LocalTime: true}
	return &logbook{slog.New(slog.NewTextHandler(file, nil)), file}
}

// failed tells what did not work; a person's own stopping it is no failure.
func (l *logbook) failed(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		l.Warn(what, "why", told(err))
	}
}

func (l *logbook) close() error { return l.file.Close() }

// told names an error without its text, which may hold what somebody typed: codes of Problems, the system's own numbers, and of the rest what
// kind of thing it is.
func told(err error) string {
	var said []string
	say := func(s string) {
		if !slices.Contains(said, s) {
			said = append(said, s)
		}
	}
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) {
		case nil:
			return
		case dossier.Problems:
			for _, p := range e {
				say(p.Code)
			}
			return
		case syscall.Errno:
			say(fmt.Sprintf("%s (%d)", e.Error(), int(e)))
			return
		case *fs.PathError:
			say(e.Op)
		case *net.OpError:
			say(e.Op + " " + e.Net)
		case interface{ Code() int }:
			say(fmt.Sprintf("%T %d", e, e.Code()))
		}
		switch e := err.(type) {
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				walk(one)
			}
		case interface{ Unwrap() error }:
			if e.Unwrap() != nil {
				walk(e.Unwrap())
				return
			}
			say(fmt.Sprintf("%T", err))
		default:
			if errors.Is(err, context.DeadlineExceeded) {
				say("deadline exceeded")
			} else if _, coded := err.(interface{ Code() int }); !coded {
				say(fmt.Sprintf("%T", err))
			}
		}
	}
	walk(err)
	return strings.Join(said, ", ")
}
