package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// where reads where paper comes out.
type where struct {
	out, printer string
	copies       int
}

func (c *call) where() *where {
	w := new(where)
	c.flags.StringVar(&w.out, "out", "", "")
	c.flags.StringVar(&w.printer, "printer", "", "")
	c.flags.IntVar(&w.copies, "copies", 1, "")
	return w
}

// desk is the same for the desk; exactly one way out must be named, and copies are a printer's. A PDF does not go to standard output: it is
// whole or not there at all.
func (w *where) desk() (to desk.Where, ok bool, err error) {
	if (w.out == "") == (w.printer == "") || w.out == "-" || w.out != "" && w.copies != 1 {
		return to, false, nil
	}
	if w.copies < 1 {
		return to, true, dossier.Invalid("copies", "print.copies")
	}
	to = desk.Where{Printer: w.printer, Copies: w.copies}
	if w.out != "" {
		to.File, err = filepath.Abs(w.out)
	}
	return to, true, err
}

// days reads -from and -to.
func (c *call) days() func() (from, to dossier.Date, given bool, err error) {
	first := c.flags.String("from", "", "")
	last := c.flags.String("to", "", "")
	return func() (from, to dossier.Date, given bool, err error) {
		if *first == "" && *last == "" {
			return from, to, false, nil
		}
		for _, d := range []struct {
			field, text string
			into        *dossier.Date
		}{{"from", *first, &from}, {"to", *last, &to}} {
			if *d.into, err = dossier.ParseDate(d.text); err != nil {
				return from, to, true, dossier.Invalid(d.field, dossier.Code(err), "text", d.text)
			}
		}
		return from, to, true, nil
	}
}

// printForm draws a form of one dossier, of all of some days, or a blank, into a file or onto a printer.
func printForm(c *call) error {
	o := desk.Order{}
	c.flags.StringVar(&o.Form, "form", "", "")
	c.flags.StringVar(&o.Set, "set", "", "")
	c.flags.StringVar(&o.Paper, "paper", "", "")
	number := c.flags.String("dossier", "", "")
	blank := c.flags.Bool("blank", false, "")
	days, out := c.days(), c.where()
	if _, err := c.parse(0); err != nil || o.Form == "" || !slices.Contains([]string{"", dossier.PaperA4, dossier.PaperA5}, o.Paper) {
		return c.usage()
	}
	from, to, spans, err := days()
	if err != nil {
		return err
	}
	place, ok, err := out.desk()
	if err != nil {
		return err
	}
	ways := 0
	for _, given := range []bool{*number != "", spans, *blank} {
		if given {
			ways++
		}
	}
	if !ok || ways != 1 {
		return c.usage()
	}
	return c.with(toWrite, func(w *world) error {
		switch {
		case *number != "":
			d, err := w.desk.Find(c.ctx, *number)
			if err != nil {
				return err
			}
			o.Dossiers = []dossier.ID{d.ID}
		case spans:
			if o.Dossiers, err = w.desk.OfDay(c.ctx, from, to); err != nil {
				return err
			}
			if len(o.Dossiers) == 0 {
				return dossier.Invalid("from", "print.none", "from", from.String(), "to", to.String())
			}
		}
		p, err := w.desk.Print(c.ctx, o, place, nil)
		if err != nil {
			return err
		}
		return c.printed(w, p)
	})
}

// printed waits for the spooler's word and passes it on. What did not reach paper is an error.
func (c *call) printed(w *world, p desk.Printing) error {
	for _, s := range p.Skipped {
		fmt.Fprintf(c.stderr, "%s: ", s.Number)
		cli.Report(s.Why, c.stderr)
	}
	state, err := w.desk.Follow(c.ctx, p, func(s dossier.JobState) {
		if s.Code != "" && !s.Phase.Ended() {
			fmt.Fprintln(c.stderr, assets.Word(s.Code, map[string]string{"printer": p.Printer, "detail": s.Detail}))
		}
	})
	if c.ctx.Err() != nil { // the job goes on, and nobody waits for its end any more
		return dossier.Invalid("printer", "print.unknown", "printer", p.Printer)
	}
	if err != nil {
		return err
	}
	if p.Path == "" && state.Phase != dossier.JobDone {
		if state.Code == "" {
			state.Code = "print.unknown"
		}
		return dossier.Invalid("printer", state.Code, "printer", p.Printer, "detail", state.Detail)
	}
	answer := struct {
		Path    string           `json:"path,omitempty"`
		Printer string           `json:"printer,omitempty"`
		Sheets  int              `json:"sheets"`
		Nth     int              `json:"nth"`
		State   dossier.JobState `json:"state"`
	}{p.Path, p.Printer, p.Sheets, p.Nth, state}
	err = c.out(answer, func(out io.Writer) {
		if p.Path != "" {
			fmt.Fprintln(out, p.Path)
			return
		}
		fmt.Fprintf(out, "Đã in xong trên máy in %s.\n", p.Printer)
	})
	if err == nil && p.NoPrint != nil {
		return p.NoPrint
	}
	return err
}

// printers lists them; the one used when none is named comes first.
func printers(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(toRead, func(w *world) error {
		all, err := w.desk.Printers(c.ctx)
		if err != nil {
			return err
		}
		return c.out(all, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, p := range all {
				state := "sẵn sàng"
				if p.Code != "" {
					state = assets.Word(p.Code, map[string]string{"printer": p.Name})
				}
				fmt.Fprintf(t, "%s\t%s\n", p.Name, state)
			}
			t.Flush()
			if len(all) == 0 {
				fmt.Fprintln(out, assets.Word("printer.none", nil))
			}
		})
	})
}

// register writes the pages of a register as PDF, Excel or CSV.
func register(c *call) error {
	o := desk.BookOrder{}
	name := c.flags.String("book", "", "")
	c.flags.StringVar(&o.Set, "set", "", "")
	format := c.flags.String("format", dossier.BookPDF, "")
	second := c.flags.String("confirm", "", "")
	days, out := c.days(), c.where()
	if _, err := c.parse(0); err != nil || *name == "" || !slices.Contains([]string{dossier.BookPDF, dossier.BookXLSX, dossier.BookCSV}, *format) {
		return c.usage()
	}
	place, ok, err := out.desk()
	if err != nil {
		return err
	}
	var given bool
	if o.From, o.To, given, err = days(); err != nil {
		return err
	}
	if !ok || !given || place.File == "" && *format != dossier.BookPDF {
		return c.usage()
	}
	return c.with(toWrite, func(w *world) error {
		if o.Form, err = w.bookOf(c, *name); err != nil {
			return err
		}
		if *format == dossier.BookPDF {
			p, err := w.desk.PrintBook(c.ctx, o, place)
			if err != nil {
				return err
			}
			return c.printed(w, p)
		}
		o.Confirm = c.confirmedBy(*second)
		rows, err := w.desk.ExportBook(c.ctx, o, *format, place.File)
		if err != nil {
			return err
		}
		answer := struct {
			Path string `json:"path"`
			Rows int    `json:"rows"`
		}{place.File, rows}
		return c.out(answer, func(out io.Writer) { fmt.Fprintf(out, "%s (%d hồ sơ)\n", place.File, rows) })
	})
}

// bookOf is the key of a register by its key or its code: BM.02.
func (w *world) bookOf(c *call, name string) (string, error) {
	all, err := w.desk.Forms(c.ctx)
	if err != nil {
		return "", err
	}
	for _, f := range all {
		if f.Book && (f.Key == name || strings.EqualFold(f.Code, name)) {
			return f.Key, nil
		}
	}
	return "", dossier.Invalid("book", "form.unknown", "form", name)
}

// formsOfSet lists the forms of the station's set, and takes the keeper's word on one of them.
func formsOfSet(c *call) error {
	text := c.flags.String("text", "", "")
	keep := c.flags.String("keep", "", "")
	in := c.flags.String("in", "", "")
	checked := c.flags.Bool("checked", false, "")
	check := c.flags.String("check", "", "")
	uncheck := c.flags.String("uncheck", "", "")
	_, err := c.parse(0)
	asked := 0
	for _, form := range []string{*text, *keep, *check, *uncheck} {
		if form != "" {
			asked++
		}
	}
	if err != nil || asked > 1 || (*keep == "") != (*in == "") || *checked && *keep == "" {
		return c.usage()
	}
	switch {
	case *text != "":
		return c.with(toRead, func(w *world) error {
			b, err := w.desk.FormText(c.ctx, *text)
			if err == nil {
				_, err = c.stdout.Write(b)
			}
			return err
		})
	case *keep != "":
		b, err := c.input(*in)
		if err != nil {
			return err
		}
		return c.with(toWrite, func(w *world) error { return w.desk.KeepFormText(c.ctx, *keep, b, *checked) })
	case *check != "" || *uncheck != "":
		return c.with(toWrite, func(w *world) error { return w.desk.MarkChecked(c.ctx, *check+*uncheck, *check != "") })
	}
	return c.with(toRead, func(w *world) error {
		all, err := w.desk.Forms(c.ctx)
		if err != nil {
			return err
		}
		return c.out(all, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, f := range all {
				mark := ""
				if f.Unseen {
					mark = "chưa đối chiếu"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.Key, f.Code, f.Size, f.Title, mark)
			}
			t.Flush()
		})
	})
}
