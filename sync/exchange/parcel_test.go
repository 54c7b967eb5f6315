package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// district is an upstream and the PCs of one station, with real files on both sides; between them a line that can be cut, and sticks.
type district struct {
	t      testing.TB
	up     *receive.Upstream
	dir    string // upstream's
	stop   func() // ends serving
	pcs    []*desktop
	sticks []string
	made   int // dossiers
	at     time.Time
}

type desktop struct {
	*store.Store
	client *exchange.Client
	dir    string
}

const stationName = "Công an xã Thử Nghiệm"

func newDistrict(t testing.TB, pcs int) *district {
	t.Helper()
	d := &district{t: t, at: time.Date(2026, 1, 5, 8, 0, 0, 0, dossier.Hanoi)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	d.dir = t.TempDir()
	d.up, err = receive.Create(t.Context(), d.dir, "Công an tỉnh Mẫu", address, d.world())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.up.Serve(ctx, l) }()
	d.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		d.stop()
		if err := d.up.Close(); err != nil {
			t.Error(err)
		}
	})
	for range pcs {
		d.join(true)
	}
	return d
}

func (d *district) world() receive.World {
	return receive.World{Now: d.now, Word: func(code string, _ map[string]string) string { return code }}
}

func (d *district) now() time.Time {
	d.at = d.at.Add(time.Second)
	return d.at
}

func (d *district) fresh() *desktop {
	d.t.Helper()
	dir := d.t.TempDir()
	s, err := store.Create(context.Background(), dir, store.Options{Now: d.now, NoReserve: true})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			d.t.Error(err)
		}
	})
	p := &desktop{Store: s, client: exchange.New(s), dir: dir}
	d.must(s.Record(context.Background(), storetest.SettingsEvent(len(d.pcs)+1)))
	return p
}

func (d *district) ticket() string {
	d.t.Helper()
	t, err := d.up.Ticket(context.Background(), stationName, 0, "")
	if err != nil {
		d.t.Fatal(err)
	}
	return t.Text()
}

func (d *district) join(line bool) *desktop {
	d.t.Helper()
	p := d.fresh()
	d.pcs = append(d.pcs, p)
	if line {
		if _, err := p.client.Enrol(context.Background(), d.ticket()); err != nil {
			d.t.Fatal(err)
		}
	}
	return p
}

func (d *district) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// works writes some events into a PC's journal, a dossier among them.
func (d *district) works(p *desktop, n int) {
	d.t.Helper()
	ctx := context.Background()
	d.made++
	i := d.made
	in := storetest.Receive(i, "")
	_, err := p.Receive(ctx, dossier.Opening{ID: storetest.DossierID(i), Series: dossier.IntakeSeries, Day: storetest.Day(i), National: in.NationalCode},
		func(number string) ([]dossier.Event, error) {
			return []dossier.Event{storetest.Reception(i, number)}, nil
		})
	d.must(err)
	var traces []dossier.Event
	for j := range n {
		traces = append(traces, dossier.Event{ID: storetest.EventID(1<<20 + i*1000 + j), Kind: dossier.TraceLookedUp, By: "mau", At: d.now(), Body: []byte(`{"text":"` + fmt.Sprint(i, j) + `"}`)})
	}
	d.must(p.Record(ctx, traces...))
}

// line is one exchange over the line; what it refuses is for the caller.
func (d *district) line(p *desktop) error {
	_, err := p.client.Send(context.Background(), nil)
	return err
}

// export puts what a PC has for others on a fresh stick.
func (d *district) export(p *desktop) string {
	d.t.Helper()
	dir := d.t.TempDir()
	out, err := p.client.Export(context.Background(), wire.SystemDisk{}, dir, d.now(), nil)
	d.must(err)
	if len(out.Parcels) == 0 || out.Parcels[0].To != d.up.Name {
		d.t.Fatalf("exported %+v", out)
	}
	d.sticks = append(d.sticks, dir)
	return dir
}

func (d *district) exportUp() string {
	d.t.Helper()
	dir := d.t.TempDir()
	_, err := d.up.Export(context.Background(), wire.SystemDisk{}, dir, stationName, nil)
	d.must(err)
	d.sticks = append(d.sticks, dir)
	return dir
}

func (d *district) importTo(p *desktop, dir string) dossier.Imported {
	d.t.Helper()
	in, err := p.client.Import(context.Background(), dir, nil)
	d.must(err)
	return in
}

func (d *district) importUp(dir string) dossier.Imported {
	d.t.Helper()
	in, err := d.up.Import(context.Background(), dir, nil)
	d.must(err)
	return in
}

// bySticks carries everything by sticks alone, as often as it takes.
func (d *district) bySticks() {
	d.t.Helper()
	for range 3 {
		for _, p := range d.pcs {
			d.importUp(d.export(p))
		}
		home := d.exportUp()
		for _, p := range d.pcs {
			d.importTo(p, home)
		}
	}
}

func (d *district) byLine() {
	d.t.Helper()
	for range 2 {
		for i, p := range d.pcs {
			if err := d.line(p); err != nil {
				d.t.Fatalf("PC %d: %v", i+1, err)
			}
		}
	}
}

// state is what everybody holds, in words: the same words are the same state.
func (d *district) state() string {
	d.t.Helper()
	ctx := context.Background()
	var b strings.Builder
	want := map[dossier.Chain]dossier.Head{}
	for i, p := range d.pcs {
		own := p.Own()
		if own.Receipt == nil || own.Receipt.Head != own.Head {
			d.t.Fatalf("PC %d: the receipt is %+v, the head %v", i+1, own.Receipt, own.Head)
		}
		want[own.Chain] = own.Head
	}
	for i, p := range d.pcs {
		chains, err := p.Chains(ctx)
		d.must(err)
		for _, c := range chains {
			if head, ok := want[c.Chain]; ok && head != c.Head {
				d.t.Fatalf("PC %d holds %v, its owner %v", i+1, c.Head, head)
			} else if !ok {
				want[c.Chain] = c.Head // upstream's: all hold the same
			}
		}
		check, err := p.Verify(ctx)
		d.must(err)
		if len(check.Faults) > 0 {
			d.t.Fatalf("PC %d: %v", i+1, check.Faults)
		}
		rows, err := p.List(ctx, dossier.Query{Now: d.at, Limit: 1000})
		d.must(err)
		var seen []string
		for _, row := range rows {
			seen = append(seen, fmt.Sprint(row.Number, " ", row.Status))
		}
		slices.Sort(seen)
		if all := strings.Join(seen, "\n"); i == 0 {
			b.WriteString(all)
		} else if all != b.String() {
			d.t.Fatalf("PC %d shows\n%s\nand the first one\n%s", i+1, all, b.String())
		}
	}
	check, err := d.up.Verify(ctx)
	d.must(err)
	if len(check.Faults) > 0 {
		d.t.Fatalf("upstream: %v", check.Faults)
	}
	return b.String()
}

// Any mix of stick and line, in any order, with parcels lost, repeated, late and cut, ends as a clean run of the line does (I7).
func TestAnyMixOfStickAndLineEndsInTheSameState(t *testing.T) {
	runs := uint64(10)
	if testing.Short() {
		runs = 4
	}
	for seed := range runs {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 5))
			d := newDistrict(t, 2+r.IntN(2))
			putBack, images := func() {}, 1+2*(seed%2) // in every other run a disk image is put back, once
			for range 14 + r.IntN(10) {
				p := d.pcs[r.IntN(len(d.pcs))]
				switch r.IntN(9) {
				case 0, 1:
					d.works(p, r.IntN(5))
				case 2:
					if err := d.line(p); err != nil {
						t.Fatal(err)
					}
				case 3:
					d.export(p)
				case 4:
					d.exportUp()
				case 5, 6:
					if len(d.sticks) == 0 {
						continue
					}
					dir := d.sticks[r.IntN(len(d.sticks))]
					if r.IntN(3) == 0 {
						dir = harmed(t, r, dir)
					}
					if r.IntN(2) == 0 {
						d.importUp(dir)
					} else {
						d.importTo(p, dir)
					}
				case 8:
					if images == 1 {
						putBack = d.copied(d.pcs[0])
					} else if images == 2 {
						putBack()
					}
					images++
				case 7:
					if n := d.made; n > 0 {
						_, _, err := d.up.Decide(t.Context(), storetest.DossierID(1+r.IntN(n)).String(), dossier.Decision{Approved: true, Document: fmt.Sprint(r.IntN(3), "/QĐ"), Date: storetest.Day(0)})
						if code := dossier.Code(err); err != nil && code != "upstream.no-dossier" && code != "decision.known" {
							t.Logf("decide: %v", err)
						}
					}
				}
			}
			if r.IntN(2) == 0 {
				d.bySticks()
			} else {
				d.byLine()
			}
			state := d.state()
			d.byLine()
			if again := d.state(); again != state {
				t.Errorf("the line changes what sticks left:\n%s\n%s", state, again)
			}
		})
	}
}

// harmed is a copy of a stick on which something has happened to one file.
func harmed(t testing.TB, r *rand.Rand, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	var files []string
	err := filepath.WalkDir(to, func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	name := files[r.IntN(len(files))]
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	// Cut at the start, within a signature, at its end, within the header, within what is sealed, before the last byte; or not cut.
	cut := []int{0, 1, 63, 64, 65, 200, 379, 380, 444, len(b) / 2, len(b) - 1}
	switch how := r.IntN(len(cut) + 3); {
	case how < len(cut):
		err = os.WriteFile(name, b[:min(cut[how], len(b))], 0o600)
	case how == len(cut):
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		err = os.WriteFile(name, b, 0o600)
	case how == len(cut)+1:
		err = os.Remove(name)
	default:
		err = os.Rename(filepath.Dir(name), filepath.Join(to, "đổi tên"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// What is on a stick is not sent: only the receipt that comes home makes it that (I3).
func TestExportedIsNotSent(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 3)
	stick := d.export(p)
	queue, err := p.Queue(t.Context())
	d.must(err)
	if own := p.Own(); own.Receipt != nil || queue.Acts != 1 {
		t.Fatalf("after export: receipt %+v, %d acts wait", own.Receipt, queue.Acts)
	}
	if in := d.importUp(stick); in.Taken != int(p.Own().Head.Seq) || in.Parcels[0].Problem != nil {
		t.Fatalf("upstream took %+v", in)
	}
	if p.Own().Receipt != nil {
		t.Fatal("sent before the receipt came")
	}
	in := d.importTo(p, d.exportUp())
	queue, err = p.Queue(t.Context())
	d.must(err)
	if own := p.Own(); in.Receipts != 1 || own.Receipt == nil || own.Receipt.Head != own.Head || queue.Acts != 0 {
		t.Fatalf("after the receipt came home: %+v, %+v", in, own.Receipt)
	}
}

func TestSameParcelTwiceIsNoNews(t *testing.T) {
	d := newDistrict(t, 2)
	d.works(d.pcs[0], 120)
	stick := d.export(d.pcs[0])
	first := d.importUp(stick)
	again := d.importUp(stick)
	if first.Taken == 0 || again.Taken != 0 || again.Parcels[0].Problem != nil {
		t.Errorf("upstream: %+v, then %+v", first, again)
	}
	home := d.exportUp()
	one, two := d.importTo(d.pcs[1], home), d.importTo(d.pcs[1], home)
	if one.Taken == 0 || two.Taken != 0 || two.Receipts != 0 {
		t.Errorf("PC: %+v, then %+v", one, two)
	}
}

// The second export carries what the first receipt left, and a PC without a network gets its sister's work by her stick alone.
func TestStickCarriesOnlyWhatIsLacking(t *testing.T) {
	d := newDistrict(t, 2)
	d.byLine() // both know of each other
	a, b := d.pcs[0], d.pcs[1]
	d.works(a, 150)
	stick := d.export(a)
	if in := d.importTo(b, stick); in.Taken != 151 {
		t.Fatalf("desk 2 took %+v", in)
	}
	d.importUp(stick)
	d.importTo(a, d.exportUp())
	d.importTo(a, d.export(b)) // she says what she has
	d.works(a, 0)
	out, err := a.client.Export(t.Context(), wire.SystemDisk{}, t.TempDir(), d.now(), nil)
	d.must(err)
	if len(out.Parcels) != 2 || out.Parcels[0].Entries() != 1 || out.Parcels[1].Entries() != 1 {
		for _, p := range out.Parcels {
			t.Errorf("to %s: %+v", p.To, p.Journals)
		}
	}
}

func TestLaterParcelFoundFirstIsTakenInAllTheSame(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 120)
	one := d.export(p)
	d.importUp(one)
	d.importTo(p, d.exportUp())
	d.works(p, 30)
	two := d.export(p)
	other := newDistrict(t, 0) // a stranger's upstream takes none of it
	if in := other.importUp(two); len(in.Parcels) != 1 || dossier.Code(in.Parcels[0].Problem) != "parcel.foreign" {
		t.Fatalf("a stranger's upstream: %+v", in)
	}
	if in := d.importUp(two); in.Taken != 31 {
		t.Fatalf("the later one: %+v", in)
	}
}

// A stick pulled out in the middle says how far it came; what was taken stays, and repeating ends right.
func TestPulledStickOnlyMeansRepeating(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 450)
	stick := d.export(p)
	away := filepath.Join(t.TempDir(), "away")
	in, err := d.up.Import(t.Context(), stick, func(s dossier.SendStep) {
		if s.Done == 2 {
			d.must(os.Rename(filepath.Join(stick, "TIEPNHAN"), away))
		}
	})
	d.must(err)
	if dossier.Code(in.Parcels[0].Problem) != "parcel.file-missing" || in.Parcels[0].Done != 2 || in.Taken != 200 {
		t.Fatalf("pulled out: %+v", in)
	}
	d.must(os.Rename(away, filepath.Join(stick, "TIEPNHAN")))
	if in := d.importUp(stick); in.Parcels[0].Problem != nil || in.Taken != int(p.Own().Head.Seq)-200 {
		t.Fatalf("again: %+v", in)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.up.Import(ctx, stick, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// rebuilt is the parcel of a stick with other files, or another index, under its maker's own signature.
func rebuilt(t testing.TB, dir string, key ed25519.PrivateKey) string {
	t.Helper()
	found, err := wire.FindParcels(t.Context(), dir)
	if err != nil || len(found) != 1 {
		t.Fatal(err, found)
	}
	p := found[0].Parcel
	to := filepath.Join(t.TempDir(), "TIEPNHAN")
	if err := os.CopyFS(to, os.DirFS(filepath.Join(dir, found[0].Folder))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, "index.tnp"), p.Sign(key), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestParcelOfAStrangerIsRefusedInWords(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 3)
	stick := d.export(p)
	_, stranger, err := ed25519.GenerateKey(nil)
	d.must(err)
	if in := d.importUp(rebuilt(t, stick, stranger)); dossier.Code(in.Parcels[0].Problem) != "parcel.stranger" || in.Taken != 0 {
		t.Errorf("signed by a stranger: %+v", in)
	}
	if in := d.importTo(p, stick); dossier.Code(in.Parcels[0].Problem) != "parcel.outgoing" {
		t.Errorf("its own: %+v", in)
	}
	if in := d.importUp(d.exportUp()); dossier.Code(in.Parcels[0].Problem) != "parcel.outgoing" {
		t.Errorf("upstream's own: %+v", in)
	}
	// Another station's PC, admitted by the same upstream, may hand in its own station's journals and no other's.
	ticket, err := d.up.Ticket(t.Context(), "Công an xã Giả Định", 0, "")
	d.must(err)
	q := d.fresh()
	_, err = q.client.Enrol(t.Context(), ticket.Text())
	d.must(err)
	if in := d.importUp(rebuilt(t, stick, q.SigningKey())); in.Taken != 0 || dossier.Code(in.Parcels[0].Problem) != "parcel.file-damaged" {
		t.Errorf("another station's: %+v", in)
	}
	if in := d.importTo(q, d.exportUp()); dossier.Code(in.Parcels[0].Problem) != "parcel.foreign" {
		t.Errorf("for another station: %+v", in)
	}
	// A PC of the station cannot speak as upstream.
	home := d.exportUp()
	if in := d.importTo(p, rebuilt(t, home, q.SigningKey())); in.Receipts != 0 || dossier.Code(in.Parcels[0].Problem) != "parcel.stranger" {
		t.Errorf("a PC that poses as upstream: %+v", in)
	}
}

// An old parcel that comes again after upstream was heard on the line lowers nothing.
func TestOldParcelLowersNothing(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 3)
	d.must(d.line(p))
	old := d.exportUp()
	d.works(p, 5)
	d.must(d.line(p))
	before := p.Own()
	if in := d.importTo(p, old); in.Receipts != 0 || len(in.Healed) != 0 {
		t.Errorf("%+v", in)
	}
	if after := p.Own(); after.Head != before.Head || after.Receipt.Number != before.Receipt.Number {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// copied gives a PC, later, the file it had when it was copied.
func (d *district) copied(p *desktop) (putBack func()) {
	d.t.Helper()
	image := d.t.TempDir()
	d.must(p.Close())
	d.must(os.CopyFS(image, os.DirFS(p.dir)))
	d.open(p)
	return func() {
		d.must(p.Close())
		d.must(os.RemoveAll(p.dir))
		d.must(os.CopyFS(p.dir, os.DirFS(image)))
		d.open(p)
	}
}

func (d *district) open(p *desktop) {
	d.t.Helper()
	s, err := store.Open(context.Background(), p.dir, store.Options{Now: d.now, NoReserve: true})
	d.must(err)
	p.Store, p.client = s, exchange.New(s)
	d.t.Cleanup(func() { _ = s.Close() })
}

// A disk image is put back and worked on, without a line: upstream's parcel shows the other continuation, and the PC goes on in a new life
// with all of both.
func TestImagePutBackHealsByStick(t *testing.T) {
	for _, worked := range []bool{false, true} {
		d := newDistrict(t, 2)
		d.byLine()
		p := d.pcs[0]
		d.works(p, 3)
		putBack := d.copied(p)
		d.works(p, 150)
		d.importUp(d.export(p))
		putBack()
		if worked {
			d.works(p, 4)
		}
		// Upstream still goes by what the PC said before: it has to hear first how it stands now.
		if in := d.importTo(p, d.exportUp()); len(in.Healed) != 0 || !slices.ContainsFunc(in.Parcels[0].Problem, func(p dossier.Problem) bool { return p.Code == "parcel.behind" }) {
			t.Fatalf("worked %v: %+v", worked, in)
		}
		d.importUp(d.export(p))
		in := d.importTo(p, d.exportUp())
		want := dossier.HealedBehind
		if worked {
			want = dossier.HealedForked
		}
		if len(in.Healed) != 1 || in.Healed[0].What != want {
			t.Fatalf("worked %v: healed %+v, %+v", worked, in.Healed, in.Parcels)
		}
		d.bySticks()
		state := d.state()
		for _, old := range slices.Clone(d.sticks) { // parcels of before, from drawers
			d.importUp(old)
			for _, p := range d.pcs {
				d.importTo(p, old)
			}
		}
		d.byLine()
		if again := d.state(); again != state || strings.Count(state, "\n")+1 != d.made {
			t.Errorf("worked %v: %d dossiers were made\n%s\n%s", worked, d.made, state, again)
		}
	}
}

// holds tells how far upstream holds each chain of the station.
func (d *district) holds() map[dossier.Chain]dossier.Head {
	d.t.Helper()
	question := wire.Hello{Nonce: wire.NewNonce(), Chains: []wire.Held{}}.Encode()
	b, err := d.up.Hello(context.Background(), d.pcs[0].SigningKey().Public().(ed25519.PublicKey), question)
	d.must(err)
	a, err := wire.OpenHelloAnswer(b, d.up.Key(), question)
	d.must(err)
	out := map[dossier.Chain]dossier.Head{}
	for _, c := range a.Chains {
		out[c.Chain] = c.Head()
	}
	return out
}

// Upstream is restored from an old backup, and sticks alone bring back what the stations hold, its own decisions too; no mark is lowered.
func TestUpstreamPutBackHealsBySticks(t *testing.T) {
	d := newDistrict(t, 2)
	d.works(d.pcs[0], 3)
	d.byLine()
	d.stop()
	reopen := func() {
		var err error
		d.up, err = receive.Open(t.Context(), d.dir, d.world())
		d.must(err)
	}
	image := t.TempDir()
	d.must(d.up.Close())
	d.must(os.CopyFS(image, os.DirFS(d.dir)))
	reopen()
	d.works(d.pcs[0], 130)
	d.works(d.pcs[1], 2)
	d.bySticks()
	for i := range d.made {
		_, _, err := d.up.Decide(t.Context(), storetest.DossierID(1+i).String(), dossier.Decision{Approved: true, Document: fmt.Sprint(i, "/QĐ"), Date: storetest.Day(0)})
		if err != nil && dossier.Code(err) != "act.not-allowed" {
			t.Fatal(err)
		}
	}
	d.bySticks()
	want := d.holds()
	d.state()
	d.must(d.up.Close())
	d.must(os.RemoveAll(d.dir))
	d.must(os.CopyFS(d.dir, os.DirFS(image)))
	reopen()
	home := d.exportUp() // it does not know what it has lost
	for _, p := range d.pcs {
		before := p.Own().Receipt
		if d.importTo(p, home); p.Own().Receipt.Seq < before.Seq {
			t.Fatal("a stick lowered a mark")
		}
	}
	d.bySticks()
	have := d.holds()
	for _, p := range d.pcs {
		own := p.Own()
		if have[own.Chain] != own.Head {
			t.Errorf("upstream holds %v, the PC %v", have[own.Chain], own.Head)
		}
	}
	for c, head := range want {
		if have[c].Seq < head.Seq {
			t.Errorf("upstream held %v and holds %v", head, have[c])
		}
	}
	d.state()
}

// Stations that never see a line: enrolment, work and decisions by stick alone.
func TestStationWithoutALineAtAll(t *testing.T) {
	d := newDistrict(t, 0)
	for range 2 {
		p, dir := d.join(false), t.TempDir()
		if _, err := p.client.EnrolTake(t.Context(), dir); dossier.Code(err) != "parcel.not-asked" {
			t.Errorf("an answer to no question: %v", err)
		}
		file, err := p.client.EnrolAsk(t.Context(), wire.SystemDisk{}, dir, d.ticket())
		d.must(err)
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
		if _, err := p.client.EnrolTake(t.Context(), dir); dossier.Code(err) != "parcel.no-answer" {
			t.Errorf("no answer yet: %v", err)
		}
		for range 2 { // the stick may come twice
			out, err := d.up.EnrolStick(t.Context(), wire.SystemDisk{}, dir)
			if err != nil || len(out) != 1 || out[0].Problem != nil {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		if _, err := p.client.EnrolTake(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		if _, err := p.client.EnrolTake(t.Context(), dir); dossier.Code(err) != "enrol.already" {
			t.Errorf("twice: %v", err)
		}
		d.works(p, 2)
	}
	d.bySticks()
	d.state()
}

func TestEnrolmentByStickRefusesWhatTheLineRefuses(t *testing.T) {
	d := newDistrict(t, 0)
	ask := func(p *desktop, ticket string) string {
		dir := t.TempDir()
		_, err := p.client.EnrolAsk(t.Context(), wire.SystemDisk{}, dir, ticket)
		d.must(err)
		return dir
	}
	refused := func(dir, code string) {
		t.Helper()
		out, err := d.up.EnrolStick(t.Context(), wire.SystemDisk{}, dir)
		if err != nil || len(out) != 1 || dossier.Code(out[0].Problem) != code || out[0].Answer != "" {
			t.Errorf("want %s: %+v, %v", code, out, err)
		}
	}
	a, b := d.fresh(), d.fresh()
	good := d.ticket()
	wrong, err := wire.ParseTicket(good)
	d.must(err)
	wrong.Secret[0] ^= 1
	refused(ask(a, wrong.Text()), "ticket.wrong")
	mine, hers := ask(a, good), ask(b, good)
	if out, err := d.up.EnrolStick(t.Context(), wire.SystemDisk{}, mine); err != nil || out[0].Problem != nil {
		t.Fatalf("%+v, %v", out, err)
	}
	refused(hers, "ticket.used")
	// Another's answer, and an answer that was touched.
	other := d.ticket()
	d.at = d.at.Add(time.Minute)
	swapped := ask(b, other)
	answer := func(dir string) string {
		names, err := filepath.Glob(filepath.Join(dir, "TIEPNHAN", "*.answer"))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		return names[0]
	}
	given, err := os.ReadFile(answer(mine))
	d.must(err)
	d.must(os.WriteFile(filepath.Join(swapped, "TIEPNHAN", "x.answer"), given, 0o600))
	if _, err := b.client.EnrolTake(t.Context(), swapped); dossier.Code(err) != "parcel.answer-foreign" {
		t.Errorf("another's answer: %v", err)
	}
	for i := range given {
		if i%37 != 0 && i > 40 {
			continue
		}
		touched := bytes.Clone(given)
		touched[i] ^= 1
		d.must(os.WriteFile(answer(mine), touched, 0o600))
		if _, err := a.client.EnrolTake(t.Context(), mine); dossier.Code(err) != "parcel.answer-foreign" {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	// Both answers on one stick: each takes its own.
	d.must(os.WriteFile(answer(mine), given, 0o600))
	d.must(os.WriteFile(filepath.Join(mine, "a.answer"), given[:len(given)-1], 0o600))
	if _, err := a.client.EnrolTake(t.Context(), mine); err != nil {
		t.Errorf("the right one: %v", err)
	}
	// A question that was touched, and one under another's key.
	names, err := filepath.Glob(filepath.Join(swapped, "TIEPNHAN", "*.ask"))
	d.must(err)
	question, err := os.ReadFile(names[0])
	d.must(err)
	question[len(question)/2] ^= 1
	d.must(os.WriteFile(names[0], question, 0o600))
	refused(swapped, "parcel.ask-damaged")
	d.at = d.at.Add(wire.TicketLife)
	refused(ask(b, other), "ticket.expired")
	if _, err := d.up.EnrolStick(t.Context(), wire.SystemDisk{}, t.TempDir()); dossier.Code(err) != "parcel.no-ask" {
		t.Errorf("an empty stick: %v", err)
	}
}

// A bomb in an envelope, under a good index, is refused within the limits of I14.
func TestHostileEnvelopeInAParcelIsRefusedWithinLimits(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 3)
	stick := d.export(p)
	to := rebuilt(t, stick, p.SigningKey())
	name := filepath.Join(to, "0001.cxe")
	b, err := os.ReadFile(name)
	d.must(err)
	// All that follows the header is made anew: the sender's signature no longer fits, and nothing is opened.
	d.must(os.WriteFile(name, append(b[:len(b)-900], bytes.Repeat([]byte{0}, 900)...), 0o600))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	in := d.importUp(to)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if in.Taken != 0 || dossier.Code(in.Parcels[0].Problem) != "parcel.file-damaged" || took > time.Second || after.TotalAlloc-before.TotalAlloc > 64<<20 {
		t.Errorf("%+v in %v", in, took)
	}
}

// liar is a disk whose reads come back as something else: a stick that is smaller than it says.
type liar struct{ wire.SystemDisk }

func (liar) ReadBack(_ string, to io.Writer) error {
	_, err := to.Write([]byte("khác"))
	return err
}

func TestFakeStickExportsNothing(t *testing.T) {
	d := newDistrict(t, 1)
	p := d.pcs[0]
	d.works(p, 3)
	dir := t.TempDir()
	if out, err := p.client.Export(t.Context(), liar{}, dir, d.now(), nil); dossier.Code(err) != "parcel.differs" || len(out.Parcels) != 0 {
		t.Errorf("station: %+v, %v", out, err)
	}
	if out, err := d.up.Export(t.Context(), liar{}, dir, stationName, nil); dossier.Code(err) != "parcel.differs" || len(out.Parcels) != 0 {
		t.Errorf("upstream: %+v, %v", out, err)
	}
	if in := d.importUp(dir); len(in.Parcels) != 0 {
		t.Errorf("something was left: %+v", in)
	}
	if _, err := d.up.Export(t.Context(), wire.SystemDisk{}, dir, "Không có", nil); dossier.Code(err) != "upstream.no-station" {
		t.Errorf("a station nobody knows: %v", err)
	}
	if _, err := d.fresh().client.Export(t.Context(), wire.SystemDisk{}, dir, d.now(), nil); dossier.Code(err) != "line.not-enrolled" {
		t.Errorf("a PC of nobody: %v", err)
	}
}

// A sister's stick brings back what this PC forgot and had gone on without: its officer is told, once.
func TestWhatASistersStickBringsBackIsSaid(t *testing.T) {
	d := newDistrict(t, 2)
	d.byLine()
	p, sister := d.pcs[0], d.pcs[1]
	d.works(p, 3)
	putBack := d.copied(p)
	d.works(p, 20)
	d.importTo(sister, d.export(p)) // only she knows
	putBack()
	d.works(p, 4)
	d.importTo(sister, d.export(p))
	stick := d.export(sister)
	if in := d.importTo(p, stick); len(in.Healed) != 1 || in.Healed[0].What != dossier.HealedForked || in.Taken == 0 {
		t.Errorf("%+v", in)
	}
	if in := d.importTo(p, stick); len(in.Healed) != 0 {
		t.Errorf("again: %+v", in)
	}
}
