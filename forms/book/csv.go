package book

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"tiepnhan/dossier"
)

// writeCSV writes the rows as CSV for Excel: UTF-8 with its mark at the start, without which Excel reads the PC's own code page, and
// semicolons, because under Vietnamese regional settings the comma is the decimal sign. A line "sep=;" would name the semicolon, but
// makes Excel forget the mark and so the Vietnamese letters.
func (l *ledger) writeCSV(ctx context.Context, buf *bytes.Buffer) error {
	columns := l.tableColumns()
	buf.WriteString("\ufeff")
	w := csv.NewWriter(buf)
	w.Comma, w.UseCRLF = ';', true
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = harmless(c.full())
	}
	if err := w.Write(fields); err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	if err := l.read(ctx, func(e *entry, stands bool) error {
		if !stands {
			return nil
		}
		for i, c := range columns {
			s := c.written(c.of(e))
			if c.kind == text {
				s = harmless(tidy(s, "; "))
			}
			fields[i] = s
		}
		return w.Write(fields)
	}); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// tableColumns are the columns of a table that is sorted and filtered: each row of a register says its book, its running number and its day,
// which on paper stand above the rows.
func (l *ledger) tableColumns() []column {
	if !l.isRegister() {
		return l.columns
	}
	out := []column{
		{title: "Quyển số", weight: 14, align: centre, kind: count, value: func(e *entry) value { return value{n: e.day.Year} }},
		{title: "Số thứ tự", weight: 14, align: centre, value: (*entry).ordinal},
		{title: "Ngày", weight: 20, align: centre, kind: date, value: func(e *entry) value { return value{at: e.midnight()} }},
	}
	for _, c := range l.columns {
		if c.key != "ordinal" {
			out = append(out, c)
		}
	}
	return out
}

// tidy is a text of several lines as a cell has it: each clean, parted by that.
func tidy(s, by string) string {
	if isTidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for part := range strings.SplitSeq(s, "\n") {
		if !isTidy(part) {
			part = dossier.Clean(part)
		}
		if part != "" && b.Len() > 0 {
			b.WriteString(by)
		}
		b.WriteString(part)
	}
	return b.String()
}

// isTidy knows, fast, the usual text that needs nothing done to it: one line of Latin letters and ASCII signs with single blanks inside.
func isTidy(s string) bool {
	last := ' '
	for _, r := range s {
		latin := r >= 0xc0 && r <= 0x24f || r >= 0x1e00 && r <= 0x1eff || r == '–'
		if r < ' ' || r > '~' && !latin || r == ' ' && last == ' ' {
			return false
		}
		last = r
	}
	return s == "" || last != ' '
}

// harmless keeps a spreadsheet from taking a text of a CSV file for anything but text. What would be reckoned gets an apostrophe before it
// (OWASP, CSV injection), which is seen; digits that would lose their zeros or their end (0001, 001099000001) get a tab, which is not.
func harmless(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '|', '%':
		return "'" + s
	}
	if strings.Trim(s, "0123456789") == "" && (s[0] == '0' || len(s) > 11) {
		return "\t" + s
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} { // which a Japanese Excel reckons too
		if strings.HasPrefix(s, wide) {
			return "'" + s
		}
	}
	return s
}
