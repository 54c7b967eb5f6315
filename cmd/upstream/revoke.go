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

// pc has a call name a PC by station and desk, and by its id where two have one desk.
func (c *call) pc() func() (receive.PC, error) {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	device := c.flags.String("device", "", "")
	return func() (pc receive.PC, err error) {
		pc.Station, pc.Desk = dossier.Clean(*station), *desk
		if pc.Station == "" || pc.Desk == 0 || *device != "" && pc.Device.UnmarshalText([]byte(*device)) != nil {
			return pc, c.usage()
		}
		return pc, nil
	}
}

// revoke ends the right of one PC to send and to ask; what comes of it later waits in sight.
func revoke(c *call) error {
	which := c.pc()
	why := c.flags.String("why", "", "")
	last := c.flags.String("seq", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	pc, err := which()
	if err != nil {
		return err
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
		if err := u.Revoke(c.ctx, pc, seq, *why); err != nil {
			return err
		}
		return c.out(map[string]any{"station": pc.Station, "desk": pc.Desk}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã thu hồi máy quầy số %d của %s.\n", pc.Desk, pc.Station)
		})
	})
}

// thaw lets a PC send again of which two copies were alive.
func thaw(c *call) error {
	which := c.pc()
	if _, err := c.parse(0); err != nil {
		return err
	}
	pc, err := which()
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		if err := u.Thaw(c.ctx, pc); err != nil {
			return err
		}
		return c.out(map[string]any{"station": pc.Station, "desk": pc.Desk}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã mở lại máy quầy số %d của %s.\n", pc.Desk, pc.Station)
		})
	})
}

// written prints the last entries of a PC's journal with their numbers: what a person needs to say up to where a stolen PC is believed.
func written(c *call) error {
	which := c.pc()
	n := c.flags.Int("n", 50, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	pc, err := which()
	if err != nil {
		return err
	}
	if *n < 1 || *n > 100_000 {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		found, err := u.Written(c.ctx, pc, *n)
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
