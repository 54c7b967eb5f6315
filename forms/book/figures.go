package book

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// figures are one upright page of charts and tables on a period: the station's own, no official form.
const figures = "figures"

func (l *ledger) writeFigures(ctx context.Context, to io.Writer) error {
	f, err := l.count(ctx)
	if err != nil {
		return err
	}
	d, err := l.drawFigures(f)
	if err != nil {
		return err
	}
	pdf, err := d.PDF()
	if err == nil {
		_, err = to.Write(pdf)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

// count makes the figures of the book's dossiers.
func (l *ledger) count(ctx context.Context) (dossier.Figures, error) {
	return dossier.Count(l.From, l.To, l.Now, l.Calendar, func(add func(dossier.Dossier) error) error {
		return l.read(ctx, func(e *entry, _ bool) error { return add(*e.Dossier) })
	})
}

// sheet is the page being drawn, from above.
type sheet struct {
	*paper.Doc
	y float64
}

const (
	sheetLeft  = 22.0
	sheetWidth = 170.0
)

func (l *ledger) drawFigures(f dossier.Figures) (*paper.Doc, error) {
	unit, err := l.unit(l.To)
	if err != nil {
		return nil, err
	}
	d := &sheet{paper.New(paper.A4, l.name(), l.Now), 16}
	d.Page()
	half := sheetWidth / 2
	d.y = d.centred(sheetLeft, half, d.y, 11, paper.Regular, unit.Upper)
	d.y = d.centred(sheetLeft, half, d.y, 11, paper.Bold, unit.Name)
	d.y = d.centred(sheetLeft, sheetWidth, d.y+5, 15, paper.Bold, "SỐ LIỆU TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ")
	d.y = d.centred(sheetLeft, sheetWidth, d.y+0.5, 11.5, paper.Italic, period(l.From, l.To))
	d.y += 5
	d.tiles(f)
	d.heading("Hồ sơ theo " + f.Grain().String())
	d.columns(f.Buckets(), 42, "tiếp nhận", "từ chối tiếp nhận")
	d.heading("Kết quả theo thủ tục")
	d.works(f)
	d.heading("Thời gian chờ kết quả, ngày làm việc")
	d.columns(f.WaitBuckets(), 34, "hồ sơ đã xử lý xong", "")
	note := "Tính các hồ sơ có ngày tiếp nhận trong kỳ, theo tình trạng lúc " + f.Now.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006") +
		". Quá hạn: xử lý xong, hoặc chưa xong, sau thời điểm hẹn trả trên giấy tiếp nhận (không tính thời gian chờ bổ sung giấy tờ). " +
		"Bảng số liệu nội bộ của đơn vị, không phải biểu mẫu chính thức."
	d.y = paper.Set(sheetWidth, paper.Style{Size: 9, Leading: 1.15}, paper.Span{Face: paper.Italic, Text: note}).Draw(d.Doc, sheetLeft, d.y+1.5)
	d.y = d.centred(sheetLeft+half, half, d.y+3, 11, paper.Italic, unit.Place+", "+longDay(dossier.DateOf(f.Now)))
	d.y = d.centred(sheetLeft+half, half, d.y+0.5, 11, paper.Bold, "NGƯỜI LẬP")
	d.centred(sheetLeft+half, half, d.y, 10, paper.Italic, "(Ký, ghi rõ họ tên)")
	return d.Doc, nil
}

func (d *sheet) centred(x, w, y, size float64, face paper.Face, text string) float64 {
	return paper.Fit(w, 2, 5, paper.Style{Size: size, Leading: 1.15, Align: paper.Center}, paper.Span{Face: face, Text: text}).Draw(d.Doc, x, y)
}

func (d *sheet) heading(text string) {
	d.y = paper.Set(sheetWidth, paper.Style{Size: 11.5, Leading: 1.2}, paper.Span{Face: paper.Bold, Text: text}).Draw(d.Doc, sheetLeft, d.y+4) + 1.5
}

// tiles are the four numbers that say most.
func (d *sheet) tiles(f dossier.Figures) {
	const gap, high = 4.0, 21.0
	t := f.Total
	onTime := "–"
	if t.Ended() > 0 {
		onTime = dossier.Percent(t.OnTime, t.Ended())
	}
	days := func(n int) string {
		if n < 0 {
			return "–"
		}
		return strconv.Itoa(n)
	}
	w := (sheetWidth - 3*gap) / 4
	for i, tile := range [][3]string{
		{strconv.Itoa(t.Received), "hồ sơ tiếp nhận", fmt.Sprintf("từ chối %d", t.Refused)},
		{onTime, "giải quyết đúng hạn", fmt.Sprintf("%d đúng hạn, %d quá hạn", t.OnTime, t.Late)},
		{strconv.Itoa(t.Open), "đang giải quyết", fmt.Sprintf("%d quá hạn; rút, dừng %d", t.OpenLate, t.Dropped)},
		{days(f.Median), "ngày làm việc chờ (trung vị)", "lâu nhất " + days(f.Slowest)},
	} {
		x := sheetLeft + float64(i)*(w+gap)
		d.Rect(paper.Box{X: x, Y: d.y, W: w, H: high}, 0.25)
		d.centred(x, w, d.y+1.5, 17, paper.Bold, tile[0])
		d.centred(x, w, d.y+9.5, 9.5, paper.Regular, tile[1])
		d.centred(x, w, d.y+14.5, 8.5, paper.Italic, tile[2])
	}
	d.y += high
}

// columns is a chart of columns: dark below, light on top of it. Each says its number where there is room.
func (d *sheet) columns(all []dossier.Bucket, high float64, below, above string) {
	const gutter = 9.0
	most := 1
	for _, b := range all {
		most = max(most, b.Lower+b.Upper)
	}
	step := niceStep(most)
	most = (most + step - 1) / step * step
	bottom, unit := d.y+3+high, high/float64(most)
	small := paper.Font{Size: 8}
	for n := 0; n <= most; n += step {
		y := bottom - float64(n)*unit
		if n == 0 {
			d.Line(sheetLeft+gutter, y, sheetLeft+sheetWidth, y, 0.3)
		} else {
			d.Fill(paper.Box{X: sheetLeft + gutter, Y: y - 0.07, W: sheetWidth - gutter, H: 0.14}, 0.72)
		}
		d.Text(sheetLeft+gutter-1.5, y+1, small, paper.Right, strconv.Itoa(n))
	}
	w := (sheetWidth - gutter) / float64(max(len(all), 1))
	bar := min(w*0.7, 9)
	every := max(1, int(math.Ceil(9/w)))
	for i, b := range all {
		x := sheetLeft + gutter + float64(i)*w + (w-bar)/2
		y := bottom
		for _, part := range []struct {
			n    int
			grey float64
		}{{b.Lower, 0.42}, {b.Upper, 0.85}} {
			if part.n > 0 {
				box := paper.Box{X: x, Y: y - float64(part.n)*unit, W: bar, H: float64(part.n) * unit}
				d.Fill(box, part.grey)
				d.Rect(box, 0.15)
				y = box.Y
			}
		}
		if n := b.Lower + b.Upper; n > 0 && w >= 4 {
			d.Fill(paper.Box{X: x + bar/2 - 2.6, Y: y - 3.4, W: 5.2, H: 3.2}, 1)
			d.Text(x+bar/2, y-0.8, small, paper.Center, strconv.Itoa(n))
		}
		if i%every == 0 {
			d.Text(x+bar/2, bottom+3.6, small, paper.Center, b.Label)
		}
	}
	d.y = bottom + 5
	x := sheetLeft + gutter
	for _, kind := range []struct {
		words string
		grey  float64
	}{{below, 0.42}, {above, 0.85}} {
		if kind.words == "" {
			continue
		}
		box := paper.Box{X: x, Y: d.y + 0.6, W: 3, H: 3}
		d.Fill(box, kind.grey)
		d.Rect(box, 0.15)
		x += 8 + 3 + d.Text(x+4.5, d.y+3.2, paper.Font{Size: 9}, paper.Left, kind.words)
	}
	d.y += 4
}

// niceStep is how far apart the lines of a chart are: at most five of them.
func niceStep(most int) int {
	for step := 1; ; step *= 10 {
		for _, by := range []int{1, 2, 5} {
			if most <= 5*by*step {
				return by * step
			}
		}
	}
}

func (d *sheet) works(f dossier.Figures) {
	t := paper.Table{Style: paper.Style{Size: 9.5, Leading: 1.15}, Pad: 1.2, Columns: []paper.Column{{Title: "Thủ tục", Width: 72}, {Title: "Tiếp nhận", Width: 16, Align: paper.Center},
		{Title: "Từ chối", Width: 14, Align: paper.Center}, {Title: "Đúng hạn", Width: 15, Align: paper.Center}, {Title: "Quá hạn", Width: 14, Align: paper.Center},
		{Title: "Rút, dừng", Width: 14, Align: paper.Center}, {Title: "Đang giải quyết", Width: 25, Align: paper.Center}}}
	row := func(title string, t dossier.Tally) []string {
		open := strconv.Itoa(t.Open)
		if t.OpenLate > 0 {
			open += fmt.Sprintf(" (%d quá hạn)", t.OpenLate)
		}
		return []string{title, strconv.Itoa(t.Received), strconv.Itoa(t.Refused), strconv.Itoa(t.OnTime), strconv.Itoa(t.Late), strconv.Itoa(t.Dropped), open}
	}
	for _, p := range f.Procedures {
		t.Rows = append(t.Rows, row(strings.TrimSpace(p.Title), p.Tally))
	}
	t.Rows = append(t.Rows, row("Tổng số", f.Total))
	d.y = t.Draw(d.Doc, sheetLeft, d.y)
}
