package exchange_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// onto puts what a PC has for others on a stick that may be in use already.
func (d *district) onto(dir string, p *desktop) {
	d.t.Helper()
	_, err := p.client.Export(d.t.Context(), wire.SystemDisk{}, dir, d.now(), nil)
	d.must(err)
}

// upOnto does so for upstream.
func (d *district) upOnto(dir string) {
	d.t.Helper()
	_, err := d.up.Export(d.t.Context(), wire.SystemDisk{}, dir, stationName, nil)
	d.must(err)
}

func (d *district) parcelsOn(dir string) int {
	d.t.Helper()
	found, err := os.ReadDir(filepath.Join(dir, "TIEPNHAN"))
	d.must(err)
	return len(found)
}

// A station has one stick, and it goes to and fro every day for years.
func TestOneStickToAndFroStaysSmall(t *testing.T) {
	d := newDistrict(t, 2)
	dir := t.TempDir()
	for range 12 {
		for _, p := range d.pcs {
			d.works(p, 3)
			d.onto(dir, p)
		}
		d.importUp(dir)
		d.upOnto(dir)
		for _, p := range d.pcs {
			d.importTo(p, dir)
		}
		if n := d.parcelsOn(dir); n > 6 { // of each PC for upstream and for the other, and of upstream for each
			t.Fatalf("%d parcels lie on the stick", n)
		}
	}
	for _, p := range d.pcs { // what was written last is still to come home
		d.onto(dir, p)
	}
	d.importUp(dir)
	d.upOnto(dir)
	for _, p := range d.pcs {
		if in := d.importTo(p, dir); len(in.Parcels) != 6 {
			t.Errorf("%+v", in.Parcels)
		}
	}
	d.state()
}

// A stick may be the last to hold what a disk that was put back has lost: then nothing is taken off it.
func TestStickKeepsWhatAPCHasLost(t *testing.T) {
	d := newDistrict(t, 1)
	p, dir := d.pcs[0], t.TempDir()
	d.works(p, 3)
	putBack := d.copied(p)
	d.works(p, 20)
	lost := p.Own().Head
	d.onto(dir, p)
	putBack()
	d.onto(dir, p)
	d.importUp(dir)
	if have := d.holds()[lost.Chain]; have.Seq < lost.Seq {
		t.Errorf("upstream holds %v, the stick had %v", have, lost)
	}
	for range 2 {
		d.upOnto(dir)
		d.importTo(p, dir)
		d.onto(dir, p)
		d.importUp(dir)
	}
	d.upOnto(dir)
	d.importTo(p, dir)
	d.state()
}

// The battery of a PC's clock is flat and its disk an old image: its new parcels bear old dates. Names and clocks decide nothing.
func TestImagePutBackHealsByOneStickWhateverTheClockSays(t *testing.T) {
	for _, clock := range []time.Time{time.Date(2009, 1, 1, 0, 0, 0, 0, dossier.Hanoi), time.Date(2099, 1, 1, 0, 0, 0, 0, dossier.Hanoi)} {
		d := newDistrict(t, 2)
		d.byLine()
		p, dir := d.pcs[0], t.TempDir()
		d.works(p, 3)
		putBack := d.copied(p)
		d.works(p, 30)
		d.onto(dir, p)
		d.importUp(dir)
		putBack()
		d.works(p, 2)
		healed := 0
		for range 3 {
			_, err := p.client.Export(t.Context(), wire.SystemDisk{}, dir, clock, nil)
			d.must(err)
			d.importUp(dir)
			d.upOnto(dir)
			healed += len(d.importTo(p, dir).Healed)
		}
		if healed != 1 {
			t.Errorf("%d: healed %d times", clock.Year(), healed)
		}
		d.bySticks()
		d.state()
	}
}

// Two PCs and upstream that had a line for years, and lose it: the first stick carries a day, not the years.
func TestStickAfterYearsOnTheLineIsSmall(t *testing.T) {
	d := newDistrict(t, 2)
	a, b, day := d.pcs[0], d.pcs[1], t.TempDir()
	d.byLine()
	putBack := d.copied(b)
	d.works(a, 700)
	d.works(b, 700)
	d.byLine()
	d.byLine()
	d.works(a, 5)
	out, err := a.client.Export(t.Context(), wire.SystemDisk{}, day, d.now(), nil)
	d.must(err)
	for _, p := range out.Parcels {
		for _, j := range p.Journals {
			if j.Writer != dossier.WriterUpstream && j.Entries > 6 {
				t.Errorf("to %s: %d of the journal of %s", p.To, j.Entries, j.Writer)
			}
		}
	}
	d.must(d.line(a))
	home, err := d.up.Export(t.Context(), wire.SystemDisk{}, t.TempDir(), stationName, nil)
	d.must(err)
	for _, p := range home.Parcels {
		if p.Entries() > 100 {
			t.Errorf("to %s: %+v", p.To, p.Journals)
		}
	}
	// A sister who lacks more than upstream's receipts say is told so, and her own parcel mends it.
	putBack()
	in := d.importTo(b, day)
	if !slices.ContainsFunc(in.Parcels, func(p dossier.ImportedParcel) bool { return dossier.Code(p.Problem) == "parcel.gap" }) {
		t.Errorf("%+v", in.Parcels)
	}
	d.onto(day, b)
	d.importTo(a, day)
	d.onto(day, a)
	if in := d.importTo(b, day); in.Taken < 700 {
		t.Errorf("%+v", in)
	}
	d.byLine()
	d.state()
}

// Who is of the station upstream's parcel says, which may lie on the same stick: what it says counts for the others at once.
func TestRosterOnTheSameStickCountsAtOnce(t *testing.T) {
	d := newDistrict(t, 2)
	d.byLine()
	a, b := d.pcs[0], d.pcs[1]
	fresh, dir := d.join(true), t.TempDir()
	d.must(d.line(fresh)) // she knows of the others, and they not of her
	d.works(fresh, 2)
	d.onto(dir, fresh)
	d.upOnto(dir)
	in := d.importTo(a, dir)
	for _, p := range in.Parcels {
		if code := dossier.Code(p.Problem); code != "" && code != "parcel.foreign" {
			t.Errorf("%s: %v", p.Folder, p.Problem)
		}
	}
	if !d.holdsAll(a, fresh) {
		t.Error("what the new PC wrote did not come")
	}
	// And the other way round: of a PC that was revoked nothing more is taken in.
	d.must(d.up.Revoke(t.Context(), receive.PC{Station: stationName, Desk: 2}, nil, "mất máy"))
	d.works(b, 2)
	dir = t.TempDir()
	d.onto(dir, b)
	d.upOnto(dir)
	refused := 0
	for _, p := range d.importTo(a, dir).Parcels {
		if dossier.Code(p.Problem) == "parcel.stranger" {
			refused++
		}
	}
	if refused != 1 || d.holdsAll(a, b) {
		t.Errorf("%d parcels were refused", refused)
	}
}

// holdsAll tells whether a PC holds all that another wrote.
func (d *district) holdsAll(p, of *desktop) bool {
	d.t.Helper()
	at, ok, err := p.HashAt(d.t.Context(), of.Own().Chain, of.Own().Head.Seq)
	d.must(err)
	return ok && at == of.Own().Head
}
