package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

func decodeJSON(b []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return dossier.Invalid("in", "input.not-json", "detail", err.Error())
	}
	if d.More() {
		return dossier.Invalid("in", "input.not-json", "detail", "more than one value")
	}
	return nil
}

// setup keeps the settings of the station.
func setup(c *call) error {
	sample := c.flags.Bool("sample", false, "")
	in := c.flags.String("in", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	settings := sampleSettings()
	switch {
	case *sample == (*in != ""):
		return c.usage()
	case *in != "":
		settings = dossier.Settings{Hours: dossier.DefaultHours, FormSet: "police", Desk: 1}
		if err := c.decode(*in, &settings); err != nil {
			return err
		}
	}
	if err := settings.Check(); err != nil {
		return err
	}
	return c.with(toSetUp, func(w *world) error {
		w.desk.Officer = settings.Officers[0].ID
		if err := w.desk.SetUp(c.ctx, settings); err != nil {
			return err
		}
		u := settings.Units[len(settings.Units)-1]
		return c.out(settings, func(out io.Writer) { fmt.Fprintf(out, "Đã thiết lập: %s, %s.\n", u.Name, u.Upper) })
	})
}

// takeIn receives one dossier from a file. The same file twice is one dossier if it carries an id. A second person's password is the line of
// standard input before the dossier, if that stands there too.
func takeIn(c *call) error {
	in := c.flags.String("in", "", "")
	second := c.flags.String("confirm", "", "")
	if _, err := c.parse(0); err != nil || *in == "" {
		return c.usage()
	}
	confirm := c.confirmedBy(*second)
	return c.intake(*in, func(w *world, intake desk.Intake) (dossier.Dossier, error) {
		intake.Confirm = confirm
		return w.desk.Receive(c.ctx, intake)
	})
}

// refuse keeps a refused intake.
func refuse(c *call) error {
	in := c.flags.String("in", "", "")
	why := c.flags.String("why", "", "")
	if _, err := c.parse(0); err != nil || *in == "" {
		return c.usage()
	}
	return c.intake(*in, func(w *world, intake desk.Intake) (dossier.Dossier, error) {
		return w.desk.Refuse(c.ctx, intake, *why)
	})
}

func (c *call) intake(file string, keep func(*world, desk.Intake) (dossier.Dossier, error)) error {
	var intake desk.Intake
	if err := c.decode(file, &intake); err != nil {
		return err
	}
	if intake.ID.IsZero() {
		intake.ID = newID()
	}
	return c.with(toWrite, func(w *world) error {
		d, err := keep(w, intake)
		if err != nil {
			return err
		}
		return c.out(d.Summarize(), func(out io.Writer) {
			fmt.Fprintf(out, "Đã lưu tại máy: %s\n", d.Number)
			if !d.Due.At.IsZero() {
				fmt.Fprintf(out, "Hẹn trả: %s\n  %s\n", cli.Moment(d.Due.At), d.Due.Text)
			}
		})
	})
}
