package book

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

const rule = 0.2 // thickness of the lines of the table

func (l *ledger) writePDF(ctx context.Context, to io.Writer) error {
	s := newSetter(l)
	if err := s.readAll(ctx); err != nil {
		return err
	}
	if err := paper.Stream(to, wide, s.name(), s.Now, s.pageCount(), s.draw(ctx)); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

// name is what the document says of itself; it names no person.
func (l *ledger) name() string {
	return join(" ", l.info.Title, l.From.String()+" - "+l.To.String())
}

func (s *setter) pageCount() int {
	n := 0
	for _, in := range s.sections {
		n += len(in.pages)
	}
	return n
}

// draw draws the pages of all sections, numbered from 0; each section numbers its own.
func (s *setter) draw(ctx context.Context) func(*paper.Doc, int) error {
	return func(d *paper.Doc, page int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, in := range s.sections {
			if page < len(in.pages) {
				s.page(d, in, page)
				return nil
			}
			page -= len(in.pages)
		}
		return nil
	}
}

func (s *setter) page(d *paper.Doc, in *section, page int) {
	if s.info.Unseen {
		d.Watermark("chưa đối chiếu")
	}
	small := paper.Font{Face: paper.Regular, Size: 9}
	d.Text((left+right)/2, numberLine, small, paper.Center, fmt.Sprintf("Trang %d/%d", page+1, len(in.pages)))
	y := top
	if page == 0 {
		y = s.heading(d, in)
		d.Line(left, y, right, y, rule)
		y = s.head.draw(d, y)
	} else {
		in.running.Draw(d, left, numberLine-in.running.LastBase())
		d.Text(right, numberLine, small, paper.Right, join(" – ", s.info.Code, in.book()))
		d.Line(left, y, right, y, rule)
		d.Again(s.titles)
		y += s.head.high
	}
	items := in.pages[page]
	if len(items) == 0 {
		h := high(1, s.size) + 2
		d.Text((left+right)/2, y+h/2+0.12*s.size*pt*2, paper.Font{Face: paper.Italic, Size: s.size + 1}, paper.Center, "Không có hồ sơ trong thời gian này.")
		d.Line(left, y, left, y+h, rule)
		d.Line(right, y, right, y+h, rule)
		d.Line(left, y+h, right, y+h, rule)
		y += h
	}
	begun := y // of the columns' lines, which stop at a line with a day
	stop := func() {
		for _, x := range s.edges {
			if y > begun {
				d.Line(x, begun, x, y, rule)
			}
		}
	}
	if len(items) == 0 {
		begun = y
	}
	for _, it := range items {
		if it.day != sameDay {
			stop()
			y = s.dayLine(d, in.rows[it.row].day, it.day == stillDay, y)
			begun = y
		}
		s.item(d, in.rows[it.row], it, y)
		y += it.high
		d.Line(left, y, right, y, rule)
	}
	stop()
	if page == len(in.pages)-1 {
		s.closing(d, in, y)
	}
}

// runningTitle is what pages say of the book that the first has said at length.
func (s *setter) runningTitle(in *section) paper.Paragraph {
	const room = width/2 - 15
	style := paper.Style{Size: 9, Leading: 1}
	title := paper.Fit(room, 1, 7, style, paper.Span{Text: join(" – ", in.unit.Name, s.info.Title)})
	if title.Lines() > 1 { // the unit stands on the first page
		title = paper.Fit(room, 1, 5, style, paper.Span{Text: s.info.Title})
	}
	return title
}

// dayLine stands before the rows of a day, whose numbers begin anew.
func (s *setter) dayLine(d *paper.Doc, day dossier.Date, still bool, y float64) float64 {
	word := "Không rõ ngày tiếp nhận"
	if !day.IsZero() {
		word = capital(longDay(day))
	}
	if still {
		word += " (tiếp theo)"
	}
	h := s.dayHigh()
	d.Text(left+padX+1, y+padY+s.size*pt*(leading-drop), paper.Font{Face: paper.Bold, Size: s.size}, paper.Left, word)
	d.Line(left, y, left, y+h, rule)
	d.Line(right, y, right, y+h, rule)
	d.Line(left, y+h, right, y+h, rule)
	return y + h
}

func (s *setter) item(d *paper.Doc, r row, it item, y float64) {
	size := float64(r.size)
	f := paper.Font{Face: paper.Regular, Size: size}
	step := size * pt * leading
	for i, c := range s.columns {
		lines := r.cells[i].lines
		if it.from > 0 && c.key == "ordinal" { // a part that goes on says of which row it is
			lines = append(slices.Clone(lines), "(tiếp)")[:min(len(lines)+1, int(it.to-it.from))]
		} else {
			lines = lines[min(len(lines), int(it.from)):min(len(lines), int(it.to))]
		}
		x, base := s.edges[i]+padX, y+padY+step-drop*size*pt
		if c.align == paper.Center {
			x = (s.edges[i] + s.edges[i+1]) / 2
		}
		for _, line := range lines {
			d.Cleaned(x, base, f, c.align, line)
			base += step
		}
	}
}

// heading is what stands above the table on the first page of a section; it returns where it ends.
func (s *setter) heading(d *paper.Doc, in *section) float64 {
	const half = 100.0
	y := top + 1
	y = s.centred(d, left, half, y, 2, 11, paper.Regular, in.unit.Upper)
	unit := paper.Fit(half, 2, 5, paper.Style{Size: 11, Leading: 1.15, Align: paper.Center}, paper.Span{Face: paper.Bold, Text: in.unit.Name})
	y = unit.Draw(d, left, y)
	// The rule under the unit is a third to a half as long as its name (NĐ 30/2020/NĐ-CP, Phụ lục I).
	long := unit.LastWidth() * 0.42
	d.Line(left+half/2-long/2, y+0.6, left+half/2+long/2, y+0.6, 0.25)
	d.Text(right, top+5, paper.Font{Face: paper.Bold, Size: 11}, paper.Right, s.info.Code)
	if book := in.book(); book != "" {
		d.Text(right, top+10, paper.Font{Face: paper.Regular, Size: 11}, paper.Right, book)
	}
	y = s.centred(d, left, width, y+4, 2, 14, paper.Bold, strings.ToUpper(s.info.Title))
	y = s.centred(d, left, width, y+0.5, 1, 11, paper.Italic, in.days())
	return y + 3
}

func (s *setter) centred(d *paper.Doc, x, w, y float64, lines int, size float64, face paper.Face, text string) float64 {
	return paper.Fit(w, lines, 5, paper.Style{Size: size, Leading: 1.15, Align: paper.Center}, paper.Span{Face: face, Text: text}).Draw(d, x, y)
}

func (in *section) book() string {
	if in.year == 0 {
		return ""
	}
	return fmt.Sprintf("Quyển số: %d", in.year)
}

// days are those the pages are of.
func (in *section) days() string { return period(in.from, in.to) }

func period(from, to dossier.Date) string {
	if from == to {
		return "Ngày " + from.String()
	}
	return "Từ ngày " + from.String() + " đến ngày " + to.String()
}

// longDay is a date as documents write it: a zero before days below 10 and before January and February only
// (NĐ 30/2020/NĐ-CP, Phụ lục I).
func longDay(d dossier.Date) string {
	if d.IsZero() {
		return "ngày ..... tháng ..... năm ........."
	}
	month := fmt.Sprint(int(d.Month))
	if d.Month <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %04d", d.Day, month, d.Year)
}

// closing is what stands under the last row of a section: its totals, place and date, and who signs.
func (s *setter) closing(d *paper.Doc, in *section, y float64) float64 {
	y += 2.5
	for _, line := range in.sum.lines(s.ledger) {
		y = paper.Set(width, paper.Style{Size: 10.5, Leading: 1.2}, paper.Span{Text: line}).Draw(d, left, y)
	}
	const column = 95.0
	y = s.centred(d, right-column, column, y+2, 1, 11, paper.Italic, s.placeAndDate(in))
	first, second := [2]string{"NGƯỜI LẬP SỔ", "(Ký, ghi rõ họ tên)"}, [2]string{"THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"}
	name := in.signer.Head
	if s.Key == archiveList {
		first, second, name = [2]string{"BÊN GIAO", first[1]}, [2]string{"BÊN NHẬN", first[1]}, ""
	}
	s.centred(d, left, column, y+0.5, 1, 11, paper.Bold, first[0])
	y = s.centred(d, right-column, column, y+0.5, 1, 11, paper.Bold, second[0])
	s.centred(d, left, column, y, 1, 10, paper.Italic, first[1])
	y = s.centred(d, right-column, column, y, 1, 10, paper.Italic, second[1])
	y += 18
	if name != "" {
		s.centred(d, right-column, column, y, 1, 11, paper.Bold, name)
	}
	return y + 5.5
}

func (s *setter) placeAndDate(in *section) string {
	var on dossier.Date
	if !s.Now.IsZero() {
		on = dossier.DateOf(s.Now)
	}
	return join(", ", in.signer.Place, longDay(on))
}
