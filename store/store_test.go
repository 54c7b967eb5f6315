package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

var noReserve = Options{NoReserve: true, Now: func() time.Time { return dossier.Date{Year: 2026, Month: 1, Day: 5}.At(8, 0) }}

// newStore is a store of a made-up station that has been set up as that desk.
func newStore(t testing.TB, desk int) *Store {
	t.Helper()
	s, err := Create(context.Background(), filepath.Join(t.TempDir(), oddName), noReserve)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	must(t, s.Record(context.Background(), storetest.SettingsEvent(desk)))
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive keeps dossier i.
func receive(s *Store, i int) (dossier.Dossier, error) { return receiveOn(s, i, storetest.Day(i)) }

func receiveOn(s *Store, i int, day dossier.Date) (dossier.Dossier, error) {
	return begin(s, context.Background(), storetest.DossierID(i), dossier.IntakeSeries, day, "", func(number string) (dossier.Event, error) {
		return storetest.Reception(i, number), nil
	})
}

// begin opens a dossier with one event.
func begin(s *Store, ctx context.Context, id dossier.ID, series dossier.Series, day dossier.Date, draft string,
	build func(number string) (dossier.Event, error)) (dossier.Dossier, error) {
	return s.Receive(ctx, dossier.Opening{ID: id, Series: series, Day: day, Draft: draft}, func(number string) ([]dossier.Event, error) {
		e, err := build(number)
		return []dossier.Event{e}, err
	})
}

func perform(s *Store, i int, id dossier.ID, kind dossier.Kind, body any) (dossier.Dossier, error) {
	return s.Act(context.Background(), id, func(d dossier.Dossier) (dossier.Event, error) {
		if err := d.Allowed(kind); err != nil {
			return dossier.Event{}, err
		}
		return storetest.Act(i, id, kind, body), nil
	})
}

// verified fails the test where Verify finds a fault.
func verified(t testing.TB, s *Store) dossier.StoreCheck {
	t.Helper()
	check, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(check.Faults) > 0 {
		t.Fatalf("faults:\n%s", strings.Join(check.Faults, "\n"))
	}
	return check
}

func wantCode(t interface{ Errorf(string, ...any) }, err error, code string) {
	if dossier.Code(err) != code {
		t.Errorf("want %s, got %v", code, err)
	}
}

// reopen closes the store and opens it again.
func reopen(t testing.TB, s *Store) *Store {
	t.Helper()
	must(t, s.Close())
	again, err := Open(context.Background(), s.dir, noReserve)
	must(t, err)
	t.Cleanup(func() { again.Close() })
	return again
}

// rawly opens the file behind the store's back.
func rawly(t testing.TB, s *Store) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", address(filepath.Join(s.dir, FileName), "", forWriting))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestReceptionIsThereAfterReopening(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	must(t, s.SaveDraft(ctx, "receive", []byte("{}")))
	must(t, s.SaveDraft(ctx, "other", []byte("x")))
	kept, err := begin(s, ctx, storetest.DossierID(7), dossier.IntakeSeries, storetest.Day(7), "receive",
		func(number string) (dossier.Event, error) { return storetest.Reception(7, number), nil })
	must(t, err)
	if kept.Number != "MAU-260105-0001" || kept.Status != dossier.StatusReceived || len(kept.Heads) != 1 {
		t.Errorf("kept %+v", kept)
	}
	before := s.Own()
	s = reopen(t, s)
	again, err := s.Dossier(ctx, kept.ID)
	must(t, err)
	if fmt.Sprint(again) != fmt.Sprint(kept) {
		t.Errorf("kept\n%+v\nread\n%+v", kept, again)
	}
	if own := s.Own(); own.Head != before.Head || own.Head.Seq != 2 || !own.Head.SignedBy(own.Owner, own.Signature) ||
		!own.Owner.Equal(s.SigningKey().Public()) {
		t.Errorf("own chain %+v, was %+v", own, before)
	}
	if d, err := s.Draft(ctx, "receive"); d != nil || err != nil {
		t.Errorf("its draft is still there: %q %v", d, err)
	}
	if d, err := s.Draft(ctx, "other"); string(d) != "x" || err != nil {
		t.Errorf("another draft is %q %v", d, err)
	}
	if at, err := s.Clock(ctx); err != nil || !at.Latest.Equal(storetest.Reception(7, "").At) {
		t.Errorf("latest %v %v", at, err)
	}
	check := verified(t, s)
	if check.Chains != 1 || check.Entries != 2 || check.Dossiers != 1 {
		t.Errorf("%+v", check)
	}
}

func TestReceivingTwiceKeepsOne(t *testing.T) {
	s := newStore(t, 1)
	first, err := receive(s, 1)
	must(t, err)
	again, err := begin(s, context.Background(), first.ID, dossier.IntakeSeries, storetest.Day(1), "draft",
		func(string) (dossier.Event, error) { t.Error("built again"); return dossier.Event{}, nil })
	must(t, err)
	if again.Number != first.Number || s.Own().Head.Seq != 2 {
		t.Errorf("%s, then %s; seq %d", first.Number, again.Number, s.Own().Head.Seq)
	}
	next, err := receive(s, 2)
	must(t, err)
	if next.Number != "MAU-260105-0002" {
		t.Errorf("next is %s", next.Number)
	}
}

func TestFailedReceptionTakesNoNumberAndLeavesTheDraft(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	must(t, s.SaveDraft(ctx, "receive", []byte("typed")))
	for name, build := range map[string]func(number string) (dossier.Event, error){
		"refused":      func(string) (dossier.Event, error) { return dossier.Event{}, dossier.Invalid("name", "x") },
		"other number": func(string) (dossier.Event, error) { return storetest.Reception(1, "MAU-260105-0009"), nil },
		"no number":    func(string) (dossier.Event, error) { return storetest.Reception(1, ""), nil },
		"not a beginning": func(n string) (dossier.Event, error) {
			e := storetest.Reception(1, n)
			e.Kind = dossier.Withdrawn
			return e, nil
		},
		"no id": func(n string) (dossier.Event, error) {
			e := storetest.Reception(1, n)
			e.ID = dossier.EventID{}
			return e, nil
		},
		"too large": func(n string) (dossier.Event, error) {
			e := storetest.Reception(1, n)
			e.Body = append(e.Body, make([]byte, dossier.MaxBody)...)
			return e, nil
		},
		"garbage": func(n string) (dossier.Event, error) {
			e := storetest.Reception(1, n)
			e.Body = []byte{0xff, 0}
			return e, nil
		},
	} {
		if d, err := begin(s, ctx, storetest.DossierID(1), dossier.IntakeSeries, storetest.Day(1), "receive", build); err == nil {
			t.Errorf("%s: kept as %s", name, d.Number)
		}
	}
	func() {
		defer func() { recover() }()
		begin(s, ctx, storetest.DossierID(1), dossier.IntakeSeries, storetest.Day(1), "receive",
			func(string) (dossier.Event, error) { panic("in the middle") })
	}()
	if body, err := s.Draft(ctx, "receive"); string(body) != "typed" || err != nil {
		t.Errorf("draft %q %v", body, err)
	}
	if n, err := s.Count(ctx, dossier.Query{}); n != 0 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	d, err := receive(s, 1)
	must(t, err)
	if d.Number != "MAU-260105-0001" {
		t.Errorf("first number %s", d.Number)
	}
	verified(t, s)
}

func TestActRestsOnTheHeads(t *testing.T) {
	s := newStore(t, 1)
	received, err := receive(s, 1)
	must(t, err)
	forwarded, err := perform(s, 1001, received.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu", At: received.Intake.ReceivedAt})
	must(t, err)
	last := forwarded.Course[len(forwarded.Course)-1]
	if forwarded.Status != dossier.StatusProcessing || len(last.Bases) != 1 || last.Bases[0] != received.Heads[0] {
		t.Errorf("%v rests on %v, not %v", forwarded.Status, last.Bases, received.Heads)
	}
	row, err := s.Summary(context.Background(), received.ID)
	must(t, err)
	if !row.Forwarded || row.Unsent != 2 || row.Status != dossier.StatusProcessing || !row.ReceivedAt.Equal(received.Intake.ReceivedAt) {
		t.Errorf("%+v", row)
	}
	// the very same act again, after an outcome nobody saw
	_, err = s.Act(context.Background(), received.ID, func(dossier.Dossier) (dossier.Event, error) {
		return storetest.Act(1001, received.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu", At: received.Intake.ReceivedAt}), nil
	})
	must(t, err)
	if s.Own().Head.Seq != 3 {
		t.Errorf("seq %d", s.Own().Head.Seq)
	}
	_, err = s.Act(context.Background(), received.ID, func(dossier.Dossier) (dossier.Event, error) {
		return storetest.Act(1001, received.ID, dossier.Forwarded, dossier.Forward{To: "another"}), nil
	})
	wantCode(t, err, "event.differs")
	_, err = perform(s, 1002, storetest.DossierID(99), dossier.Withdrawn, dossier.Reason{})
	wantCode(t, err, "dossier.unknown")
	_, err = perform(s, 1003, received.ID, dossier.TracePrinted, dossier.Print{})
	if err == nil {
		t.Error("a trace was kept as an act")
	}
	verified(t, s)
}

func TestRecordRefusesWhatIsNeitherTraceNorOfTheStation(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	for _, kind := range []dossier.Kind{dossier.Received, dossier.Annulled, dossier.Enrolled, "unheard-of", ""} {
		if err := s.Record(ctx, storetest.Act(1, storetest.DossierID(1), kind, struct{}{})); err == nil {
			t.Errorf("%q was recorded", kind)
		}
	}
	if err := s.Record(ctx, storetest.Act(2, dossier.ID{}, dossier.StationSet, "not settings")); err == nil {
		t.Error("unreadable settings were recorded")
	}
	print := storetest.Act(3, storetest.DossierID(1), dossier.TracePrinted, dossier.Print{Form: "receipt"})
	for range 3 { // the same trace three times is one
		must(t, s.Record(ctx, print))
	}
	must(t, s.Record(ctx, storetest.Act(4, storetest.DossierID(1), dossier.TracePrinted, dossier.Print{Form: "receipt", Nth: 1})))
	if n, err := s.Prints(ctx, storetest.DossierID(1)); len(n) != 1 || n["receipt"] != 2 || err != nil {
		t.Errorf("%v prints, %v", n, err)
	}
	if n, _ := s.Count(ctx, dossier.Query{}); n != 0 {
		t.Error("a trace made a dossier")
	}
	verified(t, s)
}

func TestSettingsAreTheLatest(t *testing.T) {
	s, err := Create(context.Background(), t.TempDir(), noReserve)
	must(t, err)
	defer s.Close()
	ctx := context.Background()
	if _, ok, err := s.Settings(ctx); ok || err != nil {
		t.Errorf("settings of a new store: %v %v", ok, err)
	}
	_, err = receive(s, 1)
	wantCode(t, err, "store.not-set-up")
	if at, err := s.Clock(ctx); !at.Latest.IsZero() || err != nil {
		t.Errorf("latest of a new store: %v %v", at, err)
	}
	for _, desk := range []int{1, 3, 2} {
		must(t, s.Record(ctx, storetest.SettingsEvent(desk)))
	}
	if got, ok, err := s.Settings(ctx); !ok || err != nil || got.Desk != 2 {
		t.Errorf("%+v %v %v", got, ok, err)
	}
	d, err := receive(s, 1)
	must(t, err)
	if d.Number != "MAU-260105-3001" {
		t.Error(d.Number)
	}
	verified(t, s)
}

// A COMMIT that reports an error may have been kept all the same.
func TestUnknownOutcomeIsFoundOut(t *testing.T) {
	s := newStore(t, 1)
	broken := errors.New("the disk coughed")
	whole := s.commit
	s.commit = func(l *link) error { return errors.Join(whole(l), broken) }
	first, err := receive(s, 1)
	must(t, err)
	s.commit = func(l *link) error { return broken }
	if _, err := receive(s, 2); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	s.commit = whole
	second, err := receive(s, 2)
	must(t, err)
	if first.Number != "MAU-260105-0001" || second.Number != "MAU-260105-0002" || s.Own().Head.Seq != 3 {
		t.Errorf("%s %s %d", first.Number, second.Number, s.Own().Head.Seq)
	}
	verified(t, reopen(t, s))
}

func TestCancelledCallKeepsNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.SaveDraft(ctx, "x", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-s.turn // somebody else is writing
	short, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := s.SaveDraft(short, "x", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	s.turn <- struct{}{}
	// cancelled while it is under way, it ends whole
	ctx, cancel = context.WithCancel(context.Background())
	_, err := begin(s, ctx, storetest.DossierID(1), dossier.IntakeSeries, storetest.Day(1), "", func(n string) (dossier.Event, error) {
		cancel()
		return storetest.Reception(1, n), nil
	})
	must(t, err)
	verified(t, s)
}

func TestDrafts(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	if d, err := s.Draft(ctx, "none"); d != nil || err != nil {
		t.Errorf("%q %v", d, err)
	}
	must(t, s.DropDraft(ctx, "none"))
	for _, body := range []string{"", "một", strings.Repeat("ă", maxDraft/2)} {
		must(t, s.SaveDraft(ctx, "a'; DROP TABLE draft", []byte(body)))
		if d, err := s.Draft(ctx, "a'; DROP TABLE draft"); d == nil || string(d) != body || err != nil {
			t.Errorf("%d bytes, want %d: %v", len(d), len(body), err)
		}
	}
	must(t, s.SaveDraft(ctx, "nil", nil))
	wantCode(t, s.SaveDraft(ctx, "large", make([]byte, maxDraft+1)), "draft.too-large")
	must(t, s.DropDraft(ctx, "a'; DROP TABLE draft"))
	if d, _ := s.Draft(ctx, "a'; DROP TABLE draft"); d != nil {
		t.Errorf("%q", d)
	}
}

func TestSecrets(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	if v, err := s.Secret(ctx, "age"); v != nil || err != nil {
		t.Errorf("%q %v", v, err)
	}
	must(t, s.KeepSecret(ctx, "age", []byte("one")))
	must(t, s.KeepSecret(ctx, "age", []byte("two")))
	s = reopen(t, s)
	if v, err := s.Secret(ctx, "age"); string(v) != "two" || err != nil {
		t.Errorf("%q %v", v, err)
	}
	if s.KeepSecret(ctx, signingKey, make([]byte, ed25519.SeedSize)) == nil {
		t.Error("the signing key was replaced")
	}
	verified(t, s)
}

func TestNewStoreIsNobodyElse(t *testing.T) {
	a, b := newStore(t, 1).Own(), newStore(t, 1).Own()
	if a.Device == b.Device || a.Incarnation == b.Incarnation || a.Owner.Equal(b.Owner) || a.Device.IsZero() {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestCreateLeavesWhatIsThere(t *testing.T) {
	s := newStore(t, 1)
	_, err := Create(context.Background(), s.dir, noReserve)
	wantCode(t, err, "store.exists")
	verified(t, s)
	// one that a crash left half-made is begun again
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, FileName+".new"), []byte("half"), 0o600))
	fresh, err := Create(context.Background(), dir, noReserve)
	must(t, err)
	defer fresh.Close()
	verified(t, fresh)
	names, err := filepath.Glob(filepath.Join(dir, "*.new*"))
	if len(names) > 0 || err != nil {
		t.Error(names, err)
	}
	if info, err := os.Stat(filepath.Join(dir, FileName)); err != nil || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" { // there the folder's rights say it
		t.Error(info.Mode(), err)
	}
}

func TestReadersSeeWholeMomentsWhileOneWrites(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	done := make(chan error, 1)
	const n = 150
	go func() {
		for i := range n {
			if _, err := receive(s, i); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		q, err := s.Queue(ctx)
		must(t, err)
		if q.Acts != len(q.Rows) || q.Entries != q.Acts+1 {
			t.Fatalf("%d acts, %d rows, %d entries", q.Acts, len(q.Rows), q.Entries)
		}
		rows, err := s.List(ctx, dossier.Query{Text: "mau", Limit: 1000})
		must(t, err)
		if len(rows) < q.Acts {
			t.Fatalf("%d found after %d had been received", len(rows), q.Acts)
		}
		select {
		case err := <-done:
			must(t, err)
			verified(t, s)
			return
		default:
		}
	}
}

// A reader that looks for long holds up nobody, and Verify is one.
func TestWritingGoesOnWhileVerifying(t *testing.T) {
	s := newStore(t, 1)
	must(t, storetest.Fill(context.Background(), s, 2000))
	var check dossier.StoreCheck
	done := make(chan error, 1)
	go func() {
		var err error
		check, err = s.Verify(context.Background())
		done <- err
	}()
	written := 0
	for {
		select {
		case err := <-done:
			must(t, err)
			if len(check.Faults) > 0 || written == 0 {
				t.Errorf("%v; %d written meanwhile", check.Faults, written)
			}
			return
		default:
			_, err := receive(s, 10_000+written)
			must(t, err)
			written++
		}
	}
}
