package main

import (
	"encoding/json"
	"fmt"
	"net"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// serve answers stations until the program is told to stop.
func serve(c *call) error {
	listen := c.flags.String("listen", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		at := *listen
		if at == "" {
			_, port, err := net.SplitHostPort(u.Address)
			if err != nil {
				return dossier.Invalid("address", "ticket.address")
			}
			at = ":" + port
		}
		l, err := net.Listen("tcp", at)
		if err != nil {
			return dossier.Invalid("listen", "upstream.listen", "address", at)
		}
		address := "https://" + l.Addr().String()
		if c.json {
			if err := json.NewEncoder(c.stdout).Encode(map[string]string{"address": address}); err != nil {
				return err
			}
		} else {
			fmt.Fprintf(c.stdout, "%s đang nhận tại %s\n", u.Name, address)
		}
		return u.Serve(c.ctx, l)
	})
}
