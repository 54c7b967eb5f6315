package main

import (
	"errors"
	"fmt"
	"io"

	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
)

// protect locks a station's folder with a password: what it holds is encrypted, and the recovery code is told once.
func protect(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	if !c.passwordStdin || c.user == "" {
		return c.usage()
	}
	if keyring.Exists(c.data) {
		return dossier.Invalid("data", "safe.exists", "folder", c.data)
	}
	key, code, err := makeSafe(c.data, c.user, c.password)
	if err != nil {
		return err
	}
	if err := c.out(map[string]string{"user": c.user, "code": code.String()}, func(out io.Writer) {
		fmt.Fprintf(out, "Mã khôi phục: %s\nGhi lại và cất vào két: mã này không được lưu ở đâu khác.\n", code)
	}); err != nil {
		return errors.Join(err, key.close())
	}
	w, err := openWorld(c.ctx, c.data, key, toSetUp, clock)
	if err != nil {
		return err
	}
	return w.close()
}
