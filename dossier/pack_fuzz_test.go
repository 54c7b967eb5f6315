package dossier_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
)

// A pack is looked at as it came: the body of an event, whatever is in it.
func FuzzPack(f *testing.F) {
	from := dossier.Date{Year: 2026, Month: 11, Day: 20}
	catalogue, calendar := ownFiles(f, "catalogue"), ownFiles(f, "calendar")
	for _, p := range []dossier.Pack{
		{Kind: dossier.PackCatalogue, Version: 1, From: from, Title: "mẫu", Files: archive(f, catalogue...)},
		{Kind: dossier.PackCalendar, Version: 1, From: from, Title: "mẫu", Files: archive(f, calendar...)},
		{Kind: dossier.PackCalendar, Version: 1, From: from, Title: "mẫu", Files: archive(f, packed{"a.json", bytes.Repeat([]byte(" "), 64<<20)})},
		{Kind: dossier.PackCatalogue, Version: 1, From: from, Title: "mẫu", Files: []byte("PK\x05\x06")},
	} {
		b, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, text := range longPacks() {
		for _, kind := range []dossier.PackKind{dossier.PackCatalogue, dossier.PackCalendar} {
			b, err := json.Marshal(dossier.Pack{Kind: kind, Version: 1, From: from, Title: "mẫu", Files: archive(f, fourTimes(text)...)})
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > dossier.MaxBody {
			return
		}
		dossiertest.Answered(t, func() {
			var p dossier.Pack
			if json.Unmarshal(body, &p) != nil {
				return
			}
			if err := p.Check(); err != nil && dossier.Code(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			} else if err == nil && (p.Version < 1 || !p.From.Valid() || p.Title == "") {
				t.Fatalf("taken: %+v", p)
			}
		})
	})
}

// longPacks are files of few letters that say very much.
func longPacks() (out []string) {
	for _, one := range []string{`{"procedures":[%{}]}`, `{"procedures":[%null]}`, `{"grounds":[%{}]}`, `{"grounds":[%null]}`, `{"seed":[%{}]}`, `{"procedures":[{"cases":[%{}]}]}`,
		`{"procedures":[{"cases":[{"papers":[%{}]}]}]}`, `{"procedures":[{"forms":[%""]}]}`, `{"procedures":[{"cases":[{"steps":[%{}]}]}]}`,
		`{"year":2026,"state":"official","source":"x","off":[%{}]}`, `{"about":"%x"}`} {
		begin, end, _ := strings.Cut(one, "%")
		value := strings.TrimRight(end, "]}")
		out = append(out, begin+strings.Repeat(value+",", (dossier.MaxPackFile-len(one))/(len(value)+1))+end)
	}
	return out
}

func fourTimes(text string) (out []packed) {
	for _, name := range []string{"a.json", "b.json", "c.json", "d.json"} {
		out = append(out, packed{name, []byte(text)})
	}
	return out
}

// FuzzCalendar is one file of a pack of days off; an archive's sums keep chance from getting that far.
func FuzzCalendar(f *testing.F) {
	for _, p := range ownFiles(f, "calendar") {
		f.Add(p.body)
	}
	f.Add([]byte(`{"year":2026,"state":"official","source":"x","off":[{"from":"2026-01-01","to":"2026-12-31","name":"x","evidence":"confirmed"}],"worked":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > dossier.MaxPackFile {
			return
		}
		dossiertest.Answered(t, func() {
			c, err := dossier.LoadCalendar(fstest.MapFS{"a.json": {Data: b}})
			if err != nil {
				return
			}
			for _, y := range c.Years() {
				if _, ok := c.Year(y); !ok || !c.Known(y) {
					t.Fatalf("year %d", y)
				}
				// Where nobody ever works nothing can be promised, and that is said; it does not go on for ever.
				_, err := dossier.Reckon(dossier.Limit{N: 3, Unit: dossier.WorkingDays}, c, dossier.DefaultHours, dossier.Date{Year: y, Month: 1, Day: 1}.At(8, 0))
				if err != nil && dossier.Code(err) == "" {
					t.Fatalf("an error without a code: %v", err)
				}
			}
		})
	})
}

// FuzzCatalogue is one file of a pack of procedures, beside one that is right.
func FuzzCatalogue(f *testing.F) {
	for _, p := range ownFiles(f, "catalogue") {
		if strings.HasPrefix(p.name, "0") || len(p.body) < 20<<10 {
			f.Add(p.body)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > dossier.MaxPackFile {
			return
		}
		dossiertest.Answered(t, func() {
			var files fs.FS = fstest.MapFS{"a.json": {Data: b}}
			c, err := dossier.LoadCatalogue(files)
			if err != nil {
				return
			}
			for _, p := range c.Procedures() {
				if found, err := c.Find(p.Key, p.Level, p.From); p.InForce(p.From) && (err != nil || found.Key != p.Key) {
					t.Fatalf("%s of %s from %s is not found: %v", p.Key, p.Level, p.From, err)
				}
			}
		})
	})
}
