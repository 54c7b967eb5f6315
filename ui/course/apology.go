package course

import (
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

func reschedule(p *Presenter) []kit.Section {
	d, v := p.o.Dossier, p.typed()
	present := "Đang hẹn trả: " + kit.Moment(d.Due.At) + "."
	if d.Reschedules > 0 {
		present += " Hồ sơ đã xin lỗi và hẹn lại một lần; lần này cần ý kiến của Trưởng Công an."
	}
	help := ""
	if day, err := dossier.ParseDate(v["due-day"]); err == nil && day.Valid() {
		help = kit.Moment(day.At(0, 0))
		help = strings.TrimPrefix(help, "00:00 ")
	}
	r := [][]kit.Field{note("present", present),
		{{Key: "due-day", Kind: kit.Date, Label: "Ngày hẹn mới", Need: true, Min: 150, Help: help}, {Key: "due-hour", Label: "Giờ", Need: true, Hint: "17:00", Min: 80, Weight: 1}}}
	var ready []kit.Option
	for _, one := range dossier.ApologyReasons {
		if one.Theirs && d.Forward == nil {
			continue
		}
		ready = append(ready, kit.Option{Value: one.Key, Title: one.Title})
	}
	r = append(r, []kit.Field{{Key: "ready", Kind: kit.Pick, Label: "Lý do có sẵn", Options: append(ready, kit.Option{Value: other, Title: "Lý do khác"}), Columns: 1}})
	if one, _ := dossier.FindApologyReason(v["ready"]); one.Times {
		r = append(r, []kit.Field{{Key: "from-day", Kind: kit.Date, Label: "Gián đoạn từ ngày", Need: true, Min: 150}, {Key: "from-hour", Label: "Giờ", Need: true, Hint: "08:00", Min: 80, Weight: 1}},
			[]kit.Field{{Key: "to-day", Kind: kit.Date, Label: "Đến ngày", Min: 150}, {Key: "to-hour", Label: "Giờ (để trống: đến nay)", Hint: "16:30", Min: 80, Weight: 1}})
	}
	r = append(r, []kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do ghi trên phiếu xin lỗi"}})
	if d.Reschedules > 0 {
		r = append(r, []kit.Field{{Key: "override", Kind: kit.Lines, Need: true, Label: "Ý kiến của Trưởng Công an cho phép hẹn lại lần nữa"}})
	}
	return rows(r...)
}

func rescheduleBegin(p *Presenter) map[string]string {
	today := dossier.DateOf(p.Now()).String()
	out := map[string]string{"from-day": today, "to-day": today, "due-hour": p.settings.Hours.Afternoon[1].String()}
	if again := p.o.Again.At; !again.IsZero() {
		out["due-day"], out["due-hour"] = dossier.DateOf(again).String(), again.In(dossier.Hanoi).Format("15:04")
	}
	return out
}

// sentence is the ready reason with the times as typed so far, and what is wrong with them.
func sentence(p *Presenter, v map[string]string) (string, dossier.Problems) {
	one, ok := dossier.FindApologyReason(v["ready"])
	if !ok {
		return "", nil
	}
	today := dossier.DateOf(p.Now())
	from, ps := momentOf(v, "from-day", "from-hour", today)
	to, more := momentOf(v, "to-day", "to-hour", today)
	if ps = append(ps, more...); len(ps) == 0 {
		ps = one.Check(from, to, p.Now())
	}
	if !one.Times {
		ps = nil
	}
	return one.Say(from, to), ps
}

// rescheduleChange writes the sentence of the reason chosen, as long as the officer has not gone on writing in it.
func rescheduleChange(p *Presenter, v map[string]string, field string) {
	switch field {
	case "ready", "from-day", "from-hour", "to-day", "to-hour":
	default:
		return
	}
	made, _ := sentence(p, v)
	if v["why"] == "" || v["why"] == v["made"] {
		v["why"], v["made"] = made, made
		delete(p.said, "why")
	}
}

func rescheduleBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	b := &dossier.Reschedule{Why: v["why"], Override: v["override"]}
	var ps dossier.Problems
	day, err := dossier.ParseDate(v["due-day"])
	if err != nil || !day.Valid() {
		ps = append(ps, dossier.Invalid("due-day", "date.format")...)
	}
	hour, err := dossier.ParseClock(v["due-hour"])
	if err != nil {
		ps = append(ps, dossier.Invalid("due-hour", "ui.at-missing")...)
	}
	if len(ps) == 0 {
		b.Due.At = day.At(int(hour)/60, int(hour)%60)
	}
	if made, wrong := sentence(p, v); made != "" && v["why"] == v["made"] { // the officer's own words are theirs
		ps = append(ps, wrong...)
	}
	return b, ps
}
