// Package cli is what the verbs of both programs share: how a call is read, how it answers people and scripts, and how it says no.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// Exit statuses.
const (
	OK    = 0
	No    = 1 // it could not be done; stderr says why
	Usage = 2 // the call was not understood
)

// ErrUsage is a call that was not understood; NotUnderstood makes one.
var ErrUsage = errors.New("usage")

// NotUnderstood says how the verb is called.
func NotUnderstood(program, usage string) error {
	return fmt.Errorf("%w: Cách dùng: %s %s", ErrUsage, program, usage)
}

// Report writes the reason of a failure where a person or a script finds it, and gives the exit status.
func Report(err error, stderr io.Writer) int {
	var ps dossier.Problems
	switch {
	case err == nil:
		return OK
	case errors.Is(err, ErrUsage):
		fmt.Fprintln(stderr, strings.TrimPrefix(err.Error(), ErrUsage.Error()+": "))
		return Usage
	case errors.As(err, &ps):
		for _, p := range ps {
			fmt.Fprintln(stderr, Sentence(p))
		}
	case errors.Is(err, context.Canceled): // Ctrl+C, sign-out, shutdown
		fmt.Fprintln(stderr, assets.Word("program.stopped", nil))
	default:
		fmt.Fprintln(stderr, assets.Word("program.failed", map[string]string{"detail": err.Error()}))
	}
	return No
}

// Sentence is a problem in words, with the field it belongs to and its code for scripts.
func Sentence(p dossier.Problem) string {
	where := p.Code
	if p.Field != "" {
		where = p.Field + ": " + p.Code
	}
	return fmt.Sprintf("%s [%s]", assets.Word(p.Code, p.Args), where)
}

// Flags are those of one verb; what is wrong with them is for NotUnderstood to say.
func Flags(verb string) *flag.FlagSet {
	f := flag.NewFlagSet(verb, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// Words reads flags and plain words in any order and gives the words, which must be that many.
func Words(f *flag.FlagSet, args []string, count int) ([]string, bool) {
	var plain []string
	for {
		if f.Parse(args) != nil {
			return nil, false
		}
		if args = f.Args(); len(args) == 0 {
			return plain, len(plain) == count
		}
		plain, args = append(plain, args[0]), args[1:]
	}
}

// Out prints a value as JSON, or lets say print it for people.
func Out(w io.Writer, asJSON bool, value any, say func(io.Writer)) error {
	if !asJSON {
		say(w)
		return nil
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// Moment is a date and hour as people write them, in Vietnam.
func Moment(t time.Time) string { return t.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006") }
