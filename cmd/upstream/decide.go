package main

import (
	"fmt"
	"io"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// decide records the authority's answer to one dossier.
func decide(c *call) error {
	approve := c.flags.Bool("approve", false, "")
	refuse := c.flags.Bool("refuse", false, "")
	document := c.flags.String("document", "", "")
	date := c.flags.String("date", "", "")
	reason := c.flags.String("reason", "", "")
	by := c.flags.String("by", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	if *approve == *refuse {
		return c.usage()
	}
	day, err := dossier.ParseDate(*date)
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		d, first, err := u.Decide(c.ctx, words[0], dossier.Decision{Approved: *approve, Document: *document, Date: day, By: *by, Why: *reason})
		if err != nil {
			return err
		}
		answer := struct {
			shown
			Recorded bool `json:"recorded"` // false when the same decision was there already
		}{showCase(d), first}
		return c.out(answer, func(w io.Writer) {
			if !first {
				fmt.Fprintln(w, "Quyết định này đã được ghi từ trước.")
			}
			printCase(w, d)
		})
	})
}
