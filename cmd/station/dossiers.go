package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// list prints rows, the latest first.
func list(c *call) error {
	q := c.flags.String("q", "", "")
	n := c.flags.Int("n", 50, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *n < 1 || *n > 100_000 {
		return c.usage()
	}
	return c.with(toRead, func(w *world) error {
		rows, err := w.desk.List(c.ctx, dossier.Query{Text: *q, Limit: *n})
		if err != nil {
			return err
		}
		upstream, err := w.upstreamName(c)
		if err != nil {
			return err
		}
		return c.out(rows, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, r := range rows {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", r.Number, r.Status, r.Title, r.Name, sentWords(r, upstream))
			}
			t.Flush()
			if len(rows) == 0 {
				fmt.Fprintln(out, "Không có hồ sơ nào.")
			}
		})
	})
}

func (w *world) upstreamName(c *call) (string, error) {
	s, ok, err := w.store.Settings(c.ctx)
	if err != nil || !ok {
		return "cấp trên", err
	}
	return s.UpstreamOn(dossier.DateOf(clock())), nil
}

func sentWords(r dossier.Summary, upstream string) string {
	switch {
	case r.SentBack != "":
		return "Cấp trên yêu cầu sửa: " + r.SentBack
	case r.Unsent > 0:
		return "Chờ gửi"
	}
	return "Đã gửi về " + upstream
}

// show prints one dossier and its course.
func show(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(toRead, func(w *world) error {
		d, err := w.desk.Find(c.ctx, words[0])
		if err != nil {
			return err
		}
		row, err := w.store.Summary(c.ctx, d.ID)
		if err != nil {
			return err
		}
		upstream, err := w.upstreamName(c)
		if err != nil {
			return err
		}
		s, _, err := w.store.Settings(c.ctx)
		if err != nil {
			return err
		}
		name := func(id dossier.OfficerID) string { return s.Officer(id).Name }
		answer := struct {
			dossier.Summary
			Intake   dossier.Receive   `json:"intake"`
			Decision *dossier.Decision `json:"decision,omitempty"`
			Course   []cli.Step        `json:"course"`
		}{row, d.Intake, d.Decision, cli.Steps(d, name)}
		return c.out(answer, func(out io.Writer) { cli.PrintDossier(out, d, name, sentWords(row, upstream)) })
	})
}

// do adds one act to a dossier.
func do(c *call) error {
	in := c.flags.String("in", "", "")
	words, err := c.parse(2)
	if err != nil {
		return err
	}
	verb := dossier.Kind(words[0])
	if !slices.Contains(dossier.Verbs, verb) {
		return c.usage()
	}
	var body []byte
	if *in != "" {
		if body, err = c.input(*in); err != nil {
			return err
		}
	}
	return c.with(toWrite, func(w *world) error {
		d, err := w.desk.Find(c.ctx, words[1])
		if err != nil {
			return err
		}
		if d, err = w.desk.DoJSON(c.ctx, verb, d.ID, body); err != nil {
			return err
		}
		return c.out(d.Summarize(), func(out io.Writer) {
			fmt.Fprintf(out, "Đã lưu tại máy: %s, %s. Hồ sơ: %s.\n", d.Number, verb.Title(), d.Status)
		})
	})
}
