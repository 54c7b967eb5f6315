package desk

import (
	"context"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// MostEarlier is how many earlier dossiers are shown of one person; who has more is looked up in the list.
const MostEarlier = 20

// mostNamesakes is how many dossiers under a name are looked into for a birth date: no number is known then, and names are shared by many.
const mostNamesakes = 60

// Visit is an earlier dossier of somebody.
type Visit struct {
	ID      dossier.ID
	Number  string
	Title   string
	Status  dossier.Status
	At      time.Time // when it was received
	Open    bool
	Subject bool // it was somebody else's request about them
	Same    bool // open, and for the same procedure
}

// Earlier is what this station has of somebody already.
type Earlier struct {
	Visits []Visit // open ones first, then the latest
	More   bool    // there are more than are shown
	// Problems are what the officer should know before receiving once more. intake.same-open (number) holds nothing up: an agency may ask
	// twice, and a request may be meant anew. national-code.taken (number) is what keeping it would be refused for.
	Problems dossier.Problems
}

// Earlier tells what there is of whom an intake is about: by any of their numbers, and by name and birth date where none is known. Of an
// agency's request that is the subject, of an organization's the organization. What merely shares figures is left out. What is shown leaves
// a trace.
func (d *Desk) Earlier(ctx context.Context, in Intake) (Earlier, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return Earlier{}, err
	}
	in = in.clean()
	var out Earlier
	if in.NationalCode != "" {
		taken, err := d.Store.Find(ctx, in.NationalCode)
		switch code := dossier.Code(err); {
		case code == "dossier.unknown" || code == "dossier.ambiguous" || err == nil && dossier.CodeKey(taken.Intake.NationalCode) != dossier.CodeKey(in.NationalCode):
		case err != nil:
			return Earlier{}, err
		case taken.ID != in.ID && taken.Status != dossier.StatusAnnulled:
			out.Problems = append(out.Problems, dossier.Invalid("national-code", "national-code.taken", "number", taken.Number)...)
		}
	}
	who := in.about()
	seen := map[dossier.ID]bool{in.ID: true}
	look := func(text string, most int, maybe func(dossier.Summary) bool) error {
		rows, err := d.Store.List(ctx, d.timed(dossier.Query{Text: text, Sort: dossier.SortLatest, Limit: most}))
		if err != nil {
			return err
		}
		out.More = out.More || len(rows) == most
		for _, row := range rows {
			if seen[row.ID] || !maybe(row) {
				continue
			}
			seen[row.ID] = true
			have, err := d.Store.Dossier(ctx, row.ID)
			if err != nil {
				return err
			}
			if asked, about := who.asked(have.Intake), who.about(have.Intake); asked || about {
				out.Visits = append(out.Visits, Visit{ID: row.ID, Number: row.Number, Title: row.Title, Status: row.Status, At: row.ReceivedAt,
					Open: row.Open, Subject: about && !asked, Same: row.Open && row.Procedure == in.Procedure && in.Procedure != "" && (about || have.Intake.Requester.Kind == in.Requester.Kind)})
			}
		}
		return nil
	}
	for _, number := range who.numbers {
		if err := look(number, 3*MostEarlier, func(dossier.Summary) bool { return true }); err != nil {
			return Earlier{}, err
		}
	}
	if len(who.numbers) == 0 && who.name != "" && !who.born.IsZero() {
		called := func(row dossier.Summary) bool {
			return dossier.Fold(row.Name) == who.name || dossier.Fold(row.Subject) == who.name
		}
		if err := look(who.name, mostNamesakes, called); err != nil {
			return Earlier{}, err
		}
		out.More = false // of namesakes, not of them
	}
	slices.SortStableFunc(out.Visits, func(a, b Visit) int {
		if a.Open != b.Open {
			if a.Open {
				return -1
			}
			return 1
		}
		return b.At.Compare(a.At)
	})
	if len(out.Visits) > MostEarlier {
		out.Visits, out.More = out.Visits[:MostEarlier], true
	}
	for _, v := range out.Visits {
		if v.Same {
			out.Problems = append(out.Problems, dossier.Warning("", "intake.same-open", "number", v.Number))
			break
		}
	}
	return out, d.lookedUp(ctx, in, who, out.Visits)
}

// someone is a person or an organization as they can be known again.
type someone struct {
	numbers []string // personal number, CMND, passport; of an organization its code
	name    string   // folded
	born    dossier.Date
}

// about is whom an intake is about.
func (in Intake) about() someone {
	switch in.Requester.Kind {
	case dossier.Agency:
		if in.SubjectOrg.Code != "" {
			return someone{numbers: []string{in.SubjectOrg.Code}}
		}
		return personOf(in.Subject)
	case dossier.Organization:
		if in.Requester.Agency.Code == "" {
			return someone{}
		}
		return someone{numbers: []string{in.Requester.Agency.Code}}
	}
	return personOf(in.Requester.Person)
}

// leastNumber is how long a number is that could be somebody's: what is being typed would find everybody.
const leastNumber = 6

func personOf(p dossier.Person) someone {
	who := someone{name: dossier.Fold(p.Name), born: p.Born}
	for _, n := range []string{p.Number, p.OldNumber, p.Passport} {
		if len(n) >= leastNumber && !slices.Contains(who.numbers, n) {
			who.numbers = append(who.numbers, n)
		}
	}
	return who
}

// asked tells whether they asked for that dossier, or had somebody ask for them.
func (w someone) asked(r dossier.Receive) bool {
	if r.Requester.Kind == dossier.Agency || r.Requester.Kind == dossier.Organization {
		return r.Requester.Kind == dossier.Organization && w.has(r.Requester.Agency.Code)
	}
	return w.is(r.Requester.Person)
}

func (w someone) about(r dossier.Receive) bool { return w.is(r.Subject) || w.has(r.SubjectOrg.Code) }

func (w someone) is(p dossier.Person) bool {
	if len(w.numbers) > 0 {
		return w.has(p.Number) || w.has(p.OldNumber) || w.has(p.Passport)
	}
	return w.name != "" && !w.born.IsZero() && w.born == p.Born && w.name == dossier.Fold(p.Name)
}

func (w someone) has(number string) bool { return number != "" && slices.Contains(w.numbers, number) }
