package main

import (
	"bytes"
	bits "encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// inClear are the files below a folder in which one of those words stands, however it is written.
func inClear(t *testing.T, root string, skip []string, words ...string) (found []string) {
	t.Helper()
	forms := map[string][]byte{}
	for _, word := range words {
		for _, s := range []string{word, norm.NFD.String(word), strings.ToUpper(word), dossier.Fold(word), strings.ReplaceAll(dossier.Fold(word), " ", "")} {
			forms[s] = []byte(s)
			var wide []byte
			for _, u := range utf16.Encode([]rune(s)) {
				wide = bits.LittleEndian.AppendUint16(wide, u)
			}
			forms[s+" (UTF-16)"] = wide
		}
	}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		for _, s := range skip {
			if path == s {
				return fs.SkipDir
			}
		}
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for name, form := range forms {
			if bytes.Contains(b, form) || strings.Contains(path, name) {
				found = append(found, strings.TrimPrefix(path, root)+": "+name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// I10: a day with everything in it that writes a file leaves no name, number, telephone or password in clear in any, while the program runs and
// afterwards, but in the papers it was asked for.
func TestADayLeavesNothingInClear(t *testing.T) {
	const name, number, phone = "Quách Thị Chim Yến", "001099000009", "0987654321"
	root := t.TempDir()
	folder := func(name string) string {
		dir := filepath.Join(root, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for variable, dir := range map[string]string{"TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config", "HOME": "home"} {
		t.Setenv(variable, folder(dir))
	}
	data, papers, up, stick := folder("tram"), folder("giay"), filepath.Join(root, "cap-tren"), folder("usb")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ringed(t, data)
	ctx, began := t.Context(), time.Now().UnixNano()
	w, err := signedIn(ctx, data, began)
	must(err)
	must(w.desk.SetUp(ctx, sampleSettings()))
	upstream, err := startUpstream(ctx, up, workClock(began))
	must(err)
	ticket, err := upstream.ticket(sampleSettings())
	must(err)
	_, err = w.desk.Enrol(ctx, ticket)
	must(err)

	asked := func() desk.Intake {
		in := citizen("lock-eid", 1)
		in.ID, in.Requester.Person.Name, in.Requester.Person.Number, in.Requester.Person.Phone = newID(), name, number, phone
		return in
	}
	var last dossier.Dossier
	for range 3 {
		must(w.desk.SaveDraft(ctx, desk.Form{Intake: asked()}))
		last, err = w.desk.Receive(ctx, asked())
		must(err)
		_, err = w.desk.Print(ctx, desk.Order{Form: "receipt", Dossiers: []dossier.ID{last.ID}}, desk.Where{File: filepath.Join(papers, "x.pdf")}, nil)
		must(err)
		drawn, err := w.desk.Draw(ctx, desk.Order{Form: "receipt", Dossiers: []dossier.ID{last.ID}}, nil)
		must(err)
		pages, err := w.desk.Viewer.Open(ctx, drawn.PDF)
		must(err)
		_, err = pages.Draw(ctx, 0, 96)
		must(errors.Join(err, pages.Close()))
	}
	_, err = w.desk.Earlier(ctx, asked())
	must(err)
	_, err = w.desk.List(ctx, dossier.Query{Text: number})
	must(err)
	must(w.desk.SaveDraft(ctx, desk.Form{Intake: asked()}))
	_, err = w.desk.Export(ctx, stick, nil)
	must(err)
	places, err := w.desk.BackupPlaces(ctx)
	must(err)
	_, err = w.desk.BackUp(ctx, places[0], true, nil)
	must(err)
	_, err = w.desk.Send(ctx, nil)
	must(err)
	l := openLog(data)
	l.failed("exchange", errors.New(name+number))
	must(l.close())
	_, err = careReport(ctx, w, "")
	must(err)
	func() {
		defer func() {
			must(os.WriteFile(filepath.Join(data, careFolder, crashFile), []byte(crashReport(recover(), debug.Stack(), time.Now())), 0o600))
		}()
		panic(name + number)
	}()

	words := []string{name, number, phone, chiefPassword, "CREATE TABLE"}
	asPapers := []string{papers, up, filepath.Join(data, "giay-to")}
	if found := inClear(t, root, asPapers, words...); len(found) > 0 {
		t.Errorf("at work: %q", found)
	}
	must(errors.Join(w.close(), upstream.close()))
	if found := inClear(t, root, asPapers, words...); len(found) > 0 {
		t.Errorf("afterwards: %q", found)
	}
	if found := inClear(t, up, nil, words[:3]...); len(found) < 3 {
		t.Errorf("in a store in clear are only %q: the words looked for are not those kept", found)
	}
}
