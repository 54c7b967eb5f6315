package exchange_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// pc is a real station's PC: a real file that can be copied, put back and worked on.
type pc struct {
	t     testing.TB
	name  string // of the station
	dir   string
	store *store.Store
	*exchange.Client
}

// day is where the tests' clock stands.
var day = time.Date(2026, 11, 20, 9, 0, 0, 0, dossier.Hanoi)

func options() store.Options {
	return store.Options{NoReserve: true, Now: func() time.Time { return day }}
}

func newPC(t testing.TB, name string, desk int) *pc {
	t.Helper()
	p := &pc{t: t, name: name, dir: t.TempDir()}
	s, err := store.Create(context.Background(), p.dir, options())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Record(context.Background(), storetest.SettingsEvent(desk)); err != nil {
		t.Fatal(err)
	}
	p.over(s)
	t.Cleanup(func() { p.store.Close() })
	return p
}

func (p *pc) over(s *store.Store) {
	p.store, p.Client = s, exchange.New(s)
	p.Idle, p.Whole = 5*time.Second, 20*time.Second
}

// open opens the file again, as after a start of the program.
func (p *pc) open() {
	p.t.Helper()
	s, err := store.Open(context.Background(), p.dir, options())
	if err != nil {
		p.t.Fatal(err)
	}
	p.over(s)
}

func (p *pc) close() {
	p.t.Helper()
	if err := p.store.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// image is a copy of the PC's disk.
func (p *pc) image() string {
	p.t.Helper()
	p.close()
	defer p.open()
	return copyOf(p.t, p.dir)
}

func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// putBack puts an image back on the PC.
func (p *pc) putBack(image string) {
	p.t.Helper()
	p.close()
	if err := os.RemoveAll(p.dir); err != nil {
		p.t.Fatal(err)
	}
	if err := os.CopyFS(p.dir, os.DirFS(image)); err != nil {
		p.t.Fatal(err)
	}
	p.open()
}

// another is a second PC with the same folder.
func (p *pc) another() *pc {
	p.t.Helper()
	q := &pc{t: p.t, name: p.name, dir: p.image()}
	q.open()
	p.t.Cleanup(func() { q.store.Close() })
	return q
}

// receive receives dossier i and hands it over.
func (p *pc) receive(is ...int) {
	p.t.Helper()
	ctx := context.Background()
	for _, i := range is {
		id := storetest.DossierID(i)
		_, err := p.store.Receive(ctx, dossier.Opening{ID: id, Series: dossier.IntakeSeries, Day: storetest.Day(i)}, func(number string) ([]dossier.Event, error) {
			return []dossier.Event{storetest.Reception(i, number)}, nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
		e := storetest.Act(1<<24+i, id, dossier.HandedOver, dossier.HandOver{From: "Cán Bộ Mẫu", To: "Chỉ Huy Mẫu"})
		if _, err := p.store.Act(ctx, id, func(d dossier.Dossier) (dossier.Event, error) {
			e.Bases = d.Heads
			return e, nil
		}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// send sends, and wants no error.
func (p *pc) send() dossier.Sent {
	p.t.Helper()
	sent, err := p.Send(context.Background(), nil)
	if err != nil {
		p.t.Fatalf("send: %v", err)
	}
	return sent
}

func (h *house) admitPC(p *pc) {
	h.t.Helper()
	ticket, err := h.up.Ticket(context.Background(), p.name, 0, h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := p.Enrol(context.Background(), ticket.Text()); err != nil {
		h.t.Fatal(err)
	}
	p.send()
}

// image is a copy of upstream's disk.
func (h *house) image() string {
	h.t.Helper()
	h.stop()
	defer h.start()
	return copyOf(h.t, h.dir)
}

// putBack puts an image back on upstream's machine: it holds what it held then.
func (h *house) putBack(image string) {
	h.t.Helper()
	h.stop()
	if err := os.RemoveAll(h.dir); err != nil {
		h.t.Fatal(err)
	}
	if err := os.CopyFS(h.dir, os.DirFS(image)); err != nil {
		h.t.Fatal(err)
	}
	h.start()
}

func (h *house) decide(p *pc, i int) {
	h.t.Helper()
	_, _, err := h.up.Decide(context.Background(), storetest.DossierID(i).String(),
		dossier.Decision{Approved: true, Document: fmt.Sprintf("%d/TB", i), Date: dossier.DateOf(day)})
	if err != nil {
		h.t.Fatal(err)
	}
}

func healed(sent dossier.Sent) (out []string) {
	for _, h := range sent.Healed {
		out = append(out, h.What)
	}
	return out
}

// settle exchanges until nothing moves, and holds all sides against one another: every chain verifies, what each PC wrote is at upstream and a
// receipt covers it, and every dossier is the same everywhere, with every act once.
func (h *house) settle(dossiers int, pcs ...*pc) {
	h.t.Helper()
	ctx := context.Background()
	for range 2 {
		for _, p := range pcs {
			p.send()
		}
	}
	for i, p := range pcs {
		if sent := p.send(); sent.Pushed != 0 || sent.Pulled != 0 || len(sent.Healed) != 0 {
			h.t.Errorf("PC %d is not quiet: %+v", i, sent)
		}
		q, err := p.store.Queue(ctx)
		if err != nil || q.Acts != 0 || q.Entries != 0 || q.Receipt == nil {
			h.t.Errorf("PC %d: %d acts and %d entries wait, receipt %+v: %v", i, q.Acts, q.Entries, q.Receipt, err)
		}
		check, err := p.store.Verify(ctx)
		if err != nil || len(check.Faults) > 0 {
			h.t.Errorf("PC %d: %v, %v", i, check.Faults, err)
		}
	}
	h.sound()
	rows, err := h.up.List(ctx, receive.Query{Station: pcs[0].name, Limit: 1000})
	if err != nil || len(rows) != dossiers {
		h.t.Errorf("upstream has %d dossiers, want %d: %v", len(rows), dossiers, err)
	}
	for _, row := range rows {
		there, err := h.up.Find(ctx, row.ID.String())
		if err != nil {
			h.t.Fatal(err)
		}
		for i, p := range pcs {
			here, err := p.store.Dossier(ctx, row.ID)
			if err != nil {
				h.t.Errorf("PC %d does not know %s: %v", i, row.Number, err)
				continue
			}
			if here.Status != there.Status || !slices.Equal(here.Heads, there.Heads) || len(here.Course) != len(there.Course) ||
				(here.Decision == nil) != (there.Decision == nil) {
				h.t.Errorf("%s is %v, %d steps at PC %d and %v, %d steps at upstream", row.Number, here.Status, len(here.Course), i, there.Status, len(there.Course))
			}
			var seen []dossier.EventID
			for _, step := range here.Course {
				if slices.Contains(seen, step.ID) {
					h.t.Errorf("%s: event %s twice", row.Number, step.ID)
				}
				seen = append(seen, step.ID)
			}
		}
	}
}

func aDay() func() time.Time { return func() time.Time { return day } }

func TestUpstreamRestoredSilentlyGetsBackWhatItLost(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1, 2, 3)
	p.send()
	image := h.image()
	p.receive(4, 5, 6)
	p.send()
	h.putBack(image)
	p.receive(7)
	sent := p.send()
	if got := healed(sent); !slices.Equal(got, []string{dossier.HealedUpstream}) || sent.Healed[0].Lost == 0 {
		t.Errorf("%+v", sent.Healed)
	}
	h.settle(7, p)
}

func TestDecisionsUpstreamForgotAreHandedBackByThePCsThatHoldThem(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1, 2, 3)
	p.send()
	image := h.image()
	h.decide(p, 1)
	h.decide(p, 2)
	p.send()
	h.putBack(image)
	h.decide(p, 3) // another continuation of its journal
	p.send()
	h.settle(3, p)
	for i := 1; i <= 3; i++ {
		if d, err := h.up.Find(context.Background(), storetest.DossierID(i).String()); err != nil || d.Decision == nil {
			t.Errorf("decision %d: %v", i, err)
		}
	}
}

func TestTwoPCsHandBackAndNeitherUndoesTheOther(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
	h.admitPC(one)
	h.admitPC(two)
	one.receive(1, 2, 3)
	two.receive(11)
	one.send()
	two.send()
	image := h.image()
	h.decide(one, 1)
	one.send()
	h.decide(one, 2)
	two.send()
	h.putBack(image)
	h.decide(one, 3)
	two.send()
	one.send()
	h.settle(4, one, two)
	for i := 1; i <= 3; i++ {
		if d, err := h.up.Find(context.Background(), storetest.DossierID(i).String()); err != nil || d.Decision == nil {
			t.Errorf("decision %d: %v", i, err)
		}
	}
}

// More than an envelope holds of what upstream lost stands in a life of its journal that has ended in another way since, and one PC has heard of it.
// The line goes while that PC takes in what upstream has said again, and upstream is put back once more.
func TestPCKeepsUpstreamsLostWordsUntilItHasHeardThemAgain(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	const n = wire.MaxEntries + 20
	for i := range n {
		p.receive(i + 1)
	}
	p.send()
	image := h.image()
	for i := range n - 1 {
		h.decide(p, i+1)
	}
	p.send()
	for _, broken := range []bool{true, false} {
		h.putBack(image)
		h.decide(p, n)
		if _, err := h.up.Restored(context.Background()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		_, err := p.Send(ctx, func(s dossier.SendStep) {
			if broken && s.Phase == "pull" {
				cancel()
			}
		})
		cancel()
		if broken != (err != nil) {
			t.Errorf("broken %v: %v", broken, err)
		}
		for i := range n - 1 {
			if d, err := p.store.Dossier(context.Background(), storetest.DossierID(i+1)); err != nil || d.Decision == nil {
				t.Fatalf("broken %v: the decision on %d is forgotten: %v", broken, i+1, err)
			}
		}
	}
	h.settle(n, p)
	for i := range n {
		if d, err := h.up.Find(context.Background(), storetest.DossierID(i+1).String()); err != nil || d.Decision == nil {
			t.Fatalf("decision %d: %v", i+1, err)
		}
	}
}

func TestUpstreamRestoredFromBeforeTheEnrolmentKnowsThePCAgain(t *testing.T) {
	h := newHouse(t, aDay())
	h.admitPC(newPC(t, "Trạm Khác", 1))
	image := h.image()
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1, 2)
	p.send()
	h.decide(p, 1)
	p.send()
	h.putBack(image)
	p.receive(3)
	p.send()
	h.settle(3, p)
	if d, err := h.up.Find(context.Background(), storetest.DossierID(1).String()); err != nil || d.Decision == nil {
		t.Errorf("the decision: %v", err)
	}
}

func TestStationRestoredTakesBackItsOwn(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1, 2)
	p.send()
	image := p.image()
	p.receive(3, 4)
	p.send()
	p.putBack(image)
	sent := p.send()
	if got := healed(sent); !slices.Equal(got, []string{dossier.HealedBehind}) {
		t.Errorf("%+v", sent.Healed)
	}
	h.settle(4, p)
}

func TestImagePutBackAndWorkedOnLosesNeitherSide(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1, 2)
	p.send()
	image := p.image()
	p.receive(3, 4)
	p.send()
	p.putBack(image)
	p.receive(5, 6)
	sent := p.send()
	if got := healed(sent); !slices.Equal(got, []string{dossier.HealedForked}) || sent.Healed[0].Taken == 0 {
		t.Errorf("%+v", sent.Healed)
	}
	h.settle(6, p)
	// And once more, from an image of the first life.
	p.putBack(image)
	h.settle(6, p)
}

func TestJournalCutShortIsFilledUp(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	image := p.image() // as good as nothing is in it
	for i := range 130 {
		p.receive(i)
	}
	p.send()
	p.putBack(image)
	p.send()
	h.settle(130, p)
}

func TestTwoLivingCopiesAreFrozenUntilAPersonDecides(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1)
	p.send()
	q := p.another()
	p.receive(2)
	p.send()
	q.receive(3)
	q.send() // this one began a new life
	p.receive(4)
	if _, err := p.Send(ctx, nil); dossier.Code(err) != "line.frozen" {
		t.Fatalf("got %v", err)
	}
	if _, err := q.Send(ctx, nil); dossier.Code(err) != "line.frozen" {
		t.Fatalf("got %v", err)
	}
	q.receive(5) // both keep what they have and go on
	if err := h.up.Thaw(ctx, receive.PC{Station: p.name, Desk: 1}); err != nil {
		t.Fatal(err)
	}
	p.send()
	h.settle(4, p) // what q wrote since stays with q
}

func TestEverythingAtOnce(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2)
	h.admitPC(one)
	h.admitPC(two)
	one.receive(1)
	two.receive(11)
	one.send()
	two.send()
	atUpstream, atOne := h.image(), one.image()
	one.receive(2, 3)
	two.receive(12)
	one.send()
	two.send()
	h.decide(one, 2)
	one.send()
	h.putBack(atUpstream)
	one.putBack(atOne)
	one.receive(4)
	two.receive(13)
	h.settle(7, two, one)
}

// A backup of a life that was given up meanwhile, with entries that never went up, is restored and goes on.
func TestBackupOfALifeThatWasGivenUpIsRestored(t *testing.T) {
	h := newHouse(t, aDay())
	p := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(p)
	p.receive(1)
	early := p.image()
	p.receive(2)
	p.send()
	p.receive(3)
	backup := p.image() // 3 has not gone up
	p.putBack(early)
	p.receive(4)
	p.send() // another life is continued now
	p.putBack(backup)
	if _, err := p.store.Fork(context.Background(), p.store.Own().Head, dossier.HealedRestored); err != nil {
		t.Fatal(err)
	}
	p.receive(5)
	h.settle(5, p)
}
