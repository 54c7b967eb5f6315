package book

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The report of a day is the station's own page, of no form set: it carries no number of a form, and says so at its foot. Its pages lie as
// those of the registers it is filed with.

// WriteDay writes the report of a day as a PDF. The same day gives the same bytes. One that is not closed yet says so across each page.
// Codes: settings.no-unit, settings.district-ended.
func WriteDay(ctx context.Context, s dossier.DaySheet, to io.Writer) error {
	p, err := setDay(ctx, s)
	if err != nil {
		return err
	}
	return paper.Stream(to, wide, p.name(), p.at(), len(p.pages), p.draw(ctx))
}

const (
	daySize   = 9.5
	dayFoot   = 203.0 // baseline of what stands under every page
	dayBottom = 196.0
)

// dayColumns are those of the acts.
var dayColumns = []paper.Column{
	{Title: "STT", Width: 10, Align: paper.Center}, {Title: "Giờ, ngày", Width: 19, Align: paper.Center}, {Title: "Mã hồ sơ", Width: 36},
	{Title: "Tên cá nhân, tổ chức", Width: 44}, {Title: "Tên thủ tục", Width: 66}, {Title: "Việc", Width: 22}, {Title: "Cán bộ", Width: 25},
	{Title: "Nội dung", Width: 43},
}

// dayPages is a report set on pages.
type dayPages struct {
	dossier.DaySheet
	unit  dossier.UnitTerm
	head  float64 // of the titles of the columns
	rows  []daySet
	pages [][]dayItem
	begin float64 // where the acts begin on the first page
	block float64 // how high what stands at the end is
}

// daySet is an act set in lines, or the line before those of a section.
type daySet struct {
	section string
	cells   []paper.Paragraph
	lines   int
}

// dayItem is what stands on a page: a row from a line to a line.
type dayItem struct {
	row, from, to int
	still         bool // a section that goes on from the page before; row is then its first act there
}

func setDay(ctx context.Context, s dossier.DaySheet) (*dayPages, error) {
	unit, err := s.Settings.UnitOn(s.Date)
	if err != nil {
		return nil, fmt.Errorf("unit of the day's report: %w", err)
	}
	p := &dayPages{DaySheet: s, unit: unit}
	p.head = paper.Table{Columns: dayColumns, Style: dayStyle(daySize), Pad: 1}.Heights()[0]
	nth := 0
	for _, section := range dossier.DaySections {
		first := true
		for _, r := range s.Rows {
			if r.Section() != section {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if first {
				p.rows = append(p.rows, daySet{section: fmt.Sprintf("%s (%d)", section.Title(), s.Report.Of(section)), lines: 1})
				first = false
			}
			nth++
			p.rows = append(p.rows, p.set(r, nth))
		}
	}
	scratch := paper.New(wide, "", time.Time{})
	scratch.Page()
	p.begin = p.opening(scratch)
	p.block = p.closing(scratch, 0)
	p.paginate()
	return p, nil
}

func dayStyle(size float64) paper.Style { return paper.Style{Size: size, Leading: 1.18} }

// set sets an act.
func (p *dayPages) set(r dossier.DayRow, nth int) daySet {
	at := r.At.In(dossier.Hanoi).Format("15:04")
	if dossier.DateOf(r.At) != p.Date { // it tells of another day than the report: the day stands with it
		at = r.At.In(dossier.Hanoi).Format("15:04 02/01/2006")
	}
	note := r.Note
	if r.Purged {
		note = forgotten
	}
	switch {
	case r.Void:
		note = join("; ", note, "không có hiệu lực, không tính vào số liệu")
	case r.Annulled && !r.Purged:
		note = join("; ", note, "đã hủy")
	}
	number := r.Number
	if number == "" {
		number = "(không rõ)"
	}
	texts := []string{fmt.Sprint(nth), at, number, r.Name, r.Title, r.Kind.Title(), p.Settings.Officer(r.By).Name, note}
	out := daySet{lines: 1}
	for i, text := range texts {
		style := dayStyle(daySize)
		style.Align = dayColumns[i].Align
		cell := paper.Set(dayColumns[i].Width-2*padX, style, paper.Span{Text: text})
		out.cells = append(out.cells, cell)
		out.lines = max(out.lines, cell.Lines())
	}
	return out
}

func dayHigh(lines int) float64 { return high(lines, daySize) }

// paginate puts the acts on pages. A section's line is never the last of a page, and where the signatures want a page of their own, the last
// act goes with them. An act is parted only where no page holds it.
func (p *dayPages) paginate() {
	line := dayHigh(1)
	whole := dayBottom - top - p.head
	room := dayBottom - p.begin - p.head
	p.pages = [][]dayItem{nil}
	page := func() {
		p.pages = append(p.pages, nil)
		room = whole
	}
	put := func(it dayItem) {
		last := len(p.pages) - 1
		p.pages[last] = append(p.pages[last], it)
		room -= dayHigh(it.to - it.from)
	}
	section := 0
	for i, r := range p.rows {
		if r.section != "" {
			section = i
			need := line + dayHigh(p.rows[i+1].lines)
			if need > whole {
				need = line + dayHigh(leastPart)
			}
			if room < need {
				page()
			}
			put(dayItem{row: i, to: 1})
			continue
		}
		for from := 0; from < r.lines; {
			to := r.lines
			if dayHigh(to-from) > room {
				to = from
				if fit := int((room - 2*padY) / (daySize * pt * leading)); fit >= leastPart && line+dayHigh(r.lines-from) > whole {
					to = min(r.lines, from+fit)
				}
			}
			if to > from {
				put(dayItem{row: i, from: from, to: to})
			}
			if from = to; from < r.lines {
				page()
				put(dayItem{row: section, to: 1, still: true})
			}
		}
	}
	if room >= p.block {
		return
	}
	last := len(p.pages) - 1
	items := p.pages[last]
	page()
	n := len(items) - 1
	if n < 2 || line+dayHigh(items[n].to-items[n].from)+p.block > whole {
		return
	}
	head := dayItem{row: section, to: 1, still: true}
	end := n
	if before := items[n-1]; p.rows[before.row].section != "" { // its section goes with it
		head, end = before, n-1
	}
	p.pages[last] = items[:end]
	put(head)
	put(items[n])
}

// leastPart is how many lines of an act are worth beginning on a page.
const leastPart = 4

// name is what the document says of itself; it names no person.
func (p *dayPages) name() string { return "Báo cáo chốt ngày " + p.Date.String() }

// at is the moment of the report, of one that is closed for ever the same.
func (p *dayPages) at() time.Time {
	if p.Closing != nil {
		return p.Closing.At
	}
	return p.Report.At
}

func (p *dayPages) draw(ctx context.Context) func(*paper.Doc, int) error {
	return func(d *paper.Doc, page int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.page(d, page)
		return nil
	}
}

func (p *dayPages) page(d *paper.Doc, page int) {
	if p.Closing == nil {
		d.Watermark("chưa chốt")
	}
	small := paper.Font{Face: paper.Regular, Size: 9}
	d.Text((left+right)/2, numberLine, small, paper.Center, fmt.Sprintf("Trang %d/%d", page+1, len(p.pages)))
	y := top
	if page == 0 {
		y = p.opening(d)
	} else {
		running := paper.Fit(width/2-15, 1, 6, paper.Style{Size: 9, Leading: 1}, paper.Span{Text: p.unit.Name})
		if running.Lines() == 1 { // else the unit stands on the first page
			running.Draw(d, left, numberLine-running.LastBase())
		}
		d.Text(right, numberLine, small, paper.Right, "Báo cáo chốt ngày "+p.Date.String())
	}
	if len(p.pages[page]) > 0 {
		y = p.titles(d, y)
		for _, it := range p.pages[page] {
			y = p.item(d, it, y)
		}
	}
	if page == len(p.pages)-1 {
		p.closing(d, y)
	}
	italic := paper.Font{Face: paper.Italic, Size: 8.5}
	d.Line(left, dayFoot-4.2, right, dayFoot-4.2, 0.1)
	d.Text(left, dayFoot, italic, paper.Left, "Trang theo dõi nội bộ của đơn vị, không phải biểu mẫu thủ tục hành chính.")
	d.Text(right, dayFoot, italic, paper.Right, fmt.Sprintf("Mã đối chiếu %s – đến diễn biến số %d", p.Mark(), p.Until.Seq))
}

// titles are those of the columns.
func (p *dayPages) titles(d *paper.Doc, y float64) float64 {
	return paper.Table{Columns: dayColumns, Style: dayStyle(daySize), Pad: 1}.Draw(d, left, y)
}

func (p *dayPages) item(d *paper.Doc, it dayItem, y float64) float64 {
	r := p.rows[it.row]
	h := dayHigh(it.to - it.from)
	if r.section != "" {
		text := r.section
		if it.still {
			text += " – tiếp theo"
		}
		d.Text(left+padX+1, y+padY+daySize*pt*(leading-drop), paper.Font{Face: paper.Bold, Size: daySize}, paper.Left, text)
		d.Line(left, y, left, y+h, rule)
		d.Line(right, y, right, y+h, rule)
	} else {
		x := left
		for i, cell := range r.cells {
			_, tail := cell.Cut(it.from)
			part, _ := tail.Cut(it.to - it.from)
			part.Draw(d, x+padX, y+padY)
			d.Line(x, y, x, y+h, rule)
			x += dayColumns[i].Width
		}
		d.Line(right, y, right, y+h, rule)
		if it.from > 0 { // a part that goes on says so
			d.Text(left+dayColumns[0].Width/2, y+padY+daySize*pt*(leading-drop), paper.Font{Face: paper.Italic, Size: 8}, paper.Center, "(tiếp)")
		}
	}
	d.Line(left, y+h, right, y+h, rule)
	return y + h
}

func (p *dayPages) centred(d *paper.Doc, x, w, y float64, lines int, size float64, face paper.Face, text string) (float64, paper.Paragraph) {
	set := paper.Fit(w, lines, 6, paper.Style{Size: size, Leading: 1.15, Align: paper.Center}, paper.Span{Face: face, Text: text})
	return set.Draw(d, x, y), set
}

// opening is what stands above the acts on the first page: unit and State, title, figures.
func (p *dayPages) opening(d *paper.Doc) float64 {
	const half, state = 100.0, 110.0
	y, _ := p.centred(d, left, half, top+1, 2, 11, paper.Regular, p.unit.Upper)
	y, unit := p.centred(d, left, half, y, 2, 11, paper.Bold, p.unit.Name)
	// The rule under the unit is a third to a half as long as its name (NĐ 30/2020/NĐ-CP, Phụ lục I).
	long := unit.LastWidth() * 0.42
	d.Line(left+half/2-long/2, y+0.6, left+half/2+long/2, y+0.6, 0.25)
	r, _ := p.centred(d, right-state, state, top+1, 1, 11, paper.Bold, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	r, motto := p.centred(d, right-state, state, r, 1, 12, paper.Bold, "Độc lập - Tự do - Hạnh phúc")
	long = motto.LastWidth()
	d.Line(right-state/2-long/2, r+0.6, right-state/2+long/2, r+0.6, 0.25)
	y, _ = p.centred(d, left, width, max(y, r)+4, 1, 14, paper.Bold, "BÁO CÁO CHỐT NGÀY")
	y, _ = p.centred(d, left, width, y+0.5, 1, 11, paper.Italic, p.about())
	y = p.figures(d, y+3)
	for _, line := range p.standing() {
		set := paper.Set(width, paper.Style{Size: 10.5, Leading: 1.22}, line...)
		y = set.Draw(d, left, y)
	}
	return y + 2.5
}

// about is which closing this is, and of which time.
func (p *dayPages) about() string {
	first := fmt.Sprintf("%s – máy quầy số %d, lần chốt thứ %d", capital(longDay(p.Date)), p.Settings.Desk, p.Nth)
	if p.Closing == nil {
		first = fmt.Sprintf("%s – máy quầy số %d, chưa chốt", capital(longDay(p.Date)), p.Settings.Desk)
	}
	if len(p.Rows) == 0 {
		return first + ", không có thao tác nào từ lần chốt trước"
	}
	return first + fmt.Sprintf(", các thao tác ghi từ %s đến %s", atMoment(p.Report.First), atMoment(p.Report.Last))
}

// dayFigures are the columns of the table of figures; what is in none of them is in the one before the sum.
var dayFigures = []struct {
	title string
	kinds []dossier.Kind
}{
	{"Tiếp nhận", []dossier.Kind{dossier.Received}}, {"Từ chối", []dossier.Kind{dossier.Refused}},
	{"Yêu cầu bổ sung", []dossier.Kind{dossier.AskedPapers}}, {"Nhận bổ sung", []dossier.Kind{dossier.AddedPapers}},
	{"Chuyển cơ quan có thẩm quyền", []dossier.Kind{dossier.Forwarded}}, {"Thực hiện ngay", []dossier.Kind{dossier.Performed}},
	{"Có kết quả phê duyệt", []dossier.Kind{dossier.Decided}}, {"Trả kết quả", []dossier.Kind{dossier.HandedBack}},
	{"Rút, dừng", []dossier.Kind{dossier.Withdrawn, dossier.Stopped}}, {"Hủy", []dossier.Kind{dossier.Annulled}},
	{"Đính chính", []dossier.Kind{dossier.Corrected}}, {"Việc khác", nil},
}

// figures is the table of what was done, by procedure.
func (p *dayPages) figures(d *paper.Doc, y float64) float64 {
	const first = 70.0
	each := (width - first) / float64(len(dayFigures)+1)
	t := paper.Table{Columns: []paper.Column{{Title: "Thủ tục", Width: first}}, Style: dayStyle(daySize), Pad: 1}
	for _, c := range dayFigures {
		t.Columns = append(t.Columns, paper.Column{Title: c.title, Width: each, Align: paper.Center})
	}
	t.Columns = append(t.Columns, paper.Column{Title: "Cộng", Width: each, Align: paper.Center})
	row := func(title string, kinds map[dossier.Kind]int) {
		cells, sum, told := []string{title}, 0, 0
		for _, n := range kinds {
			sum += n
		}
		for _, c := range dayFigures {
			n := 0
			for _, k := range c.kinds {
				n += kinds[k]
			}
			if c.kinds == nil {
				n = sum - told
			}
			told += n
			cells = append(cells, figure(n))
		}
		t.Rows = append(t.Rows, append(cells, figure(sum)))
	}
	for _, one := range p.Report.Procedures {
		title := one.Title
		if title == "" {
			title = "Không rõ thủ tục"
		}
		row(title, one.Kinds)
	}
	y = t.Draw(d, left, y)
	row("Tổng cộng", p.Report.Kinds)
	total := paper.Table{Columns: slices.Clone(t.Columns), Style: t.Style, Pad: t.Pad} // its titles: they are what a table has in bold
	for i, text := range t.Rows[len(t.Rows)-1] {
		total.Columns[i].Title = text
	}
	return total.Draw(d, left, y) + 2.5
}

// figure is a count in a table: nothing is a stroke, so that nobody adds a figure by hand.
func figure(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

// standing are the lines under the figures.
func (p *dayPages) standing() [][]paper.Span {
	r := p.Report
	line := func(label, text string) []paper.Span {
		return []paper.Span{{Face: paper.Bold, Text: label + ": "}, {Text: text}}
	}
	var out [][]paper.Span
	for _, refusals := range []bool{false, true} {
		var parts []string
		for _, s := range r.Series {
			if s.Refusals == refusals {
				parts = append(parts, s.String())
			}
		}
		label := "Số hồ sơ đã cấp"
		if refusals {
			label = "Số phiếu từ chối đã cấp"
		}
		if len(parts) > 0 {
			out = append(out, line(label, strings.Join(parts, "; ")+"."))
		}
	}
	if r.MoreSeries > 0 {
		out = append(out, line("Ghi chú", fmt.Sprintf("còn %d dãy số của những ngày khác, xem các dòng dưới đây.", r.MoreSeries)))
	}
	out = append(out, line("Tình hình của đơn vị lúc "+atMoment(r.At),
		fmt.Sprintf("quá hạn trả kết quả %d; chậm bước của đơn vị %d; còn đến hạn trong ngày %d; chờ bổ sung giấy tờ %d.", r.Late, r.OwnLate, r.DueToday, r.Asked)))
	if r.Disputed > 0 {
		more := ""
		if len(r.Disputes) < r.Disputed {
			more = ", …"
		}
		out = append(out, line("Trùng thao tác, chờ xử lý", fmt.Sprintf("%d hồ sơ (%s%s).", r.Disputed, strings.Join(r.Disputes, ", "), more)))
	}
	sent := fmt.Sprintf("máy này còn %d thao tác chờ gửi; ", r.Unsent)
	if r.Receipt == nil {
		sent += "chưa có biên nhận."
	} else {
		sent += fmt.Sprintf("biên nhận gần nhất số %s lúc %s.", r.Receipt.Number, atMoment(r.Receipt.At))
	}
	out = append(out, line("Gửi về "+p.Settings.UpstreamOn(p.Date), sent))
	out = append(out, line("Giấy tờ đã lập từ lần chốt trước", fmt.Sprintf("%d bản, trong đó in lại %d; chưa rõ đã ra giấy %d.", r.Printed, r.Reprinted, r.Lost)))
	if p.Closing != nil && p.Closing.Note != "" {
		out = append(out, line("Ghi chú của người chốt", p.Closing.Note))
	}
	return out
}

// closing is what stands under the last act: place and date, and who signs.
func (p *dayPages) closing(d *paper.Doc, y float64) float64 {
	const column = 95.0
	place := longDay(p.Date)
	if p.unit.Place != "" {
		place = p.unit.Place + ", " + place
	}
	y, _ = p.centred(d, right-column, column, y+3, 1, 11, paper.Italic, place)
	names := []string{"", ""}
	if p.Closing != nil {
		names = []string{p.Closing.Closed, p.Closing.Checked}
	}
	xs := []float64{left, right - column}
	for i, title := range []string{"NGƯỜI CHỐT", "NGƯỜI KIỂM TRA"} {
		at, _ := p.centred(d, xs[i], column, y+0.5, 1, 11, paper.Bold, title)
		at, _ = p.centred(d, xs[i], column, at, 1, 10, paper.Italic, "(Ký, ghi rõ họ tên)")
		p.centred(d, xs[i], column, at+17, 2, 11, paper.Bold, names[i])
	}
	return y + 0.5 + 11*pt*1.15 + 10*pt*1.15 + 17 + 2*11*pt*1.15
}
