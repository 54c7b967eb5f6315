package book

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

const centre = paper.Center

// nowhere is a folder that no system has. excelize writes a large sheet to a temporary file, in clear, when it can, and keeps it in memory
// when it cannot: what names citizens must not lie in a folder of the PC, not even for a moment.
const nowhere = "\x00"

// face is the letters of a workbook.
const face = "Times New Roman"

// maxCell is the most Excel keeps in one cell, in UTF-16 units.
const maxCell = 32767

// writeXLSX writes the rows as a workbook of one sheet: titles in the first row, which stays in sight and on every printed page, a filter,
// and each cell of its own type. Texts are stored as texts, so nothing in them is ever reckoned and no zero is lost.
func (l *ledger) writeXLSX(ctx context.Context, buf *bytes.Buffer) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: nowhere})
	defer f.Close()
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return quick{zip.NewWriter(w)} })
	sheet := l.sheetName()
	s := &workbook{ledger: l, f: f, sheet: sheet, columns: l.tableColumns()}
	if err := s.write(ctx, buf); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

// workbook is a book on its way to Excel.
type workbook struct {
	*ledger
	f       *excelize.File
	sheet   string
	columns []column
	title   int // styles
	styles  []int
}

func (s *workbook) write(ctx context.Context, buf *bytes.Buffer) error {
	if err := s.setUp(); err != nil {
		return err
	}
	out, err := s.f.NewStreamWriter(s.sheet)
	if err != nil {
		return err
	}
	// excelize writes the last width first, and Excel wants the columns from left to right.
	for i, c := range slices.Backward(s.columns) {
		if err := out.SetColWidth(i+1, i+1, max(9, c.weight*0.62)); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(s.columns))
	for i, c := range s.columns {
		cells[i] = excelize.Cell{StyleID: s.title, Value: c.full()}
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	if err := s.read(ctx, func(e *entry, stands bool) error {
		if !stands {
			return nil
		}
		for i, c := range s.columns {
			cells[i] = excelize.Cell{StyleID: s.styles[i], Value: typed(c, c.of(e))}
		}
		return out.SetRow(fmt.Sprintf("A%d", s.rows+1), cells)
	}); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows+1)
	if err != nil {
		return err
	}
	if err := s.f.AutoFilter(s.sheet, "A1:"+last, nil); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return s.f.Write(buf)
}

// setUp makes the sheet, its styles, how it is printed, and what the file says of itself: no PC and no user.
func (s *workbook) setUp() error {
	if err := s.f.SetSheetName("Sheet1", s.sheet); err != nil {
		return err
	}
	thin := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		thin = append(thin, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	style := func(bold bool, size float64, format, horizontal, vertical string) (int, error) {
		st := &excelize.Style{Font: &excelize.Font{Family: face, Size: size, Bold: bold}, Border: thin, CustomNumFmt: &format,
			Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: vertical, WrapText: true}}
		return s.f.NewStyle(st)
	}
	var err error
	if s.title, err = style(true, 11, "@", "center", "center"); err != nil {
		return err
	}
	for _, c := range s.columns {
		horizontal := "left"
		if c.align == centre {
			horizontal = "center"
		}
		id, err := style(false, 11, [...]string{text: "@", date: "dd/mm/yyyy", moment: "dd/mm/yyyy hh:mm", count: "0"}[c.kind], horizontal, "top")
		if err != nil {
			return err
		}
		s.styles = append(s.styles, id)
	}
	if err := s.f.SetDefaultFont(face); err != nil {
		return err
	}
	return s.printing()
}

func (s *workbook) printing() error {
	a4, landscape, one, any := 9, "landscape", 1, 0
	fit := true
	if err := s.f.SetPageLayout(s.sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	if err := s.f.SetSheetProps(s.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	inches := func(mm float64) *float64 { v := mm / 25.4; return &v }
	if err := s.f.SetPageMargins(s.sheet, &excelize.PageLayoutMarginsOptions{Left: inches(20), Right: inches(12), Top: inches(18), Bottom: inches(15),
		Header: inches(8), Footer: inches(7)}); err != nil {
		return err
	}
	unit, err := s.unit(s.To)
	if err != nil {
		return err
	}
	head := "&L" + printed(unit.Name, 60) + "&C" + printed(strings.ToUpper(s.info.Title)+" – "+period(s.From, s.To), 120) + "&R" + printed(s.info.Code, 20)
	if err := s.f.SetHeaderFooter(s.sheet, &excelize.HeaderFooterOptions{OddHeader: head, OddFooter: "&CTrang &P/&N"}); err != nil {
		return err
	}
	if err := s.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.sheet, RefersTo: "'" + s.sheet + "'!$1:$1"}); err != nil {
		return err
	}
	return s.describe(s.f)
}

// describe is what a workbook says of itself: no PC and no user.
func (l *ledger) describe(f *excelize.File) error {
	at := l.Now
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	stamp := at.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "TiepNhan", LastModifiedBy: "TiepNhan", Created: stamp, Modified: stamp,
		Title: l.name(), Language: "vi-VN"}); err != nil {
		return err
	}
	return f.SetAppProps(&excelize.AppProperties{Application: "TiepNhan"})
}

// printed is a text in the header of a page, where & begins a command; Excel takes no more than 255 letters for all of it.
func printed(s string, most int) string {
	r := []rune(dossier.Clean(s))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return strings.ReplaceAll(string(r), "&", "&&")
}

// sheetName is the form's code, or its title; Excel allows 31 letters, and some signs not at all.
func (l *ledger) sheetName() string {
	name := l.info.Code
	if name == "" {
		name = l.info.Title
	}
	r := []rune(strings.Trim(dossier.Clean(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, name)), " "))
	if len(r) > 31 {
		r = r[:31]
	}
	if len(r) == 0 {
		return "So"
	}
	return string(r)
}

// typed is a value as Excel keeps it; nil leaves the cell empty.
func typed(c column, v value) any {
	switch c.kind {
	case date:
		if !v.at.IsZero() {
			d := dossier.DateOf(v.at)
			return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
		}
	case moment:
		if !v.at.IsZero() { // Excel knows no zones: the hour of Vietnam
			d := dossier.DateOf(v.at)
			h, m, _ := v.at.In(dossier.Hanoi).Clock()
			return time.Date(d.Year, d.Month, d.Day, h, m, 0, 0, time.UTC)
		}
	case count:
		if v.n > 0 {
			return v.n
		}
	default:
		if s := tidy(v.text, "\n"); s != "" {
			return short(s)
		}
	}
	return nil
}

// short cuts a text no cell can hold, and says so with an ellipsis.
func short(s string) string {
	if len(s) <= maxCell { // there are never more units than bytes
		return s
	}
	units, cut := 0, 0
	for i, r := range s {
		units += utf16.RuneLen(r)
		if units < maxCell {
			cut = i + len(string(r))
		}
	}
	if units <= maxCell {
		return s
	}
	return s[:cut] + "…"
}

// quick packs as fast as it can: a sheet is much alike from row to row. Its entries carry no time, so the bytes are the same in every run.
type quick struct{ *zip.Writer }

func (q quick) Create(name string) (io.Writer, error) {
	q.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return q.Writer.Create(name)
}
