package day

import (
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// sections are the tiles in their order, all acts first; tileKeys are pressed with Ctrl.
var (
	sections = append([]dossier.DaySection{""}, dossier.DaySections...)
	tileKeys = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"}
)

// tileTitles are the names of sections where there is little room. "Đã chuyển" is the legal step, never the copy upward.
var tileTitles = map[dossier.DaySection]string{"": "Tất cả", dossier.DayReceived: "Tiếp nhận", dossier.DayRefused: "Từ chối", dossier.DayPapers: "Bổ sung",
	dossier.DayForwarded: "Đã chuyển", dossier.DayDecided: "Có kết quả", dossier.DayReturned: "Trả kết quả", dossier.DayEnded: "Rút, dừng, hủy",
	dossier.DayCorrected: "Đính chính", dossier.DayOther: "Việc khác"}

// other is the choice of a checker who is not on the list.
const other = "-"

func (p *Presenter) state() State {
	s := State{Mode: p.mode, Read: p.read, Alert: p.alert, Busy: p.busy, Section: p.section, Rows: len(p.rows), Fresh: p.fresh, Broken: p.broken && p.mode == Closed,
		Values: map[string]string{}, Said: p.said, Form: p.form}
	if !p.read {
		s.Title, s.Empty = "Chốt ngày", "Đang đọc…"
		return s
	}
	for k, v := range p.typed {
		s.Values[k] = v
	}
	s.Values["form"] = p.form
	day := p.day()
	for _, section := range sections {
		n := day.Report.Acts()
		if section != "" {
			n = day.Report.Of(section)
		}
		s.Tiles = append(s.Tiles, Tile{section, tileTitles[section], n})
	}
	switch p.mode {
	case Past:
		s.Title, s.Rows, s.Empty = "Các lần chốt trước", len(p.days), "Máy này chưa chốt ngày lần nào."
		s.About = fmt.Sprintf("%d lần chốt; mới nhất ở trên. Enter để xem lại.", len(p.days))
		if len(p.days) == 0 {
			s.About = ""
		} else if p.past < len(p.days) {
			s.Facts = p.facts(p.days[p.past])
		}
		return s
	case Closed:
		s.Title = "Đã chốt ngày " + day.Date.String()
		s.About = fmt.Sprintf("Lần thứ %d. %s", day.Nth, span(day.Report, "Không có thao tác nào."))
		s.Empty = "Không có dòng nào."
		s.Facts = p.facts(*day.Closing)
		if p.broken && len(day.Rows) == 0 {
			s.Empty = "Chỉ xem được số liệu."
		}
	default:
		s.Title = "Chốt ngày " + day.Date.String()
		s.About = fmt.Sprintf("Lần thứ %d của máy này. %s", day.Nth, span(day.Report, p.sinceLast()))
		s.Empty = "Chưa có thao tác nào trong phần này."
		if len(day.Rows) == 0 {
			s.Empty = "Chưa có gì mới để chốt."
		}
	}
	s.Checks = p.checks(day.Report)
	for _, b := range []Book{{intakeRegister, "Sổ tiếp nhận", "F4"}, {trackingRegister, "Sổ theo dõi", "F6"}} {
		for _, f := range p.forms {
			if f.Key == b.Form {
				if f.Code != "" {
					b.Title += " " + f.Code
				}
				s.Books = append(s.Books, b)
			}
		}
	}
	for _, f := range p.printable() {
		s.Forms = append(s.Forms, kit.Option{Value: f.Key, Title: f.Title, Sub: f.Code})
	}
	s.Asked = p.asked()
	return s
}

// span is from when to when the acts were written down.
func span(r dossier.DayReport, none string) string {
	if r.Written() == 0 {
		return none
	}
	first, last := kit.Short(r.First), kit.Short(r.Last)
	if dossier.DateOf(r.First) == dossier.DateOf(r.Last) {
		first = r.First.In(dossier.Hanoi).Format("15:04")
		last = r.Last.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006")
	}
	return fmt.Sprintf("%d thao tác, ghi từ %s đến %s.", r.Acts(), first, last)
}

func (p *Presenter) sinceLast() string {
	for _, c := range p.days {
		if c.Own {
			return "Chưa có thao tác nào từ lần chốt trước, lúc " + kit.Short(c.Report.At) + "."
		}
	}
	return "Chưa có thao tác nào."
}

// facts are who closed a day, and how it can be compared with its paper.
func (p *Presenter) facts(c dossier.ClosedDay) []string {
	out := []string{fmt.Sprintf("Lần chốt thứ %d, lúc %s", c.Nth, kit.Short(c.Report.At)), "Người chốt: " + c.Closed, "Người kiểm tra: " + c.Checked}
	if !c.Own {
		out[0] = fmt.Sprintf("Lần chốt thứ %d của máy khác, lúc %s", c.Nth, kit.Short(c.Report.At))
	}
	if c.Note != "" {
		out = append(out, "Ghi chú: "+c.Note)
	}
	return append(out, fmt.Sprintf("Mã đối chiếu: %s, đến diễn biến số %d", c.Mark(), c.Until.Seq))
}

func (p *Presenter) checks(r dossier.DayReport) []Check {
	now := p.mode != Closed
	var out []Check
	add := func(bad bool, tone kit.Tone, text string) *Check {
		c := Check{Sign: kit.TriangleSign, Tone: tone, Text: text}
		if !bad {
			c.Sign, c.Tone = kit.TickSign, kit.Good
		}
		out = append(out, c)
		return &out[len(out)-1]
	}
	runs := runsOf(r)
	switch {
	case len(runs) == 0:
		add(false, kit.Good, "Không cấp số hồ sơ nào.")
	case r.Whole():
		add(false, kit.Good, "Số hồ sơ liên tục:\n"+strings.Join(runs, "\n"))
	default:
		add(true, kit.Bad, "Số hồ sơ không liên tục:\n"+strings.Join(runs, "\n"))
	}
	due := add(r.DueToday > 0, kit.Warn, "Không còn hồ sơ đến hạn trong ngày.")
	if r.DueToday > 0 {
		due.Text = fmt.Sprintf("Còn %d hồ sơ đến hạn trong ngày.", r.DueToday)
		if now {
			due.Key, due.Does, due.Do = "Ctrl+T", "Xem", func() { p.List(dossier.ViewToday) }
		}
	}
	late := add(r.Late+r.OwnLate > 0, kit.Bad, "Không có hồ sơ quá hạn.")
	if r.Late+r.OwnLate > 0 {
		var parts []string
		if r.Late > 0 {
			parts = append(parts, fmt.Sprintf("%d hồ sơ quá hạn trả kết quả", r.Late))
		}
		if r.OwnLate > 0 {
			parts = append(parts, fmt.Sprintf("%d hồ sơ chậm bước của đơn vị", r.OwnLate))
		}
		late.Text = strings.Join(parts, "; ") + "."
		if now {
			late.Key, late.Does, late.Do = "Ctrl+Q", "Xem", func() { p.List(dossier.ViewLate) }
		}
	}
	if r.Disputed > 0 {
		disputed := add(true, kit.Bad, "Trùng thao tác, chờ xử lý: "+disputesOf(r)+".")
		if now {
			disputed.Key, disputed.Does, disputed.Do = "Ctrl+K", "Xem", func() { p.List(dossier.ViewDisputed) }
		}
	}
	if n := len(r.Void) + r.MoreVoid; n > 0 {
		out = append(out, Check{Sign: kit.DotSign, Tone: kit.Info, Text: fmt.Sprintf("%d thao tác không có hiệu lực: vẫn ghi trong danh sách, không tính vào số liệu.", n)})
	}
	if r.Signed > 0 {
		out = append(out, Check{Sign: kit.DotSign, Tone: kit.Info, Text: fmt.Sprintf("%d thao tác đã nằm trong báo cáo khác của máy này, không tính lại.", r.Signed)})
	}
	sent := add(r.Unsent > 0, kit.Warn, "Không còn thao tác chờ gửi.")
	if r.Unsent > 0 {
		sent.Text = fmt.Sprintf("Còn %d thao tác chờ gửi về %s.", r.Unsent, p.station.Upstream)
		if now && p.station.Enrolled {
			sent.Key, sent.Does, sent.Do = "F5", "Gửi ngay", p.Send
		}
	}
	if r.Receipt != nil {
		out = append(out, Check{Sign: kit.DotSign, Tone: kit.Info, Text: "Biên nhận gần nhất: số " + r.Receipt.Number + ", " + kit.Short(r.Receipt.At) + "."})
	}
	if r.Asked > 0 {
		out = append(out, Check{Sign: kit.RingSign, Tone: kit.Info, Text: fmt.Sprintf("%d hồ sơ đang chờ bổ sung giấy tờ.", r.Asked)})
	}
	printed := fmt.Sprintf("Đã lập %d bản giấy tờ", r.Printed)
	if r.Reprinted > 0 {
		printed += fmt.Sprintf(", trong đó in lại %d", r.Reprinted)
	}
	if r.Lost > 0 {
		add(true, kit.Warn, fmt.Sprintf("%s; %d bản chưa rõ đã ra giấy.", printed, r.Lost))
	} else if r.Printed > 0 {
		add(false, kit.Good, printed+".")
	}
	return out
}

// disputesOf are the dossiers on which acts exclude one another, by number.
func disputesOf(r dossier.DayReport) string {
	text := fmt.Sprintf("%d hồ sơ (%s", r.Disputed, strings.Join(r.Disputes, ", "))
	if len(r.Disputes) < r.Disputed {
		text += ", …"
	}
	return text + ")"
}

// runsOf are the numbers given, those that are not whole first; what there is no room for is on the paper.
func runsOf(r dossier.DayReport) []string {
	const most = 5
	var broken, whole []string
	for _, s := range r.Series {
		if s.Whole() {
			whole = append(whole, s.String())
		} else {
			broken = append(broken, s.String())
		}
	}
	out, more := append(broken, whole...), r.MoreSeries
	if len(out) > most {
		out, more = out[:most], more+len(out)-most
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("và %d dãy số khác", more))
	}
	return out
}

// checkers are who may look the day over: the other officers, and the head.
func (p *Presenter) checkers() []string {
	var out []string
	seen := map[string]bool{dossier.Fold(dossier.Clean(p.typed["closed"])): true}
	names := []string{}
	if u, err := p.settings.UnitOn(p.station.Today); err == nil {
		names = append(names, u.Head)
	}
	for _, o := range p.settings.Officers {
		names = append(names, o.Name)
	}
	for _, name := range names {
		if key := dossier.Fold(name); name != "" && !seen[key] {
			seen[key] = true
			out = append(out, name)
		}
	}
	return out
}

func (p *Presenter) offered() bool { return len(p.checkers()) > 0 }

// offer fills in who closes, and who checks where there is no choice.
func (p *Presenter) offer() {
	if _, typed := p.typed["closed"]; !typed {
		p.typed["closed"] = p.station.Officer.Name
	}
	if _, picked := p.typed["checker"]; !picked {
		if all := p.checkers(); len(all) == 1 {
			p.typed["checker"] = all[0]
		}
	}
}

// checked is who looks the day over.
func (p *Presenter) checked() string {
	if pick := p.typed["checker"]; p.offered() && pick != other {
		for _, name := range p.checkers() {
			if name == pick {
				return name
			}
		}
		return ""
	}
	return p.typed["checked"]
}

func (p *Presenter) asked() []kit.Section {
	rows := [][]kit.Field{{{Key: "closed", Kind: kit.Line, Need: true, Label: "Người chốt"}}}
	typed := kit.Field{Key: "checked", Kind: kit.Line, Need: true, Label: "Người kiểm tra", Hint: "Họ tên người kiểm tra"}
	if all := p.checkers(); len(all) > 0 {
		var options []kit.Option
		for _, name := range all {
			options = append(options, kit.Option{Value: name, Title: name})
		}
		options = append(options, kit.Option{Value: other, Title: "Người khác"})
		rows = append(rows, []kit.Field{{Key: "checker", Kind: kit.Pick, Need: true, Label: "Người kiểm tra", Options: options, Columns: 1}})
		if p.typed["checker"] == other {
			typed.Label = "Họ tên người kiểm tra"
			rows = append(rows, []kit.Field{typed})
		}
	} else {
		rows = append(rows, []kit.Field{typed})
	}
	return []kit.Section{{Rows: append(rows, []kit.Field{{Key: "note", Kind: kit.Line, Label: "Ghi chú"}})}}
}

// Cells are the texts of row i: of an act, or of a closing.
func (p *Presenter) Cells(i int) ([]kit.TableCell, bool) {
	if p.mode == Past {
		if i >= len(p.days) {
			return nil, false
		}
		c := p.days[i]
		whose := kit.TableCell{Text: "Máy này"}
		if !c.Own {
			whose = kit.TableCell{Text: "Máy khác", Color: kit.Muted}
		}
		return []kit.TableCell{{Text: c.Day.String(), Bold: true}, {Text: fmt.Sprint(c.Nth)}, {Text: fmt.Sprint(c.Report.Of(dossier.DayReceived))},
			{Text: fmt.Sprint(c.Report.Acts())}, {Text: c.Closed}, {Text: c.Checked}, whose}, true
	}
	row, ok := p.Row(i)
	if !ok {
		return nil, false
	}
	number, act := kit.TableCell{Text: row.Number, Bold: true}, kit.TableCell{Text: actTitle(row.Kind)}
	name := kit.TableCell{Text: row.Name}
	switch {
	case row.Void: // said first: there is little room
		name.Color, act = kit.Muted, kit.TableCell{Text: "Không hiệu lực: " + act.Text, Color: kit.Muted}
	case row.Annulled:
		name.Text, name.Color = row.Name+" (đã hủy)", kit.Muted
	}
	if row.Purged {
		name = kit.TableCell{Text: "Đã xóa theo quyết định", Color: kit.Muted}
	}
	return []kit.TableCell{{Text: p.when(row.At), Color: kit.Muted}, number, name, act, {Text: kit.ShortTitle(row.Procedure, row.Title)},
		{Text: p.settings.Officer(row.By).Name, Color: kit.Muted}}, true
}

// actTitle is the name of an act where it must be short.
func actTitle(k dossier.Kind) string {
	switch k {
	case dossier.Forwarded:
		return "Chuyển"
	case dossier.Decided:
		return "Ghi kết quả"
	case dossier.Refused:
		return "Từ chối"
	}
	return k.Title()
}

// when is the hour of an act, with its day where that is not the day of the report.
func (p *Presenter) when(at time.Time) string {
	at = at.In(dossier.Hanoi)
	if dossier.DateOf(at) == p.day().Date {
		return at.Format("15:04")
	}
	return at.Format("15:04 02/01")
}

// Note is what row i says beside its cells.
func (p *Presenter) Note(i int) string {
	row, ok := p.Row(i)
	if !ok || p.mode == Past {
		return ""
	}
	parts := []string{row.Kind.Title() + " lúc " + kit.Short(row.At), kit.ShortTitle(row.Procedure, row.Title)}
	if dossier.DateOf(row.Written) != dossier.DateOf(row.At) {
		parts = append(parts, "ghi vào máy lúc "+kit.Short(row.Written))
	}
	if row.Note != "" {
		parts = append(parts, row.Note)
	}
	if row.Void {
		parts = append(parts, "không có hiệu lực, không tính vào số liệu")
	}
	return strings.Join(parts, "; ")
}
