package store

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

var sorts = []dossier.Sort{dossier.SortUsual, dossier.SortLatest, dossier.SortOldest, dossier.SortBurns, dossier.SortName}

// law is a list as dossier's words on views and orders have it; rows are in the order in which they came.
func law(rows []dossier.Summary, q dossier.Query) []dossier.Summary {
	var out []dossier.Summary
	for _, r := range rows {
		if r.In(q.View, q.Now) {
			out = append(out, r)
		}
	}
	sort := q.Sort
	if sort == dossier.SortUsual {
		if sort = dossier.SortBurns; q.View == dossier.ViewAll {
			sort = dossier.SortLatest
		}
	}
	switch sort {
	case dossier.SortLatest:
		slices.Reverse(out)
	case dossier.SortBurns:
		slices.SortStableFunc(out, func(a, b dossier.Summary) int {
			if a.Burns.IsZero() || b.Burns.IsZero() {
				return cmp.Compare(b2i(a.Burns.IsZero()), b2i(b.Burns.IsZero()))
			}
			return a.Burns.Compare(b.Burns)
		})
	case dossier.SortName:
		slices.SortStableFunc(out, func(a, b dossier.Summary) int { return strings.Compare(dossier.Fold(a.Name), dossier.Fold(b.Name)) })
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameLists holds every view in every order, searched and not, whole and page by page, against the law.
func sameLists(t interface{ Fatalf(string, ...any) }, s *Store, came []dossier.ID, now time.Time, texts []string, limit int) {
	ctx := context.Background()
	var rows []dossier.Summary
	for _, id := range came {
		row, err := s.Summary(ctx, id)
		if err != nil {
			t.Fatalf("%v", err)
		}
		rows = append(rows, row)
	}
	counts, err := s.Counts(ctx, now)
	if err != nil || len(counts) != len(dossier.Views) {
		t.Fatalf("%v %v", counts, err)
	}
	for _, text := range append(texts, "") {
		found := rows
		if text != "" {
			all, err := s.List(ctx, dossier.Query{Text: text, Limit: len(rows) + 1})
			if err != nil {
				t.Fatalf("%v", err)
			}
			found = slices.DeleteFunc(slices.Clone(rows), func(r dossier.Summary) bool {
				return !slices.ContainsFunc(all, func(f dossier.Summary) bool { return f.ID == r.ID })
			})
		}
		for _, view := range append(slices.Clone(dossier.Views), "unheard-of") {
			for _, sort := range append(sorts, "unheard-of") {
				q := dossier.Query{Text: text, View: view, Sort: sort, Now: now}
				known := q
				if sort == "unheard-of" {
					known.Sort = dossier.SortUsual
				}
				if view == "unheard-of" {
					known.View = dossier.ViewAll
				}
				want := law(found, known)
				n, err := s.Count(ctx, q)
				if err != nil || n != len(want) || text == "" && view != "unheard-of" && counts[view] != n {
					t.Fatalf("%+v: count %d, %d of all views, want %d: %v", q, n, counts[view], len(want), err)
				}
				for q.Offset = 0; q.Offset <= len(want)+1; q.Offset += q.Limit {
					q.Limit = limit
					got, err := s.List(ctx, q)
					part := want[min(q.Offset, len(want)):min(q.Offset+q.Limit, len(want))]
					if err != nil || !slices.EqualFunc(got, part, func(a, b dossier.Summary) bool { return reflect.DeepEqual(a, b) }) {
						t.Fatalf("%+v at %v: %v\ngot  %s\nwant %s", q, now, err, brief(got), brief(part))
					}
				}
			}
		}
	}
}

func brief(rows []dossier.Summary) string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %q %d %v", r.Number, r.Name, r.Status, r.Burns))
	}
	return strings.Join(out, "; ")
}

// Views and orders of the list are what dossier says they are, at any moment, whatever happened.
func TestViewsAreWhatTheLawSays(t *testing.T) {
	midnight := dossier.Date{Year: 2026, Month: 1, Day: 7}.At(0, 0)
	var moments []time.Time
	for _, day := range []int{-1, 0, 1} {
		for _, off := range []time.Duration{0, -1, 1, -time.Millisecond, time.Millisecond, 999_999, 10 * time.Hour, 17*time.Hour + 1500*time.Microsecond} {
			moments = append(moments, midnight.AddDate(0, 0, day).Add(off))
		}
	}
	moment := rapid.SampledFrom(append(moments, time.Time{}))
	names := rapid.SampledFrom([]string{"Lê An", "le an", "LÊ ÂN", "Đỗ Mẫu", "do mau", "Ừ", "An", "", "Lê"})
	verbs := []dossier.Kind{dossier.Forwarded, dossier.Decided, dossier.AskedPapers, dossier.AddedPapers, dossier.Corrected, dossier.Annulled,
		dossier.Withdrawn, dossier.HandedBack, dossier.Performed, dossier.Rescheduled, dossier.Stopped, "unheard-of"}
	rapid.Check(t, func(rt *rapid.T) {
		s, up := enrolled(t)
		defer s.Close()
		ctx := context.Background()
		var came []dossier.ID
		note := func(id dossier.ID) {
			if !slices.Contains(came, id) {
				came = append(came, id)
			}
		}
		next := 1000
		body := func(kind dossier.Kind) any {
			due := dossier.Due{At: moment.Draw(rt, "due")}
			switch kind {
			case dossier.Forwarded:
				return dossier.Forward{To: "Công an tỉnh Mẫu", At: moment.Draw(rt, "at")}
			case dossier.AddedPapers:
				return dossier.AddPapers{Due: due, OwnDue: dossier.Due{At: moment.Draw(rt, "own due")}}
			case dossier.Rescheduled:
				return dossier.Reschedule{Due: due}
			case dossier.Corrected:
				return dossier.Correct{Requester: &dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: names.Draw(rt, "name")}}, Why: "x"}
			case dossier.Decided:
				return dossier.Decision{Approved: true, Document: fmt.Sprint(next)}
			case "unheard-of":
				return 1
			}
			return dossier.NewBody(kind)
		}
		from := func(e dossier.Event) {
			entries, err := up.Append(e)
			must(t, err)
			must(t, s.Extend(ctx, up.Head, up.Signature(), entries))
		}
		for range rapid.IntRange(0, 30).Draw(rt, "steps") {
			next++
			id := storetest.DossierID(next)
			if len(came) > 0 {
				id = rapid.SampledFrom(came).Draw(rt, "dossier")
			}
			switch what := rapid.IntRange(0, 9).Draw(rt, "what"); {
			case what < 4:
				id = storetest.DossierID(next)
				in := dossier.Receive{Procedure: "unlock-account", ReceivedAt: moment.Draw(rt, "received"), Due: dossier.Due{At: moment.Draw(rt, "due")},
					OwnDue: dossier.Due{At: moment.Draw(rt, "own due")}, Requester: dossier.Requester{Kind: dossier.Citizen,
						Person: dossier.Person{Name: names.Draw(rt, "name"), Phone: fmt.Sprint("0999 123 ", next)}}}
				_, err := begin(s, ctx, id, dossier.IntakeSeries, storetest.Day(1), "", func(number string) (dossier.Event, error) {
					in.Number = number
					return storetest.Act(next, id, dossier.Received, in), nil
				})
				must(t, err)
				note(id)
			case what < 8:
				kind := rapid.SampledFrom(verbs[:len(verbs)-1]).Draw(rt, "verb")
				if _, err := perform(s, next, id, kind, body(kind)); err != nil && dossier.Code(err) == "" {
					rt.Fatal(err)
				}
			case what == 8: // of another's knowledge: disputes, what rests on nothing, what nobody has heard of
				kind := rapid.SampledFrom(verbs).Draw(rt, "verb")
				var bases []dossier.EventID
				if d, err := s.Dossier(ctx, id); err == nil && len(d.Course) > 0 {
					bases = []dossier.EventID{rapid.SampledFrom(d.Course).Draw(rt, "base").ID}
				}
				from(storetest.Act(next, id, kind, body(kind), bases...))
				note(id)
			default:
				about := storetest.EventID(next)
				if d, err := s.Dossier(ctx, id); err == nil && len(d.Course) > 0 {
					about = rapid.SampledFrom(d.Course).Draw(rt, "about").ID
				}
				from(storetest.Act(next, dossier.ID{}, dossier.SentBack, dossier.SendBack{Event: about, Why: rapid.SampledFrom([]string{"", "thiếu"}).Draw(rt, "why")}))
			}
		}
		for _, id := range came { // a row is the dossier's summary
			d, err := s.Dossier(ctx, id)
			must(t, err)
			want := d.Summarize()
			want.Burns = want.Burns.Truncate(time.Millisecond)
			got, err := s.Summary(ctx, id)
			must(t, err)
			if got.Open != want.Open || !got.Burns.Equal(want.Burns) || got.Burns.IsZero() != want.Burns.IsZero() || got.Name != want.Name {
				rt.Fatalf("row %+v of %+v", got, want)
			}
		}
		now := moment.Draw(rt, "now")
		texts := []string{"le", "an", "lê an", "0999 123", "mau", fmt.Sprint(1000 + rapid.IntRange(0, 9).Draw(rt, "n")), "xyz"}
		sameLists(rt, s, came, now, texts[rapid.IntRange(0, len(texts)-1).Draw(rt, "text"):][:1], rapid.IntRange(2, 12).Draw(rt, "limit"))
		check, err := s.Verify(ctx)
		if err != nil || len(check.Faults) > 0 {
			rt.Fatalf("%v\n%s", err, strings.Join(check.Faults, "\n"))
		}
	})
}

// The same in a station that has worked for months, whose pages are walked from both ends.
func TestViewsOfAWorkedStationAreWhatTheLawSays(t *testing.T) {
	s := newStore(t, 1)
	const n = 1500
	must(t, storetest.Fill(context.Background(), s, n))
	var came []dossier.ID
	for i := range n {
		came = append(came, storetest.DossierID(i))
	}
	sameLists(t, s, came, storetest.Day(n-1).At(16, 30), []string{"nguyen", "0999", "0007", "mau 0007 nguyen", "tr", "le an"}, 97)
}

// Every view is answered from its index alone, and no page sorts a hundred thousand rows.
func TestListsRestOnTheirIndexes(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	plan := func(query string, args ...any) string {
		var out []string
		must(t, s.read(ctx, "explain", func(l *link) error {
			return l.each("EXPLAIN QUERY PLAN "+query, args, func(scan func(...any) error) error {
				var id, parent, none int
				var says string
				err := scan(&id, &parent, &none, &says)
				out = append(out, says)
				return err
			})
		}))
		return strings.Join(out, "\n")
	}
	now := storetest.Day(3).At(8, 0)
	for _, view := range dossier.Views {
		for _, sort := range sorts {
			for _, text := range []string{"", "nguyen 0912 345"} {
				var runs []run
				must(t, s.read(ctx, "explain", func(l *link) (err error) {
					runs, err = runsOf(l, dossier.Query{View: view, Sort: sort, Text: text, Now: now})
					return err
				}))
				for _, r := range runs {
					for _, back := range []bool{false, r.ends}[:1+b2i(r.ends)] {
						got := plan("SELECT "+r.no+" FROM "+r.rows+" ORDER BY "+order(r.sort, r.no, back)+" LIMIT 50", r.args...)
						what := fmt.Sprintf("%q by %q, %q, from its end %v:\n%s", view, sort, text, back, got)
						little := strings.Contains(r.rows, "dossier_to_do")
						if view != dossier.ViewAll && !little {
							t.Errorf("not from the index of what is to be done: %s", what)
						}
						if little && !strings.Contains(got, "COVERING INDEX dossier_to_do") {
							t.Errorf("looks beside its index: %s", what)
						}
						streams := !little || r.sort == dossier.SortBurns
						if text != "" && r.sort == dossier.SortName && !little {
							streams = false // no search streams in the order of names
						}
						if streams && strings.Contains(got, "TEMP B-TREE") {
							t.Errorf("sorts: %s", what)
						}
					}
				}
			}
		}
	}
}
