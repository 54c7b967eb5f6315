package main

import (
	"fmt"
	"io"
	"strconv"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// verify walks every journal and holds every receipt against it.
func verify(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		check, err := u.Verify(c.ctx)
		if err != nil {
			return err
		}
		err = c.out(check, func(w io.Writer) {
			fmt.Fprintf(w, "Đã kiểm tra %d nhật ký, %d diễn biến, %d hồ sơ, %d biên nhận.\n", check.Chains, check.Entries, check.Dossiers, check.Receipts)
			for _, f := range check.Faults {
				fmt.Fprintln(w, "Sai lệch:", f)
			}
		})
		if err == nil && len(check.Faults) > 0 {
			err = dossier.Invalid("", "verify.faults", "count", strconv.Itoa(len(check.Faults)))
		}
		return err
	})
}
