package desk_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// sister is another PC of the station, whose journal comes here act by act.
type sister struct {
	*storetest.Sister
	s *station
}

func (s *station) sister() *sister {
	s.t.Helper()
	pc := storetest.NewSister(7)
	s.must(s.store.Adopt(s.t.Context(), pc.Genesis, pc.Owner()))
	return &sister{pc, s}
}

func (pc *sister) did(id dossier.ID, k dossier.Kind, body any, bases ...dossier.EventID) dossier.EventID {
	pc.s.t.Helper()
	b, err := json.Marshal(body)
	pc.s.must(err)
	e := dossier.Event{ID: pc.s.id(), Dossier: id, Kind: k, By: "khac", At: pc.s.now(), Bases: bases, Body: b}
	entries, err := pc.Append(e)
	pc.s.must(err)
	pc.s.must(pc.s.store.Extend(pc.s.t.Context(), pc.Head, pc.Signature(), entries))
	return e.ID
}

// Two PCs did what excludes the other, and the chief said which stands: the one that does not is among the rows of the day and counts nowhere,
// and a day that was signed before reads for ever as it was signed.
func TestActPutAsideIsNotCountedAsDone(t *testing.T) {
	s := openStation(t)
	ctx := t.Context()
	d := s.receive(time.Time{}, false)
	received := d.Heads[0]
	done, err := s.Do(ctx, dossier.Performed, d.ID, &dossier.Perform{Result: "Đã khóa"})
	s.must(err)
	ours := done.Heads[0]
	pc := s.sister()
	theirs := pc.did(d.ID, dossier.Withdrawn, dossier.Reason{Why: "không khóa nữa"}, received)

	day := s.report()
	if r := day.Report; r.Disputed != 1 || !slices.Equal(r.Disputes, []string{d.Number}) || r.Of(dossier.DayDecided) != 1 || len(r.Void) != 0 {
		t.Fatalf("while it is disputed: %+v", r)
	}
	before := s.close()
	s.must(keepAgain(s, d.ID, ours, theirs))
	other := s.receive(time.Time{}, false)
	now, err := s.Do(ctx, dossier.Performed, other.ID, &dossier.Perform{Result: "Đã khóa"})
	s.must(err)
	second := pc.did(other.ID, dossier.Stopped, dossier.Reason{Why: "dừng"}, other.Heads[0])
	pc.did(other.ID, dossier.Resolved, dossier.Resolve{Names: []dossier.EventID{now.Heads[0], second}, Keep: second, Why: "theo ý kiến của Trưởng Công an"}, now.Heads[0], second)

	day = s.report()
	r := day.Report
	if r.Disputed != 0 || r.Of(dossier.DayDecided) != 0 || r.Of(dossier.DayReceived) != 1 || len(r.Void) != 1 || r.Written() != len(day.Rows) || r.Acts() != len(day.Rows)-1 {
		t.Errorf("after it was settled: %+v", r)
	}
	for _, p := range r.Procedures {
		if p.Kinds[dossier.Performed] != 0 {
			t.Errorf("%s counts it: %v", p.Title, p.Kinds)
		}
	}
	for _, row := range day.Rows {
		if row.Void != (row.Kind == dossier.Performed) {
			t.Errorf("%s of %s: void %v", row.Kind, row.Number, row.Void)
		}
	}
	first, err := s.ClosedDay(ctx, before.ID)
	if err != nil || first.Report.Of(dossier.DayDecided) != 1 || slices.ContainsFunc(first.Rows, func(row dossier.DayRow) bool { return row.Void }) {
		t.Errorf("the day signed before it was settled: %v, %+v", err, first.Report)
	}
	c := s.close()
	s.restart()
	if again, err := s.ClosedDay(ctx, c.ID); err != nil || !slices.EqualFunc(again.Rows, day.Rows, func(a, b dossier.DayRow) bool { return a.Event == b.Event && a.Void == b.Void }) {
		t.Errorf("closed and read again: %v", err)
	}
}

// keepAgain settles a dispute for the act of another PC.
func keepAgain(s *station, id dossier.ID, ours, theirs dossier.EventID) error {
	_, err := s.Do(s.t.Context(), dossier.Resolved, id, &dossier.Resolve{Names: []dossier.EventID{ours, theirs}, Keep: theirs, Why: "người dân đã rút"})
	return err
}

// What comes of another PC while the day is looked at puts an act aside: the report that is kept says how it stands then.
func TestDayKeepsWhatWasVoidAsItWasClosed(t *testing.T) {
	s := openStation(t)
	d := s.receive(time.Time{}, false)
	done, err := s.Do(t.Context(), dossier.Performed, d.ID, &dossier.Perform{})
	s.must(err)
	pc := s.sister()
	seen := s.report()
	theirs := pc.did(d.ID, dossier.Withdrawn, dossier.Reason{Why: "rút"}, d.Heads[0])
	pc.did(d.ID, dossier.Resolved, dossier.Resolve{Names: []dossier.EventID{done.Heads[0], theirs}, Keep: theirs, Why: "x"}, done.Heads[0], theirs)
	c, err := s.CloseDay(t.Context(), desk.CloseOrder{Seen: seen.Hash, Checked: "Trưởng Công an Mẫu"})
	s.must(err)
	if day, err := s.ClosedDay(t.Context(), c.ID); err != nil || len(day.Report.Void) != 1 || day.Report.Acts() != 1 {
		t.Errorf("%v, %+v", err, day.Report)
	}
}
