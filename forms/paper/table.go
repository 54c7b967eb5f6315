package paper

// Column is one column of a table.
type Column struct {
	Title string
	Width float64
	Align Align
}

// Table is ruled with thin lines. Its height follows from its texts; it knows nothing of pages.
type Table struct {
	Columns []Column
	Rows    [][]string
	Style   Style   // of the cells; titles are bold and centred
	Pad     float64 // between a line and the text beside it
}

const ruleThick = 0.2

// Draw draws the table from the corner x, y and returns where it ends.
func (t Table) Draw(d *Doc, x, y float64) float64 {
	top, right := y, x
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
		right += c.Width
	}
	d.Line(x, top, right, top, ruleThick)
	y = t.row(d, x, y, titles, true)
	d.Line(x, y, right, y, ruleThick)
	for _, r := range t.Rows {
		y = t.row(d, x, y, r, false)
		d.Line(x, y, right, y, ruleThick)
	}
	d.Line(x, top, x, y, ruleThick)
	for _, c := range t.Columns {
		x += c.Width
		d.Line(x, top, x, y, ruleThick)
	}
	return y
}

// Heights are those of the titles and of each row.
func (t Table) Heights() []float64 {
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	_, high := t.cells(titles, true)
	out := append(make([]float64, 0, len(t.Rows)+1), high)
	for _, r := range t.Rows {
		_, high := t.cells(r, false)
		out = append(out, high)
	}
	return out
}

// row is as high as its highest cell; the others stand in its middle.
func (t Table) row(d *Doc, x, y float64, texts []string, head bool) float64 {
	cells, high := t.cells(texts, head)
	for i, cell := range cells {
		// Letters are heavier above the baseline than below: a little lower looks like the middle.
		cell.Draw(d, x+t.Pad, y+(high-cell.Height())/2-t.Style.Size*mm*0.02)
		x += t.Columns[i].Width
	}
	return y + high
}

func (t Table) cells(texts []string, head bool) (cells []Paragraph, high float64) {
	cells = make([]Paragraph, len(t.Columns))
	for i, c := range t.Columns {
		style, face := t.Style, Regular
		style.Align = c.Align
		if head {
			style.Align, face = Center, Bold
		}
		cells[i] = Set(c.Width-2*t.Pad, style, Span{face, texts[i]})
		high = max(high, cells[i].Height())
	}
	return cells, max(high, t.Style.step()) + t.Pad
}
