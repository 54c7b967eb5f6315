package main

import (
	"fmt"
	"io"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/forms"
	"tiepnhan/sync/receive"
)

// ticket makes a ticket and prints it, the only time it can be seen.
func ticket(c *call) error {
	station := c.flags.String("station", "", "")
	desk := c.flags.Int("desk", 0, "")
	address := c.flags.String("address", "", "")
	file := c.flags.String("out", "", "")
	again := c.flags.Bool("again", false, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *again && *desk == 0 {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		give := u.Ticket
		if *again {
			give = u.TicketAgain
		}
		t, err := give(c.ctx, *station, *desk, *address)
		if err != nil {
			return err
		}
		answer := struct {
			Ticket  string    `json:"ticket"`
			Station string    `json:"station"`
			Desk    int       `json:"desk"`
			Address string    `json:"address"`
			Until   time.Time `json:"until"`
		}{t.Text(), t.Station, t.Desk, "https://" + t.Address, t.Until}
		if err := c.out(answer, func(w io.Writer) {
			fmt.Fprintf(w, "%s\n\n%s, quầy số %d; dùng một lần, đến %s.\n", t.Text(), t.Station, t.Desk, cli.Moment(t.Until))
		}); err != nil || *file == "" {
			return err
		}
		return putTicket(*file, forms.Ticket{Text: t.Text(), Station: t.Station, Upstream: u.Name, Address: "https://" + t.Address, Desk: t.Desk,
			Made: c.now(), Until: t.Until})
	})
}
