package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// day shows what this PC wrote down since its last closing, closes it, lists the closings, and prints their reports.
func day(c *call) error {
	list := c.flags.Bool("list", false, "")
	closes := c.flags.Bool("close", false, "")
	o := desk.CloseOrder{}
	c.flags.StringVar(&o.Closed, "closed", "", "")
	c.flags.StringVar(&o.Checked, "checked", "", "")
	c.flags.StringVar(&o.Note, "note", "", "")
	print := c.flags.String("print", "", "")
	out := c.where()
	_, err := c.parse(0)
	asked := 0
	for _, one := range []bool{*list, *closes, *print != ""} {
		if one {
			asked++
		}
	}
	if err != nil || asked > 1 || !*closes && (o.Closed != "" || o.Checked != "" || o.Note != "") || *print == "" && (out.out != "" || out.printer != "" || out.copies != 1) {
		return c.usage()
	}
	switch {
	case *list:
		return c.with(toRead, func(w *world) error { return w.days(c) })
	case *closes:
		return c.with(toWrite, func(w *world) error { return w.closeDay(c, o) })
	case *print != "":
		nth, err := strconv.Atoi(*print)
		place, ok, wrong := out.desk()
		if err != nil || nth < 0 || !ok {
			return c.usage()
		}
		if wrong != nil {
			return wrong
		}
		return c.with(toWrite, func(w *world) error { return w.printDay(c, nth, place) })
	}
	return c.with(toRead, func(w *world) error {
		d, err := w.desk.DayReport(c.ctx)
		if err != nil {
			return err
		}
		s, _, err := w.store.Settings(c.ctx)
		if err != nil {
			return err
		}
		return c.out(d, func(out io.Writer) { sayDay(out, d, s) })
	})
}

// closeDay closes the day as the verb itself has just read it: nobody looked at it on a screen.
func (w *world) closeDay(c *call, o desk.CloseOrder) error {
	d, err := w.desk.DayReport(c.ctx)
	if err != nil {
		return err
	}
	o.Seen = d.Hash
	closed, err := w.desk.CloseDay(c.ctx, o)
	if err != nil {
		return err
	}
	return c.out(closed, func(out io.Writer) {
		fmt.Fprintf(out, "Đã chốt ngày %s, lần thứ %d: %d thao tác. Mã đối chiếu %s.\n", closed.Day, closed.Nth, closed.Report.Acts(), closed.Mark())
	})
}

// days lists the closings, the latest first.
func (w *world) days(c *call) error {
	all, err := w.desk.Days(c.ctx)
	if err != nil {
		return err
	}
	if all == nil {
		all = []dossier.ClosedDay{}
	}
	return c.out(all, func(out io.Writer) {
		t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, d := range all {
			whose := "máy này"
			if !d.Own {
				whose = "máy khác"
			}
			fmt.Fprintf(t, "%d\t%s\t%s\t%d thao tác\t%s\t%s\t%s\n", d.Nth, d.Day, whose, d.Report.Acts(), d.Closed, d.Checked, d.Mark())
		}
		t.Flush()
		if len(all) == 0 {
			fmt.Fprintln(out, "Chưa chốt ngày lần nào.")
		}
	})
}

// printDay prints the report of this PC's closing of that count; 0 is the day still open.
func (w *world) printDay(c *call, nth int, place desk.Where) error {
	var id dossier.EventID
	if nth > 0 {
		all, err := w.desk.Days(c.ctx)
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Own && d.Nth == nth {
				id = d.ID
			}
		}
		if id.IsZero() {
			return dossier.Invalid("print", "day.unknown", "number", strconv.Itoa(nth))
		}
	}
	p, err := w.desk.PrintDay(c.ctx, id, place)
	if err != nil {
		return err
	}
	return c.printed(w, p)
}

// sayDay is the report for people.
func sayDay(out io.Writer, d dossier.Day, s dossier.Settings) {
	fmt.Fprintf(out, "Ngày %s, lần chốt thứ %d của máy này (chưa chốt): %d thao tác.\n", d.Date, d.Nth, d.Report.Acts())
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, section := range dossier.DaySections {
		if n := d.Report.Of(section); n > 0 {
			fmt.Fprintf(t, "  %s\t%d\n", section.Title(), n)
		}
	}
	t.Flush()
	for _, run := range d.Report.Series {
		fmt.Fprintf(out, "Số đã cấp: %s\n", run)
	}
	r := d.Report
	fmt.Fprintf(out, "Quá hạn trả kết quả: %d; chậm bước của đơn vị: %d; còn đến hạn trong ngày: %d; chờ bổ sung: %d; chờ gửi: %d.\n",
		r.Late, r.OwnLate, r.DueToday, r.Asked, r.Unsent)
	if r.Receipt != nil {
		fmt.Fprintf(out, "Biên nhận gần nhất: %s, %s.\n", r.Receipt.Number, cli.Moment(r.Receipt.At))
	}
	for _, row := range d.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", cli.Moment(row.At), row.Number, row.Kind.Title(), row.Name, s.Officer(row.By).Name)
	}
	t.Flush()
}
