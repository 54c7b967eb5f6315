package forms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// A form added to drawings and to a set is looked at here without another line, if one of these courses makes it possible for some
// procedure of the catalogue and somebody who asks. If none does, the tests say so: teach courses.

// pen gives the text of a field that may have so many letters.
type pen func(most int) string

func repeated(s string) pen {
	return func(most int) string {
		letters := []rune(s)
		out := make([]rune, most)
		for i := range out {
			out[i] = letters[i%len(letters)]
		}
		return strings.TrimSpace(string(out))
	}
}

// pens are the worst that may be typed, as long as it may be.
var pens = map[string]pen{
	"names":   repeated("NGUYỄN ĐẶNG THƯỢNG ỨNG ẴM, "),
	"solid":   repeated("NGUYỄNđặngThượngỨng"),
	"letters": repeated(string(letters)),
	"hostile": repeated("a\u0323\u0302 𝐀😀 \u202enược\u202c \u2066x\u2069 d\x00\x1b[31m\t\r\n中文\u00ad\ufeff (\\) <b>&amp; %s {{.}} o\u031b\u0301 \u200de\u0301 "),
	"empty":   func(int) string { return "" },
}

// courses are what may happen to a dossier. What is not allowed where it stands is void, as in life.
var courses = map[string][]dossier.Kind{
	"received":    {dossier.Received},
	"refused":     {dossier.Refused, dossier.Notified},
	"asked":       {dossier.Received, dossier.AskedPapers},
	"whole":       {dossier.Received, dossier.AskedPapers, dossier.AddedPapers, dossier.HandedOver, dossier.Forwarded, dossier.Rescheduled, dossier.Decided, dossier.Notified, dossier.HandedBack},
	"two sorry":   {dossier.Received, dossier.Forwarded, dossier.Rescheduled, dossier.Rescheduled},
	"at once":     {dossier.Received, dossier.Performed, dossier.Notified, dossier.HandedBack},
	"stopped":     {dossier.Received, dossier.AskedPapers, dossier.Stopped},
	"withdrawn":   {dossier.Received, dossier.HandedOver, dossier.Withdrawn, dossier.Corrected},
	"annulled":    {dossier.Received, dossier.Forwarded, dossier.Decided, dossier.Annulled},
	"handed on":   slices.Concat([]dossier.Kind{dossier.Received}, slices.Repeat([]dossier.Kind{dossier.HandedOver}, 4)),
	"out of tune": {dossier.Received, dossier.HandedBack, dossier.Decided, dossier.AddedPapers, dossier.Stopped, dossier.Notified},
}

// choice is what else is to be chosen of a dossier.
type choice struct {
	procedure string
	requester dossier.RequesterKind
	approved  bool
	child     bool
	nth       int
	papers    int
	stray     dossier.Effect // of the last act; empty for what it is
}

// someDossier is a dossier of that course, with every field written by that pen.
func someDossier(kinds []dossier.Kind, c choice, write pen) dossier.Sheet {
	person := func() dossier.Person {
		return dossier.Person{Name: write(dossier.MaxName), Number: "001099000001", Address: write(dossier.MaxAddress), Phone: write(30), Email: write(100),
			Born: dossier.Date{Year: 1999, Month: 1, Day: 2}, Sex: "Nữ", Passport: write(20)}
	}
	office := func() dossier.Office {
		return dossier.Office{Name: write(dossier.MaxName), Document: write(100), DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 20},
			Position: write(dossier.MaxLine), Address: write(dossier.MaxAddress), Phone: write(30), Code: write(20)}
	}
	var papers []dossier.Paper
	for i := range c.papers {
		papers = append(papers, dossier.Paper{Title: write(dossier.MaxLine), Originals: i % 2, Copies: 1 + i%3})
	}
	unit := dossier.Unit{Upper: write(200), Name: write(200), Place: write(60), Phone: write(30), Intake: write(dossier.MaxLine)}
	in := dossier.Receive{Number: strings.Repeat("W", dossier.MaxPrefix) + "-261123-0001", Procedure: c.procedure, Title: write(dossier.MaxLine),
		Level: dossier.Commune, FormSet: Police, Unit: unit, Channel: dossier.AtDesk, Papers: papers, Sets: 1, ReceivedAt: at(2, 8, 5),
		Requester: dossier.Requester{Kind: c.requester, Person: person(), Agency: office()}, Subject: person(), SubjectOrg: office(),
		Ground: "ACC_AGENCY", Reason: write(dossier.MaxText), Term: write(dossier.MaxLine), ReturnPlace: write(dossier.MaxName),
		NationalCode: strings.ReplaceAll(write(50), " ", "."), Note: write(dossier.MaxText),
		Due: dossier.Due{At: at(5, 17, 0), Limit: "3 ngày làm việc"}, OwnDue: dossier.Due{At: at(3, 17, 0), Limit: "1 ngày làm việc"}}
	in.Subject.Number = "001199000002"
	if c.child {
		in.Requester.Representative, in.Requester.Relation = person(), write(40)
	}
	var acts []doing
	for i, kind := range kinds {
		when := at(2+i, 9, i)
		act := doing{kind: kind, at: when}
		why := or(write(dossier.MaxText), "x")
		switch kind {
		case dossier.Received:
			act.body, act.at = in, in.ReceivedAt
		case dossier.Refused:
			refuse := dossier.Refuse{Receive: in, Why: why}
			refuse.Due, refuse.OwnDue = dossier.Due{}, dossier.Due{}
			act.body, act.at = refuse, in.ReceivedAt
		case dossier.AskedPapers:
			act.body = dossier.AskPapers{Papers: papers, Why: why, At: when}
		case dossier.AddedPapers:
			act.body = dossier.AddPapers{Papers: papers, Due: dossier.Due{At: when.AddDate(0, 0, 2), Limit: "3 ngày làm việc"}, At: when}
		case dossier.HandedOver:
			act.body = dossier.HandOver{From: write(dossier.MaxText), To: write(dossier.MaxText), Note: write(dossier.MaxText)}
		case dossier.Forwarded:
			act.body = dossier.Forward{To: write(dossier.MaxText), At: when, Reference: write(dossier.MaxLine)}
		case dossier.Performed:
			act.body = dossier.Perform{At: when, Reference: write(dossier.MaxLine), Result: write(dossier.MaxText)}
		case dossier.Decided:
			act.body = dossier.Decision{Approved: c.approved, Document: or(write(dossier.MaxLine), "1/QĐ"), Date: dossier.DateOf(when), By: or(write(dossier.MaxLine), "C06"), Why: why, At: when}
		case dossier.Rescheduled:
			act.body = dossier.Reschedule{Due: dossier.Due{At: at(20+i, 17, 0)}, Why: why, Override: why}
		case dossier.Notified:
			act.body = dossier.Notify{To: write(dossier.MaxText), How: write(dossier.MaxLine), Note: write(dossier.MaxText)}
		case dossier.HandedBack:
			act.body = dossier.HandBack{To: write(dossier.MaxText), Paper: write(dossier.MaxLine), Note: write(dossier.MaxText)}
		case dossier.Corrected:
			note := write(dossier.MaxText)
			act.body = dossier.Correct{Note: &note, Why: why}
		default:
			act.body = dossier.Reason{Why: why, At: when}
		}
		acts = append(acts, act)
	}
	s := dossier.Sheet{Dossier: courseOf(acts...), Settings: madeUpSettings(), Stages: slices.Clone(lockStages), Nth: c.nth}
	for i := range s.Stages {
		s.Stages[i].Who = write(100)
	}
	if last := len(s.Dossier.Course) - 1; c.stray != "" && last > 0 {
		s.Dossier.Course[last].Effect = c.stray
	}
	s.Settings.Units[0].Unit, s.Settings.Units[0].Head = unit, write(dossier.MaxName)
	s.Settings.Officers[0].Name, s.Settings.Officers[0].Title = or(write(dossier.MaxName), "x"), write(100)
	return s
}

// drawable are the forms there are, and the sets each is in.
func drawable(t testing.TB) (keys []string, in map[string][]string) {
	t.Helper()
	in = map[string][]string{}
	for _, set := range SetKeys() {
		all, err := Forms(set, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			if !f.Book {
				in[f.Key] = append(in[f.Key], set)
			}
		}
	}
	for key := range in {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if len(keys) < 2 {
		t.Fatalf("only %v can be drawn", keys)
	}
	return keys, in
}

// procedures are the keys of all there are.
func procedures(t testing.TB) []string {
	t.Helper()
	catalogue, err := dossier.LoadCatalogue(assets.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range catalogue.Procedures() {
		if !slices.Contains(out, p.Key) {
			out = append(out, p.Key)
		}
	}
	return out
}

var found struct {
	once sync.Once
	ways map[string]map[string][]choice
}

// ways are the choices that make a form possible after a course, by key and course.
func ways(t testing.TB) map[string]map[string][]choice {
	t.Helper()
	found.once.Do(func() { found.ways = findWays(t) })
	return found.ways
}

func findWays(t testing.TB) map[string]map[string][]choice {
	keys, in := drawable(t)
	out := map[string]map[string][]choice{}
	for _, key := range keys {
		out[key] = map[string][]choice{}
	}
	for _, procedure := range procedures(t) {
		for course, kinds := range courses {
			for i, requester := range dossier.RequesterKinds {
				for _, approved := range []bool{i%2 == 0, i%2 != 0} {
					c := choice{procedure: procedure, requester: requester, approved: approved}
					s := someDossier(kinds, c, pens["names"].short())
					for _, key := range keys {
						s.Form, s.Set = key, in[key][0]
						if Possible(s) == nil {
							out[key][course] = append(out[key][course], c)
						}
					}
				}
			}
		}
	}
	return out
}

// short is the same pen for texts of an ordinary length.
func (p pen) short() pen { return func(most int) string { return p(min(most, 40)) } }

// faultsOf draws a sheet and tells what is wrong with it, "" when nothing is.
func faultsOf(s dossier.Sheet) (string, *paper.Doc) {
	doc, err := draw(context.Background(), []dossier.Sheet{s}, nil)
	if err != nil {
		return err.Error(), nil
	}
	if len(doc.Pages()) == 0 {
		return "no pages", nil
	}
	for i, marks := range doc.Pages() {
		if fault := faultsOn(marks, printedParts(s)); fault != "" {
			return fmt.Sprintf("page %d: %s", i+1, fault), doc
		}
	}
	return "", doc
}

// printedParts are the parts of a page that may be printed: one, or the two halves of a sheet to be cut.
func printedParts(s dossier.Sheet) []paper.Box {
	f := frameA5
	if drawings[s.Form].size == dossier.PaperA4 {
		f = frameA4
	}
	one := paper.Box{X: f.left, Y: f.top - 1, W: f.width(), H: f.bottom + 0.5 - f.top + 1}
	if drawings[s.Form].size == dossier.PaperA4 || s.Paper != dossier.PaperA4 {
		return []paper.Box{one}
	}
	left, right := one, one
	left.X += 0.25 // half of what A4 is wider than two A5
	right.X += 148.5 + 0.25
	return []paper.Box{left, right}
}

// faultsOn tells what leaves the parts of the page that may be printed, lies on something else, or cannot be printed.
func faultsOn(marks []paper.Mark, parts []paper.Box) string {
	const hair = 0.03
	inside := func(b paper.Box) bool {
		return slices.ContainsFunc(parts, func(part paper.Box) bool {
			return b.X >= part.X-hair && b.Right() <= part.Right()+hair && b.Y >= part.Y && b.Bottom() <= part.Bottom()
		})
	}
	meet := func(a, b paper.Box) bool {
		return a.X+hair < b.Right() && b.X+hair < a.Right() && a.Y+hair < b.Bottom() && b.Y+hair < a.Bottom()
	}
	var texts, others []paper.Mark
	for _, m := range marks {
		switch m := m.(type) {
		case paper.Watermark:
		case paper.Text:
			texts = append(texts, m)
			if !inside(m.Bounds()) {
				return fmt.Sprintf("%q leaves the page: %+v", m.S, m.Bounds())
			}
			for _, r := range m.S {
				if !hasGlyph(r) {
					return fmt.Sprintf("%q: %U has no glyph", m.S, r)
				}
			}
		case paper.Line:
			if len(parts) == 2 && m.X1 == 148.5 && m.X2 == 148.5 {
				continue // where to cut
			}
			others = append(others, m)
			if !inside(m.Bounds()) {
				return fmt.Sprintf("%+v leaves the page", m)
			}
		case paper.QR:
			others = append(others, m)
			if !inside(m.Box) { // what must stay empty around it may be in the margin
				return fmt.Sprintf("a code leaves the page: %+v", m.Box)
			}
		default:
			others = append(others, m)
			if !inside(m.Bounds()) {
				return fmt.Sprintf("%+v leaves the page", m)
			}
		}
	}
	for i, a := range texts {
		box := a.Bounds()
		for _, b := range texts[i+1:] {
			if meet(box, b.Bounds()) {
				return fmt.Sprintf("%q lies on %q\n%+v\n%+v", a.(paper.Text).S, b.(paper.Text).S, a, b)
			}
		}
		for _, o := range others {
			b := o.Bounds()
			// A line has no width of its own: it may not run through the letters.
			if r, ok := o.(paper.Rect); ok {
				if edges(r, box, hair, meet) {
					return fmt.Sprintf("%q lies on the edge of %+v", a.(paper.Text).S, o)
				}
				continue
			}
			if meet(box, paper.Box{X: b.X, Y: b.Y - hair, W: b.W + 2*hair, H: b.H + 3*hair}) {
				return fmt.Sprintf("%q lies on %T in %+v\n%+v", a.(paper.Text).S, o, b, a)
			}
		}
	}
	return ""
}

// edges tells whether a text lies on one of the four lines of a box; within it, it may stand.
func edges(r paper.Rect, text paper.Box, hair float64, meet func(a, b paper.Box) bool) bool {
	for _, line := range []paper.Box{{X: r.X, Y: r.Y, W: r.W}, {X: r.X, Y: r.Bottom(), W: r.W}, {X: r.X, Y: r.Y, H: r.H}, {X: r.Right(), Y: r.Y, H: r.H}} {
		if meet(text, paper.Box{X: line.X - hair, Y: line.Y - hair, W: line.W + 3*hair, H: line.H + 3*hair}) {
			return true
		}
	}
	return false
}

var glyphs = map[rune]bool{' ': true}

// hasGlyph asks Clean, which replaces a letter the faces do not have.
func hasGlyph(r rune) bool {
	have, known := glyphs[r]
	if !known {
		have = paper.Clean(string(r)) == string(r) && r >= ' ' && (r == '□' || paper.Clean(string(r)) != "□")
		glyphs[r] = have
	}
	return have
}

// Every form in every set and on every paper, of every course, with everything as long as it may be: a table, so that nothing is
// left to chance. Sets, papers, procedures and requesters take turns.
func TestEveryFormHoldsTheLongestAndTheWorst(t *testing.T) {
	keys, in := drawable(t)
	known := ways(t)
	for _, key := range keys {
		t.Run(key, func(t *testing.T) {
			turn := 0
			seen := map[string]bool{}
			for _, course := range sorted(courses) {
				for _, write := range sorted(pens) {
					choices := known[key][course]
					if len(choices) == 0 {
						continue
					}
					c := choices[turn*7%len(choices)]
					c.child, c.nth, c.papers = turn%3 == 0, turn%4, turn%13
					s := someDossier(courses[course], c, pens[write])
					s.Form, s.Set, s.Paper = key, in[key][turn%len(in[key])], []string{"", dossier.PaperA4}[turn/len(in[key])%2]
					if write == "empty" && Possible(s) != nil {
						continue // it wants what is not there
					}
					turn++
					seen[s.Set+" on "+s.Paper] = true
					if fault, _ := faultsOf(s); fault != "" {
						t.Errorf("%s of %q in %s on %q, written %s, %+v:\n%s", key, course, s.Set, s.Paper, write, c, fault)
					}
				}
			}
			if turn < len(pens)-1 || len(seen) < min(2*len(in[key]), turn) {
				t.Errorf("only %d courses make it possible, in %v: teach courses", turn, seen)
			}
		})
	}
}

// A blank to hand out is as well made as a filled one, and nothing that is handed out for one dossier only can be had blank.
func TestEveryBlankIsDrawnWell(t *testing.T) {
	keys, in := drawable(t)
	for _, key := range keys {
		for _, set := range in[key] {
			for name, write := range pens {
				s := dossier.Sheet{Form: key, Set: set, Settings: madeUpSettings(), Day: dossier.Date{Year: 2026, Month: 11, Day: 23}}
				s.Settings.Units[0].Unit = dossier.Unit{Upper: write(200), Name: write(200), Place: write(60), Phone: write(30), Intake: write(dossier.MaxLine)}
				if !drawings[key].blank {
					if err := Possible(s); dossier.Code(err) != "form.no-blank" {
						t.Errorf("%s is had blank (%v)", key, err)
					}
					continue
				}
				if fault, _ := faultsOf(s); fault != "" {
					t.Errorf("%s blank in %s, written %s: %s", key, set, name, fault)
				}
			}
		}
	}
}

func sorted[T any](m map[string]T) []string {
	var out []string
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

func TestAnySheetThatIsPossibleIsDrawnWell(t *testing.T) {
	keys, in := drawable(t)
	kinds := slices.Concat(dossier.Verbs[2:], []dossier.Kind{dossier.HandedOver, dossier.Forwarded, dossier.Decided, dossier.Rescheduled})
	all := procedures(t)
	drawn := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		course := slices.Clone(courses[rapid.SampledFrom(sorted(courses)).Draw(t, "course")])
		for range rapid.IntRange(0, 6).Draw(t, "more") {
			at := rapid.IntRange(1, len(course)).Draw(t, "where")
			course = slices.Insert(course, at, rapid.SampledFrom(kinds).Draw(t, "kind"))
		}
		write := func(most int) string {
			length := rapid.OneOf(rapid.SampledFrom([]int{20, 1, 0, most, most / 2}), rapid.IntRange(0, most)).Draw(t, "length")
			from := rapid.IntRange(0, 25).Draw(t, "from") // other letters, other widths
			text := []rune(pens[rapid.SampledFrom([]string{"names", "letters", "solid", "hostile"}).Draw(t, "pen")](from + length))
			return string(text[min(from, len(text)):])
		}
		c := choice{procedure: rapid.SampledFrom(all).Draw(t, "procedure"), requester: rapid.SampledFrom(dossier.RequesterKinds).Draw(t, "requester"), approved: rapid.Bool().Draw(t, "approved"),
			child: rapid.Bool().Draw(t, "child"), nth: rapid.IntRange(0, 9).Draw(t, "nth"), papers: rapid.IntRange(0, 12).Draw(t, "papers"),
			stray: rapid.SampledFrom([]dossier.Effect{"", "", dossier.Disputed, dossier.Void}).Draw(t, "stray")}
		s := someDossier(course, c, write)
		s.Paper = rapid.SampledFrom([]string{"", dossier.PaperA4}).Draw(t, "paper")
		first, few := rapid.IntRange(0, len(keys)-1).Draw(t, "first"), 3
		for i := range keys {
			key := keys[(first+i)%len(keys)]
			s.Form, s.Set = key, rapid.SampledFrom(in[key]).Draw(t, "set")
			asksFor(&s)
			if Possible(s) != nil {
				if pdf, err := Render(context.Background(), []dossier.Sheet{s}, nil); err == nil || pdf != nil {
					t.Fatalf("%s is not possible, and is printed", key)
				}
				continue
			}
			if few--; few < 0 {
				continue
			}
			drawn[key]++
			if fault, _ := faultsOf(s); fault != "" {
				t.Fatalf("%s: %s", key, fault)
			}
		}
	})
	if len(drawn) < len(keys)/2 && !t.Failed() { // which ones is for chance to say; TestEveryFormHoldsTheLongestAndTheWorst has all
		t.Errorf("only %v were drawn", drawn)
	}
}

// What another station, a later version or a broken disk may have put into a dossier: a right sheet, or a problem that says what is wrong.
func TestWhatComesFromElsewhereIsDrawnOrRefused(t *testing.T) {
	keys, in := drawable(t)
	all := procedures(t)
	when := []time.Time{{}, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), at(23, 8, 5)}
	numbers := []string{"", "H56.22.17-261123-0001", "-", "☃ \u202e\x00-", strings.Repeat("7", 4000), strings.Repeat("Ữ", 400)}
	bodies := []string{"", "null", "{}", "[]", "7", `{"at":"9999-12-31T23:59:59Z","papers":[{"title":"","originals":-4,"copies":-1}],"due":{"at":"0001-01-01T00:00:00Z"}}`, "{\"why\": \"\u0000\", \"by\": 3}"}
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		fill, longest := pens[rapid.SampledFrom(sorted(pens)).Draw(t, "pen")], rapid.OneOf(rapid.Just(dossier.MaxText), rapid.IntRange(0, 300)).Draw(t, "longest")
		write := func(most int) string { return fill(min(most, longest)) }
		c := choice{procedure: rapid.SampledFrom(all).Draw(t, "procedure"), requester: rapid.SampledFrom(dossier.RequesterKinds).Draw(t, "requester"), approved: true,
			papers: rapid.IntRange(0, 24).Draw(t, "papers"), nth: rapid.SampledFrom([]int{0, 1, -1, 1 << 40}).Draw(t, "nth")}
		s := someDossier(courses[rapid.SampledFrom(sorted(courses)).Draw(t, "course")], c, write)
		set := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) == 0 }
		for i := range s.Dossier.Course {
			step := &s.Dossier.Course[i]
			if set("purged") {
				step.Purged, step.Body = true, nil
			}
			if set("body") {
				step.Body = json.RawMessage(rapid.SampledFrom(bodies).Draw(t, "body text"))
			}
			if set("effect") {
				step.Effect = rapid.SampledFrom([]dossier.Effect{dossier.Waiting, dossier.Held, dossier.Disputed, dossier.Void, dossier.Applied, "later"}).Draw(t, "what")
			}
			if set("kind") {
				step.Kind = rapid.SampledFrom([]dossier.Kind{"of-a-later-version", "", dossier.Decided, dossier.Forwarded, dossier.HandedOver}).Draw(t, "which")
			}
			if set("when") {
				step.Event.At = rapid.SampledFrom(when).Draw(t, "at")
			}
		}
		if set("intake") {
			s.Dossier.Intake.ReceivedAt = rapid.SampledFrom(when).Draw(t, "received")
			s.Dossier.Intake.Due.At = rapid.SampledFrom(when).Draw(t, "due")
			s.Dossier.Intake.OwnDue.At = rapid.SampledFrom(when).Draw(t, "own")
			s.Dossier.Intake.Sets = -3
			s.Dossier.Intake.Requester.Kind = "of a later version"
			for i := range s.Dossier.Intake.Papers {
				s.Dossier.Intake.Papers[i].Originals, s.Dossier.Intake.Papers[i].Copies = -1, 1<<40
			}
		}
		if set("number") {
			s.Dossier.Number = rapid.SampledFrom(numbers).Draw(t, "is")
		}
		switch rapid.IntRange(0, 3).Draw(t, "settings") {
		case 0:
			s.Settings = dossier.Settings{}
		case 1:
			s.Settings.Units = []dossier.UnitTerm{{From: dossier.Date{Year: 9999, Month: 1, Day: 1}, Unit: dossier.Unit{Name: write(300)}}}
		case 2:
			s.Settings.Units, s.Settings.Officers = []dossier.UnitTerm{{Head: write(300), Unit: dossier.Unit{Upper: write(300), Name: write(300), Place: write(300)}}}, []dossier.Officer{{}}
		}
		if set("unit") {
			s.Dossier.Intake.Unit = dossier.Unit{}
		}
		for _, key := range keys {
			s.Form, s.Set = key, rapid.SampledFrom(in[key]).Draw(t, "set")
			s.Layouts = nil
			if set("layout") {
				s.Layouts = []dossier.KeptLayout{{Layout: dossier.Layout{Form: key, Text: json.RawMessage(`{"form":"` + key + `","version":2,"rows":[{"kind":"hologram"}]}`)}}}
			}
			if err := Possible(s); err != nil {
				if dossier.Code(err) == "" {
					t.Fatalf("%s: %v says nothing to an officer", key, err)
				}
				continue
			}
			doc, err := draw(context.Background(), []dossier.Sheet{s}, nil)
			if err != nil {
				if dossier.Code(err) == "" {
					t.Fatalf("%s: %v says nothing to an officer", key, err)
				}
				continue
			}
			drawn++
			for i, marks := range doc.Pages() {
				if fault := faultsOn(marks, printedParts(s)); fault != "" {
					t.Fatalf("%s page %d: %s", key, i+1, fault)
				}
			}
		}
	})
	if drawn == 0 && !t.Failed() {
		t.Error("nothing was drawn")
	}
}

// What another program reads from the PDF is what was drawn, and every byte is the same the second time.
func TestEveryFormIsReadBackLetterByLetter(t *testing.T) {
	keys, in := drawable(t)
	known := ways(t)
	qpdf, _ := exec.LookPath("qpdf")
	for i, key := range keys {
		for n, write := range [][]string{{"letters", "hostile"}, {"names", "letters"}, {"hostile", "names"}}[i%3] {
			s, ok := possibleSheet(known, key, in[key][(i+n)%len(in[key])], pens[write])
			if !ok {
				t.Errorf("no course makes %s possible", key)
				continue
			}
			s.Paper = []string{"", dossier.PaperA4}[n%2]
			pdf, err := Render(t.Context(), []dossier.Sheet{s}, nil)
			if err != nil {
				t.Fatal(key, err)
			}
			if again, err := Render(t.Context(), []dossier.Sheet{s}, nil); err != nil || !bytes.Equal(pdf, again) {
				t.Errorf("%s: the bytes differ (%v)", key, err)
			}
			doc, err := draw(t.Context(), []dossier.Sheet{s}, nil)
			if err != nil {
				t.Fatal(key, err)
			}
			read := pdfText(t, pdf)
			if len(read) != len(doc.Pages()) {
				t.Fatalf("%s: %d pages are read, %d were drawn", key, len(read), len(doc.Pages()))
			}
			for page, marks := range doc.Pages() {
				var meant strings.Builder
				for _, m := range marks {
					switch m := m.(type) {
					case paper.Text:
						meant.WriteString(m.S)
					case paper.Watermark:
						meant.WriteString(m.S)
					}
				}
				if got, want := bag(read[page]), bag(meant.String()); got != want {
					t.Errorf("%s written %s, page %d\nread  %q\nmeant %q", key, write, page+1, got, want)
				}
			}
			if qpdf != "" && n == 0 {
				file := filepath.Join(t.TempDir(), "x.pdf")
				if err := os.WriteFile(file, pdf, 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
					t.Errorf("%s: qpdf: %v\n%s", key, err, out)
				}
			}
		}
	}
}

// possibleSheet is a sheet of the form of the first course that allows it.
func possibleSheet(known map[string]map[string][]choice, key, set string, write pen) (dossier.Sheet, bool) {
	for _, course := range sorted(known[key]) {
		c := known[key][course][0]
		c.papers = 3
		s := someDossier(courses[course], c, write)
		s.Form, s.Set = key, set
		return s, Possible(s) == nil
	}
	return dossier.Sheet{}, false
}

// bag is the letters of a text, sorted, without blanks.
func bag(s string) string {
	out := []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
	slices.Sort(out)
	return string(out)
}

func TestSheetsOfSeveralDossiersAreOneDocument(t *testing.T) {
	sheets := []dossier.Sheet{typical(), short(), agency()}
	var told []int
	pdf, err := Render(t.Context(), sheets, func(n int) { told = append(told, n) })
	if err != nil {
		t.Fatal(err)
	}
	if pages := pdfText(t, pdf); len(pages) != 6 || !strings.Contains(norm.NFC.String(pages[2]), "Trần Thị Thử") {
		t.Errorf("%d pages", len(pages))
	}
	if !slices.Equal(told, []int{1, 2, 3}) {
		t.Errorf("told of %v", told)
	}
	notice, ok := possibleSheet(ways(t), ResultNotice, Police, pens["names"])
	if !ok {
		t.Fatal("there is no form on A4")
	}
	for _, bad := range [][]dossier.Sheet{nil, {typical(), {Form: "nothing"}}, {typical(), notice}} {
		if pdf, err := Render(t.Context(), bad, nil); err == nil || pdf != nil {
			t.Errorf("%d sheets that cannot be one document are printed", len(bad))
		}
	}
}

func TestPrintingEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	pdf, err := Render(ctx, []dossier.Sheet{typical(), typical(), typical()}, func(int) { n++; stop() })
	if err == nil || pdf != nil || n != 1 {
		t.Errorf("%d were drawn after the end (%v)", n, err)
	}
}

// Everybody has typed something too long by accident; it must not hold the desk up.
func TestNoFormTakesLong(t *testing.T) {
	keys, in := drawable(t)
	known := ways(t)
	for _, key := range keys {
		s, ok := possibleSheet(known, key, in[key][0], pens["solid"])
		if !ok {
			continue
		}
		start := time.Now()
		if _, err := Render(t.Context(), []dossier.Sheet{s}, nil); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s took %v", key, took)
		}
	}
}
