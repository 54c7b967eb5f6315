package main

import (
	"fmt"
	"io"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// enrol introduces this PC to upstream.
func enrol(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		up, err := w.desk.Enrol(c.ctx, words[0])
		if err != nil {
			return err
		}
		return c.out(up, func(out io.Writer) {
			fmt.Fprintf(out, "Đã ghép nối với %s: %s, quầy số %d.\n", up.Name, up.Station, up.Desk)
		})
	})
}

// syncNow sends what waits and takes in what came.
func syncNow(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		sent, err := w.desk.Send(c.ctx, nil)
		if err != nil {
			return err
		}
		upstream, err := w.upstreamName(c)
		if err != nil {
			return err
		}
		return c.out(sent, func(out io.Writer) {
			if sent.Receipt != nil {
				fmt.Fprintf(out, "Đã gửi về %s lúc %s (biên nhận %s).\n", upstream, cli.Moment(sent.Receipt.At), sent.Receipt.Number)
			}
			fmt.Fprintf(out, "Gửi lên %d diễn biến, nhận về %d.\n", sent.Pushed, sent.Pulled)
			for _, h := range sent.Healed {
				fmt.Fprintln(out, kit.SayHealed(h))
			}
		})
	})
}

// rotate changes this PC's keys. Cut off anywhere, it is called again, or the next sync ends it.
func rotate(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		sent, err := w.desk.Line.(*line).client.Rotate(c.ctx)
		if err != nil {
			return err
		}
		return c.out(sent, func(out io.Writer) {
			for _, h := range sent.Healed {
				fmt.Fprintln(out, kit.SayHealed(h))
			}
		})
	})
}

// status prints where this PC stands.
func status(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(toRead, func(w *world) error {
		s, ok, err := w.store.Settings(c.ctx)
		if err != nil {
			return err
		}
		if !ok {
			return dossier.Invalid("", "settings.missing")
		}
		unit, err := s.UnitOn(dossier.DateOf(clock()))
		if err != nil {
			return err
		}
		queue, err := w.desk.Queue(c.ctx)
		if err != nil {
			return err
		}
		count, err := w.desk.Count(c.ctx, dossier.Query{})
		if err != nil {
			return err
		}
		up, enrolled, err := w.store.Upstream(c.ctx)
		if err != nil {
			return err
		}
		own := w.store.Own()
		packs, err := w.packsInForce(c)
		if err != nil {
			return err
		}
		answer := struct {
			Unit     string        `json:"unit"`
			Desk     int           `json:"desk"`
			Upstream string        `json:"upstream,omitempty"`
			Enrolled bool          `json:"enrolled"`
			Dossiers int           `json:"dossiers"`
			Head     dossier.Head  `json:"head"`
			Queue    dossier.Queue `json:"queue"`
			Packs    []packState   `json:"packs,omitempty"`
		}{unit.Name, s.Desk, up.Name, enrolled, count, own.Head, queue, packs}
		return c.out(answer, func(out io.Writer) {
			fmt.Fprintf(out, "%s, quầy số %d\nHồ sơ: %d\nChờ gửi: %d việc (%d diễn biến)\n", unit.Name, s.Desk, count, queue.Acts, queue.Entries)
			switch {
			case !enrolled:
				fmt.Fprintln(out, "Chưa ghép nối với cấp trên.")
			case queue.Receipt == nil:
				fmt.Fprintf(out, "Chưa gửi lần nào về %s.\n", up.Name)
			default:
				fmt.Fprintf(out, "Đã gửi về %s lúc %s (biên nhận %s).\n", up.Name, cli.Moment(queue.Receipt.At), queue.Receipt.Number)
			}
			for _, p := range packs {
				fmt.Fprintln(out, p)
			}
		})
	})
}

// packState is a pack of upstream's that is gone by, that is to come, or that is later and cannot be.
type packState struct {
	Kind    dossier.PackKind `json:"kind"`
	Version int              `json:"version"`
	From    dossier.Date     `json:"from"`
	Title   string           `json:"title"`
	InForce bool             `json:"in-force"`
	Refused string           `json:"refused,omitempty"`
}

func (p packState) String() string {
	name := map[dossier.PackKind]string{dossier.PackCatalogue: "Thủ tục", dossier.PackCalendar: "Lịch nghỉ"}[p.Kind]
	if p.Refused != "" {
		return fmt.Sprintf("%s: phiên bản %d của cấp trên chưa dùng được (%s). Vui lòng báo cấp trên; máy vẫn dùng bản trước.", name, p.Version, p.Title)
	}
	if !p.InForce {
		return fmt.Sprintf("%s: đã nhận phiên bản %d của cấp trên, sẽ áp dụng từ %s (%s).", name, p.Version, p.From, p.Title)
	}
	return fmt.Sprintf("%s: đang dùng phiên bản %d của cấp trên, áp dụng từ %s (%s).", name, p.Version, p.From, p.Title)
}

func (w *world) packsInForce(c *call) (out []packState, err error) {
	for _, kind := range []dossier.PackKind{dossier.PackCatalogue, dossier.PackCalendar} {
		packs, err := w.desk.Packs(c.ctx, kind)
		if err != nil {
			return nil, err
		}
		for _, p := range packs { // the latest first: those behind the one in force were replaced
			out = append(out, packState{p.Kind, p.Version, p.From, p.Title, p.InForce, p.Refused})
			if p.InForce {
				break
			}
		}
	}
	return out, nil
}

// verify walks every journal and compares every view with a fresh replay, or proves a backup.
func verify(c *call) error {
	file := c.flags.String("backup", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *file != "" {
		return verifyBackup(c, *file)
	}
	return c.with(toRead, func(w *world) error {
		check, err := w.store.Verify(c.ctx)
		if err != nil {
			return err
		}
		if err := c.out(check, func(out io.Writer) {
			fmt.Fprintf(out, "Đã kiểm tra %d nhật ký, %d diễn biến, %d hồ sơ, %d biên nhận.\n",
				check.Chains, check.Entries, check.Dossiers, check.Receipts)
			for _, f := range check.Faults {
				fmt.Fprintln(out, "Sai lệch:", f)
			}
		}); err != nil {
			return err
		}
		if len(check.Faults) > 0 {
			return dossier.Invalid("", "verify.faults", "count", fmt.Sprint(len(check.Faults)))
		}
		return nil
	})
}

// version prints what was built.
func version(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.out(map[string]string{"version": Version}, func(out io.Writer) { fmt.Fprintln(out, "TiepNhan", Version) })
}
