package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// call is one run of a verb.
type call struct {
	ctx            context.Context
	verb           verb
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	flags          *flag.FlagSet
	data           string
	json           bool
	user           string
	passwordStdin  bool
	password       string
}

func newCall(ctx context.Context, v verb, stdin io.Reader, stdout, stderr io.Writer) *call {
	c := &call{ctx: ctx, verb: v, stdin: stdin, stdout: stdout, stderr: stderr, flags: cli.Flags(v.name)}
	c.flags.StringVar(&c.data, "data", defaultData(), "")
	c.flags.StringVar(&c.user, "user", "", "")
	c.flags.BoolVar(&c.passwordStdin, "password-stdin", false, "")
	c.flags.BoolVar(&c.json, "json", false, "")
	return c
}

// parse reads flags and plain words in any order, and wants exactly as many words as given.
func (c *call) parse(words int) ([]string, error) {
	plain, ok := cli.Words(c.flags, c.args, words)
	if !ok {
		return nil, c.usage()
	}
	if c.passwordStdin {
		return plain, c.readPassword()
	}
	return plain, nil
}

// readPassword takes the first line of standard input; what follows is the verb's.
func (c *call) readPassword() error {
	in := bufio.NewReader(io.LimitReader(c.stdin, maxInput+1<<10))
	line, err := in.ReadString('\n')
	if err != nil && (err != io.EOF || line == "") {
		return dossier.Invalid("password-stdin", "safe.locked")
	}
	c.stdin, c.password = in, strings.TrimRight(line, "\r\n")
	return nil
}

// confirmedBy is a second person's word: their name, and their password as the next line of standard input; nobody's for an empty name.
func (c *call) confirmedBy(name string) desk.Confirm {
	if name == "" {
		return desk.Confirm{}
	}
	return desk.Confirm{By: dossier.OfficerID(name), Password: c.line()}
}

// line is the next line of standard input.
func (c *call) line() string {
	in, ok := c.stdin.(*bufio.Reader)
	if !ok {
		in = bufio.NewReader(io.LimitReader(c.stdin, maxInput))
		c.stdin = in
	}
	text, _ := in.ReadString('\n') // the end is a line too
	return strings.TrimRight(text, "\r\n")
}

func (c *call) usage() error { return cli.NotUnderstood("station", c.verb.usage) }

// maxInput is the largest file a verb reads.
const maxInput = 1 << 20

// input is the text of a file, or of standard input for "-".
func (c *call) input(name string) ([]byte, error) {
	from := c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, dossier.Invalid("in", "input.unreadable", "file", name)
		}
		defer f.Close()
		from = f
	}
	b, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	if err != nil {
		return nil, dossier.Invalid("in", "input.unreadable", "file", name)
	}
	if len(b) > maxInput {
		return nil, dossier.Invalid("in", "input.too-large", "max", "1 MB")
	}
	return b, nil
}

// decode reads JSON strictly: a misspelt field must not be lost.
func (c *call) decode(name string, to any) error {
	b, err := c.input(name)
	if err != nil {
		return err
	}
	return decodeJSON(b, to)
}

// out prints a value as JSON, or lets say print it for people.
func (c *call) out(value any, say func(w io.Writer)) error {
	return cli.Out(c.stdout, c.json, value, say)
}

// with opens the station for reading, or for writing, does one thing and closes it again.
func (c *call) with(mode openMode, do func(w *world) error) (err error) {
	key, err := c.safe()
	if err != nil {
		return err
	}
	w, err := openWorld(c.ctx, c.data, key, mode, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	return do(w)
}
