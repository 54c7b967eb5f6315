package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
)

// station is a real desk on a real store; clock, line and paper are made up.
type station struct {
	*desk.Desk
	t     testing.TB
	dir   string
	store *store.Store
	clock time.Time
	ids   uint32
	mu    sync.Mutex
	kept  []dossier.ID
	drawn []dossier.DaySheet
}

func (s *station) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(time.Second)
	return s.clock
}

func (s *station) id() [16]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	return [16]byte{1, byte(s.ids >> 16), byte(s.ids >> 8), byte(s.ids)}
}

func openStation(t testing.TB) *station {
	t.Helper()
	s := &station{t: t, dir: t.TempDir(), clock: time.Date(2026, 11, 20, 7, 30, 0, 0, dossier.Hanoi)}
	catalogue, err := dossier.LoadCatalogue(assets.Catalogue)
	s.must(err)
	calendar, err := dossier.LoadCalendar(assets.Calendar)
	s.must(err)
	s.store, err = store.Create(context.Background(), s.dir, s.options())
	s.must(err)
	t.Cleanup(func() { s.store.Close() })
	s.Desk = &desk.Desk{Store: s.store, Catalogue: catalogue, Calendar: calendar, Papers: filepath.Join(s.dir, "papers"), Paper: &pen{s: s},
		Officer: "mau", Now: s.now, NewID: s.id}
	s.must(s.SetUp(context.Background(), storetest.Settings(1)))
	return s
}

func (s *station) options() store.Options { return store.Options{Now: s.now, NoReserve: true} }

// restart is the program closed and opened again.
func (s *station) restart() {
	s.t.Helper()
	s.must(s.store.Close())
	var err error
	s.store, err = store.Open(context.Background(), s.dir, s.options())
	s.must(err)
	s.Desk.Store = s.store
}

func (s *station) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// receive takes a citizen's request in, or refuses it; at is zero for now.
func (s *station) receive(at time.Time, refuse bool) dossier.Dossier {
	s.t.Helper()
	in := desk.Intake{ID: s.id(), Procedure: "lock-eid", ReceivedAt: at, Papers: []dossier.Paper{{Key: "tk03", Originals: 1}},
		Requester: dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001",
			Born: dossier.Date{Year: 1999, Month: 1, Day: 1}, Sex: "Nam", Address: "Thôn Mẫu, xã Thử"}}}
	var d dossier.Dossier
	var err error
	if refuse {
		d, err = s.Refuse(context.Background(), in, "Không thuộc thẩm quyền.")
	} else {
		d, err = s.Receive(context.Background(), in)
	}
	s.must(err)
	s.kept = append(s.kept, d.ID)
	return d
}

func (s *station) report() dossier.Day {
	s.t.Helper()
	day, err := s.DayReport(context.Background())
	s.must(err)
	return day
}

func (s *station) close() dossier.ClosedDay {
	s.t.Helper()
	c, err := s.CloseDay(context.Background(), desk.CloseOrder{Seen: s.report().Hash, Checked: "Trưởng Công an Mẫu"})
	s.must(err)
	return c
}

// pen keeps what it is asked to draw.
type pen struct {
	desk.Paper
	s *station
}

func (p *pen) Day(_ context.Context, d dossier.DaySheet, to io.Writer) error {
	p.s.drawn = append(p.s.drawn, d)
	b, err := json.Marshal(d.Day)
	if err == nil {
		_, err = to.Write(b)
	}
	return err
}

func TestEveryActIsInOneClosing(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 16))
		s := openStation(t)
		acts, closed := 0, 0
		for range 70 {
			switch r.IntN(10) {
			case 0, 1, 2:
				s.receive(time.Time{}, false)
				acts++
			case 3:
				s.receive(dossier.DateOf(s.clock).AddDays(-1-r.IntN(3)).At(9, 0), false)
				acts++
			case 4:
				s.receive(time.Time{}, true)
				acts++
			case 5, 6:
				if len(s.kept) > 0 {
					verb := []any{dossier.Performed, &dossier.Perform{}, dossier.Annulled, &dossier.Reason{Why: "Nhầm"}, dossier.Notified, &dossier.Notify{To: "Mẫu", How: "điện thoại"},
						dossier.AskedPapers, &dossier.AskPapers{Why: "Thiếu"}}
					n := 2 * r.IntN(4)
					if _, err := s.Do(t.Context(), verb[n].(dossier.Kind), s.kept[r.IntN(len(s.kept))], verb[n+1]); err == nil {
						acts++
					}
				}
			case 7:
				if day := s.report(); len(day.Rows) > 0 {
					s.close()
					closed++
				}
			case 8:
				s.restart()
			case 9:
				right := s.clock
				s.clock = s.clock.Add(-time.Duration(r.IntN(200)) * time.Minute)
				s.must(s.ConfirmDate(t.Context(), dossier.DateOf(right), dossier.Clock(right.Hour()*60+right.Minute()+1)))
			}
		}
		days, err := s.Days(t.Context())
		s.must(err)
		seen, until, nth := map[dossier.EventID]int{}, uint64(0), 0
		for _, c := range slices.Backward(days) {
			day, err := s.ClosedDay(t.Context(), c.ID)
			if err != nil {
				t.Fatalf("seed %d, closing %d: %v", seed, c.Nth, err)
			}
			if nth++; c.Nth != nth || c.From != until || len(day.Rows) != c.Report.Acts() || !c.Report.Whole() {
				t.Fatalf("seed %d: closing %d from %d after %d until %d, %d rows, %+v", seed, c.Nth, c.From, nth-1, until, len(day.Rows), c.Report)
			}
			until = c.Until.Seq
			for _, row := range day.Rows {
				seen[row.Event]++
				if row.Number == "" || row.Name != "Nguyễn Văn Mẫu" || row.Title == "" {
					t.Errorf("seed %d: %+v", seed, row)
				}
			}
		}
		rest := s.report()
		for _, row := range rest.Rows {
			seen[row.Event]++
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("seed %d: %s is in %d reports", seed, id, n)
			}
		}
		if len(seen) != acts || closed != len(days) || !rest.Report.Whole() {
			t.Errorf("seed %d: %d acts, %d in reports; closed %d times, %d kept", seed, acts, len(seen), closed, len(days))
		}
	}
}

func TestWhatComesAfterAClosingIsInTheNextReport(t *testing.T) {
	s := openStation(t)
	first := s.receive(time.Time{}, false)
	c := s.close()
	late := s.receive(dossier.DateOf(s.clock).AddDays(-1).At(16, 0), false) // yesterday's, written down now
	day := s.report()
	if len(day.Rows) != 1 || day.Rows[0].Number != late.Number || dossier.DateOf(day.Rows[0].At) == day.Date || day.Nth != 2 {
		t.Errorf("%+v", day)
	}
	old, err := s.ClosedDay(t.Context(), c.ID)
	s.must(err)
	if len(old.Rows) != 1 || old.Rows[0].Number != first.Number {
		t.Errorf("%+v", old.Rows)
	}
	if got := day.Report.Series[0].String(); got != "MAU-261119-0001 (1 số)" {
		t.Error(got)
	}
	second := s.receive(time.Time{}, false)
	if got := s.report().Report.Series[1].String(); got != second.Number+" (1 số)" || !strings.HasSuffix(second.Number, "0002") {
		t.Error(got)
	}
}

func TestClosingTwiceWithNothingNewIsRefused(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	s.close()
	empty := desk.CloseOrder{Seen: s.report().Hash, Checked: "Trưởng Công an Mẫu"}
	if _, err := s.CloseDay(t.Context(), empty); dossier.Code(err) != "day.nothing" {
		t.Errorf("%v", err)
	}
	s.clock = s.clock.Add(24 * time.Hour) // a day on which nobody came is a day too
	if c, err := s.CloseDay(t.Context(), empty); err != nil || c.Nth != 2 || c.Report.Acts() != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := s.CloseDay(t.Context(), empty); dossier.Code(err) != "day.nothing" {
		t.Errorf("%v", err)
	}
	days, err := s.Days(t.Context())
	if s.must(err); len(days) != 2 {
		t.Errorf("%d closings", len(days))
	}
}

func TestTwoClosingsAtOnceAreOne(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	o := desk.CloseOrder{Seen: s.report().Hash, Checked: "Trưởng Công an Mẫu"}
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[string]int{}
	for range 4 {
		all.Go(func() {
			_, err := s.CloseDay(context.Background(), o)
			mu.Lock()
			defer mu.Unlock()
			codes[dossier.Code(err)]++
		})
	}
	all.Wait()
	if codes[""] != 1 || codes["day.nothing"] != 3 {
		t.Errorf("%v", codes)
	}
}

func TestAnActUnseenIsNotSignedATraceMayCome(t *testing.T) {
	s := openStation(t)
	d := s.receive(time.Time{}, false)
	o := desk.CloseOrder{Seen: s.report().Hash, Checked: "Trưởng Công an Mẫu"}
	s.receive(time.Time{}, false)
	if _, err := s.CloseDay(t.Context(), o); dossier.Code(err) != "day.moved" {
		t.Fatalf("%v", err)
	}
	o.Seen = s.report().Hash
	if _, err := s.Open(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	c, err := s.CloseDay(t.Context(), o)
	if err != nil || c.Until.Seq < 4 {
		t.Errorf("%+v, %v", c.Until, err)
	}
}

func TestTwoNamesStandUnderAClosing(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	seen := s.report().Hash
	for code, o := range map[string]desk.CloseOrder{
		"day.checked-missing": {Seen: seen, Checked: " \u200b"},
		"day.checked-same":    {Seen: seen, Checked: "cán  bộ MẪU"},
		"text.too-long":       {Seen: seen, Checked: strings.Repeat("Ặ", dossier.MaxName+1)},
	} {
		if _, err := s.CloseDay(t.Context(), o); dossier.Code(err) != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	if days, _ := s.Days(t.Context()); len(days) > 0 {
		t.Error("closed all the same")
	}
	c, err := s.CloseDay(t.Context(), desk.CloseOrder{Seen: seen, Closed: " Lê  Thị Thay", Checked: "Cán Bộ Mẫu", Note: "a\r\n\r\n\r\nb"})
	if err != nil || c.Closed != "Lê Thị Thay" || c.Checked != "Cán Bộ Mẫu" || c.Note != "a\n\nb" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestClosedDayIsTheSameForEver(t *testing.T) {
	s := openStation(t)
	d := s.receive(time.Time{}, false)
	c := s.close()
	show := func() []byte {
		drawn, err := s.DrawDay(t.Context(), c.ID)
		s.must(err)
		return drawn.PDF
	}
	first := show()
	changed := d.Intake.Requester
	changed.Person.Name = "Nguyễn Văn Đổi"
	_, err := s.Do(t.Context(), dossier.Corrected, d.ID, &dossier.Correct{Requester: &changed, Why: "Sai tên"})
	s.must(err)
	_, err = s.Do(t.Context(), dossier.Annulled, d.ID, &dossier.Reason{Why: "Nhầm"})
	s.must(err)
	s.clock = s.clock.Add(40 * 24 * time.Hour)
	s.restart()
	if again := show(); !bytes.Equal(first, again) {
		t.Errorf("%s\n%s", first, again)
	}
	if day := s.report(); day.Rows[0].Name != "Nguyễn Văn Mẫu" || day.Rows[0].Kind != dossier.Corrected {
		t.Errorf("%+v", day.Rows)
	}
}

// bent changes one entry on the way.
type bent struct {
	desk.Store
	seq  uint64
	bend func(*dossier.Entry) bool // false: the entry is gone
}

func (b bent) Since(ctx context.Context, from uint64, visit func(uint64, dossier.Entry) error) (dossier.Head, error) {
	return b.Store.Since(ctx, from, func(seq uint64, e dossier.Entry) error {
		if seq == b.seq && !b.bend(&e) {
			return nil
		}
		return visit(seq, e)
	})
}

func TestJournalThatNoLongerGivesWhatWasSignedIsSaidLoudly(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	one := s.close()
	d := s.receive(time.Time{}, false) // seq 4: settings, reception and closing are before
	_, err := s.Open(t.Context(), d.ID)
	s.must(err)
	two := s.close()
	for name, b := range map[string]struct {
		of   dossier.EventID
		seq  uint64
		bend func(*dossier.Entry) bool
	}{
		"another body":      {two.ID, 4, func(e *dossier.Entry) bool { e.Content[0]++; return true }},
		"another officer":   {two.ID, 4, func(e *dossier.Entry) bool { e.By = "khac"; return true }},
		"an act gone":       {two.ID, 4, func(*dossier.Entry) bool { return false }},
		"a trace changed":   {two.ID, 5, func(e *dossier.Entry) bool { e.At = e.At.Add(time.Hour); return true }},
		"a trace gone":      {two.ID, 5, func(*dossier.Entry) bool { return false }},
		"the first closing": {one.ID, 2, func(e *dossier.Entry) bool { e.At = e.At.Add(time.Hour); return true }},
	} {
		s.Desk.Store = bent{s.store, b.seq, b.bend}
		if _, err := s.ClosedDay(t.Context(), b.of); dossier.Code(err) != "day.broken" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.PrintDay(t.Context(), b.of, desk.Where{File: filepath.Join(s.dir, "x.pdf")}); dossier.Code(err) != "day.broken" {
			t.Errorf("%s, printed: %v", name, err)
		}
	}
	s.Desk.Store = bent{s.store, 4, func(e *dossier.Entry) bool { // a purge leaves headers, and with them the closing
		e.Purged, e.Body, e.Salt = true, nil, [16]byte{}
		return true
	}}
	if day, err := s.ClosedDay(t.Context(), two.ID); err != nil || !day.Rows[0].Purged {
		t.Errorf("%v", err)
	}
}

func TestClosingsOfAnotherPCAreShownAndNotMixedIn(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	sister := storetest.NewSister(7)
	s.must(s.store.Adopt(t.Context(), sister.Genesis, sister.Owner()))
	body, err := json.Marshal(dossier.DayClose{Day: dossier.DateOf(s.clock), Nth: 1, Until: dossier.Head{Chain: sister.Genesis.Chain, Seq: 1},
		Report: dossier.DayReport{Kinds: map[dossier.Kind]int{dossier.Received: 5}}, Closed: "A", Checked: "B"})
	s.must(err)
	theirs := dossier.Event{ID: dossier.EventID{9, 9}, Kind: dossier.DayClosed, By: "ban", At: s.clock, Body: body}
	entries, err := sister.Append(storetest.Act(3001, storetest.DossierID(3001), dossier.Received, dossier.Receive{Number: "MAU-261120-3001", ReceivedAt: s.clock}), theirs)
	s.must(err)
	s.must(s.store.Extend(t.Context(), sister.Head, sister.Signature(), entries))
	if day := s.report(); len(day.Rows) != 1 || day.Nth != 1 || !day.Report.Whole() || len(day.Report.Series) != 1 {
		t.Errorf("%+v", day)
	}
	s.close()
	days, err := s.Days(t.Context())
	if s.must(err); len(days) != 2 {
		t.Fatalf("%+v", days)
	}
	day, err := s.ClosedDay(t.Context(), theirs.ID)
	if dossier.Code(err) != "day.elsewhere" || day.Report.Acts() != 5 || day.Closing.Own {
		t.Errorf("%+v, %v", day, err)
	}
	if _, err := s.ClosedDay(t.Context(), dossier.EventID{}); dossier.Code(err) != "day.unknown" {
		t.Errorf("%v", err)
	}
}

// ADR 11: a copy of the PC closed a day before it was put back. Its acts come home, and were signed for already.
func TestWhatAnotherCopySignedForIsNotInTheNextReport(t *testing.T) {
	s, copied := openStation(t), openStation(t)
	for _, x := range []*station{s, copied} {
		s.must(x.store.Close())
	}
	b, err := os.ReadFile(filepath.Join(s.dir, store.FileName))
	s.must(err)
	s.must(os.WriteFile(filepath.Join(copied.dir, store.FileName), b, 0o600))
	copied.ids = 1 << 20
	for _, x := range []*station{s, copied} {
		x.store, err = store.Open(t.Context(), x.dir, x.options())
		s.must(err)
		x.Desk.Store = x.store
	}
	for range 4 {
		copied.receive(time.Time{}, false)
	}
	other := copied.close()
	left := copied.receive(time.Time{}, false)
	at := s.store.Own().Head
	_, err = s.store.Fork(t.Context(), at, dossier.HealedBehind)
	s.must(err)
	theirs := copied.store.Own()
	entries, err := copied.store.Entries(t.Context(), theirs.Chain, at.Seq, 100)
	s.must(err)
	s.must(s.store.Extend(t.Context(), theirs.Head, theirs.Signature, entries))
	entries, err = s.store.Unclaimed(t.Context(), 100)
	s.must(err)
	_, err = s.store.Reclaim(t.Context(), entries)
	s.must(err)

	mine := s.receive(time.Time{}, false)
	for range 2 {
		day := s.report()
		if len(day.Rows) != 2 || day.Rows[0].Dossier != left.ID || day.Rows[1].Dossier != mine.ID || day.Report.Acts() != 2 || day.Report.Signed != 4 || !day.Report.Whole() {
			t.Errorf("%+v", day)
		}
		s.must(s.store.Rebuild(t.Context()))
	}
	closed := s.close()
	day, err := s.ClosedDay(t.Context(), closed.ID)
	if err != nil || len(day.Rows) != 2 || day.Hash != closed.Rows {
		t.Errorf("%+v: %v", day, err)
	}
	if _, err := s.ClosedDay(t.Context(), other.ID); dossier.Code(err) != "day.elsewhere" {
		t.Errorf("%v", err)
	}
	if day := s.report(); len(day.Rows) != 0 {
		t.Errorf("%+v", day)
	}
}

func TestHowThingsStandIsCounted(t *testing.T) {
	s := openStation(t)
	agency := func() dossier.Dossier {
		d, err := s.Receive(t.Context(), desk.Intake{ID: s.id(), Procedure: "lock-account", Papers: []dossier.Paper{{Key: "tk03", Originals: 1}},
			Requester: dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Trần Thị Thử"}, Agency: dossier.Office{
				Name: "Cơ quan điều tra Mẫu", Document: "12/CV", DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 19}, Address: "Số 1 phố Mẫu"}},
			Subject: dossier.Person{Name: "Lê Văn Giả", Number: "001099000002"}, Reason: "phục vụ xác minh"})
		s.must(err)
		return d
	}
	forwarded, asked := agency(), agency()
	agency()
	_, err := s.Do(t.Context(), dossier.Forwarded, forwarded.ID, &dossier.Forward{})
	s.must(err)
	_, err = s.Do(t.Context(), dossier.AskedPapers, asked.ID, &dossier.AskPapers{Why: "Thiếu"})
	s.must(err)
	r := s.report().Report
	if r.Late != 0 || r.OwnLate != 0 || r.DueToday != 0 || r.Asked != 1 || r.Unsent != 5 || r.Receipt != nil {
		t.Errorf("on the day: %+v", r)
	}
	s.clock = time.Date(2026, 11, 23, 8, 0, 0, 0, dossier.Hanoi)
	if r = s.report().Report; r.DueToday != 1 || r.OwnLate != 0 { // our own step ends on Monday
		t.Errorf("on Monday: %+v", r)
	}
	s.clock = time.Date(2026, 11, 25, 8, 0, 0, 0, dossier.Hanoi)
	if r = s.report().Report; r.OwnLate != 1 || r.Late != 0 || r.DueToday != 0 {
		t.Errorf("on Wednesday: %+v", r)
	}
	s.clock = time.Date(2026, 11, 27, 8, 0, 0, 0, dossier.Hanoi)
	if r = s.report().Report; r.OwnLate != 1 || r.Late != 2 {
		t.Errorf("on Friday: %+v", r)
	}
}

func TestClockThatCannotBeRightIsAskedAboutBeforeADayIsClosed(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	s.clock = time.Date(2009, 1, 1, 0, 5, 0, 0, dossier.Hanoi)
	if _, err := s.DayReport(t.Context()); dossier.Code(err) != "clock.wrong" {
		t.Fatalf("%v", err)
	}
	s.must(s.ConfirmDate(t.Context(), dossier.Date{Year: 2026, Month: 11, Day: 21}, 9*60))
	s.receive(time.Time{}, false)
	c := s.close()
	_, err := s.Do(t.Context(), dossier.Notified, s.kept[1], &dossier.Notify{To: "Mẫu", How: "điện thoại"})
	s.must(err)
	if day := s.report(); c.Day.Day != 21 || day.Date.Day != 21 || day.Rows[0].At.In(dossier.Hanoi).Year() != 2026 {
		t.Errorf("closed on %s, then %+v", c.Day, day.Rows)
	}
	if day, err := s.ClosedDay(t.Context(), c.ID); err != nil || day.Rows[1].At.In(dossier.Hanoi).Year() != 2026 {
		t.Errorf("%v", err)
	}
}

func TestReportIsPrintedBeforeAndAfterTheClosing(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	p, err := s.PrintDay(t.Context(), dossier.EventID{}, desk.Where{})
	if s.must(errors.Join(err)); filepath.Base(p.Path) != "chot-ngay-2026-11-20-nhap.pdf" || dossier.Code(p.NoPrint) != "printer.none" {
		t.Errorf("%+v", p)
	}
	if s.drawn[0].Closing != nil {
		t.Error("drawn as closed")
	}
	c := s.close()
	file := filepath.Join(s.dir, "báo cáo.pdf")
	p, err = s.PrintDay(t.Context(), c.ID, desk.Where{File: file})
	s.must(err)
	if _, err := os.Stat(file); err != nil || p.Sheets != 1 || s.drawn[1].Closing.Checked != "Trưởng Công an Mẫu" {
		t.Errorf("%v, %+v", err, p)
	}
	if day := s.report(); len(day.Rows) != 0 || day.Report.Printed != 1 || c.Report.Printed != 1 {
		t.Errorf("%d rows, printed %d, at the closing %d", len(day.Rows), day.Report.Printed, c.Report.Printed)
	}
}

func TestDayClosesWhileAnotherPrints(t *testing.T) {
	s := openStation(t)
	d := s.receive(time.Time{}, false)
	done := make(chan error)
	go func() {
		for range 20 {
			if err := s.store.Record(context.Background(), dossier.Event{ID: s.id(), Dossier: d.ID, Kind: dossier.TracePrinted, By: "mau", At: s.now(), Body: []byte(`{"form":"receipt"}`)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	c := s.close()
	s.must(<-done)
	rest := s.report()
	if day, err := s.ClosedDay(t.Context(), c.ID); err != nil || len(day.Rows) != 1 || c.Report.Printed+rest.Report.Printed != 20 || len(rest.Rows) != 0 {
		t.Errorf("%v: %d + %d printings", err, c.Report.Printed, rest.Report.Printed)
	}
}

func TestFullDiskClosesNothing(t *testing.T) {
	s := openStation(t)
	s.receive(time.Time{}, false)
	s.Desk.Store = refusing{s.store}
	if _, err := s.CloseDay(t.Context(), desk.CloseOrder{Seen: s.report().Hash, Checked: "B"}); dossier.Code(err) != "store.full" {
		t.Errorf("%v", err)
	}
	if day := s.report(); len(day.Rows) != 1 || day.Nth != 1 {
		t.Errorf("%+v", day)
	}
}

type refusing struct{ desk.Store }

func (refusing) Record(context.Context, ...dossier.Event) error {
	return dossier.Invalid("", "store.full")
}

func TestDayOf600DossiersIsClosedAndShownAgain(t *testing.T) {
	s := openStation(t)
	for i := range 600 {
		d := s.receive(time.Time{}, i%20 == 0)
		if i%20 != 0 {
			_, err := s.Do(t.Context(), dossier.Performed, d.ID, &dossier.Perform{Reference: fmt.Sprint("MAU-HT-", i)})
			s.must(err)
		}
	}
	began := time.Now()
	day := s.report()
	t.Logf("the report of %d acts: %v", len(day.Rows), time.Since(began))
	c := s.close()
	body, err := json.Marshal(c.DayClose)
	if s.must(err); len(body) > 4<<10 {
		t.Errorf("the event of a closing is %d bytes", len(body))
	}
	began = time.Now()
	again, err := s.ClosedDay(t.Context(), c.ID)
	s.must(err)
	t.Logf("shown again: %v; the event is %d bytes", time.Since(began), len(body))
	kept, err := json.Marshal(again.Report)
	s.must(err)
	if signed, err := json.Marshal(c.Report); err != nil || string(kept) != string(signed) || !reflect.DeepEqual(again.Rows, day.Rows) || c.Report.Acts() != 1170 {
		t.Error("shown otherwise than it was closed")
	}
}

func TestPapersOfADayAreOfWhatWasReceivedInIt(t *testing.T) {
	s := openStation(t)
	today := dossier.DateOf(s.clock)
	s.receive(time.Time{}, false)
	s.close()
	if ids, from, to := desk.PapersOf(s.report()); len(ids) != 0 || from != today || to != today {
		t.Errorf("%v %s %s", ids, from, to)
	}
	old := s.receive(today.AddDays(-2).At(9, 0), false)
	refused := s.receive(time.Time{}, true)
	_, err := s.Do(t.Context(), dossier.Notified, s.kept[0], &dossier.Notify{To: "Mẫu", How: "điện thoại"})
	s.must(err)
	if ids, from, to := desk.PapersOf(s.report()); !slices.Equal(ids, []dossier.ID{old.ID, refused.ID}) || from != today.AddDays(-2) || to != today {
		t.Errorf("%v %s %s", ids, from, to)
	}
}
