package book

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"tiepnhan/dossier"
)

// writeFiguresXLSX writes the figures as a workbook: the tables on sheets of their own, and charts of Excel's beside them, which follow
// the cells.
func (l *ledger) writeFiguresXLSX(ctx context.Context, to io.Writer) error {
	f, err := l.count(ctx)
	if err != nil {
		return err
	}
	x := excelize.NewFile(excelize.Options{TmpDir: nowhere})
	defer x.Close()
	x.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return quick{zip.NewWriter(w)} })
	var buf bytes.Buffer
	b := &figuresBook{ledger: l, x: x}
	if err := b.write(f); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	if err := x.Write(&buf); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	if _, err := to.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

type figuresBook struct {
	*ledger
	x                 *excelize.File
	title, cell, date int // styles
}

func (b *figuresBook) write(f dossier.Figures) error {
	if err := b.styles(); err != nil {
		return err
	}
	var works, days, waits [][]any
	row := func(name any, t dossier.Tally) []any {
		return []any{name, t.Received, t.Refused, t.OnTime, t.Late, t.Dropped, t.Open, t.OpenLate}
	}
	for _, p := range f.Procedures {
		works = append(works, row(p.Title, p.Tally))
	}
	works = append(works, row("Tổng số", f.Total))
	for _, d := range f.Days {
		days = append(days, row(time.Date(d.Day.Year, d.Day.Month, d.Day.Day, 0, 0, 0, 0, time.UTC), d.Tally))
	}
	for _, w := range f.WaitBuckets() {
		waits = append(waits, []any{w.Label, w.Lower})
	}
	tally := []string{"Tiếp nhận", "Từ chối", "Đúng hạn", "Quá hạn", "Rút, dừng", "Đang giải quyết", "Đang giải quyết, quá hạn"}
	for _, s := range []struct {
		name   string
		titles []string
		rows   [][]any
		chart  func(rows int) *excelize.Chart
	}{
		{"Theo thủ tục", append([]string{"Thủ tục"}, tally...), works, nil},
		{"Theo ngày", append([]string{"Ngày"}, tally...), days, func(n int) *excelize.Chart {
			return columnChart("Hồ sơ theo ngày", "Theo ngày", n, "B", "C")
		}},
		{"Thời gian chờ", []string{"Ngày làm việc", "Hồ sơ xử lý xong"}, waits, func(n int) *excelize.Chart {
			return columnChart("Thời gian chờ kết quả", "Thời gian chờ", n, "B")
		}},
	} {
		if err := b.sheet(s.name, s.titles, s.rows); err != nil {
			return err
		}
		if s.chart == nil {
			continue
		}
		at, err := excelize.CoordinatesToCellName(len(s.titles)+2, 2)
		if err != nil {
			return err
		}
		if err := b.x.AddChart(s.name, at, s.chart(len(s.rows))); err != nil {
			return err
		}
	}
	if err := b.x.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return b.describe(b.x)
}

func (b *figuresBook) styles() (err error) {
	thin := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		thin = append(thin, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	style := func(bold bool, format, horizontal string) (int, error) {
		return b.x.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Size: 11, Bold: bold}, Border: thin, CustomNumFmt: &format,
			Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}})
	}
	if b.title, err = style(true, "@", "center"); err != nil {
		return err
	}
	if b.cell, err = style(false, "General", ""); err != nil {
		return err
	}
	if b.date, err = style(false, "dd/mm/yyyy", "center"); err != nil {
		return err
	}
	return b.x.SetDefaultFont(face)
}

func (b *figuresBook) sheet(name string, titles []string, rows [][]any) error {
	if _, err := b.x.NewSheet(name); err != nil {
		return err
	}
	for i, t := range titles {
		if err := b.set(name, i+1, 1, t, b.title); err != nil {
			return err
		}
	}
	for r, row := range rows {
		for c, v := range row {
			style := b.cell
			if _, is := v.(time.Time); is {
				style = b.date
			}
			if err := b.set(name, c+1, r+2, v, style); err != nil {
				return err
			}
		}
	}
	first, last := 14.0, "H"
	if name == "Theo thủ tục" {
		first = 52
	}
	if len(titles) == 2 {
		last = "B"
	}
	if err := b.x.SetColWidth(name, "B", last, 13); err != nil {
		return err
	}
	if err := b.x.SetColWidth(name, "A", "A", first); err != nil {
		return err
	}
	return b.x.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (b *figuresBook) set(sheet string, col, row int, v any, style int) error {
	at, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	if s, is := v.(string); is {
		err = b.x.SetCellStr(sheet, at, short(tidy(s, "\n"))) // a text is never reckoned
	} else {
		err = b.x.SetCellValue(sheet, at, v)
	}
	if err != nil {
		return err
	}
	return b.x.SetCellStyle(sheet, at, at, style)
}

// columnChart stacks columns of a sheet, over the labels in its first.
func columnChart(title, sheet string, rows int, columns ...string) *excelize.Chart {
	c := &excelize.Chart{Type: excelize.ColStacked, Title: []excelize.RichTextRun{{Text: title}}, Dimension: excelize.ChartDimension{Width: 760, Height: 340},
		Legend: excelize.ChartLegend{Position: "bottom"}}
	for _, col := range columns {
		c.Series = append(c.Series, excelize.ChartSeries{Name: fmt.Sprintf("'%s'!$%s$1", sheet, col),
			Categories: fmt.Sprintf("'%s'!$A$2:$A$%d", sheet, rows+1), Values: fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheet, col, col, rows+1)})
	}
	return c
}
