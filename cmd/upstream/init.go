package main

import (
	"fmt"
	"io"

	"tiepnhan/sync/receive"
)

// create makes a new upstream.
func create(c *call) error {
	name := c.flags.String("name", "", "")
	address := c.flags.String("address", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	u, err := receive.Create(c.ctx, c.data, *name, *address, c.world())
	if err != nil {
		return err
	}
	if err := u.Close(); err != nil {
		return err
	}
	return c.out(map[string]string{"name": u.Name, "address": "https://" + u.Address}, func(w io.Writer) {
		fmt.Fprintf(w, "Đã lập kho của %s, địa chỉ https://%s.\n", u.Name, u.Address)
	})
}
