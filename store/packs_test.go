package store

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// zipped is an archive of the files of a folder, and of more.
func zipped(t testing.TB, dir string, more map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, content []byte) {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write(content)
		must(t, err)
	}
	if dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "*.json"))
		must(t, err)
		for _, f := range files {
			content, err := os.ReadFile(f)
			must(t, err)
			add(filepath.Base(f), content)
		}
	}
	for name, content := range more {
		add(name, []byte(content))
	}
	must(t, z.Close())
	return out.Bytes()
}

func issued(i int, p dossier.Pack) dossier.Event {
	return storetest.Act(i, dossier.ID{}, dossier.PackIssued, p)
}

func TestPacksAreLookedOverAsTheyComeAndTheLatestHolds(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	days, procedures := zipped(t, "../assets/calendar", nil), zipped(t, "../assets/catalogue", nil)
	from := storetest.Day(0)
	pack := func(i int, kind dossier.PackKind, version int, files []byte) dossier.Event {
		return issued(i, dossier.Pack{Kind: kind, Version: version, From: from, Title: "mẫu", Files: files})
	}
	is := func(kind dossier.PackKind, want ...string) {
		t.Helper()
		for range 2 {
			packs, err := s.Packs(ctx, kind, from)
			must(t, err)
			var got []string
			for _, p := range packs {
				word := p.Title + " " + string(rune('0'+p.Version)) + " " + p.Refused
				if p.InForce {
					word += "!"
				}
				if p.Event.IsZero() || p.At.IsZero() || len(p.Files) == 0 && p.Refused == "" {
					t.Errorf("%+v", p)
				}
				got = append(got, strings.TrimSpace(strings.TrimPrefix(word, "mẫu ")))
			}
			if strings.Join(got, ",") != strings.Join(want, ",") {
				t.Errorf("%s: %q, want %q", kind, got, want)
			}
			sound(t, s)
		}
	}
	is(dossier.PackCalendar)
	extend(t, s, pc, pack(50, dossier.PackCalendar, 9, days)) // a PC issues none
	is(dossier.PackCalendar)
	extend(t, s, up, pack(51, dossier.PackCalendar, 2, days), pack(52, dossier.PackCatalogue, 1, procedures))
	is(dossier.PackCalendar, "2 !")
	is(dossier.PackCatalogue, "1 !")
	extend(t, s, up, pack(53, dossier.PackCalendar, 1, days), pack(54, dossier.PackCalendar, 3, days), pack(55, dossier.PackCalendar, 4, days)) // one comes late
	is(dossier.PackCalendar, "4 !", "3", "2")
	bomb := zipped(t, "../assets/calendar", map[string]string{"zz.json": strings.Repeat("0", dossier.MaxPackFile+1)})
	extend(t, s, up, pack(56, dossier.PackCalendar, 5, []byte("no archive")), pack(57, dossier.PackCalendar, 6, bomb), pack(58, dossier.PackCalendar, 7, procedures),
		pack(59, "weather", 8, days), issued(60, dossier.Pack{Kind: dossier.PackCalendar, Version: 8, Files: days}), pack(61, dossier.PackCalendar, 0, days),
		pack(62, dossier.PackCalendar, 5, zipped(t, "", map[string]string{"a.json": "{"})), storetest.Act(63, dossier.ID{}, dossier.PackIssued, "garbage"))
	is(dossier.PackCalendar, "8 pack.from", "7 pack.calendar", "6 pack.size", "5 pack.archive", "5 pack.calendar", "4 !", "3", "2")
	is("weather", "8 pack.kind")
	fork(t, s, 0, dossier.HealedForked)
	s = reopen(t, s)
	is(dossier.PackCatalogue, "1 !")
}

// A pack that begins later is listed and does not hold; on its day it does, unless a later version has begun before it.
func TestAPackHoldsFromItsDayOn(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	days := zipped(t, "../assets/calendar", nil)
	pack := func(i, version, from int) dossier.Event {
		return issued(i, dossier.Pack{Kind: dossier.PackCalendar, Version: version, From: storetest.Day(0).AddDays(from), Title: "mẫu", Files: days})
	}
	extend(t, s, up, pack(50, 1, 0), pack(51, 2, 0), pack(52, 3, 0), pack(53, 4, 10), pack(54, 5, 20), pack(55, 6, 15))
	for day, want := range map[int]string{-1: "6 5 4 3 2 1", 0: "6 5 4 3! 2 1", 9: "6 5 4 3! 2 1", 10: "6 5 4! 3 2", 14: "6 5 4! 3 2", 15: "6! 5 4", 20: "6! 5 4"} {
		packs, err := s.Packs(ctx, dossier.PackCalendar, storetest.Day(0).AddDays(day))
		must(t, err)
		var got []string
		for _, p := range packs {
			word := string(rune('0' + p.Version))
			if p.InForce {
				word += "!"
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("day %d: %q, want %q", day, got, want)
		}
	}
}
