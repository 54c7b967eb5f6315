package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// due reckons an appointment; it needs no store, and takes office hours, level and upstream's packs from one if it is there.
func due(c *call) error {
	procedure := c.flags.String("procedure", "", "")
	requester := c.flags.String("requester", "", "")
	received := c.flags.String("received", "", "")
	kase := c.flags.String("case", "", "")
	channel := c.flags.String("channel", string(dossier.AtDesk), "")
	level := c.flags.String("level", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *procedure == "" || *requester == "" || *received == "" {
		return c.usage()
	}
	at, err := parseTime(*received)
	if err != nil {
		return err
	}
	day := dossier.DateOf(at)
	catalogue, calendar, err := loadRules()
	if err != nil {
		return err
	}
	hours, unit := dossier.DefaultHours, dossier.Commune
	err = c.with(toRead, func(w *world) error {
		catalogue, calendar = w.desk.InForce(day)
		s, ok, err := w.store.Settings(c.ctx)
		if err != nil || !ok {
			return err
		}
		u, err := s.UnitOn(day)
		if err == nil {
			hours, unit = s.Hours, u.Level
		}
		return err
	})
	if err != nil && dossier.Code(err) != "store.missing" {
		return err
	}
	if *level != "" {
		unit = dossier.Level(*level)
	}
	p, err := catalogue.Find(*procedure, unit, day)
	if err != nil {
		return err
	}
	k, err := p.CaseFor(dossier.RequesterKind(*requester), dossier.Channel(*channel), *kase)
	if err != nil {
		return err
	}
	whole, err := dossier.Reckon(k.Limit, calendar, hours, at)
	if err != nil {
		return err
	}
	answer := struct {
		Procedure string       `json:"procedure"`
		Title     string       `json:"title"`
		Case      string       `json:"case"`
		Due       dossier.Due  `json:"due"`
		OwnDue    *dossier.Due `json:"own-due,omitempty"`
	}{p.Key, p.Title, k.Key, whole, nil}
	if !k.Own.IsZero() {
		own, err := dossier.Reckon(k.Own, calendar, hours, at)
		if err != nil {
			return err
		}
		answer.OwnDue = &own
	}
	return c.out(answer, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s)\nHẹn trả: %s\n  %s\n", p.Title, k.Title, cli.Moment(whole.At), whole.Text)
		if answer.OwnDue != nil {
			fmt.Fprintf(w, "Phần việc của đơn vị: trước %s\n  %s\n", cli.Moment(answer.OwnDue.At), answer.OwnDue.Text)
		}
		if whole.Projected {
			fmt.Fprintln(w, "Lưu ý: lịch nghỉ của năm này mới là dự kiến.")
		}
	})
}

// scan reads the QR text of a card.
func scan(c *call) error {
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	card, err := dossier.ReadCard(words[0])
	if err != nil {
		return err
	}
	warnings := append(card.Warnings, dossier.CheckBorn("born", card.Born, dossier.DateOf(clock()))...)
	if err := warnings.Err(); err != nil {
		return err
	}
	return c.out(card, func(w io.Writer) {
		row := func(label, value string) {
			if value != "" {
				fmt.Fprintf(w, "%-16s %s\n", label+":", value)
			}
		}
		row("Loại thẻ", card.Kind)
		row("Số định danh", card.Number)
		row("Số CMND", card.OldNumber)
		row("Họ và tên", card.Name)
		row("Ngày sinh", card.Born.String())
		row("Giới tính", card.Sex)
		row(card.AddressLabel, card.Address)
		row("Ngày cấp", card.Issued.String())
		row("Trường bổ sung", strings.Join(card.Extra, " | "))
		for _, p := range warnings {
			fmt.Fprintln(w, "Lưu ý:", cli.Sentence(p))
		}
	})
}

// parseTime reads a moment in Vietnam: RFC 3339, yyyy-mm-dd[ hh:mm] or dd/mm/yyyy[ hh:mm]. A day alone is its first office hour.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(dossier.Hanoi), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "02/01/2006 15:04"} {
		if t, err := time.ParseInLocation(layout, s, dossier.Hanoi); err == nil {
			return t, nil
		}
	}
	if d, err := dossier.ParseDate(s); err == nil {
		return d.At(8, 0), nil
	}
	return time.Time{}, dossier.Invalid("received", "input.time", "text", s)
}
