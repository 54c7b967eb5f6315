package main

import (
	"fmt"
	"io"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// revoke ends the right of one PC to send and to ask.
func revoke(c *call) error {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		name := dossier.Clean(*station)
		if err := u.Revoke(c.ctx, name, *desk); err != nil {
			return err
		}
		return c.out(map[string]any{"station": name, "desk": *desk}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã thu hồi máy quầy số %d của %s.\n", *desk, name)
		})
	})
}
