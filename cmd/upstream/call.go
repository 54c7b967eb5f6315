package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/store/vfs"
	"tiepnhan/sync/receive"
)

// call is one run of a verb.
type call struct {
	ctx            context.Context
	now            func() time.Time
	verb           verb
	args           []string
	stdout, stderr io.Writer
	flags          *flag.FlagSet
	data, key      string
	json           bool
	layer          *vfs.Layer // while the store is open and encrypted
}

func newCall(ctx context.Context, v verb, now func() time.Time, args []string, stdout, stderr io.Writer) *call {
	c := &call{ctx: ctx, now: now, verb: v, args: args, stdout: stdout, stderr: stderr, flags: cli.Flags(v.name)}
	c.flags.StringVar(&c.data, "data", "", "")
	c.flags.StringVar(&c.key, "key", "", "")
	c.flags.BoolVar(&c.json, "json", false, "")
	return c
}

// parse reads flags and plain words in any order, and wants exactly as many words as given.
func (c *call) parse(words int) ([]string, error) {
	plain, ok := cli.Words(c.flags, c.args, words)
	if !ok || c.data == "" {
		return nil, c.usage()
	}
	return plain, nil
}

func (c *call) usage() error { return cli.NotUnderstood("upstream", c.verb.usage) }

// out prints a value as JSON, or lets say print it for people.
func (c *call) out(value any, say func(w io.Writer)) error {
	return cli.Out(c.stdout, c.json, value, say)
}

func (c *call) world() receive.World {
	w := receive.World{Now: c.now, Word: assets.Word, Fault: func(err error) { fmt.Fprintln(c.stderr, err) }}
	if c.layer != nil {
		w.VFS = c.layer.Name()
	}
	return w
}

// with opens upstream's folder, does one thing and closes it again.
func (c *call) with(do func(u *receive.Upstream) error) (err error) {
	if err := c.unlock(); err != nil {
		return err
	}
	u, err := receive.Open(c.ctx, c.data, c.world())
	if err != nil {
		return errors.Join(err, c.lock())
	}
	defer func() { err = errors.Join(err, u.Close(), c.lock()) }()
	return do(u)
}
