package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

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
		rows, err := u.List(c.ctx, receive.Query{Station: dossier.Clean(*station), Limit: *n})
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
	Course   []step            `json:"course"`
}

type sendBack struct {
	Event dossier.EventID `json:"event"`
	Why   string          `json:"why"`
}

type step struct {
	Event  dossier.EventID `json:"event"`
	At     time.Time       `json:"at"`
	Kind   dossier.Kind    `json:"kind"`
	By     string          `json:"by"`
	Effect dossier.Effect  `json:"effect"`
	Status dossier.Status  `json:"status"`
}

func showCase(d receive.Case) shown {
	s := shown{Station: d.Station, ID: d.ID, Number: d.Number, Status: d.Status, Disputed: len(d.Disputes) > 0, Waiting: d.Waiting(),
		Intake: d.Intake, Decision: d.Decision, Course: []step{}}
	for _, b := range d.SentBack {
		s.SentBack = append(s.SentBack, sendBack(b))
	}
	for _, e := range d.Course {
		s.Course = append(s.Course, step{e.ID, e.At, e.Kind, string(e.By), e.Effect, e.Status})
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

func printCase(out io.Writer, d receive.Case) {
	fmt.Fprintf(out, "%s  %s\n%s\n%s\nNgười nộp: %s\n", d.Number, d.Status, d.Station, d.Intake.Title, d.Intake.Requester.Name())
	if m := mark(d.Waiting(), len(d.Disputes) > 0, false); m != "" {
		fmt.Fprintln(out, m)
	}
	if d.Subject() != d.Intake.Requester.Name() {
		fmt.Fprintf(out, "Chủ thể: %s\n", d.Subject())
	}
	if !d.Due.At.IsZero() {
		fmt.Fprintf(out, "Hẹn trả: %s (%s)\n", cli.Moment(d.Due.At), d.Due.Text)
	}
	if d.Decision != nil {
		fmt.Fprintf(out, "Kết quả: %s, số %s ngày %s\n", approval(*d.Decision), d.Decision.Document, d.Decision.Date)
	}
	for _, b := range d.SentBack {
		fmt.Fprintf(out, "Đã yêu cầu sửa: %s\n", b.Why)
	}
	for _, e := range d.Course {
		fmt.Fprintf(out, "  %s  %s  %s%s\n", cli.Moment(e.At), e.Kind.Title(), e.By, effect(e.Effect))
	}
}

func approval(d dossier.Decision) string {
	if d.Approved {
		return "đồng ý"
	}
	return "không đồng ý (" + d.Why + ")"
}

func effect(e dossier.Effect) string {
	switch e {
	case dossier.Disputed:
		return "  (trùng thao tác)"
	case dossier.Held:
		return "  (dựa trên thao tác đang trùng)"
	case dossier.Waiting:
		return "  (đang chờ)"
	case dossier.Void:
		return "  (không có hiệu lực)"
	}
	return ""
}
