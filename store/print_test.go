package store

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func printing(i int, of dossier.ID, form string) dossier.Event {
	return storetest.Act(i, of, dossier.TracePrinted, dossier.Print{Form: form, Set: "police", To: "Máy in mẫu", Copies: 1})
}

// ended says of printings how they ended.
func ended(i int, phase dossier.JobPhase, prints ...int) dossier.Event {
	end := dossier.PrintEnd{State: dossier.JobState{Phase: phase}}
	for _, p := range prints {
		end.Prints = append(end.Prints, storetest.EventID(p))
	}
	return storetest.Act(i, dossier.ID{}, dossier.TracePrintEnd, end)
}

func wantPrints(t *testing.T, s *Store, id dossier.ID, want map[string]int) {
	t.Helper()
	if got, err := s.Prints(context.Background(), id); err != nil || !maps.Equal(got, want) {
		t.Errorf("printed %v, want %v: %v", got, want, err)
	}
}

func TestARefusedJobIsNoPrinting(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	one, two := storetest.DossierID(1), storetest.DossierID(2)
	wantPrints(t, s, one, map[string]int{})
	must(t, s.Record(ctx, printing(10, one, "receipt"), printing(11, one, "receipt"), printing(12, one, "control"), printing(13, two, "receipt"),
		printing(14, dossier.ID{}, "register")))
	wantPrints(t, s, one, map[string]int{"receipt": 2, "control": 1})
	must(t, s.Record(ctx, ended(20, dossier.JobRefused, 10, 10, 13)))
	wantPrints(t, s, one, map[string]int{"receipt": 1, "control": 1})
	wantPrints(t, s, two, map[string]int{})
	wantPrints(t, s, dossier.ID{}, map[string]int{}) // pages of a register are of no dossier
	must(t, s.Record(ctx, printing(15, two, "receipt")))
	wantPrints(t, s, two, map[string]int{"receipt": 1})
	verified(t, s)
}

func TestOnlyARefusedJobTakesPrintingsBack(t *testing.T) {
	for _, phase := range []dossier.JobPhase{dossier.JobQueued, dossier.JobPrinting, dossier.JobDone, dossier.JobFailed, dossier.JobUnknown, "", "melted"} {
		s := newStore(t, 1)
		must(t, s.Record(context.Background(), printing(10, storetest.DossierID(1), "receipt"), ended(20, phase, 10)))
		wantPrints(t, s, storetest.DossierID(1), map[string]int{"receipt": 1})
		verified(t, s)
	}
}

// What has once been said of a printing stands, whoever says otherwise later and however often.
func TestTheFirstWordOnAPrintingStands(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	id := storetest.DossierID(1)
	must(t, s.Record(ctx, printing(10, id, "receipt"), printing(11, id, "receipt"), printing(12, id, "receipt")))
	must(t, s.Record(ctx, ended(20, dossier.JobDone, 10), ended(21, dossier.JobRefused, 10, 11), ended(22, dossier.JobDone, 11), ended(23, dossier.JobRefused, 11)))
	wantPrints(t, s, id, map[string]int{"receipt": 2})
	// that it waits is not yet a word on how it ended
	must(t, s.Record(ctx, ended(24, dossier.JobPrinting, 12), ended(25, dossier.JobRefused, 12)))
	wantPrints(t, s, id, map[string]int{"receipt": 1})
	verified(t, s)
}

func TestAWordOnNoPrintingChangesNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	d, err := receive(s, 1)
	must(t, err)
	opened := storetest.Act(9, d.ID, dossier.TraceOpened, struct{}{})
	must(t, s.Record(ctx, opened, printing(10, d.ID, "receipt"), ended(19, dossier.JobDone)))
	for i, body := range []any{dossier.PrintEnd{Prints: []dossier.EventID{opened.ID, d.Heads[0], storetest.EventID(19), {}, storetest.EventID(777)},
		State: dossier.JobState{Phase: dossier.JobRefused}}, "x", nil, []int{1}, map[string]any{"prints": "10", "state": 1}} {
		must(t, s.Record(ctx, storetest.Act(20+i, dossier.ID{}, dossier.TracePrintEnd, body)))
	}
	wantPrints(t, s, d.ID, map[string]int{"receipt": 1})
	if got, err := s.Dossier(ctx, d.ID); err != nil || len(got.Course) != 1 {
		t.Errorf("%+v %v", got.Course, err)
	}
	verified(t, s)
}

// Journals of several PCs come in any order; what they amount to is the same.
func TestPrintingsAreTheSameWhicheverJournalCameFirst(t *testing.T) {
	id := storetest.DossierID(1)
	for order := range 6 {
		s := newStore(t, 1)
		journals := make([]func(), 3)
		for i, events := range [][]dossier.Event{
			{printing(10, id, "receipt"), printing(11, id, "receipt"), printing(12, id, "control")},
			{ended(21, dossier.JobRefused, 10, 12), ended(24, dossier.JobDone, 11)},
			{ended(22, dossier.JobDone, 10), ended(23, dossier.JobRefused, 11)},
		} {
			pc := storetest.NewSister(byte(10 + i))
			must(t, s.Adopt(context.Background(), pc.Genesis, pc.Owner()))
			entries, err := pc.Append(events...)
			must(t, err)
			journals[i] = func() { must(t, s.Extend(context.Background(), pc.Head, pc.Signature(), entries)) }
		}
		first := order / 2
		rest := []int{(first + 1) % 3, (first + 2) % 3}
		journals[first]()
		journals[rest[order%2]]()
		journals[rest[1-order%2]]()
		wantPrints(t, s, id, map[string]int{}) // 21 before 22, 23 before 24
		verified(t, s)
	}
}

func TestTracesOfNoDossierAreRecorded(t *testing.T) {
	s := newStore(t, 1)
	before := s.Own().Head.Seq
	var es []dossier.Event
	for i, kind := range []dossier.Kind{dossier.TraceLookedUp, dossier.TraceExported, dossier.TracePrinted, dossier.TracePrintEnd, dossier.TraceSignedIn,
		dossier.TraceOpened, dossier.LayoutKept, dossier.DateConfirmed} {
		es = append(es, storetest.Act(10+i, dossier.ID{}, kind, struct{}{}))
	}
	must(t, s.Record(context.Background(), es...))
	if got := s.Own().Head.Seq - before; got != uint64(len(es)) {
		t.Errorf("%d of %d kept", got, len(es))
	}
	verified(t, s)
}

func TestRecordKeepsAllOrNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	id := storetest.DossierID(1)
	d, err := receive(s, 1)
	must(t, err)
	must(t, s.Record(ctx, printing(10, id, "receipt")))
	before, head := dump(t, s), s.Own().Head
	must(t, s.Record(ctx))
	other := printing(10, id, "control")
	for name, bad := range map[string]dossier.Event{
		"an act":              storetest.Act(30, id, dossier.Withdrawn, dossier.Reason{}),
		"an enrolment":        storetest.Act(30, dossier.ID{}, dossier.Enrolled, struct{}{}),
		"a kind nobody knows": storetest.Act(30, id, "unheard-of", struct{}{}),
		"settings of nothing": storetest.Act(30, dossier.ID{}, dossier.StationSet, "x"),
		"another of that id":  other,
		"no id":               {Kind: dossier.TraceOpened},
		"too large":           {ID: storetest.EventID(30), Kind: dossier.TraceOpened, Body: make([]byte, dossier.MaxBody+1)},
	} {
		if err := s.Record(ctx, printing(20, id, "receipt"), storetest.SettingsEvent(2), bad, printing(21, id, "receipt")); err == nil {
			t.Errorf("%s was kept", name)
		}
		if dump(t, s) != before || s.Own().Head != head {
			t.Fatalf("%s left something behind", name)
		}
	}
	// what was kept by an outcome nobody saw may stand among new ones, first, in the middle or last
	must(t, s.Record(ctx, printing(10, id, "receipt"), printing(11, id, "receipt")))
	must(t, s.Record(ctx, printing(12, id, "receipt"), printing(10, id, "receipt")))
	must(t, s.Record(ctx, printing(12, id, "receipt"), printing(11, id, "receipt")))
	wantPrints(t, s, id, map[string]int{"receipt": 3})
	if got := s.Own().Head.Seq - head.Seq; got != 2 {
		t.Errorf("%d entries for two events", got)
	}
	s = reopen(t, s)
	wantPrints(t, s, d.ID, map[string]int{"receipt": 3})
	verified(t, s)
	look, err := Open(ctx, s.dir, Options{ReadOnly: true})
	must(t, err)
	defer look.Close()
	wantCode(t, look.Record(ctx, printing(40, id, "receipt")), "store.read-only")
	wantPrints(t, look, id, map[string]int{"receipt": 3})
}

func TestAWholeDaysPrintingIsOneTransaction(t *testing.T) {
	s := newStore(t, 1)
	var es []dossier.Event
	var named []int
	for i := range 1000 {
		es = append(es, printing(100+i, storetest.DossierID(i), "receipt"))
		named = append(named, 100+i)
	}
	commits := 0
	whole := s.commit
	s.commit = func(l *link) error { commits++; return whole(l) }
	must(t, s.Record(context.Background(), es...))
	must(t, s.Record(context.Background(), ended(5000, dossier.JobRefused, named...)))
	if commits != 2 {
		t.Errorf("%d transactions", commits)
	}
	for i := range 1000 {
		wantPrints(t, s, storetest.DossierID(i), map[string]int{})
	}
	verified(t, s)
}

func TestLayoutsAreTheKeepersWordsOldestFirst(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	if kept, err := s.Layouts(ctx); len(kept) != 0 || err != nil {
		t.Errorf("%+v %v", kept, err)
	}
	word := func(i int, body any) dossier.Event { return storetest.Act(i, dossier.ID{}, dossier.LayoutKept, body) }
	must(t, s.Record(ctx, word(13, dossier.Layout{Form: "receipt", Text: []byte(`{"a":1}`)}), word(12, "no layout"), word(11, struct{}{}),
		word(10, dossier.Layout{Form: "receipt", Set: "police", Checked: true})))
	theirs, err := up.Append(word(14, dossier.Layout{Form: "receipt", Text: []byte(`{"theirs":1}`)}))
	must(t, err)
	must(t, s.Extend(ctx, up.Head, up.Signature(), theirs))
	must(t, s.Record(ctx, word(15, dossier.Layout{Form: "control"})))
	for range 2 {
		kept, err := s.Layouts(ctx)
		must(t, err)
		var got string
		for _, k := range kept {
			got += fmt.Sprintln(k.Form, k.Set, string(k.Text), k.Checked, k.By, k.At.In(dossier.Hanoi).Format("02/01 15:04"))
		}
		if want := "receipt  {\"a\":1} false mau 05/01 09:00\nreceipt police  true mau 05/01 09:00\ncontrol   false mau 05/01 09:00\n"; got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		verified(t, s)
		must(t, s.Rebuild(ctx))
		s = reopen(t, s)
	}
}

// A store of another form of file is not guessed at.
func TestStoreOfAnOlderProgramIsRefused(t *testing.T) {
	s := newStore(t, 1)
	db := rawly(t, s)
	for version := range oldestVersion {
		_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
		must(t, err)
		must(t, s.Close())
		for _, opts := range []Options{noReserve, {ReadOnly: true}} {
			_, err := Open(context.Background(), s.dir, opts)
			wantCode(t, err, "store.damaged")
		}
	}
}
