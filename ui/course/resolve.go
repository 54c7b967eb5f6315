package course

import (
	"fmt"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// disputed are acts that exclude one another, in the order of the course: the first of them and all it is bound to.
func (p *Presenter) disputed() []dossier.Step {
	d := p.o.Dossier
	if len(d.Disputes) == 0 {
		return nil
	}
	bound := []dossier.EventID{d.Disputes[0].A, d.Disputes[0].B}
	for grown := true; grown; {
		grown = false
		for _, pair := range d.Disputes {
			a, b := slices.Contains(bound, pair.A), slices.Contains(bound, pair.B)
			if a != b {
				grown = true
				if a {
					bound = append(bound, pair.B)
				} else {
					bound = append(bound, pair.A)
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(d.Course), func(s dossier.Step) bool { return !slices.Contains(bound, s.ID) })
}

func disputeCards(p *Presenter) []Card {
	var out []Card
	for i, s := range p.disputed() {
		step := p.step(s)
		out = append(out, Card{Title: fmt.Sprintf("%d. %s", i+1, step.Title), When: join("\n", step.When, step.Kept), Who: join(", ", step.Who, step.Where), Detail: step.Detail})
	}
	return out
}

func resolve(p *Presenter) []kit.Section {
	var all []kit.Option
	for i, s := range p.disputed() { // chosen by what they are: one more that comes meanwhile may stand before them
		all = append(all, kit.Option{Value: s.ID.String(), Title: fmt.Sprintf("Giữ thao tác %d: %s", i+1, s.Kind.Title())})
	}
	all = append(all, kit.Option{Value: "none", Title: "Không giữ thao tác nào"})
	return []kit.Section{{Rows: [][]kit.Field{{{Key: "stands", Kind: kit.Pick, Need: true, Label: "Thao tác có hiệu lực", Options: all, Columns: 1}},
		{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do"}}}}}
}

func resolveBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	acts := p.disputed()
	b := &dossier.Resolve{Why: v["why"]}
	for _, s := range acts {
		b.Names = append(b.Names, s.ID)
	}
	if v["stands"] == "none" {
		return b, nil
	}
	i := slices.IndexFunc(acts, func(s dossier.Step) bool { return s.ID.String() == v["stands"] })
	if i < 0 {
		return nil, dossier.Invalid("stands", "resolve.choose")
	}
	b.Keep = acts[i].ID
	return b, nil
}
