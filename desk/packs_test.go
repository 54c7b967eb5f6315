package desk

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// issued is a pack of what came with the program, with one thing changed in the files of one name.
func issued(t testing.TB, kind dossier.PackKind, version int, in, from, to string) dossier.KeptPack {
	t.Helper()
	files, dir := fs.FS(assets.Catalogue), "catalogue"
	if kind == dossier.PackCalendar {
		files, dir = assets.Calendar, "calendar"
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	all, err := fs.ReadDir(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	for _, f := range all {
		b, err := fs.ReadFile(files, dir+"/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() == in {
			changed = bytes.Contains(b, []byte(from))
			b = bytes.Replace(b, []byte(from), []byte(to), 1)
		}
		w, err := z.Create(f.Name())
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || !changed {
		t.Fatalf("%s: %q is not there, or %v", in, from, err)
	}
	p := dossier.Pack{Kind: kind, Version: version, From: dossier.DateOf(aFriday), Title: "mẫu", Files: out.Bytes()}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return dossier.KeptPack{Event: dossier.EventID{byte(version), kind[1]}, At: aFriday, Pack: p, InForce: true}
}

// dayOff is a calendar on which that day of 2026 is free too.
func dayOff(t testing.TB, version int, day string) dossier.KeptPack {
	return issued(t, dossier.PackCalendar, version, "2026.json", `"off": [`, `"off": [{"from": "`+day+`", "name": "Nghỉ thử", "evidence": "confirmed"},`)
}

// renamed is a catalogue in which one procedure is called something else.
func renamed(t testing.TB, version int) dossier.KeptPack {
	return issued(t, dossier.PackCatalogue, version, "11-commune-2025.json", `"title": "Khóa căn cước điện tử"`, `"title": "Khóa căn cước điện tử (mới)"`)
}

func takes(t *testing.T, d *Desk, want bool) {
	t.Helper()
	if changed, err := d.TakePacks(t.Context()); err != nil || changed != want {
		t.Fatalf("changed %v, want %v; %v", changed, want, err)
	}
}

func dueOf(t *testing.T, d *Desk) dossier.Date {
	t.Helper()
	p, err := d.Plan(t.Context(), agencyLocksAccount())
	if err != nil || p.Problems.Err() != nil {
		t.Fatal(err, p.Problems)
	}
	return dossier.DateOf(p.Due.At)
}

func offers(t *testing.T, d *Desk, title string) bool {
	t.Helper()
	all, err := d.Offered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Title == title {
			return true
		}
	}
	return false
}

func TestAPackHoldsForWhatComesNextAndMovesNothingReceived(t *testing.T) {
	d, m := newDesk(t)
	m.packs = map[dossier.PackKind][]dossier.KeptPack{}
	takes(t, d, false)
	before, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	m.packs[dossier.PackCalendar] = []dossier.KeptPack{dayOff(t, 1, "2026-11-25")}
	if got := dueOf(t, d); got != dossier.DateOf(before.Due.At) {
		t.Errorf("before the desk took it: %v", got)
	}
	takes(t, d, true)
	takes(t, d, false)
	if got := dueOf(t, d); got != (dossier.Date{Year: 2026, Month: 11, Day: 27}) {
		t.Errorf("the next is due %v", got)
	}
	if d.Holiday(dossier.Date{Year: 2026, Month: 11, Day: 25}) != "Nghỉ thử" {
		t.Error("the day off has no name")
	}
	kept, err := d.Store.Dossier(t.Context(), before.ID)
	if err != nil || !kept.Due.At.Equal(before.Due.At) || kept.Due.Text != before.Due.Text {
		t.Errorf("what was promised moved: %v %+v", err, kept.Due)
	}

	if !offers(t, d, "Khóa căn cước điện tử") {
		t.Fatal("nothing to rename")
	}
	m.packs[dossier.PackCatalogue] = []dossier.KeptPack{renamed(t, 1)}
	takes(t, d, true)
	if offers(t, d, "Khóa căn cước điện tử") || !offers(t, d, "Khóa căn cước điện tử (mới)") {
		t.Error("the procedures are still those of the program")
	}
	now, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil || now.Intake.Title != "Khóa căn cước điện tử (mới)" {
		t.Errorf("%v %q", err, now.Intake.Title)
	}
	rules, err := d.Rules(t.Context())
	if err != nil || len(rules.Packs) != 2 || rules.Packs[0].Kind != dossier.PackCatalogue {
		t.Errorf("%v %+v", err, rules.Packs)
	}
	catalogue, calendar := d.InForce(dossier.DateOf(aFriday))
	if catalogue == d.Catalogue || calendar == d.Calendar {
		t.Error("what is in force is what came with the program")
	}
}

// The store says which pack is gone by; whatever else it lists changes nothing, and nothing half.
func TestARefusedOrOlderPackChangesNothing(t *testing.T) {
	d, m := newDesk(t)
	refused, older, torn := dayOff(t, 9, "2026-11-23"), dayOff(t, 1, "2026-11-25"), dayOff(t, 3, "2026-11-26")
	refused.InForce, refused.Refused = false, "pack.calendar"
	m.packs = map[dossier.PackKind][]dossier.KeptPack{dossier.PackCalendar: {refused}}
	usual := dueOf(t, d)
	takes(t, d, false)
	if got := dueOf(t, d); got != usual {
		t.Errorf("a refused one moved it to %v", got)
	}
	holds := dayOff(t, 2, "2026-11-27")
	older.InForce = false
	m.packs[dossier.PackCalendar] = []dossier.KeptPack{refused, holds, older}
	takes(t, d, true)
	if got := dueOf(t, d); got != usual {
		t.Errorf("an older one counts: due %v", got)
	}
	if d.Holiday(dossier.Date{Year: 2026, Month: 11, Day: 27}) == "" {
		t.Error("the one in force does not count")
	}
	torn.Files = torn.Files[:len(torn.Files)/2]
	m.packs[dossier.PackCalendar] = []dossier.KeptPack{torn}
	m.packs[dossier.PackCatalogue] = []dossier.KeptPack{renamed(t, 1)}
	if changed, err := d.TakePacks(t.Context()); changed || dossier.Code(err) != "pack.archive" {
		t.Errorf("a torn one: %v %v", changed, err)
	}
	if d.Holiday(dossier.Date{Year: 2026, Month: 11, Day: 27}) == "" || offers(t, d, "Khóa căn cước điện tử (mới)") {
		t.Error("half of what came is in force")
	}
	delete(m.packs, dossier.PackCalendar) // the store no longer has it: what was known holds, and the next that comes is taken
	takes(t, d, true)
	m.packs[dossier.PackCalendar] = []dossier.KeptPack{dayOff(t, 4, "2026-11-25")}
	takes(t, d, true)
	if got := dueOf(t, d); got == usual {
		t.Error("the next was not taken")
	}
}

// Whoever reckons while packs come reckons by one of them, whole.
func TestPacksAreSwappedWhileTheDeskReckons(t *testing.T) {
	d, m := newDesk(t)
	usual := dueOf(t, d)
	one, two := dayOff(t, 1, "2026-11-25"), dayOff(t, 2, "2026-11-26")
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p, err := d.Plan(t.Context(), agencyLocksAccount())
				if got := dossier.DateOf(p.Due.At); err != nil || got != usual && got != usual.AddDays(1) || !strings.Contains(p.Due.Text, "3 ngày làm việc") {
					t.Errorf("%v %v %q", err, got, p.Due.Text)
					return
				}
			}
		})
	}
	for range 10 {
		for _, p := range []dossier.KeptPack{one, two} {
			m.packs = map[dossier.PackKind][]dossier.KeptPack{dossier.PackCalendar: {p}}
			if changed, err := d.TakePacks(t.Context()); err != nil || !changed {
				t.Error(changed, err)
			}
		}
	}
	close(done)
	all.Wait()
}

type noPacks struct{ *memory }

func (noPacks) Packs(context.Context, dossier.PackKind, dossier.Date) ([]dossier.KeptPack, error) {
	return nil, errors.ErrUnsupported
}

// A store that cannot be read leaves what holds as it is.
func TestPacksThatCannotBeReadChangeNothing(t *testing.T) {
	d, m := newDesk(t)
	m.packs = map[dossier.PackKind][]dossier.KeptPack{dossier.PackCalendar: {dayOff(t, 1, "2026-11-25")}}
	takes(t, d, true)
	held := dueOf(t, d)
	d.Store = noPacks{m}
	if changed, err := d.TakePacks(t.Context()); changed || !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v %v", changed, err)
	}
	if got := dueOf(t, d); got != held {
		t.Errorf("due %v", got)
	}
}

// A pack that upstream issues ahead of its day changes nothing before it, and holds on that day though nothing more comes; a dossier that was
// received before stays under what held then.
func TestAPackHoldsFromItsDayOn(t *testing.T) {
	d, m := newDesk(t)
	now := aFriday
	d.Now = func() time.Time { return now }
	usual := dueOf(t, d)
	first := dossier.DateOf(aFriday).AddDays(3) // Monday
	ahead, days := renamed(t, 2), dayOff(t, 2, "2026-11-25")
	ahead.From, days.From, ahead.InForce, days.InForce = first, first, false, false
	m.packs = map[dossier.PackKind][]dossier.KeptPack{dossier.PackCatalogue: {ahead}, dossier.PackCalendar: {days}}
	takes(t, d, true)
	if !offers(t, d, "Khóa căn cước điện tử") || dueOf(t, d) != usual {
		t.Fatalf("it holds before its day: due %v", dueOf(t, d))
	}
	before, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 3)
	if !offers(t, d, "Khóa căn cước điện tử (mới)") || d.Holiday(dossier.Date{Year: 2026, Month: 11, Day: 25}) != "Nghỉ thử" {
		t.Error("it does not hold on its day")
	}
	if o, err := d.Look(t.Context(), before.ID); err != nil || o.Procedure.Title != "Khóa căn cước điện tử" || before.Intake.Title != o.Procedure.Title {
		t.Errorf("what was received before is under %q: %v", o.Procedure.Title, err)
	}
	late := citizenLocksCard() // it came in on Friday, and is entered on Monday
	late.ReceivedAt = aFriday
	if p, err := d.Plan(t.Context(), late); err != nil || p.Procedure == nil || p.Procedure.Title != "Khóa căn cước điện tử" {
		t.Errorf("%+v %v", p.Procedure, err)
	}
}

// Whoever is at the desk is told of what came while the program runs, of what cannot be used too, once; not of what had come before.
func TestPacksThatCameAreTold(t *testing.T) {
	d, m := newDesk(t)
	var told []string
	d.Issued = func(came []dossier.KeptPack) {
		for _, k := range came {
			told = append(told, fmt.Sprintf("%s %d %s", k.Kind, k.Version, k.Refused))
		}
	}
	m.packs = map[dossier.PackKind][]dossier.KeptPack{dossier.PackCalendar: {dayOff(t, 1, "2026-11-25")}}
	takes(t, d, true)
	if told != nil {
		t.Errorf("told as the program begins: %q", told)
	}
	refused := dayOff(t, 3, "2026-11-23")
	refused.InForce, refused.Refused = false, "pack.calendar"
	m.packs[dossier.PackCalendar] = append([]dossier.KeptPack{refused}, m.packs[dossier.PackCalendar]...)
	m.packs[dossier.PackCatalogue] = []dossier.KeptPack{renamed(t, 2)}
	takes(t, d, true)
	takes(t, d, false)
	if want := []string{"catalogue 2 ", "calendar 3 pack.calendar"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
