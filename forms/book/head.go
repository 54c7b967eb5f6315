package book

import (
	"tiepnhan/forms/paper"
)

// head is the titles of the columns, as they stand on every page.
type head struct {
	cells []headCell
	rules []rule4
	high  float64
}

// headCell is one title, set; x and y from the corner of the table.
type headCell struct {
	x, w, y, h float64
	set        paper.Paragraph
}

type rule4 struct{ x1, y1, x2, y2 float64 }

// setHead sets the titles. Neighbours of one group stand under its name.
func (s *setter) setHead() head {
	style := paper.Style{Size: s.size, Leading: 1.15, Align: paper.Center}
	set := func(from, to int, title string) headCell {
		w := s.edges[to] - s.edges[from]
		return headCell{x: s.edges[from], w: w, set: paper.Set(w-2*padX, style, paper.Span{Face: paper.Bold, Text: title})}
	}
	const around = 2 * 1.0
	var h head
	groupHigh, below := 0.0, 0.0
	type group struct{ from, to int }
	var groups []group
	for i := 0; i < len(s.columns); {
		to := i + 1
		for s.columns[i].group != "" && to < len(s.columns) && s.columns[to].group == s.columns[i].group {
			to++
		}
		if to-i > 1 {
			groups = append(groups, group{i, to})
			groupHigh = max(groupHigh, set(i, to, s.columns[i].group).set.Height()+around)
			for j := i; j < to; j++ {
				below = max(below, set(j, j+1, s.columns[j].title).set.Height()+around)
			}
		} else {
			h.high = max(h.high, set(i, i+1, s.columns[i].full()).set.Height()+around)
		}
		i = to
	}
	h.high = max(h.high, groupHigh+below)
	inGroup := map[int]bool{}
	for _, g := range groups {
		name := set(g.from, g.to, s.columns[g.from].group)
		name.h = groupHigh
		h.cells = append(h.cells, name)
		h.rules = append(h.rules, rule4{s.edges[g.from], groupHigh, s.edges[g.to], groupHigh})
		for j := g.from; j < g.to; j++ {
			inGroup[j] = true
			c := set(j, j+1, s.columns[j].title)
			c.y, c.h = groupHigh, h.high-groupHigh
			h.cells = append(h.cells, c)
			if j > g.from {
				h.rules = append(h.rules, rule4{s.edges[j], groupHigh, s.edges[j], h.high})
			}
		}
	}
	for i, c := range s.columns {
		if !inGroup[i] {
			cell := set(i, i+1, c.full())
			cell.h = h.high
			h.cells = append(h.cells, cell)
		}
		if !inGroup[i] || i == 0 || !inGroup[i-1] || s.columns[i-1].group != c.group {
			h.rules = append(h.rules, rule4{s.edges[i], 0, s.edges[i], h.high})
		}
	}
	h.rules = append(h.rules, rule4{right, 0, right, h.high}, rule4{left, h.high, right, h.high})
	return h
}

// draw draws it with its upper edge at y and returns where it ends.
func (h head) draw(d *paper.Doc, y float64) float64 {
	for _, r := range h.rules {
		d.Line(r.x1, y+r.y1, r.x2, y+r.y2, rule)
	}
	for _, c := range h.cells {
		c.set.Draw(d, c.x+padX, y+c.y+(c.h-c.set.Height())/2)
	}
	return y + h.high
}
