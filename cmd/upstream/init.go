package main

import (
	"errors"
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
	if c.key != "" {
		if err := c.newKey(); err != nil {
			return err
		}
	}
	u, err := receive.Create(c.ctx, c.data, *name, *address, c.world())
	if err != nil {
		return errors.Join(err, c.lock())
	}
	if err := errors.Join(u.Close(), c.lock()); err != nil {
		return err
	}
	return c.out(map[string]string{"name": u.Name, "address": "https://" + u.Address}, func(w io.Writer) {
		fmt.Fprintf(w, "Đã lập kho của %s, địa chỉ https://%s.\n", u.Name, u.Address)
	})
}
