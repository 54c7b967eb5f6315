package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/forms"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
	"tiepnhan/ui/kit"
)

// stick is the way by USB.
type stick struct {
	client *exchange.Client
	now    func() time.Time
	data   string // the station's own folder
}

func (s stick) Export(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error) {
	if s.own(dir) {
		return dossier.Exported{}, dossier.Invalid("folder", "parcel.own-folder", "folder", dir)
	}
	return s.client.Export(ctx, wire.SystemDisk{}, dir, s.now(), told)
}

// own tells whether a folder is the one this PC's data lie in, or below it: what is put there is carried nowhere.
func (s stick) own(dir string) bool {
	at, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	below, err := filepath.Rel(s.data, at)
	return err == nil && filepath.IsLocal(below)
}

func (s stick) Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error) {
	return s.client.Import(ctx, dir, told)
}

func (s stick) EnrolAsk(ctx context.Context, dir, ticket string) (string, error) {
	return s.client.EnrolAsk(ctx, wire.SystemDisk{}, dir, ticket)
}

func (s stick) EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error) {
	return s.client.EnrolTake(ctx, dir)
}

func (stick) Sheet(s dossier.ParcelSheet) ([]byte, error) { return forms.ParcelPDF(s) }

// withStick gives the desk its way by USB; the line's client takes turns with itself.
func (w *world) withStick(now func() time.Time) {
	w.desk.Stick = stick{w.desk.Line.(*line).client, now, w.dir}
}

// exportTo puts on a stick what upstream and the station's other PCs lack.
func exportTo(c *call) error {
	sheet := c.flags.String("sheet", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		out, err := w.desk.Export(c.ctx, words[0], nil)
		if err != nil {
			return err
		}
		var unprinted error // said after what was exported: that stands without its sheet
		if *sheet != "" {
			_, unprinted = w.desk.PrintParcels(c.ctx, out, desk.Where{File: *sheet})
		}
		err = c.out(out, func(to io.Writer) {
			fmt.Fprintf(to, "Đã xuất %d gói ra %s; đã đọc lại và đối chiếu từng tệp. Chưa phải là đã gửi: chỉ biên nhận của cấp trên mới là đã gửi.\n",
				len(out.Parcels), out.Dir)
			for _, p := range out.Parcels {
				fmt.Fprintf(to, "  %s\n    cho %s: %d diễn biến trong %d tệp, %d biên nhận; mã %s\n", p.Folder, p.To, p.Entries(), len(p.Files), p.Receipts, p.Index.Sum)
			}
			if *sheet != "" && unprinted == nil {
				fmt.Fprintf(to, "Phiếu giao nhận: %s\n", *sheet)
			}
		})
		return cmp.Or(err, unprinted)
	})
}

// importFrom takes in what a stick has for this PC.
func importFrom(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		in, err := w.desk.Import(c.ctx, words[0], nil)
		if err != nil {
			return err
		}
		if err := c.out(in, func(to io.Writer) {
			cli.SayImported(to, in)
			for _, h := range in.Healed {
				fmt.Fprintln(to, kit.SayHealed(h))
			}
		}); err != nil {
			return err
		}
		return cli.NothingImported(in, words[0])
	})
}

// enrolBy introduces this PC to upstream over the line, or with two files on a stick.
func enrolBy(c *call) error {
	request := c.flags.String("request", "", "")
	answer := c.flags.String("answer", "", "")
	named := func(name string) bool {
		return slices.ContainsFunc(c.args, func(a string) bool {
			a, dashed := strings.CutPrefix(strings.Replace(a, "--", "-", 1), "-")
			return dashed && (a == name || strings.HasPrefix(a, name+"="))
		})
	}
	switch {
	case named("request") && !named("answer"):
		words, err := c.parse(1)
		if err != nil {
			return err
		}
		return c.with(toWrite, func(w *world) error {
			file, err := w.desk.EnrolAsk(c.ctx, *request, words[0])
			if err != nil {
				return err
			}
			return c.out(map[string]string{"file": file}, func(to io.Writer) { fmt.Fprintln(to, assets.Word("parcel.asked", map[string]string{"file": file})) })
		})
	case named("answer") && !named("request"):
		if _, err := c.parse(0); err != nil {
			return err
		}
		return c.with(toWrite, func(w *world) error {
			up, err := w.desk.EnrolTake(c.ctx, *answer)
			if err != nil {
				return err
			}
			return c.out(up, func(to io.Writer) {
				fmt.Fprintf(to, "Đã ghép nối với %s: %s, quầy số %d.\n", up.Name, up.Station, up.Desk)
			})
		})
	case named("request"):
		return c.usage()
	}
	return enrol(c)
}
