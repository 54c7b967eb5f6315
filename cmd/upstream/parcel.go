package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/forms"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// exportTo puts receipts, decisions and what sister PCs wrote on a stick, one parcel for each PC.
func exportTo(c *call) error {
	station := c.flags.String("station", "", "")
	sheet := c.flags.String("sheet", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		out, err := u.Export(c.ctx, wire.SystemDisk{}, words[0], dossier.Clean(*station), nil)
		if err != nil {
			return err
		}
		var unwritten error // said after what was exported: that stands without its sheet
		if *sheet != "" {
			pdf, err := forms.ParcelPDF(dossier.ParcelSheet{Exported: out, Unit: dossier.Unit{Name: strings.ToUpper(u.Name)}, At: c.now()})
			if err == nil {
				err = putFile(*sheet, pdf)
			}
			unwritten = err
		}
		err = c.out(out, func(w io.Writer) {
			fmt.Fprintf(w, "Đã xuất %d gói ra %s; đã đọc lại và đối chiếu từng tệp.\n", len(out.Parcels), out.Dir)
			for _, p := range out.Parcels {
				fmt.Fprintf(w, "  %s\n    cho %s: %d diễn biến trong %d tệp, %d biên nhận; mã %s\n", p.Folder, p.To, p.Entries(), len(p.Files), p.Receipts, p.Index.Sum)
			}
		})
		return cmp.Or(err, unwritten)
	})
}

// importFrom takes in what a stick has for this upstream.
func importFrom(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		in, err := u.Import(c.ctx, words[0], nil)
		if err != nil {
			return err
		}
		if err := c.out(in, func(w io.Writer) { cli.SayImported(w, in) }); err != nil {
			return err
		}
		return cli.NothingImported(in, words[0])
	})
}

// enrolFrom answers the questions of enrolment on a stick.
func enrolFrom(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		out, err := u.EnrolStick(c.ctx, wire.SystemDisk{}, words[0])
		if err != nil {
			return err
		}
		var refused dossier.Problems
		for _, one := range out {
			refused = append(refused, one.Problem...)
		}
		if err := c.out(out, func(w io.Writer) {
			for _, one := range out {
				if one.Problem == nil {
					fmt.Fprintf(w, "%s: đã ghép nối, trả lời trong %s. Vui lòng mang USB về trạm.\n", one.Ask, one.Answer)
				}
			}
		}); err != nil {
			return err
		}
		return refused.Err()
	})
}

// putTicket writes a ticket to a file of the kind its name says: text, or a picture or sheet with the QR code.
func putTicket(name string, t forms.Ticket) (err error) {
	var b []byte
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf":
		b, err = forms.TicketPDF(t)
	case ".png":
		b, err = forms.TicketPNG(t.Text)
	default:
		b = []byte(t.Text + "\n")
	}
	if err != nil {
		return err
	}
	return putFile(name, b)
}

// putFile writes a file for its owner alone, whole or not at all. One that is there stays.
func putFile(name string, b []byte) (err error) {
	no := func(err error) error { return errors.Join(dossier.Invalid("out", "parcel.file", "file", name), err) }
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return no(err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return no(errors.Join(err, os.Remove(name)))
	}
	return nil
}
