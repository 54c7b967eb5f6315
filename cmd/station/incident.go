package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// incident reckons the report of the worst day, and writes it as a PDF.
func incident(c *call) error {
	what := c.flags.String("what", "", "")
	noticed := c.flags.String("noticed", "", "")
	pc := c.flags.String("pc", "", "")
	file := c.flags.String("out", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", *noticed, dossier.Hanoi)
	if err != nil {
		return c.usage()
	}
	mode := toRead
	if *file != "" {
		mode = toWrite // that it left is a trace
	}
	return c.with(mode, func(w *world) error {
		o := desk.IncidentOrder{What: dossier.IncidentKind(*what), Noticed: at}
		if *pc != "" {
			if o.Device, err = w.deviceOf(c, *pc); err != nil {
				return err
			}
		}
		i, err := w.desk.Incident(c.ctx, o, nil)
		if err != nil {
			return err
		}
		if *file != "" {
			if _, err := w.desk.PrintIncident(c.ctx, i, desk.Where{File: *file}); err != nil {
				return err
			}
		}
		return c.out(i, func(out io.Writer) {
			sayIncident(out, i)
			if *file != "" {
				fmt.Fprintf(out, "Đã ghi báo cáo vào %s.\n", *file)
			}
		})
	})
}

// deviceOf is the PC whose code begins so. Code: incident.pc.
func (w *world) deviceOf(c *call, code string) (dossier.DeviceID, error) {
	queue, err := w.desk.Queue(c.ctx)
	if err != nil {
		return dossier.DeviceID{}, err
	}
	var found []dossier.DeviceID
	for _, one := range queue.PCs {
		if strings.HasPrefix(one.Device.String(), code) {
			found = append(found, one.Device)
		}
	}
	if len(found) != 1 {
		return dossier.DeviceID{}, dossier.Invalid("pc", "incident.pc")
	}
	return found[0], nil
}

// sayIncident is the report for people, in short; the paper has all of it.
func sayIncident(out io.Writer, i dossier.Incident) {
	fmt.Fprintf(out, "%s, phát hiện lúc %s. Máy mã %s.\n", i.What.Title(), cli.Moment(i.Noticed), i.Device.String()[:8])
	if due := i.Deadline(); !due.IsZero() {
		fmt.Fprintf(out, "Hạn thông báo theo luật: trước %s.\n", cli.Moment(due))
	}
	fmt.Fprintf(out, "Trên máy: %d hồ sơ, %d người khác nhau theo số giấy tờ.\n", i.Dossiers, i.Persons)
	fmt.Fprintf(out, "Cấp trên đã có biên nhận %d trên %d thao tác; chưa có ở cấp trên: %d.\n", i.Held, i.Written, i.Waiting())
	for n, step := range i.Steps() {
		fmt.Fprintf(out, "%d. %s\n", n+1, assets.Word(step.Code, step.Args))
	}
}
