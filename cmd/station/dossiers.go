package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
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
	words, _ := kit.SentWords(r, upstream)
	if r.SentBack != "" {
		words += ": " + r.SentBack
	}
	return words
}

// show prints one dossier and its course. Personal numbers are hidden, unless they are asked for, which the journal keeps.
func show(c *call) error {
	reveal := c.flags.Bool("reveal", false, "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	mode := toRead
	if *reveal {
		mode = toWrite
	}
	return c.with(mode, func(w *world) error {
		d, err := w.desk.Find(c.ctx, words[0])
		if err != nil {
			return err
		}
		shown, err := w.numbers(c, &d.Intake, d.ID, *reveal)
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
		name := func(step dossier.Step) string { return s.OfficerOf(step.Crew, step.By).Name }
		answer := struct {
			dossier.Summary
			Intake   dossier.Receive   `json:"intake"`
			Decision *dossier.Decision `json:"decision,omitempty"`
			Course   []cli.Step        `json:"course"`
		}{row, d.Intake, d.Decision, cli.Steps(d, name)}
		return c.out(answer, func(out io.Writer) { cli.PrintDossier(out, d, name, shown, sentWords(row, upstream)) })
	})
}

// numbers hides the personal numbers of an intake, or keeps in the journal that they are shown; and says them in a line.
func (w *world) numbers(c *call, in *dossier.Receive, id dossier.ID, reveal bool) (string, error) {
	var said []string
	for _, whose := range []struct {
		field, title string
		of           *dossier.Person
	}{{"person", "người đề nghị", &in.Requester.Person}, {"representative", "người đại diện", &in.Requester.Representative}, {"subject", "người bị đề nghị", &in.Subject}} {
		for _, one := range []struct {
			field string
			at    *string
		}{{"number", &whose.of.Number}, {"old-number", &whose.of.OldNumber}, {"passport", &whose.of.Passport}} {
			if *one.at == "" {
				continue
			}
			if !reveal {
				*one.at = dossier.MaskNumber(*one.at)
			} else if _, err := w.desk.Reveal(c.ctx, id, whose.field+"."+one.field); err != nil {
				return "", err
			}
			said = append(said, *one.at+" ("+whose.title+")")
		}
	}
	if said == nil {
		return "", nil
	}
	return "Số giấy tờ: " + strings.Join(said, "; "), nil
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
