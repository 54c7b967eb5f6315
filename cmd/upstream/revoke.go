package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
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

// written prints the last entries of a PC's journal with their numbers: what a person needs to say up to where a stolen PC is believed.
func written(c *call) error {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	n := c.flags.Int("n", 50, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if dossier.Clean(*station) == "" || *desk == 0 || *n < 1 || *n > 100_000 {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		found, err := u.Written(c.ctx, dossier.Clean(*station), *desk, *n)
		if err != nil {
			return err
		}
		return c.out(found, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "Số\tGiờ máy trạm\tGiờ cấp trên nhận\tDiễn biến\tHồ sơ\tCán bộ")
			for _, w := range found {
				fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", w.Seq, cli.Moment(w.At), cli.Moment(w.Came), w.Kind.Title(), w.Number, w.By)
			}
			t.Flush()
			if len(found) == 0 {
				fmt.Fprintln(out, "Máy này chưa gửi diễn biến nào.")
			}
		})
	})
}
