package main

import (
	"fmt"
	"io"
	"strconv"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// revoke ends the right of one PC to send and to ask; what comes of it later waits in sight.
func revoke(c *call) error {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	why := c.flags.String("why", "", "")
	last := c.flags.String("seq", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if dossier.Clean(*station) == "" || *desk == 0 {
		return c.usage()
	}
	var seq *uint64
	if *last != "" {
		n, err := strconv.ParseUint(*last, 10, 62)
		if err != nil {
			return c.usage()
		}
		seq = &n
	}
	return c.with(func(u *receive.Upstream) error {
		name := dossier.Clean(*station)
		if err := u.Revoke(c.ctx, name, *desk, seq, *why); err != nil {
			return err
		}
		return c.out(map[string]any{"station": name, "desk": *desk}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã thu hồi máy quầy số %d của %s.\n", *desk, name)
		})
	})
}

// thaw lets a PC send again of which two copies were alive.
func thaw(c *call) error {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if dossier.Clean(*station) == "" || *desk == 0 {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		name := dossier.Clean(*station)
		if err := u.Thaw(c.ctx, name, *desk); err != nil {
			return err
		}
		return c.out(map[string]any{"station": name, "desk": *desk}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã mở lại máy quầy số %d của %s.\n", *desk, name)
		})
	})
}
