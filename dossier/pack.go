package dossier

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strconv"
)

// maxPackFiles is how many files a pack may hold.
const maxPackFiles = 64

// Check tells whether a pack can be used: it is what it says, of a sane size, and what lies in it keeps every rule the program's own
// procedures or calendars keep. Whoever issues it and whoever is to use it asks. Codes: pack.kind, pack.version, pack.from, pack.title,
// pack.archive, pack.size, pack.catalogue, pack.calendar.
func (p Pack) Check() error {
	var ps Problems
	if p.Kind != PackCatalogue && p.Kind != PackCalendar {
		return Invalid("kind", "pack.kind")
	}
	if p.Version < 1 || p.Version > 1_000_000 {
		ps = append(ps, Invalid("version", "pack.version")...)
	}
	if !p.From.Valid() {
		ps = append(ps, Invalid("from", "pack.from")...)
	}
	if Clean(p.Title) != p.Title || p.Title == "" || len(p.Title) > 500 {
		ps = append(ps, Invalid("title", "pack.title")...)
	}
	if len(ps) > 0 {
		return ps
	}
	_, err := p.Catalogue()
	if p.Kind == PackCalendar {
		_, err = p.Calendar()
	}
	return err
}

// Catalogue is what a pack of procedures holds. Codes: pack.kind, pack.archive, pack.size, pack.catalogue.
func (p Pack) Catalogue() (*Catalogue, error) {
	files, err := p.files(PackCatalogue)
	if err != nil {
		return nil, err
	}
	c, err := LoadCatalogue(files)
	if err != nil {
		return nil, errors.Join(Invalid("files", "pack.catalogue", "detail", firstLine(err)), err)
	}
	return c, nil
}

// Calendar is what a pack of days off holds. Codes: pack.kind, pack.archive, pack.size, pack.calendar.
func (p Pack) Calendar() (*Calendar, error) {
	files, err := p.files(PackCalendar)
	if err != nil {
		return nil, err
	}
	c, err := LoadCalendar(files)
	if err != nil {
		return nil, errors.Join(Invalid("files", "pack.calendar", "detail", firstLine(err)), err)
	}
	return c, nil
}

func firstLine(err error) string {
	line, _, _ := bytes.Cut([]byte(err.Error()), []byte("\n"))
	return string(line)
}

// files is the archive, once all of it was read: no more than a pack may hold, whatever the archive says of its own size, and nothing but
// .json files side by side.
func (p Pack) files(kind PackKind) (fs.FS, error) {
	if p.Kind != kind {
		return nil, Invalid("kind", "pack.kind")
	}
	bad := Invalid("files", "pack.archive")
	z, err := zip.NewReader(bytes.NewReader(p.Files), int64(len(p.Files)))
	if err != nil || len(z.File) == 0 {
		return nil, bad
	}
	large := Invalid("files", "pack.size", "max", strconv.Itoa(MaxPack>>10)+" KB")
	if len(z.File) > maxPackFiles {
		return nil, large
	}
	seen := map[string]bool{}
	whole := 0
	for _, f := range z.File {
		if !fs.ValidPath(f.Name) || path.Base(f.Name) != f.Name || path.Ext(f.Name) != ".json" || f.Mode()&fs.ModeType != 0 || seen[f.Name] {
			return nil, bad
		}
		seen[f.Name] = true
		r, err := f.Open()
		if err != nil {
			return nil, bad
		}
		b, err := io.ReadAll(io.LimitReader(r, MaxPackFile+1))
		if len(b) > MaxPackFile {
			return nil, large
		}
		if errors.Join(err, r.Close()) != nil {
			return nil, bad
		}
		if whole += len(b); whole > MaxPack {
			return nil, large
		}
	}
	return z, nil
}
