package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// reasons are why entries wait, for people.
var reasons = map[string]string{"forked": "nhật ký khác", "revoked": "máy đã thu hồi", "frozen": "hai bản dữ liệu", "outside": "quầy đã có máy khác",
	"early": "chưa có phần trước"}

// parked prints what waits in sight for a person.
func parked(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		waiting, err := u.Parked(c.ctx)
		if err != nil {
			return err
		}
		return c.out(waiting, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, w := range waiting {
				fmt.Fprintf(t, "%s\t%s, quầy %d\t%s\t%s\t%s\t%s\n", w.Event, w.Station, w.Desk, w.Number, w.Kind.Title(), cli.Moment(w.At), reasons[w.Reason])
			}
			t.Flush()
			if len(waiting) == 0 {
				fmt.Fprintln(out, "Không có diễn biến nào đang chờ.")
			}
		})
	})
}

// release lets one entry through that waited.
func release(c *call) error {
	why := c.flags.String("why", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	var event dossier.EventID
	if event.UnmarshalText([]byte(words[0])) != nil {
		return dossier.Invalid("event", "release.none", "event", words[0])
	}
	return c.with(func(u *receive.Upstream) error {
		if err := u.Release(c.ctx, event, *why); err != nil {
			return err
		}
		return c.out(map[string]any{"event": event}, func(w io.Writer) { fmt.Fprintf(w, "Đã cho nhận diễn biến %s.\n", event) })
	})
}

// alarms prints what must not happen and was seen to.
func alarms(c *call) error {
	station := c.flags.String("station", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		rung, err := u.Alarms(c.ctx, dossier.Clean(*station))
		if err != nil {
			return err
		}
		return c.out(rung, func(w io.Writer) {
			printAlarms(w, rung)
			if len(rung) == 0 {
				fmt.Fprintln(w, "Không có cảnh báo nào.")
			}
		})
	})
}

func printAlarms(w io.Writer, rung []receive.Alarm) {
	for _, a := range rung {
		who := a.Station
		if a.Desk > 0 {
			who = fmt.Sprintf("%s, quầy %d (máy %s)", a.Station, a.Desk, a.Device)
		}
		fmt.Fprintf(w, "Cảnh báo lúc %s, %s: %s\n", cli.Moment(a.At), who, assets.Word(a.Code, nil))
	}
}
