package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// audit prints who did what, the newest first, or writes all of it to a file with the hashes of the journals.
func audit(c *call) error {
	from, to := c.flags.String("from", "", ""), c.flags.String("to", "", "")
	who := c.flags.String("who", "", "")
	most := c.flags.Int("n", 200, "")
	file := c.flags.String("out", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	filter := dossier.TrailFilter{Who: dossier.OfficerID(*who)}
	var err error
	if *from != "" {
		if filter.From, err = dossier.ParseDate(*from); err != nil {
			return err
		}
	}
	if *to != "" {
		if filter.To, err = dossier.ParseDate(*to); err != nil {
			return err
		}
	}
	if *file != "" {
		return c.with(toWrite, func(w *world) error {
			n, err := w.desk.ExportAudit(c.ctx, filter, *file)
			if err != nil {
				return err
			}
			return c.out(map[string]int{"rows": n}, func(out io.Writer) { fmt.Fprintf(out, "Đã ghi %d dòng vào %s.\n", n, *file) })
		})
	}
	return c.with(toRead, func(w *world) error {
		s, _, err := w.store.Settings(c.ctx)
		if err != nil {
			return err
		}
		rows, before, more := []dossier.TrailRow{}, dossier.EventID{}, true
		for more && len(rows) < *most {
			var page []dossier.TrailRow
			if page, more, err = w.desk.Audit(c.ctx, filter, before); err != nil {
				return err
			}
			rows = append(rows, page...)
			if more {
				before = page[len(page)-1].ID
			}
		}
		rows = rows[:min(len(rows), *most)]
		return c.out(rows, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, r := range rows {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s/%d\t%x\n", cli.Moment(r.At), s.OfficerOf(r.Crew, r.By).Name, r.Kind.Title(), r.Number, r.Device, r.Seq, r.Hash[:6])
			}
			t.Flush()
		})
	})
}
