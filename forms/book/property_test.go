package book

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// bare is a text without its blanks: where lines end is for the paper to say.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// checkMarks looks whether each text is on the sheet, crosses no line of the table, and lies over no other text.
func checkMarks(t errorer, d *paper.Doc) {
	t.Helper()
	const touch = 0.02 // millimetres of rounding
	for i, marks := range d.Pages() {
		var texts []paper.Text
		var lines []paper.Box
		for _, m := range marks {
			switch m := m.(type) {
			case paper.Text:
				texts = append(texts, m)
			case paper.Line:
				lines = append(lines, m.Bounds())
			}
		}
		over := func(a, b paper.Box) bool {
			return a.X+touch < b.Right() && b.X+touch < a.Right() && a.Y+touch < b.Bottom() && b.Y+touch < a.Bottom()
		}
		slices.SortFunc(texts, func(a, b paper.Text) int {
			switch ya, yb := a.Bounds().Y, b.Bounds().Y; {
			case ya < yb:
				return -1
			case ya > yb:
				return 1
			}
			return 0
		})
		for k, text := range texts {
			box := text.Bounds()
			if box.X < 0 || box.Y < 0 || box.Right() > wide.W || box.Bottom() > wide.H {
				t.Fatalf("page %d: %q leaves the sheet: %+v", i+1, text.S, box)
			}
			for _, line := range lines {
				// A line has no width of its own here; what is beside it by its half thickness does not touch it.
				grown := paper.Box{X: line.X - rule/2, Y: line.Y - rule/2, W: line.W + rule, H: line.H + rule}
				if over(box, grown) {
					t.Fatalf("page %d: %q %+v crosses the line %+v", i+1, text.S, box, line)
				}
			}
			for _, other := range texts[k+1:] {
				o := other.Bounds()
				if o.Y > box.Bottom() {
					break
				}
				if over(box, o) {
					t.Fatalf("page %d: %q lies over %q: %+v %+v", i+1, text.S, other.S, box, o)
				}
			}
		}
	}
}

// checkCells looks whether every cell's lines are its whole text.
func checkCells(t errorer, s *setter) {
	t.Helper()
	for _, in := range s.sections {
		for _, r := range in.rows {
			f := paper.Font{Face: paper.Regular, Size: float64(r.size)}
			for i := range s.columns {
				want := ""
				for part := range strings.SplitSeq(r.cells[i].text, "\n") {
					want += paper.Clean(part)
				}
				if got := strings.Join(r.cells[i].lines, ""); bare(got) != bare(want) {
					t.Fatalf("cell %s says %q, want %q", s.columns[i].key, got, want)
				}
				for _, line := range r.cells[i].lines {
					if room := s.edges[i+1] - s.edges[i] - 2*padX; f.Width(line) > room+slack {
						t.Fatalf("%q is %.2f mm wide, the cell %.2f", line, f.Width(line), room)
					}
				}
			}
		}
	}
}

func TestLongestValuesStayInTheirCells(t *testing.T) {
	when := at(11, 23, 8, 0)
	for name, all := range map[string][]dossier.Dossier{
		"one": {long(when, 1)}, "two": {long(when, 1), long(when, 2)}, "last": {citizen(when, 1), citizen(when, 2), long(when, 3)},
		"first": {long(when, 1), citizen(when, 2), citizen(when, 3)}, "between": {citizen(when, 1), long(when, 2), citizen(when, 3)}, "mixed": mixed(),
	} {
		for _, key := range allBooks[:3] {
			t.Run(key+"-"+name, func(t *testing.T) {
				b := november(key, all...)
				longUnit := []rune(strings.ToUpper(vietnamese))[:dossier.MaxName]
				b.Settings.Units = []dossier.UnitTerm{{Head: string(longUnit), Unit: dossier.Unit{Upper: string(longUnit), Name: string(longUnit), Place: string(longUnit)}}}
				s := set(t, b)
				checkPages(t, s)
				checkCells(t, s)
				checkMarks(t, drawn(t, s))
			})
		}
	}
}

// Whatever the height of the last rows, they share a page with the signatures.
func TestRowsOfAnyHeightHold(t *testing.T) {
	for letters := 0; letters < 6000; letters += 60 {
		d := ended(citizen(at(11, 23, 8, 0), 1), dossier.StatusWithdrawn, strings.TrimSpace(strings.Repeat("công dân ", letters/9)))
		for _, all := range [][]dossier.Dossier{{d}, {d, d}, {d, citizen(at(11, 24, 8, 0), 1)}, {citizen(at(11, 23, 7, 0), 1), d}, {d, d, d}} {
			s := set(t, november(trackingRegister, all...))
			checkPages(t, s)
			if in := s.sections[0]; len(in.pages[len(in.pages)-1]) < min(2, len(all)) {
				t.Errorf("%d rows of %d letters: the signatures stand under %d", len(all), letters, len(in.pages[len(in.pages)-1]))
			}
		}
	}
}

func TestLongWordsAreCutBehindSignsAndNeverBeforeAMark(t *testing.T) {
	f := paper.Font{Face: paper.Regular, Size: 8}
	for s, want := range map[string]string{"MS-261123-0001": "MS-261123-|0001", "G01.999.000-261123-0002": "G01.999.|000-261123-|0002", "một hai ba": "một hai ba", "": "", "một hai\nba": "một hai|ba"} {
		if got := strings.Join(breakLines(nil, f, 15, strings.ReplaceAll(s, "\\n", "\n")), "|"); got != want {
			t.Errorf("%q is set as %q, want %q", s, got, want)
		}
	}
	marked := strings.Repeat("x\u0323", 60) // a letter that no font has in one piece
	for w := 1.0; w < 20; w += 0.37 {
		for _, line := range breakLines(nil, f, w, marked) {
			if strings.HasPrefix(line, "\u0323") {
				t.Fatalf("at %.2f mm a line begins with a mark: %q", w, line)
			}
		}
	}
}

// What another program reads from the PDF is what was drawn, in the same order.
func TestTextOfThePDFIsWhatWasMeant(t *testing.T) {
	for _, key := range allBooks[:3] {
		s := set(t, november(key, append(mixed(), long(at(11, 25, 8, 0), 1))...))
		want := drawn(t, s)
		pages := pdfText(t, write(t, s.Book, dossier.BookPDF))
		if len(pages) != len(want.Pages()) {
			t.Fatalf("%s: %d pages, want %d", key, len(pages), len(want.Pages()))
		}
		for i, marks := range want.Pages() {
			var meant strings.Builder
			for _, m := range marks {
				switch m := m.(type) {
				case paper.Watermark:
					meant.WriteString(m.S)
				case paper.Text:
					meant.WriteString(m.S)
				}
			}
			if got, want := norm.NFC.String(bare(pages[i])), bare(meant.String()); got != want {
				t.Errorf("%s page %d\nread  %s\nmeant %s", key, i+1, got, want)
			}
		}
	}
}

// hostile are texts that people, scanners and other programs might bring.
var hostile = []string{"=1+1", "+84900000001", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "0001", "001099000001", "9007199254740993", "1/2", "\t=1", "\r\n=1",
	"\u202eđảo\u202c", "e\u0302\u0301 NFD", "😀😀", "\x00\x01\x1b", "\ufffe\uffff", "]]>&<b>\"'", "_x000D_ _x0041_", "\xff\xfe", "a;b\"c\nd", "\u200b\u00ad", "中文", "（＝）", "＝1", "𝔘",
	strings.Repeat("W", 200), strings.Repeat("ưỡ", 400), strings.Repeat("a-", 300), strings.Repeat("Ẵ\u0323", 50), " ", "\n\n\n", "%PDF", "(\\)", "&\"&[Tab]"}

func TestAnyBookHolds(t *testing.T) {
	letters := []rune(vietnamese)
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string, most int) string {
			if rapid.IntRange(0, 3).Draw(t, label+" is hostile") == 0 {
				return rapid.SampledFrom(hostile).Draw(t, label)
			}
			return string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, most).Draw(t, label))
		}
		var all []dossier.Dossier
		for i := range rapid.IntRange(0, 5).Draw(t, "rows") {
			d := rapid.SampledFrom(mixed()).Draw(t, "like")
			in := &d.Intake
			if in.ReceivedAt.IsZero() || rapid.Bool().Draw(t, "again") {
				d = long(at(11, 24, 8, 0), i+1)
				in = &d.Intake
			}
			in.Requester.Person.Name, in.Requester.Agency.Name = text("name", 200), text("agency", 200)
			in.Requester.Person.Address, in.Requester.Agency.Address = text("address", 300), text("agency address", 300)
			in.Requester.Agency.Document, in.Requester.Person.Number = text("document", 60), text("number", 14)
			in.NationalCode, in.Title, in.ReturnPlace, in.Subject.Name = text("code", 60), text("title", 300), text("place", 200), text("subject", 100)
			in.ReceivedAt = time.Date(2026, 11, 24+i, 8, 0, 0, 0, dossier.Hanoi)
			d.Why = text("why", 2000)
			all = append(all, d)
		}
		key := rapid.SampledFrom(allBooks[:3]).Draw(t, "book")
		var columns []dossier.BookColumn
		for _, c := range rapid.Permutation(Columns(key)).Draw(t, "order")[:rapid.IntRange(0, len(Columns(key))).Draw(t, "columns")] {
			if c.Title = ""; rapid.IntRange(0, 4).Draw(t, "own title") == 0 {
				c.Title = text("title of column", 60)
				if r := []rune(c.Title); len(r) > 60 {
					c.Title = string(r[:60])
				}
			}
			columns = append(columns, c)
		}
		b := november(key, all...)
		b.Settings.Books = map[string][]dossier.BookColumn{key: columns}
		l, err := open(b, infos[key])
		if err != nil {
			t.Fatal(err)
		}
		s := newSetter(l)
		if err := s.readAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := paper.New(wide, "", s.Now)
		draw := s.draw(t.Context())
		for i := range s.pageCount() {
			d.Page()
			if err := draw(d, i); err != nil {
				t.Fatal(err)
			}
		}
		checkPages(t, s)
		checkCells(t, s)
		checkMarks(t, d)
		for _, format := range []string{dossier.BookPDF, dossier.BookXLSX, dossier.BookCSV} {
			var out bytes.Buffer
			if n, err := Write(t.Context(), b, infos[key], format, &out); err != nil || n != s.rows {
				t.Fatalf("%s: %d rows, %v, want %d", format, n, err, s.rows)
			}
		}
	})
}
