package desk_test

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// audit is all pages of the audit.
func (s *station) audit(f dossier.TrailFilter) (all []dossier.TrailRow) {
	s.t.Helper()
	var last dossier.EventID
	for {
		rows, more, err := s.Audit(s.t.Context(), f, last)
		s.must(err)
		if all = append(all, rows...); !more {
			return all
		}
		last = rows[len(rows)-1].ID
	}
}

func audited(t testing.TB) *station {
	t.Helper()
	s, _ := peopled(t)
	s.Trail = s.store
	s.admit("kiem", dossier.RoleInspector, desk.Confirm{}, "")
	return s
}

func TestASearchByAWholeNumberIsALookUp(t *testing.T) {
	s := audited(t)
	d := s.receive(time.Time{}, false)
	for _, text := range []string{"001099", "mau", "999999999999", "001099 000001", "001099000001", "001099000001"} {
		_, err := s.List(t.Context(), dossier.Query{Text: text})
		s.must(err)
	}
	s.as("kiem")
	rows := s.audit(dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceLookedUp}})
	if len(rows) != 1 {
		t.Fatalf("%d traces", len(rows))
	}
	if up := rows[0].Said().(*dossier.LookUp); up.Number != "001•••••0001" || len(up.Dossiers) != 1 || up.Dossiers[0] != d.ID {
		t.Errorf("%+v", up)
	}
}

func TestLookingAtSomebodyIsInTheAuditAndNoNumberIs(t *testing.T) {
	s := audited(t)
	d := s.receive(time.Time{}, false)
	again := s.asks("Nguyễn Văn Mẫu", "001099000001")
	again.ID = s.id()
	for range 3 { // while it is typed
		if e, err := s.Earlier(t.Context(), again); err != nil || len(e.Visits) != 1 {
			t.Fatalf("%+v %v", e, err)
		}
	}
	_, err := s.Open(t.Context(), d.ID)
	s.must(err)
	number, err := s.Reveal(t.Context(), d.ID, "person.number")
	if err != nil || number != "001099000001" {
		t.Error(number, err)
	}
	_, err = s.Reveal(t.Context(), d.ID, "person.passport")
	s.code(err, "reveal.none")
	s.as("kiem")
	var got []string
	for _, row := range s.audit(dossier.TrailFilter{}) {
		if row.By != "mau" || !row.Own || row.Seq == 0 || strings.Contains(string(row.Body), "001099000001") || strings.Contains(string(row.Body), "0912345678") {
			t.Errorf("%+v", row)
		}
		got = append(got, string(row.Kind)+" "+row.Number)
		if up, ok := row.Said().(*dossier.LookUp); ok && (up.Number != "001•••••0001" || !slices.Equal(up.Dossiers, []dossier.ID{d.ID})) {
			t.Errorf("%+v", up)
		}
	}
	want := []string{"revealed " + d.Number, "opened " + d.Number, "looked-up ", "receive " + d.Number, "station-set ", "user-admitted ", "station-set ", "user-admitted ", "station-set "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if rows := s.audit(dossier.TrailFilter{Dossier: d.ID, Kinds: []dossier.Kind{dossier.TraceOpened}}); len(rows) != 1 {
		t.Errorf("%+v", rows)
	}
	s.as("mau")
	s.admit("thu", dossier.RoleReception, desk.Confirm{}, "")
	s.as("thu")
	_, _, err = s.Audit(t.Context(), dossier.TrailFilter{}, dossier.EventID{})
	s.code(err, "role.not-allowed")
}

func TestTheAuditIsReadPageByPage(t *testing.T) {
	s := audited(t)
	d := s.receive(time.Time{}, false)
	for range desk.AuditPage {
		_, err := s.Open(t.Context(), d.ID)
		s.must(err)
	}
	all := s.audit(dossier.TrailFilter{})
	if len(all) != desk.AuditPage+6 || all[0].Kind != dossier.TraceOpened || all[len(all)-1].Kind != dossier.StationSet {
		t.Errorf("%d rows", len(all))
	}
	rows, more, err := s.Audit(t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceOpened}}, dossier.EventID{})
	if err != nil || more || len(rows) != desk.AuditPage {
		t.Errorf("%d %v %v", len(rows), more, err)
	}
}

// Whoever holds the file can reckon the chain again.
func TestTheAuditLeavesWithItsHashes(t *testing.T) {
	s := audited(t)
	s.receive(time.Time{}, false)
	path := filepath.Join(s.dir, "kiem-tra.csv")
	s.as("kiem")
	n, err := s.ExportAudit(t.Context(), dossier.TrailFilter{}, path)
	s.must(err)
	content, err := os.ReadFile(path)
	s.must(err)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != n+1 || n != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	rows = rows[1:]
	slices.Reverse(rows)
	for i := 1; i < len(rows); i++ {
		var before dossier.Hash
		s.must(before.UnmarshalText([]byte(rows[i-1][7])))
		header, err := hex.DecodeString(rows[i][9])
		s.must(err)
		if got := dossier.NextHash(before, header).String(); got != rows[i][7] || rows[i][6] != fmt.Sprint(i+1) {
			t.Errorf("row %v: %s", rows[i], got)
		}
	}
	if left := s.audit(dossier.TrailFilter{})[0]; left.Kind != dossier.TraceExported || left.Said().(*dossier.Export).Rows != n {
		t.Errorf("%+v", left)
	}
	_, err = s.ExportAudit(t.Context(), dossier.TrailFilter{}, s.dir)
	s.code(err, "print.file")
}

func TestLookingUpManyIsFlagged(t *testing.T) {
	s := audited(t)
	var all []dossier.ID
	for range 60 {
		all = append(all, s.receive(time.Time{}, false).ID)
	}
	today := dossier.DateOf(s.clock)
	look := func(n int, pause time.Duration) {
		t.Helper()
		for _, id := range all[:n] {
			_, err := s.Open(t.Context(), id)
			s.must(err)
			s.later(pause)
		}
	}
	flagged := func(want int) []desk.Burst {
		t.Helper()
		out, err := s.Bursts(t.Context(), today, today)
		s.must(err)
		if len(out) != want {
			t.Errorf("%+v, want %d", out, want)
		}
		return out
	}
	look(50, 0)
	look(50, 0) // the same fifty again
	flagged(0)
	s.later(time.Hour)
	look(60, 12*time.Second) // never more than fifty within ten minutes
	flagged(0)
	s.later(time.Hour)
	look(55, time.Second)
	b := flagged(1)[0]
	if b.By != "mau" || b.Persons != 55 || b.To.Sub(b.From) > 10*time.Minute {
		t.Errorf("%+v", b)
	}
	s.later(time.Hour)
	s.as("kiem")
	look(60, 0)
	if out := flagged(2); out[0].By != "kiem" || out[0].Persons != 60 {
		t.Errorf("%+v", out)
	}
	_, err := s.Bursts(t.Context(), today, today.AddDays(-1))
	s.code(err, "book.range")
}

// pcs is the trail of a station whose two PCs each have somebody who signs in as mau.
type pcs struct{ at time.Time }

func (p pcs) Trail(_ context.Context, _ dossier.TrailFilter, _ dossier.EventID, visit func(dossier.TrailRow) error) error {
	for i := range byte(80) {
		row := dossier.TrailRow{Entry: dossier.Entry{Event: dossier.Event{Dossier: dossier.ID{1, i}, Kind: dossier.TraceOpened, By: "mau", At: p.at}}, Own: i < 30}
		if row.Device = (dossier.DeviceID{1}); !row.Own {
			row.Device, row.Crew = dossier.DeviceID{2}, []dossier.Officer{{ID: "mau", Name: "Lê Văn Thử Hai"}}
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return nil
}

// Thirty looked up by one and fifty by another who has the same sign-in name on another PC: nobody looked up eighty.
func TestTwoOfOneSignInNameAreNotTakenForOne(t *testing.T) {
	s := audited(t)
	s.Desk.Trail = pcs{s.clock}
	today := dossier.DateOf(s.clock)
	if out, err := s.Bursts(t.Context(), today, today); err != nil || len(out) != 0 {
		t.Errorf("%+v %v", out, err)
	}
}

func TestAClockSetBackIsSeenOnce(t *testing.T) {
	s := audited(t)
	s.must(s.ClockMoved(t.Context()))
	was := s.clock
	s.later(-3 * time.Hour)
	s.must(s.SignedIn(t.Context(), dossier.ByPassword, nil))
	s.must(s.ClockMoved(t.Context()))
	rows := s.audit(dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceClockMoved}})
	if len(rows) != 1 {
		t.Fatalf("%+v", rows)
	}
	if m := rows[0].Said().(*dossier.ClockMove); m.Was.Sub(was).Abs() > time.Minute || m.Was.Sub(m.Is) < 2*time.Hour {
		t.Errorf("%+v", m)
	}
	s.must(s.BackedUp(t.Context(), dossier.BackUp{To: "usb", Proved: true}))
	if rows := s.audit(dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceBackedUp}}); len(rows) != 1 || !rows[0].Said().(*dossier.BackUp).Proved {
		t.Errorf("%+v", rows)
	}
}
