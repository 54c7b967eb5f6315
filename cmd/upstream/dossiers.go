package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// list prints rows, the last heard of first.
func list(c *call) error {
	station := c.flags.String("station", "", "")
	n := c.flags.Int("n", 50, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *n < 1 || *n > 100_000 {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		name := dossier.Clean(*station)
		rows, err := u.List(c.ctx, receive.Query{Station: name, Limit: *n})
		if err != nil {
			return err
		}
		rung, err := u.Alarms(c.ctx, name)
		if err != nil {
			return err
		}
		return c.out(rows, func(out io.Writer) {
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, r := range rows {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Number, r.Station, r.Status, r.Title, r.Name, mark(r.Waiting, r.Disputed, r.SentBack != ""))
			}
			t.Flush()
			if len(rows) == 0 {
				fmt.Fprintln(out, "Không có hồ sơ nào.")
			}
			printAlarms(out, rung)
		})
	})
}

// mark is what a person should look at.
func mark(waiting, disputed, sentBack bool) string {
	switch {
	case disputed:
		return "Trùng thao tác, chờ xử lý"
	case sentBack:
		return "Đã yêu cầu sửa"
	case waiting:
		return "Có diễn biến đang chờ"
	}
	return ""
}

// shown is a dossier for scripts.
type shown struct {
	Station  string            `json:"station"`
	ID       dossier.ID        `json:"id"`
	Number   string            `json:"number"`
	Status   dossier.Status    `json:"status"`
	Disputed bool              `json:"disputed,omitempty"`
	Waiting  bool              `json:"waiting,omitempty"`
	Intake   dossier.Receive   `json:"intake"`
	Decision *dossier.Decision `json:"decision,omitempty"`
	SentBack []sendBack        `json:"sent-back,omitempty"`
	Parked   int               `json:"parked,omitempty"` // entries about it that wait for a person
	Alarms   []receive.Alarm   `json:"alarms,omitempty"`
	Course   []cli.Step        `json:"course"`
}

type sendBack struct {
	Event dossier.EventID `json:"event"`
	Why   string          `json:"why"`
}

func showCase(d receive.Case) shown {
	s := shown{Station: d.Station, ID: d.ID, Number: d.Number, Status: d.Status, Disputed: len(d.Disputes) > 0, Waiting: d.Waiting(),
		Intake: d.Intake, Decision: d.Decision, Course: cli.Steps(d.Dossier, byID),
		Parked: d.Parked, Alarms: d.Alarms}
	for _, b := range d.SentBack {
		s.SentBack = append(s.SentBack, sendBack(b))
	}
	return s
}

// show prints one dossier and its course.
func show(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		d, err := u.Find(c.ctx, words[0])
		if err != nil {
			return err
		}
		return c.out(showCase(d), func(out io.Writer) { printCase(out, d) })
	})
}

// byID names officers as their station signs them in: upstream keeps no list of them.
func byID(s dossier.Step) string { return string(s.By) }

func printCase(out io.Writer, d receive.Case) {
	marks := []string{d.Station, mark(d.Waiting(), len(d.Disputes) > 0, false)}
	for _, b := range d.SentBack {
		marks = append(marks, "Đã yêu cầu sửa: "+b.Why)
	}
	if d.Parked > 0 {
		marks = append(marks, fmt.Sprintf("%d diễn biến của hồ sơ đang chờ xem xét", d.Parked))
	}
	cli.PrintDossier(out, d.Dossier, byID, marks...)
	printAlarms(out, d.Alarms)
}
