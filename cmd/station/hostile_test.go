package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/ui/course"
	dayscreen "tiepnhan/ui/day"
	"tiepnhan/ui/figures"
	"tiepnhan/ui/kit"
	listscreen "tiepnhan/ui/list"
	"tiepnhan/ui/uitest"
	"tiepnhan/ui/waiting"
)

// odd makes bodies that can be read and that no program of ours would write.
type odd struct{ *rand.Rand }

var (
	oddTexts = []string{"", " ", "\n\n\t", "Nguyễn Văn Mẫu", strings.Repeat("Ễ", 900), strings.Repeat("chữ ", 2500), "\u202eabc\u2066", "null", "0", "MAU.01-261120-0001", "MAU-991399-TC00",
		"-1", "9999999999999999999", "lock-account", "lock-eid", "agency", "citizen", "online", "receipt", "a\x00b", "\ufeff", "🚓"}
	oddNumbers = []int{0, 1, -1, 2, 99, 100, 1 << 20, -1 << 31, 1<<31 - 1, 1_000_000_000}
	oddTimes   = []time.Time{{}, time.Unix(0, 0), dossier.Date{Year: 1, Month: 1, Day: 1}.At(0, 0), dossier.Date{Year: 2026, Month: 11, Day: 20}.At(17, 0),
		dossier.Date{Year: 2026, Month: 11, Day: 18}.At(17, 0), dossier.Date{Year: 2027, Month: 2, Day: 28}.At(23, 59), dossier.Date{Year: 9999, Month: 12, Day: 31}.At(23, 59)}
	oddKinds = []dossier.Kind{dossier.AskedPapers, dossier.AddedPapers, dossier.HandedOver, dossier.Forwarded, dossier.Performed, dossier.Decided, dossier.Rescheduled,
		dossier.Notified, dossier.HandedBack, dossier.Withdrawn, dossier.Stopped, dossier.Corrected, dossier.Annulled, dossier.Resolved, dossier.TracePrinted,
		dossier.TracePrintEnd, dossier.Received, dossier.Refused, "của-năm-sau"}
)

func pick[T any](o odd, of []T) T { return of[o.IntN(len(of))] }

func (o odd) fill(v reflect.Value, deep int) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = pick(o, oddTimes)
		return
	case *dossier.Date:
		*x = dossier.DateOf(pick(o, oddTimes))
		return
	case *dossier.Clock:
		*x = dossier.Clock(o.IntN(24 * 60))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(pick(o, oddTexts))
	case reflect.Bool:
		v.SetBool(o.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(pick(o, oddNumbers)))
	case reflect.Uint64:
		v.SetUint(uint64(o.IntN(1 << 30)))
	case reflect.Uint8:
		v.SetUint(uint64(o.IntN(256)))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && o.IntN(4) > 0 {
				o.fill(v.Field(i), deep+1)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			o.fill(v.Index(i), deep+1)
		}
	case reflect.Pointer:
		if o.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			o.fill(v.Elem(), deep+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), o.IntN(4), 4))
		for i := range v.Len() {
			o.fill(v.Index(i), deep+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range o.IntN(3) {
			key, to := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			o.fill(key, deep+1)
			o.fill(to, deep+1)
			v.SetMapIndex(key, to)
		}
	}
}

func (o odd) body(kind dossier.Kind) []byte {
	if o.IntN(8) == 0 {
		return []byte(pick(o, []string{"null", "{}", "[]", `{"due":null,"papers":[null],"requester":null,"names":null}`, `{"why":7}`, `"x"`, ""}))
	}
	body := dossier.NewBody(kind)
	if body == nil {
		return []byte(`{"mới":true}`)
	}
	o.fill(reflect.ValueOf(body).Elem(), 0)
	if in, ok := body.(*dossier.Receive); ok && o.IntN(3) > 0 { // mostly one of a procedure we know
		in.Procedure, in.Level, in.Channel, in.ReceivedAt = "lock-account", dossier.Commune, dossier.AtDesk, dossier.Date{Year: 2026, Month: 11, Day: 18}.At(9, 0)
		in.Requester.Kind = dossier.Agency
	}
	text, err := json.Marshal(body)
	if err != nil || len(text) > dossier.MaxBody {
		return []byte("{}")
	}
	return text
}

func (o odd) id() (id [16]byte) {
	for i := range id {
		id[i] = byte(o.Uint32())
	}
	return id
}

// strangers are the journal of another PC of the station: n dossiers with odd courses, closings, wishes for mending and settings among them.
func (o odd) strangers(n int) []dossier.Event {
	var out []dossier.Event
	add := func(id dossier.ID, kind dossier.Kind, bases ...dossier.EventID) dossier.EventID {
		e := dossier.Event{ID: dossier.EventID(o.id()), Dossier: id, Kind: kind, Bases: bases, By: "lạ", At: pick(o, oddTimes), Body: o.body(kind)}
		out = append(out, e)
		return e.ID
	}
	for range n {
		id := dossier.ID(o.id())
		had := []dossier.EventID{add(id, pick(o, []dossier.Kind{dossier.Received, dossier.Received, dossier.Received, dossier.Refused, dossier.Decided}))}
		for range o.IntN(7) {
			var bases []dossier.EventID
			switch o.IntN(10) {
			case 0: // of nothing
			case 1:
				bases = []dossier.EventID{dossier.EventID(o.id())} // of what never comes
			case 2, 3:
				bases = []dossier.EventID{pick(o, had)}
			default:
				bases = had[len(had)-1:]
			}
			had = append(had, add(id, pick(o, oddKinds), bases...))
		}
		switch o.IntN(6) {
		case 0:
			add(dossier.ID{}, dossier.DayClosed)
		case 1:
			add(dossier.ID{}, dossier.SentBack)
		case 2:
			add(dossier.ID{}, dossier.StationSet)
		case 3:
			add(dossier.ID{}, dossier.DateConfirmed)
		}
	}
	return out
}

// Another PC of the station, or somebody in its place, may write whatever can be signed: what of it can be read is shown, counted and
// printed, or refused with a word, and nothing of it stops this program.
func TestNothingAnotherPCWritesStopsTheDesk(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	ctx := context.Background()
	for seed := range uint64(2) {
		o := odd{rand.New(rand.NewPCG(4, seed))}
		s, err := store.Create(ctx, t.TempDir(), store.Options{NoReserve: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		set := uitest.Station()
		made := uitest.NewStore(&set)
		d, err := uitest.NewDesk(made, &uitest.Line{Store: made}, &uitest.Paper{}, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		d.Store, d.Paper, d.NewID = s, paper{}, func() [16]byte { return o.id() }
		if err := d.SetUp(ctx, set); err != nil {
			t.Fatal(err)
		}
		pc := storetest.NewSister(2)
		events := o.strangers(40)
		entries, err := pc.Append(events...)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Adopt(ctx, pc.Genesis, pc.Owner()); err != nil {
			t.Fatal(err)
		}
		if err := s.Extend(ctx, pc.Head, pc.Signature(), entries); err != nil {
			t.Fatal(err)
		}
		if check, err := s.Verify(ctx); err != nil || len(check.Faults) > 0 {
			t.Fatalf("%+v %v", check, err)
		}
		lookAtAll(t, d)
		showAll(t, d)
	}
}

// lookAtAll asks the desk all there is to ask. Its errors are answers too.
func lookAtAll(t *testing.T, d *desk.Desk) {
	ctx := context.Background()
	rows, err := d.List(ctx, dossier.Query{Limit: 500})
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for _, v := range dossier.Views {
		for _, sort := range []dossier.Sort{dossier.SortUsual, dossier.SortLatest, dossier.SortBurns, dossier.SortName} {
			q := dossier.Query{View: v, Sort: sort, Limit: 500, Now: uitest.Now}
			got, err := d.List(ctx, q)
			n := 0
			for _, row := range rows {
				if row.In(v, uitest.Now) {
					n++
				}
			}
			if err != nil || len(got) != n {
				t.Errorf("%q by %q: %d rows, want %d: %v", v, sort, len(got), n, err)
			}
		}
	}
	disputed, waits := 0, 0
	for _, row := range rows {
		o, err := d.Open(ctx, row.ID)
		if err != nil {
			t.Errorf("%s: %v", row.ID, err)
			continue
		}
		if row.Disputed {
			disputed++
		}
		if o.Dossier.Waiting() {
			waits++
		}
		if _, err := d.FormsOf(ctx, row.ID); err != nil && kit.Problems(err) == nil {
			t.Errorf("%s: %v", row.ID, err)
		}
		in := d.NewIntake()
		in.Requester, in.Subject, in.Procedure = o.Dossier.Intake.Requester, o.Dossier.Intake.Subject, o.Dossier.Intake.Procedure
		if _, err := d.Earlier(ctx, in); err != nil {
			t.Errorf("%s: %v", row.ID, err)
		}
	}
	if disputed == 0 || waits == 0 {
		t.Errorf("%d disputed, %d wait: nothing odd was shown", disputed, waits)
	}
	if _, err := d.DayReport(ctx); err != nil {
		t.Error(err)
	}
	days, err := d.Days(ctx)
	if err != nil || len(days) == 0 {
		t.Fatalf("%d days: %v", len(days), err)
	}
	for _, c := range days {
		if _, err := d.ClosedDay(ctx, c.ID); dossier.Code(err) != "day.elsewhere" {
			t.Errorf("a day of another PC: %v", err)
		}
	}
	from, to := dossier.Date{Year: 2026, Month: 11, Day: 1}, dossier.Date{Year: 2026, Month: 11, Day: 30}
	if _, err := d.Figures(ctx, from, to, nil); err != nil {
		t.Error(err)
	}
	for _, form := range []string{"intake-register", "tracking-register", "figures"} {
		if _, err := d.DrawBook(ctx, desk.BookOrder{Form: form, From: from, To: to}); err != nil && kit.Problems(err) == nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

// showAll shows it all on the screens.
func showAll(t *testing.T, d *desk.Desk) {
	threads := &uitest.Threads{}
	upstream, now := func() string { return "Công an tỉnh Mẫu" }, func() time.Time { return uitest.Now }
	show := func(o fyne.CanvasObject, then func()) {
		w := test.NewTempWindow(t, o)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(1024, 540))
		threads.Run()
		then()
		threads.Run()
		w.Canvas().Capture()
	}
	rows := listscreen.New(listscreen.World{Desk: d, Threads: threads.Kit(), Open: func(dossier.ID) {}, Upstream: upstream, Now: now})
	show(listscreen.NewScreen(rows).Content(), func() {
		for _, v := range dossier.Views {
			rows.Choose(v)
			threads.Run()
		}
	})
	one := course.New(course.World{Desk: d, Threads: threads.Kit(), Preview: func(desk.Order, string) {}, Back: func() {}, Upstream: upstream, Now: now})
	all, err := d.List(context.Background(), dossier.Query{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	show(course.NewScreen(one).Content(), func() {
		for _, row := range all {
			one.Show(row.ID)
			threads.Run()
			for _, k := range oddKinds {
				one.Choose(k)
				one.Keep() // what is not filled in is said, what is shown is kept or refused
				threads.Run()
				one.Close()
				one.Close()
			}
		}
	})
	end := dayscreen.New(dayscreen.World{Desk: d, Threads: threads.Kit(), Open: func(dossier.ID) {}, Now: now})
	show(dayscreen.NewScreen(end).Content(), func() {
		end.Enter()
		threads.Run()
		days, _ := d.Days(context.Background())
		for i := range days {
			end.ShowPast()
			end.Choose(i)
			end.OpenDay(i)
			threads.Run()
		}
	})
	queue := waiting.New(waiting.World{Desk: d, Threads: threads.Kit(), Open: func(dossier.ID) {}, Now: now})
	show(waiting.NewScreen(queue).Content(), func() { queue.Refresh(func() {}) })
	sums := figures.New(figures.World{Desk: d, Threads: threads.Kit(), Now: now})
	show(figures.NewScreen(sums).Content(), func() { sums.Refresh() })
}
