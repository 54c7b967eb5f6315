package dossier_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

type packed struct {
	name string
	body []byte
}

func archive(t testing.TB, files ...packed) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write(f.body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func ownFiles(t testing.TB, folder string) (out []packed) {
	t.Helper()
	fsys := map[string]interface {
		ReadFile(string) ([]byte, error)
	}{"catalogue": assets.Catalogue, "calendar": assets.Calendar}[folder]
	names, err := assets.Catalogue.ReadDir("catalogue")
	if folder == "calendar" {
		names, err = assets.Calendar.ReadDir("calendar")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range names {
		b, err := fsys.ReadFile(folder + "/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, packed{e.Name(), b})
	}
	return out
}

func TestProgramsOwnDataIsAPack(t *testing.T) {
	p := dossier.Pack{Kind: dossier.PackCatalogue, Version: 1, From: dossier.Date{Year: 2026, Month: 12, Day: 1}, Title: "Bản thử", Files: archive(t, ownFiles(t, "catalogue")...)}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	c, err := p.Catalogue()
	if err != nil || len(c.Procedures()) == 0 {
		t.Errorf("%v", err)
	}
	if n := len(p.Files) * 4 / 3; n > dossier.MaxBody*3/4 {
		t.Errorf("a whole catalogue takes %d of the %d bytes an event may have", n, dossier.MaxBody)
	}
	if _, err := p.Calendar(); dossier.Code(err) != "pack.kind" {
		t.Errorf("got %v", err)
	}
	p.Kind, p.Files = dossier.PackCalendar, archive(t, ownFiles(t, "calendar")...)
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if c, err := p.Calendar(); err != nil || !c.Known(2026) {
		t.Errorf("%v", err)
	}
}

func TestPackThatCannotBeUsedIsRefused(t *testing.T) {
	good := dossier.Pack{Kind: dossier.PackCalendar, Version: 1, From: dossier.Date{Year: 2026, Month: 12, Day: 1}, Title: "Bản thử", Files: archive(t, ownFiles(t, "calendar")...)}
	year := ownFiles(t, "calendar")[0]
	many := make([]packed, 65)
	for i := range many {
		many[i] = packed{fmt.Sprintf("%d.json", i), []byte("{}")}
	}
	blank := bytes.Repeat([]byte(" "), dossier.MaxPackFile)
	var whole []packed
	for i := range 5 {
		whole = append(whole, packed{fmt.Sprintf("%d.json", i), blank})
	}
	for name, x := range map[string]struct {
		change func(*dossier.Pack)
		code   string
	}{
		"no kind":             {func(p *dossier.Pack) { p.Kind = "" }, "pack.kind"},
		"a kind of later":     {func(p *dossier.Pack) { p.Kind = "program" }, "pack.kind"},
		"version 0":           {func(p *dossier.Pack) { p.Version = 0 }, "pack.version"},
		"a mad version":       {func(p *dossier.Pack) { p.Version = 1 << 40 }, "pack.version"},
		"no day":              {func(p *dossier.Pack) { p.From = dossier.Date{} }, "pack.from"},
		"no title":            {func(p *dossier.Pack) { p.Title = "" }, "pack.title"},
		"two lines":           {func(p *dossier.Pack) { p.Title = "a\nb" }, "pack.title"},
		"nothing":             {func(p *dossier.Pack) { p.Files = nil }, "pack.archive"},
		"a page":              {func(p *dossier.Pack) { p.Files = []byte("<html>") }, "pack.archive"},
		"an empty archive":    {func(p *dossier.Pack) { p.Files = archive(t) }, "pack.archive"},
		"cut short":           {func(p *dossier.Pack) { p.Files = p.Files[:len(p.Files)-40] }, "pack.archive"},
		"bytes changed":       {func(p *dossier.Pack) { p.Files = bytes.Clone(p.Files); p.Files[100] ^= 1 }, "pack.archive"},
		"a path upwards":      {func(p *dossier.Pack) { p.Files = archive(t, packed{"../2026.json", year.body}) }, "pack.archive"},
		"a folder":            {func(p *dossier.Pack) { p.Files = archive(t, packed{"a/2026.json", year.body}) }, "pack.archive"},
		"another file":        {func(p *dossier.Pack) { p.Files = archive(t, year, packed{"x.exe", nil}) }, "pack.archive"},
		"a name twice":        {func(p *dossier.Pack) { p.Files = archive(t, year, year) }, "pack.archive"},
		"too many":            {func(p *dossier.Pack) { p.Files = archive(t, many...) }, "pack.size"},
		"one too large":       {func(p *dossier.Pack) { p.Files = archive(t, packed{"a.json", append(blank, ' ')}) }, "pack.size"},
		"together too large":  {func(p *dossier.Pack) { p.Files = archive(t, whole...) }, "pack.size"},
		"no calendar":         {func(p *dossier.Pack) { p.Files = archive(t, packed{"a.json", []byte("{}")}) }, "pack.calendar"},
		"a catalogue instead": {func(p *dossier.Pack) { p.Files = archive(t, ownFiles(t, "catalogue")...) }, "pack.calendar"},
		"a calendar instead":  {func(p *dossier.Pack) { p.Kind = dossier.PackCatalogue }, "pack.catalogue"},
	} {
		p := good
		x.change(&p)
		if err := p.Check(); dossier.Code(err) != x.code {
			t.Errorf("%s: got %v, want %s", name, err, x.code)
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}

// What an archive says of its own size is not believed: a pack of a few KB that unpacks to much more is not unpacked.
func TestPackBombIsNotUnpacked(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("a.json")
	if err == nil {
		_, err = io.Copy(w, io.LimitReader(zeros{}, 64<<20))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	p := dossier.Pack{Kind: dossier.PackCalendar, Version: 1, From: dossier.Date{Year: 2026, Month: 1, Day: 1}, Title: strings.Repeat("x", 20), Files: out.Bytes()}
	if allocated := testing.AllocsPerRun(1, func() { err = p.Check() }); dossier.Code(err) != "pack.size" || allocated > 10_000 {
		t.Errorf("%v after %v allocations", err, allocated)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
