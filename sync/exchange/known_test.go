package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// watch is a clock that goes only when told; sisters are served beside.
type watch struct {
	mu sync.Mutex
	at time.Time
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *watch) set(to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = to
}

func (w *watch) goes(d time.Duration) { w.set(w.now().Add(d)) }

// strict counts what is written of sisters, and may be full.
type strict struct {
	exchange.Store
	mu     sync.Mutex
	writes int
	full   error
}

func (s *strict) KeepSecret(ctx context.Context, name string, secret []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full != nil {
		return s.full
	}
	s.writes++
	return s.Store.KeepSecret(ctx, name, secret)
}

// minds lets a PC remember up to when it knows its sisters, by that clock.
func (p *pc) minds(w *watch) *strict {
	s := &strict{Store: p.store}
	p.Known = &exchange.Known{Store: s, Now: w.now}
	return s
}

// says is what a PC knows of its sisters, in one line.
func says(t testing.TB, k *exchange.Known) string {
	t.Helper()
	all, err := k.Sisters(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, s := range all {
		what := "never"
		switch {
		case s.Heard && s.Until.IsZero():
			what = "no hour"
		case s.Heard:
			what = s.Until.In(dossier.Hanoi).Format("02/01 15:04")
		}
		out += fmt.Sprintf("%d %s;", s.Desk, what)
	}
	return out
}

func wantSaid(t testing.TB, k *exchange.Known, want string) {
	t.Helper()
	if got := says(t, k); got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}

// Of two PCs on the station's network each knows when it last had all of the other, whoever called, and also where nothing was new.
func TestEachDeskKnowsUntilWhenItKnowsTheOther(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	one.minds(w)
	two.minds(w)
	wantSaid(t, two.Known, "1 20/11 09:00;") // what came through upstream, until it was written
	h.stop()
	one.receive(1, 2)
	two.receive(11)
	atOne, atTwo := one.serve(), two.serve()
	two.visit(atOne)
	wantSaid(t, two.Known, "1 20/11 10:00;")
	w.goes(42 * time.Minute)
	two.visit(atOne) // nothing is new
	wantSaid(t, two.Known, "1 20/11 10:42;")
	wantSaid(t, one.Known, "2 20/11 10:42;") // she was here
	w.goes(time.Hour)
	one.visit(atTwo)
	wantSaid(t, one.Known, "2 20/11 11:42;")
	wantSaid(t, two.Known, "1 20/11 11:42;")
}

// A sister whose call goes no further than her first word has said where her journal ends, and it is not here.
func TestAHalfMadeExchangeIsNoNews(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	one.minds(w)
	two.minds(w)
	h.stop()
	at := one.serve()
	two.visit(at)
	w.goes(time.Hour)
	two.receive(1)
	two.Wrap = func(rt http.RoundTripper) http.RoundTripper { return noPush{rt} }
	if _, err := (&exchange.Peers{Client: two.Client}).Exchange(context.Background(), at); err == nil {
		t.Fatal("the exchange came to its end")
	}
	if _, err := one.store.Dossier(context.Background(), storetest.DossierID(1)); err == nil {
		t.Fatal("all of it came")
	}
	wantSaid(t, one.Known, "2 20/11 10:00;")
	w.goes(time.Minute)
	if _, err := (&exchange.Peers{Client: two.Client}).Exchange(context.Background(), "127.0.0.1:1"); err == nil {
		t.Fatal("somebody answered")
	}
	wantSaid(t, two.Known, "1 20/11 11:00;") // she had answered where hers ends, and that was here
}

// noPush is a line that is cut whenever something is handed over.
type noPush struct{ http.RoundTripper }

func (n noPush) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == wire.PathPush {
		return nil, errors.New("pulled out")
	}
	return n.RoundTripper.RoundTrip(r)
}

// What comes through upstream is known until its last entry was written, not until it came; an hour that had not come yet by then is never believed.
func TestWhatComesThroughUpstreamIsKnownUntilItWasWritten(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 42, 0, 0, dossier.Hanoi)}
	two.minds(w)
	one.looksUp(1, w.now().Add(-22*time.Minute))
	one.send()
	two.send()
	wantSaid(t, two.Known, "1 20/11 10:20;")
	one.looksUp(2, w.now().Add(3*time.Hour))
	one.send()
	two.send()
	w.goes(5 * time.Hour) // before anybody looks
	wantSaid(t, two.Known, "1 20/11 10:20;")
	two.visit(one.serve())
	wantSaid(t, two.Known, "1 20/11 15:42;")
}

// So it is with what a sister hands over: it is known until she called.
func TestAClockThatIsAheadIsNotBelievedLater(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	one.minds(w)
	h.stop()
	two.looksUp(1, w.now().Add(3*time.Hour))
	two.visit(one.serve())
	w.goes(5 * time.Hour)
	wantSaid(t, one.Known, "2 20/11 10:00;")
}

// looksUp leaves a trace of that hour in a PC's journal.
func (p *pc) looksUp(i int, at time.Time) {
	p.t.Helper()
	e := dossier.Event{ID: storetest.EventID(1<<20 + i), Kind: dossier.TraceLookedUp, By: "mau", At: at, Body: []byte(`{"text":"mẫu"}`)}
	if err := p.store.Record(context.Background(), e); err != nil {
		p.t.Fatal(err)
	}
}

// A beacon proves nothing: whoever answers at its address is not the sister.
func TestABeaconIsNoNews(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	other := newPC(t, "Trạm Khác", 1)
	h.admitPC(other)
	two.minds(w)
	before := says(t, two.Known)
	w.goes(time.Hour)
	_, err := (&exchange.Peers{Client: two.Client}).Exchange(context.Background(), other.serve())
	wantCode(t, err, "lan.stranger")
	if got := says(t, two.Known); got != before {
		t.Errorf("says %q, said %q", got, before)
	}
	two.visit(one.serve())
	wantSaid(t, two.Known, "1 20/11 11:00;")
}

func TestADayOfVisitsIsFewWritesAndARestartForgetsNothing(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 8, 0, 0, 0, dossier.Hanoi)}
	s := two.minds(w)
	h.stop()
	at := one.serve()
	for range 63 {
		two.visit(at)
		w.goes(time.Minute)
	}
	wantSaid(t, two.Known, "1 20/11 09:02;")
	if s.writes > 14 {
		t.Errorf("%d writes in an hour", s.writes)
	}
	crashed := &exchange.Known{Store: two.store, Now: w.now}
	wantSaid(t, crashed, "1 20/11 09:00;")
	if err := two.Known.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	writes := s.writes
	if err := two.Known.Keep(t.Context()); err != nil || s.writes != writes {
		t.Errorf("%v, %d writes of what is kept already", err, s.writes-writes)
	}
	two.close()
	two.open()
	two.Known = &exchange.Known{Store: two.store, Now: w.now}
	wantSaid(t, two.Known, "1 20/11 09:02;")
	w.goes(30 * time.Hour)
	wantSaid(t, two.Known, "1 20/11 09:02;")
}

func TestAFullDiskHoldsUpNoExchange(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	s := two.minds(w)
	s.full = dossier.Invalid("", "store.full")
	h.stop()
	one.receive(1)
	two.visit(one.serve())
	two.knows(1)
	wantSaid(t, two.Known, "1 20/11 10:00;")
	if err := two.Known.Keep(t.Context()); dossier.Code(err) != "store.full" {
		t.Error(err)
	}
}

// The PC's battery is flat: its clock jumps to 2099 and is put right, or to 2009.
func TestAClockThatJumpsTellsNoHourStillToCome(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	right := time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)
	w := &watch{at: right.AddDate(73, 0, 0)}
	two.minds(w)
	h.stop()
	at := one.serve()
	two.visit(at)
	w.set(right)
	wantSaid(t, two.Known, "1 no hour;")
	if err := two.Known.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	two.minds(w) // the program is started again
	wantSaid(t, two.Known, "1 no hour;")
	two.visit(at)
	wantSaid(t, two.Known, "1 20/11 10:00;")
	w.goes(-2 * time.Minute) // a time service
	wantSaid(t, two.Known, "1 20/11 09:58;")
	w.set(right.AddDate(-17, 0, 0))
	two.visit(at)
	w.set(right.Add(time.Hour))
	two.visit(at)
	wantSaid(t, two.Known, "1 20/11 11:00;")
}

func TestRevokedAndReplacedPCsAreNotShown(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, dossier.Hanoi)}
	s := two.minds(w)
	two.visit(one.serve())
	if err := h.up.Revoke(t.Context(), receive.PC{Station: "Trạm Mẫu", Desk: 1}, nil, "hỏng"); err != nil {
		t.Fatal(err)
	}
	two.send()
	wantSaid(t, two.Known, "")
	next := newPC(t, "Trạm Mẫu", 3) // as it calls itself until upstream gives it the desk that is free
	h.admitPC(next)
	two.send()
	wantSaid(t, two.Known, "1 20/11 09:00;") // the new one, by what upstream has of it
	two.visit(next.serve())
	wantSaid(t, two.Known, "1 20/11 10:00;")
	if b, err := two.store.Secret(t.Context(), "sync/known"); err != nil || len(b) > 150 || s.writes == 0 {
		t.Errorf("%s %v", b, err)
	}
}

func TestAPCAloneHasNoSisters(t *testing.T) {
	h := newHouse(t, aDay())
	one := newPC(t, "Trạm Mẫu", 1)
	one.minds(&watch{at: day})
	wantSaid(t, one.Known, "")
	h.admitPC(one)
	one.send()
	wantSaid(t, one.Known, "")
}

// A sister upstream has admitted and who has written nothing that came here was never heard.
func TestASisterNobodyHeardIsSaidSo(t *testing.T) {
	k := &exchange.Known{Store: lonely{newStation(t, 1)}, Now: aDay()}
	wantSaid(t, k, "7 never;")
}

// lonely knows of a sister by upstream's word alone.
type lonely struct{ *station }

func (l lonely) Roster(context.Context) ([]dossier.Admission, error) {
	return []dossier.Admission{{Device: l.Genesis.Device, Desk: 6}, {Device: dossier.DeviceID{9}, Desk: 7}}, nil
}

// A stick says what was known when it was made. One that lay in a drawer over night says yesterday, whenever it is put in.
func TestAStickSaysWhenItWasMade(t *testing.T) {
	d := newDistrict(t, 2)
	d.byLine()
	one, two := d.pcs[0], d.pcs[1]
	w := &watch{at: time.Date(2026, 1, 6, 10, 42, 0, 0, dossier.Hanoi)}
	two.client.Known = &exchange.Known{Store: two.Store, Now: w.now}
	export := func(at time.Time) string {
		dir := t.TempDir()
		_, err := one.client.Export(t.Context(), wire.SystemDisk{}, dir, at, nil)
		d.must(err)
		return dir
	}
	yesterday := time.Date(2026, 1, 5, 17, 0, 0, 0, dossier.Hanoi)
	idle := export(yesterday) // with nothing new on it
	d.works(one, 3)
	worked := export(yesterday.Add(30 * time.Minute))
	ahead := export(yesterday.AddDate(3, 0, 0))
	d.importTo(two, idle)
	wantSaid(t, two.client.Known, "1 05/01 17:00;")
	d.importTo(two, worked)
	wantSaid(t, two.client.Known, "1 05/01 17:30;")
	d.importTo(two, idle) // once more: nothing is forgotten
	wantSaid(t, two.client.Known, "1 05/01 17:30;")
	d.importTo(two, ahead)
	wantSaid(t, two.client.Known, "1 05/01 17:30;")
}

// The stick was made by a PC whose clock is years ahead, as is all that it wrote: something was heard, and no clock tells when.
func TestAStickFromAClockAheadTellsNoHour(t *testing.T) {
	d := newDistrict(t, 2)
	d.byLine()
	one, two := d.pcs[0], d.pcs[1]
	d.at = d.at.AddDate(3, 0, 0)
	d.works(one, 3)
	dir := t.TempDir()
	d.onto(dir, one)
	w := &watch{at: time.Date(2026, 1, 6, 10, 42, 0, 0, dossier.Hanoi)}
	two.client.Known = &exchange.Known{Store: two.Store, Now: w.now}
	d.importTo(two, dir)
	wantSaid(t, two.client.Known, "1 no hour;")
}
