package course

import (
	"context"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Personal numbers are hidden until somebody asks for them, and that they did is in the journal; who leaves the dossier hides them again.

// personal is a number of somebody as a dossier shows it: what it is called before it, and the field of the form it stands in.
type personal struct{ field, label, number string }

// numberOf is the one number a person is known by.
func numberOf(prefix string, who dossier.Person) personal {
	switch {
	case who.Number != "":
		return personal{prefix + ".number", "", who.Number}
	case who.Passport != "":
		return personal{prefix + ".passport", "hộ chiếu ", who.Passport}
	}
	return personal{prefix + ".old-number", "CMND ", who.OldNumber}
}

// numbers are those of everybody in a dossier.
func numbers(in dossier.Receive) []personal {
	var out []personal
	for _, one := range []personal{numberOf("person", in.Requester.Person), numberOf("representative", in.Requester.Representative), numberOf("subject", in.Subject)} {
		if one.number != "" {
			out = append(out, one)
		}
	}
	return out
}

// masked is a number as it may be shown now.
func (p *Presenter) masked(number string) string {
	if p.bare {
		return number
	}
	return dossier.MaskNumber(number)
}

// hidden are changes with the numbers in them as they may be shown now.
func (p *Presenter) hidden(all []Change) []Change {
	var out []Change
	for _, c := range all {
		if c.number {
			c.Before, c.After = p.masked(c.Before), p.masked(c.After)
		}
		out = append(out, c)
	}
	return out
}

// Reveal is Ctrl+I: shows the numbers whole once the journal says so, or hides them again.
func (p *Presenter) Reveal() {
	if !p.shown || p.busy {
		return
	}
	if p.bare {
		p.Hide()
		return
	}
	p.reveal(func(err error) {
		if err != nil {
			p.fail(err, p.Reveal)
		}
	})
}

// reveal keeps that the numbers of this dossier are shown, and shows them.
func (p *Presenter) reveal(then func(error)) {
	id, all := p.id, numbers(p.o.Dossier.Intake)
	if p.bare || len(all) == 0 {
		return
	}
	p.asked++
	asked := p.asked
	p.Threads.Go(func() {
		var err error
		for _, one := range all {
			if _, err = p.Desk.Reveal(context.Background(), id, one.field); err != nil {
				break
			}
		}
		p.Threads.OnUI(func() {
			if id != p.id || asked != p.asked { // left meanwhile
				return
			}
			p.bare = err == nil
			then(err)
			p.render()
		})
	})
}

// Hide hides the numbers: somebody has left the dossier, or the desk.
func (p *Presenter) Hide() {
	p.asked++
	if p.bare {
		p.bare = false
		p.render()
	}
}

// isNumber tells whether a field of the form is a personal number.
func isNumber(key string) bool {
	_, what, _ := strings.Cut(key, ".")
	return what == "number" || what == "old-number" || what == "passport"
}

// revealHint is the key of it, for F1.
var revealHint = kit.Hint{Key: "Ctrl+I", Does: "Hiện đủ số định danh, hoặc ẩn lại; việc hiện số được ghi vào nhật ký"}
